"""A list of rows and how a follow-up changes it: which rows, what is shown of them, their order, how many, their number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.figure import Figure, edge
from nl2sql.data.synthesis.figure_words import ADJECTIVES
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.measures import average_of, column_noun, count_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import number
from nl2sql.data.synthesis.wording import finish


@dataclass(frozen=True)
class Rows:
    """Columns of an entity's rows, narrowed, ordered by a column, cut; ``counted``: only how many they are."""

    ask: Ask
    entity: Entity
    shown: tuple[int, ...]
    conditions: tuple[Filter, ...] = ()
    by: ColumnRole | None = None
    order: str = "ASC"
    limit: int | None = None
    counted: bool = False

    def sql(self) -> str:
        block = self.ask.select(self.entity.table, self.conditions)
        block.items = ["COUNT(*)"] if self.counted else [self.ask.world.ref(column) for column in self.shown]
        if self.by and not self.counted:
            block.order, block.limit = [f"{self.ask.world.ref(self.by.index)} {self.order}"], self.limit
        return block.sql()

    def question(self) -> str:
        things = self.ask.things(self.entity.table, self.conditions)
        if self.counted:
            return self.ask.compose(_FIRST_COUNT, "number of {things}", things=things)
        return self.ask.compose(_FIRST, "{things}", things=things)

    def noun(self, column: ColumnRole) -> str:
        return column_noun(self.ask.world, column, self.ask.rng, self.entity.table)


_FIRST = (
    "[show|list|find|give me] [all|the|] {things}",
    "which {things} [do we have|are there]",
    "what are the {things}",
    "list all {things}",
)
_FIRST_COUNT = ("how many {things} [are there|do we have]", "[count the|number of|what is the number of] {things}")
_NARROW = (
    "[only|just] [those|the ones|] {post}",
    "[which|which ones|which of them|which of those|which of these] [are|were|] {post}",
    "[what about|how about|and] [those|the ones] {post}",
    "[only|just] [those|the ones] where [the|] {clause}",
    "[now|] [only|just] {post}",
    "[of those|of these|among them|among those], [only|just|show|which are] [the ones|those] {post}",
    "[filter|narrow|limit] [it|them|] to [those|the ones] {post}",
    "[keep|show] only [those|the ones|] {post}",
    "{post} [only|]",
)
_NARROW_CLAUSE = (
    "[which|which of them|which of those] have [a|] {with}",
    "[only|just] [those|the ones|] with {with}",
    "and with {with}",
)
_OTHER_VALUE = (
    "[what about|how about|and] {direct}",
    "[the same|same] for {direct}",
    "{direct} instead",
    "[and|] [those|the ones] {post}",
    "[what about|how about|and] [those|the ones|] {post} [instead|]",
    "{post} instead",
)
_WIDEN = ("[and|] all of them", "[all|show all] {things}", "without [that|the] [filter|condition]", "[remove|drop] the filter",
          "regardless of [the|] {noun}", "[remove|drop|forget] the {noun} [filter|condition]")  # fmt: skip
_COUNT = (
    "how many [are there|are they|is that|of them are there]",
    "[and|] how many",
    "count them",
    "[what is|give me|show] [the|their] number",
    "how many of them",
    "just the [number|count]",
    "how many {things} are [that|there]",
)
_LIST = ("[list|show|name] them", "which [ones|ones are they|are they|are these]", "[show|give] me [them|the list]",
         "[what are|show me|list] their names", "[which|what] {things} are they", "[who|what] are they")  # fmt: skip
_COLUMN_TOO = (
    "[also|and also|please also] [show|add|give me|include] [their|the] {column}",
    "[add|include] [the|their] {column} [too|as well|]",
    "[with|together with|along with] [their|the] {column}",
    "[and|] [the|their] {column} [too|as well]",
    "plus [the|their] {column}",
    "[show|list] [also|in addition] [the|their] {column}",
)
_COLUMN_ONLY = (
    "what [are|is] their {column}",
    "[show|list|give me] [only|just|] [their|the] {column}",
    "[only|just] the {column}",
    "[and|] [their|the] {column}",
    "[what about|how about|and] [their|the] {column}",
    "[show|give me] the {column} [instead|instead of the name]",
)
_SORT = {
    "ASC": ("[sort|order] [them|it|that|] by {column} [ascending|]", "[sorted|ordered] by {column}", "by {column}",
            "in ascending order of {column}", "[sort|order] [them|] from [lowest|smallest] to [highest|largest] {column}",
            "[lowest|smallest] {column} first"),
    "DESC": ("[sort|order|rank] [them|it|that|] by {column} descending", "[highest|largest] {column} first",
             "in descending order of {column}", "[sort|order] [them|] from [highest|largest] to [lowest|smallest] {column}",
             "[sort|order] [them|it] by {column}, [highest|largest] first"),
}  # fmt: skip
_SORT_TIME = {
    "ASC": ("[oldest|earliest] {column} first", "[sort|order] [them|it|that|] by {column}", "in order of {column}"),
    "DESC": ("[newest|latest|most recent] {column} first", "[sort|order] [them|] by {column}, [latest|newest] first"),
}
_FLIP = ("[sort|order] [it|them|that|] the other way [round|around]", "the other way [round|around]",
         "[reverse|flip|invert] [the|that] order", "[in|] reverse order", "reversed")  # fmt: skip
_EXTREME = {
    "DESC": ("[which|which one|which of them|which of those] has the {high} {column}", "[and|] the one with the {high} {column}",
             "[show|give me|only|just] the {n} with the {high} {column}", "the {n} with the {high} {column}",
             "[only|just] the top {n} by {column}", "top {n} by {column}"),
    "ASC": ("[which|which one|which of them|which of those] has the {low} {column}", "[and|] the one with the {low} {column}",
            "[show|give me|only|just] the {n} with the {low} {column}", "the {n} with the {low} {column}",
            "[only|just] the bottom {n} by {column}", "bottom {n} by {column}"),
}  # fmt: skip
_OTHER_COUNT = (
    "{edge} {n} instead",
    "[make it|only|just|show|show me] {n} [instead|]",
    "[only|] the {edge} {n}",
    "{n} [instead|please]",
)
_PER = ("[and|] how many [are there|] [per|by|for each|in each] {dim}", "[count|group] them by {dim}",
        "[how many|number] per {dim}", "[and|] by {dim}", "how many of them [per|in each] {dim}")  # fmt: skip
_MEAN = ("what is [their|the] {name}", "[and|] [their|the] {name}", "[show|give me] [their|the] {name}", "{name} of [them|those]")

Changed = tuple["Rows | Figure", str] | None


def first_rows(ask: Ask) -> Rows | None:
    entity = ask.subject(labelled=True)
    if entity is None:
        return None
    conditions = tuple(ask.filters(entity.table, 1))
    return Rows(ask, entity, tuple(entity.labels), conditions, counted=ask.chance(0.25))


def _say(rows: Rows, frames: tuple[str, ...], **slots: Slot) -> str:
    ask = rows.ask
    text = say(ask.rng, frames, **slots)
    text = text if ask.chance(0.55) else text + ask.rng.choice(("?", "?", ".", ""))
    return finish(ask.rng, text, frozenset(ask.protected), keywords=True)


def narrow(rows: Rows) -> Changed:
    found = rows.ask.filter(rows.entity.table, avoid=[condition.column for condition in rows.conditions])
    if found is None or rows.limit:
        return None
    return replace(rows, conditions=(*rows.conditions, found)), _narrowed(rows, found, _NARROW)


def other_value(rows: Rows) -> Changed:
    changed = rows.ask.another_value(rows.conditions)
    if changed is None:
        return None
    others, found = changed
    return replace(rows, conditions=(*others, found)), _narrowed(rows, found, _OTHER_VALUE)


def _narrowed(rows: Rows, found: Filter, frames: tuple[str, ...]) -> str:
    """A condition in a few words; one on another table stands after a preposition."""
    ask = rows.ask
    if found.table == rows.entity.table:
        if found.adjectives and ask.chance(0.35):
            return _say(rows, ADJECTIVES, adjective=found.adjectives, things=ask.world.plural(found.table))
        post = ask.rng.choice(found.posts)
        if post.startswith("with ") and frames is _NARROW and ask.chance(0.3):
            return _say(rows, _NARROW_CLAUSE, **{"with": post.removeprefix("with ")})
        if post.startswith(("who", "that")) or " where " in f" {post} ":
            frames = tuple(frame for frame in frames if "[are|" not in frame)
        direct = found.direct or found.adjectives or found.bare
        return _say(rows, frames, post=post, clause=found.clauses, direct=direct)
    phrase = ask.things(rows.entity.table, [found], noun="\0rows")
    post = phrase.partition("\0rows")[2].strip() or found.posts[0]
    usable = tuple(frame for frame in frames if "{clause}" not in frame and "{direct}" not in frame)
    return _say(rows, usable, post=post)


def widen(rows: Rows) -> Changed:
    if not rows.conditions:
        return None
    gone = rows.conditions[-1]
    noun = next(c.noun for c in rows.ask.world.entities[gone.table].columns if c.index == gone.column)
    things = rows.ask.things(rows.entity.table, rows.conditions[:-1])
    return replace(rows, conditions=rows.conditions[:-1]), _say(rows, _WIDEN, noun=noun, things=things)


def count(rows: Rows) -> Changed:
    if rows.limit:
        return None
    things = lexicon.plural(rows.entity.noun)
    if rows.counted:
        frames = _LIST if rows.entity.person else tuple(frame for frame in _LIST if "who" not in frame)
        return replace(rows, counted=False), _say(rows, frames, things=things)
    return replace(rows, counted=True, by=None), _say(rows, _COUNT, things=things)


def column(rows: Rows) -> Changed:
    """Another column beside those that are shown, or instead of them."""
    ask = rows.ask
    options = [c for c in rows.entity.columns if c.role not in ("key", "other") and c.index not in rows.shown]
    if not options or rows.counted:
        return None
    chosen = ask.rng.choice(options)
    noun = rows.noun(chosen)
    spoken = lexicon.plural(noun) if ask.chance(0.4) else noun
    if ask.chance(0.6):
        return replace(rows, shown=(*rows.shown, chosen.index)), _say(rows, _COLUMN_TOO, column=spoken)
    return replace(rows, shown=(chosen.index,)), _say(rows, _COLUMN_ONLY, column=spoken)


def sort(rows: Rows) -> Changed:
    ask = rows.ask
    if rows.counted or rows.limit:
        return None
    if rows.by and ask.chance(0.6):
        return replace(rows, order="ASC" if rows.order == "DESC" else "DESC"), _say(rows, _FLIP)
    options = rows.entity.with_role("measure", "date", "year")
    if not options:
        return None
    chosen, order = ask.rng.choice(options), ask.rng.choice(("ASC", "DESC"))
    frames = (_SORT_TIME if chosen.role == "date" else _SORT)[order]
    return replace(rows, by=chosen, order=order), _say(rows, frames, column=rows.noun(chosen))


def extreme(rows: Rows) -> Changed:
    """Of these rows the one, or so many, with the highest or lowest of a column; another number of them."""
    ask = rows.ask
    size = ask.rng.choice((2, 3, 3, 5, 5, 10))
    if rows.limit and rows.by:
        return replace(rows, limit=size), _say(rows, _OTHER_COUNT, edge=edge(rows.order), n=number(ask.rng, size))
    options = rows.entity.with_role("measure")
    if rows.counted or not options:
        return None
    chosen, order = ask.rng.choice(options), "DESC" if ask.chance(0.7) else "ASC"
    frames: tuple[str, ...] = _EXTREME[order][2:]
    if ask.chance(0.45):
        frames, size = _EXTREME[order][:2], 1
    said = _say(rows, frames, column=rows.noun(chosen), n=number(ask.rng, size), high=("highest", "largest", "greatest"),
                low=("lowest", "smallest"))  # fmt: skip
    shown = tuple(dict.fromkeys((*rows.shown, chosen.index)))
    return replace(rows, shown=shown, by=chosen, order=order, limit=size), said


def per_group(rows: Rows) -> Changed:
    """How many rows each group has."""
    ask = rows.ask
    measure, dimension = count_of(ask.world, rows.entity.table, rows.entity, ask.rng), ask.dimension(rows.entity.table)
    if measure is None or dimension is None or rows.limit or dimension.table == rows.entity.table and dimension.entity:
        return None
    if set(dimension.columns) & {condition.column for condition in rows.conditions}:
        return None
    frames = _PER if rows.counted else _PER[:3] + _PER[4:]
    return Figure(ask, measure, (dimension,), rows.conditions), _say(rows, frames, dim=dimension.noun)


def mean(rows: Rows) -> Changed:
    """The average of a column over these rows."""
    options = rows.entity.with_role("measure")
    if not options or rows.limit:
        return None
    measure = average_of(rows.ask.world, rows.ask.rng.choice(options), rows.ask.rng)
    return Figure(rows.ask, measure, (), rows.conditions), _say(rows, _MEAN, name=measure.names)


CHANGES: tuple[tuple[float, Callable[[Rows], Changed]], ...] = (
    (2.5, narrow), (1.5, other_value), (0.5, widen), (1.4, count), (1.8, column), (1.4, sort), (1.5, extreme), (1.2, per_group),
    (0.8, mean),
)  # fmt: skip
"""(weight, change)"""
