"""Rows of an entity: their names or other columns, filtered and sorted; one column of one row."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import either
from nl2sql.data.synthesis.predicates import predicate
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select

_LIST = (
    "[show|list|find|give me|display|get|return] [all|all the|the|] {things}",
    "which {things} [do we have|are there]",
    "list [every one of the|the|all] {things}",
    "what are the [names of the|] {things}",
    "[show|give] me [a list of|] [all|the|] {things}",
    "i [need|want] [a list of|] [all|] {things}",
    "{things}",
    "which {things} [do we have|are there|exist|can you find|are in the database]",
    "which are the {things}",
    "[name|enumerate|print] [all|the|] {things}",
    "all {things}",
    "{things}, [their|the] names",
    "are there [any|] {things}, and which",
    "list of {things}",
    "names of [all|the|] {things}",
    "do we have [any|] {things} [and which ones|- which ones]",
)
_LIST_VERB = (
    "which {said}", "which {said}", "which {said}", "what {said}", "which of [our|the] {said}",
    "[tell me|show me|can you tell me|i want to know|find out] which {said}",
)  # fmt: skip
_COLUMNS = (
    "[show|list|find|give me|display|get|return] the {columns} of [all|the|] {things}",
    "what are the {columns} of [all|the|] {things}",
    "[show|list] [the|] {columns} [for|of] [each of the|all|] {things}",
    "for [all|the] {things}, [show|list|give me] the {columns}",
    "{columns} of [all|the|our|] {things}",
    "{things}: {columns}",
    "{things} with [their|] {columns}",
    "[show|list|give me] [all|the|] {things} [with|and|including] their {columns}",
    "which {columns} do [the|our|] {things} have",
    "{things}, {columns}",
    "i need the {columns} of [all|the|] {things}",
)
_WITH = (  # the rows by their names, and other columns of them beside
    "{things}, with {columns}", "{things} [with|together with|along with] [their|the|] {columns}",
    "[show|list|give me|find] [all|the|] {things}, with [the|their|] {columns}",
    "[show|list|give me] [all|the|] {things} [with|and|including|together with] their {columns}",
    "which {things} [are there|do we have], and with [which|what] {columns}", "{things} and [their|the] {columns}",
    "which {things} do we have? show [the|their|] {columns}", "{things}. show [the|their] {columns} [too|as well|]",
    "what {things} are there? [give|show] [me|] the {columns} [too|]", "{things}: names and {columns}",
)  # fmt: skip
_SORTED = (
    (
        "DESC",
        (
            "[sorted by {c} descending|by {c} from high to low|in descending order of {c}|ordered by {c}, highest first|with "
            "the highest {c} first]"
        ),
    ),
    ("ASC", "[sorted by {c}|ordered by {c}|in ascending order of {c}|by {c} from low to high|with the lowest {c} first]"),
)
_LOOKUP = (
    "what [is|was] the {column} of {row}",
    "[show|find|give me|tell me|get|look up] the {column} [of|for] {row}",
    "{row}'s {column}",
    "what {column} does {row} have",
    "which {column} does {row} have",
    "{column} [of|for] {row}",
    "what is {row}'s {column}",
    "do you know the {column} of {row}",
)
_WHEN = {  # by the date's first word: the verb in "when did X ..." or the participle in "when was X ..."
    "opening": ("did", "open"), "launch": ("was", "launched"), "hire": ("was", "hired"), "birth": ("was", "born"),
    "signup": ("did", "sign up"), "registration": ("did", "register"), "start": ("does", "start"), "end": ("does", "end"),
    "release": ("was", "released"), "shipping": ("was", "shipped"), "ship": ("was", "shipped"), "founding": ("was", "founded"),
    "publication": ("was", "published"), "joining": ("did", "join"), "admission": ("was", "admitted"), "closing": ("did",
    "close"),
}  # fmt: skip
_HOW_MUCH = {
    "price": ("how much [is|does] {row} [cost|]", "what does {row} cost", "price of {row}", "what do we [charge|ask] for {row}"),
    "cost": ("how much do we pay for {row}", "what does {row} cost us", "what do we pay for {row}"),
    "salary": ("how much does {row} [earn|make]", "what does {row} earn", "what is {row} paid", "salary of {row}"),
    "area": ("how [big|large] is {row}", "size of {row}", "how much space does {row} have"),
    "title": ("what does {row} do [for us|here|]", "what is the job of {row}", "as what does {row} work"),
    "city": ("where is {row} [located|]", "in which city is {row}", "which city is {row} in", "where does {row} live"),
    "country": ("which country is {row} from", "in which country is {row}", "where is {row} based"),
    "height": ("how tall is {row}", "how high is {row}"), "weight": ("how heavy is {row}", "how much does {row} weigh"),
    "age": ("how old is {row}",), "length": ("how long is {row}",), "duration": ("how long does {row} [last|take]",),
    "capacity": ("how many people fit into {row}", "how big is {row}"), "email": ("how can we reach {row} by email",),
    "population": ("how many people live in {row}",), "brand": ("which brand is {row}", "who makes {row}", "what brand is {row}"),
    "tier": ("which tier is {row} in", "what tier does {row} have"), "segment": ("what segment is {row} in",),
    "channel": ("what kind of place is {row}", "which channel is {row}"),
}  # fmt: skip


def rows(ask: Ask) -> Draft | None:
    """SELECT labels FROM entity WHERE conditions."""
    entity = ask.subject(labelled=True)
    if entity is None:
        return None
    conditions = ask.filters(entity.table, 3)
    first = ask.filter(entity.table) if not conditions else None
    if first:
        conditions = [first]
    if not conditions:
        return None
    block = ask.select(entity.table, conditions)
    block.items = [ask.world.ref(c) for c in entity.labels]
    said = predicate(ask, entity.table, conditions) if ask.chance(0.42) else None
    if said:
        return Draft(ask.compose(_LIST_VERB, said=said), block.sql())
    things = ask.things(entity.table, conditions)
    return Draft(ask.compose(_LIST, ("{things}", "list {things}", "all {things}"), things=things), block.sql())


def columns(ask: Ask) -> Draft | None:
    """SELECT some columns of an entity, now and then sorted."""
    entity = ask.subject()
    if entity is None:
        return None
    options = [c for c in entity.columns if c.role not in ("key", "other") and c.index not in entity.labels]
    if not options:
        return None
    chosen = ask.rng.sample(options, min(len(options), ask.rng.choice((1, 1, 2, 2, 3))))
    names = [column_noun(ask.world, c, ask.rng, entity.table) for c in chosen]
    shown = [c.index for c in chosen]
    beside = bool(entity.labels) and ask.chance(0.35)  # the name is shown without being asked for
    if beside:
        shown = [*entity.labels, *shown]
    elif entity.labels and ask.chance(0.55):
        shown, names = (
            [*entity.labels, *shown],
            ["name" if ask.chance(0.8) or len(entity.labels) > 1 else entity.columns[0].noun, *names],
        )
        names[0] = "name" if len(entity.labels) > 1 else ask.world.columns[entity.labels[0]].noun if ask.chance(0.3) else "name"
    if len(set(names)) < len(names):
        return None
    conditions = ask.filters(entity.table, 3 if ask.chance(0.5) else 1, avoid=shown)
    block = ask.select(entity.table, conditions)
    block.items = [ask.world.ref(c) for c in shown]
    spoken = [lexicon.plural(name) if ask.chance(0.75) else name for name in names]
    tail = _sorted(ask, entity, block) if ask.chance(0.25) else ""
    keywords = "{things} with {columns}" if beside else "{things} {columns}"
    named = [f for f in _COLUMNS if not entity.labels or " with " not in f and "including" not in f or "name" in names[0]]
    frames = [frame + tail for frame in (_WITH[:4] if beside and tail else _WITH if beside else _COLUMNS[:3] if tail else named)]
    things = ask.things(entity.table, conditions)
    return Draft(ask.compose(frames, keywords + tail, columns=either(ask.rng, spoken, "and"), things=things), block.sql())


def _sorted(ask: Ask, entity: Entity, block: Select) -> str:
    """Puts the block in order of one of the entity's columns; how that is said."""
    options = entity.with_role("measure", "date")
    if not options:
        return ""
    by, (order, words) = ask.rng.choice(options), ask.rng.choice(_SORTED)
    if by.role == "date":
        words = (
            "[sorted by {c}|ordered by {c}, oldest first|in order of {c}]"
            if order == "ASC"
            else "[newest {c} first|sorted by {c}, latest first|from the latest {c} to the earliest]"
        )
    block.order = [f"{ask.world.ref(by.index)} {order}"]
    return " " + words.replace("{c}", column_noun(ask.world, by, ask.rng, entity.table))


def row_by_name(ask: Ask, entity: Entity) -> tuple[list[str], list[str]] | None:
    """The names of some row, and the conditions that find it; None where they aren't known."""
    texts = [ask.world.texts(column) for column in entity.labels]
    if not all(texts):
        return None
    names = [ask.rng.choice(known) for known in texts]
    ask.protect(*names)
    return names, [f"{ask.world.ref(c)} = {literal(name)}" for c, name in zip(entity.labels, names, strict=True)]


def lookup(ask: Ask) -> Draft | None:
    """One column (or the name of a neighbour) of the row that a name tells."""
    entity = ask.subject(labelled=True)
    if entity is None:
        return None
    found = row_by_name(ask, entity)
    if found is None:
        return None
    block = ask.select(entity.table)
    names, block.where = found
    row = " ".join(names)
    if not entity.person and ask.chance(0.4):
        row = f"the {ask.noun(entity)} {row}"
    neighbours = [
        t for t, path in ask.world.reach_of(entity.table).path.items() if len(path) == 1 and ask.world.entities[t].labels
    ]
    own = [c for c in entity.columns if c.role not in ("key", "other") and c.index not in entity.labels]
    if neighbours and (not own or ask.chance(0.25)):
        return _neighbour(ask, block, row, ask.world.entities[ask.rng.choice(neighbours)])
    if not own:
        return None
    column = ask.rng.choice(own)
    block.items = [ask.world.ref(column.index)]
    special = _special(column, entity.person)
    return Draft(
        ask.compose(
            special if special and ask.chance(0.55) else _LOOKUP,
            "{row} {column}",
            row=row,
            column=column_noun(ask.world, column, ask.rng, entity.table),
        ),
        block.sql(),
    )


def _neighbour(ask: Ask, block: Select, row: str, target: Entity) -> Draft:
    """The name of what the row belongs to."""
    block.tables.add(target.table)
    block.items = [ask.world.ref(c) for c in target.labels]
    frames = (
        "[what|which] {column} does {row} belong to", "what is the {column} of {row}", "[show|find] the {column} of {row}",
        "{column} of {row}", "{row}'s {column}", "to which {column} does {row} belong",
    )  # fmt: skip
    return Draft(ask.compose(frames, "{row} {column}", row=row, column=ask.noun(target)), block.sql())


def _special(column: ColumnRole, person: bool) -> tuple[str, ...]:
    """Questions that fit the column alone: "when did X open", "how much does X earn"."""
    words = column.noun.split()
    if column.role == "date" and words[0] in _WHEN:
        auxiliary, verb = _WHEN[words[0]]
        return (f"when {auxiliary} {{row}} {verb}", f"on [which|what] [day|date] {auxiliary} {{row}} {verb}",
                f"since when [is|has] {{row}} {'with us' if person else 'been there'}" if words[0] in ("opening", "hire",
                "signup")
                else f"when exactly {auxiliary} {{row}} {verb}")  # fmt: skip
    found = _HOW_MUCH.get(words[-1], ())
    return tuple(frame for frame in found if person or "does {row} live" not in frame)
