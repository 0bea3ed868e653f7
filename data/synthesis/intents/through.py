"""Figures of the events that carry something they need not, or that lack it: revenue through promotions, orders without one."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.related import USABLE
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.intents.who_sold import inside
from nl2sql.data.synthesis.intents.with_or_without import Sides, sides_of, value_name
from nl2sql.data.synthesis.measures import Measure, average_of, count_of, per_parent, sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

_SUM = (  # {on} is "through promotions", "without a promotion"
    "how much {mass} [came in|did we make|did we have|was made] {on} {scope} {when}", "{name} {on} {scope} {when}",
    "what [{is}|{was}] [the|our] {name} {on} {scope} {when}", "how much did we [sell|make|take] {on} {scope} {when}",
    "[show|give me|tell me] [the|our] {name} {on} {scope} {when}", "how [high|big] {was} [the|our] {name} {on} {scope} {when}",
    "[our|the] {name} {on} {scope} {when}",
)  # fmt: skip
_SUM_FROM = (
    "how much {mass} [came|did we get] {from} {scope} {when}", "{name} {from} {scope} {when}",
    "how much did {xs} bring in {scope} {when}", "how much {mass} did {xs} [bring in|bring us|generate] {scope} {when}",
)  # fmt: skip
_FIGURE = (  # of the rows by name
    "{name} of {things} {on} {scope} {when}", "what [{is}|{was}] the {name} of {things} {on} {scope} {when}",
    "[show|give me|tell me] the {name} of {things} {on} {scope} {when}",
    "how high {is} the {name} of {things} {on} {scope} {when}",
    "{name} of {things} {on} {scope} {when}", "{things} {on}: {name} {scope} {when}",
)  # fmt: skip
_VALUE = (
    "{name} {on} {scope} {when}", "what [{is}|{was}] [the|our] {name} {on} {scope} {when}",
    "[show|give me] the {name} {on} {scope} {when}",
)  # fmt: skip
_COUNT = (
    "how many {things} were {placed} {on} {scope} {when}", "how many {things} did we have {on} {scope} {when}",
    "number of {things} {on} {scope} {when}", "how many {things} {on} {scope} {when}", "{things} {on} {scope} {when}: how many",
    "[what is|what was|give me] the number of {things} {on} {scope} {when}", "count [the|] {things} {on} {scope} {when}",
)  # fmt: skip
_COUNT_HAD = (
    "how many {things} [had|used|came with] {ax} {scope} {when}", "number of {things} that [had|used] {ax} {scope} {when}",
    "how many {things} made use of {ax} {scope} {when}",
)  # fmt: skip
_COUNT_LACKED = (
    "how many {things} [had|used|came with] no {x} {scope} {when}", "number of {things} that [had|used] no {x} {scope} {when}",
)  # fmt: skip
_COUNT_TIED = (
    "how many {things} are there {on} {scope} {when}", "number of {things} {on} {scope} {when}",
    "how many {things} {on} {scope} {when}", "how many {things} have {had} {scope} {when}",
    "{things} {on}: how many {scope} {when}", "count the {things} {on} {scope} {when}",
)  # fmt: skip
_SHARE = (
    "what {word} of [the|our|all|] {bare} [was|is] made {on} {scope} {when}", "{word} of {bare} {on} {scope} {when}",
    "what {word} of [the|our|] {bare} do we make {on} {scope} {when}",
    "[what is|what was|show] the {word} of {bare} {on} {scope} {when}",
)  # fmt: skip
_SHARE_FROM = (
    "what {word} of [the|our|all|] {bare} [came|comes] {from} {scope} {when}", "{word} of {bare} {from} {scope} {when}",
    "how much of [our|the] {bare} [came|comes] {from} {scope} {when}, as a {word}",
    "what {word} of [the|our] {bare} did {xs} bring in {scope} {when}",
)  # fmt: skip
_SHARE_COUNT = (
    "what {word} of [the|our|all|] {things} were {placed} {on} {scope} {when}", "{word} of {things} {on} {scope} {when}",
    "[what is|what was|show] the {word} of {things} {on} {scope} {when}", "{word} of {things} {placed} {on} {scope} {when}",
)  # fmt: skip
_SHARE_TIED = (
    "what {word} of [the|our|all|] {things} have {had} {scope} {when}", "{word} of {things} {on} {scope} {when}",
    "[what is|show] the {word} of {things} {on} {scope} {when}",
)  # fmt: skip
_PLACED = {"order": "placed", "booking": "made", "purchase": "made", "sale": "made", "reservation": "made", "payment": "made"}


def through(ask: Ask) -> Draft | None:
    """The figure WHERE the optional key IS NOT NULL (or IS NULL), or its share of all; now and then by group."""
    chosen = _chosen(ask)
    if chosen is None:
        return None
    fact, sides = chosen
    world, usable = ask.world, _usable(ask, sides)
    event, has = world.entities[sides.table], ask.chance(0.72 if usable else 0.5)
    revenue = next((c for c in fact.columns if c.revenue), None)
    counted = event.key is not None and ask.chance(0.3 if revenue else 0.5)
    measure = count_of(world, event.table, event, ask.rng) if counted else _figure(ask, fact)
    if measure is None or measure.column == sides.column:
        return None
    share = ask.chance(0.25) and (counted or usable and measure.kind == "sum")
    timed = ask.time(measure.root, 0.55)
    gone = {world.schema.owner[k.target] for k in world.schema.foreign_keys if k.source == sides.column} - {event.table}
    away = {table for one in gone for table in world.reach_of(one).path}
    frames = _frames(ask, measure, event, has=has, usable=usable, share=share)
    conditions, scope = inside(ask, fact) if revenue and not counted and ask.chance(0.25) else ([], "")
    if not conditions and ask.chance(0.25) and (said := tuple(f for f in frames if "{things}" in f)):
        tables = [t for t in world.reach_of(event.table).path if t not in away]
        frames, conditions = said, ask.filters(event.table, 1, avoid=(sides.column,), tables=tables)
    if any(c.table in away and c.table != event.table for c in conditions):
        return None
    things = ask.things(event.table, [] if scope else conditions, noun=f"{ask.noun(event)}\0")
    dimension = ask.dimension(measure.root, flags=False) if not conditions and ask.chance(0.12) else None
    if dimension and (dimension.table in away or sides.column in dimension.columns):
        return None
    grouped = (dimension.table,) if dimension else ()
    block = ask.select(measure.root, conditions, timed, measure=measure, tables=(sides.table, *grouped))
    test, percent = sides.sql[0 if has else 1], ask.chance(0.6)
    part = f"{measure.sql} FILTER (WHERE {test}) / {measure.sql}"
    block.split(dimension, (f"100.0 * {part}" if percent else part) if share else measure.sql)
    block.where += [] if share else [test]
    by = f"[by|per|for each] {dimension.noun} {{when}}" if dimension else "{when}"
    head = event.noun.rpartition(" ")[2]
    slots: dict[str, Slot] = dict(
        name=measure.names, mass=measure.mass or ("money",), things=things, scope=scope,
        on=_carrying(sides.noun, has, usable), placed=_PLACED.get(head, "made"), x=sides.noun, ax=lexicon.article(sides.noun),
        had=lexicon.article(sides.noun) if has else f"no {sides.noun}", xs=lexicon.plural(sides.noun), word=word_of(percent),
        bare=measure.names[0].removeprefix("total "), **{"from": f"from {lexicon.plural(sides.noun)}"},
    )  # fmt: skip
    return Draft(ask.compose(tuple(f.replace("{when}", by) for f in frames), timed=timed, **slots), block.sql())


def _chosen(ask: Ask) -> tuple[Entity, Sides] | None:
    """What is counted or summed, and its optional key or that of the event whose lines it holds: rather a promotion."""
    world, found = ask.world, []
    for entity in world.entities:
        keys = {k.source for k in world.schema.foreign_keys if world.schema.owner[k.source] == entity.table}
        optional = [s for s in sides_of(ask, entity) if s.column in keys and s.noun]
        own = {k.source for k in world.self_references}
        firm = any(not world.schema.columns[k].nullable for k in keys)  # else all columns are: it says nothing
        lines = [e for e in world.entities if e.link and any(c.revenue for c in e.columns)
                 and len(world.reach_of(e.table).path.get(entity.table, ())) == 1]  # fmt: skip
        for one in optional:
            usable = _usable(ask, one)
            if usable or one.column in own or firm and entity.event:
                found += [(6.0 if usable else 1.0, fact, one) for fact in (lines or [entity])]
    if not found:
        return None
    _, fact, sides = ask.rng.choices(found, [weight for weight, *_ in found])[0]
    return fact, sides


def _usable(ask: Ask, sides: Sides) -> bool:
    """Whether it is a promotion or the like that they carry, by any of its names."""
    keys = (k for k in ask.world.schema.foreign_keys if k.source == sides.column)
    return any(set(noun.split()) & USABLE for key in keys for noun in ask.world.entity_of(key.target).nouns)


def _figure(ask: Ask, fact: Entity) -> Measure | None:
    """The revenue, what an event is worth on average, or a total or average of a column."""
    world, numbers = ask.world, fact.with_role("measure")
    revenue = next((c for c in fact.columns if c.revenue), None)
    if revenue is not None:
        return per_parent(world, revenue, ask.rng) if ask.chance(0.2) else sum_of(world, revenue, ask.rng)
    sums = [c for c in numbers if c.additive and fact.event]
    if sums and ask.chance(0.6):
        return sum_of(world, ask.rng.choice(sums), ask.rng)
    return average_of(world, ask.rng.choice(numbers), ask.rng) if numbers else None


def _carrying(noun: str, has: bool, usable: bool) -> tuple[str, ...]:
    """How what they carry or lack is said after a noun or a verb."""
    a, many, head = lexicon.article(noun), lexicon.plural(noun), noun.rpartition(" ")[2]
    if not has:
        return (f"without {a}", f"without {a}", f"without any {noun}", *((f"outside {many}", f"outside of {many}") if head in
                ("promotion", "campaign") else ()))  # fmt: skip
    if not usable:
        return (f"with {a}",)
    on = [f"on {noun}"] * 2 * (head == "promotion") + [f"under {a}"] * (head in ("promotion", "campaign", "deal"))
    return (f"through {many}", f"through {many}", f"with {a}", f"with {a}", f"via {many}", *on)


def _frames(ask: Ask, measure: Measure, event: Entity, *, has: bool, usable: bool, share: bool) -> tuple[str, ...]:
    """What suits the figure, and what the events carry: promotions bring in revenue, managers don't."""
    counted = measure.kind == "count"
    if not usable:
        return (_SHARE_TIED if share else _COUNT_TIED) if counted else _FIGURE
    if share:
        return _SHARE_COUNT if counted else _SHARE_FROM if has and ask.chance(0.6) else _SHARE
    if counted:
        return (*_COUNT, *(_COUNT_HAD if has else _COUNT_LACKED))
    if measure.kind != "sum":
        return _VALUE if value_name(measure, event) else _FIGURE
    return _SUM_FROM if has and ask.chance(0.3) else (*_SUM, *_FIGURE[:2])
