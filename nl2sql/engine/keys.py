"""Which column refers to which: foreign keys as they are declared, and inferred ones where a table declares none.

An inferred key needs all three: names that say so, a target whose values are unique, and a source whose values all occur there.
"""
from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

from nl2sql.engine.reading import Reader, quote
from nl2sql.names import humanize
from nl2sql.records import Column, ForeignKey, Schema, Table

_KEY_WORDS = {"id", "key", "code", "no", "number", "nr", "uuid", "guid", "sku", "isbn", "iata"}
_OWN_TABLE = {"parent", "manager", "supervisor", "boss", "reports to", "superior"}  # roles that point into the same table
_LARGEST_TARGET = 5_000_000  # rows; a larger one isn't tested, so nothing is inferred about it
_TESTED_VALUES = 20_000  # distinct values of the source
_MOST_TESTS = 400  # pairs of columns of one database


class DeclaredKey(NamedTuple):
    """A constraint as the file declares it. ``kind`` is "PRIMARY KEY", "UNIQUE" or "FOREIGN KEY"."""

    schema: str
    table: str
    kind: str
    columns: Sequence[str]
    referenced: str | None = None
    referenced_columns: Sequence[str] = ()


def link(tables: tuple[Table, ...], keys: Sequence[DeclaredKey]) -> Schema:
    """A schema with the declared foreign keys; a key of several columns gives one pair for each."""
    schema = Schema(tables)
    place = {
        (tables[owner].schema or "main", tables[owner].name.lower(), column.name.lower()): i
        for i, (owner, column) in enumerate(zip(schema.owner, schema.columns, strict=True))
    }
    pairs = []
    for key in keys:
        if key.kind == "FOREIGN KEY" and key.referenced:
            for source, target in zip(key.columns, key.referenced_columns, strict=False):
                start = place.get((key.schema, key.table.lower(), source.lower()))
                end = place.get((key.schema, key.referenced.lower(), target.lower()))
                if start is not None and end is not None:
                    pairs.append(ForeignKey(start, end))
    return Schema(tables, tuple(dict.fromkeys(pairs)))


def infer(schema: Schema, reader: Reader) -> Schema:
    """The schema with primary keys and foreign keys that nobody declared but the data bear out."""
    schema = _with_primary_keys(schema, reader)
    declared = {(key.source, key.target) for key in schema.foreign_keys}
    declaring = {schema.owner[source] for source, _ in declared}
    tests, found = 0, []
    for source, column in enumerate(schema.columns):
        if schema.owner[source] in declaring or column.kind not in ("number", "text"):
            continue
        for target in _candidates(schema, source):
            tests += 1
            if tests <= _MOST_TESTS and (target, source) not in declared and _contained(schema, source, target, reader):
                found.append(ForeignKey(source, target, inferred=True))
                break
    return dataclasses.replace(schema, foreign_keys=(*schema.foreign_keys, *_without_mirrors(schema, found)))


def _with_primary_keys(schema: Schema, reader: Reader) -> Schema:
    """A table that declares no key gets the first column that is named like its key and has no repeated or missing value."""
    tables = []
    for table in schema.tables:
        if not table.is_view and not any(column.primary_key for column in table.columns):
            for i, column in enumerate(table.columns):
                if _named_like_key(table, column.name) and _is_key(table, column.name, reader):
                    key = dataclasses.replace(column, primary_key=True, unique=True, nullable=False, distinct=table.rows)
                    table = dataclasses.replace(table, columns=table.columns[:i] + (key,) + table.columns[i + 1 :])
                    break
        tables.append(table)
    return dataclasses.replace(schema, tables=tuple(tables))


def _candidates(schema: Schema, source: int) -> list[int]:
    """Unique columns that the source's name points at, the best first."""
    name, owner = _normal(schema.columns[source].name), schema.owner[source]
    ranked = []
    for target, column in enumerate(schema.columns):
        if column.unique and target != source and column.kind == schema.columns[source].kind:
            rank = _rank(name, owner == schema.owner[target], schema.tables[schema.owner[target]], column)
            if rank:
                ranked.append((-rank, target))
    return [target for _, target in sorted(ranked)][:4]


def _rank(source: str, same_table: bool, table: Table, key: Column) -> int:
    """How well a column's name points at a key: 3 its table and its name, 2 the same name, 1 the same with a role before it."""
    target, owners = _normal(key.name), _singulars(table.name)
    full = {target} if any(target.startswith(owner) for owner in owners) else {f"{owner} {target}" for owner in owners}
    if same_table:
        role = source.removesuffix(" id").removesuffix(" key").removesuffix(" code")
        return 3 if role in _OWN_TABLE or any(source == f"parent {name}" for name in full) else 0
    if source in full or source in {f"{owner} {word}" for owner in owners for word in _KEY_WORDS}:
        return 3
    if source == target:
        says_key = key.primary_key or target.split(" ")[-1] in _KEY_WORDS
        return 2 if says_key and (" " in target or target not in _KEY_WORDS - {"sku", "isbn", "iata"}) else 0
    if any(source.endswith(" " + name) for name in full if " " in name):
        return 1
    return 3 if source in owners and target in _KEY_WORDS | {"name"} else 0


def _contained(schema: Schema, source: int, target: int, reader: Reader) -> bool:
    """Whether the source's values (some thousands of them) all occur in the target; an empty source is taken at its name."""
    mine, theirs = schema.tables[schema.owner[source]], schema.tables[schema.owner[target]]
    if (theirs.rows or 0) > _LARGEST_TARGET:
        return False
    a, b = quote(schema.columns[source].name), quote(schema.columns[target].name)
    values = f"SELECT DISTINCT {a} AS v FROM {quote(mine.schema, mine.name)} WHERE {a} IS NOT NULL LIMIT {_TESTED_VALUES}"
    known = f"SELECT {b} FROM {quote(theirs.schema, theirs.name)} WHERE {b} IS NOT NULL"
    missing = reader.look_up(f"SELECT count(*) FROM ({values}) AS x WHERE v NOT IN ({known})", seconds=5.0)
    return missing is not None and missing[0][0] == 0


def _without_mirrors(schema: Schema, found: list[ForeignKey]) -> list[ForeignKey]:
    """Of two keys that point at each other (two unique columns of one name) the one whose target is the table's own key stays."""
    pairs = {(key.source, key.target) for key in found}

    def owns(column: int) -> bool:
        return _named_like_key(schema.tables[schema.owner[column]], schema.columns[column].name)

    return [
        key for key in found
        if (key.target, key.source) not in pairs or (owns(key.target), -key.target) > (owns(key.source), -key.source)
    ]


def _is_key(table: Table, column: str, reader: Reader) -> bool:
    if not table.rows or table.rows > _LARGEST_TARGET:
        return False
    c = quote(column)
    counted = f"SELECT count(*), count({c}), count(DISTINCT {c}) FROM {quote(table.schema, table.name)}"
    counts = reader.look_up(counted, seconds=5.0)
    return counts is not None and counts[0][0] == counts[0][1] == counts[0][2]


def _named_like_key(table: Table, column: str) -> bool:
    words = _normal(column)
    return words in _KEY_WORDS or any(words == f"{owner} {word}" for owner in _singulars(table.name) for word in _KEY_WORDS)


def _normal(name: str) -> str:
    """A name's words, with a key word split off that is glued to its end: ``customerid`` is "customer id"."""
    words = humanize(name)
    if " " not in words and len(words) > 4 and words.endswith("id"):
        return words[:-2] + " id"
    return words


def _singulars(table: str) -> set[str]:
    """The words that a table's key may start with: "sales people" as it is, as "sales person" could not be guessed, and cut."""
    words = humanize(table)
    forms = {words}
    for end, instead in (("ies", "y"), ("ses", "s"), ("es", ""), ("s", "")):
        if words.endswith(end) and len(words) > len(end) + 2:
            forms.add(words[: -len(end)] + instead)
    for prefix in ("dim ", "tbl ", "fact "):
        forms |= {form.removeprefix(prefix) for form in set(forms) if form.startswith(prefix)}
    return forms
