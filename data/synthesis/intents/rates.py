"""Rates: the part of the rows, or of a sum, that a condition holds for; over all, by group, over time, the highest ones."""

from __future__ import annotations

from collections.abc import Sequence

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import Dimension, time_dimension
from nl2sql.data.synthesis.filters import Filter, text_filter
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number

NAMED = {  # what the share of rows in a state is called
    "cancelled": "cancellation rate", "canceled": "cancellation rate", "completed": "completion rate", "returned": "return rate",
    "refunded": "refund rate", "approved": "approval rate", "rejected": "rejection rate", "delayed": "delay rate",
    "failed": "failure rate", "passed": "pass rate", "won": "win rate", "lost": "loss rate", "shipped": "shipping rate",
    "churned": "churn rate", "readmitted": "readmission rate", "absent": "absence rate", "missed": "no-show rate",
    "delivered": "delivery rate", "resolved": "resolution rate", "converted": "conversion rate",
    "discontinued": "discontinuation rate",
}  # fmt: skip
_BY = (
    "{rate} [by|per|for each] {dim} {when}", "[show|what is|give me] the {rate} [by|per|for each|of each] {dim} {when}",
    "for each {dim}, [show|what is|give me] the {rate} {when}", "how does the {rate} differ [by|between|across] {dims} {when}",
    "[in|for] every {dim}: {rate} {when}", "compare the {rate} of [all|the] {dims} {when}",
)  # fmt: skip
_BY_TIME = (
    "{rate} [by|per|for each] {unit} {when}", "[show|plot|what is] the {rate} [by|per|in each] {unit} {when}",
    "how did the {rate} [develop|change|evolve] from {unit} to {unit} {when}", "{ly} {rate} {when}",
    "how has the {rate} [changed|developed|evolved] over the {unit}s {when}", "{rate}, {unit} by {unit} {when}",
)  # fmt: skip
_TOP = (
    "which {dim} [has|had] the {best} {rate} {when}", "{dim} with the {best} {rate} {when}",
    "[show|find|name] the {dim} with the {best} {rate} {when}", "{best} {rate}: which {dim} {when}",
)  # fmt: skip
_TOP_MANY = (
    "[show|list] the {n} {dims} with the {best} {rate} {when}", "{n} {dims} with the {best} {rate} {when}",
    "{rate} [by|per] {dim}, the {n} {best} [ones|] {when}", "{rate} [per|by|of each] {dim}, {best} {n} {when}",
    "the {n} {dims} with the {best} {rate} {when}", "which {n} {dims} [have|had] the {best} {rate} {when}",
)  # fmt: skip
_ALL = (
    "what [is|was] the {rate} {when}", "{rate} {when}", "[show|give me|calculate|compute] the {rate} {when}",
    "[how high|how big] [is|was] the {rate} {when}",
)  # fmt: skip
_LYS = {"year": ("yearly", "annual"), "quarter": ("quarterly",), "month": ("monthly",)}


def state_rate(ask: Ask) -> Draft | None:
    """COUNT(*) FILTER (WHERE state) / COUNT(*)."""
    entity = ask.subject()
    columns = entity.with_role("dimension", "flag") if entity else []
    if entity is None or not columns and ask.chance(0.5):
        return None
    part = (named_state(ask, entity) if ask.chance(0.35) else None) or ask.filter(entity.table, tables=(entity.table,))
    if part is None:
        return None
    own = ask.filters(entity.table, 1, avoid=(part.column,)) if ask.chance(0.35) else []
    percent, plain = ask.chance(0.5), ask.things(entity.table, own)
    ratio = f"COUNT(*) FILTER (WHERE {part.sql}) / COUNT(*)"
    name = NAMED.get(part.said.lower().split(" ")[0] if part.said else part.adjectives[0] if part.adjectives else "")
    word = ask.rng.choice(word_of(percent))
    rates = [f"{word} of {plain} {ask.rng.choice(part.posts)}"]
    if not own:
        rates.append(f"{word} of {ask.things(entity.table, [part])}")
        rates += [f"{word} of {ask.things(entity.table, [part])} among [all|the|our|] {plain}"] * 2
    if name:
        rates = [f"{name} of {plain}", *([name, name] if not own else [])]
        rates = [f"{rate} in percent" for rate in rates] if percent else rates
    return _asked(ask, entity.table, ratio, [say(ask.rng, rate) for rate in rates], percent, part, own)


def named_state(ask: Ask, entity: Entity) -> Filter | None:
    """A state of the rows whose share has a name of its own."""
    world = ask.world
    options = [(c, v) for c in entity.with_role("dimension") for v in world.texts(c.index) if v.lower() in NAMED]
    column, value = ask.rng.choice(options) if options else (None, None)
    made = text_filter(world, ask.rng, column, value) if column else None
    ask.protect(made.said if made else "")
    return made


def sum_rate(ask: Ask) -> Draft | None:
    """SUM(x) FILTER (WHERE part) / SUM(x), by group or over time."""
    fact = ask.fact()
    measure, part = ask.measure(fact.table, additive=True), ask.filter(fact.table)
    if measure is None or part is None or "DISTINCT" in measure.sql or measure.kind == "count":
        return None
    percent = ask.chance(0.5)
    said = ask.rng.choice(part.direct) if part.direct and not part.outside else ask.things(part.table, [part])
    name = ask.rng.choice(measure.names).removeprefix("total ").removeprefix("sum of ")
    word = ask.rng.choice(word_of(percent))
    rates = [f"{word} of {said} in {name}", f"{word} of {name} from {said}", f"{word} of {name} made with {said}"]
    rates += [f"{word} of {name} that {said} {ask.rng.choice(('make up', 'account for'))}"]
    if part.direct and not part.outside:
        rates += [f"{said}'s {word} of {name}"] * 2
    return _asked(ask, fact.table, f"{measure.sql} FILTER (WHERE {part.sql}) / {measure.sql}", rates, percent, part)


def _asked(
    ask: Ask, root: int, ratio: str, rates: list[str], percent: bool, part: Filter, own: Sequence[Filter] = ()
) -> Draft | None:
    """The rate over all rows, by group, over time, or where it is highest."""
    item = f"100.0 * {ratio}" if percent else ratio
    kind = ask.rng.choice(("all", "by", "by", "time", "time", "top"))
    column = ask.world.time_column(root)
    dimension: Dimension | None = None
    if kind == "time":
        if column is None:
            return None
        dimension = time_dimension(ask.world, column, ask.rng.choice(("year", "year", "month", "quarter")))
    elif kind != "all":
        dimension = ask.dimension(root, flags=False)
        if dimension is None or {part.column, *(one.column for one in own)} & set(dimension.columns):
            return None
    timed = ask.time(root, 0.3)
    if kind == "time" and timed and timed.shorter_than(300):
        timed = None
    block = ask.select(root, own, timed, tables=(dimension.table,) if dimension else ())
    block.tables.add(part.table)
    slots: dict[str, Slot] = dict(rate=rates)
    if dimension is None:
        block.items = [item]
        return Draft(ask.compose(_ALL, timed=timed, **slots), block.sql())
    block.items, block.group = [*dimension.show, item], list(dimension.group)
    slots.update(dim=dimension.noun, dims=dimension.plural, unit=dimension.unit)
    if kind == "time":
        block.order = list(dimension.show)
        return Draft(ask.compose(_BY_TIME, timed=timed, ly=_LYS[dimension.unit], **slots), block.sql())
    if kind == "by":
        return Draft(ask.compose(_BY, timed=timed, **slots), block.sql())
    high, count = ask.chance(0.75), 1 if ask.chance(0.6) else ask.rng.choice((3, 5, 10))
    block.order, block.limit = [f"{item} {'DESC' if high else 'ASC'}"], count
    slots.update(best=("highest", "largest") if high else ("lowest", "smallest"), n=number(ask.rng, count))
    return Draft(ask.compose(_TOP if count == 1 else _TOP_MANY, timed=timed, **slots), block.sql())


_PORTION = (
    "what {word} of {things} [has|have] [ever|] {deed} {when}", "{word} of {things} [that|who] [have|] {deed} {when}",
    "[calculate|show|give me] the {word} of {things} [with|having] [at least one {event}|any {events}|{events}] {when}",
    "what {word} of [our|the|all] {things} [had|have had|has] [at least one {event}|an {event}|{events}] {when}",
)  # fmt: skip


def portion_with_event(ask: Ask) -> Draft | None:
    """Which part of the rows of an entity any event refers to: COUNT(DISTINCT child key) / COUNT(DISTINCT key), LEFT JOINed."""
    world = ask.world
    options = [
        (world.entities[t], key) for t, keys in world.children.items() for key in keys
        if world.entities[t].key == key.target and world.entities[t].labels and world.entity_of(key.source).event
    ]  # fmt: skip
    if not options:
        return None
    entity, key = ask.rng.choice(options)
    event, percent = world.entity_of(key.source), ask.chance(0.5)
    own = ask.filters(entity.table, 1, tables=(entity.table,)) if ask.chance(0.35) else []
    block = ask.select(entity.table, own)
    block.left = key
    ratio = f"COUNT(DISTINCT {world.ref(key.source)}) / COUNT(DISTINCT {world.ref(key.target)})"
    block.items = [f"100.0 * {ratio}" if percent else ratio]
    noun = ask.noun(event)
    deed = f"placed {lexicon.article(noun)}" if entity.person and "order" in noun.split() else f"had {lexicon.article(noun)}"
    frames = tuple(f.replace("an {event}", lexicon.article(noun)) for f in _PORTION)
    return Draft(ask.compose(frames, word=word_of(percent), things=ask.things(entity.table, own), deed=deed, event=noun,
                             events=lexicon.plural(noun)), block.sql())  # fmt: skip
