"""Which columns, values and functions fit where: masks over the context's slots."""
from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from nl2sql.records import Context
from nl2sql.sql.grammar.rules import ANY, CLAUSE_ORDER, DATE, NUMBER, ORDERABLE, TEXT, Item, Kinds, Rule, State
from nl2sql.sql.ir.dialects import NOT_IN_SQLITE
from nl2sql.sql.ir.joins import JoinGraph
from nl2sql.sql.symbols import AGGREGATES, DATE_DIFFS, DATE_PARTS, DATE_TRUNCS, INDEX, VOCABULARY

POINTED = ("", "table", "column", "value", "word", "period", "number")
ALMOST_ALL = 0.9  # a column with so many distinct values for its rows tells them apart: names, with a few twins


class Masks:
    if TYPE_CHECKING:  # what the productions above this class add

        def _literal(self, state: State, want: Kinds, column: int) -> Rule: ...
        def _query(self, state: State, want: tuple[Kinds, ...] | None) -> Rule: ...

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
        sizes = (len(VOCABULARY), len(schema.tables), len(schema.columns), len(context.values), len(context.words),
                 len(context.periods), len(context.numbers))
        ends = list(accumulate(sizes))
        # where keywords ("") and each kind of pointer stand in a mask over all that may be said
        self.places = {kind: slice(end - size, end) for kind, size, end in zip(POINTED, sizes, ends, strict=True)}
        self.width = ends[-1]
        missing = frozenset() if strict else NOT_IN_SQLITE
        self.functions = self._functions(missing)
        self.aggregates = tuple(a for a in AGGREGATES if a not in missing)
        self.clauses = tuple(c for c in CLAUSE_ORDER if c not in missing)
        self.filter = "filter" not in missing

    def tells_apart(self, column: int, output: int) -> bool:
        """Whether at most one row of the output's table goes with a value of this column, as far as is known."""
        schema, a, b = self.context.schema, self.owner[column], self.owner[output]
        if a != b and not any(schema.owner[k.source] == a and schema.owner[k.target] == b for k in schema.foreign_keys):
            return False
        told, rows = schema.columns[column], schema.tables[a].rows
        return told.unique or told.distinct is None or rows is None or told.distinct >= ALMOST_ALL * rows

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

    def mask(self, rule: Rule) -> np.ndarray:
        """What a rule lets be said, over keywords and pointers (``places``)."""
        mask = np.zeros(self.width, dtype=bool)
        mask[[INDEX[symbol] for symbol in rule.keywords]] = True
        for kind, (which, _) in rule.pointers.items():
            mask[self.places[kind]] |= which
        return mask

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

    def tables(self, component: int) -> np.ndarray:
        """The tables that may stand in a block; -1: it has none yet."""
        return np.ones(len(self.component), dtype=bool) if component < 0 else self.component == component

    def values(self, want: Kinds, column: int) -> np.ndarray:
        """Linked values that this column may hold: its own, and those of a column that it joins or shares its name with.

        ``column`` -1: what is compared is no column, so that any value may be meant.
        """
        key = ("values", want if self.strict else None, column)
        mask = self._masks.get(key)
        if mask is None:
            mask = np.array([
                (column < 0 or self.graph.alike(v.column, column))
                and self.fits("number" if isinstance(v.value, int | float) else "text", want)
                for v in self.context.values
            ], dtype=bool)
            self._masks[key] = mask
        return mask
