"""A LIMIT that cuts between rows that are equal in what they are ordered by: which of them is shown is left to chance."""
from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from nl2sql.sql.conditions import listed
from nl2sql.sql.evidence import Evidence
from nl2sql.sql.fanout import meant
from nl2sql.sql.lineage import leftmost

_MOST_CUTS = 3  # of one query that are looked at


def ties_at_the_cut(view: Evidence) -> Iterator[str]:
    """The last row of a LIMIT and the one after it, compared by the order's keys."""
    for query in [query for query in view.tree.find_all(exp.Query) if query.args.get("limit") is not None][:_MOST_CUTS]:
        count = _number(query.args["limit"])
        order = query.args.get("order")
        if not count or order is None or (query is view.tree and len(view.result.rows) < count):
            continue
        probe = _around_the_cut(query, view.tree, count)
        rows = view.look_up(probe) if probe is not None else None
        keys = len(order.expressions)
        # rows that are equal in all that is shown can stand for each other
        if rows and len(rows) == 2 and rows[0][-keys:] == rows[1][-keys:] and rows[0] != rows[1]:
            yield _sentence(view, query, count)


def ties_in_numbers(view: Evidence) -> Iterator[str]:
    """Rows kept by their ``row_number()``: rank() gives equal rows the same place, and would keep others."""
    numbered = [window for window in view.tree.find_all(exp.Window) if isinstance(window.this, exp.RowNumber)]
    ordered = [window for window in numbered if window.args.get("order") is not None]
    if not ordered or len(ordered) < len(numbered) or not view.result.rows or view.tree.find(exp.TableSample, exp.Rand):
        return
    ranked = view.tree.copy()
    for node in list(ranked.find_all(exp.RowNumber)):
        node.replace(exp.Rank())
    counts = [view.look_up(f"SELECT count(*) FROM ({tree.sql(dialect=view.query.dialect)}) AS t") for tree in (view.tree, ranked)]
    if None not in counts and counts[0] != counts[1]:
        keys = [item.this for item in ordered[0].args["order"].expressions]
        words = listed([view.phrases.say(key) for key in keys])
        yield f"Rows are numbered by {words}, in which some are equal: which of them are kept is left to chance."


def _around_the_cut(query: exp.Query, tree: exp.Expr, count: int) -> exp.Expr | None:
    """The last row that the limit lets through and the next one; the keys of the order are their last columns."""
    around = query.copy()
    keys = [item.this for item in around.args["order"].expressions]
    if isinstance(around, exp.Select) and around.args.get("distinct") is None:
        for i, key in enumerate(keys):
            around.append("expressions", exp.alias_(meant(key, around).copy(), f"cut_{i}"))
    else:  # only what is shown can be ordered by
        names = [item.alias_or_name.lower() for item in leftmost(around).selects]
        if names[-len(keys):] != [key.name.lower() for key in keys]:
            return None
    offset = query.args.get("offset")
    skipped = _number(offset) if offset is not None else 0
    if skipped is None:
        return None
    around = around.limit(2, copy=False).offset(skipped + count - 1, copy=False)
    if query is not tree and tree.args.get("with_") is not None and around.args.get("with_") is None:
        around.set("with_", tree.args["with_"].copy())  # what the query may read from
    return around


def _number(clause: exp.Expr) -> int | None:
    value = clause.args.get("count") if isinstance(clause, exp.Fetch) else clause.expression
    return int(value.name) if isinstance(value, exp.Literal) and value.name.isdigit() else None


def _sentence(view: Evidence, query: exp.Query, count: int) -> str:
    select = leftmost(query)
    keys = [item.this for item in query.args["order"].expressions]
    words = listed([view.phrases.say(meant(key, select) if isinstance(select, exp.Select) else key) for key in keys])
    if count == 1:
        return f"More than one row is first by {words}: which of them is shown is left to chance."
    return f"Row {count} is followed by one that is equal by {words}: which of them is shown is left to chance."
