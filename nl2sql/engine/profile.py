"""What the data in the tables look like: row counts, distinct counts, samples, text values for linking, the latest dates.

Everything here is bounded: by time for each table and in all, by the number of distinct values, by their length. A table is
scanned by aggregates that stream, never fetched; where even that takes too long, its first rows stand for it.
"""
from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from nl2sql.engine.reading import Reader, quote
from nl2sql.records import Column, Schema, Table

MOST_VALUES = 20_000  # distinct values of a column; one with more is no dimension and isn't indexed
MOST_VALUES_IN_ALL = 400_000
LONGEST_VALUE = 60  # characters
EXACT = "count(DISTINCT {})"
_BUDGET = 60.0  # seconds for all tables of a file
_ONE_QUERY = 10.0  # seconds
_ONE_QUERY_OF_A_VIEW = 3.0
_FIRST_ROWS = 100_000  # of a view, and of a table that is too large to be scanned in time
_SAMPLES = 5
_EXACT_ROWS = 200_000  # up to here distinct values are counted, beyond estimated


class Latest(NamedTuple):
    """The latest date of all date columns that isn't after ``today``, and whether there are any that are."""

    today: dt.date
    date: dt.date | None
    future: bool


@dataclasses.dataclass
class Profile:
    schema: Schema
    values: dict[int, list[str]]
    latest: Latest


def profile(schema: Schema, reader: Reader, today: dt.date | None = None) -> Profile:
    """The schema with what its data tell; ``values`` by column index, the most frequent first."""
    today = today or dt.date.today()
    end = time.monotonic() + _BUDGET
    tables: list[Table] = []
    values: dict[int, list[str]] = {}
    dates: list[dt.date] = []
    left = MOST_VALUES_IN_ALL
    for table, first in zip(schema.tables, schema.first, strict=True):
        if time.monotonic() < end:
            table, texts, reach = _profile_table(table, reader, today, left)
            values |= {first + i: column for i, column in texts.items()}
            left -= sum(map(len, texts.values()))
            dates += reach
        tables.append(table)
    past = [date for date in dates if date <= today]
    latest = Latest(today, max(past, default=None), len(past) < len(dates))
    return Profile(dataclasses.replace(schema, tables=tuple(tables)), values, latest)


def _profile_table(
    table: Table, reader: Reader, today: dt.date, left: int
) -> tuple[Table, dict[int, list[str]], list[dt.date]]:
    name = quote(table.schema, table.name)
    counted = None if table.is_view else reader.look_up(f"SELECT count(*) FROM {name}", _ONE_QUERY)
    rows = counted[0][0] if counted else None
    part = f"(SELECT * FROM {name} LIMIT {_FIRST_ROWS}) AS part"
    source, seconds = (part, _ONE_QUERY_OF_A_VIEW) if table.is_view else (name, _ONE_QUERY)
    counter = EXACT if rows is not None and rows <= _EXACT_ROWS else reader.distinct
    statistics = _statistics(table, source, counter, reader, today, seconds)
    if not statistics and source is name:
        source, statistics = part, _statistics(table, part, counter, reader, today, seconds)
    samples = _samples(table, name, reader)
    columns, texts, dates = list(table.columns), {}, []
    for i, column in enumerate(table.columns):
        distinct, *reach = statistics.get(i, (None,))
        dates += [date for date in map(_as_date, reach) if date]
        found = _values(column, source, reader, seconds) if distinct and distinct <= MOST_VALUES * 1.1 else None
        if found is not None and len(found) <= left:
            texts[i], left = found, left - len(found)
        if column.unique and not column.nullable:
            distinct = rows
        elif rows is None or source is part:  # what the first rows show isn't true of all
            distinct = None
        columns[i] = dataclasses.replace(
            column,
            distinct=None if distinct is None else min(distinct, rows or 0),
            samples=tuple((found or samples[i])[:_SAMPLES]),
        )
    return dataclasses.replace(table, columns=tuple(columns), rows=rows), texts, dates


def _statistics(
    table: Table, source: str, counter: str, reader: Reader, today: dt.date, seconds: float
) -> dict[int, tuple[Any, ...]]:
    """For each column (nested ones left out): its distinct count; for a date also the latest one until today, and the latest."""
    items, width = [], {}
    for i, column in enumerate(table.columns):
        if column.kind != "other":
            c = quote(column.name)
            items.append(counter.format(c))
            width[i] = 1
            if column.kind == "date":
                day = reader.day.format(c)
                items += [f"max(CASE WHEN {day} <= '{today}' THEN {day} END)", f"max({day})"]
                width[i] = 3
    found = reader.look_up(f"SELECT {', '.join(items)} FROM {source}", seconds) if items else None
    if not found:
        return {}
    cells = iter(found[0])
    return {i: tuple(next(cells) for _ in range(count)) for i, count in width.items()}


def _values(column: Column, source: str, reader: Reader, seconds: float) -> list[str] | None:
    """The distinct values of a text column, the most frequent first; None where there is nothing to index."""
    if column.kind != "text" or column.type == "UUID":
        return None
    c = f"CAST({quote(column.name)} AS VARCHAR)"
    found = reader.look_up(
        f"SELECT {c} AS v, count(*) AS n FROM {source} WHERE length({c}) BETWEEN 1 AND {LONGEST_VALUE}"
        f" GROUP BY 1 ORDER BY n DESC, v LIMIT {MOST_VALUES + 1}", seconds,
    )
    texts = [text for text, _ in found or () if isinstance(text, str)]
    return texts if 0 < len(texts) <= MOST_VALUES else None


def _samples(table: Table, name: str, reader: Reader) -> list[tuple[Any, ...]]:
    """A few different values of each column, from the first rows."""
    names = ", ".join(quote(column.name) for column in table.columns)
    rows = reader.look_up(f"SELECT {names} FROM {name} LIMIT 200", 3.0) or []
    return [_different(row[i] for row in rows) for i in range(len(table.columns))]


def _different(cells: Iterable[Any]) -> tuple[Any, ...]:
    chosen: list[Any] = []
    for cell in cells:
        if cell is not None and len(chosen) < _SAMPLES and len(str(cell)) <= LONGEST_VALUE and cell not in chosen:
            chosen.append(cell)
    return tuple(chosen)


def _as_date(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str):  # SQLite keeps dates as text
        try:
            return dt.date.fromisoformat(value[:10])
        except ValueError:
            return None
    return value if isinstance(value, dt.date) else None
