"""Does a prediction's result say the same as the gold's? Pure functions on rows; nothing here knows SQL or a database.

Strict: the same bag of rows after one permutation of whole columns. Duplicates count, so DISTINCT is never forgiven. Order
counts only between the reference's groups: rows of one group tie, in whatever order they come, and of a group that a LIMIT
cuts any choice is right. Relaxed: extra columns are allowed, and the measures that a ranking is ordered by may be missing;
rows are kept together there too.

``cells`` says when cells are equal, ``matching`` how the permutation is found and where that stops.

Not covered: text that differs in case or blanks, numbers or dates stored as text, results whose columns are turned into rows.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product
from typing import Any, Literal

from nl2sql.eval.cells import Tokens
from nl2sql.eval.matching import Row, Side, fits

MOST_CHOICES = 1000  # of optional columns that are missing
MOST_ROWS = 1000  # in all choices together that are tried to say that only the order is wrong

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
    if len(rows) != reference.size:
        return False
    if missing and reference.optional:
        return any(_equal(reference, rows, width, dropped) for dropped in _choices(reference, rows, missing))
    return not missing and _equal(reference, rows, width, frozenset())


def relaxed(reference: Reference, rows: Sequence[Row], width: int) -> bool:
    """As ``strict``, with extra columns allowed and the ranking's measures optional; one column at least must be there."""
    droppable = reference.optional | reference.measures  # as extra columns are allowed, all that may be missing can be left out
    if len(droppable) < reference.width:
        return _equal(reference, rows, width, droppable)
    return any(_equal(reference, rows, width, droppable - {kept}) for kept in range(reference.width))


def verdict(references: Sequence[Reference], rows: Sequence[Row], width: int) -> Verdict:
    """The best that can be said of a result, given one reference for each gold. Relaxed right: "right" or "column only"."""
    if any(strict(reference, rows, width) for reference in references):
        return "right"
    if any(relaxed(reference, rows, width) for reference in references):
        return "column only"
    if any(strict(choice, rows, width) for reference in references for choice in _unordered(reference)):
        return "order only"
    return "empty" if not rows else "wrong rows"


def _choices(reference: Reference, rows: Sequence[Row], missing: int) -> Iterator[frozenset[int]]:
    """The optional columns that may be the missing ones: those that no column of ``rows`` can be, and any of the others."""
    known = [row for group in reference.groups for row in group.rows]
    tokens = Tokens(cell for row in (*known, *rows) for cell in row)
    bags, gold = _bags(rows, tokens), _bags(known, tokens)
    absent = frozenset(column for column in reference.optional if rows and not any(part <= gold[column] for part in bags))
    if missing >= len(absent):
        left = combinations(sorted(reference.optional - absent), missing - len(absent))
        yield from (absent.union(some) for some in islice(left, MOST_CHOICES))


def _bags(rows: Sequence[Row], tokens: Tokens) -> list[Counter[Any]]:
    return [Counter(map(tokens.of, column)) for column in zip(*rows, strict=True)]


def _unordered(reference: Reference) -> Iterator[Reference]:
    """The reference's rows without their order: one bag for each choice that its cut groups leave, the first ``MOST_ROWS``."""
    if len(reference.groups) > 1:
        tries = 1 + MOST_ROWS // (1 + reference.size)
        parts = [islice(combinations(group.rows, group.take), tries) for group in reference.groups]
        for chosen in islice(product(*parts), tries):
            rows = tuple(row for part in chosen for row in part)
            yield replace(reference, groups=(Group(rows, len(rows)),))


def _equal(reference: Reference, rows: Sequence[Row], width: int, dropped: frozenset[int]) -> bool:
    kept = [column for column in range(reference.width) if column not in dropped]
    if len(rows) != reference.size or len(kept) > width:
        return False
    if not rows:
        return True
    tokens = Tokens(cell for cells in (rows, *(group.rows for group in reference.groups)) for row in cells for cell in row)
    gold, guess, taken = Side(), Side(), 0
    for number, group in enumerate(reference.groups):
        if group.take:
            gold.add(number, [[row[column] for column in kept] for row in group.rows], tokens)
            guess.add(number, rows[taken : taken + group.take], tokens)
            taken += group.take
    return fits(gold, guess, tokens.loose)
