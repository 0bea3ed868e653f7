"""Rows whose number is zero, which is said as having none of it: "lines without any discount", "share sold at no discount"."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.measures import column_noun

_WITHOUT = (
    "without [any|a|] {column}",
    "with no {column} [at all|]",
    "with zero {column}",
    "on which there [was|is] no {column}",
    "that [had|have|got] no {column}",
    "with a {column} of zero",
)
_WITH = ("with a {column}", "with [any|some] {column} [at all|]", "that [had|have|got] a {column}", "with a non-zero {column}")
_SHARE = (
    "what {word} of {things} {when} [was|were|are] {x}",
    "{word} of {things} {x} {when}",
    "the {word} of {things} {x} {when}",
    "[show|give me|calculate] the {word} of {things} {x} {when}",
    "of [all|the] {things} {when}, what {word} [is|are|was] {x}",
)
_COUNT = (
    "how many {things} {x} [were there|are there|do we have|] {when}",
    "number of {things} {x} {when}",
    "{things} {x} {when}: how many",
    "[count|count the|count all] {things} {x} {when}",
    "how many {things} {when} [are|were] {x}",
)
_FIGURE = (
    "{name} {when} [from|of] {things} {x}",
    "what [{is}|{was}] [the|] {name} of {things} {x} {when}",
    "{name}, only {things} {x} {when}",
    "[show|give me] [the|] {name} of {things} {x} {when}",
)
_LIST = (
    "which {things} are {x}",
    "{things} {x}",
    "[show|list|find|give me] [all|the|] {things} {x}",
    "names of [all|the|] {things} {x}",
)


def nothing(ask: Ask) -> Draft | None:
    """A number column = 0, or > 0: the share, how many, a figure of those rows, or their names."""
    world = ask.world
    options = [
        (e, c)
        for e in world.entities
        for c in e.with_role("measure")
        if (c.unit == "rate" or c.additive and not c.revenue)
        and 0 in world.numbers(c.index)
        and not world.schema.columns[c.index].nullable
    ]
    if not options:
        return None
    entity, column = ask.rng.choice(options)
    none = ask.chance(0.75)
    noun = column_noun(world, column, ask.rng, entity.table)
    conditions = ask.filters(entity.table, 1, avoid=(column.index,)) if ask.chance(0.4) else []
    timed, test = ask.time(entity.table, 0.5), f"{world.ref(column.index)} {'=' if none else '>'} 0"
    x = ask.rng.choice(_WITHOUT if none else _WITH)
    frame_slots = dict(things=ask.things(entity.table, conditions), column=noun)

    def frames(options: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f.replace("{x}", x) for f in options)

    block = ask.select(entity.table, conditions, timed)
    kind = ask.rng.choice(("share", "share", "count", "count", "figure", "list"))
    if kind == "share":
        percent = ask.chance(0.5)
        block.items = [f"{'100.0 * ' if percent else ''}COUNT(*) FILTER (WHERE {test}) / COUNT(*)"]
        return Draft(ask.compose(frames(_SHARE), timed=timed, word=word_of(percent), **frame_slots), block.sql())
    measure = ask.measure(entity.table) if kind == "figure" else None
    if measure and measure.kind != "count" and column.index != measure.column:
        block = ask.select(entity.table, conditions, timed, measure=measure)
        block.where.append(test)
        block.items = [measure.sql]
        return Draft(ask.compose(frames(_FIGURE), timed=timed, name=measure.names, **frame_slots), block.sql())
    if kind == "list" and entity.labels and timed is None:
        block.where.append(test)
        block.items = [world.ref(c) for c in entity.labels]
        return Draft(ask.compose(frames(_LIST), **frame_slots), block.sql())
    block.where.append(test)
    block.items = ["COUNT(*)"]
    return Draft(ask.compose(frames(_COUNT), timed=timed, **frame_slots), block.sql())
