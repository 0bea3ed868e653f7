"""Does a new question mean the same as one whose SQL a person checked?

Similar sentences don't answer that: to sentence embeddings "highest" and "lowest" are neighbours, and "sales in 2023" is nearer
to "sales in 2024" than to "turnover of the year before last". They only choose which verified questions are looked at. Of those

1. the same words match at once;
2. numbers, periods and the words that turn a meaning round must agree (``contrast``), and its SQL's values be named;
3. the parser itself must read the new question as the stored SQL: forced along it, no symbol may become much less likely than
   it is under the verified question. Where that question is one that the parser gets wrong, as the corrected ones are, what it
   would rather write for it must stay as likely too.

Not covered: a difference that linking, the closed words and the parser all overlook.
"""
from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from nl2sql.memory.contrast import differ, one_word_swapped
from nl2sql.memory.store import Verified, folded
from nl2sql.memory.variants import variants
from nl2sql.records import Candidate, Context, Symbol
from nl2sql.sql.ir import Malformed, Unsupported, from_sql, to_sql

Link = Callable[[str, dt.date], Context]
Steps = Sequence[float]

_LOOKED_AT = 5  # verified questions that the parser compares, the most similar first
_SIMILAR = 0.3  # the least cosine of those
# Set on paraphrases and near misses of the suites' questions; no question of the tests was among them.
_LOSS = 0.7  # from this loss of probability on the questions differ
_FALL = 1.0  # and from this one of a symbol's log probability
_UNLIKELY, _HOPELESS = -0.7, -5.0  # where a symbol's log probability lies between these two; below it tells nothing
_READ, _UNREAD = -0.7, -3.0  # a query's log probability: the parser reads it; the parser reads another one


class Model(Protocol):
    """What is asked of the generator. One that can't tell likelihoods, as a plain language model, compares nothing."""

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]: ...

    def likelihoods(self, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[Steps | None]: ...


@dataclass(frozen=True)
class Match:
    """``sql`` is the entry's, its relative dates counted from the new question's day."""

    entry: Verified
    sql: str


@dataclass(frozen=True)
class _Own:
    """What the parser makes of a verified question: the steps of its SQL in its orders and, where the parser doesn't read that,
    of what it would write."""

    context: Context
    stored: list[Steps]
    favourite: str = ""
    steps: list[Steps] = field(default_factory=list)


class Matcher:
    """Compares questions; keeps what the parser made of the verified ones."""

    def __init__(self, link: Link | None, model: Callable[[], Any] | None, dialect: str) -> None:
        """``model`` gives a ``Model``, or a generator that isn't one."""
        self._link, self._model, self._dialect = link, model, dialect
        self._own = lru_cache(maxsize=500)(self._make_own)  # question, SQL and day -> what the parser makes of it

    def find(self, question: str, day: dt.date, entries: Sequence[Verified], cosines: Callable[[], Any]) -> Match | None:
        """``cosines`` gives each entry's similarity to the question; None: there is no encoder."""
        asked = folded(question)
        for entry in entries:
            if folded(entry.question) == asked:
                return self._for_day(entry, day)
        model: Model | None = self._model() if self._model else None
        similar = cosines() if hasattr(model, "likelihoods") else None
        if model is None or similar is None or self._link is None:
            return None
        context = self._link(question, day)
        nearest = sorted(range(len(entries)), key=lambda i: -similar[i])[:_LOOKED_AT]
        matches = [match for i in nearest if similar[i] >= _SIMILAR and (match := self._for_day(entries[i], day))]
        judged = [(self._loss(context, day, match, model), i) for i, match in enumerate(matches)]
        loss, best = min(judged, default=(math.inf, 0))
        return matches[best] if loss < _LOSS else None

    def _for_day(self, entry: Verified, day: dt.date) -> Match | None:
        """The entry's SQL as it stands or, where days went by since, with its relative dates counted from the new day."""
        if day == entry.as_of or self._link is None:
            return Match(entry, entry.sql)
        then = self._link(entry.question, entry.as_of)
        if not any(period.relative for period in then.periods):
            return Match(entry, entry.sql)
        now = self._link(entry.question, day)
        try:
            return Match(entry, to_sql(from_sql(entry.sql, then, self._dialect), now, self._dialect))
        except (Unsupported, Malformed):
            return None

    def _loss(self, context: Context, day: dt.date, match: Match, model: Model) -> float:
        """How much less the parser reads the stored SQL in the new question than in the verified one; inf: it can't be meant."""
        own = self._own(match.entry.question, match.sql, day)
        if own is None or differ(own.context, context, match.sql):
            return math.inf
        stored = self._steps(model, context, match.sql)
        loss = _lost(own.stored, stored)
        if loss < _LOSS and own.favourite and max(map(sum, stored)) < _UNREAD:
            loss = max(loss, _lost(own.steps, self._steps(model, context, own.favourite)))
        return loss * (2 if one_word_swapped(own.context, context) else 1)

    def _make_own(self, question: str, sql: str, day: dt.date) -> _Own | None:
        model = self._model() if self._model else None
        assert model is not None and self._link is not None
        context = self._link(question, day)
        stored = self._steps(model, context, sql)
        if not stored or sum(stored[0]) >= _UNREAD:
            return _Own(context, stored) if stored else None
        written = next((candidate.sql for candidate in model.generate([context])[0] if candidate.sql), "")
        return _Own(context, stored, written, self._steps(model, context, written) if written else [])

    def _steps(self, model: Model, context: Context, sql: str) -> list[Steps]:
        """For each order of the query the log probability of its symbols; none where the question doesn't name what it does."""
        try:
            orders = variants(from_sql(sql, context, self._dialect))
        except Unsupported:
            return []
        found = model.likelihoods(context, orders)
        return [steps for steps in found if steps is not None] if None not in found else []


def _lost(before: Sequence[Steps], now: Sequence[Steps]) -> float:
    """The least loss among the orders of a query; none at all where the new question is read as one of them anyway."""
    if not before or len(before) != len(now):
        return math.inf
    if max(map(sum, now)) >= _READ:
        return 0.0
    return min(_lost_in_one_order(a, b) for a, b in zip(before, now, strict=True))


def _lost_in_one_order(before: Steps, now: Steps) -> float:
    """The most probability that a symbol loses, and half of what all lose; inf: an unlikely one becomes far less likely still."""
    pairs = list(zip(before, now, strict=False))
    if len(before) != len(now) or any(a - b > _FALL for a, b in pairs if _HOPELESS < a < _UNLIKELY):
        return math.inf
    losses = [max(0.0, math.exp(a) - math.exp(b)) for a, b in pairs]
    return max(losses) + 0.5 * sum(losses)
