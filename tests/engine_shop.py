"""The small database that the tests of the engine ask, and how they ask it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

from nl2sql.engine.database import Database
from nl2sql.records import Query, Result

SHOP = """
    CREATE TABLE city (city_id INTEGER PRIMARY KEY, city_name VARCHAR UNIQUE, opened DATE);
    CREATE TABLE orders (order_id INTEGER PRIMARY KEY, city_id INTEGER REFERENCES city, "order date" TIMESTAMP,
                         amount DECIMAL(9, 2));
    COMMENT ON TABLE orders IS 'what was bought';
    COMMENT ON COLUMN orders.amount IS 'in euros';
    INSERT INTO city VALUES (1, 'Lyon', '2001-05-06'), (2, 'Turin', NULL);
    INSERT INTO orders SELECT i, 1 + i % 2, TIMESTAMP '2020-01-01' + INTERVAL 1 HOUR * i, i / 4 FROM range(5000) AS t(i);
    CREATE VIEW big AS SELECT * FROM orders WHERE amount > 1000;
"""
SLOW = "SELECT count(*) FROM range(100000000000) AS t(i) WHERE hash(i) % 2 = 1"
# A scalar function, which DuckDB itself can't stop: ``levenshtein`` of two texts takes the product of their lengths.
UNSTOPPABLE = "SELECT levenshtein(repeat('ab', 150000), repeat('ba', 150000))"


T = TypeVar("T")
_FOREVER = 240.0  # seconds, of which none that ends takes a tenth


def ends(call: Callable[[], T]) -> T:
    """What a call returns or raises. One that hangs, as nothing stops it any more, fails its test and holds up no other."""
    returned: list[T] = []
    raised: list[BaseException] = []

    def keep() -> None:
        try:
            returned.append(call())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    thread.join(_FOREVER)
    if raised:
        raise raised[0]
    assert returned, "nothing ended the call"
    return returned[0]


def make(path: Path, script: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute(script)
    return path


def run(database: Database, sql: str, *, time_limit: float | None = None) -> Result:
    return database.run(Query(sql, dialect=database.dialect), time_limit=time_limit)
