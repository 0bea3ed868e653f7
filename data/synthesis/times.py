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
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
_ORDINALS = ("first", "second", "third", "fourth")
_NTH = ("1st", "2nd", "3rd", "4th")


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

    def shorter_than(self, days: int) -> bool:
        """Whether it has two ends, and fewer days between them: too few to be split by a unit of time."""
        return bool(self.when.start and self.when.end and (self.when.end - self.when.start).days < days)


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
    if unit == "season":
        return shift(date.replace(day=1), -(date.month % 3))
    month = {"year": 1, "half": 1 if date.month < 7 else 7, "quarter": (date.month - 1) // 3 * 3 + 1, "month": date.month}[unit]
    return dt.date(date.year, month, 1)


def step(date: dt.date, unit: str, count: int) -> dt.date:
    """The date moved by a number of units."""
    if unit in ("day", "week"):
        return date + dt.timedelta(days=count * (7 if unit == "week" else 1))
    return shift(date, count * {"year": 12, "half": 6, "quarter": 3, "season": 3, "month": 1}[unit])


def number(rng: random.Random, value: int, spelled: float = 0.35) -> str:
    """A small whole number in digits or in words."""
    return NUMBER_WORDS[value] if 0 <= value <= 20 and rng.random() < spelled else str(value)


def named(rng: random.Random, start: dt.date, unit: str) -> str:
    """The name of a calendar unit: "2024", "Q3 2024", "March 2024", "5 March 2024"."""
    year = str(start.year)
    frames: tuple[str, ...]
    if unit == "year":
        return year
    if unit == "quarter":
        q = (start.month - 1) // 3
        frames = (
            "Q{q} {y}",
            "Q{q} {y}",
            "q{q} {y}",
            "the {nth} quarter of {y}",
            "Q{q} of {y}",
            "{y} Q{q}",
            "the {short} quarter of {y}",
        )
        return say(rng, frames, q=str(q + 1), y=year, nth=_ORDINALS[q], short=_NTH[q])
    if unit == "half":
        h = (start.month - 1) // 6
        return say(rng, ("the {nth} half of {y}", "H{h} {y}", "the {nth} half of {y}"), nth=_ORDINALS[h], h=str(h + 1), y=year)
    if unit == "season":
        season = _SEASONS[start.month]
        frames = ("{s} {y}", "{s} {y}", "the {s} of {y}", "fall {y}" if season == "autumn" else "{s} {y}")
        return say(rng, frames, s=season, y=year)
    month = MONTHS[start.month - 1]
    if unit == "month":
        frames = ("{m} {y}", "{m} {y}", "{m} {y}", "{s} {y}", "{m} of {y}", "{m}, {y}")
        return say(rng, frames if month != "May" else frames[0], m=month, s=month[:3], y=year)  # "May" may be a verb
    frames = ("{d} {m} {y}", "{m} {d}, {y}", "{iso}", "{m} {d} {y}", "{d} {s} {y}")
    return say(rng, frames, m=month, s=month[:3], d=str(start.day), y=year, iso=start.isoformat())


def calendar_unit(rng: random.Random, first: dt.date, last: dt.date, unit: str) -> When:
    """One calendar unit within the range of the data."""
    start = unit_start(_day(rng, first, last), unit)
    name = named(rng, start, unit)
    if unit == "day":
        return When(f"on {name}", name, start, step(start, unit, 1))
    lead = (
        "[in|in|in|in|during|for] [the year |calendar year |]{n}"
        if unit == "year" and rng.random() < 0.1
        else "[in|in|in|in|during|for] {n}"
    )
    return When(say(rng, lead, n=name), name.removeprefix("the "), start, step(start, unit, 1))


def _day(rng: random.Random, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(days=rng.randrange(max(1, (last - first).days)))


def _rolling(rng: random.Random, as_of: dt.date, units: tuple[str, ...]) -> When:
    """The past N units, up to and with ``as_of``."""
    unit = rng.choice(units)
    counts = {
        "day": (7, 10, 14, 30, 60, 90),
        "week": (2, 4, 6, 8),
        "month": (2, 3, 6, 9, 12, 18),
        "quarter": (2, 3, 4),
        "year": (2, 3, 4, 5, 6, 10),
    }
    count = rng.choice(counts[unit])
    bare = say(rng, "[past|last|last|past] {n} {u}s", n=number(rng, count), u=unit)
    if rng.random() < 0.08 and unit != "day":
        count, bare = 1, f"past {unit}"
    start = step(as_of, unit, -count) + dt.timedelta(days=1)
    return When(say(rng, "[in|over|during|within|in] the {b}", b=bare), bare, start, as_of + dt.timedelta(days=1))


def _relative(rng: random.Random, as_of: dt.date, units: tuple[str, ...]) -> When:
    """This or the last calendar unit, the unit so far, a part of last year."""
    unit = rng.choice([u for u in units if u != "day"] or ["day"])
    current = unit_start(as_of, unit)
    if unit == "day":
        start = current - dt.timedelta(days=rng.randrange(2))
        name = "today" if start == current else "yesterday"
        return When(name, name, start, step(start, unit, 1))
    chance = rng.random()
    if chance < 0.3:
        bare = say(rng, "[this|this|this|the current] {u}", u=unit)
        return When(bare if bare.startswith("this") else f"in {bare}", bare, current, step(current, unit, 1))
    if chance < 0.42 and unit in ("year", "quarter", "month"):
        bare = say(rng, "[{u} to date|this {u} so far|so far this {u}|{short}]", u=unit, short=f"{unit[0].upper()}TD")
        return When(bare, bare, current, as_of + dt.timedelta(days=1))
    if chance < 0.5 and unit in ("quarter", "month"):
        start = unit_start(shift(as_of.replace(month=rng.randrange(1, 13), day=1), -12), unit)
        name = MONTHS[start.month - 1] if unit == "month" else f"Q{(start.month + 2) // 3}"
        bare = say(rng, "{n} [of last year|last year]", n=name)
        return When(f"in {bare}", bare, start, step(start, unit, 1))
    bare = say(rng, "[last|last|last|previous] {u}", u=unit)
    return When(bare if bare.startswith("last") else f"in the {bare}", bare, step(current, unit, -1), current)


def _range(rng: random.Random, first: dt.date, last: dt.date, units: tuple[str, ...]) -> When:
    """From one unit to another, both included."""
    unit = rng.choice([u for u in units if u in ("year", "month", "quarter")] or ["year"])
    starts = sorted(unit_start(_day(rng, first, last), unit) for _ in range(2))
    if starts[0] == starts[1]:
        starts[1] = step(starts[0], unit, 2)
    low, high = (named(rng, start, unit) for start in starts)
    if unit == "month" and starts[0].year == starts[1].year and rng.random() < 0.6:
        low = MONTHS[starts[0].month - 1]
    full = say(rng, "[between {a} and {b}|from {a} to {b}|from {a} through {b}|between {a} and {b}]", a=low, b=high)
    return When(full, say(rng, ("{f}", "{a} to {b}"), f=full, a=low, b=high), starts[0], step(starts[1], unit, 1))


def _open(rng: random.Random, first: dt.date, last: dt.date, units: tuple[str, ...]) -> When:
    """Since, before, after, until a unit."""
    unit = rng.choice([u for u in units if u in ("year", "month", "quarter", "day")] or ["year"])
    unit = "year" if rng.random() < 0.6 else unit
    third = (last - first) / 4
    start = unit_start(_day(rng, first + third, last - third), unit)
    name, end = named(rng, start, unit), step(start, unit, 1)
    kind = rng.choices(("since", "before", "after", "until"), (4, 3, 2, 1))[0]
    words = {
        "since": "[since|since|since|starting in|from {n} onwards|from {n} on]",
        "before": "[before|before|prior to|earlier than]",
        "after": "[after|after|later than]",
        "until": "[until|up to|until the end of]",
    }[kind]
    text = say(rng, words.replace("starting in", "starting in" if unit != "day" else "starting"), n=name)
    text = text if name in text else f"{text} {name}"
    bounds = {"since": (start, None), "before": (None, start), "after": (end, None), "until": (None, end)}[kind]
    return When(text, text, *bounds)


def any_time(
    rng: random.Random,
    as_of: dt.date,
    first: dt.date,
    last: dt.date,
    *,
    units: tuple[str, ...] = ("year", "quarter", "month", "week", "day"),
) -> When:
    """A time expression of any kind that overlaps the data between ``first`` and ``last``."""
    weights = {"year": 5.0, "quarter": 3.0, "month": 3.0, "day": 1.0, "half": 0.5, "season": 0.4}
    named_units = [unit for unit in (*units, "half", "season") if unit in weights]
    makers: list[tuple[int, Callable[[], When]]] = [
        (6, lambda: calendar_unit(rng, first, last, rng.choices(named_units, [weights[u] for u in named_units])[0])),
        (2, lambda: _range(rng, first, last, units)),
        (2, lambda: _open(rng, first, last, units)),
    ]
    if (as_of - last).days < 400:
        makers += [(4, lambda: _rolling(rng, as_of, units)), (4, lambda: _relative(rng, as_of, units))]
    return rng.choices([maker for _, maker in makers], [weight for weight, _ in makers])[0]()
