"""What a DuckDB file declares: schemas, tables, views, columns, comments and keys."""
from __future__ import annotations

from typing import Any

import duckdb

from nl2sql.engine.keys import DeclaredKey, link
from nl2sql.engine.reading import METADATA_SCHEMA, quote
from nl2sql.names import humanize, kind_of, without_prefixes
from nl2sql.records import Column, Schema, Table


def declared(connection: duckdb.DuckDBPyConnection, database: str | None = None) -> Schema:
    """All schemas of a database that the connection has open (its own one without a name), the default one's tables first."""
    name = database or connection.execute("SELECT current_database()").fetchall()[0][0]
    found = connection.execute(
        "SELECT schema_name, table_name, coalesce(comment, ''), false, table_oid FROM duckdb_tables()"
        " WHERE database_name = $1 AND NOT internal"
        " UNION ALL SELECT schema_name, view_name, coalesce(comment, ''), true, view_oid FROM duckdb_views()"
        " WHERE database_name = $1 AND NOT internal ORDER BY (schema_name <> 'main'), schema_name, 4, 5", [name]
    ).fetchall()
    columns: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for schema, table, *rest in connection.execute(
        "SELECT schema_name, table_name, column_name, data_type, is_nullable, coalesce(comment, '') FROM duckdb_columns()"
        " WHERE database_name = $1 AND NOT internal ORDER BY schema_name, table_name, column_index", [name]
    ).fetchall():
        columns.setdefault((schema, table), []).append(tuple(rest))
    keys = _declared_keys(connection, name)
    tables = tuple(
        _table(schema, table, comment, is_view, columns.get((schema, table), []), keys)
        for schema, table, comment, is_view, _ in found
        if schema != METADATA_SCHEMA
    )
    return link(without_prefixes(tables), keys)


def _declared_keys(connection: duckdb.DuckDBPyConnection, name: str) -> list[DeclaredKey]:
    keys = connection.execute(
        "SELECT schema_name, table_name, constraint_type, constraint_column_names, referenced_table, referenced_column_names"
        " FROM duckdb_constraints() WHERE database_name = $1 AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')",
        [name],
    ).fetchall()
    imported = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = $1 AND schema_name = $2", [name, METADATA_SCHEMA]
    ).fetchall()
    if imported[0][0]:
        keys += connection.execute(f"SELECT 'main', * FROM {quote(name, METADATA_SCHEMA, 'keys')}").fetchall()
    return [DeclaredKey(*key) for key in keys]


def _table(
    schema: str, name: str, comment: str, is_view: bool, columns: list[tuple[Any, ...]], keys: list[DeclaredKey]
) -> Table:
    mine = [key for key in keys if (key.schema, key.table) == (schema, name)]
    primary = {column for key in mine if key.kind == "PRIMARY KEY" for column in key.columns}
    unique = {key.columns[0] for key in mine if key.kind in ("PRIMARY KEY", "UNIQUE") and len(key.columns) == 1}
    return Table(
        name=name,
        columns=tuple(
            Column(
                name=column, type=type_text, kind=kind_of(type_text), words=humanize(column), comment=remark,
                primary_key=column in primary, nullable=nullable and column not in primary, unique=column in unique,
            )
            for column, type_text, nullable, remark in columns
        ),
        words=humanize(name), comment=comment, schema="" if schema == "main" else schema, is_view=is_view,
    )
