"""Shares and percentages of a total: of one value, or of every group."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.measures import Measure

_EACH = (
    "what {word} of [the|] {name} [comes from|belongs to|is due to] each {dim} {when}",
    "[show|give me|compute|calculate|find] each {dim}'s {word} of [the|] [total|] {bare} {when}",
    "{word} of [total|] {bare} [by|per|for each] {dim} {when}",
    "[show|what is|what was] the {word} of [total|] {bare} [by|per|for each] {dim} {when}",
    "how [{is}|{was}] [the|] {name} distributed [across|over|among] {dims} in {percent} {when}",
    "what {word} of [the|] {name} does each {dim} [have|account for|make up|contribute] {when}",
    "for each {dim}, [what|show the|the] {word} of [the|all|total|] {bare} {when}",
    "{dims} with their {word} of [total|the|all] {bare} {when}",
    "how much does each {dim} [contribute|add] to [the|total] {bare}, as a {word} {when}",
    "break down [total|the|] {bare} into {dims}, each with its {word} {when}",
    "{word} that [each|every] {dim} has [in|of] [total|all|the] {bare} {when}",
    "split of {bare} [by|across] {dim} as a {word} {when}",
)
_EACH_KEYWORDS = ("{bare} {word} by {dim} {when}", "{word} of {bare} by {dim} {when}", "{dim} {word} of {bare} {when}")
_ONE = (
    "what {word} of [the|all|] {bare} [comes from|is from|was from|is due to] {part} {when}",
    "what {word} of [the|] [total|] {bare} [did|do] {part} [account for|make up|contribute] {when}",
    (
        "[show|compute|calculate|find|give me|what is|what was] the {word} of [the|total|] {bare} [from|that comes from] "
        "{part} {when}"
    ),
    "{word} of {bare} from {part} {when}",
    "how much of [the|all|our|] {bare} [comes|came] from {part}, as a {word} {when}",
    "{part}: {word} of [total|all|the] {bare} {when}",
    "what {word} do {part} [have|make up] of [total|all|the|] {bare} {when}",
    "[the|our] {word} of {bare} [made with|earned with|due to|from] {part} {when}",
    "what {word} of {bare} [is|was] [made|earned] [with|by|through] {part} {when}",
)
_ROWS = (
    "what {word} of [the|all|] {things} [are|were] {state} {when}",
    "what {word} of {things} [have|has] {clause} {when}",
    "[show|compute|calculate|give me|what is|what was] the {word} of {things} {post} {when}",
    "{word} of {things} {post} {when}",
)
_ROWS_ANY = (
    "how [big|large|high] is the {word} of {things} {post} {when}", "{word} of all {things}: those {post} {when}",
    "of [all|the|our] {things}, what {word} is {post} {when}",
    "[the|] {word} of [our|all|the] {things} {post} {when}",
)  # fmt: skip


def word_of(percent: bool) -> tuple[str, ...]:
    """What a share is called: a fraction of one, or out of a hundred."""
    return ("percentage", "percentage", "percent") if percent else ("share", "share", "fraction", "proportion")


def _bare(measure: Measure, ask: Ask) -> str:
    return (
        ask.rng.choice(measure.names)
        .removeprefix("total ")
        .removeprefix("overall ")
        .removeprefix("combined ")
        .removeprefix("sum of ")
        .removeprefix("number of ")
    )


def share_of_each(ask: Ask) -> Draft | None:
    """SUM(x) / SUM(SUM(x)) OVER () for every group."""
    fact = ask.fact()
    measure, dimension = ask.measure(fact.table, additive=True), ask.dimension(fact.table)
    if (
        measure is None
        or dimension is None
        or "DISTINCT" in measure.sql
        or dimension.table == measure.subject
        and dimension.entity
    ):
        return None
    percent, timed = ask.chance(0.55), ask.time(fact.table, 0.4)
    conditions = ask.filters(fact.table, 2 if ask.chance(0.3) else 1, avoid=dimension.columns) if ask.chance(0.55) else []
    scope = ask.scope(measure, conditions)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    ratio = f"{measure.sql} / SUM({measure.sql}) OVER ()"
    block.items, block.group = [*dimension.show, f"100.0 * {ratio}" if percent else ratio], list(dimension.group)
    frames = _EACH if percent else tuple(frame for frame in _EACH if "{percent}" not in frame)
    question = ask.compose(
        tuple(frame.replace("{when}", f"{scope} {{when}}") for frame in frames),
        tuple(frame.replace("{when}", f"{scope} {{when}}") for frame in _EACH_KEYWORDS),
        timed=timed,
        word=word_of(percent),
        name=measure.names,
        bare=_bare(measure, ask),
        dim=dimension.noun,
        dims=dimension.plural,
        percent="percent",
    )
    return Draft(question, block.sql())


def share_of_one(ask: Ask) -> Draft | None:
    """SUM(x) FILTER (WHERE part) / SUM(x)."""
    fact = ask.fact()
    measure = ask.measure(fact.table, additive=True)
    part = ask.filter(fact.table)
    if measure is None or part is None or part.table == measure.subject or "DISTINCT" in measure.sql:
        return None
    if not (part.direct or part.adjectives or part.table != fact.table):
        return None
    percent, timed = ask.chance(0.6), ask.time(fact.table, 0.4)
    conditions = ask.filters(fact.table, 1, avoid=_columns_of(ask, part)) if ask.chance(0.4) else []
    scope = ask.scope(measure, conditions)
    block = ask.select(fact.table, conditions, timed, measure=measure)
    block.tables.add(part.table)
    ratio = f"{measure.sql} FILTER (WHERE {part.sql}) / {measure.sql}"
    block.items = [f"100.0 * {ratio}" if percent else ratio]
    said = ask.rng.choice(part.direct) if part.direct else ask.things(part.table, [part])
    frames = tuple(frame.replace("{when}", f"{scope} {{when}}") for frame in _ONE)
    question = ask.compose(
        frames, f"{{word}} of {{bare}} from {{part}} {scope} {{when}}", timed=timed, word=word_of(percent),
        bare=_bare(measure, ask), part=said,
    )  # fmt: skip
    return Draft(question, block.sql())


def _columns_of(ask: Ask, part: Filter) -> tuple[int, ...]:
    """All columns of the table that a part is told by: what narrows the whole must be about something else."""
    return tuple(column.index for column in ask.world.entities[part.table].columns)


def share_of_rows(ask: Ask) -> Draft | None:
    """COUNT(*) FILTER (WHERE condition) / COUNT(*) of an entity."""
    entity = ask.subject()
    part = ask.filter(entity.table, tables=(entity.table,)) if entity else None
    if entity is None or part is None:
        return None
    percent, timed = ask.chance(0.6), ask.time(entity.table, 0.3)
    conditions = ask.filters(entity.table, 1, avoid=(part.column,)) if ask.chance(0.45) else []
    block = ask.select(entity.table, conditions, timed)
    ratio = f"COUNT(*) FILTER (WHERE {part.sql}) / COUNT(*)"
    block.items = [f"100.0 * {ratio}" if percent else ratio]
    post = ask.rng.choice(part.posts)
    frames = [
        _ROWS[2],
        _ROWS[3],
        *(f for f in _ROWS_ANY if "what {word} is" not in f or not post.startswith(("with", "who", "that"))),
    ]
    if part.adjectives:
        frames.append(_ROWS[0])
    if post.startswith(("in ", "from ")):
        frames.append("what {word} of [the|all|] {things} [are|come] {post} {when}")
    if post.startswith("with "):
        frames.append("what {word} of {things} have {clause} {when}")
    question = ask.compose(
        frames,
        "{word} of {things} {post} {when}",
        timed=timed,
        word=word_of(percent),
        things=ask.things(entity.table, conditions),
        post=post,
        state=part.adjectives or ("",),
        clause=post.removeprefix("with "),
    )
    return Draft(question, block.sql())
