"""What the buttons of the page do, each for the tab in which it was clicked and, mostly, the answer under which it stands."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nl2sql import Alternative, BadInput
from nl2sql.ui import cells, exports
from nl2sql.ui.messages import Message, card, database, download, remember, toast, wording
from nl2sql.ui.sessions import Session
from nl2sql.ui.sql_text import pretty
from nl2sql.ui.tables import draw_table, sorted_by

Data = Mapping[str, Any]  # what the page sent along
Act = Callable[[Session, str, Data], list[Message]]  # session, the name of the turn, data


def text_of(data: Data, name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _instead(session: Session, turn: str, sql: str, others: tuple[Alternative, ...] = ()) -> list[Message]:
    """The same question, answered by other SQL; the answer before it can be gone back to."""
    before = session.answer(turn)
    with session.working():
        answer = replace(session.answer_sql(before.question, sql), alternatives=others, follows=before.follows)
    session.keep(turn, answer, chosen="Your choice")
    return [card(turn, session), remember(session, turn)]


def other(session: Session, turn: str, data: Data) -> list[Message]:
    """"Did you mean": another reading of the question."""
    readings = session.answer(turn).alternatives
    chosen = _chosen(readings, data)
    return _instead(session, turn, chosen.sql, tuple(reading for reading in readings if reading is not chosen))


def change(session: Session, turn: str, data: Data) -> list[Message]:
    """An assumption, turned round."""
    return _instead(session, turn, _chosen(session.answer(turn).changes, data).sql)


def run(session: Session, turn: str, data: Data) -> list[Message]:
    """SQL as it was edited."""
    return _instead(session, turn, text_of(data, "text"))


def back(session: Session, turn: str, data: Data) -> list[Message]:
    session.go_back(turn)
    return [card(turn, session), remember(session, turn)]


def model(session: Session, turn: str, data: Data) -> list[Message]:
    """What the model makes of a question that a verified one answered."""
    return _anew(session, turn, use_memory=False)


def alone(session: Session, turn: str, data: Data) -> list[Message]:
    """A follow-up, read as a question of its own; it begins a new topic."""
    return _anew(session, turn, use_memory=True)


def _anew(session: Session, turn: str, *, use_memory: bool) -> list[Message]:
    with session.working():
        answer = session.assistant.ask(session.answer(turn).question, session.as_of, use_memory=use_memory)
        session.conversation.new_topic()
        session.conversation.adopt(answer)
    session.keep(turn, answer)
    return [card(turn, session), remember(session, turn)]


def sort(session: Session, turn: str, data: Data) -> list[Message]:
    """A table of which the page shows a part; the others it sorts itself."""
    result = sorted_by(session.answer(turn).result, _index(data), down=data.get("down") is True)
    return [{"op": "rows", "turn": turn, "html": draw_table(result)}]


def good(session: Session, turn: str, data: Data) -> list[Message]:
    """Remembers the question; one that goes on from others is worded as a whole first, in ``text``."""
    answer, words = session.answer(turn), text_of(data, "text").strip()
    if not words and session.leans_on_others(turn):
        return [wording(turn, answer)]
    if words.casefold() == answer.question.casefold() and answer.follows:
        raise BadInput("These words need the questions before them: say the whole question")
    session.assistant.memory.add(words or answer.question, answer.sql, as_of=session.day)
    said = f'"{words}"' if words else "this question"
    return [toast(f"Remembered: {said} is answered by this SQL from now on."), {"op": "judged", "turn": turn, "act": "good"}]


def bad(session: Session, turn: str, data: Data) -> list[Message]:
    answer = session.answer(turn)
    session.assistant.memory.dislike(session.conversation.as_read(answer), answer.sql)
    note = toast("Noted for later. You can edit the SQL and save it as right.")
    return [note, {"op": "judged", "turn": turn, "act": "bad"}]


def csv(session: Session, turn: str, data: Data) -> list[Message]:
    answer = session.answer(turn)
    return [download(exports.file_name(answer.question, "csv"), "text/csv", exports.to_csv(answer.result))]


def parquet(session: Session, turn: str, data: Data) -> list[Message]:
    answer = session.answer(turn)
    name = exports.file_name(answer.question, "parquet")
    return [download(name, "application/vnd.apache.parquet", exports.to_parquet(answer.result))]


def python(session: Session, turn: str, data: Data) -> list[Message]:
    answer = session.answer(turn)
    text = exports.to_python(pretty(answer.sql, answer.query.dialect), session.files)
    return [{"op": "copy", "text": text, "what": "Python"}]


def topic(session: Session, turn: str, data: Data) -> list[Message]:
    session.conversation.new_topic()
    return [{"op": "topic"}]


def day(session: Session, turn: str, data: Data) -> list[Message]:
    """The day from which relative dates count; none: the database's own."""
    text = text_of(data, "text")
    try:
        session.as_of = dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("That is no date.") from None
    return [database(session), toast(f"Relative dates count from {cells.day(session.day)} now.")]


def sample(session: Session, turn: str, data: Data) -> list[Message]:
    """Back to the database with which the page was opened."""
    session.ask_instead(session.first, None)
    return [database(session)]


ACTS: dict[str, Act] = {act.__name__: act for act in (
    other, change, run, back, model, alone, sort, good, bad, csv, parquet, python, topic, day, sample,
)}  # fmt: skip


def _index(data: Data) -> int:
    value = data.get("index")
    return value if isinstance(value, int) else -1


def _chosen(choices: tuple[Any, ...], data: Data) -> Any:
    if not 0 <= _index(data) < len(choices):
        raise BadInput("That choice is gone: ask the question again.")
    return choices[_index(data)]
