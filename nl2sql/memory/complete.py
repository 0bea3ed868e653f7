"""Completion while typing: which known questions go on from what stands in the box.

Every typed word must stand at the beginning of a word of the question, in any order, one of them with one typing error; where
few do, the nearest in meaning follow. Ranked by how the words stand, similarity, and how often the question was used. Of
questions that mean the same in other words and have the same SQL the best alone is shown (Instacart's semantic
de-duplication); where the SQL differs, "sales in 2023" and "sales in 2024", both are.
"""
from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nl2sql.context.spelling import distance
from nl2sql.context.words import split

_ALIKE = 0.85  # cosine from which two questions with the same SQL are one suggestion
_NEAR = 0.55  # cosine from which a question is near enough to be offered without sharing the typed words
_SHORTEST_TYPO = 4  # letters of a typed word that may hold an error
_LOOKED_AT = 200  # matches that are ranked
_HANDY = range(5, 10)  # words of a question that shows what can be asked and is read at a glance
_PREFACES = {"i", "we", "please", "can", "could", "would", "hi", "hello", "hey", "sorry", "tell", "give", "just", "any"}


@dataclass(frozen=True)
class Suggestion:
    """A question that can be answered: its SQL ran. ``uses``: how often a verified one was."""

    question: str
    sql: str
    verified: bool = False
    uses: int = 0


class Index:
    """Suggestions by the beginnings of their words. ``vectors`` (suggestions, width) may come later, or never."""

    def __init__(self, suggestions: Sequence[Suggestion]) -> None:
        self.suggestions = tuple(suggestions)
        self.texts = [_plain(suggestion.question) for suggestion in suggestions]
        self.vectors: Any = None
        holders: dict[str, set[int]] = {}
        for i, text in enumerate(self.texts):
            for word in text.split():
                holders.setdefault(word, set()).add(i)
        self._words = sorted(holders)
        self._holders = [holders[word] for word in self._words]

    def matches(self, typed: str) -> dict[int, int]:
        """Suggestion -> how well it fits: 3 it begins so, 2 it holds the words in a row, 1 anywhere, 0 all but for a typo."""
        text = _plain(typed)
        words = text.split()
        if not words:
            return {}
        exact = [self._starting(word) for word in words]
        found = {i: self._standing(text, i) for i in set.intersection(*exact)}
        if not found:
            for i, word in enumerate(words):
                others = [holders for k, holders in enumerate(exact) if k != i]
                found.update(dict.fromkeys(set.intersection(self._misspelt(word), *others), 0))
        return found

    def similar(self, vector: Any) -> Any:
        """Cosine of every suggestion, None without vectors."""
        return None if self.vectors is None else self.vectors @ vector

    def _starting(self, prefix: str) -> set[int]:
        start = bisect_left(self._words, prefix)
        end = bisect_left(self._words, prefix + "\U0010ffff")
        return set().union(*self._holders[start:end])

    def _misspelt(self, word: str) -> set[int]:
        """Holders of words that begin with what one insertion, deletion, replacement or swap makes of ``word``."""
        if len(word) < _SHORTEST_TYPO:
            return set()
        found: set[int] = set()
        for known, holders in zip(self._words, self._holders, strict=True):
            if known[0] != word[0] and known[1:2] != word[1:2] and known[0] != word[1]:
                continue
            if any(distance(word, known[: len(word) + more], 1) <= 1 for more in (0, 1, -1)):
                found |= holders
        return found

    def _standing(self, text: str, i: int) -> int:
        return 3 if self.texts[i].startswith(text) else 2 if f" {text}" in self.texts[i] else 1


def complete(indexes: Sequence[Index], typed: str, vector: Any, limit: int) -> tuple[Suggestion, ...]:
    """The best suggestions of all indexes. ``vector``: of what is typed, or None."""
    ranked: list[tuple[float, Index, int]] = []
    for index in indexes:
        matches = index.matches(typed)
        cosines = index.similar(vector) if vector is not None else None
        best = sorted(matches, key=lambda i: (-matches[i], len(index.texts[i])))[:_LOOKED_AT]
        ranked += [(_worth(index.suggestions[i], matches[i], _cosine(cosines, i), len(index.texts[i])), index, i) for i in best]
        if cosines is not None and len(matches) < limit:
            near = (i for i in _top(cosines, 2 * limit) if i not in matches and cosines[i] >= _NEAR)
            ranked += [(_worth(index.suggestions[i], -2, cosines[i], 0), index, i) for i in near]
    return tuple(different(ranked, limit))


def nearest(indexes: Sequence[Index], question: str, vector: Any, limit: int) -> tuple[Suggestion, ...]:
    """The suggestions nearest in meaning; without vectors those that share most words."""
    ranked: list[tuple[float, Index, int]] = []
    words = set(_plain(question).split())
    for index in indexes:
        cosines = index.similar(vector) if vector is not None else None
        if cosines is not None:
            ranked += [(float(cosines[i]), index, i) for i in _top(cosines, 4 * limit)]
        else:
            shared = ((_overlap(words, set(text.split())), index, i) for i, text in enumerate(index.texts))
            ranked += sorted(shared, key=lambda item: -item[0])[: 4 * limit]
    return tuple(different(ranked, limit, one_sql=True))


def varied(suggestions: Sequence[Suggestion], limit: int, *, beside: Sequence[Suggestion] = ()) -> tuple[Suggestion, ...]:
    """Suggestions that share few words with each other and with those ``beside``: each is the farthest from all before it.

    Very short and long ones are taken only where there are too few others.
    """
    handy = [suggestion for suggestion in suggestions if _is_handy(suggestion.question)]
    some = (handy if len(handy) >= limit else suggestions)[:_LOOKED_AT]
    pool = [(suggestion, set(_plain(suggestion.question).split())) for suggestion in some]
    shown = [set(_plain(suggestion.question).split()) for suggestion in beside]
    chosen: list[Suggestion] = []
    while pool and len(chosen) < limit:
        best, words = min(pool, key=lambda item: max((_overlap(item[1], other) for other in shown), default=0.0))
        chosen.append(best)
        shown.append(words)
        pool = [item for item in pool if item[0].sql != best.sql]
    return tuple(chosen)


def _is_handy(question: str) -> bool:
    """Neither very short nor long, and without a preface: "I need", "please", "# of"."""
    words = _plain(question).split()
    return len(words) in _HANDY and question[0].isalpha() and words[0] not in _PREFACES


def different(ranked: Sequence[tuple[float, Index, int]], limit: int, *, one_sql: bool = False) -> Iterator[Suggestion]:
    """The best ones, without those that repeat a better one; ``one_sql``: no SQL twice at all."""
    shown: dict[str, list[tuple[Index, int]]] = {}
    count = 0
    for _, index, i in sorted(ranked, key=lambda item: -item[0]):
        same = shown.setdefault(index.suggestions[i].sql, [])
        if count == limit or (same and (one_sql or any(_alike(index, i, other, k) for other, k in same))):
            continue
        same.append((index, i))
        count += 1
        yield index.suggestions[i]


def _worth(suggestion: Suggestion, standing: int, cosine: float, length: int) -> float:
    popularity = 0.2 * suggestion.verified + 0.1 * math.log1p(suggestion.uses)
    return 0.3 * standing + cosine + popularity - 0.002 * length


def _cosine(cosines: Any, i: int) -> float:
    return 0.0 if cosines is None else float(cosines[i])


def _top(cosines: Any, count: int) -> list[int]:
    import numpy as np

    if len(cosines) <= count:
        return list(range(len(cosines)))
    return np.argpartition(-cosines, count)[:count].tolist()


def _alike(a: Index, i: int, b: Index, k: int) -> bool:
    if a.vectors is None or b.vectors is None:
        return _overlap(set(a.texts[i].split()), set(b.texts[k].split())) >= 0.7
    return float(a.vectors[i] @ b.vectors[k]) >= _ALIKE


def _overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / max(1, len(a | b))


def _plain(text: str) -> str:
    """The words, in lower case, without punctuation."""
    return " ".join(word.text.casefold() for word in split(text) if word.text[0].isalnum())
