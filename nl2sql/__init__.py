"""Ask a database a question in English; get checked, read-only SQL and its rows.

>>> from nl2sql import Assistant, Database
>>> Assistant(Database("shop.duckdb")).ask("Which city had the most orders in 2024?").sql
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nl2sql.errors import BadInput, Nl2SqlError, NoAnswer, QueryFailed, QueryTimedOut, QueryTooLarge, Refused
from nl2sql.records import Alternative, Answer, Example, Failure, Result, Schema

if TYPE_CHECKING:
    from nl2sql.assistant import Assistant
    from nl2sql.engine.database import Database

__all__ = [
    "Alternative", "Answer", "Assistant", "BadInput", "Database", "Example", "Failure", "Nl2SqlError", "NoAnswer",
    "QueryFailed", "QueryTimedOut", "QueryTooLarge", "Refused", "Result", "Schema",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """The two names that bring whole rooms along are imported when they are first asked for."""
    if name == "Assistant":
        from nl2sql.assistant import Assistant

        return Assistant
    if name == "Database":
        from nl2sql.engine.database import Database

        return Database
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
