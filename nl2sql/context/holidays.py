"""Holidays that are one day everywhere and need no table of countries: Christmas Day 2024, New Year's Eve, Easter Monday."""
from __future__ import annotations

import datetime as dt

from nl2sql.context.calendar import Calendar, day_point
from nl2sql.context.dates import DAY, Point

_FIXED = {
    "christmas day": (12, 25), "xmas day": (12, 25), "christmas eve": (12, 24), "xmas eve": (12, 24), "boxing day": (12, 26),
    "new years eve": (12, 31), "new year eve": (12, 31), "new years day": (1, 1), "new year day": (1, 1),
    "valentines day": (2, 14), "valentine day": (2, 14), "halloween": (10, 31),
}  # fmt: skip
_MOVABLE = {"good friday": -2, "easter sunday": 0, "easter monday": 1}  # days from Easter
_LONGEST = 3


def holiday(c: Calendar, i: int) -> Point | None:
    """A holiday of the year that is said, else the latest one by ``as_of``."""
    start = c.skip(i, "the")
    said: list[str] = []
    stop = start
    while len(said) < _LONGEST and stop < len(c.lower):
        if c.at(stop) in ("'", "’", "‘"):
            stop += 1
        elif c.at(stop) == "s" and said:
            said[-1], stop = said[-1] + "s", stop + 1
        else:
            said.append(c.at(stop))
            stop += 1
            name = " ".join(said)
            if name in _FIXED or name in _MOVABLE:
                return _dated(c, name, i, stop)
    return None


def _dated(c: Calendar, name: str, first: int, stop: int) -> Point | None:
    year = c.year_at(stop)
    if year is not None:
        return day_point(_day(name, year[0]), first, year[1], relative=year[2])
    day = _day(name, c.as_of.year)
    floating = name in _FIXED  # the year of a movable one can't be exchanged for another
    return day_point(day if day <= c.as_of else _day(name, c.as_of.year - 1), first, stop, relative=True, floating=floating)


def _day(name: str, year: int) -> dt.date:
    if name in _FIXED:
        return dt.date(year, *_FIXED[name])
    from dateutil.easter import easter

    return easter(year) + DAY * _MOVABLE[name]
