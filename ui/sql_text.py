"""SQL for the eye: a clause on each line, and coloured. Nothing here decides what may run."""
from __future__ import annotations

from markupsafe import Markup


def pretty(sql: str, dialect: str) -> str:
    """The same query, a clause on each line; text that can't be read stays as it is."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        return sqlglot.transpile(sql, read=dialect, write=dialect, pretty=True)[0]
    except (SqlglotError, IndexError, RecursionError):
        return sql


def highlighted(sql: str) -> Markup:
    """Spans around keywords, names, numbers and strings; the text itself is escaped."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import SqlLexer

    return Markup(highlight(sql, SqlLexer(stripnl=False), HtmlFormatter(nowrap=True, classprefix="sql-")))
