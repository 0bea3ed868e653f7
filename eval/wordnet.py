"""WordNet's files (Debian: wordnet-base), read as far as is needed to say whether two words mean nearly the same."""
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
        for part in PARTS:
            try:
                lines = (folder / f"data.{part}").read_text(encoding="ascii", errors="ignore").splitlines()
            except OSError as error:
                raise BadInput(f"{folder} doesn't hold WordNet's files (data.noun, data.verb, data.adj).") from error
            for line in lines:
                if not line.startswith("  "):  # the licence
                    self._read(part, line.split(" | ")[0].split())

    def _read(self, part: str, fields: list[str]) -> None:
        key, count = (part, fields[0]), int(fields[3], 16)
        words = [_key(word.partition("(")[0].replace("_", " ")) for word in fields[4 : 4 + 2 * count : 2]]
        pointers = fields[5 + 2 * count :]
        self.lemmas[key] = frozenset(words)
        self.near[key] = [
            (part, pointers[i + 1]) for i in range(0, len(pointers) - 3, 4) if pointers[i] in NEAR and pointers[i + 2] == part[0]
        ]
        for word in words:
            self.synsets.setdefault(word, []).append(key)

    def related(self, word: str, other: str) -> bool:
        """Whether some meaning of the one is a meaning of the other, or the next more general or more special one."""
        wanted = _key(other)
        return any(
            wanted in self.lemmas[near] for key in self.synsets.get(_key(word), []) for near in (key, *self.near[key])
            if near in self.lemmas
        )  # fmt: skip


def _key(words: str) -> str:
    return " ".join(stem(word.text) for word in split(words))
