"""Does a new question mean the same as one whose SQL a person checked?

Similar sentences don't answer that: to sentence embeddings "highest" and "lowest" are neighbours, and "sales in 2023" is nearer
to "sales in 2024" than to "turnover of the year before last". They only choose which verified questions are looked at. Of those

1. the same words match at once;
2. values, numbers, periods and the words that turn a meaning round must agree (``contrast``);
3. the parser itself must read the new question as the stored SQL: forced along it, no symbol may become much less likely than
   it is under the verified question. Where that question is one that the parser gets wrong, as the corrected ones are, what it
   would rather write for it must stay as likely too.

Not covered: a difference that linking, the closed words and the parser all overlook.
"""
from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from nl2sql.memory.contrast import contradicts
from nl2sql.memory.store import Verified, folded
from nl2sql.records import Candidate, Context, Symbol
from nl2sql.sql.ir import Malformed, Unsupported, from_sql, to_sql

Link = Callable[[str, dt.date], Context]
Steps = Sequence[float]

_LOOKED_AT = 5  # verified questions that the parser compares, the most similar first
_SIMILAR = 0.3  # the least cosine of those
# Set on paraphrases and near misses of the suites' questions, and on Spider's; no test question was among them.
_LOSS = 0.7  # from this loss of probability on the questions differ
_FALL = 1.0  # and from this one of a symbol's log probability
_HOPELESS = -5.0  # a symbol below this log probability tells nothing
_UNREAD = -3.0  # a query below this one isn't what the parser reads


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
    """What the parser makes of a verified question: its SQL and what the parser would write, each with its steps."""

    context: Context
    stored: Steps
    favourite: str | None = None
    steps: Steps = ()


class Matcher:
    """Compares questions; keeps what the parser made of the verified ones."""

    def __init__(self, link: Link | None, model: Callable[[], Model | None] | None, dialect: str) -> None:
        self._link, self._model, self._dialect = link, model, dialect
        self._own = lru_cache(maxsize=500)(self._make_own)  # question, SQL and day -> what the parser makes of it

    def find(self, question: str, day: dt.date, entries: Sequence[Verified], cosines: Callable[[], Any]) -> Match | None:
        """``cosines`` gives each entry's similarity to the question; None: there is no encoder."""
        asked = folded(question)
        for entry in entries:
            if folded(entry.question) == asked:
                return self._for_day(entry, day)
        model = self._model() if self._model else None
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
        own = self._own(match.entry.question, match.sql, day, model)
        if own is None or _literals(own.context) != _literals(context) or contradicts(own.context, context):
            return math.inf
        stored = self._steps(model, context, match.sql)
        if stored is None:
            return math.inf
        loss = _lost(own.stored, stored)
        if loss < _LOSS and own.favourite and sum(stored) < _UNREAD:
            favourite = self._steps(model, context, own.favourite)
            loss = math.inf if favourite is None else max(loss, _lost(own.steps, favourite))
        return loss

    def _make_own(self, question: str, sql: str, day: dt.date, model: Model) -> _Own | None:
        assert self._link is not None
        context = self._link(question, day)
        stored = self._steps(model, context, sql)
        if stored is None:
            return None
        if sum(stored) >= _UNREAD:
            return _Own(context, stored)
        written = [candidate.sql for candidate in model.generate([context])[0] if candidate.sql]
        steps = self._steps(model, context, written[0]) if written else None
        return _Own(context, stored, written[0], steps) if steps else _Own(context, stored)

    def _steps(self, model: Model, context: Context, sql: str) -> Steps | None:
        """The log probability of each of the query's symbols; None where the question doesn't name what the query does."""
        try:
            return model.likelihoods(context, [from_sql(sql, context, self._dialect)])[0]
        except Unsupported:
            return None


def _lost(before: Steps, now: Steps) -> float:
    """The most probability that a symbol loses, and half of what all lose; inf: an unlikely one becomes far less likely still."""
    if len(before) != len(now):
        return math.inf
    if any(a - b > _FALL for a, b in zip(before, now, strict=True) if a > _HOPELESS):
        return math.inf
    losses = [max(0.0, math.exp(a) - math.exp(b)) for a, b in zip(before, now, strict=True)]
    return max(losses) + 0.5 * sum(losses)


def _literals(context: Context) -> tuple[set[Any], set[Any]]:
    """The periods and numbers that a question names; "one" counts for nothing, nor do a period's own numbers."""
    within = {i for period in context.periods for i in range(period.first, period.last + 1)}
    numbers = {(number.value, number.percent) for number in context.numbers if number.first not in within and number.value != 1}
    return {(period.start, period.end) for period in context.periods}, numbers
