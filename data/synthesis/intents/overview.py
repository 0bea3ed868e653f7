"""Several figures at once, in the order said: an overview by year, store or category, or of everything."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.intents.by_period import LY
from nl2sql.data.synthesis.measures import column_noun, derived, sum_of
from nl2sql.data.synthesis.nouns import scope as narrowed
from nl2sql.data.synthesis.phrases import Slot, either
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.vocabulary import PLANS

_BY_TIME = (
    "[give me|show me|i need|please make|can you give me|prepare] a {ly} overview {scope} {when}: {list}",
    "{ly} overview {scope} {when}: {list}", "{ly} {list} {scope} {when}", "{ly} overview of {list} {scope} {when}",
    "{list} {scope} {when}, [by|per|for each] {unit}",
    "[show|list|get|give me] [the|] {list} {scope} [by|per|for every] {unit} {when}",
    "for each {unit} {when}, [show|give me|i want] {the_list} {scope}", "{unit} by {unit}: {list} {scope} {when}",
    "per {unit}: {list} {scope} {when}", "one row per {unit} {when} with {list} {scope}",
    "how did {list} {scope} [develop|change] from {unit} to {unit} {when}",
    "{spoken} {scope} did we have [per|in each] {unit} {when}", "a table by {unit} {when}: {list} {scope}",
    "[key figures|kpis|numbers] [per|by] {unit} {scope} {when}: {list}",
    "[can you|could you|please] [list|break down] {list} {scope} by {unit} {when}",
    "{ly} [report|summary] with {list} {scope} {when}", "{spoken} {scope} [per|in each] {unit} {when}",
)  # fmt: skip
_BY = (
    "per {dim}: {list} {scope} {when}", "{list} {scope} [by|per|for each] {dim} {when}",
    "[show|list|give me|get] [the|] {list} {scope} [by|per|for every] {dim} {when}",
    "for each {dim}, [show|give me|list|i want] {the_list} {scope} {when}", "for each {dim} {the_list} {scope} {when}",
    "{dims} with [their|] {list} {scope} {when}", "[show|list] [all|the|] {dims} with their {list} {scope} {when}",
    "overview by {dim} {scope} {when}: {list}", "[give me|show me|i need|make] an overview per {dim} {scope} {when}: {list}",
    "[key figures|kpis|numbers] [per|by] {dim} {scope} {when}: {list}", "compare the {dims} {scope} {when}: {list}",
    "[what are|what were] the {list} {scope} [of|for] each {dim} {when}", "{spoken} {scope} did each {dim} have {when}",
    "{spoken} {scope} [per|in each|for each] {dim} {when}", "[can you|could you|please] list {list} {scope} by {dim} {when}",
    "how do the {dims} compare in {list} {scope} {when}", "a table of {dims} with {list} {scope} {when}",
)  # fmt: skip
_ALL = (
    "{list} {scope} {when}", "[show|give me|what were|what are|list|report] {the_list} {scope} {when}",
    "{spoken} {scope} {when}", "{spoken} did we have {scope} {when}",
    "[key figures|summary|overview|kpis] {scope} {when}: {list}", "{list} [in all|overall|altogether] {scope} {when}",
    "[i need|i'd like|can i get|get me] {the_list} {scope} {when}", "[summarize|sum up] {scope} {when}: {list}",
    "[could you|can you|please] tell me {the_list} {scope} {when}", "{when}: {list} {scope}", "{scope} {when}: {list}",
    "in one row, {the_list} {scope} {when}",
)  # fmt: skip
_LEAST = {"year": 700, "quarter": 170, "month": 58, "week": 20}


@dataclass(frozen=True)
class _Figure:
    """One column of the overview: its SQL and tables, its names without and its name with a question word."""

    sql: str
    names: tuple[str, ...]
    spoken: str
    tables: frozenset[int] = frozenset()


def overview(ask: Ask) -> Draft | None:
    """Two to four of counts, sums, averages, extremes and ratios, by a unit of time, by a dimension or in all."""
    fact = ask.fact()
    column = ask.world.time_column(fact.table)
    unit = ask.rng.choice(("year", "year", "month", "month", "quarter", "week")) if column is not None else ""
    kind = ask.rng.choices(("time", "dim", "all"), (4 if unit else 0, 5, 2))[0]
    dimension = time_dimension(ask.world, column, unit) if kind == "time" and column is not None else None
    dimension = ask.dimension(fact.table, flags=False) if kind == "dim" else dimension
    if kind != "all" and dimension is None or {*fact.noun.split()} & PLANS:
        return None
    timed = ask.time(fact.table, 0.45)
    if kind == "time" and timed and timed.shorter_than(_LEAST[unit]):
        timed = None
    figures = _choose(ask, fact, dimension, timed is not None or kind == "time")
    if figures is None:
        return None
    tables = frozenset(table for figure in figures for table in figure.tables)
    avoid = (*(dimension.columns if dimension else ()), *(c.index for c in fact.with_role("measure")))
    conditions = ask.filters(fact.table, 1, avoid=avoid) if ask.chance(0.35) else []
    block = ask.select(fact.table, conditions, timed, tables=(*tables, *((dimension.table,) if dimension else ())))
    block.split(dimension, *(figure.sql for figure in figures))
    block.order = list(dimension.show) if dimension and dimension.unit else []
    names = [ask.rng.choice(figure.names) for figure in figures]
    listed = _listed(ask, names)
    frames = {"time": _BY_TIME, "dim": _BY, "all": _ALL}[kind]
    if dimension and (dimension.table == fact.table and not dimension.unit or len(dimension.show) > 1):
        frames = tuple(f for f in frames if "did each" not in f and "compare in" not in f)
    if not timed:
        frames = tuple(f for f in frames if "{when}:" not in f or not f.startswith(("{when}", "{scope}", "[summarize")))
    frames = frames if conditions else tuple(f for f in frames if not f.startswith("[summarize"))
    slots: dict[str, Slot] = dict(
        list=listed, the_list=_with_articles(ask, names), spoken=either(ask.rng, [f.spoken for f in figures], "and"), unit=unit,
        scope=narrowed(ask, fact.table, conditions), ly=LY.get(unit, ("",)), dim=dimension.noun if dimension else "",
        dims=dimension.plural if dimension else "",
    )  # fmt: skip
    keywords = {"time": "{ly} {list} {scope} {when}", "dim": "{list} by {dim} {scope} {when}", "all": "{list} {scope} {when}"}
    return Draft(ask.compose(frames, keywords[kind], timed=timed, **slots), block.sql())


def _listed(ask: Ask, names: list[str]) -> str:
    """The figures one after the other; among keywords also without a conjunction."""
    return either(ask.rng, names, "and" if ask.chance(0.85) else "as well as") if ask.chance(0.88) else ", ".join(names)


def _with_articles(ask: Ask, names: list[str]) -> str:
    plain = {"revenue", "turnover", "sales", "orders", "profit", "profitability", "takings"}
    said = [n if n in plain or ask.chance(0.25) or " " not in n and lexicon.is_plural(n) else f"the {n}" for n in names]
    return either(ask.rng, said, "and")


def _choose(ask: Ask, fact: Entity, dimension: Dimension | None, timed: bool) -> list[_Figure] | None:
    """The figures: a count first more often than not, no two alike, at least one of the fact's own."""
    count = ask.rng.choices((2, 3, 4), (2, 5, 1.5))[0]
    found = _counts(ask, fact, dimension, timed)
    own = _amounts(ask, fact)
    if not own:
        return None
    counts = ask.rng.sample(found, min(len(found), 1 if count == 2 or ask.chance(0.6) else 2))
    rest = ask.rng.sample(own, min(len(own), count - len(counts)))
    chosen = [*counts, *rest]
    if ask.chance(0.25):
        ask.rng.shuffle(chosen)
    return chosen if len({f.sql for f in chosen}) == len(chosen) >= 2 else None


def _counts(ask: Ask, fact: Entity, dimension: Dimension | None, timed: bool) -> list[_Figure]:
    """How many rows there are, for lines how many of their parents, now and then how many persons or things occur in them.

    The latter only where the count depends on the rows: by time, or by what the persons don't lead to themselves.
    """
    world = ask.world
    made = [] if fact.link else [_count(ask, fact, "COUNT(*)", frozenset())]
    for table, path in world.reach_of(fact.table).path.items():
        entity = world.entities[table]
        if not 0 < len(path) <= 2 or entity.key is None or entity.link or not (fact.event or fact.link):
            continue
        parent = fact.link and entity.event
        apart = dimension is not None and not dimension.unit and dimension.table not in world.reach_of(table).path
        beyond = dimension is not None and not dimension.unit and table in world.reach_of(dimension.table).path
        if beyond or not parent and (entity.event or not (timed or apart) or ask.chance(0.2 if entity.person else 0.75)):
            continue
        one = _count(ask, entity, f"COUNT(DISTINCT {world.ref(entity.key)})", frozenset({table}))
        made = [one, *made] if parent else [*made, one]
    return made if ask.chance(0.35) else made[:1]


def _count(ask: Ask, entity: Entity, sql: str, tables: frozenset[int]) -> _Figure:
    noun = ask.noun(entity)
    many = lexicon.plural(noun)
    names: tuple[str, ...] = (many, many, f"number of {many}", f"number of {many}", f"{noun} count")
    if tables and not entity.event and not entity.person:
        return _Figure(sql, (f"number of different {many}", f"different {many}"), f"how many different {many}", tables)
    return _Figure(sql, (*names, f"number of different {many}") if tables else names, f"how many {many}", tables)


def _amounts(ask: Ask, fact: Entity) -> list[_Figure]:
    """Sums, averages and extremes of the fact's columns, and the figures of the business."""
    world = ask.world
    columns = [c for c in fact.with_role("measure")]
    made = [_sum(ask, fact, c) for c in columns if c.additive]
    if any(c.revenue for c in columns):
        for measure in (derived(world, fact.table, ask.rng) for _ in range(4)):
            if measure is not None:
                name = measure.names[0]
                spoken = f"how many {name}" if name.startswith(("units", "pieces", "items")) else f"what {name}"
                spoken = f"how much {name}" if name == "profit" else spoken
                made.append(_Figure(measure.sql, measure.names, spoken, measure.tables))
        if ask.chance(0.8):
            return list({f.sql: f for f in made}.values())
    for column in columns:
        noun, ref = column_noun(world, column, ask.rng, fact.table), world.ref(column.index)
        for sql, words in (
            (f"AVG({ref})", ("average", "average", "mean", "avg")), (f"MAX({ref})", ("highest", "maximum", "max")),
            (f"MIN({ref})", ("lowest", "minimum", "min")),
        ):  # fmt: skip
            made.append(_Figure(sql, tuple(f"{word} {noun}" for word in words), f"what {words[0]} {noun}"))
    return made


def _sum(ask: Ask, fact: Entity, column: ColumnRole) -> _Figure:
    measure = sum_of(ask.world, column, ask.rng)
    names = measure.names
    if column.noun == "salary" and fact.person:
        names = (*names, "total payroll", "payroll", "total payroll")
    spoken = f"how much {measure.mass[0]}" if measure.mass else f"what {measure.names[1]}"
    return _Figure(measure.sql, names, spoken)
