"""One calendar expression in the question: a year, quarter, month, week or day, named ("Q3 2024") or relative ("last month").

Always half-open: ``start <= date < end``. What relates points to dates ("since", "between ... and") is in ``periods``.
A month or quarter without a year is the latest one that has begun by ``as_of``.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from nl2sql.context.dates import DAY, Point, century, date_or_none, first_of, shift
from nl2sql.context.numbers import link_numbers
from nl2sql.context.spelling import distance
from nl2sql.context.words import STOPWORDS
from nl2sql.records import Word

_MONTH_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = {name: i for i, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS |= {name[:3]: i for name, i in _MONTHS.items()} | {"sept": 9}
_UNITS = {
    "year": "year years yr yrs yaer yera annum", "quarter": "quarter quarters qtr qtrs quater quaters quarte quartr",
    "month": "month months mo mos mth mths mnth monht moth", "week": "week weeks wk wks wek weeek", "day": "day days dya",
    "decade": "decade decades", "half": "half halves semester semesters half-year", "fortnight": "fortnight fortnights",
}
UNITS = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings.split()}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1, "final": -1}
_LETTERS = {"q": "quarter", "h": "half", "w": "week"}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # northern; a winter has the year it begins in
_LAST = frozenset("last previous prior preceding previuos previos prevous lst lats".split())
_THIS = frozenset("this current ongoing present".split())
_WEEKDAYS = {day: i for i, day in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_MAY_FOLLOWS = frozenset(
    "in since of until till last this before after between and from to during by for through previous next or every vs".split()
)


class Calendar:
    """Reads points off the words of one question. ``point(i)`` is the longest one that begins at word ``i``, or None."""

    def __init__(self, words: Sequence[Word], as_of: dt.date) -> None:
        self.words = words
        self.lower = [word.text.lower() for word in words]
        self.as_of = as_of
        self.counts = {number.first: (number.value, number.last + 1) for number in link_numbers(words) if number.value > 0}
        self._known: dict[int, Point | None] = {}

    def point(self, i: int) -> Point | None:
        if i not in self._known:
            found = [point for rule in _RULES if (point := rule(self, i)) is not None]
            self._known[i] = max(found, key=lambda point: point.stop, default=None)
        return self._known[i]

    def at(self, i: int) -> str:
        return self.lower[i] if 0 <= i < len(self.lower) else ""

    def skip(self, i: int, *fillers: str) -> int:
        """Past the words of ``fillers`` from ``i`` on."""
        while self.at(i) in fillers and i < len(self.lower):
            i += 1
        return i

    def glued(self, i: int) -> bool:
        """Word ``i`` follows the word before it without a space."""
        return 0 < i < len(self.words) and self.words[i - 1].end == self.words[i].start

    def calendar(
        self, unit: str, day: dt.date, first: int, stop: int, *, relative: bool = False, floating: bool = False
    ) -> Point:
        """The calendar unit that holds ``day``."""
        start = first_of(unit, day)
        name = "range" if unit in ("half", "decade") else unit
        return Point(start, shift(start, unit, 1), first, stop, name, relative, floating)

    def day(self, i: int) -> int:
        """``15``, ``15th``, ``1st``: a day of the month, else 0."""
        match = re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)?", self.at(i))
        return int(match[1]) if match and 1 <= int(match[1]) <= 31 else 0

    def year_at(self, i: int) -> tuple[int, int, bool] | None:
        """A year that qualifies what stands before it: ``2024``, ``of 2024``, ``'24``, ``last year``: (year, stop, relative)."""
        i = self.skip(i, "of", "in", ",", ".", "the", "-", "/", "fiscal", "calendar")
        word = self.at(i)
        if _is_year(word):
            return int(word), i + 1, False
        if word in ("'", "’", "‘") and re.fullmatch(r"\d\d", self.at(i + 1)) and self.glued(i + 1):
            return century(int(self.at(i + 1))), i + 2, False
        if (match := re.fullmatch(r"(?:fy|cy)((?:19|20)?\d\d)", word)) is not None:
            return century(int(match[1])), i + 1, False
        if word == "year" and _is_year(self.at(i + 1)):
            return int(self.at(i + 1)), i + 2, False
        if UNITS.get(self.at(i + 1)) == "year" and word in _LAST | _THIS | {"next", "that"}:
            step = -1 if word in _LAST else 1 if word == "next" else 0
            return (self.as_of.year + step, i + 2, True) if word != "that" else None
        return None


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and word.isascii() and 1900 <= int(word) <= 2100


def _day_point(start: dt.date | None, first: int, stop: int, *, relative: bool = False, floating: bool = False) -> Point | None:
    return None if start is None else Point(start, start + DAY, first, stop, "day", relative, floating)


def _digits(c: Calendar, i: int) -> Point | None:
    """2024-03-15, 03/15/2024 (day first where the month can't be), 15.03.2024, 2024-03, 03/2024."""
    parts = re.split(r"[-/]", c.at(i))
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        a, b, y = (int(part) for part in parts)
        if len(parts[0]) == 4:
            return _day_point(date_or_none(a, b, y), i, i + 1)
        return _day_point(date_or_none(century(y), a, b) or date_or_none(century(y), b, a), i, i + 1)
    if (match := re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{4})", c.at(i))) is not None:
        return _day_point(date_or_none(int(match[3]), int(match[2]), int(match[1])), i, i + 1)
    if re.fullmatch(r"0?[1-9]|1[0-2]", c.at(i)) and c.at(i + 1) == "/" and c.glued(i + 1) and _is_year(c.at(i + 2)):
        return c.calendar("month", dt.date(int(c.at(i + 2)), int(c.at(i)), 1), i, i + 3)
    hyphened = c.at(i + 1) == "-" and c.glued(i + 1) and c.glued(i + 2)
    if _is_year(c.at(i)) and hyphened and re.fullmatch(r"0[1-9]|1[0-2]", c.at(i + 2)):
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
    year = c.year_at(i) if _is_year(c.at(i)) else None
    found = _part(c, c.skip(year[1], "'", "’", "s") if year else i)
    if found is None and (match := re.fullmatch(r"(\d{4})([qh][1-4])", c.at(i))) is not None and _is_year(match[1]):
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
    step = c.at(i) if c.at(i) in _LAST | _THIS | {"next"} else ""
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
    if step in _LAST and shift(first_of("month", start), "month", 1) > c.as_of:
        start = shift(start, "year", -1)
    if step == "next":
        start = shift(start, "year", 1)
    relative = year[2] if year else True
    if day:
        return _day_point(start, i, stop, relative=relative, floating=floating)
    return c.calendar("month", start, i, stop, relative=relative, floating=floating)


def _season(c: Calendar, i: int) -> Point | None:
    """summer 2025, the winter of 2024, last spring, in autumn: three whole months. Not the Summer Sale, nor what may fall."""
    step = c.at(i) if c.at(i) in _LAST | _THIS | {"next"} else ""
    at = i + 1 if step else c.skip(i, "the")
    month, year = _SEASONS.get(c.at(at)), c.year_at(at + 1) if not step else None
    placed = c.at(i - 1) in ("in", "during", "over", "since", "of") and (c.at(at + 1) in STOPWORDS or not c.at(at + 1).isalnum())
    paired = c.at(at + 1) in ("and", "or", "vs", "versus", "to") and c.at(c.skip(at + 2, "the")) in _SEASONS
    verb = c.at(at) == "fall" and not placed and c.at(at + 1) in ("in", "from", "by", "to")
    if month is None or verb or not (step or placed or paired or year):
        return None
    start = dt.date(year[0] if year else c.as_of.year, month, 1)
    begun = start <= c.as_of if step not in _LAST else shift(start, "month", 3) <= c.as_of
    if year is None:
        start = shift(start, "year", step == "next" if begun else -(step != "next"))
    stop = year[1] if year else at + 1
    return Point(start, shift(start, "month", 3), i, stop, "quarter", year[2] if year else True, year is None and not step)


def _named_day(c: Calendar, i: int) -> Point | None:
    """today, yesterday, the day before yesterday, last Monday, 3 days ago, two years ago, same month last year."""
    i0, word = i, c.at(i)
    named = {"today": 0, "todays": 0, "tonight": 0, "yesterday": -1, "yesterdays": -1, "yesteday": -1, "tomorrow": 1}
    if word in named:
        return _day_point(c.as_of + DAY * named[word], i, i + 1, relative=True)
    i = c.skip(i, "the")
    if c.at(i) == "week" and c.at(i + 1) in ("of", "containing") and (day := c.point(c.skip(i + 2, "the"))) and day.unit == "day":
        return c.calendar("week", day.start, i0, day.stop, relative=day.relative)
    if c.lower[i : i + 3] == ["day", "before", "yesterday"]:
        return _day_point(c.as_of - 2 * DAY, i0, i + 3, relative=True)
    if word in _LAST and c.at(i + 1) in _WEEKDAYS:
        back = (c.as_of.weekday() - _WEEKDAYS[c.at(i + 1)] - 1) % 7 + 1
        return _day_point(c.as_of - DAY * back, i, i + 2, relative=True)
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


def _relative_unit(c: Calendar, i: int) -> Point | None:
    """last quarter, the previous year, this month, next week, the year before last, "this" of "this and last month"."""
    at = c.skip(i, "the")
    if c.at(at) in _LAST | _THIS and c.at(at + 1) in ("and", "vs", "versus", "or", "to"):
        other = c.skip(at + 2, "the")
        unit = UNITS.get(c.at(other + 1), "")
        if c.at(other) in _LAST | _THIS and unit in ("year", "quarter", "month", "week"):
            day = shift(first_of(unit, c.as_of), unit, -1 if c.at(at) in _LAST else 0)
            return c.calendar(unit, day, i, at + 1, relative=True)
    word, unit = c.at(at), UNITS.get(c.at(at + 1), "")
    if c.lower[at + 1 : at + 3] == ["before", "last"] and UNITS.get(word) in ("year", "quarter", "month", "week"):
        unit = UNITS[word]
        return c.calendar(unit, shift(first_of(unit, c.as_of), unit, -2), i, at + 3, relative=True)
    at += word in _LAST | _THIS and c.at(at + 1) in ("calendar", "full", "complete", "completed", "fiscal")
    unit = UNITS.get(c.at(at + 1), "")
    if unit not in ("year", "quarter", "month", "week", "day", "half"):
        return None
    if unit == "half" and c.at(at + 2) == "year" or c.at(at + 2) == "-" and unit == "half":
        return None
    step = -1 if word in _LAST else 0 if word in _THIS else 1 if word in ("next", "coming", "upcoming") else None
    if c.at(at) in ("calendar", "full", "complete", "completed", "fiscal"):
        step = -1 if c.at(at - 1) in _LAST else 0
    if step is None or (unit == "day" and word not in _THIS | {"previous"}):
        return None
    return c.calendar(unit, shift(first_of(unit, c.as_of), unit, step), i, at + 2, relative=True)


_RULES = (_digits, _year, _decade, _part_of_year, _month, _season, _named_day, _relative_unit)
