"""Spider's official execution semantics, and where the verdict of ``nl2sql eval`` is another.

    python -m nl2sql.eval.official SUITE --data DIR [--predictions FILE ...] [--beams FILE ...] [--mutants 4] [--show 5] [--json]

Official is the behaviour of taoyds/test-suite-sql-eval (Zhong et al. 2020) on one database, without its options; nothing of its
code is here. Each of our differences is added to it, one after the other, up to what ``eval`` says: a disagreement is due to the
steps at which the verdict changes. The table in README.md has an example of each, and ``tests/test_eval_official.py`` holds it
to that. "unexplained" would be a mistake in one of the two; then the exit code is 1.
"""
from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot.tokens import TokenType

from nl2sql.errors import Nl2SqlError, QueryFailed, Refused
from nl2sql.eval import cases, predict, resume
from nl2sql.eval.cells import normal
from nl2sql.eval.compare import Group, Reference, Row, bag, strict
from nl2sql.eval.databases import PATIENCE, Databases
from nl2sql.eval.gold import Run, Shape, reference, shape_of
from nl2sql.eval.mutants import mutants
from nl2sql.records import Query
from nl2sql.sql.validate import validate

if TYPE_CHECKING:
    from nl2sql import Database

SPLIT = re.compile(r"([<>!]) =")


def mended(sql: str) -> str:
    return SPLIT.sub(r"\1=", sql)


def without_distinct(sql: str, dialect: str) -> str:
    """The text without its DISTINCT keywords."""
    tokens = [token for token in sqlglot.tokenize(sql, read=dialect) if token.token_type == TokenType.DISTINCT]
    for token in reversed(tokens):
        sql = sql[: token.start] + sql[token.end + 1 :]
    return sql


def equal(gold: Sequence[Row], guess: Sequence[Row], ordered: bool, *, as_text: bool = True) -> bool:
    """The official comparison of rows: cells are equal as Python values, columns may be permuted, two empty results are equal.

    ``as_text``: rows whose cells differ when they are sorted by their text are different from the start.
    """
    if not gold and not guess:
        return True
    gold, guess = [[tuple(map(_hashable, row)) for row in rows] for rows in (gold, guess)]
    if len(gold) != len(guess) or len(gold[0]) != len(guess[0]):
        return False
    if as_text:
        a, b = [list(map(_sorted, rows)) for rows in (gold, guess)]
        if a != b if ordered else set(a) != set(b):
            return False
    for order in _orders(list(map(Counter, zip(*gold, strict=True))), list(map(Counter, zip(*guess, strict=True)))):
        turned = [tuple(row[i] for i in order) for row in guess]
        if turned == gold if ordered else Counter(turned) == Counter(gold):
            return True
    return False


def _hashable(cell: Any) -> Any:
    """SQLite has no lists and structs, for which the official script has no rule."""
    return normal(cell) if isinstance(cell, (list, dict)) else cell


def _sorted(row: Row) -> Row:
    return tuple(sorted(row, key=lambda cell: str(cell) + str(type(cell))))


def _orders(gold: list[Counter[Any]], guess: list[Counter[Any]], chosen: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Permutations of the guess's columns whose bags of cells are those of the gold's columns."""
    if len(chosen) == len(gold):
        yield chosen
    else:
        for j, cells in enumerate(guess):
            if j not in chosen and cells == gold[len(chosen)]:
                yield from _orders(gold, guess, (*chosen, j))


def verdicts(gold: str, guess: str, database: Database, run: Run) -> list[tuple[str, bool]]:
    """What is said of a guess: officially, then with each of our differences added, named. The last verdict is ours."""
    shape, dialect = shape_of(gold, database.dialect), database.dialect
    textual = "order by" in gold.lower()

    def rows_of(sql: str) -> Sequence[Row] | None:
        try:
            return run(sql, None)[0]
        except QueryFailed:
            return None

    def officially(change: Callable[[str], str], ordered: bool, as_text: bool = True) -> bool:
        right, guessed = rows_of(change(gold)), rows_of(change(guess))
        return right is not None and guessed is not None and equal(right, guessed, ordered, as_text=as_text)

    found = [
        ("official", officially(lambda sql: without_distinct(mended(sql), dialect), textual)),
        ("DISTINCT", officially(mended, textual)),
        ("operators in two parts", officially(str, textual)),
        ("order", officially(str, shape.ordered)),
        ("rows as text", officially(str, shape.ordered, as_text=False)),
    ]
    try:
        (rows, width), (guessed, guess_width) = run(gold, None), run(guess, None)
    except QueryFailed:
        return [*found, ("unexplained", False)]
    found.append(("empty results", width == guess_width and found[-1][1]))
    plain = width == guess_width and equal(_plain(rows), _plain(guessed), shape.ordered, as_text=False)
    found.append(("cells", plain))
    exact = Reference(width, tuple(Group((row,), 1) for row in rows)) if shape.ordered else bag(rows, width)
    found.append(("unexplained", strict(exact, guessed, guess_width)))
    right = replace(reference(gold, dialect, run), measures=frozenset())
    found.append((_choice(shape), strict(right, guessed, guess_width)))
    return [*found, ("policy", _checked(right, guess, database, run))]


def _choice(shape: Shape) -> str:
    """What the gold leaves open."""
    cut = shape.limit is not None or shape.offset > 0
    return "ties" if not cut else "cut ties" if shape.ordered else "LIMIT without order"


def _checked(right: Reference, guess: str, database: Database, run: Run) -> bool:
    """The verdict on the query as it is written after it was checked, which is what ``eval`` runs."""
    try:
        return strict(right, *run(validate(guess, database.schema, database.dialect).sql, None))
    except (Refused, QueryFailed):
        return False


def _plain(rows: Sequence[Row]) -> list[Row]:
    """Cells rounded to what the strict comparison tells apart, apart from borders between two roundings."""
    return [tuple(map(_plain_cell, row)) for row in rows]


def _plain_cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return ("boolean", cell)
    if isinstance(cell, (float, Decimal)):
        return str(cell).lower() if cell != cell or abs(cell) == float("inf") else _rounded(cell)
    if type(cell) is dt.date:
        return dt.datetime(cell.year, cell.month, cell.day)
    return cell


def _rounded(number: float | Decimal) -> float | int:
    return float(f"{float(number):.6g}") if number != int(number) else int(number)


def reasons(found: Sequence[tuple[str, bool]]) -> list[str]:
    """The steps that changed the verdict, where the first and the last one disagree."""
    if found[0][1] == found[-1][1]:
        return []
    return [step for (_, before), (step, after) in zip(found, found[1:], strict=False) if before != after]


def pairs(options: argparse.Namespace) -> Iterator[tuple[str, str, str, Database, Run]]:
    """Where a guess is from, its gold, the guess, the database and a way to run them."""
    suite = cases.load(options.suite, options.data)
    written: list[tuple[str, dict[int, list[str]]]] = [
        ("predictions", {number: [sql] for number, sql in predict.FromFile(path, suite).by_number.items()})
        for path in options.predictions
    ]
    written += [("beams", resume.beams(path)) for path in options.beams]
    databases = Databases(suite, options.db, time_limit=PATIENCE)
    for name in dict.fromkeys(case.database for case in suite.cases):
        database = databases.open(name)
        if database is None:
            continue
        with closing(database):
            columns = {table.name.lower(): [column.name for column in table.columns] for table in database.schema.tables}
            run = _runner(database)
            for case in suite.cases:
                if case.database == name and case.golds:
                    guesses = [(origin, sql) for origin, found in written for sql in found.get(case.number, ())]
                    made = mutants(case.golds[0], database.dialect, columns)
                    some = made[:: max(1, len(made) // max(1, options.mutants))][: options.mutants]
                    for origin, guess in [*guesses, *(("mutants", mutant.sql) for mutant in some)]:
                        yield origin, case.golds[0], guess, database, run


def _runner(database: Database) -> Run:
    known: dict[tuple[str, int | None], tuple[Sequence[Row], int] | QueryFailed] = {}

    def run(sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        if (sql, row_limit) not in known:
            try:
                result = database.run(Query(sql, database.dialect), row_limit=row_limit)
                known[sql, row_limit] = result.rows, len(result.columns)
            except QueryFailed as error:
                known[sql, row_limit] = error
        found = known[sql, row_limit]
        if isinstance(found, QueryFailed):
            raise found
        return found

    return run


def main(argv: Sequence[str] | None = None, *, say: Callable[[str], None] = print) -> int:
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.official", description="Where do we differ from Spider?")
    parser.add_argument("suite")
    parser.add_argument("--data", metavar="DIR")
    parser.add_argument("--db", action="extend", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--predictions", action="extend", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--beams", action="extend", nargs="+", default=[], metavar="FILE", help="files of eval --resume")
    parser.add_argument("--mutants", type=int, default=4, help="mutants of each gold (4)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N disagreements of each reason")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    counts: Counter[str] = Counter()
    origins: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    try:
        for origin, gold, guess, database, run in pairs(options):
            found = verdicts(gold, guess, database, run)
            counts["compared"] += 1
            origins[f"of them from {origin}"] += 1
            counts["official right"] += found[0][1]
            counts["ours right"] += found[-1][1]
            why = " + ".join(reasons(found))
            if why:
                counts[f"only {'official' if found[0][1] else 'ours'} right: {why}"] += 1
                shown[why] += 1
                if shown[why] <= options.show:
                    say(f"{why}: official {found[0][1]}, ours {found[-1][1]}\n  gold  {gold}\n  guess {guess}")
    except Nl2SqlError as error:
        print(f"official: {error}", file=sys.stderr)
        return 2
    counts = Counter({"compared": counts["compared"], **origins, **counts})
    say(json.dumps(counts) if options.json else "\n".join(f"{count:7} {name}" for name, count in counts.items()))
    return 1 if any("unexplained" in name for name in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
