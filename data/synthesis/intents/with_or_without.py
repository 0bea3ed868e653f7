"""A figure of the rows that have something beside that of the rows that have not: with and without a promotion."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters.dates import verb_of
from nl2sql.data.synthesis.intents.at_least import befell
from nl2sql.data.synthesis.intents.halves import COUNTED, COUNTED_WITH, PLAIN, STATES, STATES_COUNTED, WITH
from nl2sql.data.synthesis.intents.related import Pair
from nl2sql.data.synthesis.measures import Measure, average_of, count_of, derived, sum_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.vocabulary import PLANS

_DONE = {
    "return": "returned", "refund": "refunded", "complaint": "complained about", "repair": "repaired", "claim": "claimed for",
    "cancellation": "cancelled", "adoption": "adopted",
}  # fmt: skip


@dataclass(frozen=True)
class Sides:
    """Two halves of the rows of a table, what is said after its noun, and the noun of what they have or have not."""

    table: int
    column: int
    sql: tuple[str, str]
    posts: tuple[str, str]
    noun: str = ""
    states: tuple[str, str] = ("", "")  # the two as adjectives


def with_or_without(ask: Ask) -> Draft | None:
    """aggregate FILTER (WHERE it is there), aggregate FILTER (WHERE it is not): two figures in the order of the question."""
    fact = ask.fact()
    if set(fact.noun.split()) & PLANS:
        return None
    options = [s for t, p in ask.world.reach_of(fact.table).path.items() if len(p) <= 1 and (not p or ask.world.entities[t].event)
               for s in sides_of(ask, ask.world.entities[t])]  # fmt: skip
    if not options:
        return None
    sides = ask.rng.choices(options, [3.0 if " IS " in one.sql[0] else 1.0 for one in options])[0]
    spoken = ask.world.entities[sides.table] if fact.link else fact
    measure = _measure(ask, fact, sides.table)
    if measure is None or sides.table != fact.table and not fact.link or measure.column == sides.column:
        return None
    first, second = (1, 0) if not sides.noun and ask.chance(0.3) else (0, 1)
    dimension = ask.dimension(fact.table, flags=False) if ask.chance(0.12) else None
    targets = [ask.world.schema.owner[k.target] for k in ask.world.schema.foreign_keys if k.source == sides.column]
    if dimension and any(t != sides.table and dimension.table in ask.world.reach_of(t).path for t in targets):
        return None
    if dimension and sides.column in dimension.columns or sides.column == ask.world.time_column(fact.table):
        return None
    timed = ask.time(fact.table, 0.3)
    tables = (sides.table, *((dimension.table,) if dimension else ()))
    block = ask.select(fact.table, (), timed, measure=measure, tables=tables)
    block.split(dimension, *(filtered(measure.sql, sides.sql[i]) for i in (first, second)))
    frames = _frames(ask, sides, measure.kind == "count")
    posts = sides.states if frames in (STATES, STATES_COUNTED) else sides.posts
    if sides.noun and value_name(measure, spoken):  # "average order value with and without a promotion"
        frames = tuple(f.replace("{name} [of|for] {things}", "{name}").replace("{name} of {things}", "{name}") for f in frames
                       if "those" not in f and f.count("{things}") == 1)  # fmt: skip
    if posts[0].startswith(("with", "that", "who")):
        frames = tuple(f for f in frames if "whether" not in f)
    by = f", [by|per|for each] {dimension.noun}" if dimension else ""
    frames = tuple(f.replace(" {when}", by + " {when}", 1) for f in frames)
    slots: dict[str, Slot] = dict(name=measure.names, things=lexicon.plural(ask.noun(spoken)), a=posts[first], b=posts[second])
    ax = lexicon.article(sides.noun) if sides.noun else ""
    return Draft(ask.compose(frames, timed=timed, ax=ax, x=sides.noun, **slots), block.sql())


def _frames(ask: Ask, sides: Sides, counted: bool) -> tuple[str, ...]:
    """How the two halves are put: with and without a thing, in a state or not, or as phrases after the noun."""
    if sides.noun:
        return COUNTED_WITH if counted else WITH if ask.chance(0.55) else PLAIN
    if sides.states[0] and ask.chance(0.5):
        return STATES_COUNTED if counted else STATES
    return COUNTED if counted else PLAIN


def value_name(measure: Measure, spoken: Entity) -> bool:
    """Whether the figure's name says already what rows it is about."""
    return "/" in measure.sql and any(spoken.noun in name for name in measure.names)


def filtered(sql: str, condition: str) -> str:
    """Every aggregate of the expression over the rows alone for which the condition holds."""
    aggregate = r"\b(?:SUM|COUNT|AVG|MEDIAN|MIN|MAX)\([^()]*\)"
    return re.sub(aggregate, lambda found: f"{found.group()} FILTER (WHERE {condition})", sql)


def _measure(ask: Ask, fact: Entity, table: int) -> Measure | None:
    """An average or total of the fact, or how many there are; of lines also what their parent is worth on average."""
    world, rng = ask.world, ask.rng
    numbers, revenue = fact.with_role("measure"), [c for c in fact.columns if c.revenue]
    sums = [c for c in numbers if c.additive and (c.revenue or fact.event)]
    kinds = ["average"] * 5 * bool(numbers) + ["sum"] * 2 * bool(sums) + ["count"] * (not fact.link)
    kind = rng.choice([*kinds, *["derived"] * 4 * bool(revenue)] or ["count"])
    if kind == "derived":
        made = derived(world, fact.table, rng)
        parent = set(world.entities[table].nouns) & {w for n in (made.names if made else ()) for w in n.split()}
        per = made is not None and "/ COUNT" in made.sql
        return made if made and (table == fact.table and not (per and fact.link) or parent and "value" in made.names[0]) else None
    if kind == "count":
        return count_of(world, fact.table, fact, rng)
    if kind == "sum":
        return sum_of(world, rng.choice(sums), rng)
    return average_of(world, rng.choice(numbers), rng) if table == fact.table else None


def sides_of(ask: Ask, entity: Entity) -> list[Sides]:
    """What some rows of the table have and others lack: a reference, a date on which something happened, an event."""
    world, found = ask.world, []
    that = "who" if entity.person else "that"
    for column in entity.columns:
        ref, record = world.ref(column.index), world.schema.columns[column.index]
        sql = (f"{ref} IS NOT NULL", f"{ref} IS NULL")
        key = next((k for k in world.schema.foreign_keys if k.source == column.index), None)
        if not record.nullable:
            continue
        if column.role == "key" and key is not None:
            own = world.schema.owner[key.target] == entity.table
            noun = re.sub(r" (?:id|key|code)$", "", column.noun) if own else ask.noun(world.entity_of(key.target))
            if not own or noun != column.noun:
                found += [Sides(entity.table, column.index, sql, (f"with {lexicon.article(noun)}", f"without {word}"), noun)
                          for word in ("one", lexicon.article(noun))]  # fmt: skip
        elif column.role == "date" and verb_of(column) and " " not in verb_of(column):
            verb = verb_of(column)
            if verb not in ("placed", "born", "hired"):
                posts, states = (f"already {verb}", f"not yet {verb}"), (verb, f"not yet {verb}")
                found.append(Sides(entity.table, column.index, sql, posts, states=states))
        elif column.role in ("text", "date") and " " not in column.noun:
            a = lexicon.article(column.noun)
            found.append(Sides(entity.table, column.index, sql, (f"with {a}", f"without {a}"), column.noun))
    for key in () if entity.place else world.children.get(entity.table, []):
        event = world.entity_of(key.source)
        if not event.event or event.link or key.target != entity.key or set(event.noun.split()) & PLANS:
            continue
        if world.schema.columns[key.source].nullable:
            continue
        keys = f"(SELECT {world.ref(key.source)} FROM {world.table(event.table)})"
        pair, a = Pair(entity, event, key.source, (event.table,), event), lexicon.article(ask.noun(event))
        done = _DONE.get(event.noun.rpartition(" ")[2], "") or next(iter(befell(ask, pair)), "")
        posts = (f"{that} were {done}", f"{that} were not {done}") if done else (f"with {a}", f"without {a}")
        posts = ask.rng.choice((posts, (done, f"not {done}"))) if done else posts
        sql = (f"{world.ref(key.target)} IN {keys}", f"{world.ref(key.target)} NOT IN {keys}")
        found.append(Sides(entity.table, key.target, sql, posts, "" if done else ask.noun(event),
                           (done, f"not {done}") if done else ("", "")))  # fmt: skip
    return found
