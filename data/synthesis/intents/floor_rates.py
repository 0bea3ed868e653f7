"""Groups with enough cases: a rate or average where there are so many rows at least, beyond a limit, sorted, the top few."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters.numbers import number_text, rounded
from nl2sql.data.synthesis.intents.rates import NAMED, named_state
from nl2sql.data.synthesis.intents.ratio import rate_events
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.measures import average_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed, number
from nl2sql.records import ForeignKey

# {floor}: "at least 200 orders"; {test}: "a return rate above 8%"
_BOTH = (
    "[which|what] {dims} [have|had] {test} and {floor} {when}", "{dims} with {floor} and {test} {when}",
    "{dims} with {test} {when} - only those with {floor}", "[show|list|find] [the|all|] {dims} with {floor} and {test} {when}",
    "{dims} with {test}, [given|provided they have|if they have|counting only those with] {floor} {when}",
    "[which|what] {dims} with {floor} [have|had] {test} {when}", "among {dims} with {floor} {when}, which have {test}",
    "[show|list|find] {dims} with {test} {when}, but only if [they have|there are] {floor}",
    "{test} and {floor}: which {dims} {when}",
    "[take|take only|keep] {dims} with {floor}: which have {test} {when}", "{dims}: {test}, {floor} {when}",
    "of the {dims} with {floor} {when}, [show|list] those with {test}",
    "[i need|i want] {dims} that have both {floor} and {test} {when}", "{dims} {when} having {floor} as well as {test}",
    "only {dims} with {floor} {when}: which of them have {test}",
)  # fmt: skip
_VALUE = (
    "{dims} with {test} and {floor} {when}, [with|and show] the {name}",
    "[show|list] {dims} with {floor} and {test} {when}, and the {name}",
    "[which|what] {dims} with {floor} have {test} {when}? [show|give] the {name} too",
    "{dims} and their {name} {when}, if {test} and {floor}",
)  # fmt: skip
_HOW_MANY = (
    "how many {dims} [have|had] {test} and {floor} {when}", "number of {dims} with {floor} and {test} {when}",
    "how many {dims} with {floor} [have|had] {test} {when}", "{dims} with {test} and {floor} {when}: how many",
    "count [the|] {dims} with {floor} {when} and {test}", "[what is|give me] the number of {dims} with {floor} and {test} {when}",
)  # fmt: skip
_SORTED = (
    "{dims} with {floor}, [by|ranked by|sorted by|ordered by] {name}, {edge} first {when}",
    "{name} [by|per] {dim}, {edge} first, only {dims} with {floor} {when}", "{name} of {dims} with {floor} {when}, {edge} first",
    "[show|list] [the|] {dims} with {floor} by {name}, {edge} first {when}",
    "rank the {dims} with {floor} by {name}, {edge} first {when}",
    "only {dims} with {floor}: {name}, {edge} [first|on top] {when}",
    "[show|give me] [the|] {name} [per|by|of each] {dim} {when}, only those with {floor}, {edge} first",
    "{edge} {name} first: {dims} with {floor} {when}", "sort the {dims} with {floor} by {name}, {edge} on top {when}",
    "{name} per {dim} for {dims} with {floor} {when}, from the {edge}",
    "for {dims} with {floor}, the {name}, {edge} first {when}",
)  # fmt: skip
_BY = (
    "{dims} with {floor}, [by|ranked by] {name} {when}", "[rank|sort] the {dims} with {floor} by {name} {when}",
    "{dims} with {floor} ranked by {name} {when}", "ranking of {dims} with {floor} by {name} {when}",
)  # fmt: skip
_TOP = (
    "which {dim} with {floor} [has|had] the {best} {name} {when}", "{best} {name} among {dims} with {floor} {when}, which {dim}",
    "{dim} with the {best} {name}, if it has {floor} {when}",
    "[show|find|name] the {dim} with the {best} {name} among those with {floor} {when}",
    "of [all|the] {dims} with {floor} {when}, which has the {best} {name}",
    "counting only {dims} with {floor}, which has the {best} {name} {when}",
    "which {dim} has the {best} {name} {when}? only those with {floor}",
    "{dim} with {best} {name} (only {dims} with {floor}) {when}",
)  # fmt: skip
_TOP_MANY = (
    "the {n} {dims} with the {best} {name} among those with {floor} {when}",
    "{n} {best} {name}s by {dim}, only {dims} with {floor} {when}",
    "which {n} {dims} with {floor} [have|had] the {best} {name} {when}",
    "[show|list] the {n} {dims} with the {best} {name}, given {floor} {when}",
    "[among|of] {dims} with {floor} {when}, the {n} with the {best} {name}",
    "{n} {dims} with the {best} {name} {when}, only those with {floor}",
    "{dims} with {floor}: the {n} with the {best} {name} {when}",
)  # fmt: skip
_FLOORS = (
    (">=", "at least {n} {x}", "{n} or more {x}", "at least {n} {x}", "a minimum of {n} {x}", "no fewer than {n} {x}"),
    (">", "more than {n} {x}", "over {n} {x}", "more than {n} {x}"),
)  # fmt: skip


@dataclass(frozen=True)
class Rate:
    """A figure of groups and how many rows it is of; ``column`` is what it is about, ``values`` what it may be compared with."""

    sql: str
    names: tuple[str, ...]
    count: str
    counted: Entity
    column: int
    values: tuple[float, ...] = ()  # what it is compared with; of a rate the percents
    percent: bool = False
    left: ForeignKey | None = None


def floor_rates(ask: Ask) -> Draft | None:
    """HAVING a number of rows AND a test on the figure; or HAVING the number of rows ORDER BY the figure."""
    kind = ask.rng.choices(("average", "state", "event"), (4, 4, 4 if rate_events(ask) else 0))[0]
    rate = {"average": _average, "state": _state, "event": _befallen}[kind](ask)
    if rate is None:
        return None
    root = rate.counted.table
    dimension = ask.dimension(root, flags=False)
    if dimension is None or rate.column in dimension.columns or dimension.table == root and dimension.entity:
        return None
    timed = ask.time(root, 0.3)
    block = ask.select(root, (), timed, tables=(dimension.table,))
    block.left = rate.left
    block.items, block.group = list(dimension.show), list(dimension.group)
    operator, *said = ask.rng.choice(_FLOORS)
    size = ask.world.group_size(root, dimension.columns[0])
    n = ask.rng.choice((2, 3, 5, 10, 10, 15, 20, 25, 30, 40, 50, 50, 100, 100, 150, 200, 250, 500, 1000))
    n = max(2, round(rounded(ask.rng, size * ask.rng.uniform(0.3, 1.5)))) if size and size > 4 and ask.chance(0.7) else n
    floor = say(ask.rng, said, n=number_text(ask.rng, n), x=lexicon.plural(ask.noun(rate.counted)))
    block.having = [f"{rate.count} {operator} {n}"]
    ask.protect(floor)
    slots: dict[str, Slot] = dict(dim=dimension.noun, dims=dimension.plural, floor=floor, name=rate.names)
    if ask.chance(0.5):
        return _tested(ask, rate, block, slots, timed)
    high, top = ask.chance(0.7), ask.chance(0.5)
    block.items.append(rate.sql)
    block.order = [f"{rate.sql} {'DESC' if high else 'ASC'}"]
    slots.update(edge=("highest", "highest", "largest") if high else ("lowest", "smallest"),
                 best=("highest", "highest", "largest") if high else ("lowest", "lowest", "smallest"))  # fmt: skip
    if not top:
        frames: tuple[str, ...] = _BY if high and ask.chance(0.35) else _SORTED
        return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
    block.limit = 1 if ask.chance(0.5) else ask.rng.choice((3, 5, 5, 10))
    frames = _TOP if block.limit == 1 else _TOP_MANY
    return Draft(ask.compose(frames, timed=timed, n=number(ask.rng, block.limit), **slots), block.sql())


def _tested(ask: Ask, rate: Rate, block: Select, slots: dict[str, Slot], timed: Timed | None) -> Draft | None:
    """Both conditions in HAVING: the groups, with the figure or without, or how many of them."""
    if not rate.values:
        return None
    value, above = ask.rng.choice(rate.values), ask.chance(0.65)
    words = ("above", "over", "of more than", "higher than") if above else ("below", "under", "of less than", "lower than")
    text = number_text(ask.rng, value)
    name = ask.rng.choice(rate.names)
    if rate.percent and not name.endswith(("in percent", "in %")):
        text = f"{value:g}{ask.rng.choice(('%', '%', ' percent', ' %', ' per cent'))}"
    test = f"{lexicon.article(name)} {ask.rng.choice(words)} {text}"
    ask.protect(text)
    limit = f"{value / 100:g}" if rate.percent and not rate.sql.startswith("100.0") else f"{value:.10g}"
    block.having.append(f"{rate.sql} {'>' if above else '<'} {limit}")
    slots.update(test=test, name=name)
    kind = ask.rng.choices(("list", "value", "count"), (6, 2, 2))[0]
    if kind == "count":
        block.items = block.group[:1]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
        return Draft(ask.compose(_HOW_MANY, timed=timed, **slots), sql)
    block.items += [rate.sql] if kind == "value" else []
    return Draft(ask.compose(_VALUE if kind == "value" else _BOTH, timed=timed, **slots), block.sql())


def _average(ask: Ask) -> Rate | None:
    """The mean of a column."""
    fact = ask.fact()
    columns = fact.with_role("measure")
    if not columns or set(fact.noun.split()) & vocabulary.PLANS:
        return None
    column = ask.rng.choice(columns)
    made, samples = average_of(ask.world, column, ask.rng), ask.world.numbers(column.index)
    values: list[float] = []
    if samples and max(samples) > 0:
        middle = sorted(samples)[len(samples) // 2]
        values = [rounded(ask.rng, middle * ask.rng.uniform(0.5, 1.6)) for _ in range(3)]
        values = [float(round(v)) if v > 20 else v for v in values if v > 0]
    return Rate(made.sql, made.names, "COUNT(*)", fact, column.index, tuple(values))


def _state(ask: Ask) -> Rate | None:
    """The share of the rows in a state."""
    entities = [e for e in ask.world.entities if not e.link and e.with_role("dimension", "flag")]
    if not entities:
        return None
    ask.rng.shuffle(entities)
    entity, part = next(((e, p) for e in entities if (p := named_state(ask, e))), (entities[0], None))
    if part is None or ask.chance(0.3):
        entity = entities[0]
        avoid = [c.index for c in entity.columns if c.role not in ("dimension", "flag") or c.index in entity.labels]
        part = ask.filter(entity.table, avoid=avoid, tables=(entity.table,))
    if part is None:
        return None
    percent = ask.chance(0.3)
    ratio = f"COUNT(*) FILTER (WHERE {part.sql}) / COUNT(*)"
    name = NAMED.get(part.said.lower().split(" ")[0] if part.said else part.adjectives[0] if part.adjectives else "")
    names = (f"{name} in percent",) if name and percent else (name, name) if name else ()
    if not names or ask.chance(0.3):
        word = ask.rng.choice(word_of(percent))
        names = (f"{word} of {ask.things(entity.table, [part])}",)
    values = (2.0, 5.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0)
    return Rate(f"100.0 * {ratio}" if percent else ratio, names, "COUNT(*)", entity, part.column, values, True)


def _befallen(ask: Ask) -> Rate | None:
    """The share of the rows that a later event befell: the return rate."""
    noun, key = ask.rng.choice(rate_events(ask))
    entity, ref, percent = ask.world.entity_of(key.target), ask.world.ref, ask.chance(0.3)
    count = f"COUNT(DISTINCT {ref(key.target)})"
    ratio = f"COUNT(DISTINCT {ref(key.source)}) / {count}"
    names = (f"{noun} rate in percent", f"{noun} rate in %") if percent else (f"{noun} rate",)
    values = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 12.0, 15.0, 20.0)
    return Rate(f"100.0 * {ratio}" if percent else ratio, names, count, entity, key.target, values, True, key)
