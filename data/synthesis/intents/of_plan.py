"""The percentage of its plan that each owner reached, in a year or one of its parts, for owners of a kind, or for one."""

from __future__ import annotations

import re

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.intents.targets import actual, period_of, plans, tidy
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import When, number, unit_start

_EACH = (
    "what {word} of its {its} {plan} did each {dim} [reach|achieve|make|hit]",
    "what {word} of their {its} {plan} did [the|] {dims} [reach|achieve|hit]",
    "{word} of [the|their] {its} {plan} reached by {dims}", "{rate} [by|per|of each] {dim} in {period}",
    "{rate} of [the|all|] {dims} in {period}", "[show|list|give me] the {rate} [of|for] [each|every] {dim} in {period}",
    "how [much|large a part] of [its|the] {its} {plan} did each {dim} [reach|achieve], as a {word}",
    "{dims} and the {word} of their {plan} [they reached|achieved|that was reached] in {period}",
    "for each {dim}, [actual|] {name} as a {word} of the {plan} in {period}",
    "[could you|please] [show|work out] what {word} of [its|the] {plan} each {dim} reached in {period}",
    "{name} of each {dim} as a {word} of its {plan} in {period}", "{its} {rate} by {dim}",
)  # fmt: skip
_SORTED = {
    True: ("best first", "highest first", "from best to worst", "sorted from high to low", "in descending order"),
    False: ("worst first", "lowest first", "from worst to best", "sorted from low to high", "in ascending order"),
}
_ENDS = (
    "which {n} {dims} had the {edge} {rate} in {period}", "the {n} {dims} with the {edge} {rate} in {period}",
    "{n} {dims} with the {edge} {word} of their {plan} reached in {period}", "{edge} {n} {dims} by {rate} in {period}",
)  # fmt: skip
_END = (
    "which {dim} had the {edge} {rate} in {period}", "{dim} with the {edge} {rate} in {period}",
    "which {dim} reached the {edge} {word} of its {plan} in {period}", "[name|find] the {dim} with the {edge} {rate} in {period}",
)  # fmt: skip
_ONE = (
    "what {word} of its {its} {plan} did {row} [reach|achieve|make|hit]", "{rate} of {row} in {period}",
    "[what was|show|tell me] the {rate} of {row} in {period}", "{row}: {word} of {plan} reached in {period}",
    "what {word} of the {plan} did {row} [reach|achieve] in {period}", "{row} {rate} {its}",
    "how much of its {plan} did {row} reach in {period}, as a {word}", "{name} of {row} in {period} as a {word} of its {plan}",
    "what {word} of the {its} {plan} was [reached|achieved] by {row}",
)  # fmt: skip


def of_plan(ask: Ask) -> Draft | None:
    """The sum of the owner's events by a subquery / SUM of its plans of the year, or / its plan where the period has only one."""
    options = plans(ask)
    if not options:
        return None
    plan, world, rng = ask.rng.choice(options), ask.world, ask.rng
    yearly = plan.unit != "year" and ask.chance(0.6)
    when = period_of(ask, plan, "year" if yearly else plan.unit)
    brought, ref = actual(ask, plan, when), world.ref
    if brought is None or plan.owner.key is None:
        return None
    name, label = when.full, plan.owner.labels[0]
    if yearly and when.start == unit_start(when.start or world.as_of, "year") and name.isdigit() and ask.chance(0.25):
        name = f"full-year {name}"
    amount = f"SUM({ref(plan.amount.index)})" if yearly else ref(plan.amount.index)
    percent, one = ask.chance(0.75), ask.chance(0.25) and len(plan.owner.labels) == 1 and bool(world.texts(label))
    item = f"{'100.0 * ' if percent else ''}{brought} / {amount}"
    conditions = ask.filters(plan.owner.table, 1, avoid=plan.owner.labels, tables=(plan.owner.table,))
    conditions = [] if one or ask.chance(0.25) else conditions
    block = ask.select(plan.plan.table, conditions, tables=(plan.owner.table,))
    block.where.append(when.sql(ref(plan.date)))
    block.items = [*(ref(c) for c in plan.owner.labels), item]
    if yearly:
        block.group = [ref(plan.owner_key.source), *(ref(c) for c in plan.owner.labels)]
    noun, high, count = rng.choice(plan.owner.nouns[:2]), ask.chance(0.55), rng.choice((1, 1, 3, 5, 10))
    slots: dict[str, Slot] = dict(
        name=("sales", "revenue", "turnover"), plan=("target", "target", "goal"), period=name,
        its=name.removeprefix("the "), n=number(rng, count),
        dim=ask.things(plan.owner.table, conditions, noun=noun),
        dims=ask.things(plan.owner.table, conditions, noun=f"{noun}\0"),
        word=("percentage", "percent") if percent else ("share", "fraction"),
        rate=("target attainment in percent", "attainment in percent", "percent of target reached",
              "percentage of target reached") if percent else ("target attainment", "attainment", "attainment rate"),
        edge=("highest", "best") if high else ("lowest", "worst"),
    )  # fmt: skip
    frames: tuple[str, ...] = _EACH
    chance = rng.random()
    if one:
        value = rng.choice(world.texts(label))
        ask.protect(value)
        block.where.insert(0, f"{ref(label)} = {literal(value)}")
        block.items, frames = [item], _ONE
        if yearly:
            block.group = [ref(plan.owner_key.source)]
        slots["row"] = value
    elif chance < 0.4:
        block.order = [f"{item} {'DESC' if high else 'ASC'}"]
        frames = tuple(f"{f}, {end}" for f in _EACH for end in _SORTED[high])
    elif chance < 0.6:
        block.order, block.limit = [f"{item} {'DESC' if high else 'ASC'}"], count
        frames = _END if count == 1 else _ENDS
    if re.search(r"\b(?:were|have|are|their)\b", str(slots["dim"])):  # what is said of several is not said of each
        frames = tuple(f for f in frames if "{dim}" not in f)
    if not frames:
        return None
    return Draft(_spoken(tidy(ask.compose(frames, **slots)), when), block.sql())


def _spoken(question: str, when: When) -> str:
    """ "Its target of last year" rather than "its last year target"; targets are reached by somebody."""
    question = re.sub(r"\breached (?:of|for) ", "reached by ", question)
    if when.full.startswith(("last", "this")):
        for noun in ("target", "goal"):
            question = question.replace(f"{when.full} {noun}", f"{noun} of {when.full}")
    return question
