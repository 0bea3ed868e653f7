"""Linear layers as they are kept to answer: in the precision and order in which the processor multiplies them fastest.

A step of the decoder multiplies a few rows by every weight, so reading the weights is what takes its time, and half of the bytes
take half of it. Weights are stored in half precision anyway; sums stay in fp32. (Eight bits would be faster by another fifth of a
step, but move the scores by hundredths; in the encoder they move them by tenths.)

Encoder and relation-aware layers multiply hundreds of rows, so the arithmetic is what takes their time, and bfloat16, in which
they were trained, takes half of it where the processor has instructions for it.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nl2sql.model.network import Head
from nl2sql.model.plain import Turned


@cache
def precision_of_many() -> torch.dtype:
    """bfloat16 where the processor multiplies it itself, else fp32: without the instructions bfloat16 is the slower one."""
    can = torch.cpu.get_capabilities()
    return torch.bfloat16 if can.get("avx512_bf16") or can.get("amx_bf16") else torch.float32


class Many(nn.Module):
    """``nn.Linear`` for inference with many rows; what comes out has ``precision_of_many``."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """``weight`` (out, in)."""
        super().__init__()
        self.weight = nn.Parameter(weight.to(precision_of_many()), requires_grad=False)
        self.bias = nn.Parameter(bias.to(precision_of_many()), requires_grad=False)

    def forward(self, states: Tensor) -> Tensor:
        return F.linear(states.to(self.weight.dtype), self.weight, self.bias)


class MergedLinear(Many):
    """LoRA as the run time needs it, merged into a copy of a weight. The frozen ``linear`` stays, for the sentence embeddings."""

    def __init__(self, linear: nn.Linear, down: Tensor, up: Tensor) -> None:
        """``down`` (rank, in), ``up`` (out, rank), scaled."""
        super().__init__(linear.weight + up @ down, linear.bias)
        self.linear = linear


class Half(nn.Module):
    """``nn.Linear`` for inference, by FBGEMM."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """``weight`` (out, in)."""
        super().__init__()
        self.bias = bias
        self.fill(weight)

    def fill(self, weight: Tensor) -> None:
        """Another weight (out, in) in its place."""
        self.shape = weight.shape
        self.packed = torch.ops.quantized.linear_prepack_fp16(weight.contiguous(), self.bias)

    def forward(self, states: Tensor) -> Tensor:
        return torch.ops.quantized.linear_dynamic_fp16(states, self.packed)


def pack(head: Head) -> None:
    """Packs the layers of a head that only answers from now on."""
    _replace(head.layers, nn.Linear, lambda part: Many(part.weight, part.bias))
    if torch.backends.quantized.engine in ("x86", "fbgemm"):  # elsewhere (ARM) there is no FBGEMM
        _replace(head.decoder, Turned, lambda part: Half(part.weight.t(), part.bias))
        for name in ("pointer_query", "symbol_out"):
            linear = head.get_submodule(name)
            head.add_module(name, Half(linear.get_parameter("weight"), linear.get_parameter("bias")))


def _replace(within: nn.Module, kind: type[nn.Module], packed: Callable[[Any], nn.Module]) -> None:
    for module in list(within.modules()):
        for name, part in list(module.named_children()):
            if isinstance(part, kind):
                module.add_module(name, packed(part))
