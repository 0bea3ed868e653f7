"""Do two queries give the same rows?

Columns and rows may come in any order, figures agree to nine digits, a year is its first day, and where several rows agree one
side may show more columns. Not covered: two queries that differ, on rows that happen not to show it.
"""
from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

from nl2sql.records import Result

_SEVERAL = 3  # rows from which a column more is no other answer


def same_rows(one: Result, other: Result) -> bool:
    """Never where there are none, or where they were cut off."""
    rows = len(one.rows)
    if not rows or rows != len(other.rows) or one.truncated or other.truncated:
        return False
    narrow, wide = sorted((_columns(one), _columns(other)), key=len)
    if len(narrow) < len(wide):
        bags = [Counter(column) for column in narrow]
        wide = [column for column in wide if Counter(column) in bags] if rows >= _SEVERAL else []
    return len(narrow) == len(wide) and _bag(narrow) == _bag(wide)


def _bag(columns: list[list[str]]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(sorted(row)) for row in zip(*columns, strict=True))


def _columns(result: Result) -> list[list[str]]:
    return [_cells(column) for column in zip(*result.rows, strict=True)]


def _cells(column: tuple[Any, ...]) -> list[str]:
    if all(isinstance(cell, dt.date) and (cell.month, cell.day) == (1, 1) for cell in column):
        column = tuple(cell.year for cell in column)
    return [f"{float(cell):.9g}" if isinstance(cell, int | float | Decimal) else str(cell) for cell in column]
