"""The sample database holds what its contract (names, keys, values, stories) promises, and is always the same."""
from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from nl2sql import Assistant, Database
from nl2sql.data import sales
from nl2sql.model import adapters
from nl2sql.model.generate import Scripted

COLUMNS = {
    "regions": "region_id region_name country",
    "stores": "store_id store_name region_id city channel opened_on floor_area_sqm",
    "employees": "employee_id full_name job_title store_id manager_id hired_on salary",
    "customers": "customer_id first_name last_name email segment loyalty_tier city region_id signup_date birth_date",
    "categories": "category_id category_name",
    "suppliers": "supplier_id supplier_name country lead_time_days",
    "products": "product_id product_name category_id supplier_id brand list_price unit_cost launched_on discontinued",
    "promotions": "promotion_id promotion_name discount_percent starts_on ends_on",
    "orders": "order_id customer_id store_id employee_id promotion_id order_date ship_date status payment_method",
    "order_items": "order_item_id order_id product_id quantity unit_price discount amount",
    "returns": "return_id order_item_id return_date reason refund_amount",
    "sales_targets": "store_id quarter_start target_amount",
}
VALUES = {
    "regions.region_name": {"Europe", "North America", "South America", "Asia Pacific", "Middle East & Africa"},
    "stores.channel": {"Retail", "Online", "Outlet"},
    "customers.segment": {"Consumer", "Corporate", "Small Business"},
    "customers.loyalty_tier": {"Bronze", "Silver", "Gold", "Platinum"},
    "categories.category_name": {"Fashion", "Electronics", "Home & Garden", "Sports", "Beauty", "Toys", "Groceries", "Books"},
    "orders.status": {"Completed", "Pending", "Cancelled"},
    "orders.payment_method": {"Card", "Cash", "Invoice", "Wallet"},
}
NULLABLE = {"employees.manager_id", "customers.email", "customers.birth_date", "orders.promotion_id", "orders.ship_date"}
LINES = """order_items JOIN orders USING (order_id) JOIN products USING (product_id) JOIN categories USING (category_id)
           JOIN stores USING (store_id) JOIN customers USING (customer_id)"""
PAST_5_YEARS = "order_date > DATE '2020-12-31' AND order_date <= DATE '2025-12-31'"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sales") / "sales.duckdb"
    sales.build(target)
    return target


@pytest.fixture(scope="module")
def connection(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(file), read_only=True) as opened:
        yield opened


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> object:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def top(connection: duckdb.DuckDBPyConnection, label: str, measure: str, where: str = "true") -> list[object]:
    sql = f"SELECT {label} FROM {LINES} WHERE {where} GROUP BY 1 ORDER BY {measure} DESC"
    return [row[0] for row in connection.execute(sql).fetchall()]


def best_quarter(connection: duckdb.DuckDBPyConnection, measure: str, where: str) -> str:
    return str(top(connection, "date_trunc('quarter', order_date)::DATE", measure, where)[0])


def content_hash(file: Path) -> tuple[object, ...]:
    with duckdb.connect(str(file), read_only=True) as opened:
        return tuple(one(opened, f"SELECT bit_xor(hash({table}::VARCHAR)) FROM {table}") for table in COLUMNS)


def test_two_builds_have_the_same_content(file: Path, tmp_path: Path) -> None:
    sales.build(tmp_path / "again.duckdb")
    assert content_hash(tmp_path / "again.duckdb") == content_hash(file)


def test_it_is_built_in_less_than_ten_seconds(tmp_path: Path) -> None:
    start = time.process_time()
    sales.build(tmp_path / "timed.duckdb")
    assert time.process_time() - start < 10


def test_path_builds_once_in_the_folder_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("nl2sql.data.sales.builder._write", Path.touch)
    first = sales.path()
    written = first.stat().st_mtime_ns
    assert first.parent == tmp_path / "cache"
    assert sales.path() == first and first.stat().st_mtime_ns == written


def test_a_new_version_of_the_builder_does_not_use_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path))
    monkeypatch.setattr("nl2sql.data.sales.builder._write", Path.touch)
    old = sales.path()
    monkeypatch.setattr("nl2sql.data.sales.builder.VERSION", 999)
    assert sales.path() != old and sales.path().exists()


def test_several_processes_may_build_at_once_and_leave_one_file(tmp_path: Path) -> None:
    code = f"from nl2sql.data import sales; sales.build({str(tmp_path / 'shared.duckdb')!r})"
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert [entry.name for entry in tmp_path.iterdir()] == ["shared.duckdb"]


def test_a_failed_build_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nl2sql.data.sales.schema.create_statements", lambda: ["CREATE TABLE broken ("])
    with pytest.raises(duckdb.Error):
        sales.build(tmp_path / "broken.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_tables_and_columns_are_those_of_the_contract(connection: duckdb.DuckDBPyConnection) -> None:
    names = "string_agg(column_name, ' ' ORDER BY column_index)"
    found = connection.execute(f"SELECT table_name, {names} FROM duckdb_columns() WHERE NOT internal GROUP BY 1")
    assert dict(found.fetchall()) == COLUMNS


@pytest.mark.parametrize("column", VALUES)
def test_values_are_those_of_the_contract(connection: duckdb.DuckDBPyConnection, column: str) -> None:
    table, name = column.split(".")
    assert {row[0] for row in connection.execute(f"SELECT DISTINCT {name} FROM {table}").fetchall()} == VALUES[column]


def test_every_table_and_column_has_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    assert one(connection, "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''") == 0
    assert one(connection, "SELECT count(*) FROM duckdb_tables() WHERE NOT internal AND coalesce(comment, '') = ''") == 0


def test_every_table_has_a_primary_key_and_every_reference_is_declared(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT table_name, constraint_column_names[1] FROM duckdb_constraints() WHERE constraint_type = '{}'"
    assert {row[0] for row in connection.execute(sql.format("PRIMARY KEY")).fetchall()} == set(COLUMNS)
    references = {(table, column) for table, columns in COLUMNS.items() for column in columns.split()[1:] if column[-3:] == "_id"}
    references |= {("sales_targets", "store_id")}
    assert set(connection.execute(sql.format("FOREIGN KEY")).fetchall()) == references


def test_only_the_columns_that_the_contract_names_hold_nulls(connection: duckdb.DuckDBPyConnection) -> None:
    pairs = [(table, column) for table, columns in COLUMNS.items() for column in columns.split()]
    assert {f"{t}.{c}" for t, c in pairs if one(connection, f"SELECT count(*) FROM {t} WHERE {c} IS NULL")} == NULLABLE


@pytest.mark.parametrize("thing", ["region", "store", "product", "promotion"])
def test_names_are_unique(connection: duckdb.DuckDBPyConnection, thing: str) -> None:
    assert one(connection, f"SELECT count(*) = count(DISTINCT {thing}_name) FROM {thing}s")


def test_sizes_are_about_60_000_orders_and_180_000_lines(connection: duckdb.DuckDBPyConnection) -> None:
    assert one(connection, "SELECT count(*) FROM orders") == 60_000
    assert one(connection, "SELECT abs(count(*) - 180000) < 5000 FROM order_items")


def test_orders_run_from_2019_to_the_end_of_2025_and_no_date_is_later(connection: duckdb.DuckDBPyConnection) -> None:
    assert str(one(connection, "SELECT min(order_date) FROM orders")) == "2019-01-01"
    dates = connection.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'DATE'").fetchall()
    latest = [one(connection, f"SELECT max({column}) FROM {table}") for table, column in dates]
    assert str(max(latest)) == "2025-12-31"  # type: ignore[type-var]
    assert str(one(connection, "SELECT max(order_date) FROM orders")) == "2025-12-31"


def test_amount_is_quantity_times_price_less_discount_in_whole_cents(connection: duckdb.DuckDBPyConnection) -> None:
    wrong = "amount <> round(quantity * unit_price * (1 - discount), 2)"
    assert one(connection, f"SELECT count(*) FROM order_items WHERE {wrong}") == 0
    assert one(connection, "SELECT min(discount) >= 0 AND max(discount) < 1 AND min(quantity) > 0 FROM order_items")


@pytest.mark.parametrize("impossible", [
    "orders JOIN customers USING (customer_id) WHERE order_date < signup_date",
    "orders JOIN stores USING (store_id) WHERE order_date < opened_on",
    "orders JOIN employees USING (employee_id) WHERE order_date < hired_on OR employees.store_id <> orders.store_id",
    "orders JOIN promotions USING (promotion_id) WHERE order_date NOT BETWEEN starts_on AND ends_on",
    "orders WHERE ship_date < order_date OR (status = 'Completed') <> (ship_date IS NOT NULL AND status <> 'Cancelled')",
    f"{LINES} WHERE order_date < launched_on",
    "returns JOIN order_items USING (order_item_id) WHERE refund_amount > amount",
    "returns JOIN order_items USING (order_item_id) JOIN orders USING (order_id) WHERE return_date <= ship_date",
    "sales_targets JOIN stores USING (store_id) WHERE quarter_start < opened_on",
    "sales_targets WHERE quarter_start <> date_trunc('quarter', quarter_start)",
    "employees AS e JOIN employees AS m ON e.manager_id = m.employee_id WHERE e.employee_id <= m.employee_id",
])
def test_nothing_impossible_happens(connection: duckdb.DuckDBPyConnection, impossible: str) -> None:
    assert one(connection, f"SELECT count(*) FROM {impossible}") == 0


def test_the_best_fashion_quarter_of_the_past_5_years_is_no_near_miss(connection: duckdb.DuckDBPyConnection) -> None:
    fashion = f"category_name = 'Fashion' AND {PAST_5_YEARS}"
    right = best_quarter(connection, "sum(amount)", fashion)
    misses = {
        "2025-10-01",  # the latest fourth quarter
        best_quarter(connection, "sum(amount)", "category_name = 'Fashion'"),
        best_quarter(connection, "sum(amount)", PAST_5_YEARS),
        best_quarter(connection, "sum(quantity)", fashion),
        best_quarter(connection, "count(*)", fashion),
        best_quarter(connection, "count(DISTINCT order_id)", fashion),
    }
    others = VALUES["categories.category_name"] - {"Fashion"}
    misses |= {best_quarter(connection, "sum(amount)", f"category_name = '{other}' AND {PAST_5_YEARS}") for other in others}
    assert right == "2023-10-01" and right not in misses


def test_fashion_peaks_in_the_fourth_quarter_and_garden_in_the_second(connection: duckdb.DuckDBPyConnection) -> None:
    assert top(connection, "quarter(order_date)", "sum(amount)", "category_name = 'Fashion'")[0] == 4
    assert top(connection, "quarter(order_date)", "sum(amount)", "category_name = 'Home & Garden'")[0] == 2


def test_sales_grow(connection: duckdb.DuckDBPyConnection) -> None:
    first, last = (one(connection, f"SELECT sum(amount) FROM {LINES} WHERE year(order_date) = {year}") for year in (2019, 2025))
    assert last > 1.5 * float(first)  # type: ignore[arg-type, operator]


@pytest.mark.parametrize("label, measure, other", [
    ("category_name", "sum(amount)", "sum(quantity)"),
    ("category_name", "sum(amount)", "sum(amount - quantity * unit_cost)"),
    ("category_name", "sum(amount)", "count(*)"),
    ("category_name", "sum(quantity)", "count(*)"),
    ("store_name", "sum(amount)", "sum(quantity)"),
    ("store_name", "sum(amount)", "count(DISTINCT order_id)"),
    ("loyalty_tier", "sum(amount)", "count(DISTINCT order_id)"),
    ("loyalty_tier", "sum(amount)", "sum(quantity)"),
])
def test_measures_rank_differently(connection: duckdb.DuckDBPyConnection, label: str, measure: str, other: str) -> None:
    assert top(connection, label, measure)[:5] != top(connection, label, other)[:5]


def test_about_a_third_of_the_stores_sold_more_than_two_million(connection: duckdb.DuckDBPyConnection) -> None:
    rich = one(connection, f"SELECT count(*) FROM (SELECT store_id FROM {LINES} GROUP BY 1 HAVING sum(amount) > 2000000)")
    assert 0.25 < rich / one(connection, "SELECT count(*) FROM stores") < 0.42  # type: ignore[operator]


@pytest.mark.parametrize("some, most", [
    ("products WHERE product_id NOT IN (SELECT product_id FROM order_items)", 20),
    ("customers WHERE customer_id NOT IN (SELECT customer_id FROM orders)", 200),
    ("customers WHERE email IS NULL", 100),
    ("employees WHERE manager_id IS NULL", 30),
    ("promotions WHERE promotion_id NOT IN (SELECT promotion_id FROM orders WHERE promotion_id IS NOT NULL)", 5),
    ("suppliers WHERE supplier_id NOT IN (SELECT supplier_id FROM products)", 5),
    ("stores WHERE opened_on < DATE '2015-01-01'", 20),
    ("products WHERE discontinued", 80),
])
def test_a_few_are_exceptions(connection: duckdb.DuckDBPyConnection, some: str, most: int) -> None:
    assert 0 < one(connection, f"SELECT count(*) FROM {some}") <= most  # type: ignore[operator]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size there")
def test_a_full_disk_is_an_error_of_the_system_and_leaves_nothing_behind(tmp_path: Path) -> None:
    code = """
import resource, sys
from pathlib import Path
from nl2sql.data import sales
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
try:
    sales.build(Path(sys.argv[1]) / "sales.duckdb")
except OSError as error:
    print(error.filename)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(str(tmp_path)) and done.stdout.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == []


def test_the_questions_that_are_suggested_for_it_run_and_fit_a_small_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NL2SQL_DATA", str(tmp_path))
    shipped = adapters.SHIPPED / "sales" / "questions.jsonl"
    suggested = [json.loads(line) for line in shipped.read_text(encoding="utf-8").splitlines()]
    assert len(suggested) >= 100 and shipped.stat().st_size < 100_000
    with Database(file) as database, Assistant(database, generator=Scripted({})) as assistant:
        assert set(assistant.memory.examples(6)) <= {row["question"] for row in suggested}
        assert all(assistant.run_sql(row["sql"]).rows for row in suggested[::10])
