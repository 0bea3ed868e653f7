"""Lessons as JSON lines: one source's in the cache, or all that a training needs in one file, for a machine without the data.

A file of a training is lines under xz: what is said of it, then each source's name and count, its databases and its lessons.
"""
from __future__ import annotations

import datetime as dt
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, overload

from nl2sql.context.words import split
from nl2sql.errors import BadInput
from nl2sql.model.feeding import Lesson
from nl2sql.records import (
    Column,
    Context,
    ForeignKey,
    Link,
    LinkedNumber,
    LinkedValue,
    Period,
    Pointer,
    Schema,
    Symbol,
    Table,
)  # fmt: skip

Databases = Mapping[str, tuple[Schema, dt.date]]  # and the day that relative periods count from


@dataclass(frozen=True)
class Lessons(Sequence[Lesson]):
    """Lessons that are read when they are asked for: half a million fit in memory, and a training begins at once."""

    lines: Sequence[str]
    databases: Databases

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, at: int) -> Lesson: ...
    @overload
    def __getitem__(self, at: slice) -> Lessons: ...
    def __getitem__(self, at: int | slice) -> Lesson | Lessons:
        return Lessons(self.lines[at], self.databases) if isinstance(at, slice) else self._read(json.loads(self.lines[at]))

    def _read(self, record: Mapping[str, Any]) -> Lesson:
        schema, day = self.databases[record["db"]]
        periods = [Period(_date(start), _date(end), *rest) for start, end, *rest in record["p"]]
        context = Context(
            record["q"], split(record["q"]), schema, tuple(range(len(schema.columns))),
            tuple(LinkedValue(*value) for value in record["v"]), tuple(LinkedNumber(*number) for number in record["n"]),
            tuple(periods), {Pointer(kind, index): tuple(Link(*link) for link in links) for kind, index, links in record["l"]},
            as_of=day, previous=symbols_of(record["h"]))
        return Lesson(context, symbols_of(record["s"]))


def line(lesson: Lesson, database: str) -> str:
    context = lesson.context
    return json.dumps({
        "q": context.question, "db": database, "s": lesson.symbols, "v": [_fields(value) for value in context.values],
        "n": [_fields(number) for number in context.numbers], "p": [_fields(period) for period in context.periods],
        "l": [[*pointer, links] for pointer, links in context.links.items()], "h": context.previous,
    }, default=str)  # fmt: skip


def symbols_of(record: Sequence[str | list[Any]]) -> tuple[Symbol, ...]:
    """Symbols as JSON has them, pointers as lists."""
    return tuple(symbol if isinstance(symbol, str) else Pointer(*symbol) for symbol in record)


def _fields(record: LinkedValue | LinkedNumber | Period) -> list[Any]:
    return [value.isoformat() if isinstance(value, dt.date) else value for value in vars(record).values()]


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def write(file: Path, sources: Mapping[str, Lessons], about: Mapping[str, Any]) -> None:
    """The whole of a training's lessons; raises ``BadInput`` where the file can't be written."""
    try:
        with lzma.open(file, "wt", encoding="utf-8", preset=4) as out:
            out.writelines(text + "\n" for text in _written(sources, about))
    except OSError as error:
        raise BadInput(f"{file} can't be written: {error.strerror}.") from error


def _written(sources: Mapping[str, Lessons], about: Mapping[str, Any]) -> Iterator[str]:
    yield json.dumps(about)
    for name, lessons in sources.items():
        known = {key: [asdict(_shown(schema)), day.isoformat()] for key, (schema, day) in lessons.databases.items()}
        yield json.dumps({"source": name, "lessons": len(lessons), "databases": known})
        yield from (text.rstrip("\n") for text in lessons.lines)


def read(file: Path) -> tuple[dict[str, Lessons], dict[str, Any]]:
    """The lessons by source, and what is said of them. Raises ``BadInput``."""
    try:
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            about, found = json.loads(next(lines)), {}
            for head in map(json.loads, lines):
                known = {key: (_schema(schema), dt.date.fromisoformat(day)) for key, (schema, day) in head["databases"].items()}
                found[head["source"]] = Lessons([next(lines) for _ in range(head["lessons"])], known)
    except OSError as error:
        raise BadInput(f"{file} can't be read: {error.strerror}.") from error
    except (lzma.LZMAError, EOFError, StopIteration, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{file} is no file of lessons, or a part of it is missing.") from error
    return found, about


def _shown(schema: Schema) -> Schema:
    """As much of a schema as a prompt shows."""
    return replace(schema, tables=tuple(
        replace(table, comment="", columns=tuple(replace(column, comment="", samples=()) for column in table.columns))
        for table in schema.tables))


def _schema(record: Mapping[str, Any]) -> Schema:
    tables = [Table(**{**table, "columns": _columns(table["columns"])}) for table in record["tables"]]
    return Schema(tuple(tables), tuple(ForeignKey(**key) for key in record["foreign_keys"]), record["name"])


def _columns(records: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(**{**column, "samples": tuple(column["samples"])}) for column in records)
