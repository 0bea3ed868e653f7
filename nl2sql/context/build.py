"""Question and schema -> Context: everything that is known of the question before the model reads it."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol

from nl2sql.context.linking import ValueIndex, name_links
from nl2sql.context.numbers import link_numbers
from nl2sql.context.periods import link_periods
from nl2sql.context.words import split
from nl2sql.records import Context, Example, LinkedValue, Schema, Symbol, Word

_PIECES = 470  # of the encoder's 512 positions; the rest is for values and separators that the estimate misses
_MOST_COLUMNS = 200


class ColumnRetriever(Protocol):
    """Chooses the columns of a schema that a question needs, closed under foreign keys."""

    def columns(self, question: str, schema: Schema, *, keep: Iterable[int] = ()) -> tuple[int, ...]: ...


def build_context(
    question: str,
    schema: Schema,
    index: ValueIndex,
    as_of: dt.date,
    *,
    columns: Iterable[int] | None = None,
    retriever: ColumnRetriever | None = None,
    examples: Sequence[Example] = (),
    previous: Sequence[Symbol] = (),
) -> Context:
    """Link the question and choose the columns to show: those given, else all where they fit, else the retriever's.

    ``previous``: the query of the last question in a conversation, whose pointers must index this context's slots.
    A schema too large for the prompt needs ``columns`` or a ``retriever``.
    """
    words = split(question)
    values = index.link(words)
    if columns is None:
        columns = _chosen(question, words, schema, values, retriever)
    shown = tuple(sorted(set(columns)))
    visible = set(shown)
    values = tuple(value for value in values if value.column in visible)
    return Context(
        question=question,
        words=words,
        schema=schema,
        columns=shown,
        values=values,
        numbers=link_numbers(words),
        periods=link_periods(words, as_of),
        links=name_links(words, schema, shown, values),
        examples=tuple(examples),
        as_of=as_of,
        previous=tuple(previous),
    )


def _chosen(
    question: str, words: Sequence[Word], schema: Schema, values: Sequence[LinkedValue], retriever: ColumnRetriever | None
) -> Iterable[int]:
    every = range(len(schema.columns))
    if fits(schema, words, values):
        return every
    if retriever is None:
        raise ValueError("a schema of this size needs a retriever")
    return retriever.columns(question, schema, keep=tuple(value.column for value in values))


def fits(schema: Schema, words: Sequence[Word], values: Sequence[LinkedValue] = ()) -> bool:
    """Whether the whole schema can stand in one prompt, by an estimate of its word pieces."""
    if len(schema.columns) > _MOST_COLUMNS:
        return False
    names = [table.words or table.name for table in schema.tables] + [column.words or column.name for column in schema.columns]
    pieces = sum(1 + _pieces(name) for name in names) + sum(1 + _pieces(str(value.value)) for value in values)
    return pieces + sum(_pieces(word.text) for word in words) <= _PIECES


def _pieces(text: str) -> int:
    """Word pieces, roughly: one for each word, one more for every seven letters after the first eight."""
    return sum(1 + max(0, len(word) - 2) // 7 for word in text.replace("_", " ").split())
