"""What the last question lends to the next one.

A follow-up is linked together with the questions before it, as one text ("sales by store in 2024 | and by region?"), so that
their values, numbers and periods can be pointed at too; the query of the last answer stands beside it as symbols.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nl2sql.context.follow_ups import refers_back, stands_alone
from nl2sql.context.words import split
from nl2sql.errors import NoAnswer
from nl2sql.records import Answer, Context, Pointer, Symbol
from nl2sql.sql.ir import Unsupported, from_sql

if TYPE_CHECKING:
    from nl2sql.assistant import Assistant

SEPARATOR = " | "  # a word of its own
REMEMBERED = 60  # words of earlier questions that are still read
TURNS_KEPT = 50

Link = Callable[[str, Iterable[int] | None], Context]  # a text, and the columns to show if they are given


class Conversation:
    """Questions one after the other: "sales by store in 2024", then "and by region?". For one person at a time.

    ``turns`` are the answers so far, the oldest first; a question without an answer leaves no trace.
    """

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.turns: list[Answer] = []

    def ask(self, question: str, as_of: dt.date | None = None) -> Answer:
        """The answer to a question that may refer to those before it, or stand for itself. Raises as ``Assistant.ask``.

        One that plainly stands for itself is answered as if nothing had been asked before, and begins a new topic.
        """
        alone = isinstance(question, str) and stands_alone(question)
        history = [] if alone else [(turn.question, turn.sql) for turn in self.turns]
        answer = self.assistant.ask(question, as_of, history=history)
        if alone:
            self.turns.clear()
        self._keep(answer)
        return answer

    def adopt(self, answer: Answer) -> None:
        """Goes on from an answer that was made elsewhere, in place of the last one where it answers the same question."""
        if self.turns and self.turns[-1].question == answer.question:
            self.turns.pop()
        self._keep(answer)

    @staticmethod
    def as_read(answer: Answer) -> str:
        """Its question after those that were read with it."""
        return joined(answer.follows, answer.question)

    def leans_on_others(self, answer: Answer) -> bool:
        """Whether its question alone doesn't say what was answered: by its words, or as alone it is read otherwise."""
        if refers_back(answer.question) or not answer.follows:
            return refers_back(answer.question)
        try:
            return self.assistant.ask(answer.question, answer.as_of, use_memory=False).sql != answer.sql
        except NoAnswer:
            return True

    def new_topic(self) -> None:
        """Forgets what was asked."""
        self.turns.clear()

    def _keep(self, answer: Answer) -> None:
        self.turns.append(answer)
        del self.turns[:-TURNS_KEPT]


def joined(earlier: Sequence[str], question: str) -> str:
    """The question after those before it, without the oldest ones where they are too long."""
    kept: list[str] = []
    room = REMEMBERED
    for text in reversed(earlier):
        room -= len(split(text)) + 1
        if room < 0:
            break
        kept.insert(0, text)
    return SEPARATOR.join([*kept, question])


def follow_up(
    history: Sequence[tuple[str, str]], question: str, link: Link, dialect: str = "duckdb",
) -> Context:
    """The context of a question after others, given as (question, SQL), the oldest first; without them, of the question alone.

    ``link`` makes the context of a text; given columns, one that shows them. The previous query is left out where the context
    can't express it.
    """
    if not history:
        return link(question, None)
    text = joined([asked for asked, _ in history], question)
    context = link(text, None)
    everything = range(len(context.schema.columns))
    whole = context if len(context.columns) == len(everything) else link(text, everything)
    try:
        previous = from_sql(history[-1][1], whole, dialect)
    except Unsupported:
        return context
    shown = {*context.columns, *_columns(previous, whole)}
    if len(shown) > len(context.columns):
        context = link(text, sorted(shown))
    return replace(context, previous=from_sql(history[-1][1], context, dialect))


def _columns(symbols: Sequence[Symbol], context: Context) -> Iterable[int]:
    """The columns that symbols point at, by name or through a value; of a table that is only named the first one."""
    for symbol in symbols:
        if isinstance(symbol, Pointer):
            if symbol.kind == "column":
                yield symbol.index
            elif symbol.kind == "value":
                yield context.values[symbol.index].column
            elif symbol.kind == "table":
                yield context.schema.first[symbol.index]
