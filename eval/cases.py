"""What is asked: suites of questions with their gold queries, from a jsonl file, a shipped suite or Spider's files.

A jsonl line is ``{"question", "sql", "tags", "database", "optional"}``; the last three may be left out. ``sql`` is a query, a
list of queries that are all right, or null where there must be no answer. ``optional`` names output columns of the gold that a
prediction may leave out. ``database`` names a file in the folder that ``--db`` gives, where a suite asks about several.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nl2sql.data.sources import spider
from nl2sql.data.sources.reading import existing, read_rows
from nl2sql.errors import BadInput

SHIPPED = Path(__file__).parent / "suites"
# Suites in Spider's form: split, and the databases that are asked about (None: all)
SPIDER: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "spider": ("dev", None),
    "spider_held_out": ("train_spider", spider.HELD_OUT),
}
BIRD = ("dev.json", "dev_tables.json")  # BIRD's form: the same, with these files, "SQL" for "query", and dev_databases/
KEYS = {"question", "sql", "tags", "database", "optional"}


@dataclass(frozen=True)
class Case:
    """A question. ``number`` counts from 1 in the suite's file; ``golds`` is empty where it must not be answered."""

    number: int
    question: str
    golds: tuple[str, ...]
    database: str = ""
    tags: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suite:
    """``source`` is the file that lines are counted in; ``digest`` identifies its content; ``data`` is a folder in Spider's form,
    in which ``tables`` describes the schemas."""

    name: str
    cases: tuple[Case, ...]
    source: Path
    digest: str
    data: Path | None = None
    tables: str = "tables.json"


def load(name: str, data: str | Path | None = None) -> Suite:
    """The suite of that name, or the jsonl file. Suites in Spider's form need ``data``, the folder with their files."""
    if name in SPIDER or name == "bird":
        if data is None:
            raise BadInput(f"The suite {name} needs --data, a folder in {'BIRD' if name == 'bird' else 'Spider'}'s form.")
        return _bird(Path(data)) if name == "bird" else _spider(name, Path(data))
    path = SHIPPED / f"{name}.jsonl" if not name.endswith(".jsonl") else Path(name)
    if not path.is_file():
        shipped = sorted([*SPIDER, "bird", *(file.stem for file in SHIPPED.glob("*.jsonl"))])
        raise BadInput(f"There is no suite {name}: give a .jsonl file or one of {', '.join(shipped)}.")
    return Suite(path.stem, tuple(_lines(path)), path, _digest(path))


def _spider(name: str, folder: Path) -> Suite:
    split, databases = SPIDER[name]
    cases = tuple(
        Case(number, example.question, (example.sql or "",), example.database)
        for number, example in enumerate(spider.load(folder, split), 1)
        if databases is None or example.database in databases
    )
    return Suite(name, cases, folder / f"{split}.json", _digest(folder / f"{split}.json", folder / "tables.json"), folder)


def _bird(folder: Path) -> Suite:
    """The evidence is part of the question, as in BIRD's own baselines."""
    what = "BIRD's development set (dev.json, dev_tables.json, dev_databases/)"
    questions, tables = (existing(folder, name, what) for name in BIRD)
    cases = tuple(
        Case(number, " ".join(filter(None, [row["question"], row.get("evidence")])), (row["SQL"],), row["db_id"],
             (row["difficulty"],) if row.get("difficulty") else ())
        for number, row in enumerate(read_rows(questions, ("question", "SQL", "db_id")), 1)
    )  # fmt: skip
    return Suite("bird", cases, questions, _digest(questions, tables), folder, tables.name)


def _lines(path: Path) -> Iterator[Case]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} can't be read as text: {error}.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _case(number, json.loads(line))
            except (json.JSONDecodeError, ValueError) as error:
                raise BadInput(f"{path}, line {number}: {error}.") from error
    if not any(line.strip() for line in lines):
        raise BadInput(f"{path} holds no question.")


def _case(number: int, entry: Any) -> Case:
    """Raises ValueError with what is wrong."""
    if not isinstance(entry, dict):
        raise ValueError("this is not a JSON object")
    if unknown := set(entry) - KEYS:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
    if not isinstance(entry.get("question"), str) or not entry["question"].strip():
        raise ValueError("the question is missing")
    if "sql" not in entry:
        raise ValueError('"sql" is missing (null means that there must be no answer)')
    golds = [] if entry["sql"] is None else entry["sql"] if isinstance(entry["sql"], list) else [entry["sql"]]
    lists = {key: entry.get(key) or [] for key in ("tags", "optional")} | {"sql": golds}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise ValueError(f"{key!r} must hold text")
    if not isinstance(entry.get("database", ""), str):
        raise ValueError("'database' must be text")
    tags, optional = tuple(lists["tags"]), tuple(lists["optional"])
    return Case(number, entry["question"], tuple(golds), entry.get("database", ""), tags, optional)


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:16]
