"""Rows whose first event came soon after their own date or in the same year, every row with those days, and the slowest."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import unit_sql
from nl2sql.data.synthesis.filters.dates import past_of, verb_of
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.intents.until_first import DOING, Start, first_of, starts_of, through, words_of
from nl2sql.data.synthesis.times import number
from nl2sql.data.synthesis.vocabulary import SAID_OF_DATES

_COUNT = (
    "how many {things} {past} [for the first time|] {span}", "how many {things} had [their|a] first {event} {span}",
    "[number|count] of {things} {who} {past} {span}", "{things} with a first {event} {span}: how many",
    "count [the|all] {things} whose first {event} was {span}", "how many of [our|the] {things} {past} {span}",
    "for how many {things} did the first {event} [come|happen] {span}",
    "[tell me|i want to know] how many {things} {past} {span}",
)  # fmt: skip
_LIST = (
    "{things} {who} {past} {span}", "which {things} {past} [for the first time|] {span}",
    "[show|list|find|give me] [all|the|] {things} {who} {past} {span}", "which {things} had their first {event} {span}",
    "{things} whose first {event} [was|came] {span}", "[names of|] [the|all] {things} with a first {event} {span}",
    "[can you|could you|please] list [the|] {things} whose first {event} was {span}",
    "which of [our|the] {things} {past} {span}",
)  # fmt: skip
_EACH = (
    "days between {doing} and first {event} [of|for] each {thing}",
    "for each {thing}, the [number of|] days until the first {event}",
    "how many days did each {thing} take until the first {event}", "{things} with the days from {doing} to their first {event}",
    "[show|list] [all|the|] {things} and how many days after {doing} they {past} for the first time",
    "per {thing}: days from {doing} to the first {event}", "{things} and the time in days to their first {event}",
    "[list|show] each {thing} with the number of days between {doing} and the first {event}",
)  # fmt: skip
_ENDS = (
    "which {n} {things} took the {end} until their first {event}",
    "[the|] {n} {things} with the {end} time between {doing} and the first {event}",
    "[show|list|find] the {n} {things} that needed the {end} [from {doing}|] to their first {event}",
    "{n} {things} with the {end} time to first {event}, in days",
    "top {n} {things} by days [from {doing}|] until the first {event}",
)  # fmt: skip


def soon_first(ask: Ask) -> Draft | None:
    """The rows whose first event came so many days after their own date at most, or in the same year: listed or counted.

    Also every row with its days, and those that took longest.
    """
    starts = [s for s in starts_of(ask) if not s.born and s.entity.labels]
    if not starts:
        return None
    start, world = ask.rng.choice(starts), ask.world
    slots, things = words_of(ask, start)
    avoid = (start.date.index, *start.entity.labels)
    conditions = ask.filters(start.entity.table, 1, avoid=avoid, tables=through(ask, start)) if ask.chance(0.25) else []
    block = ask.select(start.event.table, conditions, tables=(start.entity.table,))
    own, first = world.ref(start.date.index), first_of(ask, start)
    days = f"DATE_DIFF('day', {own}, {first})"
    assert start.entity.key is not None
    key, labels = world.ref(start.entity.key), [world.ref(c) for c in start.entity.labels]
    slots |= dict(
        things=ask.things(start.entity.table, conditions, noun=things), who="who" if start.entity.person else "that",
        thing=ask.things(start.entity.table, conditions, noun=start.entity.noun),
    )  # fmt: skip
    kind = ask.rng.choices(("list", "count", "each", "ends"), (4, 5, 1.5, 1.5))[0]
    block.items, block.group = labels, list(dict.fromkeys((key, *labels, own)))
    if kind in ("each", "ends"):
        block.items = [*labels, days]
        if kind == "each":
            return Draft(ask.compose(_EACH, **slots), block.sql())
        long, count = ask.chance(0.7), ask.rng.choice((3, 5, 5, 10))
        block.order, block.limit = [f"{days} {'DESC' if long else 'ASC'}"], count
        end = "longest" if long else "shortest"
        return Draft(ask.compose(_ENDS if long else _ENDS[1:4:2], end=end, n=number(ask.rng, count), **slots), block.sql())
    span, test = _span(ask, start, days, own, first)
    block.having = [test]
    frames: tuple[str, ...] = _LIST if kind == "list" else _COUNT
    if " > " in test:  # "ordered more than 30 days after" may be any order
        frames = tuple(f.replace("[for the first time|]", "for the first time") for f in frames if "first" in f)
    if kind == "list":
        return Draft(ask.compose(frames, span=span, **slots), block.sql())
    block.items, block.group = [key], [key, own]
    sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
    return Draft(ask.compose(frames, span=span, **slots), sql)


def _span(ask: Ask, start: Start, days: str, own: str, first: str) -> tuple[str, str]:
    """How soon it was, and the test."""
    word, verb = start.date.noun.split()[0], verb_of(start.date)
    others = {"member": "joined", "subscribed": "subscribed"}
    came = ask.rng.choice((*SAID_OF_DATES.get(word, ()), past_of(verb))) if verb else others.get(word, f"were {word}")
    doing = ask.rng.choice(DOING[word])
    if ask.chance(0.35):
        unit = ask.rng.choice(("year", "year", "year", "month"))
        same = ask.rng.choice((f"in the [same|] {unit} [in which|] they {came}", f"in the same {unit} as {doing}",
                               f"in the {unit} of {doing}")).replace("[same|]", "same").replace("[in which|] ", "")  # fmt: skip
        test = f"YEAR({first}) = YEAR({own})"
        return same, test if unit == "year" else f"{unit_sql(first, 'month')} = {unit_sql(own, 'month')}"
    count = ask.rng.choice((7, 10, 14, 30, 30, 30, 60, 60, 90, 90, 100, 180, 365))
    weeks = count in (7, 14) and ask.chance(0.5)
    amount = ("a week" if count == 7 else "two weeks") if weeks else f"{number_text(ask.rng, count)} days"
    ask.protect(amount)
    late = ask.chance(0.25)
    after = (f"more than {amount} after {doing}", f"more than {amount} after they {came}", f"later than {amount} after {doing}")
    within = (f"within {amount} of {doing}", f"within {amount} of {doing}", f"within {amount} after {doing}",
              f"within the first {amount} after {doing}", f"no later than {amount} after they {came}",
              f"at most {amount} after they {came}")  # fmt: skip
    said = after if late else within
    return ask.rng.choice(said).replace("the first a week", "the first week"), f"{days} {'>' if late else '<='} {count}"
