"""Links by the thesaurus: which words get them, to which names, and what keeps them away."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from nl2sql.context import thesaurus
from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.context.names import PART, WHOLE
from nl2sql.context.synonyms import with_synonyms
from nl2sql.context.thesaurus import of_sets
from nl2sql.records import Column, Context, Link, Pointer, Schema, Table

SCHEMA = Schema((
    Table("customer", (
        Column("id", "INTEGER", "number", "id", primary_key=True), Column("customer_since", "DATE", "date", "customer since"),
        Column("date_of_birth", "DATE", "date", "date of birth"), Column("country", "VARCHAR", "text", "country"),
    ), "customer"),
    Table("salary", (Column("smallest", "INTEGER", "number", "smallest"), Column("phone", "VARCHAR", "text", "phone")), "salary"),
))  # fmt: skip
CUSTOMER, SINCE, BORN, COUNTRY = Pointer("table", 0), Pointer("column", 1), Pointer("column", 2), Pointer("column", 3)
SETS = (
    ("customer", "client", "account holder"), ("date of birth", "birth date", "nativity"), ("country", "nation", "people"),
    ("smallest", "minimum"), ("salary", "pay", "rome"), ("phone", "account"),
)


@pytest.fixture(autouse=True)
def _sets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(thesaurus, "_sets", lambda: [list(words) for words in SETS])
    thesaurus.by_stems.cache_clear()
    yield
    thesaurus.by_stems.cache_clear()


def asked(question: str) -> Context:
    return build_context(question, SCHEMA, ValueIndex(SCHEMA, {3: ("Rome",)}), dt.date(2025, 1, 1))


def added(question: str) -> dict[Pointer, tuple[Link, ...]]:
    before = asked(question)
    found = with_synonyms(before).links.items()
    return {pointer: new for pointer, links in found
            if (new := tuple(link for link in links if link not in before.links.get(pointer, ())))}


@pytest.mark.parametrize(("question", "expected"), [
    ("How many clients?", {CUSTOMER: (Link(2, WHOLE),), SINCE: (Link(2, PART),)}),
    ("account holders by country", {CUSTOMER: (Link(0, WHOLE), Link(1, WHOLE)), SINCE: (Link(0, PART), Link(1, PART))}),
    ("nativity of each", {BORN: (Link(0, WHOLE),)}),
    ("birth date of each", {}),  # all words are in a name
    ("the Nations of clients", {COUNTRY: (Link(1, WHOLE),), CUSTOMER: (Link(3, WHOLE),), SINCE: (Link(3, PART),)}),
    ("accounts by country", {Pointer("column", 5): (Link(0, WHOLE),)}),  # unlike account holders, a phrase that comes first
    ("customers by phone", {}),  # said by name
    ("how many holders", {}),  # no phrase of the thesaurus
    ("minimum of each", {}),  # what is to be done with something, not what is called so
    ("who is from Rome", {}),  # a value
])
def test_words_that_no_name_holds_are_linked_to_what_means_the_same(
    question: str, expected: dict[Pointer, tuple[Link, ...]]
) -> None:
    assert added(question) == expected


def test_links_by_name_stay_and_nothing_comes_twice() -> None:
    once = with_synonyms(asked("birth date of clients by country"))
    assert with_synonyms(once) == once
    for links in once.links.values():
        assert len({link.word for link in links}) == len(links)
    assert once.links[COUNTRY] == asked("birth date of clients by country").links[COUNTRY]


def test_what_is_not_shown_is_not_linked() -> None:
    context = build_context("clients by pay", SCHEMA, ValueIndex(SCHEMA, {}), dt.date(2025, 1, 1), columns=(4, 5))
    assert set(with_synonyms(context).links) - set(context.links) == {Pointer("table", 1)}


def test_the_commoner_sense_of_a_word_is_drawn_more_often() -> None:
    assert of_sets([("title", "name"), ("title", "heading", "name"), ("alone",)]) == {
        "title": ("name", "heading", "name"), "name": ("title", "title", "heading"), "heading": ("title", "name")}


def test_the_thesaurus_works_in_both_directions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    thesaurus.thesaurus.cache_clear()
    found = thesaurus.thesaurus()
    assert len(found) > 5000 and "client" in found["customer"] and "customer" in found["client"]
    assert all(word == word.strip().lower() and word not in others for word, others in found.items())
