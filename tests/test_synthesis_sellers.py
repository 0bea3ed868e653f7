"""Top sellers, longest numbers, ranges, rises and falls, money that went back, one owner's plan: on the library shop."""

from __future__ import annotations

import re

import library_shop
import pytest
from intent_drafts import drafts

from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World

KINDS = (
    "top sellers", "longest", "value range", "attribute over several", "rise", "grew more than", "change column", "money back",
    "over target of one",
)  # fmt: skip


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_are_said_in_symbols_that_mean_the_same(intent: str, shop: World) -> None:
    library_shop.assert_said_again(shop, intent, count=20)


@pytest.mark.parametrize("intent", [kind for kind in KINDS if kind not in ("top sellers", "money back", "over target of one")])
def test_the_kinds_suit_an_invented_schema(intent: str) -> None:
    assert len(list(drafts(World(*invent_schema(3), as_of_date(3)), intent, 8))) == 8


@pytest.mark.parametrize(("intent", "words", "order"), [
    ("top sellers", r"\b(?:best|top)[- ]sell|\bbest sellers|sold best|the most money", "DESC"),
    ("top sellers", r"\b(?:worst|slowest)[- ]sell|sold worst|the least money|\bbottom\b", "ASC"),
    ("longest", r"\b(?:longest|biggest|greatest)\b", "DESC"), ("longest", r"\b(?:shortest|smallest|lowest)\b", "ASC"),
])  # fmt: skip
def test_the_end_that_is_named_comes_first(intent: str, words: str, order: str, shop: World) -> None:
    asked = [d for d in drafts(shop, intent, 200) if re.search(words, d.question.lower())]
    assert len(asked) > 3 and all(re.search(rf" {order} LIMIT \d+$", d.sql or "") for d in asked)


def test_a_range_has_both_ends_in_the_order_named(shop: World) -> None:
    for draft in drafts(shop, "value range", 80):
        ends = re.findall(r"\b(MIN|MAX)\(", draft.sql or "")
        assert sorted(ends) == ["MAX", "MIN"], draft
        if re.search(r"highest and lowest|max and min", draft.question.lower()):
            assert ends == ["MAX", "MIN"], draft


def test_a_rise_is_later_minus_earlier_and_percents_are_growth(shop: World) -> None:
    for draft in drafts(shop, "rise", 80):
        percent = bool(re.search(r"percent|per cent|pct|%", draft.question.lower()))
        assert percent == (draft.sql or "").startswith("SELECT 100.0 * ("), draft
        dates = re.findall(r"_(?:date|start) >= (DATE '\S+')", draft.sql or "")
        assert percent or len(dates) < 2 or dates[0] > dates[1], draft


def test_the_percent_that_is_named_is_the_limit(shop: World) -> None:
    for draft in drafts(shop, "grew more than", 60):
        assert re.search(r"\) / .* >=? \d+ / 100\)?", draft.sql or ""), draft


def test_those_that_grew_have_more_later_and_those_that_fell_less(shop: World) -> None:
    seen = {True: 0, False: 0}
    for draft in drafts(shop, "grew more than", 120):
        first, second, *_ = [*re.findall(r">= DATE '(\S+)'", (draft.sql or "").partition(" HAVING ")[2]), "", ""]
        up = re.search(r"\b(?:grew|grow|rose|rise|growth|increased?|up)\b", draft.question.lower())
        down = re.search(r"\b(?:fell|fall|dropp?e?d?|declined?|shrank|down|reduced|decreased)\b", draft.question.lower())
        if second and first != second and bool(up) != bool(down):
            seen[bool(up)] += 1
            assert (first > second) == bool(up), draft
    assert min(seen.values()) > 10


def test_refunds_are_divided_by_sales(shop: World) -> None:
    made = [draft.sql or "" for draft in drafts(shop, "money back", 40)]
    assert made and all(re.search(r"SUM\(returns\.\w+\) / SUM\(", sql) for sql in made)


def test_the_change_stands_last(shop: World) -> None:
    made = [(d.sql or "").split(" FROM ")[0] for d in drafts(shop, "change column", 40)]
    assert made and all(re.search(r" [-/] LAG\([^,]+\) OVER \(ORDER BY .*\)(?: - 1\))?$", sql) for sql in made)


def test_what_was_missed_is_the_plan_minus_what_came_in(shop: World) -> None:
    made = list(drafts(shop, "over target of one", 120))
    missed = [d.sql or "" for d in made if re.search(r"far below|fall short|shortfall|far under", d.question.lower())]
    beaten = [d.sql or "" for d in made if re.search(r"far above|exceed|surpass|far over", d.question.lower())]
    assert missed and all(sql.startswith("SELECT sales_targets.target_amount - (") for sql in missed)
    assert beaten and all(") - sales_targets.target_amount FROM" in sql for sql in beaten)
