"""What a group brings for its size or its staff, and one value's sum against another's: per square metre, online to retail."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension, entity_dimension
from nl2sql.data.synthesis.filters import Filter, text_filter
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import Timed, number

_BY = (
    "{name} per {unit} [by|for each|of each] {dim} {when}",
    "[show|what is|list|give me] the {name} per {unit} [by|of each] {dim} {when}",
    "for each {dim}, [the|show the] {name} per {unit} {when}",
    "{name} by {dim} [relative to|in relation to|divided by] {whole} {when}",
    "how much {name} per {unit} [does|did] each {dim} make {when}", "{dims} and their {name} per {unit} {when}",
    "{name} [a|per] {unit}, {dim} by {dim} {when}", "[by|per] {dim}: {name} [over|divided by] {whole} {when}",
)  # fmt: skip
_TOP = (
    "which {dim} [has|had] the {edge} {name} per {unit} {when}", "{dim} with the {edge} {name} per {unit} {when}",
    "[show|find|name] the {dim} with the {edge} {name} per {unit} {when}", "{edge} {name} per {unit}: which {dim} {when}",
    "which {dim} makes the {most} {name} for its {size} {when}",
)  # fmt: skip
_TOP_MANY = (
    "[the|show the|list the] {n} {dims} with the {edge} {name} per {unit} {when}",
    "{n} {dims} with the {edge} {name} per {unit} {when}",
    "{edge} {name} per {unit}, {n} {dims} {when}",
)  # fmt: skip
_RANKED = (
    "{name} per {unit} by {dim}, {edge} first {when}", "{dims} by {name} per {unit}, {edge} [on top|first] {when}",
    "rank the {dims} by {name} per {unit}, {edge} first {when}",
)  # fmt: skip
_RATIO = (
    "ratio of {a} to {b} {name} {scope} {when}",
    "[what is|what was|calculate] the ratio of {name} [from|of] {a} to {name} [from|of] {b} {scope} {when}",
    "{a} to {b} ratio [in|of|by] {name} {scope} {when}",
    "{name} of {a} [divided by|over|relative to] {that} of {b} {scope} {when}",
    "how do {a} and {b} stand to each other in {name} {scope}, as a ratio {when}",
    "{name} {scope}: {a} [divided by|over] {b} {when}",
    "how many times the {name} of {b} {scope} [does|did] {a} [make|have] {when}",
    "how many times larger than {b} is {a} in {name} {scope} {when}",
)  # fmt: skip
_RATIO_BY = (
    "ratio of {a} to {b} {name} [by|per|for each] {dim} {scope} {when}",
    "[by|per] {dim}, {name} of {a} divided by {that} of {b} {scope} {when}",
    "for each {dim}, [the|show the] ratio of {name} [from|of] {a} to {b} {scope} {when}",
    "{a} to {b} ratio in {name} by {dim} {scope} {when}",
)  # fmt: skip
_SIZES = {"area", "size", "capacity", "population", "seats", "beds", "rooms", "volume"}


def for_its_size(ask: Ask) -> Draft | None:
    """SUM(x) / a column of the group, or / the number of rows that belong to the group."""
    fact = ask.fact()
    measure = ask.business(fact.table) if fact.event or fact.link else None
    if measure is None or "/" in measure.sql or measure.kind == "average":
        return None
    options = _groups(ask, fact.table)
    if not options:
        return None
    dimension, size, divisor, units, whole = ask.rng.choice(options)
    if measure.subject == dimension.table:
        return None
    conditions, timed = ask.filters(fact.table, 1, avoid=dimension.columns) if ask.chance(0.2) else [], ask.time(fact.table, 0.5)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    top = measure.sql
    figure = f"{top} / {divisor}"
    block.items = [*dimension.show, figure]
    block.group = [*dimension.group, *([divisor] if size else [])]
    kind, high = ask.rng.choice(("by", "by", "top", "ranked")), ask.chance(0.65)
    frames: tuple[str, ...] = _BY
    count = 1
    if kind != "by":
        block.order = [f"{figure} {'DESC' if high else 'ASC'}"]
        frames = _RANKED
    if kind == "top":
        count = 1 if ask.chance(0.5) else ask.rng.choice((3, 5, 10))
        block.limit, frames = count, _TOP if count == 1 else _TOP_MANY
        frames = frames if size or count > 1 else frames[:-1]
    names = tuple(dict.fromkeys(name for name in measure.names if " of " not in name)) or measure.names
    if measure.kind == "count":
        frames = tuple(frame for frame in frames if "how much" not in frame and "{most}" not in frame)
    frames = tuple(frame.replace("{when}", "{scope} {when}") for frame in frames)
    slots: dict[str, Slot] = dict(
        name=names, scope=ask.scope(measure, conditions), unit=units, dim=dimension.noun,
        dims=dimension.plural, whole=whole, size=size.noun if size else "", most="most" if high else "least",
        edge=("highest", "best") if high else ("lowest", "worst"), n=number(ask.rng, count),
    )  # fmt: skip
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


Group = tuple[Dimension, ColumnRole | None, str, tuple[str, ...], tuple[str, ...]]


def _groups(ask: Ask, root: int) -> list[Group]:
    """The groups of the root with a size: its column, or the people who belong to it; SQL, unit and what it is called."""
    world = ask.world
    found: list[Group] = []
    paths = world.reach_of(root).path
    for table in paths:
        entity = world.entities[table]
        dimension = entity_dimension(world, entity, ask.rng) if table != root and entity.labels else None
        if dimension is None or entity.event:
            continue
        for column in entity.with_role("measure"):
            if set(column.noun.split()) & _SIZES:
                unit: tuple[str, ...] = (lexicon.singular(column.suffix or column.noun),)
                if column.suffix == "square metres":
                    unit = ("square metre", "square metre", "sqm", "square meter", f"square metre of {column.noun}")
                found.append((dimension, column, world.ref(column.index), unit, (column.noun, f"its {column.noun}")))
        for key in world.children.get(table, []):
            child = world.entity_of(key.source)
            if set(child.noun.split()) & STAFF and key.target == entity.key and child.table != root:
                joined = f"{world.ref(key.source)} = {world.ref(key.target)}"
                count = f"(SELECT COUNT(*) FROM {world.table(child.table)} WHERE {joined})"
                many = lexicon.plural(child.noun)
                found.append((dimension, None, count, (child.noun,), (f"its number of {many}", f"the number of {many}")))
    return found


def one_to_another(ask: Ask) -> Draft | None:
    """SUM(x) FILTER (WHERE a) / SUM(x) FILTER (WHERE b), over all or by group."""
    fact = ask.fact()
    measure, parts = ask.measure(fact.table, additive=True), _two_parts(ask, fact.table)
    if measure is None or parts is None or "DISTINCT" in measure.sql:
        return None
    a, b = parts
    by = ask.chance(0.35)
    dimension = ask.dimension(fact.table, flags=False) if by else None
    if by and (dimension is None or a.column in dimension.columns or dimension.table == a.table):
        return None
    timed: Timed | None = ask.time(fact.table, 0.5)
    avoid, tables = (a.column, *(dimension.columns if dimension else ())), [a.table, *([dimension.table] if dimension else [])]
    conditions = ask.filters(fact.table, 1, avoid=avoid) if ask.chance(0.3) else []
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=tables)
    figure = f"{measure.sql} FILTER (WHERE {a.sql}) / {measure.sql} FILTER (WHERE {b.sql})"
    block.split(dimension, figure)
    name = ask.rng.choice(measure.names).removeprefix("total ")
    slots: dict[str, Slot] = dict(a=a.bare[0], b=b.bare[0], dim=dimension.noun if dimension else "",
                                  that="those" if lexicon.is_plural(name) else "that")  # fmt: skip
    frames = _RATIO_BY if dimension else _RATIO
    return Draft(ask.compose(frames, timed=timed, name=name, scope=ask.scope(measure, conditions), **slots), block.sql())


def _two_parts(ask: Ask, root: int) -> tuple[Filter, Filter] | None:
    """Two values of one column that are clear by themselves."""
    one = ask.kind(root, named=ask.chance(0.5), far=3)
    if one is None:
        return None
    other = text_filter(ask.world, ask.rng, ask.world.columns[one.column])
    if other is None or other.sql == one.sql or not (one.bare[0] == one.said and other.bare[0] == other.said):
        return None
    ask.protect(other.said)
    return one, other
