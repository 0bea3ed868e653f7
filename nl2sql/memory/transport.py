"""Verified questions as a file of JSON lines, to be carried to another machine or kept as a copy."""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nl2sql import folders
from nl2sql.errors import BadInput
from nl2sql.memory.store import Verified


def write(file: Path, entries: Sequence[Verified]) -> None:
    """The whole file or, where the disk is full or read-only, what was there before."""
    rows = ({"question": entry.question, "sql": entry.sql, "as_of": entry.as_of.isoformat(), "when": entry.when,
             "uses": entry.uses} for entry in entries)  # fmt: skip
    try:
        with folders.replacing(file) as new:
            new.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file} can't be written: {error.strerror or error}.") from error


def read(file: Path, as_of: dt.date) -> Iterator[tuple[int, Verified]]:
    """Line number and question; only ``question`` and ``sql`` must be there. Raises ``BadInput``, which names the line."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} can't be read: {getattr(error, 'strerror', None) or 'it is no text in UTF-8'}.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, _entry(json.loads(line), as_of)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BadInput(f'{file}, line {number}: not an object with "question" and "sql".') from error


def _entry(row: dict[str, Any], as_of: dt.date) -> Verified:
    question, sql, uses, when = row["question"], row["sql"], row.get("uses", 0), row.get("when", "")
    if not (isinstance(question, str) and isinstance(sql, str) and isinstance(when, str) and isinstance(uses, int)):
        raise TypeError
    if when:
        dt.datetime.fromisoformat(when)
    day = dt.date.fromisoformat(row["as_of"]) if row.get("as_of") else as_of
    return Verified(question, sql, day, when, max(0, uses))
