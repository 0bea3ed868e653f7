"""The choice among candidates: what is run, what a judge is told, what it decides, and the verifier that learns to be one."""
from __future__ import annotations

import datetime as dt
import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nl2sql.choice import Run, by_score, choose, probabilities, run_all
from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.errors import BadWeights, NoAnswer, QueryFailed
from nl2sql.model.evidence import evidence
from nl2sql.model.relations import ALIKE
from nl2sql.records import (
    Attempt,
    Candidate,
    Column,
    Context,
    Example,
    ForeignKey,
    Link,
    Pointer,
    Query,
    Result,
    Schema,
    Symbol,
    Table,
    Verdict,
)

SCHEMA = Schema(
    (
        Table("singer", (Column("singer_id", "INTEGER", "number", "singer id", primary_key=True),
                         Column("name", words="name"), Column("country", words="country"))),
        Table("concert", (Column("concert_id", "INTEGER", "number", "concert id", primary_key=True),
                          Column("singer_id", "INTEGER", "number", "singer id"), Column("year", "INTEGER", "number", "year"))),
    ),
    (ForeignKey(4, 0),),
)  # fmt: skip
FRENCH = "How many singers are from France?"
VALUES = {2: ("France", "Spain")}
Row = tuple[object, ...]
Trained = tuple[Path, dict[str, float]]
SELECT_NAME: tuple[Symbol, ...] = ("select", Pointer("column", 1))


def context(question: str = FRENCH) -> Context:
    return build_context(question, SCHEMA, ValueIndex(SCHEMA, VALUES), dt.date(2024, 1, 1))


def candidate(sql: str | None, score: float, symbols: tuple[Symbol, ...] = SELECT_NAME) -> Candidate:
    steps = (score / (len(symbols) + 1),) * (len(symbols) + 1)
    return Candidate(sql, score, symbols if sql else ("<none>",), steps if sql else (score,))


def attempt(candidate: Candidate, *rows: Row, ordered: bool = False) -> Attempt:
    return Attempt(candidate, Query(candidate.sql or "", ordered=ordered), Result(("a",), ("INTEGER",), rows))


def running(answers: dict[str, tuple[Row, ...]], took: float = 0.0) -> Run:
    def run(sql: str, seconds: float | None) -> tuple[Query, Result]:
        time.sleep(took)
        if sql not in answers:
            raise QueryFailed("it can't be run", sql=sql)
        return Query(sql), Result(("a",), ("INTEGER",), answers[sql])

    return run


class Fixed:
    """A judge with a fixed verdict, which remembers what it was asked."""

    def __init__(self, *probabilities: float, refused: bool = False) -> None:
        self.verdict = Verdict(probabilities, refused)
        self.asked: tuple[Context, Sequence[Candidate], Sequence[Attempt]] | None = None

    def __call__(self, context: Context, candidates: Sequence[Candidate], attempts: Sequence[Attempt]) -> Verdict:
        self.asked = (context, candidates, attempts)
        return self.verdict


ROWS: dict[str, tuple[Row, ...]] = {"a": ((1,),), "b": ((2,),), "c": ((2,),)}
ABC = [candidate("a", -0.1), candidate("b", -0.2), candidate("c", -0.3)]


def test_the_judges_surest_candidate_wins_whatever_its_score() -> None:
    choice = choose(context(), ABC, running(ROWS), Fixed(0.2, 0.3, 0.5), alternatives=3, seconds=1)
    assert (choice.winner.query.sql, choice.winner.probability) == ("c", 0.5)


def test_the_judge_is_told_of_all_candidates_in_order_of_score_and_of_those_that_ran() -> None:
    judge, none = Fixed(0.5, 0.5), candidate(None, -0.15)
    choose(context(), [candidate("broken", -0.4), ABC[1], ABC[0], none], running(ROWS), judge, alternatives=3, seconds=1)
    assert judge.asked is not None
    assert [c.sql for c in judge.asked[1]] == ["a", None, "b", "broken"]
    assert [a.candidate.sql for a in judge.asked[2]] == ["a", "b"]


def test_there_is_no_answer_where_the_judge_refuses_the_question() -> None:
    with pytest.raises(NoAnswer, match="has no answer"):
        choose(context(), ABC, running(ROWS), Fixed(0.9, 0.1, 0.0, refused=True), alternatives=3, seconds=1)


def test_of_candidates_with_equal_rows_only_the_surest_is_shown() -> None:
    choice = choose(context(), ABC, running(ROWS), Fixed(0.5, 0.2, 0.3), alternatives=3, seconds=1)
    assert [reading.query.sql for reading in (choice.winner, *choice.others)] == ["a", "c"]


def test_unlikely_candidates_are_run_only_until_one_has_said_something() -> None:
    asked: list[str] = []
    rows: dict[str, tuple[Row, ...]] = {"empty": (), "a": ((1,),), "b": ((2,),)}

    def run(sql: str, seconds: float | None) -> tuple[Query, Result]:
        asked.append(sql)
        return running(rows)(sql, seconds)

    ranked = [candidate("empty", -0.1), candidate("a", -8.0), candidate("b", -9.0)]
    choice = choose(context(), ranked, run, by_score, alternatives=3, seconds=1, share=0.02)
    assert asked == ["empty", "a"]
    assert len(choice.others) == 1


def test_candidates_past_the_time_budget_are_not_run() -> None:
    attempts, failures = run_all(ABC, running(ROWS, took=0.1), 0.05)
    assert [a.candidate.sql for a in attempts] == ["a", "b"]
    assert not failures


def test_the_first_candidate_has_all_the_time_that_the_database_allows() -> None:
    limits: list[float | None] = []

    def run(sql: str, seconds: float | None) -> tuple[Query, Result]:
        limits.append(seconds)
        return running(ROWS)(sql, seconds)

    run_all([candidate("broken", -0.1), *ABC], run, 0.5)
    assert limits[:2] == [None, None]
    assert all(limit is not None and limit <= 0.5 for limit in limits[2:])


def test_by_score_refuses_where_none_is_likelier_than_all_that_ran() -> None:
    attempts = [attempt(ABC[1], (1,))]
    assert by_score(context(), [ABC[0], candidate(None, -0.15), ABC[1]], attempts).refused
    assert not by_score(context(), [ABC[0], ABC[1], candidate(None, -0.25)], attempts).refused


def test_shares_add_up_to_one_whatever_the_scores() -> None:
    assert sum(probabilities([Candidate("a", -2000.0), Candidate("b", -2001.0)])) == pytest.approx(1.0)


@pytest.mark.parametrize(("ordered", "same"), [(False, True), (True, False)])
def test_order_tells_rows_apart_only_where_the_query_orders_them(ordered: bool, same: bool) -> None:
    one, other = attempt(ABC[0], (1,), (2,), ordered=ordered), attempt(ABC[1], (2,), (1,), ordered=ordered)
    assert (one.content == other.content) == same


# evidence


def number(
    name: str, symbols: tuple[Symbol, ...] = SELECT_NAME, question: str = FRENCH, rows: tuple[Row, ...] = ((1,),)
) -> float:
    """One number of the evidence of a lone candidate."""
    only = candidate("a", -0.5, symbols)
    found = evidence(context(question), [only, candidate(None, -3.0)], [attempt(only, *rows)])
    return float(found.attempts[0][found.names[0].index(name)])


def test_a_value_that_the_question_names_and_the_query_lacks_is_noticed() -> None:
    france = ("select", "count", "(", "*", ")", "where", Pointer("column", 2), "=", Pointer("value", 0))
    assert number("some value left out") == 1
    assert number("some value left out", france) == 0


def test_a_number_that_the_question_names_and_the_query_lacks_is_noticed() -> None:
    question = "Which concerts were after 1999?"
    assert number("numbers left out", question=question) == 1
    after = (*SELECT_NAME, "where", Pointer("column", 5), ">", Pointer("number", 0))
    assert number("numbers left out", after, question) == 0


def test_a_number_may_be_spelled_by_a_keyword() -> None:
    top = (*SELECT_NAME, "order by", Pointer("column", 1), "asc", "limit", "#3")
    assert number("numbers left out", top, "The first 3 singers") == 0


def test_a_column_that_nobody_named_is_noticed() -> None:
    assert number("columns not named", ("select", Pointer("column", 5))) == 1
    assert number("columns not named", ("select", Pointer("column", 5)), "Which years?") == 0


def test_a_column_that_the_question_only_means_is_told_from_one_that_it_names() -> None:
    seasons = context("Which seasons?")
    meant = replace(seasons, links={Pointer("column", 5): (Link(1, ALIKE),)})
    only = candidate("a", -0.5, ("select", Pointer("column", 5)))
    one, other = (evidence(asked, [only], [attempt(only, (1,))]) for asked in (seasons, meant))
    names = one.names[0]
    assert [found.attempts[0][names.index("columns not named")] for found in (one, other)] == [1, 0]
    assert [found.attempts[0][names.index("columns alike")] for found in (one, other)] == [0, 1]
    alike = one.names[1].index("alike words")
    assert one.question[alike] == 0 < other.question[alike]


def test_a_table_that_the_question_names_and_the_query_lacks_is_noticed() -> None:
    question = "singers of concerts"
    assert number("whole names left out", ("select", Pointer("column", 1)), question) == 1
    assert number("whole names left out", ("select", Pointer("column", 1), "where", Pointer("column", 5)), question) == 0


@pytest.mark.parametrize(
    ("symbols", "repeated"),
    [
        (("select", Pointer("column", 1), ",", Pointer("column", 1)), 1),
        (("select", Pointer("column", 1), ",", Pointer("column", 2), "group by", Pointer("column", 1)), 0),
        ((*SELECT_NAME, "where", Pointer("column", 2), "=", "#1", "and", Pointer("column", 2), "=", "#1"), 1),
        ((*SELECT_NAME, "union", *SELECT_NAME), 0),
    ],
)
def test_a_query_that_says_a_thing_twice_is_noticed(symbols: tuple[Symbol, ...], repeated: int) -> None:
    assert number("repeated parts", symbols) == repeated


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [("no rows", (), 1), ("only NULL", ((None,),), 1), ("zero", ((0,),), 1), ("repeated rows", ((1,), (1,)), 0.5)],
)
def test_the_rows_are_evidence(name: str, rows: tuple[Row, ...], expected: float) -> None:
    assert number(name, rows=rows) == expected


def test_candidates_with_the_same_rows_are_one_group_and_add_up() -> None:
    found = evidence(context(), ABC, [attempt(ABC[0], (1,)), attempt(ABC[1], (2,)), attempt(ABC[2], (2,))])
    together = found.names[0].index("log share of the same rows")
    assert found.groups.tolist() == [0, 1, 1]
    assert found.attempts[1][together] == found.attempts[2][together]
    assert np.exp(found.attempts[:2, together]).sum() == pytest.approx(1.0)


def test_evidence_stays_finite_where_the_model_is_quite_unsure() -> None:
    unsure = [candidate("a", -900.0), candidate("b", -2000.0), candidate(None, -5000.0)]
    found = evidence(context(), unsure, [attempt(unsure[0], ("x",)), attempt(unsure[1])])
    assert np.isfinite(found.attempts).all()
    assert np.isfinite(found.question).all()


# the verifier


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A verifier taught on made-up beams: right is what names the value, and what nobody named can't be answered."""
    from nl2sql.model.settings import VerifierTraining
    from nl2sql.model.train_verifier import card, fitted
    from nl2sql.model.verifier import save
    from nl2sql.model.verifier_data import Collected, Judged

    rng = np.random.default_rng(0)
    judged, names = [], ((), ())
    for i in range(300):
        asked, candidates, attempts, good = lesson(rng, answerable=i % 4 > 0)
        found = evidence(asked, candidates, attempts)
        names = found.names  # type: ignore[assignment]
        right = np.array([i % 4 > 0 and a.candidate is good for a in attempts])
        kind = "spider" if i % 4 else "misplaced"
        judged.append(Judged(kind, f"db{i % 7}", False, found.attempts, found.question, found.groups, right, i % 4 > 0))
    settings = VerifierTraining(Path(), decay=0.1, batch=32, folds=3)
    network, figures, threshold = fitted(Collected(judged, names), settings, lambda line: None)
    folder = tmp_path_factory.mktemp("verifier")
    save(folder, network, {"names": names, "threshold": threshold}, card(figures, 300))
    return folder, figures


def lesson(rng: np.random.Generator, *, answerable: bool) -> tuple[Context, list[Candidate], list[Attempt], Candidate]:
    asked = context(FRENCH if answerable else "What will the weather be like?")
    where = ("select", "count", "(", "*", ")", "where", Pointer("column", 2), "=", Pointer("value", 0))
    good = candidate("good", -float(rng.uniform(0.1, 3)), where if answerable else SELECT_NAME)
    others = [candidate(name, -float(rng.uniform(0.1, 3))) for name in ("x", "y")]
    candidates = sorted([good, *others, candidate(None, -float(rng.uniform(3, 5)))], key=lambda c: -c.score)
    return asked, candidates, [attempt(c, (c.sql,)) for c in candidates if c.sql], good


def test_training_learns_to_choose_what_the_score_does_not_tell(trained: Trained) -> None:
    _, figures = trained
    assert figures["spider, wide: the first that runs is right"] < 0.6
    assert figures["spider, wide: the chosen one is right"] > 0.95


def test_training_learns_what_cannot_be_answered(trained: Trained) -> None:
    _, figures = trained
    assert figures["misplaced, wide: refused"] > 0.9
    assert figures["spider, wide: refused"] <= 0.03


def test_a_verifier_judges_the_same_after_it_was_saved(trained: Trained) -> None:
    from nl2sql.model.verifier import Verifier

    verifier, rng = Verifier(trained[0]), np.random.default_rng(1)
    asked, candidates, attempts, good = lesson(rng, answerable=True)
    verdict = verifier(asked, candidates, attempts)
    assert attempts[int(np.argmax(verdict.probabilities))].candidate is good
    assert not verdict.refused
    asked, candidates, attempts, _ = lesson(rng, answerable=False)
    assert verifier(asked, candidates, attempts).refused


def test_candidates_with_the_same_rows_have_the_same_probability(trained: Trained) -> None:
    from nl2sql.model.verifier import Verifier

    verdict = Verifier(trained[0])(context(), ABC, [attempt(ABC[0], (1,)), attempt(ABC[1], (2,)), attempt(ABC[2], (2,))])
    assert verdict.probabilities[1] == verdict.probabilities[2]
    assert sum(verdict.probabilities[:2]) <= 1


@pytest.mark.parametrize("name", ["verifier.json", "verifier.safetensors"])
def test_a_verifier_that_is_missing_is_reported_in_a_sentence(trained: Trained, tmp_path: Path, name: str) -> None:
    from nl2sql.model.verifier import Verifier

    for file in trained[0].iterdir():
        if file.name != name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(BadWeights, match=f"There is no verifier .*{name} is missing"):
        Verifier(tmp_path)


@pytest.mark.parametrize("name", ["verifier.json", "verifier.safetensors"])
def test_a_verifier_that_is_damaged_is_reported_in_a_sentence(trained: Trained, tmp_path: Path, name: str) -> None:
    from nl2sql.model.verifier import Verifier

    for file in trained[0].iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[: 40 if file.name == name else None])
    with pytest.raises(BadWeights, match="is damaged"):
        Verifier(tmp_path)


def test_a_verifier_of_other_evidence_is_refused(trained: Trained, tmp_path: Path) -> None:
    from nl2sql.model.verifier import Verifier

    for file in trained[0].iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    description = json.loads((tmp_path / "verifier.json").read_text())
    description["names"][0][0] = "something else"
    (tmp_path / "verifier.json").write_text(json.dumps(description))
    with pytest.raises(BadWeights, match="other evidence"):
        Verifier(tmp_path)(context(), ABC, [attempt(ABC[0], (1,))])


# what it learns from


class Counting:
    """A generator that writes a right and a wrong query, and counts how often it is asked."""

    calls = 0

    def linked(self, context: Context) -> Context:
        return context

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        self.calls += 1
        wrong = candidate("SELECT id FROM city", -0.1, ("select", Pointer("column", 0)))
        right = candidate("SELECT count(*) FROM city", -0.2, ("select", "count", "(", "*", ")"))
        return [[wrong, right, candidate(None, -3.0)] for _ in contexts]


def test_beams_are_graded_against_the_gold_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nl2sql.model import verifier_data

    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "data" / "spider"
    (folder / "database" / "towns").mkdir(parents=True)
    with sqlite3.connect(folder / "database" / "towns" / "towns.sqlite") as connection:
        connection.executescript("CREATE TABLE city (id INTEGER PRIMARY KEY); INSERT INTO city VALUES (1), (2), (3)")
    tables = {
        "db_id": "towns", "table_names": ["city"], "table_names_original": ["city"], "column_names": [[-1, "*"], [0, "id"]],
        "column_names_original": [[-1, "*"], [0, "id"]], "column_types": ["text", "number"], "primary_keys": [1],
        "foreign_keys": [],
    }  # fmt: skip
    (folder / "tables.json").write_text(json.dumps([tables]))
    (folder / "train_spider.json").write_text("[]")
    generator = Counting()
    asked = {
        "spider": [Example("How many cities?", "SELECT count(*) FROM city", "towns", ("train_spider",))],
        "misplaced": [Example("How many singers?", None, "towns")],
    }
    for _ in range(2):
        found = verifier_data.collect(folder.parent, tmp_path, generator, beam=2, asked=asked)  # type: ignore[arg-type]
        assert [(entry.kind, entry.right.tolist(), entry.answerable) for entry in found.judged] == [
            ("spider", [False, True], True), ("misplaced", [False, False], False),
        ]  # fmt: skip
    assert generator.calls == 2
