"""The clauses of one block -> symbols."""
from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from nl2sql.records import Pointer, Symbol
from nl2sql.sql.ir.grouping import has_aggregate
from nl2sql.sql.ir.literals import Unsupported
from nl2sql.sql.ir.read_conditions import ConditionReader
from nl2sql.sql.ir.read_expressions import is_star

if TYPE_CHECKING:
    from nl2sql.sql.ir.read import Scope



class ClauseReader(ConditionReader):
    def body(self, tree: exp.Select, scope: Scope) -> list[Symbol]:
        for clause in ("windows", "sample", "pivots", "laterals", "hint"):
            if tree.args.get(clause):
                raise Unsupported(clause)
        out: list[Symbol] = ["select"]
        if tree.args.get("distinct"):
            if tree.args["distinct"].args.get("on"):
                raise Unsupported("DISTINCT ON")
            out.append("distinct")
        scope.selected = {i.alias.lower(): i.this for i in tree.expressions if isinstance(i, exp.Alias)}
        items = [item.unalias() for item in tree.expressions]
        for i, item in enumerate(items):
            out += [","] if i else []
            out += self.star(item, scope) if isinstance(item, exp.Star) or is_star(item) else self.expression(item, scope)
        for clause, symbol in (("where", "where"), ("group", "group by"), ("having", "having"), ("qualify", "qualify")):
            part = tree.args.get(clause)
            if part is None:
                continue
            out.append(symbol)
            if clause == "group":
                out += self.grouped(part, items, scope)
            else:
                out += self.condition(self.unaliased(part.this, scope, clause != "where"), scope)
        if tree.args.get("order"):
            out += ["order by", *self.order(tree.args["order"], items, scope)]
        if tree.args.get("limit"):
            out += ["limit", *self.expression(tree.args["limit"].expression, scope)]
            if tree.args.get("offset"):
                out += ["offset", *self.expression(tree.args["offset"].expression, scope)]
        return out

    def star(self, item: exp.Expression, scope: Scope) -> list[Symbol]:
        if isinstance(item, exp.Star):
            if item.args.get("except_") or item.args.get("replace"):
                raise Unsupported("* except")
            return ["*"]
        instance = scope.aliases.get(item.table.lower())
        if instance is None or instance[0] < 0:
            raise Unsupported("unknown alias")
        if len(scope.instances) == 1:
            return ["*"]
        out: list[Symbol] = []
        scope.used.add(instance)
        for i in self.schema.columns_of(instance[0]):
            out += [","] if out else []
            out += [*(["other"] if instance[1] else []), Pointer("column", i)]
        return out

    def grouped(self, group: exp.Group, items: list[exp.Expression], scope: Scope) -> list[Symbol]:
        if any(group.args.get(c) for c in ("rollup", "cube", "grouping_sets")):
            raise Unsupported("grouping sets")
        keys = group.expressions or [i for i in items if not has_aggregate(i)]
        out: list[Symbol] = []
        for key in keys:
            out += [","] if out else []
            out += self.expression(self.referred(key, items, scope), scope)
        return out

    def order(self, order: exp.Order, items: list[exp.Expression], scope: Scope) -> list[Symbol]:
        out: list[Symbol] = []
        for one in order.expressions:
            out += [","] if out else []
            out += [*self.expression(self.referred(one.this, items, scope), scope), "desc" if one.args.get("desc") else "asc"]
        return out

    def referred(self, tree: exp.Expression, items: list[exp.Expression], scope: Scope) -> exp.Expression:
        """GROUP BY 1, ORDER BY total: the select item that is meant."""
        if isinstance(tree, exp.Literal) and not tree.is_string and tree.this.isdigit() and 0 < int(tree.this) <= len(items):
            return items[int(tree.this) - 1]
        return self.unaliased(tree, scope, True)

    def unaliased(self, tree: exp.Expression, scope: Scope, first: bool) -> exp.Expression:
        """Names of select items stand for their expressions, unless a column has that name and goes first."""

        def replace(node: exp.Expression) -> exp.Expression:
            if isinstance(node, exp.Column) and not node.table and node.name.lower() in scope.selected:
                found, meant = self.resolve(node, scope), scope.selected[node.name.lower()]
                if found is None or found[0] is not scope or (first and not isinstance(meant, exp.Column)):
                    return meant.copy()
            return node

        return tree.copy().transform(replace) if scope.selected else tree
