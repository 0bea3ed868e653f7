"""``spider_distractors``: the development questions over their databases with the tables of 10 other databases merged in.

The others are those of retrieval's figures (``retrieval_sets.among``): drawn once for each database, from all that tables.json
lists. A question's own database is copied as it is, and its gold stays; a question stays out where its gold fails or returns
other rows than on its own database alone.

Of each table of the others come the first 5000 rows: no more texts of a column are looked at for values that a question names.
Where the data set has no file of them, their tables are empty. A table whose name is taken (or is SQLite's own) isn't left out,
being the hardest to tell apart: its name and its words get its database's in front, as SQLite needs different names. Joins are
those within each database, the inferred ones too, none between two of them, as in ``merged``. Not carried over of the others:
indices, collations, and columns that ``tables.json`` doesn't list.
"""
from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from nl2sql.data.sources import spider
from nl2sql.errors import BadInput
from nl2sql.eval import made, retrieval_sets
from nl2sql.eval.memory import quoted
from nl2sql.names import humanize
from nl2sql.records import Kind, Schema

ROWS = 5000
KINDS: dict[Kind, str] = {"number": "number", "text": "text", "date": "time", "boolean": "boolean", "other": "others"}


def built(folder: Path) -> Path:
    """The folder of the merged databases, in Spider's form."""
    code = (__file__, retrieval_sets.__file__, spider.__file__)
    return made.built("spider_distractors", folder, map(Path, code), build)


def build(folder: Path, target: Path, *, others: int = retrieval_sets.OTHERS, rows: int = ROWS, seed: int = 0) -> None:
    known = spider.schemas(folder)
    if len(known) <= others:
        raise BadInput(f"{folder / 'tables.json'} lists {len(known)} databases: too few to merge {others} others into each.")
    asked = list(enumerate(spider.load(folder, "dev"), 1))
    entries, questions = [], []
    for name in dict.fromkeys(example.database for _, example in asked):
        source = spider.database_path(folder, name)
        if source is None:
            continue
        chosen = retrieval_sets.others_of(name, known, others=others, seed=seed)
        parts = [known[part] for part in (name, *chosen)]
        named = _told_apart(parts)
        entries.append(_entry(name, retrieval_sets.merged(named)))
        file = made.database_file(target, name)
        shutil.copyfile(source, file)
        for part, new in list(zip(parts, named, strict=True))[1:]:
            _add(spider.database_path(folder, part.name), file, part, new, rows)
        questions += [kept for row, example in asked if example.database == name
                      if (kept := made.question(row, example, source, file))]  # fmt: skip
    made.write(target, entries, questions)


def _told_apart(parts: Sequence[Schema]) -> list[Schema]:
    """The same schemas without a name that two tables share, or that SQLite keeps for itself."""
    taken: set[str] = set()
    found: list[Schema] = []
    for part in parts:
        tables = []
        for table in part.tables:
            if table.name.lower() in taken or (found and table.name.lower().startswith("sqlite_")):
                table = replace(table, name=f"{part.name}_{table.name}", words=f"{humanize(part.name)} {table.words}")
            taken.add(table.name.lower())
            tables.append(table)
        found.append(replace(part, tables=tuple(tables)))
    return found


def _entry(name: str, schema: Schema) -> dict[str, Any]:
    """The schema as tables.json has it, where columns are counted from a star."""
    keys = {inferred: [[key.source + 1, key.target + 1] for key in schema.foreign_keys if key.inferred == inferred]
            for inferred in (False, True)}  # fmt: skip
    columns = list(zip(schema.owner, schema.columns, strict=True))
    return {
        "db_id": name,
        "table_names_original": [table.name for table in schema.tables],
        "table_names": [table.words for table in schema.tables],
        "column_names_original": [[-1, "*"], *([owner, column.name] for owner, column in columns)],
        "column_names": [[-1, "*"], *([owner, column.words] for owner, column in columns)],
        "column_types": ["text", *(KINDS[column.kind] for column in schema.columns)],
        "primary_keys": [i for i, column in enumerate(schema.columns, 1) if column.primary_key],
        "foreign_keys": keys[False],
        "inferred_keys": keys[True],
    }


def _add(source: Path | None, file: Path, part: Schema, new: Schema, rows: int) -> None:
    """A database's tables under their new names."""
    with closing(made.attached(file, source) if source else sqlite3.connect(file)) as connection:
        for was, now in zip(part.tables, new.tables, strict=True):
            if source:
                made.copy_table(connection, was.name, now.name, [(column.name, column.name) for column in now.columns], rows)
            else:
                columns = ", ".join(f"{quoted(column.name)} {column.type}" for column in now.columns)
                connection.execute(f"CREATE TABLE {quoted(now.name)} ({columns})")
        connection.commit()
