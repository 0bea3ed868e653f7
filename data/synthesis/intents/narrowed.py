"""Rows by two or three conditions at once, none of which may be lost: a state, a kind, a place; listed or counted."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.dates import verb_of
from nl2sql.data.synthesis.filters.flags import flag_filter
from nl2sql.data.synthesis.filters.missing import missing_filter
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.predicates import predicate
from nl2sql.data.synthesis.roles import Entity

_LIST = (
    "{things}", "{things}", "which {things} [do we have|are there|do we carry|]",
    "[show|list|give me|name|find] [all|the|all the|] {things}",
    "[our|all our|the] {things}", "[what|which] are [our|the] {things}", "names of [our|the|all|] {things}",
    "[the|a|] list of {things}",
    "i [need|want] [the names of|] [all|the|our] {things}", "[could you|please] list [the|all|our] {things}",
    "what are [our|the] {things} called", "{things}, names only", "all {things} by name",
)  # fmt: skip
_VERB = ("which {said}", "which {said}", "what {said}", "which of our {said}", "[tell me|list] which {said}")
_WITH = (
    "{things}, with {column}", "{things} [with|and] their {column}",
    "[show|list|give me] [the|all|] {things} [with|and] [their|the] {column}",
    "which {things} are there, and [with|at|in] [which|what] {column}", "{things} and [the|their] {column}",
    "{column} of [all|the|our] {things}, with names",
    "[name|names] and {column} of [all|the|our|] {things}", "{things}: name and {column}",
    "for [the|all|our] {things}, [show|give me] name and {column}",
    "[our|the] {things} together with their {column}",
)  # fmt: skip
_COUNT = (
    "how many {things} [are there|do we have|]", "how many of [our|the] {things_of}", "number of {things}",
    "[count|count all|count the] {things}",
    "how many {things}", "{things}: how many", "[what is|give me] the number of {things}",
    "how many {things} [are on record|have we got|exist]",
)  # fmt: skip


def state(ask: Ask, entity: Entity) -> Filter | None:
    """A yes/no column of the rows, or whether something has happened to them yet."""
    world = ask.world
    nullable = [c for c in entity.with_role("date") if world.schema.columns[c.index].nullable and c.index != entity.main_date]
    options = entity.with_role("flag") + [c for c in nullable if verb_of(c) not in ("", "born")]
    column = ask.rng.choice(options) if options else None
    if column is None:
        return None
    made = (
        missing_filter(world, ask.rng, column, verb_of(column)) if column.role == "date" else flag_filter(world, ask.rng, column)
    )
    ask.protect(made.said if made else "")
    return made


def conditions_of(ask: Ask, entity: Entity, count: int) -> list[Filter]:
    """So many conditions on different columns: states and kinds first, any other now and then."""
    found: list[Filter] = []
    for i in range(count):
        others = {c.table for c in found} - {entity.table}  # a region by its name and by its country says the same twice
        avoid = tuple(c.column for c in found) + entity.labels
        avoid += tuple(c.index for table in others for c in ask.world.entities[table].columns)
        draw = ask.rng.random()
        stated = state(ask, entity) if draw < (0.75 if i == 0 else 0.3) else None
        made = stated or (
            ask.kind(entity.table, avoid, named=True)
            if draw < 0.85
            else ask.filter(entity.table, avoid=avoid, tables=(entity.table,))
        )
        if made and made.column not in avoid:
            found.append(made)
    return found


def narrowed(ask: Ask) -> Draft | None:
    """SELECT labels[, a column] or COUNT(*), WHERE two or three conditions."""
    entity = ask.subject(keyed=True)
    flagged = [e for e in ask.world.entities if e.with_role("flag") and e.labels]
    if flagged and ask.chance(0.35):
        entity = ask.rng.choice(flagged)
    if entity is None or entity.link:
        return None
    conditions = conditions_of(ask, entity, 3 if ask.chance(0.3) else 2)
    if len(conditions) < 2:
        return None
    timed = ask.time(entity.table, 0.5) if entity.event else None
    block = ask.select(entity.table, conditions, timed)
    kind = ask.rng.choice(("list", "list", "with", "with", "count")) if entity.labels else "count"
    if kind == "count":
        block.items = ["COUNT(*)"]
        said = predicate(ask, entity.table, conditions)
        frames = tuple(f for f in _COUNT if said or "things_of" not in f)
        return Draft(ask.compose(tuple(f + " {when}" for f in frames), "{things} {when} count", timed=timed,
                                 things=ask.things(entity.table, conditions), things_of=said or ""), block.sql())  # fmt: skip
    block.items = [ask.world.ref(c) for c in entity.labels]
    if kind == "list":
        said = predicate(ask, entity.table, conditions) if ask.chance(0.4) else None
        if said:
            return Draft(ask.compose(_VERB, said=said), block.sql())
        return Draft(ask.compose(_LIST, "{things}", things=ask.things(entity.table, conditions)), block.sql())
    column = shown(ask, entity, {c.column for c in conditions})
    if column is None:
        return None
    block.items.append(ask.world.ref(column.index))
    noun = column_noun(ask.world, column, ask.rng, entity.table)
    if column.noun.endswith("price") and len(column.noun.split()) == 2 and ask.chance(0.3):
        prices = [c for c in entity.columns if "price" in c.noun.split()]
        noun = "price" if len(prices) == 1 else noun
    return Draft(ask.compose(_WITH, "{things} {column}", things=ask.things(entity.table, conditions), column=noun), block.sql())


def shown(ask: Ask, entity: Entity, avoid: set[int]) -> ColumnRole | None:
    """Another column of the rows, to stand beside their name."""
    roles = ("measure", "date", "dimension", "text")
    options = [c for c in entity.with_role(*roles) if c.index not in avoid and c.index not in entity.labels]
    return ask.rng.choices(options, [3.0 if c.role == "measure" else 1.0 for c in options])[0] if options else None
