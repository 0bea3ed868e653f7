"""Random SQL for ``fuzz``: written by a small grammar over a schema, allowed and forbidden parts alike, and then spoilt."""
from __future__ import annotations

import random
import re
from collections.abc import Sequence

from nl2sql.records import Schema
from nl2sql.sql import policy

_PART = re.compile(r"<(\w+)>")
_DEEPEST = 9  # from here on the first way to write a part is taken, which is short
# What may stand for a part, "¦" between two ways; a way that is written several times is taken more often.
_WAYS = r"""
query: SELECT <value> FROM <table> ¦ SELECT <items> FROM <source> <where> ¦
    SELECT <items> FROM <source> <where> <group> <order> ¦ SELECT DISTINCT <items> FROM <source> <join> <where> <order> ¦
    SELECT <items> FROM <source> <join> <where> <group> <order> ¦ <query> <setop> <query> ¦ WITH <name> AS (<query>) <query> ¦
    FROM <source> SELECT <items> ¦ VALUES (<value>, <value>)
items: <value> ¦ <value>, <items> ¦ <value> AS <name> ¦ * ¦ COUNT(*), <items> ¦ COLUMNS(<value>) ¦ * EXCLUDE (<column>)
source: <table> ¦ <table> ¦ <table> ¦ <table> AS <name> ¦ (<query>) AS <name> ¦ <forbidden> ¦ 'x.csv' ¦ <name> ¦
    unnest([1, 2]) <name>(z) ¦ LATERAL (<query>) <name> ¦ <table> TABLESAMPLE 10%
join: JOIN <table> USING (<column>) ¦ LEFT JOIN <table> AS <name> ON <value> ¦ , <source> ¦ ASOF JOIN <table> ON <value>
where: <nothing> ¦ WHERE <value> ¦ WHERE <value> AND <value> ¦ WHERE <column> IN (<query>) ¦ WHERE EXISTS (<query>)
group: <nothing> ¦ GROUP BY 1 ¦ GROUP BY ALL ¦ GROUP BY <value> HAVING <value> ¦ GROUP BY ROLLUP (<column>) ¦
    QUALIFY <value>
order: <nothing> ¦ ORDER BY 1 ¦ ORDER BY <value> DESC LIMIT 5 ¦ LIMIT <value> ¦ ORDER BY ALL LIMIT 1 OFFSET 2
setop: UNION ¦ UNION ALL ¦ EXCEPT ¦ INTERSECT ¦ UNION BY NAME
value: <column> ¦ <column> ¦ <column> ¦ <literal> ¦ <literal> ¦ <function>(<value>) ¦ <function>(<value>, <value>) ¦
    <function>(<value>) OVER (ORDER BY <value>) ¦ <function>(<value>) FILTER (<value>) ¦ (<value> <operator> <value>) ¦
    (<value> <operator> <value>) ¦ CAST(<value> AS <type>) ¦ CASE WHEN <value> THEN <value> END ¦ (<query>) ¦ <forbidden> ¦
    list_transform([1], x -> <value>) ¦ [<value>, <value>] ¦ {'a': <value>} ¦ NOT <value> ¦ <value> IS NULL ¦
    <value>::<type>
literal: 1 ¦ 0.5 ¦ 'Paris' ¦ NULL ¦ DATE '2024-01-01' ¦ TRUE ¦ '%a_' ¦ INTERVAL 1 DAY ¦
    9999999999999999999999999999999999999999 ¦ '' ¦ $$a$$
operator: + ¦ - ¦ * ¦ / ¦ % ¦ // ¦ || ¦ = ¦ <> ¦ < ¦ > ¦ <= ¦ AND ¦ OR ¦ LIKE ¦ ILIKE ¦ & ¦ | ¦ << ¦ -> ¦ ->> ¦ ^ ¦ IN
type: INTEGER ¦ VARCHAR ¦ DOUBLE ¦ DATE ¦ TIMESTAMP ¦ BOOLEAN ¦ DECIMAL(9,2) ¦ INTEGER[] ¦ UUID ¦ JSON
name: w ¦ x ¦ "a b" ¦ orders ¦ query
forbidden: read_csv('x.csv') ¦ read_text('/etc/passwd') ¦ glob('*') ¦ query('SELECT') ¦ query_table('orders') ¦
    duckdb_settings() ¦ duckdb_tables() ¦ current_setting('threads') ¦ getenv('HOME') ¦ getvariable('x') ¦ pg_sleep(9) ¦
    range(1000000000) ¦ generate_series(1,9999999) ¦ sqlite_master ¦ repeat('a',999999) ¦ json_execute_serialized_sql('{}') ¦
    nextval('s') ¦ pragma_version() ¦ information_schema.tables ¦ version() ¦ write_log('x') ¦ test_all_types() ¦
    seq_scan('orders') ¦ which_secret('a','b') ¦ read_parquet('x')
statement: DROP TABLE orders ¦ DELETE FROM orders ¦ ATTACH 'x' AS y ¦ COPY orders TO 'x' ¦ SET threads = 1 ¦ PRAGMA version ¦
    CALL pragma_version() ¦ INSTALL httpfs ¦ LOAD httpfs ¦ CHECKPOINT ¦ VACUUM ¦ EXPLAIN ANALYZE SELECT 1 ¦ DESCRIBE orders ¦
    CREATE TEMP TABLE t AS SELECT 1 ¦ INSERT INTO orders VALUES (1) ¦ UPDATE orders SET status = 'x' ¦ BEGIN ¦ SHOW TABLES
"""
_ODD = ("/*x*/", "--\n", ";", "'", '"', "(", ")", "\u200b", "\u202e", "$$", "?", "$1", "\\", "\0", "[", "}", "😀", "E'", "::",
        "a\u200bFROM\u200bduckdb_tables", "a\u2060FROM\ufeffpg_class")  # fmt: skip
_USUAL = "sum count avg min max coalesce list lag round repeat lpad replace".split() * 20


def _grammar() -> dict[str, tuple[str, ...]]:
    joined = _WAYS.strip().replace("\n    ", " ")
    parts = (line.split(": ", 1) for line in joined.splitlines())
    return {part: tuple(way.strip().replace("<nothing>", "") for way in ways.split("¦") if way.strip()) for part, ways in parts}


class Writer:
    """Writes one query after the other; the same seed writes the same."""

    def __init__(self, schema: Schema, seeds: Sequence[str], chance: random.Random) -> None:
        self._seeds = seeds
        self._chance = chance
        self._ways = {
            **_grammar(),
            "odd": _ODD,
            "function": (*sorted(policy.FUNCTION_NAMES), *_USUAL),
            "table": tuple(table.name for table in schema.tables),
            "column": tuple(column.name for column in schema.columns),
        }

    def text(self) -> str:
        """A query of the grammar or a known one, as it is or spoilt in one to three places."""
        sql = self._written("query", 0) if self._chance.random() < 0.6 else self._chance.choice(self._seeds)
        for _ in range(self._chance.choice((0, 0, 0, 1, 2, 3))):
            sql = self._spoilt(sql)
        return sql

    def _written(self, part: str, depth: int) -> str:
        ways = self._ways[part]
        way = self._chance.choice(ways) if depth < _DEEPEST else ways[0]
        return _PART.sub(lambda found: self._written(found[1], depth + 1), way)

    def _spoilt(self, sql: str) -> str:
        words = sql.split(" ")
        at, change = self._chance.randrange(len(words)), self._chance.randrange(9)
        if change == 0:
            del words[at]
        elif change == 1:
            words.insert(at, self._chance.choice(words))
        elif change == 2:
            words[at] = self._chance.choice(self._chance.choice(self._seeds).split(" "))
        elif change == 3:
            words[at] = "".join(self._chance.choice((letter.lower(), letter.upper())) for letter in words[at])
        elif change == 4:
            words.insert(at, self._written("odd", 0))
        elif change in (5, 6):
            words[at] = self._written(self._chance.choice(("forbidden", "value")), _DEEPEST - 2)
        elif change == 7:
            words.append("; " + self._written("statement", 0))
        else:
            return self._chance.choice((self._written("statement", 0), "(" * 30 + sql + ")" * 30, sql * 20))
        return " ".join(words)
