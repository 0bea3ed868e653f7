"""Figures over the figures of groups: the mean month, the median order, how many customers bought in five different stores."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import entity_dimension, unit_sql
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.related import USABLE
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

_MEAN = (
    "what [is|was] the {stat} {ly} {name} {scope} {when}", "{stat} {ly} {name} {scope} {when}",
    "what [is|was] the {stat} {name} per {unit} {scope} {when}", "{stat} {name} per {unit} {scope} {when}",
    "[show|give me|calculate] the {stat} {name} per {unit} {scope} {when}",
    "{stat} of the {ly} {name} {scope} {when}",
    "[what is|how high is] the {name} per {unit} {scope} [on average|in the mean] {when}",
    "{stat} {name} {a} {unit} {scope} {when}",
)  # fmt: skip
_LY = {"year": ("yearly", "annual"), "quarter": ("quarterly",), "month": ("monthly",), "week": ("weekly",), "day": ("daily",)}
_STATS = {
    "AVG": ("average", "mean", "avg", "average"), "MEDIAN": ("median",), "MAX": ("highest", "maximum", "largest"),
    "MIN": ("lowest", "minimum", "smallest"),
}  # fmt: skip
_PER_ROW = (
    "what [is|was] the {stat} {name} {of} {when}", "{stat} {name} {of} {when}",
    "[show|give me|calculate] the {stat} {name} {of} {when}",
)  # fmt: skip
_DIFFERENT = (
    "[which|what] {things} have {deed} {test} [different|distinct] {others} {when}",
    "[show|list|find] [the|all|] {things} [with|that have {deed}] {test} [different|distinct] {others} {when}",
    "{things} with {test} [different|distinct|] {others} {when}",
)
_HOW_MANY_DIFFERENT = (
    "how many {things} have {deed} {test} [different|distinct] {others} {when}",
    "[number|count] of {things} with {test} [different|distinct] {others} {when}",
    "how many {things} have {deed} {test} different {others} {when}",
    "[count|find the number of] {things} that have {deed} {test} different {others} {when}",
)
_SOLD = (  # of things and the places where they were sold
    "[which|what] {things} [were|have been|are] sold in {test} [different|distinct|] {others} {when}",
    "{things} sold in {test} [different|distinct|] {others} {when}",
    "[show|list|find] [the|all|] {things} [that were|] sold in {test} [different|distinct|] {others} {when}",
    "[which|what] {things} sold in {test} [different|] {others} {when}",
)
_HOW_MANY_SOLD = (
    "how many {things} [were|have been] sold in {test} [different|distinct|] {others} {when}",
    "[number|count] of {things} sold in {test} [different|distinct|] {others} {when}",
)
_TESTS = ((">=", "at least {n}"), (">", "more than {n}"), (">=", "{n} or more"), ("=", "exactly {n}"), ("<", "fewer than {n}"),
          (">", "over {n}"))  # fmt: skip


def per_unit_of_time(ask: Ask) -> Draft | None:
    """AVG (or MEDIAN, MAX, MIN) over months, quarters, years or days of a measure."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table, additive=True)
    if column is None or measure is None:
        return None
    unit = ask.rng.choices(("year", "month", "quarter", "week", "day"), (3, 4, 2, 1, 2))[0]
    stat = ask.rng.choices(("AVG", "MEDIAN", "MAX", "MIN"), (6, 1, 1, 1))[0]
    conditions, timed = ask.filters(fact.table, 2 if ask.chance(0.4) else 1), ask.time(fact.table, 0.35)
    if timed and timed.shorter_than(300):
        timed = None
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(ask.world.schema.owner[column],))
    group = unit_sql(ask.world.ref(column), unit)
    block.items, block.group = [f"{group} AS span", f"{measure.sql} AS total"], [group]
    sql = f"WITH totals AS ({block.sql()}) SELECT {stat}(total) FROM totals"
    slots: dict[str, Slot] = dict(**ask.figure(measure, conditions))
    frames = tuple(f for f in _MEAN if stat == "AVG" or "on average" not in f)
    return Draft(ask.compose(frames, timed=timed, a="a", stat=_STATS[stat], unit=unit, ly=_LY[unit], **slots), sql)


def per_row_of_parent(ask: Ask) -> Draft | None:
    """MEDIAN, MAX or MIN over the rows of another table of a count or sum of what refers to them: "median order value"."""
    world = ask.world
    options = [
        (fact, parent) for fact in world.entities for t, path in world.reach_of(fact.table).path.items()
        for parent in [world.entities[t]]
        if path and len(path) <= 2 and parent.key is not None and (fact.event or fact.link) and not parent.place
    ]  # fmt: skip
    if not options:
        return None
    fact, parent = ask.rng.choice(options)
    assert parent.key is not None
    stat = ask.rng.choice(("MEDIAN", "MEDIAN", "MAX", "MIN"))
    revenue = next((c for c in fact.columns if c.revenue), None)
    if revenue is not None and ask.chance(0.6):
        aggregate = f"SUM({world.ref(revenue.index)})"
        value = (f"{parent.noun} value",) * 2 if parent.event else ()
        names: tuple[str, ...] = (*value, f"revenue of {lexicon.article(parent.noun)}", f"revenue per {parent.noun}",
                                  f"sales per {parent.noun}")  # fmt: skip
    elif fact.link or revenue is not None:
        return None
    else:
        aggregate, many = "COUNT(*)", lexicon.plural(ask.noun(fact))
        names = (f"number of {many} per {parent.noun}", f"number of {many} of {lexicon.article(parent.noun)}",
                 f"{fact.noun} count per {parent.noun}")  # fmt: skip
    conditions, timed = ask.filters(parent.table, 1) if ask.chance(0.4) else [], ask.time(fact.table, 0.45)
    block = ask.select(fact.table, conditions, timed, tables=(parent.table,))
    key = world.ref(parent.key)
    block.items, block.group = [f"{key} AS label", f"{aggregate} AS total"], [key]
    of = f"{ask.rng.choice(('of', 'for', 'among'))} {ask.things(parent.table, conditions)}" if conditions else ""
    sql = f"WITH totals AS ({block.sql()}) SELECT {stat}(total) FROM totals"
    return Draft(ask.compose(_PER_ROW, timed=timed, stat=_STATS[stat], name=names, of=of), sql)


def _pair_of(ask: Ask) -> tuple[Entity, Entity, Entity] | None:
    """A table of events and two that its rows lead to, neither of which leads to the other."""
    world = ask.world
    facts = [e for e in world.entities if e.event or e.link]
    if not facts:
        return None
    fact = ask.rng.choice(facts)
    paths = world.reach_of(fact.table).path
    near = [world.entities[t] for t, path in paths.items() if 0 < len(path) <= 3]
    near = [e for e in near if e.key is not None and e.labels]
    if len(near) < 2:
        return None
    entity, other = ask.rng.sample(near, 2)
    both = {entity.table, other.table}
    if any(both <= set(world.reach_of(t).path) for t in paths if t != fact.table):
        return None  # a table nearer to both tells it without losing rows
    return fact, entity, other


def _deed(fact: Entity, entity: Entity, other: Entity) -> str:
    """What the entity did with the others, after "have"."""
    sold = any(c.revenue for c in fact.columns) or fact.noun in ("order", "purchase", "sale")
    if sold and other.place and not entity.place and not entity.person and not entity.event:
        return "been sold in"
    if not sold or other.place and not entity.person:
        return "had to do with"
    if not entity.person or other.person:
        return "had"
    if set(entity.noun.split()) & STAFF:
        return "dealt with" if other.noun.rpartition(" ")[2] in USABLE else "sold"
    if other.noun.rpartition(" ")[2] in USABLE:
        return "used"
    return "bought in" if other.place else "bought"


def different(ask: Ask) -> Draft | None:
    """Entities with so many different rows of another table: HAVING COUNT(DISTINCT key), listed or counted."""
    world, found = ask.world, _pair_of(ask)
    if found is None:
        return None
    fact, entity, other = found
    dimension = entity_dimension(world, entity, ask.rng)
    if dimension is None or other.key is None:
        return None
    operator, words = ask.rng.choice(_TESTS)
    n = ask.rng.choice((2, 2, 3, 3, 4, 5, 6, 8, 10, 15, 20))
    own, timed = ask.filters(entity.table, 1, tables=(entity.table,)) if ask.chance(0.35) else [], ask.time(fact.table, 0.35)
    block = ask.select(fact.table, own, timed, tables=(entity.table, other.table))
    block.items, block.group = list(dimension.show), list(dimension.group)
    block.having = [f"COUNT(DISTINCT {world.ref(other.key)}) {operator} {n}"]
    deed = _deed(fact, entity, other)
    if deed == "bought in":
        deed = ask.rng.choice(("bought in", "shopped in", "ordered from", "bought from", "been to"))
    slots: dict[str, Slot] = dict(
        things=ask.things(entity.table, own), others=lexicon.plural(ask.noun(other)), deed=deed,
        test=words.replace("{n}", number_text(ask.rng, n)),
    )  # fmt: skip
    sold = deed == "been sold in"
    if ask.chance(0.55):
        block.items = [dimension.group[0]]
        sql = f"WITH groups_found AS ({block.sql()}) SELECT COUNT(*) FROM groups_found"
        return Draft(ask.compose(_HOW_MANY_SOLD if sold else _HOW_MANY_DIFFERENT, timed=timed, **slots), sql)
    return Draft(ask.compose(_SOLD if sold else _DIFFERENT, timed=timed, **slots), block.sql())
