"""Symbols -> the conditions of a block."""
from __future__ import annotations

from sqlglot import exp

from nl2sql.sql.ir.dialects import text_test
from nl2sql.sql.ir.joins import Instance
from nl2sql.sql.ir.write_expressions import ExpressionWriter, Malformed
from nl2sql.sql.symbols import COMPARISONS

COMPARE = {"=": exp.EQ, "!=": exp.NEQ, ">": exp.GT, "<": exp.LT, ">=": exp.GTE, "<=": exp.LTE}


class ConditionWriter(ExpressionWriter):
    def condition(self) -> exp.Expression:
        alternatives = [[self.predicate()]]
        while self.peek() in ("and", "or"):
            if self.take() == "and":
                alternatives[-1].append(self.predicate())
            else:
                alternatives.append([self.predicate()])
        return exp.or_(*(exp.and_(*tests, wrap=False, copy=False) for tests in alternatives), wrap=False, copy=False)

    def predicate(self) -> exp.Expression:
        if self.skip("not"):
            return exp.Not(this=self.predicate())
        if self.skip("["):
            tree = exp.Paren(this=self.condition())
            self.take("]")
            return tree
        if self.skip("exists"):
            self.take("(")
            inner = self.query()
            self.take(")")
            return exp.Exists(this=inner)
        return self.comparison(self.expression())

    def comparison(self, left: exp.Expression) -> exp.Expression:
        negated = self.skip("not")
        symbol = self.take()
        if symbol in COMPARISONS:
            tree: exp.Expression = COMPARE[str(symbol)](this=left, expression=self.fit(self.expression(), left))
        elif symbol == "in":
            tree = self.membership(left)
        elif symbol == "between":
            low = self.fit(self.expression(), left)
            self.take("and")
            tree = exp.Between(this=left, low=low, high=self.fit(self.expression(), left))
        elif symbol in ("is null", "is not null"):
            tree = exp.Is(this=left, expression=exp.Null())
            tree = exp.Not(this=tree) if symbol == "is not null" else tree
        elif symbol in ("contains", "starts_with", "ends_with"):
            tree = text_test(str(symbol), left, self.text(), self.dialect)
        elif symbol == "during":
            tree = self.during(left)
        else:
            raise Malformed(f"no comparison: {symbol}")
        return exp.Not(this=tree) if negated else tree

    def membership(self, left: exp.Expression) -> exp.Expression:
        self.take("(")
        if self.peek() in ("select", "with"):
            tree = exp.In(this=left, query=exp.Subquery(this=self.query()))
        else:
            tree = exp.In(this=left, expressions=self.listed(lambda: self.fit(self.primary(), left)))
        self.take(")")
        return tree

    def during(self, left: exp.Expression) -> exp.Expression:
        period = self.context.periods[self.pointer("period")]
        tests: list[exp.Expression] = []
        if period.start is not None:
            tests.append(exp.GTE(this=left, expression=self.date(period.start)))
        if period.end is not None:
            tests.append(exp.LT(this=left.copy() if tests else left, expression=self.date(period.end)))
            if period.start is not None and isinstance(left, exp.Column):
                self.blocks[-1].columns.append((tests[-1].this, self.instance_of(left)))
        if not tests:
            raise Malformed("a period without bounds")
        return exp.Paren(this=exp.and_(*tests, copy=False)) if len(tests) > 1 else tests[0]

    def instance_of(self, column: exp.Column) -> Instance:
        return next((i for c, i in self.blocks[-1].columns if c is column), (0, 0))
