"""A small library shop that the tests of the synthesis ask about: events, lines, people, plans, flags, years and NULLs."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import cache

import duckdb
from intent_drafts import drafts, said_again

from nl2sql.context.linking import ValueIndex
from nl2sql.data.synthesis import synthesize
from nl2sql.data.synthesis.world import World
from nl2sql.records import Column, Example, ForeignKey, Kind, Schema, Table, Values

AS_OF = dt.date(2024, 8, 15)
TABLES = {
    "shops": "shop_id INTEGER PRIMARY KEY, shop_name VARCHAR, city VARCHAR, opened_on DATE, floor_area INTEGER",
    "staff": (
        "staff_id INTEGER PRIMARY KEY, full_name VARCHAR, job_title VARCHAR, shop_id INTEGER, manager_id INTEGER, salary DOUBLE"
    ),
    "readers": (
        "reader_id INTEGER PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, tier VARCHAR, birth_date DATE, email VARCHAR"
    ),
    "genres": "genre_id INTEGER PRIMARY KEY, genre_name VARCHAR",
    "books": (
        "book_id INTEGER PRIMARY KEY, title VARCHAR, genre_id INTEGER, price DOUBLE, unit_cost DOUBLE, out_of_print "
        "BOOLEAN, published_year INTEGER"
    ),
    "orders": "order_id INTEGER PRIMARY KEY, reader_id INTEGER, shop_id INTEGER, order_date DATE, ship_date DATE, status VARCHAR",
    "order_items": (
        "order_item_id INTEGER PRIMARY KEY, order_id INTEGER, book_id INTEGER, quantity INTEGER, unit_price DOUBLE, "
        "discount DOUBLE, amount DOUBLE"
    ),
    "returns": "return_id INTEGER PRIMARY KEY, order_item_id INTEGER, return_date DATE, refund_amount DOUBLE",
    "sales_targets": "shop_id INTEGER, quarter_start DATE, target_amount DOUBLE",  # both together are its key
}
KEYS = {
    ("staff", "shop_id"): "shops",
    ("staff", "manager_id"): "staff",
    ("books", "genre_id"): "genres",
    ("orders", "reader_id"): "readers",
    ("orders", "shop_id"): "shops",
    ("order_items", "order_id"): "orders",
    ("order_items", "book_id"): "books",
    ("returns", "order_item_id"): "order_items",
    ("sales_targets", "shop_id"): "shops",
}
KINDS: dict[str, Kind] = {"INTEGER": "number", "DOUBLE": "number", "VARCHAR": "text", "DATE": "date", "BOOLEAN": "boolean"}
NULLABLE = {"manager_id", "email", "ship_date", "birth_date"}


@cache
def shop() -> duckdb.DuckDBPyConnection:
    """The filled database, in memory."""
    connection = duckdb.connect()
    for name, columns in TABLES.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")
    rng = random.Random(1)

    def day(first: dt.date, days: int) -> dt.date:
        return first + dt.timedelta(days=rng.randrange(days))

    def fill(name: str, rows: list[tuple[object, ...]]) -> None:
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    cities, tiers, states = ("Oslo", "Lima", "Perth"), ("Basic", "Silver", "Gold"), ("Completed", "Pending", "Cancelled")
    fill(
        "shops",
        [
            (i, f"Shop {w}", cities[i % 3], day(dt.date(2015, 1, 1), 2000), 100 + 37 * i)
            for i, w in enumerate(("North", "Quay", "Market", "Hill", "Park"))
        ],
    )
    people = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn")
    fill(
        "staff",
        [
            (i, f"{people[i % 6]} Moss{i}", ("Clerk", "Manager")[i % 2], i % 5, None if i < 2 else i % 2, 2000.0 + 150 * i)
            for i in range(14)
        ],
    )
    fill(
        "readers",
        [
            (i, people[i % 6], f"Lund{i}", tiers[i % 3], day(dt.date(1950, 1, 1), 18000), None if i % 5 == 0 else f"r{i}@x.org")
            for i in range(40)
        ],
    )
    fill("genres", [(i, g) for i, g in enumerate(("Crime", "Poetry", "History", "Travel"))])
    fill(
        "books",
        [
            (i, f"The {a} {b}", i % 4, 5.0 + i, 3.0 + i / 2, i % 7 == 0, 1990 + i)
            for i, (a, b) in enumerate((a, b) for a in ("Red", "Lost", "Last") for b in ("Door", "Sea", "Map", "Song"))
        ],
    )
    orders = [(i, rng.randrange(36), rng.randrange(5), day(dt.date(2019, 1, 1), 2050)) for i in range(600)]
    fill(
        "orders",
        [(*o, None if rng.random() < 0.1 else o[3] + dt.timedelta(days=rng.randrange(1, 9)), rng.choice(states)) for o in orders],
    )
    fill(
        "order_items",
        [
            (i, rng.randrange(600), rng.randrange(11), n, p, d, round(n * p * (1 - d), 2))
            for i, n, p, d in ((i, rng.randrange(1, 5), round(rng.uniform(2, 30), 2), i % 4 / 10) for i in range(1500))
        ],
    )
    starts = [dt.date(2019 + i // 4, 1 + i % 4 * 3, 1) for i in range(20)]
    fill("sales_targets", [(shop, start, 300.0 + 40 * shop + rng.randrange(400)) for shop in range(5) for start in starts])
    fill("returns", [(i, i * 7, day(dt.date(2019, 2, 1), 2000), round(rng.uniform(5, 60), 2)) for i in range(150)])
    return connection


@cache
def described() -> tuple[Schema, Values]:
    """Schema and values, as an engine would tell them."""
    tables: list[Table] = []
    values: dict[int, list[str]] = {}
    place: dict[tuple[str, str], int] = {}
    for name, text in TABLES.items():
        columns = []
        for part in text.split(", "):
            column, type_, *rest = part.split(" ")
            found = [
                row[0]
                for row in shop()
                .execute(f"SELECT DISTINCT {column} FROM {name} WHERE {column} IS NOT NULL ORDER BY 1")
                .fetchall()
            ]
            place[name, column] = index = len(place)
            if type_ == "VARCHAR":
                values[index] = found
            samples = tuple(found[:: max(1, len(found) // 3)])
            columns.append(
                Column(
                    column,
                    type_,
                    KINDS[type_],
                    column.replace("_", " "),
                    samples=samples,
                    primary_key=bool(rest) or name == "sales_targets" and column != "target_amount",
                    unique=bool(rest),
                    nullable=column in NULLABLE,
                    distinct=len(found),
                )
            )
        tables.append(Table(name, tuple(columns), name.replace("_", " ")))
    first = {name: place[name, text.split(" ")[0]] for name, text in TABLES.items()}
    keys = tuple(ForeignKey(place[source], first[target]) for source, target in KEYS.items())
    return Schema(tuple(tables), keys, "shop"), values


def world() -> World:
    """It as the synthesis sees it, with the ranges of its dates."""
    made = World(*described(), AS_OF)
    made.learn_ranges(lambda sql: shop().execute(sql).fetchall())
    return made


@cache
def examples() -> list[Example]:
    """Nine hundred questions about it, each of which ran."""
    return list(synthesize(*described(), as_of=AS_OF, n=900, seed=7, run=lambda sql: shop().execute(sql).fetchmany(100)))


def rows(sql: str | None) -> list[str]:
    """The rows in an order of their own; of a cut list the last figure alone, since equals may change places."""
    found = [row[-1:] if "LIMIT" in (sql or "") else row for row in shop().execute(sql or "").fetchall()]
    return sorted(str([round(cell, 6) if isinstance(cell, float) else cell for cell in row]) for row in found)


def all_rows(sql: str | None) -> list[str]:
    """The whole rows, in an order of their own."""
    return sorted(map(repr, shop().execute(sql or "").fetchall()))


def assert_said_again(
    world: World, intent: str, *, count: int = 25, most_lost: int = 3, read: Callable[[str | None], list[str]] = rows
) -> None:
    """So many drafts of a kind return what is ``read`` after symbols too; few are lost to a slip of the pen."""
    index, made = ValueIndex(world.schema, world.values), list(drafts(world, intent, count))
    assert len(made) == count
    back = [said_again(draft, world.schema, index, AS_OF) for draft in made]
    assert back.count(None) <= most_lost
    for draft, sql in zip(made, back, strict=True):
        assert sql is None or read(sql) == read(draft.sql), draft
