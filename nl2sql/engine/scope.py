"""What a session may see of a database: some tables, some of their columns, the rows that fit a condition.

Names are those of the file, "table" or "schema.table", in any case of letters. What is named wrongly is an error, as a filter
that is never applied would be worse than none.
"""
from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nl2sql.engine.reading import CannotOpen
from nl2sql.records import Column, ForeignKey, Schema, Table


@dataclasses.dataclass(frozen=True)
class Scope:
    """``tables`` None: all but views. ``columns`` and ``filters`` are by table; the rest of the tables are shown whole."""

    tables: tuple[str, ...] | None = None
    columns: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    filters: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(
        cls, tables: Iterable[str] | None, columns: Mapping[str, Sequence[str]] | None, filters: Mapping[str, str] | None
    ) -> Scope | None:
        """None where nothing is limited."""
        if tables is None and not columns and not filters:
            return None
        if isinstance(tables, str) or any(isinstance(names, str) for names in (columns or {}).values()):
            raise CannotOpen("tables and columns are lists of names", "scope")
        shown = {table: tuple(names) for table, names in (columns or {}).items()}
        return cls(None if tables is None else tuple(tables), shown, dict(filters or {}))

    def to_json(self) -> dict[str, Any]:
        return {
            "tables": None if self.tables is None else sorted(self.tables),
            "columns": {table: sorted(names) for table, names in sorted(self.columns.items())},
            "filters": dict(sorted(self.filters.items())),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Scope:
        return cls.of(data["tables"], data["columns"], data["filters"]) or cls()

    def narrow(self, schema: Schema) -> Schema:
        """The schema as if nothing else existed; raises CannotOpen for names that are not in it."""
        shown = set(range(len(schema.tables)))
        if self.tables is None:
            shown = {i for i in shown if not schema.tables[i].is_view}
        else:
            shown = {_find(schema, name) for name in self.tables}
        columns = {_find(schema, name): names for name, names in self.columns.items()}
        for name in (*self.columns, *self.filters):
            if _find(schema, name) not in shown:
                raise CannotOpen(f"has limits for {name!r}, which is not among the tables to be seen", "scope")
        for i, names in columns.items():
            for name in names:
                if _fold(name) not in (_fold(column.name) for column in schema.tables[i].columns):
                    raise CannotOpen(f"has no column {name!r} in {schema.tables[i].name}", "scope")

        def is_shown(table: int, column: Column) -> bool:
            return table in shown and _fold(column.name) in map(_fold, columns.get(table, (column.name,)))

        return restrict(schema, is_shown)

    def filter_of(self, table: Table) -> str | None:
        return next((condition for name, condition in self.filters.items() if _names(table, name)), None)

    def cuts(self, table: Table) -> bool:
        """Whether some of a table's columns or rows are hidden."""
        return self.filter_of(table) is not None or any(_names(table, name) for name in self.columns)


def restrict(schema: Schema, is_shown: Callable[[int, Column], bool]) -> Schema:
    """The part of a schema with some columns, the tables that have any of them, and the keys between them."""
    place: dict[int, int] = {}
    tables = []
    for i, table in enumerate(schema.tables):
        kept = [column for column in schema.columns_of(i) if is_shown(i, schema.columns[column])]
        place |= {column: len(place) + n for n, column in enumerate(kept)}
        if kept:
            whole_key = all(is_shown(i, column) for column in table.columns if column.primary_key)
            columns = (schema.columns[column] for column in kept)
            # the rest of a key that is partly hidden is no key
            shown = tuple(c if whole_key else dataclasses.replace(c, primary_key=False) for c in columns)
            tables.append(dataclasses.replace(table, columns=shown))
    keys = tuple(
        ForeignKey(place[key.source], place[key.target], key.inferred)
        for key in schema.foreign_keys
        if key.source in place and key.target in place
    )
    return Schema(tuple(tables), keys, schema.name)


def _find(schema: Schema, name: str) -> int:
    found = [i for i, table in enumerate(schema.tables) if _names(table, name)]
    if not found:
        raise CannotOpen(f"has no table {name!r}", "scope")
    return found[0]


def _names(table: Table, name: str) -> bool:
    return _fold(name) in (_fold(f"{table.schema or 'main'}.{table.name}"), "" if table.schema else _fold(table.name))


def _fold(name: str) -> str:
    """Lower-case the ASCII letters only, as DuckDB does."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)
