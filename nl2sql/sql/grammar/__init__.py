"""Which symbols may follow a prefix: a pushdown automaton over the IR, so that every finished sequence is valid SQL.

PICARD (Scholak et al. 2021) parses text incrementally; here the symbols are few, so the automaton says at once which of them
may come next. ``strict`` is for engines with types (DuckDB); without it any column fits anywhere (SQLite). A state is
immutable: hypotheses of a beam share what they have in common.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nl2sql.records import Context, Pointer, Symbol
from nl2sql.sql.grammar.actions import ACTIONS
from nl2sql.sql.grammar.clauses import Productions
from nl2sql.sql.grammar.rules import Item, State
from nl2sql.sql.ir.joins import join_graph
from nl2sql.sql.symbols import EOS, INDEX, NONE, VOCABULARY


@dataclass(frozen=True)
class Allowed:
    """``mask`` over the vocabulary and all that can be pointed at; ``places``: where keywords ("") and each kind stand in it."""

    mask: np.ndarray
    places: Mapping[str, slice]

    @property
    def keywords(self) -> np.ndarray:
        return self.mask[self.places[""]]

    @property
    def pointers(self) -> dict[str, np.ndarray]:
        return {kind: self.mask[place] for kind, place in self.places.items() if kind}


class Grammar:
    def __init__(self, context: Context, *, strict: bool = True) -> None:
        self.context = context
        self.strict = strict
        self.graph = join_graph(context.schema)
        self.productions = Productions(context, self.graph, strict)

    def start(self) -> State:
        return State((("end",), ("query", None)))

    def places(self, pointers: Sequence[Pointer]) -> list[int]:
        """Where the whole vocabulary and then these pointers stand in masks."""
        starts = {kind: place.start for kind, place in self.productions.places.items()}
        return [*range(len(VOCABULARY)), *(starts[pointer.kind] + pointer.index for pointer in pointers)]

    def allowed(self, state: State) -> Allowed:
        """What may come next. ``<eos>`` where the sequence may end, ``<none>`` at its start."""
        mask = np.zeros(self.productions.width, dtype=bool)
        if not state.blocks and len(state.stack) == 2 and state.finished is None:
            mask[INDEX[NONE]] = True
        while not state.complete:
            rule, more = self.productions.ruled(state)
            mask |= more
            if not rule.skippable:
                break
            state = self.settle(state._replace(stack=state.stack[:-1]))
            if state.stack == (("end",),):
                mask[INDEX[EOS]] = True
                break
        return Allowed(mask, self.productions.places)

    def advance(self, state: State, symbol: Symbol) -> State:
        """The state after a symbol. Raises ``ValueError`` where it isn't allowed."""
        if symbol == NONE and not state.blocks:
            return State((("end",),), complete=True)
        while True:
            if symbol == EOS and state.stack == (("end",),):
                return state._replace(complete=True)
            rule = self.productions.rule(state)
            items: Sequence[Item] | None = None
            if isinstance(symbol, Pointer):
                mask, then = rule.pointers.get(symbol.kind, (None, ()))
                if mask is not None and symbol.index < len(mask) and mask[symbol.index]:
                    items = (("pointed", symbol), *then)
            else:
                items = rule.keywords.get(symbol)
            if items is not None:
                return self.settle(state._replace(stack=state.stack[:-1] + tuple(reversed(items))))
            if not rule.skippable:
                raise ValueError(f"{symbol} can't follow here")
            state = self.settle(state._replace(stack=state.stack[:-1]))

    def settle(self, state: State) -> State:
        """Carry out the actions on top of the stack: they take no symbol."""
        while state.stack and state.stack[-1][0] in ACTIONS:
            item = state.stack[-1]
            state = ACTIONS[item[0]](self.productions, state._replace(stack=state.stack[:-1]), *item[1:])
        return state

    def accepts(self, symbols: Sequence[Symbol]) -> bool:
        """Whether this is a whole query (without ``<eos>``)."""
        state = self.start()
        try:
            for symbol in (*symbols, *(() if NONE in symbols else (EOS,))):
                state = self.advance(state, symbol)
        except ValueError:
            return False
        return state.complete
