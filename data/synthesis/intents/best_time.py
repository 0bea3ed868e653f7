"""The best or worst day, week or month of a narrower period, by revenue where no figure is named: "best day in December"."""

from __future__ import annotations

import datetime as dt

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.intents.ratio import RATE_EVENTS
from nl2sql.data.synthesis.measures import sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import Timed, When, calendar_unit, number, step, unit_start
from nl2sql.data.synthesis.vocabulary import PLANS

_PLAIN = (  # the figure is not named: it is revenue, shown beside the period
    "what [was|is] [the|our] {best} {unit} {scope} {when}", "[the|our|] {best} {unit} {scope} {when}",
    "which {unit} was [the|our] {best} {scope} {when}", "which was [the|our] {best} {unit} {scope} {when}",
    "[show|find|name|tell me|give me] [the|our] {best} {unit} {scope} {when}", "when was [the|our] {best} {unit} {scope} {when}",
    "[the|our] {best} {sales} {unit} {scope} {when}", "what was the {best} {unit} {when} [for sales|in sales] {scope}",
    "{on} [which|what] {unit} did we [sell|make|earn|take in] the {most} {scope} {when}",
    "{on} [which|what] {unit} {when} did we [sell|earn|make] the {most} {scope}",
    "which {unit} [brought in|made|earned] the {most} money {scope} {when}", "which {unit} sold the {most} {scope} {when}",
    "{when}: [the|our] {best} {unit} {scope}", "{on} which {unit} did we do {best} {scope} {when}",
)  # fmt: skip
_NAMED = (
    "what [was|is] [the|our] {best} {unit} [by|for|in terms of|in] {name} {scope} {when}",
    "{best} {unit} [by|for|in] {name} {scope} {when}",
    "which {unit} [had|saw|brought] {most_of} {scope} {when}", "{unit} with {most_of} {scope} {when}",
    "{on} [which|what] {unit} did we have {most_of} {scope} {when}",
    "{on} [which|what] {unit} [{is}|{was}] the {name} {scope} {peak} {when}",
    "[the|our] {best} {unit} {when} [by|in terms of|measured by] {name} {scope}",
    "by {name} {scope}, [what|which] was the {best} {unit} {when}",
    "[show|find|name] the {unit} {when} with {most_of} {scope}", "[the|] {best} {unit} {when}, [going|judging] by {name} {scope}",
    "when [{is}|{was}] the {name} {scope} {peak}, by {unit} {when}",
)  # fmt: skip
_MANY = (
    "top {n} {units} {when} by {name} {scope}", "[the|our|] {n} {best} {units} [by|for|in] {name} {scope} {when}",
    "which {n} {units} [had|saw] {most_of} {scope} {when}",
    "[show|list|give me|find] the {n} {units} {when} with {most_of} {scope}",
    "{n} {units} with {most_of} {scope} {when}",
    "[what were|which were] [the|our] {n} {best} {units} [by|in terms of] {name} {scope} {when}",
    "{best} {n} {units} by {name} {scope} {when}",
)  # fmt: skip
_MANY_PLAIN = (
    "[the|our|] {n} {best} {units} {scope} {when}",
    "[what were|which were|show|list] [the|our] {n} {best} {units} {scope} {when}",
    "[our|the|] {best} {n} {units} {scope} {when}",
)  # fmt: skip
# how much longer than its parts a period must be
_INSIDE = {"day": ("month", "month", "month", "quarter", "year", "year"), "week": ("quarter", "quarter", "year", "half", "month"),
           "month": ("year", "half", "quarter")}  # fmt: skip


def within(
    ask: Ask, column: int, units: tuple[str, ...], dates: tuple[dt.date, dt.date] | None = None
) -> tuple[When, str]:
    """A calendar unit of the data, by its name or as this or the last one; and which unit it is."""
    first, last = dates or ask.world.date_range(column)
    unit = ask.rng.choice(units)
    if unit == "half" or (ask.world.as_of - last).days > 400 or ask.chance(0.6):
        return calendar_unit(ask.rng, first, last, unit), unit
    current = unit_start(ask.world.as_of, unit)
    word, start = ask.rng.choice((("this", current), ("last", step(current, unit, -1)), ("last", step(current, unit, -1))))
    return When(f"{word} {unit}", f"{word} {unit}", start, step(start, unit, 1)), unit


def best_time(ask: Ask) -> Draft | None:
    """A figure by day, week or month of a period that is not much longer, ORDER BY it LIMIT n."""
    fact = ask.fact()
    column = ask.world.time_column(fact.table)
    revenue = next((c for c in fact.columns if c.revenue), None)
    taken = revenue is not None and ask.chance(0.5)
    measure = sum_of(ask.world, revenue, ask.rng) if revenue and taken else ask.business(fact.table)
    if column is None or measure is None or {*fact.noun.split()} & PLANS:
        return None
    unit = ask.rng.choice(("day", "day", "day", "week", "week", "month"))
    when, _ = within(ask, column, _INSIDE[unit])
    ask.protect(when.full)
    span = time_dimension(ask.world, column, unit)
    conditions = ask.filters(fact.table, 1) if ask.chance(0.35) else []
    block = ask.select(fact.table, conditions, Timed(column, when), measure=measure, tables=(span.table,))
    block.split(span, measure.sql)
    high, n = ask.chance(0.75), 1 if ask.chance(0.7) else ask.rng.choice((2, 3, 3, 3, 5, 5, 10))
    if when.start and when.end and (when.end - when.start).days < 2 * n * {"day": 1, "week": 7, "month": 30}[unit]:
        n = 1  # nearly all of the parts
    block.order, block.limit = [f"{measure.sql} {'DESC' if high else 'ASC'}"], n
    figure = ask.figure(measure, conditions)
    slots: dict[str, Slot] = {
        **figure, "unit": unit, "units": lexicon.plural(unit), "n": number(ask.rng, n), "on": "on" if unit == "day" else "in",
        "sales": "sales",
        "best": ("best", "best", "strongest", "top") if high else ("worst", "worst", "weakest"),
        "most": "most" if high else "least", "most_of": figure["most" if high else "least"],
        "peak": "highest" if high else "lowest",
    }  # fmt: skip
    plain = taken and ask.chance(0.75)
    frames: tuple[str, ...] = (_PLAIN if plain else _NAMED) if n == 1 else _MANY_PLAIN if plain else _MANY
    frames = tuple(f for f in frames if high or not f.startswith("top "))
    if {*fact.noun.split()} & RATE_EVENTS:  # is the best day for returns the one with many?
        frames = tuple(f for f in frames if "{best}" not in f and not f.startswith("top "))
    if not figure["scope"]:
        frames = tuple(f.replace(" {scope}", "") for f in frames)
    of = when.full.split(" ", 1)[1] if when.full.startswith(("in ", "during ", "for ")) else ""
    if of and ask.chance(0.4):  # "the best day of December"
        ends = (("{unit} {when}", f"{{unit}} of {of}"), ("{units} {when}", f"{{units}} of {of}"))
        said = tuple(f.replace(old, new) for f in frames for old, new in ends if old in f and not f.startswith("{on}"))
        frames = said or frames
    frames = tuple(" ".join(f.split()) for f in frames)
    keywords = "{best} {unit} {scope} {when}" if plain else "{best} {unit} by {name} {scope} {when}"
    timed = Timed(column, when) if any("{when}" in f for f in frames) else None
    keyed = timed and n == 1 and any("{best}" in f for f in frames)
    return Draft(ask.compose(frames, keywords if keyed else (), timed=timed, **slots), block.sql())
