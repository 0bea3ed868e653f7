"""A database as the synthesiser sees it: schema, roles, joins and values, with the SQL names of everything."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.joins import Reach, reach
from nl2sql.data.synthesis.roles import Entity, entities
from nl2sql.records import ForeignKey, Schema, Values

Run = Callable[[str], Sequence[Sequence[Any]]]
_MOST_TEXTS = 300
_SMALL = 20  # rows of a table that only sorts other things
_UNSPEAKABLE = re.compile(r"\n|\d{4}-\d\d-\d\d|\d\d?[/.]\d\d?[/.]\d\d|['\"\\]")  # dates as texts, quotes


def _is_speakable(text: str) -> bool:
    return (
        bool(re.search(r"[A-Za-z0-9]", text))
        and not _UNSPEAKABLE.search(text)
        and text.lower() not in ("null", "none", "nan", "n/a")
    )


def quote(name: str) -> str:
    """An identifier as it must stand in SQL."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) and name.lower() not in vocabulary.RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


class World:
    """Everything that intents ask about one database. ``reach_of`` answers are computed once."""

    def __init__(self, schema: Schema, values: Values, as_of: dt.date) -> None:
        self.schema = schema
        self.values = values
        self.as_of = as_of
        self.entities: tuple[Entity, ...] = entities(schema, values)
        self.columns: tuple[ColumnRole, ...] = tuple(c for entity in self.entities for c in entity.columns)
        self._people = frozenset(entity.table for entity in self.entities if entity.person)
        self._reaches: dict[int, Reach] = {}
        self._texts: dict[int, list[str]] = {}
        self._ranges: dict[int, tuple[Any, ...]] = {}

    def reach_of(self, root: int) -> Reach:
        if root not in self._reaches:
            self._reaches[root] = reach(self.schema, root, self._people)
        return self._reaches[root]

    def entity_of(self, column: int) -> Entity:
        return self.entities[self.schema.owner[column]]

    # SQL names

    def table(self, table: int) -> str:
        record = self.schema.tables[table]
        return f"{quote(record.schema)}.{quote(record.name)}" if record.schema else quote(record.name)

    def ref(self, column: int, alias: str = "") -> str:
        owner = self.schema.tables[self.schema.owner[column]]
        return f"{alias or quote(owner.name)}.{quote(self.schema.columns[column].name)}"

    # what leads where

    @cached_property
    def children(self) -> dict[int, list[ForeignKey]]:
        """The keys that point at each table from other tables, where one key alone joins the two."""
        found: dict[int, list[ForeignKey]] = defaultdict(list)
        for table in range(len(self.schema.tables)):
            for step in self.reach_of(table).path.values():
                if len(step) == 1:
                    found[self.schema.owner[step[0].target]].append(step[0])
        return dict(found)

    @cached_property
    def self_references(self) -> list[ForeignKey]:
        owner = self.schema.owner
        return [key for key in self.schema.foreign_keys if owner[key.source] == owner[key.target]]

    @cached_property
    def value_columns(self) -> dict[str, set[int]]:
        """Which columns hold a value, by its lower-case text."""
        found: dict[str, set[int]] = defaultdict(set)
        for column, texts in self.values.items():
            for text in texts:
                found[str(text).lower()].add(column)
        return found

    @cached_property
    def noun_owners(self) -> dict[str, set[int]]:
        """The tables in which a column noun occurs; a noun of several tables needs its table's name beside it."""
        found: dict[str, set[int]] = defaultdict(set)
        for column in self.columns:
            found[column.noun].add(column.table)
        return found

    def texts(self, column: int) -> list[str]:
        """Values of a text column that can stand in a question; some hundred of many."""
        if column not in self._texts:
            given = self.values.get(column) or [str(s) for s in self.schema.columns[column].samples if s is not None]
            few = given[:: max(1, len(given) // _MOST_TEXTS)]
            self._texts[column] = [text for text in few if 0 < len(text) <= 40 and _is_speakable(text)]
        return self._texts[column]

    def other_words(self, column: int, value: str) -> list[str]:
        """What the column's comment says in brackets after the value: "Pending (open)"."""
        found = re.search(rf"\b{re.escape(value)} \(([^()]+)\)", self.schema.columns[column].comment)
        words = re.split(r", | or ", found.group(1)) if found else []
        return [word.strip() for word in words if re.fullmatch(r"[a-z][a-z -]*", word.strip())]

    def learn_ranges(self, run: Run) -> None:
        """Asks the database for the least, middle and greatest value of its number and date columns: samples don't tell."""
        for entity in self.entities:
            columns = [c.index for c in entity.columns if c.role in ("measure", "year", "date")]
            parts = [f"{function}({self.ref(c)})" for c in columns for function in ("MIN", "MEDIAN", "MAX")]
            if not parts:
                continue
            try:
                row = run(f"SELECT {', '.join(parts)} FROM {self.table(entity.table)}")[0]
            except Exception:  # whatever the engine raises: the samples have to do
                continue
            for i, column in enumerate(columns):
                if row[3 * i] is not None:
                    self._ranges[column] = tuple(row[3 * i : 3 * i + 3])

    def numbers(self, column: int) -> list[float]:
        """Numbers that occur in the column: its least, middle and greatest where they were asked for, else its samples."""
        found = self._ranges.get(column, self.schema.columns[column].samples)
        return [float(s) for s in found if isinstance(s, int | float | Decimal)]

    def date_range(self, column: int) -> tuple[dt.date, dt.date]:
        """First and last date of the column: measured, else guessed from samples, else the six years before ``as_of``.

        Samples that lie close together are the first few values rather than a fair choice: then the data go on to ``as_of``.
        """
        found = self._ranges.get(column, self.schema.columns[column].samples)
        dates = [d for d in map(_as_date, found) if d]
        if len(dates) >= 2 and min(dates) < max(dates):
            first, last = min(dates), min(max(dates), max(self.as_of, min(dates)))
            narrow = column not in self._ranges and (last - first).days < 400 and (self.as_of - last).days > 400
            return first, self.as_of if narrow else last
        if "birth" in self.columns[column].noun:
            return dt.date(self.as_of.year - 70, 1, 1), dt.date(self.as_of.year - 18, 12, 31)
        return dt.date(self.as_of.year - 6, 1, 1), self.as_of

    def prominence(self, column: ColumnRole) -> float:
        """How much more often than others a column is asked about from afar.

        Things are sorted by the names of small tables ("Fashion", "Europe"), hardly ever by another column of such a table.
        """
        labels, rows = self.entities[column.table].labels, self.schema.tables[column.table].rows
        few = rows is not None and rows <= _SMALL or rows is None and 0 < len(self.values.get(column.index, ())) <= _SMALL
        if len(labels) != 1 or not few or column.role not in ("name", "dimension"):
            return 1.0
        kind = self.entities[column.table].noun.rpartition(" ")[2] in vocabulary.KINDS
        return 0.3 if column.index not in labels else 4.0 if kind else 2.0

    def group_size(self, root: int, column: int) -> float | None:
        """How many rows of the root there are for each value of a column, on average, where the counts are known."""
        rows = self.schema.tables[root].rows
        record = self.schema.columns[column]
        groups = self.schema.tables[self.schema.owner[column]].rows if record.primary_key else record.distinct
        groups = groups or len(self.values.get(column, ())) or None
        return rows / groups if rows and groups else None

    def time_column(self, root: int) -> int | None:
        """The date that an unmarked time expression means: the root's own, or its nearest event's."""
        paths = self.reach_of(root).path
        for table in sorted(paths, key=lambda t: len(paths[t])):
            if self.entities[table].main_date is not None and len(paths[table]) <= 2:
                return self.entities[table].main_date
        return None

    def label(self, table: int) -> tuple[int, ...]:
        """The columns that show a row of the table: its name, else its key."""
        entity = self.entities[table]
        if entity.labels:
            return entity.labels
        return (entity.key,) if entity.key is not None else ()

    def plural(self, table: int) -> str:
        return lexicon.plural(self.entities[table].noun)


def _as_date(sample: object) -> dt.date | None:
    if isinstance(sample, dt.datetime):
        return sample.date()
    if isinstance(sample, dt.date):
        return sample
    if isinstance(sample, str):
        try:
            return dt.date.fromisoformat(sample[:10])
        except ValueError:
            return None
    return None
