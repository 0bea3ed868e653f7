"""A real browser on the real page: Debian's Chromium, driven by Playwright. Without them tests are skipped; in CI they fail."""
from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

PATIENCE = 300_000  # milliseconds; on a busy machine the model and the browser share two cores


def required() -> tuple[Any, str]:
    """Playwright's entry and Chromium's path."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return missing("playwright is not installed: pip install -r tests/requirements.lock")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return (sync_playwright, path) if path else missing("there is no chromium here: apt-get install chromium")


def missing(reason: str) -> Any:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (in CI the browser must be there)")
    pytest.skip(reason)


@contextmanager
def browser() -> Iterator[Any]:
    start, path = required()
    with start() as driver:
        found = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        try:
            yield found
        finally:
            found.close()


class Tab:
    """One tab on the page, and all that it asked of any host and complained of."""

    def __init__(self, browser: Any, address: str, *, width: int = 1280, height: int = 860, dark: bool = False) -> None:
        self.address = address
        scheme = "dark" if dark else "light"
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True, locale="en-GB"
        )
        self.context.set_default_timeout(PATIENCE)
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self.page = self.context.new_page()
        self.context.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.open()

    def open(self) -> None:
        self.page.goto(self.address)
        self.page.wait_for_selector("#nl2sql .about strong", state="attached")

    def ask(self, question: str) -> Any:
        """The card of the answer."""
        self.page.fill("#nl2sql .composer textarea", question)
        self.page.keyboard.press("Enter")
        return self.answered()

    def answered(self) -> Any:
        self.page.wait_for_function("() => document.querySelector('.turn') && !document.querySelector('.pending, .turn.busy')")
        return self.page.locator(".turn").last

    def rows(self, card: Any) -> list[list[str]]:
        """The cells of the card's table, as they are written."""
        rows = "[...card.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))"
        return card.evaluate(f"card => {rows}")

    def say(self) -> str:
        """The note that the page shows for a moment."""
        self.page.wait_for_selector("#nl2sql .toast:not([hidden])")
        return self.page.locator(".toast").text_content()

    def overflow(self) -> int:
        """Pixels that the page is wider than its window."""
        return self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
