"""Two values side by side, or two periods."""

from __future__ import annotations

from nl2sql.data.synthesis import filters
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import attribute_dimension, entity_dimension, time_dimension
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.intents.growth import two_periods
from nl2sql.data.synthesis.roles import Entity

_VALUES = (
    "compare [the|] {name} of {a} and {b} {when}",
    "compare {a} [and|with|to] {b} [by|in terms of|in] {name} {when}",
    "[show|what is|what was|give me] the {name} [of|for] {a} [and|versus|vs] {b} {when}",
    "[show|give me|list] [the|] {name} for {a} and for {b} {when}",
    "{name}: {a} [vs|versus|against|compared to] {b} {when}",
    "how [does|did] {a} compare [to|with] {b} in {name} {when}",
)
_OVER_TIME = (
    "[compare|show] the {ly} {name} [of|for] {a} and {b} {when}", "{name} [of|for] {a} [and|vs] {b} [by|per] {unit} {when}",
    "{name} by {unit}, {a} [vs|versus|against|and] {b} {when}", "{a} vs {b}: {ly} {name} {when}",
    "how did the {name} of {a} and {b} develop from {unit} to {unit} {when}",
    "for each {unit}, [show|compare] the {name} of {a} and {b} {when}",
    "[show|plot] {name} per {unit} for {a} and {b} {when}",
)  # fmt: skip
_WHICH = (
    "which [had|has] [the higher|more|the larger|higher] {name}, {a} or {b} {when}",
    "[did|does] {a} or {b} have [the higher|a higher] {name} {when}",
)
_PERIODS = (
    "compare [the|] {name} {scope} [of|in|for] {a} [and|with|to] {b}",
    "[show|give me|what was|what were] the {name} {scope} [for|in] {a} [and|versus|vs|compared to] {b}",
    "{name} {scope} {a} [vs|versus|against|compared to] {b}",
    "how [does|did] {name} {scope} in {b} compare [to|with] {a}",
)
_PERIOD_KEYWORDS = ("{name} {scope} {a} vs {b}", "{name} {a} versus {b} {scope}", "{a} vs {b} {name} {scope}")


def _comparable(ask: Ask, fact: Entity) -> list[ColumnRole]:
    """Columns two of whose values can stand side by side: attributes, and the names of what the rows refer to."""
    return [
        c for t in ask.world.reach_of(fact.table).path for c in ask.world.entities[t].columns
        if (c.role == "dimension" or t != fact.table and ask.world.entities[t].labels == (c.index,))
        and len(ask.world.texts(c.index)) >= 2
    ]  # fmt: skip


def two_values(ask: Ask) -> Draft | None:
    """WHERE label IN (a, b) GROUP BY key, label; "which is higher" takes the first row."""
    fact = ask.fact()
    measure = ask.measure(fact.table)
    options = _comparable(ask, fact)
    if measure is None or not options:
        return None
    column = ask.rng.choice(options)
    entity = ask.world.entities[column.table]
    if entity.table == measure.subject and column.index in entity.labels:
        return None
    named = column.index in entity.labels
    dimension = (
        entity_dimension(ask.world, entity, ask.rng) if named else attribute_dimension(ask.world, column, ask.rng, fact.table)
    )
    values = ask.rng.sample(ask.world.texts(column.index), 2)
    parts = [filters.text_filter(ask.world, ask.rng, column, value) for value in values]
    if dimension is None or not all(parts):
        return None
    short = ask.chance(0.7) or entity.table == measure.subject
    if short and not all(part and (part.direct or part.bare[0] == part.said) for part in parts):
        return None
    said = [p.direct[0] if p.direct else p.bare[0] if short else ask.things(p.table, [p]) for p in parts if p]
    ask.protect(*values)
    timed = ask.time(fact.table, 0.45)
    conditions = ask.filters(fact.table, 1, avoid=dimension.columns) if ask.chance(0.4) else []
    scope = ask.scope(measure, conditions)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    block.items, block.group = [*dimension.show, measure.sql], list(dimension.group)
    block.where.insert(0, f"{ask.world.ref(column.index)} IN ({literal(values[0])}, {literal(values[1])})")
    which = ask.chance(0.3)
    if which:
        block.order, block.limit = [f"{measure.sql} DESC"], 1
    frames = tuple(frame.replace("{when}", f"{scope} {{when}}") for frame in (_WHICH if which else _VALUES))
    return Draft(ask.compose(frames, timed=timed, name=measure.names, a=said[0], b=said[1]), block.sql())


def two_values_over_time(ask: Ask) -> Draft | None:
    """Two values of a column, a row for each and every year, quarter or month."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    options = _comparable(ask, fact)
    if column is None or measure is None or not options:
        return None
    split = ask.rng.choice(options)
    entity, unit = ask.world.entities[split.table], ask.rng.choice(("year", "year", "quarter", "month"))
    if entity.table == measure.subject:
        return None
    dimension = (
        entity_dimension(ask.world, entity, ask.rng) if split.index in entity.labels
        else attribute_dimension(ask.world, split, ask.rng, fact.table)
    )  # fmt: skip
    values = ask.rng.sample(ask.world.texts(split.index), 2)
    time, timed = time_dimension(ask.world, column, unit), ask.time(fact.table, 0.3)
    if timed and timed.shorter_than(300):
        timed = None
    if dimension is None:
        return None
    ask.protect(*values)
    block = ask.select(fact.table, (), timed, measure=measure, tables=(dimension.table, time.table))
    block.where.insert(0, f"{ask.world.ref(split.index)} IN ({literal(values[0])}, {literal(values[1])})")
    block.items = [*dimension.show, *time.show, measure.sql]
    block.group, block.order = [*dimension.group, *time.group], [*time.show]
    ly = {"year": ("yearly", "annual"), "quarter": ("quarterly",), "month": ("monthly",)}[unit]
    return Draft(
        ask.compose(_OVER_TIME, timed=timed, name=measure.names, a=values[0], b=values[1], ly=ly, unit=unit), block.sql()
    )


def two_times(ask: Ask) -> Draft | None:
    """Two years, quarters or months, one row each, in order of time."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    periods = two_periods(ask, column) if column is not None else None
    if column is None or measure is None or periods is None:
        return None
    first = periods[0]
    assert first.start and first.end
    days = (first.end - first.start).days
    dimension = time_dimension(ask.world, column, "year" if days > 300 else "quarter" if days > 80 else "month")
    conditions = ask.filters(fact.table, 2 if ask.chance(0.4) else 1)
    block = ask.select(fact.table, conditions, None, measure=measure, tables=(dimension.table,))
    ref = ask.world.ref(column)
    block.where.append("(" + " OR ".join(f"({when.sql(ref)})" for when in periods) + ")")
    block.items, block.group, block.order = [*dimension.show, measure.sql], list(dimension.group), list(dimension.show)
    question = ask.compose(_PERIODS, _PERIOD_KEYWORDS, **ask.figure(measure, conditions), a=periods[0].full, b=periods[1].full)
    return Draft(question, block.sql())
