"""Where the strict score differs from Spider's official one: in every line of the table in eval/README.md, and nowhere else."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import both_engines
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2sql import Database
from nl2sql.errors import QueryFailed
from nl2sql.eval import official
from nl2sql.eval.compare import Row
from nl2sql.records import Query

README = Path(__file__).parent.parent / "eval" / "README.md"
SHOPS = """
CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT, city TEXT, area INTEGER);
INSERT INTO shop VALUES (1, 'a', 'Lyon', 30), (2, 'b', 'Lyon', 30), (3, 'c', 'Nice', 20), (4, 'd', 'Nice', 10),
  (5, 'e', 'Metz', 5);
"""


def lines() -> list[list[str]]:
    """The table's cells, line by line."""
    found = []
    for line in README.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 7 and cells[-1] in ("yes", "no"):
            found.append(cells)
    return found


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Database]]:
    with both_engines.opened(tmp_path_factory.mktemp("shops"), SHOPS) as databases:
        yield databases


def verdicts(database: Database, gold: str, guess: str) -> list[tuple[str, bool]]:
    def run(sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        result = database.run(Query(sql, database.dialect), row_limit=row_limit)
        return result.rows, len(result.columns)

    return official.verdicts(gold, guess, database, run)


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line[0]}: {line[4]}")
def test_every_difference_in_the_readme_is_one(shops: dict[str, Database], line: list[str]) -> None:
    step, theirs, _, gold, guess, *right = line
    found = verdicts(shops["duckdb" if "DuckDB" in theirs else "sqlite"], gold.strip("`"), guess.strip("`"))
    assert (found[0][1], found[-1][1]) == tuple(word == "yes" for word in right)
    assert official.reasons(found) == [step]


def test_the_readme_has_every_step(shops: dict[str, Database]) -> None:
    golds = ("SELECT name FROM shop", "SELECT name FROM shop ORDER BY area LIMIT 1", "SELECT name FROM shop LIMIT 1")
    steps = {step for gold in golds for step, _ in verdicts(shops["sqlite"], gold, gold)}
    assert steps - {"official", "unexplained"} == {line[0] for line in lines()}


@pytest.mark.parametrize(
    ("gold", "guess", "right"),
    [
        ("SELECT name, area FROM shop", "SELECT area, name FROM shop ORDER BY 1", True),
        ("SELECT name, area FROM shop", "SELECT name FROM shop", False),
        ("SELECT name FROM shop", "SELECT name, area FROM shop", False),
        ("SELECT city FROM shop", "SELECT city FROM shop WHERE id < 5", False),
        ("SELECT NULL", "SELECT 0", False),
        ("SELECT NULL", "SELECT ''", False),
        ("SELECT NULL", "SELECT NULL", True),
        ("SELECT count(*) FROM shop", "SELECT 5.0", True),
        ("SELECT name FROM shop ORDER BY name", "SELECT name FROM shop ORDER BY name DESC", False),
        ("SELECT name FROM shop", "SELECT name FROM shops", False),
        ("SELECT 'a '", "SELECT 'a'", False),
        ("SELECT 'A'", "SELECT 'a'", False),
        ("SELECT '1'", "SELECT 1", False),
        ("SELECT 0.25", "SELECT 25", False),
        ("SELECT name, name FROM shop", "SELECT name, city FROM shop", False),
    ],
)
def test_both_scores_say_the_same(shops: dict[str, Database], gold: str, guess: str, right: bool) -> None:
    found = verdicts(shops["sqlite"], gold, guess)
    assert (found[0][1], found[-1][1], official.reasons(found)) == (right, right, [])


def test_distinct_is_taken_out_of_queries_but_not_of_texts() -> None:
    sql = "SELECT DISTINCT a, count(DISTINCT b) FROM t WHERE c = 'DISTINCT'"
    assert official.without_distinct(sql, "sqlite") == "SELECT  a, count( b) FROM t WHERE c = 'DISTINCT'"


CELLS = st.sampled_from([0, 1, 1.0, 1.2, "a", None])
ROWS = [st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=3) for width in (1, 2, 3)]


@settings(max_examples=300, deadline=None)
@given(st.one_of([st.tuples(rows, rows) for rows in ROWS]), st.booleans())
def test_the_official_comparison_is_equality_under_some_permutation_of_columns(pair: Any, ordered: bool) -> None:
    gold, guess = pair

    def same(turned: list[Row]) -> bool:
        return any(list(rows) == gold for rows in ([turned] if ordered else permutations(turned)))

    wanted = len(gold) == len(guess) and any(
        same([tuple(row[i] for i in order) for row in guess]) for order in permutations(range(len(gold[0])))
    )
    assert official.equal(gold, guess, ordered, as_text=False) == wanted
    assert official.equal(gold, guess, ordered) <= wanted


def test_a_failing_prediction_is_wrong_for_both(shops: dict[str, Database]) -> None:
    with pytest.raises(QueryFailed):
        shops["sqlite"].run(Query("SELECT nothing FROM shop", "sqlite"))
    found = verdicts(shops["sqlite"], "SELECT name FROM shop", "SELECT nothing FROM shop")
    assert not found[0][1] and not found[-1][1]
