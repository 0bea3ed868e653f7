"""Days since something last happened: MAX of an event's date up to the day that the database is asked about."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.tenure import named_row, to_today
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import number

_AHEAD = {"due", "travel", "viewing", "expiry", "scheduled", "planned", "departure", "deadline", "birth"}
_LAST = (
    "how many days [has it been|is it|have passed] since the {last} {thing} {of}", "days since [the|our|] {last} {thing} {of}",
    "how long ago was [the|our] {last} {thing} {of}", "how many days ago was [the|our] {last} {thing} {of}",
    "how long [is it|has it been] since [the|our] {last} {thing} {of}", "{last} {thing} {of}: how many days ago",
    "[what is|give me|show] the number of days since [the|our] {last} {thing} {of}",
    "time since [the|our] {last} {thing} {of} in days",
    "how many days since [the|our|] {last} {thing} {of}", "how old is [the|our] {last} {thing} {of}, in days",
)  # fmt: skip
_LAST_OF_ALL = (
    "[how long|how many days] have we gone without {a_thing}",
    "how many days without {a_thing} [now|so far|up to today]",
)
_LAST_EACH = (
    "days since each {dim}'s {last} {thing}",
    "how many days [has it been|have passed|is it] since the {last} {thing} [of|for] each {dim}",
    "for each {dim}, [show the|the|] number of days since the {last} {thing}",
    "how long ago was the {last} {thing} of each {dim}",
    "days since {last} {thing} [by|per] {dim}", "{dims} and the [number of|] days since their {last} {thing}",
    "[show|list|give me] [all|the|] {dims} with the [number of|] days since their {last} {thing}",
    "how many days ago did each {dim} last have {a_thing}", "how many days since the {last} {thing}, [per|by] {dim}",
    "time since the {last} {thing} of [each|every] {dim}, in days", "how many days has each {dim} gone without {a_thing}",
)  # fmt: skip
_LAST_TOP = (
    "which {dim} has gone [the longest|longest] without {a_thing}, and for how many days",
    "{dim} with the most days since [{its}|the] {last} {thing}", "which {dim} has the most days since {its} {last} {thing}",
    "for which {dim} was the {last} {thing} the longest ago, and how many days",
    "[show|find] the {dim} with the most days since {its} {last} {thing}",
)  # fmt: skip
_LAST_TOPS = (
    "{n} {dims} with the most days since their {last} {thing}",
    "the {n} {dims} whose {last} {thing} is the longest ago, with days",
    "[show|list|find|which are] the {n} {dims} that have gone longest without {a_thing}, and how many days",
    "top {n} {dims} by days since their {last} {thing}",
)  # fmt: skip
_LAST_OVER = (
    "[which|what] {dims} had their {last} {thing} more than {n} days ago",
    "{dims} whose {last} {thing} [was|is] more than {n} days ago",
    "[show|list|find] [the|all|] {dims} whose {last} {thing} [was|is] more than {n} days ago",
    "{dims} with more than {n} days since their {last} {thing}",
    "for which {dims} is the {last} {thing} more than {n} days [ago|back]",
    "[which|what] {dims} have more than {n} days since their {last} {thing}",
)  # fmt: skip


def since_last(ask: Ask) -> Draft | None:
    """Days from MAX(date of an event) to the day that is asked about: of all, of one row's, of each, or where they are most."""
    away = vocabulary.PLANS | _AHEAD
    events = [
        e for e in ask.world.entities
        if e.event and not e.link and e.main_date is not None
        and not away & {*e.noun.split(), *ask.world.columns[e.main_date].noun.split()}
    ]  # fmt: skip
    if not events:
        return None
    event = ask.rng.choice(events)
    assert event.main_date is not None
    days, thing = to_today(ask, f"MAX({ask.world.ref(event.main_date)})"), ask.noun(event)
    slots: dict[str, Slot] = dict(last=("last", "last", "latest", "most recent"), thing=thing, a_thing=lexicon.article(thing))
    dimension = ask.dimension(event.table, attributes=False) if ask.chance(0.65) else None
    if dimension is None:
        conditions = ask.filters(event.table, 1) if ask.chance(0.6) else []
        block = ask.select(event.table, conditions)
        block.items = [days]
        slots.update(thing=ask.things(event.table, conditions, noun=thing), of="")
        frames = _LAST if conditions else (*_LAST, *_LAST_OF_ALL)
        return Draft(ask.compose(frames, "days since {last} {thing}", **slots), block.sql())
    entity = ask.world.entities[dimension.table]
    block = ask.select(event.table, tables=(dimension.table,))
    row = named_row(ask, entity) if ask.chance(0.3) else None
    if row:
        block.items, block.where = [days], row[1]
        slots["of"] = f"{ask.rng.choice(('of', 'by', 'from') if entity.person else ('of', 'for'))} {row[0]}"
        return Draft(ask.compose(_LAST, "days since {last} {thing} {of}", **slots), block.sql())
    block.items, block.group = [*dimension.show, days], list(dimension.group)
    slots.update(dim=dimension.noun, dims=dimension.plural, its="their" if dimension.person else "its")
    kind = ask.rng.choice(("each", "each", "top", "limit"))
    if kind == "each":
        return Draft(ask.compose(_LAST_EACH, "days since {last} {thing} per {dim}", **slots), block.sql())
    if kind == "top":
        n = 1 if ask.chance(0.5) else ask.rng.choice((3, 5, 10))
        block.order, block.limit = [f"{days} DESC"], n
        return Draft(ask.compose(_LAST_TOP if n == 1 else _LAST_TOPS, n=number(ask.rng, n), **slots), block.sql())
    n = ask.rng.choice((7, 14, 30, 30, 45, 60, 90, 90, 100, 120, 180, 200, 365))
    block.items, block.having = list(dimension.show), [f"{days} > {n}"]
    return Draft(ask.compose(_LAST_OVER, n=str(n), **slots), block.sql())
