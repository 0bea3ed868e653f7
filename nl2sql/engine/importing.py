"""Files that aren't DuckDB databases (SQLite, CSV, Parquet, Excel; several at once) become one DuckDB file in the user's cache.

A throw-away child (``nl2sql.engine.convert``) does it within limits; the result is opened read-only like any other file.
What is imported is a copy: it is made anew when a source has changed and is opened again.
"""
from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nl2sql.engine.cache import key_of, writable_folder
from nl2sql.engine.pool import Child, Crashed, DeadlinePassed, Gone, Unopened
from nl2sql.engine.settings import Limits
from nl2sql.errors import BadDatabase

FORMATS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet", ".xlsx": "excel", ".xlsm": "excel",
}
_VERSION = "1"  # of the conversion: copies made by another one are not used
_TIME_LIMIT = 900.0  # seconds


def must_be_imported(paths: Sequence[Path]) -> bool:
    """By the names alone. A single file of another ending is opened first; it may turn out to be a SQLite file."""
    return len(paths) > 1 or paths[0].suffix.lower() in FORMATS


def imported(paths: Sequence[Path], limits: Limits) -> Path:
    """The DuckDB file that holds the data of these files; raises BadDatabase."""
    target = _target(paths)
    if target.exists():
        return target
    handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=".new-", suffix=".duckdb")
    os.close(handle)
    os.remove(scratch)  # DuckDB wants to make it itself
    order = {
        "paths": [[str(path), FORMATS.get(path.suffix.lower(), "")] for path in paths],
        "target": scratch,
        "limits": limits.to_json(),
    }
    child = Child("nl2sql.engine.convert", order)
    try:
        child.open(_TIME_LIMIT)
        os.replace(scratch, target)
    except Unopened as error:
        raise BadDatabase(str(error)) from error
    except DeadlinePassed as error:
        raise BadDatabase(f"{_names(paths)} took more than {_TIME_LIMIT:.0f} seconds to import") from error
    except (Crashed, Gone) as error:
        raise BadDatabase(f"{_names(paths)} can't be imported: {error}") from error
    except OSError as error:
        raise BadDatabase(f"{_names(paths)} can't be imported: {error.strerror or error}") from error
    finally:
        child.kill()
        for rest in (scratch, f"{scratch}.wal"):
            Path(rest).unlink(missing_ok=True)
    _forget_older(target)
    return target


def existing(paths: Sequence[Path]) -> Path | None:
    """An earlier import of these files, if they haven't changed since."""
    target = _target(paths)
    return target if target.exists() else None


def _target(paths: Sequence[Path]) -> Path:
    """Named after the first file, its place (so that older imports of it are found) and its state."""
    stem = re.sub(r"\W+", "_", paths[0].stem)[:40] or "data"
    place = hashlib.sha256("\n".join(map(str, paths)).encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return writable_folder("imports") / f"{stem}-{place}-{key_of(paths, _VERSION)}.duckdb"


def _forget_older(target: Path) -> None:
    same_place = target.name.rsplit("-", 1)[0]
    for path in target.parent.glob(f"{same_place}-*.duckdb"):
        if path != target:
            try:
                path.unlink()
            except OSError:  # still open on a system that minds
                continue


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)
