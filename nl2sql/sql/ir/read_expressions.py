"""The clauses and expressions of one block -> symbols. The part of the reader that knows SQL's expressions."""
from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from nl2sql.records import Context, Pointer, Schema, Symbol
from nl2sql.sql.ir.grouping import has_aggregate
from nl2sql.sql.ir.literals import Literals, Unsupported, as_date

if TYPE_CHECKING:
    from nl2sql.sql.ir.read import Scope

COMPARE = {exp.EQ: "=", exp.NEQ: "!=", exp.GT: ">", exp.LT: "<", exp.GTE: ">=", exp.LTE: "<="}
MIRROR = {"=": "=", "!=": "!=", ">": "<", "<": ">", ">=": "<=", "<=": ">="}
ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*mul", exp.Div: "/", exp.DPipe: "||"}
AGGREGATE = {
    exp.Count: "count", exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min", exp.Max: "max", exp.Median: "median",
    exp.Stddev: "stddev", exp.StddevSamp: "stddev",
}
RANKING = {exp.RowNumber: "row_number", exp.Rank: "rank", exp.DenseRank: "dense_rank"}
UNARY = {
    exp.Year: "year", exp.Quarter: "quarter", exp.Month: "month", exp.Week: "week", exp.WeekOfYear: "week", exp.Day: "day",
    exp.DayOfMonth: "day", exp.Hour: "hour", exp.DayOfWeek: "weekday", exp.Monthname: "month_name", exp.Dayname: "day_name",
    exp.Abs: "abs", exp.Length: "length", exp.Lower: "lower", exp.Upper: "upper",
}
STRFTIME = {"%Y": "year", "%m": "month", "%d": "day", "%H": "hour", "%w": "weekday", "%W": "week"}
UNITS = {"DAY": "days_between", "WEEK": "weeks_between", "MONTH": "months_between", "YEAR": "years_between"}
NUMERIC = exp.DataType.NUMERIC_TYPES


class ExpressionReader:
    context: Context
    schema: Schema
    literals: Literals

    if TYPE_CHECKING:

        def query(self, tree: exp.Expression, parent: Scope | None, part: Any = None) -> list[Symbol]: ...
        def resolve(self, column: exp.Column, scope: Scope) -> Any: ...

    # clauses

    def body(self, tree: exp.Select, scope: Scope) -> list[Symbol]:
        for clause in ("windows", "sample", "pivots", "laterals", "hint"):
            if tree.args.get(clause):
                raise Unsupported(clause)
        out: list[Symbol] = ["select"]
        if tree.args.get("distinct"):
            if tree.args["distinct"].args.get("on"):
                raise Unsupported("DISTINCT ON")
            out.append("distinct")
        scope.selected = {i.alias.lower(): i.this for i in tree.expressions if isinstance(i, exp.Alias)}
        items = [item.unalias() for item in tree.expressions]
        for i, item in enumerate(items):
            out += [","] if i else []
            out += self.star(item, scope) if isinstance(item, exp.Star) or _is_star(item) else self.expression(item, scope)
        for clause, symbol in (("where", "where"), ("group", "group by"), ("having", "having"), ("qualify", "qualify")):
            part = tree.args.get(clause)
            if part is None:
                continue
            out.append(symbol)
            if clause == "group":
                out += self.grouped(part, items, scope)
            else:
                out += self.condition(self.unaliased(part.this, scope, clause != "where"), scope)
        if tree.args.get("order"):
            out += ["order by", *self.order(tree.args["order"], items, scope)]
        if tree.args.get("limit"):
            out += ["limit", *self.expression(tree.args["limit"].expression, scope)]
            if tree.args.get("offset"):
                out += ["offset", *self.expression(tree.args["offset"].expression, scope)]
        return out

    def star(self, item: exp.Expression, scope: Scope) -> list[Symbol]:
        if isinstance(item, exp.Star):
            if item.args.get("except_") or item.args.get("replace"):
                raise Unsupported("* except")
            return ["*"]
        instance = scope.aliases.get(item.table.lower())
        if instance is None or instance[0] < 0:
            raise Unsupported("unknown alias")
        if len(scope.instances) == 1:
            return ["*"]
        out: list[Symbol] = []
        scope.used.add(instance)
        for i in self.schema.columns_of(instance[0]):
            out += [","] if out else []
            out += [*(["other"] if instance[1] else []), Pointer("column", i)]
        return out

    def grouped(self, group: exp.Group, items: list[exp.Expression], scope: Scope) -> list[Symbol]:
        if any(group.args.get(c) for c in ("rollup", "cube", "grouping_sets")):
            raise Unsupported("grouping sets")
        keys = group.expressions or [i for i in items if not has_aggregate(i)]
        out: list[Symbol] = []
        for key in keys:
            out += [","] if out else []
            out += self.expression(self.referred(key, items, scope), scope)
        return out

    def order(self, order: exp.Order, items: list[exp.Expression], scope: Scope) -> list[Symbol]:
        out: list[Symbol] = []
        for one in order.expressions:
            out += [","] if out else []
            out += [*self.expression(self.referred(one.this, items, scope), scope), "desc" if one.args.get("desc") else "asc"]
        return out

    def referred(self, tree: exp.Expression, items: list[exp.Expression], scope: Scope) -> exp.Expression:
        """GROUP BY 1, ORDER BY total: the select item that is meant."""
        if isinstance(tree, exp.Literal) and not tree.is_string and tree.this.isdigit() and 0 < int(tree.this) <= len(items):
            return items[int(tree.this) - 1]
        return self.unaliased(tree, scope, True)

    def unaliased(self, tree: exp.Expression, scope: Scope, first: bool) -> exp.Expression:
        """Names of select items stand for their expressions, unless a column has that name and goes first."""

        def replace(node: exp.Expression) -> exp.Expression:
            if isinstance(node, exp.Column) and not node.table and node.name.lower() in scope.selected:
                found = self.resolve(node, scope)
                if found is None or found[0] is not scope or (first and not isinstance(scope.selected[node.name.lower()], exp.Column)):
                    return scope.selected[node.name.lower()].copy()
            return node

        return tree.copy().transform(replace) if scope.selected else tree

    # conditions

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
            return ["exists", "(", *self.query(tree.this, scope, scope.part), ")"]
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
        return [*self.expression(tree.this, scope), *negated, test, *self.literals.text(inner, self.column_of(tree.this, scope), pattern=True)]

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

    # expressions

    def column_of(self, tree: exp.Expression, scope: Scope) -> int | None:
        while isinstance(tree, exp.Lower | exp.Upper | exp.Paren):
            tree = tree.this
        found = self.resolve(tree, scope) if isinstance(tree, exp.Column) else None
        return found[2] if found and found[1][0] >= 0 else None

    def expression(self, tree: exp.Expression, scope: Scope, column: int | None = None) -> list[Symbol]:
        """``column``: the column that this is compared with, whose cell values a literal may be."""
        kind = type(tree)
        if kind is exp.Paren:
            return self.expression(tree.this, scope, column)
        if kind is exp.Column:
            return self.column(tree, scope, column)
        if kind is exp.Literal:
            return list(self.literals.text(tree.this, column) if tree.is_string else self.literals.number(tree.this, column))
        if kind in AGGREGATE or kind in RANKING or kind in (exp.Window, exp.Filter, exp.Lag, exp.Lead):
            return self.aggregate(tree, scope)
        if kind in ARITHMETIC:
            left = self.expression(tree.this, scope)
            right = self.expression(tree.expression, scope)
            if type(tree.expression.unnest()) in ARITHMETIC:
                right = ["(", *right, ")"]
            return [*left, ARITHMETIC[kind], *right]
        if kind is exp.Subquery or isinstance(tree, exp.Query):
            return ["(", *self.query(tree, scope, scope.part), ")"]
        if kind is exp.Boolean:
            return ["true" if tree.this else "false"]
        if kind is exp.Null:
            return ["null"]
        if kind is exp.Neg and isinstance(tree.this, exp.Literal):
            return ["#0", "-", *self.expression(tree.this, scope)]
        return self.function(tree, scope)

    def column(self, tree: exp.Column, scope: Scope, compared: int | None) -> list[Symbol]:
        found = self.resolve(tree, scope)
        if found is None:
            if tree.this.args.get("quoted") and not tree.table:  # SQLite reads an unknown "name" as a string
                return list(self.literals.text(tree.name, compared))
            raise Unsupported("unknown column")
        owner, instance, index = found
        owner.used.add(instance)
        if instance[0] < 0:
            if index > 8:
                raise Unsupported("more than eight outputs")
            if owner is not scope and scope.instances:
                raise Unsupported("a WITH query's output in a nested block")
            return [f"out{index}"]
        if owner is not scope:
            if owner is not scope.parent or instance[1]:
                raise Unsupported("a column two blocks away")
            return ["outer", Pointer("column", index)]
        return [*(["other"] if instance[1] else []), Pointer("column", index)]

    def aggregate(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        kind = type(tree)
        if kind is exp.Window:
            if tree.args.get("spec") and tree.args["spec"].sql() not in _DEFAULT_FRAMES:
                raise Unsupported("a window frame")
            out = [*self.aggregate(tree.this, scope), "over", "("]
            for i, key in enumerate(tree.args.get("partition_by") or ()):
                out += ["," if i else "partition by", *self.expression(self.unaliased(key, scope, False), scope)]
            if tree.args.get("order"):
                out += ["order by", *self.order(tree.args["order"], [], scope)]
            return [*out, ")"]
        if kind is exp.Filter:
            return [*self.aggregate(tree.this, scope), "filter", "(", *self.condition(tree.expression.this, scope), ")"]
        if kind in RANKING:
            return [RANKING[kind], "(", ")"]
        if kind in (exp.Lag, exp.Lead):
            offset = tree.args.get("offset")
            more = [",", *self.expression(offset, scope)] if offset is not None and offset.this != "1" else []
            return ["lag" if kind is exp.Lag else "lead", "(", *self.expression(tree.this, scope), *more, ")"]
        if kind not in AGGREGATE:
            raise Unsupported(kind.__name__)
        argument = tree.this
        out = [AGGREGATE[kind], "("]
        if isinstance(argument, exp.Distinct):
            if len(argument.expressions) != 1:
                raise Unsupported("DISTINCT of several columns")
            out.append("distinct")
            argument = argument.expressions[0]
        star = isinstance(argument, exp.Star) or _is_star(argument) or (kind is exp.Count and isinstance(argument, exp.Literal))
        return [*out, *(["*"] if star else self.expression(argument, scope)), ")"]

    def function(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        kind = type(tree)
        if kind in UNARY:
            return [UNARY[kind], "(", *self.expression(tree.this, scope), ")"]
        if kind in (exp.Case, exp.If):
            return self.case(tree, scope)
        if kind in (exp.Cast, exp.TryCast):
            return self.cast(tree, scope)
        if kind is exp.Extract:
            part = {"DOW": "weekday"}.get(tree.name.upper(), tree.name.lower())
            if part in ("year", "quarter", "month", "week", "day", "hour", "weekday"):
                return [part, "(", *self.expression(tree.expression, scope), ")"]
        if kind is exp.TimeToStr and tree.args["format"].name in STRFTIME:
            inner = tree.this.this if isinstance(tree.this, exp.TsOrDsToTimestamp) else tree.this
            return [STRFTIME[tree.args["format"].name], "(", *self.expression(inner, scope), ")"]
        if kind is exp.DateDiff and (unit := str(tree.args.get("unit") or "DAY").upper()) in UNITS:
            return [UNITS[unit], "(", *self.day(tree.expression, scope), ",", *self.day(tree.this, scope), ")"]
        arguments = {
            exp.Round: ("round", "this", "decimals"), exp.Substring: ("substr", "this", "start", "length"),
            exp.Nullif: ("nullif", "this", "expression"),
        }
        if kind in arguments:
            name, *keys = arguments[kind]
            parts = [tree.args[k] for k in keys if tree.args.get(k) is not None]
        elif kind is exp.Coalesce:
            name, parts = "coalesce", [tree.this, *tree.expressions]
        else:
            raise Unsupported(kind.__name__)
        out: list[Symbol] = [name, "("]
        for i, part in enumerate(parts):
            out += [","] if i else []
            out += self.expression(part, scope)
        return [*out, ")"]

    def day(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        day = as_date(tree)
        if day is None:
            return self.expression(tree, scope)
        symbols = self.literals.day(day)
        if not symbols:
            raise Unsupported("date not linked")
        return list(symbols)

    def cast(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        inner, to = tree.this, tree.to
        if as_date(tree) is not None:
            return self.day(tree, scope)
        if isinstance(inner, exp.TimestampTrunc | exp.DateTrunc):
            unit = f"trunc_{inner.args['unit'].name.lower()}"
            return [unit, "(", *self.expression(inner.this, scope), ")"]
        symbols = self.expression(inner, scope)
        column = self.column_of(inner, scope)
        if to.this in NUMERIC:
            text = column is not None and self.schema.columns[column].kind == "text"
            return ["to_number", "(", *symbols, ")"] if text else symbols
        if to.this in exp.DataType.TEXT_TYPES:
            return ["to_text", "(", *symbols, ")"]
        if to.this is exp.DataType.Type.DATE and column is not None and self.schema.columns[column].kind == "date":
            return symbols
        raise Unsupported("cast")

    def case(self, tree: exp.Expression, scope: Scope) -> list[Symbol]:
        out: list[Symbol] = ["case"]
        branches = tree.args.get("ifs") or [tree]
        for branch in branches:
            test = branch.this
            if isinstance(tree, exp.Case) and tree.this is not None:
                test = exp.EQ(this=tree.this.copy(), expression=test.copy())
            out += ["when", *self.condition(test, scope), "then", *self.expression(branch.args["true"], scope)]
        default = tree.args.get("default") if isinstance(tree, exp.Case) else tree.args.get("false")
        if default is not None:
            out += ["else", *self.expression(default, scope)]
        return [*out, "end"]


_DEFAULT_FRAMES = {
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
}


def _constant(tree: exp.Expression) -> bool:
    return isinstance(tree, exp.Literal) or as_date(tree) is not None


def _is_star(tree: exp.Expression) -> bool:
    return isinstance(tree, exp.Column) and isinstance(tree.this, exp.Star)
