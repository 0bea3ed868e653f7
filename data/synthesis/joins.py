"""Which tables a row of a table leads to, many-to-one along foreign keys, and the FROM clause that joins them.

Only forward paths are used, so that a measure of the root table is never counted twice. Where two shortest paths lead to
the same table, the one through places and things is taken before the one through people ("sales of a region" are those of
the store's region); a table that can be reached by two keys of the same table is left out, unless one key carries its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nl2sql.records import ForeignKey, Schema


@dataclass(frozen=True)
class Reach:
    """The tables that ``root`` leads to: ``path[table]`` is the list of keys from the root, in order."""

    root: int
    path: dict[int, tuple[ForeignKey, ...]]

    def tables(self) -> list[int]:
        return list(self.path)

    def closure(self, schema: Schema, tables: Iterable[int]) -> list[ForeignKey]:
        """All keys that are needed to join these tables to the root, each once, in order of joining."""
        keys: dict[ForeignKey, None] = {}
        for table in sorted(tables, key=lambda t: (len(self.path[t]), t)):
            keys.update(dict.fromkeys(self.path[table]))
        return list(keys)


def reach(schema: Schema, root: int, people: frozenset[int]) -> Reach:
    """Shortest forward paths from the root, at most four keys long."""
    paths: dict[int, tuple[ForeignKey, ...]] = {root: ()}
    cost = {root: 0.0}
    frontier = [root]
    for _ in range(4):
        found: dict[int, list[tuple[float, tuple[ForeignKey, ...]]]] = {}
        for table in frontier:
            for key in _single_keys(schema, table):
                target = schema.owner[key.target]
                if target not in paths:
                    step = 1.0 + (0.1 if target in people else 0.0)
                    found.setdefault(target, []).append((cost[table] + step, (*paths[table], key)))
        frontier = []
        for target, options in found.items():
            options.sort(key=lambda option: option[0])
            cost[target], paths[target] = options[0]
            frontier.append(target)
    return Reach(root, paths)


def _single_keys(schema: Schema, table: int) -> list[ForeignKey]:
    """Keys to other tables, where exactly one key leads to that table and to one row of it."""
    own = [key for key in schema.foreign_keys if schema.owner[key.source] == table and schema.owner[key.target] != table]
    own = [key for key in own if _to_one_row(schema, key)]
    targets = [schema.owner[key.target] for key in own]
    return [key for key, target in zip(own, targets, strict=True) if targets.count(target) == 1]


def _to_one_row(schema: Schema, key: ForeignKey) -> bool:
    """Whether the target column alone tells its row; two tables that merely both have an "id" are no pair."""
    target = schema.columns[key.target]
    if key.inferred and schema.columns[key.source].primary_key and target.primary_key:
        return False
    primary = [column for column in schema.tables[schema.owner[key.target]].columns if column.primary_key]
    return target.unique or not primary or primary == [target]
