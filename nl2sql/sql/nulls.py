"""NOT IN over a column that holds a NULL finds no row. The static rule looks at declarations; this one looks at the data."""
from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from nl2sql.sql.evidence import Evidence
from nl2sql.sql.warnings import may_be_null, queries_of_not_in, says_not_in_nulls


def nulls_in_not_in(view: Evidence) -> Iterator[str]:
    """Where nothing is declared that says so, the column is looked at."""
    for query in queries_of_not_in(view):
        index = view.lineage.index(query.selects[0].unalias())
        declared = index is not None and not view.schema.columns[index].nullable
        if may_be_null(query, view) or declared or len(query.selects) != 1:
            continue
        inner = query.copy()
        inner.selects[0].replace(exp.alias_(inner.selects[0].unalias().copy(), "listed"))
        rows = view.look_up(exp.select("1").from_(inner.subquery("t")).where("t.listed IS NULL").limit(1))
        if rows:
            yield says_not_in_nulls(query, view)
