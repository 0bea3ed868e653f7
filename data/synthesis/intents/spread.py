"""What is spread over several of another kind: suppliers of more than one category, stores with staff of three job titles."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

_TESTS = (
    (">", "more than {n}"),
    (">", "over {n}"),
    (">=", "at least {n}"),
    (">=", "{n} or more"),
    ("=", "exactly {n}"),
    ("=", "only {n}"),
    ("=", "just {n}"),
    ("<", "fewer than {n}"),
)
_LIST = (
    "which {things} have {children} [in|of|from] {test} {others}",
    "{things} [with|that have] {children} [in|of|from] {test} {others}",
    "{things} whose {children} [fall into|belong to|come from|are spread over|cover] {test} {others}",
    "[show|list|find|give me] [all|the|] {things} whose {children} [fall into|belong to|cover|span] {test} {others}",
    "[show|list|find] [all|the|] {things} with {children} [in|of|from] {test} {others}",
    "which {things} [cover|span|are active in|deal with] {test} {others} [with their {children}|]",
    "{test} {others}: which {things} have {children} [in|of] them",
)
_COUNT = (
    "how many {things} have {children} [in|of|from] {test} {others}",
    "number of {things} with {children} [in|of|from] {test} {others}",
    "how many {things} [cover|span|are active in] {test} {others} [with their {children}|]",
    "of how many {things} do the {children} [fall into|belong to|come from] {test} {others}",
)
_EACH = (
    "how many different {others} does each {thing} have {children} [in|of|from]",
    "number of different {others} per {thing} [among its {children}|]",
    "for each {thing}, [the number of|how many] different {others} among its {children}",
    "which {thing} has {children} in the most [different|] {others}",
    "{thing} whose {children} [cover|fall into] the most [different|] {others}",
)


def spread(ask: Ask) -> Draft | None:
    """GROUP BY parent HAVING COUNT(DISTINCT other) > n; listed, counted, or the number for each, and the largest."""
    world = ask.world
    options = [
        (child, key, other)
        for child in world.entities
        for key in world.schema.foreign_keys
        if world.schema.owner[key.source] == child.table
        and world.entity_of(key.target).labels
        and world.entity_of(key.target).key == key.target
        and list(world.reach_of(child.table).path.get(world.schema.owner[key.target], ())) == [key]
        for other in _others(ask, child, world.entity_of(key.target))
    ]
    if not options:
        return None
    child, key, (noun, column, table) = ask.rng.choice(options)
    parent, timed = world.entity_of(key.target), ask.time(child.table, 0.3)
    count = f"COUNT(DISTINCT {world.ref(column)})"
    conditions = ask.filters(child.table, 1, avoid=(column, key.source), tables=(child.table,)) if ask.chance(0.2) else []
    block = ask.select(child.table, conditions, timed, tables=(parent.table, table))
    labels = [world.ref(c) for c in parent.labels]
    block.group = list(dict.fromkeys((world.ref(key.target), *labels)))
    slots = dict(thing=ask.noun(parent), things=ask.things(parent.table), children=ask.things(child.table, conditions))
    if ask.chance(0.25):
        block.items, frame = [*labels, count], ask.rng.choice(_EACH)
        if "most" in frame:
            block.order, block.limit = [f"{count} DESC"], 1
        return Draft(ask.compose(f"{frame} {{when}}", timed=timed, others=lexicon.plural(noun), **slots), block.sql())
    operator, test = ask.rng.choice(_TESTS)
    n = ask.rng.choice((1, 1, 1, 2, 2, 3, 4, 5)) if operator not in ("<", ">=") else ask.rng.choice((2, 2, 3, 4, 5))
    block.having = [f"{count} {operator} {n}"]
    said = test.format(n=number(ask.rng, n, 0.7))
    slots |= dict(test=said, others=noun if n == 1 else lexicon.plural(noun))
    if ask.chance(0.35):
        block.items = [world.ref(key.target)]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
        return Draft(ask.compose(tuple(f"{f} {{when}}" for f in _COUNT), timed=timed, **slots), sql)
    block.items = labels
    return Draft(ask.compose(tuple(f"{f} {{when}}" for f in _LIST), timed=timed, **slots), block.sql())


def _others(ask: Ask, child: Entity, parent: Entity) -> list[tuple[str, int, int]]:
    """What else the child's rows refer to by one key, and what kinds they are of: a noun, the column, its table."""
    world = ask.world
    keys = [(k, world.entity_of(k.target)) for k in world.schema.foreign_keys if world.schema.owner[k.source] == child.table]
    found = [
        (ask.noun(e), k.source, child.table)
        for k, e in keys
        if e.table not in (parent.table, child.table) and e.key == k.target and not e.event
    ]
    kinds = [c for c in child.columns if c.role == "dimension" and c.index not in child.labels and len(world.texts(c.index)) > 2]
    return [*found, *((c.noun, c.index, child.table) for c in kinds)]
