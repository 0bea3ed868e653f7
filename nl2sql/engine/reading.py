"""What both engines of the worker (``duck``, ``lite``) share: their errors, and the surface that introspection reads through."""
from __future__ import annotations

from typing import Any, Literal, NamedTuple, Protocol

from nl2sql.records import Schema

ErrorKind = Literal["failed", "timed_out", "too_large", "crashed", "bad", "sqlite", "scope"]
METADATA_SCHEMA = "nl2sql_import"  # where an imported file keeps the keys that its source declared; never shown


class CannotOpen(Exception):
    """The file can't be used; the message is one sentence without the file's name, which the caller puts before it."""

    def __init__(self, message: str, kind: ErrorKind = "bad") -> None:
        super().__init__(message)
        self.kind = kind


class Rows(NamedTuple):
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    truncated: bool


class Reader(Protocol):
    """A file that is open for reading."""

    distinct: str  # the SQL aggregate that counts distinct values of "{}", exactly or nearly
    day: str  # the SQL expression that is the day of the date column "{}", comparable with an ISO date

    def run(self, sql: str, row_limit: int | None, seconds: float) -> Rows:
        """The rows of one SELECT that is not trusted."""

    def explain(self, error: Exception) -> tuple[ErrorKind, str]:
        """What an error of ``run`` means."""

    def look_up(self, sql: str, seconds: float = 10.0) -> list[tuple[Any, ...]] | None:
        """The rows of a query of our own; None where the engine can't tell, or not within ``seconds``."""

    def catalogue(self) -> Schema:
        """Tables, views, columns, comments and keys as they are declared."""


def quote(*names: str) -> str:
    """An SQL identifier, qualified where several names are given; empty ones are left out."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names if name)


def first_bytes(path: str) -> bytes:
    """The file's first 16 bytes. Only a child may do this: closing a file drops every lock that the process holds on it."""
    with open(path, "rb") as file:
        return file.read(16)


SQLITE_MAGIC = b"SQLite format 3\0"
