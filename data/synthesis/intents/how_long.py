"""How long it takes until something is done, as people ask it: "how long does it take to ship an order", by store too."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.dimensions import Dimension
from nl2sql.data.synthesis.filters import Filter
from nl2sql.data.synthesis.filters.derived import days_sql
from nl2sql.data.synthesis.intents.doings import STAFF
from nl2sql.data.synthesis.phrases import Slot
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.times import Timed, number

# what a date is called: the infinitive, gerund and participle of what happened then, and the time until then
_ACT_LINES = """
    ship shipping shipped shipment dispatch: ship, shipping, shipped, shipping time
    delivery delivered deliver: deliver, delivering, delivered, delivery time
    settlement settled settle: settle, settling, settled, settlement time
    closing closed close: close, closing, closed, time to close
    resolution resolved: resolve, resolving, resolved, resolution time
    finished: finish, finishing, finished, time to finish
    completion completed complete: complete, completing, completed, completion time
    cleared clearing: clear, clearing, cleared, time to clear
    filled: fill, filling, filled, time to fill
    decided decision: decide_on, deciding_on, decided_on, decision time
    approval approved: approve, approving, approved, approval time
    accepted acceptance: accept, accepting, accepted, time to accept
    treatment treated: treat, treating, treated, time to treat
    first_reply first_response reply response: reply_to, replying_to, replied_to, time to first reply
    payment paid: pay, paying, paid, time to pay
    reported report: report, reporting, reported, time to report
    received receipt: receive, receiving, received, time to receive
"""
_ACTS = {
    word.replace("_", " "): tuple(form.strip().replace("_", " ") for form in forms.split(","))
    for words, _, forms in (line.partition(":") for line in _ACT_LINES.strip().splitlines()) for word in words.split()
}  # fmt: skip
_OTHERS = {"pay", "report", "receive"}  # what is done by others than us
_OF_ITSELF = {"ship", "close", "settle", "clear"}  # orders ship
_PLANNED = {"due", "planned", "expected", "requested", "scheduled", "first reply", "birth"}
STARTS = {"start", "started", "beginning", "begin", "departure", "pickup", "check in", "admission"}
_NOT_PEOPLE = STAFF | {"technician", "mechanic", "supplier", "vendor", "lawyer", "judge", "doctor", "engineer", "inspector"}
_DOERS = STAFF | {"technician", "team", "carrier", "store", "shop", "branch", "office", "warehouse", "depot", "hospital"}
USUALLY = "[usually|normally|typically||||]"
_ACT = (
    f"how long {{does}} it {USUALLY} take to {{base}} {{a_thing}} {{when}}", "how long until {a_thing} {is} {done} {when}",
    f"how long {{do}} {{things}} {USUALLY} take to {{to}} {{when}}", "how many days until {a_thing} {is} {done} {when}",
    f"how many days {{does}} it {USUALLY} take to {{base}} {{a_thing}} {{when}}", "{time} in days {when}",
    "average time to {base} {a_thing} {when}", "[on average,|] how long before {a_thing} {is} {done} {when}",
    "how long {does} {gerund} {a_thing} [usually|] take {when}", "days to {base} {a_thing} on average {when}",
    "how long {does} it take to {base} {things} {when}", "how many days on average until {things} {are} {done} {when}",
    "[what {one_is}|] {our} average {time} {when}", "[what {one_is}|] {our} average {time} {when}",
    "how long {one_is} {our} {time} {when}", "how long {do} {things} [have to|] wait to be {done} {when}",
)  # fmt: skip
_WE = (
    "how [quickly|fast|quickly] {do} we {base} {things} {when}", "how long {do} we [need|take] to {base} {a_thing} {when}",
    "how many days {do} we [need|take] to {base} {a_thing} {when}", "how [quickly|fast] {are} {things} {done} {when}",
    "how long {does} it take us to {base} {a_thing} {when}",
)  # fmt: skip
_THEY = (
    "how long {do} {people} [take|need] to {base} {a_thing} {when}",
    "how many days {do} {people} take to {base} {a_thing} {when}", "how long {does} it take {people} to {base} {a_thing} {when}",
    "how [quickly|fast] {do} {people} {base} [their|] {many} {when}",
)  # fmt: skip
_WAIT = (
    "how long {do} {people} [have to|] wait [until their {many} {are} {done}|for their {many} to be {done}] {when}",
    "how many days {do} {people} wait [until their {many} {are} {done}|for their {many} to be {done}] {when}",
)  # fmt: skip
_ARRIVES = ("how long {do} {people} [have to|] wait for [delivery|their {many}|{a_thing}] {when}",)
_LONGEST = (
    "[what {was} the|] longest it [took|has taken] to {base} {a_thing} {when}", "[what {was} the|] longest {time} {when}",
    "longest wait until {a_thing} {is} {done} {when}", "how long did it take to {base} {a_thing} at most {when}",
)  # fmt: skip
_SHORTEST = (
    "[what {was} the|] shortest it [took|has taken] to {base} {a_thing} {when}", "[what {was} the|] shortest {time} {when}",
    "[what {was} the|] fastest {a_thing} {was_they} [ever|] {done}, in days {when}",
    "shortest wait until {a_thing} {is} {done} {when}",
)  # fmt: skip
_BY = (
    "[average|] {time} {per} {dim} {when}", "[average|] {time} {per} {dim} {when}",
    "how long {does} it take to {base} {a_thing} {per} {dim} {when}",
    "how long {do} {things} take to {to} {per} {dim} {when}", "compare the {dims} by [average|] {time} {when}",
    "days to {base} {a_thing} {per} {dim} {when}", "for each {dim}, how long {does} it take to {base} {a_thing} {when}",
    "[show|list|give me] the average {time} {per} {dim} {when}",
    "how many days until {a_thing} {is} {done} {per} {dim} {when}",
    "how [quickly|fast] {are} {things} {done} per {dim} {when}",
)  # fmt: skip
_BY_DOER = (
    "how long {does} each {dim} take to {base} {a_thing} {when}", "how [quickly|fast] {does} each {dim} {base} {things} {when}",
    "how long {do} the {dims} take to {base} {things} {when}",
)  # fmt: skip
_TOP = (
    "which {dim} [has|had] the {longest} [average|] {time} {when}", "{dim} with the {longest} average {time} {when}",
    "in which {dim} {does} it take {longest_to} to {base} {a_thing} {when}", "{longest} average {time} by {dim} {when}",
    "in which {dim} {do} {things} take {longest_to} to {to} {when}",
)  # fmt: skip
_TOP_DOER = (
    "which {dim} {bases} {things} {fastest} {when}", "which {dim} [takes|took] {longest_to} to {base} {a_thing} {when}",
    "which {dim} {one_is} the {quickest} at {gerund} {things} {when}", "{quickest} {dim} at {gerund} {things} {when}",
)  # fmt: skip
_TOP_MANY = (
    "the {n} {dims} with the {longest} [average|] {time} {when}", "{n} {dims} with the {longest} {time} {when}",
    "which {n} {dims} [have|had] the {longest} [average|] {time} {when}",
)  # fmt: skip


@dataclass(frozen=True)
class _Act:
    """What is done to the rows of an entity from one date to another."""

    entity: Entity
    first: ColumnRole
    last: ColumnRole
    base: str
    gerund: str
    done: str
    time: str

    def days(self, ask: Ask) -> str:
        return days_sql(ask.world, self.first.index, self.last.index)

    def slots(self, ask: Ask, conditions: list[Filter], timed: Timed | None) -> dict[str, Slot]:
        noun = ask.noun(self.entity)
        noun = self.entity.noun if self.base[:4] in noun else noun
        things = ask.things(self.entity.table, conditions, noun=f"{noun}\0")
        a_thing = things if conditions else lexicon.article(noun)
        of = f" {ask.rng.choice(('of', 'for'))} {things}" if conditions or ask.chance(0.25) else ""
        whole = self.time.startswith("time to") and self.base != "reply to"
        to = (self.base,) if self.base in _OF_ITSELF else (f"be {self.done}", f"get {self.done}")
        return dict(
            base=self.base, gerund=self.gerund, done=self.done, time=f"{self.time} {a_thing}" if whole else f"{self.time}{of}",
            to=to, things=things, a_thing=a_thing, many=lexicon.plural(noun), was_they="were" if conditions else "was",
            our=("the", "") if self.base in _OTHERS else ("the", "our", "our", ""), one_is="was" if timed else "is",
            **tense(timed, many=bool(conditions)),
        )  # fmt: skip


def tense(timed: Timed | None, *, many: bool = False) -> dict[str, Slot]:
    """Verbs of the past where a time is named; ``is`` of one thing, or of ``many``."""
    if timed:
        return dict(does="did", do="did", are="were", was="was", **{"is": "were" if many else "was"})
    return dict(does="does", do="do", are="are", was="was", **{"is": "are" if many else "is"})


def _acts(ask: Ask) -> list[_Act]:
    """The first date of a row and a later one on which something that has a verb was done to it."""
    found = []
    for entity in ask.world.entities:
        dates = [c for c in entity.with_role("date") if _head(c) not in _PLANNED]
        start = next((c for c in dates[:-1] if c.index == entity.main_date), dates[0] if dates else None)
        if entity.link or entity.person or start is None or _head(start) in STARTS:
            continue
        for last in dates[dates.index(start) + 1 :]:
            forms = _ACTS.get(_head(last))
            if forms and forms[0][:4] not in entity.noun and _ACTS.get(_head(start)) != forms:
                found.append(_Act(entity, start, last, *forms))
    return found


def _head(column: ColumnRole) -> str:
    return column.noun.removesuffix(" date").removeprefix("date ")


def people_of(ask: Ask, entity: Entity) -> Entity | None:
    """The one kind of persons that the rows belong to, other than those who work on them."""
    near = [ask.world.entities[t] for t, path in ask.world.reach_of(entity.table).path.items() if len(path) == 1]
    near = [e for e in near if e.person and not set(e.noun.split()) & _NOT_PEOPLE]
    return near[0] if len(near) == 1 else None


def _draw(ask: Ask) -> tuple[_Act, list[Filter], Timed | None] | None:
    options = _acts(ask)
    if not options:
        return None
    act = ask.rng.choice(options)
    conditions = ask.filters(act.entity.table, 1, avoid=(act.first.index, act.last.index)) if ask.chance(0.4) else []
    timed = ask.time(act.entity.table, 0.35)
    return act, conditions, timed if timed and ask.world.schema.owner[timed.column] == act.entity.table else None


def how_long(ask: Ask) -> Draft | None:
    """AVG of the days from the first date to that of the deed; MAX or MIN where the longest or shortest is asked for."""
    drawn = _draw(ask)
    if drawn is None:
        return None
    act, conditions, timed = drawn
    block, slots = ask.select(act.entity.table, conditions, timed), act.slots(ask, conditions, timed)
    stat, people = ask.rng.choices(("AVG", "MAX", "MIN"), (8, 1, 0.7))[0], people_of(ask, act.entity)
    block.items = [f"{stat}({act.days(ask)})"]
    if stat != "AVG":
        return Draft(ask.compose(_LONGEST if stat == "MAX" else _SHORTEST, timed=timed, **slots), block.sql())
    frames: tuple[str, ...] = _ACT if act.base in _OTHERS else (*_ACT, *_WE, *_WE)
    if people is not None and not conditions:
        slots["people"] = lexicon.plural(ask.noun(people))
        frames += (_THEY * 2 if act.base == "pay" else _WAIT if act.base not in _OTHERS else ())
        frames += _ARRIVES * 2 if act.base == "deliver" else ()
    if act.base in _OTHERS | {"reply to", "decide on"}:
        frames = tuple(f for f in frames if "wait to be" not in f)
    return Draft(ask.compose(frames, "average {time} {when}", timed=timed, **slots), block.sql())


def how_long_each(ask: Ask) -> Draft | None:
    """The same by group; ORDER BY it DESC for the longest and the slowest, ASC for the shortest and the quickest."""
    drawn = _draw(ask)
    if drawn is None:
        return None
    world, (act, conditions, timed) = ask.world, drawn
    dimension = ask.dimension(act.entity.table, flags=False)
    if dimension is None or {*dimension.columns} & {c.column for c in conditions} or dimension.unit:
        return None
    if world.entities[dimension.table].event and dimension.table != act.entity.table:
        return None
    block, slots = ask.select(act.entity.table, conditions, timed, tables=(dimension.table,)), act.slots(ask, conditions, timed)
    figure = f"AVG({act.days(ask)})"
    block.items, block.group = [*dimension.show, figure], list(dimension.group)
    doer = _does(ask, dimension) and act.base not in _OTHERS
    place = world.entities[dimension.table].place and dimension.entity
    slots |= {"dim": dimension.noun, "dims": dimension.plural, "per": ("by", "by", "per", "in each" if place else "for each")}
    frames: tuple[str, ...]
    if ask.chance(0.6):
        frames = (*_BY, *_BY_DOER * 2) if doer else _BY
        return Draft(ask.compose(frames, "{time} by {dim} {when}", timed=timed, **slots), block.sql())
    count, slow = 1 if ask.chance(0.7) else ask.rng.choice((3, 5, 10)), ask.chance(0.55)
    rows = world.schema.tables[dimension.table].rows if dimension.entity else world.schema.columns[dimension.columns[0]].distinct
    if rows and rows <= count:
        return None
    block.order, block.limit = [f"{figure} {'DESC' if slow else 'ASC'}"], count
    head, _, rest = act.base.partition(" ")
    slots |= {"bases": f"{_third(head)} {rest}".strip(), "n": number(ask.rng, count), **_ENDS[slow]}
    frames = (*_TOP, *_TOP_DOER * 2) if doer else _TOP
    frames = frames if place else tuple(f for f in frames if not f.startswith("in "))
    return Draft(ask.compose(frames if count == 1 else _TOP_MANY, timed=timed, **slots), block.sql())


_ENDS: dict[bool, dict[str, Slot]] = {
    True: dict(longest="longest", longest_to=("longest", "the longest", "the most time"), fastest=("slowest", "the slowest"),
               quickest="slowest"),
    False: dict(longest="shortest", longest_to=("the least time", "the shortest time"), fastest=("fastest", "the fastest"),
                quickest=("fastest", "quickest")),
}  # fmt: skip


def _third(verb: str) -> str:
    """ "Ships", "finishes", "pays": the verb of one."""
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("sh", "ch", "s", "x")) else f"{verb}s"


def _does(ask: Ask, dimension: Dimension) -> bool:
    """Whether those that the rows are grouped by do it: shops, staff, carriers."""
    target = ask.world.entities[dimension.table]
    return dimension.entity and bool(set(target.noun.split()) & _DOERS)


INTENTS = {"how long": (0.9, how_long), "how long each": (0.6, how_long_each)}
