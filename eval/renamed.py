"""``spider_renamed``: the development questions over the same databases with other names, in another order.

The databases are built in the user's cache, in Spider's form; the rows stay as they are, in their order. The questions stay too;
a gold is rewritten, and a question stays out where its gold then fails or returns other rows. All is seeded by the database's id.
Not carried over: indices, collations, and columns that ``tables.json`` doesn't list.
"""
from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlglot

from nl2sql import folders
from nl2sql.data.sources import spider
from nl2sql.data.sources.reading import existing, literal, read_rows
from nl2sql.eval.other_names import Names, other_names, rewritten
from nl2sql.eval.synonyms import WORDS, read_words
from nl2sql.names import humanize
from nl2sql.records import Example, Schema

Rows = Counter[tuple[str, ...]]


def built(folder: Path) -> Path:
    """The folder of the renamed databases, in Spider's form: from the cache, until the data, the words or the code change."""
    depends = [existing(folder, name, spider.WHAT) for name in ("dev.json", "tables.json")]
    depends += [WORDS, Path(__file__), Path(__file__).with_name("other_names.py"), Path(__file__).with_name("synonyms.py")]
    digest = hashlib.sha256(b"\0".join(file.read_bytes() for file in depends)).hexdigest()[:16]
    target = folders.cache() / "spider_renamed" / digest
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=target.parent))
        try:
            build(folder, partial)
            partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return target


def build(folder: Path, target: Path, seed: int = 0) -> None:
    schemas, words = spider.schemas(folder), read_words()
    raw = {entry["db_id"]: entry for entry in read_rows(existing(folder, "tables.json", spider.WHAT), spider.KEYS)}
    asked = [(row, example) for row, example in enumerate(spider.load(folder, "dev"), 1)]
    entries, questions = [], []
    for name in dict.fromkeys(example.database for _, example in asked):
        source = spider.database_path(folder, name)
        if source is None:
            continue
        chance = random.Random(f"{seed}/{name}")
        names = other_names(schemas[name], words.get(name, []), chance)
        entry = _entry(raw[name], names, chance)
        entries.append(entry)
        made = target / "database" / name / f"{name}.sqlite"
        made.parent.mkdir(parents=True)
        _copy(source, made, schemas[name], names, entry)
        questions += [kept for row, example in asked if example.database == name
                      if (kept := _question(row, example, names, source, made)) is not None]  # fmt: skip
    (target / "tables.json").write_text(json.dumps(entries), encoding="utf-8")
    questions.sort(key=lambda question: question["row"])
    (target / "dev.json").write_text(json.dumps(questions), encoding="utf-8")


def _entry(old: dict[str, Any], names: Names, chance: random.Random) -> dict[str, Any]:
    """The database's entry of tables.json: new names, tables in a new order, columns in a new order within their table."""
    lists = {key: literal(old[key]) for key in spider.KEYS if key != "db_id"}
    tables, columns = lists["table_names_original"], lists["column_names_original"]
    order = chance.sample(range(len(tables)), len(tables))
    moved = [0]  # the star
    for table in order:
        own = [i for i, (owner, _) in enumerate(columns) if owner == table]
        moved += chance.sample(own, len(own))
    place = {index: new for new, index in enumerate(moved)}
    new_tables = [names.tables[tables[table].lower()] for table in order]
    new_columns = [[order.index(columns[i][0]), names.columns[columns[i][1].lower()]] for i in moved[1:]]
    return {
        "db_id": old["db_id"],
        "table_names_original": new_tables,
        "table_names": [humanize(name) for name in new_tables],
        "column_names_original": [[-1, "*"], *new_columns],
        "column_names": [[-1, "*"], *([owner, humanize(name)] for owner, name in new_columns)],
        "column_types": [lists["column_types"][i] for i in moved],
        "primary_keys": [[place[i] for i in key] if isinstance(key, list) else place[key] for key in lists["primary_keys"]],
        "foreign_keys": [[place[source], place[target]] for source, target in lists["foreign_keys"]],
    }


def _copy(source: Path, made: Path, schema: Schema, names: Names, entry: dict[str, Any]) -> None:
    """The tables with their rows; types and primary keys are those of the file."""
    with closing(sqlite3.connect(made.resolve().as_uri(), uri=True)) as connection:
        connection.execute("ATTACH ? AS old", (f"{source.resolve().as_uri()}?mode=ro",))
        for table in schema.tables:
            new = names.tables[table.name.lower()]
            there = {
                column.lower(): (type_text, key)
                for _, column, type_text, _, _, key in connection.execute(f"PRAGMA old.table_info({_quoted(table.name)})")
            }
            owner = entry["table_names_original"].index(new)
            order = [name for table_of, name in entry["column_names_original"] if table_of == owner]
            old_of = {names.columns[column.name.lower()]: column.name.lower() for column in table.columns}
            columns = [(name, old_of[name]) for name in order if old_of[name] in there]
            if not columns:
                continue
            typed = [f"{_quoted(name)} {there[old][0]}" for name, old in columns]
            keys = sorted((there[old][1], name) for name, old in columns if there[old][1])
            typed += [f"PRIMARY KEY ({', '.join(_quoted(name) for _, name in keys)})"] if keys else []
            connection.execute(f"CREATE TABLE {_quoted(new)} ({', '.join(typed)})")
            taken = ", ".join(_quoted(old) for _, old in columns)
            connection.execute(f"INSERT INTO {_quoted(new)} SELECT {taken} FROM old.{_quoted(table.name)}")
        connection.commit()


def _question(row: int, example: Example, names: Names, source: Path, made: Path) -> dict[str, Any] | None:
    """The question with its gold over the new names; None where that returns other rows than the old one did."""
    try:
        sql = rewritten(example.sql or "", names)
        if _rows(source, example.sql or "") != _rows(made, sql):
            return None
    except (sqlite3.Error, sqlglot.errors.SqlglotError):
        return None
    return {"row": row, "question": example.question, "query": sql, "db_id": example.database}


def _rows(file: Path, sql: str) -> Rows:
    """Its rows, the cells of each in an order of their own: those of ``*`` come in another one."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        return Counter(tuple(sorted(map(repr, row))) for row in connection.execute(sql))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
