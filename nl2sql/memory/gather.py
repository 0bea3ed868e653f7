"""Suggestions from questions that were synthesised for a database: those that read well and whose SQL runs, kept in a file."""
from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from nl2sql import folders
from nl2sql.context.spelling import is_english
from nl2sql.context.words import split, stem
from nl2sql.memory.complete import Suggestion
from nl2sql.names import humanize
from nl2sql.records import Example, Schema, Values

_LONGEST = 90  # characters of a suggestion
_log = logging.getLogger(__name__)


def gather(
    examples: Iterable[Example], schema: Schema, values: Values, *, runs: Callable[[str], bool], goes_on: Callable[[], bool],
    count: int,
) -> list[Suggestion]:
    """Up to ``count`` of them; fewer where there are no more, or where ``goes_on`` says no."""
    kept: list[Suggestion] = []
    known = _vocabulary(schema, values)
    for example in examples:
        if not goes_on() or len(kept) == count:
            break
        if example.sql and _reads_well(example.question, known) and runs(example.sql):
            kept.append(Suggestion(_tidy(example.question), example.sql))
    return kept


def plain_questions(schema: Schema) -> Iterator[Suggestion]:
    """What can be asked of any database, for one that nothing was synthesised for."""
    for table in schema.tables:
        place = ".".join('"' + name.replace('"', '""') + '"' for name in (table.schema, table.name) if name)
        words = table.words or humanize(table.name)
        yield Suggestion(f"How many {words} are there?", f"SELECT COUNT(*) FROM {place}")


def read(file: Path) -> list[Suggestion]:
    """Nothing where there is no such file; a damaged one is told in the log."""
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        return [Suggestion(str(row["question"]), str(row["sql"])) for row in rows if row["sql"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("The suggestions in %s can't be read: %s", file, error)
        return []


def write(file: Path, suggestions: Sequence[Suggestion]) -> None:
    """Whole or not at all; what can't be kept is made again at the next start."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = ({"question": suggestion.question, "sql": suggestion.sql} for suggestion in suggestions)
        with folders.replacing(file) as new:
            new.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        _log.warning("The suggestions can't be kept: %s", error)


def _vocabulary(schema: Schema, values: Values) -> set[str]:
    """The stems of all names and stored values."""
    stored = (value for cells in values.values() for value in cells)
    return {stem(word.text) for text in (*names(schema), *stored) for word in split(text)}


def names(schema: Schema) -> list[str]:
    """The words of all tables and columns."""
    return [table.words or humanize(table.name) for table in schema.tables] + [
        column.words or humanize(column.name) for column in schema.columns
    ]


def _reads_well(question: str, known: set[str]) -> bool:
    """Short, and without a misspelt word: synthesised questions hold some on purpose."""
    if len(question) > _LONGEST or "??" in question:
        return False
    words = [word.text for word in split(question) if word.text.isalpha()]
    return all(stem(word) in known or is_english(word.lower()) or is_english(stem(word)) for word in words)


def _tidy(question: str) -> str:
    return question[0].upper() + question[1:]
