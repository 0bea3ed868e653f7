"""How the synthesis words its questions, and what they mean: names, missing values, flags, plans, places."""

from __future__ import annotations

import random
import re
from collections import Counter

import library_shop
import pytest
from library_shop import AS_OF, NULLABLE

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.data.synthesis import synthesize
from nl2sql.data.synthesis.ask import Ask
from nl2sql.data.synthesis.intents import INTENTS
from nl2sql.data.synthesis.near import lacks, near
from nl2sql.data.synthesis.world import World
from nl2sql.records import Column, Example, Schema, Table, Values
from nl2sql.sql.ir import Unsupported, from_sql


@pytest.fixture(name="described", scope="module")
def _described() -> tuple[Schema, Values]:
    return library_shop.described()


@pytest.fixture(name="examples", scope="module")
def _examples() -> list[Example]:
    return library_shop.examples()


def test_what_is_asked_can_be_said_in_symbols(examples: list[Example], described: tuple[Schema, Values]) -> None:
    schema, values = described
    index, said = ValueIndex(schema, values), [e for e in examples if e.sql]
    lost = 0
    for example in said:
        try:
            from_sql(example.sql or "", build_context(example.question, schema, index, AS_OF), "duckdb")
        except Unsupported:
            lost += 1
    assert lost <= 0.03 * len(said)


def test_questions_open_in_many_ways(examples: list[Example]) -> None:
    openings = Counter(" ".join(e.question.lower().split()[:2]) for e in examples if e.sql)
    assert len(openings) > 250 and openings.most_common(1)[0][1] < 0.08 * len(examples)


def suppliers() -> tuple[Schema, Values]:
    key = Column("supplier_id", kind="number", primary_key=True)
    tables = (Table("suppliers", (key, Column("supplier_name"), Column("country"))),)
    return Schema(tables, name="s"), {1: ["Rossi", "Meyer", "Germany"], 2: ["Germany", "Italy", "France"]}


def test_one_query_is_asked_in_several_ways_but_only_so_many() -> None:
    asked = synthesize(*suppliers(), as_of=AS_OF, n=150, seed=4, same_sql=5)
    assert max(Counter(e.sql for e in asked if e.sql).values()) == 5


def test_only_what_may_be_missing_is_asked_for_where_it_is_missing(examples: list[Example]) -> None:
    tested = [column for e in examples for column in re.findall(r"WHERE .*?\b\w+\.(\w+) IS (?:NOT )?NULL", e.sql or "")]
    assert set(tested) >= {"email", "ship_date", "manager_id"} and set(tested) <= NULLABLE


def test_a_yes_or_no_column_is_asked_for_both_ways(examples: list[Example]) -> None:
    sql = " ".join(e.sql or "" for e in examples)
    assert "NOT books.out_of_print" in sql and re.search(r"(?:WHERE|AND) books\.out_of_print", sql)


def test_a_date_that_is_a_part_of_the_key_is_a_date_all_the_same(described: tuple[Schema, Values]) -> None:
    world = World(*described, AS_OF)
    (plan,) = (entity for entity in world.entities if entity.noun == "sales target")
    assert [column.noun for column in plan.with_role("date")] == ["quarter start"] and world.time_column(plan.table) is not None


def test_plans_are_dated_by_their_own_date(examples: list[Example]) -> None:
    dated = [e.sql or "" for e in examples if re.search(r"FROM sales_targets\b.*DATE '", e.sql or "")]
    assert len(dated) > 10 and all("sales_targets.quarter_start" in sql for sql in dated)


def test_rows_are_not_counted_from_a_table_that_loses_some(examples: list[Example]) -> None:
    """Orders are counted from their lines only where something of the lines is asked for, never from returns."""
    for example in examples:
        if "COUNT(DISTINCT orders.order_id)" in (example.sql or "") and "LEFT JOIN" not in (example.sql or ""):
            assert "FROM returns" not in (example.sql or ""), example.question


def test_what_is_missing_is_counted_listed_and_told_as_a_share(described: tuple[Schema, Values]) -> None:
    world = World(*described, AS_OF)
    asked = [draft.sql or "" for seed in range(120) if (draft := INTENTS["absent"][1](Ask(world, random.Random(seed))))]
    assert asked and all(re.search(r"\w+\.\w+ IS (NOT )?NULL", sql) for sql in asked)
    for start in ("SELECT COUNT(*) FROM", "SELECT readers.first_name", "FILTER (WHERE"):
        assert any(start in sql for sql in asked), start


def test_what_came_back_is_told_by_the_lines_that_it_came_from(described: tuple[Schema, Values]) -> None:
    world = World(*described, AS_OF)
    asked = [draft.sql or "" for seed in range(60) if (draft := INTENTS["returned"][1](Ask(world, random.Random(seed))))]
    back = "IN (SELECT order_items.book_id FROM returns JOIN order_items ON returns.order_item_id = order_items.order_item_id"
    assert asked and all(back in sql for sql in asked)
    assert any("books.book_id IN (SELECT order_items.book_id FROM order_items) AND" in sql for sql in asked)


def test_every_fourth_question_has_two_conditions_or_more(examples: list[Example]) -> None:
    asked = [e.sql for e in examples if e.sql and "WHERE" in e.sql]
    assert sum(" AND " in re.sub(r"DATE '[^']+' AND \S+ < DATE", "", sql) for sql in asked) > 0.25 * len(asked)


def test_things_are_narrowed_by_what_sorts_them_most_of_all(described: tuple[Schema, Values]) -> None:
    world, rng = World(*described, AS_OF), random.Random(8)
    lines = next(e.table for e in world.entities if e.noun == "order item")
    made = [one for one in (Ask(world, rng).filter(lines) for _ in range(600)) if one]
    names = Counter(world.schema.columns[one.column].name for one in made if one.table != lines)
    assert names.most_common(1)[0][0] == "genre_name"


def test_a_question_that_comes_near_never_asks_for_what_the_schema_holds() -> None:
    key = Column("client_id", kind="number", primary_key=True)
    table = Table("clients", (key, Column("full_name"), Column("phone_number"), Column("city")))
    names = {1: ["Ada Moss", "Ben Lund"], 2: ["555 1234", "555 6789"], 3: ["Oslo", "Lima"]}
    world = World(Schema((table,), name="c"), names, AS_OF)
    assert lacks(world, ("phone number", "gender", "religion", "children do {people} have")) == [
        "gender", "religion", "children do {people} have"
    ]  # fmt: skip
    made = [draft for seed in range(200) if (draft := near(world, random.Random(seed)))]
    assert len(made) > 100 and all(draft.sql is None for draft in made)


def test_nationalities_stand_for_places_alone() -> None:
    asked = synthesize(*suppliers(), as_of=AS_OF, n=400, seed=4)
    german = [e for e in asked if e.sql and "german " in e.question.lower()]
    assert german and all("suppliers.country = 'Germany'" in (e.sql or "") for e in german)
