"""Suites of rebuilt databases: made once in the user's cache, in Spider's form, with golds that return the same rows there."""
from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import sqlglot

from nl2sql import folders
from nl2sql.data.sources import spider
from nl2sql.data.sources.reading import existing
from nl2sql.eval.memory import quoted
from nl2sql.records import Example

Rows = Counter[tuple[str, ...]]


def built(suite: str, folder: Path, code: Iterable[Path], build: Callable[[Path, Path], None]) -> Path:
    """The folder that ``build`` fills from Spider's: kept until the data, this file or one of ``code`` changes.

    Of the data's SQLite files names and sizes are looked at, not every byte.
    """
    depends = [existing(folder, name, spider.WHAT) for name in ("dev.json", "tables.json")]
    content = [file.read_bytes() for file in (*depends, Path(__file__), *code)]
    content += [f"{file.name} {file.stat().st_size}".encode() for file in sorted((folder / "database").glob("*/*.sqlite"))]
    return kept(suite, content, partial(build, folder))


def kept(suite: str, content: Iterable[bytes], build: Callable[[Path], None]) -> Path:
    """The folder that ``build`` fills in the user's cache, where it isn't there yet; another one for other ``content``."""
    target = folders.cache() / suite / hashlib.sha256(b"\0".join(content)).hexdigest()[:16]
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=target.parent))
        try:
            build(draft)
            draft.rename(target)
        except OSError:
            if not target.is_dir():  # else another process has built it meanwhile
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return target


def database_file(target: Path, name: str) -> Path:
    """Where the database goes; its folder is made."""
    file = target / "database" / name / f"{name}.sqlite"
    file.parent.mkdir(parents=True)
    return file


def write(target: Path, entries: Sequence[dict[str, Any]], questions: Iterable[dict[str, Any]]) -> None:
    (target / "tables.json").write_text(json.dumps(entries), encoding="utf-8")
    in_order = sorted(questions, key=lambda question: question["row"])
    (target / "dev.json").write_text(json.dumps(in_order), encoding="utf-8")


def question(
    row: int, example: Example, source: Path, file: Path, rewritten: Callable[[str], str] = str
) -> dict[str, Any] | None:
    """The question with its gold, ``rewritten`` for the new file; None where that returns other rows than in the old one."""
    try:
        sql = rewritten(example.sql or "")
        if _rows(source, example.sql or "") != _rows(file, sql):
            return None
    except (sqlite3.Error, sqlglot.errors.SqlglotError):
        return None
    return {"row": row, "question": example.question, "query": sql, "db_id": example.database}


def _rows(file: Path, sql: str) -> Rows:
    """Its rows, the cells of each in an order of their own: those of ``*`` may come in another one."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        return Counter(tuple(sorted(map(repr, row))) for row in connection.execute(sql))


def attached(file: Path, source: Path) -> sqlite3.Connection:
    """A connection to the file that is made, which reads the other one as ``old``."""
    connection = sqlite3.connect(file.resolve().as_uri(), uri=True)
    connection.execute("ATTACH ? AS old", (f"{source.resolve().as_uri()}?mode=ro",))
    return connection


def copy_table(
    connection: sqlite3.Connection, old: str, new: str, columns: Sequence[tuple[str, str]], most: int | None = None
) -> None:
    """A table of ``old`` under its new name, with its first ``most`` rows. ``columns``: each one's old and new name, in the new
    order; those that the file lacks are left out. Types and primary keys are those of the file."""
    there = {
        column.lower(): (type_text, key)
        for _, column, type_text, _, _, key in connection.execute(f"PRAGMA old.table_info({quoted(old)})")
    }
    columns = [(was, now) for was, now in columns if was.lower() in there]
    if not columns:
        return
    typed = [f"{quoted(now)} {there[was.lower()][0]}" for was, now in columns]
    keys = sorted((there[was.lower()][1], now) for was, now in columns if there[was.lower()][1])
    typed += [f"PRIMARY KEY ({', '.join(quoted(now) for _, now in keys)})"] if keys else []
    connection.execute(f"CREATE TABLE {quoted(new)} ({', '.join(typed)})")
    taken = ", ".join(quoted(was) for was, _ in columns)
    limit = "" if most is None else f" LIMIT {most}"
    connection.execute(f"INSERT INTO {quoted(new)} SELECT {taken} FROM old.{quoted(old)}{limit}")
