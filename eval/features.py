"""What a gold query asks of a parser: Spider's four levels of hardness, the number of tables, SQL features.

The levels follow the counting of Spider's evaluation (Yu et al. 2018), read from the syntax tree instead of its own parser.
"""
from __future__ import annotations

from collections.abc import Callable

import sqlglot
from sqlglot import exp

LEVELS = ("easy", "medium", "hard", "extra")

FEATURES: dict[str, Callable[[exp.Expression], bool]] = {
    "join": lambda tree: tree.find(exp.Join) is not None,
    "group by": lambda tree: tree.find(exp.Group) is not None,
    "having": lambda tree: tree.find(exp.Having) is not None,
    "order by": lambda tree: tree.find(exp.Order) is not None,
    "limit": lambda tree: tree.find(exp.Limit) is not None,
    "set operation": lambda tree: tree.find(exp.SetOperation) is not None,
    "nested": lambda tree: sum(1 for _ in tree.find_all(exp.Select)) > 1 and tree.find(exp.SetOperation) is None,
    "distinct": lambda tree: tree.find(exp.Distinct) is not None,
    "aggregate": lambda tree: tree.find(exp.AggFunc) is not None,
    "window": lambda tree: tree.find(exp.Window) is not None,
    "case": lambda tree: tree.find(exp.Case) is not None,
    "with": lambda tree: tree.find(exp.With) is not None,
    "like": lambda tree: tree.find(exp.Like, exp.ILike) is not None,
}


def parse(sql: str, dialect: str) -> exp.Expression | None:
    try:
        return sqlglot.parse_one(sql, dialect=dialect)
    except sqlglot.errors.SqlglotError:
        return None


def features(sql: str, dialect: str) -> tuple[str, ...]:
    tree = parse(sql, dialect)
    return tuple(name for name, holds in FEATURES.items() if holds(tree)) if tree is not None else ()


def tables(sql: str, dialect: str) -> int:
    """The number of different tables that are read."""
    tree = parse(sql, dialect)
    return len({table.name.lower() for table in tree.find_all(exp.Table)}) if tree is not None else 0


def hardness(sql: str, dialect: str) -> str:
    """Spider's level: easy, medium, hard or extra; "extra" for what can't be read."""
    tree = parse(sql, dialect)
    block = tree
    while isinstance(block, (exp.SetOperation, exp.Subquery)):
        block = block.this
    if tree is None or not isinstance(block, exp.Select):
        return "extra"
    parts, nested, others = _parts(block), _nested(block, tree), _others(block)
    if parts <= 1 and others == 0 and nested == 0:
        return "easy"
    if nested == 0 and ((others <= 2 and parts <= 1) or (parts <= 2 and others < 2)):
        return "medium"
    if (nested == 0 and ((others > 2 and parts <= 2) or (2 < parts <= 3 and others <= 2))) or (
        parts <= 1 and others == 0 and nested <= 1
    ):
        return "hard"
    return "extra"


def _parts(block: exp.Select) -> int:
    """Clauses, joins, ORs and LIKEs of the first block; ORDER BY and LIMIT of a set operation are not its own."""
    clauses = sum(block.args.get(name) is not None for name in ("where", "group", "order", "limit"))
    joins = len(block.args.get("joins") or [])
    inner = [node for node in _own(block) if isinstance(node, (exp.Or, exp.Like))]
    return clauses + joins + len(inner)


def _nested(block: exp.Select, tree: exp.Expression) -> int:
    conditions = [block.args.get("where"), block.args.get("having")]
    conditions += [join.args.get("on") for join in block.args.get("joins") or []]
    queries = [node for part in conditions if part is not None for node in part.find_all(exp.Select, exp.SetOperation)]
    direct = [node for node in queries if node.parent_select is block and not isinstance(node.parent, exp.SetOperation)]
    return len(direct) + (tree is not block)


def _others(block: exp.Select) -> int:
    """Aggregates, outputs, conditions and grouped columns, each counted where there are more than one."""
    where, group, having, order = (block.args.get(name) for name in ("where", "group", "having", "order"))
    aggregates = sum(isinstance(node, exp.AggFunc) for item in block.expressions for node in [item.unalias()])
    aggregates += sum(node.find(exp.AggFunc) is not None for node in (order.expressions if order else []))
    # the published counting takes the ANDs and ORs of HAVING for aggregates, and every NOT
    aggregates += len(_conditions(having)) - 1 if having else 0
    aggregates += sum(isinstance(node, exp.Not) for node in _conditions(where) + _conditions(having))
    grouped = len(group.expressions) if group else 0
    return sum(count > 1 for count in (aggregates, len(block.expressions), len(_conditions(where)), grouped))


def _conditions(clause: exp.Expression | None) -> list[exp.Expression]:
    if clause is None:
        return []
    found, stack = [], [clause.this]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Paren):
            stack.append(node.this)
        elif isinstance(node, exp.Connector):
            stack += [node.left, node.right]
        else:
            found.append(node)
    return found


def _own(block: exp.Select) -> list[exp.Expression]:
    """The nodes of the block's conditions, without those of blocks within."""
    conditions = [block.args.get("where"), block.args.get("having")]
    return [node for part in conditions if part is not None for node in part.walk() if node.find_ancestor(exp.Select) is block]
