"""Runs of the harness: in several processes, killed and resumed, with golds from the cache, and with what can't be used."""
from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import psutil
import pytest

from nl2sql import Assistant, Database
from nl2sql.cli import main
from nl2sql.eval import cases, files, golds, page, parallel, predict, report, run
from nl2sql.eval.cases import Case, Suite
from nl2sql.eval.databases import Databases
from nl2sql.eval.grade import Gold, Graded
from nl2sql.eval.resume import Resumed
from nl2sql.model.generate import Scripted
from nl2sql.records import Candidate, Context

TOWNS = ("aix", "brest", "caen")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three databases."""
    place = tmp_path / "databases"
    place.mkdir()
    for number, name in enumerate(TOWNS, 1):
        with duckdb.connect(str(place / f"{name}.duckdb")) as connection:
            connection.execute("CREATE TABLE shop (id INTEGER, name TEXT)")
            connection.execute("INSERT INTO shop SELECT i, 'shop ' || i FROM range(1, ?) t(i)", [number * 5])
    return place


def suite_of(tmp_path: Path, *entries: tuple[str, str, str]) -> Suite:
    lines = [json.dumps({"question": question, "sql": sql, "database": name}) + "\n" for question, sql, name in entries]
    (tmp_path / "suite.jsonl").write_text("".join(lines))
    return cases.load(str(tmp_path / "suite.jsonl"))


def three_each(tmp_path: Path) -> Suite:
    entries = [(f"How many in {name}? {i}", f"SELECT count(*) + {i} FROM shop", name) for i in range(3) for name in TOWNS]
    return suite_of(tmp_path, *entries)


def fives(question: str) -> str:
    return "SELECT 5"


def outcomes(graded: list[Graded]) -> list[str]:
    return [entry.outcome for entry in graded]


def test_processes_change_nothing_but_the_time(tmp_path: Path, folder: Path) -> None:
    suite = three_each(tmp_path)
    alone = run.evaluate(suite, predict.FromCallable(fives), Databases(suite, [folder]))
    seen: list[int] = []
    together = run.evaluate(
        suite, predict.FromCallable(fives), Databases(suite, [folder]), processes=2,
        progress=lambda graded, total: seen.append(len(graded)),
    )  # fmt: skip

    def without_times(graded: list[Graded]) -> str:
        numbers = report.summary(suite, graded, "duckdb")
        return json.dumps({key: value for key, value in numbers.items() if key not in report.TIMES})

    assert [entry.case.number for entry in alone] == [entry.case.number for entry in together] == list(range(1, 10))
    assert without_times(alone) == without_times(together)
    assert outcomes(alone) == outcomes(together) and outcomes(alone).count("right") == 1
    assert seen == [3, 6, 9]


def test_a_gold_that_fails_in_another_process_is_still_one_clear_message(tmp_path: Path, folder: Path) -> None:
    suite = suite_of(tmp_path, ("a", "SELECT 1", "aix"), ("b", "SELECT nothing FROM shop", "brest"))
    with pytest.raises(run.BadInput, match="line 2: the gold query doesn't run"):
        run.evaluate(suite, predict.FromCallable(fives), Databases(suite, [folder]), processes=2)


class Dying:
    """Work whose process dies at the second name, as often as it is told."""

    def __init__(self, folder: Path, times: int) -> None:
        self.folder, self.times = folder, times

    def __call__(self, name: str) -> str:
        deaths = len(list(self.folder.glob("death*")))
        if name == "b" and deaths < self.times:
            (self.folder / f"death{deaths}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return name


def test_a_process_that_dies_costs_nothing_but_time(tmp_path: Path) -> None:
    assert sorted(parallel.spread(Dying(tmp_path, 1), "abcd", 2)) == ["a", "b", "c", "d"]


def test_a_process_that_dies_again_and_again_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(run.BadInput, match="evaluate 'b' are ended again and again"):
        list(parallel.spread(Dying(tmp_path, 99), "bacd", 1))


SCRIPT = """
import sys, time
from nl2sql.eval import cases, predict, run
from nl2sql.eval.databases import Databases
from nl2sql.eval.resume import Resumed
from nl2sql.model.generate import Scripted

def slowly(question):
    time.sleep(0.4)
    return "SELECT 5"

if __name__ == "__main__":
    suite = cases.load(sys.argv[1])
    predictor = Resumed(predict.FromCallable(slowly), sys.argv[3], "key")
    run.evaluate(suite, predictor, Databases(suite, [sys.argv[2]]), processes=2)
"""


def test_a_run_that_was_killed_goes_on_where_it_was_and_leaves_no_process_behind(tmp_path: Path, folder: Path) -> None:
    suite, notes, script = three_each(tmp_path), tmp_path / "notes.jsonl", tmp_path / "script.py"
    script.write_text(SCRIPT)
    started = subprocess.Popen([sys.executable, str(script), str(tmp_path / "suite.jsonl"), str(folder), str(notes)])
    wait_for(lambda: notes.exists() and notes.read_text().count("\n") >= 4)
    family = psutil.Process(started.pid).children(recursive=True)
    os.kill(started.pid, signal.SIGKILL)
    started.wait()
    assert len(family) >= 2
    wait_for(lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family))
    kept = notes.read_text().count("\n") - 1

    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return "SELECT 5"

    found = run.evaluate(suite, Resumed(predict.FromCallable(answer), notes, "key"), Databases(suite, [folder]))
    assert 3 <= kept < 9 and len(asked) == 9 - kept
    assert outcomes(found) == outcomes(run.evaluate(suite, predict.FromCallable(fives), Databases(suite, [folder])))


def wait_for(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def test_a_line_that_was_cut_off_is_asked_again(tmp_path: Path, folder: Path) -> None:
    suite, notes = three_each(tmp_path), tmp_path / "notes.jsonl"
    run.evaluate(suite, Resumed(predict.FromCallable(fives), notes, "key"), Databases(suite, [folder]))
    lines = notes.read_text().split("\n")
    notes.write_text("\n".join([*lines[:3], lines[3][:20], *lines[4:]]))
    asked: list[str] = []
    run.evaluate(suite, Resumed(predict.FromCallable(asked.append), notes, "key"), Databases(suite, [folder]))  # type: ignore[arg-type]
    assert len(asked) == 1


def test_a_conversation_that_was_cut_off_is_asked_again_from_its_start(tmp_path: Path) -> None:
    turns = [Case(i, f"turn {i}", ("SELECT 1",), conversation="a" if i < 4 else "b") for i in range(1, 6)]
    asked: list[str] = []
    Resumed(predict.FromCallable(fives), tmp_path / "notes.jsonl", "key")
    first = Resumed(predict.FromCallable(fives), tmp_path / "notes.jsonl", "key").predict(turns, None, None)
    for _ in range(4):
        next(first)
    again = Resumed(predict.FromCallable(asked.append), tmp_path / "notes.jsonl", "key")  # type: ignore[arg-type]
    assert len(list(again.predict(turns, None, None))) == 5 and asked == ["turn 4", "turn 5"]


class Together:
    """A model whose scores depend on what else is asked at once, as those of real ones do in their last digits."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        self.batches.append([context.question for context in contexts])
        noise = sum(len(context.question) ** 3 for context in contexts) * 1e-7
        return [[Candidate(f"SELECT {len(context.question)}", -noise)] for context in contexts]


def test_a_run_that_is_resumed_asks_in_the_same_batches(tmp_path: Path, folder: Path) -> None:
    suite = suite_of(tmp_path, *((f"How many shops? {'very ' * i}", "SELECT 5", "aix") for i in range(12)))
    notes = tmp_path / "notes.jsonl"

    def once() -> tuple[list[tuple[object, ...]], list[list[str]]]:
        model = Together()
        predictor = Resumed(predict.FromAssistant(model, batch=4), notes, "key")
        found = run.evaluate(suite, predictor, Databases(suite, [folder]))
        said = [entry.prediction for entry in found]
        return [(given.sql, given.confidence, given.candidates) for given in said], model.batches

    whole, batches = once()
    lines = notes.read_text().splitlines(keepends=True)
    notes.write_text("".join([*lines[:3], *lines[5:]]))  # two are missing, which the first batch holds
    again, asked = once()
    assert again == whole and len(batches) == 3 and asked == batches[:1]
    assert once() == (whole, [])


def test_questions_that_the_user_verified_play_no_role(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NL2SQL_DATA", str(tmp_path / "data"))
    generator = Scripted({"How many shops?": "SELECT count(*) FROM shop"})
    with Database(folder / "aix.duckdb") as database, Assistant(database, generator=generator) as assistant:
        assistant.memory.add("How many shops?", "SELECT 99")
        assert assistant.ask("How many shops?").sql == "SELECT 99"
    suite = suite_of(tmp_path, ("How many shops?", "SELECT 4", "aix"))
    [entry] = run.evaluate(suite, predict.FromAssistant(generator), Databases(suite, [folder]))
    assert entry.outcome == "right"


MANY = ", ".join(f"shop AS s{i}" for i in range(12))
NAMES = " || ".join(f"s{i}.name" for i in range(12))


def test_a_query_that_wants_all_memory_or_returns_no_end_costs_that_question_only(tmp_path: Path, folder: Path) -> None:
    suite = suite_of(tmp_path, *((question, "SELECT 1", "caen") for question in "abc"))
    answers = {"a": f"SELECT list(s0.id + s1.id) FROM {MANY}", "b": f"SELECT {NAMES} FROM {MANY}", "c": "SELECT 1"}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = run.evaluate(suite, predict.FromCallable(answers.get), Databases(suite, [folder], time_limit=20.0))
    assert found[0].outcome in ("error", "timed out") and outcomes(found)[1:] == ["wrong rows", "right"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KB
    assert "more than" in page.page(report.summary(suite, found, "duckdb"), found)


def test_a_function_that_hangs_costs_that_question_only(tmp_path: Path, folder: Path) -> None:
    suite = suite_of(tmp_path, ("hang", "SELECT 1", "aix"), ("fine", "SELECT 1", "aix"))

    def function(question: str) -> str:
        time.sleep(30 if question == "hang" else 0)
        return "SELECT 1"

    found = run.evaluate(suite, predict.FromCallable(function, seconds=0.5), Databases(suite, [folder]))
    assert outcomes(found) == ["no answer", "right"] and "0.5 seconds" in found[0].error


def test_golds_run_once_until_the_database_changes(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = suite_of(tmp_path, ("a", "SELECT count(*) FROM shop", "aix"), ("b", "SELECT max(name) FROM shop", "aix"))
    ran: list[str] = []

    def noted(case: Case, database: object) -> Gold:
        ran.append(case.question)
        return gold_of(case, database)  # type: ignore[arg-type]

    gold_of = golds.gold_of
    monkeypatch.setattr(golds, "gold_of", noted)

    def once() -> list[str]:
        answers = {"a": "SELECT 4", "b": "SELECT 'shop 4'"}
        return outcomes(run.evaluate(suite, predict.FromCallable(answers.get), Databases(suite, [folder])))

    assert once() == once() == ["right", "right"] and ran == ["a", "b"]
    with duckdb.connect(str(folder / "aix.duckdb")) as connection:
        connection.execute("INSERT INTO shop VALUES (9, 'shop 9')")
    assert once() == ["wrong rows", "wrong rows"] and len(ran) == 4
    os.utime(folder / "aix.duckdb", ns=(1, 1))  # a change need not make the file longer
    assert once() == ["wrong rows", "wrong rows"] and len(ran) == 6


def test_a_gold_that_depends_on_the_day_or_on_chance_is_not_kept(tmp_path: Path, folder: Path) -> None:
    suite = suite_of(tmp_path, ("a", "SELECT current_date", "aix"), ("b", "SELECT random() < 2", "aix"))
    run.evaluate(suite, predict.FromCallable(fives), Databases(suite, [folder]))
    assert not list((tmp_path / "cache").glob("golds/*"))


class Bomb:
    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (os.environ["NL2SQL_CACHE"] + "/exploded",)


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps([1, 2]), "bomb"])
def test_a_damaged_or_hostile_cache_of_golds_is_not_used(tmp_path: Path, folder: Path, content: bytes | str) -> None:
    suite = suite_of(tmp_path, ("a", "SELECT count(*) FROM shop", "aix"))

    def once() -> list[str]:
        return outcomes(run.evaluate(suite, predict.FromCallable(lambda question: "SELECT 4"), Databases(suite, [folder])))

    once()
    [file] = (tmp_path / "cache" / "golds").iterdir()
    file.write_bytes(pickle.dumps(Bomb()) if isinstance(content, str) else content)
    assert once() == ["right"] and not (tmp_path / "cache" / "exploded").exists()


def test_the_command_writes_all_that_it_is_asked_for(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = three_each(tmp_path)
    (tmp_path / "predictions.sql").write_text("SELECT 5\n" * len(suite.cases))
    words = ["eval", str(suite.source), "--db", str(folder), "--predictions", str(tmp_path / "predictions.sql")]
    for option in ("--predictions-out", "--graded-out", "--html", "--markdown"):
        words += [option, str(tmp_path / option.strip("-"))]
    words += ["--variants", "2"]
    assert main(words) == 0 and "right 1" in capsys.readouterr().out
    assert (tmp_path / "predictions-out").read_text() == "SELECT 5\n" * 9
    assert [json.loads(line)["outcome"] for line in (tmp_path / "graded-out").read_text().splitlines()].count("right") == 1
    assert "Failures (9)" in (tmp_path / "html").read_text()  # the one that is right is so by luck
    assert "| outcomes | right 1, wrong rows 8 |" in (tmp_path / "markdown").read_text()


GOOD = '{"question": "a", "sql": "SELECT 4"}\n'
BAD: dict[str, tuple[str, str | None, str]] = {
    # the suite, the predictions, and what the message says
    "malformed line": (GOOD + '{"question": "b"\n', None, "line 2"),
    "line without sql": (GOOD + '{"question": "b"}\n', None, "line 2"),
    "gold that fails": (GOOD + '{"question": "b", "sql": "SELECT nothing FROM shop"}\n', "SELECT 4\nSELECT 4\n", "line 2"),
    "missing database": (GOOD.replace("}", ', "database": "aix"}') + GOOD.replace("}", ', "database": "dax"}'), "SELECT 4\n" * 2,
                         "suite.jsonl, line 2: "),
    "too few predictions": (GOOD + GOOD, "SELECT 4\n", "has 1 lines, the suite suite has 2 questions: it must hold one query a"
                                                       " line, and line 2 is missing"),
    "too many predictions": (GOOD, "SELECT 4\nSELECT 4\n", "line 2 is one too many"),
    "no suite": ("", None, "holds no question"),
    "no gold": ('{"question": "a", "sql": []}\n', "SELECT 4\n", "line 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BAD))
def test_what_cannot_be_used_is_one_clear_message_and_nothing_is_written(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    suite, predictions, said = BAD[name]
    (tmp_path / "suite.jsonl").write_text(suite)
    (tmp_path / "predictions.sql").write_text(predictions or "")
    before = set(tmp_path.rglob("*"))
    db = folder if "database" in name else folder / "aix.duckdb"
    words = ["eval", str(tmp_path / "suite.jsonl"), "--db", str(db), "--predictions", str(tmp_path / "predictions.sql")]
    for option in ("--predictions-out", "--graded-out", "--html", "--markdown"):
        words += [option, str(tmp_path / option.strip("-"))]
    assert main(words) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("nl2sql: ") and complaint.count("\n") == 1 and said in complaint
    assert {path for path in set(tmp_path.rglob("*")) - before if "cache" not in path.parts} == set()


@pytest.mark.parametrize("option, value, said", [
    ("--html", ".", "can't be written: it is a folder"), ("--markdown", "nowhere/x.md", "there is no folder"),
    ("--beam", "0", "--beam must be 1 or more"), ("--limit", "-1", "--limit must be 1 or more"),
    ("--processes", "0", "--processes must be 1 or more"), ("--variants", "-1", "--variants must be 0 or more"),
    ("--time-limit", "nan", "more than 0 seconds"),
])  # fmt: skip
def test_what_would_fail_at_the_end_is_said_at_the_start_and_nothing_is_written(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    (tmp_path / "suite.jsonl").write_text(GOOD)
    (tmp_path / "predictions.sql").write_text("SELECT 4\n")
    before = set(tmp_path.rglob("*"))
    words = ["eval", str(tmp_path / "suite.jsonl"), "--db", str(folder / "aix.duckdb")]
    words += ["--predictions", str(tmp_path / "predictions.sql"), "--predictions-out", str(tmp_path / "out.sql")]
    value = str(tmp_path / value) if option in ("--html", "--markdown") else value
    assert main([*words, option, value]) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("nl2sql: ") and complaint.count("\n") == 1 and said in complaint
    assert set(tmp_path.rglob("*")) == before


def test_a_line_ends_with_a_line_feed_alone(tmp_path: Path, folder: Path) -> None:
    """Other separators may stand in a question or in a query's text, and so may several blanks."""
    entry = {"question": "a\u2028b", "sql": "SELECT 'x  y\u2028z'"}
    (tmp_path / "suite.jsonl").write_text("\ufeff" + json.dumps(entry, ensure_ascii=False) + "\r\n", encoding="utf-8")
    suite = cases.load(str(tmp_path / "suite.jsonl"))
    files.write(tmp_path / "out.sql", suite, {1: entry["sql"]})
    assert predict.FromFile(tmp_path / "out.sql", suite).by_number == {1: entry["sql"]}


def test_the_example_in_the_readme_runs(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (Path(__file__).parent.parent / "eval" / "README.md").read_text(encoding="utf-8")
    (tmp_path / "suite.jsonl").write_text(GOOD)
    (folder / "aix.duckdb").rename(tmp_path / "shop.duckdb")
    monkeypatch.chdir(tmp_path)
    exec(readme.split("```python\n")[1].split("```")[0], {"my_function": lambda question: "SELECT 4"})
    assert "execution accuracy 100.0% (1 of 1" in capsys.readouterr().out


def test_predictions_in_jsonl_that_leave_questions_out_are_refused(tmp_path: Path, folder: Path) -> None:
    suite, path = three_each(tmp_path), tmp_path / "predictions.jsonl"
    lines = [json.dumps({"question": case.question, "sql": None}) + "\n" for case in suite.cases]
    path.write_text("".join(lines[:4] + lines[5:]))
    with pytest.raises(run.BadInput, match="no line for 1 questions of the suite suite, the first on line 5"):
        predict.FromFile(path, suite)
