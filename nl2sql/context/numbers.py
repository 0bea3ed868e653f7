"""Numbers that a question names, in digits or in words: 1,000.50, 1.5k, two hundred and five, half a million, 20 percent.

Cardinals only ("third" is no number); ``percent`` is told beside the value, which stays as said: 20 for "20 percent".
"""
from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from nl2sql.records import LinkedNumber, Word

_ONES = {
    word: i
    for i, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
}
_TENS = {word: 10 * i for i, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SPELT = {**_ONES, **_TENS, "fourty": 40, "fourtheen": 14, "tweleve": 12, "twelwe": 12, "ninty": 90, "fivty": 50, "eigth": 8}
_SCALES = {
    "hundred": 100, "hundreds": 100, "thousand": 1_000, "thousands": 1_000, "million": 10**6, "millions": 10**6,
    "billion": 10**9, "billions": 10**9, "trillion": 10**12, "k": 1_000, "mn": 10**6, "mio": 10**6,
    "mln": 10**6, "mil": 10**6, "bn": 10**9, "dozen": 12, "dozens": 12, "lakh": 10**5, "crore": 10**7,
}
_ARTICLED = frozenset("dozen hundred thousand million billion".split())  # "a dozen" is 12
_GLUED = {
    "": 1, "k": 1_000, "m": 10**6, "mm": 10**6, "mn": 10**6, "mio": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12,
}
_UNITS = frozenset(
    "kg g mg lb lbs oz km cm ft inch sqm sqft m2 ml l gb mb tb mph kmh hrs hr h min mins sec x usd eur gbp d yr yrs y mo mos "
    "wk wks days months years star stars pct percent".split()
)
_PERCENT = frozenset({"%", "percent", "pct", "percents", "percentage"})
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_WEEKS = {"week": 7, "weeks": 7, "wk": 7, "wks": 7, "fortnight": 14, "fortnights": 14}
_COMPARED = frozenset("than within over under least most exactly".split())  # "a week" after other words is a rate
_DIGITS = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)([a-z]*\d?)")


def link_numbers(words: Sequence[Word]) -> tuple[LinkedNumber, ...]:
    """Every number of the question, in order; spans don't overlap. A year in digits is a number too."""
    lower = [word.text.lower() for word in words]
    found: list[LinkedNumber] = []
    i = 0
    while i < len(lower):
        parsed = _half(lower, i) or _number(words, lower, i)
        if parsed is None:
            i += 1
            continue
        value, end, percent = parsed
        first = i
        if _is_minus(words, i):
            value, first = -value, i - 1
        if not percent and end < len(lower):
            if lower[end] in _PERCENT:
                percent, end = True, end + 1
            elif lower[end : end + 2] == ["per", "cent"]:
                percent, end = True, end + 2
        found.append(LinkedNumber(_tidy(value), first, end - 1, percent))
        i = end
    return tuple(found)


def in_days(words: Sequence[Word], numbers: Sequence[LinkedNumber], taken: Collection[int]) -> tuple[LinkedNumber, ...]:
    """Spans of weeks, in days, which columns and differences of days are compared with: 14 for "two weeks" and "a fortnight".

    ``taken``: the words of periods; the weeks of "the past two weeks" are no number.
    """
    lower = [word.text.lower() for word in words]
    counts = {number.last + 1: (number.value, number.first) for number in numbers if not number.percent}
    counts |= {i + 1: (1, i) for i, word in enumerate(lower) if word in ("a", "one") and i and lower[i - 1] in _COMPARED}
    return tuple(
        LinkedNumber(_tidy(counts[i][0] * _WEEKS[word]), counts[i][1], i)
        for i, word in enumerate(lower) if word in _WEEKS and i in counts and i not in taken
    )  # fmt: skip


Parsed = tuple[float, int, bool]  # value, index after the last word, percent


def _number(words: Sequence[Word], lower: list[str], i: int) -> Parsed | None:
    """Digits or spelt words, and the scales behind them."""
    match = _DIGITS.fullmatch(lower[i])
    if match:
        suffix = match[2]
        if suffix not in _GLUED and suffix not in _UNITS:
            return None
        value, end = float(match[1].replace(",", "")) * _GLUED.get(suffix, 1), i + 1
        if suffix in ("pct", "percent"):
            return value, end, True
        if not suffix and i and words[i - 1].text in "$€£" and lower[end : end + 1] in (["m"], ["b"]):
            return value * _GLUED[lower[end]], end + 1, False
        return (*_scaled(lower, value, end, glued=suffix != ""), False)
    if lower[i] in _TIMES:
        return _TIMES[lower[i]], i + 1, False
    if lower[i] in ("a", "an", "the") and i + 1 < len(lower) and lower[i + 1] in _ARTICLED:
        return (*_scaled(lower, 1, i + 1), False)
    if lower[i] in _ARTICLED:
        return (*_scaled(lower, 1, i), False)
    if lower[i] in _SPELT:
        return (*_spelt(lower, i), False)
    return None


def _spelt(lower: list[str], i: int) -> tuple[float, int]:
    """``two hundred and five thousand``: groups below a thousand, each with its scale; after "between", "and" doesn't join."""
    joins = not (i and lower[i - 1] == "between")
    value, end = _below_hundred(lower, i)
    if lower[end : end + 3] == ["and", "a", "half"]:
        return _scaled(lower, value + 0.5, end + 3)
    if lower[end : end + 1] == ["point"] and lower[end + 1 : end + 2] and lower[end + 1] in _ONES:
        return _scaled(lower, value + _ONES[lower[end + 1]] / 10, end + 2)
    total, group = 0.0, value
    while end < len(lower):
        word = lower[end]
        if word in _SCALES and len(word) > 2:
            group *= _SCALES[word]
            end += 1
            if _SCALES[word] >= 1000:
                total, group = total + group, 0.0
            following = end + 1 if joins and lower[end : end + 1] == ["and"] else end
            if following < len(lower) and lower[following] in _SPELT:
                more, after = _below_hundred(lower, following)
                # "one hundred and two hundred" is two numbers, "one hundred and two" and "one hundred and two thousand" one
                if following > end and after < len(lower) and 0 < _SCALES.get(lower[after], 0) <= _SCALES[word]:
                    break
                group, end = group + more, after
                continue
            continue
        break
    return total + group, end


def _below_hundred(lower: list[str], i: int) -> tuple[float, int]:
    value, end = _SPELT[lower[i]], i + 1
    if value >= 20:
        following = end + 1 if lower[end : end + 1] == ["-"] else end
        if following < len(lower) and 0 < _ONES.get(lower[following], 0) < 10:
            return value + _ONES[lower[following]], following + 1
    return value, end


def _scaled(lower: list[str], value: float, end: int, *, glued: bool = False) -> tuple[float, int]:
    """Multiply by the scale words that follow: ``2 million``, ``3 hundred thousand``."""
    if lower[end : end + 3] == ["and", "a", "half"]:
        value, end = value + 0.5, end + 3
    while not glued and end < len(lower) and lower[end] in _SCALES:
        value, end = value * _SCALES[lower[end]], end + 1
    return value, end


def _half(lower: list[str], i: int) -> Parsed | None:
    """``half a million``, ``half`` (0.5), but not the half-year of "first half of 2023"."""
    if lower[i] != "half" or (i and lower[i - 1] in ("first", "second", "1st", "2nd", "last", "other", "past", "latter")):
        return None
    after = i + 2 if lower[i + 1 : i + 2] in (["a"], ["an"]) else i + 1
    if after < len(lower) and lower[after] in _SCALES and len(lower[after]) > 2:
        return (*_scaled(lower, 0.5, after), False)
    return 0.5, i + 1, False


def _is_minus(words: Sequence[Word], i: int) -> bool:
    """A hyphen glued to the number and to nothing before it."""
    if not i or words[i - 1].text not in "-−" or words[i - 1].end != words[i].start:
        return False
    return i == 1 or words[i - 2].end < words[i - 1].start


def _tidy(value: float) -> int | float:
    value = round(value, 9)
    return int(value) if value == int(value) else value
