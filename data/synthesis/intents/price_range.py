"""From the least to the greatest value of a column; values of an attribute that occur with several of another kind."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

_RANGE = (
    "[what is|what's|show|give me|tell me] the {column} range [of|for|among] {things} {when}",
    "{column} range [of|for] {things} {when}", "[what is|show] the range of [the|] {columns} [of|for|among] {things} {when}",
    "range of {columns} [of|for|among] {things} {when}", "from what to what do [the|] {columns} of {things} [go|range] {when}",
    "in what range do the {columns} of {things} lie {when}",
    "between [which|what] values do the {columns} of {things} [lie|fall|range] {when}", "{things}: {column} range {when}",
    "how do the {columns} of {things} range {when}, [from lowest to highest|lowest and highest]",
    "{column}, {ends}, of {things} {when}", "[what are|show|find|give me] the {ends} {column} [of|for|among] {things} {when}",
    "{ends} {column} [of|among|for] {things} {when}", "{column} of {things} {when}: {ends}",
    "i need the {ends} {column} of {things} {when}", "what {ends} {column} do {things} have {when}",
    "[spread|span] of {columns} among {things} {when}, {ends}",
)  # fmt: skip
_RANGE_BY = (
    "[what is|show|give me] the {column} range [of {things}|] [by|per|for each] {dim} {when}",
    "{column} range [by|per|for each] {dim} {when}", "range of {columns} [by|per|for each] {dim} {when}",
    "[show|list] the range of {columns} [of {things}|] [by|per] {dim} {when}",
    "from what to what do [the|] {columns} [of {things}|] [go|range] for each {dim} {when}",
    "{ends} {column} [of {things}|] [by|per|for each] {dim} {when}",
    "for each {dim}, the {ends} {column} [of {things}|] {when}",
    "[what are|show|list] the {ends} {column} [of {things}|] [by|per|for every] {dim} {when}",
    "{dims} with their {column} range {when}", "[each|every] {dim} with the {ends} {column} [of {things}|] {when}",
    "{column} [of {things}|] by {dim} {when}, {ends}",
    "between [which|what] values do the {columns} [of {things}|] lie for each {dim} {when}",
)  # fmt: skip
_ENDS = (
    "lowest and highest", "lowest and highest", "smallest and largest", "minimum and maximum", "min and max",
    "least and greatest",
)  # fmt: skip
_TURNED = {
    "lowest and highest": "highest and lowest", "smallest and largest": "largest and smallest", "min and max": "max and min",
}  # fmt: skip


def value_range(ask: Ask) -> Draft | None:
    """SELECT MIN(x), MAX(x), for all or for each group; the greatest first where the question names it first."""
    entity = ask.subject() if ask.chance(0.7) else ask.fact()
    columns = entity.with_role("measure") if entity else []
    if entity is None or not columns:
        return None
    column = ask.rng.choices(columns, [2.0 if c.unit in ("money", "rate") else 1.0 for c in columns])[0]
    ref, dimension = ask.world.ref(column.index), ask.dimension(entity.table, flags=False) if ask.chance(0.45) else None
    if dimension and column.index in dimension.columns:
        return None
    avoid = (column.index, *(dimension.columns if dimension else ()))
    conditions = ask.filters(entity.table, 2, avoid=avoid) if ask.chance(0.75) else []
    timed = ask.time(entity.table, 0.3) if entity.event else None
    block = ask.select(entity.table, conditions, timed, tables=(dimension.table,) if dimension else ())
    ends, keywords = ask.rng.choice(_ENDS), "{column} range {things} {when}" if dimension is None else ""
    frame = ask.rng.choice(_RANGE_BY if dimension else _RANGE)
    parts = [f"MIN({ref})", f"MAX({ref})"]
    if "{ends}" in frame and ends in _TURNED and ask.chance(0.25):
        ends, parts, keywords = _TURNED[ends], parts[::-1], ""
    block.split(dimension, *parts)
    noun = ask.rng.choice(column.nouns) if "{things}" in frame else column_noun(ask.world, column, ask.rng, entity.table)
    if conditions:
        frame = frame.replace("[of {things}|]", "of {things}").replace("{dims} with", "{things} by {dim} with")
        frame = frame if "{things}" in frame else frame.replace("{when}", "{when}, only {things}")
    slots = dict(dim=dimension.noun, dims=dimension.plural) if dimension else {}
    return Draft(ask.compose(
        frame, keywords, timed=timed, things=ask.things(entity.table, conditions),
        column=noun, columns=lexicon.plural(noun), ends=ends, **slots,
    ), block.sql())  # fmt: skip


_TESTS = (
    (">", "more than {n}"), (">", "more than {n}"), (">", "over {n}"), (">=", "at least {n}"), (">=", "{n} or more"),
    (">=", "no fewer than {n}"), ("=", "exactly {n}"), ("=", "only {n}"), ("<", "fewer than {n}"),
)  # fmt: skip
_SELL = (
    "which {attributes} [sell|are sold] in {test} {others} {when}", "{attributes} [sold|that sell] in {test} {others} {when}",
    "which {attributes} do we [sell|carry] in {test} {others} {when}",
)  # fmt: skip
_LIST = (
    "[which|what] {attributes} [occur|appear|are found|show up|exist] in {test} {others} {when}",
    "{attributes} [occurring|appearing|found] in {test} {others} {when}",
    "[which|what] {attributes} have {children} [of|in|from] {test} {others} {when}",
    "[show|list|find|give me] [all|the|] {attributes} [with|that have] {children} [of|in|from] {test} {others} {when}",
    "{attributes} with {children} [of|in|from] {test} {others} {when}",
    "[list|show] [the|all|] {attributes} whose {children} [fall into|belong to|cover|span] {test} {others} {when}",
    "{attributes} that [span|cover|go across|are spread over] {test} {others} {when}", "{attributes} in {test} {others} {when}",
    "[which|what] {attributes} [cover|span|are spread over] {test} {others} {when}",
    "{test} {others}: which {attributes} {when}",
    "could you list the {attributes} that [occur|appear] in {test} {others} {when}",
    "for [which|what] {attributes} are there {children} [of|in|from] {test} {others} {when}",
)  # fmt: skip
_COUNT = (
    "how many {attributes} [are|occur|appear|are found] in {test} {others} {when}",
    "how many {attributes} have {children} [of|in|from] {test} {others} {when}",
    "number of {attributes} with {children} [of|in|from] {test} {others} {when}",
    "number of {attributes} in {test} {others} {when}",
    "how many {attributes} [span|cover|are spread over] {test} {others} {when}",
    "{attributes} in {test} {others} {when}: how many",
    "[count|count the] {attributes} that [occur|appear|are] in {test} {others} {when}",
    "of how many {attributes} do the {children} [fall into|belong to|cover] {test} {others} {when}",
)  # fmt: skip


def attribute_over_several(ask: Ask) -> Draft | None:
    """GROUP BY attribute HAVING COUNT(DISTINCT other) > n: the values, or how many they are."""
    options = [(e, c, other) for e in ask.world.entities for c in _attributes(ask, e) for other in _others(ask, e, c)]
    if not options:
        return None
    entity, attribute, (noun, other) = ask.rng.choices(options, [0.15 if e.event else 1.0 for e, _, _ in options])[0]
    timed = ask.time(entity.table, 0.25) if entity.event else None
    conditions = ask.filters(entity.table, 1, avoid=(attribute.index, other), tables=(entity.table,)) if ask.chance(0.2) else []
    ref, count = ask.world.ref(attribute.index), f"COUNT(DISTINCT {ask.world.ref(other)})"
    operator, test = ask.rng.choice(_TESTS)
    n = ask.rng.choice((2, 2, 3, 4, 5)) if operator in ("<", ">=") else ask.rng.choice((1, 1, 1, 1, 2, 2, 3, 4))
    most = ask.world.schema.columns[other].distinct
    if most and n >= most:
        return None
    block = ask.select(entity.table, conditions, timed)
    block.items, block.group, block.having = [ref], [ref], [f"{count} {operator} {n}"]
    counted = ask.chance(0.35)
    sold = any(c.noun in ("price", "list price", "unit price") for c in entity.columns) and not (entity.event or entity.place)
    frames: tuple[str, ...] = _COUNT if counted else (*_LIST, *_SELL) if sold else _LIST
    if conditions or ask.chance(0.3):
        frames = tuple(frame for frame in frames if "{children}" in frame)
    if noun in {word for e in ask.world.entities if e.person for word in e.nouns}:  # rows are from suppliers, not in them
        frames = tuple(f.replace("[of|in|from]", "from") for f in frames if "[of|in|from]" in f)
    sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found" if counted else block.sql()
    said = column_noun(ask.world, attribute, ask.rng, entity.table)
    return Draft(ask.compose(
        frames, timed=timed, attributes=lexicon.plural(said), children=ask.things(entity.table, conditions),
        test=test.format(n=number(ask.rng, n, 0.7)), others=noun if n == 1 else lexicon.plural(noun),
    ), sql)  # fmt: skip


def _attributes(ask: Ask, entity: Entity) -> list[ColumnRole]:
    """Columns whose values several rows share."""
    found = [c for c in entity.columns if c.role == "dimension" and c.index not in entity.labels]
    return [c for c in found if len(ask.world.texts(c.index)) > 1 and not (entity.event and "status" in c.noun.split())]


def _others(ask: Ask, entity: Entity, attribute: ColumnRole) -> list[tuple[str, int]]:
    """What else the rows are of: other attributes, and things of other tables that they refer to; a noun and the column."""
    world = ask.world
    kinds = [c for c in _attributes(ask, entity) if c.index != attribute.index]
    found = [(column_noun(world, c, ask.rng, entity.table), c.index) for c in kinds]
    for key in world.schema.foreign_keys:
        target = world.entity_of(key.target)
        own = world.schema.owner[key.source] == entity.table != target.table
        if own and target.key == key.target and not target.event:
            found += [(ask.noun(target), key.source)] * 2
    return found
