"""The comparison against an oracle that tries every choice of columns, rows and cuts, on small results made at random."""
from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, permutations
from typing import Any

import pytest

from nl2sql.eval.cells import same_cell
from nl2sql.eval.compare import Group, Reference, Row, relaxed, strict

BIG = 2**60
POOLS: dict[str, list[Any]] = {
    "few": [0, 1], "nothing": [0, 1, None, ""], "close": [1.0, 1 + 6e-7, 1 + 12e-7, 1, Decimal("1.0000003")],
    "large": [BIG, BIG + 1, float(BIG)], "decimals": [1.5, Decimal("1.5"), Decimal("1.5000002"), 1.5000001],
}  # fmt: skip


def fits(groups: Sequence[Group], rows: Sequence[Row], pairs: Sequence[tuple[int, int]]) -> bool:
    """``pairs``: a column of the gold, and the one that is to be it."""
    taken = 0
    for group in groups:
        part = rows[taken : taken + group.take]
        taken += group.take
        if not any(
            all(same_cell(gold[i], row[j]) for gold, row in zip(chosen, part, strict=True) for i, j in pairs)
            for chosen in permutations(group.rows, group.take)
        ):
            return False
    return True


def oracle(gold: Reference, rows: Sequence[Row], width: int, *, extra: bool) -> bool:
    droppable = gold.optional | gold.measures if extra else gold.optional
    if len(rows) != gold.size:
        return False
    for count in range(len(droppable) + 1):
        for dropped in combinations(droppable, count):
            kept = [column for column in range(gold.width) if column not in dropped]
            fitting = 0 < len(kept) <= width if extra else len(kept) == width
            orders = permutations(range(width), len(kept)) if fitting else ()
            if any(fits(gold.groups, rows, list(zip(kept, order, strict=True))) for order in orders):
                return True
    return False


def case(chance: random.Random, pool: Sequence[Any]) -> tuple[Reference, list[Row], int]:
    """A reference and a guess that was right before some of it was changed."""
    width = chance.randint(1, 3)
    groups = []
    for _ in range(chance.randint(1, 3)):
        made = tuple(tuple(chance.choice(pool) for _ in range(width)) for _ in range(chance.randint(1, 3)))
        groups.append(Group(made, chance.choice((len(made), len(made), chance.randint(0, len(made))))))
    some = [frozenset(column for column in range(width) if chance.random() < 0.2) for _ in range(2)]
    gold = Reference(width, tuple(groups), *some)
    kept = [column for column in range(width) if chance.random() < 0.8] or [0]
    chance.shuffle(kept)
    rows = [[row[column] for column in kept] for group in groups for row in chance.sample(group.rows, group.take)]
    if chance.random() < 0.3:
        rows = [[chance.choice(pool), *row] for row in rows]
    wide = len(rows[0]) if rows else len(kept)
    for _ in range(chance.choice((0, 0, 1, 2)) if rows else 0):
        at = chance.randrange(len(rows))
        change = chance.random()
        if change < 0.3:
            rows[at], rows[-1] = rows[-1], rows[at]
        elif change < 0.8:
            rows[at][chance.randrange(wide)] = chance.choice(pool)
        else:
            rows = rows[:-1] if change < 0.9 and len(rows) > 1 else [*rows, list(rows[at])]
    return gold, [tuple(row) for row in rows], wide


@pytest.mark.parametrize("pool", list(POOLS))
def test_both_scores_are_what_trying_everything_says(pool: str) -> None:
    chance = random.Random(pool)
    right = 0
    for _ in range(600):
        gold, rows, width = case(chance, POOLS[pool])
        for extra, score in ((False, strict), (True, relaxed)):
            expected = oracle(gold, rows, width, extra=extra)
            assert score(gold, rows, width) == expected, (score.__name__, gold, rows)
            right += expected
    assert 300 < right < 1000  # of 1200: both verdicts are there
