"""The databases that a suite asks about, each opened when its first question comes and closed after its last."""
from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nl2sql.data.sources import spider
from nl2sql.errors import BadInput
from nl2sql.eval.cases import Suite
from nl2sql.eval.retrieval_sets import sampled
from nl2sql.records import Schema

if TYPE_CHECKING:
    from nl2sql import Database

PATIENCE = 120.0  # seconds for a query where a figure must not depend on what else the machine does
SPIDER_DAY = dt.date(2018, 9, 24)  # its publication: a fixed day, so that no report depends on the day it was made


class Databases:
    """Opens by the name that a case gives. ``files``: a database's files, or one folder of .duckdb or .sqlite files, instead of
    the folder that the suite may bring; so is ``as_of`` instead of its day."""

    def __init__(
        self, suite: Suite, files: Sequence[str | Path] = (), *, time_limit: float = 10.0, as_of: dt.date | None = None
    ) -> None:
        self.suite, self.time_limit, self.as_of = suite, time_limit, as_of or suite.as_of
        self.schemas: dict[str, Schema] = spider.schemas(suite.data, tables=suite.tables) if suite.data else {}
        self.files = [Path(file) for file in files or ([suite.folder] if suite.folder else [])]
        self.folder = self.files[0] if len(self.files) == 1 and self.files[0].is_dir() else None
        if suite.data is None and self.folder is None and any(case.database for case in suite.cases):
            raise BadInput(f"The suite {suite.name} asks about several databases: give their folder with --db.")
        if suite.data is None and self.folder is not None:
            for name in dict.fromkeys(case.database for case in suite.cases):
                self._files(name)  # one that is missing is said before anything runs

    def open(self, name: str) -> Database | None:
        """The database; None where Spider's folder has no file for it."""
        from nl2sql import Database

        if self.suite.data is None:
            try:
                return Database(self._files(name), as_of=self.as_of, time_limit=self.time_limit)
            except BadInput as error:
                raise BadInput(f"{self._line(name)}{error}") from error
        if name not in self.schemas:
            raise BadInput(f"{self.suite.data / self.suite.tables} does not list the database {name!r}.")
        path = spider.database_path(self.suite.data, name)
        if path is None:
            return None
        day = self.as_of or SPIDER_DAY
        database = Database(path, as_of=day, dialect="sqlite", time_limit=self.time_limit)
        # names, words and foreign keys are those of tables.json, which every published parser is given
        database.values = spider.values(self.suite.data, name, self.schemas[name])
        database.schema = sampled(self.schemas[name], database.values)
        return database

    def _files(self, name: str) -> list[Path]:
        if self.folder is None:
            return self.files or [sample()]
        if not name:
            raise BadInput(f"{self._line(name)}{self.folder} is a folder: each line of the suite must name its database.")
        found = [self.folder / f"{name}{ending}" for ending in (".duckdb", ".sqlite", ".db", "")]
        existing = [path for path in found if os.path.isfile(path)]  # a name may be too long for the system
        if not existing:
            raise BadInput(f"{self._line(name)}{self.folder} has no database {name!r} (a .duckdb or .sqlite file).")
        return existing[:1]

    def _line(self, name: str) -> str:
        """Where the suite says which database it is."""
        first = next((case.number for case in self.suite.cases if case.database == name), None)
        return f"{self.suite.source}, line {first}: " if self.folder is not None and first is not None else ""


def sample() -> Path:
    """The file of the sample database, built where it isn't there yet."""
    from nl2sql import Assistant

    with Assistant() as assistant:
        return Path(assistant.database.path)
