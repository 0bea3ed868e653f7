"""Which X has the most, top and bottom N: rows ordered by a measure, the labels first and then the measure."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.intents.grouping import choose
from nl2sql.data.synthesis.measures import Measure, column_noun
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import number

_ONE = (
    "which {dim} [had|has|had|recorded|shows|showed] {most} {scope} {when}",
    "which {dim} [had|has] {most} {scope} {when}",
    "what {dim} [had|has] {most} {scope} {when}",
    "[find|show|name|give me|tell me|identify] the {dim} with {most} {scope} {when}",
    "{what} [is|was] the {dim} with {most} {scope} {when}",
    "the {dim} with {most} {scope} {when}",
    "in terms of {name}, which {dim} [came first|was the {best}|ranked {best}] {scope} {when}",
    "which {dim} [was|is] [first|the {best}] by {name} {scope} {when}",
)
_ONE_PERSON = (
    "who [had|has] {most} {scope} {when}",
    "who is the {dim} with {most} {scope} {when}",
    "which {dim} [had|has] {most} {scope} {when}",
)
_ONE_TIME = (
    "what [was|is] the [best|strongest|top] {dim} for {name} {scope} {when}",
    "which {dim} [saw|had|brought] {most} {scope} {when}",
)
_ONE_MASS = (
    "which {dim} [generated|brought in|made|earned|produced] the most {mass} {scope} {when}",
    "which {dim} [generated|brought in|made] the highest {mass} {scope} {when}",
    "what {dim} [generates|brings in|makes] the most {mass} {scope} {when}",
)
_SECOND = (
    "which {dim} [has|had] the {nth} highest {name} {scope} {when}",
    "[show|find|what is] the {dim} with the {nth} highest {name} {scope} {when}",
    "which {dim} [is|was|comes] second by {name} {scope} {when}",
)
_MANY = (
    "[show|list|find|give me|get|return|display] the top {n} {dims} by {name} {scope} {when}",
    "[what are|which are|show|list|who are] the top {n} {dims} [by|in terms of|in|ranked by] {name} {scope} {when}",
    "top {n} {dims} by {name} {scope} {when}",
    "which {n} {dims} [had|have] {most} {scope} {when}",
    "[show|list|find|give me] the {n} {dims} with {most} {scope} {when}",
    "the {n} {dims} with {most} {scope} {when}",
    "[the|our] {n} [best|leading|strongest] {dims} by {name} {scope} {when}",
)
_BOTTOM = (
    "[show|list|find|give me|get|return] the bottom {n} {dims} by {name} {scope} {when}",
    "[what are|which are] the bottom {n} {dims} [by|in terms of|in] {name} {scope} {when}",
    "bottom {n} {dims} by {name} {scope} {when}",
    "which {n} {dims} [had|have] {most} {scope} {when}",
    "[show|list|find|give me] the {n} {dims} with {most} {scope} {when}",
    "the {n} [worst|weakest|lowest ranking] {dims} by {name} {scope} {when}",
)
_KEYWORDS_ONE = (
    "{dim} with {most} {scope} {when}",
    "top {dim} by {name} {scope} {when}",
    "{dim} highest {name} {scope} {when}",
    "best {dim} by {name} {when} {scope}",
)
_KEYWORDS_MANY = (
    "top {n} {dims} by {name} {scope} {when}",
    "top {n} {dims} {name} {when} {scope}",
    "{when} top {n} {dims} by {name} {scope}",
    "top {n} {dims} {scope} by {name} {when}",
)


def ranked_dimension(ask: Ask) -> tuple[Measure, Dimension] | None:
    """A measure and what to rank: an entity or attribute, or a unit of time."""
    chosen = choose(ask, flags=False)
    if chosen is None:
        return None
    measure, dimension = chosen
    column = ask.world.time_column(measure.root)
    if column is not None and ask.chance(0.25):
        dimension = time_dimension(ask.world, column, ask.rng.choice(("month", "month", "quarter", "quarter", "year", "week")))
    return measure, dimension


def top(ask: Ask) -> Draft | None:
    """ORDER BY measure DESC (or ASC) LIMIT n."""
    chosen = ranked_dimension(ask)
    if chosen is None:
        return None
    measure, dimension = chosen
    conditions, timed = (
        ask.filters(measure.root, 1 if ask.chance(0.75) else 2, avoid=dimension.columns),
        ask.time(measure.root, 0.5),
    )
    if dimension.unit and timed and (timed.when.end and timed.when.start and (timed.when.end - timed.when.start).days < 360):
        timed = None
    high, count = ask.chance(0.78), 1 if ask.chance(0.45) else ask.rng.choice((2, 3, 3, 4, 5, 5, 5, 6, 7, 8, 10, 10, 15, 20))
    block = ask.select(measure.root, conditions, timed, measure=measure, tables=(dimension.table,))
    block.items, block.group = [*dimension.show, measure.sql], list(dimension.group)
    block.order, block.limit = [f"{measure.sql} {'DESC' if high else 'ASC'}"], count
    figure = ask.figure(measure, conditions)
    slots: dict[str, Slot] = {
        **figure,
        "dim": dimension.noun,
        "dims": dimension.plural,
        "most": figure["most" if high else "least"],
        "n": number(ask.rng, count),
        "best": ("best", "top", "highest") if high else ("lowest", "last"),
        "what": "who" if dimension.person else "what",
        "mass": measure.mass or ("",),
        "who": f"which {dimension.noun}",
        "nth": "second",
    }
    if count == 1 and high and ask.chance(0.06):
        block.offset = 1
        return Draft(ask.compose(_SECOND, "{dim} with second highest {name} {scope} {when}", timed=timed, **slots), block.sql())
    return Draft(ask.compose(*_frames(dimension, measure, high, count), timed=timed, **slots), block.sql())


def _frames(dimension: Dimension, measure: Measure, high: bool, count: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if count > 1:
        return (_MANY, _KEYWORDS_MANY) if high else (_BOTTOM, ("bottom {n} {dims} by {name} {scope} {when}",))
    frames = _ONE if high else _ONE[:6]
    if dimension.person:
        frames = (*frames, *_ONE_PERSON)
    if dimension.unit and high:
        frames = (*frames[:6], *_ONE_TIME)
    if measure.mass and high and not dimension.unit:
        frames = (*frames, *_ONE_MASS)
    return frames, _KEYWORDS_ONE if high else _KEYWORDS_ONE[:1]


_EXTREME_WORDS = {
    "price": ("most expensive", "cheapest"),
    "cost": ("most expensive", "cheapest"),
    "salary": ("best paid", "lowest paid"),
    "age": ("oldest", "youngest"),
    "height": ("tallest", "shortest"),
    "weight": ("heaviest", "lightest"),
    "length": ("longest", "shortest"),
    "duration": ("longest", "shortest"),
    "area": ("largest", "smallest"),
    "capacity": ("largest", "smallest"),
    "population": ("most populous", "least populous"),
    "size": ("largest", "smallest"),
    "elevation": ("highest", "lowest"),
    "speed": ("fastest", "slowest"),
    "rating": ("best rated", "worst rated"),
}
_ROW_ONE = (
    "which {thing} has the {word} {column}",
    "[what is|show|find|give me|name] the {thing} with the {word} {column}",
    "{thing} with the {word} {column}",
)
_ROW_MANY = (
    "[show|list|find|give me|what are] the {n} {things} with the {word} {column}",
    "[show|list|what are] the top {n} {things} by {column}",
    "{n} {things} with the {word} {column}",
    "which {n} {things} have the {word} {column}",
)
_ROW_AMONG = (
    "[among|of|out of] [the|all|] {things}, which [one|] has the {word} {column}",
    "which of the {things} has the {word} {column}",
)
_ROW_WORD_ONE = ("[what is|which is|show|find|name] the {special} {thing}", "which {thing} is the {special}", "{special} {thing}")
_ROW_WORD_MANY = (
    "[show|list|find|give me|what are] the {n} {special} {things}",
    "{n} {special} {things}",
    "which are the {n} {special} {things}",
)


def extreme_rows(ask: Ask) -> Draft | None:
    """Rows of an entity by a column of its own: "the five most expensive products"."""
    entity = ask.subject(labelled=True)
    columns = entity.with_role("measure", "date") if entity else []
    if entity is None or not columns:
        return None
    column = ask.rng.choice(columns)
    noun = column_noun(ask.world, column, ask.rng, entity.table)
    high, count = ask.chance(0.65), 1 if ask.chance(0.45) else ask.rng.choice((2, 3, 3, 4, 5, 5, 8, 10, 10))
    word: tuple[str, ...]
    if column.role == "date":
        word = ("latest", "most recent") if high else ("earliest", "oldest")
    else:
        word = ("highest", "highest", "largest", "greatest") if high else ("lowest", "lowest", "smallest")
    conditions = ask.filters(entity.table, 1, avoid=(column.index,))
    block = ask.select(entity.table, conditions)
    ref = ask.world.ref(column.index)
    block.items = [*(ask.world.ref(c) for c in entity.labels), ref]
    block.order, block.limit = [f"{ref} {'DESC' if high else 'ASC'}"], count
    special = _EXTREME_WORDS.get(column.noun.rpartition(" ")[2])
    things = ask.things(entity.table, conditions)
    thing = ask.things(entity.table, conditions, noun=ask.noun(entity))
    frames: tuple[str, ...]
    if special and ask.chance(0.5) and not conditions:
        frames = _ROW_WORD_ONE if count == 1 else _ROW_WORD_MANY
    elif conditions:
        frames = _ROW_AMONG if count == 1 else _ROW_MANY[:1]
    elif count == 1:
        frames = _ROW_ONE
    else:
        frames = _ROW_MANY if high and column.role != "date" else (_ROW_MANY[0], _ROW_MANY[2])
    question = ask.compose(
        frames,
        thing=lexicon.singular(thing) if not conditions else thing,
        things=things,
        word=word,
        column=noun,
        n=number(ask.rng, count),
        special=special[0 if high else 1] if special else "",
    )
    return Draft(question, block.sql())
