"""Tiny random databases that no score uses: they decide whether two queries mean the same.

Nothing is taken from the data but types, the golds' constants and cells that can't be made up (JSON, lists, blobs ...): a table
has 0 to 7 rows, a column few different values, a key counts upwards, a reference points anywhere. What 200 of them don't tell
apart counts as the same.
"""
from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from nl2sql.eval.compare import Row
from nl2sql.eval.links import Key, settled
from nl2sql.eval.memory import MemoryDatabase
from nl2sql.eval.source import Source, SourceTable, fit

DAY = dt.date(2021, 6, 15)


def databases(source: Source, count: int = 200, *, seed: int = 77) -> Iterator[MemoryDatabase]:
    for number in range(count):
        yield _database(source, random.Random(f"referee/{seed}/{number}"))


def _database(source: Source, chance: random.Random) -> MemoryDatabase:
    sizes = [chance.choice((0, 1, 2, 3, 4, 5, 6, 7)) if chance.random() < 0.8 else chance.randint(8, 16) for _ in source.tables]
    data: list[list[list[Any]]] = []
    for table, size in zip(source.tables, sizes, strict=True):
        data.append([_column(source, table, i, size, chance) for i in range(len(table.columns))])

    def deal(table: SourceTable, key: Key, cells: list[Row], there: list[Row]) -> list[Row]:
        nowhere = (None,) * len(key.columns)
        if table.keys.issuperset(key.columns):
            order = chance.sample(there, len(there))
            return [order[n] if n < len(order) else nowhere for n in range(len(cells))]
        return [chance.choice(there) if there else nowhere for _ in cells]

    return MemoryDatabase(source.dialect, settled(source, data, deal), source.views)


def _column(source: Source, table: SourceTable, column: int, size: int, chance: random.Random) -> list[Any]:
    sample = next((row[column] for row in table.rows if row[column] is not None), None)
    if column in table.keys:
        return [_made(sample, table.kinds[column], n + 1) for n in range(size)]
    numbers = chance.sample(range(1, 9), chance.choice((1, 2, 3, 5)))
    if _is_plain(source, table, column, sample):
        pool = [_made(sample, table.kinds[column], n) for n in numbers]
    else:
        there = [row[column] for row in table.rows if row[column] is not None] or [None]
        pool = [there[n % len(there)] for n in numbers]
    for value in source.constants.get(table.columns[column].lower(), ()):
        like = fit(value, [sample])
        if like is not None:
            pool += [like] * 2
    empty = 0.1 if column in table.nullable and chance.random() < 0.3 else 0.0
    return [None if chance.random() < empty else chance.choice(pool) for _ in range(size)]


def _is_plain(source: Source, table: SourceTable, column: int, sample: Any) -> bool:
    """Whether values of the column's type can be made up. Not every text that DuckDB hands over is of a type for any text."""
    if isinstance(sample, str) or (sample is None and table.kinds[column] == "text"):
        return source.dialect == "sqlite" or table.types[column].upper().startswith("VARCHAR")
    return isinstance(sample, (bool, int, float, Decimal, dt.date)) or (sample is None and table.kinds[column] != "other")


def _made(sample: Any, kind: str, number: int) -> Any:
    """The ``number``-th value of the sample's type."""
    if isinstance(sample, bool) or (sample is None and kind == "boolean"):
        return number % 2 == 0
    if isinstance(sample, dt.datetime):
        return dt.datetime(DAY.year, DAY.month, DAY.day) + dt.timedelta(days=97 * number)
    if isinstance(sample, dt.date) or (sample is None and kind == "date"):
        return DAY + dt.timedelta(days=97 * number)
    if isinstance(sample, Decimal):
        return Decimal(number * 10)
    if isinstance(sample, float):
        return number * 2.5
    if isinstance(sample, int) or (sample is None and kind == "number"):
        return number
    return f"{'abcdefghij'[number % 10]}{number // 10 or ''}"
