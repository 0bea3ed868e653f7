"""Words that people use for one another, in both directions and in every sense: what a schema or a question might say instead.

``thesaurus.txt`` holds a set a line, one sense of its words; the project's narrower synonyms are sets too.
"""
from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from nl2sql.data.synthesis.synonyms import SYNONYMS

FILE = Path(__file__).with_suffix(".txt")


@cache
def thesaurus() -> dict[str, tuple[str, ...]]:
    """What may stand for a word or phrase (lower case, singular): the others of every set that holds it."""
    return of_sets([*([word, *others] for word, others in SYNONYMS.items()), *_sets(FILE.read_text(encoding="utf-8"))])


def _sets(text: str) -> list[list[str]]:
    lines = (line.partition("#")[0] for line in text.splitlines())
    return [[word.strip() for word in line.split(",") if word.strip()] for line in lines if line.strip()]


def of_sets(sets: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The others of all sets that a word is in, each as often as it shares a set with the word: what is drawn is mostly the
    commonest sense."""
    found: dict[str, list[str]] = {}
    for words in map(tuple, sets):
        for word in words:
            found.setdefault(word, []).extend(other for other in words if other != word)
    return {word: tuple(others) for word, others in found.items() if others}
