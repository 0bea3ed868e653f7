"""Context -> the text after which a causal language model writes SQL. Training and inference share it."""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any

from nl2sql.model.prompt import DoesNotFit
from nl2sql.records import Context, Period, Pointer
from nl2sql.sql.ir import Malformed, to_sql
from nl2sql.sql.ir.dialects import identifier
from nl2sql.sql.symbols import NONE

Tokens = Callable[[str], list[int]]
NO_QUERY = "none"  # what is written instead of SQL where there is no answer


def prompt_tokens(
    context: Context, tokens: Tokens, limit: int, *, dialect: str = "duckdb", needed: Set[Pointer] = frozenset()
) -> list[int]:
    """The prompt as tokens, ``limit`` at most: where it is longer, columns go, unlinked ones first, never the ``needed``.

    Raises ``DoesNotFit`` where those alone, or the question, are too long.
    """
    whole = tokens(prompt_text(context, context.columns, dialect))
    if len(whole) <= limit:
        return whole
    order = _by_worth(context, needed)
    shown = [Pointer("column", column) in needed for column in order].count(True)
    counts = range(len(order) + 1)
    fits = bisect_right(counts, limit, key=lambda n: len(tokens(prompt_text(context, order[:n], dialect)))) - 1
    if fits < max(shown, 1):
        raise DoesNotFit(f"room for {limit} tokens")
    return tokens(prompt_text(context, order[:fits], dialect))


def prompt_text(context: Context, columns: Iterable[int], dialect: str) -> str:
    """Tables with these columns, joins among them, linked values, periods and numbers, the question; ends before the SQL."""
    schema, kept = context.schema, set(columns)
    tables: dict[int, list[int]] = {}
    for column in context.columns:
        if column in kept:
            tables.setdefault(schema.owner[column], []).append(column)
    lines = [f"{_table(context, table, dialect)}({', '.join(_described(context, c, dialect) for c in listed)})"
             for table, listed in tables.items()]
    lines += [f"join {_full(context, key.source, dialect)} = {_full(context, key.target, dialect)}"
              for key in schema.foreign_keys if {key.source, key.target} <= kept]
    lines += [f"value {_full(context, value.column, dialect)} = {_literal(value.value)}"
              for value in context.values if value.column in kept]
    lines += [f"{_said(context, period)}: {period.start or ''} to before {period.end or ''}" for period in context.periods]
    lines += [f"{_said(context, number)}: {number.value}" for number in context.numbers
              if _said(context, number) != str(number.value)]
    return "\n".join([*lines, *_previous(context, dialect), f"question: {context.question}", "SQL:"])


def answer_text(symbols: Sequence[Any], context: Context, dialect: str) -> str:
    """What is to be written after the prompt. Raises ``Malformed``."""
    return " " + (NO_QUERY if tuple(symbols) == (NONE,) else to_sql(symbols, context, dialect))


def _by_worth(context: Context, needed: Set[Pointer]) -> list[int]:
    """The columns, those first that are needed, then those that the question names, then keys."""
    schema = context.schema
    keys = {end for key in schema.foreign_keys for end in (key.source, key.target)}
    valued = {value.column for value in context.values}
    used = {schema.owner[pointer.index] for pointer in needed if pointer.kind == "column"}

    def worth(column: int) -> tuple[bool, int]:
        table, links = Pointer("table", schema.owner[column]), context.links.get(Pointer("column", column), ())
        linked = 2 * max([3 * (column in valued), *(link.level for link in links)])
        near = (table in context.links or table.index in used) + (column in keys or schema.columns[column].primary_key)
        return Pointer("column", column) in needed, linked + near

    return sorted(context.columns, key=worth, reverse=True)


def _table(context: Context, table: int, dialect: str) -> str:
    what = context.schema.tables[table]
    return ".".join(identifier(name).sql(dialect) for name in (what.schema, what.name) if name)


def _described(context: Context, column: int, dialect: str) -> str:
    what = context.schema.columns[column]
    kind = "" if what.kind == "text" else f" {what.kind}"
    return identifier(what.name).sql(dialect) + kind + (" key" if what.primary_key else "")


def _full(context: Context, column: int, dialect: str) -> str:
    table = _table(context, context.schema.owner[column], dialect)
    return f"{table}.{identifier(context.schema.columns[column].name).sql(dialect)}"


def _literal(value: Any) -> str:
    return "'" + value[:80].replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _said(context: Context, literal: Period | Any) -> str:
    """The words of the question that a number or period stands for."""
    return context.question[context.words[literal.first].start : context.words[literal.last].end]


def _previous(context: Context, dialect: str) -> list[str]:
    try:
        return [f"before: {to_sql(context.previous, context, dialect)}"] if context.previous else []
    except Malformed:
        return []
