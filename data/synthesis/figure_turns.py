"""How a follow-up changes a figure: its split, time, conditions, order, how many, what is measured, as a share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nl2sql.data.synthesis import figure_words as words
from nl2sql.data.synthesis import lexicon, nouns
from nl2sql.data.synthesis.dimensions import Dimension, determines, time_dimension
from nl2sql.data.synthesis.figure import Figure, edge
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.text import other_filter
from nl2sql.data.synthesis.measures import average_of, sum_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.times import number
from nl2sql.data.synthesis.wording import finish

Changed = tuple[Figure, str] | None


def _say(figure: Figure, frames: tuple[str, ...], **slots: Slot) -> str:
    """A short follow-up as somebody would type it."""
    ask = figure.ask
    text = say(ask.rng, frames, **slots)
    text = text if ask.chance(0.55) else text + ask.rng.choice(("?", "?", ".", ""))
    return finish(ask.rng, text, frozenset(ask.protected), keywords=True)


def _suits(figure: Figure, dimension: Dimension) -> bool:
    """Whether a figure can be split by it, next to the splits and conditions that it has."""
    counted = dimension.entity and dimension.table == figure.measure.subject
    narrowed = set(dimension.columns) & {condition.column for condition in figure.conditions if " = " in condition.sql}
    return not counted and not narrowed


def regroup(figure: Figure) -> Changed:
    """Another split, or a first one. A ranking ends: "and by region?" asks for every region."""
    dimension = _another(figure)
    if dimension is None or not _suits(figure, dimension) or dimension.noun in {dim.noun for dim in figure.dims}:
        return None
    old = figure.dims[0].noun if figure.dims else ""
    frames = words.REGROUP if old else tuple(frame for frame in words.REGROUP if "{old}" not in frame and "instead" not in frame)
    changed = replace(figure, dims=(dimension,), order="", limit=None, percent=figure.percent and bool(figure.dims))
    return changed, _say(figure, frames, dim=dimension.noun, old=old)


def _another(figure: Figure) -> Dimension | None:
    ask = figure.ask
    column = ask.world.time_column(figure.measure.root)
    if column is not None and ask.chance(0.3):
        return time_dimension(ask.world, column, ask.rng.choice(("year", "month", "quarter", "month", "week")))
    return ask.dimension(figure.measure.root)


def regroup_within(figure: Figure) -> Changed:
    """Another split and another time at once: "by month in 2025"."""
    changed = regroup(figure)
    timed = figure.ask.time(figure.measure.root, 1.0)
    if changed is None or timed is None:
        return None
    split, said = changed
    said = said.rstrip(" ?.") + " " + figure.ask.rng.choice((timed.when.full, timed.when.full, timed.when.bare))
    return replace(split, timed=timed), said


def ranked_others(figure: Figure) -> Changed:
    """ "Top 3 cities instead": another split of the same ranking."""
    ask, dimension = figure.ask, figure.ask.dimension(figure.measure.root, flags=False)
    if dimension is None or not figure.limit or not _suits(figure, dimension) or dimension.noun == figure.dims[0].noun:
        return None
    frames = (
        "[and|] the {edge} {n} {dims}",
        "{edge} {n} {dims} [instead|]",
        "[what about|how about] the {edge} {n} {dims}",
        "[the same|same] for {dims}",
        "[what about|how about|and] {dims}",
        "{dims} instead",
    )
    said = _say(figure, frames, edge=edge(figure.order), n=number(ask.rng, figure.limit), dims=dimension.plural)
    return replace(figure, dims=(dimension,)), said


def split_too(figure: Figure) -> Changed:
    dimension = _another(figure)
    if dimension is None or len(figure.dims) != 1 or figure.limit or figure.percent or not _suits(figure, dimension):
        return None
    first, world = figure.dims[0], figure.ask.world
    if first.unit and dimension.unit or determines(world, first, dimension) or determines(world, dimension, first):
        return None
    dims = (dimension, first) if dimension.unit else (first, dimension)
    return replace(figure, dims=dims), _say(figure, words.SPLIT_TOO, dim=dimension.noun, old=first.noun)


def total(figure: Figure) -> Changed:
    if not figure.dims or figure.measure.kind in ("average", "extreme"):
        return None
    return replace(figure, dims=(), order="", limit=None, percent=False), _say(figure, words.TOTAL)


def other_time(figure: Figure) -> Changed:
    timed = figure.ask.time(figure.measure.root, 1.0)
    if timed is None or figure.timed and timed.when.bare == figure.timed.when.bare:
        return None
    return replace(figure, timed=timed), _say(figure, words.TIME, when=timed.when.full, bare=timed.when.bare)


def all_time(figure: Figure) -> Changed:
    if figure.timed is None:
        return None
    return replace(figure, timed=None), _say(figure, words.ALL_TIME, old=figure.timed.when.bare)


def narrow(figure: Figure) -> Changed:
    """A further condition."""
    ask = figure.ask
    avoid = [*(condition.column for condition in figure.conditions), *(c for dim in figure.dims for c in dim.columns)]
    found = ask.filter(figure.measure.root, avoid=avoid)
    return (replace(figure, conditions=(*figure.conditions, found)), _narrowed(figure, found)) if found else None


def other_value(figure: Figure) -> Changed:
    """The same for another value of a column that there is a condition on."""
    changed = figure.ask.another_value(figure.conditions)
    if changed is None:
        return None
    others, found = changed
    return replace(figure, conditions=(*others, found)), _narrowed(figure, found)


def _narrowed(figure: Figure, found: Filter) -> str:
    """A condition in a few words; one on what is counted may be said of "those"."""
    ask, subject = figure.ask, figure.measure.subject
    if found.table == subject and ask.chance(0.5):
        if found.adjectives and ask.chance(0.6):
            return _say(figure, words.ADJECTIVES, adjective=found.adjectives, things=ask.world.plural(found.table))
        return _say(figure, words.SUBJECTS, post=found.posts)
    frames = words.NARROW if found.direct or found.adjectives else words.NARROW[:5]
    direct = found.direct or found.adjectives or found.bare
    return _say(figure, frames, scope=nouns.scope(ask, figure.measure.root, [found]), direct=direct, bare=found.bare)


def exclude(figure: Figure) -> Changed:
    ask = figure.ask
    paths = ask.world.reach_of(figure.measure.root).path
    taken = {condition.column for condition in figure.conditions}
    columns = [
        c
        for table, path in paths.items()
        if len(path) <= 2
        for c in ask.world.entities[table].columns
        if c.role in ("dimension", "name") and c.index not in taken
    ]
    column = ask.rng.choice(columns) if columns else None
    found = other_filter(ask.world, ask.rng, column) if column else None
    if found is None or len(ask.world.value_columns.get(found.said.lower(), ())) > 1:
        return None
    ask.protect(found.said)
    return replace(figure, conditions=(*figure.conditions, found)), _say(figure, words.EXCLUDE, direct=found.said)


def widen(figure: Figure) -> Changed:
    if not figure.conditions:
        return None
    ask, gone = figure.ask, figure.conditions[-1]
    column = next(c for c in ask.world.entities[gone.table].columns if c.index == gone.column)
    return replace(figure, conditions=figure.conditions[:-1]), _say(
        figure, words.WIDEN, noun=column.noun, nouns=lexicon.plural(column.noun), direct=gone.direct or gone.bare or (gone.said,)
    )


def best(figure: Figure) -> Changed:
    """So many of the groups, or one; from the other end; another number of them."""
    ask = figure.ask
    if not figure.dims or len(figure.dims) > 1 or figure.percent:
        return None
    dim, count = figure.dims[0], ask.rng.choice((2, 3, 3, 4, 5, 5, 6, 8, 10, 15))
    slots: dict[str, Slot] = {
        "n": number(ask.rng, count),
        "dim": dim.noun,
        "most": "highest",
        "least": "lowest",
        "mostly": figure.measure.most,
        "leastly": figure.measure.least,
    }
    if figure.limit and ask.chance(0.45):
        return replace(figure, limit=count), _say(figure, words.OTHER_COUNT, edge=edge(figure.order), **slots)
    order, frames = ("DESC", words.TOP) if ask.chance(0.7) else ("ASC", words.BOTTOM)
    if ask.chance(0.35):
        count, frames = 1, words.ONE if order == "DESC" else words.WORST
    if figure.dims[0].person is False:
        frames = tuple(frame for frame in frames if "who" not in frame)
    return replace(figure, order=order, limit=count), _say(figure, frames, **slots)


def reorder(figure: Figure) -> Changed:
    if not figure.dims or figure.percent:
        return None
    if figure.order and not figure.limit:
        return replace(figure, order="ASC" if figure.order == "DESC" else "DESC"), _say(figure, words.FLIP)
    if figure.limit:
        return None
    order, frames = ("DESC", words.DESC) if figure.ask.chance(0.7) else ("ASC", words.ASC)
    return replace(figure, order=order), _say(figure, frames, name=figure.measure.names)


def measure(figure: Figure) -> Changed:
    """Something else that is computed, or a second figure beside the first."""
    ask = figure.ask
    found = ask.measure(figure.measure.root)
    if found is None or found.sql == figure.measure.sql or any(d.entity and d.table == found.subject for d in figure.dims):
        return None
    name = ask.rng.choice(found.names)
    if ask.chance(0.3) and not figure.second and not figure.percent:
        return replace(figure, second=found), _say(figure, words.MEASURE_TOO, name=name)
    return replace(figure, measure=found, second=None, percent=False), _say(figure, words.MEASURE, name=name)


def percent(figure: Figure) -> Changed:
    adds = figure.measure.kind in ("count", "sum") and "DISTINCT" not in figure.measure.sql
    if figure.percent:
        return replace(figure, percent=False), _say(figure, words.ABSOLUTE)
    if not adds or not figure.dims or figure.limit or figure.second:
        return None
    return replace(figure, percent=True), _say(figure, words.PERCENT)


def average(figure: Figure) -> Changed:
    """The mean instead of the sum of the same column, or the other way round."""
    ask, column = figure.ask, figure.measure.column
    role = next((c for c in ask.world.columns if c.index == column), None)
    if role is None or figure.percent or figure.measure.kind not in ("sum", "average"):
        return None
    if figure.measure.kind == "average" and not role.additive:
        return None
    make, frames = (average_of, words.AVERAGE) if figure.measure.kind == "sum" else (sum_of, words.SUM)
    found = make(ask.world, role, ask.rng)
    if "MEDIAN" in found.sql:
        return None
    return replace(figure, measure=found, second=None), _say(figure, frames)


CHANGES: tuple[tuple[float, Callable[[Figure], Changed]], ...] = (
    (3.0, regroup),
    (0.6, regroup_within),
    (0.7, ranked_others),
    (0.8, split_too),
    (0.6, total),
    (2.2, other_time),
    (0.5, all_time),
    (1.2, narrow),
    (1.5, other_value),
    (1.0, exclude),
    (0.5, widen),
    (2.0, best),
    (1.0, reorder),
    (1.6, measure),
    (0.9, percent),
    (0.6, average),
)
"""(weight, change)"""
