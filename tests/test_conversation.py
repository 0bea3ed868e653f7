"""Conversations: what a question takes from those before it, with the model scripted and everything else real."""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nl2sql import Assistant, BadInput, Database, NoAnswer
from nl2sql.context.build import build_context
from nl2sql.context.follow_ups import is_fragment, refers_back, stands_alone
from nl2sql.context.linking import ValueIndex
from nl2sql.conversation import REMEMBERED, SEPARATOR, follow_up, joined
from nl2sql.eval import cases, predict, run
from nl2sql.eval.databases import Databases
from nl2sql.eval.resume import Resumed
from nl2sql.records import Candidate, Context, Pointer
from nl2sql.sql.ir import to_sql

BY_CITY = "SELECT city, COUNT(*) FROM orders GROUP BY city"
LYON = "SELECT COUNT(*) FROM orders WHERE city = 'Lyon' AND ordered_on >= DATE '2024-02-01' AND ordered_on < DATE '2024-03-01'"


class Follower:
    """A generator that knows the SQL of each last question, and keeps the contexts that it was given."""

    def __init__(self, known: Mapping[str, str | None]) -> None:
        self.known = known
        self.seen: list[Context] = []

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        self.seen += contexts
        return [[Candidate(self.known.get(context.question.rpartition(SEPARATOR)[2]), -0.1)] for context in contexts]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders (order_id INTEGER PRIMARY KEY, city VARCHAR, ordered_on DATE)")
        connection.execute(
            "INSERT INTO orders SELECT i, ['Lyon', 'Turin'][1 + i % 2], DATE '2024-01-01' + i::INTEGER FROM range(100) r(i)"
        )
    with Database(path) as database:
        yield database


@pytest.fixture(scope="module")
def link(shop: Database) -> Any:
    index = ValueIndex(shop.schema, shop.values)
    return lambda text, columns: build_context(text, shop.schema, index, dt.date(2024, 4, 9), columns=columns)


# what is joined


def test_a_first_question_is_read_as_it_is(link: Any) -> None:
    assert follow_up((), "Orders by city", link) == link("Orders by city", None)


def test_a_follow_up_is_read_after_the_questions_before_it() -> None:
    assert joined(["orders by city", "only Lyon"], "and Turin?") == "orders by city | only Lyon | and Turin?"


def test_the_oldest_questions_go_where_they_are_too_many() -> None:
    long = "one " * (REMEMBERED - 10)
    assert joined([long, "only Lyon please", "in March and in April this year, in all"], "and Turin?").count(SEPARATOR) == 2


def test_the_separator_is_a_word_of_its_own(link: Any) -> None:
    assert [word.text for word in follow_up([("orders", BY_CITY)], "only Lyon", link).words] == ["orders", "|", "only", "Lyon"]


def test_the_previous_query_is_expressed_over_the_joined_text(link: Any) -> None:
    context = follow_up([("orders from Lyon in February 2024", LYON)], "and Turin?", link)
    assert to_sql(context.previous, context).count("'Lyon'") == 1
    assert {symbol.kind for symbol in context.previous if isinstance(symbol, Pointer)} >= {"value", "period"}
    assert [value.value for value in context.values] == ["Lyon", "Turin"]


def test_a_previous_query_that_can_not_be_expressed_is_left_out(link: Any) -> None:
    assert follow_up([("orders", "SELECT regexp_extract(city, 'x') FROM orders")], "and Turin?", link).previous == ()


def test_columns_of_the_previous_query_are_shown_whatever_the_retriever_chooses(link: Any) -> None:
    def narrow(text: str, columns: Any) -> Context:
        return link(text, [0] if columns is None else columns)

    assert follow_up([("orders by city", BY_CITY)], "how many?", narrow).columns == (0, 1)


# from Python


def test_a_follow_up_knows_the_question_and_the_query_before_it(shop: Database) -> None:
    model = Follower({"orders by city": BY_CITY, "only Lyon": "SELECT COUNT(*) FROM orders WHERE city = 'Lyon'"})
    talk = Assistant(shop, generator=model).conversation()
    talk.ask("orders by city")
    answer = talk.ask("only Lyon")
    assert answer.question == "only Lyon" and answer.result.rows == ((50,),)
    assert model.seen[-1].question == "orders by city | only Lyon" and "group by" in model.seen[-1].previous
    assert [turn.question for turn in talk.turns] == ["orders by city", "only Lyon"]


def test_a_new_topic_starts_over(shop: Database) -> None:
    model = Follower({"orders by city": BY_CITY, "how many orders?": "SELECT COUNT(*) FROM orders"})
    talk = Assistant(shop, generator=model).conversation()
    talk.ask("orders by city")
    talk.new_topic()
    talk.ask("how many orders?")
    assert model.seen[-1].question == "how many orders?" and model.seen[-1].previous == ()


def test_a_question_without_an_answer_leaves_no_trace(shop: Database) -> None:
    model = Follower({"orders by city": BY_CITY, "delete them": None, "only Lyon": "SELECT 1"})
    talk = Assistant(shop, generator=model).conversation()
    talk.ask("orders by city")
    with pytest.raises(NoAnswer):
        talk.ask("delete them")
    talk.ask("only Lyon")
    assert model.seen[-1].question == "orders by city | only Lyon"


def test_a_corrected_answer_takes_the_place_of_the_model_s(shop: Database) -> None:
    model = Follower({"orders by city": BY_CITY, "only Lyon": "SELECT 1"})
    assistant = Assistant(shop, generator=model)
    talk = assistant.conversation()
    talk.ask("orders by city")
    talk.adopt(assistant.answer_sql("orders by city", "SELECT city FROM orders"))
    talk.ask("only Lyon")
    assert len(talk.turns) == 2 and "group by" not in model.seen[-1].previous


def test_conversations_of_one_assistant_know_nothing_of_each_other(shop: Database) -> None:
    model = Follower({"orders by city": BY_CITY, "how many orders?": "SELECT COUNT(*) FROM orders"})
    assistant = Assistant(shop, generator=model)
    assistant.conversation().ask("orders by city")
    assistant.conversation().ask("how many orders?")
    assert model.seen[-1].question == "how many orders?"


# measured


def suite(tmp_path: Path, *entries: dict[str, Any]) -> cases.Suite:
    path = tmp_path / "talk.jsonl"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return cases.load(str(path))


TALK = (
    {"question": "orders by city", "sql": BY_CITY, "conversation": "1", "turn": 1},
    {"question": "how many?", "sql": "SELECT COUNT(*) FROM orders", "conversation": "1", "turn": 2},
    {"question": "how many orders?", "sql": "SELECT COUNT(*) FROM orders", "conversation": "2", "turn": 1},
)
ANSWERS = {"orders by city": "SELECT city FROM orders", "how many?": "SELECT COUNT(*) FROM orders",
           "how many orders?": "SELECT COUNT(*) FROM orders"}  # fmt: skip


def test_the_turns_of_a_suite_follow_on_the_model_s_own_answers(tmp_path: Path, shop: Database) -> None:
    talk, model = suite(tmp_path, *TALK), Follower(ANSWERS)
    graded = run.evaluate(talk, predict.FromAssistant(model), Databases(talk, [shop.path]))
    assert [entry.right for entry in graded] == [False, True, True]
    asked = [context.question for context in model.seen[-3:]]
    assert asked == ["orders by city", "orders by city | how many?", "how many orders?"]
    assert "group by" not in model.seen[-2].previous  # the model's own query, not the gold


def test_turns_are_counted_by_their_number(tmp_path: Path) -> None:
    assert [case.tags for case in suite(tmp_path, *TALK).cases] == [
        ("turn 1",), ("turn 2", "turns after the first"), ("turn 1",)]  # fmt: skip


def test_a_turn_out_of_order_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line 2: this must be turn 1 of conversation 2"):
        suite(tmp_path, TALK[0], {**TALK[1], "conversation": "2"})


def test_a_part_of_a_suite_has_whole_conversations(tmp_path: Path) -> None:
    six = [{**entry, "conversation": f"{entry['conversation']} {copy}"} for copy in range(2) for entry in TALK]
    assert [case.conversation for case in cases.some(suite(tmp_path, *six).cases, 3)] == ["1 0", "1 0", "1 1"]


def test_a_killed_run_asks_a_broken_conversation_again_from_its_start(tmp_path: Path, shop: Database) -> None:
    talk = suite(tmp_path, *TALK)
    notes = tmp_path / "notes"
    first = Resumed(predict.FromAssistant(Follower(ANSWERS)), notes, "key").predict(talk.cases, shop, None)
    next(first)  # killed in the middle of the first conversation
    first.close()  # type: ignore[attr-defined]
    model = Follower(ANSWERS)
    list(Resumed(predict.FromAssistant(model), notes, "key").predict(talk.cases, shop, None))
    assert "orders by city | how many?" in [context.question for context in model.seen]


def test_sparc_is_read_with_its_conversations(tmp_path: Path) -> None:
    (tmp_path / "sparc").mkdir()
    (tmp_path / "spider").mkdir()
    (tmp_path / "spider" / "tables.json").write_text("[]")
    turns = [{"utterance": "List the cities .", "query": "SELECT 1"}, {"utterance": "How many ?", "query": "SELECT 2"}]
    (tmp_path / "sparc" / "dev.json").write_text(json.dumps([{"database_id": "towns", "interaction": turns}] * 2))
    found = cases.load("sparc", tmp_path).cases
    assert [(case.question, case.conversation) for case in found][:3] == [
        ("List the cities.", "1"), ("How many?", "1"), ("List the cities.", "2")]  # fmt: skip


# what stands for itself


SUITES = Path(__file__).parent.parent / "eval" / "suites"


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SUITES / name).read_text("utf-8").splitlines()]


def test_follow_ups_are_not_taken_for_questions_of_their_own() -> None:
    later = [row["question"] for row in rows_of("sales_followups.jsonl") if row["turn"] > 1]
    assert [question for question in later if stands_alone(question)] == ["How many employees do we have?"]  # a new topic
    assert sum(map(refers_back, later)) >= 0.8 * len(later)


def test_most_questions_of_the_suites_stand_for_themselves() -> None:
    questions = [row["question"] for name in ("sales.jsonl", "sales_fashion.jsonl") for row in rows_of(name)]
    assert sum(map(stands_alone, questions)) >= 0.85 * len(questions)
    assert sum(map(refers_back, questions)) <= 0.05 * len(questions)


@pytest.mark.parametrize("question", ["share of sales by channel", "orders per weekday", "Top 5 products by revenue"])
def test_a_short_question_that_says_of_what_and_by_what_stands_for_itself(question: str) -> None:
    assert stands_alone(question)


@pytest.mark.parametrize("question", ["top 3 by revenue", "Group people by age", "How many per grade?", "paid by card"])
def test_a_short_question_that_leaves_out_what_is_computed_does_not(question: str) -> None:
    assert not stands_alone(question)


@pytest.mark.parametrize("question", ["and by region?", "only 2024", "And how many of them are there in each of the stores?"])
def test_a_fragment_is_told_from_a_question(question: str) -> None:
    assert is_fragment(question)


def test_no_question_of_the_suites_is_taken_for_a_fragment() -> None:
    questions = [row["question"] for name in ("sales.jsonl", "sales_fashion.jsonl", "sales_late.jsonl", "sales_fresh.jsonl")
                 for row in rows_of(name)]  # fmt: skip
    assert [question for question in questions if is_fragment(question)] == []


def test_a_question_that_stands_for_itself_is_answered_as_if_nothing_had_been_asked(shop: Database) -> None:
    whole = "how many orders were there in Lyon"
    generator = Follower({"orders per city": BY_CITY, whole: LYON})
    talk = Assistant(shop, generator=generator).conversation()
    talk.ask("orders per city")
    talk.ask(whole)
    assert generator.seen[-1].question == whole and not generator.seen[-1].previous
    assert [turn.question for turn in talk.turns] == [whole]
