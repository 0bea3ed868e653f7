"""A decoder that starts from a pretrained GPT-2: its blocks, as wide and as deep as they are, with cross-attention put in.

The symbols are new, and so is all that leads from the encoder's width to the decoder's and back. The blocks' own attention and
feed-forward layers stay as they were, with LoRA beside them (``weights.with_base_lora``).
"""
from __future__ import annotations

import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from nl2sql.errors import BadWeights
from nl2sql.model.encoder import quiet
from nl2sql.model.network import Shape

if TYPE_CHECKING:
    from transformers import GPT2Model

LARGEST = 50_000_000  # parameters of a parser that is shipped
# What ``decoding`` and ``plain`` compute; checkpoints that were trained otherwise would come out wrong.
USUAL = {
    "activation_function": ("gelu_new", "gelu_pytorch_tanh"), "layer_norm_epsilon": (1e-5,), "scale_attn_weights": (True,),
    "scale_attn_by_inverse_layer_idx": (False,)}


def read(name: str) -> GPT2Model:
    """The GPT-2 in a folder in Hugging Face format, or of a hub name in the local cache. Raises ``BadWeights``."""
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError
    from transformers import GPT2Config, GPT2Model

    try:
        kind = GPT2Config.get_config_dict(name, local_files_only=True)[0]["model_type"]
        if kind != "gpt2":
            raise BadWeights(f"The model in {name} can't be a decoder: it is no GPT-2 but {kind}.")
        with quiet():
            model, found = GPT2Model.from_pretrained(
                name, local_files_only=True, dtype=torch.float32, output_loading_info=True)
    except (OSError, ValueError, LookupError, RuntimeError, TypeError, AttributeError, EOFError, ArithmeticError,
            pickle.UnpicklingError, SafetensorError, StrictDataclassError) as error:
        raise BadWeights(
            f"{name} holds no GPT-2 that can be read here: give a folder in Hugging Face format, or a hub name that was"
            " downloaded before.") from error
    if missing := sorted(found["missing_keys"]):
        raise BadWeights(f"The GPT-2 in {name} isn't whole: {missing[0]} is missing.")
    for setting, values in {**USUAL, "n_inner": (None, 4 * model.config.n_embd)}.items():
        if (value := getattr(model.config, setting)) not in values:
            raise BadWeights(f"The GPT-2 in {name} can't be a decoder: its {setting} is {value} instead of {values[0]}.")
    if not len(model.h):
        raise BadWeights(f"The GPT-2 in {name} has no blocks.")
    if not all(weight.isfinite().all() for weight in _blocks(model).values()):
        raise BadWeights(f"The GPT-2 in {name} is damaged: not all of its weights are finite numbers.")
    return model


def _blocks(model: GPT2Model) -> dict[str, Tensor]:
    """What is taken over whole: the blocks without cross-attention, and the last norm."""
    return {name: weight for name, weight in model.state_dict().items()
            if name.startswith(("h.", "ln_f.")) and "cross" not in name}


def sized(shape: Shape, theirs: GPT2Model) -> Shape:
    """The shape of a parser with such a decoder."""
    config = theirs.config
    return replace(shape, decoder_layers=config.n_layer, decoder_width=config.n_embd, decoder_heads=config.n_head)


@torch.no_grad()
def fill(ours: GPT2Model, theirs: GPT2Model) -> None:
    """Puts pretrained blocks into a new decoder; its symbols get the scale of the embeddings that the blocks were trained on."""
    ours.load_state_dict(ours.state_dict() | _blocks(theirs))
    places = min(len(ours.wpe.weight), len(theirs.wpe.weight))
    ours.wpe.weight[:places] = theirs.wpe.weight[:places]
    torch.nn.init.normal_(ours.wte.weight, std=float(theirs.wte.weight.std()))
