"""Whether something grows and how it goes: the figure by year, or by month of a year; one period beside another, in few words."""

from __future__ import annotations

import re

from nl2sql.data.synthesis import lexicon, times
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.growth import two_periods
from nl2sql.data.synthesis.intents.top_sellers import facts, sold
from nl2sql.data.synthesis.measures import Measure, count_of, sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import Timed, When, step, unit_start
from nl2sql.data.synthesis.vocabulary import KINDS, PLANS

_GROWING = "[growing|going up|increasing|rising|going down|falling|shrinking|declining|growing|growing|going up]"
_FIGURE = (
    f"{{be}} [the|our|] {{name}} {{scope}} {_GROWING} {{when}}", f"{{be}} [our|] {{name}} {{scope}} {_GROWING} {{when}}",
    "how {be} [the|our|] {name} {scope} [developing|doing|changing|going|evolving] {when}",
    "how {has} [the|our|] {name} {scope} [changed|developed] over the {units} {when}", "{name} {scope} over time {when}",
    "how did [the|our|] {name} {scope} [develop|change|go] over the {units} {when}", "trend [of|in] {name} {scope} {when}",
    "{name} trend {scope} {when}", "[show|show me|plot] [the|our|] {name} trend {scope} {when}",
    "[show|show me] how {name} {scope} [developed|changed] {when}", "development of {name} {scope} {when}",
    "in which direction {be} [the|our] {name} {scope} [going|moving] {when}", "{name} {scope} over the {units} {when}",
    "{has} [the|our|] {name} {scope} [grown|gone up|gone down|increased|fallen] {when}",
    "[do you see a|is there a] trend in [our|the|] {name} {scope} {when}", "{name} {scope}, [up or down|growing or not] {when}",
)  # fmt: skip
_COUNTED = (
    f"{{are}} {{things}} {_GROWING} {{when}}", "{are} we [getting|having|seeing] [more|fewer] {things} {when}",
    "{was} the number of {things} [growing|going up|rising|increasing|falling|going down] {when}", "{things} over time {when}",
    "how {are} {things} developing {when}", "{things} trend {when}", "{are} there more and more {things} {when}",
    "how has the number of {things} [changed|developed] over the {units} {when}", "trend in {things} {when}",
    "number of {things} over the {units} {when}", "how did the number of {things} [change|develop] over the {units} {when}",
    "{are} {things} becoming [more|fewer|more frequent] {when}",
)  # fmt: skip
_WE = (
    "how {are} we doing {when}", "how {was} business {when}", "how {was} the business [going|doing] {when}",
    "{are} we growing {when}", "{are} we selling [more|less] {when}", "how {are} things going {when}",
    "how {are} we doing {when}", "how did we do {when}",
)  # fmt: skip
_IT = (
    "how {was} {it} doing {when}", "how {was} {it} [developing|going] {when}", "{was} {it} growing {when}",
    "how did {it} do {when}",
    "{was} {it} selling [more|less] {when}", "how {was} business in {it} {when}", "how {was} {it} doing {when}",
)  # fmt: skip
_BESIDE = (
    "{name} {scope} {in_a} [vs|versus|against|compared to|compared with] {b}", "{name} {scope} {a} [vs|versus|against|and] {b}",
    "compare [the|our|] {name} {scope} [of|for] {a} [and|with|to] {b}", "{name} {scope}: {a} [vs|against|and] {b}",
    "how [{does}|did] [the|our|] {name} {scope} {in_a} compare [to|with] {b}", "{name} {scope} {in_a} and {in_b}",
    "{a} [vs|versus|against|compared to|compared with] {b}, {name} {scope}", "{a} [vs|versus|against] {b}: {name} {scope}",
    "how [does|did] {a} compare [to|with] {b} in {name} {scope}", "[show|give me] [the|our|] {name} {scope} {in_a} and {in_b}",
    "{be} [the|our|] {name} {scope} [higher|lower] {in_a} than {in_b}", "{name} {scope}, {a} [compared with|against] {b}",
)  # fmt: skip
_BARE = (
    "{a} [vs|versus|against|compared to|compared with] {b}", "{a} [vs|versus|against|compared to|compared with] {b}",
    "compare {a} [and|with|to] {b}", "how [does|did] {a} compare [to|with] {b}", "{was} {a} better than {b}",
    "how did we do {in_a} [compared to|against|vs] {b}", "did we do better {in_a} than {in_b}",
    "did we sell [more|less] {in_a} than {in_b}", "{are} we doing better {in_a} than {in_b}",
)  # fmt: skip


def developing(ask: Ask) -> Draft | None:
    """A figure, or how many rows there are, by year in order; by month where the time named is a year or shorter."""
    fact = ask.fact()
    column = ask.world.time_column(fact.table)
    if column is None or {*fact.noun.split()} & PLANS:
        return None
    counted = fact.event and not fact.link and ask.chance(0.4)
    measure = count_of(ask.world, fact.table, fact, ask.rng) if counted else _figure(ask, fact)
    if measure is None:
        return None
    conditions, split = ask.filters(fact.table, 1, avoid=(column,)) if ask.chance(0.6) else [], _span(ask, column)
    if counted:
        things = ask.things(fact.table, conditions)
        frames = tuple(f for f in _COUNTED if not (conditions and f.startswith("{things} ")))
        return _in_order(ask, measure, column, split, conditions, frames, {"things": things})
    slots, frames = _named(ask, measure, conditions), _FIGURE
    if len(str(slots["name"]).split()) > 3:
        frames = tuple(f for f in frames if "{name} trend" not in f)
    return _in_order(ask, measure, column, split, conditions, frames, slots)


def doing_well(ask: Ask) -> Draft | None:
    """How we are doing, or a shop or a kind of goods: the revenue that goes without saying, by year or by month."""
    found = [(e, c) for e, c in facts(ask) if c.revenue]
    column = ask.world.time_column(found[0][0].table) if found else None
    if column is None:
        return None
    fact, revenue = found[0]
    one, measure = _part_of_business(ask, fact) if ask.chance(0.5) else None, sum_of(ask.world, revenue, ask.rng)
    slots: dict[str, Slot] = {"it": one.direct} if one else {}
    return _in_order(ask, measure, column, _span(ask, column), [one] if one else [], _IT if one else _WE, slots)


def _part_of_business(ask: Ask, fact: Entity) -> Filter | None:
    """A shop, a region or a kind of goods, by its own name."""
    world = ask.world
    near = [world.entities[t] for t, path in world.reach_of(fact.table).path.items() if path]
    parts = [e for e in near if e.labels and (e.place or e in sold(ask, fact) or set(e.noun.split()) & KINDS)]
    made = ask.filter(fact.table, tables=[e.table for e in parts])
    named = made is not None and made.column in world.entities[made.table].labels and " = " in made.sql
    return made if made and named and made.direct else None


def _figure(ask: Ask, fact: Entity) -> Measure | None:
    measure = ask.business(fact.table) if ask.chance(0.7) else ask.measure(fact.table)
    return measure if measure and measure.kind != "extreme" else None


def _named(ask: Ask, measure: Measure, conditions: list[Filter]) -> dict[str, Slot]:
    """The figure by one of its plainer names, and the verb that agrees with it."""
    plain = [n for n in measure.names if not n.startswith(("sum of", "total number", "count of", "overall", "combined"))]
    slots: dict[str, Slot] = dict(ask.figure(measure, conditions, plain))
    said = slots["name"]
    name = said if isinstance(said, str) else ask.rng.choice(said)
    many = lexicon.is_plural(re.split(r" of | per ", name)[0])
    return {**slots, "name": name, "has": "have" if many else "has", "be": "are" if many else "is"}


def _span(ask: Ask, column: int) -> tuple[Timed | None, str]:
    """A time within the data, often none, and the unit of time that splits it."""
    first, last = ask.world.date_range(column)
    if ask.chance(0.5):
        return None, "year"
    when = times.any_time(ask.rng, ask.world.as_of, first, last, units=("year", "year", "quarter", "month"))
    days = ((when.end or last) - (when.start or first)).days
    unit = "month" if 80 <= days <= 366 else "year" if days >= 729 and when.start else ""
    if not unit:
        return None, "year"
    ask.protect(when.full)
    return Timed(column, when), unit


def _in_order(
    ask: Ask, measure: Measure, column: int, split: tuple[Timed | None, str], conditions: list[Filter],
    frames: tuple[str, ...], slots: dict[str, Slot],
) -> Draft:  # fmt: skip
    """The measure by the unit of time; said in the past where the time is over."""
    timed, unit = split
    dimension = time_dimension(ask.world, column, unit)
    block = ask.select(measure.root, conditions, timed, measure=measure, tables=(dimension.table,))
    block.items, block.group, block.order = [*dimension.show, measure.sql], list(dimension.group), list(dimension.show)
    over = timed is not None and timed.when.end is not None and timed.when.end <= ask.world.as_of
    if timed is None:
        frames = tuple(f for f in frames if not f.startswith(("how did we", "how did {it}")))
    if timed and unit == "year":
        frames = tuple(f for f in frames if "over the {units}" not in f)
    if over:
        frames = tuple(f for f in frames if "{has}" not in f and "more and more" not in f)
        slots = {**slots, "be": "were" if slots.get("be") == "are" else "was"}
    return Draft(ask.compose(
        tuple(f.replace("{was}", "{was_}") for f in frames), timed=timed, units=f"{unit}s", was_="was" if over else "is",
        are="were" if over else "are", **slots,
    ), block.sql())  # fmt: skip


def beside(ask: Ask) -> Draft | None:
    """A row for each of two periods, in order of time: of a figure that is named, or of the revenue that goes without saying."""
    found: list[tuple[Entity, ColumnRole]] = [(e, c) for e, c in facts(ask) if c.revenue]
    bare = bool(found) and ask.chance(0.4)
    fact = found[0][0] if bare else ask.fact()
    column = ask.world.time_column(fact.table)
    measure = sum_of(ask.world, found[0][1], ask.rng) if bare else _figure(ask, fact)
    drawn = _two(ask, column) if column is not None else None
    if column is None or measure is None or drawn is None or {*fact.noun.split()} & PLANS:
        return None
    a, b, unit = drawn
    dimension, ref = time_dimension(ask.world, column, unit), ask.world.ref(column)
    conditions = ask.filters(fact.table, 1) if not bare and ask.chance(0.4) else []
    block = ask.select(fact.table, conditions, measure=measure, tables=(dimension.table,))
    earlier, later = sorted((a, b), key=lambda when: str(when.start))
    block.where.append(f"(({earlier.sql(ref)}) OR ({later.sql(ref)}))")
    block.items, block.group, block.order = [*dimension.show, measure.sql], list(dimension.group), list(dimension.show)
    slots: dict[str, Slot] = {} if bare else _named(ask, measure, conditions)
    over = not a.full.startswith("this")
    if over:
        slots["be"] = "were" if slots.get("be") == "are" else "was"
    slots |= dict(a=a.bare, in_a=a.full, b=b.bare, in_b=b.full, was_="was" if over else "is", are="were" if over else "are")
    frames = tuple(f.replace("{was}", "{was_}") for f in (_BARE if bare else _BESIDE))
    return Draft(ask.compose(frames, timed=None, **slots), block.sql())


def _two(ask: Ask, column: int) -> tuple[When, When, str] | None:
    """Two periods of one length, in the order said, and their unit: named ones, or this or the last one and an earlier one."""
    first, last = ask.world.date_range(column)
    if (ask.world.as_of - last).days > 400 or ask.chance(0.4):
        named = two_periods(ask, column)
        if named is None or named[0].start is None or named[0].end is None:
            return None
        days = (named[0].end - named[0].start).days
        made = [When(f"in {when.full}", when.full, when.start, when.end) for when in named]
        a, b = made if ask.chance(0.3) else made[::-1]
        return a, b, "year" if days > 300 else "quarter" if days > 80 else "month"
    unit = ask.rng.choice(("year", "year", "quarter", "month"))
    back = ask.chance(0.3)
    start = step(unit_start(ask.world.as_of, unit), unit, -1 if back else 0)
    yearly = unit != "year" and not back and ask.chance(0.35)
    earlier = step(start, "year" if yearly else unit, -1)
    if yearly:
        words: tuple[str, ...] = (f"the same {unit} last year", f"the same {unit} of last year")
    elif back:
        words = (f"the {unit} before", f"the {unit} before that")
    else:
        words = (f"last {unit}", f"last {unit}", f"last {unit}", f"the {unit} before", f"the previous {unit}")
    said = ask.rng.choice(words)
    word = f"{'last' if back else 'this'} {unit}"
    ask.protect(word, said)
    in_b = said if said.startswith("last") else f"in {said}"
    return When(word, word, start, step(start, unit, 1)), When(in_b, said, earlier, step(earlier, unit, 1)), unit


INTENTS = {"developing": (0.9, developing), "doing well": (0.5, doing_well), "beside": (0.7, beside)}
