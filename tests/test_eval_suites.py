"""The shipped suites: every gold query runs on the sample database, says something, and has one right answer."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nl2sql.data import sales

SUITES = Path(__file__).parent.parent / "eval" / "suites"
NAMES = (
    "sales", "sales_fashion", "sales_late", "sales_fresh", "sales_unseen", "sales_asked", "sales_stranger", "sales_plain",
    "sales_followups",
)
ORIGINAL = "Which quarter in the past 5 years had the most amount of sales for fashion products"


def entries(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SUITES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def golds() -> list[str]:
    found = [entry["sql"] for name in NAMES for entry in entries(name) if entry["sql"]]
    return [sql for one in found for sql in (one if isinstance(one, list) else [one])]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(sales.path()), read_only=True) as opened:
        yield opened


def test_the_sales_suite_has_150_questions_with_an_answer_and_15_without() -> None:
    answers = [entry["sql"] for entry in entries("sales")]
    assert sum(sql is not None for sql in answers) >= 150 and answers.count(None) == 15


@pytest.mark.parametrize("name", ["sales_fresh", "sales_unseen"])
def test_the_later_suites_have_138_questions_with_an_answer_and_12_without(name: str) -> None:
    answers = [entry["sql"] for entry in entries(name)]
    assert len(answers) == 150 and answers.count(None) == 12


def test_the_fashion_suite_has_60_variants_and_the_original_first() -> None:
    found = entries("sales_fashion")
    assert len(found) == 60 and found[0]["question"] == ORIGINAL


def test_the_suite_of_follow_ups_has_100_turns_in_at_least_20_conversations_of_2_to_5() -> None:
    found = entries("sales_followups")
    lengths = [sum(entry["conversation"] == name for entry in found) for name in {entry["conversation"] for entry in found}]
    assert len(found) >= 100 and len(lengths) >= 20 and set(lengths) <= {2, 3, 4, 5}


def test_the_plain_suite_has_105_questions_with_an_answer() -> None:
    answers = [entry["sql"] for entry in entries("sales_plain")]
    assert len(answers) == 105 and None not in answers


@pytest.mark.parametrize("name", NAMES[:-1])
def test_every_entry_has_a_question_of_its_own_and_tags(name: str) -> None:
    found = entries(name)
    assert all(set(entry) == {"question", "sql", "tags"} and entry["tags"] for entry in found)
    assert len({entry["question"].lower() for entry in found}) == len(found)


def test_every_gold_query_returns_something(connection: duckdb.DuckDBPyConnection) -> None:
    """A "no" says something too."""
    told = {sql: [cell for row in connection.execute(sql).fetchall() for cell in row] for sql in golds()}
    empty = [sql for sql, cells in told.items() if not any(cell or cell is False for cell in cells)]
    assert empty == []


def test_no_gold_query_depends_on_the_day_it_runs() -> None:
    assert [sql for sql in golds() if re.search(r"current_|now\(|today\(", sql, re.IGNORECASE)] == []


def test_no_limit_cuts_between_equals(connection: duckdb.DuckDBPyConnection) -> None:
    """The last column of a ranked query is what it's ranked by."""
    tied = []
    for sql in golds():
        cut = re.search(r" LIMIT (\d+)(?: OFFSET (\d+))?$", sql)
        if cut:
            rows = connection.execute(sql[:cut.start()]).fetchall()
            last = int(cut[1]) + int(cut[2] or 0)
            if len(rows) > last and rows[last - 1][-1] == rows[last][-1]:
                tied.append(sql)
    assert tied == []
