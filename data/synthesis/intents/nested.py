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
    conditions = ask.filters(entity.table, 1, avoid=(column.index,)) if ask.chance(0.5) else []
    frame = ask.rng.choice(_ABOVE)
    everybody = bool(conditions) and ask.chance(0.7)  # else the average is that of the same rows
    block = ask.select(entity.table, conditions)
    block.items = ["COUNT(*)"] if frame.startswith("how many") else [ask.world.ref(c) for c in entity.labels]
    inner = ask.select(entity.table, () if everybody else conditions)
    inner.items = [f"AVG({ref})"]
    block.where.append(f"{ref} {'>' if high else '<'} ({inner.sql()})")
    noun = column_noun(ask.world, column, ask.rng, entity.table)
    slots = dict(
        side="above" if high else "below", more="higher" if high else "lower", column=noun, a="an" if noun[0] in "aeio" else "a"
    )
    tail = ""
    if conditions:
        others = ask.things(entity.table) if everybody else ask.things(entity.table, conditions)
        tail = (
            f" {ask.rng.choice(('of all', 'over all', 'for all', 'among all') if everybody else ('of', 'among', 'for'))} {others}"
        )
    return Draft(ask.compose(frame + tail, things=ask.things(entity.table, conditions), **slots), block.sql())


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


def against_group(ask: Ask) -> Draft | None:
    """column > (SELECT MAX, MIN or AVG of the column over other rows): "dearer than every toy"."""
    entity = ask.subject(labelled=True)
    columns = entity.with_role("measure") if entity else []
    if entity is None or not columns:
        return None
    column = ask.rng.choice(columns)
    kind, frame = ask.rng.choice(
        (("MAX", "every"), ("MAX", "all"), ("MAX", "any of the"), ("AVG", "the average of"), ("MIN", "all"), ("MIN", "every"))
    )
    other = ask.filter(entity.table, avoid=(column.index, *entity.labels))
    own = ask.filters(entity.table, 1, avoid=(column.index,))
    if other is None or other.column in (c.column for c in own):
        return None
    ref, high = ask.world.ref(column.index), kind == "MAX" or kind == "AVG" and ask.chance(0.7)
    inner = ask.select(entity.table, [other])
    inner.items = [f"{kind}({ref})"]
    block = ask.select(entity.table, own)
    counted = ask.chance(0.3)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in entity.labels]
    block.where.append(f"{ref} {'>' if high else '<'} ({inner.sql()})")
    many = ask.things(entity.table, [other])
    one = ask.things(entity.table, [other], noun=entity.noun)
    rest = one if frame == "every" else many
    more = _COMPARATIVES.get(
        column.noun.rpartition(" ")[2], (("with a higher {c}", "whose {c} is higher"), ("with a lower {c}", "whose {c} is lower"))
    )
    word = ask.rng.choice(more[0 if high else 1]).replace("{c}", ask.rng.choice(column.nouns[:2]))
    frames = (f"how many {{things}} [are there|] {word} than {frame} {{rest}}",
    f"number of {{things}} {word} than {frame} {{rest}}") if counted else (
        f"[list the|show the|find|all] {{things}} {word} than {frame} {{rest}}", f"{{things}} {word} than {frame} {{rest}}",
    )  # fmt: skip
    return Draft(ask.compose(frames, things=ask.things(entity.table, own), rest=rest), block.sql())


_COMPARATIVES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "price": (("that cost more", "dearer", "more expensive", "priced higher"), ("that cost less", "cheaper", "less expensive")),
    "salary": (("who earn more", "paid more", "who make more"), ("who earn less", "paid less")),
    "area": (("that are larger", "bigger", "with more space"), ("that are smaller", "smaller", "with less space")),
    "weight": (("heavier",), ("lighter",)),
    "height": (("taller",), ("shorter",)),
}
