"""A prediction and its case -> the outcome: the first of these that fits.

For a question that has SQL: ``right`` (strict), ``column only`` (right but for extra columns or a ranking's missing measure),
``order only``, ``wrong rows``, ``empty`` (no rows, where the gold has some), ``timed out``, ``error``, ``unknown name``,
``parse error``, ``refused``, ``no answer``. For one that has none: ``rightly unanswered`` or ``answered``.
``not executable`` (no database file) and ``gold fails`` count nowhere.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nl2sql.errors import BadInput, QueryFailed, QueryTimedOut, Refused
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
    first: Result | None = None

    def run(sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        nonlocal first
        result = database.run(Query(sql, database.dialect), time_limit=GOLD_SECONDS, row_limit=row_limit)
        first = first or result
        return result.rows, len(result.columns)

    references = []
    for sql in case.golds:
        try:
            found = reference(sql, database.dialect, run)
        except QueryFailed as error:
            return Gold(error=str(error))
        references.append(_with_optional(found, case, first) if case.optional and first else found)
    return Gold(tuple(references), _shown(first))


def _with_optional(found: Reference, case: Case, result: Result) -> Reference:
    names = [name.lower() for name in result.columns]
    unknown = [name for name in case.optional if name.lower() not in names]
    if unknown:
        raise BadInput(f"line {case.number}: the gold query has no column {unknown[0]!r}.")
    optional = frozenset(names.index(name.lower()) for name in case.optional)
    return Reference(found.width, found.groups, optional, found.measures)


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
