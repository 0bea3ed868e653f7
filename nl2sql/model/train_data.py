"""Examples -> lessons: every question gets its context and its symbols once; what the language can't say is counted by reason.

Prepared lessons are kept in the cache folder as gzipped JSON lines, keyed by the examples and by the code that made them.
"""
from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import nl2sql
from nl2sql import folders
from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.conversation import follow_up
from nl2sql.data.sources import bird, sparc, spider, spider_syn, wikisql
from nl2sql.data.synthesis.unanswerable import unwanted
from nl2sql.data.synthesis.world import World
from nl2sql.model.feeding import Lesson
from nl2sql.model.lessons import Lessons, line
from nl2sql.records import Context, Example, Schema, Values
from nl2sql.sql.ir import Unsupported, from_sql
from nl2sql.sql.symbols import NONE

AS_OF = dt.date(2025, 1, 1)  # data sets have no "today"


@dataclass(frozen=True)
class Known:
    """What is known of a database: enough to build contexts without its rows."""

    schema: Schema
    values: Values
    as_of: dt.date = AS_OF  # the date that relative periods count from

    @cached_property
    def index(self) -> ValueIndex:
        return ValueIndex(self.schema, self.values)


@dataclass(frozen=True)
class Source:
    """A named set of examples over known databases."""

    name: str
    examples: Sequence[Example]
    databases: Mapping[str, Known]
    dialect: str = "sqlite"

    def context(self, example: Example) -> Context:
        known = self.databases[example.database]
        columns = tuple(range(len(known.schema.columns)))

        def link(text: str, _: Iterable[int] | None) -> Context:
            return build_context(text, known.schema, known.index, known.as_of, columns=columns)

        return follow_up(example.history, example.question, link, self.dialect)


def spider_sources(data: Path, *, none_share: float = 0.04, seed: int = 0) -> Iterator[Source]:
    """Spider's training questions, the older sets in its form, Spider-Syn, and questions that must not be answered.

    Those are asked of the wrong database, and as many are in other languages, want data changed, or chat.
    """
    folder = data / "spider"
    held_out = set(spider.HELD_OUT)
    databases = {name: Known(schema, spider.values(folder, name, schema)) for name, schema in spider.schemas(folder).items()}

    def usable(examples: Iterable[Example]) -> list[Example]:
        return [example for example in examples if example.database not in held_out]

    train = usable(spider.load(folder, "train_spider"))
    yield Source("spider", train, databases)
    yield Source("others", usable(spider.load(folder, "train_others")), databases)
    yield Source("spider_syn", usable(spider_syn.load(data / "spider_syn")), databases)
    names = sorted({example.database for example in train})
    known, count = {name: databases[name] for name in names}, round(none_share * len(train))
    yield Source("none", [*misplaced(train, known, count, seed), *unwanted_of(known, count, seed)], databases)


def dev_source(data: Path) -> Source:
    folder = data / "spider"
    examples = spider.load(folder, "dev")
    schemas = spider.schemas(folder)
    names = {example.database for example in examples}
    return Source("dev", examples, {name: Known(schemas[name], spider.values(folder, name, schemas[name])) for name in names})


def sampled(source: Source, count: int) -> Source:
    """Every n-th example of a source, about ``count`` of them."""
    return replace(source, examples=source.examples[:: max(1, len(source.examples) // count)])


def bird_source(data: Path) -> Source:
    folder = data / "bird_train"
    schemas = bird.schemas(folder)
    values = bird.values(folder, schemas)
    loaded = bird.load(folder)
    examples = [Example(" ".join((example.question, *example.tags)), example.sql, example.database) for example in loaded]
    return Source("bird", examples, {name: Known(schema, values.get(name, {})) for name, schema in schemas.items()})


def wikisql_source(data: Path, *, count: int = 12_000, seed: int = 0) -> Source:
    folder = data / "wikisql"
    loaded = wikisql.load(folder)
    examples = random.Random(seed).sample(loaded, min(count, len(loaded)))
    schemas, values = wikisql.schemas(folder), wikisql.values(folder)
    names = {example.database for example in examples}
    return Source("wikisql", examples, {name: Known(schemas[name], values.get(name, {})) for name in names})


def sparc_source(data: Path) -> Source:
    """SParC's questions after the first of each conversation; first ones are like Spider's."""
    folder = data / "spider"
    turns = [turn for interaction in sparc.load(data / "sparc") for turn in sparc.follow_ups(interaction)
             if interaction.database not in spider.HELD_OUT]
    schemas = spider.schemas(folder)
    names = {turn.database for turn in turns}
    return Source("sparc", turns, {name: Known(schemas[name], spider.values(folder, name, schemas[name])) for name in names})


def misplaced(examples: Sequence[Example], databases: Mapping[str, Known], count: int, seed: int) -> list[Example]:
    """Questions with a database that can't answer them: one whose names share no word with the tables of their own.

    None where no two databases are so different.
    """
    rng, names = random.Random(seed), sorted(databases)
    result: list[Example] = []
    said = {name: {word for table in databases[name].schema.tables for word in table.words.split()} for name in names}
    apart = any(not said[example.database] & said[other] for example in examples for other in names)
    while apart and len(result) < count:
        example, other = rng.choice(examples), rng.choice(names)
        if not said[example.database] & said[other]:
            result.append(Example(example.question, None, other))
    return result


def unwanted_of(databases: Mapping[str, Known], count: int, seed: int) -> list[Example]:
    """Questions that no database answers: in another language, requests to change data, chat."""
    rng = random.Random(f"unwanted {seed}")
    worlds = {name: World(known.schema, known.values, known.as_of) for name, known in databases.items()}
    names = [rng.choice(sorted(worlds)) for _ in range(count)]
    return [Example(unwanted(worlds[name], rng).question, None, name) for name in names]


def prepare(source: Source) -> Lessons:
    """The source's lessons, from the cache where they were prepared before."""
    known = {name: (it.schema, it.as_of) for name, it in source.databases.items()}
    file = folders.cache() / "lessons" / f"{source.name}-{_key(source)}.jsonl.gz"
    if file.exists():
        with gzip.open(file, "rt", encoding="utf-8") as kept:
            found = Lessons(list(kept), known)
        print(f"{source.name}: {len(found)} of {len(source.examples)} (prepared before)", flush=True)
        return found
    skipped: Counter[str] = Counter()
    lines: list[str] = []
    for example in source.examples:
        context = source.context(example)
        try:
            symbols = (NONE,) if example.sql is None else from_sql(example.sql, context, source.dialect)
        except Unsupported as reason:
            skipped[str(reason)[:40]] += 1
            continue
        lines.append(line(Lesson(context, symbols), example.database) + "\n")
    reasons = ", ".join(f"{count} {reason}" for reason, count in skipped.most_common(8))
    print(f"{source.name}: {len(lines)} of {len(source.examples)}; left out: {reasons or 'none'}", flush=True)
    _keep(file, lines)
    return Lessons(lines, known)


def _keep(file: Path, lines: Iterable[str]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_lines(file, lines)
    except OSError:
        pass  # a read-only cache: the next training prepares again


def write_lines(file: Path, lines: Iterable[str]) -> None:
    """Gzipped lines, there whole or not at all."""
    with gzip.open(file.with_suffix(".new"), "wt", encoding="utf-8", compresslevel=3) as out:
        out.writelines(lines)
    file.with_suffix(".new").replace(file)


def _key(source: Source) -> str:
    """Changes with the examples, and with the code that links and translates them."""
    digest = hashlib.sha256(source.dialect.encode())
    for example in source.examples:
        digest.update(repr(example).encode())
    package = Path(nl2sql.__file__).parent
    rooms = [*(package / "context").rglob("*.py"), *(package / "sql").rglob("*.py")]
    for file in sorted([*rooms, package / "records.py", package / "conversation.py"]):
        digest.update(file.read_bytes())
    for name in sorted(source.databases):
        digest.update(f"{name} {len(source.databases[name].schema.columns)} {source.databases[name].as_of}".encode())
    return digest.hexdigest()[:20]
