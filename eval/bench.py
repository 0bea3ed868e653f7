"""``make bench``: how long an answer takes on this machine, from the shell and in a warm program, and what it needs.

Asked are the shipped suite's questions, each once: nothing can come from a cache of answers. Times are those of a person who
waits: question in, answer out.
"""
from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nl2sql import Assistant, NoAnswer
from nl2sql.eval import cases
from nl2sql.model import adapters

QUESTION = "Which quarter in the past 5 years had the most amount of sales for fashion products"


def warm(count: int | None = None) -> dict[str, Any]:
    """Seconds of ``ask`` in a program that has loaded everything, over the sales suite's distinct questions."""
    questions = list(dict.fromkeys(case.question for case in cases.load("sales").cases))[:count]
    with Assistant() as assistant:
        assistant.warm()
        seconds = sorted(_seconds(assistant, question) for question in questions)
    return {
        "questions": len(seconds),
        "warm_p50": statistics.median(seconds),
        "warm_p95": seconds[int(0.95 * (len(seconds) - 1))],
        "warm_max": seconds[-1],
    }


def _seconds(assistant: Assistant, question: str) -> float:
    start = time.perf_counter()
    try:
        assistant.ask(question)
    except NoAnswer:
        pass  # to find that out takes time as well
    return time.perf_counter() - start


def cold(runs: int = 5) -> dict[str, Any]:
    """Seconds and memory of ``nl2sql ask`` from the shell; ``first``: with an empty cache, the sample database built too."""
    with tempfile.TemporaryDirectory() as cache:
        first = _run({"NL2SQL_CACHE": cache})[0]
    measured = [_run({}) for _ in range(runs)]
    return {
        "first_seconds": first,
        "cold_seconds": statistics.median(seconds for seconds, _ in measured),
        "peak_megabytes": max(peak for _, peak in measured) / 1e6,
    }


def _run(settings: dict[str, str]) -> tuple[float, int]:
    """Seconds, and the peak of the resident memory of all its processes together: pages that they share count twice."""
    import psutil

    start = time.perf_counter()
    command = [sys.executable, "-m", "nl2sql.cli", "ask", QUESTION]
    # The output goes to a file: nobody reads a pipe here, and a full one would hold the command up.
    with tempfile.TemporaryFile() as output:
        process = psutil.Popen(command, stdout=output, stderr=output, env={**os.environ, **settings})
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident(process))
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        if process.returncode != 0:
            output.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, output.read().decode(errors="replace"))
    return seconds, peak


def _resident(process: Any) -> int:
    import psutil

    total = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it ended while it was looked at; the next look counts
    return total


def sizes() -> dict[str, Any]:
    """Parameters that answer questions about the sample database, encoder and low-rank products included, and the sizes of the
    files that are shipped."""
    from nl2sql.model.encoder import minilm_folder

    folders = sorted(path for path in adapters.SHIPPED.iterdir() if path.is_dir())
    parts = [minilm_folder(), *(folder for folder in folders if folder.name in ("base", "sales"))]
    return {
        "million_parameters": sum(_parameters(path) for part in parts for path in part.glob("*.safetensors")) / 1e6,
        **{f"{folder.name}_megabytes": sum(_bytes(folder)) / 1e6 for folder in folders},
    }


def _parameters(path: Path) -> int:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as tensors:
        return sum(math.prod(tensors.get_slice(name).get_shape()) for name in tensors.keys())


def _bytes(folder: Path) -> list[int]:
    return [path.stat().st_size for path in folder.rglob("*") if path.is_file()]


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m nl2sql.eval.bench", description="Time and memory of answers here.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(words)
    found = {**sizes(), **cold(), **warm()}
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name.replace('_', ' '):<24}{value:10.{3 if isinstance(value, float) else 0}f}")


if __name__ == "__main__":
    main()
