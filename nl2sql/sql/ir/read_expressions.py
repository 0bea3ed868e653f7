"""Expressions of a block -> symbols."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from nl2sql.records import Context, Pointer, Schema, Symbol
from nl2sql.sql.ir.literals import Literals, Unsupported, as_date

if TYPE_CHECKING:
    from nl2sql.sql.ir.read import Scope

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
UNITS = {"DAY": "days_between", "WEEK": "weeks_between", "MONTH": "months_between"}
PARTS = ("year", "quarter", "month", "week", "day", "hour", "weekday")
NUMERIC = exp.DataType.NUMERIC_TYPES
_DEFAULT_FRAMES = {
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
}


class ExpressionReader:
    context: Context
    schema: Schema
    literals: Literals

    if TYPE_CHECKING:

        def query(self, tree: exp.Expression, parent: Scope | None, part: Any = None) -> list[Symbol]: ...
        def condition(self, tree: exp.Expression, scope: Scope) -> list[Symbol]: ...
        def order(self, order: exp.Order, items: list[exp.Expression], scope: Scope) -> list[Symbol]: ...
        def unaliased(self, tree: exp.Expression, scope: Scope, first: bool) -> exp.Expression: ...
        def resolve(self, column: exp.Column, scope: Scope) -> Any: ...

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
            kind_of_right = type(tree.expression.unnest())
            spelled = kind_of_right in (exp.Literal, exp.Neg) and len(right) > 2  # 0.2 as 20 / 100, -5 as 0 - 5
            if kind_of_right in ARITHMETIC or spelled:
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
            if any(instance[0] == inner for inner, _ in scope.instances):
                raise Unsupported("a table compared with itself, row by row")
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
        star = isinstance(argument, exp.Star) or is_star(argument) or (kind is exp.Count and isinstance(argument, exp.Literal))
        if star and scope.counted and len(out) == 2:
            scope.used.add(scope.counted)
            return [*out, Pointer("table", scope.counted[0]), ")"]
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
            if part in PARTS:
                return [part, "(", *self.expression(tree.expression, scope), ")"]
        if kind is exp.TimeToStr and tree.args["format"].name in STRFTIME:
            inner = tree.this.this if isinstance(tree.this, exp.TsOrDsToTimestamp) else tree.this
            return [STRFTIME[tree.args["format"].name], "(", *self.expression(inner, scope), ")"]
        if kind is exp.DateDiff and (unit := str(tree.args.get("unit") or "DAY").upper()) in UNITS:
            return self.between(UNITS[unit], tree.expression, tree.this, scope)
        if kind is exp.Anonymous and tree.name.lower() in ("date_sub", "datesub") and len(tree.expressions) == 3:
            unit, start, end = tree.expressions
            if unit.name.upper() in ("DAY", "YEAR"):
                return self.between(f"{unit.name.lower()}s_between", start, end, scope)
        if kind is exp.Anonymous and tree.name.lower() == "date_part" and tree.expressions[0].name.lower() in PARTS:
            return [tree.expressions[0].name.lower(), "(", *self.expression(tree.expressions[1], scope), ")"]
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

    def between(self, symbol: str, start: exp.Expression, end: exp.Expression, scope: Scope) -> list[Symbol]:
        return [symbol, "(", *self.day(start, scope), ",", *self.day(end, scope), ")"]

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


def is_star(tree: exp.Expression) -> bool:
    return isinstance(tree, exp.Column) and isinstance(tree.this, exp.Star)
