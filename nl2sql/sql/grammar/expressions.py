"""The productions of expressions: columns, calls, aggregates, windows, CASE."""
from __future__ import annotations

from typing import ClassVar

import numpy as np

from nl2sql.sql.grammar.masks import Masks
from nl2sql.sql.grammar.rules import (
    AGGREGATE,
    ANY,
    BOOLEAN,
    NESTED,
    NUMBER,
    NUMBERS,
    ORDERABLE,
    PLAIN,
    TEXT,
    WINDOW,
    Item,
    Kinds,
    Rule,
    State,
    inner_mode,
    then,
    window_items,
)
from nl2sql.sql.symbols import DATE_DIFFS


class ExpressionProductions(Masks):
    # Of all grammars: calls depend on nothing of a context. There are as many as sets of kinds, times modes.
    _called: ClassVar[dict[tuple[bool, Kinds, int], dict[str, tuple[Item, ...]]]] = {}

    def _expression(self, state: State, want: Kinds, mode: int, constant: bool, column: int) -> Rule:
        rule = then(self._primary(state, want, mode, constant, column), ("operator", mode))
        if constant or not self.fits("number", want):
            return rule
        # a number alone says nothing here (and means a position after GROUP BY), but one to calculate with may come first
        needed: tuple[Item, ...] = (("kind", "number"), ("calculation", mode))
        keywords = {**rule.keywords, **dict.fromkeys(NUMBERS, needed)}
        return Rule(keywords, {**rule.pointers, "number": (self.numbers, needed)})

    def _calculation(self, state: State, mode: int) -> Rule:
        return self._operator(state, mode)._replace(skippable=False)

    def _operator(self, state: State, mode: int) -> Rule:
        rules: dict[str, tuple[Item, ...]] = {}
        if state.kind == "number" or not self.strict:
            right: Item = ("primary", NUMBER, mode, True, -1)
            rules |= {s: (right, ("kind", "number"), ("operator", mode)) for s in ("+", "-", "*mul", "/")}
        if state.kind == "text" or not self.strict:
            rules["||"] = (("primary", TEXT, mode, True, -1), ("kind", "text"), ("operator", mode))
        return Rule(rules, {}, True)

    def _primary(self, state: State, want: Kinds, mode: int, constant: bool, column: int) -> Rule:
        block = state.blocks[-1]
        keywords: dict[str, tuple[Item, ...]] = {}
        pointers: dict[str, tuple[np.ndarray, tuple[Item, ...]]] = {}
        if constant:
            literal = self._literal(state, want, column)
            keywords.update(literal.keywords)
            pointers.update(literal.pointers)
        if block.outs is not None and block.component < 0:
            keywords |= {f"out{i + 1}": (("out", kind),) for i, kind in enumerate(block.outs) if self.fits(kind, want)}
        if not (block.own or block.reads_outs):
            pointers["column"] = (self.columns(want, block.component), ())
            if self.second.any():
                keywords["other"] = (("other", want),)
        if mode == PLAIN and block.clause == "where" and len(state.blocks) > 1:
            outer = state.blocks[-2]
            if outer.clause == "where" and not (outer.own or outer.reads_outs):
                keywords["outer"] = (("outer", want),)
        keywords["("] = (("inside", want, mode, constant),)
        test: Item = ("condition", inner_mode(mode))
        keywords["case"] = (("lit", "when"), test, ("lit", "then"), ("result", want, mode), ("case", mode))
        found = self._called.get((self.strict, want, mode))
        if found is None:
            found = self._called[self.strict, want, mode] = self._calls(want, mode)
        return Rule(keywords | found, pointers)

    def _calls(self, want: Kinds, mode: int) -> dict[str, tuple[Item, ...]]:
        """Functions, aggregates and windows that give these kinds, with what follows their names."""
        keywords: dict[str, tuple[Item, ...]] = {}
        for name, (kind, arguments) in self.functions.items():
            if self.fits(kind, want) if kind else bool(want & ORDERABLE) or not self.strict:
                constant = name in DATE_DIFFS
                filled = tuple(
                    ("expression", i[1] if kind else i[1] & want or i[1], mode, constant, -1) if i[0] == "arg"
                    else (*i, mode) if i[0] == "same" else i for i in arguments
                )
                keywords[name] = (("lit", "("), *filled, ("lit", ")"), *((("kind", kind),) if kind else (("plain",),)))
        if mode == PLAIN:
            return keywords
        inner = NESTED if mode == WINDOW else PLAIN
        for name in self.aggregates:
            kinds = want if name in ("min", "max") else NUMBER
            if name in ("min", "max") and not (want & ORDERABLE):
                continue
            if self.fits("number", want) or name in ("min", "max"):
                start: tuple[Item, ...] = (("aggregate", mode), ("lit", "("))
                body: Item = ("counted", inner) if name == "count" else ("aggregated", kinds & ORDERABLE, inner)
                end: Item = ("kind", "number") if name not in ("min", "max") else ("plain",)
                keywords[name] = (*start, body, ("lit", ")"), end, ("aggregate_tail", mode == WINDOW, False))
        if mode == WINDOW:
            over: tuple[Item, ...] = (("lit", "over"), *window_items(True))
            if self.fits("number", want):
                keywords |= {
                    name: (("lit", "("), ("lit", ")"), *over, ("kind", "number")) for name in ("row_number", "rank", "dense_rank")
                }
            for name in ("lag", "lead"):
                argument: Item = ("expression", want & ORDERABLE or ORDERABLE, AGGREGATE, False, -1)
                keywords[name] = (("lit", "("), argument, ("digits",), ("lit", ")"), ("save",), *over, ("restore",))
        return keywords

    def _counted(self, state: State, mode: int) -> Rule:
        rule = self._expression(state, ANY, mode, False, -1)
        rule = rule._replace(keywords={**rule.keywords, "*": (), "distinct": self._each(ANY, mode)})
        block = state.blocks[-1]
        if block.own or block.reads_outs:
            return rule
        return rule._replace(pointers={**rule.pointers, "table": (self.tables(block.component), ())})

    def _aggregated(self, state: State, want: Kinds, mode: int) -> Rule:
        rule = self._expression(state, want, mode, False, -1)
        return rule._replace(keywords={**rule.keywords, "distinct": self._each(want, mode)})

    def _each(self, want: Kinds, mode: int) -> tuple[Item, ...]:
        """What DISTINCT takes in an aggregate. SQLite has no such aggregate over a window."""
        if self.strict or mode != NESTED:
            return (("expression", want, mode, False, -1),)
        return ("no_window",), ("expression", want, PLAIN, False, -1)

    def _aggregate_tail(self, state: State, windows: bool, nested: bool) -> Rule:
        over: tuple[Item, ...] = (("save",), *window_items(False), ("restore",))
        rules: dict[str, tuple[Item, ...]] = {"over": over} if windows else {}
        if nested:
            return Rule(rules)
        if self.filter:
            tail: tuple[Item, ...] = (("over_after_filter",),) if windows else ()
            rules["filter"] = (("save",), ("lit", "("), ("condition", PLAIN), ("lit", ")"), ("restore",), *tail)
        return Rule(rules, {}, True)

    def _over_after_filter(self, state: State) -> Rule:
        return Rule({"over": (("save",), *window_items(False), ("restore",))}, {}, True)

    def _partition(self, state: State) -> Rule:
        key: Item = ("expression", ANY, AGGREGATE, False, -1)
        return Rule({"partition by": (key, ("list", *key))}, {}, True)

    def _window_order(self, state: State, needed: bool) -> Rule:
        return Rule({"order by": (("ordered", AGGREGATE), ("list", "ordered", AGGREGATE))}, {}, not needed)

    def _inside(self, state: State, want: Kinds, mode: int, constant: bool) -> Rule:
        query = self._query(state, (want,))
        expression = then(self._expression(state, want, mode, constant, -1), ("lit", ")"))
        keywords = {}
        for s, (first, *items) in query.keywords.items():
            one = [item for item in items if not (self.strict and item == ("set_operation",))]
            keywords[s] = (first, ("single",), *one, ("lit", ")"), ("finished",))
        return expression._replace(keywords={**expression.keywords, **keywords})

    def _result(self, state: State, want: Kinds, mode: int) -> Rule:
        rule = self._expression(state, want & (ORDERABLE | BOOLEAN) or want, mode, True, -1)
        return rule

    def _case(self, state: State, mode: int) -> Rule:
        same: Item = ("result", frozenset({state.kind}), mode)
        more: tuple[Item, ...] = (("condition", inner_mode(mode)), ("lit", "then"), same, ("case", mode))
        end: tuple[Item, ...] = (("plain",),)
        return Rule({"when": more, "else": (("else", frozenset({state.kind}), mode), ("lit", "end"), *end), "end": end})

    def _else(self, state: State, want: Kinds, mode: int) -> Rule:
        rule = self._expression(state, want, mode, True, -1)
        return rule._replace(keywords={**rule.keywords, "null": (("kind", next(iter(want))),)})

    def _same(self, state: State, mode: int) -> Rule:
        return self._expression(state, frozenset({state.kind}), mode, True, -1)

    def _other(self, state: State, want: Kinds) -> Rule:
        mask = self.columns(want, state.blocks[-1].component)
        return Rule({}, {"column": (mask & self.second[self.owner], ())})

    def _outer(self, state: State, want: Kinds) -> Rule:
        return Rule({}, {"column": (self.columns(want, state.blocks[-2].component), (("outer_block",),))})
