"""A SQLite file, read by Python and handed to DuckDB in columns. Runs in the throw-away child only."""
from __future__ import annotations

import re
import sqlite3

import duckdb

from nl2sql.engine import lite
from nl2sql.engine.keys import DeclaredKey
from nl2sql.engine.reading import METADATA_SCHEMA, CannotOpen, quote
from nl2sql.engine.staging import append, create_stage, every_value, free_name, retype
from nl2sql.records import Column, Schema, Table

_BATCH = 20_000  # rows


def load_sqlite(target: duckdb.DuckDBPyConnection, path: str, taken: set[str]) -> None:
    """Tables (and views, as tables) with the keys that are declared, the types of what is stored, and dates found in texts."""
    try:
        source = lite.connect(path)
    except sqlite3.Error as error:
        raise CannotOpen(lite.meaning(error)) from error
    schema = lite.catalogue(source)
    keys = [name for key in schema.foreign_keys for name in (key.source, key.target)]
    renamed = {}
    for index, table in enumerate(schema.tables):
        in_keys = {schema.columns[i].name for i in schema.columns_of(index) if i in keys or schema.columns[i].primary_key}
        renamed[table.name] = free_name(table.name, taken)
        _load_table(source, target, table, renamed[table.name], in_keys)
    _write_keys(target, schema, renamed)


def _load_table(
    source: sqlite3.Connection, target: duckdb.DuckDBPyConnection, table: Table, name: str, in_keys: set[str]
) -> None:
    types = _stored_types(source, table)
    items = ", ".join(
        f"CAST({quote(column.name)} AS TEXT)" if stored == "VARCHAR" else quote(column.name)
        for column, stored in zip(table.columns, types, strict=True)
    )
    names = [column.name for column in table.columns]
    create_stage(target, names, types)
    cursor = source.execute(f"SELECT {items} FROM {quote(table.name)}")
    while rows := cursor.fetchmany(_BATCH):
        append(target, types, [list(cells) for cells in zip(*rows, strict=True)])
    casts = {}
    for column, stored in zip(table.columns, types, strict=True):
        cast = _declared_cast(target, column, stored)
        if cast and column.name not in in_keys:
            casts[column.name] = cast
    retype(target, name, keep=in_keys, casts=casts)


def _stored_types(source: sqlite3.Connection, table: Table) -> list[str]:
    """The DuckDB type of what each column really holds; SQLite's declarations bind nothing."""
    classes = ("integer", "real", "text", "blob")
    tests = ", ".join(f"max(typeof({quote(column.name)}) = '{kind}')" for column in table.columns for kind in classes)
    found = source.execute(f"SELECT {tests} FROM {quote(table.name)}").fetchone()
    types = []
    for i, column in enumerate(table.columns):
        held = {kind for j, kind in enumerate(classes) if found[4 * i + j]}
        if held == {"integer"}:
            types.append("BIGINT")
        elif held and held <= {"integer", "real"}:
            types.append("DOUBLE")
        elif held == {"blob"}:
            types.append("BLOB")
        else:
            types.append(_declared_type(column) if not held else "VARCHAR")
    return types


def _declared_type(column: Column) -> str:
    """For a column without any value."""
    if column.kind == "number":
        return "BIGINT" if "INT" in column.type else "DOUBLE"
    return {"date": "DATE", "boolean": "BOOLEAN"}.get(column.kind, "VARCHAR")


def _declared_cast(target: duckdb.DuckDBPyConnection, column: Column, stored: str) -> str | None:
    """An expression where the declaration says more than the stored values: DECIMAL(10,2) of reals, BOOLEAN of 0 and 1."""
    c = quote(column.name)
    decimal = re.fullmatch(r"(?:DECIMAL|NUMERIC)\s*\((\d+)\s*,\s*(\d+)\)", column.type)
    if decimal and stored in ("BIGINT", "DOUBLE") and int(decimal[2]) <= int(decimal[1]) <= 38:
        exact = f"TRY_CAST({c} AS DECIMAL({decimal[1]},{decimal[2]}))"
        return exact if _holds(target, f"abs({exact}::DOUBLE - {c}) < 1e-9 * greatest(1, abs({c}))", c) else None
    if column.kind == "boolean" and stored == "BIGINT":
        return f"CAST({c} AS BOOLEAN)" if _holds(target, f"{c} IN (0, 1)", c) else None
    if stored == "VARCHAR" and column.kind == "boolean":
        test = f"lower({c}) IN ('t', 'f', 'true', 'false')"
        return f"CAST(nullif({c}, '') AS BOOLEAN)" if every_value(target, "stage", test, c) else None
    return None


def _holds(target: duckdb.DuckDBPyConnection, condition: str, column: str) -> bool:
    bad = target.execute(f"SELECT count(*) FROM stage WHERE {column} IS NOT NULL AND NOT coalesce({condition}, false)").fetchall()
    return bool(bad[0][0] == 0)


def _write_keys(target: duckdb.DuckDBPyConnection, schema: Schema, renamed: dict[str, str]) -> None:
    """The keys lie in a table of their own: SQLite doesn't enforce them, so as constraints they might refuse the data."""
    keys = []
    for table in schema.tables:
        primary = [column.name for column in table.columns if column.primary_key]
        if primary:
            keys.append(DeclaredKey("main", table.name, "PRIMARY KEY", primary))
        keys += [DeclaredKey("main", table.name, "UNIQUE", [c.name]) for c in table.columns if c.unique and [c.name] != primary]
    for key in schema.foreign_keys:
        ends = [(schema.tables[schema.owner[i]].name, [schema.columns[i].name]) for i in (key.source, key.target)]
        keys.append(DeclaredKey("main", ends[0][0], "FOREIGN KEY", ends[0][1], *ends[1]))
    for key_row in keys:
        referenced = renamed[key_row.referenced] if key_row.referenced else None
        target.execute(
            f"INSERT INTO {METADATA_SCHEMA}.keys VALUES (?, ?, ?, ?, ?)",
            [renamed[key_row.table], key_row.kind, list(key_row.columns), referenced, list(key_row.referenced_columns)],
        )
