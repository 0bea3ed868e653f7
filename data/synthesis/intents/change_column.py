"""Each period with its figure and the change from the one before as the last column."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.intents.movers import movable
from nl2sql.data.synthesis.phrases import Slot

_CHANGE = (  # {change}: "the change from the month before"
    "{ly} {name} {scope} {when} [with|and|plus] {change}",
    "{name} {scope} [by|per|for each] {unit} {when} [with|and|plus] {change}",
    "[show|list|give me] [the|] {name} {scope} [by|per|for each] {unit} {when}, [with|and|together with] {change}",
    "[show|list|give me] {ly} {name} {scope} {when} and {change}", "for each {unit} {when}, {name} {scope} and {change}",
    "[every|each] {unit}'s {name} {scope} {when} with {change} in the last column",
    "{name} {scope} {unit} by {unit} {when}, with {change}",
    "a table of {name} {scope} [by|per] {unit} {when}, last column {change}",
    "{name} {scope} per {unit} {when}, {change} beside it",
    "how did {name} {scope} develop {unit} by {unit} {when}, show [the figures|{name}] and {change}",
)  # fmt: skip
_CHANGE_ALONE = (
    "{change} in {name} {scope} [by|per|for each] {unit} {when}",
    "[show|list|give me] {change} of {name} {scope} for each {unit} {when}",
    "by what amount did {name} {scope} change [from {unit} to {unit}|each {unit}] {when}",
    "for each {unit} {when}, {change} in {name} {scope}", "{name} {scope} by {unit} {when}, only {change}",
)  # fmt: skip
_CHANGES = (
    "the change {from_} the {unit} before", "the {difference} {to} the previous {unit}", "the change {from_} the previous {unit}",
)  # fmt: skip
_LY: dict[str, Slot] = {"month": "monthly", "quarter": "quarterly", "year": ("yearly", "annual"), "week": "weekly"}


def change_column(ask: Ask) -> Draft | None:
    """Each unit of time, its figure, and by LAG the change from the one before: a difference or percents."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    if column is None or measure is None or not movable(measure):
        return None
    unit, percent, alone = ask.rng.choice(("month", "month", "quarter", "year", "week")), ask.chance(0.35), ask.chance(0.2)
    timed, conditions = ask.time(fact.table, 0.6), ask.filters(fact.table, 1) if ask.chance(0.5) else []
    if timed and timed.shorter_than(800 if unit == "year" else 300):
        timed = None
    dimension = time_dimension(ask.world, column, unit)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    when, before = dimension.show[0], f"LAG({measure.sql}) OVER (ORDER BY {dimension.show[0]})"
    change = f"100.0 * ({measure.sql} / {before} - 1)" if percent else f"{measure.sql} - {before}"
    block.items, block.group, block.order = [when, *([] if alone and not percent else [measure.sql]), change], [when], [when]
    from_, tail = ask.rng.choice(("from", "on", "over", "against")), ask.rng.choice(("in percent", "as a percentage", "in %"))
    to, difference = ask.rng.choice(("to", "from")), ask.rng.choice(("difference", "difference", "increase or decrease"))
    said = ask.rng.choice(_CHANGES).format(from_=from_, unit=unit, to=to, difference=difference)
    if percent:
        said = f"{said} {tail}" if ask.chance(0.5) else said.replace("the ", "the percentage ", 1)
    frames = _CHANGE_ALONE if alone and not percent else _CHANGE
    slots: dict[str, Slot] = {**ask.figure(measure, conditions, measure.names[:2]), "unit": unit, "ly": _LY[unit], "change": said}
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
