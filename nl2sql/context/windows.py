"""Spans that are counted: rolling windows before ``as_of`` ("past 5 years"), year to date, "first 2 months of 2024"."""
from __future__ import annotations

from nl2sql.context.calendar import UNITS, Calendar
from nl2sql.context.dates import DAY, first_of, shift
from nl2sql.records import Period

_PAST = frozenset(
    "past last previous prior trailing rolling recent preceding latest pasts lst lats previos previuos pst passed running".split()
)
_ROLLS = frozenset("past trailing rolling pst passed running".split())  # "past year" is a window, "last year" a calendar year
_NEXT = frozenset("next coming upcoming following".split())
_WHOLE = ("calendar", "full", "complete", "completed", "whole")
_FILLERS = (*_WHOLE, "consecutive", "fiscal", "-")
_GLUED = {
    "d": "day", "days": "day", "w": "week", "wk": "week", "wks": "week", "m": "month", "mo": "month", "mos": "month",
    "months": "month", "y": "year", "yr": "year", "yrs": "year", "years": "year",
}
_TO_DATE = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week"}
_MOST = 10_000  # units; more is no window of anyone's


def window_at(c: Calendar, i: int) -> Period | None:
    """The window that begins at word ``i``, if one does."""
    found = (rule(c, i) for rule in (_to_date, _of_point, _beside_point, _counted, _adjective_last))
    return max((period for period in found if period), key=lambda period: period.last, default=None)


def _counted(c: Calendar, i: int) -> Period | None:
    """past 5 years, last 90d, trailing twelve months, TTM, past year, last few months, last 2 calendar years, next 30 days."""
    if c.at(i) in ("ttm", "ltm", "t12m", "l12m", "r12m"):
        return _rolling(c, i, i, "month", 12)
    at = c.skip(i, "the")
    at += c.at(at) == "most" and c.at(at + 1) == "recent"
    intro = c.at(at)
    if intro not in _PAST and intro not in _NEXT:
        return None
    counted = c.skip(at + 1, *_FILLERS, "rolling", "couple", "of", "few")
    loose = 2 if "couple" in c.lower[at:counted] else 3 if "few" in c.lower[at:counted] else 0
    count, unit_at = c.counts.get(counted, (loose, counted))
    unit_at = c.skip(unit_at, *_FILLERS)
    if c.at(unit_at) == "half" and not count:
        count, unit_at = 0.5, c.skip(unit_at + 1, "a", "-")
    unit = UNITS.get(c.at(unit_at), "")
    if not unit and counted in c.counts:
        unit, unit_at = _GLUED.get(c.at(counted).lstrip("0123456789."), ""), counted
    if not count and (intro in _ROLLS or unit in ("decade", "fortnight")):
        count = 1
    if not unit or not 0 < count < _MOST:
        return None
    if intro in _NEXT:
        return Period(c.as_of + DAY, shift(c.as_of, unit, count) + DAY, i, unit_at, "range", True)
    if unit in ("year", "quarter", "month", "week") and any(word in _WHOLE for word in c.lower[at:unit_at]):
        end = first_of(unit, c.as_of)
        return Period(shift(end, unit, -count), end, i, unit_at, "range", True)
    return _rolling(c, i, unit_at, unit, count)


def _adjective_last(c: Calendar, i: int) -> Period | None:
    """the 5 most recent years, 3 past months; not the year of "the top 5 last year", which counts something else."""
    at = c.skip(i, "the")
    if at not in c.counts:
        return None
    count, intro = c.counts[at]
    intro += c.at(intro) == "most" and c.at(intro + 1) == "recent"
    unit = UNITS.get(c.at(intro + 1), "")
    agrees = count == 1 or c.at(intro + 1).endswith("s")
    return _rolling(c, i, intro + 1, unit, count) if c.at(intro) in _PAST and unit and agrees and count < _MOST else None


def _of_point(c: Calendar, i: int) -> Period | None:
    """first 2 months of 2024, last 10 days of March, the first week of March 2024."""
    at = c.skip(i, "the")
    if c.at(at) not in ("first", "last", "final"):
        return None
    count, unit_at = c.counts.get(at + 1, (1, at + 1))
    unit = UNITS.get(c.at(unit_at), "")
    if unit not in ("day", "week", "month", "quarter") or c.at(unit_at + 1) not in ("of", "in") or count >= _MOST:
        return None
    point = c.point(unit_at + 2) or c.point(c.skip(unit_at + 2, "the"))
    if point is None:
        return None
    start = point.start if c.at(at) == "first" else shift(point.end, unit, -count)
    end = shift(point.start, unit, count) if c.at(at) == "first" else point.end
    return Period(start, end, i, point.stop - 1, "range", point.relative)


def _beside_point(c: Calendar, i: int) -> Period | None:
    """the 3 years before 2020, the 2 months after March 2024, 12 months ending March 2024."""
    at = c.skip(i, "the")
    if at not in c.counts:
        return None
    count, unit_at = c.counts[at]
    unit, side = UNITS.get(c.at(unit_at), ""), c.at(unit_at + 1)
    point = c.point(c.skip(unit_at + 2, "to", "in", "the"))
    if not unit or point is None or count >= _MOST:
        return None
    if side in ("before", "preceding", "prior") and at > i:
        return Period(shift(point.start, unit, -count), point.start, i, point.stop - 1, "range", point.relative)
    if side in ("after", "following") and at > i:
        return Period(point.end, shift(point.end, unit, count), i, point.stop - 1, "range", point.relative)
    if side in ("ending", "until"):
        return Period(shift(point.end, unit, -count), point.end, i, point.stop - 1, "range", point.relative)
    return None


def _to_date(c: Calendar, i: int) -> Period | None:
    """YTD, year to date, year-to-date, this year so far, so far this year, since the start of the year."""
    if c.at(i) in _TO_DATE:
        return _so_far(c, i, i, _TO_DATE[c.at(i)])
    if c.lower[i : i + 2] == ["so", "far"]:
        at = c.skip(i + 2, "in", "for", "this", "the", "current")
        return _so_far(c, i, at, UNITS.get(c.at(at), ""))
    at = c.skip(i, "this", "current", "the")
    to = c.skip(at + 1, "-")
    last = c.skip(to + 1, "-")
    if (c.at(to), c.at(last)) in (("to", "date"), ("so", "far"), ("to", "now")):
        return _so_far(c, i, last, UNITS.get(c.at(at), ""))
    if c.at(i) in ("since", "from"):  # the start of the year
        start = c.skip(i + 1, "the", "very")
        unit_at = c.skip(start + 2, "the", "this", "current", "calendar")
        if c.at(start) in ("start", "beginning") and c.at(start + 1) in ("of", "this"):
            return _so_far(c, i, unit_at, UNITS.get(c.at(unit_at), ""))
    return None


def _so_far(c: Calendar, first: int, last: int, unit: str) -> Period | None:
    if unit not in ("year", "quarter", "month", "week", "half"):
        return None
    return Period(first_of(unit, c.as_of), c.as_of + DAY, first, last, "range", True)


def _rolling(c: Calendar, first: int, last: int, unit: str, count: float) -> Period:
    """``date > as_of - count units`` and ``<= as_of``."""
    return Period(shift(c.as_of, unit, -count) + DAY, c.as_of + DAY, first, last, "range", True)
