"""Numbers of days, which are said as how long something takes: "suppliers that deliver within two weeks"."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.numbers import number_text

_LEVELS = (
    ("<=", "within {d}"),
    ("<=", "in {d} or less"),
    ("<=", "in at most {d}"),
    ("<", "in less than {d}"),
    ("<", "in under {d}"),
    (">", "in more than {d}"),
    (">=", "in {d} or more"),
)
_NEEDS = (
    (">", "more than {d}"),
    (">", "over {d}"),
    (">", "longer than {d}"),
    (">=", "at least {d}"),
    (">=", "{d} or more"),
    ("<=", "at most {d}"),
    ("<=", "no more than {d}"),
    ("<=", "up to {d}"),
    ("<", "less than {d}"),
    ("<", "under {d}"),
)
_TAKES = ("take {l}", "need {l}", "have a {column} of {l}", "require {l}")
_LIST = (
    "which {things} {x}",
    "{things} {that} {x}",
    "[show|list|find|give me] [all|the|] {things} {that} {x}",
    "[which|what] of [our|the] {things} {x}",
    "[please list|i need] [all|the] {things} {that} {x}, with [their|the] {column}",
)
_COUNT = (
    "how many {things} {x}",
    "number of {things} {that} {x}",
    "how many of [our|the] {things} {x}",
    "{things} {that} {x}: how many",
    "[count|count the] {things} {that} {x}",
)


def lead_time(ask: Ask) -> Draft | None:
    """A number of days compared with days or weeks; listed, with the days in order of them, or counted."""
    options = [(e, c) for e in ask.world.entities for c in e.with_role("measure") if _of_days(c) and ask.world.numbers(c.index)]
    if not options:
        return None
    entity, column = ask.rng.choice(options)
    samples, weeks = ask.world.numbers(column.index), ask.chance(0.4)
    value = ask.rng.uniform(min(samples), max(samples))
    count = max(1, round(value / (7 if weeks else 1)))
    unit = "week" if weeks else "day"
    days, said = count * (7 if weeks else 1), f"{number_text(ask.rng, count)} {unit}{'s' if count > 1 else ''}"
    said = ask.rng.choice(("a week", "one week")) if weeks and count == 1 else said
    ask.protect(said)
    lead, head = "lead" in column.noun.split(), column.noun.rpartition(" ")[0] if column.noun.endswith(" days") else column.noun
    if lead and ask.chance(0.55):
        operator, words = ask.rng.choice(_LEVELS)
        x = f"{ask.rng.choice(('deliver', 'supply', 'can deliver', 'ship'))} {words.format(d=said)}"
    else:
        operator, words = ask.rng.choice(_NEEDS)
        x = ask.rng.choice(_TAKES).format(l=words.format(d=said), column=head)
        x += " to deliver" if lead and x.startswith(("take", "need")) and ask.chance(0.7) else ""
    ref, counted = ask.world.ref(column.index), not entity.labels or ask.chance(0.45)
    conditions = ask.filters(entity.table, 2, avoid=(column.index,)) if ask.chance(0.6) else []
    block = ask.select(entity.table, conditions)
    block.where.append(f"{ref} {operator} {days}")
    frame = ask.rng.choice(_COUNT if counted else _LIST)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in entity.labels]
    if "{column}" in frame:
        block.items.append(ref)
        if ask.chance(0.5):
            slowest = ask.chance(0.3)
            block.order = [f"{ref} {'DESC' if slowest else 'ASC'}"]
            frame += f", the {ask.rng.choice(('slowest', 'longest') if slowest else ('quickest', 'fastest', 'shortest'))} first"
    return Draft(
        ask.compose(
            frame.replace("{x}", x),
            things=ask.things(entity.table, conditions),
            column=head,
            that="who" if entity.person else "that",
        ),
        block.sql(),
    )


def _of_days(column: ColumnRole) -> bool:
    words = set(column.noun.split())
    return "days" in words or {"lead", "time"} <= words
