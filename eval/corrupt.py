"""Does the grammar refuse what isn't SQL? Gold sequences, each changed in one place at random.

    python -m nl2sql.eval.corrupt --data DIR [--split dev|train|others] [--each 4] [--json]

A changed sequence is invalid if it can't be written as SQL or SQLite doesn't compile what is written. Of those the grammar
must refuse 99 %.
"""
from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence

from nl2sql.errors import BadInput
from nl2sql.eval.roundtrip import SPLITS, asked
from nl2sql.records import Context, Pointer, Symbol
from nl2sql.sql.grammar import Grammar
from nl2sql.sql.ir import Malformed, Unsupported, from_sql, to_sql
from nl2sql.sql.symbols import SPECIAL, VOCABULARY

KEYWORDS = [symbol for symbol in VOCABULARY if symbol not in SPECIAL and not symbol.startswith("<spare")]


def corrupted(symbols: Sequence[Symbol], context: Context, chance: random.Random) -> tuple[Symbol, ...]:
    """One symbol left out, doubled, moved, or replaced by another keyword or pointer."""
    found = list(symbols)
    at = chance.randrange(len(found))
    change = chance.choice(("leave out", "insert", "swap", "replace", "replace"))
    if change == "leave out":
        del found[at]
    elif change == "insert":
        found.insert(at, _any(context, chance))
    elif change == "swap":
        other = chance.randrange(len(found))
        found[at], found[other] = found[other], found[at]
    else:
        found[at] = _any(context, chance)
    return tuple(found)


def _any(context: Context, chance: random.Random) -> Symbol:
    if chance.random() < 0.5:
        return chance.choice(KEYWORDS)
    pointers: list[Symbol] = [Pointer("column", i) for i in context.columns]
    pointers += [Pointer("table", i) for i in range(len(context.schema.tables))]
    pointers += [Pointer("value", i) for i in range(len(context.values))]
    pointers += [Pointer("word", i) for i in range(len(context.words))]
    pointers += [Pointer("number", i) for i in range(len(context.numbers))]
    return chance.choice(pointers)


def compiles(symbols: Sequence[Symbol], context: Context, connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("EXPLAIN " + to_sql(symbols, context, "sqlite"))
    except (Malformed, sqlite3.Error):
        return False
    return True


def measure(folder: str, split: str, each: int, *, seed: int = 0) -> Counter[str]:
    counts: Counter[str] = Counter()
    chance = random.Random(seed)
    for example, context, connection in asked(folder, split):
        try:
            symbols = from_sql(example.sql or "", context, "sqlite")
        except Unsupported:
            continue
        grammar = Grammar(context, strict=False)
        for _ in range(each):
            changed = corrupted(symbols, context, chance)
            kind = "valid" if compiles(changed, context, connection) else "invalid"
            counts[kind] += 1
            counts[f"{kind}, refused"] += not grammar.accepts(changed)
    return counts


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.corrupt", description="Does the grammar refuse invalid SQL?")
    parser.add_argument("--data", required=True, metavar="DIR", help="a folder in Spider's form")
    parser.add_argument("--split", choices=sorted(SPLITS), default="dev")
    parser.add_argument("--each", type=int, default=4, help="changed sequences for each gold (4)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    try:
        counts = measure(options.data, SPLITS[options.split], options.each)
    except BadInput as error:
        print(f"corrupt: {error}", file=sys.stderr)
        return 2
    share = counts["invalid, refused"] / max(1, counts["invalid"])
    if options.json:
        print(json.dumps({**counts, "share": round(share, 4)}))
    else:
        print(f"of {counts['invalid']} invalid sequences {counts['invalid, refused']} are refused: {share:.2%}")
        print(f"of {counts['valid']} valid ones {counts['valid, refused']} are refused (other restrictions of the grammar)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
