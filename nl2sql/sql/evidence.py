"""What the rules that need rows may look at: a query, its rows, and small queries of their own, for a short time in all."""
from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlglot import exp

from nl2sql.errors import QueryFailed, Refused
from nl2sql.records import Query, Result, Schema
from nl2sql.sql.fanout import aggregates
from nl2sql.sql.warnings import View

# SQL and a time limit in seconds -> the checked query and its rows
Run = Callable[[str, float], tuple[Query, Result]]
Rows = Sequence[tuple[Any, ...]]

_TOO_LITTLE = 0.005  # seconds; less isn't worth a start


class Evidence(View):
    """A query with its rows. ``values`` are the known texts of columns; ``as_of`` is the day that the question was asked for."""

    def __init__(
        self,
        tree: exp.Expr,
        query: Query,
        result: Result,
        schema: Schema,
        run: Run,
        *,
        values: Mapping[int, Sequence[str]],
        as_of: dt.date | None,
        seconds: float,
    ) -> None:
        super().__init__(tree, schema)
        self.query = query
        self.result = result
        self.values = values
        self.as_of = as_of
        self._run = run
        self._until = time.perf_counter() + seconds

    def look_up(self, probe: exp.Expr | str) -> Rows | None:
        """The rows of a query of our own, through the same checks as any; None where it can't run, or not in time."""
        left = self._until - time.perf_counter()
        if left < _TOO_LITTLE:
            return None
        sql = probe if isinstance(probe, str) else probe.sql(dialect=self.query.dialect, comments=False)
        try:
            return self._run(sql, left)[1].rows
        except (Refused, QueryFailed):
            return None

    @cached_property
    def is_hollow(self) -> bool:
        """Whether the rows hold nothing but NULL and zero."""
        return all(cell is None or cell == 0 for row in self.result.rows for cell in row)

    @cached_property
    def is_empty(self) -> bool:
        """Whether no row was found: none came, or totals of none."""
        if not self.result.rows:
            return True
        return self.is_hollow and self.is_total and self.look_up(self.any_row(self.tree.copy())) == ()

    @cached_property
    def is_total(self) -> bool:
        """Whether the query makes one row of all its rows."""
        tree = self.tree
        whole = isinstance(tree, exp.Select) and tree.args.get("group") is None and tree.args.get("having") is None
        return whole and any(aggregates(item) for item in tree.selects)

    def any_row(self, tree: exp.Expr) -> exp.Expr:
        """The query (or one that differs by its conditions), cut down to whether there are rows."""
        if self.is_total:
            tree.set("expressions", [exp.Literal.number(1)])
            tree.set("order", None)
        return tree.limit(1, copy=False) if isinstance(tree, exp.Query) else tree

    def table_sql(self, index: int) -> str:
        """A table of the schema as FROM names it."""
        table = self.schema.tables[index]
        return exp.table_(table.name, db=table.schema or None, quoted=True).sql(dialect=self.query.dialect)

    def unqualified(self, node: exp.Expr) -> tuple[str, int] | None:
        """An expression over one column, written over that column's table alone, and the column; None for any other."""
        copy = node.copy()
        columns = list(node.find_all(exp.Column))
        indices = {self.lineage.index(column) for column in columns}
        index = indices.pop() if len(indices) == 1 else None
        if index is None or node.find(exp.AggFunc, exp.Window, exp.Query) is not None:
            return None
        name = exp.column(exp.to_identifier(self.schema.columns[index].name, quoted=True))
        if isinstance(copy, exp.Column):
            copy = name
        for column in list(copy.find_all(exp.Column)):
            if column is not copy:
                column.replace(name.copy())
        return copy.sql(dialect=self.query.dialect, comments=False), index
