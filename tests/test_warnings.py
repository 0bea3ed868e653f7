"""Misleading SQL is warned of, sound SQL is not."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from fixture_lines import pairs, queries

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.records import Column, ForeignKey, Schema, Table
from nl2sql.sql.validate import validate
from nl2sql.sql.warnings import warn

PAIRS = pairs()


def number(name: str, primary_key: bool = False, nullable: bool = True) -> Column:
    return Column(name, "INTEGER", "number", primary_key=primary_key, nullable=nullable)


SHOP = Schema(
    (
        Table("shops", (number("shop_id", primary_key=True, nullable=False), Column("city", nullable=False), number("area"))),
        Table("sales", (number("sale_id", primary_key=True), number("shop_id"), number("amount"))),
        Table("notes", (number("shop_id"), Column("text"))),
    ),
    (ForeignKey(4, 0), ForeignKey(6, 0)),
)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with Database(sales.path()) as opened:
        yield opened


def test_no_sound_query_is_warned_of(database: Database) -> None:
    assert not [pair.about for pair in PAIRS if warn(validate(pair.sound, database.schema), database.schema)]


def test_forty_of_the_misleading_queries_show_in_the_sql_alone(database: Database) -> None:
    assert sum(bool(warn(validate(pair.misleading, database.schema), database.schema)) for pair in PAIRS) >= 40


def test_good_analytical_queries_are_not_warned_of(database: Database) -> None:
    """But for those whose LIMIT or DISTINCT ON has no order: which rows they show is left to chance."""
    for sql in queries("good.sql"):
        found = warn(validate(sql, database.schema), database.schema)
        chance = ("LIMIT" in sql or "DISTINCT ON" in sql) and all("without an order" in warning for warning in found)
        assert not found or chance, (sql, found)


def warned(sql: str) -> tuple[str, ...]:
    return warn(validate(sql, SHOP), SHOP)


def test_the_warning_names_the_rows_and_the_join_that_repeats_them() -> None:
    (text,) = warned("SELECT SUM(area) FROM shops JOIN sales USING (shop_id)")
    assert text == "The join with sales repeats rows of shops, so the total area counts some of them more than once."


def test_smallest_largest_and_distinct_don_t_mind_repeated_rows() -> None:
    assert not warned("SELECT MAX(area), MIN(area), COUNT(DISTINCT shops.shop_id) FROM shops JOIN sales USING (shop_id)")


def test_counts_of_rows_without_a_match_say_where_the_one_comes_from() -> None:
    (text,) = warned("SELECT city, COUNT(*) FROM shops LEFT JOIN sales USING (shop_id) GROUP BY city")
    assert text == "Those of shops that have no sales count as 1 too: counted by a column of sales they would be 0."
    assert not warned("SELECT city, COUNT(*) FROM shops JOIN sales USING (shop_id) GROUP BY city")
    assert not warned("SELECT COUNT(*) FROM sales LEFT JOIN shops USING (shop_id)")
    assert not warned("SELECT COUNT(*) FROM shops LEFT JOIN sales USING (shop_id) WHERE sale_id IS NULL")


def test_a_column_is_followed_through_queries_that_read_one_another_twice() -> None:
    chain = ", ".join(f"q{i} AS (SELECT a + a AS a, a AS b FROM q{i - 1})" for i in range(1, 8))
    first = "q0 AS (SELECT area AS a FROM shops JOIN sales USING (shop_id))"
    assert warned(f"WITH {first}, {chain} SELECT SUM(a * a) FROM q7")


def test_a_product_of_both_sides_is_no_fan_out() -> None:
    assert not warned("SELECT SUM(amount / area) FROM shops JOIN sales USING (shop_id)")


def test_a_table_without_a_known_key_is_not_accused() -> None:
    assert not warned("SELECT SUM(area) FROM shops JOIN notes USING (shop_id)")


def test_joins_written_in_where_count_too() -> None:
    assert warned("SELECT SUM(area) FROM shops, sales WHERE shops.shop_id = sales.shop_id")
    assert not warned("SELECT SUM(amount) FROM shops, sales WHERE shops.shop_id = sales.shop_id")


def test_a_natural_join_is_a_join() -> None:
    assert warned("SELECT SUM(area) FROM shops NATURAL JOIN sales")
    assert not warned("SELECT SUM(amount) FROM sales NATURAL JOIN shops")


def test_rows_repeated_in_a_with_query_are_found() -> None:
    assert warned("WITH x AS (SELECT city, SUM(area) AS a FROM shops JOIN sales USING (shop_id) GROUP BY city) SELECT * FROM x")


def test_semi_and_anti_joins_repeat_nothing() -> None:
    assert not warned("SELECT SUM(area) FROM shops SEMI JOIN sales USING (shop_id)")


def test_a_limit_of_one_aggregated_row_needs_no_order() -> None:
    assert not warned("SELECT COUNT(*) FROM sales LIMIT 1")
    assert warned("SELECT city FROM shops LIMIT 1")


def test_columns_of_a_database_that_declares_no_nulls_are_not_suspected() -> None:
    bare = Schema((Table("a", (number("x"),)), Table("b", (number("y"),))))
    assert not warn(validate("SELECT x FROM a WHERE x NOT IN (SELECT y FROM b)", bare), bare)
    assert warned("SELECT sale_id FROM sales WHERE amount NOT IN (SELECT area FROM shops)")


def test_a_null_in_a_list_that_something_must_not_be_in_finds_nothing() -> None:
    assert warned("SELECT sale_id FROM sales WHERE amount NOT IN (1, NULL)")
    assert not warned("SELECT sale_id FROM sales WHERE amount NOT IN (1, 2)")
