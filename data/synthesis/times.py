"""Time expressions, in words and as half-open bounds, by the product's conventions.

"last month" is the calendar month before the one that holds ``as_of``; "past 3 months" are the dates after
``as_of - INTERVAL 3 month``; "after 2020" begins in 2021; "between March and June 2024" holds both ends.
"""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from nl2sql.data.synthesis.phrases import say

Bounds = tuple[dt.date | None, dt.date | None]
MONTHS = calendar.month_name[1:]
NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
_ORDINALS = ("first", "second", "third", "fourth")


@dataclass(frozen=True)
class When:
    """``full`` fits into a sentence ("in 2024"), ``bare`` among keywords ("2024"); ``name`` follows "than" or "of"."""

    full: str
    bare: str
    start: dt.date | None
    end: dt.date | None

    def sql(self, column: str) -> str:
        """The condition on a date column."""
        parts = []
        if self.start:
            parts.append(f"{column} >= DATE '{self.start}'")
        if self.end:
            parts.append(f"{column} < DATE '{self.end}'")
        return " AND ".join(parts)


@dataclass(frozen=True)
class Timed:
    """A time expression and the date column that it is about."""

    column: int
    when: When


def shift(date: dt.date, months: int) -> dt.date:
    """The date that many months later (or earlier); the day is cut to the month's length, as SQL intervals do."""
    total = date.year * 12 + date.month - 1 + months
    year, month = divmod(total, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def unit_start(date: dt.date, unit: str) -> dt.date:
    """The first day of the calendar unit that holds the date."""
    if unit == "week":
        return date - dt.timedelta(days=date.weekday())
    if unit == "day":
        return date
    month = {"year": 1, "quarter": (date.month - 1) // 3 * 3 + 1, "month": date.month}[unit]
    return dt.date(date.year, month, 1)


def step(date: dt.date, unit: str, count: int) -> dt.date:
    """The date moved by a number of units."""
    if unit in ("day", "week"):
        return date + dt.timedelta(days=count * (7 if unit == "week" else 1))
    return shift(date, count * {"year": 12, "quarter": 3, "month": 1}[unit])


def number(rng: random.Random, value: int, spelled: float = 0.35) -> str:
    """A small whole number in digits or in words."""
    return NUMBER_WORDS[value] if 0 <= value <= 20 and rng.random() < spelled else str(value)


def named(rng: random.Random, start: dt.date, unit: str) -> str:
    """The name of a calendar unit: "2024", "Q3 2024", "March 2024", "5 March 2024"."""
    year = start.year
    if unit == "year":
        return str(year)
    if unit == "quarter":
        q = (start.month - 1) // 3
        return say(
            rng,
            ("Q{q} {y}", "Q{q} {y}", "q{q} {y}", "the {nth} quarter of {y}", "Q{q} of {y}"),
            q=str(q + 1),
            y=str(year),
            nth=_ORDINALS[q],
        )
    month = MONTHS[start.month - 1]
    if unit == "month":
        return say(rng, ("{m} {y}", "{m} {y}", "{m} {y}", "{s} {y}", "{m} of {y}"), m=month, s=month[:3], y=str(year))
    return say(
        rng,
        ("{d} {m} {y}", "{m} {d}, {y}", "{iso}", "{m} {d} {y}"),
        m=month,
        d=str(start.day),
        y=str(year),
        iso=start.isoformat(),
    )


def calendar_unit(rng: random.Random, first: dt.date, last: dt.date, unit: str) -> When:
    """One calendar unit within the range of the data."""
    day = first + dt.timedelta(days=rng.randrange(max(1, (last - first).days)))
    start = unit_start(day, unit)
    name = named(rng, start, unit)
    if unit == "day":
        return When(f"on {name}", name, start, step(start, unit, 1))
    return When(say(rng, "[in|in|in|in|during|for] {n}", n=name), name.removeprefix("the "), start, step(start, unit, 1))


def _rolling(rng: random.Random, as_of: dt.date, units: tuple[str, ...]) -> When:
    unit = rng.choice(units)
    count = rng.choice(
        {
            "day": (7, 10, 14, 30, 60, 90),
            "week": (2, 4, 6, 8),
            "month": (2, 3, 6, 9, 12, 18),
            "quarter": (2, 3, 4),
            "year": (2, 3, 4, 5, 6, 10),
        }[unit]
    )
    start = step(as_of, unit, -count) + dt.timedelta(days=1)
    bare = say(rng, "[past|last|last] {n} {u}s", n=number(rng, count), u=unit)
    full = say(rng, "[in|over|during|within|in] the {b}", b=bare)
    return When(full, bare, start, as_of + dt.timedelta(days=1))


def _relative(rng: random.Random, as_of: dt.date, units: tuple[str, ...]) -> When:
    unit = rng.choice([u for u in units if u != "day"] or ["day"])
    current = unit_start(as_of, unit)
    if unit == "day":
        start = current - dt.timedelta(days=rng.randrange(2))
        name = "today" if start == current else "yesterday"
        return When(name, name, start, step(start, unit, 1))
    if rng.random() < 0.4:
        bare = say(rng, "[this|this|this|the current] {u}", u=unit)
        full = bare if bare.startswith("this") else f"in {bare}"
        return When(full, bare, current, step(current, unit, 1))
    bare = say(rng, "[last|last|previous] {u}", u=unit)
    full = bare if bare.startswith("last") else f"in the {bare}"
    return When(full, bare, step(current, unit, -1), current)


def _range(rng: random.Random, first: dt.date, last: dt.date, units: tuple[str, ...]) -> When:
    unit = rng.choice([u for u in units if u in ("year", "month")] or ["year"])
    starts = sorted(unit_start(first + dt.timedelta(days=rng.randrange(max(1, (last - first).days))), unit) for _ in range(2))
    if starts[0] == starts[1]:
        starts[1] = step(starts[0], unit, 2 if unit == "year" else 3)
    low, high = (named(rng, start, unit) for start in starts)
    if unit == "month" and starts[0].year == starts[1].year and rng.random() < 0.6:
        low = MONTHS[starts[0].month - 1]
    full = say(rng, "[between {a} and {b}|from {a} to {b}|from {a} through {b}|between {a} and {b}]", a=low, b=high)
    return When(full, say(rng, ("{f}", "{a} to {b}"), f=full, a=low, b=high), starts[0], step(starts[1], unit, 1))


def _open(rng: random.Random, first: dt.date, last: dt.date, units: tuple[str, ...]) -> When:
    unit = rng.choice([u for u in units if u in ("year", "year", "month", "quarter", "day")] or ["year"])
    unit = "year" if rng.random() < 0.6 else unit
    span = max(2, (last - first).days)
    start = unit_start(first + dt.timedelta(days=rng.randrange(span // 4, max(span // 4 + 1, span * 3 // 4))), unit)
    name = named(rng, start, unit)
    kind = rng.choice(("since", "since", "before", "after"))
    if kind == "since":
        return When(f"since {name}", f"since {name}", start, None)
    if kind == "before":
        return When(f"before {name}", f"before {name}", None, start)
    return When(f"after {name}", f"after {name}", step(start, unit, 1), None)


def any_time(
    rng: random.Random,
    as_of: dt.date,
    first: dt.date,
    last: dt.date,
    *,
    units: tuple[str, ...] = ("year", "quarter", "month", "week", "day"),
) -> When:
    """A time expression of any kind that overlaps the data between ``first`` and ``last``."""
    recent = (as_of - last).days < 400
    named_units = tuple(u for u in units if u in ("year", "quarter", "month", "day"))
    weights = {"year": 5, "quarter": 3, "month": 3, "day": 1}
    makers: list[tuple[int, Callable[[], When]]] = [
        (6, lambda: calendar_unit(rng, first, last, rng.choices(named_units, [weights[u] for u in named_units])[0])),
        (2, lambda: _range(rng, first, last, units)),
        (2, lambda: _open(rng, first, last, units)),
    ]
    if recent:
        makers += [(4, lambda: _rolling(rng, as_of, units)), (4, lambda: _relative(rng, as_of, units))]
    return rng.choices([maker for _, maker in makers], [weight for weight, _ in makers])[0]()
