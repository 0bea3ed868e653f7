"""The harness: predictions from anywhere, an outcome for every question, and one sentence for what can't be used."""
from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nl2sql.errors import BadInput
from nl2sql.eval import cases, files, predict, report, run, statistics, versus
from nl2sql.eval.cases import Suite
from nl2sql.eval.databases import Databases
from nl2sql.eval.features import hardness
from nl2sql.eval.grade import Graded
from nl2sql.eval.resume import Resumed
from nl2sql.records import Candidate, Context

DDL = """
CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT, country TEXT, population INTEGER);
CREATE TABLE shop (id INTEGER PRIMARY KEY, city_id INTEGER, name TEXT, opened TEXT);
INSERT INTO city VALUES (1, 'Lyon', 'France', 500), (2, 'Nice', 'France', 300), (3, 'Turin', 'Italy', 800);
INSERT INTO shop VALUES (1, 1, 'A', '2020-01-01'), (2, 1, 'B', '2021-01-01'), (3, 3, 'C', '2022-01-01');
"""
TABLES: dict[str, Any] = {
    "table_names": ["city", "shop"], "table_names_original": ["city", "shop"],
    "column_names": [[-1, "*"], [0, "id"], [0, "name"], [0, "country"], [0, "population"], [1, "id"], [1, "city id"], [1, "name"],
                     [1, "opened"]],
    "column_names_original": [[-1, "*"], [0, "id"], [0, "name"], [0, "country"], [0, "population"], [1, "id"], [1, "city_id"],
                              [1, "name"], [1, "opened"]],
    "column_types": ["text", "number", "text", "text", "number", "number", "number", "text", "time"],
    "primary_keys": [1, 5], "foreign_keys": [[6, 1]],
}  # fmt: skip
DEV = [
    ("How many cities are there?", "SELECT count(*) FROM city", "towns"),
    ("Which cities are in France?", "SELECT name FROM city WHERE country = 'France'", "towns"),
    ("What is the name of the wall?", "SELECT name FROM wall", "walls"),
    ("List all cities, the largest first.", "SELECT name FROM city ORDER BY population DESC", "towns"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in Spider's form: one database with a file, one without."""
    wall = {**TABLES, "table_names": ["wall"], "table_names_original": ["wall"], "column_names": [[-1, "*"], [0, "name"]],
            "column_names_original": [[-1, "*"], [0, "name"]], "column_types": ["text", "text"], "primary_keys": [],
            "foreign_keys": []}  # fmt: skip
    (tmp_path / "tables.json").write_text(json.dumps([{"db_id": "towns", **TABLES}, {"db_id": "walls", **wall}]))
    (tmp_path / "dev.json").write_text(json.dumps([{"question": q, "query": sql, "db_id": db} for q, sql, db in DEV]))
    (tmp_path / "database" / "towns").mkdir(parents=True)
    with sqlite3.connect(tmp_path / "database" / "towns" / "towns.sqlite") as connection:
        connection.executescript(DDL)
    return tmp_path


def test_misplaced_questions_are_asked_of_a_database_that_cannot_answer_them(folder: Path) -> None:
    (folder / "database" / "walls").mkdir()
    with sqlite3.connect(folder / "database" / "walls" / "walls.sqlite") as connection:
        connection.execute("CREATE TABLE wall (name TEXT)")
    suite = cases.load("spider_misplaced", folder)
    asked = {question: database for question, _, database in DEV}
    assert len(suite.cases) == 300
    assert all(asked[case.question] != case.database and case.golds == () for case in suite.cases)


def test_no_question_is_misplaced_where_all_databases_are_alike(folder: Path) -> None:
    assert cases.load("spider_misplaced", folder).cases == ()


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("towns") / "towns.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DDL)
    return path


def suite_file(tmp_path: Path, *entries: dict[str, Any]) -> Path:
    path = tmp_path / "suite.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return path


def graded(tmp_path: Path, towns: Path, gold: Any, guess: str | None, **more: Any) -> Graded:
    """One question about the towns, with the prediction of a callable."""
    suite = cases.load(str(suite_file(tmp_path, {"question": "Which?", "sql": gold, **more})))
    [entry] = run.evaluate(suite, predict.FromCallable(lambda question: guess), Databases(suite, [towns], time_limit=1.0))
    return entry


class Fixed:
    """A generator that knows each question's candidates, and how many it was asked for at once."""

    def __init__(self, known: Mapping[str, Sequence[str | None]]) -> None:
        self.known = known
        self.batches: list[int] = []

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        self.batches.append(len(contexts))
        known = [self.known.get(context.question, []) for context in contexts]
        return [[Candidate(sql, -float(rank)) for rank, sql in enumerate(found)] for found in known]


GRADES: list[tuple[str, Any, str | None]] = [
    ("right", "SELECT name FROM city", "SELECT name FROM city ORDER BY 1"),
    ("column only", "SELECT name FROM city", "SELECT name, id FROM city"),
    ("order only", "SELECT name FROM city ORDER BY name", "SELECT name FROM city ORDER BY name DESC"),
    ("wrong rows", "SELECT name FROM city", "SELECT name FROM shop"),
    ("empty", "SELECT name FROM city", "SELECT name FROM city WHERE id > 7"),
    ("unknown name", "SELECT name FROM city", "SELECT name FROM town"),
    ("unknown name", "SELECT name FROM city", "SELECT title FROM city"),
    ("parse error", "SELECT name FROM city", "SELECT name FROM (city"),
    ("refused", "SELECT name FROM city", "DELETE FROM city"),
    ("error", "SELECT name FROM city", "SELECT sum(name) FROM city"),
    ("no answer", "SELECT name FROM city", None),
    ("no answer", "SELECT name FROM city", ""),
    ("rightly unanswered", None, None),
    ("answered", None, "SELECT name FROM city"),
    ("right", ["SELECT 1", "SELECT 2"], "SELECT 2"),
]


@pytest.fixture(scope="module")
def grades(towns: Path) -> list[Graded]:
    """All of GRADES as one suite, each question named by its place."""
    path = suite_file(towns.parent, *({"question": str(i), "sql": gold} for i, (_, gold, _) in enumerate(GRADES)))
    suite = cases.load(str(path))
    return run.evaluate(suite, predict.FromCallable(lambda question: GRADES[int(question)][2]), Databases(suite, [towns]))


@pytest.mark.parametrize("place", range(len(GRADES)), ids=lambda place: f"{place}-{GRADES[place][0]}")
def test_every_question_gets_the_outcome_that_fits(grades: list[Graded], place: int) -> None:
    assert grades[place].outcome == GRADES[place][0]


def test_missing_and_refused_predictions_count_as_wrong(grades: list[Graded], towns: Path) -> None:
    numbers = report.summary(cases.load(str(towns.parent / "suite.jsonl")), grades, "duckdb")
    assert (numbers["n"], numbers["right"], numbers["answered"]) == (13, 2, 11)
    assert (numbers["unanswerable"], numbers["rightly_unanswered"], numbers["execution_accuracy"]) == (2, 1, round(2 / 13, 4))


def test_a_query_that_hangs_costs_that_question_only(tmp_path: Path, towns: Path) -> None:
    many = ", ".join(f"city AS c{i}" for i in range(20))
    suite = cases.load(str(suite_file(tmp_path, {"question": "a", "sql": "SELECT 1"}, {"question": "b", "sql": "SELECT 1"})))
    answers = {"a": f"SELECT count(*) FROM {many}", "b": "SELECT 1"}
    databases = Databases(suite, [towns], time_limit=0.5)
    found = run.evaluate(suite, predict.FromCallable(answers.get), databases)
    assert [entry.outcome for entry in found] == ["timed out", "right"]
    opened = databases.open("")
    assert opened is not None
    with closing(opened) as database:
        assert database.time_limit == 0.5


def test_an_optional_column_is_named_by_the_suite(tmp_path: Path, towns: Path) -> None:
    assert graded(tmp_path, towns, "SELECT name, id FROM city", "SELECT name FROM city", optional=["id"]).outcome == "right"
    assert graded(tmp_path, towns, "SELECT name, id FROM city", "SELECT id FROM city", optional=["id"]).outcome == "wrong rows"


def test_a_callable_that_raises_is_no_answer(tmp_path: Path, towns: Path) -> None:
    def broken(question: str) -> str:
        raise ZeroDivisionError("oops")

    suite = cases.load(str(suite_file(tmp_path, {"question": "a", "sql": "SELECT 1"})))
    [entry] = run.evaluate(suite, predict.FromCallable(broken), Databases(suite, [towns]))
    assert entry.outcome == "no answer" and "oops" in entry.error


def test_spiders_questions_without_a_database_do_not_count_but_are_predicted(folder: Path) -> None:
    suite = cases.load("spider", folder)
    known = {question: [sql] for question, sql, _ in DEV}
    found = run.evaluate(suite, predict.FromAssistant(Fixed(known), batch=2), Databases(suite))
    assert [entry.outcome for entry in found] == ["right", "right", "not executable", "right"]
    assert found[2].prediction.sql == "SELECT name FROM wall"
    numbers = report.summary(suite, found, "sqlite")
    assert (numbers["n"], numbers["answered"], numbers["execution_accuracy"]) == (3, 3, 1.0)


def test_the_model_is_asked_in_batches(folder: Path) -> None:
    suite, generator = cases.load("spider", folder), Fixed({})
    run.evaluate(suite, predict.FromAssistant(generator, batch=2), Databases(suite))
    assert sorted(generator.batches) == [1, 1, 2]


def test_every_candidate_can_be_graded(folder: Path) -> None:
    suite = cases.load("spider", folder)
    candidates = ["SELECT count(*) FROM shoop", "SELECT 9", "SELECT count(*) FROM city", None]
    known: dict[str, list[str | None]] = {DEV[0][0]: candidates}
    found = run.evaluate(suite, predict.FromAssistant(Fixed(known), batch=2), Databases(suite), beam=True)
    assert found[0].beam == ("unknown name", "wrong rows", "right") and found[0].outcome == "wrong rows"
    numbers = report.summary(suite, found, "sqlite")
    assert (numbers["oracle_accuracy"], numbers["first_accuracy"], numbers["invalid_candidates"]) == (1.0, 0.0, 1)


def test_the_predictions_file_has_a_line_for_every_question_and_can_be_graded_again(folder: Path, tmp_path: Path) -> None:
    suite = cases.load("spider", folder)
    known: dict[str, list[str | None]] = {DEV[0][0]: ["SELECT count(*)\nFROM city"], DEV[2][0]: ["SELECT name FROM wall"]}
    found = run.evaluate(suite, predict.FromAssistant(Fixed(known), batch=4), Databases(suite))
    path = tmp_path / "predictions.sql"
    files.write(path, suite, {entry.case.number: entry.prediction.sql for entry in found})
    assert path.read_text() == "SELECT COUNT(*) FROM city\n\nSELECT name FROM wall\n\n"
    again = run.evaluate(suite, predict.FromFile(path, suite), Databases(suite))
    assert [entry.outcome for entry in again] == [entry.outcome for entry in found]


def test_predictions_may_come_as_jsonl_in_any_order(folder: Path, tmp_path: Path) -> None:
    suite, path = cases.load("spider", folder), tmp_path / "other.jsonl"
    path.write_text("".join(json.dumps({"question": question, "sql": sql}) + "\n" for question, sql, _ in reversed(DEV)))
    found = run.evaluate(suite, predict.FromFile(path, suite), Databases(suite))
    assert [entry.outcome for entry in found] == ["right", "right", "not executable", "right"]


def test_the_command_prints_one_json_object(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "predictions.sql"
    path.write_text("SELECT 3\nSELECT 1\n\n\n")
    run.main(["spider", "--data", str(folder), "--predictions", str(path), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert (printed["execution_accuracy"], printed["n"], printed["answered"]) == (0.3333, 3, 2)
    assert {"seconds_p50", "seconds_p95", "outcomes", "by_hardness"} <= set(printed)


def test_the_same_run_gives_the_same_report_but_for_times(folder: Path) -> None:
    def once() -> dict[str, Any]:
        suite = cases.load("spider", folder)
        known = {question: [sql] for question, sql, _ in DEV[:2]}
        found = run.evaluate(suite, predict.FromAssistant(Fixed(known), batch=4), Databases(suite))
        return {key: value for key, value in report.summary(suite, found, "sqlite").items() if key not in report.TIMES}

    assert json.dumps(once()) == json.dumps(once())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2"), ('["question"]', "not a JSON object"), ('{"sql": "SELECT 1"}', "question is missing"),
        ('{"question": "a"}', '"sql" is missing'), ('{"question": "a", "sql": 1}', "must be a query"),
        ('{"question": "a", "sql": null, "tag": []}', "unknown key 'tag'"),
        ('{"question": " ", "sql": null}', "question is missing"),
        ('{"question": "a", "sql": ["SELECT 1", " "]}', "a list of queries"),
        ('{"question": "a", "sql": null, "tags": "join"}', "'tags' must be a list of texts"),
        ('{"question": "a", "sql": null, "optional": ""}', "'optional' must be a list of texts"),
    ],
)  # fmt: skip
def test_a_malformed_line_of_a_suite_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = suite_file(tmp_path, {"question": "a", "sql": None})
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(BadInput, match="line 2") as error:
        cases.load(str(path))
    assert said in str(error.value)


def test_a_gold_that_fails_is_named_with_its_line(tmp_path: Path, towns: Path) -> None:
    with pytest.raises(BadInput, match=r"line 1: the gold query doesn't run"):
        graded(tmp_path, towns, "SELECT nothing FROM city", "SELECT 1")


def test_a_file_of_predictions_of_the_wrong_length_writes_nothing(folder: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "predictions.sql", tmp_path / "out.sql"
    path.write_text("SELECT 3\n")
    with pytest.raises(BadInput, match="has 1 lines, the suite spider has 4 questions"):
        run.main(["spider", "--data", str(folder), "--predictions", str(path), "--predictions-out", str(out)])
    assert not out.exists()


def test_golds_run_again_when_only_the_databases_log_has_changed(folder: Path) -> None:
    suite = cases.load("spider", folder)
    connection = sqlite3.connect(folder / "database" / "towns" / "towns.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")

    def first() -> str:
        return run.evaluate(suite, predict.FromCallable(lambda question: "SELECT 4"), Databases(suite))[0].outcome

    connection.execute("INSERT INTO city VALUES (4, 'Aix', 'France', 100)")
    assert first() == "right"
    connection.execute("INSERT INTO city VALUES (5, 'Brest', 'France', 100)")
    assert first() == "wrong rows"
    connection.close()


def test_a_folder_without_a_question_is_bad_input_and_a_gold_without_a_word_fails(folder: Path) -> None:
    (folder / "dev.json").write_text("[]")
    with pytest.raises(BadInput, match="The suite spider holds no question"):
        run.main(["spider", "--data", str(folder), "--predictions", str(folder / "dev.json")])
    rows = [{"question": "a", "query": sql, "db_id": "towns"} for sql in ("", " ", "-- nothing", "SELECT nothing", "SELECT 1")]
    (folder / "dev.json").write_text(json.dumps(rows))
    suite = cases.load("spider", folder)
    found = run.evaluate(suite, predict.FromCallable(lambda question: "SELECT 1"), Databases(suite))
    assert [entry.outcome for entry in found] == ["gold fails"] * 4 + ["right"]
    assert report.summary(suite, found, "sqlite")["n"] == 1


def test_a_database_that_the_folder_does_not_describe_is_named(folder: Path) -> None:
    (folder / "dev.json").write_text(json.dumps([{"question": "a", "query": "SELECT 1", "db_id": "../towns"}]))
    suite = cases.load("spider", folder)
    with pytest.raises(BadInput, match=r"tables.json does not list the database '../towns'"):
        run.evaluate(suite, predict.FromCallable(lambda question: None), Databases(suite))


def test_an_unknown_suite_a_missing_folder_and_a_missing_database_are_bad_input(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no suite nothing"):
        cases.load("nothing")
    with pytest.raises(BadInput, match="needs --data"):
        cases.load("spider")
    with pytest.raises(BadInput, match="not a folder"):
        cases.load("spider", tmp_path / "absent")
    suite = cases.load(str(suite_file(tmp_path, {"question": "a", "sql": "SELECT 1", "database": "shops"})))
    with pytest.raises(BadInput, match="no database 'shops'"):
        run.evaluate(suite, predict.FromCallable(lambda question: None), Databases(suite, [tmp_path / "database"]))


def test_a_suite_may_ask_about_each_database_of_a_folder(tmp_path: Path, towns: Path) -> None:
    suite = cases.load(str(suite_file(tmp_path, {"question": "a", "sql": "SELECT count(*) FROM city", "database": "towns"})))
    [entry] = run.evaluate(suite, predict.FromCallable(lambda question: "SELECT 3"), Databases(suite, [towns.parent]))
    assert entry.outcome == "right"


@pytest.mark.parametrize(
    ("sql", "level"),
    [
        ("SELECT count(*) FROM city", "easy"),
        ("SELECT name FROM city WHERE id = 1", "easy"),
        ("SELECT name, id FROM city WHERE id = 1", "medium"),
        ("SELECT a.name FROM shop a JOIN city b ON a.city_id = b.id WHERE b.name = 'x'", "medium"),
        ("SELECT name FROM city WHERE id NOT IN (SELECT city_id FROM shop)", "hard"),
        ("SELECT name FROM city WHERE id NOT IN (SELECT city_id FROM shop UNION SELECT id FROM shop)", "hard"),
        ("SELECT name FROM city EXCEPT SELECT name FROM shop WHERE id > 1", "hard"),
        ("SELECT a.id, count(*) FROM shop a JOIN city b ON a.city_id = b.id GROUP BY 1 ORDER BY count(*) DESC LIMIT 1", "extra"),
    ],
)
def test_hardness_is_spiders(sql: str, level: str) -> None:
    assert hardness(sql, "sqlite") == level


def test_two_runs_are_compared_by_what_flipped(tmp_path: Path, towns: Path) -> None:
    questions = [f"q{i}" for i in range(20)]
    suite = cases.load(str(suite_file(tmp_path, *({"question": question, "sql": "SELECT 1"} for question in questions))))

    def save(name: str, right: Sequence[str]) -> Path:
        guess = predict.FromCallable(lambda question: "SELECT 1" if question in right else "SELECT 2")
        versus.write(tmp_path / name, run.evaluate(suite, guess, Databases(suite, [towns])))
        return tmp_path / name

    found = versus.compare(save("a", questions[:8]), save("b", questions[1:]))
    assert (len(found.gained), len(found.lost), found.n) == (12, 1, 20)
    assert found.conclusion == "B is better." and found.p < 0.01
    assert versus.compare(tmp_path / "a", tmp_path / "a").conclusion == "The difference may be chance."


def write_graded(path: Path, outcomes: Sequence[str], *, first: int = 1) -> Path:
    entries = [
        {"number": number, "database": "", "question": f"q{number}", "counted": outcome != "not executable", "outcome": outcome,
         "sql": f"SELECT {number}"}
        for number, outcome in enumerate(outcomes, first)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return path


def test_a_comparison_is_that_computed_by_hand(tmp_path: Path) -> None:
    """Ten questions, one of which counts for nobody. A is right in 1 2 3, B in 2 3 4 5 6 7 8 9: 6 gained, 1 lost.

    McNemar, exact: 2 * (C(7, 0) + C(7, 1)) / 2**7 = 2 * 8 / 128 = 0.125.
    """
    a = write_graded(tmp_path / "a", ["right"] * 3 + ["wrong rows"] * 6 + ["not executable"])
    b = write_graded(tmp_path / "b", ["no answer"] + ["right"] * 9)
    found = versus.compare(a, b)
    assert (found.n, found.a, found.b) == (9, 3 / 9, 8 / 9)
    assert found.p == 0.125 and found.conclusion == "The difference may be chance."
    assert versus.compare(b, a).n == 9
    assert [flip.number for flip in found.gained] == [4, 5, 6, 7, 8, 9]
    assert [(flip.number, flip.outcomes) for flip in found.lost] == [(1, ("right", "no answer"))]


def test_the_paired_interval_is_that_of_the_binomial_where_it_can_be_computed() -> None:
    """Where B only gains, the difference is a share: 400 of 1600 gained, so 0.25 with a standard error of 0.0108."""
    a, b = [False] * 1600, [True] * 400 + [False] * 1200
    low, high = statistics.paired_interval(a, b)
    assert low == pytest.approx(0.25 - 1.96 * 0.0108, abs=0.003) and high == pytest.approx(0.25 + 1.96 * 0.0108, abs=0.003)
    assert statistics.paired_interval(a, b) == (low, high)  # seeded
    assert statistics.paired_interval(b, b) == (0.0, 0.0)


def test_five_questions_gained_may_be_chance_and_six_are_none(tmp_path: Path) -> None:
    for count, conclusion in ((5, "The difference may be chance."), (6, "B is better.")):
        a, b = (write_graded(tmp_path / outcome, [outcome] * count) for outcome in ("error", "right"))
        assert versus.compare(a, b).conclusion == conclusion


def test_a_difference_that_one_of_the_two_tests_takes_for_chance_may_be_chance() -> None:
    sure = versus.Comparison(100, 0.5, 0.6, (0.01, 0.19), 0.01, (), ())
    assert sure.conclusion == "B is better." and replace(sure, a=0.7, interval=(-0.19, -0.01)).conclusion == "A is better."
    for other in (replace(sure, p=0.06), replace(sure, interval=(-0.01, 0.19))):
        assert other.conclusion == "The difference may be chance."


def test_a_paired_interval_is_narrow_where_the_same_questions_are_right() -> None:
    a = [True, False] * 800
    b = [True] * 20 + a[20:]
    low, high = statistics.paired_interval(a, b)
    assert 0 < low < 10 / 1600 < high < 0.015


def test_an_interval_is_that_of_the_binomial_and_the_same_each_time() -> None:
    low, high = statistics.interval([True] * 400 + [False] * 1200)
    assert low == pytest.approx(0.25 - 1.96 * 0.0108, abs=0.002) and high == pytest.approx(0.25 + 1.96 * 0.0108, abs=0.002)
    first, again = ([statistics.interval([True] * count + [False] * 1601) for count in range(400, 440)] for _ in range(2))
    assert first == again


def test_a_percentile_is_a_number_that_was_measured() -> None:
    assert [statistics.percentile(range(1, 101), share) for share in (0.5, 0.95, 1.0)] == [50, 95, 100]
    assert statistics.percentile([], 0.5) == 0.0


def test_the_calibration_error_weighs_by_count_and_nothing_makes_up_for_another() -> None:
    few = statistics.calibration_error([1.0] * 90 + [0.5] * 10, [True] * 100)
    assert few == pytest.approx(0.05)
    both = statistics.calibration_error([0.9] * 10 + [0.1] * 10, [True] * 5 + [False] * 5 + [True] * 5 + [False] * 5)
    assert both == pytest.approx(0.4)


@pytest.mark.parametrize(("gained", "lost", "p"), [(0, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (8, 2, 0.109375), (3, 3, 1.0)])
def test_mcnemar_is_exact(gained: int, lost: int, p: float) -> None:
    a = [False] * gained + [True] * lost + [True] * 4
    b = [True] * gained + [False] * lost + [True] * 4
    assert statistics.mcnemar(a, b) == p == statistics.mcnemar(b, a)


def test_the_command_compares_two_runs_and_lists_every_flip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write_graded(tmp_path / "a", ["wrong rows"] * 30)
    b = write_graded(tmp_path / "b", ["right"] * 30)
    run.main(["--compare", str(a), str(b)])
    said = capsys.readouterr().out
    assert "B is better." in said and "+100.0%" in said and said.count("gained") == 30 and "wrong rows -> right" in said
    run.main(["--compare", str(b), str(a), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert (printed["conclusion"], len(printed["lost"])) == ("A is better.", 30)
    assert printed["lost"][0]["sql"] == ["SELECT 1", "SELECT 1"]


def test_runs_over_other_questions_are_not_compared(tmp_path: Path) -> None:
    a, b = write_graded(tmp_path / "a", ["right"] * 3), write_graded(tmp_path / "b", ["right"] * 3, first=2)
    with pytest.raises(BadInput, match="not about the same questions"):
        versus.compare(a, b)
    b.write_text(a.read_text() + "{}\n")
    with pytest.raises(BadInput, match="line 4 is not a line of --graded-out"):
        versus.compare(a, b)


def test_a_suite_of_other_words_is_compared_with_the_suite_that_it_was_made_of(tmp_path: Path) -> None:
    row = {"database": "towns", "question": "words", "counted": True, "outcome": "right", "sql": ""}
    rows = [{"number": number, **row} for number in (1, 2, 3)]
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.write_text("".join(json.dumps(row) + "\n" for row in rows))
    changed = [row | {"question": "other words", "outcome": "wrong rows"} for row in rows[1:]]
    other.write_text("".join(json.dumps(row) + "\n" for row in changed))
    found = versus.compare(plain, other)
    assert (found.n, [flip.number for flip in found.lost]) == (2, [2, 3])
    other.write_text(json.dumps(changed[0]) + "\n" + json.dumps(changed[1] | {"number": 9}) + "\n")
    with pytest.raises(BadInput, match="not about the same questions"):
        versus.compare(plain, other)
    other.write_text(json.dumps(changed[0] | {"database": "walls"}) + "\n")
    with pytest.raises(BadInput, match="not about the same questions"):
        versus.compare(plain, other)


def test_an_interval_narrows_with_the_number_of_questions() -> None:
    few, many = statistics.interval([True] * 8 + [False] * 2), statistics.interval([True] * 800 + [False] * 200)
    assert few[0] < many[0] < 0.8 < many[1] < few[1]
    assert statistics.interval([True] * 9) == (1.0, 1.0)


def test_a_sure_and_wrong_predictor_is_badly_calibrated() -> None:
    assert statistics.calibration_error([0.95] * 20, [True] * 19 + [False]) < 0.01
    assert statistics.calibration_error([1.0] * 20, [False] * 20) == 1.0


def test_risk_falls_with_coverage_where_confidence_tells() -> None:
    points = statistics.risk_coverage([i / 100 for i in range(100)], [i >= 50 for i in range(100)])
    assert points[0] == (0.1, 0.0) and points[-1] == (1.0, 0.5)


def test_suites_of_a_folder_in_spiders_form_share_its_digest(folder: Path) -> None:
    suite: Suite = cases.load("spider", folder)
    before = suite.digest
    (folder / "dev.json").write_text((folder / "dev.json").read_text() + " ")
    assert cases.load("spider", folder).digest != before


def test_a_suite_in_birds_form_has_the_evidence_in_its_questions(folder: Path) -> None:
    (folder / "tables.json").rename(folder / "dev_tables.json")
    (folder / "database").rename(folder / "dev_databases")
    row = {"question": "How many towns?", "evidence": "towns are cities", "SQL": DEV[0][1], "db_id": "towns"}
    (folder / "dev.json").write_text(json.dumps([{**row, "difficulty": "simple"}]))
    suite = cases.load("bird", folder)
    known = {"How many towns? towns are cities": ["SELECT count(*) FROM city"]}
    [entry] = run.evaluate(suite, predict.FromAssistant(Fixed(known), batch=2), Databases(suite))
    assert entry.outcome == "right" and entry.case.tags == ("simple",)


def test_a_killed_run_resumes_where_it_was(folder: Path, tmp_path: Path) -> None:
    suite, path, asked = cases.load("spider", folder), tmp_path / "notes.jsonl", []

    def answer(question: str) -> str:
        asked.append(question)
        return "SELECT 3"

    first = Resumed(predict.FromCallable(answer), path, "key")
    whole = run.evaluate(suite, first, Databases(suite))
    kept = path.read_text().splitlines()[:3]
    path.write_text("\n".join(kept) + '\n{"number": 4, "sq')  # killed while it wrote the third prediction
    asked.clear()
    again = run.evaluate(suite, Resumed(predict.FromCallable(answer), path, "key"), Databases(suite))
    assert [entry.outcome for entry in again] == [entry.outcome for entry in whole]
    assert len(asked) == 2 and len(path.read_text().splitlines()) == 5


def test_notes_of_another_run_are_refused(folder: Path, tmp_path: Path) -> None:
    predictor = predict.FromCallable(lambda question: None)
    Resumed(predictor, tmp_path / "notes.jsonl", "one")
    with pytest.raises(BadInput, match="belongs to another run"):
        Resumed(predictor, tmp_path / "notes.jsonl", "two")
    (tmp_path / "other").write_text("SELECT 1\n")
    with pytest.raises(BadInput, match="no file of --resume"):
        Resumed(predictor, tmp_path / "other", "one")
