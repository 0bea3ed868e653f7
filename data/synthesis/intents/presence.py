"""What rows have to do with one kind of event alone: only online, never cancelled, with this and without that."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon, nouns
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter, text_filter
from nl2sql.data.synthesis.intents.related import Pair, inside, keys_of, outer, pair
from nl2sql.data.synthesis.times import Timed

_ONLY = (
    "[which|what] {things} [only|exclusively] had {events}", "[which|what] {things} have [only|nothing but] {events}",
    "{things} with [nothing but|only] {events}", "[show|list|find] [the|all|] {things} [that|who] [only ever|only] had {events}",
    "[which|what] {things} have [only ever had|never had anything but] {events}",
    "[show|list] {things} all of whose {plain} are {events}",
)  # fmt: skip
_HOW_MANY_ONLY = (
    "how many {things} [only ever|only|exclusively] had {events}", "how many {things} have [only|nothing but] {events}",
    "number of {things} with [nothing but|only] {events}", "count the {things} [that|who] had no {plain} other than {events}",
)  # fmt: skip
_ONLY_BOUGHT = (
    "which {things} [have|] [only ever|exclusively|only] [bought|ordered|shopped] {where}",
    "{things} who [only ever|exclusively|only] [bought|ordered|shopped] {where}",
    "[show|list] [all|the|] {things} who [have|] never [bought|ordered|shopped] anywhere but {where}",
)  # fmt: skip
_HOW_MANY_ONLY_BOUGHT = (
    "how many {things} [have|] [only ever|exclusively|only] [bought|ordered|shopped] {where}",
    "number of {things} who [only|exclusively] [buy|order|shop] {where}",
    "count the {things} who [only ever|never did anything but] [bought|ordered] {where}",
)[:2]  # fmt: skip
_THEN_NOT = (
    "[which|what] {things} had {plain} {first} but [none|not|no more] {second}",
    "{things} with {plain} {first} but [none|not] {second}",
    "[show|list|find] {things} [that|who] had {plain} {first} and [none|no more] {second}",
)  # fmt: skip
_HOW_MANY_THEN_NOT = (
    "how many {things} had {plain} {first} but [none|no more|not] {second}",
    "number of {things} with {plain} {first} but [none|not] {second}",
    "count {things} with {plain} {first} and none {second}",
)  # fmt: skip


def only(ask: Ask) -> Draft | None:
    """key IN (events) AND key NOT IN (events of another kind)."""
    chosen = pair(ask)
    if chosen is None:
        return None
    world = ask.world
    columns = [
        c for t in world.reach_of(chosen.event.table).path
        if t != chosen.entity.table and t not in world.reach_of(chosen.entity.table).path
        for c in world.entities[t].columns
        if (c.role == "dimension" or c.index in world.entities[t].labels[:1]) and len(world.texts(c.index)) > 1
    ]  # fmt: skip
    condition = text_filter(world, ask.rng, ask.rng.choice(columns)) if columns else None
    if condition is None:
        return None
    ask.protect(condition.said)
    own = ask.filters(chosen.entity.table, 1, tables=(chosen.entity.table,)) if ask.chance(0.2) else []
    others = keys_of(ask, chosen, [condition], None)
    others.where = [test.replace(" = ", " <> ") if test == condition.sql else test for test in others.where]
    tests = [inside(ask, chosen, keys_of(ask, chosen, [], None), False), inside(ask, chosen, others, True)]
    counted = ask.chance(0.5)
    buys = chosen.entity.person and chosen.spoken.noun.rpartition(" ")[2] in ("order", "purchase", "sale")
    if buys and ask.world.entities[condition.table].place and ask.chance(0.7):
        where = nouns.about(ask, chosen.event.table, condition.table, [condition])
        frames = _HOW_MANY_ONLY_BOUGHT if counted else _ONLY_BOUGHT
        question = ask.compose(frames, things=ask.things(chosen.entity.table, own), where=where)
        return Draft(question, outer(ask, chosen, tests, own, counted))
    plain = lexicon.plural(ask.noun(chosen.spoken))
    events = ask.things(chosen.event.table, [condition], noun=plain)
    question = ask.compose(
        _HOW_MANY_ONLY if counted else _ONLY, things=ask.things(chosen.entity.table, own), events=events, plain=plain
    )
    return Draft(question, outer(ask, chosen, tests, own, counted))


def then_not(ask: Ask) -> Draft | None:
    """Events in one period and none in another, later one."""
    chosen = pair(ask)
    if chosen is None or chosen.entity.event:
        return None
    first, second = ask.time(chosen.event.table, 1.0), ask.time(chosen.event.table, 1.0)
    if first is None or second is None or not first.when.start or not second.when.start or first.when.start >= second.when.start:
        return None
    counted = ask.chance(0.5)
    own: list[Filter] = ask.filters(chosen.entity.table, 1, tables=(chosen.entity.table,)) if ask.chance(0.2) else []
    tests = [_within(ask, chosen, first, False), _within(ask, chosen, second, True)]
    question = ask.compose(
        _HOW_MANY_THEN_NOT if counted else _THEN_NOT, things=ask.things(chosen.entity.table, own), first=first.when.full,
        second=second.when.full, plain=lexicon.plural(ask.noun(chosen.spoken)),
    )  # fmt: skip
    return Draft(question, outer(ask, chosen, tests, own, counted))


def _within(ask: Ask, chosen: Pair, timed: Timed, negated: bool) -> str:
    return inside(ask, chosen, keys_of(ask, chosen, [], timed), negated)
