"""Calendar periods in queries: by what unit of time a column is grouped, and which days the conditions let it be."""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlglot import exp

from nl2sql.sql.conditions import bound
from nl2sql.sql.days import ONE
from nl2sql.sql.phrases import Phrases

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_PARTS: dict[type[exp.Expr], str] = {exp.Year: "year", exp.Quarter: "quarter", exp.Month: "month", exp.Monthname: "month"}
_FORMATS = {"%Y": "year", "%Y-%m": "month", "%Y/%m": "month", "%m/%Y": "month", "%b %Y": "month", "%B %Y": "month"}
_LAST_YEAR = 9990  # beyond it Python's calendar ends


class Days(NamedTuple):
    """The days that conditions leave, both ends included; None leaves a side open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def within(self, other: Days) -> Days:
        firsts, lasts = [d for d in (self.first, other.first) if d], [d for d in (self.last, other.last) if d]
        return Days(max(firsts, default=None), min(lasts, default=None))


class Grouping(NamedTuple):
    """A date column that is grouped by calendar units; ``year`` tells whether the year is one of the keys."""

    column: int
    unit: str
    year: bool
    keys: tuple[exp.Expr, ...]


def days_of(conditions: Sequence[exp.Expr], column: int, phrases: Phrases) -> Days | None:
    """What conditions that all hold leave of a date column; None where one of them is of a kind that isn't understood."""
    left = Days()
    for node in conditions:
        if all(phrases.lineage.index(named) != column for named in node.find_all(exp.Column)):
            continue
        found = bound(node, phrases.is_date)
        days = Days(*found) if found is not None and isinstance(node.this, exp.Column) else _years(node)
        if days is None:
            return None
        left = left.within(days)
    return left


def _years(node: exp.Expr) -> Days | None:
    """The days of ``year(column) = 2024`` and the like."""
    if isinstance(node, exp.Between) and part(node.this) == "year":
        first, last = node.args["low"], node.args["high"]
    elif isinstance(node, exp.EQ | exp.GTE | exp.LTE | exp.GT | exp.LT) and part(node.left) == "year":
        first = node.right if isinstance(node, exp.EQ | exp.GTE | exp.GT) else None
        last = node.right if isinstance(node, exp.EQ | exp.LTE | exp.LT) else None
    else:
        return None
    years = [int(y.name) if isinstance(y, exp.Literal) and y.name.isdigit() else None for y in (first, last) if y is not None]
    if any(year is None or not 1 < year < _LAST_YEAR for year in years):
        return None
    low = dt.date(int(first.name) + isinstance(node, exp.GT), 1, 1) if first is not None else None
    high = dt.date(int(last.name) - isinstance(node, exp.LT), 12, 31) if last is not None else None
    return Days(low, high)


def part(node: exp.Expr) -> str:
    """ "year" for ``year(column)``; nothing for what is no such part of a column."""
    if isinstance(node, exp.Extract):
        unit, inner = node.name.lower(), node.expression
    elif isinstance(node, exp.Anonymous) and node.name.lower() in ("date_part", "datepart") and len(node.expressions) == 2:
        unit, inner = node.expressions[0].name.lower(), node.expressions[1]
    elif type(node) in _PARTS:
        unit, inner = _PARTS[type(node)], node.this
    else:
        return ""
    return unit if isinstance(_inside(inner), exp.Column) and unit in _MONTHS else ""


def cut(node: exp.Expr) -> str:
    """ "month" for ``date_trunc('month', column)``, and for the formats that say a month or year."""
    node = _inside(node)
    if isinstance(node, exp.DateTrunc | exp.TimestampTrunc):
        unit = node.args["unit"].name.lower()
    elif isinstance(node, exp.TimeToStr):
        unit = _FORMATS.get(format_of(node), "")
    elif isinstance(node, exp.LastDay):
        unit = "month"
    elif isinstance(node, exp.DateBin) and isinstance(node.this, exp.Interval) and node.this.this.name == "1":  # time_bucket
        return str(node.this.unit).lower() if isinstance(_inside(node.expression), exp.Column) else ""
    else:
        return ""
    inner = node.args["format"] if isinstance(node.this, exp.Literal) else node.this
    return unit if isinstance(_inside(inner), exp.Column) and unit in (*_MONTHS, "week") else ""


def format_of(node: exp.TimeToStr) -> str:
    """The format of ``strftime``, whose arguments may stand either way round."""
    return str((node.this if isinstance(node.this, exp.Literal) else node.args["format"]).name)


def groupings(keys: Sequence[exp.Expr], phrases: Phrases) -> list[Grouping]:
    """The date columns that are grouped by periods, each with the finest unit."""
    found: dict[int, Grouping] = {}
    for key in (piece for whole in keys for piece in _pieces(whole)):
        unit, named = cut(key), part(_inside(key))
        column = phrases.lineage.index(next(key.find_all(exp.Column), None))
        if column is None or not (unit or named):
            continue
        before = found.get(column, Grouping(column, "year", False, ()))
        finest = min(unit or named, before.unit, key=lambda name: _MONTHS.get(name, 0))
        found[column] = Grouping(column, finest, before.year or bool(unit) or named == "year", (*before.keys, key))
    return list(found.values())


def _pieces(key: exp.Expr) -> list[exp.Expr]:
    """The parts of a date that a label is put together of: ``year(day) || '-Q' || quarter(day)``."""
    if not isinstance(_inside(key), exp.DPipe | exp.Concat | exp.ConcatWs | exp.Add):
        return [key]
    return [node for node in key.walk() if cut(node) or part(node)]


def period_of(day: dt.date, unit: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of the calendar unit that holds a day; weeks begin on Monday."""
    if unit == "week":
        first = day - day.weekday() * ONE
        return first, first + 6 * ONE
    months = _MONTHS[unit]
    start = (day.month - 1) // months * months + 1
    first = day.replace(month=start, day=1)
    after = first.replace(year=first.year + (start + months > 12), month=(start + months - 1) % 12 + 1)
    return first, after - ONE


def _inside(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Cast | exp.TryCast | exp.Paren | exp.TsOrDsToDate | exp.TsOrDsToTimestamp | exp.Date):
        node = node.this
    return node
