"""The intermediate representation: what goes in as SQL comes out as SQL that returns the same."""
from __future__ import annotations

import datetime as dt
from dataclasses import replace

import duckdb
import pytest

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.records import Column, Context, ForeignKey, Pointer, Schema, Table
from nl2sql.sql.ir import Malformed, Unsupported, from_sql, to_sql

DDL = """
CREATE TABLE team (team_id INTEGER PRIMARY KEY, name TEXT, city TEXT);
CREATE TABLE person (person_id INTEGER PRIMARY KEY, name TEXT, team_id INTEGER, boss_id INTEGER, born DATE, pay DECIMAL(9,2));
CREATE TABLE game (game_id INTEGER PRIMARY KEY, home_id INTEGER, away_id INTEGER, played DATE, goals INTEGER);
INSERT INTO team VALUES (1, 'Reds', 'Bonn'), (2, 'Blues', 'Lyon'), (3, 'Greens', 'Bonn');
INSERT INTO person VALUES (1, 'Ann', 1, NULL, '1980-03-01', 90), (2, 'Bob', 1, 1, '1990-07-09', 70), 
  (3, 'Cy', 2, 1, '1985-01-31', 80);
INSERT INTO game VALUES (1, 1, 2, '2023-05-01', 3), (2, 2, 1, '2024-05-01', 1), (3, 1, 2, '2024-09-01', 5);
"""
SCHEMA = Schema(
    (
        Table("team", (Column("team_id", "INTEGER", "number", "team id", primary_key=True), Column("name", words="name"),
                       Column("city", words="city")), "team"),
        Table("person", (Column("person_id", "INTEGER", "number", "person id", primary_key=True), Column("name", words="name"),
                         Column("team_id", "INTEGER", "number", "team id"), Column("boss_id", "INTEGER", "number", "boss id"),
                         Column("born", "DATE", "date", "born"), Column("pay", "DECIMAL(9,2)", "number", "pay")), "person"),
        Table("game", (Column("game_id", "INTEGER", "number", "game id", primary_key=True),
                       Column("home_id", "INTEGER", "number", "home id"), Column("away_id", "INTEGER", "number", "away id"),
                       Column("played", "DATE", "date", "played"), Column("goals", "INTEGER", "number", "goals")), "game"),
    ),
    (ForeignKey(5, 0), ForeignKey(6, 3), ForeignKey(10, 0), ForeignKey(11, 0)),
)
VALUES = {1: ("Reds", "Blues", "Greens"), 2: ("Bonn", "Lyon"), 4: ("Ann", "Bob", "Cy")}

ROUND_TRIPS = [
    ("How many teams are in Bonn?", "SELECT COUNT(*) FROM team WHERE city = 'Bonn'"),
    ("people of the Reds", "SELECT p.name FROM person AS p JOIN team AS t ON p.team_id = t.team_id WHERE t.name = 'Reds'"),
    ("who is whose boss", "SELECT a.name, b.name FROM person AS a JOIN person AS b ON a.boss_id = b.person_id"),
    ("home and away team of each game",
     "SELECT h.name, a.name FROM game JOIN team AS h ON game.home_id = h.team_id JOIN team AS a ON game.away_id = a.team_id"),
    ("away teams", "SELECT t.name FROM game AS g JOIN team AS t ON g.away_id = t.team_id"),
    ("teams with their number of people, those without too",
     "SELECT t.name, COUNT(p.person_id) FROM team AS t LEFT JOIN person AS p ON p.team_id = t.team_id GROUP BY 1"),
    ("teams without people", "SELECT name FROM team WHERE NOT team_id IN (SELECT team_id FROM person)"),
    ("teams without people",
     "SELECT name FROM team AS t WHERE NOT EXISTS(SELECT 1 FROM person AS p WHERE p.team_id = t.team_id)"),
    ("games in 2024", "SELECT COUNT(*) FROM game WHERE played >= DATE '2024-01-01' AND played < DATE '2025-01-01'"),
    ("goals by quarter", "SELECT CAST(DATE_TRUNC('quarter', played) AS DATE), SUM(goals) FROM game GROUP BY 1 ORDER BY 1"),
    ("goals by year with the year before",
     "SELECT YEAR(played), SUM(goals), LAG(SUM(goals)) OVER (ORDER BY YEAR(played)) FROM game GROUP BY 1"),
    ("share of all goals of each year", "SELECT YEAR(played), SUM(goals) / SUM(SUM(goals)) OVER () FROM game GROUP BY 1"),
    ("percentage of games with more than 2 goals",
     "SELECT 100 * COUNT(*) FILTER (WHERE goals > 2) / COUNT(*) FROM game"),
    ("best paid person of each team", "SELECT t.name, p.name FROM person AS p JOIN team AS t ON p.team_id = t.team_id "
     "QUALIFY ROW_NUMBER() OVER (PARTITION BY t.team_id ORDER BY p.pay DESC) = 1"),
    ("average number of people per team", "SELECT AVG(n) FROM (SELECT team_id, COUNT(*) AS n FROM person GROUP BY team_id)"),
    ("teams with more people than the average team", "WITH c AS (SELECT team_id, COUNT(*) AS n FROM person GROUP BY team_id) "
     "SELECT team_id FROM c WHERE n > (SELECT AVG(n) FROM c)"),
    ("how old is Ann", "SELECT DATE_SUB('year', born, DATE '2025-01-01') FROM person WHERE name = 'Ann'"),
    ("names that do not contain the letter n", "SELECT name FROM person WHERE NOT name ILIKE '%n%'"),
    ("people of the Reds or with 80 and born before 1990",
     "SELECT name FROM person WHERE (team_id = 1 OR pay >= 80) AND born < DATE '1990-01-01'"),
    ("names of teams and people", "SELECT name FROM team UNION SELECT name FROM person"),
    ("the highest paid", "SELECT name FROM person WHERE pay = (SELECT MAX(pay) FROM person)"),
    ("label pay as high or low with 75 between", "SELECT name, CASE WHEN pay > 75 THEN 1 ELSE 0 END FROM person"),
    ("who gets 20% more than 60", "SELECT name FROM person WHERE pay > (1 + 0.2) * 60"),
    ("who gets more than 100 with 20 on top", "SELECT name FROM person WHERE pay - -20 > 100"),
]


def context(question: str) -> Context:
    return build_context(question, SCHEMA, ValueIndex(SCHEMA, VALUES), dt.date(2025, 1, 1), columns=range(len(SCHEMA.columns)))


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(DDL)
    return connection


@pytest.mark.parametrize(("question", "sql"), ROUND_TRIPS)
def test_sql_returns_the_same_rows_after_symbols(question: str, sql: str, engine: duckdb.DuckDBPyConnection) -> None:
    about = context(question)
    written = to_sql(from_sql(sql, about), about)
    assert sorted(map(str, engine.execute(written).fetchall())) == sorted(map(str, engine.execute(sql).fetchall())), written


def test_joins_that_foreign_keys_imply_leave_no_symbol() -> None:
    symbols = from_sql(ROUND_TRIPS[1][1], context(ROUND_TRIPS[1][0]))
    assert "from" not in symbols and "on" not in symbols


def test_a_join_that_differs_from_the_keys_is_spelled() -> None:
    assert "on" in from_sql(ROUND_TRIPS[4][1], context(ROUND_TRIPS[4][0]))


def test_a_literal_that_question_and_data_do_not_show_is_refused() -> None:
    with pytest.raises(Unsupported, match="not linked"):
        from_sql("SELECT name FROM team WHERE city = 'Paris'", context("teams"))


@pytest.mark.parametrize(("sql", "why"), [
    ("SELECT a.name FROM team AS a JOIN team AS b ON a.city = b.city WHERE a.name <> b.name", "itself by no key"),
    ("SELECT p.name FROM person AS p JOIN team AS t ON p.name = t.name", "a join by no key"),
    ("SELECT COUNT(*) FROM (SELECT * FROM team GROUP BY city)", "all columns"),
    ("WITH x AS (SELECT DISTINCT * FROM team) SELECT COUNT(*) FROM x", "all columns"),
])  # fmt: skip
def test_what_the_grammar_can_not_say_is_not_read_either(sql: str, why: str) -> None:
    about = context("teams of one city")
    with pytest.raises(Unsupported, match=why):
        from_sql(sql, replace(about, schema=replace(about.schema, foreign_keys=())))


def test_a_row_compared_with_others_of_its_own_table_in_a_nested_block_is_refused() -> None:
    with pytest.raises(Unsupported, match="itself"):
        from_sql("SELECT name FROM person WHERE pay > (SELECT AVG(p.pay) FROM person AS p WHERE p.team_id = person.team_id)",
                 context("people who earn more than their team does on average"))


def test_a_cell_value_keeps_its_own_spelling() -> None:
    about = context("teams in bonn")
    assert "'Bonn'" in to_sql(from_sql("SELECT name FROM team WHERE city = 'Bonn'", about), about)


def test_a_label_beside_an_aggregate_is_grouped_by(engine: duckdb.DuckDBPyConnection) -> None:
    about = context("people per team")
    sql = to_sql(("select", Pointer("column", 1), ",", "count", "(", "*", ")", "group by", Pointer("column", 0), "from",
                  Pointer("table", 1)), about)
    assert sorted(engine.execute(sql).fetchall()) == [("Blues", 1), ("Reds", 2)]


def test_a_label_beside_one_extreme_is_that_rows_label(engine: duckdb.DuckDBPyConnection) -> None:
    about = context("the best paid")
    sql = to_sql(("select", Pointer("column", 4), ",", "max", "(", Pointer("column", 8), ")"), about)
    assert engine.execute(sql).fetchall()[0][0] == "Ann"


def test_sqlite_gets_its_own_functions() -> None:
    about = context("goals by year")
    assert "STRFTIME('%Y'" in to_sql(("select", "year", "(", Pointer("column", 12), ")"), about, "sqlite")


@pytest.mark.parametrize("symbols", [(), ("select",), ("select", Pointer("column", 1), ")"), ("<none>",), ("where",),
                                     ("select", "count", "(", "*"), ("select", Pointer("number", 7))])
def test_a_broken_sequence_is_malformed(symbols: tuple[str, ...]) -> None:
    with pytest.raises(Malformed):
        to_sql(symbols, context("teams"))


def test_of_two_ways_between_tables_the_one_through_fewer_rows_is_meant() -> None:
    def table(name: str, *others: str, rows: int = 99) -> Table:
        columns = (Column(f"{name}_id", primary_key=True), *(Column(f"{other}_id") for other in others))
        return Table(name, columns, rows=rows)

    def region_of_sales(customers: int, stores: int) -> str:
        tables = (table("region"), table("customer", "region", rows=customers), table("store", "region", rows=stores),
                  table("sale", "customer", "store"))
        schema = Schema(tables, (ForeignKey(2, 0), ForeignKey(4, 0), ForeignKey(6, 1), ForeignKey(7, 3)))
        about = build_context("regions of sales", schema, ValueIndex(schema, {}), dt.date(2025, 1, 1))
        return to_sql(("select", Pointer("column", 0), ",", Pointer("column", 5)), about)

    assert "store" in region_of_sales(900, 20) and "customer." not in region_of_sales(900, 20)
    assert "customer." in region_of_sales(20, 900)


@pytest.mark.parametrize(("sql", "counted"), [
    ("SELECT COUNT(*) FROM team", 0),
    ("SELECT t.name, COUNT(*) FROM team AS t JOIN person AS p ON p.team_id = t.team_id GROUP BY t.team_id, t.name", 1),
    ("SELECT h.name FROM game AS g JOIN team AS h ON g.home_id = h.team_id GROUP BY h.name ORDER BY COUNT(*) DESC LIMIT 1", 2),
])
def test_rows_are_counted_by_a_pointer_at_the_table_whose_rows_they_are(sql: str, counted: int) -> None:
    symbols = from_sql(sql, context("count"))
    at = symbols.index("count")
    assert symbols[at : at + 4] == ("count", "(", Pointer("table", counted), ")")
    assert "from" not in symbols or "on" in symbols


def test_rows_that_are_no_single_tables_are_counted_by_a_star() -> None:
    sql = ("SELECT t.name, COUNT(*) FROM team AS t JOIN person AS p ON p.team_id = t.team_id "
           "JOIN game AS g ON g.home_id = t.team_id GROUP BY t.name")
    assert "*" in from_sql(sql, context("people times games"))


def test_where_two_keys_lead_to_a_table_the_join_is_spelled() -> None:
    home = "SELECT t.name FROM game AS g JOIN team AS t ON g.home_id = t.team_id WHERE g.goals > 2"
    away = "SELECT t.name FROM game AS g JOIN team AS t ON g.away_id = t.team_id WHERE g.goals > 2"
    for sql, key in ((home, 10), (away, 11)):
        assert Pointer("column", key) in from_sql(sql, context("teams with more than 2 goals"))
