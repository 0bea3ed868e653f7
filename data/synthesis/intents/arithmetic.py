"""What is computed within a row or from two sums: gaps, totals of products, one sum per another, losses, percent of fractions."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon, measures
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension, entity_dimension, time_dimension
from nl2sql.data.synthesis.filters.derived import number_pairs
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

_GAP = ("gap between {a} and {b}", "difference between {a} and {b}", "spread between {a} and {b}", "distance from {b} to {a}")
_GAP_TOP = (
    "which {thing} has the {word} {gap}", "[show|find|name|what is] the {thing} with the {word} {gap}",
    "{thing} with the {word} {gap}", "for which {thing} is the {gap} the {word}", "where is the {gap} {word}, by {thing}",
)  # fmt: skip
_GAP_MANY = (
    "[show|list|find|give me] the {n} {things} with the {word} {gap}", "{n} {things} with the {word} {gap}",
    "top {n} {things} by {gap}",
)  # fmt: skip
_GAP_LIST = ("[show|list|give me] the {gap} [of|for] [each|every] {thing}", "[show|list] [all|the|] {things} with the {gap}",
             "for each {thing}, [show|give] the {gap}")  # fmt: skip
_GAP_AVERAGE = ("what is the average {gap} [of|for|across] {things}", "average {gap} of {things}",
                "how [big|large|high] is the {gap} of {things} on average")  # fmt: skip
_PER = (
    "what [is|was] the {name} per {unit} {scope} {when}", "[show|calculate|give me] [the|] {name} per {unit} {scope} {when}",
    "{name} per {unit} {scope} {when}", "how much {name} [do|did] we make per {unit} {scope} {when}",
)  # fmt: skip
_PER_BY = (
    "[show|what is|give me] the {name} per {unit} [by|for each|of each] {dim} {when}",
    "{name} per {unit} [by|for each] {dim} {when}",
    "for each {dim}, [show|what is] the {name} per {unit} {when}", "[by|per] {dim}: {name} per {unit} {when}",
)  # fmt: skip
_PER_TOP = (
    "which {dim} [has|had] the {word} {name} per {unit} {when}", "[show|find] the {dim} with the {word} {name} per {unit} {when}",
    "{dim} with the {word} {name} per {unit} {when}",
)  # fmt: skip
_PER_MANY = ("top {n} {dims} by {name} per {unit} {when}", "[show|list] the {n} {dims} with the {word} {name} per {unit} {when}",
             "{name} per {unit}, the {n} {best} {dims} {when}")  # fmt: skip
_DISCOUNT = (
    "how much [money|] [did we lose|was lost] [to|through] [discounts|rebates|price reductions] {scope} {when}",
    "[what is|what was|show|calculate] the [total|overall] value of [all|the|] [discounts|rebates|reductions] "
    "[granted|given|] {scope} "
    "{when}",
    "[total|overall] [discount amount|discounts in money|rebates granted] {scope} {when}",
    "how much [money was|were customers] [saved|knocked off] [by|through|thanks to] [discounts|rebates] {scope} {when}",
    "total [reduction|rebate] [granted|in money] {scope} {when}",
    "how much [discount|rebate] did we [give|grant|allow] {scope} {when}",
    "[discount|discounts] [granted|given] in money {scope} {when}",
    "[amount|sum] of [all|the|] discounts [given|granted|] {scope} {when}",
    "[what did|how much did] [our|the|] discounts cost us {scope} {when}", "what was given away in discounts {scope} {when}",
)
_LOSS = (
    "[below|under] cost", "for less than [they cost|their cost|cost price]", "with a negative profit",
    "without covering the cost", "at a loss", "at a loss",
    "[at|with] a negative margin",
)  # fmt: skip
_RED = (
    "[which|what] {dims} [make|made|bring|brought] [a loss|losses|no profit|negative profit] {when}",
    "{dims} [with|that made|that make] [a negative profit|a loss|negative total profit] {when}",
    "[show|list|find] [the|all|] {dims} [with negative profit|whose profit is negative|whose total profit is below zero] {when}",
    "[which|what] {dims} [did we lose money on|lost us money|cost us money|are we losing money with] {when}",
    "{dims} [we lost money on|that lost money|that cost us money] {when}",
    "unprofitable {dims} {when}", "loss-making {dims} {when}",
)  # fmt: skip


def gap(ask: Ask) -> Draft | None:
    """The difference of two columns of one row: the largest, all of them, or the mean."""
    tables = [e for e in ask.world.entities if e.labels and number_pairs(e)]
    if not tables:
        return None
    entity = ask.rng.choice(tables)
    a, b = larger(ask, *ask.rng.choice(number_pairs(entity)))
    sql = f"{ask.world.ref(a.index)} - {ask.world.ref(b.index)}"
    labels = [ask.world.ref(c) for c in entity.labels]
    conditions = ask.filters(entity.table, 1, avoid=(a.index, b.index))
    block = ask.select(entity.table, conditions)
    slots = dict(
        gap=ask.rng.choice(_GAP).replace("{a}", a.nouns[0]).replace("{b}", b.nouns[0]),
        things=ask.things(entity.table, conditions), thing=ask.things(entity.table, conditions, noun=entity.noun),
    )  # fmt: skip
    kind = ask.rng.choice(("top", "top", "many", "list", "average"))
    if kind == "average":
        block.items = [f"AVG({sql})"]
        return Draft(ask.compose(_GAP_AVERAGE, **slots), block.sql())
    block.items = [*labels, sql]
    if kind == "list":
        return Draft(ask.compose(_GAP_LIST, **slots), block.sql())
    high, count = ask.chance(0.75), 1 if kind == "top" else ask.rng.choice((3, 5, 10))
    block.order, block.limit = [f"{sql} {'DESC' if high else 'ASC'}"], count
    word = ("biggest", "largest", "widest", "greatest") if high else ("smallest", "narrowest", "lowest")
    frames = _GAP_TOP if count == 1 else _GAP_MANY if high else _GAP_MANY[:2]
    return Draft(ask.compose(frames, word=word, n=number(ask.rng, count), **slots), block.sql())


def larger(ask: Ask, a: ColumnRole, b: ColumnRole) -> tuple[ColumnRole, ColumnRole]:
    """The column with the higher numbers first."""
    middles = [sorted(found)[len(found) // 2] if (found := ask.world.numbers(c.index)) else 0.0 for c in (a, b)]
    return (a, b) if middles[0] >= middles[1] else (b, a)


@dataclass(frozen=True)
class _Ratio:
    """A sum of the fact's rows per something: its SQL, what the sum is called, and what it is per."""

    fact: Entity
    measure: measures.Measure
    sql: str
    names: tuple[str, ...]
    unit: tuple[str, ...]


def sum_per(ask: Ask) -> Draft | None:
    """SUM / SUM, or SUM / a size of the group itself: "revenue per unit", "sales per square metre"."""
    facts = [e for e in ask.world.entities if any(c.additive for c in e.columns)]
    if not facts:
        return None
    fact = ask.rng.choice([e for e in facts if any(c.revenue for c in e.columns)] or facts)
    sums = [c for c in fact.columns if c.additive]
    measure = measures.sum_of(ask.world, next((c for c in sums if c.revenue), sums[0]), ask.rng)
    names = tuple(n for n in measure.names if "total" not in n) or measure.names
    quantity = measures.quantity_of(ask.world, fact.table)
    if quantity is not None and ask.chance(0.35):
        sql = f"{measure.sql} / SUM({ask.world.ref(quantity.index)})"
        return _per_unit(ask, _Ratio(fact, measure, sql, names, ("unit", "unit sold", "piece", "unit")))
    sized = [
        (e, c) for t in ask.world.reach_of(fact.table).path for e in [ask.world.entities[t]] if e.key is not None and e.labels
        for c in e.with_role("measure") if c.unit == "rate" and c.noun.rpartition(" ")[2] in ("area", "capacity", "size")
    ]  # fmt: skip
    if not sized:
        return None
    entity, column = ask.rng.choice(sized)
    single = lexicon.singular(column.suffix) if column.suffix else f"unit of {column.noun}"
    unit = (single, single, f"{single} of {column.noun}") if column.suffix else (single,)
    ratio = _Ratio(fact, measure, f"{measure.sql} / MAX({ask.world.ref(column.index)})", names, unit)
    return _ratio_by(ask, ratio, entity_dimension(ask.world, entity, ask.rng))


def _per_unit(ask: Ask, ratio: _Ratio) -> Draft | None:
    """By a dimension, over time, or in all."""
    dimension = ask.dimension(ratio.fact.table) if ask.chance(0.5) else None
    column = ask.world.time_column(ratio.fact.table)
    if dimension is not None:
        return _ratio_by(ask, ratio, dimension)
    if column is not None and ask.chance(0.5):
        return _over_time(ask, ratio, column)
    conditions, timed = ask.filters(ratio.fact.table, 2), ask.time(ratio.fact.table, 0.4)
    block = ask.select(ratio.fact.table, conditions, timed, measure=ratio.measure)
    block.items = [ratio.sql]
    scope = ask.scope(ratio.measure, conditions)
    return Draft(ask.compose(_PER, timed=timed, name=ratio.names, unit=ratio.unit, scope=scope), block.sql())


def _ratio_by(ask: Ask, ratio: _Ratio, dimension: Dimension | None) -> Draft | None:
    """The ratio of every group, or of the groups where it is highest or lowest."""
    if dimension is None:
        return None
    timed = ask.time(ratio.fact.table, 0.4)
    block = ask.select(ratio.fact.table, (), timed, measure=ratio.measure, tables=(dimension.table,))
    block.items, block.group = [*dimension.show, ratio.sql], list(dimension.group)
    high, count = ask.chance(0.8), ask.rng.choice((0, 0, 1, 3, 5, 10))
    frames = _PER_BY if not count else _PER_TOP if count == 1 else _PER_MANY if high else _PER_MANY[1:]
    if count:
        block.order, block.limit = [f"{ratio.sql} {'DESC' if high else 'ASC'}"], count
    return Draft(ask.compose(
        frames, timed=timed, name=ratio.names, unit=ratio.unit, dim=dimension.noun, dims=dimension.plural,
        n=number(ask.rng, max(count, 1)), word=("highest", "best", "largest") if high else ("lowest", "worst", "smallest"),
        best=("best", "leading", "strongest") if high else ("worst", "weakest"),
    ), block.sql())  # fmt: skip


def _over_time(ask: Ask, ratio: _Ratio, column: int) -> Draft:
    """A ratio of two sums by year, quarter or month."""
    time = time_dimension(ask.world, column, ask.rng.choice(("year", "year", "quarter", "month")))
    conditions = ask.filters(ratio.fact.table, 1)
    block = ask.select(ratio.fact.table, conditions, measure=ratio.measure, tables=(time.table,))
    block.items, block.group, block.order = [*time.show, ratio.sql], list(time.group), list(time.show)
    frames = ("{name} per {unit} {scope} by {time}", "[show|what is] the {name} per {unit} {scope} [by|for each|in each] {time}",
              "how did the {name} per {unit} {scope} [develop|change] from {time} to {time}",
              "[average|] {name} per {unit} {scope}, by {time}")  # fmt: skip
    scope = ask.scope(ratio.measure, conditions)
    return Draft(ask.compose(frames, name=ratio.names, unit=ratio.unit, time=time.noun, scope=scope), block.sql())


def discount_given(ask: Ask) -> Draft | None:
    """SUM(quantity * price - amount): what was taken off."""
    found = [(e, c) for e in ask.world.entities for c in e.columns if c.revenue and any("discount" in o.noun for o in e.columns)]
    if not found:
        return None
    entity, revenue = ask.rng.choice(found)
    quantity = measures.quantity_of(ask.world, entity.table)
    price = next((c for c in entity.columns if c.role == "measure" and c.noun in ("unit price", "price")), None)
    if quantity is None or price is None:
        return None
    ref = ask.world.ref
    total = f"SUM({ref(quantity.index)} * {ref(price.index)} - {ref(revenue.index)})"
    measure = measures.sum_of(ask.world, revenue, ask.rng)
    conditions, timed = ask.filters(entity.table, 1), ask.time(entity.table, 0.6)
    block = ask.select(entity.table, conditions, timed)
    block.items = [total]
    return Draft(ask.compose(_DISCOUNT, timed=timed, scope=ask.scope(measure, conditions)), block.sql())


def at_a_loss(ask: Ask) -> Draft | None:
    """Lines sold below cost; groups whose profit is negative."""
    facts = [(e, c) for e in ask.world.entities for c in e.columns if c.revenue]
    if not facts:
        return None
    fact, revenue = ask.rng.choice(facts)
    quantity, cost = measures.quantity_of(ask.world, fact.table), measures.cost_of(ask.world, fact.table)
    if quantity is None or cost is None:
        return None
    ref = ask.world.ref
    spent = f"{ref(quantity.index)} * {ref(cost.index)}"
    timed = ask.time(fact.table, 0.35)
    if ask.chance(0.5):
        conditions = ask.filters(fact.table, 1) if ask.chance(0.4) else []
        block = ask.select(fact.table, conditions, timed, tables=(cost.table,))
        block.items = ["COUNT(*)"]
        block.where.append(f"{ref(revenue.index)} < {spent}")
        things = ask.things(fact.table, conditions)
        loss = ask.rng.choice(_LOSS)
        frames = (f"how many {{things}} were sold {loss} {{when}}", f"number of {{things}} sold {loss} {{when}}",
                  f"count the {{things}} that went [out|over the counter|] {loss} {{when}}")  # fmt: skip
        return Draft(ask.compose(frames, timed=timed, things=things), block.sql())
    dimension = ask.dimension(fact.table, flags=False)
    if dimension is None:
        return None
    block = ask.select(fact.table, (), timed, tables=(cost.table, dimension.table))
    block.items, block.group = list(dimension.show), list(dimension.group)
    block.having = [f"SUM({ref(revenue.index)} - {spent}) < 0"]
    return Draft(ask.compose(_RED, timed=timed, dims=dimension.plural), block.sql())


def average_percent(ask: Ask) -> Draft | None:
    """100 * AVG of a column of fractions, where a percentage is asked for; the fraction itself where it isn't."""
    rates = [
        c for e in ask.world.entities for c in e.with_role("measure")
        if c.unit == "rate" and (n := ask.world.numbers(c.index)) and 0 <= min(n) and max(n) <= 1
    ]  # fmt: skip
    if not rates:
        return None
    column = ask.rng.choice(rates)
    measure = measures.average_of(ask.world, column, ask.rng)
    conditions, timed, percent = ask.filters(column.table, 1, avoid=(column.index,)), ask.time(column.table, 0.4), ask.chance(0.6)
    dimension = ask.dimension(column.table) if ask.chance(0.4) else None
    if dimension and set(dimension.columns) & {c.column for c in conditions}:
        return None
    block = ask.select(column.table, conditions, timed, tables=(dimension.table,) if dimension else ())
    item = f"100.0 * {measure.sql}" if percent else measure.sql
    block.items = [*(dimension.show if dimension else ()), item]
    block.group = list(dimension.group) if dimension else []
    tail = f" [by|per|for each] {dimension.noun}" if dimension else ""
    word = " [in percent|as a percentage|in %]" if percent else ""
    frames = tuple(f + " {when}" for f in (
        f"what [is|was] the {{name}}{word} {{scope}}{tail}", f"{{name}}{word} {{scope}}{tail}",
        f"[show|give me|calculate] the {{name}} {{scope}}{tail}{word}",
    ))  # fmt: skip
    return Draft(ask.compose(frames, timed=timed, name=measure.names, scope=ask.scope(measure, conditions)), block.sql())
