"""Patterns of the calendar, days between dates, ages, and the first and the last time."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.filters.dates import past_of, verb_of
from nl2sql.data.synthesis.intents.listing import row_by_name
from nl2sql.data.synthesis.times import Timed, any_time

_PATTERN = (
    "[show|what {is}|give me|list] the {name} [by|per|for each] {part} {scope} {when}",
    "{name} [by|per] {part} {scope} {when}",
    "how {does} the {name} [vary|differ] by {part} {scope} {when}",
)
_PATTERN_TOP = (
    "which {part} [has|had|brings|sees] {most} {scope} {when}",
    "on which {part} do we [have|see|get] {most} {scope} {when}",
    "[find|show|what is] the {part} with {most} {scope} {when}",
    "{part} with {most} {scope} {when}",
)
_AGES = (
    "[what is|calculate|show] the average age of [the|all|] {things}",
    "how old are {things} on average",
    "average age of {things}",
    "what {things_age} on average",
)
_AGES_BY = ("[show|what is|give me] the average age of {things} [by|per|for each] {dim}", "average age of {things} by {dim}")
_HOW_MANY_OLDER = ("how many {things} are {word} than {n} [years|years old|]", "number of {things} {word} than {n}")
_OLDER = ("[list the|show the|find the|all] {things} {word} than {n} [years|]", "which {things} are {word} than {n}")
_EXTREME_AGE = (
    "how old is [our|the] {word} {one}", "what is the age of [our|the] {word} {one}", "age of [our|the] {word} {one}",
    "how many years old is the {word} {one}", "how old is the {word} [of the|of our|among the] {things}",
)  # fmt: skip
_FIRST = (
    "when was the {word} {thing} {of}",
    "what [is|was] the date of the {word} {thing} {of}",
    "[show|find|give me] the date of the {word} {thing} {of}",
    "date of the {word} {thing} {of}",
    "on [which|what] date was the {word} {thing} {of}",
)
_FIRST_EACH = (
    "[show|list|find|give me] the date of the {word} {thing} [of|for] each {dim}",
    "when was the {word} {thing} [of|for] each {dim}",
    "for each {dim}, [when was the {word} {thing}|show the date of the {word} {thing}]",
    "date of {word} {thing} [by|per] {dim}",
)


def pattern(ask: Ask) -> Draft | None:
    """A measure by weekday or month of the year."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    if column is None or measure is None:
        return None
    ref = ask.world.ref(column)
    sql, parts = ask.rng.choice(
        (
            (f"DAYNAME({ref})", ("weekday", "day of the week", "weekday")),
            (f"MONTH({ref})", ("month of the year", "month of the year", "calendar month")),
        )
    )
    conditions, timed = ask.filters(fact.table, 1) if ask.chance(0.5) else [], ask.time(fact.table, 0.3)
    if timed and timed.shorter_than(360):
        timed = None
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(ask.world.schema.owner[column],))
    block.items, block.group = [sql, measure.sql], [sql]
    part = ask.rng.choice(parts)
    slots = dict(part=part, **ask.figure(measure, conditions))
    if ask.chance(0.45):
        high = ask.chance(0.75)
        block.order, block.limit = [f"{measure.sql} {'DESC' if high else 'ASC'}"], 1
        frames = _PATTERN_TOP if "day" in part else (_PATTERN_TOP[0], *_PATTERN_TOP[2:])
        return Draft(
            ask.compose(
                frames, "{part} with {most} {scope} {when}", timed=timed, **{**slots, "most": slots["most" if high else "least"]}
            ),
            block.sql(),
        )
    return Draft(ask.compose(_PATTERN, "{name} by {part} {scope} {when}", timed=timed, **slots), block.sql())


def age(ask: Ask) -> Draft | None:
    """Years between a birth date and the day the database is asked about."""
    people = [(e, c) for e in ask.world.entities if e.person for c in e.with_role("date") if "birth" in c.noun]
    if not people:
        return None
    entity, column = ask.rng.choice(people)
    years = f"DATE_SUB('year', {ask.world.ref(column.index)}, DATE '{ask.world.as_of}')"
    kind = ask.rng.choice(("average", "average", "older", "each", "extreme"))
    conditions = ask.filters(entity.table, 2, avoid=(column.index,))
    block = ask.select(entity.table, conditions)
    things = ask.things(entity.table, conditions)
    if kind == "older":
        limit, old = ask.rng.choice((18, 21, 25, 30, 40, 50, 60, 65, 70)), ask.chance(0.6)
        block.where.append(f"{years} {'>' if old else '<'} {limit}")
        counted = ask.chance(0.5)
        block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in ask.world.label(entity.table)]
        frames = _HOW_MANY_OLDER if counted else _OLDER
        return Draft(ask.compose(frames, things=things, word="older" if old else "younger", n=str(limit)), block.sql())
    if kind == "extreme":
        old = ask.chance(0.5)
        block.items = [f"{'MAX' if old else 'MIN'}({years})"]
        one = ask.things(entity.table, conditions, noun=ask.noun(entity))
        return Draft(ask.compose(_EXTREME_AGE, word="oldest" if old else "youngest", one=one, things=things), block.sql())
    block.items = [f"AVG({years})"]
    if kind == "average":
        return Draft(ask.compose(_AGES[:3], "average age {things}", things=things, things_age=""), block.sql())
    dimension = ask.dimension(entity.table)
    if dimension is None or set(dimension.columns) & {c.column for c in conditions}:
        return None
    block.tables.add(dimension.table)
    block.items, block.group = [*dimension.show, *block.items], list(dimension.group)
    return Draft(ask.compose(_AGES_BY, things=things, dim=dimension.noun), block.sql())


def first_and_last(ask: Ask) -> Draft | None:
    """MIN or MAX of the date when something happened: over all, of one row's, or for each."""
    events = [e for e in ask.world.entities if e.main_date is not None and e.event]
    if not events:
        return None
    event = ask.rng.choice(events)
    assert event.main_date is not None
    last = ask.chance(0.6)
    aggregate = f"{'MAX' if last else 'MIN'}({ask.world.ref(event.main_date)})"
    word = ("last", "latest", "most recent") if last else ("first", "earliest")
    thing = ask.noun(event)
    block = ask.select(event.table)
    dimension = ask.dimension(event.table, attributes=False) if ask.chance(0.6) else None
    if dimension is None:
        block.items = [aggregate]
        conditions = ask.filters(event.table, 1)
        block = ask.select(event.table, conditions)
        block.items = [aggregate]
        return Draft(
            ask.compose(
                _FIRST, "{word} {thing} date {of}", word=word, thing=ask.things(event.table, conditions, noun=thing), of=""
            ),
            block.sql(),
        )
    entity = ask.world.entities[dimension.table]
    block = ask.select(event.table, tables=(dimension.table,))
    if ask.chance(0.45) and (found := row_by_name(ask, entity)):
        names, block.where = found
        block.items = [aggregate]
        row = " ".join(names) if entity.person else f"{ask.rng.choice(('the ', ''))}{entity.noun} {names[0]}"
        of = f"{ask.rng.choice(('of', 'by', 'from') if entity.person else ('of', 'for'))} {row}"
        return Draft(ask.compose(_FIRST, "{word} {thing} date {of}", word=word, thing=thing, of=of), block.sql())
    block.items, block.group = [*dimension.show, aggregate], list(dimension.group)
    return Draft(
        ask.compose(_FIRST_EACH, "{word} {thing} date per {dim}", word=word, thing=thing, dim=dimension.noun), block.sql()
    )


_OWN = (
    "how many {things} {past} [each|per|in each|by] {unit} {when}", "number of {things} {verb} [per|by|each] {unit} {when}",
    "[show|give me] the number of {things} {verb} [per|by|in each] {unit} {when}", "count {things} {verb} by {unit} {when}",
    "for each {unit}, how many {things} {past} {when}", "{things} {verb}, {unit} by {unit} {when}",
    "how many {things} {past} from {unit} to {unit} {when}",
)  # fmt: skip
_OWN_NEW = (
    "how many new {things} [did we get|were there|came] [per|each|in each] {unit} {when}",
    "[show|list|] new {things} [per|by|each] {unit} {when}",
    "[count|number] of new {things} [per|by] {unit} {when}", "new {things} {unit} by {unit} {when}",
)  # fmt: skip
_OWN_TOP = (
    "which {unit} had the {most} {things} {verb} {when}", "when were the {most} {things} {verb}, by {unit} {when}",
    "{unit} with the {most} {things} {verb} {when}", "[what|which] {unit} saw the {most} {things} {verb} {when}",
    "[what|which] {unit} [saw|had] the {most} new {things} {when}", "{unit} with the {most} new {things} {when}",
)  # fmt: skip
_NEW = {"signed up", "joined", "registered", "hired", "opened", "launched", "released", "created", "enrolled", "admitted"}


def by_own_date(ask: Ask) -> Draft | None:
    """How many rows of an entity by a unit of a date of its own: "customers who signed up by year"."""
    entity = ask.subject()
    dates = [c for c in entity.with_role("date") if c.index != entity.main_date and verb_of(c)] if entity else []
    if entity is None or not dates:
        return None
    column = ask.rng.choice(dates)
    unit = ask.rng.choice(("year", "year", "month", "quarter"))
    dimension = time_dimension(ask.world, column.index, unit)
    conditions = ask.filters(entity.table, 1, avoid=(column.index,)) if ask.chance(0.35) else []
    timed = _stretch(ask, column.index, unit) if ask.chance(0.4) else None
    block = ask.select(entity.table, conditions, timed)
    block.items, block.group = [*dimension.show, "COUNT(*)"], list(dimension.group)
    if ask.world.schema.columns[column.index].nullable and timed is None:
        block.where.append(f"{ask.world.ref(column.index)} IS NOT NULL")  # what has not happened yet is in no year
    verb = verb_of(column)
    slots = dict(
        things=ask.things(entity.table, conditions),
        verb=verb,
        past=past_of(verb),
        unit=unit,
    )
    new = verb.split(" ", 1)[-1] in _NEW
    if ask.chance(0.35):
        high = ask.chance(0.8)
        block.order, block.limit = [f"COUNT(*) {'DESC' if high else 'ASC'}"], 1
        slots["most"] = "most" if high else "fewest"
        return Draft(ask.compose(_OWN_TOP if new else _OWN_TOP[:4], timed=timed, **slots), block.sql())
    block.order = list(dimension.show)
    frames = (*_OWN, *_OWN_NEW) if new else _OWN
    return Draft(ask.compose(frames, "{things} {verb} per {unit} {when}", timed=timed, **slots), block.sql())


def _stretch(ask: Ask, column: int, unit: str) -> Timed | None:
    """A time that holds several of the units."""
    when = any_time(ask.rng, ask.world.as_of, *ask.world.date_range(column), units=("year",))
    least = {"year": 700, "quarter": 300, "month": 300}[unit]
    if when.start is None or ((when.end or ask.world.as_of) - when.start).days < least:
        return None
    ask.protect(when.full)
    return Timed(column, when)
