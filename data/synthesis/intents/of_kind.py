"""The cheapest, the second dearest, the oldest row of one kind, and what it costs: superlatives within a category or a place."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.extremes import plain_words, special_words
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import number

_ONE = (
    "[what is|what's|which is|show|find|name|give me] the {nth} {special} {thing}", "{nth} {special} {thing}",
    "which {thing} is [the|] {nth} {special}",
    "[our|the] {nth} {special} {thing}", "which of [the|our] {things} is the {nth} {special}",
    "among [the|all|our] {things}, which is the {nth} {special}",
    "{nth} {special} of [the|all|our] {things}", "[please|] tell me the {nth} {special} {thing}",
    "of [all|our] {things}, the {nth} {special} [one|]",
)  # fmt: skip
_BY = (
    "[what is|which is|show|find|name] the {thing} with the {nth} {word} {column}", "{thing} with the {nth} {word} {column}",
    "which {thing} has the {nth} {word} {column}", "{nth} {word} {column} among [the|all|] {things}, [which one|which {plain}]",
    "which of [the|our] {things} has the {nth} {word} {column}", "[the|] {things}: which has the {nth} {word} {column}",
)  # fmt: skip
_FEW = (
    "[show|list|what are|give me] the {n} {special} {things}", "{n} {special} {things}", "the {n} {special} {things}",
    "which {n} {things} are [the|] {special}", "the {special} {n} {things}",
)  # fmt: skip
_FEW_BY = (
    "[show|list|what are|give me] the {n} {things} with the {word} {column}s", "{n} {things} with the {word} {column}",
    "which {n} {things} have the {word} {column}",
)  # fmt: skip
_COSTS = (
    "what does [the|our] {nth} {special} {thing} cost", "how much [is|does] [the|our] {nth} {special} {thing} [cost|]",
    "[what is|what's|tell me|give me] the price of [the|our] {nth} {special} {thing}", "price of the {nth} {special} {thing}",
    "how [expensive|dear] is the {nth} {special} {thing}", "what do we [charge|ask] for the {nth} {special} {thing}",
    "for how much do we sell the {nth} {special} {thing}",
)  # fmt: skip
_EARNS = (
    "how much does the {nth} {special} {thing} [earn|make|get]", "what does the {nth} {special} {thing} [earn|make]",
    "[what is|give me] the salary of the {nth} {special} {thing}", "{column} of the {nth} {special} {thing}",
    "what is the {nth} {special} {thing} paid",
)  # fmt: skip
_OTHER_VALUE = (
    "what is the {column} of the {nth} {special} {thing}", "{column} of the {nth} {special} {thing}",
    "[tell|give] me the {column} of the {nth} {special} {thing}",
    "how [large|high] is the {nth} {special} {thing}'s {column}", "the {nth} {special} {thing}'s {column}",
)  # fmt: skip
_WHEN = ("when was that: the {nth} {special} {thing}", "{column} of the {nth} {special} {thing}",
    "what is the {column} of the {nth} {special} {thing}",
         "on [what|which] date: the {nth} {special} {thing}")[1:3]  # fmt: skip
_NTH: dict[int, tuple[str, ...]] = {0: ("",), 1: ("second", "second", "2nd"), 2: ("third", "third", "3rd"), 3: ("fourth", "4th")}


def extreme_of_kind(ask: Ask) -> Draft | None:
    """One or some rows of a kind by a column of their own, the first or a later one; or that column of it alone."""
    entity = ask.subject(labelled=True)
    columns = [c for c in entity.with_role("measure", "date") if special_words(c, True)] if entity else []
    if entity is None or not columns:
        return None
    column = ask.rng.choices(columns, [3.0 if c.role == "measure" else 1.0 for c in columns])[0]
    first = ask.kind(entity.table, (column.index, *entity.labels), named=True)
    if first is None:
        return None
    more = ask.filter(entity.table, avoid=(column.index, first.column, *entity.labels)) if ask.chance(0.25) else None
    conditions = [first, *([more] if more else [])]
    high, block = ask.chance(0.5), ask.select(entity.table, conditions)
    kind = ask.rng.choice(("one", "one", "one", "few", "value"))
    if kind == "few":
        return _few(ask, entity, column, conditions, block, high)
    place = ask.rng.choices((0, 1, 2, 3), (10, 6, 4, 1))[0]
    slots = _slots(ask, entity, column, conditions, high)
    slots["nth"] = _NTH[place]
    if place:  # "the second first" is nobody
        slots["special"] = tuple(w for w in special_words(column, high) if not w.startswith(("first", "last"))) or ("",)
    ref = ask.world.ref(column.index)
    block.order, block.limit, block.offset = [f"{ref} {'DESC' if high else 'ASC'}"], 1, place
    if kind == "value":
        return _value(ask, column, block, high, slots)
    block.items = [*(ask.world.ref(c) for c in entity.labels), ref]
    frames = _ONE if ask.chance(0.8) else _BY
    return Draft(ask.compose(frames, "{nth} {special} {thing}", **slots), block.sql())


def _slots(ask: Ask, entity: Entity, column: ColumnRole, conditions: list[Filter], high: bool) -> dict[str, Slot]:
    return dict(
        thing=ask.things(entity.table, conditions, noun=ask.noun(entity)), things=ask.things(entity.table, conditions),
            special=special_words(column, high),
        plain=ask.noun(entity), word=plain_words(column, high), column=column_noun(ask.world, column, ask.rng, entity.table),
    )  # fmt: skip


def _few(ask: Ask, entity: Entity, column: ColumnRole, conditions: list[Filter], block: Select, high: bool) -> Draft:
    """The first N."""
    ref, count = ask.world.ref(column.index), ask.rng.choice((2, 3, 3, 4, 5, 5, 10))
    block.items = [*(ask.world.ref(c) for c in entity.labels), ref]
    block.order, block.limit = [f"{ref} {'DESC' if high else 'ASC'}"], count
    slots = _slots(ask, entity, column, conditions, high)
    return Draft(
        ask.compose(_FEW if ask.chance(0.8) else _FEW_BY, "{n} {special} {things}", n=number(ask.rng, count), **slots),
        block.sql(),
    )


def _value(ask: Ask, column: ColumnRole, block: Select, high: bool, slots: dict[str, Slot]) -> Draft:
    """The column of the row alone: MAX or MIN, or what stands in the second or third place."""
    ref = ask.world.ref(column.index)
    block.items = [ref]
    if block.offset == 0:
        block.items, block.order, block.limit = [f"{'MAX' if high else 'MIN'}({ref})"], [], None
    head = column.noun.rpartition(" ")[2]
    frames = _COSTS if head == "price" else _EARNS if head == "salary" else _OTHER_VALUE if column.role == "measure" else _WHEN
    return Draft(ask.compose(frames, **slots), block.sql())
