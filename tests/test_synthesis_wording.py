"""How the synthesis words its questions, and what they mean: names, missing values, flags, plans, places."""

from __future__ import annotations

import re
from collections import Counter

import library_shop
import pytest
from library_shop import AS_OF, NULLABLE

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.data.synthesis import synthesize
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


def test_nationalities_stand_for_places_alone() -> None:
    asked = synthesize(*suppliers(), as_of=AS_OF, n=150, seed=4)
    german = [e for e in asked if e.sql and "german " in e.question.lower()]
    assert german and all("suppliers.country = 'Germany'" in (e.sql or "") for e in german)
