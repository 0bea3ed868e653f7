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
from nl2sql.eval.memory import quoted
from nl2sql.records import Query

if TYPE_CHECKING:
    from nl2sql import Database

MOST_ROWS = 1500  # of a table; of a larger one as many are chosen


@dataclass
class SourceTable:
    """``total`` rows are in the database, ``rows`` are those that are used. Indices are of this table's columns.

    ``keys``: columns whose values stay unique; ``links``: column -> (table, column) that it refers to.
    """

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    definition: str
    rows: list[Row]
    total: int
    nullable: frozenset[int]
    keys: frozenset[int]
    primary: tuple[int, ...] = ()
    links: dict[int, tuple[int, int]] = field(default_factory=dict)

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
    schema, dialect = database.schema, database.dialect
    definitions, views = _definitions(database)
    tables: list[SourceTable] = []
    place: dict[int, int] = {}
    for number, table in enumerate(schema.tables):
        definition = definitions.get(table.name.lower(), "")
        if dialect == "duckdb":
            typed = ", ".join(f"{quoted(column.name)} {column.type}" for column in table.columns)
            definition = "" if table.is_view or table.schema else f"CREATE TABLE {quoted(table.name)} ({typed})"
        if not definition:
            continue
        names = tuple(column.name for column in table.columns)
        try:
            chosen, total = _rows(database, table.name, names)
        except QueryFailed:
            continue
        primary = tuple(i for i, column in enumerate(table.columns) if column.primary_key)
        single = set(primary) if len(primary) == 1 else set()
        unique = {i for i, column in enumerate(table.columns) if column.unique} | single
        place[number] = len(tables)
        tables.append(
            SourceTable(
                table.name, names, tuple(column.kind for column in table.columns), definition, chosen, total,
                frozenset(i for i, column in enumerate(table.columns) if column.nullable and not column.primary_key),
                frozenset(i for i in unique if _distinct(chosen, i)), primary,
            )
        )  # fmt: skip
    for key in schema.foreign_keys:
        source, target = schema.owner[key.source], schema.owner[key.target]
        if source in place and target in place:
            column = key.source - schema.first[source]
            tables[place[source]].links.setdefault(column, (place[target], key.target - schema.first[target]))
    return Source(dialect, tables, views, constants(golds, dialect))


def _definitions(database: Database) -> tuple[dict[str, str], list[str]]:
    if database.dialect != "sqlite":
        return {}, []
    found = database.run(Query("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL", "sqlite")).rows
    tables = {name.lower(): sql for kind, name, sql in found if kind == "table" and not name.startswith("sqlite_")}
    return tables, [sql for kind, _, sql in found if kind == "view"]


def _rows(database: Database, table: str, columns: tuple[str, ...]) -> tuple[list[Row], int]:
    """Rows and how many there are; of a large table every so many-th, which is the same every time."""

    def run(sql: str) -> list[Row]:
        return list(database.run(Query(sql, database.dialect), time_limit=60.0, row_limit=None).rows)

    total = run(f"SELECT count(*) FROM {quoted(table)}")[0][0]
    step = -(-total // MOST_ROWS)
    where = f" WHERE rowid % {step} = 0" if step > 1 else ""
    return run(f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(table)}{where}"), total


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
