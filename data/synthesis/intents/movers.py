"""Groups whose figure fell or rose from one period to another: listed, counted, with both figures."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.growth import two_periods
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.phrases import Slot

_LIST = (
    "[which|what] {dims} [had|saw|made|recorded] {less} {name} {scope} in {b} than in {a}",
    "[which|what] {dims}' {name} {scope} {fell} [from {a} to {b}|between {a} and {b}]",
    "{dims} whose {name} {scope} {fell} [from {a} to {b}|between {a} and {b}]",
    "{dims} with {less} {name} {scope} in {b} than in {a}",
    "[show|list|find] [all|the|] {dims} [where|for which] {name} {scope} {fell} from {a} to {b}",
    "for [which|what] {dims} {was} {name} {scope} {lower} in {b} than in {a}",
    "in [which|what] {dims} did {name} {scope} {fall} from {a} to {b}",
    "[where|in which {dims}] did {name} {scope} {fall} in {b} [compared with|compared to|against|over] {a}, by {dim}",
    "[which|what] {dims} [did|were] {worse} in {b} than in {a} [in terms of|by|measured by] {name} {scope}",
    "{name} {scope} {lower} in {b} than in {a}: which {dims}", "{dims} that {declined} in {name} {scope} from {a} to {b}",
    "[which|what] {dims} {declined} in {name} {scope} [from {a} to {b}|between {a} and {b}|in {b} against {a}]",
)  # fmt: skip
_COUNT = (
    "how many {dims} [had|saw|made] {less} {name} {scope} in {b} than in {a}",
    "for how many {dims} {was} {name} {scope} {lower} in {b} than in {a}",
    "number of {dims} whose {name} {scope} {fell} [from {a} to {b}|between {a} and {b}]",
    "how many {dims} {declined} in {name} {scope} from {a} to {b}",
    "in how many {dims} did {name} {scope} {fall} from {a} to {b}",
    "{dims} with {less} {name} {scope} in {b} than in {a}: how many",
    "[count|tell me the number of] {dims} where {name} {scope} {fell} [between {a} and {b}|from {a} to {b}]",
)  # fmt: skip
_BOTH = (
    "{dims} whose {name} {scope} {fell} from {a} to {b}, with both [figures|numbers|values]",
    "[which|what] {dims} had {less} {name} {scope} in {b} than in {a}? show both [figures|years|periods|values]",
    "[show|list] {dims} with {less} {name} {scope} in {b} than in {a}, and [both figures|the figures for {a} and {b}]",
    "{dims} that {declined} in {name} {scope} from {a} to {b}, {a} and {b} side by side",
)  # fmt: skip
_DOWN: dict[str, Slot] = dict(
    fell=("fell", "dropped", "declined", "went down", "decreased", "shrank"),
    fall=("fall", "drop", "decline", "go down", "decrease", "shrink"),
    lower=("lower", "smaller", "down"), worse=("worse", "less well"),
    declined=("declined", "fell", "went down", "lost ground", "dropped"),
)  # fmt: skip
_UP: dict[str, Slot] = dict(
    fell=("rose", "grew", "increased", "went up", "climbed"), fall=("rise", "grow", "increase", "go up", "climb"),
    lower=("higher", "larger", "up"), worse=("better",), declined=("grew", "rose", "went up", "gained", "improved"),
)  # fmt: skip


def movable(measure: Measure) -> bool:
    """Whether it can be said to rise and fall: no ratio, no extreme."""
    return "/" not in measure.sql and measure.kind != "extreme"


def movers(ask: Ask) -> Draft | None:
    """HAVING the later period's figure < (or >) the earlier one's."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    periods = two_periods(ask, column) if column is not None else None
    dimension = ask.dimension(fact.table, flags=False)
    if column is None or measure is None or periods is None or dimension is None:
        return None
    if not movable(measure) or measure.subject == dimension.table and dimension.entity:
        return None
    down = ask.chance(0.6)
    conditions = ask.filters(measure.root, 1, avoid=dimension.columns) if ask.chance(0.35) else []
    block = ask.select(measure.root, conditions, measure=measure, tables=(ask.world.schema.owner[column], dimension.table))
    before, after = (f"{measure.sql} FILTER (WHERE {when.sql(ask.world.ref(column))})" for when in periods)
    block.group, block.having = list(dimension.group), [f"{after} {'<' if down else '>'} {before}"]
    kind = ask.rng.choices(("list", "count", "both"), (5, 2.5, 2))[0]
    block.items = [*dimension.show, before, after] if kind == "both" else list(dimension.show)
    slots = {**(_DOWN if down else _UP), **ask.figure(measure, conditions, measure.names[:2])}
    counted = measure.kind == "count" and measure.subject is not None
    slots["less"] = ("lower", "a lower", "a smaller") if down else ("higher", "a higher", "a larger")
    if counted or measure.mass:
        name = next(iter(measure.mass), "") or ask.things(measure.subject or 0, conditions)
        less = ("fewer",) if counted else ("less", "lower") if name != "sales" else ("lower", "less")
        slots |= dict(less=less if down else ("more",))
        slots |= dict(few=name)
    frames = {"list": _LIST, "count": _COUNT, "both": _BOTH}[kind]
    if "few" in slots:  # "fewer orders", not "fewer number of orders"
        frames = tuple(f.replace("{less} {name} {scope}", "{less} {few}" + ("" if counted else " {scope}")) for f in frames)
    sql = block.sql()
    if kind == "count":
        block.items = [dimension.group[0]]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
    return Draft(
        ask.compose(frames, dim=dimension.noun, dims=dimension.plural, a=periods[0].full, b=periods[1].full, **slots), sql
    )
