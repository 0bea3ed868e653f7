"""The closed class of words that turn a question round: direction, negation, grain, aggregate. A check beside the model's.

Sentence embeddings hold "highest" and "lowest" for neighbours, and a young model overlooks such a word now and then; a person
who asks again in other words doesn't swap them.
"""
from __future__ import annotations

from nl2sql.records import Context

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


def contradicts(one: Context, other: Context) -> bool:
    """Whether the two say opposite or different things."""
    a, b = _kinds(one), _kinds(other)
    if any(a.isdisjoint(kinds) != b.isdisjoint(kinds) for kinds in _NEEDED):
        return True
    return any(_differ(a.intersection(axis), b.intersection(axis)) for axis in _AXES)


def _differ(a: set[str], b: set[str]) -> bool:
    return bool(a and b) and not (a <= b or b <= a)


def _kinds(context: Context) -> set[str]:
    """The kinds of the question's words, those of its periods, values and numbers left out."""
    literals = (*context.periods, *context.values, *context.numbers)
    taken = {i for literal in literals for i in range(literal.first, literal.last + 1)}
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
