"""Whether a figure rose or fell between two periods, and which groups moved by more than so many percent."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import unit_sql
from nl2sql.data.synthesis.intents.growth import two_periods
from nl2sql.data.synthesis.intents.movers import movable
from nl2sql.data.synthesis.intents.targets import tidy
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import MONTHS, NUMBER_WORDS, When, step, unit_start

_PLAIN = (  # {span}: "in 2024 compared with 2023", "from 2023 to 2024"
    "did {name} {scope} {rise} {span}", "{has} {name} {scope} {risen} {span}",
    "{was} there [a|any] {move} in {name} {scope} {span}", "did {name} {scope} {rise} or {drop} {span}",
    "{name} {scope} {span}: up or down", "{has} {name} {scope} gone up or down {span}",
    "{was} {name} {scope} up or down {span}", "[tell me|can you tell me|i wonder] [whether|if] {name} {scope} {rose} {span}",
    "{name} {scope}, {move} {span}", "how did {name} {scope} move {span}, up or down", "{was} {name} {scope} {up} {span}",
    "are we up or down in {name} {scope} {span}", "{name} {scope} {up} {span} or not",
    "is it true that {name} {scope} {rose} {span}",
)  # fmt: skip
_PERCENT = (
    "by [how many percent|what percentage|how much in percent] did {name} {scope} [rise|go up|increase|change] {span}",
    "by how many percent {has} {name} {scope} [risen|gone up|increased|changed] {span}",
    "[percentage|percent] [rise|increase] in {name} {scope} {span}",
    "did {name} {scope} {rise} {span}, and by how many percent", "how many percent {was} {name} {scope} up {span}",
    "{name} {scope} {span}: up or down, in percent", "{was} {name} {scope} up or down {span}, as a percentage",
)  # fmt: skip
_UP: dict[str, Slot] = dict(
    rise=("rise", "grow", "increase", "go up", "improve", "climb"), risen=("risen", "grown", "increased", "gone up", "improved"),
    rose=("rose", "grew", "increased", "went up"), up="up", move=("rise", "growth", "improvement", "gain"),
)  # fmt: skip
_DOWN: dict[str, Slot] = dict(
    rise=("fall", "drop", "decline", "go down", "decrease", "shrink"), risen=("fallen", "dropped", "declined", "gone down"),
    rose=("fell", "dropped", "declined", "went down"), up="down", move=("drop", "decline", "fall", "decrease"),
)  # fmt: skip
Pair = tuple[str, str, str]  # the conditions of the earlier and the later period, and what is said of the two


def _pair(ask: Ask, column: int) -> Pair | None:
    """Two periods, both named, or one named and the other the one before or after it."""
    ref, (first, last) = ask.world.ref(column), ask.world.date_range(column)
    kind = ask.rng.choices(("named", "this", "since", "year"), (5, 1.2, 1.2, 1.6))[0]
    recent = (ask.world.as_of - last).days < 400
    pick = ask.rng.choice
    if kind in ("this", "since") and recent:
        unit = pick(("year", "year", "quarter", "month", "month"))
        now = unit_start(ask.world.as_of, unit)
        before, after = (When("", "", step(now, unit, n), step(now, unit, n + 1)).sql(ref) for n in (-1, 0))
        ask.protect("last", "this", unit)
        if kind == "this":
            said = pick(("this {u} [on]", "this {u} [on]", "from")).replace("[on]", pick(("on", "against", "compared with")))
            return before, after, f"from last {unit} to this {unit}" if said == "from" else f"{said.format(u=unit)} last {unit}"
        part = " = ".join(unit_sql(day, unit) for day in (ref, f"DATE '{ask.world.as_of}'"))
        return before, part, f"{pick(('since', 'on', 'compared with', 'against'))} last {unit}"
    if kind == "year":
        if last.year == first.year:
            return None
        year = ask.rng.randrange(first.year + 1, last.year + 1)
        ask.protect(str(year))
        tail = pick(("", "", "compared with the year before", "on the year before", "against the previous year"))
        start = first.replace(year=year, month=1, day=1)
        when = When("", "", start, step(start, "year", 1))
        return f"YEAR({ref}) = {year} - 1", when.sql(ref), f"in {year} {tail}".strip()
    periods = two_periods(ask, column)
    if periods is None:
        return None
    (a, b), near = periods, ("compared with", "compared to", "against", "vs")
    short = a.full
    if a.start and b.start and a.start.year == b.start.year and ask.chance(0.45):
        month = a.full.startswith(MONTHS[a.start.month - 1])
        short = MONTHS[a.start.month - 1] if month else f"Q{(a.start.month + 2) // 3}" if "Q" in a.full + b.full else short
    on = pick((*near, "on", "over", "relative to") if short == a.full else near)
    frames = ("in {b} {on} {a}", "from {a} to {b}", "from {a} to {b}", "between {a} and {b}")
    said = pick(frames).format(a=short, b=b.full, on=on)
    return a.sql(ref), b.sql(ref), said


def rise(ask: Ask) -> Draft | None:
    """The later period's figure minus the earlier's; over the earlier's, less one, where percents are asked for."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    pair = _pair(ask, column) if column is not None else None
    if column is None or measure is None or pair is None or not movable(measure):
        return None
    conditions = ask.filters(fact.table, 1)
    before, after = (f"{measure.sql} FILTER (WHERE {part})" for part in pair[:2])
    percent = ask.chance(0.25)
    block = ask.select(fact.table, conditions, measure=measure, tables=(ask.world.schema.owner[column],))
    block.items = [f"100.0 * ({after} / {before} - 1)" if percent else f"{after} - {before}"]
    figure = ask.figure(measure, conditions, measure.names[:2])
    name = figure["name"] if isinstance(figure["name"], str) else ask.rng.choice(figure["name"])
    up = percent or ask.chance(0.62)
    slots: dict[str, Slot] = {**figure, **(_UP if up else _DOWN), "name": name, "span": pair[2]}
    has = "have" if lexicon.is_plural(name.partition(" of ")[0].partition(" per ")[0]) else "has"
    slots |= dict(has=has, drop=("fall", "drop", "decline") if up else ("rise", "grow", "increase"))
    return Draft(tidy(ask.compose(_PERCENT if percent else _PLAIN, **slots)), block.sql())


_GREW = (  # {figure}: "in revenue", {p}: "more than 10 percent"
    "[which|what] {dims} {grew} by {p} {figure} {span}", "{dims} that {grew} by {p} {figure} {span}",
    "[show|list|find|give me] [all|the|] {dims} that {grew} by {p} {figure} {span}",
    "[which|what] {dims} {grew} {p} {figure} {span}", "{dims} with a {move} {figure} of {p} {span}",
    "{dims} {up} by {p} {figure} {span}", "{move} of {p} {figure} {span}: which {dims}",
    "[which|what] {dims} saw a {move} {figure} of {p} {span}", "we need the {dims} that {grew} {p} {figure} {span}",
)  # fmt: skip
_GREW_NAMED = (
    "{dims} whose {name} {scope} {grew} by {p} {span}", "[which|what] {dims} {raised} their {name} {scope} by {p} {span}",
    "[show|list|find] [the|all|] {dims} whose {name} {scope} {grew} by {p} {span}",
    "for [which|what] {dims} did {name} {scope} {grow} by {p} {span}", "{dims} where {name} {scope} {grew} by {p} {span}",
    "in [which|what] {dims} {was} {name} {scope} {up} by {p} {span}",
)  # fmt: skip
_GREW_COUNT = (
    "how many {dims} {grew} by {p} {figure} {span}", "number of {dims} that {grew} by {p} {figure} {span}",
    "how many of [the|our] {dims} {grew} {p} {figure} {span}", "{dims} {up} by {p} {figure} {span}: how many",
    "how many {dims} had a {move} {figure} of {p} {span}", "[count|count the] {dims} that {grew} by {p} {figure} {span}",
)  # fmt: skip
_GROWTHS: dict[str, Slot] = dict(grew=("grew", "rose", "increased", "went up"), grow=("grow", "rise", "increase", "go up"),
                                 raised=("increased", "raised"), move=("growth", "rise", "increase"), up="up")  # fmt: skip
_FALLS: dict[str, Slot] = dict(grew=("fell", "dropped", "declined", "shrank", "went down"), grow=("fall", "drop", "decline"),
                               raised=("decreased", "reduced"), move=("drop", "decline", "fall"), up="down")  # fmt: skip

_MORE = ((">", "more than"), (">", "more than"), (">", "over"), (">=", "at least"), (">=", "no less than"))


def grew_more_than(ask: Ask) -> Draft | None:
    """HAVING (later - earlier) / earlier > n / 100, or the other way round for those that fell; listed or counted."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table, additive=True)
    dimension = ask.dimension(fact.table, flags=False)
    pair = _pair(ask, column) if column is not None else None
    if column is None or measure is None or pair is None or dimension is None or not movable(measure):
        return None
    if measure.subject == dimension.table and dimension.entity:
        return None
    conditions = ask.filters(measure.root, 1, avoid=dimension.columns) if ask.chance(0.3) else []
    block = ask.select(measure.root, conditions, measure=measure, tables=(ask.world.schema.owner[column], dimension.table))
    before, after = (f"{measure.sql} FILTER (WHERE {part})" for part in pair[:2])
    up, percent = ask.chance(0.62), ask.rng.choice((1, 2, 3, 5, 5, 10, 10, 10, 12, 15, 20, 20, 25, 30, 40, 50, 60, 75, 100))
    operator, more = ask.rng.choice(_MORE)
    change = f"({after} - {before})" if up else f"({before} - {after})"
    block.items, block.group = list(dimension.show), list(dimension.group)
    block.having = [f"{change} / {before} {operator} {percent} / 100"]
    word = NUMBER_WORDS[percent] if percent <= 20 and ask.chance(0.25) else str(percent)
    said = f"{more} {word}{ask.rng.choice((' percent', '%', ' %', ' per cent', '%')) if word.isdigit() else ' percent'}"
    ask.protect(said)
    figure = ask.figure(measure, conditions, measure.names[:2])
    name = figure["name"] if isinstance(figure["name"], str) else ask.rng.choice(figure["name"])
    silent = bool(measure.mass) and measure.plain and "-" not in measure.sql and not conditions and ask.chance(0.35)
    slots: dict[str, Slot] = {**figure, **(_GROWTHS if up else _FALLS), "name": name, "span": pair[2], "p": said}
    slots |= dict(figure="" if silent else f"in {name} {figure['scope']}", dims=dimension.plural)
    if ask.chance(0.3):
        block.items = [dimension.group[0]]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
        return Draft(tidy(ask.compose(_GREW_COUNT, **slots)), sql)
    return Draft(tidy(ask.compose(_GREW if silent or ask.chance(0.55) else _GREW_NAMED, **slots)), block.sql())
