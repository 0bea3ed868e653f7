"""Conversations for any schema: a first question, then changes of what it asked for, each with its SQL.

A figure ("sales by store in 2024") or a list of rows ("customers in Lyon") is kept as what it is made of; a change replaces one
part, says so in a few words ("and by region?") and the SQL is written anew.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.figure import Figure, first_figure
from nl2sql.data.synthesis.figure_turns import CHANGES as OF_FIGURES
from nl2sql.data.synthesis.intents import INTENTS
from nl2sql.data.synthesis.row_turns import CHANGES as OF_ROWS
from nl2sql.data.synthesis.row_turns import Rows, first_rows
from nl2sql.data.synthesis.select import Implausible
from nl2sql.data.synthesis.stream import worth
from nl2sql.data.synthesis.unanswerable import unanswerable
from nl2sql.data.synthesis.world import Run, World
from nl2sql.records import Example, Schema, Values

LONGEST = 4  # turns of a conversation
NEW_TOPIC, NO_ANSWER = 0.12, 0.04  # how often a turn has nothing to do with the one before, or can't be answered


def converse(schema: Schema, values: Values, *, as_of: dt.date, n: int, seed: int, run: Run | None = None) -> Iterator[Example]:
    """Up to ``n`` follow-up questions, each with its ``history``. ``run`` is used as in ``synthesize``."""
    rng = random.Random(f"turns:{seed}:{schema.name}:{len(schema.columns)}")
    world = World(schema, values, as_of)
    if run is not None:
        world.learn_ranges(run)
    made = 0
    for _ in range(6 * n + 30):
        for example in _conversation(world, rng, run):
            if made == n:
                return
            made += 1
            yield example


def _conversation(world: World, rng: random.Random, run: Run | None) -> list[Example]:
    state: Figure | Rows | None = (first_figure if rng.random() < 0.7 else first_rows)(Ask(world, rng))
    opening = _written(state, None, run) if state else None
    if state is None or opening is None:
        return []
    history, found = [opening], []
    for _ in range(rng.choice((1, 2, 2, 3, LONGEST - 1))):
        chance = rng.random()
        if chance < NO_ANSWER + NEW_TOPIC:
            draft = _unrelated(world, rng, unanswered=chance < NO_ANSWER)
            if draft and (draft.sql is None or worth(draft, run)):
                found.append(Example(draft.question, draft.sql, world.schema.name, ("turn",), tuple(history)))
            break
        for _ in range(8):
            changed = _changed(state, rng)
            turn = _written(changed[0], changed[1], run) if changed else None
            if changed and turn and turn[1] != history[-1][1]:
                found.append(Example(*turn, world.schema.name, ("turn",), tuple(history)))
                state = changed[0]
                history.append(turn)
                break
    return found


def _changed(state: Figure | Rows, rng: random.Random) -> tuple[Figure | Rows, str] | None:
    if isinstance(state, Figure):
        return rng.choices([change for _, change in OF_FIGURES], [weight for weight, _ in OF_FIGURES])[0](state)
    return rng.choices([change for _, change in OF_ROWS], [weight for weight, _ in OF_ROWS])[0](state)


def _unrelated(world: World, rng: random.Random, *, unanswered: bool) -> Draft | None:
    try:
        return unanswerable(world, rng) if unanswered else INTENTS[rng.choice(list(INTENTS))][1](Ask(world, rng))
    except Implausible:
        return None


def _written(state: Figure | Rows, question: str | None, run: Run | None) -> tuple[str, str] | None:
    """The turn's question, in full where none is given, and its SQL; None where it asks for nothing of interest."""
    try:
        sql = state.sql()
        text = question or state.question()
    except Implausible:
        return None
    return (text, sql) if worth(Draft(text, sql), run) else None
