"""WordNet's files (Debian: wordnet-base): which words mean nearly the same as another."""
from __future__ import annotations

from pathlib import Path

from nl2sql.context.words import split, stem
from nl2sql.errors import BadInput

PARTS = ("noun", "verb", "adj")
NEAR = ("@", "~")  # more general, more special


class WordNet:
    """``folder`` holds data.noun and its like: a synset a line, its words, and pointers at other lines by their offset."""

    def __init__(self, folder: Path) -> None:
        self.lemmas: dict[tuple[str, str], frozenset[str]] = {}  # part of speech and offset -> words
        self.near: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.synsets: dict[str, list[tuple[str, str]]] = {}
        self.written: dict[tuple[str, str], tuple[str, ...]] = {}  # the words as they stand there
        self.nouns, self.adjectives = _ordered(folder, "noun"), _ordered(folder, "adj")
        for part in PARTS:
            for line in _lines(folder, f"data.{part}"):
                if not line.startswith("  "):  # the licence
                    self._read(part, line.split(" | ")[0].split())

    def _read(self, part: str, fields: list[str]) -> None:
        key, count = (part, fields[0]), int(fields[3], 16)
        self.written[key] = tuple(word.partition("(")[0].replace("_", " ") for word in fields[4 : 4 + 2 * count : 2])
        words = [_key(word) for word in self.written[key]]
        pointers = fields[5 + 2 * count :]
        self.lemmas[key] = frozenset(words)
        self.near[key] = [
            (part, pointers[i + 1]) for i in range(0, len(pointers) - 3, 4) if pointers[i] in NEAR and pointers[i + 2] == part[0]
        ]
        for word in words:
            self.synsets.setdefault(word, []).append(key)

    def synonyms(self, noun: str, meanings: int = 1) -> tuple[str, ...]:
        """Other words, of at most two parts, for the commonest meanings of a noun in its singular; none of what is rather an
        adjective."""
        offsets, common = self.nouns.get(noun, ((), 0))
        if common < self.adjectives.get(noun, ((), 0))[1]:
            return ()
        found = [word for offset in offsets[:meanings] for word in self.written["noun", offset]]
        return tuple(dict.fromkeys(word for word in found if word != noun and word.islower() and word.count(" ") < 2))

    def related(self, word: str, other: str) -> bool:
        """Whether some meaning of the one is a meaning of the other, or the next more general or more special one."""
        wanted = _key(other)
        return any(
            wanted in self.lemmas[near] for key in self.synsets.get(_key(word), []) for near in (key, *self.near[key])
            if near in self.lemmas
        )  # fmt: skip


def _lines(folder: Path, name: str) -> list[str]:
    try:
        return (folder / name).read_text(encoding="ascii", errors="ignore").splitlines()
    except OSError as error:
        raise BadInput(f"{folder} doesn't hold WordNet's files (data.noun, index.noun and the like).") from error


def _ordered(folder: Path, part: str) -> dict[str, tuple[tuple[str, ...], int]]:
    """The offsets of each word's meanings, the commonest first, and how many of them were met in texts."""
    found = {}
    for line in _lines(folder, f"index.{part}"):
        if not line.startswith("  "):
            fields = line.split()
            count, met = int(fields[2]), int(fields[-int(fields[2]) - 1])
            found[fields[0].replace("_", " ")] = tuple(fields[-count:]), met
    return found


def _key(words: str) -> str:
    return " ".join(stem(word.text) for word in split(words))
