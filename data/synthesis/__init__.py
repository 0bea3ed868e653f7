"""Questions with DuckDB SQL for any schema, and invented schemas to ask them about."""

from nl2sql.data.synthesis.invented.schemas import invent_schema
from nl2sql.data.synthesis.stream import synthesize
from nl2sql.data.synthesis.turns import converse

__all__ = ["converse", "invent_schema", "synthesize"]
