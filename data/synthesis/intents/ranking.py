"""Which X has the most, top and bottom N: rows ordered by a measure, the labels first and then the measure."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.intents.grouping import choose
from nl2sql.data.synthesis.intents.related import USABLE
from nl2sql.data.synthesis.measures import Measure
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.times import number

_ONE = (
    "which {dim} [had|has|had|recorded|shows|showed] {most} {scope} {when}",
    "which {dim} [had|has] {most} {scope} {when}",
    "what {dim} [had|has] {most} {scope} {when}",
    "[find|show|name|give me|tell me|identify] the {dim} with {most} {scope} {when}",
    "{what} [is|was] the {dim} with {most} {scope} {when}",
    "the {dim} with {most} {scope} {when}",
    "in terms of {name}, which {dim} [came first|was the {best}|ranked {best}] {scope} {when}",
    "which {dim} [was|is] [first|the {best}] by {name} {scope} {when}",
    "[where|with which {dim}] [do|did] we have {most} {scope} {when}",
    "{dim} with {most} {scope} {when}",
    "for which {dim} [{is}|{was}] the {name} {scope} {peak} {when}",
    "[our|the] [number one|{best}] {dim} [by|in|in terms of] {name} {scope} {when}",
    "[{best}|number one] {dim} by {name} {scope} {when}",
    "which of [the|our] {dims} [has|had] {most} {scope} {when}",
    "i'd like to know which {dim} [had|has] {most} {scope} {when}",
    "{most} {scope} {when}: which {dim}",
    "by {name} {scope}, which {dim} [is|was] {best} {when}",
)
_ONE_PERSON = (
    "who [had|has] {most} {scope} {when}",
    "who is the {dim} with {most} {scope} {when}",
    "which {dim} [had|has] {most} {scope} {when}",
)
_ONE_TIME = (
    "what [was|is] the [best|strongest|top] {dim} for {name} {scope} {when}",
    "which {dim} [saw|had|brought] {most} {scope} {when}",
    "in [which|what] {dim} did we [have|see|reach] {most} {scope} {when}",
    "in [which|what] {dim} [{is}|{was}] the {name} {scope} {peak} {when}",
    "when [{is}|{was}] the {name} {scope} {peak}, by {dim} {when}",
    "[best|strongest|record] {dim} [for|by|in] {name} {scope} {when}",
    "{dim} [of|with] {most} {scope} {when}",
)
_ONE_MASS = (
    "which {dim} [generated|brought in|made|earned|produced] the most {mass} {scope} {when}",
    "which {dim} [generated|brought in|made] the highest {mass} {scope} {when}",
    "what {dim} [generates|brings in|makes] the most {mass} {scope} {when}",
    "which {dim} [sells|sold] the most {scope} {when}",
    "[best selling|top selling|best-selling] {dim} {scope} {when}",
    "which {dim} [is|was] our [top|best] seller {scope} {when}",
    "[strongest|best performing] {dim} in {mass} {scope} {when}",
    "which {dim} [did we earn the most money with|was worth the most to us] {scope} {when}",
)
_POPULAR = (  # of counts alone
    "[most popular|most common|most frequent|most used] {dim} {scope} {when}",
    "[what|which] [is|was] the [most popular|most common|most frequent|most often used] {dim} {scope} {when}",
    "which {dim} [is|was] [the most popular|the most common|most common|used most often] {scope} {when}",
    "which {dim} [occurs|occurred|comes up|was used] [most often|most frequently] {scope} {when}",
)
_RARE = (
    "[least popular|least common|rarest|least used] {dim} {scope} {when}",
    "[what|which] [is|was] the [least popular|least common|rarest] {dim} {scope} {when}",
    "which {dim} [occurs|occurred|was used] [least often|most rarely] {scope} {when}",
)
_USED = (  # of what events make use of
    "which {dim} was used [most often|the most|most] {scope} {when}",
    "which {dim} was [used|redeemed] by the most {things} {when}",
    "in which {dim} were the most {things} placed {when}", "[most used|most popular] {dim} {scope} {when}",
)
_BEST_SELLER = (
    "[our|the|what is our|which was the] best seller [by|in terms of|in] {name} {scope} {when}",
    "best selling {dim} [by|in terms of|in] {name} {scope} {when}", "number one {dim} [by|in] {name} {scope} {when}",
    "[best|top] seller {scope} [by|in] {name} {when}", "which {dim} [is|was] the best seller [by|in] {name} {scope} {when}",
)
_WEAK = (
    "which {dim} [sells|sold] the least {scope} {when}", "[weakest|worst selling|poorest] {dim} [by|in] {name} {scope} {when}",
    "which {dim} [is|was] the [weakest|worst] [by|in] {name} {scope} {when}",
    "[slowest|worst performing] {dim} by {name} {scope} {when}",
)  # fmt: skip
_SECOND = (
    "which {dim} [has|had] the {nth} highest {name} {scope} {when}",
    "[show|find|what is] the {dim} with the {nth} highest {name} {scope} {when}",
    "which {dim} [is|was|comes] second by {name} {scope} {when}",
)
_MANY = (
    "[show|list|find|give me|get|return|display] the top {n} {dims} by {name} {scope} {when}",
    "[what are|which are|show|list|who are] the top {n} {dims} [by|in terms of|in|ranked by] {name} {scope} {when}",
    "top {n} {dims} by {name} {scope} {when}",
    "which {n} {dims} [had|have] {most} {scope} {when}",
    "[show|list|find|give me] the {n} {dims} with {most} {scope} {when}",
    "the {n} {dims} with {most} {scope} {when}",
    "[the|our] {n} [best|leading|strongest] {dims} by {name} {scope} {when}",
    "{name} {scope}: [the|] top {n} {dims} {when}",
    "[best|leading|highest ranking] {n} {dims} [by|in] {name} {scope} {when}",
    "{dims} with {most} {scope}, top {n} {when}",
    "{n} {dims} with {most} {scope} {when}",
    "[name|give] me [the|our] {n} {dims} that [had|have] {most} {scope} {when}",
    "top {n} {dims} in terms of {name} {scope} {when}",
)
_BOTTOM = (
    "[show|list|find|give me|get|return] the bottom {n} {dims} by {name} {scope} {when}",
    "[what are|which are] the bottom {n} {dims} [by|in terms of|in] {name} {scope} {when}",
    "bottom {n} {dims} by {name} {scope} {when}",
    "which {n} {dims} [had|have] {most} {scope} {when}",
    "[show|list|find|give me] the {n} {dims} with {most} {scope} {when}",
    "the {n} [worst|weakest|lowest ranking] {dims} by {name} {scope} {when}",
    "{n} [weakest|worst|poorest] {dims} [by|in] {name} {scope} {when}",
    "{n} {dims} with {most} {scope} {when}",
    "which {n} {dims} [are|were] [last|at the bottom] [by|in] {name} {scope} {when}",
)
_KEYWORDS_ONE = (
    "{dim} with {most} {scope} {when}",
    "top {dim} by {name} {scope} {when}",
    "{dim} highest {name} {scope} {when}",
    "best {dim} by {name} {when} {scope}",
)
_KEYWORDS_MANY = (
    "top {n} {dims} by {name} {scope} {when}",
    "top {n} {dims} {name} {when} {scope}",
    "{when} top {n} {dims} by {name} {scope}",
    "top {n} {dims} {scope} by {name} {when}",
)


def ranked_dimension(ask: Ask) -> tuple[Measure, Dimension] | None:
    """A measure and what to rank: an entity or attribute, or a unit of time."""
    chosen = choose(ask, flags=False)
    if chosen is None:
        return None
    measure, dimension = chosen
    column = ask.world.time_column(measure.root)
    if column is not None and ask.chance(0.25):
        dimension = time_dimension(ask.world, column, ask.rng.choice(("month", "month", "quarter", "quarter", "year", "week")))
    return measure, dimension


def top(ask: Ask) -> Draft | None:
    """ORDER BY measure DESC (or ASC) LIMIT n."""
    chosen = ranked_dimension(ask)
    if chosen is None:
        return None
    measure, dimension = chosen
    conditions, timed = (
        ask.filters(measure.root, 2 if ask.chance(0.75) else 1, avoid=dimension.columns),
        ask.time(measure.root, 0.5),
    )
    if dimension.unit and timed and timed.shorter_than(360):
        timed = None
    high, count = ask.chance(0.78), 1 if ask.chance(0.45) else ask.rng.choice((2, 3, 3, 4, 5, 5, 5, 6, 7, 8, 10, 10, 15, 20))
    block = ask.select(measure.root, conditions, timed, measure=measure, tables=(dimension.table,))
    block.items, block.group = [*dimension.show, measure.sql], list(dimension.group)
    block.order, block.limit = [f"{measure.sql} {'DESC' if high else 'ASC'}"], count
    figure = ask.figure(measure, conditions)
    slots: dict[str, Slot] = {
        **figure,
        "dim": dimension.noun,
        "dims": dimension.plural,
        "most": figure["most" if high else "least"],
        "n": number(ask.rng, count),
        "best": ("best", "top", "highest") if high else ("lowest", "last"),
        "what": "who" if dimension.person else "what",
        "mass": measure.mass or ("",),
        "who": f"which {dimension.noun}",
        "nth": "second",
        "peak": "highest" if high else "lowest",
    }
    if count == 1 and high and ask.chance(0.06):
        block.offset = 1
        return Draft(ask.compose(_SECOND, "{dim} with second highest {name} {scope} {when}", timed=timed, **slots), block.sql())
    if count == 1 and (special := _special(ask, dimension, measure, high)) and ask.chance(0.45):
        if measure.kind == "count":  # their name is what is counted: "most common reason for pending orders"
            things = ask.things(measure.root, conditions)
            plain = not conditions and ask.chance(0.5)
            slots.update(scope="" if plain else f"{ask.rng.choice(('among', 'of', 'for'))} {things}", things=things)
        return Draft(ask.compose(special, "{dim} with {most} {scope} {when}", timed=timed, **slots), block.sql())
    return Draft(ask.compose(*_frames(dimension, measure, high, count), timed=timed, **slots), block.sql())


def _special(ask: Ask, dimension: Dimension, measure: Measure, high: bool) -> tuple[str, ...]:
    """What is said of this kind of ranking alone: the most common value, the most used promotion, the best seller."""
    counted = measure.sql == "COUNT(*)" and ask.world.entities[measure.root].event and not dimension.unit
    if counted and not dimension.entity:
        return _POPULAR if high else _RARE
    if counted and high and dimension.noun.rpartition(" ")[2] in USABLE:
        return _USED
    sold = measure.plain and measure.kind in ("sum", "derived") and "/" not in measure.sql and high
    target = ask.world.entities[dimension.table]
    bought = dimension.entity and len(ask.world.reach_of(measure.root).path.get(dimension.table, ())) == 1
    return _BEST_SELLER if sold and bought and not (target.person or target.place or target.event) else ()


def _frames(dimension: Dimension, measure: Measure, high: bool, count: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if count > 1:
        return (_MANY, _KEYWORDS_MANY) if high else (_BOTTOM, ("bottom {n} {dims} by {name} {scope} {when}",))
    frames = _ONE if high else tuple(frame for frame in _ONE if "first" not in frame)
    if dimension.person:
        frames = (*frames, *_ONE_PERSON)
    if dimension.unit and high:
        frames = (*frames[:6], *_ONE_TIME, *_ONE_TIME)
    if measure.mass and high and not dimension.unit:
        frames = (*frames, *_ONE_MASS)
    if not high and not dimension.unit:
        frames = (*frames, *_WEAK) if measure.mass else (*frames, *_WEAK[1:])
    return frames, _KEYWORDS_ONE if high else _KEYWORDS_ONE[:1]
