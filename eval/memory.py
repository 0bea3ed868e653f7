"""Small databases that exist in memory only: variants of a database's data, on which queries are compared again.

Only queries that were checked (``sql.validate``) and have run on the database itself come here. They run in this process:
rows are few, a query has a deadline, and DuckDB is locked. Not covered: memory that a scalar function takes for itself.
"""
from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from nl2sql.errors import QueryFailed
from nl2sql.eval.compare import Reference, Row

SECONDS = 2.0
MOST_ROWS = 20_000  # of a result; more are too many to say something


@dataclass(frozen=True)
class Contents:
    """A table's rows; ``definition`` is the statement that makes it."""

    definition: str
    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


class MemoryDatabase:
    """``run`` is what ``gold.reference`` takes; it raises QueryFailed. ``references``: the golds' of this database."""

    def __init__(self, dialect: str, tables: Sequence[Contents], views: Sequence[str] = ()) -> None:
        self.dialect = dialect
        self._run = _sqlite(tables, views) if dialect == "sqlite" else _duckdb(tables)
        self.references: dict[str, Reference | None] = {}
        self._known: dict[tuple[str, int | None], tuple[Sequence[Row], int] | QueryFailed] = {}

    def run(self, sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        key = (sql, row_limit)
        if key not in self._known:
            try:
                self._known[key] = self._run(sql, MOST_ROWS if row_limit is None else row_limit)
            except (sqlite3.Error, duckdb.Error, OverflowError) as error:
                self._known[key] = QueryFailed(str(error), sql=sql)
        found = self._known[key]
        if isinstance(found, QueryFailed):
            raise found
        return found

    def close(self) -> None:
        self._known.clear()
        self._run.close()


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __call__(self, sql: str, most: int) -> tuple[Sequence[Row], int]:
        end = time.monotonic() + SECONDS
        self.connection.set_progress_handler(lambda: time.monotonic() > end, 100_000)
        cursor = self.connection.execute(sql)
        return cursor.fetchmany(most), len(cursor.description)

    def close(self) -> None:
        self.connection.close()


class _DuckDb:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def __call__(self, sql: str, most: int) -> tuple[Sequence[Row], int]:
        found = self.connection.execute(sql)
        return found.fetchmany(most), len(found.description or ())

    def close(self) -> None:
        self.connection.close()


def _sqlite(tables: Sequence[Contents], views: Sequence[str]) -> _Sqlite:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.text_factory = lambda raw: raw.decode("utf-8", errors="ignore")
    connection.execute("BEGIN")
    for table in tables:
        connection.execute(table.definition)
        names = ", ".join(map(quoted, table.columns))
        marks = ", ".join("?" * len(table.columns))
        # what a declared constraint forbids is left out
        connection.executemany(f"INSERT OR IGNORE INTO {quoted(table.name)} ({names}) VALUES ({marks})", table.rows)
    for view in views:
        connection.execute(view)
    connection.execute("COMMIT")
    return _Sqlite(connection)


def _duckdb(tables: Sequence[Contents]) -> _DuckDb:
    import pyarrow

    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB"})
    for table in tables:
        connection.execute(table.definition)
        if table.rows:
            cells: Mapping[str, list[Any]] = {name: [row[i] for row in table.rows] for i, name in enumerate(table.columns)}
            connection.register("incoming", pyarrow.table({name: pyarrow.array(column) for name, column in cells.items()}))
            connection.execute(f"INSERT INTO {quoted(table.name)} SELECT * FROM incoming")
            connection.unregister("incoming")
    connection.execute("SET enable_external_access = false")
    connection.execute(f"SET max_execution_time = {round(SECONDS * 1000)}")
    connection.execute("SET lock_configuration = true")
    return _DuckDb(connection)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
