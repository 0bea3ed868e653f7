"""When things happened: the first and the last day, and how often by a unit of the row's own date ("sign-ups per month")."""

from __future__ import annotations

from nl2sql.data.synthesis import nouns, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.times import Timed, When, step, unit_start

_FIRST_LAST = (
    "[what are|show|give me|] the first and [the|] last {date} {of}", "[first|earliest] and [last|latest] {date} {of}",
    "when were the first and the last {thing} {of}",
    "from when to when do the {things} {of} [go|reach|run]", "{date} {of}: [earliest and latest|first and last]",
    "first and last day with [a|any] {thing} {of}",
    "on which days were the first and the last {thing} {of}", "[what is|] the range of {date}s {of}",
)  # fmt: skip


def first_and_last_day(ask: Ask) -> Draft | None:
    """SELECT MIN(date), MAX(date), over all rows, those of a kind, or for every group."""
    events = [e for e in ask.world.entities if e.main_date is not None and e.event and not set(e.noun.split()) & vocabulary.PLANS]
    if not events:
        return None
    event = ask.rng.choice(events)
    assert event.main_date is not None
    column, ref = ask.world.columns[event.main_date], ask.world.ref(event.main_date)
    block, of = ask.select(event.table), ""
    dimension = ask.dimension(event.table, attributes=False) if ask.chance(0.4) else None
    if dimension:
        block.tables.add(dimension.table)
        block.group, of = list(dimension.group), f"{ask.rng.choice(('of each', 'per', 'for every', 'by'))} {dimension.noun}"
    else:
        conditions = ask.filters(event.table, 2)
        block = ask.select(event.table, conditions)
        of = nouns.scope(ask, event.table, conditions)
    block.items = [*(dimension.show if dimension else ()), f"MIN({ref})", f"MAX({ref})"]
    noun = ask.noun(event)
    return Draft(ask.compose(_FIRST_LAST, "first and last {date} {of}", date=column.noun, thing=noun,
        things=ask.things(event.table, noun=f"{noun}\0"), of=of),
                 block.sql())  # fmt: skip


# by a date's first word: what happened, as a plural noun
_DEEDS = {
    "signup": ("sign-ups", "signups", "registrations", "new {things}", "new {things}"), "hire": ("hires", "new hires",
    "new {things}"),
    "opening": ("openings", "{thing} openings", "new {things}"), "launch": ("launches", "{thing} launches", "new {things}"),
    "registration": ("registrations", "new {things}"), "joining": ("new {things}",), "ship": ("shipments", "dispatches"),
    "release": ("releases", "new {things}"),
    "delivery": ("deliveries",), "admission": ("admissions",), "start": ("{thing} starts", "new {things}"),
    "publication": ("publications", "new {things}"),
}  # fmt: skip
_PER = (
    "{deeds} [per|by|each] {unit} {when}",
    "how many {deeds} [did we have|were there|did we see] [per|each|in each] {unit} {when}",
    "[show|count|give me] [the|] {deeds} [per|by|for each] {unit} {when}", "number of {deeds} [per|by|each] {unit} {when}",
    "{ly} {deeds} {when}",
    "{deeds} {when}, {unit} by {unit}", "{deeds} {when} [by|per] {unit}",
)  # fmt: skip
_PEAK = (
    "[which|what] {unit} [brought|brought us|saw|had] the {most} {deeds} {when}", "{unit} with the {most} {deeds} {when}",
    "in [which|what] {unit} did we [have|get|see] the {most} {deeds} {when}",
    "[the|] {unit} that [brought|saw] the {most} {deeds} {when}",
)  # fmt: skip


def happenings(ask: Ask) -> Draft | None:
    """COUNT(*) by a unit of the row's own date, which is the date of the period too: "sign-ups per month this year"."""
    options = [
        (e, c) for e in ask.world.entities for c in e.with_role("date") if c.noun.split()[0] in _DEEDS and c.index != e.main_date
    ]
    if not options:
        return None
    entity, column = ask.rng.choice(options)
    unit = ask.rng.choice(("year", "quarter", "month", "month"))
    timed = _years(ask, column.index) if unit != "year" and ask.chance(0.65) else None
    conditions = ask.filters(entity.table, 1, avoid=(column.index,)) if ask.chance(0.35) else []
    dimension = time_dimension(ask.world, column.index, unit)
    block = ask.select(entity.table, conditions, timed)
    block.items, block.group = [*dimension.show, "COUNT(*)"], list(dimension.group)
    if ask.world.schema.columns[column.index].nullable and timed is None:
        block.where.append(f"{ask.world.ref(column.index)} IS NOT NULL")
    deeds = ask.rng.choice(_DEEDS[column.noun.split()[0]])
    things = ask.things(entity.table, conditions)
    said = deeds.replace("{things}", things).replace("{thing}", entity.noun)
    if conditions and "{things}" not in deeds:
        said = f"{said} of {things}"
    ly = {"year": ("yearly", "annual"), "quarter": ("quarterly",), "month": ("monthly",)}[unit]
    if ask.chance(0.4):
        high = ask.chance(0.85)
        block.order, block.limit = [f"COUNT(*) {'DESC' if high else 'ASC'}"], 1
        return Draft(ask.compose(_PEAK, timed=timed, deeds=said, unit=unit, most="most" if high else "fewest"), block.sql())
    block.order = list(dimension.show)
    return Draft(ask.compose(_PER, "{deeds} per {unit} {when}", timed=timed, deeds=said, unit=unit, ly=ly), block.sql())


def _years(ask: Ask, column: int) -> Timed:
    """This year, last year, or a year of the data."""
    first, last = ask.world.date_range(column)
    current = unit_start(ask.world.as_of, "year")
    word, start = ask.rng.choice(
        (
            ("this year", current),
            ("last year", step(current, "year", -1)),
            ("", unit_start(first + (last - first) * ask.rng.random(), "year")),
        )
    )
    full = word or f"{ask.rng.choice(('in', 'of', 'in', 'during'))} {start.year}"
    ask.protect(full)
    return Timed(column, When(full, word or str(start.year), start, step(start, "year", 1)))
