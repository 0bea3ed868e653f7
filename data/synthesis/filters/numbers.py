"""Conditions on numbers."""

from __future__ import annotations

import random

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.wording import Filter, noun_of
from nl2sql.data.synthesis.phrases import say
from nl2sql.data.synthesis.times import NUMBER_WORDS
from nl2sql.data.synthesis.world import World

_ROUND = {
    100: ("a hundred", "one hundred"), 200: ("two hundred",), 300: ("three hundred",), 500: ("five hundred",),
    1000: ("a thousand", "one thousand"), 2000: ("two thousand",), 5000: ("five thousand",), 10_000: ("ten thousand",),
    1_000_000: ("a million", "one million"), 500_000: ("half a million",), 2_000_000: ("two million",), 12: ("a dozen",),
    15: ("fifteen",), 20: ("twenty",), 30: ("thirty",), 40: ("forty",), 50: ("fifty",), 60: ("sixty",), 25: ("twenty five",),
}  # fmt: skip


def number_text(rng: random.Random, value: float) -> str:
    """A number as people write it: 5000, 5,000, 5k, 2 million, 1.5m, twelve, a hundred."""
    if value != int(value):
        return f"{value:g}"
    whole = int(value)
    if whole in _ROUND and rng.random() < 0.2:
        return rng.choice(_ROUND[whole])
    if whole >= 1_000_000 and whole % 100_000 == 0 and rng.random() < 0.65:
        return f"{whole / 1e6:g}{rng.choice((' million', ' million', ' million', 'm', ' mio', 'm'))}"
    if whole >= 1000 and whole % 1000 == 0 and rng.random() < 0.3:
        return f"{whole // 1000}{rng.choice(('k', 'k', 'K', ' thousand', 'k'))}"
    if 1000 <= whole < 100_000 and whole % 500 == 0 and rng.random() < 0.1:
        return f"{whole / 1000:g}k"
    if 0 <= whole <= 12 and rng.random() < 0.3:
        return NUMBER_WORDS[whole]
    return f"{whole:,}" if whole >= 1000 and rng.random() < 0.35 else str(whole)


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
    ">": "[above|over|more than|greater than|higher than|exceeding|>|bigger than|larger than|of more than|of over|beyond] {v}",
    "<": "[below|under|less than|lower than|<|smaller than|of less than|of under] {v}",
    ">=": "[of at least {v}|of {v} or more|of {v} and more|>= {v}|from {v} upwards|of no less than {v}|of {v}+]",
    "<=": "[of at most {v}|of {v} or less|up to {v}|<= {v}|of no more than {v}|not above {v}]",
    "=": "[of|of exactly|equal to|=] {v}",
}
_CLAUSE = {
    ">": "[is above|is over|is more than|is greater than|is higher than|exceeds|is larger than|tops|is beyond|>] {v}",
    "<": "[is below|is under|is less than|is lower than|is smaller than|stays under|does not reach|<] {v}",
    ">=": "is [at least|no less than|not below|not less than] {v}",
    "<=": "is [at most|no more than|not above|up to] {v}",
    "=": "[is|equals|is exactly] {v}",
}
# by the column's last word: what is said instead of "with a price above", for more and for less
_SPECIAL: dict[str, tuple[str, str]] = {
    "price": (
        "costing more than|priced above|that cost more than|dearer than|more expensive than|that sell for more than|priced over|"
        "that cost over|that go for more than|costing over",
        "costing less than|priced under|cheaper than|that cost less than|that sell for less than|priced below|costing under|that "
        "can be had for less than|that cost under",
    ),
    "salary": (
        "earning more than|who earn over|making more than|who earn more than|who are paid more than|paid more than|on more than|"
        "who make more than|earning above",
        "earning less than|who make under|who earn less than|paid less than|who are paid less than|who earn under|earning below",
    ),
    "age": ("older than|over the age of", "younger than|under the age of"),
    "weight": ("heavier than|weighing more than|that weigh over", "lighter than|weighing less than|that weigh under"),
    "height": ("taller than", "shorter than"),
    "duration": ("longer than|lasting more than|that take more than", "shorter than|lasting less than|that take less than"),
    "area": ("larger than|bigger than|of more than|covering more than", "smaller than|of less than|covering less than"),
    "quantity": ("of more than|with over|of over", "of less than|of fewer than|of under"),
    "capacity": ("that hold more than|with room for more than", "that hold less than|with room for less than"),
    "population": ("with more than|with over", "with fewer than|with less than"),
}
_COUNTED = {"quantity": "units", "area": "", "capacity": "", "population": "inhabitants"}  # what follows the number


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
    if _is_fraction(world, column):
        low = max(0.05, round(low * 20) / 20)
    operator = rng.choice((">", ">", ">", "<", "<", ">=", "<=", "="))
    if operator == "=" and column.unit in ("money", "rate"):
        operator = ">"
    text = _percent_text(rng, low) if _is_fraction(world, column) else number_text(rng, low)
    if column.noun.endswith(("percent", "percentage")) and rng.random() < 0.4:
        text += rng.choice(("%", " percent"))
    plain = text
    if column.suffix and column.suffix != "percent" and rng.random() < 0.5:
        text += f" {column.suffix}"
    after, clause = (say(rng, templates[operator], v=text) for templates in (_AFTER_NOUN, _CLAUSE))
    posts = [f"with {lexicon.article(noun)} {after}", f"whose {noun} {clause}", f"where {noun} {clause}"]
    if not after.startswith("of"):
        posts.append(f"with {noun} {after}")
    posts += _special(world, column, operator, plain)
    return Filter(
        column.table,
        column.index,
        f"{ref} {operator} {low:.10g}",
        tuple(posts),
        (f"{noun} {clause}",),
        bare=(f"{noun} {operator} {text}", f"{noun} {after}"),
        said=text,
    )


def _special(world: World, column: ColumnRole, operator: str, text: str) -> list[str]:
    """What is said of this very column: "that cost more than 20", "larger than 2000 square metres"."""
    head = column.noun.rpartition(" ")[2]
    if operator not in "<>" or head not in _SPECIAL:
        return []
    if head == "price" and next(c for c in world.entities[column.table].columns if c.noun.endswith("price")) == column:
        plain = ("over", "above", "for more than") if operator == ">" else ("under", "below", "for less than", "for under")
        return [f"{word} {text}" for word in plain] + _said_of_it(head, column, operator, text)
    return _said_of_it(head, column, operator, text)


def _said_of_it(head: str, column: ColumnRole, operator: str, text: str) -> list[str]:
    unit = column.suffix or _COUNTED.get(head, "")
    return 2 * [f"{phrase} {text} {unit}".strip() for phrase in _SPECIAL[head][operator == "<"].split("|")]


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
        f"with {noun} between {a} and {b}",
        f"whose {noun} lies between {a} and {b}",
        *_special_ranges(column, a, b),
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


def _special_ranges(column: ColumnRole, a: str, b: str) -> list[str]:
    verbs = {
        "price": ("that cost between", "costing between", "priced between", "that sell for between"),
        "salary": ("who earn between", "earning between", "paid between"),
        "area": ("of between", "covering between"),
        "weight": ("that weigh between",),
    }.get(column.noun.rpartition(" ")[2], ())
    return 2 * [f"{verb} {a} and {b}" for verb in verbs]
