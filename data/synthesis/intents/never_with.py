"""Rows by what their events were like: who never used a promotion or paid by card; the dearest of what was sold in a period."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter, literal, text_filter
from nl2sql.data.synthesis.intents.at_least import befell
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.extremes import plain_words, special_words
from nl2sql.data.synthesis.intents.missed import deed_of
from nl2sql.data.synthesis.intents.related import USABLE, Pair, inside, keys_of, outer, pair
from nl2sql.data.synthesis.measures import column_noun
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.times import Timed, number

_LIST = (
    "[which|what] {things} {x} {when}", "{things} {that} {x} {when}", "which of [our|the] {things} {x} {when}",
    "[show|list|find|give me] [the|all|] {things} {that} {x} {when}", "names of [all|the|] {things} {that} {x} {when}",
    "[are there|do we have] [any|] {things} {that} {x} {when}", "i [need|want] [the|a list of|all|] {things} {that} {x} {when}",
    "[could you|can you|please] list the {things} {that} {x} {when}", "[tell me|i want to know] which {things} {x} {when}",
    "{things} {post} {when}", "[show|list] [the|all|] {things} {post} {when}", "{brief} {when}: which {things}",
)  # fmt: skip
_COUNT = (
    "how many {things} {x} {when}", "how many of [our|the|all] {things} {x} {when}",
    "[number|count] of {things} {that} {x} {when}", "{things} {that} {x} {when}: how many",
    "[count|count the|count all] {things} {that} {x} {when}",
    "[tell me|do you know|i want to know] how many {things} {x} {when}", "how many {things} are there {that} {x} {when}",
    "[what is|what's] the number of {things} {that} {x} {when}", "{things} {post} {when}, [how many|count]",
    "number of {things} {post} {when}", "{brief} {when}: how many {things}",
)  # fmt: skip


def never_with(ask: Ask) -> Draft | None:
    """key NOT IN (or IN) the keys of the events that refer to a third thing, or that have a property; listed or counted."""
    found = [p for p in (pair(ask) for _ in range(5)) if p and (p.event.event or p.event.link)]
    chosen = next((p for p in found if p.entity.person and ask.chance(0.5)), found[0] if found else None)
    if chosen is None or set(chosen.event.noun.split()) & vocabulary.PLANS or chosen.entity.event:
        return None
    never = ask.chance(0.62)
    timed = ask.time(chosen.event.table, 0.3 if never else 0.55)
    said = _property(ask, chosen, never, timed)
    if said is None:
        return None
    condition, x, post, brief = said
    block = keys_of(ask, chosen, [condition], timed)
    entity, counted = chosen.entity, ask.chance(0.45)
    own = ask.filters(entity.table, 1, avoid=entity.labels, tables=(entity.table,)) if ask.chance(0.25) else []
    slots: dict[str, Slot] = dict(
        things=ask.things(entity.table, own), that="who" if entity.person else "that", x=say(ask.rng, x),
        post=say(ask.rng, post), brief=say(ask.rng, brief),
    )  # fmt: skip
    sql = outer(ask, chosen, [inside(ask, chosen, block, never)], own, counted)
    return Draft(ask.compose(_COUNT if counted else _LIST, timed=timed, **slots), sql)


Property = tuple[Filter, str, str, str]


def _property(ask: Ask, chosen: Pair, never: bool, timed: Timed | None) -> Property | None:
    """The condition on the events; what is said as a verb, after the noun, and in a few words."""
    world, event = ask.world, chosen.event
    owner = {t for t in world.reach_of(event.table).path if chosen.entity.table in world.reach_of(t).path}
    optional = [
        (c, world.entity_of(k.target)) for c in event.columns for k in world.schema.foreign_keys
        if k.source == c.index and world.schema.columns[c.index].nullable and world.schema.owner[k.target] not in owner
        and world.schema.owner[k.target] != event.table and c.index != chosen.column
    ]  # fmt: skip
    states = [c for c in event.columns if c.role == "dimension" and c.index not in event.labels and len(world.texts(c.index)) > 1]
    lowered = [c for c in event.columns if "discount" in c.noun.split() and 0 in world.numbers(c.index)]
    paid = [c for c in states if {"payment", "pay"} & set(c.noun.split()) and {"method", "type", "mode"} & set(c.noun.split())]
    buyer = chosen.entity.person and not set(chosen.entity.noun.split()) & STAFF
    options = [("optional", 4)] * bool(optional) + [("paid", 3)] * bool(paid and buyer) + [("state", 2)] * bool(states)
    options += [("price", 2)] * bool(lowered and deed_of(ask, chosen))
    if not options:
        return None
    kind = ask.rng.choices([o for o, _ in options], [w for _, w in options])[0]
    noun = ask.noun(chosen.spoken)
    many = lexicon.plural(noun)
    if kind == "optional":
        column, target = ask.rng.choice(optional)
        thing = ask.noun(target)
        ref = f"{world.ref(column.index)} IS NOT NULL"
        condition = Filter(event.table, column.index, ref, (), ())
        if buyer and target.noun.rpartition(" ")[2] in USABLE:
            return condition, *_did(never, timed, ("use", "used", "used"), lexicon.article(thing), f"{thing} used")
        return condition, *_had(never, timed, f"{lexicon.article(noun)} with {lexicon.article(thing)}", f"{many} with a {thing}")
    if kind == "price":
        less = ask.chance(0.6)
        column, deed = ask.rng.choice(lowered), deed_of(ask, chosen)
        assert deed is not None
        condition = Filter(event.table, column.index, f"{world.ref(column.index)} {'>' if less else '='} 0", (), ())
        how = "[at|with] a discount" if less else "[at full price|without a discount|without any discount]"
        return condition, *_did(never, timed, deed, f"{'anything' if never else 'something'} {how}")
    column = ask.rng.choice(paid if kind == "paid" else states)
    value = ask.rng.choice(world.texts(column.index))
    ask.protect(value)
    if kind == "paid":
        condition = Filter(event.table, column.index, f"{world.ref(column.index)} = {literal(value)}", (), ())
        said = value.lower() if value.istitle() and value.isalpha() and ask.chance(0.6) else value
        return condition, *_did(never, timed, ("pay", "paid", "paid"), f"[by|with|by|using] {said}", f"{said} payment")
    made = text_filter(world, ask.rng, column, value)
    if made is None:
        return None
    one = ask.things(event.table, [made], noun=noun)
    return made, *_had(never, timed, lexicon.article(one), ask.things(event.table, [made], noun=f"{noun}\0"))


def _did(never: bool, timed: Timed | None, verb: tuple[str, str, str], what: str, noun: str = "") -> tuple[str, str, str]:
    """What the rows did, or never did: "never used a promotion"."""
    base, past, done = verb
    if not never:
        x = f"[{past} {what} at least once|have {done} {what}|{past} {what}|{past} {what}]"
        return x, f"[who|that] {past} {what} [at least once|]", f"{past} {what} [at least once|]"
    if timed:
        x = f"[did not {base} {what}|didn't {base} {what}|never {past} {what}|have not {done} {what}]"
    else:
        x = f"[never {past} {what}|have never {done} {what}|have not once {done} {what}|haven't ever {done} {what}]"
    post = f"[without [a single|any] {noun}|who never {past} {what}]" if noun else f"who never {past} {what}"
    return x, post, f"never {past} {what}"


def _had(never: bool, timed: Timed | None, one: str, many: str) -> tuple[str, str, str]:
    """What the rows had, or never had: "never had a cancelled order"."""
    if not never:
        return f"[had {one} at least once|[have|] had {many}|had at least one of the {many}]", f"with {many}", f"{many}"
    x = f"[have never had {one}|never had {one}|have never had any {many}|never had any {many}]"
    x = f"[had no {many}|did not have {one}|didn't have any {many}|never had {one}]" if timed else x
    return x, f"[with no|without any|without] {many}", f"[no|without any] {many}"


_ONE = (
    "[what is|what's|which is|what was] the {special} {thing} {dealt} {when}", "{special} {thing} {dealt} {when}",
    "which {thing} {dealt} {when} [is|was] the {special}",
    "[of|among] [the|all|] {things} {dealt_all} {when}, which is the {special}",
    "[show|find|name|give me] the {special} {thing} {dealt} {when}", "the {special} {thing} {dealt} {when}",
    "[which|what] [is|was] the {special} of [the|all|all the] {things} {dealt_all} {when}",
    "[could you|can you|please] tell me the {special} {thing} {dealt} {when}", "our {special} {thing} {dealt} {when}",
    "the {special} {thing} {dealt} {when} and its {column}", "which {thing} {dealt} {when} has the {word} {column}",
    "[of|among] [the|all] {things} {dealt_all} {when}, the one with the {word} {column}",
    "{things} {dealt_all} {when}: the {special} one",
)  # fmt: skip
_FEW = (
    "[show|list|what are|give me] the {n} {special} {things} {dealt_all} {when}", "{n} {special} {things} {dealt_all} {when}",
    "the {n} {special} {things} {dealt_all} {when}", "which {n} {things} {dealt_all} {when} are the {special}",
    "[of|among] the {things} {dealt_all} {when}, the {n} {special}", "{things} {dealt_all} {when}: the {n} {special}",
    "[which|what] were the {n} {special} {things} {dealt_all} {when}",
    "the {n} {things} {dealt_all} {when} with the {word} {column}",
)  # fmt: skip
_TIMELY = ("first", "last", "latest", "earliest", "most recent", "newest")  # could be said of the events


def dearest_sold(ask: Ask) -> Draft | None:
    """ORDER BY a column of the rows' own, among those whose key is IN (or NOT IN) the keys of a period's events."""
    chosen = pair(ask)
    if chosen is None or set(chosen.event.noun.split()) & vocabulary.PLANS or chosen.entity.event:
        return None
    entity, world, high = chosen.entity, ask.world, ask.chance(0.6)
    words = {c: [w for w in special_words(c, high) if not w.startswith(_TIMELY)] for c in entity.with_role("measure", "date")}
    for c, found in words.items():  # "the oldest agent" is not the one with the oldest licence
        words[c] = [w for w in found if not entity.person or "birth" in c.noun or not w.startswith(("oldest", "youngest"))]
    words = {c: found for c, found in words.items() if found}
    done = befell(ask, chosen)
    if not words or chosen.event.link and not done:
        return None
    column = ask.rng.choices(list(words), [3.0 if c.role == "measure" else 1.5 for c in words])[0]
    never = ask.chance(0.2)
    timed = ask.time(chosen.event.table, 0.88)
    if timed is None and not done:
        return None
    own = ask.filters(entity.table, 1, avoid=(column.index, *entity.labels)) if ask.chance(0.3) else []
    block = ask.select(entity.table, own)
    block.where.append(inside(ask, chosen, keys_of(ask, chosen, [], timed), never))
    ref, count = world.ref(column.index), 1 if ask.chance(0.75) else ask.rng.choice((2, 3, 3, 5, 5, 10))
    block.items = [*(world.ref(c) for c in entity.labels), ref]
    block.order, block.limit = [f"{ref} {'DESC' if high else 'ASC'}"], count
    one, many = _dealt(ask, chosen, done, never, timed)
    slots: dict[str, Slot] = dict(
        special=tuple(words[column]), thing=ask.things(entity.table, own, noun=ask.noun(entity)), n=number(ask.rng, count),
        things=ask.things(entity.table, own), dealt=one, dealt_all=many, word=plain_words(column, high),
        column=column_noun(world, column, ask.rng, entity.table),
    )  # fmt: skip
    return Draft(ask.compose(_ONE if count == 1 else _FEW, timed=timed, **slots), block.sql())


def _dealt(ask: Ask, chosen: Pair, done: tuple[str, ...], never: bool, timed: Timed | None) -> tuple[str, str]:
    """What happened to the row, or to the rows: "we sold", "that were sold"."""
    noun, deed = ask.noun(chosen.spoken), deed_of(ask, chosen)
    events = lexicon.plural(noun)
    if done:
        word = ask.rng.choice(done)
        ours = "|we sold|we sold|that we sold" if word == "sold" else ""
        if never:
            no = "[not|never]" if timed else "never"
            text = f"[{no} {word}|that {{was}} {no} {word}]"
        else:
            ever = "" if timed else " [ever|so far|]"
            text = f"[{word}|that {{was}} {word}{ours}]{ever}"
    elif deed and ask.chance(0.75):
        text = f"[who|that] {deed[1]} [something|anything|]"
        text = f"[who did not {deed[0]} [anything|]|who {deed[1]} nothing]" if never else text
    elif never:
        text = f"[with no|without any|that had no] {events}"
    else:
        text = f"[with|that had|with] [at least one {noun}|{events}|any {events}]"
    said = say(ask.rng, text, was="\1")
    return say(ask.rng, said.replace("\1", "was")), say(ask.rng, said.replace("\1", "were"))
