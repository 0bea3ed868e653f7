"""The order of the steps from a question to an answer.

question -> context -> candidates -> choice (validate, run, first good one) -> explanation -> answer.

The model, the value index and the retriever are made when they are first needed, and kept. An assistant may be used from
several threads: the model answers one question at a time, queries run side by side.
"""
from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nl2sql.choice import Choice, Judge, Reading, by_score, choose
from nl2sql.context.follow_ups import refers_back
from nl2sql.context.words import checked_question
from nl2sql.errors import BadDatabase, BadInput
from nl2sql.model import adapters
from nl2sql.records import Alternative, Answer, Context, Query, Result

if TYPE_CHECKING:
    from nl2sql.context.linking import ValueIndex
    from nl2sql.context.retrieve import Retriever
    from nl2sql.context.vectors import Encode
    from nl2sql.conversation import Conversation
    from nl2sql.engine.database import Database
    from nl2sql.memory import Memory
    from nl2sql.model.generate import Generator

UNLIKELY = 0.02  # nobody is asked "did you mean" a reading that the model gives less than this share


class Assistant:
    """Answers questions about one database; without one, about the sample database ``sales``.

    ``generator`` stands in for the shipped model and ``judge`` for the verifier that chooses among its candidates; those of
    another generator are chosen by score where no judge is given. ``beam`` is the number of candidates, ``alternatives`` that of
    other readings in an answer; all queries after the first one that runs may take ``alternatives_seconds`` together.
    """

    def __init__(
        self,
        database: Database | None = None,
        *,
        generator: Generator | None = None,
        judge: Judge | None = None,
        beam: int = 4,
        alternatives: int = 3,
        alternatives_seconds: float = 1.0,
    ) -> None:
        self._owns_database = database is None
        self.database = _sample_database() if database is None else database
        self._given_generator = generator
        self._given_judge = judge
        self._beam = beam
        self._alternatives = alternatives
        self._alternatives_seconds = alternatives_seconds
        self._encode: Encode | None = None
        self._lock = threading.RLock()  # held while parts are made and while the model works
        self._memory_lock = threading.Lock()  # its own: who types isn't to wait for the model

    def ask(
        self, question: str, as_of: dt.date | None = None, *, history: Sequence[tuple[str, str]] = (), use_memory: bool = True
    ) -> Answer:
        """The answer. Relative dates count from ``as_of``, else from the database's own date.

        ``history``: questions that this one may refer to, with their SQL, the oldest first; ``conversation`` keeps it.
        ``use_memory``: a verified question that means the same answers (``Answer.verified``).
        Raises ``NoAnswer`` with what failed, and ``BadInput`` for a question, database or weights that can't be used.
        """
        clock = [time.perf_counter()]
        question = checked_question(question)
        day, day_reason = self._day(as_of)
        trouble: tuple[str, ...] = ()
        if use_memory and not (history and refers_back(question)):
            recalled, trouble = self.memory.recall(question, day, lambda sql: self.answer_sql(question, sql, as_of))
            if recalled is not None:
                return recalled
        context = self._context(question, day, history)
        clock.append(time.perf_counter())
        with self._lock:
            context = self._linked(context)
            candidates = self._generator.generate([context], beam=self._beam)[0]
        clock.append(time.perf_counter())
        # the verifier misses in a follow-up's query what only the questions before it named: it has learnt from single questions
        judge = by_score if history else self._judge
        choice = choose(
            context, candidates, self._run, judge, alternatives=self._alternatives, seconds=self._alternatives_seconds,
            share=UNLIKELY if judge is by_score else 0.0,  # the verifier compares all that run
        )
        clock.append(time.perf_counter())
        answer = self._answer(context, choice, day_reason, clock)
        follows = tuple(earlier for earlier, _ in history)
        return replace(answer, question=question, warnings=(*answer.warnings, *trouble), follows=follows)

    @property
    def memory(self) -> Memory:
        """The verified questions of this database, and completion while typing."""
        with self._memory_lock:
            return self._memory

    def conversation(self) -> Conversation:
        """Questions that may refer to those before them."""
        from nl2sql.conversation import Conversation

        return Conversation(self)

    def answer_sql(self, question: str, sql: str, as_of: dt.date | None = None) -> Answer:
        """The answer that given SQL makes to a question. Nobody guessed, so its confidence is 1. Raises as ``run_sql``."""
        clock = [time.perf_counter()]
        day, day_reason = self._day(as_of)
        context = self._context(checked_question(question), day)
        clock += [time.perf_counter()] * 2
        query, result = self._run(sql)
        clock.append(time.perf_counter())
        choice = Choice(Reading(query, result, 1.0), (), ())
        return self._answer(context, choice, day_reason, clock, guessed=False)

    def run_sql(self, text: str) -> Result:
        """The rows of SQL that the caller wrote, through the same rules and the same engine as the model's.

        Raises ``Refused`` with the rule's name, ``QueryTimedOut``, ``QueryTooLarge`` or ``QueryFailed``.
        """
        return self._run(text)[1]

    @property
    def is_sample(self) -> bool:
        """Whether it asks the sample database, for want of another one."""
        return self._owns_database

    def warm(self) -> None:
        """Load the model and make the value index now, so that the first question doesn't wait for them."""
        context = self._context("How many are there?", self.database.as_of)
        with self._lock:
            self._generator.generate([context], beam=self._beam)

    def close(self) -> None:
        """End what runs in the background, and the worker process if the assistant opened the database itself."""
        if "_memory" in self.__dict__:
            self._memory.close()
        if self._owns_database:
            self.database.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _generator(self) -> Generator:
        if self._given_generator is not None:
            return self._given_generator
        from nl2sql.model.generate import PointerGenerator

        dialect = self.database.dialect
        return PointerGenerator(
            adapters.SHIPPED / "base", self._adapter, dialect=dialect, strict=dialect == "duckdb",
            least=UNLIKELY if self._judge is by_score else 0.0)  # the verifier compares all candidates

    @cached_property
    def _linked(self) -> Callable[[Context], Context]:
        """What the generator's prompt shows beyond a context is for the judge too."""
        return getattr(self._generator, "linked", lambda context: context)

    @cached_property
    def _judge(self) -> Judge:
        if self._given_judge is not None or self._given_generator is not None:
            return self._given_judge or by_score
        from nl2sql.model.verifier import suited

        return suited(adapters.SHIPPED / "verifier", self._adapter) or by_score

    @cached_property
    def _adapter(self) -> Path | None:
        return adapters.find(self.database.fingerprint)

    @cached_property
    def _memory(self) -> Memory:
        from nl2sql.memory import Memory

        questions = [self._adapter / "questions.jsonl"] if self._adapter else []
        return Memory(
            self.database, link=self._context, model=lambda: self._generator, encode=self._embed, lock=self._lock,
            files=questions,
        )

    def _day(self, as_of: dt.date | None) -> tuple[dt.date, str]:
        """The day that relative dates count from, and why where nobody gave it."""
        given, reason = (self.database.as_of, self.database.as_of_reason) if as_of is None else (as_of, "")
        return checked_day(given), reason

    def _embed(self, texts: Sequence[str]) -> Any:
        """Sentence embeddings, by the encoder that the model holds already where it has one."""
        if self._encode is None:
            from nl2sql.context.retrieve import Sbert

            with self._lock:
                self._encode = getattr(self._generator, "embed", None) or Sbert()
        return self._encode(texts)

    @cached_property
    def _value_index(self) -> ValueIndex:
        from nl2sql.context.linking import ValueIndex

        return ValueIndex(self.database.schema, self.database.values)

    @cached_property
    def _retriever(self) -> Retriever:
        from nl2sql.context.retrieve import Retriever
        from nl2sql.model.retrieval import RetrievalEncoder

        weights = adapters.SHIPPED / "retriever"
        # either loads the model when a schema doesn't fit a prompt
        return Retriever(RetrievalEncoder(weights, self._model) if weights.is_dir() else self._embed)

    def _model(self) -> Generator:
        with self._lock:
            return self._generator

    def _context(self, question: str, day: dt.date, history: Sequence[tuple[str, str]] = ()) -> Context:
        from nl2sql.context.build import build_context
        from nl2sql.conversation import follow_up

        with self._lock:
            index = self._value_index
            retriever = self._retriever

        def link(text: str, columns: Iterable[int] | None) -> Context:
            return build_context(text, self.database.schema, index, day, columns=columns, retriever=retriever)

        return follow_up(history, question, link, self.database.dialect)

    def _run(self, sql: str, time_limit: float | None = None) -> tuple[Query, Result]:
        from nl2sql.sql.validate import validate

        query = validate(sql, self.database.schema, self.database.dialect)
        return query, self.database.run(query, time_limit=time_limit)

    def _answer(
        self, context: Context, choice: Choice, day_reason: str, clock: list[float], *, guessed: bool = True
    ) -> Answer:
        from nl2sql.sql.changes import changes
        from nl2sql.sql.explain import assumptions, explain

        schema, winner = self.database.schema, choice.winner
        assumed = assumptions(winner.query, schema, context.as_of)
        if day_reason and any(period.relative for period in context.periods):
            assumed += (f"relative dates count from {context.as_of}, {day_reason}",)
        explanation = explain(winner.query, schema)
        others = tuple(Alternative(o.query.sql, explain(o.query, schema), o.probability) for o in choice.others)
        steps = dict(zip(("context", "model", "queries"), (b - a for a, b in zip(clock, clock[1:], strict=False)), strict=True))
        return Answer(
            question=context.question,
            query=winner.query,
            result=winner.result,
            explanation=explanation,
            confidence=winner.probability,
            assumptions=assumed,
            warnings=self._warnings(winner, context.as_of, guessed),
            alternatives=others,
            failures=choice.failures,
            as_of=context.as_of,
            changes=changes(winner.query, schema),
            timings={**steps, "total": time.perf_counter() - clock[0]},
        )

    def _warnings(self, winner: Reading, as_of: dt.date | None, guessed: bool) -> tuple[str, ...]:
        from nl2sql.sql.row_warnings import warn_of_rows
        from nl2sql.sql.warnings import warn

        schema, values = self.database.schema, self.database.values
        warnings = [*warn(winner.query, schema)]
        warnings += warn_of_rows(winner.query, winner.result, schema, self._run, values=values, as_of=as_of)
        if guessed and self._given_generator is None and self._adapter is None:
            warnings.append("No adapter was trained for this database: the base model answered, which errs more often.")
        return tuple(dict.fromkeys(warnings))


def checked_day(day: Any) -> dt.date:
    """``as_of`` as a date, a datetime's own day; raises ``BadInput``."""
    if not isinstance(day, dt.date):
        raise BadInput("as_of must be a date.")
    if not 1000 <= day.year <= 9000:  # the calendar has an end, and a question may count beyond it
        raise BadInput(f"Relative dates can't count from {day.isoformat()[:10]}: give a day between the years 1000 and 9000.")
    return day.date() if isinstance(day, dt.datetime) else day


def _sample_database() -> Database:
    from nl2sql.data import sales
    from nl2sql.engine.cache import writable_folder
    from nl2sql.engine.database import Database

    try:
        path = sales.path()
    except OSError:  # the cache can't be written: a copy for as long as this process lives
        path = writable_folder("sample") / "sales.duckdb"
        try:
            sales.build(path)
        except OSError as error:
            raise BadDatabase(f"The sample database can't be built in {path.parent}: {error.strerror or error}.") from error
    return Database(path)
