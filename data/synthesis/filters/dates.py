"""Conditions on dates and years, and on what is missing."""

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


def date_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A period of a date that the question must name: "launched in 2024", "with a birth date before 1990"."""
    first, last = world.date_range(column.index)
    when = times.any_time(rng, world.as_of, first, last, units=("year", "year", "quarter", "month"))
    noun, verb, n = noun_of(rng, column), verb_of(column), re.sub(r"^for ", "in ", when.full)
    posts = [f"with {lexicon.article(noun)} {n}"]
    if n.startswith(("in ", "on ", "before ", "after ", "between ")):
        posts += [f"whose {noun} is {n}", f"whose {noun} was {n}"]
    if verb and column.index != world.entities[column.table].main_date:
        posts = [f"{verb} {n}", f"{verb} {n}", f"{verb} {n}", *posts[:2]]
        if not verb.startswith(("who", "that")):
            posts.append(f"that were {verb} {n}")
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


def missing_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """IS NULL or IS NOT NULL, for columns that may be null; a key is called by the table that it leads to."""
    if not world.schema.columns[column.index].nullable:
        return None
    ref = world.ref(column.index)
    if column.role == "key":
        return _without_target(world, rng, column, ref)
    noun, verb = noun_of(rng, column), verb_of(column)
    a = lexicon.article(noun)
    if rng.random() < 0.7:
        posts = [
            f"without {a}",
            f"with no {noun}",
            f"with missing {noun}",
            f"whose {noun} is missing",
            f"whose {noun} is unknown",
            f"that have no {noun}",
        ]
        if verb and " " not in verb and verb not in ("placed", "born", "hired"):
            posts += [f"not {verb} yet", f"that have not been {verb} yet", f"that were never {verb}", f"not yet {verb}"]
        return Filter(
            column.table,
            column.index,
            f"{ref} IS NULL",
            tuple(posts),
            (f"{noun} is missing", f"{noun} is null"),
            bare=(f"no {noun}", f"missing {noun}", f"without {noun}"),
        )
    posts = [f"with a known {noun}", f"whose {noun} is known", f"whose {noun} is not missing", f"that have {a}"]
    return Filter(
        column.table,
        column.index,
        f"{ref} IS NOT NULL",
        tuple(posts),
        (f"{noun} is known", f"{noun} is not null"),
        bare=(f"{noun} known",),
    )


def _without_target(world: World, rng: random.Random, column: ColumnRole, ref: str) -> Filter | None:
    """ "orders without a promotion", "employees without a manager"."""
    key = next((key for key in world.schema.foreign_keys if key.source == column.index), None)
    if key is None:
        return None
    own = world.schema.owner[key.target] == column.table
    noun = column.noun.removesuffix(" id").removesuffix(" key").removesuffix(" code") if own else world.entity_of(key.target).noun
    if own and noun == column.noun:
        return None
    a = lexicon.article(noun)
    if rng.random() < 0.75:
        none = (f"without {a}", f"without {a}", f"with no {noun}", f"that have no {noun}", f"that don't have {a}")
        return Filter(
            column.table, column.index, f"{ref} IS NULL", none, (f"{noun} is missing",), bare=(f"without {noun}", f"no {noun}")
        )
    posts = (f"with {a}", f"that have {a}", f"that had {a}")
    return Filter(column.table, column.index, f"{ref} IS NOT NULL", posts, (f"{noun} is known",), bare=(f"with {noun}",))
