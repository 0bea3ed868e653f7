"""What the verifier learns from: the model's own beams on databases that it has never seen, run and graded against the gold.

Beams are written down database by database, so that a run that was killed goes on where it stood, and a second training with
the same weights starts at once.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from nl2sql.eval.databases import Databases
from nl2sql.eval.grade import Gold, gold_of
from nl2sql.model import evidence as evidence_module
from nl2sql.model import train_data
from nl2sql.model.evidence import evidence
from nl2sql.records import Candidate, Context, Example, Query, Result
from nl2sql.sql.ir import Malformed, Unsupported, from_sql, to_sql
from nl2sql.sql.validate import validate

if TYPE_CHECKING:
    from nl2sql.model.generate import PointerGenerator

SMALL = 4  # every beam is also judged as if it had been this narrow, so that the verifier knows several widths
BATCH = 16
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


@dataclass(frozen=True)
class Collected:
    judged: list[Judged]
    names: tuple[tuple[str, ...], tuple[str, ...]]


def questions(data: Path, *, misplaced: int = 600, made: int = 12, seed: int = 0) -> dict[str, list[Example]]:
    """By kind, all about the databases that were set aside: Spider's own, reworded ones, such as have no answer, synthesised."""
    folder, held_out = data / "spider", set(spider.HELD_OUT)
    asked = [example for split in ("train_spider", "train_others") for example in spider.load(folder, split)]
    schemas = spider.schemas(folder)
    known = {name: train_data.Known(schemas[name], spider.values(folder, name, schemas[name])) for name in spider.HELD_OUT}
    own = [example for example in asked if example.database in held_out]
    kinds = {
        "spider": own,
        "synonyms": [example for example in spider_syn.load(data / "spider_syn") if example.database in held_out],
        "misplaced": train_data.misplaced(own, known, misplaced, seed),
    }
    for kind, refusals in (("unanswerable", 1.0), ("synthetic", 0.0)):
        kinds[kind] = [
            Example(example.question, example.sql, name)
            for name, it in known.items()
            for example in synthesize(it.schema, it.values, as_of=it.as_of, n=made, seed=seed, refusals=refusals)
        ]
    return kinds


def collect(
    data: Path, base: Path, generator: PointerGenerator, *, beam: int, asked: Mapping[str, Sequence[Example]]
) -> Collected:
    """The evidence of all questions; what the cache has already is read there."""
    folder = folders.cache() / "beams" / _key(base, beam)
    folder.mkdir(parents=True, exist_ok=True)
    databases = Databases(cases.load("spider_held_out", data / "spider"))
    judged: list[Judged] = []
    names: list[Any] = []
    for kind, examples in asked.items():
        for name in sorted({example.database for example in examples}):
            file = folder / f"{kind}-{name}.jsonl"
            if not file.exists():
                database = databases.open(name)
                if database is None:
                    continue
                with database:
                    _write(file, _beams(database, [e for e in examples if e.database == name], generator, beam))
                print(f"{kind}: {name}", flush=True)
            for entry in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
                names = entry.pop("names")
                judged.append(_judged(kind, name, entry))
    return Collected(judged, (tuple(names[0]), tuple(names[1])))


def _key(base: Path, beam: int) -> str:
    digest = hashlib.sha256(str(beam).encode())
    for file in (*sorted(base.glob("*.safetensors")), Path(evidence_module.__file__), Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def _write(file: Path, entries: Iterator[dict[str, Any]]) -> None:
    file.with_suffix(".new").write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    file.with_suffix(".new").replace(file)


def _judged(kind: str, database: str, entry: dict[str, Any]) -> Judged:
    return Judged(
        kind, database, entry["narrow"], np.array(entry["attempts"], dtype=np.float32),
        np.array(entry["question"], dtype=np.float32), np.array(entry["groups"]), np.array(entry["right"]), entry["answerable"])


def _beams(
    database: Database, examples: Sequence[Example], generator: PointerGenerator, beam: int
) -> Iterator[dict[str, Any]]:
    index = ValueIndex(database.schema, database.values)
    asked = [(example, build_context(example.question.strip(), database.schema, index, database.as_of)) for example in examples]
    asked.sort(key=lambda pair: len(pair[1].words) + len(pair[1].columns) + len(pair[1].values))
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        found = generator.generate([context for _, context in batch], beam=beam)
        for (example, context), candidates in zip(batch, found, strict=True):
            gold = _gold(example, context, database)
            if gold is not None or example.sql is None:
                yield from _graded(context, candidates, database, gold, beam)


def _gold(example: Example, context: Context, database: Database) -> Gold | None:
    """None where there is no gold, or none that runs here. Synthesised ones are DuckDB's; the databases are SQLite's."""
    sql = example.sql
    if sql is None:
        return None
    if not example.tags:
        try:
            sql = to_sql(from_sql(sql, context, "duckdb"), context, database.dialect)
        except (Unsupported, Malformed):
            return None
    gold = gold_of(cases.Case(0, example.question, (sql,)), database)
    return None if gold.error else gold


def _graded(
    context: Context, candidates: Sequence[Candidate], database: Database, gold: Gold | None, beam: int
) -> Iterator[dict[str, Any]]:
    def run(sql: str, seconds: float | None) -> tuple[Query, Result]:
        query = validate(sql, database.schema, database.dialect)
        return query, database.run(query, time_limit=min(seconds or QUERY_SECONDS, QUERY_SECONDS))

    queries = [candidate for candidate in candidates if candidate.sql]
    attempts, _ = run_all(queries, run, ALL_SECONDS)
    graded = [gold is not None and verdict(gold.references, a.result.rows, len(a.result.columns)) == "right" for a in attempts]
    for size in sorted({min(SMALL, beam), beam}):
        dropped = {id(candidate) for candidate in queries[size:]}
        kept = [candidate for candidate in candidates if id(candidate) not in dropped]
        ran = [attempt for attempt in attempts if id(attempt.candidate) not in dropped]
        if ran:
            found = evidence(context, kept, ran)
            yield {
                "narrow": size < beam, "answerable": gold is not None, "names": found.names, "groups": found.groups.tolist(),
                "attempts": found.attempts.astype(float).round(4).tolist(), "right": graded[: len(ran)],
                "question": found.question.astype(float).round(4).tolist(),
            }  # fmt: skip
