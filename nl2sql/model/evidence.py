"""What speaks for and against each candidate: the numbers that the verifier judges by.

None of them depends on a database's size or on the scale of one training's scores alone: log probabilities are cut at ``FLOOR``,
counts are soft, and what the question names but a query leaves out is found through links, not through lists of words.
"""
from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nl2sql.model.relations import ALIKE, PERHAPS, best_level
from nl2sql.records import ROWS_COMPARED, Attempt, Candidate, Context, Pointer, Result, Symbol
from nl2sql.sql.symbols import AGGREGATES, CLAUSES, COMPARISONS, PREDICATES, SET_OPERATIONS

FLOOR = -20.0
FORM = ("select", "where", "group by", "having", "order by", "limit", "distinct", "(", "count", "not", "or")
Numbers = dict[str, float]


@dataclass(frozen=True)
class Evidence:
    """Of N attempts of one question. ``groups`` (N,): attempts with the same rows have the same number, counted from 0."""

    attempts: np.ndarray  # (N, F)
    question: np.ndarray  # (Q,)
    groups: np.ndarray  # (N,)
    names: tuple[tuple[str, ...], tuple[str, ...]]  # of the F and the Q numbers


def evidence(context: Context, candidates: Sequence[Candidate], attempts: Sequence[Attempt]) -> Evidence:
    """``candidates``: all that the model wrote, in order of score, "no answer" too; ``attempts``: those that ran, one or more."""
    contents: dict[tuple[str, ...], int] = {}
    groups = np.array([contents.setdefault(attempt.content, len(contents)) for attempt in attempts])
    shares = _shares(candidates)
    queries = [candidate for candidate in candidates if candidate.sql is not None]
    asked = _Asked(context)
    rows = []
    for attempt, group in zip(attempts, groups, strict=True):
        agreeing = [a.candidate for a, g in zip(attempts, groups, strict=True) if g == group]
        rows.append({
            **_scores(attempt.candidate, queries, shares), **_agreement(agreeing, queries, shares), **_rows(attempt.result),
            **asked.coverage(attempt.candidate.symbols), **_parts(attempt.candidate.symbols, attempt),
        })  # fmt: skip
    about = {**asked.numbers(), **_beam(candidates, attempts, groups, shares)}
    return Evidence(
        np.array([list(row.values()) for row in rows], dtype=np.float32), np.array(list(about.values()), dtype=np.float32),
        groups, (tuple(rows[0]), tuple(about)))


def _shares(candidates: Sequence[Candidate]) -> dict[int, float]:
    """By identity, each candidate's share of the probability of all."""
    best = max(candidate.score for candidate in candidates)
    weights = {id(candidate): math.exp(candidate.score - best) for candidate in candidates}
    return {key: weight / sum(weights.values()) for key, weight in weights.items()}


def _log(share: float) -> float:
    return max(FLOOR, math.log(share)) if share > 0 else FLOOR


def _scores(candidate: Candidate, queries: Sequence[Candidate], shares: dict[int, float]) -> Numbers:
    steps = sorted(candidate.steps) or [candidate.score]
    rival = max((other.score for other in queries if other is not candidate), default=FLOOR)
    kinds = {"keyword": 0.0, "table": 0.0, "column": 0.0, "literal": 0.0}
    for symbol, step in zip(candidate.symbols, candidate.steps, strict=False):
        kind = "keyword" if isinstance(symbol, str) else symbol.kind if symbol.kind in kinds else "literal"
        kinds[kind] = min(kinds[kind], max(step, FLOOR))
    return {
        "log share": _log(shares[id(candidate)]),
        "score": max(candidate.score, FLOOR),
        "mean step": max(candidate.score / len(steps), FLOOR),
        "worst step": max(steps[0], FLOOR),
        "second worst step": max(steps[1], FLOOR) if len(steps) > 1 else 0.0,
        "unsure steps": sum(step < math.log(0.5) for step in steps),
        "end": max(candidate.steps[-1], FLOOR) if candidate.steps else 0.0,
        "lead": min(max(candidate.score - rival, -10.0), 10.0),
        "first": float(candidate is queries[0]),
        "length": len(candidate.symbols) / 10,
        **{f"worst {kind}": least for kind, least in kinds.items()},
    }


def _agreement(agreeing: Sequence[Candidate], queries: Sequence[Candidate], shares: dict[int, float]) -> Numbers:
    return {
        "log share of the same rows": _log(sum(shares[id(candidate)] for candidate in agreeing)),
        "same rows": len(agreeing) / len(queries),
        "only one": float(len(agreeing) == 1),
    }


def _rows(result: Result) -> Numbers:
    shown = result.rows[:200]
    cells = [cell for row in shown for cell in row]
    blank = sum(cell is None for cell in cells)
    single = len(shown) == 1 and len(shown[0]) == 1
    return {
        "no rows": float(not shown),
        "only NULL": float(bool(cells) and blank == len(cells)),
        "NULL": blank / max(1, len(cells)),
        "rows": math.log1p(min(len(result.rows), ROWS_COMPARED)),
        "one row": float(len(result.rows) == 1),
        "one cell": float(single),
        "zero": float(single and cells[0] == 0),
        "columns": float(len(result.columns)),
        "repeated rows": 1 - len({repr(row) for row in shown}) / max(1, len(shown)),
    }


class _Asked:
    """What the question names, by the places of its words."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.owner = context.schema.owner
        self.values: dict[tuple[int, int], set[Pointer]] = {}
        for i, value in enumerate(context.values):
            self.values.setdefault((value.first, value.last), set()).add(Pointer("value", i))
        self.numbers_at = [(Pointer("number", i), n.first, n.last) for i, n in enumerate(context.numbers)]
        self.periods_at = [(Pointer("period", i), p.first, p.last) for i, p in enumerate(context.periods)]
        self.named: dict[int, dict[int, set[Pointer]]] = {1: {}, 2: {}}  # level -> word -> tables and columns that it names
        self.alike: set[int] = set()  # words that only mean what a name says
        for pointer, links in context.links.items():
            for link in links:
                if link.level == ALIKE:
                    self.alike.add(link.word)
                if pointer.kind in ("table", "column") and link.level in self.named:
                    self.named[link.level].setdefault(link.word, set()).add(pointer)

    def numbers(self) -> Numbers:
        context, words = self.context, max(1, len(self.context.words))
        linked = set(self.named[1]) | set(self.named[2]) | _places(self.values)
        return {
            "words": words / 10, "linked words": len(linked) / words, "whole names": len(self.named[2]) / words,
            "alike words": len(self.alike) / words,
            "values": float(len(self.values)), "numbers": float(len(context.numbers)), "periods": float(len(context.periods)),
            "log columns": math.log(len(context.columns) + 1), "log tables": math.log(len(context.schema.tables)),
        }  # fmt: skip

    def coverage(self, symbols: Sequence[Symbol]) -> Numbers:
        """What a query leaves out of what was named, and what it uses that nobody named."""
        used = {symbol for symbol in symbols if isinstance(symbol, Pointer)}
        columns = {pointer for pointer in used if pointer.kind == "column"}
        tables = {pointer for pointer in used if pointer.kind == "table"} | {
            Pointer("table", self.owner[pointer.index]) for pointer in columns}
        said = self._said(used)
        spelled = {symbol[1:] for symbol in symbols if isinstance(symbol, str) and symbol.startswith("#")}
        values = [not (pointers & used or said & _places([span])) for span, pointers in self.values.items()]
        numbers = [not said & _places([span]) and str(self.context.numbers[pointer.index].value) not in spelled
                   for pointer, *span in self.numbers_at]
        periods = [not said & _places([span]) for _, *span in self.periods_at]
        missed = {level: sum(not pointers & (columns | tables) and word not in said for word, pointers in words.items())
                  for level, words in self.named.items()}
        valued = {Pointer("column", self.context.values[pointer.index].column) for pointer in used if pointer.kind == "value"}
        links = self.context.links
        level = {pointer: best_level(links.get(pointer, ())) for pointer in columns | tables}
        strangers = [pointer for pointer, best in level.items() if best in (0, PERHAPS) and pointer not in valued]
        return {
            "values left out": sum(values) / max(1, len(values)), "some value left out": float(any(values)),
            "numbers left out": float(sum(numbers)), "periods left out": float(sum(periods)),
            "whole names left out": float(missed[2]), "part names left out": float(missed[1]),
            "columns half named": float(sum(best == 1 and pointer.kind == "column" for pointer, best in level.items())),
            "columns alike": float(sum(best == ALIKE and pointer.kind == "column" for pointer, best in level.items())),
            "columns not named": float(sum(pointer.kind == "column" for pointer in strangers)),
            "tables not named": float(sum(pointer.kind == "table" for pointer in strangers)),
            "words as text": float(sum(pointer.kind == "word" for pointer in used)),
        }  # fmt: skip

    def _said(self, used: set[Pointer]) -> set[int]:
        """The places of the words that the query's literals stand for."""
        spans = [(self.context.values[p.index].first, self.context.values[p.index].last) for p in used if p.kind == "value"]
        spans += [(first, last) for pointer, first, last in (*self.numbers_at, *self.periods_at) if pointer in used]
        words = sorted(pointer.index for pointer in used if pointer.kind == "word")
        return _places([*spans, *((word, word) for word in words), *((a, b) for a, b in pairwise(words) if b - a < 8)])


def _places(spans: Iterable[Sequence[int]]) -> set[int]:
    return {place for first, last in spans for place in range(first, last + 1)}


def _parts(symbols: Sequence[Symbol], attempt: Attempt) -> Numbers:
    """The size and form of the query."""
    count = dict.fromkeys(FORM, 0)
    for symbol in symbols:
        if symbol in count:
            count[str(symbol)] += 1
    pointed = [symbol for symbol in symbols if isinstance(symbol, Pointer)]
    return {
        "repeated parts": float(_repeated(symbols)),
        "tables": float(len(attempt.query.tables)),
        "columns used": float(len({pointer for pointer in pointed if pointer.kind == "column"})),
        "literals": float(sum(pointer.kind not in ("column", "table") for pointer in pointed)),
        "conditions": float(sum(symbol in COMPARISONS or symbol in PREDICATES for symbol in symbols)),
        "aggregates": float(sum(symbol in AGGREGATES for symbol in symbols)),
        "set operation": float(any(symbol in SET_OPERATIONS for symbol in symbols)),
        **{f"says {word}": float(min(number, 2)) for word, number in count.items()},
    }


def _repeated(symbols: Sequence[Symbol]) -> int:
    """How often a clause says the same thing twice: an output, a condition."""
    seen: set[tuple[Symbol, ...]] = set()
    clause: tuple[Symbol, ...] = ()
    part: list[Symbol] = []
    repeated = 0
    for symbol in (*symbols, ","):
        if symbol not in CLAUSES and symbol not in (",", "and", "or"):
            part.append(symbol)
            continue
        if part:
            repeated += (*clause, *part) in seen
            seen.add((*clause, *part))
        part = []
        if symbol in CLAUSES:
            clause = (symbol, f"block {len(seen)}") if symbol == "select" else (symbol, *clause[1:])
    return repeated


def _beam(
    candidates: Sequence[Candidate], attempts: Sequence[Attempt], groups: np.ndarray, shares: dict[int, float]
) -> Numbers:
    """How much the model agrees with itself, and what it thinks of giving no answer."""
    queries = [candidate for candidate in candidates if candidate.sql is not None]
    none = max((candidate.score for candidate in candidates if candidate.sql is None), default=FLOOR)
    by_group = np.zeros(groups.max() + 1)
    for attempt, group in zip(attempts, groups, strict=True):
        by_group[group] += shares[id(attempt.candidate)]
    parts = by_group[by_group > 0] / by_group.sum()
    return {
        "none": max(none, FLOOR), "none's lead": min(max(none - queries[0].score, -10.0), 10.0),
        "best score": max(queries[0].score, FLOOR), "best mean step": max(queries[0].score / (len(queries[0].steps) or 1), FLOOR),
        "start": max(max((candidate.steps or (0.0,))[0] for candidate in queries), FLOOR),
        "different rows": float(len(by_group)), "disagreement": float(-(parts * np.log(parts)).sum()),
        "surest rows": float(parts.max()), "failed": 1 - len(attempts) / len(queries),
        "empty": float(np.mean([not attempt.result.rows for attempt in attempts])),
    }  # fmt: skip
