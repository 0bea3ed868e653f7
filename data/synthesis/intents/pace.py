"""How often things happen: counts by week, running totals and changes of counts, the busiest day, weekday or month."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.by_period import LY
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import Timed, When, calendar_unit, number

_SINCE = (
    "{things} [per|by|a] week {when}", "{things} week by week {when}", "weekly {noun} count {scope} {when}",
    "weekly number of {things} {when}", "how many {things} [per week|each week|a week] {when}",
    "[show|count|list] [the|] {things} of [each|every] week {when}", "number of {things} [for each|in each|per] week {when}",
    "how many {things} did we have [in each|per] week {when}", "by week, [the|] number of {things} {when}",
)  # fmt: skip
_RUNNING = (
    "running [total|count] of {things} [by|per] {unit} {when}", "cumulative [number|count] of {things} [by|per] {unit} {when}",
    "{things} {when}, [accumulated|cumulated|added up] {unit} by {unit}",
    "[how many {things} up to|number of {things} up to] each {unit} {when}",
    "[show|plot|give me] the cumulative {noun} count [by|per] {unit} {scope} {when}",
    "running {ly} total of the number of {things} {when}", "[by|per] {unit}, how many {things} so far {when}",
)  # fmt: skip
_CHANGE = (
    "{unit}-over-{unit} change [of|in] the number of {things} {when}", "{unit} [on|over] {unit} change in {things} {when}",
    "how did the number of {things} change from {unit} to {unit} {when}",
    "by how many [did|does] the number of {things} change [each|every] {unit} {when}",
    "[how many more or fewer|how many more] {things} than the {unit} before, [by|per] {unit} {when}",
    "change in {noun} count [against|from|on] the [previous|preceding] {unit}, [by|per] {unit} {scope} {when}",
    "{ly} change in the number of {things} {when}",
    "[show|list] for [each|every] {unit} how much the {noun} count {scope} [changed|went up or down] {when}",
    "difference in the number of {things} to the {unit} before, {unit} by {unit} {when}",
)  # fmt: skip
_GROWTH = (
    "{unit}-over-{unit} growth [of|in] the number of {things} {when}", "{ly} growth [rate|] of the {noun} count {scope} {when}",
    "[growth|growth rate] of the number of {things} from {unit} to {unit} {when}",
)  # fmt: skip
_BUSIEST = (
    "[what|which] [is|was] the {edge} {unit} for {things} {when}",
    "[what|which] {unit} [had|saw|has] the {most} {things} {when}",
    "[our|the|what was our] {edge} {unit} [by|in] number of {things} {when}",
    "on which {unit} [did we have|were there] the {most} {things} {when}",
    "{unit} with the {most} {things} {when}", "{edge} {unit} for {things}, [and|with] how many {when}",
    "on [what|which] {unit} do [we get|we see] the {most} {things} {when}", "the {edge} {unit}, by {things} {when}",
    "name the {edge} {unit} for {things} and [the|their] number {when}",
)  # fmt: skip
_BUSIEST_MANY = (
    "the {n} {edge} {units} for {things} {when}", "[which|what] {n} {units} [had|saw] the {most} {things} {when}",
    "{n} {units} with the {most} {things} {when}", "{edge} {n} {units} [by|in] number of {things} {when}",
)  # fmt: skip
_UNITS = {"day": 3, "weekday": 5, "month": 3, "quarter": 1, "week": 2, "month of the year": 2}


def _event(ask: Ask) -> tuple[Entity, int] | None:
    """What happens, and its date: rather what other tables refer to; plans don't happen."""
    events = [e for e in ask.world.entities if e.event and not e.link and e.main_date is not None]
    events = [e for e in events if not set(e.noun.split()) & vocabulary.PLANS]
    if not events:
        return None
    event = ask.rng.choices(events, [3.0 if ask.world.children.get(e.table) else 1.0 for e in events])[0]
    assert event.main_date is not None
    return event, event.main_date


def _said(ask: Ask, event: Entity, conditions: list[Filter]) -> dict[str, str]:
    """Things for a whole noun phrase; the bare noun and its scope for "order count"."""
    things = ask.things(event.table, conditions)
    return dict(things=things, noun=event.noun, scope=f"of {things}" if conditions else "")


def by_week(ask: Ask) -> Draft | None:
    """COUNT(*) by week since a month, or within a quarter or year."""
    found = _event(ask)
    if found is None:
        return None
    event, column = found
    first, last = ask.world.date_range(column)
    unit = ask.rng.choice(("month", "month", "month", "quarter"))
    inside = calendar_unit(ask.rng, first, last, unit)
    when = inside
    if unit == "month" or ask.chance(0.5):
        text = f"since {inside.full.split(' ', 1)[1]}"
        when = When(text, text, inside.start, None)
    ask.protect(when.full)
    conditions = ask.filters(event.table, 1) if ask.chance(0.5) else []
    time = time_dimension(ask.world, column, "week")
    block = ask.select(event.table, conditions, Timed(column, when))
    block.items, block.group, block.order = [*time.show, "COUNT(*)"], [*time.group], [*time.show]
    return Draft(ask.compose(_SINCE, timed=Timed(column, when), **_said(ask, event, conditions)), block.sql())


def of_counts(ask: Ask) -> Draft | None:
    """Running totals of a count, or its change (or growth) from one period to the next."""
    found = _event(ask)
    if found is None:
        return None
    event, column = found
    unit = ask.rng.choice(("month", "month", "quarter", "year", "week"))
    timed = ask.time(event.table, 0.55)
    if timed and timed.shorter_than(100):
        timed = None
    conditions = ask.filters(event.table, 1) if ask.chance(0.5) else []
    span = time_dimension(ask.world, column, unit).show[0]
    before = f"LAG(COUNT(*)) OVER (ORDER BY {span})"
    kind = ask.rng.choice(("running", "running", "change", "change", "change", "growth"))
    item, frames = {
        "running": (f"SUM(COUNT(*)) OVER (ORDER BY {span})", _RUNNING), "change": (f"COUNT(*) - {before}", _CHANGE),
        "growth": (f"COUNT(*) / {before} - 1", _GROWTH),
    }[kind]  # fmt: skip
    block = ask.select(event.table, conditions, timed)
    block.items, block.group, block.order = [span, item], [span], [span]
    return Draft(ask.compose(frames, timed=timed, unit=unit, ly=LY[unit], **_said(ask, event, conditions)), block.sql())


def busiest(ask: Ask) -> Draft | None:
    """The period with the most (or fewest) rows, and how many."""
    found = _event(ask)
    if found is None:
        return None
    event, column = found
    unit = ask.rng.choices(tuple(_UNITS), tuple(_UNITS.values()))[0]
    ref = ask.world.ref(column)
    calendar = {"weekday": f"DAYNAME({ref})", "month of the year": f"MONTH({ref})"}
    span = calendar.get(unit) or time_dimension(ask.world, column, unit).show[0]
    high, conditions, timed = ask.chance(0.75), ask.filters(event.table, 1) if ask.chance(0.5) else [], ask.time(event.table, 0.5)
    days = {"day": 25, "weekday": 60, "week": 80, "month": 300, "quarter": 350, "month of the year": 700}[unit]
    if timed and timed.shorter_than(days):
        timed = None
    count = 1 if unit == "quarter" or ask.chance(0.75) else ask.rng.choice((2, 3, 3, 5))
    block = ask.select(event.table, conditions, timed)
    block.items, block.group = [span, "COUNT(*)"], [span]
    block.order, block.limit = [f"COUNT(*) {'DESC' if high else 'ASC'}"], count
    noun = ask.rng.choice(("weekday", "day of the week")) if unit == "weekday" else unit
    edges = ("busiest", "busiest", "strongest", "most active") if high else ("quietest", "slowest", "calmest", "least busy")
    frames: tuple[str, ...] = _BUSIEST if count == 1 else _BUSIEST_MANY
    frames = tuple(f for f in frames if unit in ("day", "weekday") or not f.startswith("on "))
    return Draft(ask.compose(
        frames, timed=timed, unit=noun, units=lexicon.plural(noun), edge=edges, most="most" if high else "fewest",
        n=number(ask.rng, count), **_said(ask, event, conditions),
    ), block.sql())  # fmt: skip
