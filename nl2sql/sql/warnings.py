"""SQL that runs and misleads: what can be told from the query and the keys alone, before it runs.

Not covered here, because rows are needed: ties at a LIMIT, incomplete periods, filters that match nothing, empty results.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from sqlglot import exp

from nl2sql.records import Query, Schema
from nl2sql.sql.counting import called_by_table, counts_of_none, shares_of_some, sums_of_different
from nl2sql.sql.fanout import Joins, aggregates, grouped_by, unique
from nl2sql.sql.lineage import Lineage, Source, conjuncts
from nl2sql.sql.phrases import Phrases, plural
from nl2sql.sql.resolve import fold
from nl2sql.sql.trees import tree_of


def warn(query: Query, schema: Schema) -> tuple[str, ...]:
    """What may mislead in a query, as sentences; empty where nothing is known to."""
    tree = tree_of(query)
    view = View(tree, schema)
    return tuple(dict.fromkeys(text for rule in RULES for text in rule(view)))


class View:
    """What the rules look at: one tree with the origin of its columns, and words for its parts."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self.tree = tree
        self.schema = schema
        self.lineage = Lineage(tree, schema)
        self._joins: dict[int, Joins] = {}
        self.phrases = Phrases(self.lineage, lambda query: "a query")
        self.declares_nulls = any(not column.nullable and not column.primary_key for column in schema.columns)

    def joins(self, select: exp.Select) -> Joins:
        if id(select) not in self._joins:
            self._joins[id(select)] = Joins(select, self.lineage)
        return self._joins[id(select)]

    def called(self, source: Source) -> str:
        return self.phrases.table(source.table) if source.table is not None else plural(source.alias)


_DEEPEST = 8  # queries in queries that a column is followed through
_FIGURES = (exp.Sum, exp.Avg, exp.Count, exp.Median, exp.Quantile, exp.PercentileCont, exp.PercentileDisc, exp.Stddev,
            exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop)  # fmt: skip


def repeated_rows(view: View) -> Iterator[str]:
    """Fan-out: a sum, average or count over rows that a join repeats."""
    for select in view.tree.find_all(exp.Select):
        figures = [node for node in select.find_all(*_FIGURES) if node.find_ancestor(exp.Select) is select]
        yield from _repeated_inside(figures, select, view)
        if not figures or len(view.lineage.sources(select)) < 2:
            continue
        joins = view.joins(select)
        repeats = {alias: joins.repeated(alias) for alias in joins.sources}
        for node in figures:
            if node.find(exp.Distinct) is not None or isinstance(node.this, exp.AggFunc):
                continue
            called = called_by_table(node, joins)
            counted = joins.owners(node) or ({called} if called else set(joins.sources))
            culprits = {alias: by for alias in counted if (by := repeats.get(alias)) is not None}
            if not counted or len(culprits) < len(counted) or _counts_joined(node, counted, joins):
                continue
            alias, by = next(iter(culprits.items()))
            if not joins.owners(node) and not called and joins.sources[alias].table == joins.sources[by].table:
                continue  # COUNT(*) over a table joined to itself counts pairs
            yield _says_repeated(node, joins.sources[alias], joins.sources[by], view)


def _says_repeated(figure: exp.Expr, source: Source, by: Source, view: View) -> str:
    what, through, counted = view.called(source), view.called(by), view.phrases.say(figure)
    return f"The join with {through} repeats rows of {what}, so the {counted} counts some of them more than once."


def _repeated_inside(figures: list[exp.Expr], select: exp.Select, view: View) -> Iterator[str]:
    """A figure over rows of inner queries, as they come: what a join in there repeats, it counts again."""
    keys = grouped_by(select)
    for node in figures:
        if node.find(exp.Distinct) is None and not (isinstance(node, exp.Count) and node.this in keys):
            found = _repeats(node, select, view, {})
            if found is not None:
                yield _says_repeated(node, *found, view)


Repeat: TypeAlias = tuple[Source, Source] | None


def _repeats(value: exp.Expr, select: exp.Select, view: View, known: dict[tuple[int, str], Repeat], depth: int = 0) -> Repeat:
    """A table that a value comes of and what repeats its rows, in one of the queries that hand it through.

    None where any column of the value isn't repeated. Each column of a query is asked for once.
    """
    joins = view.joins(select)
    first: Repeat = None
    for column in value.find_all(exp.Column):
        key = id(select), column.sql()
        if key not in known:
            known[key] = None  # and so it stays in a query that hands it to itself
            known[key] = _repeats_of(column, joins, view, known, depth)
        if known[key] is None:
            return None
        first = first or known[key]
    return first


def _repeats_of(column: exp.Column, joins: Joins, view: View, known: dict[tuple[int, str], Repeat], depth: int) -> Repeat:
    alias = joins.owner(column)
    if alias is None or depth > _DEEPEST:
        return None
    source, by = joins.sources[alias], joins.repeated(alias) if depth else None
    if by is not None:
        return source, joins.sources[by]
    inner = source.query.unnest() if isinstance(source.query, exp.Query) else None
    if not isinstance(inner, exp.Select) or _thins_out(inner):
        return None
    handed = _handed(fold(column.name), inner, source, view)
    return _repeats(handed, inner, view, known, depth + 1) if handed is not None else None


def _handed(name: str, inner: exp.Select, source: Source, view: View) -> exp.Expr | None:
    """What an inner query gives out by a name."""
    for i, item in enumerate(inner.selects):
        if not item.is_star:
            if name == (source.columns[i] if i < len(source.columns) else fold(item.alias_or_name)):
                return item.unalias()
            continue
        column = exp.column(exp.to_identifier(name), item.args.get("table"))
        if view.joins(inner).owner(column) is not None:
            return column
    return None


def _thins_out(select: exp.Select) -> bool:
    """Whether a query gives other rows than its joins make."""
    clauses = ("group", "distinct", "qualify", "limit")
    return any(select.args.get(name) is not None for name in clauses) or any(aggregates(item) for item in select.selects)


def _counts_joined(node: exp.Expr, counted: set[str], joins: Joins) -> bool:
    """COUNT(a.key) ... GROUP BY a.key counts what is joined to a: the repeats are the point."""
    return isinstance(node, exp.Count) and len(counted) == 1 and joins.is_grouped_by_key(next(iter(counted)))


def average_of_averages(view: View) -> Iterator[str]:
    """AVG over what is an average or a ratio of groups already: small groups weigh as much as large ones."""
    for node in view.tree.find_all(exp.Avg, exp.Div):
        mean = _written_mean(node) if isinstance(node, exp.Div) else node
        inner = _computed(mean.this, view) if mean is not None else None
        if inner is None:
            continue
        if inner.find(exp.Avg, exp.Median) is not None or _is_ratio(inner):
            kind = "ratios" if _is_ratio(inner) else "averages"
            yield f"This is an average of {kind} of groups: each group weighs the same, however many rows it has."


def _written_mean(node: exp.Div) -> exp.Sum | None:
    """The SUM of ``SUM(x) / COUNT(*)``."""
    total, count = node.this.unnest(), node.expression.unnest()
    return total if isinstance(total, exp.Sum) and isinstance(count, exp.Count) else None


def _computed(node: exp.Expr, view: View) -> exp.Expr | None:
    """The expression of an inner query that an expression names, or itself where it aggregates (a window over groups)."""
    for _ in range(20):
        if isinstance(node, exp.Round | exp.Cast | exp.Paren | exp.Coalesce):
            node = node.this
        elif isinstance(node, exp.Column):
            origin = view.lineage.origin(node)
            if not isinstance(origin, exp.Expr):
                return None
            node = origin
        else:
            return node if aggregates(node) else None
    return None


def _is_ratio(node: exp.Expr) -> bool:
    return any(aggregates(part.this) and aggregates(part.expression) for part in node.find_all(exp.Div))


def not_in_nulls(view: View) -> Iterator[str]:
    """NOT IN over a column with a NULL is never true."""
    yield from (says_not_in_nulls(query, view) for query in queries_of_not_in(view) if may_be_null(query, view))
    for node in view.tree.find_all(exp.Not):
        if isinstance(inner := node.this.unnest(), exp.In) and any(isinstance(item, exp.Null) for item in inner.expressions):
            yield "NOT IN with a NULL in its list finds no row at all."


def queries_of_not_in(view: View) -> Iterator[exp.Select]:
    for node in view.tree.find_all(exp.Not, exp.NEQ):
        inner = node.this.unnest()
        query = inner.args.get("query") if isinstance(inner, exp.In) else None
        if isinstance(node, exp.NEQ):  # x <> ALL (...) says the same
            query = node.expression.this if isinstance(node.expression, exp.All) else None
        query = query.unnest() if query is not None else None
        if isinstance(query, exp.Select) and query.selects:
            yield query


def says_not_in_nulls(query: exp.Select, view: View) -> str:
    column = view.phrases.say(query.selects[0].unalias())
    return f"NOT IN finds no row at all if any {column} is missing: leave out the missing ones (IS NOT NULL)."


def may_be_null(query: exp.Select, view: View) -> bool:
    """Whether declarations and joins let the first column of a query be NULL."""
    value = query.selects[0].unalias()
    index = view.lineage.index(value)
    if index is None or not isinstance(value, exp.Column):
        return False
    for node in conjuncts(query.args.get("where")):
        named = any(view.lineage.index(column) == index for column in node.find_all(exp.Column))
        if named and not isinstance(node, exp.Is | exp.Or):
            return False  # a condition on the column is not true for NULL
    sources = view.lineage.sources(query)
    source = sources.get(value.table.lower()) or next(iter(sources.values()))
    outer = source.join is not None and source.join.side in ("LEFT", "FULL") and len(sources) > 1
    column = view.schema.columns[index]
    return outer or (view.declares_nulls and column.nullable and not column.primary_key)


def limit_without_order(view: View) -> Iterator[str]:
    """A LIMIT on rows in no order."""
    for node in view.tree.find_all(exp.Limit, exp.Fetch):
        query = node.parent
        if not isinstance(query, exp.Query) or query.args.get("order") is not None or isinstance(query.parent, exp.Exists):
            continue
        if isinstance(query, exp.Select):
            one_row = query.args.get("group") is None and any(aggregates(item) for item in query.selects)
            if one_row or query.args.get("from_") is None or _is_ordered_inside(query):
                continue
        yield "The rows are limited without an order: which ones are shown is left to chance."


def one_of_each(view: View) -> Iterator[str]:
    """DISTINCT ON without an order."""
    for select in view.tree.find_all(exp.Select):
        clause = select.args.get("distinct")
        if clause is not None and clause.args.get("on") is not None and select.args.get("order") is None:
            yield "One row of each is shown without an order: which one is left to chance."


def _is_ordered_inside(query: exp.Select) -> bool:
    inner = query.args["from_"].this
    return isinstance(inner, exp.Subquery) and inner.this.args.get("order") is not None and not query.args.get("joins")


def unjoined_tables(view: View) -> Iterator[str]:
    """Tables side by side with no condition between them (CROSS JOIN says that it is meant)."""
    for select in view.tree.find_all(exp.Select):
        joins = view.joins(select)
        first = next(iter(joins.sources), None)
        reached = {first}
        for _ in joins.sources:
            reached |= {tie.alias for tie in joins.ties if tie.by & reached}
            reached |= {other for tie in joins.ties if tie.alias in reached for other in tie.by}
        for alias, source in joins.sources.items():
            if alias not in reached and first is not None and not _meant(source, view):
                other = view.called(joins.sources[first])
                yield f"No condition joins {view.called(source)} to {other}: each row is paired with every other."


def _meant(source: Source, view: View) -> bool:
    """Whether a join without a condition is written on purpose, or can't multiply rows."""
    join = source.join
    if join is None or join.kind in ("CROSS", "POSITIONAL") or join.method in ("NATURAL", "ASOF"):
        return True
    return isinstance(join.this, exp.Lateral | exp.Unnest) or (source.table is None and unique(source, set(), view.lineage))


def compared_with_null(view: View) -> Iterator[str]:
    """``x = NULL`` is never true."""
    for node in view.tree.find_all(exp.EQ, exp.NEQ):
        if isinstance(node.left, exp.Null) or isinstance(node.right, exp.Null):
            yield "A comparison with NULL by = or <> is never true: IS NULL tests for missing values."


RULES: tuple[Callable[[View], Iterator[str]], ...] = (
    repeated_rows, average_of_averages, not_in_nulls, limit_without_order, one_of_each, unjoined_tables, compared_with_null,
    counts_of_none, sums_of_different, shares_of_some,
)  # fmt: skip
