"""The suite of merged databases: the same questions and golds, ten other databases' tables beside their own."""
from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nl2sql.data.sources import spider
from nl2sql.errors import BadInput
from nl2sql.eval import cases, distractors, predict, retrieval_sets, run
from nl2sql.eval.databases import Databases
from nl2sql.records import Candidate, Context, ForeignKey, Schema

SHOP = "CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE); INSERT INTO city VALUES (1, 'Rome'), (2, 'Oslo');"
ZOO = """
CREATE TABLE city (id INTEGER PRIMARY KEY, area INT);
INSERT INTO city VALUES (1, 7), (2, 8), (3, 9);
CREATE TABLE keeper (id INTEGER PRIMARY KEY, city_id INT, name VARCHAR(9));
INSERT INTO keeper VALUES (4, 2, 'Ann'), (5, 2, 'Joe'), (6, 3, 'Ida');
"""
GOLDS = ["SELECT count(*) FROM city", "SELECT id FROM city WHERE name = 'rome'", "SELECT * FROM city", "SELECT name FROM keeper",
         "SELECT count(*) FROM sqlite_master"]  # fmt: skip
NAMES = ["zoo", *(f"park_{i}" for i in range(9))]  # of the other databases; those of parks have no file


def entry(name: str, tables: Sequence[str], columns: Sequence[tuple[int, str, str]], primary: Sequence[int],
          foreign: Sequence[Sequence[int]] = ()) -> dict[str, Any]:  # fmt: skip
    names: list[tuple[int, str]] = [(-1, "*"), *((owner, column) for owner, column, _ in columns)]
    return {
        "db_id": name, "table_names": tables, "table_names_original": tables,
        "column_names": [(owner, column.replace("_", " ")) for owner, column in names], "column_names_original": names,
        "column_types": ["text", *(kind for _, _, kind in columns)], "primary_keys": primary, "foreign_keys": foreign,
    }  # fmt: skip


CITY = [(0, "id", "number"), (0, "name", "text")]
ENTRIES = [
    entry("shop", ["city"], CITY, [1]),
    entry("zoo", ["city", "keeper"], [(0, "id", "number"), (0, "area", "number"), (1, "id", "number"), (1, "city_id", "number"),
                                      (1, "name", "text")], [1, 3], [[4, 1]]),
    *(entry(name, ["bench", "path"], [(0, "bench_id", "number"), (0, f"since_{name}", "time"), (1, "bench_id", "number")], [1])
      for name in NAMES[1:]),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Spider's form, with the questions of one database, ten others, and one that has no file."""
    data = tmp_path / "data"
    for name, script in (("shop", SHOP), ("zoo", ZOO)):
        (data / "database" / name).mkdir(parents=True)
        with closing(sqlite3.connect(data / "database" / name / f"{name}.sqlite")) as connection:
            connection.executescript(script)
    (data / "tables.json").write_text(json.dumps([*ENTRIES, entry("away", ["city"], CITY, [1])]))
    rows = [{"question": f"Question {i}?", "query": sql, "db_id": "shop"} for i, sql in enumerate(GOLDS)]
    (data / "dev.json").write_text(json.dumps([{"question": "?", "query": "SELECT 1", "db_id": "away"}, *rows]))
    return data


def merged(folder: Path, target: Path, **settings: Any) -> tuple[Schema, Path]:
    distractors.build(folder, target, **settings)
    file = spider.database_path(target, "shop")
    assert file is not None
    return spider.schemas(target)["shop"], file


def test_every_gold_is_asked_among_ten_other_databases_and_returns_its_own_rows(folder: Path) -> None:
    suite = cases.load("spider_distractors", folder)
    assert [case.number for case in suite.cases] == [2, 3, 4]
    databases = Databases(suite)
    chosen = retrieval_sets.others_of("shop", spider.schemas(folder))
    assert len(chosen) == 10 and len(databases.schemas["shop"].tables) == 1 + 2 * 10 - ("away" in chosen)
    golds = {case.question: case.golds[0] for case in suite.cases}
    assert list(golds.values()) == GOLDS[:3]
    graded = run.evaluate(suite, predict.FromCallable(lambda question: golds[question]), databases)
    assert [entry.outcome for entry in graded] == ["right"] * 3
    assert [entry.guess.rows for entry in graded[:2]] == [((2,),), ((1,),)]


def test_a_question_whose_gold_fails_alone_or_returns_other_rows_among_others_stays_out(folder: Path, tmp_path: Path) -> None:
    merged(folder, tmp_path / "made", others=11)
    kept = [row["question"] for row in json.loads((tmp_path / "made" / "dev.json").read_text())]
    assert kept == ["Question 0?", "Question 1?", "Question 2?"]


def test_the_others_are_those_of_the_retrievals_figures(folder: Path, tmp_path: Path) -> None:
    known = spider.schemas(folder)
    asked = retrieval_sets.alone([example for example in spider.load(folder, "dev") if example.database == "shop"], known)
    expected = retrieval_sets.among(asked, known, others=3)[0].schema
    schema, _ = merged(folder, tmp_path / "made", others=3)
    assert [column.words for column in schema.columns] == [column.words for column in expected.columns]
    assert set(schema.foreign_keys) == set(expected.foreign_keys)


def test_a_table_whose_name_is_taken_gets_its_databases_name_in_front(folder: Path, tmp_path: Path) -> None:
    schema, file = merged(folder, tmp_path / "made", others=11)
    names = [table.name for table in schema.tables]
    assert len({name.lower() for name in names}) == len(names) == 1 + 2 + 2 * 9 + 1
    assert {"city", "zoo_city", "away_city", "keeper"} < set(names)
    assert next(table.words for table in schema.tables if table.name == "zoo_city") == "zoo city"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT area FROM zoo_city").fetchall() == [(7,), (8,), (9,)]
        assert connection.execute("SELECT id FROM city").fetchall() == [(1,), (2,)]
        assert connection.execute("SELECT * FROM away_city").fetchall() == []  # there is no file of it


def test_a_name_that_sqlite_keeps_for_itself_gets_one_too(folder: Path, tmp_path: Path) -> None:
    listed = json.loads((folder / "tables.json").read_text())
    listed[1]["table_names_original"][1] = "sqlite_sequence"
    (folder / "tables.json").write_text(json.dumps(listed))
    schema, _ = merged(folder, tmp_path / "made", others=11)
    assert "zoo_sqlite_sequence" in [table.name for table in schema.tables]


def test_joins_stay_within_their_databases(folder: Path, tmp_path: Path) -> None:
    schema, _ = merged(folder, tmp_path / "made", others=11)

    def named(column: int) -> str:
        return f"{schema.tables[schema.owner[column]].name}.{schema.columns[column].name}"

    def ends(key: ForeignKey) -> tuple[str, str]:
        return named(key.source), named(key.target)

    assert [ends(key) for key in schema.foreign_keys if not key.inferred] == [("keeper.city_id", "zoo_city.id")]
    inferred = [ends(key) for key in schema.foreign_keys if key.inferred]
    assert len(inferred) == 9 and all(a.replace("path", "bench") == b for a, b in inferred)


def test_of_the_others_the_first_rows_come_and_of_its_own_tables_all(folder: Path, tmp_path: Path) -> None:
    _, file = merged(folder, tmp_path / "made", others=11, rows=1)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM keeper").fetchall() == [("Ann",)]
        assert connection.execute("SELECT count(*) FROM city").fetchone() == (2,)


def test_too_few_databases_are_said(folder: Path) -> None:
    (folder / "tables.json").write_text(json.dumps(ENTRIES[:4]))
    with pytest.raises(BadInput, match="lists 4 databases: too few to merge 10 others"):
        cases.load("spider_distractors", folder)


class Listening:
    """A generator that has no answer, and notes which columns it is shown."""

    def __init__(self) -> None:
        self.shown: dict[str, list[str]] = {}

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        self.shown |= {context.question: [context.schema.columns[i].name for i in context.columns] for context in contexts}
        return [[Candidate("SELECT 1", -0.1)] for _ in contexts]


def test_in_batches_the_model_is_shown_what_the_assistant_shows(folder: Path, tmp_path: Path) -> None:
    """The column that the question means comes last in a schema that fits no prompt, and shares no word with it."""
    parts = "bolt gear cable valve fuse hinge spring lever pump wheel crank axle".split()
    sides = "width torque voltage alloy batch depth grade pitch angle gauge".split()
    columns = [(0, f"{part}_{side}_{i}", "number") for part in parts for side in sides for i in (1, 2)]
    columns.append((0, "salary", "number"))
    (folder / "tables.json").write_text(json.dumps([entry("shop", ["city"], columns, [])]))
    question = {"question": "Who earns the highest wages?", "query": "SELECT 1", "db_id": "shop"}
    (folder / "dev.json").write_text(json.dumps([question]))
    suite = cases.load("spider", folder)
    one, many = Listening(), Listening()
    run.evaluate(suite, predict.FromAssistant(one), Databases(suite))
    run.evaluate(suite, predict.FromAssistant(many, batch=2), Databases(suite))
    shown = one.shown[question["question"]]
    assert shown == many.shown[question["question"]] and "salary" in shown and len(shown) < len(columns)
