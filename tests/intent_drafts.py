"""Drafts of one kind of synthesised question, for the tests of the synthesis."""
from __future__ import annotations

import random
from collections.abc import Iterator

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents import INTENTS
from nl2sql.data.synthesis.select import Implausible
from nl2sql.data.synthesis.world import World


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
