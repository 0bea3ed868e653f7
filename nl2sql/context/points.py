"""One calendar expression in the question: a year, quarter, month, week or day, named ("Q3 2024") or relative ("last month").

Always half-open: ``start <= date < end``. What relates points to dates ("since", "between ... and") is in ``periods``.
A month or quarter without a year is the latest one that has begun by ``as_of``.
"""
from __future__ import annotations

import datetime as dt
import re

from nl2sql.context.calendar import LAST, THIS, UNITS, Calendar, Rule, day_point, is_year
from nl2sql.context.dates import DAY, Point, century, date_or_none, first_of, shift
from nl2sql.context.holidays import holiday
from nl2sql.context.leaning_points import half_of_month, one_before
from nl2sql.context.relative_points import named_day, relative_unit, season
from nl2sql.context.spelling import distance

_MONTH_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = {name: i for i, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS |= {name[:3]: i for name, i in _MONTHS.items()} | {"sept": 9}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1, "final": -1}
_LETTERS = {"q": "quarter", "h": "half", "w": "week"}
_MAY_FOLLOWS = frozenset(
    "in since of until till last this before after between and from to during by for through previous next or every vs".split()
)


def _digits(c: Calendar, i: int) -> Point | None:
    """2024-03-15, 03/15/2024 (day first where the month can't be), 15.03.2024, 2024-03, 03/2024."""
    parts = re.split(r"[-/]", c.at(i))
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        a, b, y = (int(part) for part in parts)
        if len(parts[0]) == 4:
            return day_point(date_or_none(a, b, y), i, i + 1)
        return day_point(date_or_none(century(y), a, b) or date_or_none(century(y), b, a), i, i + 1)
    if (match := re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{4})", c.at(i))) is not None:
        return day_point(date_or_none(int(match[3]), int(match[2]), int(match[1])), i, i + 1)
    if re.fullmatch(r"0?[1-9]|1[0-2]", c.at(i)) and c.at(i + 1) == "/" and c.glued(i + 1) and is_year(c.at(i + 2)):
        return c.calendar("month", dt.date(int(c.at(i + 2)), int(c.at(i)), 1), i, i + 3)
    hyphened = c.at(i + 1) == "-" and c.glued(i + 1) and c.glued(i + 2)
    if is_year(c.at(i)) and hyphened and re.fullmatch(r"0[1-9]|1[0-2]", c.at(i + 2)):
        return c.calendar("month", dt.date(int(c.at(i)), int(c.at(i + 2)), 1), i, i + 3)
    return None


def _year(c: Calendar, i: int) -> Point | None:
    """2024, year 2024, FY2024, '24 after a preposition. Not $2024."""
    start = c.skip(i, "calendar", "fiscal", "the")
    start = start + 1 if c.at(start) in ("year", "fy", "cy") else i
    found = c.year_at(start) if c.at(start) not in ("of", "in", ",", ".", "-", "/", "the") else None
    if found is None or found[2] or c.at(i - 1) in ("$", "€", "£", "#"):
        return None
    if c.at(start) in ("'", "’", "‘") and c.at(i - 1) not in _MAY_FOLLOWS:
        return None
    return c.calendar("year", dt.date(found[0], 1, 1), i, found[1])


def _decade(c: Calendar, i: int) -> Point | None:
    """the 1990s, 1990's, the 90s, '90s, nineties, 20th century."""
    words = {"twenties": 2020, "sixties": 1960, "seventies": 1970, "eighties": 1980, "nineties": 1990}
    start = c.skip(i, "the", "'", "’")
    word, stop = c.at(start), start + 1
    year = words.get(word, 0)
    if (match := re.fullmatch(r"(?:((?:1\d|20)\d0)|(\d0))s", word)) is not None:
        year = int(match[1]) if match[1] else century(int(match[2]))
    elif re.fullmatch(r"(19|20)\d0", word) and c.at(stop) in ("'", "’") and c.at(stop + 1) == "s" and c.glued(stop + 1):
        year, stop = int(word), stop + 2
    elif (match := re.fullmatch(r"(1\d|2[01])(?:th|st)", word)) is not None and c.at(stop) == "century":
        first = dt.date((int(match[1]) - 1) * 100 + 1, 1, 1)
        return Point(first, shift(first, "decade", 10), i, stop + 1, "range")
    return c.calendar("decade", dt.date(year, 1, 1), i, stop) if year else None


def _part_of_year(c: Calendar, i: int) -> Point | None:
    """Q3 2024, 2024 Q3, third quarter of last year, H1 2023, first half of 2023, last month of 2024, week 12 of 2024."""
    year = c.year_at(i) if is_year(c.at(i)) else None
    found = _part(c, c.skip(year[1], "'", "’", "s") if year else i)
    if found is None and (match := re.fullmatch(r"(\d{4})([qh][1-4])", c.at(i))) is not None and is_year(match[1]):
        year, found = (int(match[1]), i + 1, False), (_LETTERS[match[2][0]], int(match[2][1]), i + 1)
    if found is None:
        return None
    unit, number, stop = found
    year = year or c.year_at(stop)
    size = {"quarter": 4, "half": 2, "month": 12, "week": 53, "day": 1}[unit]
    if number > size or (year is None and (number < 0 or unit in ("month", "week", "day"))):
        return None
    number = size if number < 0 else number
    stop = max(stop, year[1]) if year else stop
    value, relative = (year[0], year[2]) if year else (c.as_of.year, True)
    if unit == "week":
        start = _week(value, number)
        return Point(start, start + 7 * DAY, i, stop, "week", relative) if start else None
    day = dt.date(value, 1 + (number - 1) * (12 // size), 1)
    if year is None and day > c.as_of:
        day = day.replace(year=day.year - 1)
    return c.calendar(unit, day, i, stop, relative=relative, floating=year is None)


def _week(year: int, number: int) -> dt.date | None:
    try:
        return dt.date.fromisocalendar(year, number, 1)
    except ValueError:
        return None


def _part(c: Calendar, i: int) -> tuple[str, int, int] | None:
    """A numbered part of some year: (unit, number or -1 for the last one, stop)."""
    i = c.skip(i, "the", "-")
    word = c.at(i)
    if (match := re.fullmatch(r"([qhw])(\d\d?)", word)) is not None and (match[1] == "w" or int(match[2]) in range(1, 5)):
        return _LETTERS[match[1]], int(match[2]), i + 1
    if (match := re.fullmatch(r"([1-4])([qh])", word)) is not None:
        return _LETTERS[match[2]], int(match[1]), i + 1
    unit = UNITS.get(c.at(i + 1), "")
    if word in _ORDINALS and unit in ("quarter", "half", "month"):
        number = _ORDINALS[word]
        if number < 0 and c.at(i + 2) not in ("of", "in"):
            return None
        return unit, number, i + 2
    if UNITS.get(word) in ("quarter", "week") and (i + 1) in c.counts:
        value, stop = c.counts[i + 1]
        if value == int(value) and value <= 53:
            return UNITS[word], int(value), stop
    return None


def _month_of(c: Calendar, i: int) -> int | None:
    """The month that word ``i`` names, misspelt too; "may" only where a month can stand."""
    word = c.at(i)
    if word == "may":
        follows = c.at(i - 1) in _MAY_FOLLOWS or c.lower[max(i - 2, 0) : i] == ["in", "the"]
        dated = c.at(i + 1).isdecimal() or c.day(i - 1) > 0 or (i > 0 and c.words[i].text == "May")
        return 5 if follows or dated else None
    if word in _MONTHS:
        return _MONTHS[word]
    if len(word) >= 6 and word.isalpha():
        limit = 1 if len(word) < 8 else 2
        near = [name for name in _MONTH_NAMES if len(name) > 5 and name[0] == word[0] and distance(word, name, limit) <= limit]
        return _MONTHS[near[0]] if len(near) == 1 else None
    return None


def _month(c: Calendar, i: int) -> Point | None:
    """March 2024, Mar '24, March last year, last March, 15 March 2024, March 15th, 2024, March."""
    step = c.at(i) if c.at(i) in LAST | THIS | {"next"} else ""
    at = i + 1 if step else c.skip(i, "the")
    before = c.day(at)
    if before:
        at = c.skip(at + 1, "of", "-")
    month = _month_of(c, at)
    if month is None:
        return None
    stop = at + 1
    stop += c.at(stop) == "." and (c.year_at(stop + 1) is not None or c.day(stop + 1) > 0)
    day = before or 0
    after = c.skip(stop, "the")
    if not day and (number := c.day(after)) and not (c.glued(after) and c.at(after - 1) == "'"):
        day, stop = number, after + 1
    year = c.year_at(stop) if not step else None
    stop = year[1] if year else stop
    floating = year is None
    start = date_or_none(year[0] if year else c.as_of.year, month, day or 1)
    if start is None:
        return None
    if floating and start > c.as_of:
        start = shift(start, "year", -1)
    if step in LAST and shift(first_of("month", start), "month", 1) > c.as_of:
        start = shift(start, "year", -1)
    if step == "next":
        start = shift(start, "year", 1)
    relative = year[2] if year else True
    if day:
        return day_point(start, i, stop, relative=relative, floating=floating)
    return c.calendar("month", start, i, stop, relative=relative, floating=floating)


RULES: tuple[Rule, ...] = (
    _digits, _year, _decade, _part_of_year, _month, season, named_day, relative_unit, holiday, half_of_month, one_before)
