"""One kind of thing between two named years, as one number or one row a year; the groups where a rate is worst."""

from __future__ import annotations

from nl2sql.data.synthesis import vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.rates import NAMED, named_state
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.times import When, number, step, unit_start

_PERCENT = (  # {span}: from one year to the other
    "by [how many percent|what percentage|how much percent] did {name} {scope} [grow|rise|increase|change] {span}",
    "[percentage growth|growth in percent|growth in %|percent change] [of|in] {name} {scope} {span}",
    "{name} {scope}: [growth in percent|percent change] [{span}|{a} to {b}|{a} vs {b}]",
    "{name} {scope} {b} [against|vs|versus|over] {a}, change in percent",
    "how many percent [higher|more] {was} {name} {scope} in {b} than in {a}",
    "how much did {name} {scope} grow in {b} over {a}, in percent",
)
_RATE = (
    "growth of {name} {scope} {span}",
    "[what was|how strong was|how high was] the growth [of|in] {name} {scope} {span}",
    "how much did {name} {scope} grow {span}", "{name} {scope}, growth {a} to {b}",
    "growth rate [of|in] {name} {scope} {span}",
    "how did {name} {scope} grow in {b} compared [to|with] {a}",
)  # fmt: skip
_YEARS = (
    "{name} {scope} in {a} [and|and in|compared with|vs] {b}", "compare {name} {scope} in {a} [and|with] {b}",
    "{name} {scope}: {a} [vs|versus|against|and] {b}",
    "{name} {scope} {a} [vs|versus] {b}",
    "[show|give me|what was|what were] [the|] {name} {scope} [in|for] {a} and [in|for|] {b}",
    "how did {name} {scope} compare, {a} against {b}",
    "{a} [vs|versus|against] {b}: {name} {scope}", "{name} {scope}, {a} next to {b}",
    "was {name} {scope} [higher|lower] in {a} or in {b}, show both years",
)  # fmt: skip
_WORST = (  # {worst} is "highest" of what is bad and "lowest" of what is good
    "{n} {worst} {rate}s [by|per|of all] {dim} {when}", "the {n} {dims} with the {worst} {rate} {when}",
    "{rate} [by|per] {dim}, worst {n} {when}",
    "which {n} {dims} have the {worst} {rate} {when}", "[show|list] the {n} worst {dims} by {rate} {when}",
    "worst {n} {dims} [by|for] {rate} {when}",
    "the {n} {dims} with the {worst} {word} of {state} {things} {when}",
    "{word} of {state} {things} [by|per] {dim}, the {n} {worst} {when}",
    "{word} of {things} that were {state} [by|per] {dim}, the worst {n} {when}",
    "in which {n} {dims} is the {word} of {state} {things} {worst} {when}",
    "[show|list] the {n} {dims} [where|in which] the {word} of {state} {things} is {worst} {when}",
)  # fmt: skip
_GOOD = {
    "completed",
    "approved",
    "passed",
    "won",
    "shipped",
    "delivered",
    "resolved",
    "converted",
}  # a low rate of them is the worst


def _years(ask: Ask, column: int) -> tuple[When, When] | None:
    """Two different years of the data, the earlier one first."""
    first, last = ask.world.date_range(column)
    years = list(range(first.year, last.year + 1))
    if len(years) < 2:
        return None
    found = []
    for year in sorted(ask.rng.sample(years, 2)):
        start = unit_start(first.replace(year=year, day=1, month=1), "year")
        ask.protect(str(year))
        found.append(When(str(year), str(year), start, step(start, "year", 1)))
    return found[0], found[1]


def _one_kind(ask: Ask) -> tuple[Measure, int, tuple[When, When], list[Filter]] | None:
    """What is measured, its date, two years and one or two conditions."""
    fact = ask.fact()
    if set(fact.noun.split()) & vocabulary.PLANS:
        return None
    column, measure = ask.world.time_column(fact.table), ask.business(fact.table)
    years = _years(ask, column) if column is not None else None
    kind = ask.kind(fact.table, named=True, far=3)
    if column is None or measure is None or years is None or kind is None:
        return None
    more = ask.kind(fact.table, (kind.column,), far=3) if ask.chance(0.2) else None
    return measure, column, years, [kind, *([more] if more and more.table != kind.table else [])]


def growth_of_one(ask: Ask) -> Draft | None:
    """B / A - 1, or the same in percent: one number."""
    found = _one_kind(ask)
    if found is None:
        return None
    measure, column, years, conditions = found
    if "/" in measure.sql or measure.kind in ("average", "extreme"):
        return None
    ref = ask.world.ref(column)
    before, after = (f"{measure.sql} FILTER (WHERE {when.sql(ref)})" for when in years)
    percent = ask.chance(0.6)
    block = ask.select(measure.root, conditions, measure=measure, tables=(ask.world.schema.owner[column],))
    block.items = [f"100.0 * ({after} / {before} - 1)" if percent else f"{after} / {before} - 1"]
    frames = _PERCENT if percent else _RATE
    span = tuple(text.format(*(year.full for year in years)) for text in ("from {} to {}", "between {} and {}"))
    return Draft(
        ask.compose(frames, a=years[0].full, b=years[1].full, span=span, **ask.figure(measure, conditions, _plain(measure))),
        block.sql(),
    )


def _plain(measure: Measure) -> tuple[str, ...]:
    return tuple(name for name in measure.names if not name.startswith(("sum of", "total number"))) or measure.names


def years_of_one(ask: Ask) -> Draft | None:
    """GROUP BY year WHERE the year is one of two: a row for each."""
    found = _one_kind(ask)
    if found is None:
        return None
    measure, column, years, conditions = found
    dimension, ref = time_dimension(ask.world, column, "year"), ask.world.ref(column)
    block = ask.select(measure.root, conditions, measure=measure, tables=(dimension.table,))
    block.where.append("(" + " OR ".join(f"({when.sql(ref)})" for when in years) + ")")
    block.items, block.group, block.order = [*dimension.show, measure.sql], list(dimension.group), list(dimension.show)
    return Draft(
        ask.compose(_YEARS, a=years[0].full, b=years[1].full, **ask.figure(measure, conditions, _plain(measure))), block.sql()
    )


def worst_rates(ask: Ask) -> Draft | None:
    """The groups with the largest share of rows in a state: ORDER BY the share DESC LIMIT n."""
    entities = [e for e in ask.world.entities if not e.link]
    ask.rng.shuffle(entities)
    entity, part = next(((e, part) for e in entities if (part := named_state(ask, e))), (None, None))
    if entity is None or part is None or part.said.lower() not in NAMED:
        return None
    dimension = ask.dimension(entity.table, flags=False)
    if dimension is None or part.column in dimension.columns:
        return None
    good = part.said.lower() in _GOOD
    timed, count, percent = ask.time(entity.table, 0.5), ask.rng.choice((3, 5, 5, 10)), ask.chance(0.4)
    block = ask.select(entity.table, (), timed, tables=(dimension.table,))
    ratio = f"COUNT(*) FILTER (WHERE {part.sql}) / COUNT(*)"
    ratio = f"100.0 * {ratio}" if percent else ratio
    block.items, block.group, block.order, block.limit = (
        [*dimension.show, ratio],
        list(dimension.group),
        [f"{ratio} {'ASC' if good else 'DESC'}"],
        count,
    )
    rate = f"{NAMED[part.said.lower()]}{' in percent' if percent else ''}"
    frames = _WORST[1:] if percent else _WORST
    return Draft(ask.compose(
        frames, timed=timed, n=number(ask.rng, count), dim=dimension.noun, dims=dimension.plural, rate=rate,
            state=part.said.lower(), worst=("lowest", "worst") if good else ("highest", "worst"),
        things=ask.things(entity.table), word=("percentage", "percent") if percent else ("share", "proportion", "fraction",
            "rate"),
    ), block.sql())  # fmt: skip
