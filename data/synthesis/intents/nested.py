"""Rows compared with an average, an extreme or another row; groups compared with the average group."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.measures import column_noun, sum_of

_ABOVE = (
    "which {things} have {a} {column} [{side} the average|{side} average]",
    (
        "[show|list|find|give me] [the|all|all the|] {things} with {a} {column} [{side} the average|{side} "
        "average|{side} the average {column}]"
    ),
    "{things} [whose {column} is|with {column}] {side} [the|] average",
    "[show|list|find] {things} [whose|where the] {column} is {more} than [the|] average",
    "how many {things} have {a} {column} {side} [the|] average",
)
_SAME = (
    "which {things} have a {more} {column} than {row}",
    "[show|list|find|give me] [the|all|] {things} with a {more} {column} than {row}",
    "{things} with a {more} {column} than {row}",
    "how many {things} have a {more} {column} than {row}",
)
_GROUPS = (
    "which {dims} [have|had] {name} [above|over|higher than] [the|] average [of all {dims}|]",
    "[show|list|find] [the|all|] {dims} whose {name} is [above|higher than] the average [{dim}|of all {dims}]",
    "{dims} with above average {name}",
)


def against_average(ask: Ask) -> Draft | None:
    """column > (SELECT AVG(column) FROM the same table), listed or counted."""
    entity = ask.subject(labelled=True)
    columns = entity.with_role("measure") if entity else []
    if entity is None or not columns:
        return None
    column = ask.rng.choice(columns)
    high, ref = ask.chance(0.7), ask.world.ref(column.index)
    conditions = ask.filters(entity.table, 1, avoid=(column.index,), tables=(entity.table,)) if ask.chance(0.2) else []
    frame = ask.rng.choice(_ABOVE if not conditions else _ABOVE[:4])
    block = ask.select(entity.table, conditions)
    block.items = ["COUNT(*)"] if frame.startswith("how many") else [ask.world.ref(c) for c in entity.labels]
    inner = ask.select(entity.table)
    inner.items = [f"AVG({ref})"]
    block.where.append(f"{ref} {'>' if high else '<'} ({inner.sql()})")
    noun = column_noun(ask.world, column, ask.rng, entity.table)
    slots = dict(
        side="above" if high else "below", more="higher" if high else "lower", column=noun, a="an" if noun[0] in "aeio" else "a"
    )
    return Draft(ask.compose(frame, things=ask.things(entity.table, conditions), **slots), block.sql())


def against_row(ask: Ask) -> Draft | None:
    """column > (SELECT column FROM the same table WHERE name = ...)."""
    entity = ask.subject(labelled=True)
    columns = entity.with_role("measure") if entity else []
    if entity is None or not columns or len(entity.labels) > 1 or not ask.world.texts(entity.labels[0]):
        return None
    column, value = ask.rng.choice(columns), ask.rng.choice(ask.world.texts(entity.labels[0]))
    high, ref = ask.chance(0.7), ask.world.ref(column.index)
    ask.protect(value)
    inner = ask.select(entity.table)
    inner.items, inner.where = [ref], [f"{ask.world.ref(entity.labels[0])} = {literal(value)}"]
    frame = ask.rng.choice(_SAME)
    block = ask.select(entity.table)
    block.items = ["COUNT(*)"] if frame.startswith("how many") else [ask.world.ref(entity.labels[0])]
    block.where = [f"{ref} {'>' if high else '<'} ({inner.sql()})"]
    row = value if entity.person or ask.chance(0.6) else f"the {entity.noun} {value}"
    noun = column_noun(ask.world, column, ask.rng, entity.table)
    return Draft(
        ask.compose(frame, things=ask.things(entity.table), more="higher" if high else "lower", column=noun, row=row), block.sql()
    )


def groups_above_average(ask: Ask) -> Draft | None:
    """Groups whose total is above the mean of all groups' totals, by a WITH query."""
    fact = ask.fact()
    columns = [c for c in fact.with_role("measure") if c.additive]
    dimension = ask.dimension(fact.table, attributes=False)
    if not columns or dimension is None:
        return None
    measure = sum_of(ask.world, ask.rng.choice(columns), ask.rng)
    block = ask.select(fact.table, measure=measure, tables=(dimension.table,))
    names = [f"label_{i}" for i in range(1, len(dimension.show) + 1)]
    block.items = [*(f"{sql} AS {name}" for sql, name in zip(dimension.show, names, strict=True)), f"{measure.sql} AS total"]
    block.group = list(dimension.group)
    shown = ", ".join((*names, "total"))
    sql = f"WITH totals AS ({block.sql()}) SELECT {shown} FROM totals WHERE total > (SELECT AVG(total) FROM totals)"
    return Draft(ask.compose(_GROUPS, dims=dimension.plural, dim=dimension.noun, name=measure.names), sql)
