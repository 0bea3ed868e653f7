"""Names of people, and the draws that all the databases use."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, TypeVar

Drawn = TypeVar("Drawn")
Table = tuple[str, Sequence[tuple[Any, ...]]]  # its name and rows

DAY = dt.date(2025, 11, 15)  # the last day in every database: "today" of its questions

WOMEN = (
    "Anna", "Sofia", "Clara", "Julia", "Nina", "Laura", "Emily", "Hannah", "Grace", "Orla", "Aoife", "Niamh", "Ruth", "Helen",
    "Diane", "Monica", "Ingrid", "Petra", "Carla", "Elena", "Marta", "Rosa", "Fatima", "Leila", "Mei", "Yuki", "Priya", "Anjali",
    "Zoe", "Chloe", "Megan", "Alice", "Eva", "Ida", "Karin", "Lena",
)  # fmt: skip
MEN = (
    "Thomas", "Peter", "Paul", "Daniel", "Mark", "Luke", "Oscar", "Felix", "Jonas", "David", "Robert", "Simon", "Conor", "Liam",
    "Sean", "Patrick", "Brian", "Keith", "Ahmed", "Omar", "Hassan", "Kenji", "Wei", "Arjun", "Rahul", "Carlos", "Diego", "Marco",
    "Luca", "Stefan", "Erik", "Lars", "Nils", "Victor", "Ivan", "Adam",
)  # fmt: skip
LAST_NAMES = (
    "Murphy", "Kelly", "Byrne", "Walsh", "Ryan", "Doyle", "Nolan", "Brennan", "Keane", "Foley", "Quinn", "Healy", "Moran",
    "Carroll", "Dunne", "Burke", "Hayes", "Fitzgerald", "Lynch", "Power", "Schmidt", "Weber", "Fischer", "Wagner", "Becker",
    "Hoffmann", "Koch", "Richter", "Wolf", "Neumann", "Braun", "Krause", "Lehmann", "Maier", "Jensen", "Larsen", "Nielsen",
    "Hansen", "Rossi", "Ferrari", "Conti", "Romano", "Costa", "Silva", "Santos", "Pereira", "Garcia", "Lopez", "Ortega",
    "Navarro", "Dubois", "Laurent", "Moreau", "Girard", "Patel", "Singh", "Sharma", "Khan", "Ali", "Chen", "Tanaka", "Novak",
    "Kowalski", "Horvat",
)  # fmt: skip


def person(chance: Random, used: set[tuple[str, str]]) -> tuple[str, str, bool]:
    """First name, last name and whether it is a woman; nobody has a name in ``used``, which grows."""
    while True:
        woman = chance.random() < 0.54
        name = (chance.choice(WOMEN if woman else MEN), chance.choice(LAST_NAMES))
        if name not in used:
            used.add(name)
            return *name, woman


def weighted(chance: Random, pairs: Iterable[tuple[Drawn, float]]) -> Drawn:
    """One of the things, each of which stands beside its weight."""
    things, weights = zip(*pairs, strict=True)
    found: Drawn = chance.choices(things, weights)[0]
    return found


def between(chance: Random, first: dt.date, last: dt.date) -> dt.date:
    """A day from ``first`` to ``last``; ``first`` where that is later."""
    return plus(first, chance.randint(0, max(0, (last - first).days)))


def plus(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


def numbered(rows: Iterable[tuple[Any, ...]], first: int = 1) -> list[tuple[Any, ...]]:
    """The rows with their numbers in front."""
    return [(number, *row) for number, row in enumerate(rows, first)]
