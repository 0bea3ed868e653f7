"""Linking of a question to names and cell values, and the context that is built from them."""
from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.context.names import name_links
from nl2sql.context.words import split
from nl2sql.records import Column, Context, ForeignKey, Pointer, Schema, Table

AS_OF = dt.date(2025, 8, 20)
SHOP = Schema(
    (
        Table("categories", (Column("category_id", kind="number"), Column("category_name"))),
        Table("regions", (Column("region_name"),)),
        Table(
            "customers",
            (Column("first_name"), Column("last_name"), Column("city"), Column("sex"), Column("birthdate", kind="date")),
        ),
        Table(
            "orders", (Column("order_id", kind="number"), Column("order_date", kind="date"), Column("status"), Column("is_paid"))
        ),
        Table("stores", (Column("store_type"), Column("city"), Column("country", comment="nation of the head office"))),
        Table("emp", (Column("dept_name"), Column("nationality"), Column("salary", kind="number"), Column("hired"))),
    ),
)
VALUES = {
    1: ["Fashion", "Electronics", "Home & Garden", "Smartphone"],
    2: ["Europe", "North America", "Middle East & Africa"],
    3: ["John", "Ann", "May"],
    4: ["Smith", "York"],
    5: ["New York", "Lyon", "Los Angeles", "12345"],
    6: ["M", "F"],
    10: ["Completed", "Cancelled", "Pending"],
    11: ["Y", "N"],
    12: ["Store", "Outlet"],
    13: ["Lyon", "York", "OR"],
    14: ["Italy", "USA"],
}
INDEX = ValueIndex(SHOP, VALUES)


def values(question: str) -> set[tuple[int, str]]:
    return {(value.column, value.value) for value in INDEX.link(split(question))}


def context(question: str) -> Context:
    return build_context(question, SHOP, INDEX, AS_OF)


def level(question: str, kind: str, index: int) -> int:
    links = name_links(split(question), SHOP, range(len(SHOP.columns)), ())
    return max((link.level for link in links.get(Pointer(kind, index), ())), default=0)  # type: ignore[arg-type]


# values


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("sales of fashion products", (1, "Fashion")),
        ("SALES OF FASHION", (1, "Fashion")),
        ("sales in the middle east and africa", (2, "Middle East & Africa")),
        ("home and garden", (1, "Home & Garden")),
        ("sales of smartphones", (1, "Smartphone")),
        ("a smart phone", (1, "Smartphone")),
        ("Electrnics in Lyon", (1, "Electronics")),
        ("midle east and africa", (2, "Middle East & Africa")),
        ("canceled orders", (10, "Cancelled")),
        ("Italian stores", (14, "Italy")),
        ("stores in the United States", (14, "USA")),
        ("stores in the US", (14, "USA")),
        ("european customers", (2, "Europe")),
        ("customers from LA", (5, "Los Angeles")),
        ("women in Lyon", (6, "F")),
        ("the male ones", (6, "M")),
        ("cancellation rate", (10, "Cancelled")),
        ("the garden category", (1, "Home & Garden")),
        ("the middle east", (2, "Middle East & Africa")),
        ("orders that were paid", (11, "Y")),
        ("stores in OR", (13, "OR")),
        ("customers called May", (3, "May")),
        ("the customer 'may'", (3, "May")),
        ("zip 12345", (5, "12345")),
    ],
)
def test_a_stored_value_is_found_with_its_own_spelling(question: str, expected: tuple[int, str]) -> None:
    assert expected in values(question)


def test_words_in_brackets_behind_a_value_in_the_columns_comment_name_the_value() -> None:
    schema = Schema((Table("orders", (Column("status", comment="state: Completed, Pending (open, waiting) or Cancelled"),)),))
    index = ValueIndex(schema, {0: ["Completed", "Pending", "Cancelled"]})
    assert [value.value for value in index.link(split("orders that are still open"))] == ["Pending"]
    assert [value.value for value in index.link(split("waiting orders"))] == ["Pending"]


@pytest.mark.parametrize("question", ["which may be paid or not", "how many of them are there", "orders in lyo", "f or m"])
def test_stop_words_and_fragments_name_no_value(question: str) -> None:
    assert {value for value in values(question) if value[0] != 11} == set()


def test_a_longer_match_hides_the_shorter_ones_within_it() -> None:
    assert values("customers in New York") == {(5, "New York")}


@pytest.mark.parametrize(("question", "stored"), [("the margin", "Martin"), ("each seller", "Keller"), ("in march", "Marco")])
def test_an_english_word_is_no_misspelt_value(question: str, stored: str) -> None:
    assert ValueIndex(SHOP, {3: [stored]}).link(split(question)) == ()


def test_a_part_of_a_value_of_a_column_with_many_values_names_none() -> None:
    index = ValueIndex(SHOP, {5: [f"Garden {i} Plaza" for i in range(100)]})
    assert index.link(split("garden plaza")) == ()


def test_a_value_that_is_named_twice_is_linked_once() -> None:
    assert len(INDEX.link(split("fashion compared with all but fashion"))) == 1


def test_a_place_and_its_kind_name_the_place_too() -> None:
    schema = Schema((Table("wines", (Column("appellation"), Column("county"))),))
    index = ValueIndex(schema, {0: ["Sonoma County"], 1: ["Sonoma"]})
    assert {value.value for value in index.link(split("wines of Sonoma County"))} == {"Sonoma County", "Sonoma"}


def test_a_first_and_a_last_name_are_two_values() -> None:
    assert values("orders of John Smith") == {(3, "John"), (4, "Smith")}


def test_a_value_of_several_columns_is_offered_for_each() -> None:
    assert values("who lives in Lyon") == {(5, "Lyon"), (13, "Lyon")}


def test_the_column_that_the_question_speaks_of_comes_first() -> None:
    assert [value.column for value in INDEX.link(split("stores in Lyon")) if value.value == "Lyon"][0] == 13
    assert [value.column for value in INDEX.link(split("customers in Lyon"))][0] == 5


def test_a_value_that_is_also_a_name_ranks_below_a_value_that_is_not() -> None:
    scores = {value.value: value.score for value in INDEX.link(split("store type of the outlet and the store"))}
    assert scores["Store"] < scores["Outlet"]


def test_a_value_covers_the_words_that_name_it() -> None:
    value = next(value for value in INDEX.link(split("sales in the middle east and africa")) if value.column == 2)
    assert (value.first, value.last) == (3, 6)


def test_at_most_fourteen_values_are_linked() -> None:
    names = [chr(97 + i // 26) + chr(97 + i % 26) + "xyzzy" for i in range(40)]
    index = ValueIndex(SHOP, {3: names, 4: names, 5: names, 13: names})
    assert len(index.link(split(" ".join(names)))) == 14


def test_at_most_three_columns_share_a_run_of_words() -> None:
    index = ValueIndex(SHOP, {column: ["Lyon"] for column in (1, 2, 3, 4, 5)})
    assert len(index.link(split("in Lyon"))) == 3


@given(st.text(max_size=60))
def test_any_text_gives_values_within_its_words(text: str) -> None:
    words = split(text)
    assert all(0 <= value.first <= value.last < len(words) for value in INDEX.link(words))


def test_fifty_thousand_values_are_indexed_in_about_a_second() -> None:
    stored = [f"name{i} of{i % 977} thing{i % 13}" for i in range(50_000)]
    index, started = ValueIndex(SHOP, {5: stored}), time.process_time()
    index.link(split("name7 of7 thing7"))
    assert time.process_time() - started < 2.5  # 0.6 s alone on a quiet machine


# names


@pytest.mark.parametrize(
    ("question", "kind", "index", "expected"),
    [
        ("the category name", "column", 1, 2),
        ("name of the category", "column", 1, 2),
        ("names of all categories", "column", 1, 2),
        ("every order", "table", 3, 2),
        ("birth date", "column", 7, 2),
        ("the date of the order", "column", 9, 2),
        ("each date", "column", 9, 1),
        ("per department", "column", 15, 1),
        ("employees", "table", 5, 2),
        ("their nation", "column", 16, 1),
        ("the nation", "column", 14, 1),
        ("salries above 10", "column", 17, 2),
        ("how are you", "table", 0, 0),
        ("the store", "column", 1, 0),
    ],
)
def test_a_name_is_linked_by_level(question: str, kind: str, index: int, expected: int) -> None:
    assert level(question, kind, index) == expected


@pytest.mark.parametrize(("question", "name", "expected"), [
    ("cars with more than 20 miles per gallon", "MPG", 2), ("mpg of each car", "MPG", 2), ("miles per hour", "MPG", 0),
    ("the mpg of each car", "Miles_Per_Gallon", 2), ("the mph of each car", "Miles_Per_Gallon", 0),
])
def test_initials_are_linked_to_the_words_that_they_abbreviate(question: str, name: str, expected: int) -> None:
    cars = Schema((Table("cars", (Column(name, kind="number"), Column("make"))),))
    links = name_links(split(question), cars, range(2), ()).get(Pointer("column", 0), ())
    assert max((link.level for link in links), default=0) == expected


@pytest.mark.parametrize(("question", "name", "expected"), [
    ("the name", "nm", 2), ("the frame", "frm", 1), ("the bottle", "btl", 1), ("the template", "tmpl", 1),
    ("each agent", "at", 0), ("tkt of each", "ticket", 1), ("each student", "st", 0), ("each customer", "crs", 0),
    ("a client", "city", 0), ("number", "nm", 0),
])
def test_a_contracted_name_is_linked_to_its_word(question: str, name: str, expected: int) -> None:
    schema = Schema((Table("t", (Column(name), Column("other"))),))
    links = name_links(split(question), schema, range(2), ()).get(Pointer("column", 0), ())
    assert max((link.level for link in links), default=0) == expected


def test_a_comments_word_that_many_columns_share_links_none() -> None:
    columns = tuple(Column(f"x{i}", comment="amount in euros") for i in range(6))
    schema = Schema((Table("t", columns),))
    assert name_links(split("how many euros"), schema, range(6), ()) == {}


def test_only_shown_columns_and_their_tables_are_linked() -> None:
    links = name_links(split("category name and status of orders"), SHOP, [10], ())
    assert set(links) == {Pointer("table", 3), Pointer("column", 10)}


def test_a_value_is_linked_to_its_words_by_its_place_in_the_list() -> None:
    found = context("fashion in Lyon")
    assert [link.word for link in found.links[Pointer("value", 0)]] == [0]
    assert all(link.level == 3 for link in found.links[Pointer("value", 0)])


def test_a_schema_that_is_gone_leaves_no_index_behind() -> None:
    from nl2sql.context.names import NameIndex

    before = len(NameIndex._made)
    name_links(split("a name"), Schema((Table("t", (Column("name"),)),)), [0], ())
    assert len(NameIndex._made) == before


# context


def test_a_small_schema_is_shown_whole() -> None:
    assert context("anything").columns == tuple(range(len(SHOP.columns)))


def test_given_columns_are_shown_and_the_values_of_others_dropped() -> None:
    found = build_context("fashion in Lyon", SHOP, INDEX, AS_OF, columns=[13, 12])
    assert found.columns == (12, 13)
    assert {value.column for value in found.values} == {13}


def test_a_context_holds_numbers_and_periods() -> None:
    found = context("top ten stores in the past 5 years")
    assert [number.value for number in found.numbers] == [10, 5]
    assert [period.start for period in found.periods] == [dt.date(2020, 8, 21)]


def test_the_previous_query_is_handed_on() -> None:
    found = build_context("and in Lyon?", SHOP, INDEX, AS_OF, previous=("select", Pointer("column", 1)))
    assert found.previous == ("select", Pointer("column", 1))


def test_the_same_question_gives_the_same_context() -> None:
    question = "electrnics sales in Lyon for John Smith since last march"
    fresh = ValueIndex(SHOP, VALUES)
    assert context(question) == build_context(question, SHOP, fresh, AS_OF)


def large(tables: int = 40, columns: int = 12) -> Schema:
    """A chain of tables, each with a key to the one before it."""
    made = [
        Table(
            f"thing{i}",
            (Column("id", primary_key=True), Column("before_id"), *(Column(f"part{j} of{i}") for j in range(columns - 2))),
        )
        for i in range(tables)
    ]
    keys = tuple(ForeignKey(i * columns + 1, (i - 1) * columns) for i in range(1, tables))
    return Schema(tuple(made), keys)


def test_of_a_large_schema_the_named_tables_are_shown() -> None:
    schema = large()
    found = build_context("thing7 with part3 of7", schema, ValueIndex(schema, {}), AS_OF)
    assert 7 * 12 + 5 in found.columns
    assert len(found.columns) < 150


def test_tables_between_two_shown_ones_are_shown_with_their_keys() -> None:
    schema = large()
    found = build_context("thing7 and thing9", schema, ValueIndex(schema, {}), AS_OF)
    assert {7 * 12, 8 * 12, 8 * 12 + 1, 9 * 12 + 1} <= set(found.columns)


def test_the_column_of_a_linked_value_is_always_shown() -> None:
    schema = large()
    found = build_context("for Atlantis", schema, ValueIndex(schema, {400: ["Atlantis"]}), AS_OF)
    assert 400 in found.columns and found.values


@pytest.mark.parametrize(("question", "found"), [
    ("how many no-shows did we have", True), ("visits that were a no show", True), ("show all that has no fee", False),
    ("are there no other shows", False),
])  # fmt: skip
def test_words_that_say_nothing_alone_may_be_a_state(question: str, found: bool) -> None:
    visits = Schema((Table("visits", (Column("status"), Column("note"))),))
    index = ValueIndex(visits, {0: ["completed", "no-show"], 1: [f"note {i}" for i in range(70)] + ["no other"]})
    assert {value.value for value in index.link(split(question))} == ({"no-show"} if found else set())
