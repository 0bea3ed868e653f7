"""The choice among candidates: they are tried in order of score, and the first that runs and isn't trivially empty wins."""
from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nl2sql.errors import NoAnswer, QueryFailed, Refused
from nl2sql.records import Candidate, Failure, Query, Result

# SQL and a time limit in seconds (None: the database's own) -> the checked query and its rows
Run = Callable[[str, float | None], tuple[Query, Result]]


@dataclass(frozen=True)
class Reading:
    """A candidate that ran. ``probability`` is its share among all candidates."""

    query: Query
    result: Result
    probability: float


@dataclass(frozen=True)
class Choice:
    """``others`` ran too and say something else than the winner, the most probable first."""

    winner: Reading
    others: tuple[Reading, ...]
    failures: tuple[Failure, ...]


def choose(candidates: Sequence[Candidate], run: Run, *, alternatives: int, alternatives_seconds: float) -> Choice:
    """Raises ``NoAnswer`` where the model prefers none, or where nothing runs.

    Candidates that the model finds less likely than "no answer" are not considered. A query whose rows say nothing wins only
    if no other one does better. ``alternatives_seconds`` bounds the time of all queries after the winner's.
    """
    likely = _preferred(candidates)
    if not likely:
        raise NoAnswer("This database has no answer to that question, or it asks for something else than reading data.")
    winner: Reading | None = None
    others: list[Reading] = []
    failures: list[Failure] = []
    until = math.inf
    for sql, probability in likely:
        left = until - time.perf_counter()
        if winner and (left <= 0 or len(others) >= alternatives):
            break
        try:
            query, result = run(sql, left if winner else None)
        except Refused as error:
            failures.append(Failure(sql, str(error), error.rule))
        except QueryFailed as error:
            failures.append(Failure(sql, str(error)))
        else:
            reading = Reading(query, result, probability)
            if winner or trivially_empty(result):
                others.append(reading)
            else:
                winner, until = reading, time.perf_counter() + alternatives_seconds
    if not winner and not others:
        raise NoAnswer("No query that the model wrote for this question could be run.", failures)
    winner = winner or others.pop(0)
    return Choice(winner, _different(winner, others)[:alternatives], tuple(failures))


def probabilities(candidates: Sequence[Candidate]) -> list[float]:
    """Each candidate's share: the softmax of their log probabilities, "no answer" included."""
    best = max((candidate.score for candidate in candidates), default=0.0)
    weights = [math.exp(candidate.score - best) for candidate in candidates]
    return [weight / sum(weights) for weight in weights]


def trivially_empty(result: Result) -> bool:
    """No rows, or nothing but NULL in them."""
    return all(cell is None for row in result.rows for cell in row)


def _preferred(candidates: Sequence[Candidate]) -> list[tuple[str, float]]:
    """SQL and probability of the candidates that the model prefers to "no answer", the likeliest first."""
    ranked = sorted(zip(candidates, probabilities(candidates), strict=True), key=lambda pair: -pair[0].score)
    preferred: list[tuple[str, float]] = []
    for candidate, probability in ranked:
        if candidate.sql is None:
            break
        preferred.append((candidate.sql, probability))
    return preferred


def _different(winner: Reading, others: Sequence[Reading]) -> tuple[Reading, ...]:
    seen, kept = {_content(winner.result)}, []
    for reading in sorted(others, key=lambda reading: -reading.probability):
        content = _content(reading.result)
        if content not in seen:
            seen.add(content)
            kept.append(reading)
    return tuple(kept)


def _content(result: Result) -> tuple[str, ...]:
    """The rows whatever their order, in a form that can be compared."""
    return tuple(sorted(map(repr, result.rows)))
