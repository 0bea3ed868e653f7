"""Conditions of a block -> symbols."""
from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlglot import exp

from nl2sql.records import Symbol
from nl2sql.sql.ir.literals import Unsupported, as_date
from nl2sql.sql.ir.read_expressions import ExpressionReader

if TYPE_CHECKING:
    from nl2sql.sql.ir.read import Scope

COMPARE = {exp.EQ: "=", exp.NEQ: "!=", exp.GT: ">", exp.LT: "<", exp.GTE: ">=", exp.LTE: "<="}
MIRROR = {"=": "=", "!=": "!=", ">": "<", "<": ">", ">=": "<=", "<=": ">="}


class ConditionReader(ExpressionReader):
    def condition(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        if isinstance(tree, exp.Paren):
            return self.condition(tree.this, scope)
        if isinstance(tree, exp.And):
            return self.conjunction(tree, scope)
        if isinstance(tree, exp.Or):
            return [*self.condition(tree.this, scope), "or", *self.condition(tree.expression, scope)]
        return self.predicate(tree, scope)

    def conjunction(self, tree: exp.And, scope: Scope) -> list[Symbol]:
        parts: list[exp.Expression] = []
        todo: list[exp.Expression] = [tree]
        while todo:
            node = todo.pop()
            inner = node.unnest() if isinstance(node, exp.Paren) else node
            if isinstance(inner, exp.And):
                todo += [inner.expression, inner.this]
            else:
                parts.append(inner)
        out: list[Symbol] = []
        i = 0
        while i < len(parts):
            out += ["and"] if out else []
            window = self.range(parts[i], parts[i + 1], scope) if i + 1 < len(parts) else None
            if window:
                out += window
                i += 2
                continue
            inner_symbols = self.condition(parts[i], scope)
            out += ["[", *inner_symbols, "]"] if isinstance(parts[i], exp.Or) else inner_symbols
            i += 1
        return out

    def range(self, low: exp.Expression, high: exp.Expression, scope: Scope) -> list[Symbol] | None:
        """``c >= start AND c < end`` with the bounds of a period of the question."""
        if type(low) not in COMPARE or type(high) not in COMPARE or low.this != high.this:
            return None
        bounds = [self.bound(low), self.bound(high)]
        if None in bounds:
            return None
        start = next((b[1] for b in bounds if b and b[0] == "start"), None)
        end = next((b[1] for b in bounds if b and b[0] == "end"), None)
        period = self.literals.period(start, end) if start and end else None
        return [*self.expression(low.this, scope), "during", period] if period else None

    def bound(self, test: exp.Expression) -> tuple[str, dt.date] | None:
        day = as_date(test.expression)
        if day is None:
            return None
        next_day = day + dt.timedelta(days=1) if day < dt.date.max else day
        return {
            exp.GTE: ("start", day), exp.GT: ("start", next_day), exp.LT: ("end", day), exp.LTE: ("end", next_day),
        }.get(type(test))

    def predicate(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        kind = type(tree)
        if kind is exp.Not:
            return self.negation(tree, scope)
        if kind in COMPARE:
            return self.comparison(tree, scope)
        if kind is exp.Between:
            low, high = as_date(tree.args["low"]), as_date(tree.args["high"])
            if low and high and high < dt.date.max and (period := self.literals.period(low, high + dt.timedelta(days=1))):
                return [*self.expression(tree.this, scope), "during", period]
            column = self.column_of(tree.this, scope)
            return [
                *self.expression(tree.this, scope), "between", *self.expression(tree.args["low"], scope, column), "and",
                *self.expression(tree.args["high"], scope, column),
            ]
        if kind in (exp.Like, exp.ILike):
            return self.like(tree, scope)
        if kind is exp.In:
            return self.membership(tree, scope)
        if kind is exp.Is:
            if isinstance(tree.expression, exp.Null):
                return [*self.expression(tree.this, scope), "is null"]
            return [*self.expression(tree.this, scope), "=", *self.expression(tree.expression, scope)]
        if kind is exp.Exists:
            inner = tree.this.copy()
            if isinstance(inner, exp.Select) and all(isinstance(item, exp.Literal) for item in inner.expressions):
                inner.set("expressions", [exp.Star()])
            return ["exists", "(", *self.query(inner, scope, scope.part), ")"]
        if kind is exp.Column:
            return [*self.expression(tree, scope), "=", "true"]
        raise Unsupported(kind.__name__)

    def negation(self, tree: exp.Not, scope: Scope) -> list[Symbol]:
        inner = tree.this.unnest() if isinstance(tree.this, exp.Paren) else tree.this
        if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
            return [*self.expression(inner.this, scope), "is not null"]
        if isinstance(inner, exp.EQ):
            return self.comparison(exp.NEQ(this=inner.this, expression=inner.expression), scope)
        symbols = self.condition(inner, scope)
        if isinstance(inner, exp.In | exp.Like | exp.ILike | exp.Between) and "not" not in symbols and "=" not in symbols:
            left = len(self.expression(inner.this, scope))
            return [*symbols[:left], "not", *symbols[left:]]
        if isinstance(inner, exp.Exists):
            return ["not", *symbols]
        return ["not", "[", *symbols, "]"]

    def comparison(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        left, right, symbol = tree.this, tree.expression, COMPARE[type(tree)]
        if _constant(left) and not _constant(right):
            left, right, symbol = right, left, MIRROR[symbol]
        day = as_date(right)
        if day is not None:
            bound = self.bound(type(tree)(this=left, expression=right)) if symbol == COMPARE[type(tree)] else None
            period = None
            if bound:
                period = self.literals.period(bound[1] if bound[0] == "start" else None, bound[1] if bound[0] == "end" else None)
            elif symbol == "=":
                period = self.literals.period(day, day + dt.timedelta(days=1))
            if period:
                return [*self.expression(left, scope), "during", period]
        return [*self.expression(left, scope), symbol, *self.expression(right, scope, self.column_of(left, scope))]

    def like(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        pattern = tree.expression
        if isinstance(pattern, exp.Column) and pattern.this.args.get("quoted"):
            pattern = exp.Literal.string(pattern.name)
        if not isinstance(pattern, exp.Literal):
            raise Unsupported("LIKE of an expression")
        text = pattern.this
        inner = text.strip("%")
        if "%" in inner or "_" in inner or not inner:
            raise Unsupported("LIKE pattern")
        test: Symbol = "starts_with" if not text.startswith("%") else "ends_with" if not text.endswith("%") else "contains"
        if "%" not in text:
            test = "="
        negated: list[Symbol] = ["not"] if tree.args.get("negate") else []
        if negated and test == "=":
            negated, test = [], "!="
        literal = self.literals.text(inner, self.column_of(tree.this, scope), pattern=True)
        return [*self.expression(tree.this, scope), *negated, test, *literal]

    def membership(self, tree: exp.In, scope: Scope) -> list[Symbol]:
        out = [*self.expression(tree.this, scope), "in", "("]
        query = tree.args.get("query")
        if query is not None:
            return [*out, *self.query(query, scope, scope.part), ")"]
        column = self.column_of(tree.this, scope)
        for i, item in enumerate(tree.expressions):
            out += [","] if i else []
            out += self.expression(item, scope, column)
        return [*out, ")"]


def _constant(tree: exp.Expression) -> bool:
    return isinstance(tree, exp.Literal) or as_date(tree) is not None
