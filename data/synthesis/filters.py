"""Conditions on one column, with the ways to say them: before the noun, after it, as a clause, among keywords."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.roles import ColumnRole
from nl2sql.data.synthesis.times import NUMBER_WORDS
from nl2sql.data.synthesis.world import World


@dataclass(frozen=True)
class Filter:
    """``table`` is the table that is narrowed.

    ``adjectives`` go before its noun ("pending orders"), ``posts`` after it ("with status pending"), ``clauses`` after
    "whose" or "where the" ("status is pending"); ``direct`` denote a row of the table itself ("Fashion", "the Fashion
    category") and ``bare`` are keywords.
    """

    table: int
    column: int
    sql: str
    posts: tuple[str, ...]
    clauses: tuple[str, ...]
    adjectives: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    value: str = ""


def literal(text: str) -> str:
    """A string as SQL."""
    return "'" + text.replace("'", "''") + "'"


def any_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A condition that suits the column's role, or None where there is nothing to compare it with."""
    if column.role in ("dimension", "name"):
        return (
            _negated(world, rng, column)
            if column.role == "dimension" and rng.random() < 0.08
            else text_filter(world, rng, column)
        )
    if column.role == "measure":
        return number_filter(world, rng, column)
    if column.role == "flag":
        return flag_filter(world, rng, column)
    if column.role == "year":
        return year_filter(world, rng, column)
    return null_filter(world, rng, column) if column.role in ("text", "date") else None


def text_filter(world: World, rng: random.Random, column: ColumnRole, value: str | None = None) -> Filter | None:
    """Column = value. A value that other columns hold too is always said with its column's name."""
    entity = world.entities[column.table]
    if value is None:
        texts = world.texts(column.index)
        if not texts or (column.index in entity.labels and len(entity.labels) > 1):
            return None
        value = rng.choice(texts)
    noun, sql = _noun(rng, column), f"{world.ref(column.index)} = {literal(value)}"
    spoken = value.lower() if rng.random() < 0.25 and not re.search(r"\d", value) else value
    quoted = f"'{spoken}'" if rng.random() < 0.3 else spoken
    own = len(world.value_columns.get(value.lower(), ())) <= 1
    clauses = (f"{noun} is {quoted}", f"{noun} is {spoken}", f"{noun} equals {quoted}")
    if column.index in entity.labels:
        name = rng.choice(entity.nouns[:2])
        return Filter(
            column.table,
            column.index,
            sql,
            (f"called {quoted}", f"named {spoken}", f"with the {noun} {quoted}"),
            clauses,
            direct=(spoken, spoken, spoken, f"the {spoken} {name}", f"{name} {spoken}")
            if own
            else (f"{name} {quoted}", f"the {spoken} {name}"),
            bare=(spoken,) if own else (f"{name} {spoken}",),
            value=value,
        )
    head = noun.rpartition(" ")[2]
    posts = [
        f"with {noun} {quoted}",
        f"whose {noun} is {spoken}",
        f"with {lexicon.article(noun)} of {spoken}",
        f"where {noun} is {quoted}",
    ]
    if head in lexicon.PLACE_COLUMNS and " " not in noun:
        posts = (
            ([f"in {spoken}", f"from {spoken}", f"based in {spoken}", f"in {spoken}"] if own else [])
            + posts[:2]
            + [f"in the {noun} {spoken}", f"in the {noun} of {spoken}"]
        )
    elif re.fullmatch(r"[A-Za-z &'-]+", value):
        posts.append(
            f"in the {spoken} {noun}"
            if head in ("category", "segment", "department", "class", "group", "sector", "industry")
            else posts[0]
        )
    adjective = (
        own
        and len(value) > 2
        and len(value.split()) <= 2
        and head not in lexicon.PLACE_COLUMNS
        and not re.search(r"[\d/]", value)
    )
    return Filter(
        column.table,
        column.index,
        sql,
        tuple(posts),
        clauses,
        adjectives=(spoken,) if adjective else (),
        bare=(spoken, f"{noun} {spoken}") if own else (f"{noun} {spoken}",),
        value=value,
    )


def _negated(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    texts = world.texts(column.index)
    if not texts:
        return None
    value, noun = rng.choice(texts), _noun(rng, column)
    sql = f"{world.ref(column.index)} <> {literal(value)}"
    posts = (f"whose {noun} is not {value}", f"with {lexicon.article(noun)} other than {value}", f"not having {noun} {value}")
    return Filter(
        column.table, column.index, sql, posts, (f"{noun} is not {value}", f"{noun} isn't {value}"), bare=(f"{noun} not {value}",)
    )


def number_text(rng: random.Random, value: float) -> str:
    """A number as people write it: 5000, 5,000, 5k, 2 million, twelve."""
    if value == int(value):
        whole = int(value)
        if whole >= 1_000_000 and whole % 100_000 == 0 and rng.random() < 0.6:
            return f"{whole / 1e6:g} million"
        if 1000 <= whole and whole % 1000 == 0 and rng.random() < 0.25:
            return f"{whole // 1000}k"
        if 0 <= whole <= 12 and rng.random() < 0.3:
            return NUMBER_WORDS[whole]
        return f"{whole:,}" if whole >= 1000 and rng.random() < 0.4 else str(whole)
    return f"{value:g}"


def threshold(world: World, rng: random.Random, column: ColumnRole) -> float:
    """A round number in the range of the column's samples."""
    samples = world.numbers(column.index)
    if samples:
        low, high = min(samples), max(samples)
        value = rng.choice(samples) if rng.random() < 0.5 else rng.uniform(low, high)
    else:
        value = rng.uniform(*{"money": (10, 5000), "count": (1, 500), "rate": (1, 100), "plain": (1, 100)}[column.unit])
    if value == 0:
        return 0
    digits = 1 if rng.random() < 0.5 else 2
    rounded = float(f"{value:.{digits}g}")
    integers = not samples or all(sample == int(sample) for sample in samples)
    return float(round(rounded)) if integers else round(rounded, 4)


_COMPARISONS = {
    ">": (
        "[above|over|more than|greater than|higher than|exceeding|>]",
        "[is|is] [above|over|more than|greater than|higher than]",
    ),
    "<": ("[below|under|less than|lower than|<]", "[is|is] [below|under|less than|lower than|smaller than]"),
    ">=": ("[of at least|of {v} or more]", "is [at least|no less than]"),
    "<=": ("[of at most|of {v} or less]", "is [at most|no more than]"),
    "=": ("[of|of exactly|equal to]", "[is|equals|is exactly]"),
}


def number_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A comparison with a round number, or a range."""
    noun, ref = _noun(rng, column), world.ref(column.index)
    low = threshold(world, rng, column)
    if rng.random() < 0.2:
        high = threshold(world, rng, column)
        if low == high:
            return None
        low, high = min(low, high), max(low, high)
        a, b = number_text(rng, low), number_text(rng, high)
        posts = (
            f"with {lexicon.article(noun)} between {a} and {b}",
            f"whose {noun} is between {a} and {b}",
            f"with {noun} from {a} to {b}",
        )
        return Filter(
            column.table,
            column.index,
            f"{ref} BETWEEN {low:.10g} AND {high:.10g}",
            posts,
            (f"{noun} is between {a} and {b}", f"{noun} lies between {a} and {b}"),
            bare=(f"{noun} {a} to {b}", f"{noun} between {a} and {b}"),
        )
    operator = rng.choice((">", ">", ">", "<", "<", ">=", "<=", "="))
    if operator == "=" and column.unit in ("money", "rate"):
        operator = ">"
    text = number_text(rng, low)
    after, verb = _COMPARISONS[operator]
    comparison = say(rng, after, v=text)
    comparison = comparison if text in comparison else f"{comparison} {text}"
    if comparison.startswith("of"):
        posts = [f"with {lexicon.article(noun)} {comparison}"]
    else:
        posts = [f"with {noun} {comparison}", f"with {lexicon.article(noun)} {comparison}"]
    posts += [
        f"whose {noun} {say(rng, verb)} {text}",
        f"having {noun} {operator} {text}",
        *_special_comparison(noun, operator, text),
    ]
    return Filter(
        column.table,
        column.index,
        f"{ref} {operator} {low:.10g}",
        tuple(posts),
        (f"{noun} {say(rng, verb)} {text}",),
        bare=(f"{noun} {operator} {text}", f"{noun} {comparison}"),
    )


def _special_comparison(noun: str, operator: str, text: str) -> list[str]:
    head = noun.rpartition(" ")[2]
    words = {
        "price": {
            ">": ["costing more than", "priced above", "that cost more than"],
            "<": ["costing less than", "priced under", "cheaper than"],
        },
        "salary": {">": ["earning more than", "who earn over", "making more than"], "<": ["earning less than", "who make under"]},
        "age": {">": ["older than", "over the age of"], "<": ["younger than", "under the age of"]},
        "weight": {">": ["heavier than", "weighing more than"], "<": ["lighter than", "weighing less than"]},
        "height": {">": ["taller than"], "<": ["shorter than"]},
        "duration": {">": ["longer than", "lasting more than"], "<": ["shorter than", "lasting less than"]},
    }
    return [f"{phrase} {text}" for phrase in words.get(head, {}).get(operator, [])]


def flag_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A boolean column, true or false."""
    words, truth = column.noun.split(), rng.random() < 0.65
    sql = world.ref(column.index) if truth else f"NOT {world.ref(column.index)}"
    if words[0] in ("has", "have"):
        thing = " ".join(words[1:])
        posts = (
            (f"with {lexicon.article(thing)}", f"that have {lexicon.article(thing)}")
            if truth
            else (f"without {lexicon.article(thing)}", f"with no {thing}")
        )
        return Filter(column.table, column.index, sql, posts, (f"{column.noun} is {str(truth).lower()}",), bare=posts[:1])
    state = " ".join(words[1:] if words[0] in ("is", "was") else words)
    if not state:
        return None
    posts = (
        (f"that are {state}", f"which are {state}", f"marked as {state}")
        if truth
        else (f"that are not {state}", f"which aren't {state}", f"not marked as {state}")
    )
    single = len(state.split()) == 1
    adjectives = (state,) if truth and single else (f"non-{state}",) if single and rng.random() < 0.3 else ()
    return Filter(
        column.table,
        column.index,
        sql,
        posts,
        (f"{state} is {str(truth).lower()}",),
        adjectives=adjectives,
        bare=(state if truth else f"not {state}",),
    )


def year_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A number column that holds years."""
    samples = [int(n) for n in world.numbers(column.index) if 1000 < n < 2200]
    year = rng.choice(samples) if samples else rng.randrange(world.as_of.year - 20, world.as_of.year)
    noun, ref = _noun(rng, column), world.ref(column.index)
    operator, words = rng.choice((("=", "in"), ("=", "in"), (">", "after"), ("<", "before"), (">=", "since")))
    posts = [
        f"with {noun} {words if operator != '=' else ''} {year}".replace("  ", " "),
        f"whose {noun} is {words if operator != '=' else ''} {year}".replace("  ", " "),
    ]
    if noun == "year":
        posts = [f"{words} {year}", f"{words} the year {year}" if operator == "=" else f"{words} {year}"]
    elif noun.split()[0] in lexicon.DATE_VERBS:
        posts.append(f"{lexicon.DATE_VERBS[noun.split()[0]]} {words} {year}")
    return Filter(
        column.table,
        column.index,
        f"{ref} {operator} {year}",
        tuple(posts),
        (f"{noun} is {words if operator != '=' else ''} {year}".replace("  ", " "),),
        bare=(f"{noun} {year}" if operator == "=" else f"{noun} {operator} {year}",),
    )


def null_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """IS NULL or IS NOT NULL, for columns that may be null."""
    if not world.schema.columns[column.index].nullable:
        return None
    noun, ref = _noun(rng, column), world.ref(column.index)
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
        verb = lexicon.DATE_VERBS.get(noun.split()[0], "")
        if column.role == "date" and verb and " " not in verb and verb != "placed":
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


def _noun(rng: random.Random, column: ColumnRole) -> str:
    """The column's own noun, sometimes a synonym."""
    return rng.choice(column.nouns[1:]) if len(column.nouns) > 1 and rng.random() < 0.2 else column.noun
