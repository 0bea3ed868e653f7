"""How long rows have been there: years or days from a date of their own to the day that the database is asked about."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.derived import years_sql
from nl2sql.data.synthesis.intents.listing import row_by_name
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.select import Select
from nl2sql.data.synthesis.times import number


@dataclass(frozen=True)
class Since:
    """``been`` follows has or have, ``span`` names the time, ``rest`` follows "years", ``most`` and ``least`` its ends."""

    been: tuple[str, ...]
    span: tuple[str, ...]
    rest: tuple[str, ...]
    most: tuple[str, ...]
    least: tuple[str, ...]


_STAFF = Since(
    ("been with us", "worked for us", "been employed", "been with the company", "been working here", "been on board"),
    ("tenure", "tenure", "length of service", "time with us", "seniority"), ("with us", "of service", "with the company"),
    ("longest-serving", "longest serving", "most senior", "longest-tenured"), ("newest", "most recently hired"),
)  # fmt: skip
_JOINED = Since(
    ("been with us", "been with us", "been on board"), ("tenure", "tenure", "time with us"), ("with us",),
    ("longest-standing", "longest standing", "longest-tenured"), ("newest", "most recently joined"),
)  # fmt: skip
_OFFICE = Since(("been in office",), ("tenure", "time in office"), ("in office",), ("longest-serving",), ("newest",))
_MEMBER = Since(
    ("been with us", "been with us", "been registered"), ("tenure", "tenure", "time with us"), ("with us", "of membership"),
    ("longest-standing", "longest standing", "longest registered"), ("newest", "most recently registered"),
)  # fmt: skip
_PLACE = Since(
    ("been open", "been open", "been in business", "existed", "been operating"), ("age", "age", "time in business"),
    ("open", "in business", "of operation"), ("oldest", "longest-running", "longest standing"), ("newest", "youngest"),
)  # fmt: skip
_MARKET = Since(
    ("been on the market", "been available", "been out"), ("age", "time on the market"), ("on the market",), ("oldest",),
    ("newest",),
)  # fmt: skip
_USE = Since(
    ("been in service", "been in operation", "been in use"), ("age", "time in service", "time in operation"),
    ("in service", "of operation", "in use"), ("oldest", "longest-running"), ("newest", "youngest"),
)  # fmt: skip
_THERE = Since(("existed", "been around"), ("age",), ("of existence",), ("oldest", "longest-running"), ("newest", "youngest"))
_RUNNING = Since(("been running", "been going on"), ("age", "running time"), ("running",), ("longest-running",), ("newest",))
# by the date's first word: what is said of the time since, and what happened then
_SINCE: dict[str, tuple[Since, str, str]] = {
    "hire": (_STAFF, "was", "hired"), "hiring": (_STAFF, "was", "hired"), "hired": (_STAFF, "was", "hired"),
    "employment": (_STAFF, "was", "hired"), "appointed": (_OFFICE, "was", "appointed"), "joining": (_JOINED, "did", "join"),
    "join": (_JOINED, "did", "join"), "joined": (_JOINED, "did", "join"), "signup": (_MEMBER, "did", "sign up"),
    "registration": (_MEMBER, "did", "register"), "registered": (_MEMBER, "did", "register"), "member": (_MEMBER, "did", "join"),
    "subscribed": (_MEMBER, "did", "subscribe"), "enrollment": (_MEMBER, "did", "enroll"), "opening": (_PLACE, "did", "open"),
    "opened": (_PLACE, "did", "open"), "launch": (_MARKET, "was", "launched"), "launched": (_MARKET, "was", "launched"),
    "release": (_MARKET, "was", "released"), "publication": (_MARKET, "was", "published"),
    "installed": (_USE, "was", "installed"), "installation": (_USE, "was", "installed"),
    "commissioned": (_USE, "was", "commissioned"), "creation": (_THERE, "was", "created"),
    "founded": (_THERE, "was", "founded"), "founding": (_THERE, "was", "founded"), "built": (_THERE, "was", "built"),
    "construction": (_THERE, "was", "built"), "start": (_RUNNING, "did", "start"),
}  # fmt: skip
_OVER = set("end ended ends closing closed termination leaving left exit resignation death finish expiry retirement".split())
_PAST = {"sign up": "signed up", "subscribe": "subscribed"}
_EACH = (
    "how {long} has {each} {been}", "how {long} ago {did} {each} {deed}",
    "[show|list|give me|tell me] how {long} {each} has {been}", "{span} of {each}", "{things} and their {span}",
    "{things} with [their|] {span}", "{span} [per|by] {thing}", "what is the {span} of {each}",
    "[show|list|give me|find] [all|the|all the] {things} with [their|] {span}", "for {each}, [show the|list the|the] {span}",
    "[calculate|show|get|work out] the {span} of {each}", "{things} and how {long} they have {been}",
)  # fmt: skip
_ONE = (
    "how {long} has {row} {been}", "how {long} has {row} {been} [now|by now|so far|already]", "how {long} ago {did} {row} {deed}",
    "{span} of {row}", "what is the {span} of {row}", "[show|tell me|find] the {span} of {row}", "{row}: {span}",
    "for how {long} has {row} {been}", "[tell me|show] how {long} {row} has {been}",
    "how {long} [is it|has it been] since {row} {past}",
)  # fmt: skip
_MEAN = (
    "[what is|show|calculate|give me] the average {span} of [our|the|all|] {things}", "average {span} of {things}",
    "how {long} have [our|the|] {things} {been} on average", "on average, how {long} have {things} {been}",
    "{things}: average {span}", "average {span} [across|over|among] [all|our|] {things}", "the average {span} of {things}",
    "how {long} on average have {things} {been}", "what {span} do [our|the] {things} have on average",
    "[tell me|show] how {long} {things} have {been} on average",
)  # fmt: skip
_BY = (
    "average {span} of {things} [by|per|for each] {dim}", "average {thing} {span} [by|per] {dim}",
    "[show|what is|give me|compare] the average {span} of {things} [by|per] {dim}",
    "how {long} have {things} {been} on average, [by|per|for each] {dim}", "for each {dim}, the average {span} of {things}",
    "{dims} and the average {span} of their {things}", "{span} [by|per] {dim}, {things} on average",
    "mean {span} of {things} [across|by] {dims}", "how does the average {span} of {things} [differ|vary] by {dim}",
    "{things} by {dim} [and|with] their average {span}",
)  # fmt: skip
_TOP_BY = (
    "which {dim} has {top} [of {things}|] on average", "{dim} with {top} [of {things}|] on average",
    "for which {dim} have {things} {been} the {longest} on average, and how {long}",
    "{things} of which {dim} have {been} the {longest} on average, [and|] how {long}",
)  # fmt: skip
_EXTREME = (
    "[our|the|] {edge} {one} [with|and] [the|] {span}", "[which is|what is] [our|the] {edge} {one} and what is the {span}",
    "[show|find|name|give me] [our|the] {edge} {one} [with|and] [the|] {span}", "{one} with {top}, [and|with] that number",
    "which {one} has {top}, and what is it", "which {one} has {been} the {longest}, and for how {long}",
    "the {edge} {one}: which one and how {long} has it {been}",
)  # fmt: skip
_EXTREMES = (
    "[show|list|find|] [the|our|] {n} {edge} {things} [with|and] their {span}", "top {n} {edge} {things} with {span}",
    "[which are|what are|] [our|the] {n} {edge} {things}, with {span}", "{n} {things} with {top}, [and|with] that number",
    "which {n} {things} have {been} the {longest}, and for how {long}",
    "the {n} {things} that have {been} the {longest}, with {span}",
)  # fmt: skip
_VALUE = (
    "what is {top} [among|of] [our|the|all] {things}", "how {long} has [our|the] {edge} {one} {been}",
    "[what is|show] the {span} of [our|the] {edge} {one}", "{span} of [our|the] {edge} {one}", "{top} of [all|our] {things}",
    "how {long} has the {one} that has {been} the {longest} {been}",
)  # fmt: skip
_LIMIT = (
    "which {things} have {been} [for|] {amount}", "{things} that have {been} [for|] {amount}",
    "how many {things} have {been} [for|] {amount}", "[list|show|find] [the|all|] {things} that have {been} [for|] {amount}",
    "number of {things} with {amount} {rest}", "{things} with {amount} {rest}", "how many {things} have {amount} {rest}",
    "which [of our|of the] {things} have {been} [for|] {amount}",
)  # fmt: skip


def tenure(ask: Ask) -> Draft | None:
    """Whole years or days since a row's own date: of each row, of one, their mean, the longest, or at least so many."""
    found = [(e, c) for e in ask.world.entities if (c := start_date(e)) is not None and ask.world.label(e.table)]
    if not found:
        return None
    entity, column = ask.rng.choice(found)
    kind = ask.rng.choice(("each", "each", "each", "one", "one", "mean", "mean", "by", "by", "extreme", "value", "limit"))
    unit = "day" if kind != "limit" and ask.chance(0.25) else "year"
    ref = ask.world.ref(column.index)
    length = years_sql(ask.world, column) if unit == "year" else to_today(ask, ref)
    avoid = (column.index, *entity.labels)
    conditions = ask.filters(entity.table, 1, avoid=avoid) if kind != "one" and ask.chance(0.4) else []
    block = ask.select(entity.table, conditions)
    most = kind not in ("extreme", "value", "by") or ask.chance(0.8)
    slots = _words(ask, entity, column, conditions, unit, most)
    labels = [ask.world.ref(c) for c in ask.world.label(entity.table)]
    if kind == "limit":
        return _limit(ask, block, slots, length, labels)
    if kind == "one":
        row = named_row(ask, entity)
        block.items, block.where = [length], row[1] if row else []
        return Draft(ask.compose(_ONE, row=row[0], **slots), block.sql()) if row else None
    if kind in ("each", "value"):
        block.items = [*labels, length] if kind == "each" else [f"{'MAX' if most else 'MIN'}({length})"]
        frames = _EACH if kind == "each" else _VALUE if most else _VALUE[:-1]
        return Draft(ask.compose(frames, "{things} {span}" if kind == "each" else (), **slots), block.sql())
    if kind == "extreme":
        n = 1 if ask.chance(0.55) else ask.rng.choice((2, 3, 3, 5, 5, 10))
        block.items, block.limit, block.order = [*labels, length], n, [f"{ref} {'ASC' if most else 'DESC'}"]
        return Draft(ask.compose(_EXTREME if n == 1 else _EXTREMES, n=number(ask.rng, n), **slots), block.sql())
    dimension = ask.dimension(entity.table, flags=False) if kind == "by" else None
    if kind == "by" and (dimension is None or {*dimension.columns} & {column.index, *(c.column for c in conditions)}):
        return None
    block.split(dimension, f"AVG({length})")
    if dimension is None:
        return Draft(ask.compose(_MEAN, "average {span} {things}", **slots), block.sql())
    block.tables.add(dimension.table)
    first = not most or ask.chance(0.25)
    if first:
        block.order, block.limit = [f"AVG({length}) {'DESC' if most else 'ASC'}"], 1
    return Draft(ask.compose(_TOP_BY if first else _BY, dim=dimension.noun, dims=dimension.plural, **slots), block.sql())


def start_date(entity: Entity) -> ColumnRole | None:
    """The one date on which a row that is no event came into being or came to us; none where rows have an end too."""
    dates = [c for c in entity.with_role("date") if c.noun.split()[0] in _SINCE]
    over = any(set(c.noun.split()) & _OVER for c in entity.with_role("date"))
    return dates[0] if len(dates) == 1 and not entity.event and not over else None


def to_today(ask: Ask, ref: str) -> str:
    """The days from a date to the one that the database is asked about."""
    return f"DATE_DIFF('day', {ref}, DATE '{ask.world.as_of}')"


def _words(
    ask: Ask, entity: Entity, column: ColumnRole, conditions: list[Filter], unit: str, most: bool
) -> dict[str, Slot]:
    since, did, deed = _SINCE[column.noun.split()[0]]
    things, thing = ask.things(entity.table, conditions), ask.noun(entity)
    each = (f"each of the {things}", f"each of our {things}") if conditions else (
        f"each {thing}", f"each {thing}", f"every {thing}", f"each of our {lexicon.plural(thing)}")  # fmt: skip
    rest = (*since.rest, f"since the {column.noun}")
    spans = [f"{unit}s {words}" for words in rest] + [f"{words} in {unit}s" for words in since.span]
    spans += list(since.span) * 2 if unit == "year" else [f"number of days since the {column.noun}"] * 3
    end = ("longest", "most") if most else ("shortest", "fewest")
    top = [f"the {end[0]} {words}" for words in since.span if words not in ("age", "seniority")]
    top += [f"the {end[1]} {unit}s {words}" for words in rest]
    past = f"was {deed}" if did == "was" else _PAST.get(deed, f"{deed}ed")
    return dict(
        long=("long", f"many {unit}s") if unit == "year" else "many days", been=since.been, span=spans, rest=since.rest,
        things=things, thing=thing, one=ask.things(entity.table, conditions, noun=thing), did=did, deed=deed, past=past,
        each=each, edge=since.most if most else since.least, top=top, longest="longest" if most else "shortest",
    )  # fmt: skip


def _limit(ask: Ask, block: Select, slots: dict[str, Slot], years: str, labels: list[str]) -> Draft:
    """The rows that have been there for at least so many whole years, or for less, listed or counted."""
    n, least, frame = ask.rng.choice((1, 2, 3, 4, 5, 5, 8, 10, 10, 15, 20)), ask.chance(0.6), ask.rng.choice(_LIMIT)
    said = f"{number(ask.rng, n)} {'year' if n == 1 else 'years'}"
    ask.protect(said)
    amount = (f"at least {said}", f"{said} or more", f"no less than {said}") if least else (f"less than {said}", f"under {said}")
    block.where.append(f"{years} {'>=' if least else '<'} {n}")
    block.items = ["COUNT(*)"] if frame.startswith(("how many", "number")) else labels
    return Draft(ask.compose(frame, amount=amount, **slots), block.sql())


def named_row(ask: Ask, entity: Entity) -> tuple[str, list[str]] | None:
    """A row as people call it, and the conditions that find it."""
    found = row_by_name(ask, entity) if entity.labels else None
    if found is None:
        return None
    names, conditions = found
    return " ".join(names) if entity.person else f"{ask.rng.choice(('the ', 'our ', ''))}{entity.noun} {names[0]}", conditions
