"""How large can what a name stands for be? Sizes of columns, by where they come from, for the rule that bounds what is built.

A column of a table counts as it is. Anything else that a query reads from (another query, VALUES, UNNEST, a pivot) may give its
columns any name (column lists, RENAME, COLUMNS, #1), so each of them counts as the widest that this query has made so far.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy

from sqlglot import exp

from nl2sql.records import Schema
from nl2sql.sql.resolve import base_table, fold, is_cte

UNKNOWN = 100  # characters of a cell
_ROW = 64  # columns that a whole row has, where they aren't counted
_BLOCKS = (exp.Select, exp.Values, exp.Struct, exp.Unnest, exp.Explode, exp.Pivot)


class Widths:
    """Filled block by block, those first that others read from; ``of`` may be asked at any time."""

    def __init__(self, schema: Schema, *, lists: bool) -> None:
        self.lists = lists  # whether any value may be one
        self._schema = schema
        self._named: dict[str, int] = {}
        self._parameters: dict[str, int] = {}
        self._widest = UNKNOWN
        self._outputs = 0
        self._before: dict[int, int] = {}  # the widest when a SELECT was reached
        self._sources: dict[int, tuple[bool, set[str], set[str]]] = {}

    def restart(self) -> None:
        self._widest = UNKNOWN

    def reach(self, block: exp.Expr) -> None:
        """All that the block reads from has been given."""
        self._before[id(block)] = max(self._before.get(id(block), 0), self._widest)

    def give(self, names: Iterable[str], size: int) -> None:
        """A block gives out a value; the rest of the query may call it by these names."""
        self._widest, self._outputs = max(self._widest, size), self._outputs + 1
        for name in names:
            self._named[name] = max(self._named.get(name, 0), size)

    def bind(self, names: Iterable[str], size: int) -> None:
        """Parameters of a lambda."""
        for name in names:
            self._parameters[name] = max(self._parameters.get(name, 0), size)

    def with_sizes(self, parameters: Mapping[str, int]) -> Widths:
        """The same, but for the sizes of these parameters."""
        other = copy(self)
        other._parameters = {**self._parameters, **parameters}
        return other

    def of(self, node: exp.Expr) -> int:
        """Of a column, or of a name that may be one."""
        names = [fold(part.name) for part in (node.parts if isinstance(node, exp.Column) else [node])]
        if (parameter := self._parameter(node, names[0])) is not None:
            return parameter
        derived, tables, aliases = self._read_by(node)
        if names[-2] in tables if len(names) > 1 else not derived and self._is_own(node, names[0]):
            return UNKNOWN
        widest = max(UNKNOWN, *(self._named.get(name, 0) for name in names), self._around(node) if derived else 0)
        return widest * max(_ROW, self._outputs) if len(names) == 1 and names[0] in aliases else widest

    def of_all(self, node: exp.Expr) -> int:
        """Of any column that a query may mean by ``*``, ``COLUMNS(...)`` or ``#1``; of them together where they're unpacked."""
        widest = self._around(node) if self._read_by(node)[0] else UNKNOWN
        return widest * max(_ROW, self._outputs) if node.args.get("unpack") else widest

    def _parameter(self, node: exp.Expr, name: str) -> int | None:
        parent = node.parent
        while parent is not None and not isinstance(parent, exp.Query):
            if name in parameters_of(parent):
                return self._parameters.get(name, UNKNOWN)
            parent = parent.parent
        return None

    def _around(self, node: exp.Expr) -> int:
        """The widest that the queries around a node may read."""
        found, query = UNKNOWN, node.find_ancestor(exp.Select)
        if query is None:
            return self._widest
        while query is not None:
            found, query = max(found, self._before.get(id(query), self._widest)), query.find_ancestor(exp.Select)
        return found

    def _read_by(self, node: exp.Expr) -> tuple[bool, set[str], set[str]]:
        """Whether anything but tables is read by the queries around a node, and the aliases: of tables, and of all."""
        query = node.find_ancestor(exp.Select)
        if query is None:
            return True, set(), set()
        if id(query) not in self._sources:
            outer = self._read_by(query) if query.find_ancestor(exp.Select) is not None else (False, set(), set())
            sources = list(_sources(query))
            tables = [source for source in sources if self._is_table(source)]
            aliases = {fold(source.alias_or_name) for source in sources}
            known = {fold(source.alias_or_name) for source in tables} | (outer[1] - aliases)
            self._sources[id(query)] = outer[0] or len(tables) < len(sources), known, aliases | outer[2]
        return self._sources[id(query)]

    def _is_own(self, node: exp.Expr, name: str) -> bool:
        """Whether a name is that of a column of its SELECT's tables; but in ORDER BY and the like it goes before an alias."""
        query = node.find_ancestor(exp.Select, exp.Order, exp.Group, exp.Having, exp.Qualify)
        sources = _sources(query) if query is not None else ()
        tables = [base_table(source, self._schema) for source in sources if isinstance(source, exp.Table)]
        return any(fold(column.name) == name for table in tables if table is not None for column in table.columns)

    def _is_table(self, node: exp.Expr) -> bool:
        if not isinstance(node, exp.Table) or node.args.get("pivots") or node.alias_column_names or is_cte(node):
            return False
        return base_table(node, self._schema) is not None


def parameters_of(node: exp.Expr) -> list[str]:
    """The names that a lambda or a comprehension gives to an item."""
    if isinstance(node, exp.Lambda):
        return [fold(name.name) for name in node.expressions]
    return [fold(node.args["expression"].name)] if isinstance(node, exp.Comprehension) else []


def inner_first(tree: exp.Expr) -> list[exp.Expr]:
    """What gives out columns, each after what it reads from."""
    order: list[exp.Expr] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, _BLOCKS):
            order.append(node)
        # visited last is computed first: WITH, an earlier one of its queries before a later one, FROM, then the rest
        stack.extend(sorted(node.iter_expressions(), key=_place))
    return order[::-1]


def _place(node: exp.Expr) -> int:
    kinds = (exp.With, exp.From, (exp.Join, exp.Lateral))
    return next((i for i, kind in enumerate(kinds) if isinstance(node, kind)), len(kinds))


def outputs(block: exp.Expr) -> Iterator[tuple[set[str], exp.Expr]]:
    """The columns that a block gives out, each with the names by which the rest of the query may call it."""
    if isinstance(block, exp.Struct):
        yield from (({fold(part.this.name)}, part) for part in block.expressions if isinstance(part, exp.PropertyEQ))
        return
    if isinstance(block, exp.Unnest | exp.Explode | exp.Pivot):
        yield from ((set(), part) for part in block.iter_expressions() if not isinstance(part, exp.Table | exp.TableAlias))
        return
    renamed, first = _names_above(block)
    for row in ([block] if isinstance(block, exp.Select) else block.expressions):
        for i, projection in enumerate(row.expressions):
            names = {fold(projection.alias_or_name)} | renamed
            if i < len(first):
                names.add(first[i])
            yield names - {""}, projection
            for replaced in projection.args.get("replace") or () if isinstance(projection, exp.Star) else ():
                yield {fold(replaced.alias_or_name)}, replaced


def _names_above(block: exp.Expr) -> tuple[set[str], list[str]]:
    """Names from column lists around a block, and those that the first branch of a set operation gives."""
    top = block
    while isinstance(top.parent, exp.SetOperation | exp.Subquery | exp.Paren) and not isinstance(top, exp.Subquery):
        top = top.parent
    first: list[str] = []
    if isinstance(top, exp.SetOperation):
        leftmost = top.selects
        first = [fold(projection.alias_or_name) for projection in leftmost]
    renamed: set[str] = set()
    holder: exp.Expr | None = top
    while isinstance(holder, exp.Subquery | exp.Values | exp.SetOperation | exp.Select | exp.CTE):
        alias = holder.args.get("alias")
        if isinstance(alias, exp.TableAlias):
            renamed |= {fold(column.name) for column in alias.columns}
            break
        holder = holder.parent
    return renamed, first


def _sources(select: exp.Expr) -> Iterator[exp.Expr]:
    """What FROM and its joins name."""
    clause = select.args.get("from_")
    waiting: list[exp.Expr] = [clause.this] if isinstance(clause, exp.From) else []
    joins = (*(select.args.get("joins") or ()), *(select.args.get("laterals") or ()))
    waiting += [join.this if isinstance(join, exp.Join) else join for join in joins]
    while waiting:
        node = waiting.pop()
        waiting += [join.this for join in node.args.get("joins") or ()]
        while isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table) and not node.alias:
            node = node.this
            waiting += [join.this for join in node.args.get("joins") or ()]
        yield node
