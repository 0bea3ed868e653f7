"""Linear layers as they are kept to answer: weights in half precision, in the order in which the processor reads them.

A step of the decoder multiplies a few rows by every weight, so reading the weights is what takes its time, and half of the bytes
take half of it. Weights are stored in half precision anyway; sums stay in fp32. (Eight bits would be faster by another fifth of a
step, but move the scores by hundredths; in the encoder they move them by tenths.)
"""
from __future__ import annotations

import torch
from torch import Tensor, nn

from nl2sql.model.plain import PlainGpt2, Turned


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


def pack(decoder: PlainGpt2) -> None:
    """Packs the layers of a decoder that only answers from now on; where torch has no FBGEMM (ARM), they stay as they are."""
    if torch.backends.quantized.engine not in ("x86", "fbgemm"):
        return
    for module in list(decoder.modules()):
        for name, part in list(module.named_children()):
            if isinstance(part, Turned):
                module.add_module(name, Half(part.weight.t(), part.bias))
