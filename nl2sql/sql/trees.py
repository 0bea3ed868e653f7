"""The syntax tree of a checked query: parsed once, by ``validate``, and read by all that has something to say about the query.

A tree from here belongs to all its readers: whoever changes one changes a copy.
"""
from __future__ import annotations

import sqlglot
from sqlglot import exp

from nl2sql.records import Query

_MOST = 64  # trees kept; an answer needs about ten
_kept: dict[tuple[str, str], exp.Expr] = {}


def tree_of(query: Query) -> exp.Expr:
    tree = _kept.get((query.sql, query.dialect))
    return keep(query, sqlglot.parse_one(query.sql, read=query.dialect)) if tree is None else tree


def keep(query: Query, tree: exp.Expr) -> exp.Expr:
    """Remembers what a query was parsed to; returns the tree."""
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[query.sql, query.dialect] = tree
    return tree
