"""The choice among candidates: all that fit into a time budget run, a judge says how likely each is right, the surest wins."""
from __future__ import annotations

import math
import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Protocol

from nl2sql.errors import NoAnswer, QueryFailed, Refused
from nl2sql.records import Attempt, Candidate, Context, Failure, Query, Result, Verdict

EMPTY = 0.01  # what a query without content keeps of its share: it is rarely what was asked

# SQL and a time limit in seconds (None: the database's own) -> the checked query and its rows
Run = Callable[[str, float | None], tuple[Query, Result]]


class Judge(Protocol):
    """Compares the candidates that ran, knowing all that the model wrote, in order of score. ``model.verifier`` has one."""

    def __call__(self, context: Context, candidates: Sequence[Candidate], attempts: Sequence[Attempt]) -> Verdict: ...


@dataclass(frozen=True)
class Reading:
    """A candidate that ran. ``probability``: how likely its rows are right."""

    query: Query
    result: Result
    probability: float


@dataclass(frozen=True)
class Choice:
    """``others`` ran too and say something else than the winner, the most probable first."""

    winner: Reading
    others: tuple[Reading, ...]
    failures: tuple[Failure, ...]


def choose(
    context: Context, candidates: Sequence[Candidate], run: Run, judge: Judge, *, alternatives: int, seconds: float,
    share: float = 0.0,
) -> Choice:
    """Raises ``NoAnswer`` where the judge refuses the question, or where nothing runs.

    ``seconds`` bounds the time of all queries after the first that ran; ``alternatives`` is the number of ``others``.
    Candidates with less than ``share`` of the probability of all aren't run any more once one has said something.
    """
    ranked = sorted(candidates, key=lambda candidate: -candidate.score)
    unlikely = {id(candidate) for candidate, part in zip(ranked, probabilities(ranked), strict=True) if part < share}
    attempts, failures = run_all([candidate for candidate in ranked if candidate.sql], run, seconds, unlikely)
    if not attempts and ranked and ranked[0].sql:
        raise NoAnswer("No query that the model wrote for this question could be run.", failures)
    verdict = judge(context, ranked, attempts) if attempts else Verdict((), refused=True)
    if verdict.refused:
        raise NoAnswer("This database has no answer to that question, or it asks for something else than reading data.", failures)
    surest = sorted(zip(attempts, verdict.probabilities, strict=True), key=lambda pair: -pair[1])
    readings = [Reading(attempt.query, attempt.result, probability) for attempt, probability in _different(surest)]
    return Choice(readings[0], tuple(readings[1 : alternatives + 1]), tuple(failures))


def by_score(context: Context, candidates: Sequence[Candidate], attempts: Sequence[Attempt]) -> Verdict:
    """The judge of generators that have no verifier: each candidate's share of the probability of all.

    It refuses where "no answer" is likelier than every query that ran.
    """
    shares = dict(zip(map(id, candidates), probabilities(candidates), strict=True))
    found = [shares[id(a.candidate)] * (EMPTY if trivially_empty(a.result) else 1.0) for a in attempts]
    none = max((candidate.score for candidate in candidates if candidate.sql is None), default=-math.inf)
    return Verdict(tuple(found), refused=all(attempt.candidate.score < none for attempt in attempts))


def probabilities(candidates: Sequence[Candidate]) -> list[float]:
    """Each candidate's share: the softmax of their log probabilities, "no answer" included."""
    best = max((candidate.score for candidate in candidates), default=0.0)
    weights = [math.exp(candidate.score - best) for candidate in candidates]
    return [weight / sum(weights) for weight in weights]


def trivially_empty(result: Result) -> bool:
    """No rows, or nothing but NULL in them."""
    return all(cell is None for row in result.rows for cell in row)


def run_all(
    candidates: Sequence[Candidate], run: Run, seconds: float, unlikely: Container[int] = ()
) -> tuple[list[Attempt], list[Failure]]:
    """Runs them one after the other for as long as there is time: ``seconds`` after the first one that ran.

    The ``unlikely`` ones (by ``id``) only as long as nothing has been found.
    """
    attempts: list[Attempt] = []
    failures: list[Failure] = []
    until = math.inf
    for candidate in candidates:
        left = until - time.perf_counter()
        if left <= 0:
            break
        if id(candidate) in unlikely and not all(trivially_empty(attempt.result) for attempt in attempts):
            continue
        sql = candidate.sql or ""
        try:
            query, result = run(sql, left if attempts else None)
        except Refused as error:
            failures.append(Failure(sql, str(error), error.rule))
        except QueryFailed as error:
            failures.append(Failure(sql, str(error)))
        else:
            until = min(until, time.perf_counter() + seconds)
            attempts.append(Attempt(candidate, query, result))
    return attempts, failures


def _different(ranked: Sequence[tuple[Attempt, float]]) -> list[tuple[Attempt, float]]:
    """The first of those whose rows say the same."""
    kept: dict[tuple[str, ...], tuple[Attempt, float]] = {}
    for attempt, probability in ranked:
        kept.setdefault(attempt.content, (attempt, probability))
    return list(kept.values())
