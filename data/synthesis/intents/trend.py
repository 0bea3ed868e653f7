"""A measure along the months, quarters, years or weeks, in order of time."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.phrases import Slot

_TREND = (
    "what [{is}|{was}] the {name} {scope} [by|per|for each|in each] {unit} {when}",
    "[show|give] me [the|] {name} {scope} [by|per] {unit} {when}",
    "[show|plot|list|get|display|report] [the|] {name} {scope} [by|per|for each|for every] {unit} {when}",
    "{name} {scope} [by|per] {unit} {when}",
    "{name} [by|per|each] {unit} {scope} {when}",
    "how did [the|] {name} {scope} [develop|evolve|change|go] [by {unit}|from {unit} to {unit}] {when}",
    "[show|what {is}|what {was}] the {unit} by {unit} {name} {scope} {when}",
    "for each {unit}, [show|give me|what was] the {name} {scope} {when}",
)
_ADVERB = (
    "[show|what {is}|what {was}|give me|plot|list] the {ly} {name} {scope} {when}",
    "{ly} {name} {scope} {when}",
    "[show|give me|plot|draw] the {ly} trend of {name} {scope} {when}",
    "[trend of|development of|evolution of] {ly} {name} {scope} {when}",
)
_KEYWORDS = (
    "{name} by {unit} {scope} {when}",
    "{ly} {name} {scope} {when}",
    "{scope} {name} by {unit} {when}",
    "{when} {ly} {name} {scope}",
    "{ly} {name} {when} {scope}",
    "{name} per {unit} {when} {scope}",
    "{ly} {scope} {name} {when}",
)
_LEAST_DAYS = {"year": 500, "quarter": 170, "month": 80, "week": 27, "day": 6}
_ADVERBS = {
    "year": ("yearly", "annual"),
    "quarter": ("quarterly",),
    "month": ("monthly",),
    "week": ("weekly",),
    "day": ("daily",),
}


def trend(ask: Ask) -> Draft | None:
    """SELECT unit of time, measure ... ORDER BY the unit."""
    fact = ask.fact()
    column = ask.world.time_column(fact.table)
    measure = ask.measure(fact.table)
    if column is None or measure is None:
        return None
    unit = ask.rng.choices(("month", "quarter", "year", "week", "day"), (5, 4, 4, 0.8, 0.6))[0]
    conditions, timed = ask.filters(fact.table, 2 if ask.chance(0.75) else 1), ask.time(fact.table, 0.6)
    if timed and timed.shorter_than(_LEAST_DAYS[unit]):
        timed = None
    dimension = time_dimension(ask.world, column, unit)
    block = ask.select(fact.table, conditions, timed, measure=measure)
    block.tables.add(dimension.table)
    second = ask.dimension(fact.table) if ask.chance(0.12) else None
    if second and (set(second.columns) & {c.column for c in conditions} or second.entity and second.table == measure.subject):
        second = None
    extra = second.show if second else ()
    block.items = [*dimension.show, *extra, measure.sql]
    block.group = [*dimension.group, *(second.group if second else ())]
    block.order = [*dimension.show]
    if second:
        block.tables.add(second.table)
    slots: dict[str, Slot] = dict(
        **ask.figure(measure, conditions),
        unit=f"{unit} and {second.noun}" if second else unit,
        ly=_ADVERBS[unit],
    )
    if second:
        return Draft(ask.compose(_TREND[:5], "{name} by {unit} {scope} {when}", timed=timed, **slots), block.sql())
    frames = (*_TREND, *_ADVERB, *_ADVERB)
    return Draft(ask.compose(frames, _KEYWORDS, timed=timed, **slots), block.sql())
