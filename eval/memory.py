"""Small databases that exist in memory only: variants of a database's data, on which queries are compared again.

Only queries that were checked (``sql.validate``) and have run on the database itself come here. They run in this process:
rows are few, a query has a deadline, and DuckDB is locked. Not covered: memory that a scalar function takes for itself.
"""
from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import duckdb

from nl2sql.errors import QueryFailed
from nl2sql.eval.compare import Reference, Row

SECONDS = 2.0  # of this thread's processor time, so that no verdict depends on what else the machine does
WALL_SECONDS = 10.0  # where DuckDB counts them
MOST_ROWS = 20_000  # of a result; more are too many to say something


@dataclass(frozen=True)
class Contents:
    """A table's rows; ``definition``: the statements that make it, ``place``: its quoted name, ``sample``: a row that fits."""

    definition: str
    place: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Row]
    sample: Row = ()


class MemoryDatabase:
    """``run`` is what ``gold.reference`` takes; it raises QueryFailed. ``references``: the golds' of this database."""

    def __init__(self, dialect: str, tables: Sequence[Contents], views: Sequence[str] = (), *, keys: bool = True) -> None:
        """Without ``keys``, by which SQLite stores rows, those of a table lie in the order in which they are given."""
        self.dialect = dialect
        self._run = _sqlite(tables, views, keys) if dialect == "sqlite" else _duckdb(tables, views)
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
        end = time.thread_time() + SECONDS
        self.connection.set_progress_handler(lambda: time.thread_time() > end, 100_000)
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


def _sqlite(tables: Sequence[Contents], views: Sequence[str], keys: bool) -> _Sqlite:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.text_factory = lambda raw: raw.decode("utf-8", errors="ignore")
    connection.execute("BEGIN")
    refused = False
    for table in tables:
        _create(connection, table, keys)
        names = ", ".join(map(quoted, table.columns))
        marks = ", ".join("?" * len(table.columns))
        # what a declared constraint forbids is left out
        done = connection.executemany(f"INSERT OR IGNORE INTO {table.place} ({names}) VALUES ({marks})", table.rows)
        refused |= bool(table.rows) and done.rowcount < len(table.rows)
    if refused:
        _prune(connection)
    _views(connection.execute, views, sqlite3.Error)
    connection.execute("COMMIT")
    return _Sqlite(connection)


def _create(connection: sqlite3.Connection, table: Contents, keys: bool) -> None:
    """As declared; without constraints where the declaration wants what isn't here, or lets nobody write a column."""
    typed = ", ".join(f"{quoted(name)} {kind}" for name, kind in zip(table.columns, table.types, strict=True))
    bare = f"CREATE TABLE {table.place} ({typed})"
    try:
        connection.execute(table.definition if keys else bare)
        names, marks = ", ".join(map(quoted, table.columns)), ", ".join("?" * len(table.columns))
        connection.execute(f"EXPLAIN INSERT INTO {table.place} ({names}) VALUES ({marks})", table.columns)
    except sqlite3.Error:
        connection.execute(f"DROP TABLE IF EXISTS {table.place}")
        connection.execute(bare)


def _prune(connection: sqlite3.Connection) -> None:
    """Rows that refer to one that a constraint refused are left out too."""
    with suppress(sqlite3.Error):  # not every declared reference can be checked
        while lost := [row[:2] for row in connection.execute("PRAGMA foreign_key_check") if row[1] is not None]:
            for table, rowid in lost:
                connection.execute(f"DELETE FROM {quoted(table)} WHERE rowid = ?", (rowid,))


def _duckdb(tables: Sequence[Contents], views: Sequence[str]) -> _DuckDb:
    import pyarrow

    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB"})
    connection.execute("SET TimeZone = 'UTC'")
    for table in tables:
        connection.execute(table.definition)
        if table.rows:
            numbered = [f"c{i}" for i in range(len(table.columns))]
            rows = [*table.rows, table.sample] if table.sample else table.rows
            cells = [_arrow([row[i] for row in rows]) for i in range(len(table.columns))]
            added = pyarrow.array([number < len(table.rows) for number in range(len(rows))])
            connection.register("incoming", pyarrow.table({**dict(zip(numbered, cells, strict=True)), "added": added}))
            fitted = ", ".join(_fitted(name, kind) for name, kind in zip(numbered, table.types, strict=True))
            chosen = f"SELECT {', '.join(numbered)} FROM (SELECT {fitted}, added FROM incoming) WHERE added"
            connection.execute(f"INSERT INTO {table.place} {chosen}")
            connection.unregister("incoming")
    _views(connection.execute, views, duckdb.Error)
    connection.execute("SET enable_external_access = false")
    connection.execute(f"SET max_execution_time = {round(WALL_SECONDS * 1000)}")
    connection.execute("SET lock_configuration = true")
    return _DuckDb(connection)


def _fitted(column: str, kind: str) -> str:
    """A value that a variant made up need not fit its column's type: another of the column stands for it, since it is no NULL."""
    cast = f"TRY_CAST({column} AS {kind})"
    return f"coalesce({cast}, CASE WHEN {column} IS NOT NULL THEN any_value({cast}) OVER () END) AS {column}"


def _arrow(cells: list[Any]) -> Any:
    """The column for Arrow; as text where Arrow has no type for what is in it (very large numbers, mixtures)."""
    import pyarrow

    try:
        return pyarrow.array(cells)
    except (pyarrow.ArrowException, OverflowError, TypeError, ValueError):
        return pyarrow.array([None if cell is None else str(cell) for cell in cells])


def _views(execute: Callable[[str], Any], views: Sequence[str], error: type[Exception]) -> None:
    """In whatever order they need each other; a view that can't be made stays away."""
    left = list(views)
    for _ in views:
        failed = []
        for view in left:
            try:
                execute(view)
            except error:
                failed.append(view)
        if len(failed) in (0, len(left)):
            return
        left = failed


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
