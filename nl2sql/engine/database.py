"""A database that is asked: opened, described, and queried, all of it in child processes.

What this does not cover: which tables and functions a query may use (``sql.validate`` does; ``run`` takes only its ``Query``).
On macOS and Windows no address-space limit holds the child; there the engine's own memory limit and the deadline do.
"""
from __future__ import annotations

import datetime as dt
import json
import os
import re
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from nl2sql.engine import cache
from nl2sql.engine.description import VERSION, Description, fingerprint, is_current, read_description, resolve_as_of
from nl2sql.engine.importing import existing, imported, must_be_imported
from nl2sql.engine.pool import Crashed, DeadlinePassed, Gone, Pool, Stopped, Unopened
from nl2sql.engine.protocol import decode_rows
from nl2sql.engine.reading import CannotOpen
from nl2sql.engine.scope import Scope
from nl2sql.engine.settings import Limits
from nl2sql.errors import BadDatabase, BadInput, QueryFailed, QueryStopped, QueryTimedOut, QueryTooLarge
from nl2sql.records import Query, Result, Schema, Values

Dialect = Literal["duckdb", "sqlite"]
_DESCRIBE_LIMIT = 300.0  # seconds; the description bounds itself far below
_UNSET: Any = object()


class Database:
    """A DuckDB file, or SQLite, CSV, Parquet or Excel files (several make one database). ``dialect="sqlite"``: SQLite runs it.

    ``path`` is the file that is queried: for imported files the DuckDB file in the user's cache. ``time_limit`` is in seconds,
    ``row_limit`` None means no limit, ``memory_limit`` is in bytes for each running query. Safe from several threads.

    ``tables``, ``columns`` (by table) and ``filters`` (by table, each an SQL condition) limit what may be seen, as if nothing
    else existed; a filter may look at hidden columns and tables. Stored views are seen only where ``tables`` names them.
    Raises BadDatabase, and BadInput for limits that don't fit the database.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        *,
        as_of: dt.date | None = None,
        dialect: Dialect = "duckdb",
        time_limit: float = 10.0,
        row_limit: int | None = 10_000,
        memory_limit: int = 2**30,
        threads: int | None = None,
        tables: Sequence[str] | None = None,
        columns: Mapping[str, Sequence[str]] | None = None,
        filters: Mapping[str, str] | None = None,
    ) -> None:
        given = [path] if isinstance(path, (str, os.PathLike)) else list(path)
        if not given:
            raise BadDatabase("no database file was given")
        self.sources = tuple(_existing_file(entry) for entry in given)
        self.dialect: Dialect = dialect
        self._scope = _scope(dialect, tables, columns, filters)
        self.time_limit, self.row_limit = time_limit, row_limit
        temporary = _temporary_folder()
        self._limits = Limits(
            memory=memory_limit, threads=threads or min(4, os.cpu_count() or 1), temp_folder=temporary.name if temporary else None
        )
        self.path, self._pool = self._open()
        self._finalizer = weakref.finalize(self, _close, self._pool, temporary)
        description = self._describe()
        self.schema: Schema = description.schema
        self.values: Values = description.values
        self.fingerprint: str = fingerprint(description.schema, self._scope)
        self.as_of, self.as_of_reason = resolve_as_of(as_of, description.latest, dt.date.today())

    def run(self, query: Query, *, time_limit: float | None = None, row_limit: int | None = _UNSET) -> Result:
        """The rows of a checked query; raises QueryTimedOut, QueryTooLarge, QueryStopped or QueryFailed."""
        if not isinstance(query, Query):
            raise TypeError("Database.run takes a Query, which nl2sql.sql.validate makes")
        if query.dialect != self.dialect:
            raise QueryFailed(f"a {query.dialect} query can't run on a {self.dialect} database", sql=query.sql)
        seconds = self.time_limit if time_limit is None else time_limit
        limit = self.row_limit if row_limit is _UNSET else row_limit
        reply = self._ask({"op": "run", "sql": query.sql, "row_limit": limit, "seconds": seconds}, query.sql, seconds)
        return Result(tuple(reply["columns"]), tuple(reply["types"]), decode_rows(reply), reply["truncated"], reply["seconds"])

    def stop(self, thread: int) -> None:
        """Ends the query that a thread (``threading.get_ident()``) waits for; its ``run`` raises QueryStopped."""
        self._pool.stop(thread)

    def close(self) -> None:
        """Ends the child processes; queries that are running fail."""
        self._finalizer()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Database({str(self.path)!r}, tables={len(self.schema.tables)}, as_of={self.as_of.isoformat()})"

    def _ask(self, request: dict[str, Any], sql: str, seconds: float) -> dict[str, Any]:
        try:
            reply = self._pool.ask(request, seconds)
        except Stopped as error:
            raise QueryStopped("the query was stopped", sql=sql) from error
        except DeadlinePassed as error:
            raise QueryTimedOut(f"the query took longer than {seconds:g} seconds and was stopped", sql=sql) from error
        except Unopened as error:
            raise QueryFailed(f"{self.path} {error}", sql=sql) from error
        except Crashed as error:
            if error.out_of_memory:
                raise QueryTooLarge("the query needs more memory than it is allowed", sql=sql) from error
            raise QueryFailed(str(error), sql=sql) from error
        kind = reply.get("error")
        if kind == "timed_out":
            raise QueryTimedOut(f"the query took longer than {seconds:g} seconds and was stopped", sql=sql)
        if kind == "too_large":
            raise QueryTooLarge(reply["message"], sql=sql)
        if kind is not None:
            raise QueryFailed(reply["message"], sql=sql)
        return reply

    def _open(self) -> tuple[Path, Pool]:
        """The file that is queried and a pool with one worker that has it open."""
        if self.dialect == "sqlite" and len(self.sources) > 1:
            raise BadDatabase("only one SQLite file can be queried natively")
        if self.dialect == "duckdb":
            copy = imported(self.sources, self._limits) if must_be_imported(self.sources) else existing(self.sources)
            if copy is not None:
                return copy, self._open_pool(copy)
        try:
            return self.sources[0], self._open_pool(self.sources[0])
        except _IsSqlite:
            copy = imported(self.sources, self._limits)
            return copy, self._open_pool(copy)

    def _open_pool(self, path: Path) -> Pool:
        scope = self._scope.to_json() if self._scope else None
        pool = Pool({"path": str(path), "dialect": self.dialect, "limits": self._limits.to_json(), "scope": scope})
        try:
            pool.open()
        except Unopened as error:
            if error.kind == "sqlite":
                raise _IsSqlite from error
            if error.kind == "scope":
                raise BadInput(f"{path} {error}") from error
            raise BadDatabase(f"{path} {error}") from error
        except (Crashed, Gone, DeadlinePassed) as error:
            raise BadDatabase(f"{path} can't be opened, it may be damaged: {error or 'it takes too long'}") from error
        return pool

    def _describe(self) -> Description:
        """The description from the cache or from the worker; raises BadDatabase where there is nothing to ask."""
        name = self.sources[0].stem
        scope = json.dumps(self._scope.to_json(), sort_keys=True) if self._scope else ""
        key = cache.key_of([self.path], self.dialect, str(VERSION), scope)
        data = cache.load("schemas", key)
        if data is None or not is_current(data):
            try:
                data = self._ask({"op": "describe"}, "", _DESCRIBE_LIMIT)
            except QueryFailed as error:
                self.close()
                raise BadDatabase(f"{self.sources[0]} can't be read: {error}") from error
            cache.store("schemas", key, data)
        if not data["tables"]:
            self.close()
            raise BadDatabase(f"{self.sources[0]} has no tables")
        return read_description(data, name)


def _scope(
    dialect: Dialect,
    tables: Sequence[str] | None,
    columns: Mapping[str, Sequence[str]] | None,
    filters: Mapping[str, str] | None,
) -> Scope | None:
    try:
        scope = Scope.of(tables, columns, filters)
    except CannotOpen as error:
        raise BadInput(f"The limits of a database can't be used: {error}.") from error
    if scope is not None and dialect != "duckdb":
        raise BadInput("tables, columns and filters limit DuckDB databases only (and files that are imported into one).")
    return scope


class _IsSqlite(Exception):
    """The file that was opened as DuckDB is a SQLite file."""


def _existing_file(given: str | os.PathLike[str]) -> Path:
    """The absolute path of a file; the file is not opened here."""
    if not os.fspath(given):
        raise BadDatabase("the name of the database file is empty")
    if re.match(r"[a-z][a-z0-9+]+://", str(given)):
        raise BadDatabase(f"{str(given)[:200]} is an address: only files on this computer are read, give the file's name")
    path = Path(given)
    try:
        path = path.expanduser().absolute()
        if path.is_dir():
            raise BadDatabase(f"{path} is a folder, not a database file")
        if not path.exists():
            raise BadDatabase(f"{path} does not exist")
    except (OSError, RuntimeError, ValueError) as error:  # a name that is too long, has a NUL character, an unknown user's home
        raise BadDatabase(f"{str(path)[:200]!r} is no file name that can be used") from error
    return path


def _temporary_folder() -> tempfile.TemporaryDirectory[str] | None:
    """Where sorts and joins may spill; it goes with the database. None on a full or read-only disk."""
    try:
        return tempfile.TemporaryDirectory(prefix="nl2sql-", ignore_cleanup_errors=True)
    except OSError:
        return None


def _close(pool: Pool, temporary: tempfile.TemporaryDirectory[str] | None) -> None:
    pool.close()
    if temporary is not None:
        temporary.cleanup()
