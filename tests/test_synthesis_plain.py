"""Plain questions of whoever sells: who sold most, what earned most or worked best, what came through coupons, best of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import library_shop
import pytest
from intent_drafts import drafts

from nl2sql import Database
from nl2sql.data.synthesis import wording
from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World

KINDS = ("who sold", "owners", "most profitable", "worked best", "through", "best of each")
RANKED = KINDS[:4]
DID = r"(?:is|was|has|did|mak\w+|made|sold|sells|brought|worked)"
LOW = r"\b(?:worst|least|minimum|low(?:est)?|smallest|bottom|weakest|flop|lose|lost)\b"


@pytest.fixture(name="opened", scope="module")
def _opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, duckdb.DuckDBPyConnection]]:
    """Agents who sell, makers whose wares sell, coupons that orders need not carry."""
    path = tmp_path_factory.mktemp("bazaar") / "bazaar.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((Path(__file__).parent / "fixtures" / "bazaar.sql").read_text(encoding="utf-8"))
    with Database(path, as_of=library_shop.AS_OF) as database:
        world = World(database.schema, database.values, library_shop.AS_OF)
    with duckdb.connect(str(path), read_only=True) as connection:
        world.learn_ranges(lambda sql: connection.execute(sql).fetchall())
        yield world, connection


@pytest.fixture(autouse=True)
def _spelt(monkeypatch: pytest.MonkeyPatch) -> None:
    """No slips of the pen: the words tell what was asked."""
    monkeypatch.setattr(wording, "_slips", lambda rng, text, protected: text)


@pytest.fixture(name="bazaar", scope="module")
def _bazaar(opened: tuple[World, duckdb.DuckDBPyConnection]) -> World:
    return opened[0]


def rows(connection: duckdb.DuckDBPyConnection, sql: str | None) -> list[str]:
    """The whole rows, in an order of their own, with the last digits of sums left out."""
    found = connection.execute(sql or "").fetchall()
    return sorted(str([round(cell, 6) if isinstance(cell, float) else cell for cell in row]) for row in found)


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_are_said_in_symbols_that_mean_the_same(intent: str, opened: tuple[World, duckdb.DuckDBPyConnection]) -> None:
    library_shop.assert_said_again(opened[0], intent, count=20, read=partial(rows, opened[1]))


@pytest.mark.parametrize("intent", ["owners", "most profitable", "best of each"])
def test_the_kinds_that_suit_the_library_shop_are_said_again_there(intent: str) -> None:
    library_shop.assert_said_again(library_shop.world(), intent, count=20, read=library_shop.all_rows)


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_suit_an_invented_schema(intent: str) -> None:
    worlds = (World(*invent_schema(seed), as_of_date(seed)) for seed in range(100))
    assert any(len(list(drafts(world, intent, 6))) == 6 for world in worlds)


@pytest.mark.parametrize("intent", KINDS[:4] + KINDS[5:])
def test_the_best_come_first_and_of_the_worst_the_worst(intent: str, bazaar: World) -> None:
    made = list(drafts(bazaar, intent, 150))
    low = [draft for draft in made if re.search(LOW, draft.question.lower())]
    assert 10 < len(low) < len(made) / 2
    for draft in made:
        assert ("ASC" if draft in low else "DESC") in (draft.sql or ""), draft


@pytest.mark.parametrize("intent", RANKED)
def test_one_is_asked_for_in_the_singular_and_a_number_is_the_limit(intent: str, bazaar: World) -> None:
    seen, singular = set(), 0
    for draft in drafts(bazaar, intent, 250):
        limit = re.search(r"LIMIT (\d+)$", draft.sql or "")
        said = re.search(r"\b(?:top|bottom|our|which) (\d{1,2})\b(?! (?:day|week|month|quarter|year)s)", draft.question.lower())
        seen.add(limit[1] if limit else "")
        assert said is None or limit and said[1] == limit[1], draft
        if re.match(rf"which (?:maker|ware|agent|coupon|branch|genre)(?:'s| {DID}\b)", draft.question.lower()):
            singular += 1
            assert limit and limit[1] == "1", draft
    assert singular > 5 and {"1", "5"} <= seen and ("" in seen) == (intent != "who sold")


def test_those_who_sold_are_agents_and_no_clients(bazaar: World) -> None:
    for draft in drafts(bazaar, "who sold", 80):
        assert "GROUP BY agents.agent_id, agents.full_name ORDER BY SUM(order_lines.amount)" in (draft.sql or ""), draft
        assert not re.search(r"\b(?:best|top|worst)[- ]?sellers?\b", draft.question.lower()) or "who" in draft.question.lower()


def test_nobody_is_said_to_sell_where_only_buyers_are_known() -> None:
    assert not list(drafts(library_shop.world(), "who sold", 1))


def test_a_place_that_is_said_is_a_condition(bazaar: World) -> None:
    towns = [d for d in drafts(bazaar, "who sold", 200) if re.search(r"\b(?:oslo|lima|perth|bonn)\b", d.question.lower())]
    assert towns and all("WHERE branches.town = " in (draft.sql or "") for draft in towns)


def test_wares_are_grouped_by_those_they_belong_to(bazaar: World) -> None:
    seen = {"makers.maker_id": 0, "genres.genre_id": 0}
    for draft in drafts(bazaar, "owners", 80):
        grouped = re.search(r"GROUP BY (\S+), ", draft.sql or "")
        assert grouped and "SUM(order_lines.amount)" in (draft.sql or ""), draft
        seen[grouped[1]] += 1
    assert min(seen.values()) > 10


def test_profit_is_revenue_less_what_the_units_cost(bazaar: World) -> None:
    profit = "SUM(order_lines.amount - order_lines.quantity * wares.unit_cost)"
    for draft in drafts(bazaar, "most profitable", 120):
        assert f"ORDER BY {profit}" in (draft.sql or ""), draft
        assert "status" not in (draft.sql or ""), draft
        assert not re.search(r"\b(?:clients|buyers|customers) (?:made|make)\b", draft.question.lower()), draft


def test_what_worked_best_earned_most_and_is_no_discount(bazaar: World) -> None:
    for draft in drafts(bazaar, "worked best", 80):
        assert "percent_off" not in (draft.sql or "") and "SUM(order_lines.amount)" in (draft.sql or ""), draft
        assert "GROUP BY coupons.coupon_id" in (draft.sql or ""), draft


def test_with_is_not_null_without_is_null_and_a_share_is_of_all(bazaar: World) -> None:
    seen = {"IS NULL": 0, "IS NOT NULL": 0, "FILTER": 0}
    lacking = r"\b(?:without|no(?!\.)|outside|lack|lacking|missing|not)\b"
    share = r"\b(?:share|percentage|percent|pct|per cent|proportion|fraction|portion|part)\b|%"
    for draft in drafts(bazaar, "through", 200):
        test = re.search(r"(?:coupon|mentor)_id (IS (?:NOT )?NULL)", draft.sql or "")
        question = re.sub(r"(?:isn't|is not|aren't|are not|other than) \w+|percent off", "", draft.question.lower())
        assert test, draft
        seen[test[1]] += 1
        assert (test[1] == "IS NULL") == bool(re.search(lacking, question)), draft
        assert bool(re.search(share, question)) == ("FILTER" in (draft.sql or "")), draft
        seen["FILTER"] += "FILTER" in (draft.sql or "")
    assert min(seen.values()) > 15


def test_orders_are_counted_and_their_lines_summed(bazaar: World) -> None:
    for draft in drafts(bazaar, "through", 150):
        if re.match(r"how many (?:orders|purchases|transactions)\b", draft.question.lower()):
            assert "COUNT(*)" in (draft.sql or "") and "order_lines" not in (draft.sql or ""), draft
        if re.match(r"how much\b", draft.question.lower()):
            assert "SUM(order_lines.amount)" in (draft.sql or ""), draft


def test_what_is_best_in_each_is_so_by_revenue(bazaar: World) -> None:
    for draft in drafts(bazaar, "best of each", 120):
        sql = draft.sql or ""
        window = re.search(r"PARTITION BY (\S+) ORDER BY SUM\(order_lines.amount\) (?:DESC|ASC)\) (?:=|<=) (\d)$", sql)
        assert window and window[1] not in ("wares.ware_id", "clients.client_id", "agents.agent_id", "orders.status"), draft
        said = re.search(r"\b(?:top|bottom|our|which) (\d)\b(?! (?:day|week|month|quarter|year)s)", draft.question.lower())
        assert said is None or said[1] == window[2], draft
