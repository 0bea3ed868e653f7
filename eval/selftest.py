"""How hard is the harness to fool? Mutants of every gold, those that mean something else, and the share that each score catches.

    python -m nl2sql.eval.selftest SUITE [--data DIR] [--db FILE] [--variants 20] [--referee 200] [--json]

A referee with random databases that no score uses says which mutants mean something else. Reported beside it, with their lines:
golds that fail, that are empty, and those that are nondeterministic: their rows change from run to run, or with the order in
which the tables hold theirs.
"""
from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from nl2sql.errors import Nl2SqlError, QueryFailed
from nl2sql.eval import cases, referee
from nl2sql.eval.compare import Row, strict
from nl2sql.eval.databases import PATIENCE, Databases
from nl2sql.eval.gold import reference
from nl2sql.eval.mutants import Mutant, mutants
from nl2sql.eval.source import read
from nl2sql.eval.testsuite import differences, unstable
from nl2sql.eval.variants import variants as make_variants
from nl2sql.records import Query

if TYPE_CHECKING:
    from nl2sql import Database


class Counts:
    """By kind of mutant: how many mean something else, and how many of those each score catches."""

    def __init__(self) -> None:
        self.different: Counter[str] = Counter()
        self.single: Counter[str] = Counter()
        self.suite: Counter[str] = Counter()
        self.same = 0
        self.invalid = 0
        self.missed: list[tuple[str, str, str]] = []
        self.golds: dict[str, list[str]] = {"good": [], "fails": [], "empty": [], "nondeterministic": []}

    def table(self) -> dict[str, Any]:
        kinds = {
            kind: {"different": count, "one database": self.single[kind], "variants": self.suite[kind]}
            for kind, count in sorted(self.different.items())
        }
        total = max(1, self.different.total())
        return {
            "mutants": self.different.total() + self.same + self.invalid,
            "invalid": self.invalid,
            "same": self.same,
            "different": self.different.total(),
            "caught_by_one_database": round(self.single.total() / total, 4),
            "caught_by_variants": round(self.suite.total() / total, 4),
            "kinds": kinds,
            "golds": {name: len(found) for name, found in self.golds.items()},
        }


def measure(database: Database, golds: Sequence[str], counts: Counts, *, variants: int, judges: int, seed: int) -> None:
    """Adds one database's golds. Mutants that no engine takes are not counted: any harness sees those."""
    source = read(database, golds)
    mixed = set(unstable(source, dict.fromkeys(golds)))
    found = list(_mutants(database, dict.fromkeys(golds), mixed, counts))
    pairs = [((gold,), mutant.sql) for gold, mutant, _ in found]
    other = differences(referee.databases(source, judges, seed=seed), pairs)
    caught = differences(make_variants(source, variants, seed=seed), pairs)
    for (gold, mutant, alone), meaning, variant in zip(found, other, caught, strict=True):
        if meaning.differs is None:
            counts.same += 1
            continue
        together = alone or variant.differs is not None
        counts.different[mutant.kind] += 1
        counts.single[mutant.kind] += alone
        counts.suite[mutant.kind] += together
        if not together:
            counts.missed.append((mutant.kind, gold, mutant.sql))


def _mutants(database: Database, golds: Iterable[str], mixed: set[str], counts: Counts) -> Iterator[tuple[str, Mutant, bool]]:
    """Gold, mutant, and whether the database itself tells them apart."""
    columns = {table.name.lower(): [column.name for column in table.columns] for table in database.schema.tables}

    def run(sql: str, row_limit: int | None) -> tuple[Sequence[Row], int]:
        result = database.run(Query(sql, database.dialect), row_limit=row_limit)
        return result.rows, len(result.columns)

    for gold in golds:
        try:
            right = reference(gold, database.dialect, run)
            again, width = run(gold, None)
        except QueryFailed:
            counts.golds["fails"].append(gold)
            continue
        stable = gold not in mixed and strict(right, again, width)
        counts.golds["nondeterministic" if not stable else "empty" if right.size == 0 else "good"].append(gold)
        for mutant in mutants(gold, database.dialect, columns):
            try:
                rows, width = run(mutant.sql, right.size + 1)
            except QueryFailed:
                counts.invalid += 1
            else:
                yield gold, mutant, not strict(right, rows, width)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.selftest", description="How many wrong queries are caught?")
    parser.add_argument("suite")
    parser.add_argument("--data", metavar="DIR", help="a folder in Spider's form")
    parser.add_argument("--db", action="extend", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--variants", type=int, default=20, help="databases of the score (20)")
    parser.add_argument("--referee", type=int, default=200, help="databases of the referee (200)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N databases")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N mutants that were missed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    counts = Counts()
    try:
        suite = cases.load(options.suite, options.data)
        databases = Databases(suite, options.db, time_limit=PATIENCE)
        for name in list(dict.fromkeys(case.database for case in suite.cases))[: options.limit]:
            database = databases.open(name)
            if database is not None:
                golds = [gold for case in suite.cases if case.database == name for gold in case.golds]
                with closing(database):
                    measure(database, golds, counts, variants=options.variants, judges=options.referee, seed=options.seed)
    except Nl2SqlError as error:
        print(f"selftest: {error}", file=sys.stderr)
        return 2
    table = counts.table()
    table["lines"] = {
        name: [case.number for case in suite.cases if not set(found).isdisjoint(case.golds)]
        for name, found in counts.golds.items() if name != "good"
    }  # fmt: skip
    print(json.dumps(table) if options.json else _text(table))
    for kind, gold, sql in counts.missed[:: max(1, len(counts.missed) // max(1, options.show))][: options.show]:
        print(f"\nmissed ({kind})\n  gold   {gold}\n  mutant {sql}")
    return 0


def _text(table: dict[str, Any]) -> str:
    lines = [
        f"{table['different']} of {table['mutants']} mutants mean something else"
        f" ({table['same']} the same, {table['invalid']} invalid)",
        f"caught by one database {table['caught_by_one_database']:.1%}, with variants {table['caught_by_variants']:.1%}",
        f"golds: {', '.join(f'{name} {count}' for name, count in table['golds'].items() if count)}",
    ]
    lines += [f"  {name}: lines {', '.join(map(str, numbers))}" for name, numbers in table["lines"].items() if numbers]
    for kind, counts in table["kinds"].items():
        n = counts["different"]
        lines.append(f"  {kind:20} {n:5}  one database {counts['one database'] / n:6.1%}  variants {counts['variants'] / n:6.1%}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
