"""What names and type names mean: ``orderDate`` is "order date", ``DECIMAL(10,2)`` is a number. Standard library only."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nl2sql.records import Column, Kind, Table

# Only short forms that mean one thing in practically every schema; "no" and "desc" are words and stay as they are.
ABBREVIATIONS = {
    "acct": "account", "addr": "address", "amt": "amount", "avg": "average", "bdgt": "budget", "bldg": "building",
    "cat": "category", "cd": "code", "clnt": "client", "cnt": "count", "cntry": "country", "ctry": "country", "cty": "city",
    "curr": "currency", "cust": "customer", "dept": "department", "descr": "description", "dob": "date of birth", "dt": "date",
    "dttm": "date time", "emp": "employee", "flg": "flag", "fname": "first name", "gend": "gender", "grp": "group",
    "hrs": "hours", "inv": "invoice", "lang": "language", "lname": "last name", "loc": "location", "lvl": "level",
    "mfr": "manufacturer", "mgr": "manager", "mth": "month", "nbr": "number", "nm": "name", "num": "number", "ord": "order",
    "org": "organization", "pct": "percent", "pmt": "payment", "prc": "price", "prod": "product", "proj": "project",
    "qtr": "quarter", "qty": "quantity", "sal": "salary", "sqm": "square metres", "subj": "subject", "tel": "telephone",
    "trx": "transaction", "ts": "timestamp", "txn": "transaction", "typ": "type", "usr": "user", "veh": "vehicle",
    "vend": "vendor", "wt": "weight", "yr": "year",
}
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_PREFIX = 4
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_DATE = ("date", "datetime", "timestamp", "timestamptz", "smalldatetime")
_NUMBER = ("numeric", "decimal", "number", "dec", "money", "real", "year", "bignum", "varint", "serial", "currency")
_TEXT = ("enum", "uuid", "string", "bpchar", "name", "citext")
_OTHER = ("struct", "map", "union", "list", "json", "variant", "interval", "time", "timetz", "blob", "bytea", "binary",
          "varbinary", "bit", "geometry", "geography", "point", "point_2d", "polygon")


def humanize(name: str) -> str:
    """The English words of a table's or column's name, lower case: ``ORDER_DT`` and ``orderDate`` give "order date"."""
    return " ".join(_words(name)) or name.strip().lower()


def _words(name: str) -> list[str]:
    pieces = (piece.lower() for part in _CAMEL.split(name) for piece in _PIECE.findall(part))
    return [ABBREVIATIONS.get(piece, piece) for piece in pieces]


def without_prefixes(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables of one database with the words of their names, less short prefixes that say nothing.

    Of tables, where all have one that sorts them (``crm_account``, ``dim_store``); of a table's columns, where all share one that
    the table isn't called by: ``tkt_id``, ``tkt_subject`` and ``tkt_agt_id`` of ``sup_ticket`` give "id", "subject", "agt id".
    """
    said = _without_modules([table.name for table in tables])
    return tuple(replace(table, words=words, columns=_without_prefix(table)) for table, words in zip(tables, said, strict=True))


def _without_modules(names: Sequence[str]) -> list[str]:
    words = [_words(name) for name in names]
    firsts = {word[0] for word in words if len(word) > 1 and len(word[0]) <= _LONGEST_PREFIX}
    rest = [" ".join(word[1:]) for word in words]
    sorted_by_them = 2 * len(firsts) <= len(names) and all(len(word) > 1 and word[0] in firsts for word in words)
    return rest if sorted_by_them and len(set(rest)) == len(names) else [humanize(name) for name in names]


def _without_prefix(table: Table) -> tuple[Column, ...]:
    words = [_words(column.name) for column in table.columns]
    firsts = {tuple(word[:1]) for word in words}
    shared = "".join(*firsts) if len(firsts) == 1 else ""
    is_prefix = 0 < len(shared) <= _LONGEST_PREFIX and len(words) > 2 and all(len(word) > 1 for word in words)
    if not is_prefix or shared in _words(table.name):
        return table.columns
    return tuple(replace(column, words=" ".join(word[1:])) for column, word in zip(table.columns, words, strict=True))


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
