"""How long something lasts, somebody stays or keeps a thing, and how long after buying it comes back."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.derived import days_sql
from nl2sql.data.synthesis.intents.how_long import STARTS, USUALLY, people_of, tense
from nl2sql.data.synthesis.intents.top_sellers import sold
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

_ENDS = {"end", "ended", "finish", "arrival", "check out", "discharge"}
_RUN = dict.fromkeys("campaign promotion advertisement contract subscription policy grant tariff".split(), ("run", "last", "run"))
_TAKE = dict.fromkeys("voyage trip flight journey ride".split(), ("take", "take", "last"))
_LASTS: dict[str, tuple[str, ...]] = {**_RUN, **_TAKE, "project": ("last", "take", "run")}
_LAST = (
    f"how long {{does}} {{a_thing}} {USUALLY} {{last}} {{when}}", f"how long {{do}} {{things}} {USUALLY} {{last}} {{when}}",
    "how many days {do} {things} {last} [on average|] {when}", "[average|mean] [length|duration] of {things} {when}",
    "how long {is} {a_thing} on average {when}", "[what {one_is} the|] average [length|duration] of {things} {when}",
    "how many days {does} {a_thing} {last} [on average|] {when}", "how long {does} the average {thing} {last} {when}",
    "on average, how long {do} {things} {last} {when}", "average {thing} [length|duration] {when}",
)  # fmt: skip
_STAY = (
    f"how long {{do}} {{people}} {USUALLY} stay {{when}}", "how many [nights|days] {do} {people} stay [on average|] {when}",
    "average length of stay {when}", "how long {does} the average {person} stay {when}", "average stay in days {when}",
    "how long {one_is} the average stay {when}", "[what {one_is} the|] average length of stay of {people} {when}",
)  # fmt: skip
_KEEP = (
    "how long {do} {people} [usually|normally|] keep {objects} {when}",
    "how long until {an_object} {one_is} [returned|back] {when}",
    "how many days {do} {people} keep {an_object} [on average|] {when}", "how long {are} {objects} kept [on average|] {when}",
    "how long {does} it take {people} to return {an_object} {when}", "how many days until {an_object} {one_is} returned {when}",
    "how long {do} {people} [have|hold on to] {objects} {when}", "average time until {an_object} {one_is} returned {when}",
)  # fmt: skip
_BACK = (
    "how long after {an_order} {do} {people} return [items|something|things] {when}",
    "how many days after {an_order} {are} [items|things] [returned|sent back] {when}",
    "how long {do} {people} take to [return|send back] [items|something] {when}", "average time from {order} to return {when}",
    "how [soon|quickly] after {an_order} {do} {people} [return|send back] things {when}",
    "how many days between {order} and return on average {when}", "how long until [something|an item] {one_is} returned {when}",
    "how long {does} it take until something {one_is} [returned|sent back] {when}",
    "average days from {order} to return {when}", "how long {does} it take {people} to [return|send back] something {when}",
)  # fmt: skip
_BY = (
    "how long {do} {things} {last} {per} {dim} {when}", "[average|] [length|duration] of {things} {per} {dim} {when}",
    "{thing} [length|duration] {per} {dim} {when}", "for each {dim}, how long {do} {things} {last} {when}",
    "average {thing} [length|duration] {per} {dim} {when}", "how many days {do} {things} {last} {per} {dim} {when}",
)  # fmt: skip
_TOP = (
    "which {dim} [has|had] the {longest} {things} on average {when}", "{dim} with the {longest} average {thing} duration {when}",
    "{longest} average {thing} [length|duration] by {dim} {when}", "which {dim}'s {things} last {longest} on average {when}",
)  # fmt: skip
_STAY_BY = (
    "how long {do} {people} stay {per} {dim} {when}", "average length of stay {per} {dim} {when}",
    "average stay {per} {dim} in days {when}", "for each {dim}, how long {do} {people} stay {when}",
)  # fmt: skip


def lasting(ask: Ask) -> Draft | None:
    """AVG of the days from a row's beginning to its end, in all or by group, or the group with the longest or shortest."""
    world = ask.world
    options = [(e, a, b) for e in world.entities if not e.person for a in e.with_role("date") for b in e.with_role("date")
               if _head(a) in STARTS and _head(b) in _ENDS]  # fmt: skip
    if not options:
        return None
    entity, first, last = ask.rng.choice(options)
    people = people_of(ask, entity)
    stay = people is not None and _head(last) in ("check out", "discharge")
    timed, noun = ask.time(entity.table, 0.3), ask.noun(entity)
    timed = timed if timed and timed.column == first.index else None
    kind = ask.rng.choices(("all", "by", "top"), (6, 3, 0 if stay else 1.5))[0]
    dimension = ask.dimension(entity.table, flags=False) if kind != "all" else None
    if kind != "all" and (dimension is None or world.entities[dimension.table].event and dimension.table != entity.table):
        return None
    if dimension and stay and people and dimension.table == people.table:
        return None
    avoid = (first.index, last.index, *(dimension.columns if dimension else ()))
    conditions = ask.filters(entity.table, 1, avoid=avoid) if not stay and ask.chance(0.35) else []
    block = ask.select(entity.table, conditions, timed, tables=(dimension.table,) if dimension else ())
    figure = f"AVG({days_sql(world, first.index, last.index)})"
    block.split(dimension, figure)
    high = ask.chance(0.65)
    if kind == "top":
        block.order, block.limit = [f"{figure} {'DESC' if high else 'ASC'}"], 1
    place = dimension is not None and dimension.entity and world.entities[dimension.table].place
    slots: dict[str, Slot] = dict(
        things=ask.things(entity.table, conditions, noun=f"{noun}\0"), thing=noun, a_thing=lexicon.article(noun),
        last=_LASTS.get(entity.noun.rpartition(" ")[2], ("last",)), longest="longest" if high else "shortest",
        person=people.noun if people else "", people=lexicon.plural(people.noun) if people else "",
        dim=dimension.noun if dimension else "", per=("by", "by", "per", "in each" if place else "for each"),
        one_is="was" if timed else "is", **tense(timed),
    )  # fmt: skip
    frames = (_STAY_BY if stay else {"by": _BY, "top": _TOP}[kind]) if dimension else _STAY if stay else _LAST
    if conditions:
        frames = tuple(f for f in frames if "{things}" in f)
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _head(column: ColumnRole) -> str:
    return column.noun.removesuffix(" date")


def kept(ask: Ask) -> Draft | None:
    """AVG of the days that somebody has a thing, from a loan's beginning to its return; or from an order to its return."""
    found = [*_loans(ask), *_returns(ask)]
    if not found:
        return None
    root, first, last, owner = ask.rng.choice(found)
    world, people, loan = ask.world, people_of(ask, owner), owner.table == root.table
    if people is None:
        return None
    timed = ask.time(root.table, 0.35)
    things = sold(ask, owner)
    conditions = ask.filters(people.table, 1, avoid=people.labels, tables=(people.table,)) if ask.chance(0.25) else []
    block = ask.select(root.table, conditions, timed, tables=(owner.table,))
    block.items = [f"AVG({days_sql(world, first.index, last.index)})"]
    order = ask.noun(owner)
    slots: dict[str, Slot] = dict(
        people=ask.things(people.table, conditions), order=order, an_order=lexicon.article(order),
        objects=ask.things(things[0].table) if things else "", an_object=lexicon.article(ask.noun(things[0])) if things else "",
        one_is="was" if timed else "is", **tense(timed),
    )  # fmt: skip
    frames = tuple(f for f in (_KEEP if loan else _BACK) if not conditions or "{people}" in f)
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _loans(ask: Ask) -> list[tuple[Entity, ColumnRole, ColumnRole, Entity]]:
    """Loans and rentals of one kind of thing, with the day they began and the day the thing came back."""
    found = []
    for entity in ask.world.entities:
        if entity.noun.rpartition(" ")[2] not in ("loan", "rental", "lending", "checkout") or len(sold(ask, entity)) != 1:
            continue
        dates = entity.with_role("date")
        begun = [c for c in dates if _head(c) in STARTS | {"loan", "rental", "checkout", "borrowed"}]
        back = [c for c in dates if _head(c) in ("return", "returned")]
        found += [(entity, begun[0], back[0], entity)] if begun and back else []
    return found


def _returns(ask: Ask) -> list[tuple[Entity, ColumnRole, ColumnRole, Entity]]:
    """Returns of what was ordered, with the day of the order and their own."""
    world, found = ask.world, []
    for entity in world.entities:
        if entity.noun.rpartition(" ")[2] != "return" or entity.main_date is None:
            continue
        for table, path in world.reach_of(entity.table).path.items():
            order = world.entities[table]
            bought = order.noun.rpartition(" ")[2] in ("order", "sale", "purchase")
            if 0 < len(path) <= 2 and order.main_date is not None and bought:
                found.append((entity, world.columns[order.main_date], world.columns[entity.main_date], order))
    return found


INTENTS = {"lasting": (0.5, lasting), "kept": (0.5, kept)}
