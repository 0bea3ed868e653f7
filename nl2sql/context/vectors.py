"""Embeddings of texts that are kept in a file of the user's cache: what was encoded once isn't encoded again."""
from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Encode = Callable[[Sequence[str]], Any]  # texts -> float array (texts, width), rows of length 1

_WIDTH = 384
_log = logging.getLogger(__name__)


def embedded(texts: Sequence[str], encode: Encode, file: Path) -> Any:
    """The texts' vectors (texts, width): from the file what it holds, else from the encoder; the file then holds just these."""
    import numpy as np

    if not texts:
        return np.zeros((0, _WIDTH), dtype=np.float32)
    known = _read(file)
    keys = [digest(text) for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        known.update(zip(missing, encode(list(missing.values())), strict=True))
    matrix = np.stack([known[key] for key in keys])
    if missing:
        _write(file, keys, matrix)
    return matrix


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _row_type() -> Any:
    import numpy as np

    return np.dtype([("key", "S24"), ("vector", np.float32, (_WIDTH,))])


def _read(file: Path) -> dict[str, Any]:
    """Text key -> vector; nothing where the file is missing, damaged or of another form."""
    import numpy as np

    try:
        rows = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return {}
    if rows.dtype != _row_type():
        return {}
    return {row["key"].decode(): row["vector"] for row in rows}


def _write(file: Path, keys: Sequence[str], matrix: Any) -> None:
    """Replace the file at once; a cache that can't be written is told in the log and costs the next start its time."""
    import numpy as np

    rows = np.empty(len(keys), dtype=_row_type())
    rows["key"], rows["vector"] = keys, matrix
    partial = file.with_name(f"{file.stem}.{os.getpid()}.{id(rows)}.partial.npy")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(partial, rows, allow_pickle=False)
        partial.replace(file)
    except OSError as error:
        _log.warning("The embeddings can't be kept: %s", error)
