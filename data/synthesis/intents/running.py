"""What lies in the span of a row: promotions running on a day, contracts in force, and how many."""

from __future__ import annotations

import datetime as dt

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.derived import day_pairs
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import named

_LIST = (
    "[which|what] {things} [were|are] [running|on|in effect|active|ongoing|under way] {on}",
    "{things} [running|active|in effect|on|in force] {on}",
    "[which|what] {things} ran {on}",
    "[show|list|give me|find] [all|the|] {things} [that were running|that ran|active|in effect|going on] {on}",
    "[which|what] {things} [had started and not yet ended|had begun but were not over] {on}",
    "{things} that [began|started] before and ended after {day}", "{day}: [which|what] {things} were [running|on|active]",
    "[was there|were there] [any|] {things} [running|on] {on}", "what {things} did we have [running|on|going] {on}",
    "{things} whose [dates|period|span|duration] [include|includes|cover|covers] {day}", "{things} valid {on}",
)  # fmt: skip
_COUNT = (
    "how many {things} [were|are] [running|on|in effect|active|ongoing|under way] {on}",
    "number of {things} [running|active|in effect|in force] {on}",
    "how many {things} ran {on}", "count the {things} [that were running|active|in effect] {on}",
    "{things} [running|active] {on}: how many",
    "how many {things} were [going on|in progress|in force] {on}",
)  # fmt: skip


def _spans(ask: Ask) -> list[tuple[Entity, ColumnRole, ColumnRole]]:
    """Rows that begin on one date and end on another, both of which are known."""
    columns = ask.world.schema.columns
    ending = {"end", "ends", "ended", "expiry", "expires", "until", "to", "checkout", "finish", "close", "closed"}
    return [
        (e, a, b) for e in ask.world.entities for a, b in day_pairs(e)
        if set(b.noun.split()) & ending and not columns[b.index].nullable and e.key is not None
    ]  # fmt: skip


def running(ask: Ask) -> Draft | None:
    """WHERE start <= day AND end >= day, listed or counted."""
    spans = _spans(ask)
    if not spans:
        return None
    entity, start, end = ask.rng.choice(spans)
    first, last = ask.world.date_range(start.index)
    at = first + dt.timedelta(days=ask.rng.randrange(max(1, (last - first).days + 20)))
    day = named(ask.rng, at, "day")
    ask.protect(day)
    on = ask.rng.choice((f"on {day}", f"on {day}", f"on the day of {day}", f"as of {day}", f"at {day}"))
    a, b = ask.world.ref(start.index), ask.world.ref(end.index)
    conditions = ask.filters(entity.table, 1, avoid=(start.index, end.index)) if ask.chance(0.4) else []
    block = ask.select(entity.table, conditions)
    block.where += [f"{a} <= DATE '{at}'", f"{b} >= DATE '{at}'"]
    counted = not entity.labels or ask.chance(0.4)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in entity.labels]
    if not counted and ask.chance(0.15):
        block.items += [a, b]
        on += f", with [their|] {start.noun} and {end.noun}"
    slots: dict[str, Slot] = dict(things=ask.things(entity.table, conditions), day=day)
    frames = tuple(f.replace("{on}", on) for f in (_COUNT if counted else _LIST))
    if " with " in on:
        frames = tuple(f for f in frames if f.endswith(on))
    return Draft(ask.compose(frames, **slots), block.sql())
