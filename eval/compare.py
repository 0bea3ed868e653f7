"""Does a prediction's result say the same as the gold's? Pure functions on rows; nothing here knows SQL or a database.

Strict: the same bag of rows after one permutation of whole columns. Duplicates count, so DISTINCT is never forgiven. Order
counts only between the reference's groups: rows of one group tie, in whatever order they come, and of a group that a LIMIT
cuts any choice is right. Relaxed: extra columns are allowed, and the measures that a ranking is ordered by may be missing;
rows are kept together there too.

Cells: numbers are equal within 1e-6 (relative) or 1e-9 (absolute), whatever their type, but two whole numbers below 2**53
only if they are the same; NULL is neither 0 nor ''; a date is the timestamp of its midnight; text is exact; a boolean is no
number; NaN equals NaN.

Not covered: text that differs in case or blanks, numbers or dates stored as text, results whose columns are turned into rows.
Where more than ``LARGEST_MATCHING`` rows differ from each other only within the tolerance, they are paired in sorted order.
"""
from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any, Literal

RELATIVE, ABSOLUTE = 1e-6, 1e-9
LARGEST_MATCHING = 300  # rows
MOST_STEPS = 20_000  # of the search for a permutation of columns
EXACT = 2**53

Row = Sequence[Any]
Verdict = Literal["right", "column only", "order only", "empty", "wrong rows"]


@dataclass(frozen=True)
class Group:
    """Gold rows that tie: ``take`` of them belong to the result (all, unless a LIMIT or OFFSET cuts the group)."""

    rows: tuple[Row, ...]
    take: int


@dataclass(frozen=True)
class Reference:
    """What is right: ``width`` columns and the groups in their order (a single one where order doesn't count).

    ``optional``: columns that may be missing from any prediction; ``measures``: those that only the relaxed score lets go.
    """

    width: int
    groups: tuple[Group, ...]
    optional: frozenset[int] = frozenset()
    measures: frozenset[int] = frozenset()

    @property
    def size(self) -> int:
        return sum(group.take for group in self.groups)


def bag(rows: Sequence[Row], width: int) -> Reference:
    """The reference of a query without ORDER BY and LIMIT."""
    return Reference(width, (Group(tuple(rows), len(rows)),))


def strict(reference: Reference, rows: Sequence[Row], width: int) -> bool:
    """Whether ``rows`` of ``width`` columns are the reference's, as the module says."""
    missing = reference.width - width
    return any(_equal(reference, rows, width, dropped) for dropped in _subsets(reference.optional, missing))


def relaxed(reference: Reference, rows: Sequence[Row], width: int) -> bool:
    """As ``strict``, with extra columns allowed and the ranking's measures optional; one column at least must be there."""
    droppable = reference.optional | reference.measures
    sizes = range(max(0, reference.width - width), min(len(droppable), reference.width - 1) + 1)
    return any(_equal(reference, rows, width, dropped) for size in sizes for dropped in _subsets(droppable, size))


def verdict(references: Sequence[Reference], rows: Sequence[Row], width: int) -> Verdict:
    """The best that can be said of a result, given one reference for each gold. Relaxed right: "right" or "column only"."""
    if any(strict(reference, rows, width) for reference in references):
        return "right"
    if any(relaxed(reference, rows, width) for reference in references):
        return "column only"
    if any(strict(_unordered(reference), rows, width) for reference in references):
        return "order only"
    return "empty" if not rows else "wrong rows"


def _subsets(columns: frozenset[int], size: int) -> Iterator[frozenset[int]]:
    if size >= 0:
        yield from map(frozenset, combinations(sorted(columns), size))


def _unordered(reference: Reference) -> Reference:
    """The rows that the reference took, without their order: only the choice of a cut group stays open, if it is the only one."""
    if len(reference.groups) < 2:
        return reference
    rows = tuple(row for group in reference.groups for row in group.rows[: group.take])
    return Reference(reference.width, (Group(rows, len(rows)),), reference.optional, reference.measures)


def _equal(reference: Reference, rows: Sequence[Row], width: int, dropped: frozenset[int]) -> bool:
    kept = [column for column in range(reference.width) if column not in dropped]
    if len(rows) != reference.size or len(kept) > width:
        return False
    if not rows:
        return True
    tokens = _Tokens(cell for cells in (rows, *(group.rows for group in reference.groups)) for row in cells for cell in row)
    gold, guess, taken = _Side(), _Side(), 0
    for number, group in enumerate(reference.groups):
        if group.take:
            gold.add(number, [[row[column] for column in kept] for row in group.rows], tokens)
            guess.add(number, rows[taken : taken + group.take], tokens)
            taken += group.take
    return _Search(gold, guess, tokens).run()


class _Tokens:
    """Maps cells to hashable tokens so that equal cells share one. A token may hold numbers that are not pairwise equal
    (a chain of close ones): ``loose`` tells, and whoever compares then looks at the numbers themselves."""

    def __init__(self, cells: Iterable[Any]) -> None:
        numbers = sorted({cell for cell in map(_normal, cells) if type(cell) in (int, float)})
        self.starts: list[int | float] = []
        self.loose: set[int] = set()
        last: int | float | None = None
        for number in numbers:
            if last is None or not close(last, number):
                self.starts.append(number)
            elif not close(self.starts[-1], number):
                self.loose.add(len(self.starts) - 1)
            last = number

    def of(self, cell: Any) -> Any:
        cell = _normal(cell)
        if type(cell) in (int, float):
            at = bisect_left(self.starts, cell)
            return at if at < len(self.starts) and self.starts[at] == cell else at - 1
        return cell


@dataclass
class _Side:
    """The rows of one side by columns of tokens; ``marks`` is the group of each row."""

    marks: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    tokens: list[list[Any]] = field(default_factory=list)

    def add(self, mark: int, rows: Sequence[Row], tokens: _Tokens) -> None:
        for row in rows:
            self.marks.append(mark)
            self.rows.append(list(row))
            self.tokens.append([tokens.of(cell) for cell in row])


class _Search:
    """Assigns a column of the guess to each column of the gold, one after the other; every prefix of whole rows must fit.

    A guess fits where its bag of (group, tokens) lies within the gold's: equal to it, unless a LIMIT cut a group.
    """

    def __init__(self, gold: _Side, guess: _Side, tokens: _Tokens) -> None:
        self.gold, self.guess, self.loose = gold, guess, tokens.loose
        self.gold_columns = list(zip(*gold.tokens, strict=True))
        self.guess_columns = list(zip(*guess.tokens, strict=True))
        self.fits = [
            [j for j, column in enumerate(self.guess_columns) if self._within(target, column)] for target in self.gold_columns
        ]
        # the most constrained column first
        self.order = sorted(range(len(self.gold_columns)), key=lambda i: (len(self.fits[i]), -len(set(self.gold_columns[i]))))
        self.steps = 0

    def _within(self, target: Sequence[Any], column: Sequence[Any]) -> bool:
        have = Counter(zip(self.gold.marks, target, strict=True))
        return Counter(zip(self.guess.marks, column, strict=True)) <= have

    def run(self) -> bool:
        return self._extend([], list(self.gold.marks), list(self.guess.marks))

    def _extend(self, chosen: list[int], gold: list[Any], guess: list[Any]) -> bool:
        """``gold`` and ``guess`` name each row's prefix; prefixes that are equal have equal names."""
        if len(chosen) == len(self.order):
            return not self.loose or self._close(chosen, gold, guess)
        self.steps += 1
        if self.steps > MOST_STEPS:
            return False
        target = self.order[len(chosen)]
        tried = set()
        for j in self.fits[target]:
            content = self.guess_columns[j]
            if j in chosen or (content in tried and not self.loose):
                continue  # a column with the same content was no use, so neither is this one
            tried.add(content)
            names: dict[Any, int] = {}
            longer = [names.setdefault(pair, len(names)) for pair in zip(gold, self.gold_columns[target], strict=True)]
            other = [names.setdefault(pair, len(names)) for pair in zip(guess, content, strict=True)]
            if Counter(other) <= Counter(longer) and self._extend([*chosen, j], longer, other):
                return True
        return False

    def _close(self, chosen: list[int], gold: list[int], guess: list[int]) -> bool:
        """Rows of equal tokens, but with numbers that only a chain connects: is there a pairing of rows that are all close?"""
        loose = [
            (i, j) for i, j in zip(self.order, chosen, strict=True)
            if any(type(token) is int and token in self.loose for token in self.gold_columns[i])
        ]  # fmt: skip
        targets, guesses = defaultdict(list), defaultdict(list)
        for name, row in zip(gold, self.gold.rows, strict=True):
            targets[name].append([row[i] for i, _ in loose])
        for name, row in zip(guess, self.guess.rows, strict=True):
            guesses[name].append([row[j] for _, j in loose])
        return all(_pairing(rows, targets[name]) for name, rows in guesses.items())


def _pairing(rows: list[list[Any]], targets: list[list[Any]]) -> bool:
    """Whether each row can be given a target of its own that is close to it in every cell (Kuhn's augmenting paths)."""
    if len(targets) > LARGEST_MATCHING:
        ordered = zip(sorted(rows, key=repr), sorted(targets, key=repr), strict=False)
        return all(_close_rows(row, target) for row, target in ordered)
    near = [[t for t, target in enumerate(targets) if _close_rows(row, target)] for row in rows]
    owner: dict[int, int] = {}

    def place(row: int, seen: set[int]) -> bool:
        for target in near[row]:
            if target not in seen:
                seen.add(target)
                if target not in owner or place(owner[target], seen):
                    owner[target] = row
                    return True
        return False

    return all(place(row, set()) for row in range(len(rows)))


def _close_rows(row: Row, target: Row) -> bool:
    return all(same_cell(a, b) for a, b in zip(row, target, strict=True))


def same_cell(a: Any, b: Any) -> bool:
    """Whether two cells are equal, as the module says."""
    a, b = _normal(a), _normal(b)
    numbers = type(a) in (int, float) and type(b) in (int, float)
    return close(a, b) if numbers else type(a) is type(b) and a == b


def close(a: int | float, b: int | float) -> bool:
    """Two normal numbers: whole ones are exact (type int), of the others one within tolerance is enough."""
    if type(a) is int and type(b) is int:
        return a == b
    try:
        return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    except OverflowError:  # an int that no float can hold
        return False


def _normal(cell: Any) -> Any:
    """The cell in a form that is hashable and in which only numbers are int (exact) or float (within tolerance)."""
    kind = type(cell)
    if cell is None or kind in (str, int):
        return cell
    if kind is bool:
        return ("boolean", cell)
    if kind in (float, Decimal):
        if not math.isfinite(cell):
            return ("number", str(float(cell)))
        return int(cell) if cell == int(cell) and abs(cell) < EXACT else float(cell)
    if kind is dt.date:
        return dt.datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, dt.datetime):
        return cell.astimezone(dt.UTC) if cell.tzinfo is not None else cell
    if isinstance(cell, dict):
        return ("map", tuple(sorted(((_normal(key), _normal(value)) for key, value in cell.items()), key=repr)))
    if isinstance(cell, (list, tuple)):
        return ("list", tuple(_normal(part) for part in cell))
    return (kind.__name__, str(cell))
