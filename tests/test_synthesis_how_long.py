"""How long it takes, lasts, or somebody keeps a thing: days between two dates of a row, alone and by group."""

from __future__ import annotations

import re
from functools import cache

import library_shop
import pytest
from intent_drafts import drafts, said_again

from nl2sql.context.linking import ValueIndex
from nl2sql.data.synthesis.ask import Draft
from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World

KINDS = ("how long", "how long each", "kept")


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


@cache
def worlds() -> list[World]:
    return [World(*invent_schema(seed), as_of_date(seed)) for seed in range(200)]


@pytest.fixture(name="invented", scope="module")
def _invented() -> dict[str, list[Draft]]:
    """Some drafts about each of two hundred invented schemas."""
    return {kind: [d for world in worlds() for d in drafts(world, kind, 3, tries=3)] for kind in (*KINDS, "lasting")}


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_are_said_in_symbols_that_mean_the_same(intent: str, shop: World) -> None:
    library_shop.assert_said_again(shop, intent, count=20, read=library_shop.all_rows)


def test_what_lasts_is_said_in_symbols_too() -> None:
    seen = 0
    for world in worlds()[:60]:
        index = ValueIndex(world.schema, world.values)
        for draft in drafts(world, "lasting", 1, tries=3):
            back = said_again(draft, world.schema, index, world.as_of)
            seen += back is not None and "AVG(DATE_DIFF('DAY', " in back.replace("'day'", "'DAY'")
    assert seen > 8


def test_the_kinds_suit_invented_schemas(invented: dict[str, list[Draft]]) -> None:
    assert {kind: len(made) > (1 if kind == "kept" else 40) for kind, made in invented.items()} == dict.fromkeys(invented, True)


def test_the_days_run_from_the_order_to_the_shipping(shop: World) -> None:
    made = [draft.sql or "" for kind in KINDS[:2] for draft in drafts(shop, kind, 60)]
    assert made and all("(DATE_DIFF('day', orders.order_date, orders.ship_date))" in sql for sql in made)
    back = [draft.sql or "" for draft in drafts(shop, "kept", 30)]
    assert back and all(sql.startswith("SELECT AVG(DATE_DIFF('day', orders.order_date, returns.return_date))") for sql in back)


def test_the_longest_is_the_greatest_and_the_shortest_the_least(shop: World) -> None:
    seen = set()
    for draft in drafts(shop, "how long", 250):
        end = re.search(r"\b(longest|at most|shortest|fastest)\b", draft.question.lower())
        wanted = "AVG" if end is None else "MAX" if end[1] in ("longest", "at most") else "MIN"
        assert (draft.sql or "").startswith(f"SELECT {wanted}("), draft
        seen.add(wanted)
    assert seen == {"AVG", "MAX", "MIN"}


def test_the_slow_come_first_by_most_days_and_the_quick_by_fewest(shop: World) -> None:
    seen = {"DESC": 0, "ASC": 0}
    for draft in drafts(shop, "how long each", 250):
        text = draft.question.lower()
        slow = re.search(r"\b(?:longest|slowest|most time)\b", text)
        quick = re.search(r"\b(?:shortest|fastest|quickest|least time)\b", text)
        order = re.search(r" ORDER BY AVG\(.*\) (ASC|DESC) LIMIT \d+$", draft.sql or "")
        if order is None:
            assert "ORDER BY" not in (draft.sql or "")
        elif bool(slow) != bool(quick):
            assert order[1] == ("DESC" if slow else "ASC"), draft
            seen[order[1]] += 1
    assert min(seen.values()) > 10


def test_a_planned_date_is_no_end_and_no_beginning(invented: dict[str, list[Draft]]) -> None:
    for kind in KINDS[:2]:
        for draft in invented[kind]:
            pair = re.search(r"DATE_DIFF\('day', (\S+|\S*\"[^,]*\"), (.*?)\)\)", draft.sql or "")
            assert pair and not re.search(r"due|expected|planned|requested|scheduled", pair[0], re.I), draft


def test_what_lasts_goes_from_its_start_to_its_end(invented: dict[str, list[Draft]]) -> None:
    for draft in invented["lasting"]:
        pair = re.search(r"DATE_DIFF\('day', (.*?), (.*?)\)\)", draft.sql or "")
        assert pair and re.search(r"start|beg|departure|check.?in|admi|pick.?up", pair[1], re.I), draft
        assert re.search(r"end|finish|arrival|check.?out|discharge", pair[2], re.I), draft


def test_those_who_do_not_pay_us_are_no_matter_of_ours(invented: dict[str, list[Draft]]) -> None:
    paying = [d for d in invented["how long"] if re.search(r"\bpay(?:ing)?\b", d.question.lower())]
    assert paying and not any(re.search(r"\b(?:we|our|us)\b", d.question.lower()) for d in paying)


def test_a_time_that_is_named_is_past(shop: World) -> None:
    for draft in drafts(shop, "how long", 200):
        timed = "order_date >=" in (draft.sql or "") or "order_date <" in (draft.sql or "")
        assert not re.search(r"\b(?:does|do we|do orders)\b" if timed else r"\bdid (?!it)", draft.question.lower()), draft
