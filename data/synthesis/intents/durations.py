"""Days from one date to another: the mean, the median, the extremes, by group, over tables that lie along the keys."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.dates import verb_of
from nl2sql.data.synthesis.filters.derived import day_pairs, days_sql

_STATS = {
    "AVG": ("average", "mean", "avg", "average"), "MEDIAN": ("median", "median", "typical (median)"),
    "MAX": ("maximum", "longest", "greatest", "highest"), "MIN": ("minimum", "shortest", "lowest"),
}  # fmt: skip
_FRAMES = (
    "what [is|was] the {stat} number of days between {a} and {b} {of}",
    "{stat} number of days [between {a} and {b}|from {a} to {b}] {of}",
    "[show|calculate|compute|find] the {stat} [number of days|time in days|delay in days] [between {a} and {b}|from {a} to "
    "{b}] {of}",
    "{stat} days [between {a} and {b}|from {a} to {b}] {of}", "{stat} time [between|from] {a} [and|to] {b} in days {of}",
    "{stat} {what} in days {of}", "what is the {stat} {what} {of}, in days",
)  # fmt: skip
_AVERAGE = (
    "how many days [are there|pass|lie] between {a} and {b} on average {of}",
    "how long does it take from {a} to {b} on average, in days {of}",
    "on average, how many days [pass|go by] [between {a} and {b}|from {a} to {b}] {of}",
)  # fmt: skip
_AVERAGE_VERB = (
    "how [long|many days] does it take [on average|] until {things} are {verb} [on average|] {group}",
    "after how many days are {things} {verb} on average {group}", "[average|mean] time until {things} are {verb} {group}",
    "how [quickly|fast] are {things} {verb} on average, in days {group}",
    "average number of days until {things} are {verb} {group}",
)  # fmt: skip


def duration(ask: Ask) -> Draft | None:
    """AVG, MEDIAN, MAX or MIN of the days between two dates of a row, or of a row and one that it leads to."""
    pairs = _pairs(ask)
    if not pairs:
        return None
    root, first, second = ask.rng.choice(pairs)
    days = days_sql(ask.world, first.index, second.index)
    stat = ask.rng.choices(("AVG", "MEDIAN", "MAX", "MIN"), (5, 2, 2.5, 1))[0]
    conditions = ask.filters(root, 2 if ask.chance(0.4) else 1, avoid=(first.index, second.index)) if ask.chance(0.75) else []
    timed = ask.time(root, 0.2)
    block = ask.select(root, conditions, timed, tables=(first.table,))
    dimension = ask.dimension(root) if ask.chance(0.4) else None
    if dimension and (
        set(dimension.columns) & {c.column for c in conditions} or dimension.entity and dimension.table == first.table
    ):
        dimension = None
    block.split(dimension, f"{stat}({days})")
    if dimension:
        block.tables.add(dimension.table)
    by = f"{ask.rng.choice(('by', 'per', 'for each'))} {dimension.noun}" if dimension else ""
    things = ask.things(root, conditions)
    of = f"{ask.rng.choice(('of', 'for'))} {things} {by}" if conditions or ask.chance(0.25) else by
    verb = verb_of(second)
    ending = "end" in second.noun.split()
    what = f"{verb.split(' ')[0]} delay" if not verb or " " in verb else f"time until {verb}"
    what = "length" if ending else f"{second.noun.removesuffix(' date')} delay" if " " in verb or not verb else what
    frames: tuple[str, ...] = tuple(f + " {when}" for f in _FRAMES)
    if verb[:5] == ask.world.entities[root].noun[:5]:
        verb = ""  # "returns are returned"
    if stat == "AVG" and ask.chance(0.6):
        frames = tuple(f + " {when}" for f in (_AVERAGE_VERB if verb and " " not in verb else _AVERAGE))
    return Draft(
        ask.compose(frames, "{stat} days {a} to {b} {of} {when}", timed=timed, stat=_STATS[stat], a=first.noun, b=second.noun,
                    of=of,
                    what=what, verb=verb, things=things, group=by),
        block.sql(),
    )  # fmt: skip


def _pairs(ask: Ask) -> list[tuple[int, ColumnRole, ColumnRole]]:
    """(root, earlier date, later date): of one table, or the later one an event's own and the earlier one a parent's."""
    world = ask.world
    found = [(e.table, a, b) for e in world.entities for a, b in day_pairs(e)]
    found += found  # within a table more often
    for event in world.entities:
        if event.main_date is None or not event.event:
            continue
        for table, path in world.reach_of(event.table).path.items():
            parent = world.entities[table]
            if 0 < len(path) <= 2 and parent.event:
                dates = [c for c in parent.with_role("date") if not any(w in c.noun for w in ("birth", "updated"))]
                found += [(event.table, date, world.columns[event.main_date]) for date in dates]
    return found
