"""A sum or a number of events per one of those that they belong to, by group: the revenue per customer of each segment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.measures import quantity_of, sum_of
from nl2sql.data.synthesis.nouns import scope as narrowed
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number
from nl2sql.data.synthesis.vocabulary import KINDS, PLANS

_EACH = (
    "{name} [per|each] {parent} [by|for each|in each] {dim} {scope} {when}",
    "average {name} per {parent} [by|for each|in each] {dim} {scope} {when}",
    "[show|give me|list|calculate|get] the {name} per {parent} [by|for each|of each] {dim} {scope} {when}",
    "for each {dim}, [show|give me|calculate|what is] the [average|] {name} per {parent} {scope} {when}",
    "by {dim}, [the|what is the|show the] {name} per {parent} {scope} {when}",
    "{dims} and their {name} per {parent} {scope} {when}",
    "{name} {scope} {when} divided by the number of [different|] {parents}, by {dim}",
    "how {does} [the|] {name} per {parent} [differ|vary|compare] [by|across|between] {dims} {scope} {when}",
    "[could you|can you|please] break down the {name} per {parent} by {dim} {scope} {when}",
    "{dims} with [the|their] {name} per {parent} {scope} {when}",
    "how [high|big] {is} the [average|] {name} per {parent} in each {dim} {scope} {when}",
    "what {is} the {name} per {parent} {scope} {when}, [by|broken down by|for each] {dim}",
    "how {much} per {parent} [in each|for each|by] {dim} {scope} {when}", "{name} per {parent}, {dim} by {dim} {scope} {when}",
)  # fmt: skip
_EACH_TIME = (
    "{name} per {parent} [by|per|in each] {dim} {scope} {when}",
    "how did the {name} per {parent} {scope} [develop|change] from {dim} to {dim} {when}",
    "average {name} per {parent} by {dim} {scope} {when}", "for each {dim}, the {name} per {parent} {scope} {when}",
    "[show|give me|plot] the {name} per {parent} {scope} by {dim} {when}", "{name} per {parent} {scope} {when}, {dim} by {dim}",
)  # fmt: skip
_SORTED = (
    "{name} per {parent} [by|per|for each] {dim} {scope} {when}, {edge} first",
    "rank [the|] {dims} by {name} per {parent} {scope} {when}, {edge} first",
    "{dims} [ranked|ordered|sorted] by {name} per {parent} {scope} {when}, {edge} [first|on top]",
    "[show|list|give me] the {name} per {parent} for each {dim} {scope} {when}, starting with the {edge}",
    "average {name} per {parent} by {dim} {scope} {when}, from {edge} to {other}",
    "[sort|order] the {dims} by {name} per {parent} {scope} {when} with the {edge} on top",
    "{dims} by {name} per {parent} {scope} {when}, {edge} on top",
)  # fmt: skip
_ONE = (
    "which {dim} [has|had|shows] the {edge} {full} per {parent} {scope} {when}",
    "{dim} with the {edge} {full} per {parent} {scope} {when}",
    "[find|show|name|tell me] the {dim} with the {edge} [average|] {full} per {parent} {scope} {when}",
    "in [which|what] {dim} {is} the {full} per {parent} {edge} {scope} {when}",
    "which {dim} has the {most} {bare} per {parent} {scope} {when}",
    "which {dim} [comes out|is|was] {edge} [by|in] {full} per {parent} {scope} {when}",
    "where {is} the {full} per {parent} {edge}, by {dim} {scope} {when}",
    "{edge} {full} per {parent} {scope} {when}: which {dim}",
    "what {dim} [has|had] the {edge} average {full} per {parent} {scope} {when}",
    "per {parent}, which {dim} has the {most} {bare} {scope} {when}",
)  # fmt: skip
_ONE_MASS = (
    "which {dim} [brings in|brought in|generates|generated|makes] the {most} {bare} per {parent} {scope} {when}",
    "which {dim} [earns|earned|made] us the {most} {bare} per {parent} {scope} {when}",
    "per {parent}, which {dim} [brings in|generates] the {most} {bare} {scope} {when}",
)  # fmt: skip
_MANY = (
    "[the|] {n} {dims} with the {edge} {full} per {parent} {scope} {when}",
    "[show|list|find|give me] the {n} {dims} with the {edge} [average|] {full} per {parent} {scope} {when}",
    "which {n} {dims} [have|had] the {edge} {full} per {parent} {scope} {when}",
    "{end} {n} {dims} by {full} per {parent} {scope} {when}",
    "what are the {end} {n} {dims} [by|in|in terms of] {full} per {parent} {scope} {when}",
    "{n} {edge} {dims} by {full} per {parent} {scope} {when}",
)  # fmt: skip
_SPENT = {
    "each": (
        "average spend per {parent} [by|for each] {dim} {scope} {when}",
        "how much does {a_parent} spend on average, by {dim} {scope} {when}",
        "how much did {parents} spend on average in each {dim} {scope} {when}",
        "[average|mean] {parent} spend by {dim} {scope} {when}",
        "what does [an average|the average] {parent} spend {scope} {when}, by {dim}",
        "spend per head [of the|among] {parents} by {dim} {scope} {when}", "spending per {parent} by {dim} {scope} {when}",
    ),
    "sorted": (
        "average spend per {parent} by {dim} {scope} {when}, {edge} first",
        "{dims} [ranked|sorted] by [average|] spend per {parent} {scope} {when}, {edge} first",
    ),
    "one": (
        "which {dim} spends the {most} per {parent} {scope} {when}",
        "{parents} of which {dim} [spend|spent] the {most} per head {scope} {when}",
        "{dim} with the {edge} [average|] spend per {parent} {scope} {when}",
        "in which {dim} do {parents} spend the {most} on average {scope} {when}",
        "which {dim} has the {edge} spend per {parent} {scope} {when}",
    ),
    "many": (
        "{end} {n} {dims} by [average|] spend per {parent} {scope} {when}",
        "[the|] {n} {dims} with the {edge} spend per {parent} {scope} {when}",
        "in which {n} {dims} do {parents} spend the {most} on average {scope} {when}",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class _Amount:
    """What is shared out: its SQL, its names, "much revenue" or "many orders", and whether it is money that buyers spend."""

    sql: str
    names: tuple[str, ...]
    much: str
    tables: frozenset[int] = frozenset()
    spent: bool = False
    mass: bool = False


def per_head(ask: Ask) -> Draft | None:
    """SUM(x) or COUNT / COUNT(DISTINCT key): for each group, in an order, or those where it is highest or lowest."""
    world, fact = ask.world, ask.fact()
    paths = world.reach_of(fact.table).path
    near = [world.entities[t] for t, path in paths.items() if 0 < len(path) <= (2 if fact.link else 1)]
    parents = [e for e in near if e.key is not None and not e.link and (fact.link or not e.event) and not _sorts(e)]
    weights = [3.0 if e.person else 1.0 if e.event else 1.5 for e in parents]
    if not parents or not (fact.event or fact.link) or {*fact.noun.split()} & PLANS:
        return None
    parent = ask.rng.choices(parents, weights)[0]
    dimension, amount = _dimension(ask, fact, parent), _amount(ask, fact, parent)
    if dimension is None or amount is None or parent.key is None:
        return None
    kind = "each" if dimension.unit else ask.rng.choices(("each", "sorted", "one", "many"), (4, 2, 5, 1.5))[0]
    high, timed = ask.chance(0.8), ask.time(fact.table, 0.4)
    if dimension.unit and timed and timed.shorter_than(700 if dimension.unit == "year" else 200):
        timed = None
    avoid = (*dimension.columns, *(c.index for c in parent.columns), *(c.index for c in fact.with_role("measure")))
    conditions = ask.filters(fact.table, 1, avoid=avoid) if ask.chance(0.25) else []
    block = ask.select(fact.table, conditions, timed, tables=(dimension.table, parent.table, *amount.tables))
    figure = f"{amount.sql} / COUNT(DISTINCT {world.ref(parent.key)})"
    block.split(dimension, figure)
    count = 1 if kind == "one" else ask.rng.choice((2, 3, 3, 5, 5, 10))
    block.order = [f"{figure} {'DESC' if high else 'ASC'}"] if kind != "each" else list(dimension.show) if dimension.unit else []
    block.limit = count if kind in ("one", "many") else None
    noun, name = ask.noun(parent), ask.rng.choice(amount.names)
    bare = re.sub(r"^(?:total )?(?:number of )?", "", name)
    ask.protect("per", "each", "by")
    slots: dict[str, Slot] = dict(
        name=name, bare=bare, full=f"number of {bare}" if "many" in amount.much else name, parent=noun,
        parents=lexicon.plural(noun), a_parent=lexicon.article(noun), dim=dimension.noun,
        dims=dimension.plural, n=number(ask.rng, count), much=amount.much, scope=narrowed(ask, fact.table, conditions),
        edge=("highest", "highest", "largest") if high else ("lowest", "lowest", "smallest"),
        other="lowest" if high else "highest", end="top" if high else "bottom",
        most="most" if high else "fewest" if amount.much.startswith("many") else "least",
    )  # fmt: skip
    return Draft(ask.compose(_frames(ask, kind, amount, dimension), timed=timed, **slots), block.sql())


def _sorts(entity: Entity) -> bool:
    """Whether the rows are kinds or states of others: nobody shares out by those."""
    return bool({*entity.noun.split()} & (KINDS | {"status", "state", "reason", "promotion", "campaign", "method"}))


def _frames(ask: Ask, kind: str, amount: _Amount, dimension: Dimension) -> tuple[str, ...]:
    if amount.spent and not dimension.unit and ask.chance(0.4):
        return _SPENT[kind]
    if dimension.unit:
        return _EACH_TIME
    if kind == "one" and amount.mass:
        return (*_ONE, *_ONE_MASS, *_ONE_MASS)
    return {"each": _EACH, "sorted": _SORTED, "one": _ONE, "many": _MANY}[kind]


def _dimension(ask: Ask, fact: Entity, parent: Entity) -> Dimension | None:
    """A kind of the parents, now and then another kind of the rows, or a unit of time; never the parents themselves."""
    world = ask.world
    column = world.time_column(fact.table)
    if column is not None and ask.chance(0.15):
        return time_dimension(world, column, ask.rng.choice(("year", "year", "month", "quarter")))
    own = ask.chance(0.85)
    found = ask.dimension(parent.table if own else fact.table, flags=False)
    if found is None or parent.key in found.columns or found.entity and found.person:
        return None
    to_parent, to_kind = (world.reach_of(fact.table).path.get(t, ()) for t in (parent.table, found.table))
    through = tuple(to_kind[: len(to_parent)]) == tuple(to_parent)
    if own and not through or not own and parent.table in world.reach_of(found.table).path:
        return None  # the group is reached another way, or each has one parent only
    if {*parent.noun.split()} & STAFF and not (through and found.table == parent.table):
        return None  # of the rows or of the group: "per employee" says neither
    return found


def _amount(ask: Ask, fact: Entity, parent: Entity) -> _Amount | None:
    """The revenue, another sum, the units, the number of rows, or of the events that the rows are lines of."""
    world, made = ask.world, list[_Amount]()
    sums = [c for c in fact.with_role("measure") if c.additive]
    quantity = quantity_of(world, fact.table)
    buyers = parent.person and not {*parent.noun.split()} & (STAFF | {"supplier", "vendor", "doctor", "teacher"})
    for column in sums:
        measure = sum_of(world, column, ask.rng)
        names = tuple(n for n in measure.names if not n.startswith("sum of"))
        much = f"much {measure.mass[0]}" if measure.mass else f"much {measure.names[0]}"
        plain = column.revenue and "units" not in names[0]
        one = _Amount(measure.sql, names, much, spent=plain and buyers, mass=bool(measure.mass))
        made += [one] * (3 if column.revenue else 1)
    if quantity is not None:
        names = ask.rng.choice((("units", "number of units"), ("quantity", "total quantity"), ("items", "number of items")))
        made.append(_Amount(f"SUM({world.ref(quantity.index)})", names, "many units"))
    if not fact.link:
        made += [_counted("COUNT(*)", ask.noun(fact), frozenset())] * 2
    for table, path in world.reach_of(fact.table).path.items():
        event = world.entities[table]
        if fact.link and len(path) == 1 and event.event and event.key is not None and event is not parent:
            if parent.table in world.reach_of(table).path:
                made.append(_counted(f"COUNT(DISTINCT {world.ref(event.key)})", ask.noun(event), frozenset({table})))
    return ask.rng.choice(made) if made else None


def _counted(sql: str, noun: str, tables: frozenset[int]) -> _Amount:
    many = lexicon.plural(noun)
    return _Amount(sql, (many, many, f"number of {many}"), f"many {many}", tables)
