"""The real page with the real model in a real browser."""
from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import Tab, browser

from nl2sql import Answer, Assistant, Database, Nl2SqlError, Result
from nl2sql.ui.cards import sentence
from nl2sql.ui.cells import columns
from nl2sql.ui.headline import headline
from nl2sql.ui.serve import opened

FASHION = "Which quarter in the past 5 years had the most amount of sales for fashion products"
SUITE = Path(__file__).parent.parent / "eval" / "suites" / "sales.jsonl"
DRAWN = int(os.environ.get("NL2SQL_DRAWN", "10"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def assistant(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    before = os.environ.get("NL2SQL_DATA")
    os.environ["NL2SQL_DATA"] = str(tmp_path_factory.mktemp("data"))
    with Assistant() as found:
        found.warm()
        yield found
    os.environ.pop("NL2SQL_DATA") if before is None else os.environ.update(NL2SQL_DATA=before)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with opened(assistant, port=0, requests_per_minute=6000) as place:
        yield place


@pytest.fixture
def tab(chromium: Any, address: str) -> Iterator[Tab]:
    """Whatever a test does: nothing was asked of another host, and the browser had nothing to complain of."""
    found = Tab(chromium, address)
    yield found
    hosts, complaints = found.hosts, found.complaints
    found.context.close()
    assert hosts <= {urlsplit(address).netloc, ""} and not complaints


def written(result: Result) -> list[list[str]]:
    return [[column.write(row[column.index]) for column in columns(result)] for row in result.rows[:200]]


def same(tab: Tab, card: Any, answer: Answer) -> bool:
    """Whether a card shows an answer's rows, in their order where the query has one; the headline tells a single one alone."""
    expected, shown = written(answer.result), tab.rows(card)
    if not answer.query.ordered:
        expected, shown = sorted(expected), sorted(shown)
    lead = card.locator(".lead strong").text_content() == headline(answer.result).value
    return shown == expected if len(expected) > 1 else lead


def test_the_page_answers_as_the_assistant_does(tab: Tab, assistant: Assistant) -> None:
    seed = random.randrange(10**6)
    lines = SUITE.read_text("utf-8").splitlines()
    drawn = [json.loads(line)["question"] for line in random.Random(seed).sample(lines, DRAWN)]
    for question in [FASHION, *drawn]:
        tab.page.click("[data-act=topic]")
        card = tab.ask(question)
        try:
            expected = assistant.ask(question)
        except Nl2SqlError as error:
            assert sentence(error) in card.text_content(), (seed, question)
        else:
            assert same(tab, card, expected), (seed, question)
            assert expected.explanation in card.text_content(), (seed, question)


def test_what_was_found_right_answers_again_in_other_words(tab: Tab, assistant: Assistant) -> None:
    question, again = "How many customers are there?", "What is the number of customers?"
    tab.ask(question).locator("[data-act=good]").click()
    assert "Remembered" in tab.say()
    assert assistant.memory.verified()[0].question == question
    found = assistant.ask(again)
    card = tab.ask(again)
    assert same(tab, card, found)
    assert ("Verified: " + question in card.text_content()) is bool(found.verified)
    assert "Verified: " + question in tab.ask(question.upper()).text_content()


def test_what_is_typed_is_completed(tab: Tab) -> None:
    tab.page.click("#nl2sql .composer textarea")
    tab.page.keyboard.type("customers how many")
    tab.page.wait_for_selector("#nl2sql .suggestions li")
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("Enter")
    chosen = tab.page.input_value("#nl2sql .composer textarea").lower()
    assert "customers" in chosen and "how many" in chosen


def test_a_long_query_is_stopped(tab: Tab) -> None:
    card = tab.ask("How many stores are there?")
    card.locator("details.sql summary").click()
    card.locator("[data-act=edit]").click()
    lines = "SELECT COUNT(*) FROM order_items AS a, order_items AS b, order_items AS c WHERE a.amount + b.amount > c.amount"
    card.locator(".editor textarea").fill(lines)
    card.locator("[data-act=run]").click()
    tab.page.click("#nl2sql .composer .stop")
    assert "stopped" in tab.say()
    tab.page.wait_for_selector("#nl2sql .composer .send")


def test_a_follow_up_is_read_with_the_question_before_it(tab: Tab, assistant: Assistant) -> None:
    conversation = assistant.conversation()
    for question in ("sales by region in 2024", "only Europe"):
        card = tab.ask(question)
        try:
            assert same(tab, card, conversation.ask(question))
        except Nl2SqlError as error:
            assert sentence(error) in card.text_content()


def test_sql_is_edited_and_run_again_through_the_rules(tab: Tab, assistant: Assistant) -> None:
    card = tab.ask(FASHION)
    card.locator("details.sql summary").click()
    card.locator("[data-act=edit]").click()
    card.locator(".editor textarea").fill("SELECT category_name FROM categories ORDER BY category_name")
    card.locator("[data-act=run]").click()
    assert tab.rows(tab.answered()) == written(assistant.run_sql("SELECT category_name FROM categories ORDER BY category_name"))
    card.locator("details.sql summary").click()
    card.locator("[data-act=edit]").click()
    card.locator(".editor textarea").fill("DELETE FROM categories")
    card.locator("[data-act=run]").click()
    assert "Traceback" not in tab.say()


def test_an_assumption_is_turned_round_by_its_button(tab: Tab) -> None:
    card = tab.ask("How many orders are there?")
    before = card.locator(".lead strong").text_content()
    card.get_by_text("Leave out cancelled orders").click()
    tab.page.wait_for_selector("text=Your choice")
    assert tab.answered().locator(".lead strong").text_content() != before
    card.locator("[data-act=back]").click()
    tab.page.wait_for_selector("text=Your choice", state="detached")
    assert card.locator(".lead strong").text_content() == before


def test_a_dropped_file_is_asked_and_its_cells_stay_text(tab: Tab, tmp_path: Path) -> None:
    evil = "<img src=x onerror=window.hacked=1>"
    houses = tmp_path / "houses.csv"
    houses.write_text(f'city,price,"note {evil}"\nLyon,100,{evil}\nTurin,250,"{{{{hacked}}}} ${{hacked}}"\n', "utf-8")
    tab.page.set_input_files("#nl2sql .drop input", str(houses))
    tab.page.wait_for_selector("#nl2sql .about strong:text('houses.csv')", state="attached")
    with Database(houses) as database:
        question = "How many houses are there?"
        try:
            expected = Assistant(database).ask(question)
        except Nl2SqlError as error:
            assert sentence(error) in tab.ask(question).text_content()
        else:
            assert same(tab, tab.ask(question), expected)
    tab.page.evaluate("() => document.querySelectorAll('details').forEach(entry => { entry.open = true; })")
    card = tab.ask(evil)
    assert evil in card.text_content()
    assert tab.page.evaluate("() => window.hacked") is None
    tab.page.click("[data-act=sample]")
    tab.page.wait_for_selector("#nl2sql .about strong:text('sales')", state="attached")


def test_history_survives_a_reload_and_runs_again(tab: Tab) -> None:
    question = "How many customers are there?"
    before = tab.ask(question).locator(".lead strong").text_content()
    tab.open()
    tab.page.click("[data-tab=past]")
    tab.page.locator(".past-entry").first.click()
    card = tab.answered()
    assert card.locator(".question").text_content() == question
    assert card.locator(".lead strong").text_content() == before


def test_rows_are_sorted_by_their_head_and_downloaded(tab: Tab) -> None:
    card = tab.ask("List the categories")
    card.locator("details.sql summary").click()
    card.locator("[data-act=edit]").click()
    card.locator(".editor textarea").fill("SELECT order_id, order_date FROM orders ORDER BY order_id LIMIT 300")
    card.locator("[data-act=run]").click()
    tab.answered().locator("th button").first.click()
    assert tab.rows(tab.answered())[0][0] == "300", "all rows are sorted, not only those that are shown"
    with tab.page.expect_download() as download:
        card.locator("[data-act=csv]").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == "order_id,order_date" and len(lines) == 301


def test_a_click_on_a_column_puts_its_name_into_the_question(tab: Tab) -> None:
    tab.page.locator(".entry summary", has_text="customers").click()
    tab.page.locator(".entry[open] .column button", has_text="loyalty_tier").click()
    assert tab.page.input_value("#nl2sql .composer textarea") == "loyalty tier"
    tab.page.click("[data-act=picture] >> nth=0")
    assert tab.page.locator("dialog[open] svg.diagram g.box").count() == 12


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_fits_a_phone(chromium: Any, address: str, dark: bool) -> None:
    tab = Tab(chromium, address, width=390, height=844, dark=dark)
    for question in (FASHION, "sales by month in 2024"):
        tab.ask(question)
        assert tab.overflow() <= 0
    assert tab.page.locator("#nl2sql .composer textarea").is_visible() and not tab.page.locator("#nl2sql .schema").is_visible()
    tab.page.click("#nl2sql .top [data-act=side]")
    assert tab.page.locator("#nl2sql .schema").is_visible()
    assert tab.page.evaluate("() => document.body.classList.contains('dark')") is dark
    tab.context.close()
