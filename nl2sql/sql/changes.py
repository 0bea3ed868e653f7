"""Assumptions turned round: for what a query takes for granted, the SQL that takes the other thing.

Made for buttons beside an answer: the same rules find the assumption (``assumptions``) and how to change it, so none is offered
that the query doesn't make. What can't be changed by a few nodes of the tree is not offered.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sqlglot import exp

from nl2sql.names import humanize
from nl2sql.records import Change, ForeignKey, Query, Schema
from nl2sql.sql.assumptions import DOUBTFUL, View, roles, unseen_states
from nl2sql.sql.lineage import Source, conjuncts
from nl2sql.sql.phrases import singular
from nl2sql.sql.resolve import fold
from nl2sql.sql.trees import tree_of

_MOST = 5


def changes(query: Query, schema: Schema) -> tuple[Change, ...]:
    """At most five, most important first."""
    found: list[Change] = []
    tree = tree_of(query)
    view = View(tree, schema)
    for rule in RULES:
        for label, change in rule(view):
            copy = View(tree.copy(), schema)
            if change(copy):
                found.append(Change(label, copy.tree.sql(dialect=query.dialect, copy=False)))
    return tuple(found[:_MOST])


Edit = Callable[[View], bool]  # changes the tree of a view in place; False where it can't


def without_states(view: View) -> Iterator[tuple[str, Edit]]:
    """Leave out the cancelled, the pending ..."""
    for column, values in unseen_states(view):
        for value in values:
            if value.lower().startswith(DOUBTFUL):
                table = view.phrases.table(view.schema.owner[column])
                yield f"Leave out {value.lower()} {table}", partial(_leave_out, column=column, value=value)


def by_other_date(view: View) -> Iterator[tuple[str, Edit]]:
    """Another date of the same table."""
    for table in sorted(view.used):
        dates = [i for i in view.schema.columns_of(table) if view.schema.columns[i].kind == "date"]
        taken = [i for i in dates if i in view.columns]
        if len(taken) == 1 and view.figures:
            for other in dates:
                if other not in taken:
                    words = view.schema.columns[other].words or humanize(view.schema.columns[other].name)
                    yield f"By {words} instead", partial(_replace_column, old=taken[0], new=other)


def by_other_role(view: View) -> Iterator[tuple[str, Edit]]:
    """The customer's region instead of the store's."""
    owner = view.schema.owner
    for taken, others in roles(view):
        for other in others if len(taken) == 1 else ():
            who, what = (singular(view.phrases.table(owner[i])) for i in (other.source, other.target))
            yield f"The {who}'s {what} instead", partial(_reroute, taken=taken[0], other=other)


RULES: tuple[Callable[[View], Iterator[tuple[str, Edit]]], ...] = (without_states, by_other_role, by_other_date)


def _leave_out(view: View, column: int, value: str) -> bool:
    """A condition in each SELECT that reads the table, or a table that refers to it."""
    owner, changed = view.schema.owner[column], False
    for select in view.selects:
        source = _source_of(view, select, owner) or _joined(view, select, owner)
        if source is None:
            continue
        kind = exp.NullSafeNEQ if view.schema.columns[column].nullable else exp.NEQ
        condition = kind(this=_column(view, column, source.alias), expression=exp.Literal.string(value))
        if source.join is not None and source.join.side in ("LEFT", "FULL"):
            source.join.on(condition, copy=False)
        else:
            select.where(condition, copy=False)
        changed = True
    return changed


def _source_of(view: View, select: exp.Select, table: int) -> Source | None:
    return next((source for source in view.lineage.sources(select).values() if source.table == table), None)


def _joined(view: View, select: exp.Select, table: int) -> Source | None:
    """The table joined to one of the SELECT that refers to it by a key that is never NULL, so that no row is lost."""
    for key in view.schema.foreign_keys:
        if view.schema.owner[key.target] != table or view.schema.columns[key.source].nullable:
            continue
        child = _source_of(view, select, view.schema.owner[key.source])
        if child is not None:
            return _join(view, select, child, key)
    return None


def _join(view: View, select: exp.Select, child: Source, key: ForeignKey) -> Source:
    table = view.schema.owner[key.target]
    name = view.schema.tables[table].name
    alias = name if name not in view.lineage.sources(select) else f"{name}_2"
    node = exp.Table(this=exp.to_identifier(name, quoted=True))
    if view.schema.tables[table].schema:
        node.set("db", exp.to_identifier(view.schema.tables[table].schema, quoted=True))
    condition = exp.EQ(this=_column(view, key.source, child.alias), expression=_column(view, key.target, alias))
    select.join(exp.alias_(node, alias, table=True, quoted=True), on=condition, copy=False)
    return Source(alias.lower(), table)


def _column(view: View, index: int, alias: str) -> exp.Column:
    name = view.schema.columns[index].name
    return exp.column(exp.to_identifier(name, quoted=True), exp.to_identifier(alias, quoted=True))


def _replace_column(view: View, old: int, new: int) -> bool:
    nodes = [node for node in view.tree.find_all(exp.Column) if view.lineage.index(node) == old]
    for node in nodes:
        node.set("this", exp.to_identifier(view.schema.columns[new].name, quoted=True))
    return bool(nodes)


def _reroute(view: View, taken: ForeignKey, other: ForeignKey) -> bool:
    """Inner joins by the other key in place of the one; the other key's table is joined too where it is missing."""
    for select in view.selects:
        joins = select.args.get("joins") or []
        conditions = [node for join in joins for node in conjuncts(join.args.get("on"))]
        mine = [node for node in conditions if isinstance(node, exp.EQ)
                and {view.lineage.index(side) for side in (node.left, node.right)} == {taken.source, taken.target}]  # fmt: skip
        if len(mine) != 1 or any(join.side or join.args.get("using") for join in joins):
            continue
        table = view.schema.owner[other.source]
        child = _source_of(view, select, table) or _joined(view, select, table)
        if child is None:
            return False
        side = mine[0].left if view.lineage.index(mine[0].left) == taken.source else mine[0].right
        side.replace(_column(view, other.source, child.alias))
        return _join_anew(select)
    return False


def _join_anew(select: exp.Select) -> bool:
    """The same tables and conditions, each table after those that its conditions speak of."""
    joins = list(select.args["joins"])
    conditions = [node.copy() for join in joins for node in conjuncts(join.args.get("on"))]
    placed, ordered = {fold(select.args["from_"].this.alias_or_name)}, list[exp.Join]()
    while joins:
        for join in joins:
            reach = {*placed, fold(join.this.alias_or_name)}
            fitting = [node for node in conditions if {fold(column.table) for column in node.find_all(exp.Column)} <= reach]
            if fitting:
                break
        else:
            return False
        joins.remove(join)
        conditions = [node for node in conditions if node not in fitting]
        join.set("on", exp.and_(*fitting))
        placed, ordered = reach, [*ordered, join]
    select.set("joins", ordered)
    return not conditions
