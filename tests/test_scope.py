"""Row-level safety: what a session may not see doesn't exist for it, however it asks."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_shop import make

from nl2sql import show
from nl2sql.assistant import Assistant
from nl2sql.context.linking import ValueIndex
from nl2sql.context.words import split
from nl2sql.engine.database import Database
from nl2sql.engine.scope import Scope
from nl2sql.errors import BadInput, Nl2SqlError, QueryFailed, Refused
from nl2sql.model.generate import Scripted
from nl2sql.records import Column, Query, Schema, Table
from nl2sql.sql.validate import validate

# Whatever is hidden holds one of these words, or is a number above a million.
HIDDEN = ("secret", "tenant", "hidden", "grants", "archive")
TWO_TENANTS = """
    CREATE TABLE tenants (tenant_id INTEGER PRIMARY KEY, tenant_name VARCHAR UNIQUE);
    INSERT INTO tenants VALUES (1, 'Mine'), (2, 'Hidden Corporation');
    CREATE TABLE grants AS SELECT 7 AS person, 1 AS tenant_id;
    CREATE TABLE goods (good_id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants, good VARCHAR);
    INSERT INTO goods SELECT i, 1 + i % 2, CASE WHEN i % 2 = 0 THEN 'Tea ' ELSE 'Secret tea ' END || i FROM range(40) AS t(i);
    CREATE TABLE orders (order_id INTEGER, tenant_id INTEGER REFERENCES tenants, good_id INTEGER REFERENCES goods, note VARCHAR,
                         amount INTEGER, PRIMARY KEY (order_id, tenant_id));
    INSERT INTO orders SELECT i, 1 + i % 2, i % 40, CASE WHEN i % 2 = 0 THEN '7' ELSE 'secret ' || i END,
                              CASE WHEN i % 2 = 0 THEN i ELSE 1000000 + i END FROM range(1000) AS t(i);
    COMMENT ON COLUMN orders.tenant_id IS 'whose order it is: hidden';
    CREATE SCHEMA archive;
    CREATE TABLE archive.orders AS SELECT * FROM orders;
    CREATE TABLE passwords AS SELECT 'secret word' AS word;
    CREATE VIEW large AS SELECT * FROM orders WHERE amount > 500;
    CREATE VIEW totals AS SELECT good_id, sum(amount) AS amount FROM large GROUP BY good_id;
    CREATE VIEW words AS SELECT length(word) AS letters FROM passwords;
    CREATE VIEW twice AS SELECT * FROM totals;
    CREATE VIEW tenants_of_orders AS SELECT DISTINCT tenant_id FROM orders;
"""
MINE: dict[str, Any] = {
    "tables": ["orders", "goods", "large", "totals"],
    "columns": {"orders": ["order_id", "good_id", "note", "amount"], "goods": ["good_id", "good"]},
    "filters": {"orders": "tenant_id = 1", "goods": "tenant_id IN (SELECT g.tenant_id FROM grants AS g WHERE g.person = 7)"},
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tenants") / "two.duckdb", TWO_TENANTS)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def mine(path: Path, cache: Path) -> Iterator[Database]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NL2SQL_CACHE", str(cache))
        with Database(path, **MINE) as database:
            yield database


def shows_hidden(text: str) -> bool:
    digits = "".join(letter if letter.isdigit() else " " for letter in text).split()
    return any(word in text.lower() for word in HIDDEN) or any(len(number) == 7 and number.startswith("1") for number in digits)


ATTACKS = """
SELECT * FROM orders
SELECT * FROM main.orders
SELECT * FROM "ORDERS"
SELECT * FROM memory.main.orders
SELECT max(amount), count(*) FROM oRdErS AS o
SELECT o FROM orders o
SELECT COLUMNS('.*') FROM orders
SELECT * EXCLUDE (order_id) FROM orders
SELECT tenant_id FROM orders
SELECT orders.tenant_id FROM orders
SELECT "tenant_id" FROM orders
SELECT order_id FROM orders WHERE tenant_id = 2
SELECT order_id FROM orders ORDER BY tenant_id
SELECT rowid FROM orders
SELECT orders.rowid, * FROM orders
SELECT * FROM tenants
SELECT * FROM main.tenants
SELECT * FROM passwords
SELECT * FROM archive.orders
SELECT * FROM two.main.orders
SELECT * FROM two.orders
SELECT * FROM grants
SELECT * FROM words
SELECT * FROM twice
WITH orders AS (SELECT * FROM orders) SELECT * FROM orders
WITH tenants AS (SELECT * FROM tenants) SELECT * FROM tenants
WITH orders AS (SELECT * FROM archive.orders) SELECT * FROM orders
WITH a AS (SELECT * FROM passwords) SELECT * FROM a
WITH orders(a, b, c, d) AS (SELECT * FROM main.orders) SELECT max(d) FROM orders
SELECT (SELECT max(amount) FROM orders)
SELECT (SELECT word FROM passwords)
SELECT count(*) FROM goods WHERE good_id IN (SELECT good_id FROM archive.orders)
SELECT * FROM goods, LATERAL (SELECT word FROM passwords) AS t
SELECT * FROM goods NATURAL JOIN tenants
SELECT * FROM goods POSITIONAL JOIN passwords
SELECT * FROM goods JOIN orders USING (tenant_id)
SELECT good FROM goods UNION ALL SELECT word FROM passwords
SELECT good FROM goods UNION ALL BY NAME SELECT * FROM tenants
SELECT max(amount) FROM large
SELECT max(amount) FROM totals
SELECT max(good) FROM goods
SELECT * FROM goods WHERE good LIKE 'Secret%'
SELECT count(*) FROM goods FULL JOIN orders USING (good_id) WHERE good IS NULL
SELECT list(note) FROM orders
SELECT arg_max(note, amount) FROM orders
SELECT histogram(note) FROM orders
SELECT approx_top_k(note, 3) FROM orders
SELECT note FROM orders USING SAMPLE 100%
SELECT * FROM orders TABLESAMPLE 900
FROM orders PIVOT (max(amount) FOR note IN ('7', '8'))
UNPIVOT orders ON note, tenant_id INTO NAME n VALUE v
SELECT * FROM query('SELECT * FROM passwords')
SELECT * FROM query_table('passwords')
SELECT * FROM query_table(['orders', 'archive.orders'])
SELECT * FROM duckdb_table_sample('passwords')
SELECT * FROM pragma_storage_info('passwords')
SUMMARIZE passwords
DESCRIBE tenants
SELECT * FROM (SUMMARIZE orders)
EXPLAIN SELECT * FROM large
SELECT CAST(note AS INTEGER) FROM orders
SELECT count(*) FROM orders WHERE CAST(note AS INTEGER) = 7
SELECT count(*) FROM orders WHERE order_id << (length(note) * 10) >= 0
SELECT count(*) FROM orders WHERE json_extract(note, '$.a') IS NULL
SELECT count(*) FROM orders WHERE strptime(note, '%d') IS NOT NULL
SELECT count(*) FROM orders WHERE hamming(note, '7') = 0
SELECT count(*) FROM orders WHERE amount + 2146483647 > 0
SELECT error(note) FROM orders
SELECT * FROM orders WHERE amount = CAST('x' AS INTEGER)
SELECT o.tenat FROM orders o
SELECT * FROM tenant
SELECT * FROM orders AT (VERSION => 1)
SELECT * FROM "orders" JOIN "Orders" AS secretless USING (order_id)
""".strip().splitlines()
# Lists of names and statistics: a connection that nobody guards shows them, the policy doesn't.
NAMES_OF_THE_FILE = """
SELECT table_name FROM information_schema.tables
SELECT sql FROM duckdb_tables()
SELECT sql FROM sqlite_master
SELECT view_definition FROM information_schema.views
SELECT database_name FROM duckdb_databases()
SELECT column_name FROM duckdb_columns()
SELECT constraint_text FROM duckdb_constraints()
SELECT comment FROM duckdb_columns()
SELECT stats(amount) FROM orders
""".strip().splitlines()


@pytest.mark.parametrize("sql", ATTACKS)
def test_nothing_hidden_comes_out_through_policy_and_engine(mine: Database, sql: str) -> None:
    try:
        found = repr(Assistant(mine, generator=Scripted({})).run_sql(sql))
    except Nl2SqlError as error:
        found = str(error).replace(repr(sql.split("FROM ")[-1]), "")  # a refusal may repeat what was asked for
        found = " ".join(word for word in found.split() if word.strip("'\".,:;!?()") not in sql)
    assert not shows_hidden(found)


@pytest.mark.parametrize("sql", ATTACKS)
def test_nothing_hidden_comes_out_of_the_engine_alone(mine: Database, sql: str) -> None:
    try:
        found = repr(mine.run(Query(sql)).rows)
    except QueryFailed as error:
        found = " ".join(word for word in str(error).split() if word.strip("'\".,:;!?()") not in sql)
    assert not shows_hidden(found)


@pytest.mark.parametrize("sql", NAMES_OF_THE_FILE)
def test_the_names_of_what_is_hidden_are_refused_by_the_policy(mine: Database, sql: str) -> None:
    with pytest.raises(Refused):
        validate(sql, mine.schema)


def test_counts_are_those_of_the_visible_rows(mine: Database) -> None:
    for sql in ("SELECT count(*) FROM orders", "WITH orders AS (FROM orders) SELECT count(*) FROM main.orders",
                "SELECT count(*) FROM orders o WHERE EXISTS (SELECT 1 FROM goods g WHERE g.good_id = o.good_id)"):  # fmt: skip
        assert mine.run(validate(sql, mine.schema)).rows == ((500,),)


def test_an_error_is_no_oracle_about_hidden_rows(mine: Database) -> None:
    """Each of these would fail on a hidden row."""
    for test in ("CAST(note AS INTEGER) = 7", "order_id << (length(note) * 10) >= 0", "json_extract(note, '$.a') IS NULL",
                 "hamming(note, '7') = 0", "amount + 2146483647 > 0"):  # fmt: skip
        assert mine.run(Query(f"SELECT count(*) FROM orders WHERE {test}"), row_limit=1).rows == ((500,),)


def test_the_schema_is_as_if_nothing_else_existed(mine: Database) -> None:
    assert [(table.name, table.rows) for table in mine.schema.tables] == [
        ("goods", 20), ("orders", 500), ("large", None), ("totals", None),
    ]  # fmt: skip
    text = repr(mine.schema) + json.dumps(show.schema_as_json(mine.schema, database="x", as_of=mine.as_of))
    assert not shows_hidden(text)
    assert {(k.source, k.target) for k in mine.schema.foreign_keys if not k.inferred} == {(3, 0)}


def test_the_rest_of_a_key_that_is_half_hidden_is_no_key() -> None:
    schema = Schema((Table("t", (Column("a", primary_key=True), Column("b", primary_key=True))),))
    assert not Scope(columns={"T": ("A",)}).narrow(schema).columns[0].primary_key
    assert Scope(columns={"t": ("a", "b")}).narrow(schema).columns[0].primary_key


def test_values_and_their_index_know_nothing_hidden(mine: Database) -> None:
    assert not shows_hidden(repr(mine.values))
    index = ValueIndex(mine.schema, mine.values)
    assert not index.link(split("How much Secret tea 3 did Hidden Corporation buy?"))
    assert index.link(split("How much Tea 4 was bought?"))


def test_what_is_kept_on_disk_knows_nothing_hidden(mine: Database, cache: Path) -> None:
    files = [file for file in cache.rglob("*") if file.is_file()]
    assert files and not any(shows_hidden(file.read_text("utf-8")) for file in files)


def test_an_answer_and_its_warnings_know_nothing_hidden(mine: Database) -> None:
    asked = {"q1": "SELECT count(*) FROM goods WHERE good = 'Secret tea 3'", "q2": "SELECT good FROM goods WHERE good = 'Tee 4'",
             "q3": "SELECT good_id FROM orders WHERE amount > 1000000"}  # fmt: skip
    assistant = Assistant(mine, generator=Scripted(asked))
    for question in asked:
        answer = assistant.ask(question)
        assert answer.warnings
        told = [text.replace("'Secret tea 3'", "").replace("1000000", "") for text in answer.warnings]
        assert not shows_hidden(repr((told, answer.result, answer.assumptions)))


def test_other_rows_have_another_fingerprint(path: Path, mine: Database) -> None:
    with Database(path, **{**MINE, "filters": {**MINE["filters"], "orders": "tenant_id = 2"}}) as other:
        assert other.schema.tables[1].columns[0].name == mine.schema.tables[1].columns[0].name
        assert other.fingerprint != mine.fingerprint


def test_each_session_sees_its_own_rows(path: Path, mine: Database) -> None:
    query = Query("SELECT min(amount) FROM orders")
    with Database(path, tables=["orders"], filters={"ORDERS": "tenant_id = 2"}) as other, Database(path) as everything:
        assert other.run(query).rows == ((1_000_001,),)
        assert mine.run(query).rows == everything.run(query).rows == ((0,),)
        assert everything.run(Query("SELECT count(*) FROM orders")).rows == ((1000,),)


def test_stored_views_are_hidden_unless_they_are_named(path: Path) -> None:
    with Database(path, filters={"orders": "tenant_id = 1"}) as database:
        assert not any(table.is_view for table in database.schema.tables)
        assert {table.schema for table in database.schema.tables} == {"", "archive"}


def test_a_view_that_is_named_may_read_hidden_tables(path: Path) -> None:
    with Database(path, tables=["words", "large"]) as database:
        assert database.run(Query("SELECT letters FROM words")).rows == ((11,),)
        assert database.run(Query("SELECT count(*) FROM large")).rows == ((749,),)
        with pytest.raises(QueryFailed):
            database.run(Query("SELECT word FROM passwords"))


def test_a_view_shows_no_more_of_a_limited_table_than_the_session_sees(path: Path) -> None:
    with Database(path, tables=["twice", "totals", "large", "orders"], filters={"orders": "tenant_id = 1"}) as database:
        assert database.run(Query("SELECT max(amount) < 1000000 FROM twice")).rows == ((True,),)


def test_a_view_may_be_limited_too(path: Path) -> None:
    with Database(path, tables=["large"], columns={"large": ["amount"]}, filters={"large": "amount < 600"}) as database:
        with pytest.raises(QueryFailed):
            database.run(Query("SELECT * FROM orders"))
        assert database.run(Query("SELECT max(amount) FROM large")).columns == ("max(amount)",)


def test_a_table_of_another_schema_goes_by_its_full_name(path: Path) -> None:
    with Database(path, tables=["archive.orders"], filters={"Archive.Orders": "tenant_id = 1"}) as database:
        assert database.run(validate("SELECT count(*) FROM archive.orders", database.schema)).rows == ((500,),)
        with pytest.raises(Refused):
            validate("SELECT count(*) FROM orders", database.schema)


@pytest.mark.parametrize("limits, reason", [
    ({"tables": ["order"]}, "no table 'order'"),
    ({"tables": "orders"}, "lists of names"),
    ({"columns": {"orders": ["price"]}}, "no column 'price' in orders"),
    ({"tables": ["goods"], "filters": {"orders": "tenant_id = 1"}}, "not among the tables"),
    ({"filters": {"goods": "nothing = 1"}}, "filter for goods that can't be used"),
    ({"filters": {"goods": "true) OR (true"}}, "not one condition"),
    ({"filters": {"goods": "true; DROP TABLE goods"}}, "not one condition"),
    ({"filters": {"goods": "tenant_id = 1 UNION SELECT 1"}}, "not one condition"),
    ({"filters": {"goods": ""}}, "not one condition"),
    ({"tables": ["twice"]}, "view twice that can't be shown here"),
    ({"tables": ["tenants_of_orders", "orders"], "columns": {"orders": ["amount"]}}, "view tenants_of_orders that can't be"),
    ({"tables": []}, "no table"),
], ids=str)  # fmt: skip
def test_limits_that_do_not_fit_are_refused_in_one_sentence(path: Path, limits: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        Database(path, **limits)
    assert "\n" not in str(caught.value)


def test_a_filter_with_a_comment_or_an_or_holds_as_a_whole(path: Path) -> None:
    for condition in ("tenant_id = 1 OR false -- or not", "(tenant_id = 1 /* mine */)"):
        with Database(path, tables=["orders"], filters={"orders": condition}) as database:
            assert database.run(Query("SELECT count(*) FROM orders WHERE true OR true")).rows == ((500,),)


def test_files_that_are_imported_may_be_limited(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("city,amount\nLyon,1\nSecret,2\n")
    with Database(tmp_path / "sales.csv", filters={"sales": "city = 'Lyon'"}) as database:
        assert database.run(Query("SELECT * FROM sales")).rows == (("Lyon", 1),)
        assert list(database.values.values()) == [("Lyon",)]


def test_sqlite_asked_natively_cannot_be_limited(path: Path) -> None:
    with pytest.raises(BadInput, match="DuckDB"):
        Database(path, dialect="sqlite", tables=["orders"])
