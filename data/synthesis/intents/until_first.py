"""How long it was from a row's own date to its first event: from signing up to the first order, from hire to the first sale."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.missed import NOT_BUYERS
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.vocabulary import PLANS

_MEAN = (
    "on average, how many days [pass|go by|lie] between {doing} and the first {event} {by}",
    "how long does it take {things} until [the|their] first {event} on average {by}",
    "how many days does it take {things} to {base} for the first time, on average {by}",
    "[average|mean] [number of|] days between {doing} and [the|] first {event} {by}",
    "[average|mean] time [in days|] from {doing} to [the|] first {event} {by}",
    "after how many days on average do {things} {base} for the first time {by}",
    "[show|calculate|find|give me] the average number of days from {doing} to the first {event} {by}",
    "[what is|what's] the average time [in days|] between {doing} and the first {event} {by}",
    "how [quickly|soon] after {doing} do {things} {base} for the first time, in days on average {by}",
    "[average|mean] days to first {event} {by}", "time to first {event} in days, [on average|average] {by}",
    "how long [is|was] it on average from {doing} to the first {event} [of|for] {things}, in days {by}",
    "[average|mean] days until {things} {base} for the first time {by}",
    "[could you|can you|please] work out how many days pass on average before {things} {base} for the first time {by}",
)  # fmt: skip
_STAT = (
    "{stat} [number of|] days between {doing} and [the|] first {event} {by}",
    "{stat} time in days from {doing} to first {event} {by}",
    "what is the {stat} number of days from {doing} to the first {event} {by}",
    "[show|find] the {stat} number of days until the first {event} [of|for] {things} {by}",
)  # fmt: skip
_AGES = (
    "[average|mean] age at [the|] first {event} {by}", "how old [are|were] {things} on average at their first {event} {by}",
    "[what is|what was|show|calculate] the average age of {things} at [the time of|] their first {event} {by}",
    "at what age do {things} {base} for the first time on average {by}",
    "[average|mean] age of {things} when they first {past} {by}",
    "on average, how old [are|were] {things} when they {past} for the first time {by}",
    "[average|mean] age at which {things} {past} for the first time {by}", "{things}: average age at first {event} {by}",
)  # fmt: skip
_STATS = {
    "MEDIAN": (
        "median", "typical (median)",
    ),
    "MAX": (
        "longest", "maximum",
    ),
    "MIN": (
        "shortest", "minimum",
    ),
}  # fmt: skip
# by the date's first word: what people do or what befalls them then
DOING: dict[str, tuple[str, ...]] = {
    "signup": ("signing up", "signup", "sign-up", "registration", "registering"), "sign": ("signing up", "sign-up"),
    "registration": ("registering", "registration", "signing up"), "registered": ("registering", "registration"),
    "join": ("joining",), "joining": ("joining",), "joined": ("joining",), "member": ("joining", "becoming a member"),
    "subscribed": ("subscribing",), "enrollment": ("enrolling", "enrollment"), "hire": ("being hired", "hiring", "hire"),
    "hired": ("being hired", "hiring"), "opening": ("opening", "the opening"), "opened": ("opening", "the opening"),
    "launch": ("launch", "the launch", "being launched"), "launched": ("launch", "being launched"),
    "release": ("release", "the release"), "publication": ("publication", "being published"), "creation": ("creation",),
    "created": ("creation",), "installed": ("installation", "being installed"), "commissioned": ("being commissioned",),
    "founding": ("the founding",), "founded": ("the founding",), "built": ("being built",), "adoption": ("adoption",),
    "admission": ("admission",), "appointed": ("being appointed",),
}  # fmt: skip
_DEEDS: dict[str, tuple[tuple[str, str], ...]] = {
    "order": (("order", "ordered"), ("buy", "bought")), "purchase": (("buy", "bought"),), "sale": (("buy", "bought"),),
    "loan": (("borrow", "borrowed"),), "rental": (("rent", "rented"),), "booking": (("book", "booked"),),
    "donation": (("donate", "donated"),), "payment": (("pay", "paid"),),
}  # fmt: skip


@dataclass(frozen=True)
class Start:
    """Something with a date of its own, and the events that refer to it."""

    entity: Entity
    date: ColumnRole
    event: Entity
    born: bool = False


def until_first(ask: Ask) -> Draft | None:
    """AVG (or MEDIAN, MAX, MIN) over WITH of the days from a row's own date to MIN(event date); ages where it is the birth."""
    starts = starts_of(ask)
    if not starts:
        return None
    start = ask.rng.choice(starts)
    slots, things = words_of(ask, start)
    dimension, within = ask.dimension(start.entity.table, flags=False) if ask.chance(0.3) else None, through(ask, start)
    if dimension and (start.date.index in dimension.columns or len(dimension.show) > 1 or dimension.table not in within):
        return None
    avoid = (start.date.index, *start.entity.labels)
    conditions = ask.filters(start.entity.table, 1, avoid=avoid, tables=within) if ask.chance(0.3) else []
    conditions = [c for c in conditions if not dimension or c.column not in dimension.columns]
    block = ask.select(start.event.table, conditions, tables=(start.entity.table, *((dimension.table,) if dimension else ())))
    own, first = ask.world.ref(start.date.index), first_of(ask, start)
    span = f"DATE_SUB('year', {own}, {first})" if start.born else f"DATE_DIFF('day', {own}, {first})"
    assert start.entity.key is not None
    block.items = [*(f"{dimension.show[0]} AS label" for _ in (1,) if dimension), f"{span} AS span"]
    block.group = [ask.world.ref(start.entity.key), *(dimension.group if dimension else ()), own]
    stat = ask.rng.choices(("AVG", "MEDIAN", "MAX", "MIN"), (9, 1.2, 0.7, 0.7))[0] if not start.born else "AVG"
    tail = f"SELECT label, {stat}(span) FROM spans GROUP BY label" if dimension else f"SELECT {stat}(span) FROM spans"
    by = f"{ask.rng.choice(('by', 'per', 'for each'))} {dimension.noun}" if dimension else ""
    slots |= dict(things=ask.things(start.entity.table, conditions, noun=things), by=by)
    words = _STATS.get(stat, ())
    frames: tuple[str, ...] = _AGES if start.born else _MEAN if stat == "AVG" else _STAT
    alone = len({s.date.index for s in starts if s.event is start.event and not s.born}) == 1 or start.born
    frames = frames if alone else tuple(f for f in frames if "{doing}" in f or "{things}" in f)
    needed = tuple(f for f in frames if "{things}" in f) if conditions else frames
    return Draft(ask.compose(needed, stat=words, **slots), f"WITH spans AS ({block.sql()}) {tail}")


def starts_of(ask: Ask) -> list[Start]:
    """People and things with one date on which they came, or a birth date, and events that point at them."""
    world, found = ask.world, list[Start]()
    for event in world.entities:
        if not event.event or event.link or event.main_date is None or {*event.noun.split()} & PLANS:
            continue
        for table, path in world.reach_of(event.table).path.items():
            entity = world.entities[table]
            if len(path) != 1 or entity.event or entity.key is None or path[-1].target != entity.key:
                continue
            came = [c for c in entity.with_role("date") if c.noun.split()[0] in DOING]
            found += [Start(entity, came[0], event)] * 3 if len(came) == 1 else []
            if entity.person and not {*entity.noun.split()} & NOT_BUYERS:
                found += [Start(entity, c, event, True) for c in entity.with_role("date") if "birth" in c.noun.split()]
    return found


def through(ask: Ask, start: Start) -> list[int]:
    """The tables that the entity leads to and that its events reach by way of it."""
    paths = ask.world.reach_of(start.event.table).path
    way = tuple(paths[start.entity.table])
    return [t for t in ask.world.reach_of(start.entity.table).path if tuple(paths.get(t, ()))[: len(way)] == way]


def first_of(ask: Ask, start: Start) -> str:
    assert start.event.main_date is not None
    return f"MIN({ask.world.ref(start.event.main_date)})"


def words_of(ask: Ask, start: Start) -> tuple[dict[str, Slot], str]:
    """What is done on either date, and what the rows are called in the plural."""
    event, noun = ask.noun(start.event), ask.noun(start.entity)
    buys = start.entity.person and not {*start.entity.noun.split()} & NOT_BUYERS
    deeds = _DEEDS.get(start.event.noun.rpartition(" ")[2], ()) if buys else ()
    get, got = ("receive", "received") if start.entity.place and "order" in event.split() else ("have", "had")
    get, got = ("handle", "handled") if "order" in event.split() and {*start.entity.noun.split()} & STAFF else (get, got)
    base, past = ask.rng.choice(deeds) if deeds and ask.chance(0.7) else (
        f"{get} {lexicon.article(event)}", f"{got} {lexicon.article(event)}")  # fmt: skip
    slots: dict[str, Slot] = dict(
        event=event, base=base, past=past, doing=DOING.get(start.date.noun.split()[0], ("birth",)),
    )  # fmt: skip
    return slots, lexicon.plural(noun)
