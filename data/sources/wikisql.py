"""WikiSQL: questions about single tables of Wikipedia. There are no rows: the values that questions ask for stand in for cells.

The published SQL names columns by position and leaves literals unquoted; it is written anew here with quoted identifiers.
A column of which the data set doesn't tell the name is not part of its table.
"""
from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nl2sql.data.sources.reading import existing, parsed
from nl2sql.errors import BadInput
from nl2sql.records import Column, Example, Schema, Table, Values

WHAT = "WikiSQL (wikisql_text2sqldata.jsonl.gz, known_columns.json)"
TABLE = "records"  # WikiSQL's tables have no names of their own
HEAD = re.compile(r"SELECT\s+(COUNT|SUM|AVG|MIN|MAX)?\s*col(\d+)\s+FROM table")
CONDITION = re.compile(r"(?:WHERE|AND) col(\d+) ([=<>]) ")
VARIABLE = re.compile(r"([=<>])\s*\"?(var\d+)\"?")
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?|-?\.\d+")


@dataclass(frozen=True)
class _Row:
    """A question and its parsed query: conditions are (column position, operator, value)."""

    table: str
    question: str
    split: str
    aggregate: str
    column: int
    conditions: tuple[tuple[int, str, str], ...]

    def positions(self) -> set[int]:
        return {self.column, *(position for position, _, _ in self.conditions)}


def load(folder: str | Path, split: str = "train") -> list[Example]:
    """The split's questions (``train``, ``dev``, ``test``); ``database``: table id. Those that don't parse are left out."""
    tables = schemas(folder)
    columns = _positions(folder)
    return [
        Example(row.question, _sql(row, tables[row.table], columns[row.table]), row.table, ("wikisql",))
        for row in _rows(Path(folder))
        if row.split == split and row.positions() <= columns.get(row.table, {}).keys()
    ]


def schemas(folder: str | Path) -> dict[str, Schema]:
    """A schema of one table for each table id."""
    numeric = _numeric(_rows(Path(folder)))
    result = {}
    for table, positions in _positions(folder).items():
        columns = [
            Column(name, "REAL", "number", name.replace("_", " ")) if (table, position) in numeric
            else Column(name, "TEXT", "text", name.replace("_", " "))
            for position, name in positions.items()
        ]  # fmt: skip
        result[table] = Schema((Table(TABLE, tuple(columns), TABLE),), name=table)
    return result


def values(folder: str | Path) -> dict[str, Values]:
    """The texts that questions of any split compare each column with, by table id."""
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    tables, positions = schemas(folder), _positions(folder)
    for row in _rows(Path(folder)):
        place = {position: index for index, position in enumerate(positions.get(row.table, {}))}
        for position, _, text in row.conditions:
            if position in place and tables[row.table].columns[place[position]].kind == "text":
                found[row.table][place[position]].add(text)
    return {table: {index: tuple(sorted(texts)) for index, texts in columns.items()} for table, columns in found.items()}


def _positions(folder: str | Path) -> dict[str, dict[int, str]]:
    """The known columns of each table by position; a name that comes twice gets its position added."""
    result = {}
    for table, header in parsed(existing(folder, "known_columns.json", WHAT)).items():
        names: dict[int, str] = {}
        for position, name in sorted((int(position), name) for position, name in header.items()):
            name = name.removesuffix("_FIELD").lower().strip("_") or f"column_{position}"
            names[position] = f"{name}_{position}" if name in names.values() else name
        result[table] = names
    return result


@lru_cache(maxsize=2)
def _rows(folder: Path) -> tuple[_Row, ...]:
    path = existing(folder, "wikisql_text2sqldata.jsonl.gz", WHAT)
    rows = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = _row(json.loads(line))
                if row is not None:
                    rows.append(row)
    except (OSError, EOFError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise BadInput(f"{path} is not WikiSQL's file of questions ({error!r} after {len(rows)} rows).") from error
    return tuple(rows)


def _row(entry: dict[str, Any]) -> _Row | None:
    """The entry's query, parsed; None where position and value of its conditions can't be told apart."""
    head = HEAD.match(entry["sql_original"])
    conditions, variables = CONDITION.findall(entry["sql_original"]), VARIABLE.findall(entry["sql_named"])
    if head is None or [operator for _, operator in conditions] != [operator for operator, _ in variables]:
        return None
    texts = [str(entry["variables"].get(name, "")) for _, name in variables]
    if not all(texts):
        return None
    parts = tuple((int(position), operator, text) for (position, operator), text in zip(conditions, texts, strict=True))
    return _Row(entry["table_id"], entry["question"], entry["split"], head[1] or "", int(head[2]), parts)


def _numeric(rows: Iterable[_Row]) -> set[tuple[str, int]]:
    """The columns of numbers: summed, averaged or compared by size, and never compared with a text."""
    number: set[tuple[str, int]] = set()
    text: set[tuple[str, int]] = set()
    for row in rows:
        if row.aggregate in ("SUM", "AVG", "MIN", "MAX"):
            number.add((row.table, row.column))
        for position, operator, value in row.conditions:
            (number if NUMBER.fullmatch(value) else text).add((row.table, position))
            if operator != "=":
                number.add((row.table, position))
    return number - text


def _sql(row: _Row, schema: Schema, positions: dict[int, str]) -> str:
    by_name = {column.name: column for column in schema.columns}

    def name(position: int) -> str:
        return '"' + positions[position].replace('"', '""') + '"'

    def literal(position: int, text: str) -> str:
        number = by_name[positions[position]].kind == "number"
        return text.replace(",", "") if number else "'" + text.replace("'", "''") + "'"

    select = f"{row.aggregate}({name(row.column)})" if row.aggregate else name(row.column)
    where = " AND ".join(f"{name(position)} {operator} {literal(position, text)}" for position, operator, text in row.conditions)
    return f"SELECT {select} FROM {TABLE}" + (f" WHERE {where}" if where else "")
