"""The sheets of an Excel file, read by openpyxl and handed to DuckDB in columns. Runs in the throw-away child only."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import duckdb

from nl2sql.engine.reading import CannotOpen
from nl2sql.engine.staging import append, create_stage, free_name, retype, table_name

_ERRORS = {"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}


def load_excel(target: duckdb.DuckDBPyConnection, path: str, taken: set[str]) -> None:
    """Every sheet that has rows; the first row that isn't empty has the names. A lone sheet's table is named after the file."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, OSError, ValueError) as error:
        raise CannotOpen("is not an Excel file that can be read (.xlsx)") from error
    except Exception as error:  # zipfile and the XML parser have errors of their own
        raise CannotOpen("is damaged, or not an Excel file (.xlsx)") from error
    for sheet in book.worksheets:
        rows = ([_cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
        filled = (row for row in rows if any(cell is not None for cell in row))
        head = next(filled, None)
        if head is None:
            continue
        names = _column_names(head)
        columns = [list(cells) for cells in zip(*((row + [None] * len(names))[: len(names)] for row in filled), strict=True)]
        unified = [_unify(cells) for cells in columns] or [("VARCHAR", [])] * len(names)
        types = [type_text for type_text, _ in unified]
        create_stage(target, names, types)
        append(target, types, [cells for _, cells in unified])
        retype(target, table_name(path if len(book.worksheets) == 1 else sheet.title, taken))


def _unify(cells: list[Any]) -> tuple[str, list[Any]]:
    """One type for a column of Excel cells: text where they differ."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return "BOOLEAN", cells
    if kinds == {int} and all(abs(cell) < 2**63 for cell in cells if cell is not None):
        return "BIGINT", cells
    if kinds and kinds <= {int, float}:
        return "DOUBLE", [None if cell is None else float(cell) for cell in cells]
    if kinds and kinds <= {dt.datetime, dt.date}:
        moments = [dt.datetime.combine(cell, dt.time()) if type(cell) is dt.date else cell for cell in cells]
        if all(moment is None or moment.time() == dt.time() for moment in moments):
            return "DATE", [None if moment is None else moment.date() for moment in moments]
        return "TIMESTAMP", moments
    return "VARCHAR", [None if cell is None else str(cell) for cell in cells]


def _cell(cell: Any) -> Any:
    return None if cell == "" or (isinstance(cell, str) and cell in _ERRORS) else cell


def _column_names(head: Iterable[Any]) -> list[str]:
    taken: set[str] = set()
    return [free_name(str(cell).strip() if cell is not None else f"column_{i + 1}", taken) for i, cell in enumerate(head)]
