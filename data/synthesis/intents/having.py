"""Groups that pass a test on their measure, and how many of them there are."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.numbers import number_text, rounded
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.phrases import say

_LIST = (
    "which {dims} [have|had] {test} {scope} {when}",
    "[show|list|find|give me] [the|all|all the|] {dims} with {test} {scope} {when}",
    "[show|list|find] [the|all|] {dims} [that|which] [have|had] {test} {scope} {when}",
    "{dims} with {test} {scope} {when}",
    "what {dims} [have|had] {test} {scope} {when}",
    "{dims} [that|which] [have|had|reached|show] {test} {scope} {when}",
    "[in|for] which {dims} [do|did] we have {test} {scope} {when}",
    "[are there|do we have] {dims} with {test} {scope} {when}",
    "{dims}, {test} {scope} {when}",
    "only [the|] {dims} with {test} {scope} {when}",
)
_LIST_VALUE = (
    "which {dims} [have|had] {test} {scope} {when}, and [how many|how much]",
    "[show|list|find] the {dims} with {test} {scope} {when}, [together with|along with|and] [the|their|that] {name}",
    "for {dims} with {test} {scope} {when}, show the {dim} and the {name}",
)
_COUNT = (
    "how many {dims} [have|had] {test} {scope} {when}",
    "[what is|give me|count|find] the number of {dims} with {test} {scope} {when}",
    "number of {dims} with {test} {scope} {when}",
    "how many of [the|our] {dims} [have|had|reached] {test} {scope} {when}",
    "{dims} with {test} {scope} {when}: how many",
    "count {dims} [that have|having] {test} {scope} {when}",
)
_MADE = (  # of months and years in which so much was sold
    "in [which|what] {dims} {when} did we [make|sell|take in|turn over|earn|bring in] {more} {n} {scope}",
    "{dims} {when} [in which|when] we [made|sold|took in|turned over|earned] {more} {n} {scope}",
    "which {dims} {when} [brought in|brought us|made] {more} {n} {scope}",
    "{dims} with {more} {n} in {name} {scope} {when}",
)
_MORE = {">": ("more than", "over", "above"), "<": ("less than", "under"), ">=": ("at least",)}
_TESTS = {
    ">": ("more than {n} {events}", "over {n} {events}", "more than {n} {events}"),
    ">=": ("at least {n} {events}", "{n} or more {events}"),
    "<": ("fewer than {n} {events}", "less than {n} {events}"),
    "=": ("exactly {n} {events}",),
    "<=": ("at most {n} {events}",),
}
_SUM_TESTS = {
    ">": ("{name} [above|over|of more than|greater than|higher than|exceeding] {n}",),
    "<": ("{name} [below|under|of less than|lower than] {n}",),
    ">=": ("{name} of at least {n}",),
    "<=": ("{name} of at most {n}",),
    "=": ("{name} of {n}",),
}


def _level(ask: Ask, measure: Measure, dimension: Dimension, conditions: list[Filter]) -> tuple[str, float, str, str] | None:
    """An operator, the number, the words of a test on the measure, and what it is narrowed to."""
    operator = ask.rng.choice((">", ">", ">", ">=", ">=", "<", "<="))
    size = ask.world.group_size(measure.root, dimension.columns[0])
    if measure.kind == "count":
        operator = "=" if ask.chance(0.1) else operator
        value = float(ask.rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 5, 8, 10, 10, 15, 20, 30, 50, 100, 200, 500, 1000)))
        if size and size > 4 and measure.subject == measure.root:
            value = max(1.0, float(round(rounded(ask.rng, size * ask.rng.uniform(0.3, 1.6)))))
        if value == 1 and operator in ("<", "<=", ">="):
            operator = ">"
        assert measure.subject is not None
        subject = ask.world.entities[measure.subject]
        inside = all(c.table in ask.world.reach_of(subject.table).path for c in conditions)
        noun = ask.noun(subject) if value == 1 else lexicon.plural(ask.noun(subject))
        things = ask.things(subject.table, conditions if inside else [], noun=noun)
        words = say(ask.rng, _TESTS[operator], n=number_text(ask.rng, value), events=things)
        return operator, value, words, "" if inside else ask.scope(measure, conditions)
    if measure.kind == "derived" and (measure.column is None or "/" in measure.sql):
        return _derived_level(ask, measure, dimension, conditions, operator)
    samples = ask.world.numbers(measure.column) if measure.column is not None else []
    if not samples:
        return None
    base = ask.rng.uniform(min(samples), max(samples))
    if measure.kind in ("sum", "derived"):
        middle = sorted(samples)[len(samples) // 2]
        base = middle * size * ask.rng.uniform(0.5, 1.8) if size else base * ask.rng.choice((2, 5, 10, 20, 50, 100, 300, 1000))
    value = rounded(ask.rng, base)
    value = float(round(value)) if value > 20 else value
    if value <= 0:
        return None
    words = say(ask.rng, _SUM_TESTS[operator], name=ask.rng.choice(measure.names), n=number_text(ask.rng, value))
    return operator, value, words, ask.scope(measure, conditions)


def _derived_level(
    ask: Ask, measure: Measure, dimension: Dimension, conditions: list[Filter], operator: str
) -> tuple[str, float, str, str] | None:
    """A test on a margin, a profit or an average order value."""
    name, scope = ask.rng.choice(measure.names), ask.scope(measure, conditions)
    operator = operator if operator in "<>" else ">"
    side = ask.rng.choice(
        ("above", "over", "of more than", "higher than") if operator == ">" else ("below", "under", "of less than")
    )
    if "margin" in name:
        percent = ask.rng.choice((5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60))
        text = f"{percent}{ask.rng.choice(('%', ' percent', ' %', '%'))}"
        value = float(percent) if measure.sql.startswith("100") else percent / 100
        return operator, value, f"{lexicon.article(name)} {side} {text}", scope
    revenue = next((c for c in ask.world.entities[measure.root].columns if c.revenue), None)
    samples = ask.world.numbers(revenue.index) if revenue else []
    if not samples:
        return None
    size = ask.world.group_size(measure.root, dimension.columns[0]) or 10.0
    base = sorted(samples)[len(samples) // 2] * (3 if "/" in measure.sql else size * 0.4) * ask.rng.uniform(0.4, 1.8)
    value = float(round(rounded(ask.rng, base)))
    return (operator, value, f"{name} {side} {number_text(ask.rng, value)}", scope) if value > 0 else None


def having(ask: Ask) -> Draft | None:
    """GROUP BY ... HAVING: the labels, with the measure where it is asked for, or the number of groups."""
    fact = ask.fact()
    measure, dimension = ask.measure(fact.table), ask.dimension(fact.table, flags=False, rows=True)
    column = ask.world.time_column(fact.table)
    if column is not None and ask.chance(0.25):
        dimension = time_dimension(ask.world, column, ask.rng.choice(("month", "month", "quarter", "year")))
    if measure is None or dimension is None or measure.subject == dimension.table and dimension.entity:
        return None
    conditions = ask.filters(fact.table, 2 if ask.chance(0.3) else 1, avoid=dimension.columns) if ask.chance(0.55) else []
    timed = ask.time(fact.table, 0.35)
    if dimension.unit and timed and timed.shorter_than(300):
        timed = None
    level = _level(ask, measure, dimension, conditions)
    if level is None:
        return None
    operator, value, words, scope = level
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    block.group, block.having = list(dimension.group), [f"{measure.sql} {operator} {value:.10g}"]
    ask.protect(words)
    slots = dict(dims=dimension.plural, dim=dimension.noun, test=words, scope=scope, name=measure.names)
    kind = ask.rng.choices(("list", "value", "count"), (6, 1.5, 2))[0]
    if kind == "list" and dimension.unit and measure.mass and measure.kind == "sum" and operator in _MORE and ask.chance(0.6):
        block.items, block.order = list(dimension.show), list(dimension.show)
        slots.update(more=_MORE[operator], n=number_text(ask.rng, value))
        return Draft(ask.compose(_MADE, timed=timed, **slots), block.sql())
    valued = [
        frame.replace("[how many|how much]", "how many")
        for frame in _LIST_VALUE
        if measure.kind == "count" or "how many" not in frame
    ]
    if dimension.unit:
        block.order = list(dimension.show) if kind != "count" else []
    if kind == "count":
        block.items = [dimension.group[0]]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
        return Draft(ask.compose(_COUNT, timed=timed, **slots), sql)
    block.items = [*dimension.show, *([measure.sql] if kind == "value" else [])]
    return Draft(ask.compose(valued if kind == "value" else _LIST, timed=timed, **slots), block.sql())
