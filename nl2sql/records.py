"""The nouns that flow from question to answer: frozen dataclasses on the standard library alone.

question -> Context -> Prompt -> Candidates -> Query -> Result -> Answer.

Pointers index the *whole* schema of the database (``Schema.tables``, ``Schema.columns``) and the lists of the Context,
so a symbol sequence keeps its meaning whatever part of the schema a prompt shows.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, NamedTuple

Kind = Literal["number", "text", "date", "boolean", "other"]
PointerKind = Literal["table", "column", "value", "word", "period", "number"]


class Pointer(NamedTuple):
    """A symbol that points: at a table or column of the schema, or at a value, word, period or number of the context."""

    kind: PointerKind
    index: int  # type: ignore[assignment]  # a tuple has a method of that name


Symbol = str | Pointer


@dataclass(frozen=True)
class Column:
    """A column. ``type`` is the engine's own type text; ``kind`` is what the grammar and the tagger care about."""

    name: str
    type: str = "VARCHAR"
    kind: Kind = "text"
    words: str = ""  # the name as English words, lower case: "order date"
    comment: str = ""
    samples: tuple[Any, ...] = ()
    primary_key: bool = False
    nullable: bool = True
    unique: bool = False
    distinct: int | None = None  # number of distinct values where it is known


@dataclass(frozen=True)
class Table:
    """A table or view. ``schema`` is the database's own schema name where it is not the default one."""

    name: str
    columns: tuple[Column, ...]
    words: str = ""
    comment: str = ""
    schema: str = ""
    is_view: bool = False
    rows: int | None = None


@dataclass(frozen=True)
class ForeignKey:
    """A join that the schema implies, by column indices into ``Schema.columns``; ``target`` is the referenced column."""

    source: int
    target: int
    inferred: bool = False


@dataclass(frozen=True)
class Schema:
    """All that is known of a database's tables. Columns are numbered through all tables, in order."""

    tables: tuple[Table, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    name: str = ""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for table in self.tables for column in table.columns)

    @cached_property
    def owner(self) -> tuple[int, ...]:
        """The table index of each column index."""
        return tuple(i for i, table in enumerate(self.tables) for _ in table.columns)

    @cached_property
    def first(self) -> tuple[int, ...]:
        """The column index of each table's first column."""
        starts, total = [], 0
        for table in self.tables:
            starts.append(total)
            total += len(table.columns)
        return tuple(starts)

    def columns_of(self, table: int) -> range:
        return range(self.first[table], self.first[table] + len(self.tables[table].columns))


class Word(NamedTuple):
    """A word of the question and where it stands: ``question[start:end] == text``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class LinkedValue:
    """A cell value that the question names: the words ``first`` to ``last`` (inclusive) match ``value`` of ``column``."""

    column: int
    value: Any
    first: int
    last: int
    score: float = 1.0


@dataclass(frozen=True)
class LinkedNumber:
    """A number that the question names ("ten", "2 million", "20 percent"), words ``first`` to ``last`` inclusive."""

    value: int | float
    first: int
    last: int
    percent: bool = False


@dataclass(frozen=True)
class Period:
    """A time expression with explicit bounds: ``start <= date < end``; None leaves that side open.

    ``unit`` is the calendar unit that it names ("year", "quarter", "month", "week", "day", "range").
    """

    start: dt.date | None
    end: dt.date | None
    first: int
    last: int
    unit: str = "range"
    relative: bool = False


class Link(NamedTuple):
    """A word that names a table, column or value. ``level``: 1 part of the name, 2 the whole name, 3 a value; 4 a name of like
    meaning, 5 perhaps (``model.similar``)."""

    word: int
    level: int


@dataclass(frozen=True)
class Example:
    """A question with its SQL: training row, evaluation case and verified question alike. ``sql`` None: can't be answered.

    ``history``: what was asked before it in the same conversation, as (question, SQL), the oldest first.
    """

    question: str
    sql: str | None
    database: str = ""
    tags: tuple[str, ...] = ()
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Context:
    """What the question is about. ``columns`` are the column indices that the prompt shows, grouped by table, in its order."""

    question: str
    words: tuple[Word, ...]
    schema: Schema
    columns: tuple[int, ...]
    values: tuple[LinkedValue, ...] = ()
    numbers: tuple[LinkedNumber, ...] = ()
    periods: tuple[Period, ...] = ()
    links: Mapping[Pointer, tuple[Link, ...]] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    as_of: dt.date | None = None
    previous: tuple[Symbol, ...] = ()  # the previous query of a conversation, as symbols over this same context


@dataclass(frozen=True)
class Candidate:
    """A guess of the generator. ``sql`` is None where the symbols are ``<none>``; ``score`` is a log probability.

    ``steps``: the log probability of each symbol and of the end, where the generator tells; they add up to ``score``.
    """

    sql: str | None
    score: float
    symbols: tuple[Symbol, ...] = ()
    steps: tuple[float, ...] = ()


@dataclass(frozen=True)
class Query:
    """Checked, read-only SQL. Only ``nl2sql.sql.validate`` makes one, and ``Database.run`` takes nothing else."""

    sql: str
    dialect: str = "duckdb"
    tables: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True)
class Result:
    """Rows of a query: ``types`` are the engine's type names, ``seconds`` is the time the engine took."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False
    seconds: float = 0.0

    def to_pandas(self) -> Any:
        import pandas

        return pandas.DataFrame(list(self.rows), columns=list(self.columns))

    def to_arrow(self) -> Any:
        import pyarrow

        arrays = []
        for i in range(len(self.columns)):
            cells = [row[i] for row in self.rows]
            try:
                arrays.append(pyarrow.array(cells))
            except OverflowError:  # whole numbers of more than 64 bits
                arrays.append(pyarrow.array([None if cell is None else Decimal(cell) for cell in cells]))
        return pyarrow.Table.from_arrays(arrays, names=list(self.columns))

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(str(name))}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{'' if cell is None else escape(str(cell))}</td>" for cell in row) + "</tr>"
            for row in self.rows[:200]
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


ROWS_COMPARED = 2000  # the most rows of a result that are looked at to compare it with another


@dataclass(frozen=True)
class Attempt:
    """A candidate that ran."""

    candidate: Candidate
    query: Query
    result: Result

    @cached_property
    def content(self) -> tuple[str, ...]:
        """What its rows say, to be compared with another's; their order counts where the query orders them."""
        rows = [repr(row) for row in self.result.rows[:ROWS_COMPARED]]
        return tuple(rows if self.query.ordered else sorted(rows))


@dataclass(frozen=True)
class Verdict:
    """What a judge thinks of attempts: of each, how likely its rows are right; ``refused``: better no answer at all."""

    probabilities: tuple[float, ...]
    refused: bool = False


@dataclass(frozen=True)
class Failure:
    """A candidate that was given up: its SQL, what went wrong and, if it was refused, the rule's name."""

    sql: str | None
    error: str
    rule: str | None = None


@dataclass(frozen=True)
class Alternative:
    """Another reading of the question that also runs."""

    sql: str
    explanation: str
    confidence: float


@dataclass(frozen=True)
class Change:
    """An assumption turned round: the SQL that makes another one, and what it does, as words for a button."""

    label: str
    sql: str


@dataclass(frozen=True)
class Answer:
    """What ``Assistant.ask`` returns. ``timings`` are seconds per step; ``confidence`` is 0..1. ``verified``: the verified
    question whose SQL answered, else empty. ``follows``: the questions after which this one was read, the oldest first."""

    question: str
    query: Query
    result: Result
    explanation: str
    confidence: float
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    failures: tuple[Failure, ...] = ()
    as_of: dt.date | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    verified: str = ""
    follows: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        return self.query.sql


Values = Mapping[int, Sequence[str]]  # column index -> its distinct text values, bounded, for the value index
