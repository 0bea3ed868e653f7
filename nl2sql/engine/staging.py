"""The temporary table ``stage`` that every imported table goes through, and the types that its columns get on the way out.

Values that came as text become numbers, dates, timestamps or booleans where every value of the column parses. Codes keep their
leading zeros: ``007`` is no number. An empty text is a missing value in a column that gets another type.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from nl2sql.engine.reading import quote

_SAMPLE = 2000  # rows that rule out most types before a whole column is looked at
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
_DAY = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
_CLOCK = r"[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?"

# (pattern that a value must match, expression that must not be NULL then), in order of preference. "{}" is the column.
_TESTS: tuple[tuple[str, str], ...] = (
    (r"-?(0|[1-9]\d{0,17})", "TRY_CAST({} AS BIGINT)"),
    (r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", "TRY_CAST({} AS DOUBLE)"),
    (r"(?i)true|false", "TRY_CAST({} AS BOOLEAN)"),
    *((_DAY, f"CAST(try_strptime({{}}, '{form}') AS DATE)") for form in _DATE_FORMATS),
    (rf"\d{{4}}-\d{{2}}-\d{{2}}({_CLOCK})?", "TRY_CAST(rtrim({}, 'Z') AS TIMESTAMP)"),
)


def table_name(path: str, taken: set[str]) -> str:
    """A file's table is named after it; a number tells apart what would be named alike."""
    return free_name(re.sub(r"\W+", "_", Path(path).stem).strip("_") or "data", taken)


def free_name(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken already; ``taken`` are lower case and get it."""
    candidate, number = name, 1
    while candidate.lower() in taken:
        number += 1
        candidate = f"{name}_{number}"
    taken.add(candidate.lower())
    return candidate


def create_stage(target: duckdb.DuckDBPyConnection, names: Sequence[str], types: Sequence[str]) -> None:
    items = ", ".join(f"{quote(name)} {type_text}" for name, type_text in zip(names, types, strict=True))
    target.execute(f"CREATE OR REPLACE TEMP TABLE stage ({items})")


def append(target: duckdb.DuckDBPyConnection, types: Sequence[str], columns: list[list[Any]]) -> None:
    """Adds rows, given as columns, to the stage."""
    import pyarrow

    arrow = {
        "BIGINT": pyarrow.int64(), "DOUBLE": pyarrow.float64(), "BLOB": pyarrow.binary(), "VARCHAR": pyarrow.string(),
        "BOOLEAN": pyarrow.bool_(), "DATE": pyarrow.date32(), "TIMESTAMP": pyarrow.timestamp("us"),
    }
    arrays = [pyarrow.array(cells, arrow[type_text]) for cells, type_text in zip(columns, types, strict=True)]
    target.register("incoming", pyarrow.Table.from_arrays(arrays, names=[f"c{i}" for i in range(len(types))]))
    target.execute("INSERT INTO stage SELECT * FROM incoming")
    target.unregister("incoming")


def retype(
    target: duckdb.DuckDBPyConnection,
    table: str,
    *,
    keep: Collection[str] = (),
    casts: Mapping[str, str] | None = None,
) -> None:
    """Makes ``table`` of the stage, which goes.

    ``keep``: columns that stay as they are; ``casts``: expressions for columns whose declared type says more than their values.
    """
    items = []
    for name, type_text, *_ in target.execute("DESCRIBE stage").fetchall():
        column = quote(name)
        expression = (casts or {}).get(name, column)
        if type_text == "VARCHAR" and name not in keep and expression == column:
            expression = _typed(target, column)
        items.append(f"{expression} AS {column}")
    target.execute(f"CREATE TABLE {quote(table)} AS SELECT {', '.join(items)} FROM stage; DROP TABLE stage")


def every_value(target: duckdb.DuckDBPyConnection, source: str, condition: str, column: str) -> bool:
    """Whether the condition holds for every value of the column that is neither NULL nor empty, and there is one."""
    total, good = target.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {condition}) FROM {source} WHERE {column} IS NOT NULL AND {column} <> ''"
    ).fetchall()[0]
    return bool(total == good and total > 0)


def _typed(target: duckdb.DuckDBPyConnection, column: str) -> str:
    sample = f"(SELECT {column} FROM stage WHERE {column} <> '' LIMIT {_SAMPLE})"
    for pattern, expression in _TESTS:
        value = expression.format(column)
        condition = f"regexp_full_match({column}, '{pattern}') AND {value} IS NOT NULL"
        if every_value(target, sample, condition, column) and every_value(target, "stage", condition, column):
            return expression.format(f"nullif({column}, '')")
    return column
