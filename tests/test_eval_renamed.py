"""The suite of renamed databases: other names in another order, the same rows, and golds that still return them."""
from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from nl2sql.data.sources import spider
from nl2sql.eval import cases, predict, renamed, run
from nl2sql.eval.databases import Databases
from nl2sql.eval.other_names import Names, other_names, rewritten
from nl2sql.eval.synonyms import Entry
from nl2sql.records import Column, Schema, Table

NAMES: list[tuple[int, str]] = [
    (-1, "*"), (0, "song id"), (0, "song title"), (0, "release year"), (1, "singer id"), (1, "song id"), (1, "Name"),
]  # fmt: skip
ORIGINAL: list[tuple[int, str]] = [(table, name.replace(" ", "_")) for table, name in NAMES]
TABLES: dict[str, Any] = {
    "table_names": ["song", "singer"], "table_names_original": ["song", "singer"], "column_names": NAMES,
    "column_names_original": ORIGINAL, "column_types": ["text", "number", "text", "number", "number", "number", "text"],
    "primary_keys": [1, 4], "foreign_keys": [[5, 1]],
}  # fmt: skip
DDL = """
CREATE TABLE song (song_id INTEGER PRIMARY KEY, song_title TEXT, release_year INT);
CREATE TABLE singer (singer_id INTEGER PRIMARY KEY, song_id INT, Name TEXT COLLATE NOCASE);
INSERT INTO song VALUES (1, 'Sun', 2001), (2, 'Rain', 1999);
INSERT INTO singer VALUES (7, 2, 'Joe'), (8, 1, 'Ann');
"""
GOLDS = [
    'SELECT T1.name, T2.song_title FROM singer AS T1 JOIN song AS T2 ON T1.song_id = T2.song_id WHERE T1.Name = "Joe"',
    "SELECT * FROM singer",
    "SELECT singer.name FROM singer ORDER BY singer_id",
    "SELECT song_id FROM singer WHERE name = 'ann'",  # only the collation finds her
    "SELECT nothing FROM singer",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Spider's form, with the database of the songs and one without a file."""
    (tmp_path / "tables.json").write_text(json.dumps([{"db_id": name, **TABLES} for name in ("concert_singer", "away")]))
    rows = [{"question": f"Question {i}?", "query": sql, "db_id": "concert_singer"} for i, sql in enumerate(GOLDS)]
    (tmp_path / "dev.json").write_text(json.dumps([{"question": "?", "query": "SELECT 1", "db_id": "away"}, *rows]))
    (tmp_path / "database" / "concert_singer").mkdir(parents=True)
    with sqlite3.connect(tmp_path / "database" / "concert_singer" / "concert_singer.sqlite") as connection:
        connection.executescript(DDL)
    return tmp_path


@pytest.fixture
def made(folder: Path, tmp_path: Path) -> Path:
    renamed.build(folder, tmp_path / "made")
    return tmp_path / "made"


def test_every_gold_is_asked_of_a_database_without_the_old_names_and_returns_the_old_rows(folder: Path) -> None:
    suite = cases.load("spider_renamed", folder)
    assert [case.number for case in suite.cases] == [2, 3, 4]
    databases = Databases(suite)
    schema = databases.schemas["concert_singer"]
    old = {name.lower() for _, name in ORIGINAL} | {"song", "singer"}
    assert not old & {named.name.lower() for named in (*schema.tables, *schema.columns)}
    golds = {case.question: case.golds[0] for case in suite.cases}
    graded = run.evaluate(suite, predict.FromCallable(lambda question: golds[question]), databases)
    assert [entry.outcome for entry in graded] == ["right"] * 3
    assert graded[0].guess.rows == (("Joe", "Rain"),)


def test_a_question_whose_gold_returns_other_rows_or_fails_stays_out(made: Path) -> None:
    kept = {row["question"] for row in json.loads((made / "dev.json").read_text())}
    assert kept == {"Question 0?", "Question 1?", "Question 2?"}


def test_keys_kinds_and_values_follow_their_columns(folder: Path, tmp_path: Path) -> None:
    for seed in range(8):
        renamed.build(folder, tmp_path / str(seed), seed)
        schema = spider.schemas(tmp_path / str(seed))["concert_singer"]
        [key] = schema.foreign_keys
        assert not schema.columns[key.source].primary_key and schema.columns[key.target].primary_key
        values = spider.values(tmp_path / str(seed), "concert_singer", schema)
        assert sorted(values.values()) == [("Ann", "Joe"), ("Rain", "Sun")]
        assert {i for i, column in enumerate(schema.columns) if column.kind == "text"} == set(values)
        titles = schema.owner[next(i for i in values if "Rain" in values[i])]
        assert (schema.owner[key.source], schema.owner[key.target]) == (1 - titles, titles)


def test_tables_and_columns_come_in_another_order(folder: Path, tmp_path: Path) -> None:
    orders = set()
    for seed in range(8):
        renamed.build(folder, tmp_path / str(seed), seed)
        entry = json.loads((tmp_path / str(seed) / "tables.json").read_text())[0]
        orders.add((tuple(entry["column_types"]), tuple(map(tuple, entry["foreign_keys"])), tuple(entry["primary_keys"])))
    assert len(orders) > 4


def test_columns_of_one_name_keep_one_name_and_different_ones_differ() -> None:
    table = Table("t", (Column("song_id", "INT", "number", "song id"), Column("track_id", "INT", "number", "track id")), "t")
    other = Table("u", (Column("song_id", "INT", "number", "song id"),), "u")
    names = other_names(Schema((table, other), ()), [Entry(("song",), "track", True, frozenset())], random.Random(0))
    assert len(names.columns) == len({name.lower() for name in names.columns.values()}) == 2


def test_a_text_in_double_quotes_is_no_name() -> None:
    names = Names({"song": "Track"}, {"title": "Heading"})
    assert rewritten('SELECT title FROM song WHERE title = "Sun"', names) == (
        "SELECT \"Heading\" FROM \"Track\" WHERE \"Heading\" = 'Sun'"
    )  # fmt: skip


def test_an_alias_that_is_the_name_of_a_table_stays() -> None:
    names = Names({"song": "Track", "singer": "Vocalist"}, {"title": "Heading"})
    assert rewritten("SELECT song.title FROM singer AS song", names) == 'SELECT song."Heading" FROM "Vocalist" AS song'
