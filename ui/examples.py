"""Questions to start with, to go on typing, and to ask instead: from the assistant's memory of this database."""
from __future__ import annotations

from typing import Any

from nl2sql import Assistant

SHOWN = 6


def examples(assistant: Assistant) -> list[str]:
    """Questions whose SQL ran; simple ones from the names of the tables where none are known yet."""
    memory = getattr(assistant, "memory", None)
    return list(memory.examples(SHOWN) if memory else ()) or simple(assistant)


def suggestions(assistant: Assistant, prefix: str) -> list[dict[str, Any]]:
    memory = getattr(assistant, "memory", None)
    found = memory.suggest(prefix) if memory and prefix.strip() else ()
    return [{"question": one.question, "verified": one.verified} for one in found]


def nearest(assistant: Assistant, question: str) -> tuple[str, ...]:
    memory = getattr(assistant, "memory", None)
    return tuple(memory.nearest(question)) if memory else ()


def simple(assistant: Assistant) -> list[str]:
    """Counts of the largest tables, and what a number column comes to for each name."""
    schema = assistant.database.schema
    tables = sorted(schema.tables, key=lambda table: -(table.rows or 0))
    found = [f"How many {table.words or table.name} are there?" for table in tables[:2]]
    for table in tables:
        numbers = [c for c in table.columns if c.kind == "number" and not c.primary_key and not c.words.endswith(" id")]
        names = [c for c in table.columns if c.kind == "text" and c.distinct is not None and 2 <= c.distinct <= 30]
        if numbers and names:
            found.append(f"What is the average {numbers[0].words} per {names[0].words}?")
    return found[:SHOWN]
