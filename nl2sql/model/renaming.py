"""Other names for a lesson's tables and columns, as another designer might have given them: the question no longer says them.

Word by word a name gets a synonym or is shortened. What linked a question's word with a word that is gone goes too. On public
data a parser learns to look for the question's words in the schema; people's own databases rarely hold them.
"""
from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nl2sql.context.thesaurus import thesaurus
from nl2sql.context.words import stem
from nl2sql.data.synthesis.lexicon import is_plural, plural, singular
from nl2sql.data.synthesis.vocabulary import ABBREVIATIONS
from nl2sql.model.feeding import Lesson
from nl2sql.records import Context, Link, Pointer, Schema

LONGEST = 3  # words that are exchanged together
SHORT = {long: short for short, long in ABBREVIATIONS.items()}
Others = Mapping[str, Sequence[str]]  # words that may stand for a word or phrase


def other_words(schemas: Iterable[Schema], synonyms: Callable[[str], Sequence[str]] | None = None) -> Others:
    """What may stand for the words of these schemas: the thesaurus's words, threefold, and those given for single words."""
    found: dict[str, tuple[str, ...]] = dict(thesaurus())
    for word in {singular(word) for schema in schemas for word in _words(schema)} if synonyms else ():
        found[word] = (*(3 * thesaurus().get(word, ())), *(synonyms(word) if synonyms else ()))
    return {word: others for word, others in found.items() if others}


def _words(schema: Schema) -> Iterator[str]:
    for table in schema.tables:
        yield from table.words.split()
    for column in schema.columns:
        yield from column.words.split()


@dataclass(frozen=True)
class Renaming:
    """``names``: how many of the names change; ``shortened``: how many of the changed words that can be shortened are."""

    others: Others
    names: float = 0.7
    shortened: float = 0.25

    def __call__(self, lesson: Lesson, rng: random.Random) -> Lesson:
        context, schema = lesson.context, lesson.context.schema
        made: dict[str, tuple[str, frozenset[str]]] = {}  # one name keeps one name, so that what joins can still be seen

        def renamed(words: str) -> str:
            if words not in made:
                made[words] = self._other(words, rng) if rng.random() < self.names else (words, frozenset())
            return made[words][0]

        tables = tuple(replace(table, words=renamed(table.words), columns=tuple(
            replace(column, words=renamed(column.words)) for column in table.columns)) for table in schema.tables)
        links = {pointer: kept for pointer, found in context.links.items()
                 if (kept := self._kept(context, pointer, found, made))}
        return replace(lesson, context=replace(context, schema=replace(schema, tables=tables), links=links))

    def _other(self, words: str, rng: random.Random) -> tuple[str, frozenset[str]]:
        """Another name, and the stems of those words that it keeps."""
        rest, said, kept = words.split(), [], set()
        while rest:
            length = next((n for n in range(min(LONGEST, len(rest)), 0, -1) if singular(" ".join(rest[:n])) in self.others), 1)
            word = " ".join(rest[:length])
            if length == 1 and (short := self._short(word, rng)):
                said.append(short)
            elif (one := singular(word)) in self.others:
                other = rng.choice(self.others[one])
                said.append(plural(other) if is_plural(word) else other)
            else:
                said.append(word)
                kept.add(stem(word))
            rest = rest[length:]
        return " ".join(said), frozenset(kept)

    def _short(self, word: str, rng: random.Random) -> str:
        if len(word) < 5 or rng.random() > self.shortened:
            return ""
        if word in SHORT and rng.random() < 0.7:
            return SHORT[word]
        consonants = word[0] + "".join(letter for letter in word[1:] if letter not in "aeiou")
        return consonants if rng.random() < 0.5 and len(consonants) < len(word) - 1 else word[: rng.choice((3, 4))]

    def _kept(
        self, context: Context, pointer: Pointer, links: tuple[Link, ...], made: Mapping[str, tuple[str, frozenset[str]]]
    ) -> tuple[Link, ...]:
        """The links of a name to words of the question that it still has; it is named in part where it lost a word."""
        if pointer.kind == "value":
            return links
        schema = context.schema
        words = (schema.tables if pointer.kind == "table" else schema.columns)[pointer.index].words
        name, kept = made[words]
        if name == words:
            return links
        return tuple(Link(link.word, 1) for link in links if stem(context.words[link.word].text) in kept)
