"""Which end comes first: worst rates, slowest averages, slow sellers, the least used; and which of two is used more."""

from __future__ import annotations

from nl2sql.data.synthesis import filters, lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.intents.rates import NAMED, named_state
from nl2sql.data.synthesis.measures import average_of, column_noun, quantity_of, sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

_SORTED = (
    "{name} [by|per] {dim}, {edge} first {when}",
    "[show|list|give me] [the|] {name} [by|per|of each] {dim}, {edge} [first|on top|at the top] {when}",
    "{dims} by {name}, {edge} [first|on top] {when}",
    "{name} [for|of] each {dim} {when}, [starting with the {edge}|from the {edge}|{edge} first]",
    "{edge} {name} first: [all|the] {dims} {when}", "rank the {dims} by {name}, {edge} first {when}",
    "[sort|order] the {dims} by {name} with the {edge} [on top|first] {when}", "per {dim}, the {name}, {edge} on top {when}",
    "{name} per {dim} {when}, with the {edge} at the top",
)  # fmt: skip
_CUT = (
    "the {n} {dims} with the {edge} {name} {when}", "{name} [by|per] {dim}, the {n} {edge} {when}",
    "which {n} {dims} have the {edge} {name} {when}", "{edge} {n} {dims} [by|for|in] {name} {when}",
)  # fmt: skip
_GOOD = {"completed", "approved", "passed", "won", "shipped", "delivered", "resolved", "converted"}
# by the last word of a column: what its high end and its low end are called, first the plain words
_ENDS = {
    "time": ("slowest", "fastest|quickest"), "days": ("slowest|longest", "fastest|quickest|shortest"), "duration": ("longest",
    "shortest"),
    "price": ("dearest|most expensive", "cheapest"), "cost": ("dearest|costliest", "cheapest"),
    "salary": ("best paid|highest", "worst paid|lowest"),
    "rating": ("best|top rated", "worst"), "score": ("best", "worst"), "area": ("largest|biggest", "smallest"),
    "discount": ("deepest|most generous", "smallest"), "quantity": ("largest", "smallest"), "age": ("oldest", "youngest"),
}  # fmt: skip
_SLOW = (
    "[the|our|] {n} slowest-selling {dims} [by|in] {name} {scope} {when}",
    "slowest selling {n} {dims} by {name} {scope} {when}",
    "which {n} {dims} sell [worst|slowest|the least] [by|in] {name} {scope} {when}",
    "[the|our] {n} worst-selling {dims} [by|in] {name} {scope} {when}",
    "[show|list] the {n} {dims} that sold [slowest|worst|least] [by|in] {name} {scope} {when}",
    "{n} worst sellers among the {dims}, by {name} {scope} {when}",
    "bottom sellers: {n} {dims} by {name} {scope} {when}", "{n} slowest movers among {dims} by {name} {scope} {when}",
)  # fmt: skip
_FAST = (
    "[the|our|] {n} fastest-selling {dims} [by|in] {name} {scope} {when}",
    "[the|our] {n} best-selling {dims} [by|in] {name} {scope} {when}",
    "which {n} {dims} sell [best|fastest] [by|in] {name} {scope} {when}", "top sellers: {n} {dims} by {name} {scope} {when}",
)  # fmt: skip
_LEAST = (
    "[the|our|] {n} least [popular|used|common|frequent] {dims} [of|among|for] {things} {when}",
    "{dims} of {things}, least [popular|used|common] first {when}",
    "which {n} {dims} are [the|] least [popular|used|common] [among|for] {things} {when}",
    "{dims} [by|in] number of {things}, rarest first {when}",
    "rarest {n} {dims} [among|of|for] {things} {when}",
    "[show|list] {dims} from the least to the most used [for|among] {things} {when}",
)  # fmt: skip
_MORE = (
    "{a} or {b} - which [is|was] used more [often|] [for|with|among] {things} {when}",
    "which [is|was] more [common|frequent|popular], {a} or {b}, [for|among] {things} {when}",
    "{a} or {b}: which [one|] comes up more often [among|in|for] {things} {when}",
    "are there more {things} with {a} or with {b} {when}",
    "which {dim} has more {things} {when}, {a} or {b}",
    "is {a} or {b} the more [common|frequent] {dim} [of|among] {things} {when}",
    "do we see {a} more often than {b} [for|among] {things} {when}, or the other way round",
    "{a} vs {b}: which [is|was] [used|seen] more often [for|among] {things} {when}",
)  # fmt: skip
_FEWER = (
    "{a} or {b} - which [is|was] used less [often|] [for|with|among] {things} {when}",
    "which [is|was] [rarer|less common|less frequent], {a} or {b}, [for|among] {things} {when}",
    "are there fewer {things} with {a} or with {b} {when}", "which {dim} has fewer {things} {when}, {a} or {b}",
)  # fmt: skip


def sorted_figures(ask: Ask) -> Draft | None:
    """Every group with its rate or average, the worst, best, slowest or cheapest end first."""
    entity = ask.subject() if ask.chance(0.5) else ask.fact()
    made = _rate(ask, entity) if entity and ask.chance(0.45) else _average(ask, entity) if entity else None
    if entity is None or made is None:
        return None
    figure, names, edges, order, column = made
    dimension = ask.dimension(entity.table, flags=False)
    if dimension is None or column in dimension.columns:
        return None
    timed, cut = ask.time(entity.table, 0.4), ask.chance(0.3)
    count = ask.rng.choice((3, 5, 5, 10))
    block = ask.select(entity.table, (), timed, tables=(dimension.table,))
    block.items, block.group, block.order = [*dimension.show, figure], list(dimension.group), [f"{figure} {order}"]
    block.limit = count if cut else None
    slots: dict[str, Slot] = dict(name=names, edge=edges, dim=dimension.noun, dims=dimension.plural, n=number(ask.rng, count))
    return Draft(ask.compose(_CUT if cut else _SORTED, timed=timed, **slots), block.sql())


Ordered = tuple[str, tuple[str, ...], tuple[str, ...], str, int]


def _rate(ask: Ask, entity: Entity) -> Ordered | None:
    """The share of rows in a state: its SQL, names, what the first end is called, the order, the column."""
    part = named_state(ask, entity)
    if part is None or part.said.lower() not in NAMED:
        return None
    percent, good, worst = ask.chance(0.35), part.said.lower() in _GOOD, ask.chance(0.6)
    ratio = f"COUNT(*) FILTER (WHERE {part.sql}) / COUNT(*)"
    name, state, things = NAMED[part.said.lower()], part.said.lower(), ask.things(entity.table)
    words = ("percentage",) if percent else ("share", "proportion")
    names = (f"{name} in percent",) if percent else (name, name)
    down = worst != good
    plain = ("highest",) if down else ("lowest",)
    return (f"100.0 * {ratio}" if percent else ratio, (*names, f"{words[0]} of {state} {things}"),
            (("worst",) * 2 if worst else ("best",) * 2) + plain, "DESC" if down else "ASC", part.column)  # fmt: skip


def _average(ask: Ask, entity: Entity) -> Ordered | None:
    """The mean of a column whose ends have names of their own, or are the highest and the lowest."""
    columns: list[ColumnRole] = entity.with_role("measure")
    if not columns:
        return None
    column = ask.rng.choices(columns, [3.0 if c.noun.rpartition(" ")[2] in _ENDS else 1.0 for c in columns])[0]
    measure, high = average_of(ask.world, column, ask.rng), ask.chance(0.5)
    ends = _ENDS.get(column.noun.rpartition(" ")[2], ("highest|largest", "lowest|smallest"))
    plain = ("highest",) if high else ("lowest",)
    return measure.sql, measure.names, (*ends[0 if high else 1].split("|"), *plain), "DESC" if high else "ASC", column.index


def sellers(ask: Ask) -> Draft | None:
    """What sells slowest or fastest, by the figure that the question names."""
    facts = [e for e in ask.world.entities if any(c.revenue for c in e.columns)]
    if not facts:
        return None
    fact = ask.rng.choice(facts)
    revenue = next(c for c in fact.columns if c.revenue)
    quantity, dimension = quantity_of(ask.world, fact.table), ask.dimension(fact.table, flags=False)
    sold = ask.world.entities[dimension.table] if dimension else None
    if dimension is None or sold is None or sold.person or sold.place or sold.event or sold.link:
        return None
    if quantity is not None and ask.chance(0.6):
        names: tuple[str, ...] = ("units", "units sold", "quantity", "pieces", column_noun(ask.world, quantity, ask.rng))
        figure = f"SUM({ask.world.ref(quantity.index)})"
    else:
        measure = sum_of(ask.world, revenue, ask.rng)
        names, figure = measure.names, measure.sql
    slow, count = ask.chance(0.75), ask.rng.choice((3, 5, 5, 10))
    conditions, timed = ask.filters(fact.table, 1, avoid=dimension.columns), ask.time(fact.table, 0.5)
    block = ask.select(fact.table, conditions, timed, tables=(dimension.table,))
    block.items, block.group = [*dimension.show, figure], list(dimension.group)
    block.order, block.limit = [f"{figure} {'ASC' if slow else 'DESC'}"], count
    scope = ask.scope(sum_of(ask.world, revenue, ask.rng), conditions)
    return Draft(ask.compose(_SLOW if slow else _FAST, timed=timed, name=names, dims=dimension.plural, scope=scope,
                             n=number(ask.rng, count)), block.sql())  # fmt: skip


def _sorting(ask: Ask) -> tuple[Entity, ColumnRole] | None:
    events = [e for e in ask.world.entities if e.event and any(_sorts(ask, c, e) for c in e.columns)]
    if not events:
        return None
    event = ask.rng.choice(events)
    return event, ask.rng.choice([c for c in event.columns if _sorts(ask, c, event)])


def _sorts(ask: Ask, column: ColumnRole, event: Entity) -> bool:
    return column.role == "dimension" and column.index not in event.labels and len(ask.world.texts(column.index)) > 1


def least_used(ask: Ask) -> Draft | None:
    """The values of a column that fewest rows have, ascending; "A or B, which one more often" with its count."""
    found = _sorting(ask)
    if found is None:
        return None
    event, column = found
    ref, timed = ask.world.ref(column.index), ask.time(event.table, 0.55)
    conditions = ask.filters(event.table, 1, avoid=(column.index,)) if ask.chance(0.4) else []
    block = ask.select(event.table, conditions, timed)
    block.items, block.group = [ref, "COUNT(*)"], [ref]
    noun = column_noun(ask.world, column, ask.rng, event.table)
    slots: dict[str, Slot] = dict(things=ask.things(event.table, conditions), dim=noun, dims=lexicon.plural(noun))
    if ask.chance(0.6):
        values = ask.rng.sample(ask.world.texts(column.index), 2)
        more, said = ask.chance(0.8), [v.lower() if ask.chance(0.3) else v for v in values]
        block.where.insert(0, f"{ref} IN ({', '.join(map(filters.literal, values))})")
        block.order, block.limit = [f"COUNT(*) {'DESC' if more else 'ASC'}"], 1
        ask.protect(*said)
        return Draft(ask.compose(_MORE if more else _FEWER, timed=timed, a=said[0], b=said[1], **slots), block.sql())
    frame, count = ask.rng.choice(_LEAST), ask.rng.choice((2, 2, 3))
    block.order, block.limit = ["COUNT(*) ASC"], count if "{n}" in frame else None
    return Draft(ask.compose(frame, timed=timed, n=number(ask.rng, count), **slots), block.sql())
