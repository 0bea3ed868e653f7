"""What a condition is, and how its column is called in it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from nl2sql.data.synthesis.columns import ColumnRole


@dataclass(frozen=True)
class Filter:
    """``table`` is the table that is narrowed.

    ``adjectives`` go before its noun ("pending orders"), ``posts`` after it ("with status pending"), ``clauses`` after
    "whose" or "where the" ("status is pending"); ``direct`` denote a row of the table itself ("Fashion", "the Fashion
    category") and ``bare`` are keywords. ``modifiers`` go before the noun of a table that refers to this one ("German
    products"), ``outside`` after it ("outside Europe"). ``said`` is not rephrased; ``noun``, a singular, is what such a row
    is: "dress".
    """

    table: int
    column: int
    sql: str
    posts: tuple[str, ...]
    clauses: tuple[str, ...]
    adjectives: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    said: str = ""
    noun: str = ""


def literal(text: str) -> str:
    """A string as SQL."""
    return "'" + text.replace("'", "''") + "'"


def noun_of(rng: random.Random, column: ColumnRole) -> str:
    """The column's own noun, sometimes a synonym."""
    return rng.choice(column.nouns[1:]) if len(column.nouns) > 1 and rng.random() < 0.28 else column.noun
