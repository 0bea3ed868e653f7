"""Conditions on what is computed from columns: ages, days between two dates, two numbers of one row against each other."""

from __future__ import annotations

import random
import re

from nl2sql.data.synthesis import vocabulary
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.filters.wording import Filter
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.world import World


def derived_filter(world: World, rng: random.Random, entity: Entity) -> Filter | None:
    """One of the table's own computed conditions, or None where it has no columns for any."""
    options = [
        make
        for make, fits in ((_age, birth_column(entity)), (_late, day_pairs(entity)), (_numbers, number_pairs(entity)))
        if fits
    ]
    return rng.choice(options)(world, rng, entity) if options else None


def birth_column(entity: Entity) -> ColumnRole | None:
    """The birth date of persons."""
    return next((c for c in entity.with_role("date") if "birth" in c.noun), None) if entity.person else None


def years_sql(world: World, column: ColumnRole) -> str:
    """Whole years from a date to the day that the question is asked about."""
    return f"DATE_SUB('year', {world.ref(column.index)}, DATE '{world.as_of}')"


def _age(world: World, rng: random.Random, entity: Entity) -> Filter | None:
    column = birth_column(entity)
    assert column is not None
    posts: tuple[str, ...]
    years, n = years_sql(world, column), rng.choice((18, 20, 21, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75))
    text = str(n)
    if rng.random() < 0.2:
        high = n + rng.choice((5, 10, 15, 20))
        posts = (f"aged {n} to {high}", f"between {n} and {high} years old", f"between the ages of {n} and {high}",
                 f"who are between {n} and {high}", f"aged between {n} and {high}")  # fmt: skip
        return Filter(entity.table, column.index, f"{years} BETWEEN {n} AND {high}", posts,
                      (f"age is between {n} and {high}",), bare=(f"aged {n}-{high}",
                      f"age {n} to {high}"), said=text)  # fmt: skip
    operator, words = rng.choice((
        (">", "older than {n}|over {n}|over {n} years old|above {n}|who are more than {n} years old|over the age of {n}|who are "
              "over {n}|past {n}"),
        ("<",
        "younger than {n}|below {n}|under {n}|under {n} years of age|below the age of {n}|who are less than {n} years "
        "old|not yet {n}|"
              "who are younger than {n}|who haven't turned {n}"),
        (">=", "aged {n} or older|who are at least {n}|{n} or older|at least {n} years old|aged {n} and over|{n}+"),
        ("<=", "aged {n} or younger|who are at most {n}|no older than {n}|up to {n} years old"),
        ("=", "aged {n}|who are {n} years old|who are exactly {n}|of age {n}"),
    ))  # fmt: skip
    posts = tuple(text.replace("{n}", str(n)) for text in words.split("|"))
    return Filter(entity.table, column.index, f"{years} {operator} {n}", posts, (f"age is {operator} {n}",), bare=posts[:2],
                  said=text)  # fmt: skip


def day_pairs(entity: Entity) -> list[tuple[ColumnRole, ColumnRole]]:
    """Neighbouring dates of which the second follows the first in life."""
    dates = [c for c in entity.with_role("date") if not any(w in c.noun for w in ("birth", "death", "updated", "login"))]
    return list(zip(dates, dates[1:], strict=False))


def days_sql(world: World, first: int, second: int) -> str:
    return f"DATE_DIFF('day', {world.ref(first)}, {world.ref(second)})"


def _late(world: World, rng: random.Random, entity: Entity) -> Filter | None:
    first, second = rng.choice(day_pairs(entity))
    n = rng.choice((1, 2, 3, 4, 5, 6, 7, 7, 8, 10, 12, 14, 14, 20, 21, 21, 28, 30, 60, 90))
    days = days_sql(world, first.index, second.index)
    operator = rng.choice((">", ">", "<", ">=", "<=", "="))
    said, unit = number_text(rng, n), "days"
    if n % 7 == 0 and operator != "=" and rng.random() < 0.7:
        said, unit = number_text(rng, n // 7), "weeks"
    spoken = {
        ">": "more than {n} days|over {n} days|longer than {n} days",
        "<": "less than {n} days|under {n} days|fewer than {n} days",
        ">=": "at least {n} days|{n} days or more", "<=": "at most {n} days|no more than {n} days|{n} days or less",
        "=": "exactly {n} days|{n} days",
    }[operator]  # fmt: skip
    amount = rng.choice(spoken.split("|")).replace("{n}", said).replace("days", unit)
    amount = re.sub(r"\b(1|one) (day|week)s", r"\1 \2", amount)
    verb = vocabulary.DATE_VERBS.get(second.noun.split()[0], "")
    posts = [f"with {amount} between {first.noun} and {second.noun}", f"with {amount} from {first.noun} to {second.noun}",
             f"where {amount} passed between {first.noun} and {second.noun}"]  # fmt: skip
    after = "exactly" if operator == "=" and amount.startswith(said) else "after"
    if after == "exactly":
        posts += [f"{verb} {amount} later"] * bool(verb and " " not in verb)
    elif verb and " " not in verb:
        posts += 2 * [f"that took {amount} to be {verb}", f"that were {verb} {after} {amount}", f"{verb} {after} {amount}",
                      f"which needed {amount} until they were {verb}", f"that waited {amount} to be {verb}",
                      f"that took {amount} until they were {verb}"]  # fmt: skip
        if (base := second.noun.split()[0]) in ("ship", "deliver", "pay", "return", "publish"):
            posts += 2 * [f"that took {amount} to {base}"]
        if operator in ("<", "<="):
            within = f"within {said} {unit}" if n > 1 and said not in ("1", "one") else f"within a {unit[:-1]}"
            posts += [f"{verb} {within}", f"that were {verb} {within}"] if operator == "<=" else []
    if verb == "that ended" or "end" in second.noun.split():
        posts += [f"that lasted {amount}", f"that ran for {amount}", f"lasting {amount}", f"with a length of {amount}"]
    return Filter(entity.table, first.index, f"{days} {operator} {n}", tuple(posts),
                  (f"time between {first.noun} and {second.noun} is {amount}",), bare=(posts[0],), said=said)  # fmt: skip


def number_pairs(entity: Entity) -> list[tuple[ColumnRole, ColumnRole]]:
    """Two columns of one row that are measured alike: two prices, two counts."""
    alike = {"price", "cost", "budget", "spending", "expense", "expenses"}
    found = [c for c in entity.with_role("measure") if set(c.noun.split()) & alike and not c.revenue]
    return [(a, b) for a in found for b in found if a.index != b.index]


def _numbers(world: World, rng: random.Random, entity: Entity) -> Filter | None:
    high, low = rng.choice(number_pairs(entity))
    a, b = world.ref(high.index), world.ref(low.index)
    h, lo = rng.choice(high.nouns[:2]), rng.choice(low.nouns[:2])
    kind = rng.choice(("more", "more", "gap", "times", "percent", "percent", "less"))
    clauses: tuple[str, ...]
    if kind in ("more", "less"):
        sign, word = (">", "higher than") if kind == "more" else ("<", "lower than")
        sql, said = f"{a} {sign} {b}", ""
        beyond = "above" if kind == "more" else "below"
        clauses = (
            f"{h} is {word} the {lo}",
            f"{h} is {beyond} the {lo}",
            f"{h} {'exceeds' if kind == 'more' else 'is under'} the {lo}",
        )
    elif kind == "gap":
        n = rng.choice((1, 2, 5, 10, 20, 25, 50, 100, 200, 500))
        said = number_text(rng, n)
        sql = f"{a} - {b} > {n}"
        clauses = (f"{h} is more than {said} above the {lo}", f"{h} exceeds the {lo} by more than {said}",
                   f"difference between {h} and {lo} is more than {said}")  # fmt: skip
    elif kind == "times":
        n = rng.choice((2, 3, 4, 5))
        said = {2: "twice", 3: "three times", 4: "four times", 5: "five times"}[n]
        sql = f"{a} > {n} * {b}"
        clauses = (f"{h} is more than {said} the {lo}", f"{h} is over {said} the {lo}")
    else:
        percent = rng.choice((20, 25, 30, 40, 50, 60, 70, 75, 80, 90))
        said, sign = say(rng, "{n}[%| percent|%]", n=str(percent)), rng.choice((">", "<"))
        sql = f"{a} {sign} {percent / 100:g} * {b}"
        side = ("more than", "above", "over") if sign == ">" else ("less than", "below", "under")
        clauses = tuple(f"{h} is {word} {said} of the {lo}" for word in side)
    posts = tuple(f"{lead} {clause}" for clause in clauses for lead in ("whose", "where the"))
    if kind == "percent" and "cost" in high.noun.split():
        posts += tuple(f"that cost us {word} {said} of their {lo}" for word in side) * 2
    return Filter(entity.table, high.index, sql, posts, clauses, said=said)
