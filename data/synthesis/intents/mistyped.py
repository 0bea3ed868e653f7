"""Questions typed in haste: a slip in the name of a category or a place, one in the measure, and a period."""

from __future__ import annotations

import re

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.dimensions import time_dimension
from nl2sql.data.synthesis.wording import misspell

_TIME = (
    "{name} {scope} [per|by|each] {unit} {when}",
    "{unit}ly {name} {scope} {when}",
    "show {name} {scope} {when} [by|per] {unit}",
    "{name} {scope} {when}, {unit} by {unit}",
)
_BY = ("{name} {scope} [by|per] {dim} {when}", "show me {name} [by|per] {dim} {scope} {when}", "{name} per {dim} {when} {scope}")
_ALL = ("{name} {scope} {when}", "what {was} the {name} {scope} {when}", "give me the {name} {scope} {when}")
_TOP = ("which {dim} had {most} {scope} {when}", "{dim} with {most} {scope} {when}")
_COUNT = (
    "how many {things} {when}",
    "how many {things} did we have {when}",
    "number of {things} {when}",
    "count of {things} {when}",
)
_SLIPS = (("how many", ("how mnay", "how mny", "hwo many", "how amny", "howmany")), ("revenue", ("reveneu", "revenu", "revnue",
    "reveune")),
          ("sales", ("slaes", "saels", "salse")), ("profit", ("proft", "porfit", "profti")), ("turnover", ("turnovr",
              "tunrover")),
          ("number", ("numbr", "nubmer")), ("orders", ("ordres", "oders", "ordesr")), ("customers", ("cusotmers", "custmers",
              "costumers")),
          ("products", ("prodcuts", "porducts")), ("month", ("mnoth", "motnh")), ("quarter", ("quater", "quartre")), ("region",
              ("regoin", "reigon")),
          ("which", ("wich", "whcih")), ("average", ("averge", "avreage")), ("category", ("catgory", "categroy")), ("employees",
              ("emplyees", "employes")),
          ("stores", ("stroes", "stors")))  # fmt: skip


def mistyped(ask: Ask) -> Draft | None:
    """A measure of one kind by time, by a dimension or in all, or a count, with typing errors."""
    fact = ask.fact()
    condition = ask.kind(fact.table, named=True, far=3)
    if condition is None:
        return None
    timed, conditions = ask.time(fact.table, 0.75), [condition]
    kind = ask.rng.choice(("time", "by", "all", "top", "count"))
    if kind == "count":
        return _count(ask)
    measure, column = ask.measure(fact.table), ask.world.time_column(fact.table)
    if measure is None or kind == "time" and column is None:
        return None
    unit = ask.rng.choice(("month", "quarter", "year"))
    if kind == "time" and timed and timed.shorter_than(300):
        timed = None
    dimension = (
        time_dimension(ask.world, column or 0, unit)
        if kind == "time"
        else ask.dimension(fact.table, flags=False)
        if kind != "all"
        else None
    )
    if kind != "all" and (dimension is None or condition.column in dimension.columns):
        return None
    if dimension and dimension.entity and dimension.table == measure.subject:
        return None
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,) if dimension else ())
    block.split(dimension, measure.sql)
    block.order = list(dimension.show) if dimension and kind == "time" else []
    if kind == "top":
        block.order, block.limit = [f"{measure.sql} DESC"], 1
    frames = {"time": _TIME, "by": _BY, "all": _ALL, "top": _TOP}[kind]
    figure = ask.figure(measure, conditions)
    question = ask.compose(frames, timed=timed, unit=unit, dim=dimension.noun if dimension else "", **figure)
    return _slip(ask, question, condition.said, block.sql())


def _count(ask: Ask) -> Draft | None:
    """COUNT(*) of rows of one or two kinds."""
    entity = ask.subject()
    first = ask.kind(entity.table, entity.labels, named=True, far=2) if entity else None
    if entity is None or first is None:
        return None
    second = ask.kind(entity.table, (*entity.labels, first.column)) if ask.chance(0.4) else None
    conditions, timed = [first, *([second] if second else [])], ask.time(entity.table, 0.7) if entity.event else None
    block = ask.select(entity.table, conditions, timed)
    block.items = ["COUNT(*)"]
    question = ask.compose(_COUNT, timed=timed, things=ask.things(entity.table, conditions))
    return _slip(ask, question, first.said, block.sql())


def _slip(ask: Ask, asked: str, value: str, sql: str) -> Draft | None:
    """The question with an error in the value's longest word, in a usual word, or in both."""
    question = asked
    words = sorted(re.findall(r"[A-Za-z]{6,}", value), key=len)
    if words and ask.chance(0.8):
        question = misspell(ask.rng, question, lambda word: word == words[-1].lower(), 6, edge=2)
    slips = [(right, wrong) for right, wrong in _SLIPS if right in question]
    if slips and (not words or ask.chance(0.6)):
        right, wrong = ask.rng.choice(slips)
        question = question.replace(right, ask.rng.choice(wrong), 1)
    return Draft(question, sql) if question != asked else None
