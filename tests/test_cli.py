"""The command line: what it prints, for a person and for a program, and its exit codes. The model is scripted."""
from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import psutil
import pytest

from nl2sql import Assistant, show
from nl2sql.choice import by_score
from nl2sql.cli import main
from nl2sql.model.generate import Scripted


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders (order_id INTEGER PRIMARY KEY, amount DECIMAL(9, 2), ordered_on DATE)")
        connection.execute("COMMENT ON TABLE orders IS 'what was sold'")
        connection.execute("INSERT INTO orders SELECT i, i + 0.5, DATE '2024-01-01' + i::INTEGER FROM range(100) r(i)")
    return str(path)


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[str, str | Sequence[str | None] | None] = {
        "What is the least amount?": [
            "SELECT min(amount) AS least, max(ordered_on) AS latest FROM orders", "SELECT count(*) FROM orders",
        ],
        "What is the weather?": ["SELECT nothing FROM orders", None],
    }  # fmt: skip
    monkeypatch.setattr(Assistant, "_generator", Scripted(answers))
    monkeypatch.setattr(Assistant, "_judge", staticmethod(by_score))  # the verifier knows the model's own candidates only


def test_ask_prints_sql_rows_explanation_confidence_and_time(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is the least amount?", "--db", shop]) == 0
    printed = capsys.readouterr().out
    assert "SELECT" in printed and "least" in printed and "0.50" in printed and "2024-04-09" in printed
    assert "Confidence" in printed and " s\n" in printed


def test_ask_as_json_is_one_object_with_the_fields_that_programs_count_on(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is the least amount?", "--db", shop, "--as-of", "2024-06-30", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == [
        "question", "sql", "columns", "rows", "truncated", "explanation", "assumptions", "warnings", "confidence",
        "alternatives", "failures", "as_of", "seconds", "verified",
    ]  # fmt: skip
    assert answer["rows"] == [[0.5, "2024-04-09"]]
    assert answer["as_of"] == "2024-06-30"
    assert set(answer["alternatives"][0]) == {"sql", "explanation", "confidence"}


def test_no_answer_is_exit_code_1_with_a_reason(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is the weather?", "--db", shop]) == 1
    assert capsys.readouterr().err.startswith("nl2sql: ")


def test_no_answer_as_json_has_error_and_failures(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is the weather?", "--db", shop, "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["error"]
    assert set(printed["failures"][0]) == {"sql", "error", "rule"}


def test_the_question_may_follow_the_file(shop: str) -> None:
    assert main(["ask", "--db", shop, "What is the least amount?"]) == 0


def test_sql_prints_rows(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "SELECT count(*) AS orders FROM orders", "--db", shop]) == 0
    assert "100" in capsys.readouterr().out


def test_sql_as_json_has_columns_and_rows(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "SELECT count(*) AS orders FROM orders", "--db", shop, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["columns"], printed["rows"], printed["truncated"]) == (["orders"], [[100]], False)


def test_refused_sql_is_exit_code_1_with_the_rules_name(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "DELETE FROM orders", "--db", shop, "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["rule"] in printed.err


def test_schema_shows_tables_columns_and_comments(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--db", shop]) == 0
    printed = capsys.readouterr().out
    assert "orders" in printed and "what was sold" in printed and "ordered_on" in printed


def test_schema_as_json_names_the_file_that_is_queried(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--db", shop, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert Path(printed["database"]).samefile(shop)
    assert dt.date.fromisoformat(printed["as_of"]) == dt.date(2024, 4, 9)
    assert [column["name"] for column in printed["tables"][0]["columns"]] == ["order_id", "amount", "ordered_on"]


def test_schema_writes_the_schema_that_a_query_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(tmp_path / "two.duckdb")) as connection:
        connection.execute("CREATE SCHEMA hr; CREATE TABLE people (id INTEGER PRIMARY KEY); INSERT INTO people VALUES (1)")
        connection.execute("CREATE TABLE hr.people (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE hr.teams (lead INTEGER REFERENCES hr.people (id))")
    words = ["schema", "--db", str(tmp_path / "two.duckdb")]
    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {"people (table, 1 row)", "hr.people (table, 0 rows)"} <= set(lines) and lines == [line.rstrip() for line in lines]
    assert any(line.endswith("-> hr.people.id") for line in lines)
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["foreign_keys"][0]["to"] == "hr.people.id"


def test_bytes_are_shown_as_they_are_exported(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "SELECT 'a'::BLOB AS b, TRUE AS yes FROM orders LIMIT 1", "--db", shop]) == 0
    assert "│ 61 │ True │" in capsys.readouterr().out


def test_csv_files_are_given_with_one_option_or_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    (tmp_path / "b.csv").write_text("z\n3\n")
    a, b = str(tmp_path / "a.csv"), str(tmp_path / "b.csv")
    for words in (["--db", a, b], ["--db", a, "--db", b]):
        assert main(["sql", "SELECT x + z AS w FROM a, b", *words, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["rows"] == [[4]]


@pytest.mark.parametrize("cell, expected", [
    (Decimal("1.50"), 1.5), (dt.date(2024, 1, 2), "2024-01-02"), (dt.datetime(2024, 1, 2, 3), "2024-01-02T03:00:00"),
    (float("nan"), None), (float("inf"), None), (True, True), (2**70, 2**70), (b"\x01", "01"), ([Decimal(1)], [1.0]),
    ({"a": dt.date(2024, 1, 2)}, {"a": "2024-01-02"}), (None, None), ("x", "x"), (dt.timedelta(days=1), "1 day, 0:00:00"),
])  # fmt: skip
def test_every_cell_has_a_form_in_json(cell: object, expected: object) -> None:
    assert show.plain(cell) == expected
    json.dumps(show.plain(cell), allow_nan=False)


def test_a_cell_cannot_write_over_the_terminal(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "SELECT chr(27) || '[2J' || '[red]' AS x FROM orders LIMIT 1", "--db", shop]) == 0
    printed = capsys.readouterr().out
    assert "\x1b[2J" not in printed and "[red]" in printed


def test_a_reader_that_leaves_early_is_no_error(shop: str) -> None:
    command = f"{sys.executable} -m nl2sql.cli sql 'SELECT a.order_id FROM orders a, orders b' --db {shop} --json | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_sentence(shop: str) -> None:
    command = f"{sys.executable} -m nl2sql.cli sql 'SELECT 1' --db {shop} --json > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (2, "nl2sql: The disk is full.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_stops_without_a_traceback(shop: str) -> None:
    slow = "SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e, orders f"
    started = subprocess.Popen(
        [sys.executable, "-m", "nl2sql.cli", "sql", slow, "--db", shop], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored in a background job
    )
    until = time.monotonic() + 100
    while not psutil.Process(started.pid).children() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)  # the worker is there; the query runs, or soon will
    started.send_signal(signal.SIGINT)
    _, complaint = started.communicate(timeout=100)
    assert (started.returncode, complaint) == (130, "Stopped.\n")


@pytest.mark.parametrize("words", ["--help", "ask --help", "train base --help", "eval --help", "eval --json --help"])
def test_help_is_exit_code_0(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words.split())
    assert stop.value.code == 0
    assert "usage: nl2sql" in capsys.readouterr().out


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys\nfrom nl2sql.cli import parser\nparser().format_help()\n"
        "print([name for name in ('torch', 'duckdb', 'sqlglot', 'rich', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
