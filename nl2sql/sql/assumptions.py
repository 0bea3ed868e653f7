"""What a query takes for granted and the asker may not: told beside the answer, drawn from the SQL and the schema alone."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from sqlglot import exp

from nl2sql.names import humanize
from nl2sql.records import ForeignKey, Query, Schema
from nl2sql.sql.conditions import listed
from nl2sql.sql.lineage import Lineage, conjuncts, with_parents
from nl2sql.sql.phrases import Phrases, singular
from nl2sql.sql.trees import tree_of

# values that mark rows which some would not count
DOUBTFUL = ("cancel", "pending", "void", "draft", "reject", "fail", "refund", "returned", "inactive",
            "deleted", "closed", "open", "test")  # fmt: skip
_STATES = ("status", "state", "stage")
_MANY = 8


def assumptions(query: Query, schema: Schema, as_of: dt.date | None = None) -> tuple[str, ...]:
    """The assumptions of a query, most important first, as sentences without capital and full stop."""
    tree = tree_of(query)
    view = View(tree, schema)
    found = [text for rule in RULES for text in rule(view)]
    if tree.find(exp.CurrentDate, exp.CurrentTimestamp) is not None:
        day = f", not of {as_of}" if as_of is not None else ""
        found.append(f"today is the date of this computer{day}: the result changes from day to day")
    return tuple(dict.fromkeys(found))


class View:
    """What the rules look at: one tree, its columns and tables."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self.tree = tree
        self.schema = schema
        self.lineage = Lineage(tree, schema)
        self.phrases = Phrases(self.lineage, lambda query: "another query")
        self.selects = list(tree.find_all(exp.Select))
        self.used = {table for select in self.selects for table in self.lineage.base_tables(select)}
        self.columns = {i for node in tree.find_all(exp.Column) if (i := self.lineage.index(node)) is not None}
        # where no column is declared NOT NULL (CSV files, old databases), "may be NULL" says nothing
        self.declares_nulls = any(not column.nullable and not column.primary_key for column in schema.columns)
        self.figures = tree.find(exp.AggFunc) is not None


def every_status(view: View) -> Iterator[str]:
    """A status column that nothing in the query looks at."""
    for i, values in unseen_states(view):
        words = view.schema.columns[i].words or humanize(view.schema.columns[i].name)
        yield f"{view.phrases.table(view.schema.owner[i])} of every {words} are included ({', '.join(values[:_MANY])})"


def unseen_states(view: View) -> Iterator[tuple[int, list[str]]]:
    """Columns of states that the query doesn't look at, some of which not everybody would count; with their values."""
    for table in sorted(with_parents(view.used, view.schema)) if view.figures else ():
        for i in view.schema.columns_of(table):
            column = view.schema.columns[i]
            words = column.words or humanize(column.name)
            few = column.distinct is None or column.distinct <= _MANY
            values = [str(value) for value in column.samples if isinstance(value, str)]
            doubtful = any(value.lower().startswith(DOUBTFUL) for value in values)
            if words.endswith(_STATES) and few and doubtful and i not in view.columns:
                yield i, values


def which_role(view: View) -> Iterator[str]:
    """A table that could be reached in several ways (the store's region, the customer's): which one was taken."""
    owner = view.schema.owner
    for taken, others in roles(view):
        mine = listed([f"the {singular(view.phrases.table(owner[key.source]))}'s" for key in taken])
        rest = listed([f"the {singular(view.phrases.table(owner[key.source]))}'s" for key in others])
        yield f"the {singular(view.phrases.table(owner[taken[0].target]))} is {mine}, not {rest}"


def roles(view: View) -> Iterator[tuple[list[ForeignKey], list[ForeignKey]]]:
    """For each table that could be reached in several ways, the keys that were taken and those that weren't."""
    owner = view.schema.owner
    joined = _joined_pairs(view)
    for target in sorted({key.target for key in view.schema.foreign_keys}):
        keys = [key for key in view.schema.foreign_keys if key.target == target and owner[key.source] != owner[target]]
        taken = [key for key in keys if frozenset((key.source, key.target)) in joined or key.source in view.columns]
        taken_by = {owner[key.source] for key in taken}
        near = view.used | {owner[key.target] for key in view.schema.foreign_keys if owner[key.source] in view.used}
        others = [key for key in keys if owner[key.source] in near and owner[key.source] not in taken_by]
        # only where it is a choice: the two tables are joined to one and the same table of the query, not to each other
        others = [key for key in others if not _linked(view, owner[key.source], taken_by)]
        if taken and others and _shown(view, owner[target]):
            yield taken, others


def _shown(view: View, table: int) -> bool:
    return any(view.schema.owner[i] == table and not view.schema.columns[i].primary_key for i in view.columns)


def _linked(view: View, table: int, others: set[int]) -> bool:
    owner = view.schema.owner
    return any({owner[key.source], owner[key.target]} == {table, other} for key in view.schema.foreign_keys for other in others)


def _joined_pairs(view: View) -> set[frozenset[int]]:
    pairs = set()
    for node in view.tree.find_all(exp.EQ):
        left, right = view.lineage.index(node.left), view.lineage.index(node.right)
        if left is not None and right is not None:
            pairs.add(frozenset((left, right)))
    for join in view.tree.find_all(exp.Join):
        select = join.find_ancestor(exp.Select)
        names = {part.name.lower() for part in join.args.get("using") or ()}
        tables = view.lineage.base_tables(select) if select is not None else []
        for key in view.schema.foreign_keys:
            same = view.schema.columns[key.source].name.lower() in names and view.schema.columns[key.target].name.lower() in names
            if same and view.schema.owner[key.source] in tables and view.schema.owner[key.target] in tables:
                pairs.add(frozenset((key.source, key.target)))
    return pairs


def which_date(view: View) -> Iterator[str]:
    """A table with several dates, of which the query bounds or groups by one."""
    for table in sorted(view.used):
        dates = [i for i in view.schema.columns_of(table) if view.schema.columns[i].kind == "date"]
        taken = [i for i in dates if i in view.columns]
        if len(taken) == 1 and len(dates) > 1 and view.figures:
            others = listed([view.phrases.column(i) for i in dates if i not in taken], "or")
            yield f"dates are by {view.phrases.column(taken[0])}, not by {others}"


def left_out_of_averages(view: View) -> Iterator[str]:
    """Averages over a column that may be NULL."""
    for node in view.tree.find_all(exp.Avg, exp.Median, exp.Stddev) if view.declares_nulls else ():
        index = view.lineage.index(node.this)
        if index is not None and view.schema.columns[index].nullable and not view.schema.columns[index].primary_key:
            rows = view.phrases.table(view.schema.owner[index])
            if not _bounded(view, index):
                yield f"{rows} without a {view.phrases.column(index)} are left out of the {_kind(node)}"


def _kind(node: exp.Expr) -> str:
    return {"avg": "average", "median": "median"}.get(node.key, "figure")


def _bounded(view: View, index: int) -> bool:
    """Whether a WHERE already speaks of the column."""
    conditions = [node for select in view.selects for node in conjuncts(select.args.get("where"))]
    return any(view.lineage.index(column) == index for node in conditions for column in node.find_all(exp.Column))


def left_out_by_joins(view: View) -> Iterator[str]:
    """Inner joins through a key that may be NULL: rows without one are gone."""
    joined = _joined_pairs(view)
    outer = any(join.side for join in view.tree.find_all(exp.Join))
    for key in view.schema.foreign_keys if view.declares_nulls and not outer else ():
        nullable = view.schema.columns[key.source].nullable and not view.schema.columns[key.source].primary_key
        if nullable and frozenset((key.source, key.target)) in joined and view.schema.owner[key.source] in view.used:
            source, target = view.schema.owner[key.source], view.schema.owner[key.target]
            self_joined = view.phrases.column(key.source).removesuffix(" id")
            what = self_joined if source == target else singular(view.phrases.table(target))
            yield f"{view.phrases.table(source)} without a {what} are left out"


RULES: tuple[Callable[[View], Iterator[str]], ...] = (
    every_status, which_role, which_date, left_out_of_averages, left_out_by_joins,
)  # fmt: skip
