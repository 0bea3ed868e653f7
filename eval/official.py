"""Spider's official execution semantics, and where the strict comparison says something else.

    python -m nl2sql.eval.official SUITE --data DIR [--predictions FILE ...] [--mutants 4] [--show 5] [--json]

Written from the description of taoyds/test-suite-sql-eval (Zhong et al. 2020), without its options: DISTINCT is taken out of both
queries; rows are a bag, or a list where the gold's text holds "order by"; columns may be permuted; cells are equal as Python
values; two empty results are equal. Each of our differences is then added to it, one after the other: a disagreement is due to
the step at which the verdict changes. What no step explains would be a mistake in one of the two.
"""
from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import sqlglot
from sqlglot.tokens import TokenType

from nl2sql.errors import Nl2SqlError, QueryFailed
from nl2sql.eval import cases, predict
from nl2sql.eval.compare import Group, Reference, Row, bag, strict
from nl2sql.eval.databases import Databases
from nl2sql.eval.gold import Run, reference, shape_of
from nl2sql.eval.mutants import mutants
from nl2sql.records import Query

STEPS = ("DISTINCT", "order", "cells and empty results", "unexplained", "ties and cuts")


def without_distinct(sql: str, dialect: str) -> str:
    """The text without its DISTINCT keywords."""
    tokens = [token for token in sqlglot.tokenize(sql, read=dialect) if token.token_type == TokenType.DISTINCT]
    for token in reversed(tokens):
        sql = sql[: token.start] + sql[token.end + 1 :]
    return sql


def equal(gold: Sequence[Row], guess: Sequence[Row], ordered: bool) -> bool:
    """The official comparison of rows: by every permutation of columns whose sets of cells fit."""
    if not gold and not guess:
        return True
    if len(gold) != len(guess) or len(gold[0]) != len(guess[0]):
        return False
    width, wanted = len(gold[0]), [tuple(row) for row in gold]
    columns, guesses = [{row[i] for row in gold} for i in range(width)], [{row[i] for row in guess} for i in range(width)]
    for order in permutations(range(width)):
        if all(columns[i] == guesses[j] for i, j in enumerate(order)):
            turned = [tuple(row[j] for j in order) for row in guess]
            if turned == wanted if ordered else Counter(turned) == Counter(wanted):
                return True
    return False


def verdicts(gold: str, guess: str, dialect: str, run: Run) -> list[bool]:
    """What is said of a guess: officially, then with each of our differences added (``STEPS``). The last one is ours."""
    textual, outer = "order by" in gold.lower(), shape_of(gold, dialect).ordered
    found = [equal(_rows(run, without_distinct(gold, dialect)), _rows(run, without_distinct(guess, dialect)), textual)]
    rows, width = run(gold, None)
    guessed, guess_width = run(guess, None)
    found.append(equal(rows, guessed, textual))
    found.append(equal(rows, guessed, outer))
    found.append(width == guess_width and equal(_plain(rows), _plain(guessed), outer))
    exact = Reference(width, tuple(Group((row,), 1) for row in rows)) if outer else bag(rows, width)
    found.append(strict(exact, guessed, guess_width))
    found.append(strict(replace(reference(gold, dialect, run), measures=frozenset()), guessed, guess_width))
    return found


def _rows(run: Run, sql: str) -> Sequence[Row]:
    return run(sql, None)[0]


def _plain(rows: Sequence[Row]) -> list[Row]:
    """Cells rounded to what the strict comparison tells apart, apart from borders between two roundings."""
    return [tuple(map(_plain_cell, row)) for row in rows]


def _plain_cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return ("boolean", cell)
    if isinstance(cell, (float, Decimal)):
        return float(f"{float(cell):.6g}") if cell != int(cell) else int(cell)
    if type(cell) is dt.date:
        return dt.datetime(cell.year, cell.month, cell.day)
    return cell


def reasons(found: Sequence[bool]) -> list[str]:
    """The steps that changed the verdict, where the first and the last one disagree."""
    if found[0] == found[-1]:
        return []
    return [step for step, before, after in zip(STEPS, found, found[1:], strict=False) if before != after]


def pairs(options: argparse.Namespace) -> Iterator[tuple[str, str, str, Run]]:
    """Gold, guess, dialect and a way to run them: from files of predictions, and from the golds' mutants."""
    suite = cases.load(options.suite, options.data)
    files = [predict.FromFile(path, suite).by_number for path in options.predictions]
    databases = Databases(suite, options.db)
    for name in dict.fromkeys(case.database for case in suite.cases):
        database = databases.open(name)
        if database is None:
            continue
        with closing(database):
            columns = {table.name.lower(): [column.name for column in table.columns] for table in database.schema.tables}
            known: dict[tuple[str, int | None], tuple[Sequence[Row], int]] = {}
            for case in suite.cases:
                if case.database == name and case.golds:
                    guesses = [found[case.number] for found in files if case.number in found]
                    made = mutants(case.golds[0], database.dialect, columns)
                    guesses += [mutant.sql for mutant in made[:: max(1, len(made) // max(1, options.mutants))][: options.mutants]]
                    for guess in guesses:
                        yield case.golds[0], guess, database.dialect, _runner(database, known)


def _runner(database: Any, known: dict[tuple[str, int | None], tuple[Sequence[Row], int]]) -> Run:
    def run(sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        if (sql, row_limit) not in known:
            result = database.run(Query(sql, database.dialect), row_limit=row_limit)
            known[sql, row_limit] = result.rows, len(result.columns)
        return known[sql, row_limit]

    return run


def main(argv: Sequence[str] | None = None, *, say: Callable[[str], None] = print) -> int:
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.official", description="Where do we differ from Spider?")
    parser.add_argument("suite")
    parser.add_argument("--data", metavar="DIR")
    parser.add_argument("--db", action="extend", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--predictions", action="extend", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--mutants", type=int, default=4, help="mutants of each gold (4)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N disagreements of each reason")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    counts: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    try:
        for gold, guess, dialect, run in pairs(options):
            try:
                found = verdicts(gold, guess, dialect, run)
            except QueryFailed:
                counts["guess fails"] += 1
                continue
            counts["compared"] += 1
            counts["official right"] += found[0]
            counts["strict right"] += found[-1]
            why = " + ".join(reasons(found))
            if why:
                counts[f"differs: {why}"] += 1
                shown[why] += 1
                if shown[why] <= options.show:
                    say(f"{why}: official {found[0]}, strict {found[-1]}\n  gold  {gold}\n  guess {guess}")
    except Nl2SqlError as error:
        print(f"official: {error}", file=sys.stderr)
        return 2
    say(json.dumps(counts) if options.json else "\n".join(f"{count:7} {name}" for name, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
