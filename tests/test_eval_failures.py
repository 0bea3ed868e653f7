"""In what a wrong query differs from its gold."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from nl2sql.errors import BadInput
from nl2sql.eval import failures
from nl2sql.eval.failures import differences

NAMES = "SELECT name FROM city"
PAIRS = [
    (NAMES, None, ["no answer"]),
    (NAMES, "SELECT id FROM city", ["column shown: another"]),
    ("SELECT name, id FROM city", NAMES, ["column shown: missing"]),
    (NAMES, "SELECT name, id FROM city", ["column shown: added"]),
    (NAMES, "SELECT max(name) FROM city", ["aggregate"]),
    (f"{NAMES} WHERE id = 1", NAMES, ["condition: missing"]),
    (NAMES, f"{NAMES} WHERE id = 1", ["condition: added"]),
    (f"{NAMES} WHERE id < 1", f"{NAMES} WHERE id <= 1", ["condition: another"]),
    (f"{NAMES} WHERE id = 1", f"{NAMES} WHERE id = 1 AND id = 1", ["condition: added", "says something twice"]),
    ("SELECT count(*) FROM shop JOIN city ON a = b", "SELECT count(*) FROM city", ["table: missing, where rows are counted"]),
    ("SELECT name FROM city JOIN shop ON a = b", NAMES, ["table: missing"]),
    (NAMES, "SELECT DISTINCT name FROM city", ["distinct"]),
    (f"{NAMES} GROUP BY name", f"{NAMES} GROUP BY id", ["group by"]),
    (f"{NAMES} GROUP BY id HAVING count(*) > 1", f"{NAMES} GROUP BY id", ["having: missing"]),
    (f"{NAMES} ORDER BY id", f"{NAMES} ORDER BY id DESC", ["order by: another"]),
    (f"{NAMES} ORDER BY id LIMIT 1", f"{NAMES} ORDER BY id", ["limit: missing"]),
    (f"{NAMES} EXCEPT SELECT name FROM shop", NAMES, ["nested or set operation", "table: missing"]),
    ("SELECT T1.name FROM city AS T1 JOIN shop AS T2 ON T1.id = T2.city WHERE T2.name = \"x\"",
     "SELECT city.name FROM city JOIN shop ON city.id = shop.id WHERE shop.name = 'X'", ["join key, or case of a text"]),
]  # fmt: skip


@pytest.mark.parametrize(("gold", "guess", "expected"), PAIRS)
def test_each_part_that_differs_is_named(gold: str, guess: str | None, expected: list[str]) -> None:
    assert differences(gold, guess) == expected


def test_failures_of_a_graded_file_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite, graded = tmp_path / "suite.jsonl", tmp_path / "graded.jsonl"
    suite.write_text("".join(json.dumps({"question": "Which?", "sql": NAMES}) + "\n" for _ in range(4)))
    outcomes = [("right", NAMES, True), ("wrong rows", "SELECT id FROM city", True), ("no answer", None, True),
                ("gold fails", None, False)]  # fmt: skip
    graded.write_text("".join(
        json.dumps({"number": number, "outcome": outcome, "sql": sql, "counted": counted}) + "\n"
        for number, (outcome, sql, counted) in enumerate(outcomes, 1)
    ))  # fmt: skip
    failures.main([str(suite), "--graded", str(graded)])
    assert capsys.readouterr().out.splitlines() == [
        "2 failures", "| part | differs | it alone |", "|---|---|---|", "| column shown: another | 1 | 1 |",
        "| no answer | 1 | 1 |",
    ]  # fmt: skip


def test_a_graded_file_without_failures_is_refused(tmp_path: Path) -> None:
    suite, graded = tmp_path / "suite.jsonl", tmp_path / "graded.jsonl"
    suite.write_text(json.dumps({"question": "Which?", "sql": NAMES}) + "\n")
    graded.write_text("")
    with pytest.raises(BadInput, match="holds no failure"):
        failures.main([str(suite), "--graded", str(graded)])
