"""The assistant: from a question to an answer, with the model scripted and everything else real."""
from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import nl2sql
from nl2sql import Assistant, Database, NoAnswer, QueryFailed, QueryTimedOut, Refused
from nl2sql.choice import by_score, probabilities
from nl2sql.errors import BadInput, BadWeights
from nl2sql.model import adapters
from nl2sql.records import Attempt, Candidate, Context, Link, Pointer, Verdict


class Fixed:
    """A generator that gives the same candidates to every question."""

    def __init__(self, *candidates: tuple[str | None, float]) -> None:
        self.candidates = [Candidate(sql, score) for sql, score in candidates]

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        return [self.candidates for _ in contexts]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("shop") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE cities (city_id INTEGER PRIMARY KEY, city_name VARCHAR)")
        connection.execute(
            "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, city_id INTEGER, amount DECIMAL(9, 2), ordered_on DATE)"
        )
        connection.execute("INSERT INTO cities VALUES (1, 'Lyon'), (2, 'Turin')")
        connection.execute("INSERT INTO orders SELECT i, 1 + i % 2, i, DATE '2024-01-01' + i::INTEGER FROM range(100) r(i)")
    with Database(path) as database:
        yield database


def ask(database: Database, *candidates: tuple[str | None, float], question: str = "How many orders?") -> nl2sql.Answer:
    return Assistant(database, generator=Fixed(*candidates)).ask(question)


def test_the_public_names_are_pinned() -> None:
    assert nl2sql.__all__ == [
        "Alternative", "Answer", "Assistant", "BadInput", "Database", "Example", "Failure", "Nl2SqlError", "NoAnswer",
        "QueryFailed", "QueryTimedOut", "QueryTooLarge", "Refused", "Result", "Schema",
    ]  # fmt: skip
    assert all(getattr(nl2sql, name).__name__ == name for name in nl2sql.__all__)


def test_a_judge_is_told_what_the_generators_prompt_shows_beyond_the_context(shop: Database) -> None:
    class Linking(Fixed):
        def linked(self, context: Context) -> Context:
            return replace(context, links={**context.links, Pointer("table", 0): (Link(0, 4),)})

    judged: list[Context] = []

    def judge(context: Context, candidates: Sequence[Candidate], attempts: Sequence[Attempt]) -> Verdict:
        judged.append(context)
        return by_score(context, candidates, attempts)

    Assistant(shop, generator=Linking(("SELECT COUNT(*) FROM orders", -0.1)), judge=judge).ask("towns?")
    assert judged[0].links == {Pointer("table", 0): (Link(0, 4),)}


def test_the_best_candidate_that_runs_is_the_answer(shop: Database) -> None:
    answer = ask(shop, ("SELECT count(*) FROM cities", -2.0), ("SELECT count(*) FROM orders", -0.1))
    assert answer.result.rows == ((100,),)
    assert "orders" in answer.sql


def test_an_answer_says_what_was_computed_and_when_it_counts_from(shop: Database) -> None:
    answer = ask(shop, ("SELECT count(*) FROM orders", 0.0))
    assert answer.explanation
    assert answer.as_of == shop.as_of
    assert set(answer.timings) == {"context", "model", "queries", "total"}


def test_a_candidate_that_fails_is_reported_and_the_next_one_wins(shop: Database) -> None:
    answer = ask(shop, ("SELECT nothing FROM orders", -0.1), ("DROP TABLE orders", -0.2), ("SELECT count(*) FROM orders", -0.3))
    assert answer.result.rows == ((100,),)
    assert [failure.sql for failure in answer.failures] == ["SELECT nothing FROM orders", "DROP TABLE orders"]
    assert all(failure.rule for failure in answer.failures)


def test_a_candidate_that_the_engine_cannot_run_is_a_failure_without_a_rule(shop: Database) -> None:
    answer = ask(shop, ("SELECT CAST(city_name AS INTEGER) FROM cities", -0.1), ("SELECT count(*) FROM orders", -0.2))
    assert [failure.rule for failure in answer.failures] == [None]


@pytest.mark.parametrize("empty", ["SELECT * FROM orders WHERE amount < 0", "SELECT sum(amount) FROM orders WHERE amount < 0"])
def test_a_candidate_without_content_loses_to_the_next_one(shop: Database, empty: str) -> None:
    answer = ask(shop, (empty, -0.1), ("SELECT count(*) FROM orders", -0.5))
    assert answer.result.rows == ((100,),)
    assert [other.sql for other in answer.alternatives]


def test_rows_without_content_are_the_answer_where_nothing_does_better(shop: Database) -> None:
    answer = ask(shop, ("SELECT * FROM orders WHERE amount < 0", -0.1), ("SELECT nothing FROM orders", -0.5))
    assert answer.result.rows == ()
    assert answer.warnings


def test_there_is_no_answer_where_the_model_prefers_none(shop: Database) -> None:
    with pytest.raises(NoAnswer):
        ask(shop, ("SELECT count(*) FROM orders", -0.5), (None, -0.4))


def test_a_less_likely_none_does_not_stop_an_answer(shop: Database) -> None:
    assert ask(shop, ("SELECT count(*) FROM orders", -0.4), (None, -0.5)).result.rows == ((100,),)


def test_candidates_below_none_are_not_considered(shop: Database) -> None:
    with pytest.raises(NoAnswer) as caught:
        ask(shop, ("SELECT nothing FROM orders", -0.1), (None, -0.2), ("SELECT count(*) FROM orders", -0.3))
    assert [failure.sql for failure in caught.value.failures] == ["SELECT nothing FROM orders"]


def test_no_answer_carries_what_failed(shop: Database) -> None:
    with pytest.raises(NoAnswer) as caught:
        ask(shop, ("SELECT nothing FROM orders", -0.1), ("DELETE FROM orders", -0.2))
    assert len(caught.value.failures) == 2


def test_alternatives_give_other_rows_than_the_answer_and_than_each_other(shop: Database) -> None:
    answer = ask(
        shop,
        ("SELECT count(*) FROM orders", -0.1),
        ("SELECT count(order_id) FROM orders", -0.2),
        ("SELECT count(*) FROM cities", -0.3),
        ("SELECT count(city_name) FROM cities", -0.4),
    )
    assert len(answer.alternatives) == 1
    assert "cities" in answer.alternatives[0].sql
    assert answer.alternatives[0].explanation


def test_confidence_is_the_share_of_all_candidates_probability(shop: Database) -> None:
    answer = ask(shop, ("SELECT count(*) FROM orders", -0.1), ("SELECT count(*) FROM cities", -0.1), (None, -9.0))
    assert answer.confidence == pytest.approx(0.5, abs=1e-3)


def test_probabilities_add_up_to_one_whatever_the_scores() -> None:
    assert sum(probabilities([Candidate("a", -2000.0), Candidate("b", -2001.0)])) == pytest.approx(1.0)
    assert probabilities([]) == []


def test_a_relative_date_says_what_it_counts_from_unless_it_was_given(shop: Database) -> None:
    assistant = Assistant(shop, generator=Fixed(("SELECT count(*) FROM orders", 0.0)))
    assumed = f"relative dates count from 2024-04-09, {shop.as_of_reason}"
    assert assumed in assistant.ask("How many orders last month?").assumptions
    assert assumed not in assistant.ask("How many orders?").assumptions
    answer = assistant.ask("How many orders last month?", as_of=dt.date(2024, 3, 1))
    assert answer.as_of == dt.date(2024, 3, 1)
    assert not any("count from" in assumption for assumption in answer.assumptions)


def test_run_sql_goes_through_the_same_rules(shop: Database) -> None:
    assistant = Assistant(shop)
    assert assistant.run_sql("select city_name from cities order by 1").rows == (("Lyon",), ("Turin",))
    with pytest.raises(Refused) as caught:
        assistant.run_sql("SELECT * FROM read_csv('/etc/passwd')")
    assert caught.value.rule


def test_sql_that_does_not_parse_is_refused(shop: Database) -> None:
    with pytest.raises(Refused) as caught:
        Assistant(shop).run_sql("SELECT FROM WHERE")
    assert caught.value.rule == "parse"


def test_an_error_of_the_engine_is_query_failed(shop: Database) -> None:
    with pytest.raises(QueryFailed):
        Assistant(shop).run_sql("SELECT CAST(city_name AS INTEGER) FROM cities")


def test_a_query_of_the_caller_past_its_time_limit_is_stopped(shop: Database, tmp_path: Path) -> None:
    with Database(shop.path, time_limit=0.3) as hurried, pytest.raises(QueryTimedOut):
        Assistant(hurried).run_sql("SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e, orders f")


def test_several_threads_may_ask_at_once(shop: Database) -> None:
    assistant = Assistant(shop, generator=Fixed(("SELECT count(*) FROM orders", 0.0)))
    barrier = threading.Barrier(4)

    def one(_: int) -> tuple[tuple[object, ...], ...]:
        barrier.wait()
        return assistant.ask("How many orders?").result.rows

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(4))) == [((100,),)] * 4


def test_the_callers_own_read_only_connection_stays_usable(shop: Database) -> None:
    with duckdb.connect(str(shop.path), read_only=True) as own:
        rows = ask(shop, ("SELECT count(*) FROM orders", 0.0)).result.rows
        assert list(rows) == own.execute("SELECT count(*) FROM orders").fetchall()


def test_a_script_without_a_main_guard_works(shop: Database, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom nl2sql import Assistant, Database\n"
        "print(Assistant(Database(sys.argv[1])).run_sql('SELECT count(*) FROM orders').rows)\n"
    )
    done = subprocess.run([sys.executable, str(script), str(shop.path)], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "((100,),)", "")


def test_an_answer_holds_a_data_frame(shop: Database) -> None:
    frame = ask(shop, ("SELECT city_name AS city, city_id FROM cities ORDER BY 1", 0.0)).result.to_pandas()
    assert list(frame.columns) == ["city", "city_id"]
    assert list(frame.city) == ["Lyon", "Turin"]


def test_as_of_must_be_a_date(shop: Database) -> None:
    with pytest.raises(BadInput):
        Assistant(shop, generator=Fixed()).ask("How many orders?", as_of="2024-01-01")  # type: ignore[arg-type]


def adapter(folder: Path, name: str, card: str) -> Path:
    (folder / "adapters" / name).mkdir(parents=True)
    (folder / "adapters" / name / "nl2sql.json").write_text(card)
    return folder / "adapters" / name


def test_an_adapter_is_found_by_the_databases_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_DATA", str(tmp_path))
    mine = adapter(tmp_path, "mine", json.dumps({"fingerprint": "abc"}))
    adapter(tmp_path, "other", json.dumps({"fingerprint": "def"}))
    assert adapters.find("abc") == mine
    assert adapters.find("unknown") is None


def test_a_damaged_adapter_card_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_DATA", str(tmp_path))
    adapter(tmp_path, "broken", "{")
    with pytest.raises(BadWeights, match="broken"):
        adapters.find("abc")
