"""Which slot of the context stands for a literal of a query: a linked value, number or period, else words of the question."""
from __future__ import annotations

import datetime as dt
import re

from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from nl2sql.records import Context, Pointer, Symbol
from nl2sql.sql.ir.joins import join_graph
from nl2sql.sql.symbols import INDEX

ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?)?")
PIECE = re.compile(r"\w+|[^\w\s]")


class Unsupported(Exception):
    """SQL that the IR has no form for, or a literal that neither the question nor the database shows."""


class Literals:
    """Looks literals up in one context."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.pieces: list[tuple[str, int]] = [
            (piece.lower(), i) for i, word in enumerate(context.words) for piece in PIECE.findall(word.text)
        ]

    def text(self, value: str, column: int | None = None, *, pattern: bool = False) -> tuple[Symbol, ...]:
        """A string: the cell value of this column, else words of the question, else a value of a column like it."""
        if value == "":
            return ("''",)
        here = [i for i, v in enumerate(self.context.values) if v.column == column]
        if not pattern or not self.words(value):
            for same in (str.__eq__, lambda a, b: a.casefold() == b.casefold()):
                for i in here:
                    if same(str(self.context.values[i].value), value):
                        return (Pointer("value", i),)
        day = as_date(exp.Literal.string(value))
        if day is not None and (period := self.day(day)):
            return period
        if words := self.words(value):
            return words
        graph = join_graph(self.context.schema)
        for i, v in enumerate(self.context.values):
            if str(v.value).casefold() == value.casefold() and (column is None or graph.alike(v.column, column)):
                return (Pointer("value", i),)
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            return self.number(value, column)
        raise Unsupported("text not linked")

    def words(self, value: str) -> tuple[Symbol, ...]:
        wanted = [piece.lower() for piece in PIECE.findall(value)]
        n = len(wanted)
        for i in range(len(self.pieces) - n + 1 if n else 0):
            if all(self.pieces[i + k][0] == wanted[k] for k in range(n)):
                first, last = self.pieces[i][1], self.pieces[i + n - 1][1]
                start, end = self.context.words[first].start, self.context.words[last].end
                if self.context.question[start:end].casefold() == value.casefold():
                    return (Pointer("word", first), Pointer("word", last))
        return ()

    def number(self, text: str, column: int | None = None) -> tuple[Symbol, ...]:
        value = float(text)
        for i, number in enumerate(self.context.numbers):
            if number.value == value:
                return (Pointer("number", i),)
        for i, linked in enumerate(self.context.values):
            if linked.column == column and str(linked.value) == text:
                return (Pointer("value", i),)
        for i, number in enumerate(self.context.numbers):
            if number.percent and abs(number.value / 100 - value) < 1e-12:
                return (Pointer("number", i), "/", "#100")
        closed = f"#{int(value)}" if value.is_integer() else f"#{text}"
        if closed in INDEX:
            return (closed,)
        raise Unsupported("number not linked")

    def day(self, day: dt.date) -> tuple[Symbol, ...]:
        """A date as the first day of a period (or the bound of an open one)."""
        for i, period in enumerate(self.context.periods):
            if (period.start or period.end) == day:
                return (Pointer("period", i),)
        if day == self.context.as_of:
            return ("as_of",)
        return ()

    def period(self, start: dt.date | None, end: dt.date | None) -> Pointer | None:
        """The period with these bounds, ``start <= date < end``."""
        for i, period in enumerate(self.context.periods):
            if (period.start, period.end) == (start, end):
                return Pointer("period", i)
        return None


def as_date(tree: exp.Expression) -> dt.date | None:
    """The day that a constant expression names: an ISO string, a DATE literal, a date plus an interval."""
    while isinstance(tree, exp.Paren | exp.Cast | exp.TsOrDsToDate | exp.Date | exp.TsOrDsToTimestamp):
        tree = tree.this
    if isinstance(tree, exp.Literal) and tree.is_string:
        found = ISO.fullmatch(tree.this)
        try:
            return dt.date(*(int(part) for part in found.groups())) if found else None
        except ValueError:
            return None
    if isinstance(tree, exp.Add | exp.Sub) and isinstance(tree.expression, exp.Interval):
        base = as_date(tree.this)
        if base is not None:
            constant = exp.cast(exp.Literal.string(base.isoformat()), "date")
            folded = simplify(type(tree)(this=constant, expression=tree.expression.copy()))
            return as_date(folded) if not isinstance(folded, exp.Add | exp.Sub) else None
    return None
