"""How well verified questions are recognised: ``python -m nl2sql.eval.verified FILE.jsonl``, on the sample database.

A line holds a ``question`` with its ``sql``, ``paraphrases`` that must be answered by it, and ``near`` misses that must not.
``--script FILE.sql`` makes another database, on which they are asked instead.
"""
from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from nl2sql import Assistant, Database


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.verified", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--script", type=Path, help="SQL that makes the database, instead of the sample")
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.file.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NL2SQL_DATA"] = folder  # the user's own verified questions are neither read nor written
        with Assistant(_made(args.script, Path(folder)) if args.script else None) as assistant:
            measure(assistant, rows)


def _made(script: Path, folder: Path) -> Database:
    import duckdb

    file = folder / f"{script.stem}.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute(script.read_text(encoding="utf-8"))
    return Database(file)


def measure(assistant: Assistant, rows: list[dict]) -> None:
    memory, day = assistant.memory, assistant.database.as_of
    stored = {row["question"]: memory.add(row["question"], row["sql"]).sql for row in rows}
    for kind, said in (("paraphrases", "answered by the stored SQL"), ("near", "answered by it though something else is asked")):
        asked = [(row["question"], other) for row in rows for other in row[kind]]
        found = [other for question, other in asked if (match := memory.match(other, day)) and match.sql == stored[question]]
        print(f"{kind}: {len(found)} of {len(asked)} {said}", flush=True)
        for question in sorted({other for _, other in asked} - set(found) if kind == "paraphrases" else found):
            print(f"    {question}")


if __name__ == "__main__":
    main()
