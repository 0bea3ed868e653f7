"""Rows by two dates of their own: what took long, what is still open, when things ran and for how long."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.dates import verb_of
from nl2sql.data.synthesis.filters.derived import day_pairs, days_sql
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.intents.listing import row_by_name
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import Timed, When, named, step, unit_start

_TOOK = (
    "how many {things} took {amount} to {base} {when}", "how many {things} {when} took {amount} to be {verb}",
    "number of {things} {verb} after {amount} {when}",
    "how many {things} {when} [were {verb}|got {verb}] {amount} later",
    "how many {things} needed {amount} until they were {verb} {when}",
    "{things} {when} that took {amount} to {base}: how many",
    "how many {things} [waited|had to wait] {amount} to be {verb} {when}",
)  # fmt: skip
_LASTED = (
    "[which|what] {things} {span} [lasted|ran for|ran] {amount}", "{things} {span} [lasting|that lasted|that ran for] {amount}",
    "[show|list] [the|all|] {things} {span} that [ran|lasted] {amount}", "{things} with {amount} between {a} and {b} {span}",
)  # fmt: skip
_OPEN = (
    "how many [of the|] {things} {placed} [have not been|are not|are still not|haven't been] {verb} [yet|]",
    "{things} {placed} [and|but] not {verb} [yet|so far]: how many",
    "[among|of] the {things} {placed}, how many [are not {verb} yet|have not been {verb}|are still to be {verb}]",
    "number of {things} {placed} that [are|were] [not yet|still not|never] {verb}",
    "how many {placed_things} [are still waiting to be|remain to be|have yet to be] {verb}",
    "count the {things} {placed} without a {noun}", "not {verb} [yet|] [among|of] the {things} {placed}: [how many|count]",
)  # fmt: skip
_SPAN = (
    "[show|list|give me] [the|all|] {things} {started} with [their|] {a} and {b}", "{things} {started}, with {a} and {b}",
    "{things} {started}: {a} and {b}",
    "[which|what] {things} {verb} {span}? show {a} and {b}", "[when did|from when to when did] the {things} {started} [run|last]",
    "{things} {started} with the dates on which they start and end", "[names|name], {a} and {b} of [the|all|] {things} {started}",
)  # fmt: skip
_LONG = (
    "how many days [lie|are|are there|passed] between {a} and {b} of {row}", "how [long|many days] did {row} [last|run|go on]",
    "length of {row} in days",
    "days from {a} to {b} of {row}", "[for|] how many days did {row} [run|last]", "duration of {row} in days",
)  # fmt: skip
_LONG_EACH = (
    "how [long|many days] did each {thing} [last|run] {span}", "[show|list] [every|each] {thing} {span} with its length in days",
    "{things} {span} and how many days they [lasted|ran]",
    "days between {a} and {b} [for|of] [each|every] {thing} {span}", "length in days of [each|every] {thing} {span}",
)  # fmt: skip
_AMOUNTS = (
    (">", ("more than {n}", "over {n}", "longer than {n}")),
    (">", ("more than {n}",)),
    ("<", ("less than {n}", "under {n}")),
    (">=", ("at least {n}",)),
)


def two_dates(ask: Ask) -> Draft | None:
    """What took so long, is still open, started in a period (with both dates), or lasted how many days."""
    pairs = [(e, a, b) for e in ask.world.entities for a, b in day_pairs(e)]
    if not pairs:
        return None
    entity, first, second = ask.rng.choice(pairs)
    if not entity.labels:
        make = _still_open if ask.world.schema.columns[second.index].nullable and ask.chance(0.5) else _took
        return make(ask, entity, first, second)
    return ask.rng.choice((_span, _span, _long, _lasted))(ask, entity, first, second)


def _amount(ask: Ask) -> tuple[str, int, str]:
    """An operator, days, and how they are said: "more than two weeks"."""
    operator, frames = ask.rng.choice(_AMOUNTS)
    days = ask.rng.choice((1, 2, 3, 3, 4, 5, 6, 7, 7, 8, 10, 14, 14, 21, 28, 30))
    weeks = days % 7 == 0 and ask.chance(0.7)
    count, unit = (days // 7, "week") if weeks else (days, "day")
    said = "a week" if weeks and count == 1 else f"{number_text(ask.rng, count)} {unit}{'s' if count > 1 else ''}"
    ask.protect(said)
    return operator, days, ask.rng.choice(frames).replace("{n}", said)


def _took(ask: Ask, entity: Entity, first: ColumnRole, second: ColumnRole) -> Draft | None:
    """COUNT(*) WHERE DATE_DIFF(first, second) > n."""
    verb = verb_of(second)
    if not verb or " " in verb:
        return None
    operator, days, said = _amount(ask)
    conditions, timed = ask.filters(entity.table, 1, avoid=(first.index, second.index)), ask.time(entity.table, 0.5)
    block = ask.select(entity.table, conditions, timed)
    block.items = ["COUNT(*)"]
    block.where.append(f"{days_sql(ask.world, first.index, second.index)} {operator} {days}")
    base = second.noun.split()[0]
    frames = tuple(f for f in _TOOK if base in ("ship", "deliver", "pay", "publish") or "{base}" not in f)
    return Draft(
        ask.compose(frames, timed=timed, things=ask.things(entity.table, conditions), amount=said, verb=verb, base=base),
        block.sql(),
    )


def _still_open(ask: Ask, entity: Entity, first: ColumnRole, second: ColumnRole) -> Draft | None:
    """COUNT(*) WHERE second IS NULL AND first in a period."""
    verb, done = verb_of(second), verb_of(first) or "from"
    if not verb or " " in verb:
        return None
    when = _calendar(ask, first.index)
    conditions = ask.filters(entity.table, 1, avoid=(first.index, second.index)) if ask.chance(0.35) else []
    block = ask.select(entity.table, conditions, Timed(first.index, when))
    block.where.append(f"{ask.world.ref(second.index)} IS NULL")
    block.items = ["COUNT(*)"]
    things = ask.things(entity.table, conditions)
    placed = f"{done if ' ' not in done else ''} {when.full}".strip()
    return Draft(
        ask.compose(_OPEN, things=things, placed=placed, placed_things=f"{things} {placed}", verb=verb, noun=second.noun),
        block.sql(),
    )


def _calendar(ask: Ask, column: int) -> When:
    """A year, quarter or month of the data, or this or the last one."""
    first, last = ask.world.date_range(column)
    unit = ask.rng.choice(("year", "quarter", "month", "month"))
    start = unit_start(first + (last - first) * ask.rng.random(), unit)
    if ask.chance(0.25):
        word, start = ask.rng.choice(
            (("last", step(unit_start(ask.world.as_of, unit), unit, -1)), ("this", unit_start(ask.world.as_of, unit)))
        )
        return When(f"{word} {unit}", f"{word} {unit}", start, step(start, unit, 1))
    name = named(ask.rng, start, unit)
    ask.protect(name)
    return When(f"in {name}", name, start, step(start, unit, 1))


def _span(ask: Ask, entity: Entity, first: ColumnRole, second: ColumnRole) -> Draft | None:
    """SELECT labels, both dates WHERE the first is in a period."""
    when = _calendar(ask, first.index)
    verb = (verb_of(first) or "from").removeprefix("that ").removeprefix("who ")
    verb = "started" if verb == "start" else verb
    conditions = ask.filters(entity.table, 1, avoid=(first.index, second.index)) if ask.chance(0.3) else []
    block = ask.select(entity.table, conditions, Timed(first.index, when))
    block.items = [ask.world.ref(c) for c in (*entity.labels, first.index, second.index)]
    names = [ask.rng.choice(c.nouns[:2]) for c in (first, second)]
    that = "who" if entity.person else "that"
    started = say(ask.rng, ("{that} {verb} {when}", "{that} {verb} {when}", "{when}",
        "[starting|beginning] {when}" if verb == "started" else "{verb} {when}"),
                  that=that, verb=verb if verb == "started" or verb_of(first).startswith(("that", "who")) else f"were {verb}",
                      when=when.full)  # fmt: skip
    frames = _SPAN if verb == "started" else _SPAN[:3]
    return Draft(ask.compose(frames, things=ask.things(entity.table, conditions), started=started, a=names[0], b=names[1],
        verb=verb, span=when.full),
                 block.sql())  # fmt: skip


def _lasted(ask: Ask, entity: Entity, first: ColumnRole, second: ColumnRole) -> Draft | None:
    """Rows by the days between their two dates."""
    operator, days, said = _amount(ask)
    block = ask.select(entity.table)
    when = ""
    if ask.chance(0.4):
        timed = Timed(first.index, _calendar(ask, first.index))
        block, when = ask.select(entity.table, (), timed), f"{'starting' if 'start' in first.noun else ''} {timed.when.full}"
    block.items = [ask.world.ref(c) for c in entity.labels]
    block.where.append(f"{days_sql(ask.world, first.index, second.index)} {operator} {days}")
    frames = _LASTED if "end" in second.noun.split() else _LASTED[3:]
    return Draft(
        ask.compose(frames, things=ask.things(entity.table), amount=said, a=first.noun, b=second.noun, span=when), block.sql()
    )


def _long(ask: Ask, entity: Entity, first: ColumnRole, second: ColumnRole) -> Draft | None:
    """The days between the two dates of one row, or of every row."""
    days = days_sql(ask.world, first.index, second.index)
    ends = "end" in second.noun.split()
    frames: tuple[str, ...]
    if ask.chance(0.5) and (found := row_by_name(ask, entity)):
        block = ask.select(entity.table)
        block.items, (names, block.where) = [days], found
        frames = _LONG if ends else (_LONG[0], _LONG[3])
        return Draft(ask.compose(frames, a=first.noun, b=second.noun, row=" ".join(names)), block.sql())
    timed = Timed(first.index, _calendar(ask, first.index)) if ask.chance(0.5) else None
    block = ask.select(entity.table, (), timed)
    block.items = [*(ask.world.ref(c) for c in entity.labels), days]
    when = f"{'starting' if 'start' in first.noun else ''} {timed.when.full}" if timed else ""
    frames = _LONG_EACH if ends else _LONG_EACH[3:4]
    return Draft(
        ask.compose(frames, thing=ask.noun(entity), things=ask.things(entity.table), a=first.noun, b=second.noun, span=when),
        block.sql(),
    )
