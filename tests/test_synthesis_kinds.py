"""Kinds of questions in which a little word changes the SQL: second or third, the customer's region, worst, no order."""

from __future__ import annotations

import random
import re

import duckdb
import library_shop
import pytest
from intent_drafts import drafts
from library_shop import AS_OF

from nl2sql.data.synthesis.rephrase import rephrase
from nl2sql.data.synthesis.world import World
from nl2sql.records import Column, ForeignKey, Kind, Schema, Table, Values

ROUTES = {
    "regions": "region_id INTEGER, region_name VARCHAR",
    "stores": "store_id INTEGER, store_name VARCHAR, region_id INTEGER",
    "employees": "employee_id INTEGER, full_name VARCHAR, store_id INTEGER",
    "customers": "customer_id INTEGER, full_name VARCHAR, region_id INTEGER",
    "orders": "order_id INTEGER, customer_id INTEGER, store_id INTEGER, employee_id INTEGER, order_date DATE, amount DOUBLE",
}
KINDS: dict[str, Kind] = {"INTEGER": "number", "DOUBLE": "number", "VARCHAR": "text", "DATE": "date"}


@pytest.fixture(name="shop", scope="module")
def _shop() -> duckdb.DuckDBPyConnection:
    return library_shop.shop()


@pytest.fixture(name="world", scope="module")
def _world(shop: duckdb.DuckDBPyConnection) -> World:
    world = World(*library_shop.described(), AS_OF)
    world.learn_ranges(lambda sql: shop.execute(sql).fetchall())
    return world


def chain() -> tuple[Schema, Values]:
    """Stores and customers lie in regions; employees belong to stores: an order reaches a region in two ways, a store too."""
    tables = []
    for name, text in ROUTES.items():
        columns = [part.split(" ") for part in text.split(", ")]
        tables.append(Table(name, tuple(Column(c, t, KINDS[t], primary_key=i == 0) for i, (c, t) in enumerate(columns))))
    flat = [(t.name, c.name, c.primary_key) for t in tables for c in t.columns]
    own = {name: at for at, (_, name, primary) in enumerate(flat) if primary}
    keys = [ForeignKey(at, own[name]) for at, (_, name, primary) in enumerate(flat) if name in own and not primary]
    texts = {"region_name": ["North", "South"], "store_name": ["Quay", "Hill"], "full_name": ["Ada Moss", "Ben Lund"]}
    return Schema(tuple(tables), tuple(keys), "chain"), {at: texts[n] for at, (_, n, _) in enumerate(flat) if n in texts}


def test_lists_narrowed_twice_keep_both_conditions(world: World) -> None:
    for draft in drafts(world, "narrowed"):
        where = (draft.sql or "").split(" WHERE ")[1]
        assert " AND " in where, draft


def test_a_second_or_third_place_leaves_out_those_before_it(world: World) -> None:
    places = {"0": "", "1": r"\b(?:second|2nd)\b", "2": r"\b(?:third|3rd)\b", "3": r"\b(?:fourth|4th)\b"}
    asked = [(d.question.lower(), re.search(r" OFFSET (\d)", d.sql or "")) for d in drafts(world, "extreme of a kind", 300)]
    said = [(question, found.group(1)) for question, found in asked if found]
    assert {place for _, place in said} >= {"1", "2"}
    wrong = [question for question, place in said if not re.search(places[place], question)]
    assert len(wrong) < 0.1 * len(said)  # typing errors


@pytest.mark.parametrize(("word", "order", "extreme"), [("cheapest", "ASC", "MIN"), ("dearest", "DESC", "MAX")])
def test_the_cheapest_is_the_least_and_the_dearest_the_greatest(world: World, word: str, order: str, extreme: str) -> None:
    asked = [d.sql or "" for d in drafts(world, "extreme of a kind", 400) if word in d.question.lower()]
    assert len(asked) > 5 and all(f"price {order} LIMIT" in sql or f"{extreme}(books.price)" in sql for sql in asked)


def test_letters_are_looked_for_in_the_column_that_is_named(world: World) -> None:
    for draft in drafts(world, "lettered", 300):
        found = re.search(r"readers\.(first_name|last_name) ILIKE", draft.sql or "")
        said = draft.question.lower()
        if found and re.search(r"\b(?:last|family|sur) ?names?\b", said):
            assert found.group(1) == "last_name", draft
        if found and re.search(r"\b(?:first|given|fore) ?names?\b", said) and "last" not in said:
            assert found.group(1) == "first_name", draft


def test_a_row_is_compared_with_the_average_of_its_own_group(world: World) -> None:
    for draft in drafts(world, "against own group", 40):
        assert re.search(r"QUALIFY (\S+) [<>] AVG\(\1\) OVER \(PARTITION BY \S+\)$", draft.sql or ""), draft


def test_days_lie_between_two_different_dates(world: World) -> None:
    for draft in drafts(world, "two dates"):
        for first, second in re.findall(r"DATE_DIFF\('day', ([^,]+), ([^)]+)\)", draft.sql or ""):
            assert first != second


def test_what_happened_per_month_is_counted_by_the_date_that_its_period_is_about(world: World) -> None:
    for draft in drafts(world, "happenings", 60):
        dates = set(re.findall(r"\w+\.(?:\w+_date|\w+_on)\b", re.sub(r"birth_date", "", draft.sql or "")))
        assert len(dates) == 1, draft


def test_the_same_region_is_the_customers_and_the_stores() -> None:
    found = [draft.sql or "" for draft in drafts(World(*chain(), AS_OF), "same column", 40)]
    assert found and all(re.search(r"WHERE .*(customers|stores)\.region_id (?:=|<>) (?!\1)\w+\.region_id", sql) for sql in found)


def test_the_region_of_the_customers_is_reached_through_them() -> None:
    world, seen = World(*chain(), AS_OF), set()
    for draft in drafts(world, "by route", 200):
        through = "regions ON customers.region_id" in (draft.sql or "")
        if "region_name" in (draft.sql or "") and re.search(r"\bstore region|store's region", draft.question):
            if "not" not in draft.question:
                assert not through and "stores.region_id = regions.region_id" in (draft.sql or ""), draft
                seen.add("store")
        elif re.search(r"\bcustomer region|customer's region", draft.question):
            assert through, draft
            seen.add("customer")
    assert seen == {"store", "customer"}


def test_the_orders_of_a_stores_employees_are_found_through_the_employees() -> None:
    world = World(*chain(), AS_OF)
    asked = [d.sql or "" for d in drafts(world, "by route", 200) if "SELECT employees.full_name" in (d.sql or "")]
    assert asked and all("stores ON employees.store_id = stores.store_id" in sql for sql in asked)
    assert not any("orders.store_id = stores.store_id" in sql for sql in asked)


def test_plans_are_summed_without_the_sales(world: World) -> None:
    asked = [d.sql or "" for d in drafts(world, "given away", 200) if "target_amount" in (d.sql or "")]
    assert asked and not any("orders" in sql for sql in asked)


def test_a_margin_is_compared_as_a_fraction(world: World) -> None:
    found = [re.search(r" HAVING .* [<>] (\S+)$", d.sql or "") for d in drafts(world, "thin margin", 60)]
    assert any(m and m.group(1) != "0" for m in found)
    assert all(float(m.group(1)) < 1 for m in found if m)


def test_the_worst_rate_of_what_is_good_is_the_lowest(world: World) -> None:
    for draft in drafts(world, "worst rates", 80):
        good = "'Completed'" in (draft.sql or "")
        assert (draft.sql or "").rpartition(" LIMIT ")[0].endswith("ASC" if good else "DESC"), draft


def test_growth_between_two_years_is_one_number(world: World, shop: duckdb.DuckDBPyConnection) -> None:
    for draft in drafts(world, "growth of one", 30):
        rows = shop.execute(draft.sql or "").fetchall()
        assert len(rows) == 1 and len(rows[0]) == 1


def test_two_years_side_by_side_are_a_row_each(world: World, shop: duckdb.DuckDBPyConnection) -> None:
    for draft in drafts(world, "years of one", 30):
        years = sorted(set(re.findall(r">= DATE '(\d{4})-01-01'", draft.sql or "")))
        rows = shop.execute(draft.sql or "").fetchall()
        assert len(years) == 2 and [str(row[0]) for row in rows if str(row[0]) not in years] == []


def test_what_did_not_happen_is_narrowed_inside_and_who_it_is_about_outside(world: World) -> None:
    for draft in drafts(world, "missed"):
        outside, _, inside = (draft.sql or "").partition(" NOT IN (")
        assert re.search(r" WHERE .* AND ", outside), draft
        assert "tier" not in inside and "job_title" not in inside, draft


def test_a_mistyped_question_is_never_spelled_right(world: World) -> None:
    values = {text.lower() for texts in world.values.values() for text in texts}
    wrong = 0
    for draft in drafts(world, "mistyped", 60):
        stored = re.findall(r"= '([^']+)'", draft.sql or "")
        assert all(text.lower() in values for text in stored)
        wrong += any(text.lower() not in draft.question.lower() for text in stored)
    assert wrong > 10


@pytest.mark.parametrize("text", ["growth of sales between 2020 and 2024", "a margin of 40 per cent", "the highest paid clerk"])
def test_years_percentages_and_superlatives_of_two_words_are_not_reworded(text: str) -> None:
    rng = random.Random(1)
    kept = re.search(r"between 2020 and 2024|40 per cent|highest paid", text)
    assert kept and all(kept.group() in rephrase(rng, text, frozenset()) for _ in range(200))
