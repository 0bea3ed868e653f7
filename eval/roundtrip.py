"""What the intermediate representation loses: gold SQL -> symbols -> SQL must return the gold's rows.

    python -m nl2sql.eval.roundtrip --data DIR [--split dev|train|others] [--show 10] [--json]

Slots come from the question and the database alone. Databases whose file is missing can't be executed and are left out; golds
with an empty result say little and are counted apart. The grammar must accept every sequence.
"""
from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.data.sources import spider
from nl2sql.errors import BadInput, QueryFailed
from nl2sql.eval.compare import Row, strict
from nl2sql.eval.databases import SPIDER_DAY
from nl2sql.eval.gold import reference
from nl2sql.records import Context, Example
from nl2sql.sql.grammar import Grammar
from nl2sql.sql.ir import Malformed, Unsupported, from_sql, to_sql

SPLITS = {"dev": "dev", "train": "train_spider", "others": "train_others"}
SECONDS = 10.0


@dataclass(frozen=True)
class Trip:
    """One gold's way. ``outcome``: "same", or what went wrong; ``accepted``: by the grammar, None where there are no symbols."""

    example: Example
    outcome: str
    empty: bool = False
    accepted: bool | None = None
    sql: str = ""


def trips(folder: str | Path, split: str) -> Iterator[Trip]:
    """The trip of each executable example of a split, database by database."""
    return (trip(example, context, connection) for example, context, connection in asked(folder, split))


def asked(folder: str | Path, split: str) -> Iterator[tuple[Example, Context, sqlite3.Connection]]:
    """Each executable example in its context, made from the question and the database alone."""
    schemas, examples = spider.schemas(folder), spider.load(folder, split)
    for database in dict.fromkeys(example.database for example in examples):
        path = spider.database_path(folder, database)
        if path is None:
            continue
        schema = schemas[database]
        index = ValueIndex(schema, spider.values(folder, database, schema))
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", errors="ignore")
            for example in examples:
                if example.database == database:
                    context = build_context(example.question, schema, index, SPIDER_DAY, columns=range(len(schema.columns)))
                    yield example, context, connection


def trip(example: Example, context: Context, connection: sqlite3.Connection) -> Trip:
    assert example.sql is not None

    def run(sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        return execute(connection, sql, row_limit)

    try:
        gold = reference(example.sql, "sqlite", run)
    except QueryFailed as error:
        return Trip(example, f"gold fails: {error}")
    empty, accepted, sql = gold.size == 0, None, ""
    try:
        symbols = from_sql(example.sql, context, "sqlite")
        accepted = Grammar(context, strict=False).accepts(symbols)
        sql = to_sql(symbols, context, "sqlite")
        rows, width = run(sql, gold.size + 1)
        outcome = "same" if strict(gold, rows, width) else "other rows"
    except Unsupported as error:
        outcome = f"unsupported: {error}"
    except Malformed as error:
        outcome = f"malformed: {error}"
    except QueryFailed as error:
        outcome = f"fails: {error}"
    return Trip(example, outcome, empty, accepted, sql)


def execute(connection: sqlite3.Connection, sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
    """Rows and number of columns, within ``SECONDS``; for golds and what the IR makes of them."""
    end = time.monotonic() + SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, 100_000)
    try:
        cursor = connection.execute(sql)
        return cursor.fetchall() if row_limit is None else cursor.fetchmany(row_limit), len(cursor.description)
    except sqlite3.Error as error:
        raise QueryFailed(str(error), sql=sql) from error


def summary(found: Sequence[Trip]) -> dict[str, object]:
    """Counts and shares. Golds that fail by themselves count nowhere but in ``gold_fails``."""
    ran = [trip for trip in found if not trip.outcome.startswith("gold fails")]
    full, empty = [trip for trip in ran if not trip.empty], [trip for trip in ran if trip.empty]
    same = sum(trip.outcome == "same" for trip in full)
    symbols = [trip for trip in ran if trip.accepted is not None]
    return {
        "executable": len(found),
        "gold_fails": len(found) - len(ran),
        "non_empty": len(full),
        "same": same,
        "share": round(same / max(1, len(full)), 4),
        "empty": len(empty),
        "empty_same": sum(trip.outcome == "same" for trip in empty),
        "sequences": len(symbols),
        "accepted": sum(bool(trip.accepted) for trip in symbols),
        "reasons": dict(Counter(trip.outcome for trip in ran if trip.outcome != "same").most_common()),
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.roundtrip", description="Measure what the IR loses.")
    parser.add_argument("--data", required=True, metavar="DIR", help="a folder in Spider's form")
    parser.add_argument("--split", choices=sorted(SPLITS), default="dev")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N losses of each reason")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    try:
        found = list(trips(options.data, SPLITS[options.split]))
    except BadInput as error:
        print(f"roundtrip: {error}", file=sys.stderr)
        return 2
    counts = summary(found)
    if options.json:
        print(json.dumps(counts))
        return 0
    for name, count in counts.items():
        if isinstance(count, dict):
            print(f"{name}:")
            for reason, number in count.items():
                print(f"  {number:5}  {reason}")
        else:
            print(f"{name:12} {count}")
    _show(found, options.show)
    return 0


def _show(found: Sequence[Trip], most: int) -> None:
    shown: Counter[str] = Counter()
    for trip in found:
        reasons = [trip.outcome] if trip.outcome != "same" else []
        reasons += ["not accepted by the grammar"] if trip.accepted is False else []
        for reason in reasons:
            shown[reason] += 1
            if shown[reason] <= most:
                print(f"\n{reason}{' (empty gold)' if trip.empty else ''}: {trip.example.database}: {trip.example.question}")
                print(f"  gold: {trip.example.sql}\n  ours: {trip.sql}")


if __name__ == "__main__":
    sys.exit(main())
