"""What the retriever learns from: questions, a document that their answer reads, and one like it that it doesn't read."""
from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nl2sql.context.retrieve import documents
from nl2sql.data.sources import spider, spider_syn
from nl2sql.data.synthesis import synthesize
from nl2sql.eval.needed import Needed, needed
from nl2sql.model.train_data import AS_OF
from nl2sql.records import Example, Schema

TABLES = 0.4  # share of rows whose document is a table's
SAME_NAME = 0.5  # share of mined negatives that have the name of the column asked for, where there are such


@dataclass(frozen=True)
class Row:
    question: str
    document: str
    other: str


class Documents:
    """The documents of one schema, and which of them are easily taken for another one."""

    def __init__(self, schema: Schema) -> None:
        self.schema, self.texts = schema, documents(schema)
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for i, column in enumerate(schema.columns):
            self.by_name[column.words or column.name.lower()].append(i)

    def table(self, index: int) -> str:
        return self.texts[index]

    def column(self, index: int) -> str:
        return self.texts[len(self.schema.tables) + index]

    def row(self, question: str, asked: Needed, rng: random.Random) -> Row | None:
        """A table or a column that the question needs, and a mined negative; None where the schema has nothing to confuse."""
        columns = sorted(asked.columns - asked.joining)
        if not columns or rng.random() < TABLES:
            others = sorted(set(range(len(self.schema.tables))) - asked.tables)
            table = rng.choice(sorted(asked.tables))
            return Row(question, self.table(table), self.table(rng.choice(others))) if others else None
        column = rng.choice(columns)
        siblings = sorted(set(self.schema.columns_of(self.schema.owner[column])) - asked.columns)
        named = self.schema.columns[column].words or self.schema.columns[column].name.lower()
        same = [i for i in self.by_name[named] if i not in asked.columns]
        others = same if same and (not siblings or rng.random() < SAME_NAME) else siblings
        return Row(question, self.column(column), self.column(rng.choice(others))) if others else None


def rows(asked: Sequence[tuple[Example, Needed]], known: Mapping[str, Documents], count: int, seed: int) -> list[Row]:
    """``count`` rows, each of another question until all had one."""
    rng, result = random.Random(seed), list[Row]()
    while len(result) < count:
        before = len(result)
        for example, wanted in rng.sample(asked, len(asked)):
            row = known[example.database].row(example.question, wanted, rng)
            if row is not None:
                result.append(row)
        if len(result) == before:
            break
    return result[:count]


def training_examples(data: Path, schemas: Mapping[str, Schema], *, made: int, seed: int) -> list[Example]:
    """Spider's and Spider-Syn's training questions, and ``made`` synthesised ones about each of their databases."""
    folder = data / "spider"
    found = [*spider.load(folder, "train_spider"), *spider.load(folder, "train_others"), *spider_syn.load(data / "spider_syn")]
    usable = [example for example in found if example.database not in spider.HELD_OUT]
    for name in sorted({example.database for example in usable}) if made else ():
        values = spider.values(folder, name, schemas[name], per_column=50)
        questions = synthesize(schemas[name], values, as_of=AS_OF, n=made, seed=seed, refusals=0.0)
        usable += [replace(example, database=name, tags=("synthetic",)) for example in questions]
    return usable


def with_needed(examples: Iterable[Example], schemas: Mapping[str, Schema]) -> list[tuple[Example, Needed]]:
    """The examples with what their queries read; those that can't be told are left out."""
    result = []
    for example in examples:
        dialect = "duckdb" if "synthetic" in example.tags else "sqlite"
        wanted = needed(example.sql, schemas[example.database], dialect) if example.sql else None
        if wanted is not None:
            result.append((example, wanted))
    return result
