"""Questions of the ordinary kinds in which one part is something that the schema lacks: a measure, a condition, a thing.

All the rest names what the schema holds, so that only the unknown part tells that there is no answer.
"""

from __future__ import annotations

import random
import re
from typing import Literal

from nl2sql.data.synthesis import beside_deeds as deeds
from nl2sql.data.synthesis import beside_frames as frames
from nl2sql.data.synthesis import beside_words as words
from nl2sql.data.synthesis import lexicon, nouns, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.lacking import FIRMS, lacking, tells_time
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.world import World

Part = Literal["measure", "property", "condition", "thing"]
Made = tuple[str, str]  # the question and its unknown part

_STAFF = set("employee worker colleague staff salesperson waiter cashier nurse teacher developer keeper journalist clerk".split())
_AREAS = set("region country city state area continent territory district destination county town province zone market".split())
_GOODS = set(
    "product item article book dish device good merchandise medication part toy garment tool commodity".split()
)

def beside(world: World, rng: random.Random) -> Draft | None:
    """One question with one part that the schema lacks."""
    made = parted(world, rng)
    return Draft(made[1], None) if made else None


def parted(world: World, rng: random.Random) -> tuple[Part, str, str] | None:
    """Which part the schema lacks, the question, and that part's words."""
    kinds: tuple[Part, ...] = ("measure", "property", "condition", "thing")
    kind = rng.choices(kinds, (3, 3, 3, 3.5))[0]
    made = {"measure": _measure, "property": _property, "condition": _condition, "thing": _thing}[kind](Ask(world, rng))
    return (kind, *made) if made else None


def _pick(ask: Ask, options: tuple[words.Option, ...], entity: Entity | None = None) -> str | None:
    """One of the phrases that the schema lacks, if a few tries find any."""
    for option in ask.rng.sample(options, min(len(options), 14)):
        if lacking(ask.world, option, entity):
            phrase = option[1].replace("~", "")
            ask.protect(phrase)
            return phrase
    return None


def _kind(entity: Entity) -> str:
    """Which lists suit the rows of a table."""
    said = set(" ".join(entity.nouns).split())
    columns = {word for c in entity.columns for word in c.noun.split()}
    whole = {c.noun for c in entity.columns}
    human = entity.person or bool(said & _STAFF or whole & {"full name", "salary", "nationality", "birth date", "hire date"})
    if human and not set(entity.noun.split()) & FIRMS:
        return "staff" if said & _STAFF or columns & {"salary", "hire", "hired", "wage", "job"} else "person"
    if entity.place and said & _AREAS:
        return "area"
    return "place" if entity.place else "event" if entity.event else "goods" if said & _GOODS else "thing"


def _subject(ask: Ask, suited: dict[str, tuple[words.Option, ...]]) -> Entity | None:
    """A table of rows that the lists suit; one that only sorts others hardly ever."""
    fit = [e for e in ask.world.entities if _kind(e) in suited and not e.link
           and not set(e.noun.split()) & (vocabulary.KINDS | vocabulary.PLANS)]  # fmt: skip
    return ask.rng.choice(fit) if fit else None


def _listed(lists: dict[str, tuple[words.Option, ...]], kind: str) -> tuple[words.Option, ...]:
    """The lists of a kind; staff are persons too."""
    return lists["staff"] * 2 + lists["person"] if kind == "staff" and "person" in lists and "staff" in lists else lists[kind]


def _compose(ask: Ask, root: Entity, options: tuple[str, ...], **more: Slot) -> str | None:
    """A question of one of the frames that the schema can fill, about rows of the root."""
    world, rng = ask.world, ask.rng
    rows = [e for e in (root, *world.entities) if e.labels and not e.event and all(world.texts(c) for c in e.labels)]
    near = [e for e in rows if e.table in world.reach_of(root.table).path]
    near = [e for e in near if not e.person] or near
    named = root if root in rows else rng.choice(near or rows) if rows else None
    dimension = ask.dimension(root.table, flags=False)
    columns = [c.noun for c in root.with_role("measure")]
    conditions = ask.filters(root.table, 1) if ask.chance(0.4) else []
    slots: dict[str, Slot] = dict(n=rng.choice(("3", "5", "10", "20")), thing=ask.noun(root), exist="are there", scope="")
    slots["things"] = ask.things(root.table, ask.filters(root.table, 1) if ask.chance(0.35) else [])
    slots["scope"] = nouns.scope(ask, root.table, conditions)
    slots["that"] = "who" if root.person else "that"
    slots["exist"] = ("do we have", "are there") if not root.event else ("did we have", "were there")
    if named:
        slots["row"] = " ".join(rng.choice(world.texts(c)) for c in named.labels)
    if dimension:
        slots |= {"dim": dimension.noun, "dims": dimension.plural}
    if columns:
        slots["column"] = columns
    for slot, said in more.items():
        slots[slot] = said
    fit = [f for f in options if set(re.findall(r"\{(\w+)\}", f)) <= {*slots, "when", "is", "was", "does"}]
    timed = ask.time(root.table, 0.75)
    if not fit:
        return None
    ask.protect(*(said for said in slots.values() if isinstance(said, str)))
    return ask.compose(rng.choice(fit), timed=timed, **slots)


def _base(verb: str) -> str:
    """ "carries" -> "carry"."""
    return f"{verb[:-3]}y" if verb.endswith("ies") else verb[:-2] if verb.endswith("sses") else verb[:-1]


def _measure(ask: Ask) -> Made | None:
    """An unknown measure of a business, of what happens, of people, places or goods."""
    sort = ask.rng.choices(("collected", "paid", "rates", "rows"), (2, 2, 2, 3))[0]
    if sort == "rows":
        of_rows = {k: v for k, v in words.MEASURES.items() if k in ("event", "person", "staff", "place", "goods")}
        entity = _subject(ask, of_rows)
        name = _pick(ask, _listed(of_rows, _kind(entity)), entity) if entity else None
        asked = _compose(ask, entity, frames.OF_ROWS, name=name) if entity and name else None
        return (asked, name) if asked and name else None
    fact = ask.fact()
    name = _pick(ask, words.MEASURES[sort])
    if name is None:
        return None
    said = {"collected": frames.COLLECTED * 2 + frames.FLOW, "paid": frames.PAID * 2 + frames.FLOW, "rates": frames.RATE}[sort]
    asked = _compose(ask, fact, said, name=name, in_name=f"in {name}" if lexicon.is_plural(name) else name)
    return (asked, name) if asked else None


def _property(ask: Ask) -> Made | None:
    """A known measure, split by what the schema doesn't tell."""
    fact, sort = ask.fact(), ask.rng.choices(("split", "pair", "agent", "clock"), (4, 3, 1.5, 1.5))[0]
    if sort in ("agent", "clock"):
        events = [e for e in ask.world.entities if e.event and not e.link and e.main_date is not None]
        events = [e for e in events if not set(e.noun.split()) & vocabulary.PLANS]
        if not events or sort == "clock" and tells_time(ask.world):
            return None
        fact = ask.rng.choice(events)
    measure = ask.business(fact.table) or ask.measure(fact.table, additive=True)
    if measure is None:
        return None
    figure = ask.figure(measure, ask.filters(fact.table, 1) if ask.chance(0.4) else [], measure.names[:2])
    known = {slot: said if isinstance(said, str) else ask.rng.choice(said) for slot, said in figure.items() if slot != "least"}
    if sort == "clock":
        asked = _compose(ask, fact, frames.CLOCK, **known)
        return (asked, "hour") if asked else None
    if sort == "agent":
        who, _, verb = (_pick(ask, words.AGENTS, fact) or "").partition("=")
        more: dict[str, Slot] = {"base": _base(verb)} if verb and " " not in verb else {}
        more |= {"agent": f"{who} {verb}", "who": who, "whos": lexicon.plural(who)}
        asked = _compose(ask, fact, frames.AGENT, **more) if who else None
        return (asked, who) if asked else None
    lists = words.PROPERTIES if sort == "split" else words.PAIRS
    reached = [ask.world.entities[t] for t in ask.world.reach_of(fact.table).path]
    fit = [e for e in reached if _kind(e) in lists and not e.link and not set(e.noun.split()) & vocabulary.PLANS]
    entity = ask.rng.choice(fit) if fit else None
    chosen = _pick(ask, _listed(lists, _kind(entity)), entity) if entity else None
    if entity is None or chosen is None:
        return None
    things = lexicon.plural(ask.noun(entity))
    if sort == "split":
        asked = _compose(ask, fact, frames.SPLIT, prop=chosen, **known | {"thing": ask.noun(entity), "things": things})
        return (asked, chosen) if asked else None
    first, _, second = chosen.partition(" and ")
    versus = (f"{first} vs {second}", f"{first} versus {second}", f"{first} or {second}")
    pair: dict[str, Slot] = dict(pair=chosen, first=first, second=second, versus=versus, things=things)
    if measure.subject == entity.table:
        known = {}
    asked = _compose(ask, fact, frames.PAIR, **known | pair)
    return (asked, f"{first} {second}") if asked else None


def _condition(ask: Ask) -> Made | None:
    """Known rows, narrowed by what the schema doesn't tell about them."""
    entity = _subject(ask, deeds.CONDITIONS)
    chosen = _pick(ask, _listed(deeds.CONDITIONS, _kind(entity)), entity) if entity else None
    if entity is None or chosen is None:
        return None
    facts = [e for e in ask.world.entities if entity.table in ask.world.reach_of(e.table).path and (e.event or e.link)]
    fact = ask.rng.choice(facts) if facts else entity
    measure = ask.business(fact.table) or ask.measure(fact.table, additive=True)
    if measure is None:
        return None
    said = ask.things(entity.table, ask.filters(entity.table, 1) if ask.chance(0.3) else [])
    x = f"{said} {chosen[1:]}" if chosen.startswith("@") else f"{chosen} {said}"
    things = lexicon.plural(ask.noun(entity))
    known: dict[str, Slot] = dict(name=ask.rng.choice(measure.names[:2]), most=ask.rng.choice(measure.most[:2]))
    known = {} if measure.subject == entity.table else known
    asked = _compose(ask, entity, frames.NARROWED, x=x, things=things, **known)
    return (asked, chosen.removeprefix("@")) if asked else None


def _thing(ask: Ask) -> Made | None:
    """Things or happenings that no table tells, or what happened to known ones."""
    if ask.chance(0.45):
        entity = _subject(ask, deeds.DEEDS)
        deed = _pick(ask, _listed(deeds.DEEDS, _kind(entity)), entity) if entity else None
        if entity is None or deed is None:
            return None
        units = _kind(entity) == "goods" and "stock" in deed and ask.chance(0.5)
        asked = _compose(ask, entity, frames.UNITS_LEFT if units else frames.DEED, deed=deed)
        return (asked, deed) if asked else None
    kinds = {_kind(e) for e in ask.world.entities} & set(deeds.THINGS)
    group = ask.rng.choice([*sorted(kinds), "any", "any"])
    fact = ask.fact()
    what = _pick(ask, deeds.THINGS[group])
    state = _pick(ask, deeds.STATES)
    if what is None:
        return None
    asked = _compose(ask, fact, frames.UNKNOWN, what=what, **({"state": state} if state else {}), are="are")
    return (asked, what) if asked else None
