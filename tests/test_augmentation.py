"""Lessons that are made of lessons: a schema with other names, a question in other words or asked of another database."""
from __future__ import annotations

import datetime as dt
import lzma
import random
from pathlib import Path

import pytest

pytest.importorskip("torch")

from nl2sql.context.build import build_context
from nl2sql.data.sources.wordnet import WordNet
from nl2sql.errors import BadInput
from nl2sql.model import lessons, train
from nl2sql.model.encoder import minilm_folder
from nl2sql.model.feeding import Lesson
from nl2sql.model.prompt import word_pieces
from nl2sql.model.renaming import Renaming, other_words
from nl2sql.model.rewording import reworded, reworded_source
from nl2sql.model.train_data import Known, Source, prepare
from nl2sql.model.transplant import Form, Unfit, template, transplant, transplanted
from nl2sql.model.variation import Rates, Showing
from nl2sql.records import Column, Example, ForeignKey, Kind, Pointer, Schema, Table
from nl2sql.sql.ir import from_sql, to_sql

DAY = dt.date(2025, 1, 1)


def column(name: str, kind: Kind = "text", **more) -> Column:
    return Column(name, {"number": "INTEGER", "text": "VARCHAR"}[str(kind)], kind, name.replace("_", " "), **more)


def schema(one: str, other: str, text: str, number: str, place: str) -> Schema:
    """``other`` refers to ``one``."""
    return Schema((
        Table(one, (
            column(f"{one}_id", "number", primary_key=True), column("name"), column(text), column(number, "number")), one),
        Table(other, (column(f"{other}_id", "number", primary_key=True), column(f"{one}_id", "number"), column(place)), other),
    ), (ForeignKey(5, 0),))


SINGERS = Known(schema("singer", "concert", "country", "age", "city"), {2: ("France", "Peru"), 6: ("Rome", "Oslo")}, DAY)
OWNERS = Known(schema("owner", "vehicle", "district", "income", "colour"), {2: ("North", "South"), 6: ("red", "green")}, DAY)


def lesson(question: str, sql: str, known: Known = SINGERS) -> Lesson:
    context = build_context(question, known.schema, known.index, DAY)
    return Lesson(context, from_sql(sql, context, "duckdb"))


def asked_of(question: str, sql: str, known: Known = OWNERS) -> tuple[str, str]:
    """The only question that can be made for another database, and its SQL."""
    source = transplanted([("singers", lesson(question, sql))], {"owners": known}, times=1, seed=0)
    return source.examples[0].question, str(source.examples[0].sql)


def test_a_question_is_asked_of_another_database_in_its_words():
    question, sql = asked_of("What is the average age of singers?", "SELECT AVG(age) FROM singer")
    assert question == "What is the average income of owners?"
    assert "AVG(income)" in sql and "FROM owner" in sql


def test_values_are_exchanged_for_values_of_the_new_column():
    question, sql = asked_of("How many singers have the country Peru?", "SELECT COUNT(*) FROM singer WHERE country = 'Peru'")
    text, value = question.rstrip("?").split()[-2:]
    assert (text, value) in {("district", "North"), ("district", "South"), ("colour", "red"), ("colour", "green")}
    assert question == f"How many {'owners' if text == 'district' else 'vehicles'} have the {text} {value}?"
    assert f"{text} = '{value}'" in sql


def test_two_tables_stand_for_two_that_are_connected_in_the_same_way():
    question, sql = asked_of(
        "List the name of singers and the city of their concerts",
        "SELECT singer.name, concert.city FROM singer JOIN concert ON singer.singer_id = concert.singer_id")
    assert question == "List the name of owners and the colour of their vehicles"
    assert "owner.name, vehicle.colour" in sql and "owner.owner_id = vehicle.owner_id" in sql


@pytest.mark.parametrize(("question", "sql"), [
    ("Who is the oldest?", "SELECT name FROM singer ORDER BY age DESC LIMIT 1"),  # age is not named
    ("How many are there?", "SELECT COUNT(*) FROM singer"),
])
def test_a_question_that_does_not_name_its_columns_stays_where_it_is(question, sql):
    assert template(lesson(question, sql)) is None


def test_a_column_without_a_counterpart_is_unfit():
    asked = template(lesson("What is the average age of singers?", "SELECT AVG(age) FROM singer"))
    assert asked
    texts = Schema((Table("note", (column("heading"), column("body")), "note"),), ())
    with pytest.raises(Unfit):
        transplant(asked, Form(texts), Known(texts, {}, DAY), random.Random(0))


def test_what_was_transplanted_is_prepared_like_any_source(tmp_path, monkeypatch):
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path))
    source = transplanted([("singers", lesson("What is the average age of singers?", "SELECT AVG(age) FROM singer"))],
                          {"owners": OWNERS}, times=3, seed=0)
    assert len(prepare(source)) == len(source.examples) == 3


def test_other_names_hide_what_the_question_says_and_keep_the_query():
    asked = lesson("What is the average age of singers?", "SELECT AVG(age) FROM singer")
    renamed = Renaming({"singer": ["vocalist"], "age": ["years"]}, names=1.0, shortened=0.0)(asked, random.Random(0))
    words = [table.words for table in renamed.context.schema.tables]
    assert words == ["vocalist", "concert"]
    assert renamed.context.schema.columns[3].words == "years" and renamed.context.schema.columns[0].words == "vocalist id"
    assert Pointer("column", 3) in asked.context.links and Pointer("column", 3) not in renamed.context.links
    assert to_sql(renamed.symbols, renamed.context) == to_sql(asked.symbols, asked.context)


def test_a_name_that_keeps_a_word_is_named_in_part():
    asked = lesson("List singer id", "SELECT singer_id FROM singer")
    renamed = Renaming({"singer": ["vocalist"]}, names=1.0, shortened=0.0)(asked, random.Random(0))
    assert {link.level for link in asked.context.links[Pointer("column", 0)]} == {2}
    kept = renamed.context.links[Pointer("column", 0)]
    assert [(renamed.context.words[link.word].text, link.level) for link in kept] == [("id", 1)]


def test_one_name_keeps_one_name():
    others = {"singer": ["vocalist", "crooner", "voice", "performer"]}
    for seed in range(10):
        renamed = Renaming(others, names=1.0, shortened=0.0)(lesson("List singer id", "SELECT singer_id FROM singer"),
                                                             random.Random(seed))
        columns = renamed.context.schema.columns
        assert columns[0].words == columns[5].words != "singer id"


def test_a_plural_name_gets_another_name_in_the_plural():
    several = Known(schema("singers", "concert", "country", "age", "city"), {}, DAY)
    renamed = Renaming({"singer": ["vocalist"]}, names=1.0, shortened=0.0)(
        lesson("How many singers?", "SELECT COUNT(*) FROM singers", several), random.Random(0))
    assert renamed.context.schema.tables[0].words == "vocalists"


@pytest.mark.parametrize(("question", "other"), [
    ("What is the average age of singers?", "What is the average number of years of vocalists?"),
    ("Singers older than 30 by age", "Vocalists older than 30 by number of years"),
    ("How many singers have the country Peru?", "How many vocalists have the nation Peru?"),  # the value stays
    ("Cities of singers", "Cities of vocalists"),
    ("City and name of singers", None),  # two thirds have no other word
    ("How many are there?", None),
])
def test_a_question_says_names_in_other_words(question, other):
    others = {"singer": ["vocalist"], "age": ["number of years"], "country": ["nation"], "peru": ["nowhere"]}
    context = build_context(question, SINGERS.schema, SINGERS.index, DAY)
    assert reworded(context, others, 1.0, random.Random(0)) == other


def test_a_value_keeps_words_that_are_names_too():
    known = Known(SINGERS.schema, {6: ("Country Club",)}, DAY)
    context = build_context("Concerts with the city Country Club", known.schema, known.index, DAY)
    others = {"concert": ["gig"], "city": ["town"], "country": ["nation"]}
    assert reworded(context, others, 1.0, random.Random(0)) == "Gigs with the town Country Club"


@pytest.mark.parametrize(("share", "expected"), [(0.0, {False}), (1.0, {True}), (0.5, {False, True})])
def test_a_share_of_the_lessons_is_linked_by_the_thesaurus(share, expected):
    seen = set()

    def similar(context, synonyms):
        seen.add(synonyms)
        return context

    showing = Showing(word_pieces(minilm_folder()), 100, Rates(synonyms=share), similar=similar)
    for seed in range(20):
        showing(lesson("How many singers?", "SELECT COUNT(*) FROM singer"), random.Random(seed))
    assert seen == expected


def test_one_phrase_gets_one_other_in_a_question():
    context = build_context("Singers and the age of these singers", SINGERS.schema, SINGERS.index, DAY)
    for seed in range(10):
        first, *_, last = str(reworded(context, {"singer": ["voice", "crooner", "vocalist"]}, 1.0, random.Random(seed))).split()
        assert first.lower() == last


def test_reworded_questions_keep_their_sql_and_are_prepared_like_any_source(tmp_path, monkeypatch):
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path))
    sql = "SELECT name FROM singer WHERE age > 30"
    asked = Source("asked", [Example("Names of singers whose age is over 30", sql, "singers")], {"singers": SINGERS})
    source = reworded_source([asked], {"singer": ["vocalist"], "name": ["title"]}, share=1.0)
    assert [(it.question, it.sql) for it in source.examples] == [("Titles of vocalists whose age is over 30", sql)]
    only, = prepare(source)
    assert to_sql(only.symbols, only.context) == to_sql(lesson("age over 30", sql).symbols, lesson("age over 30", sql).context)


def test_names_are_shortened():
    shorten = Renaming(other_words([SINGERS.schema]), names=1.0, shortened=1.0)
    asked = lesson("How many singers?", "SELECT COUNT(*) FROM singer")
    found = {shorten(asked, random.Random(seed)).context.schema.tables[1].words for seed in range(20)}
    assert found <= {"cncrt", "con", "conc"} and len(found) > 1


def test_wordnets_words_for_a_noun_are_those_of_its_commonest_meaning(tmp_path: Path):
    licence = "  1 This software\n"
    (tmp_path / "data.noun").write_text(
        licence + "00000001 04 n 03 singer 0 vocalist 0 Caruso 0 000 | one who sings\n"
        "00000002 04 n 02 low 0 depression 0 000 | x\n"
        "00000003 04 n 02 singer 0 stitcher 0 000 | a machine\n")
    (tmp_path / "data.verb").write_text(licence)
    (tmp_path / "data.adj").write_text(licence + "00000004 00 a 01 low 0 000 | not high\n")
    (tmp_path / "index.noun").write_text(licence + "singer n 2 0 2 1 00000001 00000003\nlow n 1 0 1 1 00000002\n")
    (tmp_path / "index.adj").write_text(licence + "low a 1 0 1 1 00000004\n")
    wordnet = WordNet(tmp_path)
    assert wordnet.synonyms("singer") == ("vocalist",)
    assert wordnet.synonyms("singer", meanings=2) == ("vocalist", "stitcher")
    assert wordnet.synonyms("low") == ("depression",)
    (tmp_path / "index.adj").write_text(licence + "low a 1 0 1 5 00000004\n")
    assert WordNet(tmp_path).synonyms("low") == () == wordnet.synonyms("nothing")


def test_lessons_of_a_training_fit_in_one_file(tmp_path, monkeypatch):
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path))
    made = transplanted([("singers", lesson("What is the average age of singers?", "SELECT AVG(age) FROM singer"))],
                        {"owners": OWNERS}, times=3, seed=0)
    prepared = prepare(made)
    lessons.write(tmp_path / "all.xz", {"one": prepared, "two": prepared[1:]}, {"dev": 3})
    found, about = lessons.read(tmp_path / "all.xz")
    assert about == {"dev": 3} and list(map(len, found.values())) == [3, 2]
    for kept, asked in zip(found["one"], prepared, strict=True):
        assert kept.symbols == asked.symbols and kept.context.links == asked.context.links
        assert kept.context.schema == asked.context.schema and kept.context.as_of == DAY


@pytest.mark.parametrize("content", [b"", b"no xz", lzma.compress(b""), lzma.compress(b"{}\n{\"source\": \"x\"}\n"),
                                     lzma.compress(b'{}\n{"source": "x", "lessons": 2, "databases": {}}\n{}\n')])
def test_a_damaged_file_of_lessons_is_bad_input(tmp_path, content):
    (tmp_path / "lessons.xz").write_bytes(content)
    with pytest.raises(BadInput, match="no file of lessons"):
        lessons.read(tmp_path / "lessons.xz")


def test_a_training_without_data_says_what_is_missing(tmp_path):
    with pytest.raises(BadInput, match="--lessons"):
        train.main(["base", "--out", str(tmp_path)])
    with pytest.raises(BadInput, match="can't be read"):
        train.main(["base", "--out", str(tmp_path), "--lessons", str(tmp_path / "none.xz")])
