"""What the evaluation is given: odd files are read, and what can't be used is one clear sentence, before anything is written."""
from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nl2sql import Database
from nl2sql.cli import main
from nl2sql.errors import BadInput
from nl2sql.eval import cases, grade, page, predict, report, resume, run, versus
from nl2sql.eval import files as eval_files
from nl2sql.eval.databases import Databases

Said = pytest.CaptureFixture[str]
GOOD = '{"question": "How many?", "sql": "SELECT count(*) FROM shop"}\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a suite of one question, right predictions for it, and two databases."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "db").mkdir()
    for name in "ab":
        with duckdb.connect(str(tmp_path / "db" / f"{name}.duckdb")) as connection:
            connection.execute("CREATE TABLE shop (id INTEGER, name TEXT)")
            connection.execute("INSERT INTO shop VALUES (1, 'x'), (2, 'é')")
    (tmp_path / "suite.jsonl").write_text(GOOD)
    (tmp_path / "guess.sql").write_text("SELECT 2\n")
    return tmp_path


def words(*more: str, db: str = "db/a.duckdb") -> list[str]:
    return ["eval", "suite.jsonl", "--db", db, "--predictions", "guess.sql", *more]


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts}


def refused(capsys: Said, given: list[str], said: str) -> None:
    """Exit code 2, one line that says why, and no file is new or another."""
    before = files(Path.cwd())
    assert main(given) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("nl2sql: ") and complaint.count("\n") == 1 and said in complaint, complaint
    assert files(Path.cwd()) == before


def outcomes(guess: Callable[[str], Any]) -> list[grade.Graded]:
    suite = cases.load("suite.jsonl")
    return run.evaluate(suite, predict.FromCallable(guess), Databases(suite, ["db/a.duckdb"]))


@pytest.mark.parametrize("line, said", [
    ("[" * 100_000, "line 2"), ('{"question": "b", "sql": ' + "9" * 5000 + "}", "line 2"),
    ("NaN", "line 2: this is not a JSON object"),
    ('{"question": "b", "sql": ["SELECT 1", "SELECT x FROM shop"]}', "line 2: the gold query doesn't run"),
    ('{"question": "b", "sql": "DELETE FROM shop"}', "line 2: the gold query doesn't run"),
    ('{"question": "b", "sql": "SELECT id FROM shop", "optional": ["name"]}', "line 2: no gold query has the column 'name'"),
])  # fmt: skip
def test_a_line_that_is_no_question_is_named(here: Path, capsys: Said, line: str, said: str) -> None:
    (here / "suite.jsonl").write_text(GOOD + line + "\n")
    (here / "guess.sql").write_text("SELECT 2\nSELECT 2\n")
    refused(capsys, words("--html", "new.html"), f"suite.jsonl, {said}")


@pytest.mark.parametrize("given, said", [
    (["eval", "bytes.jsonl"], "bytes.jsonl can't be read: it is not text in UTF-8."),
    (["eval", "words.jsonl"], "words.jsonl, line 1: this is not JSON: Expecting value at character 1."),
    (["eval", "key.jsonl"], "line 1: unknown key 'gold', only conversation, "),
    (["eval", "--compare", "none", "none"], "none can't be read: there is no such file."),
    (words("--predictions", "db"), "The predictions db can't be read: it is a folder."),
    (["eval", "suite.jsonl", "--db", "db/a.duckdb", "--resume", "none/x"], "none/x can't be used to resume from: there is no"),
    (words("--beam", "100000"), "--beam must be 128 or less."), (words("--batch", "100000"), "--batch must be 1024 or less."),
    (["eval", "none"], "sales_late"),
])  # fmt: skip
def test_why_a_file_or_number_cannot_be_used_is_said_in_words(here: Path, capsys: Said, given: list[str], said: str) -> None:
    (here / "bytes.jsonl").write_bytes(b"\xa0")
    (here / "words.jsonl").write_text("not json\n")
    (here / "key.jsonl").write_text('{"question": "How many?", "gold": "SELECT 1"}\n')
    refused(capsys, given, said)


def test_a_gold_that_hangs_is_named_with_its_line(here: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grade, "GOLD_SECONDS", 0.5)
    many = ", ".join(f"shop AS s{i}" for i in range(60))
    (here / "suite.jsonl").write_text(json.dumps({"question": "a", "sql": f"SELECT count(*) FROM {many}"}) + "\n")
    refused(capsys, words("--html", "new.html"), "suite.jsonl, line 1: the gold query doesn't run")


def test_the_time_limit_of_a_prediction_is_none_of_a_gold(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grade, "GOLD_SECONDS", 600.0)
    slow = f"SELECT sum(s0.id * s1.id + s2.id) FROM {', '.join(f'shop AS s{i}' for i in range(26))}"
    case = replace(cases.load("suite.jsonl").cases[0], golds=(slow,))
    with Database("db/a.duckdb", time_limit=0.02) as database:
        gold = grade.gold_of(case, database)
        assert gold.error == "" and gold.references[0].size == 1
        assert grade.grade(case, predict.Prediction(slow), database, gold).outcome == "timed out"


def test_a_gold_that_returns_no_end_is_named_with_its_line(here: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grade, "GOLD_ROWS", 2)
    assert main(words()) == 0
    (here / "suite.jsonl").write_text(json.dumps({"question": "a", "sql": "SELECT a.id FROM shop AS a, shop"}) + "\n")
    refused(capsys, words("--html", "new.html"), "line 1: the gold query doesn't run: it returns more than 2 rows")


@pytest.mark.parametrize("more, said", [
    (["--html", "x", "--graded-out", "x"], "x can't be written: it has another part in this run"),
    (["--html", "x", "--markdown", "./db/../x"], "it has another part"), (["--graded-out", "suite.jsonl"], "it has another part"),
    (["--predictions-out", "guess.sql"], "it has another part"), (["--html", "db/a.duckdb"], "it has another part"),
    (["--resume", "notes.jsonl"], "--resume is for what is asked"), (["--time-limit", "inf"], "a day at most"),
    (["--time-limit", "1e300"], "a day at most"), (["--as-of", "yesterday"], "'yesterday' is no date like 2025-12-31"),
    (["--html", ""], "it is a folder"),
])  # fmt: skip
def test_what_contradicts_itself_is_said_before_anything_runs(here: Path, capsys: Said, more: list[str], said: str) -> None:
    refused(capsys, words(*more), said)


@pytest.mark.skipif(os.name != "posix", reason="pipes are others elsewhere")
def test_output_may_go_to_a_pipe(here: Path, capsys: Said) -> None:
    os.mkfifo(here / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((here / "pipe").read_text()), daemon=True)
    reader.start()
    assert main(words("--graded-out", "pipe")) == 0
    reader.join(20)
    assert json.loads(read[0])["outcome"] == "right" and (here / "pipe").is_fifo()


def test_questions_asked_of_a_folder_must_name_their_database(here: Path, capsys: Said) -> None:
    refused(capsys, words(db="db"), "suite.jsonl, line 1: db is a folder: each line of the suite must name its database")
    named = [GOOD.replace("}", f', "database": "{name}"}}') for name in ("a", "b.duckdb")]
    (here / "suite.jsonl").write_text("".join(named))
    (here / "guess.sql").write_text("SELECT 2\nSELECT 3\n")
    assert main(words("--processes", "1", db="db")) == 0
    assert "right 1, wrong rows 1" in capsys.readouterr().out


def test_a_database_that_is_no_database_is_named_with_its_line(here: Path, capsys: Said) -> None:
    (here / "db" / "c.duckdb").write_bytes(b"something else " * 99)
    named = [GOOD.replace("}", f', "database": "{name}"}}') for name in ("a", "c")]
    (here / "suite.jsonl").write_text("".join(named))
    (here / "guess.sql").write_text("SELECT 2\nSELECT 3\n")
    refused(capsys, words("--processes", "1", "--html", "new.html", db="db"), "suite.jsonl, line 2: ")


def test_a_null_stands_for_a_key_that_is_missing(here: Path, capsys: Said) -> None:
    missing = dict.fromkeys(("tags", "database", "optional", "conversation", "turn"))
    (here / "suite.jsonl").write_text(json.dumps(json.loads(GOOD) | missing) + "\n")
    assert main(words()) == 0
    assert "right 1" in capsys.readouterr().out


def test_lines_may_end_as_on_windows_be_blank_and_repeat_a_question(here: Path, capsys: Said) -> None:
    (here / "suite.jsonl").write_bytes(f"{GOOD}\n  \n{GOOD}".replace("\n", "\r\n").encode("utf-8-sig"))
    (here / "guess.sql").write_bytes(b"SELECT 2\r\nSELECT 3\r\n")
    assert main(words()) == 0
    assert "right 1, wrong rows 1" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["guess.sql", "guess.jsonl"])
def test_jsonl_is_known_by_what_it_holds(here: Path, capsys: Said, name: str) -> None:
    (here / "suite.jsonl").write_text(GOOD * 2)
    lines = [json.dumps({"question": "How many?", "sql": sql}) + "\n" for sql in ("SELECT 2", "SELECT 3")]
    (here / name).write_text("".join(lines))
    given = [word.replace("guess.sql", name) for word in words()]
    assert main(given) == 0
    assert "right 1, wrong rows 1" in capsys.readouterr().out
    (here / name).write_text(lines[0] * 3)
    refused(capsys, given, "line 3: the suite suite doesn't ask 'How many?' (so often)")
    (here / name).write_text(lines[0] + "[" * 100_000)
    refused(capsys, given, "line 2 is not")


@pytest.mark.parametrize("name", ["some.sql", "some.jsonl"])
def test_what_was_predicted_for_some_questions_goes_with_the_same_limit(here: Path, capsys: Said, name: str) -> None:
    (here / "suite.jsonl").write_text(GOOD + GOOD.replace("many", "few") + GOOD.replace("many", "much"))
    (here / "guess.sql").write_text("SELECT 2\nSELECT 3\n\n")
    assert main(words("--limit", "2", "--predictions-out", name)) == 0
    given = [word.replace("guess.sql", name) for word in words()]
    assert main([*given, "--limit", "2"]) == 0
    assert capsys.readouterr().out.count("outcomes: right 1, wrong rows 1") == 2
    refused(capsys, given, "has no line for 1 questions" if name.endswith("jsonl") else "line 3 is missing")
    (here / name).write_text("")
    refused(capsys, given, "has no line for 3 questions" if name.endswith("jsonl") else "line 1 is missing")


def test_a_query_of_several_lines_is_read_as_it_was_written(here: Path) -> None:
    suite, sql = cases.load("suite.jsonl"), "SELECT 1 -- one\n + 1"
    eval_files.write("again.sql", suite, {1: sql})
    eval_files.write("again.jsonl", suite, {1: sql})
    assert predict.FromFile("again.sql", suite).by_number == {1: "SELECT 1 + 1"}
    assert predict.FromFile("again.jsonl", suite).by_number == {1: sql}


@pytest.mark.parametrize("answer, outcome", [
    (5, "no answer"), (b"SELECT 2", "no answer"), (["SELECT 2"], "no answer"), ("  ", "no answer"), ("SELECT '\ud800'", "error"),
    ("SELECT 2\0", "parse error"), (" SELECT 2 ;\n", "right"), ("SELECT 2 -- two", "right"),
    ("SELECT '" + "x" * 10**6, "refused"),
])  # fmt: skip
def test_whatever_a_function_returns_gets_an_outcome_and_can_be_reported(here: Path, answer: Any, outcome: str) -> None:
    found = outcomes(lambda question: answer)
    assert [entry.outcome for entry in found] == [outcome]
    suite = cases.load("suite.jsonl")
    numbers = report.summary(suite, found, "duckdb")
    page.write(here / "page.html", numbers, found)
    versus.write(here / "graded.jsonl", found)
    eval_files.write(here / "again.sql", suite, {1: found[0].prediction.sql})
    assert len(predict.FromFile(here / "again.sql", suite).by_number) == (found[0].prediction.sql is not None)


def test_an_optional_column_is_looked_for_in_each_gold(here: Path) -> None:
    golds = ["SELECT id, name FROM shop", "SELECT name, 2 * id AS id FROM shop", "SELECT count(*) FROM shop"]
    (here / "suite.jsonl").write_text(json.dumps({"question": "a", "sql": golds, "optional": ["ID"]}) + "\n")
    verdicts = {
        "SELECT name FROM shop": "right", "SELECT name, 2 * id FROM shop": "right", "SELECT 2": "right",
        "SELECT 2 * id FROM shop": "wrong rows", "SELECT id FROM shop": "wrong rows",
    }  # fmt: skip
    for sql, expected in verdicts.items():
        assert outcomes({"a": sql}.get)[0].outcome == expected, sql
    (here / "suite.jsonl").write_text(json.dumps({"question": "a", "sql": golds}) + "\n")  # and what is kept of them is another
    assert outcomes({"a": "SELECT name FROM shop"}.get)[0].outcome == "wrong rows"


def test_one_row_more_than_the_gold_has_is_noticed_however_many_those_are(here: Path) -> None:
    ones = "SELECT 1 FROM shop AS a, shop AS b, shop AS c, shop AS d, shop AS e"
    (here / "suite.jsonl").write_text(json.dumps({"question": "a", "sql": f"{ones} LIMIT 31"}) + "\n")
    assert [outcomes({"a": sql}.get)[0].outcome for sql in (f"{ones} LIMIT 31", ones)] == ["right", "wrong rows"]


def test_runs_without_a_question_in_common_that_counts_are_not_compared(here: Path, capsys: Said) -> None:
    entry = {"number": 1, "database": "", "question": "a", "counted": False, "outcome": "gold fails", "sql": None}
    (here / "x").write_text(json.dumps(entry) + "\n")
    refused(capsys, ["eval", "--compare", "x", "x"], "no question in common that counts")
    for line in ("", '{"number": ' + "9" * 5000 + "}"):
        (here / "x").write_text(line)
        refused(capsys, ["eval", "--compare", "x", "x"], "line 1 is not a line of --graded-out")


@pytest.mark.parametrize("candidates", [[["SELECT 1"]], [1], 5])
def test_notes_that_hold_something_else_are_refused(here: Path, candidates: Any) -> None:
    notes = here / "notes.jsonl"
    resume.Resumed(predict.FromCallable(lambda question: None), notes, "key")
    entry = {"number": 1, "sql": None, "reason": "", "seconds": 0, "confidence": None, "candidates": candidates}
    with notes.open("a") as file:
        file.write(json.dumps(entry) + "\n")
    with pytest.raises(BadInput, match="no file of --resume"):
        resume.Resumed(predict.FromCallable(lambda question: None), notes, "key")
    with pytest.raises(BadInput, match="no file of --resume"):
        resume.beams(notes)


@pytest.mark.parametrize("more", [
    ["--db", "db/b.duckdb"], ["--db", "db/a.duckdb", "--time-limit", "3"], ["--db", "db/a.duckdb", "--beam", "2"],
    ["--db", "db/a.duckdb", "--as-of", "2025-01-01"], ["--db", "db/a.duckdb", "--batch", "2"],
    ["--db", "db/a.duckdb", "--limit", "1"],
])  # fmt: skip
def test_notes_of_what_was_asked_otherwise_are_refused(capsys: Said, monkeypatch: pytest.MonkeyPatch, more: list[str]) -> None:
    def killed(*given: Any, **named: Any) -> None:
        raise BadInput("killed")

    monkeypatch.setattr(run, "evaluate", killed)
    given = ["eval", "suite.jsonl", "--resume", "notes.jsonl"]
    for _ in range(2):
        assert main([*given, "--db", "db/a.duckdb"]) == 2 and "killed" in capsys.readouterr().err
    refused(capsys, [*given, *more], "belongs to another run")


def test_a_run_that_is_killed_while_it_reads_its_notes_loses_none(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    predictor, notes = predict.FromCallable(lambda question: "SELECT 2"), here / "notes.jsonl"
    suite = cases.load("suite.jsonl")
    run.evaluate(suite, resume.Resumed(predictor, notes, "key"), Databases(suite, ["db/a.duckdb"]))
    before = notes.read_text()

    def killed(path: Path, content: str, **more: str) -> int:
        with path.open("w") as file:
            file.write(content[:10])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", killed)
    with pytest.raises(KeyboardInterrupt):
        resume.Resumed(predictor, notes, "key")
    assert notes.read_text() == before
