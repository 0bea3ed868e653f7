"""A short run of the fuzzer: nothing but answers and named errors, and the file stays as it is."""
from __future__ import annotations

import random

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.eval import fuzz
from nl2sql.eval.fuzzed import Writer


def test_random_sql_ends_in_rows_or_a_named_error_and_changes_nothing() -> None:
    found = fuzz.fuzz(texts=1500, queries=60, questions=0, seed=7)
    assert found["wrong"] == [] and found["file_unchanged"]
    assert found["parsed"] >= 0.3 and sum(found["policy"].values()) == 1500 and sum(found["engine"].values()) == 60
    assert len(found["policy"]) >= 8 and found["engine"]["done"] > 10


def test_the_same_seed_writes_the_same_sql() -> None:
    with Database(sales.path()) as database:
        first, second = (Writer(database.schema, ["SELECT 1"], random.Random(3)) for _ in range(2))
    assert [first.text() for _ in range(50)] == [second.text() for _ in range(50)]


def test_what_is_wrong_is_counted() -> None:
    def slow() -> None:
        raise ValueError("a bug")

    wrong: list[str] = []
    assert fuzz._outcome(slow, "SELECT 1", 1.0, wrong) == "wrong: ValueError" and wrong == ["ValueError: a bug <- 'SELECT 1'"]
    assert fuzz._outcome(lambda: None, "SELECT 1", -1.0, wrong) == "done" and "took" in wrong[1]
