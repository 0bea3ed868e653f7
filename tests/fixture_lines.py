"""The .sql fixtures: one query a line, comments between them."""
from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "fixtures"


class Attack(NamedTuple):
    root: str  # what the attack tries
    rule: str  # the rule of the policy that must refuse it
    layers: frozenset[str]  # which of "policy", "engine" and "worker" stop it alone
    alone: str  # what it does on a connection without guards: "runs", "heavy", "none"
    sql: str


def queries(name: str) -> list[str]:
    """The lines of a fixture that are no comments."""
    return [line for line in (FOLDER / name).read_text("utf-8").split("\n") if line.strip() and not line.startswith("-- ")]


def attacks() -> list[Attack]:
    """Each attack with what its comment says: ``-- root | rule: RULE | layers: policy, engine | alone: runs``."""
    lines = [line for line in (FOLDER / "attacks.sql").read_text("utf-8").split("\n") if line.strip()]
    found: list[Attack] = []
    head: tuple[str, str, frozenset[str], str] | None = None
    for line in lines:
        if line.startswith("-- ") and " | rule: " in line:
            root, rule, layers, alone = (part.split(": ")[-1] for part in line[3:].split(" | "))
            head = root, rule, frozenset(layers.split(", ")), alone
        elif not line.startswith("-- ") and head is not None:
            found.append(Attack(*head, sql=line))
    return found


class Pair(NamedTuple):
    about: str
    misleading: str
    sound: str
    as_of: dt.date | None  # the day that the question is asked for, where it matters


def pairs() -> list[Pair]:
    """The pairs of misleading.sql: ``-- ABOUT | as_of: 2025-06-15``, the misleading query, the sound one."""
    lines = [line for line in (FOLDER / "misleading.sql").read_text("utf-8").split("\n") if line.strip()]
    found = []
    for about, misleading, sound in zip(lines[1::3], lines[2::3], lines[3::3], strict=True):
        about, _, day = about.removeprefix("-- ").partition(" | as_of: ")
        found.append(Pair(about, misleading, sound, dt.date.fromisoformat(day) if day else None))
    return found
