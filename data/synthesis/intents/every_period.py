"""In how many units of a span parents had events: in all twelve months, at least three quarters, only one year, not all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import entity_dimension, unit_sql
from nl2sql.data.synthesis.intents.crowds import goers
from nl2sql.data.synthesis.intents.days_apart import verbs
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.times import When, number, unit_start

_ALL = (
    "in all {n} {units} {of}", "in each of the {n} {units} {of}", "in every one of the {n} {units} {of}",
    "in every single {unit} {of}", "in each and every {unit} {of}", "[every|each] {unit} {of}", "in each {unit} {of}",
    "in every {unit} {of}",
)  # fmt: skip
_LEAST = ("in at least {n} [different|] {units} {of}", "in {n} or more [different|] {units} {of}",
          "in no fewer than {n} {units} {of}", "in a minimum of {n} {units} {of}")  # fmt: skip
_ONLY = ("in [only|just|exactly] {n} [different|] {units} {of}", "in {n} {units} {of}, no more and no fewer")
_ONE = ("in [only|just|exactly] one {unit} {of}", "in [only|just] a single {unit} {of}", "in one {unit} {of} only")
_MOST = ("in at most {n} [different|] {units} {of}", "in no more than {n} [different|] {units} {of}",
         "in {n} or fewer {units} {of}")  # fmt: skip
_PARTLY = ("{spanned} but not in every {unit}", "{spanned}, but not every {unit}", "{spanned} but not in all of its {units}",
           "in some but not all [of the|] {units} {of}", "in some {units} {of} but not in [all|every one] of them")  # fmt: skip
_LIST = (
    "[which|what] {parents} {did} {each}", "{parents} {that} {did} {each}", "{parents} with {things} {each}",
    "[show|list|find|give me] [the|all|] {parents} {that} {did} {each}", "[who|which {parents}] {did} {each}",
    "[show|list|find] [the|all|] {parents} with {things} {each}", "[are there|do we have] [any|] {parents} {that} {did} {each}",
    "[could you|please] [list|name] [the|all|] {parents} {that} {did} {each}", "{parents} that were active {each}, with {things}",
    "names of [the|all|] {parents} with [any|] {things} {each}", "[which|what] of [our|the] {parents} {did} {each}",
)  # fmt: skip
_COUNT = (
    "how many {parents} {did} {each}", "[number|count] of {parents} {that} {did} {each}",
    "{parents} with {things} {each}: how many",
    "count the {parents} with {things} {each}", "how many of [our|the] {parents} {did} {each}",
    "how many {parents} had {things} {each}", "[can you tell me|do you know] how many {parents} {did} {each}",
    "what is the number of {parents} with {things} {each}", "for how many {parents} are there {things} {each}",
)  # fmt: skip


@dataclass(frozen=True)
class Span:
    """``total`` units that make up a time: ``of`` follows the units ("of 2024"), ``spanned`` stands alone ("in 2024")."""

    unit: str
    total: int
    of: str
    spanned: str
    when: When


def _span(ask: Ask, column: int) -> Span | None:
    """The months or quarters of a year, the months of half a year, or up to seven years."""
    first, last = ask.world.date_range(column)
    years = list(range(first.year, min(last.year, ask.world.as_of.year) + 1))
    if ask.chance(0.45):
        total = ask.rng.randrange(2, 8)
        if len(years) < total:
            return None
        low = ask.rng.choice(years[: len(years) - total + 1])
        high, start = low + total - 1, dt.date(low, 1, 1)
        if high == ask.world.as_of.year and ask.chance(0.4):
            return Span("year", total, f"since {low}", f"since {low}", When("", "", start, None))
        of = say(ask.rng, ("from {a} through {b}", "from {a} to {b}", "between {a} and {b}"), a=str(low), b=str(high))
        return Span("year", total, of, of, When("", "", start, dt.date(high + 1, 1, 1)))
    unit, start = ask.rng.choice(("month", "month", "quarter")), unit_start(first + (last - first) * ask.rng.random(), "year")
    if unit == "month" and ask.chance(0.2):
        half = ask.rng.randrange(2)
        name = f"the {('first', 'second')[half]} half of {start.year}"
        begin, end = start.replace(month=1 + 6 * half), dt.date(start.year + half, 7 - 6 * half, 1)
        return Span(unit, 6, f"{ask.rng.choice(('of', 'in'))} {name}", f"in {name}", When("", "", begin, end))
    word = "last year" if start.year == ask.world.as_of.year - 1 and ask.chance(0.5) else str(start.year)
    of = f"{'of' if word == 'last year' else ask.rng.choice(('of', 'of', 'in'))} {word}"
    in_it = word if word == "last year" else f"in {word}"
    return Span(unit, 12 if unit == "month" else 4, of, in_it, When("", "", start, dt.date(start.year + 1, 1, 1)))


def _each(ask: Ask, span: Span) -> tuple[str, str]:
    """How many of the span's units are wanted: as a test and in words."""
    kind = ask.rng.choices(("all", "least", "only", "most", "partly"), (5, 3.5, 1.5, 1, 1))[0]
    n = ask.rng.randrange(2, min(6, span.total - 1) + 1) if span.total > 2 else 1
    test, frames = {"all": (f"= {span.total}", _ALL), "least": (f">= {n}", _LEAST), "only": (f"= {n}", _ONLY),
                    "most": (f"<= {n}", _MOST), "partly": (f"< {span.total}", _PARTLY)}[kind]  # fmt: skip
    if kind == "only" and (n == 1 or ask.chance(0.6)):
        n, test, frames = 1, "= 1", _ONE
    elif kind in ("least", "most") and n == 1:
        n, test, frames = span.total, f"= {span.total}", _ALL
    if kind == "partly" and span.unit == "year":
        frames = _PARTLY[3:]
    if kind == "all" and span.of.startswith("since"):
        frames = tuple(f for f in frames if "{n}" not in f)
    if kind == "all" and span.total == 2:
        frames = (f"in both {span.unit}s {{of}}", *(f for f in frames if "{n}" not in f))
    words = number(ask.rng, span.total if kind == "all" else n, 0.6)
    units = f"{span.unit}s"
    return test, say(ask.rng, frames, n=words, unit=span.unit, units=units, of=span.of, spanned=span.spanned)


def _did(ask: Ask, past: str, things: str, narrowed: bool) -> str:
    if narrowed or past != "placed":
        return f"{past} {things}"
    return ask.rng.choice((f"placed {things}", f"placed {things}", "ordered", "ordered something", "bought something"))


def every_period(ask: Ask) -> Draft | None:
    """GROUP BY the parent HAVING COUNT(DISTINCT unit of the date) = n, >= n or < n within the span; listed or counted."""
    world, pair = ask.world, goers(ask, lines=False)
    if pair is None:
        return None
    event, parent = pair
    dimension, column = entity_dimension(world, parent, ask.rng), event.main_date
    span = _span(ask, column) if column is not None else None
    if dimension is None or span is None or column is None:
        return None
    test, each = _each(ask, span)
    ask.protect(each)
    conditions = ask.filters(event.table, 1, apart=parent.table) if ask.chance(0.25) else []
    own = ask.filters(parent.table, 1, avoid=parent.labels, tables=(parent.table,)) if ask.chance(0.35) else []
    block = ask.select(event.table, [*conditions, *own], tables=(parent.table,))
    block.where.append(span.when.sql(world.ref(column)))
    block.items, block.group = list(dimension.show), list(dimension.group)
    block.having = [f"COUNT(DISTINCT {unit_sql(world.ref(column), span.unit)}) {test}"]
    things, counted = ask.things(event.table, conditions), ask.chance(0.45)
    slots: dict[str, Slot] = dict(
        did=_did(ask, verbs(event, parent)[1], things, bool(conditions)), parents=ask.things(parent.table, own), things=things,
        that="who" if parent.person else "that", each=each,
    )  # fmt: skip
    if counted:
        block.items = [dimension.group[0]]
        return Draft(ask.compose(_COUNT, **slots), f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found")
    frames = _LIST if parent.person and not own else tuple(f.replace("who|", "") for f in _LIST)
    return Draft(ask.compose(frames, **slots), block.sql())
