"""A measure split by a dimension, with or without an order."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, determines
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.predicates import predicate

_BY = (
    "what [{is}|{was}] the {name} {scope} [by|per|for each] {dim} {when}",
    "[show|give] me [the|] {name} {scope} [by|per|for each] {dim} {when}",
    "[show|list|find|get|report|display] [the|] {name} {scope} [by|per|for each|for every] {dim} {when}",
    "{name} {scope} [by|per] {dim} {when}",
    "{name} [by|per|for each] {dim} {scope} {when}",
    "[show|give me|break down] [the|] {name} {scope} {when} [by|broken down by|split by|grouped by] {dim}",
    "for each {dim}, [show|what is|give me|find] the {name} {scope} {when}",
    "how [{does}|did] [the|] {name} {scope} [vary|differ] by {dim} {when}",
    "break down [the|] {name} {scope} by {dim} {when}",
    "{dims} and [their|the] {name} {scope} {when}",
    "[by|per] {dim}: {name} {scope} {when}",
    "{name} of [the different|all|our|the] {dims} {scope} {when}",
    "[what|which] {name} [does|did] each {dim} have {scope} {when}",
    "compare [the|] {dims} by {name} {scope} {when}",
    "{name} {scope} {when}, [by|per|for each|split by|broken down by] {dim}",
    "{name} {scope} {dim} by {dim} {when}",
    "[how|what] are [our|the] {dims} doing in terms of {name} {scope} {when}",
    "list [all|the|] {dims} with [their|the] {name} {scope} {when}",
    "every {dim} with its {name} {scope} {when}",
    "{name} across {dims} {scope} {when}",
    "i'd like the {name} {scope} split by {dim} {when}",
)
_COUNT_BY = (
    "how many {things} [are there|do we have|were there|] [per|by|for each|in each] {dim} {when}",
    "how many {things} does each {dim} have {when}",
    "[count|show|list] the number of {things} [per|by|for each] {dim} {when}",
    "{things} [per|by] {dim} {when}",
    "for each {dim}, [how many {things} are there|count the {things}|show the number of {things}] {when}",
    "number of {things} [per|by|for each] {dim} {when}",
    "what [is|was] the number of {things} [per|by|for each|in each] {dim} {when}",
    "{things} [by|per|for each] {dim}: how many {when}",
    "how many {things} {when}, [by|per|split by] {dim}",
    "{dims} and [their number of|how many] {things} {when}",
    "count of {things} by {dim} {when}",
    "distribution of {things} [by|over] {dim} {when}",
    "how do {things} split [by|over the] {dim} {when}",
    "[show|list] [every|each] {dim} with the number of {things} {when}",
)
_VERB_BY = (
    "how many {said} [by|per|in each|for each] {dim} {when}", "how many {said} {when}, [by|per|for each] {dim}",
    "for each {dim}, how many {said} {when}", "[show|tell me] how many {said} [by|per] {dim} {when}",
)  # fmt: skip
_KEYWORDS = (
    "{name} by {dim} {scope} {when}",
    "{name} {scope} by {dim} {when}",
    "{name} per {dim} {when} {scope}",
    "{dim} wise {name} {scope} {when}",
    "{when} {name} by {dim} {scope}",
    "{scope} {name} by {dim} {when}",
)
_ORDERS = (
    (
        "DESC",
        (
            "[from highest to lowest|highest first|in descending order|sorted from high to low|in descending order of "
            "{name}|largest first|sorted by {name} descending]"
        ),
    ),
    (
        "ASC",
        (
            "[from lowest to highest|lowest first|in ascending order|sorted from low to high|in ascending order of "
            "{name}|smallest first]"
        ),
    ),
)


def choose(ask: Ask, *, additive: bool = False, flags: bool = True) -> tuple[Measure, Dimension] | None:
    """A measure with a dimension that it isn't already about."""
    fact = ask.fact()
    measure = ask.measure(fact.table, additive=additive)
    dimension = ask.dimension(fact.table, flags=flags)
    if measure is None or dimension is None or measure.subject == dimension.table and dimension.entity:
        return None
    return measure, dimension


def group(ask: Ask) -> Draft | None:
    """SELECT labels, measure GROUP BY key, labels."""
    chosen = choose(ask)
    if chosen is None:
        return None
    measure, dimension = chosen
    conditions, timed = (
        ask.filters(measure.root, 2 if ask.chance(0.75) else 1, avoid=dimension.columns),
        ask.time(measure.root, 0.4),
    )
    block = ask.select(measure.root, conditions, timed, measure=measure, tables=(dimension.table,))
    block.items, block.group = [*dimension.show, measure.sql], list(dimension.group)
    order, tail = ask.rng.choice(_ORDERS) if ask.chance(0.2) else ("", "")
    if order:
        block.order = [f"{measure.sql} {order}"]
    if measure.kind == "count" and measure.subject == measure.root and ask.chance(0.6):
        said = predicate(ask, measure.root, conditions) if conditions and not tail and ask.chance(0.35) else None
        if said:
            return Draft(ask.compose(_VERB_BY, timed=timed, said=said, dim=dimension.noun), block.sql())
        things = ask.things(measure.root, conditions)
        frames = [frame + (f", {tail}".replace("{name}", "count") if tail else "") for frame in _COUNT_BY]
        return Draft(ask.compose(frames, timed=timed, things=things, dim=dimension.noun, dims=dimension.plural), block.sql())
    frames = [frame + (f", {tail}" if tail else "") for frame in _BY]
    keywords = [frame + (f" {tail}" if tail else "") for frame in _KEYWORDS]
    question = ask.compose(
        frames,
        keywords,
        timed=timed,
        dim=dimension.noun,
        dims=dimension.plural,
        **ask.figure(measure, conditions),
    )
    return Draft(question, block.sql())


def two_dimensions(ask: Ask) -> Draft | None:
    """A measure by one dimension and another."""
    chosen = choose(ask)
    second = ask.dimension(chosen[0].root) if chosen else None
    if chosen is None or second is None:
        return None
    measure, first = chosen
    if (
        determines(ask.world, first, second)
        or determines(ask.world, second, first)
        or second.entity
        and second.table == measure.subject
    ):
        return None
    conditions = ask.filters(measure.root, 1, avoid=(*first.columns, *second.columns)) if ask.chance(0.5) else []
    timed = ask.time(measure.root, 0.35)
    block = ask.select(measure.root, conditions, timed, measure=measure, tables=(first.table, second.table))
    block.items = [*first.show, *second.show, measure.sql]
    block.group = list(dict.fromkeys((*first.group, *second.group)))
    dims = ask.rng.choice(
        (f"{first.noun} and {second.noun}", f"{first.noun} and by {second.noun}", f"{first.noun} and {second.noun}")
    )
    figure = ask.figure(measure, conditions)
    return Draft(ask.compose(_BY[:5], "{name} by {dim} {scope} {when}", timed=timed, dim=dims, **figure), block.sql())
