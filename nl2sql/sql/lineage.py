"""Where do the columns of a query come from? Each column of the tree to a column of the schema, or to the expression it names.

Made for words and warnings, not for safety: what can't be told is None, never an error.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sqlglot import exp

from nl2sql.names import humanize
from nl2sql.records import Column, Schema
from nl2sql.sql.resolve import base_table, cte_of, fold


@dataclass(frozen=True)
class Source:
    """What a FROM or JOIN names: a table of the schema (its index), or a query whose outputs are the columns."""

    alias: str
    table: int | None = None
    query: exp.Expr | None = None
    columns: tuple[str, ...] = ()  # a column list after the alias
    join: exp.Join | None = None  # None for the first of the FROM


Origin: TypeAlias = int | exp.Expr | None


class Lineage:
    """The sources of each SELECT of one tree, and the origin of each of its columns."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self.tree = tree
        self.schema = schema
        self._sources: dict[int, dict[str, Source]] = {}
        self._through: dict[tuple[int, str], Origin] = {}

    def sources(self, select: exp.Expr) -> dict[str, Source]:
        """The tables and queries that a SELECT reads from, by folded alias, in order."""
        found = self._sources.get(id(select))
        if found is None:
            found = {source.alias: source for source in self._read(select)}
            self._sources[id(select)] = found
        return found

    def _read(self, select: exp.Expr) -> Iterator[Source]:
        first = select.args.get("from_")
        if isinstance(first, exp.From):
            yield from self._source(first.this, None)
        for join in (*(select.args.get("joins") or ()), *(select.args.get("laterals") or ())):
            if isinstance(join, exp.Join):
                yield from self._source(join.this, join)
            else:
                yield from self._source(join, None)

    def _source(self, node: exp.Expr, join: exp.Join | None) -> Iterator[Source]:
        alias = fold(node.alias_or_name)
        names = tuple(fold(name) for name in node.alias_column_names) if isinstance(node, exp.DerivedTable | exp.Table) else ()
        if isinstance(node, exp.Table):
            cte = cte_of(node)
            table = None if cte else base_table(node, self.schema)
            if cte is not None:
                yield Source(alias, None, cte.this, names or tuple(fold(name) for name in cte.alias_column_names), join)
            elif table is not None:
                yield Source(alias, self.schema.tables.index(table), None, names, join)
        elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
            yield from self._source(node.this, join)
        else:
            inner = node.this if isinstance(node, exp.Subquery | exp.Lateral) else node
            while isinstance(inner, exp.Subquery):
                inner = inner.this
            yield Source(alias or f"#{id(node)}", None, inner, names, join)
        for nested in node.args.get("joins") or ():
            yield from self._source(nested.this, nested)

    def origin(self, node: exp.Column) -> Origin:
        """The index of the schema's column that a column node names, or the expression that an inner query computes for it."""
        name, qualifier = fold(node.name), fold(node.table)
        select = node.find_ancestor(exp.Select)
        while select is not None:
            found = self.sources(select)
            for source in [found[qualifier]] if qualifier in found else [] if qualifier else found.values():
                origin = self._output(source, name)
                if origin is not None:
                    return origin
            if not qualifier:
                for projection in select.expressions:
                    if isinstance(projection, exp.Alias) and fold(projection.alias) == name and not _inside(node, projection):
                        return projection.this
            select = select.find_ancestor(exp.Select)
        return None

    def outputs(self, source: Source, name: str) -> bool:
        """Whether a source has a column of that (folded) name."""
        return self._output(source, name) is not None

    def _output(self, source: Source, name: str) -> Origin:
        if source.table is not None:
            for i in self.schema.columns_of(source.table):
                if fold(self.schema.columns[i].name) == name:
                    return i
            return None
        query = source.query
        if not isinstance(query, exp.Query):
            return query if name in source.columns else None
        for i, projection in enumerate(query.selects):
            given = source.columns[i] if i < len(source.columns) else fold(projection.alias_or_name)
            if given == name and not isinstance(projection, exp.Star):
                return projection.unalias()
        return query if name in source.columns else self._through_star(query, name)

    def _through_star(self, query: exp.Query, name: str) -> Origin:
        """Each query is asked once for a name: in a chain of WITH queries that read one another twice there are 2**n ways."""
        key = id(query), name
        if key not in self._through:
            self._through[key] = self._behind_star(query, name)
        return self._through[key]

    def _behind_star(self, query: exp.Query, name: str) -> Origin:
        inner = leftmost(query)
        if isinstance(inner, exp.Select) and any(projection.is_star for projection in inner.expressions):
            for source in self.sources(inner).values():
                origin = self._output(source, name)
                if origin is not None:
                    return origin
        return None

    def index(self, node: exp.Expr | None) -> int | None:
        """The schema's column that an expression is, through any number of renamings; None where it is computed."""
        for _ in range(20):  # a chain of WITH queries; more would be no chain that a person wrote
            if not isinstance(node, exp.Column):
                return None
            origin = self.origin(node)
            if isinstance(origin, int):
                return origin
            node = origin
        return None

    def role(self, node: exp.Column, index: int) -> str:
        """In a self-join, what the column's instance of the table is to the other ("manager"), from the foreign key's name."""
        select, alias = node.find_ancestor(exp.Select), fold(node.table)
        if select is None or not alias:
            return ""
        same = [source for source in self.sources(select).values() if source.table == self.schema.owner[index]]
        if len(same) < 2:
            return ""
        nodes = [part for source in same if source.join for part in conjuncts(source.join.args.get("on"))]
        for part in nodes + conjuncts(select.args.get("where")):
            for own, other in ((part.this, part.args.get("expression")), (part.args.get("expression"), part.this)):
                if not isinstance(part, exp.EQ) or not isinstance(own, exp.Column) or fold(own.table) != alias:
                    continue
                ends = self.index(other), self.index(own)
                key = next((key for key in self.schema.foreign_keys if (key.source, key.target) == ends), None)
                if key is not None:
                    column = self.schema.columns[key.source]
                    return (column.words or humanize(column.name)).removesuffix(" id")
        return ""

    def column(self, node: exp.Expr | None) -> Column | None:
        index = self.index(node)
        return None if index is None else self.schema.columns[index]

    def base_tables(self, select: exp.Expr) -> list[int]:
        """The schema's tables that a SELECT reads directly."""
        return [source.table for source in self.sources(select).values() if source.table is not None]


def leftmost(query: exp.Expr) -> exp.Expr:
    """The first SELECT of a query: that of a set operation gives its columns their names."""
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    return query


def with_parents(tables: set[int], schema: Schema) -> set[int]:
    """Tables and those that their rows belong to: order lines and their orders."""
    return tables | {schema.owner[key.target] for key in schema.foreign_keys if schema.owner[key.source] in tables}


def conjuncts(node: exp.Expr | None) -> list[exp.Expr]:
    """The conditions that AND joins, in the order of the text."""
    if isinstance(node, exp.Where | exp.Having | exp.Qualify | exp.Paren):
        return conjuncts(node.this)
    if isinstance(node, exp.And):
        return [part for side in (node.this, node.expression) for part in conjuncts(side)]
    return [] if node is None else [node]


def _inside(node: exp.Expr, other: exp.Expr) -> bool:
    parent: exp.Expr | None = node
    while parent is not None:
        if parent is other:
            return True
        parent = parent.parent
    return False
