"""Synthesised questions as a source of lessons: asked of Spider's training schemas and of schemas that are invented."""
from __future__ import annotations

from pathlib import Path

from nl2sql.data.sources import spider
from nl2sql.data.synthesis import invent_schema, synthesize
from nl2sql.model.train_data import AS_OF, Known, Source
from nl2sql.records import Example


def synthetic_source(data: Path, *, invented: int = 500, each: int = 32, seed: int = 0) -> Source:
    """``each`` questions about each of ``invented`` schemas and of Spider's training schemas (none of those held out)."""
    folder = data / "spider"
    schemas = spider.schemas(folder)
    usable = {example.database for example in spider.load(folder, "train_spider")} - set(spider.HELD_OUT)
    databases = {name: Known(schemas[name], spider.values(folder, name, schemas[name])) for name in sorted(usable)}
    for number in range(invented):
        schema, values = invent_schema(seed * 1_000_000 + number)
        databases[f"invented {number}"] = Known(schema, values)
    examples: list[Example] = []
    for number, (name, known) in enumerate(databases.items()):
        made = synthesize(known.schema, known.values, as_of=AS_OF, n=each, seed=seed + number)
        examples += [Example(example.question, example.sql, name, example.tags) for example in made]
    return Source("synthetic", examples, databases, dialect="duckdb")
