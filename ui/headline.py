"""The answer first: what the rows say, in a number or a few words, drawn from the result alone."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nl2sql.records import Result
from nl2sql.ui.cells import Column, columns


@dataclass(frozen=True)
class Headline:
    """``value`` is shown big, ``note`` beside it."""

    value: str
    note: str = ""


def headline(result: Result) -> Headline:
    shown = columns(result)
    if not result.rows:
        return Headline("Nothing found", "No row of the data fits.")
    if len(result.rows) == 1:
        return _single(shown, result.rows[0])
    labels, measure = labels_and_measure(shown)
    if measure and labels and not result.truncated:
        extreme = _extreme(result, labels, measure)
        if extreme:
            return extreme
    more = "more than " if result.truncated else ""
    first = f"{shown[0].title} and {len(shown) - 1} more columns" if len(shown) > 2 else " and ".join(c.title for c in shown)
    return Headline(f"{more}{len(result.rows):,} rows", first)


def labels_and_measure(shown: tuple[Column, ...]) -> tuple[list[Column], Column | None]:
    """The columns that name a row, and the first that measures it. Keys name a row only where nothing else does."""
    named = [column for column in shown if not column.is_measure and column.role != "identifier"]
    labels = named or [column for column in shown if column.role == "identifier"]
    return labels, next((column for column in shown if column.is_measure), None)


def label_of(labels: list[Column], row: tuple[Any, ...]) -> str:
    return " ".join(column.write(row[column.index]) for column in labels)


def _single(shown: tuple[Column, ...], row: tuple[Any, ...]) -> Headline:
    if len(shown) == 1:
        empty = row[0] is None
        return Headline("No value" if empty else shown[0].write(row[0]), shown[0].title)
    labels, _ = labels_and_measure(shown)
    if not labels:
        return Headline(shown[0].write(row[0]), ", ".join([shown[0].title, *(_told(column, row) for column in shown[1:4])]))
    rest = [column for column in shown if column not in labels[:2] and column.role != "identifier"][:3]
    return Headline(label_of(labels[:2], row), ", ".join(_told(column, row) for column in rest))


def _told(column: Column, row: tuple[Any, ...]) -> str:
    return f"{column.title}: {column.write(row[column.index])}"


def _extreme(result: Result, labels: list[Column], measure: Column) -> Headline | None:
    """The row with the highest value; the lowest where the rows begin with it."""
    rows = [row for row in result.rows if row[measure.index] is not None]
    if len(rows) < 2:
        return None
    values = [row[measure.index] for row in rows]
    names = [tuple(str(row[column.index]) for column in labels) for row in rows]
    by_name = names == sorted(names) or any(column.is_time for column in labels)  # then the values rise by accident
    lowest_first = values == sorted(values) and values[0] != values[-1] and not by_name
    row, word = (rows[0], "lowest") if lowest_first else (max(rows, key=lambda row: row[measure.index]), "highest")
    many = f"the {word} of {len(result.rows):,}"
    return Headline(label_of(labels[:2], row), f"{_told(measure, row)}, {many}")
