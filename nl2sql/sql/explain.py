"""Query -> one English sentence: what was computed, over which rows and dates, and in what order it is shown.

The sentence is made from the SQL that ran, not from the question, so that a wrong reading of the question shows. Every
allowed query gets one; its truth is that of ``phrases.py``: SQL without words of its own is quoted.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlglot import exp

from nl2sql.names import humanize
from nl2sql.records import Query, Schema
from nl2sql.sql.assumptions import assumptions
from nl2sql.sql.conditions import listed, worded
from nl2sql.sql.fanout import aggregates, grouped_by, meant
from nl2sql.sql.lineage import Lineage, Source, conjuncts, leftmost, with_parents
from nl2sql.sql.phrases import Phrases, plural, singular
from nl2sql.sql.resolve import fold
from nl2sql.sql.trees import tree_of

__all__ = ["assumptions", "explain"]

_LONGEST = 900
_SIMPLE = (exp.Column, exp.Count, exp.Star, exp.Cast)
_GIST = re.compile(r"[^(:;,.\n]{3,40}")


def explain(query: Query, schema: Schema) -> str:
    """One sentence on what a query computes."""
    tree = tree_of(query)
    try:
        text = Sentence(tree, schema).whole()
    except RecursionError:  # from deep within a caller's own stack
        text = f"a query over {listed(query.tables) or 'no table'}"
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rsplit(" ", 1)[0] + " …"
    return text[:1].upper() + text[1:] + ("" if text.endswith("…") else ".")


class Sentence:
    """The sentence of one syntax tree; a WITH query that is read twice is told once."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self.tree = tree
        self.schema = schema
        self.lineage = Lineage(tree, schema)
        self.phrases = Phrases(self.lineage, self.block)
        self._told: set[int] = set()

    def whole(self) -> str:
        text = self.block(self.tree)
        return text + (", over all dates" if self._timeless() else "")

    def block(self, query: exp.Expr) -> str:
        """Words for a query, without capital and full stop."""
        if isinstance(query, exp.SetOperation):
            left, right = self.block(query.this), self.block(query.expression)
            word = {"union": "together with", "intersect": "as far as also in", "except": "but not"}[query.key]
            return f"{left}, {word} {right}{self._shown(query)}"
        if isinstance(query, exp.Subquery | exp.Paren):
            return self.block(query.this) + self._shown(query)
        if isinstance(query, exp.Table):
            return f"all columns of {humanize(query.name)}"
        if not isinstance(query, exp.Select):
            return f"the values {query.sql(comments=False)}"
        parts = [self._what(query), self._where(query), self._kept(query), self._shown(query), self._inner(query)]
        return "".join(parts)

    def _what(self, select: exp.Select) -> str:
        keys, group = self._keys(select)
        if isinstance(select.parent, exp.Exists):
            return self.phrases.rows_of(select)
        measures = [self._measure(item) for item in select.expressions if not any(item.unalias() == key for key in keys)]
        distinct = "different " if select.args.get("distinct") is not None else ""
        if not group and not any(aggregates(item) for item in select.expressions):
            return distinct + self._listing(select, measures)
        per = [self.phrases.say(key) for key in self._labels(keys + [key for key in group if key not in keys])]
        if not measures:
            return f"each {listed(per)}"
        return distinct + listed(measures) + (f" per {listed(per)}" if per else "")

    def _listing(self, select: exp.Select, words: list[str]) -> str:
        """Plain columns: "name of users" where all are of one table, else each with the table's name."""
        indices = [self.lineage.index(item.unalias()) for item in select.expressions]
        owners = {None if i is None else self.schema.owner[i] for i in indices}
        owner = owners.pop() if len(owners) == 1 else None
        if owner is None:
            of = self.phrases.rows_of(select)
            return listed(words) + (f" of {of}" if of != "rows" and None in indices else "")
        plain = [self.phrases.column(i, owned=False) if i is not None and word == self.phrases.column(i) else word
                 for i, word in zip(indices, words, strict=False)]  # fmt: skip
        return f"{listed(plain)} of {self.phrases.table(owner)}"

    def _keys(self, select: exp.Select) -> tuple[list[exp.Expr], list[exp.Expr]]:
        """The grouped expressions that are shown, and all that are grouped by."""
        group = grouped_by(select)
        return [value for item in select.expressions if (value := item.unalias()) in group], group

    def _labels(self, keys: Sequence[exp.Expr]) -> list[exp.Expr]:
        """Group keys without identifiers whose names are grouped by too: per store name, not per store id and store name."""
        indices = {id(key): self.lineage.index(key) for key in keys}
        named = {self.schema.owner[i] for i in indices.values() if i is not None and self.schema.columns[i].kind == "text"}
        targets = {key.source: self.schema.owner[key.target] for key in self.schema.foreign_keys}

        def is_label(key: exp.Expr) -> bool:
            i = indices[id(key)]
            if i is None:
                return True
            keyed = self.schema.owner[i] if self.schema.columns[i].primary_key else targets.get(i)
            return keyed not in named

        return [key for key in keys if is_label(key)] or list(keys)

    def _measure(self, item: exp.Expr) -> str:
        value = item.unalias()
        words = self.phrases.say(value)
        if isinstance(value, exp.AggFunc) and isinstance(value.this, exp.Column):
            return words + self._gist(value.this, words)
        computed = not isinstance(value, _SIMPLE) and not (isinstance(value, exp.AggFunc) and isinstance(value.this, exp.Column))
        if isinstance(item, exp.Alias) and computed and humanize(item.alias) not in words:
            return f"{humanize(item.alias)} ({words})"
        renamed = isinstance(item, exp.Alias) and isinstance(value, exp.Column) and len(item.alias) > 3
        return f"{humanize(item.alias)} ({words})" if renamed and humanize(item.alias) not in words else words

    def _gist(self, node: exp.Column, words: str) -> str:
        """What the column's comment begins with, where it says more than the name does."""
        column = self.lineage.column(node)
        found = _GIST.match(column.comment) if column is not None else None
        gist = found[0].strip() if found and column and len(found[0]) < 40 else ""
        return f" ({gist})" if gist and gist.lower() not in words else ""

    def _where(self, select: exp.Select) -> str:
        nodes = [node for node in conjuncts(select.args.get("where")) if not self._joins(node)]
        sources = self.lineage.sources(select)
        for join in select.args.get("joins") or ():
            nodes += [node for node in conjuncts(join.args.get("on")) if not self._joins(node)]
        missing = {id(node): source for node in nodes for source in sources.values() if self._finds_none(node, source)}
        plain = [node for node in nodes if id(node) not in missing]
        phrases = worded(plain, self.phrases.say, self.phrases.is_date)
        phrases += [f"there is no matching {singular(self._called(source))}" for source in missing.values()]
        text = f" where {listed(phrases)}" if phrases else ""
        absent = set(id(source) for source in missing.values())
        optional = [self._called(source) for source in sources.values()
                    if source.join is not None and source.join.side == "LEFT" and id(source) not in absent]  # fmt: skip
        return text + (f", also without {listed(optional, 'or')}" if optional else "")

    def _called(self, source: Source) -> str:
        return self.phrases.table(source.table) if source.table is not None else plural(humanize(source.alias))

    @staticmethod
    def _joins(node: exp.Expr) -> bool:
        """Whether a condition only says how two tables belong together."""
        if not isinstance(node, exp.EQ) or not isinstance(node.left, exp.Column) or not isinstance(node.right, exp.Column):
            return False
        return node.left.table != node.right.table

    def _finds_none(self, node: exp.Expr, source: Source) -> bool:
        """The anti-join: LEFT JOIN x ... WHERE x.key IS NULL."""
        if not isinstance(node, exp.Is) or not isinstance(node.expression, exp.Null) or not isinstance(node.this, exp.Column):
            return False
        index, qualifier = self.lineage.index(node.this), fold(node.this.table)
        own = qualifier == source.alias or (not qualifier and index is not None and self.schema.owner[index] == source.table)
        joined = own and source.join is not None and source.join.side == "LEFT"
        column = self.lineage.column(node.this)
        return joined and (column is None or not column.nullable or column.primary_key)

    def _kept(self, select: exp.Select) -> str:
        text = ""
        for clause in (select.args.get("having"), select.args.get("qualify")):
            if clause is not None:
                text += f", only where {self.phrases.all_of(clause)}"
        return text

    def _shown(self, query: exp.Expr) -> str:
        """Order and limit."""
        text, order, limit = "", query.args.get("order"), query.args.get("limit")
        select = leftmost(query)
        if order is not None and isinstance(select, exp.Select):
            items = [item for item in order.expressions if isinstance(item, exp.Ordered)]
            ways = [self.phrases.sorted_by(meant(item.this, select), bool(item.args.get("desc"))) for item in items]
            text = f", ordered by {listed(ways)}"
        elif order is not None:
            text = ", in order"
        if limit is not None:
            count = limit.expression if isinstance(limit, exp.Limit) else limit.args.get("count")
            rows = self.phrases.say(count)
            text += ", only the first row" if rows == "1" else f", only the first {rows} rows"
        if query.args.get("offset") is not None:
            text += f", leaving out {self.phrases.say(query.args['offset'].expression)} before"
        return text

    def _inner(self, select: exp.Select) -> str:
        """What the queries that it reads from compute, each told once."""
        text = ""
        for source in self.lineage.sources(select).values():
            if source.query is not None and id(source.query) not in self._told:
                self._told.add(id(source.query))
                name = "" if source.alias.startswith("#") or len(source.alias) < 3 else humanize(source.alias) + ": "
                text += f", from ({name}{self.block(source.query)})"
        return text

    def _timeless(self) -> bool:
        """Whether figures over dated rows are computed without any bound on a date."""
        if self.tree.find(exp.AggFunc) is None or any(self.phrases.is_date(column) for column in self._conditioned()):
            return False
        used = {i for select in self.tree.find_all(exp.Select) for i in self.lineage.base_tables(select)}
        return any(self._is_event(table) for table in with_parents(used, self.schema))

    def _conditioned(self) -> Iterator[exp.Column]:
        for clause in self.tree.find_all(exp.Where, exp.Having):
            yield from clause.find_all(exp.Column)
        for join in self.tree.find_all(exp.Join):
            for node in conjuncts(join.args.get("on")):
                if not self._joins(node):
                    yield from node.find_all(exp.Column)

    def _is_event(self, table: int) -> bool:
        """Rows that happen (orders), not things that are (stores, employees): dated, pointing at others, without a name."""
        columns = self.schema.columns_of(table)
        dated = any(self.schema.columns[i].kind == "date" for i in columns)
        named = any("name" in (self.schema.columns[i].words or humanize(self.schema.columns[i].name)) for i in columns)
        return dated and not named and any(key.source in columns for key in self.schema.foreign_keys)
