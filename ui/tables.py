"""The rows of an answer as an HTML table whose heads sort it."""
from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from nl2sql.records import Result
from nl2sql.ui.cells import Column, columns

ROWS_SHOWN = 200
_ROW = Markup("<tr>{}</tr>")


def draw_table(result: Result) -> Markup:
    """At most ``ROWS_SHOWN`` rows; the note under them says how many there are."""
    shown = columns(result)
    head = Markup("").join(_head(column) for column in shown)
    body = Markup("").join(_ROW.format(Markup("").join(_cell(column, row[column.index]) for column in shown))
                           for row in result.rows[:ROWS_SHOWN])  # fmt: skip
    partial = Markup(' data-partial="1"') if len(result.rows) > ROWS_SHOWN else ""
    table = Markup('<div class="rows"><table{}><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        partial, head, body
    )
    note = count_note(result)
    return table + Markup('<p class="rows-note">{}</p>').format(note) if note else table


def sorted_by(result: Result, index: int, *, down: bool) -> Result:
    """All rows in the order of one column; what is missing comes last either way."""
    if not 0 <= index < len(result.columns):
        return result
    known = [row for row in result.rows if row[index] is not None]
    missing = [row for row in result.rows if row[index] is None]
    try:
        known.sort(key=lambda row: row[index], reverse=down)
    except TypeError:  # cells of several types
        known.sort(key=lambda row: str(row[index]), reverse=down)
    return replace(result, rows=(*known, *missing))


def count_note(result: Result) -> str:
    total = len(result.rows)
    if result.truncated:
        return f"The first {min(total, ROWS_SHOWN):,} of more than {total:,} rows."
    return f"The first {ROWS_SHOWN:,} of {total:,} rows; the downloads hold them all." if total > ROWS_SHOWN else ""


def _head(column: Column) -> Markup:
    return Markup('<th scope="col" class="{}"><button type="button" data-act="sort" data-index="{}">{}</button></th>').format(
        _side(column), column.index, column.title
    )


def _cell(column: Column, value: Any) -> Markup:
    written = column.write(value)
    side = _side(column)
    if value is None:
        return Markup('<td class="{} missing">{}</td>').format(side, written)
    if side == "number" or column.is_time:
        return Markup('<td class="{}" data-sort="{}" title="{}">{}</td>').format(side, _sortable(value), value, written)
    return Markup('<td class="{}">{}</td>').format(side, written)


def _side(column: Column) -> str:
    return "number" if column.is_measure or column.role in ("identifier", "year") else "text"


def _sortable(value: Any) -> str:
    """A number that stands in the same order as the cell."""
    if isinstance(value, dt.datetime):
        return f"{value.toordinal()}.{value.hour:02}{value.minute:02}{value.second:02}{value.microsecond:06}"
    return str(value.toordinal()) if isinstance(value, dt.date) else str(value)
