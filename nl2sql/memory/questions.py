"""The questions that can be offered: verified ones and synthesised ones, with their embeddings, made in the background."""
from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nl2sql import folders
from nl2sql.context.vectors import Encode, embedded
from nl2sql.errors import Nl2SqlError
from nl2sql.memory import gather
from nl2sql.memory.complete import Index, Suggestion, complete, nearest, varied
from nl2sql.records import Example

if TYPE_CHECKING:
    from nl2sql.engine.database import Database

_STRETCH = 512  # questions that are embedded before they are kept
_FIRST = 40  # synthesised questions that are offered while the others are still made
_log = logging.getLogger(__name__)


class Questions:
    """``verified`` gives the index of the verified ones; of the ``files`` of synthesised ones the first that exists is read."""

    def __init__(
        self, database: Database, verified: Callable[[], Index], *, encode: Encode | None = None, files: Sequence[Path] = ()
    ) -> None:
        self._database, self._verified, self._encode = database, verified, encode
        self._own_file = folders.cache() / "questions" / f"{database.fingerprint}.jsonl"
        self._files = (*files, self._own_file)
        self._lock = threading.Lock()  # held while something is looked up or put in its place
        self._known: Index | None = None
        self._embedding: threading.Thread | None = None
        self._filling: threading.Thread | None = None
        self._closed = threading.Event()
        self._encoder_is_there = False

    def suggest(self, prefix: str, limit: int) -> tuple[Suggestion, ...]:
        typed = prefix.strip()[:200]
        if not typed:
            return ()
        indexes = self._indexes()
        return complete(indexes, typed, self._vector(typed, indexes), limit)

    def nearest(self, question: str, n: int) -> tuple[Suggestion, ...]:
        indexes = self._indexes()
        return nearest(indexes, question, self._vector(question[:500], indexes), n)

    def examples(self, n: int) -> tuple[Suggestion, ...]:
        """Varied ones; up to half of them verified, those most used."""
        used = sorted(self._verified().suggestions, key=lambda suggestion: -suggestion.uses)[: (n + 1) // 2]
        rest = [suggestion for suggestion in self._synthesised().suggestions if suggestion not in used]
        return (*used, *varied(rest, n - len(used), beside=used))

    def fill(self, make: Callable[[], Iterable[Example]], runs: Callable[[str], bool], count: int) -> None:
        """In the background, where no file is there yet."""
        with self._lock:
            if self._filling is None and not any(file.exists() for file in self._files):
                self._filling = threading.Thread(target=self._fill, args=(make, runs, count), daemon=True)
                self._filling.start()

    def vectors(self, index: Index, kind: str) -> Any:
        """Embedded in stretches, each of them kept: a program that ends doesn't wait, and the next one goes on."""
        assert self._encode is not None
        if index.vectors is None:
            questions = [suggestion.question for suggestion in index.suggestions]
            file = folders.cache() / "memory" / f"{self._database.fingerprint}-{kind}.npy"
            for end in range(_STRETCH, len(questions), _STRETCH):
                if self._closed.is_set():
                    return None
                embedded(questions[:end], self._encode, file)
            index.vectors = embedded(questions, self._encode, file)
        return index.vectors

    def close(self) -> None:
        self._closed.set()
        for thread in (self._filling, self._embedding):
            if thread is not None:
                thread.join(5.0)

    def _synthesised(self) -> Index:
        with self._lock:
            if self._known is None:
                found = next((questions for file in self._files if (questions := gather.read(file))), None)
                self._known = Index(found or list(gather.plain_questions(self._database.schema)))
            return self._known

    def _indexes(self) -> tuple[Index, Index]:
        indexes = self._verified(), self._synthesised()
        if self._encode is not None and any(index.vectors is None for index in indexes):
            with self._lock:
                if not self._closed.is_set() and (self._embedding is None or not self._embedding.is_alive()):
                    self._embedding = threading.Thread(target=self._embed, args=(indexes,), daemon=True)
                    self._embedding.start()
        return indexes

    def _embed(self, indexes: tuple[Index, Index]) -> None:
        try:
            for index, kind in zip(indexes, ("verified", "known"), strict=True):
                self.vectors(index, kind)
            if self._encode is not None and not self._closed.is_set():
                self._encode(["how many"])  # vectors that were kept don't need the encoder, what is typed does
                self._encoder_is_there = True
        except Nl2SqlError as error:
            _log.warning("Nothing is suggested by meaning: %s", error)

    def _vector(self, text: str, indexes: Sequence[Index]) -> Any:
        """Of what is typed, once the encoder is there; nobody waits for it."""
        if self._encode is None or not self._encoder_is_there:
            return None
        return self._encode([text])[0]

    def _fill(self, make: Callable[[], Iterable[Example]], runs: Callable[[str], bool], count: int) -> None:
        schema, values, found = self._database.schema, self._database.values, []
        try:
            examples = iter(make())
            for size in (min(_FIRST, count), max(0, count - _FIRST)):
                found += gather.gather(examples, schema, values, runs=runs, goes_on=lambda: not self._closed.is_set(), count=size)
                if self._closed.is_set() or not found:
                    return
                with self._lock:
                    self._known = Index(found)
        except Nl2SqlError as error:  # the database was closed meanwhile, or its file is gone
            _log.info("Questions to suggest could not all be made: %s", error)
            return
        gather.write(self._own_file, found)
