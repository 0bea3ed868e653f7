"""Ranks within groups, running totals, and each period beside the one before."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, determines, time_dimension
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.top_sellers import sold
from nl2sql.data.synthesis.measures import column_noun, sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import number
from nl2sql.data.synthesis.vocabulary import KINDS

_ONE_EACH = (
    "[for each|in each|per] {group}, [which|what] {dim} [has|had] {most} {when}",
    "[show|list|find|give me] the {dim} with {most} [in|for|of] each {group} {when}",
    "[which|what] {dim} [has|had] {most} [in|for] each {group} {when}",
    "[what is|show|find|who is] the [top|best|leading] {dim} [of|in|for] each {group} by {name} {when}",
    "{dim} with {most} per {group} {when}",
    "[top|best] {dim} per {group} by {name} {when}",
    "the {dim} with {most} within [each|every] {group} {when}",
    "[within|inside] each {group}, which {dim} [comes out on top|leads|is first] by {name} {when}",
    "for [each|every|all the different] {group}, [name|show|give me] the {dim} with {most} {when}",
    "{group} by {group}: the {dim} with {most} {when}",
    "what is the [number one|leading|top] {dim} by {name} in every {group} {when}",
    "each {group} and its {dim} with {most} {when}",
    "which {dim} [leads|is number one] in {name} in each {group} {when}",
    "[best|top] {dim} of [each|every] {group} by {name} {when}", "{name}: [best|top] {dim} [of each|per] {group} {when}",
)
_FEW_EACH = (
    "[show|list|find|give me] the top {n} {dims} by {name} [in|for|of|within] each {group} {when}",
    "top {n} {dims} [by|in] {name} [per|for each|in each|by] {group} {when}",
    "for each {group}, [show|list|what are|find] the {n} {dims} with {most} {when}",
    "[which|what] {n} {dims} [had|have] {most} in each {group} {when}",
    "[show|list] the {n} {dims} with {most} [of|in|within] [each|every] {group} {when}",
    "the {n} [best|leading|strongest] {dims} [of|in] [each|every] {group} by {name} {when}",
    "{group} by {group}, the {n} {dims} with {most} {when}",
    "within each {group}, the {n} {dims} with {most} {when}",
    "[best|top] {n} {dims} [of each|per|in every] {group} by {name} {when}", "{n} [best|top] {dims} per {group}, {name} {when}",
)
_BEST = (  # the figure goes without saying
    "[the|our|] {best} {dim} {each} {when}", "what [is|was] [the|our] {best} {dim} {each} {when}", "{best} {dim} {each} {when}",
    "[show|list|find|give me] the {best} {dim} {each} {when}", "for [each|every] {group}, [show|name|] the {best} {dim} {when}",
    "{group} by {group}: the {best} {dim} {when}", "[each|every] {group} and its {best} {dim} {when}",
    "which [is|was] [the|our] {best} {dim} {each} {when}",
)  # fmt: skip
_BEST_FEW = (
    "{top} {n} {dims} {each} {when}", "[show|list|find|give me|what are] the {top} {n} {dims} {each} {when}",
    "[the|our|] {n} {best} {dims} {each} {when}", "for [each|every] {group}, the {top} {n} {dims} {when}",
    "{n} {best} {dims} {each} {when}", "{group} by {group}: the {top} {n} {dims} {when}", "the {top} {n} {dims} {each} {when}",
)  # fmt: skip
_SELLING = (
    "[the|our|] {sell}[-| ]selling {dim} {each} {when}", "which {dim} [sells|sold] {sell} {within} {when}",
    "{sell}[-| ]selling {dim} {each} {when}", "[show|find|list|what is] the {sell}[-| ]selling {dim} {each} {when}",
)  # fmt: skip
_SELLING_FEW = (
    "[the|our|] {n} {sell}[-| ]selling {dims} {each} {when}", "which {n} {dims} [sell|sold] {sell} {within} {when}",
    "{top} {n} {sell}[-| ]selling {dims} {each} {when}",
)  # fmt: skip
_WHO = ("who [is|was] [the|our] {best} {dim} {each} {when}",) * 2
_UNRANKED = set("status state method type kind reason stage currency terms payment rep representative manager".split())
_ROWS_EACH = (
    "[show|list|find|what is] the {thing} with the {word} {column} [in|for|of] each {group}",
    "[for each|per|in each] {group}, [which|what] {thing} has the {word} {column}",
    "which {thing} has the {word} {column} in each {group}",
    "{thing} with the {word} {column} per {group}",
    "the {thing} with the {word} {column} of [each|every] {group}",
    "{group} by {group}: {thing} with the {word} {column}",
    "for [every|each] {group}, [show|name] the {thing} [whose {column} is the {word}|with the {word} {column}] and the {column}",
    "within each {group}, which {thing} has the {word} {column}",
    "{word} {column} in each {group}: which {thing}",
)
_RUNNING = (
    (
        "[show|give me|compute|calculate|plot] the [running total|cumulative sum|cumulated total] of {name} [by|per] "
        "{unit} {scope} {when}"
    ),
    "[cumulative|running total of|cumulated] {name} [by|per] {unit} {scope} {when}",
    "how [does|did] the cumulative {name} [develop|grow] by {unit} {scope} {when}",
    "{name} [by|per] {unit} {scope}, [cumulated|added up over time|as a running total] {when}",
    "[show|plot] [the|] {name} {scope} [accumulated|added up|summed up] [by|per] {unit} {when}",
    "running {name} {scope} [by|per] {unit} {when}",
    "[cumulative|accumulated] {name} {scope} {when} [by|per|for each] {unit}",
    "how does {name} {scope} add up {unit} by {unit} {when}",
    "for each {unit}, [the|show the] {name} [up to then|so far] {scope} {when}",
)
_BEFORE = (
    (
        "[show|list|give me] [the|] {name} [by|per|for each] {unit} [with|next to|beside|together with] [that|the "
        "value|the figure] of the [previous|preceding] {unit} {scope} {when}"
    ),
    "{name} [by|per] {unit} and of the {unit} before {scope} {when}",
    "for each {unit}, show the {name} and the previous {unit}'s {scope} {when}",
    "{name} [by|per] {unit}, [with|and] the previous {unit} [beside it|alongside|next to it] {scope} {when}",
    "[compare|show] [the|] {name} of [each|every] {unit} with [that of|] the {unit} before {scope} {when}",
    "{name} {unit} by {unit}, each with the {unit} before {scope} {when}",
    "[show|list] {name} [by|per] {unit} and what it was [one|the] {unit} [earlier|before] {scope} {when}",
    "every {unit}'s {name} and that of the preceding {unit} {scope} {when}",
)
_RANKED = (
    "rank [the|all|all the|] {dims} by {name} {scope} {when}",
    "[show|give me] a ranking of [the|] {dims} by {name} {scope} {when}",
    "[ranking|rank] of {dims} by {name} {scope} {when}",
    "[all|our] {dims} [ordered|sorted|ranked] by {name} {scope}, [best|highest] first {when}",
    "order [the|all|our] {dims} by {name} {scope} {when}, [highest|largest] first",
    "{dims} by {name} {scope} {when}, [highest first|best first|from top to bottom|in descending order]",
    "how do [the|our] {dims} rank by {name} {scope} {when}",
    "league table of {dims} by {name} {scope} {when}",
    "sort [the|all] {dims} by {name} {scope} from highest to lowest {when}",
)


def top_of_each(ask: Ask, *, narrowed: bool = False) -> Draft | None:
    """QUALIFY ROW_NUMBER() OVER (PARTITION BY group ORDER BY measure) <= n, over sums.

    ``narrowed``: always of one kind or place, and mostly of one period.
    """
    fact = ask.fact()
    measure = ask.business(fact.table) if narrowed else ask.measure(fact.table)
    named = narrowed and ask.chance(0.7)  # rather what has a name of its own: stores of each region, products of each category
    group, dimension = (ask.dimension(fact.table, flags=False, attributes=not named) for _ in range(2))
    if measure is None or group is None or dimension is None or determines(ask.world, group, dimension):
        return None
    if measure.subject in (group.table, dimension.table) and "DISTINCT" in measure.sql:
        return None
    timed = ask.time(fact.table, 0.8 if narrowed else 0.35)
    high, count = ask.chance(0.85), 1 if ask.chance(0.55) else ask.rng.choice((2, 3, 3, 5))
    avoid = (*group.columns, *dimension.columns)
    conditions = ask.filters(fact.table, 1, avoid=avoid) if ask.chance(0.5) and not narrowed else []
    if narrowed:
        one = ask.kind(fact.table, avoid, named=True, far=3)
        if one is None or {group.table, dimension.table} & set(ask.world.reach_of(one.table).path):
            return None  # one group alone
        conditions = [one]
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(group.table, dimension.table))
    _first_of_each(block, group, dimension, measure.sql, high=high, count=count)
    frames: tuple[str, ...] = _ONE_EACH if count == 1 else _FEW_EACH
    if not high:  # only those that say "most"
        frames = tuple(frame for frame in frames if "{most}" in frame)
    figure = ask.figure(measure, conditions)
    frames = tuple(frame.replace("{when}", "{scope} {when}") for frame in frames)
    slots = dict(
        group=group.noun, dim=dimension.noun, dims=dimension.plural, name=figure["name"], scope=figure["scope"],
        most=figure["most" if high else "least"], n=number(ask.rng, count),
    )  # fmt: skip
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _first_of_each(block: Select, group: Dimension, dimension: Dimension, figure: str, *, high: bool, count: int) -> None:
    """The best or worst few of the dimension in each group, with their figure."""
    block.items = [*group.show, *dimension.show, figure]
    block.group = list(dict.fromkeys((*group.group, *dimension.group)))
    window = f"ROW_NUMBER() OVER (PARTITION BY {group.group[0]} ORDER BY {figure} {'DESC' if high else 'ASC'})"
    block.qualify = [f"{window} {'=' if count == 1 else '<='} {count}"]


def top_of_each_in(ask: Ask) -> Draft | None:
    """The same for one kind or place and period: "the best product of each category in Europe in 2024"."""
    return top_of_each(ask, narrowed=True)


def best_of_each(ask: Ask) -> Draft | None:
    """The same where no figure is named: it is revenue. "Top 3 products in each category", "the best customer of every store"."""
    found = [(e, c) for e in ask.world.entities for c in e.columns if c.revenue]
    if not found:
        return None
    fact, column = ask.rng.choice(found)
    group, dimension = (ask.dimension(fact.table, flags=False, attributes=ask.chance(0.35)) for _ in range(2))
    if group is None or dimension is None or determines(ask.world, group, dimension):
        return None
    thing, whole = (ask.world.entities[d.table] for d in (dimension, group))
    if any(set(ask.world.columns[c].noun.split()) & _UNRANKED for d in (dimension, group) if not d.entity for c in d.columns):
        return None
    if group.entity and (whole in sold(ask, fact) or whole.person and not {"supplier", "vendor"} & set(whole.noun.split())):
        return None  # nobody asks for the best store of each product or customer
    if not group.entity and set(whole.noun.split()) & STAFF:
        return None
    if thing.event or whole.event or not dimension.entity and (thing.person or thing.table == fact.table):
        return None
    if "seller" in dimension.noun.split():  # the best sellers of a category are its products
        return None
    measure, timed = sum_of(ask.world, column, ask.rng), ask.time(fact.table, 0.4)
    high, count = ask.chance(0.85), 1 if ask.chance(0.5) else ask.rng.choice((2, 3, 3, 3, 5, 5))
    block = ask.select(fact.table, (), timed, tables=(group.table, dimension.table))
    _first_of_each(block, group, dimension, measure.sql, high=high, count=count)
    sells = thing.place or thing in sold(ask, fact) if dimension.entity else not thing.person
    frames: tuple[str, ...] = _BEST if count == 1 else _BEST_FEW
    frames = (*frames, *(_SELLING if count == 1 else _SELLING_FEW)) if sells else frames
    frames = (*frames, *_WHO) if dimension.person and count == 1 else frames
    best: Slot = ("best", "best", "top", "number one") if high and count == 1 else "best" if high else "worst"
    inside = whole.place or whole.noun.rpartition(" ")[2] in KINDS or not group.entity
    within = ("for each", "per", *(("in each", "in each", "in every") if inside else ()))
    slots: dict[str, Slot] = dict(
        dim=dimension.noun, dims=dimension.plural, group=group.noun, n=number(ask.rng, count, 0.45),
        within=tuple(f"{word} {group.noun}" for word in within),
        each=tuple(f"{word} {group.noun}" for word in (*within, "of each", "of every")), best=best,
        top="top" if high else "bottom", sell="best" if high else "worst",
    )  # fmt: skip
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def extreme_of_each(ask: Ask) -> Draft | None:
    """The row with the highest or lowest value of a column in each group."""
    entity = ask.subject(labelled=True)
    columns = entity.with_role("measure", "date") if entity else []
    group = ask.dimension(entity.table, flags=False) if entity else None
    if entity is None or not columns or group is None:
        return None
    column = ask.rng.choice(columns)
    high, ref = ask.chance(0.65), ask.world.ref(column.index)
    if column.index in group.columns:
        return None
    conditions = ask.filters(entity.table, 1, avoid=(column.index, *group.columns)) if ask.chance(0.35) else []
    block = ask.select(entity.table, conditions, tables=(group.table,))
    block.items = [*group.show, *(ask.world.ref(c) for c in entity.labels), ref]
    block.qualify = [f"ROW_NUMBER() OVER (PARTITION BY {group.group[0]} ORDER BY {ref} {'DESC' if high else 'ASC'}) = 1"]
    words = (
        (("latest", "most recent"), ("earliest",)) if column.role == "date" else (("highest", "largest"), ("lowest", "smallest"))
    )
    noun = column_noun(ask.world, column, ask.rng, entity.table)
    thing = ask.things(entity.table, conditions, noun=ask.noun(entity))
    return Draft(ask.compose(_ROWS_EACH, thing=thing, word=words[0 if high else 1], column=noun, group=group.noun), block.sql())


def running_total(ask: Ask) -> Draft | None:
    """SUM(SUM(x)) OVER (ORDER BY unit)."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table, additive=True)
    if column is None or measure is None or "DISTINCT" in measure.sql:
        return None
    unit = ask.rng.choice(("month", "month", "quarter", "year", "week"))
    conditions, timed = ask.filters(fact.table, 2 if ask.chance(0.4) else 1) if ask.chance(0.7) else [], ask.time(fact.table, 0.5)
    if timed and timed.shorter_than(100):
        timed = None
    dimension = time_dimension(ask.world, column, unit)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    when = dimension.show[0]
    block.items = [when, f"SUM({measure.sql}) OVER (ORDER BY {when})"]
    block.group, block.order = [when], [when]
    slots = dict(unit=unit, **ask.figure(measure, conditions))
    return Draft(ask.compose(_RUNNING, "cumulative {name} by {unit} {scope} {when}", timed=timed, **slots), block.sql())


def with_previous(ask: Ask) -> Draft | None:
    """Each unit of time with its measure and, by LAG, that of the unit before."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    if column is None or measure is None:
        return None
    unit = ask.rng.choice(("month", "quarter", "year"))
    timed, conditions = ask.time(fact.table, 0.4), ask.filters(fact.table, 1) if ask.chance(0.5) else []
    if timed and timed.shorter_than(300):
        timed = None
    dimension = time_dimension(ask.world, column, unit)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    when = dimension.show[0]
    block.items = [when, measure.sql, f"LAG({measure.sql}) OVER (ORDER BY {when})"]
    block.group, block.order = [when], [when]
    return Draft(ask.compose(_BEFORE, timed=timed, unit=unit, **ask.figure(measure, conditions, measure.names[:2])), block.sql())


def ranking(ask: Ask) -> Draft | None:
    """All groups in order of their measure."""
    fact = ask.fact()
    measure, dimension = ask.measure(fact.table), ask.dimension(fact.table, flags=False)
    if measure is None or dimension is None or measure.subject == dimension.table and dimension.entity:
        return None
    conditions, timed = ask.filters(fact.table, 1, avoid=dimension.columns), ask.time(fact.table, 0.4)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    block.items, block.group, block.order = [*dimension.show, measure.sql], list(dimension.group), [f"{measure.sql} DESC"]
    slots = dict(dims=lexicon.plural(dimension.noun), **ask.figure(measure, conditions))
    return Draft(ask.compose(_RANKED, "{dims} ranked by {name} {scope} {when}", timed=timed, **slots), block.sql())
