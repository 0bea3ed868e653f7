"""SQL text -> Query: an ordered tuple of small rules over sqlglot's syntax tree. What runs is written anew from the checked tree.

Everything is allow-listed (``policy.py``): what isn't known to be harmless is refused, with the rule's name and a sentence.
This is the layer that *explains*; the locked engine and its killable process are the layers that guard. Not covered here:
what views and macros stored in the user's own file do, how many rows a join makes, and how long a query takes.
"""
from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from nl2sql.errors import Refused
from nl2sql.records import Query, Schema
from nl2sql.sql import policy, resolve, sizes
from nl2sql.sql.lineage import Lineage
from nl2sql.sql.trees import keep

logging.getLogger("sqlglot").addHandler(logging.NullHandler())  # its warnings become refusals here

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")  # spaces to the engine, letters to the parser here
_QUOTED = {TokenType.STRING, TokenType.IDENTIFIER, TokenType.HEREDOC_STRING}
_OPEN = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE}
_CLOSE = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END}
_PREFIX = {TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE, TokenType.PARAMETER}


@dataclass(frozen=True)
class Statement:
    """What the rules look at: a tree, all of its nodes, and where it is to run."""

    tree: exp.Expr
    nodes: tuple[exp.Expr, ...]
    schema: Schema
    dialect: str

    def of(self, *kinds: type[exp.Expr]) -> Iterator[exp.Expr]:
        return (node for node in self.nodes if isinstance(node, kinds))


Rule = Callable[[Statement], str | None]  # the reason to refuse, or None


def validate(sql: str, schema: Schema, dialect: str = "duckdb") -> Query:
    """Check SQL against the policy and the schema; raises ``Refused`` with the rule's name, whatever the text holds."""
    try:
        tree = _parse(sql, dialect)
        _check(tree, schema, dialect, sql)
        written = tree.sql(dialect=dialect, comments=False)
        if written != sql:  # what runs is checked too, not only what came in
            tree = _parse(written, dialect)
            _check(tree, schema, dialect, sql)
    except Refused as refusal:
        raise Refused(str(refusal), rule=refusal.rule, sql=sql) from refusal.__cause__
    except RecursionError as error:
        raise Refused("The SQL is nested too deeply.", rule="depth", sql=sql) from error
    except Exception as error:  # sqlglot raises many kinds on odd text; none may get out, each means the same to the caller
        raise Refused(f"This isn't SQL that can be read: {_first_line(error)}", rule="parse", sql=sql) from error
    query = Query(written, dialect, _tables(tree, schema), tree.args.get("order") is not None)
    keep(query, tree)
    return query


def bounded_depth(statement: Statement) -> str | None:
    level, depth = [statement.tree], 0
    while level:
        level, depth = [child for node in level for child in node.iter_expressions()], depth + 1
        if depth > policy.MAX_TREE_DEPTH:
            return "The SQL is nested, or chained, too deeply."
    return None


def query_only(statement: Statement) -> str | None:
    if isinstance(statement.tree, exp.Pivot):
        return "PIVOT needs its values written out: ON column IN (...)."
    if type(statement.tree).__name__ not in policy.QUERY_ROOTS:
        return "Only queries (SELECT) may run; this would do something else."
    return None


def no_writing(statement: Statement) -> str | None:
    for node in statement.of(exp.DML, exp.DDL, exp.Into, exp.Lock, exp.Command, exp.Copy, exp.Set, exp.Pragma):
        if not isinstance(node, exp.Query):
            return f"Only reading is allowed; {node.key.upper()} is not."
    return None


def no_parameters(statement: Statement) -> str | None:
    if any(statement.of(exp.Placeholder, exp.Parameter, exp.SessionParameter)):
        return "Placeholders (?, $1, :name) are not allowed: write the value."
    return None


def no_recursion(statement: Statement) -> str | None:
    recursive = any(clause.args.get("recursive") for clause in statement.of(exp.With))
    if recursive or statement.dialect == "sqlite" and any(map(resolve.reads_itself, statement.of(exp.Table))):
        return "WITH RECURSIVE is not allowed: it may never end."
    return None


def known_functions(statement: Statement) -> str | None:
    for node in statement.of(exp.Func, exp.Dot, exp.Table):
        if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Func):
            return f"Functions must be called by their plain name: {_function_name(node.expression)}(...)."
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Func):
            return f"The table function {_function_name(node.this)}() is not allowed."
        if isinstance(node, exp.Func) and not _function_allowed(node, statement.dialect):
            return f"The function {_function_name(node)}() is not on the list of allowed functions."
        if _function_name(node) in policy.CALLS_BY_NAME and not _calls_allowed(node, statement.dialect):
            return f"{_function_name(node)}() must name an allowed aggregate function, written out."
    return None


def known_syntax(statement: Statement) -> str | None:
    for node in statement.nodes:
        if not isinstance(node, exp.Func) and type(node).__name__ not in policy.NODES:
            return f"This kind of SQL is not allowed here: {node.key.upper()}."
        if isinstance(node, exp.Pivot) and not (node.args.get("fields") or node.args.get("unpivot") or _values_of(node)):
            return "PIVOT needs its values written out: FOR column IN (...)."
        if isinstance(node, exp.TableSample) and node.text("method").lower() not in policy.SAMPLES:
            return f"There is no way of sampling {node.text('method')}: bernoulli, system or reservoir."
    return None


def known_tables(statement: Statement) -> str | None:
    return resolve.unknown_table(statement.nodes, statement.schema)


def known_columns(statement: Statement) -> str | None:
    return resolve.unknown_column(statement.nodes, statement.schema) or _function_without_brackets(statement)


def bounded_sizes(statement: Statement) -> str | None:
    return sizes.oversized(statement.tree, statement.nodes, statement.schema)


RULES: tuple[Rule, ...] = (
    bounded_depth, query_only, no_writing, no_parameters, no_recursion, known_functions, known_syntax, known_tables,
    known_columns, bounded_sizes,
)  # fmt: skip


def _check(tree: exp.Expr, schema: Schema, dialect: str, sql: str) -> None:
    if dialect == "sqlite":
        _quoted_strings(tree, schema)
    statement = Statement(tree, tuple(tree.walk()), schema, dialect)
    for rule in RULES:
        reason = rule(statement)
        if reason is not None:
            raise Refused(reason, rule=rule.__name__, sql=sql)


def _parse(sql: str, dialect: str) -> exp.Expr:
    """The syntax tree of the one statement in a text."""
    if len(sql) > policy.MAX_CHARACTERS:
        raise Refused(f"SQL of more than {policy.MAX_CHARACTERS:,} characters is not read.", rule="length", sql=sql)
    if _CONTROL.search(sql):
        raise Refused("The SQL holds control characters.", rule="parse", sql=sql)
    tokens = sqlglot.tokenize(sql, read=dialect)
    if any(_UNSEEN.search(token.text) for token in tokens if token.token_type not in _QUOTED):
        raise Refused("The SQL holds characters without a width outside of quotes.", rule="parse", sql=sql)
    _bound_depth(tokens, sql)
    statements = sqlglot.Dialect.get_or_raise(dialect).parser().parse(tokens, sql)
    found = [tree for tree in statements if tree is not None and not isinstance(tree, exp.Semicolon)]
    if not found:
        raise Refused("There is no SQL here.", rule="parse", sql=sql)
    if len(found) > 1:
        raise Refused(f"Only one statement at a time; this text holds {len(found)}.", rule="one_statement", sql=sql)
    for node in list(found[0].find_all(exp.Anonymous)):
        if resolve.fold(node.name) == "mean" and len(node.expressions) == 1:
            node.replace(exp.Avg(this=node.expressions[0]))  # by the name that all rules know
    return _selected(found[0])


def _selected(tree: exp.Expr) -> exp.Expr:
    """A statement that is a pivot alone, as the query that it is short for."""
    if not isinstance(tree, exp.Pivot) or not (tree.args.get("unpivot") or _values_of(tree)):
        return tree
    clause = tree.args.pop("with_", None)
    query = exp.select("*").from_(exp.Subquery(this=tree))
    query.set("with_", clause)
    return query


def _bound_depth(tokens: Sequence[Token], sql: str) -> None:
    """Refuse what would run sqlglot's recursive parser out of stack (or of time) before it starts."""
    if len(tokens) > policy.MAX_TOKENS:
        raise Refused(f"SQL of more than {policy.MAX_TOKENS:,} words and signs is not read.", rule="length", sql=sql)
    depth = run = 0
    for token in tokens:
        run = run + 1 if token.token_type in _PREFIX else 0
        depth += (token.token_type in _OPEN) - (token.token_type in _CLOSE)
        if depth + run > policy.MAX_DEPTH:
            raise Refused(f"The SQL is nested more than {policy.MAX_DEPTH} deep.", rule="depth", sql=sql)


def _first_line(error: Exception) -> str:
    return re.sub(r"\x1b\[\d*m", "", str(error)).split("\n")[0][:200]


def _function_name(node: exp.Expr) -> str:
    name = node.name if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) else ""
    return str(name or (node.sql_name() if isinstance(node, exp.Func) else node.key)).lower()


def _function_allowed(node: exp.Func, dialect: str) -> bool:
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        name = resolve.fold(node.name)
        return name in policy.FUNCTION_NAMES or (dialect == "sqlite" and name in policy.SQLITE_FUNCTION_NAMES)
    return type(node).__name__ in policy.FUNCTION_CLASSES


def _values_of(pivot: exp.Pivot) -> bool:
    """Whether ``PIVOT ... ON column IN (values)`` names them all: without, DuckDB makes a type first, which is no query."""
    return bool(pivot.expressions) and all(isinstance(on, exp.In) and on.expressions for on in pivot.expressions)


def _calls_allowed(node: exp.Expr, dialect: str) -> bool:
    """``list_aggregate(list, 'sum')``: the function whose name is a text."""
    name = node.expressions[1] if len(node.expressions) > 1 else None
    if not isinstance(name, exp.Literal) or not re.fullmatch(r"[A-Za-z_]\w*", name.name, re.ASCII):
        return False
    called = list(sqlglot.parse_one(f"{name.name}(x)", read=dialect).find_all(exp.Func))
    return bool(called) and all(isinstance(part, exp.Func) and _function_allowed(part, dialect) for part in called)


def _function_without_brackets(statement: Statement) -> str | None:
    """``user`` is a function of the engine wherever no column of that name is in sight."""
    lineage = Lineage(statement.tree, statement.schema)
    for node in statement.of(exp.Column):
        name = resolve.fold(node.name)
        if not node.table and name in policy.BARE_FUNCTIONS and not _in_sight(name, node, lineage):
            return f"There is no column {node.name!r} here, and the function of that name is not allowed."
    return None


def _in_sight(name: str, node: exp.Expr, lineage: Lineage) -> bool:
    query = node.find_ancestor(exp.Select, exp.SetOperation)
    if isinstance(query, exp.SetOperation):
        return name in map(resolve.fold, query.named_selects)
    if query is None or any(isinstance(item, exp.Alias) and resolve.fold(item.alias) == name for item in query.selects):
        return query is not None
    return any(lineage.outputs(source, name) for source in lineage.sources(query).values())


def _quoted_strings(tree: exp.Expr, schema: Schema) -> None:
    """SQLite reads "text" as a string where no column has that name; say so in the tree, before columns are checked."""
    used = [table for table in (resolve.base_table(node, schema) for node in tree.find_all(exp.Table)) if table is not None]
    known = {resolve.fold(column.name) for table in used for column in table.columns}
    known |= {resolve.fold(alias.alias) for alias in tree.find_all(exp.Alias, exp.TableAlias)}
    for node in list(tree.find_all(exp.Column)):
        identifier = node.this
        quoted = isinstance(identifier, exp.Identifier) and identifier.quoted and not node.table
        if quoted and resolve.fold(node.name) not in known:
            node.replace(exp.Literal.string(node.name))


def _tables(tree: exp.Expr, schema: Schema) -> tuple[str, ...]:
    found = (resolve.base_table(node, schema) for node in tree.find_all(exp.Table) if not resolve.is_cte(node))
    return tuple(dict.fromkeys(table.name for table in found if table is not None))
