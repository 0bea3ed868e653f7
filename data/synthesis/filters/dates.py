"""Conditions on dates and years."""

from __future__ import annotations

import random
import re

from nl2sql.data.synthesis import lexicon, times, vocabulary
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.wording import Filter, noun_of
from nl2sql.data.synthesis.world import World


def verb_of(column: ColumnRole) -> str:
    """What happened on the date, as a participle: "launched"; empty where no word says it."""
    words = column.noun.split()
    return (
        vocabulary.DATE_VERBS.get(words[0], "")
        if len(words) <= 2 and (len(words) == 1 or words[1] in ("date", "time", "day", "at"))
        else ""
    )


def past_of(verb: str) -> str:
    """What ``verb_of`` gives, as a verb of the past: "were launched", "signed up"."""
    return verb.split(" ", 1)[1] if verb.startswith(("who ", "that ")) else f"were {verb}"


def date_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A period of a date that the question must name: "launched in 2024", "with a birth date before 1990"."""
    first, last = world.date_range(column.index)
    when = times.any_time(rng, world.as_of, first, last, units=("year", "year", "quarter", "month"))
    noun, verb, n = noun_of(rng, column), verb_of(column), re.sub(r"^for ", "in ", when.full)
    does = "who" if world.entities[column.table].person else "that"
    posts = [f"with {lexicon.article(noun)} {n}"]
    if n.startswith(("in ", "on ", "before ", "after ", "between ")):
        posts += [f"whose {noun} is {n}", f"whose {noun} was {n}"]
    if verb and column.index != world.entities[column.table].main_date:
        posts = [f"{verb} {n}", f"{verb} {n}", f"{verb} {n}", *posts[:2]]
        if not verb.startswith(("who", "that")):
            posts += [f"{does} were {verb} {n}", f"{does} got {verb} {n}", f"{does} have been {verb} {n}"]
        if column.noun.split()[0] in vocabulary.SAID_OF_DATES:
            posts += 2 * [f"{does} {said} {n}" for said in vocabulary.SAID_OF_DATES[column.noun.split()[0]]]
    return Filter(
        column.table,
        column.index,
        when.sql(world.ref(column.index)),
        tuple(posts),
        (f"{noun} is {n}", f"{noun} was {n}"),
        bare=(f"{verb.removeprefix('who ').removeprefix('that ') or noun} {when.bare}", f"{noun} {when.bare}"),
        said=n,
    )


def year_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A number column that holds years."""
    samples = [int(n) for n in world.numbers(column.index) if 1000 < n < 2200]
    year = rng.choice(samples) if samples else rng.randrange(world.as_of.year - 20, world.as_of.year)
    noun, ref = noun_of(rng, column), world.ref(column.index)
    operator, words = rng.choice((("=", "in"), ("=", "in"), (">", "after"), ("<", "before"), (">=", "since")))
    value = str(year) if operator == "=" else f"{words} {year}"
    posts = [f"with {noun} {value}", f"whose {noun} is {value}"]
    first = noun.split()[0]
    if noun == "year":
        posts = [f"{words} {year}", f"from {year}" if operator == "=" else f"{words} {year}"]
    elif first in vocabulary.DATE_VERBS:
        posts += [f"{vocabulary.DATE_VERBS[first]} {words} {year}"] * 3
    bare = f"{noun} {year}" if operator == "=" else f"{noun} {operator} {year}"
    return Filter(
        column.table, column.index, f"{ref} {operator} {year}", tuple(posts), (f"{noun} is {value}",), bare=(bare,), said=value
    )
