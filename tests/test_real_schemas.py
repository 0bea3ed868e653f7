"""Schemas as they are found: views, several schemas, odd names, every type of DuckDB, from the file to the answer."""
from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from engine_shop import make

from nl2sql import show
from nl2sql.assistant import Assistant
from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.engine.database import Database
from nl2sql.engine.reading import quote
from nl2sql.model.generate import Scripted
from nl2sql.records import Answer
from nl2sql.sql.ir import from_sql, to_sql
from nl2sql.sql.validate import validate

ODD_NAMES = ("select", "Größe in cm", 'quo"te', "semi;colon", "1st", "日付", "a.b", "😀", "FROM", "line\nbreak", "it's",
             "back\\slash", "-- note", "/* c */", "$1", "?", "%s", "NULL", "*", "  two  blanks ")  # fmt: skip
UTC = dt.UTC
# column type, a value of it, and what the answer holds
TYPES: dict[str, tuple[str, Any]] = {
    "DECIMAL(18,3)": ("1.125", Decimal("1.125")),
    "DECIMAL(38,10)": ("1.5", Decimal("1.5000000000")),
    "HUGEINT": ("170141183460469231731687303715884105727", 2**127 - 1),
    "UBIGINT": ("18446744073709551615", 2**64 - 1),
    "FLOAT": ("1.5", 1.5),
    "BOOLEAN": ("true", True),
    "mood": ("'glad'", "glad"),
    "UUID": ("'00000000-0000-0000-0000-000000000003'", uuid.UUID(int=3)),
    "TIMESTAMPTZ": ("'2024-01-01 00:00:00+02'", dt.datetime(2023, 12, 31, 22, tzinfo=UTC)),
    "TIMESTAMP": ("'2024-01-01 12:00:00'", dt.datetime(2024, 1, 1, 12)),
    "TIMESTAMP_NS": ("'2024-01-01 00:00:00.123456789'", dt.datetime(2024, 1, 1, 0, 0, 0, 123456)),
    "TIMESTAMP_MS": ("'2024-01-01 00:00:00.5'", dt.datetime(2024, 1, 1, 0, 0, 0, 500000)),
    "DATE": ("'2024-01-01'", dt.date(2024, 1, 1)),
    "TIME": ("'01:02:03'", dt.time(1, 2, 3)),
    "TIMETZ": ("'01:02:03+01'", dt.time(1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=1)))),
    "INTERVAL": ("INTERVAL 3 DAY", dt.timedelta(days=3)),
    "BLOB": ("'ab'", b"ab"),
    "BIT": ("'101'", "101"),
    "JSON": ("'{\"a\": 1}'", '{"a": 1}'),
    "STRUCT(city VARCHAR, zip INTEGER)": ("{'city': 'Lyon', 'zip': 1}", {"city": "Lyon", "zip": 1}),
    "VARCHAR[]": ("['a', 'b']", ["a", "b"]),
    "INTEGER[3]": ("[1, 2, 3]", [1, 2, 3]),
    "MAP(VARCHAR, INTEGER)": ("MAP {'k': 1}", {"k": 1}),
    "UNION(n INTEGER, s VARCHAR)": ("7", 7),
}
SCRIPT = "\n".join((
    "CREATE TYPE mood AS ENUM ('glad', 'sad');",
    f"CREATE TABLE types (id INTEGER PRIMARY KEY, {', '.join(f'c{i} {name}' for i, name in enumerate(TYPES))});",
    f"INSERT INTO types SELECT i, {', '.join(value for value, _ in TYPES.values())} FROM range(3) AS t(i);",
    f"CREATE TABLE \"order\" (id INTEGER PRIMARY KEY, {', '.join(f'{quote(name)} VARCHAR' for name in ODD_NAMES)});",
    f"INSERT INTO \"order\" SELECT i, {', '.join(['chr(97 + i::INTEGER)'] * len(ODD_NAMES))} FROM range(5) AS t(i);",
    'CREATE SCHEMA "other schema"; CREATE TABLE "other schema".types AS SELECT 1 AS a, \'Köln\' AS town;',
    'CREATE VIEW seen AS SELECT id, c6 AS feeling FROM types; CREATE VIEW "other schema"."my view" AS FROM "other schema".types;',
))  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with Database(make(tmp_path_factory.mktemp("odd") / "odd.duckdb", SCRIPT)) as opened:
        yield opened


def answered(sql: str, database: Database) -> Answer:
    answer = Assistant(database, generator=Scripted({"what?": sql})).ask("what?")
    assert json.loads(json.dumps(show.answer_as_json(answer), allow_nan=False))["rows"]
    assert len(answer.result.to_pandas()) == len(answer.result.rows) and answer.result._repr_html_()
    assert answer.explanation and "\n" not in answer.explanation
    return answer


@pytest.mark.parametrize("number, name", list(enumerate(TYPES)))
def test_a_column_of_every_type_is_answered(number: int, name: str, database: Database) -> None:
    answer = answered(f"SELECT c{number} FROM types WHERE id = 1", database)
    ((cell,),) = answer.result.rows
    assert cell == TYPES[name][1] and type(cell) is type(TYPES[name][1])
    assert answer.result.to_arrow().num_rows == 1


@pytest.mark.parametrize("number, name", list(enumerate(TYPES)))
def test_rows_are_grouped_and_counted_by_every_type(number: int, name: str, database: Database) -> None:
    assert answered(f"SELECT c{number}, COUNT(*) FROM types GROUP BY c{number}", database).result.rows[0][1] == 3


@pytest.mark.parametrize("sql, rows", [
    ("SELECT c19.city, c19.zip FROM types WHERE id = 0", (("Lyon", 1),)),
    ("SELECT c20[1], len(c20), c21[3], c22['k'] FROM types WHERE id = 0", (("a", 2, 3, 1),)),
    ("SELECT id FROM types WHERE c6 = 'glad' AND c7 = '00000000-0000-0000-0000-000000000003' AND id = 2", ((2,),)),
    ("SELECT CAST(date_trunc('year', c8) AS DATE), COUNT(*) FROM types GROUP BY 1", ((dt.date(2023, 1, 1), 3),)),
    ("SELECT json_extract_string(c18, '$.a') FROM types WHERE id = 0", (("1",),)),
    ("SELECT c23.n FROM types WHERE c15 > INTERVAL 1 DAY AND c13 < TIME '02:00:00' AND id = 0", ((7,),)),
    ("SELECT SUM(c0), AVG(c4), MAX(c2) FROM types", ((Decimal("3.375"), 1.5, 2**127 - 1),)),
])  # fmt: skip
def test_parts_of_nested_values_and_conditions_on_rare_types(sql: str, rows: tuple[Any, ...], database: Database) -> None:
    assert answered(sql, database).result.rows == rows


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_column_of_any_name_goes_through_symbols_and_checks(name: str, database: Database) -> None:
    schema = database.schema
    context = build_context("those with b", schema, ValueIndex(schema, database.values), database.as_of)
    asked = f'SELECT {quote(name)} FROM "order" WHERE {quote(name)} = \'b\''
    written = to_sql(from_sql(asked, context), context)
    assert database.run(validate(written, schema)).rows == (("b",),)
    assert answered(written, database).result.columns == (name,)


@pytest.mark.parametrize("sql, cell", [
    ('SELECT town FROM "other schema".types', "Köln"),
    ('SELECT t.town FROM "other schema"."my view" AS t', "Köln"),
    ("SELECT feeling FROM seen WHERE id = 0", "glad"),
    ('SELECT o.town FROM "other schema".types AS o JOIN types AS t ON t.id = o.a', "Köln"),
])  # fmt: skip
def test_views_and_other_schemas_are_asked_like_tables(sql: str, cell: str, database: Database) -> None:
    assert answered(sql, database).result.rows == ((cell,),)


def test_views_and_tables_of_other_schemas_are_described(database: Database) -> None:
    described = {(table.schema, table.name, table.is_view) for table in database.schema.tables}
    assert described == {("", "types", False), ("", "order", False), ("", "seen", True),
                         ("other schema", "types", False), ("other schema", "my view", True)}  # fmt: skip
    assert {name for names in database.values.values() for name in names} == {"glad", "Köln", *"abcde"}
