"""Sentence embeddings from the parser's own encoder: the frozen weights are shared, the low-rank products left out.

What comes out is all-MiniLM-L6-v2 as it was published, without a second copy of it in memory (Reimers and Gurevych 2019).
"""
from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import torch
from torch import nn

from nl2sql.model.layers import LowRankLinear
from nl2sql.model.plain import PlainBert
from nl2sql.model.prompt import Pieces

BATCH, LONGEST = 32, 128  # texts encoded together; word pieces of a text


class Embedder:
    """Texts -> float32 (texts, width), rows of length 1. It only reads weights, so several threads may call it."""

    def __init__(self, encoder: PlainBert, pieces: Pieces) -> None:
        self.encoder, self.embed, self.pieces = _published(encoder), encoder.get_input_embeddings(), pieces

    def __call__(self, texts: Sequence[str]) -> Any:
        start, end = self.pieces("[CLS]"), self.pieces("[SEP]")
        ids = [[*start, *self.pieces(text)[: LONGEST - 2], *end] for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(ids[i]))  # alike in length: less padding
        vectors = np.empty((len(texts), self.embed.weight.shape[1]), dtype=np.float32)
        with torch.inference_mode():
            for first in range(0, len(order), BATCH):
                rows = order[first : first + BATCH]
                vectors[rows] = self._encode([ids[i] for i in rows])
        return vectors

    def _encode(self, rows: list[list[int]]) -> np.ndarray:
        padded = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        shown = torch.zeros_like(padded)
        for i, row in enumerate(rows):
            padded[i, : len(row)], shown[i, : len(row)] = torch.tensor(row), 1
        states = self.encoder(self.embed(padded), shown)
        mask = shown.unsqueeze(-1).float()
        pooled = (states * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(pooled, dim=1).numpy()


def _published(module: nn.Module) -> nn.Module:
    """A view of an encoder without the low-rank products beside its layers; the layers are the encoder's own."""
    if isinstance(module, LowRankLinear):
        return module.linear
    view = copy(module)
    view._modules = {name: part if part is None else _published(part) for name, part in module._modules.items()}
    return view
