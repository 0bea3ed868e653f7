"""Seeded variants of a database: the same tables and valid keys, other data. A query that is right by luck fails on some.

After the test suites of Zhong et al. 2020 (arXiv:2010.02840), with mutated data in place of fuzzed: rows are left out, copied
and mixed; columns are shuffled, get ties, NULLs (where they may have some), values that the golds compare them with, and their
neighbours; dates move; foreign keys are dealt anew, so that some rows are referred to often and others never. Every second
variant is narrow: few rows or none, hardly more than two different values in a column, so that whole rows repeat and tie.
"""
from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from nl2sql.eval.compare import Row
from nl2sql.eval.links import Key, settled
from nl2sql.eval.memory import MemoryDatabase
from nl2sql.eval.source import Source, SourceTable, fit

Cells = list[Any]
FRESH = 1_000_000  # keys of added rows count from here where the column's own maximum isn't known


def variants(source: Source, count: int, *, seed: int = 0) -> Iterator[MemoryDatabase]:
    """``count`` databases; the same source, count and seed give the same."""
    for number in range(count):
        yield variant(source, random.Random(f"{seed}/{number}"), narrow=number % 2 == 1)


def unchanged(source: Source, *, mixed: bool = False) -> MemoryDatabase:
    """The same data, in the order in which it was read, or mixed."""
    tables = []
    for table in source.tables:
        rows = random.Random("mixed").sample(table.rows, len(table.rows)) if mixed else table.rows
        tables.append(table.contents(list(zip(*rows, strict=True)) or [()] * len(table.columns)))
    return MemoryDatabase(source.dialect, tables, source.views, keys=not mixed)


def variant(source: Source, chance: random.Random, *, narrow: bool = False) -> MemoryDatabase:
    """Keys of the rows that stay first, then what depends on nothing, then the references to keys."""
    data = [_resized(table, narrow, chance) for table in source.tables]
    for table, columns in zip(source.tables, data, strict=True):
        calm = chance.random() < 0.2 and not narrow  # a table that keeps its data as it is
        for i in range(len(columns)):
            if i not in table.keys and i not in table.links and not calm:
                columns[i] = _changed(source, table, i, columns[i], narrow, chance)

    def deal(table: SourceTable, key: Key, cells: list[Row], there: list[Row]) -> list[Row]:
        return _linked(table, key, cells, there, chance)

    return MemoryDatabase(source.dialect, settled(source, data, deal), source.views)


def _resized(table: SourceTable, narrow: bool, chance: random.Random) -> list[Cells]:
    """The table's columns with rows left out, and rows added that mix the cells of others (under keys of their own)."""
    rows, count = table.rows, len(table.rows)
    if not count or (narrow and chance.random() < 0.08):
        return [[] for _ in table.columns]
    share = chance.choice((0.3, 0.6, 0.9, 1.0))
    kept = chance.sample(rows, min(count, chance.choice((2, 4, 8, 16))) if narrow else max(1, round(count * share)))
    added = chance.choice((2, 5, 12) if narrow else (0, 0, 2, count // 4 + 1, min(count, 60)))
    mixed: list[list[Any]] = []
    for number in range(added):
        whole = chance.choice(rows)
        twin = chance.random() < 0.3  # the same but for its key: a duplicate
        row = [cell if twin else chance.choice(rows)[i] for i, cell in enumerate(whole)]
        for key in table.keys:
            row[key] = _fresh(rows, key, number)
        mixed.append(row)
    together = [*map(list, kept), *mixed]
    chance.shuffle(together)
    return [list(column) for column in zip(*together, strict=True)]


def _fresh(rows: list[Row], column: int, number: int) -> Any:
    """A key that no row has."""
    cells = [row[column] for row in rows if row[column] is not None]
    kinds = {type(cell) for cell in cells}
    if kinds <= {int}:
        return max(cells, default=FRESH) + 1 + number
    if kinds <= {int, float, Decimal}:
        return int(max(cells)) + 1 + number
    return f"{cells[number % len(cells)]} {number + 2}" if kinds == {str} else None


def _changed(source: Source, table: SourceTable, column: int, cells: Cells, narrow: bool, chance: random.Random) -> Cells:
    known = [fit(value, cells) for value in source.constants.get(table.columns[column].lower(), ())]
    wanted = [value for value in known if value is not None]
    changes: list[Callable[[], Cells]] = [
        lambda: cells,
        lambda: chance.sample(cells, len(cells)),
        lambda: _ties(cells, wanted, chance),
        lambda: _moved(cells, chance),
    ]
    if table.total > len(table.rows):
        changes.append(lambda: _scaled(cells, table.total / len(table.rows)))
    result = _ties(cells, wanted, chance) if narrow else chance.choice(changes)()
    if wanted and chance.random() < 0.6:
        result = [chance.choice(wanted) if chance.random() < 0.3 else cell for cell in result]
    if column in table.nullable and chance.random() < 0.25:
        result = [None if chance.random() < 0.15 else cell for cell in result]
    return result


def _ties(cells: Cells, wanted: Cells, chance: random.Random) -> Cells:
    """Few different values, so that rows tie."""
    some = chance.sample(cells, min(len(cells), chance.choice((1, 1, 2, 3)))) + chance.sample(wanted, min(1, len(wanted)))
    return [chance.choice(some) for _ in cells] if some else cells


def _moved(cells: Cells, chance: random.Random) -> Cells:
    """Dates by some months, the same for all; numbers each by a little; texts as they are."""
    days = dt.timedelta(days=chance.choice((-400, -31, -1, 1, 31, 400)))

    def move(cell: Any) -> Any:
        if isinstance(cell, dt.date):  # a datetime too
            return cell + days
        if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
            return cell + chance.choice((-1, 0, 1))
        if isinstance(cell, float):
            return cell + chance.choice((-1.0, 0.0, 1.0))
        return cell

    return [move(cell) for cell in cells]


def _scaled(cells: Cells, factor: float) -> Cells:
    """Numbers so much larger that sums over a sample come near those over all rows."""
    whole = Decimal(round(factor))
    return [cell * whole if isinstance(cell, Decimal) else cell * factor if isinstance(cell, float) else cell for cell in cells]


def _linked(table: SourceTable, key: Key, cells: list[Row], there: list[Row], chance: random.Random) -> list[Row]:
    """References to rows that are there: as they were where they can be, or dealt anew over a part of them."""
    nowhere = (None,) * len(key.columns)
    if not there:
        return [nowhere] * len(cells)
    if table.keys.issuperset(key.columns):  # one row for each that it refers to
        order = chance.sample(there, len(there))
        return [order[i] if i < len(order) else nowhere for i in range(len(cells))]
    known = set(there)
    some = chance.sample(there, max(1, round(len(there) * chance.choice((0.2, 0.5, 0.8, 1.0)))))
    weights = [chance.random() ** 3 + 0.01 for _ in some]  # some are referred to far more often than others
    anew = chance.random() < 0.6
    dealt = chance.choices(some, weights, k=len(cells))
    result = [new if anew or row not in known else row for row, new in zip(cells, dealt, strict=True)]
    if table.nullable.issuperset(key.columns) and chance.random() < 0.4:
        share = chance.choice((0.1, 0.3))
        result = [nowhere if chance.random() < share else row for row in result]
    return result
