"""Plans against what came of them: a table of targets per entity and period, beside the table of what was sold."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.filters.numbers import number_text, rounded
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import When, named, step, unit_start
from nl2sql.data.synthesis.vocabulary import PLANS
from nl2sql.records import ForeignKey

_WORDS = ("target", "goal", "target", "quota", "plan", "planned sales")
_LOOKUP = (
    "what [is|was] the {plan} [of|for] {row} [for|in] {period}", "{plan} [of|for] {row} [in|for|] {period}",
    "{row} {plan} {period}",
    "[show|give me|tell me] the {plan} [of|for] {row} [for|in] {period}",
    "how much [should|was] {row} [sell|meant to sell] in {period}",
    "how high [is|was] the {plan} [of|for] {row} [for|in] {period}",
)  # fmt: skip
_TOTAL = (
    "[what is|what was] the [total|overall] {plan} [in|for] {period}", "[total|overall] {plan} [for|in|] {period}",
    "sum of all {plan}s [in|for] {period}",
    "how much [revenue|] [did we plan|was planned] [for|in] {period}", "what did we plan to sell in {period}",
    "[the|our] {plan}s for {period}, [summed up|added up]", "{plan} [for|in] {period} [in total|altogether|overall]",
    "planned [revenue|sales] [for|in] {period}", "what [is|was] planned [for|in] {period} [in total|altogether]",
)  # fmt: skip
_HIGHEST = (
    "which {thing} [has|had] the {word} {plan} [in|for] {period}", "{thing} with the {word} {plan} [in|for] {period}",
    "[who|which {thing}] was given the {word} {plan} [in|for] {period}",
)  # fmt: skip
_BY = (
    "average {plan} [by|per] {dim} [in|for] {period}", "what [is|was] the average {plan} of [each|every] {dim} in {period}",
    "[show|give me] the mean {plan} [per|by] {dim} {inperiod}", "average {ly} {plan} [by|per] {dim} [in|for] {period}",
    "how high [is|was] the {ly} {plan} [by|per] {dim} on average in {period}",
)  # fmt: skip
_MISSED = (
    "[which|what] {things} [missed|failed to reach|fell short of|did not reach|didn't make|stayed below] their {plan} in "
    "{period}",
    "{things} below {plan} in {period}",
    "[show|list|find] [the|all|] {things} [that|which] [missed|fell short of] [the|their] {plan} in {period}",
    "who [missed|fell short of] the {plan} in {period}", "{things} that did not [meet|make] the {plan} for {period}",
)  # fmt: skip
_MET = (
    "[which|what] {things} [beat|exceeded|reached|met|hit|topped] their {plan} in {period}", "{things} above {plan} in {period}",
    "[show|list|find] [the|all|] {things} [that|which] [beat|exceeded|met] [the|their] {plan} in {period}",
)  # fmt: skip
_HOW_MANY_MISSED = (
    "how many {things} [missed|fell short of|failed to reach|did not reach|didn't make] [their|the] {plan} in {period}",
    "how many of [our|the] {things} [missed|stayed below|did not meet] their {plan} in {period}",
    "number of {things} [below|that missed] [the|their] {plan} in {period}",
)
_HOW_MANY_MET = (
    "how many {things} [reached|met|hit|beat|exceeded|made] [their|the] {plan} in {period}",
    "how many of [our|the] {things} [reached|made|exceeded] their {plan} in {period}",
    "number of {things} [above|that reached] [the|their] {plan} in {period}",
)


@dataclass(frozen=True)
class Plan:
    """``plan`` holds a target per ``owner`` and period; ``revenue`` sums up what the owner's events (``fact``) brought."""

    plan: Entity
    amount: ColumnRole
    date: int
    owner: Entity
    owner_key: ForeignKey
    unit: str


def plans(ask: Ask) -> list[Plan]:
    """The schema's tables of targets."""
    world, found = ask.world, []
    for plan in world.entities:
        amounts = [c for c in plan.with_role("measure") if set(c.noun.split()) & PLANS or set(plan.noun.split()) & PLANS]
        if not amounts or plan.main_date is None:
            continue
        words = world.columns[plan.main_date].noun.split()
        unit = next((u for u in ("quarter", "month", "year", "week") if u in words), "month")
        for key in world.schema.foreign_keys:
            owner = world.entity_of(key.target)
            if world.schema.owner[key.source] == plan.table and owner.labels and owner.key == key.target:
                found.append(Plan(plan, amounts[0], plan.main_date, owner, key, unit))
    return found


def period_of(ask: Ask, plan: Plan, least: str = "") -> When:
    """One of the plan's own periods, or a year."""
    first, last = ask.world.date_range(plan.date)
    unit = least or ask.rng.choice((plan.unit, plan.unit, "year"))
    days = max(1, (last - first).days)
    start = unit_start(first + (last - first) * (ask.rng.randrange(days) / days), unit)
    if ask.chance(0.25) and unit in ("quarter", "year", "month"):
        current = unit_start(ask.world.as_of, unit)
        word, start = ask.rng.choice((("last", step(current, unit, -1)), ("this", current)))
        return When(f"{word} {unit}", f"{word} {unit}", start, step(start, unit, 1))
    name = named(ask.rng, start, unit)
    ask.protect(name)
    return When(name, name, start, step(start, unit, 1))


def target(ask: Ask) -> Draft | None:
    """The plans themselves: of one owner, in all, the highest, the average by a group; or who reached them."""
    options = plans(ask)
    if not options:
        return None
    plan = ask.rng.choice(options)
    kind = ask.rng.choice(("lookup", "total", "highest", "by", "met", "met", "met"))
    word = ask.rng.choice(_WORDS)
    noun = word if ask.chance(0.6) else ask.rng.choice(plan.amount.nouns)
    if kind == "met":
        return _met(ask, plan, ask.rng.choice(("target", "goal", "target", "quota")))
    when = period_of(ask, plan, plan.unit if kind in ("lookup", "highest") else "")
    world = ask.world
    amount, condition = world.ref(plan.amount.index), when.sql(world.ref(plan.date))
    block = ask.select(plan.plan.table, tables=(plan.owner.table,))
    block.where = [condition]
    inwhen = when.full if when.full.startswith(("this", "last")) else f"in {when.full}"
    if kind == "lookup":
        return _lookup(ask, plan, block, noun, when)
    if kind == "total":
        block.tables.discard(plan.owner.table)
        block.items = [f"SUM({amount})"]
        return Draft(tidy(ask.compose(_TOTAL, plan=noun, period=when.full)), block.sql())
    if kind == "highest":
        high = ask.chance(0.7)
        block.items = [*(world.ref(c) for c in plan.owner.labels), amount]
        block.order, block.limit = [f"{amount} {'DESC' if high else 'ASC'}"], 1
        words = ("highest", "biggest", "largest") if high else ("lowest", "smallest")
        return Draft(
            tidy(ask.compose(_HIGHEST, plan=noun, thing=ask.noun(plan.owner), word=words, period=when.full)), block.sql()
        )
    dimension = ask.dimension(plan.plan.table, flags=False)
    if dimension is None:
        return None
    block.tables.add(dimension.table)
    block.items, block.group = [*dimension.show, f"AVG({amount})"], list(dimension.group)
    ly = f"{plan.unit}ly"
    return Draft(tidy(ask.compose(_BY, plan=noun, dim=dimension.noun, period=when.full, inperiod=inwhen, ly=ly)), block.sql())


def _lookup(ask: Ask, plan: Plan, block: Select, noun: str, when: When) -> Draft | None:
    """The plan of one owner, by its name."""
    world, label = ask.world, plan.owner.labels[0]
    if len(plan.owner.labels) > 1 or not world.texts(label):
        return None
    value = ask.rng.choice(world.texts(label))
    ask.protect(value)
    block.where.insert(0, f"{world.ref(label)} = {literal(value)}")
    block.items = [world.ref(plan.amount.index)]
    return Draft(tidy(ask.compose(_LOOKUP, plan=noun, row=value, period=when.full)), block.sql())


def actual(ask: Ask, plan: Plan, when: When) -> str | None:
    """What the owner of a plan's own row brought in the period: a subquery."""
    world = ask.world
    fact = next(
        ((e, c) for e in world.entities for c in e.columns if c.revenue and plan.owner.table in world.reach_of(e.table).path),
        None,
    )
    column = world.time_column(fact[0].table) if fact else None
    if fact is None or column is None:
        return None
    path = world.reach_of(fact[0].table).path[plan.owner.table]
    inner = ask.select(fact[0].table, tables=(world.schema.owner[column], world.schema.owner[path[-1].source]))
    inner.items = [f"SUM({world.ref(fact[1].index)})"]
    inner.where = [f"{world.ref(path[-1].source)} = {world.ref(plan.owner_key.source)}", when.sql(world.ref(column))]
    return f"({inner.sql()})"


def _met(ask: Ask, plan: Plan, noun: str) -> Draft | None:
    """Owners whose revenue of the period is below (or not below) the plan: a subquery that looks at the plan's own row."""
    world = ask.world
    when, missed = period_of(ask, plan, plan.unit), ask.chance(0.6)
    brought = actual(ask, plan, when)
    if brought is None:
        return None
    block = ask.select(plan.plan.table, tables=(plan.owner.table,))
    amount = world.ref(plan.amount.index)
    block.where = [when.sql(world.ref(plan.date)), f"{amount} {'>' if missed else '<='} {brought}"]
    counted = ask.chance(0.45)
    frames: tuple[str, ...] = _MISSED if missed else _MET
    block.items = ["COUNT(*)"] if counted else [world.ref(c) for c in plan.owner.labels]
    if counted:
        block.tables.discard(plan.owner.table)
        frames = _HOW_MANY_MISSED if missed else _HOW_MANY_MET
    question = ask.compose(frames, things=ask.things(plan.owner.table), plan=noun, period=when.full)
    return Draft(tidy(question), block.sql())


def over_value(ask: Ask) -> Draft | None:
    """Plans above a value: "stores with a target over 100,000 in Q1 2024"."""
    options = plans(ask)
    if not options:
        return None
    plan = ask.rng.choice(options)
    samples = ask.world.numbers(plan.amount.index)
    if not samples:
        return None
    value = round(rounded(ask.rng, ask.rng.uniform(min(samples), max(samples))))
    when, block = period_of(ask, plan, plan.unit), ask.select(plan.plan.table, tables=(plan.owner.table,))
    block.items = [ask.world.ref(c) for c in plan.owner.labels]
    block.where = [when.sql(ask.world.ref(plan.date)), f"{ask.world.ref(plan.amount.index)} > {value}"]
    frames = (
        "[which|what] {things} [have|had] a {plan} [over|above|of more than] {n} in {period}",
        "{things} with a {plan} [over|above] {n} in {period}",
    )
    return Draft(tidy(ask.compose(frames, things=ask.things(plan.owner.table), plan=_WORDS[:4], n=number_text(ask.rng, value),
                                   period=when.full)), block.sql())  # fmt: skip


def tidy(question: str) -> str:
    """No preposition before "this quarter" or "last year"."""
    for word in ("last", "this", "Last", "This"):
        for preposition in ("in", "for", "of", "In", "For"):
            question = question.replace(f" {preposition} {word} ", f" {word} ")
    return question
