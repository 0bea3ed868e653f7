"""The values that occur most or least often: all of them in that order, the first few, or the one."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension, attribute_dimension, entity_dimension
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number
from nl2sql.data.synthesis.vocabulary import KINDS, PLANS

_ALL = (
    "{most} {dims} {of} {when}", "what are the {most} {dims} {of} {when}", "[show|list|give me] the {most} {dims} {of} {when}",
    "which {dims} {occur} {often} {among} {when}", "which are the {most} {dims} {of} {when}",
    "what {dims} {occur} {often} {among} {when}", "{dims} {of} by frequency {when}, {edge} first",
    "{dims} {of} {when}, {most} first", "{dims} {of} {when}, [starting with|from] the {most}",
    "rank the {dims} {of} by how often they occur {when}, {edge} first", "[our|the] {most} {dims} {of} {when}",
    "how often does each {dim} occur {among} {when}, {most} first", "[what|which] {dims} are the {most} {among} {when}",
    "[could you|can you|please] list the {most} {dims} {of} {when}", "{dims} that {occur} {often} {among} {when}",
    "[i need|i'd like] the {most} {dims} {of} {when} [with their counts|with counts|]",
    "{dims} {of} [sorted|ordered] by how common they are {when}, {edge} first", "which {dims} do {things} have {often} {when}",
)  # fmt: skip
_SOME = (
    "[the|] {n} {most} {dims} {of} {when}", "what are the {n} {most} {dims} {of} {when}",
    "which {n} {dims} {occur} {often} {among} {when}", "[show|list|give me|find|name] the {n} {most} {dims} {of} {when}",
    "[which|what] are the {n} {most} {dims} {of} {when}",
    "{n} {most} {dims} {of} {when} with [their counts|how often they occur]", "{dims} {of} {when}: the {n} {most}",
    "{most} {dims} {of} {when}, {end} {n}", "which {n} {dims} do {things} have {often} {when}",
    "{end} {n} {dims} by [frequency|how often they occur|number of occurrences] {among} {when}",
)  # fmt: skip
_ONE = (
    "{most} {dim} {of} {when}", "what [is|was] the {most} {dim} {of} {when}", "which {dim} {occurs} {often} {among} {when}",
    "[show|find|name|tell me] the {most} {dim} {of} {when}", "which [is|was] the {most} {dim} {of} {when}",
    "[our|the] {most} {dim} {of} {when}", "what {dim} do {things} have {often} {when}",
    "the {dim} that {occurs} {often} {among} {when}", "which {dim} [is|was] the {most} {among} {when}",
    "{most} {dim} {of} {when} and how often it occurs", "[could you|can you|please] tell me the {most} {dim} {of} {when}",
    "{dim} seen {often} {among} {when}",
)  # fmt: skip
_USED = {"method", "channel", "currency", "mode", "platform", "source", "device", "language", "format", "carrier"}
_LIKED = {"genre", "category", "brand", "color", "colour", "language", "channel", "method", "sport", "style", "cuisine"}


def commonest(ask: Ask) -> Draft | None:
    """GROUP BY a value ORDER BY COUNT(*): a plural without a number means all of them, a singular the first."""
    found = _choose(ask)
    if found is None:
        return None
    entity, dimension = found
    kind, high = ask.rng.choices(("all", "some", "one"), (5, 3, 2))[0], ask.chance(0.75)
    count = 1 if kind == "one" else ask.rng.choice((2, 3, 3, 4, 5, 5, 10))
    conditions = ask.filters(entity.table, 1, avoid=(*dimension.columns, *entity.labels)) if ask.chance(0.4) else []
    timed = ask.time(entity.table, 0.4)
    block = ask.select(entity.table, conditions, timed, tables=(dimension.table,))
    block.split(dimension, "COUNT(*)")
    block.order, block.limit = [f"COUNT(*) {'DESC' if high else 'ASC'}"], None if kind == "all" else count
    things = ask.things(entity.table, conditions)
    named = {*entity.noun.split()} <= {*dimension.noun.split()} and not conditions
    of = ("",) if named else tuple(f"{word} {things}" for word in ("of", "among", "for", "of"))
    head, event = dimension.noun.rpartition(" ")[2], entity.event
    used, liked = event and head in _USED, event and head in _LIKED
    among = ("",) if named else tuple(f"{word} {things}" for word in ("among", "among", "in", "for"))
    most = (*_most(high, used, liked), *("main", "main") * (high and head in ("reason", "cause")))
    often = ("most often", "most frequently", "most", "the most")
    rarely = ("least often", "most rarely", "least", "least frequently")
    slots: dict[str, Slot] = dict(
        of=of, among=among, things=things, dim=dimension.noun, dims=dimension.plural, n=number(ask.rng, count), most=most,
        end="top" if high else "bottom", often=often if high else rarely,
        edge=("most common", "most frequent") if high else ("least common", "rarest"),
        occur=("are used", "are used", "occur") if used else ("occur", "come up", "appear"),
        occurs=("is used", "is used", "occurs") if used else ("occurs", "comes up", "appears"),
    )  # fmt: skip
    frames = {"all": _ALL, "some": _SOME, "one": _ONE}[kind]
    if not high:
        frames = tuple(f for f in frames if "{end}" not in f or not f.startswith("{most}"))
    if named:
        frames = tuple(f for f in frames if "{things}" not in f)
    keywords = {"all": "{most} {dims} {of} {when}", "some": "{n} {most} {dims} {of} {when}", "one": "{most} {dim} {of} {when}"}
    return Draft(ask.compose(frames, keywords[kind], timed=timed, **slots), block.sql())


def _most(high: bool, used: bool, liked: bool) -> tuple[str, ...]:
    words = ("common", "common", "frequent", "frequent", *("used", "often used") * used, *("popular",) * liked)
    if high:
        return (*(f"most {word}" for word in words), "commonest")
    return (*(f"least {word.removeprefix('often ')}" for word in words), "rarest")


def _choose(ask: Ask) -> tuple[Entity, Dimension] | None:
    """Rows of any kind, and what sorts them: an attribute of their own, or a small table next to them."""
    world, options = ask.world, list[tuple[float, Entity, Entity | ColumnRole]]()
    for entity in world.entities:
        if entity.link or {*entity.noun.split()} & PLANS:
            continue
        weight = 2.0 if entity.event else 1.0
        options += [(weight, entity, c) for c in entity.with_role("dimension") if _sorts(ask, c, entity)]
        for table, path in world.reach_of(entity.table).path.items():
            near = world.entities[table]
            kind = near.noun.rpartition(" ")[2] in KINDS | {"status", "reason", "method", "channel"}
            if len(path) == 1 and kind and len(near.labels) == 1 and near.key is not None:
                options.append((1.5 * weight, entity, near))
            if len(path) == 1 and not near.event and entity.event:
                options += [(0.4, entity, c) for c in near.with_role("dimension") if _sorts(ask, c, near)]
    if not options:
        return None
    _, entity, by = ask.rng.choices(options, [weight for weight, *_ in options])[0]
    if isinstance(by, Entity):
        dimension = entity_dimension(world, by, ask.rng)
    else:
        dimension = attribute_dimension(world, by, ask.rng, entity.table)
    return (entity, dimension) if dimension and not lexicon.is_plural(dimension.noun) else None


def _sorts(ask: Ask, column: ColumnRole, entity: Entity) -> bool:
    return column.index not in entity.labels and len(ask.world.texts(column.index)) > 1
