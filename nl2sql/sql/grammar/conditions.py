"""The productions of conditions: predicates, comparisons and the literals that they compare with."""
from __future__ import annotations

import numpy as np

from nl2sql.sql.grammar.expressions import ExpressionProductions
from nl2sql.sql.grammar.rules import ANY, DEEPEST, LONGEST_SPAN, NUMBERS, ORDERABLE, TEXT, Item, Kinds, Rule, State, then


class ConditionProductions(ExpressionProductions):
    def _condition(self, state: State, mode: int) -> Rule:
        return then(self._predicate(state, mode), ("logic", mode))

    def _logic(self, state: State, mode: int) -> Rule:
        return Rule({s: (("predicate", mode), ("logic", mode)) for s in ("and", "or")}, {}, True)

    def _predicate(self, state: State, mode: int, negated: bool = False) -> Rule:
        rule = then(self._expression(state, ANY, mode, False, -1), ("comparison", mode, False))
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
                one: tuple[Item, ...] = (("equal", column),) if state.blocks[-1].single and column >= 0 else ()
                rules |= {"=": (*one, right), "!=": (right,)}
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
