"""All that is learnt of a file, made in the worker and carried (and cached) as JSON: schema, values, the latest dates."""
from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from nl2sql.engine.keys import infer
from nl2sql.engine.profile import Latest, profile
from nl2sql.engine.protocol import decode_cell, encode_cell
from nl2sql.engine.reading import Reader
from nl2sql.engine.scope import Scope
from nl2sql.records import Column, ForeignKey, Schema, Table, Values

VERSION = 2  # of what a description holds: a cached one of another version is made anew
_REACHES_TODAY = 31  # days


@dataclass(frozen=True)
class Description:
    schema: Schema
    values: Values
    latest: Latest


def describe(reader: Reader) -> dict[str, Any]:
    """Reads the whole description from an open file, as JSON."""
    profiled = profile(reader.catalogue(), reader)
    schema = infer(profiled.schema, reader)
    tables = []
    for table in schema.tables:
        entry = asdict(table)
        for column in entry["columns"]:
            column["samples"] = [encode_cell(sample) for sample in column["samples"]]
        tables.append(entry)
    today, date, future = profiled.latest
    return {
        "version": VERSION,
        "tables": tables,
        "foreign_keys": [asdict(key) for key in schema.foreign_keys],
        "values": {str(i): texts for i, texts in profiled.values.items()},
        "latest": [today.isoformat(), date.isoformat() if date else None, future],
    }


def read_description(data: dict[str, Any], name: str) -> Description:
    tables = tuple(
        Table(**{**entry, "columns": tuple(_column(column) for column in entry["columns"])}) for entry in data["tables"]
    )
    keys = tuple(ForeignKey(**key) for key in data["foreign_keys"])
    today, date, future = data["latest"]
    latest = Latest(dt.date.fromisoformat(today), dt.date.fromisoformat(date) if date else None, future)
    return Description(Schema(tables, keys, name), {int(i): tuple(texts) for i, texts in data["values"].items()}, latest)


def is_current(data: dict[str, Any]) -> bool:
    """Whether a cached description still holds: dates that lay in the future may have come since."""
    today, _, future = data.get("latest", ("", None, True))
    return data.get("version") == VERSION and (not future or today == dt.date.today().isoformat())


def resolve_as_of(given: dt.date | None, latest: Latest, today: dt.date) -> tuple[dt.date, str]:
    """The date that relative dates count from, and why it is that one."""
    if given is not None:
        return given, "given"
    if latest.date is None:
        return today, "today, as the data have no dates"
    if (today - latest.date).days <= _REACHES_TODAY:
        return today, f"today, as the data reach to {latest.date.isoformat()}"
    return latest.date, "the latest date in the data"


def fingerprint(schema: Schema, scope: Scope | None = None) -> str:
    """A hash of the names and types of tables and columns, in any order of the tables: an adapter is found by it.

    What sees other rows has another one, so that questions kept for one are never told to another.
    """
    shape: list[list[Any]] = sorted(
        [table.schema, table.name, [[column.name, column.type] for column in table.columns]] for table in schema.tables
    )
    if scope is not None:
        shape.append([scope.to_json()])
    return hashlib.sha256(json.dumps(shape, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _column(entry: dict[str, Any]) -> Column:
    return Column(**{**entry, "samples": tuple(decode_cell(sample) for sample in entry["samples"])})
