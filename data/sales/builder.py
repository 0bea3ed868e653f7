"""Builds the sample database as a DuckDB file, once, in the user's cache folder."""
from __future__ import annotations

import errno
import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from . import schema

if TYPE_CHECKING:
    import duckdb

# part of the file's name: raise it with every change of the content, so that old files aren't used any more
VERSION = 4
SEED = 20251231


def path() -> Path:
    """Where the sample database is; it's built on first use. ``NL2SQL_CACHE`` overrides the user's cache folder."""
    target = _cache_folder() / f"sales-v{VERSION}.duckdb"
    if not target.exists():
        build(target)
    return target


def build(target: Path | str) -> None:
    """Write the sample database to ``target``, which appears whole or not at all, also when several processes build it.

    Raises OSError, also where DuckDB meets a full disk.
    """
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    try:
        _write(draft)
        try:
            os.replace(draft, target)
        except PermissionError:  # Windows: another process has built it meanwhile and holds it open
            if not target.exists():
                raise
    finally:
        for leftover in (draft, draft.with_name(draft.name + ".wal")):
            leftover.unlink(missing_ok=True)


def _cache_folder() -> Path:
    import platformdirs

    return Path(os.environ.get("NL2SQL_CACHE") or platformdirs.user_cache_dir("nl2sql", appauthor=False))


def _tables() -> dict[str, dict]:
    """The columns of every table; each table has random numbers of its own, so that a change of one leaves the others alone."""
    import numpy as np

    from . import entities, trade

    rng = {table.name: np.random.default_rng([SEED, number]) for number, table in enumerate(schema.TABLES)}
    stores, promotions = entities.stores(), entities.promotions()
    customers, products = entities.customers(rng["customers"]), entities.products(rng["products"])
    employees = entities.employees(rng["employees"], stores)
    orders = trade.orders(rng["orders"], customers, stores, employees, promotions)
    items = trade.order_items(rng["order_items"], orders, customers, stores, products, promotions)
    return {"regions": entities.regions(), "stores": stores, "employees": employees, "customers": customers,
            "categories": entities.categories(), "suppliers": entities.suppliers(), "products": products,
            "promotions": promotions, "orders": orders, "order_items": items,
            "returns": trade.returns(rng["returns"], orders, items, stores, products),
            "sales_targets": trade.sales_targets(rng["sales_targets"], orders, items, stores)}


def _write(file: Path) -> None:
    import duckdb

    columns_of = _tables()
    try:
        with duckdb.connect(str(file)) as connection:
            _fill(connection, columns_of)
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:  # which one, the moment decides
        reason = str(error).splitlines()[0].split(": ", 1)[-1]
        full = "No space left" in reason or shutil.disk_usage(file.parent).free == 0
        raise OSError(errno.ENOSPC if full else errno.EIO, reason, str(file)) from error


def _fill(connection: duckdb.DuckDBPyConnection, columns_of: dict[str, dict]) -> None:
    import pyarrow

    for statement in schema.create_statements():
        connection.execute(statement)
    for table in schema.TABLES:
        columns = columns_of[table.name]
        rows = pyarrow.table({name: pyarrow.array(values, from_pandas=True) for name, values in columns.items()})
        picks = ", ".join(_pick(column) for column in table.columns)
        # a row that refers to its own table can't come in one statement with the row that it refers to
        step = 1 if table.name in table.foreign_keys.values() else len(rows)
        for start in range(0, len(rows), step):
            connection.register("batch", rows.slice(start, step))
            connection.execute(f"INSERT INTO {table.name} SELECT {picks} FROM batch")
            connection.unregister("batch")


def _pick(column: schema.Column) -> str:
    """DECIMAL columns come as integers of hundredths."""
    return f"CAST({column.name} / 100 AS {column.type.split()[0]})" if column.type.startswith("DECIMAL") else column.name
