"""Where the library writes: the user's cache (can be deleted at any time) and the user's data (adapters, verified questions).

``NL2SQL_CACHE`` and ``NL2SQL_DATA`` name other folders. Neither function makes its folder; both may be read-only.
``replacing`` writes a file whole or not at all.
"""
from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def cache() -> Path:
    if chosen := os.environ.get("NL2SQL_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("nl2sql", appauthor=False)


def data() -> Path:
    if chosen := os.environ.get("NL2SQL_DATA"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("nl2sql", appauthor=False)


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A new file beside ``file``, which takes its place at the end; where anything fails, nothing is left of it. OSError."""
    handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=".new-")
    os.close(handle)
    try:
        yield Path(name)
        os.replace(name, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
