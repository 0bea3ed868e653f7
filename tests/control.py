"""A connection without any guard, in a process and a folder that are thrown away: what does a statement really do there?

The database is a copy, the files are planted, network and extensions are out of reach. What the answer calls an effect:
``heavy`` time or memory past the limits of this process, or a value past those of the policy; ``changes`` the database, its
settings, the session or the folder is another one than before; ``reads`` the answer comes from a planted file (or variable)
and isn't there without it; ``runs`` it is done, and nothing of that shows; ``none`` an error.
"""
from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nl2sql.sql.policy import MAX_LIST, MAX_STRING

_START = 60.0  # seconds for a process to start, and to end what it was told to
_MEMORY = 3 * 2**30  # bytes of addresses
_HEAVY = 150 * 2**20  # bytes that a statement took for itself
_ROWS = 10_000  # that are looked at
_STATE = (
    "SELECT * EXCLUDE (estimated_size, table_oid) FROM duckdb_tables()", "FROM duckdb_constraints()", "FROM duckdb_indexes()",
    "FROM duckdb_sequences()", "FROM duckdb_schemas()", "FROM duckdb_databases()", "SELECT name, value FROM duckdb_settings()",
    "FROM duckdb_variables()", "FROM duckdb_secrets()", "FROM duckdb_prepared_statements()", "SELECT current_schema()",
)  # fmt: skip
_SLOW_STATE = ("FROM duckdb_views() WHERE NOT internal", "FROM duckdb_columns() WHERE NOT internal",
               "FROM duckdb_types() WHERE NOT internal", "FROM duckdb_functions() WHERE NOT internal")  # fmt: skip


class Control:
    """Runs statements one after the other, each among planted files and, where only rows come of it, without them too."""

    def __init__(self, database: Path) -> None:
        self._among, self._without = _Child(database, planted=True), _Child(database, planted=False)

    def effect(self, sql: str, seconds: float) -> str:
        """``seconds``: what takes longer is heavy."""
        found = self._among.run(sql, seconds)
        if found[0] == "runs" and self._without.run(sql, seconds) != found and self._among.run(sql, seconds) == found:
            return "reads"
        return found[0]

    def close(self) -> None:
        self._among.close()
        self._without.close()


class _Child:
    """A process with such a connection; one that hangs or dies is replaced."""

    def __init__(self, database: Path, planted: bool) -> None:
        self._arguments = str(database), planted
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, *self._arguments), daemon=True)
        self._process.start()
        other.close()

    def run(self, sql: str, seconds: float) -> tuple[str, str]:
        """The effect, and a digest of the rows."""
        self._pipe.send((sql, seconds))
        try:
            if self._pipe.poll(_START + seconds):
                effect, rows = self._pipe.recv()
                return effect, rows
        except EOFError:
            pass
        self.close()
        self._start()
        return "heavy", ""

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection, database: str, planted: bool) -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)  # what PRAGMA enable_profiling prints, and COPY ... TO '/dev/stdout'
    while True:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            _serve_in(pipe, database, planted)
            os.chdir("/")


def _serve_in(pipe: Connection, database: str, planted: bool) -> None:
    """Answers on one connection until a statement has changed something."""
    shutil.copy(database, "sales.duckdb")
    connection = _connect(planted)
    variable = connection.sql("SELECT 'secret' AS a") if planted else None
    before = {reads: _state(connection, reads) for reads in (False, True)}
    while True:
        sql, seconds = pipe.recv()
        effect, rows = _run(connection, sql, seconds, variable)
        if effect == "runs" and _state(connection, reads := _only_reads(connection, sql)) != before[reads]:
            effect = "changes"
        pipe.send((effect, rows))
        if effect in ("changes", "heavy"):
            return


def _connect(planted: bool) -> Any:
    import duckdb

    options: dict[str, Any] = {
        "autoinstall_known_extensions": "false", "custom_extension_repository": "nowhere", "extension_directory": "none",
    }  # fmt: skip
    connection = duckdb.connect("sales.duckdb", config=options)
    connection.execute("SET threads = 2; SET memory_limit = '1GB'; SET max_temp_directory_size = '100MB'")
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    connection.execute("PREPARE p AS SELECT 42; SET VARIABLE x = 41; CREATE TEMP SEQUENCE s; SELECT nextval('s')")
    connection.execute("ATTACH 'other.duckdb' AS other; CREATE TABLE other.t AS SELECT 'secret' AS a; DETACH other")
    for name in ("x.csv", "x.json", "x.parquet"):
        connection.execute(f"COPY (SELECT 1 AS a, 'secret' AS b) TO '{name}'")
    Path("x.txt").write_text("secret")
    if not planted:
        for path in (*Path().glob("x.*"), Path("other.duckdb")):
            path.unlink()
    return connection


def _run(connection: Any, sql: str, seconds: float, df: Any) -> tuple[str, str]:
    """``df`` is what a connection without the guard takes for a table of that name."""
    import duckdb

    memory = _peak(reset=True)
    alarm = threading.Timer(seconds, connection.interrupt)
    alarm.start()
    try:
        connection.execute(sql)
        rows = connection.fetchmany(_ROWS) if connection.description else []
    except (duckdb.OutOfMemoryException, duckdb.InterruptException, MemoryError):
        return "heavy", ""
    except (duckdb.Error, RuntimeError, UnicodeError) as error:
        return ("heavy" if "bad_alloc" in str(error) else "none"), ""
    finally:
        alarm.cancel()
    if _peak() - memory > _HEAVY or any(_large(cell) for row in rows for cell in row):
        return "heavy", ""
    return "runs", hashlib.sha256(repr(sorted(map(str, rows))).replace(os.getcwd(), "").encode()).hexdigest()


def _large(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) > MAX_STRING or isinstance(cell, list | tuple | dict) and len(cell) > MAX_LIST


def _peak(reset: bool = False) -> int:
    """The most memory that this process had since the last reset, in bytes; 0 where the system doesn't tell."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def _only_reads(connection: Any, sql: str) -> bool:
    """Whether DuckDB takes it for a query; one may change tables and settings all the same, but make no views or functions."""
    return all(statement.type.name == "SELECT" for statement in connection.extract_statements(sql))


def _state(connection: Any, reads: bool) -> str:
    """A digest of everything that a statement could change; ``reads``: that a query could."""
    seen = [sorted(map(str, connection.execute(sql).fetchall())) for sql in _STATE + (() if reads else _SLOW_STATE)]
    tables = connection.execute("SELECT database_name, schema_name, table_name FROM duckdb_tables() WHERE NOT internal")
    for names in tables.fetchall():
        table = ".".join(f'"{name}"' for name in names)
        seen.append(connection.execute(f"SELECT count(*), bit_xor(hash(t)) FROM {table} t").fetchall())
    first, second = (connection.execute("SELECT txid_current()").fetchall() for _ in range(2))
    files = sorted((str(path), path.stat().st_size) for path in Path().rglob("*") if "sales.duckdb" not in path.name)
    return hashlib.sha256(repr((seen, first == second, files)).encode()).hexdigest()
