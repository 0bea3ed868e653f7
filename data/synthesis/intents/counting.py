"""How many rows there are, and how many different values."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.predicates import predicate
from nl2sql.data.synthesis.vocabulary import PLACE_COLUMNS

_COUNT = (
    "how many {things} [are there|are there|do we have|exist|] {when}",
    "how many {things} [are there|did we have|] {when}",
    "[what is|what was] the [total|] number of {things} {when}",
    "[show|give me|tell me|find|get|return] the number of {things} {when}",
    "count [the|all|the number of|] {things} {when}",
    "[find|compute] how many {things} there [are|were] {when}",
    "number of {things} {when}",
    "{things}: how many [are there|] {when}",
    "{things} {when} - how many",
    "how many {things} {when}",
    "what is the {things} count {when}",
    "the number of {things} {when} [is what|]",
    "how large is the number of {things} {when}",
    "how many are there: {things} {when}",
    "total {things} {when}",
    "count of [all|] {things} {when}",
    "[get|return|tell me] the count of {things} {when}",
    "is there a way to know how many {things} we [have|had] {when}",
    "how many {things} [can be found|are on record|are known] {when}",
    "do you know how many {things} there [are|were] {when}",
)
_COUNT_VERB = (
    "how many {said} {when}", "how many {said} {when}", "how many {said} {when}", "how many of [our|the] {said} {when}",
    "[tell me|do you know|can you tell me|i want to know|find out] how many {said} {when}",
)  # fmt: skip
_COUNT_KEYWORDS = (
    "number of {things} {when}",
    "{things} count {when}",
    "how many {things} {when}",
    "count {things} {when}",
    "# of {things} {when}",
    "{when} number of {things}",
)

_DISTINCT_COUNT = (
    "how many [different|distinct|unique] {columns} [are there|do we have|do the {things} have|do {things} have]",
    "[what is|give me|show] the number of [different|distinct|unique] {columns} [of|among] {things}",
    "count the [distinct|different|unique] {columns} of {things}",
    "how many [different|distinct] {columns} are there [among|for] {things}",
    "[in|across] how many {columns} do {things} [fall|come]",
    "number of {columns} of {things}",
    "how many {columns} do [the|our|] {things} have",
    "how many {columns} can be found among {things}",
)
_DISTINCT = (
    "[list|show|give me|find] [all|all the|the|] [different|distinct|unique] {columns} of [all|] {things}",
    "what are the [different|distinct|unique] {columns} of {things}",
    "which [different|distinct|] {columns} do {things} have",
    "what {columns} do [the|] {things} have",
    "[show|list] every [distinct|different] {column} of {things}",
    "what {columns} are there [among|for] {things}",
    "which {columns} [occur|exist|can be found] among {things}",
    "[all|the] {columns} of {things}, [each once|without repeats|without duplicates]",
    "{columns} of {things}, no duplicates",
    "which {columns} are there among {things}",
    "what [different|] {columns} do we find among {things}",
)
_WHERE = (  # of a place where persons live
    "in [which|what] {columns} do {things} live", "[which|what] {columns} are {things} from",
    "in [which|what] {columns} do we [have|find] {things}", "where do {things} live, by {column}",
    "{columns} where {things} live",
)  # fmt: skip
_WHERE_THINGS = (
    "in [which|what] {columns} [are there|do we have|do we find|can we find] {things}",
    "[which|what] {columns} are {things} in", "{columns} [where there are|with] {things}",
)  # fmt: skip
_CARRY = (
    "how many [different|] {columns} [do we have|are there|do we carry|do we sell|exist] [in|for] {direct}",
    "how many [different|] {columns} does {direct} [have|comprise]", "number of [different|] {columns} in {direct}",
    "{columns} in {direct}: how many [different ones|are there|]",
)  # fmt: skip
_KINDS = (
    "which {columns} [are there|do we have|exist|do we use|occur]", "what [kinds of|] {columns} [are there|do we have|exist]",
    "[list|show|give me] [all|the|our] [different|distinct|] {columns}", "[distinct|different|all|possible] {columns}",
    "what {columns} [can there be|are possible|are in use]",
)  # fmt: skip


def count(ask: Ask) -> Draft | None:
    """COUNT(*) of an entity, narrowed by conditions and a time."""
    entity = ask.subject()
    if entity is None:
        return None
    conditions, timed = (
        ask.filters(entity.table, 3 if ask.chance(0.6) else 1),
        ask.time(entity.table, 0.45 if entity.event else 0.1),
    )
    block = ask.select(entity.table, conditions, timed)
    block.items = ["COUNT(*)"]
    said = predicate(ask, entity.table, conditions) if conditions and ask.chance(0.45) else None
    if said:
        return Draft(ask.compose(_COUNT_VERB, timed=timed, said=said), block.sql())
    inside = timed is not None and ask.chance(0.5)
    things = ask.things(entity.table, conditions, timed if inside else None)
    return Draft(ask.compose(_COUNT, _COUNT_KEYWORDS, timed=None if inside else timed, things=things), block.sql())


def _column(ask: Ask) -> tuple[int, int, str] | None:
    entity = ask.subject()
    columns = [c for c in entity.with_role("dimension") if c.index not in entity.labels] if entity else []
    if entity is None or not columns:
        return None
    column = ask.rng.choice(columns)
    return entity.table, column.index, column_noun(ask.world, column, ask.rng, entity.table)


def distinct_count(ask: Ask) -> Draft | None:
    """COUNT(DISTINCT column)."""
    chosen = _column(ask)
    if chosen is None:
        return None
    table, column, noun = chosen
    conditions = ask.filters(table, 2, avoid=(column,))
    block = ask.select(table, conditions)
    block.items = [f"COUNT(DISTINCT {ask.world.ref(column)})"]
    things = ask.things(table, conditions)
    frames: tuple[str, ...] = _DISTINCT_COUNT
    if conditions:
        frames = (*_DISTINCT_COUNT[1:4], _DISTINCT_COUNT[4], "how many [different|] {columns} do {things} have")
    one = conditions[0] if len(conditions) == 1 else None
    if one and one.direct and one.table != table and not one.outside and not ask.world.entities[table].event and ask.chance(0.5):
        return Draft(ask.compose(_CARRY, columns=lexicon.plural(noun), direct=one.direct), block.sql())
    return Draft(ask.compose(frames, columns=lexicon.plural(noun), things=things), block.sql())


def distinct(ask: Ask) -> Draft | None:
    """SELECT DISTINCT column."""
    chosen = _column(ask)
    if chosen is None:
        return None
    table, column, noun = chosen
    conditions = ask.filters(table, 2, avoid=(column,)) if ask.chance(0.75) else []
    block = ask.select(table, conditions)
    block.items, block.distinct = [ask.world.ref(column)], True
    clear = not conditions and len(ask.world.noun_owners[ask.world.columns[column].noun]) < 2
    frames: tuple[str, ...] = _KINDS if clear and ask.chance(0.6) else _DISTINCT
    if ask.world.columns[column].noun.rpartition(" ")[2] in PLACE_COLUMNS and ask.chance(0.5):
        entity = ask.world.entities[table]
        lives = entity.person and not {"supplier", "vendor"} & set(entity.noun.split())
        frames = _WHERE if lives else _WHERE_THINGS
    return Draft(
        ask.compose(
            frames,
            "distinct {columns} of {things}",
            columns=lexicon.plural(noun),
            column=noun,
            things=ask.things(table, conditions),
        ),
        block.sql(),
    )
