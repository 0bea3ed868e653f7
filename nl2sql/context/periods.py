"""Time expressions of a question as Periods with explicit bounds, so that the model never computes a date.

Deterministic: ``since``, ``before``, ``after``, ``until`` (its point included), ``between ... and``, ``from ... to``, rolling windows
("past 5 years": ``date > as_of - 5 years`` and ``<= as_of``), year to date, and the calendar points of ``points``. Where words
relate to a point ("since 2022"), the point alone is given too: a query may need ``>`` or ``year(date) = ``.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nl2sql.context.points import DAY, UNITS, Calendar, Point, first_of, shift, with_year_of
from nl2sql.records import Period, Word

_MOST = 12
_OPEN = {  # words that relate dates to the point behind them: which of its sides they keep
    "since": (
        "since", "starting", "starting from", "starting in", "starting on", "starting with", "beginning in", "beginning on",
        "beginning from", "beginning with", "on or after", "in or after", "at or after", "no earlier than", "not earlier than",
        "not before", "no sooner than", "ever since", "from and including", "sice",
    ),
    "after": ("after", "later than", "following", "newer than", "more recent than", "strictly after", "post", "post -", "afer", "aftr"),
    "before": (
        "before", "prior to", "earlier than", "previous to", "preceding", "older than", "strictly before", "pre", "pre -", "befor",
        "sooner than", "befroe",
    ),
    "until": (
        "until", "till", "til", "untill", "through", "thru", "up to", "up until", "up till", "up through", "no later than",
        "not later than", "not after", "on or before", "in or before", "at or before", "by", "to date until",
    ),
}
_OPENERS = {tuple(text.split()): side for side, texts in _OPEN.items() for text in texts}
_SUFFIXES = {
    **dict.fromkeys(("onwards", "onward", "and later", "or later", "and after", "or after", "and onwards", "and onward", "and newer",
                     "or newer", "and up", "and beyond", "on", "forward", "and since"), "since"),
    **dict.fromkeys(("or earlier", "and earlier", "or before", "and before", "and prior", "or older", "and older"), "until"),
}
_AFTER_POINT = {tuple(text.split()): side for text, side in _SUFFIXES.items()}
_RANGE_WORDS = frozenset({"to", "until", "till", "through", "thru", "-", "–", "—", "untill"})
_NOW = frozenset({"now", "today", "present", "date"})
_PAST = frozenset(
    "past last previous prior trailing rolling recent preceding latest pasts lst lats previos previuos pst passed running".split()
)
_PAIRS = frozenset({"and", "or", "vs", "versus", "to", "with", ",", "&", "compared", "against", "the", ".", "than", "/", "in", "of", "from"})
_GLUED = {"d": "day", "w": "week", "wk": "week", "wks": "week", "mo": "month", "mos": "month", "m": "month", "y": "year", "yr": "year",
          "yrs": "year", "years": "year", "months": "month", "days": "day"}


@dataclass(frozen=True)
class _Found:
    """What stands at a place: a period over ``first`` to before ``stop``, and the points that it is made of."""

    period: Period
    stop: int
    points: tuple[Point, ...] = ()


def link_periods(words: Sequence[Word], as_of: dt.date) -> tuple[Period, ...]:
    """The time expressions of the question in order, the widest first where they nest; at most 12."""
    calendar = Calendar(words, as_of)
    wide: list[Period] = []
    points: list[Point] = []
    i = 0
    while i < len(words):
        found = max((f for rule in _RULES if (f := rule(calendar, i)) is not None), key=lambda f: f.stop, default=None)
        point = calendar.point(i)
        if found is not None and (point is None or found.stop > point.stop):
            wide.append(found.period)
            points.extend(found.points)
            i = found.stop
        elif point is not None:
            points.append(point)
            i = point.stop
        else:
            i += 1
    plain = [Period(p.start, p.end, p.first, p.stop - 1, p.unit, p.relative) for p in _share_years(calendar, points)]
    kept = (wide + plain)[:_MOST]
    return tuple(sorted(dict.fromkeys(kept), key=lambda period: (period.first, -period.last)))


def _share_years(c: Calendar, points: list[Point]) -> list[Point]:
    """ "Q1 and Q2 of 2024": a point without a year takes that of the dated point which it stands beside."""
    shared = list(points)
    for order in (range(len(points) - 2, -1, -1), range(1, len(points))):
        for i in order:
            j = i + 1 if order.step < 0 else i - 1
            between = c.lower[min(shared[i].stop, shared[j].stop) : max(shared[i].first, shared[j].first)]
            if len(between) <= 4 and all(word in _PAIRS for word in between):
                shared[i] = with_year_of(shared[i], shared[j])
    return shared


def _side(c: Calendar, i: int) -> tuple[dt.date, dt.date, tuple[Point, ...], int] | None:
    """What a relation relates to: a point, the start or end of one (an instant), or now: (start, end, points, stop)."""
    at = c.skip(i, "the", "in", "on", "very", "and", "including", "date", "around")
    if c.at(at) in ("end", "start", "beginning", "close") and c.at(at + 1) == "of":
        point = c.point(c.skip(at + 2, "the")) or c.point(at + 2)
        if point is None:
            return None
        moment = point.end if c.at(at) in ("end", "close") else point.start
        return moment, moment, (point,), point.stop
    for start in (i, at):
        if (point := c.point(start)) is not None:
            return point.start, point.end, (point,), point.stop
    return None


def _open(c: Calendar, i: int) -> _Found | None:
    """since X, after X, before X, until X; X onwards, X or earlier."""
    for length in (3, 2, 1):
        side = _OPENERS.get(tuple(c.lower[i : i + length]))
        if side is not None and (related := _side(c, i + length)) is not None:
            start, end, points, stop = related
            return _Found(_bounded(side, start, end, i, stop, points), stop, points)
    first = i + 1 if c.at(i) in ("from", "in") else i
    point = c.point(first)
    if point is None:
        return None
    for length in (2, 1):
        side = _AFTER_POINT.get(tuple(c.lower[point.stop : point.stop + length]))
        if side is not None and not (c.at(point.stop) == "on" and c.at(i) != "from"):
            stop = min(point.stop + length, len(c.lower))
            return _Found(_bounded(side, point.start, point.end, i, stop, (point,)), stop, (point,))
    return None


def _bounded(side: str, start: dt.date, end: dt.date, first: int, stop: int, points: tuple[Point, ...]) -> Period:
    low = start if side == "since" else end if side == "after" else None
    high = start if side == "before" else end if side == "until" else None
    return Period(low, high, first, stop - 1, "range", any(point.relative for point in points))


def _range(c: Calendar, i: int) -> _Found | None:
    """between X and Y, from X to Y, X - Y, X to now; both ends included. A missing year comes from the other end."""
    opened = c.at(i) in ("between", "from", "beteen", "betwen", "since", "form", "betweeen")
    joins = _RANGE_WORDS | {"and", "&"} if c.at(i).startswith("bet") else _RANGE_WORDS
    at = c.skip(i + 1, "the", "start", "beginning", "of") if opened else i
    left = c.point(at) or (c.point(i + 1) if opened else None)
    if left is None:
        return _days_of_month(c, i, at, joins)
    middle = left.stop
    if c.at(middle) == "," and c.at(middle + 1) in joins:
        middle += 1
    if c.at(middle) == "up":
        middle += 1
    if c.at(middle) not in joins:
        return None
    after = c.skip(middle + 1, "the", "up", "to", "end", "of")
    if c.at(after) in _NOW and c.at(middle) not in ("-", "and"):
        return _Found(Period(left.start, c.as_of + DAY, i, after, "range", True), after + 1, (left,))
    right = c.point(after) or c.point(middle + 1) or _day_beside(c, after, left)
    if right is None:
        return None
    left, right = _ordered(left, right)
    if left.start >= right.end:
        return None
    relative = left.relative or right.relative
    return _Found(Period(left.start, right.end, i, right.stop - 1, "range", relative), right.stop, (left, right))


def _ordered(left: Point, right: Point) -> tuple[Point, Point]:
    """Both with a year, the left one first: "November to February 2024" begins in 2023."""
    if left.floating:
        left = with_year_of(left, replace(right, floating=False))
        if left.start > right.start:
            left = replace(left, start=shift(left.start, "year", -1), end=shift(left.end, "year", -1))
    elif right.floating:
        right = with_year_of(right, left)
        if right.start < left.start:
            right = replace(right, start=shift(right.start, "year", 1), end=shift(right.end, "year", 1))
    return left, right


def _days_of_month(c: Calendar, i: int, at: int, joins: frozenset[str]) -> _Found | None:
    """between 5 and 10 March 2024: the first day takes its month from the second."""
    number = c.at(at).rstrip("stndrh")
    if not number.isdecimal() or not 1 <= int(number) <= 31 or c.at(at + 1) not in joins:
        return None
    right = c.point(c.skip(at + 2, "the")) or c.point(at + 2)
    if right is None or right.unit != "day" or int(number) >= right.start.day:
        return None
    period = Period(right.start.replace(day=int(number)), right.end, i, right.stop - 1, "range", right.relative)
    return _Found(period, right.stop, (right,))


def _day_beside(c: Calendar, i: int, left: Point) -> Point | None:
    """March 5 to 10, 2024: the second day takes its month from the first."""
    number = c.at(i).rstrip("stndrh")
    if left.unit != "day" or not number.isdecimal() or not left.start.day < int(number) <= 31:
        return None
    year = c.year_at(i + 1) if left.floating else None
    try:
        start = left.start.replace(year=year[0] if year else left.start.year, day=int(number))
    except ValueError:
        return None
    return Point(start, start + DAY, i, year[1] if year else i + 1, "day", left.relative and year is None, left.floating and year is None)


def _window(c: Calendar, i: int) -> _Found | None:
    """past 5 years, last 90 days, trailing twelve months, TTM, the 3 most recent months, past year, last 2 calendar years."""
    if c.at(i) in ("ttm", "ltm", "t12m", "l12m", "r12m"):
        return _rolling(c, i, i + 1, "month", 12)
    at = c.skip(i, "the")
    at = at + 1 if c.at(at) == "most" and c.at(at + 1) == "recent" else at
    intro = c.at(at)
    if intro not in _PAST and intro not in ("next", "coming", "upcoming"):
        return _counted_first(c, i, at)
    whole = c.skip(at + 1, "calendar", "full", "complete", "completed", "whole", "consecutive", "rolling", "fiscal", "couple", "of", "few")
    calendar = any(word in ("calendar", "full", "complete", "completed", "whole") for word in c.lower[at + 1 : whole])
    count, unit_at = c.counts.get(whole, (_loose_count(c.lower[at + 1 : whole]), whole))
    unit_at = c.skip(unit_at, "-", "calendar", "full", "complete", "consecutive", "fiscal", "whole")
    calendar = calendar or any(word in ("calendar", "full", "complete", "whole") for word in c.lower[whole:unit_at])
    if c.at(unit_at) == "half" and count == 0:
        count, unit_at = 0.5, c.skip(unit_at + 1, "a", "-")
    unit = UNITS.get(c.at(unit_at), "")
    if not unit and whole in c.counts:  # "90d"
        unit, unit_at = _GLUED.get(c.at(whole).lstrip("0123456789."), ""), whole
    if unit and whole in c.counts and c.at(unit_at + 1) in ("of", "in") and intro in ("last", "final"):
        return _of_year(c, i, unit, count, unit_at + 2)
    if count == 0:
        count = 1 if intro in ("past", "trailing", "rolling", "pst", "passed", "running") or unit in ("decade", "fortnight") else 0
    if not unit or not 0 < count < 10_000:
        return None
    if intro in ("next", "coming", "upcoming"):
        period = Period(c.as_of + DAY, shift(c.as_of, unit, count) + DAY, i, unit_at, "range", True)
        return _Found(period, unit_at + 1)
    if calendar and unit in ("year", "quarter", "month", "week"):
        end = first_of(unit, c.as_of)
        return _Found(Period(shift(end, unit, -count), end, i, unit_at, "range", True), unit_at + 1)
    return _rolling(c, i, unit_at + 1, unit, count)


def _loose_count(words: list[str]) -> float:
    return 2 if "couple" in words else 3 if "few" in words else 0


def _counted_first(c: Calendar, i: int, at: int) -> _Found | None:
    """5 most recent years, 3 past months; first 2 months of 2024."""
    if c.at(at) in ("first", "final") and at + 1 in c.counts:
        count, unit_at = c.counts[at + 1]
        return _of_year(c, i, UNITS.get(c.at(unit_at), ""), count if c.at(at) == "first" else -count, unit_at + 2)
    if at not in c.counts:
        return None
    count, intro = c.counts[at]
    intro += c.at(intro) == "most" and c.at(intro + 1) == "recent"
    unit = UNITS.get(c.at(intro + 1), "")
    return _rolling(c, i, intro + 2, unit, count) if c.at(intro) in _PAST and unit and count < 10_000 else None


def _of_year(c: Calendar, i: int, unit: str, count: float, at: int) -> _Found | None:
    """last 2 months of 2024: so many units at the end (or, ``first``, negative turned round, the beginning) of a point."""
    point = c.point(at) or c.point(c.skip(at, "the"))
    if point is None or unit not in ("day", "week", "month", "quarter"):
        return None
    if c.at(c.skip(i, "the")) == "first":
        start, end = point.start, shift(point.start, unit, count)
    else:
        start, end = shift(point.end, unit, -abs(count)), point.end
    return _Found(Period(start, end, i, point.stop - 1, "range", point.relative), point.stop)


def _rolling(c: Calendar, first: int, stop: int, unit: str, count: float) -> _Found:
    period = Period(shift(c.as_of, unit, -count) + DAY, c.as_of + DAY, first, stop - 1, "range", True)
    return _Found(period, stop)


def _to_date(c: Calendar, i: int) -> _Found | None:
    """YTD, year to date, year-to-date, this year so far, so far this year."""
    short = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week"}
    if c.at(i) in short:
        return _so_far(c, i, i + 1, short[c.at(i)])
    if c.lower[i : i + 2] == ["so", "far"] and c.at(i + 2) in ("this", "in", "for"):
        at = c.skip(i + 2, "in", "for", "this", "the", "current")
        return _so_far(c, i, at + 1, UNITS.get(c.at(at), ""))
    at = c.skip(i, "this", "current", "the")
    unit = UNITS.get(c.at(at), "")
    rest = [word for word in c.lower[at + 1 : at + 5] if word != "-"][:2]
    if unit and rest in (["to", "date"], ["so", "far"], ["to", "now"]):
        return _so_far(c, i, at + 3 + (c.lower[at + 1 : at + 5].count("-") if c.at(at + 1) == "-" else 0), unit)
    return None


def _so_far(c: Calendar, first: int, stop: int, unit: str) -> _Found | None:
    if unit not in ("year", "quarter", "month", "week", "half"):
        return None
    return _Found(Period(first_of(unit, c.as_of), c.as_of + DAY, first, stop - 1, "range", True), stop)


_RULES = (_open, _range, _window, _to_date)
