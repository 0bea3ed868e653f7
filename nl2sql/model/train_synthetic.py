"""Synthesised questions as sources of lessons: about Spider's training schemas, invented schemas, a user's database."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nl2sql.data.sources import spider
from nl2sql.data.sources.reading import text_of
from nl2sql.data.synthesis import converse, invent_schema, synthesize
from nl2sql.data.synthesis.invented.schemas import as_of_date
from nl2sql.engine.database import Database
from nl2sql.errors import BadInput
from nl2sql.model.train_data import Known, Source
from nl2sql.records import Example
from nl2sql.sql.validate import validate


def synthetic_source(data: Path, *, invented: int = 500, each: int = 32, seed: int = 0) -> Source:
    """``each`` questions about each of ``invented`` schemas and of Spider's training schemas (none of those held out)."""
    return _about_many("synthetic", synthesize, databases(data, invented, seed), each, seed)


def turns_source(data: Path, *, invented: int = 500, each: int = 24, seed: int = 0) -> Source:
    """``each`` follow-up questions about each of the same schemas."""
    return _about_many("turns", converse, databases(data, invented, seed), each, seed)


def _about_many(
    name: str, make: Callable[..., Iterable[Example]], databases: Mapping[str, Known], each: int, seed: int
) -> Source:
    examples: list[Example] = []
    for number, (database, known) in enumerate(databases.items()):
        made = make(known.schema, known.values, as_of=known.as_of, n=each, seed=seed + number)
        examples += [replace(example, database=database) for example in made]
    return Source(name, examples, databases, dialect="duckdb")


def databases(data: Path, invented: int, seed: int) -> dict[str, Known]:
    """Spider's training schemas, none of those held out, and so many invented ones."""
    folder = data / "spider"
    schemas = spider.schemas(folder)
    usable = {example.database for example in spider.load(folder, "train_spider")} - set(spider.HELD_OUT)
    databases = {name: Known(schemas[name], spider.values(folder, name, schemas[name])) for name in sorted(usable)}
    for number in range(seed * 1_000_000, seed * 1_000_000 + invented):
        schema, values = invent_schema(number)
        databases[f"invented {number}"] = Known(schema, values, as_of_date(number))
    return databases


def database_source(database: Database, count: int, seed: int) -> Source:
    """At most ``count`` questions about a user's database, a fifth of them follow-ups; each has run there and said something."""

    def run(sql: str) -> Sequence[Sequence[Any]]:
        return database.run(validate(sql, database.schema), time_limit=5.0, row_limit=100).rows

    schema, values, day = database.schema, database.values, database.as_of
    single = synthesize(schema, values, as_of=day, n=count - count // 5, seed=seed, run=run)
    return _of(database, [*single, *converse(schema, values, as_of=day, n=count // 5, seed=seed, run=run)])


def given_source(database: Database, file: Path) -> Source:
    """Questions that somebody else made or verified: ``{"question": ..., "sql": ...}`` a line, null for no answer.

    Of a follow-up ``"history"`` holds the questions before it, each as ``[question, sql]``.
    """
    examples = []
    for number, line in enumerate(text_of(file).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            history = tuple((question, sql) for question, sql in row.get("history", ()))
            texts = [row["question"], row["sql"] or "", *(text for turn in history for text in turn)]
            if not all(isinstance(text, str) for text in texts):
                raise TypeError("not texts")
            examples.append(Example(row["question"], row["sql"], history=history))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadInput(f"{file}, line {number}: not an object with question and sql.") from error
    if not examples:
        raise BadInput(f"{file} holds no question.")
    return _of(database, examples)


def _of(database: Database, examples: Iterable[Example]) -> Source:
    known = Known(database.schema, database.values, database.as_of)
    return Source("adapter", [replace(example, database="adapter") for example in examples], {"adapter": known}, dialect="duckdb")
