"""A figure narrowed by three and four conditions on several tables, in one breath or with commas between."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft

_FIGURE = (
    "{name} {scope} {when}",
    "[what is|what was|show|give me|i need] the {name} {scope} {when}",
    "[how much|what] [{is}|{was}] [the|our|] {name} {scope} {when}",
    "please [give me|show me|tell me] the {name} {when} {scope}",
    "{when} {name} {scope}",
)
_BY = (
    "{name} {scope} {when} [by|per|for each] {dim}",
    "[show|give me] the {name} [by|per] {dim} {scope} {when}",
    "for each {dim}, the {name} {scope} {when}",
)


def many_sided(ask: Ask) -> Draft | None:
    """Three or four conditions, each on a table of its own where there are so many, mostly with a period."""
    fact = ask.fact()
    measure = ask.business(fact.table) or ask.measure(fact.table)
    if measure is None:
        return None
    dimension = ask.dimension(fact.table, flags=False) if ask.chance(0.25) else None
    if dimension and measure.subject == dimension.table and dimension.entity:
        return None
    banned, found, tables = list(dimension.columns if dimension else ()), [], set()
    for _ in range(ask.rng.choice((3, 3, 4))):
        one = ask.kind(fact.table, banned, named=ask.chance(0.3), far=3)
        if one is None or one.column in banned or (one.table in tables and ask.chance(0.8)):
            continue
        found.append(one)
        tables.add(one.table)
        banned.append(one.column)
    if len(found) < 3:
        return None
    timed = ask.time(fact.table, 0.7)
    block = ask.select(fact.table, found, timed, measure=measure, tables=(dimension.table,) if dimension else ())
    block.split(dimension, measure.sql)
    figure = ask.figure(measure, found)
    frames = _BY if dimension else _FIGURE if timed else tuple(f for f in _FIGURE if not f.startswith("{when}"))
    return Draft(
        ask.compose(frames, timed=timed, name=figure["name"], scope=figure["scope"], dim=dimension.noun if dimension else ""),
        block.sql(),
    )
