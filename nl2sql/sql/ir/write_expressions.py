"""Symbols -> the conditions and expressions of a block. The part of the writer that knows SQL's expressions."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from nl2sql.records import Context, Kind, Pointer, Symbol
from nl2sql.sql.ir.dialects import DATE_FUNCTIONS, identifier
from nl2sql.sql.ir.joins import Instance, Join
from nl2sql.sql.symbols import AGGREGATES, DATE_DIFFS, DATE_PARTS, DATE_TRUNCS

AGGREGATE = {
    "count": exp.Count, "sum": exp.Sum, "avg": exp.Avg, "min": exp.Min, "max": exp.Max, "median": exp.Median,
    "stddev": exp.Stddev,
}
RANKING = {"row_number": exp.RowNumber, "rank": exp.Rank, "dense_rank": exp.DenseRank}
CALLS: dict[str, Callable[..., exp.Expression]] = {
    "abs": lambda a: exp.Abs(this=a),
    "length": lambda a: exp.Length(this=a),
    "lower": lambda a: exp.Lower(this=a),
    "upper": lambda a: exp.Upper(this=a),
    "round": lambda a, n=None: exp.Round(this=a, decimals=n),
    "substr": lambda a, start, length=None: exp.Substring(this=a, start=start, length=length),
    "coalesce": lambda a, *more: exp.Coalesce(this=a, expressions=list(more)),
    "nullif": lambda a, b: exp.Nullif(this=a, expression=b),
    "to_number": lambda a: exp.TryCast(this=a, to=exp.DataType.build("DOUBLE")),
    "to_text": lambda a: exp.Cast(this=a, to=exp.DataType.build("VARCHAR")),
}
TEXT_CALLS = {"lower", "upper", "substr", "to_text"}


class Malformed(Exception):
    """The symbols are no query of the IR."""


@dataclass
class Block:
    """What a block has used so far: instances of tables, spelled joins, and whether it reads its WITH query."""

    used: list[Instance] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    spelled: list[Join] = field(default_factory=list)
    outs: list[exp.Expression] | None = None  # the outputs of the WITH query in scope
    reads_outs: bool = False
    correlated: bool = False
    columns: list[tuple[exp.Column, Instance]] = field(default_factory=list)


class ExpressionWriter:
    symbols: tuple[Symbol, ...]
    at: int
    context: Context
    dialect: str
    blocks: list[Block]

    if TYPE_CHECKING:

        def query(self) -> exp.Expression: ...
        def condition(self) -> exp.Expression: ...
        def ordered(self) -> exp.Expression: ...

    # reading symbols

    def peek(self, ahead: int = 0) -> Symbol | None:
        return self.symbols[self.at + ahead] if self.at + ahead < len(self.symbols) else None

    def take(self, expected: str | None = None) -> Symbol:
        symbol = self.peek()
        if symbol is None or (expected is not None and symbol != expected):
            raise Malformed(f"expected {expected or 'a symbol'}, found {symbol or 'the end'}")
        self.at += 1
        return symbol

    def skip(self, symbol: str) -> bool:
        if self.peek() == symbol:
            self.at += 1
            return True
        return False

    def listed(self, one: Callable[[], exp.Expression]) -> list[exp.Expression]:
        items = [one()]
        while self.skip(","):
            items.append(one())
        return items

    def date(self, day: dt.date) -> exp.Expression:
        literal = exp.Literal.string(day.isoformat())
        return literal if self.dialect == "sqlite" else with_kind(exp.Cast(this=literal, to=exp.DataType.build("DATE")), "date")

    def expression(self) -> exp.Expression:
        tree = self.primary()
        while self.peek() in ("+", "-", "*mul", "/", "||"):
            symbol = self.take()
            right = self.primary()
            if symbol == "||":
                tree = with_kind(exp.DPipe(this=tree, expression=right), "text")
            elif symbol == "/":
                top = exp.Cast(this=tree, to=exp.DataType.build("REAL")) if self.dialect == "sqlite" else tree
                tree = with_kind(exp.Div(this=wrapped(top), expression=wrapped(right)), "number")
            else:
                kind = {"+": exp.Add, "-": exp.Sub, "*mul": exp.Mul}[str(symbol)]
                tree = with_kind(kind(this=wrapped(tree), expression=wrapped(right)), "number")
        return tree

    def primary(self) -> exp.Expression:
        symbol = self.take()
        if isinstance(symbol, Pointer):
            return self.pointed(symbol)
        if symbol == "(":
            if self.peek() in ("select", "with"):
                tree: exp.Expression = exp.Subquery(this=self.query())
            else:
                inner = self.expression()
                tree = with_kind(exp.Paren(this=inner), inner.meta.get("kind", "number"))
            self.take(")")
            return tree
        if symbol == "case":
            return self.case()
        if symbol in ("other", "outer"):
            return self.column(self.pointer("column"), str(symbol))
        if symbol.startswith("out") and symbol[3:].isdigit():
            return self.out(int(symbol[3:]))
        if symbol in AGGREGATES or symbol in RANKING or symbol in ("lag", "lead"):
            return self.aggregate(symbol)
        if symbol in DATE_PARTS or symbol in DATE_TRUNCS or symbol in DATE_DIFFS:
            arguments = self.arguments()
            try:
                tree = DATE_FUNCTIONS[symbol](*arguments, self.dialect)
            except TypeError:
                raise Malformed(f"{symbol} takes other arguments") from None
            kind: Kind = "date" if symbol in DATE_TRUNCS else "text" if symbol.endswith("_name") else "number"
            return with_kind(tree, kind)
        if symbol in CALLS:
            arguments = self.arguments()
            if symbol in ("coalesce", "nullif"):
                arguments = [self.fit(argument, arguments[0]) for argument in arguments]
            try:
                called = CALLS[symbol](*arguments)
                return with_kind(called, "text" if symbol in TEXT_CALLS else arguments[0].meta.get("kind", "number"))
            except TypeError:
                raise Malformed(f"{symbol} takes other arguments") from None
        return self.constant(symbol)

    def constant(self, symbol: str) -> exp.Expression:
        if symbol.startswith("#"):
            return with_kind(exp.Literal.number(symbol[1:]), "number")
        if symbol in ("true", "false"):
            if self.dialect == "sqlite":
                return exp.Literal.number(int(symbol == "true"))
            return with_kind(exp.Boolean(this=symbol == "true"), "boolean")
        if symbol == "null":
            return exp.Null()
        if symbol == "''":
            return with_kind(exp.Literal.string(""), "text")
        if symbol == "as_of" and self.context.as_of:
            return self.date(self.context.as_of)
        raise Malformed(f"no expression: {symbol}")

    def arguments(self) -> list[exp.Expression]:
        self.take("(")
        arguments = self.listed(self.expression)
        self.take(")")
        return arguments

    def aggregate(self, name: str) -> exp.Expression:
        self.take("(")
        if name in RANKING:
            tree: exp.Expression = with_kind(RANKING[name](), "number")
        elif name in ("lag", "lead"):
            tree = (exp.Lag if name == "lag" else exp.Lead)(this=self.expression())
            with_kind(tree, tree.this.meta.get("kind", "number"))
            if self.skip(","):
                tree.set("offset", self.primary())
        else:
            distinct = self.skip("distinct")
            argument = exp.Star() if self.skip("*") or self.counted() else self.expression()
            kind = argument.meta.get("kind", "number") if name in ("min", "max") else "number"
            tree = with_kind(AGGREGATE[name](this=exp.Distinct(expressions=[argument]) if distinct else argument), kind)
        self.take(")")
        kind = tree.meta["kind"]
        if self.skip("filter"):
            self.take("(")
            tree = exp.Filter(this=tree, expression=exp.Where(this=self.condition()))
            self.take(")")
        if self.skip("over"):
            tree = self.over(tree)
        return with_kind(tree, kind)

    def counted(self) -> bool:
        """A table: its rows are counted, so it stands in FROM."""
        symbol = self.peek()
        if not isinstance(symbol, Pointer) or symbol.kind != "table":
            return False
        self.blocks[-1].used.append((self.pointer("table"), 0))
        return True

    def over(self, tree: exp.Expression) -> exp.Expression:
        self.take("(")
        window = exp.Window(this=tree, over="OVER")
        if self.skip("partition by"):
            window.set("partition_by", self.listed(self.expression))
        if self.skip("order by"):
            window.set("order", exp.Order(expressions=self.listed(self.ordered)))
        self.take(")")
        return window

    def case(self) -> exp.Expression:
        tree = exp.Case()
        while self.skip("when"):
            test = self.condition()
            self.take("then")
            value = self.fit(self.expression(), tree)
            with_kind(tree, value.meta.get("kind", "number"))
            tree.append("ifs", exp.If(this=test, true=value))
        if self.skip("else"):
            tree.set("default", self.fit(self.expression(), tree))
        self.take("end")
        if not tree.args.get("ifs"):
            raise Malformed("a case without when")
        return tree

    def fit(self, right: exp.Expression, left: exp.Expression) -> exp.Expression:
        """A number beside text is written as a string: engines with types refuse it otherwise."""
        if isinstance(right, exp.Literal) and not right.is_string and left.meta.get("kind") == "text":
            return with_kind(exp.Literal.string(right.this), "text")
        return right

    # pointers

    def pointer(self, kind: str) -> int:
        symbol = self.take()
        if not isinstance(symbol, Pointer) or symbol.kind != kind:
            raise Malformed(f"expected a {kind}, found {symbol}")
        return symbol.index

    def pointed(self, symbol: Pointer) -> exp.Expression:
        if symbol.kind == "column":
            return self.column(symbol.index, "")
        if symbol.kind == "number":
            return with_kind(exp.Literal.number(_plain(self.context.numbers[symbol.index].value)), "number")
        if symbol.kind == "period":
            period = self.context.periods[symbol.index]
            day = period.start or period.end
            if day is None:
                raise Malformed("a period without bounds")
            return self.date(day)
        if symbol.kind in ("value", "word"):
            self.at -= 1
            if symbol.kind == "value" and isinstance(value := self.context.values[symbol.index].value, int | float):
                self.at += 1
                return with_kind(exp.Literal.number(_plain(value)), "number")
            return with_kind(exp.Literal.string(self.text()), "text")
        raise Malformed(f"a {symbol.kind} is no expression")

    def text(self) -> str:
        """A text literal: a linked value, or the question from one word to another."""
        symbol = self.take()
        if symbol == "''":
            return ""
        if isinstance(symbol, Pointer):
            if symbol.kind == "value":
                return str(self.context.values[symbol.index].value)
            if symbol.kind == "number":
                return _plain(self.context.numbers[symbol.index].value)
            if symbol.kind == "word":
                last = self.context.words[self.pointer("word")]
                return self.context.question[self.context.words[symbol.index].start : last.end]
        raise Malformed(f"no text: {symbol}")

    def column(self, index: int, scope: str) -> exp.Expression:
        column = self.context.schema.columns[index]
        tree = with_kind(exp.Column(this=identifier(column.name)), column.kind)
        instance = (self.context.schema.owner[index], int(scope == "other"))
        if scope == "outer":
            if len(self.blocks) < 2:
                raise Malformed("no enclosing block")
            block = self.blocks[-2]
            block.correlated = self.blocks[-1].correlated = True
        else:
            block = self.blocks[-1]
        block.used.append(instance)
        block.columns.append((tree, instance))
        return tree

    def out(self, number: int) -> exp.Expression:
        block = self.blocks[-1]
        if block.outs is None or number > len(block.outs):
            raise Malformed(f"no output {number}")
        block.reads_outs = True
        output = block.outs[number - 1]
        kind = output.unalias().meta.get("kind", "number")
        return with_kind(exp.Column(this=identifier(output.alias_or_name)), kind)


def wrapped(tree: exp.Expression) -> exp.Expression:
    return exp.Paren(this=tree) if isinstance(tree, exp.Binary | exp.Case) else tree


def with_kind(tree: exp.Expression, kind: str) -> exp.Expression:
    tree.meta["kind"] = kind
    return tree


def _plain(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
