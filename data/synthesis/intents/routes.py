"""Two ways to one table: sales by the customer's region rather than the store's, the orders of a store's own employees.

Unmarked, a place is the event's own; these questions say the person whose place is meant, and their SQL joins through it.
"""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import entity_dimension
from nl2sql.data.synthesis.filters import Filter, text_filter
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.joins import Reach
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed, number

_BY = (
    "{name} by the {place} [in which|where] the {one} {lives} {when}", "{name} [by|per] {one} {place} {when}",
    "{name} by the {place} of the {one} {when}",
    "[show|give me|what {is}] [the|] {name} by the {place} [the {many} live in|of the {many}|the {many} come from] {when}",
    "{name} [per|by] {place} of [our|the] {many} {when}",
    "{name} [split by|broken down by] [home {place} of the {one}|the {one}'s {place}] {when}",
    "{name} by {one} {place}, not [by|] {other} {place} {when}",
    "{name} by the {one}'s [home|own|] {place} {when}", "for each {place}, the {name} [from|of] {many} who live there {when}",
)  # fmt: skip
_TOP = (
    "which {one} {place} [has|had] {most} {when}",
    "{one} {place} with {most} {when}", "the {place} whose {many} [account for|bring in] {most} {when}",
    "the {n} {one} {place}s with {most} {when}", "top {n} {one} {place}s by {name} {when}",
)  # fmt: skip
_OF = (
    "{name} [from|of|by] {many} [living|who live|based|at home] in {row} {when}",
    "[show|what {is}|give me] the {name} of {many} [from|living in|who live in] {row} {when}",
    "{name} of {row} {many} {when}", "{many} [from|in|living in] {row}: {name} {when}",
    "how [much|high] {is} the {name} of {many} who live in {row} {when}",
    "{name} {when}, only {many} [living in|from] {row}",
)  # fmt: skip
_USUAL = (
    "{name} by the {place} of the {other} {when}", "{name} [per|by] {other} {place} {when}",
    "[show|give me|what {is}] the {name} by the {other}'s {place} {when}",
    "{name} by {place} [where|in which] the {other} is {when}",
)  # fmt: skip
_HANDLED = (
    "{events} [handled|processed|taken] by each {one} of {row} {when}",
    "how many {events} did each {one} [of|at|in] {row} [handle|process|take] {when}",
    "[number of|count the] {events} [per|by|for each] {one} [of|working at|employed at|in] {row} {when}",
    "for each {one} [of|in|at] {row}, [the number of {events}|how many {events} they handled] {when}",
    "{row} {many} and [how many|the number of] {events} they [handled|took] {when}",
    "[show|list] the {many} of {row} with [their number of {events}|how many {events} each took] {when}",
    "{event} count [per|by] {one} [of|in|at] {row} {when}",
)  # fmt: skip
_HANDLED_MOST = (
    "which {one} [of|at|in] {row} [handled|took|processed] the most {events} {when}",
    "{one} of {row} with the most {events} {when}",
    "the {n} {many} of {row} with the most {events} {when}", "[top|best] {n} {many} [of|at] {row} by number of {events} {when}",
)  # fmt: skip
_BROUGHT = (
    "the {n} {many} [from|who live in] {row} with the most {events} {when}",
    "which {n} {many} [from|living in] {row} placed the most {events} {when}",
)  # fmt: skip


@dataclass(frozen=True)
class Fork:
    """The rows of ``root`` lead to ``place`` by way of ``usual``; ``route`` leads there through ``person``."""

    root: Entity
    person: Entity
    place: Entity
    usual: Entity
    route: Reach


def forks(ask: Ask) -> list[Fork]:
    """The schema's places that events reach through a person too, by another way than the usual one."""
    world, found = ask.world, []
    for root in world.entities:
        paths = world.reach_of(root.table).path
        for person in (world.entities[t] for t in paths if world.entities[t].person):
            for table, steps in world.reach_of(person.table).path.items():
                place, usual = world.entities[table], paths.get(table, ())
                if not place.place or len(steps) != 1 or steps[0] in usual or not usual or not place.labels or place.key is None:
                    continue
                route = Reach(root.table, {**paths, table: (*paths[person.table], *steps)})
                via = world.entity_of(usual[-1].source) if len(usual) > 1 else root
                found.append(Fork(root, person, place, via, route))
    return found


def by_route(ask: Ask) -> Draft | None:
    """A measure by (or in) the place of a person, or by the usual one where the question says so; counts by a place's people."""
    options = forks(ask)
    if not options:
        return None
    earns = [any(c.revenue for c in f.root.columns) for f in options]
    weights = [
        3.0 if e else 2.0 if f.root.key is not None and not f.root.link else 0.5 for e, f in zip(earns, options, strict=True)
    ]
    fork = ask.rng.choices(options, weights)[0]
    staff = bool(set(fork.person.noun.split()) & STAFF)
    if staff or ask.chance(0.1):
        return _of_people(ask, fork, staff)
    return _of_place(ask, fork)


def _block(ask: Ask, fork: Fork, conditions: list[Filter], timed: Timed | None, sql: str) -> Select:
    """A block over the root that reaches the place through the person."""
    block = ask.select(fork.root.table, conditions, timed)
    block.tables |= {fork.person.table, fork.place.table}
    block.route, block.items = fork.route, [sql]
    return block


def _of_place(ask: Ask, fork: Fork) -> Draft | None:
    """By the place, the places with the most, or in one place."""
    measure, timed = ask.business(fork.root.table), ask.time(fork.root.table, 0.5)
    dimension = entity_dimension(ask.world, fork.place, ask.rng)
    if measure is None or dimension is None or measure.subject in (fork.person.table, fork.place.table):
        return None
    person, kind = ask.noun(fork.person), ask.rng.choice(("by", "by", "by", "top", "of", "of", "usual"))
    slots = dict(
        name=measure.names,
        one=person,
        many=lexicon.plural(person),
        lives="lives",
        place=dimension.noun,
        other=ask.noun(fork.usual),
    )
    block = _block(ask, fork, [], timed, measure.sql)
    block.tables |= measure.tables
    if kind == "of":
        label = next(c for c in fork.place.columns if c.index == fork.place.labels[0])
        condition = text_filter(ask.world, ask.rng, label)
        if condition is None or len(fork.place.labels) > 1:
            return None
        ask.protect(condition.said)
        block.where.insert(0, condition.sql)
        return Draft(ask.compose(_OF, timed=timed, row=condition.said, **slots), block.sql())
    block.group = list(dimension.group)
    block.items = [*dimension.show, measure.sql]
    if kind == "usual":
        if fork.usual.table == fork.root.table:
            return None
        block.route = None
        block.tables.discard(fork.person.table)
        return Draft(ask.compose(_USUAL, timed=timed, **slots), block.sql())
    if kind == "by":
        frames = tuple(f for f in _BY if fork.usual.table != fork.root.table or "{other}" not in f)
        return Draft(ask.compose(frames, "{name} by {one} {place} {when}", timed=timed, **slots), block.sql())
    count = ask.rng.choice((1, 1, 2, 3))
    block.order, block.limit = [f"{measure.sql} DESC"], count
    frames = _TOP[:3] if count == 1 else _TOP[3:]
    return Draft(ask.compose(frames, timed=timed, most=measure.most, n=number(ask.rng, count), **slots), block.sql())


def _of_people(ask: Ask, fork: Fork, staff: bool) -> Draft | None:
    """COUNT of events by the people of one place: each of them, or those with the most."""
    world = ask.world
    if not fork.root.event or fork.root.link or fork.root.noun.rpartition(" ")[2] not in vocabulary.SALES_NOUNS:
        return None
    labels = [c for c in fork.place.columns if c.index in fork.place.labels or c.noun == "city"]
    dimension = entity_dimension(world, fork.person, ask.rng)
    condition = text_filter(world, ask.rng, ask.rng.choice(labels))
    if condition is None or dimension is None:
        return None
    ask.protect(condition.said)
    timed = ask.time(fork.root.table, 0.5)
    block = _block(ask, fork, [], timed, "COUNT(*)")
    block.where.insert(0, condition.sql)
    block.items, block.group = [*dimension.show, "COUNT(*)"], list(dimension.group)
    noun, event = ask.noun(fork.person), ask.noun(fork.root)
    place = ask.noun(fork.place)
    named = condition.column in fork.place.labels
    row = f"the {place} {condition.said}" if named else f"the {lexicon.plural(place)} in {condition.said}"
    row = condition.said if named and ask.chance(0.6) else row
    slots = dict(one=noun, many=lexicon.plural(noun), event=event, events=lexicon.plural(event), row=row)
    if staff and ask.chance(0.65):
        frames = tuple(f for f in _HANDLED if named and not row.startswith("the ") or not f.startswith("{row} {many}"))
        return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
    count = ask.rng.choice((1, 3, 5, 10))
    block.order, block.limit = ["COUNT(*) DESC"], count
    frames = _HANDLED_MOST[:2] if count == 1 else _HANDLED_MOST[2:] if staff else _BROUGHT
    return Draft(ask.compose(frames, timed=timed, n=number(ask.rng, count), **slots), block.sql()) if staff or count > 1 else None
