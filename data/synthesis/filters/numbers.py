"""Conditions on numbers and flags."""

from __future__ import annotations

import random

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.wording import Filter, noun_of
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.times import NUMBER_WORDS
from nl2sql.data.synthesis.world import World


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


def rounded(rng: random.Random, value: float) -> float:
    """The value with one or two significant digits."""
    return float(f"{value:.{1 if rng.random() < 0.5 else 2}g}")


def threshold(world: World, rng: random.Random, column: ColumnRole) -> float:
    """A round number in the range of the column's samples."""
    samples = world.numbers(column.index)
    if samples:
        low, middle, high = min(samples), sorted(samples)[len(samples) // 2], max(samples)
        value = rng.choice((rng.uniform(low, middle), rng.uniform(low, middle), middle, rng.uniform(middle, high)))
    else:
        value = rng.uniform(*{"money": (10, 5000), "count": (1, 500), "rate": (1, 100), "plain": (1, 100)}[column.unit])
    if value == 0:
        return 0
    integers = not samples or all(sample == int(sample) for sample in samples)
    return float(round(rounded(rng, value))) if integers else round(rounded(rng, value), 4)


_AFTER_NOUN = {
    ">": "[above|over|more than|greater than|higher than|exceeding|>] {v}",
    "<": "[below|under|less than|lower than|<] {v}",
    ">=": "[of at least {v}|of {v} or more]",
    "<=": "[of at most {v}|of {v} or less]",
    "=": "[of|of exactly] {v}",
}
_CLAUSE = {
    ">": "[is above|is over|is more than|is greater than|is higher than|exceeds] {v}",
    "<": "is [below|under|less than|lower than|smaller than] {v}",
    ">=": "is [at least|no less than] {v}",
    "<=": "is [at most|no more than] {v}",
    "=": "[is|equals|is exactly] {v}",
}
_SPECIAL: dict[str, dict[str, tuple[str, ...]]] = {  # by the column's last word: what is said instead of "with a price above"
    "price": {
        ">": ("costing more than", "priced above", "that cost more than"),
        "<": ("costing less than", "priced under", "cheaper than"),
    },
    "salary": {">": ("earning more than", "who earn over", "making more than"), "<": ("earning less than", "who make under")},
    "age": {">": ("older than", "over the age of"), "<": ("younger than", "under the age of")},
    "weight": {">": ("heavier than", "weighing more than"), "<": ("lighter than", "weighing less than")},
    "height": {">": ("taller than",), "<": ("shorter than",)},
    "duration": {">": ("longer than", "lasting more than"), "<": ("shorter than", "lasting less than")},
}


def _is_fraction(world: World, column: ColumnRole) -> bool:
    """Whether the column holds fractions of 1, which people give in percent."""
    samples = world.numbers(column.index)
    return column.unit == "rate" and bool(samples) and 0 <= min(samples) and max(samples) <= 1


def _percent_text(rng: random.Random, value: float) -> str:
    whole = round(value * 100)
    if abs(whole - value * 100) > 1e-9 or rng.random() < 0.4:
        return f"{value:g}"
    return f"{whole}%" if rng.random() < 0.5 else f"{whole} percent"


def number_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A comparison with a round number, or a range."""
    noun, ref = noun_of(rng, column), world.ref(column.index)
    low = threshold(world, rng, column)
    if rng.random() < 0.18:
        return _range(world, rng, column, noun, low)
    operator = rng.choice((">", ">", ">", "<", "<", ">=", "<=", "="))
    if operator == "=" and column.unit in ("money", "rate"):
        operator = ">"
    text = _percent_text(rng, low) if _is_fraction(world, column) else number_text(rng, low)
    if column.noun.endswith(("percent", "percentage")) and rng.random() < 0.4:
        text += rng.choice(("%", " percent"))
    after, clause = (say(rng, templates[operator], v=text) for templates in (_AFTER_NOUN, _CLAUSE))
    posts = [f"with {lexicon.article(noun)} {after}", f"whose {noun} {clause}", f"where {noun} {clause}"]
    if not after.startswith("of"):
        posts.append(f"with {noun} {after}")
    posts += [f"{phrase} {text}" for phrase in _SPECIAL.get(column.noun.rpartition(" ")[2], {}).get(operator, ())]
    return Filter(
        column.table,
        column.index,
        f"{ref} {operator} {low:.10g}",
        tuple(posts),
        (f"{noun} {clause}",),
        bare=(f"{noun} {operator} {text}", f"{noun} {after}"),
        said=text,
    )


def _range(world: World, rng: random.Random, column: ColumnRole, noun: str, low: float) -> Filter | None:
    high = threshold(world, rng, column)
    if low == high:
        return None
    low, high = min(low, high), max(low, high)
    a, b = number_text(rng, low), number_text(rng, high)
    posts = (
        f"with {lexicon.article(noun)} between {a} and {b}",
        f"whose {noun} is between {a} and {b}",
        f"with {lexicon.article(noun)} from {a} to {b}",
    )
    return Filter(
        column.table,
        column.index,
        f"{world.ref(column.index)} BETWEEN {low:.10g} AND {high:.10g}",
        posts,
        (f"{noun} is between {a} and {b}", f"{noun} lies between {a} and {b}"),
        bare=(f"{noun} {a} to {b}", f"{noun} between {a} and {b}"),
        said=f"{a} {b}",
    )


_STATES = set("explicit remote premium online offline open free public private local new hot vegan elite hidden on off".split())
_STATE_ENDINGS = ("ed", "able", "ive", "ous", "ic", "al", "en", "ful", "ile", "ian", "ent")


def flag_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A boolean column, true or false."""
    words, truth = column.noun.split(), rng.random() < 0.65
    state = " ".join(words[1:] if words[0] in ("is", "was", "has", "have") else words)
    if not state:
        return None
    ref, a = world.ref(column.index), lexicon.article(state)
    is_state = words[0] not in ("has", "have") and (state in _STATES or state.endswith(_STATE_ENDINGS))
    yes: tuple[str, ...]
    no: tuple[str, ...]
    if is_state:
        yes = (f"that are {state}", f"which are {state}", f"marked as {state}")
        no = (f"that are not {state}", f"which aren't {state}", f"not marked as {state}")
    elif state.endswith(("er", "or")) and world.entities[column.table].person:  # "smoker", "frequent flyer"
        many = lexicon.plural(state)
        yes, no = (f"who are {many}", f"that are {many}"), (f"who are not {many}", f"that are no {many}")
    else:  # "scholarship", "has pool": a thing
        yes, no = (f"with {a}", f"that have {a}"), (f"without {a}", f"with no {state}", f"that don't have {a}")
    adjectives = (state,) if truth else (f"non-{state}",) if rng.random() < 0.3 else ()
    return Filter(
        column.table,
        column.index,
        ref if truth else f"NOT {ref}",
        yes if truth else no,
        (f"{column.noun} is {'true' if truth else 'false'}",),
        adjectives=adjectives if is_state and " " not in state else (),
        bare=(state if truth else f"not {state}",) if is_state else (yes if truth else no)[:1],
    )
