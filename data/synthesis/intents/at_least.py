"""What part of the rows of a table have several events, or none: "what share of customers ordered at least twice"."""

from __future__ import annotations

from nl2sql.data.synthesis import vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.numbers import number_text, rounded
from nl2sql.data.synthesis.intents.missed import deed_of
from nl2sql.data.synthesis.intents.related import USABLE, Pair, inside, keys_of, pair
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.times import Timed

# {did} is what is said of the rows after them as a verb, {post} the same as a phrase after their noun
_OF_ALL = (
    "what {word} of [our|the|all|all our|] {things} {did} {when}", "{word} of [our|all|the|] {things} {post} {when}",
    "what {word} of {things} {did} {when}", "of [all|our|all our|the] {things}, what {word} {did} {when}",
    "how [large|high|big] is the {word} of [our|] {things} {post} {when}",
    "[show|calculate|give me|work out|compute|find] the {word} of [our|all|] {things} {post} {when}",
    "{things} {post} {when}, as a {word} of all {things}",
    "[could you|can you|please] tell me what {word} of [our|the] {things} {did} {when}",
    "how many of [our|the|all] {things} {did} {when}, as a {word}",
    "i [want|need|would like] to know what {word} of [our|] {things} {did} {when}",
    "{lead} {when}: what {word} of [our|all|the] {things}", "what [is|'s] the {word} of [our|the|] {things} {post} {when}",
    "[all|our] {things}: the {word} {post} {when}", "out of all [our|the|] {things}, the {word} {post} {when}",
)  # fmt: skip
_KEYWORDS = ("{word} of {things} {post} {when}", "{things} {post} {when}, {word} of all")
# {any} is what those that count had at least once, {several} what some of them had more often
_OF_THOSE = (
    "of the {things} {that} {any} {then}, what {word} {did}",
    "[among|of] the {things} {that} {any} {then}, what {word} had {several}",
    "what {word} of the {things} {that} {any} {then} had {several}",
    "counting only [the|] {things} {that} {any} {then}, what {word} had {several}",
    "among [the|] {things} with {an_event} {then}, the {word} [that had|with] {several}",
    "{word} of the {things} {that} {any} {then} [that had|having] {several}",
    "out of [the|all|all the] {things} {that} {any} {then}, the {word} with {several}",
    "of those {things} {that} {any} {then}, [which|what] {word} had {several}",
    "how many of the {things} {that} {any} {then} had {several}, as a {word}",
    "[show|calculate|give me|find] the {word} of the {things} {that} {any} {then} [that|and] had {several}",
    "{things} with {several} as a {word} of all {things} {that} {any} {then}",
    "only {things} with {an_event} {then}: what {word} of them had {several}",
)  # fmt: skip
_OFTEN = (  # by the comparison: said of a number of events, and of a number of times
    (">=", "at least {n}|{n} or more|no fewer than {n}|{n} and more", "at least {t}|{t} or more"),
    (">", "more than {n}|over {n}", "more than {t}"), ("=", "exactly {n}|just {n}|only {n}", "exactly {t}|only {t}|just {t}"),
)  # fmt: skip
_BEFELL = {  # by the event: what is said of a thing that it befell
    "return": "returned|sent back", "refund": "refunded", "complaint": "complained about", "claim": "claimed for",
    "adoption": "adopted", "order": "ordered|sold|bought", "purchase": "bought|purchased|sold", "sale": "sold",
    "loan": "borrowed|lent out", "rental": "rented|rented out", "booking": "booked", "reservation": "reserved",
    "review": "reviewed", "repair": "repaired", "inspection": "inspected", "rating": "rated",
}  # fmt: skip
_LENT = {"book", "copy", "volume", "title", "item", "film", "movie", "game", "album", "tool", "device"}
_NOT_GOODS = vocabulary.KINDS | {"promotion", "campaign", "discount", "coupon", "status", "method", "channel", "offer", "carrier"}


def share_with_several(ask: Ask) -> Draft | None:
    """COUNT(*) FILTER (WHERE key IN (... HAVING COUNT(*) >= n)) / COUNT(*); of those with any event, by way of WITH."""
    chosen = _pair(ask, people=ask.chance(0.6))
    if chosen is None or chosen.event.link:
        return None
    world = ask.world
    assert chosen.entity.key is not None
    operator, counts, times = ask.rng.choices(_OFTEN, (5, 3, 2))[0]
    timed = ask.time(chosen.event.table, 0.45)
    n = _number(ask, chosen, operator, timed)
    kinds = ask.filters(chosen.event.table, 1, avoid=chosen.entity.labels, apart=chosen.entity.table) if ask.chance(0.25) else []
    own = _own(ask, chosen)
    percent, noun = ask.chance(0.55), ask.noun(chosen.spoken)
    said = say(ask.rng, f"[{counts}]", n=number_text(ask.rng, n) if n > 1 else "one")
    several = f"{said} {ask.things(chosen.event.table, kinds, noun=noun if n == 1 else f'{noun}{chr(0)}')}"
    events = ask.things(chosen.event.table, kinds, noun=f"{noun}\0")
    deed = deed_of(ask, chosen) if not kinds else None
    placed = "placed" if deed and "order" in noun.split() and ask.chance(0.5) else "had"
    often = say(ask.rng, f"[{times}]", t={1: "once", 2: "twice"}.get(n, f"{number_text(ask.rng, n)} times"))
    did = (f"[have|has|] {placed} {several}", *((f"[have|has|] {deed[2]} {often}",) * 2 if deed else ()))
    that = "who" if chosen.entity.person else "that"
    post = (f"with {several}", f"with {several}", f"{that} [have|] {placed} {several}",
            *((f"{that} [have|] {deed[2]} {often}",) if deed else ()))  # fmt: skip
    slots: dict[str, Slot] = dict(
        word=word_of(percent), things=ask.things(chosen.entity.table, own), that=that,
        did=say(ask.rng, did), post=say(ask.rng, post), several=several, lead=f"with {several}",
        any=(f"{deed[1]} [anything|something|]", f"placed [any|] {events}") if deed else (f"had [any|] {events}",),
        an_event=(f"any {events}", f"at least one {noun}") if not kinds else (f"any {events}",),
        then=timed.when.full if timed else "",
    )  # fmt: skip
    block = keys_of(ask, chosen, kinds, timed)
    key = block.items[0]
    block.group = [key]
    start = "100.0 * " if percent else ""
    if not world.schema.columns[chosen.column].nullable and (n > 1 or operator != ">") and ask.chance(0.3):
        for condition in own:
            block.where.append(condition.sql)
            block.tables.add(condition.table)
        block.items = [f"{key} AS label", "COUNT(*) AS total"]
        sql = f"WITH part AS ({block.sql()}) SELECT {start}COUNT(*) FILTER (WHERE total {operator} {n}) / COUNT(*) FROM part"
        slots["any"] = say(ask.rng, slots["any"])
        slots["did"] = say(ask.rng, f"{placed} {several}" if not deed else (f"{deed[1]} {often}", f"did so {often}"))
        return Draft(ask.compose(_OF_THOSE, **slots), sql)
    block.having = [f"COUNT(*) {operator} {n}"]
    frames: tuple[str, ...] = _OF_ALL
    if deed and operator == ">=" and n == 2 and not kinds:
        repeat = ask.rng.choice(("repeat buyers", "repeat customers", "repeat purchasers", "returning customers"))
        frames += (f"what {{word}} of [our|the] {{things}} are {repeat} ({several}) {{when}}",
                   f"{{word}} of {repeat} [among|out of] [all|our] {{things}} {{when}}, meaning {several}") * 2  # fmt: skip
    test = f"{world.ref(chosen.entity.key)} IN ({block.sql()})"
    return Draft(ask.compose(frames, _KEYWORDS, timed=timed, **slots), _part(ask, chosen, own, test, percent))


def _pair(ask: Ask, *, people: bool = False) -> Pair | None:
    """A table whose rows are named, and one whose rows refer to them; no plans. ``people``: rather those that buy or book."""
    found = [one for one in (pair(ask) for _ in range(4 if people else 1)) if one]
    found = [one for one in found if not set(one.event.noun.split()) & vocabulary.PLANS and one.event.key is not None]
    return next((one for one in found if people and deed_of(ask, one)), found[0] if found else None)


def _own(ask: Ask, chosen: Pair) -> list[Filter]:
    """Now and then a condition on the rows that the part is of."""
    entity = chosen.entity
    return ask.filters(entity.table, 1, avoid=entity.labels, tables=(entity.table,)) if ask.chance(0.3) else []


def _number(ask: Ask, chosen: Pair, operator: str, timed: Timed | None) -> int:
    """How many events: a few, or about as many as the rows have on average where those are more."""
    few = {">=": (2, 2, 2, 2, 3, 3, 4, 5, 10), ">": (1, 1, 2, 3, 3, 4, 5, 10), "=": (1, 1, 1, 2, 2, 3)}[operator]
    size = ask.world.group_size(chosen.event.table, chosen.entity.key or 0) or 0
    if size > 8 and operator != "=" and timed is None and ask.chance(0.5):
        return round(rounded(ask.rng, size * ask.rng.choice((0.5, 0.8, 1, 1.2, 1.5))))
    return ask.rng.choice(few)


def _part(ask: Ask, chosen: Pair, own: list[Filter], test: str, percent: bool) -> str:
    """The part of the rows that pass the test, out of a hundred or of one."""
    block = ask.select(chosen.entity.table, own)
    block.items = [f"{'100.0 * ' if percent else ''}COUNT(*) FILTER (WHERE {test}) / COUNT(*)"]
    return block.sql()


def never_befell_share(ask: Ask) -> Draft | None:
    """COUNT(*) FILTER (WHERE key NOT IN (keys of the event)) / COUNT(*), the event one or two keys away."""
    found = [one for one in (_pair(ask, people=i == 3) for i in range(4)) if one]
    if not found:
        return None
    chosen = next((one for one in found if befell(ask, one)), found[-1]) if ask.chance(0.55) else found[-1]
    entity, done = chosen.entity, befell(ask, chosen)
    if chosen.event.link and not done:
        return None
    timed = ask.time(chosen.event.table, 0.3)
    kinds = ask.filters(chosen.event.table, 1, avoid=entity.labels, apart=entity.table)
    kinds = kinds if ask.chance(0.2) and not done else []
    own = _own(ask, chosen)
    percent = ask.chance(0.6)
    far = len(ask.world.reach_of(chosen.event.table).path[entity.table]) == 2
    never = not far or ask.chance(0.8)
    did, post, lead = _said(ask, chosen, done, kinds, timed, never)
    test = inside(ask, chosen, keys_of(ask, chosen, kinds, timed), never)
    return Draft(ask.compose(_OF_ALL, _KEYWORDS, timed=timed, word=word_of(percent), things=ask.things(entity.table, own),
                             did=did, post=post, lead=lead), _part(ask, chosen, own, test, percent))  # fmt: skip


def befell(ask: Ask, chosen: Pair) -> tuple[str, ...]:
    """The participles of what happens to a thing by the event: "returned"."""
    entity, event = chosen.entity, chosen.spoken
    near = len(ask.world.reach_of(chosen.event.table).path[entity.table]) == 1
    head, kind = event.noun.rpartition(" ")[2], entity.noun.rpartition(" ")[2]
    if near and kind in USABLE and head in ("order", "purchase", "sale", "booking") and not chosen.event.link:
        return "used", "redeemed", "applied"
    if entity.person or entity.place or entity.event or kind in _NOT_GOODS or head == "loan" and kind not in _LENT:
        return ()
    if head in ("order", "purchase", "sale") and not any(c.unit == "money" for c in entity.with_role("measure")):
        return ()
    far = head in ("return", "refund", "complaint", "claim")  # these befall things by way of what they were sold on
    return tuple(_BEFELL[head].split("|")) if head in _BEFELL and (near or far) else ()


def _said(
    ask: Ask, chosen: Pair, done: tuple[str, ...], kinds: list[Filter], timed: Timed | None, never: bool
) -> tuple[str, str, str]:
    """The verb, the phrase after the noun, and keywords for rows without such events, or with some."""
    that = "who" if chosen.entity.person else "that"
    noun = ask.noun(chosen.spoken)
    events = ask.things(chosen.event.table, kinds, noun=f"{noun}\0")
    deed = deed_of(ask, chosen) if not kinds else None
    lead = f"[no|without|without any] {events}" if never else f"with {events}"
    if done:
        word = ask.rng.choice(done)
        no = "was not|were not|wasn't|has not been|was never" if timed else "has never been|have never been|was never|were never"
        did = f"[{no}] {word}" if never else f"[was|were|has been|have been] {word} [at least once|]"
        post = f"[never {word}|not {word}|that were never {word}]" if never else f"[{word} at least once|that were {word}]"
        lead = f"{'never' if never else 'ever'} {word}"
    elif deed and ask.chance(0.7):
        base, past, participle = deed
        did, post = f"[has|have|] never {participle} [anything|]", f"who [have|] never {participle} [anything|]"
        if timed:
            did, post = f"[did not {base} [anything|]|{past} nothing|didn't {base}]", f"who [did not {base}|{past} nothing]"
        if not never:
            did, post = f"[have|has|] {participle} [at least once|]", f"who {past} [at least once|]"
    elif never:
        did = f"[had|have|has] no {events}" if timed else f"[have never had|has never had|never had|have not had] any {events}"
        post = f"[with no|without any|without] {events}"
        post = post if timed or ask.chance(0.5) else f"{that} [never had any|have never had any|had no] {events}"
    else:
        did, post = f"[have|has] had [at least one {noun}|any {events}]", f"with [any|] {events}"
        did = did if not kinds else f"[have|has] had any {events}"
    return say(ask.rng, did), say(ask.rng, post), say(ask.rng, lead)
