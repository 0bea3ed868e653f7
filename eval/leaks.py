"""What did the policy let through? DuckDB's own parser tells, which shares nothing with the one that the policy reads with."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from nl2sql.records import Schema

# Of what no query may hold, as far as names tell; the policy's own lists say what it may.
_FORBIDDEN = re.compile(
    r"(read|duckdb|pragma|parquet|arrow|pandas|python|pg|inet|st|txid|which|test|enable|disable|force|register|create|destroy)_.*"
    r"|json_(execute|serialize|deserialize|each|tree).*|sniff_csv|query|query_table|glob|getenv|getvariable|current_(setting|query.*)"
    r"|range|generate_.*|repeat_row|seq_scan|summary|nextval|currval|setval|setseed|write_log|checkpoint|version|error|sleep_ms|bar|stats"
)


class Leak(Exception):
    """Something got through that is refused elsewhere."""


def look(sql: str, schema: Schema) -> None:
    """Raises Leak where an allowed text holds another statement, table or function than a query may."""
    found = json.loads(duckdb.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()[0][0])
    if found["error"]:
        if found["error_type"] != "parser":  # what DuckDB can't read it doesn't run
            raise Leak(f"no query: {found['error_message']}")
        return
    if len(found["statements"]) != 1:
        raise Leak(f"{len(found['statements'])} statements")
    nodes = list(_nodes(found))
    own = {entry["key"].lower() for node in nodes for entry in node.get("cte_map", {}).get("map", ())}
    tables = {(table.schema or "main", table.name.lower()) for table in schema.tables}
    for node in nodes:
        kind, name = node.get("type"), str(node.get("table_name", "")).lower()
        place = str(node.get("schema_name", "")).lower()
        known = (place or "main", name) in tables or (not place and name in own)
        if kind == "BASE_TABLE" and (node["catalog_name"] or not known):
            raise Leak(f"the table {name}")
        if kind == "TABLE_FUNCTION" and node["function"]["function_name"] != "unnest" or kind == "SHOW_REF":
            raise Leak(f"the table function {node.get('function', {}).get('function_name')}")
        if _FORBIDDEN.fullmatch(str(node.get("function_name", "")).lower()):
            raise Leak(f"the function {node['function_name']}")


def _nodes(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _nodes(inner)
