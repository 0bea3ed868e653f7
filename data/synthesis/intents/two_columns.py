"""Two numbers of one row side by side, and a row against the average of its own group: cost and price, dearer than its kind."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters.derived import number_pairs
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.intents.arithmetic import larger
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.times import number

_LIST = (
    "[which|what] {things} {test}", "{things} {that} {test}", "[show|list|find|give me] [the|all|] {things} {that} {test}",
    "[do we have|are there] {things} {that} {test}",
    "names of [the|all|] {things} {that} {test}",
)  # fmt: skip
_COUNT = ("how many {things} {test}", "number of {things} {that} {test}", "count the {things} {that} {test}")
_BOTH = (
    "[which|what] {things} {test}? show both", "{things} {that} {test}, with both [figures|numbers|columns]",
    "[show|list] [the|all|] {things} {that} {test}, with {a} and {b}", "{things} {that} {test}: {a} and {b}",
    "{things} {that} {test}, showing {a} and {b}", "[which|what] {things} {test}, and what are their {a} and {b}",
)  # fmt: skip
_SIDES = (
    "[show|list|give me] {a} and {b} of [each|every] {thing}, and the [gap|difference] between them",
    "{a}, {b} and the [gap|difference] for [all|the] {things}",
    "for [each|every] {thing}, {a}, {b} and the difference",
)  # fmt: skip
_GAP_BOTH = (
    "[show|list|which are] the {n} {things} with the {word} [gap|difference] between {a} and {b}, with both",
    "{n} {things} with the {word} [gap|difference|spread] between {a} and {b}: show {a} and {b}",
    "the {n} {things} where {a} and {b} lie {far} apart, with both",
)  # fmt: skip


def against_other_column(ask: Ask) -> Draft | None:
    """One column compared with another, or with a percentage of it; listed, counted, or with both columns shown."""
    tables = [e for e in ask.world.entities if e.labels and number_pairs(e)]
    if not tables:
        return None
    entity = ask.rng.choice(tables)
    a, b = ask.rng.choice(number_pairs(entity))
    kind = ask.rng.choice(("list", "list", "count", "both", "both", "gap", "sides"))
    if kind in ("gap", "sides") or "price" in a.noun.split() and ask.chance(0.75):
        a, b = larger(ask, a, b) if kind in ("gap", "sides") else (b, a)
    ref_a, ref_b = ask.world.ref(a.index), ask.world.ref(b.index)
    na, nb = ask.rng.choice(a.nouns[:2]), ask.rng.choice(b.nouns[:2])
    conditions = ask.filters(entity.table, 1, avoid=(a.index, b.index)) if ask.chance(0.5) else []
    block = ask.select(entity.table, conditions)
    things, thing = ask.things(entity.table, conditions), ask.things(entity.table, conditions, noun=ask.noun(entity))
    labels = [ask.world.ref(c) for c in entity.labels]
    if kind == "sides":
        block.items = [*labels, ref_a, ref_b, f"{ref_a} - {ref_b}"]
        return Draft(ask.compose(_SIDES, thing=thing, things=things, a=na, b=nb), block.sql())
    if kind == "gap":
        high, count = ask.chance(0.75), ask.rng.choice((3, 5, 10))
        block.items, block.limit = [*labels, ref_a, ref_b], count
        block.order = [f"{ref_a} - {ref_b} {'DESC' if high else 'ASC'}"]
        words = ("largest", "biggest", "widest") if high else ("smallest", "narrowest")
        return Draft(ask.compose(_GAP_BOTH, things=things, a=na, b=nb, word=words, n=number(ask.rng, count),
            far="farthest" if high else "closest"),
                     block.sql()) if high or ask.chance(0.7) else None  # fmt: skip
    test, sql = _test(ask, (na, ref_a), (nb, ref_b), "cost" in a.noun.split() and "price" in b.noun.split())
    block.where.append(sql)
    block.items = ["COUNT(*)"] if kind == "count" else [*labels, *([ref_a, ref_b] if kind == "both" else [])]
    frames = {"list": _LIST, "count": _COUNT, "both": _BOTH}[kind]
    return Draft(ask.compose(frames, things=things, that="who" if entity.person else "that", test=test, a=na, b=nb), block.sql())


def _test(ask: Ask, first: tuple[str, str], second: tuple[str, str], costs: bool) -> tuple[str, str]:
    """A verb phrase over the two columns, and its SQL."""
    (a, ref_a), (b, ref_b) = first, second
    kind = ask.rng.choice(("percent", "percent", "percent", "plain", *(() if costs else ("gap", "times"))))
    more = ask.chance(0.65)
    sign, word = (">", ("more than", "over", "above")) if more else ("<", ("less than", "under", "below"))
    if kind == "percent":
        above = (110, 120, 125, 150, 175, 200, 250, 300)
        percent = ask.rng.choice((20, 25, 30, 40, 50, 60, 65, 70, 75, 80, 90, 95) if costs or ask.chance(0.3) else above)
        said = say(ask.rng, "{n}[%| percent| %| per cent]", n=str(percent))
        frames = ["have a {a} {w} {p} of the {b}", "have a {a} {w} {p} of their {b}", "have a {a} that is {w} {p} of the {b}"]
        if costs:
            frames += [
                "cost [us|] {w} {p} of their {b}",
                "cost us {w} {p} of the {b}",
                "cost {w} {p} of what we [ask|charge] for them",
            ]
        return say(ask.rng, frames, a=a, b=b, w=word, p=said), f"{ref_a} {sign} {percent / 100:g} * {ref_b}"
    if kind == "gap":
        n = ask.rng.choice((5, 10, 20, 25, 30, 40, 50, 100, 150, 200))
        frames = ["have a gap of {w} {n} between {a} and {b}", "show a difference of {w} {n} between {a} and {b}"]
        return say(ask.rng, frames, a=a, b=b, w=word, n=number_text(ask.rng, n)), f"{ref_a} - {ref_b} {sign} {n}"
    if kind == "times":
        n = ask.rng.choice((2, 2, 3, 4))
        times = {2: ("twice", "double", "two times"), 3: ("three times",), 4: ("four times",)}[n]
        frames = ["have a {a} of {w} {t} [the|their] {b}", "have a {a} {w} {t} the {b}"]
        return say(ask.rng, frames, a=a, b=b, w=word, t=times), f"{ref_a} {sign} {n} * {ref_b}"
    comparative = ("higher", "larger") if more else ("lower", "smaller")
    frames = ["have a {h} {a} than {b}", "have a {a} [that is|] {h} than the {b}"]
    return say(ask.rng, frames, a=a, b=b, h=comparative), f"{ref_a} {sign} {ref_b}"


_OWN = (
    "[which|what] {things} {verb} than the average of their [own|] {group}",
    "{things} {adjective} than the average of their [own|] {group}",
    "[show|list|find] [the|all|] {things} {adjective} than [the average of their {group}|their {group}'s average]",
    "[which|what] {things} {verb} than [their {group}'s average|the average {thing} of their {group}]",
    "[which|what] {things} {verb} than is average in their {group}",
    "{things} [above|over] the average {column} of their [own|] {group}",
    "[which|what] {things} are above their {group}'s average {column}",
    "{things} with a {column} above the average of their {group}",
)  # fmt: skip
_OWN_LOW = tuple(f.replace("[above|over]", "below").replace(" above ", " below ") for f in _OWN)
_WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "price": (("cost more", "dearer"), ("cost less", "cheaper")), "salary": (("earn more", "earning more"), ("earn less",
    "earning less")),
    "area": (("are larger", "larger"), ("are smaller", "smaller")),
}  # fmt: skip


def against_own_group(ask: Ask) -> Draft | None:
    """QUALIFY column > AVG(column) OVER (PARTITION BY what the row belongs to)."""
    entity = ask.subject(labelled=True)
    columns = entity.with_role("measure") if entity else []
    if entity is None or not columns:
        return None
    column, world = ask.rng.choice(columns), ask.world
    owner = world.schema.owner
    near = [k for k in world.schema.foreign_keys if owner[k.source] == entity.table != owner[k.target]]
    groups = [(world.ref(k.source), ask.noun(world.entity_of(k.target))) for k in near if not world.entity_of(k.target).event]
    groups += [(world.ref(c.index), c.noun) for c in entity.with_role("dimension")]
    if not groups:
        return None
    group, noun = ask.rng.choice(groups)
    high, ref = ask.chance(0.7), world.ref(column.index)
    block = ask.select(entity.table)
    block.items = [world.ref(c) for c in entity.labels]
    block.qualify = [f"{ref} {'>' if high else '<'} AVG({ref}) OVER (PARTITION BY {group})"]
    said = column_noun(world, column, ask.rng, entity.table)
    head = column.noun.rpartition(" ")[2]
    more = ((f"have a higher {said}", f"with a higher {said}"), (f"have a lower {said}", f"with a lower {said}"))
    verb, adjective = _WORDS.get(head, more)[0 if high else 1]
    things = ask.noun(entity)
    return Draft(ask.compose(_OWN if high else _OWN_LOW, things=lexicon.plural(things), thing=things, verb=verb,
        adjective=adjective, group=noun,
                             column=said), block.sql())  # fmt: skip
