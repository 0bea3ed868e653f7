"""Money that went the other way, discounts and refunds, and what was planned: sums over all, by a dimension, the highest."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import measures
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.missed import NOT_BUYERS
from nl2sql.data.synthesis.intents.targets import plans
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import Timed, number

_OFF = (
    "discounts [granted|given|]", "[discount|rebate] amount", "[total|] value of [all|the|] discounts",
    "money given away [in|as] discounts", "rebates granted",
    "amount [given away|taken off] in discounts", "price reductions in money", "discounts in money", "total discount in money",
    "money lost [to|through] discounts",
)  # fmt: skip
_BACK = (
    "refunds [paid|]", "[total|] refund amount", "money [refunded|paid back|given back]", "amount refunded", "refunded amount",
    "[total|] refunds",
    "money that went back to {people}", "sum of [all|] refunds", "refund total",
)  # fmt: skip
_PLANNED = (
    "planned [sales|revenue]",
    "[total|] sales target",
    "[total|] target",
    "target sum",
    "sum of [the|all|] targets",
    "[sales|] quota",
    "planned turnover",
    "[sales|] goals",
)
_ALL = ("{name} {scope} {when}", "[show|give me|calculate|tell me] the {name} {scope} {when}", "{name} {when} {scope}")
_ALL_OFF = (
    "how much [money|] did we give away [in|as|through] discounts {scope} {when}",
    "how much was knocked off [the price|by discounts|] {scope} {when}",
    "what did [our|the] {discounts} cost us {scope} {when}",
    "how much did {people} save [through|by|thanks to] {discounts} {scope} {when}",
    "how much money was taken off [in|by] {discounts} {scope} {when}",
)  # fmt: skip
_ALL_BACK = (
    "how much [money|] did we [pay back|refund|give back] {scope} {when}",
    "how much [money|] [went|was paid|was sent] back to {people} {scope} {when}",
    "what did we [pay back|refund] [to {people}|] {scope} {when}",
    "how much [of the money|money] did {people} get back {scope} {when}",
    "how much was refunded {scope} {when}", "what did returns cost us in refunds {scope} {when}",
)  # fmt: skip
_ALL_PLANNED = (
    "how much [revenue|] did we plan [to make|to sell|] {scope} {when}", "how much [revenue|] was planned {scope} {when}",
    "what did we plan to sell {scope} {when}",
    "how high were the targets [altogether|in total|] {scope} {when}",
)  # fmt: skip
_BY = (
    "{name} [by|per|for each] {dim} {scope} {when}",
    "[show|give me|list] the {name} [by|per|of each|for each] {dim} {scope} {when}",
    "for each {dim}, the {name} {scope} {when}", "{name} {scope} {when}, [by|per] {dim}",
    "[each|every] {dim} and its {name} {scope} {when}",
)  # fmt: skip
_TOP = (
    "which {dim} [has|had] the [most|highest|largest] {name} {scope} {when}",
    "{dim} with the [highest|most] {name} {scope} {when}",
    "[name|find|show] the {dim} with the [largest|highest] {name} {scope} {when}",
)  # fmt: skip
_TOPS = (
    "top {n} {dims} by {name} {scope} {when}",
    "the {n} {dims} with the [most|highest] {name} {scope} {when}",
    "{n} {dims} with the highest {name} {scope} {when}",
)


@dataclass(frozen=True)
class _Money:
    """A sum over the rows of ``root``: how it is called, and how it is asked for when nothing is grouped."""

    root: Entity
    column: ColumnRole
    sql: str
    names: tuple[str, ...]
    asked: tuple[str, ...]


def _discounts(ask: Ask) -> list[_Money]:
    """SUM(quantity * price - amount), where a row has all of these and a discount."""
    found = []
    for entity in ask.world.entities:
        revenue = next((c for c in entity.columns if c.revenue), None)
        price = next((c for c in entity.columns if c.role == "measure" and c.noun in ("unit price", "price")), None)
        quantity = measures.quantity_of(ask.world, entity.table)
        if revenue and price and quantity and any("discount" in c.noun for c in entity.columns):
            ref = ask.world.ref
            sql = f"SUM({ref(quantity.index)} * {ref(price.index)} - {ref(revenue.index)})"
            found.append(_Money(entity, revenue, sql, _OFF, _ALL_OFF))
    return found


def _refunds(ask: Ask) -> list[_Money]:
    return [
        _Money(e, c, f"SUM({ask.world.ref(c.index)})", _BACK, _ALL_BACK)
        for e in ask.world.entities for c in e.columns if c.additive and "refund" in c.noun.split()
    ]  # fmt: skip


def _planned(ask: Ask) -> list[_Money]:
    return [
        _Money(p.plan, p.amount, f"SUM({ask.world.ref(p.amount.index)})", _PLANNED, _ALL_PLANNED) for p in plans(ask)
        if any("sale" in noun or "revenue" in noun for noun in (p.plan.noun, p.amount.noun))
    ]  # fmt: skip


def given_away(ask: Ask) -> Draft | None:
    """A sum of discounts, refunds or plans: over all, by a dimension or a unit of time, where it is highest."""
    make = ask.rng.choices((_discounts, _refunds, _planned), (3, 3, 2))[0]
    options = make(ask)
    if not options:
        return None
    money, world = ask.rng.choice(options), ask.world
    root, timed = money.root.table, ask.time(money.root.table, 0.65)
    kind = ask.rng.choice(("all", "all", "by", "by", "time", "top"))
    column = world.time_column(root)
    dimension: Dimension | None = None
    if kind == "time" and column is not None:
        dimension = time_dimension(world, column, ask.rng.choice(("year", "quarter", "month")))
        dimension = time_dimension(world, column, "quarter") if make is _planned and dimension.unit == "month" else dimension
        if timed and timed.shorter_than(300):
            timed = None
    elif kind != "all":
        dimension = ask.dimension(root, flags=False)
    if dimension is None and kind != "all":
        return None
    if kind == "all" and timed is None and ask.chance(0.8):
        return None
    avoid = (money.column.index, *(dimension.columns if dimension else ()))
    conditions = ask.filters(root, 1, avoid=avoid) if ask.chance(0.6) else []
    return _asked(ask, money, dimension, conditions, timed, kind == "top")


def _asked(
    ask: Ask, money: _Money, dimension: Dimension | None, conditions: list[Filter], timed: Timed | None, top: bool
) -> Draft:
    """The sum over all, by the dimension, or where it is highest."""
    root, world = money.root.table, ask.world
    block = ask.select(root, conditions, timed, tables=(dimension.table,) if dimension else ())
    block.split(dimension, money.sql)
    people = _buyers(ask, root)
    spoken = [n.replace("{people}", people) for n in money.names]
    name = _one(ask, spoken)
    slots = dict(
        name=name,
        scope=ask.scope(measures.sum_of(world, money.column, ask.rng), conditions),
        people=people,
        discounts=("discounts", "rebates", "price reductions"),
    )
    if dimension is None:
        return Draft(ask.compose(money.asked if ask.chance(0.65) else _ALL, timed=timed, **slots), block.sql())
    slots.update(dim=dimension.noun, dims=dimension.plural)
    if top:
        count = 1 if ask.chance(0.55) else ask.rng.choice((3, 5, 10))
        block.order, block.limit = [f"{money.sql} DESC"], count
        return Draft(ask.compose(_TOP if count == 1 else _TOPS, timed=timed, n=number(ask.rng, count), **slots), block.sql())
    block.order = list(dimension.show) if dimension.unit else []
    return Draft(ask.compose(_BY, "{name} by {dim} {scope} {when}", timed=timed, **slots), block.sql())


def _buyers(ask: Ask, root: int) -> str:
    """Who buys, in the plural."""
    near = [ask.world.entities[table] for table in ask.world.reach_of(root).path]
    buyers = [e for e in near if e.person and not set(e.noun.split()) & NOT_BUYERS]
    return ask.world.plural(ask.rng.choice(buyers).table) if buyers else "customers"


def _one(ask: Ask, frames: list[str]) -> str:
    return say(ask.rng, ask.rng.choice(frames))
