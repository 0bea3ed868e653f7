"""The page: one component that shows everything, and the events that it sends. ``build(assistant)`` makes it.

Gradio brings the server, the queue, sessions, uploads, the API and MCP; what is seen is text that this room makes and the
scripts in ``assets`` put in place. Nothing comes from another host.
"""
from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import gradio as gr  # noqa: E402
from gradio.utils import get_upload_folder  # noqa: E402

from nl2sql import Assistant, Nl2SqlError  # noqa: E402
from nl2sql.show import answer_as_json  # noqa: E402
from nl2sql.ui.cards import sentence  # noqa: E402
from nl2sql.ui.events import Events  # noqa: E402
from nl2sql.ui.examples import Synthesize, prepare  # noqa: E402
from nl2sql.ui.icons import icon  # noqa: E402
from nl2sql.ui.sessions import Sessions  # noqa: E402
from nl2sql.ui.uploads import ENDINGS  # noqa: E402

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = ("page.js", "cards.js", "composer.js", "side.js")
AT_ONCE = 8  # events of one kind that run side by side
WAITING = 64  # events that may wait; who comes then is told so


def build(assistant: Assistant, *, synthesize: Synthesize | None = None) -> gr.Blocks:
    """The page for one assistant, which all tabs share until they bring their own files.

    ``synthesize`` makes questions to suggest for a database that nobody has asked yet.
    """
    sessions = Sessions(assistant)
    events = Events(sessions, Path(get_upload_folder()), synthesize)
    with gr.Blocks(title="Ask your data", analytics_enabled=False, fill_width=True) as page:
        shown = _component(events)
        for name, handler in (("ask", events.ask), ("act", events.act), ("open", events.open_files)):
            _on(getattr(shown, name), _with_data(handler), shown)
        _on(shown.stop, _with_key(events.stop), None)
        _on(page.load, _with_key(events.hello), shown)
        page.unload(_leave(sessions))
        gr.api(_api(assistant), api_name="ask", concurrency_limit=AT_ONCE)
    prepare(assistant, synthesize)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING, api_open=False)
    return page


def _component(events: Events) -> gr.HTML:
    """The template holds no value: Gradio would run a value that it finds in a template as code."""

    def suggest(data: Any) -> list[dict[str, Any]]:
        return events.suggest(data)

    def starters(data: Any) -> list[str]:
        return events.starters(data)

    return gr.HTML(
        html_template=_template(),
        js_on_load="\n".join((ASSETS / name).read_text("utf-8") for name in SCRIPTS),
        server_functions=[suggest, starters],
        apply_default_css=False,
        elem_id="nl2sql",
    )


def _template() -> str:
    text = (ASSETS / "page.html").read_text("utf-8").replace("ENDINGS", ",".join(ENDINGS))
    return re.sub(r"\[\[(\w+)\]\]", lambda found: icon(found[1]), text)


def theme() -> gr.themes.Base:
    """Fonts that Gradio's package holds; any other would be fetched from their makers."""
    from gradio.themes.utils.fonts import LocalFont

    weights = (400, 700)  # its files of other weights hold a few letters only
    return gr.themes.Base(
        font=[LocalFont("IBM Plex Sans", weights=weights), "system-ui", "sans-serif"],
        font_mono=[LocalFont("IBM Plex Mono", weights=weights), "monospace"],
    )


def css() -> str:
    return "\n".join((ASSETS / name).read_text("utf-8") for name in ("page.css", "cards.css"))


def _on(listen: Callable[..., Any], handler: Callable[..., Any], output: gr.HTML | None) -> None:
    """An event of the page alone: no client of the API can name it."""
    outputs = None if output is None else [output]
    listen(handler, None, outputs, show_progress="hidden", api_visibility="private", concurrency_limit=AT_ONCE)


def _with_data(handler: Callable[[str | None, Mapping[str, Any]], str]) -> Callable[..., str]:
    def handle(event: gr.EventData, request: gr.Request) -> str:
        data = event._data
        return handler(request.session_hash, data if isinstance(data, dict) else {})

    return handle


def _with_key(handler: Callable[[str | None], str | None]) -> Callable[..., str | None]:
    def handle(request: gr.Request) -> str | None:
        return handler(request.session_hash)

    return handle


def _leave(sessions: Sessions) -> Callable[..., None]:
    def leave(request: gr.Request) -> None:
        sessions.drop(request.session_hash)

    return leave


def _api(assistant: Assistant) -> Callable[[str, str], dict[str, Any]]:
    def ask(question: str, as_of: str = "") -> dict[str, Any]:
        """Answer a question about the database in English.

        Args:
            question: the question, such as "Which city had the most orders in 2024?"
            as_of: the day from which relative dates count, as 2025-12-31; empty: the database's own

        Returns:
            the checked SQL, its columns and rows, an explanation, assumptions, warnings and the confidence
        """
        try:
            day = dt.date.fromisoformat(as_of) if as_of else None
        except (ValueError, TypeError):  # a client may send anything
            raise gr.Error(f"{str(as_of)[:40]!r} is no date like 2025-12-31.", print_exception=False) from None
        try:
            return answer_as_json(assistant.ask(question, day))
        except Nl2SqlError as error:
            raise gr.Error(sentence(error), print_exception=False) from error

    return ask
