"""A kind and a period together, three periods side by side, two figures at once, the mean of the years of each group."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension, unit_sql
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.measures import Measure, average_of, count_of, sum_of
from nl2sql.data.synthesis.phrases import Slot, either
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import Timed

LY = {"year": ("yearly", "annual"), "quarter": ("quarterly",), "month": ("monthly",), "week": ("weekly",)}
_PAIR = (
    "{name} by {dim} and {unit} {scope} {when}", "{name} {scope} per {unit} and {dim} {when}",
    "[show|list|give me] [the|] {name} {scope} [by|per|for each] {dim} and {unit} {when}",
    "[show|break down|split] {name} {scope} by {unit} and [by|] {dim} {when}",
    "for each {unit} and [each|] {dim}, [show|give me] the {name} {scope} {when}",
    "{ly} {name} {scope} [by|per|of each] {dim} {when}",
    "how did the {ly} {name} of each {dim} [go|develop|look] {scope} {when}",
    "{name} {scope} {when}, one row [a|per] {unit} and {dim}", "{name} {scope} [of|for] each {dim}, {unit} by {unit} {when}",
    "per {dim}, how did {name} {scope} [move|go] from {unit} to {unit} {when}",
)
_PAIR_KEYWORDS = ("{name} {dim} {unit} {scope} {when}", "{ly} {name} per {dim} {scope} {when}")
_THREE = (
    "{name} {scope} in {years}", "compare [the|] {name} {scope} of {years}", "{name} {scope} {years} side by side",
    "[show|give me|list] [the|] {name} {scope} for {years}", "{years}: {name} {scope}",
    "{name} {scope}, {years} next to each other",
    "what [{was}|{is}] the {name} {scope} in {years}", "how did {name} {scope} compare [across|in|between] {years}",
    "put the {name} {scope} of {years} side by side",
)  # fmt: skip
_THREE_BY = (
    "{name} {scope} by {dim} in {years}", "{name} {scope} [per|for each] {dim}, {years} side by side",
    "for each {dim}, [show|compare] the {name} {scope} of {years}", "compare {name} {scope} by {dim} for {years}",
    "[show|list] {name} {scope} [by|per] {dim} and year, {years} only",
)  # fmt: skip
_BOTH = (
    "{first} and {second} [by|per|for each] {dim} {scope} {when}",
    "[show|give me|list] [both|] {first} and {second} per {dim} {scope} {when}",
    "{first} as well as {second} [by|per] {dim} {scope} {when}",
    "for each {dim}, [both|] the {first} and the {second} {scope} {when}",
    "per {dim}: {first}, {second} {scope} {when}", "what were {first} and {second} [by|in each] {dim} {scope} {when}",
    "{second} together with {first}, [by|per] {dim} {scope} {when}",
    "how many {many} and how much {mass} [by|per|in each] {dim} {scope} {when}",
    "{first} plus {second} for every {dim} {scope} {when}",
)  # fmt: skip
_MEAN = (
    "average {ly} {name} [by|per|for each] {dim} {scope} {when}", "mean {name} per {unit} [by|for each] {dim} {scope} {when}",
    "what does each {dim} [make|bring|reach] in {name} per {unit} on average {scope} {when}",
    "[show|list|give me] the average {ly} {name} for each {dim} {scope} {when}",
    "{name} per {unit} on average, [by|per|for each] {dim} {scope} {when}",
    "for each {dim}, the mean {ly} {name} {scope} {when}",
    "{dims} with their average {ly} {name} {scope} {when}",
)  # fmt: skip


def group_and_period(ask: Ask) -> Draft | None:
    """A row for every value of a dimension and every year, quarter or month, in order of time."""
    found = _figure(ask)
    if found is None:
        return None
    measure, column, dimension = found
    unit = ask.rng.choice(("year", "year", "quarter", "month"))
    time, conditions = time_dimension(ask.world, column, unit), _narrow(ask, measure, dimension)
    timed = _long(ask, measure.root, 0.35, 300 if unit == "year" else 80)
    block = ask.select(measure.root, conditions, timed, measure=measure, tables=(dimension.table, time.table))
    block.items = [*dimension.show, *time.show, measure.sql]
    block.group, block.order = [*dimension.group, *time.group], [*time.show]
    if ask.chance(0.4):
        block.items = [*time.show, *dimension.show, measure.sql]
    slots: dict[str, Slot] = dict(dim=dimension.noun, unit=unit, ly=LY[unit], **ask.figure(measure, conditions))
    return Draft(ask.compose(_PAIR, _PAIR_KEYWORDS, timed=timed, **slots), block.sql())


def three_periods(ask: Ask) -> Draft | None:
    """Three years, a row each, sometimes for every group."""
    found = _figure(ask)
    if found is None:
        return None
    measure, column, dimension = found
    first, last = ask.world.date_range(column)
    if last.year - first.year < 2:
        return None
    start = ask.rng.randrange(first.year, last.year - 1)
    years = list(range(start, start + 3)) if ask.chance(0.75) else sorted(ask.rng.sample(range(first.year, last.year + 1), 3))
    time, by = time_dimension(ask.world, column, "year"), ask.chance(0.35)
    conditions = _narrow(ask, measure, dimension)
    block = ask.select(measure.root, conditions, measure=measure, tables=(time.table, *((dimension.table,) if by else ())))
    block.where.append(f"YEAR({ask.world.ref(column)}) IN ({', '.join(map(str, years))})")
    block.items = [*(dimension.show if by else ()), *time.show, measure.sql]
    block.group = [*(dimension.group if by else ()), *time.group]
    block.order = [*time.show]
    texts = [str(year) for year in years]
    ask.protect(*texts)
    said = (either(ask.rng, texts, "and"), f"{texts[0]}, {texts[1]} and {texts[2]}", f"{texts[0]} vs {texts[1]} vs {texts[2]}")
    slots: dict[str, Slot] = dict(dim=dimension.noun, years=said[:2], **ask.figure(measure, conditions))
    return Draft(ask.compose(_THREE_BY if by else _THREE, **slots), block.sql())


def count_and_sum(ask: Ask) -> Draft | None:
    """How many and how much (or at what average) for every group or period: parents are counted once each."""
    fact = ask.fact()
    both = _two(ask, fact)
    column = ask.world.time_column(fact.table)
    if both is None:
        return None
    count, other, many = both
    dimension = ask.dimension(fact.table)
    if column is not None and ask.chance(0.5):
        dimension = time_dimension(ask.world, column, ask.rng.choice(("year", "year", "quarter", "month")))
    if dimension is None or dimension.entity and dimension.table == count.subject:
        return None
    conditions = ask.filters(fact.table, 1, avoid=dimension.columns) if ask.chance(0.3) else []
    timed = ask.time(fact.table, 0.35) if not dimension.unit else _long(ask, fact.table, 0.3, 400)
    block = ask.select(fact.table, conditions, timed, tables=(dimension.table, *count.tables, *other.tables))
    block.items, block.group = [*dimension.show, count.sql, other.sql], list(dimension.group)
    block.order = list(dimension.show) if dimension.unit else []
    frames = _BOTH if other.mass else tuple(frame for frame in _BOTH if "{mass}" not in frame)
    frame = ask.rng.choice(frames)
    if frame.startswith("{second}"):
        block.items[-2:] = [other.sql, count.sql]
    slots: dict[str, Slot] = dict(first=count.names[:2], second=other.names[:2], many=many, mass=other.mass or ("",))
    scope = ask.scope(other, conditions)
    return Draft(ask.compose(frame, timed=timed, dim=dimension.noun, scope=scope, **slots), block.sql())


def _two(ask: Ask, fact: Entity) -> tuple[Measure, Measure, str] | None:
    """A count with a sum or an average beside it, and what is counted in the plural."""
    world = ask.world
    lines = fact.link or any(c.revenue for c in fact.columns)
    near = [t for t, path in world.reach_of(fact.table).path.items() if len(path) == 1 and world.entities[t].event]
    subject = world.entities[near[0]] if lines and near else fact
    if subject.key is None and subject is not fact:
        return None
    count = count_of(world, fact.table, subject, ask.rng)
    sums = [c for c in fact.with_role("measure") if c.additive]
    if count is None or not fact.with_role("measure"):
        return None
    total = bool(sums) and (lines or ask.chance(0.6))
    other = sum_of(world, ask.rng.choice([c for c in sums if c.revenue] or sums), ask.rng) if total else (
        average_of(world, ask.rng.choice(fact.with_role("measure")), ask.rng))  # fmt: skip
    return count, other, lexicon.plural(subject.noun)


def mean_of_periods(ask: Ask) -> Draft | None:
    """For every group the average over its years, quarters or months of a sum or count."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table, additive=True)
    dimension = ask.dimension(fact.table, flags=False)
    if column is None or measure is None or dimension is None or dimension.person or len(dimension.show) > 1:
        return None
    if measure.subject == dimension.table and dimension.entity:
        return None
    unit = ask.rng.choice(("year", "year", "year", "month", "quarter"))
    conditions, timed = _narrow(ask, measure, dimension), _long(ask, fact.table, 0.3, 400)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table, ask.world.schema.owner[column]))
    span = unit_sql(ask.world.ref(column), unit)
    block.items = [f"{dimension.show[0]} AS label", f"{span} AS span", f"{measure.sql} AS total"]
    block.group = [*dimension.group, span]
    sql = f"WITH totals AS ({block.sql()}) SELECT label, AVG(total) FROM totals GROUP BY label"
    slots: dict[str, Slot] = dict(dim=dimension.noun, dims=dimension.plural, unit=unit, ly=LY[unit])
    return Draft(ask.compose(_MEAN, timed=timed, **slots, **ask.figure(measure, conditions)), sql)


def _figure(ask: Ask) -> tuple[Measure, int, Dimension] | None:
    """What is measured, when, and by which kind: attributes rather than rows of their own."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    dimension = ask.dimension(fact.table, entities=ask.chance(0.5), flags=False)
    if column is None or measure is None or dimension is None or dimension.entity and dimension.table == measure.subject:
        return None
    return measure, column, dimension


def _narrow(ask: Ask, measure: Measure, dimension: Dimension) -> list[Filter]:
    return ask.filters(measure.root, 1, avoid=dimension.columns) if ask.chance(0.35) else []


def _long(ask: Ask, root: int, probability: float, days: int) -> Timed | None:
    """A time long enough for several periods."""
    timed = ask.time(root, probability)
    short = timed and timed.shorter_than(days)
    return None if short else timed
