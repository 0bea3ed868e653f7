"""How the IR's own functions are written: one entry a function, DuckDB's form (which sqlglot transpiles) or SQLite's."""
from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KEYWORDS = frozenset(word.upper() for word in DuckDB.Tokenizer.KEYWORDS) | {"PART", "SIDE", "END", "USER", "DEFAULT", "CHECK"}
SQLITE_PARTS = {"year": "%Y", "month": "%m", "week": "%W", "day": "%d", "weekday": "%w", "hour": "%H"}
SQLITE_TRUNCS = {"trunc_year": "%Y-01-01", "trunc_month": "%Y-%m-01", "trunc_day": "%Y-%m-%d"}
PARTS: dict[str, type[exp.Expression]] = {
    "year": exp.Year, "quarter": exp.Quarter, "month": exp.Month, "week": exp.Week, "day": exp.Day, "weekday": exp.DayOfWeek,
    "hour": exp.Hour, "month_name": exp.Monthname, "day_name": exp.Dayname,
}
# What SQLite has no function for; the lax grammar leaves these out.
NOT_IN_SQLITE = frozenset({
    "quarter", "month_name", "day_name", "trunc_quarter", "trunc_week", "weeks_between", "months_between", "years_between",
    "median", "stddev", "qualify", "filter",
})


def identifier(name: str) -> exp.Identifier:
    """Quoted only where it must be, so that the SQL reads well."""
    return exp.to_identifier(name, quoted=not PLAIN_NAME.fullmatch(name) or name.upper() in KEYWORDS)


def text_test(test: str, left: exp.Expression, text: str, dialect: str) -> exp.Expression:
    """LIKE that ignores case: ILIKE, or SQLite's LIKE."""
    pattern = ("%" if test != "starts_with" else "") + text + ("%" if test != "ends_with" else "")
    return (exp.Like if dialect == "sqlite" else exp.ILike)(this=left, expression=exp.Literal.string(pattern))


def _strftime(form: str, date: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="STRFTIME", expressions=[exp.Literal.string(form), date])


def _part(name: str) -> Callable[[exp.Expression, str], exp.Expression]:
    def write(date: exp.Expression, dialect: str) -> exp.Expression:
        if dialect == "sqlite" and name in SQLITE_PARTS:
            return exp.Cast(this=_strftime(SQLITE_PARTS[name], date), to=exp.DataType.build("INT"))
        return PARTS[name](this=date)

    return write


def _trunc(name: str) -> Callable[[exp.Expression, str], exp.Expression]:
    def write(date: exp.Expression, dialect: str) -> exp.Expression:
        if dialect == "sqlite" and name in SQLITE_TRUNCS:
            return _strftime(SQLITE_TRUNCS[name], date)
        unit = exp.Var(this=name.removeprefix("trunc_").upper())
        return exp.Cast(this=exp.TimestampTrunc(this=date, unit=unit), to=exp.DataType.build("DATE"))

    return write


def _between(name: str) -> Callable[[exp.Expression, exp.Expression, str], exp.Expression]:
    def write(start: exp.Expression, end: exp.Expression, dialect: str) -> exp.Expression:
        if dialect == "sqlite":
            days = [exp.Anonymous(this="JULIANDAY", expressions=[day]) for day in (end, start)]
            return exp.Paren(this=exp.Sub(this=days[0], expression=days[1]))
        unit = name.removesuffix("s_between")
        if unit == "year":  # full years, as ages are counted; DATE_DIFF counts the turns of the year
            return exp.Anonymous(this="DATE_SUB", expressions=[exp.Literal.string(unit), start, end])
        return exp.DateDiff(this=end, expression=start, unit=exp.Var(this=unit.upper()), date_part_boundary=True)

    return write


DATE_FUNCTIONS: dict[str, Callable[..., exp.Expression]] = {
    **{name: _part(name) for name in PARTS},
    **{name: _trunc(name) for name in ("trunc_year", "trunc_quarter", "trunc_month", "trunc_week", "trunc_day")},
    **{name: _between(name) for name in ("days_between", "weeks_between", "months_between", "years_between")},
}
