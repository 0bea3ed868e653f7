"""So many percent above or below: a column against another one of its row, a line's price against that of what was sold."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.intents.arithmetic import larger
from nl2sql.data.synthesis.intents.multiples import alike, an
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import NUMBER_WORDS

_LIST = (
    "[which|what] {things} {test}", "{things} {that} {test}", "[show|list|find|give me] [the|all|] {things} {that} {test}",
    "{things} whose {a} is {limit} [the|their] {b}", "{things} where the {a} is {limit} the {b}",
    "{things} with {an} {a} {limit} [the|their] {b}", "for which {things} is the {a} {limit} the {b}",
    "[could you|can you|please] list [the|all|] {things} with {an} {a} {limit} the {b}",
    "[are there|do we have] [any|] {things} {that} {test}", "{things}, {a} {limit} {b}", "i need the {things} {that} {test}",
    "[which|what] {things} have {an} {a} {limit} [the|their] {b}",
    "[get|pull up] [all|the|] {things} whose {a} lies {limit} the {b}", "only {things} with {a} {limit} {b}",
)  # fmt: skip
_COUNT = (
    "how many {things} {test}", "[number|count] of {things} {that} {test}", "{things} with {an} {a} {limit} the {b}: how many",
    "how many {things} have {an} {a} {limit} [the|their] {b}", "for how many {things} is the {a} {limit} the {b}",
    "count the {things} whose {a} is {limit} the {b}", "how many of [our|the] {things} {test}",
    "{things} {that} {test}: how many",
)  # fmt: skip
_SOLD = (
    "how many {things} {went} {limit} the {b} {when}", "[number|count] of {things} {that} {went} {limit} the {b} {when}",
    "{things} sold {limit} the {b} {when}: how many", "count the {things} with {an} {a} {limit} the {b} {when}",
    "for how many {things} was the {a} {limit} the {b} {when}", "how many {things} had {an} {a} {limit} the {b} {when}",
    "how many of the {things} were {limit} the {b} {when}",
    "[tell me|i want to know] how many {things} {went} {limit} the {b} {when}",
)  # fmt: skip
_SOLD_WHICH = (
    "which {goods} {went} {limit} [their|the] {b} {when}", "{goods} {that} [ever|] {went} {limit} [their|the] {b} {when}",
    "[show|list|find] [the|all|] {goods} {that} {went} {limit} [their|the] {b} {when}",
    "{goods} [with|that had] {an} {a} {limit} the {b} {when}", "which of our {goods} {went} {limit} the {b} {when}",
    "[are there|do we have] {goods} {that} {went} {limit} their {b} {when}",
)  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """So many percent more or less: the operator, "(1 + 20 / 100)", "at least" (or nothing) and "20 percent"."""

    sign: str
    factor: str
    lead: str
    amount: str
    above: bool


def limit_of(ask: Ask, *, low: bool = True, bare: bool = False) -> Limit:
    """``low``: "less than 20 percent above" too; ``bare``: also "20 percent more", which means more than that."""
    percent = ask.rng.choice((5, 10, 10, 15, 20, 20, 25, 30, 30, 40, 50, 50, 60, 75, 80))
    above = ask.chance(0.68)
    sides = [(">", "more than", 4), (">=", "at least", 3), (">", "over", 1), (">=", "no less than", 0.5)]
    if above and low:
        sides += [("<", "less than", 2.5), ("<=", "at most", 1), ("<", "under", 0.5), ("<=", "no more than", 1)]
    sides += [(">", "", 3)] * bare
    sign, lead, _ = ask.rng.choices(sides, [weight for *_, weight in sides])[0]
    if not above:
        sign = sign.replace(">", "<")
    word = NUMBER_WORDS[percent] if percent <= 20 and ask.chance(0.15) else str(percent)
    amount = say(ask.rng, "{n}[%| percent| %| per cent|%]" if word.isdigit() else "{n} percent", n=word)
    ask.protect(lead, amount)
    return Limit(sign, f"(1 {'+' if above else '-'} {percent} / 100)", lead, amount, above)


def percent_apart(ask: Ask) -> Draft | None:
    """WHERE a > (1 + 20 / 100) * b: two columns of a row, or a line's price and that of what was sold."""
    sold = _sold(ask) if ask.chance(0.3) else None
    if sold is not None:
        return sold
    tables = [e for e in ask.world.entities if alike(e)]
    if not tables:
        return None
    entity = ask.rng.choice(tables)
    high, low = larger(ask, *ask.rng.choice(alike(entity)))
    limit = limit_of(ask)
    a, b = (high, low) if limit.above else (low, high)
    counted = not entity.labels or ask.chance(0.35)
    conditions = ask.filters(entity.table, 1, avoid=(a.index, b.index, *entity.labels)) if ask.chance(0.4) else []
    block = ask.select(entity.table, conditions)
    block.where.append(f"{ask.world.ref(a.index)} {limit.sign} {limit.factor} * {ask.world.ref(b.index)}")
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in entity.labels]
    na, nb = ask.rng.choice(a.nouns[:2]), ask.rng.choice(b.nouns[:2])
    beyond = ask.rng.choice(_beyond(limit))
    slots: dict[str, Slot] = dict(
        things=ask.things(entity.table, conditions), that="who" if entity.person else "that", a=na, an=an(na), b=nb,
        limit=f"{limit.lead} {limit.amount} {beyond}", test=_test(ask, a, b, (na, nb), limit),
    )  # fmt: skip
    return Draft(ask.compose(_COUNT if counted else _LIST, **slots), block.sql())


def _beyond(limit: Limit) -> tuple[str, ...]:
    return ("above", "above", "higher than", "over") if limit.above else ("below", "below", "lower than", "under")


def _test(ask: Ask, a: ColumnRole, b: ColumnRole, names: tuple[str, str], limit: Limit) -> str:
    """A verb phrase: "are priced at least 50% above cost", "cost 20 percent less than their price"."""
    n, side, (na, nb) = f"{limit.lead} {limit.amount}", ask.rng.choice(_beyond(limit)), names
    frames = [f"have {an(na)} {{a}} {{n}} {{s}} [the|their] {{b}}"]
    price, cost = "price" in a.noun.split(), {"cost", "costs"} & {*b.noun.split()}
    if price and cost and limit.above:
        frames += ["[are priced|are sold|sell|are listed] {n} {s} [cost|what they cost [us|]|their {b}]",
                   "[carry|have] a markup of {n} on [their|the] {b}"] * 2  # fmt: skip
        frames += ["are marked up [by|] {n} on [their|the] {b}"]
    elif price:
        frames += ["are priced {n} {s} [the|their] {b}"]
    if {"cost", "costs"} & {*a.noun.split()} and "price" in b.noun.split() and not limit.above:
        frames += ["cost [us|] {n} less than [their|the] {b}", "cost us {n} less than what we [ask|charge] for them"] * 2
    return say(ask.rng, frames, a=na, b=nb, n=n, s=side)


def _sold(ask: Ask) -> Draft | None:
    """Lines whose price lies so many percent from that of the thing that they are about: counted, or the things."""
    world, options = ask.world, list[tuple[Entity, ColumnRole, Entity, ColumnRole]]()
    for line in world.entities:
        for table, path in world.reach_of(line.table).path.items():
            thing = world.entities[table]
            if len(path) == 1 and (line.event or line.link) and thing.key is not None and thing.labels and not thing.event:
                options += [(line, a, thing, b) for a in _prices(line) for b in _prices(thing)]
    if not options:
        return None
    line, a, thing, b = ask.rng.choice(options)
    limit, timed, which = limit_of(ask, low=False), ask.time(line.table, 0.5), ask.chance(0.45)
    cost = "cost" in b.noun.split()
    block = ask.select(line.table, (), timed, tables=(thing.table,))
    block.where.insert(0, f"{world.ref(a.index)} {limit.sign} {limit.factor} * {world.ref(b.index)}")
    assert thing.key is not None
    labels, noun = [world.ref(c) for c in thing.labels], ask.noun(thing)
    block.items, block.group = (labels, list(dict.fromkeys((world.ref(thing.key), *labels)))) if which else (["COUNT(*)"], [])
    na = ask.rng.choice(a.nouns[:2])
    slots: dict[str, Slot] = dict(
        things=ask.things(line.table), goods=lexicon.plural(noun), that="that", a=na, an=an(na),
        b=ask.rng.choice(b.nouns[:2]) if b.noun != a.noun and not cost else column_noun(world, b, ask.rng, line.table),
        limit=f"{limit.lead} {limit.amount} {ask.rng.choice(_beyond(limit)[:2])}", went=say(ask.rng, "were sold [at|]"),
    )  # fmt: skip
    return Draft(ask.compose(_SOLD_WHICH if which else _SOLD, timed=timed, **slots), block.sql())


def _prices(entity: Entity) -> list[ColumnRole]:
    return [c for c in entity.with_role("measure") if {"price", "cost"} & {*c.noun.split()} and not c.revenue and not c.additive]
