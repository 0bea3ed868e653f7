"""Rows of a day of the week, of weekends or of working days: how many, which, what share; and who had such rows."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.dates import past_of, verb_of
from nl2sql.data.synthesis.intents.missed import deed_of
from nl2sql.data.synthesis.intents.on_weekdays import long_time, some_days
from nl2sql.data.synthesis.intents.related import inside, keys_of, outer, pair
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity

_COUNT = (
    "how many {things} {past} {days} {when}", "how many {things} {past} {days} {when}", "number of {things} {verb} {days} {when}",
    "{things} {verb} {days} {when}: how many", "count [the|all|] {things} {verb} {days} {when}",
    "how many of [our|the] {things} {past} {days} {when}", "how many {things} {when} {past} {days}",
    "[show|give me|find] the number of {things} {verb} {days} {when}", "{days}, how many {things} {past} {when}",
    "[can you tell me|do you know] how many {things} {past} {days} {when}",
    "how often [was|is] {a_thing} {past_one} {days} {when}",
)  # fmt: skip
_LIST = (
    "which {things} {past} {days} {when}", "[show|list|find|give me] [all|the|] {things} {verb} {days} {when}",
    "{things} {verb} {days} {when}", "[what|which] of [our|the] {things} {past} {days} {when}",
    "[name|list] the {things} whose {date} [fell|falls|was] {days} {when}", "all {things} with {a_date} {days} {when}",
)  # fmt: skip
_SHARE = (
    "what {word} of [the|our|all|] {things} {past} {days} {when}", "{word} of {things} {verb} {days} {when}",
    "[show|calculate|what is|what was] the {word} of {things} {verb} {days} {when}",
    "how [big|large|high] is the {word} of {things} {verb} {days} {when}",
    "of [all|our] {things} {when}, what {word} {past} {days}", "{things} {when}: {word} {verb} {days}",
    "[could you|can you] work out what {word} of {things} {past} {days} {when}",
)  # fmt: skip


def dated_rows(ask: Ask) -> tuple[Entity, ColumnRole, str, str] | None:
    """A table, a date of its rows, what happened then as a participle, and as a verb of the past."""
    options = [
        (1.0 + 2.0 * (c.index == e.main_date), e, c) for e in ask.world.entities for c in e.with_role("date")
        if not e.link and e.key is not None and not {*e.noun.split()} & vocabulary.PLANS
        and (verb_of(c) or e.main_date == c.index) and not c.noun.startswith("birth")
    ]  # fmt: skip
    if not options:
        return None
    _, entity, column = ask.rng.choices(options, [weight for weight, *_ in options])[0]
    verb = verb_of(column)
    verb = verb if verb[:5] != entity.noun[:5] else ""  # no returns that were returned
    return entity, column, verb, past_of(verb) if verb else ask.rng.choice(("took place", "happened"))


def rows_on_weekdays(ask: Ask) -> Draft | None:
    """Rows whose own date is on such days: how many, which, what share of all."""
    found = dated_rows(ask)
    if found is None:
        return None
    entity, column, verb, past = found
    ref, days, timed = ask.world.ref(column.index), some_days(ask), long_time(ask, column.index, 0.5)
    other = entity.event and entity.main_date != column.index  # "orders in 2024" are those placed, not shipped, then
    conditions = ask.filters(entity.table, 1, avoid=(column.index,)) if ask.chance(0.35) else []
    block, kind = ask.select(entity.table, conditions, timed), ask.rng.choices(("count", "list", "share"), (5, 2, 3))[0]
    slots: dict[str, Slot] = dict(things=ask.things(entity.table, conditions), verb=verb, past=past, days=days.on,
                                  date=column.noun, a_date=lexicon.article(column.noun))  # fmt: skip
    if kind == "share":
        if other and timed:
            return None
        percent = ask.chance(0.6)
        block.items = [f"{'100.0 * ' if percent else ''}COUNT(*) FILTER (WHERE {days.sql(ref)}) / COUNT(*)"]
        return Draft(ask.compose(_SHARE, timed=timed, word=word_of(percent), **slots), block.sql())
    block.where.append(days.sql(ref))
    block.items = ["COUNT(*)"] if kind == "count" else [ask.world.ref(c) for c in ask.world.label(entity.table)]
    frames: tuple[str, ...] = _LIST if kind == "list" else _COUNT
    one = past.removeprefix("were ")
    frames = tuple(f for f in frames if "{past_one}" not in f or past.startswith("were ") and not conditions)
    frames = tuple(f for f in frames if not other or "{things} {when}" not in f)
    thing = lexicon.article(ask.noun(entity))
    keywords = "{things} {verb} {days} {when}: how many" if kind == "count" else "{things} {verb} {days} {when}"
    return Draft(ask.compose(frames, keywords, timed=timed, past_one=one, a_thing=thing, **slots), block.sql())


_WHO = (
    "[which|what] {parents} {did} {days} {when}", "{parents} {that} {did} {days} {when}",
    "[show|list|find|give me] [the|all|] {parents} {that} {did} {days} {when}", "{parents} with {events} {days} {when}",
    "[which|what] {parents} {did} {when}, [and that|] {days}", "[do we have|are there] {parents} {that} {did} {days} {when}",
)  # fmt: skip
_HOW_MANY_WHO = (
    "how many {parents} {did} {days} {when}", "[number|count] of {parents} with {events} {days} {when}",
    "count the {parents} {that} {did} {days} {when}", "how many of [our|the] {parents} {did} {days} {when}",
)  # fmt: skip


def parents_on_weekdays(ask: Ask) -> Draft | None:
    """Parents that had an event on such days, or had none: key [NOT] IN (keys of those events)."""
    chosen = pair(ask)
    column = ask.world.time_column(chosen.event.table) if chosen else None
    if chosen is None or column is None or {*chosen.event.noun.split()} & vocabulary.PLANS:
        return None
    entity = chosen.entity
    if chosen.event.link and entity.table in ask.world.reach_of(chosen.spoken.table).path:
        return None  # the lines say nothing more than what they belong to
    days, timed, deed = some_days(ask), long_time(ask, column, 0.5), deed_of(ask, chosen)
    block, own = keys_of(ask, chosen, [], timed), ask.filters(entity.table, 1, avoid=entity.labels, tables=(entity.table,))
    block.tables.add(ask.world.schema.owner[column])
    block.where.append(days.sql(ask.world.ref(column)))
    never, counted, event = ask.chance(0.25), ask.chance(0.4), ask.noun(chosen.spoken)
    base, past, _ = deed or ("", "", "")
    events = lexicon.plural(event)
    if never:
        did: tuple[str, ...] = (f"never {past}", f"did not {base}", f"{past} nothing") if deed else (f"had no {events}",)
    else:
        did = (past, f"{past} something", f"had {events}") if deed else (f"had {events}", f"had at least one {event}")
    frames: tuple[str, ...] = _HOW_MANY_WHO if counted else _WHO
    if never:
        frames = tuple(f.replace("with {events}", "without {events}") for f in frames if "and that" not in f)
    return Draft(ask.compose(
        frames, timed=timed, parents=ask.things(entity.table, own), did=did, days=days.on, events=events,
        that="who" if entity.person else "that",
    ), outer(ask, chosen, [inside(ask, chosen, block, never)], own, counted))  # fmt: skip
