"""Weights on disk: ordinary PEFT directories, written through PEFT and read without it (its import alone takes seconds).

A directory holds ``adapter_config.json`` and ``adapter_model.safetensors`` (fp16) as PEFT writes them, ``nl2sql.json`` (sizes,
vocabulary, fingerprint of the database, figures) and a model card. A base has LoRA on the encoder and the new layers in
``modules_to_save``; where its decoder was pretrained, LoRA on that too, and the frozen layers beside it. A database's adapter has
LoRA on encoder and decoder over the *merged* base (LoRA on modules that PEFT keeps in ``modules_to_save`` doesn't stack), and may
keep small layers of its own.
"""
from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from nl2sql import folders
from nl2sql.errors import BadWeights
from nl2sql.model.encoder import load_encoder
from nl2sql.model.network import Parser, Shape, gpt2
from nl2sql.model.packing import MergedLinear, pack
from nl2sql.model.plain import PlainBert, PlainGpt2
from nl2sql.sql.symbols import VOCABULARY

if TYPE_CHECKING:
    from peft import PeftConfig, PeftModel

CONFIG, TENSORS, DESCRIPTION, CARD = "adapter_config.json", "adapter_model.safetensors", "nl2sql.json", "README.md"
ENCODER_LAYERS = r"encoder\.encoder\.layer\.\d+\..*\.?(query|key|value|dense)"
DECODER_LAYERS = r"head\.decoder\.h\.\d+\..*(c_attn|c_proj|q_attn)"
PRETRAINED_LAYERS = r"head\.decoder\.h\.\d+\.(attn|mlp)\.(c_attn|c_proj|c_fc)"
AROUND_PRETRAINED = [
    "kinds", "details", "norm_in", "norm_out", "previous_in", "pointer_in", "pointer_query", "pointer_key", "symbol_out",
    "wte", "wpe", "ln_1", "crossattention", "ln_cross_attn", "ln_2", "ln_f"]
SMALL_LAYERS = ["pointer_in", "pointer_query", "pointer_key", "symbol_out"]
PREFIX = "base_model.model."


def with_base_lora(parser: Parser, *, rank: int = 32, pretrained: bool = False) -> PeftModel:
    """The parser as it is trained across databases: LoRA on its encoder, its new layers trained whole.

    A ``pretrained`` decoder's own layers are frozen, with LoRA beside them.
    """
    if not pretrained:
        return _with_lora(parser, rank, ENCODER_LAYERS, ["marks", "head"])
    relations = [f"head.layers.{i}" for i in range(len(parser.head.layers))]
    return _with_lora(parser, rank, f"{ENCODER_LAYERS}|{PRETRAINED_LAYERS}", ["marks", *relations, *AROUND_PRETRAINED])


def with_adapter_lora(parser: Parser, *, rank: int = 16, small_layers: bool = True) -> PeftModel:
    """The parser with its base merged, as it is trained for one database: LoRA on encoder and decoder."""
    return _with_lora(parser, rank, f"{ENCODER_LAYERS}|{DECODER_LAYERS}", SMALL_LAYERS if small_layers else None)


def _with_lora(parser: Parser, rank: int, layers: str, whole: list[str] | None) -> PeftModel:
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules=layers, modules_to_save=whole)
    with warnings.catch_warnings():  # it tells which layers are transposed and then treats them as they should be
        warnings.filterwarnings("ignore", message="fan_in_fan_out")
        return get_peft_model(parser, config)


def save(directory: Path, model: PeftModel, description: Mapping[str, Any], card: str, *, averaged: Mapping[str, Tensor]) -> None:
    """Writes a PEFT directory; each file replaces its old version at once. ``averaged`` weights stand in for the model's own.

    Where ``description`` names the ``decoder`` that a base started from, its frozen layers are written too, under the names that
    PEFT gives them and reads: nobody needs that checkpoint again.
    """
    from peft import get_peft_model_state_dict

    state = {**model.state_dict(), **averaged}
    tensors = get_peft_model_state_dict(model, state_dict=state, save_embedding_layers=False)
    if description.get("decoder"):
        tensors |= {name: tensor for name, tensor in state.items() if ".head.decoder." in name and ".base_layer." in name}
    write(directory, half(tensors), {"vocabulary": list(VOCABULARY), **description}, card)
    write_config(directory, model.peft_config["default"])


def half(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().to("cpu", torch.float16).clone() for name, tensor in tensors.items()}


def write(
    directory: Path, tensors: Mapping[str, Tensor], description: Mapping[str, Any], card: str, *,
    names: tuple[str, str] = (TENSORS, DESCRIPTION),
) -> None:
    """Tensors, what is said of them and a model card; each file replaces its old version at once."""
    from safetensors.torch import save_file

    directory.mkdir(parents=True, exist_ok=True)
    whole = {name: tensor.contiguous() for name, tensor in tensors.items()}
    _write(directory / names[0], lambda new: save_file(whole, new, metadata={"format": "pt"}))
    _write(directory / names[1], lambda new: new.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8"))
    _write(directory / CARD, lambda new: new.write_text(card, encoding="utf-8"))


def write_config(directory: Path, config: PeftConfig) -> None:
    """PEFT's own description of its layers, as of a model that answers."""
    config.inference_mode = True
    config.save_pretrained(str(directory))
    config.inference_mode = False


def _write(path: Path, fill: Callable[[Path], object]) -> None:
    with folders.replacing(path) as new:
        fill(new)
        new.chmod(0o644)  # it was made for the owner alone, and a wheel keeps that


def describe(directory: Path) -> dict[str, Any]:
    """What ``nl2sql.json`` says of the weights."""
    try:
        description = json.loads((directory / DESCRIPTION).read_text(encoding="utf-8"))
        config = json.loads((directory / CONFIG).read_text(encoding="utf-8"))
        known = description["vocabulary"]
        description["scale"] = config["lora_alpha"] / config["r"]
    except FileNotFoundError as error:
        raise BadWeights(f"There are no weights in {directory}: {Path(error.filename).name} is missing.") from error
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError) as error:
        raise BadWeights(f"The weights in {directory} are damaged: their description can't be read.") from error
    if tuple(known) != VOCABULARY[: len(known)]:
        raise BadWeights(f"The weights in {directory} were trained with another vocabulary.")
    return description


def read(directory: Path) -> dict[str, Tensor]:
    """The tensors of a PEFT directory in fp32, by the names of the parser's own. Raises ``BadWeights``."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(directory / TENSORS)
    except FileNotFoundError as error:
        raise BadWeights(f"There are no weights in {directory}: {TENSORS} is missing.") from error
    except (OSError, SafetensorError) as error:
        raise BadWeights(f"The weights in {directory} are damaged: {TENSORS} can't be read.") from error
    return {name.removeprefix(PREFIX): tensor.float() for name, tensor in tensors.items()}


def start_from(model: PeftModel, directory: Path) -> None:
    """Puts the weights of a PEFT directory into a model that is to be trained further. Raises ``BadWeights``."""
    from peft import set_peft_model_state_dict

    describe(directory)
    tensors = {PREFIX + name: tensor for name, tensor in read(directory).items()}
    trained = {name.replace(".default", "").replace("modules_to_save.", "")
               for name, weight in model.named_parameters() if weight.requires_grad}
    try:
        unexpected = set_peft_model_state_dict(model, tensors).unexpected_keys
        if unexpected or trained - set(tensors):
            raise KeyError([*unexpected, *sorted(trained - set(tensors))][0])
    except (KeyError, RuntimeError) as error:
        raise BadWeights(f"The weights in {directory} don't fit this training: {str(error)[:120]}") from error


def load(encoder_folder: Path, base: Path, adapter: Path | None = None) -> Parser:
    """The parser ready to answer: one frozen encoder, everything else merged beside it. Raises ``BadWeights``."""
    description, tensors = describe(base), read(base)
    encoder = PlainBert(encoder_folder)
    try:
        shape = Shape(**description["shape"])
        with torch.device("meta"):
            decoder = PlainGpt2(shape)
            parser = Parser(nn.Identity(), decoder, shape)
        parser.load_state_dict(_whole(tensors), assign=True)
        parser.encoder = encoder
        stacks = [_merge_decoder(parser, _low_rank(tensors, description["scale"]))]
        if adapter is not None:
            stacks.append(_add_adapter(parser, read(adapter), describe(adapter)["scale"]))
        _attach(encoder, stacks)
    except (KeyError, TypeError, RuntimeError, AttributeError) as error:
        raise BadWeights(f"The weights in {adapter or base} don't fit this program: {str(error)[:120]}") from error
    pack(parser.head)
    return parser.requires_grad_(False).eval()


def load_merged(encoder_folder: Path, base: Path) -> Parser:
    """The base merged into one ordinary parser, for an adapter's training to start from. Raises ``BadWeights``."""
    description, tensors = describe(base), read(base)
    try:
        parser = new_parser(encoder_folder, Shape(**description["shape"]))
        encoder = {name: tensor for name, tensor in parser.state_dict().items() if name.startswith("encoder.")}
        parser.load_state_dict(encoder | _whole(tensors))
        for name, (down, up) in _merge_decoder(parser, _low_rank(tensors, description["scale"])).items():
            parser.get_parameter(name + ".weight").data += up @ down
    except (KeyError, TypeError, RuntimeError, AttributeError) as error:
        raise BadWeights(f"The weights in {base} don't fit this program: {str(error)[:120]}") from error
    return parser.requires_grad_(False)


LowRank = dict[str, tuple[Tensor, Tensor]]  # module name -> (down, up), scaled


def low_rank(directory: Path) -> LowRank:
    """The low-rank products of a PEFT directory that holds nothing else. Raises ``BadWeights``."""
    try:
        config = json.loads((directory / CONFIG).read_text(encoding="utf-8"))
        return _low_rank(read(directory), config["lora_alpha"] / config["r"])
    except FileNotFoundError as error:
        raise BadWeights(f"There are no weights in {directory}: {Path(error.filename).name} is missing.") from error
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError) as error:
        raise BadWeights(f"The weights in {directory} are damaged: they can't be read.") from error


def _low_rank(tensors: dict[str, Tensor], scale: float) -> LowRank:
    return {
        name.removesuffix(".lora_A.weight"): (down, tensors[name.replace("lora_A", "lora_B")] * scale)
        for name, down in tensors.items() if name.endswith(".lora_A.weight")
    }


def _whole(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """All but low-rank products, under the names of a parser without PEFT."""
    return {name.replace(".base_layer.", "."): tensor for name, tensor in tensors.items() if ".lora_" not in name}


def _merge_decoder(parser: Parser, products: LowRank) -> LowRank:
    """Adds the decoder's products to its weights; returns those of the encoder."""
    for name, (down, up) in products.items():
        if not name.startswith("encoder."):
            parser.get_parameter(name + ".weight").data += (up @ down).t()  # GPT-2's Conv1D keeps (in, out)
    return {name: product for name, product in products.items() if name.startswith("encoder.")}


def _add_adapter(parser: Parser, tensors: dict[str, Tensor], scale: float) -> LowRank:
    """Merges an adapter's decoder part and small layers into the parser; returns its encoder part."""
    unexpected = parser.load_state_dict(_whole(tensors), strict=False).unexpected_keys
    if unexpected:
        raise KeyError(unexpected[0])
    return _merge_decoder(parser, _low_rank(tensors, scale))


def _attach(encoder: nn.Module, stacks: list[LowRank]) -> None:
    for name in {name for stack in stacks for name in stack}:
        parts = [stack[name] for stack in stacks if name in stack]
        down, up = torch.cat([down for down, _ in parts]), torch.cat([up for _, up in parts], 1)
        parent, _, child = name.removeprefix("encoder.").rpartition(".")
        linear = encoder.get_submodule(parent).get_submodule(child)
        if not isinstance(linear, nn.Linear) or linear.weight.shape != (up.shape[0], down.shape[1]):
            raise KeyError(name)
        encoder.get_submodule(parent).add_module(child, MergedLinear(linear, down, up))


def new_parser(encoder_folder: Path, shape: Shape, *, dropout: float = 0.0) -> Parser:
    """A parser that has learnt nothing yet, on the pretrained encoder, whose ``dropout`` is for training."""
    parser = Parser(load_encoder(encoder_folder, dropout), gpt2(shape), shape)
    parser.head.start()
    return parser
