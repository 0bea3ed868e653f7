"""What is asked: suites of questions with their gold queries, from a jsonl file, a shipped suite or Spider's files.

A jsonl line is ``{"question", "sql", "tags", "database", "optional", "conversation", "turn"}``; only the first two must be there.
``sql`` is a query, a list of queries that are all right, or null where there must be no answer. ``optional`` names output columns
of the gold that a prediction may leave out. ``database`` names a file in the folder that ``--db`` gives, where a suite asks about
several. Lines with the same ``conversation`` follow each other, their ``turn`` counted from 1.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nl2sql.data.sources import sparc, spider
from nl2sql.data.sources.reading import existing, read_rows, text_of
from nl2sql.errors import BadInput

SHIPPED = Path(__file__).parent / "suites"
# Suites in Spider's form: split, and the databases that are asked about (None: all)
SPIDER: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "spider": ("dev", None),
    "spider_held_out": ("train_spider", spider.HELD_OUT),
}
MISPLACED = "spider_misplaced"  # dev's questions asked of databases that can't answer them
SYNONYMS = "spider_synonyms"  # dev's questions with their schema words replaced
RENAMED = "spider_renamed"  # dev's databases with other names, in another order
DISTRACTORS = "spider_distractors"  # dev's databases with the tables of 10 others beside their own
BUSINESSES = ("businesses", "businesses_fresh")  # shipped suites that bring their databases
BIRD = ("dev.json", "dev_tables.json")  # BIRD's form: the same, with these files, "SQL" for "query", and dev_databases/
KEYS = {"question", "sql", "tags", "database", "optional", "conversation", "turn"}


@dataclass(frozen=True)
class Case:
    """A question. ``number`` counts from 1 in the suite's file; ``golds`` is empty where it must not be answered.

    ``conversation`` is the same in all turns of one, and empty where the question stands for itself.
    """

    number: int
    question: str
    golds: tuple[str, ...]
    database: str = ""
    tags: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    conversation: str = ""


@dataclass(frozen=True)
class Suite:
    """``source`` is the file that lines are counted in; ``digest`` identifies its content; ``data`` is a folder in Spider's form,
    in which ``tables`` describes the schemas. A suite that brings its databases has their ``folder``, and ``as_of``: the day that
    its relative dates count from."""

    name: str
    cases: tuple[Case, ...]
    source: Path
    digest: str
    data: Path | None = None
    tables: str = "tables.json"
    folder: Path | None = None
    as_of: dt.date | None = None


def load(name: str, data: str | Path | None = None) -> Suite:
    """The suite of that name, or the jsonl file. Suites in Spider's form need ``data``, the folder with their files."""
    if name in (*SPIDER, MISPLACED, SYNONYMS, RENAMED, DISTRACTORS, "bird"):
        if data is None:
            raise BadInput(f"The suite {name} needs --data, a folder in {'BIRD' if name == 'bird' else 'Spider'}'s form.")
        made = {"bird": _bird, MISPLACED: _misplaced, SYNONYMS: _synonyms, RENAMED: _renamed, DISTRACTORS: _distractors}.get(name)
        return made(Path(data)) if made else _spider(name, Path(data))
    if name == "sparc":
        if data is None:
            raise BadInput("The suite sparc needs --data, a folder that holds spider/ and sparc/.")
        return _sparc(Path(data))
    path = SHIPPED / f"{name}.jsonl" if not name.endswith(".jsonl") else Path(name)
    if not path.is_file():
        raise BadInput(f"There is no suite {name}: give a .jsonl file or one of {', '.join(names())}.")
    suite = Suite(path.stem, tuple(_lines(path)), path, _digest(path))
    return _with_databases(suite) if name in BUSINESSES else suite


def names() -> list[str]:
    """The suites that go by a name."""
    return sorted({*SPIDER, MISPLACED, RENAMED, DISTRACTORS, "bird", "sparc", *(file.stem for file in SHIPPED.glob("*.jsonl"))})


def _spider(name: str, folder: Path) -> Suite:
    split, databases = SPIDER[name]
    cases = tuple(
        Case(number, example.question, (example.sql or "",), example.database)
        for number, example in enumerate(spider.load(folder, split), 1)
        if databases is None or example.database in databases
    )
    return Suite(name, cases, folder / f"{split}.json", _digest(folder / f"{split}.json", folder / "tables.json"), folder)


def _misplaced(folder: Path, *, count: int = 300, seed: int = 0) -> Suite:
    """Each question with a dev database none of whose tables shares a word with the tables of its own."""
    from nl2sql.model.train_data import Known, misplaced

    schemas = spider.schemas(folder)
    known = {name: Known(schemas[name], {}) for name in schemas if spider.database_path(folder, name) is not None}
    asked = [example for example in spider.load(folder, "dev") if example.database in known]
    dev = {example.database for example in asked}
    wrong = misplaced(asked, {name: known[name] for name in dev}, count, seed)
    cases = tuple(Case(number, example.question, (), example.database) for number, example in enumerate(wrong, 1))
    return Suite(MISPLACED, cases, folder / "dev.json", _digest(folder / "dev.json", folder / "tables.json"), folder)


def _synonyms(folder: Path) -> Suite:
    from nl2sql.eval.synonyms import SUITE, replaced

    rows = spider.load(folder, "dev")
    cases = []
    for line in SUITE.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["row"] > len(rows):
            raise BadInput(f"{folder / 'dev.json'} has no row {entry['row']}, which {SUITE.name} asks about.")
        example = rows[entry["row"] - 1]
        cases.append(Case(entry["row"], replaced(example.question, entry["replace"]), (example.sql or "",), example.database))
    return Suite(SYNONYMS, tuple(cases), SUITE, _digest(SUITE, folder / "dev.json", folder / "tables.json"), folder)


def _renamed(folder: Path) -> Suite:
    from nl2sql.eval import renamed

    return _made(RENAMED, renamed.built(folder))


def _distractors(folder: Path) -> Suite:
    from nl2sql.eval import distractors

    return _made(DISTRACTORS, distractors.built(folder))


def _made(name: str, folder: Path) -> Suite:
    cases = tuple(Case(row["row"], row["question"], (row["query"],), row["db_id"]) for row in
                  read_rows(folder / "dev.json", ("row", "question", "query", "db_id")))  # fmt: skip
    return Suite(name, cases, folder / "dev.json", _digest(folder / "dev.json", folder / "tables.json"), folder)


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


def _sparc(folder: Path) -> Suite:
    """SParC's development conversations, about Spider's development databases."""
    found: list[Case] = []
    for number, interaction in enumerate(sparc.load(folder / "sparc", "dev"), 1):
        for turn, example in enumerate(interaction.turns, 1):
            found.append(Case(len(found) + 1, example.question, (example.sql or "",), example.database, turn_tags(turn), (),
                              str(number)))  # fmt: skip
    source, data = folder / "sparc" / "dev.json", folder / "spider"
    return Suite("sparc", tuple(found), source, _digest(source, data / "tables.json"), data)


def turn_tags(turn: int) -> tuple[str, ...]:
    """What a report counts a turn under."""
    return (f"turn {turn}" if turn < 4 else "turn 4 and later", *(["turns after the first"] if turn > 1 else []))


def some(cases: Sequence[Case], limit: int) -> tuple[Case, ...]:
    """About ``limit`` of them, spread evenly; conversations stay whole."""
    wholes: dict[str, list[Case]] = {}
    for case in cases:
        wholes.setdefault(case.conversation or f"case {case.number}", []).append(case)
    step = max(1, len(cases) // limit)
    return tuple(case for whole in list(wholes.values())[::step] for case in whole)[:limit]


def _lines(path: Path) -> Iterator[Case]:
    lines = text_of(path, encoding="utf-8-sig").split("\n")  # other separators may stand in a text
    before: tuple[Any, int] = ("", 0)
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                entry = _parsed(line)
                case = _case(number, entry)
                if case.conversation:
                    expected = before[1] + 1 if before[0] == case.conversation else 1
                    if entry["turn"] != expected:
                        raise ValueError(f"this must be turn {expected} of conversation {case.conversation}")
                    before = (case.conversation, expected)
                yield case
            except (ValueError, RecursionError) as error:
                raise BadInput(f"{path}, line {number}: {error}.") from error
    if not any(line.strip() for line in lines):
        raise BadInput(f"{path} holds no question.")


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is not JSON: {error.msg} at character {error.pos + 1}") from error


def _case(number: int, entry: Any) -> Case:
    """Raises ValueError with what is wrong."""
    if not isinstance(entry, dict):
        raise ValueError("this is not a JSON object")
    if unknown := set(entry) - KEYS:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}, only {', '.join(sorted(KEYS))} mean something")
    if not isinstance(entry.get("question"), str) or not entry["question"].strip():
        raise ValueError("the question is missing")
    if "sql" not in entry:
        raise ValueError('"sql" is missing (null means that there must be no answer)')
    if entry["sql"] == []:
        raise ValueError("'sql' holds no query (null means that there must be no answer)")
    golds = entry["sql"] if isinstance(entry["sql"], list) else [entry["sql"]]
    if entry["sql"] is None:
        golds = []
    elif not _texts(golds):
        raise ValueError("'sql' must be a query, a list of queries or null")
    # a null stands for what is missing: programs that write tables as jsonl leave no key out
    lists = {key: [] if entry.get(key) is None else entry[key] for key in ("tags", "optional")}
    for key, value in lists.items():
        if not _texts(value):
            raise ValueError(f"{key!r} must be a list of texts")
    database = "" if entry.get("database") is None else entry["database"]
    if not isinstance(database, str):
        raise ValueError("'database' must be text")
    conversation = "" if entry.get("conversation") is None else str(entry["conversation"])
    tags, optional = tuple(lists["tags"]), tuple(lists["optional"])
    if conversation:
        if not isinstance(entry.get("turn"), int) or entry["turn"] < 1:
            raise ValueError("a conversation's turns are counted from 1")
        tags = (*tags, *turn_tags(entry["turn"]))
    return Case(number, entry["question"], tuple(golds), database, tags, optional, conversation)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _with_databases(suite: Suite) -> Suite:
    from nl2sql.eval import businesses

    return replace(suite, folder=businesses.built(), as_of=businesses.DAY)


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:16]
