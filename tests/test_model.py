"""Prompt, network, weights, generation, training: tiny layers on a tiny encoder with the real tokenizer."""
from __future__ import annotations

import datetime as dt
import json
import math
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.errors import BadInput, BadWeights
from nl2sql.model import relations
from nl2sql.model.prompt import DoesNotFit, Pieces, build_prompt, word_pieces
from nl2sql.records import Column, Context, Example, ForeignKey, Pointer, Schema, Symbol, Table
from nl2sql.sql.grammar import Grammar
from nl2sql.sql.ir import from_sql, to_sql

torch = pytest.importorskip("torch")

from nl2sql.model import average, packing, weights  # noqa: E402
from nl2sql.model.embedding import Embedder  # noqa: E402
from nl2sql.model.encoder import minilm_folder  # noqa: E402
from nl2sql.model.feeding import Lesson, Mix  # noqa: E402
from nl2sql.model.fitting import Fitting, Pace  # noqa: E402
from nl2sql.model.generate import PointerGenerator, Scripted  # noqa: E402
from nl2sql.model.network import NOT_SCORED, Batch, Shape, collate  # noqa: E402
from nl2sql.model.plain import PlainBert  # noqa: E402
from nl2sql.model.similar import SimilarNames  # noqa: E402
from nl2sql.model.variation import Rates, Showing, vary  # noqa: E402

TINY = Shape(width=64, heads=2, relation_layers=1, decoder_layers=1, dropout=0.0)
DAY = dt.date(2025, 1, 1)
SCHEMA = Schema((
    Table("singer", (
        Column("singer_id", "INTEGER", "number", "singer id", primary_key=True), Column("name", "VARCHAR", "text", "name"),
        Column("country", "VARCHAR", "text", "country"), Column("age", "INTEGER", "number", "age"),
    ), "singer"),
    Table("concert", (
        Column("concert_id", "INTEGER", "number", "concert id", primary_key=True),
        Column("singer_id", "INTEGER", "number", "singer id"), Column("held_on", "DATE", "date", "held on"),
        Column("city", "VARCHAR", "text", "city"),
    ), "concert"),
), (ForeignKey(5, 0),))
VALUES = {2: ("France", "Germany"), 7: ("Paris", "Berlin")}
INDEX = ValueIndex(SCHEMA, VALUES)
QUESTIONS = {
    "How many singers are from France?": "SELECT COUNT(*) FROM singer WHERE country = 'France'",
    "Names of singers older than 30": "SELECT name FROM singer WHERE age > 30",
    "Cities of concerts in 2014": "SELECT city FROM concert WHERE held_on >= '2014-01-01' AND held_on < '2015-01-01'",
    "Which singer gave the most concerts?":
        "SELECT singer.name FROM singer JOIN concert ON singer.singer_id = concert.singer_id"
        " GROUP BY singer.singer_id, singer.name ORDER BY COUNT(*) DESC LIMIT 1",
}


def context(question: str) -> Context:
    return build_context(question, SCHEMA, INDEX, DAY)


def lessons() -> list[Lesson]:
    found = []
    for question, sql in QUESTIONS.items():
        asked = context(question)
        found.append(Lesson(asked, from_sql(sql, asked, "duckdb")))
    return found


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other are slow where tests share the cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory) -> Path:
    """A small BERT with random weights, in the form of a sentence-transformers folder."""
    from transformers import BertConfig, BertModel

    directory = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    small = BertConfig(hidden_size=64, num_hidden_layers=1, num_attention_heads=2, intermediate_size=128)
    BertModel(small).save_pretrained(directory)
    shutil.copy(minilm_folder() / "tokenizer.json", directory)
    return directory


@pytest.fixture(scope="module")
def pieces(encoder) -> Pieces:
    return word_pieces(encoder)


def fitting(encoder: Path, *, examples: int, rates: Rates | None = None, workers: int = 0) -> Fitting:
    torch.manual_seed(1)
    model = weights.with_base_lora(weights.new_parser(encoder, TINY), rank=4)
    pace = Pace(examples=examples, batch=4, warmup=5, rate=2e-3, report_every=10_000, workers=workers)
    showing = Showing(word_pieces(encoder), TINY.positions, rates or Rates(), similar=linking(encoder))
    return Fitting(model, Mix({"mine": lessons()}, {}), showing, pace)


def write(directory: Path, model, averaged=None, **more) -> None:
    weights.save(directory, model, {"shape": asdict(TINY), **more}, "# card\n", averaged=averaged or {})


@pytest.fixture(scope="module")
def trained(encoder, tmp_path_factory) -> Iterator[tuple[Path, Fitting]]:
    """A tiny base that knows four questions by heart."""
    directory = tmp_path_factory.mktemp("base")
    training = fitting(encoder, examples=800, rates=Rates(tables=0, columns=0, values=0, links=0))
    training.run(lambda averages, figures: write(directory, training.model, averages))
    yield directory, training


def logits(directory: Path, encoder: Path, *, adapter: Path | None = None) -> Any:
    """What the parser that answers makes of the four lessons, step by step, where there is a target."""
    from nl2sql.model.decoding import Stepper

    parser, batch = weights.load(encoder, directory, adapter), known_batch(encoder)
    with torch.inference_mode():
        stepper = Stepper(parser.head, parser.encode(batch), batch.slots, batch.targets_allowed, 1)
        stepped = torch.cat([stepper.step(batch.inputs[:, i : i + 1]) for i in range(batch.inputs.size(1))], 1)
    return stepped[batch.targets != NOT_SCORED]


def linking(encoder: Path) -> SimilarNames:
    return SimilarNames(Embedder(PlainBert(encoder), word_pieces(encoder)))


def known_batch(encoder: Path) -> Batch:
    """The lessons as they were shown in training."""
    linked, pieces, known = linking(encoder), word_pieces(encoder), lessons()
    return collate([build_prompt(linked(lesson.context), pieces) for lesson in known], [lesson.symbols for lesson in known])


def peft_logits(parser, directory: Path, encoder: Path) -> Any:
    """The same as PEFT and transformers have it."""
    from peft import PeftModel

    batch = known_batch(encoder)
    with torch.inference_mode():
        return PeftModel.from_pretrained(parser, directory).eval()(batch)[batch.targets != NOT_SCORED]


# prompt


def test_the_slots_are_words_then_schema_then_numbers_and_periods(pieces):
    asked = context("How many singers from France are older than 30 in 2014?")
    prompt = build_prompt(asked, pieces)
    kinds = [slot.kind for slot in prompt.slots]
    words = len(asked.words)
    schema = kinds[words : len(kinds) - len(asked.numbers) - len(asked.periods)]
    assert kinds[:words] == ["word"] * words
    assert set(schema) == {"table", "column", "value"} and schema[0] == "table"
    assert kinds[words + len(schema) :] == ["number"] * len(asked.numbers) + ["period"] * len(asked.periods)
    assert asked.numbers and asked.periods


def test_a_slot_covers_the_word_pieces_of_its_name(pieces):
    prompt = build_prompt(context("How many singers are there?"), pieces)
    start, end = prompt.spans[prompt.slots.index(Pointer("column", 6))]
    assert tuple(prompt.ids[start:end]) == pieces("held on")


def test_a_linked_value_follows_its_column(pieces):
    asked = context("How many singers are from France?")
    prompt = build_prompt(asked, pieces)
    place = prompt.slots.index(Pointer("value", 0))
    assert asked.values[0].value == "France"
    assert prompt.slots[place - 1] == Pointer("column", asked.values[0].column)


def test_a_prompt_that_is_too_long_loses_unlinked_columns_first(pieces):
    asked = context("What is the age of each singer?")
    whole = build_prompt(asked, pieces)
    short = build_prompt(asked, pieces, limit=len(whole.ids) - 4)
    assert len(short.ids) <= len(whole.ids) - 4
    assert Pointer("column", 3) in short.slots
    assert Pointer("column", 7) not in short.slots


def test_needed_columns_that_do_not_fit_are_never_dropped_silently(pieces):
    asked = context("What is the age of each singer?")
    with pytest.raises(DoesNotFit):
        build_prompt(asked, pieces, needed={Pointer("column", i) for i in range(8)}, limit=20)


def test_relations_know_keys_membership_and_links(pieces):
    prompt = build_prompt(context("How many singers are from France?"), pieces)
    at = {slot: i for i, slot in enumerate(prompt.slots)}
    def related(a: Pointer, b: Pointer) -> int:
        return int(prompt.relations[at[a], at[b]])

    assert related(Pointer("column", 5), Pointer("column", 0)) == relations.REFERS
    assert related(Pointer("table", 0), Pointer("table", 1)) == relations.TABLE_REFERRED
    assert related(Pointer("table", 0), Pointer("column", 3)) == relations.HAS_COLUMN
    assert related(Pointer("value", 0), Pointer("column", 2)) == relations.OF_COLUMN
    assert related(Pointer("word", 2), Pointer("table", 0)) == relations.MATCH[relations.TABLE, 2][0]
    assert related(Pointer("word", 5), Pointer("value", 0)) == relations.MATCH[relations.VALUE, 3][0]
    assert related(Pointer("word", 3), Pointer("word", 4)) == relations.NEAR[1]


def test_the_previous_query_can_be_looked_at_but_not_pointed_at(pieces):
    symbols: tuple[Symbol, ...] = ("select", Pointer("column", 1))
    prompt = build_prompt(replace(context("Only those older than 30"), previous=symbols), pieces)
    assert len(prompt.spans) == len(prompt.slots) + 2
    last = len(prompt.spans) - 1
    assert prompt.relations[last, prompt.slots.index(Pointer("column", 1))] == relations.POINTS_AT
    assert not collate([prompt]).targets_allowed[0, -2:].any()


# training


def test_a_varied_lesson_still_means_its_query():
    rng = random.Random(0)
    for lesson in lessons() * 10:
        varied = vary(lesson, rng, Rates(tables=0.9, columns=0.9, values=0.9, links=0.5))
        assert to_sql(varied.symbols, varied.context) == to_sql(lesson.symbols, lesson.context)


def test_a_thin_lesson_shows_less_and_still_what_it_needs(pieces):
    def columns(thin: float) -> int:
        rng, show = random.Random(0), Showing(pieces, TINY.positions, Rates(thin=thin))
        shown = [one for lesson in lessons() * 10 if (one := show(lesson, rng))]
        assert all(symbol in prompt.slots for prompt, symbols in shown for symbol in symbols if isinstance(symbol, Pointer))
        return sum(slot.kind == "column" for prompt, _ in shown for slot in prompt.slots)

    assert columns(1.0) < 0.8 * columns(0.0)


def test_a_varied_lesson_keeps_the_previous_query_and_shows_what_it_points_at():
    asked = context("Singers from Germany and France | concerts in Paris")
    previous = from_sql("SELECT held_on FROM concert WHERE city = 'Paris'", asked, "duckdb")
    asks = from_sql("SELECT name FROM singer WHERE country = 'France'", asked, "duckdb")
    lesson = Lesson(replace(asked, previous=previous), asks)
    rng = random.Random(0)
    for _ in range(30):
        varied = vary(lesson, rng, Rates(tables=0.9, columns=0.9, values=0.9, links=0.5))
        assert to_sql(varied.context.previous, varied.context) == to_sql(previous, asked)
        assert {6, 7} <= set(varied.context.columns)


def test_the_order_of_the_previous_query_matters(trained, pieces, encoder):
    asked = context("Names of singers older than 30 | and the age?")
    parser = weights.load(encoder, trained[0])
    states = []
    for symbols in (("select", "distinct", "asc"), ("select", "asc", "distinct")):
        batch = collate([build_prompt(replace(asked, previous=symbols), pieces)])
        blank = batch._replace(relations=torch.zeros_like(batch.relations))  # neighbours are told by relations too
        with torch.inference_mode():
            states.append(parser.encode(blank)[0, 0])
    assert not torch.allclose(states[0], states[1])


def test_a_first_question_is_encoded_as_if_there_were_no_conversations(trained, pieces, encoder, monkeypatch):
    from nl2sql.model.network import Head

    parser, batch = weights.load(encoder, trained[0]), known_batch(encoder)
    with torch.inference_mode():
        states = parser.encode(batch)
        monkeypatch.setattr(Head, "previous_query", lambda self, batch: 0)
        torch.testing.assert_close(parser.encode(batch), states, rtol=0, atol=0)


def test_lessons_come_from_the_cache_with_their_previous_query(monkeypatch, tmp_path):
    from nl2sql.model.train_data import Known, Source, prepare

    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path))
    first = "Names of singers from France", "SELECT name FROM singer WHERE country = 'France'"
    turn = Example("and from Germany?", "SELECT name FROM singer WHERE country = 'Germany'", "mine", (), (first,))
    source = Source("turns", [turn], {"mine": Known(SCHEMA, VALUES, DAY)}, "duckdb")
    [made], [kept] = prepare(source), prepare(source)
    assert made == kept and to_sql(kept.context.previous, kept.context) == first[1]


def test_a_training_may_start_from_the_weights_of_another(trained, encoder):
    torch.manual_seed(5)
    model = weights.with_base_lora(weights.new_parser(encoder, TINY), rank=4)
    weights.start_from(model, trained[0])
    started = dict(model.named_parameters())
    for name, weight in trained[1].averages.items():
        torch.testing.assert_close(started[name].detach(), weight.half().float())


def test_a_training_does_not_start_from_weights_of_another_rank(trained, encoder):
    model = weights.with_base_lora(weights.new_parser(encoder, TINY), rank=2)
    with pytest.raises(BadWeights, match="don't fit this training"):
        weights.start_from(model, trained[0])


def test_training_learns_a_handful_of_questions_by_heart(trained, encoder):
    directory, _ = trained
    found = PointerGenerator(directory, encoder=encoder, threads=1).generate([context(question) for question in QUESTIONS])
    best = [candidates[0].symbols for candidates in found]
    assert best == [lesson.symbols for lesson in lessons()]


def test_a_search_that_ends_early_misses_nothing_likely(trained, encoder, monkeypatch):
    from nl2sql.model.decoding import Stepper

    steps: list[int] = []
    step = Stepper.step

    def counted(self: Stepper, inputs: Any) -> Any:
        steps.append(1)
        return step(self, inputs)

    monkeypatch.setattr(Stepper, "step", counted)

    def found(least: float) -> tuple[list[list[Any]], int]:
        steps.clear()
        generator = PointerGenerator(trained[0], encoder=encoder, threads=1, least=least)
        return [generator.generate([context(question)])[0] for question in QUESTIONS], len(steps)

    (whole, long), (early, short) = found(0.0), found(0.02)
    assert short < long
    for all_of_them, some in zip(whole, early, strict=True):
        likely = [c.sql for c in all_of_them if c.score >= all_of_them[0].score + math.log(0.02)]
        assert [c.sql for c in some[: len(likely)]] == likely


@pytest.mark.parametrize("workers", [0, 2])
def test_a_training_that_was_killed_goes_on_as_if_nothing_had_happened(encoder, tmp_path, workers):
    whole = fitting(encoder, examples=40)
    whole.run(lambda *_: None)
    first = fitting(encoder, examples=40, workers=workers)
    batches = first.feed.batches()
    for _ in range(4):
        first._learn(next(batches), 0.0)
    first.write(tmp_path / "checkpoint.pt")
    second = fitting(encoder, examples=40)
    second.read(tmp_path / "checkpoint.pt")
    second.run(lambda *_: None)
    assert second.step == whole.step
    for name, weight in whole.weights.items():
        torch.testing.assert_close(second.weights[name], weight)


def test_every_source_is_gone_through_before_it_repeats():
    mix = Mix({"a": lessons()}, {})
    drawn = mix.draw(4, random.Random(0))
    assert {mix.sources[name][number].context.question for name, number in drawn} == set(QUESTIONS)


# weights


@pytest.fixture
def exact(monkeypatch):
    """Everything in fp32, whatever this processor is fast at."""
    monkeypatch.setattr(packing, "precision_of_many", lambda: torch.float32)


def test_weights_read_without_peft_are_those_that_peft_reads(trained, pieces, encoder, exact):
    theirs = peft_logits(weights.new_parser(encoder, TINY), trained[0], encoder)
    torch.testing.assert_close(logits(trained[0], encoder), theirs, atol=2e-3, rtol=1e-3)


@pytest.fixture(scope="module")
def adapter(trained, tmp_path_factory, encoder) -> Path:
    """An adapter with random weights on the tiny base."""
    directory = tmp_path_factory.mktemp("adapter")
    torch.manual_seed(2)
    model = weights.with_adapter_lora(weights.load_merged(encoder, trained[0]), rank=4)
    for name, weight in model.named_parameters():
        if ".lora_B." in name:
            torch.nn.init.normal_(weight, std=0.02)
    write(directory, model, fingerprint="f")
    return directory


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_in_either_precision_the_same_queries_are_likely(trained, pieces, encoder, precision, monkeypatch):
    monkeypatch.setattr(packing, "precision_of_many", lambda: precision)
    scores = logits(trained[0], encoder).softmax(-1)
    batch = known_batch(encoder)
    learnt = batch.targets[batch.targets != NOT_SCORED]
    assert torch.equal(scores.argmax(-1), learnt)
    theirs = peft_logits(weights.new_parser(encoder, TINY), trained[0], encoder).softmax(-1)
    torch.testing.assert_close(scores, theirs, atol=0.05, rtol=0)


def test_an_adapter_read_without_peft_is_the_one_that_peft_reads(trained, adapter, pieces, encoder, exact):
    ours = logits(trained[0], encoder, adapter=adapter)
    theirs = peft_logits(weights.load_merged(encoder, trained[0]), adapter, encoder)
    torch.testing.assert_close(ours, theirs, atol=2e-3, rtol=1e-3)
    assert (ours - logits(trained[0], encoder)).abs().max() > 0.1


def test_an_adapter_of_the_shipped_sizes_is_under_four_megabytes(tmp_path):
    parser = weights.new_parser(minilm_folder(), Shape())
    weights.save(tmp_path, weights.with_adapter_lora(parser), {}, "", averaged={})
    assert (tmp_path / weights.TENSORS).stat().st_size < 4_000_000


def test_loading_imports_neither_peft_nor_transformers(trained, encoder):
    code = (
        "import sys; from pathlib import Path; from nl2sql.model.generate import PointerGenerator;"
        f"PointerGenerator(Path({str(trained[0])!r}), encoder=Path({str(encoder)!r}));"
        "assert not {'peft', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", [weights.TENSORS, weights.CONFIG, weights.DESCRIPTION])
def test_weights_that_are_missing_are_reported_in_a_sentence(trained, tmp_path, name, encoder):
    shutil.copytree(trained[0], tmp_path / "base")
    (tmp_path / "base" / name).unlink()
    with pytest.raises(BadWeights, match=f"{name} is missing"):
        PointerGenerator(tmp_path / "base", encoder=encoder, threads=1)


@pytest.mark.parametrize("name", [weights.TENSORS, weights.CONFIG, weights.DESCRIPTION])
def test_weights_that_are_damaged_are_reported_in_a_sentence(trained, tmp_path, name, encoder):
    shutil.copytree(trained[0], tmp_path / "base")
    file = tmp_path / "base" / name
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(BadWeights, match="damaged"):
        PointerGenerator(tmp_path / "base", encoder=encoder, threads=1)


def test_weights_of_other_sizes_are_refused(trained, tmp_path, encoder):
    shutil.copytree(trained[0], tmp_path / "base")
    file = tmp_path / "base" / weights.DESCRIPTION
    description = json.loads(file.read_text())
    description["shape"]["decoder_layers"] = 2
    file.write_text(json.dumps(description))
    with pytest.raises(BadWeights, match="don't fit"):
        PointerGenerator(tmp_path / "base", encoder=encoder, threads=1)


def test_weights_of_another_vocabulary_are_refused(trained, tmp_path, encoder):
    shutil.copytree(trained[0], tmp_path / "base")
    file = tmp_path / "base" / weights.DESCRIPTION
    description = json.loads(file.read_text())
    description["vocabulary"][4] = "pick"
    file.write_text(json.dumps(description))
    with pytest.raises(BadWeights, match="vocabulary"):
        PointerGenerator(tmp_path / "base", encoder=encoder, threads=1)


def test_the_encoder_is_found_with_a_cache_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "file"))
    assert (minilm_folder() / "tokenizer.json").is_file()


# generation


@pytest.fixture(scope="module")
def untrained(tmp_path_factory, encoder) -> Path:
    directory = tmp_path_factory.mktemp("untrained")
    torch.manual_seed(3)
    write(directory, weights.with_base_lora(weights.new_parser(encoder, TINY), rank=4))
    return directory


def test_whatever_the_weights_every_candidate_is_a_query_of_the_grammar(untrained, encoder):
    generator = PointerGenerator(untrained, encoder=encoder, threads=1)
    asked = [context(question) for question in QUESTIONS]
    found = generator.generate(asked, beam=6)
    for one, candidates in zip(asked, found, strict=True):
        grammar = Grammar(one)
        assert candidates
        assert all(grammar.accepts(candidate.symbols) for candidate in candidates)


def test_candidates_come_in_order_of_score_and_no_sql_twice(trained, encoder):
    generator = PointerGenerator(trained[0], encoder=encoder, threads=1)
    candidates = generator.generate([context("How many singers are from France?")], beam=6)[0]
    scores = [candidate.score for candidate in candidates]
    assert len(candidates) > 1
    assert scores == sorted(scores, reverse=True)
    assert len({candidate.sql for candidate in candidates}) == len(candidates)


def test_a_batch_gives_what_its_questions_give_alone(trained, encoder):
    generator = PointerGenerator(trained[0], encoder=encoder, threads=1)
    asked = [context(question) for question in (*QUESTIONS, "Show all concerts held in Berlin or Paris in 2014 by singers")]
    together = generator.generate(asked)
    for one, candidates in zip(asked, together, strict=True):
        alone = generator.generate([one])[0]
        assert [c.sql for c in alone][:2] == [c.sql for c in candidates][:2]
        assert np.allclose([c.score for c in alone][:2], [c.score for c in candidates][:2], atol=1e-2)


def test_a_scripted_generator_says_what_it_was_given():
    scripted = Scripted({"one?": "SELECT 1", "none?": None, "two?": ["SELECT 2", "SELECT 3"]})
    found = scripted.generate([context("one?"), context("none?"), context("two?"), context("else?")])
    assert [[candidate.sql for candidate in candidates] for candidates in found] == [
        ["SELECT 1"], [None], ["SELECT 2", "SELECT 3"], []]


def test_a_mean_of_weights_lies_between_them_and_can_be_read(trained, adapter, tmp_path, pieces, encoder):
    other = tmp_path / "other"
    shutil.copytree(adapter, other)
    weights.write(other, weights.half({weights.PREFIX + name: 3 * part for name, part in weights.read(adapter).items()}), {}, "")
    shutil.copyfile(adapter / weights.DESCRIPTION, other / weights.DESCRIPTION)
    average.main([str(adapter), str(other), "--out", str(tmp_path / "mean")])
    for name, part in weights.read(adapter).items():
        torch.testing.assert_close(weights.read(tmp_path / "mean")[name], 2 * part, atol=2e-3, rtol=2e-3)
    assert logits(trained[0], encoder, adapter=tmp_path / "mean").isfinite().all()
    with pytest.raises(BadInput, match="not of the same shape"):
        average.main([str(trained[0]), str(adapter), "--out", str(tmp_path / "no")])
    with pytest.raises(BadWeights, match="There are no weights"):
        average.main([str(adapter), str(tmp_path / "nowhere"), "--out", str(tmp_path / "no")])
