"""The tree of a query is parsed once and read by many."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlglot
from fixture_lines import pairs, queries

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.records import Query
from nl2sql.sql.changes import changes
from nl2sql.sql.explain import assumptions, explain
from nl2sql.sql.row_warnings import warn_of_rows
from nl2sql.sql.trees import tree_of
from nl2sql.sql.validate import validate
from nl2sql.sql.warnings import warn


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with Database(sales.path()) as opened:
        yield opened


def test_what_is_said_about_a_query_leaves_its_tree_as_it_is(database: Database) -> None:
    schema = database.schema

    def run(sql: str, seconds: float | None = None):
        query = validate(sql, schema)
        return query, database.run(query, time_limit=seconds)

    for sql in (*queries("good.sql")[::40], *(pair.misleading for pair in pairs()[::2])):
        query, result = run(sql)
        explain(query, schema)
        assumptions(query, schema, dt.date(2025, 12, 31))
        changes(query, schema)
        warn(query, schema)
        warn_of_rows(query, result, schema, run, as_of=dt.date(2025, 12, 31))
        assert tree_of(query).sql("duckdb") == query.sql


def test_the_tree_of_a_query_is_that_of_its_text(database: Database) -> None:
    written = [validate(sql, database.schema) for sql in queries("good.sql")[::40]]
    assert all(tree_of(query) == sqlglot.parse_one(query.sql, read="duckdb") for query in written)


def test_the_same_text_in_another_dialect_has_a_tree_of_its_own() -> None:
    sql = 'SELECT "a" FROM t WHERE b GLOB \'x*\''
    assert tree_of(Query(sql, "sqlite")) is not tree_of(Query(sql, "duckdb"))
    assert tree_of(Query(sql, "sqlite")) is tree_of(Query(sql, "sqlite"))
