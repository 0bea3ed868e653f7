"""The stream of examples: balanced over intents, without duplicates, tested by running where that is possible."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Iterator

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents import INTENTS
from nl2sql.data.synthesis.select import Implausible
from nl2sql.data.synthesis.unanswerable import unanswerable
from nl2sql.data.synthesis.world import Run, World
from nl2sql.records import Example, Schema, Values

FORBIDDEN = ("most amount of sales",)
SHORTER = 0.4  # how often two drafts are made and the one in fewer words is kept: most of what people ask is short


def synthesize(
    schema: Schema,
    values: Values,
    *,
    as_of: dt.date,
    n: int,
    seed: int,
    run: Run | None = None,
    refusals: float = 0.06,
    same_sql: int | None = None,
) -> Iterator[Example]:
    """Up to ``n`` examples for a schema; fewer where it has no more to ask.

    ``run`` takes SQL and returns its rows or raises; pairs that fail or return nothing of interest are dropped.
    ``refusals`` is the share of questions that the schema can't answer (``sql`` None); one SQL text comes ``same_sql`` times
    at most, by default 8 times and oftener among many: the plainest queries are what is asked most.
    """
    same_sql = same_sql or max(8, n // 400)
    rng = random.Random(f"{seed}:{schema.name}:{len(schema.columns)}")
    world = World(schema, values, as_of)
    if run is not None:
        world.learn_ranges(run)
    questions: set[str] = set()
    uses: Counter[str] = Counter()
    made, attempts = 0, 0
    turns = _turns(rng)
    while made < n and attempts < 60 * n + 200:
        name = "unanswerable" if rng.random() < refusals else next(turns)
        for _ in range(12):
            attempts += 1
            draft = _draft(name, world, rng)
            if draft is None or not _new(draft, questions, uses, same_sql) or not worth(draft, run):
                continue
            questions.add(_folded(draft.question))
            if draft.sql:
                uses[draft.sql] += 1
            made += 1
            yield Example(draft.question, draft.sql, schema.name, (name,))
            break


def _draft(name: str, world: World, rng: random.Random) -> Draft | None:
    drafts = [draft for _ in range(2 if rng.random() < SHORTER else 1) if (draft := _one(name, world, rng))]
    return min(drafts, key=lambda draft: len(draft.question.split()), default=None)


def _one(name: str, world: World, rng: random.Random) -> Draft | None:
    try:
        return unanswerable(world, rng) if name == "unanswerable" else INTENTS[name][1](Ask(world, rng))
    except Implausible:
        return None


def _turns(rng: random.Random) -> Iterator[str]:
    """Intents in shuffled rounds by weight, so that every stretch of the stream has the same mixture."""
    debts = {name: rng.random() for name in INTENTS}
    while True:
        names = list(INTENTS)
        rng.shuffle(names)
        for name in names:
            debts[name] += INTENTS[name][0]
            while debts[name] >= 1:
                debts[name] -= 1
                yield name


def _folded(question: str) -> str:
    return " ".join(question.lower().split()).rstrip("?.! ")


def _new(draft: Draft, questions: set[str], uses: Counter[str], same_sql: int) -> bool:
    folded = _folded(draft.question)
    if folded in questions or len(folded) < 6 or any(text in folded for text in FORBIDDEN):
        return False
    return draft.sql is None or uses[draft.sql] < same_sql


def worth(draft: Draft, run: Run | None) -> bool:
    """Whether the SQL runs and says something: rows, not all of them NULL, not a lone zero, and as many as a top N asks for."""
    if run is None or draft.sql is None:
        return True
    try:
        rows = run(draft.sql)
    except Exception:  # whatever the engine raises: the pair is not used
        return False
    if not rows or all(cell is None for row in rows for cell in row):
        return False
    if len(rows) == 1 and len(rows[0]) == 1 and rows[0][0] == 0:
        return False
    limit = re.search(r" LIMIT (\d+)$", draft.sql)
    return limit is None or len(rows) >= int(limit.group(1))
