"""By its words alone: does a question go on from the one before it, or stand for itself? Of the others the model decides."""
from __future__ import annotations

import re

from nl2sql.context.words import split

_WHOLE = 6  # words of a question that says all that it means
_GOES_ON = {"and", "or", "but", "only", "just", "now", "also", "then", "instead", "same", "add", "sort", "order", "split",
            "break", "make", "excluding", "including", "without", "with", "by", "per", "newest", "highest", "lowest", "as",
            "except", "out", "still"}  # fmt: skip
_POINTS_BACK = {"it", "them", "they", "those", "these", "ones"}  # near the beginning; further on they mean words before them
_OWNERS = {"their", "its", "his", "her"}
_CONTINUES = ("and", "or", "but", "what about", "how about", "the same")
# before "by" these name nothing that could be computed: "top 3 by revenue", "grouped by region", "as total by store"
_NAMELESS = frozenset("""
    a all an ascending average best biggest bottom broken cheapest count descending display divided down fewest filter first
    get give group highest how i in largest last least list longest lowest made many maximum me mean median minimum most much
    newest number of oldest only paid percent percentage please rank see share shortest show smallest sold sum the them top
    this total us view want worst
    """.split())
_ANYWHERE = re.compile(r"\b(again|instead|too|as well|(is|of|break|split|was|about|for) that)\b|\b(that|one)$|^(what|how) about")


def refers_back(question: str) -> bool:
    """Whether its words show that a question goes on from the one before: "and by region?", "how many of them ..."."""
    words = _words(question)
    if not words:
        return False
    said = " ".join(words)
    near = bool(_POINTS_BACK & {*words[:4]} or _OWNERS & {*words[:3]} or said.startswith(("the same", "which one")))
    return words[0] in _GOES_ON or near or _ANYWHERE.search(said) is not None


def is_fragment(question: str) -> bool:
    """Whether a question plainly is none without the one before it. Long ones may refer to words of their own."""
    words = _words(question)
    begins = " ".join(words).startswith(tuple(f"{start} " for start in _CONTINUES))
    return refers_back(question) and (len(words) < _WHOLE or begins)


def stands_alone(question: str) -> bool:
    """Whether a question plainly needs nothing of what was asked before. Of the others the model decides.

    It has many words, or names what is computed and for each of what: "share of sales by channel", "orders per weekday".
    """
    words = _words(question)
    before = next((words[:i] for i, word in enumerate(words) if word in ("by", "per")), [])
    named = any(word.isalpha() and word not in _NAMELESS and not word.endswith("ed") for word in before)
    return not refers_back(question) and (len(words) >= _WHOLE or (named and words[0] not in ("group", "rank")))


def _words(question: str) -> list[str]:
    return [word.text.lower() for word in split(question) if word.text[:1].isalnum()]
