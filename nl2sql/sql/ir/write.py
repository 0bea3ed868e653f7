"""Symbols -> sqlglot syntax tree: a recursive-descent parser of the IR that derives FROM from the columns used."""
from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from nl2sql.records import Context, Pointer, Symbol
from nl2sql.sql.ir.dialects import identifier
from nl2sql.sql.ir.grouping import complete_grouping, group_what_is_ranked, name_outputs
from nl2sql.sql.ir.joins import Instance, Join, join_graph
from nl2sql.sql.ir.write_conditions import ConditionWriter
from nl2sql.sql.ir.write_expressions import Block, Malformed
from nl2sql.sql.symbols import NONE, SET_OPERATIONS

SET_OPERATION: dict[str, tuple[type[exp.SetOperation], bool]] = {
    "union": (exp.Union, True), "union all": (exp.Union, False), "intersect": (exp.Intersect, True), "except": (exp.Except, True),
}


class Writer(ConditionWriter):
    """One pass over one symbol sequence."""

    def __init__(self, symbols: Sequence[Symbol], context: Context, dialect: str) -> None:
        self.symbols = tuple(symbols)
        self.at = 0
        self.context = context
        self.dialect = dialect
        self.graph = join_graph(context.schema)
        self.blocks: list[Block] = []

    # queries

    def whole(self) -> exp.Expression:
        if not self.symbols or self.symbols[0] == NONE:
            raise Malformed("no query")
        tree = self.query()
        if self.peek() is not None:
            raise Malformed(f"left over: {self.peek()}")
        return tree

    def query(self) -> exp.Expression:
        tree = self.block()
        while self.peek() in SET_OPERATIONS:
            kind, distinct = SET_OPERATION[str(self.take())]
            right = self.block()
            if _starred(tree) != _starred(right):
                raise Malformed("all columns of different tables")
            tree = kind(this=_operand(tree), expression=_operand(right), distinct=distinct)
        return tree

    def block(self) -> exp.Expression:
        outer = self.blocks[-1] if self.blocks else None
        block = Block(outs=outer.outs if outer else None)
        cte = None
        if self.skip("with"):
            self.take("(")
            cte = self.query()
            self.take(")")
            name_outputs(cte)
            block.outs = list(cte.selects)
        self.blocks.append(block)
        select = self.select(block, top=len(self.blocks) == 1)
        self.blocks.pop()
        if cte is not None:
            if not block.reads_outs and block.used:
                raise Malformed("a WITH query that is not read")
            select.set("with_", exp.With(expressions=[exp.CTE(this=cte, alias=exp.TableAlias(this=exp.to_identifier("part")))]))
        return select

    def select(self, block: Block, top: bool) -> exp.Select:
        self.take("select")
        select = exp.Select()
        if self.skip("distinct"):
            select.set("distinct", exp.Distinct())
        select.set("expressions", self.listed(self.item))
        for clause, kind in (("where", exp.Where), ("group by", exp.Group), ("having", exp.Having), ("qualify", exp.Qualify)):
            if self.skip(clause):
                if clause == "group by":
                    select.set("group", exp.Group(expressions=self.listed(self.expression)))
                else:
                    select.set(clause, kind(this=self.condition()))
        if self.skip("order by"):
            select.set("order", exp.Order(expressions=self.listed(self.ordered)))
        if self.skip("limit"):
            select.set("limit", exp.Limit(expression=self.primary()))
            if self.skip("offset"):
                select.set("offset", exp.Offset(expression=self.primary()))
        if self.skip("from"):
            self.from_(block)
        self.derive_from(select, block)
        if self.dialect == "sqlite":
            group_what_is_ranked(select)
            return select
        complete_grouping(select)
        if top and "*" not in self.symbols[:3]:
            name_outputs(select)
        return select

    def item(self) -> exp.Expression:
        return exp.Star() if self.skip("*") else self.expression()

    def ordered(self) -> exp.Expression:
        tree = self.expression()
        direction = self.take()
        if direction not in ("asc", "desc"):
            raise Malformed(f"neither asc nor desc: {direction}")
        return exp.Ordered(this=tree, desc=direction == "desc", nulls_first=self.dialect == "sqlite" and direction == "asc")

    # FROM

    def from_(self, block: Block) -> None:
        while True:
            symbol = self.peek()
            if isinstance(symbol, Pointer) and symbol.kind == "table":
                block.used.append((int(self.take()[1]), 0))
            elif symbol == "left":
                self.take()
                block.left.append(int(self.take()[1]))
                block.used.append((block.left[-1], 0))
            elif symbol == "on":
                self.take()
                block.spelled.append((self.end(), self.end()))
            else:
                return

    def end(self) -> tuple[Instance, int]:
        other = self.skip("other")
        symbol = self.take()
        if not isinstance(symbol, Pointer) or symbol.kind != "column":
            raise Malformed("ON takes columns")
        return (self.context.schema.owner[symbol.index], int(other)), symbol.index

    def derive_from(self, select: exp.Select, block: Block) -> None:
        if block.reads_outs or (block.outs is not None and not block.used):
            if block.used:
                raise Malformed("tables beside a WITH query")
            select.set("from_", exp.From(this=exp.Table(this=exp.to_identifier("part"))))
            return
        joins = self.graph.connect(dict.fromkeys(block.used), block.spelled)
        if joins is None:
            raise Malformed("tables that can't be joined" if block.used else "no table")
        left = set(block.left)
        order = [i for i in joins.instances if i[0] not in left] + [i for i in joins.instances if i[0] in left]
        placed = [order[0]]
        select.set("from_", exp.From(this=self.table(order[0])))
        todo = order[1:]
        while todo:
            step = next((i for i in todo if _touching(joins.conditions, i, placed)), todo[0])
            todo.remove(step)
            conditions = _touching(joins.conditions, step, placed)
            if step[0] in left or any(e[0][0] in left for c in conditions for e in c if e[0] != step):
                left.add(step[0])
            tests = [exp.EQ(this=self.qualified(a), expression=self.qualified(b)) for a, b in conditions]
            on = exp.and_(*tests, copy=False) if tests else exp.true()
            select.append("joins", exp.Join(this=self.table(step), on=on, side="LEFT" if step[0] in left else None))
            placed.append(step)
        if len(placed) > 1 or block.correlated:
            for column, instance in block.columns:
                column.set("table", self.alias(instance))

    def alias(self, instance: Instance) -> exp.Identifier:
        name = self.context.schema.tables[instance[0]].name
        return identifier(name if instance[1] == 0 else f"{name}_2")

    def table(self, instance: Instance) -> exp.Table:
        table = self.context.schema.tables[instance[0]]
        tree = exp.Table(this=identifier(table.name), db=identifier(table.schema) if table.schema else None)
        if instance[1]:
            tree.set("alias", exp.TableAlias(this=self.alias(instance)))
        return tree

    def qualified(self, end: tuple[Instance, int]) -> exp.Column:
        return exp.Column(this=identifier(self.context.schema.columns[end[1]].name), table=self.alias(end[0]))


def _touching(conditions: list[Join], step: Instance, placed: list[Instance]) -> list[Join]:
    found = []
    for a, b in conditions:
        if a[0] == step and b[0] in placed:
            found.append((b, a))
        elif b[0] == step and a[0] in placed:
            found.append((a, b))
    return found


def _starred(tree: exp.Expression) -> list[str]:
    """The tables of which ``*`` shows all columns; empty where the columns are named."""
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    if not isinstance(tree, exp.Select) or not any(isinstance(item, exp.Star) for item in tree.expressions):
        return []
    sources = [tree.args["from_"].this, *(join.this for join in tree.args.get("joins") or ())]
    if isinstance(sources[0], exp.Subquery):
        return _starred(sources[0])
    return [source.name for source in sources]


def _operand(tree: exp.Expression) -> exp.Expression:
    """A side of a set operation that has its own order or limit needs brackets, which not every dialect has: a subquery."""
    if isinstance(tree, exp.Select) and (tree.args.get("order") or tree.args.get("limit") or tree.args.get("with_")):
        return exp.select("*").from_(exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier("side"))))
    return tree
