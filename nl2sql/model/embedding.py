"""Sentence embeddings from the parser's own encoder: the frozen weights are shared, the parser's merged copies left out.

What comes out is all-MiniLM-L6-v2 as it was published, without a second copy of it in memory (Reimers and Gurevych 2019); or, for
retrieval, with low-rank products of its own, which ``train retriever`` has made.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from nl2sql.errors import BadWeights
from nl2sql.model.encoder import minilm_folder
from nl2sql.model.packing import MergedLinear
from nl2sql.model.plain import PlainBert
from nl2sql.model.prompt import Pieces, word_pieces
from nl2sql.model.weights import low_rank

BATCH, LONGEST = 32, 128  # texts encoded together; word pieces of a text


class Embedder:
    """Texts -> float32 (texts, width), rows of length 1. It only reads weights, so several threads may call it."""

    def __init__(self, encoder: PlainBert, pieces: Pieces, beside: Mapping[str, tuple[Tensor, Tensor]] | None = None) -> None:
        """``beside``: low-rank products by the names of the linear layers that they stand beside. Raises ``BadWeights``."""
        self.encoder, self.embed, self.pieces = _view(encoder, dict(beside or {})), encoder.get_input_embeddings(), pieces

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


def retrieval_embedder(weights: Path, encoder: PlainBert | None = None, pieces: Pieces | None = None) -> Embedder:
    """The retriever's embeddings on an encoder that is in memory already, else on one of its own. Raises ``BadWeights``."""
    folder = minilm_folder()
    return Embedder(encoder or PlainBert(folder), pieces or word_pieces(folder), low_rank(weights))


def _view(encoder: PlainBert, beside: dict[str, tuple[Tensor, Tensor]]) -> nn.Module:
    view = _published(encoder, "", beside)
    if beside:
        raise BadWeights(f"The retriever's weights don't fit this program: {next(iter(beside))}")
    return view


def _published(module: nn.Module, name: str, beside: dict[str, tuple[Tensor, Tensor]]) -> nn.Module:
    """A view of an encoder with other low-rank products beside its layers, or none; the layers are the encoder's own."""
    if isinstance(module, MergedLinear):
        module = module.linear
    if name in beside:
        down, up = beside.pop(name)
        if not isinstance(module, nn.Linear) or module.weight.shape != (up.shape[0], down.shape[1]):
            raise BadWeights(f"The retriever's weights don't fit this program: {name}")
        return MergedLinear(module, down, up)
    view = copy(module)
    start = f"{name}." if name else ""
    view._modules = {
        key: part if part is None else _published(part, start + key, beside) for key, part in module._modules.items()}
    return view
