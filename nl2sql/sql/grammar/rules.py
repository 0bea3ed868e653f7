"""What the automaton is written in: items of its stack, kinds of expressions, a rule for an item, blocks and states.

An item is a tuple ``(name, *arguments)``. An expression's ``mode`` says what it may hold: PLAIN columns only, AGGREGATE
aggregates too, WINDOW windows too, or NESTED: the argument of an aggregate that may hold an aggregate if OVER follows.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from nl2sql.sql.symbols import LITERALS

Item = tuple[Any, ...]
Kinds = frozenset[str]
PLAIN, AGGREGATE, WINDOW, NESTED = range(4)
ANY: Kinds = frozenset({"number", "text", "date", "boolean", "other"})
NUMBER, TEXT, DATE, BOOLEAN = (frozenset({k}) for k in ("number", "text", "date", "boolean"))
ORDERABLE: Kinds = frozenset({"number", "text", "date"})
CLAUSE_ORDER = ("where", "group by", "having", "qualify", "order by", "limit", "from")
DEEPEST, MOST_ITEMS, MOST_OUTS, LONGEST_SPAN = 4, 12, 8, 10
NUMBERS = tuple(symbol for symbol in LITERALS if symbol.startswith("#"))


class Rule(NamedTuple):
    """The symbols that an item takes, each with the items that replace it; ``skippable``: it may also be left out."""

    keywords: Mapping[str, tuple[Item, ...]] = {}
    pointers: Mapping[str, tuple[np.ndarray, tuple[Item, ...]]] = {}
    skippable: bool = False


class Block(NamedTuple):
    """What the automaton knows of an open block. Rules depend on all but ``items``, which is last for that."""

    want: tuple[frozenset[str], ...] | None = None  # the kinds that its outputs must have; (): all columns, *
    outs: tuple[str, ...] | None = None  # kinds of the WITH query's outputs in scope
    own: bool = False  # the WITH query is this block's own
    component: int = -1  # component of the join graph that it reads; -1: no table yet
    reads_outs: bool = False
    clause: str = ""
    star: bool = False
    grouped: bool = False
    single: bool = False  # its value is asked for: it must have one row
    bare: int = -1  # the column that its last output is as it stands, where one value is asked for
    narrowed: bool = False  # to one row, by LIMIT or by a column that tells rows apart
    items: tuple[str, ...] = ()  # kinds of its outputs so far


class State(NamedTuple):
    """``kind`` and ``column`` describe the expression that was last completed."""

    stack: tuple[Item, ...]
    blocks: tuple[Block, ...] = ()
    kind: str = ""
    column: int = -1
    finished: tuple[str, ...] | None = None  # output kinds of the query that was last completed; None: those of *
    complete: bool = False


def then(rule: Rule, *items: Item) -> Rule:
    """The rule followed by more items."""
    return Rule(
        {symbol: (*first, *items) for symbol, first in rule.keywords.items()},
        {kind: (mask, (*first, *items)) for kind, (mask, first) in rule.pointers.items()},
        rule.skippable,
    )


def inner_mode(mode: int) -> int:
    return AGGREGATE if mode == WINDOW else PLAIN if mode == NESTED else mode


def window_items(needs_order: bool) -> tuple[Item, ...]:
    return (("lit", "("), ("partition",), ("window_order", needs_order), ("lit", ")"))
