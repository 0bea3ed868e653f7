"""``spider_renamed``: the development questions over the same databases with other names, in another order.

The databases are built in the user's cache, in Spider's form; the rows stay as they are, in their order. The questions stay too;
a gold is rewritten, and a question stays out where its gold then fails or returns other rows. All is seeded by the database's id.
Not carried over: indices, collations, and columns that ``tables.json`` doesn't list.
"""
from __future__ import annotations

import random
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from nl2sql.data.sources import spider
from nl2sql.data.sources.reading import existing, literal, read_rows
from nl2sql.eval import made
from nl2sql.eval.other_names import Names, other_names, rewritten
from nl2sql.eval.synonyms import WORDS, read_words
from nl2sql.names import humanize
from nl2sql.records import Schema


def built(folder: Path) -> Path:
    """The folder of the renamed databases, in Spider's form."""
    here = Path(__file__)
    return made.built("spider_renamed", folder, (WORDS, here, *map(here.with_name, ("other_names.py", "synonyms.py"))), build)


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
        file = made.database_file(target, name)
        _copy(source, file, schemas[name], names, entry)
        questions += [kept for row, example in asked if example.database == name
                      if (kept := made.question(row, example, source, file, partial(rewritten, names=names)))]  # fmt: skip
    made.write(target, entries, questions)


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


def _copy(source: Path, file: Path, schema: Schema, names: Names, entry: dict[str, Any]) -> None:
    """The tables with their rows."""
    with closing(made.attached(file, source)) as connection:
        for table in schema.tables:
            new = names.tables[table.name.lower()]
            owner = entry["table_names_original"].index(new)
            old_of = {names.columns[column.name.lower()]: column.name for column in table.columns}
            order = [name for table_of, name in entry["column_names_original"] if table_of == owner]
            made.copy_table(connection, table.name, new, [(old_of[name], name) for name in order])
        connection.commit()
