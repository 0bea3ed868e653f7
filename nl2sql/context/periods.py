"""Time expressions of a question as Periods with explicit bounds, so that the model never computes a date.

Deterministic. Points of the calendar ("Q3 2024", "last month") come from ``points``, windows ("past 5 years", "YTD") from
``windows``; here is what relates dates to points: ``since``, ``before``, ``after``, ``until`` (its point included), ``between ...
and``, ``from ... to``. Beside "since 2022" the year 2022 alone is given too, as a query may need ``>`` or ``year(date) =``.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from nl2sql.context.calendar import Calendar
from nl2sql.context.dates import DAY, Point, date_or_none, shift, with_year_of
from nl2sql.context.points import RULES
from nl2sql.context.windows import window_at
from nl2sql.records import Period, Word

_MOST = 12
_BEFORE_POINT = {  # words that relate dates to the point behind them, by the bound they set
    "since": """
        since / starting / starting from / starting in / starting on / starting with / beginning in /
        beginning on / ever since / beginning from / beginning with / on or after / in or after / at or
        after / no earlier than / not earlier than / not before / no sooner than / from and including / sice
    """,
    "after": """
        after / later than / following / newer than / more recent than / strictly after / post / post - /
        afer / aftr
    """,
    "before": """
        before / prior to / earlier than / previous to / preceding / older than / strictly before / pre /
        pre - / sooner than / befor / befroe
    """,
    "until": """
        until / till / til / untill / through / thru / up to / up until / up till / up through / no later
        than / not later than / not after / on or before / in or before / at or before / by
    """,
}
_AFTER_POINT = {
    "since": """
        onwards / onward / and later / or later / and after / or after / and onwards / and onward / and
        newer / or newer / and up / and beyond / forward / and since / on
    """,
    "until": "or earlier / and earlier / or before / and before / and prior / or older / and older",
}


def _phrases(texts: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split()): bound for bound, text in texts.items() for phrase in text.split("/")}


_OPENERS, _CLOSERS = _phrases(_BEFORE_POINT), _phrases(_AFTER_POINT)
_BETWEEN = frozenset("between beteen betwen betweeen".split())
_FROM = frozenset("from form since".split())
_TO = frozenset("to until till through thru untill - – —".split())
_NOW = frozenset("now today present date".split())
_PAIRS = frozenset("and or vs versus to with , & compared against the . than / in of from".split())

Found = tuple[Period, tuple[Point, ...]]  # a period, and the points that it is made of


def link_periods(words: Sequence[Word], as_of: dt.date) -> tuple[Period, ...]:
    """The time expressions of the question in order, the widest first where they nest; at most 12."""
    calendar = Calendar(words, as_of, RULES)
    wide: list[Period] = []
    points: list[Point] = []
    i = 0
    while i < len(words):
        point = calendar.point(i)
        found = max((f for rule in _RULES if (f := rule(calendar, i)) is not None), key=lambda f: f[0].last, default=None)
        if found is not None and (point is None or found[0].last >= point.stop):
            wide.append(found[0])
            points.extend(replace(part, floating=False) for part in found[1])
            i = found[0].last + 1
        elif point is not None:
            points.append(point)
            i = point.stop
        else:
            i += 1
    plain = [Period(p.start, p.end, p.first, p.stop - 1, p.unit, p.relative) for p in _share_years(calendar, points)]
    kept = dict.fromkeys((wide + plain)[:_MOST])
    return tuple(sorted(kept, key=lambda period: (period.first, -period.last)))


def _share_years(c: Calendar, points: list[Point]) -> list[Point]:
    """A point without a year takes that of the dated point beside it ("Q1 and Q2 of 2024"), else the only year that is named."""
    shared = list(points)
    for i in reversed(range(len(points) - 1)):
        if _are_a_pair(c, shared[i], shared[i + 1]):
            shared[i] = with_year_of(shared[i], shared[i + 1])
    for i in range(1, len(points)):
        if _are_a_pair(c, shared[i - 1], shared[i]):
            shared[i] = with_year_of(shared[i], shared[i - 1])
    years = {point.start: point for point in shared if point.unit == "year"}
    return [with_year_of(point, *years.values()) if len(years) == 1 else point for point in shared]


def _are_a_pair(c: Calendar, left: Point, right: Point) -> bool:
    between = c.lower[left.stop : right.first]
    return len(between) <= 4 and all(word in _PAIRS for word in between)


def _open(c: Calendar, i: int) -> Found | None:
    """since X, after X, before X, until X, with X a point or the start or end of one."""
    for length in (3, 2, 1):
        bound = _OPENERS.get(tuple(c.lower[i : i + length]))
        at = c.skip(i + length, "the", "in", "on", "very", "and", "including", "around")
        if bound is None or at >= len(c.lower):
            continue
        edge = c.at(at) if c.at(at + 1) == "of" else ""
        if edge in ("end", "close", "start", "beginning"):
            point = c.point(at + 2) or c.point(c.skip(at + 2, "the"))
            if point is not None:
                moment = point.end if edge in ("end", "close") else point.start
                return _bounded(bound, moment, moment, i, point.stop, point), (point,)
        elif (point := c.point(i + length) or c.point(at)) is not None:
            return _bounded(bound, point.start, point.end, i, point.stop, point), (point,)
    return None


def _closed(c: Calendar, i: int) -> Found | None:
    """2021 onwards, from March on, 2020 or earlier."""
    point = c.point(i + 1 if c.at(i) in ("from", "in") else i)
    if point is None:
        return None
    for length in (2, 1):
        phrase = tuple(c.lower[point.stop : point.stop + length])
        bound = _CLOSERS.get(phrase)
        if bound is not None and (phrase != ("on",) or c.at(i) == "from"):
            return _bounded(bound, point.start, point.end, i, point.stop + len(phrase), point), (point,)
    return None


def _bounded(bound: str, start: dt.date, end: dt.date, first: int, stop: int, point: Point) -> Period:
    low = {"since": start, "after": end}.get(bound)
    high = {"before": start, "until": end}.get(bound)
    return Period(low, high, first, stop - 1, "range", point.relative)


def _range(c: Calendar, i: int) -> Found | None:
    """between X and Y, from X to Y, X - Y, X to now; both ends included. A missing year comes from the other end."""
    opened = c.at(i) in _BETWEEN or c.at(i) in _FROM
    joins = _TO | {"and", "&"} if c.at(i) in _BETWEEN else _TO
    at = c.skip(i + 1, "the", "start", "beginning", "of") if opened else i
    left = c.point(at) or (c.point(i + 1) if opened else None)
    if left is None:
        return _days_of_month(c, i, at, joins)
    middle = left.stop + (c.at(left.stop) == "," and c.at(left.stop + 1) in joins)
    middle += c.at(middle) == "up"
    if c.at(middle) not in joins:
        return None
    after = c.skip(middle + 1, "the", "up", "to", "end", "of")
    if c.at(after) in _NOW and c.at(middle) not in ("-", "and"):
        return Period(left.start, c.as_of + DAY, i, after, "range", True), (left,)
    right = c.point(after) or c.point(middle + 1) or _day_beside(c, after, left)
    if right is None:
        return None
    left, right = _ordered(left, right)
    if left.start >= right.end:
        return None
    return Period(left.start, right.end, i, right.stop - 1, "range", left.relative or right.relative), (left, right)


def _ordered(left: Point, right: Point) -> tuple[Point, Point]:
    """Both with a year, the left one first: "November to February 2024" begins in 2023."""
    if left.floating:
        left = with_year_of(left, replace(right, floating=False))
        if left.start > right.start:
            left = replace(left, start=shift(left.start, "year", -1), end=shift(left.end, "year", -1))
        right = replace(right, floating=False)
    elif right.floating:
        right = with_year_of(right, left)
        if right.start < left.start:
            right = replace(right, start=shift(right.start, "year", 1), end=shift(right.end, "year", 1))
    return left, right


def _days_of_month(c: Calendar, i: int, at: int, joins: frozenset[str]) -> Found | None:
    """between 5 and 10 March 2024: the first day takes its month from the second."""
    right = c.point(c.skip(at + 2, "the")) or c.point(at + 2)
    if c.at(at + 1) not in joins or right is None or right.unit != "day" or not 0 < c.day(at) < right.start.day:
        return None
    return Period(right.start.replace(day=c.day(at)), right.end, i, right.stop - 1, "range", right.relative), (right,)


def _day_beside(c: Calendar, i: int, left: Point) -> Point | None:
    """March 5 to 10, 2024: the second day takes its month from the first."""
    if left.unit != "day" or c.day(i) <= left.start.day:
        return None
    year = c.year_at(i + 1) if left.floating else None
    start = date_or_none(year[0] if year else left.start.year, left.start.month, c.day(i))
    floating = left.floating and year is None
    return Point(start, start + DAY, i, year[1] if year else i + 1, "day", floating, floating) if start else None


def _window(c: Calendar, i: int) -> Found | None:
    period = window_at(c, i)
    return None if period is None else (period, ())


_RULES = (_open, _closed, _range, _window)
