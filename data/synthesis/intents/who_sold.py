"""The people who sell and the owners of what sells, by the revenue that goes without saying: "who sold most last month"."""

from __future__ import annotations

from collections.abc import Sequence

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension, attribute_dimension, entity_dimension
from nl2sql.data.synthesis.filters import Filter, text_filter
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.top_sellers import facts, few, sold
from nl2sql.data.synthesis.measures import sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed, number
from nl2sql.data.synthesis.vocabulary import KINDS, PLACE_COLUMNS

_WHO = (  # no person is named: whoever sells
    "who [sold|sells|has sold] [the|] {most} {scope} {when}", "who [sold|sells] {best} {scope} {when}",
    "who [is|was] [our|the] {best} {seller} {scope} {when}", "who [made|had] the {high} sales {scope} {when}",
    "who brought in [the|] {most} [money|revenue] {scope} {when}", "who sold for the {most} {scope} {when}",
    "who [is|was] [our|the] {number_one} {seller} {scope} {when}",
)  # fmt: skip
_ONE = (
    "which {dim} [sold|sells|has sold] [the|] {most} {scope} {when}", "[our|the|] {best} {rep} {scope} {when}",
    "which of [our|the] {dims} sold [the|] {most} {scope} {when}", "who of [our|the] {dims} sold [the|] {most} {scope} {when}",
    "which {dim} sold {best} {scope} {when}", "[name|show|find|tell me] the {dim} who sold [the|] {most} {scope} {when}",
    "who is the {dim} [who|that] sold [the|] {most} {scope} {when}", "[our|the|] {number_one} {rep} in sales {scope} {when}",
    "{dim} who sold [the|] {most} {scope} {when}", "which {dim} [made|brought in] the {most} [money|revenue] {scope} {when}",
)  # fmt: skip
_MANY = (
    "[our|the|] {top} {n} {reps} {scope} {when}", "who are [our|the] {n} {best} {sellers} {scope} {when}",
    "who are [our|the] {top} {n} {sellers} {scope} {when}", "which {n} {dims} sold [the|] {most} {scope} {when}",
    "[show|list|name|] the {n} {dims} who sold [the|] {most} {scope} {when}", "[our|the|] {n} {best} {reps} {scope} {when}",
    "{dims} who sold [the|] {most} {scope} {when}, {top} {n}", "{top} {n} {reps} by [sales|revenue] {scope} {when}",
    "which {n} {dims} sold {best} {scope} {when}",
)  # fmt: skip
_TITLES = ("salesperson", "salesperson", "sales rep")
_SELL = STAFF - {"driver", "manager"}
_REPS = {"agent", "salesperson", "representative"}  # whose best is the one who sells most; a "best seller" may be a thing
_PROCEEDS = {"premium", "revenue", "sales", "turnover"}  # not what is insured


def ends_of(high: bool) -> dict[str, Slot]:
    """What is said of the upper or the lower end."""
    ends: dict[str, tuple[Slot, Slot]] = dict(
        best=("best", "worst"), most=("most", "least"), top=("top", "bottom"), high=("highest", "lowest"),
        number_one=(("number one", "no. 1", "top"), ("weakest", "worst")), biggest=("biggest", "smallest"),
    )  # fmt: skip
    return {word: pair[0 if high else 1] for word, pair in ends.items()}


def how_many(ask: Ask, *, every: float = 0.0) -> int | None:
    """One, a handful, or (None) all of them in order."""
    kind = ask.rng.choices(("one", "few", "all"), (0.55, 0.45 - every / 2, every))[0]
    return {"one": 1, "all": None}.get(kind, ask.rng.choice((2, 3, 3, 4, 5, 5, 5, 6, 7, 8, 10, 10, 10, 12, 15, 20)))


def ranked(
    ask: Ask, fact: Entity, dimension: Dimension, figure: str, conditions: Sequence[Filter], timed: Timed | None, *, high: bool,
    count: int | None, tables: Sequence[int] = (),
) -> Select:  # fmt: skip
    """The groups with their figure, ORDER BY it DESC (or ASC), LIMIT n."""
    block = ask.select(fact.table, conditions, timed, tables=(dimension.table, *tables))
    block.items, block.group = [*dimension.show, figure], list(dimension.group)
    block.order, block.limit = [f"{figure} {'DESC' if high else 'ASC'}"], count
    return block


def sellers_of(ask: Ask, fact: Entity) -> list[Entity]:
    """The people who sell: no buyers, suppliers or others that the rows of the fact lead to."""
    near = [ask.world.entities[t] for t, path in ask.world.reach_of(fact.table).path.items() if 0 < len(path) <= 2]
    return [e for e in near if e.person and e.key is not None and e.labels and set(e.noun.split()) & _SELL]


def who_sold(ask: Ask) -> Draft | None:
    """SUM of the revenue by the one who sold, DESC (or ASC), LIMIT n; of one place or kind, mostly of a period."""
    found = [(fact, column, people[0]) for fact, column in facts(ask) if len(people := sellers_of(ask, fact)) == 1
             if column.revenue or set(column.noun.split()) & _PROCEEDS]  # fmt: skip
    if not found:
        return None
    fact, column, seller = ask.rng.choice(found)
    dimension = entity_dimension(ask.world, seller, ask.rng)
    count, high = how_many(ask), ask.chance(0.75)
    if dimension is None or few(ask, dimension, count):
        return None
    timed, figure = ask.time(fact.table, 0.6), sum_of(ask.world, column, ask.rng).sql
    conditions, scope = inside(ask, fact) if ask.chance(0.5) else ([], "")
    block = ranked(ask, fact, dimension, figure, conditions, timed, high=high, count=count)
    titles = (*(noun for noun in seller.nouns if set(noun.split()) & _REPS), *(_TITLES if column.revenue else ()))
    slots: dict[str, Slot] = dict(
        **ends_of(high), scope=scope, n=number(ask.rng, count or 0, 0.45), dim=dimension.noun, dims=dimension.plural,
        rep=titles, reps=tuple(map(lexicon.plural, titles)),
        seller=(*titles, "seller"), sellers=(*map(lexicon.plural, titles), "sellers"),
    )  # fmt: skip
    frames: tuple[str, ...] = _MANY if count != 1 else _WHO if ask.chance(0.55) else _ONE
    frames = frames if titles else tuple(f for f in frames if "{rep" not in f)
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def inside(ask: Ask, fact: Entity) -> tuple[list[Filter], str]:
    """One place or kind that the fact leads to, and how that is said: "in the Austin store", "in the Toys category"."""
    world, options = ask.world, []
    for table, path in world.reach_of(fact.table).path.items():
        entity = world.entities[table]
        kind = entity.noun.rpartition(" ")[2] in KINDS
        if not 0 < len(path) <= 3 or not (entity.place or kind) or entity.key is None:
            continue
        label = [c for c in entity.columns if entity.labels == (c.index,)]
        towns = [c for c in entity.columns if entity.place and c.role == "dimension" and c.noun in PLACE_COLUMNS - {"country"}]
        options += [(3.0 if entity.place else 1.5, entity, c) for c in label] + [(2.0, entity, c) for c in towns]
    if not options:
        return [], ""
    _, entity, column = ask.rng.choices(options, [weight for weight, *_ in options])[0]
    made = text_filter(world, ask.rng, column)
    if made is None:
        return [], ""
    ask.protect(made.said)
    noun, alone = ask.noun(entity), "in {x}" if made.direct and made.said in made.direct or made.adjectives else "in the {x} {n}"
    frames = (alone, alone, "in the {x} {n}") if column.index in entity.labels else ("in the {x} {n}", "at the {x} {n}", "in {x}")
    return [made], ask.rng.choice(frames).format(x=made.said, n=noun)


_OWNER_ONE = (
    "which {owners_} {things} [bring|brought] in [the|] {most} [revenue|money|] {when}",
    "{owner} whose {things} sell {best} {when}",
    "which {owners_} {things} [sell|sold|have sold] {best} {when}", "[the|] {owner} whose {things} [sell|sold] {best} {when}",
    "which {owners_} {things} [earn|earned|make|made] [us|] the {most} money {when}",
    "the {owner} whose {things} [earn|earned|bring in|brought in] [the|] {most} [revenue|money] {when}",
    "[show|name|find|tell me] the {owner} whose {things} [sell|sold] {best} {when}",
    "with which {owners_} {things} [do|did] we [make|earn] the {most} [revenue|money] {when}",
    "which {owner} has the {best}[-| ]selling {things} {when}", "{things} of which {owner} [sell|sold] {best} {when}",
    "whose {things} [sell|sold] {best} {when}, by {owner}",
)  # fmt: skip
_OWNER_MANY = (
    "which {n} {owners_} {things} [bring|brought] in [the|] {most} [revenue|money] {when}",
    "which {n} {owners_} {things} [sell|sold] {best} {when}", "[the|our|] {n} {owners} whose {things} [sell|sold] {best} {when}",
    "{owners} whose {things} [sell|sold] {best} {when}, {top} {n}",
    "{top} {n} {owners} by [sales|revenue] of their {things} {when}",
    "[show|list|give me|find] the {n} {owners} whose {things} [earn|bring in|brought in] the {most} [revenue|money] {when}",
    "the {n} {owners} with the {best}[-| ]selling {things} {when}",
)  # fmt: skip
_OWNER_ALL = (
    "which {owners_} {things} [bring|brought] in [the|] {most} [revenue|money] {when}",
    "which {owners_} {things} [sell|sold] {best} {when}", "{owners} whose {things} [sell|sold] {best} {when}",
    "[show|list] [the|] {owners} whose {things} [earn|bring in|brought in] the {most} [revenue|money] {when}",
)  # fmt: skip
_MAKERS = {"brand", "make", "maker", "manufacturer", "publisher", "producer", "studio", "label", "designer", "author"}


def owners(ask: Ask) -> Draft | None:
    """SUM of the revenue by whom or what the things sold belong to (suppliers, brands, categories), not by the things."""
    found = [(fact, column, thing, owner) for fact, column in facts(ask) if column.revenue for thing in sold(ask, fact)
             for owner in _owners(ask, fact, thing)]  # fmt: skip
    if not found:
        return None
    weights = [2.0 if isinstance(owner, Entity) and owner.person else 1.0 for *_, owner in found]
    fact, column, thing, owner = ask.rng.choices(found, weights)[0]
    world, count, high = ask.world, how_many(ask, every=0.2), ask.chance(0.78)
    dimension = entity_dimension(world, owner, ask.rng) if isinstance(owner, Entity) else attribute_dimension(
        world, owner, ask.rng, thing.table)  # fmt: skip
    if dimension is None or few(ask, dimension, count):
        return None
    one = ask.kind(thing.table, (*dimension.columns, *thing.labels)) if ask.chance(0.2) else None
    conditions = [one] if one else []
    timed, figure = ask.time(fact.table, 0.5), sum_of(world, column, ask.rng).sql
    block = ranked(ask, fact, dimension, figure, conditions, timed, high=high, count=count)
    whose = dimension.plural if count != 1 else dimension.noun
    frames = _OWNER_ONE if count == 1 else _OWNER_MANY if count else _OWNER_ALL
    slots: dict[str, Slot] = dict(
        **ends_of(high), n=number(ask.rng, count or 0, 0.45), owner=dimension.noun, owners=dimension.plural,
        owners_=f"{whose}'" if whose.endswith("s") and count != 1 else f"{whose}'s",
        things=ask.things(thing.table, conditions, noun=f"{ask.noun(thing)}\0"),
    )  # fmt: skip
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _owners(ask: Ask, fact: Entity, thing: Entity) -> list[Entity | ColumnRole]:
    """What the rows of the fact lead to by way of the thing alone: its supplier, its category, its brand."""
    world, found = ask.world, []
    paths = world.reach_of(fact.table).path
    for table, steps in world.reach_of(thing.table).path.items():
        entity = world.entities[table]
        if len(steps) == 1 and entity.labels and entity.key is not None and paths.get(table) == (*paths[thing.table], *steps):
            found += [entity] * (not entity.event and not entity.place)
    makers = [c for c in thing.columns if c.role == "dimension" and c.noun.rpartition(" ")[2] in _MAKERS]
    return [*found, *makers]
