"""Rows that came in a period of their own date, and to which something never happened, or happened since, or later."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon, times
from nl2sql.data.synthesis.ask import Ask, Draft, Timed
from nl2sql.data.synthesis.filters.dates import past_of, verb_of
from nl2sql.data.synthesis.intents.missed import deed_of
from nl2sql.data.synthesis.intents.related import inside, keys_of, pair
from nl2sql.data.synthesis.vocabulary import SAID_OF_DATES

_NEVER = (
    "{came} but [have never had|never had|have not had] {an_event}",
    "{came} and [have no|still have no|never had any] {events} [so far|yet|]",
    "{came} [with no|without a single|without any] {event}",
    "{came} but have no {events} [at all|so far|to date|]",
)
_NEVER_DEED = (
    "{came} but [have never|never] {done} [anything|]",
    "{came} but have not {done} [anything|] [so far|yet|to date]",
    "{came} and [never {past} anything|have never {done}|have yet to {base}]",
    "{came} but {past} nothing [so far|]",
)
_EVER = (
    "{came} and [have had|had] [at least one {event}|{events}] [since|]",
    "{came} and have {events} [already|]",
    "{came} with [at least one {event}|{events}]",
)
_LIST = (
    "which {things} {x}",
    "{things} {that} {x}",
    "[show|list|find|give me] [all|the|] {things} {that} {x}",
    "[which|what] are the {things} {that} {x}",
    "names of [all|the|] {things} {that} {x}",
)
_COUNT = (
    "how many {things} {x}",
    "how many of [our|the] {things} {x}",
    "number of {things} {that} {x}",
    "{things} {that} {x}: how many",
    "[count|count the|count all] {things} {that} {x}",
    "how many {things} are there {that} {x}",
)


def newcomers(ask: Ask) -> Draft | None:
    """WHERE own date in a period AND key [NOT] IN (keys of the event, mostly of any time)."""
    chosen = pair(ask)
    if chosen is None or chosen.event.link:
        return None
    entity, world = chosen.entity, ask.world
    dates = [c for c in entity.with_role("date") if verb_of(c) and c.noun.split()[0] != "birth"]
    if not dates:
        return None
    column = ask.rng.choice(dates)
    when = times.any_time(ask.rng, world.as_of, *world.date_range(column.index), units=("year", "year", "quarter", "month"))
    ask.protect(when.full)
    never, counted = ask.chance(0.75), ask.chance(0.5)
    timed = ask.time(chosen.event.table, 0.15)
    own = ask.filters(entity.table, 1, avoid=(column.index, *entity.labels), tables=(entity.table,)) if ask.chance(0.25) else []
    block = ask.select(entity.table, own, Timed(column.index, when))
    block.items = ["COUNT(*)"] if counted else [world.ref(c) for c in entity.labels]
    block.where.append(inside(ask, chosen, keys_of(ask, chosen, [], timed), never))
    said = (*SAID_OF_DATES.get(column.noun.split()[0], ()), past_of(verb_of(column)))
    came = f"{ask.rng.choice(said)} {when.full.removeprefix('for ')}"
    verbs, x = deed_of(ask, chosen), ask.rng.choice(_NEVER if never else _EVER)
    frames: tuple[str, ...] = _COUNT if counted else _LIST
    if never and verbs and ask.chance(0.6):
        base, past, done = verbs
        x = ask.rng.choice(_NEVER_DEED).format(came="{came}", base=base, past=past, done=done)
    event = ask.noun(chosen.spoken)
    frames = tuple(f"{f.replace('{x}', x)}{' {later}' if timed else ''}" for f in frames)
    return Draft(
        ask.compose(
            frames,
            things=ask.things(entity.table, own),
            came=came,
            event=event,
            events=lexicon.plural(event),
            an_event=lexicon.article(event),
            that="who" if entity.person else "that",
            later=timed.when.full if timed else "",
        ),
        block.sql(),
    )
