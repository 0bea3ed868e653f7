"""The median, the mean or an extreme of events by the sum of their lines, in each group: "median order value by channel"."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.intents.big_events import amounts_of, group_of, lines_of, narrowing
from nl2sql.data.synthesis.times import number

_MIDDLE = (
    "what [is|was] the {stat} {name} [by|per|for each] {dim} {when}", "{stat} {name} [by|per] {dim} {when}",
    "[show|give me|calculate|list|compare] the {stat} {name} [by|per|for each|of each] {dim} {when}",
    "for [each|every] {dim}, [what is|show|give me] the {stat} {name} {when}",
    "how does the {stat} {name} differ [by|between|across] {dims} {when}", "{dims} [and|with] their {stat} {name} {when}",
    "{name} [by|per] {dim} {when}, {stat}", "how [high|large|big] is the {stat} {name} for [each|every] {dim} {when}",
    "[could you|can you|please] break down the {stat} {name} {when} by {dim}",
    "i need the {stat} {name} [for every|of each] {dim} {when}", "by {dim}, what [is|was] the {stat} {name} {when}",
    "{stat} of [the sums|the totals] of all {things} by {dim} {when}", "split the {stat} {name} by {dim} {when}",
)  # fmt: skip
_MIDDLE_BEST = (
    "which {dim} [has|had] the {best} {stat} {name} {when}", "{dim} with the {best} {stat} {name} {when}",
    "[show|find|name] the {dim} with the {best} {stat} {name} {when}", "where is the {stat} {name} {best}, by {dim} {when}",
    "{best} {stat} {name} {when}: which {dim}",
)  # fmt: skip
_MIDDLE_FEW = (
    "top {n} {dims} by {stat} {name} {when}", "the {n} {dims} with the {best} {stat} {name} {when}",
    "[show|list] the {n} {dims} with the {best} {stat} {name} {when}", "which {n} {dims} have the {best} {stat} {name} {when}",
)  # fmt: skip
_SORTED = {True: ("highest first", "largest first", "from high to low", "in descending order", "sorted from highest to lowest"),
           False: ("lowest first", "from low to high", "smallest first", "in ascending order")}  # fmt: skip
_STATS = {"MEDIAN": ("median", "median", "typical (median)"), "AVG": ("average", "mean", "average", "avg"),
          "MAX": ("highest", "maximum", "largest"), "MIN": ("lowest", "minimum", "smallest")}  # fmt: skip


def middle_by_group(ask: Ask) -> Draft | None:
    """WITH the sums of the events SELECT MEDIAN, by a dimension; a mean is SUM / COUNT(DISTINCT key), as elsewhere."""
    found, amounts, world = lines_of(ask), amounts_of(ask), ask.world
    lines = found if amounts is None or ask.chance(0.85) else None
    parent, column = (lines[1], lines[2]) if lines else amounts or (None, None)
    if parent is None or column is None:
        return None
    dimension, spans = group_of(ask, parent), ask.chance(0.15)
    when = world.time_column(parent.table)
    if spans and when is not None:
        dimension = time_dimension(world, when, ask.rng.choice(("year", "year", "quarter", "month")))
    if dimension is None:
        return None
    stat = ask.rng.choices(tuple(_STATS), (6, 3, 0.7, 0.5))[0]
    conditions = narrowing(ask, parent, dimension)
    timed = ask.time(parent.table, 0.5)
    timed = None if timed and dimension.unit and timed.shorter_than(700) else timed
    block = ask.select(column.table, conditions, timed, tables=(parent.table, dimension.table))
    total, event, noun = f"SUM({world.ref(column.index)})", world.ref(lines[3].target) if lines else "", ask.noun(parent)
    shown = tuple(dict.fromkeys((*dimension.show, *dimension.group)))
    names = {ref: f"name{i + 1}" for i, ref in enumerate(shown)}
    if stat == "AVG" or not lines:
        item = f"{total} / COUNT(DISTINCT {event})" if lines else f"{stat}({world.ref(column.index)})"
        groups, items = list(dimension.group), list(dimension.show)
    else:
        item, groups, items = f"{stat}(total)", [names[g] for g in dimension.group], [names[s] for s in dimension.show]
    plainly = dimension.unit or stat in ("MAX", "MIN")
    kind = "by" if plainly else ask.rng.choices(("by", "sorted", "best"), (6, 2, 2))[0]
    high, count = ask.chance(0.75), 1 if kind != "best" or ask.chance(0.65) else ask.rng.choice((3, 5))
    order = f" ORDER BY {items[0]}" if dimension.unit else "" if kind == "by" else f" ORDER BY {item} {'DESC' if high else 'ASC'}"
    order += f" LIMIT {count}" if kind == "best" else ""
    if stat == "AVG" or not lines:
        block.items, block.group = [*items, item], groups
        sql = block.sql() + order
    else:
        block.items = [f"{event} AS label", *(f"{ref} AS {name}" for ref, name in names.items()), f"{total} AS total"]
        block.group = [event, *shown]
        sql = f"WITH totals AS ({block.sql()}) SELECT {', '.join((*items, item))} FROM totals GROUP BY {', '.join(groups)}{order}"
    things = ask.things(parent.table, conditions)
    plain = (f"{noun} value", f"{noun} value", f"value of {lexicon.article(noun)}", f"{noun} total", f"amount per {noun}",
             *(("basket value", "order value") if noun == "order" else ()), f"sales per {noun}")  # fmt: skip
    plain = plain if lines else (*plain[:3], f"{noun} amount")
    name = f"value of {things}" if conditions else ask.rng.choice(plain)
    tail = f", {ask.rng.choice(_SORTED[high])}" if kind == "sorted" else ""
    few = _MIDDLE_FEW if high else _MIDDLE_FEW[1:]
    frames: tuple[str, ...] = tuple(f + tail for f in _MIDDLE) if kind != "best" else _MIDDLE_BEST if count == 1 else few
    return Draft(ask.compose(
        frames, timed=timed, stat=ask.rng.choice(_STATS[stat]), name=name, dim=dimension.noun, dims=dimension.plural,
        things=things, best=("highest", "largest") if high else ("lowest", "smallest"), n=number(ask.rng, count),
    ), sql)  # fmt: skip
