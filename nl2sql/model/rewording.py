"""Questions in other words: what they call tables and columns is said as somebody would who doesn't know the schema.

The mirror of ``renaming``, where the schema gets the other words. After Gan et al. 2021, "Towards Robustness of Text-to-SQL
Models against Synonym Substitution", whose questions people changed so; here a thesaurus does, in any data set.
"""
from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

from nl2sql.context.synonyms import literal_words, named_words
from nl2sql.context.words import STOPWORDS
from nl2sql.data.synthesis.lexicon import is_plural, plural, singular
from nl2sql.model.renaming import LONGEST, Others
from nl2sql.model.train_data import Known, Source
from nl2sql.records import Context, Example


def reworded_source(sources: Iterable[Source], others: Others, *, share: float = 0.85, seed: int = 0) -> Source:
    """Every question of the sources, once, in which that share of the words for tables and columns is exchanged; those in which
    less than half could be exchanged are left out. All SQL is read as SQLite's, which the plain queries of the others are too."""
    rng = random.Random(f"reworded {seed}")
    made: list[Example] = []
    databases: dict[str, Known] = {}
    for source in sources:
        for example in source.examples:
            if example.sql is None:
                continue
            question = reworded(source.context(example), others, share, rng)
            if question is not None:
                name = f"{source.name} {example.database}"
                databases[name] = source.databases[example.database]
                made.append(replace(example, question=question, database=name))
    return Source("reworded", made, databases)


def reworded(context: Context, others: Others, share: float, rng: random.Random) -> str | None:
    """The question in other words; None where less than half of the words that name tables and columns could be exchanged."""
    named, question, changed = _named(context), context.question, 0
    said_as: dict[str, str] = {}  # one phrase gets one other
    for first, last, phrase in reversed(list(_exchanges(context, named, others))):
        if rng.random() < share:
            text = said_as.setdefault(phrase, rng.choice(others[phrase]))
            said = context.words[last].text
            text = plural(text) if is_plural(said.lower()) else text
            text = text[0].upper() + text[1:] if context.words[first].text[0].isupper() else text
            question = question[: context.words[first].start] + text + question[context.words[last].end :]
            changed += len(named.intersection(range(first, last + 1)))
    return question if changed and 2 * changed >= len(named) else None


def _named(context: Context) -> set[int]:
    """The words that name tables or columns and belong to no value, number or period."""
    found = named_words(context).keys() - literal_words(context)
    return {word for word in found if context.words[word].text.lower() not in STOPWORDS}


def _exchanges(context: Context, named: set[int], others: Others) -> Iterator[tuple[int, int, str]]:
    """The longest phrases that hold a named word and have others, from left to right: first word, last word, the phrase."""
    at, count = 0, len(context.words)
    while at < count:
        for length in range(min(LONGEST, count - at), 0, -1):
            span = range(at, at + length)
            if named.intersection(span) and (phrase := _phrase(context, span)) in others:
                yield at, at + length - 1, phrase
                at += length - 1
                break
        at += 1


def _phrase(context: Context, span: range) -> str:
    texts = [context.words[word].text.lower() for word in span]
    return " ".join([*texts[:-1], singular(texts[-1])])
