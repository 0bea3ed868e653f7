"""Expressions of SQL in English words. Whatever has no words of its own is shown as SQL, so there is always a phrase."""
from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

import sqlglot
from sqlglot import exp

from nl2sql.names import humanize
from nl2sql.sql import conditions
from nl2sql.sql.conditions import listed
from nl2sql.sql.days import date_value
from nl2sql.sql.lineage import Lineage, conjuncts
from nl2sql.sql.resolve import fold

_BINARY: dict[type[exp.Expr], str] = {
    exp.Add: "{} plus {}", exp.Sub: "{} minus {}", exp.Mul: "{} times {}", exp.Div: "{} divided by {}", exp.Mod: "{} modulo {}",
    exp.IntDiv: "{} divided by {} (whole)", exp.DPipe: "{} followed by {}", exp.EQ: "{} is {}", exp.NEQ: "{} is not {}",
    exp.GT: "{} is more than {}", exp.GTE: "{} is at least {}", exp.LT: "{} is less than {}", exp.LTE: "{} is at most {}",
    exp.And: "{} and {}", exp.Or: "{} or {}", exp.NullSafeEQ: "{} is {}", exp.NullSafeNEQ: "{} is not {}",
    exp.SimilarTo: "{} is like {}", exp.RegexpLike: "{} matches {}",
}  # fmt: skip
_OF: dict[type[exp.Expr], str] = {
    exp.Sum: "total {}", exp.Avg: "average {}", exp.Min: "lowest {}", exp.Max: "highest {}", exp.Median: "median {}",
    exp.Stddev: "standard deviation of {}", exp.StddevSamp: "standard deviation of {}",
    exp.StddevPop: "standard deviation of {}", exp.Variance: "variance of {}", exp.Mode: "most frequent {}",
    exp.AnyValue: "any {}", exp.First: "first {}", exp.Last: "last {}", exp.GroupConcat: "list of {}",
    exp.ArrayAgg: "list of {}", exp.CountIf: "number of rows where {}",
    exp.ApproxDistinct: "approximate number of different {}", exp.Year: "year of {}", exp.Quarter: "quarter of the year of {}",
    exp.Month: "month of the year of {}", exp.Week: "week of {}", exp.WeekOfYear: "week of {}",
    exp.Day: "day of the month of {}", exp.DayOfMonth: "day of the month of {}", exp.DayOfWeek: "weekday of {}",
    exp.DayOfWeekIso: "weekday of {}", exp.Dayname: "weekday of {}", exp.Hour: "hour of {}",
    exp.Monthname: "month of the year of {}", exp.DayOfYear: "day of the year of {}", exp.Abs: "{} without its sign",
    exp.Lower: "{} in lower case", exp.Upper: "{} in upper case", exp.Length: "length of {}", exp.Neg: "minus {}",
    exp.RowNumber: "position", exp.Rank: "rank", exp.DenseRank: "rank", exp.PercentRank: "percent rank",
    exp.CumeDist: "share of the rows up to it", exp.Lag: "previous {}", exp.Lead: "next {}", exp.FirstValue: "first {}",
    exp.LastValue: "last {}", exp.CurrentDate: "today", exp.Distinct: "different {}", exp.Ordered: "{}", exp.Order: "{}",
    exp.Alias: "{}", exp.Round: "{}", exp.Trunc: "{}", exp.Coalesce: "{}", exp.Nullif: "{}", exp.IgnoreNulls: "{}",
    exp.Collate: "{}",
}  # fmt: skip
_EARLY = {exp.Min: "earliest {}", exp.Max: "latest {}", exp.GT: "{} is after {}", exp.GTE: "{} is on or after {}",
          exp.LT: "{} is before {}", exp.LTE: "{} is on or before {}"}  # fmt: skip
_FORMATS = {"%Y": "year", "%Y-%m": "month", "%m": "month of the year", "%A": "weekday", "%B": "month of the year"}
_KEPT = (exp.Cast, exp.TryCast, exp.Paren, exp.TimestampTrunc, exp.DateTrunc, exp.Min, exp.Max, exp.Alias)  # a date stays a date


_SHORT = 3  # letters
_ODD = {"person": "people", "child": "children", "man": "men", "woman": "women", "staff": "staff", "news": "news", "data": "data"}
_ODD_ONES = {many: one for one, many in _ODD.items()}
_LONGEST = 300  # characters of what a name stands for
_FORMULA = re.compile(r"\b(\w+) is (\w+(?: *[-+*/] *\(?\w+\)?)+)")


def singular(words: str) -> str:
    """Words in the singular ("order items" -> "order item"); enough for the names of tables."""
    before, last = _last(words)
    if last in _ODD_ONES:
        return before + _ODD_ONES[last]
    if words.endswith("ies") and len(words) > 4:
        return words[:-3] + "y"
    if words.endswith(("sses", "xes", "ches", "shes")):
        return words[:-2]
    return words[:-1] if words.endswith("s") and not words.endswith(("ss", "us", "is")) else words


def plural(words: str) -> str:
    """Words in the plural, whatever number they come in ("store", "stores" -> "stores")."""
    one = singular(words)
    before, last = _last(one)
    if last in _ODD:
        return before + _ODD[last]
    if one.endswith("y") and one[-2:-1] not in tuple("aeiou"):
        return one[:-1] + "ies"
    return one + ("es" if one.endswith(("s", "x", "ch", "sh")) else "s")


def _last(words: str) -> tuple[str, str]:
    before, space, last = words.rpartition(" ")
    return before + space, last


def bare(node: exp.Expr) -> exp.Expr:
    """An expression without brackets and tables: ``oi.amount - (oi.x * p.y)`` is the formula ``amount - x * y``."""
    root = exp.Paren(this=node.copy())
    for part in list(root.find_all(exp.Column)):
        part.replace(exp.column(fold(part.name)))
    for part in list(root.this.find_all(exp.Paren)):
        part.replace(part.this)
    return root.this


class Phrases:
    """Words for the parts of one query; ``block`` words a whole query inside another one."""

    def __init__(self, lineage: Lineage, block: Callable[[exp.Expr], str]) -> None:
        self.lineage = lineage
        self.schema = lineage.schema
        self._block = block
        self._inner: dict[int, str] = {}
        self._names = [fold(column.name) for column in self.schema.columns]
        self._ways: dict[type[exp.Expr], Callable[..., str]] = {
            exp.Column: self._column, exp.Count: self._count, exp.Case: self._case, exp.Window: self._window,
            exp.TimestampTrunc: self._part, exp.DateTrunc: self._part, exp.Extract: self._part, exp.DateDiff: self._difference,
            exp.Cast: self._cast, exp.TryCast: self._cast, exp.Literal: self._literal, exp.Sum: self._sum, exp.Avg: self._sum,
            exp.Not: self._not, exp.Interval: self._interval,
            exp.Filter: lambda node: f"{self.say(node.this)} where {self.all_of(node.expression)}",
            exp.Paren: lambda node: f"({self.say(node.this)})" if isinstance(node.this, exp.Or) else self.say(node.this),
            exp.TimeToStr: lambda node: f"{_FORMATS.get(node.args['format'].name, 'text')} of {self.say(node.this)}",
            exp.Boolean: lambda node: str(node.this).lower(),
            exp.Null: lambda node: "nothing",
            exp.Star: lambda node: "all columns",
            exp.Tuple: lambda node: listed([self.say(part) for part in node.expressions]),
            exp.Subquery: lambda node: f"({self._block(node.this)})",
        }  # fmt: skip

    @cached_property
    def _formulas(self) -> dict[exp.Expr, str]:
        """What comments say that an expression means ("profit is amount - quantity * unit_cost"): the expression -> its word."""
        found = {}
        for comment in {column.comment for column in self.schema.columns if " is " in column.comment}:
            for word, formula in _FORMULA.findall(comment):
                try:
                    found[bare(sqlglot.parse_one(formula))] = word
                except sqlglot.errors.SqlglotError:
                    continue  # words after all
        return found

    def say(self, node: exp.Expr | None) -> str:
        """Words for a value or a condition."""
        if node is None:
            return ""
        kind = type(node)
        if kind in self._ways:
            return self._ways[kind](node)
        if isinstance(node, conditions.TESTS):
            return conditions.tested(node, self.say)
        if isinstance(node, exp.Binary) and kind in _BINARY:
            return self._binary(node)
        if kind in _OF:
            inner = node.this if node.this is not None else next(iter(node.expressions), None)
            form = _EARLY[kind] if kind in _EARLY and self.is_date(inner) else _OF[kind]
            return form.format(self.say(inner)).strip()
        if isinstance(node, exp.Query):
            return f"({self._block(node)})"
        return node.sql(dialect="duckdb", comments=False)

    def all_of(self, node: exp.Expr | None) -> str:
        """The conditions that AND joins, in words."""
        return listed(conditions.worded(conjuncts(node), self.say, self.is_date))

    def table(self, index: int) -> str:
        """A table's rows in words, in the plural; where another schema has a table of that name too, with its schema."""
        table = self.schema.tables[index]
        words = plural(table.words or humanize(table.name))
        twin = sum(fold(other.name) == fold(table.name) for other in self.schema.tables) > 1
        return f"{humanize(table.schema)} {words}" if twin and table.schema else words

    def column(self, index: int, owned: bool = True) -> str:
        """A column's name in words; where another table has a column of that name too, with its table (if ``owned``)."""
        column = self.schema.columns[index]
        words = column.words or humanize(column.name)
        if not owned:
            return words
        owner = singular(self.table(self.schema.owner[index]))
        if self._names.count(fold(column.name)) > 1 and not words.endswith((" id", "key")) and owner not in words:
            return f"{owner}'s {words}"
        return words

    def is_date(self, node: exp.Expr | None) -> bool:
        """Whether an expression is a date column, or one cut to a period."""
        for _ in range(50):
            while isinstance(node, _KEPT):
                node = node.this
            if not isinstance(node, exp.Column):
                return isinstance(node, exp.DateFromParts | exp.LastDay)
            origin = self.lineage.origin(node)
            if not isinstance(origin, exp.Expr):
                return origin is not None and self.schema.columns[origin].kind == "date"
            node = origin
        return False

    def rows_of(self, node: exp.Expr) -> str:
        """What a row of the SELECT around a node stands for: the table that none of the others refers back to."""
        select = node if isinstance(node, exp.Select) else node.find_ancestor(exp.Select)
        tables = self.lineage.base_tables(select) if select is not None else []
        if select is None or not tables or len(tables) < len(self.lineage.sources(select)):
            return "rows"
        sources = self.lineage.sources(select).values()
        inner = [source for source in sources if source.join is None or not source.join.side]
        tables = [source.table for source in inner if source.table is not None]
        owner = self.schema.owner
        joins = {(owner[key.source], owner[key.target]) for key in self.schema.foreign_keys}
        referred = {target for source, target in joins if source in tables and source != target}
        return self.table(next((table for table in tables if table not in referred), tables[0])) if tables else "rows"

    def sorted_by(self, value: exp.Expr, down: bool) -> str:
        """How a value sorts, in words that fit its kind."""
        return f"{self.say(value)} ({self._direction(value, down)})"

    def _direction(self, value: exp.Expr, down: bool) -> str:
        if self.is_date(value):
            return "latest first" if down else "earliest first"
        column = self.lineage.column(value)
        if column is not None and column.kind == "text":
            return "Z to A" if down else "A to Z"
        return "highest first" if down else "lowest first"

    def _column(self, node: exp.Column) -> str:
        if isinstance(node.this, exp.Star):
            return f"all columns of {humanize(node.table)}"
        index = self.lineage.index(node)
        if index is not None:
            role = self.lineage.role(node, index)
            return f"{role}'s {self.column(index, owned=False)}" if role else self.column(index)
        origin = self.lineage.origin(node)
        # a short name of an inner query's column ("m", "rn") says nothing: say what it stands for
        words = self._stands_for(origin) if isinstance(origin, exp.Expr) and len(node.name) <= _SHORT else ""
        return words if words and len(words) <= _LONGEST else humanize(node.name)

    def _stands_for(self, origin: exp.Expr) -> str:
        """Said once: names that stand for others twice over, in a chain, would double the words with each link."""
        if id(origin) not in self._inner:
            self._inner[id(origin)] = self.say(origin)
        return self._inner[id(origin)]

    def _literal(self, node: exp.Literal) -> str:
        return node.name if node.is_number or date_value(node) else f"'{node.name}'"

    def _cast(self, node: exp.Expr) -> str:
        return str(date_value(node) or self.say(node.this))

    def _interval(self, node: exp.Interval) -> str:
        count = self.say(node.this).strip("'")
        return f"{count} {str(node.unit or '').lower()}{'' if count == '1' else 's'}"

    def _binary(self, node: exp.Binary) -> str:
        left, right, kind = node.left, node.right, type(node)
        if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div) and (word := self._formulas.get(bare(node))):
            return word
        day = date_value(node)
        if day is not None:
            return str(day)
        if kind in _EARLY and (self.is_date(left) or self.is_date(right)):
            return _EARLY[kind].format(self.say(left), self.say(right))
        if (part := _but_hundred(node)) is not None:
            return f"{self.say(part)}, in percent"
        if isinstance(node, exp.Div) and (part := _but_hundred(left.unnest())) is not None:
            return f"{self.say(part)} divided by {self.say(right)}, in percent"
        return _BINARY[kind].format(self.say(left), self.say(right))

    def _sum(self, node: exp.Expr) -> str:
        """SUM and AVG; over a CASE that keeps some rows, the words of a filter."""
        inner, total = node.this, isinstance(node, exp.Sum)
        form = "total {}" if total else "average {}"
        if isinstance(inner, exp.Case) and inner.this is None and len(inner.args["ifs"]) == 1:
            branch, other = inner.args["ifs"][0], inner.args.get("default")
            value = branch.args["true"]
            if other is None or other.name == "0" or isinstance(other, exp.Null):
                rows = f"number of {self.rows_of(node)}" if total else f"share of the {self.rows_of(node)}"
                return f"{rows if value.name == '1' else form.format(self.say(value))} where {self.all_of(branch.this)}"
        if isinstance(inner, exp.AggFunc) and total:
            return self.say(inner)  # SUM(SUM(x)) OVER (...): the window says of which rows
        return form.format(self.say(inner))

    def _count(self, node: exp.Count) -> str:
        inner = node.this
        distinct = isinstance(inner, exp.Distinct)
        if isinstance(inner, exp.Distinct):
            inner = inner.expressions[0] if inner.expressions else None
        if inner is None or inner.is_star or isinstance(inner, exp.Literal):
            return f"number of {self.rows_of(node)}"
        index = self.lineage.index(inner)
        if index is None:
            return f"number of {'different ' if distinct else ''}{self.say(inner)} values"
        column, owner = self.schema.columns[index], self.schema.owner[index]
        target = next((key.target for key in self.schema.foreign_keys if key.source == index), None)
        if distinct:
            keyed = owner if column.primary_key else self.schema.owner[target] if target is not None else None
            return f"number of different {self.table(keyed) if keyed is not None else self.column(index) + ' values'}"
        known = f" with a {self.column(index)}" if column.nullable and not column.primary_key else ""
        return f"number of {self.table(owner)}{known}"

    def _part(self, node: exp.Expr) -> str:
        unit, what = (node.this, node.expression) if isinstance(node, exp.Extract) else (node.args.get("unit"), node.this)
        return f"{unit.name.lower() if unit is not None else 'period'} of {self.say(what)}"

    def _difference(self, node: exp.DateDiff) -> str:
        unit = node.args.get("unit")
        return f"{unit.name.lower() if unit is not None else 'day'}s from {self.say(node.expression)} to {self.say(node.this)}"

    def _window(self, node: exp.Window) -> str:
        words, order = self.say(node.this), node.args.get("order")
        within = [self.say(part) for part in node.args.get("partition_by") or []]
        inside = f" within each {listed(within)}" if within else ""
        if order is None:
            return f"{words}{inside or ' over all rows'}"
        running = "running " if isinstance(node.this, exp.Sum | exp.Count | exp.Avg) else ""
        by = listed([self.sorted_by(part.this, bool(part.args.get("desc"))) for part in order.expressions])
        return f"{running}{words}{inside} by {by}"

    def _case(self, node: exp.Case) -> str:
        subject = f"{self.say(node.this)} is " if node.this is not None else ""
        parts = [f"{self.say(branch.args['true'])} if {subject}{self.say(branch.this)}" for branch in node.args["ifs"]]
        other = node.args.get("default")
        rest = f", otherwise {self.say(other)}" if other is not None and not isinstance(other, exp.Null) else ""
        return ", ".join(parts) + rest

    def _not(self, node: exp.Not) -> str:
        inner = node.this.unnest()
        return conditions.tested(inner, self.say, True) if isinstance(inner, conditions.TESTS) else f"not ({self.say(inner)})"


def _but_hundred(node: exp.Expr) -> exp.Expr | None:
    """The other side of a product with 100; None for anything else."""
    if not isinstance(node, exp.Mul):
        return None
    left, right = node.this, node.expression
    return right if left.name in ("100", "100.0") else left if right.name in ("100", "100.0") else None
