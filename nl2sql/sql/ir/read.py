"""sqlglot syntax tree -> symbols: names become pointers, joins that the foreign keys imply are left out."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from sqlglot import exp

from nl2sql.records import Context, Pointer, Symbol
from nl2sql.sql.ir.grouping import given_name
from nl2sql.sql.ir.joins import End, Instance, Join, equalities, join_graph
from nl2sql.sql.ir.literals import Literals, Unsupported
from nl2sql.sql.ir.read_clauses import ClauseReader

SET_OPERATION = {exp.Union: "union", exp.Intersect: "intersect", exp.Except: "except"}


@dataclass
class Scope:
    """One block while it is read: what its names mean, and which instances its columns used."""

    parent: Scope | None = None
    aliases: dict[str, Instance] = field(default_factory=dict)
    instances: list[Instance] = field(default_factory=list)
    outs: list[str] | None = None  # output names of the WITH query that this block reads
    part: tuple[str, list[str]] | None = None  # the WITH query in scope: its name and outputs
    selected: dict[str, exp.Expression] = field(default_factory=dict)
    used: set[Instance] = field(default_factory=set)
    counted: Instance | None = None  # the table whose rows COUNT(*) counts


class Reader(ClauseReader):
    def __init__(self, context: Context, dialect: str) -> None:
        self.context = context
        self.schema = context.schema
        self.dialect = dialect
        self.literals = Literals(context)
        self.graph = join_graph(context.schema)
        self.table_index = {(t.schema.lower(), t.name.lower()): i for i, t in enumerate(self.schema.tables)}
        self.by_name = {t.name.lower(): i for i, t in reversed(list(enumerate(self.schema.tables)))}
        self.column_index = {
            (self.schema.owner[i], column.name.lower()): i for i, column in enumerate(self.schema.columns)
        }

    # queries

    def query(self, tree: exp.Expression, parent: Scope | None, part: tuple[str, list[str]] | None = None) -> list[Symbol]:
        while isinstance(tree, exp.Subquery | exp.Paren) and not _own_clauses(tree):
            tree = tree.this
        with_ = tree.args.get("with_")
        if with_ is not None:
            if len(with_.expressions) != 1 or with_.args.get("recursive"):
                raise Unsupported("more than one WITH query")
            cte = with_.expressions[0]
            inner = self.inside(cte.this, parent)
            names = [n.name for n in cte.args["alias"].args.get("columns") or []] or output_names(cte.this)
            tree = tree.copy()
            tree.set("with_", None)
            return [*inner, *self.query(tree, parent, (cte.alias.lower(), names))]
        if type(tree) in SET_OPERATION:
            return self.set_operation(tree, parent, part)
        if not isinstance(tree, exp.Select):
            raise Unsupported(type(tree).__name__)
        return self.block(tree, parent, part)

    def inside(self, tree: exp.Expression, parent: Scope | None, part: tuple[str, list[str]] | None = None) -> list[Symbol]:
        """A WITH query. Its outputs are counted, so that it can't be of all columns."""
        symbols = self.query(tree, parent, part)
        if "*" in (symbols[1], symbols[2] if symbols[1] == "distinct" else ""):
            raise Unsupported("all columns of a WITH query")
        return ["with", "(", *symbols, ")"]

    def set_operation(self, tree: exp.Expression, parent: Scope | None, part: tuple[str, list[str]] | None) -> list[Symbol]:
        if tree.args.get("order") or tree.args.get("limit"):
            inner = tree.copy()
            for clause in ("order", "limit", "offset"):
                inner.set(clause, None)
            names = output_names(inner)
            outer = exp.Select(expressions=[exp.column(n) for n in names], from_=exp.From(this=exp.to_table("part")))
            for clause in ("order", "limit", "offset"):
                outer.set(clause, tree.args.get(clause))
            return [*self.inside(inner, parent, part), *self.query(outer, parent, ("part", names))]
        symbol = SET_OPERATION[type(tree)]
        if symbol == "union" and not tree.args.get("distinct"):
            symbol = "union all"
        right = tree.expression
        if type(right.unnest()) in SET_OPERATION:
            raise Unsupported("a set operation on the right")
        return [*self.query(tree.this, parent, part), symbol, *self.query(right, parent, part)]

    def block(self, tree: exp.Select, parent: Scope | None, part: tuple[str, list[str]] | None) -> list[Symbol]:
        from_ = tree.args.get("from_")
        if from_ is None:
            raise Unsupported("no FROM")
        joins = tree.args.get("joins") or []
        source = from_.this
        if isinstance(source, exp.Subquery):
            if joins:
                raise Unsupported("a join with a derived table")
            names = output_names(source.this)
            name = (source.alias or "part").lower()
            outer = tree.copy()
            outer.set("from_", exp.From(this=exp.to_table("part")))
            for column in outer.find_all(exp.Column):
                if column.table.lower() == name:
                    column.set("table", exp.to_identifier("part"))
            return [*self.inside(source.this, parent, part), *self.query(outer, parent, ("part", names))]
        if isinstance(source, exp.Table) and part and source.name.lower() == part[0] and not source.db:
            if joins:
                raise Unsupported("a join with a WITH query")
            scope = Scope(parent, outs=part[1], part=part)
            scope.aliases = {part[0]: (-1, 0), (source.alias or part[0]).lower(): (-1, 0)}
            return self.body(tree, scope)
        return self.joined(tree, [source, *(j.this for j in joins)], joins, parent, part)

    def joined(
        self, tree: exp.Select, sources: list[exp.Expression], joins: list[exp.Join], parent: Scope | None,
        part: tuple[str, list[str]] | None,
    ) -> list[Symbol]:
        """A block over tables. A table that stands twice is read both ways round; the one without spelled joins wins."""
        tables: list[tuple[int, str, str]] = []
        for source in sources:
            if not isinstance(source, exp.Table) or not source.name:
                raise Unsupported(f"FROM {type(source).__name__}")
            tables.append((self.table(source), source.name.lower(), source.alias.lower()))
        numbers = [t for t, _, _ in tables]
        if any(numbers.count(t) > 2 for t in numbers):
            raise Unsupported("a table three times")
        doubled = sorted({t for t in numbers if numbers.count(t) == 2})
        best: list[Symbol] | None = None
        for flips in product((0, 1), repeat=len(doubled)):
            scope, seen = Scope(parent, part=part), {t: flips[doubled.index(t)] if t in doubled else 0 for t in numbers}
            for t, name, alias in tables:
                instance = (t, seen[t])
                seen[t] = 1 - seen[t]
                scope.instances.append(instance)
                scope.aliases[alias or name] = instance
            conditions, rest, left = self.conditions(tree, joins, scope)
            scope.counted = None if left else self.graph.counted(scope.instances, conditions)
            where = tree.args.get("where")
            body = tree.copy() if rest or where else tree
            if rest is not None:
                body.set("where", exp.Where(this=exp.and_(*rest)) if rest else None)
            symbols = self.body(body, scope)
            from_ = self.from_clause(scope, conditions, left)
            if from_ is not None and (best is None or len(symbols) + len(from_) < len(best)):
                best = symbols + from_
        if best is None:
            raise Unsupported("joins that can't be written")
        return best

    def table(self, source: exp.Table) -> int:
        name = source.name.lower()
        found = self.table_index.get((source.db.lower(), name)) if source.db else self.by_name.get(name)
        if found is None:
            raise Unsupported("unknown table")
        return found

    # joins

    def conditions(
        self, tree: exp.Select, joins: list[exp.Join], scope: Scope
    ) -> tuple[list[Join], list[exp.Expression], list[Instance]]:
        """Join conditions as pairs of ends, the conditions that stay in WHERE, and the instances that are LEFT JOINed."""
        pairs: list[Join] = []
        rest: list[exp.Expression] = []
        left: list[Instance] = []
        loose = False
        for i, join in enumerate(joins):
            instance = scope.instances[i + 1]
            side = (join.side or "").upper()
            if side == "LEFT":
                left.append(instance)
            elif side == "RIGHT" and len(joins) == 1:
                left.append(scope.instances[0])
            elif side:
                raise Unsupported(f"{side} JOIN")
            on, using = join.args.get("on"), join.args.get("using")
            for name in using or ():
                earlier = next((s for s in scope.instances[: i + 1] if (s[0], name.name.lower()) in self.column_index), None)
                if earlier is None or (instance[0], name.name.lower()) not in self.column_index:
                    raise Unsupported("USING")
                pairs.append(tuple((s, self.column_index[s[0], name.name.lower()]) for s in (earlier, instance)))  # type: ignore[arg-type]
            for test in conjuncts(on):
                pair = self.pair(test, scope)
                if pair:
                    pairs.append(pair)
                elif side:
                    raise Unsupported("a condition in an outer join")
                elif not isinstance(test, exp.Boolean):
                    rest.append(test)
            loose = loose or (on is None and not using)
        for test in conjuncts(tree.args["where"].this) if tree.args.get("where") else ():
            pair = self.pair(test, scope) if loose else None
            if pair:
                pairs.append(pair)
            else:
                rest.append(test)
        return pairs, rest, left

    def pair(self, test: exp.Expression, scope: Scope) -> Join | None:
        if isinstance(test, exp.Paren):
            return self.pair(test.this, scope)
        if not isinstance(test, exp.EQ) or not all(isinstance(s, exp.Column) for s in (test.this, test.expression)):
            return None
        ends: list[End] = []
        for side in (test.this, test.expression):
            found = self.resolve(side, scope)
            if found is None or found[0] is not scope:
                return None
            ends.append((found[1], found[2]))
        return (ends[0], ends[1]) if ends[0][0] != ends[1][0] else None

    def from_clause(self, scope: Scope, conditions: list[Join], left: list[Instance]) -> list[Symbol] | None:
        """The fewest tables and spelled joins after which the graph gives back exactly these joins.

        Where two keys lead from one table to the other the join is always spelled: no default is right often enough.
        """
        whole, wanted = set(scope.instances), equalities(conditions)
        if any(i[1] for i in left) or (len(whole) > 1 and not conditions and self.graph.connect(whole) is not None):
            return None
        if any(n and not self.graph.second(table) for table, n in whole):
            raise Unsupported("a table joined with itself by no key")
        if any(self.graph.component[a[0]] != self.graph.component[b[0]] for (a, _), (b, _) in conditions):
            raise Unsupported("a join by no key")

        def gives(instances: Iterable[Instance], spelled: list[Join]) -> bool:
            joins = self.graph.connect(instances, spelled)
            return joins is not None and set(joins.instances) == whole and equalities(joins.conditions) == wanted

        lefts: list[Symbol] = [s for i in left for s in ("left", Pointer("table", i[0]))]
        used = scope.used | set(left)
        extra = sorted(i for i in whole - used)
        chosen = [] if any(i[1] for i in whole) else [c for c in conditions if self.graph.forked(c)]
        other = [c for c in conditions if c not in chosen]
        some: list[tuple[list[Instance], list[Join]]] = [([], [*chosen, *other[:n]]) for n in range(1, len(other) + 1)]
        for named, spelled in (([], chosen), (extra, chosen), *some, (extra, conditions)):
            if any(i[1] for i in named) or not (used or named or spelled) or not gives(used | set(named), spelled):
                continue
            tables: list[Symbol] = [*(Pointer("table", i[0]) for i in named), *lefts]
            ons = [s for join in spelled for s in ("on", *_end(join[0]), *_end(join[1]))]
            return ["from", *tables, *ons] if tables or ons else []
        return None

    # names

    def resolve(self, column: exp.Column, scope: Scope) -> tuple[Scope, Instance, int] | None:
        """The scope, instance and column index (or output number of the WITH query, from 1) that a name means."""
        name, qualifier = column.name.lower(), column.table.lower()
        here: Scope | None = scope
        while here is not None:
            if here.outs is not None and (not qualifier or qualifier in here.aliases):
                lowered = [n.lower() for n in here.outs]
                if name in lowered:
                    return here, (-1, 0), lowered.index(name) + 1
            if qualifier:
                instance = here.aliases.get(qualifier)
                if instance is not None and (instance[0], name) in self.column_index:
                    return here, instance, self.column_index[instance[0], name]
            else:
                for instance in here.instances:
                    if (instance[0], name) in self.column_index:
                        return here, instance, self.column_index[instance[0], name]
            here = here.parent
        return None


def conjuncts(tree: exp.Expression | None) -> list[exp.Expression]:
    if tree is None:
        return []
    if isinstance(tree, exp.And):
        return conjuncts(tree.this) + conjuncts(tree.expression)
    if isinstance(tree, exp.Paren) and isinstance(tree.this, exp.And):
        return conjuncts(tree.this)
    return [tree]


def output_names(tree: exp.Expression) -> list[str]:
    """The names of a query's outputs; an unnamed one gets a name that no column has."""
    return [given_name(item) or f"?{i}" for i, item in enumerate(tree.selects)]


def _own_clauses(tree: exp.Expression) -> bool:
    return isinstance(tree, exp.Subquery) and any(tree.args.get(c) for c in ("order", "limit", "offset", "with_"))


def _end(end: End) -> list[Symbol]:
    return [*(["other"] if end[0][1] else []), Pointer("column", end[1])]
