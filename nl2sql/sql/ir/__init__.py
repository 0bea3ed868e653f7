"""The intermediate representation: SQL <-> symbols, in any dialect that sqlglot knows.

A query is a sequence of symbols: keywords of a closed vocabulary (``nl2sql.sql.symbols``) and pointers at the context's
tables, columns, values, words, periods and numbers. SELECT comes first and FROM is derived: joins that the foreign keys imply
are left out and put back, as NatSQL (Gan et al. 2021) does; only a table that no column names, or a join that differs, is
written, at the end of its block.
"""
from __future__ import annotations

from collections.abc import Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from nl2sql.records import Context, Symbol
from nl2sql.sql.ir.literals import Unsupported
from nl2sql.sql.ir.read import Reader
from nl2sql.sql.ir.write import Malformed, Writer

__all__ = ["Malformed", "Unsupported", "from_sql", "to_sql"]


def from_sql(sql: str, context: Context, dialect: str = "duckdb") -> tuple[Symbol, ...]:
    """The symbols of a query. Slots come from the context alone: a literal that it doesn't show raises ``Unsupported``."""
    try:
        tree = sqlglot.parse_one(sql, read=dialect)
    except SqlglotError as error:
        raise Unsupported("unparsable") from error
    if not isinstance(tree, exp.Query):
        raise Unsupported(type(tree).__name__)
    return tuple(Reader(context, dialect).query(tree, None))


def to_sql(symbols: Sequence[Symbol], context: Context, dialect: str = "duckdb") -> str:
    """The query that the symbols mean, in one line. Raises ``Malformed``."""
    try:
        return Writer(symbols, context, dialect).whole().sql(dialect=dialect, copy=False)
    except (IndexError, AttributeError) as error:
        raise Malformed(f"not a query of the IR: {error}") from error
