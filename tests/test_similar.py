"""Links by meaning: which words get them, to which names, and what becomes of them in a prompt."""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.context.names import WHOLE
from nl2sql.model import relations
from nl2sql.model.encoder import minilm_folder
from nl2sql.model.prompt import ALIKE_COLUMN, ALIKE_TABLE, ALIKE_WORD, build_prompt, word_pieces
from nl2sql.model.relations import ALIKE, PERHAPS
from nl2sql.model.similar import SimilarNames
from nl2sql.records import Column, Context, Link, Pointer, Schema, Table

SCHEMA = Schema((
    Table("singer", (
        Column("singer_id", "INTEGER", "number", "singer id", primary_key=True), Column("age", "INTEGER", "number", "age"),
        Column("country", "VARCHAR", "text", "country"), Column("salary", "INTEGER", "number", "salary"),
    ), "singer"),
))  # fmt: skip
SINGER, AGE, COUNTRY, SALARY = Pointer("table", 0), Pointer("column", 1), Pointer("column", 2), Pointer("column", 3)
MEANING = {
    "singer": (1.0, 0, 0, 0), "age": (0, 1.0, 0, 0), "country": (0, 0, 1.0, 0), "salary": (0, 0, 0, 1.0),
    "vocalists": (0.9, 0, 0, 0), "years of life": (0, 0.8, 0, 0), "life": (0, 0.5, 0, 0), "pay": (0, 0, 0.4, 0.6),
    "wealth": (0, 0.2, 0.2, 0.4), "rows": (0, 0, 0.2, 0.1),
}  # fmt: skip


def encode(texts: Sequence[str]) -> np.ndarray:
    return np.array([MEANING.get(text, (0.0, 0.0, 0.0, 0.0)) for text in texts])


def asked(question: str) -> Context:
    return build_context(question, SCHEMA, ValueIndex(SCHEMA, {2: ("France",)}), dt.date(2025, 1, 1))


def added(question: str) -> dict[Pointer, tuple[Link, ...]]:
    before = asked(question)
    found = {}
    for pointer, links in SimilarNames(encode)(before, False).links.items():
        if new := tuple(link for link in links if link not in before.links.get(pointer, ())):
            found[pointer] = new
    return found


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many vocalists?", {SINGER: (Link(2, ALIKE),)}),
        ("pay of each", {SALARY: (Link(0, ALIKE),), COUNTRY: (Link(0, PERHAPS),)}),  # the nearest, and what isn't far
        ("wealth of each", {SALARY: (Link(0, PERHAPS),)}),
        ("rows of each", {}),
        ("years of life of each", {AGE: (Link(0, ALIKE), Link(1, ALIKE), Link(2, ALIKE))}),  # nearer together than life alone
        ("salary of each", {}),  # linked by name
        ("singer of France", {}),  # a value
    ],
)
def test_words_that_no_name_holds_are_linked_to_the_names_that_are_nearest(
    question: str, expected: dict[Pointer, tuple[Link, ...]]
) -> None:
    assert added(question) == expected


def test_a_literal_has_no_links_by_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("2024", "last year", "france"):
        monkeypatch.setitem(MEANING, text, (0.0, 0.0, 0.0, 1.0))
    assert added("who is from France in 2024 or last year") == {}


def test_what_the_thesaurus_knows_needs_no_meaning() -> None:
    found = SimilarNames(encode)(asked("pay of people by nation")).links
    assert found[COUNTRY] == (Link(4, WHOLE),) and Link(0, WHOLE) in found[SALARY]


def test_links_by_name_stay_as_they_are() -> None:
    question = "How many vocalists by country?"
    assert SimilarNames(encode)(asked(question)).links.items() >= asked(question).links.items()


def test_what_has_links_by_meaning_gets_no_more() -> None:
    similar = SimilarNames(encode)
    once = similar(asked("pay of vocalists"))
    assert similar(once) == once


def test_a_text_is_embedded_once() -> None:
    seen: list[str] = []

    def counted(texts: Sequence[str]) -> np.ndarray:
        seen.extend(texts)
        return encode(texts)

    similar = SimilarNames(counted)
    for question in ("How many vocalists?", "vocalists by age", "How many vocalists are paid?"):
        similar(asked(question))
    assert len(seen) == len(set(seen))


def test_a_prompt_shows_links_by_meaning_unless_there_are_some_by_name() -> None:
    pieces = word_pieces(minilm_folder())
    prompt = build_prompt(SimilarNames(encode)(asked("pay of vocalists by age"), False), pieces)
    place = {pointer: i for i, pointer in enumerate(prompt.slots)}

    def mark(pointer: Pointer) -> int:
        return int(prompt.marks[prompt.spans[place[pointer]][0]])

    assert (mark(Pointer("word", 0)), mark(Pointer("word", 2)), mark(Pointer("word", 4))) == (ALIKE_WORD, ALIKE_WORD, 2)
    assert (mark(SALARY), mark(SINGER)) == (ALIKE_COLUMN, ALIKE_TABLE)
    assert mark(COUNTRY) not in (ALIKE_COLUMN, ALIKE_TABLE)

    def related(word: int, pointer: Pointer) -> tuple[int, int]:
        there = place[Pointer("word", word)], place[pointer]
        return int(prompt.relations[there]), int(prompt.relations[there[::-1]])

    assert related(0, SALARY) == relations.MATCH[relations.COLUMN, ALIKE]
    assert related(0, COUNTRY) == relations.MATCH[relations.COLUMN, PERHAPS]
    assert related(2, SINGER) == relations.MATCH[relations.TABLE, ALIKE]
    assert related(4, AGE) == relations.MATCH[relations.COLUMN, 2]


@pytest.mark.parametrize(("word", "pointer"), [("vocalists", SINGER), ("nation", COUNTRY), ("wages", SALARY)])
def test_the_shipped_encoder_knows_synonyms(word: str, pointer: Pointer) -> None:
    from nl2sql.model.embedding import Embedder
    from nl2sql.model.plain import PlainBert

    folder = minilm_folder()
    found = SimilarNames(Embedder(PlainBert(folder), word_pieces(folder)))(asked(f"the {word} of each"), False)
    assert found.links[pointer] == (Link(1, ALIKE),)
