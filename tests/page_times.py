"""How long the page takes, measured in a browser: ``python tests/page_times.py [QUESTIONS]``.

From the key press that sends a question to the moment its answer stands on the page, for one person and for four at once.
"""
from __future__ import annotations

import json
import statistics
import sys
import threading
from pathlib import Path

from browser import Tab, browser

from nl2sql import Assistant
from nl2sql.ui.serve import opened

SUITE = Path(__file__).parent.parent / "eval" / "suites" / "sales.jsonl"
# measured by the page itself, so that the tool that drives the browser isn't counted
WATCH = """() => {
  window.times = []; let since = 0;
  document.addEventListener('keydown', (event) => { if (event.key === 'Enter') since = performance.now(); }, true);
  new MutationObserver(() => {
    if (!since || !document.querySelector('.turn') || document.querySelector('.pending')) return;
    times.push(performance.now() - since);
    since = 0;
  }).observe(document.querySelector('.turns'), { childList: true, subtree: true });
}"""


def times(address: str, questions: list[str]) -> list[float]:
    """Milliseconds for each question, asked one after the other in a tab of its own."""
    with browser() as found:
        tab = Tab(found, address)
        tab.page.evaluate(WATCH)
        for question in questions:
            tab.page.click("[data-act=topic]")
            tab.ask(question)
        return list(tab.page.evaluate("() => window.times"))


def report(who: str, found: list[float]) -> None:
    spread = statistics.quantiles(found, n=20)
    print(f"{who}: {len(found)} questions, p50 {statistics.median(found):.0f} ms, p95 {spread[18]:.0f} ms")


def main(count: int) -> None:
    questions = [json.loads(line)["question"] for line in SUITE.read_text("utf-8").splitlines()]
    with Assistant() as assistant, opened(assistant, port=0, requests_per_minute=6000) as address:
        assistant.warm()
        times(address, questions[:3])
        report("one person", times(address, questions[:count]))
        together: list[float] = []
        people = [
            threading.Thread(target=lambda start=start: together.extend(times(address, questions[start : start + count // 4])))
            for start in range(0, 4 * (count // 4), count // 4)
        ]
        for person in people:
            person.start()
        for person in people:
            person.join()
        report("four people at once", together)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
