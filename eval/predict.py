"""Where predictions come from: the assistant, a Python callable or a file. A prediction is SQL, or None with the reason.

Turns of a conversation are asked one after the other, each after the model's own answers. Of other questions, with ``batch``
above 1, the model writes the candidates of many at once, sorted by length of prompt; the choice among them is then the
assistant's own, question by question, and a question's seconds hold its share of the batch. The last digits of a score depend on
what else is in the batch, so a run that is resumed makes the same batches again.
"""
from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import nl2sql
from nl2sql.choice import Judge, by_score
from nl2sql.errors import BadInput, Nl2SqlError, NoAnswer
from nl2sql.eval import files
from nl2sql.eval.cases import Case, Suite
from nl2sql.records import Candidate, Context, Schema, Values

if TYPE_CHECKING:
    from nl2sql import Assistant, Database

CHOICE_SECONDS = 60.0  # for the queries of all candidates of a question
SHIPPED_BASE = Path(nl2sql.__file__).parent / "weights" / "base"
SHIPPED_VERIFIER = SHIPPED_BASE.parent / "verifier"
SHIPPED_RETRIEVER = SHIPPED_BASE.parent / "retriever"

Callback = Callable[[str], str | None]


class Generator(Protocol):
    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]: ...


@dataclass(frozen=True)
class Prediction:
    """``sql`` None: no prediction, ``reason`` says why. ``confidence`` None: the predictor has none."""

    sql: str | None
    reason: str = ""
    seconds: float = 0.0
    confidence: float | None = None
    candidates: tuple[Candidate, ...] = ()


class Predictor(Protocol):
    """Predicts the cases of one database; where there is no file to run on, ``schema`` is all that is known of it. ``known``: the
    numbers of cases that need no prediction, since there is one."""

    def predict(
        self, cases: Sequence[Case], database: Database | None, schema: Schema | None, known: Collection[int] = ()
    ) -> Iterator[Prediction]: ...


def _missing(cases: Sequence[Case], known: Collection[int]) -> list[Case]:
    return [case for case in cases if case.number not in known]


class FromFile:
    """Another system's output: one query a line in the suite's order (an empty line: none), or jsonl of question and sql. It may
    be of ``some`` of the suite's questions alone."""

    def __init__(self, path: str | Path, suite: Suite, some: Sequence[Case] = ()) -> None:
        self.by_number = files.read(Path(path), suite, some)

    def predict(
        self, cases: Sequence[Case], database: Database | None, schema: Schema | None, known: Collection[int] = ()
    ) -> Iterator[Prediction]:
        for case in _missing(cases, known):
            sql = self.by_number.get(case.number)
            yield Prediction(sql, "" if sql else "the file has none")


class FromCallable:
    """Any function from a question to SQL or None. What it raises counts as no prediction; so does what takes longer than
    ``seconds``: the function then runs in a thread, and a call that hangs is left to itself."""

    def __init__(self, function: Callback, *, seconds: float | None = None) -> None:
        self.function, self.seconds = function, seconds

    def predict(
        self, cases: Sequence[Case], database: Database | None, schema: Schema | None, known: Collection[int] = ()
    ) -> Iterator[Prediction]:
        for case in _missing(cases, known):
            start = time.perf_counter()
            sql, reason = self._call(case.question) if self.seconds is None else self._wait(case.question, self.seconds)
            yield Prediction(sql, reason, time.perf_counter() - start)

    def _call(self, question: str) -> tuple[str | None, str]:
        try:
            sql = self.function(question)
        except Exception as error:  # somebody else's code: its failures are outcomes
            return None, f"{type(error).__name__}: {error}"
        if sql is not None and not isinstance(sql, str):
            return None, f"no text but {type(sql).__name__}"
        return (sql or "").strip() or None, ""

    def _wait(self, question: str, seconds: float) -> tuple[str | None, str]:
        answers: queue.SimpleQueue[tuple[str | None, str]] = queue.SimpleQueue()
        threading.Thread(target=lambda: answers.put(self._call(question)), daemon=True).start()
        try:
            return answers.get(timeout=seconds)
        except queue.Empty:
            return None, f"it took longer than {seconds:g} seconds"


class FromAssistant:
    """This library. ``generator`` None: the weights of the folder ``base``, else those that the assistant finds for the database
    itself; they are read when they are needed, so that each process of an evaluation reads its own. ``causal``: a language model
    instead. ``verifier`` None: the likeliest candidate that runs and isn't empty is chosen."""

    def __init__(
        self, generator: Generator | None = None, *, base: Path | None = None, verifier: Path | None = None,
        beam: int = 4, batch: int = 1, threads: int = 2, causal: Path | None = None,
    ) -> None:
        self.generator, self.base, self.beam, self.batch, self.threads = generator, base, beam, batch, threads
        self.verifier, self.causal = verifier, causal
        self._kept: dict[Path | None, Generator] = {}

    def predict(
        self, cases: Sequence[Case], database: Database | None, schema: Schema | None, known: Collection[int] = ()
    ) -> Iterator[Prediction]:
        missing = _missing(cases, known)
        if database is None:
            yield from self._unexecuted(cases, missing, schema)
        elif self.batch == 1 or any(case.conversation for case in cases):
            given = self.generator or self.base or self.causal
            assistant = self._assistant(database, self._made(database) if given else None)
            assistant.warm()
            talk, named = assistant.conversation(), ""
            for case in missing:
                if case.conversation != named or not named:  # each turn follows on the model's own answers before it
                    talk, named = assistant.conversation(), case.conversation
                yield _ask(assistant, case, talk)
        else:
            found = self._in_batches(cases, missing, database.schema, database.values, database)
            replay = _Replay({question: candidates for question, (candidates, _) in found.items()}, self._made(database))
            assistant = self._assistant(database, replay)
            for case in missing:
                candidates, share = found[case.question.strip()]
                predicted = _ask(assistant, case)
                yield replace(predicted, seconds=predicted.seconds + share, candidates=tuple(candidates))

    def _assistant(self, database: Database, generator: Any) -> Assistant:
        """Its choice has all the time that it needs: the numbers must not depend on how busy the machine is."""
        from nl2sql import Assistant

        return Assistant(
            database, generator=generator, judge=self._judge(database), beam=self.beam, alternatives=0,
            alternatives_seconds=CHOICE_SECONDS)

    def _judge(self, database: Database) -> Judge:
        from nl2sql.model.verifier import suited

        return (suited(self.verifier, self._adapter(database)) if self.verifier else None) or by_score

    def _unexecuted(self, cases: Sequence[Case], missing: Sequence[Case], schema: Schema | None) -> Iterator[Prediction]:
        """The best candidate, since none can be run."""
        if schema is None:
            raise BadInput("There is neither a database nor a schema.")
        found = self._in_batches(cases, missing, schema, {}, None)
        for case in missing:
            candidates, share = found[case.question.strip()]
            best = max(candidates, key=lambda candidate: candidate.score, default=None)
            yield Prediction(best.sql if best else None, "" if best and best.sql else "no candidate", share)

    def _in_batches(
        self, cases: Sequence[Case], missing: Sequence[Case], schema: Schema, values: Values, database: Database | None
    ) -> dict[str, tuple[list[Candidate], float]]:
        """Candidates by question, each with its share of the seconds: those of the batches that hold a missing case."""
        from nl2sql.context.build import build_context
        from nl2sql.context.linking import ValueIndex
        from nl2sql.context.retrieve import Retriever
        from nl2sql.eval.databases import SPIDER_DAY
        from nl2sql.model.retrieval import RetrievalEncoder

        index = ValueIndex(schema, values)
        day = database.as_of if database is not None else SPIDER_DAY
        questions = list(dict.fromkeys(case.question.strip() for case in cases))
        generator = self._made(database)
        retriever = Retriever(RetrievalEncoder(SHIPPED_RETRIEVER, lambda: generator))
        contexts = [build_context(question, schema, index, day, retriever=retriever) for question in questions]
        contexts.sort(key=lambda context: (len(context.words) + len(context.columns) + len(context.values), context.question))
        known: dict[str, tuple[list[Candidate], float]] = {}
        wanted = {case.question.strip() for case in missing}
        for start in range(0, len(contexts), self.batch):
            batch, before = contexts[start : start + self.batch], time.perf_counter()
            if wanted.isdisjoint(context.question for context in batch):
                continue
            found = generator.generate(batch, beam=self.beam)
            share = (time.perf_counter() - before) / len(batch)
            for context, candidates in zip(batch, found, strict=True):
                known[context.question] = (candidates, share)
        return known

    def _made(self, database: Database | None) -> Generator:
        """The given one, else the weights (of the shipped ones those with the database's adapter), kept for the next database
        that has the same."""
        if self.generator is not None:
            return self.generator
        sqlite = database is None or database.dialect == "sqlite"
        adapter = self._adapter(database)
        if adapter not in self._kept and self.causal:
            from nl2sql.model.causal import CausalGenerator

            self._kept = {adapter: CausalGenerator(self.causal, threads=self.threads)}
        elif adapter not in self._kept:
            self._kept = {adapter: weights(self.base or SHIPPED_BASE, adapter, sqlite=sqlite, threads=self.threads)}
        return self._kept[adapter]

    def _adapter(self, database: Database | None) -> Path | None:
        """The database's, which goes with the shipped weights alone."""
        from nl2sql.model import adapters

        shipped = self.base is None and self.causal is None
        return adapters.find(database.fingerprint) if database is not None and shipped else None


def weights(base: Path, adapter: Path | None = None, *, sqlite: bool = False, threads: int = 2) -> Generator:
    """The model of a folder of base weights; ``sqlite``: it writes SQLite, where any types may meet."""
    from nl2sql.model.generate import PointerGenerator

    return PointerGenerator(base, adapter, strict=not sqlite, dialect="sqlite" if sqlite else "duckdb", threads=threads)


class _Replay:
    """Gives the assistant the candidates that a generator made for its question in a batch."""

    def __init__(self, known: Mapping[str, list[Candidate]], generator: Generator) -> None:
        self.known = known
        self.linked = getattr(generator, "linked", lambda context: context)

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        return [self.known[context.question] for context in contexts]


def _ask(assistant: Assistant, case: Case, talk: Any = None) -> Prediction:
    """``talk``: the conversation that the case is a turn of. Without the questions that the user verified: what is measured must
    not depend on who measures."""
    history = [(turn.question, turn.sql) for turn in talk.turns] if talk is not None else []
    start = time.perf_counter()
    try:
        answer = assistant.ask(case.question, history=history, use_memory=False)
    except NoAnswer as error:
        tried = [failure.error for failure in error.failures]
        return Prediction(None, "; ".join([str(error), *tried]), time.perf_counter() - start)
    except Nl2SqlError as error:
        return Prediction(None, str(error), time.perf_counter() - start)
    if talk is not None:
        talk.adopt(answer)
    return Prediction(answer.sql, "", time.perf_counter() - start, answer.confidence)
