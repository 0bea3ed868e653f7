"""What happens when something is clicked: each event becomes messages that ``assets/page.js`` puts on the page.

A message is ``{"op": ..., ...}``: ``turn`` (the card of one question), ``toast`` (a short note), ``download``, ``copy``,
``database`` (another one is asked), ``remember`` (a line of the history). No error leaves this file as anything but a sentence.
"""
from __future__ import annotations

import base64
import datetime as dt
import itertools
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nl2sql import Alternative, Answer, BadInput, Nl2SqlError, NoAnswer
from nl2sql.ui import browser, cards, cells, diagram, examples, exports
from nl2sql.ui.sessions import Session, Sessions
from nl2sql.ui.sql_text import pretty
from nl2sql.ui.tables import draw_table, sorted_by
from nl2sql.ui.uploads import Upload

log = logging.getLogger("nl2sql.ui")
_OURS = Nl2SqlError("Something went wrong on our side; the server's log has the details")
_number = itertools.count(1)
Message = dict[str, Any]


def packed(*messages: Message) -> str:
    """Messages as the page reads them; the number makes every pack another value."""
    return json.dumps({"number": next(_number), "messages": messages})


class Events:
    """The page's events, for all sessions. ``upload_folder`` is where the server puts what is uploaded."""

    def __init__(self, sessions: Sessions, upload_folder: Path) -> None:
        self._sessions = sessions
        self._upload_folder = upload_folder
        self._acts: dict[str, Callable[[Session, str, Mapping[str, Any]], list[Message]]] = {
            "other": self._other, "change": self._change, "run": self._run, "back": self._back, "sort": self._sort,
            "good": self._good, "bad": self._bad, "csv": self._csv, "parquet": self._parquet, "python": self._python,
            "topic": self._topic, "day": self._day, "sample": self._sample,
        }  # fmt: skip

    def hello(self, key: str | None) -> str:
        """A tab was opened, or opened again."""
        return self._guarded(lambda: self._opened(self._sessions.of(key)))

    def ask(self, key: str | None, data: Mapping[str, Any]) -> str:
        """A question, or with ``sql`` one whose SQL is known from the history."""
        turn, question, sql = _text(data, "turn"), _text(data, "question"), _text(data, "sql")
        nearest: tuple[str, ...] = ()
        try:
            session = self._sessions.of(key)
            nearest = examples.nearest(session.assistant, question)
            with session.working():
                answer = session.answer_sql(question, sql) if sql else session.ask(question)
            session.keep(turn, answer)
            remembered = {"question": question, "sql": answer.sql, "database": session.database_name}
            return packed(self._card(turn, session), {"op": "remember", **remembered})
        except Nl2SqlError as error:
            near = nearest if isinstance(error, NoAnswer) else ()
            return packed({"op": "turn", "turn": turn, "html": cards.error_card(question, error, near)})
        except Exception:
            log.exception("a question failed")
            return packed({"op": "turn", "turn": turn, "html": cards.error_card(question, _OURS)})

    def act(self, key: str | None, data: Mapping[str, Any]) -> str:
        """A button of a card or of the page."""

        def acted() -> list[Message]:
            act = self._acts.get(_text(data, "act"))
            if act is None:
                raise BadInput("This page doesn't know that button.")
            return act(self._sessions.of(key), _text(data, "turn"), data)

        return self._guarded(acted)

    def stop(self, key: str | None) -> None:
        self._sessions.of(key).stop()

    def open_files(self, key: str | None, data: Mapping[str, Any]) -> str:
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
            return self._opened(session)

        return self._guarded(opened)

    def suggest(self, data: Any) -> list[dict[str, Any]]:
        """Completions of what was typed so far, for the tab that names itself."""
        if not isinstance(data, dict):
            return []
        session = self._sessions.named(_text(data, "session"))
        return examples.suggestions(session.assistant, _text(data, "prefix")) if session else []

    def _guarded(self, make: Callable[[], list[Message]]) -> str:
        try:
            return packed(*make())
        except Nl2SqlError as error:
            return packed({"op": "toast", "kind": "problem", "text": cards.sentence(error)})
        except Exception:
            log.exception("an event failed")
            return packed({"op": "toast", "kind": "problem", "text": cards.sentence(_OURS)})

    def _opened(self, session: Session) -> list[Message]:
        database = session.assistant.database
        about = browser.summary(session.database_name, database.schema, session.day, database.as_of_reason)
        return [{
            "op": "database", "session": session.name, "name": session.database_name, "about": about,
            "day": session.day.isoformat(), "uploaded": session.upload is not None,
            "tables": browser.draw_schema(database.schema), "picture": diagram.draw_diagram(database.schema),
            "examples": examples.examples(session.assistant),
        }]  # fmt: skip

    def _card(self, turn: str, session: Session) -> Message:
        shown = session.shown(turn)
        html = cards.answer_card(shown.answer, by_hand=shown.by_hand, can_go_back=shown.can_go_back)
        return {"op": "turn", "turn": turn, "html": html}

    def _instead(self, session: Session, turn: str, sql: str, others: tuple[Alternative, ...] = ()) -> list[Message]:
        """The same question, answered by other SQL; the answer before it can be gone back to."""
        question = session.answer(turn).question
        with session.working():
            answer = replace(session.answer_sql(question, sql), alternatives=others)
        session.keep(turn, answer, by_hand=True)
        return [self._card(turn, session)]

    def _other(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        answer = session.answer(turn)
        chosen = _of(answer.alternatives, data)
        return self._instead(session, turn, chosen.sql, tuple(other for other in answer.alternatives if other is not chosen))

    def _change(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        return self._instead(session, turn, _of(session.answer(turn).changes, data).sql)

    def _run(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        return self._instead(session, turn, _text(data, "text"))

    def _back(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        session.go_back(turn)
        return [self._card(turn, session)]

    def _sort(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        result = sorted_by(session.answer(turn).result, _index(data), down=data.get("down") is True)
        return [{"op": "rows", "turn": turn, "html": draw_table(result)}]

    def _good(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        answer = session.answer(turn)
        session.assistant.memory.add(answer.question, answer.sql)
        note = _toast("Remembered: this question is answered by this SQL from now on.")
        return [note, {"op": "judged", "turn": turn, "act": "good"}]

    def _bad(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        answer = session.answer(turn)
        session.assistant.memory.dislike(answer.question, answer.sql)
        note = _toast("Noted for later. You can edit the SQL and save it as right.")
        return [note, {"op": "judged", "turn": turn, "act": "bad"}]

    def _csv(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        return [_download(session.answer(turn), "csv", "text/csv", exports.to_csv)]

    def _parquet(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        return [_download(session.answer(turn), "parquet", "application/vnd.apache.parquet", exports.to_parquet)]

    def _python(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        answer = session.answer(turn)
        text = exports.to_python(pretty(answer.sql, answer.query.dialect), session.files)
        return [{"op": "copy", "text": text, "what": "Python"}]

    def _topic(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        session.conversation.new_topic()
        return [{"op": "topic"}]

    def _day(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        try:
            session.as_of = dt.date.fromisoformat(_text(data, "text")) if _text(data, "text") else None
        except ValueError:
            raise BadInput("That is no date.") from None
        return [*self._opened(session), _toast(f"Relative dates count from {cells.day(session.day)} now.")]

    def _sample(self, session: Session, turn: str, data: Mapping[str, Any]) -> list[Message]:
        session.ask_instead(self._sessions.assistant, None)
        return self._opened(session)


def _toast(text: str) -> Message:
    return {"op": "toast", "kind": "note", "text": text}


def _download(answer: Answer, ending: str, media_type: str, write: Callable[[Any], bytes]) -> Message:
    body = base64.b64encode(write(answer.result)).decode()
    return {"op": "download", "name": exports.file_name(answer.question, ending), "type": media_type, "body": body}


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _index(data: Mapping[str, Any]) -> int:
    value = data.get("index")
    return value if isinstance(value, int) else -1


def _of(choices: tuple[Any, ...], data: Mapping[str, Any]) -> Any:
    index = _index(data)
    if not 0 <= index < len(choices):
        raise BadInput("That choice is gone: ask the question again.")
    return choices[index]
