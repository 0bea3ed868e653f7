"""Is B better than A? Two runs over the same questions: what flipped, the paired bootstrap interval and McNemar's test."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nl2sql.data.sources.reading import text_of
from nl2sql.errors import BadInput
from nl2sql.eval import statistics
from nl2sql.eval.files import write_whole
from nl2sql.eval.grade import Graded

Entry = dict[str, Any]
KEYS = ("number", "database", "question", "counted", "outcome", "sql")


@dataclass(frozen=True)
class Flip:
    number: int
    question: str
    outcomes: tuple[str, str]
    sql: tuple[str | None, str | None]


@dataclass(frozen=True)
class Comparison:
    """Shares right of A and B over ``n`` questions; ``gained`` and ``lost``: what A and B said where it flipped."""

    n: int
    a: float
    b: float
    interval: tuple[float, float]
    p: float
    gained: tuple[Flip, ...]
    lost: tuple[Flip, ...]

    @property
    def conclusion(self) -> str:
        low, high = self.interval
        if self.p < 0.05 and low * high > 0:
            return "B is better." if self.b > self.a else "A is better."
        return "The difference may be chance."


def write(path: str | Path, graded: Sequence[Graded]) -> None:
    """Every question with its outcome, one JSON object a line."""
    lines = []
    for entry in graded:
        known = {
            "number": entry.case.number, "database": entry.case.database, "question": entry.case.question,
            "counted": entry.counted, "outcome": entry.outcome, "sql": entry.prediction.sql,
            "confidence": entry.prediction.confidence, "error": entry.error,
        }  # fmt: skip
        lines.append(json.dumps(known) + "\n")
    write_whole(Path(path), "".join(lines))


def compare(first: str | Path, second: str | Path) -> Comparison:
    """Raises BadInput where the files aren't of the same questions."""
    a, b = _read(Path(first)), _read(Path(second))
    if [(x["number"], x["question"]) for x in a] != [(x["number"], x["question"]) for x in b]:
        a, b = _shared(a, b)
        if not a:
            raise BadInput(f"{first} and {second} are not about the same questions.")
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x["counted"] and y["counted"]]
    if not pairs:
        raise BadInput(f"{first} and {second} have no question in common that counts.")
    right_a, right_b = [x["outcome"] == "right" for x, _ in pairs], [y["outcome"] == "right" for _, y in pairs]
    flips = list(zip(right_a, right_b, pairs, strict=True))
    return Comparison(
        n=len(pairs),
        a=sum(right_a) / len(pairs),
        b=sum(right_b) / len(pairs),
        interval=statistics.paired_interval(right_a, right_b),
        p=statistics.mcnemar(right_a, right_b),
        gained=tuple(_flip(x, y) for was, now, (x, y) in flips if now and not was),
        lost=tuple(_flip(x, y) for was, now, (x, y) in flips if was and not now),
    )


def _shared(a: list[Entry], b: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The rows of the smaller one in both, none if they aren't all there: suites of other words or other names ask the same rows
    of the same databases as the suite that they were made of."""
    rows = [{(entry["number"], entry["database"]): entry for entry in entries if entry["database"]} for entries in (a, b)]
    same = rows[0].keys() & rows[1].keys()
    if len(same) < min(len(a), len(b)):
        return [], []
    return [rows[0][key] for key in sorted(same)], [rows[1][key] for key in sorted(same)]


def _flip(a: Entry, b: Entry) -> Flip:
    return Flip(b["number"], b["question"], (a["outcome"], b["outcome"]), (a["sql"], b["sql"]))


def _read(path: Path) -> list[Entry]:
    lines = text_of(path).removesuffix("\n").split("\n")
    entries = []
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            entries.append({key: entry[key] for key in KEYS})
        except (ValueError, RecursionError, KeyError, TypeError) as error:
            raise BadInput(f"{path}, line {number} is not a line of --graded-out.") from error
    return entries


def as_json(found: Comparison) -> dict[str, Any]:
    return {**asdict(found), "conclusion": found.conclusion}


def text(found: Comparison) -> str:
    low, high = found.interval
    lines = [
        f"A {found.a:.1%}, B {found.b:.1%} of {found.n} questions; B - A = {found.b - found.a:+.1%}"
        f" (95 % interval {low:+.1%} to {high:+.1%}), McNemar p = {found.p:.4f}. {found.conclusion}",
        f"B is right where A is not: {len(found.gained)}; wrong where A is right: {len(found.lost)}",
    ]
    for title, flips in (("gained", found.gained), ("lost", found.lost)):
        lines += [f"  {title} {flip.number} ({' -> '.join(flip.outcomes)}): {flip.question}" for flip in flips]
    return "\n".join(lines)
