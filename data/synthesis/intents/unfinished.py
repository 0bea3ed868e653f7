"""What has not happened, said with "not", "yet" and "still": no date, no manager, a state that is not the last one."""

from __future__ import annotations

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.filters.dates import verb_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity

_LIST = (
    "[which|what] {things} {when} {are}", "[show|list|give me|find] [all|the|all the|] {things} {when} {that} {are}",
    "{things} {when} {that} {are}",
    "[are there|do we have|is there] [any|] {things} {when} {that} {are}", "[tell me|i need to know] which {things} {when} {are}",
    "which of [our|the] {things} {when} {are}", "{things} {when} {that} {are}, please",
    "[names of|] the {things} {when} {that} {are}",
)  # fmt: skip
_COUNT = (
    "how many {things} {when} {are}", "how many of [our|the] {things} {when} {are}", "number of {things} {when} {that} {are}",
    "[count|count all|count the] {things} {when} {that} {are}", "how many {things} [are there|do we have] {when} {that} {are}",
    "{things} {when} {that} {are}: how many", "[what is|give me|tell me] the number of {things} {when} {that} {are}",
    "of [all|our|the] {things} {when}, how many {are}",
)  # fmt: skip
_NOT_HAPPENED = (
    "[have not been|haven't been|have not yet been|haven't yet been|still have not been] {verb}",
    "[have not been|haven't been] {verb} [yet|so far|to this day]",
    "[are|were] [not yet|still not|not] {verb}", "[are|were] never {verb}", "[are|remain] [still|] un{verb}",
    "[are still waiting|still wait] to be {verb}",
    "[still need|have yet|remain] to be {verb}",
)  # fmt: skip
_NO_ROW = (
    "have no {noun}", "have no {noun} [at all|assigned|above them|]", "[do not|don't] have {a}", "are without {a}", "lack {a}",
    "[are not|aren't] assigned {a}",
    "have not been given {a}", "have nobody as [their|] {noun}",
)  # fmt: skip
_NOT_STATE = (
    "[are not|aren't|were not|weren't] {state}", "have [not been|any status but] {state}", "[are|were] anything but {state}",
    "have not been {state} [yet|]",
    "haven't been {state} [yet|]", "[have|show] {a} other than {state}", "have a status that is not {state}",
)  # fmt: skip
_STILL = (
    "are still {state}", "[remain|are] {state}", "[are|have been] left {state}", "[continue to be|are to this day] {state}",
    "are [as yet|at the moment|currently] {state}",
)  # fmt: skip
# by the word of a date that is empty until a row is over: what those rows are that aren't
_NOT_OVER = {
    "leaving": "still work here|are still with us|are currently employed|have not left|are on the payroll today|are still here",
    "end": "have not ended|have no end yet|have not come to an end", "return": "have not come back|are still out",
    "closing": "are still open|remain open|have not been closed", "closed": "are still open|remain open|have not been closed",
    "sold": "are unsold|are still ours|have not been sold", "filled": "are still vacant|are unfilled|have not been filled",
    "received": "have not arrived|are still to come|have not been received", "finished": "are unfinished|are still in progress",
    "settled": "are unsettled|have not been settled", "cancelled": "have not been cancelled|were never cancelled",
    "delivered": "have not arrived|are still on their way|have not been delivered", "decommissioned": "are still in use",
}  # fmt: skip
_DONE = set("completed delivered shipped paid resolved closed approved confirmed finished published signed cancelled returned "
            "refunded rejected fulfilled settled graduated repaired graded discharged".split())  # fmt: skip
_GOING = set("pending open active planned scheduled waiting draft unpaid overdue processing ongoing new booked reserved".split())


def unfinished(ask: Ask) -> Draft | None:
    """IS NULL of a date or a key, or a state that is (or is not) the one said: listed or counted, with a kind and a time."""
    options = [(e, c) for e in ask.world.entities if not e.link for c in e.columns if _meant(ask, e, c)]
    if not options:
        return None
    entity, column = ask.rng.choices(options, [3.0 if c.role == "dimension" else 2.0 for _, c in options])[0]
    made = _said(ask, entity, column)
    if made is None:
        return None
    are, test = made
    conditions = ask.filters(entity.table, 2, avoid=(column.index,)) if ask.chance(0.7) else []
    timed = ask.time(entity.table, 0.4) if entity.event else None
    block = ask.select(entity.table, conditions, timed)
    block.where.append(test)
    counted = not entity.labels or ask.chance(0.55)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in entity.labels]
    slots: dict[str, Slot] = dict(things=ask.things(entity.table, conditions), are=are, that="who" if entity.person else "that")
    return Draft(ask.compose(_COUNT if counted else _LIST, timed=timed, **slots), block.sql())


def _meant(ask: Ask, entity: Entity, column: ColumnRole) -> bool:
    nullable = ask.world.schema.columns[column.index].nullable
    if column.role == "dimension":
        return any(text.lower() in _DONE | _GOING for text in ask.world.texts(column.index))
    if column.role == "date":
        happened = verb_of(column) not in ("", "born", "hired", "placed") or column.noun.split()[0] in _NOT_OVER
        return nullable and column.index != entity.main_date and happened
    return column.role == "key" and nullable and column.index != entity.key


def _said(ask: Ask, entity: Entity, column: ColumnRole) -> tuple[str, str] | None:
    """A verb phrase and its SQL."""
    ref = ask.world.ref(column.index)
    if column.role == "dimension":
        values = [text for text in ask.world.texts(column.index) if text.lower() in _DONE | _GOING]
        value = ask.rng.choice(values)
        state = ask.rng.choice((value.lower(), value.lower(), value))
        ask.protect(state)
        if value.lower() in _GOING:
            more = ask.world.other_words(column.index, value)
            return say(ask.rng, _STILL, state=ask.rng.choice((state, *more))), f"{ref} = {literal(value)}"
        return say(ask.rng, _NOT_STATE, state=state, a=lexicon.article(column.noun)), f"{ref} <> {literal(value)}"
    if column.role == "date":
        verb, not_over = verb_of(column), _NOT_OVER.get(column.noun.split()[0], "")
        if not_over and ask.chance(0.7):
            return ask.rng.choice(not_over.split("|")), f"{ref} IS NULL"
        if not verb or " " in verb:
            return None
        frames = tuple(f for f in _NOT_HAPPENED if verb in ("shipped", "paid", "delivered", "published") or "un{" not in f)
        return say(ask.rng, frames, verb=verb), f"{ref} IS NULL"
    key = next((k for k in ask.world.schema.foreign_keys if k.source == column.index), None)
    noun = column.noun.removesuffix(" id").removesuffix(" key").removesuffix(" code")
    if key is None:
        return None
    if ask.world.schema.owner[key.target] != entity.table:
        noun = ask.noun(ask.world.entity_of(key.target))
    elif noun == column.noun:
        return None
    person = ask.world.entity_of(key.target).person
    frames = tuple(f for f in _NO_ROW if person or "nobody" not in f and "above" not in f)
    return say(ask.rng, frames, noun=noun, a=lexicon.article(noun)), f"{ref} IS NULL"
