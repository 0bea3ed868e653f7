"""One figure, or a few, over all rows or some: sums, averages, extremes, business figures."""

from __future__ import annotations

from nl2sql.data.synthesis import measures
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.roles import Entity

_PLAIN = (
    "what [{is}|{was}] the {name} {scope} {when}",
    "what [{is}|{was}] [our|the] {name} {scope} {when}",
    "[show|give|tell] me the {name} {scope} {when}",
    "[find|calculate|compute|get|show|return|report] the {name} {scope} {when}",
    "{name} {scope} {when}",
    "i [need|want] the {name} {scope} {when}",
    "what about [the|] {name} {scope} {when}",
    "how [high|much|large|big] [{is}|{was}] [the|our] {name} {scope} {when}",
    "[the|our] {name} {scope} {when}",
    "{scope}, what [{is}|{was}] the {name} {when}",
    "how did we do in {name} {scope} {when}",
    "what {name} [did|do] we [have|reach|get|achieve|make] {scope} {when}",
    "{name} {when} {scope}, please",
    "what did the {name} {scope} come to {when}",
    "what does the {name} {scope} {when} amount to",
    "{name} in total {scope} {when}",
)
_MASS = (
    "how much {mass} [did we make|did we have|was there|did we get|was generated|came in] {scope} {when}",
    "how much {mass} [did we make|was made|did we generate] {scope} {when}",
)
_TAKEN = (  # revenue without its name
    "how much [did we sell|have we sold|was sold] {scope} {when}", "what did we sell {scope} {when}, in money",
    "how much [money|] [did we make|did we earn|came in|was made|was earned|did we take] {scope} {when}",
    "what [did we earn|was sold for in all|were our takings|came in] {scope} {when}",
    "[total|] [takings|money taken] {scope} {when}",
    "how much [business|money] did we [do|bring in] {scope} {when}", "for how much did we sell {scope} {when}",
)  # fmt: skip
_SUMS: dict[str, tuple[str, ...]] = {  # by the last word of what is summed up, less "amount" and "total"
    "refund": (
        "how much [money|] did we [refund|pay back|give back|reimburse] {scope} {when}",
        "how much [was refunded|was paid back|went back to customers|money went back] {scope} {when}",
        "[total|] refunds [paid|paid out|given|] {scope} {when}", "what did refunds {scope} come to {when}",
    ),
    "salary": (
        "[what do we|how much do we] pay [in|for] salaries {scope} {when}", "[total|our|the] payroll {scope} {when}",
        "how much do we spend on [salaries|wages|staff] {scope} {when}", "wage bill {scope} {when}",
    ),
    "payment": ("how much was paid {scope} {when}", "how much money did we receive {scope} {when}"),
    "donation": ("how much was donated {scope} {when}", "how much money was given {scope} {when}"),
    "cost": ("how much did we [spend|pay] {scope} {when}", "[total|] costs {scope} {when}"),
    "budget": ("how much [money is|was] budgeted {scope} {when}", "[total|overall] budget {scope} {when}"),
}
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
_SEVERAL_BY = (
    "[show|give me|what are] the {list} [by|per|for each|in each] {dim}",
    "for each {dim}, [show|give me|what are|list] the {list}",
    "{list} [by|per] {dim}", "[list|compute] {list} [by|per|for every] {dim}", "[by|per] {dim}: {list}",
)  # fmt: skip
_SEVERAL_OF_BY = (
    "[show|give me|what are] the {list} of {things} [by|per|for each] {dim}",
    "for each {dim}, [show|list] the {list} of {things}",
    "{list} of {things} [by|per] {dim}", "[by|per] {dim}: {list} of {things}",
    "[compute|calculate] {list} of {things} for every {dim}",
)  # fmt: skip
_FIRST_LAST = (
    "what are the [first|earliest] and [last|latest] {date} of [all|the|] {things}",
    "[from when to when|over which dates] do {things} [run|go|reach]", "[first|earliest] and [last|latest] {date} of {things}",
    "[oldest|first|earliest] and [newest|last|latest] date of {things}",
    "[first|earliest] and [last|latest] day [with|of] {things}",
    "on which days were the first and the last of the {things}", "[date|day] of the first and of the last of {things}",
    "when were the first and the last of the {things}",
)  # fmt: skip
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
    frames: tuple[str, ...] = (*_PLAIN, *_MASS, *_MASS) if measure.mass else _PLAIN
    if measure.mass and measure.kind == "sum" and measure.plain and ask.chance(0.25):
        frames = _TAKEN
    elif measure.kind == "sum" and measure.column is not None and ask.chance(0.6):
        words = ask.world.columns[measure.column].noun.removesuffix(" amount").removesuffix(" total")
        frames = _SUMS.get(words.rpartition(" ")[2], frames)
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
    """Average, minimum and maximum of one column together, over all rows or for every group."""
    fact = ask.fact()
    columns = fact.with_role("measure")
    dates = [c for c in fact.with_role("date") if c.index == fact.main_date]
    if dates and ask.chance(0.35):
        return _first_and_last(ask, fact, dates[0])
    if not columns:
        return None
    column = ask.rng.choice(columns)
    noun = measures.column_noun(ask.world, column, ask.rng, fact.table)
    options = [("AVG", ask.rng.choice(("average", "mean", "average"))), ("MIN", ask.rng.choice(("minimum", "lowest",
    "smallest"))),
               ("MAX", ask.rng.choice(("maximum", "highest", "largest")))]  # fmt: skip
    functions = ask.rng.sample(options, ask.rng.choice((2, 2, 3, 3)))
    conditions = ask.filters(fact.table, 1, avoid=(column.index,))
    dimension = ask.dimension(fact.table) if ask.chance(0.5) else None
    if dimension and set(dimension.columns) & {column.index, *(c.column for c in conditions)}:
        dimension = None
    block = ask.select(fact.table, conditions, tables=(dimension.table,) if dimension else ())
    block.items = [f"{sql}({ask.world.ref(column.index)})" for sql, _ in functions]
    words = [word for _, word in functions]
    listed = ask.rng.choice(
        (f"{', '.join(words[:-1])} and {words[-1]} {noun}", f"{', the '.join(words[:-1])} and the {words[-1]} {noun}")
    )
    things = ask.things(fact.table, conditions)
    if dimension is None:
        return Draft(ask.compose(_SEVERAL, "{list} {things}", list=listed, things=things), block.sql())
    block.items, block.group = [*dimension.show, *block.items], list(dimension.group)
    frames, keywords = (_SEVERAL_OF_BY, "{list} {things} by {dim}") if conditions else (_SEVERAL_BY, "{list} by {dim}")
    return Draft(ask.compose(frames, keywords, list=listed, things=things, dim=dimension.noun), block.sql())


def _first_and_last(ask: Ask, fact: Entity, column: ColumnRole) -> Draft:
    """MIN and MAX of the date when rows happened."""
    conditions = ask.filters(fact.table, 1, avoid=(column.index,)) if ask.chance(0.4) else []
    block = ask.select(fact.table, conditions)
    ref = ask.world.ref(column.index)
    block.items = [f"MIN({ref})", f"MAX({ref})"]
    return Draft(ask.compose(_FIRST_LAST, things=ask.things(fact.table, conditions), date=column.noun), block.sql())
