"""Overviews of several figures, figures per head, days until the first event, percents apart, and what occurs most."""

from __future__ import annotations

import datetime as dt
import re
from statistics import mean
from typing import Any

import library_shop
import pytest
from intent_drafts import drafts

from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World

KINDS = (
    "overview", "per head", "until first", "soon first", "percent apart", "percent from average", "above own average",
    "commonest",
)  # fmt: skip


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


def run(sql: str) -> list[tuple[Any, ...]]:
    return library_shop.shop().execute(sql).fetchall()


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_are_said_in_symbols_that_mean_the_same(intent: str, shop: World) -> None:
    library_shop.assert_said_again(shop, intent)


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_suit_an_invented_schema(intent: str) -> None:
    made = list(drafts(World(*invent_schema(1), as_of_date(1)), intent, 8))
    assert len(made) == 8 and len({draft.question for draft in made}) > 5


def test_an_overview_has_a_column_for_every_figure_in_the_order_said(shop: World) -> None:
    seen = 0
    for draft in drafts(shop, "overview", 120):
        question, sql = draft.question.lower(), draft.sql or ""
        shown = sql.split(" FROM ")[0]
        orders, value = re.search(r"\borders\b", question), re.search(r"average order value|\baov\b", question)
        if orders and value and "COUNT(DISTINCT orders.order_id), " in f"{shown}, " and question.count("orders") == 1:
            count = re.search(r"(?<!/ )COUNT\(DISTINCT orders.order_id\)", shown)
            ratio = re.search(r"SUM\(order_items.amount\) / COUNT", shown)
            assert count and ratio and (orders.start() < value.start()) == (count.start() < ratio.start()), draft
            seen += 1
        assert 2 <= len(re.findall(r"\b(?:COUNT|SUM|AVG|MIN|MAX|MEDIAN)\(", shown)), draft
    assert seen > 3


def test_an_overview_by_time_is_in_order_of_time(shop: World) -> None:
    made = [d for d in drafts(shop, "overview", 150) if re.search(r"\b(?:yearly|annual|monthly|quarterly|weekly)\b",
                                                                 d.question.lower())]  # fmt: skip
    assert len(made) > 10 and all(" ORDER BY " in (d.sql or "") and "LIMIT" not in (d.sql or "") for d in made)
    for draft in made[:10]:
        times = [row[0] for row in run(draft.sql or "")]
        assert times == sorted(times), draft


def test_a_figure_per_head_is_divided_by_those_that_occur(shop: World) -> None:
    spent: dict[str, list[float]] = {}
    tiers = dict(run("SELECT reader_id, tier FROM readers"))
    totals = dict(run("SELECT reader_id, SUM(amount) FROM orders JOIN order_items USING (order_id) GROUP BY reader_id"))
    for reader, total in totals.items():
        spent.setdefault(tiers[reader], []).append(total)
    wanted = {tier: round(mean(each), 6) for tier, each in spent.items()}
    seen = 0
    for draft in drafts(shop, "per head", 200):
        sql = draft.sql or ""
        plain = "SELECT readers.tier, SUM(order_items.amount) / COUNT(DISTINCT readers.reader_id)" in sql
        if plain and "WHERE" not in sql and "LIMIT" not in sql:
            assert {tier: round(figure, 6) for tier, figure in run(sql)} == wanted, draft
            seen += 1
    assert seen > 3


@pytest.mark.parametrize(("intent", "words", "order"), [
    ("per head", r"\b(?:highest|largest) first|\btop \w+ \w+ by\b|spends? the most|generates the most", "DESC"),
    ("per head", r"\b(?:lowest|smallest) first|\bbottom\b|spends? the least|the fewest|\bwith the (?:lowest|smallest)", "ASC"),
    ("commonest", r"\bmost (?:common|frequent)|\bcommonest", "DESC"), ("commonest", r"\bleast|\brarest", "ASC"),
    ("soon first", r"\blongest", "DESC"), ("soon first", r"\bshortest", "ASC"),
])  # fmt: skip
def test_the_end_that_is_named_comes_first(intent: str, words: str, order: str, shop: World) -> None:
    asked = [d for d in drafts(shop, intent, 200) if re.search(words, d.question.lower())]
    assert len(asked) > 3 and all(re.search(rf" {order}(?: LIMIT \d+)?$", d.sql or "") for d in asked)


def test_a_plural_without_a_number_means_all_of_them(shop: World) -> None:
    seen = {True: 0, False: 0}
    for draft in drafts(shop, "commonest", 150):
        found = re.match(r"(?:most|least) (?:common|frequent) (?:order )?(statuses|status)\b(?!.*\b(?:top|bottom)\b)",
                         draft.question.lower())  # fmt: skip
        if found:
            many = found.group(1) == "statuses"
            assert ("LIMIT" in (draft.sql or "")) != many, draft
            assert many or (draft.sql or "").endswith("LIMIT 1"), draft
            seen[many] += 1
    assert min(seen.values()) > 0


def firsts() -> dict[int, tuple[dt.date, dt.date]]:
    """When each shop opened and when its first order came, by plain Python."""
    opened, found = dict(run("SELECT shop_id, opened_on FROM shops")), dict[int, tuple[dt.date, dt.date]]()
    for shop, day in run("SELECT shop_id, order_date FROM orders"):
        found[shop] = (opened[shop], min(day, found[shop][1]) if shop in found else day)
    return found


def test_the_days_until_the_first_event_are_averaged_over_the_parents(shop: World) -> None:
    days, seen = mean((first - opened).days for opened, first in firsts().values()), 0
    for draft in drafts(shop, "until first", 150):
        sql = draft.sql or ""
        if "shops.opened_on" in sql and sql.endswith("SELECT AVG(span) FROM spans") and "WHERE" not in sql:
            assert run(sql)[0][0] == pytest.approx(days), draft
            seen += 1
        born = re.search(r"\b(?:age|old)\b", draft.question.lower())
        assert bool(born) == ("DATE_SUB('year', readers.birth_date, MIN(orders.order_date))" in sql), draft
    assert seen > 5


def test_soon_means_within_so_many_days_or_the_same_year(shop: World) -> None:
    seen = dict.fromkeys(("within", "later", "year"), 0)
    for draft in drafts(shop, "soon first", 150):
        sql = draft.sql or ""
        counted = sql.startswith("WITH") and "WHERE" not in sql
        within = re.search(r"DATE_DIFF\('day', shops.opened_on, MIN\(orders.order_date\)\) (<=|>) (\d+)", sql)
        if counted and within:
            sign, limit = within.group(1), int(within.group(2))
            gaps = [(first - opened).days for opened, first in firsts().values()]
            assert run(sql)[0][0] == sum(gap <= limit if sign == "<=" else gap > limit for gap in gaps), draft
            late = bool(re.search(r"(?<!no )(?:more than|later than|over|above|greater than|exceeding|upwards of|excess of|>) ",
                                  draft.question.lower()))  # fmt: skip
            assert late == (sign == ">") or "no later" in draft.question.lower() or "not more" in draft.question.lower(), draft
            seen["later" if sign == ">" else "within"] += 1
        elif counted and "YEAR(" in sql:
            assert run(sql)[0][0] == sum(opened.year == first.year for opened, first in firsts().values()), draft
            seen["year"] += 1
    assert min(seen.values()) > 2


def test_so_many_percent_above_or_below_another_column(shop: World) -> None:
    seen = {"+": 0, "-": 0}
    books = run("SELECT title, price, unit_cost FROM books")
    for draft in drafts(shop, "percent apart", 150):
        sql = draft.sql or ""
        found = re.search(r"books\.(price|unit_cost) ([<>]=?) \(1 ([+-]) (\d+) / 100\) \* books\.(price|unit_cost)", sql)
        if not found or "order_items" in sql or " AND " in sql or "JOIN" in sql:
            continue
        a, sign, plus, percent, b = found.groups()
        assert a != b and (plus == "+") == (a == "price"), draft
        side = re.search(r"(?:%|percent|cent|pct) (?:(above|over|higher|on)|(below|under|lower|less)) ", draft.question.lower())
        assert side is None or bool(side.group(1)) == (plus == "+"), draft
        wanted = []
        for title, price, cost in books:
            left, right = (price, cost) if a == "price" else (cost, price)
            limit = right * (100 + int(f"{plus}{percent}")) / 100
            if abs(left - limit) > 1e-6:  # a tie is decided by rounding
                wanted += [title] if (left > limit) == sign.startswith(">") else []
        shown = run(sql)
        assert (shown[0][0] if "COUNT(*)" in sql else len(shown)) - len(wanted) in (0, 1), draft
        seen[plus] += 1
    assert min(seen.values()) > 5


SIGNS = {"more than": ">", "at least": ">=", "no less than": ">=", "less than": "<", "at most": "<=", "no more than": "<="}


@pytest.mark.parametrize("intent", ["percent apart", "percent from average"])
def test_more_than_so_many_percent_below_is_less(intent: str, shop: World) -> None:
    seen = {True: 0, False: 0}
    for draft in drafts(shop, intent, 150):
        said = re.search(r"((?:no )?(?:more|less) than|at least|at most) \w+ ?(?:%|per ?cent) (above|higher|below|lower)\b",
                         draft.question.lower())  # fmt: skip
        sign = re.search(r" ([<>]=?) \(1 ([+-]) ", draft.sql or "")
        assert sign, draft
        if said:
            below = said.group(2) in ("below", "lower")
            wanted = SIGNS[said.group(1)]
            assert sign.groups() == ((wanted.replace(">", "<"), "-") if below else (wanted, "+")), draft
            seen[below] += 1
    assert min(seen.values()) > 3


def test_the_percent_of_the_question_stands_in_the_sql(shop: World) -> None:
    for intent in ("percent apart", "percent from average"):
        for draft in drafts(shop, intent, 60):
            said = re.search(r"(\d+)\+?\+? ?(?:%|per cent|percent|pct)", draft.question.lower())
            assert said is None or f" {said.group(1)} / 100)" in (draft.sql or ""), draft


def test_the_average_of_the_own_group_is_that_of_its_rows(shop: World) -> None:
    staff = run("SELECT full_name, job_title, salary FROM staff")
    pay = {title: mean(s for _, t, s in staff if t == title) for _, title, _ in staff}
    wanted = {True: {n for n, t, s in staff if s > pay[t]}, False: {n for n, t, s in staff if s < pay[t]}}
    seen = 0
    for draft in drafts(shop, "above own average", 150):
        sql = draft.sql or ""
        if "PARTITION BY staff.job_title" in sql:
            high = not re.search(r"\b(?:less|below|under|lower)\b", draft.question.lower())
            found = run(sql)
            assert (found[0][0] == len(wanted[high])) if "COUNT(*)" in sql else {row[0] for row in found} == wanted[high], draft
            seen += 1
    assert seen > 5
