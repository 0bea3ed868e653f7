"""The productions of queries and their clauses: for the item on top of the stack, the symbols that it takes and what follows."""
from __future__ import annotations

from typing import Any

import numpy as np

from nl2sql.records import Context
from nl2sql.sql.grammar.conditions import ConditionProductions
from nl2sql.sql.grammar.rules import (
    AGGREGATE,
    ANY,
    DEEPEST,
    MOST_ITEMS,
    NUMBERS,
    PLAIN,
    WINDOW,
    Item,
    Kinds,
    Rule,
    State,
    then,
    window_items,
)
from nl2sql.sql.ir.joins import JoinGraph
from nl2sql.sql.symbols import SET_OPERATIONS

_OF_COLUMNS = ("comparison",)  # the items whose rule depends on the column that was said last


class Productions(ConditionProductions):
    def __init__(self, context: Context, graph: JoinGraph, strict: bool) -> None:
        super().__init__(context, graph, strict)
        self._known: dict[tuple[Any, ...], tuple[Rule, np.ndarray]] = {}

    def rule(self, state: State) -> Rule:
        """The rule of the item on top of the stack."""
        return self.ruled(state)[0]

    def ruled(self, state: State) -> tuple[Rule, np.ndarray]:
        """The rule and its mask, which are worked out once: they depend on little of a state."""
        item, blocks = state.stack[-1], state.blocks
        column = state.column if item[0] in _OF_COLUMNS else -1
        key = (item, state.kind, column, state.finished, len(blocks), *(block[:-1] for block in blocks[-2:]))
        found = self._known.get(key)
        if found is None:
            rule = getattr(self, f"_{item[0]}")(state, *item[1:])
            found = self._known[key] = rule, self.mask(rule)
        return found

    def _end(self, state: State) -> Rule:
        return Rule()

    def _lit(self, state: State, symbol: str) -> Rule:
        return Rule({symbol: ()})

    def _query(self, state: State, want: tuple[Kinds, ...] | None) -> Rule:
        outs = state.blocks[-1].outs if state.blocks else None
        if len(state.blocks) >= DEEPEST:
            return Rule()
        body: tuple[Item, ...] = (("distinct",), ("items", 0), ("clauses", 0), ("close",), ("set_operation",))
        rules: dict[str, tuple[Item, ...]] = {"select": (("open", want, outs, False), *body)}
        if outs is None and len(state.blocks) < DEEPEST - 1:
            rules["with"] = (
                ("open", want, None, True), ("lit", "("), ("query", None), ("bind",), ("lit", ")"), ("lit", "select"), *body,
            )
        return Rule(rules)

    def _distinct(self, state: State) -> Rule:
        return Rule({"distinct": ()}, {}, True)

    def _items(self, state: State, n: int) -> Rule:
        want = state.blocks[-1].want
        if want == ():
            return Rule({"*": (("star",),)})
        expression: Item = ("expression", want[n] if want else ANY, WINDOW, False, -1)
        rule = self.rule(state._replace(stack=(*state.stack[:-1], expression)))
        tail: tuple[Item, ...] = (("item",), ("more_items", n + 1))
        keywords = {symbol: (*items, *tail) for symbol, items in rule.keywords.items()}
        pointers = {kind: (mask, (*items, *tail)) for kind, (mask, items) in rule.pointers.items()}
        inside_with = len(state.blocks) > 1 and state.blocks[-2].own and state.blocks[-2].outs is None
        if n == 0 and want is None and not inside_with:
            keywords["*"] = (("star",),)
        return Rule(keywords, pointers)

    def _more_items(self, state: State, n: int) -> Rule:
        want = state.blocks[-1].want
        if want is not None:
            return Rule({",": (("items", n),)}) if n < len(want) else Rule({}, {}, True)
        return Rule({",": (("items", n),)} if n < MOST_ITEMS else {}, {}, True)

    def _set_operation(self, state: State) -> Rule:
        want = tuple(frozenset({kind}) for kind in state.finished or ())  # (): * on this side, and so on the other
        return Rule({symbol: (("query", want),) for symbol in SET_OPERATIONS}, {}, True)

    def _clauses(self, state: State, first: int) -> Rule:
        block = state.blocks[-1]
        rules: dict[str, tuple[Item, ...]] = {}
        one = self.strict and block.single  # DuckDB takes no value from several rows
        many = one and (block.bare >= 0 or block.grouped) and not block.narrowed
        for i, clause in enumerate(self.clauses[first:], first):
            after: Item = ("clauses", i + 1)
            enter: Item = ("clause", clause)
            if clause == "from":
                if not (block.own or block.reads_outs or many):
                    rules[clause] = (enter, ("from_first",))
            elif clause == "group by":
                if not (block.star and self.strict):
                    rules[clause] = (enter, ("grouped",), ("list", "grouped"), after)
            elif clause == "order by":
                mode = PLAIN if block.star and not block.grouped else WINDOW
                rules[clause] = (enter, ("ordered", mode), ("list", "ordered", mode), after)
            elif clause == "limit":
                rules[clause] = (enter, ("lit", "#1") if one else ("count",), ("offset",), after)
            elif clause == "qualify":
                rules[clause] = (enter, ("ranked",), after)
            elif clause != "having" or (not block.star if self.strict else block.grouped):
                rules[clause] = (enter, ("condition", PLAIN if clause == "where" else AGGREGATE), after)
        return Rule(rules, {}, (block.component >= 0 or block.outs is not None) and not many)

    def _ranked(self, state: State) -> Rule:
        over: tuple[Item, ...] = (("lit", "("), ("lit", ")"), ("lit", "over"), *window_items(True))
        return Rule({name: (*over, ("rank_test",)) for name in ("row_number", "rank", "dense_rank")})

    def _rank_test(self, state: State) -> Rule:
        return Rule({symbol: (("count",),) for symbol in ("=", "<=", "<", ">")})

    def _list(self, state: State, name: str, *arguments: Any) -> Rule:
        return Rule({",": ((name, *arguments), ("list", name, *arguments))}, {}, True)

    def _grouped(self, state: State) -> Rule:
        return self._expression(state, ANY, PLAIN, False, -1)

    def _ordered(self, state: State, mode: int) -> Rule:
        return then(self._expression(state, ANY, mode, False, -1), ("direction",))

    def _direction(self, state: State) -> Rule:
        return Rule({"asc": (), "desc": ()})

    def _count(self, state: State) -> Rule:
        return Rule({n: () for n in NUMBERS if n not in ("#0", "#0.5")}, {"number": (self.counts, ())})

    def _offset(self, state: State) -> Rule:
        return Rule({"offset": (("count",),)}, {}, True)

    def _digits(self, state: State) -> Rule:
        return Rule({",": (("digit",),)}, {}, True)

    def _digit(self, state: State) -> Rule:
        return Rule({f"#{n}": () for n in range(10)}, {"number": (self.counts, ())})

    # FROM

    def _from_first(self, state: State) -> Rule:
        block = state.blocks[-1]
        more: tuple[Item, ...] = (("from_more",),)
        keywords: dict[str, tuple[Item, ...]] = {"left": (("from_table",), *more)}
        if block.component >= 0:
            keywords["on"] = (("on",), ("on_same",), *more)
        return Rule(keywords, {"table": (self.tables(block.component), more)})

    def _from_table(self, state: State) -> Rule:
        return Rule({}, {"table": self._from_first(state).pointers["table"][:1] + ((),)})

    def _from_more(self, state: State) -> Rule:
        return self._from_first(state)._replace(skippable=True)

    def _on(self, state: State) -> Rule:
        component = state.blocks[-1].component
        return Rule({"other": (("other", ANY),)}, {"column": (self.columns(ANY, component), ())})

    def _on_same(self, state: State) -> Rule:
        component = state.blocks[-1].component
        want = frozenset({state.kind})
        return Rule({"other": (("other", want),)}, {"column": (self.columns(want, component), ())})
