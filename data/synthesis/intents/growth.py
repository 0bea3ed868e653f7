"""Growth and change: between two periods, and from each period to the next."""

from __future__ import annotations

import datetime as dt

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import When, named, step, unit_start

_GROWTH = (
    "[what is|what was|show|calculate|compute] the growth [of|in] {name} {scope} from {a} to {b}",
    "how much did the {name} {scope} grow [from {a} to {b}|between {a} and {b}]",
    "[by how much|how strongly] did the {name} {scope} grow from {a} to {b}",
    "{name} growth {scope} [from {a} to {b}|between {a} and {b}]",
    "growth [rate|] of {name} {scope} [between {a} and {b}|from {a} to {b}]",
    "[what is|what was] the {name} growth {scope} from {a} to {b}",
    "{name} {scope}: growth [from {a} to {b}|between {a} and {b}]",
    "growth in {name} {scope} [from {a} to {b}|between {a} and {b}|{a} to {b}]",
    "how [strong|big|large] was the growth [of|in] {name} {scope} from {a} to {b}",
    "what growth did {name} {scope} [see|show|have] [from {a} to {b}|between {a} and {b}]",
    "how did {name} {scope} grow in {b} [compared to|compared with|over|against|relative to] {a}",
    "growth rate of {name} {scope} in {b} [over|against|compared with] {a}",
)
_GROWTH_PERCENT = (
    (
        "by [what percentage|what percent|how many percent] did the {name} {scope} [grow|change|increase] [from {a} to "
        "{b}|between {a} and {b}]"
    ),
    "[what is|what was|show] the [percentage growth|percent change|percentage change] [of|in] {name} {scope} from {a} to {b}",
    "percentage growth of {name} {scope} [from {a} to {b}|between {a} and {b}]",
    "{name} growth {scope} in percent [from {a} to {b}|between {a} and {b}|{a} to {b}]",
    "how many percent [more|higher] was {name} {scope} in {b} than in {a}",
    "by how many percent [is|was] {name} {scope} in {b} [up|higher] [on|over|compared with|than in] {a}",
    "[percent|percentage] change [of|in] {name} {scope} in {b} [compared with|against|vs] {a}",
    "what was the growth of {name} {scope} from {a} to {b} in percent",
)
_DIFFERENCE = (
    "how much [higher|larger|more|] was [the|] {name} {scope} in {b} [than|compared to|compared with] {a}",
    "[what is|what was] the difference [in|of] {name} {scope} [from|between] {a} [and|to] {b}",
    "by how much did {name} {scope} change from {a} to {b}, in absolute terms",
    "{name} {scope} {b} minus {a}",
    "absolute change [of|in] {name} {scope} [from {a} to {b}|between {a} and {b}]",
    "how much more {name} {scope} did we have in {b} than in {a}",
)
_WHICH = (
    "which {dim} [had|showed|saw] the [highest|strongest|largest|biggest] {name} growth [from {a} to {b}|between {a} and {b}]",
    "which {dim} grew the most in {name} [from {a} to {b}|between {a} and {b}]",
    "which {dim}'s {name} grew [most|fastest] from {a} to {b}",
    "[find|show] the {dim} with the [highest|strongest|largest] growth in {name} from {a} to {b}",
    "{dim} with the [highest|strongest|biggest] {name} growth [from {a} to {b}|between {a} and {b}]",
    "which {dim} [improved|increased] its {name} the most [from {a} to {b}|between {a} and {b}], relatively",
    "fastest growing {dim} by {name} [from {a} to {b}|between {a} and {b}|{a} to {b}]",
    "which of the {dims} [had|saw] the strongest growth in {name} in {b} [over|compared with] {a}",
    "where did {name} grow [most|fastest] from {a} to {b}, by {dim}",
)
_EACH = (
    "[show|what is|what was|list|give me] the growth of {name} [from {a} to {b}|between {a} and {b}] [by|per|for each] {dim}",
    "{name} growth from {a} to {b} [by|per] {dim}",
    "how much did {name} grow [between {a} and {b}|from {a} to {b}] [in each|for each|by] {dim}",
    "for each {dim}, [the|show the|what was the] growth of {name} from {a} to {b}",
    "{dims} and their {name} growth [from {a} to {b}|between {a} and {b}]",
    "growth in {name} by {dim}, {a} to {b}",
)
_PERIODS = (
    "[show|what is|what was|give me|list] the {unit} over {unit} growth [of|in] {name} {scope} {when}",
    "{unit}-over-{unit} {name} growth {scope} {when}",
    (
        "how much did the {name} {scope} grow [from {unit} to {unit}|each {unit} compared to the previous {unit}|{unit} "
        "over {unit}] {when}"
    ),
    (
        "[show|calculate|compute] the growth of {name} {scope} [by|per] {unit} [compared with|over|against] the previous "
        "{unit} {when}"
    ),
    "{ly} growth [rate|] of {name} {scope} {when}",
    "how [fast|strongly] did {name} {scope} grow {unit} by {unit} {when}",
    "{name} {scope} growth [per|by] {unit} {when}",
    "[show|list] by how much {name} {scope} grew [each|every] {unit} [against|over|compared with] the {unit} before {when}",
    "{name} {scope} {when}, change [on|over|against] the previous {unit} as a rate, [by|per] {unit}",
)
_ADVERBS = {"year": ("yearly", "annual"), "quarter": ("quarterly",), "month": ("monthly",)}


def two_periods(ask: Ask, column: int) -> tuple[When, When] | None:
    """Two calendar units in the data, the earlier one first: neighbours, or a year apart."""
    first, last = ask.world.date_range(column)
    unit = ask.rng.choice(("year", "year", "year", "quarter", "month"))
    start = unit_start(first + dt.timedelta(days=ask.rng.randrange(max(1, (last - first).days))), unit)
    gap = ask.rng.choice((1, 1, 1, 2, 3)) if unit == "year" else ask.rng.choice((1, {"quarter": 4, "month": 12}[unit]))
    later = step(start, unit, gap)
    if later > last:
        return None
    periods = []
    for at in (start, later):
        name = named(ask.rng, at, unit)
        ask.protect(name)
        periods.append(When(name, name, at, step(at, unit, 1)))
    return periods[0], periods[1]


def growth(ask: Ask) -> Draft | None:
    """B / A - 1, for all or the strongest or every group; sometimes in percent, sometimes the difference."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table, additive=True)
    periods = two_periods(ask, column) if column is not None else None
    if column is None or measure is None or periods is None:
        return None
    ref = ask.world.ref(column)
    before, after = (f"{measure.sql} FILTER (WHERE {when.sql(ref)})" for when in periods)
    ratio = f"{after} / {before} - 1"
    slots: dict[str, Slot] = dict(a=periods[0].full, b=periods[1].full)
    owner = ask.world.schema.owner[column]
    if ask.chance(0.35):
        return _by_group(ask, owner, ratio, measure, slots)
    conditions = ask.filters(fact.table, 2 if ask.chance(0.4) else 1)
    block = ask.select(fact.table, conditions, None, measure=measure, tables=(owner,))
    kind = ask.rng.choices(("growth", "percent", "difference"), (6, 2, 2))[0]
    block.items = [{"growth": ratio, "percent": f"100.0 * ({ratio})", "difference": f"{after} - {before}"}[kind]]
    frames = {"growth": _GROWTH, "percent": _GROWTH_PERCENT, "difference": _DIFFERENCE}[kind]
    if conditions:
        frames = tuple(frame for frame in frames if "{name} growth" not in frame)
    return Draft(ask.compose(frames, **ask.figure(measure, conditions), **slots), block.sql())


def _by_group(ask: Ask, owner: int, ratio: str, measure: Measure, slots: dict[str, Slot]) -> Draft | None:
    """The growth of every group, or of the one that grew most; ``owner`` is the table of the date."""
    dimension = ask.dimension(measure.root, flags=False)
    if dimension is None or dimension.table == measure.subject and dimension.entity:
        return None
    conditions = ask.filters(measure.root, 1, avoid=dimension.columns) if ask.chance(0.35) else []
    block = ask.select(measure.root, conditions, measure=measure, tables=(owner, dimension.table))
    block.items, block.group = [*dimension.show, ratio], list(dimension.group)
    best = ask.chance(0.6)
    if best:
        block.order, block.limit = [f"{ratio} DESC"], 1
    scope = ask.scope(measure, conditions)
    names = measure.names[:2] if not scope else tuple(f"{name} {scope}" for name in measure.names[:2])
    frames = tuple(f for f in (_WHICH if best else _EACH) if not scope or "{name} growth" not in f and "'s {name}" not in f)
    return Draft(ask.compose(frames, dim=dimension.noun, dims=dimension.plural, name=names, **slots), block.sql())


def period_over_period(ask: Ask) -> Draft | None:
    """Each unit of time against the one before it, by LAG."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table, additive=True)
    if column is None or measure is None:
        return None
    unit = ask.rng.choice(("year", "month", "quarter"))
    conditions, timed = ask.filters(fact.table, 2 if ask.chance(0.4) else 1), ask.time(fact.table, 0.35)
    if timed and timed.shorter_than(300):
        timed = None
    dimension = time_dimension(ask.world, column, unit)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    when = dimension.show[0]
    block.items = [when, f"{measure.sql} / LAG({measure.sql}) OVER (ORDER BY {when}) - 1"]
    block.group, block.order = [when], [when]
    question = ask.compose(
        _PERIODS,
        "{unit} over {unit} {name} growth {scope} {when}",
        timed=timed,
        unit=unit,
        ly=_ADVERBS[unit],
        **ask.figure(measure, conditions),
    )
    return Draft(question, block.sql())
