"""Figures that count otherwise than they seem to: rows without a match, equal values once, shares of a part as of the whole."""
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlglot import exp

from nl2sql.sql.conditions import listed
from nl2sql.sql.fanout import Joins, grouped_by
from nl2sql.sql.lineage import conjuncts
from nl2sql.sql.resolve import fold

if TYPE_CHECKING:
    from nl2sql.sql.warnings import View


def counts_of_none(view: View) -> Iterator[str]:
    """COUNT(*) after a LEFT JOIN says 1 for what has no match."""
    for select in view.tree.find_all(exp.Select):
        joins = view.joins(select)
        first = next(iter(joins.sources), None)
        by = joins.repeated(first) if first is not None else None
        source = joins.sources[by].join if by is not None else None
        if first is not None and len(joins.sources) == 2 and _is_right(select):  # the same, told the other way round
            first, by = next(alias for alias in joins.sources if alias != first), first
            source = joins.sources[first].join if joins.repeated(first) == by else None
        if first is None or by is None or source is None or source.side not in ("LEFT", "RIGHT"):
            continue
        told = [*conjuncts(select.args.get("where")), *grouped_by(select)]
        if any(by in joins.owners(node) for node in told):
            continue
        for node in select.find_all(exp.Count, exp.Sum):
            if isinstance(node, exp.Sum) and not node.this.is_number:
                continue
            of_first = joins.owners(node) == {first} and joins.is_grouped_by_key(first)
            whole = isinstance(node.this, exp.Star | exp.Literal) or of_first
            if whole and node.find_ancestor(exp.Select) is select and not isinstance(node.parent, exp.Filter):
                left, right = view.called(joins.sources[first]), view.called(joins.sources[by])
                yield f"Those of {left} that have no {right} count as 1 too: counted by a column of {right} they would be 0."


def _is_right(select: exp.Select) -> bool:
    return any(join.side == "RIGHT" for join in select.args.get("joins") or ())


def sums_of_different(view: View) -> Iterator[str]:
    """SUM(DISTINCT x) and AVG(DISTINCT x): two rows of the same amount are one to them."""
    for node in view.tree.find_all(exp.Sum, exp.Avg):
        if isinstance(node.this, exp.Distinct):
            values = listed([view.phrases.say(value) for value in node.this.expressions])
            figure = "sum" if isinstance(node, exp.Sum) else "average"
            yield f"The {figure} takes each different {values} once, however many rows have it."


def shares_of_some(view: View) -> Iterator[str]:
    """Shares of groups, of which a condition has left only some: they are no shares of all."""
    for select in view.tree.find_all(exp.Select):
        if select.args.get("group") is None or not any(_is_share(node) for node in select.find_all(exp.Div)):
            continue
        keys = {view.lineage.index(key) for key in grouped_by(select)} - {None}
        if select.args.get("having") is not None:
            left = " and ".join(view.phrases.say(node) for node in conjuncts(select.args["having"]))
            yield f"The shares are of those alone for which {left}: the others are not in the total."
        for node in conjuncts(select.args.get("where")):
            column = node.this if isinstance(node, exp.In | exp.EQ) else None
            index = view.lineage.index(column)
            if index in keys and index is not None and (view.schema.columns[index].kind == "text" or _names_rows(index, view)):
                yield f"The shares are of those alone for which {view.phrases.say(node)}: the others are not in the total."


def _names_rows(index: int, view: View) -> bool:
    """Whether a column says which row of a table is meant."""
    return view.schema.columns[index].primary_key or any(index in (key.source, key.target) for key in view.schema.foreign_keys)


def _is_share(node: exp.Div) -> bool:
    windows = node.expression.find_all(exp.Window)
    return any(isinstance(window.this, exp.Sum) and not window.args.get("partition_by") for window in windows)


def called_by_table(figure: exp.Expr, joins: Joins) -> str | None:
    """The alias of the table whose rows ``COUNT(*) AS customers`` says to count."""
    name = fold(figure.parent.alias) if isinstance(figure.parent, exp.Alias) and isinstance(figure.this, exp.Star) else ""
    tables = ((alias, source.table) for alias, source in joins.sources.items())
    return next((alias for alias, table in tables if table is not None and fold(joins.schema.tables[table].name) == name), None)
