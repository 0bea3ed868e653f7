"""A month, season or quarter of every year together: birthdays in January, orders of any December, hires in the summer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.rows_on_weekdays import dated_rows
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.times import MONTHS
from nl2sql.data.synthesis.vocabulary import PLANS

_SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "fall": (9, 10, 11), "winter": (12, 1, 2)}
_NTH = (("first", "1st", "Q1"), ("second", "2nd", "Q2"), ("third", "3rd", "Q3"), ("fourth", "4th", "Q4"))
_MONTH_SAID: tuple[str, ...] = ("in any {m}", "in {m} of any year", "in {m} in whatever year", "in {m}, no matter which year",
               "in the month of {m}, all years together", "in {m}, over all years", "in {m} across all years",
               "in {m} regardless of the year", "in {m} of whichever year", "in {m} (any year)", "in a {m}",
               "in {m}, whatever the year")  # fmt: skip
_SEASON_SAID = ("in a {m} month", "in the {m} months of any year", "in any {m}", "in {m}, all years together",
                "in {m}, no matter which year", "in the {m} months, whatever the year",
                "in {m} regardless of the year")  # fmt: skip
_QUARTER_SAID = ("in the {m} quarter of any year", "in any {m} quarter", "in the {m} quarter, all years together",
                 "in the {m} quarter regardless of the year", "in a {m} quarter, no matter which year")  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part of the year as a test on a date: ``said`` is an adjunct that means every year, ``name`` the part alone."""

    sql: str
    said: str
    name: str


def part_of_year(ask: Ask, ref: str) -> Part:
    """A month, more rarely a season or a quarter, of any year."""
    chance, frames = ask.rng.random(), _MONTH_SAID
    if chance < 0.68:
        number = ask.rng.randrange(12)
        name, sql = MONTHS[number], f"MONTH({ref}) = {number + 1}"
    elif chance < 0.88:
        name = ask.rng.choice(tuple(_SEASONS))
        sql, frames = f"MONTH({ref}) IN ({', '.join(map(str, _SEASONS[name]))})", _SEASON_SAID
    else:
        number = ask.rng.randrange(4)
        name, sql, frames = ask.rng.choice(_NTH[number][:2]), f"QUARTER({ref}) = {number + 1}", _QUARTER_SAID
    said = re.sub(r"\ba (?=[aA])", "an ", say(ask.rng, frames, m=name))
    ask.protect(said, name)
    return Part(sql, said, name if chance < 0.88 else f"{name} quarter")


_BIRTHDAY = (
    "how many {things} [have|celebrate] their birthday in {m}", "how many {things} have a birthday in {m}",
    "[number|count] of {things} with a birthday in {m}", "{things} with a birthday in {m}: how many",
    "how many {things} were born in {m}", "how many of [our|the] {things} [have their birthday|were born] in {m}",
    "how many {m} birthdays are there among [our|the] {things}", "count the {things} [born in {m}|whose birthday is in {m}]",
    "[for|of] how many {things} is the birthday in {m}", "how many {things} turn a year older in {m}",
    "[can you tell me|do you know] how many {things} celebrate in {m}, birthday-wise",
)  # fmt: skip
_BIRTHDAYS = (
    "which {things} [have|celebrate] their birthday in {m}", "{things} with a birthday in {m}", "{things} born in {m}",
    "[show|list|find|give me] [all|the|] {things} [with a birthday|whose birthday is|born|who were born] in {m}",
    "[all|the] {m} birthdays of [our|the] {things}", "who of [our|the] {things} has a birthday in {m}",
    "[which|what] {things} were born in {m}", "{m} birthdays among {things}", "{things} having their birthday in {m}",
    "[please|could you] list the {things} that have their birthday in {m}", "whose birthday is in {m}, among the {things}",
)  # fmt: skip
_BIRTH_SHARE = (
    "what {word} of [the|our|all] {things} [were born|have their birthday] in {m}",
    "{word} of {things} [born|with a birthday] in {m}",
    "[show|calculate] the {word} of {things} born in {m}",
)  # fmt: skip


def birthdays(ask: Ask) -> Draft | None:
    """People by the month of their birth, whatever the year: counted, listed, or as a share."""
    people = [(e, c) for e in ask.world.entities if e.person for c in e.with_role("date") if "birth" in c.noun]
    if not people:
        return None
    entity, column = ask.rng.choice(people)
    part = part_of_year(ask, ask.world.ref(column.index))
    quarter = part.name.endswith("quarter")
    m = f"the {part.name}" if quarter else ask.rng.choice(("{}", "{}", "a {} month", "the {} months")).format(part.name) if (
        part.name in _SEASONS) else part.name  # fmt: skip
    m = m.replace("a autumn", "an autumn")
    conditions = ask.filters(entity.table, 2, avoid=(column.index,)) if ask.chance(0.5) else []
    block, kind = ask.select(entity.table, conditions), ask.rng.choices(("count", "list", "share"), (5, 5, 1))[0]
    frames = {"count": _BIRTHDAY, "list": _BIRTHDAYS, "share": _BIRTH_SHARE}[kind]
    if m != part.name or quarter:
        frames = tuple(f for f in frames if "{m} birthdays" not in f)
    slots: dict[str, Slot] = dict(things=ask.things(entity.table, conditions), m=m)
    if kind == "share":
        percent = ask.chance(0.6)
        block.items = [f"{'100.0 * ' if percent else ''}COUNT(*) FILTER (WHERE {part.sql}) / COUNT(*)"]
        return Draft(ask.compose(frames, word=word_of(percent), **slots), block.sql())
    block.where.append(part.sql)
    block.items = ["COUNT(*)"] if kind == "count" else [ask.world.ref(c) for c in ask.world.label(entity.table)]
    return Draft(ask.compose(frames, **slots), block.sql())


_COUNT = (
    "how many {things} {past} {said}", "number of {things} {verb} {said}", "count [the|all|] {things} {verb} {said}",
    "{things} {verb} {said}: how many", "how many of [our|the] {things} {past} {said}",
    "[show|give me|find] the number of {things} {verb} {said}", "[could you|can you] tell me how many {things} {past} {said}",
    "how many {things} ever {past} {said}", "{things} {verb} {said} - how many [in all|altogether|]",
)  # fmt: skip
_LIST = (
    "which {things} {past} {said}", "[show|list|find|give me] [all|the|] {things} {verb} {said}", "{things} {verb} {said}",
    "[which|what] of [our|the] {things} {past} {said}", "[all|the] {things} with {a_date} {said}",
    "[please|could you] list the {things} whose {date} [is|was|falls] {said}",
)  # fmt: skip


def in_any_year(ask: Ask) -> Draft | None:
    """Rows whose own date is in that part of any year: how many, or which."""
    found = dated_rows(ask)
    if found is None:
        return None
    entity, column, verb, past = found
    part = part_of_year(ask, ask.world.ref(column.index))
    conditions, counted = ask.filters(entity.table, 1, avoid=(column.index,)) if ask.chance(0.35) else [], ask.chance(0.65)
    block = ask.select(entity.table, conditions)
    block.where.append(part.sql)
    block.items = ["COUNT(*)"] if counted else [ask.world.ref(c) for c in ask.world.label(entity.table)]
    frames = _COUNT if counted else _LIST
    return Draft(ask.compose(
        tuple(f for f in frames if "ever" not in f or not past.startswith("were")), things=ask.things(entity.table, conditions),
        verb=verb, past=past, said=part.said, date=column.noun, a_date=lexicon.article(column.noun),
    ), block.sql())  # fmt: skip


_FIGURE = (
    "[what {is}|what {was}|show|give me] the {name} {scope} {said}", "{name} {scope} {said}",
    "[show|calculate|work out] the {name} {scope} {said}", "{said}: [what is|] the {name} {scope}",
    "what [{is}|{was}] [our|the] {name} {scope} {said}", "how [high|large] [{is}|{was}] the {name} {scope} {said}",
    "what {name} {scope} do we [have|see] {said}", "[could you|please] tell me the {name} {scope} {said}",
    "[the|our] {name} {scope} of every {m} [taken|put] together", "{name} {scope}, all {ms} [together|taken together|]",
    "{name} {scope} of all {ms} in the data",
)  # fmt: skip
_BY = (
    "{name} {scope} {said} [by|per|for each] {dim}", "[show|give me|list] the {name} {scope} {said} [by|per|for each] {dim}",
    "[by|per] {dim}, [the|] {name} {scope} {said}", "{name} {scope} of each {dim}, {said}",
    "for each {dim}, the {name} {scope} of all {ms} together",
)  # fmt: skip
_TOP = (
    "which {dim} [has|had] {most} {scope} {said}", "{dim} with {most} {scope} {said}", "{said}, which {dim} had {most} {scope}",
    "[find|name|show] the {dim} with {most} {scope} {said}", "counting all {ms} together, which {dim} had {most} {scope}",
)  # fmt: skip
_YEARLY = (
    "{name} {scope} [in|of|for] {m} [of each|of every|by|per] year", "[show|compare|list] [the|] {m} {name} {scope} year by year",
    "{name} {scope} every {m}, [year by year|by year|one row per year]", "{m} {name} {scope} by year",
    "for each year, the {name} {scope} in {m}", "how did the {name} {scope} in {m} [develop|change] from year to year",
    "[show|give me] the {name} {scope} of every {m} by year", "compare the {name} {scope} of all {ms}, year by year",
)  # fmt: skip


def figure_in_any_year(ask: Ask) -> Draft | None:
    """A figure WHERE MONTH(date) = n: of all years together, by a group, or a row for every year."""
    fact = ask.fact()
    column, measure = ask.world.time_column(fact.table), ask.measure(fact.table)
    if column is None or measure is None or {*fact.noun.split()} & PLANS:
        return None
    ref, kind = ask.world.ref(column), ask.rng.choices(("figure", "by", "top", "yearly"), (5, 1.5, 1.5, 2.5))[0]
    part = part_of_year(ask, ref)
    dimension = ask.dimension(fact.table, flags=False) if kind in ("by", "top") else None
    if kind in ("by", "top") and (dimension is None or dimension.table == measure.subject and dimension.entity):
        return None
    if kind == "yearly" and part.name in ("winter", "summer", "spring", "autumn", "fall"):
        return None  # a winter belongs to two years
    conditions = ask.filters(fact.table, 1, avoid=dimension.columns if dimension else ()) if ask.chance(0.35) else []
    block = ask.select(fact.table, conditions, measure=measure, tables=(ask.world.schema.owner[column],))
    block.where.append(part.sql)
    slots: dict[str, Slot] = {**ask.figure(measure, conditions), "said": part.said, "ms": f"{part.name}s"}
    slots["m"] = f"the {part.name}" if part.name.endswith("quarter") and kind == "yearly" else part.name
    if dimension:
        block.tables.add(dimension.table)
        slots["dim"] = dimension.noun
    block.split(dimension, measure.sql)
    if kind == "yearly":
        block.items, block.group, block.order = [f"YEAR({ref})", measure.sql], [f"YEAR({ref})"], [f"YEAR({ref})"]
    if kind == "top":
        high = ask.chance(0.75)
        block.order, block.limit = [f"{measure.sql} {'DESC' if high else 'ASC'}"], 1
        slots["most"] = slots["most" if high else "least"]
    frames = {"figure": _FIGURE, "by": _BY, "top": _TOP, "yearly": _YEARLY}[kind]
    if part.name.endswith("quarter") or measure.kind == "count":
        frames = tuple(f for f in frames if "{m} {name}" not in f and "every {m}" not in f)
    return Draft(ask.compose(frames, **slots), block.sql())
