"""A gold query -> the Reference that predictions are compared with: which rows, in which order, and what a LIMIT leaves open.

The order counts where the outermost query has ORDER BY (read from the syntax tree). To know which rows tie, the gold is run
once more with its sort keys as extra columns and without LIMIT and OFFSET. Where that can't be done (a key of a DISTINCT
query or a set operation that isn't an output column, a LIMIT that is no literal, a result of more than ``MOST_UNCUT`` rows),
every row is its own group: the gold's own order and cut are then the only right ones.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from types import NoneType

import sqlglot
from sqlglot import exp

from nl2sql.errors import QueryFailed
from nl2sql.eval.cells import tied
from nl2sql.eval.compare import Group, Reference, Row, bag, strict

MOST_UNCUT = 50_000  # rows of a gold without its LIMIT; which rows after these would tie isn't known
KEY = "sort_key_"

Run = Callable[[str, int | None], tuple[Sequence[Row], int]]  # SQL, row limit -> rows, number of columns


@dataclass(frozen=True)
class Shape:
    """What the outermost query says of order and cut. ``keyed``: the gold without its cut and with ``extra`` more columns; the
    first of these texts that runs.

    A key in ``keys`` is the index of an output column, negative ones count from the end of ``keyed``'s columns.
    """

    ordered: bool
    limit: int | None = None
    offset: int = 0
    keyed: tuple[str, ...] = ()
    keys: tuple[int, ...] = ()
    extra: int = 0


@lru_cache(maxsize=4096)
def shape_of(sql: str, dialect: str) -> Shape:
    """Reads a gold query; one that sqlglot can't read counts as ordered if it says ORDER BY anywhere."""
    try:
        tree = sqlglot.parse_one(sql, dialect=dialect)
    except sqlglot.errors.SqlglotError:
        return Shape(ordered="order by" in " ".join(sql.lower().split()))
    while isinstance(tree, (exp.Subquery, exp.Paren)) and not any(tree.args.get(name) for name in ("order", "limit", "offset")):
        tree = tree.this
    if not isinstance(tree, exp.Query):
        return Shape(ordered=False)
    order, limit, offset = tree.args.get("order"), tree.args.get("limit"), tree.args.get("offset")
    plain = Shape(ordered=order is not None)
    if order is None and limit is None and offset is None:
        return plain
    counts = [_whole(node) for node in (limit, offset) if node is not None]
    keys = _keys(tree, [term.this for term in order.expressions] if order is not None else [])
    if None in counts or keys is None:
        return plain
    places, expressions = keys
    outputs = tree.expressions if isinstance(tree, exp.Select) else []
    named = {item.alias.lower(): item.this for item in outputs if isinstance(item, exp.Alias)}
    # a name in an expression means a table's column, where there is one, before it means an output: so it is tried in this order
    changes = ((_unquoted, named if dialect == "sqlite" else {}), (_unnamed, named))
    meant = [[expression.transform(change, names) for expression in expressions] for change, names in changes]
    keyed = [_keyed(tree, columns).sql(dialect=dialect) for columns in meant]
    return Shape(
        ordered=order is not None,
        limit=_whole(limit) if limit is not None else None,
        offset=(_whole(offset) or 0) if offset is not None else 0,
        keyed=tuple(dict.fromkeys(keyed)),
        keys=(*places, *range(-len(expressions), 0)),
        extra=len(expressions),
    )


def _keyed(tree: exp.Query, columns: Sequence[exp.Expression]) -> exp.Query:
    uncut = tree.copy()
    for name in ("limit", "offset"):
        uncut.set(name, None)
    for number, column in enumerate(columns):
        uncut = uncut.select(exp.alias_(column, f"{KEY}{number}", quoted=True), copy=False)  # type: ignore[attr-defined]
    return uncut


def _whole(node: exp.Expression) -> int | None:
    """The number in a LIMIT, an OFFSET or a FETCH; None where it is no literal. One that counts no rows shows when it is used."""
    expression = node.args.get("expression") or node.args.get("count")
    return int(expression.name) if isinstance(expression, exp.Literal) and expression.is_int else None


def _keys(tree: exp.Expression, terms: list[exp.Expression]) -> tuple[list[int], list[exp.Expression]] | None:
    """Sort keys as output columns and as expressions to add; None where a key is neither."""
    block = tree
    while isinstance(block, (exp.SetOperation, exp.Subquery)):
        block = block.this
    if not isinstance(block, exp.Select):
        return None
    fixed = block is not tree or block.args.get("distinct") is not None  # no column may be added
    outputs = [item.unalias() for item in block.expressions]
    names = [item.alias_or_name.lower() for item in block.expressions]
    starred = any(item.is_star for item in block.expressions)
    places: list[int] = []
    expressions: list[exp.Expression] = []
    for term in map(exp.Expression.unnest, terms):
        if isinstance(term, exp.Literal) and term.is_int:
            places.append(int(term.name) - 1)
        elif isinstance(term, exp.Column) and not term.table and term.name.lower() in names and not starred:
            places.append(names.index(term.name.lower()))
        elif term in outputs and not starred:
            places.append(outputs.index(term))
        elif fixed:
            return None
        elif isinstance(term, exp.Collate) and term.expression.name.upper() == "NOCASE":
            expressions.append(exp.Lower(this=term.this.copy()))  # what this collation takes for equal
        else:
            expressions.append(term)
    return (places, expressions) if all(0 <= place and (starred or place < len(outputs)) for place in places) else None


def _unquoted(node: exp.Expression, named: Mapping[str, exp.Expression]) -> exp.Expression:
    """SQLite takes an output's name in double quotes for a text where it knows no column of that name; in these it doesn't."""
    if isinstance(node, exp.Column) and not node.table and node.name.lower() in named:
        return exp.Var(this="`" + node.name.replace("`", "``") + "`")
    return node


def _unnamed(node: exp.Expression, named: Mapping[str, exp.Expression]) -> exp.Expression:
    """What an output's name stands for; among the outputs it wouldn't be known."""
    if isinstance(node, exp.Column) and not node.table and node.name.lower() in named:
        return exp.paren(named[node.name.lower()].copy())
    return node


def reference(sql: str, dialect: str, run: Run, *, optional: Sequence[int] = ()) -> Reference:
    """Runs a gold. Raises what ``run`` raises where the gold itself doesn't run."""
    rows, width = run(sql, None)
    shape = shape_of(sql, dialect)
    exact = Reference(width, tuple(Group((row,), 1) for row in rows)) if shape.ordered else bag(rows, width)
    found = None
    for keyed in shape.keyed:
        try:
            found = _tied(shape, width, *run(keyed, MOST_UNCUT + 1))
            break
        except QueryFailed:
            continue
    if found is None or not strict(found, rows, width):  # SQLite's bare columns may be others in the rewritten query
        found = exact
    return replace(found, optional=frozenset(optional), measures=_measures(shape, rows, width))


def _tied(shape: Shape, width: int, rows: Sequence[Row], full: int) -> Reference | None:
    """Groups of rows with equal keys, each with the number of its rows that OFFSET and LIMIT leave."""
    if full != width + shape.extra:
        return None
    starts = [0] + [i for i, (a, b) in enumerate(pairwise(rows), 1) if not _same_keys(shape.keys, a, b)] if rows else []
    end = len(rows) if shape.limit is None else shape.offset + shape.limit
    groups = []
    for start, stop in pairwise([*starts, len(rows)]):
        take = min(stop, end) - max(start, shape.offset)
        if take > 0:
            groups.append(Group(tuple(row[:width] for row in rows[start:stop]), take))
    return Reference(width, tuple(groups))


def _same_keys(keys: Sequence[int], a: Row, b: Row) -> bool:
    return all(tied(a[key], b[key]) for key in keys)


def _measures(shape: Shape, rows: Sequence[Row], width: int) -> frozenset[int]:
    """The columns of numbers that a ranking (an order with a LIMIT) is ordered by, unless it shows nothing else."""
    keys = {key for key in shape.keys if 0 <= key < width}
    shown = {key for key in keys if all(isinstance(row[key], (int, float, Decimal, NoneType)) for row in rows)}
    return frozenset(shown) if shape.limit is not None and len(shown) < width else frozenset()
