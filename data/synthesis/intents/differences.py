"""One number from two: what one value, or one period, has more than another; A minus B."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter, text_filter
from nl2sql.data.synthesis.intents.growth import two_periods
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

# {a} and {b} are what the figure is narrowed to: "for Toys", "in Europe", "in 2024"
_MINUS = (
    "{name} {a} minus {name} {b} {scope} {when}", "{name} {a} minus that {b} {scope} {when}",
    "{name} {scope} {when}: {a} minus {b}",
    "how much [higher|larger|greater] {was} [the|] {name} {scope} {a} than {b} {when}",
    "by how much [did|does] [the|] {name} {scope} {a} [exceed|top|beat|surpass] [that|the {name}] {b} {when}",
    "[what is|what was|show|calculate|compute|give me] the [gap|margin|distance] between {name} {scope} {a} and {b} {when}",
    "[what is|what was|show|calculate|compute] {name} {scope} {a} less {name} {b} {when}",
    "subtract [the|] {name} {scope} {b} from [the|] {name} {a} {when}", "{name} {scope} {a} less that {b}, as one number {when}",
    "how far [ahead of|above] {name} {b} {was} {name} {a} {scope} {when}",
    "how much [bigger|more] {is} {name} {scope} {a} than {b} {when}",
    "the [lead|excess] of {name} {scope} {a} over {name} {b} {when}", "{name} {scope} {when}, {a} - {b}",
)  # fmt: skip
_VALUES = (
    "[what is|what was|show|compute] the difference [between|in {name} between] {name} {a} and {name} {b} {scope} {when}",
    "difference in {name} {scope} between {one} and {two} {when}", "{one} minus {two}: {name} {scope} {when}",
    "{one} {name} minus {two} {name} {scope} {when}", "how much more {name} {scope} [has|had] {one} than {two} {when}",
    "{name} {scope} {when}, {one} minus {two}", "[gap|difference] between {one} and {two} in {name} {scope} {when}",
    "what do we get if we take {name} {b} away from {name} {a} {scope} {when}",
)  # fmt: skip
_FELL = (
    "how much [lower|smaller|less] {was} [the|] {name} {scope} {b} than {a} {when}",
    "by how much did [the|] {name} {scope} {b} fall short of [that|the {name}] {a} {when}",
    "how far [behind|below] {name} {a} {was} {name} {b} {scope} {when}",
)  # fmt: skip
_COUNTED = (
    "how many more {things} [are there|were there|do we have|] {a} than {b} {when}", "{things} {a} minus {things} {b} {when}",
    "number of {things} {a} minus [the|] number {b} {when}",
    "how many fewer {things} [are there|were there|] {b} than {a} {when}",
    "{things} {when}: how many more {a} than {b}", "difference in the number of {things}: {a} minus {b} {when}",
)  # fmt: skip


def _plain(measure: Measure) -> bool:
    return "/" not in measure.sql and " " not in measure.sql.split("(")[0] and measure.kind != "extreme"


def difference_of_values(ask: Ask) -> Draft | None:
    """aggregate FILTER (column = a) - aggregate FILTER (column = b)."""
    fact = ask.fact()
    measure, column = ask.measure(fact.table), _column(ask, fact)
    if measure is None or column is None or not _plain(measure) or measure.subject not in (None, fact.table):
        return None
    first, second = (text_filter(ask.world, ask.rng, column) for _ in range(2))
    if first is None or second is None or first.sql == second.sql:
        return None
    ask.protect(first.said, second.said)
    sides = [ask.scope(measure, [one]) for one in (first, second)]
    timed = ask.time(fact.table, 0.45)
    conditions = _more(ask, fact, column)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(column.table,))
    block.items = [" - ".join(f"{measure.sql} FILTER (WHERE {one.sql})" for one in (first, second))]
    slots: dict[str, Slot] = dict(a=sides[0], b=sides[1], name=measure.names[:3], scope=ask.scope(measure, conditions),
                                  one=first.bare[0], two=second.bare[0])  # fmt: skip
    if measure.kind == "count" and ask.chance(0.7):
        slots |= dict(things=ask.things(fact.table, conditions))
        return Draft(ask.compose(_COUNTED, timed=timed, **slots), block.sql())
    frames = ask.rng.choices((_MINUS, _VALUES, _FELL), (4, 3, 1))[0]
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _column(ask: Ask, fact: Entity) -> ColumnRole | None:
    """An attribute, or the name of what the rows refer to, with two values at least; small tables' names more often."""
    world = ask.world
    options = [
        c for t in world.reach_of(fact.table).path for c in world.entities[t].columns
        if (c.role == "dimension" or t != fact.table and world.entities[t].labels == (c.index,)) and len(world.texts(c.index)) > 1
    ]  # fmt: skip
    return ask.rng.choices(options, [world.prominence(c) for c in options])[0] if options else None


def _more(ask: Ask, fact: Entity, column: ColumnRole) -> list[Filter]:
    """One condition more now and then, on another table than the two values."""
    found = ask.filters(fact.table, 1, avoid=(column.index,)) if ask.chance(0.3) else []
    return [one for one in found if one.table != column.table]


def difference_of_periods(ask: Ask) -> Draft | None:
    """aggregate FILTER (later period) - aggregate FILTER (earlier period), or the other way round."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    periods = two_periods(ask, column) if column is not None else None
    if column is None or measure is None or periods is None or not _plain(measure):
        return None
    sides = [*reversed(periods)] if ask.chance(0.75) else [*periods]
    conditions = ask.filters(fact.table, 1)
    block = ask.select(fact.table, conditions, measure=measure, tables=(ask.world.schema.owner[column],))
    block.items = [" - ".join(f"{measure.sql} FILTER (WHERE {one.sql(ask.world.ref(column))})" for one in sides)]
    figure = ask.figure(measure, conditions)
    slots: dict[str, Slot] = dict(a=f"in {sides[0].full}", b=f"in {sides[1].full}", **figure)
    frames = _FELL if ask.chance(0.2) else _MINUS
    return Draft(ask.compose(tuple(frame.replace(" {when}", "") for frame in frames), **slots), block.sql())
