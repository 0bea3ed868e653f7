"""The same tables in both engines, for the tests of the evaluation."""
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from nl2sql import Database


@contextmanager
def opened(folder: Path, script: str) -> Iterator[dict[str, Database]]:
    """By dialect, a database that the script's statements made."""
    with sqlite3.connect(folder / "made.sqlite") as lite:
        lite.executescript(script)
    with duckdb.connect(str(folder / "made.duckdb")) as connection:
        connection.execute(script)
    with Database(folder / "made.sqlite", dialect="sqlite") as a, Database(folder / "made.duckdb") as b:
        yield {"sqlite": a, "duckdb": b}
