"""SQLite files asked natively (``dialect="sqlite"``): read-only, with an authorizer and a deadline."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
from engine_shop import ends

from nl2sql.engine.database import Database
from nl2sql.errors import QueryFailed, QueryTimedOut
from nl2sql.records import Query


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    path = tmp_path / "x.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript("""
            CREATE TABLE singer (id INTEGER PRIMARY KEY, name VARCHAR(20), born DATE, "odd col" "some thing");
            CREATE TABLE concert (cid INTEGER PRIMARY KEY, singer REFERENCES singer, title TEXT UNIQUE, price REAL);
            INSERT INTO singer VALUES (1, 'Ann', '1990-02-03', x'00ff'), (2, CAST(x'4a6ff6' AS TEXT), NULL, 5);
            INSERT INTO concert VALUES (1, 1, 'Tour', 9.5), (2, 2, 'More', 3);
            CREATE VIEW cheap AS SELECT title FROM concert WHERE price < 5;
        """)
    return path


def ask(database: Database, sql: str) -> tuple[tuple[object, ...], ...]:
    return database.run(Query(sql, dialect="sqlite")).rows


def test_a_sqlite_file_is_asked_natively(lite: Path) -> None:
    with Database(lite, dialect="sqlite") as database:
        assert database.path == lite
        assert ask(database, "SELECT name || '!', typeof(born) FROM singer WHERE id = 1") == (("Ann!", "text"),)


def test_the_schema_of_a_sqlite_file_is_read(lite: Path) -> None:
    with Database(lite, dialect="sqlite") as database:
        assert [(t.name, t.is_view, t.rows) for t in database.schema.tables] == [
            ("singer", False, 2),
            ("concert", False, 2),
            ("cheap", True, None),
        ]
        columns = database.schema.columns
        assert [(columns[key.source].name, columns[key.target].name) for key in database.schema.foreign_keys] == [
            ("singer", "id")
        ]
        assert [(c.name, c.type, c.kind) for c in database.schema.tables[0].columns][:3] == [
            ("id", "INTEGER", "number"),
            ("name", "VARCHAR(20)", "text"),
            ("born", "DATE", "date"),
        ]
        assert next(column for column in columns if column.name == "title").unique
        assert database.as_of == dt.date(1990, 2, 3)


def test_text_that_is_no_unicode_is_read_without_its_broken_bytes(lite: Path) -> None:
    with Database(lite, dialect="sqlite") as database:
        assert ask(database, "SELECT name FROM singer WHERE id = 2") == (("Jo",),)
        assert ask(database, 'SELECT "odd col" FROM singer ORDER BY id') == ((b"\x00\xff",), (5,))


def children() -> set[str]:
    """The processes that this one has started for databases."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True).stdout
    return {line.split()[0] for line in listed.splitlines() if "nl2sql.engine.worker" in line}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM singer",
        "DROP TABLE singer",
        "CREATE TEMP TABLE x (a)",
        "ATTACH ':memory:' AS x",
        "PRAGMA table_info(singer)",
        "SELECT * FROM pragma_database_list",
        "SELECT load_extension('x')",
        "SELECT 1; SELECT 2",
        "VACUUM INTO '/tmp/x'",
        "BEGIN",
    ],
)
def test_sqlite_alone_refuses(lite: Path, sql: str) -> None:
    with Database(lite, dialect="sqlite") as database, pytest.raises(QueryFailed):
        ask(database, sql)


def test_a_sqlite_query_past_its_time_limit_is_stopped(lite: Path) -> None:
    endless = "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r"
    with Database(lite, dialect="sqlite") as database:
        before = children()
        with pytest.raises(QueryTimedOut):
            ends(lambda: database.run(Query(endless, dialect="sqlite"), time_limit=0.3))
        assert ask(database, "SELECT 1") == ((1,),)
        assert children() == before  # SQLite stopped by itself: nothing had to be killed


def test_a_query_of_another_dialect_is_refused(lite: Path) -> None:
    with Database(lite, dialect="sqlite") as database, pytest.raises(QueryFailed):
        database.run(Query("SELECT 1"))
