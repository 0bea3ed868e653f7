"""What the server tells the page: messages that ``assets/page.js`` puts in place.

A message is ``{"op": ..., ...}``: ``turn`` (the card of one question), ``rows`` (its table alone), ``wording`` (asks for the
whole question), ``toast`` (a short note), ``download``, ``copy``, ``database`` (another one is asked), ``remember`` (a line of
the history), ``judged``, ``topic``, ``opened`` (the dropped files are dealt with).
"""
from __future__ import annotations

import base64
import itertools
import json
from typing import Any

from nl2sql.records import Answer
from nl2sql.ui import browser, cards, diagram, examples
from nl2sql.ui.sessions import Session

Message = dict[str, Any]
_number = itertools.count(1)


def packed(*messages: Message) -> str:
    """Messages as the page reads them; the number makes every pack another value."""
    return json.dumps({"number": next(_number), "messages": messages})


def card(turn: str, session: Session) -> Message:
    shown = session.shown(turn)
    html = cards.answer_card(shown.answer, chosen=shown.chosen, can_go_back=shown.can_go_back)
    return {"op": "turn", "turn": turn, "html": html}


def wording(turn: str, answer: Answer) -> Message:
    return {"op": "wording", "turn": turn, "html": cards.wording(answer)}


def database(session: Session) -> Message:
    """All that the page shows of the database that a tab asks."""
    asked = session.assistant.database
    return {
        "op": "database", "session": session.name, "name": session.database_name,
        "about": browser.summary(session.database_name, asked.schema, session.day, asked.as_of_reason),
        "day": session.day.isoformat(), "uploaded": session.upload is not None,
        "tables": browser.draw_schema(asked.schema), "picture": diagram.draw_diagram(asked.schema),
        "examples": examples.examples(session.assistant),
    }  # fmt: skip


def remember(session: Session, turn: str) -> Message:
    """The turn's question with the SQL that answers it now, in place of what the history had for that question."""
    answer = session.answer(turn)
    return {"op": "remember", "question": answer.question, "sql": answer.sql, "as_of": session.day.isoformat(),
            "database": session.database_name}  # fmt: skip


def toast(text: str, kind: str = "note") -> Message:
    return {"op": "toast", "kind": kind, "text": text}


def download(name: str, media_type: str, body: bytes) -> Message:
    """The file itself: no route serves it, so nobody else can fetch it."""
    return {"op": "download", "name": name, "type": media_type, "body": base64.b64encode(body).decode()}
