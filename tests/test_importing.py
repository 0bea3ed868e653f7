"""Other files than DuckDB's become one cached DuckDB file, with sensible types and the keys that were declared."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from nl2sql.engine.database import Database
from nl2sql.errors import BadDatabase
from nl2sql.records import Query


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def types(database: Database) -> dict[str, dict[str, str]]:
    return {table.name: {column.name: column.type for column in table.columns} for table in database.schema.tables}


def rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    return list(database.run(Query(sql)).rows)


def text_file(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


# CSV -------------------------------------------------------------------------------------------------------------------------


def test_a_csv_file_gets_types_from_its_values(tmp_path: Path) -> None:
    path = text_file(
        tmp_path / "my sales.csv", "id,name,zip,price,day,at,paid", "1,Ann,01234,2.50,2024-02-29,2024-01-01 10:00:00,true",
        "2,,99999,3,2024-03-01,2024-01-02,false", '3,"a, b",,,,,',
    )  # fmt: skip
    with Database(path) as database:
        assert types(database) == {
            "my_sales": {
                "id": "BIGINT",
                "name": "VARCHAR",
                "zip": "VARCHAR",
                "price": "DOUBLE",
                "day": "DATE",
                "at": "TIMESTAMP",
                "paid": "BOOLEAN",
            }
        }
        assert rows(database, "SELECT * FROM my_sales WHERE id = 1") == [
            (1, "Ann", "01234", 2.5, dt.date(2024, 2, 29), dt.datetime(2024, 1, 1, 10), True)
        ]
        assert rows(database, "SELECT name, price FROM my_sales WHERE id = 3") == [("a, b", None)]
        assert database.path.suffix == ".duckdb" and database.schema.name == "my sales"


@pytest.mark.parametrize(
    ("first", "second"), [("31/12/2024", "01/02/2024"), ("12/31/2024", "02/01/2024"), ("31.12.2024", "01.02.2024")]
)
def test_dates_of_other_countries_are_read(tmp_path: Path, first: str, second: str) -> None:
    with Database(text_file(tmp_path / "x.csv", "day;n", f"{first};1", f"{second};2")) as database:
        assert rows(database, "SELECT day FROM x ORDER BY 1") == [(dt.date(2024, 2, 1),), (dt.date(2024, 12, 31),)]


def test_a_csv_file_in_an_older_encoding_is_read(tmp_path: Path) -> None:
    with Database(text_file(tmp_path / "x.csv", "ort,n", "Köln,1", encoding="latin-1")) as database:
        assert rows(database, "SELECT ort FROM x") == [("Köln",)]


def test_an_import_is_made_once_and_anew_when_the_file_changes(tmp_path: Path, cache: Path) -> None:
    path = text_file(tmp_path / "x.csv", "a", "1")
    with Database(path) as first, Database(path) as second:
        assert first.path == second.path
    text_file(path, "a", "1", "2")
    with Database(path) as third:
        assert rows(third, "SELECT count(*) FROM x") == [(2,)]
        assert [entry.name for entry in (cache / "imports").iterdir()] == [third.path.name]


def test_several_files_make_one_database_whose_tables_join(tmp_path: Path) -> None:
    customers = text_file(tmp_path / "customers.csv", "id,name", "1,Ann", "2,Bob")
    orders = tmp_path / "orders.parquet"
    duckdb.execute(f"COPY (SELECT i AS order_id, 1 + i % 2 AS customer_id FROM range(9) AS t(i)) TO '{orders}'")
    with Database([customers, orders]) as database:
        assert set(types(database)) == {"customers", "orders"}
        assert [key.inferred for key in database.schema.foreign_keys] == [True]
        assert rows(database, "SELECT name, count(*) FROM orders JOIN customers ON id = customer_id GROUP BY 1 ORDER BY 1") == [
            ("Ann", 5),
            ("Bob", 4),
        ]


def test_files_of_one_name_get_tables_of_two(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with Database([text_file(tmp_path / "x.csv", "a", "1"), text_file(tmp_path / "b" / "X.csv", "a", "2")]) as database:
        assert set(types(database)) == {"x", "X_2"}


def test_a_reader_opens_no_other_file(tmp_path: Path) -> None:
    text_file(tmp_path / "secret.csv", "a", "1")
    odd = text_file(tmp_path / "*.csv", "b", "2")
    with Database(odd) as database:
        assert [list(columns) for columns in types(database).values()] == [["b"]]


# SQLite ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.executescript("""
            CREATE TABLE city (code TEXT PRIMARY KEY, name TEXT NOT NULL, founded TEXT, size INT);
            CREATE TABLE "order" (id INTEGER PRIMARY KEY, city TEXT REFERENCES city(code), at DATETIME, total DECIMAL(9, 2),
                                  paid BOOLEAN, note, parent INTEGER REFERENCES "order"(id), photo BLOB);
            INSERT INTO city VALUES ('01', 'Lyon', '1850-01-02', 5), ('02', 'Turin', '', NULL);
            INSERT INTO "order" VALUES (1, '01', '2024-01-01 10:00:00', 2.5, 1, 'x', NULL, x'00'),
                                       (2, '09', NULL, 3, 0, 7, 1, NULL);
            CREATE VIEW paid AS SELECT id, total FROM "order" WHERE paid;
            CREATE TABLE bare (n INTEGER, d DATE, t TEXT);
        """)
    return path


def test_a_sqlite_file_gets_the_types_of_its_values(shop: Path) -> None:
    with Database(shop) as database:
        assert types(database) == {
            "city": {"code": "VARCHAR", "name": "VARCHAR", "founded": "DATE", "size": "BIGINT"},
            "order": {
                "id": "BIGINT",
                "city": "VARCHAR",
                "at": "TIMESTAMP",
                "total": "DECIMAL(9,2)",
                "paid": "BOOLEAN",
                "note": "VARCHAR",
                "parent": "BIGINT",
                "photo": "BLOB",
            },
            "paid": {"id": "BIGINT", "total": "DECIMAL(9,2)"},
            "bare": {"n": "BIGINT", "d": "DATE", "t": "VARCHAR"},
        }
        assert rows(database, 'SELECT note, photo, paid FROM "order" ORDER BY id') == [("x", b"\0", True), ("7", None, False)]


def test_keys_that_sqlite_declares_are_kept_even_where_the_data_break_them(shop: Path) -> None:
    with Database(shop) as database:
        schema = database.schema
        names = {
            (schema.columns[key.source].name, schema.columns[key.target].name) for key in schema.foreign_keys if not key.inferred
        }
        assert names == {("city", "code"), ("parent", "id")}
        assert [
            column.name for table in schema.tables for column in table.columns if column.primary_key and table.name != "paid"
        ] == ["code", "id"]


def test_an_import_leaves_the_source_as_it_was(shop: Path) -> None:
    before = shop.read_bytes(), sorted(os.listdir(shop.parent))
    Database(shop).close()
    assert (shop.read_bytes(), [name for name in sorted(os.listdir(shop.parent)) if name != "cache"]) == before


def test_a_sqlite_file_with_an_open_write_ahead_log_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    writer = sqlite3.connect(path)
    writer.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t (a INT); INSERT INTO t VALUES (1)")
    with Database(path) as database:
        assert rows(database, "SELECT * FROM t") == [(1,)]
    writer.close()


# Excel -----------------------------------------------------------------------------------------------------------------------


def test_an_excel_file_becomes_a_table_for_each_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales 2024"
    for line in (
        [],
        ["Day", "Amount", "Amount", None, "Ok"],
        [dt.datetime(2024, 1, 1), 1, 1.5, "x", True],
        [dt.datetime(2024, 1, 2), 2, "#N/A", 3, False],
    ):
        sheet.append(line)
    book.create_sheet("empty")
    book.create_sheet("Staff").append(["name"])
    book.save(tmp_path / "x.xlsx")
    with Database(tmp_path / "x.xlsx") as database:
        assert types(database) == {
            "Sales_2024": {"Day": "DATE", "Amount": "BIGINT", "Amount_2": "DOUBLE", "column_4": "VARCHAR", "Ok": "BOOLEAN"},
            "Staff": {"name": "VARCHAR"},
        }
        assert rows(database, "SELECT * FROM Sales_2024") == [
            (dt.date(2024, 1, 1), 1, 1.5, "x", True),
            (dt.date(2024, 1, 2), 2, None, "3", False),
        ]


# What is wrong ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "x.xlsx"])
@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2\3" * 500, b"PK\3\4 broken", b"PAR1 broken PAR1"], ids=["empty", "binary", "zip", "parquet"]
)
def test_a_damaged_file_is_refused_with_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadDatabase) as caught:
        Database(tmp_path / name)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_of_unknown_kind_among_others_is_refused(tmp_path: Path) -> None:
    good, other = text_file(tmp_path / "x.csv", "a", "1"), text_file(tmp_path / "x.json", "{}")
    with pytest.raises(BadDatabase, match="x.json"):
        Database([good, other])


def test_a_duckdb_file_is_opened_alone(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "x.duckdb")).close()
    with pytest.raises(BadDatabase, match="alone"):
        Database([tmp_path / "x.duckdb", text_file(tmp_path / "x.csv", "a", "1")])


def test_a_sqlite_file_that_is_being_written_is_said_to_be_in_use(shop: Path) -> None:
    writer = sqlite3.connect(shop)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BadDatabase, match="in use"):
        Database(shop)
    writer.close()


def test_a_sqlite_file_without_tables_has_nothing_to_ask(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.executescript("CREATE TABLE t (a); DROP TABLE t")
    with pytest.raises(BadDatabase, match="no tables"):
        Database(tmp_path / "x.db")


def test_an_import_works_where_the_cache_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", "/proc/none")
    with Database(text_file(tmp_path / "x.csv", "a", "1")) as database:
        assert rows(database, "SELECT a FROM x") == [(1,)]
