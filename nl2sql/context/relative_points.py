"""Points of the calendar that are counted from the day of the question: "last quarter", "yesterday"; and the seasons."""
from __future__ import annotations

import datetime as dt

from nl2sql.context.calendar import LAST, THIS, UNITS, Calendar, day_point
from nl2sql.context.dates import DAY, Point, first_of, shift
from nl2sql.context.words import STOPWORDS

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # northern; a winter has the year it begins in
_WEEKDAYS = {day: i for i, day in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}


def season(c: Calendar, i: int) -> Point | None:
    """summer 2025, the winter of 2024, last spring, in autumn: three whole months. Not the Summer Sale, nor what may fall."""
    step = c.at(i) if c.at(i) in LAST | THIS | {"next"} else ""
    at = i + 1 if step else c.skip(i, "the")
    month, year = _SEASONS.get(c.at(at)), c.year_at(at + 1) if not step else None
    placed = c.at(i - 1) in ("in", "during", "over", "since", "of") and (c.at(at + 1) in STOPWORDS or not c.at(at + 1).isalnum())
    paired = c.at(at + 1) in ("and", "or", "vs", "versus", "to") and c.at(c.skip(at + 2, "the")) in _SEASONS
    verb = c.at(at) == "fall" and not placed and c.at(at + 1) in ("in", "from", "by", "to")
    if month is None or verb or not (step or placed or paired or year):
        return None
    start = dt.date(year[0] if year else c.as_of.year, month, 1)
    begun = start <= c.as_of if step not in LAST else shift(start, "month", 3) <= c.as_of
    if year is None:
        start = shift(start, "year", step == "next" if begun else -(step != "next"))
    stop = year[1] if year else at + 1
    return Point(start, shift(start, "month", 3), i, stop, "quarter", year[2] if year else True, year is None and not step)


def named_day(c: Calendar, i: int) -> Point | None:
    """today, yesterday, the day before yesterday, last Monday, 3 days ago, two years ago, same month last year."""
    i0, word = i, c.at(i)
    named = {"today": 0, "todays": 0, "tonight": 0, "yesterday": -1, "yesterdays": -1, "yesteday": -1, "tomorrow": 1}
    if word in named:
        return day_point(c.as_of + DAY * named[word], i, i + 1, relative=True)
    i = c.skip(i, "the")
    if c.at(i) == "week" and c.at(i + 1) in ("of", "containing") and (day := c.point(c.skip(i + 2, "the"))) and day.unit == "day":
        return c.calendar("week", day.start, i0, day.stop, relative=day.relative)
    if c.lower[i : i + 3] == ["day", "before", "yesterday"]:
        return day_point(c.as_of - 2 * DAY, i0, i + 3, relative=True)
    if word in LAST and c.at(i + 1) in _WEEKDAYS:
        back = (c.as_of.weekday() - _WEEKDAYS[c.at(i + 1)] - 1) % 7 + 1
        return day_point(c.as_of - DAY * back, i, i + 2, relative=True)
    if word == "same" or c.at(i) == "same":
        unit = UNITS.get(c.at(i + 1), "")
        year = c.year_at(i + 2)
        if unit in ("month", "quarter", "week") and year and year[2] and year[0] != c.as_of.year:
            return c.calendar(unit, shift(c.as_of, "year", year[0] - c.as_of.year), i0, year[1], relative=True)
    count, at = c.counts.get(i, (1, i + 1 if c.at(i) in ("a", "an", "one") else i))
    unit = UNITS.get(c.at(at), "")
    if unit in ("year", "quarter", "month", "week", "day") and c.at(at + 1) == "ago" and count == int(count) < 10_000:
        return c.calendar(unit, shift(first_of(unit, c.as_of), unit, -int(count)), i0, at + 2, relative=True)
    return None


def relative_unit(c: Calendar, i: int) -> Point | None:
    """last quarter, the previous year, this month, next week, the year before last, "this" of "this and last month"."""
    at = c.skip(i, "the")
    if c.at(at) in LAST | THIS and c.at(at + 1) in ("and", "vs", "versus", "or", "to"):
        other = c.skip(at + 2, "the")
        unit = UNITS.get(c.at(other + 1), "")
        if c.at(other) in LAST | THIS and unit in ("year", "quarter", "month", "week"):
            day = shift(first_of(unit, c.as_of), unit, -1 if c.at(at) in LAST else 0)
            return c.calendar(unit, day, i, at + 1, relative=True)
    word, unit = c.at(at), UNITS.get(c.at(at + 1), "")
    if c.lower[at + 1 : at + 3] == ["before", "last"] and UNITS.get(word) in ("year", "quarter", "month", "week"):
        unit = UNITS[word]
        return c.calendar(unit, shift(first_of(unit, c.as_of), unit, -2), i, at + 3, relative=True)
    at += word in LAST | THIS and c.at(at + 1) in ("calendar", "full", "complete", "completed", "fiscal")
    unit = UNITS.get(c.at(at + 1), "")
    if unit not in ("year", "quarter", "month", "week", "day", "half"):
        return None
    if unit == "half" and c.at(at + 2) == "year" or c.at(at + 2) == "-" and unit == "half":
        return None
    step = -1 if word in LAST else 0 if word in THIS else 1 if word in ("next", "coming", "upcoming") else None
    if c.at(at) in ("calendar", "full", "complete", "completed", "fiscal"):
        step = -1 if c.at(at - 1) in LAST else 0
    if step is None or (unit == "day" and word not in THIS | {"previous"}):
        return None
    return c.calendar(unit, shift(first_of(unit, c.as_of), unit, step), i, at + 2, relative=True)
