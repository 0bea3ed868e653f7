"""A figure of the current period up to now, said in front of its name: "year-to-date revenue", "ytd orders online"."""

from __future__ import annotations

import datetime as dt

from nl2sql.data.synthesis.ask import Ask, Draft, Timed
from nl2sql.data.synthesis.times import When, unit_start

_WORDS = {
    "year": ("year-to-date", "year to date", "ytd", "YTD", "year-to-date"),
    "month": ("month-to-date", "month to date", "mtd"),
    "quarter": ("quarter-to-date", "quarter to date", "qtd"),
}
_AFTER = {
    "year": ("so far this year", "year to date", "ytd", "since the start of the year", "this year so far"),
    "month": ("so far this month", "month to date", "since the start of the month", "this month so far"),
    "quarter": ("so far this quarter", "quarter to date", "this quarter so far"),
}
_FRONT = (
    "{now} {name} {scope}",
    "[what is|show me|give me] [the|our|] {now} {name} {scope}",
    "[our|the|] {now} {name} {scope}[, please|]",
)
_BACK = (
    "{name} {scope} {now}",
    "[what is|show] [the|our|] {name} {scope} {now}",
    "{name} {now} {scope}",
    "{now}: {name} {scope}",
)
_BY = (
    "{now} {name} {scope} [by|per] {dim}",
    "{name} {scope} [by|per] {dim} {now}",
    "[our|the] {now} {name} [by|for each] {dim} {scope}",
)


def so_far(ask: Ask) -> Draft | None:
    """A measure with the current year, quarter or month as its period; not split by it."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    if column is None or measure is None:
        return None
    unit = ask.rng.choice(("year", "year", "year", "month", "quarter"))
    start = unit_start(ask.world.as_of, unit)
    when = When("", "", start, ask.world.as_of + dt.timedelta(days=1))
    dimension = ask.dimension(fact.table, flags=False) if ask.chance(0.3) else None
    if dimension and measure.subject == dimension.table and dimension.entity:
        return None
    conditions = ask.filters(fact.table, 2, avoid=dimension.columns if dimension else ()) if ask.chance(0.75) else []
    block = ask.select(
        fact.table, conditions, Timed(column, when), measure=measure, tables=(dimension.table,) if dimension else ()
    )
    block.split(dimension, measure.sql)
    front = ask.chance(0.55)
    now = ask.rng.choice(_WORDS[unit] if front else _AFTER[unit])
    frames: tuple[str, ...] = _FRONT if front else _BACK
    if dimension:
        frames = (_BY[0], _BY[2]) if front else (_BY[1],)
    figure = ask.figure(measure, conditions)
    return Draft(
        ask.compose(frames, now=now, name=figure["name"], scope=figure["scope"], dim=dimension.noun if dimension else ""),
        block.sql(),
    )
