"""BIRD's training set without its databases: questions, SQLite queries and the tables' DDL; there are no rows.

Training must still see linked values, so the string literals of the queries stand in for the cells of their columns, and texts
of equally named columns of other databases are mixed in as distractors.
"""
from __future__ import annotations

import random
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import sqlglot
from sqlglot import exp

from nl2sql.data.sources.reading import existing, read_rows
from nl2sql.errors import BadInput
from nl2sql.names import humanize, kind_of
from nl2sql.records import Column, Example, ForeignKey, Schema, Table, Values

WHAT = "BIRD's training set (train_excluding_sales_dbs.json, schemas/)"
QUESTIONS = "train_excluding_sales_dbs.json"
INTERNAL = re.compile(r"CREATE TABLE sqlite_\w+[^;]*;", re.IGNORECASE)  # dumped along, but SQLite keeps that name to itself


def load(folder: str | Path) -> list[Example]:
    """The questions with their queries. ``tags`` holds the annotators' evidence on what words refer to, if any."""
    rows = read_rows(existing(folder, QUESTIONS, WHAT), ("question", "query", "db_id"))
    return [
        Example(row["question"], row["query"], row["db_id"], ("bird", *filter(None, [row.get("evidence", "").strip()])))
        for row in rows
    ]


def schemas(folder: str | Path) -> dict[str, Schema]:
    """The schema of each database by its id, read by letting an empty SQLite database run its DDL."""
    return {path.stem: _schema(path) for path in sorted(existing(folder, "schemas", WHAT).glob("*.sql"))}


def _schema(path: Path) -> Schema:
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.executescript(INTERNAL.sub("", path.read_text(encoding="utf-8")))
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise BadInput(f"{path} is not SQLite DDL: {error}.") from error
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]
        tables = tuple(_table(connection, name) for name in names if not name.startswith("sqlite_"))
        schema = Schema(tables, name=path.stem)
        return Schema(tables, tuple(dict.fromkeys(_foreign_keys(connection, schema))), path.stem)


def _table(connection: sqlite3.Connection, name: str) -> Table:
    columns = [
        Column(column, kind, kind_of(kind), humanize(column), primary_key=bool(key), nullable=not (required or key))
        for _, column, kind, required, _, key in connection.execute("SELECT * FROM pragma_table_info(?)", (name,))
    ]
    return Table(name, tuple(columns), humanize(name))


def _foreign_keys(connection: sqlite3.Connection, schema: Schema) -> Iterator[ForeignKey]:
    owned = enumerate(zip(schema.owner, schema.columns, strict=True))
    place = {(schema.tables[table].name.lower(), column.name.lower()): index for index, (table, column) in owned}
    keys = {t.name.lower(): [c.name for c in t.columns if c.primary_key] for t in schema.tables}
    for table in schema.tables:
        query = 'SELECT "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq'
        for target, column, referred in connection.execute(query, (table.name,)):
            referred = referred or (keys.get(target.lower()) or [""])[0]  # REFERENCES t: its primary key
            source, end = place.get((table.name.lower(), column.lower())), place.get((target.lower(), referred.lower()))
            if source is not None and end is not None:
                yield ForeignKey(source, end)


def values(folder: str | Path, schemas: Mapping[str, Schema], *, distractors: int = 20, seed: int = 0) -> dict[str, Values]:
    """Texts for the columns of each database: its queries' literals, and up to ``distractors`` texts a column from elsewhere."""
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    for example in load(folder):
        if example.database in schemas and example.sql:
            for place, text in literals(example.sql, schemas[example.database]):
                found[example.database, place].add(text)
    by_name: dict[str, set[str]] = defaultdict(set)
    for (database, place), texts in found.items():
        by_name[schemas[database].columns[place].words] |= texts
    chance = random.Random(seed)
    result: dict[str, Values] = {}
    for database, schema in schemas.items():
        cells: dict[int, tuple[str, ...]] = {}
        for index, column in enumerate(schema.columns):
            others = sorted(by_name.get(column.words, set()) - found[database, index]) if column.kind == "text" else []
            texts = found[database, index] | set(chance.sample(others, min(distractors, len(others))))
            if texts:
                cells[index] = tuple(sorted(texts))
        result[database] = cells
    return result


def literals(sql: str, schema: Schema) -> Iterator[tuple[int, str]]:
    """The string literals of a query with the column that each is compared with; those without one are left out."""
    try:
        tree = sqlglot.parse_one(sql, dialect="sqlite")
    except sqlglot.errors.SqlglotError:
        return
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.In, exp.Like):
        operands = [node.this, *(node.expressions if isinstance(node, exp.In) else [node.expression])]
        columns = [operand for operand in operands if isinstance(operand, exp.Column)]
        texts = [operand.name for operand in operands if isinstance(operand, exp.Literal) and operand.is_string]
        index = _index(columns[0], schema) if columns else None
        if index is not None:
            for text in texts:
                text = text.strip("%") if isinstance(node, exp.Like) else text
                if text.strip() and "%" not in text and (not isinstance(node, exp.Like) or node.expression.name == text):
                    yield index, text


def _index(column: exp.Column, schema: Schema) -> int | None:
    """The column's index, looked up in the tables of the nearest enclosing block that has it; None where none has."""
    block = column.find_ancestor(exp.Select)
    while block is not None:
        sources = [source for source in block.find_all(exp.Table) if source.find_ancestor(exp.Select) is block]
        names = {source.name.lower() for source in sources if column.table.lower() in ("", source.alias_or_name.lower())}
        fits = [
            i for i, (owner, candidate) in enumerate(zip(schema.owner, schema.columns, strict=True))
            if schema.tables[owner].name.lower() in names and candidate.name.lower() == column.name.lower()
        ]  # fmt: skip
        if fits:
            return fits[0]
        block = block.find_ancestor(exp.Select)
    return None
