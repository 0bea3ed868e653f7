"""What sells best or worst, by the revenue that goes without saying: the plainest question of whoever sells things."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import entity_dimension
from nl2sql.data.synthesis.intents.top_sellers import facts, sold
from nl2sql.data.synthesis.intents.who_sold import ranked
from nl2sql.data.synthesis.measures import sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import number

_ONE = (
    "[which|what] {dim} [sells|sold|is selling|has sold] {best} {when}", "our {number_one} {dim} in sales {when}",
    "what [is|was] [our|the] {best}[-| ]selling {dim} {when}", "[the|our|] {dim} that [sells|sold] {best} {when}",
    "[show|name|find|tell me|] [our|the] {best}[-| ]selling {dim} {when}",
)  # fmt: skip
_MANY = (
    "which {n} {dims} [sell|sold|are selling|have sold] {best} {when}", "[our|] {n} {best}[-| ]selling {dims} {when}",
    "[show|list|give me|find|] the {n} {best}[-| ]selling {dims} {when}", "{dims} that [sell|sold] {best} {when}, {top} {n}",
    "[show me|what are|list|] [the|our] {top} {n} [selling|{best}-selling] {dims} {when}", "{top} {n} {dims} by sales {when}",
    "which {dims} [sell|sold|are selling] {best} {when}? {n} of them", "{best}[-| ]selling {dims} {when}, {n} of them",
    "[the|our|] {n} {dims} that [sell|sold] {best} {when}",
)  # fmt: skip
_BARE_ONE = (
    "which {dim} [is|was] [our|the] {best}[-| |]seller {when}", "[what is|] [our|the] {best}[-| |]seller {when}",
    "what [sold|sells|is selling|has sold] {best} {when}",
)  # fmt: skip
_BARE = ("what [are|were] [our|the] {n} {best}[-| |]sellers {when}", "[our|the|] {n} {best}[-| |]sellers {when}")
_ENDS: dict[bool, dict[str, Slot]] = {
    True: {"best": "best", "top": "top", "number_one": ("number one", "top", "no. 1", "strongest")},
    False: {"best": "worst", "top": "bottom", "number_one": ("weakest", "worst", "last")},
}
_NOT_SOLD = set("status state type kind category channel promotion company firm supplier vendor method payment brand".split())


def bestsellers(ask: Ask) -> Draft | None:
    """SUM of the revenue by what is sold, DESC (or ASC), LIMIT n: with at most a period and a kind of what is sold."""
    world = ask.world
    found = [(fact, column, thing) for fact, column in facts(ask) if column.revenue for thing in sold(ask, fact)
             if not set(thing.noun.split()) & _NOT_SOLD]
    if not found:
        return None
    fact, column, thing = ask.rng.choice(found)
    dimension = entity_dimension(world, thing, ask.rng)
    high, count = ask.chance(0.75), 1 if ask.chance(0.35) else ask.rng.choice((2, 3, 3, 4, 5, 5, 5, 6, 7, 8, 10, 10, 12, 15, 20))
    rows = world.schema.tables[thing.table].rows
    if dimension is None or rows and rows <= count:
        return None
    measure, timed = sum_of(world, column, ask.rng), ask.time(fact.table, 0.5)
    named = [c for c in dimension.columns if world.ref(c) in dimension.group]
    conditions = ask.filters(thing.table, 1, avoid=named) if ask.chance(0.4) else []
    block = ranked(ask, fact, dimension, measure.sql, conditions, timed, high=high, count=count)
    dim = ask.things(thing.table, conditions, noun=dimension.noun) if conditions else dimension.noun
    dims = ask.things(thing.table, conditions, noun=f"{dimension.noun}\0") if conditions else dimension.plural
    frames, bare = (_ONE, _BARE_ONE) if count == 1 else (_MANY, _BARE)
    frames = (*frames, *bare) if not conditions and sold(ask, fact) == [thing] else frames
    slots: dict[str, Slot] = {**_ENDS[high], "n": number(ask.rng, count, 0.5), "dim": dim, "dims": dims}
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
