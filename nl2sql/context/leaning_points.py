"""Points of the calendar that lean on another point of the question: "the week before", "a year earlier", half of a month."""
from __future__ import annotations

import datetime as dt

from nl2sql.context.calendar import LAST, UNITS, Calendar
from nl2sql.context.dates import Point, first_of, shift

_EARLIER = frozenset("before earlier prior previously".split())
_MOVED = frozenset("year quarter month week day".split())
_HALVES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "latter": 1, "last": 1}
_MIDDLE = 15  # a month's first half ends with this day


def one_before(c: Calendar, i: int) -> Point | None:
    """last week and **the week before**, March 2024 against **the previous month**, May 2025 and **a year earlier**."""
    at = c.skip(i, "the", "same")
    moved = c.at(at) in LAST and UNITS.get(c.at(at + 1)) in _MOVED  # "the previous month"
    at += moved or c.at(at) in ("a", "one")
    unit = UNITS.get(c.at(at), "")
    placed = at > i and c.at(at) == unit in _MOVED  # "the week", not "two weeks"
    if not placed or not (moved and c.at(i) == "the" or c.at(at + 1) in _EARLIER):
        return None
    stop = at + 1 if moved else at + 2
    if not moved and c.at(stop) in ("that", "this", "it"):
        stop += 1
    behind = c.point(c.skip(stop, "the"))
    if not moved and behind is not None:  # the week before Christmas Day
        return _up_to(c, unit, behind, i)
    anchor = _anchor(c, i)
    if anchor is None or anchor.unit != unit and unit != "year":
        return None
    if anchor.unit == unit or c.at(at + 1) in _EARLIER:
        start, end = shift(anchor.start, unit, -1), shift(anchor.end, unit, -1)
        return Point(start, end, i, stop, anchor.unit, anchor.relative)
    return None


def _up_to(c: Calendar, unit: str, point: Point, first: int) -> Point | None:
    """The unit that ends where the point begins."""
    if unit in ("day", "week"):
        return Point(shift(point.start, unit, -1), point.start, first, point.stop, unit, point.relative)
    start = first_of(unit, shift(point.start, unit, -1))
    return c.calendar(unit, start, first, point.stop, relative=point.relative)


def _anchor(c: Calendar, i: int) -> Point | None:
    """The point that is said last before word ``i``."""
    found = (c.point(j) for j in range(i - 1, -1, -1))
    near = next((point for point in found if point is not None and point.stop <= i), None)
    if near is None:
        return None
    wider = (c.point(j) for j in range(max(0, near.first - 4), near.first))
    return next((point for point in wider if point is not None and point.stop == near.stop), near)


def half_of_month(c: Calendar, i: int) -> Point | None:
    """the first half of December 2024: up to the 15th, and from the 16th on."""
    at = c.skip(i, "the")
    if c.at(at) not in _HALVES or c.at(at + 1) != "half" or c.at(at + 2) not in ("of", "in"):
        return None
    month = c.point(c.skip(at + 3, "the")) or c.point(at + 3)
    if month is None or month.unit != "month":
        return None
    middle = month.start + dt.timedelta(days=_MIDDLE)
    start, end = (middle, month.end) if _HALVES[c.at(at)] else (month.start, middle)
    return Point(start, end, i, month.stop, "range", month.relative)
