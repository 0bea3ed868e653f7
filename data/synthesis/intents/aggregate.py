"""One figure, or a few, over all rows or some: sums, averages, extremes, business figures."""

from __future__ import annotations

from nl2sql.data.synthesis import measures
from nl2sql.data.synthesis.ask import Ask, Draft

_PLAIN = (
    "what [{is}|{was}] the {name} {scope} {when}",
    "what [{is}|{was}] [our|the] {name} {scope} {when}",
    "[show|give|tell] me the {name} {scope} {when}",
    "[find|calculate|compute|get|show|return|report] the {name} {scope} {when}",
    "{name} {scope} {when}",
    "i [need|want] the {name} {scope} {when}",
    "what about [the|] {name} {scope} {when}",
)
_MASS = (
    "how much {mass} [did we make|did we have|was there|did we get|was generated|came in] {scope} {when}",
    "how much {mass} [did we make|was made|did we generate] {scope} {when}",
)
_KEYWORDS = (
    "{name} {scope} {when}",
    "{name} {when} {scope}",
    "{when} {name} {scope}",
    "{scope_bare} {name} {when}",
    "{name} {scope_bare} {when}",
)
_OF_THINGS = (
    "what [{is}|{was}] the {name} of [all|the|] {things}",
    "[show|give|tell] me the {name} of [all|] {things}",
    "[find|calculate|compute|get|return] the {name} of [all|the|] {things}",
    "what [{is}|{was}] the {name} [for|of|across|among] {things}",
    "{name} of {things}",
    "what {name} do {things} have",
)
_SEVERAL = (
    "what are the {list} of [all|the|] {things}",
    "[show|give me|find|list|return] the {list} [of|for] [all|] {things}",
    "[compute|calculate] the {list} [of|for|across] {things}",
    "{list} of {things}",
)


def aggregate(ask: Ask) -> Draft | None:
    """One aggregate, narrowed by conditions and a time."""
    fact = ask.fact()
    measure = ask.measure(fact.table)
    if measure is None or measure.sql == "COUNT(*)":
        return None
    conditions = ask.filters(fact.table, avoid=(measure.column,) if measure.column is not None else ())
    timed = ask.time(fact.table, 0.55)
    block = ask.select(fact.table, conditions, timed, measure=measure)
    block.items = [measure.sql]
    if measure.kind in ("average", "extreme") and not (conditions and ask.chance(0.2)):
        things = ask.things(fact.table, conditions, timed)
        return Draft(ask.compose(_OF_THINGS, "{name} {things}", name=measure.names, things=things), block.sql())
    bare = " ".join(ask.rng.choice(c.bare) for c in conditions if c.bare)
    figure = ask.figure(measure, conditions)
    if not figure["scope"]:
        bare = ""
    frames = (*_PLAIN, *_MASS, *_MASS) if measure.mass else _PLAIN
    question = ask.compose(
        frames,
        _KEYWORDS,
        timed=timed,
        mass=measure.mass or ("",),
        scope_bare=bare if len([c for c in conditions if c.bare]) == len(conditions) else str(figure["scope"]),
        **figure,
    )
    return Draft(question, block.sql())


def several(ask: Ask) -> Draft | None:
    """Average, minimum and maximum of one column together."""
    fact = ask.fact()
    columns = fact.with_role("measure")
    if not columns:
        return None
    column = ask.rng.choice(columns)
    noun = measures.column_noun(ask.world, column, ask.rng, fact.table)
    functions = ask.rng.sample(
        [("AVG", "average"), ("MIN", "minimum"), ("MAX", "maximum"), ("MIN", "lowest"), ("MAX", "highest")],
        ask.rng.choice((2, 2, 3)),
    )
    if len({sql for sql, _ in functions}) < len(functions):
        return None
    conditions = ask.filters(fact.table, 1, avoid=(column.index,))
    block = ask.select(fact.table, conditions)
    block.items = [f"{sql}({ask.world.ref(column.index)})" for sql, _ in functions]
    words = [word for _, word in functions]
    listed = f"{', '.join(words[:-1])} and {words[-1]} {noun}"
    return Draft(ask.compose(_SEVERAL, "{list} {things}", list=listed, things=ask.things(fact.table, conditions)), block.sql())
