"""How many different parents have a child of a kind: orders that contain a toy, not the lines with toys; by group, by period."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

# {has} and {having} lead from the parent to the child: "contain", "containing"; {items} are many, {item} is one
_COUNT = (
    "how many {parents} {has} {items} {when}", "how many {parents} {has} [at least one|some|any] {item} {when}",
    "number of {parents} {having} {items} {when}", "count the {parents} {having} [at least one|one or more] {item} {when}",
    "in how many [different|distinct|] {parents} [do we find|are there|was there|is there] [at least one|some|a single] {item} "
    "{when}",
    "how many [different|distinct|separate] {parents} {has} {items} {when}", "{parents} {having} {items} {when}: how many",
    "how many {parents} {when} had {items} [among them|in them|]", "{items} [occur|appear|turn up] in how many {parents} {when}",
    "[what is|give me|tell me] the number of [different|] {parents} {having} {items} {when}",
    "how many of [our|the|all] {parents} {when} {has} {items}", "how many {parents} come with {items} {when}",
    "[how often|how many times] did {parents} {have} {items} {when}, each {parent} counted once",
)  # fmt: skip
_MOST = (
    "[which|what] {dim} [has|had] the most {parents} {having} {items} {when}",
    "{dim} with the most {parents} {having} {items} {when}",
    "[which|what] {dim} [has|had] the [highest|largest|greatest] number of {parents} that {has} {items} {when}",
    "in [which|what] {dim} did the most {parents} {have} {items} {when}",
    "where do most {parents} {having} {items} come from, by {dim} {when}",
)  # fmt: skip
_TOP = (
    "[the|] top {n} {dims} by [number of|] {parents} {having} {items} {when}",
    "[which|what] {n} {dims} [have|had] the most {parents} {having} {items} {when}",
    "{n} {dims} with the most {parents} that {has} {items} {when}",
)  # fmt: skip
_BY = (
    "how many {parents} {has} {items} [by|per|for each] {dim} {when}",
    "number of {parents} {having} {items} [by|per|for each] {dim} {when}",
    "[for|in] [each|every] {dim}, how many {parents} {has} {items} {when}", "{parents} {having} {items} [by|per] {dim} {when}",
    "[count|show] the {parents} {having} [at least one|some] {item} [by|per] {dim} {when}",
    "[show|list|give me] the number of {parents} that {has} {items} {when}, by {dim}",
)  # fmt: skip
_PERIODS = (
    "how many {parents} {has} {items} [per|each|every] {unit} {when}",
    "number of {parents} {having} {items} [by|per] {unit} {when}",
    "{parents} {having} {items}, [by|per] {unit} {when}",
    "[per|for each|for every] {unit}, how many {parents} {has} {items} {when}",
    "[show|list|give me] the number of {parents} with [at least one|some] {item} [per|by] {unit} {when}",
    "{unit} by {unit}, how many {parents} {has} {items} {when}",
)  # fmt: skip
_PEAK = (
    "in [which|what] {unit} did the most {parents} {have} {items} {when}",
    "[which|what] {unit} [had|saw] the most {parents} {having} {items} {when}",
    "{unit} with the most {parents} {having} {items} {when}",
    "[which|what] {unit} had the [highest|largest] number of {parents} that {has} {items} {when}",
)  # fmt: skip
_GOODS = {"order", "purchase", "sale", "invoice", "basket", "cart", "shipment", "delivery", "receipt", "transaction", "bill"}


@dataclass(frozen=True)
class _Kind:
    """Lines (``child``) of a parent, and the kind of thing (``condition``) that they hold."""

    child: Entity
    parent: Entity
    things: Entity
    condition: Filter


def _kind_of(ask: Ask) -> _Kind | None:
    world, options = ask.world, []
    for child in world.entities:
        if child.link or child.event:
            paths = world.reach_of(child.table).path
            near = [world.entities[t] for t, path in paths.items() if len(path) == 1]
            options += [
                (child, parent) for parent in near
                if parent.key is not None and parent.event and not parent.link
                and any(t not in world.reach_of(parent.table).path for t in paths if t != child.table)
            ]  # fmt: skip
    if not options:
        return None
    child, parent = ask.rng.choices(options, [5.0 if c.link else 1.0 for c, _ in options])[0]
    paths, away = world.reach_of(child.table).path, world.reach_of(parent.table).path
    condition = ask.kind(
        child.table, tuple(c.index for e in world.entities if e.table in away for c in e.columns), named=True, far=3
    )
    if condition is None or condition.table == child.table:
        return None
    things = world.entities[world.schema.owner[paths[condition.table][0].target]]
    return None if things.person or things.place or things.event else _Kind(child, parent, things, condition)


def containing(ask: Ask) -> Draft | None:
    """COUNT(DISTINCT parent) over the children of a kind: one number, by a dimension, by a unit of time, the most."""
    found = _kind_of(ask)
    if found is None:
        return None
    child, parent, key = found.child, found.parent, found.parent.key
    assert key is not None
    count = f"COUNT(DISTINCT {ask.world.ref(key)})"
    timed = ask.time(parent.table, 0.5)
    own = ask.filters(parent.table, 1) if ask.chance(0.3) else []
    block = ask.select(child.table, [found.condition, *own], timed, tables=(parent.table,))
    block.items = [count]
    slots = _slots(ask, found, own)
    kind = ask.rng.choices(("count", "by", "most", "top", "periods", "peak"), (6, 2, 2, 1, 2, 1.5))[0]
    if kind == "count":
        return Draft(ask.compose(_COUNT, "{parents} {having} {items} {when} count", timed=timed, **slots), block.sql())
    if kind in ("periods", "peak"):
        column = ask.world.time_column(parent.table)
        if column is None or timed and timed.shorter_than(300):
            return None
        dimension = time_dimension(
            ask.world, column, ask.rng.choice(("year", "month", "quarter") if timed is None else ("month", "quarter"))
        )
        slots["unit"] = dimension.unit
    else:
        split = ask.dimension(parent.table, flags=False)
        if split is None or set(split.columns) & {c.column for c in own} or split.table == parent.table and split.entity:
            return None
        dimension = split
    n = ask.rng.choice((3, 5, 10))
    block.tables.add(dimension.table)
    block.items, block.group = [*dimension.show, count], list(dimension.group)
    if kind == "periods":
        block.order = list(dimension.show)
    elif kind != "by":
        block.order, block.limit = [f"{count} DESC"], n if kind == "top" else 1
    frames = {"by": _BY, "most": _MOST, "top": _TOP, "periods": _PERIODS, "peak": _PEAK}[kind]
    return Draft(
        ask.compose(frames, timed=timed, dim=dimension.noun, dims=dimension.plural, n=number(ask.rng, n), **slots), block.sql()
    )


def _slots(ask: Ask, found: _Kind, own: list[Filter]) -> dict[str, Slot]:
    goods = found.parent.noun.rpartition(" ")[2] in _GOODS
    has = ("contain", "include", "contained", "included", "had", "have") if goods else ("have", "had", "come with", "include")
    having = ("with", "containing", "including", "that contain", "that include", "that contained", "with") if goods else (
        "with", "that have", "that include", "having")  # fmt: skip
    parent = ask.noun(found.parent)
    thing = ask.things(found.things.table, [found.condition], noun=ask.noun(found.things))
    return dict(
        parents=ask.things(found.parent.table, own, noun=lexicon.plural(parent)), parent=parent, has=has, having=having,
        have=("contain", "include", "have") if goods else ("have", "include"),
        items=ask.things(found.things.table, [found.condition]), item=thing,
    )  # fmt: skip
