"""What the engine knows of a database: tables, keys, kinds, samples, values, the date that questions count from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from nl2sql.engine.database import Database
from nl2sql.engine.description import resolve_as_of
from nl2sql.engine.profile import Latest
from nl2sql.names import humanize, kind_of, without_prefixes
from nl2sql.records import Column, Schema, Table


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))


def opened(folder: Path, script: str) -> Database:
    path = folder / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(script)
    return Database(path)


def table(schema: Schema, name: str) -> Table:
    return next(table for table in schema.tables if table.name == name)


def column(schema: Schema, table_name: str, name: str) -> Column:
    return next(column for column in table(schema, table_name).columns if column.name == name)


def keys(schema: Schema) -> dict[tuple[str, str], bool]:
    def full(index: int) -> str:
        return f"{schema.tables[schema.owner[index]].name}.{schema.columns[index].name}"

    return {(full(key.source), full(key.target)): key.inferred for key in schema.foreign_keys}


# Names -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("orderDate", "order date"),
        ("ORDER_DT", "order date"),
        ("HTTPServer", "http server"),
        ("qty2", "quantity 2"),
        ("größe", "größe"),
    ],
)
def test_a_name_is_read_as_words(name: str, words: str) -> None:
    assert humanize(name) == words


@pytest.mark.parametrize(("table", "columns", "words"), [
    ("sup_ticket", ["tkt_id", "tkt_subject", "tkt_agt_id"], ["id", "subject", "agt id"]),
    ("person", ["pDob", "pName", "pCity"], ["date of birth", "name", "city"]),
    ("pln", ["pln_id", "pln_name", "pln_price"], ["pln id", "pln name", "pln price"]),  # the table's own name
    ("emp", ["emp_id", "emp_name", "mgr_id"], ["employee id", "employee name", "manager id"]),  # not all
    ("t", ["sub", "sub_x", "sub_y"], ["sub", "sub x", "sub y"]),  # one would lose its name
    ("t", ["ab_x", "ab_y"], ["ab x", "ab y"]),  # two may share it by chance
    ("t", ["start_a", "start_b", "start_c"], ["start a", "start b", "start c"]),  # a word
])  # fmt: skip
def test_a_prefix_that_all_columns_share_says_nothing(table: str, columns: list[str], words: list[str]) -> None:
    made = Table(table, tuple(Column(name, "TEXT", "text", humanize(name)) for name in columns))
    assert [column.words for column in without_prefixes([made])[0].columns] == words


@pytest.mark.parametrize(("tables", "words"), [
    (["crm_account", "crm_contact", "bil_invoice", "bil_plan"], ["account", "contact", "invoice", "plan"]),
    (["dim_store", "dim_product", "fact_sales"], ["dim store", "dim product", "fact sales"]),  # one for each two at most
    (["tbl_store", "tbl_sale"], ["store", "sale"]),
    (["car_makers", "car_names", "countries"], ["car makers", "car names", "countries"]),
    (["crm_plan", "crm_item", "bil_plan", "bil_item"], ["crm plan", "crm item", "bil plan", "bil item"]),  # would be the same
])  # fmt: skip
def test_prefixes_that_sort_all_tables_say_nothing(tables: list[str], words: list[str]) -> None:
    assert [table.words for table in without_prefixes([Table(name, ()) for name in tables])] == words


@pytest.mark.parametrize(
    ("type_text", "kind"),
    [
        ("DECIMAL(10,2)", "number"),
        ("HUGEINT", "number"),
        ("VARCHAR(20)", "text"),
        ("ENUM('a', 'b')", "text"),
        ("DATE", "date"),
        ("TIMESTAMP WITH TIME ZONE", "date"),
        ("BOOLEAN", "boolean"),
        ("VARCHAR[]", "other"),
        ("STRUCT(a INTEGER)", "other"),
        ("MAP(VARCHAR, INTEGER)", "other"),
        ("BLOB", "other"),
        ("INTERVAL", "other"),
        ("", "text"),
        ("double precision", "number"),
    ],
)
def test_a_type_has_a_kind(type_text: str, kind: str) -> None:
    assert kind_of(type_text) == kind


# Tables ----------------------------------------------------------------------------------------------------------------------


def test_tables_and_views_of_all_schemas_are_known_with_comments(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        """CREATE TABLE sale (sale_id INTEGER PRIMARY KEY, amount DECIMAL(9, 2) NOT NULL); CREATE SCHEMA hr;
        CREATE TABLE hr.person ("full name" VARCHAR); COMMENT ON TABLE hr.person IS 'staff';
        COMMENT ON COLUMN sale.amount IS 'euros';
        CREATE VIEW total AS SELECT sum(amount) AS total FROM sale""",
    ) as database:
        assert [(t.schema, t.name, t.is_view) for t in database.schema.tables] == [
            ("", "sale", False),
            ("", "total", True),
            ("hr", "person", False),
        ]
        assert table(database.schema, "person").comment == "staff"
        amount = column(database.schema, "sale", "amount")
        assert (amount.type, amount.kind, amount.comment, amount.nullable) == ("DECIMAL(9,2)", "number", "euros", False)
        assert column(database.schema, "person", "full name").words == "full name"
        assert database.schema.name == "x"


def test_declared_keys_are_known(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        """CREATE TABLE a (x INTEGER PRIMARY KEY, code VARCHAR UNIQUE);
        CREATE TABLE b (y INTEGER, z INTEGER REFERENCES a, PRIMARY KEY (y, z))""",
    ) as database:
        assert keys(database.schema) == {("b.z", "a.x"): False}
        assert [c.name for c in database.schema.columns if c.primary_key] == ["x", "y", "z"]
        assert [c.name for c in database.schema.columns if c.unique] == ["x", "code"]


def test_rows_distinct_values_and_samples_are_known(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        """CREATE TABLE t AS SELECT i, ['red', 'blue', 'blue'][1 + i % 3] AS colour, DATE '2020-01-01' + i::INT AS day
        FROM range(90) AS r(i)""",
    ) as database:
        assert table(database.schema, "t").rows == 90
        assert [c.distinct for c in database.schema.columns] == [90, 2, 90]
        assert column(database.schema, "t", "colour").samples == ("blue", "red")
        assert column(database.schema, "t", "day").samples[0] == dt.date(2020, 1, 1)


# Values ----------------------------------------------------------------------------------------------------------------------


def test_text_values_are_kept_for_linking(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        """CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE t (a VARCHAR, m mood, n INTEGER);
        INSERT INTO t VALUES ('Ünï', 'sad', 1)""",
    ) as database:
        assert database.values == {0: ("Ünï",), 1: ("sad",)}


def test_long_empty_and_too_many_texts_are_not_kept(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        """CREATE TABLE t AS SELECT 'v' || i AS many, repeat('x', 61) AS long, '' AS empty, NULL::VARCHAR AS nothing,
        'k' || i % 7 AS few
        FROM range(30000) AS r(i)""",
    ) as database:
        assert {database.schema.columns[i].name: len(texts) for i, texts in database.values.items()} == {"few": 7}


def test_names_and_cells_that_look_like_sql_are_only_names_and_cells(tmp_path: Path) -> None:
    odd = 'a"; DROP TABLE t; --'
    with opened(tmp_path, f"""CREATE TABLE "{odd.replace('"', '""')}" ("sel{{}}ect" VARCHAR, "{odd.replace('"', '""')}" VARCHAR);
        INSERT INTO "{odd.replace('"', '""')}" VALUES ('<script>', '''; DROP TABLE x')""") as database:  # fmt: skip
        assert [c.name for c in database.schema.columns] == ["sel{}ect", odd]
        assert database.values == {0: ("<script>",), 1: ("'; DROP TABLE x",)}


def test_nested_types_are_of_another_kind_and_do_no_harm(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        """CREATE TABLE t AS
        SELECT {'a': 1} AS s, [1, 2] AS l, MAP {'k': 1} AS m, 'x'::BLOB AS b, uuid() AS u, TIME '10:00' AS h""",
    ) as database:
        assert [c.kind for c in database.schema.columns] == ["other", "other", "other", "other", "text", "other"]
        assert column(database.schema, "t", "l").samples == ([1, 2],)


def test_a_large_table_is_described_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT i, 'name ' || i AS name, 'k' || i % 5 AS kind FROM range(2000000) AS r(i)")
    with Database(path, memory_limit=200 * 2**20) as database:
        assert (table(database.schema, "t").rows, len(database.values[2])) == (2_000_000, 5)
        assert abs((column(database.schema, "t", "i").distinct or 0) - 2_000_000) < 300_000


# Foreign keys that nobody declared -------------------------------------------------------------------------------------------


UNDECLARED = """
    CREATE TABLE customers AS SELECT i AS id, 'c' || i AS name FROM range(1, 50) AS r(i);
    CREATE TABLE products AS SELECT i AS product_id, i % 5 AS rating, 'sku' || i AS sku FROM range(1, 30) AS r(i);
    CREATE TABLE orders AS SELECT i AS id, 1 + i % 49 AS customer_id, 1 + i % 29 AS product_id, 1 + i % 20 AS billing_customer_id,
        'sku' || 1 + i % 9 AS sku, CASE WHEN i > 9 THEN i // 2 END AS parent_id, 900 + i AS courier_id FROM range(1, 200) AS r(i);
    CREATE TABLE couriers AS SELECT i AS courier_id FROM range(1, 9) AS r(i);
"""


def test_foreign_keys_are_inferred_by_name_and_values(tmp_path: Path) -> None:
    with opened(tmp_path, UNDECLARED) as database:
        found = keys(database.schema)
        assert found == {
            ("orders.customer_id", "customers.id"): True,
            ("orders.product_id", "products.product_id"): True,
            ("orders.billing_customer_id", "customers.id"): True,
            ("orders.parent_id", "orders.id"): True,
        }


def test_a_primary_key_is_inferred_where_none_is_declared(tmp_path: Path) -> None:
    with opened(tmp_path, UNDECLARED) as database:
        assert [c.name for c in database.schema.columns if c.primary_key] == ["courier_id", "id", "id", "product_id"]


def test_a_table_that_declares_keys_gets_no_other(tmp_path: Path) -> None:
    with opened(
        tmp_path,
        """CREATE TABLE a (a_id INTEGER PRIMARY KEY); CREATE TABLE b (b_id INTEGER PRIMARY KEY);
        CREATE TABLE c (a_id INTEGER REFERENCES a, b_id INTEGER)""",
    ) as database:
        assert keys(database.schema) == {("c.a_id", "a.a_id"): False}


# The date that questions count from ------------------------------------------------------------------------------------------


def test_as_of_is_the_latest_date_of_old_data(tmp_path: Path) -> None:
    with opened(tmp_path, "CREATE TABLE t AS SELECT DATE '2020-05-06' AS a, TIMESTAMP '2021-03-04 10:00:00' AS b") as database:
        assert (database.as_of, database.as_of_reason) == (dt.date(2021, 3, 4), "the latest date in the data")


def test_as_of_is_today_for_data_that_reach_to_this_month(tmp_path: Path) -> None:
    with opened(tmp_path, "CREATE TABLE t AS SELECT (today() - 31)::DATE AS a") as database:
        assert database.as_of == dt.date.today() and database.as_of_reason.startswith("today")


def test_dates_in_the_future_do_not_count(tmp_path: Path) -> None:
    with opened(
        tmp_path, "CREATE TABLE t AS SELECT unnest([DATE '2019-01-01', DATE '9999-12-31', 'infinity'::DATE]) AS a"
    ) as database:
        assert database.as_of == dt.date(2019, 1, 1)


def test_a_given_as_of_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT DATE '2020-05-06' AS a")
    with Database(path, as_of=dt.date(2022, 2, 2)) as database:
        assert (database.as_of, database.as_of_reason) == (dt.date(2022, 2, 2), "given")


def test_without_dates_as_of_is_today() -> None:
    today = dt.date(2026, 1, 1)
    assert resolve_as_of(None, Latest(today, None, False), today) == (today, "today, as the data have no dates")
