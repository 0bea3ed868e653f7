"""What went back as a part of what came in; one owner's figure against its own plan."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.intents.ratio import RATE_EVENTS
from nl2sql.data.synthesis.intents.targets import actual, period_of, plans, tidy
from nl2sql.data.synthesis.measures import column_noun, sum_of
from nl2sql.data.synthesis.roles import Entity
from nl2sql.records import ForeignKey

_ALL = (
    "{back} {scope} {when} as {part} of {name}", "{back} as {part} of {name} {scope} {when}",
    "{back} [relative|in relation] to {name} {scope} {when}, {unit}",
    "what {word} of {name} {scope} [went back|was lost|was given back] as {back} {when}",
    "[what is|what was|show|calculate|compute] {part_of} {name} {scope} that [went back|was lost] [in|as|through] {back} {when}",
    "what {word} of {name} {scope} [do|did] {back} [make up|amount to|account for|eat up] {when}",
    "how [high|large] [are|were] {back} {scope} {when} [compared to|relative to] {name}, {unit}",
    "[show|give me] {back} as {part} of {name} {scope} {when}", "ratio of {back} to {name} {scope} {when}, {unit}",
    "{back} over {name} {scope} {when}, {unit}", "{back} vs {name} {scope} {when}, {unit}",
    "how much of [the|our] {name} {scope} did we lose to {back} {when}, {unit}",
)  # fmt: skip
_BY = (
    "{back} relative to {name} [by|per|for each] {dim} {scope} {when}, {unit}",
    "{back} as {part} of {name} [by|per] {dim} {scope} {when}", "for each {dim}, {back} as {part} of {name} {scope} {when}",
    "what {word} of {name} went back as {back} [by|per|in each] {dim} {scope} {when}",
    "[show|list|give me] {back} as {part} of {name} [for each|by|per] {dim} {scope} {when}",
    "{dims} with their {back} as {part} of {name} {scope} {when}",
    "ratio of {back} to {name} [by|per] {dim} {scope} {when}, {unit}",
    "{name} {scope} lost to {back} [by|per] {dim} {when}, {unit}",
    "how [high|large] [are|were] {back} compared to {name} in each {dim} {scope} {when}, {unit}",
)  # fmt: skip
_TOP = (
    "which {dim} [has|had] the highest {back} relative to {name} {scope} {when}, {unit}",
    "{dim} with the highest {back} as {part} of {name} {scope} {when}",
    "which {dim} lost the largest {word} of {name} to {back} {scope} {when}",
)  # fmt: skip


def _events(ask: Ask) -> list[tuple[ColumnRole, ForeignKey, ColumnRole]]:
    """Money of an event that befalls rows of another table at most once, and the money of those rows."""
    world, found = ask.world, []
    for table, keys in world.children.items():
        whole = [c for c in world.entities[table].columns if c.additive and c.unit == "money"]
        whole = [c for c in whole if c.revenue] or [c for c in whole if not _cost(c)]
        for key in keys:
            child = world.entity_of(key.source)
            parts = [c for c in child.columns if c.additive and c.unit == "money"]
            named = child.noun.rpartition(" ")[2] in RATE_EVENTS or any("refund" in c.noun.split() for c in parts)
            if named and whole and len(parts) == 1 and world.entities[table].key == key.target and _once(ask, key, child):
                found.append((parts[0], key, whole[0]))
    return found


def _cost(column: ColumnRole) -> bool:
    return bool({"cost", "tax", "discount", "refund", "shipping", "freight"} & set(column.noun.split()))


def _once(ask: Ask, key: ForeignKey, child: Entity) -> bool:
    """Whether no two rows of the event refer to the same row, so that joining them repeats no amount."""
    columns, rows = ask.world.schema.columns, ask.world.schema.tables[child.table].rows
    rows = rows or (columns[child.key].distinct if child.key is not None else None)
    return columns[key.source].unique or bool(rows and columns[key.source].distinct == rows)


def money_back(ask: Ask) -> Draft | None:
    """SUM of the event's money over SUM of the rows' own, by LEFT JOIN; the period is that of the rows."""
    options = _events(ask)
    if not options:
        return None
    part, key, whole = ask.rng.choice(options)
    world, root, event = ask.world, whole.table, _back(ask, part)
    timed, kind = ask.time(root, 0.5), ask.rng.choices(("all", "by", "top"), (5, 5, 1.5))[0]
    dimension = ask.dimension(root, flags=False) if kind != "all" else None
    if dimension is None and kind != "all":
        return None
    conditions = ask.filters(root, 1, avoid=dimension.columns if dimension else ()) if ask.chance(0.5) else []
    measure, percent = sum_of(world, whole, ask.rng), ask.chance(0.7)
    block = ask.select(root, conditions, timed, tables=(dimension.table,) if dimension else ())
    block.left = key
    ratio = f"SUM({world.ref(part.index)}) / {measure.sql}"
    ratio = f"100.0 * {ratio}" if percent else ratio
    block.split(dimension, ratio)
    if kind == "top":
        block.order, block.limit = [f"{ratio} DESC"], 1
    word = ask.rng.choice(("percentage",) if percent else ("share", "share", "fraction", "proportion"))
    slots = dict(dim=dimension.noun, dims=dimension.plural) if dimension else {}
    return Draft(ask.compose(
        {"all": _ALL, "by": _BY, "top": _TOP}[kind], timed=timed, back=event, name=measure.names[:1],
        scope=ask.scope(measure, conditions), part=f"a {word}", part_of=f"the {word} of", word=word,
        unit=("in percent", "as a percentage", "in %") if percent else ("as a share", "as a ratio"), **slots,
    ), block.sql())  # fmt: skip


def _back(ask: Ask, part: ColumnRole) -> tuple[str, ...]:
    """What the event's money is called."""
    noun = column_noun(ask.world, part, ask.rng).removeprefix("total ")
    if "refund" in part.noun.split():
        return "refunds", "refunds", "total refunds", "refund amounts"
    many = lexicon.plural(noun)
    return many, f"total {many}"


_ABOVE = (
    "how far above {plan} was {row} {period}", "by how much did {row} [beat|exceed|surpass] its {plan} {period}",
    "{row} {name} minus {plan} {period}", "[how much|how far] was {row} above {plan} {period}",
    "did {row} [reach|meet|make|hit|beat] its {plan} {period}, and by how much", "{row}: {name} minus {plan} {period}",
    "difference between {name} and {plan} [of|for] {row} {period}", "{row} {period}: how far over {plan}",
    "gap between the {name} of {row} and its {plan} {period}",
    "how much [more|more money] than its {plan} did {row} [sell|make|bring in] {period}",
    "[show|tell me] how far {row} was ahead of its {plan} {period}", "deviation of {row} from its {plan} {period}",
)  # fmt: skip
_BELOW = (
    "how far below {plan} was {row} {period}", "by how much did {row} [miss|fall short of] its {plan} {period}",
    "how much was {row} [short of|behind|below] its {plan} {period}", "{row} {plan} minus {name} {period}",
    "shortfall of {row} against its {plan} {period}", "how much {name} did {row} lack to reach its {plan} {period}",
    "[tell me|show] by how much {row} missed the {plan} {period}", "{row} {period}: how far under {plan}",
)  # fmt: skip
_PART = (
    "what [percentage|percent] of its {plan} did {row} [reach|achieve|make] {period}",
    "{row}: {name} as a percentage of {plan} {period}", "{plan} attainment of {row} {period} in percent",
    "to what percentage did {row} [reach|meet|fulfil] its {plan} {period}",
    "how many percent of its {plan} did {row} [reach|achieve] {period}",
    "{name} of {row} {period} as a percentage of its {plan}",
)  # fmt: skip
_BOTH = (
    "{name} of {row} {period} [next to|beside|against|and] its {plan}",
    "did {row} [reach|meet|make|hit|miss] its {plan} {period}, show both figures", "{row} {period}: {name} and {plan}",
    "[show|give me] the {name} and the {plan} of {row} {period}", "{row} {name} vs {plan} {period}",
    "compare the {name} of {row} with its {plan} {period}",
)  # fmt: skip


def over_target_of_one(ask: Ask) -> Draft | None:
    """One owner's sum, by a subquery, minus its plan of the period; plan minus sum where it is asked what was missing."""
    options = [p for p in plans(ask) if len(p.owner.labels) == 1 and ask.world.texts(p.owner.labels[0])]
    if not options:
        return None
    plan, ref = ask.rng.choice(options), ask.world.ref
    when, value = period_of(ask, plan, plan.unit), ask.rng.choice(ask.world.texts(plan.owner.labels[0]))
    brought, amount = actual(ask, plan, when), ref(plan.amount.index)
    if brought is None:
        return None
    ask.protect(value)
    block = ask.select(plan.plan.table, tables=(plan.owner.table,))
    block.where = [f"{ref(plan.owner.labels[0])} = {literal(value)}", when.sql(ref(plan.date))]
    kind = ask.rng.choices(("above", "below", "part", "both"), (4, 3, 2, 2))[0]
    block.items = {"above": [f"{brought} - {amount}"], "below": [f"{amount} - {brought}"], "both": [brought, amount],
                   "part": [f"100.0 * {brought} / {amount}"]}[kind]  # fmt: skip
    frames = {"above": _ABOVE, "below": _BELOW, "part": _PART, "both": _BOTH}[kind]
    return Draft(tidy(ask.compose(
        frames, row=value, period=f"in {when.full}", name=("sales", "revenue", "turnover"),
        plan=("target", "target", "goal"),
    )), block.sql())  # fmt: skip
