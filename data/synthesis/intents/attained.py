"""What was reached beside what was planned: both figures, the part that was attained, the gap, for every owner of a plan."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.targets import actual, period_of, plans, tidy
from nl2sql.data.synthesis.times import number

_BOTH = (
    "[actual|real] {name} against {plan} [by|per|for each] {dim} in {period}",
    "{name} and {plan} [of|for] each {dim} in {period}",
    "[show|list|compare] {name} [with|against|next to] the {plan} [by|per|of each] {dim} in {period}",
    "how did {name} compare [with|to] the {plan} in each {dim} in {period}",
    "for each {dim}, [actual|the] {name} and the {plan} of {period}",
    "{dims} with [their|the] {name} beside their {plan} in {period}",
    "actual vs {plan} per {dim} in {period}",
)  # fmt: skip
_PART = (
    "{rate} [by|per|of each] {dim} in {period}", "[show|what was] the {rate} of each {dim} in {period}",
    "{name} as a {word} of the {plan} [by|per] {dim} in {period}",
    "what {word} of its {plan} did each {dim} [reach|achieve|make] in {period}",
    "for each {dim}, the {word} of the {plan} that was [reached|met|achieved] in {period}",
)  # fmt: skip
_GAP = (
    "[gap|difference] between {name} and {plan} [by|per] {dim} in {period}",
    "by how much did each {dim} [beat or miss|miss or beat] its {plan} in {period}",
    "[how far|how much] above or below [its|the] {plan} was each {dim} in {period}",
    "{name} minus {plan} [by|per] {dim} in {period}",
    "deviation from {plan} [by|per] {dim} in {period}", "actual minus {plan} for every {dim} in {period}",
)  # fmt: skip
_ENDS = {
    "part": (
        "the {n} {dims} with the {edge} {rate} in {period}", "{edge} {rate} in {period}: {n} {dims}",
        "which {n} {dims} had the {edge} {rate} in {period}",
        "{n} {dims} with the {edge} {word} of their {plan} reached in {period}",
    ),
    "above": (
        "which {n} {dims} beat their {plan} by the most in {period}", "the {n} {dims} furthest above {plan} in {period}",
        "{n} {dims} that exceeded their {plan} the most in {period}",
    ),
    "below": (
        "which {n} {dims} missed their {plan} by the most in {period}", "the {n} {dims} furthest below {plan} in {period}",
        "{n} {dims} that fell short of their {plan} the most in {period}",
    ),
}  # fmt: skip


def attained(ask: Ask) -> Draft | None:
    """The owner's name, the sum of its events by a subquery, and its plan: side by side, divided or subtracted."""
    options = plans(ask)
    if not options:
        return None
    plan = ask.rng.choice(options)
    when = period_of(ask, plan, plan.unit)
    brought, ref = actual(ask, plan, when), ask.world.ref
    if brought is None:
        return None
    amount, kind = ref(plan.amount.index), ask.rng.choice(("both", "both", "part", "part", "gap"))
    block = ask.select(plan.plan.table, tables=(plan.owner.table,))
    block.where, percent, high = [when.sql(ref(plan.date))], ask.chance(0.5), ask.chance(0.6)
    item = {"both": brought, "part": f"{'100.0 * ' if percent else ''}{brought} / {amount}", "gap": f"{brought} - {amount}"}[kind]
    block.items = [*(ref(c) for c in plan.owner.labels), item, *([amount] if kind == "both" else [])]
    frames, count = {"both": _BOTH, "part": _PART, "gap": _GAP}[kind], ask.rng.choice((3, 5, 5, 10))
    if kind != "both" and ask.chance(0.4):
        block.order, block.limit = [f"{item} {'DESC' if high else 'ASC'}"], count
        frames = _ENDS["part" if kind == "part" else "above" if high else "below"]
    words = ("attainment in percent", "target achievement in percent") if percent else ("attainment rate", "target attainment")
    noun = ask.rng.choice(plan.owner.nouns[:2])
    return Draft(tidy(ask.compose(
        frames, name=("sales", "revenue", "turnover"), plan=("target", "target", "goal"), period=when.full, dim=noun,
        dims=ask.things(plan.owner.table, noun=noun + "\0"), rate=words,
        word=("percentage",) if percent else ("share", "fraction"),
        edge=("highest", "best") if high else ("lowest", "worst"), n=number(ask.rng, count),
    )), block.sql())  # fmt: skip
