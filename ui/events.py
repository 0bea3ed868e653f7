"""What happens when the page sends something. No error leaves this file as anything but a sentence on the page."""
from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nl2sql import BadInput, Nl2SqlError
from nl2sql.ui import cards, examples
from nl2sql.ui.acts import ACTS, Data, text_of
from nl2sql.ui.examples import Synthesize
from nl2sql.ui.messages import Message, card, database, packed, remember, toast
from nl2sql.ui.sessions import Session, Sessions, warm
from nl2sql.ui.uploads import Upload

log = logging.getLogger("nl2sql.ui")
_OURS = Nl2SqlError("Something went wrong on our side; the server's log has the details")


class Events:
    """The page's events, for all sessions. ``upload_folder`` is where the server puts what is uploaded."""

    def __init__(self, sessions: Sessions, upload_folder: Path, synthesize: Synthesize | None = None) -> None:
        self._sessions = sessions
        self._upload_folder = upload_folder
        self._synthesize = synthesize

    def hello(self, key: str | None) -> str:
        """A tab was opened, or opened again."""
        return self._guarded(lambda: [database(self._sessions.of(key))])

    def ask(self, key: str | None, data: Data) -> str:
        """A question, or with ``sql`` one whose SQL is known from the history."""
        turn, question, sql = text_of(data, "turn"), text_of(data, "question"), text_of(data, "sql")
        nearest: tuple[str, ...] = ()
        after: list[Message] = []
        try:
            session = self._sessions.of(key)
            if lost := _lost(session, data):
                after = [database(session), toast(lost, "problem")]
                if text_of(data, "database") != session.database_name:
                    raise BadInput(lost)
            try:
                with session.working():
                    answer = session.answer_again(question, sql, _day(data, session)) if sql else session.ask(question)
            except Nl2SqlError as error:
                if not isinstance(error, BadInput):
                    nearest = examples.nearest(session.assistant, question)
                raise
            session.keep(turn, answer, chosen="From your history" if sql else "")
            return packed(card(turn, session), remember(session, turn), *after)
        except Nl2SqlError as error:
            html = cards.error_card(question, error, nearest)
        except Exception:
            log.exception("a question failed")
            html = cards.error_card(question, _OURS)
        return packed({"op": "turn", "turn": turn, "html": html}, *after)

    def act(self, key: str | None, data: Data) -> str:
        """A button of a card or of the page."""

        def acted() -> list[Message]:
            act = ACTS.get(text_of(data, "act"))
            if act is None:
                raise BadInput("This page doesn't know that button.")
            return act(self._sessions.of(key), text_of(data, "turn"), data)

        return self._guarded(acted)

    def stop(self, key: str | None) -> None:
        self._sessions.of(key).stop()

    def open_files(self, key: str | None, data: Data) -> str:
        """Files were dropped; the server has them already."""

        def opened() -> list[Message]:
            session = self._sessions.of(key)
            paths = data.get("paths")
            if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
                raise BadInput("No file came with that.")
            upload = Upload(paths, self._upload_folder)
            try:
                session.ask_instead(upload.assistant, upload)
            except BaseException:
                upload.close()
                raise
            warm(upload.assistant)
            examples.prepare(upload.assistant, self._synthesize)
            return [database(session)]

        return self._guarded(opened, {"op": "opened"})

    def suggest(self, data: Any) -> list[dict[str, Any]]:
        """Completions of what was typed so far, for the tab that names itself."""
        session = self._sessions.named(text_of(data, "session")) if isinstance(data, dict) else None
        return examples.suggestions(session.assistant, text_of(data, "prefix")) if session else []

    def starters(self, data: Any) -> list[str]:
        """Examples, asked for again by a tab that saw few: a new database's questions are made in the background."""
        session = self._sessions.named(text_of(data, "session")) if isinstance(data, dict) else None
        return examples.examples(session.assistant) if session else []

    def _guarded(self, make: Callable[[], list[Message]], *after: Message) -> str:
        try:
            return packed(*make(), *after)
        except Nl2SqlError as error:
            return packed(toast(cards.sentence(error), "problem"), *after)
        except Exception:
            log.exception("an event failed")
            return packed(toast(cards.sentence(_OURS), "problem"), *after)


def _lost(session: Session, data: Data) -> str:
    """What a page is told whose session ended while it stayed open, as where the connection was lost for a while."""
    if text_of(data, "session") in ("", session.name):
        return ""
    if text_of(data, "database") != session.database_name:
        return "The connection was lost meanwhile, and with it the files that were dropped: drop them again."
    return "The connection was lost meanwhile: the conversation starts over."


def _day(data: Data, session: Session) -> dt.date:
    """The day from which the relative dates of the history's SQL counted."""
    try:
        return dt.date.fromisoformat(text_of(data, "as_of"))
    except ValueError:
        return session.day
