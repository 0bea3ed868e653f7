"""The sentence says what the SQL computes; the assumptions say what it takes for granted."""
from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import pytest
from fixture_lines import queries

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.records import Column, Query, Schema, Table
from nl2sql.sql.changes import changes
from nl2sql.sql.days import span
from nl2sql.sql.explain import assumptions, explain
from nl2sql.sql.validate import validate
from nl2sql.sql.warnings import warn

DAY = dt.date(2025, 12, 31)
LINES = "order_items oi JOIN orders o ON o.order_id = oi.order_id"


@pytest.fixture(scope="module")
def schema() -> Iterator[Schema]:
    with Database(sales.path()) as database:
        yield database.schema


def said(sql: str, schema: Schema) -> str:
    return explain(validate(sql, schema), schema)


def assumed(sql: str, schema: Schema) -> tuple[str, ...]:
    return assumptions(validate(sql, schema), schema, DAY)


@pytest.mark.parametrize("sql, sentence", [
    ("SELECT COUNT(*) FROM customers", "Number of customers."),
    ("SELECT first_name, last_name FROM customers WHERE email IS NULL",
     "First name and last name of customers where email is missing."),
    ("SELECT AVG(salary) FROM employees WHERE job_title = 'Cashier'",
     "Average salary (yearly salary of the employee) where job title is 'Cashier'."),
    (f"SELECT SUM(oi.amount) FROM {LINES} WHERE o.order_date >= DATE '2024-01-01' AND o.order_date < DATE '2025-01-01'",
     "Total amount (revenue of the line) where order date is in 2024."),
    ("SELECT status, COUNT(*) FROM orders GROUP BY status ORDER BY COUNT(*) DESC LIMIT 1",
     "Number of orders per status, ordered by number of orders (highest first), only the first row, over all dates."),
    ("SELECT p.product_name FROM products p WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.product_id = p.product_id)",
     "Product name of products where there are no matching order items."),
    ("SELECT product_name FROM products LEFT JOIN order_items USING (product_id) WHERE order_item_id IS NULL",
     "Product name of products where there is no matching order item."),
    ("SELECT MIN(order_date), MAX(quantity) FROM orders JOIN order_items USING (order_id) WHERE order_date > DATE '2025-06-30'",
     "Earliest order date (day the order was placed) and highest quantity (number of units sold on the line) "
     "where order date is on or after 2025-07-01."),
    ("SELECT store_name FROM stores WHERE city LIKE 'B%' OR channel IN ('Online', 'Outlet') ORDER BY opened_on LIMIT 3",
     "Store name of stores where store's city starts with 'B' or channel is 'Online' or 'Outlet', "
     "ordered by opened on (earliest first), only the first 3 rows."),
])  # fmt: skip
def test_the_sentence_says_measure_grouping_filters_order_and_limit(sql: str, sentence: str, schema: Schema) -> None:
    assert said(sql, schema) == sentence


def test_groups_are_named_by_their_label_not_their_key(schema: Schema) -> None:
    sql = f"SELECT s.store_id, s.store_name, SUM(oi.amount) FROM {LINES} JOIN stores s USING (store_id) GROUP BY ALL"
    assert "per store name" in said(sql, schema)
    assert "store id" not in said(sql, schema)


def test_a_relative_window_is_said_with_its_days(schema: Schema) -> None:
    where = "o.order_date > DATE '2025-12-31' - INTERVAL 5 YEAR AND o.order_date <= DATE '2025-12-31'"
    assert "order date is from 2021 to 2025" in said(f"SELECT SUM(oi.amount) FROM {LINES} WHERE {where}", schema)


def test_figures_of_dated_rows_without_a_date_say_so(schema: Schema) -> None:
    assert said("SELECT SUM(amount) FROM order_items", schema).endswith("over all dates.")
    assert "over all dates" not in said("SELECT AVG(salary) FROM employees", schema)
    assert "over all dates" not in said("SELECT COUNT(*) FROM orders WHERE year(order_date) = 2024", schema)


def test_shares_and_running_totals_have_words(schema: Schema) -> None:
    share = "SELECT status, COUNT(*) / SUM(COUNT(*)) OVER () AS share FROM orders GROUP BY status"
    assert "share (number of orders divided by number of orders over all rows) per status" in said(share, schema).lower()
    running = "SELECT order_date, SUM(COUNT(*)) OVER (ORDER BY order_date) AS running FROM orders GROUP BY order_date"
    assert "by order date (earliest first)" in said(running, schema)


def test_formulas_that_comments_define_go_by_their_name(schema: Schema) -> None:
    sql = "SELECT SUM(oi.amount - (oi.quantity * p.unit_cost)) FROM order_items oi JOIN products p USING (product_id)"
    assert said(sql, schema) == "Total profit, over all dates."


def test_the_instances_of_a_self_join_are_told_apart(schema: Schema) -> None:
    sql = "SELECT e.full_name FROM employees e JOIN employees m ON m.employee_id = e.manager_id WHERE m.full_name = 'Laura Kim'"
    assert said(sql, schema) == "Full name of employees where manager's full name is 'Laura Kim'."
    both = "SELECT e.full_name, m.full_name AS manager FROM employees e JOIN employees m ON m.employee_id = e.manager_id"
    assert said(both, schema) == "Full name and manager's full name of employees."


def test_an_inner_query_is_told_once(schema: Schema) -> None:
    sql = "WITH yearly AS (SELECT year(order_date) AS year, COUNT(*) AS n FROM orders GROUP BY 1) " \
          "SELECT a.year FROM yearly a JOIN yearly b ON b.year = a.year - 1 WHERE a.n > b.n"  # fmt: skip
    assert said(sql, schema).count("from (") == 1


def test_every_good_query_has_one_sentence_and_assumptions(schema: Schema) -> None:
    for sql in queries("good.sql"):
        text = said(sql, schema)
        assert text[0].isupper() or not text[0].isalpha()
        assert text.endswith((".", "…"))
        assert "\n" not in text
        assert all(assumption and assumption == assumption.strip() for assumption in assumed(sql, schema))


def test_odd_names_and_strings_end_in_one_line(schema: Schema) -> None:
    odd = Schema((Table("t\nx", (Column("a\u202e'b\n", words="a b"), Column("<script>"))),))
    text = explain(Query('SELECT "a\u202e\'b\n", COUNT(*) FROM "t\nx" WHERE "<script>" = \'line\nbreak\' GROUP BY 1'), odd)
    assert "\n" not in text
    long = Schema((Table("t", (Column("x" * 10_000),)),))
    assert len(explain(Query(f'SELECT {"x" * 10_000} FROM t'), long)) < 1_000


@pytest.mark.parametrize("start, end, words", [
    ((2024, 1, 1), (2024, 12, 31), "in 2024"),
    ((2024, 7, 1), (2024, 9, 30), "in Q3 2024"),
    ((2024, 2, 1), (2024, 2, 29), "in February 2024"),
    ((2021, 1, 1), (2025, 12, 31), "from 2021 to 2025"),
    ((2024, 3, 1), (2024, 6, 30), "from 2024-03-01 to 2024-06-30"),
    ((2024, 3, 5), (2024, 3, 5), "on 2024-03-05"),
    ((2024, 3, 5), None, "on or after 2024-03-05"),
    (None, (2024, 3, 5), "on or before 2024-03-05"),
])  # fmt: skip
def test_days_are_said_as_the_calendar_names_them(start: tuple[int, ...] | None, end: tuple[int, ...] | None, words: str) -> None:
    assert span(dt.date(*start) if start else None, dt.date(*end) if end else None) == words


def test_an_open_status_is_assumed_to_count(schema: Schema) -> None:
    text = assumed(f"SELECT SUM(oi.amount) FROM {LINES}", schema)[0]
    assert text.startswith("orders of every status are included (")
    assert all(value in text for value in ("Completed", "Pending", "Cancelled"))
    assert not any("status" in text for text in assumed("SELECT COUNT(*) FROM orders WHERE status = 'Completed'", schema))


def test_order_lines_alone_still_belong_to_orders_of_every_status(schema: Schema) -> None:
    assert any("every status" in text for text in assumed("SELECT SUM(amount) FROM order_items", schema))


def test_the_region_that_was_taken_is_named(schema: Schema) -> None:
    joins = f"{LINES} JOIN stores s USING (store_id) JOIN regions r USING (region_id)"
    by_store = f"SELECT r.region_name, SUM(oi.amount) FROM {joins} GROUP BY 1"
    assert "the region is the store's, not the customer's" in assumed(by_store, schema)
    by_customer = by_store.replace("JOIN stores s USING (store_id)", "JOIN customers s USING (customer_id)")
    assert "the region is the customer's, not the store's" in assumed(by_customer, schema)


def test_the_date_that_was_taken_is_named(schema: Schema) -> None:
    sql = "SELECT COUNT(*) FROM orders WHERE order_date >= DATE '2025-01-01'"
    assert "dates are by order date, not by ship date" in assumed(sql, schema)


def test_rows_without_a_value_are_left_out_of_averages(schema: Schema) -> None:
    assert "orders without a promotion id are left out of the average" in assumed("SELECT AVG(promotion_id) FROM orders", schema)
    assert not any("left out" in text for text in assumed("SELECT AVG(salary) FROM employees", schema))


def test_rows_without_a_partner_are_left_out_of_inner_joins(schema: Schema) -> None:
    sql = "SELECT promotion_name, COUNT(*) FROM orders JOIN promotions USING (promotion_id) GROUP BY 1"
    assert "orders without a promotion are left out" in assumed(sql, schema)
    assert not any("left out" in text for text in assumed(sql.replace("JOIN", "LEFT JOIN"), schema))
    managers = "SELECT e.full_name, m.full_name FROM employees e JOIN employees m ON m.employee_id = e.manager_id"
    assert "employees without a manager are left out" in assumed(managers, schema)


def test_the_computer_s_own_date_is_told(schema: Schema) -> None:
    assert any("today is the date of this computer" in text for text in assumed("SELECT current_date", schema))


@pytest.mark.parametrize("step, source", [("s * s AS s", "{0}"), ("x.*, y.*", "{0} x, {0} y")])
def test_a_chain_of_queries_that_doubles_is_told_without_doubling_the_work(step: str, source: str, schema: Schema) -> None:
    """Each of 40 WITH queries reads the one before it twice: there are 2**40 ways back to the first."""
    links = [f"c{i} AS (SELECT {step} FROM {source.format(f'c{i - 1}')})" for i in range(1, 40)]
    query = validate(f"WITH {', '.join(['c0 AS (SELECT COUNT(*) AS s FROM orders)', *links])} SELECT SUM(s) FROM c39", schema)
    start = time.process_time()
    assert len(explain(query, schema)) < 1000
    assert not warn(query, schema) and assumptions(query, schema, DAY) and changes(query, schema)
    assert time.process_time() - start < 5


def test_rows_have_their_plural_and_the_schema_where_two_tables_share_a_name() -> None:
    people = [Table("people", (Column("name"), Column(f"c{i}")), schema=place) for i, place in enumerate(("hr", "sales"))]
    two = Schema((*people, Table("child", (Column("age"),)), Table("staff", (Column("role"),))))
    assert said("SELECT COUNT(*) FROM sales.people", two) == "Number of sales people."
    assert said("SELECT COUNT(*) FROM child", two) == "Number of children."
    assert said("SELECT COUNT(*) FROM staff", two) == "Number of staff."
    one = Schema((people[0], Table("children", (Column("name"),))))
    both = "SELECT children.name FROM hr.people AS p, children WHERE children.name <> p.name"
    assert said(both, one) == "Name of children where child's name is not person's name."
    assert said("SELECT COUNT(*) FROM hr.people", one) == "Number of people."
