"""One thing per another: averages per parent, and the share of rows that a later event befell ("return rate")."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon, nouns
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed, number
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
    "what {is_} the {event} rate {unit} [of|for] {things} {when}",
    "[show|give me|calculate|compute|find] the {event} rate {unit} [of|for] {things} {when}",
    "{event} rate {of} {unit} {when}",
    "what [share|fraction|proportion] of {things} [has|have|had] [a|an] {event} {when}",
)
_RATE_BY = (
    "[show|what {is_}|give me|calculate] the {event} rate {unit} [by|per|for each] {dim} {scope} {when}",
    "{event} rate {unit} [by|per] {dim} {scope} {when}",
    "which {event} rate {unit} does each {dim} have {scope} {when}",
    "for each {dim}, show the {event} rate {unit} {scope} {when}",
)
_RATE_TOP = (
    "which {dim} [has|had] the {best} {event} rate {scope} {when}",
    "[show|find|name] the {dim} with the {best} {event} rate {scope} {when}",
    "{dim} with the {best} {event} rate {scope} {when}",
)
_RATE_TOP_MANY = (
    "[show|list|which are] the {n} {dims} with the {best} {event} rate {scope} {when}",
    "{n} {dims} with the {best} {event} rate {scope} {when}",
)  # fmt: skip
_RATE_TWO = (
    "compare the {event} rate of {a} and {b}", "{event} rate: {a} vs {b}",
    "[show|what is] the {event} rate [of|for] {a} and [of|for] {b}",
    "is the {event} rate higher for {a} or for {b}, show both", "{event} rate of {a} and {b} {column}",
    "how does the {event} rate of {a} compare [to|with] that of {b}",
)  # fmt: skip
RATE_EVENTS = {"return", "refund", "cancellation", "complaint", "claim", "adoption"}


def per_parent(ask: Ask) -> Draft | None:
    """COUNT(*) or SUM(x) over COUNT(DISTINCT key of a table that the rows refer to)."""
    fact = ask.fact()
    near = [ask.world.entities[t] for t, path in ask.world.reach_of(fact.table).path.items() if len(path) == 1]
    parents = [e for e in near if e.key is not None]
    if not parents or not (fact.event or fact.link or fact.person):
        return None
    parent = ask.rng.choice(parents)
    timed = ask.time(fact.table, 0.35)
    conditions = ask.filters(parent.table, 1) if ask.chance(0.5) else []
    block = ask.select(fact.table, conditions, timed, tables=(parent.table,))
    assert parent.key is not None
    distinct = f"COUNT(DISTINCT {ask.world.ref(parent.key)})"
    noun, thing = ask.things(parent.table, conditions, noun=ask.noun(parent)), ask.noun(fact)
    slots = dict(things=lexicon.plural(thing), thing=thing, parent=noun, a_parent=lexicon.article(noun), is_=("is", "was"))
    columns = [c for c in fact.columns if c.additive]
    dimension = ask.dimension(fact.table) if ask.chance(0.25) else None
    if dimension and ({c.column for c in conditions} & set(dimension.columns) or parent.key in dimension.columns):
        dimension = None
    by = f" [by|for each] {dimension.noun}" if dimension else ""
    if dimension:
        block.tables.add(dimension.table)
        block.group = list(dimension.group)
    show = dimension.show if dimension else ()
    if columns and ask.chance(0.5):
        column = ask.rng.choice(columns)
        block.items = [*show, f"SUM({ask.world.ref(column.index)}) / {distinct}"]
        name = _summed(ask, column)
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


def _summed(ask: Ask, column: ColumnRole) -> str:
    """What the sum of a column is called before "per"."""
    if column.revenue and ask.chance(0.8):
        return ask.rng.choice(("sales", "revenue"))
    return f"total {column_noun(ask.world, column, ask.rng)}".replace("total total", "total")


def rate_events(ask: Ask) -> list[tuple[str, ForeignKey]]:
    """The nouns of events that befall rows of another one ("return"), with the key that says so."""
    world, found = ask.world, []
    for table, keys in world.children.items():
        entity = world.entities[table]
        for key in keys:
            noun = world.entity_of(key.source).noun.rpartition(" ")[2]
            if noun in RATE_EVENTS and entity.key == key.target and (entity.event or entity.link):
                found.append((noun, key))
    return found


def event_rate(ask: Ask) -> Draft | None:
    """Rows with a later event over all rows: LEFT JOIN the event, count each once."""
    world, options = ask.world, rate_events(ask)
    if not options:
        return None
    event, key = ask.rng.choice(options)
    fact = world.entity_of(key.target)
    timed, high = ask.time(fact.table, 0.35), ask.chance(0.8)
    kind = ask.rng.choice(("all", "all", "by", "by", "by", "top", "two"))
    conditions = ask.filters(fact.table, 2 if ask.chance(0.4) else 1)
    if kind == "two":
        return _rate_of_two(ask, event, key, fact)
    block = ask.select(fact.table, conditions, timed)
    block.left = key
    percent = ask.chance(0.35)
    rate = f"COUNT(DISTINCT {world.ref(key.source)}) / COUNT(DISTINCT {world.ref(key.target)})"
    rate = f"100.0 * {rate}" if percent else rate
    scope = nouns.scope(ask, fact.table, conditions)
    slots: dict[str, Slot] = dict(
        event=event, things=ask.things(fact.table, conditions), is_=("is", "was"), best="highest" if high else "lowest",
        scope=scope, unit=in_percent(ask) if percent else "",
    )  # fmt: skip
    if kind == "all":
        block.items = [rate]
        of = ("", f"of {slots['things']}") if not conditions else (scope, f"of {slots['things']}")
        frames: tuple[str, ...] = _RATE[:3] if percent else _RATE
        question = ask.compose(frames, "{event} rate {unit} {scope} {when}", timed=timed, of=of, **slots)
        return Draft(question, block.sql())
    avoid = {c.column for c in conditions}
    return _rate_by(ask, fact, block, rate, timed, slots, avoid, high if kind == "top" else None)


def _rate_by(
    ask: Ask,
    fact: Entity,
    block: Select,
    rate: str,
    timed: Timed | None,
    slots: dict[str, Slot],
    avoid: set[int],
    high: bool | None,
) -> Draft | None:
    """The rate of every group, or of those where it is highest (``high``) or lowest."""
    dimension = ask.dimension(fact.table, flags=False)
    if dimension is None or set(dimension.columns) & avoid:
        return None
    block.tables.add(dimension.table)
    block.items, block.group = [*dimension.show, rate], list(dimension.group)
    frames: tuple[str, ...] = _RATE_BY
    keywords = "{event} rate {unit} by {dim} {scope} {when}"
    if high is not None:
        block.order, block.limit = [f"{rate} {'DESC' if high else 'ASC'}"], 1 if ask.chance(0.7) else ask.rng.choice((3, 5))
        frames = _RATE_TOP if block.limit == 1 else _RATE_TOP_MANY
        keywords = "{dim} with {best} {event} rate {scope} {when}"
        keywords = keywords if block.limit == 1 else keywords.replace("{dim}", "{n} {dims}")
    return Draft(ask.compose(frames, keywords, timed=timed, dim=dimension.noun, dims=dimension.plural,
                             n=number(ask.rng, block.limit or 1), **slots), block.sql())  # fmt: skip


def in_percent(ask: Ask) -> str:
    """How it is said that a rate is wanted out of a hundred."""
    return ask.rng.choice(("in percent", "as a percentage", "in %"))


def _rate_of_two(ask: Ask, event: str, key: ForeignKey, fact: Entity) -> Draft | None:
    """The event rates of two values side by side."""
    world = ask.world
    columns = [
        c for t in world.reach_of(fact.table).path for c in world.entities[t].columns
        if c.role == "dimension" and len(world.texts(c.index)) > 1
    ]  # fmt: skip
    if not columns:
        return None
    column = ask.rng.choice(columns)
    values = ask.rng.sample(world.texts(column.index), 2)
    ask.protect(*values)
    ref = world.ref(column.index)
    block = ask.select(fact.table, tables=(column.table,))
    block.left = key
    block.items = [ref, f"COUNT(DISTINCT {world.ref(key.source)}) / COUNT(DISTINCT {world.ref(key.target)})"]
    block.group = [ref]
    block.where = [f"{ref} IN ({', '.join(literal(value) for value in values)})"]
    return Draft(ask.compose(_RATE_TWO, event=event, a=values[0], b=values[1], column=column.noun), block.sql())
