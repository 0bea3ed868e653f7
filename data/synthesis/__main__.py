"""``python -m nl2sql.data.synthesis --schema FILE.duckdb | --invented N  --n N --seed S --out FILE.jsonl``

Rows: question, sql, database, tags and, of follow-ups, the history. An invented database is named ``invented_SEED``:
``invent_schema(SEED)`` makes it again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import Any

from nl2sql.data.synthesis import converse, synthesize
from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.records import Example


def main(arguments: list[str] | None = None) -> int:
    """Write the examples, one JSON object a line."""
    parser = argparse.ArgumentParser(prog="python -m nl2sql.data.synthesis", description="Questions with SQL for any schema.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--schema", metavar="FILE", help="a database file: every pair is run on it, empty and trivial ones are dropped"
    )
    source.add_argument(
        "--invented", type=int, metavar="N", help="so many invented schemas; the questions are shared out among them"
    )
    parser.add_argument("--n", type=int, default=1000, help="examples in all (default 1000)")
    parser.add_argument("--follow-ups", type=float, default=0.2, metavar="SHARE", help="so many of them are follow-ups (0.2)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--as-of", type=dt.date.fromisoformat, metavar="DATE", help="the day that relative times refer to")
    parser.add_argument("--out", metavar="FILE", help="default: standard output")
    options = parser.parse_args(arguments)
    examples = _of_file(options) if options.schema else _of_invented(options)
    if not options.out:
        for example in examples:
            print(_line(example))
        return 0
    count = 0
    with open(options.out, "w", encoding="utf-8") as file:
        for example in examples:
            file.write(_line(example) + "\n")
            count += 1
    print(f"{count} examples in {options.out}", file=sys.stderr)
    return 0


def _line(example: Example) -> str:
    row: dict[str, Any] = {"question": example.question, "sql": example.sql, "database": example.database, "tags": example.tags}
    if example.history:
        row["history"] = example.history
    return json.dumps(row, ensure_ascii=False)


def _of_invented(options: argparse.Namespace) -> Iterator[Example]:
    share = -(-options.n // options.invented)
    for number in range(options.invented):
        seed = options.seed * 1_000_003 + number
        schema, values = invent_schema(seed)
        day, later = options.as_of or as_of_date(seed), round(options.follow_ups * share)
        yield from synthesize(schema, values, as_of=day, n=share - later, seed=seed)
        yield from converse(schema, values, as_of=day, n=later, seed=seed)


def _of_file(options: argparse.Namespace) -> Iterator[Example]:
    from nl2sql import Database
    from nl2sql.sql.validate import validate

    with Database(options.schema, as_of=options.as_of) as database:

        def run(sql: str) -> Any:
            return database.run(validate(sql, database.schema), row_limit=100, time_limit=5).rows

        schema, values, day = database.schema, database.values, database.as_of
        later = round(options.follow_ups * options.n)
        yield from synthesize(schema, values, as_of=day, n=options.n - later, seed=options.seed, run=run)
        yield from converse(schema, values, as_of=day, n=later, seed=options.seed, run=run)


if __name__ == "__main__":
    sys.exit(main())
