"""How many pieces each of those who sell, supply or keep something sold: units under the name of what is sold."""

from __future__ import annotations

from collections.abc import Sequence

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.missed import NOT_BUYERS
from nl2sql.data.synthesis.measures import quantity_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

_EACH = (
    "how many {things} did each {dim} sell {when}", "how many {things} [were|got] sold by each {dim} {when}",
    "how many {things} has each {dim} sold {when}", "{things} sold [by|per] {dim} {when}",
    "number of {things} sold [by|per|for] [each|] {dim} {when}",
    "[show|list|count|give me] the {things} sold by each {dim} {when}",
    "for each {dim}, how many {things} were sold {when}", "how many {things} do the {dims} sell {when}",
    "{dims} and how many {things} they sold {when}", "how many {things} were sold per {dim} {when}",
)  # fmt: skip
_MOST = (
    "which {dim} sold {most} {things} {when}", "{dim} that sold {most} {things} {when}",
    "[name|show|find] the {dim} that sold {most} {things} {when}", "who sold {most} {things} {when}, by {dim}",
    "what {dim} has sold {most} {things} {when}",
)  # fmt: skip
_TOP = (
    "which {n} {dims} sold {most} {things} {when}", "[show|list|] the {n} {dims} that sold {most} {things} {when}",
    "{n} {dims} that sold {most} {things} {when}",
)  # fmt: skip
_ONE = (
    "how many {things} did we sell {when}", "how many {things} were sold {when}", "{things} sold {when}",
    "[what is|give me|tell me|] the number of {things} sold {when}", "how many {things} have we sold {when}",
)  # fmt: skip


def pieces_of_each(ask: Ask) -> Draft | None:
    """SUM of the units by who or what sells, all of them or those with the most or the fewest."""
    found = _sold(ask)
    if found is None:
        return None
    fact, quantity, thing = found
    world = ask.world
    dimension = ask.dimension(fact.table, flags=False, attributes=ask.chance(0.3))
    if dimension is None or dimension.table in (thing.table, fact.table) or world.entities[dimension.table].event:
        return None
    target = world.entities[dimension.table]
    if target.person and not set(target.noun.split()) & NOT_BUYERS:
        return None  # customers buy
    timed, figure = ask.time(fact.table, 0.5), f"SUM({world.ref(quantity.index)})"
    conditions = ask.filters(thing.table, 1, avoid=dimension.columns) if ask.chance(0.25) else []
    block = ask.select(fact.table, conditions, timed, tables=(dimension.table,))
    block.items, block.group = [*dimension.show, figure], list(dimension.group)
    count, high = ask.rng.choice((2, 3, 3, 5, 5, 10)), ask.chance(0.75)
    frames: tuple[str, ...] = _EACH
    if ask.chance(0.4):
        frames, block.limit = (_MOST, 1) if ask.chance(0.55) else (_TOP, count)
        block.order = [f"{figure} {'DESC' if high else 'ASC'}"]
    most: Slot = "the most" if high else "the fewest"
    return Draft(ask.compose(
        frames, timed=timed, things=_called(ask, thing, conditions), dim=dimension.noun, dims=dimension.plural, most=most,
        n=number(ask.rng, count),
    ), block.sql())  # fmt: skip


def pieces_of_one(ask: Ask) -> Draft | None:
    """SUM of the units of what a condition says: how many toys were sold."""
    found = _sold(ask)
    if found is None:
        return None
    fact, quantity, thing = found
    one = ask.filter(thing.table)
    if one is None:
        return None
    timed = ask.time(fact.table, 0.6)
    block = ask.select(fact.table, [one], timed)
    block.items = [f"SUM({ask.world.ref(quantity.index)})"]
    return Draft(ask.compose(_ONE, timed=timed, things=ask.things(thing.table, [one])), block.sql())


def _sold(ask: Ask) -> tuple[Entity, ColumnRole, Entity] | None:
    """An event with money and units, its units, and the one named thing that its rows are about."""
    found = []
    for fact in ask.world.entities:
        quantity = quantity_of(ask.world, fact.table)
        if quantity is None or not any(c.revenue or c.unit == "money" for c in fact.columns):
            continue
        near = [ask.world.entities[t] for t, path in ask.world.reach_of(fact.table).path.items() if len(path) == 1]
        things = [e for e in near if e.labels and e.key is not None and not (e.person or e.place or e.event or e.link)]
        if len(things) == 1:
            found.append((fact, quantity, things[0]))
    return ask.rng.choice(found) if found else None


def _called(ask: Ask, thing: Entity, conditions: Sequence[Filter]) -> Slot:
    """What is counted, by its own name or plainly."""
    if conditions:
        return ask.things(thing.table, conditions)
    return (ask.things(thing.table), ask.things(thing.table), "units", "items", "pieces")
