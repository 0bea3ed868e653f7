"""The encoder that retrieval searches with: the shipped retriever on the encoder that the generator holds already.

Nothing is loaded until a schema is asked about that doesn't fit one prompt.
"""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nl2sql.model.embedding import Embedder

TENSORS = "adapter_model.safetensors"


class RetrievalEncoder:
    """Texts -> float32 (texts, width), rows of length 1. Raises ``BadWeights`` at the first call if the folder holds none.

    ``generator`` is asked for the model that answers; of one without an encoder of its own nothing is shared.
    """

    def __init__(self, weights: Path, generator: Callable[[], object]) -> None:
        self._weights, self._generator = weights, generator

    @cached_property
    def version(self) -> str:
        """Changes with the weights: vectors of others are of no use beside these."""
        file = self._weights / TENSORS
        return hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file.is_file() else ""

    @cached_property
    def _embedder(self) -> Embedder:
        from nl2sql.model.embedding import retrieval_embedder

        generator = self._generator()
        parser = getattr(generator, "parser", None)
        return retrieval_embedder(self._weights, getattr(parser, "encoder", None), getattr(generator, "pieces", None))

    def __call__(self, texts: Sequence[str]) -> Any:
        return self._embedder(texts)
