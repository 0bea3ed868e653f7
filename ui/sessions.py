"""What belongs to one browser tab: its database, its day, its conversation and the answers that it still shows.

Nothing here is copied or sent to the browser; a tab knows its session by a name that it can't guess of another one.
"""
from __future__ import annotations

import datetime as dt
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from nl2sql import Answer, Assistant, BadInput, Nl2SqlError
from nl2sql.ui.guard import Pace
from nl2sql.ui.uploads import Upload

TURNS_KEPT = 50
SESSIONS_KEPT = 200
QUESTIONS_PER_MINUTE = 120
_STOP_SECONDS = 5.0  # how long a stop keeps trying: the model may still be at work before there is a query to stop


class Shown(NamedTuple):
    """An answer on the page. ``chosen``: who chose its SQL, if not the model; ``can_go_back``: another one stood there before."""

    answer: Answer
    chosen: str
    can_go_back: bool


class Session:
    """One tab. ``first`` is the page's own assistant; ``upload`` holds the files that were dropped, if those are asked."""

    def __init__(self, assistant: Assistant) -> None:
        self.name = secrets.token_urlsafe(16)
        self.as_of: dt.date | None = None
        self._turns: OrderedDict[str, list[Shown]] = OrderedDict()
        self._pace = Pace(QUESTIONS_PER_MINUTE)
        self._busy = threading.Lock()
        self._thread: int | None = None
        self.first = assistant
        self._take(assistant, None)

    def _take(self, assistant: Assistant, upload: Upload | None) -> None:
        self.assistant, self.upload = assistant, upload
        self.conversation = assistant.conversation()
        self.as_of = None
        self._turns.clear()

    @property
    def day(self) -> dt.date:
        return self.as_of or self.assistant.database.as_of

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the database's files; () for the sample database, which has none of the user's."""
        if self.upload is not None:
            return self.upload.names
        return () if self.assistant.is_sample else tuple(path.name for path in self.assistant.database.sources)

    @property
    def database_name(self) -> str:
        return ", ".join(self.files) or "sales (sample)"

    @property
    def is_busy(self) -> bool:
        return self._busy.locked()

    def ask(self, question: str) -> Answer:
        return self.conversation.ask(question, self.as_of)

    def answer_sql(self, question: str, sql: str) -> Answer:
        answer = self.assistant.answer_sql(question, sql, self.as_of)
        self.conversation.adopt(answer)
        return answer

    def answer_again(self, question: str, sql: str, then: dt.date) -> Answer:
        """A question of the history by its SQL; where it says "last month", that of the day from which the tab counts now."""
        return self.answer_sql(question, self.assistant.memory.for_day(question, sql, then, self.day))

    def leans_on_others(self, turn: str) -> bool:
        """Whether the turn's question means what was answered only after those before it."""
        return self.conversation.leans_on_others(self.answer(turn))

    @contextmanager
    def working(self) -> Iterator[None]:
        """While one question is answered; a second one of the same tab is refused meanwhile."""
        if not self._pace.allows(self.name):
            raise BadInput("So many questions in so short a time: wait a few seconds.")
        if not self._busy.acquire(blocking=False):
            raise BadInput("The previous question is still being answered: wait for it, or stop it.")
        self._thread = threading.get_ident()
        try:
            yield
        finally:
            self._thread = None
            self._busy.release()

    def stop(self) -> None:
        """End the query that this tab waits for, if any."""
        until = time.monotonic() + _STOP_SECONDS
        thread = self._thread
        while thread is not None and self._thread == thread and time.monotonic() < until:
            self.assistant.database.stop(thread)
            time.sleep(0.05)

    def keep(self, turn: str, answer: Answer, *, chosen: str = "") -> None:
        """As the answer that the card of this turn shows now."""
        before = self._turns.setdefault(turn, [])
        before.append(Shown(answer, chosen, bool(before)))
        del before[:-10]
        while len(self._turns) > TURNS_KEPT:
            self._turns.popitem(last=False)

    def go_back(self, turn: str) -> None:
        if len(self._turns.get(turn, ())) > 1:
            self._turns[turn].pop()
            self.conversation.adopt(self.answer(turn))

    def shown(self, turn: str) -> Shown:
        try:
            return self._turns[turn][-1]
        except KeyError:
            raise BadInput("That answer is too old to go on with: ask its question again.") from None

    def answer(self, turn: str) -> Answer:
        return self.shown(turn).answer

    def ask_instead(self, assistant: Assistant, upload: Upload | None) -> None:
        """Another database; what was asked of the old one is forgotten."""
        with self.working():
            old = self.upload
            self._take(assistant, upload)
        if old is not None:
            old.close()

    def close(self) -> None:
        self.stop()
        if self.upload is not None:
            self.upload.close()


def warm(assistant: Assistant) -> None:
    """The model is loaded while the page is looked at; what is wrong with it is told at the first question."""

    def load() -> None:
        try:
            assistant.warm()
        except Nl2SqlError:
            pass

    threading.Thread(target=load, daemon=True).start()


class Sessions:
    """All tabs that are open, each by Gradio's name for it. They share one assistant until they bring their own files."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Session] = OrderedDict()

    def of(self, key: str | None) -> Session:
        """The tab's session; a new one at its first request. Beyond ``SESSIONS_KEPT`` the longest unused ones are closed."""
        if not key:
            raise BadInput("This request comes from no open page.")
        with self._lock:
            session = self._open.get(key)
            if session is None:
                session = self._open[key] = Session(self.assistant)
            self._open.move_to_end(key)
            idle = [other for other, its in self._open.items() if not its.is_busy and other != key]
            spare = [self._open.pop(other) for other in idle[: max(0, len(self._open) - SESSIONS_KEPT)]]
        for old in spare:
            old.close()
        return session

    def named(self, name: str) -> Session | None:
        """By the name that the page itself carries."""
        with self._lock:
            return next((session for session in self._open.values() if session.name == name), None)

    def drop(self, key: str | None) -> None:
        with self._lock:
            session = self._open.pop(key or "", None)
        if session is not None:
            session.close()

    def close(self) -> None:
        with self._lock:
            sessions, self._open = list(self._open.values()), OrderedDict()
        for session in sessions:
            session.close()
