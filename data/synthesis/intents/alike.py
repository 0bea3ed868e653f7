"""Columns of two tables that hold the same: customers who buy in their own city, cities with customers and no store."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

# {one} and {other} are what a row refers to: the customer and the store of an order
_SAME = (
    "how many {things} {when} [were|are] from {a_one} in the same {col} as the {other}",
    "how many {things} {when} have {a_one} and {a_other} in the same {col}",
    "number of {things} {when} where the {one}'s {col} is [the same as|equal to|identical to] the {other}'s [{col}|]",
    "how many {things} {when} where {one} and {other} [share a|have the same|are in the same] {col}",
    "[count|count the] {things} {when} whose {one} and {other} [are in|come from|belong to] the same {col}",
    "{things} {when} with {one} {col} equal to {other} {col}: how many", "{things} {when} in the {one}'s own {col}: how many",
    "how many {things} {when} [took place|were made|happened] at {a_other} in the {one}'s own {col}",
    "in how many {things} {when} [do|did] the {one} and the {other} have the same {col}",
)  # fmt: skip
_OTHER = (
    "how many {things} {when} have {a_one} and {a_other} in different {cols}",
    "number of {things} {when} where the {one}'s {col} differs from the {other}'s",
    "how many {things} {when} where {one} and {other} are [not in the same {col}|in different {cols}]",
    "{things} {when} with {a_other} outside the {one}'s [own|] {col}: how many",
    "[count|count the] {things} {when} whose {one} {col} is [not the same as|different from|not] the {other} {col}",
    "how many {things} {when} [took place|were made|happened] [at {a_other}|] outside the {one}'s [own|home] {col}",
)  # fmt: skip
_FIGURE = (
    "{name} {when} where the {one}'s {col} is [the same as|equal to|] the {other}'s",
    "{name} {when} from {ones} in the same {col} as the {other}",
    "[what is|what was|show] the {name} {when} where {one} and {other} [share a|have the same|are in the same] {col}",
)  # fmt: skip
_FIGURE_OTHER = (
    "{name} {when} where the {one}'s {col} differs from the {other}'s",
    "{name} {when} from {ones} in another {col} than the {other}",
    "[what is|what was|show] the {name} {when} where {one} and {other} are in different {cols}",
)  # fmt: skip
_LACK = (
    "[which|what] {cols} have {ones} but no {others}", "[which|what] {cols} do {ones} have that no {other} has",
    "{cols} with {ones} but [without any|no|without] {others}",
    "[show|list|find|give me] [all|the|] {cols} [that have|with] {ones} and no {others}",
    "in [which|what] {cols} [are there|do we have|do we find] {ones} but no {others}",
    "[which|what] {cols} of {ones} [do not occur|are not found|are missing] among {others}",
    "{cols} [found|that occur] among {ones} but not among {others}", "{cols} where we have {ones} and not [a single|one] {other}",
    "[are there|do we have] {cols} with {ones} but without {others}", "{cols} of {ones} except those of {others}",
)  # fmt: skip
_LACK_COUNT = (
    "how many {cols} have {ones} but no {others}", "in how many {cols} [are there|do we have] {ones} but no {others}",
    "number of {cols} with {ones} [but no|and no|without] {others}",
    "how many {cols} of {ones} [do not occur|are not found] among {others}",
    "count the {cols} where there are {ones} but no {others}",
)  # fmt: skip
_SHARED = (
    "[which|what] {cols} have both {ones} and {others}", "{cols} with both {ones} and {others}",
    "in [which|what] {cols} do we have {ones} as well as {others}",
    "{cols} that {ones} and {others} have in common", "[show|list] the {cols} [found|that occur] among both {ones} and {others}",
)  # fmt: skip
_SHARED_COUNT = (
    "how many {cols} have both {ones} and {others}", "in how many {cols} [are there|do we have] both {ones} and {others}",
    "number of {cols} that {ones} and {others} share",
)  # fmt: skip

_Side = tuple[Entity, ColumnRole]


def _pairs(ask: Ask, tables: list[int]) -> list[tuple[_Side, _Side]]:
    """Columns of two of the tables that are called alike and hold values in common."""
    world = ask.world
    sides = [(world.entities[t], c) for t in tables for c in world.entities[t].with_role("dimension")]
    sides = [(e, c) for e, c in sides if not e.event and not e.link and world.texts(c.index)]
    return [
        (a, b) for a in sides for b in sides
        if a[0].table != b[0].table and a[1].noun == b[1].noun and set(world.texts(a[1].index)) & set(world.texts(b[1].index))
    ]  # fmt: skip


def _meeting(ask: Ask, tables: list[int]) -> list[tuple[_Side, _Side]]:
    """Keys of two of the tables that lead to the same table: the customer's region and the store's."""
    world = ask.world
    targets = _targets(ask)
    sides = [(world.entities[t], c) for t in tables for c in world.entities[t].columns if c.index in targets]
    sides = [(e, c) for e, c in sides if not e.event and not e.link and targets[c.index] != e.table]
    return [(a, b) for a in sides for b in sides if a[0].table != b[0].table and targets[a[1].index] == targets[b[1].index]]


def _targets(ask: Ask) -> dict[int, int]:
    """The table that each key leads to."""
    return {key.source: ask.world.schema.owner[key.target] for key in ask.world.schema.foreign_keys}


def _said(ask: Ask, one: _Side, other: _Side) -> dict[str, Slot]:
    first, second, target = ask.noun(one[0]), ask.noun(other[0]), _targets(ask).get(one[1].index)
    column = one[1].noun if target is None else ask.noun(ask.world.entities[target])
    return dict(
        one=first, other=second, a_one=lexicon.article(first), a_other=lexicon.article(second), ones=lexicon.plural(first),
        others=lexicon.plural(second), col=column, cols=lexicon.plural(column),
    )  # fmt: skip


def same_column(ask: Ask) -> Draft | None:
    """COUNT(*), or a figure, where a column of one table equals (or not) that of another that the rows lead to as well."""
    world, options = ask.world, []
    for entity in world.entities:
        if entity.event or entity.link:
            near = [t for t, path in world.reach_of(entity.table).path.items() if 0 < len(path) <= 2]
            options += [(entity, *pair) for pair in _pairs(ask, near) + _meeting(ask, near)]
    if not options:
        return None
    root, one, other = ask.rng.choices(options, [0.3 if e.link else 1.0 for e, *_ in options])[0]
    if one[0].person != other[0].person and other[0].person:
        one, other = other, one
    same, timed = ask.chance(0.65), ask.time(root.table, 0.5)
    test = f"{world.ref(one[1].index)} {'=' if same else '<>'} {world.ref(other[1].index)}"
    conditions = ask.filters(root.table, 1, avoid=(one[1].index, other[1].index)) if ask.chance(0.3) else []
    conditions = [c for c in conditions if c.table not in (one[0].table, other[0].table)]
    measure = ask.measure(root.table) if ask.chance(0.4) else None
    if measure and measure.kind != "count":
        block = ask.select(root.table, (), timed, measure=measure, tables=(one[0].table, other[0].table))
        block.items = [measure.sql]
        frames = _FIGURE if same else _FIGURE_OTHER
        question = ask.compose(frames, timed=timed, name=measure.names, **_said(ask, one, other))
    else:
        block = ask.select(root.table, conditions, timed, tables=(one[0].table, other[0].table))
        block.items = ["COUNT(*)"]
        things = ask.things(root.table, conditions)
        question = ask.compose(_SAME if same else _OTHER, timed=timed, things=things, **_said(ask, one, other))
    block.where.append(test)
    return Draft(question, block.sql())


def only_in_one(ask: Ask) -> Draft | None:
    """The values of a column that another table's column lacks, or has too: listed or counted."""
    options = _pairs(ask, [e.table for e in ask.world.entities])
    if not options:
        return None
    one, other = ask.rng.choice(options)
    lacks, counted = ask.chance(0.75), ask.chance(0.4)
    mine, theirs = (
        ask.filters(e.table, 1, avoid=(c.index,), tables=(e.table,)) if ask.chance(0.3) else [] for e, c in (one, other)
    )
    ref = ask.world.ref(one[1].index)
    inner = ask.select(other[0].table, theirs)
    inner.items = [ask.world.ref(other[1].index)]
    if lacks and ask.world.schema.columns[other[1].index].nullable:
        inner.where.append(f"{inner.items[0]} IS NOT NULL")
    block = ask.select(one[0].table, mine)
    block.where.append(f"{ref} {'NOT IN' if lacks else 'IN'} ({inner.sql()})")
    block.items, block.distinct = ([f"COUNT(DISTINCT {ref})"], False) if counted else ([ref], True)
    slots = _said(ask, one, other)
    slots |= dict(
        ones=ask.things(one[0].table, mine, noun=str(slots["ones"])),
        others=ask.things(other[0].table, theirs, noun=str(slots["others"])),
    )
    frames: tuple[str, ...] = (_LACK_COUNT if counted else _LACK) if lacks else (_SHARED_COUNT if counted else _SHARED)
    if theirs:  # "not a single ... " needs a singular
        frames = tuple(f for f in frames if "{other}" not in f)
    return Draft(ask.compose(frames, **slots), block.sql())
