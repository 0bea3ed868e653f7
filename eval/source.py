"""What variants are made from: a database's tables (of large ones a sample), their keys, and the constants of the golds."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

from nl2sql.errors import QueryFailed
from nl2sql.eval.compare import Row
from nl2sql.eval.memory import Contents, quoted
from nl2sql.records import Query, Table

if TYPE_CHECKING:
    from nl2sql import Database

MOST_ROWS = 1500  # of a table; of a larger one as many are chosen
NUMBER = "nl2sql row"


@dataclass
class SourceTable:
    """``total`` rows are in the database, ``rows`` are those that are used. Indices are of this table's columns.

    ``place`` is the quoted name with its schema, ``definition`` the statements that make the table; ``keys``: columns whose
    values stay unique; ``links``: column -> (table, column) that it refers to.
    """

    place: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    types: tuple[str, ...]
    definition: str
    rows: list[Row]
    total: int
    nullable: frozenset[int]
    keys: frozenset[int]
    primary: tuple[int, ...] = ()
    links: dict[int, tuple[int, int]] = field(default_factory=dict)

    def contents(self, columns: Sequence[Sequence[Any]]) -> Contents:
        sample = self.rows[0] if self.rows else ()
        return Contents(self.definition, self.place, self.columns, self.types, self.valid(columns), sample)

    def valid(self, columns: Sequence[Sequence[Any]]) -> list[Row]:
        """Rows of these columns, without those whose keys aren't valid: NULL where there may be none, or there already."""
        needed = [i for i in {*self.primary, *self.links} if i not in self.nullable]
        rows: list[Row] = []
        seen: set[Row] = set()
        for row in zip(*columns, strict=True):
            key = tuple(row[i] for i in self.primary)
            if all(row[i] is not None for i in needed) and (len(self.primary) < 2 or key not in seen):
                seen.add(key)
                rows.append(row)
        return rows


@dataclass
class Source:
    dialect: str
    tables: list[SourceTable]
    views: list[str]
    constants: dict[str, list[Any]]  # column name, lower case -> values that golds compare it with


def read(database: Database, golds: Iterable[str]) -> Source:
    """Reads the tables through the database's own worker. A table that can't be read stays away."""
    schema = database.schema
    definitions, views = _definitions(database)
    tables: list[SourceTable] = []
    place: dict[int, int] = {}
    for number, table in enumerate(schema.tables):
        definition = "" if table.is_view else definitions.get(table.name.lower(), "")
        if database.dialect == "duckdb" and not table.is_view:
            definition = _definition(table)
        if definition:
            try:
                found = _table(database, table, definition)
            except QueryFailed:
                continue
            place[number] = len(tables)
            tables.append(found)
    # where a column refers to two, the one whose key has several columns: it can't be dealt without the others
    for key in sorted(schema.foreign_keys, key=lambda key: len(_primary(schema.tables[schema.owner[key.target]])) < 2):
        source, target = schema.owner[key.source], schema.owner[key.target]
        if source in place and target in place:
            column = key.source - schema.first[source]
            tables[place[source]].links.setdefault(column, (place[target], key.target - schema.first[target]))
    return Source(database.dialect, tables, views, constants(golds, database.dialect))


def _definitions(database: Database) -> tuple[dict[str, str], list[str]]:
    """The statements that make SQLite's tables, by lower-case name, and those that make the views."""
    if database.dialect == "duckdb":
        views = database.run(Query("SELECT sql FROM duckdb_views() WHERE NOT internal"), row_limit=None).rows
        return {}, [sql for (sql,) in views]
    query = Query("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL", "sqlite")
    found = database.run(query, row_limit=None).rows
    tables = {name.lower(): sql for kind, name, sql in found if kind == "table" and not name.startswith("sqlite_")}
    return tables, [sql for kind, _, sql in found if kind == "view"]


def _definition(table: Table) -> str:
    typed = ", ".join(f"{quoted(column.name)} {column.type}" for column in table.columns)
    schema = f"CREATE SCHEMA IF NOT EXISTS {quoted(table.schema)}; " if table.schema else ""
    return f"{schema}CREATE TABLE {_place(table)} ({typed})"


def _place(table: Table) -> str:
    return ".".join(map(quoted, filter(None, (table.schema, table.name))))


def _table(database: Database, table: Table, definition: str) -> SourceTable:
    names = tuple(column.name for column in table.columns)
    rows, total = _rows(database, _place(table), names)
    primary = _primary(table)
    single = set(primary) if len(primary) == 1 else set()
    unique = {i for i, column in enumerate(table.columns) if column.unique} | single
    return SourceTable(
        _place(table), names, tuple(column.kind for column in table.columns), tuple(column.type for column in table.columns),
        definition, rows, total,
        frozenset(i for i, column in enumerate(table.columns) if column.nullable and not column.primary_key),
        frozenset(i for i in unique if _distinct(rows, i)), primary,
    )  # fmt: skip


def _primary(table: Table) -> tuple[int, ...]:
    return tuple(i for i, column in enumerate(table.columns) if column.primary_key)


def _rows(database: Database, place: str, columns: tuple[str, ...]) -> tuple[list[Row], int]:
    """Rows and how many there are; of a large table every so many-th, which is the same every time."""

    def run(sql: str) -> list[Row]:
        return list(database.run(Query(sql, database.dialect), time_limit=60.0, row_limit=None).rows)

    total = run(f"SELECT count(*) FROM {place}")[0][0]
    step = -(-total // MOST_ROWS)
    names = ", ".join(map(quoted, columns))
    if step <= 1:
        return run(f"SELECT {names} FROM {place}"), total
    numbered = f"SELECT {names}, row_number() OVER () AS {quoted(NUMBER)} FROM {place}"  # not every table has a rowid
    return run(f"SELECT {names} FROM ({numbered}) WHERE {quoted(NUMBER)} % {step} = 0"), total


def _distinct(rows: list[Row], column: int) -> bool:
    cells = [row[column] for row in rows if row[column] is not None]
    return len(set(cells)) == len(cells)


def constants(golds: Iterable[str], dialect: str) -> dict[str, list[Any]]:
    """The literals that each column is compared with, and their neighbours, by the column's lower-case name."""
    found: dict[str, dict[Any, None]] = {}
    for sql in golds:
        try:
            tree = sqlglot.parse_one(sql, dialect=dialect)
        except sqlglot.errors.SqlglotError:
            continue
        for node in tree.find_all(exp.Predicate):
            columns = {column.name.lower() for column in node.find_all(exp.Column) if not _is_text(column)}
            for literal in (*node.find_all(exp.Literal), *filter(_is_text, node.find_all(exp.Column))):
                for value in _near(literal):
                    for column in columns:
                        found.setdefault(column, {})[value] = None
    return {column: list(values) for column, values in found.items()}


def _is_text(node: exp.Expression) -> bool:
    """SQLite's texts in double quotes look like columns."""
    return isinstance(node, exp.Column) and not node.table and bool(node.this.args.get("quoted"))


def _near(literal: exp.Expression) -> list[Any]:
    text = literal.name
    if isinstance(literal, exp.Literal) and not literal.is_string:
        number = float(text)
        value: int | float = int(number) if number == int(number) else number
        return [value, value - 1, value + 1]
    try:
        day = dt.date.fromisoformat(text)
        return [day, day - dt.timedelta(days=1), day + dt.timedelta(days=1)]
    except ValueError:
        core = text.strip("%_")
        return [core, f"{core} x", f"x {core}", f"x {core} x"] if core != text else [text]


def fit(value: Any, cells: Sequence[Any]) -> Any:
    """A gold's constant in the column's own type, None where it has none."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if isinstance(value, dt.date):
        if kinds == {dt.date}:
            return value
        if kinds == {dt.datetime}:
            return dt.datetime(value.year, value.month, value.day)
        return value.isoformat() if str in kinds else None
    if isinstance(value, str):
        return value if str in kinds else None
    if kinds and kinds <= {int, float, Decimal}:
        return Decimal(str(value)) if Decimal in kinds else int(value) if kinds == {int} else value
    return str(value) if kinds == {str} else None
