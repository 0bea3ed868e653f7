"""What is known of a database beyond its tables: questions whose SQL people checked, and questions to complete what is typed.

``store`` keeps the judged questions, ``match`` (with ``contrast``) decides whether a new question means the same as one of them,
``transport`` carries them to other machines. ``complete`` suggests while somebody types, from what ``questions`` holds and
``gather`` took in. An assistant's own is ``Assistant.memory``.
"""
from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nl2sql import folders
from nl2sql.context.follow_ups import is_fragment
from nl2sql.context.vectors import Encode
from nl2sql.context.words import checked_question
from nl2sql.errors import BadInput, BadMemory, BadQuestion, Nl2SqlError, QueryFailed, Refused
from nl2sql.memory import transport
from nl2sql.memory.complete import Index, Suggestion
from nl2sql.memory.match import Link, Match, Matcher
from nl2sql.memory.questions import Questions
from nl2sql.memory.rows import same_rows
from nl2sql.memory.store import Store, Verified
from nl2sql.records import Answer, Example, Query

if TYPE_CHECKING:
    from nl2sql.engine.database import Database

__all__ = ["Match", "Memory", "Suggestion", "Verified"]

_CHECK_SECONDS = 2.0  # the time that a synthesised question's SQL may take
_COMPARED = 2000  # rows of two queries that are asked whether they give the same
_log = logging.getLogger(__name__)


class Memory:
    """One database's memory, in the user's data folder. May be used from several threads and processes.

    ``link`` makes the context of a question for a day, ``model`` is asked for when questions are compared, ``encode`` gives
    sentence embeddings: without them only the same words match, and nothing is ranked by meaning. ``lock`` is held while the
    model works. ``files`` hold synthesised questions; the first that exists is used. The store's errors are ``BadMemory``.
    """

    def __init__(
        self,
        database: Database,
        *,
        link: Link | None = None,
        model: Callable[[], Any] | None = None,
        encode: Encode | None = None,
        lock: AbstractContextManager[Any] | None = None,
        files: Sequence[Path] = (),
    ) -> None:
        self.database = database
        self.store = Store(folders.data() / "memory" / f"{database.fingerprint}.sqlite")
        self._encode = encode
        self._matcher = Matcher(link, model, database.dialect, same=self._gives_the_same)
        self._model_lock = lock or threading.RLock()
        self._lock = threading.Lock()  # held while the verified questions are read
        self._read: tuple[bytes, Index, tuple[Verified, ...]] | None = None
        self._questions = Questions(database, lambda: self._verified()[1], encode=encode, files=files)

    def add(self, question: str, sql: str, *, as_of: dt.date | None = None) -> Verified:
        """Keep a question with its right SQL; the same question's SQL so far is replaced. The SQL is checked and run first.

        ``as_of``: the day that the question's relative dates count from, by default the database's. Raises what
        ``Assistant.run_sql`` does, and ``BadQuestion``, also for what needs the question before it ("and by region?").
        """
        return self.store.put("verified", [self._whole(Verified(question, sql, as_of or self.database.as_of))])[0]

    def dislike(self, question: str, sql: str) -> Verified:
        """Keep a pair that somebody found wrong, for a later training. It never answers."""
        return self.store.put("disliked", [self._checked(Verified(question, sql, self.database.as_of))])[0]

    def verified(self) -> tuple[Verified, ...]:
        """The newest first."""
        return self._verified()[2]

    def disliked(self) -> tuple[Verified, ...]:
        return self.store.all("disliked")

    def remove(self, number: int) -> bool:
        """Whether a question had this number."""
        return self.store.remove(number)

    def export(self, path: str | Path) -> int:
        """Write the verified questions as JSON lines; how many there were."""
        entries = self.verified()
        transport.write(Path(path), entries)
        return len(entries)

    def load(self, path: str | Path) -> int:
        """Take in what ``export`` wrote, all of it or, with ``BadInput`` naming the line, nothing; how many there were."""
        entries = []
        for line, entry in transport.read(Path(path), self.database.as_of):
            try:
                entries.append(self._whole(entry))
            except Nl2SqlError as error:
                raise BadInput(f"{path}, line {line}: {error}") from error
        return len(self.store.put("verified", entries[::-1]))

    def match(self, question: str, day: dt.date) -> Match | None:
        """The verified question that means the same, with its SQL for this day."""
        _, index, entries = self._verified()
        if not entries:
            return None
        with self._model_lock:
            return self._matcher.find(question, day, entries, lambda: self._similar(question, index))

    def recall(self, question: str, day: dt.date, answer: Callable[[str], Answer]) -> tuple[Answer | None, tuple[str, ...]]:
        """The answer that ``answer`` makes of the matching question's SQL, else None; and, as warnings, what stood in the way."""
        start = time.perf_counter()
        try:
            match = self.match(question, day)
            if match is None:
                return None, ()
            seconds = time.perf_counter() - start
            found = answer(match.sql)
        except (BadMemory, Refused, QueryFailed) as error:
            return None, (f"No verified question was used: {error}",)
        try:
            self.store.count_use(match.entry.number)
        except BadMemory as error:
            _log.info("The use of a verified question isn't counted: %s", error)
        said = f'it means the same as the verified question "{match.entry.question}", whose SQL answered'
        timings = {**found.timings, "model": seconds, "total": found.timings["total"] + seconds}
        return replace(found, verified=match.entry.question, assumptions=(*found.assumptions, said), timings=timings), ()

    def for_day(self, question: str, sql: str, then: dt.date, day: dt.date) -> str:
        """SQL whose question's relative dates counted from ``then``, for another day; as it stands where that can't be told."""
        match = self._matcher.find(question, day, [Verified(question, sql, then)], lambda: None)
        return sql if match is None else match.sql

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Questions that go on from what is typed, the best first. The meaning counts as soon as embeddings are there."""
        return self._questions.suggest(prefix, limit)

    def examples(self, n: int = 6) -> tuple[str, ...]:
        """Varied questions of this database; up to half of them verified ones, those most used."""
        return tuple(suggestion.question for suggestion in self._questions.examples(n))

    def nearest(self, question: str, n: int = 3) -> tuple[str, ...]:
        """The questions nearest in meaning that can be answered."""
        return tuple(suggestion.question for suggestion in self._questions.nearest(question, n))

    def fill(self, make: Callable[[], Iterable[Example]], *, count: int = 400) -> None:
        """Take in synthesised questions for a database that has none yet, in the background: those whose SQL runs."""
        self._questions.fill(make, self._runs, count)

    def close(self) -> None:
        """End what runs in the background."""
        self._questions.close()

    def _whole(self, entry: Verified) -> Verified:
        checked = self._checked(entry)
        if is_fragment(checked.question):
            raise BadQuestion(f'"{checked.question}" needs the question before it: say the whole question.')
        return checked

    def _checked(self, entry: Verified) -> Verified:
        question, query = checked_question(entry.question), self._query(entry.sql)
        self.database.run(query, row_limit=1)
        return replace(entry, question=question, sql=query.sql)

    def _query(self, sql: str) -> Query:
        from nl2sql.sql.validate import validate

        return validate(sql, self.database.schema, self.database.dialect)

    def _runs(self, sql: str) -> bool:
        try:
            self.database.run(self._query(sql), time_limit=_CHECK_SECONDS, row_limit=1)
        except (Refused, QueryFailed):
            return False
        return True

    def _gives_the_same(self, one: str, other: str) -> bool:
        """Whether two queries give the same rows."""
        try:
            results = [
                self.database.run(self._query(sql), time_limit=_CHECK_SECONDS, row_limit=_COMPARED) for sql in (one, other)
            ]
        except (Refused, QueryFailed):
            return False
        return same_rows(*results)

    def _verified(self) -> tuple[bytes, Index, tuple[Verified, ...]]:
        """The verified questions and their index, read again when any process changed them."""
        changes = self.store.changes()
        with self._lock:
            if self._read is None or self._read[0] != changes:
                entries = self.store.all("verified")
                index = Index([Suggestion(entry.question, entry.sql, True, entry.uses) for entry in entries])
                self._read = changes, index, entries
            return self._read

    def _similar(self, question: str, index: Index) -> Any:
        """The cosine of each verified question; None without an encoder."""
        if self._encode is None or self._questions.vectors(index, "verified") is None:
            return None
        return index.similar(self._encode([question])[0])
