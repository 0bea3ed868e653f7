"""Rows with two or three properties said in one breath, an adjective, a place, a thing they have; percentages and ranges."""

from __future__ import annotations

import re

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter, text_filter
from nl2sql.data.synthesis.filters.numbers import number_text, threshold
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.roles import Entity

# {first} stands before the noun, {rest} after it, {verb} is one property as a verb
_LIST = (
    "{first} {things} {rest} {tail}", "[which|what] {first} {things} {rest} {verb}",
    "[show|list|find|give me] [all|the|] {first} {things} {rest} {tail}",
    "[who are|which are] [our|the] {first} {things} {rest} {tail}", "names of [all|the|our] {first} {things} {rest} {tail}",
    "[i need|i want|please list] [all|the|] {first} {things} {rest} {tail}", "which of [our|the] {first} {things} {rest} {verb}",
    "{things} {rest} {tail}, {first} ones only", "{first} {things} {rest} {that} {verb}",
)  # fmt: skip
_COUNT = (
    "how many {first} {things} {rest} {verb}", "how many of [our|the] {first} {things} {rest} {verb}",
    "number of {first} {things} {rest} {tail}",
    "how many {first} {things} {rest} {tail} [are there|do we have|]",
    "[count|count all|count the] {first} {things} {rest} {tail}",
    "{first} {things} {rest} {tail}: how many", "how many {things} {rest} are {first} and {verb}",
    "of [our|the] {first} {things} {rest}, how many {verb}",
)  # fmt: skip
_MEMBERS = {
    "tier": ("member", "card holder", "cardholder"),
    "membership": ("member",),
    "level": ("member",),
    "segment": ("client",),
}
_HAS = {
    "tier": ("card", "status", "membership", "level"),
    "membership": ("card", "membership"),
    "level": ("level",),
    "status": ("status",),
}
_OVER = (
    (">", "[above|over|of more than|higher than|exceeding|of over] {v}"),
    ("<", "[below|under|of less than|lower than|of under] {v}"),
    (">=", "[of at least {v}|of {v} or more|of {v} and up|from {v} upwards|not below {v}]"),
    ("<=", "[of at most {v}|of {v} or less|up to {v}|of no more than {v}|not above {v}]"),
)  # fmt: skip
_RANGE = "[between {v} and {w}|from {v} to {w}|of {v} to {w}|that lies between {v} and {w}|somewhere between {v} and {w}]"
_GIVES = (">", "[more than|over|above] {v}"), ("<", "[less than|under] {v}"), (
    ">=", "[at least {v}|{v} or more|no less than {v}]"), ("<=", "[at most {v}|up to {v}|{v} or less]")  # fmt: skip
_RATE_LIST = (
    "[which|what] {things} {have}", "[show|list|find|give me] [all|the|] {things} {that} {have}", "{things} {that} {have}",
    "{things} {with_}",
    "[are there|do we have] [any|] {things} {that} {have}", "[which|what] are the {things} {with_}",
    "names of [all|the] {things} {with_}",
)  # fmt: skip
_RATE_COUNT = (
    "how many {things} {have}", "how many of [our|the] {things} {have}", "number of {things} {with_}",
    "[count|count the] {things} {that} {have}",
    "{things} {with_}: how many", "how many {things} [are there|do we have] {with_}", "on how many {things} was {a} {over}",
)  # fmt: skip


def _property(ask: Ask, entity: Entity, used: list[Filter], place: bool) -> tuple[Filter, str, str, str] | None:
    """A condition as an adjective, after the noun, and as a verb: ("gold", "with a gold card", "have a gold card")."""
    columns = [
        c for c in entity.with_role("dimension") if c.index not in {f.column for f in used} and c.index not in entity.labels
    ]
    columns = [c for c in columns if _is_place(c) == place and len(ask.world.texts(c.index)) > 1]
    made = text_filter(ask.world, ask.rng, ask.rng.choice(columns)) if columns else None
    if made is None or not (place or made.adjectives):
        return None
    ask.protect(made.said)
    head = next(c.noun for c in columns if c.index == made.column).rpartition(" ")[2]
    does = "who" if entity.person else "that"
    if place:
        said = made.said
        frames = (
            "live in|are from|are based in|are at home in|come from"
            if entity.person
            else "are in|lie in|are located in|are based in"
        ).split("|")
        verb = f"{ask.rng.choice(frames)} {said}"
        post = ask.rng.choice(
            (f"from {said}", f"in {said}", f"{does} {verb}", f"living in {said}" if entity.person else f"located in {said}")
        )
        return made, "", post, verb
    said = made.adjectives[0]
    things = _HAS.get(head, ()) if entity.person else ()
    if things:
        what = lexicon.article(f"{said} {ask.rng.choice(things)}")
        verb = ask.rng.choice((f"have {what}", f"hold {what}", f"are {said}"))
        return made, said, ask.rng.choice((f"with {what}", f"{does} have {what}", f"holding {what}", f"{does} are {said}")), verb
    return made, said, ask.rng.choice((f"{does} are {said}", f"with {head} {said}", f"whose {head} is {said}")), f"are {said}"


def _is_place(column: ColumnRole) -> bool:
    return column.noun.rpartition(" ")[2] in vocabulary.PLACE_COLUMNS


def described(ask: Ask) -> Draft | None:
    """WHERE a = x AND b = y [AND c]: listed, counted, or with one more column."""
    entity = ask.subject(keyed=True)
    if entity is None or entity.link:
        return None
    first = _property(ask, entity, [], False)
    if first is None:
        return None
    second = _property(ask, entity, [first[0]], ask.chance(0.7)) or _property(ask, entity, [first[0]], False)
    used = [first[0], *([second[0]] if second else [])]
    third = _property(ask, entity, used, False) if second and ask.chance(0.4) else None
    more = (
        None
        if second and (third or ask.chance(0.65))
        else ask.filter(entity.table, avoid=tuple(f.column for f in used), tables=(entity.table,))
    )
    conditions = [*used, *([third[0]] if third else []), *([more] if more else [])]
    if len(conditions) < 2 or more and more.column in {f.column for f in used}:
        return None
    if second is None and more is not None:
        posts = [p for p in more.posts if not p.startswith(("but ", "except "))]
        if not posts:
            return None
        second = (more, "", ask.rng.choice(posts), "")
        more = None
    assert second is not None
    rest = " ".join(filter(None, (third[2] if third else "", ask.rng.choice(more.posts) if more else "")))
    column = next(c for c in entity.columns if c.index == first[0].column)
    nouns = _MEMBERS.get(column.noun.rpartition(" ")[2], ()) if entity.person else ()
    noun = lexicon.plural(ask.rng.choice(nouns) if nouns and ask.chance(0.45) else ask.noun(entity))
    block = ask.select(entity.table, conditions)
    counted = not entity.labels or ask.chance(0.45)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in entity.labels]
    frames = tuple(
        f for f in (_COUNT if counted else _LIST) if (second[3] or "{verb}" not in f) and (entity.person or "who are" not in f)
    )
    return Draft(ask.compose(
        frames, "{first} {things} {rest} {tail}" if not counted else (), first=first[1], things=noun, rest=rest,
        tail=second[2], verb=second[3],
        that="who" if entity.person else "that",
    ), block.sql())  # fmt: skip


def percent_or_range(ask: Ask) -> Draft | None:
    """A number column over a threshold or in a range; fractions and percentages are said in percent."""
    options = [(e, c) for e in ask.world.entities for c in e.with_role("measure") if ask.world.numbers(c.index)]
    if not options:
        return None
    rates = [(e, c) for e, c in options if _unit(ask, c)]
    entity, column = ask.rng.choice(rates if rates and ask.chance(0.75) else options)
    made = _threshold(ask, column)
    if made is None:
        return None
    over, gives, test = made
    noun = column_noun(ask.world, column, ask.rng, entity.table)
    short = re.sub(r" (?:percent|percentage|rate|pct)$", "", noun)
    noun = ask.rng.choice((noun, short)) if _unit(ask, column) else noun
    a = lexicon.article(noun)
    gift = set(short.split()) & {"discount", "rebate", "bonus", "reduction"}
    have = ask.rng.choice(
        (f"have {a} {over}", f"show {a} {over}", *((f"give {gives}", f"offer {gives}", f"give {a} {over}") if gift else ()))
    )
    with_ = ask.rng.choice((f"with {a} {over}", f"with {noun} {over}", *((f"at {gives} off", f"giving {gives}") if gift else ())))
    conditions = ask.filters(entity.table, 2, avoid=(column.index,)) if ask.chance(0.6) else []
    timed = ask.time(entity.table, 0.3) if entity.event else None
    block = ask.select(entity.table, conditions, timed)
    block.where.append(f"{ask.world.ref(column.index)} {test}")
    counted = not entity.labels or ask.chance(0.4)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in entity.labels]
    frames = tuple(f"{f} {{when}}" for f in (_RATE_COUNT if counted else _RATE_LIST))
    return Draft(ask.compose(frames, timed=timed, things=ask.things(entity.table, conditions),
                             that="who" if entity.person else "that", have=have, with_=with_, a=a, over=over),
                 block.sql())  # fmt: skip


def _unit(ask: Ask, column: ColumnRole) -> str:
    """ "fraction" of 1, "percent", or nothing."""
    numbers = ask.world.numbers(column.index)
    if column.unit == "rate" and 0 <= min(numbers) and max(numbers) <= 1 and max(numbers) > 0:
        return "fraction"
    return "percent" if column.noun.rpartition(" ")[2] in ("percent", "percentage", "pct") else ""


def _threshold(ask: Ask, column: ColumnRole) -> tuple[str, str, str] | None:
    """ "above 20 percent", "more than 20 percent" and "> 0.2"; a range now and then."""
    unit, numbers = _unit(ask, column), ask.world.numbers(column.index)
    scale = 100 if unit == "fraction" else 1

    def draw() -> float:
        value = threshold(ask.world, ask.rng, column) * scale
        return max(5, 5 * round(value / 5)) if unit and max(numbers) * scale >= 15 else round(value) if unit else value

    low, high = sorted((draw(), draw()))
    if unit and low == high:
        high += 5 * ask.rng.randrange(1, 4) if max(numbers) * scale >= 15 else 1
    spoken = ask.rng.choice(("%", "%", " percent", " percent", " per cent"))

    def text(value: float) -> str:
        bare = number_text(ask.rng, value)
        return f"{bare}{' percent' if not bare[-1].isdigit() else spoken}" if unit else bare

    v, w = text(low), text(high)
    ask.protect(v, w)
    if low != high and ask.chance(0.45):
        first = v if ask.chance(0.4) or unit != "percent" else re.split(r"%| per", v)[0]  # "10" of "10 to 20%" links to no 0.1
        if re.fullmatch(r"[\d.,]+", first) or first == v:
            said = say(ask.rng, _RANGE, v=first, w=w)
            gives = say(ask.rng, "[between {v} and {w}|{v} to {w}|from {v} to {w}]", v=first, w=w)
            return said, gives, f"BETWEEN {low / scale:.10g} AND {high / scale:.10g}"
    i = ask.rng.randrange(4)
    return say(ask.rng, _OVER[i][1], v=v), say(ask.rng, _GIVES[i][1], v=v), f"{_OVER[i][0]} {low / scale:.10g}"
