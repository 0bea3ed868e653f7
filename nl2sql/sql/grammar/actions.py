"""What changes without a symbol: the actions that the automaton carries out between two symbols."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nl2sql.records import Pointer
from nl2sql.sql.grammar.rules import MOST_OUTS, NESTED, Block, Item, State

if TYPE_CHECKING:
    from nl2sql.sql.grammar.clauses import Productions

def _with_block(state: State, **changes: Any) -> State:
    return state._replace(blocks=(*state.blocks[:-1], state.blocks[-1]._replace(**changes)))


def _open(p: Productions, state: State, want: Any, outs: Any, own: bool) -> State:
    return state._replace(blocks=(*state.blocks, Block(want=want, outs=outs, own=own, clause="select")))


def _close(p: Productions, state: State) -> State:
    block: Block = state.blocks[-1]
    return state._replace(blocks=state.blocks[:-1], finished=None if block.star else block.items, column=-1)


def _bind(p: Productions, state: State) -> State:
    return _with_block(state, outs=(state.finished or ())[:MOST_OUTS])


def _item(p: Productions, state: State) -> State:
    block = state.blocks[-1]
    return _with_block(state, items=(*block.items, state.kind), bare=state.column if block.single else -1)


def _clause(p: Productions, state: State, name: str) -> State:
    block = state.blocks[-1]
    narrowed = block.single and (name == "limit" or (block.narrowed and name != "group by"))
    return _with_block(state, clause=name, grouped=block.grouped or name == "group by", narrowed=narrowed)


def _equal(p: Productions, state: State, column: int) -> State:
    """The column is compared with =, which leaves one row where it tells apart the rows that the output is from."""
    block = state.blocks[-1]
    one = block.clause == "where" and block.bare >= 0 and p.tells_apart(column, block.bare)
    return _with_block(state, narrowed=block.narrowed or one)


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
    """An aggregate inside another's argument needs OVER after the outer one."""
    return _tail(state, True, True) if mode == NESTED else state


def _tail(state: State, windows: bool, nested: bool) -> State:
    """What may follow the aggregate whose argument this is."""
    at = max(i for i, item in enumerate(state.stack) if item[0] == "aggregate_tail" and item[1])
    return state._replace(stack=(*state.stack[:at], ("aggregate_tail", windows, nested), *state.stack[at + 1 :]))


ACTIONS: dict[str, Callable[..., State]] = {
    "open": _open,
    "close": _close,
    "bind": _bind,
    "item": _item,
    "star": lambda p, s: _with_block(s, star=True),
    "single": lambda p, s: _with_block(s, single=True),
    "clause": _clause,
    "equal": _equal,
    "kind": lambda p, s, kind: s._replace(kind=kind, column=-1),
    "plain": lambda p, s: s._replace(column=-1),
    "out": lambda p, s, kind: _with_block(s._replace(kind=kind, column=-1), reads_outs=True),
    "finished": lambda p, s: s._replace(kind=(s.finished or ("other",))[0], column=-1),
    "pointed": _pointed,
    "aggregate": _aggregate,
    "no_window": lambda p, s: _tail(s, False, False),
    "save": lambda p, s: s._replace(stack=_saved(s.stack, s.kind)),
    "restore": lambda p, s, kind="number": s._replace(kind=kind, column=-1),
}


def _saved(stack: tuple[Item, ...], kind: str) -> tuple[Item, ...]:
    """Write the kind at hand into the nearest RESTORE below, which brings it back after a window or filter."""
    at = max(i for i, item in enumerate(stack) if item == ("restore",))
    return (*stack[:at], ("restore", kind), *stack[at + 1 :])
