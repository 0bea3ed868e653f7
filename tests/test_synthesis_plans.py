"""Plans that were reached or missed, what grows, weekends against weekdays, what somebody bought."""

from __future__ import annotations

import re
from collections import defaultdict

import library_shop
import pytest
from intent_drafts import drafts

from nl2sql.data.synthesis.ask import Draft
from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World

PLANS = ("reached plan", "plan in all", "plan of each", "plan of one")
MISSED = r"missed|n't|did not|failed|fell short|below|behind|under|less"
MET = r"reached|\bmet\b|\bhit\b|made|beat|exceeded|achieved|above|ahead|\bon target|as much|more than|better"
ABOVE = r"beat|exceed|surpass|\btop\b|above|over\b|ahead|more than|minus [a-z ]*(?:target|goal|plan)|better|surplus"
BELOW = r"miss|short|below|under\b|behind|less than|minus (?:sales|revenue|turnover)|shortfall|gap"
Figures = dict[str, dict[str, tuple[float, float]]]
OTHERS = ("developing", "doing well", "beside", "weekends or weekdays", "bought")
YEAR = re.compile(r"quarter_start >= DATE '(\d{4})-01-01' AND sales_targets.quarter_start < DATE '(\d{4})-01-01'")


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


@pytest.fixture(name="years", scope="module")
def _years() -> Figures:
    """By year and shop, what it sold and what it was to sell, added up row by row."""
    sold: dict[tuple[str, str], float] = defaultdict(float)
    plan: dict[tuple[str, str], float] = defaultdict(float)
    rows = run(
        "SELECT YEAR(o.order_date), s.shop_name, i.amount FROM order_items i JOIN orders o USING (order_id) JOIN shops s "
        "USING (shop_id)"
    )
    for year, name, amount in rows:
        sold[str(year), str(name)] += float(str(amount))
    for year, name, amount in run(
        "SELECT YEAR(quarter_start), shop_name, target_amount FROM sales_targets JOIN shops USING (shop_id)"
    ):
        plan[str(year), str(name)] += float(str(amount))
    found: Figures = defaultdict(dict)
    for year, name in plan:
        found[year][name] = sold[year, name], plan[year, name]
    return found


def run(sql: str | None) -> list[tuple[object, ...]]:
    return library_shop.shop().execute(sql or "").fetchall()


def year_of(draft: Draft) -> str | None:
    """The whole year that a draft is about, where it has no condition on the shops."""
    found = YEAR.search(draft.sql or "")
    narrowed = re.search(r"shops\.(?:city|opened_on|floor_area) (?:=|<|>|I|B|N)", draft.sql or "")
    return found[1] if found and int(found[2]) == int(found[1]) + 1 and not narrowed else None


@pytest.mark.parametrize("intent", (*PLANS, *OTHERS))
def test_the_kinds_are_said_in_symbols_that_mean_the_same(intent: str, shop: World) -> None:
    library_shop.assert_said_again(shop, intent, count=20, read=library_shop.all_rows)


@pytest.mark.parametrize("intent", OTHERS)
def test_the_kinds_suit_invented_schemas(intent: str) -> None:
    made = [d for seed in range(100) for d in drafts(World(*invent_schema(seed), as_of_date(seed)), intent, 1, tries=8)]
    assert len(made) >= 8


def test_who_missed_a_year_sold_less_than_its_plans_together(shop: World, years: Figures) -> None:
    seen = {True: 0, False: 0}
    for draft in drafts(shop, "reached plan", 200):
        year, text = year_of(draft), draft.question.lower()
        missed, met = re.search(MISSED, text), re.search(MET, text)
        if year not in years or bool(missed) == bool(met):
            continue
        wanted = [name for name, (sold, plan) in years[str(year)].items() if (sold < plan) == bool(missed)]
        rows = [row[0] for row in run(draft.sql)]
        assert rows == [len(wanted)] or sorted(map(str, rows)) == sorted(wanted), draft
        seen[bool(missed)] += 1
    assert min(seen.values()) > 8


def test_how_far_above_is_sold_minus_planned_and_below_the_other_way(shop: World, years: Figures) -> None:
    seen = {"all": 0, "each": 0}
    for kind in seen:
        for draft in drafts(shop, "plan in all" if kind == "all" else "plan of each", 200):
            year, text = year_of(draft), draft.question.lower()
            up, down = re.search(ABOVE, text), re.search(BELOW, text)
            difference = re.search(r"\) - (?:\(SELECT|SUM\()", draft.sql or "")
            if year not in years or not difference or bool(up) == bool(down):
                continue
            rows, figures = run(draft.sql), years[str(year)]
            for row in rows:
                pairs = figures.values() if kind == "all" else [figures[str(row[0])]]
                gap = sum(sold - plan for sold, plan in pairs)
                assert row[-1] == pytest.approx(gap if up else -gap), draft
            seen[kind] += 1
    assert min(seen.values()) > 15


def test_the_furthest_from_its_plan_comes_first(shop: World) -> None:
    asked = r"furthest|farthest|by the most|the most\b"
    made = [d for d in drafts(shop, "plan of each", 200) if re.search(asked, d.question.lower())]
    assert len(made) > 8 and all(re.search(r" DESC LIMIT \d+$", d.sql or "") for d in made)


def test_one_shop_shows_its_sales_before_its_plan(shop: World, years: Figures) -> None:
    seen = 0
    for draft in drafts(shop, "plan of one", 150):
        found = YEAR.search(draft.sql or "")
        name = re.search(r"shops\.shop_name = '([^']+)'", draft.sql or "")
        did = re.match(r"(?:did|has|is|was) ", draft.question.lower())
        if did and name and found and found[1] in years and int(found[2]) == int(found[1]) + 1:
            assert run(draft.sql) == [pytest.approx(years[found[1]][name[1]])], draft
            seen += 1
    assert seen > 8


@pytest.mark.parametrize("intent", ("developing", "doing well"))
def test_what_grows_is_shown_by_year_or_by_month_of_a_year(intent: str, shop: World) -> None:
    units, spans = set(), 0
    for draft in drafts(shop, intent, 120):
        unit = re.search(r"SELECT (YEAR\([\w.]+\)|CAST\(DATE_TRUNC\('month', [\w.]+\) AS DATE\)), ", draft.sql or "")
        assert unit and (draft.sql or "").endswith(f" GROUP BY {unit[1]} ORDER BY {unit[1]}"), draft
        units.add(unit[1][:4])
        column = re.findall(r"\w+\.\w+", unit[1])[0]
        span = re.findall(rf"{column} (?:>=|<) DATE '(\d{{4}})-(\d\d)-\d\d'", draft.sql or "")
        if len(span) == 2:
            months = 12 * (int(span[1][0]) - int(span[0][0])) + int(span[1][1]) - int(span[0][1])
            assert ("month" in unit[1]) == (months <= 12), draft
            spans += 1
    assert spans > 10
    assert units == {"YEAR", "CAST"}


def test_doing_well_means_revenue(shop: World) -> None:
    assert all(", SUM(order_items.amount) FROM" in (draft.sql or "") for draft in drafts(shop, "doing well", 60))


def test_two_periods_are_two_rows_in_order_of_time(shop: World) -> None:
    for draft in drafts(shop, "beside", 120):
        spans = re.findall(r"\(orders\.order_date >= DATE '(\S+)' AND \S+ < DATE '(\S+)'\)", draft.sql or "")
        spans = spans or re.findall(r"date >= DATE '(\S+)' AND \S+ < DATE '(\S+)'\)", draft.sql or "")
        assert len(spans) == 2 and spans[0] < spans[1] and " GROUP BY " in (draft.sql or ""), draft
        text = draft.question.lower()
        if "same" in text:
            assert int(spans[1][0][:4]) - int(spans[0][0][:4]) == 1 and spans[0][0][4:] == spans[1][0][4:], draft
        elif re.search(r"\b(?:this|last)\b.*\b(?:last|before|previous)\b", text):
            assert spans[0][1] == spans[1][0], draft


def test_weekends_and_weekdays_stand_in_the_order_named(shop: World) -> None:
    seen = 0
    for draft in drafts(shop, "weekends or weekdays", 150):
        tests = re.findall(r"FILTER \(WHERE DAYOFWEEK\([\w.]+\) ((?:NOT )?IN \(0, 6\)|(?:=|<>) \d)\)", draft.sql or "")
        assert len(tests) == 2 and tests[0] != tests[1], draft
        text = draft.question.lower()
        if re.search("rest of|other days|remaining days", text):
            assert tests in (["IN (0, 6)", "NOT IN (0, 6)"], [f"= {tests[0][-1]}", f"<> {tests[0][-1]}"]), draft
        ends = text.find("weekend"), max(text.find("weekday"), text.find("working days"), text.find("during the week "))
        if min(ends) >= 0:
            assert (ends[0] < ends[1]) == (tests[0] == "IN (0, 6)"), draft
            seen += 1
    assert seen > 30


def test_what_was_bought_comes_once_each_and_is_no_sum(shop: World) -> None:
    owners = set()
    for draft in drafts(shop, "bought", 120):
        sql = draft.sql or ""
        assert sql.startswith("SELECT DISTINCT books.title FROM order_items JOIN ") and "SUM(" not in sql, draft
        owners |= set(re.findall(r"\b(readers|shops)\.\w+ (?:=|<>|IN|<|>|ILIKE|IS)", sql))
        rows = run(sql)
        assert len(set(rows)) == len(rows)
    assert owners == {"readers", "shops"}


def test_who_is_named_is_who_bought(shop: World) -> None:
    for draft in drafts(shop, "bought", 120):
        named = re.findall(r"readers\.(?:first|last)_name = '(\w+)'", draft.sql or "")
        assert len(named) in (0, 2) and sum(name.lower() in draft.question.lower() for name in named) >= len(named) / 2, draft
