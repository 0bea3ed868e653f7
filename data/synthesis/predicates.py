"""A condition as the verb of the question: "products that were launched in 2024" -> "products were launched in 2024"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nl2sql.data.synthesis import nouns, vocabulary
from nl2sql.data.synthesis.filters import Filter

if TYPE_CHECKING:
    from nl2sql.data.synthesis.ask import Ask

_HAPPENED = {verb for verb in vocabulary.DATE_VERBS.values() if " " not in verb}
_ARE = tuple(
    f"{word} "
    for word in """
    in|from|based|located|situated|living|older|younger|aged|over|under|below|above|at least|called|named|still|
    already|paid|outside|not in|marked|of|part|linked|larger|bigger|smaller|cheaper|dearer|heavier|lighter|taller|
    shorter|employed|priced|made by|on
    """.replace("\n", "").replace("    ", "").split("|")
)


def predicate(ask: Ask, table: int, conditions: Sequence[Filter]) -> str | None:
    """The plural noun with all conditions but one, and that one as its verb; None where none of them makes a verb."""
    order = list(conditions)
    ask.rng.shuffle(order)
    for condition in order:
        said = _verb(ask, table, condition)
        if said:
            rest = [other for other in conditions if other is not condition]
            return f"{nouns.noun_phrase(ask, table, rest)} {said}"
    return None


def _verb(ask: Ask, table: int, condition: Filter) -> str:
    if condition.table != table:
        if condition.outside and ask.chance(0.7):
            post = ask.rng.choice(condition.outside)
            return post.removeprefix("that ") if post.startswith("that ") else f"are {post}"
        entity = ask.world.entities[table]
        if entity.event or not condition.direct or condition.outside:
            return ""
        return f"are {nouns.about(ask, table, condition.table, [condition])}"
    if condition.adjectives and ask.chance(0.4):
        return f"{ask.rng.choice(('are', 'are', 'were' if ask.world.entities[table].event else 'are'))} {condition.adjectives[0]}"
    posts = list(condition.posts)
    ask.rng.shuffle(posts)
    return next((verb for verb in map(_of_post, posts) if verb), "")


def _of_post(post: str) -> str:
    """The verb phrase of what follows a noun, or nothing."""
    first = post.split(" ")[0]
    if first in ("who", "that", "which") and not re.match(r"(?:that|which|who) (?:we|one|you)\b", post):
        return post.removeprefix(first).strip()
    if first == "with" and not post.startswith(("with no ", "with missing", "with null")):
        return f"have {post.removeprefix('with ')}"
    if post.startswith("with no "):
        return f"have {post.removeprefix('with ')}"
    if first == "without":
        return f"don't have {post.removeprefix('without ')}"
    if first in _HAPPENED:
        return f"were {post}"
    if post.startswith("not ") and post.split(" ")[1] in _HAPPENED:
        return f"were {post}"
    return f"are {post}" if post.startswith(_ARE) else ""
