"""Does anything get out of the policy, the engine or the whole way but an answer or a named error? Random input, counted.

    python -m nl2sql.eval.fuzz [--policy 1000000] [--engine 50000] [--questions 2000] [--seed 1] [--out FILE] [--json]

Counted as wrong: an exception that isn't the library's own, a call that takes longer than its deadline, a byte of the database
file that changed, an allowed text in which DuckDB's own parser sees what no query may hold. At least 30 % of the SQL must parse,
or the policy's rules weren't reached.

The whole is done in parts, each with random numbers of its own; with ``--out`` a part that is done is a line of the file, and the
same command goes on after the last one. Several processes with different seeds may share a file.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from nl2sql import Assistant, Database, Nl2SqlError, Refused
from nl2sql.eval import cases, leaks
from nl2sql.eval.databases import sample
from nl2sql.eval.fuzzed import Writer
from nl2sql.sql.validate import validate

_UNREAD = ("parse", "length", "depth")  # the rules that come before the tree
_POLICY_LIMIT = 5.0  # seconds for one text; it takes milliseconds
_QUERY_LIMIT = 0.5
_SLACK = 20.0  # seconds past a query's deadline: its process may have to be killed, and another one to start
_QUESTION_LIMIT = 60.0
_PARTS = 20


def fuzz(texts: int, queries: int, questions: int, seed: int | str = 1) -> dict[str, Any]:
    """The counts of all three; ``wrong`` are the first inputs that ended as none should."""
    path = sample()
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    wrong: list[str] = []
    with Database(path) as database:
        gold = [sql for suite in ("sales", "sales_fashion") for case in cases.load(suite).cases for sql in case.golds]
        writer = Writer(database.schema, gold, random.Random(seed))
        policy = _policy(writer, database, texts, wrong)
        engine = _engine(writer, database, queries, wrong)
        asked: Counter[str] = Counter()
        if questions:
            with Assistant(database) as assistant:  # what it prepares in the background ends with its part
                asked = _questions(writer, assistant, questions, seed, wrong)
    return {
        "texts": texts, "parsed": _parsed(policy, texts), "policy": dict(policy), "engine": dict(engine),
        "questions": dict(asked), "file_unchanged": hashlib.sha256(path.read_bytes()).hexdigest() == before, "wrong": wrong[:20],
    }  # fmt: skip


def _parsed(policy: Mapping[str, int], texts: int) -> float | None:
    """The share of the texts that the rules on trees have seen."""
    return sum(count for rule, count in policy.items() if rule not in _UNREAD) / texts if texts else None


def _policy(writer: Writer, database: Database, count: int, wrong: list[str]) -> Counter[str]:
    """How many texts each rule refused, and how many were allowed."""
    found: Counter[str] = Counter()
    for _ in range(count):
        text = writer.text()
        found[_outcome(partial(_checked, text, database), text, _POLICY_LIMIT, wrong)] += 1
    return found


def _checked(text: str, database: Database) -> None:
    leaks.look(validate(text, database.schema).sql, database.schema)


def _engine(writer: Writer, database: Database, count: int, wrong: list[str]) -> Counter[str]:
    """What became of texts that the policy let through; ``count`` of them run."""
    found: Counter[str] = Counter()
    while sum(found.values()) < count:
        text = writer.text()
        try:
            query = validate(text, database.schema)
        except Refused:
            continue
        ends = _QUERY_LIMIT + _SLACK
        run = partial(database.run, query, time_limit=_QUERY_LIMIT, row_limit=20)
        found[_outcome(run, text, ends, wrong)] += 1
    return found


def _questions(writer: Writer, assistant: Assistant, count: int, seed: int | str, wrong: list[str]) -> Counter[str]:
    """What became of questions: those of the suites with words changed, SQL, and noise, through the model."""
    chance = random.Random(seed)
    known = [case.question for case in cases.load("sales").cases]
    pieces = [word for question in known for word in question.split()] + ["'", ";", "\u202e", "DROP", "😀", "9" * 30] * 50
    found: Counter[str] = Counter()
    for _ in range(count):
        words = chance.choice(known).split()
        for _ in range(chance.randint(0, 4)):
            words[chance.randrange(len(words))] = chance.choice(pieces)
        text = " ".join(words) if chance.random() < 0.8 else writer.text()[:2500]
        found[_outcome(partial(assistant.ask, text), text, _QUESTION_LIMIT, wrong)] += 1
    return found


def _outcome(call: Callable[[], Any], text: str, limit: float, wrong: list[str]) -> str:
    """What a call ended in: "done", the rule that refused, or the error's name."""
    start = time.perf_counter()
    try:
        call()
        name = "done"
    except Refused as refusal:
        name = refusal.rule
    except Nl2SqlError as error:
        name = type(error).__name__
    except Exception as error:  # what is looked for
        name = f"wrong: {type(error).__name__}"
        wrong.append(f"{type(error).__name__}: {error} <- {text!r}")
    if time.perf_counter() - start > limit:
        wrong.append(f"took {time.perf_counter() - start:.1f} s <- {text!r}")
    return name


def in_parts(order: dict[str, int], out: Path | None) -> dict[str, Any]:
    """The counts of all parts together; those that ``out`` has are not done again."""
    lines = out.read_text("utf-8").splitlines() if out is not None and out.exists() else []
    done = {entry["part"]: entry["found"] for entry in map(_entry, lines) if entry.get("order") == order}
    for part in range(_PARTS):
        if part not in done:
            texts, queries, questions = (_share(order[name], part) for name in ("policy", "engine", "questions"))
            done[part] = fuzz(texts, queries, questions, f"{order['seed']}, part {part}")
            if out is not None:
                with out.open("a", encoding="utf-8") as file:
                    file.write("\n" + json.dumps({"order": order, "part": part, "found": done[part]}))
    return _together(list(done.values()))


def _entry(line: str) -> dict[str, Any]:
    """A line that was written whole; the last one of a process that was killed may not be."""
    try:
        return dict(json.loads(line or "{}"))
    except ValueError:
        return {}


def _share(count: int, part: int) -> int:
    return count * (part + 1) // _PARTS - count * part // _PARTS


def _together(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    texts = sum(part["texts"] for part in parts)
    counts = {name: dict(sum((Counter(part[name]) for part in parts), Counter())) for name in ("policy", "engine", "questions")}
    return {
        "texts": texts, "parsed": _parsed(counts["policy"], texts), **counts,
        "file_unchanged": all(part["file_unchanged"] for part in parts),
        "wrong": [text for part in parts for text in part["wrong"]],
    }  # fmt: skip


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.fuzz", description="Random input, counted.")
    for name, count in (("policy", 1_000_000), ("engine", 50_000), ("questions", 2_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=count, metavar="N", help=f"{count} by default")
    parser.add_argument("--out", type=Path, metavar="FILE", help="keep what is done here, and go on from it")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(words)
    order = {name: getattr(options, name) for name in ("policy", "engine", "questions", "seed")}
    found = in_parts(order, options.out)
    print(json.dumps(found) if options.json else "\n".join(f"{name:<16}{value}" for name, value in found.items()))
    return 0 if found["file_unchanged"] and not found["wrong"] and (found["parsed"] or 1) >= 0.3 else 1


if __name__ == "__main__":
    sys.exit(main())
