"""Events by the sum of their lines: the biggest order, orders above a value, how many of them."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed, number

_ONE = (
    "[what is|what was|show|find|which is|which was] the {word} {thing} {when}", "{word} {thing} {when}",
    "which {thing} [was|is] the {word} [by amount|in money|by value|] {when}", "{word} {thing} by [amount|revenue|value] {when}",
    "[show|give me] the {word} {thing} and [its value|its amount|how much it was] {when}",
)  # fmt: skip
_MANY = (
    "[show|list|what are] the {n} {word} {things} {when}", "{n} {word} {things} {when}", "the {n} {word} {things} {when}",
    "top {n} {things} by [value|amount] {when}",
)  # fmt: skip
_HIGH, _LOW = ("biggest", "largest", "most valuable", "highest value"), ("smallest", "least valuable", "lowest value")
_TESTS = (
    (">", ("more than", "over", "above")), (">", ("more than", "over")), ("<", ("less than", "under", "below")),
    (">=", ("at least",)),
)  # fmt: skip
_COUNT = (
    "how many {things} [had|have] a value of {test} {n} {when}",
    "number of {things} with [a total of|a value of] {test} {n} {when}",
    "how many {things} [brought in|came to|totalled|amounted to] {test} {n} {when}", "count {things} totalling {test} {n} {when}",
)  # fmt: skip
_LIST = (
    "which {things} [came to|totalled|amounted to|brought in] {test} {n} {when}",
    "[show|list|find] [the|all|] {things} [with a total of|with a value of|totalling] {test} {n} {when}",
)  # fmt: skip
_VALUES = (10, 20, 50, 100, 200, 250, 500, 750, 1000, 1500, 2000, 2500, 3000, 5000, 7500, 20000)


def worth(ask: Ask) -> Draft | None:
    """SUM of the lines by the key of what they belong to."""
    world = ask.world
    options = [
        (line, parent, c) for line in world.entities for c in line.columns if c.revenue
        for t, path in world.reach_of(line.table).path.items() for parent in [world.entities[t]]
        if len(path) == 1 and parent.event and parent.key is not None
    ]  # fmt: skip
    if not options:
        return None
    line, parent, revenue = ask.rng.choice(options)
    assert parent.key is not None
    timed, conditions = ask.time(line.table, 0.4), ask.filters(parent.table, 1)
    block = ask.select(line.table, conditions, timed, tables=(parent.table,))
    key = world.ref(parent.key)
    block.items, block.group = [key, f"SUM({world.ref(revenue.index)})"], [key]
    make = _extreme if ask.chance(0.45) else _above
    return make(ask, parent, block, conditions, timed)


def _extreme(ask: Ask, parent: Entity, block: Select, conditions: list[Filter], timed: Timed | None) -> Draft:
    high, count = ask.chance(0.8), 1 if ask.chance(0.5) else ask.rng.choice((3, 5, 10))
    block.order, block.limit = [f"{block.items[1]} {'DESC' if high else 'ASC'}"], count
    frames = _ONE if count == 1 else _MANY if high else _MANY[:3]
    return Draft(ask.compose(
        frames, timed=timed, word=_HIGH if high else _LOW, thing=ask.things(parent.table, conditions, noun=parent.noun),
        things=ask.things(parent.table, conditions), n=number(ask.rng, count),
    ), block.sql())  # fmt: skip


def _above(ask: Ask, parent: Entity, block: Select, conditions: list[Filter], timed: Timed | None) -> Draft:
    value, (sign, words) = ask.rng.choice(_VALUES), ask.rng.choice(_TESTS)
    block.having, block.items, counted = [f"{block.items[1]} {sign} {value}"], block.items[:1], ask.chance(0.6)
    sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found" if counted else block.sql()
    things = ask.things(parent.table, conditions)
    frames = _COUNT if counted else _LIST
    return Draft(ask.compose(frames, timed=timed, things=things, test=words, n=number_text(ask.rng, value)), sql)
