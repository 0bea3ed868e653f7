"""The suite of replaced schema words: what is replaced, what stays, and that the shipped one holds no sentence."""
from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from nl2sql.data.sources.wordnet import WordNet
from nl2sql.errors import BadInput
from nl2sql.eval import cases, synonyms
from nl2sql.eval.synonyms import read_words, replaced, substitutions
from nl2sql.records import Column, Schema, Table

PETS = Schema((Table("pets", (Column("id", "INT", "number", "pet id"), Column("kind", "TEXT", "text", "pet type")), "pets"),), ())
WORDS = """
[*]
type = sort
[pets]
pet = animal
type = kind
pet type = kind of animal
"""


def said(tmp_path: Path, question: str, sql: str = "", words: str = WORDS) -> tuple[str, int, int]:
    file = tmp_path / "words.txt"
    file.write_text(words)
    pairs, gone, count = substitutions(1, question, sql, PETS, read_words(file)["pets"])
    return replaced(question, pairs), gone, count


def test_a_synonym_takes_the_number_the_article_and_the_capital_of_its_word(tmp_path: Path) -> None:
    assert said(tmp_path, "Pets of a pet type, or a pet?")[0] == "Animals of a kind of animal, or an animal?"


def test_the_longest_entry_and_a_databases_own_come_first(tmp_path: Path) -> None:
    assert said(tmp_path, "Which pet types or types?")[0] == "Which kinds of animal or kinds?"


def test_values_of_the_gold_stay_and_are_no_schema_words(tmp_path: Path) -> None:
    question = "How many of pet type pets are there?"
    assert said(tmp_path, question, "SELECT count(*) FROM pets WHERE kind = 'Pet Type'") == (
        "How many of pet type animals are there?", 1, 1
    )  # fmt: skip


def test_words_that_the_schema_does_not_have_stay(tmp_path: Path) -> None:
    assert said(tmp_path, "Which owner?", words="[pets]\nowner = keeper") == ("Which owner?", 0, 0)


def test_a_synonym_that_holds_the_word_itself_replaces_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, "Which pets?", words="[pets]\npet = pet animal")[1:] == (0, 1)


def test_pairs_are_replaced_from_left_to_right() -> None:
    assert replaced("name by name_x and rename", [("name", "title"), ("name", "label")]) == "title by label_x and rename"


def test_a_suite_that_does_not_fit_the_data_is_refused() -> None:
    with pytest.raises(BadInput, match="which this question doesn't have"):
        replaced("Which pets?", [("dogs", "hounds")])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One database in Spider's form, with a question whose schema words all have synonyms, and one where half have."""
    columns = [[-1, "*"], [0, "pet id"], [0, "weight"]]
    tables = {"db_id": "pets", "table_names": ["pets"], "table_names_original": ["pets"], "column_names": columns,
              "column_names_original": columns, "column_types": ["text", "number", "number"], "primary_keys": [1],
              "foreign_keys": []}  # fmt: skip
    questions = ["Which pets are pets?", "Which pets have a weight?"]
    (tmp_path / "tables.json").write_text(json.dumps([tables]))
    (tmp_path / "dev.json").write_text(json.dumps([{"question": q, "query": "SELECT 1", "db_id": "pets"} for q in questions]))
    (tmp_path / "database" / "pets").mkdir(parents=True)
    with sqlite3.connect(tmp_path / "database" / "pets" / "pets.sqlite") as connection:
        connection.execute("CREATE TABLE pets (id INTEGER)")
    return tmp_path


def test_the_suite_is_made_by_a_command_and_asked_by_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "words.txt"
    file.write_text(WORDS)
    monkeypatch.setattr(synonyms, "read_words", lambda: read_words(file))
    monkeypatch.setattr(synonyms, "SUITE", tmp_path / "suite.jsonl")
    synonyms.main(["--data", str(folder), "--out", str(tmp_path / "suite.jsonl")])
    suite = cases.load("spider_synonyms", folder)
    assert [(case.number, case.question, case.database) for case in suite.cases] == [(1, "Which animals are animals?", "pets")]


def test_the_shipped_suite_holds_fragments_only() -> None:
    lines = [json.loads(line) for line in synonyms.SUITE.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 900 and all(line["replace"] and set(line) == {"row", "replace"} for line in lines)
    assert max(len(words.split()) for line in lines for words, _ in line["replace"]) <= 6


def test_wordnet_knows_equal_wider_and_narrower_words(tmp_path: Path) -> None:
    animal, dog = "01 05 n 01 animal 0 000 | a", "02 05 n 02 dog 0 domestic_dog 0 001 @ 01 n 0000 | b"
    noun = f"  1 licence\n{animal}\n{dog}\n03 05 n 01 stone 0 000 | c\n"
    for part in ("noun", "verb", "adj"):
        (tmp_path / f"data.{part}").write_text(noun if part == "noun" else "")
        (tmp_path / f"index.{part}").write_text("")
    wordnet = WordNet(tmp_path)
    assert wordnet.related("dogs", "domestic dog") and wordnet.related("dog", "animal")
    assert not wordnet.related("dog", "stone")
