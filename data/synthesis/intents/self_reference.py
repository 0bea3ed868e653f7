"""Rows that refer to rows of their own table: managers, parents, mentors."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import literal

_WHO = (
    "who is the {role} of {row}",
    "who is {row}'s {role}",
    "[show|find|give me|name] the {role} of {row}",
    "{row}'s {role}",
    "what is the name of {row}'s {role}",
)
_WHAT = ("what is the {role} of {row}", "[show|find|give me|name] the {role} of {row}", "{row}'s {role}")
_UNDER = (
    "[which|list the|show the|find the] {things} [have|with] {row} as [their|] {role}",
    "list [all|the|] {things} whose {role} is {row}",
    "{things} whose {role} is {row}",
)
_HOW_MANY = ("how many {things} have {row} as [their|] {role}", "[count|number of] {things} whose {role} is {row}")
_ALL = (
    "[list|show|give me] [all|the|] {things} [with|and] their {role}s",
    "[list|show] each {thing} [with|and] [the|its|their] {role}",
    "{things} and their {role}s",
)
_COUNT_EACH = (
    "how many {things} does each {role} have",
    "number of {things} per {role}",
    "[show|count] the number of {things} [per|for each] {role}",
    "for each {role}, count the {things}",
)
_MOST = (
    "which {role} has the most {things}",
    "[find|show|who is] the {role} with the most {things}",
    "{role} with the most {things}",
)


def self_reference(ask: Ask) -> Draft | None:
    """A self-join: the row referred to stands as ``upper``."""
    world = ask.world
    keys = [k for k in world.self_references if world.entity_of(k.source).labels]
    if not keys:
        return None
    key = ask.rng.choice(keys)
    entity = world.entity_of(key.source)
    role = world.columns[key.source].noun.removesuffix(" id").removesuffix(" key").removesuffix(" code")
    if role in (entity.noun, world.columns[key.source].noun) and role != "parent":
        return None
    table, upper = world.table(entity.table), "upper_row"
    source = f"FROM {table} JOIN {table} AS {upper} ON {world.ref(key.source)} = {world.ref(key.target, upper)}"
    labels = [world.ref(c) for c in entity.labels]
    above = [world.ref(c, upper) for c in entity.labels]
    texts = [world.texts(c) for c in entity.labels]
    things, kind = lexicon.plural(ask.noun(entity)), ask.rng.choice(("who", "under", "many", "all", "each", "most"))
    slots = dict(role=role, things=things, thing=ask.noun(entity))
    if kind in ("who", "under", "many"):
        if not all(texts):
            return None
        values = [ask.rng.choice(t) for t in texts]
        ask.protect(*values)
        named = above if kind != "who" else labels
        where = " AND ".join(f"{c} = {literal(v)}" for c, v in zip(named, values, strict=True))
        items = {"who": ", ".join(above), "under": ", ".join(labels), "many": "COUNT(*)"}[kind]
        frames = {"who": _WHO if entity.person else _WHAT, "under": _UNDER, "many": _HOW_MANY}[kind]
        return Draft(ask.compose(frames, row=" ".join(values), **slots), f"SELECT {items} {source} WHERE {where}")
    if kind == "all":
        return Draft(ask.compose(_ALL, **slots), f"SELECT {', '.join((*labels, *above))} {source}")
    group = ", ".join(dict.fromkeys((world.ref(key.target, upper), *above)))
    tail = " ORDER BY COUNT(*) DESC LIMIT 1" if kind == "most" else ""
    return Draft(
        ask.compose(_COUNT_EACH if kind == "each" else _MOST, **slots),
        f"SELECT {', '.join(above)}, COUNT(*) {source} GROUP BY {group}{tail}",
    )
