"""What was sold and never came back: things that lines refer to, none of which (or some of which) a later event befell."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.ratio import RATE_EVENTS
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.records import ForeignKey

# by the event: what is said of a thing that it befell
_BEFELL = {
    "return": ("returned", "sent back", "brought back"), "refund": ("refunded",), "complaint": ("complained about",),
    "claim": ("claimed for",), "cancellation": ("cancelled",), "adoption": ("adopted",),
}  # fmt: skip
_NEVER = (
    "[which|what] {things} that were sold [have never been|were never|were not] {done} {when}",
    "{things} sold but never {done} {when}", "[show|list|find] [the|all|] {things} that were sold and never {done} {when}",
    "of which {things} that we sold was [nothing|not one] {done} {when}", "{things} with sales but no {events} {when}",
)  # fmt: skip
_HOW_MANY_NEVER = (
    "how many {things} were sold but never {done} {when}", "how many {things} that we sold have never been {done} {when}",
    "how many of the {things} [we sold|sold] were never {done} {when}", "number of {things} sold but never {done} {when}",
    "how many {things} [have|had] sales but no {events} {when}",
    "count the {things} with sales and without [a|any] {event} {when}",
)  # fmt: skip
_EVER = (
    "[which|what] {things} [were ever|have ever been|have been|were] {done} {when}",
    "[show|list|find] [the|all|] {things} that [were|have been] {done} at least once {when}", "{things} with {events} {when}",
)  # fmt: skip
_HOW_MANY_EVER = (
    "how many [different|] {things} [were|have been] {done} [at least once|] {when}",
    "number of [different|] {things} that were {done} {when}", "how many {things} had [at least one {event}|{events}] {when}",
)  # fmt: skip
_NEVER_AT_ALL = (
    "[which|what] {things} [have never been|were never] {done} {when}", "{things} never {done} {when}",
    "[show|list|find] [the|all|] {things} that were never {done} {when}",
)  # fmt: skip
_HOW_MANY_NEVER_AT_ALL = (
    "how many {things} [have never been|were never] {done} {when}", "number of {things} never {done} {when}",
)  # fmt: skip


def returned(ask: Ask) -> Draft | None:
    """key IN (lines) AND key NOT IN (lines of the event); or one of the two tests alone."""
    world, options = ask.world, _options(ask)
    if not options:
        return None
    thing, key, event = ask.rng.choice(options)
    line, befell = world.entity_of(key.source), world.entity_of(event.source)
    own = ask.filters(thing.table, 1, avoid=thing.labels) if ask.chance(0.6) else []
    timed = ask.time(befell.table, 0.3)
    kind = ask.rng.choice(("sold", "sold", "never", "ever"))
    timed = timed if kind == "ever" else None
    column, target = world.ref(key.source), world.ref(key.target)
    sold = f"SELECT {column} FROM {world.table(line.table)}"
    block = ask.select(befell.table, (), timed, tables=(line.table,))
    block.items = [column]
    outer = ask.select(thing.table, own)
    if kind == "sold":
        outer.where.append(f"{target} IN ({sold})")
    outer.where.append(f"{target} {'IN' if kind == 'ever' else 'NOT IN'} ({block.sql()})")
    counted = ask.chance(0.5)
    outer.items = ["COUNT(*)"] if counted else [world.ref(c) for c in thing.labels]
    frames = {
        "sold": (_NEVER, _HOW_MANY_NEVER), "ever": (_EVER, _HOW_MANY_EVER), "never": (_NEVER_AT_ALL, _HOW_MANY_NEVER_AT_ALL),
    }[kind][counted]  # fmt: skip
    noun = befell.noun.rpartition(" ")[2]
    slots: dict[str, Slot] = dict(
        things=ask.things(thing.table, own), done=_BEFELL[noun], event=noun, events=lexicon.plural(noun)
    )
    return Draft(ask.compose(frames, timed=timed, **slots), outer.sql())


def _options(ask: Ask) -> list[tuple[Entity, ForeignKey, ForeignKey]]:
    """(thing, the key of the line that leads to it, the key of the event that leads to the line)."""
    world, found = ask.world, []
    for table, keys in world.children.items():
        line = world.entities[table]
        if line.person or line.place or not any(column.revenue for column in line.columns):
            continue
        events = [k for k in keys if world.entity_of(k.source).noun.rpartition(" ")[2] in RATE_EVENTS & _BEFELL.keys()]
        for path in world.reach_of(table).path.values():
            thing = world.entity_of(path[-1].target) if len(path) == 1 else None
            if thing and thing.key == path[0].target and thing.labels and not (thing.event or thing.person or thing.place):
                found += [(thing, path[0], event) for event in events if not world.schema.columns[path[0].source].nullable]
    return found
