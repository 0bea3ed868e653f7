"""Rows of one kind to which something did not happen in a period: the kind narrows the rows, the period what is missing."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.related import Pair, inside, keys_of, outer, pair

_LIST = (
    "{things} without [an|a single|any] {event} {when}",
    "which {things} [had no|have no|did not have any|had not one] {events} {when}", "{things} [with no|without] {events} {when}",
    "[show|list|find|name] [the|all|] {things} [with no|without any|who had no] {events} {when}",
    "{when}: which {things} had no {events}", "no {events} {when}: which {things}",
    "[are there|do we have] {things} without [any|] {events} {when}",
)  # fmt: skip
_DEED = (
    "which {things} [did not|didn't] {base} [anything|] {when}", "{things} who [did not|didn't] {base} [anything|] {when}",
    "[show|list|find] [the|all|] {things} who [did not|didn't] {base} [anything|] {when}",
    "which {things} [{past}|have {done}] nothing {when}",
    "{things} who [{past}|have {done}] nothing {when}", "which of [our|the] {things} have not {done} [anything|] {when}",
    "who of [our|the] {things} did not {base} {when}",
)  # fmt: skip
_COUNT = (
    "how many {things} [had no|have no|did not have any|had not a single] {events} {when}",
    "number of {things} [without|with no] {events} {when}", "{things} without [an|any] {event} {when}: how many",
    "count [the|all|] {things} [without|with no] {events} {when}", "how many of [our|the] {things} [had|have] no {events} {when}",
)  # fmt: skip
_COUNT_DEED = (
    "how many {things} [did not|didn't] {base} [anything|] {when}", "how many {things} [{past}|have {done}] nothing {when}",
    "number of {things} who [did not|didn't] {base} {when}",
    "how many of [our|the] {things} have not {done} [anything|] {when}",
)  # fmt: skip
_VERBS = {"order": (("order", "ordered", "ordered"), ("buy", "bought", "bought"), ("purchase", "purchased", "purchased")),
          "purchase": (("buy", "bought", "bought"),), "sale": (("buy", "bought", "bought"),), "loan": (("borrow", "borrowed",
          "borrowed"),),
          "rental": (("rent", "rented", "rented"),), "booking": (("book", "booked", "booked"),), "donation": (("donate",
          "donated", "donated"),)}  # fmt: skip
NOT_BUYERS = STAFF | {"supplier", "vendor", "doctor", "teacher"}


def deed_of(ask: Ask, chosen: Pair) -> tuple[str, str, str] | None:
    """What people who have such an event do: "buy", "bought" and "bought"."""
    verbs = _VERBS.get(chosen.spoken.noun.rpartition(" ")[2], ())
    buys = chosen.entity.person and verbs and not set(chosen.entity.noun.split()) & NOT_BUYERS
    return ask.rng.choice(verbs) if buys else None


def missed(ask: Ask) -> Draft | None:
    """WHERE the kind AND key NOT IN (keys of the period's events), listed or counted."""
    chosen = pair(ask)
    if chosen is None or chosen.event.link:
        return None
    own = [c for c in (ask.kind(chosen.entity.table, chosen.entity.labels),) if c]
    if own and ask.chance(0.3):
        more = ask.filter(chosen.entity.table, avoid=(own[0].column, *chosen.entity.labels), tables=(chosen.entity.table,))
        own += [more] if more else []
    timed = ask.time(chosen.event.table, 0.9)
    if not own or timed is None and ask.chance(0.7):
        return None
    counted = ask.chance(0.4)
    sql = outer(ask, chosen, [inside(ask, chosen, keys_of(ask, chosen, [], timed), True)], own, counted)
    deed = deed_of(ask, chosen)
    base, past, done = deed or ("", "", "")
    event = ask.noun(chosen.spoken)
    if deed and ask.chance(0.55):
        frames: tuple[str, ...] = _COUNT_DEED if counted else _DEED
    else:
        frames = tuple(f.replace("an|", f"{lexicon.article(event).split(' ')[0]}|") for f in (_COUNT if counted else _LIST))
        frames = frames if chosen.entity.person else tuple(f.replace("|who had no", "") for f in frames)
    frames = tuple(f for f in frames if timed is not None or "{when}:" not in f)
    frames = tuple(f.replace("{base}", base).replace("{past}", past).replace("{done}", done) for f in frames)
    return Draft(
        ask.compose(frames, timed=timed, things=ask.things(chosen.entity.table, own), event=event, events=lexicon.plural(event)),
        sql,
    )
