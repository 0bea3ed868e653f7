"""The two suites of businesses: databases that are always the same, golds that run on them, and a command that needs no files."""
from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nl2sql.cli import main
from nl2sql.eval import businesses, cases, predict, run
from nl2sql.eval.cases import SHIPPED, Suite
from nl2sql.eval.databases import Databases

# of all rows, which nothing may change: the questions were written for them
DIGESTS = {
    "clinic": "56677864a38f7874", "firm": "a532c508fc883787", "saas": "df4940099bedaa03", "rental": "5d2854b5e70ad8ce",
    "blood": "72ac83ce0cda9545", "agency": "1bd7ebae335695a9",
}  # fmt: skip
SUITES = {"businesses": ("clinic", "firm", "saas", "rental"), "businesses_fresh": ("blood", "agency")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("businesses")
    businesses.build(made)
    return made


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", str(cache))


@pytest.fixture(params=SUITES)
def suite(request: pytest.FixtureRequest) -> Suite:
    return cases.load(request.param)


def rows(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}


def test_building_makes_the_six_files_and_nothing_else(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == {f"{name}.duckdb" for name in DIGESTS}


@pytest.mark.parametrize("name", DIGESTS)
def test_the_rows_are_those_that_the_questions_were_written_for(folder: Path, name: str) -> None:
    found = rows(folder / f"{name}.duckdb")
    assert all(found.values()) and hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()[:16] == DIGESTS[name]


def test_building_again_gives_the_same_rows(folder: Path, tmp_path: Path) -> None:
    businesses.build(tmp_path)
    assert [name for name in DIGESTS if rows(tmp_path / f"{name}.duckdb") != rows(folder / f"{name}.duckdb")] == []


@pytest.mark.parametrize("name", SUITES)
def test_each_database_has_40_questions_of_their_own_4_of_them_without_an_answer(name: str) -> None:
    lines = (SHIPPED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    entries: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert Counter(entry["database"] for entry in entries) == dict.fromkeys(SUITES[name], 40)
    assert Counter(entry["database"] for entry in entries if entry["sql"] is None) == dict.fromkeys(SUITES[name], 4)
    assert len({entry["question"].lower() for entry in entries}) == len(entries) and all(entry["tags"] for entry in entries)


def test_every_gold_says_something_and_is_right(suite: Suite) -> None:
    """Each of a question's golds for itself; and none where there is no answer."""
    each = [replace(case, question=f"{case.question} {sql}", golds=(sql,)) for case in suite.cases for sql in case.golds]
    asked = replace(suite, cases=(*each, *(case for case in suite.cases if not case.golds)))
    predicted = {case.question: case.golds[0] for case in each}
    graded = run.evaluate(asked, predict.FromCallable(predicted.get), Databases(asked))
    assert Counter(entry.outcome for entry in graded) == {"right": len(each), "rightly unanswered": 4 * len(SUITES[suite.name])}
    assert [entry.case.question for entry in graded if entry.case.golds and entry.gold_empty] == []


def test_the_suite_brings_its_databases_and_their_day(suite: Suite) -> None:
    databases = Databases(suite)
    for name in SUITES[suite.name]:
        database = databases.open(name)
        assert database is not None
        with database:
            assert database.as_of == businesses.DAY == dt.date(2025, 11, 15) and database.schema.tables


def test_a_folder_and_a_day_of_ones_own_win(suite: Suite, folder: Path) -> None:
    name = SUITES[suite.name][1]
    database = Databases(suite, [folder], as_of=dt.date(2024, 5, 1)).open(name)
    assert database is not None
    with database:
        assert database.as_of == dt.date(2024, 5, 1) and Path(database.path) == folder / f"{name}.duckdb"


def test_the_databases_are_built_once(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(businesses, "build", None)
    assert cases.load(suite.name).folder == suite.folder


@pytest.mark.parametrize("words, some", [([], False), (["--limit", "5", "--processes", "2"], True)])
def test_the_command_needs_no_files(
    suite: Suite, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], some: bool
) -> None:
    predicted = [case.golds[0] if case.golds else "" for case in suite.cases]
    (tmp_path / "guess.sql").write_text("".join(sql + "\n" for sql in predicted), encoding="utf-8")
    assert main(["eval", suite.name, "--predictions", str(tmp_path / "guess.sql"), "--json", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    asked = cases.some(suite.cases, 5) if some else suite.cases
    right = sum(1 for case in asked if case.golds)
    assert len(asked) == (5 if some else 40 * len(SUITES[suite.name]))
    assert found["suite"] == suite.name and found["n"] + found["unanswerable"] == len(asked)
    assert found["right"] == right and found["rightly_unanswered"] == len(asked) - right
