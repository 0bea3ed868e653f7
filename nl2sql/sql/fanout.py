"""Does a join repeat rows? From keys alone: a table is repeated where what is joined to it can match more than once.

Starting at one source, the others are joined on one by one, those first whose key the conditions fix: such a join keeps one
row. Where none is left with its key fixed, the next join may repeat. What isn't known to have a key isn't accused.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from nl2sql.records import Schema
from nl2sql.sql.lineage import Lineage, Source, conjuncts
from nl2sql.sql.resolve import fold


@dataclass(frozen=True)
class Tie:
    """A condition that joins sources: ``column`` of ``alias`` is fixed once all of ``by`` are; None: joined, but not fixed."""

    alias: str
    column: str | None
    by: frozenset[str]


class Joins:
    """The joins of one SELECT."""

    def __init__(self, select: exp.Select, lineage: Lineage) -> None:
        self.select = select
        self.lineage = lineage
        self.schema: Schema = lineage.schema
        one_match = ("SEMI", "ANTI")
        sources = lineage.sources(select).values()
        self.sources = {source.alias: source for source in sources if source.join is None or source.join.kind not in one_match}
        self.ties = list(self._ties())

    def repeated(self, alias: str) -> str | None:
        """The source whose join can repeat the rows of ``alias``, or None."""
        seen = {alias}
        while len(seen) < len(self.sources):
            waiting = [name for name in self.sources if name not in seen]
            fixed = next((name for name in waiting if self._one_row(name, seen)), None)
            if fixed is None:
                tied = (name for name in waiting if any(tie.alias == name and tie.by <= seen for tie in self.ties))
                return next(tied, waiting[0])
            seen.add(fixed)
        return None

    def owner(self, column: exp.Column) -> str | None:
        """The alias of the source of this SELECT that a column is of."""
        qualifier = fold(column.table)
        if qualifier:
            return qualifier if qualifier in self.sources else None
        name = fold(column.name)
        return next((alias for alias, source in self.sources.items() if self.lineage.outputs(source, name)), None)

    def owners(self, node: exp.Expr) -> set[str]:
        found = (self.owner(column) for column in node.find_all(exp.Column))
        return {alias for alias in found if alias is not None}

    def _one_row(self, alias: str, seen: set[str]) -> bool:
        source = self.sources[alias]
        if source.join is not None and source.join.method == "ASOF":
            return True
        fixed = {tie.column for tie in self.ties if tie.alias == alias and tie.column is not None and tie.by <= seen}
        return unique(source, fixed, self.lineage)

    def _ties(self) -> Iterator[Tie]:
        nodes = conjuncts(self.select.args.get("where"))
        for alias, source in self.sources.items():
            if source.join is not None:
                nodes += conjuncts(source.join.args.get("on"))
                shared = [fold(part.name) for part in source.join.args.get("using") or ()]
                if source.join.method == "NATURAL" and source.table is not None:
                    shared = [fold(column.name) for column in self.schema.tables[source.table].columns]
                yield from self._shared(alias, shared)
        for node in nodes:
            if isinstance(node, exp.EQ):
                for column, other in ((node.left, node.right), (node.right, node.left)):
                    alias_of = self.owner(column) if isinstance(column, exp.Column) else None
                    others = self.owners(other)
                    if alias_of is not None and alias_of not in others:
                        yield Tie(alias_of, fold(column.name), frozenset(others))
            else:
                found = self.owners(node)
                yield from (Tie(name, None, frozenset(found - {name})) for name in found if len(found) > 1)
        for item in self._grouped():
            if isinstance(item, exp.Column) and (alias_of := self.owner(item)) is not None:
                yield Tie(alias_of, fold(item.name), frozenset())  # within one group it has one value

    def _shared(self, alias: str, names: list[str]) -> Iterator[Tie]:
        for name in names:
            for other, source in self.sources.items():
                if other == alias:
                    break  # USING speaks of what stands before the join
                if self.lineage.outputs(source, name):
                    yield Tie(alias, name, frozenset({other}))
                    yield Tie(other, name, frozenset({alias}))

    def _grouped(self) -> list[exp.Expr]:
        clause = self.select.args.get("group")
        return grouped_by(self.select) if clause is not None else []

    def is_grouped_by_key(self, alias: str) -> bool:
        """Whether each group holds one row of the source (joined rows apart)."""
        fixed = {tie.column for tie in self.ties if tie.alias == alias and tie.column is not None and not tie.by}
        return bool(fixed) and unique(self.sources[alias], fixed, self.lineage)


def unique(source: Source, fixed: set[str], lineage: Lineage) -> bool:
    """Whether at most one row of a source has given values in the ``fixed`` columns; True too where no key is known."""
    if source.table is not None:
        schema = lineage.schema
        columns = [(i, schema.columns[i]) for i in schema.columns_of(source.table)]
        targets = {key.target for key in schema.foreign_keys}
        key = {fold(column.name) for _, column in columns if column.primary_key}
        part = len(key) > 1  # of a key of several columns: not unique alone, even where a foreign key points at it
        keyed = {i for i, column in columns if column.unique or (i in targets and not (part and column.primary_key))}
        alone = {fold(schema.columns[i].name) for i in keyed}
        return (not key and not alone) or (bool(key) and key <= fixed) or bool(alone & fixed)
    query = source.query
    while isinstance(query, exp.Subquery):
        query = query.this
    return not isinstance(query, exp.Select) or _unique_output(query, source, fixed, lineage)


def _unique_output(query: exp.Select, source: Source, fixed: set[str], lineage: Lineage) -> bool:
    names = [source.columns[i] if i < len(source.columns) else fold(item.alias_or_name) for i, item in enumerate(query.selects)]
    outputs = dict(zip(names, (item.unalias() for item in query.selects), strict=True))
    limit = query.args.get("limit")
    if isinstance(limit, exp.Limit) and limit.expression.name == "1":
        return True
    if query.args.get("group") is not None:
        keys = grouped_by(query)
        return all(any(value == key and name in fixed for name, value in outputs.items()) for key in keys)
    if any(aggregates(item) for item in query.selects):
        return True  # one row
    if query.args.get("distinct") is not None:
        return set(names) <= fixed
    inner = list(lineage.sources(query).values())
    if len(inner) != 1 or query.args.get("qualify") is not None:
        return True  # not known
    passed = {fold(value.name) for name, value in outputs.items() if name in fixed and isinstance(value, exp.Column)}
    return unique(inner[0], passed | (fixed if any(item.is_star for item in query.selects) else set()), lineage)


def grouped_by(select: exp.Select) -> list[exp.Expr]:
    """The expressions that a SELECT groups by; positions, aliases and ALL resolved."""
    clause, shown = select.args.get("group"), [item.unalias() for item in select.selects]
    if clause is None:
        return []
    if clause.args.get("all") or any(item.name.upper() == "ALL" for item in clause.expressions):
        return [item for item in shown if not aggregates(item)]
    sets = [part for name in ("rollup", "cube", "grouping_sets") for part in clause.args.get(name) or ()]
    return [meant(item, select) for item in (*clause.expressions, *(item for part in sets for item in part.expressions))]


def meant(item: exp.Expr, select: exp.Select) -> exp.Expr:
    """The projection that a position or an alias in GROUP BY or ORDER BY means, else the item itself."""
    if isinstance(item, exp.Literal) and item.name.isdigit() and 0 < int(item.name) <= len(select.selects):
        return select.selects[int(item.name) - 1].unalias()
    if isinstance(item, exp.Column) and not item.table:
        for projection in select.selects:
            if isinstance(projection, exp.Alias) and fold(projection.alias) == fold(item.name):
                return projection.this
    return item


def aggregates(item: exp.Expr) -> bool:
    """Whether an expression of a SELECT makes one row of many (a window function alone doesn't)."""
    return any(not isinstance(node.parent, exp.Window) and not _in_subquery(node, item) for node in item.find_all(exp.AggFunc))


def _in_subquery(node: exp.Expr, item: exp.Expr) -> bool:
    parent = node.parent
    while parent is not None and parent is not item.parent:
        if isinstance(parent, exp.Query):
            return True
        parent = parent.parent
    return False
