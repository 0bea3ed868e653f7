"""A short run of the fuzzer: nothing but answers and named errors, and the file stays as it is."""
from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.eval import fuzz, leaks
from nl2sql.eval.fuzzed import Writer
from nl2sql.records import Column, Schema, Table
from nl2sql.sql import validate as validation

SHOP = Schema((Table("orders", (Column("order_id"),)),))


def test_random_sql_ends_in_rows_or_a_named_error_and_changes_nothing() -> None:
    found = fuzz.fuzz(texts=1500, queries=60, questions=0, seed=7)
    assert found["wrong"] == [] and found["file_unchanged"]
    assert found["parsed"] >= 0.3 and sum(found["policy"].values()) == 1500 and sum(found["engine"].values()) == 60
    assert len(found["policy"]) >= 8 and found["engine"]["done"] > 10


def test_the_same_seed_writes_the_same_sql() -> None:
    with Database(sales.path()) as database:
        first, second = (Writer(database.schema, ["SELECT 1"], random.Random(3)) for _ in range(2))
    assert [first.text() for _ in range(50)] == [second.text() for _ in range(50)]


def test_what_was_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[tuple[int, int, int, str]] = []
    stops = [False, True, False, True]  # the last one first

    def one_part(texts: int, queries: int, questions: int, seed: str) -> dict[str, Any]:
        if len(parts) in (7, 14) and stops.pop():
            raise KeyboardInterrupt
        parts.append((texts, queries, questions, seed))
        return {"texts": texts, "policy": {"done": texts}, "engine": {}, "questions": {}, "file_unchanged": True, "wrong": []}

    monkeypatch.setattr(fuzz, "fuzz", one_part)
    order, out = {"policy": 101, "engine": 7, "questions": 0, "seed": 5}, tmp_path / "done.jsonl"
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            fuzz.in_parts(order, out)
        out.write_text(out.read_text("utf-8") + '\n{"order": {}', "utf-8")  # killed while it wrote
    assert fuzz.in_parts(order, out)["policy"] == {"done": 101}
    assert len({seed for *_, seed in parts}) == 20 == len(parts) and sum(queries for _, queries, *_ in parts) == 7


LEAKS = (
    "SELECT * FROM read_csv('x')", "SELECT 1 WHERE EXISTS (FROM glob('*'))", "SELECT getenv('HOME')", "SELECT * FROM 'x.csv'",
    "SELECT * FROM information_schema.tables", "WITH a AS (FROM duckdb_settings()) FROM a", "DROP TABLE orders",
    "SELECT 1; SELECT 2", "SELECT * FROM sales.main.orders", "FROM (SHOW TABLES)", "SELECT [current_setting('threads')]",
    "FROM range(9)", "FROM customers",
)  # fmt: skip


@pytest.mark.parametrize("sql", LEAKS)
def test_what_should_have_been_refused_is_seen_by_another_parser(sql: str) -> None:
    with pytest.raises(leaks.Leak):
        leaks.look(sql, SHOP)


def test_a_query_that_may_pass_is_no_leak() -> None:
    for sql in (
        "SELECT COUNT(*) FROM orders", "SELECT * FROM main.Orders o, unnest([1]) u(x)", "WITH a AS (SELECT 1) SELECT * FROM a",
        "SELECT list_sum([1]) FROM (VALUES (1)) v", "SELECT (((",
    ):  # fmt: skip
        leaks.look(sql, SHOP)


@pytest.mark.parametrize("missing", ["known_functions", "known_tables"])
def test_a_rule_that_is_missing_is_found(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "RULES", tuple(rule for rule in validation.RULES if rule.__name__ != missing))
    assert fuzz.fuzz(texts=1500, queries=0, questions=0, seed=7)["wrong"]


def test_what_is_wrong_is_counted() -> None:
    def slow() -> None:
        raise ValueError("a bug")

    wrong: list[str] = []
    assert fuzz._outcome(slow, "SELECT 1", 1.0, wrong) == "wrong: ValueError" and wrong == ["ValueError: a bug <- 'SELECT 1'"]
    assert fuzz._outcome(lambda: None, "SELECT 1", -1.0, wrong) == "done" and "took" in wrong[1]
