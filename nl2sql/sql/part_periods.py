"""Trends and growth over a first or last period that isn't whole: cut by a condition, not over yet, or without data at its end.

Whether data "end early" is judged by the longest silence between two days that have any, and not at all where few days do: the
openings of stores have no end that means something. Days, and data that end early for some groups only, aren't looked at.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sqlglot import exp

from nl2sql.sql.days import span
from nl2sql.sql.evidence import Evidence
from nl2sql.sql.fanout import aggregates, grouped_by
from nl2sql.sql.lineage import conjuncts
from nl2sql.sql.periods import Days, Grouping, cut, days_of, format_of, groupings, part, period_of

_WORTH_TELLING = 0.1  # of a period: days without data at its edge that are fewer are no news
_LONGEST_YEAR = 366  # days
_ENOUGH_DAYS = 20  # with data, from which on the silence between them means something
_FOREVER = 10**6


class Reach(NamedTuple):
    """From when to when a column has dates, and the longest silence between two of them in days."""

    first: dt.date
    last: dt.date
    silence: int


def part_periods(view: Evidence) -> Iterator[str]:
    for select in view.tree.find_all(exp.Select):
        if any(aggregates(item) for item in select.selects):
            for grouping in groupings(grouped_by(select), view.phrases):
                yield from _of_trend(view, select, grouping)
    yield from _of_growth(view)


def _of_trend(view: Evidence, select: exp.Select, grouping: Grouping) -> Iterator[str]:
    """The first and the last period of a column that is grouped by."""
    days = days_of(list(_conditions(view, select)), grouping.column, view.phrases)
    reach = _reach(view, grouping.column) if days is not None else None
    if days is None or reach is None:
        return
    days = Days(max(days.first or reach.first, reach.first), min(days.last or reach.last, reach.last))
    first, last = days
    if first is None or last is None or first > last or (not grouping.year and (last - first).days > _LONGEST_YEAR):
        return  # the months of all years together are no trend
    start, end = period_of(first, grouping.unit)[0], period_of(last, grouping.unit)[1]
    early = Days(start, period_of(first, grouping.unit)[1])
    late = Days(period_of(last, grouping.unit)[0], end)
    what = view.phrases.column(grouping.column)
    if _told(view, grouping.column, early) and first > start and _matters((first - start).days, early, first, reach):
        yield f"{_named(early)} is not whole: only days from {first} on count ({what})."
    if _told(view, grouping.column, late) and last < end:
        is_over = view.as_of is None or not late.first <= view.as_of < end or last > view.as_of  # type: ignore[operator]
        if not is_over:
            yield f"{_named(late)} is not over on {view.as_of}: only days up to {last} count ({what})."
        elif _matters((end - last).days, late, last, reach):
            yield f"{_named(late)} is not whole: only days up to {last} count ({what})."


def _matters(missing: int, period: Days, edge: dt.date, reach: Reach) -> bool:
    """A cut by a condition always does; where the data end, only a silence that is longer than any between them."""
    if edge not in (reach.first, reach.last):
        return True
    assert period.first is not None and period.last is not None
    return missing > reach.silence and missing > _WORTH_TELLING * ((period.last - period.first).days + 1)


def _of_growth(view: Evidence) -> Iterator[str]:
    """Periods that conditions of figures name, at least two of one column: each of them must be over, and have data."""
    named: dict[int, list[Days]] = {}
    for node in view.tree.find_all(exp.If, exp.Filter):
        conditions = conjuncts(node.expression if isinstance(node, exp.Filter) else node.this)
        columns = {view.lineage.index(name) for condition in conditions for name in condition.find_all(exp.Column)}
        for column in columns - {None}:
            assert column is not None
            days = days_of(conditions, column, view.phrases) if view.schema.columns[column].kind == "date" else None
            if days is not None and days.first and days.last and days not in named.get(column, ()):
                named.setdefault(column, []).append(days)
    for column, periods in named.items():
        reach = _reach(view, column) if len(periods) > 1 else None
        if reach is not None:
            yield from (text for period in periods for text in _of_named(view, column, period, reach))


def _of_named(view: Evidence, column: int, period: Days, reach: Reach) -> Iterator[str]:
    first, last = period
    assert first is not None and last is not None
    what, not_over = view.phrases.column(column), view.as_of is not None and first <= view.as_of < last
    if reach.last < first or last < reach.first:
        yield f"{_named(period)} has no data: {what} goes from {reach.first} to {reach.last}."
    elif reach.last < last and (not_over or _matters((last - reach.last).days, period, reach.last, reach)):
        ending = f"over on {view.as_of}" if not_over else "whole"
        yield f"{_named(period)} is not {ending}: only days up to {reach.last} count ({what})."
    elif first < reach.first and _matters((reach.first - first).days, period, reach.first, reach):
        yield f"{_named(period)} is not whole: only days from {reach.first} on count ({what})."


def _conditions(view: Evidence, select: exp.Select) -> Iterator[exp.Expr]:
    """The conditions on the rows of a SELECT, and on those of the queries that it reads from, each once."""
    blocks = [select]
    for block in blocks:
        yield from conjuncts(block.args.get("where"))
        for source in view.lineage.sources(block).values():
            if source.join is not None:
                yield from conjuncts(source.join.args.get("on"))
            if isinstance(source.query, exp.Select) and not any(source.query is known for known in blocks):
                blocks.append(source.query)


def _reach(view: Evidence, column: int) -> Reach | None:
    """From when to when a column's table has dates; DuckDB only."""
    name = exp.to_identifier(view.schema.columns[column].name, quoted=True).sql(dialect="duckdb")
    table = view.table_sql(view.schema.owner[column])
    rows = view.look_up(
        f"SELECT min(d), max(d), CASE WHEN count(*) < {_ENOUGH_DAYS} THEN {_FOREVER} ELSE max(gap) END"
        " FROM (SELECT d, date_diff('day', lag(d) OVER (ORDER BY d), d) AS gap"
        f" FROM (SELECT DISTINCT CAST({name} AS DATE) AS d FROM {table} WHERE {name} IS NOT NULL) AS days) AS gaps"
    ) if view.query.dialect == "duckdb" else None
    if not rows or not all(isinstance(day, dt.date) and 1 < day.year < 9990 for day in rows[0][:2]):
        return None
    return Reach(*rows[0])


def _told(view: Evidence, column: int, period: Days) -> bool:
    """Whether a period's figure is in the answer: in one of the rows shown, or used by others (growth, averages of months)."""
    labels = {i: label for i, item in enumerate(view.tree.selects) if (label := _label(view, item.unalias(), column, period))}
    if not labels or view.tree.find(exp.Lag, exp.Lead) is not None:
        return True
    return any(all(str(row[i])[:10] == label for i, label in labels.items()) for row in view.result.rows)


def _label(view: Evidence, item: exp.Expr, column: int, period: Days) -> str:
    """What a period is called in a column that shows it; nothing for other columns."""
    for _ in range(20):
        if not isinstance(item, exp.Column) or not isinstance(origin := view.lineage.origin(item), exp.Expr):
            break
        item = origin
    first = period.first
    if first is None or view.lineage.index(next(item.find_all(exp.Column), None)) != column:
        return ""
    if cut(item):
        shown = item.find(exp.TimeToStr)
        if item.find(exp.LastDay) is not None:
            first = period.last or first
        return first.strftime(format_of(shown))[:10] if shown is not None else str(first)
    if item.find(exp.Monthname) is not None:
        return f"{first:%B}"
    numbers = {"year": first.year, "quarter": (first.month + 2) // 3, "month": first.month}
    return str(numbers.get(part(item), ""))


def _named(period: Days) -> str:
    """ "2025", "Q2 2025", "May 2025", "The week from 2025-06-09 to 2025-06-15"."""
    words = span(*period).removeprefix("in ").removeprefix("on ")
    words = f"the week {words}" if words.startswith("from ") else words
    return words[:1].upper() + words[1:]
