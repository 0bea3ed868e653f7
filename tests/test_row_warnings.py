"""What rows tell: values that don't exist, what left no row, ties at a limit, periods that aren't whole, NULLs, truncation."""
from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import pytest
from engine_shop import make
from fixture_lines import pairs

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.records import Query, Result
from nl2sql.sql.row_warnings import warn_of_rows
from nl2sql.sql.validate import validate
from nl2sql.sql.warnings import warn

PAIRS = pairs()
LONG = 60.0  # seconds: what is told must not depend on how busy the machine is
SHOP = """
    CREATE TABLE shops (shop_id INTEGER, city VARCHAR, opened DATE);
    INSERT INTO shops VALUES (1, 'São Paulo', '2024-01-01'), (2, 'Köln', '2024-02-10'), (3, 'L''Aquila', '2024-05-01');
    CREATE TABLE visits AS
        SELECT i AS visit_id, CASE WHEN i % 50 > 0 THEN 1 + i % 3 END AS shop_id, DATE '2024-01-10' + (i % 150)::INTEGER AS day
        FROM range(3000) AS t(i);
    CREATE TABLE many AS SELECT 'name ' || i AS name, i AS size FROM range(5000) AS t(i);
"""


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with Database(sales.path()) as opened:
        yield opened


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with Database(make(tmp_path_factory.mktemp("shop") / "shop.duckdb", SHOP)) as opened:
        yield opened


def told(sql: str, database: Database, *, as_of: dt.date | None = None, seconds: float = LONG) -> tuple[str, ...]:
    def run(text: str, limit: float | None) -> tuple[Query, Result]:
        query = validate(text, database.schema)
        return query, database.run(query, time_limit=limit)

    query, result = run(sql, LONG)
    day = as_of or database.as_of
    return warn_of_rows(query, result, database.schema, run, values=database.values, as_of=day, seconds=seconds)


def test_there_are_at_least_40_pairs() -> None:
    assert len({pair.misleading for pair in PAIRS}) >= 40
    assert len({pair.sound for pair in PAIRS}) >= 40


def test_every_misleading_query_is_warned_of(database: Database) -> None:
    silent = [
        pair.about for pair in PAIRS
        if not warn(validate(pair.misleading, database.schema), database.schema)
        and not told(pair.misleading, database, as_of=pair.as_of)
    ]  # fmt: skip
    assert not silent


def test_no_sound_query_is_warned_of(database: Database) -> None:
    assert not [(pair.about, texts) for pair in PAIRS if (texts := told(pair.sound, database, as_of=pair.as_of))]


@pytest.mark.parametrize("sql, sentence", [
    ("SELECT COUNT(*) FROM shops WHERE city = 'Koln'", "No city is 'Koln'; the nearest is 'Köln'."),
    ("SELECT COUNT(*) FROM shops WHERE city = 'x'", "No city is 'x'; there are 'Köln', 'L'Aquila' and 'São Paulo'."),
    ("SELECT COUNT(*) FROM many WHERE name = 'name'", "No name is 'name'; the nearest are 'name 0', 'name 1' and 'name 2'."),
    ("SELECT COUNT(*) FROM many WHERE name = 'something else'", "No name is 'something else'."),
    ("SELECT name FROM many WHERE size = 7000", "No size is 7000; the nearest is 4999."),
    ("SELECT city FROM shops WHERE opened = DATE '2024-03-01'",
     "No opened is 2024-03-01; the nearest are 2024-02-10 and 2024-05-01."),
])  # fmt: skip
def test_a_value_that_is_not_there_is_named_with_the_nearest(sql: str, sentence: str, shop: Database) -> None:
    assert told(sql, shop) == (sentence,)


def test_a_value_of_another_table_is_looked_for_in_the_column_s_own(shop: Database) -> None:
    assert told("WITH s AS (SELECT city AS place FROM shops) SELECT COUNT(*) FROM s WHERE place = 'Paris'", shop)
    assert not told("WITH s AS (SELECT city AS place FROM shops) SELECT COUNT(*) FROM s WHERE place = 'Köln'", shop)


def test_a_total_of_zero_over_rows_is_no_empty_answer(shop: Database) -> None:
    assert not told("SELECT SUM(size * 0) FROM many", shop)
    assert told("SELECT SUM(size) FROM many WHERE size < 0", shop)


def test_a_row_with_nothing_but_null_is_a_row(shop: Database) -> None:
    assert not told("SELECT shop_id FROM visits WHERE visit_id = 50", shop)


def test_where_no_condition_is_to_blame_alone_it_says_so(shop: Database) -> None:
    (text,) = told("SELECT city FROM shops WHERE shop_id > 5 AND opened > DATE '2024-12-31'", shop)
    assert text.startswith("No row fits, and no single condition is why")


def test_a_join_is_no_condition_that_is_dropped(shop: Database) -> None:
    (text,) = told("SELECT city FROM shops JOIN many ON size = shop_id WHERE size > 3", shop)
    assert text == "No row fits the condition that size is more than 3; without it there are some."


def test_rows_that_tie_within_the_limit_are_no_tie_at_the_cut(shop: Database) -> None:
    assert not told("SELECT name FROM many ORDER BY size // 2 LIMIT 2", shop)
    assert told("SELECT name FROM many ORDER BY size // 2 LIMIT 3", shop)


def test_equal_rows_may_stand_for_each_other(shop: Database) -> None:
    assert not told("SELECT shop_id FROM visits ORDER BY shop_id LIMIT 5", shop)


def test_a_column_with_a_date_now_and_then_has_no_end(shop: Database) -> None:
    assert not told("SELECT year(opened), COUNT(*) FROM shops GROUP BY 1", shop, as_of=dt.date(2026, 1, 1))


def test_data_that_end_early_are_told_by_their_longest_silence(shop: Database) -> None:
    texts = told("SELECT date_trunc('month', day) AS m, COUNT(*) FROM visits GROUP BY 1", shop, as_of=dt.date(2024, 9, 1))
    assert texts == (
        "January 2024 is not whole: only days from 2024-01-10 on count (day).",
        "June 2024 is not whole: only days up to 2024-06-07 count (day).",
    )


def test_a_period_that_the_rows_do_not_show_is_not_spoken_of(shop: Database) -> None:
    best = "SELECT date_trunc('month', day) AS m, COUNT(*) FROM visits GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    assert not any("January" in text or "June" in text for text in told(best, shop))
    assert any("June" in text for text in told(best.replace("DESC", ""), shop))


def test_a_condition_on_dates_that_is_not_understood_stops_the_rule(shop: Database) -> None:
    assert not told("SELECT year(day) AS y, COUNT(*) FROM visits WHERE month(day) IN (2, 3) GROUP BY 1", shop)


def test_nulls_in_a_list_are_found_where_nothing_is_declared(shop: Database) -> None:
    with_nulls = told("SELECT city FROM shops WHERE shop_id NOT IN (SELECT shop_id FROM visits)", shop)
    without = told("SELECT name FROM many WHERE size NOT IN (SELECT shop_id FROM shops)", shop)
    assert any("NOT IN" in text for text in with_nulls) and not any("NOT IN" in text for text in without)


def test_rows_that_were_not_fetched_are_told(shop: Database) -> None:
    query = validate("SELECT name FROM many", shop.schema)
    result = shop.run(query, row_limit=10)
    (text,) = warn_of_rows(query, result, shop.schema, lambda sql, limit: (query, result))
    assert text == "There are more rows; only the first 10 were fetched."


def test_all_questions_about_an_answer_end_within_their_time(shop: Database) -> None:
    asked: list[float] = []

    def slow(sql: str, limit: float) -> tuple[Query, Result]:
        asked.append(limit)
        time.sleep(min(limit, 0.1))
        return Query(sql), Result((), (), ())

    query = validate("SELECT name FROM many WHERE name IN ('a', 'b', 'c', 'd', 'e', 'f', 'g') ORDER BY size LIMIT 1", shop.schema)
    start = time.perf_counter()
    warn_of_rows(query, Result(("name",), ("VARCHAR",), ()), shop.schema, slow, seconds=0.3)
    assert time.perf_counter() - start < 0.3 + 2
    assert 1 <= len(asked) <= 4 and all(limit <= 0.3 for limit in asked)
