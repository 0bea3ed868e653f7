"""What earned most, by profit, and which promotion, campaign or channel worked best, by the revenue of what carries it."""

from __future__ import annotations

from dataclasses import replace

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, attribute_dimension, entity_dimension, time_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.missed import NOT_BUYERS
from nl2sql.data.synthesis.intents.related import USABLE
from nl2sql.data.synthesis.intents.top_sellers import facts, few
from nl2sql.data.synthesis.intents.who_sold import ends_of, how_many, inside, ranked
from nl2sql.data.synthesis.measures import Measure, profit_of, sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

_ONE = (
    "what [is|was] [our|the] {most} profitable {dim} {scope} {when}", "[our|the|] {most} profitable {dim} {scope} {when}",
    "which {dim} [is|was] [our|the|] {most} profitable {scope} {when}",
    "which {dim} [makes|made] [the|] {most} profit {scope} {when}",
    "which {dim} [brings|brought] in the {most} profit {scope} {when}",
    "{dim} that [made|makes] the {most} profit {scope} {when}",
    "which {dim} [yields|yielded|earns us|earned us] the {most} profit {scope} {when}",
    "[show|find|name|tell me] [our|the] {most} profitable {dim} {scope} {when}",
    "which of [our|the] {dims} [is|was] [the|] {most} profitable {scope} {when}",
)  # fmt: skip
_ON_ONE = (
    "on which {dim} [do|did] we {earn} [the|] most {scope} {when}", "which {dim} [do|did] we {earn} the most on {scope} {when}",
    "on which of [our|the] {dims} [do|did] we {earn} the most {scope} {when}",
)  # fmt: skip
_TIMES = (
    "what was [our|the] {most} profitable {dim} {scope} {when}", "which {dim} was [our|the] {most} profitable {scope} {when}",
    "in which {dim} did we [make|earn] the {most} profit {scope} {when}", "[our|the|] {most} profitable {dim} {scope} {when}",
    "which {dim} [made|brought] the {most} profit {scope} {when}",
)  # fmt: skip
_MANY = (
    "[our|the|] {n} {most} profitable {dims} {scope} {when}", "which {n} {dims} [make|made] [the|] {most} profit {scope} {when}",
    "which {n} {dims} [are|were] [our|the|] {most} profitable {scope} {when}",
    "{most} profitable {dims} {scope} {when}, {top} {n}",
    "[show|list|give me|what are] [our|the] {n} {most} profitable {dims} {scope} {when}",
    "[the|] {n} {dims} that [make|made|bring in|brought in] the {most} profit {scope} {when}",
    "{top} {n} {dims} by profit {scope} {when}",
)  # fmt: skip
_ON_MANY = (
    "on which {n} {dims} [do|did] we {earn} [the|] most {scope} {when}", "{n} {dims} we {earn} [the|] most on {scope} {when}",
    "which {n} {dims} [do|did] we {earn} the most on {scope} {when}",
)  # fmt: skip
_ALL = (
    "which {dims} [make|made] [the|] {most} profit {scope} {when}", "[our|the|] {most} profitable {dims} {scope} {when}",
    "what [are|were] [our|the] {most} profitable {dims} {scope} {when}",
    "which {dims} [are|were] [the|] {most} profitable {scope} {when}",
    "[show|list] [our|the] {most} profitable {dims} {scope} {when}",
)  # fmt: skip
_ON_ALL = (
    "on which {dims} [do|did] we {earn} [the|] most {scope} {when}", "{dims} we {earn} the most on {scope} {when}",
)  # fmt: skip
_NO_EARNERS = set("status state method type kind reason stage mode priority".split())


def most_profitable(ask: Ask) -> Draft | None:
    """SUM of the profit by anything, DESC (least profitable, lost most: ASC), LIMIT n."""
    found = [(e, made) for e in ask.world.entities if (made := profit_of(ask.world, e.table))]
    if not found:
        return None
    fact, profit = ask.rng.choice(found)
    column, high, on = ask.world.time_column(fact.table), ask.chance(0.68), ask.chance(0.25)
    count = how_many(ask, every=0.18)
    dimension = ask.dimension(fact.table, flags=False)
    if column is not None and ask.chance(0.12):
        dimension, count = time_dimension(ask.world, column, ask.rng.choice(("month", "month", "quarter", "year"))), 1
    if dimension is None or ask.world.entities[dimension.table].event and not dimension.unit:
        return None
    about = ask.world.entities[dimension.table]
    staff = about.person and bool(set(about.noun.split()) & STAFF)
    if staff and not dimension.entity or set(dimension.noun.split()) & _NO_EARNERS:
        return None
    if not dimension.unit and few(ask, dimension, count):
        return None
    on = on and not about.place and not staff
    timed = ask.time(fact.table, 0.55)
    if dimension.unit and timed and timed.shorter_than(700 if dimension.unit == "year" else 170):
        return None
    one = _narrowed(ask, profit, dimension) if ask.chance(0.35) else None
    conditions, dim, dims, scope = one or ([], dimension.noun, dimension.plural, "")
    block = ranked(ask, fact, dimension, profit.sql, conditions, timed, high=high, count=count, tables=tuple(profit.tables))
    if dimension.unit:
        frames: tuple[str, ...] = _TIMES
    elif count == 1:
        frames = _ON_ONE if on else _ONE
    else:
        frames = (_ON_MANY if on else _MANY) if count else _ON_ALL if on else _ALL
    if about.person and not set(about.noun.split()) & NOT_BUYERS:
        frames = tuple(f for f in frames if "made" not in f)  # who buys makes no profit
    slots: dict[str, Slot] = dict(
        **ends_of(high), dim=dim, dims=dims, scope=scope, n=number(ask.rng, count or 0, 0.45),
        earn=("earn", "earn", "make") if high else "lose",
    )  # fmt: skip
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _narrowed(ask: Ask, measure: Measure, dimension: Dimension) -> tuple[list[Filter], str, str, str] | None:
    """A condition, the singular and plural of what is ranked, and the scope: "toys", or "stores" and "in Europe"."""
    world = ask.world
    if not dimension.entity or ask.chance(0.5):
        conditions, scope = inside(ask, world.entities[measure.root])
        split = any(dimension.table in world.reach_of(one.table).path or one.column in dimension.columns for one in conditions)
        return None if split else (conditions, dimension.noun, dimension.plural, scope)
    one = ask.kind(dimension.table, [c for c in dimension.columns if world.ref(c) in dimension.group])
    if one is None or one.table not in world.reach_of(measure.root).path:
        return None
    many, single = (ask.things(dimension.table, [one], noun=noun) for noun in (f"{dimension.noun}\0", dimension.noun))
    return [one], single, many, ""


_WORKED = (
    "which {dim} worked {best} {scope} {when}", "which {dim} [performed|did] {best} {scope} {when}",
    "[our|the|] {best}[-| ]performing {dim} {scope} {when}", "[our|the|] {most} successful {dim} {scope} {when}",
    "[what|which] was [our|the] {most} successful {dim} {scope} {when}", "what [is|was] [our|the] {best} {dim} {scope} {when}",
    "which {dim} brought in [the|] {most} [money|revenue|sales|] {scope} {when}",
    "which {dim} was [our|the] {best} {scope} {when}",
    "which {dim} [generated|made] the {most} [revenue|sales|money] {scope} {when}",
    "which of [our|the] {dims} worked {best} {scope} {when}", "which {dim} was [our|the] {hit} {scope} {when}",
    "{dim} that worked {best} {scope} {when}", "[show|name|find] [our|the] {best}[-| ]performing {dim} {scope} {when}",
)  # fmt: skip
_WORKED_MANY = (
    "which {n} {dims} worked {best} {scope} {when}", "[our|the|] {n} {most} successful {dims} {scope} {when}",
    "[our|the|] {n} {best}[-| ]performing {dims} {scope} {when}",
    "[show|list|what were] [our|the] {n} {best} {dims} {scope} {when}",
    "which {n} {dims} brought in [the|] {most} [money|revenue|] {scope} {when}", "[our|the] {top} {n} {dims} {scope} {when}",
    "{dims} that worked {best} {scope} {when}, {top} {n}",
)  # fmt: skip
_WORKED_ALL = (
    "which {dims} [worked|performed] {best} {scope} {when}", "[our|the|] {most} successful {dims} {scope} {when}",
    "which {dims} [were|have been] [our|the|] {most} successful {scope} {when}",
    "[our|the|] {best}[-| ]performing {dims} {scope} {when}",
)  # fmt: skip
PROMOTING = USABLE | {"channel"}


def worked_best(ask: Ask) -> Draft | None:
    """SUM of the revenue by what the events carry to promote them (a promotion, a campaign, a channel), DESC or ASC, LIMIT n."""
    found = [(fact, column, carried) for fact, column in facts(ask) for carried in _carried(ask, fact)]
    if not found:
        return None
    fact, column, dimension = ask.rng.choices(found, [3.0 if d.entity else 1.0 for *_, d in found])[0]
    high, count = ask.chance(0.78), how_many(ask, every=0.12)
    if few(ask, dimension, count):
        return None
    figure, timed = sum_of(ask.world, column, ask.rng).sql, ask.time(fact.table, 0.6)
    conditions, scope = inside(ask, fact) if ask.chance(0.3) else ([], "")
    if any(dimension.table in ask.world.reach_of(one.table).path for one in conditions):
        return None  # it has one channel alone
    block = ranked(ask, fact, dimension, figure, conditions, timed, high=high, count=count)
    slots: dict[str, Slot] = dict(
        **ends_of(high), dim=dimension.noun, dims=dimension.plural, scope=scope,
        n=number(ask.rng, count or 0, 0.45),
        hit=("biggest success", "greatest success", "biggest hit") if high else "biggest flop",
    )  # fmt: skip
    frames = _WORKED if count == 1 else _WORKED_MANY if count else _WORKED_ALL
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _carried(ask: Ask, fact: Entity) -> list[Dimension]:
    """What promotes the rows of the fact: tables they lead to, and columns of theirs or of the tables near them."""
    world, found = ask.world, []
    for table, path in world.reach_of(fact.table).path.items():
        entity = world.entities[table]
        if len(path) > 2:
            continue
        if path and entity.labels and any(set(noun.split()) & USABLE for noun in entity.nouns):
            found.append(entity_dimension(world, entity, ask.rng))
        found += [replace(made, noun=made.noun.partition(" of the ")[0]) for c in entity.columns
                  if c.role == "dimension" and c.noun.rpartition(" ")[2] in PROMOTING
                  for made in [attribute_dimension(world, c, ask.rng, fact.table)]]  # fmt: skip
    return [one for one in found if one is not None]
