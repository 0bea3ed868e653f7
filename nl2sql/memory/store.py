"""The questions that people judged, one SQLite file a database in the user's data folder.

Every call opens the file, does one short transaction and closes it, so several processes and threads may share it. The plain
rollback journal is kept: it leaves nothing beside the file, and a file that may only be read can still be read. What can't be
read or written raises ``BadMemory`` and changes nothing.
"""
from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nl2sql.errors import BadMemory

Kind = Literal["verified", "disliked"]

_PATIENCE = 10.0  # seconds to wait for another process's transaction
_VERSION = 1
_COLUMNS = "number, question, sql, stored, uses, as_of"
_TABLE = """
CREATE TABLE IF NOT EXISTS questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('verified', 'disliked')),
    folded TEXT NOT NULL,
    question TEXT NOT NULL,
    sql TEXT NOT NULL,
    stored TEXT NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    as_of TEXT NOT NULL
)
"""


@dataclass(frozen=True)
class Verified:
    """A question and the SQL that a person judged. ``as_of``: the day that its relative dates counted from.

    ``when``: the moment it was stored, ISO, UTC. ``uses``: how often its SQL answered. ``number`` is 0 until it is stored.
    """

    question: str
    sql: str
    as_of: dt.date
    when: str = ""
    uses: int = 0
    number: int = 0


def folded(question: str) -> str:
    """A question without what typing changes: case, spaces, the mark at its end."""
    return " ".join(question.casefold().split()).rstrip("?.! ")


class Store:
    """The file; it is made by the first question that is put in."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def all(self, kind: Kind) -> tuple[Verified, ...]:
        """The newest first."""
        if not self.file.exists():
            return ()
        with self._transaction("BEGIN") as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM questions WHERE kind = ? ORDER BY number DESC", (kind,))
            return tuple(_record(row) for row in rows)

    def put(self, kind: Kind, entries: Sequence[Verified]) -> tuple[Verified, ...]:
        """All of them or none. A verified question that is there gets the new SQL; a disliked pair is there once."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        same = "kind = ? AND folded = ?" + (" AND sql = ?" if kind == "disliked" else "")
        with self._transaction("BEGIN IMMEDIATE") as connection:
            put = []
            for entry in entries:
                key = (kind, folded(entry.question), *([entry.sql] if kind == "disliked" else []))
                connection.execute(f"DELETE FROM questions WHERE {same}", key)
                row = (kind, key[1], entry.question, entry.sql, entry.when or now, entry.uses, entry.as_of.isoformat())
                found = connection.execute(
                    "INSERT INTO questions (kind, folded, question, sql, stored, uses, as_of) VALUES (?, ?, ?, ?, ?, ?, ?)"
                    f" RETURNING {_COLUMNS}", row).fetchall()
                put.append(_record(found[0]))
            return tuple(put)

    def remove(self, number: int) -> bool:
        """Whether it was there."""
        if not self.file.exists():
            return False
        with self._transaction("BEGIN IMMEDIATE") as connection:
            return connection.execute("DELETE FROM questions WHERE number = ?", (number,)).rowcount > 0

    def count_use(self, number: int) -> None:
        with self._transaction("BEGIN IMMEDIATE") as connection:
            connection.execute("UPDATE questions SET uses = uses + 1 WHERE number = ?", (number,))

    def changes(self) -> bytes:
        """What differs after each transaction that wrote: the change counter in the file's header."""
        try:
            with self.file.open("rb") as file:
                return file.read(28)[24:]
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            raise BadMemory(f"The verified questions in {self.file} can't be read: {error.strerror or error}.") from error

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        connection = None
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.file, timeout=_PATIENCE, isolation_level=None)
            connection.execute(begin)
            _prepare(connection, self.file)
            yield connection
            connection.execute("COMMIT")
        except (sqlite3.Error, ValueError, TypeError) as error:  # the last two: what was read is no question
            raise BadMemory(_sentence(self.file, error)) from error
        except OSError as error:
            raise BadMemory(f"The verified questions in {self.file} can't be stored: {error.strerror or error}.") from error
        finally:
            if connection is not None:
                connection.close()  # what wasn't committed is rolled back


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    """A new file gets its table; one that a later version of the program wrote is left alone."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise BadMemory(f"The verified questions in {file} were written by a later version of nl2sql.")
    if version < _VERSION:
        connection.execute(_TABLE)
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _record(row: Sequence) -> Verified:
    number, question, sql, stored, uses, as_of = row
    return Verified(question, sql, dt.date.fromisoformat(as_of), stored, uses, number)


def _sentence(file: Path, error: Exception) -> str:
    code = getattr(error, "sqlite_errorname", "") or ""
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"Another program holds the verified questions in {file}: try again in a moment."
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return f"The verified questions in {file} can't be written: the file or its folder is read-only."
    if code.startswith("SQLITE_FULL"):
        return f"The disk is full: nothing was stored in {file}."
    return f"The verified questions in {file} are damaged; move that file away and import your last export ({error})."
