"""Calendar arithmetic: points in time as half-open spans of days, the units that hold a day, and moves by units."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

DAY = dt.timedelta(days=1)
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}


@dataclass(frozen=True)
class Point:
    """``words[first:stop]`` name the dates from ``start`` to before ``end``. ``floating``: its year was not said."""

    start: dt.date
    end: dt.date
    first: int
    stop: int
    unit: str
    relative: bool = False
    floating: bool = False


def first_of(unit: str, day: dt.date) -> dt.date:
    """The first day of the calendar unit that holds ``day``; weeks begin on Monday, as in ``date_trunc``."""
    if unit == "week":
        return day - DAY * day.weekday()
    if unit == "day":
        return day
    if unit == "decade":
        return dt.date(day.year // 10 * 10, 1, 1)
    return dt.date(day.year, (day.month - 1) // _MONTHS_OF[unit] * _MONTHS_OF[unit] + 1, 1)


def shift(day: dt.date, unit: str, count: float) -> dt.date:
    """``day`` moved by ``count`` units, to the last day of the month where it has no such day, as SQL intervals do."""
    if unit in ("day", "week", "fortnight"):
        return day + DAY * round(count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    months = day.year * 12 + day.month - 1 + round(count * _MONTHS_OF[unit])
    year, month = divmod(months, 12)
    year = min(max(year, 1), 9998)
    last = (dt.date(year + month // 11, (month + 1) % 12 + 1, 1) - DAY).day
    return dt.date(year, month + 1, min(day.day, last))


def century(year: int) -> int:
    """24 is 2024, 99 is 1999; a year of more digits stays."""
    return year if year >= 100 else 2000 + year if year < 70 else 1900 + year


def date_or_none(year: int, month: int, day: int) -> dt.date | None:
    """The date, or None where the calendar has none."""
    try:
        return dt.date(year, month, day) if year < 9000 else None  # room for moves
    except ValueError:
        return None


def with_year_of(point: Point, other: Point) -> Point:
    """A floating month, quarter or day takes the year of the point that it is paired with: "between March and June 2024"."""
    if not point.floating or other.floating:
        return point
    start = date_or_none(other.start.year, point.start.month, point.start.day) or point.start
    unit = point.unit if point.unit != "range" else "half"
    return replace(point, start=start, end=shift(start, unit, 1), relative=other.relative, floating=False)
