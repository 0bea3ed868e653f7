"""Days that are counted, and days between two dates: on how many days orders came in, what left on the day it was ordered."""

from __future__ import annotations

from nl2sql.data.synthesis import vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import entity_dimension, unit_sql
from nl2sql.data.synthesis.filters import text_filter
from nl2sql.data.synthesis.filters.dates import verb_of
from nl2sql.data.synthesis.filters.derived import day_pairs, days_sql
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

_ACTIVE = (
    "on how many [different|distinct|separate|] {units} did {doer} {base} {things} {when}",
    "[the|] number of [different|distinct|] {units} on which {doer} {past} {things} {when}",
    "count the [different|distinct|] {units} on which {doer} {past} [any|] {things} {when}",
    "{doer}, [number of|] {units} with {things} {when}: how many",
    "how many {units} {when} did {doer} {base} [any|at least one|] {thing_s}",
    "how many [different|distinct|] {units} with {things} did {doer} have {when}",
    "[could you|can you] tell me on how many {units} {doer} {past} {things} {when}",
    "how many {units} with {things} at {doer} {when}",
    "[active|busy] {units} of {doer}, [i.e.|meaning] {units} with {things} {when}: count",
)  # fmt: skip
_PASSIVE = (
    "on how many [different|distinct|separate|] {units} [were there|did we have] {things} {when}",
    "[the|] number of [different|distinct|] {units} with [any|at least one|] {thing_s} {when}",
    "count the [different|distinct|] {units} that had {things} {when}",
    "how many [different|distinct|] {units} saw {things} {when}",
    "{units} with {things} {when}: how many [different ones|]",
    "on how many {units} {when} [was there|did we have] [any|at least one] {thing}",
    "[find|give me|show] the number of {units} on which there were {things} {when}",
    "[could you|can you] tell me how many [different|distinct|] {units} had {things} {when}",
)  # fmt: skip
_EACH = (
    "on how many [different|distinct|] {units} did [each|every] {dim} {base} {things} {when}",
    "number of [different|distinct|] {units} with {things} [per|by|for each] {dim} {when}",
    "[show|list] [each|every] {dim} and the number of {units} on which [it|they] {past} {things} {when}",
    "for [each|every] {dim}, count the [different|distinct|] {units} with {things} {when}",
    "{units} with {things} per {dim} {when}, [each day once|no double counting|counted once]",
    "how many [different|distinct|] {units} with {things} did [each|every] {dim} have {when}",
    "[give me|i need] the count of [distinct|different] {units} with {things} [per|by] {dim} {when}",
)  # fmt: skip

_LEAST = {"day": 6, "week": 25, "month": 85, "quarter": 300, "year": 700}  # days of a period in which such units are counted


def verbs(event: Entity, doer: Entity) -> tuple[str, str]:
    """What the doer does with the events: infinitive and past."""
    orders = event.noun.rpartition(" ")[2] in ("order", "purchase", "sale")
    if not orders or not (doer.place or doer.person):
        return "have", "had"
    if doer.place:
        return ("take", "took")
    return ("handle", "handled") if set(doer.noun.split()) & STAFF else ("place", "placed")


def days_with(ask: Ask) -> Draft | None:
    """COUNT(DISTINCT date), or of its months, quarters or weeks: of all rows, of one thing's, or for each."""
    world = ask.world
    events = [e for e in world.entities if e.event and not e.link and e.main_date is not None]
    events = [e for e in events if not set(e.noun.split()) & vocabulary.PLANS]
    if not events:
        return None
    event = ask.rng.choice(events)
    assert event.main_date is not None
    unit = ask.rng.choices(("day", "month", "quarter", "week", "year"), (6, 2, 1, 1, 0.7))[0]
    ref = world.ref(event.main_date)
    item = f"COUNT(DISTINCT {ref if unit == 'day' and _is_day(ask, event.main_date) else unit_sql(ref, unit)})"
    near = [world.entities[t] for t, path in world.reach_of(event.table).path.items() if 0 < len(path) <= 2]
    near = [e for e in near if e.labels and e.key is not None and not e.event]
    doer, kind = ask.rng.choice(near) if near else None, ask.rng.choice(("one", "one", "all", "each"))
    conditions = ask.filters(event.table, 1, apart=doer.table if doer else None) if ask.chance(0.35) else []
    timed = ask.time(event.table, 0.75)
    if timed and timed.shorter_than(_LEAST[unit]):
        timed = None
    base, past = verbs(event, doer) if doer else ("have", "had")
    noun = ask.noun(event)
    things = ask.things(event.table, conditions, noun=f"{noun}\0")
    slots: dict[str, Slot] = dict(
        units=f"{unit}s", things=things, thing=ask.things(event.table, conditions, noun=noun), base=base, past=past,
        thing_s=things,
    )  # fmt: skip
    if kind == "all" or doer is None:
        block = ask.select(event.table, conditions, timed)
        block.items = [item]
        return Draft(ask.compose(_on(_PASSIVE, unit), timed=timed, **slots), block.sql())
    if kind == "each":
        dimension = entity_dimension(world, doer, ask.rng)
        if dimension is None:
            return None
        block = ask.select(event.table, conditions, timed, tables=(doer.table,))
        block.items, block.group = [*dimension.show, item], list(dimension.group)
        frames = tuple(f.replace(", [each day once|", f", [each {unit} once|").replace("it {past}",
        "[it|they] {past}") for f in _EACH)
        return Draft(ask.compose(_on(frames, unit), timed=timed, dim=dimension.noun, **slots), block.sql())
    label = next(c for c in doer.columns if c.index == doer.labels[0])
    named = text_filter(world, ask.rng, label) if len(doer.labels) == 1 else None
    if named is None or not named.direct:
        return None
    ask.protect(named.said)
    block = ask.select(event.table, [*conditions, named], timed)
    block.items = [item]
    frames = _ACTIVE if doer.place else tuple(f for f in _ACTIVE if "at {doer}" not in f)
    return Draft(ask.compose(_on(frames, unit), timed=timed, doer=named.direct, **slots), block.sql())


def _is_day(ask: Ask, column: int) -> bool:
    """Whether the column holds days without a time of day."""
    return ask.world.schema.columns[column].type.upper() == "DATE"


def _on(frames: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """Days are days on which, months are months in which."""
    if unit == "day":
        return frames
    return tuple(f.replace("on how many", "in how many").replace("on which", "in which") for f in frames)


_VERBS = {  # by the second date's first word: other ways to say that it came about
    "ship": ("left", "went out", "were shipped", "shipped", "were dispatched"), "delivery": ("arrived", "were delivered"),
    "delivered": ("arrived", "were delivered"), "paid": ("were paid", "were settled"), "payment": ("were paid", "were settled"),
    "return": ("were returned", "came back"), "end": ("ended",), "closed": ("were closed",), "discharge": ("were discharged",),
}  # fmt: skip
_PART = (
    "what {word} of {things} {when} {verb} {span}", "{word} of {things} {when} that {verb} {span}",
    "of the {things} {when}, what {word} {verb} {span}",
    "[show|give me|find|calculate] the {word} of {things} {when} that {verb} {span}",
    "{things} {when} that {verb} {span}, as a {word} of all", "how large a {word} of {things} {when} {verb} {span}",
    "[the|our] {span_short} {word} [of|for] {things} {when}", "{things} that {verb} {span} {when}: {word} of the total",
    "among [the|our|] {things} {when}, the {word} that {verb} {span}",
    "[could you|can you|please] work out what {word} of {things} {when} {verb} {span}",
)  # fmt: skip
_HOW_MANY = (
    "how many {things} {when} {verb} {span}", "number of {things} {when} that {verb} {span}",
    "{things} {when} that {verb} {span}: how many",
    "count [the|] {things} {when} that {verb} {span}", "of the {things} {when}, how many {verb} {span}",
    "how many of [the|our] {things} {when} {verb} {span}", "[tell me|i want to know] how many {things} {when} {verb} {span}",
    "{things} with the {b} no later than {span_plain} after the {a} {when} - how many",
)  # fmt: skip
_BY = (
    "{word} of {things} that {verb} {span} [by|per|for each] {dim} {when}",
    "what {word} of {things} {verb} {span} in each {dim} {when}",
    "for [each|every] {dim}, the {word} of {things} that {verb} {span} {when}",
    "[show|list|give me] the {word} of {things} that {verb} {span} [by|per] {dim} {when}",
    "by {dim}, what {word} of [the|] {things} {verb} {span} {when}", "{dim}s by {word} of {things} that {verb} {span} {when}",
)  # fmt: skip


def soon_after(ask: Ask) -> Draft | None:
    """The rows whose second date is the first, or comes so many days later at most: their number, their part, or by group."""
    world = ask.world
    pairs = [(e, a, b) for e in world.entities for a, b in day_pairs(e) if not e.link and _verb(b)]
    if not pairs:
        return None
    entity, first, second = ask.rng.choice(pairs)
    same = ask.chance(0.55)
    days = 0 if same else ask.rng.choice((1, 2, 2, 3, 3, 4, 5, 7, 7, 10, 14, 14, 30))
    test = f"{days_sql(world, first.index, second.index)} <= {days}"
    if same:
        test = f"{world.ref(second.index)} = {world.ref(first.index)}"
    if same and not (_is_day(ask, first.index) and _is_day(ask, second.index)):
        return None
    span, short, amount = _span(ask, entity, first, days)
    kind = ask.rng.choices(("part", "count", "by"), (5, 4, 2))[0]
    dimension = ask.dimension(entity.table, flags=False) if kind == "by" else None
    if kind == "by" and dimension is None:
        return None
    conditions = ask.filters(entity.table, 1, avoid=(first.index, second.index, *(dimension.columns if dimension else ())))
    conditions = conditions if ask.chance(0.5) else []
    timed, percent = ask.time(entity.table, 0.6), ask.chance(0.55)
    block = ask.select(entity.table, conditions, timed, tables=(dimension.table,) if dimension else ())
    slots: dict[str, Slot] = dict(
        things=ask.things(entity.table, conditions), verb=_verb(second), span=span, span_short=short, span_plain=amount,
        word=word_of(percent), a=first.noun, b=second.noun, dim=dimension.noun if dimension else "",
    )  # fmt: skip
    if kind == "count":
        block.where.append(test)
        block.items = ["COUNT(*)"]
        return Draft(ask.compose(_HOW_MANY[:-1] if same else _HOW_MANY, timed=timed, **slots), block.sql())
    block.items = [f"{'100.0 * ' if percent else ''}COUNT(*) FILTER (WHERE {test}) / COUNT(*)"]
    frames = _PART if short and second.noun.startswith("ship") else tuple(f for f in _PART if "{span_short}" not in f)
    if dimension:
        block.items, block.group, frames = [*dimension.show, *block.items], list(dimension.group), _BY[:-1]
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _verb(second: ColumnRole) -> tuple[str, ...]:
    """What came about on the second date, in the past: "were shipped"."""
    said = verb_of(second)
    plain = said.removeprefix("that ").removeprefix("who ")
    usual = (plain if plain != said else f"were {said}",) if said else ()
    return (*usual, *_VERBS.get(second.noun.split()[0], ())) or usual


def _span(ask: Ask, entity: Entity, first: ColumnRole, days: int) -> tuple[str, str, str]:
    """How long after the first date, as a phrase, as an adjective before a noun ("same-day"), and as an amount of days."""
    begun = (verb_of(first) or "").removeprefix("that ").removeprefix("who ")
    begun = "ordered" if entity.noun == "order" and begun in ("placed", "from", "") else begun
    begun = begun if not begun or begun in ("started", "start") or " " in begun else f"were {begun}"
    begun = "started" if begun == "start" else begun
    if not days:
        said = ["the same day", "on the same day", "that same day", f"on the day of the {first.noun}", "on the very same day"]
        said += [f"on the day they {begun}", f"on the same day they {begun}"] * 2 if begun and "signed" not in begun else []
        return ask.rng.choice(said), "same-day", ""
    weeks = days % 7 == 0 and ask.chance(0.6)
    count, unit = (days // 7, "week") if weeks else (days, "day")
    amount = f"{'a' if weeks else 'one'} {unit}" if count == 1 else f"{number_text(ask.rng, count)} {unit}s"
    ask.protect(amount)
    said = [f"within {amount}", f"within {amount}", f"within {amount} of the {first.noun}", f"no more than {amount} later"]
    said += [f"at most {amount} after they {begun}", f"within {amount} of being {begun[5:]}"] if begun.startswith("were ") else []
    return ask.rng.choice(said), "", amount
