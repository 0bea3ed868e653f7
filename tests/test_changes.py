"""Assumptions turned round: the button does what it says, and its SQL passes the same rules and runs."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.records import Result
from nl2sql.sql.changes import changes
from nl2sql.sql.validate import validate

BY_REGION = (
    "SELECT r.region_name, SUM(i.amount) AS total FROM regions AS r JOIN stores AS s ON r.region_id = s.region_id "
    "JOIN orders AS o ON s.store_id = o.store_id JOIN order_items AS i ON o.order_id = i.order_id GROUP BY r.region_name "
    "ORDER BY r.region_name"
)


@pytest.fixture(scope="module")
def shop() -> Iterator[Database]:
    with Database(sales.path()) as database:
        yield database


def changed(shop: Database, sql: str) -> dict[str, str]:
    return {change.label: change.sql for change in changes(validate(sql, shop.schema), shop.schema)}


def rows(shop: Database, sql: str) -> Result:
    return shop.run(validate(sql, shop.schema))


def test_cancelled_orders_can_be_left_out(shop: Database) -> None:
    sql = changed(shop, "SELECT COUNT(*) FROM orders")["Leave out cancelled orders"]
    assert rows(shop, sql).rows == rows(shop, "SELECT COUNT(*) FROM orders WHERE status <> 'Cancelled'").rows


def test_cancelled_orders_can_be_left_out_of_lines_alone(shop: Database) -> None:
    sql = changed(shop, "SELECT SUM(amount) FROM order_items")["Leave out cancelled orders"]
    expected = "SELECT SUM(i.amount) FROM order_items AS i JOIN orders AS o USING (order_id) WHERE o.status <> 'Cancelled'"
    assert rows(shop, sql).rows == rows(shop, expected).rows


def test_the_other_date_of_a_table_can_be_taken(shop: Database) -> None:
    sql = changed(shop, "SELECT COUNT(*) FROM orders WHERE order_date >= DATE '2025-12-01'")["By ship date instead"]
    assert rows(shop, sql).rows == rows(shop, "SELECT COUNT(*) FROM orders WHERE ship_date >= DATE '2025-12-01'").rows


def test_the_customers_region_can_be_taken_instead_of_the_stores(shop: Database) -> None:
    sql = changed(shop, BY_REGION)["The customer's region instead"]
    expected = (
        "SELECT r.region_name, SUM(i.amount) FROM order_items AS i JOIN orders AS o USING (order_id) "
        "JOIN customers AS c USING (customer_id) JOIN regions AS r ON c.region_id = r.region_id GROUP BY 1 ORDER BY 1"
    )
    assert rows(shop, sql).rows == rows(shop, expected).rows


def test_a_query_that_names_the_status_offers_no_change_of_it(shop: Database) -> None:
    assert not [label for label in changed(shop, "SELECT COUNT(*) FROM orders WHERE status = 'Pending'") if "orders" in label]


def test_a_list_without_figures_offers_no_change(shop: Database) -> None:
    assert not changed(shop, "SELECT store_name FROM stores")
