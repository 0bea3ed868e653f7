"""What is not counted: "excl. cancelled ones"; the part that came through one value, and of the kinds within a period."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter, literal
from nl2sql.data.synthesis.intents.ratio import rate_events
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

_FIGURE = (
    "{name} {scope} {when}, {without}", "{name} {scope} {without} {when}",
    "what [{is}|{was}] [the|] {name} {scope} {when} {without}",
    "[show|give me] [the|] {name} {scope} {when}, {without}", "{without}, what [{was}|{is}] [the|] {name} {scope} {when}",
    "how [high|much] [{was}|{is}] [the|] {name} {scope} {when}, {without}",
)  # fmt: skip
_BY = (
    "{name} [by|per] {dim} {scope} {when}, {without}", "{name} [by|per|for each] {dim} {without} {scope} {when}",
    "[show|give me|list] [the|] {name} [by|per] {dim} {scope} {when}, {without}", "{without}: {name} per {dim} {scope} {when}",
)  # fmt: skip
_COUNT = (
    "how many {things} {when}, {without}", "[number|count] of {things} {without} {when}",
    "how many {things} were there {when} {without}",
    "[count|show the number of] [all|the|] {things} {when}, {without}", "{things} {when} {without}: how many",
    "{without}, how many {things} [did we have|were there] {when}",
)  # fmt: skip
_WITHOUT = (
    "excl. {v}", "excl. {v} ones", "excluding {v}", "excluding {v} ones", "without {v} ones", "without the {v} ones",
    "not counting {v} ones",
    "not counting {v}", "leaving out {v} ones", "leaving out {v}", "{v} ones not included", "except {v} ones",
    "ignoring {v} ones", "minus {v} ones", "{v} excluded",
)  # fmt: skip
_WITHOUT_NAMED = (
    "excl. {n} {v}", "excluding {n} {v}", "without {n} {v}", "not counting {n} {v}", "leaving out the {n} {v}",
    "all but {n} {v}", "except {n} {v}",
)  # fmt: skip
_SPLIT = (
    "{word} of {things} {when} [by|per] {noun}", "{word} of each {noun} among [the|] {things} {when}",
    "how do {things} {when} split by {noun}, [as a|in] {word}",
    "what {word} of {things} {when} [does|do] each {noun} have", "{noun} split of {things} {when} as a {word}",
    "[show|give me] [the|] {word} of {things} for each {noun} {when}",
    "for each {noun}, its {word} of [the|all|] {things} {when}", "{nouns} as a {word} of [the|all|] {things} {when}",
    "breakdown of {things} by {noun} as a {word} {when}",
)  # fmt: skip
_PART = (
    "{word} of {things} that [came|went] through {v} {when}", "what {word} of {things} {when} [was|were] {v}",
    "[the|our] {word} of {v} among [the|all|] {things} {when}",
    "{v} {word} [of|among|in] {things} {when}", "what {word} of {things} [came in|went] through {v} {when}",
    "{v} as a {word} of [all|the|] {things} {when}",
    "of the {things} {when}, what {word} [was|were] {v}", "[which|what] {word} of {things} {when} [is|are] down to {v}",
)  # fmt: skip
_BACK = (
    "{word} of {things} that came back {when}", "what {word} of {things} [came back|were sent back|was returned] {when}",
    "{word} of {things} returned {when}", "how large a {word} of {things} came back {when}",
    "of the {things} {when}, the {word} that came back",
)  # fmt: skip
_EVER = (
    "[what is|what was] the {edge} {thing} we ever [had|took], in {name}", "{name} of the {edge} {thing} ever {when}",
    "how much did the {edge} {thing} [ever|] come to {when}", "the {edge} {thing} {when} came to how much",
    "what did the {edge} {thing} {when} [come to|amount to|add up to]",
    "how [big|large] was the {edge} {thing} {when}, by {name}", "how much was the {edge} {thing} {when} worth",
    "[total|value] of the {edge} {thing} {when}",
)  # fmt: skip


def _states(ask: Ask, root: int) -> list[ColumnRole]:
    """Columns that say the state or kind of the rows, or of what they are part of."""
    world = ask.world
    return [
        c for t, path in world.reach_of(root).path.items() if len(path) <= 1 and (not path or world.entities[t].event)
        for c in world.entities[t].columns
        if c.role == "dimension" and c.index not in world.entities[t].labels and len(world.texts(c.index)) > 1
    ]  # fmt: skip


def excluded(ask: Ask) -> Draft | None:
    """column <> value, mostly with a period; a figure, a figure by group, or a count."""
    fact = ask.fact()
    columns, measure = _states(ask, fact.table), ask.business(fact.table)
    if not columns or measure is None:
        return None
    column = ask.rng.choices(columns, [4.0 if "status" in c.noun.split() else 1.0 for c in columns])[0]
    value = ask.rng.choice(ask.world.texts(column.index))
    said = value.lower() if ask.chance(0.6) else value
    ask.protect(said)
    own = len(ask.world.value_columns.get(value.lower(), ())) <= 1
    without: tuple[str, ...] = _WITHOUT_NAMED
    if own:
        without = _WITHOUT if "status" in column.noun.split() or ask.chance(0.6) else (*_WITHOUT[:1], *_WITHOUT_NAMED)
    noun = column_noun(ask.world, column, ask.rng, column.table)
    counts = measure.kind == "count" and measure.subject == fact.table
    dimension = ask.dimension(fact.table, flags=False) if ask.chance(0.4) and not counts else None
    avoid = (column.index, *(dimension.columns if dimension else ()))
    if dimension and (column.index in dimension.columns or dimension.table == measure.subject):
        return None
    conditions, timed = ask.filters(fact.table, 1, avoid=avoid) if ask.chance(0.35) else [], ask.time(fact.table, 0.8)
    tables = [column.table, *([dimension.table] if dimension else [])]
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=tables)
    block.where.append(f"{ask.world.ref(column.index)} <> {literal(value)}")
    block.split(dimension, measure.sql)
    words = ask.rng.choice(without).format(v=said, n=noun)
    slots: dict[str, Slot] = dict(without=words, dim=dimension.noun if dimension else "")
    if counts:
        return Draft(ask.compose(_COUNT, timed=timed, things=ask.things(fact.table, conditions), **slots), block.sql())
    name = dict(name=measure.names, scope=ask.scope(measure, conditions))
    return Draft(ask.compose(_BY if dimension else _FIGURE, timed=timed, **slots, **name), block.sql())


def parts_of_rows(ask: Ask) -> Draft | None:
    """The share of one kind among the rows of a period, or of every kind: the denominator holds the period's rows alone."""
    events = [e for e in ask.world.entities if e.event and not e.link and _states(ask, e.table)]
    if not events:
        return None
    event = ask.rng.choice(events)
    world = ask.world
    options = [
        c for t, path in world.reach_of(event.table).path.items() if len(path) <= 1 for c in world.entities[t].columns
        if c.role == "dimension" and c.index not in world.entities[t].labels and len(world.texts(c.index)) > 1
    ]  # fmt: skip
    column, timed = ask.rng.choice(options), ask.time(event.table, 0.85)
    conditions = ask.filters(event.table, 1, avoid=(column.index,)) if ask.chance(0.35) else []
    percent, ref = ask.chance(0.5), ask.world.ref(column.index)
    block = ask.select(event.table, conditions, timed, tables=(column.table,))
    noun = column_noun(ask.world, column, ask.rng, event.table)
    slots: dict[str, Slot] = dict(
        word=word_of(percent), things=ask.things(event.table, conditions), noun=noun, nouns=lexicon.plural(noun)
    )  # fmt: skip
    times = "100.0 * " if percent else ""
    if ask.chance(0.5):
        block.items, block.group = [ref, f"{times}COUNT(*) / SUM(COUNT(*)) OVER ()"], [ref]
        return Draft(ask.compose(_SPLIT, timed=timed, **slots), block.sql())
    value = ask.rng.choice(ask.world.texts(column.index))
    if len(ask.world.value_columns.get(value.lower(), ())) > 1:
        return None
    said = value.lower() if ask.chance(0.4) else value
    ask.protect(said)
    block.items = [f"{times}COUNT(*) FILTER (WHERE {ref} = {literal(value)}) / COUNT(*)"]
    return Draft(ask.compose(_PART, timed=timed, v=said, **slots), block.sql())


def came_to(ask: Ask) -> Draft | None:
    """MAX (or MIN) over the sums of what belongs together: "what did the biggest order come to"."""
    world = ask.world
    pairs = [(line, world.entities[t], c) for line in world.entities for c in line.columns if c.revenue
             for t, path in world.reach_of(line.table).path.items()
             if len(path) == 1 and world.entities[t].event and world.entities[t].key is not None]  # fmt: skip
    if not pairs:
        return None
    line, parent, column = ask.rng.choice(pairs)
    assert parent.key is not None
    high, timed = ask.chance(0.75), ask.time(parent.table, 0.5)
    conditions = ask.filters(parent.table, 1) if ask.chance(0.4) else []
    block = ask.select(line.table, conditions, timed, tables=(parent.table,))
    key = world.ref(parent.key)
    block.items, block.group = [f"{key} AS label", f"SUM({world.ref(column.index)}) AS total"], [key]
    sql = f"WITH totals AS ({block.sql()}) SELECT {'MAX' if high else 'MIN'}(total) FROM totals"
    edges = ("biggest", "largest", "biggest", "dearest", "most expensive") if high else ("smallest", "cheapest", "smallest")
    return Draft(ask.compose(_EVER, timed=timed, edge=edges, thing=_one(ask, parent, conditions),
                             name=("revenue", "sales", "amount")), sql)  # fmt: skip


def _one(ask: Ask, parent: Entity, conditions: list[Filter]) -> str:
    """One row of the parent as a noun phrase."""
    return ask.things(parent.table, conditions, noun=parent.noun)


def came_back(ask: Ask) -> Draft | None:
    """The part of the lines that were returned: LEFT JOIN of the returns, each line counted once."""
    options = [key for noun, key in rate_events(ask) if noun in ("return", "refund")]
    if not options:
        return None
    key = ask.rng.choice(options)
    line, percent, ref = ask.world.entity_of(key.target), ask.chance(0.5), ask.world.ref
    dimension = ask.dimension(line.table, flags=False) if ask.chance(0.3) else None
    conditions, timed = ask.filters(line.table, 1, avoid=dimension.columns if dimension else ()), ask.time(line.table, 0.5)
    block = ask.select(line.table, conditions, timed, tables=(dimension.table,) if dimension else ())
    block.left = key
    rate = f"{'100.0 * ' if percent else ''}COUNT(DISTINCT {ref(key.source)}) / COUNT(DISTINCT {ref(key.target)})"
    block.split(dimension, rate)
    frames = tuple(f.replace("{when}", "[by|per|for each] {dim} {when}") if dimension else f for f in _BACK)
    return Draft(ask.compose(frames, timed=timed, word=word_of(percent), things=ask.things(line.table, conditions),
                             dim=dimension.noun if dimension else ""), block.sql())  # fmt: skip
