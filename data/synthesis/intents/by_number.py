"""Rows looked up by the number of their key: columns of order 4711, who placed it, what is in it."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.dates import verb_of
from nl2sql.data.synthesis.intents.missed import NOT_BUYERS
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import either, say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.vocabulary import PLANS
from nl2sql.records import ForeignKey

_ROW = (
    "{e} {n}", "{e} {n}", "{e} {n}", "{e} {n}", "{e} #{n}", "{e} no. {n}", "{e} number {n}", "{e} nr. {n}", "{e} id {n}",
    "[the|] {e} with [the|] [id|number] {n}", "{e} with id {n}",
)  # fmt: skip
_OWN = (
    "what {is_} the {columns} of {row}", "{columns} of {row}", "{row}: {columns}", "[the|] {columns} for {row}",
    "[show|give me|tell me|look up|get me|find] the {columns} [of|for] {row}", "{columns}, {row}",
    "for {row}, [show|give me|list|i need] the {columns}", "[which|what] {columns} does {row} have",
    "[look up|pull up|open] {row} and [tell|give|show] me the {columns}", "i [need|want] the {columns} of {row}",
    "[can|could] you [look up|check|tell me] the {columns} of {row}", "[check|look at] {row}: what {is_} the {columns}",
    "{row}. [show|give me] [the|] {columns}", "{row} - {columns}",
)  # fmt: skip
_ALL = (
    "[show|open|pull up|display] {row}", "[show|give me|list] [everything|all we have|all we know|all details] on {row}",
    "all [details|columns|data|information] [of|for|on] {row}",
    "[the|show the|give me the] [full|whole|complete] record of {row}", "[look up|show me] {row}[, all columns|, every column|]",
    "{row}: [all columns|all details|everything]", "what do we [know|have] [about|on] {row}", "everything about {row}",
    "details of {row}",
)  # fmt: skip
_PARENT = (
    "[which|what] {target} does {row} belong to", "{target} of {row}", "{row}: [which|what] {target}",
    "[show|find|tell me|give me] the {target} of {row}", "to [which|what] {target} does {row} belong",
    "what is the name of the {target} of {row}", "what is the {target} of {row}", "{row}'s {target}",
    "name of the {target} [of|for] {row}", "[which|what] {target} [is|was] behind {row}", "[which|what] {target} has {row}",
    "[can|could] you tell me the {target} of {row}", "[look up|check] the {target} of {row}",
)  # fmt: skip
_BUYER = (
    "who [placed|made] {row}", "who [is|was] {row} [from|by]", "by whom was {row} [placed|made]", "whose is {row}",
    "[which|what] {target} [placed|made|has] {row}", "{row}: who [placed|made] it", "who is the {target} of {row}",
    "the {target} who [placed|made] {row}", "name of the {target} who [placed|made] {row}",
)  # fmt: skip
_LINES = (  # what is in a row, by its lines
    "what's in {row}? [show|list|give me] [the|] {columns}", "what is in {row}: {columns}", "[the|] contents of {row}: {columns}",
    "what does {row} [contain|consist of]? {columns}", "[show|list] what is in {row}, with {columns}",
    "[which|what] [things|items|lines] are in {row}? [show|i need] {columns}", "everything in {row}, with {columns}",
    "{row}, line by line: {columns}", "break {row} down into lines with {columns}", "open {row} and list {columns} of each line",
)  # fmt: skip
_CHILDREN = (
    "[all|the|] {lines} of {row} with [their|] {columns}", "[show|list|give me] [all|the] {lines} of {row} with {columns}",
    "[which|what] {lines} does {row} have? [show|list|give me] [the|] {columns}", "{lines} of {row}: {columns}",
    "{columns} of [all|the|every one of the] {lines} of {row}", "for {row}, list the {lines} with {columns}",
    "[show|list|give me] the {columns} of [each {line}|the {lines}] of {row}", "{row}: {columns} of [each {line}|its {lines}]",
    "i [need|want] the {lines} of {row}, [showing|with] {columns}", "{lines} for {row}, {columns}",
    "what {lines} belong to {row}? {columns} please",
)  # fmt: skip
_BARE = (
    "[which|what] {lines} [does|did] {row} have", "{lines} of {row}", "[show|list|give me] [all|the|] {lines} of {row}",
    "[list|find] [all|the|] {lines} that belong to {row}", "[which|what] {lines} belong to {row}", "all {lines} [of|for] {row}",
    "{row}: [which|what] {lines}", "[which|what] are the {lines} of {row}",
)  # fmt: skip
_SHOWN = ("measure", "dimension", "date", "name", "year")


def numbered(ask: Ask, entity: Entity) -> tuple[int, str] | None:
    """A number that a row of the table may have for a key, and how the row is called by it: "order no. 31415"."""
    if entity.key is None or ask.world.schema.columns[entity.key].kind != "number":
        return None
    record, rng = ask.world.schema.columns[entity.key], ask.rng
    known = [int(s) for s in record.samples if isinstance(s, int) and not isinstance(s, bool)]
    rows = ask.world.schema.tables[entity.table].rows
    top = max([*known, rows or 0]) if known else 0
    if known and top > 20:  # samples may be the first few keys
        n = rng.choice(known) if ask.chance(0.15) else rng.randint(min(known), top)
    elif known and (rows or ask.chance(0.5)):
        n = rng.choice(known)
    else:
        n = rng.randint(1, max(9, rows or 10 ** rng.randint(2, 6)))
        n += 10 ** rng.randint(3, 5) if ask.chance(0.3) else 0
    if 1900 <= n <= 2100:  # read as a year
        n += 300
    ask.protect(str(n))
    return n, say(rng, _ROW, e=ask.noun(entity), n=str(n))


def _subject(ask: Ask) -> Entity | None:
    """A table whose rows people know by number: events, people and things rather than kinds."""
    options = [e for e in ask.world.entities if e.key is not None and not e.link]
    weights = [3.0 if e.event else 2.0 if e.person else 0.6 for e in options]
    return ask.rng.choices(options, weights)[0] if options else None


def row_by_number(ask: Ask) -> Draft | None:
    """One to three columns of the row with this key, its name, or all of it."""
    entity = _subject(ask)
    found = numbered(ask, entity) if entity else None
    if entity is None or found is None:
        return None
    assert entity.key is not None
    n, row = found
    block = ask.select(entity.table)
    block.where = [f"{ask.world.ref(entity.key)} = {n}"]
    if ask.chance(0.12):
        block.items = ["*"]
        return Draft(ask.compose(_ALL, row=row), block.sql())
    if entity.labels and ask.chance(0.15):
        block.items = [ask.world.ref(c) for c in entity.labels]
        who = ("who is {row}", "name of {row}", "what is the name of {row}") if entity.person else ("name of {row}",)
        name = "name" if len(entity.labels) > 1 else ask.world.columns[entity.labels[0]].noun
        return Draft(ask.compose((*_OWN, *who * 3), row=row, columns=name, is_="is"), block.sql())
    options = [c for c in entity.columns if c.role not in ("key", "other", "flag") and c.index not in entity.labels]
    if not options:
        return None
    chosen = ask.rng.sample(options, min(len(options), ask.rng.choice((1, 1, 1, 2, 2, 3))))
    block.items = [ask.world.ref(c.index) for c in chosen]
    names = [column_noun(ask.world, c, ask.rng, entity.table) for c in chosen]
    if len(set(names)) < len(names):
        return None
    verb = verb_of(chosen[0]) if len(chosen) == 1 and chosen[0].role == "date" else ""
    if verb and " " not in verb and ask.chance(0.6):
        frames: tuple[str, ...] = (f"when was {{row}} {verb}", f"on [which|what] [day|date] was {{row}} {verb}",
                                   f"{{row}}: when was it {verb}", f"when exactly was {{row}} {verb}")  # fmt: skip
        frames = frames if not entity.person else tuple(f.replace(" it ", " this person ") for f in frames)
        return Draft(ask.compose(frames, row=row), block.sql())
    is_ = "are" if len(names) > 1 or lexicon.is_plural(names[0]) else "is"
    return Draft(ask.compose(_OWN, "{row} {columns}", row=row, columns=either(ask.rng, names, "and"), is_=is_), block.sql())


def parent_by_number(ask: Ask) -> Draft | None:
    """The name of what the row with this key refers to."""
    world, entity = ask.world, _subject(ask)
    options = [
        world.entities[t] for t, path in (world.reach_of(entity.table).path.items() if entity else ())
        if entity and len(path) == 1 and world.entities[t].labels and t != entity.table and _keys(ask, entity.table, t) == 1
    ]  # fmt: skip
    found = numbered(ask, entity) if entity and options else None
    if entity is None or found is None:
        return None
    target = ask.rng.choice(options)
    block = ask.select(entity.table, tables=(target.table,))
    block.items, block.where = [world.ref(c) for c in target.labels], [f"{world.ref(entity.key or 0)} = {found[0]}"]
    heads = {"order", "purchase", "booking", "reservation", "payment", "donation"}
    places = target.person and entity.noun.rpartition(" ")[2] in heads and not set(target.noun.split()) & NOT_BUYERS
    frames = _BUYER if places and ask.chance(0.6) else _PARENT
    return Draft(ask.compose(frames, "{row} {target}", row=found[1], target=ask.noun(target)), block.sql())


def _keys(ask: Ask, source: int, target: int) -> int:
    """How many keys of one table lead to the other."""
    owner = ask.world.schema.owner
    return sum(owner[k.source] == source and owner[k.target] == target for k in ask.world.schema.foreign_keys)


def children_of(ask: Ask) -> list[tuple[Entity, Entity, ForeignKey]]:
    """(parent, child, key): tables whose rows are asked for by the number of what they refer to."""
    world = ask.world
    return [
        (world.entities[t], world.entity_of(key.source), key) for t, keys in world.children.items() for key in keys
        if world.entities[t].key == key.target and not world.entity_of(key.source).person
        and _keys(ask, world.schema.owner[key.source], t) == 1
    ]  # fmt: skip


def _interest(parent: Entity, child: Entity) -> float:
    """How often the rows of one table are asked for by the number of one of another's."""
    if parent.link or set(child.noun.split()) & PLANS:
        return 0.2
    return 4.0 if child.link and parent.event else 2.5 if child.event and not child.link else 0.7


def children_by_number(ask: Ask) -> Draft | None:
    """The rows that refer to the row with this key: what each line is about and columns of it, or their names alone."""
    world, options = ask.world, children_of(ask)
    if not options:
        return None
    parent, child, key = ask.rng.choices(options, [_interest(p, c) for p, c, _ in options])[0]
    found = numbered(ask, parent)
    if found is None:
        return None
    block, line = ask.select(child.table), ask.noun(child)
    block.where = [f"{world.ref(key.source)} = {found[0]}"]
    slots = dict(row=found[1], line=line, lines=lexicon.plural(line))
    if not child.link and ask.chance(0.25):
        block.items = [world.ref(c) for c in world.label(child.table)]
        return Draft(ask.compose(_BARE, "{lines} {row}", **slots), block.sql()) if block.items else None
    columns: list[ColumnRole] = [c for c in child.columns if c.role in _SHOWN]
    near = [world.entities[t] for t, path in world.reach_of(child.table).path.items() if len(path) == 1]
    near = [e for e in near if e.table not in (parent.table, child.table) and _keys(ask, child.table, e.table) == 1]
    near = [e for e in near if e.labels and not e.event]
    target = ask.rng.choice(near) if near and ask.chance(0.9 if child.link else 0.4) else None
    chosen = ask.rng.sample(columns, min(len(columns), ask.rng.choice((1, 2, 2, 3))))
    names = [*([ask.noun(target)] if target else []), *(column_noun(world, c, ask.rng, child.table) for c in chosen)]
    if len(set(names)) < len(names) or len(names) < 1 + child.link:
        return None
    block.items = [*(world.ref(c) for c in (target.labels if target else ())), *(world.ref(c.index) for c in chosen)]
    block.tables |= {target.table} if target else set()
    frames = _LINES if child.link and parent.event and ask.chance(0.7) else _CHILDREN
    return Draft(ask.compose(frames, "{row} {lines} {columns}", columns=either(ask.rng, names, "and"), **slots), block.sql())
