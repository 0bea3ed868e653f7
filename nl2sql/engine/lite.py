"""A SQLite file in the worker process, read natively: read-only, an authorizer that knows nothing but reading, a deadline."""
from __future__ import annotations

import sqlite3
import time
from typing import Any
from urllib.parse import quote as quote_url

from nl2sql.engine.keys import DeclaredKey, link
from nl2sql.engine.reading import SQLITE_MAGIC, CannotOpen, ErrorKind, Rows, first_bytes, quote
from nl2sql.engine.settings import Limits
from nl2sql.names import humanize, kind_of, without_prefixes
from nl2sql.records import Column, Schema, Table

_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_FORBIDDEN_FUNCTIONS = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"}
_STEPS = 20_000  # virtual machine instructions between two looks at the clock: well under a millisecond
_LONGEST = 100_000_000  # bytes of one text or blob


class SqliteFile:
    day = "substr({}, 1, 10)"
    distinct = "count(DISTINCT {})"

    def __init__(self, path: str, limits: Limits) -> None:
        magic = first_bytes(path)
        if magic != SQLITE_MAGIC:
            raise CannotOpen("is not a SQLite file" if magic else "is empty")
        try:
            self._own = connect(path)
            self._connection = connect(path)
            self._connection.execute(f"PRAGMA hard_heap_limit = {limits.memory}")
        except sqlite3.Error as error:
            raise CannotOpen(meaning(error)) from error
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self._connection.set_authorizer(_authorize)

    def run(self, sql: str, row_limit: int | None, seconds: float) -> Rows:
        cursor = _timed(self._connection, seconds).execute(sql)
        names = tuple(entry[0] for entry in cursor.description or ())
        rows = cursor.fetchall() if row_limit is None else cursor.fetchmany(row_limit + 1)
        cursor.close()
        truncated = row_limit is not None and len(rows) > row_limit
        rows = rows[:row_limit] if truncated else rows
        return Rows(names, tuple(map(_type_of, zip(*rows, strict=True))) if rows else ("NULL",) * len(names), rows, truncated)

    def explain(self, error: Exception) -> tuple[ErrorKind, str]:
        if isinstance(error, MemoryError):
            return "too_large", "the query needs more memory than it is allowed"
        if "interrupted" in str(error):
            return "timed_out", "the query was stopped"
        return "failed", str(error) or type(error).__name__

    def look_up(self, sql: str, seconds: float = 10.0) -> list[tuple[Any, ...]] | None:
        try:
            return _timed(self._own, seconds).execute(sql).fetchall()
        except (sqlite3.Error, MemoryError):
            return None

    def catalogue(self) -> Schema:
        return catalogue(self._own)


def connect(path: str) -> sqlite3.Connection:
    """Opens the file read-only. A write-ahead log that can't be used here is left aside: the file alone is read then."""
    url = f"file:{quote_url(path)}?mode=ro"
    try:
        return _connect(url)
    except sqlite3.OperationalError as error:
        if "unable to open" not in str(error) and "readonly" not in str(error):
            raise
        return _connect(url + "&immutable=1")


def catalogue(connection: sqlite3.Connection) -> Schema:
    """Tables and views as declared; SQLite's own tables, virtual ones and their shadows are left out."""
    tables: list[Table] = []
    keys: list[DeclaredKey] = []
    for name, kind in connection.execute(
        "SELECT l.name, l.type FROM pragma_table_list AS l JOIN sqlite_master AS m ON m.name = l.name WHERE l.schema = 'main'"
        " AND l.type IN ('table', 'view') AND substr(l.name, 1, 7) <> 'sqlite_' ORDER BY (l.type = 'view'), m.rowid"
    ).fetchall():
        try:
            described = connection.execute(f"PRAGMA table_xinfo({quote(name)})").fetchall()
        except sqlite3.Error:  # a view over something that is no longer there
            continue
        visible = [row for row in described if row[6] != 1]
        if visible:
            tables.append(_table(name, kind == "view", visible, _unique(connection, name)))
            keys += _foreign_keys(connection, name)
    return link(without_prefixes(tables), keys)


def meaning(error: sqlite3.Error) -> str:
    """What SQLite's error means to the person who gave the file."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return "is in use by another program that writes to it; close it there and try again"
    if "not a database" in text or "encrypted" in text:
        return "is encrypted, or not a SQLite file"
    if "malformed" in text or "corrupt" in text or "unsupported file format" in text:
        return "is damaged"
    return f"can't be opened: {text}"


def _connect(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(url, uri=True, timeout=2.0, check_same_thread=False)
    connection.text_factory = lambda data: data.decode("utf-8", "ignore")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # only now is the file read
    return connection


def _timed(connection: sqlite3.Connection, seconds: float) -> sqlite3.Connection:
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    return connection


def _authorize(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    if action not in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _table(name: str, is_view: bool, described: list[tuple[Any, ...]], unique: set[str]) -> Table:
    keys = [row for row in described if row[5]]
    return Table(
        name=name,
        columns=tuple(
            Column(
                name=column, type=(declared or "").upper(), kind=kind_of(declared or ""), words=humanize(column),
                primary_key=bool(key), nullable=not (not_null or key), unique=column in unique or (bool(key) and len(keys) == 1),
            )
            for _, column, declared, not_null, _, key, _ in described
        ),
        words=humanize(name), is_view=is_view,
    )


def _unique(connection: sqlite3.Connection, table: str) -> set[str]:
    """Columns that are unique by themselves."""
    found = set()
    for _, index, unique, _, partial in connection.execute(f"PRAGMA index_list({quote(table)})").fetchall():
        columns = [row[2] for row in connection.execute(f"PRAGMA index_info({quote(index)})").fetchall()]
        if unique and not partial and len(columns) == 1 and columns[0]:
            found.add(columns[0])
    return found


def _foreign_keys(connection: sqlite3.Connection, table: str) -> list[DeclaredKey]:
    """Declared foreign keys. A key without columns refers to the other table's primary key."""
    pairs: dict[int, tuple[str, list[str], list[str]]] = {}
    for number, _, referenced, source, target, *_ in connection.execute(f"PRAGMA foreign_key_list({quote(table)})").fetchall():
        if target is None:
            primary = connection.execute(f"SELECT name FROM pragma_table_info({quote(referenced)}) WHERE pk = 1").fetchall()
            target = primary[0][0] if primary else ""
        _, sources, targets = pairs.setdefault(number, (referenced, [], []))
        sources.append(source)
        targets.append(target)
    return [DeclaredKey("main", table, "FOREIGN KEY", ends[1], ends[0], ends[2]) for ends in reversed(pairs.values())]


def _type_of(cells: tuple[Any, ...]) -> str:
    names = {int: "INTEGER", float: "REAL", str: "TEXT", bytes: "BLOB"}
    return next((names[type(cell)] for cell in cells if cell is not None), "NULL")
