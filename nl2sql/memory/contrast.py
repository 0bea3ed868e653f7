"""What questions that mean the same can't differ in: literals, closed words, what is asked for. A check beside the model's.

Sentence embeddings hold "highest" and "lowest" for neighbours, and a young model overlooks such a word now and then; a person
who asks again in other words doesn't swap them.
"""
from __future__ import annotations

import re
from typing import Any

from nl2sql.context.words import STOPWORDS, split, stem
from nl2sql.memory.closed import KINDS, UNITS, kinds, taken
from nl2sql.memory.heads import WHOLE, asks_for_another, grouped_otherwise
from nl2sql.records import Context, Period

_FAMILY = 7  # letters that words of one family begin with
_EXTREMES = ("high", "low", "early", "late")
_SORTS = re.compile(r"\b(order\s+by|max|min|arg_max|arg_min|rank|dense_rank|row_number|first|last)\b", re.IGNORECASE)
# Of an axis both questions should say the same, where both say anything.
_AXES = (("high", "low"), ("more", "less"), ("early", "late"), ("up", "down"),
         ("mean", "median", "sum", "single", "count", "share", "percent"), UNITS)  # fmt: skip
# What one of them says the other must say as well.
_NEEDED = (("not",), ("mean", "median"), ("share", "percent"), ("second",), ("third",), ("fourth",), ("fifth",))


def differ(known: Context, asked: Context, sql: str) -> bool:
    """Whether the two questions can't mean the same: by numbers, periods, closed words, what they count, or a value that only
    ``asked`` names.

    ``sql`` is the known question's; the values in it may be named, and the words of its columns' names turn nothing round.
    """
    if _literals(known) != _literals(asked) or asks_for_another(known, asked, sql) or _wants_an_extreme(known, asked, sql):
        return True
    return contradicts(known, asked, sql) or _names_another_value(known, asked, sql)


def names_another_table(known: Context, asked: Context, sql: str) -> bool:
    """Whether only ``asked`` names a table, one that the known question's SQL doesn't read."""
    return bool(_named(asked) - _named(known) - _read(asked, sql))


def one_word_swapped(known: Context, asked: Context) -> bool:
    """Whether one word alone was exchanged, which then carries whatever difference there is."""
    a, b = _content(known), _content(asked)
    gone, come = a - b, b - a
    return len(gone) == len(come) == 1 and bool(a & b) and not _is_related(gone.pop(), come)


def contradicts(one: Context, other: Context, sql: str = "") -> bool:
    """Whether the two say opposite or different things by closed words; those in the names of the columns of ``sql`` may lack."""
    a, b = set(kinds(one)), set(kinds(other))
    if grouped_otherwise(one, other):
        return True
    named = _kinds_of_columns(one, sql)
    if any(a.isdisjoint(needed) != b.isdisjoint(needed) and named.isdisjoint(needed) for needed in _NEEDED):
        return True
    if _order(one) != _order(other) and a == b:
        return True
    return any(_differ(a.intersection(axis), b.intersection(axis)) for axis in _AXES)


def _differ(a: set[str], b: set[str]) -> bool:
    return bool(a and b) and not (a <= b or b <= a)


def _wants_an_extreme(known: Context, asked: Context, sql: str) -> bool:
    """Whether only ``asked`` wants the most or least of something, which ``sql`` doesn't look for."""
    wanted = set(kinds(asked)).intersection(_EXTREMES) - _kinds_of_columns(known, sql)
    return bool(wanted) and set(kinds(known)).isdisjoint(_EXTREMES) and not _SORTS.search(sql)


def _kinds_of_columns(context: Context, sql: str) -> set[str]:
    """The kinds of the words in the names of the columns that ``sql`` reads: "percent" in a discount_percent."""
    read = set(re.findall(r"\w+", sql.lower()))
    names = [column.words or column.name.lower() for column in context.schema.columns if column.name.lower() in read]
    return {KINDS[word] for name in names for word in name.split() if word in KINDS}


def _order(context: Context) -> list[str]:
    """The two ends of a scale as they stand, "from the youngest to the oldest"; none where one stands alone."""
    found = list(dict.fromkeys(kinds(context)))
    ends = [[kind for kind in found if kind in axis] for axis in _AXES if len(axis) == 2]
    return [kind for pair in ends if len(pair) == 2 for kind in pair]


def _content(context: Context) -> set[str]:
    """The stems of the words that carry meaning, literals and closed words left out."""
    literal = taken(context)
    return {stem(word.text) for i, word in enumerate(context.words)
            if i not in literal and word.text[0].isalnum() and word.text.lower() not in STOPWORDS | KINDS.keys()}  # fmt: skip


def _literals(context: Context) -> tuple[set[Any], set[Any]]:
    """The periods and numbers that a question names, each period whole: "between January and March" names neither month alone.

    "One" counts for nothing, nor do a period's own numbers.
    """
    within = {i for period in context.periods for i in range(period.first, period.last + 1)}
    whole = [period for period in context.periods if not any(_is_part(period, other) for other in context.periods)]
    numbers = {(number.value, number.percent) for number in context.numbers if number.first not in within and number.value != 1}
    return {(period.start, period.end) for period in whole}, numbers


def _is_part(period: Period, other: Period) -> bool:
    """Whether its words are some of the other's."""
    return other.first <= period.first and period.last <= other.last and period.last - period.first < other.last - other.first


def _names_another_value(known: Context, asked: Context, sql: str) -> bool:
    """Whether only ``asked`` holds words that are a whole value, or the name of a flag, which ``sql`` doesn't test."""
    said = _stems(known.question)
    same = {str(value.value).casefold() for value in known.values} | {text.casefold() for text in re.findall(r"'([^']*)'", sql)}
    spans: dict[tuple[int, int], set[str]] = {}
    for value in asked.values:
        spans.setdefault((value.first, value.last), set()).add(str(value.value).casefold())
    for (first, last), cells in spans.items():
        words = {stem(word.text) for word in asked.words[first : last + 1]}
        is_part = all(words & _stems(cell) and words != _stems(cell) for cell in cells)
        if not is_part and same.isdisjoint(cells) and not all(_is_related(word, said) for word in words):
            return True
    return False


def _stems(text: str) -> set[str]:
    return {stem(word.text) for word in split(text)}


def _is_related(word: str, others: set[str]) -> bool:
    """Whether the word or one of its family is among others: "own" and "owner", "independent" and "independence"."""
    return any(_is_ending(word, other) or _is_ending(other, word) or word[:_FAMILY] == other[:_FAMILY] for other in others)


def _is_ending(word: str, longer: str) -> bool:
    """Whether the longer one has an ending more, of a few letters."""
    return longer.startswith(word) and (word == longer or (len(word) >= 3 and len(longer) - len(word) <= 3))


def _named(context: Context) -> set[int]:
    """The tables whose whole names stand in the question."""
    return {pointer.index for pointer, links in context.links.items()
            if pointer.kind == "table" and any(link.level == WHOLE for link in links)}  # fmt: skip


def _read(context: Context, sql: str) -> set[int]:
    """The tables whose names stand in the SQL."""
    words = {word.strip('",()').lower() for word in sql.replace(".", " ").split()}
    return {i for i, table in enumerate(context.schema.tables) if table.name.lower() in words}
