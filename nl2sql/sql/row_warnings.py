"""Answers that mislead though their SQL is sound: what is told from the rows, and from small queries about the data.

Each rule asks only where the query gives cause, and all of them together take no longer than ``seconds``: what can't be told
in that time is left unsaid. Not covered: ties within a ranking by groups, and data that end early for some groups only.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from nl2sql.records import Query, Result, Schema
from nl2sql.sql.evidence import Evidence, Run
from nl2sql.sql.missing import missing_values, no_rows
from nl2sql.sql.nulls import nulls_in_not_in
from nl2sql.sql.part_periods import part_periods
from nl2sql.sql.ties import ties_at_the_cut, ties_in_numbers
from nl2sql.sql.trees import tree_of


def warn_of_rows(
    query: Query,
    result: Result,
    schema: Schema,
    run: Run,
    *,
    values: Mapping[int, Sequence[str]] | None = None,
    as_of: dt.date | None = None,
    seconds: float = 0.3,
) -> tuple[str, ...]:
    """What may mislead in an answer, as sentences. ``run`` checks and runs SQL; ``values`` are ``Database.values``."""
    tree = tree_of(query)
    view = Evidence(tree, query, result, schema, run, values=values or {}, as_of=as_of, seconds=seconds)
    found = list(missing_values(view))
    found += () if found else no_rows(view)  # a value that isn't there says why
    for rule in RULES:
        found += rule(view)
    if result.truncated:
        found.append(f"There are more rows; only the first {len(result.rows):,} were fetched.")
    return tuple(dict.fromkeys(found))


RULES: tuple[Callable[[Evidence], Iterator[str]], ...] = (ties_at_the_cut, ties_in_numbers, part_periods, nulls_in_not_in)
