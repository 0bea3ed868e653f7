"""What is missing: rows without a value or without what they could refer to, counted, listed, or as a part of all."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.dates import verb_of
from nl2sql.data.synthesis.filters.wording import noun_of
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

# {noun} is what is missing, {a} the same with its article, {happened} what has not happened yet
_COUNT = (
    "how many {things} [have|had] no {noun} {when}", "how many {things} [lack|are lacking] {a} {when}",
    "how many {things} [do not|don't] have {a} {when}", "number of {things} without {a} {when}",
    "for how many {things} is [no {noun} known|the {noun} missing|the {noun} unknown] {when}",
    "for how many {things} do we [have no|not have the|not know the|lack the] {noun} {when}",
    "how many {things} are [without {a}|missing {a}|missing the {noun}] {when}",
    "of how many {things} do we not know the {noun} {when}", "{things} without {noun} {when}: how many",
    "count the {things} [with no|without a known|that lack the] {noun} {when}", "no {noun}: how many {things} {when}",
)  # fmt: skip
_LIST = (
    "which {things} [have no|lack the|don't have any|are without a] {noun} {when}",
    "which {things} have no {noun} [on file|on record|in the database|recorded] {when}",
    "[show|list|find] [all|the|] {things} [without {a}|with no {noun}|lacking {a}|whose {noun} is unknown] {when}",
    "{things} [without|with no|missing] {noun} {when}", "of which {things} do we [not know the|have no|lack the] {noun} {when}",
    "for which {things} is the {noun} [missing|not known|unknown|blank|empty|not filled in] {when}",
    "which {things} [never gave|did not give] us {a} {when}", "{noun} missing: which {things} {when}",
)  # fmt: skip
_UNUSED_COUNT = (  # what an event could have made use of
    "in how many {things} was no {noun} [used|applied|involved] {when}", "how many {things} [used|had] no {noun} {when}",
    "how many {things} were [placed|made|done] without [{a}|any {noun}] {when}",
    "how many {things} did not [use|involve|come with] {a} {when}", "how many {things} were not [part of|covered by] {a} {when}",
)  # fmt: skip
_USED_COUNT = (
    "in how many {things} was {a} [used|applied|involved] {when}", "how many {things} [used|had|came with] {a} {when}",
    "how many {things} were [placed|made|done] [with|under|using] {a} {when}", "number of {things} that used {a} {when}",
)  # fmt: skip
_PENDING_COUNT = (
    "how many {things} [have not been|haven't been|were not|are not yet|are still not] {happened} {when}",
    "how many {things} are [still|] [waiting to be {happened}|yet to be {happened}] {when}",
    "number of {things} not [yet|] {happened} {when}", "how many {things} were never {happened} {when}",
    "{things} {when} that [have not been|were not] {happened}: how many",
)  # fmt: skip
_PENDING_LIST = (
    "which {things} [have not been|haven't been|were not|are not yet] {happened} {when}",
    "[show|list] [all|the|] {things} [that have not been|not yet|that are still to be|that were never] {happened} {when}",
    "{things} not {happened} [yet|] {when}",
)  # fmt: skip
_PART = (
    "what {word} of [the|all|our|] {things} [has no|lacks a|is without a] {noun} {when}",
    "{word} of {things} [without|with no|lacking] {noun} {when}",
    "{things} without {noun} [vs|versus|against|compared with|out of] all {things} {when}, as a {word}",
    "how [big|large|high] is the {word} of {things} [without|with no] {noun} {when}",
    "{things} with no {noun} as a {word} of all {things} {when}", "the {word} of {things} where the {noun} is missing {when}",
    "[what is|show|calculate] the {word} of {things} [without|that lack|with no] {noun} {when}",
)  # fmt: skip
_PART_PENDING = (
    "what {word} of [the|all|our|] {things} [has not been|hasn't been|is not yet|was not] {happened} {when}",
    "{word} of {things} not [yet|] {happened} {when}", "{things} not {happened} vs all {things} {when}, as a {word}",
    "how [big|large|high] is the {word} of {things} [not yet|that were never] {happened} {when}",
)  # fmt: skip
_PART_USED = (
    "what {word} of [the|all|our|] {things} [used|had|was made with|came with] {a} {when}", "{word} of {things} with {a} {when}",
    "{things} with {a} [vs|versus|against|out of] all {things} {when}, as a {word}",
    "how [big|large|high] is the {word} of {things} [with|that used|under] {a} {when}",
)  # fmt: skip


@dataclass(frozen=True)
class _Gap:
    """A column that may be null: what is missing (``noun``), and whether it is asked for where it is there (``used``)."""

    entity: Entity
    column: ColumnRole
    noun: str
    happened: str  # the participle of what has not happened yet, or nothing
    used: bool

    @property
    def avoidable(self) -> bool:
        """Whether it is something that an event could have made use of."""
        return self.column.role == "key" and self.entity.event


def absent(ask: Ask) -> Draft | None:
    """IS NULL (or IS NOT NULL, for what could be referred to): COUNT, list or share, now and then by a dimension."""
    gap = _choice(ask)
    if gap is None:
        return None
    entity = gap.entity
    conditions = ask.filters(entity.table, 2, avoid=(gap.column.index,)) if ask.chance(0.8) else []
    timed = ask.time(entity.table, 0.4 if entity.event else 0.05)
    block = ask.select(entity.table, conditions, timed)
    slots: dict[str, Slot] = dict(
        things=ask.things(entity.table, conditions), noun=gap.noun, a=lexicon.article(gap.noun), happened=gap.happened
    )
    test = f"{ask.world.ref(gap.column.index)} IS {'NOT ' if gap.used else ''}NULL"
    kind = ask.rng.choices(("count", "list", "part"), (4, 3 if entity.labels and not gap.used else 0, 3))[0]
    if kind == "part":
        percent = ask.chance(0.6)
        ratio = f"COUNT(*) FILTER (WHERE {test}) / COUNT(*)"
        dimension = ask.dimension(entity.table, flags=False) if ask.chance(0.25) else None
        if dimension and set(dimension.columns) & {gap.column.index, *(c.column for c in conditions)}:
            return None
        block.items = [*(dimension.show if dimension else ()), f"100.0 * {ratio}" if percent else ratio]
        if dimension:
            block.tables.add(dimension.table)
            block.group = list(dimension.group)
        by = f" {ask.rng.choice(('by', 'per', 'for each'))} {dimension.noun}" if dimension else ""
        return Draft(ask.compose(_parts(gap, by), timed=timed, word=word_of(percent), **slots), block.sql())
    block.where.append(test)
    block.items = ["COUNT(*)"] if kind == "count" else [ask.world.ref(c) for c in entity.labels]
    frames = _counts(gap) if kind == "count" else tuple(f for f in _LIST if entity.person or "gave" not in f)
    if gap.happened and ask.chance(0.7):
        frames = _PENDING_COUNT if kind == "count" else _PENDING_LIST
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _parts(gap: _Gap, by: str) -> tuple[str, ...]:
    frames: tuple[str, ...] = _PART_USED if gap.used else _PART_PENDING if gap.happened else _PART
    frames = (*frames[:2], frames[3]) if by else frames
    return tuple(frame + by for frame in frames)


def _counts(gap: _Gap) -> tuple[str, ...]:
    if gap.used:
        return _USED_COUNT
    return (*_UNUSED_COUNT, *_COUNT[:4]) if gap.avoidable else _COUNT


def _choice(ask: Ask) -> _Gap | None:
    """A column that may be null, and what it lacks where it is: the value, or the row of another table."""
    world = ask.world
    options = [
        (e, c) for e in world.entities if not e.link for c in e.columns
        if world.schema.columns[c.index].nullable and c.role in ("text", "date", "key", "name", "dimension") and c.index != e.key
        and c.index not in e.labels and c.index != e.main_date
    ]  # fmt: skip
    if not options:
        return None
    entity, column = ask.rng.choice(options)
    if column.role != "key":
        verb = verb_of(column) if column.role == "date" else ""
        happened = verb if " " not in verb and verb not in ("born", "placed", "hired") else ""
        return _Gap(entity, column, noun_of(ask.rng, column), happened, False)
    key = next((k for k in world.schema.foreign_keys if k.source == column.index), None)
    if key is None:
        return None
    own = world.schema.owner[key.target] == entity.table
    noun = column.noun.removesuffix(" id").removesuffix(" key").removesuffix(" code")
    if own and noun == column.noun:
        return None
    return _Gap(entity, column, noun if own else ask.noun(world.entity_of(key.target)), "", entity.event and ask.chance(0.3))
