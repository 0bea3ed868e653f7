"""What is kept on the user's disk between two starts. A cache that can't be written or read is no error: things are made anew."""
from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from nl2sql import folders


def key_of(paths: Sequence[Path], *more: str) -> str:
    """A key that changes when a file does (its place, size, time of change, or write-ahead log)."""
    parts: list[str] = list(more)
    for path in paths:
        for file in (path, Path(f"{path}.wal"), Path(f"{path}-wal")):
            if file is path or file.exists():
                status = file.stat()
                parts.append(f"{file}|{status.st_size}|{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def load(kind: str, key: str) -> dict[str, Any] | None:
    try:
        data = json.loads((folders.cache() / kind / f"{key}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def store(kind: str, key: str, data: dict[str, Any]) -> None:
    """Keeps the data, whole or not at all."""
    folder = folders.cache() / kind
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with folders.replacing(folder / f"{key}.json") as new:
            new.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    except (OSError, ValueError):
        return


def writable_folder(kind: str) -> Path:
    """A folder in the cache or, where that can't be written, a temporary one that goes with this process."""
    folder = folders.cache() / kind
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return _temporary_folder()


@lru_cache(maxsize=1)
def _temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="nl2sql-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
