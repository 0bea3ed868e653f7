"""The closed class of words that turn a question round: direction, negation, grain, aggregate. A check beside the model's.

Sentence embeddings hold "highest" and "lowest" for neighbours, and a young model overlooks such a word now and then; a person
who asks again in other words doesn't swap them.
"""
from __future__ import annotations

from typing import Any

from nl2sql.context.words import STOPWORDS, stem
from nl2sql.records import Context

_WHOLE = 2  # the level of a link to a whole name
_WORDS = {
    "high": "most highest best top largest biggest greatest maximum max longest strongest dearest steepest priciest highest-paid",
    "low": "lowest worst bottom smallest fewest minimum min shortest weakest cheapest slowest",
    "more": "more over above exceed exceeding exceeds greater larger higher",
    "less": "less under below fewer smaller lower",
    "early": "first earliest oldest",
    "late": "latest newest youngest recent",
    "not": "not no never without none nobody nothing neither nor except excluding outside missing lack lacking lacks cannot dont",
    "day": "day days daily",
    "week": "week weeks weekly",
    "month": "month months monthly",
    "quarter": "quarter quarters quarterly",
    "year": "year years yearly annual annually",
    "mean": "average avg mean averages",
    "median": "median typical",
    "sum": "total sum totals overall altogether",
    "count": "number count many headcount",
    "share": "share shares fraction proportion ratio rate portion",
    "percent": "percentage percentages percent %",
    "second": "second 2nd",
    "third": "third 3rd",
    "fourth": "fourth 4th",
    "fifth": "fifth 5th",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_AT = {"least": "more", "most": "less"}  # after "at"

# Of an axis both questions should say the same, where both say anything.
_AXES = (("high", "low"), ("more", "less"), ("early", "late"), ("mean", "median", "sum", "count", "share", "percent"),
         ("day", "week", "month", "quarter", "year"))  # fmt: skip
# What one of them says the other must say as well.
_NEEDED = (("not",), ("mean", "median"), ("share", "percent"), ("second",), ("third",), ("fourth",), ("fifth",))


def differ(known: Context, asked: Context, sql: str) -> bool:
    """Whether the two questions can't mean the same: by numbers, periods, closed words, or a table that only ``asked`` names.

    ``sql`` is the known question's; the tables that it reads may be named.
    """
    only_asked = _named(asked) - _named(known) - _read(asked, sql)
    return bool(only_asked) or _literals(known) != _literals(asked) or contradicts(known, asked)


def one_word_swapped(known: Context, asked: Context) -> bool:
    """Whether one word alone was exchanged, which then carries whatever difference there is."""
    a, b = _content(known), _content(asked)
    return len(a - b) == len(b - a) == 1 and len(a & b) >= len(a - b)


def contradicts(one: Context, other: Context) -> bool:
    """Whether the two say opposite or different things by closed words."""
    a, b = _kinds(one), _kinds(other)
    if any(a.isdisjoint(kinds) != b.isdisjoint(kinds) for kinds in _NEEDED):
        return True
    return any(_differ(a.intersection(axis), b.intersection(axis)) for axis in _AXES)


def _differ(a: set[str], b: set[str]) -> bool:
    return bool(a and b) and not (a <= b or b <= a)


def _kinds(context: Context) -> set[str]:
    """The kinds of the question's words, those of its periods, values and numbers left out."""
    taken = _taken(context)
    words = [word.text.casefold() for word in context.words]
    kinds = set()
    for i, word in enumerate(words):
        if i in taken:
            continue
        after_at = i > 0 and words[i - 1] == "at"
        kind = _AT.get(word) if after_at else "not" if word == "t" and words[i - 1 : i] == ["'"] else _KINDS.get(word)
        kind = "low" if word == "least" and not after_at else kind
        if kind:
            kinds.add(kind)
    return kinds


def _content(context: Context) -> set[str]:
    """The stems of the words that carry meaning, literals left out."""
    taken = _taken(context)
    return {stem(word.text) for i, word in enumerate(context.words)
            if i not in taken and word.text[0].isalnum() and word.text.lower() not in STOPWORDS}  # fmt: skip


def _taken(context: Context) -> set[int]:
    literals: list[Any] = [*context.periods, *context.values, *context.numbers]
    return {i for literal in literals for i in range(literal.first, literal.last + 1)}


def _literals(context: Context) -> tuple[set[Any], set[Any]]:
    """The periods and numbers that a question names; "one" counts for nothing, nor do a period's own numbers."""
    within = {i for period in context.periods for i in range(period.first, period.last + 1)}
    numbers = {(number.value, number.percent) for number in context.numbers if number.first not in within and number.value != 1}
    return {(period.start, period.end) for period in context.periods}, numbers


def _named(context: Context) -> set[int]:
    """The tables whose whole names stand in the question."""
    return {pointer.index for pointer, links in context.links.items()
            if pointer.kind == "table" and any(link.level == _WHOLE for link in links)}  # fmt: skip


def _read(context: Context, sql: str) -> set[int]:
    """The tables whose names stand in the SQL."""
    words = {word.strip('",()').lower() for word in sql.replace(".", " ").split()}
    return {i for i, table in enumerate(context.schema.tables) if table.name.lower() in words}
