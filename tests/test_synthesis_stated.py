"""Kinds where every word counts: parents with a child of a kind, one number from two, the same city, a day in a span."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import intent_drafts
import pytest

from nl2sql import Database
from nl2sql.context.linking import ValueIndex
from nl2sql.data.synthesis.world import World
from nl2sql.sql.validate import validate

AS_OF = dt.date(2024, 6, 30)
drafts = partial(intent_drafts.drafts, tries=60)  # some kinds are rare on these schemas
STATED = (
    "described", "percent or range", "unfinished", "containing", "difference of values", "difference of periods", "share of top",
    "same column", "only in one", "running", "movers",
)  # fmt: skip


@pytest.fixture(name="opened", scope="module", params=["gyms", "rentals"])
def _opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, World]]:
    path: Path = tmp_path_factory.mktemp("stated") / "own.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((Path(__file__).parent / "fixtures" / f"{request.param}.sql").read_text(encoding="utf-8"))
    with Database(path, as_of=AS_OF) as database:
        world = World(database.schema, database.values, database.as_of)
        world.learn_ranges(lambda sql: database.run(validate(sql, database.schema)).rows)
        yield database, world


@pytest.mark.parametrize("intent", STATED)
def test_every_stated_kind_is_valid_runs_and_can_be_said_in_symbols(intent: str, opened: tuple[Database, World]) -> None:
    database, world = opened
    index, said, made = ValueIndex(database.schema, database.values), 0, 0
    for draft in drafts(world, intent, 30):
        assert draft.sql
        rows = database.run(validate(draft.sql, database.schema)).rows
        made += 1
        written = intent_drafts.said_again(draft, database.schema, index, AS_OF)
        if written is None:
            continue
        again = database.run(validate(written, database.schema)).rows
        said += "LIMIT" in draft.sql or sorted(map(str, rows)) == sorted(map(str, again))
    assert made == 30 and said >= 24


def test_parents_are_counted_and_not_their_children(opened: tuple[Database, World]) -> None:
    for draft in drafts(opened[1], "containing", 60):
        found = re.search(r"COUNT\(DISTINCT (\w+)\.\w+\)", draft.sql or "")
        assert found and found.group(1) in ("orders", "bookings"), draft
        assert "COUNT(*)" not in (draft.sql or "")


def test_what_is_taken_away_is_said_last(opened: tuple[Database, World]) -> None:
    seen = 0
    for draft in drafts(opened[1], "difference of values", 300):
        sides = re.findall(r"FILTER \(WHERE \S+ = '([^']+)'\)", draft.sql or "")
        head, minus, tail = draft.question.lower().partition(" minus ")
        if minus and len(sides) == 2 and all(side.lower() in draft.question.lower() for side in sides):
            seen += 1
            assert sides[0].lower() in head and sides[1].lower() in tail, draft
    assert seen > 20


def test_the_day_lies_in_the_span(opened: tuple[Database, World]) -> None:
    for draft in drafts(opened[1], "running", 60):
        found = re.search(r"\w+\.start_date <= DATE '([\d-]+)' AND \w+\.end_date >= DATE '([\d-]+)'", draft.sql or "")
        assert found and found.group(1) == found.group(2), draft


def test_the_same_city_is_of_two_tables(opened: tuple[Database, World]) -> None:
    wrong = 0
    for draft in drafts(opened[1], "same column", 60):
        found = re.search(r"(\w+)\.(city|country) (=|<>) (\w+)\.\2", draft.sql or "")
        assert found and found.group(1) != found.group(4), draft
        apart = re.search(r"\b(?:different|distinct|separate|differs?|outside|another|not)\b", draft.question)
        wrong += (found.group(3) == "<>") != bool(apart)
    assert wrong <= 4  # typing errors


def test_the_share_of_the_largest_is_of_the_same_rows_as_the_total(opened: tuple[Database, World]) -> None:
    database, world = opened
    for draft in drafts(world, "share of top", 40):
        most = 100 if "100.0 *" in (draft.sql or "") else 1
        share = database.run(validate(draft.sql or "", database.schema)).rows[0][0]
        assert share is None or 0 <= float(share) <= most * 1.000001, draft


def test_falling_groups_have_less_in_the_later_period(opened: tuple[Database, World]) -> None:
    for draft in drafts(opened[1], "movers", 60):
        having = (draft.sql or "").split(" HAVING ")[1]
        later, earlier = re.findall(r">= DATE '([\d-]+)'", having)[:2]
        assert later > earlier, draft
        words = set(re.findall(r"\w+", draft.question.lower()))
        if words & {"fell", "dropped", "shrank", "fewer", "decreased"}:
            assert re.search(r"\) < \w+\(", having), draft


def test_percentages_of_fractions_are_written_as_fractions(opened: tuple[Database, World]) -> None:
    seen = 0
    for draft in drafts(opened[1], "percent or range", 80):
        found = re.search(r"(?:discount|deposit_rate) (?:[<>]=?|BETWEEN) ([\d.]+)", draft.sql or "")
        if found and re.search(r"%| percent| per cent", draft.question):
            seen += 1
            assert float(found.group(1)) <= 1, draft
    assert seen > 10
