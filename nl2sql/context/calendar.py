"""The words of one question as a calendar reads them: where its points begin, the years that qualify them, its counts."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from nl2sql.context.dates import DAY, Point, century, first_of, shift
from nl2sql.context.numbers import link_numbers
from nl2sql.records import Word

_UNITS = {
    "year": "year years yr yrs yaer yera annum", "quarter": "quarter quarters qtr qtrs quater quaters quarte quartr",
    "month": "month months mo mos mth mths mnth monht moth", "week": "week weeks wk wks wek weeek", "day": "day days dya",
    "decade": "decade decades", "half": "half halves semester semesters half-year", "fortnight": "fortnight fortnights",
}
UNITS = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings.split()}
LAST = frozenset("last previous prior preceding previuos previos prevous lst lats".split())
THIS = frozenset("this current ongoing present".split())


class Calendar:
    """Reads points off the words of one question. ``point(i)`` is the longest one that a rule finds at word ``i``, of equal
    ones the last rule's, or None.
    """

    def __init__(self, words: Sequence[Word], as_of: dt.date, rules: Sequence[Rule]) -> None:
        self.words, self._rules = words, rules
        self.lower = [word.text.lower() for word in words]
        self.as_of = as_of
        self.counts = {number.first: (number.value, number.last + 1) for number in link_numbers(words) if number.value > 0}
        self._known: dict[int, Point | None] = {}

    def point(self, i: int) -> Point | None:
        if i not in self._known:
            found = [point for rule in self._rules if (point := rule(self, i)) is not None]
            self._known[i] = max(reversed(found), key=lambda point: point.stop, default=None)
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
        if is_year(word):
            return int(word), i + 1, False
        if word in ("'", "’", "‘") and re.fullmatch(r"\d\d", self.at(i + 1)) and self.glued(i + 1):
            return century(int(self.at(i + 1))), i + 2, False
        if (match := re.fullmatch(r"(?:fy|cy)((?:19|20)?\d\d)", word)) is not None:
            return century(int(match[1])), i + 1, False
        if word == "year" and is_year(self.at(i + 1)):
            return int(self.at(i + 1)), i + 2, False
        if UNITS.get(self.at(i + 1)) == "year" and word in LAST | THIS | {"next", "that"}:
            step = -1 if word in LAST else 1 if word == "next" else 0
            return (self.as_of.year + step, i + 2, True) if word != "that" else None
        return None


def is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and word.isascii() and 1900 <= int(word) <= 2100


def day_point(start: dt.date | None, first: int, stop: int, *, relative: bool = False, floating: bool = False) -> Point | None:
    return None if start is None else Point(start, start + DAY, first, stop, "day", relative, floating)


Rule = Callable[[Calendar, int], Point | None]
