"""Numbers against a multiple of others: a column against another of its row, a row against the average of its own group."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.derived import number_pairs
from nl2sql.data.synthesis.intents.arithmetic import larger
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity

_FACTORS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (2, ("twice", "twice", "two times", "2 times", "2x", "double")),
    (3, ("three times", "3 times", "3x", "thrice")), (4, ("four times", "4 times")), (5, ("five times", "5 times")),
    (1.5, ("1.5 times", "1.5 times", "one and a half times", "1.5x")), (2.5, ("two and a half times", "2.5 times")),
    (1.2, ("1.2 times",)), (1.25, ("1.25 times",)), (10, ("ten times", "10 times")), (0.5, ("half", "half")),
)  # fmt: skip
_OFTEN = (6, 3, 1, 1, 3, 1.5, 0.7, 0.5, 0.7, 3)
_SIDES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (">", ("more than", "over", "more than", "above", "in excess of")), ("<", ("less than", "under", "below")),
    (">=", ("at least", "at least", "no less than")), ("<=", ("at most", "no more than", "not more than")),
)  # fmt: skip
_LIST = (
    "[which|what] {things} {test}", "{things} {that} {test}", "[show|list|find|give me] [the|all|] {things} {that} {test}",
    "[do we have|are there] [any|] {things} {that} {test}", "{things} whose {a} is {limit} [the|their] {b}",
    "{things} where the {a} [is|comes to|amounts to] {limit} the {b}", "for which {things} is the {a} {limit} the {b}",
    "[could you|can you|please] list [the|all|] {things} with {an} {a} {limit} the {b}", "{things}, {a} {limit} {b}",
    "[get|pull|pull up] [all|the|] {things} with {an} {a} of {limit} their {b}", "only {things} with {a} {limit} {b}",
    "i need the {things} {that} {test}",
)  # fmt: skip
_COUNT = (
    "how many {things} {test}", "[number|count] of {things} {that} {test}", "count the {things} {that} {test}",
    "{things} {that} {test}: how many", "how many {things} have {an} {a} of {limit} the {b}",
    "{things} where the {a} is {limit} the {b} - how many", "for how many {things} is the {a} {limit} the {b}",
    "how many of [our|the] {things} {test}",
)  # fmt: skip


def factor(ask: Ask) -> tuple[str, str, float]:
    """An operator, how it is said with its factor ("at least 1.5 times"), and the factor."""
    number, words = ask.rng.choices(_FACTORS, _OFTEN)[0]
    sign, sides = ask.rng.choices(_SIDES, (5, 2, 3, 1))[0]
    if number < 1 and ask.chance(0.5):
        sign, sides = _SIDES[1]
    said = f"{ask.rng.choice(sides)} {ask.rng.choice(words)}"
    ask.protect(said)
    return sign, said, number


def an(noun: str) -> str:
    """The article of a noun; a plural has none."""
    return lexicon.article(noun).removesuffix(noun).strip()


def alike(entity: Entity) -> list[tuple[ColumnRole, ColumnRole]]:
    """Two columns of a row that are measured alike: prices and costs, else amounts of money or counts."""
    found = [c for c in entity.with_role("measure") if c.unit in ("money", "count") and not c.revenue]
    return number_pairs(entity) or [(a, b) for a in found for b in found if a.index != b.index and a.unit == b.unit]


def against_multiple(ask: Ask) -> Draft | None:
    """WHERE a > 2 * b, listed or counted."""
    tables = [e for e in ask.world.entities if alike(e)]
    if not tables:
        return None
    entity = ask.rng.choice(tables)
    first, second = ask.rng.choice(alike(entity))
    sign, limit, number = factor(ask)
    high, low = larger(ask, first, second)
    a, b = (high, low) if number > 1 or ask.chance(0.3) else (low, high)
    counted = not entity.labels or ask.chance(0.35)
    conditions = ask.filters(entity.table, 1, avoid=(a.index, b.index)) if ask.chance(0.5) else []
    block = ask.select(entity.table, conditions)
    block.where.append(f"{ask.world.ref(a.index)} {sign} {number:g} * {ask.world.ref(b.index)}")
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in entity.labels]
    na, nb = ask.rng.choice(a.nouns[:2]), ask.rng.choice(b.nouns[:2])
    slots: dict[str, Slot] = dict(
        things=ask.things(entity.table, conditions), that="who" if entity.person else "that", a=na, an=an(na),
        b=nb, limit=limit, test=_test(ask, a, b, na, nb, limit),
    )  # fmt: skip
    return Draft(ask.compose(_COUNT if counted else _LIST, timed=None, **slots), block.sql())


def _test(ask: Ask, a: ColumnRole, b: ColumnRole, na: str, nb: str, limit: str) -> str:
    """A verb phrase: "are listed at more than twice what they cost"."""
    frames = ["have {an} {a} of {n} [the|their] {b}", "have {an} {a} {n} the {b}", "have {an} {a} that is {n} [the|their] {b}"]
    of = "of " if limit.endswith("half") and ask.chance(0.3) else ""
    price, cost = ("price" in set(a.noun.split()), bool({"cost", "costs"} & set(b.noun.split())))
    if price:
        frames += ["are [listed|priced|offered] at {n} {of}their {b}", "[sell|go] for {n} {of}their {b}"]
    if price and cost:
        frames += ["are [listed|priced] at {n} {of}what they cost [us|]", "[sell|go] for {n} {of}what they cost [us|]",
                   "we sell for {n} {of}what we pay for them"] * 2  # fmt: skip
    if {"cost", "costs"} & set(a.noun.split()):
        frames += ["cost [us|] {n} {of}their {b}", "cost us {n} {of}the {b}"] * 2
    if {"cost", "costs"} & set(a.noun.split()) and "price" in b.noun.split():
        frames += ["cost us {n} {of}what we [charge|ask] for them"] * 2
    return say(ask.rng, frames, a=na, b=nb, an=an(na), n=limit, of=of)


_OWN = (
    "[which|what] {things} have {an} {column} {limit} the average of their {group}",
    "{things} with {an} {column} [of|] {limit} the average {column} of their [own|] {group}",
    "[show|list|find|give me] [the|all|] {things} whose {column} is {limit} their {group}'s average",
    "{things} where the {column} is {limit} the {group} average", "{things}, {column} {limit} {group} average",
    "for which {things} is the {column} {limit} [what is average|the average] in their {group}",
    "[please|could you|can you] list [the|all|] {things} with {an} {column} {limit} the mean of their {group}",
    "[are there|do we have] [any|] {things} with {an} {column} {limit} the average in their own {group}",
    "{things} [above the rest of their {group}|out of line with their {group}]: {column} {limit} its average",
    "[pull up|get] {things} with {column} {limit} the mean {column} within their {group}",
)  # fmt: skip
_OWN_COUNT = (
    "how many {things} have {an} {column} {limit} the average of their [own|] {group}",
    "[number|count] of {things} with {an} {column} {limit} their {group}'s average",
    "for how many {things} is the {column} {limit} the average {column} of their {group}",
    "count the {things} whose {column} is {limit} the {group} average",
    "{things} with {column} {limit} the mean of their {group}: how many",
)  # fmt: skip
_VERBS = {"price": ("cost", "sell for", "go for"), "salary": ("earn", "make", "are paid"), "cost": ("cost us",)}
_OWN_VERB = (
    "[which|what] {things} {verb} {limit} the average [{column}|{thing}|] of their [own|] {group}",
    "[show|list|find] [the|all|] {things} {that} {verb} {limit} their {group}'s average",
    "{things} {that} {verb} {limit} the average for their {group}",
    "{things} {that} {verb} {limit} what is usual in their {group}",
)  # fmt: skip


def multiple_of_own_group(ask: Ask) -> Draft | None:
    """QUALIFY column > 2 * AVG(column) OVER (PARTITION BY what the row belongs to), listed or counted."""
    entity, world = ask.subject(labelled=True), ask.world
    columns = entity.with_role("measure") if entity else []
    if entity is None or not columns:
        return None
    column, owner = ask.rng.choice(columns), world.schema.owner
    near = [k for k in world.schema.foreign_keys if owner[k.source] == entity.table != owner[k.target]]
    groups = [(world.ref(k.source), k.source, ask.noun(world.entity_of(k.target))) for k in near
              if not world.entity_of(k.target).event]  # fmt: skip
    groups += [(world.ref(c.index), c.index, c.noun) for c in entity.with_role("dimension") if c.index not in entity.labels]
    if not groups:
        return None
    group, source, noun = ask.rng.choice(groups)
    sign, limit, number = factor(ask)
    ref = world.ref(column.index)
    block = ask.select(entity.table)
    counted = entity.key is not None and ask.chance(0.25)
    block.items = [world.ref(entity.key)] if counted and entity.key is not None else [world.ref(c) for c in entity.labels]
    block.qualify = [f"{ref} {sign} {number:g} * AVG({ref}) OVER (PARTITION BY {group})"]
    said, head = column_noun(world, column, ask.rng, entity.table), column.noun.rpartition(" ")[2]
    slots: dict[str, Slot] = dict(
        things=ask.things(entity.table), thing=ask.noun(entity), that="who" if entity.person else "that", column=said,
        an=an(said), limit=limit, group=noun, verb=_VERBS.get(head, ("",)),
    )  # fmt: skip
    if counted:
        return Draft(ask.compose(_OWN_COUNT, **slots), f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found")
    return Draft(ask.compose(_OWN_VERB if head in _VERBS and ask.chance(0.4) else _OWN, **slots), block.sql())
