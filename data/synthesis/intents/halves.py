"""How two halves of the rows are put side by side; a figure of those that a flag is true of, and of the others."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import attribute_dimension
from nl2sql.data.synthesis.filters.flags import flag_filter
from nl2sql.data.synthesis.phrases import Slot, say

PLAIN = (  # {a} and {b} are phrases after a noun: "with a promotion", "not returned"
    "{name} [of|for] {things} {a} and [of|for] those {b} {when}", "{name} [of|for] {things} {a} [vs|versus|against] {b} {when}",
    "compare [the|] {name} of {things} {a} [and|with|to] [those|ones] {b} {when}",
    "{things} {a} [vs|versus|and] {b}: {name} {when}",
    "[show|give me|what {is}|list] the {name} of {things} {a} and the {name} of {things} {b} {when}",
    "how does the {name} of {things} {a} compare [to|with] [those|that of {things}] {b} {when}",
    "is the {name} of {things} {a} higher or lower than of those {b} {when}? [show|give me] both [figures|]",
    "[show|give me] the {name} of {things}, once {a} and once {b} {when}", "{name} {when} of {things} {a}, and {b}",
    "what {is} the {name} of {things} {a}, and what of those {b} {when}", "{name}: {things} {a} [vs|against] {things} {b} {when}",
    "does it make a difference to the {name} whether {things} are {a} or {b} {when}? both figures",
    "[which|what] {things} have the higher {name} {when}, those {a} or those {b}? [show|give] both [figures|values]",
)  # fmt: skip
WITH = (  # {x} is what the rows have or have not: "promotion"
    "is the {name} of {things} [higher|bigger|lower] with {ax} or without [one|] {when}? [show|give me] both [figures|]",
    "{name} of {things} with and without {ax} {when}", "{name} of {things} with [vs|versus] without {x} {when}",
    "compare [the|] {name} of {things} with and without {ax} {when}", "{things} with and without {ax}: {name} {when}",
    "what {is} the {name} of {things} with {ax}, and without [one|] {when}", "with or without {x}: {name} of {things} {when}",
    "[show|give me] the {name} of {things} with and without {ax}, side by side {when}",
)  # fmt: skip
COUNTED = (
    "how many {things} {when} are {a}, and how many {b}", "number of {things} {a} and [number|] {b} {when}",
    "[count|count the|show the number of] {things} {a} and [those|] {b} {when}", "{things} {when}: how many {a}, how many {b}",
    "how many {things} {a} and how many {b} [are there|did we have] {when}",
    "{things} {a} [vs|versus] {things} {b}, counts {when}",
    "compare the number of {things} {a} with [that of those|the number] {b} {when}",
)  # fmt: skip
COUNTED_WITH = (
    "how many {things} have {ax} and how many [don't|do not|have none] {when}", "number of {things} with and without {ax} {when}",
    "how many {things} with {ax}, [and|] how many without {when}", "count [the|] {things} with {ax} and [those|] without {when}",
    "{things} with and without {ax}: [how many of each|the counts] {when}",
    "{things} with {x} [vs|versus] without: how many {when}",
    "compare the number of {things} with {ax} and [that of those|] without [one|] {when}",
)  # fmt: skip
STATES_COUNTED = (
    "how many {a} and how many {b} {things} [are there|do we have] {when}", "number of {a} and [number|] of {b} {things} {when}",
    "{a} [vs|versus] {b} {things}: [how many of each|counts|numbers] {when}", "count [the|] {a} and [the|] {b} {things} {when}",
    "compare the number of {a} [and|with that of] {b} {things} {when}",
    "how many {things} {when}, {a} and {b} [separately|apart]",
)  # fmt: skip
STATES = (  # {a} and {b} go before the noun: "active", "inactive"
    "{name} of {a} [and|vs|versus] {b} {things} {when}", "compare [the|] {name} of {a} and {b} {things} {when}",
    "[show|give me|what {is}] the {name} of {a} and [of|] {b} {things} {when}", "{a} vs {b} {things}: {name} {when}",
    "which {things} have the higher {name} {when}, {a} or {b} ones? show both [figures|]",
    "how does the {name} of {a} {things} compare [to|with] [that of|] {b} ones {when}",
    "is the {name} higher for {a} or [for|] {b} {things} {when}? show both", "{a} and {b} {things}, {name} of each {when}",
    "{name}, {a} [against|versus] {b} {things} {when}", "[show|list] {name} for {a} {things} and for {b} ones {when}",
    "difference between {a} and {b} {things} in {name} {when}, both values please",
)  # fmt: skip


def state_or_not(ask: Ask) -> Draft | None:
    """GROUP BY a flag: the figure of those it is true of and of the others."""
    fact = ask.fact()
    options = [(e, c) for t, p in ask.world.reach_of(fact.table).path.items() if len(p) <= 1 for e in [ask.world.entities[t]]
               for c in e.columns if c.role == "flag" and not ask.world.schema.columns[c.index].nullable]  # fmt: skip
    measure = ask.measure(fact.table)
    if not options or measure is None:
        return None
    entity, column = ask.rng.choice(options)
    said = [flag_filter(ask.world, ask.rng, column) for _ in range(6)]
    yes = next((f for f in said if f and not f.sql.startswith("NOT ")), None)
    no = next((f for f in said if f and f.sql.startswith("NOT ")), None)
    if yes is None or no is None:
        return None
    first, second = (yes, no) if ask.chance(0.7) else (no, yes)
    timed = ask.time(fact.table, 0.3)
    dimension = attribute_dimension(ask.world, column, ask.rng, fact.table)
    block = ask.select(fact.table, (), timed, measure=measure, tables=(entity.table,))
    block.split(dimension, measure.sql)
    slots: dict[str, Slot] = dict(name=measure.names, things=lexicon.plural(ask.noun(entity)))
    counted = measure.subject == entity.table
    if first.adjectives and second.adjectives:
        frames: tuple[str, ...] = STATES_COUNTED if counted else STATES
        return Draft(ask.compose(frames, timed=timed, a=first.adjectives, b=second.adjectives, **slots), block.sql())
    posts = [say(ask.rng, one.posts) for one in (first, second)]
    if {"of", "in", "on"} & set(column.noun.split()):  # "out of print"
        is_, that = column.noun.removeprefix("is "), "who" if entity.person else "that"
        posts = [f"{that} are {'' if one is yes else 'not '}{is_}" for one in (first, second)]
    frames = COUNTED[1:3] + COUNTED[4:] if counted else tuple(f for f in PLAIN if "whether" not in f)
    return Draft(ask.compose(frames, timed=timed, a=posts[0], b=posts[1], **slots), block.sql())
