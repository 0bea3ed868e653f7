"""When a verified question answers a new one. The model is a stand-in; ``nl2sql.eval.verified`` measures the shipped one."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import memory_shop
import pytest

from nl2sql import Answer, Assistant, Database
from nl2sql.memory import Verified
from nl2sql.memory.contrast import contradicts, differ, one_word_swapped
from nl2sql.model.generate import Scripted
from nl2sql.records import Context, Symbol
from nl2sql.sql.ir import from_sql

COUNT = "SELECT COUNT(*) FROM orders"
SUM = "SELECT SUM(amount) FROM orders"
TOP = "SELECT city_name FROM cities ORDER BY city_name LIMIT 5"
IN_2024 = "SELECT SUM(amount) FROM orders WHERE ordered_on >= DATE '2024-01-01' AND ordered_on < DATE '2025-01-01'"
LAST_MONTH = "SELECT SUM(amount) FROM orders WHERE ordered_on >= DATE '2025-01-01' AND ordered_on < DATE '2025-02-01'"
LYON = "SELECT COUNT(*) FROM orders JOIN cities ON orders.city_id = cities.city_id WHERE cities.city_name = 'Lyon'"


shop, own_folders = memory_shop.shop, memory_shop.own_folders  # fixtures


def asked(
    shop: Database, verified: Mapping[str, str], question: str, readings: Mapping[str, str], *, as_of: dt.date | None = None
) -> Answer:
    """The answer of an assistant that has these verified questions, and a model that reads questions so."""
    assistant = Assistant(shop, generator=memory_shop.Reader({**verified, **readings}))
    for known, sql in verified.items():
        assistant.memory.add(known, sql)
    return assistant.ask(question, as_of)


def test_the_same_words_are_answered_by_the_stored_sql(shop: Database) -> None:
    answer = asked(shop, {"How many orders?": SUM}, "how many  ORDERS", {"how many  ORDERS": COUNT})
    assert (answer.sql, answer.verified, answer.confidence) == (SUM, "How many orders?", 1.0)


def test_other_words_that_the_model_reads_alike_are_answered_by_the_stored_sql(shop: Database) -> None:
    answer = asked(shop, {"How many orders are there?": COUNT}, "How many orders exist?", {"How many orders exist?": COUNT})
    assert answer.verified == "How many orders are there?"


def test_an_answer_by_a_verified_question_says_so(shop: Database) -> None:
    answer = asked(shop, {"How many orders?": COUNT}, "How many orders?", {})
    assert any('"How many orders?"' in assumption for assumption in answer.assumptions)
    assert set(answer.timings) == {"context", "model", "queries", "total"}


def test_a_question_that_the_model_reads_otherwise_is_not_matched(shop: Database) -> None:
    answer = asked(shop, {"What is the number of orders?": COUNT}, "What is the value of orders?",
                   {"What is the value of orders?": SUM})  # fmt: skip
    assert (answer.verified, answer.sql) == ("", SUM)


@pytest.mark.parametrize("verified, question", [
    ({"Show the top 5 cities": TOP}, "Show the top 6 cities"),
    ({"Total amount in 2024": IN_2024}, "Total amount in 2023"),
    ({"Total amount in 2024": IN_2024}, "Total amount"),
    ({"Number of orders in Lyon": LYON}, "Number of orders in Turin"),
    ({"Show the top 5 cities": TOP}, "Show the bottom 5 cities"),
    ({"Total amount of orders": SUM}, "Average amount of orders"),
    ({"Which orders have a city?": COUNT}, "Which orders have no city?"),
    ({"Amount by month": SUM}, "Amount by quarter"),
    ({"Cities with more orders": TOP}, "Cities with fewer orders"),
    ({"The second largest order": SUM}, "The third largest order"),
    ({"The oldest order": SUM}, "The newest order"),
    ({"Number of orders": COUNT}, "Number of orders in Turin"),
    ({"Orders from the oldest to the newest": SUM}, "Orders from the newest to the oldest"),
    ({"Cities in ascending order": TOP}, "Cities in descending order"),
    ({"How many orders were made?": COUNT}, "How many orders did cities make?"),
    ({"How many orders did cities make?": COUNT}, "How many cities made orders?"),
    ({"Total amount of orders": SUM}, "Amount of a single order"),
    ({"Amount of orders in each city": SUM}, "Highest order in each city"),
    ({"Amount of Lyon orders": SUM}, "Amount excl. Lyon orders"),
    ({"Which city had most orders?": TOP}, "Which year had most orders?"),
    ({"Which cities never ordered?": TOP}, "number of cities that never ordered"),
])  # fmt: skip
def test_a_near_miss_is_not_matched_even_where_the_model_reads_it_alike(
    shop: Database, verified: dict[str, str], question: str
) -> None:
    (sql,) = verified.values()
    readings = {question: sql if "Lyon" not in sql and "2024" not in sql else COUNT}
    assert asked(shop, verified, question, readings).verified == ""


@pytest.mark.parametrize("form, means_it", [
    ("SELECT city_name FROM cities ORDER BY city_id DESC LIMIT 1", True),
    ("SELECT city_name, city_id FROM cities ORDER BY city_id DESC LIMIT 1", True),
    ("SELECT city_name, city_id FROM cities ORDER BY city_id LIMIT 1", False),
    ("SELECT city_id FROM cities ORDER BY city_id DESC LIMIT 1", False),
])  # fmt: skip
def test_what_the_largest_is_may_be_shown_beside_it(shop: Database, form: str, means_it: bool) -> None:
    largest = "SELECT city_name FROM cities ORDER BY city_id DESC LIMIT 1"
    answer = asked(shop, {"Which city has the largest id?": largest}, "Name of the city with highest id",
                   {"Name of the city with highest id": form})  # fmt: skip
    assert bool(answer.verified) == means_it


def test_another_table_may_be_named_where_the_model_is_sure_of_its_reading(shop: Database) -> None:
    reader = memory_shop.Reader(dict.fromkeys(["How many orders were made?", "How many orders did cities make?"], COUNT))
    reader.sure = 0.99
    assistant = Assistant(shop, generator=reader)
    assistant.memory.add("How many orders were made?", COUNT)
    assert assistant.ask("How many orders did cities make?").verified


@pytest.mark.parametrize("known, question, swapped", [
    ("Who owns the most orders?", "Who is the owner of the most orders?", False),
    ("Who owns the most orders?", "Who is the sender of the most orders?", True),
    ("Independent cities", "Cities with independence", False),
])  # fmt: skip
def test_a_word_of_the_same_family_is_no_other_word(shop: Database, known: str, question: str, swapped: bool) -> None:
    assistant = Assistant(shop, generator=Scripted({}))
    contexts = [assistant._context(text, shop.as_of) for text in (known, question)]
    assert one_word_swapped(*contexts) == swapped


@pytest.mark.parametrize("known, question, differs", [
    ("Number of orders per city", "Number of cities per order", True),
    ("Number of orders per city", "For each city the number of orders", False),
    ("Number of orders per city", "Orders by city", False),
    ("Sum for every month and each city", "Sum of each city every month", False),
    ("Number of orders per city name", "Number of orders for each name of a city", False),
    ("Number of orders for each of our cities", "Number of cities for each of our orders", True),
])  # fmt: skip
def test_what_is_counted_and_what_it_is_counted_by_are_not_exchanged(
    shop: Database, known: str, question: str, differs: bool
) -> None:
    assistant = Assistant(shop, generator=Scripted({}))
    one, other = (assistant._context(text, shop.as_of) for text in (known, question))
    assert contradicts(one, other) == differs


@pytest.mark.parametrize("known, question, differs", [
    ("How many orders did cities make?", "How many cities made orders?", True),
    ("Number of all the orders", "Count our orders of cities", False),
    ("Number of orders last year", "Count last year's orders", False),
    ("How many city orders are there?", "Number of orders", False),
    ("How many orders?", "How many units of all cities?", False),
    ("How many orders?", "Amount of the orders of many cities", False),
    ("Which city had the most orders?", "In which order of a city is most?", True),
    ("Which city had the most orders?", "The city with the largest number of orders", False),
])  # fmt: skip
def test_questions_for_two_things_differ(shop: Database, known: str, question: str, differs: bool) -> None:
    assistant = Assistant(shop, generator=Scripted({}))
    one, other = (assistant._context(text, shop.as_of) for text in (known, question))
    assert differ(one, other, COUNT) == differs


@pytest.mark.parametrize("sql, differs", [("SELECT MAX(discount_percent) FROM promotions", False), ("SELECT COUNT(*)", True)])
def test_a_closed_word_of_a_columns_name_turns_nothing_round(tmp_path: Path, sql: str, differs: bool) -> None:
    with duckdb.connect(tmp_path / "promotions.duckdb") as connection:
        connection.execute("CREATE TABLE promotions (name VARCHAR, discount_percent INTEGER)")
    with Database(tmp_path / "promotions.duckdb") as database:
        assistant = Assistant(database, generator=Scripted({}))
        one, other = (assistant._context(text, database.as_of) for text in ("Largest discount", "Largest discount percentage"))
        assert differ(one, other, sql) == differs


def test_a_verified_query_is_compared_in_the_form_that_the_model_writes(shop: Database) -> None:
    """Likelihoods of what the model doesn't write tell nothing; of another query with the same rows they do."""
    own, other = "SELECT AVG(amount) FROM orders", "SELECT MAX(amount) FROM orders"
    known, alike, unlike = "What is the worth of orders?", "worth that orders have", "weight that orders have"

    class Unused(memory_shop.Reader):
        stored: tuple[Symbol, ...] = ()

        def likelihoods(self, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[tuple[float, ...] | None]:
            found = super().likelihoods(context, sequences)
            likely = -9.0 if context.question == known else -15.0
            return [(likely,) * len(steps or ()) if tuple(sequence) == self.stored else steps
                    for sequence, steps in zip(sequences, found, strict=True)]

    reader = Unused({known: own, alike: own, unlike: other})
    assistant = Assistant(shop, generator=reader)
    kept = assistant.memory.add(known, "SELECT SUM(amount) / COUNT(DISTINCT order_id) FROM orders")
    reader.stored = tuple(from_sql(kept.sql, assistant._context(known, shop.as_of)))
    assert assistant.ask(alike).sql == kept.sql
    assert assistant.ask(unlike).verified == ""


def test_a_stored_query_of_other_rows_is_not_replaced(shop: Database) -> None:
    known = "What is the worth of orders?"
    reader = memory_shop.Reader({known: COUNT, "worth that all those orders have": COUNT})
    reader.sure = 0.5
    assistant = Assistant(shop, generator=reader)
    kept = assistant.memory.add(known, "SELECT AVG(amount) FROM orders")
    own = assistant.memory._matcher._own(known, kept.sql, shop.as_of)
    assert own is not None
    assert (own.sql, own.favourite) == (kept.sql, COUNT)


@pytest.mark.parametrize("known_steps, asked_steps, means_it", [
    ({"stored": -0.02, "other": -12.0}, {"stored": -0.3, "other": -12.0}, True),
    ({"stored": -0.1, "other": -12.0}, {"stored": -2.0, "other": -12.0}, False),  # the order that nobody writes tells nothing
    ({"stored": -0.02, "other": -1.5}, {"stored": -5.0, "other": -0.02}, True),
    ({"stored": -0.6, "other": -12.0}, {"stored": -6.0, "other": -12.0}, False),  # 0.55 lost, of what little there was
])  # fmt: skip
def test_the_orders_of_a_query_that_the_model_writes_decide(
    shop: Database, known_steps: dict[str, float], asked_steps: dict[str, float], means_it: bool
) -> None:
    known, other = "Name and id of cities", "What ids and labels have cities got?"
    context = Assistant(shop, generator=Scripted({}))._context(known, shop.as_of)
    stored = from_sql("SELECT city_name, city_id FROM cities", context)

    class Forced(memory_shop.Reader):
        def likelihoods(self, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[tuple[float, ...] | None]:
            steps = known_steps if context.question == known else asked_steps
            return [(steps["stored" if tuple(sequence) == tuple(stored) else "other"],) + (0.0,) * len(sequence)
                    for sequence in sequences]

    assistant = Assistant(shop, generator=Forced({known: COUNT, other: SUM}))
    assistant.memory.add(known, "SELECT city_name, city_id FROM cities")
    assert bool(assistant.ask(other).verified) == means_it


def test_the_year_2024_is_2024(shop: Database) -> None:
    said: list[str] = []

    class Listener(memory_shop.Reader):
        def likelihoods(self, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[tuple[float, ...] | None]:
            said.append(context.question)
            return super().likelihoods(context, sequences)

    question = "Total amount for the year 2024"
    reader = Listener({"Total amount in 2024": IN_2024, "Total amount for 2024": IN_2024, question: SUM})
    assistant = Assistant(shop, generator=reader)
    assistant.memory.add("Total amount in 2024", IN_2024)
    assert assistant.ask(question).verified
    assert question not in said


def test_a_period_between_two_months_is_the_quarter_that_it_covers(shop: Database) -> None:
    first = "SELECT SUM(amount) FROM orders WHERE ordered_on >= DATE '2024-01-01' AND ordered_on < DATE '2024-04-01'"
    question = "Total amount between January and March 2024"
    assert asked(shop, {"Total amount in Q1 2024": first}, question, {question: first}).verified


def test_a_query_that_the_model_would_not_have_written_needs_the_same_misreading(shop: Database) -> None:
    """The verified SQL was corrected by hand; what the model would write tells the questions apart."""

    class Misreader(memory_shop.Reader):
        corrected: tuple[Symbol, ...] = ()

        def likelihoods(self, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[tuple[float, ...] | None]:
            found = super().likelihoods(context, sequences)
            return [(-6.0,) * len(steps or ()) if sequence == self.corrected else steps
                    for sequence, steps in zip(sequences, found, strict=True)]

    reader = Misreader({"How big are orders?": COUNT, "How large are orders?": COUNT, "How old are orders?": SUM})
    assistant = Assistant(shop, generator=reader)
    kept = assistant.memory.add("How big are orders?", "SELECT AVG(amount) FROM orders")
    reader.corrected = from_sql(kept.sql, assistant._context("How big are orders?", shop.as_of))
    assert assistant.ask("How large are orders?").verified == "How big are orders?"
    assert assistant.ask("How old are orders?").verified == ""


@pytest.mark.parametrize("likelihood, means_it", [(-6.0, True), (-8.0, False)])
def test_a_misreading_that_two_questions_share_is_not_enough(shop: Database, likelihood: float, means_it: bool) -> None:
    """The model overlooks in both what they ask; that the stored SQL is far less likely for one of them tells them apart."""
    known, other = "What do orders cost?", "What weight have all those orders got?"

    class Misreader(memory_shop.Reader):
        def likelihoods(self, context: Context, sequences: Sequence[Sequence[Symbol]]) -> list[tuple[float, ...] | None]:
            found = super().likelihoods(context, sequences)
            return [(-6.0 if context.question == known else likelihood,) * len(steps or ()) if sequence == corrected else steps
                    for sequence, steps in zip(sequences, found, strict=True)]

    assistant = Assistant(shop, generator=Misreader({known: COUNT, other: COUNT}))
    kept = assistant.memory.add(known, "SELECT AVG(amount) FROM orders")
    corrected = from_sql(kept.sql, assistant._context(known, shop.as_of))
    assert bool(assistant.ask(other).verified) == means_it


def test_a_relative_date_counts_from_the_new_day(shop: Database) -> None:
    answer = asked(shop, {"Total amount last month": LAST_MONTH}, "total amount last month", {}, as_of=dt.date(2024, 12, 15))
    assert answer.verified
    november = LAST_MONTH.replace("2025-01", "2024-11").replace("2025-02", "2024-12")
    assert answer.result.rows == Assistant(shop).run_sql(november).rows


def test_a_fixed_date_stays_when_days_go_by(shop: Database) -> None:
    answer = asked(shop, {"Total amount in 2024": IN_2024}, "total amount in 2024", {}, as_of=dt.date(2030, 1, 1))
    assert answer.verified
    assert answer.result.rows == Assistant(shop).run_sql(IN_2024).rows


def test_a_model_that_cannot_compare_matches_the_same_words_alone(shop: Database) -> None:
    assistant = Assistant(shop, generator=Scripted({"number of orders": SUM}))
    assistant.memory.add("How many orders?", COUNT)
    assert assistant.ask("how many orders").verified
    assert not assistant.ask("number of orders").verified


def test_the_model_alone_answers_where_the_memory_is_not_wanted(shop: Database) -> None:
    assistant = Assistant(shop, generator=Scripted({"How many orders?": SUM}))
    assistant.memory.add("How many orders?", COUNT)
    assert assistant.ask("How many orders?", use_memory=False).sql == SUM


def test_uses_are_counted(shop: Database) -> None:
    assistant = Assistant(shop, generator=Scripted({}))
    assistant.memory.add("How many orders?", COUNT)
    assistant.ask("How many orders?")
    assistant.ask("how many orders")
    assert assistant.memory.verified()[0].uses == 2


def test_a_disliked_pair_never_answers(shop: Database) -> None:
    assistant = Assistant(shop, generator=Scripted({"How many orders?": COUNT}))
    assistant.memory.dislike("How many orders?", SUM)
    assert assistant.ask("How many orders?").sql == COUNT


def test_stored_sql_that_runs_no_more_gives_way_to_the_model_with_a_warning(shop: Database) -> None:
    assistant = Assistant(shop, generator=Scripted({"How many?": COUNT}))
    broken = "SELECT CAST(city_name AS INTEGER) FROM cities"
    assistant.memory.store.put("verified", [Verified("How many?", broken, shop.as_of)])
    answer = assistant.ask("How many?")
    assert (answer.sql, answer.verified) == (COUNT, "")
    assert any("No verified question" in warning for warning in answer.warnings)


def test_a_question_of_a_conversation_is_matched_too(shop: Database) -> None:
    assistant = Assistant(shop, generator=Scripted({"Sum?": SUM}))
    assistant.memory.add("How many orders?", COUNT)
    talk = assistant.conversation()
    talk.ask("Sum?")
    assert talk.ask("how many orders").verified
