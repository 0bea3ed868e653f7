"""Questions with DuckDB SQL for any schema, and invented schemas to ask them about."""

from nl2sql.data.synthesis.invented.schemas import invent_schema
from nl2sql.data.synthesis.stream import synthesize

__all__ = ["invent_schema", "synthesize"]
