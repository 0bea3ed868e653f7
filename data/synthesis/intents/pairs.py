"""Two things side by side: a row with the name of what it belongs to, two measures of every group."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft

_WITH = (
    (
        "[list|show|give me|find] [the|all|all the|] {things} [and|with|together with|along with] [their|the|the name of "
        "their] {other}"
    ),
    "[list|show] each {thing} [and|with] [its|the|the name of its] {other}",
    "which {other} does each {thing} [belong to|have]",
    "{things} [and|with] their {others}",
    "for each {thing}, [show|list] the {other}",
)
_BOTH = (
    "[show|what is|give me|list|find] the {first} and [the|] {second} [by|per|for each|of each] {dim} {scope} {when}",
    "{first} and {second} [by|per|for each] {dim} {scope} {when}",
    "for each {dim}, [show|list|give me] the {first} and [the|] {second} {scope} {when}",
    "[break down|show] {first} as well as {second} by {dim} {scope} {when}",
)


def with_neighbour(ask: Ask) -> Draft | None:
    """SELECT labels, labels of a table that the rows refer to."""
    entity = ask.subject(labelled=True)
    near = (
        [t for t, path in ask.world.reach_of(entity.table).path.items() if len(path) == 1 and ask.world.entities[t].labels]
        if entity
        else []
    )
    if entity is None or not near:
        return None
    other = ask.world.entities[ask.rng.choice(near)]
    conditions = ask.filters(entity.table, 1, avoid=other.labels) if ask.chance(0.4) else []
    block = ask.select(entity.table, conditions, tables=(other.table,))
    block.items = [ask.world.ref(c) for c in (*entity.labels, *other.labels)]
    noun, thing = ask.noun(other), ask.noun(entity)
    frames = (_WITH[0], _WITH[3]) if conditions else _WITH
    slots = dict(things=ask.things(entity.table, conditions), thing=thing, other=noun, others=lexicon.plural(noun))
    return Draft(ask.compose(frames, "{things} with {other}", **slots), block.sql())


def two_measures(ask: Ask) -> Draft | None:
    """Two aggregates of the same rows for every group."""
    fact = ask.fact()
    first, second, dimension = ask.measure(fact.table), ask.measure(fact.table), ask.dimension(fact.table)
    if first is None or second is None or dimension is None or first.sql == second.sql:
        return None
    if dimension.entity and dimension.table in (first.subject, second.subject):
        return None
    conditions, timed = ask.filters(fact.table, 1, avoid=dimension.columns) if ask.chance(0.3) else [], ask.time(fact.table, 0.35)
    block = ask.select(fact.table, conditions, timed, tables=(dimension.table, *first.tables, *second.tables))
    block.items, block.group = [*dimension.show, first.sql, second.sql], list(dimension.group)
    for measure in (first, second):
        block.subject = measure.subject
        sql = block.sql()  # raises where one of the two would be counted from the wrong table
    slots = dict(first=first.names, second=second.names, dim=dimension.noun, scope=ask.scope(first, conditions))
    return Draft(ask.compose(_BOTH, "{first} and {second} by {dim} {scope} {when}", timed=timed, **slots), sql)
