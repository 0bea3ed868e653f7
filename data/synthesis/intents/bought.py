"""What somebody bought, borrowed or booked, what people of a kind do, what was sold in a place or by one of the staff."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter, literal, text_filter
from nl2sql.data.synthesis.intents.dealings import Dealing, dealing
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.vocabulary import KINDS

_NOT_THINGS = KINDS | {"reason", "cause"}
_NOT_BUYERS = STAFF | {"technician", "mechanic", "director", "author"}
_ONE = (
    "what did {who} {base} {when}", "what did {who} {base} {when}", "what did {who} {base} {when}", "what {who} {past} {when}",
    "what has {who} {done} {when}", "what has {who} {done} {when}", "[which|what] {things} has {who} {done} {when}",
    "[which|what] {things} did {who} {base} {when}", "[show|list|show me] [everything|what|all the {things}] {who} {past} {when}",
    "everything {who} {past} {when}", "[all|the|] {things} [that|] {who} {past} {when}",
    "[all|the|] {things} {done_by} {who} {when}", "[tell me|do you know] what {who} {past} {when}",
    "[show|list|give me] [the|all|] {things} {done_by} {who} {when}",
)  # fmt: skip
_MANY = (
    "what did {who} {base} {when}", "[which|what] {things} did {who} {base} {when}", "what have {who} {done} {when}",
    "[all|the|] {things} that {who} {past} {when}",
    "[show|list|show me] [what|the {things}|all {things}] {who} {past} {when}", "[all|the|] {things} {done_by} {who} {when}",
    "[show|list|give me] [the|all|] {things} that were {done_by} {who} {when}",
)  # fmt: skip
_DO = (
    "what do {who} {base}", "what do {who} {base}", "[which|what] {things} do {who} {base}",
    "[the|] {things} that {who} {base}", "what do {who} usually {base}", "[show|list|show me] what {who} {base}",
)  # fmt: skip
_PLACE = (
    "[which|what] {things} were {sold} {place} {when}", "what was {sold} {place} {when}", "{things} {sold} {place} {when}",
    "[which|what] {things} got {sold} {place} {when}", "[all|all the|the|] {things} that were {sold} {place} {when}",
    "[show|list|give me] [the|all|] {things} {sold} {place} {when}", "[which|what] {things} have been {sold} {place} {when}",
    "what has been {sold} {place} {when}",
)  # fmt: skip
_SELL = (
    "what did we sell {place} {when}", "[which|what] {things} did we sell {place} {when}", "what have we sold {place} {when}",
    "[which|what] {things} did customers buy {place} {when}", "what did people buy {place} {when}",
)  # fmt: skip


def bought(ask: Ask) -> Draft | None:
    """DISTINCT names of what the rows are about, WHERE they belong to a person, to people of a kind, or to a place."""
    deal = dealing(ask)
    if deal is None or not _fits(ask, deal):
        return None
    world, root = ask.world, deal.root
    kind = ask.rng.choices(("one", "many", "place", "staff"), (4, 4, 3.5, 1))[0]
    own = ask.filters(deal.thing.table, 1, avoid=deal.thing.labels) if ask.chance(0.25) else []
    timed = ask.time(root, 0.45)
    past, base, sold = deal.verb
    block = ask.select(root, own, timed, tables=(deal.thing.table,))
    block.items, block.distinct = [world.ref(c) for c in deal.thing.labels], True
    goods, done = base in ("buy", "purchase", "order"), "taken" if past == "took" else past
    slots: dict[str, Slot] = dict(past=past, base=base, done=done, sold=("sold", "sold", "bought") if goods else sold,
                                  done_by="bought by" if past == "ordered" else f"{done} by")  # fmt: skip
    person = deal.person if kind in ("one", "many") else next(iter(_near(ask, deal, staff=kind == "staff")), None)
    if person is None or kind == "staff" and not goods:
        return None
    if kind in ("one", "staff"):
        texts = [world.texts(c) for c in person.labels]
        if not texts or not all(texts):
            return None
        values = [ask.rng.choice(t) for t in texts]
        ask.protect(*values)
        block.tables.add(person.table)
        block.where += [f"{world.ref(c)} = {literal(v)}" for c, v in zip(person.labels, values, strict=True)]
        slots["who"] = " ".join(values)
        if kind == "staff":
            slots |= dict(past="sold", base="sell", done="sold", done_by="sold by")
        frames: tuple[str, ...] = _ONE
    else:
        condition = _about(ask, root, person)
        if condition is None:
            return None
        block.where.append(condition.sql)
        block.tables.add(condition.table)
        if kind == "place":
            direct = condition.table == person.table and condition.direct
            said = ask.rng.choice(condition.direct) if direct else ask.things(person.table, [condition])
            slots["place"] = f"{ask.rng.choice(('in', 'in', 'at'))} {said}"
            frames = (*_PLACE, *_SELL) if goods else _PLACE
        else:
            slots["who"] = ask.things(person.table, [condition])
            frames = _MANY if timed or ask.chance(0.5) else _DO
    if own:
        frames = tuple(f for f in frames if "{things}" in f and "[everything|" not in f and "[what|" not in f)
    return Draft(ask.compose(frames, timed=timed, things=ask.things(deal.thing.table, own), **slots), block.sql())


def _about(ask: Ask, root: int, owner: Entity) -> Filter | None:
    """A condition on people or places, or on what they belong to; of places rather which, by its name."""
    world, paths = ask.world, ask.world.reach_of(root).path
    way = tuple(paths[owner.table])
    near = [t for t, p in world.reach_of(owner.table).path.items() if len(p) <= 1 and world.entities[t].labels]
    near = [t for t in near if tuple(paths.get(t, ()))[: len(way)] == way and (t == owner.table or not world.entities[t].person)]
    if owner.place and ask.chance(0.5):
        made = text_filter(world, ask.rng, world.columns[world.entities[ask.rng.choice(near)].labels[0]])
        ask.protect(made.said if made else "")
        return made
    return ask.filter(owner.table, avoid=owner.labels if owner.person else (), tables=near)


def _fits(ask: Ask, deal: Dealing) -> bool:
    """Whether the person has the things by way of the event, and both are what the verbs say."""
    led = ask.world.reach_of(deal.thing.table).path
    buyer = not set(deal.person.noun.split()) & _NOT_BUYERS
    return buyer and not set(deal.thing.noun.split()) & _NOT_THINGS and deal.person.table not in led


def _near(ask: Ask, deal: Dealing, *, staff: bool) -> list[Entity]:
    """Places, or the staff, that the rows lead to other than by the person or the thing."""
    world = ask.world
    found = []
    for table, path in world.reach_of(deal.root).path.items():
        entity, through = world.entities[table], {world.schema.owner[key.source] for key in path}
        wanted = entity.person and bool(set(entity.noun.split()) & STAFF) if staff else entity.place
        if wanted and 0 < len(path) <= 2 and entity.labels and not through & {deal.person.table, deal.thing.table}:
            found.append(entity)
    return sorted(found, key=lambda e: len(world.reach_of(deal.root).path[e.table]))
