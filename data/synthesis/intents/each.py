"""The best of each by more than one row, and the best period of each: two best-paid people per store, strongest month a year."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.intents.extremes import plain_words, special_words
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.times import number

_ROWS = (
    "the {n} {things} with the {word} {column} in each {group}",
    "{n} {things} with the {word} {column} [per|for each] {group}",
    "[show|list|find|give me] the {n} {things} with the {word} {column} of [each|every] {group}",
    "for [each|every] {group}, the {n} {things} with the {word} {column}",
    "[top|] {n} {things} by {column} [in|of] each {group}",
    "which {n} {things} have the {word} {column} in [each|every] {group}",
)
_SPECIAL = (
    "the {n} {special} {things} [in|of] [each|every] {group}",
    "{n} {special} {things} [per|for each] {group}",
    "[show|list|find|give me] [the|] {n} {special} {things} [in|of|for] each {group}",
    "[in|for] [each|every] {group}, [who|which] are the {n} {special} {things}",
    "[who|which] are the {n} {special} {things} [in|of] each {group}",
    "per {group}: the {n} {special} {things}",
    "the {n} {special} {things} in each {group}, with [their|the] {column}",
)
_PERIOD = (
    "which {unit} was the [strongest|best|most successful] of each {whole} by {name}",
    "which {unit} of each {whole} [had|saw|brought] {most}",
    "[what|which] was the {best} {unit} of [each|every] {whole} [by|in terms of|in] {name}",
    "for each {whole}, the {unit} with {most} {scope}",
    "the {unit} with {most} {scope} in [each|every] {whole}",
    "[show|find|list|give me] the {best} {unit} [of|in|for] each {whole} by {name} {scope}",
    "{best} {unit} per {whole} by {name}",
    "in which {unit} [did|was] {name} {scope} [peak|highest] [in|] each {whole}",
)
_PERIOD_OF = (
    "which {unit} was the [strongest|best] of each {dim} by {name} {when}",
    "the {best} {unit} of [each|every] {dim} by {name} {when}",
    "for each {dim}, the {unit} with {most} {when}",
    "{best} {unit} per {dim} by {name} {when}",
    "in which {unit} did each {dim} have {most} {when}",
    "[show|find|list] [each|every] {dim}'s {best} {unit} by {name} {when}",
)


def rows_of_each(ask: Ask) -> Draft | None:
    """QUALIFY ROW_NUMBER() OVER (PARTITION BY group ORDER BY column) <= n, mostly of one kind or place."""
    entity = ask.subject(labelled=True)
    columns = entity.with_role("measure", "date") if entity else []
    group = ask.dimension(entity.table, flags=False) if entity else None
    if entity is None or not columns or group is None:
        return None
    column, high = ask.rng.choice(columns), ask.chance(0.7)
    if column.index in group.columns:
        return None
    avoid = (column.index, *group.columns)
    conditions = ask.filters(entity.table, 1, avoid=avoid) if ask.chance(0.5) else []
    if ask.chance(0.4):
        one = ask.kind(entity.table, avoid, named=True, far=2)
        conditions = [one] if one and group.table not in ask.world.reach_of(one.table).path else []
    count, ref = ask.rng.choice((1, 2, 2, 2, 3, 3, 5)), ask.world.ref(column.index)
    block = ask.select(entity.table, conditions, tables=(group.table,))
    block.items = [*group.show, *(ask.world.ref(c) for c in entity.labels), ref]
    order = f"PARTITION BY {group.group[0]} ORDER BY {ref} {'DESC' if high else 'ASC'}"
    block.qualify = [f"ROW_NUMBER() OVER ({order}) {'=' if count == 1 else '<='} {count}"]
    special = special_words(column, high)
    noun = column_noun(ask.world, column, ask.rng, entity.table)
    things = ask.things(entity.table, conditions, noun=ask.noun(entity) if count == 1 else "")
    frames: tuple[str, ...] = _SPECIAL if special and ask.chance(0.6) else _ROWS
    if not high or column.role == "date":
        frames = tuple(f for f in frames if "top" not in f)
    if count == 1:
        frames = tuple(
            f.replace(" {n}", "").replace("{n} ", "").replace(" are ", " is ").replace(" have ", " has ") for f in frames
        )
    return Draft(
        ask.compose(
            frames,
            n=number(ask.rng, count, 0.6),
            things=things,
            word=plain_words(column, high),
            special=special or ("",),
            column=noun,
            group=group.noun,
        ),
        block.sql(),
    )


def period_of_each(ask: Ask) -> Draft | None:
    """The month or quarter with the most of every year, or of every row of a dimension."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.business(fact.table)
    if column is None or measure is None:
        return None
    unit, high, ref = ask.rng.choice(("month", "month", "quarter")), ask.chance(0.85), ask.world.ref(column)
    when = time_dimension(ask.world, column, unit)
    conditions = ask.filters(fact.table, 1) if ask.chance(0.3) else []
    order = f"ORDER BY {measure.sql} {'DESC' if high else 'ASC'}"
    best = ("best", "strongest") if high else ("worst", "weakest")
    if ask.chance(0.65):
        block = ask.select(fact.table, conditions, measure=measure, tables=(when.table,))
        year = f"YEAR({ref})"
        block.items, block.group = [year, when.show[0], measure.sql], [year, when.show[0]]
        block.qualify = [f"ROW_NUMBER() OVER (PARTITION BY {year} {order}) = 1"]
        figure = ask.figure(measure, conditions)
        frames = tuple(f if "{scope}" in f else f"{f} {{scope}}" for f in _PERIOD)
        frames = frames if high else tuple(f for f in frames if not {"peak", "strongest"} & set(f.replace("|", " ").split()))
        return Draft(
            ask.compose(
                frames,
                unit=unit,
                whole="year",
                best=best,
                name=figure["name"],
                scope=figure["scope"],
                most=figure["most" if high else "least"],
            ),
            block.sql(),
        )
    dimension, timed = ask.dimension(fact.table, flags=False), ask.time(fact.table, 0.5)
    if dimension is None or dimension.unit or measure.subject == dimension.table and dimension.entity:
        return None
    if timed and timed.shorter_than(300):
        timed = None
    block = ask.select(fact.table, [], timed, measure=measure, tables=(when.table, dimension.table))
    block.items = [*dimension.show, when.show[0], measure.sql]
    block.group = list(dict.fromkeys((*dimension.group, when.show[0])))
    block.qualify = [f"ROW_NUMBER() OVER (PARTITION BY {dimension.group[0]} {order}) = 1"]
    frames = _PERIOD_OF if high else tuple(f for f in _PERIOD_OF if "strongest" not in f)
    return Draft(
        ask.compose(
            frames,
            timed=timed,
            unit=unit,
            dim=dimension.noun,
            best=best,
            name=measure.names,
            most=measure.most if high else measure.least,
        ),
        block.sql(),
    )
