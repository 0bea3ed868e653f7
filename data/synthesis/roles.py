"""What each table and column is for, inferred from names, types, keys, samples, distinct counts and comments.

Nothing here knows a particular database: a schema goes in, nouns and roles come out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.synonyms import SYNONYMS

from nl2sql.records import Column, Schema, Table, Values

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

    @property
    def noun(self) -> str:
        return self.nouns[0]


@dataclass(frozen=True)
class Entity:
    """What the rows of a table are: ``nouns`` are singular, the schema's own first; ``main_date`` is when a row happened."""

    table: int
    nouns: tuple[str, ...]
    person: bool = False
    place: bool = False
    event: bool = False
    link: bool = False  # a bridge between other tables, or lines of a parent: rarely a subject of its own
    key: int | None = None
    labels: tuple[int, ...] = ()
    main_date: int | None = None
    columns: tuple[ColumnRole, ...] = field(default=(), repr=False)

    @property
    def noun(self) -> str:
        return self.nouns[0]

    def with_role(self, *roles: Role) -> list[ColumnRole]:
        return [column for column in self.columns if column.role in roles]


def split_name(name: str) -> str:
    """ "orderDate", "ORDER_DT" -> "order dt": the words of an identifier, lower case."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name)
    return " ".join(re.findall(r"[a-z]+|\d+", name.lower()))


def expand(words: str) -> str:
    """Abbreviations written out: "cust nm" -> "customer name"."""
    return " ".join(vocabulary.ABBREVIATIONS.get(word, word) for word in words.split()).replace("_", " ")


def entities(schema: Schema, values: Values) -> tuple[Entity, ...]:
    """One ``Entity`` a table, in the schema's order."""
    nouns = [_table_noun(table) for table in schema.tables]
    taken = Counter(nouns)
    sources = {key.source for key in schema.foreign_keys}
    targets = {key.target for key in schema.foreign_keys}
    found = []
    for i, table in enumerate(schema.tables):
        noun = nouns[i] if taken[nouns[i]] == 1 else lexicon.singular(expand(table.words or split_name(table.name)))
        roles = tuple(
            _column_role(schema, values, i, index, noun, index in sources, index in targets) for index in schema.columns_of(i)
        )
        found.append(_entity(schema, i, noun, roles, sources))
    return _with_one_revenue(schema, _with_synonyms(found))


def _table_noun(table: Table) -> str:
    words = expand(table.words or split_name(table.name)).split()
    while len(words) > 1 and words[0] in vocabulary.TABLE_PREFIXES:
        words = words[1:]
    while len(words) > 1 and words[-1] in {"table", "tbl", "dim", "fact", "master", "data", "info", "information", "list"}:
        words = words[:-1]
    return lexicon.singular(" ".join(word for word in words if not word.isdigit()) or "row")


def _entity(schema: Schema, index: int, noun: str, roles: tuple[ColumnRole, ...], sources: set[int]) -> Entity:
    head = noun.rpartition(" ")[2]
    names = {column.noun for column in roles}
    person = (
        head in vocabulary.PEOPLE
        or noun in vocabulary.PEOPLE
        or bool(names & {"first name", "birth date", "date of birth", "gender"})
    )
    dates = [column for column in roles if column.role == "date"]
    own_keys = [column for column in roles if column.index in sources]
    labels = _labels(schema, roles, noun)
    fact = not labels and bool(dates) and (bool(own_keys) or any(column.role == "measure" for column in roles))
    event = (head in vocabulary.EVENTS or noun in vocabulary.EVENTS or fact or len(own_keys) >= 2 and not labels) and not person
    keys = [column.index for column in roles if schema.columns[column.index].primary_key]
    content = [column for column in roles if column.role not in ("key", "other")]
    link = len(own_keys) >= 2 and len(content) <= 1 or head in {"item", "line", "detail"} and " " in noun
    return Entity(
        table=index,
        nouns=(noun,),
        person=person,
        place=head in vocabulary.PLACES,
        event=event,
        link=link,
        key=keys[0] if len(keys) == 1 else _key_by_name(schema, roles, noun) if not keys else None,
        labels=labels,
        main_date=_main_date(dates, noun) if event else None,
        columns=roles,
    )


def _key_by_name(schema: Schema, roles: tuple[ColumnRole, ...], noun: str) -> int | None:
    for column in roles:
        if column.noun in ("id", f"{noun} id", f"{noun} key", f"{noun} code") and schema.columns[column.index].unique:
            return column.index
    return None


def _labels(schema: Schema, roles: tuple[ColumnRole, ...], noun: str) -> tuple[int, ...]:
    by_noun = {column.noun: column.index for column in reversed(roles) if schema.columns[column.index].kind == "text"}
    for first in ("first name", "given name", "forename"):
        for last in ("last name", "surname", "family name"):
            if first in by_noun and last in by_noun:
                return by_noun[first], by_noun[last]
    head = noun.rpartition(" ")[2]
    for wanted in ("name", f"{noun} name", f"{head} name", "full name", "title", f"{noun} title", f"{head} title", noun, head):
        if wanted in by_noun:
            return (by_noun[wanted],)
    names = [column for column in roles if column.role == "name"]
    return (names[0].index,) if names else ()


def _main_date(dates: list[ColumnRole], noun: str) -> int | None:
    head = noun.rpartition(" ")[2]
    wanted = {"date", f"{noun} date", f"{head} date", "timestamp", "time", "datetime", f"{noun} time", f"date of {noun}"}
    exact = [column.index for column in dates if column.noun in wanted]
    return exact[0] if exact else dates[0].index if dates else None


def _column_role(schema: Schema, values: Values, table: int, index: int, entity: str, source: bool, target: bool) -> ColumnRole:
    column = schema.columns[index]
    noun = _column_noun(schema, table, column)
    role = "key" if source or target and column.kind != "text" else _role(column, noun, entity, len(values.get(index, ())))
    unit = _unit(noun)
    return ColumnRole(
        index=index,
        table=table,
        role=role,
        nouns=(noun, *_comment_synonyms(column)),
        unit=unit,
        additive=role == "measure" and _additive(noun, unit),
        revenue=role == "measure" and _looks_like_revenue(column, noun, entity),
    )


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
    return " ".join(words) or column.name.lower()


def _role(column: Column, noun: str, entity: str, distinct_values: int) -> Role:
    words = noun.split()
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
    return _text_role(column, words, entity, distinct_values) if column.kind == "text" else "other"


def _text_role(column: Column, words: list[str], entity: str, distinct_values: int) -> Role:
    noun, head = " ".join(words), words[-1]
    if set(words) & vocabulary.TEXT_WORDS and head not in vocabulary.DIMENSION_WORDS:
        return "text"
    if head in ("name", "title") and words[0] not in ("job", "country", "city", "state") or noun == entity:
        return "name"
    distinct = column.distinct or distinct_values or None
    repeated = distinct is not None and distinct <= 60 and not column.unique
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


def _with_synonyms(found: list[Entity]) -> tuple[Entity, ...]:
    """Adds the lexicon's synonyms, less those that name something else of this schema."""
    taken = {lexicon.singular(word) for entity in found for noun in entity.nouns for word in (noun, *noun.split())}
    taken |= {lexicon.singular(noun) for entity in found for column in entity.columns for noun in column.nouns}

    def more(nouns: tuple[str, ...]) -> tuple[str, ...]:
        own = nouns[0]
        extra = list(SYNONYMS.get(own, ()))
        head, _, tail = own.rpartition(" ")
        if head and not extra:
            extra = [f"{head} {word}" for word in SYNONYMS.get(tail, ())[:2]]
        return tuple(dict.fromkeys((*nouns, *(word for word in extra if word not in taken))))

    return tuple(
        replace(
            entity,
            nouns=more(entity.nouns),
            columns=tuple(replace(column, nouns=more(column.nouns)) for column in entity.columns),
        )
        for entity in found
    )


def _with_one_revenue(schema: Schema, found: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Only one column may be called "sales" or "revenue": the one that says so itself, else the most detailed."""
    marked = [c for entity in found for c in entity.columns if c.revenue]
    if len(marked) <= 1:
        return found

    def rank(column: ColumnRole) -> tuple[bool, bool, int]:
        named = bool({"revenue", "sales", "turnover"} & set(" ".join(column.nouns[:4]).split()))
        sources = {schema.owner[key.source] for key in schema.foreign_keys}
        return named, column.table in sources, column.index

    best = max(marked, key=rank).index
    return tuple(
        replace(entity, columns=tuple(replace(c, revenue=c.revenue and c.index == best) for c in entity.columns))
        for entity in found
    )
