"""What the command line prints: text for a person, one JSON object for a program."""
from __future__ import annotations

import csv
import datetime as dt
import io
import math
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from nl2sql.names import written
from nl2sql.records import Answer, Failure, Result, Schema

if TYPE_CHECKING:
    from rich.console import Console

    from nl2sql.memory import Verified

ROWS_SHOWN = 50
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # what begins one in a spreadsheet, wide forms too
PIPE_WIDTH = 200  # characters a line, where no terminal says how wide it is


def answer_as_json(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "sql": answer.sql,
        **result_as_json(answer.result),
        "explanation": answer.explanation,
        "assumptions": list(answer.assumptions),
        "warnings": list(answer.warnings),
        "confidence": answer.confidence,
        "alternatives": [
            {"sql": other.sql, "explanation": other.explanation, "confidence": other.confidence} for other in answer.alternatives
        ],
        "failures": failures_as_json(answer.failures),
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "seconds": answer.timings.get("total"),
        "verified": answer.verified,
    }


def failures_as_json(failures: Sequence[Failure]) -> list[dict[str, Any]]:
    return [{"sql": failure.sql, "error": failure.error, "rule": failure.rule} for failure in failures]


def result_as_json(result: Result) -> dict[str, Any]:
    return {
        "columns": list(result.columns),
        "rows": [[plain(cell) for cell in row] for row in result.rows],
        "truncated": result.truncated,
    }


def schema_as_json(schema: Schema, *, database: str, as_of: dt.date) -> dict[str, Any]:
    """What is known of a database; foreign keys as "table.column", with the schema where it must be written."""
    names = _column_names(schema)
    tables = [
        {
            "name": table.name,
            "schema": table.schema,
            "is_view": table.is_view,
            "rows": table.rows,
            "comment": table.comment,
            "columns": [
                {
                    "name": column.name,
                    "type": column.type,
                    "comment": column.comment,
                    "primary_key": column.primary_key,
                    "nullable": column.nullable,
                    "samples": [plain(sample) for sample in column.samples],
                }
                for column in table.columns
            ],
        }
        for table in schema.tables
    ]
    keys = [{"from": names[key.source], "to": names[key.target], "inferred": key.inferred} for key in schema.foreign_keys]
    return {"database": database, "as_of": as_of.isoformat(), "tables": tables, "foreign_keys": keys}


def to_csv(result: Result, *, safe: bool = False) -> str:
    """CSV. ``safe``: text that a spreadsheet would run as a formula gets an apostrophe before it."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([_csv_cell(cell, safe) for cell in row] for row in (result.columns, *result.rows))
    return lines.getvalue()


def _csv_cell(cell: Any, safe: bool) -> Any:
    if isinstance(cell, bytes):
        return cell.hex()
    if not safe or cell is None or isinstance(cell, (bool, int, float, Decimal, dt.date, dt.time)):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA) else text


def plain(cell: Any) -> Any:
    """A cell as JSON has it: dates in ISO form, decimals as numbers, what JSON has no number for as null."""
    if isinstance(cell, Decimal):
        cell = float(cell)
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if cell is None or isinstance(cell, (bool, int, str)):
        return cell
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, Mapping):
        return {str(key): plain(value) for key, value in cell.items()}
    if isinstance(cell, Sequence):
        return [plain(value) for value in cell]
    return str(cell)


def verified_as_json(entry: Verified) -> dict[str, Any]:
    return {"number": entry.number, "question": entry.question, "sql": entry.sql, "when": entry.when, "uses": entry.uses,
            "as_of": entry.as_of.isoformat()}  # fmt: skip


def print_verified(entries: Sequence[Verified]) -> None:
    for entry in entries:
        say(f"{entry.number:>4}  {entry.question}  ({entry.when[:10]}, used {entry.uses} times)")
        say(f"      {entry.sql}")
    if not entries:
        say("No question of this database is verified.")


def print_answer(answer: Answer) -> None:
    print_sql(answer.sql, answer.query.dialect)
    print_result(answer.result)
    say(answer.explanation)
    for assumption in answer.assumptions:
        say(f"Assumed: {assumption}")
    for warning in answer.warnings:
        say(f"Note: {warning}")
    for other in answer.alternatives:
        say(f"Or, at {other.confidence:.0%}: {other.explanation}")
    say(f"Confidence {answer.confidence:.0%}, {answer.timings.get('total', 0.0):.2f} s")


def print_sql(sql: str, dialect: str) -> None:
    """A clause on each line, and highlighted on a terminal."""
    import sqlglot

    lines = visible(sqlglot.parse_one(sql, dialect=dialect).sql(dialect=dialect, pretty=True))
    if sys.stdout.isatty():
        from rich.syntax import Syntax

        _console().print(Syntax(lines, "sql", word_wrap=True, background_color="default"))
    else:
        print(lines)


def print_result(result: Result) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for i, name in enumerate(result.columns):
        cells = [row[i] for row in result.rows]
        numbers = all(isinstance(cell, (int, float, Decimal, type(None))) and not isinstance(cell, bool) for cell in cells)
        table.add_column(Text(visible(name)), justify="right" if numbers else "left", overflow="fold")
    for row in result.rows[:ROWS_SHOWN]:
        table.add_row(*(Text(as_text(cell)) for cell in row))
    _console().print(table)
    if len(result.rows) > ROWS_SHOWN:
        say(f"{ROWS_SHOWN} of {len(result.rows)} rows shown; --json prints them all.")


def print_schema(schema: Schema, *, database: str, as_of: dt.date, as_of_reason: str) -> None:
    say(f"{database}, as of {as_of}" + (f": {as_of_reason}" if as_of_reason else ""))
    names = _column_names(schema)
    target = {key.source: f"-> {names[key.target]}" + (" (inferred)" if key.inferred else "") for key in schema.foreign_keys}
    for number, table in enumerate(schema.tables):
        rows = "" if table.rows is None else f", {table.rows:,} row{'' if table.rows == 1 else 's'}"
        comment = f": {table.comment}" if table.comment else ""
        say(f"\n{written(table)} ({'view' if table.is_view else 'table'}{rows}){comment}")
        for index in schema.columns_of(number):
            column = schema.columns[index]
            key = "primary key" if column.primary_key else target.get(index, "")
            say("  " + "  ".join(part for part in (f"{column.name:<24}{column.type:<16}", key, column.comment) if part).rstrip())


def _column_names(schema: Schema) -> list[str]:
    return [f"{written(schema.tables[table])}.{column.name}" for table, column in zip(schema.owner, schema.columns, strict=True)]


def say(line: str) -> None:
    """One line of text on standard output, whatever control characters the data brought into it."""
    print(visible(line))


def as_text(cell: Any) -> str:
    """A cell for a person's eye: floats carry no noise, amounts have their thousands separated."""
    if cell is None:
        return "NULL"
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
        return visible(str(cell))
    if isinstance(cell, int):
        return str(cell)  # it may be an identifier or a year
    if isinstance(cell, Decimal):
        return f"{cell:,f}"
    return f"{cell:,.2f}" if abs(cell) >= 100 else f"{cell:.4g}"


def visible(text: str) -> str:
    """Control characters, with which a cell could write over the terminal, are replaced."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text)


@cache
def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
