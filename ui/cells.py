"""How cells are written for a reader: each column has one format, chosen from its type, its name and its values."""
from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from nl2sql.names import humanize
from nl2sql.records import Result

Role = Literal[
    "identifier", "count", "number", "money", "percent", "fraction", "date", "quarter", "month", "year", "time", "text",
]  # fmt: skip
MEASURES: tuple[Role, ...] = ("count", "number", "money", "percent", "fraction")
TIMES: tuple[Role, ...] = ("date", "quarter", "month", "year", "time")

_MONEY = {"amount", "sales", "revenue", "turnover", "price", "cost", "profit", "salary", "refund", "payment", "fee", "budget",
          "income", "spend", "spent", "value", "target", "balance", "wage", "tax", "gross"}  # fmt: skip
_COUNTED = {"number", "count", "quantity", "units", "days", "orders", "customers", "items", "rows"}
_PERCENT = {"percent", "percentage"}
_FRACTION = {"rate", "ratio", "share", "margin", "growth", "fraction", "discount", "proportion"}
_KEYS = {"id", "key", "code", "zip", "postcode", "phone", "telephone"}
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
_MISSING = "–"


@dataclass(frozen=True)
class Column:
    """A column of a result as it is shown: its name in words, what it is, and how its cells are written."""

    index: int
    title: str
    role: Role
    write: Callable[[Any], str]

    @property
    def is_measure(self) -> bool:
        return self.role in MEASURES

    @property
    def is_time(self) -> bool:
        return self.role in TIMES


def columns(result: Result) -> tuple[Column, ...]:
    found = []
    for i, (name, type_name) in enumerate(zip(result.columns, result.types, strict=True)):
        values = [row[i] for row in result.rows if row[i] is not None]
        role = role_of(name, type_name, values)
        found.append(Column(i, title_of(name), role, writer(role, values)))
    return tuple(found)


def title_of(name: str) -> str:
    """``total_amount`` is "Total amount"; what is no plain name (``sum(a)``) stays as it is."""
    words = humanize(name) if name.replace("_", "").isalnum() else name
    return words[:1].upper() + words[1:]


def role_of(name: str, type_name: str, values: Sequence[Any]) -> Role:
    """What a column is, from its name, the engine's type and the values that aren't NULL."""
    words = set(humanize(name).split())
    if values and all(isinstance(value, dt.datetime) for value in values):
        midnight = all(value.time() == dt.time() for value in values)
        return _calendar(words, [value.date() for value in values]) if midnight else "time"
    if values and all(isinstance(value, dt.date) for value in values):
        return _calendar(words, values)
    if not values or not all(is_number(value) for value in values):
        return "text"
    if words & _PERCENT:
        return "percent"
    if words & _FRACTION and all(abs(value) <= 10 for value in values):
        return "fraction"
    whole = all(float(value).is_integer() for value in values if math.isfinite(value))
    if whole and words & {"year"} and all(1000 <= value <= 3000 for value in values):
        return "year"
    if whole and (words & _KEYS) and not words & _COUNTED:
        return "identifier"
    if whole and words & {"month", "quarter", "weekday", "day", "week"} and not words & _COUNTED:
        return "identifier"
    integer = type_name.upper().split("(")[0] in _INTEGERS or (whole and not isinstance(values[0], Decimal))
    if words & _COUNTED and whole:
        return "count"
    if words & _MONEY and not integer:
        return "money"
    return "count" if integer else "number"


def _calendar(words: set[str], days: Sequence[dt.date]) -> Role:
    """Days, or the quarters, months or years that begin with them, where the name says so."""
    if all(day.day == 1 for day in days):
        if "quarter" in words and all(day.month in (1, 4, 7, 10) for day in days):
            return "quarter"
        if "month" in words:
            return "month"
        if "year" in words and all(day.month == 1 for day in days):
            return "year"
    return "date"


def writer(role: Role, values: Sequence[Any]) -> Callable[[Any], str]:
    """The function that writes a cell of that role; None becomes a dash."""
    by_role: dict[Role, Callable[[Any], str]] = {
        "identifier": plain_number, "count": lambda value: _number(value, 0), "money": lambda value: _number(value, 2),
        "percent": lambda value: _number(value, 1) + " %", "fraction": lambda value: _number(float(value) * 100, 1) + " %",
        "date": day, "quarter": quarter, "month": lambda value: f"{value:%b %Y}", "year": _year, "time": moment, "text": text,
    }  # fmt: skip
    if role == "number":
        digits = decimals(values)
        return lambda value: _MISSING if value is None else _number(value, digits)
    write = by_role[role]
    return lambda value: _MISSING if value is None else write(value)


def decimals(values: Sequence[Any]) -> int:
    """As many decimals as tell the values apart, two for those of a usual size."""
    sizes = [abs(float(value)) for value in values if value and math.isfinite(value)]
    if not sizes or all(size.is_integer() for size in sizes):
        return 0
    return 2 if max(sizes) >= 1 else min(6, 2 - math.floor(math.log10(max(sizes))))


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def plain_number(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def day(value: dt.date) -> str:
    return f"{value.day} {value:%b} {value.year:04d}"


def quarter(value: dt.date) -> str:
    return f"Q{(value.month + 2) // 3} {value.year:04d}"


def moment(value: dt.datetime) -> str:
    return f"{day(value)}, {value:%H:%M}" if value.second == 0 else f"{day(value)}, {value:%H:%M:%S}"


def text(value: Any) -> str:
    """Any other cell, without the control characters that could turn what is shown round."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, bytes):
        return value[:64].hex(" ")
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in str(value))


def short(value: Any) -> str:
    """A number for an axis: 1.2M, 350k."""
    size = abs(float(value))
    for bound, sign in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= bound:
            return f"{float(value) / bound:.1f}".rstrip("0").rstrip(".") + sign
    return f"{float(value):.4g}"


def _number(value: Any, digits: int) -> str:
    return f"{value:,.{digits}f}" if math.isfinite(value) else str(value)


def _year(value: Any) -> str:
    return str(value.year) if isinstance(value, dt.date) else str(int(value))
