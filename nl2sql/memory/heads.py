"""What two questions count, choose among and group by: customers who ordered are not their orders.

Not covered: a thing that is named by another word than its table's, its comment's or a unit of time.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import dropwhile, takewhile

from nl2sql.context.words import STOPWORDS, stem
from nl2sql.memory.closed import KINDS, UNITS, taken
from nl2sql.records import Context

WHOLE = 2  # the level of a link to a whole name
_COUNTING, _CHOOSING = ("how many", "number of", "count"), ("which", "what")  # what opens the name of what is asked for
_COUNTS = re.compile(r"\b(count|sum)\b", re.IGNORECASE)
_EACH = ("per", "each", "every")
_BEFORE_NOUN = ("of", "the", "our", "all", "their", "its", "these", "those")


def grouped_otherwise(one: Context, other: Context) -> bool:
    """Whether each has a group that is none of the other's."""
    a, b = _grouped(one), _grouped(other)
    return any(all(x.isdisjoint(y) for y in b) for x in a) and any(all(x.isdisjoint(y) for x in a) for y in b)


def _grouped(context: Context) -> list[set[str]]:
    """The stems of what follows each "per", "each" and "every": drugs per maker aren't makers per drug."""
    words = [word.text.casefold() for word in context.words]
    phrases = [[words[j] for j in _noun(words, i + 1)] for i, word in enumerate(words) if word in _EACH]
    return [{stem(word) for word in phrase[:2]} for phrase in phrases if phrase]


def asks_for_another(known: Context, asked: Context, sql: str) -> bool:
    """Whether the two count the rows of two tables or want to know which of two things; also where only ``asked`` counts rows
    and ``sql`` doesn't count."""
    for openers in (_COUNTING, _CHOOSING):
        a, b = _heads(known, openers), _heads(asked, openers)
        if a and b and a.isdisjoint(b):
            return True
    return bool(_heads(asked, _COUNTING)) and not _heads(known, _COUNTING) and not _COUNTS.search(sql)


def _heads(context: Context, openers: Collection[str]) -> set[int | str]:
    """The tables and units of time that are named first in what follows an opener: "how many platinum customers"."""
    named: dict[int, set[int | str]] = {}
    for pointer, links in context.links.items():
        for link in links:
            if pointer.kind == "table" and link.level == WHOLE:
                named.setdefault(link.word, set()).add(pointer.index)
    words = [word.text.casefold() for word in context.words]
    literal = taken(context)
    for i, word in enumerate(words):
        if i not in literal and KINDS.get(word) in UNITS:
            named.setdefault(i, set()).add(KINDS[word])
    ends = [i + 1 for i, word in enumerate(words) if word in openers or " ".join(words[max(0, i - 1) : i + 1]) in openers]
    heads: set[int | str] = set()
    for end in ends:
        after = dropwhile(lambda place: place not in named, _noun(words, end))
        heads.update(*(named[place] for place in takewhile(lambda place: place in named, after)))
    return heads


def _noun(words: Sequence[str], start: int) -> list[int]:
    """The places of the words that a noun phrase consists of: up to the next of the small words, those before it left out."""
    places: list[int] = []
    for i in range(start, len(words)):
        if words[i][0].isalnum() and words[i] not in STOPWORDS:
            places.append(i)
        elif words[i] not in _BEFORE_NOUN or (places and words[i] != "of"):
            break
    return places
