"""Six made-up businesses, always the same: the databases of the suites ``businesses`` (four) and ``businesses_fresh`` (two)."""
from __future__ import annotations

from pathlib import Path

import duckdb

from nl2sql.eval import made

from . import agency, blood, clinic, firm, rental, saas
from .people import DAY, Table

__all__ = ["DAY", "build", "built"]

DATABASES = {"clinic": clinic, "firm": firm, "saas": saas, "rental": rental, "blood": blood, "agency": agency}


def built() -> Path:
    """The folder of the databases in the user's cache: kept until this package changes."""
    code = sorted(Path(__file__).parent.glob("*.py"))
    folder: Path = made.kept("businesses", [file.read_bytes() for file in code], build)
    return folder


def build(folder: Path) -> None:
    """Writes a file for each of them, clinic.duckdb and so on, none of which may be there yet."""
    for name, business in DATABASES.items():
        with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
            connection.execute(business.DDL)
            for table in business.tables():
                _fill(connection, table)


def _fill(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Column by column, which is many times faster than row by row."""
    name, rows = table
    columns = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(f'INSERT INTO "{name}" SELECT {", ".join(["unnest(?)"] * len(columns))}', columns)
