"""Whether a schema lacks what a phrase means: by its names and their synonyms, its comments and its values."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from nl2sql.data.synthesis import beside_words as words
from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.columns import expand, split_name
from nl2sql.data.synthesis.near import lacks
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.synonyms import SYNONYMS
from nl2sql.data.synthesis.world import World

FIRMS = frozenset("supplier vendor manufacturer carrier company seller agency partner provider donor owner".split())


@dataclass(frozen=True)
class _Held:
    """All that a schema says, as words and as one text; whether some column tells times of day."""

    words: frozenset[str]
    text: str
    clock: bool


@lru_cache(maxsize=4)
def _held(world: World) -> _Held:
    """All words of its names, their synonyms, comments, samples and values."""
    named = {noun for e in world.entities for noun in e.nouns} | {noun for c in world.columns for noun in c.nouns}
    for record in (*world.schema.tables, *world.schema.columns):
        named |= {record.name.lower(), split_name(record.name), expand(record.words or split_name(record.name))}
    said = {lexicon.singular(word) for noun in named for word in (noun, *noun.split())}
    named |= {word for first, more in SYNONYMS.items() if said & {first, *more} for word in (first, *more)}
    texts = [t.comment for t in world.schema.tables] + [c.comment for c in world.schema.columns]
    texts += [str(s) for c in world.schema.columns for s in c.samples if isinstance(s, str)]
    texts += [str(v) for column in world.values.values() for v in list(column)[:20_000]]
    text = "\n".join((*named, *texts)).lower()
    found = set(re.findall(r"[a-z]+", text))
    return _Held(frozenset(found | {lexicon.singular(word) for word in found}), re.sub(r"[-_]", " ", text), tells_time(world))


def tells_time(world: World) -> bool:
    """Whether some column may tell times of day."""
    for column, role in zip(world.schema.columns, world.columns, strict=True):
        midnights = all(s.time() == dt.time() for s in column.samples if isinstance(s, dt.datetime))
        if "TIME" in column.type.upper() or not midnights or any(isinstance(s, dt.time) for s in column.samples):
            return True
        last = role.noun.split()[-1]
        if last in ("hour", "timestamp", "datetime", "shift") or last == "time" and column.kind != "number":
            return True
        if any(isinstance(s, str) and re.search(r"\d:\d\d", s) for s in column.samples):
            return True
    return False


def telling(phrase: str) -> list[str]:
    """The words of a phrase that say what it is about."""
    plain = [word for word in phrase.lower().partition("=")[0].removeprefix("@").split() if not word.startswith("~")]
    return [word for word in plain if lexicon.singular(word) not in words.WEAK and word not in words.WEAK]


def lacking(world: World, option: words.Option, entity: Entity | None = None) -> bool:
    """Whether nothing of the schema answers what the phrase means: neither its words nor its guards occur in it."""
    guards, phrase = option
    held, own = _held(world), {w for c in entity.columns for noun in c.nouns for w in noun.split()} if entity else set[str]()
    for guard in guards:
        among = own if guard.startswith(".") else held.words
        guard = guard.removeprefix(".")
        if guard.endswith("*") and any(word.startswith(guard[:-1]) for word in among) or guard in among:
            return False
        if "_" in guard and guard.replace("_", " ") in held.text:
            return False
    said = telling(phrase)
    for word in said:
        parts = re.findall(r"[a-z]+", word)
        joined = " ".join(parts)
        if joined in held.text if len(parts) > 1 else bool({joined, lexicon.singular(joined)} & held.words):
            return False
        if len(parts) > 1 and "".join(parts) in held.words:
            return False
    if held.clock and re.search(r"\bnight\b|\bpm\b|\bnoon\b|\blate to\b", phrase) or "~" in phrase and _procures(world):
        return False
    return bool(lacks(world, [" ".join(said) or "nothing"]))


def _procures(world: World) -> bool:
    """Whether some table's orders may be those that we place ourselves."""
    orders = [e for e in world.entities if not e.link and {"order", "purchase"} & set(" ".join(e.nouns).split())]
    for order in orders:
        near = [world.entities[t] for t, path in world.reach_of(order.table).path.items() if len(path) == 1]
        if any(set(e.noun.split()) & FIRMS for e in near) or not any(e.person for e in near):
            return True
    return not orders and bool({"order", "purchase"} & _held(world).words)
