"""People by age and pieces sold by who sells them: on the library shop and on invented schemas."""

from __future__ import annotations

import library_shop
import pytest
from intent_drafts import drafts

from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World

KINDS = ("by age", "pieces of each", "pieces of one")


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_are_said_in_symbols_that_mean_the_same(intent: str, shop: World) -> None:
    library_shop.assert_said_again(shop, intent, count=20, read=library_shop.all_rows)


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_suit_an_invented_schema(intent: str) -> None:
    worlds = (World(*invent_schema(seed), as_of_date(seed)) for seed in range(100))
    assert any(len(list(drafts(world, intent, 6))) == 6 for world in worlds)


def test_the_oldest_are_those_born_first(shop: World) -> None:
    for draft in drafts(shop, "by age", 60):
        words, sql = draft.question.lower(), draft.sql or ""
        if "from youngest" in words or "from oldest" in words or "from eldest" in words:
            assert sql.endswith("DESC" if "from youngest" in words else "ASC"), draft
        elif "youngest" in words or "oldest" in words or "eldest" in words:
            assert ("DESC" if "youngest" in words else "ASC") in sql, draft


def test_pieces_are_summed_and_not_counted(shop: World) -> None:
    for intent in ("pieces of each", "pieces of one"):
        for draft in drafts(shop, intent, 40):
            assert "SUM(order_items.quantity)" in (draft.sql or ""), draft
            assert "COUNT" not in (draft.sql or ""), draft


def test_the_fewest_pieces_stand_first(shop: World) -> None:
    made = [draft for draft in drafts(shop, "pieces of each", 120) if "LIMIT" in (draft.sql or "")]
    fewest = [draft for draft in made if "fewest" in draft.question.lower()]
    assert fewest and len(fewest) < len(made)
    assert all("ASC" in (draft.sql or "") for draft in fewest)
    assert all("DESC" in (draft.sql or "") for draft in made if "the most" in draft.question.lower())


def test_who_buys_sells_nothing(shop: World) -> None:
    assert not any("readers.reader_id" in (draft.sql or "") for draft in drafts(shop, "pieces of each", 120))
