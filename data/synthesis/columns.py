"""What each column is for, inferred from its name, type, keys, samples, distinct counts and comment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.records import Column, Schema, Values

Role = Literal["key", "name", "measure", "date", "year", "flag", "dimension", "text", "other"]
Unit = Literal["money", "count", "rate", "plain"]


@dataclass(frozen=True)
class ColumnRole:
    """``nouns`` are the ways to say the column, the schema's own words first; ``table`` is the table's index."""

    index: int
    table: int
    role: Role
    nouns: tuple[str, ...]
    unit: Unit = "plain"
    additive: bool = False
    revenue: bool = False
    suffix: str = ""  # the unit of measurement that the column's name ends in, as people say it

    @property
    def noun(self) -> str:
        return self.nouns[0]


def split_name(name: str) -> str:
    """ "orderDate", "ORDER_DT" -> "order dt": the words of an identifier, lower case."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name)
    return " ".join(re.findall(r"[a-z]+|\d+", name.lower()))


def expand(words: str) -> str:
    """Abbreviations written out: "cust nm" -> "customer name"."""
    parts = words.split()
    if "no" in parts[:-1] or parts[-2:-1] in (["or"], ["yes"]):  # "yes or no" isn't a number
        return " ".join(word if word == "no" else vocabulary.ABBREVIATIONS.get(word, word) for word in parts).replace("_", " ")
    return " ".join(vocabulary.ABBREVIATIONS.get(word, word) for word in parts).replace("_", " ")


def column_role(schema: Schema, values: Values, table: int, index: int, entity: str, source: bool, target: bool) -> ColumnRole:
    column = schema.columns[index]
    noun = _column_noun(schema, table, column)
    role = (
        "key"
        if source or target and column.kind != "text"
        else _role(column, noun, entity, len(values.get(index, ())), _rows(schema, values, table))
    )
    unit = _unit(noun)
    return ColumnRole(
        index=index,
        table=table,
        role=role,
        nouns=(noun, *_comment_synonyms(column)),
        unit=unit,
        additive=role == "measure" and _additive(noun, unit),
        revenue=role == "measure" and _looks_like_revenue(column, noun, entity),
        suffix=vocabulary.SPOKEN_UNITS.get(split_name(column.name).rpartition(" ")[2], ""),
    )


def _rows(schema: Schema, values: Values, table: int) -> int:
    """How many rows the table has, or at least the most distinct values that one of its columns has."""
    known = schema.tables[table].rows
    return known or max((len(values.get(index, ())) for index in schema.columns_of(table)), default=0)


def _column_noun(schema: Schema, table: int, column: Column) -> str:
    words = expand(column.words or split_name(column.name)).split()
    siblings = [expand(c.words or split_name(c.name)).split() for c in schema.tables[table].columns]
    prefix = {w[0] for w in siblings if w}
    if len(words) > 1 and len(prefix) == 1 and len(siblings) > 2 and len(words[0]) <= 3:
        words = words[1:]  # a prefix that all columns of the table share: "c_name", "c_city"
    if len(words) > 1 and words[-1] in ("on", "at") and column.kind == "date":
        words = words[:-1]
        words = words if words[-1] == "date" else [*words[:-1], vocabulary.HAPPENINGS.get(words[-1], words[-1]), "date"]
    while len(words) > 1 and words[-1] in vocabulary.UNITS:
        words = words[:-1]
    if len(words) > 1 and words[-1] in ("days", "hours", "minutes") and words[-2] in ("time", "duration", "period"):
        words = words[:-1]
    return " ".join(words) or column.name.lower()


def _role(column: Column, noun: str, entity: str, distinct_values: int, rows: int) -> Role:
    words = noun.split()
    if column.primary_key and column.kind == "date":  # a part of a key: the day or quarter that a row is about
        return "date"
    if (
        column.primary_key
        or words[-1] in ("id", "key", "uuid", "guid")
        or noun == "code"
        or column.unique
        and words[-1] == "number"
    ):
        return "key"
    if column.kind == "date":
        return "date"
    if column.kind == "boolean" or words[0] in ("is", "has", "can", "was") and column.kind in ("text", "number"):
        return "flag" if column.kind == "boolean" else "other"
    if column.kind == "number":
        if words[-1] == "year" and "per" not in words:
            return "year"
        return "other" if set(words[-1:]) & vocabulary.NOT_MEASURES else "measure"
    return _text_role(column, words, entity, distinct_values, rows) if column.kind == "text" else "other"


_DANGLING = set("by of in at to from with for on and or".split())


def _text_role(column: Column, words: list[str], entity: str, distinct_values: int, rows: int) -> Role:
    noun, head = " ".join(words), words[-1]
    if set(words) & vocabulary.TEXT_WORDS and head not in vocabulary.DIMENSION_WORDS:
        return "text"
    if head in _DANGLING:
        return "other"  # "directed by": no noun
    if head in ("name", "title") and words[0] not in ("job", "country", "city", "state") or noun == entity:
        return "name"
    distinct = column.distinct or distinct_values or None
    repeated = distinct is not None and distinct <= 60 and not column.unique and (distinct < 6 or distinct < 0.8 * rows)
    known = head in vocabulary.DIMENSION_WORDS or head in vocabulary.PLACE_COLUMNS
    return "dimension" if repeated or known and not column.unique else "text"


def _unit(noun: str) -> Unit:
    words = noun.split()
    for word in (words[-1], *words[:-1]):
        if word in vocabulary.RATES or word in vocabulary.ADDITIVE_SIZES:
            return "rate"
        if word in vocabulary.MONEY:
            return "money"
        if word in vocabulary.COUNTS or lexicon.plural(word) in vocabulary.COUNTS:
            return "count"
    return "plain"


def _additive(noun: str, unit: Unit) -> bool:
    words = set(noun.split())
    if words & {
        "unit",
        "list",
        "price",
        "average",
        "maximum",
        "minimum",
        "rate",
        "percent",
        "discount",
        "age",
        "reorder",
        "lead",
    }:
        return "total" in words
    return unit in ("money", "count") or bool(words & vocabulary.ADDITIVE_SIZES) and not words & vocabulary.MONEY


def _looks_like_revenue(column: Column, noun: str, entity: str) -> bool:
    comment = column.comment.lower()
    if re.search(r"\b(revenue|turnover)\b", comment) and noun.rpartition(" ")[2] in vocabulary.MONEY:
        return True
    return noun in vocabulary.REVENUE_COLUMNS and bool(set(entity.split()) & vocabulary.SALES_NOUNS)


def _comment_synonyms(column: Column) -> tuple[str, ...]:
    """Names in brackets or after "also": "Net amount of the line (sales, revenue, turnover)"."""
    found = re.search(r"([\w']*) \(([a-z][^()]*)\)|\balso (?:called|known as|named)\s*([a-z][a-z ,]+)", column.comment)
    if not found or found.group(1) and found.group(1)[0].isupper():  # "Pending (open)" explains a value
        return ()
    samples = {str(sample).lower() for sample in column.samples}
    parts = [part.strip() for part in re.split(r"[,;]| or ", found.group(2) or found.group(3))]
    parts = [part for part in parts if re.fullmatch(r"[a-z][a-z -]{2,}", part) and len(part.split()) <= 3 and part not in samples]
    if column.kind == "date":
        parts = [part for part in parts if re.search(r"\b(?:date|day|birthday|start|end)\b", part)]
    return tuple(parts)
