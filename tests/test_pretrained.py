"""A decoder that starts from a pretrained GPT-2: a tiny checkpoint, saved and read as real ones are."""
from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file, save_file  # noqa: E402
from test_model import (  # noqa: E402, F401
    DAY,
    SCHEMA,
    TINY,
    context,
    encoder,
    exact,
    known_batch,
    lessons,
    logits,
    one_thread,
    peft_logits,
    pieces,
)  # fmt: skip

from nl2sql.cli import main  # noqa: E402
from nl2sql.errors import BadWeights  # noqa: E402
from nl2sql.model import generate, pretrained, weights  # noqa: E402
from nl2sql.model.encoder import minilm_folder  # noqa: E402
from nl2sql.model.feeding import Mix  # noqa: E402
from nl2sql.model.fitting import Fitting, Pace  # noqa: E402
from nl2sql.model.lessons import Lessons, line, write  # noqa: E402
from nl2sql.model.network import Shape, collate  # noqa: E402
from nl2sql.model.prompt import build_prompt, word_pieces  # noqa: E402
from nl2sql.model.variation import Rates, Showing  # noqa: E402

BLOCK = re.compile(r"h\.\d+\.(attn|mlp)\.\w+\.(weight|bias)")  # what a checkpoint brings and no training changes
TENSORS = "model.safetensors"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As narrow, deep and far-reaching as no decoder of ours, with its language model's head."""
    from transformers import GPT2Config, GPT2LMHeadModel

    folder = tmp_path_factory.mktemp("checkpoint")
    torch.manual_seed(0)
    GPT2LMHeadModel(GPT2Config(
        vocab_size=90, n_positions=70, n_embd=48, n_layer=2, n_head=4, initializer_range=0.1, bos_token_id=0, eos_token_id=0,
    )).save_pretrained(folder)
    return folder


def started(encoder: Path, checkpoint: Path) -> tuple[Any, Shape]:  # noqa: F811
    theirs = pretrained.read(str(checkpoint))
    shape = pretrained.sized(TINY, theirs)
    parser = weights.new_parser(encoder, shape)
    pretrained.fill(parser.head.decoder, theirs)
    return weights.with_base_lora(parser, rank=4, pretrained=True), shape


@pytest.fixture(scope="module")
def base(encoder, checkpoint, tmp_path_factory) -> tuple[Path, Shape]:  # noqa: F811
    """Saved weights whose low-rank products are random; nothing else is left of what they were made from."""
    out, model, shape = tmp_path_factory.mktemp("base"), *started(encoder, checkpoint)
    stir(model)
    weights.save(out, model, {"shape": asdict(shape), "decoder": str(checkpoint)}, "# card\n", averaged={})
    return out, shape


def stir(model: Any) -> None:
    torch.manual_seed(2)
    for name, weight in model.named_parameters():
        if ".lora_B." in name:
            torch.nn.init.normal_(weight, std=0.1)


def test_the_decoder_says_what_the_checkpoint_says(encoder, checkpoint):  # noqa: F811
    """Where it reads no slots: so its blocks and their sizes are all there, and LoRA starts at nothing."""
    from transformers import GPT2LMHeadModel

    model, shape = started(encoder, checkpoint)
    assert (shape.decoder_layers, shape.decoder_width, shape.decoder_heads, shape.width) == (2, 48, 4, 64)
    said = torch.randn(2, 70, 48)
    with torch.inference_mode():
        ours = model.eval().base_model.model.head.decoder(inputs_embeds=said).last_hidden_state
        theirs = GPT2LMHeadModel.from_pretrained(checkpoint).transformer.eval()(inputs_embeds=said).last_hidden_state
    torch.testing.assert_close(ours, theirs)


def test_new_symbols_are_as_large_as_the_words_that_the_blocks_were_trained_on(encoder, checkpoint):  # noqa: F811
    decoder = started(encoder, checkpoint)[0].base_model.model.head.decoder
    assert abs(float(decoder.wte.weight.detach().std()) - 0.1) < 0.01


def test_where_there_is_no_previous_query_nothing_is_said_of_one(encoder, checkpoint, pieces):  # noqa: F811
    head = started(encoder, checkpoint)[0].base_model.model.head
    batch = collate([build_prompt(replace(context("And from Germany?"), previous=("select", "distinct")), pieces)])
    with torch.inference_mode():
        states = head.previous_query(batch)[0]
    assert states.shape[1] == 64
    assert (states[-2:].abs().amax(1) > 0).all() and not states[:-2].any()


def test_training_changes_low_rank_products_and_new_parts_alone(encoder, checkpoint):  # noqa: F811
    model, shape = started(encoder, checkpoint)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    show = Showing(word_pieces(encoder), shape.positions, Rates())
    training = Fitting(model, Mix({"mine": lessons()}, {}), show, Pace(examples=16, batch=4, warmup=1))
    training.run(lambda *_: None)
    changed = {name for name, weight in model.named_parameters() if not torch.equal(weight, before[name])}
    kept = {name for name in before if ".original_module." not in name} - changed
    assert changed == set(training.weights)
    own = [name.removeprefix(weights.PREFIX).replace("base_layer.", "") for name in kept]
    assert {name for name in own if not name.startswith("encoder.")} == {
        f"head.decoder.h.{block}.{layer}.{kind}" for block in (0, 1) for kind in ("weight", "bias")
        for layer in ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")}
    products = [name for name in changed if ".head.decoder." in name and ".lora_" in name]
    beside = {name.split(".lora_")[0].rpartition("decoder.")[2] for name in products}
    assert len(beside) == 8 and all(BLOCK.fullmatch(name + ".weight") for name in beside)


def test_saved_weights_write_step_by_step_what_the_trained_model_says_at_once(base, pieces, encoder, exact):  # noqa: F811
    """PEFT reads the whole parser from the folder alone, the checkpoint's blocks too."""
    directory, shape = base
    torch.manual_seed(7)
    theirs = peft_logits(weights.new_parser(encoder, shape), directory, encoder)
    torch.testing.assert_close(logits(directory, encoder), theirs, atol=5e-3, rtol=2e-3)


def test_low_rank_products_of_the_decoder_are_no_trifle_here(base, pieces, encoder, monkeypatch):  # noqa: F811
    """Else the test before this one would pass without them."""
    whole = logits(base[0], encoder)
    monkeypatch.setattr(weights, "_merge_decoder", lambda parser, products: {
        name: product for name, product in products.items() if name.startswith("encoder.")})
    assert (logits(base[0], encoder) - whole).abs().max() > 0.1


def test_a_hypothesis_that_others_overtook_has_the_score_that_the_whole_model_gives_its_symbols(
    base, pieces, encoder, exact, monkeypatch  # noqa: F811
):
    from peft import PeftModel

    monkeypatch.setattr(generate, "LONGEST", 10)
    monkeypatch.setattr(generate._Search, "candidates", lambda search, dialect: search.alive)
    asked = context("How many singers are from France?")
    generator = generate.PointerGenerator(base[0], encoder=encoder, threads=1)
    found: Any = generator.generate([asked], beam=4)[0]
    assert [len(hypothesis.symbols) for hypothesis in found] == [10] * 4
    batch = collate([build_prompt(generator.linked(asked), pieces)] * 4, [hypothesis.symbols for hypothesis in found])
    with torch.inference_mode():
        scores = PeftModel.from_pretrained(weights.new_parser(encoder, base[1]), str(base[0])).eval()(batch).log_softmax(-1)
    for row, targets, hypothesis in zip(scores, batch.targets, found, strict=True):
        steps = [float(row[i, target]) for i, target in enumerate(targets[:10].tolist())]
        assert list(hypothesis.steps) == pytest.approx(steps, abs=0.05, rel=0.005)


def test_an_adapter_for_a_database_is_trained_on_it_like_on_any_base(base, pieces, encoder, exact, tmp_path):  # noqa: F811
    model = weights.with_adapter_lora(weights.load_merged(encoder, base[0]), rank=4)
    stir(model)
    weights.save(tmp_path, model, {}, "", averaged={})
    ours = logits(base[0], encoder, adapter=tmp_path)
    theirs = peft_logits(weights.load_merged(encoder, base[0]), tmp_path, encoder)
    torch.testing.assert_close(ours, theirs, atol=1e-2, rtol=5e-3)
    assert not [name for name in load_file(tmp_path / weights.TENSORS) if "base_layer" in name]


def test_a_training_that_begins_with_such_weights_has_their_blocks(base, encoder, tmp_path):  # noqa: F811
    model = weights.with_base_lora(weights.new_parser(encoder, base[1]), rank=4, pretrained=True)
    weights.start_from(model, base[0])
    weights.save(tmp_path, model, {"decoder": "tiny"}, "", averaged={})
    for name, weight in load_file(base[0] / weights.TENSORS).items():
        torch.testing.assert_close(load_file(tmp_path / weights.TENSORS)[name], weight, rtol=0, atol=0)
    plain = weights.with_base_lora(weights.new_parser(encoder, TINY), rank=4)
    with pytest.raises(BadWeights, match="don't fit this training"):
        weights.start_from(plain, base[0])


def test_weights_without_their_blocks_are_refused(base, encoder, tmp_path):  # noqa: F811
    shutil.copytree(base[0], tmp_path / "base")
    left = {name: t for name, t in load_file(base[0] / weights.TENSORS).items() if "h.1.mlp.c_fc.base_layer.weight" not in name}
    save_file(left, tmp_path / "base" / weights.TENSORS)
    for read in (weights.load, weights.load_merged):
        with pytest.raises(BadWeights, match="don't fit this program"):
            read(encoder, tmp_path / "base")


# the command


@pytest.fixture
def train(tmp_path: Path) -> Callable[..., int]:
    """Trains for two steps on the lessons of ``test_model``."""
    kept = Lessons([line(lesson, "singers") + "\n" for lesson in lessons()], {"singers": (SCHEMA, DAY)})
    write(tmp_path / "lessons.xz", {"spider": kept, "dev": kept}, {"dev": len(kept), "others": {}})

    def run(decoder: Path | str, *more: str) -> int:
        return main([
            "train", "base", "--decoder", str(decoder), "--out", str(tmp_path / "out"), "--lessons", str(tmp_path / "lessons.xz"),
            "--threads", "1", "--examples", "4", "--batch", "2", "--rank", "2", *more])

    return run


def test_the_command_trains_weights_that_need_the_checkpoint_no_more(
    train: Callable[..., int], checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(checkpoint, tmp_path / "mine")
    assert train(tmp_path / "mine") == 0
    assert "research" not in capsys.readouterr().err
    assert train(tmp_path / "mine", "--resume", "--examples", "6") == 0
    assert "step 3  seen 6" in capsys.readouterr().out
    shutil.rmtree(tmp_path / "mine")
    saved = load_file(tmp_path / "out" / weights.TENSORS)
    theirs = {name.removeprefix("transformer."): tensor for name, tensor in load_file(checkpoint / TENSORS).items()}
    blocks = [name for name in theirs if BLOCK.fullmatch(name)]
    assert len(blocks) == 16
    for name in blocks:
        layer, _, kind = name.rpartition(".")
        torch.testing.assert_close(saved[f"{weights.PREFIX}head.decoder.{layer}.base_layer.{kind}"], theirs[name].half())
    description = json.loads((tmp_path / "out" / weights.DESCRIPTION).read_text())
    assert description["decoder"] == str(tmp_path / "mine")
    assert (description["shape"]["width"], description["shape"]["decoder_width"]) == (384, 48)
    assert "mine, with LoRA beside them" in (tmp_path / "out" / weights.CARD).read_text()
    assert weights.load(minilm_folder(), tmp_path / "out").head.heads == 4


def test_a_parser_that_is_too_large_to_be_shipped_is_said_to_be(
    train: Callable[..., int], checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pretrained, "LARGEST", 20_000_000)
    assert train(checkpoint) == 0
    warned = capsys.readouterr().err
    assert re.search(r"This parser has 3\d\.\d M parameters, over the 20 M of a shipped one: it is for research\.\n", warned)


def test_a_name_is_looked_up_among_what_was_downloaded(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's own cache, as a download leaves it; of the published checkpoints many have no prefix but masks instead."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    commit = "0" * 40
    place = tmp_path / "models--somebody--tiny" / "snapshots" / commit
    shutil.copytree(checkpoint, place)
    (tmp_path / "models--somebody--tiny" / "refs").mkdir()
    (tmp_path / "models--somebody--tiny" / "refs" / "main").write_text(commit)
    tensors = {name.removeprefix("transformer."): tensor for name, tensor in load_file(place / TENSORS).items()}
    save_file(tensors | {"h.0.attn.bias": torch.ones(1, 1, 70, 70)}, place / TENSORS, metadata={"format": "pt"})
    found = pretrained.read("somebody/tiny").state_dict()
    assert found.keys() == tensors.keys() - {"lm_head.weight"}
    assert all(torch.equal(found[name], tensors[name]) for name in found)


def said(train: Callable[..., int], decoder: Path | str, capsys: pytest.CaptureFixture[str]) -> str:
    assert train(decoder) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("nl2sql: ") and complaint.count("\n") == 1 and "Traceback" not in complaint
    return complaint


def test_what_is_no_gpt2_is_refused_in_a_sentence(
    train: Callable[..., int], encoder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]  # noqa: F811
) -> None:
    assert "no GPT-2 but bert" in said(train, encoder, capsys)
    unreadable = "holds no GPT-2 that can be read here"
    (tmp_path / "letter.txt").write_text("Dear Sir")
    for decoder in (tmp_path, tmp_path / "letter.txt", tmp_path / "nowhere", "nobody/nothing", ""):
        assert f"{decoder} {unreadable}" in said(train, decoder, capsys)


@pytest.mark.parametrize(("change", "complaint"), [
    ({"activation_function": "relu"}, "its activation_function is relu instead of gelu_new"),
    ({"n_layer": 3}, "isn't whole: h.2."),
    ({"n_layer": 0}, "has no blocks"),
    ({"n_embd": 64}, "holds no GPT-2 that can be read"),
    ({"n_embd": "wide"}, "holds no GPT-2 that can be read"),
    ({"n_head": 0}, "holds no GPT-2 that can be read"),
    ({"scale_attn_by_inverse_layer_idx": True}, "its scale_attn_by_inverse_layer_idx is True instead of False"),
    ({"layer_norm_epsilon": 1e-6}, "its layer_norm_epsilon is 1e-06 instead of 1e-05"),
    ({"model_type": None}, "no GPT-2"),
])
def test_a_checkpoint_that_would_come_out_wrong_is_refused(
    checkpoint: Path, tmp_path: Path, change: dict[str, Any], complaint: str
) -> None:
    shutil.copytree(checkpoint, tmp_path / "copy")
    config = tmp_path / "copy" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | change))
    with pytest.raises(BadWeights, match=re.escape(complaint)):
        pretrained.read(str(tmp_path / "copy"))


@pytest.mark.parametrize("name", [TENSORS, "config.json"])
def test_a_damaged_checkpoint_is_refused_in_a_sentence(
    train: Callable[..., int], checkpoint: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(checkpoint, tmp_path / "copy")
    file = tmp_path / "copy" / name
    for rest in (file.read_bytes()[: file.stat().st_size // 2], b"", None):
        file.unlink()
        if rest is not None:
            file.write_bytes(rest)
        assert "copy holds no GPT-2 that can be read here" in said(train, tmp_path / "copy", capsys)


def test_weights_that_are_no_numbers_are_refused(checkpoint: Path, tmp_path: Path) -> None:
    shutil.copytree(checkpoint, tmp_path / "copy")
    tensors = load_file(checkpoint / TENSORS)
    tensors["transformer.h.1.mlp.c_fc.weight"][0, 0] = float("nan")
    save_file(tensors, tmp_path / "copy" / TENSORS, metadata={"format": "pt"})
    with pytest.raises(BadWeights, match="damaged"):
        pretrained.read(str(tmp_path / "copy"))
