"""A DuckDB file in the worker process: opened read-only, locked, asked for one SELECT at a time.

What this does not cover: scalar functions that ignore the engine's limits (the process's address-space limit and the caller's
deadline do), and reading of any table of the file (the policy of ``sql.validate`` does).
"""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from nl2sql.engine.catalogue import declared
from nl2sql.engine.reading import SQLITE_MAGIC, CannotOpen, ErrorKind, Rows, first_bytes
from nl2sql.engine.settings import START_UP, Limits, settings
from nl2sql.records import Schema

# Parts of DuckDB's messages on opening, and what they mean to the person who gave the file.
_MEANINGS = (
    ("set lock", "is in use by another program that writes to it; close it there and try again"),
    ("conflicting lock", "is in use by another program that writes to it; close it there and try again"),
    ("permission denied", "can't be read: permission denied"),
    ("not a valid duckdb", "is not a database that can be read (DuckDB, SQLite, CSV, Parquet and Excel files can)"),
    ("encrypt", "is encrypted, which is not supported"),
    ("version number", "was written by a newer or much older version of DuckDB than the one installed here"),
    ("storage version", "was written by a newer or much older version of DuckDB than the one installed here"),
    ("newer version", "was written by a newer version of DuckDB than the one installed here"),
    ("corrupt", "is damaged"),
    ("checksum", "is damaged"),
    ("enough bytes", "is damaged: it ends too early"),
    ("wal", "has a write-ahead log that can't be read; open and close it once with the program that wrote it"),
)


class DuckFile:
    day = "CAST({} AS DATE)"
    distinct = "approx_count_distinct({})"

    def __init__(self, path: str, limits: Limits) -> None:
        magic = first_bytes(path)
        if magic == SQLITE_MAGIC:
            raise CannotOpen("is a SQLite file", "sqlite")
        if magic[8:12] != b"DUCK":
            raise CannotOpen(_MEANINGS[3][1] if magic else "is empty")
        try:
            self._connection = self._connect(path)
            for setting in settings(limits):
                self._connection.execute(f"SET {setting.name} = '{setting.value.replace(chr(39), chr(39) * 2)}'")
        except (duckdb.Error, RuntimeError) as error:
            raise CannotOpen(_meaning(str(error))) from error

    def _connect(self, path: str) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(path, read_only=True, config={s.name: s.value for s in START_UP})

    def run(self, sql: str, row_limit: int | None, seconds: float) -> Rows:
        statements = self._connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise duckdb.InvalidInputException("only one SELECT statement runs here")
        with self._deadline(seconds):  # the caller kills this process where DuckDB doesn't heed it
            self._connection.execute(statements[0])
            description = self._connection.description or []
            rows = self._connection.fetchall() if row_limit is None else self._connection.fetchmany(row_limit + 1)
        truncated = row_limit is not None and len(rows) > row_limit
        return Rows(
            tuple(entry[0] for entry in description),
            tuple(str(entry[1]) for entry in description),
            rows[:row_limit] if truncated else rows,
            truncated,
        )

    def explain(self, error: Exception) -> tuple[ErrorKind, str]:
        text = str(error).strip()
        if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)) or "std::bad_alloc" in text:
            return "too_large", "the query needs more memory than it is allowed"
        if isinstance(error, (duckdb.FatalException, duckdb.InternalException)):  # after one the engine answers no more
            return "crashed", text
        if isinstance(error, duckdb.InterruptException):
            return "timed_out", "the query was stopped"
        return "failed", text or type(error).__name__

    def look_up(self, sql: str, seconds: float = 10.0) -> list[tuple[Any, ...]] | None:
        try:
            with self._deadline(seconds):
                return self._connection.execute(sql).fetchall()
        except (duckdb.Error, MemoryError):
            return None

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Interrupts what still runs after so long."""
        alarm = threading.Timer(seconds, self._connection.interrupt)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()

    def catalogue(self) -> Schema:
        return declared(self._connection)


def _meaning(message: str) -> str:
    lowered = message.lower()
    for part, meaning in _MEANINGS:
        if part in lowered:
            return meaning
    return f"can't be opened: {message.splitlines()[0]}"
