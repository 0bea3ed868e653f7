"""What the verifier learns from: the model's own beams on databases that it has never seen, run and graded against the gold.

Beams are kept in the cache database by database, so that a run that was killed goes on where it stood, and a second training
with the same weights starts at once, whatever evidence it gathers from them.
"""
from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nl2sql import folders
from nl2sql.choice import run_all
from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.data.sources import spider, spider_syn
from nl2sql.data.synthesis import synthesize
from nl2sql.engine.database import Database
from nl2sql.eval import cases
from nl2sql.eval.compare import verdict
from nl2sql.eval.databases import SPIDER_DAY, Databases
from nl2sql.eval.grade import Gold, gold_of
from nl2sql.model import train_data
from nl2sql.model.evidence import Evidence, evidence
from nl2sql.model.feeding import Lesson
from nl2sql.model.lessons import symbols_of
from nl2sql.model.renaming import Renaming, other_words
from nl2sql.records import ROWS_COMPARED as ROWS
from nl2sql.records import Attempt, Candidate, Context, Example, Query, Result
from nl2sql.sql.validate import validate

if TYPE_CHECKING:
    from nl2sql.model.generate import PointerGenerator

SMALL = 4  # every beam is also judged as if it had been this narrow, so that the verifier knows several widths
BATCH = 16
RENAMED = 0.9  # of the names of a schema that are changed
QUERY_SECONDS, ALL_SECONDS = 5.0, 20.0


@dataclass(frozen=True)
class Judged:
    """The evidence of one question's attempts, which of them are right, and whether the question has an answer at all."""

    kind: str
    database: str
    narrow: bool
    attempts: np.ndarray  # (N, F)
    question: np.ndarray  # (Q,)
    groups: np.ndarray  # (N,)
    right: np.ndarray  # (N,) bool
    answerable: bool


Names = tuple[tuple[str, ...], tuple[str, ...]]  # of the numbers in Judged.attempts and Judged.question


@dataclass(frozen=True)
class Collected:
    judged: list[Judged]
    names: Names


def questions(data: Path, *, misplaced: int = 400, made: int = 8, seed: int = 0) -> dict[str, list[Example]]:
    """By kind, all about the databases that were set aside: Spider's own, the same in other words where there is Spider-Syn and
    with other names in the schema (without them all other words would be a sign of no answer), those of other databases, and such
    as have no answer.
    """
    folder, held_out = data / "spider", set(spider.HELD_OUT)
    asked = [example for split in ("train_spider", "train_others") for example in spider.load(folder, split)]
    schemas = spider.schemas(folder)
    aside = {name: train_data.Known(schemas[name], spider.values(folder, name, schemas[name])) for name in spider.HELD_OUT}
    own = [example for example in asked if example.database in held_out]
    reworded = spider_syn.load(data / "spider_syn") if (data / "spider_syn").is_dir() else []
    return {
        "spider": own,
        "reworded": [example for example in reworded if example.database in held_out],
        "renamed": own[::2],
        "misplaced": train_data.misplaced(own, aside, misplaced, seed),
        "unanswerable": [
            Example(example.question, None, name)
            for name, it in aside.items()
            for example in synthesize(it.schema, it.values, as_of=it.as_of, n=made, seed=seed, refusals=1.0)
        ],
    }


def collect(
    data: Path, base: Path, generator: PointerGenerator, *, beam: int, asked: Mapping[str, Sequence[Example]],
    synonyms: Callable[[str], Sequence[str]] | None = None,
) -> Collected:
    """The evidence of all questions; beams that the cache has already are read there. ``synonyms``: for the renamed schemas."""
    folder = folders.cache() / "beams" / _key(base, beam)
    folder.mkdir(parents=True, exist_ok=True)
    databases = Databases(cases.load("spider_held_out", data / "spider"))
    rename = Renaming(other_words(databases.schemas.values(), synonyms), names=RENAMED)
    judged: list[Judged] = []
    names: Names = ((), ())
    for kind, examples in asked.items():
        for name in sorted({example.database for example in examples}):
            if spider.database_path(data / "spider", name) is None:
                continue
            schema = databases.schemas[name]
            index = ValueIndex(schema, spider.values(data / "spider", name, schema))
            read = partial(_read, index, rename if kind == "renamed" else None, generator.linked)
            file = folder / f"{kind}-{name}.jsonl.gz"
            if not file.exists():
                with databases.open(name) as database:  # type: ignore[union-attr]  # it has a file
                    mine = [example for example in examples if example.database == name]
                    entries = _beams(database, read, mine, generator, beam)
                    train_data.write_lines(file, (json.dumps(entry, default=str) + "\n" for entry in entries))
                print(f"{kind}: {name}", flush=True)
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                for entry in map(json.loads, lines):
                    for narrow, found, right in _evidence(read(entry["question"]), entry, beam):
                        names = found.names
                        judged.append(Judged(
                            kind, name, narrow, found.attempts, found.question, found.groups, right, entry["answerable"]))
    return Collected(judged, names)


def _read(index: ValueIndex, rename: Renaming | None, linked: Callable[[Context], Context], question: str) -> Context:
    context = build_context(question.strip(), index.schema, index, SPIDER_DAY)
    return linked(rename(Lesson(context, ()), random.Random(question.strip())).context if rename else context)


def _key(base: Path, beam: int) -> str:
    """Changes with the weights, and with the code that makes contexts."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256(f"{beam} {RENAMED}".encode())
    code = (*sorted((package / "context").glob("*.[pt]*")), *(package / "model" / name for name in ("renaming.py", "similar.py")))
    for file in (*sorted(base.glob("*.safetensors")), *code):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _beams(
    database: Database, read: Callable[[str], Context], examples: Sequence[Example], generator: PointerGenerator, beam: int
) -> Iterator[dict[str, Any]]:
    asked = [(example, read(example.question)) for example in examples]
    asked.sort(key=lambda pair: len(pair[1].words) + len(pair[1].columns) + len(pair[1].values))
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        found = generator.generate([context for _, context in batch], beam=beam)
        for (example, context), candidates in zip(batch, found, strict=True):
            gold = gold_of(cases.Case(0, example.question, (example.sql,)), database) if example.sql else None
            if gold is None or not gold.error:
                yield {"question": context.question, "answerable": gold is not None, **_graded(candidates, database, gold)}


def _graded(candidates: Sequence[Candidate], database: Database, gold: Gold | None) -> dict[str, Any]:
    """The beam as JSON: all candidates, and those that ran, by their place among them, with the start of their rows."""

    def run(sql: str, seconds: float | None) -> tuple[Query, Result]:
        query = validate(sql, database.schema, database.dialect)
        return query, database.run(query, time_limit=min(seconds or QUERY_SECONDS, QUERY_SECONDS))

    attempts, _ = run_all([candidate for candidate in candidates if candidate.sql], run, ALL_SECONDS)
    places = {id(candidate): i for i, candidate in enumerate(candidates)}
    return {
        "candidates": [[c.sql, c.score, c.symbols, c.steps] for c in candidates],
        "attempts": [
            [places[id(a.candidate)], a.query.tables, a.query.ordered, a.result.columns, a.result.rows[:ROWS]] for a in attempts
        ],
        "right": [
            gold is not None and verdict(gold.references, a.result.rows, len(a.result.columns)) == "right" for a in attempts
        ],
    }  # fmt: skip


def _evidence(context: Context, entry: Mapping[str, Any], beam: int) -> Iterator[tuple[bool, Evidence, np.ndarray]]:
    """Narrow or not, the evidence, and which attempts are right: of the whole beam, and of its start alone."""
    candidates = [
        Candidate(sql, score, symbols_of(symbols), tuple(steps))
        for sql, score, symbols, steps in entry["candidates"]
    ]
    attempts = [
        Attempt(candidates[place], Query(candidates[place].sql or "", "sqlite", tuple(tables), ordered),
                Result(tuple(columns), (), tuple(map(tuple, rows))))
        for place, tables, ordered, columns, rows in entry["attempts"]
    ]
    queries = [candidate for candidate in candidates if candidate.sql]
    for size in sorted({min(SMALL, beam), beam}):
        dropped = {id(candidate) for candidate in queries[size:]}
        kept = [candidate for candidate in candidates if id(candidate) not in dropped]
        ran = [attempt for attempt in attempts if id(attempt.candidate) not in dropped]
        if ran:
            yield size < beam, evidence(context, kept, ran), np.array(entry["right"][: len(ran)])
