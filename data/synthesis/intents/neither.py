"""Neither the one kind nor the other, and both, of what refers to a thing, mostly in a period; how many or which."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter, literal, text_filter
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.related import Pair, inside, keys_of, outer, pair
from nl2sql.data.synthesis.phrases import Slot

_NEITHER = (
    "[which|what] {things} {had} neither {a} nor {b} {when}", "{things} [with|that {had}] neither {a} nor {b} {when}",
    "[show|list|find] [the|all|] {things} [with|that {had}] neither {a} nor {b} {when}",
    "[which|what] {things} {didnt} {a} or {b} {when}", "{things} without [any|either] {a} or {b} {when}",
    "{things} with no {a} and no {b} {when}", "[which|what] {things} had no {a} and no {b} either {when}",
    "{things} that {didnt} {a} nor {b} {when}", "no {a}, no {b} {when}: which {things}",
)  # fmt: skip
_NEITHER_MANY = (
    "how many {things} {had} neither {a} nor {b} {when}",
    "[number|count] of {things} [with|that {had}] neither {a} nor {b} {when}",
    "how many [of our|of the|] {things} {didnt} {a} or {b} {when}",
    "how many {things} [are|were] without {a} and without {b} {when}",
    "count the {things} with neither {a} nor {b} {when}", "{things} with neither {a} nor {b} {when}: how many",
)  # fmt: skip
_BOTH = (
    "[which|what] {things} {had} both {a} and {b} {when}", "[which|what] {things} {had} {a} as well as {b} {when}",
    "{things} [with|that {had}] both {a} and {b} {when}", "[which|what] {things} {had} {a} and also {b} {when}",
    "[show|list|find] [the|all|] {things} [with|that {had}] both {a} and {b} {when}",
    "{things} that {had} not only {a} but also {b} {when}", "{things} with {a} as well as {b} {when}",
)  # fmt: skip
_BOTH_MANY = (
    "how many {things} {had} both {a} and {b} {when}", "how many {things} {had} {a} as well as {b} {when}",
    "[number|count] of {things} [with|that {had}] both {a} and {b} {when}",
    "how many [of our|of the|] {things} {had} {a} and also {b} {when}",
    "count the {things} with both {a} and {b} {when}", "{a} and {b} {when}: how many {things} {had} both",
)  # fmt: skip


def neither_or_both(ask: Ask) -> Draft | None:
    """key NOT IN (keys of either kind), or key IN (keys of one) AND key IN (keys of the other)."""
    chosen = pair(ask)
    column = _kind_column(ask, chosen) if chosen else None
    if chosen is None or column is None or ask.world.time_column(chosen.event.table) is None and ask.chance(0.8):
        return None
    values = ask.rng.sample(ask.world.texts(column.index), 2)
    parts = [part for part in (text_filter(ask.world, ask.rng, column, value) for value in values) if part]
    if len(parts) < 2:
        return None
    ask.protect(*(part.said for part in parts))
    timed = ask.time(chosen.event.table, 0.6)
    neither, counted = ask.chance(0.6), ask.chance(0.45)
    if neither:
        block = keys_of(ask, chosen, [parts[0]], timed)
        block.where[0] = f"{ask.world.ref(column.index)} IN ({', '.join(map(literal, values))})"
        tests = [inside(ask, chosen, block, True)]
    else:
        tests = [inside(ask, chosen, keys_of(ask, chosen, [part], timed), False) for part in parts]
    thing = chosen.entity
    own = ask.filters(thing.table, 1, tables=(thing.table,), avoid=thing.labels) if ask.chance(0.3) else []
    frames: tuple[str, ...] = _BOTH_MANY if counted else _BOTH
    if neither:
        frames = _NEITHER_MANY if counted else _NEITHER
    a, b, had, didnt = _words(ask, chosen, parts)
    slots: dict[str, Slot] = dict(things=ask.things(chosen.entity.table, own), a=a, b=b, had=had, didnt=didnt)
    return Draft(ask.compose(frames, timed=timed, **slots), outer(ask, chosen, tests, own, counted))


def _kind_column(ask: Ask, chosen: Pair) -> ColumnRole | None:
    """What sorts the events, or what they are about, and not the thing itself."""
    world, entity = ask.world, chosen.entity.table
    columns = [
        c for t, path in world.reach_of(chosen.event.table).path.items()
        if t != entity and t not in world.reach_of(entity).path
        for c in world.entities[t].columns
        if len(world.texts(c.index)) > 2 and (
            path and world.entities[t].labels == (c.index,) or c.role == "dimension" and c.index not in world.entities[t].labels)
    ]  # fmt: skip
    return ask.rng.choices(columns, [world.prominence(c) for c in columns])[0] if columns else None


def _words(ask: Ask, chosen: Pair, parts: list[Filter]) -> tuple[str, str, Slot, Slot]:
    """Both kinds, and the verbs before them: "bought toys", "had pending orders"."""
    world = ask.world
    sold = any(c.revenue for c in chosen.event.columns)
    buyer = sold and chosen.entity.person and not set(chosen.entity.noun.split()) & STAFF
    target = world.entities[parts[0].table]
    plain = all(part.direct for part in parts) and not (target.person or target.place or target.event)
    if plain and sold and (buyer or chosen.entity.place or chosen.entity.person):
        verb = "bought" if buyer else "sold"
        a, b = (part.direct[0] for part in parts)
        return a, b, (verb, verb, "have " + verb), (f"did not {'buy' if buyer else 'sell'}", f"never {verb}", f"have not {verb}")
    a, b = (ask.things(chosen.event.table, [part], noun=chosen.spoken.noun + "\0") for part in parts)
    return a, b, ("had", "have", "have had"), ("did not have", "don't have", "have not had", "had no")
