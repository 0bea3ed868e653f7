"""Drafts of one kind of synthesised question, for the tests of the synthesis."""
from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents import INTENTS
from nl2sql.data.synthesis.select import Implausible
from nl2sql.data.synthesis.world import World
from nl2sql.records import Schema
from nl2sql.sql.ir import Unsupported, from_sql, to_sql


def drafts(world: World, intent: str, count: int = 120, *, tries: int = 40) -> Iterator[Draft]:
    """So many drafts of an intent, the same each time; fewer where ``tries`` for each don't suffice."""
    rng, found = random.Random(intent), 0
    for _ in range(tries * count):
        if found == count:
            return
        try:
            draft = INTENTS[intent][1](Ask(world, rng))
        except Implausible:
            continue
        if draft is not None:
            found += 1
            yield draft


def said_again(draft: Draft, schema: Schema, index: ValueIndex, day: dt.date) -> str | None:
    """The draft's SQL after symbols; None where a typing error in a value or a number links to nothing, the only loss allowed."""
    about = build_context(draft.question, schema, index, day, columns=range(len(schema.columns)))
    try:
        return to_sql(from_sql(draft.sql or "", about), about)
    except Unsupported as error:
        assert "not linked" in str(error), (draft, error)
        return None
