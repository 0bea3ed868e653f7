"""Does a new question mean the same as one whose SQL a person checked?

Similar sentences don't answer that: to sentence embeddings "highest" and "lowest" are neighbours, and "sales in 2023" is nearer
to "sales in 2024" than to "turnover of the year before last". They only choose which verified questions are looked at. Of those

1. the same words match at once;
2. numbers, periods, values and the words that turn a meaning round must agree (``contrast``), and its SQL's values be named;
3. the parser must read both questions alike. Either, forced along the stored SQL, it finds no symbol much less likely in the new
   question than in the verified one; where the verified question is one that it gets wrong, as the corrected ones are, what it
   would rather write for it must stay as likely too. Or what it writes for the new question is what was stored, or what it
   writes for the verified one, up to their form. Stored SQL in a form that it doesn't write is compared in its own, if that gives
   the same rows.

Not covered: a difference that linking, the closed words and the parser all overlook.
"""
from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Protocol

from nl2sql.memory.contrast import differ, names_another_table, one_word_swapped
from nl2sql.memory.store import Verified, folded
from nl2sql.memory.variants import normal_form, variants
from nl2sql.records import Candidate, Context, Symbol
from nl2sql.sql.ir import Malformed, Unsupported, from_sql, to_sql

Link = Callable[[str, dt.date], Context]
Same = Callable[[str, str], bool]
Steps = Sequence[float]

_LOOKED_AT = 5  # verified questions that the parser compares, the most similar first
_SIMILAR = 0.2  # the least cosine of those
# Set on paraphrases and near misses of the suites' questions; no question of the tests was among them.
_LOSS = 0.95  # from this loss of probability on the questions differ
_LOSS_MISREAD = 0.7  # and where the parser reads the verified one wrongly
_ALIKE = 0.6  # that of a question for which the parser writes the same
_FALL = 1.0  # and from this one of a symbol's log probability
_UNLIKELY, _HOPELESS = -0.7, -5.0  # where a symbol's log probability lies between these two; below it tells nothing
_READ, _UNREAD = -0.7, -3.0  # a query's log probability: the parser reads it; the parser reads another one
_DROP = 2.0  # a loss of log probability of the stored SQL from which it isn't meant
_DROP_MISREAD = 3.5  # that where the parser reads the verified question wrongly
_USUAL = 3.0  # an order of the stored SQL whose log probability lies further below the best order's tells nothing
_SURE = -0.5  # and reads it so surely that a table named beside it changes nothing
_YEAR = re.compile(r"\b(?:the )?(?:calendar )?year (?:of )?(?=(?:19|20)\d\d\b)", re.IGNORECASE)  # "the year 2024" is 2024


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
    """What the parser makes of a verified question: its SQL, in the parser's own form where that gives the same rows, with the
    steps of its orders; where the parser reads something else, also what it would write, its ``favourite``."""

    sql: str
    stored: list[Steps]
    favourite: str = ""
    steps: list[Steps] = field(default_factory=list)


class _Asked:
    """The new question in its context, and what the parser writes for it, when that is needed."""

    def __init__(self, context: Context, model: Model) -> None:
        self.context, self._model = context, model

    @cached_property
    def favourite(self) -> str:
        best = next(iter(self._model.generate([self.context])[0]), None)
        return best.sql or "" if best is not None and best.score >= _UNREAD else ""


class Matcher:
    """Compares questions; keeps what the parser made of the verified ones."""

    def __init__(
        self, link: Link | None, model: Callable[[], Any] | None, dialect: str, *, same: Same = lambda one, other: False
    ) -> None:
        """``model`` gives a ``Model``, or a generator that isn't one; ``same``: whether two queries give the same rows."""
        self._link, self._model, self._dialect, self._same = link, model, dialect, same
        self._own = lru_cache(maxsize=500)(self._make_own)  # question, SQL and day -> what the parser makes of it
        self._linked = lru_cache(maxsize=500)(self._make_linked)

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
        asked_now = _Asked(self._make_linked(question, day), model)
        nearest = sorted(range(len(entries)), key=lambda i: -similar[i])[:_LOOKED_AT]
        matches = [match for i in nearest if similar[i] >= _SIMILAR and (match := self._for_day(entries[i], day))
                   and not differ(self._linked(match.entry.question, day), asked_now.context, match.sql)]  # fmt: skip
        known = [(match, own) for match in matches if (own := self._own(match.entry.question, match.sql, day))]
        likely = self._steps(model, asked_now.context, [own.sql for _, own in known])
        judged = [(self._loss(asked_now, day, *pair, likely[i], model), i) for i, pair in enumerate(known)]
        loss, best = min(judged, default=(math.inf, 0))
        return known[best][0] if loss < _LOSS else None

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

    def _loss(self, asked: _Asked, day: dt.date, match: Match, own: _Own, stored: list[Steps], model: Model) -> float:
        """How much less the parser reads the stored SQL in the new question than in the verified one; inf: it can't be meant."""
        known, context = self._linked(match.entry.question, day), asked.context
        likely = max(map(sum, stored), default=-math.inf)
        if not stored or (likely < _SURE and names_another_table(known, context, match.sql)):
            return math.inf
        loss, before = _lost(own.stored, stored), max(map(sum, own.stored))
        as_likely = likely >= before - (_DROP_MISREAD if own.favourite else _DROP)
        if not as_likely or (own.favourite and loss >= _LOSS_MISREAD):
            loss = math.inf
        elif own.favourite and before < _UNREAD and likely < _UNREAD:
            loss = max(loss, _lost(own.steps, self._steps(model, context, [own.favourite])[0]))
        if one_word_swapped(known, context):
            return 2 * loss
        if loss < _LOSS:
            return loss
        return _ALIKE if self._reads_alike(asked, match.sql, own.sql, own.favourite if as_likely else "") else math.inf

    def _reads_alike(self, asked: _Asked, *readings: str) -> bool:
        """Whether what the parser writes for the question is one of these, up to its form."""
        form = self._form(asked.context, asked.favourite)
        return form is not None and any(form == self._form(asked.context, reading) for reading in readings)

    def _form(self, context: Context, sql: str) -> Hashable | None:
        try:
            return normal_form(from_sql(sql, context, self._dialect)) if sql else None
        except Unsupported:
            return None

    def _make_linked(self, question: str, day: dt.date) -> Context:
        assert self._link is not None
        return self._link(_YEAR.sub("", question), day)

    def _make_own(self, question: str, sql: str, day: dt.date) -> _Own | None:
        model = self._model() if self._model else None
        assert model is not None
        context = self._linked(question, day)
        (stored,) = self._steps(model, context, [sql])
        if stored and max(map(sum, stored)) >= _READ:
            return _Own(sql, stored)
        written = next((candidate.sql for candidate in model.generate([context])[0] if candidate.sql), "")
        steps = self._steps(model, context, [written])[0] if written else []
        if steps and self._same(sql, written):
            return _Own(written, steps)
        return _Own(sql, stored, written, steps) if stored else None

    def _steps(self, model: Model, context: Context, queries: Sequence[str]) -> list[list[Steps]]:
        """For each query, in each of its orders, the log probability of its symbols; none where the question doesn't name what
        it does. The question is read once for all."""
        orders = [self._orders(context, sql) for sql in queries]
        sequences = [order for same in orders for order in same]
        found = iter(model.likelihoods(context, sequences) if sequences else ())
        likely = [[next(found) for _ in same] for same in orders]
        return [[steps for steps in same if steps is not None] if None not in same else [] for same in likely]

    def _orders(self, context: Context, sql: str) -> list[tuple[Symbol, ...]]:
        try:
            return variants(from_sql(sql, context, self._dialect))
        except Unsupported:
            return []


def _lost(before: Sequence[Steps], now: Sequence[Steps]) -> float:
    """The least loss among the usual orders of a query; none at all where the new question is read as one of them anyway."""
    if not before or len(before) != len(now):
        return math.inf
    if max(map(sum, now)) >= _READ:
        return 0.0
    best = max(map(sum, before))
    return min(_lost_in_one_order(a, b) for a, b in zip(before, now, strict=True) if sum(a) >= best - _USUAL)


def _lost_in_one_order(before: Steps, now: Steps) -> float:
    """The most probability that a symbol loses, and half of what all lose; inf: an unlikely one becomes far less likely still."""
    pairs = list(zip(before, now, strict=False))
    if len(before) != len(now) or any(a - b > _FALL for a, b in pairs if _HOPELESS < a < _UNLIKELY):
        return math.inf
    losses = [max(0.0, math.exp(a) - math.exp(b)) for a, b in pairs]
    return max(losses) + 0.5 * sum(losses)
