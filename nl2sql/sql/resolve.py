"""Do the names in a query exist? Tables and columns of a syntax tree against the schema, with the nearest name for a slip.

Base tables are checked exactly, in every position of the tree. Columns of a derived table are checked by name alone: the
engine's own binder says no to the rest.
"""
from __future__ import annotations

import difflib
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from nl2sql.names import written
from nl2sql.records import Schema, Table

_ALWAYS = frozenset({"rowid"})
_MOST_PIVOTED = 10_000  # columns of combined values whose names are worked out
_UNNAMED = re.compile(r"col\d+|column\d+|unnest|generate_series")


def fold(name: str) -> str:
    """Lower-case the ASCII letters only, as DuckDB does: the Kelvin sign must not become a k here and not there."""
    return name.lower() if name.isascii() else "".join(letter.lower() if letter.isascii() else letter for letter in name)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint to end a sentence with: ", did you mean X?", or nothing."""
    near = _close(name, known)
    return "." if near is None else f"; did you mean {near}?"


def _close(name: str, known: Iterable[str]) -> str | None:
    by_folded = {fold(candidate): candidate for candidate in known}
    close = difflib.get_close_matches(fold(name), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def base_table(node: exp.Table, schema: Schema) -> Table | None:
    """The schema's table that a table node names, if it names one. The default schema may be written or not."""
    if node.args.get("catalog") is not None or not isinstance(node.this, exp.Identifier):
        return None
    wanted = fold(node.db) or "main"
    for table in schema.tables:
        if fold(table.name) == fold(node.name) and (fold(table.schema) or "main") == wanted:
            return table
    return None


def cte_of(node: exp.Table) -> exp.CTE | None:
    """The WITH query that a table node names, if one is in scope there (its own and later ones are not)."""
    if node.db or node.args.get("catalog") is not None:
        return None
    child: exp.Expr = node
    parent = node.parent
    own: exp.CTE | None = None
    while parent is not None:
        if isinstance(child, exp.CTE):
            own = child
        clause = parent.args.get("with_")
        if isinstance(clause, exp.With):
            for cte in _visible(clause, child, own):
                if fold(cte.alias) == fold(node.name):
                    return cte
        child, parent = parent, parent.parent
    return None


def is_cte(node: exp.Table) -> bool:
    return cte_of(node) is not None


def reads_itself(node: exp.Table) -> bool:
    """Whether a table node has the name of a WITH query that it stands in; SQLite takes it for that query without RECURSIVE."""
    parent = node.parent
    while parent is not None and not node.db:
        if isinstance(parent, exp.CTE) and fold(parent.alias) == fold(node.name):
            return True
        parent = parent.parent
    return False


def _visible(clause: exp.With, child: exp.Expr, own: exp.CTE | None) -> list[exp.CTE]:
    if child is not clause or own is None:
        return list(clause.expressions)
    return list(clause.expressions)[: next(i for i, cte in enumerate(clause.expressions) if cte is own)]


def unknown_table(nodes: Sequence[exp.Expr], schema: Schema) -> str | None:
    for node in nodes:
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            continue  # a table function: the rule on functions has the say
        if base_table(node, schema) is None and not is_cte(node):
            name = ".".join(part.name for part in node.parts)
            return f"There is no table {name!r} here" + _nearest_table(node.name, schema)
    return None


def _nearest_table(name: str, schema: Schema) -> str:
    """The same for a table: with its schema, which must be written, and all of them where several schemas have it."""
    near = _close(name, (table.name for table in schema.tables))
    places = [written(table) for table in schema.tables if near is not None and fold(table.name) == fold(near)]
    return f"; did you mean {' or '.join(places)}?" if places else "."


def unknown_column(nodes: Sequence[exp.Expr], schema: Schema) -> str | None:
    tables, ambiguous = _tables(nodes, schema)
    used = [table for table in tables.values() if table is not None]
    of_tables = {fold(column.name): column.name for table in used for column in table.columns}
    named = set(_defined(nodes))
    known = of_tables.keys() | named | tables.keys() | _ALWAYS
    pivoted = any(isinstance(node, exp.Pivot) for node in nodes)
    for node in nodes:
        if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
            continue
        name, qualifier = fold(node.name), fold(node.table)
        exact = qualifier not in named and qualifier not in ambiguous and not pivoted
        owner = tables.get(qualifier) if exact else None
        if owner is not None:
            columns = [column.name for column in owner.columns]
            if name not in map(fold, columns) and name not in _ALWAYS:
                return f"The table {owner.name} has no column {node.name!r}" + nearest(node.name, columns)
        elif qualifier:
            if qualifier not in known:
                return f"There is no table {node.table!r} in this query" + nearest(node.table, [*tables, *named])
        elif name not in known and not _UNNAMED.fullmatch(name):
            return f"There is no column {node.name!r} in the tables of this query" + nearest(node.name, of_tables.values())
    return None


def _tables(nodes: Sequence[exp.Expr], schema: Schema) -> tuple[dict[str, Table | None], set[str]]:
    """Base tables by alias, and the aliases that mean different things in different parts: there only the engine can tell."""
    tables: dict[str, Table | None] = {}
    ambiguous: set[str] = set()
    for node in nodes:
        if not isinstance(node, exp.Table):
            continue
        alias, table = fold(node.alias_or_name), None if is_cte(node) else base_table(node, schema)
        if table is None or node.alias_column_names or tables.get(alias, table) is not table:
            ambiguous.add(alias)
        tables[alias] = table
    return tables, ambiguous


def _defined(nodes: Sequence[exp.Expr]) -> Iterator[str]:
    """Names that the query itself gives: aliases, column lists, lambda parameters, fields, what PIVOT makes."""
    for node in nodes:
        if isinstance(node, exp.Alias | exp.PivotAlias):
            yield fold(node.alias)
        elif isinstance(node, exp.TableAlias):
            if not isinstance(node.parent, exp.Table):
                yield fold(node.name)
            yield from (fold(column.name) for column in node.columns)
        elif isinstance(node, exp.Unnest) and isinstance(node.args.get("offset"), exp.Identifier):
            yield fold(node.args["offset"].name)
        elif isinstance(node, exp.Aliases | exp.Lambda):
            yield from (fold(part.name) for part in node.expressions)
        elif isinstance(node, exp.PropertyEQ):
            yield fold(node.this.name)
        elif isinstance(node, exp.Comprehension):
            yield fold(node.args["expression"].name)
        elif isinstance(node, exp.Pivot):
            yield from _pivoted(node)


def _pivoted(pivot: exp.Pivot) -> Iterator[str]:
    values = [fold(literal.name) for literal in pivot.find_all(exp.Literal)]
    aliases = [fold(alias.alias) for alias in pivot.find_all(exp.Alias)]
    lists = [[fold(part.name) for part in node.find_all(exp.Literal)] for node in (pivot.args.get("fields") or pivot.expressions)]
    if len(lists) > 1 and math.prod(map(len, lists)) <= _MOST_PIVOTED:
        values += map("_".join, itertools.product(*lists))
    yield from values
    yield from (f"{value}_{alias}" for value in values for alias in aliases)
    if pivot.args.get("unpivot"):
        into = pivot.args.get("into")
        named = [*pivot.expressions, *(field.this for field in pivot.args.get("fields") or ()), *([into] if into else [])]
        yield from (fold(part.name) for node in named for part in node.find_all(exp.Identifier))
