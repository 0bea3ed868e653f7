"""A column against the average of all rows or of the row's own group, and so many percent more or less than that."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.multiples import an
from nl2sql.data.synthesis.intents.percent_apart import Limit, limit_of
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity

_MEAN = (
    "[which|what] {things} {verb} {limit} {mean}", "{things} {that} {verb} {limit} {mean}",
    "[show|list|find|give me] [the|all|] {things} {that} {verb} {limit} {mean}", "{things} whose {a} is {side} {mean_a}",
    "{things} with {an} {a} {side} {mean_a}", "[which|what] {things} have {an} {a} {side} {mean_a}",
    "[show|list|find] [the|all|] {things} where the {a} is {side} {mean_a}", "for which {things} is the {a} {side} {mean_a}",
    "[please|could you|can you] list [the|all|] {things} with {an} {a} {side} {mean_a}", "{things}, {a} {side} {mean_a}",
    "[are there|do we have] {things} with {an} {a} {side} {mean_a}",
)  # fmt: skip
_MEAN_COUNT = (
    "how many {things} {verb} {limit} {mean}", "how many {things} have {an} {a} {side} {mean_a}",
    "[number|count] of {things} {that} {verb} {limit} {mean}", "{things} {that} {verb} {limit} {mean}: how many",
    "for how many {things} is the {a} {side} {mean_a}", "count the {things} with {an} {a} {side} {mean_a}",
    "how many of [our|the] {things} {verb} {limit} {mean}",
)  # fmt: skip
# by the last word of a column: verbs before "20% more than" and before "20% less than", and what is more and less
_VERBS: dict[str, tuple[str, str, str]] = {
    "salary": ("[earn|make|are paid|get]", "more than", "less than"), "wage": ("[earn|make]", "more than", "less than"),
    "price": ("[cost|are]", "more than", "less than"), "cost": ("cost us", "more than", "less than"),
    "fee": ("cost", "more than", "less than"), "weight": ("weigh", "more than", "less than"),
    "budget": ("have", "more budget than", "less budget than"), "score": ("score", "higher than", "lower than"),
}  # fmt: skip


def percent_from_average(ask: Ask) -> Draft | None:
    """A column against so many percent more or less than the average of all rows, or of its own group."""
    return _against_mean(ask, limit_of(ask, low=ask.chance(0.2), bare=True))


def above_own_average(ask: Ask) -> Draft | None:
    """A column above or below the average of its own group, with no percentage."""
    return _against_mean(ask, None)


def _against_mean(ask: Ask, limit: Limit | None) -> Draft | None:
    """WHERE column > factor * (SELECT AVG(column)), or QUALIFY with AVG OVER the row's group."""
    entity, world = ask.subject(labelled=True), ask.world
    columns = entity.with_role("measure") if entity else []
    if entity is None or not columns:
        return None
    column, group = ask.rng.choice(columns), _group(ask, entity) if limit is None or ask.chance(0.45) else None
    if limit is None and group is None:
        return None
    ref, above = world.ref(column.index), limit.above if limit else ask.chance(0.7)
    conditions = ask.filters(entity.table, 1, avoid=(column.index, *entity.labels)) if ask.chance(0.2) and group is None else []
    block, counted = ask.select(entity.table, conditions), ask.chance(0.3) and entity.key is not None
    sign, factor = (limit.sign, f"{limit.factor} * ") if limit else (">" if above else "<", "")
    block.items = [world.ref(c) for c in entity.labels]
    if group:
        block.qualify = [f"{ref} {sign} {factor}AVG({ref}) OVER (PARTITION BY {group[0]})"]
        block.items = [world.ref(entity.key)] if counted and entity.key is not None else block.items
    else:
        inner = ask.select(entity.table)
        inner.items = [f"AVG({ref})"]
        block.where.append(f"{ref} {sign} {factor}({inner.sql()})")
        block.items = ["COUNT(*)"] if counted else block.items
    sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found" if counted and group else block.sql()
    slots = _mean_slots(ask, entity, column, conditions, group[1] if group else "", limit, above)
    return Draft(ask.compose(_MEAN_COUNT if counted else _MEAN, **slots), sql)


def _group(ask: Ask, entity: Entity) -> tuple[str, str] | None:
    """What a row shares with others: a thing that it refers to, or a kind of its own; its SQL and noun."""
    world, owner = ask.world, ask.world.schema.owner
    near = [k for k in world.schema.foreign_keys if owner[k.source] == entity.table != owner[k.target]]
    kept = [(k, t) for k in near for t in [world.entity_of(k.target)] if not t.event and not t.person]
    found = [(world.ref(k.source), ask.noun(target)) for k, target in kept]
    found += [(world.ref(c.index), c.noun) for c in entity.with_role("dimension") if c.index not in entity.labels]
    return ask.rng.choice(found) if found else None


def _mean_slots(
    ask: Ask, entity: Entity, column: ColumnRole, conditions: list[Filter], group: str, limit: Limit | None, above: bool
) -> dict[str, Slot]:
    """The words for the column, how far it is from the average, and whose average that is."""
    name, noun = column_noun(ask.world, column, ask.rng, entity.table), ask.noun(entity)
    amount = f"{limit.lead} {limit.amount} " if limit else ""
    verb, more, less = _VERBS.get(column.noun.rpartition(" ")[2], ("have {an} {a}", "above", "below"))
    if verb == "[cost|are]":
        verb, more, less = ask.rng.choice((("cost", "more than", "less than"), ("are", "more expensive than", "cheaper than"),
                                           ("are", "dearer than", "cheaper than")))  # fmt: skip
    own = say(ask.rng, "their [own|] {g}", g=group)
    all_rows = lexicon.plural(noun)
    plain: tuple[str, ...] = ("the average", "average", f"the average {noun}", f"the average of all {all_rows}")
    plain_a: tuple[str, ...] = ("the average", "average", f"the average of all {all_rows}", f"the overall average {name}")
    if conditions:  # whose average it is must be said
        plain, plain_a = plain[3:], plain_a[2:]
    within = (f"the average [of|in|within|for] {own}", f"the average {noun} [of|in] {own}", f"{own}'s average")
    mean_a = (f"the average {name} [of|in|within] {own}", f"the average of {own}", f"{own}'s average",
              f"the mean {name} of {own}", f"what is average in {own}")  # fmt: skip
    side = ask.rng.choice(("above", "over", "higher than", "above") if above else ("below", "under", "lower than", "below"))
    if side in ("above", "over") and not amount:
        side = "above"
    return dict(
        things=ask.things(entity.table, conditions, noun=f"{noun}\0"), that="who" if entity.person else "that",
        verb=say(ask.rng, verb, a=name, an=an(name)), limit=f"{amount}{more if above else less}", side=f"{amount}{side}",
        mean=tuple(say(ask.rng, m) for m in (within if group else plain)), a=name, an=an(name),
        mean_a=tuple(say(ask.rng, m) for m in (mean_a if group else plain_a)),
    )  # fmt: skip
