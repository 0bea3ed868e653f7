"""Rows by their number, with and without, once and again, rates of enough cases: on the library shop."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import library_shop
import pytest
from intent_drafts import drafts

from nl2sql.data.synthesis.invented.schemas import as_of_date, invent_schema
from nl2sql.data.synthesis.world import World

NUMBERED = (
    "row by number", "parent by number", "children by number", "date by number", "count by number", "sum by number",
)  # fmt: skip
KINDS = (*NUMBERED, "with or without", "state or not", "repeaters", "repeat rate", "of repeaters", "floor rates")


@pytest.fixture(name="shop", scope="module")
def _shop() -> World:
    return library_shop.world()


def fetched(sql: str | None) -> list[tuple[Any, ...]]:
    return library_shop.shop().execute(sql or "").fetchall()


@pytest.mark.parametrize("intent", KINDS)
def test_the_kinds_are_said_in_symbols_that_mean_the_same(intent: str, shop: World) -> None:
    library_shop.assert_said_again(shop, intent)


@pytest.mark.parametrize(("intent", "seed"), [
    *((kind, 5) for kind in KINDS), ("row by number", 3), ("children by number", 4), ("state or not", 4), ("state or not", 9),
    ("repeaters", 3), ("floor rates", 12), ("with or without", 12),
])  # fmt: skip
def test_the_kinds_suit_invented_schemas(intent: str, seed: int) -> None:
    assert len(list(drafts(World(*invent_schema(seed), as_of_date(seed)), intent, 8))) == 8


@pytest.mark.parametrize("intent", NUMBERED)
def test_the_number_that_is_said_is_the_key_that_is_compared(intent: str, shop: World) -> None:
    for draft in drafts(shop, intent, 80):
        found = re.findall(r"_id = (\d+)", draft.sql or "")
        assert len(found) == 1 and re.search(rf"(?<!\d){found[0]}(?!\d)", draft.question), draft


def test_the_last_is_the_latest_and_the_first_the_earliest(shop: World) -> None:
    days: dict[int, list[Any]] = {}
    for reader, day in fetched("SELECT reader_id, order_date FROM orders"):
        days.setdefault(reader, []).append(day)
    seen = Counter[str]()
    for draft in drafts(shop, "date by number", 150):
        found = re.search(r"(MAX|MIN)\(orders\.order_date\) FROM orders WHERE orders\.reader_id = (\d+)$", draft.sql or "")
        if found:
            first = found[1] == "MIN"
            seen[found[1]] += 1
            wrong = r"\b(?:last|latest|most recent)\b" if first else r"\b(?:first|earliest)\b"
            assert not re.search(wrong, draft.question.lower()), draft
            known = days.get(int(found[2]), [])
            assert fetched(draft.sql) == [((min if first else max)(known) if known else None,)]
    assert seen["MAX"] > 5 and seen["MIN"] > 1


def test_what_an_order_came_to_is_the_sum_of_its_lines(shop: World) -> None:
    totals = Counter[int]()
    for order, cents in fetched("SELECT order_id, CAST(ROUND(amount * 100) AS BIGINT) FROM order_items"):
        totals[order] += cents
    asked = [d for d in drafts(shop, "sum by number", 80) if "came to" in d.question.lower() or "come to" in d.question.lower()]
    assert len(asked) > 4
    for draft in asked:
        order = int(re.findall(r"order_id = (\d+)", draft.sql or "")[0])
        assert round((fetched(draft.sql)[0][0] or 0) * 100) == totals[order]


def test_what_is_asked_about_lines_stands_beside_what_they_are_about(shop: World) -> None:
    asked = [d for d in drafts(shop, "children by number", 150) if "FROM order_items JOIN books" in (d.sql or "")]
    assert len(asked) > 20 and all((d.sql or "").startswith("SELECT books.title, order_items.") for d in asked)


def test_both_halves_make_up_the_whole_and_stand_in_the_order_of_the_question(shop: World) -> None:
    counted = 0
    for draft in drafts(shop, "with or without", 150):
        sql = draft.sql or ""
        tests = re.findall(r"IS NOT NULL|IS NULL| NOT IN | IN ", sql.partition(" WHERE orders.order_date")[0])
        negative = [test.strip() in ("IS NULL", "NOT IN") for test in tests]
        assert set(negative) == {True, False}, draft
        shown = sql.partition(" FROM ")[0]
        if re.search(r"\b(?:with|shipped) (?:and|vs|versus|or) (?:without|not yet)\b", draft.question.lower()):
            assert not negative[0], draft
        if shown.startswith("SELECT COUNT(*)") and " WHERE orders." not in sql.rpartition(" FROM ")[2]:
            counted += 1
            table = re.findall(r" FROM (\w+)", sql)[-1]
            assert sum(fetched(sql)[0]) == fetched(f"SELECT COUNT(*) FROM {table}")[0][0], draft
    assert counted > 3


def test_one_time_means_one_event_and_repeat_at_least_two(shop: World) -> None:
    seen = Counter[str]()
    for intent in ("repeaters", "of repeaters"):
        for draft in drafts(shop, intent, 150):
            question, sql = draft.question.lower(), draft.sql or ""
            if re.search(r"\b(?:one-time|once-only|one-off|single-\w+)\b", question):
                seen["once"] += 1
                assert "HAVING COUNT(*) = 1" in sql, draft
            elif re.search(r"\b(?:repeat|returning|recurring)\b", question):
                seen["again"] += 1
                assert "HAVING COUNT(*) >= 2" in sql, draft
    assert min(seen["once"], seen["again"]) > 15


def test_readers_who_ordered_so_often_are_counted(shop: World) -> None:
    orders = Counter(reader for (reader,) in fetched("SELECT reader_id FROM orders"))
    compared, checked = {"=": int.__eq__, "<=": int.__le__, ">=": int.__ge__}, 0
    for draft in drafts(shop, "repeaters", 150):
        found = re.fullmatch(r"WITH .* FROM orders JOIN readers ON (?!.* WHERE ).* HAVING COUNT\(\*\) (\S+) (\d+)\) SELECT .*",
                             draft.sql or "")  # fmt: skip
        if found:
            checked += 1
            wanted = sum(compared[found[1]](times, int(found[2])) for times in orders.values())
            assert fetched(draft.sql) == [(wanted,)], draft
    assert checked > 10


def test_a_repeat_rate_is_of_those_with_any_event_and_in_percent_only_if_said(shop: World) -> None:
    orders = Counter(reader for (reader,) in fetched("SELECT reader_id FROM orders WHERE order_date < DATE '2020-01-01'"))
    share = sum(times >= 2 for times in orders.values()) / len(orders)
    sql = next(d.sql or "" for d in drafts(shop, "repeat rate", 80) if re.fullmatch(
        r"WITH part AS \(SELECT orders.reader_id AS label, COUNT\(\*\) AS total FROM orders GROUP BY orders.reader_id\) "
        r"SELECT COUNT.*", d.sql or ""))  # fmt: skip
    early = sql.replace("FROM orders GROUP", "FROM orders WHERE orders.order_date < DATE '2020-01-01' GROUP")
    assert 0 < share < 1 and abs(fetched(early)[0][0] - share) < 1e-9
    for draft in drafts(shop, "repeat rate", 120):
        percent = bool(re.search(r"percent|per cent|pct|%", draft.question.lower()))
        assert percent == ("SELECT 100.0 * " in (draft.sql or "")), draft
    means = [draft.sql or "" for draft in drafts(shop, "repeat rate", 120) if "AVG(total)" in (draft.sql or "")]
    assert means and all("HAVING COUNT(*) >= 2)" in sql for sql in means)  # of those alone who come back


def test_a_rate_has_its_floor_and_its_limit(shop: World) -> None:
    kinds = Counter[str]()
    for draft in drafts(shop, "floor rates", 150):
        question, tests = draft.question.lower(), (draft.sql or "").partition(" HAVING ")[2]
        assert re.match(r"COUNT\((?:\*|DISTINCT [\w.]+)\) >=? \d+", tests), draft
        if " AND " in tests:
            kinds["limit"] += 1
            assert "ORDER BY" not in tests
            low = bool(re.search(r"\b(?:below|lower than|less than|under|not even)\b|<", question.replace("no fewer than", "")))
            high = bool(re.search(r"\b(?:above|higher than|greater than)\b", question))
            assert low == high or low == (" < " in tests), draft  # a slip of the pen hides either word
        elif re.search(r"\b(?:lowest|smallest|minimum|least)\b(?! of)", question.replace("at least", "")):
            kinds["low"] += 1
            assert " ASC" in tests, draft
        else:
            kinds["high"] += 1
            assert " DESC" in tests, draft
    assert min(kinds.values()) > 10


def test_the_percent_of_a_rate_is_a_part_of_one_in_sql(shop: World) -> None:
    seen = 0
    for draft in drafts(shop, "floor rates", 150):
        said = re.search(r"(\d+) ?(?:%|percent|per cent|pct)", draft.question.lower())
        if said and " AND " in (draft.sql or "") and "100.0 * " not in (draft.sql or ""):
            seen += 1
            assert re.search(rf" [<>] {int(said[1]) / 100:g}\b", draft.sql or ""), draft
    assert seen > 10


def test_states_are_grouped_by_their_flag() -> None:
    for draft in drafts(World(*invent_schema(4), as_of_date(4)), "state or not", 40):
        flag = re.match(r"SELECT (\w+\.\w+), ", draft.sql or "")
        assert flag and (draft.sql or "").endswith(f" GROUP BY {flag[1]}"), draft
