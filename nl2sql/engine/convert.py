"""The throw-away child that makes one DuckDB file of other files. Started as ``python -m nl2sql.engine.convert``.

Each file is read by the reader of its own ending and no other; DuckDB may touch nothing but the files that were named.
"""
from __future__ import annotations

import re
import sqlite3
from typing import Any, Protocol

import duckdb

from nl2sql.engine import lite
from nl2sql.engine.from_excel import load_excel
from nl2sql.engine.from_sqlite import load_sqlite
from nl2sql.engine.protocol import read_frame, write_frame
from nl2sql.engine.reading import METADATA_SCHEMA, SQLITE_MAGIC, CannotOpen, first_bytes, quote
from nl2sql.engine.settings import START_UP, Limits, settings
from nl2sql.engine.staging import retype, table_name
from nl2sql.engine.worker import limit_address_space, take_pipes

_BINARY = (b"PK\x03\x04", b"PAR1", b"%PDF", SQLITE_MAGIC)


class Load(Protocol):
    def __call__(self, target: duckdb.DuckDBPyConnection, path: str, taken: set[str]) -> None:
        """Adds the file's tables to the target; ``taken`` are the table names that exist, lower case."""


def main() -> None:
    requests, replies = take_pipes()
    order = read_frame(requests)
    if order is None:
        return
    limits = Limits(**order["limits"])
    limit_address_space(limits.address_space)
    write_frame(replies, _convert(order["paths"], order["target"], limits))


def _convert(paths: list[list[str]], target: str, limits: Limits) -> dict[str, Any]:
    """{"ready": true}, or the first error with the name of the file that caused it."""
    connection = duckdb.connect(target, config={s.name: s.value for s in START_UP})
    readable = [form for path, kind in paths if kind in ("csv", "parquet") for form in dict.fromkeys((path, _unglobbed(path)))]
    for setting in settings(limits, readable):
        value = setting.value if setting.value.startswith("[") else "'" + setting.value.replace("'", "''") + "'"
        connection.execute(f"SET {setting.name} = {value}")
    connection.execute(
        f"CREATE SCHEMA {METADATA_SCHEMA}; CREATE TABLE {METADATA_SCHEMA}.keys"
        " (table_name VARCHAR, kind VARCHAR, columns VARCHAR[], referenced VARCHAR, referenced_columns VARCHAR[])"
    )
    taken: set[str] = set()
    for path, kind in paths:
        try:
            _loader(path, kind)(connection, path, taken)
        except CannotOpen as error:
            return {"error": error.kind, "message": f"{path} {error}"}
        except MemoryError:
            return {"error": "bad", "message": f"{path} is too large to be imported within the memory allowed"}
        except (duckdb.Error, sqlite3.Error, OSError, ValueError) as error:
            return {"error": "bad", "message": f"{path} can't be read: {_first_line(error)}"}
    connection.close()
    if not taken:
        return {"error": "bad", "message": f"{paths[0][0]} has no tables"}
    return {"ready": True}


def _loader(path: str, kind: str) -> Load:
    if kind == "csv":
        return _load_csv
    if kind == "parquet":
        return _load_parquet
    if kind == "excel":
        return load_excel
    magic = first_bytes(path)
    if magic == SQLITE_MAGIC:
        return load_sqlite
    if magic[8:12] == b"DUCK":
        raise CannotOpen("is a DuckDB file, which can only be opened alone")
    raise CannotOpen("is not a file that can be read (DuckDB, SQLite, CSV, Parquet and Excel files can)" if magic else "is empty")


def _load_csv(target: duckdb.DuckDBPyConnection, path: str, taken: set[str]) -> None:
    """The first line has the names. Values are read as text first, so that ``007`` keeps its zeros; types are inferred after."""
    start = first_bytes(path)
    if not start.strip():
        raise CannotOpen("is empty")
    wide = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    if start.startswith(_BINARY) or (b"\0" in start and not wide):
        raise CannotOpen("is not a CSV file")
    place = _literal(path)
    for encoding in ("utf-16",) if wide else ("utf-8", "latin-1"):
        try:
            target.execute(
                "CREATE OR REPLACE TEMP TABLE stage AS SELECT * FROM"
                f" read_csv({place}, header = true, all_varchar = true, sample_size = -1, encoding = '{encoding}')"
            )
            break
        except duckdb.Error as error:
            if encoding != "utf-8" or not re.search("unicode|utf", str(error), re.IGNORECASE):
                raise
    retype(target, table_name(path, taken))


def _load_parquet(target: duckdb.DuckDBPyConnection, path: str, taken: set[str]) -> None:
    if first_bytes(path)[:4] not in (b"PAR1", b"PARE"):
        raise CannotOpen("is not a Parquet file")
    target.execute(f"CREATE TABLE {quote(table_name(path, taken))} AS SELECT * FROM read_parquet({_literal(path)})")


def _literal(path: str) -> str:
    return "'" + _unglobbed(path).replace("'", "''") + "'"


def _unglobbed(path: str) -> str:
    """The path with ``*``, ``?`` and ``[`` written so that DuckDB doesn't take them as a pattern for several files."""
    return re.sub(r"[*?[]", r"[\g<0>]", path)


def _first_line(error: Exception) -> str:
    if isinstance(error, sqlite3.Error):
        return lite.meaning(error)
    return (str(error).strip() or type(error).__name__).splitlines()[0]


if __name__ == "__main__":
    main()
