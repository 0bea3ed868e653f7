"""Synthesised conversations: every turn runs, says something, and follows from the one before; other languages."""
from __future__ import annotations

import random
import re
from collections.abc import Iterator

import duckdb
import pytest

from nl2sql.context.words import split
from nl2sql.data.sales import path
from nl2sql.data.synthesis import converse, invent_schema
from nl2sql.data.synthesis.invented.schemas import as_of_date
from nl2sql.data.synthesis.languages import LANGUAGES, foreign
from nl2sql.data.synthesis.unanswerable import unwanted
from nl2sql.data.synthesis.world import World
from nl2sql.records import Example

SEED = 5


@pytest.fixture(scope="module")
def sales() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(path()), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def turns(sales: duckdb.DuckDBPyConnection) -> list[Example]:
    """Follow-ups about the sample database, each tried there."""
    from nl2sql import Assistant

    with Assistant() as assistant:
        database = assistant.database
        return list(converse(database.schema, database.values, as_of=database.as_of, n=120, seed=1,
                             run=lambda sql: sales.execute(sql).fetchall()))  # fmt: skip


def test_as_many_follow_ups_come_as_were_asked_for(turns: list[Example]) -> None:
    assert len(turns) == 120


def test_every_follow_up_has_a_history_that_runs(turns: list[Example], sales: duckdb.DuckDBPyConnection) -> None:
    for turn in turns:
        assert 1 <= len(turn.history) <= 3
        assert all(question and sales.execute(sql).fetchall() for question, sql in turn.history)


def test_every_follow_up_runs_and_says_something_new(turns: list[Example], sales: duckdb.DuckDBPyConnection) -> None:
    for turn in turns:
        if turn.sql is not None:
            assert turn.sql != turn.history[-1][1]
            assert any(cell is not None for row in sales.execute(turn.sql).fetchall() for cell in row)


def test_most_follow_ups_are_short(turns: list[Example]) -> None:
    assert sum(len(split(turn.question)) <= 8 for turn in turns) > 0.75 * len(turns)


def test_some_turns_change_the_topic_and_some_have_no_answer() -> None:
    found = [turn for n in range(32) for turn in converse(*invent_schema(n), as_of=as_of_date(n), n=40, seed=n)]
    unanswered = sum(turn.sql is None for turn in found)
    assert 0 < unanswered < 0.06 * len(found)


def test_the_same_seed_gives_the_same_conversations_and_another_seed_others() -> None:
    schema, values = invent_schema(SEED)

    def asked(seed: int) -> list[str]:
        return [turn.question for turn in converse(schema, values, as_of=as_of_date(SEED), n=20, seed=seed)]

    assert asked(1) == asked(1) != asked(2)


def periods(sql: str) -> set[str]:
    return set(re.findall(r"order_date >= (DATE '[^']*')", sql))


def test_another_period_takes_the_place_of_the_one_before(turns: list[Example]) -> None:
    pairs = [(turn.history[-1][1], turn.sql) for turn in turns if turn.sql]
    alike = [(a, b) for a, b in pairs if a.partition(" WHERE ")[0] == b.partition(" WHERE ")[0] and periods(a)]
    assert any(periods(b) and periods(b) != periods(a) for a, b in alike)
    assert not any(len(periods(b)) > len(periods(a)) for a, b in alike)


def test_no_question_of_another_language_is_english() -> None:
    world, rng = World(*invent_schema(SEED), as_of_date(SEED)), random.Random(1)
    english = set("how many what is are the which show list give of with please".split())
    for _ in range(300):
        words = foreign(world, rng).lower().split()
        assert len(english & set(words)) <= 1


def test_questions_of_other_languages_hardly_repeat() -> None:
    world, rng = World(*invent_schema(SEED), as_of_date(SEED)), random.Random(1)
    assert len({foreign(world, rng) for _ in range(500)}) > 450


def test_every_frame_of_every_language_can_be_said() -> None:
    frames = [frame for language in LANGUAGES.values() for frame in language.frames.split("\n")[1:-1]]
    assert len(frames) > 120 and all(frame.strip() and set(re.findall(r"\{(\w)\}", frame)) <= set("NSMDTn") for frame in frames)


def test_what_no_database_answers_has_no_sql() -> None:
    world, rng = World(*invent_schema(SEED), as_of_date(SEED)), random.Random(1)
    assert all(unwanted(world, rng).sql is None for _ in range(50))
