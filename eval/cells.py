"""When two cells of results say the same, and tokens by which that is found fast. Pure; ``compare`` says what it is for.

Exact numbers (whole ones and decimals; a float counts as whole below 2**53) are equal if they are the same, whatever their type;
a float and any other number within 1e-6 (relative) or 1e-9 (absolute). NULL is neither 0 nor ''; a date is the timestamp of its
midnight; timestamps with a time zone are instants, and no others; text is exact; a boolean is no number; NaN equals NaN.

Not covered: numbers or dates stored as text; tolerance for numbers inside lists, structs and maps, which are exact there; what
the engine's results don't tell apart: nanoseconds, a month and 30 days in an interval, DATE 'infinity' and the last day of 9999.
"""
from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

Number = int | float | Decimal
RELATIVE, ABSOLUTE = 1e-6, 1e-9
EXACT = 2**53
TIE = 1e-12  # what sums may differ by for the order of adding
NUMBERS = (int, Decimal, float)


def same_cell(a: Any, b: Any) -> bool:
    """Whether two cells are equal, as the module says."""
    a, b = normal(a), normal(b)
    return close(a, b) if type(a) in NUMBERS and type(b) in NUMBERS else type(a) is type(b) and a == b


def tied(a: Any, b: Any) -> bool:
    """Whether two sort keys are equal: they come from one query, so nothing but noise is forgiven."""
    a, b = normal(a), normal(b)
    return close(a, b, TIE, TIE) if type(a) in NUMBERS and type(b) in NUMBERS else type(a) is type(b) and a == b


def close(a: Number, b: Number, relative: float = RELATIVE, absolute: float = ABSOLUTE) -> bool:
    """Two normal numbers: exact ones (no float) must be the same, of the others one within tolerance is enough."""
    if type(a) is not float and type(b) is not float:
        return a == b
    try:
        return math.isclose(a, b, rel_tol=relative, abs_tol=absolute)
    except OverflowError:  # an int that no float can hold
        return False


def normal(cell: Any) -> Any:
    """The cell in a form that is hashable and in which only numbers are int or Decimal (exact) or float (within tolerance)."""
    kind = type(cell)
    if cell is None or kind in (str, int):
        return cell
    if kind is bool:
        return ("boolean", cell)
    if kind in (float, Decimal):
        if not math.isfinite(cell):
            return ("number", str(float(cell)))
        whole = int(cell)
        return whole if cell == whole and (kind is Decimal or abs(whole) < EXACT) else cell
    if kind is dt.date:
        return dt.datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, dt.datetime):
        return ("instant", cell.astimezone(dt.UTC)) if cell.tzinfo is not None else cell
    if isinstance(cell, dict):
        return ("map", tuple(sorted(((normal(key), normal(value)) for key, value in cell.items()), key=repr)))
    if isinstance(cell, (list, tuple)):
        return ("list", tuple(normal(part) for part in cell))
    return (kind.__name__, str(cell))


class Tokens:
    """Maps cells to hashable tokens; equal cells share one.

    Cells that share one are equal, unless it is in ``loose``: numbers in a chain of close ones, or several exact numbers to
    which one number is close. Whoever meets a loose token looks at the cells themselves.
    """

    def __init__(self, cells: Iterable[Any]) -> None:
        found = {(cell, type(cell) is float) for cell in map(normal, cells) if type(cell) in NUMBERS}
        numbers = sorted(found)
        values = [value for value, _ in numbers]
        linked = _links(numbers, values)
        self.loose: set[int] = set()
        self._of: dict[type, dict[Number, int]] = {kind: {} for kind in NUMBERS}
        start, exact = 0, 0
        for at, value in enumerate(values):
            if not linked[at]:
                start, exact = at, 0
            self._of[type(value)][value] = start
            exact += type(value) is not float
            if exact > 1 or not close(values[start], value):
                self.loose.add(start)

    def of(self, cell: Any) -> Any:
        if cell is None or type(cell) is str:
            return cell
        cell = normal(cell)
        return self._of[type(cell)][cell] if type(cell) in NUMBERS else cell


def _links(numbers: list[tuple[Number, bool]], values: list[Number]) -> list[bool]:
    """For each number in ascending order whether it belongs with the one before it: what is close to the same float does."""
    linked = [False] * len(numbers)
    reach = -1  # up to here everything is linked as the floats so far want it
    for at, (value, inexact) in enumerate(numbers):
        if inexact:
            low = at
            while low > max(reach, 0) and close(values[low - 1], value):
                linked[low] = True
                low -= 1
            reach = max(reach, at)
            while reach + 1 < len(values) and close(values[reach + 1], value):
                reach += 1
                linked[reach] = True
    return linked
