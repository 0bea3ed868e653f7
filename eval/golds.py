"""The golds of a database's questions, run once and kept in the user's cache until the database or its log, the engine or the
code that reads golds changes.

Not kept: golds that fail, that ask for the present time or for chance, and huge results. The file is a pickle, read with a list
of the classes that it may hold, so that it can't run code.
"""
from __future__ import annotations

import hashlib
import io
import pickle
import re
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from nl2sql import folders
from nl2sql.eval.cases import Case
from nl2sql.eval.grade import Gold, gold_of

if TYPE_CHECKING:
    from nl2sql import Database

CODE = ("cells.py", "compare.py", "gold.py", "golds.py", "grade.py", "matching.py")
MOST_CELLS = 200_000
CHANGING = re.compile(r"current_|\bnow\b|today|random|localtime", re.IGNORECASE)
CLASSES = {
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "uuid": {"UUID", "SafeUUID"},
    "builtins": {"frozenset"},
    "nl2sql.eval.compare": {"Reference", "Group"},
    "nl2sql.eval.grade": {"Gold", "Shown"},
}

Known = dict[tuple[tuple[str, ...], tuple[str, ...]], Gold]


def golds_of(cases: Sequence[Case], database: Database | None) -> list[Gold | None]:
    """Each case's gold; None where there is no database, or nothing to run."""
    if database is None:
        return [None] * len(cases)
    path = _path(database)
    known = _load(path)
    before = len(known)
    found = []
    for case in cases:
        gold = None
        if case.golds:
            key = (case.golds, case.optional)
            gold = known[key] if key in known else gold_of(case, database)
            if _keeps(case, gold):
                known[key] = gold
        found.append(gold)
    if len(known) > before:
        _store(path, known)
    return found


def _keeps(case: Case, gold: Gold) -> bool:
    cells = sum(reference.width * len(group.rows) for reference in gold.references for group in reference.groups)
    return not gold.error and cells <= MOST_CELLS and not any(CHANGING.search(sql) for sql in case.golds)


def _path(database: Database) -> Path:
    states = [file.stat() for ending in ("", ".wal", "-wal") if (file := Path(f"{database.path}{ending}")).exists()]
    content = [(state.st_size, state.st_mtime_ns) for state in states]
    parts = (database.path, content, database.dialect, duckdb.__version__, sqlite3.sqlite_version, _code())
    return folders.cache() / "golds" / (hashlib.sha256(repr(parts).encode()).hexdigest()[:24] + ".pickle")


@lru_cache(maxsize=1)
def _code() -> str:
    return hashlib.sha256(b"".join((Path(__file__).parent / name).read_bytes() for name in CODE)).hexdigest()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name not in CLASSES.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of golds")
        return super().find_class(module, name)


def _load(path: Path) -> Known:
    """What is kept; nothing where the file is missing or damaged."""
    try:
        found: Known = _Reader(io.BytesIO(path.read_bytes())).load()
    except Exception:  # a damaged pickle may raise anything; then the golds run again
        return {}
    return found if isinstance(found, dict) else {}


def _store(path: Path, known: Known) -> None:
    """A cache that can't be written is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with folders.replacing(path) as new:
            new.write_bytes(pickle.dumps(known))
    except OSError:
        return
