"""Words that people use for one another, in both directions and in every sense: what a schema or a question might say instead.

``thesaurus.txt`` holds a set a line, one sense of its words.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from nl2sql.context.words import split, stem

FILE = Path(__file__).with_suffix(".txt")
Others = Mapping[str, tuple[str, ...]]


@cache
def thesaurus() -> Others:
    """What may stand for a word or phrase (lower case, singular): the others of every set that holds it."""
    return of_sets(_sets())


@cache
def by_stems() -> Mapping[str, frozenset[str]]:
    """The same with the stems of all words, blanks between them."""
    sets = [{stems(phrase) for phrase in words} for words in _sets()]
    found: dict[str, set[str]] = {}
    for words in sets:
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(others - {word}) for word, others in found.items()}


def stems(phrase: str) -> str:
    return " ".join(stem(word.text) for word in split(phrase))


def of_sets(sets: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The others of all sets that a word is in, each as often as it shares a set with the word: what is drawn is mostly the
    commonest sense."""
    found: dict[str, list[str]] = {}
    for words in map(tuple, sets):
        for word in words:
            found.setdefault(word, []).extend(other for other in words if other != word)
    return {word: tuple(others) for word, others in found.items() if others}


def _sets() -> list[list[str]]:
    lines = (line.partition("#")[0] for line in FILE.read_text(encoding="utf-8").splitlines())
    return [[word.strip() for word in line.split(",") if word.strip()] for line in lines if line.strip()]
