"""Figures of a day of the week, of weekends or of working days: alone, by a group, or two kinds of days side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nl2sql.data.synthesis import times, vocabulary
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.top_sellers import facts
from nl2sql.data.synthesis.measures import count_of, sum_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.times import Timed

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_WEEKEND = ("on weekends", "on weekends", "at the weekend", "on a weekend", "at weekends", "on Saturdays and Sundays",
            "on the weekend", "on a Saturday or Sunday", "during weekends", "on weekend days")  # fmt: skip
_WORKING = ("on weekdays", "on weekdays", "on working days", "from Monday to Friday", "on workdays", "Monday through Friday",
            "on a weekday", "on business days", "outside of weekends", "on days from Monday to Friday")  # fmt: skip
_FIGURE = (
    "what [{is}|{was}] [the|our] {name} {scope} {days} {when}", "{name} {scope} {days} {when}",
    "[show|give me|calculate|i need] the {name} {scope} {days} {when}",
    "{days}, what [{is}|{was}] the {name} {scope} {when}", "how [high|large] [{is}|{was}] [the|our] {name} {scope} {days} {when}",
    "{name} {scope} {when}, [only {bares}|{bares} only|just {bares}]", "{name} {scope} {when} counting only {bares}",
    "what {name} {scope} did we [have|see|record] {days} {when}",
    "[could you|can you|please] [tell me|work out] the {name} {scope} {days} {when}",
    "what [does|did] the {name} {scope} {days} [come to|look like] {when}", "{name} {scope} of all {bares} {when}",
    "{name} {scope} {days} [as a whole|taken together|] {when}",
)  # fmt: skip
_PLAIN = ("{bare} {name} {scope} {when}", "[what was|show|give me] [the|our] {bare} {name} {scope} {when}",
          "how much {name} {scope} did we [make|have] {days} {when}")  # fmt: skip
_BY = (
    "{name} {scope} {days} [by|per|for each] {dim} {when}",
    "[show|give me|list] the {name} {scope} {days} [by|per|for each] {dim} {when}",
    "[by|per] {dim}, [the|] {name} {scope} {days} {when}", "for each {dim}, what [{is}|{was}] the {name} {scope} {days} {when}",
    "{name} {scope} of every {dim} {when}, {bares} only", "{days} {when}, what [{is}|{was}] the {name} {scope} [by|per] {dim}",
)  # fmt: skip
_TOP = (
    "which {dim} [has|had|sees] {most} {scope} {days} {when}", "{dim} with {most} {scope} {days} {when}",
    "{days} {when}, which {dim} had {most} {scope}", "[find|show|name] the {dim} that [has|had] {most} {scope} {days} {when}",
    "counting only {bares}, which {dim} had {most} {scope} {when}",
)  # fmt: skip
_SIDES = (
    "[compare|show|] [the|] {name} {scope} {days} [and|vs|versus|against|compared with] {others} {when}",
    "{name} {scope} {when}: {bares} [vs|versus|against|compared to] {other}", "{bares} vs {other}: {name} {scope} {when}",
    "how [{does}] {name} {scope} {days} compare [with|to] {other} {when}", "{bares} against {other} by {name} {scope} {when}",
    "what [{is}|{was}] the {name} {scope} {days}, and what {others} {when}",
    "{name} {scope} {when} for {bares} and [for|] {other} [side by side|separately|]",
)  # fmt: skip
_REST = (
    "{name} {scope} {days} [vs|versus|and] {others} {when}", "{name} {scope} of {bares} and {other} {when}",
    "[compare|show] [the|] {name} {scope} {days} and {others} {when}", "{bares} against {other}, {name} {scope} {when}",
    "[{is}|{was}] [the|our|] {name} {scope} [higher|lower] {days} or {others} {when}",
    "[{is}|{was}] [the|our|] {name} {scope} [higher|lower] {days} than {others} {when}",
    "how do {bares} compare [with|to] {other} in {name} {scope} {when}", "{name} {scope}: {bares} vs {other} {when}",
    "{bares} or {other}: {name} {scope} {when}", "{name} {scope} {days} compared [with|to] {other} {when}",
)  # fmt: skip
_REST_SOLD = (
    "do we sell [more|less] {scope} {days} or {others} {when}", "do we [sell|make] more {scope} {days} than {others} {when}",
    "did we sell [more|less] {scope} {days} or {others} {when}", "do we make more money {scope} {days} or {others} {when}",
)  # fmt: skip
_REST_BARE = (
    "are {bares} better than {other} {when}", "are {bares} or {other} better for [sales|business] {when}",
    "when do we sell more, {days} or {others} {when}", "are sales better {days} or {others} {when}",
    "do {bares} bring in more than {other} {when}",
)  # fmt: skip
_REST_COUNT = (
    "{things} {days} [vs|versus|and] {others} {when}", "do we [get|have] more {things} {days} or {others} {when}",
    "are there [more|fewer] {things} {days} or {others} {when}", "how many {things} {days} and how many {others} {when}",
    "do we [get|have] more {things} {days} than {others} {when}", "are there more {things} {days} than {others} {when}",
    "{things}: {bares} vs {other} {when}", "number of {things} {days} and {others} {when}",
    "{things} {days} compared [with|to] {other} {when}",
)  # fmt: skip
_RESTFUL = ("on weekends", "on weekends", "on the weekend", "at weekends", "at the weekend")
_BUSY = ("on weekdays", "on weekdays", "on weekdays", "on working days", "during the week")


@dataclass(frozen=True)
class Days:
    """Days of the week as a test on a date; ``on`` is an adjunct, ``bare`` goes before a noun, ``bares`` are the days alone."""

    test: str
    on: str
    bare: str
    bares: str

    def sql(self, ref: str) -> str:
        return f"DAYOFWEEK({ref}) {self.test}"


def day(ask: Ask, number: int) -> Days:
    """One day of the week, Sunday being 0."""
    name = _DAYS[number]
    on = say(ask.rng, ("on a {d}", "on {d}s", "on {d}s", "on any {d}", "on a {d}", "on {d}s"), d=name)
    return Days(f"= {number}", on, name, f"{name}s")


def weekend(ask: Ask) -> Days:
    return Days("IN (0, 6)", ask.rng.choice(_WEEKEND), "weekend", "weekends")


def working(ask: Ask) -> Days:
    word = ask.rng.choice(("weekday", "weekday", "workday"))
    return Days("NOT IN (0, 6)", ask.rng.choice(_WORKING), word, ask.rng.choice(("weekdays", "weekdays", "working days")))


def some_days(ask: Ask) -> Days:
    """A day, the weekend, the working days, or two days that follow each other."""
    chance = ask.rng.random()
    if chance < 0.5:
        found = day(ask, ask.rng.randrange(7))
    elif chance < 0.94:
        found = weekend(ask) if chance < 0.76 else working(ask)
    else:
        first = ask.rng.randrange(1, 5)
        a, b = _DAYS[first], _DAYS[first + 1]
        on = ask.rng.choice((f"on {a}s and {b}s", f"on a {a} or {b}", f"on {a}s or {b}s"))
        found = Days(f"IN ({first}, {first + 1})", on, f"{a} and {b}", f"{a}s and {b}s")
    ask.protect(found.on, found.bare, found.bares)
    return found


def long_time(ask: Ask, column: int, probability: float) -> Timed | None:
    """A time about the column that holds some weeks."""
    if not ask.chance(probability):
        return None
    when = times.any_time(ask.rng, ask.world.as_of, *ask.world.date_range(column), units=("year", "year", "quarter", "month"))
    timed = Timed(column, replace(when, full=re.sub("^for ", "in ", when.full)))
    if timed.shorter_than(27):
        return None
    ask.protect(when.full)
    return timed


def on_weekdays(ask: Ask) -> Draft | None:
    """A figure WHERE DAYOFWEEK(date) = n or IN (0, 6): alone, by a group, or two kinds of days by FILTER."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    if column is None or measure is None or {*fact.noun.split()} & vocabulary.PLANS:
        return None
    ref, timed = ask.world.ref(column), long_time(ask, column, 0.55)
    conditions = ask.filters(fact.table, 1) if ask.chance(0.4) else []
    kind = ask.rng.choices(("figure", "by", "top", "sides"), (6, 1.5, 1.5, 2))[0]
    sides: tuple[Days, ...] = _two_sides(ask) if kind == "sides" else (some_days(ask),)
    slots = {**ask.figure(measure, conditions), "days": sides[0].on, "bare": sides[0].bare, "bares": sides[0].bares}
    dimension = ask.dimension(fact.table, flags=False) if kind in ("by", "top") else None
    if kind in ("by", "top") and (dimension is None or dimension.table == measure.subject and dimension.entity):
        return None
    if dimension and {*dimension.columns} & {c.column for c in conditions}:
        return None
    owner = ask.world.schema.owner[column]
    block = ask.select(fact.table, conditions, timed, measure=measure,
                       tables=(owner, *((dimension.table,) if dimension else ())))  # fmt: skip
    if kind == "sides":
        if " / " in measure.sql:
            return None
        block.items = [f"{measure.sql} FILTER (WHERE {side.sql(ref)})" for side in sides]
        return Draft(ask.compose(_SIDES, timed=timed, others=sides[1].on, other=sides[1].bares, **slots), block.sql())
    block.where.append(sides[0].sql(ref))
    block.split(dimension, measure.sql)
    if kind == "top":
        high = ask.chance(0.75)
        block.order, block.limit = [f"{measure.sql} {'DESC' if high else 'ASC'}"], 1
        slots["most"] = slots["most" if high else "least"]
    named: dict[str, Slot] = {**slots, "dim": dimension.noun if dimension else ""}
    frames = {"figure": _FIGURE + (2 * _PLAIN if measure.plain and measure.mass else ()), "by": _BY, "top": _TOP}[kind]
    keywords = "{name} {scope} {days} {when}" if kind == "figure" else ()
    return Draft(ask.compose(frames, keywords, timed=timed, **named), block.sql())


def _two_sides(ask: Ask) -> tuple[Days, Days]:
    """The weekend and the working days, or two days, in either order."""
    if ask.chance(0.3):
        first, second = ask.rng.sample(range(7), 2)
        sides = [day(ask, first), day(ask, second)]
    else:
        sides = [Days("IN (0, 6)", "on weekends", "weekend", "weekends"),
                 Days("NOT IN (0, 6)", ask.rng.choice(("on weekdays", "on working days")), "weekday", "weekdays")]  # fmt: skip
        ask.rng.shuffle(sides)
    ask.protect(*(text for side in sides for text in (side.on, side.bares)))
    return sides[0], sides[1]


def weekends_or_weekdays(ask: Ask) -> Draft | None:
    """Two figures by FILTER, in the order said: weekends and weekdays, or a day or two against the rest of the week."""
    sold = [(e, c) for e, c in facts(ask) if c.revenue]
    kind = ask.rng.choices(("sold", "count", "figure"), (4 if sold else 0, 3, 4))[0]
    fact = sold[0][0] if kind == "sold" else ask.fact()
    column = ask.world.time_column(fact.table)
    if column is None or {*fact.noun.split()} & vocabulary.PLANS or kind == "count" and (fact.link or not fact.event):
        return None
    measure = ask.measure(fact.table)
    if kind != "figure":
        measure = sum_of(ask.world, sold[0][1], ask.rng) if kind == "sold" else count_of(ask.world, fact.table, fact, ask.rng)
    if measure is None or " / " in measure.sql or measure.kind == "extreme":
        return None
    timed = long_time(ask, column, 0.35)
    conditions, (one, other) = ask.filters(fact.table, 1) if ask.chance(0.35) else [], _against_rest(ask)
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(ask.world.schema.owner[column],))
    ref = ask.world.ref(column)
    block.items = [f"{measure.sql} FILTER (WHERE {side.sql(ref)})" for side in (one, other)]
    frames = {"sold": _REST_SOLD, "count": _REST_COUNT, "figure": _REST}[kind]
    frames = (*frames, *_REST_BARE) if kind == "sold" and not conditions else frames
    slots: dict[str, Slot] = dict(days=one.on, bares=one.bares, others=other.on, other=other.bares)
    if kind == "count":
        slots["things"] = ask.things(fact.table, conditions)
    elif kind == "sold":
        slots["scope"] = ask.scope(measure, conditions)
    else:
        slots = {**slots, **ask.figure(measure, conditions)}
    return Draft(ask.compose(frames, timed=timed, **slots), block.sql())


def _against_rest(ask: Ask) -> tuple[Days, Days]:
    """The weekend and the weekdays in either order, or some days and after them the rest of the week."""
    chance, one = ask.rng.random(), ask.rng.randrange(7)
    ends = Days("IN (0, 6)", ask.rng.choice(_RESTFUL), "weekend", "weekends")
    if chance < 0.6:
        sides = [ends, Days("NOT IN (0, 6)", ask.rng.choice(_BUSY), "weekday", "weekdays")]
        ask.rng.shuffle(sides)
    else:
        both = Days("IN (0, 6)", "on Saturdays and Sundays", "", "Saturdays and Sundays")
        first = ask.rng.choice((ends, both, Days(f"= {one}", f"on {_DAYS[one]}s", _DAYS[one], f"{_DAYS[one]}s")))
        others = ask.rng.choice(("the rest of the week", "the rest of the week", "the other days", "the remaining days"))
        rest = f"<> {one}" if first.test.startswith("=") else "NOT IN (0, 6)"
        sides = [first, Days(rest, f"{'on' if 'days' in others else 'in'} {others}", "", others)]
    ask.protect(*(text for side in sides for text in (side.on, side.bares)))
    return sides[0], sides[1]
