"""Whether two queries give the same rows."""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from nl2sql.memory.rows import same_rows
from nl2sql.records import Result


def rows(*given: Sequence[Any], truncated: bool = False) -> Result:
    names = tuple(f"c{i}" for i in range(len(given[0]) if given else 1))
    return Result(names, ("?",) * len(names), tuple(map(tuple, given)), truncated)


@pytest.mark.parametrize("one, other", [
    (rows((1, "a"), (2, "b")), rows(("b", 2), ("a", 1))),
    (rows((Decimal("0.30"),)), rows((0.1 + 0.2,))),
    (rows((dt.date(2024, 1, 1), 5), (dt.date(2025, 1, 1), 6)), rows((2024, 5), (2025, 6))),
    (rows(("a", 3), ("b", 4), ("c", 4)), rows(("c",), ("b",), ("a",))),
    (rows((None,)), rows((None,))),
])  # fmt: skip
def test_rows_are_the_same_in_another_form(one: Result, other: Result) -> None:
    assert same_rows(one, other)
    assert same_rows(other, one)


@pytest.mark.parametrize("one, other", [
    (rows((1, "a"), (2, "b")), rows((1, "b"), (2, "a"))),
    (rows((1,), (1,)), rows((1,))),
    (rows((1,), (1,), (2,)), rows((1,), (2,), (2,))),
    (rows(("a", 3)), rows(("a",))),
    (rows(("a", 3), ("b", 4), ("c", 4)), rows(("a",), ("b",), ("d",))),
    (rows((dt.date(2024, 1, 1),), (dt.date(2024, 2, 1),)), rows((2024,), (2024,))),
    (rows(), rows()),
    (rows((1,), truncated=True), rows((1,))),
    (rows((1.0,)), rows((1.001,))),
])  # fmt: skip
def test_other_rows_are_not_the_same(one: Result, other: Result) -> None:
    assert not same_rows(one, other)
    assert not same_rows(other, one)
