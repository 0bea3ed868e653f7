"""Figures about the row of a key's number: when customer 17 last ordered, what order 5512 came to, how many lines it has."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.by_number import children_of, numbered
from nl2sql.data.synthesis.intents.missed import deed_of
from nl2sql.data.synthesis.intents.related import Pair
from nl2sql.data.synthesis.measures import quantity_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.vocabulary import PLANS

_WHEN = (
    "when was the {end} {event} of {row}", "date of the {end} {event} of {row}", "{row}: when was the {end} {event}",
    "[what is|show|give me|find] the date of the {end} {event} of {row}", "when did {row} {adverb} have {an_event}",
    "{end} {event} of {row}, which [date|day]", "on [which|what] [day|date] was the {end} {event} of {row}",
    "[can|could] you tell me when {row} {adverb} had {an_event}", "{row}, date of {end} {event}",
    "how [far back|long ago] [is|was] the {end} {event} of {row}, as a date",
    "[from when|of what date] is the {end} {event} of {row}",
)  # fmt: skip
_WHEN_DEED = (
    "when did {row} {adverb} {base} [something|anything|]", "when did {row} {base} for the {end} time",
    "[the|] date {row} {adverb} {past} [something|anything|]", "[on|] [what|which] [date|day] did {row} {adverb} {base}",
    "when was it that {row} {adverb} {past} [something|]", "{row}: when did they {adverb} {base}",
    "[can|could] you tell me when {row} {adverb} {past}",
)  # fmt: skip
_COUNT = (
    "how many {events} does {row} have {when}", "number of {events} of {row} {when}", "{row}: how many {events} {when}",
    "how many {events} [are there for|do we have for|belong to] {row} {when}", "count [the|] {events} of {row} {when}",
    "[show|give me|tell me|what is] the number of {events} [of|for] {row} {when}", "how many {events} did {row} have {when}",
    "[can|could] you [count|tell me the number of] the {events} of {row} {when}", "{row}, number of {events} {when}",
    "{event} count [of|for] {row} {when}",
)  # fmt: skip
_COUNT_DEED = (
    "how often did {row} {base} {when}", "how many times [did|has] {row} {done} {when}", "how often has {row} {done} {when}",
    "number of times {row} {past} {when}", "{row}: how often did they {base} {when}",
)  # fmt: skip
_COUNT_LINES = (
    "how many {events} are [in|on] {row}", "how many {events} does {row} [have|contain|consist of]",
    "number of {events} in {row}", "count the {events} [in|of] {row}", "{row}: how many {events}",
    "[tell me|show|what is] the number of {events} in {row}",
)  # fmt: skip
_DIFFERENT = (
    "how many different {targets} [are in|does|did] {row}", "number of different {targets} [in|of|for] {row}",
    "count the distinct {targets} [in|of|for] {row}", "{row}: how many different {targets}",
    "different {targets} in {row}: how many",
)  # fmt: skip
_UNITS = (
    "how many [units|pieces] are in {row}", "total {quantity} of {row}", "{row}: how many [units|pieces] in total",
    "number of [units|pieces] in {row}", "how many [units|pieces] does {row} have [altogether|in all|]",
    "[sum|total] of the {quantity} in {row}", "[add up|sum up] the {quantity} of {row}",
)  # fmt: skip
_WORTH = (
    "what did {row} come to", "how much did {row} come to", "what [is|was] the [total|total value|value|total amount] of {row}",
    "total of {row}", "how much [is|was] {row} worth [in total|altogether|]", "what does {row} [add up|amount] to",
    "{row}: [total|total value|total amount]", "[show|give me|calculate] the total [amount|value|] of {row}",
    "how much [is|was] {row} [in total|altogether|all in all]", "[add up|sum up|total up] {row}", "[value|total value] of {row}",
    "[can|could] you tell me what {row} came to", "how much money did {row} bring in",
)  # fmt: skip
_SPENT = (
    "how much [did|has] {row} {spend} {when}", "what did {row} spend {when}", "total [spend|spending] of {row} {when}",
    "{row}: how much did they spend {when}", "[revenue|sales] from {row} {when}",
    "how much [revenue|money] did {row} bring [us|in] {when}", "[show|give me|what is] the total revenue from {row} {when}",
    "how much have we [sold to|made with] {row} {when}",
)  # fmt: skip
_SUM = (
    "total {column} of [all|the|] {events} of {row} {when}", "{row}: total {column} of [its|the|all] {events} {when}",
    "what [is|was] the total {column} of the {events} of {row} {when}", "{column} of all {events} of {row} in total {when}",
    "[sum|add] up the {column} of [all|the] {events} of {row} {when}", "sum of {column} over the {events} of {row} {when}",
    "[show|give me|calculate] the total {column} of [all|the|] {events} of {row} {when}",
    "total {event} {column} of {row} {when}", "how high is the total {column} of the {events} of {row} {when}",
    "{event} {column} of {row} in total {when}",
)  # fmt: skip


def _chosen(ask: Ask) -> tuple[Entity, Entity, int, tuple[str, str, str] | None] | None:
    """A parent, the table that refers to it, the column that does, and what the parent does by it."""
    options = [o for o in children_of(ask) if o[1].event or o[1].link]
    options = [o for o in options if not set(o[1].noun.split()) & PLANS]
    if not options:
        return None
    weights = [0.25 if p.link else 3.0 if p.person or p.event else 0.7 for p, _, _ in options]
    parent, child, key = ask.rng.choices(options, weights)[0]
    return parent, child, key.source, deed_of(ask, Pair(parent, child, key.source, (child.table,), child))


def date_by_number(ask: Ask) -> Draft | None:
    """MAX or MIN of the date of the events of the row with this key."""
    chosen = _chosen(ask)
    if chosen is None:
        return None
    parent, event, column, deed = chosen
    found = numbered(ask, parent) if event.main_date is not None and not event.link else None
    if found is None or event.main_date is None:
        return None
    last = ask.chance(0.75)
    block = ask.select(event.table)
    block.items = [f"{'MAX' if last else 'MIN'}({ask.world.ref(event.main_date)})"]
    block.where = [f"{ask.world.ref(column)} = {found[0]}"]
    noun = ask.noun(event)
    base, past, _ = deed or ("", "", "")
    return Draft(ask.compose(
        _WHEN_DEED if deed and ask.chance(0.6) else _WHEN, "{row} {end} {event} date", row=found[1], event=noun,
        end=("last", "latest", "most recent") if last else ("first", "very first", "earliest"), base=base, past=past,
        an_event=lexicon.article(noun), adverb="last" if last else "first",
    ).replace("for the most recent time", "for the last time").replace("for the latest time", "for the last time")
     .replace("for the earliest time", "for the first time"), block.sql())  # fmt: skip


def count_by_number(ask: Ask) -> Draft | None:
    """How many events or lines the row with this key has, or how many different things they are about."""
    chosen = _chosen(ask)
    found = numbered(ask, chosen[0]) if chosen else None
    if chosen is None or found is None:
        return None
    parent, child, column, deed = chosen
    world, noun = ask.world, ask.noun(child)
    timed = None if child.link else ask.time(child.table, 0.35)
    block = ask.select(child.table, (), timed)
    block.items = ["COUNT(*)"]
    block.where.append(f"{world.ref(column)} = {found[0]}")
    slots: dict[str, Slot] = dict(row=found[1], event=noun, events=lexicon.plural(noun))
    if not child.link:
        base, past, done = deed or ("", "", "")
        if deed and ask.chance(0.4):
            frames = tuple(f.replace("[did|has] {row} {done}", "[did {row} {base}|has {row} {done}]") for f in _COUNT_DEED)
            return Draft(ask.compose(frames, timed=timed, base=base, past=past, done=done, **slots), block.sql())
        return Draft(ask.compose(_COUNT, "{row} {event} count {when}", timed=timed, **slots), block.sql())
    quantity = quantity_of(world, child.table)
    near = [world.entities[t] for t, path in world.reach_of(child.table).path.items() if len(path) == 1 and t != parent.table]
    near = [e for e in near if e.key is not None and e.labels and not e.event]
    kind = ask.rng.choice(("lines", "different", "units"))
    if kind == "units" and quantity is not None:
        block.items = [f"SUM({world.ref(quantity.index)})"]
        return Draft(ask.compose(_UNITS, quantity=quantity.noun, **slots), block.sql())
    if kind == "different" and near:
        target = ask.rng.choice(near)
        key = next(p[0].source for t, p in world.reach_of(child.table).path.items() if t == target.table)
        block.items = [f"COUNT(DISTINCT {world.ref(key)})"]
        frames = tuple(f.replace("[are in|does|did] {row}", "[are in {row}|does {row} have]") for f in _DIFFERENT)
        frames = frames if parent.event else tuple(f.replace("are in {row}|", "") for f in frames if "} in {row}" not in f)
        return Draft(ask.compose(frames, targets=lexicon.plural(ask.noun(target)), **slots), block.sql())
    if not parent.event:
        return Draft(ask.compose(_COUNT, **slots), block.sql())
    if ask.chance(0.25) and noun.rpartition(" ")[2] in ("item", "line", "detail"):
        slots["events"] = "lines" if noun.endswith(("line", "detail")) else "items"
    return Draft(ask.compose(_COUNT_LINES, "{row} number of {events}", **slots), block.sql())


def sum_by_number(ask: Ask) -> Draft | None:
    """The money of the row with this key, or the total of another column of what refers to it."""
    world = ask.world
    revenue = [(e, c) for e in world.entities for c in e.columns if c.revenue]
    if revenue and ask.chance(0.65):
        fact, column = ask.rng.choice(revenue)
        options = [(world.entities[t], path) for t, path in world.reach_of(fact.table).path.items() if 0 < len(path) <= 2]
        options = [(e, p) for e, p in options if e.key == p[-1].target and (e.event or e.person)]
        if not options:
            return None
        parent, path = ask.rng.choice(options)
        source, spoken, kind = path[-1].source, world.entities[world.schema.owner[path[-1].source]], "worth"
        if parent.person:
            if not deed_of(ask, Pair(parent, spoken, source, (spoken.table,), spoken)):
                return None
            kind = "spent"
    else:
        chosen = _chosen(ask)
        if chosen is None:
            return None
        parent, fact, source, _ = chosen
        columns = [c for c in fact.columns if c.additive]
        if not columns:
            return None
        column, spoken, kind = ask.rng.choice(columns), fact, "sum"
    found = numbered(ask, parent)
    if found is None:
        return None
    timed = ask.time(fact.table, 0.3) if kind != "worth" and not (kind == "sum" and parent.event) else None
    block = ask.select(fact.table, (), timed, tables=(world.schema.owner[source],))
    block.items = [f"SUM({world.ref(column.index)})"]
    block.where.append(f"{world.ref(source)} = {found[0]}")
    frames = {"worth": _WORTH, "spent": _SPENT, "sum": _SUM}[kind]
    frames = tuple(f.replace("[did|has] {row} {spend}", "[did {row} spend|has {row} spent]") for f in frames)
    noun, name = ask.noun(spoken), column.noun.removeprefix("total ")
    if kind == "sum" and any(c.noun == column.noun for c in parent.columns):
        return None
    slots: dict[str, Slot] = dict(row=found[1], column=name, event=noun, events=lexicon.plural(noun))
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())
