"""The tables and columns that a gold query reads, by their places in the schema: what a retriever should have found."""
from __future__ import annotations

from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from nl2sql.records import Schema
from nl2sql.sql.lineage import Lineage
from nl2sql.sql.resolve import base_table


@dataclass(frozen=True)
class Needed:
    """``columns`` are all that the query names; ``joining`` those of them that it names in join conditions alone."""

    tables: frozenset[int]
    columns: frozenset[int]
    joining: frozenset[int] = frozenset()


def needed(sql: str, schema: Schema, dialect: str = "sqlite") -> Needed | None:
    """None where the query can't be parsed or reads no table of the schema."""
    try:
        tree = sqlglot.parse_one(sql, read=dialect)
    except sqlglot.errors.SqlglotError:
        return None
    lineage = Lineage(tree, schema)
    places = {id(table): i for i, table in enumerate(schema.tables)}
    tables = {places[id(table)] for node in tree.find_all(exp.Table) if (table := base_table(node, schema)) is not None}
    columns, asked = set(), set()
    for node in tree.find_all(exp.Column):
        index = lineage.index(node)
        if index is not None:
            columns.add(index)
            if not _joins(node, lineage):
                asked.add(index)
    return Needed(frozenset(tables), frozenset(columns), frozenset(columns - asked)) if tables else None


def _joins(node: exp.Column, lineage: Lineage) -> bool:
    """Whether a column is equated with another one: the condition of a join, in ON or in WHERE. SQLite's "text" is no column."""
    equation = node.parent
    return isinstance(equation, exp.EQ) and None not in (lineage.index(equation.this), lineage.index(equation.expression))
