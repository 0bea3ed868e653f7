"""Question and schema -> Context: everything that is known of the question before the model reads it."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol

from nl2sql.context.linking import ValueIndex
from nl2sql.context.names import NameIndex, name_links
from nl2sql.context.narrow import fits, lexical_scores, narrow, room
from nl2sql.context.numbers import in_days, link_numbers
from nl2sql.context.periods import link_periods
from nl2sql.context.words import split
from nl2sql.records import Context, Example, LinkedValue, Schema, Symbol, Word


class ColumnRetriever(Protocol):
    """Chooses the columns of a schema that a question needs, closed under foreign keys."""

    def columns(
        self, question: str, schema: Schema, *, keep: Iterable[int] = (), space: int | None = None
    ) -> tuple[int, ...]: ...


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

    Without a retriever the names' own words choose from a large schema. ``previous``: the query of the last question in a
    conversation, whose pointers must index this context's slots.
    """
    words = split(question)
    values = index.link(words)
    if columns is None:
        columns = _chosen(question, words, schema, values, retriever)
    shown = tuple(sorted(set(columns)))
    visible = set(shown)
    values = tuple(value for value in values if value.column in visible)
    numbers, periods = link_numbers(words), link_periods(words, as_of)
    taken = {i for period in periods for i in range(period.first, period.last + 1)}
    return Context(
        question=question,
        words=words,
        schema=schema,
        columns=shown,
        values=values,
        numbers=(*numbers, *in_days(words, numbers, taken)),
        periods=periods,
        links=name_links(words, schema, shown, values),
        examples=tuple(examples),
        as_of=as_of,
        previous=tuple(previous),
    )


def _chosen(
    question: str, words: Sequence[Word], schema: Schema, values: Sequence[LinkedValue], retriever: ColumnRetriever | None
) -> Iterable[int]:
    if fits(schema, words, values):
        return range(len(schema.columns))
    keep, space = tuple(dict.fromkeys(value.column for value in values)), room(words, values)
    if retriever is not None:
        return retriever.columns(question, schema, keep=keep, space=space)
    tables, columns = lexical_scores(schema, NameIndex.of(schema).links(words))
    return narrow(schema, tables, columns, keep=keep, space=space)
