"""Days of the week, parts of any year, periods with events, a period against the one before it, percentages of plans."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

import library_shop
import pytest
from intent_drafts import drafts

from nl2sql.data.synthesis.ask import Draft
from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World

KINDS = (
    "on weekdays", "rows on weekdays", "parents on weekdays", "birthdays", "in any year", "figure in any year", "every period",
    "unit before", "of plan",
)  # fmt: skip
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
MONTHS = ("january february march april may june july august september october november december").split()


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


def run(sql: str | None) -> list[tuple[object, ...]]:
    return library_shop.shop().execute(sql or "").fetchall()


def sql_of(draft: Draft) -> str:
    return draft.sql or ""


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_are_said_in_symbols_that_mean_the_same(intent: str, shop: World) -> None:
    library_shop.assert_said_again(shop, intent, most_lost=8 if intent == "unit before" else 3)


@pytest.mark.parametrize(("intent", "seed"), [
    *((kind, 3) for kind in KINDS if kind not in ("birthdays", "of plan")), ("birthdays", 8), ("in any year", 8),
])  # fmt: skip
def test_the_kinds_suit_an_invented_schema(intent: str, seed: int) -> None:
    assert len(list(drafts(World(*invent_schema(seed), as_of_date(seed)), intent, 8))) == 8


@pytest.mark.parametrize("intent", KINDS[:3])
def test_days_stand_for_the_numbers_that_the_database_gives_them(intent: str, shop: World) -> None:
    sunday = dt.date(2024, 8, 11)
    numbers = {DAYS[i]: run(f"SELECT DAYOFWEEK(DATE '{sunday + dt.timedelta(days=i)}')")[0][0] for i in range(7)}
    seen = set()
    for draft in drafts(shop, intent, 150):
        text = draft.question.lower()
        said = re.findall("|".join(DAYS), text)
        alone = re.search(r"\bon (?:an? |any )?[a-z]+day(?!s? (?:and|or|to|through)\b)", text)
        tests = re.findall(r"DAYOFWEEK\([\w.]+\) (= \d|IN \(0, 6\)|NOT IN \(0, 6\)|IN \(\d, \d\))", sql_of(draft))
        assert tests, draft
        if len(tests) == 1 and len(said) == 1 and alone:
            assert tests == [f"= {numbers[said[0]]}"], draft
            seen.add(said[0])
        elif re.search(r"\bweekends?\b", text) and not said and len(tests) == 1 and "outside" not in text:
            assert tests == ["IN (0, 6)"], draft
            seen.add("weekend")
        elif re.search(r"weekdays?\b|work(?:ing )?days?|business days", text) and not said and len(tests) == 1:
            assert tests == ["NOT IN (0, 6)"], draft
            seen.add("working")
    assert len(seen) >= 8 and {"weekend", "working"} <= seen


def test_sides_are_shown_in_the_order_named(shop: World) -> None:
    seen = 0
    for draft in drafts(shop, "on weekdays", 250):
        tests = re.findall(r"FILTER \(WHERE DAYOFWEEK\([\w.]+\) (= \d|(?:NOT )?IN \(0, 6\))\)", sql_of(draft))
        ends = [draft.question.lower().find(word) for word in ("weekend", "weekday")]
        if len(tests) == 2 and "IN (0, 6)" in tests and min(ends) >= 0:
            assert (ends[0] < ends[1]) == (tests[0] == "IN (0, 6)"), draft
            seen += 1
    assert seen > 10


def test_a_count_of_sundays_is_the_one_counted_by_hand(shop: World) -> None:
    dates = [row[0] for row in run("SELECT order_date FROM orders")]
    seen = 0
    for draft in drafts(shop, "rows on weekdays", 300):
        found = re.fullmatch(r"SELECT COUNT\(\*\) FROM orders WHERE DAYOFWEEK\(orders.order_date\) = (\d)", sql_of(draft))
        if found:
            wanted = (int(found.group(1)) - 1) % 7  # Monday is 0 in Python
            assert run(draft.sql)[0][0] == sum(isinstance(d, dt.date) and d.weekday() == wanted for d in dates)
            seen += 1
    assert seen > 5


@pytest.mark.parametrize("intent", ("birthdays", "in any year", "figure in any year"))
def test_months_of_any_year_are_no_period(intent: str, shop: World) -> None:
    seen = 0
    for draft in drafts(shop, intent, 150):
        tests = re.findall(r"(?:MONTH|QUARTER)\([\w.]+\) (= \d+|IN \([\d, ]+\))", sql_of(draft))
        assert len(set(tests)) == 1, draft
        words = re.findall(r"[a-z]+", draft.question.lower())
        said = {i + 1 for i, month in enumerate(MONTHS) if month in words or f"{month}s" in words}
        if len(said) == 1 and "MONTH(" in sql_of(draft) and not re.search(r"\d{4}", draft.question):
            assert tests[0] == f"= {said.pop()}", draft
            seen += 1
        for season, months in {"winter": "12, 1, 2", "summer": "6, 7, 8", "spring": "3, 4, 5", "autumn": "9, 10, 11"}.items():
            assert season not in words or tests[0] == f"IN ({months})", draft
    assert seen > 50


def test_birthdays_are_those_of_the_month(shop: World) -> None:
    born = [row[0] for row in run("SELECT birth_date FROM readers")]
    seen = 0
    for draft in drafts(shop, "birthdays", 200):
        found = re.fullmatch(r"SELECT COUNT\(\*\) FROM readers WHERE MONTH\(readers.birth_date\) = (\d+)", sql_of(draft))
        if found:
            assert run(draft.sql)[0][0] == sum(isinstance(d, dt.date) and d.month == int(found.group(1)) for d in born)
            seen += 1
    assert seen > 10


def test_the_least_comes_first_where_it_is_named(shop: World) -> None:
    for intent in ("on weekdays", "figure in any year"):
        made = [d for d in drafts(shop, intent, 300) if re.search(r"\b(?:fewest|lowest|smallest)\b", d.question.lower())]
        ends = [sql_of(d) for d in made if "LIMIT 1" in sql_of(d) and "MIN(" not in sql_of(d)]
        assert len(ends) > 3 and all(sql.endswith(" ASC LIMIT 1") for sql in ends), intent


def test_years_months_and_quarters_are_counted_within_the_span(shop: World) -> None:
    held: dict[int, set[int]] = defaultdict(set)
    for reader, date in run("SELECT reader_id, order_date FROM orders"):
        if isinstance(reader, int) and isinstance(date, dt.date):
            held[reader].add(date.year)
    seen = 0
    for draft in drafts(shop, "every period", 300):
        sql = sql_of(draft)
        text = draft.question.lower()
        whole = re.search(r"\b(?:every|each) (?:single |and every )?(?:year|month)\b|\ball \w+ (?:years|months)\b", text)
        whole = None if "not" in text.split() else whole
        span = re.search(r"\b(20\d\d) (?:to|through|and) (20\d\d)\b", text)
        if whole and span and "COUNT(DISTINCT YEAR(" in sql:
            low, high = map(int, span.groups())
            assert f"= {high - low + 1}" in sql, draft
            alone = "readers.reader_id WHERE orders." in sql and len(re.findall(r" AND ", sql)) == 1
            if alone and sql.startswith("SELECT readers"):
                assert len(run(sql)) == sum(years >= set(range(low, high + 1)) for years in held.values()), draft
                seen += 1
        if whole and "'month'" in sql and "half of" not in text:
            assert re.search(r"= 12\b", sql), draft
    assert seen > 2


def test_not_every_period_is_fewer_than_all(shop: World) -> None:
    made = [d for d in drafts(shop, "every period", 300) if re.search(r"but not (?:in )?(?:every|all)\b", d.question.lower())]
    assert made and all(re.search(r"(?<![<>])< \d+", sql_of(d).partition("HAVING")[2]) for d in made)


def test_the_unit_before_ends_where_the_other_begins(shop: World) -> None:
    for draft in drafts(shop, "unit before", 120):
        bounds = re.findall(r"_date >= DATE '(\S+)' AND \w+\.\w+_date < DATE '(\S+)'", sql_of(draft))
        pairs = [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in bounds]
        spans = sorted({pair for pair in pairs if pair[1] - pair[0] < dt.timedelta(days=370)})
        linked = [(a, b) for a in spans for b in spans if a[1] == b[0]]
        assert linked, draft
        if "FILTER" in sql_of(draft):
            assert pairs.index(linked[-1][1]) < pairs.index(linked[-1][0]), draft  # the later one minus, or by, the earlier one


def test_a_percentage_of_a_years_plan_divides_by_the_plans_of_the_year(shop: World) -> None:
    wanted: dict[tuple[int, str], float] = {}
    for year in range(2019, 2024):
        for name, sold, planned in run(
            "SELECT shop_name, (SELECT SUM(i.amount) FROM order_items i JOIN orders o USING (order_id) "
            f"WHERE o.shop_id = s.shop_id AND YEAR(o.order_date) = {year}), (SELECT SUM(target_amount) FROM sales_targets t "
            f"WHERE t.shop_id = s.shop_id AND YEAR(quarter_start) = {year}) FROM shops s"
        ):
            if isinstance(sold, float) and isinstance(planned, float):
                wanted[year, str(name)] = sold / planned
    seen = 0
    for draft in drafts(shop, "of plan", 150):
        sql = sql_of(draft)
        percent = "100.0 * (SELECT" in sql
        assert percent or not re.search(r"percent|pct|per cent|%", draft.question.lower()), draft
        assert not percent or not re.search(r"fraction|share|portion|rate", draft.question.lower()), draft
        span = re.search(r"quarter_start >= DATE '(\d{4})-01-01' AND sales_targets.quarter_start < DATE '(\d{4})-01-01'", sql)
        if span and int(span.group(1)) < 2024 and sql.startswith("SELECT shops.shop_name"):
            for name, figure in run(sql):
                expected = wanted[int(span.group(1)), str(name)] * (100 if percent else 1)
                assert isinstance(figure, float) and figure == pytest.approx(expected), draft
                seen += 1
        worst = re.search(r"worst first|lowest first|worst to best|low to high|ascending", draft.question.lower())
        best = re.search(r"best first|highest first|best to worst|high to low|descending", draft.question.lower())
        assert not worst or re.search(r"ASC$", sql), draft
        assert not best or re.search(r"DESC$", sql), draft
    assert seen > 20
