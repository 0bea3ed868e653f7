"""Who bought, rented, borrowed or booked what: people, the things they dealt in, and what was never touched."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter, literal, text_filter
from nl2sql.data.synthesis.filters.numbers import number_text, rounded
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import Timed

# by the event's noun: the past, the infinitive, what "never been ..." says
_VERB_LINES = """
    order: bought buy bought, ordered order ordered, purchased purchase sold
    purchase: bought buy sold, purchased purchase purchased
    sale: bought buy sold
    invoice: bought buy sold
    rental: rented rent rented
    loan: borrowed borrow borrowed
    booking: booked book booked
    reservation: reserved reserve reserved
    stream: listened_to listen_to listened_to, streamed stream streamed
    enrollment: enrolled_in enroll_in taken, took take taken
    adoption: adopted adopt adopted
    review: reviewed review reviewed
    rating: rated rate rated
"""
VERBS: dict[str, tuple[tuple[str, ...], ...]] = {
    event.strip(): tuple(tuple(form.replace("_", " ") for form in verb.split()) for verb in verbs.split(","))
    for event, _, verbs in (line.partition(":") for line in _VERB_LINES.strip().splitlines())
}
_NOT_BUYERS = {"employee", "agent", "waiter", "seller", "staff", "driver", "manager"}
_NOT_GOODS = {
    "promotion",
    "campaign",
    "discount",
    "coupon",
    "category",
    "status",
    "type",
    "method",
    "channel",
    "currency",
    "carrier",
    "offer",
}
_WHO = (
    "which {people} {past} {things} {when}",
    "[show|list|find|give me] [all|the|all the|] {people} [who|that] {past} {things} {when}",
    "{people} who {past} {things} {when}",
    "who {past} {things} {when}",
)
_HOW_MANY = (
    "how many [different|] {people} {past} {things} {when}",
    "[what is|give me|find|count] the number of {people} who {past} {things} {when}",
    "number of {people} who {past} {things} {when}",
)
_NOT = (
    "which {people} [never {past}|have never {done}|did not {base}|didn't {base}] [any|] {things} {when}",
    "[show|list|find] [the|all|] {people} who [never {past}|have never {done}|didn't {base}] [any|] {things} {when}",
    "{people} who never {past} {things} {when}",
)
_BOTH = (
    "which {people} {past} [both|] {first} and [also|] {second}",
    "[list|show|find] [the|all|] {people} who {past} both {first} and {second}",
    "{people} who {past} {first} and {second}",
)
_ONE_ONLY = (
    "which {people} {past} {first} but [not|never|no] {second}",
    "[list|show|find] [the|all|] {people} who {past} {first} but not {second}",
    "{people} who {past} {first} but never {second}",
)
_UNTOUCHED = (
    "which {things} [were never|have never been|were not] {done} {when}",
    "[show|list|find|give me] [all|the|all the|] {things} that [were never|have never been] {done} {when}",
    "{things} [never {done}|that were never {done}] {when}",
)
_HOW_MANY_UNTOUCHED = ("how many {things} [were never|have never been] {done} {when}", "number of {things} never {done} {when}")
_WHAT = (
    "which {things} did {person} {base} {when}",
    "what {things} [did {person} {base}|has {person} {done}] {when}",
    "[show|list|find] [the|all|] {things} [that|] {person} {past} {when}",
    "{things} {past} by {person} {when}",
)
_SPENT = (
    "which {one} spent [the most|the most money] {when}",
    "who spent [the most|the most money] {when}",
    "[show|find|name] the {one} who spent [the most|the most money] {when}",
)
_SPENT_MANY = ("which {n} {people} spent the most {when}", "[show|list|find] the {n} {people} who spent the most {when}")
_SPENT_ALL = (
    "how much did {people} spend {when}", "what did {people} spend {when}",
    "how much money [was spent by|came from] {people} {when}",
    "how much have {people} spent [in total|altogether|with us|] {when}", "total spending of {people} {when}",
    "[what|how much] did {people} spend with us {when}", "money spent by {people} {when}",
)
_SPENT_MORE = (
    "which {people} spent [more than|over] {n} {when}",
    "[show|list|find] [all|the|] {people} who [spent|have spent] [more than|over] {n} {when}",
    "how many {people} spent [more than|over] {n} {when}",
)


@dataclass(frozen=True)
class Dealing:
    """A person, a thing, and the table whose rows refer to both; ``buyer`` and ``bought`` are the columns that do."""

    root: int
    person: Entity
    thing: Entity
    buyer: int
    bought: int
    verb: tuple[str, ...]


def dealing(ask: Ask) -> Dealing | None:
    """One of the schema's dealings."""
    world, found = ask.world, []
    for root in range(len(world.entities)):
        paths = {t: path for t, path in world.reach_of(root).path.items() if 0 < len(path) <= 2}
        heads = {t: world.entities[t].noun.rpartition(" ")[2] for t in (root, *paths)}
        event = next((head for head in heads.values() if head in VERBS), None)
        if event is None:
            continue
        near = [world.entities[t] for t in paths]
        people = [
            e for e in near if e.person and e.labels and heads[e.table] not in _NOT_BUYERS and paths[e.table][-1].target == e.key
        ]
        things = [e for e in near if e.labels and len(paths[e.table]) == 1 and not (e.event or e.person or e.place)]
        things = [e for e in things if heads[e.table] not in _NOT_GOODS]
        for person, thing in zip(people[:1], things[:1], strict=False):
            found.append((root, person, thing, paths[person.table][-1].source, paths[thing.table][-1].source, event))
    if not found:
        return None
    root, person, thing, buyer, bought, event = ask.rng.choice(found)
    return Dealing(root, person, thing, buyer, bought, ask.rng.choice(VERBS[event]))


def _keys(ask: Ask, deal: Dealing, conditions: list[Filter], column: int, timed: Timed | None, negated: bool) -> str:
    """``column IN (SELECT ...)`` of the block's rows."""
    world = ask.world
    block = ask.select(deal.root, conditions, timed, tables=(world.schema.owner[column],))
    block.items = [world.ref(column)]
    if negated and world.schema.columns[column].nullable:
        block.where.append(f"{world.ref(column)} IS NOT NULL")
    target = deal.person.key if column == deal.buyer else deal.thing.key
    assert target is not None
    return f"{world.ref(target)} {'NOT IN' if negated else 'IN'} ({block.sql()})"


def _listed(ask: Ask, entity: Entity, tests: list[str], counted: bool = False) -> str:
    block = ask.select(entity.table)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in ask.world.label(entity.table)]
    block.where = tests
    return block.sql()


def dealt(ask: Ask) -> Draft | None:
    """Who did, who did not, who did both, what was never dealt in, what somebody dealt in."""
    deal = dealing(ask)
    if deal is None:
        return None
    kind = ask.rng.choice(("who", "who", "many", "not", "two", "untouched", "what"))
    if kind == "two":
        return _two(ask, deal)
    if kind == "untouched":
        return _untouched(ask, deal)
    if kind == "what":
        return _what(ask, deal)
    timed = ask.time(deal.root, 0.35)
    condition = ask.filter(deal.thing.table, avoid=()) or None
    one = _named_thing(ask, deal) if ask.chance(0.3) else condition
    if one is None:
        return None
    things = one.direct[0] if one.direct and one.table == deal.thing.table else ask.things(deal.thing.table, [one])
    sql = _listed(ask, deal.person, [_keys(ask, deal, [one], deal.buyer, timed, kind == "not")], kind == "many")
    frames = {"who": _WHO, "many": _HOW_MANY, "not": _NOT}[kind]
    return Draft(ask.compose(frames, timed=timed, people=ask.things(deal.person.table), things=things, **_verbs(deal)), sql)


def _verbs(deal: Dealing) -> dict[str, str]:
    past, base, done = deal.verb
    return dict(past=past, base=base, done=past if done == "sold" else done)


def _named_thing(ask: Ask, deal: Dealing) -> Filter | None:
    """A thing by its own name."""
    column = ask.world.columns[deal.thing.labels[0]]
    made = text_filter(ask.world, ask.rng, column)
    if made:
        ask.protect(made.said)
    return made


def _two(ask: Ask, deal: Dealing) -> Draft | None:
    world = ask.world
    columns = [
        c for t, path in world.reach_of(deal.thing.table).path.items() if len(path) <= 1 for c in world.entities[t].columns
        if (c.role == "dimension" or c.index in world.entities[t].labels[:1]) and len(world.texts(c.index)) > 1
    ]  # fmt: skip
    if not columns:
        return None
    column, both = ask.rng.choice(columns), ask.chance(0.55)
    said, tests = [], []
    for i, value in enumerate(ask.rng.sample(world.texts(column.index), 2)):
        made = text_filter(world, ask.rng, column, value)
        if made is None:
            return None
        ask.protect(made.said)
        said.append(made.direct[0] if made.direct and made.table == deal.thing.table else ask.things(deal.thing.table, [made]))
        tests.append(_keys(ask, deal, [made], deal.buyer, None, i == 1 and not both))
    sql = _listed(ask, deal.person, tests)
    frames = _BOTH if both else _ONE_ONLY
    return Draft(ask.compose(frames, people=ask.things(deal.person.table), first=said[0], second=said[1], **_verbs(deal)), sql)


def _untouched(ask: Ask, deal: Dealing) -> Draft | None:
    if deal.thing.key is None:
        return None
    timed, counted = ask.time(deal.root, 0.35), ask.chance(0.3)
    own = ask.filters(deal.thing.table, 1) if ask.chance(0.3) else []
    block = ask.select(deal.thing.table, own)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in deal.thing.labels]
    block.where.append(_keys(ask, deal, [], deal.bought, timed, True))
    frames = _HOW_MANY_UNTOUCHED if counted else _UNTOUCHED
    return Draft(ask.compose(frames, timed=timed, things=ask.things(deal.thing.table, own), done=deal.verb[2]), block.sql())


def _what(ask: Ask, deal: Dealing) -> Draft | None:
    """The things that one person dealt in, each once."""
    world, timed = ask.world, ask.time(deal.root, 0.3)
    texts = [world.texts(c) for c in world.label(deal.person.table)]
    if not all(texts):
        return None
    values = [ask.rng.choice(t) for t in texts]
    ask.protect(*values)
    block = ask.select(deal.root, (), timed, tables=(deal.person.table, deal.thing.table))
    block.items, block.distinct = [world.ref(c) for c in deal.thing.labels], True
    block.where += [f"{world.ref(c)} = {literal(v)}" for c, v in zip(world.label(deal.person.table), values, strict=True)]
    return Draft(
        ask.compose(_WHAT, timed=timed, person=" ".join(values), things=ask.things(deal.thing.table), **_verbs(deal)), block.sql()
    )


def spent(ask: Ask) -> Draft | None:
    """Who spent the most, or more than so much."""
    deal = dealing(ask)
    revenue = next((c for c in ask.world.entities[deal.root].columns if c.revenue), None) if deal else None
    if deal is None or revenue is None or deal.person.key is None:
        return None
    world, timed = ask.world, ask.time(deal.root, 0.5)
    total = f"SUM({world.ref(revenue.index)})"
    labels = [world.ref(c) for c in world.label(deal.person.table)]
    who = ask.filters(deal.person.table, 2, avoid=deal.person.labels) if ask.chance(0.6) else []
    if who and ask.chance(0.5):
        block = ask.select(deal.root, who, timed, tables=(deal.person.table,))
        block.items = [total]
        people = ask.things(deal.person.table, who)
        return Draft(ask.compose(_SPENT_ALL, "money spent by {people} {when}", timed=timed, people=people), block.sql())
    block = ask.select(deal.root, who, timed, tables=(deal.person.table,))
    block.group = list(dict.fromkeys((world.ref(deal.person.key), *labels)))
    people, one = ask.things(deal.person.table, who), ask.things(deal.person.table, who, noun=ask.noun(deal.person))
    if ask.chance(0.6):
        count = 1 if ask.chance(0.6) else ask.rng.choice((3, 5, 10))
        block.items, block.order, block.limit = [*labels, total], [f"{total} DESC"], count
        frames = _SPENT if count == 1 else _SPENT_MANY
        return Draft(ask.compose(frames, timed=timed, people=people, one=one, n=number_text(ask.rng, count)), block.sql())
    samples = world.numbers(revenue.index)
    value = round(rounded(ask.rng, ask.rng.uniform(1, max(samples, default=100)) * ask.rng.choice((1, 3, 10, 30))))
    block.having = [f"{total} > {value}"]
    frame = ask.rng.choice(_SPENT_MORE)
    block.items = labels
    if frame.startswith("how many"):
        block.items = [block.group[0]]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
        return Draft(ask.compose(frame, timed=timed, people=people, n=number_text(ask.rng, value)), sql)
    return Draft(ask.compose(frame, timed=timed, people=people, n=number_text(ask.rng, value)), block.sql())
