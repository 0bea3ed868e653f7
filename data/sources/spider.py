"""Spider: questions over many SQLite databases, in the layout its authors publish (tables.json, *.json, database/ID/ID.sqlite).

Schemas come from tables.json (names, natural words, types, keys), never from the SQLite files: those differ in places, and
a few are empty or absent. An entry may list ``inferred_keys``, which stand for what ``infer_keys`` would find; Spider's don't.
``HELD_OUT`` names the training databases that no training may use.
"""
from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

from nl2sql.data.sources.reading import existing, literal, read_rows
from nl2sql.errors import BadInput
from nl2sql.records import Column, Example, ForeignKey, Kind, Schema, Table, Values

WHAT = "Spider (tables.json, train_spider.json, dev.json, database/)"
SPLITS = ("train_spider", "train_others", "dev")
# Spider's own kinds, and those that BIRD's tables hold in the same place
KINDS: dict[str, Kind] = {
    "number": "number", "text": "text", "time": "date", "boolean": "boolean", "others": "other",
    "integer": "number", "real": "number", "date": "date", "datetime": "date", "blob": "other",
}  # fmt: skip
TYPES: dict[Kind, str] = {"number": "REAL", "text": "TEXT", "date": "DATE", "boolean": "BOOLEAN", "other": "BLOB"}
KEYS = ("db_id", "table_names", "table_names_original", "column_names", "column_names_original", "column_types",
        "primary_keys", "foreign_keys")  # fmt: skip

# Training databases set aside before the first training: verifier, calibration and thresholds get their data from them.
# Chosen once: those with 20 or more questions and rows in every table, by number of columns in 20 equal strata, one from each
# by random.Random(20); chinook_1 and store_1 (one database under two names) left out.
HELD_OUT: tuple[str, ...] = (
    "apartment_rentals", "assets_maintenance", "bike_1", "cre_Doc_Tracking_DB", "culture_company", "epinions_1",
    "insurance_policies", "loan_1", "movie_1", "music_4", "musical", "party_people", "phone_1", "railway", "scientist_1",
    "soccer_2", "student_assessment", "theme_gallery", "tracking_orders", "train_station",
)  # fmt: skip


def schemas(folder: str | Path, *, tables: str = "tables.json") -> dict[str, Schema]:
    """The schema of each database by its id, columns in the order of tables.json (without its ``*``)."""
    path = existing(folder, tables, WHAT)
    result = {}
    for entry in read_rows(path, KEYS):
        try:
            lists = {key: literal(entry[key]) for key in (*KEYS, "inferred_keys") if key != "db_id" and key in entry}
            result[entry["db_id"]] = _schema(lists | {"db_id": entry["db_id"]})
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise BadInput(f"{path}: the entry of {entry['db_id']!r} is inconsistent ({error!r}).") from error
    return result


def _schema(entry: dict[str, Any]) -> Schema:
    originals, natural, types = entry["column_names_original"], entry["column_names"], entry["column_types"]
    # stable by table: pointers count columns table by table, tables.json might not
    order = sorted((i for i, (table, _) in enumerate(originals) if table >= 0), key=lambda i: originals[i][0])
    place = {old: new for new, old in enumerate(order)}
    primary = {place[i] for key in entry["primary_keys"] for i in (key if isinstance(key, list) else [key])}
    columns = [
        (originals[i][0],
         Column(originals[i][1], TYPES[KINDS[types[i]]], KINDS[types[i]], natural[i][1].lower(), primary_key=place[i] in primary))
        for i in order
    ]  # fmt: skip
    tables = tuple(
        Table(name, tuple(column for owner, column in columns if owner == t), entry["table_names"][t].lower())
        for t, name in enumerate(entry["table_names_original"])
    )
    declared = tuple(ForeignKey(place[source], place[target]) for source, target in entry["foreign_keys"])
    schema = Schema(tables, declared, entry["db_id"])
    known = entry.get("inferred_keys")
    inferred = infer_keys(schema) if known is None else tuple(ForeignKey(place[a], place[b], inferred=True) for a, b in known)
    return replace(schema, foreign_keys=declared + inferred)


def infer_keys(schema: Schema) -> tuple[ForeignKey, ...]:
    """Joins that the names imply, between tables without a declared one: a column that is called like a table and holds what
    that table's key holds, else equal names in both tables, one of them a primary key.
    """
    owner, columns = schema.owner, schema.columns
    joined = {frozenset((owner[key.source], owner[key.target])) for key in schema.foreign_keys}
    found: dict[frozenset[int], ForeignKey] = {}
    for source, target in (*_called_like_tables(schema), *_of_one_name(schema)):
        tables = frozenset((owner[source], owner[target]))
        if len(tables) == 2 and tables not in joined and columns[source].kind == columns[target].kind:
            found.setdefault(tables, ForeignKey(source, target, inferred=True))
    return tuple(sorted(found.values(), key=lambda key: (key.source, key.target)))


def _called_like_tables(schema: Schema) -> Iterator[tuple[int, int]]:
    """Columns with the sole primary key of the table whose name they bear, or of a part in it: start station id."""
    keys: dict[str, int] = {}
    for table, record in enumerate(schema.tables):
        own = [i for i, column in enumerate(schema.columns) if schema.owner[i] == table and column.primary_key]
        if len(own) == 1:
            keys[record.words.removesuffix("s")] = own[0]
    for i, column in enumerate(schema.columns):
        target = keys.get(column.words.removesuffix("s"))
        if target is not None:
            yield i, target
    declared = {key.source for key in schema.foreign_keys}
    for i, column in enumerate(schema.columns):
        if i in declared:
            continue
        for name, target in keys.items():
            if column.words.endswith(f" {name} id") and schema.columns[target].words in ("id", f"{name} id"):
                yield i, target


def _of_one_name(schema: Schema) -> Iterator[tuple[int, int]]:
    """Columns with a primary key of the same name; two rows that are both just called "id" have nothing to do with each other."""
    columns, by_name = schema.columns, defaultdict[str, list[int]](list)
    sole = [sum(column.primary_key for column in table.columns) == 1 for table in schema.tables]
    for i, column in enumerate(columns):
        by_name[column.name.lower()].append(i)
    for name, places in by_name.items():
        for first, second in combinations(places, 2):
            own = name == "id" and all(columns[i].primary_key and sole[schema.owner[i]] for i in (first, second))
            if not own and (columns[first].primary_key or columns[second].primary_key):
                yield (second, first) if columns[first].primary_key else (first, second)


def database_path(folder: str | Path, db_id: str) -> Path | None:
    """The database's SQLite file, or None where the data set doesn't hold it (or holds an empty file)."""
    databases = Path(folder) / "database"
    if not databases.is_dir():
        databases = Path(folder) / "dev_databases"  # BIRD's name for it
    path = databases / db_id / f"{db_id}.sqlite"
    return path if path.is_file() and path.stat().st_size > 0 else None


def values(folder: str | Path, db_id: str, schema: Schema, *, per_column: int = 5000, longest: int = 100) -> Values:
    """The distinct texts of each column, by column index, in a fixed order; numbers are left to the number tagger.

    Reads at most ``per_column`` texts of a column, none longer than ``longest`` characters. Empty without a SQLite file.
    """
    path = database_path(folder, db_id)
    if path is None:
        return {}
    found = {}
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", errors="ignore")
        for index, table, column in _places(schema):
            query = (
                f"SELECT DISTINCT {_quoted(column)} FROM {_quoted(table)} WHERE typeof({_quoted(column)}) = 'text'"
                f" AND length({_quoted(column)}) BETWEEN 1 AND {longest} LIMIT {per_column}"
            )
            try:
                texts = sorted(text for (text,) in connection.execute(query) if text.strip())
            except sqlite3.DatabaseError:
                continue  # tables.json lists names that a few of the files don't have: nothing to link there
            if texts:
                found[index] = tuple(texts)
    return found


def _places(schema: Schema) -> Iterator[tuple[int, str, str]]:
    for index, (owner, column) in enumerate(zip(schema.owner, schema.columns, strict=True)):
        yield index, schema.tables[owner].name, column.name


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def load(folder: str | Path, split: str = "train_spider") -> list[Example]:
    """The split's questions with their SQLite queries, in the file's order (a predictions file follows it)."""
    if split not in SPLITS:
        raise BadInput(f"Spider has the splits {', '.join(SPLITS)}, not {split!r}.")
    rows = read_rows(existing(folder, f"{split}.json", WHAT), ("question", "query", "db_id"))
    return [Example(row["question"], row["query"], row["db_id"], (split,)) for row in rows]
