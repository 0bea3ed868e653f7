"""Files of predictions, read and written, and how every output of an evaluation is written: whole or not at all."""
from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import sqlglot

from nl2sql import folders
from nl2sql.data.sources.reading import text_of
from nl2sql.errors import BadInput
from nl2sql.eval.cases import Case, Suite


def read(path: Path, suite: Suite, some: Sequence[Case]) -> dict[int, str]:
    """SQL by the case's number; a file that doesn't fit the suite raises BadInput with the line."""
    text = text_of(path, "The predictions ", "utf-8-sig")
    lines = text.removesuffix("\n").split("\n") if text else []  # other separators may stand in a query's text
    if path.suffix == ".jsonl" or text.startswith("{"):  # no query begins so
        fits = some and sum(bool(line.strip()) for line in lines) == len(some)
        return _read_jsonl(path, lines, replace(suite, cases=tuple(some)) if fits else suite)
    numbers = [case.number for case in (some if some and len(lines) == len(some) else suite.cases)]
    if len(lines) != len(numbers):
        counts = f"{path} has {len(lines)} lines, the suite {suite.name} has {len(numbers)} questions"
        first = f"line {len(lines) + 1} is missing" if len(lines) < len(numbers) else f"line {len(numbers) + 1} is one too many"
        raise BadInput(f"{counts}: it must hold one query a line, and {first}.")
    return {number: line.strip() for number, line in zip(numbers, lines, strict=True) if line.strip()}


def _read_jsonl(path: Path, lines: Sequence[str], suite: Suite) -> dict[int, str]:
    by_question: dict[str, list[int]] = {}
    for case in suite.cases:
        by_question.setdefault(case.question.strip(), []).append(case.number)
    found: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            question, sql = entry["question"].strip(), entry["sql"]
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(f'{path}, line {number} is not {{"question": ..., "sql": ...}}.') from error
        if not by_question.get(question):
            raise BadInput(f"{path}, line {number}: the suite {suite.name} doesn't ask {question[:80]!r} (so often).")
        if sql is not None and not isinstance(sql, str):
            raise BadInput(f"{path}, line {number}: sql must be text or null.")
        at = by_question[question].pop(0)
        if sql and sql.strip():
            found[at] = sql.strip()
    if left := sorted(at for numbers in by_question.values() for at in numbers):
        raise BadInput(f"{path} has no line for {len(left)} questions of the suite {suite.name}, the first on line {left[0]}.")
    return found


def write(path: str | Path, suite: Suite, by_number: Mapping[int, str | None]) -> None:
    """One query a line, in the suite's order, an empty line where there is none; into a file named .jsonl with the questions."""
    found = [(case.question, by_number.get(case.number)) for case in suite.cases]
    if Path(path).suffix == ".jsonl":
        lines = [json.dumps({"question": question, "sql": sql}) for question, sql in found]
    else:
        lines = [_one_line(sql or "", "sqlite" if suite.data else "duckdb") for _, sql in found]
    write_whole(Path(path), "".join(line + "\n" for line in lines))


def _one_line(sql: str, dialect: str) -> str:
    if "--" in sql and "\n" in sql.strip():  # a remark ends with its line: what follows would become part of it
        with suppress(sqlglot.errors.SqlglotError):
            sql = sqlglot.parse_one(sql, dialect=dialect).sql(dialect=dialect, comments=False)
    return re.sub(r"[\r\n]+", " ", sql).strip()


def write_whole(path: Path, content: str) -> None:
    """The file is there whole or not at all."""
    try:
        with folders.replacing(path) as new:
            new.write_text(content, encoding="utf-8", errors="replace")  # half a character may stand in a prediction
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror or error}.") from error


def writable(path: Path) -> None:
    """Raises BadInput where a file can't be made or replaced: said before a long run, not after it."""
    folder = Path(os.path.realpath(path)).parent
    if path.is_dir():
        raise BadInput(f"{path} can't be written: it is a folder.")
    if not folders.is_stream(path) and not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise BadInput(f"{path} can't be written: {'no access to' if folder.is_dir() else 'there is no'} folder {folder}.")
