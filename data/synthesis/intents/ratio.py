"""One thing per another: averages per parent, and the share of rows that a later event befell ("return rate")."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.records import ForeignKey

_PER = (
    "what {is_} the average number of {things} per {parent} {when}",
    "how many {things} [does|did] {a_parent} have on average {when}",
    "[show|give me|find|calculate|compute] the average number of {things} per {parent} {when}",
    "on average, how many {things} [are there|were there] per {parent} {when}",
    "average [number of|] {things} per {parent} {when}",
    "average {thing} count per {parent} {when}",
)
_SUM_PER = (
    "what {is_} the average {column} per {parent} {when}",
    "[show|give me|find|calculate|compute] the [average|mean] {column} per {parent} {when}",
    "how much {column} [is there|was there|is there] per {parent} on average {when}",
    "average total {column} per {parent} {when}",
)
_RATE = (
    "what {is_} the {event} rate [of|for] {things} {when}",
    "[show|give me|calculate|compute|find] the {event} rate [of|for] {things} {when}",
    "{event} rate {of} {when}",
    "what [share|fraction|proportion] of {things} [has|have|had] [a|an] {event} {when}",
)
_RATE_BY = (
    "[show|what {is_}|give me|calculate] the {event} rate [by|per|for each] {dim} {when}",
    "{event} rate [by|per] {dim} {when}",
    "which {event} rate does each {dim} have {when}",
    "for each {dim}, show the {event} rate {when}",
)
_RATE_TOP = (
    "which {dim} [has|had] the {best} {event} rate {when}",
    "[show|find|name] the {dim} with the {best} {event} rate {when}",
    "{dim} with the {best} {event} rate {when}",
)
_RATE_EVENTS = {"return", "refund", "cancellation", "complaint", "claim", "adoption"}


def per_parent(ask: Ask) -> Draft | None:
    """COUNT(*) or SUM(x) over COUNT(DISTINCT key of a table that the rows refer to)."""
    fact = ask.fact()
    parents = [
        e
        for t, path in ask.world.reach_of(fact.table).path.items()
        if len(path) == 1
        for e in [ask.world.entities[t]]
        if e.key is not None
    ]
    if not parents or not (fact.event or fact.link or fact.person):
        return None
    parent = ask.rng.choice(parents)
    timed = ask.time(fact.table, 0.35)
    block = ask.select(fact.table, (), timed, tables=(parent.table,))
    assert parent.key is not None
    distinct = f"COUNT(DISTINCT {ask.world.ref(parent.key)})"
    noun, thing = ask.noun(parent), ask.noun(fact)
    slots = dict(things=lexicon.plural(thing), thing=thing, parent=noun, a_parent=lexicon.article(noun), is_=("is", "was"))
    columns = [c for c in fact.columns if c.additive]
    dimension = ask.dimension(fact.table) if ask.chance(0.25) else None
    if dimension and dimension.table == parent.table and dimension.entity:
        dimension = None
    by = f" [by|for each] {dimension.noun}" if dimension else ""
    if dimension:
        block.tables.add(dimension.table)
        block.group = list(dimension.group)
    show = dimension.show if dimension else ()
    if columns and ask.chance(0.5):
        column = ask.rng.choice(columns)
        block.items = [*show, f"SUM({ask.world.ref(column.index)}) / {distinct}"]
        name = (
            ask.rng.choice(("sales", "revenue"))
            if column.revenue and ask.chance(0.8)
            else f"total {column_noun(ask.world, column, ask.rng)}".replace("total total", "total")
        )
        frames = [
            f.replace("average total {column}", "average {column}").replace(" {when}", by + " {when}")
            for f in (_SUM_PER[:2] + _SUM_PER[3:])
        ]
        return Draft(
            ask.compose(frames, "average {column} per {parent}" + by + " {when}", timed=timed, column=name, **slots), block.sql()
        )
    block.items = [*show, f"COUNT(*) / {distinct}"]
    frames = [f.replace(" {when}", by + " {when}") for f in _PER]
    return Draft(ask.compose(frames, "{things} per {parent}" + by + " on average {when}", timed=timed, **slots), block.sql())


def _rate_events(ask: Ask) -> list[tuple[str, ForeignKey]]:
    """The nouns of events that befall rows of another one ("return"), with the key that says so."""
    world, found = ask.world, []
    for table, keys in world.children.items():
        entity = world.entities[table]
        for key in keys:
            noun = world.entity_of(key.source).noun.rpartition(" ")[2]
            if noun in _RATE_EVENTS and entity.key == key.target and (entity.event or entity.link):
                found.append((noun, key))
    return found


def event_rate(ask: Ask) -> Draft | None:
    """Rows with a later event over all rows: LEFT JOIN the event, count each once."""
    world, options = ask.world, _rate_events(ask)
    if not options:
        return None
    event, key = ask.rng.choice(options)
    fact = world.entity_of(key.target)
    timed, kind, high = ask.time(fact.table, 0.4), ask.rng.choice(("all", "by", "by", "top")), ask.chance(0.8)
    block = ask.select(fact.table, (), timed)
    block.left = key
    rate = f"COUNT(DISTINCT {world.ref(key.source)}) / COUNT(DISTINCT {world.ref(key.target)})"
    slots: dict[str, Slot] = dict(
        event=event, things=ask.things(fact.table), is_=("is", "was"), best="highest" if high else "lowest"
    )
    if kind == "all":
        block.items = [rate]
        of = ("", f"of {slots['things']}")
        return Draft(ask.compose(_RATE, "{event} rate {when}", timed=timed, of=of, **slots), block.sql())
    dimension = ask.dimension(fact.table, flags=False)
    if dimension is None:
        return None
    block.tables.add(dimension.table)
    block.items, block.group = [*dimension.show, rate], list(dimension.group)
    frames: tuple[str, ...] = _RATE_BY
    keywords = "{event} rate by {dim} {when}"
    if kind == "top":
        block.order, block.limit = [f"{rate} {'DESC' if high else 'ASC'}"], 1
        frames = _RATE_TOP
        keywords = "{dim} {best} {event} rate {when}"
    return Draft(ask.compose(frames, keywords, timed=timed, dim=dimension.noun, **slots), block.sql())
