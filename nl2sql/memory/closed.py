"""The closed class of words that turn a question round: direction, negation, grain, aggregate."""
from __future__ import annotations

from typing import Any

from nl2sql.records import Context

_WORDS = {
    "high": "most highest best top largest biggest greatest maximum max longest strongest dearest steepest priciest heaviest "
    "tallest widest richest busiest highest-paid",
    "low": "lowest worst bottom smallest fewest minimum min shortest weakest cheapest slowest lightest poorest",
    "more": "more over above exceed exceeding exceeds greater larger higher",
    "less": "less under below fewer smaller lower",
    "early": "first earliest oldest",
    "late": "latest newest youngest recent",
    "up": "ascending ascendingly increasing",
    "down": "descending descendingly decreasing",
    "not": "not no never without none nobody nothing neither nor except excluding excl exclude excludes excluded besides outside "
    "missing lack lacking lacks cannot dont",
    "day": "day days daily",
    "week": "week weeks weekly",
    "month": "month months monthly",
    "quarter": "quarter quarters quarterly",
    "year": "year years yearly annual annually",
    "mean": "average avg mean averages",
    "median": "median typical",
    "sum": "total sum totals overall altogether",
    "count": "number count many headcount",
    "single": "single individual",
    "share": "share shares fraction proportion ratio rate portion",
    "percent": "percentage percentages percent %",
    "second": "second 2nd",
    "third": "third 3rd",
    "fourth": "fourth 4th",
    "fifth": "fifth 5th",
}
KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
UNITS = ("day", "week", "month", "quarter", "year")
_AT = {"least": "more", "most": "less"}  # after "at"


def kinds(context: Context) -> list[str]:
    """The kinds of the question's words, those of its periods, values and numbers left out."""
    literal = taken(context)
    words = [word.text.casefold() for word in context.words]
    found = []
    for i, word in enumerate(words):
        if i in literal:
            continue
        after_at = i > 0 and words[i - 1] == "at"
        kind = _AT.get(word) if after_at else "not" if word == "t" and words[i - 1 : i] == ["'"] else KINDS.get(word)
        kind = "low" if word == "least" and not after_at else kind
        if kind:
            found.append(kind)
    return found


def taken(context: Context) -> set[int]:
    """The places of the words of its periods, values and numbers."""
    literals: list[Any] = [*context.periods, *context.values, *context.numbers]
    return {i for literal in literals for i in range(literal.first, literal.last + 1)}
