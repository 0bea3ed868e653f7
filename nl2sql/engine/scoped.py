"""A DuckDB file of which only a part may be seen: the session's own, empty database holds one view for each table to be seen.

The file is attached, read-only, under a random name that no query knows; DuckDB itself resolves every table name of a query, in
whatever place it stands, to a view with the columns and rows that may be seen. That hidden rows show in no error rests on
DuckDB, which tries conditions that can fail after the view's own, and on messages that carry no values here.
Not covered: catalogue functions and catalogue-qualified names, which the policy of ``sql.validate`` refuses; timing.
"""
from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import duckdb

from nl2sql.engine.catalogue import declared
from nl2sql.engine.duck import DuckFile
from nl2sql.engine.reading import CannotOpen, ErrorKind, quote
from nl2sql.engine.scope import Scope, restrict
from nl2sql.engine.settings import START_UP, Limits
from nl2sql.records import Schema, Table

if TYPE_CHECKING:
    from sqlglot import exp

_OF_THE_QUERY = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)  # these speak of names in the query


class ScopedFile(DuckFile):
    def __init__(self, path: str, limits: Limits, scope: Scope) -> None:
        self._hidden = f"h{secrets.token_hex(16)}"
        self._scope = scope
        super().__init__(path, limits)
        everything = declared(self._connection, self._hidden)
        self._seen = self._show(everything, scope.narrow(everything))

    def _connect(self, path: str) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:", config={s.name: s.value for s in START_UP})
        place = path.replace("'", "''")
        connection.execute(f"ATTACH '{place}' AS {quote(self._hidden)} (READ_ONLY)")
        return connection

    def catalogue(self) -> Schema:
        return self._seen

    def explain(self, error: Exception) -> tuple[ErrorKind, str]:
        """Without hints at names, and without values that a filter may have met."""
        kind, message = super().explain(error)
        if kind != "failed":
            return kind, message
        if not isinstance(error, _OF_THE_QUERY):
            return kind, f"the query failed ({type(error).__name__.removesuffix('Exception')})"
        lines = [line for line in message.split("\n\nLINE")[0].splitlines() if not line.startswith("Did you mean")]
        return kind, "\n".join(line for line in lines if self._hidden not in line) or "the query can't be run"

    def _show(self, everything: Schema, seen: Schema) -> Schema:
        """Makes the views; what of a stored view can't be shown is left out of the schema."""
        for schema in {table.schema for table in seen.tables if table.schema}:
            self._connection.execute(f"CREATE SCHEMA {quote(schema)}")
        for table in seen.tables:
            if not table.is_view:
                source = quote(self._hidden, table.schema or "main", table.name)
                self._create(table, source)
        self._create_stored(everything, seen)
        made = self._connection.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = current_database()"
        ).fetchall()
        names = [(table.schema or "main", table.name) for table in seen.tables]
        return restrict(seen, lambda i, column: (*names[i], column.name) in made)

    def _create(self, table: Table, source: str) -> None:
        """The view that stands for a table."""
        names = ", ".join(quote(column.name) for column in table.columns)
        condition = self._scope.filter_of(table)
        where = "" if condition is None else f" WHERE {self._condition(table, condition)}"
        select = f"SELECT {names} FROM {source} AS {quote(table.name)}{where}"
        try:
            self._connection.execute(f"CREATE VIEW {quote(table.schema or 'main', table.name)} AS {select}")
        except duckdb.Error as error:
            reason = super().explain(error)[1].split("\n")[0]
            raise CannotOpen(f"has a filter for {table.name} that can't be used: {reason}", "scope") from error

    def _condition(self, table: Table, condition: str) -> str:
        """A filter, whose subqueries read the file itself, what is hidden too: it is the embedder's, not the asker's."""
        import sqlglot
        from sqlglot import exp

        try:
            tree = sqlglot.parse_one(condition, read="duckdb", into=exp.Condition)
        except sqlglot.errors.SqlglotError as error:
            raise CannotOpen(f"has a filter for {table.name} that is not one condition: {condition}", "scope") from error
        return self._reading_the_file(tree, [])

    def _reading_the_file(self, tree: exp.Expr, seen: list[Table]) -> str:
        """SQL whose table names mean those of the file, but for tables that are seen: of them it gets no more than anybody."""
        from sqlglot import exp

        known = {(table.schema or "main", table.name.lower()) for table in seen}
        own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
        for node in tree.find_all(exp.Table):
            place = (node.db.lower() or "main", node.name.lower())
            if isinstance(node.this, exp.Identifier) and not node.catalog and node.name.lower() not in own and place not in known:
                node.set("db", exp.to_identifier(node.db or "main", quoted=True))
                node.set("catalog", exp.to_identifier(self._hidden))
        return tree.sql(dialect="duckdb", comments=False)

    def _create_stored(self, everything: Schema, seen: Schema) -> None:
        """Views that the file stores, made anew: of tables that are seen they show no more than the session sees.

        They may read hidden tables, for that is what they were made and named for; hidden views they may not, which could read
        anything.
        """
        import sqlglot

        stored = self._connection.execute(
            "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE database_name = $1", [self._hidden]
        ).fetchall()
        texts = {(schema, name): sql for schema, name, sql in stored}
        known = [table for table in everything.tables if table.is_view] + list(seen.tables)
        waiting = [table for table in seen.tables if table.is_view]
        while waiting:
            later = []
            for view in waiting:
                place = (view.schema or "main", view.name)
                try:
                    tree = sqlglot.parse_one(texts[place], read="duckdb")
                    body = self._reading_the_file(tree.expression, known)
                    self._connection.execute(f"CREATE VIEW {quote(*place)} AS {body}")
                except (duckdb.Error, sqlglot.errors.SqlglotError) as error:
                    reason = str(error).split("\n")[0]
                    later.append(view)
                    continue
                if self._scope.cuts(view):
                    inner = f"{self._hidden} {view.name}"
                    self._connection.execute(f"ALTER VIEW {quote(*place)} RENAME TO {quote(inner)}")
                    self._create(view, quote(place[0], inner))
            if len(later) == len(waiting):
                raise CannotOpen(f"has a view {later[0].name} that can't be shown here: {reason}", "scope")
            waiting = later
