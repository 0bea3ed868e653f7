"""The comparison of results: what it forgives and what it doesn't, against brute force where that is possible."""
from __future__ import annotations

import datetime as dt
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2sql.errors import QueryFailed
from nl2sql.eval import compare, matching
from nl2sql.eval import gold as gold_module
from nl2sql.eval.cells import same_cell
from nl2sql.eval.compare import Group, Reference, Row, bag, relaxed, strict, verdict
from nl2sql.eval.gold import reference, shape_of

unhurried = settings(deadline=None)  # the processor may be busy with something else
SMALL = st.sampled_from([0, 1, 2, None, "", "a", "b"])
KEYED = st.lists(st.tuples(st.integers(0, 2), st.text("ab", max_size=1)), min_size=1, max_size=8)
CELLS = st.one_of(
    st.none(), st.integers(-3, 3), st.text("ab", max_size=2), st.floats(-5, 5, width=16), st.booleans(),
    st.dates(dt.date(2024, 1, 1), dt.date(2024, 1, 3)), st.decimals(-5, 5, places=2),
)  # fmt: skip


def tables(cells: st.SearchStrategy[Any], most_rows: int = 6, most_columns: int = 4) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    width = st.integers(1, most_columns)
    return width.flatmap(lambda n: st.lists(st.tuples(*[cells] * n), min_size=1, max_size=most_rows))


def brute_force(gold: Sequence[Row], guess: Sequence[Row]) -> bool:
    """Equality by trying every permutation of columns, for cells that are equal only if they are the same."""
    width = len(gold[0])
    if len(guess[0]) != width:
        return False
    wanted = Counter(map(tuple, gold))
    return any(Counter(tuple(row[i] for i in order) for row in guess) == wanted for order in permutations(range(width)))


@unhurried
@given(tables(CELLS), st.randoms(use_true_random=False))
def test_a_result_equals_itself_with_rows_and_columns_permuted(rows: list[Row], chance: random.Random) -> None:
    width = len(rows[0])
    order = chance.sample(range(width), width)
    shuffled = [tuple(row[i] for i in order) for row in chance.sample(rows, len(rows))]
    assert strict(bag(rows, width), shuffled, width)


@settings(max_examples=400, deadline=None)
@given(tables(SMALL, most_columns=3), tables(SMALL, most_columns=3))
def test_unordered_equality_is_that_of_brute_force(gold: list[Row], guess: list[Row]) -> None:
    assert strict(bag(gold, len(gold[0])), guess, len(guess[0])) == brute_force(gold, guess)


@settings(max_examples=400, deadline=None)
@given(tables(st.sampled_from([0, 1]), most_columns=4), st.randoms(use_true_random=False))
def test_columns_shuffled_each_by_itself_equal_only_where_whole_rows_do(gold: list[Row], chance: random.Random) -> None:
    width = len(gold[0])
    columns = [chance.sample([row[i] for row in gold], len(gold)) for i in range(width)]
    guess = list(zip(*columns, strict=True))
    assert strict(bag(gold, width), guess, width) == brute_force(gold, guess)


BIG = 2**60
AWKWARD = st.sampled_from([
    1.0, 1 + 6e-7, 1 + 12e-7, 1 + 18e-7, 2, 2 + 1e-6, BIG, BIG + 1, float(BIG), BIG + 300, Decimal(BIG + 1), -0.0, 0, 1e-10, None,
    "", float("nan"), True, 1.5, Decimal("1.5"), Decimal("1.5000003"), Decimal("1.50"), 1.5000003,
])  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(tables(AWKWARD, most_rows=3, most_columns=3), st.data())
def test_equality_is_a_pairing_of_rows_whose_cells_are_all_the_same(gold: list[Row], data: st.DataObject) -> None:
    """Closeness is not transitive: the oracle tries every permutation of columns and of rows."""
    width = len(gold[0])
    columns = data.draw(st.permutations(range(width)))
    guess = [[row[i] for i in columns] for row in data.draw(st.permutations(gold))]
    for _ in range(data.draw(st.integers(0, 3))):
        row, column = data.draw(st.integers(0, len(gold) - 1)), data.draw(st.integers(0, width - 1))
        guess[row][column] = data.draw(AWKWARD)
    oracle = any(
        all(same_cell(a, row[i]) for line, row in zip(gold, rows, strict=True) for a, i in zip(line, order, strict=True))
        for order in permutations(range(width)) for rows in permutations(guess)
    )  # fmt: skip
    assert strict(bag(gold, width), guess, width) == oracle


@unhurried
@given(tables(CELLS), st.data())
def test_a_missing_or_repeated_row_is_noticed(rows: list[Row], data: st.DataObject) -> None:
    at, width = data.draw(st.integers(0, len(rows) - 1)), len(rows[0])
    assert not strict(bag(rows, width), rows[:at] + rows[at + 1 :], width)
    assert not strict(bag(rows, width), [*rows, rows[at]], width)


@unhurried
@given(tables(CELLS), st.data())
def test_one_changed_cell_is_noticed(rows: list[Row], data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(rows[0]) - 1))
    other = data.draw(CELLS.filter(lambda cell: not same_cell(cell, rows[row][column])))
    guess = [list(cells) for cells in rows]
    guess[row][column] = other
    assert not strict(bag(rows, len(rows[0])), guess, len(rows[0]))


@unhurried
@given(tables(st.floats(1, 1e6).filter(lambda number: number != int(number))), st.randoms(use_true_random=False))
def test_noise_in_the_ninth_digit_is_forgiven(rows: list[Row], chance: random.Random) -> None:
    noisy = [tuple(cell * (1 + chance.uniform(-1e-9, 1e-9)) for cell in row) for row in rows]
    assert strict(bag(rows, len(rows[0])), chance.sample(noisy, len(noisy)), len(rows[0]))


@unhurried
@given(st.floats(1, 1e6), st.floats(1e-5, 0.5))
def test_a_difference_in_the_fifth_digit_is_not_forgiven(number: float, share: float) -> None:
    assert not strict(bag([(number,)], 1), [(number * (1 + share),)], 1)


def test_columns_that_python_takes_for_equal_are_both_tried() -> None:
    """A float is close to what an exact number is not: only one permutation fits, and it isn't the first."""
    assert strict(bag([(BIG + 1, BIG)] * 2, 2), [(BIG, float(BIG))] * 2, 2)
    assert strict(bag([(Decimal("0.5000001"), 0.5)] * 2, 2), [(Decimal("0.5"), 0.5)] * 2, 2)


def test_a_chain_of_close_numbers_does_not_make_its_ends_equal() -> None:
    chain = [1.5 + i * 1e-6 for i in range(5)]
    gold = [(number, i) for i, number in enumerate(chain)]
    turned = [(number, i) for i, number in enumerate(reversed(chain))]
    assert strict(bag(gold, 2), gold, 2)
    assert not strict(bag(gold, 2), turned, 2)
    assert strict(bag([(n,) for n in chain], 1), [(n + 1e-6,) for n in chain], 1)


@unhurried
@given(tables(CELLS), tables(CELLS))
def test_what_is_strictly_right_is_right_when_relaxed(gold: list[Row], guess: list[Row]) -> None:
    if strict(bag(gold, len(gold[0])), guess, len(guess[0])):
        assert relaxed(bag(gold, len(gold[0])), guess, len(guess[0]))


@unhurried
@given(tables(SMALL), st.data())
def test_an_extra_column_is_forgiven_only_when_relaxed(rows: list[Row], data: st.DataObject) -> None:
    extra = data.draw(st.lists(SMALL, min_size=len(rows), max_size=len(rows)))
    guess, width = [(new, *row) for new, row in zip(extra, rows, strict=True)], len(rows[0])
    assert relaxed(bag(rows, width), guess, width + 1)
    assert not strict(bag(rows, width), guess, width + 1)
    assert verdict([bag(rows, width)], guess, width + 1) == "column only"


def test_an_extra_column_does_not_lose_what_belongs_to_a_row() -> None:
    gold = bag([("Lyon", 1), ("Nice", 2)], 2)
    assert not relaxed(gold, [("Lyon", 2, "x"), ("Nice", 1, "x")], 3)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (None, 0, False), (None, "", False), (0, "", False), (0, 0.0, True), (1, True, False), ("1", 1, False),
        (Decimal("2.50"), 2.5, True), (0.1 + 0.2, Decimal("0.3"), True), (0.0, 1e-10, True), (0.0, 1e-6, False),
        (1_700_000_000, 1_700_000_001, False), (1_700_000_000.0, 1_700_000_001, False), (1234567.5, 1234567.6, True),
        (float("inf"), float("inf"), True), (float("inf"), float("-inf"), False), (float("nan"), float("nan"), True),
        (float("nan"), None, False), (dt.date(2024, 2, 1), dt.datetime(2024, 2, 1), True),
        (dt.date(2024, 2, 1), dt.datetime(2024, 2, 1, 1), False), (dt.date(2024, 2, 1), "2024-02-01", False),
        ("Lyon", "lyon", False), ("a", "a ", False), (b"a", "a", False), ([1, 2], [1, 2], True), ([1, 2], [2, 1], False),
        (dt.time(1), dt.time(1), True), (10**400, 1.5, False), (1e20, 1e20 + 16384, True), (-0.0, 0, True),
        (2**60, 2**60 + 1, False), (Decimal(2**60), 2**60 + 1, False), (float(2**60), 2**60 + 1, True), (25, 0.25, False),
        (Decimal("NaN"), float("nan"), True), (Decimal("Infinity"), float("inf"), True), ("nan", float("nan"), False),
        (dt.datetime(2024, 2, 1, tzinfo=dt.UTC), dt.datetime(2024, 2, 1), False), (True, "true", False),
        (dt.datetime(2024, 2, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))), dt.datetime(2024, 2, 1, tzinfo=dt.UTC), True),
        (dt.timedelta(hours=24), dt.timedelta(days=1), True), (dt.timedelta(days=1), 1, False), ([], None, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True), ({"a": 1}, {"b": 1}, False), ([None], [0], False), ([1], [1.0], True),
        (Decimal("12345678.90"), Decimal("12345678.91"), False), (Decimal("12345678.90"), 12345678.91, True),
        (Decimal("2.50"), Decimal("2.5"), True), (Decimal("1E+30"), 10**30, True), (Decimal(10**30 + 1), 10**30, False),
        ("", " ", False), ("é", "e\u0301", False), (b"\x00", b"", False), ((1, 2), [1, 2], True),
    ],
)  # fmt: skip
def test_cells_are_equal_as_documented(a: Any, b: Any, same: bool) -> None:
    assert same_cell(a, b) is same and same_cell(b, a) is same
    assert strict(bag([(a,)], 1), [(b,)], 1) is same


def test_an_answer_with_none_of_the_columns_is_wrong_where_all_may_be_missing() -> None:
    gold = Reference(2, bag([("Ann", 1), ("Bob", 2)], 2).groups, optional=frozenset({0}), measures=frozenset({1}))
    assert relaxed(gold, [("Ann",), ("Bob",)], 1) and relaxed(gold, [(1,), (2,)], 1) and strict(gold, [(1,), (2,)], 1)
    assert not relaxed(gold, [("x",), ("y",)], 1) and not relaxed(gold, [("Ann",), ("y",)], 1)


def test_two_empty_results_are_equal_only_with_the_same_number_of_columns() -> None:
    assert strict(bag([], 2), [], 2)
    assert not strict(bag([], 2), [], 1)


def test_a_prediction_without_rows_is_called_empty() -> None:
    assert verdict([bag([(1,)], 1)], [], 1) == "empty"


def test_any_of_several_golds_will_do() -> None:
    golds = [bag([(1,)], 1), bag([(2,)], 1)]
    assert verdict(golds, [(2,)], 1) == "right"
    assert verdict(golds, [(3,)], 1) == "wrong rows"


def test_many_optional_columns_are_no_trap(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[frozenset[int]] = []

    def noted(reference: Reference, rows: Sequence[Row], width: int, dropped: frozenset[int]) -> bool:
        looked.append(dropped)
        return equal(reference, rows, width, dropped)

    equal = compare._equal
    monkeypatch.setattr(compare, "_equal", noted)
    cells = [tuple((i * (j + 2)) % 31 + j / 7 for j in range(30)) for i in range(12)]
    gold = replace(bag(cells, 30), optional=frozenset(range(1, 30)))
    some = [0, *range(1, 30, 2)]
    right = [[row[j] * (1 + 1e-9) for j in some] for row in cells]
    wrong = [[*row[:-1], row[-1] + (i == 3)] for i, row in enumerate(right)]
    swapped = [*[[*a[:1], *b[1:]] for a, b in zip(right[:2], right[1::-1], strict=True)], *right[2:]]
    assert [strict(gold, rows, len(some)) for rows in (right, wrong, swapped)] == [True, False, False]
    assert verdict([gold], wrong, len(some)) == "column only" and verdict([gold], swapped, len(some)) == "column only"
    assert verdict([gold], [row[1:] for row in right], len(some) - 1) == "wrong rows"
    assert len(looked) < 40


def test_an_optional_column_may_be_missing() -> None:
    gold = Reference(3, bag([("Ann", "Lee", 1), ("Bob", "Ray", 2)], 3).groups, optional=frozenset({1}))
    assert strict(gold, [("Ann", "Lee", 1), ("Bob", "Ray", 2)], 3)
    assert strict(gold, [(2, "Bob"), (1, "Ann")], 2)
    assert not strict(gold, [("Ann", "Lee"), ("Bob", "Ray")], 2)
    assert not strict(replace(gold, measures=frozenset({2})), [("Ann", "Lee"), ("Bob", "Ray")], 2)


@unhurried
@given(KEYED, st.randoms(use_true_random=False))
def test_rows_that_tie_may_come_in_any_order_and_others_not(rows: list[Row], chance: random.Random) -> None:
    groups = [[row for row in rows if row[0] == key] for key in sorted({row[0] for row in rows})]
    gold = Reference(2, tuple(Group(tuple(group), len(group)) for group in groups))
    assert strict(gold, [row for group in groups for row in chance.sample(group, len(group))], 2)
    if len(groups) > 1:
        assert not strict(gold, [row for group in reversed(groups) for row in group], 2)


@unhurried
@given(KEYED, st.data())
def test_any_cut_through_rows_that_tie_is_right_and_no_other_row_is(rows: list[Row], data: st.DataObject) -> None:
    limit = data.draw(st.integers(1, len(rows)))
    order = data.draw(st.permutations(rows))
    ranked = sorted(rows, key=lambda row: row[0])
    groups, left = [], limit
    for key in sorted({row[0] for row in rows}):
        group = [row for row in ranked if row[0] == key]
        groups.append(Group(tuple(group), min(left, len(group))))
        left -= min(left, len(group))
    gold, cut = Reference(2, tuple(groups)), sorted(order, key=lambda row: row[0])[:limit]
    assert strict(gold, cut, 2)
    assert not strict(gold, [*cut[:-1], (cut[-1][0], "z")], 2)


class Shop:
    """A tiny database, and the references of golds that run on it."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.executescript(
            """
            CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT, city TEXT, area INTEGER, staff INTEGER);
            INSERT INTO shop VALUES (1, 'a', 'Lyon', 30, 5), (2, 'b', 'Lyon', 30, 7), (3, 'c', 'Nice', 20, 7),
              (4, 'd', 'Nice', 10, 9), (5, 'e', 'Metz', 10, NULL);
            """
        )

    def run(self, sql: str, row_limit: int | None = None) -> tuple[Sequence[Row], int]:
        try:
            cursor = self.connection.execute(sql)
        except sqlite3.Error as error:
            raise QueryFailed(str(error), sql=sql) from error
        return cursor.fetchall() if row_limit is None else cursor.fetchmany(row_limit), len(cursor.description)

    def verdict(self, gold: str, guess: str) -> str:
        rows, width = self.run(guess)
        return verdict([reference(gold, "sqlite", self.run)], rows, width)


SHOP = Shop()


@pytest.mark.parametrize(
    ("gold", "guess", "expected"),
    [
        # order counts where the outermost query says so
        ("SELECT name FROM shop", "SELECT name FROM shop ORDER BY name DESC", "right"),
        ("SELECT name FROM shop ORDER BY name", "SELECT name FROM shop ORDER BY name DESC", "order only"),
        ("SELECT name FROM shop ORDER BY area DESC", "SELECT name FROM shop ORDER BY area DESC, name DESC", "right"),
        ("SELECT name FROM shop ORDER BY area DESC", "SELECT name FROM shop ORDER BY area", "order only"),
        ("SELECT name, area FROM shop ORDER BY 2", "SELECT area, name FROM shop ORDER BY area, name DESC", "right"),
        ("SELECT name FROM shop WHERE id IN (SELECT id FROM shop ORDER BY area LIMIT 2)",
         "SELECT 'e' UNION ALL SELECT 'd'", "right"),
        ("SELECT name FROM (SELECT name FROM shop ORDER BY name)", "SELECT name FROM shop ORDER BY name DESC", "right"),
        ("SELECT city FROM shop GROUP BY city ORDER BY count(*) DESC",
         "SELECT 'Nice' UNION ALL SELECT 'Lyon' UNION ALL SELECT 'Metz'", "right"),
        ("SELECT city FROM shop UNION SELECT name FROM shop ORDER BY city",
         "SELECT city FROM shop UNION SELECT name FROM shop ORDER BY 1 DESC", "order only"),
        # of rows that tie at a LIMIT any will do
        ("SELECT name FROM shop ORDER BY area DESC LIMIT 1", "SELECT 'b'", "right"),
        ("SELECT name FROM shop ORDER BY area DESC LIMIT 1", "SELECT 'a'", "right"),
        ("SELECT name FROM shop ORDER BY area DESC LIMIT 1", "SELECT 'c'", "wrong rows"),
        ("SELECT name FROM shop ORDER BY area DESC LIMIT 1", "SELECT 'a' UNION ALL SELECT 'b'", "wrong rows"),
        ("SELECT name FROM shop ORDER BY area LIMIT 3", "SELECT 'e' UNION ALL SELECT 'd' UNION ALL SELECT 'c'", "right"),
        ("SELECT name FROM shop ORDER BY area LIMIT 1 OFFSET 1", "SELECT 'd'", "right"),
        ("SELECT name FROM shop ORDER BY area LIMIT 1 OFFSET 2", "SELECT 'd'", "wrong rows"),
        ("SELECT name FROM shop LIMIT 2", "SELECT name FROM shop WHERE id > 3", "right"),
        ("SELECT name FROM shop LIMIT 2", "SELECT name FROM shop WHERE id = 3 UNION ALL SELECT 'z'", "wrong rows"),
        ("SELECT DISTINCT city FROM shop ORDER BY area LIMIT 1", "SELECT 'Lyon'", "wrong rows"),
        # DISTINCT and duplicates
        ("SELECT DISTINCT city FROM shop", "SELECT city FROM shop", "wrong rows"),
        ("SELECT count(DISTINCT city) FROM shop", "SELECT count(city) FROM shop", "wrong rows"),
        # a ranking's measure, and other columns
        ("SELECT name, area FROM shop ORDER BY area DESC LIMIT 3",
         "SELECT name FROM shop ORDER BY area DESC LIMIT 3", "column only"),
        ("SELECT name, area FROM shop ORDER BY name LIMIT 3", "SELECT area FROM shop ORDER BY name LIMIT 3", "wrong rows"),
        ("SELECT name, area FROM shop", "SELECT name FROM shop", "wrong rows"),
        ("SELECT name FROM shop", "SELECT name, area FROM shop", "column only"),
        # an alias in a sort key's expression
        ("SELECT city, sum(area) AS total FROM shop GROUP BY city ORDER BY total * -1",
         "SELECT city, sum(area) FROM shop GROUP BY 1 ORDER BY 2 DESC", "right"),
    ],
)  # fmt: skip
def test_queries_are_compared_as_documented(gold: str, guess: str, expected: str) -> None:
    assert SHOP.verdict(gold, guess) == expected


def test_of_a_large_table_the_rows_that_are_looked_at_may_tie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gold_module, "MOST_UNCUT", 5)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (id INTEGER, k INTEGER)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", enumerate((1, 1, 1, 2, 3, 4, 4, 4)))

    def run(sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        cursor = connection.execute(sql)
        return cursor.fetchall()[:row_limit], len(cursor.description)

    def right(sql: str, *ids: int) -> bool:
        return strict(reference(sql, "sqlite", run), [(number,) for number in ids], 1)

    assert right("SELECT id FROM t ORDER BY k LIMIT 2", 2, 0) and not right("SELECT id FROM t ORDER BY k LIMIT 2", 2, 3)
    assert right("SELECT id FROM t ORDER BY k LIMIT 6", 2, 1, 0, 3, 4, 5)
    assert not right("SELECT id FROM t ORDER BY k LIMIT 6", 2, 1, 0, 4, 3, 5)
    assert right("SELECT id FROM t LIMIT 1", 4) and not right("SELECT id FROM t LIMIT 1", 9)
    for beyond in ("SELECT id FROM t ORDER BY k", "SELECT id FROM t ORDER BY k LIMIT 7"):  # the gold's own order is the right one
        assert right(beyond, *range(7 if "LIMIT" in beyond else 8)) and not right(beyond, 2, 1, 0, *range(3, 8))


def test_order_is_read_from_the_syntax_tree() -> None:
    assert not shape_of("SELECT 'order by' FROM t", "sqlite").ordered
    assert not shape_of("SELECT rank() OVER (ORDER BY a) FROM t", "duckdb").ordered
    assert shape_of("SELECT a FROM t UNION SELECT b FROM u ORDER BY 1", "sqlite").ordered


def seconds(gold: Sequence[Row], guess: Sequence[Row], right: bool) -> float:
    """Of processor time that a comparison takes, whose verdict must be the given one."""
    start = time.process_time()
    assert strict(bag(gold, len(gold[0])), guess, len(guess[0])) is right
    return time.process_time() - start


def one_changed(rows: Sequence[Row], at: int, column: int) -> list[Row]:
    """The same bags of cells in every column, but two rows have exchanged a cell."""
    changed = [list(row) for row in rows]
    other = next(i for i, row in enumerate(rows) if row[column] != rows[at][column])
    changed[at][column], changed[other][column] = rows[other][column], rows[at][column]
    return changed


def turned(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    return [tuple(row[i] for i in order) for row in chance.sample(rows, len(rows))]


def test_a_long_result_is_compared_at_once() -> None:
    chance = random.Random(0)
    rows = [(i % 7, chance.random(), f"n{i % 100}", i) for i in range(20_000)]
    assert seconds(rows, turned(rows, chance), True) < 5


@pytest.mark.parametrize(
    "cell",
    [lambda i, j, c: i % 5, lambda i, j, c: c.randrange(2), lambda i, j, c: (i + j) % 30, lambda i, j, c: 1.5 + i % 50 * 9e-7,
     lambda i, j, c: (i * (j + 1)) % 101],
    ids=["identical", "random bits", "shifted", "chains of close numbers", "multiples"],
)  # fmt: skip
def test_thirty_columns_with_the_same_cells_are_no_trap(cell: Callable[[int, int, random.Random], Any]) -> None:
    chance = random.Random(1)
    rows = [tuple(cell(i, j, chance) for j in range(30)) for i in range(600)]
    assert seconds(rows, turned(rows, chance), True) < 8
    assert seconds(rows, turned(one_changed(rows, 7, 3), chance), False) < 8


def test_duplicated_rows_do_not_hide_the_permutation() -> None:
    chance = random.Random(2)
    rows = [tuple(chance.randrange(2) for _ in range(30)) for _ in range(50)] * 4
    assert seconds(rows, turned(rows, chance), True) < 3
    assert seconds(rows, turned(one_changed(rows, 3, 3), chance), False) < 3


def test_a_search_ends_where_it_has_looked_at_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    rows = [tuple(chance.randrange(2) for _ in range(12)) for _ in range(40)]
    other = turned(rows, chance)
    assert strict(bag(rows, 12), other, 12)
    monkeypatch.setattr(matching, "MOST_CELLS", 50)
    assert not strict(bag(rows, 12), other, 12)
