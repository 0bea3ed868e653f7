"""In what a wrong query differs from its gold, part by part: counted over all failures that a file of ``--graded-out`` holds.

    python -m nl2sql.eval.failures spider --data DIR --graded a.jsonl [--rows]

Both trees are read without aliases and join conditions, names in lower case, conditions one by one. A query that differs in one
part alone would be right with that part mended: the second count says at most how many that are. Not seen: that two spellings
mean the same (a gold's nested query for a join: "nested or set operation" is counted too often), and what is left out above.
"""
from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlglot
from sqlglot import exp

from nl2sql.errors import BadInput
from nl2sql.eval import cases

Parts = dict[str, Counter[str]]
UNANSWERED = "no answer"


def differences(gold: str, guess: str | None, dialect: str = "sqlite") -> list[str]:
    """The parts in which they differ, by name; a join's key or a literal's case where none is seen."""
    if not guess:
        return [UNANSWERED]
    try:
        wanted, got = (sqlglot.parse_one(sql, dialect=dialect) for sql in (gold, guess))
    except sqlglot.errors.SqlglotError:
        return ["not parsed"]
    return list(_compared(wanted, got)) or ["join key, or case of a text"]


def _compared(wanted: exp.Expression, got: exp.Expression) -> Iterator[str]:
    shape = _shape(wanted) != _shape(got)
    if shape:
        yield "nested or set operation"
    first, second = _parts(wanted), _parts(got)
    if not shape:
        yield from _shown(first, second)
        yield from _conditions(first, second)
    if first["tables"] != second["tables"]:
        counts = any(isinstance(count.this, exp.Star) for count in got.find_all(exp.Count))
        side = _side("table", first["tables"], second["tables"])
        yield f"{side}, where rows are counted" if counts and first["tables"] - second["tables"] else side
    for part in ("distinct", "group by", "having", "order by", "limit"):
        if first[part] != second[part]:
            yield part if part in ("distinct", "group by") else _side(part, first[part], second[part])
    if _repeats(got) and not _repeats(wanted):
        yield "says something twice"


def _shape(tree: exp.Expression) -> Counter[str]:
    """Set operations, and nested queries by where they stand."""
    found = Counter(type(node).__name__ for node in tree.find_all(exp.SetOperation))
    for select in tree.find_all(exp.Select):
        holder = select.parent_select
        if holder is not None and isinstance(select.parent, (exp.Subquery, exp.In, exp.CTE)):
            found["nested"] += 1
    return found


def _parts(tree: exp.Expression) -> Parts:
    parts: Parts = {name: Counter() for name in
                    ("shown", "columns", "tables", "where", "group by", "having", "order by", "limit", "distinct")}  # fmt: skip
    for select in tree.find_all(exp.Select):
        for item in select.expressions:
            item = item.this if isinstance(item, exp.Alias) else item
            parts["shown"][_text(item)] += 1
            parts["columns"].update(column.name.lower() for column in item.find_all(exp.Column))
        parts["distinct"]["distinct"] += bool(select.args.get("distinct"))
        parts["tables"].update(_tables(select))
        for clause, part in (("where", "where"), ("having", "having")):
            held = select.args.get(clause)
            if held is not None:
                parts[part].update(_text(condition) for condition in _single(held.this))
        for group in (select.args["group"].expressions if select.args.get("group") else ()):
            parts["group by"][_text(group)] += 1
    for holder in tree.find_all(exp.Query):
        order, limit = holder.args.get("order"), holder.args.get("limit")
        if order is not None:
            parts["order by"].update(f"{_text(key.this)} {bool(key.args.get('desc'))}" for key in order.expressions)
        if limit is not None:
            parts["limit"][_text(limit.expression)] += 1
    return parts


def _tables(select: exp.Expression) -> list[str]:
    """The tables of this query alone."""
    sources = [select.args.get("from_") or select.args.get("from"), *(select.args.get("joins") or ())]
    return [source.this.name.lower() for source in sources if source is not None and isinstance(source.this, exp.Table)]


def _single(condition: exp.Expression) -> Iterator[exp.Expression]:
    """The conditions that AND and OR hold together."""
    if isinstance(condition, (exp.And, exp.Or)):
        yield from _single(condition.left)
        yield from _single(condition.right)
    elif isinstance(condition, exp.Paren):
        yield from _single(condition.this)
    else:
        yield condition


def _text(node: exp.Expression) -> str:
    """Lower-case SQL; a column by its own name (which of two joined tables a key is read from makes no difference), a nested
    query as a mark."""
    copy = node.copy()
    for nested in [select for select in copy.find_all(exp.Select)]:
        (nested.parent if isinstance(nested.parent, exp.Subquery) else nested).replace(exp.var("QUERY"))
    for column in list(copy.find_all(exp.Column)):
        quoted = column.this.args.get("quoted") and not column.table
        name = f"'{column.name.lower()}'" if quoted else column.name.lower()
        if column is copy:
            return name
        column.replace(exp.var(name))
    return copy.sql(dialect="sqlite").lower().strip()


def _shown(first: Parts, second: Parts) -> Iterator[str]:
    if first["shown"] != second["shown"]:
        yield _side("column shown", first["columns"], second["columns"]) if first["columns"] != second["columns"] else "aggregate"


def _conditions(first: Parts, second: Parts) -> Iterator[str]:
    missing, added = first["where"] - second["where"], second["where"] - first["where"]
    if len(missing) > len(added):
        yield "condition: missing"
    elif len(added) > len(missing):
        yield "condition: added"
    elif missing:
        yield "condition: another"


def _side(what: str, wanted: Counter[str], got: Counter[str]) -> str:
    missing, added = wanted - got, got - wanted
    return f"{what}: {'another' if missing and added else 'missing' if missing else 'added'}"


def _repeats(tree: exp.Expression) -> bool:
    """Whether a query shows the same twice, or says a condition twice."""
    for select in tree.find_all(exp.Select):
        shown = Counter(_text(item) for item in select.expressions)
        where = select.args.get("where")
        said = Counter(item.sql() for item in _single(where.this)) if where is not None else Counter[str]()
        if any(count > 1 for count in (*shown.values(), *said.values())):
            return True
    return False


def main(words: Sequence[str] | None = None) -> None:
    top = argparse.ArgumentParser(prog="nl2sql.eval.failures", description="Count in what wrong queries differ from their golds.")
    top.add_argument("suite", help="a suite's name or file")
    top.add_argument("--data", metavar="DIR", help="a folder in Spider's form")
    top.add_argument("--graded", required=True, type=Path, metavar="FILE", help="what nl2sql eval --graded-out wrote")
    top.add_argument("--rows", action="store_true", help="print each failure's number and parts")
    options = top.parse_args(words)
    suite = cases.load(options.suite, options.data)
    golds = {case.number: case.golds for case in suite.cases}
    dialect = "sqlite" if suite.data else "duckdb"
    parts: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    failures = 0
    for line in options.graded.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if not entry["counted"] or entry["outcome"] == "right" or not golds.get(entry["number"]):
            continue
        failures += 1
        found = min((differences(gold, entry["sql"], dialect) for gold in golds[entry["number"]]), key=len)
        parts.update(found)
        alone.update(found if len(found) == 1 else ())
        if options.rows:
            print(entry["number"], ", ".join(found))
    if not failures:
        raise BadInput(f"{options.graded} holds no failure of {suite.name}.")
    print(f"{failures} failures\n| part | differs | it alone |\n|---|---|---|")
    for part, count in parts.most_common():
        print(f"| {part} | {count} | {alone[part] or ''} |")


if __name__ == "__main__":
    main()
