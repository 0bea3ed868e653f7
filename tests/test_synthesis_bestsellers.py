"""What sells best, and how the stream prefers what people ask: plain queries oftener, in fewer words."""

from __future__ import annotations

import re
from collections import Counter
from itertools import repeat
from statistics import median

import library_shop
import pytest
from intent_drafts import drafts

from nl2sql.data.synthesis import stream, synthesize
from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


def test_best_sellers_are_said_in_symbols_that_mean_the_same(shop: World) -> None:
    library_shop.assert_said_again(shop, "bestsellers", count=20, read=library_shop.all_rows)


def test_the_best_sell_for_most_and_the_worst_for_least(shop: World) -> None:
    made = list(drafts(shop, "bestsellers", 120))
    worst = [draft for draft in made if re.search("worst|bottom|weakest|our last ", draft.question.lower())]
    best = [draft for draft in made if re.search(r"best|\btop|number one|no\. 1|strongest", draft.question.lower())]
    assert worst and len(worst) < len(best) and len(worst) + len(best) > 110  # the others are mistyped
    assert all("ASC" in (draft.sql or "") for draft in worst) and all("DESC" in (draft.sql or "") for draft in best)


def test_how_many_are_asked_for_is_how_many_are_listed(shop: World) -> None:
    for draft in drafts(shop, "bestsellers", 120):
        number = re.search(r"LIMIT (\d+)$", draft.sql or "")
        assert number
        said = re.search(r"\b(?:top|bottom|our|which) (\d{1,2})\b(?! (?:day|week|month|quarter|year)s)", draft.question.lower())
        assert said is None or said[1] == number[1], draft


def test_what_is_sold_is_no_state_and_no_firm() -> None:
    for seed in range(60):
        world = World(*invent_schema(seed), as_of_date(seed))
        for draft in drafts(world, "bestsellers", 4):
            assert not re.search(r"GROUP BY \S*(?:status|compan|firm|channel)", draft.sql or "", re.I), draft


def test_shorter_questions_are_preferred(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def words(share: float) -> float:
        monkeypatch.setattr(stream, "SHORTER", share)
        made = synthesize(shop.schema, shop.values, as_of=shop.as_of, n=400, seed=3)
        return median(len(example.question.split()) for example in made)

    assert words(1.0) <= words(0.0) - 2


def test_one_query_comes_oftener_among_many(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_turns", lambda rng: repeat("bestsellers"))
    uses = {}
    for n in (200, 4000):
        made = synthesize(shop.schema, shop.values, as_of=shop.as_of, n=n, seed=1, refusals=0)
        uses[n] = max(Counter(example.sql for example in made).values())
    assert uses[200] <= 8 < uses[4000] <= 10
