"""Questions in the active voice: what somebody sold, spent, ordered or handled, and what each one did."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon, measures
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import entity_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.numbers import number_text, rounded
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed, number

STAFF = {"employee", "agent", "seller", "staff", "driver", "manager", "waiter", "salesperson", "representative", "cashier"}
# past, infinitive of what is done with money, with events, and with units
_DEEDS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "buyer": {"money": (("spent", "spend"), ("paid", "pay")), "events": (("placed", "place"), ("made", "make")),
              "units": (("bought", "buy"), ("purchased", "purchase"))},
    "staff": {"money": (("sold", "sell"), ("brought in", "bring in"), ("generated", "generate")),
              "events": (("took", "take"), ("handled", "handle"), ("processed", "process"), ("dealt with", "deal with"),
                         ("looked after", "look after")),
              "units": (("sold", "sell"),)},
    "place": {"money": (("made", "make"), ("took in", "take in"), ("sold", "sell"), ("turned over", "turn over"), ("earned",
    "earn")),
              "events": (("received", "receive"), ("handled", "handle"), ("had", "have"), ("processed", "process")),
              "units": (("sold", "sell"), ("shifted", "shift"))},
    "thing": {"money": (("brought in", "bring in"), ("made", "make"), ("earned us", "earn us")), "events": (("had", "have"),),
              "units": ()},
}  # fmt: skip
_DONE = {"took": "taken", "took in": "taken in"}  # participles that differ from the past
_ONE_MONEY = (
    "how much did {doer} {base} {on} {when}", "what did {doer} {base} {on} {when}",
    "how much [money|] [has|have] {doer} {done} {on} {when}",
    "how much was {done} by {doer} {on} {when}", "[total|] amount {done} by {doer} {on} {when}", "what {doer} {past} {on} {when}",
    "tell me how much {doer} {past} {on} {when}",
)  # fmt: skip
_ONE_COUNT = (
    "how many {events} did {doer} {base} {when}", "[number|count] of {events} {done} by {doer} {when}",
    "how many {events} [has|have] {doer} {done} "
    "{when}", "how many {events} were {done} by {doer} {when}", "{events} {done} by {doer} {when}: how many",
)  # fmt: skip
_EACH_MONEY = (
    "how much did each {one} {base} {on} {when}", "what did [each|every] {one} {base} {on} {when}",
    "[show|list] [each|every] {one} [and|with] how much "
    "[it|they] {past} {on} {when}", "amount {done} [per|by each] {one} {on} {when}",
)  # fmt: skip
_EACH_COUNT = (
    "how many {events} did [each|every] {one} {base} {when}", "number of {events} {done} by each {one} {when}",
    "{events} {done} per {one} {when}",
    "[list|show] [the|all|] {many} with the number of {events} [they|each of them] {past} {when}",
    "for each {one}, how many {events} were {done} {when}",
)  # fmt: skip
_TOP_MONEY = (
    "which {one} {past} [the most|most|the largest amount] {on} {when}", "who {past} [the most|most] {on} {when}",
    "{one} [that|who] {past} the most {on} {when}",
    "which {one} {past} {on} [the most|most] {when}",
)  # fmt: skip
_TOP_COUNT = (
    "which {one} {past} the most {events} {when}", "{one} [that|who] {past} the most {events} {when}",
    "who {past} the most {events} {when}",
    "[name|find] the {one} [that|who] {past} [the most|most] {events} {when}",
)  # fmt: skip
_TOP_MANY = (
    "which {n} {many} {past} the most {events} {when}", "the {n} {many} [that|who] {past} [the most|most] {events} {when}",
    "[show|list] the {n} {many} [that|who] {past} the most {events} {when}",
)  # fmt: skip
_OVER = (
    "[which|what] {many} {past} [more than|over] {n} {on} {when}", "{many} [that|who] {past} [more than|over] {n} {on} {when}",
    "[show|list|find] [the|all|] {many} [that|who] {past} [more than|over|above] {n} {on} {when}",
)  # fmt: skip
_UNDER = (
    "[which|what] {many} {past} [less than|under] {n} {on} {when}", "{many} [that|who] {past} [less than|under] {n} {on} {when}",
    "[show|list|find] [the|all|] {many} [that|who] {past} [less than|under] {n} {on} {when}",
)  # fmt: skip


@dataclass(frozen=True)
class Doing:
    """``doer`` is a table that the rows of ``root`` lead to; what is done is counted, or summed up, over them."""

    root: Entity
    doer: Entity
    role: str
    sql: str
    kind: str  # "money", "units", "events" or "variety": how many different things
    thing: int | None = None


def _role(entity: Entity) -> str:
    if set(entity.noun.split()) & {"supplier", "vendor", "contact", "author", "artist"}:
        return "thing"
    if entity.person:
        return "staff" if set(entity.noun.split()) & STAFF else "buyer"
    return "place" if entity.place else "thing"


def _doing(ask: Ask) -> Doing | None:
    world = ask.world
    facts = [e for e in world.entities if any(c.revenue for c in e.columns)]
    events = [
        e
        for e in world.entities
        if e.event and e.key is not None and not e.link and e.noun.rpartition(" ")[2] in ("order", "sale", "purchase")
    ]
    kind = ask.rng.choice(("money", "money", "money", "events", "events", "units", "units", "variety"))
    pool = events if kind == "events" else facts
    if not pool:
        return None
    root = ask.rng.choice(pool)
    near = [
        world.entities[t] for t, path in world.reach_of(root.table).path.items()
        if path and world.entities[t].key is not None and world.entities[t].labels and not world.entities[t].event
    ]  # fmt: skip
    if not near:
        return None
    doer = ask.rng.choice(near)
    role = _role(doer)
    if kind == "events":
        return None if role == "thing" else Doing(root, doer, role, "COUNT(*)", kind)
    if kind == "money":
        revenue = next(c for c in root.columns if c.revenue)
        return Doing(root, doer, role, f"SUM({world.ref(revenue.index)})", kind)
    if role == "thing":
        return None
    if kind == "variety":
        thing = next((e for e in near if _role(e) == "thing" and len(world.reach_of(root.table).path[e.table]) == 1), None)
        if thing is None or thing.table == doer.table:
            return None
        return Doing(root, doer, role, f"COUNT(DISTINCT {world.ref(thing.key or 0)})", kind, thing.table)
    quantity = measures.quantity_of(world, root.table)
    return None if quantity is None else Doing(root, doer, role, f"SUM({world.ref(quantity.index)})", kind)


def doing(ask: Ask) -> Draft | None:
    """What one (or all those of a kind) did, what each did, who did the most, who did more than so much."""
    found = _doing(ask)
    if found is None:
        return None
    past, base = ask.rng.choice(_DEEDS[found.role]["units" if found.kind == "variety" else found.kind])
    about = ask.filters(found.root.table, 1, apart=found.doer.table) if ask.chance(0.4) and found.kind != "variety" else []
    timed = ask.time(found.root.table, 0.5)
    block = ask.select(found.root.table, about, timed, tables=_tables(found))
    slots: dict[str, Slot] = dict(
        past=past, base=base, done=_DONE.get(past, past), one=ask.noun(found.doer), many=lexicon.plural(ask.noun(found.doer))
    )
    slots["events"] = _said(ask, found, about)
    slots["on"] = _on(ask, found, about)
    counted = found.kind != "money"
    kind = ask.rng.choice(("one", "one", "each", "each", "top", "many", "over"))
    if kind == "one":
        return _one(ask, found, about, timed, slots)
    dimension = entity_dimension(ask.world, found.doer, ask.rng)
    if dimension is None:
        return None
    block.items, block.group = [*dimension.show, found.sql], list(dimension.group)
    if kind == "each":
        return Draft(ask.compose(_EACH_COUNT if counted else _EACH_MONEY, timed=timed, **slots), block.sql())
    if kind in ("top", "many"):
        count = 1 if kind == "top" else ask.rng.choice((2, 3, 3, 5, 5, 10))
        block.order, block.limit = [f"{found.sql} DESC"], count
        slots["n"] = number(ask.rng, count)
        if kind == "many":
            if not counted and about:
                return None
            slots["events"] = slots["events"] if counted else "money"
            return Draft(ask.compose(_TOP_MANY, timed=timed, **slots), block.sql())
        frames = tuple(f for f in (_TOP_COUNT if counted else _TOP_MONEY) if found.doer.person or not f.startswith("who"))
        return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
    return _over(ask, found, block, slots, timed)


def _one(ask: Ask, found: Doing, about: list[Filter], timed: Timed | None, slots: dict[str, Slot]) -> Draft | None:
    """What the doers that a condition names did."""
    who = ask.filters(
        found.doer.table, 2 if ask.chance(0.3) else 1, tables=[found.doer.table, *ask.world.reach_of(found.doer.table).path]
    )
    if not who:
        return None
    block = ask.select(found.root.table, [*who, *about], timed, tables=_tables(found))
    block.items = [found.sql]
    single = who[0].direct and len(who) == 1 and who[0].table == found.doer.table
    slots["doer"] = ask.rng.choice(who[0].direct) if single else ask.things(found.doer.table, who)
    return Draft(ask.compose(_ONE_MONEY if found.kind == "money" else _ONE_COUNT, timed=timed, **slots), block.sql())


def _over(ask: Ask, found: Doing, block: Select, slots: dict[str, Slot], timed: Timed | None) -> Draft | None:
    """Who did more (or less) than a number."""
    assert found.doer.key is not None
    size = ask.world.group_size(found.root.table, found.doer.key) or 20.0
    base = size
    if found.kind == "variety":
        base = min(size, 20.0)
    elif found.kind != "events":
        column = next(
            (c for c in found.root.columns if (c.revenue if found.kind == "money" else c.noun in ("quantity", "units"))), None
        )
        samples = ask.world.numbers(column.index) if column else []
        if not samples:
            return None
        base = size * sorted(samples)[len(samples) // 2]
    value, more = round(rounded(ask.rng, base * ask.rng.uniform(0.4, 2.2))), ask.chance(0.7)
    if value <= 0:
        return None
    block.having = [f"{found.sql} {'>' if more else '<'} {value}"]
    block.items, counted = block.items[:-1], ask.chance(0.35)
    said = number_text(ask.rng, value)
    slots["n"] = f"{said} {ask.rng.choice(tuple(slots['events']))}" if found.kind != "money" else said
    if found.kind != "money":
        slots["on"] = ""
    frames = _OVER if more else _UNDER
    if not counted:
        return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
    block.items = [block.group[0]]
    sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
    return Draft(ask.compose(tuple("how many " + f[f.index("{many}") :] for f in frames[:2]), timed=timed, **slots), sql)


def _tables(found: Doing) -> tuple[int, ...]:
    return (found.doer.table,) if found.thing is None else (found.doer.table, found.thing)


def _said(ask: Ask, found: Doing, about: list[Filter]) -> tuple[str, ...]:
    """What is counted, as a plural."""
    if found.kind == "events":
        return (ask.things(found.root.table, about),)
    if found.kind == "variety":
        many = ask.things(found.thing or 0)
        return f"different {many}", f"distinct {many}", f"different {many}"
    on = _on(ask, found, about)
    if on.startswith("in "):
        return tuple(f"{word} {on}" for word in ("units", "pieces"))
    said = on.removeprefix("on ").removeprefix("with ")
    return tuple(f"{word} of {said}" for word in ("units", "pieces")) if said else ("units", "pieces", "items")


def _on(ask: Ask, found: Doing, about: list[Filter]) -> str:
    """ "on fashion products": what the money was spent on."""
    if not about or found.kind == "events":
        return ""
    one = about[0]
    if one.direct and not one.outside:
        said = ask.rng.choice(one.direct)
    else:
        said = ask.things(one.table, [one])
    if ask.world.entities[one.table].place:
        return f"in {said}"
    return f"{'on' if found.role == 'buyer' else 'with'} {said}"
