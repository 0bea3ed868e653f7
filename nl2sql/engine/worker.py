"""The child process: the only opener of a user's file. Started as ``python -m nl2sql.engine.worker``.

It reads one frame that says what to open and within which limits, answers it, and then answers one request after the other:
``{"op": "run", "sql", "row_limit", "seconds"}`` with rows, ``{"op": "describe"}`` with a description. An error is an answer too.
It ends when its caller does: the pipe closes then, whatever a query is doing. Past a deadline the engine interrupts the query;
where that doesn't help at once, the caller kills the process.

What this does not cover: the address-space limit exists on Linux (macOS and Windows have none that holds).
"""
from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from typing import Any, BinaryIO

from nl2sql.engine.protocol import TooLarge, encode_rows, read_frame, write_frame
from nl2sql.engine.reading import CannotOpen, Reader
from nl2sql.engine.settings import Limits

_LOOK_FOR_PARENT = 2.0  # seconds


def main() -> None:
    """Opens the file, then answers until the caller is gone."""
    requests, replies = take_pipes()
    inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, inbox), daemon=True).start()
    threading.Thread(target=_watch_parent, daemon=True).start()
    order = inbox.get()
    limits = Limits(**order["limits"])
    limit_address_space(limits.address_space)
    try:
        reader = _open(order["path"], order["dialect"], limits, order.get("scope"))
    except CannotOpen as error:
        write_frame(replies, {"error": error.kind, "message": str(error)})
        return
    except OSError as error:
        write_frame(replies, {"error": "bad", "message": f"can't be read: {error.strerror or error}"})
        return
    write_frame(replies, {"ready": True})
    while True:
        request = inbox.get()
        write_frame(replies, {"began": True})  # from here on the caller can't know whether the query is why this process ends
        try:
            write_frame(replies, _answer(reader, request))
        except TooLarge as error:
            write_frame(replies, {"error": "too_large", "message": str(error)})
        except MemoryError as error:
            write_frame(replies, {"error": reader.explain(error)[0], "message": reader.explain(error)[1]})


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the caller; whatever else writes to standard output from here on goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, which kills this process if it must
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return requests, replies


def limit_address_space(size: int) -> None:
    """Past it an allocation fails, whoever asks for it."""
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        size = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write the data to the disk


def _open(path: str, dialect: str, limits: Limits, scope: dict[str, Any] | None) -> Reader:
    if dialect == "sqlite":
        from nl2sql.engine.lite import SqliteFile

        return SqliteFile(path, limits)
    if scope is not None:
        from nl2sql.engine.scope import Scope
        from nl2sql.engine.scoped import ScopedFile

        return ScopedFile(path, limits, Scope.from_json(scope))
    from nl2sql.engine.duck import DuckFile

    return DuckFile(path, limits)


def _answer(reader: Reader, request: dict[str, Any]) -> dict[str, Any]:
    if request["op"] == "describe":
        from nl2sql.engine.description import describe

        return describe(reader)
    start = time.perf_counter()
    try:
        found = reader.run(request["sql"], request["row_limit"], request["seconds"])
        encoded = encode_rows(found.rows, len(found.columns))
    except Exception as error:  # the boundary: whatever goes wrong with a query is told to the caller
        kind, message = reader.explain(error)
        if kind == "crashed":
            print(message, file=sys.stderr, flush=True)
            os._exit(70)
        return {"error": kind, "message": message}
    seconds = time.perf_counter() - start
    return {"columns": found.columns, "types": found.types, **encoded, "truncated": found.truncated, "seconds": seconds}


def _receive(requests: BinaryIO, inbox: queue.SimpleQueue[dict[str, Any]]) -> None:
    while (request := read_frame(requests)) is not None:
        inbox.put(request)
    os._exit(0)  # the caller is gone: nobody waits for what is still running


def _watch_parent() -> None:
    """The pipe stays open where the caller left forked children behind; its death shows here all the same."""
    parent = os.getppid()
    while os.name == "posix":
        time.sleep(_LOOK_FOR_PARENT)
        if os.getppid() != parent:
            os._exit(0)


if __name__ == "__main__":
    main()
