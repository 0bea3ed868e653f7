"""A causal language model that writes SQL as text: a tiny GPT-2 with a tokenizer of its own, saved and read as real ones are."""
from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

torch = pytest.importorskip("torch")

from nl2sql import Assistant, Database  # noqa: E402
from nl2sql.cli import main  # noqa: E402
from nl2sql.context.build import build_context  # noqa: E402
from nl2sql.context.linking import ValueIndex  # noqa: E402
from nl2sql.errors import BadInput, BadWeights, NoAnswer  # noqa: E402
from nl2sql.model import train_causal  # noqa: E402
from nl2sql.model.causal import CausalGenerator, Language, language, merge  # noqa: E402
from nl2sql.model.causal_text import prompt_text, prompt_tokens  # noqa: E402
from nl2sql.model.feeding import Lesson  # noqa: E402
from nl2sql.model.lessons import Lessons, line, write  # noqa: E402
from nl2sql.model.network import NOT_SCORED  # noqa: E402
from nl2sql.model.prompt import DoesNotFit  # noqa: E402
from nl2sql.model.settings import CausalTraining  # noqa: E402
from nl2sql.records import Column, Context, Pointer, Schema, Symbol, Table  # noqa: E402
from nl2sql.sql.ir import from_sql, to_sql  # noqa: E402
from nl2sql.sql.symbols import NONE  # noqa: E402

DAY = dt.date(2025, 1, 1)
SCHEMA = Schema((Table("singer", (
    Column("name", "VARCHAR", "text", "name"), Column("country", "VARCHAR", "text", "country"),
    Column("age", "INTEGER", "number", "age"),
), "singer"),))
INDEX = ValueIndex(SCHEMA, {1: ("France", "Germany")})
QUESTIONS = {
    "How many singers are from France?": "SELECT COUNT(*) FROM singer WHERE country = 'France'",
    "Names of singers older than 30": "SELECT name FROM singer WHERE age > 30",
    "What is the weather?": None,
}


def context(question: str) -> Context:
    return build_context(question, SCHEMA, INDEX, DAY)


def lessons() -> list[Lesson]:
    asked = {question: context(question) for question in QUESTIONS}
    return [Lesson(asked[q], from_sql(sql, asked[q], "duckdb") if sql else (NONE,)) for q, sql in QUESTIONS.items()]


def written(lesson: Lesson) -> str | None:
    """The lesson's query as the library spells it."""
    return None if lesson.symbols == (NONE,) else to_sql(lesson.symbols, lesson.context)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def save_tiny_gpt2(folder: Path, texts: list[str]) -> None:
    """A GPT-2 with random weights and a tokenizer of pieces of these texts' words, as ``save_pretrained`` leaves them."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<end>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>").save_pretrained(folder)
    torch.manual_seed(0)
    GPT2LMHeadModel(GPT2Config(
        vocab_size=400, n_positions=400, n_embd=64, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=0, resid_pdrop=0.0,
        embd_pdrop=0.0, attn_pdrop=0.0, initializer_range=0.1)).save_pretrained(folder)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gpt2")
    seen = [prompt_text(lesson.context, lesson.context.columns, "duckdb") for lesson in lessons()]
    save_tiny_gpt2(folder, [*seen, *filter(None, QUESTIONS.values())])
    return folder


def settings(checkpoint: Path, out: Path, **more: Any) -> CausalTraining:
    fixed = CausalTraining(
        out=out, model=str(checkpoint), examples=600, dialect="duckdb", batch=3, lora_rate=1e-2, warmup=5, rank=16, threads=1,
        test_every=10_000)
    return replace(fixed, **more)


def fitted(chosen: CausalTraining) -> train_causal.Fitting:
    torch.manual_seed(0)
    read = language(chosen.model)
    telling = train_causal.Telling(read, read.room(chosen.limit), chosen.dialect)
    about = {"kind": "causal", "dialect": chosen.dialect, "limit": telling.limit}
    return train_causal.fit(read, {"mine": lessons()}, lessons(), len(QUESTIONS), chosen, telling, {}, about)


@pytest.fixture(scope="module")
def trained(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("causal")
    fitted(settings(checkpoint, out))
    return out


@pytest.fixture(scope="module")
def generator(trained: Path) -> CausalGenerator:
    return CausalGenerator(trained, threads=1)


@pytest.mark.parametrize("beam", [1, 4])
def test_what_was_learnt_by_heart_is_written(generator: CausalGenerator, beam: int) -> None:
    found = generator.generate([context(question) for question in QUESTIONS], beam=beam)
    assert [candidates[0].sql for candidates in found] == [written(lesson) for lesson in lessons()]
    for candidates in found:
        assert 1 <= len(candidates) <= beam
        assert len({candidate.sql for candidate in candidates}) == len(candidates)
        assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
        assert all(abs(sum(c.steps) - c.score) < 1e-4 for c in candidates)


def test_a_question_is_answered_the_same_alone_and_beside_others(generator: CausalGenerator) -> None:
    asked = [context(question) for question in QUESTIONS]
    for one, beside in zip(asked, generator.generate(asked, beam=3), strict=True):
        alone = generator.generate([one], beam=3)[0]
        assert [candidate.sql for candidate in alone] == [candidate.sql for candidate in beside]
        assert [c.score for c in alone] == pytest.approx([c.score for c in beside], abs=1e-3)


def test_scores_are_the_log_probabilities_of_the_model(generator: CausalGenerator) -> None:
    """Of every line of the beam: each goes on from its own past."""
    asked = context("Names of singers older than 30")
    found: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generator, "_candidates", lambda search: found.extend(search.finished))
        generator.generate([asked], beam=4)
    assert len(found) == 4
    prompt = prompt_tokens(asked, generator.language.tokens, 200)
    for score, said_, steps in found:
        answer = [*said_, generator.language.end]
        with torch.inference_mode():
            logits = generator.model(torch.tensor([prompt + answer])).logits[0].log_softmax(-1)
        assert steps == pytest.approx([float(logits[len(prompt) - 1 + i, t]) for i, t in enumerate(answer)], abs=1e-3)
        assert score == pytest.approx(sum(steps), abs=1e-4)


@pytest.fixture
def singers(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "singers.duckdb")) as connection:
        connection.execute("CREATE TABLE singer (name VARCHAR, country VARCHAR, age INTEGER)")
        connection.execute("INSERT INTO singer VALUES ('Anna', 'France', 25), ('Bert', 'Germany', 40)")
    return tmp_path / "singers.duckdb"


def test_an_assistant_answers_with_it(generator: CausalGenerator, singers: Path) -> None:
    with Database(singers, as_of=DAY) as database:
        assistant = Assistant(database, generator=generator)
        assert assistant.ask("Names of singers older than 30").result.rows == (("Bert",),)
        with pytest.raises(NoAnswer):
            assistant.ask("What is the weather?")


def test_an_evaluation_asks_it_and_tells_its_size(
    checkpoint: Path, trained: Path, singers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite = singers.parent / "suite.jsonl"
    suite.write_text("".join(json.dumps({"question": q, "sql": sql}) + "\n" for q, sql in QUESTIONS.items()))
    words = ["eval", str(suite), "--db", str(singers), "--causal", str(trained), "--as-of", "2025-01-01"]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    size = sum(weight.numel() for weight in language(str(checkpoint)).model.parameters())
    assert (found["right"], found["n"], found["rightly_unanswered"]) == (2, 2, 1)
    assert (found["parameters"], found["megabytes"]) == (size, round(size * 4 / 1e6))
    assert "leave --base and --predictions out" in said(capsys, [*words, "--base", str(trained)])


def test_weights_are_added_as_peft_adds_them(checkpoint: Path, trained: Path) -> None:
    from peft import PeftModel

    merged, beside = language(str(checkpoint)).model, PeftModel.from_pretrained(language(str(checkpoint)).model, str(trained))
    ids = torch.arange(20)[None]
    with torch.inference_mode():
        before = merged(ids).logits
        merge(merged, trained)
        torch.testing.assert_close(merged(ids).logits, beside(ids).logits, atol=1e-3, rtol=1e-3)
    assert (before - merged(ids).logits).abs().max() > 0.1


def test_a_model_that_nobody_has_trained_writes_too(checkpoint: Path) -> None:
    found = CausalGenerator(checkpoint, threads=1).generate([context("Names of singers older than 30")], beam=2)
    assert len(found) == 1  # what it writes is noise


def test_a_training_that_was_stopped_goes_on_to_the_same_weights(checkpoint: Path, tmp_path: Path) -> None:
    whole = fitted(settings(checkpoint, tmp_path / "whole", examples=24))
    half = settings(checkpoint, tmp_path / "half", examples=24, save_minutes=0.0)
    learn = train_causal.Fitting._learn
    steps: list[int] = []

    def watched(self: train_causal.Fitting, *given: Any) -> None:
        steps.append(self.step)
        if len(steps) == 5:
            raise KeyboardInterrupt
        learn(self, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_causal.Fitting, "_learn", watched)
        with pytest.raises(KeyboardInterrupt):
            fitted(half)
        resumed = fitted(replace(half, resume=True))
    assert steps == [0, 1, 2, 3, 4, 4, 5, 6, 7]
    assert resumed.seen == whole.seen == 24
    for name, weight in whole.weights.items():
        torch.testing.assert_close(weight, resumed.weights[name])


def telling(checkpoint: Path) -> train_causal.Telling:
    return train_causal.Telling(language(str(checkpoint)), 200, "duckdb")


def test_only_the_sql_and_its_end_are_learnt(checkpoint: Path) -> None:
    tell = telling(checkpoint)
    shown = [tell(lesson, random.Random(0)) for lesson in lessons()]
    batch = train_causal.texts(shown)
    for row, (asked, answer) in zip(range(len(shown)), shown, strict=True):
        learnt = batch.targets[row][batch.targets[row] != NOT_SCORED]
        assert learnt.tolist() == list(answer) and answer[-1] == tell.language.end
        place = batch.ids.size(1) - batch.targets.size(1) + int((batch.targets[row] != NOT_SCORED).nonzero()[0])
        assert place == len(asked.ids) - 1  # the prompt's last token is followed by the first of the SQL
        assert int(batch.shown[row].sum()) == len(asked.ids) + len(answer) - 1
    assert tell.language.text(shown[0][1]).strip() == written(lessons()[0])


def test_a_prompt_says_what_is_known() -> None:
    text = prompt_text(context("How many singers are from France?"), (0, 1, 2), "duckdb")
    assert text == (
        "singer(name, country, age number)\nvalue singer.country = 'France'\nquestion: How many singers are from France?\nSQL:")


def wide(count: int) -> tuple[Context, list[Pointer]]:
    schema = Schema((Table("t", tuple(Column(f"c{i}", words=f"w{i}") for i in range(count)), "t"),))
    return build_context("List w47", schema, ValueIndex(schema, {}), DAY), [Pointer("column", 3)]


def test_a_prompt_that_is_too_long_keeps_what_is_needed_and_what_was_named() -> None:
    asked, needed = wide(60)

    def tokens(text: str) -> list[int]:
        return list(text.encode())

    ids = prompt_tokens(asked, tokens, 100, needed=set(needed))
    shown = bytes(ids).decode()
    assert 80 < len(ids) <= 100 and "c3," in shown and "c47" in shown and "c40" not in shown
    assert bytes(prompt_tokens(asked, tokens, 10_000)).decode().count("c") == 60
    with pytest.raises(DoesNotFit):
        prompt_tokens(asked, tokens, 60, needed={Pointer("column", i) for i in range(20)})
    with pytest.raises(DoesNotFit):
        prompt_tokens(asked, tokens, 10)


def test_a_question_that_is_too_long_has_no_candidate(generator: CausalGenerator) -> None:
    found = generator.generate([context("How " + "very " * 300 + "old?"), context("What is the weather?")], beam=2)
    assert found[0] == [] and found[1][0].sql is None


def said(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    assert main(words) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("nl2sql: ") and complaint.count("\n") == 1 and "Traceback" not in complaint
    return complaint


def test_training_says_what_it_lacks(checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, train = str(tmp_path / "out"), ["train", "causal", "--model", str(checkpoint)]
    assert "--data" in said(capsys, [*train, "--out", out])
    assert "none is not a folder" in said(capsys, [*train, "--out", out, "--data", str(tmp_path / "none")])
    assert "'mysql'" in said(capsys, [*train, "--out", out, "--dialect", "mysql"])


def test_the_command_learns_from_prepared_lessons_of_the_sources_that_have_a_share(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = Lessons([line(lesson, "singers") + "\n" for lesson in lessons()], {"singers": (SCHEMA, DAY)})
    write(tmp_path / "lessons.xz", {"spider": kept, "bird": kept, "dev": kept}, {"dev": 3, "others": {}})
    words = ["train", "causal", "--model", str(checkpoint), "--out", str(tmp_path / "out"), "--dialect", "duckdb",
             "--threads", "1", "--lessons", str(tmp_path / "lessons.xz"), "--examples", "6", "--batch", "3"]
    assert main(words) == 0
    assert "100%  step 2  seen 6" in capsys.readouterr().out
    description = json.loads((tmp_path / "out" / "nl2sql.json").read_text())
    assert (description["lessons"], description["figures"]["examples"], description["dialect"]) == ({"spider": 3}, 6, "duckdb")
    assert "| spider | 3 |" in (tmp_path / "out" / "README.md").read_text()
    assert "no source has a share" in said(capsys, [*words, "--spider", "0"])


def test_a_model_that_cannot_be_read_is_named(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match="nobody/nothing is no causal language model"):
        language("nobody/nothing")
    with pytest.raises(BadWeights, match="neither config.json nor one GGUF file"):
        language(str(tmp_path))
    (tmp_path / "letter.txt").write_text("Dear Sir")
    with pytest.raises(BadInput, match="letter.txt is a file"):
        language(str(tmp_path / "letter.txt"))
    (tmp_path / "torn.gguf").write_bytes(b"GGUF")
    with pytest.raises(BadInput, match="torn.gguf"):
        language(str(tmp_path / "torn.gguf"))


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_damaged_model_is_named(checkpoint: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(checkpoint, tmp_path / "copy")
    (tmp_path / "copy" / name).write_bytes(b"{}")
    with pytest.raises(BadWeights, match="copy"):
        language(str(tmp_path / "copy"))


def test_a_model_with_a_part_missing_is_not_filled_with_random_numbers(checkpoint: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    shutil.copytree(checkpoint, tmp_path / "copy")
    tensors = load_file(tmp_path / "copy" / "model.safetensors")
    left = {name: tensor for name, tensor in tensors.items() if "h.1.attn.c_attn.weight" not in name}
    assert len(left) == len(tensors) - 1
    save_file(left, tmp_path / "copy" / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BadWeights, match="h.1.attn.c_attn.weight is missing"):
        language(str(tmp_path / "copy"))


def test_damaged_weights_are_named(trained: Path, checkpoint: Path, tmp_path: Path) -> None:
    shutil.copytree(trained, tmp_path / "copy")
    description = tmp_path / "copy" / "nl2sql.json"
    known = json.loads(description.read_text())
    for wrong in ("{}", "torn", json.dumps({"kind": "causal"})):
        description.write_text(wrong)
        with pytest.raises(BadWeights, match="copy"):
            CausalGenerator(tmp_path / "copy", threads=1)
    description.write_text(json.dumps({**known, "kind": "base"}))
    with pytest.raises(BadInput, match="no language model's"):
        CausalGenerator(tmp_path / "copy", threads=1)
    description.write_text(json.dumps({**known, "model": str(tmp_path / "gone")}))
    with pytest.raises(BadWeights, match="gone"):
        CausalGenerator(tmp_path / "copy", threads=1)
    description.write_text(json.dumps(known))
    (tmp_path / "copy" / "adapter_model.safetensors").unlink()
    with pytest.raises(BadWeights, match="adapter_model.safetensors is missing"):
        CausalGenerator(tmp_path / "copy", threads=1)


def test_weights_of_another_model_do_not_fit(trained: Path, tmp_path: Path) -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    small = GPT2LMHeadModel(GPT2Config(vocab_size=400, n_positions=400, n_embd=32, n_layer=2, n_head=2))
    with pytest.raises(BadWeights, match="don't fit"):
        merge(small, trained)


def test_a_window_too_small_for_a_prompt_is_said(checkpoint: Path) -> None:
    read = language(str(checkpoint))
    assert read.room(800) == 200
    read.model.config.n_positions = 100
    with pytest.raises(BadWeights, match="100 tokens"):
        read.room(800)


def test_lessons_that_cannot_be_told_are_left_out(checkpoint: Path) -> None:
    tell = replace(telling(checkpoint), limit=10)
    assert tell(lessons()[0], random.Random(0)) is None
    broken: tuple[Symbol, ...] = ("select",)
    assert telling(checkpoint)(replace(lessons()[0], symbols=broken), random.Random(0)) is None


def test_reading_leaves_the_language_as_it_is(checkpoint: Path) -> None:
    read = language(str(checkpoint))
    assert isinstance(read, Language) and read.name == str(checkpoint.resolve())
    assert not read.model.training and next(read.model.parameters()).dtype == torch.float32
