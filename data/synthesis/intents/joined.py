"""Rows that came in a period of their own date: how many by group, and what they brought."""

from __future__ import annotations

import datetime as dt

from nl2sql.data.synthesis import nouns, times
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.dates import past_of, verb_of
from nl2sql.data.synthesis.intents.best_time import within
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import Timed, When, number
from nl2sql.data.synthesis.vocabulary import PLANS, SAID_OF_DATES

_GAIN = (("gain", "gained"), ("win", "won"), ("acquire", "acquired"), ("get", "got"))
# by the date's first word: what we do then (base and past), and what it is called
_CAME: dict[str, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
    "signup": (_GAIN, ("sign-ups", "signups", "registrations", "newly registered {things}")),
    "registration": (_GAIN, ("registrations", "newly registered {things}")), "member": (_GAIN[:1], ()),
    "joining": (_GAIN[:1], ()), "join": (_GAIN[:1], ()), "subscribed": (_GAIN, ("new subscriptions",)),
    "enrollment": ((*_GAIN[:1], ("enroll", "enrolled")), ("enrollments", "newly enrolled {things}")),
    "hire": ((("hire", "hired"), ("recruit", "recruited"), ("take on", "took on")), ("hires", "new hires",
    "newly hired {things}")),
    "opening": ((("open", "opened"), ("open", "opened"), ("add", "added")), ("openings", "{thing} openings")),
    "launch": ((("launch", "launched"), ("introduce", "introduced")), ("launches", "{thing} launches")),
    "release": ((("release", "released"), ("bring out", "brought out")), ("releases", "{thing} releases")),
    "publication": ((("publish", "published"),), ("publications",)), "creation": ((("create", "created"), ("add", "added")), ()),
    "installed": ((("install", "installed"), ("add", "added")), ("installations",)),
    "commissioned": ((("commission", "commissioned"),), ()), "founding": ((("found", "founded"),), ("foundations",)),
}  # fmt: skip
_BY = (
    "how many {new} did we {base} [in|per|by|for] each {dim} {when}", "{deeds} [by|per] {dim} {when}", "{deeds} {when} by {dim}",
    "[number|count] of {deeds} [by|per|for each] {dim} {when}", "how many {things} {past} {when}, [by|per] {dim}",
    "[show|list|give me] [the number of|the|] {deeds} [by|per|for each|in each] {dim} {when}",
    "for each {dim}, how many {things} {past} {when}", "[break down|split] the {deeds} {when} by {dim}",
    "[show|list] [all|the|] {dims} with [their|the] number of {deeds} {when}", "{dims} and their {deeds} {when}",
    "how do the {deeds} {when} [split|spread] [by|over] {dim}", "how many {deeds} did each {dim} have {when}",
    "how many of the {things} who {past} {when} are there [per|by] {dim}", "{deeds} {when}: how many [per|by] {dim}",
    "number of {new} we {did} {when}, by {dim}", "{things} who {past} {when} by {dim}",
    "what [was|is] the number of {deeds} [per|for each] {dim} {when}",
)  # fmt: skip
_WHERE = ("which {dim} [{did}|brought us|brought in] the {most} new {things} {when}",)
_TOP = (
    "which {dim} had the {most} {deeds} {when}", "in which {dim} did we {base} the {most} [new|] {things} {when}",
    "{dim} with the {most} {deeds} {when}", "[show|find|name|tell me] the {dim} with the {most} {deeds} {when}",
    "which {dim} saw the {most} {deeds} {when}", "the {most} {deeds} {when}: which {dim}",
    "what {dim} did the {most} {things} who {past} {when} [come from|belong to]",
)  # fmt: skip
_TOPS = (
    "[the|] {n} {dims} with the {most} {deeds} {when}", "which {n} {dims} had the {most} {deeds} {when}",
    "[show|list|find] the {n} {dims} where we {did} the {most} [new|] {things} {when}",
    "top {n} {dims} by [number of|] {deeds} {when}",
)  # fmt: skip


def _start(entity: Entity) -> ColumnRole | None:
    """The date on which a row came to us; none where two of its dates may be meant."""
    dates = [c for c in entity.with_role("date") if c.noun.split()[0] in _CAME]
    return dates[0] if len(dates) == 1 and not entity.event else None


def _past(ask: Ask, column: ColumnRole) -> str:
    """What the rows did or what was done with them then: "signed up", "were launched"."""
    word, verb = column.noun.split()[0], verb_of(column)
    others = {"member": "joined", "subscribed": "subscribed", "commissioned": "were commissioned"}
    return ask.rng.choice((*SAID_OF_DATES.get(word, ()), past_of(verb) if verb else others.get(word, "came")))


def joined_by(ask: Ask) -> Draft | None:
    """COUNT(*) of the rows whose own date lies in a period, by group, or the groups with the most."""
    found = [(e, c) for e in ask.world.entities if (c := _start(e)) is not None]
    if not found:
        return None
    entity, column = ask.rng.choice(found)
    dimension = ask.dimension(entity.table, flags=False)
    if dimension is None or column.index in dimension.columns:
        return None
    dates = ask.world.date_range(column.index)
    when = times.any_time(ask.rng, ask.world.as_of, *dates, units=("year", "year", "quarter", "month"))
    ask.protect(when.full)
    timed = Timed(column.index, when)
    avoid = (column.index, *dimension.columns, *entity.labels)
    conditions = ask.filters(entity.table, 1, avoid=avoid) if ask.chance(0.2) else []
    block = ask.select(entity.table, conditions, timed, tables=(dimension.table,))
    block.split(dimension, "COUNT(*)")
    things, (verbs, named) = ask.things(entity.table, conditions), _CAME[column.noun.split()[0]]
    base, did = ask.rng.choice(verbs)
    new = f"new {things}"
    deeds = [new, new]
    deeds += [] if conditions else [w.replace("{things}", things).replace("{thing}", entity.noun) for w in named]
    n = ask.rng.choice((0, 0, 0, 0, 0, 1, 1, 1, 3, 5))
    most = ask.chance(0.85)
    slots: dict[str, Slot] = dict(
        things=things, new=(new, new, things), base=base, did=did, deeds=deeds, past=_past(ask, column), dim=dimension.noun,
        dims=dimension.plural, most="most" if most else "fewest", n=number(ask.rng, n),
    )  # fmt: skip
    who = "who" if entity.person else "that"
    if n:
        block.order, block.limit = [f"COUNT(*) {'DESC' if most else 'ASC'}"], n
        frames: tuple[str, ...] = (*_TOP, *_WHERE, *_WHERE) if n == 1 and verbs[0][0] == "gain" else _TOP if n == 1 else _TOPS
        frames = tuple(f.replace(" who ", f" {who} ") for f in frames if most or not f.startswith("top"))
        return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
    frames = tuple(f.replace(" who ", f" {who} ") for f in _BY)
    return Draft(ask.compose(frames, "{deeds} by {dim} {when}", timed=timed, **slots), block.sql())


_ONCE = (
    "{name} {scope} {from_} {new} {when}", "[what is|what was|show|give me|calculate] the {name} {scope} {from_} {new} {when}",
    "{when}: {name} {scope} {from_} {new}",
    "{new}: {name} {scope} {when}", "how [high|large] {was} the {name} {scope} {from_} {new} {when}",
    "the {name} {scope} {from_} {new} [alone|only] {when}",
    "[just|only] {new}: {name} {scope} {when}", "what {name} {scope} did we have {from_} {new} {when}",
)  # fmt: skip
_ONCE_MASS = (
    "how much {mass} [came|did we get] from {new} {when}", "how much {mass} did {new} [bring in|generate|make] {when}",
    "how much did we earn with {new} {when}",
)  # fmt: skip
_TWICE = (
    "{name} {scope} {when} {from_} {things} who {past} {then}",
    "[what is|what was|show|calculate] the {name} {scope} {when} {from_} {things} who {past} {then}",
    "{things} who {past} {then}: {name} {scope} {when}",
    "{when}, what [was|is] the {name} {scope} {from_} {things} who {past} {then}",
    "for {things} who {past} {then}, [show|what is] the {name} {scope} {when}",
    "how [high|large] {was} the {name} {scope} {when} {from_} {things} who {past} {then}",
)  # fmt: skip
_TWICE_MASS = (
    "how much {mass} did {things} who {past} {then} [bring in|generate|bring us] {when}",
    "how much {mass} {when} [came from|is from|was due to] {things} who {past} {then}",
)  # fmt: skip
_SPENT = (
    "how much did {things} who {past} {then} [spend|spend with us] {when}",
    "{things} who {past} {then}: what did they spend {when}", "what did {things} who {past} {then} spend {when} [in total|]",
)
_SHARE = (
    "what {word} of [the|] {name} {scope} {when} [came|is|was] {from_} {part}",
    "{word} of [the|] {name} {scope} {when} {from_} {part}",
    "[what is|show|calculate|give me] the {word} of {name} {scope} {when} [that came|] {from_} {part}",
    "[how much|what part] of [the|our] {name} {scope} {when} [came|was] {from_} {part}, as a {word}",
    "{part}: {word} of [the|all|] {name} {scope} {when}",
    "how [big|large] [was|is] the {word} of {part} in {name} {scope} {when}",
    "what {word} of {name} {scope} did {part} [make up|account for|contribute] {when}",
    "{part} as a {word} of {name} {scope} {when}",
    "of {name} {scope} {when}, what {word} [was|came] {from_} {part}",
)  # fmt: skip


def from_newcomers(ask: Ask) -> Draft | None:
    """A sum or count of a period's events over the rows that came in that period (or in another), or their part of all."""
    world, fact = ask.world, ask.fact()
    column = world.time_column(fact.table)
    near = [world.entities[t] for t, path in world.reach_of(fact.table).path.items() if 0 < len(path) <= 3]
    options = [(e, c) for e in near if (c := _start(e)) is not None and c.index != column]
    measure = ask.measure(fact.table, additive=True) if options else None
    if column is None or measure is None or {*fact.noun.split()} & PLANS or "/" in measure.sql or "DISTINCT" in measure.sql:
        return None
    entity, own = ask.rng.choice(options)
    ranges = [world.date_range(c) for c in (column, own.index)]
    first, last = max(r[0] for r in ranges), min(r[1] for r in ranges)
    if (last - first).days < 200:
        return None
    kind = ask.rng.choice(("once", "once", "once", "twice", "twice", "apart", "share", "share"))
    when, unit = within(ask, column, ("year", "year", "year", "quarter", "month"), (first, last))
    came, then = when, f"in {ask.rng.choice(('the same', 'that same', 'that'))} {unit}"
    if kind == "apart":
        if unit != "year" or when.start is None or when.start.year <= first.year:
            return None
        year = ask.rng.randrange(first.year, when.start.year)
        came = When(f"in {year}", str(year), dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
        then = came.full
    elif when.bare[-1].isdigit() and ask.chance(0.4):
        then = when.full
    ask.protect(when.full, then)
    timed, conditions = Timed(column, when), ask.filters(fact.table, 1, avoid=tuple(c.index for c in entity.columns))
    conditions = conditions if ask.chance(0.25) else []
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(entity.table,))
    things, who = ask.things(entity.table), "who" if entity.person else "that"
    past, new, from_ = _past(ask, own), f"new {things}", nouns.relation(world, fact.table, entity.table)
    figure = ask.figure(measure, conditions)
    slots: dict[str, Slot] = dict(
        name=figure["name"], scope=figure["scope"], from_=from_ if measure.kind == "count" else "from", new=new, things=things,
        past=past, then=then, mass=measure.mass or ("",),
    )  # fmt: skip
    test = came.sql(world.ref(own.index))
    if kind == "share":
        percent = ask.chance(0.5)
        ratio = f"{measure.sql} FILTER (WHERE {test}) / {measure.sql}"
        block.items = [f"100.0 * {ratio}" if percent else ratio]
        part = new if ask.chance(0.45) else f"{things} {who} {past} {then}"
        return Draft(ask.compose(_SHARE, timed=timed, part=part, word=word_of(percent), **slots), block.sql())
    block.items = [measure.sql]
    block.where.append(test)
    frames: tuple[str, ...] = _ONCE if kind == "once" else _TWICE
    if measure.mass and not conditions:
        frames += (_ONCE_MASS if kind == "once" else _TWICE_MASS) * 2
        buys = entity.person and measure.plain and measure.mass[0] != "profit" and "signup" in own.noun
        frames += _SPENT * (2 if buys and kind != "once" else 0)
    frames = tuple(f.replace(" who ", f" {who} ") for f in frames)
    keywords = "{when} {name} {scope} {from_} {new}" if kind == "once" else ()
    return Draft(ask.compose(frames, keywords, timed=timed, **slots), block.sql())
