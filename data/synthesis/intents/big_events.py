"""Events by the sum of their lines: how many large ones each group has, who was behind the largest."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension, entity_dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.intents.days_apart import verbs
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number
from nl2sql.records import ForeignKey

_TESTS = (
    (">", "above|over|worth more than|worth over|of more than|exceeding|bigger than|larger than|with a total of more than",
     "more than|over"),
    ("<", "below|under|worth less than|of less than|smaller than|with a total of less than|worth under", "less than|under"),
    (">=", "of at least|worth at least|with a total of at least|of no less than", "at least"),
)  # fmt: skip
_VALUES = (10, 20, 50, 100, 150, 200, 250, 300, 400, 500, 750, 800, 1000, 1500, 2000, 2500, 3000, 5000, 7500, 10_000, 20_000)
_BY = (
    "{things} {big} {when} [by|per|for each] {dim}", "number of {things} {big} [per|by|for each] {dim} {when}",
    "how many {things} {big} did [each|every] {dim} have {when}",
    "how many {things} {big} [were there|are there] [per|by|for each] {dim} {when}",
    "[count|count the] {things} {big} {when} [by|per|for each] {dim}",
    "for [each|every] {dim}, [how many|the number of] {things} {big} {when}",
    "[show|list|give me] the number of {things} {big} [per|by|for each] {dim} {when}",
    "{dims} [with|and] their number of {things} {big} {when}", "break down the number of {things} {big} {when} by {dim}",
    "how many {things} per {dim} [came to|totalled|were worth|amounted to] {test} {n} {when}",
    "[tell me|i want to know] how many {things} [per|by] {dim} [came to|totalled|were worth] {test} {n} {when}",
    "[could you|can you|please] count the {things} {big} {when} for each {dim}",
    "i need the number of {things} {big} {when}, by {dim}", "{things} {big} [by|per] {dim} {when}, how many of them",
)  # fmt: skip
_KEYWORDS = ("{things} {big} by {dim} {when}", "{things} {big} per {dim} {when}", "count {things} {big} by {dim} {when}")
_MOST = (
    "which {dim} had the most {things} {big} {when}", "{dim} with the most {things} {big} {when}",
    "[show|find|name] the {dim} with the highest number of {things} {big} {when}",
    "where do {things} {big} occur most, which {dim} {when}", "which {dim} leads in [the number of|] {things} {big} {when}",
)  # fmt: skip
_MOST_FEW = (
    "top {n} {dims} by number of {things} {big} {when}", "the {n} {dims} with the most {things} {big} {when}",
    "[show|list] the {n} {dims} [that had|with] the most {things} {big} {when}",
    "which {n} {dims} had the most {things} {big} {when}",
)  # fmt: skip
# events that are called large by their amount
_SIZED = set("""order purchase sale invoice bill payment donation claim transaction booking reservation rental refund charge
deposit withdrawal transfer grant expense quote fine bid cart contract loan""".split())
_ORDERED = ("[most|highest number|largest number] first", "[sorted|ordered] by that number, [highest|largest] first")


Lines = tuple[Entity, Entity, ColumnRole, ForeignKey]


def lines_of(ask: Ask) -> Lines | None:
    """Lines, what they belong to, the column that is summed, and the key between the two."""
    world = ask.world
    options = [
        (line, parent, column, path[0]) for line in world.entities for column in line.columns if column.revenue
        for table, path in world.reach_of(line.table).path.items() for parent in [world.entities[table]]
        if len(path) == 1 and parent.event and parent.key == path[0].target
    ]  # fmt: skip
    return ask.rng.choice(options) if options else None


def amounts_of(ask: Ask) -> tuple[Entity, ColumnRole] | None:
    """An event that holds its amount itself: a payment, a donation."""
    world = ask.world
    found = [(e, [c for c in e.with_role("measure") if c.additive and c.unit == "money"]) for e in world.entities if e.event]
    found = [(e, c) for e, c in found if e.noun.rpartition(" ")[2] in _SIZED]
    plain = [(e, c[0]) for e, c in found if len(c) == 1 and not e.link]
    return ask.rng.choice(plain) if plain else None


def group_of(ask: Ask, parent: Entity) -> Dimension | None:
    """What the events are grouped by: not their own number."""
    dimension = ask.dimension(parent.table, flags=False)
    return dimension if dimension and parent.key not in dimension.columns else None


def narrowing(ask: Ask, parent: Entity, dimension: Dimension) -> list[Filter]:
    """Now and then a condition on the events, or on what they refer to other than the groups."""
    found = ask.filters(parent.table, 1, avoid=dimension.columns) if ask.chance(0.3) else []
    return [c for c in found if c.table == parent.table or c.table != dimension.table]


def big_by_group(ask: Ask) -> Draft | None:
    """COUNT(*) of the events whose key is IN (lines GROUP BY key HAVING SUM(x) > n), or whose own amount is, by a dimension."""
    found, own, world = lines_of(ask), amounts_of(ask), ask.world
    lines = found if own is None or ask.chance(0.85) else None
    parent, column = (lines[1], lines[2]) if lines else own or (None, None)
    dimension = group_of(ask, parent) if parent else None
    if parent is None or column is None or dimension is None:
        return None
    operator, words, tests = ask.rng.choices(_TESTS, (6, 2, 2))[0]
    known = sorted(world.numbers(column.index))
    near = [v for v in _VALUES if known and known[len(known) // 2] <= v <= 3 * known[-1]]
    value = ask.rng.choice(near or _VALUES)
    said = number_text(ask.rng, value)
    conditions, timed = narrowing(ask, parent, dimension), ask.time(parent.table, 0.65)
    test = f"{world.ref(column.index)} {operator} {value}"
    if lines:
        key, inner = lines[3], ask.select(lines[0].table)
        inner.items, inner.group = [world.ref(key.source)], [world.ref(key.source)]
        inner.having = [f"SUM({world.ref(column.index)}) {operator} {value}"]
        test = f"{world.ref(key.target)} IN ({inner.sql()})"
    block = ask.select(parent.table, conditions, timed, tables=(dimension.table,))
    block.where.insert(0, test)
    block.items, block.group = [*dimension.show, "COUNT(*)"], list(dimension.group)
    slots: dict[str, Slot] = dict(
        things=ask.things(parent.table, conditions), big=f"{ask.rng.choice(words.split('|'))} {said}", n=said,
        test=ask.rng.choice(tests.split("|")), dim=dimension.noun, dims=dimension.plural,
    )  # fmt: skip
    kind = ask.rng.choices(("by", "ordered", "most"), (7, 1.5, 2))[0]
    if kind == "by":
        return Draft(ask.compose(_BY, _KEYWORDS, timed=timed, **slots), block.sql())
    block.order = ["COUNT(*) DESC"]
    if kind == "ordered":
        tail = say(ask.rng, ask.rng.choice(_ORDERED))
        return Draft(ask.compose(tuple(f"{f}, {tail}" for f in _BY[:8]), timed=timed, **slots), block.sql())
    block.limit = 1 if ask.chance(0.65) else ask.rng.choice((2, 3, 5))
    if block.limit > 1:
        slots["n"] = number(ask.rng, block.limit)
    return Draft(ask.compose(_MOST if block.limit == 1 else _MOST_FEW, timed=timed, **slots), block.sql())


_SINGLE = (
    "which {owner} {past} the {word} {one} {thing} {ever} {when}",
    "[name|show|find|give me] the {owner} [with|behind] the {word} {one} {thing} {ever} {when}",
    "{owner} with the {word} {one} {thing} {ever} {when}",
    "which {owner} did the {word} {one} {thing} {ever} {when} [belong to|come from]",
    "the {word} {one} {thing} {ever} {when}: which {owner} [was it|was that|] and how much",
    "from which {owner} [was|did we get] the {word} {one} {thing} {ever} {when}",
    "[tell me|do you know|i want to know] which {owner} {past} the {word} {one} {thing} {when} and [its value|for how much]",
    "our {word} {one} {thing} {ever} {when}: {owner} and [amount|value]",
    "what {owner} {past} the {word} {one} {thing} {ever} {when}",
    "[could you|can you|please] find the {owner} {that} {past} the {word} {one} {thing} {ever} {when}",
    "{owner} behind the {word} {one} {thing} {when}", "which {owner} is behind [our|the] {word} {one} {thing} {ever} {when}",
    "of all {owners}, which {past} the {word} {one} {thing} {when}",
)  # fmt: skip
_WHO = ("who {past} the {word} {one} {thing} {ever} {when}", "whose {thing} was the {word} {ever} {when}",
        "which {owner}'s {thing} was the {word} {ever} {when}")  # fmt: skip
_BEST = (
    "top {n} {owners} by [their|] {word} {one} {thing} {when}",
    "top {n} {owners} by the [value|size] of their {word} {thing} {when}",
    "the {n} {owners} [that rank|ranked|ranking] first by their {word} {one} {thing} {when}",
    "[show|list|find|give me] the top {n} {owners} [ranked|sorted|] by their {word} {one} {thing} {when}",
    "which {n} {owners} come first by their {word} {one} {thing} {when}",
    "the {n} leading {owners} by {word} {one} {thing} {when}", "{owners}, {word} {one} {thing} {when}, top {n}",
)  # fmt: skip
_EACH = (
    "[value of the|] {word} {one} {thing} [of|for] each {owner} {when}",
    "how [large|big|high] was each {owner}'s {word} {thing} {when}",
    "for [each|every] {owner}, the [value|amount] of [its|the] {word} {one} {thing} {when}",
    "{word} {one} {thing} by {owner} {when}",
    "[show|list|give me] [every|each] {owner} and [the value of|] [its|their] {word} {one} {thing} {when}",
    "{owners} [with|and] [the amount of|] their {word} {one} {thing} {when}",
)  # fmt: skip
_MADE = {"payment", "donation", "purchase", "deposit", "withdrawal", "transaction", "transfer", "booking", "sale"}
_LARGE = ("largest", "biggest", "largest", "most valuable", "highest")
_SMALL = ("smallest", "lowest", "least valuable")


def biggest_single(ask: Ask) -> Draft | None:
    """Labels and SUM, grouped by the event, the largest first; the best N or each by WITH sums and their MAX."""
    lines, amounts, world = lines_of(ask), amounts_of(ask), ask.world
    if lines and (amounts is None or ask.chance(0.8)):
        root, parent, event = lines[0].table, lines[1], world.ref(lines[3].target)
        total = f"SUM({world.ref(lines[2].index)})"
    elif amounts:
        parent, event, total = amounts[0], "", world.ref(amounts[1].index)
        root = parent.table
    else:
        return None
    owners = [world.entities[t] for t, path in world.reach_of(parent.table).path.items() if 0 < len(path) <= 2]
    owners = [e for e in owners if e.labels and e.key is not None and not e.event]
    owner = ask.rng.choices(owners, [3.0 if e.person else 2.0 if e.place else 1.0 for e in owners])[0] if owners else None
    dimension = entity_dimension(world, owner, ask.rng) if owner else None
    if owner is None or dimension is None:
        return None
    kind = ask.rng.choices(("one", "best", "each"), (6, 2, 1))[0]
    high = kind != "one" or ask.chance(0.88)
    conditions, timed = narrowing(ask, parent, dimension), ask.time(parent.table, 0.55)
    block = ask.select(root, conditions, timed, tables=(parent.table, owner.table))
    past, staff = verbs(parent, owner)[1], set(owner.noun.split()) & STAFF
    past = "made" if owner.person and not staff and parent.noun.rpartition(" ")[2] in _MADE else past
    slots: dict[str, Slot] = dict(
        owner=dimension.noun, owners=dimension.plural, past=past, word=_LARGE if high else _SMALL,
        thing=ask.things(parent.table, conditions, noun=ask.noun(parent)), that="who" if owner.person else "that",
        one=("single", "", "", "individual") if kind == "one" else ("single", ""),
        ever="" if timed else ("", "ever", "of all time", "so far"),
    )  # fmt: skip
    count = ask.rng.choice((2, 3, 3, 5, 5, 10))
    slots["n"] = number(ask.rng, count)
    if kind == "one":
        block.items, block.group = [*dimension.show, total], [event, *dimension.show] if event else []
        block.order, block.limit = [f"{total} {'DESC' if high else 'ASC'}"], 1
        frames = _SINGLE if not owner.person or staff else (*_SINGLE, *_WHO * 2)
        return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
    question = ask.compose(_EACH if kind == "each" else _BEST, timed=timed, **slots)
    if not event:
        block.split(dimension, f"MAX({total})")
        if kind == "best":
            block.order, block.limit = [f"MAX({total}) DESC"], count
        return Draft(question, block.sql())
    names = [f"name{i + 1}" for i in range(len(dimension.show))]
    shown = [f"{ref} AS {name}" for ref, name in zip(dimension.show, names, strict=True)]
    block.items = [f"{event} AS label", f"{dimension.group[0]} AS owner", *shown, f"{total} AS total"]
    block.group = [event, *dimension.group]
    sql = f"WITH totals AS ({block.sql()}) SELECT {', '.join(names)}, MAX(total) FROM totals GROUP BY owner, {', '.join(names)}"
    return Draft(question, sql if kind == "each" else f"{sql} ORDER BY MAX(total) DESC LIMIT {count}")
