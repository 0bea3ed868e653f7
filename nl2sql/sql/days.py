"""Dates in conditions, in words: the bounds that a query sets become "in 2024", "from 2024-03-01 to 2024-06-30"."""
from __future__ import annotations

import calendar
import datetime as dt

from sqlglot import exp

_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_DAYS = {"DAY": 1, "WEEK": 7}
ONE = dt.timedelta(days=1)


def date_value(node: exp.Expr | None) -> dt.date | None:
    """The day that a constant expression stands for: an ISO date, a cast of one, plus or minus intervals."""
    if isinstance(node, exp.Paren | exp.Cast | exp.TryCast | exp.Date | exp.TsOrDsToDate):
        return date_value(node.this)
    if isinstance(node, exp.Literal) and node.is_string:
        return _iso(node.name)
    if isinstance(node, exp.Add | exp.Sub) and isinstance(node.expression, exp.Interval):
        day, interval = date_value(node.this), node.expression
        count = interval.this.name if isinstance(interval.this, exp.Literal) else ""
        if day is not None and count.isdigit() and len(count) < 6:
            sign = 1 if isinstance(node, exp.Add) else -1
            return _shift(day, sign * int(count), str(interval.unit).upper().removesuffix("S"))
    return None


def _iso(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.removesuffix(" 00:00:00"))
    except ValueError:
        return None


def _shift(day: dt.date, count: int, unit: str) -> dt.date | None:
    try:
        if unit in _DAYS:
            return day + dt.timedelta(days=count * _DAYS[unit])
        if unit in _MONTHS:
            total = day.year * 12 + day.month - 1 + count * _MONTHS[unit]
            year, month = divmod(total, 12)
            return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        pass  # beyond the calendar: no day
    return None


def span(start: dt.date | None, end: dt.date | None) -> str:
    """Words for the days from ``start`` to ``end``, both included; None leaves a side open."""
    if start is None or end is None:
        return "on any day" if start == end else f"on or after {start}" if start else f"on or before {end}"
    if start == end:
        return f"on {start}"
    if start.day == 1 and (end + ONE).day == 1 and end > start:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        if months == 1:
            return f"in {start:%B %Y}"
        if months == 3 and start.month % 3 == 1:
            return f"in Q{start.month // 3 + 1} {start.year}"
        if months == 12 and start.month == 1:
            return f"in {start.year}"
        if start.month == 1 and end.month == 12:
            return f"from {start.year} to {end.year}"
    return f"from {start} to {end}"
