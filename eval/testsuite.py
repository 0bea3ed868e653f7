"""Test-suite accuracy: right on the database itself and on seeded variants of its data (Zhong et al. 2020).

Golds and predictions that are right on the database run again on every variant on which a gold runs. One variant is in memory at
a time.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nl2sql.errors import QueryFailed
from nl2sql.eval.compare import Reference, strict
from nl2sql.eval.gold import reference
from nl2sql.eval.grade import Graded
from nl2sql.eval.memory import MemoryDatabase
from nl2sql.eval.source import read
from nl2sql.eval.variants import variants
from nl2sql.sql.validate import validate

if TYPE_CHECKING:
    from nl2sql import Database

Pair = tuple[Sequence[str], str]  # golds, and the query that should say what one of them does


def differences(databases: Iterable[MemoryDatabase], pairs: Sequence[Pair]) -> list[int | None]:
    """For each pair the number (from 0) of the first database on which the query says what no gold says; None: there is none.

    The databases are closed.
    """
    found: list[int | None] = [None] * len(pairs)
    for number, database in enumerate(databases):
        for i, (golds, sql) in enumerate(pairs):
            if found[i] is None and _differs(database, golds, sql):
                found[i] = number
        database.close()
    return found


def _differs(database: MemoryDatabase, golds: Sequence[str], sql: str) -> bool:
    references = [known for gold in golds if (known := _reference(database, gold)) is not None]
    if not references:
        return False
    try:
        rows, width = database.run(sql, max(reference.size for reference in references) + 1)
    except QueryFailed:
        return True
    return not any(strict(reference, rows, width) for reference in references)


def _reference(database: MemoryDatabase, gold: str) -> Reference | None:
    """The gold's reference on this database, made once; None where it doesn't run."""
    if gold not in database.references:
        try:
            database.references[gold] = reference(gold, database.dialect, database.run)
        except QueryFailed:
            database.references[gold] = None
    return database.references[gold]


def graded_on(database: Database, entries: Sequence[Graded], count: int, *, seed: int = 0) -> list[Graded]:
    """The entries, those that are right with ``variant``: the variant on which they fail, or -1."""
    source = read(database, [gold for entry in entries for gold in entry.case.golds])
    right = [entry for entry in entries if entry.right and entry.prediction.sql]
    pairs = [
        (entry.case.golds, validate(entry.prediction.sql or "", database.schema, database.dialect).sql) for entry in right
    ]
    failed = differences(variants(source, count, seed=seed), pairs)
    numbers = {entry.case.number: -1 if number is None else number for entry, number in zip(right, failed, strict=True)}
    return [replace(entry, variant=numbers.get(entry.case.number)) for entry in entries]
