"""Those with exactly, at most or at least so many events: one-time and repeat customers, those who ordered twice."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.intents.missed import NOT_BUYERS, deed_of
from nl2sql.data.synthesis.intents.related import Pair
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed
from nl2sql.records import ForeignKey

BOUGHT = {"order", "purchase", "sale"}
_COMING = BOUGHT | set(
    "booking reservation visit appointment rental loan stay trip ride donation session lesson consultation ticket registration "
    "enrollment admission checkout transaction invoice payment treatment subscription class course event".split()
)  # what people come back for
_LIST = (
    "[which|what] {things} {did} {when}", "{things} {post} {when}",
    "[show|list|find|give me] [all|the|all the|] {things} {post} {when}", "[name|names of] [all|the|] {things} {post} {when}",
    "which are the {things} {post} {when}", "[are there|do we have] [any|] {things} {post} {when}",
    "[list|show] {things} {that} {did} {when}", "all {things} {post} {when}", "[which|what] of [our|the] {things} {did} {when}",
    "[i need|i want] [a list of|] {things} {post} {when}",
)  # fmt: skip
_COUNT = (
    "how many {things} {did} {when}", "number of {things} {post} {when}",
    "how many {things} {post} [are there|do we have] {when}", "[count|count the|count all] {things} {post} {when}",
    "how many of [our|the] {things} {did} {when}", "{things} {post} {when}: how many",
    "[what is|give me|find|show] the number of {things} {post} {when}", "{when} how many {things} {did}",
    "[can|could] you tell me how many {things} {did} {when}", "how many {things} {that} {did} {when} are there",
)  # fmt: skip
_NAMED_COUNT = (  # {kind} is "one-time customers" or "repeat customers"
    "how many {kind} [do we have|are there|did we have] {when}", "number of {kind} {when}", "count [of|the] {kind} {when}",
    "[what is|show|give me] the number of {kind} {when}", "how many {things} are {kind} {when}", "{kind} {when}: how many",
    "how many {kind} ({meaning}) [do we have|are there] {when}", "number of {kind}, [meaning|i.e.] {meaning} {when}",
)  # fmt: skip
_NAMED_LIST = (
    "[who|which] are [our|the] {kind} {when}", "[show|list|name] [all|the|our] {kind} {when}", "{kind} {when}, by name",
    "list of {kind} {when}", "[show|list] [our|the] {kind} ({meaning}) {when}",
    "[i need|i want] [the|all] {kind} {when}, with names",
)  # fmt: skip


@dataclass(frozen=True)
class Often:
    """A test on how many events there are: operator, number, what is said of them as "{n} {events}" and as "{n} times"."""

    operator: str
    n: int
    events: str
    times: str


def _often(ask: Ask, event: str) -> Often:
    n = ask.rng.choice((1, 1, 1, 1, 2, 2, 2, 3, 4, 5))
    operator = ask.rng.choice(("=", "=", "=", "<=", ">=")) if n > 1 else "="
    word = number_text(ask.rng, n) if n > 1 else ask.rng.choice(("one", "one", "a single", "1"))
    things = event if n == 1 else lexicon.plural(event)
    times = {1: "once", 2: "twice"}.get(n, f"{word} times")
    said = {"=": "[only|exactly|just]", "<=": "[at most|no more than]", ">=": "at least"}[operator]
    said = "[only|just|]" if word == "a single" else said
    return Often(operator, n, say(ask.rng, f"{said} {word} {things}"), say(ask.rng, f"{said.replace('|]', '|only]')} {times}"))


def visitors(ask: Ask) -> Pair | None:
    """People (more often) or things, and the events that refer straight to them by a key that is never missing."""
    world = ask.world
    options: list[tuple[float, ForeignKey]] = []
    for table, keys in world.children.items():
        entity = world.entities[table]
        for key in keys:
            event = world.entity_of(key.source)
            plan = event.link or not event.event or bool(set(event.noun.split()) & vocabulary.PLANS)
            if plan or entity.event or entity.key != key.target or not entity.labels or world.schema.columns[key.source].nullable:
                continue
            weight = 6.0 if entity.person and not set(entity.noun.split()) & NOT_BUYERS else 1.0 if entity.person else 0.6
            options.append((weight, key))
    if not options:
        return None
    key = ask.rng.choices([k for _, k in options], [w for w, _ in options])[0]
    event = world.entity_of(key.source)
    return Pair(world.entity_of(key.target), event, key.source, (event.table,), event)


def kind_of(ask: Ask, chosen: Pair, things: str, once: bool) -> str:
    """What those with one event alone, or with several, are called."""
    if once:
        return say(ask.rng, "[one-time|single-{event}|one-off|once-only] {x}", x=things, event=ask.noun(chosen.spoken))
    return say(ask.rng, "[repeat|returning|repeat|recurring] {x}", x=things)


def comes(chosen: Pair) -> bool:
    """Whether the rows are people who come by themselves: customers, patients, guests."""
    heads = {noun.rpartition(" ")[2] for noun in chosen.event.nouns}
    return chosen.entity.person and not set(chosen.entity.noun.split()) & NOT_BUYERS and bool(heads & _COMING)


def own_of(ask: Ask, chosen: Pair) -> list[Filter]:
    """Now and then a condition on the rows themselves."""
    entity = chosen.entity
    return ask.filters(entity.table, 1, avoid=entity.labels, tables=(entity.table,)) if ask.chance(0.25) else []


def _grouped(ask: Ask, chosen: Pair, own: list[Filter], timed: Timed | None, test: str) -> Select:
    """The events in groups of those whose they are, by key and name."""
    world, entity = ask.world, chosen.entity
    block = ask.select(chosen.event.table, own, timed, tables=(entity.table,))
    labels = [world.ref(c) for c in entity.labels]
    block.items, block.group, block.having = labels, [world.ref(entity.key or 0), *labels], [test]
    return block


def repeaters(ask: Ask) -> Draft | None:
    """GROUP BY key HAVING COUNT(*) = 1 (or so many, or several): listed or counted."""
    chosen = visitors(ask)
    if chosen is None:
        return None
    counted, timed, own, noun = ask.chance(0.6), ask.time(chosen.event.table, 0.4), own_of(ask, chosen), ask.noun(chosen.spoken)
    often, deed, person = _often(ask, noun), deed_of(ask, chosen), chosen.entity.person
    things, that = ask.things(chosen.entity.table, own), "who" if person else "that"
    slots: dict[str, Slot] = dict(things=things, that=that)
    if comes(chosen) and ask.chance(0.45):
        once, many = ask.chance(0.5), ask.rng.choice(("at least two", "two or more"))
        often = Often(">=", 2, f"{many} {lexicon.plural(noun)}", "at least twice")
        often = Often("=", 1, f"exactly one {noun}", "only once") if once else often
        kind = kind_of(ask, chosen, "\0", once).replace("\0", things) if not own else ""
        slots.update(kind=kind, meaning=(often.events, often.events, f"{deed[1]} {often.times}" if deed else often.events))
    frames = (_NAMED_COUNT if counted else _NAMED_LIST) if slots.get("kind") else _COUNT if counted else _LIST
    verbs = (f"[have|had] {often.events}", *((f"{deed[1]} {often.times}", f"[have|] {deed[2]} {often.times}") if deed else ()))
    posts: tuple[str, ...] = (f"with {often.events}", f"{that} [have|had] {often.events}")
    posts += (f"{that} {deed[1]} {often.times}",) * 2 if deed else ()
    slots.update(did=say(ask.rng, verbs), post=say(ask.rng, posts))
    block = _grouped(ask, chosen, own, timed, f"COUNT(*) {often.operator} {often.n}")
    if not counted:
        return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
    block.items = block.group[:1]
    question = ask.compose(tuple(f for f in frames if timed or not f.startswith("{when}")), timed=timed, **slots)
    return Draft(question, f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found")
