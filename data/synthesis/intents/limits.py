"""Groups on one side of a limit: revenue over an amount that is written short, a margin below so many percent, a loss."""

from __future__ import annotations

from nl2sql.data.synthesis import measures
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.filters.numbers import rounded
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import NUMBER_WORDS

_LIMIT = (
    "[which|what] {dims} [had|made|reached|show] {name} [of|] {more} {n} {scope} {when}",
    "{dims} with {name} {more} {n} {scope} {when}",
    "[show|list|find] [the|all|] {dims} with [a|] [total|] {name} {more} {n} {scope} {when}",
    "in [which|what] {dims} {was} {name} {scope} {more} {n} {when}",
    "{dims} where {name} {scope} [was|came to|reached] {more} {n} {when}",
    "[which|what] {dims} brought in {more} {n} {scope} {when}", "{dims} [that|which] sold {more} {n} {scope} {when}",
    "[which|what] {dims} [made|had|reached] {more} {n} in {name} {scope} {when}",
)  # fmt: skip
_MORE = {
    ">": ("over", "more than", "above", "upwards of"),
    ">=": ("at least", "no less than"),
    "<": ("under", "less than", "below"),
}


def _short(ask: Ask, value: float) -> str:
    """A large number as people shorten it: 900k, 1.2 million, 1.2m."""
    whole = int(value)
    if whole >= 1_000_000:
        return f"{whole / 1e6:g}{ask.rng.choice((' million', ' million', 'm', ' mio', 'M'))}"
    if whole >= 10_000 and whole % 1000 == 0:
        return f"{whole // 1000}{ask.rng.choice(('k', 'k', 'K', ' thousand', ',000', '000'))}"
    return f"{whole:,}" if ask.chance(0.5) else str(whole)


def over_limit(ask: Ask) -> Draft | None:
    """Months or groups whose revenue is over a limit, which is written short: HAVING SUM > n."""
    facts = [(e, c) for e in ask.world.entities for c in e.columns if c.revenue]
    if not facts:
        return None
    fact, revenue = ask.rng.choice(facts)
    world, column = ask.world, ask.world.time_column(fact.table)
    unit = ask.rng.choice(("month", "month", "quarter", "year")) if column is not None and ask.chance(0.6) else ""
    dimension = time_dimension(world, column or 0, unit) if unit else ask.dimension(fact.table, flags=False)
    samples = world.numbers(revenue.index)
    if dimension is None or not samples:
        return None
    conditions = ask.filters(fact.table, 1, avoid=dimension.columns, tables=None) if ask.chance(0.45) else []
    timed = ask.time(fact.table, 0.6)
    if unit and timed and timed.shorter_than(300):
        timed = None
    size = _group_rows(ask, fact, dimension, unit, column) * (0.3 if conditions else 1.0) * (0.25 if timed and not unit else 1.0)
    value = rounded(ask.rng, 2 * sorted(samples)[len(samples) // 2] * max(1.0, size) * ask.rng.uniform(0.3, 1.6))
    value = float(round(value))
    if value < 10:
        return None
    operator, measure = ask.rng.choice((">", ">", ">", ">=", "<")), measures.sum_of(world, revenue, ask.rng)
    block = ask.select(fact.table, conditions, timed, tables=(dimension.table,))
    block.items, block.group, block.having = [*dimension.show], list(dimension.group), [f"{measure.sql} {operator} {value:.10g}"]
    block.order = list(dimension.show) if unit else []
    said = _short(ask, value)
    ask.protect(said)
    name = ask.rng.choice(measure.names).removeprefix("total ").removeprefix("sum of ")
    frames = tuple(f for f in _LIMIT if (unit == "" or "that|which" not in f) and ("sold" not in f or dimension.entity))
    frames = tuple(f for f in frames if unit or not f.startswith("in "))
    return Draft(ask.compose(frames, timed=timed, dims=dimension.plural, name=name, more=_MORE[operator], n=said,
        scope=ask.scope(measure, conditions)),
                 block.sql())  # fmt: skip


def _group_rows(ask: Ask, fact: Entity, dimension: Dimension, unit: str, column: int | None) -> float:
    """About how many rows of the fact a group has."""
    if not unit or column is None:
        return ask.world.group_size(fact.table, dimension.columns[0]) or 20.0
    first, last = ask.world.date_range(column)
    days = {"month": 30, "quarter": 91, "year": 365}[unit]
    return (ask.world.schema.tables[fact.table].rows or 1000) / max(1.0, (last - first).days / days)


_THIN = (
    "[which|what] {dims} [have|had] a [profit|] margin {side} {p} {scope} {when}",
    "{dims} with a [profit|] margin [of|] {side} {p} {scope} {when}",
    "[show|list|find] [the|all|] {dims} [whose|where the] [profit|] margin is {side} {p} {scope} {when}",
    "{dims} {scope} {when} with margins {side} {p}",
    "[which|what] {dims} [made|make|keep|kept] {side} {p} margin {scope} {when}",
    "{dims} on which we [made|earned] {side} {p} margin {scope} {when}",
)  # fmt: skip
_LOST = (
    "[which|what] {dims} [lost|have lost|lost us|cost us] money {scope} {when}", "{dims} that lost money {scope} {when}",
    "{dims} [with|showing] a loss {scope} {when}",
    "on which {dims} did we lose money {scope} {when}",
    "[which|what] {dims} were sold at a loss [overall|in total|] {scope} {when}",
    "[show|list] [the|all|] loss-making {dims} {scope} {when}",
    "[which|what] {dims} [have|had] a negative profit {scope} {when}", "{dims} in the red {scope} {when}",
    "[which|what] {dims} did not [earn|make] a profit {scope} {when}",
)[:8]  # fmt: skip
_LOST_COUNT = ("how many {dims} [lost money|made a loss] {scope} {when}",
    "number of {dims} [with a loss|that lost money] {scope} {when}",
               "on how many {dims} did we lose money {scope} {when}")  # fmt: skip


def thin_margin(ask: Ask) -> Draft | None:
    """Groups with a margin below (or above) so many percent, or with a loss."""
    facts = [(e, c) for e in ask.world.entities for c in e.columns if c.revenue]
    fact, revenue = ask.rng.choice(facts) if facts else (None, None)
    if fact is None or revenue is None:
        return None
    quantity, cost = measures.quantity_of(ask.world, fact.table), measures.cost_of(ask.world, fact.table)
    dimension = ask.dimension(fact.table, flags=False)
    if quantity is None or cost is None or dimension is None:
        return None
    ref = ask.world.ref
    profit = f"SUM({ref(revenue.index)} - {ref(quantity.index)} * {ref(cost.index)})"
    conditions = ask.filters(fact.table, 1, avoid=dimension.columns) if ask.chance(0.5) else []
    timed = ask.time(fact.table, 0.5)
    measure = Measure(fact.table, profit, "derived", ("profit",), (), (), frozenset({cost.table}))
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    block.items, block.group = list(dimension.show), list(dimension.group)
    slots = dict(dims=dimension.plural, scope=ask.scope(measure, conditions))
    if ask.chance(0.45):
        block.having = [f"{profit} < 0"]
        if ask.chance(0.3):
            block.items = [dimension.group[0]]
            return Draft(
                ask.compose(_LOST_COUNT, timed=timed, **slots),
                f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found",
            )
        return Draft(ask.compose(_LOST, timed=timed, **slots), block.sql())
    low, percent = ask.chance(0.75), ask.rng.choice((5, 10, 15, 20, 25, 30, 35, 38, 40, 42, 45, 50, 55, 60))
    block.having = [f"{profit} / SUM({ref(revenue.index)}) {'<' if low else '>'} {percent / 100:g}"]
    word = NUMBER_WORDS[percent] if percent <= 20 and ask.chance(0.2) else str(percent)
    said = f"{word}{ask.rng.choice(('%', ' percent', ' %', '%', ' per cent')) if word.isdigit() else ' percent'}"
    ask.protect(said)
    side = ("below", "under", "less than", "of less than") if low else ("above", "over", "more than")
    return Draft(ask.compose(_THIN, timed=timed, side=side[:3], p=said, **slots), block.sql())
