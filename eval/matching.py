"""Is there one permutation of whole columns that makes a guess's bag of rows the gold's? A search on tokens of cells.

In general that is as hard as the isomorphism of graphs. Here columns whose bags of cells differ are never tried, of equal
columns only one, every prefix of whole rows must fit, and as soon as the rows can be told apart the other columns follow
without a search. What is left is bounded by ``MOST_CELLS``: a pair that needs more counts as different.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nl2sql.eval.cells import NUMBERS, Tokens, normal, same_cell

LARGEST_MATCHING = 300  # rows that differ within the tolerance only; of more those next to each other in order are paired
MOST_CELLS = 20_000_000  # looked at in one search

Row = Sequence[Any]


@dataclass
class Side:
    """The rows of one side; ``marks`` is the group of each: only rows of equal marks may be paired."""

    marks: list[Any] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    tokens: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, mark: Hashable, rows: Iterable[Row], tokens: Tokens) -> None:
        for row in rows:
            self.marks.append(mark)
            self.rows.append(row)
            self.tokens.append(tuple(map(tokens.of, row)))

    def distinct(self) -> Side:
        """Rows that are there several times once, with the number in their mark."""
        times = Counter(zip(self.marks, self.tokens, strict=True))
        tokens = [row for _, row in times]
        return Side([(mark, count) for (mark, _), count in times.items()], list(tokens), tokens)


def fits(gold: Side, guess: Side, loose: set[int]) -> bool:
    """Whether the guess's rows are the gold's (or some of them, where a LIMIT cuts groups), with columns permuted.

    The guess may have more columns than the gold.
    """
    whole = len(gold.rows) == len(guess.rows)
    if whole and not loose and len(gold.tokens[0]) == len(guess.tokens[0]):
        gold, guess = gold.distinct(), guess.distinct()
        if len(gold.rows) != len(guess.rows):
            return False
    return _Search(gold, guess, loose, whole).extend([], gold.marks, guess.marks)


class _Search:
    """Assigns a column of the guess to each column of the gold, one after the other, the most constrained first."""

    def __init__(self, gold: Side, guess: Side, loose: set[int], whole: bool) -> None:
        self.gold, self.guess, self.loose, self.whole = gold, guess, loose, whole
        self.gold_columns, self.guess_columns = list(zip(*gold.tokens, strict=True)), list(zip(*guess.tokens, strict=True))
        wanted = [_counts(zip(gold.marks, column, strict=True)) for column in self.gold_columns]
        offered = [_counts(zip(guess.marks, column, strict=True)) for column in self.guess_columns]
        self.fits = [[j for j, have in enumerate(offered) if self._within(have, want)] for want in wanted]
        self.order = sorted(range(len(wanted)), key=lambda i: (len(self.fits[i]), -len(wanted[i])))
        exact = [tuple(map(_typed, column)) for column in zip(*guess.rows, strict=True)] if loose else self.guess_columns
        first: dict[Any, int] = {}
        self.alike = [first.setdefault(column, j) for j, column in enumerate(exact)]  # equal columns have equal numbers
        self.left = MOST_CELLS

    def _within(self, part: dict[Any, int], all_of: dict[Any, int]) -> bool:
        return part == all_of if self.whole else all(all_of.get(key, 0) >= count for key, count in part.items())

    def extend(self, chosen: list[int], gold: list[Any], guess: list[Any]) -> bool:
        """``gold`` and ``guess`` name each row's prefix; prefixes that are equal have equal names."""
        if len(chosen) == len(self.order):
            return not self.loose or self._close(chosen, gold, guess)
        if len(set(gold)) == len(gold):
            return self._follow(chosen, gold, guess)
        target, tried = self.order[len(chosen)], set()
        for j in self.fits[target]:
            if j in chosen or self.alike[j] in tried:
                continue  # a column with the same content was no use, so neither is this one
            self.left -= len(gold) + len(guess)
            if self.left < 0:
                return False
            tried.add(self.alike[j])
            names: dict[Any, int] = {}
            longer = [names.setdefault(pair, len(names)) for pair in zip(gold, self.gold_columns[target], strict=True)]
            other = [names.setdefault(pair, len(names)) for pair in zip(guess, self.guess_columns[j], strict=True)]
            if self._within(_counts(other), _counts(longer)) and self.extend([*chosen, j], longer, other):
                return True
        return False

    def _follow(self, chosen: list[int], gold: list[Any], guess: list[Any]) -> bool:
        """Every row is known by its prefix, so it is known which row of the gold each row of the guess must be."""
        if not self._within(_counts(guess), _counts(gold)):
            return False  # rows that come another number of times
        place = {name: row for row, name in enumerate(gold)}
        pairs = [(place[name], row) for row, name in enumerate(guess)]
        wanted = {i: tuple(self.gold_columns[i][row] for row, _ in pairs) for i in self.order[len(chosen):]}
        free = [j for j in range(len(self.guess_columns)) if j not in chosen]
        if not self.loose:
            have = Counter(self.guess_columns[j] for j in free)
            return all(have[column] >= count for column, count in Counter(wanted.values()).items())
        near = [
            [j for j in free if self.guess_columns[j] == column and self._near(i, j, pairs)] for i, column in wanted.items()
        ]
        return all(self._near(i, j, pairs) for i, j in zip(self.order, chosen, strict=False)) and assignable(near)

    def _near(self, i: int, j: int, pairs: Sequence[tuple[int, int]]) -> bool:
        return all(same_cell(self.gold.rows[a][i], self.guess.rows[b][j]) for a, b in pairs)

    def _close(self, chosen: list[int], gold: list[Any], guess: list[Any]) -> bool:
        """Rows of equal tokens, some of them loose: is there a pairing of rows whose cells are all close?"""
        places = [
            (i, j) for i, j in zip(self.order, chosen, strict=True)
            if any(type(token) is int and token in self.loose for token in self.gold_columns[i])
        ]  # fmt: skip
        targets, guesses = defaultdict(list), defaultdict(list)
        for name, row in zip(gold, self.gold.rows, strict=True):
            targets[name].append([row[i] for i, _ in places])
        for name, row in zip(guess, self.guess.rows, strict=True):
            guesses[name].append([row[j] for _, j in places])
        return all(_pairing(rows, targets[name]) for name, rows in guesses.items())


def _typed(cell: Any) -> Any:
    """In Python 0.5 equals Decimal("0.5"), but only one of them is exact."""
    cell = normal(cell)
    return (cell, type(cell) is float)


def _counts(items: Iterable[Any]) -> dict[Any, int]:
    return dict(Counter(items))  # plain dictionaries compare faster


def _pairing(rows: list[list[Any]], targets: list[list[Any]]) -> bool:
    """Whether each row can be given a target of its own that is close to it in every cell."""
    if len(targets) > LARGEST_MATCHING:
        pairs = zip(sorted(rows, key=_ascending), sorted(targets, key=_ascending), strict=False)
        return all(_close_rows(row, target) for row, target in pairs)
    return assignable([[t for t, target in enumerate(targets) if _close_rows(row, target)] for row in rows])


def _ascending(row: Row) -> list[Any]:
    """Cells of one column and one token are all numbers or all the same."""
    return [cell if type(cell) in NUMBERS else 0 for cell in map(normal, row)]


def _close_rows(row: Row, target: Row) -> bool:
    return all(same_cell(a, b) for a, b in zip(row, target, strict=True))


def assignable(choices: Sequence[Sequence[int]]) -> bool:
    """Whether everyone can be given one of their choices, and no one the same (Kuhn's augmenting paths)."""
    owner: dict[int, int] = {}

    def place(who: int, seen: set[int]) -> bool:
        for choice in choices[who]:
            if choice not in seen:
                seen.add(choice)
                if choice not in owner or place(owner[choice], seen):
                    owner[choice] = who
                    return True
        return False

    return all(place(who, set()) for who in range(len(choices)))
