"""Test-suite accuracy: right on the database itself and on seeded variants of its data (Zhong et al. 2020).

Golds and predictions that are right on the database run again on every variant, where a gold runs; a variant on which all golds
are empty says nothing and is left out.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nl2sql.errors import QueryFailed
from nl2sql.eval.compare import Reference, strict
from nl2sql.eval.gold import reference
from nl2sql.eval.grade import Graded
from nl2sql.eval.memory import MemoryDatabase
from nl2sql.eval.source import Source, read
from nl2sql.eval.variants import variants
from nl2sql.sql.validate import validate

if TYPE_CHECKING:
    from nl2sql import Database


@dataclass(frozen=True)
class Suite:
    """The variants of one database."""

    source: Source
    databases: tuple[MemoryDatabase, ...]

    @classmethod
    def of(cls, database: Database, golds: Sequence[str], count: int, *, seed: int = 0) -> Suite:
        source = read(database, golds)
        return cls(source, tuple(variants(source, count, seed=seed)))

    def close(self) -> None:
        for database in self.databases:
            database.close()


def differs(databases: Sequence[MemoryDatabase], golds: Sequence[str], sql: str) -> int | None:
    """The number (from 0) of the first database on which ``sql`` is not what any gold says; None where there is none."""
    for number, database in enumerate(databases):
        references = _references(database, golds)
        if references and not _agrees(database, references, sql):
            return number
    return None


def _references(database: MemoryDatabase, golds: Sequence[str]) -> list[Reference]:
    found = []
    for gold in golds:
        try:
            found.append(known_reference(database, gold))
        except QueryFailed:
            continue
    return found


def known_reference(database: MemoryDatabase, gold: str) -> Reference:
    """The gold's reference on this database, made once."""
    if gold not in database.references:
        database.references[gold] = reference(gold, database.dialect, database.run)
    return database.references[gold]


def _agrees(database: MemoryDatabase, references: Sequence[Reference], sql: str) -> bool:
    try:
        rows, width = database.run(sql, max(reference.size for reference in references) + 1)
    except QueryFailed:
        return False
    return any(strict(reference, rows, width) for reference in references)


def graded_on(suite: Suite, entries: Sequence[Graded], database: Database) -> list[Graded]:
    """The entries, those that are right with ``variant``: the variant on which they fail, or -1."""
    result = []
    for entry in entries:
        if entry.right and entry.prediction.sql:
            sql = validate(entry.prediction.sql, database.schema, database.dialect).sql
            failed = differs(suite.databases, entry.case.golds, sql)
            entry = replace(entry, variant=-1 if failed is None else failed)
        result.append(entry)
    return result
