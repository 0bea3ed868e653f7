"""Test-suite accuracy: right on the database itself and on seeded variants of its data (Zhong et al. 2020).

Golds and predictions that are right on the database run again on every variant on which a gold runs. One variant is in memory at
a time.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from nl2sql.errors import QueryFailed
from nl2sql.eval.compare import Reference, strict
from nl2sql.eval.gold import reference
from nl2sql.eval.grade import Gold, Graded
from nl2sql.eval.memory import MemoryDatabase
from nl2sql.eval.source import Source, read
from nl2sql.eval.variants import unchanged, variants
from nl2sql.sql.validate import validate

if TYPE_CHECKING:
    from nl2sql import Database

Pair = tuple[Sequence[str], str]  # golds, and the query that should say what one of them does


class Tried(NamedTuple):
    """``differs``: the number (from 0) of the first database on which the query says what no gold says; None: there is none.
    ``ran``: on how many databases a gold ran, up to that one."""

    differs: int | None = None
    ran: int = 0


def differences(
    databases: Iterable[MemoryDatabase], pairs: Sequence[Pair], optional: Sequence[Sequence[frozenset[int]]] = ()
) -> list[Tried]:
    """What becomes of each pair. ``optional``: for each pair, and each of its golds, the columns that may be missing. The
    databases are closed."""
    found = [Tried()] * len(pairs)
    for number, database in enumerate(databases):
        for i, (golds, sql) in enumerate(pairs):
            columns = optional[i] if optional else [frozenset[int]()] * len(golds)
            references = _references(database, golds, columns) if found[i].differs is None else []
            if references:
                found[i] = Tried(number if _differs(database, references, sql) else None, found[i].ran + 1)
        database.close()
    return found


def unstable(source: Source, golds: Iterable[str]) -> list[str]:
    """The golds whose rows depend on the order in which the tables happen to hold their rows, or on chance."""
    found = []
    with closing(unchanged(source)) as plain, closing(unchanged(source, mixed=True)) as mixed:
        for gold in golds:
            right = _reference(plain, gold)
            try:
                if right is not None and not strict(right, *mixed.run(gold, None)):
                    found.append(gold)
            except QueryFailed:
                found.append(gold)
    return found


def _differs(database: MemoryDatabase, references: Sequence[Reference], sql: str) -> bool:
    try:
        rows, width = database.run(sql, max(reference.size for reference in references) + 1)
    except QueryFailed:
        return True
    return not any(strict(reference, rows, width) for reference in references)


def _references(database: MemoryDatabase, golds: Sequence[str], optional: Sequence[frozenset[int]]) -> list[Reference]:
    known = [(_reference(database, gold), columns) for gold, columns in zip(golds, optional, strict=True)]
    return [replace(found, optional=columns) for found, columns in known if found is not None]


def _reference(database: MemoryDatabase, gold: str) -> Reference | None:
    """The gold's reference on this database, made once; None where it doesn't run."""
    if gold not in database.references:
        try:
            database.references[gold] = reference(gold, database.dialect, database.run)
        except QueryFailed:
            database.references[gold] = None
    return database.references[gold]


def graded_on(
    database: Database, entries: Sequence[Graded], golds: Sequence[Gold | None], count: int, *, seed: int = 0
) -> list[Graded]:
    """The entries, those that are right with ``variant``: the variant on which they fail, or -1; None if no gold ran on any.
    ``golds`` are the entries' own."""
    source = read(database, [gold for entry in entries for gold in entry.case.golds])
    right = [entry for entry in entries if entry.right and entry.prediction.sql]
    optional = [
        [reference.optional for reference in gold.references] if gold is not None else []
        for entry, gold in zip(entries, golds, strict=True) if entry.right and entry.prediction.sql
    ]  # fmt: skip
    pairs = [
        (entry.case.golds, validate(entry.prediction.sql or "", database.schema, database.dialect).sql) for entry in right
    ]
    found = differences(variants(source, count, seed=seed), pairs, optional)
    numbers = {
        entry.case.number: -1 if differs is None else differs
        for entry, (differs, ran) in zip(right, found, strict=True) if ran
    }  # fmt: skip
    return [replace(entry, variant=numbers.get(entry.case.number)) for entry in entries]
