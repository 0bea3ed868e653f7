"""Questions with SQL for any schema: every pair runs, follows the conventions, and comes the same again from the same seed."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from dataclasses import replace

import duckdb
import library_shop
import pytest
from intent_drafts import drafts
from library_shop import AS_OF

from nl2sql.data.synthesis import invent_schema, synthesize
from nl2sql.data.synthesis.intents import INTENTS
from nl2sql.data.synthesis.times import any_time
from nl2sql.data.synthesis.world import World
from nl2sql.records import Example, Schema, Values


@pytest.fixture(name="shop", scope="module")
def _shop() -> duckdb.DuckDBPyConnection:
    return library_shop.shop()


@pytest.fixture(name="described", scope="module")
def _described() -> tuple[Schema, Values]:
    return library_shop.described()


@pytest.fixture(name="examples", scope="module")
def _examples() -> list[Example]:
    return library_shop.examples()


def of(examples: list[Example], *tags: str) -> list[Example]:
    return [e for e in examples if e.tags[0] in tags]


# They need two ways to one place, a city of two tables, spans or a number of days: tests/test_synthesis_kinds.py,
# tests/test_synthesis_stated.py, tests/test_synthesis_combined.py and tests/test_synthesis_how_long.py
ELSEWHERE = {"by route", "same column", "only in one", "running", "lead time", "lasting", "who sold", "worked best"}


@pytest.mark.parametrize("intent", [name for name in INTENTS if name not in ELSEWHERE])
def test_every_intent_writes_sql_that_runs(
    intent: str, shop: duckdb.DuckDBPyConnection, described: tuple[Schema, Values]
) -> None:
    found = list(drafts(World(*described, AS_OF), intent, 20, tries=75))
    for draft in found:
        assert draft.sql and draft.question
        shop.execute(draft.sql).fetchmany(5)
    assert len(found) >= 10


def test_as_many_examples_come_as_were_asked_for(examples: list[Example]) -> None:
    assert len(examples) == 900


def test_intents_are_balanced_by_their_weights(examples: list[Example]) -> None:
    counts = Counter(e.tags[0] for e in examples if e.sql)
    total, weights = sum(counts.values()), sum(weight for weight, _ in INTENTS.values())
    for name, (weight, _) in ((n, i) for n, i in INTENTS.items() if n not in ELSEWHERE):
        share = weight / weights
        assert 0.3 * share * total - 2 <= counts[name] <= 1.7 * share * total + 2, name


def test_no_question_comes_twice(examples: list[Example]) -> None:
    folded = [re.sub(r"[?. ]+$", "", e.question.lower()) for e in examples]
    assert len(set(folded)) == len(folded)


def test_the_same_seed_gives_the_same_examples_and_another_seed_others(described: tuple[Schema, Values]) -> None:
    first, again, other = (list(synthesize(*described, as_of=AS_OF, n=60, seed=seed)) for seed in (3, 3, 4))
    assert first == again != other


def test_nothing_is_empty_or_trivial(examples: list[Example], shop: duckdb.DuckDBPyConnection) -> None:
    for example in (e for e in examples[:250] if e.sql):
        rows = shop.execute(example.sql or "").fetchall()
        assert rows and any(cell is not None for row in rows for cell in row)


def test_pairs_that_fail_are_dropped(described: tuple[Schema, Values]) -> None:
    def broken(sql: str) -> list[tuple[object, ...]]:
        raise RuntimeError("no")

    assert all(e.sql is None for e in synthesize(*described, as_of=AS_OF, n=10, seed=1, run=broken))


def test_what_ranks_shows_the_label_first_and_then_the_measure(examples: list[Example]) -> None:
    for example in of(examples, "top"):
        found = re.fullmatch(r"SELECT (.*) FROM .* ORDER BY (.*) (?:ASC|DESC) LIMIT \d+(?: OFFSET 1)?", example.sql or "")
        assert found and found.group(1).endswith(f", {found.group(2)}"), example.sql


def test_an_entity_is_grouped_by_its_key_and_shown_by_its_name(examples: list[Example]) -> None:
    shown = [e.sql or "" for e in of(examples, "group", "top") if re.match(r"SELECT shops\.shop_name,", e.sql or "")]
    assert shown and all("GROUP BY shops.shop_id, shops.shop_name" in sql for sql in shown)


def test_persons_are_shown_by_both_names(examples: list[Example]) -> None:
    shown = [e.sql or "" for e in of(examples, "group", "top", "rows") if "SELECT readers.first_name" in (e.sql or "")]
    assert shown and all("readers.first_name, readers.last_name" in sql for sql in shown)


def test_months_and_quarters_are_dates_and_years_numbers(examples: list[Example]) -> None:
    for example in of(examples, "trend"):
        assert re.match(r"SELECT (CAST\(DATE_TRUNC\('\w+', [\w.]+\) AS DATE\)|YEAR\()", example.sql or "")


def test_a_trend_is_in_order_of_time(examples: list[Example]) -> None:
    for example in of(examples, "trend", "running total", "period over period"):
        first = re.match(r"SELECT ((?:CAST\(.*? AS DATE\))|YEAR\([\w.]+\))", example.sql or "")
        assert first and f"ORDER BY {first.group(1)}" in (example.sql or "")


def test_no_clock_is_read(examples: list[Example]) -> None:
    assert not any(re.search(r"current_date|now\(|today\(", e.sql or "", re.I) for e in examples)


def test_counts_are_taken_from_the_counted_table_where_its_keys_lead_everywhere(examples: list[Example]) -> None:
    for example in examples:  # orders without items would be lost
        if "COUNT(DISTINCT orders.order_id)" in (example.sql or "") and "/" not in (example.sql or ""):
            assert "books" in (example.sql or "") or "genres" in (example.sql or "") or "order_items." in (example.sql or "")


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        (r"[Ll]ast year", dt.date(2023, 1, 1), dt.date(2024, 1, 1)),
        (r"(?:in )?(?:the )?(?:past|last) (?:five|5) years", dt.date(2019, 8, 16), dt.date(2024, 8, 16)),
        (r"(?:in )?Q3 2022", dt.date(2022, 7, 1), dt.date(2022, 10, 1)),
        (r"since 2022", dt.date(2022, 1, 1), None),
        (r"before 2022", None, dt.date(2022, 1, 1)),
        (r"after 2021", dt.date(2022, 1, 1), None),
    ],
)
def test_time_expressions_mean_what_the_conventions_say(words: str, start: dt.date | None, end: dt.date | None) -> None:
    rng, seen = random.Random(5), 0
    for _ in range(6_000):
        when = any_time(rng, AS_OF, dt.date(2019, 1, 1), AS_OF)
        if re.fullmatch(words, when.full):
            seen += 1
            assert (when.start, when.end) == (start, end)
    assert seen


def test_the_question_of_the_acceptance_test_is_never_worded(described: tuple[Schema, Values]) -> None:
    for seed in range(3):
        for example in synthesize(*described, as_of=AS_OF, n=500, seed=seed):
            assert "most amount of" not in example.question.lower()


def test_unanswerable_questions_have_no_sql_and_name_nothing_of_the_schema_or_change_data(examples: list[Example]) -> None:
    refused = of(examples, "unanswerable")
    assert 25 <= len(refused) <= 100 and all(e.sql is None for e in refused)


def test_a_thousand_invented_schemas_are_all_different() -> None:
    assert len({str(invent_schema(seed)[0].tables) for seed in range(1000)}) == 1000


def test_an_invented_schema_comes_the_same_again_from_its_seed() -> None:
    assert invent_schema(11) == invent_schema(11)


def test_invented_schemas_can_be_created_and_their_queries_run() -> None:
    for seed in range(25):
        schema, values = invent_schema(seed)
        with duckdb.connect() as connection:
            for table in schema.tables:
                columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
                connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
            for example in synthesize(schema, values, as_of=AS_OF, n=40, seed=seed):
                if example.sql:
                    connection.execute(example.sql or "")


def test_invented_schemas_have_up_to_14_tables_with_keys_that_lead_somewhere() -> None:
    for seed in range(200):
        schema, _ = invent_schema(seed)
        assert 1 <= len(schema.tables) <= 14
        assert all(key.target < len(schema.columns) and schema.columns[key.target].primary_key for key in schema.foreign_keys)


def test_times_reach_over_the_whole_data_even_where_samples_are_its_first_days(
    shop: duckdb.DuckDBPyConnection, described: tuple[Schema, Values]
) -> None:
    schema, values = described
    first = tuple(shop.execute("SELECT DISTINCT order_date FROM orders ORDER BY 1 LIMIT 4").fetchall())
    tables = tuple(
        replace(t, columns=tuple(replace(c, samples=tuple(d for (d,) in first)) if c.kind == "date" else c for c in t.columns))
        for t in schema.tables
    )
    made = synthesize(
        replace(schema, tables=tables), values, as_of=AS_OF, n=300, seed=2, run=lambda sql: shop.execute(sql).fetchmany(100)
    )
    years = {year for e in made for year in re.findall(r"order_date >= DATE '(\d{4})", e.sql or "")}
    assert {"2020", "2021", "2022", "2023"} <= years
