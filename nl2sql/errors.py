"""Every error that the library raises on purpose. An error is data: it carries what a program needs to react.

Nl2SqlError
├── BadInput               what was given can't be used: one clear sentence, exit code 2
│   ├── BadQuestion        empty, enormous
│   ├── BadDatabase        missing, foreign, busy, damaged, without tables
│   ├── BadWeights         missing or damaged model files
│   └── BadMemory          verified questions that can't be read or written
├── NoAnswer               the question was understood to have no answer here, or no candidate ran (``failures``)
├── Refused                SQL that the policy does not allow (``rule``, ``sql``)
├── QueryStopped           whoever asked wanted no answer any more (``sql``)
└── QueryFailed            the engine said no (``sql``)
    ├── QueryTimedOut      past its time limit: stopped
    └── QueryTooLarge      past its memory limit: stopped
"""
from __future__ import annotations

from collections.abc import Sequence

from nl2sql.records import Failure


class Nl2SqlError(Exception):
    """Base of all errors of this library."""


class BadInput(Nl2SqlError):
    """What was given can't be used; the message is one sentence for the person who gave it."""


class BadQuestion(BadInput):
    """The question is empty or enormous."""


class BadDatabase(BadInput):
    """The database is missing, foreign, busy, damaged or has no tables."""


class BadWeights(BadInput):
    """Model files are missing or damaged."""


class BadMemory(BadInput):
    """The file of verified questions can't be read or written."""


class NoAnswer(Nl2SqlError):
    """No candidate was good enough to be shown."""

    def __init__(self, message: str, failures: Sequence[Failure] = ()) -> None:
        super().__init__(message)
        self.failures = tuple(failures)


class Refused(Nl2SqlError):
    """SQL that the policy doesn't allow."""

    def __init__(self, message: str, *, rule: str, sql: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.sql = sql


class QueryStopped(Nl2SqlError):
    """A query was stopped on purpose, by ``Database.stop``. No other candidate is tried then."""

    def __init__(self, message: str, *, sql: str) -> None:
        super().__init__(message)
        self.sql = sql


class QueryFailed(Nl2SqlError):
    """The engine couldn't run a checked query."""

    def __init__(self, message: str, *, sql: str) -> None:
        super().__init__(message)
        self.sql = sql


class QueryTimedOut(QueryFailed):
    """The query ran past its time limit and was stopped."""


class QueryTooLarge(QueryFailed):
    """The query needed more memory than it is allowed and was stopped."""
