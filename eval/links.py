"""References between tables, dealt so that each points at a row that is there: parents first, the columns of one key together."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nl2sql.eval.compare import Row
from nl2sql.eval.memory import Contents
from nl2sql.eval.source import Source, SourceTable


@dataclass(frozen=True)
class Key:
    """Columns of a table that refer together to the ``others`` of the table ``target``."""

    target: int
    columns: tuple[int, ...]
    others: tuple[int, ...]


Deal = Callable[[SourceTable, Key, list[Row], list[Row]], list[Row]]  # the key's cells and the rows that are there -> new cells


def keys_of(source: Source, table: SourceTable) -> list[Key]:
    """Columns that refer to different columns of one primary key belong together; others refer each by itself."""
    found: list[Key] = []
    for column, (target, other) in table.links.items():
        primary = source.tables[target].primary
        open_to = (n for n, key in enumerate(found) if key.target == target and {*key.others} <= {*primary} - {other})
        at = next(open_to, None) if other in primary else None
        if at is None:
            found.append(Key(target, (column,), (other,)))
        else:
            found[at] = Key(target, (*found[at].columns, column), (*found[at].others, other))
    return found


def settled(source: Source, data: list[list[list[Any]]], deal: Deal) -> list[Contents]:
    """The tables' contents for these columns of each, ``deal`` having said what refers to what."""
    for number in _parents_first(source):
        table, columns = source.tables[number], data[number]
        for key in keys_of(source, table):
            there = [row for row in dict.fromkeys(_rows(data[key.target], key.others)) if None not in row]
            dealt = deal(table, key, _rows(columns, key.columns), there)
            for column, cells in zip(key.columns, zip(*dealt, strict=True), strict=False):  # none where there are no rows
                columns[column] = list(cells)
        # what is left out for its key must be gone before anything refers to it
        data[number] = [list(column) for column in zip(*table.valid(columns), strict=True)] or [[] for _ in columns]
    return [table.contents(columns) for table, columns in zip(source.tables, data, strict=True)]


def _rows(columns: Sequence[Sequence[Any]], chosen: Sequence[int]) -> list[Row]:
    return list(zip(*(columns[i] for i in chosen), strict=True))


def _parents_first(source: Source) -> Iterator[int]:
    """In the order of the database where nothing speaks against it, or where tables refer to each other in a circle."""
    seen: set[int] = set()

    def visit(number: int) -> Iterator[int]:
        if number not in seen:
            seen.add(number)
            for target, _ in source.tables[number].links.values():
                yield from visit(target)
            yield number

    for number in range(len(source.tables)):
        yield from visit(number)
