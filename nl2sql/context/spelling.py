"""Which known word did a misspelt one mean? Edit distance with transpositions, over buckets of equal beginnings and ends."""
from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

_EDGE = 2  # letters that a word and its misspelling share at the beginning or at the end


def distance(a: str, b: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap two neighbours) from ``a`` to ``b``; ``limit + 1`` where there are more."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    if not a or not b:
        return min(len(a) + len(b), limit + 1)
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)


def tolerance(word: str) -> int:
    """How many edits a word may be away from what was meant: none in short words and in those with digits."""
    if not word.isalpha():
        return 0
    return 0 if len(word) < 5 else 1 if len(word) < 9 else 2


def derived(a: str, b: str) -> bool:
    """Whether two words share so much of their beginning that one may be derived from the other."""
    shared = len(os.path.commonprefix((a, b)))
    return shared >= 5 and shared >= 0.7 * max(len(a), len(b))


class Speller:
    """Known words, to be asked for those near a misspelt one. Building is two dictionary entries a word."""

    def __init__(self, words: Iterable[str]) -> None:
        self._starts: dict[tuple[str, int], list[str]] = {}
        self._ends: dict[tuple[str, int], list[str]] = {}
        for word in words:
            if len(word) >= 4 and word.isalpha():
                self._starts.setdefault((word[:_EDGE], len(word)), []).append(word)
                self._ends.setdefault((word[-_EDGE:], len(word)), []).append(word)

    def near(self, word: str) -> tuple[str, ...]:
        """The known words closest to ``word``, within its tolerance, at most four; itself never counts."""
        limit = tolerance(word)
        best: dict[str, None] = {}
        for known in self._candidates(word, limit):
            edits = distance(word, known, limit)
            if edits < limit:
                best, limit = {known: None}, edits
            elif edits == limit:
                best[known] = None
        return tuple(best)[:4]

    def _candidates(self, word: str, limit: int) -> Iterator[str]:
        for length in range(len(word) - limit, len(word) + limit + 1) if limit else ():
            for known in (*self._starts.get((word[:_EDGE], length), ()), *self._ends.get((word[-_EDGE:], length), ())):
                if known != word:
                    yield known

    def derived(self, word: str) -> Iterator[str]:
        """The known words that ``word`` may be derived from, or that may be derived from it."""
        for length in range(len(word) - 3, len(word) + 4):
            yield from (known for known in self._starts.get((word[:_EDGE], length), ()) if derived(word, known))
