"""BERT and GPT-2 as plain modules with the parameter names of transformers' own, to answer without importing transformers.

That import takes longer than all else of a cold start. Trainings use the library's modules; tests hold the two together.
"""
from __future__ import annotations

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nl2sql.errors import BadWeights
from nl2sql.model.network import Shape, blank_table


class Named(nn.Module):
    """Parts under the names that checkpoints use."""

    def __init__(self, /, **parts: nn.Module) -> None:  # one of BERT's parts is named self
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)


class PlainBert(nn.Module):
    """``BertModel`` without pooler, for inference. Raises ``BadWeights`` where the folder holds no BERT."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            width, inner, eps = config["hidden_size"], config["intermediate_size"], config["layer_norm_eps"]
            self.heads: int = config["num_attention_heads"]
            if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
                raise ValueError(config["model_type"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadWeights(f"{folder} holds no readable BERT encoder.") from error

        def dense(size: int, out: int) -> Named:
            return Named(dense=nn.Linear(size, out), LayerNorm=nn.LayerNorm(out, eps))

        def layer() -> Named:
            looks = Named(query=nn.Linear(width, width), key=nn.Linear(width, width), value=nn.Linear(width, width))
            return Named(
                attention=Named(self=looks, output=dense(width, width)), intermediate=Named(dense=nn.Linear(width, inner)),
                output=dense(inner, width))

        with torch.device("meta"):
            self.embeddings = Named(
                word_embeddings=blank_table(config["vocab_size"], width),
                position_embeddings=blank_table(config["max_position_embeddings"], width),
                token_type_embeddings=blank_table(config["type_vocab_size"], width), LayerNorm=nn.LayerNorm(width, eps))
            self.encoder = Named(layer=nn.ModuleList(layer() for _ in range(config["num_hidden_layers"])))
        self._read(folder)

    def _read(self, folder: Path) -> None:
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            tensors = {name.removeprefix("bert."): tensor for name, tensor in load_file(folder / "model.safetensors").items()}
            self.load_state_dict({name: tensors[name] for name in self.state_dict()}, assign=True)
        except (OSError, SafetensorError, KeyError, RuntimeError) as error:
            raise BadWeights(f"{folder} holds no readable BERT encoder.") from error
        self.requires_grad_(False)

    def get_input_embeddings(self) -> nn.Module:
        return self.embeddings.get_submodule("word_embeddings")

    def forward(self, inputs_embeds: Tensor, attention_mask: Tensor) -> Tensor:
        """(B, L, D) embedded pieces, (B, L) ones and zeros -> (B, L, D)."""
        where = self.embeddings.get_parameter("position_embeddings.weight")[: inputs_embeds.size(1)]
        kind = self.embeddings.get_parameter("token_type_embeddings.weight")[0]
        states = self.embeddings.get_submodule("LayerNorm")(inputs_embeds + where + kind)
        mask = None if attention_mask.all() else attention_mask[:, None, None, :].bool()
        for layer in self.encoder.get_submodule("layer").children():
            states = self._layer(layer, states, mask)
        return states

    def _layer(self, layer: nn.Module, states: Tensor, mask: Tensor | None) -> Tensor:
        query, key, value = (
            layer.get_submodule(f"attention.self.{name}")(states).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for name in ("query", "key", "value"))
        read = F.scaled_dot_product_attention(query, key, value, mask).transpose(1, 2).flatten(2)
        states = layer.get_submodule("attention.output.LayerNorm")(states + layer.get_submodule("attention.output.dense")(read))
        inner = F.gelu(layer.get_submodule("intermediate.dense")(states))
        return layer.get_submodule("output.LayerNorm")(states + layer.get_submodule("output.dense")(inner))


class Turned(nn.Module):
    """GPT-2's linear layer: its weight is (in, out)."""

    def __init__(self, size: int, out: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.empty(size, out)), nn.Parameter(torch.empty(out))

    def forward(self, states: Tensor) -> Tensor:
        return torch.addmm(self.bias, states.view(-1, states.size(-1)), self.weight).view(*states.shape[:-1], -1)


class PlainGpt2(nn.Module):
    """``GPT2Model``'s parameters with cross-attention; ``decoding.Stepper`` does its arithmetic."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.decoder_width

        def block() -> Named:
            return Named(
                ln_1=nn.LayerNorm(width), attn=Named(c_attn=Turned(width, 3 * width), c_proj=Turned(width, width)),
                crossattention=Named(
                    c_attn=Turned(shape.width, 2 * width), q_attn=Turned(width, width), c_proj=Turned(width, width)),
                ln_cross_attn=nn.LayerNorm(width), ln_2=nn.LayerNorm(width),
                mlp=Named(c_fc=Turned(width, 4 * width), c_proj=Turned(4 * width, width)))

        self.wte, self.wpe = blank_table(shape.vocabulary, width), blank_table(shape.positions, width)
        self.h = nn.ModuleList(block() for _ in range(shape.decoder_layers))
        self.ln_f = nn.LayerNorm(width)
