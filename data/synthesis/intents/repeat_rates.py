"""What part came back, how often those come who come back, and what they bring: repeat rate, revenue from repeat customers."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.intents.missed import deed_of
from nl2sql.data.synthesis.intents.related import Pair, keys_of
from nl2sql.data.synthesis.intents.repeaters import BOUGHT, comes, kind_of, own_of, visitors
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import Timed

_RATE = (
    "what {word} of [the|] {things} {that} [ever|] {had} [any|] {events} {when} {again}", "repeat {noun} rate {unit} {when}",
    "of [the|all|] {things} with [at least one {event}|any {events}] {when}, what {word} {again}",
    "repeat rate of {things} {unit} {when}", "{word} of {things} with {events} {when} that {again}",
    "[what is|what was|show|compute] [our|the] repeat {noun} rate {unit} {when}",
    "[among|of] [all|the] {things} {that} {had} {an_event} {when}, the {word} that had [two or more|at least two]",
    "{word} of {things} with at least one {event} {when} that had [two or more|a second one]",
    "how many of the {things} with {events} {when} {again}, as a {word}",
)  # fmt: skip
_RATE_DEED = (
    "what {word} of [the|] {things} who [ever|] {past} {when} {again}", "{word} of {things} that {past} again {when}",
    "{things} who {past} {when} and then {past} again, as a {word} of [all|those] who {past}",
    "of [the|all|] {things} who [ever|] {past} [anything|something|] {when}, what {word} {again}",
    "repeat {noun} rate {unit} {when}", "how many of the {things} who {past} {when} {again}, as a {word}",
    "{word} of repeat {things} among [those|all {things}] who {past} {when}",
)  # fmt: skip
_AGAIN = (
    "came back for [a second|another] {event} [or more|]", "[had|came for] a second {event}",
    "[came back|returned] at least once", "had two or more {events}", "had at least two {events}", "had more than one {event}",
)
_BUYING = (
    "{word} of buyers that {again} {when}", "repeat purchase rate {unit} {when}", "repeat [customer|buyer] rate {unit} {when}",
    "[what is|what was|show|compute] [our|the] repeat [purchase|customer] rate {unit} {when}",
)  # fmt: skip
_AVERAGE = (
    "[average|mean] number of {events} of {kind} {when}", "how many {events} do {kind} have on average {when}",
    "{kind}: average {event} count {when}", "[what is|show|give me] the average number of {events} [of|per] {one} {when}",
    "on average, how many {events} does {a_one} have {when}", "average {events} per {one} {when}",
    "{kind} {when}: how many {events} on average", "{event} count of {kind} on average {when}",
)  # fmt: skip
_BROUGHT = (
    "[what|which] {word} of {figure} [comes|came] from {kind} {when}", "{word} of {figure} from {kind} {when}",
    "how much of [the|our|] {figure} [comes|came] from {kind} {when}, as a {word}", "{kind}: their {word} of {figure} {when}",
    "[show|calculate|give me|what is] the {word} of {figure} [made with|from|due to|by] {kind} {when}",
    "what {word} of {figure} do {kind} [account for|make up] {when}", "the {word} of {figure} that {kind} [bring|brought] {when}",
)  # fmt: skip
_TOTAL = (
    "{figure} from {kind} {when}", "how much {figure} [comes|came] from {kind} {when}",
    "[what is|show|give me] the {figure} from {kind} {when}", "{figure} [made with|of] {kind} {when}",
    "what did {kind} bring in {when}, in {figure}", "total {figure} from {kind} {when}",
)  # fmt: skip
_EVENTS = (
    "how many {figure} [come|came] from {kind} {when}", "number of {figure} [from|by] {kind} {when}",
    "[count|count the] {figure} [from|of] {kind} {when}", "{figure} [from|by] {kind} {when}: how many",
)  # fmt: skip


def _counts(ask: Ask, chosen: Pair, own: list[Filter], timed: Timed | None) -> Select:
    """How many events each has that has any: label and total."""
    block = keys_of(ask, chosen, own, timed)
    key = block.items[0]
    block.items, block.group = [f"{key} AS label", "COUNT(*) AS total"], [key]
    return block


def repeat_rate(ask: Ask) -> Draft | None:
    """The part with two events or more among those with any; or how many events those have on average who have several."""
    chosen = visitors(ask)
    if chosen is None or not comes(chosen) and ask.chance(0.7):
        return None
    own, timed = own_of(ask, chosen), ask.time(chosen.event.table, 0.25)
    noun, deed = ask.noun(chosen.spoken), deed_of(ask, chosen)
    things, percent = ask.things(chosen.entity.table, own), ask.chance(0.5)
    slots: dict[str, Slot] = dict(event=noun, events=lexicon.plural(noun), an_event=lexicon.article(noun))
    block = _counts(ask, chosen, own, timed)
    if ask.chance(0.3) and comes(chosen):
        block.having = ["COUNT(*) >= 2"]
        name = ask.noun(chosen.entity) if not own else ""
        one = kind_of(ask, chosen, name, False)
        if not name:
            return None
        slots.update(kind=f"{one.removesuffix(name)}{lexicon.plural(name)}", one=one, a_one=lexicon.article(one))
        return Draft(ask.compose(_AVERAGE, timed=timed, **slots), f"WITH part AS ({block.sql()}) SELECT AVG(total) FROM part")
    start = "100.0 * " if percent else ""
    slots.update(
        word=word_of(percent), things=things, that="who" if chosen.entity.person else "that", had="had", noun=noun,
        unit=("in percent", "as a percentage") if percent else "", past=deed[1] if deed else "",
        again=say(ask.rng, _AGAIN, **slots),
    )  # fmt: skip
    frames: tuple[str, ...] = _RATE_DEED if deed and ask.chance(0.65) else _RATE
    frames += _BUYING if set(chosen.event.nouns) & BOUGHT and comes(chosen) else ()
    frames = tuple(f for f in frames if (not own or "{things}" in f) and (not timed or "and then" not in f))
    if timed or not comes(chosen):
        slots["again"] = say(ask.rng, _AGAIN[3:], **slots)
    if not comes(chosen):
        frames = tuple(f for f in frames if "repeat" not in f)
    frame = ask.rng.choice(frames)
    test = "total > 1" if "{again}" in frame and "more than" in str(slots["again"]) else "total >= 2"
    part = f"{start}COUNT(*) FILTER (WHERE {test}) / COUNT(*)"
    return Draft(ask.compose(frame, timed=timed, **slots), f"WITH part AS ({block.sql()}) SELECT {part} FROM part")


def of_repeaters(ask: Ask) -> Draft | None:
    """What those bring who came once, or several times: a sum or count WHERE key IN (keys HAVING COUNT(*) ...), or its share."""
    chosen = visitors(ask)
    if chosen is None or not comes(chosen):
        return None
    world, once = ask.world, ask.chance(0.4)
    revenue = [(e, c) for e in world.entities for c in e.columns if c.revenue
               and len(world.reach_of(e.table).path.get(chosen.event.table, "far")) <= 1]  # fmt: skip
    fact, figure, said = chosen.event, "COUNT(*)", lexicon.plural(ask.noun(chosen.spoken))
    if revenue and ask.chance(0.7):
        fact, column = ask.rng.choice(revenue)
        figure, said = f"SUM({world.ref(column.index)})", ask.rng.choice(("revenue", "sales", "turnover"))
    inner = keys_of(ask, chosen, [], None)
    inner.group, inner.having = list(inner.items), ["COUNT(*) = 1" if once else "COUNT(*) >= 2"]
    test, timed = f"{world.ref(chosen.column)} IN ({inner.sql()})", ask.time(fact.table, 0.2)
    block = ask.select(fact.table, (), timed, tables=(chosen.event.table,))
    slots: dict[str, Slot] = dict(figure=said, kind=kind_of(ask, chosen, lexicon.plural(ask.noun(chosen.entity)), once))
    if ask.chance(0.65):
        percent = ask.chance(0.5)
        block.items = [f"{'100.0 * ' if percent else ''}{figure} FILTER (WHERE {test}) / {figure}"]
        frames = _BROUGHT if figure != "COUNT(*)" else tuple(f for f in _BROUGHT if "how much" not in f)
        return Draft(ask.compose(frames, timed=timed, word=word_of(percent), **slots), block.sql())
    block.items = [figure]
    block.where.append(test)
    frames = _TOTAL if figure != "COUNT(*)" else _EVENTS
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
