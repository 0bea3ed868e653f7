"""Questions to start with, to go on typing, and to ask instead: from the assistant's memory of its database.

A memory that can't be read takes nothing else of the page with it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nl2sql import Assistant, BadInput, Database, Example

SHOWN = 6
Synthesize = Callable[[Database], Iterable[Example]]  # questions for a database that nobody has asked yet


def examples(assistant: Assistant) -> list[str]:
    return list(_known(lambda: assistant.memory.examples(SHOWN)))


def suggestions(assistant: Assistant, prefix: str) -> list[dict[str, Any]]:
    found = _known(lambda: assistant.memory.suggest(prefix)) if prefix.strip() else ()
    return [{"question": one.question, "verified": one.verified} for one in found]


def nearest(assistant: Assistant, question: str) -> tuple[str, ...]:
    return tuple(_known(lambda: assistant.memory.nearest(question)))


def prepare(assistant: Assistant, synthesize: Synthesize | None) -> None:
    """Have questions made in the background, where the database has none."""
    if synthesize is not None:
        make = synthesize
        assistant.memory.fill(lambda: make(assistant.database))


def _known(ask: Callable[[], Iterable[Any]]) -> Iterable[Any]:
    try:
        return ask()
    except BadInput:
        return ()
