"""The productions of the grammar: for the item on top of the stack, the symbols that it takes and the items that follow them.

An item is a tuple ``(name, *arguments)``; an *action* is an item that takes no symbol and changes what is known of the block.
An expression's ``mode`` says what it may hold: PLAIN columns only, AGGREGATES too, WINDOWS too, or NESTED: the argument of an
aggregate that may itself hold an aggregate if OVER follows.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nl2sql.records import Context, Pointer
from nl2sql.sql.dialects import NOT_IN_SQLITE
from nl2sql.sql.joins import JoinGraph
from nl2sql.sql.symbols import AGGREGATES, DATE_DIFFS, DATE_PARTS, DATE_TRUNCS, LITERALS, SET_OPERATIONS

if TYPE_CHECKING:
    from nl2sql.sql.grammar import Block, State

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


class Productions:
    def __init__(self, context: Context, graph: JoinGraph, strict: bool) -> None:
        self.context, self.graph, self.strict = context, graph, strict
        schema = context.schema
        self.owner = np.array(schema.owner, dtype=int)
        self.kinds = np.array([c.kind for c in schema.columns], dtype=object)
        self.shown = np.zeros(len(schema.columns), dtype=bool)
        self.shown[list(context.columns)] = True
        self.component = np.array(graph.component, dtype=int)
        self.second = np.array([graph.second(t) for t in range(len(schema.tables))], dtype=bool)
        self.numbers = np.ones(len(context.numbers), dtype=bool)
        self.counts = np.array([float(n.value).is_integer() and 0 <= n.value <= 10**6 for n in context.numbers], dtype=bool)
        self.periods = np.array([p.start is not None or p.end is not None for p in context.periods], dtype=bool)
        self._masks: dict[Any, np.ndarray] = {}
        missing = frozenset() if strict else NOT_IN_SQLITE
        self.functions = self._functions(missing)
        self.aggregates = tuple(a for a in AGGREGATES if a not in missing)
        self.clauses = tuple(c for c in CLAUSE_ORDER if c not in missing)
        self.filter = "filter" not in missing

    def _functions(self, missing: frozenset[str]) -> dict[str, tuple[str, tuple[Item, ...]]]:
        """Each scalar function's kind and its arguments' items, but for the mode, which is put in where it is used."""
        table: dict[str, tuple[str, tuple[Item, ...]]] = {}
        for name in DATE_PARTS:
            table[name] = ("text" if name.endswith("_name") else "number", (("arg", DATE),))
        for name in DATE_TRUNCS:
            table[name] = ("date", (("arg", DATE),))
        for name in DATE_DIFFS:
            table[name] = ("number", (("arg", DATE), ("lit", ","), ("arg", DATE)))
        digits: Item = ("digits",)
        table |= {
            "abs": ("number", (("arg", NUMBER),)), "length": ("number", (("arg", TEXT),)),
            "round": ("number", (("arg", NUMBER), digits)), "lower": ("text", (("arg", TEXT),)),
            "upper": ("text", (("arg", TEXT),)), "substr": ("text", (("arg", TEXT), ("lit", ","), ("count",), digits)),
            "coalesce": ("", (("arg", ORDERABLE), ("lit", ","), ("same",))),
            "nullif": ("", (("arg", ORDERABLE), ("lit", ","), ("same",))),
            "to_number": ("number", (("arg", TEXT),)), "to_text": ("text", (("arg", ANY),)),
        }
        return {name: entry for name, entry in table.items() if name not in missing}

    # masks

    def fits(self, kind: str, want: Kinds) -> bool:
        return not self.strict or kind in want

    def columns(self, want: Kinds, component: int) -> np.ndarray:
        key = (want if self.strict else None, component)
        mask = self._masks.get(key)
        if mask is None:
            mask = self.shown.copy()
            if self.strict:
                mask &= np.isin(self.kinds, list(want))
            if component >= 0:
                mask &= self.component[self.owner] == component
            self._masks[key] = mask
        return mask

    def values(self, want: Kinds, column: int) -> np.ndarray:
        """Linked values: those of this column, others only where none of this column covers the same words."""
        key = ("values", want if self.strict else None, column)
        mask = self._masks.get(key)
        if mask is None:
            linked = self.context.values
            own = [v for v in linked if v.column == column]
            mask = np.array([
                (v.column == column or not any(o.first <= v.last and v.first <= o.last for o in own))
                and self.fits("number" if isinstance(v.value, int | float) else "text", want)
                for v in linked
            ], dtype=bool)
            self._masks[key] = mask
        return mask

    # rules

    def rule(self, state: State) -> Rule:
        name, *arguments = state.stack[-1]
        return getattr(self, f"_{name}")(state, *arguments)

    def _end(self, state: State) -> Rule:
        return Rule()

    def _lit(self, state: State, symbol: str) -> Rule:
        return Rule({symbol: ()})

    def _query(self, state: State, want: tuple[Kinds, ...] | None, nested: bool = False) -> Rule:
        outs = state.blocks[-1].outs if state.blocks else None
        if len(state.blocks) >= DEEPEST:
            return Rule()
        body: tuple[Item, ...] = (("distinct",), ("items", 0), ("clauses", 0), ("close",), ("set_operation",))
        rules: dict[str, tuple[Item, ...]] = {"select": (("open", want, outs, False), *body)}
        if outs is None and len(state.blocks) < DEEPEST - 1:
            rules["with"] = (
                ("open", want, None, True), ("lit", "("), ("query", None, True), ("bind",), ("lit", ")"), ("lit", "select"), *body,
            )
        return Rule(rules)

    def _distinct(self, state: State) -> Rule:
        return Rule({"distinct": ()}, {}, True)

    def _items(self, state: State, n: int) -> Rule:
        want = state.blocks[-1].want
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
        kinds = state.finished
        want = tuple(frozenset({k}) for k in kinds) if kinds else None
        return Rule({symbol: (("query", want),) for symbol in SET_OPERATIONS} if kinds != () else {}, {}, True)

    def _clauses(self, state: State, first: int) -> Rule:
        block = state.blocks[-1]
        rules: dict[str, tuple[Item, ...]] = {}
        for i, clause in enumerate(self.clauses[first:], first):
            after: Item = ("clauses", i + 1)
            enter: Item = ("clause", clause)
            if clause == "from":
                if not (block.own or block.reads_outs):
                    rules[clause] = (enter, ("from_first",))
            elif clause == "group by":
                if not (block.star and self.strict):
                    rules[clause] = (enter, ("grouped",), ("list", "grouped"), after)
            elif clause == "order by":
                mode = PLAIN if block.star and self.strict else WINDOW
                rules[clause] = (enter, ("ordered", mode), ("list", "ordered", mode), after)
            elif clause == "limit":
                rules[clause] = (enter, ("count",), ("offset",), after)
            elif not (clause == "having" and block.star and self.strict):
                mode = {"where": PLAIN, "having": AGGREGATE, "qualify": WINDOW}[clause]
                rules[clause] = (enter, ("condition", mode), after)
        return Rule(rules, {}, block.component >= 0 or block.outs is not None)

    def _list(self, state: State, name: str, *arguments: Any) -> Rule:
        return Rule({",": ((name, *arguments), ("list", name, *arguments))}, {}, True)

    def _grouped(self, state: State) -> Rule:
        return self._expression(state, ANY, PLAIN, False, -1)

    def _ordered(self, state: State, mode: int) -> Rule:
        return _then(self._expression(state, ANY, mode, False, -1), ("direction",))

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
        tables = np.ones(len(self.component), dtype=bool) if block.component < 0 else self.component == block.component
        more: tuple[Item, ...] = (("from_more",),)
        keywords: dict[str, tuple[Item, ...]] = {"left": (("from_table",), *more)}
        if block.component >= 0:
            keywords["on"] = (("on",), ("on_same",), *more)
        return Rule(keywords, {"table": (tables, more)})

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

    # conditions

    def _condition(self, state: State, mode: int) -> Rule:
        return _then(self._predicate(state, mode), ("logic", mode))

    def _logic(self, state: State, mode: int) -> Rule:
        return Rule({s: (("predicate", mode), ("logic", mode)) for s in ("and", "or")}, {}, True)

    def _predicate(self, state: State, mode: int, negated: bool = False) -> Rule:
        rule = _then(self._expression(state, ANY, mode, False, -1), ("comparison", mode, False))
        extra: dict[str, tuple[Item, ...]] = {
            "[": (("condition", mode), ("lit", "]")),
        }
        if len(state.blocks) < DEEPEST:
            extra["exists"] = (("lit", "("), ("query", None), ("lit", ")"))
        if not negated:
            extra["not"] = (("predicate", mode, True),)
        return rule._replace(keywords={**rule.keywords, **extra})

    def _comparison(self, state: State, mode: int, negated: bool) -> Rule:
        kind, column = state.kind, state.column
        want = frozenset({kind})
        right: Item = ("expression", want, mode, True, column)
        rules: dict[str, tuple[Item, ...]] = {}
        lax = not self.strict
        if lax or kind in ORDERABLE or kind == "boolean":
            rules["in"] = (("lit", "("), ("members", want, column))
            if not negated:
                rules |= {"=": (right,), "!=": (right,)}
        if lax or kind in ORDERABLE:
            rules["between"] = (right, ("lit", "and"), right)
            if not negated:
                rules |= {s: (right,) for s in (">", "<", ">=", "<=")}
        if lax or kind == "text":
            rules |= {s: (("text", column),) for s in ("contains", "starts_with", "ends_with")}
        if (lax or kind == "date") and len(self.periods):
            rules["during"] = (("period",),)
        if not negated:
            if rules:
                rules["not"] = (("comparison", mode, True),)
            rules |= {"is null": (), "is not null": ()}
        return Rule(rules)

    def _members(self, state: State, want: Kinds, column: int) -> Rule:
        query = self._query(state, (want,))
        literal = self._literal(state, want, column)
        tail: tuple[Item, ...] = (("list", "literal", want, column), ("lit", ")"))
        keywords = {s: (*items, ("lit", ")")) for s, items in query.keywords.items()}
        keywords |= {s: (*items, *tail) for s, items in literal.keywords.items()}
        return Rule(keywords, {k: (m, (*items, *tail)) for k, (m, items) in literal.pointers.items()})

    def _literal(self, state: State, want: Kinds, column: int) -> Rule:
        """A constant of this kind; a number may stand for a string, since strings of digits are written as numbers."""
        keywords: dict[str, tuple[Item, ...]] = {}
        pointers: dict[str, tuple[np.ndarray, tuple[Item, ...]]] = {"value": (self.values(want, column), ())}
        if self.fits("number", want) or "text" in want:
            pointers["number"] = (self.numbers, (("kind", "number" if self.fits("number", want) else "text"),))
        if self.fits("number", want):
            keywords |= {n: (("kind", "number"),) for n in NUMBERS}
        if self.fits("text", want):
            keywords["''"] = (("kind", "text"),)
            pointers["word"] = (np.ones(len(self.context.words), dtype=bool), ())
        if self.fits("date", want):
            pointers["period"] = (self.periods, (("kind", "date"),))
            if self.context.as_of:
                keywords["as_of"] = (("kind", "date"),)
        if self.fits("boolean", want):
            keywords |= {"true": (("kind", "boolean"),), "false": (("kind", "boolean"),)}
        return Rule(keywords, pointers)

    def _text(self, state: State, column: int) -> Rule:
        rule = self._literal(state, TEXT, column)
        return Rule({}, {k: v for k, v in rule.pointers.items() if k in ("value", "word", "number")})

    def _word_end(self, state: State, first: int) -> Rule:
        mask = np.zeros(len(self.context.words), dtype=bool)
        mask[first : first + LONGEST_SPAN] = True
        return Rule({}, {"word": (mask, (("second_word",),))})

    def _period(self, state: State) -> Rule:
        return Rule({}, {"period": (self.periods, ())})

    # expressions

    def _expression(self, state: State, want: Kinds, mode: int, constant: bool, column: int) -> Rule:
        return _then(self._primary(state, want, mode, constant, column), ("operator", mode))

    def _operator(self, state: State, mode: int) -> Rule:
        if state.kind == "number" or not self.strict:
            right: Item = ("primary", NUMBER, mode, True, -1)
            rules: dict[str, tuple[Item, ...]] = {s: (right, ("kind", "number"), ("operator", mode)) for s in ("+", "-", "*mul", "/")}
        else:
            rules = {}
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
        keywords["case"] = (("lit", "when"), ("condition", _inner(mode)), ("lit", "then"), ("result", want, mode), ("case", mode))
        self._calls(keywords, want, mode)
        return Rule(keywords, pointers)

    def _calls(self, keywords: dict[str, tuple[Item, ...]], want: Kinds, mode: int) -> None:
        for name, (kind, arguments) in self.functions.items():
            if self.fits(kind, want) if kind else bool(want & ORDERABLE) or not self.strict:
                filled = tuple(
                    ("expression", (i[1] & want or i[1]) if not kind else i[1], mode, not kind, -1) if i[0] == "arg"
                    else (*i, mode) if i[0] == "same" else i for i in arguments
                )
                keywords[name] = (("lit", "("), *filled, ("lit", ")"), *((("kind", kind),) if kind else (("plain",),)))
        if mode == PLAIN:
            return
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
            over: tuple[Item, ...] = (("lit", "over"), *_window(True))
            if self.fits("number", want):
                keywords |= {
                    name: (("lit", "("), ("lit", ")"), *over, ("kind", "number")) for name in ("row_number", "rank", "dense_rank")
                }
            for name in ("lag", "lead"):
                argument: Item = ("expression", want & ORDERABLE or ORDERABLE, AGGREGATE, False, -1)
                keywords[name] = (("lit", "("), argument, ("digits",), ("lit", ")"), ("save",), *over, ("restore",))

    def _counted(self, state: State, mode: int) -> Rule:
        rule = self._expression(state, ANY, mode, False, -1)
        distinct: tuple[Item, ...] = (("expression", ANY, mode, False, -1),)
        return rule._replace(keywords={**rule.keywords, "*": (), "distinct": distinct})

    def _aggregated(self, state: State, want: Kinds, mode: int) -> Rule:
        rule = self._expression(state, want, mode, False, -1)
        return rule._replace(keywords={**rule.keywords, "distinct": (("expression", want, mode, False, -1),)})

    def _aggregate_tail(self, state: State, windows: bool, nested: bool) -> Rule:
        over: tuple[Item, ...] = (("save",), *_window(False), ("restore",))
        rules: dict[str, tuple[Item, ...]] = {"over": over} if windows else {}
        if nested:
            return Rule(rules)
        if self.filter:
            tail: tuple[Item, ...] = (("over_after_filter",),) if windows else ()
            rules["filter"] = (("save",), ("lit", "("), ("condition", PLAIN), ("lit", ")"), ("restore",), *tail)
        return Rule(rules, {}, True)

    def _over_after_filter(self, state: State) -> Rule:
        return Rule({"over": (("save",), *_window(False), ("restore",))}, {}, True)

    def _partition(self, state: State) -> Rule:
        key: Item = ("expression", ANY, AGGREGATE, False, -1)
        return Rule({"partition by": (key, ("list", *key))}, {}, True)

    def _window_order(self, state: State, needed: bool) -> Rule:
        return Rule({"order by": (("ordered", AGGREGATE), ("list", "ordered", AGGREGATE))}, {}, not needed)

    def _inside(self, state: State, want: Kinds, mode: int, constant: bool) -> Rule:
        query = self._query(state, (want,))
        expression = _then(self._expression(state, want, mode, constant, -1), ("lit", ")"))
        keywords = {s: (*items, ("lit", ")"), ("finished",)) for s, items in query.keywords.items()}
        return expression._replace(keywords={**expression.keywords, **keywords})

    def _result(self, state: State, want: Kinds, mode: int) -> Rule:
        rule = self._expression(state, want & (ORDERABLE | BOOLEAN) or want, mode, True, -1)
        return rule

    def _case(self, state: State, mode: int) -> Rule:
        same: Item = ("result", frozenset({state.kind}), mode)
        more: tuple[Item, ...] = (("condition", _inner(mode)), ("lit", "then"), same, ("case", mode))
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


def _then(rule: Rule, *items: Item) -> Rule:
    """The rule followed by more items."""
    return Rule(
        {symbol: (*first, *items) for symbol, first in rule.keywords.items()},
        {kind: (mask, (*first, *items)) for kind, (mask, first) in rule.pointers.items()},
        rule.skippable,
    )


def _inner(mode: int) -> int:
    return AGGREGATE if mode == WINDOW else PLAIN if mode == NESTED else mode


def _window(needs_order: bool) -> tuple[Item, ...]:
    return (("lit", "("), ("partition",), ("window_order", needs_order), ("lit", ")"))


# Actions: what changes without a symbol.


def _with_block(state: State, **changes: Any) -> State:
    return state._replace(blocks=(*state.blocks[:-1], state.blocks[-1]._replace(**changes)))


def _open(p: Productions, state: State, want: Any, outs: Any, own: bool) -> State:
    from nl2sql.sql.grammar import Block

    return state._replace(blocks=(*state.blocks, Block(want=want, outs=outs, own=own, clause="select")))


def _close(p: Productions, state: State) -> State:
    block: Block = state.blocks[-1]
    return state._replace(blocks=state.blocks[:-1], finished=None if block.star else block.items, column=-1)


def _bind(p: Productions, state: State) -> State:
    return _with_block(state, outs=(state.finished or ())[:MOST_OUTS])


def _item(p: Productions, state: State) -> State:
    return _with_block(state, items=(*state.blocks[-1].items, state.kind))


def _pointed(p: Productions, state: State, symbol: Pointer) -> State:
    if symbol.kind == "column":
        table = int(p.owner[symbol.index])
        state = state._replace(kind=str(p.kinds[symbol.index]), column=symbol.index)
        if state.stack and state.stack[-1] == ("outer_block",):
            blocks = state.blocks
            outer = blocks[-2]._replace(component=int(p.component[table]))
            return state._replace(stack=state.stack[:-1], blocks=(*blocks[:-2], outer, blocks[-1]))
        return _with_block(state, component=int(p.component[table]))
    if symbol.kind == "table":
        return _with_block(state, component=int(p.component[symbol.index]))
    if symbol.kind == "value":
        number = isinstance(p.context.values[symbol.index].value, int | float)
        return state._replace(kind="number" if number else "text", column=-1)
    if symbol.kind == "word":
        if state.stack[-1] == ("second_word",):
            return state._replace(stack=state.stack[:-1], kind="text", column=-1)
        return state._replace(stack=(*state.stack, ("word_end", symbol.index)))
    return state


def _aggregate(p: Productions, state: State, mode: int) -> State:
    """Note the aggregate; one inside another's argument needs OVER after the outer one."""
    state = _with_block(state, aggregated=True)
    if mode != NESTED:
        return state
    at = max(i for i, item in enumerate(state.stack) if item[0] == "aggregate_tail" and item[1])
    return state._replace(stack=(*state.stack[:at], ("aggregate_tail", True, True), *state.stack[at + 1 :]))


ACTIONS: dict[str, Callable[..., State]] = {
    "open": _open,
    "close": _close,
    "bind": _bind,
    "item": _item,
    "star": lambda p, s: _with_block(s, star=True),
    "clause": lambda p, s, name: _with_block(s, clause=name),
    "kind": lambda p, s, kind: s._replace(kind=kind, column=-1),
    "plain": lambda p, s: s._replace(column=-1),
    "out": lambda p, s, kind: _with_block(s._replace(kind=kind, column=-1), reads_outs=True),
    "finished": lambda p, s: s._replace(kind=(s.finished or ("other",))[0], column=-1),
    "pointed": _pointed,
    "aggregate": _aggregate,
    "save": lambda p, s: s._replace(stack=_saved(s.stack, s.kind)),
    "restore": lambda p, s, kind="number": s._replace(kind=kind, column=-1),
}


def _saved(stack: tuple[Item, ...], kind: str) -> tuple[Item, ...]:
    """Write the kind at hand into the nearest RESTORE below, which brings it back after a window or filter."""
    at = max(i for i, item in enumerate(stack) if item == ("restore",))
    return (*stack[:at], ("restore", kind), *stack[at + 1 :])
