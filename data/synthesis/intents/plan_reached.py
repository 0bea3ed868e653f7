"""Plans as people speak of them: who missed a year's, by how much we beat ours, how far each is from its own, how one did."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter, literal
from nl2sql.data.synthesis.intents.targets import Plan, actual, period_of, plans
from nl2sql.data.synthesis.nouns import scope as narrowed
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed, When, number

_NOT = "[missed|missed|didn't reach|did not reach|failed to reach|fell short of|didn't make|didn't hit|did not meet]"
_MISSED = (
    f"[which|what] {{things}} {_NOT} [their|the|their] {{plan}} {{when}}", f"who {_NOT} [the|their] {{plan}} {{when}}",
    f"{{things}} that {_NOT} [their|the] {{plan}} {{when}}", "[which|what] {things} {are} [below|behind|under] {plan} {when}",
    f"[show|list|find|give me] [the|all|] {{things}} that {_NOT} [their|the] {{plan}} {{when}}",
    "{things} [below|behind|under] {plan} {when}", "[which|what] {things} sold less than [planned|their {plan}] {when}",
    "[which|what] {things} underperformed against [their|the] {plan} {when}", "{things} with sales below [target|plan] {when}",
    "[which|what] {things} had [sales|revenue] below [target|plan|their {plan}] {when}",
    "who {be} [below|behind|under] {plan} {when}",
)  # fmt: skip
_DID = "[reached|reached|met|hit|made|beat|exceeded|achieved]"
_OVER = "[above {plan}|ahead of {plan}|on target]"
_MET = (
    f"[which|what] {{things}} {_DID} [their|the|their] {{plan}} {{when}}", f"who {_DID} [the|their] {{plan}} {{when}}",
    f"{{things}} that {_DID} [their|the] {{plan}} {{when}}", f"[which|what] {{things}} {{are}} {_OVER} {{when}}",
    f"[show|list|find|give me] [the|all|] {{things}} that {_DID} [their|the] {{plan}} {{when}}",
    f"{{things}} {_OVER} {{when}}", "[which|what] {things} sold [at least|] as much as planned {when}",
    "[which|what] {things} sold [more|better] than planned {when}", f"who {{be}} {_OVER} {{when}}",
    "[which|what] {things} did better than [their|] {plan} {when}", "{things} with sales above [target|plan] {when}",
)  # fmt: skip
_MANY_MISSED = (f"how many {{things}} {_NOT} [their|the] {{plan}} {{when}}", "number of {things} [below|behind] {plan} {when}",
                "how many {things} {are} [below|behind|under] {plan} {when}")  # fmt: skip
_MANY_MET = (f"how many {{things}} {_DID} [their|the] {{plan}} {{when}}", "number of {things} [above|ahead of] {plan} {when}",
             f"how many {{things}} {{are}} {_OVER} {{when}}")  # fmt: skip
_WE = {
    "above": (
        "by how much did we [beat|exceed|surpass|top] [the|our] {plan} {scope} {when}",
        "how far [above|over|ahead of] [the|our|] {plan} {are} we {scope} {when}",
        "how much did we beat [the|our] {plan} by {scope} {when}", "how much more than planned did we sell {scope} {when}",
        "[sales|revenue] minus {plan} {scope} {when}", "surplus over [the|our|] {plan} {scope} {when}",
        "by how much {are} we [above|over|ahead of] {plan} {scope} {when}",
        "how much better than {plan} did we do {scope} {when}",
    ),
    "below": (
        "by how much did we [miss|fall short of] [the|our] {plan} {scope} {when}",
        "how far [below|under|behind|short of] [the|our|] {plan} {are} we {scope} {when}",
        "how much did we miss [the|our] {plan} by {scope} {when}", "how much less than planned did we sell {scope} {when}",
        "how much {are} we short of [the|our] {plan} {scope} {when}", "shortfall against [the|our|] {plan} {scope} {when}",
        "by how much {are} we [below|under|behind] {plan} {scope} {when}", "{plan} minus [sales|revenue] {scope} {when}",
    ),
    "both": (
        "did we [reach|meet|hit|make|beat|miss] [the|our] {plan} {scope} {when}", "{are} we on [target|plan] {scope} {when}",
        "{name} [vs|versus|against|compared with|and] {plan} {scope} {when}", "actual vs {plan} {scope} {when}",
        "how did we do against [the|our|] {plan} {scope} {when}", "{are} we [above|below] {plan} {scope} {when}",
        "[show|compare|give me] [our|] {name} [against|and|with] [the|our|] {plan} {scope} {when}",
        "{are} we [ahead of|behind] {plan} {scope} {when}", "have we [reached|met|hit] [the|our] {plan} {scope} {when}",
    ),
    "plan first": (
        "{plan} [vs|versus|and|against] [actual|{name}|{name}] {scope} {when}", "{plan} and actual {name} {scope} {when}",
        "planned and actual {name} {scope} {when}", "{plan} compared [to|with] {name} {scope} {when}",
    ),
    "percent": (
        "what [percentage|percent] of [the|our] {plan} did we [reach|achieve|make|hit] {scope} {when}",
        "how many percent of [the|our] {plan} did we [reach|achieve|make] {scope} {when}",
        "[what was our|our|] {plan} attainment in percent {scope} {when}",
        "{name} as a percentage of [the|] {plan} {scope} {when}",
    ),
}  # fmt: skip
_EACH = {
    "above": (
        "how far [above|over|ahead of] [its|] {plan} {be} each {dim} {when}", "surplus over {plan} [by|per] {dim} {when}",
        "by how much did each {dim} [beat|exceed|surpass] its {plan} {when}", "{name} minus {plan} [by|per|of each] {dim} {when}",
        "how much did each {dim} beat its {plan} by {when}", "how much more than planned did each {dim} sell {when}",
        "[deviation|difference] from {plan} [by|per] {dim} {when}",
    ),
    "below": (
        "how far [below|under|behind|short of] [its|] {plan} {be} each {dim} {when}", "gap to {plan} [by|per] {dim} {when}",
        "by how much did each {dim} [miss|fall short of] its {plan} {when}", "{plan} minus {name} [by|per|of each] {dim} {when}",
        "how much did each {dim} miss its {plan} by {when}", "how much less than planned did each {dim} sell {when}",
        "shortfall against {plan} [by|per] {dim} {when}",
        "how much {be} each {dim} short of its {plan} {when}",
    ),
    "both": (
        "{name} [and|vs|versus|against|compared with] {plan} [by|per|of each|for each] {dim} {when}",
        "how did each {dim} do against its {plan} {when}", "how did the {dims} do against their {plan} {when}",
        "[show|list|compare|give me] {name} and {plan} [by|per|for each] {dim} {when}", "actual vs {plan} [by|per] {dim} {when}",
        "for each {dim}, {name} and {plan} {when}", "{dims} with their {name} and {plan} {when}",
    ),
    "plan first": (
        "{plan} [and|vs|versus|against] {name} [by|per|of each|for each] {dim} {when}", "{plan} vs actual [by|per] {dim} {when}",
        "planned and actual {name} [by|per|of each|for each] {dim} {when}", "{dims} with their {plan} and actual {name} {when}",
    ),
}  # fmt: skip
_FURTHEST = {
    "above": (
        "which {dim} beat its {plan} by the most {when}", "which {dim} {be} [furthest|farthest] [above|ahead of] {plan} {when}",
        "{dim} [furthest|farthest] above {plan} {when}", "who beat [the|their] {plan} by the most {when}",
        "which {dim} exceeded its {plan} the most {when}", "who {be} [furthest|farthest] ahead of {plan} {when}",
    ),
    "below": (
        "which {dim} missed its {plan} by the most {when}", "which {dim} {be} [furthest|farthest] [below|behind] {plan} {when}",
        "{dim} [furthest|farthest] below {plan} {when}", "who missed [the|their] {plan} by the most {when}",
        "which {dim} fell short of its {plan} the most {when}", "who {be} [furthest|farthest] behind {plan} {when}",
    ),
}  # fmt: skip
_FURTHEST_MANY = {
    "above": ("the {n} {dims} [furthest|farthest] [above|ahead of] {plan} {when}",
              "which {n} {dims} beat their {plan} by the most {when}"),
    "below": ("the {n} {dims} [furthest|farthest] [below|behind] {plan} {when}",
              "which {n} {dims} missed their {plan} by the most {when}"),
}  # fmt: skip
_ONE = {
    "above": (
        "by how much did {row} [beat|exceed|surpass] [its|the] {plan} {when}", "how far [above|over] {plan} {be} {row} {when}",
        "how much did {row} beat [its|the] {plan} by {when}", "how much more than planned did {row} sell {when}",
    ),
    "below": (
        "by how much did {row} [miss|fall short of] [its|the] {plan} {when}", "how far [below|under] {plan} {be} {row} {when}",
        "how much did {row} miss [its|the] {plan} by {when}", "how much less than planned did {row} sell {when}",
    ),
    "both": (
        "did {row} [reach|reach|meet|hit|make|beat|miss] [its|the|its] {plan} {when}", "{be} {row} on [target|plan] {when}",
        "{be} {row} [above|below|ahead of|behind] {plan} {when}", "how did {row} do against [its|the|] {plan} {when}",
        "has {row} [reached|met|hit] [its|the] {plan} {when}", "{row} [vs|against|versus] {plan} {when}",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class _Drawn:
    """A plan and one of its periods: a year whose plans are added up, or the plans' own period, which has one for each owner."""

    plan: Plan
    when: When
    yearly: bool
    brought: str

    def amount(self, ask: Ask) -> str:
        ref = ask.world.ref(self.plan.amount.index)
        return f"SUM({ref})" if self.yearly else ref

    def block(self, ask: Ask, conditions: list[Filter], *, shown: bool = True) -> Select:
        """The plans of the period by their owner."""
        ref, labels = ask.world.ref, self.plan.owner.labels if shown else ()
        block = ask.select(self.plan.plan.table, conditions, tables=(self.plan.owner.table,) if shown else ())
        block.where.append(self.when.sql(ref(self.plan.date)))
        block.items = [ref(c) for c in labels]
        if self.yearly:
            block.group = [ref(self.plan.owner_key.source), *(ref(c) for c in labels)]
        return block

    def draft(self, ask: Ask, frames: tuple[str, ...], sql: str, **slots: Slot) -> Draft:
        said, now = self.when.full, self.when.full.startswith("this")
        full = said if said.startswith(("this", "last")) else ask.rng.choice((f"in {said}", f"in {said}", f"for {said}"))
        timed = Timed(self.plan.date, replace(self.when, full=full))
        return Draft(ask.compose(
            frames, timed=timed, plan=("target", "target", "target", "sales target", "goal", "plan"), be="is" if now else "was",
            are="are" if now else "were", name=("sales", "sales", "revenue", "turnover"), **slots,
        ), sql)  # fmt: skip


def _draw(ask: Ask, often: float = 0.6) -> _Drawn | None:
    """Some plan and period; ``often``: how often it is a year."""
    options = plans(ask)
    if not options:
        return None
    plan = ask.rng.choice(options)
    yearly = plan.unit != "year" and ask.chance(often)
    when = period_of(ask, plan, "year" if yearly else plan.unit)
    brought = actual(ask, plan, when)
    return None if brought is None else _Drawn(plan, when, yearly, brought)


def _owners(ask: Ask, plan: Plan, often: float) -> list[Filter]:
    """At most one condition on the owners or on what they belong to."""
    tables = [t for t in ask.world.reach_of(plan.owner.table).path if _through(ask, plan.plan, plan.owner, t)]
    return ask.filters(plan.owner.table, 1, avoid=plan.owner.labels, tables=tables) if ask.chance(often) else []


def _through(ask: Ask, root: Entity, owner: Entity, table: int) -> bool:
    """Whether the rows of the root lead to the table by way of the owner."""
    paths = ask.world.reach_of(root.table).path
    way = tuple(paths.get(owner.table, ()))
    return table == owner.table or bool(way) and tuple(paths.get(table, ()))[: len(way)] == way


def reached_plan(ask: Ask) -> Draft | None:
    """Owners whose revenue of the period is below (or not below) their plans of it, or how many they are."""
    drawn = _draw(ask, 0.7)
    if drawn is None:
        return None
    missed, counted = ask.chance(0.55), ask.chance(0.25)
    conditions = _owners(ask, drawn.plan, 0.3)
    block = drawn.block(ask, conditions, shown=not counted)
    (block.having if drawn.yearly else block.where).append(f"{drawn.amount(ask)} {'>' if missed else '<='} {drawn.brought}")
    frames: tuple[str, ...] = (_MANY_MISSED if missed else _MANY_MET) if counted else _MISSED if missed else _MET
    frames = tuple(f for f in frames if not (conditions and f.startswith("who ")))
    sql = ""
    if counted:
        block.items = [*block.group] or ["COUNT(*)"]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found" if drawn.yearly else block.sql()
    return drawn.draft(ask, frames, sql or block.sql(), things=ask.things(drawn.plan.owner.table, conditions))


def plan_in_all(ask: Ask) -> Draft | None:
    """The revenue of a period, by a subquery, against the sum of its plans: the two, their difference, or the percentage."""
    drawn = _draw(ask)
    if drawn is None:
        return None
    fact, column, date = _fact(ask, drawn.plan)
    conditions = [c for c in _owners(ask, drawn.plan, 0.35) if _through(ask, fact, drawn.plan.owner, c.table)]
    inner = ask.select(fact.table, conditions, tables=(ask.world.schema.owner[date],))
    inner.items = [f"SUM({ask.world.ref(column.index)})"]
    inner.where.append(drawn.when.sql(ask.world.ref(date)))
    block, brought = ask.select(drawn.plan.plan.table, conditions), f"({inner.sql()})"
    block.where.append(drawn.when.sql(ask.world.ref(drawn.plan.date)))
    amount = f"SUM({ask.world.ref(drawn.plan.amount.index)})"
    kind = ask.rng.choices(tuple(_WE), (4, 4, 5, 1.5, 1.5))[0]
    block.items = {"above": [f"{brought} - {amount}"], "below": [f"{amount} - {brought}"], "both": [brought, amount],
                   "plan first": [amount, brought], "percent": [f"100.0 * {brought} / {amount}"]}[kind]  # fmt: skip
    return drawn.draft(ask, _WE[kind], block.sql(), scope=narrowed(ask, drawn.plan.plan.table, conditions))


def _fact(ask: Ask, plan: Plan) -> tuple[Entity, ColumnRole, int]:
    """What brings the revenue, the column that holds it, and its date: those that ``actual`` reads."""
    world = ask.world
    fact, column = next((e, c) for e in world.entities for c in e.columns
                        if c.revenue and plan.owner.table in world.reach_of(e.table).path)  # fmt: skip
    date = world.time_column(fact.table)
    assert date is not None
    return fact, column, date


def plan_of_each(ask: Ask) -> Draft | None:
    """For every owner both figures or their difference; or those furthest from their plan, by the difference DESC."""
    drawn = _draw(ask)
    if drawn is None:
        return None
    rows = ask.world.schema.tables[drawn.plan.owner.table].rows
    kind, furthest = ask.rng.choices(tuple(_EACH), (3, 4, 3, 1.5))[0], ask.chance(0.35)
    conditions = _owners(ask, drawn.plan, 0.25)
    block, amount = drawn.block(ask, conditions), drawn.amount(ask)
    items = {"above": [f"{drawn.brought} - {amount}"], "below": [f"{amount} - {drawn.brought}"],
             "both": [drawn.brought, amount], "plan first": [amount, drawn.brought]}[kind]  # fmt: skip
    block.items += items
    frames, count = _EACH[kind], 1 if ask.chance(0.6) else ask.rng.choice((3, 5, 10))
    if furthest and kind in _FURTHEST:
        if rows and rows <= count:
            return None
        block.order, block.limit = [f"{items[0]} DESC"], count
        frames = _FURTHEST[kind] if count == 1 else _FURTHEST_MANY[kind]
        frames = tuple(f for f in frames if not (conditions and f.startswith("who ")))
    noun = ask.noun(drawn.plan.owner)
    dim, dims = (ask.things(drawn.plan.owner.table, conditions, noun=n) for n in (noun, f"{noun}\0"))
    if conditions and dim.partition(noun)[2]:  # what is said after the noun of several is not said of each
        frames = tuple(f for f in frames if "{dim}" not in f)
    if not frames:
        return None
    return drawn.draft(ask, frames, block.sql(), dim=dim, dims=dims, n=number(ask.rng, count))


def plan_of_one(ask: Ask) -> Draft | None:
    """One owner, by its name or by the place that only it is in: both figures, or how far it is from its plan."""
    drawn = _draw(ask)
    if drawn is None:
        return None
    world, owner = ask.world, drawn.plan.owner
    names = world.texts(owner.labels[0]) if len(owner.labels) == 1 else []
    places = [(c, text) for c in owner.with_role("dimension") for text in world.texts(c.index)
              if sum(name.startswith(f"{text} ") for name in names) == 1]  # fmt: skip
    if not names:
        return None
    column, value = owner.labels[0], ask.rng.choice(names)
    row = value if ask.chance(0.7) or owner.noun in value.lower() else f"the {value} {owner.noun}"
    if places and ask.chance(0.4):
        place, value = ask.rng.choice(places)
        column, row = place.index, f"the {value} {ask.noun(owner)}"
    ask.protect(value)
    block, amount = drawn.block(ask, [], shown=False), drawn.amount(ask)
    block.tables.add(owner.table)
    block.where.insert(0, f"{world.ref(column)} = {literal(value)}")
    kind = ask.rng.choices(tuple(_ONE), (2, 2, 5))[0]
    block.items = {"above": [f"{drawn.brought} - {amount}"], "below": [f"{amount} - {drawn.brought}"],
                   "both": [drawn.brought, amount]}[kind]  # fmt: skip
    return drawn.draft(ask, _ONE[kind], block.sql(), row=row)


INTENTS = {
    "reached plan": (0.8, reached_plan), "plan in all": (0.6, plan_in_all), "plan of each": (0.6, plan_of_each),
    "plan of one": (0.5, plan_of_one),
}  # fmt: skip
