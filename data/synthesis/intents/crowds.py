"""Parents by their children: how many each has on average, which have more than that, which have some in every year."""

from __future__ import annotations

import datetime as dt

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import entity_dimension, unit_sql
from nl2sql.data.synthesis.intents.days_apart import verbs
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.measures import sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import When, named, number, step, unit_start

_MEAN = (
    "how many {things} [do|did] {parents} {base} on average {when}",
    "on average, how many {things} does {a_parent} {base} {when}",
    "{things} per {parent} {when}, [mean|on average|average]",
    "typical number of {things} [of {a_parent}|for {a_parent}|per {parent}] {when}",
    "what is the mean number of {things} [for each|per|for every] {parent} {when}",
    "mean {thing} count [per|of a] {parent} {when}",
    "[please|could you|can you] work out how many {things} {a_parent} has on average {when}",
    "how many {things} [are there for|come to] one {parent} on average {when}",
    "{a_parent} has how many {things} on average {when}",
    "[number of|] {things} an average {parent} {past} {when}", "average {parent}: how many {things} {when}",
    "how many {things} does the average {parent} {base} {when}",
)  # fmt: skip
_OF_THOSE = (
    "of the {parents} {that} {did} {when}, how many {things} did each {base} on average",
    "of the {parents} {that} {did} {when}, how many did each {base} on average",
    "among [the|] {parents} with {things} {when}, [what is|] the average number of {things} per {parent}",
    "how many {things} did {a_parent} {that} {past} [any|some] {when} {base} on average",
    "{parents} {that} {did} {when}: [average|mean] number of {things} [each|per {parent}]",
    "average number of {things} {when} per {parent} [with any|that had any|with at least one]",
    "[find|give me|show] the mean number of {things} of those {parents} {that} {past} [any|some] {when}",
    "counting only {parents} with {things} {when}, how many {things} [is that|are there] [each|per {parent}] on average",
)  # fmt: skip
_STAFF = ("average headcount per {parent} {when}", "mean [head count|headcount|team size] [of|per] {a_parent} {when}",
          "how many people does {a_parent} employ on average {when}")  # fmt: skip


def mean_children(ask: Ask) -> Draft | None:
    """COUNT(*) / COUNT(DISTINCT key), in words beside "average number per"."""
    world = ask.world
    options = [
        (child, world.entities[t]) for child in world.entities for t, path in world.reach_of(child.table).path.items()
        if len(path) == 1 and (child.event or child.person or child.link or child.labels)
        and world.entities[t].key is not None and not world.schema.columns[path[0].source].nullable
        and not set(child.noun.split()) & vocabulary.PLANS
    ]  # fmt: skip
    if not options:
        return None
    child, parent = ask.rng.choice(options)
    timed = ask.time(child.table, 0.5) if child.event else None
    own = ask.filters(child.table, 1, apart=parent.table) if ask.chance(0.3) else []
    others = ask.filters(parent.table, 1, tables=(parent.table,)) if ask.chance(0.3) else []
    block = ask.select(child.table, [*own, *others], timed, tables=(parent.table,))
    block.items = [f"COUNT(*) / COUNT(DISTINCT {world.ref(parent.key or 0)})"]
    base, past = verbs(child, parent)
    noun = ask.noun(parent)
    one = ask.things(parent.table, others, noun=noun) if others else noun
    slots: dict[str, Slot] = dict(
        things=ask.things(child.table, own), thing=ask.noun(child), parent=one, a_parent=lexicon.article(one), base=base,
        past=past, did=_did(past, ask.things(child.table, own), bool(own)),
        parents=ask.things(parent.table, others, noun=f"{noun}\0"), that="who" if parent.person else "that",
    )  # fmt: skip
    if timed and ask.chance(0.55):
        frames = tuple(f.replace("{when}", "{then}") for f in _OF_THOSE)
        return Draft(ask.compose(frames, then=timed.when.full, **slots), block.sql())
    frames = tuple(f for f in _MEAN if not (own or others) or "{thing} count" not in f and "average {parent}" not in f)
    if set(child.noun.split()) & STAFF and parent.place and not own and not timed and ask.chance(0.4):
        frames = _STAFF
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _did(past: str, things: str, narrowed: bool) -> tuple[str, ...]:
    """What the parents did that have such children: "placed orders", "ordered"."""
    usual = f"{past} {things}"
    if narrowed or past != "placed":
        return (usual,)
    return usual, usual, "ordered", "ordered something", "bought something"


_MORE = (
    "[which|what] {dims} [have|had] {more} than [the average {dim}|average] {when}",
    "{dims} with {more} than [the average {dim}|average|the mean] {when}",
    "[show|list|find|give me] [the|all|] {dims} with {more} than [the average {dim}|is usual for one {dim}] {when}",
    "[which|what] {dims} are {side} [the|] average in [the|] number of {things} {when}", "{dims} {side} average by {name} {when}",
    "[do we have|are there] {dims} with {more} than the mean of all {dims} {when}",
    "{dims} whose {name} is {side} [the average|that of the average {dim}|the mean of all {dims}] {when}",
    "[which|what] {dims} [have|had] {name} {side} the average of all {dims} {when}", "{name} {side} average {when}: which {dims}",
    "[could you|can you] list the {dims} with {name} {side} [the average|what is average] {when}",
)  # fmt: skip
_MORE_VALUE = (
    "[which|what] {dims} [have|had] {more} than the average {dim} {when}, and [how many|what is their {name}]",
    "{dims} with {name} {side} average {when}, [together with|along with|showing] the {name}",
    "[show|list] the {dims} with {more} than average {when} and their {name}",
)  # fmt: skip
_MORE_COUNT = (
    "how many {dims} [have|had] {more} than the average {dim} {when}",
    "number of {dims} with {name} {side} [the|] average {when}",
    "count the {dims} with {more} than [average|the average {dim}] {when}",
    "{dims} with {more} than the mean of all {dims} {when}: how many",
    "how many of [our|the] {dims} are {side} average by {name} {when}",
)  # fmt: skip


def above_mean_group(ask: Ask) -> Draft | None:
    """HAVING COUNT(*) or SUM(x) > (SELECT the same / COUNT(DISTINCT key) under the same conditions)."""
    world, fact = ask.world, ask.fact()
    dimension = ask.dimension(fact.table, flags=False, attributes=ask.chance(0.3))
    if dimension is None or world.schema.columns[dimension.columns[0]].nullable and not dimension.entity:
        return None
    sums = [c for c in fact.with_role("measure") if c.additive]
    measure = sum_of(world, ask.rng.choice(sums), ask.rng) if sums and ask.chance(0.55) else None
    conditions = ask.filters(fact.table, 1, avoid=dimension.columns) if ask.chance(0.35) else []
    timed, high = ask.time(fact.table, 0.6), ask.chance(0.75)
    sql = measure.sql if measure else "COUNT(*)"
    block, inner = (ask.select(fact.table, conditions, timed, tables=(dimension.table,)) for _ in range(2))
    inner.items = [f"{sql} / COUNT(DISTINCT {dimension.group[0]})"]
    block.group, block.having = list(dimension.group), [f"{sql} {'>' if high else '<'} ({inner.sql()})"]
    things = ask.things(fact.table, conditions)
    name = ask.rng.choice(measure.names) if measure else f"number of {things}"
    if measure and conditions:
        name = f"{name} {ask.scope(measure, conditions)}"
    slots: dict[str, Slot] = dict(
        dims=dimension.plural, dim=dimension.noun, things=things, name=name,
        side=("above", "over", "above") if high else ("below", "under", "below"),
        more=(f"a higher {name}" if high else f"a lower {name}") if measure else f"{'more' if high else 'fewer'} {things}",
    )  # fmt: skip
    kind = ask.rng.choices(("list", "value", "count"), (5, 2, 2))[0]
    frames = {"list": _MORE, "value": _MORE_VALUE, "count": _MORE_COUNT}[kind]
    if measure:  # sums are no things that a group has more or fewer of; "revenue", but "a higher total quantity"
        unsaid = "{more}" if lexicon.is_plural(name.split(" of ")[0]) else "{things}"
        frames = tuple(f.replace("how many|", "") for f in frames if "{things}" not in f and unsaid not in f)
    if kind == "count":
        block.items = [dimension.group[0]]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
        return Draft(ask.compose(frames, timed=timed, **slots), sql)
    block.items = [*dimension.show, *([sql] if kind == "value" else [])]
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


_EVERY = (
    "[which|what] {parents} {did} {each}", "{parents} {that} {did} {each}",
    "[show|list|find|give me] [the|all|] {parents} with {things} {each}", "{parents} with [at least one {thing}|{things}] {each}",
    "[are there|do we have] [any|] {parents} with {things} {each}", "{parents} active {each}, [meaning|i.e.] with {things}",
    "[name|list] the {parents} for which there are {things} {each}",
    "[which|what] {parents} have {things} {each} [without exception|without a gap|]",
    "[could you|can you|please] list the {parents} {that} {did} {each}",
    "{parents} that never missed a {unit}: {things} {each}", "i need [the|all|] {parents} with {things} {each}",
)  # fmt: skip
_EVERY_COUNT = (
    "how many {parents} {did} {each}", "[number|count] of {parents} with {things} {each}",
    "count the {parents} {that} {did} {each}", "{parents} with {things} {each}: how many",
    "how many of [our|the] {parents} {did} {each}", "how many {parents} have [at least one {thing}|{things}] {each}",
    "[tell me|do you know] how many {parents} {did} {each} [without exception|]",
)  # fmt: skip


def _every(ask: Ask, column: int) -> tuple[str, int, str, When] | None:
    """A unit, how many there are, how they are said ("in every year from 2021 to 2024"), and the span that they fill."""
    first, last = ask.world.date_range(column)
    as_of, lead = ask.world.as_of, ask.rng.choice(("in every", "in each", "every", "each", "in every single"))
    if ask.chance(0.6):
        count = ask.rng.choice((2, 3, 3, 4, 5))
        years = list(range(first.year, min(last.year, as_of.year) + 1))
        if len(years) < count:
            return None
        ends_year = as_of == dt.date(as_of.year, 12, 31)
        if ends_year and ask.chance(0.35):
            low, high, words = as_of.year - count + 1, as_of.year, number(ask.rng, count, 0.6)
            said = ask.rng.choice((
                "in each of the past {n} years", "in each of the last {n} years", "in every one of the past {n} years",
                "in all of the past {n} years", "in every year of the past {n} years",
            )).replace("{n}", words)  # fmt: skip
        else:
            low = ask.rng.choice(years[: len(years) - count + 1])
            high = low + count - 1
            said = ask.rng.choice((
                f"{lead} year from {low} to {high}", f"{lead} year between {low} and {high}",
                f"{lead} year from {low} through {high}", f"in each of the years from {low} to {high}",
            ))  # fmt: skip
            if high == as_of.year and ask.chance(0.5):
                when = When("", "", dt.date(low, 1, 1), None)
                return "year", count, f"{lead} year since {low}", when
        return "year", count, said, When("", "", dt.date(low, 1, 1), dt.date(high + 1, 1, 1))
    unit, count = ask.rng.choice((("month", 12), ("quarter", 4), ("quarter", 4)))
    start = unit_start(first + (last - first) * ask.rng.random(), "year")
    if unit == "month" and ask.chance(0.4):
        start, count = unit_start(first + (last - first) * ask.rng.random(), "quarter"), 3
    end = step(start, "month", 12 if count > 3 else 3)
    name = named(ask.rng, start, "year" if count > 3 else "quarter")
    return unit, count, f"{lead} {unit} {ask.rng.choice(('of', 'of', 'in'))} {name}", When("", "", start, end)


def goers(ask: Ask, *, lines: bool = True) -> tuple[Entity, Entity] | None:
    """An event with a date and what it is about, plans apart; ``lines``: the lines of an event too."""
    entities = ask.world.entities
    options = [
        (event, entities[t]) for event in entities for t, path in ask.world.reach_of(event.table).path.items()
        if event.event and event.main_date is not None and 0 < len(path) <= 2 and not entities[t].event
        and (lines or not event.link) and not set(event.noun.split()) & vocabulary.PLANS
    ]  # fmt: skip
    return ask.rng.choice(options) if options else None


def in_every(ask: Ask) -> Draft | None:
    """GROUP BY the parent HAVING COUNT(DISTINCT unit of the date) = how many the span has; listed or counted."""
    world, pair = ask.world, goers(ask)
    if pair is None:
        return None
    event, parent = pair
    dimension, column = entity_dimension(world, parent, ask.rng), event.main_date
    found = _every(ask, column) if column is not None else None
    if dimension is None or found is None or column is None:
        return None
    unit, count, said, when = found
    ask.protect(said)
    conditions = ask.filters(event.table, 1, apart=parent.table) if ask.chance(0.3) else []
    own = ask.filters(parent.table, 1, tables=(parent.table,)) if ask.chance(0.3) else []
    block = ask.select(event.table, [*conditions, *own], tables=(parent.table,))
    block.where.append(when.sql(world.ref(column)))
    block.items, block.group = list(dimension.show), list(dimension.group)
    block.having = [f"COUNT(DISTINCT {unit_sql(world.ref(column), unit)}) = {count}"]
    _, past = verbs(event, parent)
    noun = ask.noun(event)
    things = ask.things(event.table, conditions, noun=f"{noun}\0")
    slots: dict[str, Slot] = dict(
        did=_did(past, things, bool(conditions)), parents=ask.things(parent.table, own),
        that="who" if parent.person else "that", each=said, unit=unit,
        things=things, thing=ask.things(event.table, conditions, noun=noun),
    )  # fmt: skip
    if ask.chance(0.4):
        block.items = [dimension.group[0]]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
        return Draft(ask.compose(_EVERY_COUNT, **slots), sql)
    return Draft(ask.compose(_EVERY, **slots), block.sql())
