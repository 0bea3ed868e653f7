"""What names and type names mean: ``orderDate`` is "order date", ``DECIMAL(10,2)`` is a number. Standard library only."""
from __future__ import annotations

import re

from nl2sql.records import Kind, Table

# Only short forms that mean one thing in practically every schema; "no" and "desc" are words and stay as they are.
ABBREVIATIONS = {
    "acct": "account", "addr": "address", "amt": "amount", "avg": "average", "cat": "category", "cd": "code", "cnt": "count",
    "cty": "city", "ctry": "country", "curr": "currency", "cust": "customer", "dept": "department", "descr": "description",
    "dob": "date of birth", "dt": "date", "dttm": "date time", "emp": "employee", "fname": "first name", "inv": "invoice",
    "lname": "last name", "loc": "location", "mgr": "manager", "nbr": "number", "num": "number", "ord": "order",
    "org": "organization", "pct": "percent", "prod": "product", "qty": "quantity",
    "qtr": "quarter", "sqm": "square metres", "tel": "telephone",
    "trx": "transaction", "txn": "transaction", "ts": "timestamp", "yr": "year",
}
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_DATE = ("date", "datetime", "timestamp", "timestamptz", "smalldatetime")
_NUMBER = ("numeric", "decimal", "number", "dec", "money", "real", "year", "bignum", "varint", "serial", "currency")
_TEXT = ("enum", "uuid", "string", "bpchar", "name", "citext")
_OTHER = ("struct", "map", "union", "list", "json", "variant", "interval", "time", "timetz", "blob", "bytea", "binary",
          "varbinary", "bit", "geometry", "geography", "point", "point_2d", "polygon")


def humanize(name: str) -> str:
    """The English words of a table's or column's name, lower case: ``ORDER_DT`` and ``orderDate`` give "order date"."""
    pieces = [piece for part in _CAMEL.split(name) for piece in _PIECE.findall(part)]
    words = [ABBREVIATIONS.get(piece.lower(), piece.lower()) for piece in pieces]
    return " ".join(words) or name.strip().lower()


def kind_of(type_text: str) -> Kind:
    """The kind of a column from the engine's type text, DuckDB's or SQLite's; nested types are "other".

    What no list knows is read by SQLite's rules of affinity ("INT" anywhere makes a number, "CHAR" a text).
    """
    text = type_text.strip().lower()
    if text.endswith("]"):  # VARCHAR[] and INTEGER[3], whatever they hold
        return "other"
    head = re.split(r"[\s(]", text, maxsplit=1)[0]
    if head in _OTHER:
        return "other"
    if head in ("bool", "boolean", "logical"):
        return "boolean"
    if head in _DATE or head.startswith("timestamp"):
        return "date"
    if head in _NUMBER:
        return "number"
    if head in _TEXT or not text or any(part in text for part in ("char", "text", "clob")):
        return "text"
    if any(part in text for part in ("int", "real", "floa", "doub")):
        return "number"
    return "other"


def written(table: Table) -> str:
    """A table's name as a query must have it: with its schema, unless that is the default one."""
    return table.name if table.schema.lower() in ("", "main") else f"{table.schema}.{table.name}"
