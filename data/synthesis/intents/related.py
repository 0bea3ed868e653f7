"""Rows that have, or don't have, rows of another table that refer to them: with, without, both, one but not the other."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import times
from nl2sql.data.synthesis.ask import Ask, Draft, Timed
from nl2sql.data.synthesis.filters import Filter, text_filter
from nl2sql.data.synthesis.intents.growth import two_periods
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select

_NEVER = (
    (
        "which {things} [have no {events}|have not had any {events}|never had any {events}|don't have any {events}|do "
        "not have {events}] {when}"
    ),
    "[show|list|find|give me] [all|the|all the|] {things} [without any|without|with no|that have no] {events} {when}",
    "[list|find|show] [the|] {things} [that|which] [never had|did not have|have never had] [any|] {events} {when}",
    "{things} [without any|without|with no] {events} {when}",
    "are there [any|] {things} [without|with no] {events} {when}",
    "{things} [that|which] [have|had] no {events} [at all|so far|] {when}",
    "{things} for which there are no {events} {when}",
    "[which|what] {things} [lack|are missing|show no] {events} {when}",
    "no {events} {when}: which {things}",
    "{things} that don't have [a single|one] {event} {when}",
    "[which|what] {things} have not [a single|one] {event} [to their name|] {when}",
)
_UNUSED = (  # of what events make use of: a promotion, a coupon
    "[which|what] {things} were never [used|applied|redeemed] {when}",
    "{things} [that were never used|without use|not used] {when}",
    "[show|list] [the|all|] unused {things} {when}",
)  # fmt: skip
_NOT_ONCE = (
    "[which|what] {things} did [nobody|no one] [ever|] use {when}", "{things} [that|] [nobody|no one] [ever used|used] {when}",
    "[which|what] {things} have [never|not once] been used {when}",
)  # fmt: skip
USABLE = {"promotion", "campaign", "coupon", "discount", "offer", "voucher", "deal"}
_HOW_MANY_NEVER = (
    "how many {things} [have no|have never had any|don't have any|had no] {events} {when}",
    "[what is|find|give me|count] the number of {things} [without any|without|with no] {events} {when}",
    "count the {things} [without|with no] {events} {when}",
    "number of {things} [without|with no] {events} {when}",
    "how many {things} [do not have|lack|are without] {events} {when}",
    "how many of [our|the] {things} [have no|never had any|don't have any] {events} {when}",
    "{things} [without|with no] {events} {when}: how many",
)
_SOME = (
    "which {things} [had|have|have had] [at least one {event}|{events}|any {events}] {when}",
    "[show|list|find|give me] [all|the|all the|] {things} [with|that have|that had] [at least one {event}|{events}] {when}",
    "{things} with {events} {when}",
)
_HOW_MANY_SOME = (
    "how many [different|] {things} [had|have] [at least one {event}|{events}|any {events}] {when}",
    "[what is|give me|find] the number of {things} [with|that had] [at least one {event}|{events}] {when}",
    "how many {things} [with|having] {events} are there {when}",
)
_BOTH = (
    "which {things} [had|have] [both|] {first} and [also|] {second}",
    "[show|list|find] [the|all|] {things} [that had|with] both {first} and {second}",
    "{things} with both {first} and {second}",
    "how many {things} had both {first} and {second}",
)
_ONLY_FIRST = (
    "which {things} [had|have] {first} but [no|not any] {second}",
    "[show|list|find] [the|all|] {things} with {first} but [without|no] {second}",
    "{things} [with|that had] {first} but no {second}",
    "how many {things} had {first} but no {second}",
)
# In place of "had orders": what people do, by the words of the event.
_DEEDS = {
    "order": ("placed {x}", "made {x}"),
    "purchase": ("made {x}",),
    "booking": ("made {x}",),
    "reservation": ("made {x}",),
    "payment": ("made {x}",),
    "donation": ("made {x}",),
    "appointment": ("had {x}", "attended {x}"),
    "review": ("wrote {x}", "written {x}"),
    "claim": ("filed {x}",),
}


@dataclass(frozen=True)
class Pair:
    """An entity and an event that refers to it; ``column`` holds the entity's key in the event's block."""

    entity: Entity
    event: Entity
    column: int
    block_tables: tuple[int, ...]
    spoken: Entity  # what the event is called: a line by its parent


def pair(ask: Ask) -> Pair | None:
    """An entity with a name and key, and a table whose rows lead to it."""
    world = ask.world
    entities = [e for e in world.entities if e.key is not None and e.labels]
    if not entities:
        return None
    entity = ask.rng.choice(entities)
    options = []
    for event in world.entities:
        path = world.reach_of(event.table).path.get(entity.table)
        if path and len(path) <= 2 and path[-1].target == entity.key and (event.event or event.link or not event.person):
            options.append((event, path))
    if not options:
        return None
    event, path = ask.rng.choices(options, [1.0 / len(path) for _, path in options])[0]
    parent = _parent(ask, event) if event.link else event
    if parent is None:
        return None
    return Pair(entity, event, path[-1].source, (world.schema.owner[path[-1].source],), parent)


def _parent(ask: Ask, line: Entity) -> Entity | None:
    """The event that a line belongs to: people speak of orders, not of order lines."""
    near = [ask.world.entities[t] for t, path in ask.world.reach_of(line.table).path.items() if len(path) == 1]
    return next((e for e in near if e.event), None)


def keys_of(ask: Ask, chosen: Pair, conditions: list[Filter], timed: Timed | None) -> Select:
    """SELECT key of the entity FROM event WHERE conditions."""
    block = ask.select(chosen.event.table, conditions, timed, tables=chosen.block_tables)
    block.items = [ask.world.ref(chosen.column)]
    return block


def inside(ask: Ask, chosen: Pair, block: Select, negated: bool) -> str:
    """The entity's key is (or is not) among the keys that the block selects."""
    if negated and ask.world.schema.columns[chosen.column].nullable:
        block.where.append(f"{block.items[0]} IS NOT NULL")
    assert chosen.entity.key is not None
    return f"{ask.world.ref(chosen.entity.key)} {'NOT IN' if negated else 'IN'} ({block.sql()})"


def outer(ask: Ask, chosen: Pair, tests: list[str], own: list[Filter], counted: bool) -> str:
    """The entities that pass the tests, listed or counted."""
    block = ask.select(chosen.entity.table, own)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in chosen.entity.labels]
    block.where += tests
    return block.sql()


def without(ask: Ask) -> Draft | None:
    """key NOT IN (keys of the event), listed or counted."""
    chosen = pair(ask)
    if chosen is None:
        return None
    conditions, timed = (
        ask.filters(chosen.event.table, 1, avoid=chosen.entity.labels, apart=chosen.entity.table),
        ask.time(chosen.event.table, 0.35),
    )
    own = ask.filters(chosen.entity.table, 1, tables=(chosen.entity.table,)) if ask.chance(0.6) else []
    counted = ask.chance(0.35)
    sql = outer(ask, chosen, [inside(ask, chosen, keys_of(ask, chosen, conditions, timed), True)], own, counted)
    frames = list(_HOW_MANY_NEVER if counted else _NEVER)
    if (
        chosen.entity.noun.rpartition(" ")[2] in USABLE
        and not counted
        and not conditions
        and chosen.event.table == chosen.spoken.table
    ):
        frames += _UNUSED * 3 + _NOT_ONCE * 3
    deeds = _DEEDS.get(chosen.spoken.noun.rpartition(" ")[2], ()) if chosen.entity.person else ()
    if deeds and not counted:
        deed = ask.rng.choice(deeds).replace("written", "wrote").format(x="[any|] {events}")
        frames += [
            f"which {{things}} [never {deed}|have never {deed.replace('wrote', 'written')}] {{when}}",
            f"[show|list|find] [the|all|] {{things}} who [never|have never] {deed.replace('wrote', 'written')} {{when}}",
            f"{{things}} who [have|] {deed.replace('wrote', 'written').replace('[any|]', 'no')} {{when}}",
            f"which {{things}} [have|] {deed.replace('wrote', 'written').replace('[any|]', 'no')} {{when}}",
        ]
    return _said(ask, chosen, frames, sql, conditions, timed, own)


def _events(ask: Ask, chosen: Pair, conditions: list[Filter], timed: Timed | None = None) -> str:
    return ask.things(chosen.event.table, conditions, timed, noun=ask.noun(chosen.spoken) + "\0")


def _said(
    ask: Ask, chosen: Pair, frames: list[str], sql: str, conditions: list[Filter], timed: Timed | None, own: list[Filter]
) -> Draft | None:
    if chosen.event.link and not conditions:
        return None
    things = ask.things(chosen.entity.table, own)
    event = ask.things(chosen.event.table, conditions, noun=ask.noun(chosen.spoken))
    return Draft(ask.compose(frames, timed=timed, things=things, events=_events(ask, chosen, conditions), event=event), sql)


def having_some(ask: Ask) -> Draft | None:
    """key IN (keys of the event), listed or counted."""
    chosen = pair(ask)
    if chosen is None:
        return None
    conditions, timed = (
        ask.filters(chosen.event.table, 1, avoid=chosen.entity.labels, apart=chosen.entity.table),
        ask.time(chosen.event.table, 0.5),
    )
    if not conditions and timed is None:
        return None
    counted = ask.chance(0.4)
    sql = outer(ask, chosen, [inside(ask, chosen, keys_of(ask, chosen, conditions, timed), False)], [], counted)
    return _said(ask, chosen, list(_HOW_MANY_SOME if counted else _SOME), sql, conditions, timed, [])


def two_sets(ask: Ask) -> Draft | None:
    """Entities with events of two kinds, or of one kind and not of the other."""
    chosen = pair(ask)
    if chosen is None:
        return None
    sides = _two_values(ask, chosen) if ask.chance(0.6) else _two_times(ask, chosen)
    if sides is None:
        return None
    (first, first_block), (second, second_block) = sides
    both = ask.chance(0.5)
    frames = _BOTH if both else _ONLY_FIRST
    frame = ask.rng.choice(frames)
    tests = [inside(ask, chosen, first_block, False), inside(ask, chosen, second_block, not both)]
    sql = outer(ask, chosen, tests, [], frame.startswith("how many"))
    return Draft(ask.compose(frame, things=ask.things(chosen.entity.table), first=first, second=second), sql)


Side = tuple[str, Select]


def _two_values(ask: Ask, chosen: Pair) -> tuple[Side, Side] | None:
    """Two values of one text column of the event, or of what it refers to."""
    world = ask.world
    columns = [
        c
        for t in world.reach_of(chosen.event.table).path
        if t != chosen.entity.table and t not in world.reach_of(chosen.entity.table).path
        for c in world.entities[t].columns
        if (c.role == "dimension" or c.index in world.entities[t].labels and len(world.entities[t].labels) == 1)
        and len(world.texts(c.index)) > 1
    ]
    if not columns:
        return None
    column = ask.rng.choice(columns)
    sides: list[Side] = []
    for value in ask.rng.sample(world.texts(column.index), 2):
        condition = text_filter(world, ask.rng, column, value)
        if condition is None:
            return None
        ask.protect(condition.said)
        sides.append((_events(ask, chosen, [condition]), keys_of(ask, chosen, [condition], None)))
    return sides[0], sides[1]


def _two_times(ask: Ask, chosen: Pair) -> tuple[Side, Side] | None:
    column = ask.world.time_column(chosen.event.table)
    periods = two_periods(ask, column) if column is not None else None
    if column is None or periods is None:
        return None
    if chosen.event.link:
        return None
    sides = []
    for when in periods:
        timed = Timed(column, times.When(f"in {when.full}", when.bare, when.start, when.end))
        sides.append((_events(ask, chosen, [], timed), keys_of(ask, chosen, [], timed)))
    return sides[0], sides[1]
