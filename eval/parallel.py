"""Databases in processes of their own: each process opens, asks and grades one database after the other.

A process makes the predictor's parts (the model) once. Which process takes which database changes no number.
"""
from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from nl2sql.errors import BadInput

Found = TypeVar("Found")
LOOK_FOR_PARENT = 1.0  # seconds
ATTEMPTS = 3


def spread(work: Callable[[str], Found], names: Sequence[str], processes: int) -> Iterator[Found]:
    """What ``work`` (which must be picklable) makes of each name, as it comes; begins with the first names.

    Where a process is killed, what was unfinished is begun again; raises BadInput where that doesn't help.
    """
    left = list(names)
    for _ in range(ATTEMPTS):
        try:
            for name, found in _round(work, left, processes):
                left.remove(name)
                yield found
            return
        except BrokenProcessPool:
            continue
    reason = f"the processes that evaluate {left[0]!r} are ended again and again, from outside or for lack of memory"
    raise BadInput(f"{reason}: use fewer --processes.")


def _round(work: Callable[[str], Found], names: Sequence[str], processes: int) -> Iterator[tuple[str, Found]]:
    # spawned, not forked: a copy of a process with threads (the model's, the workers') may hang
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(processes, len(names)), mp_context=context, initializer=_begin, initargs=(work, os.getpid()))
    try:
        names_of = {pool.submit(_work, name): name for name in names}
        for future in as_completed(names_of):
            yield names_of[future], future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Mine:
    """What this process does."""

    work: Callable[[str], Any] | None = None


def _begin(work: Callable[[str], Any], parent: int) -> None:
    _Mine.work = work
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _work(name: str) -> Any:
    assert _Mine.work is not None
    return _Mine.work(name)


def _end_with(parent: int) -> None:
    """The executor's processes would outlive a parent that was killed."""
    while os.name == "posix" and os.getppid() == parent:
        time.sleep(LOOK_FOR_PARENT)
    if os.name == "posix":
        os._exit(1)
