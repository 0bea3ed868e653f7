"""What becomes of calls when things break: processes killed, disk full, file gone or replaced, memory used up.

    python -m nl2sql.eval.faults [--questions 2000] [--sessions 8] [--seed 1] [--json]

Each fault has its own run. While processes are killed at random, a call is ``untouched`` if none was during it: of these at least
95 % must be right. A call must end, within its deadline, in the rows that it gives when nothing breaks or in an error of
the library; the counts say how many did which. The model is scripted: it is the engine that is broken here, and every question
has rows of its own, so that rows of another session show.
"""
from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from nl2sql import Assistant, Database, Nl2SqlError
from nl2sql.eval.databases import sample
from nl2sql.model.generate import Scripted
from nl2sql.sql.validate import validate

_DEADLINE = 10.0  # seconds that a query may take
_SLACK = 30.0  # seconds past it: a process is killed, another one starts, up to as often as all were killed
_BETWEEN_KILLS = 4  # calls of which none is touched: those that ran at a kill, and at the next one, come on top
_START = 300.0  # seconds for a program of its own, which may have to build the sample database
_HUNGRY = "SELECT string_agg(a.unit_price || ' ' || b.product_name, ', ') FROM order_items a, products b"


def sql_of(number: int) -> str:
    """A query whose rows no other number's has."""
    return f"SELECT {number} AS question, COUNT(*) AS orders, MAX(order_id) FROM orders WHERE order_id % 991 = {number % 991}"


def killed(questions: int, sessions: int, seed: int) -> dict[str, Any]:
    """Worker processes are killed at random moments while sessions ask."""
    with Database(sample(), time_limit=_DEADLINE) as database:
        stop = threading.Event()
        kills: list[list[float]] = []
        ended: list[int] = []
        killer = threading.Thread(target=_kill, args=(stop, random.Random(seed), kills, ended, 2 * sessions + _BETWEEN_KILLS))
        numbers = list(range(questions))
        expected = [_rows(database, number) for number in numbers]
        assistants = [_assistant(database, questions) for _ in range(sessions)]
        killer.start()
        try:
            with ThreadPoolExecutor(sessions) as threads:
                asked = [partial(_ask, assistants[number % sessions], number, ended) for number in numbers]
                outcomes = list(threads.map(_timed, asked, expected))
        finally:
            stop.set()
            killer.join()
    untouched = Counter(name for name, start, end in outcomes if not any(a <= end and b >= start for a, b in kills))
    return {
        "calls": questions, "kills": len(kills), "untouched": untouched.total(), "untouched_right": untouched["right"],
        **Counter(name for name, *_ in outcomes),
    }  # fmt: skip


def failed(found: dict[str, dict[str, Any]]) -> bool:
    """Whether a call ended as none should, or fewer than 95 % of those gave their rows that no fault touched."""
    counts = found["killed"]
    wrong = any(name.startswith("wrong") for part in found.values() for name in part)
    lost = sum(count for name, count in counts.items() if name == "right" or ":" in name) != counts["calls"]
    return wrong or lost or not counts["untouched"] or counts["untouched_right"] < 0.95 * counts["untouched"]


def out_of_memory(calls: int) -> dict[str, Any]:
    """Queries that need more memory than they may have, between others that don't."""
    with Database(sample(), time_limit=_DEADLINE, memory_limit=256 * 2**20) as database:
        counts: Counter[str] = Counter()
        for number in range(calls):
            expected = _rows(database, number)
            counts[_call(partial(Assistant(database, generator=Scripted({})).run_sql, _HUNGRY), None)] += 1
            counts[_call(partial(_rows, database, number), expected)] += 1
    return {"calls": 2 * calls, **counts}


def file_lost(replaced: bool) -> dict[str, Any]:
    """The file is removed or replaced while it is open; then every process is killed, so that it must be opened again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sales.duckdb"
        shutil.copy(sample(), path)
        with Database(path, time_limit=_DEADLINE) as database:
            expected, call = _rows(database, 1), partial(_rows, database, 1)
            path.unlink()
            if replaced:
                path.write_bytes(b"something else" * 1000)
            counts = Counter(_call(call, expected) for _ in range(5))
            for process in _workers():
                process.kill()
            counts += Counter(_call(call, expected) for _ in range(5))
    return {"calls": 10, **counts}


def disk_full() -> dict[str, Any]:
    """A program that can't write a byte to any file asks, with an empty cache and with a full one."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from nl2sql.eval import faults; faults._print_one()\n"
    )  # fmt: skip
    sample()  # built here, where the disk isn't full
    counts: Counter[str] = Counter()
    for cache in (None, tempfile.mkdtemp()):
        settings = {} if cache is None else {"NL2SQL_CACHE": cache}
        command, environment = [sys.executable, "-c", code], {**os.environ, **settings}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        counts[done.stdout.strip() or f"wrong: {done.stderr.strip().splitlines()[-1:]}"] += 1
    return {"calls": 2, **counts}


def _print_one() -> None:
    """One call in a program of its own; what became of it."""

    def ask() -> Any:
        with Assistant(generator=Scripted({"1?": sql_of(1)})) as assistant:
            return assistant.ask("1?").result.rows

    print(_call(ask, None, _START))


def _call(call: Callable[[], Any], expected: Any, limit: float = _DEADLINE + _SLACK) -> str:
    """What a call ended in; ``expected`` None: any rows are right."""
    start = time.perf_counter()
    try:
        rows = call()
        name = "right" if expected is None or rows == expected else "wrong: rows of another question"
    except Nl2SqlError as error:
        name = f"error: {type(error).__name__}"
    except Exception as error:  # what is looked for
        name = f"wrong: {type(error).__name__}: {error}"
    return name if time.perf_counter() - start < limit else f"wrong: late, {name}"


def _timed(call: Callable[[], Any], expected: Any) -> tuple[str, float, float]:
    """What a call ended in, when it began and when it ended."""
    start = time.perf_counter()
    return _call(call, expected), start, time.perf_counter()


def _ask(assistant: Assistant, number: int, ended: list[int]) -> Any:
    try:
        return assistant.ask(f"{number}?").result.rows
    finally:
        ended.append(number)


def _assistant(database: Database, questions: int) -> Assistant:
    return Assistant(database, generator=Scripted({f"{number}?": sql_of(number) for number in range(questions)}))


def _rows(database: Database, number: int) -> Any:
    return database.run(validate(sql_of(number), database.schema)).rows


def _kill(stop: threading.Event, chance: random.Random, kills: list[list[float]], ended: list[int], between: int) -> None:
    """At random moments, but no faster than calls end: where processes start slowly, none would live to answer."""
    before = -between
    while not stop.wait(chance.uniform(0.05, 0.6)):
        if len(ended) - before >= between and (workers := _workers()):
            before = len(ended)
            kills.append([time.perf_counter(), math.inf])  # from when to when a call may have been hit
            chance.choice(workers).kill()
            kills[-1][1] = time.perf_counter()


def _workers() -> list[Any]:
    import psutil

    found = []
    for process in psutil.Process().children():
        try:
            if "nl2sql.engine.worker" in process.cmdline():
                found.append(process)
        except psutil.Error:
            continue  # it ended while it was looked at
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 1 where something ``failed``."""
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.faults", description="Things break while questions are asked.")
    for name, count in (("questions", 2_000), ("sessions", 8), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=count, metavar="N", help=f"{count} by default")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(words)
    found = {
        "killed": killed(options.questions, options.sessions, options.seed),
        "out_of_memory": out_of_memory(10),
        "file_removed": file_lost(replaced=False),
        "file_replaced": file_lost(replaced=True),
        "disk_full": disk_full(),
    }
    print(json.dumps(found) if options.json else "\n".join(f"{name:<16}{counts}" for name, counts in found.items()))
    return int(failed(found))


if __name__ == "__main__":
    sys.exit(main())
