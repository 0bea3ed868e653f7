"""How long rows have been there, days since something last happened, who came in a period and what they brought, the best day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import library_shop
import pytest
from intent_drafts import drafts, said_again

from nl2sql import Database
from nl2sql.context.linking import ValueIndex
from nl2sql.data.synthesis.world import World
from nl2sql.sql.validate import validate

KINDS = ("tenure", "since last", "joined by", "from newcomers", "best time")
GYM = """
CREATE TABLE studios (studio_id INTEGER PRIMARY KEY, studio_name VARCHAR, city VARCHAR, opening_date DATE);
CREATE TABLE members (member_id INTEGER PRIMARY KEY, full_name VARCHAR, plan VARCHAR, studio_id INTEGER REFERENCES studios
  (studio_id), signup_date DATE, birth_date DATE);
CREATE TABLE trainers (trainer_id INTEGER PRIMARY KEY, full_name VARCHAR, job_title VARCHAR, hired_on DATE);
CREATE TABLE leases (lease_id INTEGER PRIMARY KEY, lease_name VARCHAR, start_date DATE, end_date DATE);
CREATE TABLE sales (sale_id INTEGER PRIMARY KEY, member_id INTEGER REFERENCES members (member_id), trainer_id INTEGER
  REFERENCES trainers (trainer_id), sale_date DATE, amount DOUBLE);
INSERT INTO studios SELECT i, ['Nord', 'Anker', 'Hafen', 'Linden'][i + 1], ['Kiel', 'Bonn'][i % 2 + 1],
  DATE '2012-03-01' + (i * 517)::INTEGER FROM range(4) t(i);
INSERT INTO members SELECT i, 'Member ' || chr((65 + i % 26)::INTEGER), ['Basic', 'Plus', 'Family'][i % 3 + 1], i % 4,
  DATE '2019-02-01' + (i * 31 % 2100)::INTEGER, DATE '1960-01-01' + (i * 211)::INTEGER FROM range(60) t(i);
INSERT INTO trainers SELECT i, 'Trainer ' || chr((65 + i)::INTEGER), ['Coach', 'Lead'][i % 2 + 1],
  DATE '2014-05-01' + (i * 291)::INTEGER FROM range(10) t(i);
INSERT INTO leases SELECT i, 'Lease ' || i, DATE '2018-01-01', DATE '2023-01-01' FROM range(5) t(i);
INSERT INTO sales SELECT i, i * 7 % 60, i * 3 % 10, DATE '2019-03-01' + (i * 13 % 2100)::INTEGER, 10.0 + i % 90
  FROM range(900) t(i);
"""


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


@pytest.fixture(name="gym", scope="module")
def _gym(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Database]]:
    path: Path = tmp_path_factory.mktemp("gym") / "gym.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(GYM)
    with Database(path, as_of=dt.date(2024, 12, 31)) as database:
        world = World(database.schema, database.values, database.as_of)
        yield world, database


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_suit_two_schemas_and_are_said_in_symbols(intent: str, gym: tuple[World, Database], shop: World) -> None:
    world, database = gym
    index, made = ValueIndex(world.schema, world.values), list(drafts(world, intent, 40))
    assert len(made) == 40
    lost = 0
    for draft in made:
        database.run(validate(draft.sql or "", database.schema), row_limit=50)
        back = said_again(draft, database.schema, index, database.as_of)
        lost += back is None
        if back is not None and "LIMIT" not in back:  # of equals any may be cut off
            checked = [validate(sql, database.schema) for sql in (draft.sql or "", back)]
            first, second = (database.run(sql, row_limit=500).rows for sql in checked)
            assert sorted(map(str, first)) == sorted(map(str, second)), draft
    assert lost <= 4
    for draft in drafts(shop, intent, 15):
        library_shop.shop().execute(draft.sql or "").fetchmany(3)


def test_a_tenure_ends_today_and_starts_on_a_date_that_is_no_birthday(gym: tuple[World, Database]) -> None:
    for draft in drafts(gym[0], "tenure", 150):
        sql = draft.sql or ""
        assert re.search(r"DATE_(?:SUB\('year'|DIFF\('day'), \w+\.(?:opening_date|signup_date|hired_on), DATE '2024", sql), draft
        assert "birth_date" not in sql.split(" WHERE ")[0] and "leases" not in sql  # a lease has an end


def test_years_and_days_are_told_apart(gym: tuple[World, Database]) -> None:
    seen = {"year": 0, "day": 0}
    for draft in drafts(gym[0], "tenure", 200):
        question, sql = draft.question.lower(), (draft.sql or "").split(" WHERE ")[0]
        unit = "day" if "DATE_DIFF('day'" in sql else "year"
        seen[unit] += 1
        assert not (unit == "day" and re.search(r"\byears?\b", question) or unit == "year" and " days " in question), draft
    assert min(seen.values()) > 20


def test_those_who_have_been_there_longest_came_first(gym: tuple[World, Database]) -> None:
    made = [d for d in drafts(gym[0], "tenure", 400) if " ORDER BY " in (d.sql or "") and "AVG(" not in (d.sql or "")]
    longest = [d.sql or "" for d in made if re.search(r"longest|oldest|most senior", d.question.lower())]
    newest = [d.sql or "" for d in made if re.search(r"newest|youngest|most recently|shortest", d.question.lower())]
    assert longest and newest
    assert all(re.search(r"ASC LIMIT \d+$", sql) for sql in longest) and all(re.search(r"DESC LIMIT \d+$", sql) for sql in newest)


def test_the_days_since_the_last_are_counted_from_the_latest_date(gym: tuple[World, Database]) -> None:
    for draft in drafts(gym[0], "since last", 80):
        assert "DATE_DIFF('day', MAX(sales.sale_date), DATE '2024-12-31')" in (draft.sql or ""), draft


@pytest.mark.parametrize(("intent", "words", "order"), [
    ("joined by", r"\b(?:the most|top)\b", "DESC"), ("joined by", r"\bfewest\b", "ASC"),
    ("since last", r"\b(?:longest|most days)\b", "DESC"),
])  # fmt: skip
def test_the_end_that_is_named_comes_first(intent: str, words: str, order: str, gym: tuple[World, Database]) -> None:
    asked = [d for d in drafts(gym[0], intent, 200) if " LIMIT " in (d.sql or "") and re.search(words, d.question.lower())]
    assert len(asked) > 2
    for draft in asked:
        assert re.search(rf" {order} LIMIT \d+$", draft.sql or ""), draft


def test_newcomers_are_counted_by_their_own_date_alone(gym: tuple[World, Database]) -> None:
    for draft in drafts(gym[0], "joined by", 80):
        sql = draft.sql or ""
        assert "COUNT(*)" in sql and "sale_date" not in sql, draft
        assert re.search(r"(?:opening_date|signup_date|hired_on) [<>]", sql), draft


def test_what_new_rows_brought_is_of_the_same_period_unless_two_are_named(gym: tuple[World, Database]) -> None:
    seen = {"same": 0, "other": 0, "share": 0}
    for draft in drafts(gym[0], "from newcomers", 150):
        sql = draft.sql or ""
        event = re.findall(r"sales\.sale_date >= (DATE '\S+')", sql)
        own = re.findall(r"(?:signup_date|hired_on|opening_date) >= (DATE '[\d-]+')", sql)
        assert len(event) == len(own) == 1, draft
        same = event == own
        seen["share" if "FILTER" in sql else "same" if same else "other"] += 1
        question = draft.question.lower()
        assert same or " new " not in question and len(re.findall(r"\b20\d\d\b|last year|this year", question)) > 1, draft
    assert min(seen.values()) > 5


def test_the_best_day_has_the_most_and_the_worst_the_least(gym: tuple[World, Database]) -> None:
    plain = named = 0
    for draft in drafts(gym[0], "best time", 120):
        question, sql = draft.question.lower(), draft.sql or ""
        unit = re.findall(r"DATE_TRUNC\('(\w+)'", sql)[0]
        named += unit in question  # but for slips of the pen
        assert "sale_date < DATE" in sql, draft
        if re.search(r"\b(?:best|strongest)\b", question):
            assert re.search(r" DESC LIMIT \d+$", sql), draft
        if re.search(r"\b(?:worst|weakest)\b", question):
            assert re.search(r" ASC LIMIT \d+$", sql), draft
        unnamed = not re.search(r"number|count|sales|revenue|turnover|amount|takings|#|no\.|value|per", question)
        plain += unnamed and "SUM(sales.amount)" in sql
    assert plain > 20 and named > 110
