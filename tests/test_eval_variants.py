"""Variants of a database, the mutants that they must tell apart, and the report's page."""
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from nl2sql import Database
from nl2sql.errors import QueryFailed
from nl2sql.eval import cases, grade, page, predict, referee, report, run, selftest, source, testsuite, variants
from nl2sql.eval.databases import Databases
from nl2sql.eval.memory import MemoryDatabase
from nl2sql.eval.mutants import mutants
from nl2sql.eval.selftest import Counts, measure
from nl2sql.eval.source import Source, SourceTable

DDL = """
CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT, country TEXT, population INTEGER, founded DATE);
CREATE TABLE shop (id INTEGER PRIMARY KEY, city_id INTEGER REFERENCES city (id), name TEXT, area REAL);
"""
GOLDS = (
    "SELECT name FROM city WHERE population > 400",
    "SELECT country, count(*) FROM city GROUP BY country HAVING count(*) >= 2",
    "SELECT count(DISTINCT country) FROM city",
    "SELECT shop.name FROM shop JOIN city ON shop.city_id = city.id WHERE city.country = 'France' AND shop.area < 50",
    "SELECT name FROM shop ORDER BY area DESC LIMIT 3",
    "SELECT avg(area), max(area) FROM shop",
)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("towns") / "towns.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(DDL)
        names = ("France", "Italy", "Spain")
        cities = [(i, f"City {i}", names[i % 3], 100 * i, f"19{i:02}-01-01") for i in range(1, 13)]
        connection.executemany("INSERT INTO city VALUES (?, ?, ?, ?, ?)", cities)
        shops = [(i, 1 + i % 9, f"Shop {i}", 7.5 * i) for i in range(1, 30)]
        connection.executemany("INSERT INTO shop VALUES (?, ?, ?, ?)", shops)
    with Database(path, dialect="sqlite", row_limit=None) as database:
        yield database


@pytest.fixture(scope="module")
def read(towns: Database) -> Source:
    return source.read(towns, GOLDS)


def rows(database: MemoryDatabase, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in database.run(sql, None)[0]]


def test_the_golds_constants_and_their_neighbours_are_known(read: Source) -> None:
    assert set(read.constants["population"]) == {399, 400, 401}
    assert read.constants["country"] == ["France"]


def test_keys_stay_valid_in_every_variant(read: Source) -> None:
    for database in variants.variants(read, 12):
        ids = [row[0] for row in rows(database, "SELECT id FROM shop")]
        assert len(ids) == len(set(ids)) and None not in ids
        assert rows(database, "SELECT 1 FROM shop WHERE city_id NOT IN (SELECT id FROM city)") == []


def test_keys_of_several_columns_and_references_that_must_be_there_stay_valid(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "visits.duckdb")) as connection:
        connection.execute("CREATE TABLE town (id INTEGER PRIMARY KEY)")
        keyed = "town_id INTEGER NOT NULL REFERENCES town, day INTEGER, PRIMARY KEY (town_id, day)"
        connection.execute(f"CREATE TABLE visit ({keyed})")
        connection.execute("INSERT INTO town SELECT i FROM range(6) t(i)")
        connection.execute("INSERT INTO visit SELECT i % 6, i // 6 FROM range(60) t(i)")
    with Database(tmp_path / "visits.duckdb") as database:
        found = source.read(database, [])
    for variant in variants.variants(found, 12):
        visits = rows(variant, "SELECT town_id, day FROM visit")
        assert len(set(visits)) == len(visits) and not any(None in visit for visit in visits)


KEYS = """
CREATE TABLE line (id INTEGER PRIMARY KEY, part_id INTEGER NOT NULL REFERENCES part (id));
CREATE TABLE part (id INTEGER PRIMARY KEY REFERENCES thing (id), price INTEGER CHECK (price > 5));
CREATE TABLE thing (id INTEGER PRIMARY KEY);
CREATE TABLE piece (id INTEGER PRIMARY KEY, line_id INTEGER REFERENCES line (id));
CREATE TABLE sale (shop INTEGER, day INTEGER, PRIMARY KEY (shop, day));
CREATE TABLE bill (id INTEGER PRIMARY KEY, shop INTEGER, day INTEGER, FOREIGN KEY (shop, day) REFERENCES sale (shop, day));
CREATE TABLE person (id INTEGER PRIMARY KEY, boss_id INTEGER REFERENCES person (id));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) INSERT INTO line SELECT i, i FROM n;
INSERT INTO thing SELECT id FROM line;
INSERT INTO part SELECT id, id + 5 FROM line;
INSERT INTO piece SELECT id, id FROM line;
INSERT INTO sale SELECT id % 4, id FROM line;
INSERT INTO bill SELECT id, id % 4, id FROM line;
INSERT INTO person SELECT id, nullif(id - 1, 0) FROM line;
"""
DANGLING = (
    "SELECT 1 FROM line WHERE part_id NOT IN (SELECT id FROM part)", "SELECT 1 FROM part WHERE id NOT IN (SELECT id FROM thing)",
    "SELECT 1 FROM piece WHERE line_id IS NOT NULL AND line_id NOT IN (SELECT id FROM line)",
    "SELECT 1 FROM bill WHERE day IS NOT NULL AND (shop, day) NOT IN (SELECT shop, day FROM sale)",
    "SELECT 1 FROM bill WHERE (shop IS NULL) <> (day IS NULL)",
    "SELECT 1 FROM person WHERE boss_id NOT IN (SELECT id FROM person)",
)  # fmt: skip


def test_references_through_several_tables_or_columns_stay_valid_whatever_comes_first(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "keys.sqlite") as connection:
        connection.executescript(KEYS)
        assert not any(connection.execute(query).fetchall() for query in DANGLING)
    with Database(tmp_path / "keys.sqlite", dialect="sqlite") as database:
        found = source.read(database, [])
    made = [*variants.variants(found, 20), *referee.databases(found, 20)]
    assert [[query for query in DANGLING if rows(each, query)] for each in made] == [[]] * 40
    often = "SELECT 1 FROM bill JOIN sale USING (shop, day) GROUP BY shop, day HAVING count(*) > 1"
    assert sum(bool(rows(each, often)) for each in made) > 9
    assert sum(bool(rows(each, "SELECT 1 FROM line JOIN part ON part.id = part_id")) for each in made) > 20


def test_variants_have_ties_nulls_and_rows_that_nothing_refers_to(read: Source) -> None:
    found = list(variants.variants(read, 12))
    assert any(rows(d, "SELECT 1 FROM shop GROUP BY area HAVING count(*) > 1") for d in found)
    assert any(rows(d, "SELECT 1 FROM shop WHERE name IS NULL OR area IS NULL") for d in found)
    assert any(rows(d, "SELECT 1 FROM shop WHERE city_id IS NULL") for d in found)
    assert any(rows(d, "SELECT 1 FROM city WHERE id NOT IN (SELECT city_id FROM shop WHERE city_id IS NOT NULL)") for d in found)
    assert any(rows(d, "SELECT 1 FROM city WHERE population = 400") for d in found)


def test_variants_have_columns_of_few_values_and_values_that_only_the_golds_name(towns: Database) -> None:
    found = list(variants.variants(source.read(towns, ["SELECT name FROM city WHERE country = 'Peru'"]), 40))
    few = "SELECT count(*) FROM shop HAVING count(DISTINCT area) BETWEEN 1 AND 3 AND count(*) > 8"
    assert sum(bool(rows(d, few)) for d in found) > 5
    assert any(rows(d, "SELECT 1 FROM city WHERE country = 'Peru'") for d in found)
    seldom = "SELECT count(*) FROM shop HAVING count(city_id) > 15 AND count(DISTINCT city_id) < 4"
    assert any(rows(d, seldom) and rows(d, "SELECT count(*) FROM city HAVING count(*) > 8") for d in found)


def test_variants_have_repeated_rows_and_empty_tables_and_every_second_is_small(read: Source) -> None:
    found = list(variants.variants(read, 40))
    assert any(rows(d, "SELECT 1 FROM shop GROUP BY city_id, name, area HAVING count(*) > 1 AND count(area) > 1") for d in found)
    assert any(rows(d, "SELECT count(*) FROM shop") == [(0,)] for d in found)
    sizes = [len(rows(d, "SELECT 1 FROM shop")) for d in found]
    assert max(sizes[1::2]) <= 28 and min(sizes[::2]) >= 9 and max(sizes[::2]) > 29  # of 29


def test_some_rows_are_there_twice_but_for_their_key() -> None:
    columns, cells = ("id", "a", "b", "c", "d"), [tuple(f"{name}{i}" for name in "iabcd") for i in range(40)]
    made = SourceTable('"t"', columns, ("text",) * 5, ("TEXT",) * 5, "CREATE TABLE t (id, a, b, c, d)", list(cells), 40,
                       frozenset(), frozenset({0}), (0,))  # fmt: skip
    twins = "SELECT 1 FROM t GROUP BY a, b, c, d HAVING count(*) > 1"
    different = "SELECT count(*) FROM t HAVING count(DISTINCT a) > 12 AND count(DISTINCT d) > 12"
    found = list(variants.variants(Source("sqlite", [made], [], {}), 40))[::2]
    assert any(rows(d, twins) and rows(d, different) for d in found)


def test_dates_move_and_amounts_of_a_sample_are_as_large_as_of_all_rows(things: Database) -> None:
    found = list(variants.variants(source.read(things, []), 12))
    assert any(rows(d, "SELECT 1 FROM thing WHERE ts <> TIMESTAMP '2024-01-01 10:00:00'") for d in found)
    assert any(rows(d, "SELECT 1 FROM thing WHERE f > 2.9") for d in found)  # it is 1.5 everywhere, and half of the rows are read


def test_the_same_seed_gives_the_same_variants_and_another_seed_others(read: Source) -> None:
    def content(seed: int) -> list[list[tuple[object, ...]]]:
        return [rows(database, "SELECT * FROM shop ORDER BY id") for database in variants.variants(read, 3, seed=seed)]

    assert content(1) == content(1)
    assert content(1) != content(2)


def test_a_query_that_is_right_by_luck_fails_on_a_variant(read: Source) -> None:
    gold, start = ["SELECT name FROM city WHERE population > 400"], "SELECT name FROM city WHERE"
    guesses = ["population > 400", "population >= 401", "population >= 500", "id > 4", "nothing > 4"]
    pairs = [(gold, f"{start} {guess}") for guess in guesses]
    failed = [tried.differs is not None for tried in testsuite.differences(variants.variants(read, 10), pairs)]
    assert failed == [False, False, True, True, True]


def test_a_prediction_that_is_right_by_luck_is_right_but_not_on_variants(towns: Database, tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text("".join(f'{{"question": "{name}", "sql": "SELECT count(*) FROM city"}}\n' for name in "ab"))
    suite = cases.load(str(path))
    answers = {"a": "SELECT 12", "b": "SELECT count(id) FROM city"}
    found = run.evaluate(suite, predict.FromCallable(answers.get), Databases(suite, [towns.path]), variants=5)
    assert [entry.outcome for entry in found] == ["right", "right"]
    assert found[0].variant is not None and found[0].variant >= 0 and found[1].variant == -1
    assert report.summary(suite, found, "duckdb")["test_suite_accuracy"] == 0.5


def test_what_no_variant_can_say_is_counted_and_not_held_against_the_prediction(towns: Database, tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text('{"question": "a", "sql": "SELECT count(*) FROM sqlite_master"}\n{"question": "b", "sql": "SELECT 1"}\n')
    suite = cases.load(str(path))
    graded = [
        grade.Graded(case, predict.Prediction(guess), "right")
        for case, guess in zip(suite.cases, ("SELECT 2", "SELECT 1"), strict=True)
    ]
    gold = replace(graded[0].case, golds=("SELECT nothing FROM city",))
    golds = [grade.gold_of(case, towns) for case in suite.cases]
    found = testsuite.graded_on(towns, [replace(graded[0], case=gold), graded[1]], golds, 3)
    assert [entry.variant for entry in found] == [None, -1]
    numbers = report.summary(suite, found, "sqlite")
    assert (numbers["test_suite_accuracy"], numbers["untried_on_variants"]) == (1.0, 1)


def test_an_optional_column_is_optional_on_variants_too(towns: Database, tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    golds = ["SELECT id, name, area FROM shop", "SELECT name, area + 1 AS id FROM shop"]
    entry = {"sql": golds, "optional": ["id"]}
    path.write_text("".join(json.dumps({"question": name, **entry}) + "\n" for name in "abc"))
    suite = cases.load(str(path))
    answers = {"a": "SELECT area, name FROM shop", "b": "SELECT name FROM shop", "c": "SELECT name, 7.5 * id FROM shop"}
    found = run.evaluate(suite, predict.FromCallable(answers.get), Databases(suite, [towns.path]), variants=5)
    assert [entry.outcome for entry in found] == ["right"] * 3
    assert [entry.variant == -1 for entry in found] == [True, True, False]


EVERYTHING = """
CREATE SCHEMA extra;
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE TABLE thing (id INTEGER PRIMARY KEY, u UUID, b BLOB, l INTEGER[], s STRUCT(a INTEGER, b VARCHAR), m MAP(VARCHAR, INTEGER),
  h HUGEINT, d DECIMAL(5, 2), ts TIMESTAMP, tz TIMESTAMPTZ, tm TIME, iv INTERVAL, e mood, bo BOOLEAN, f FLOAT, bits BIT, j JSON,
  un UBIGINT);
INSERT INTO thing SELECT i, uuid(), 'ab'::BLOB, [i, 2], {'a': i, 'b': 'x'}, MAP {'k': i},
  170141183460469231731687303715884105727, i % 600 * 1.5, TIMESTAMP '2024-01-01 10:00:00', TIMESTAMPTZ '2024-01-01 10:00:00+02',
  TIME '10:00', INTERVAL 3 MONTH, 'fine', i % 2 = 0, 1.5, '101'::BIT, '{"a": 1}', 18446744073709551615 FROM range(1, 3000) r(i);
CREATE TABLE extra.part (id INTEGER, thing_id INTEGER);
INSERT INTO extra.part SELECT i, i FROM range(1, 9) r(i);
CREATE VIEW small AS SELECT id, d FROM thing;
CREATE VIEW extra.dear AS SELECT * FROM small;
"""


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """DuckDB's types, a schema of its own, and a view that needs another."""
    path = tmp_path_factory.mktemp("things") / "things.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(EVERYTHING)
    with Database(path, row_limit=None) as database:
        yield database


def test_variants_hold_every_type_of_duckdb_its_schemas_and_its_views(things: Database) -> None:
    golds = ["SELECT id FROM thing WHERE e = 'sad' OR d > 900 OR j LIKE 'x%'"]
    found = source.read(things, golds)
    columns = [column.name for column in things.schema.tables[0].columns]
    filled: set[str] = set()
    for database in (*variants.variants(found, 6), *referee.databases(found, 20)):
        filled |= {name for name in columns if rows(database, f"SELECT {name} FROM thing WHERE {name} IS NOT NULL")}
        rows(database, "SELECT count(*) FROM extra.part JOIN extra.dear ON thing_id = dear.id")
        database.close()
    assert filled == set(columns)


def test_what_does_not_fit_a_column_is_no_null(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "tight.duckdb")) as connection:
        connection.execute("CREATE TYPE mood AS ENUM ('sad', 'fine'); CREATE TABLE t (e mood NOT NULL, d DECIMAL(3, 1) NOT NULL)")
        connection.execute("INSERT INTO t SELECT 'sad', i FROM range(40) r(i)")
    with Database(tmp_path / "tight.duckdb") as database:
        found = source.read(database, ["SELECT e FROM t WHERE e LIKE 'f%' OR d > 500"])
    for variant in (*variants.variants(found, 12), *referee.databases(found, 4)):
        assert rows(variant, "SELECT 1 FROM t WHERE e IS NULL OR d IS NULL") == []


def test_variants_hold_sqlites_odd_tables(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "odd.sqlite") as connection:
        connection.executescript(
            """
            CREATE TABLE a (id INTEGER PRIMARY KEY, price REAL CHECK (price > 0), tax REAL GENERATED ALWAYS AS (price / 5));
            CREATE TABLE "b c" (code TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
            CREATE VIEW dear AS SELECT * FROM cheap;
            CREATE VIEW cheap AS SELECT * FROM a WHERE price < 9;
            """
        )
        connection.executemany("INSERT INTO a (id, price) VALUES (?, ?)", [(i, i * 1.5) for i in range(1, 9)])
        connection.executemany('INSERT INTO "b c" VALUES (?, ?)', [(f"k{i}", i) for i in range(4000)])
    with Database(tmp_path / "odd.sqlite", dialect="sqlite") as database:
        found = source.read(database, [])
    assert {table.place: (bool(table.rows), table.total) for table in found.tables} == {'"a"': (True, 8), '"b c"': (True, 4000)}
    for variant in variants.variants(found, 6):
        assert rows(variant, "SELECT count(*) FROM dear") and rows(variant, 'SELECT max(n), max(code) FROM "b c"')


def test_a_gold_that_depends_on_the_order_of_rows_or_on_chance_is_found(towns: Database) -> None:
    golds = [
        "SELECT country, name FROM city GROUP BY country",  # whichever row comes first
        "SELECT name FROM city WHERE id IN (SELECT id FROM city ORDER BY country LIMIT 1)",  # ties inside
        "SELECT random()",
        "SELECT group_concat(name) FROM city",
        "SELECT name FROM city LIMIT 2",  # any two are right, and the comparison knows that
        "SELECT name FROM city ORDER BY country",
        "SELECT country, count(*) FROM city GROUP BY country",
    ]
    assert testsuite.unstable(source.read(towns, golds), golds) == golds[:4]


def test_a_suite_with_bad_golds_is_reported_with_their_lines(
    towns: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    golds = ["SELECT 1", "SELECT nothing FROM city", "SELECT id FROM city WHERE id > 99", "SELECT max(id) + random() FROM city"]
    path = tmp_path / "suite.jsonl"
    path.write_text("".join(json.dumps({"question": str(i), "sql": sql}) + "\n" for i, sql in enumerate(golds)))
    words = [str(path), "--db", str(towns.path), "--variants", "1", "--referee", "1"]
    assert selftest.main(words) == 0
    said = capsys.readouterr().out
    assert all(line in said for line in ("fails: lines 2\n", "empty: lines 3\n", "nondeterministic: lines 4\n"))
    assert selftest.main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["golds"] == {"good": 1, "fails": 1, "empty": 1, "nondeterministic": 1}


def test_mutants_change_one_place(read: Source) -> None:
    columns = {table.place.strip('"'): list(table.columns) for table in read.tables}
    kinds = {m.kind for gold in GOLDS for m in mutants(gold, "sqlite", columns)}
    assert kinds >= {
        "dropped condition", "dropped having", "left for inner", "count distinct", "distinct", "order turned",
        "limit off by one", "other aggregate", "other comparison", "or for and", "other column",
    }  # fmt: skip
    sets = [m.sql for m in mutants("SELECT id FROM city EXCEPT SELECT id FROM shop", "sqlite", columns) if "set" in m.kind]
    assert sorted(sets) == [f"SELECT id FROM city {kind} SELECT id FROM shop" for kind in ("INTERSECT", "UNION")]
    texts = [m.sql for m in mutants("SELECT name FROM city WHERE population > 400", "sqlite", columns)]
    assert "SELECT name FROM city WHERE population >= 400" in texts and "SELECT name FROM city" in texts
    assert len(texts) == len(set(texts)) and "SELECT name FROM city WHERE population > 400" not in texts


def test_the_referee_knows_what_means_the_same(read: Source) -> None:
    gold, start = ["SELECT name FROM city WHERE population > 400"], "SELECT name FROM city WHERE"
    pairs = [(gold, f"{start} NOT population <= 400"), (gold, f"{start} population >= 400")]
    same, other = testsuite.differences(referee.databases(read, 60), pairs)
    assert same == (None, 60) and other.differs is not None


def test_variants_catch_nearly_every_mutant_that_means_something_else(towns: Database) -> None:
    counts = Counts()
    measure(towns, GOLDS, counts, variants=10, judges=40, seed=0)
    table = counts.table()
    assert table["different"] >= 25
    assert table["caught_by_variants"] >= 0.95 and table["caught_by_variants"] >= table["caught_by_one_database"]


def test_a_variant_refuses_nothing_but_what_fails(read: Source) -> None:
    database = next(variants.variants(read, 1))
    with pytest.raises(QueryFailed):
        database.run("SELECT nothing FROM city", None)


def test_the_page_shows_every_failure_and_escapes_what_it_shows(towns: Database, tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text('{"question": "<b>which</b>", "sql": "SELECT name FROM city"}\n{"question": "fine", "sql": "SELECT 1"}\n')
    suite = cases.load(str(path))
    found = run.evaluate(suite, predict.FromCallable(lambda question: "SELECT 1"), Databases(suite, [towns.path]))
    text = page.page(report.summary(suite, found, "duckdb"), found)
    assert "&lt;b&gt;which&lt;/b&gt;" in text and "<b>which" not in text
    assert "City 1" in text and text.count("<details>") == 1
    assert not any(word in text for word in ("http", "<script", "src=", "url(", "@import", "<link"))


def test_the_page_and_the_summary_show_calibration_risk_and_what_was_right_by_luck(tmp_path: Path) -> None:
    """Ten answers with confidence 0.9 of which nine are right, ten with 0.3 of which three are; one is right by luck."""
    suite = cases.Suite("tiny", tuple(cases.Case(i, f"question {i}", ("SELECT 1",)) for i in range(1, 21)), tmp_path, "digest")
    found = [
        grade.Graded(case, predict.Prediction("SELECT 1", "", 0.1, 0.9 if number < 10 else 0.3),
                     "right" if number < 9 or number in (10, 11, 12) else "wrong rows", gold_empty=number in (0, 9),
                     variant=4 if number == 3 else -1)
        for number, case in enumerate(suite.cases)
    ]  # fmt: skip
    numbers = report.summary(suite, found, "sqlite")
    assert numbers["reliability"] == [[10, 0.3, 0.3], [10, 0.9, 0.9]] and numbers["calibration_error"] == 0.0
    assert numbers["risk_coverage"][4] == [0.5, 0.1] and numbers["risk_coverage"][-1] == [1.0, 0.4]
    assert (numbers["execution_accuracy"], numbers["test_suite_accuracy"]) == (0.6, 0.55)
    assert (numbers["non_empty_accuracy"], numbers["empty_golds"]) == (0.6111, 2)  # 11 of 18
    text = page.page(numbers, found)
    assert "Calibration (error 0.000)" in text and "10 answers, confidence 0.90, right 0.90" in text
    assert "Risk against coverage" in text and "0.50, 0.100" in text
    assert "Failures (9)" in text and f"{page.BY_LUCK} (1)" in text and "30% sure" in text
    summary = report.markdown(numbers, "nl2sql eval tiny")
    assert "`nl2sql eval tiny`" in summary and "| calibration error | 0.000 |" in summary and "data digest" in summary
