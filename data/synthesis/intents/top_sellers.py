"""Several best or worst sellers by a figure that goes without saying; the rows with the longest or shortest of a size or time."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension
from nl2sql.data.synthesis.intents.missed import NOT_BUYERS
from nl2sql.data.synthesis.measures import column_noun, quantity_of, sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

_SOLD = (
    "[show|list|give me|find|] the {n} {best}[-| ]selling {dims} {scope} {when}",
    "[our|] {n} {best}[-| ]selling {dims} {scope} {when}", "{best}[-| ]selling {dims} {scope} {when}, {top} {n}",
    "which {n} {dims} {scope} sold {well} {when}", "which {dims} {scope} sold {well} {when}, [first|{top}|the first] {n}",
    "the {n} {dims} that [sell|sold] {well} {scope} {when}", "{top} {n} {best}[-| ]selling {dims} {scope} {when}",
    "{dims} that sold {well} {scope} {when}: {top} {n}",
    "what [are|were] [the|our] {n} {best}[-| ]selling {dims} {scope} {when}",
)  # fmt: skip
_BARE = (  # what is sold goes without saying too
    "[the|our|] {n} {best} sellers {scope} {when}", "{best} sellers {scope} {when}, {top} {n}",
    "[show|list|give me] [the|our] {n} {best} sellers {scope} {when}",
    "what [are|were] [the|our] {n} {best} sellers {scope} {when}", "{top} {n} {best} sellers {scope} {when}",
)  # fmt: skip
_BUYERS = (
    "[show|list|who are|] [our|the] {n} {best_of} {dims} {scope} {when}", "{best_of} {dims} {scope} {when}, {top} {n}",
    "[which|what] {n} {dims} {spent} {most} [money|] {scope} {when}",
    "the {n} {dims} who {spent} {most} [money|with us|] {scope} {when}",
    "{n} {biggest} spenders among [our|the] {dims} {scope} {when}", "{top} {n} {dims} by what they {spent} {scope} {when}",
)  # fmt: skip
_SHOPS = (
    "which {n} {dims} [sell|sold] {most} {scope} {when}",
    "[show|list|name|] the {n} {dims} that [sell|sold] {most} {scope} {when}", "[our|the] {n} {best_of} {dims} {scope} {when}",
    "{best}[-| ]selling {dims} {scope} {when}, {top} {n}", "{dims} that sold {most} {scope} {when}: {top} {n}",
    "[what|which] are [our|the] {n} {best}[-| ]selling {dims} {scope} {when}",
)  # fmt: skip
_EARN = (
    "the {n} {dims} that {earn} {most} {money} {scope} {when}", "which {n} {dims} {earn} {most} {money} {scope} {when}",
    "[show|list|find|give me] the {n} {dims} [that|which] {earn} {most} {money} {scope} {when}",
    "{dims} that {earn} {most} {money} {scope} {when}, {top} {n}",
    "which {n} {dims} {scope} [are|were] worth {most} [money|] to us {when}",
    "[which|what] {n} {dims} [did|do] we earn {most} money with {scope} {when}",
)  # fmt: skip
_UNITS = (
    "which {n} {dims} sold {many} {units} {scope} {when}", "the {n} {dims} with {many} {units} sold {scope} {when}",
    "[show|list|] {n} {best}[-| ]selling {dims} [by|in] {units} {scope} {when}",
    "{dims} that sold {many} {units} {scope} {when}, {top} {n}", "{n} {dims} with {many} {units} [sold|] {scope} {when}",
)  # fmt: skip
_EARNINGS = set("revenue fee fare amount payment income rent premium total sales turnover earnings toll".split())
_SPENDINGS = set(
    "claim expense refund return loan repair maintenance loss damage target budget plan grant insurance treatment purchase award "
    "withdrawal fine transfer salary shipping freight delivery".split()
)


def facts(ask: Ask) -> list[tuple[Entity, ColumnRole]]:
    """Events with the one column that says how much money they brought."""
    found = [(e, c) for e in ask.world.entities for c in e.columns if c.revenue]
    if found:
        return found
    for entity in ask.world.entities:
        money = [c for c in entity.columns if c.additive and c.unit == "money"]
        if entity.event and len(money) == 1 and money[0].noun.rpartition(" ")[2] in _EARNINGS:
            found += [(entity, money[0])] * (not (set(entity.noun.split()) | set(money[0].noun.split())) & _SPENDINGS)
    return found


def sold(ask: Ask, fact: Entity) -> list[Entity]:
    """The named things that the rows of the fact are about: what is sold."""
    near = [ask.world.entities[table] for table, path in ask.world.reach_of(fact.table).path.items() if len(path) == 1]
    return [e for e in near if e.labels and e.key is not None and not (e.person or e.place or e.event or e.link)]


def few(ask: Ask, dimension: Dimension, count: int | None) -> bool:
    """Whether there are hardly more groups than are asked for."""
    rows = ask.world.schema.tables[dimension.table].rows if dimension.entity else None
    rows = rows or ask.world.schema.columns[dimension.columns[0]].distinct
    return bool(count and count > 1 and rows and rows <= count)


def top_sellers(ask: Ask) -> Draft | None:
    """SUM of the revenue (or of the units, where they are named) by group, DESC or ASC, LIMIT n."""
    found = facts(ask)
    if not found:
        return None
    fact, column = ask.rng.choice(found)
    dimension = ask.dimension(fact.table, flags=False, attributes=ask.chance(0.35))
    if dimension is None or not dimension.entity and ask.world.entities[dimension.table].event:
        return None
    world, quantity, high = ask.world, quantity_of(ask.world, fact.table), ask.chance(0.68)
    measure = sum_of(world, column, ask.rng)
    by_units = quantity is not None and column.revenue and ask.chance(0.2)
    figure = f"SUM({world.ref(quantity.index)})" if quantity and by_units else measure.sql
    inside = ask.chance(0.6)  # rather conditions that say what kind of things they are: "toys"
    tables = [t for t in world.reach_of(dimension.table).path if t in world.reach_of(fact.table).path] if inside else None
    avoid = dimension.group if dimension.entity and inside else ()
    banned = [c for c in dimension.columns if not avoid or world.ref(c) in avoid]
    conditions, timed = ask.filters(fact.table, 1, avoid=banned, tables=tables), ask.time(fact.table, 0.55)
    count = ask.rng.choice((2, 3, 3, 4, 5, 5, 5, 6, 7, 8, 10, 10, 10, 12, 15, 20))
    if few(ask, dimension, count):
        return None
    block = ask.select(fact.table, conditions, timed, tables=(dimension.table,))
    block.items, block.group = [*dimension.show, figure], list(dimension.group)
    block.order, block.limit = [f"{figure} {'DESC' if high else 'ASC'}"], count
    dims, scope = dimension.plural, ask.scope(measure, conditions)
    if dimension.entity and conditions and all(c.table in world.reach_of(dimension.table).path for c in conditions):
        dims, scope = ask.things(dimension.table, conditions, noun=f"{dimension.noun}\0"), ""
    if not column.revenue and world.entities[dimension.table].person:  # what they brought is not what they "made"
        return None
    frames = _UNITS if by_units else _frames(ask, fact, column, dimension, bare=dims == dimension.plural)
    return Draft(ask.compose(
        frames, timed=timed, dims=dims, scope=scope, n=number(ask.rng, count, 0.45),
        units=("units", "units", "pieces", "items"), **_ends(high, column.revenue),
    ), block.sql())  # fmt: skip


def _ends(high: bool, revenue: bool) -> dict[str, Slot]:
    """What is said of the upper or the lower end."""
    ends: dict[str, tuple[Slot, Slot]] = dict(
        best=(("best", "best", "top"), ("worst", "slowest", "worst")), well=(("best", "most"), ("worst", "least", "slowest")),
        best_of=(("best", "best", "biggest", "most important"), ("weakest", "smallest", "least important")),
        top=("top", "bottom"), most=("the most", "the least"), many=("the most", "the fewest"),
        biggest=(("biggest", "top"), ("smallest",)),
    )  # fmt: skip
    return {
        **{word: pair[0 if high else 1] for word, pair in ends.items()},
        "money": ("money", "money", "revenue", "sales", "turnover") if revenue else "money",
        "earn": ("bring in", "brought in", "made", "make", "earned", "generate", "generated", "earn"),
        "spent": ("spent", "spend", "spent"),
    }  # fmt: skip


def _frames(ask: Ask, fact: Entity, column: ColumnRole, dimension: Dimension, *, bare: bool) -> tuple[str, ...]:
    """What suits those that are ranked: what is sold, who buys, who or what sells."""
    target = ask.world.entities[dimension.table]
    if not column.revenue:
        return _EARN
    if dimension.entity and target.person:
        words = set(target.noun.split())
        return _BUYERS if not words & NOT_BUYERS else _EARN if words & {"supplier", "vendor"} else (*_SHOPS, *_EARN)
    if target.place or not dimension.entity and target.person:
        return (*_SHOPS, *_EARN) if dimension.entity else _EARN
    if target.event or target.link:
        return _EARN
    only = dimension.entity and bare and sold(ask, fact) == [target]
    return (*_SOLD, *_EARN, *(_BARE if only and ask.chance(0.6) else ()))


_LASTING = {"time", "duration", "period", "delay", "runtime"}
_COUNTED = {"hours", "minutes", "seconds", "days", "weeks", "months"}
_SIZES = {  # by the column's last word, what its ends are called
    **dict.fromkeys((*_LASTING, "distance", "length"), ("longest|longest|highest|largest", "shortest|shortest|lowest|smallest")),
    **dict.fromkeys(_COUNTED, ("most|highest|longest", "fewest|lowest|shortest")),
    "height": ("greatest|highest", "lowest|smallest"),
    "weight": ("greatest|highest|largest", "lowest|smallest"), "age": ("highest", "lowest"), "depth": ("greatest", "smallest"),
    **dict.fromkeys("area size capacity volume population".split(), ("largest|biggest|highest|greatest", "smallest|lowest")),
    "hectares": ("most|highest", "fewest|lowest"), "elevation": ("highest|greatest", "lowest"), "mileage": ("highest", "lowest"),
}  # fmt: skip
_ONE = (
    "which {thing} has the {end} {column}", "[what is|show|name|find|give me] the {thing} with the {end} {column}",
    "{thing} with the {end} {column}", "{things}: which [one|] has the {end} {column}", "{end} {column}: which {thing}",
    "which of the {things} has the {end} {column}", "the {thing} with the {end} {column}", "{thing} {end} {column}",
    "could you tell me which {thing} has the {end} {column}", "among {things}, which has the {end} {column}",
)  # fmt: skip
_MANY = (
    "the {n} {things} with the {end} {columns}", "[show|list|find|give me|what are] the {n} {things} with the {end} {columns}",
    "which {n} {things} have the {end} {columns}", "{n} {things} with the {end} {column}",
    "{things} with the {end} {columns}, {n} of them", "{n} {end} {columns} among {things}", "{end} {columns}: {n} {things}",
    "please list the {n} {things} that have the {end} {column}",
)  # fmt: skip
_TOOK = (
    "which {thing} {took} {long}", "[show|find|name] the {thing} that {took} {long}", "{thing} that {took} {long}",
    "what {thing} {took} {long}", "which of the {things} {took} {long}",
)  # fmt: skip
_TOOK_MANY = (
    "which {n} {things} {took} {long}", "the {n} {things} that {took} {long}",
    "[show|list] the {n} {things} that {took} {long}",
)  # fmt: skip


def longest(ask: Ask) -> Draft | None:
    """SELECT label, column ORDER BY column DESC (longest) or ASC (shortest) LIMIT n."""
    world = ask.world
    options = [(e, c) for e in world.entities for c in e.with_role("measure") if world.label(e.table) and _last(c) in _SIZES]
    if not options:
        return None
    entity, column = ask.rng.choices(options, [3.0 if set(c.noun.split()) & _LASTING else 1.0 for _, c in options])[0]
    high, count = ask.chance(0.62), 1 if ask.chance(0.55) else ask.rng.choice((2, 3, 3, 4, 5, 5, 6, 8, 10, 10))
    conditions = ask.filters(entity.table, 1, avoid=(column.index, *entity.labels)) if ask.chance(0.7) else []
    block = ask.select(entity.table, conditions)
    ref = world.ref(column.index)
    block.items = [*(world.ref(c) for c in world.label(entity.table)), ref]
    block.order, block.limit = [f"{ref} {'DESC' if high else 'ASC'}"], count
    lead = "lead" in column.noun.split()
    frames: tuple[str, ...] = _ONE if count == 1 else _MANY
    if (lead or entity.event and len(entity.with_role("date")) < 2) and _lasts(entity) == [column] and ask.chance(0.35):
        frames = tuple(frame + " to deliver" * lead for frame in (_TOOK if count == 1 else _TOOK_MANY))
    took: Slot = ("takes", "needs") if count == 1 else ("take", "need")
    noun = column_noun(world, column, ask.rng, entity.table)
    if set(noun.split()[:-1]) & _LASTING and _last(column) in _COUNTED:
        noun = noun.rpartition(" ")[0]
    return Draft(ask.compose(
        frames, thing=ask.things(entity.table, conditions, noun=ask.noun(entity)), things=ask.things(entity.table, conditions),
        end=_SIZES[_last(column)][0 if high else 1].split("|"), column=noun, columns=(noun, lexicon.plural(noun)),
        n=number(ask.rng, count, 0.45), took=took if lead else ("took", "took", "lasted"),
        long=("the longest", "longest") if high else ("the shortest", "the shortest time"),
    ), block.sql())  # fmt: skip


def _last(column: ColumnRole) -> str:
    return column.noun.rpartition(" ")[2]


def _lasts(entity: Entity) -> list[ColumnRole]:
    """The columns that say how long it took."""
    return [c for c in entity.with_role("measure") if set(c.noun.split()) & (_LASTING | _COUNTED)]
