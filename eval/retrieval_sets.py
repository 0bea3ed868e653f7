"""What retrieval is measured on: Spider's questions over one database, over one among others, over all databases in one."""
from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nl2sql.context.linking import ValueIndex
from nl2sql.context.narrow import room
from nl2sql.context.words import split
from nl2sql.data.sources import spider
from nl2sql.eval.needed import Needed, needed
from nl2sql.records import Example, ForeignKey, Schema, Values

SAMPLES = 3
OTHERS = 10  # databases that are merged into one


@dataclass(frozen=True)
class Asked:
    """A question over a schema, and what its gold query reads there.

    ``keep``: columns whose values it names; ``room``: word pieces that it leaves for names.
    """

    question: str
    schema: Schema
    needed: Needed
    keep: tuple[int, ...] = ()
    room: int = 0


def schemas(folder: Path) -> dict[str, Schema]:
    """Spider's schemas with a few of each text column's values beside its name, as an opened database has them."""
    found = {}
    for name, schema in spider.schemas(folder).items():
        found[name] = sampled(schema, spider.values(folder, name, schema, per_column=SAMPLES))
    return found


def sampled(schema: Schema, values: Values) -> Schema:
    """The schema with the first values of each column beside its name."""
    tables = []
    for first, table in zip(schema.first, schema.tables, strict=True):
        columns = [replace(column, samples=tuple(values.get(first + i, ())[:SAMPLES])) for i, column in enumerate(table.columns)]
        tables.append(replace(table, columns=tuple(columns)))
    return replace(schema, tables=tuple(tables))


def alone(examples: Iterable[Example], known: Mapping[str, Schema]) -> list[Asked]:
    """Each question over its own database."""
    found = []
    for example in examples:
        schema = known[example.database]
        wanted = needed(example.sql, schema) if example.sql else None
        if wanted is not None:
            found.append(Asked(example.question, schema, wanted))
    return found


def among(asked: Sequence[Asked], known: Mapping[str, Schema], *, others: int = OTHERS, seed: int = 0) -> list[Asked]:
    """The same questions with ``others`` other databases merged in, the same ones for all questions over a database."""
    together = {}
    for schema in {id(entry.schema): entry.schema for entry in asked}.values():
        chosen = others_of(schema.name, known, others=others, seed=seed)
        together[id(schema)] = merged([schema, *(known[name] for name in chosen)])
    return [Asked(entry.question, together[id(entry.schema)], entry.needed) for entry in asked]


def others_of(name: str, known: Iterable[str], *, others: int = OTHERS, seed: int = 0) -> list[str]:
    """The databases among the ``known`` that are merged into one: always the same ones."""
    return random.Random(f"{seed} {name}").sample([other for other in sorted(known) if other != name], others)


def linked(asked: Sequence[Asked], folder: Path) -> list[Asked]:
    """The questions with the columns whose values they name; a merged schema holds the values of all its databases."""
    found, indexes = [], dict[int, ValueIndex]()
    parts = {name: (len(schema.columns), spider.values(folder, name, schema)) for name, schema in spider.schemas(folder).items()}
    for entry in asked:
        if id(entry.schema) not in indexes:
            values, first = {}, 0
            for name in entry.schema.name.split("+"):
                values.update({column + first: texts for column, texts in parts[name][1].items()})
                first += parts[name][0]
            indexes[id(entry.schema)] = ValueIndex(entry.schema, values)
        words = split(entry.question)
        named = indexes[id(entry.schema)].link(words)
        found.append(replace(entry, keep=tuple(dict.fromkeys(value.column for value in named)), room=room(words, named)))
    return found


def united(asked: Sequence[Asked], known: Mapping[str, Schema]) -> list[Asked]:
    """The same questions over the union of all schemas."""
    names = sorted(known)
    union, places, tables, columns = merged([known[name] for name in names]), {}, 0, 0
    for name in names:
        places[name] = tables, columns
        tables, columns = tables + len(known[name].tables), columns + len(known[name].columns)
    return [Asked(entry.question, union, _moved(entry.needed, *places[entry.schema.name])) for entry in asked]


def merged(parts: Sequence[Schema]) -> Schema:
    """One schema with the tables of all, in order: what points into the first one points to the same thing here."""
    keys, first = [], 0
    for part in parts:
        keys += [ForeignKey(key.source + first, key.target + first, key.inferred) for key in part.foreign_keys]
        first += len(part.columns)
    return Schema(tuple(table for part in parts for table in part.tables), tuple(keys), "+".join(part.name for part in parts))


def _moved(wanted: Needed, tables: int, columns: int) -> Needed:
    return Needed(
        frozenset(i + tables for i in wanted.tables), frozenset(i + columns for i in wanted.columns),
        frozenset(i + columns for i in wanted.joining))
