"""Conditions that no row can meet: values that don't exist (with the nearest that do), and which condition left no row."""
from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from nl2sql.sql.conditions import bound, listed, worded
from nl2sql.sql.evidence import Evidence
from nl2sql.sql.lineage import conjuncts

_MOST_CONDITIONS = 8
_FEW = 8  # values of a column that are all named where none is near
_NEAREST = 3
_MOST_DISTINCT = 20_000
_LONGEST = 60  # characters of a value that are shown


def missing_values(view: Evidence) -> Iterator[str]:
    """A column compared with a text that it doesn't hold; with a number or date only where nothing came out."""
    for node, left, right in _comparisons(view.tree):
        found = view.unqualified(left)
        if found is None or right.find(exp.Column, exp.Null) is not None:
            continue
        written, index = found
        text = isinstance(right, exp.Literal) and right.is_string and view.schema.columns[index].kind == "text"
        if isinstance(node, exp.Like | exp.ILike) and not text:
            continue
        if (text and right.name in view.values.get(index, ()) and isinstance(left, exp.Column)) or not (text or view.is_hollow):
            continue
        constant = right.sql(dialect=view.query.dialect)
        test = f"{written} {_OPERATORS.get(type(node), '=')} {constant}"
        table = view.table_sql(view.schema.owner[index])
        rows = view.look_up(f"SELECT 1 FROM {table} WHERE {test} LIMIT 1")
        if rows is None or rows:
            continue
        hint = _texts_there(view, written, table, right.name) if text else _figures_there(view, written, table, constant)
        what = view.phrases.say(left)
        is_pattern = isinstance(node, exp.Like | exp.ILike)
        said = view.phrases.say(node).removeprefix(what).strip() if is_pattern else f"is {view.phrases.say(right)}"
        yield f"No {what} {said}{hint}."


_OPERATORS: dict[type[exp.Expr], str] = {exp.Like: "LIKE", exp.ILike: "ILIKE"}


def _comparisons(tree: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr, exp.Expr]]:
    """(comparison, column side, constant side) of every test of equality or likeness, each value of IN by itself."""
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.Like, exp.ILike, exp.In, exp.Case, exp.ArrayContains):
        if isinstance(node, exp.In):
            yield from ((node, node.this, option) for option in node.expressions)
        elif isinstance(node, exp.Case):  # CASE column WHEN value
            yield from ((exp.EQ(), node.this, way.this) for way in node.args["ifs"] if node.this)
        elif isinstance(node, exp.ArrayContains):
            items = node.this.expressions if isinstance(node.this, exp.Array) else ()
            yield from ((exp.EQ(), node.expression, item) for item in items)
        elif isinstance(node.right, exp.Any) and isinstance(items := node.right.this.unnest(), exp.Array):
            yield from ((node, node.left, item) for item in items.expressions)
        elif node.left.find(exp.Column) is not None:
            yield node, node.left, node.right
        elif isinstance(node, exp.EQ | exp.NEQ):
            yield node, node.right, node.left


def _texts_there(view: Evidence, written: str, table: str, text: str) -> str:
    """The column's values that are spelt nearest, as the end of a sentence; all of them where there are few and none is near."""
    wanted = f"strip_accents({exp.Literal.string(text.strip('%').lower()).sql(dialect='duckdb')})"
    inner = f"SELECT DISTINCT {written} AS v FROM {table} WHERE {written} IS NOT NULL LIMIT {_MOST_DISTINCT}"
    plain = "strip_accents(lower(v))"
    rows = view.look_up(
        f"SELECT v, levenshtein({plain}, {wanted}) AS d, contains({plain}, {wanted}) OR contains({wanted}, {plain}) AS part"
        f" FROM ({inner}) AS t ORDER BY d, v LIMIT {_FEW + 1}"
    )
    near = [value for value, distance, part in rows or () if part or distance <= max(1, len(text) * 2 // 5)][:_NEAREST]
    if near or not rows or len(rows) > _FEW:
        return _nearest(list(map(_quoted, near)))
    return f"; there {'is' if len(rows) == 1 else 'are'} {listed([_quoted(value) for value, *_ in rows])}"


def _quoted(value: object) -> str:
    """A cell in a sentence: in one line, and not all of it if it is long."""
    return f"'{' '.join(str(value).split())[:_LONGEST]}'"


def _figures_there(view: Evidence, written: str, table: str, constant: str) -> str:
    """The next smaller and the next larger number or date, as the end of a sentence."""
    below, above = (f"CASE WHEN {written} {sign} {constant} THEN {written} END" for sign in "<>")
    rows = view.look_up(f"SELECT max({below}), min({above}) FROM {table}")
    return _nearest([str(cell) for cell in rows[0] if cell is not None] if rows else [])


def _nearest(near: list[str]) -> str:
    return f"; the nearest {'is' if len(near) == 1 else 'are'} {listed(near)}" if near else ""


def no_rows(view: Evidence) -> Iterator[str]:
    """The condition that left no row: each is dropped once, to see whether there are rows without it."""
    if not view.is_empty or view.tree.find(exp.TableSample) is not None:
        return
    groups = _conditions(view)
    culprits, tried = [], 0
    for group in groups[:_MOST_CONDITIONS]:
        rows = view.look_up(_without(view, group))
        tried += rows is not None
        if rows and any(cell is not None for cell in rows[0]):
            culprits.append(" and ".join(worded(group, view.phrases.say, view.phrases.is_date)) + _reach(view, group))
    if len(culprits) == 1:
        yield f"No row fits the condition that {culprits[0]}; without it there are some."
    elif culprits:
        yield f"No row fits these conditions together: {listed(culprits)}; without any one of them there are some."
    elif len(groups) > 1 and tried == len(groups):
        yield "No row fits, and no single condition is why: without any one of them there are still none."
    else:
        yield "No row fits."


def _conditions(view: Evidence) -> list[list[exp.Expr]]:
    """The conditions of all blocks that rows pass through; the bounds of one date are one condition."""
    groups: dict[object, list[exp.Expr]] = {}
    for select in view.tree.find_all(exp.Select):
        if select.find_ancestor(exp.Where, exp.Having, exp.Join) is not None:
            continue  # part of a condition, or of what a condition is about
        clauses = [select.args.get(name) for name in ("where", "having", "qualify")]
        clauses += [join.args.get("on") for join in select.args.get("joins") or () if not join.side]
        for node in (node for clause in clauses for node in conjuncts(clause)):
            if not _ties_tables(view, node):
                bounded = bound(node, view.phrases.is_date) is not None
                key = (id(select), node.this.sql()) if bounded else id(node)
                groups.setdefault(key, []).append(node)
    return list(groups.values())


def _ties_tables(view: Evidence, node: exp.Expr) -> bool:
    """Whether a condition says how two tables belong together."""
    if not isinstance(node, exp.EQ):
        return False
    indices = ((column, view.lineage.index(column)) for column in node.find_all(exp.Column))
    return len({column.table or (index is not None and view.schema.owner[index]) for column, index in indices}) > 1


def _without(view: Evidence, group: list[exp.Expr]) -> exp.Expr:
    """The query without some of its conditions, cut down to whether there are rows."""
    places = [i for i, node in enumerate(view.tree.walk()) if any(node is part for part in group)]
    tree = view.tree.copy()
    nodes = list(tree.walk())
    for i in places:
        nodes[i].replace(exp.true())
    return view.any_row(tree)


def _reach(view: Evidence, group: list[exp.Expr]) -> str:
    """Where the bounds of a date left nothing: from when to when its column has dates."""
    if bound(group[0], view.phrases.is_date) is None or (found := view.unqualified(group[0].this)) is None:
        return ""
    written, index = found
    rows = view.look_up(f"SELECT min({written}), max({written}) FROM {view.table_sql(view.schema.owner[index])}")
    if not rows or rows[0][0] is None:
        return ""
    first, last = (str(cell)[:10] for cell in rows[0])
    return f" (the data go from {first} to {last})"
