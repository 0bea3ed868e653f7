"""SParC: conversations about Spider's training databases, each turn a question with its SQL.

The SQL of turns is lower-cased and its literals are mostly masked by the word ``value``: such a turn has the tag ``masked``.
``final`` asks for the whole conversation's goal in one question, with its literals.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from nl2sql.data.sources.reading import existing, read_rows
from nl2sql.errors import BadInput
from nl2sql.records import Example

WHAT = "SParC (train.json, dev.json)"
MASK = re.compile(r"(?<![\w.])value(?!\w)(?!\s*\.)")
BROKEN_OPERATOR = re.compile(r"([<>!])\s+=")


@dataclass(frozen=True)
class Interaction:
    """A conversation: its turns in order, and the question that sums it up."""

    database: str
    turns: tuple[Example, ...]
    final: Example | None


def load(folder: str | Path, split: str = "train") -> list[Interaction]:
    """The split's conversations (``train`` or ``dev``; dev is about Spider's dev databases: never train on it)."""
    path = existing(folder, f"{split}.json", WHAT)
    result = []
    for number, row in enumerate(read_rows(path, ("database_id", "interaction")), 1):
        try:
            turns = tuple(_example(turn, row["database_id"]) for turn in row["interaction"])
            final = _example(row["final"], row["database_id"]) if row.get("final") else None
        except (KeyError, TypeError) as error:
            raise BadInput(f"{path}: a turn of entry {number} has no utterance or no SQL.") from error
        result.append(Interaction(row["database_id"], turns, final))
    return result


def _example(turn: dict[str, str], database: str) -> Example:
    sql = BROKEN_OPERATOR.sub(r"\1=", turn.get("sql") or turn["query"])
    masked = ("masked",) if MASK.search(sql) else ()
    return Example(turn["utterance"], sql, database, ("sparc", *masked))
