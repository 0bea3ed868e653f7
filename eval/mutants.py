"""The harness tests itself: golds changed in one place, which a good score must tell from the gold.

A mutant is only wrong if it means something else. Whether it does is decided by a referee (``referee.py``) whose databases no
score uses; then the share that each score catches is counted, by kind of change.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

Change = Callable[[exp.Expression], Iterator[exp.Expression]]  # a node -> what may stand in its place


@dataclass(frozen=True)
class Mutant:
    kind: str
    sql: str


def mutants(sql: str, dialect: str, columns: dict[str, list[str]]) -> list[Mutant]:
    """Each change at each place, without duplicates. ``columns``: the names in each table, by lower-case table name."""
    try:
        tree = sqlglot.parse_one(sql, dialect=dialect)
    except sqlglot.errors.SqlglotError:
        return []
    original = tree.sql(dialect=dialect)
    found: dict[str, str] = {}
    for kind, (types, change) in CHANGES.items():
        for place, node in enumerate(tree.walk()):
            for sql_text in _at(tree, place, change, dialect) if isinstance(node, types) else ():
                if sql_text != original:
                    found.setdefault(sql_text, kind)
    for sql_text in _other_columns(tree, columns, dialect):
        found.setdefault(sql_text, "other column")
    return [Mutant(kind, text) for text, kind in found.items()]


def _at(tree: exp.Expression, place: int, change: Change, dialect: str) -> Iterator[str]:
    """The texts of the tree with its ``place``-th node changed."""
    for number in range(len(list(change(_nth(tree.copy(), place))))):
        copy = tree.copy()
        node = _nth(copy, place)
        new = list(change(node))[number]
        if node is copy:
            copy = new
        elif node is not new:
            node.replace(new)
        yield copy.sql(dialect=dialect)


def _nth(tree: exp.Expression, place: int) -> exp.Expression:
    return next(node for i, node in enumerate(tree.walk()) if i == place)


def _dropped_condition(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.And):
        yield node.left.copy()
        yield node.right.copy()
    if isinstance(node, exp.Select) and node.args.get("where") is not None:
        node.set("where", None)
        yield node


def _dropped_having(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Select) and node.args.get("having") is not None:
        node.set("having", None)
        yield node


def _other_join(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Join) and node.args.get("on") is not None:
        if node.side:
            node.set("side", None)
            node.set("kind", None)
        else:
            node.set("kind", None)
            node.set("side", "LEFT")
        yield node


def _distinct_count(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Count):
        inner = node.this
        if isinstance(inner, exp.Distinct):
            yield exp.Count(this=inner.expressions[0].copy())
        elif isinstance(inner, exp.Column) and not inner.is_star:
            yield exp.Count(this=exp.Distinct(expressions=[inner.copy()]))


def _dropped_distinct(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Select):
        node.set("distinct", None if node.args.get("distinct") is not None else exp.Distinct())
        yield node
    if isinstance(node, exp.SetOperation) and isinstance(node, exp.Union):
        node.set("distinct", not node.args.get("distinct"))
        yield node


def _turned_order(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Ordered):
        node.set("desc", not node.args.get("desc"))
        node.set("nulls_first", not node.args.get("nulls_first"))  # NULLs stay the smallest (or largest)
        yield node


def _other_limit(node: exp.Expression) -> Iterator[exp.Expression]:
    count = node.args.get("expression")
    if isinstance(node, exp.Limit) and isinstance(count, exp.Literal) and count.is_int:
        yield exp.Limit(expression=exp.Literal.number(int(count.name) + 1))


def _other_aggregate(node: exp.Expression) -> Iterator[exp.Expression]:
    kinds = (exp.Sum, exp.Avg, exp.Min, exp.Max)
    if isinstance(node, kinds):
        kind = kinds[(kinds.index(type(node)) + 1) % len(kinds)]
        yield kind(this=node.this.copy())


COMPARISONS: dict[type, tuple[type, ...]] = {
    exp.LT: (exp.LTE,), exp.LTE: (exp.LT,), exp.GT: (exp.GTE,), exp.GTE: (exp.GT,), exp.NEQ: (exp.EQ,),
}  # fmt: skip


def _other_comparison(node: exp.Expression) -> Iterator[exp.Expression]:
    for kind in COMPARISONS.get(type(node), ()):
        yield kind(this=node.left.copy(), expression=node.right.copy())
    if isinstance(node, exp.EQ) and node.find_ancestor(exp.Join) is None:
        yield exp.NEQ(this=node.left.copy(), expression=node.right.copy())


def _other_logic(node: exp.Expression) -> Iterator[exp.Expression]:
    if type(node) in (exp.And, exp.Or):
        kind = exp.Or if isinstance(node, exp.And) else exp.And
        yield exp.paren(kind(this=node.left.copy(), expression=node.right.copy()))


def _other_set(node: exp.Expression) -> Iterator[exp.Expression]:
    kinds = (exp.Union, exp.Intersect, exp.Except)
    if isinstance(node, kinds):
        for kind in kinds:
            if not isinstance(node, kind):
                yield kind(**{**node.copy().args, "distinct": True})


CHANGES: dict[str, tuple[tuple[type, ...], Change]] = {  # with the nodes that each may change
    "dropped condition": ((exp.And, exp.Select), _dropped_condition),
    "dropped having": ((exp.Select,), _dropped_having),
    "left for inner": ((exp.Join,), _other_join),
    "count distinct": ((exp.Count,), _distinct_count),
    "distinct": ((exp.Select, exp.Union), _dropped_distinct),
    "order turned": ((exp.Ordered,), _turned_order),
    "limit off by one": ((exp.Limit,), _other_limit),
    "other aggregate": ((exp.Sum, exp.Avg, exp.Min, exp.Max), _other_aggregate),
    "other comparison": ((exp.EQ, *COMPARISONS), _other_comparison),
    "or for and": ((exp.And, exp.Or), _other_logic),
    "other set operation": ((exp.SetOperation,), _other_set),
}


def _other_columns(tree: exp.Expression, columns: dict[str, list[str]], dialect: str) -> Iterator[str]:
    """Each column outside of join conditions replaced by its right neighbour in its table."""
    tables = {table.alias_or_name.lower(): table.name.lower() for table in tree.find_all(exp.Table)}
    places = [i for i, node in enumerate(tree.walk()) if isinstance(node, exp.Column) and node.find_ancestor(exp.Join) is None]
    for place in places:
        copy = tree.copy()
        node = _nth(copy, place)
        owners = [tables.get(node.table.lower(), "")] if isinstance(node, exp.Column) and node.table else list(tables.values())
        for owner in owners:
            names = columns.get(owner, [])
            at = next((i for i, name in enumerate(names) if name.lower() == node.name.lower()), None)
            if at is not None and len(names) > 1:
                node.set("this", exp.to_identifier(names[(at + 1) % len(names)], quoted=True))
                yield copy.sql(dialect=dialect)
                break
