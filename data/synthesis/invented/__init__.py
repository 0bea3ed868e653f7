"""Plausible schemas of many domains that nobody has, thousands of different ones by seed."""

from nl2sql.data.synthesis.invented.schemas import invent_schema

__all__ = ["invent_schema"]
