"""Questions with SQL for any schema: every pair runs, follows the conventions, and comes the same again from the same seed."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.data.synthesis import invent_schema, synthesize
from nl2sql.data.synthesis.ask import Ask
from nl2sql.data.synthesis.intents import INTENTS
from nl2sql.data.synthesis.select import Implausible
from nl2sql.data.synthesis.times import any_time
from nl2sql.data.synthesis.world import World
from nl2sql.records import Column, Example, ForeignKey, Kind, Schema, Table, Values
from nl2sql.sql.ir import Unsupported, from_sql

AS_OF = dt.date(2024, 8, 15)
TABLES = {  # a small library shop: events, lines, people, a self-reference, returns, flags, years and NULLs
    "shops": "shop_id INTEGER PRIMARY KEY, shop_name VARCHAR, city VARCHAR, opened_on DATE, floor_area INTEGER",
    "staff": (
        "staff_id INTEGER PRIMARY KEY, full_name VARCHAR, job_title VARCHAR, shop_id INTEGER, manager_id INTEGER, salary DOUBLE"
    ),
    "readers": (
        "reader_id INTEGER PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, tier VARCHAR, birth_date DATE, email VARCHAR"
    ),
    "genres": "genre_id INTEGER PRIMARY KEY, genre_name VARCHAR",
    "books": (
        "book_id INTEGER PRIMARY KEY, title VARCHAR, genre_id INTEGER, price DOUBLE, unit_cost DOUBLE, out_of_print "
        "BOOLEAN, published_year INTEGER"
    ),
    "orders": "order_id INTEGER PRIMARY KEY, reader_id INTEGER, shop_id INTEGER, order_date DATE, ship_date DATE, status VARCHAR",
    "order_items": (
        "order_item_id INTEGER PRIMARY KEY, order_id INTEGER, book_id INTEGER, quantity INTEGER, unit_price DOUBLE, "
        "discount DOUBLE, amount DOUBLE"
    ),
    "returns": "return_id INTEGER PRIMARY KEY, order_item_id INTEGER, return_date DATE, refund_amount DOUBLE",
    "sales_targets": "shop_id INTEGER, quarter_start DATE, target_amount DOUBLE",  # both together are its key
}
KEYS = {
    ("staff", "shop_id"): "shops",
    ("staff", "manager_id"): "staff",
    ("books", "genre_id"): "genres",
    ("orders", "reader_id"): "readers",
    ("orders", "shop_id"): "shops",
    ("order_items", "order_id"): "orders",
    ("order_items", "book_id"): "books",
    ("returns", "order_item_id"): "order_items",
    ("sales_targets", "shop_id"): "shops",
}
KINDS: dict[str, Kind] = {"INTEGER": "number", "DOUBLE": "number", "VARCHAR": "text", "DATE": "date", "BOOLEAN": "boolean"}
NULLABLE = {"manager_id", "email", "ship_date", "birth_date"}


@pytest.fixture(scope="module")
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    for name, columns in TABLES.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")
    rng = random.Random(1)

    def day(first: dt.date, days: int) -> dt.date:
        return first + dt.timedelta(days=rng.randrange(days))

    def fill(name: str, rows: list[tuple[object, ...]]) -> None:
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    cities, tiers, states = ("Oslo", "Lima", "Perth"), ("Basic", "Silver", "Gold"), ("Completed", "Pending", "Cancelled")
    fill(
        "shops",
        [
            (i, f"Shop {w}", cities[i % 3], day(dt.date(2015, 1, 1), 2000), 100 + 37 * i)
            for i, w in enumerate(("North", "Quay", "Market", "Hill", "Park"))
        ],
    )
    people = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn")
    fill(
        "staff",
        [
            (i, f"{people[i % 6]} Moss{i}", ("Clerk", "Manager")[i % 2], i % 5, None if i < 2 else i % 2, 2000.0 + 150 * i)
            for i in range(14)
        ],
    )
    fill(
        "readers",
        [
            (i, people[i % 6], f"Lund{i}", tiers[i % 3], day(dt.date(1950, 1, 1), 18000), None if i % 5 == 0 else f"r{i}@x.org")
            for i in range(40)
        ],
    )
    fill("genres", [(i, g) for i, g in enumerate(("Crime", "Poetry", "History", "Travel"))])
    fill(
        "books",
        [
            (i, f"The {a} {b}", i % 4, 5.0 + i, 3.0 + i / 2, i % 7 == 0, 1990 + i)
            for i, (a, b) in enumerate((a, b) for a in ("Red", "Lost", "Last") for b in ("Door", "Sea", "Map", "Song"))
        ],
    )
    orders = [(i, rng.randrange(36), rng.randrange(5), day(dt.date(2019, 1, 1), 2050)) for i in range(600)]
    fill(
        "orders",
        [(*o, None if rng.random() < 0.1 else o[3] + dt.timedelta(days=rng.randrange(1, 9)), rng.choice(states)) for o in orders],
    )
    fill(
        "order_items",
        [
            (i, rng.randrange(600), rng.randrange(11), n, p, d, round(n * p * (1 - d), 2))
            for i, n, p, d in ((i, rng.randrange(1, 5), round(rng.uniform(2, 30), 2), i % 4 / 10) for i in range(1500))
        ],
    )
    starts = [dt.date(2019 + i // 4, 1 + i % 4 * 3, 1) for i in range(20)]
    fill("sales_targets", [(shop, start, 300.0 + 40 * shop + rng.randrange(400)) for shop in range(5) for start in starts])
    fill("returns", [(i, i * 7, day(dt.date(2019, 2, 1), 2000), round(rng.uniform(5, 60), 2)) for i in range(150)])
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def described(shop: duckdb.DuckDBPyConnection) -> tuple[Schema, Values]:
    tables: list[Table] = []
    values: dict[int, list[str]] = {}
    place: dict[tuple[str, str], int] = {}
    for name, text in TABLES.items():
        columns = []
        for part in text.split(", "):
            column, type_, *rest = part.split(" ")
            found = [
                row[0]
                for row in shop.execute(f"SELECT DISTINCT {column} FROM {name} WHERE {column} IS NOT NULL ORDER BY 1").fetchall()
            ]
            place[name, column] = index = len(place)
            if type_ == "VARCHAR":
                values[index] = found
            samples = tuple(found[:: max(1, len(found) // 3)])
            columns.append(
                Column(
                    column,
                    type_,
                    KINDS[type_],
                    column.replace("_", " "),
                    samples=samples,
                    primary_key=bool(rest) or name == "sales_targets" and column != "target_amount",
                    unique=bool(rest),
                    nullable=column in NULLABLE,
                    distinct=len(found),
                )
            )
        tables.append(Table(name, tuple(columns), name.replace("_", " ")))
    first = {name: place[name, text.split(" ")[0]] for name, text in TABLES.items()}
    keys = tuple(ForeignKey(place[source], first[target]) for source, target in KEYS.items())
    return Schema(tuple(tables), keys, "shop"), values


@pytest.fixture(scope="module")
def examples(shop: duckdb.DuckDBPyConnection, described: tuple[Schema, Values]) -> list[Example]:
    return list(synthesize(*described, as_of=AS_OF, n=900, seed=7, run=lambda sql: shop.execute(sql).fetchmany(100)))


def of(examples: list[Example], *tags: str) -> list[Example]:
    return [e for e in examples if e.tags[0] in tags]


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_writes_sql_that_runs(
    intent: str, shop: duckdb.DuckDBPyConnection, described: tuple[Schema, Values]
) -> None:
    world, rng, found = World(*described, AS_OF), random.Random(intent), 0
    for _ in range(1500):
        if found == 20:
            break
        try:
            draft = INTENTS[intent][1](Ask(world, rng))
        except Implausible:
            continue
        if draft is not None:
            assert draft.sql and draft.question
            shop.execute(draft.sql).fetchmany(5)
            found += 1
    assert found >= 10


def test_as_many_examples_come_as_were_asked_for(examples: list[Example]) -> None:
    assert len(examples) == 900


def test_intents_are_balanced_by_their_weights(examples: list[Example]) -> None:
    counts = Counter(e.tags[0] for e in examples if e.sql)
    total, weights = sum(counts.values()), sum(weight for weight, _ in INTENTS.values())
    for name, (weight, _) in INTENTS.items():
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


def test_one_query_is_asked_in_several_ways(examples: list[Example]) -> None:
    uses = Counter(e.sql for e in examples if e.sql)
    assert 5 < max(uses.values()) <= 8


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


def test_plans_are_read_without_joining_what_was_sold(examples: list[Example]) -> None:
    plans = [e.sql or "" for e in of(examples, "target", "target over value")]
    assert plans and not any(re.search(r"FROM sales_targets.*JOIN orders ON shops", sql) for sql in plans)


def test_rows_are_not_counted_from_a_table_that_loses_some(examples: list[Example]) -> None:
    """Orders are counted from their lines only where something of the lines is asked for, never from returns."""
    for example in examples:
        if "COUNT(DISTINCT orders.order_id)" in (example.sql or "") and "LEFT JOIN" not in (example.sql or ""):
            assert "FROM returns" not in (example.sql or ""), example.question


def test_nationalities_stand_for_places_alone() -> None:
    key = Column("supplier_id", kind="number", primary_key=True)
    tables = (Table("suppliers", (key, Column("supplier_name"), Column("country"))),)
    values = {1: ["Rossi", "Meyer", "Germany"], 2: ["Germany", "Italy", "France"]}
    asked = synthesize(Schema(tables, name="s"), values, as_of=AS_OF, n=150, seed=4)
    german = [e for e in asked if e.sql and "german " in e.question.lower()]
    assert german and all("suppliers.country = 'Germany'" in (e.sql or "") for e in german)
