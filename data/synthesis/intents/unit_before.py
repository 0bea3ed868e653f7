"""A period against the one before it ("last week vs the week before"): both figures, by a group too, growth, difference."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import When, named, step, unit_start
from nl2sql.data.synthesis.vocabulary import PLANS

_BOTH = (
    "{name} {scope} {in_a} [vs|versus|against|compared with|compared to|and] {before}",
    "compare [the|our|] {name} {scope} [of|in|for] {a} [with|to|and] [that of|] {before}",
    "[show|give me|what {was}] the {name} {scope} {in_a} and {in_before}",
    "how [{does}|did] [our|the|] {name} {scope} {in_a} compare [with|to] {before}",
    "{name} {scope}: {a} [vs|versus|against|and] {before}", "{a} [vs|against|compared with] {before}: {name} {scope}",
    "{name} {scope} {in_a} [next to|beside|alongside] {before}", "put the {name} {scope} of {a} next to that of {before}",
    "[could you|can you|please] [compare|set] the {name} {scope} of {a} against {before}",
    "[the|] {name} {scope} [for|of] {a} and for {before}", "what [{was}|{is}] the {name} {scope} {in_a}, and what {in_before}",
    "{in_a} [against|versus|vs] {before}, what {was} the {name} {scope}", "{name} {scope} {in_a} [and|as well as] {in_before}",
)  # fmt: skip
_BOTH_SHORT = ("{name} {scope} {a} vs {before}", "{a} vs {before}, {name} {scope}", "{name} {a} and {before} {scope}")
_BY = (
    "{name} {scope} {in_a} [and|vs|against|compared with] {before} [by|per|for each] {dim}",
    "[compare|show] [the|] {name} {scope} of each {dim} {in_a} [with|and] {before}",
    "by {dim}, [the|] {name} {scope} {in_a} and {in_before}", "{name} {scope} [by|per] {dim}, {a} [vs|against] {before}",
    "for each {dim}, [the|compare the|show the] {name} {scope} of {a} and {before}",
    "[show|give me] {name} {scope} [by|per] {dim} for {a} and {before}",
    "how did [the|] {name} {scope} [by|per] {dim} {in_a} compare [with|to] {before}",
)  # fmt: skip
_GROWTH = (
    "how much did [the|our|] {name} {scope} grow {in_a} [compared with|compared to|over|against|on] {before}",
    "{name} growth {scope} {in_a} [over|against|on|compared with] {before}",
    "[what is|what was|show|calculate] the growth [of|in] {name} {scope} {in_a} [over|against|compared with] {before}",
    "growth [rate|] of {name} {scope}, {a} [against|over|vs] {before}",
    "how [strongly|fast] did {name} {scope} grow {in_a} [over|compared with|against] {before}",
    "{name} {scope} {in_a}: growth [over|on|against] {before}",
)  # fmt: skip
_PERCENT = (
    "by [how many percent|what percentage|what percent] did [the|our|] {name} {scope} [grow|change|increase|rise] {in_a} "
    "[compared with|over|against|from] {before}",
    "percent change [of|in] {name} {scope} {in_a} [compared with|against|on] {before}",
    "how many percent [more|higher] was [the|] {name} {scope} {in_a} than {in_before}",
    "[what was|show] the [percentage change|percentage growth] [of|in] {name} {scope} {in_a} [against|on|over] {before}",
    "{name} {scope} {in_a}: growth in percent [on|over|against] {before}",
)  # fmt: skip
_DIFFERENCE = (
    "how much [higher|more] was [the|our|] {name} {scope} {in_a} than {in_before}",
    "[what is|what was] the difference [in|of] {name} {scope} between {a} and {before}",
    "difference [of|in] {name} {scope} {in_a} [to|from|compared with] {before}",
    "by how much did [the|our|] {name} {scope} change {in_a} from {before}, in absolute terms",
    "absolute change [of|in] {name} {scope} {in_a} [compared with|against|on] {before}", "{name} {scope} {a} minus {before}",
)  # fmt: skip


def _period(ask: Ask, column: int) -> tuple[str, When] | None:
    """This or the last unit, or one by its name, within the data together with the one before it."""
    first, last = ask.world.date_range(column)
    unit = ask.rng.choice(("year", "year", "quarter", "month", "month", "week"))
    near = (ask.world.as_of - last).days < 400
    if unit == "week" and not near:
        return None
    if near and (unit == "week" or ask.chance(0.5)):
        current = unit_start(ask.world.as_of, unit)
        word, start = ask.rng.choice((("this", current), ("last", step(current, unit, -1)), ("last", step(current, unit, -1))))
        return unit, When(f"{word} {unit}", f"{word} {unit}", start, step(start, unit, 1))
    start = unit_start(first + (last - first) * ask.rng.random(), unit)
    if step(start, unit, -1) < unit_start(first, unit):
        return None
    name = named(ask.rng, start, unit)
    return unit, When(f"in {name}", name, start, step(start, unit, 1))


def unit_before(ask: Ask) -> Draft | None:
    """The figure of two neighbouring periods: a row each in order of time, or one divided by or subtracted from the other."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.business(fact.table) if ask.chance(0.5) else ask.measure(fact.table)
    found = _period(ask, column) if column is not None else None
    if column is None or measure is None or found is None or {*fact.noun.split()} & PLANS:
        return None
    unit, when = found
    assert when.start is not None
    earlier, ref = When("", "", step(when.start, unit, -1), when.start), ask.world.ref(column)
    said = ask.rng.choice((f"the {unit} before", f"the {unit} before", f"the {unit} before", f"the {unit} before that"))
    ask.protect(when.full, said)
    kind = ask.rng.choices(("both", "by", "growth", "percent", "difference"), (6, 3, 2, 1, 1.5))[0]
    if kind in ("growth", "percent", "difference") and (" / " in measure.sql or measure.kind == "extreme"):
        return None
    dimension = ask.dimension(fact.table, flags=False) if kind == "by" else None
    if kind == "by" and (dimension is None or dimension.table == measure.subject and dimension.entity):
        return None
    conditions = ask.filters(fact.table, 1, avoid=dimension.columns if dimension else ()) if ask.chance(0.4) else []
    span = time_dimension(ask.world, column, unit)
    block = ask.select(fact.table, conditions, measure=measure,
                       tables=(span.table, *((dimension.table,) if dimension else ())))  # fmt: skip
    slots: dict[str, Slot] = {
        **ask.figure(measure, conditions), "a": when.bare, "in_a": when.full, "before": said, "in_before": f"in {said}",
        "dim": dimension.noun if dimension else "",
    }  # fmt: skip
    if kind in ("both", "by"):
        block.where.append(f"(({earlier.sql(ref)}) OR ({when.sql(ref)}))")
        shown, groups = (dimension.show, dimension.group) if dimension else ((), ())
        block.items, block.group, block.order = [*shown, *span.show, measure.sql], [*groups, *span.group], list(span.show)
        return Draft(ask.compose(_BY if dimension else _BOTH, () if dimension else _BOTH_SHORT, **slots), block.sql())
    before, after = (f"{measure.sql} FILTER (WHERE {w.sql(ref)})" for w in (earlier, when))
    growth = f"{after} / {before} - 1"
    frames, item = {"growth": (_GROWTH, growth), "percent": (_PERCENT, f"100.0 * ({growth})"),
                    "difference": (_DIFFERENCE, f"{after} - {before}")}[kind]  # fmt: skip
    block.items = [item]
    if conditions:
        frames = tuple(frame for frame in frames if "{name} growth" not in frame)
    return Draft(ask.compose(frames, **slots), block.sql())
