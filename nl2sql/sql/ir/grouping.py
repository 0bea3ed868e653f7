"""What the IR leaves implicit and engines with strict grouping ask for: complete GROUP BY lists, named outputs."""
from __future__ import annotations

import re

from sqlglot import exp


def is_aggregate(node: exp.Expression) -> bool:
    """An aggregate over groups: not one that a window computes row by row."""
    if not isinstance(node, exp.AggFunc):
        return False
    parent = node.parent.parent if isinstance(node.parent, exp.Filter) else node.parent
    return not (isinstance(parent, exp.Window) and node.arg_key == "this")


def has_aggregate(tree: exp.Expression) -> bool:
    if isinstance(tree, exp.Query | exp.Subquery):
        return False
    return is_aggregate(tree) or any(has_aggregate(child) for child in tree.iter_expressions())


def bare_columns(tree: exp.Expression, keys: list[exp.Expression]) -> list[exp.Expression]:
    """Columns outside aggregates and outside the keys that the query groups by."""
    if tree in keys or is_aggregate(tree) or isinstance(tree, exp.Query | exp.Subquery):
        return []
    if isinstance(tree, exp.Filter) and is_aggregate(tree.this):
        return []
    if isinstance(tree, exp.Column):
        return [tree]
    return [column for child in tree.iter_expressions() for column in bare_columns(child, keys)]


def complete_grouping(select: exp.Select) -> None:
    """Group by every column that is shown beside an aggregate: the label of a key that is grouped by, for one."""
    items = [item.unalias() for item in select.expressions]
    order = select.args.get("order")
    ordered = list(order.expressions) if order else []
    group = select.args.get("group")
    having = select.args.get("having")
    rest = [select.args[c].this for c in ("having", "qualify") if select.args.get(c)]
    shown = (*items, *(o.this for o in ordered))
    aggregated = group is not None or having is not None or any(has_aggregate(e) for e in (*shown, *rest))
    if not aggregated:
        star = any(isinstance(item, exp.Star) for item in items)
        if select.args.get("distinct") and not star and any(o.this not in items for o in ordered):
            _distinct_as_group(select, items, ordered)
        return
    if group is None and _extreme_row(select, items):
        return
    keys: list[exp.Expression] = list(group.expressions) if group else []
    for tree in (*shown, *rest):
        bare = bare_columns(tree, keys)
        if bare and not has_aggregate(tree) and not tree.find(exp.Window) and tree not in rest:
            keys.append(tree.copy())
        else:
            keys.extend(c.copy() for i, c in enumerate(bare) if c not in bare[:i])
    if keys:
        select.set("group", exp.Group(expressions=keys))
    if select.args.get("distinct") and any(o.this not in items for o in ordered):
        select.set("distinct", None)  # the groups are distinct already


def group_what_is_ranked(select: exp.Select) -> None:
    """SQLite orders rows by an aggregate only where it groups them; without GROUP BY, by what is shown."""
    order, items = select.args.get("order"), [item.unalias() for item in select.expressions]
    if not order or select.args.get("group") or any(has_aggregate(item) for item in items) or not has_aggregate(order):
        return
    select.set("group", exp.Group(expressions=[item.copy() for item in items]))


def _extreme_row(select: exp.Select, items: list[exp.Expression]) -> bool:
    """``name, max(age)`` without GROUP BY means the name in the row of the highest age (as SQLite reads it)."""
    extremes = [item for item in items if isinstance(item, exp.Min | exp.Max)]
    bare = [item for item in items if isinstance(item, exp.Column)]
    if len(extremes) != 1 or len(bare) + 1 != len(items) or not bare or select.args.get("order") or select.args.get("having"):
        return False
    pick = exp.ArgMin if isinstance(extremes[0], exp.Min) else exp.ArgMax
    for item in bare:
        picked = pick(this=item.copy(), expression=extremes[0].this.copy())
        item.replace(exp.Alias(this=picked, alias=exp.to_identifier(item.name)))
    return True


def _distinct_as_group(select: exp.Select, items: list[exp.Expression], ordered: list[exp.Expression]) -> None:
    """SELECT DISTINCT can't be ordered by what it doesn't show; grouping by what it shows can."""
    select.set("distinct", None)
    select.set("group", exp.Group(expressions=[item.copy() for item in items]))
    for o in ordered:
        if o.this not in items:
            o.set("this", (exp.Max if o.args.get("desc") else exp.Min)(this=o.this))


def name_outputs(tree: exp.Expression) -> None:
    """Give every output of a query a name of its own that says what it is."""
    while not isinstance(tree, exp.Select):
        tree = tree.this
    sources = {column.name.lower() for column in tree.find_all(exp.Column)}
    taken: set[str] = set()
    for item in tree.expressions:
        if isinstance(item, exp.Star):
            continue
        name = given_name(item) or output_name(item)
        if not given_name(item) and name in sources:
            name += "_value"  # ORDER BY would take the alias for the column of that name
        unique, number = name, 2
        while unique.lower() in taken:
            unique, number = f"{name}_{number}", number + 1
        taken.add(unique.lower())
        if unique != given_name(item):
            inner = item.unalias()
            item.replace(exp.Alias(this=inner.copy(), alias=exp.to_identifier(unique)))


def given_name(item: exp.Expression) -> str:
    """The name of an output that the query itself gives: an alias, or a column's own."""
    return item.alias_or_name if isinstance(item, exp.Alias | exp.Column) else ""


NAMED = {
    exp.Sum: "total", exp.Avg: "average", exp.Min: "lowest", exp.Max: "highest", exp.Median: "median", exp.Stddev: "deviation",
    exp.Year: "year", exp.Quarter: "quarter", exp.Month: "month", exp.Week: "week", exp.Day: "day", exp.Hour: "hour",
    exp.Dayname: "weekday", exp.Monthname: "month_name", exp.DayOfWeek: "weekday", exp.DateDiff: "difference",
}


def output_name(tree: exp.Expression) -> str:
    """A short name for a computed output: ``total_amount``, ``number``, ``quarter`` ..."""
    if isinstance(tree, exp.Filter | exp.Paren):
        return output_name(tree.this)
    if isinstance(tree, exp.Window):
        inner = output_name(tree.this)
        return inner if inner in ("rank", "position") else f"{inner}_over"
    if isinstance(tree, exp.Count):
        column = tree.find(exp.Column)
        return f"number_of_{_plain(column.name)}" if column is not None and tree.find(exp.Distinct) else "number"
    if isinstance(tree, exp.Rank | exp.DenseRank | exp.RowNumber):
        return "rank"
    if isinstance(tree, exp.Lag | exp.Lead):
        return "previous" if isinstance(tree, exp.Lag) else "next"
    if isinstance(tree, exp.Cast | exp.TryCast):
        unit = tree.this.args.get("unit") if isinstance(tree.this, exp.TimestampTrunc) else None
        return unit.name.lower() if unit is not None else output_name(tree.this)
    if isinstance(tree, exp.Column):
        return _plain(tree.name)
    if _is_times_hundred(tree) or (isinstance(tree, exp.Div) and _is_times_hundred(tree.left.unnest())):
        return "percentage"
    if isinstance(tree, exp.Div):
        return "ratio"
    if isinstance(tree, exp.Binary):
        return "value"
    for kind, word in NAMED.items():
        if type(tree) is kind:
            column = tree.find(exp.Column)
            simple = isinstance(tree.this, exp.Column)
            return f"{word}_{_plain(column.name)}" if simple and column is not None and word in _WITH_COLUMN else word
    return "value"


def _is_times_hundred(tree: exp.Expression) -> bool:
    return isinstance(tree, exp.Mul) and any(side.name in ("100", "100.0") for side in (tree.left, tree.right))


_WITH_COLUMN = {"total", "average", "lowest", "highest", "median", "deviation"}


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_").lower() or "value"
