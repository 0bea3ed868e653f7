"""Where the library writes: the user's cache (can be deleted at any time) and the user's data (adapters, verified questions).

``NL2SQL_CACHE`` and ``NL2SQL_DATA`` name other folders. Neither function makes its folder; both may be read-only.
``replacing`` writes a file whole or not at all.
"""
from __future__ import annotations

import os
import secrets
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


def is_stream(file: Path) -> bool:
    """Whether there is a pipe or a device of that name, which can be written to but not replaced."""
    return file.exists() and not file.is_file() and not file.is_dir()


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A new file beside ``file``, which takes its place at the end; where anything fails, nothing is left of it. OSError.

    Where a link is in the way, what it points at is replaced; a pipe or a device is given as it is.
    """
    if is_stream(file):
        yield file
        return
    file = Path(os.path.realpath(file))
    new = file.with_name(f".new-{secrets.token_hex(6)}")
    new.touch(exist_ok=False)  # readable by whom the user lets read new files
    try:
        yield new
        os.replace(new, file)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
