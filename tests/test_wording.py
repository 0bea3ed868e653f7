"""Queries in a language model's words: what it reads, what it has learnt, and which of its questions are kept."""
from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from test_augmentation import OWNERS, SINGERS, lesson  # noqa: E402

from nl2sql.errors import BadInput, BadWeights  # noqa: E402
from nl2sql.model import train_causal, worded  # noqa: E402
from nl2sql.model.causal import language  # noqa: E402
from nl2sql.model.feeding import Lesson  # noqa: E402
from nl2sql.model.settings import WordingTraining  # noqa: E402
from nl2sql.model.train_data import Source  # noqa: E402
from nl2sql.model.transplant import Form, Unfit, elsewhere, unworded  # noqa: E402
from nl2sql.model.wording import QuestionTelling, Wording, prompt, told  # noqa: E402
from nl2sql.records import Candidate  # noqa: E402
from nl2sql.sql.ir import to_sql  # noqa: E402

ASKED = {
    "What is the average age of singers?": "SELECT AVG(age) FROM singer",
    "Which singers are from France?": "SELECT name FROM singer WHERE country = 'France'",
    "Names of those older than 30": "SELECT name FROM singer WHERE age > 30",
}


def lessons() -> list[Lesson]:
    return [lesson(question, sql) for question, sql in ASKED.items()]


def test_a_query_is_told_in_the_words_of_its_schema():
    assert [told(one.symbols, one.context) for one in lessons()] == [
        "select avg ( singer.age )", "select singer.name where singer.country = 'France'",
        "select singer.name where singer.age > 30"]


def test_a_query_moves_to_another_database_whatever_its_question_names():
    one = lesson("Which live in Rome?", "SELECT s.name FROM singer s JOIN concert c USING (singer_id) WHERE c.city = 'Rome'")
    asked = unworded(one)
    assert asked is not None
    found = elsewhere(asked, Form(OWNERS.schema), OWNERS, random.Random(0))
    sql = to_sql(found.symbols, found.context)
    assert "owner" in sql and "vehicle" in sql and "singer" not in sql
    assert any(f"= '{value}'" in sql for value in ("North", "South", "red", "green"))


def test_a_query_does_not_move_where_there_is_no_such_column():
    one = lesson("Older than 30?", "SELECT name FROM singer WHERE age > 30")
    asked = unworded(one)
    assert asked is not None
    tables = tuple(type(t)(t.name, tuple(c for c in t.columns if c.kind == "text" or c.primary_key), t.words)
                   for t in OWNERS.schema.tables)
    bare = type(OWNERS.schema)(tables)
    with pytest.raises(Unfit):
        elsewhere(asked, Form(bare), type(OWNERS)(bare, {}), random.Random(0))


@pytest.fixture(scope="module")
def wording(tmp_path_factory: pytest.TempPathFactory) -> Wording:
    """A tiny GPT-2 that knows three questions by heart."""
    from test_causal import save_tiny_gpt2

    torch.set_num_threads(1)
    folder, out = tmp_path_factory.mktemp("gpt2"), tmp_path_factory.mktemp("wording")
    save_tiny_gpt2(folder, [f"{prompt(one)} {one.context.question}" for one in lessons()])
    settings = WordingTraining(
        out=out, model=str(folder), data=Path(), examples=600, batch=3, lora_rate=1e-2, warmup=5, threads=1)
    read = language(settings.model)
    torch.manual_seed(0)
    train_causal.fit(read, {"mine": lessons()}, lessons(), 3, settings, QuestionTelling(read), {}, {"kind": "wording"})
    return Wording(out, threads=1)


def test_what_was_learnt_by_heart_is_asked(wording: Wording):
    torch.manual_seed(0)
    found = wording.questions(lessons(), samples=2, temperature=0.05)
    assert [questions[0] for questions in found] == list(ASKED)


def test_a_query_that_is_too_long_gets_no_question(wording: Wording):
    one = lessons()[0]
    long = Lesson(one.context, one.symbols * 100)
    assert wording.questions([long, one], samples=1, temperature=0.05)[0] == []
    assert wording.questions([long], samples=1) == [[]]


def test_a_folder_without_weights_is_named(tmp_path: Path):
    with pytest.raises(BadWeights, match="no weights"):
        Wording(tmp_path, threads=1)


class Said:
    """Stands in for the language model."""

    def __init__(self, *questions: str) -> None:
        self.said = questions

    def questions(self, lessons: Any, *, samples: int) -> list[list[str]]:
        return [list(self.said) for _ in lessons]


class Knows:
    """Stands in for the parser: the same candidates for every question."""

    def __init__(self, *sql: str) -> None:
        self.sql = sql

    def generate(self, contexts: Any, *, beam: int) -> list[list[Candidate]]:
        return [[Candidate(sql, -float(i)) for i, sql in enumerate(self.sql)] for _ in contexts]


def kept(parser: Knows, *questions: str) -> tuple[list[str], Counter[str]]:
    source = Source("worded", (), {"singers": SINGERS}, dialect="duckdb")
    counts: Counter[str] = Counter()
    make = worded.Worded(source, Said(*questions), parser, 1)  # type: ignore[arg-type]
    asked = worded.Asked(lesson("From France?", "SELECT name FROM singer WHERE country = 'France'"), "singers")
    return [row["question"] for row in make([asked], counts)], counts


FRENCH = "SELECT name FROM singer WHERE country = 'France'"


def test_a_question_is_kept_where_the_parser_has_its_query_among_its_candidates():
    assert kept(Knows("SELECT 1", FRENCH), "Who comes from France?")[0] == ["Who comes from France?"]
    assert kept(Knows("SELECT 1"), "Who comes from France?")[0] == []


def test_a_question_that_leaves_out_a_value_or_is_the_old_one_is_not_kept():
    found, counts = kept(Knows(FRENCH), "Who comes from abroad?", "from France?", "French singers of France")
    assert found == ["French singers of France"]
    assert counts == {"queries": 1, "questions": 3, "linked": 1, "kept": 1}


def test_a_file_of_questions_is_read_with_its_databases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worded, "known", lambda data: {"singers": SINGERS})
    file = tmp_path / "worded.jsonl"
    row = {"question": "Who comes from France?", "sql": FRENCH, "database": "singers"}
    file.write_text(json.dumps(row) + "\n")
    assert [example.sql for example in worded.worded_source(tmp_path, file).examples] == [FRENCH]
    file.write_text(json.dumps(row) + "\n" + json.dumps({**row, "database": "other"}) + "\n")
    with pytest.raises(BadInput, match="line 2"):
        worded.worded_source(tmp_path, file)
    file.write_text("no\n")
    with pytest.raises(BadInput, match="line 1: not JSON"):
        worded.worded_source(tmp_path, file)
    with pytest.raises(BadInput, match="can't be read"):
        worded.worded_source(tmp_path, tmp_path / "missing.jsonl")


def test_without_training_data_the_command_says_so(tmp_path: Path):
    with pytest.raises(BadInput, match="no spider"):
        worded.main(["--data", str(tmp_path), "--wording", str(tmp_path), "--out", str(tmp_path / "x")])
