"""A prediction and its case -> the outcome: the first of these that fits.

For a question that has SQL: ``right`` (strict), ``column only`` (right but for extra columns or a ranking's missing measure),
``order only``, ``wrong rows``, ``empty`` (no rows, and that is wrong), ``timed out``, ``error``, ``unknown name``,
``parse error``, ``refused``, ``no answer``. For one that has none: ``rightly unanswered`` or ``answered``.
``not executable`` (no database file) and ``gold fails`` count nowhere.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nl2sql.errors import QueryFailed, QueryTimedOut, Refused
from nl2sql.eval.cases import Case
from nl2sql.eval.compare import Reference, Row, verdict
from nl2sql.eval.gold import reference
from nl2sql.eval.predict import Prediction
from nl2sql.records import Query, Result
from nl2sql.sql.validate import validate

if TYPE_CHECKING:
    from nl2sql import Database

OUTCOMES = (
    "right", "column only", "order only", "wrong rows", "empty", "timed out", "error", "unknown name", "parse error", "refused",
    "no answer", "rightly unanswered", "answered", "not executable", "gold fails",
)  # fmt: skip
RULES = {"parse": "parse error", "known_tables": "unknown name", "known_columns": "unknown name"}
RELAXED = ("right", "column only")
UNCOUNTED = ("not executable", "gold fails")
GOLD_SECONDS = 60.0
GOLD_ROWS = 500_000  # more are a mistake of the suite, and have to be held
SHOWN_ROWS = 20


@dataclass(frozen=True)
class Shown:
    """The start of a result, for the report. ``more``: there are more than ``total`` rows."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    total: int = 0
    more: bool = False


@dataclass(frozen=True)
class Gold:
    """A case's references, one for each gold query, and the first gold's result. ``error``: why a gold didn't run."""

    references: tuple[Reference, ...] = ()
    shown: Shown = field(default_factory=Shown)
    error: str = ""

    @property
    def empty(self) -> bool:
        return all(reference.size == 0 for reference in self.references)


@dataclass(frozen=True)
class Graded:
    case: Case
    prediction: Prediction
    outcome: str
    error: str = ""
    gold: Shown = field(default_factory=Shown)
    guess: Shown = field(default_factory=Shown)
    gold_empty: bool = False
    beam: tuple[str, ...] = ()  # the outcome of each candidate, the likeliest first, where they were all run
    variant: int | None = None  # the variant of the database on which it fails, -1 for none, None if it wasn't tried

    @property
    def counted(self) -> bool:
        """Whether it counts for execution accuracy."""
        return bool(self.case.golds) and self.outcome not in UNCOUNTED

    @property
    def right(self) -> bool:
        return self.outcome == "right"


def gold_of(case: Case, database: Database) -> Gold:
    """Runs the golds as they are written (they are trusted: the suite's author wrote them, not the model)."""
    results: dict[str, Result] = {}

    def run(sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        result = database.run(Query(sql, database.dialect), time_limit=GOLD_SECONDS, row_limit=row_limit or GOLD_ROWS)
        if result.truncated and row_limit is None:
            raise QueryFailed(f"it returns more than {GOLD_ROWS:,} rows", sql=sql)
        results.setdefault(sql, result)
        return result.rows, len(result.columns)

    references, unknown = [], {name.lower(): name for name in case.optional}
    for sql in case.golds:
        try:
            found = reference(sql, database.dialect, run)
        except QueryFailed as error:
            return Gold(error=f"the gold query doesn't run: {str(error).splitlines()[0]}")
        if not results[sql].columns:
            return Gold(error="the gold query is empty")
        places = {name.lower(): place for place, name in enumerate(results[sql].columns)}
        optional = frozenset(places[name.lower()] for name in case.optional if name.lower() in places)
        unknown = {low: name for low, name in unknown.items() if low not in places}
        references.append(replace(found, optional=optional))
    if unknown:
        return Gold(error=f"no gold query has the column {next(iter(unknown.values()))!r}, which is called optional")
    return Gold(tuple(references), _shown(results[case.golds[0]]))


def grade(case: Case, prediction: Prediction, database: Database | None, gold: Gold | None) -> Graded:
    """``gold`` None: there is no database to run anything on."""
    if not case.golds:
        return Graded(case, prediction, "answered" if prediction.sql else "rightly unanswered", prediction.reason)
    if database is None or gold is None:
        return Graded(case, prediction, "not executable")
    if gold.error:
        return Graded(case, prediction, "gold fails", gold.error)
    if not prediction.sql:
        return Graded(case, prediction, "no answer", prediction.reason, gold.shown, gold_empty=gold.empty)
    try:
        query = validate(prediction.sql, database.schema, database.dialect)
        # one row more than any gold has makes it wrong: nobody has to hold the others
        most = max(reference.size for reference in gold.references) + 1
        result = database.run(query, row_limit=max(most, SHOWN_ROWS))
    except (Refused, QueryFailed) as error:
        return Graded(case, prediction, _failure(error), str(error), gold.shown, gold_empty=gold.empty)
    outcome = verdict(gold.references, result.rows, len(result.columns))
    return Graded(case, prediction, outcome, "", gold.shown, _shown(result), gold.empty)


def _failure(error: Refused | QueryFailed) -> str:
    if isinstance(error, Refused):
        return RULES.get(error.rule, "refused")
    if isinstance(error, QueryTimedOut):
        return "timed out"
    return "error"


def _shown(result: Result | None) -> Shown:
    return Shown() if result is None else Shown(result.columns, result.rows[:SHOWN_ROWS], len(result.rows), result.truncated)
