"""The loaders of data sets, on tiny made-up folders in the published layouts."""
from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from nl2sql.data.sources import bird, sparc, spider, spider_syn, wikisql
from nl2sql.errors import BadInput
from nl2sql.records import Example, ForeignKey

ENTRY: dict[str, Any] = {
    "db_id": "towns",
    "table_names": ["City", "Shop"],
    "table_names_original": ["city", "shop"],
    "column_names": [[-1, "*"], [0, "city id"], [0, "Name"], [1, "city id"], [1, "opened on"]],
    "column_names_original": [[-1, "*"], [0, "city_id"], [0, "name"], [1, "City_ID"], [1, "opened"]],
    "column_types": ["text", "number", "text", "number", "time"],
    "primary_keys": [1],
    "foreign_keys": [],
}


def write_spider(folder: Path, *entries: dict[str, Any]) -> Path:
    (folder / "tables.json").write_text(json.dumps(entries))
    return folder


def test_spiders_schema_has_names_words_kinds_and_keys(tmp_path: Path) -> None:
    schema = spider.schemas(write_spider(tmp_path, ENTRY))["towns"]
    assert [table.name for table in schema.tables] == ["city", "shop"] and schema.tables[0].words == "city"
    assert [(c.name, c.kind, c.words) for c in schema.columns] == [
        ("city_id", "number", "city id"), ("name", "text", "name"),
        ("City_ID", "number", "city id"), ("opened", "date", "opened on"),
    ]  # fmt: skip
    assert [c.primary_key for c in schema.columns] == [True, False, False, False]


def test_a_join_is_inferred_from_a_shared_name_that_is_a_primary_key(tmp_path: Path) -> None:
    schema = spider.schemas(write_spider(tmp_path, ENTRY))["towns"]
    assert schema.foreign_keys == (ForeignKey(source=2, target=0, inferred=True),)


def test_a_column_called_like_a_table_refers_to_its_key(tmp_path: Path) -> None:
    entry = {**ENTRY, "column_names": [[-1, "*"], [0, "number"], [0, "Name"], [1, "cities"], [1, "opened on"]],
             "column_names_original": [[-1, "*"], [0, "nr"], [0, "name"], [1, "Cities"], [1, "opened"]],
             "table_names": ["Citie", "Shop"]}
    assert spider.schemas(write_spider(tmp_path, entry))["towns"].foreign_keys == (ForeignKey(source=2, target=0, inferred=True),)


def test_a_column_called_like_a_tables_id_in_a_role_refers_to_it(tmp_path: Path) -> None:
    entry = {**ENTRY, "column_names": [[-1, "*"], [0, "id"], [0, "Name"], [1, "start city id"], [1, "opened on"]],
             "column_names_original": [[-1, "*"], [0, "id"], [0, "name"], [1, "start_city_id"], [1, "opened"]]}
    assert spider.schemas(write_spider(tmp_path, entry))["towns"].foreign_keys == (ForeignKey(source=2, target=0, inferred=True),)
    declared = {**entry, "foreign_keys": [[3, 2]]}
    assert spider.schemas(write_spider(tmp_path, declared))["towns"].foreign_keys == (ForeignKey(source=2, target=1),)


@pytest.mark.parametrize("change", [{"column_types": ["text", "number", "text", "text", "time"]}, {
    "column_names_original": [[-1, "*"], [0, "ID"], [0, "name"], [1, "id"], [1, "opened"]], "primary_keys": [1, 3]}])
def test_a_number_and_a_text_and_two_mere_ids_are_no_join(tmp_path: Path, change: dict[str, Any]) -> None:
    assert spider.schemas(write_spider(tmp_path, {**ENTRY, **change}))["towns"].foreign_keys == ()


def test_a_declared_join_is_not_inferred_again(tmp_path: Path) -> None:
    schema = spider.schemas(write_spider(tmp_path, {**ENTRY, "foreign_keys": [[3, 1]]}))["towns"]
    assert schema.foreign_keys == (ForeignKey(source=2, target=0),)


def test_lists_may_be_strings_that_hold_a_python_literal(tmp_path: Path) -> None:
    told = {key: value if key == "db_id" else repr(value) for key, value in ENTRY.items()}
    assert spider.schemas(write_spider(tmp_path, told)) == spider.schemas(write_spider(tmp_path, ENTRY))


def test_columns_that_are_not_grouped_by_table_are_numbered_table_by_table(tmp_path: Path) -> None:
    names = [[-1, "*"], [1, "a"], [0, "b"], [1, "c"]]
    entry = {**ENTRY, "column_names": names, "column_names_original": names, "column_types": ["text"] * 4, "primary_keys": [[2]],
             "foreign_keys": [[1, 2]]}  # fmt: skip
    schema = spider.schemas(write_spider(tmp_path, entry))["towns"]
    assert [column.name for column in schema.columns] == ["b", "a", "c"]
    assert schema.columns[0].primary_key and schema.foreign_keys == (ForeignKey(source=1, target=0),)


def test_values_are_the_distinct_texts_of_each_column(tmp_path: Path) -> None:
    schema = spider.schemas(write_spider(tmp_path, ENTRY))["towns"]
    (tmp_path / "database" / "towns").mkdir(parents=True)
    with sqlite3.connect(tmp_path / "database" / "towns" / "towns.sqlite") as connection:
        connection.execute("CREATE TABLE city (city_id, name)")
        connection.execute("CREATE TABLE shop (City_ID, opened)")
        names = ["Nice", "Lyon", "Lyon", None, "x" * 999]
        connection.executemany("INSERT INTO city VALUES (?, ?)", enumerate(names))
        connection.execute("INSERT INTO shop VALUES (1, '2020-01-01')")
    assert spider.values(tmp_path, "towns", schema) == {1: ("Lyon", "Nice"), 3: ("2020-01-01",)}
    assert spider.values(tmp_path, "towns", schema, per_column=1)[1] in (("Lyon",), ("Nice",))
    assert spider.database_path(tmp_path, "towns") == tmp_path / "database" / "towns" / "towns.sqlite"


def test_a_database_without_a_file_has_no_path_and_no_values(tmp_path: Path) -> None:
    schema = spider.schemas(write_spider(tmp_path, ENTRY))["towns"]
    assert spider.database_path(tmp_path, "towns") is None and spider.values(tmp_path, "towns", schema) == {}


def test_spiders_questions_come_in_the_files_order(tmp_path: Path) -> None:
    write_spider(tmp_path, ENTRY)
    rows = [{"question": f"q{i}", "query": f"SELECT {i}", "db_id": "towns"} for i in range(3)]
    (tmp_path / "dev.json").write_text(json.dumps(rows))
    assert spider.load(tmp_path, "dev") == [Example(f"q{i}", f"SELECT {i}", "towns", ("dev",)) for i in range(3)]
    with pytest.raises(BadInput, match="not 'test'"):
        spider.load(tmp_path, "test")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**ENTRY, "foreign_keys": [[3, 99]]}, "'towns' is inconsistent"),
        ({**ENTRY, "column_types": ["text"]}, "'towns' is inconsistent"),
        ({**ENTRY, "column_types": ["text", "number", "text", "number", "colour"]}, "'towns' is inconsistent"),
        ({key: value for key, value in ENTRY.items() if key != "primary_keys"}, "entry 1 has no primary_keys"),
        ({**ENTRY, "primary_keys": "[1"}, "not a Python literal"),
    ],
)
def test_a_damaged_tables_file_is_bad_input(tmp_path: Path, entry: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        spider.schemas(write_spider(tmp_path, entry))


def test_the_wrong_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    for load in (spider.schemas, spider.load, spider_syn.load, sparc.load, bird.load, bird.schemas, wikisql.load):
        with pytest.raises(BadInput, match="it is not the folder of"):
            load(tmp_path)
    with pytest.raises(BadInput, match="is not a folder"):
        spider.schemas(tmp_path / "absent")
    (tmp_path / "tables.json").write_text("{")
    with pytest.raises(BadInput, match="not valid JSON"):
        spider.schemas(tmp_path)


def test_twenty_databases_are_set_aside() -> None:
    assert len(set(spider.HELD_OUT)) == 20


def test_spider_syn_gives_the_questions_that_it_changed(tmp_path: Path) -> None:
    rows = [
        {"db_id": "towns", "SpiderQuestion": "a", "SpiderSynQuestion": "b", "query": "SELECT 1"},
        {"db_id": "towns", "SpiderQuestion": "c", "SpiderSynQuestion": "c", "query": "SELECT 2"},
    ]
    (tmp_path / "train_spider.json").write_text(json.dumps(rows))
    assert spider_syn.load(tmp_path) == [Example("b", "SELECT 1", "towns", ("spider_syn",))]
    assert len(spider_syn.load(tmp_path, changed_only=False)) == 2


def test_sparcs_turns_tell_where_a_literal_is_masked(tmp_path: Path) -> None:
    turns = [
        {"utterance": "a", "sql": "select name from city where area > = value"},
        {"utterance": "b", "sql": "select market_value from city"},
    ]
    row = {"database_id": "towns", "interaction": turns, "final": {"utterance": "c", "sql": "SELECT 1"}}
    (tmp_path / "train.json").write_text(json.dumps([row]))
    [interaction] = sparc.load(tmp_path)
    assert [turn.tags for turn in interaction.turns] == [("sparc", "masked"), ("sparc",)]
    assert interaction.turns[0].sql == "select name from city where area >= value"
    assert interaction.final == Example("c", "SELECT 1", "towns", ("sparc",))


def test_sparcs_follow_ups_have_their_literals_back_and_their_history(tmp_path: Path) -> None:
    turns = [
        {"utterance": "Cities in `` France ''", "sql": "select name from city where country = value"},
        {"utterance": "And in Peru ?", "sql": "select name from city where country = value"},
        {"utterance": "The two largest .", "sql": "select name from city where country = value order by area desc limit value"},
        {"utterance": "Who rules it ?", "sql": "select ruler from city where founded > value"},
    ]
    final = {"utterance": "The two largest cities in Peru", "sql": 'SELECT name FROM city WHERE country = "Peru" LIMIT 2'}
    (tmp_path / "train.json").write_text(json.dumps([{"database_id": "towns", "interaction": turns, "final": final}]))
    [interaction] = sparc.load(tmp_path)
    first, second, third = (
        ('Cities in "France"', "select name from city where country = 'France'"),
        ("And in Peru?", 'select name from city where country = "Peru"'),
        ("The two largest.", 'select name from city where country = "Peru" order by area desc limit 2'),
    )
    assert list(sparc.follow_ups(interaction)) == [
        Example(*second, "towns", ("sparc",), (first,)), Example(*third, "towns", ("sparc",), (first, second))]  # fmt: skip


DDL = """
CREATE TABLE city (city_id INTEGER primary key, cityName TEXT not null);
CREATE TABLE sqlite_sequence (name, seq);
CREATE TABLE shop (shop_id INTEGER primary key, city_id INTEGER references city, `shop name` TEXT, opened DATE);
"""


@pytest.fixture
def bird_folder(tmp_path: Path) -> Path:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "towns.sql").write_text(DDL)
    (tmp_path / "schemas" / "villages.sql").write_text("CREATE TABLE village (city_name TEXT, people INTEGER);")
    join = "SELECT 1 FROM shop AS T1 JOIN city AS T2 ON T1.city_id = T2.city_id"
    queries = [
        ("towns", "e", f"{join} WHERE T2.cityName = 'Lyon' AND `shop name` IN ('A', 'B')"),
        ("villages", "", "SELECT people FROM village WHERE city_name LIKE '%Aix%'"),
        ("villages", "", "SELECT people FROM village WHERE city_name LIKE 'Apt'"),
    ]
    rows = [{"db_id": database, "question": "q", "evidence": evidence, "query": sql} for database, evidence, sql in queries]
    (tmp_path / "train_excluding_sales_dbs.json").write_text(json.dumps(rows))
    return tmp_path


def test_birds_schema_is_read_from_its_ddl(bird_folder: Path) -> None:
    schema = bird.schemas(bird_folder)["towns"]
    assert [(table.name, len(table.columns)) for table in schema.tables] == [("city", 2), ("shop", 4)]
    assert schema.foreign_keys == (ForeignKey(source=3, target=0),)
    assert [(c.words, c.kind) for c in schema.columns[4:]] == [("shop name", "text"), ("opened", "date")]
    assert schema.columns[0].primary_key and not schema.columns[1].nullable


def test_birds_values_are_the_literals_of_its_queries_and_distractors(bird_folder: Path) -> None:
    values = bird.values(bird_folder, bird.schemas(bird_folder))
    assert values["towns"] == {1: ("Apt", "Lyon"), 4: ("A", "B")}  # "Apt" is a city name of the other database
    assert values["villages"] == {0: ("Apt", "Lyon")}
    assert bird.values(bird_folder, bird.schemas(bird_folder), distractors=0)["towns"][1] == ("Lyon",)


def test_birds_evidence_is_a_tag(bird_folder: Path) -> None:
    assert [example.tags for example in bird.load(bird_folder)] == [("bird", "e"), ("bird",), ("bird",)]


def test_ddl_that_sqlite_cannot_run_is_bad_input(bird_folder: Path) -> None:
    (bird_folder / "schemas" / "towns.sql").write_text("CREATE TABEL x")
    with pytest.raises(BadInput, match="not SQLite DDL"):
        bird.schemas(bird_folder)


def wikisql_row(question: str, named: str, original: str, variables: Any, split: str = "train") -> dict[str, Any]:
    sql = {"sql_named": named, "sql_original": original, "variables": variables}
    return {"table_id": "1-1", "question": question, "split": split, **sql}


@pytest.fixture
def wikisql_folder(tmp_path: Path) -> Path:
    header = {"1-1": {"0": "PLAYER_FIELD", "2": "TOTAL_POINTS_FIELD", "3": "PLAYER_FIELD"}}
    rows = [
        wikisql_row("a", 'SELECT T.TOTAL_POINTS_FIELD FROM TABLE AS T WHERE T.PLAYER_FIELD = "var0" ;',
                    "SELECT  col2 FROM table WHERE col0 = o'neal AND co", {"var0": "o'neal AND co"}),
        wikisql_row("b", "SELECT COUNT T.PLAYER_FIELD FROM TABLE AS T WHERE T.TOTAL_POINTS_FIELD > var0 ;",
                    "SELECT COUNT col0 FROM table WHERE col2 > 1,000", {"var0": "1,000"}),
        wikisql_row("c", "SELECT T.NO_FIELD FROM TABLE AS T ;", "SELECT  col1 FROM table", {}),
        wikisql_row("d", "SELECT MAX T.TOTAL_POINTS_FIELD FROM TABLE AS T ;", "SELECT MAX col2 FROM table", {}, "dev"),
    ]  # fmt: skip
    (tmp_path / "known_columns.json").write_text(json.dumps(header))
    with gzip.open(tmp_path / "wikisql_text2sqldata.jsonl.gz", "wt") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))
    wikisql._rows.cache_clear()
    return tmp_path


def test_wikisqls_queries_are_written_anew_from_the_known_columns(wikisql_folder: Path) -> None:
    assert [(example.question, example.sql) for example in wikisql.load(wikisql_folder)] == [
        ("a", "SELECT \"total_points\" FROM records WHERE \"player\" = 'o''neal AND co'"),
        ("b", 'SELECT COUNT("player") FROM records WHERE "total_points" > 1000'),
    ]
    assert [example.sql for example in wikisql.load(wikisql_folder, "dev")] == ['SELECT MAX("total_points") FROM records']


def test_wikisqls_schema_is_one_table_whose_numbers_are_told_by_its_queries(wikisql_folder: Path) -> None:
    schema = wikisql.schemas(wikisql_folder)["1-1"]
    assert [(column.name, column.kind) for column in schema.columns] == [
        ("player", "text"), ("total_points", "number"), ("player_3", "text"),
    ]  # fmt: skip
    assert wikisql.values(wikisql_folder) == {"1-1": {0: ("o'neal AND co",)}}


def test_a_damaged_wikisql_file_is_bad_input(wikisql_folder: Path) -> None:
    (wikisql_folder / "wikisql_text2sqldata.jsonl.gz").write_bytes(b"not gzip")
    wikisql._rows.cache_clear()
    with pytest.raises(BadInput, match="not WikiSQL's file"):
        wikisql.load(wikisql_folder)
