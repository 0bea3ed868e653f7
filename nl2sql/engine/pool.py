"""The caller's side of the worker processes: hand over a request, wait no longer than its deadline, replace what was killed."""
from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

from nl2sql.engine.protocol import read_frame, write_frame

_START_LIMIT = 60.0  # seconds for a child to start and open its file
_GRACE = 0.3  # seconds past a request's deadline, in which the engine may stop by itself before the child is killed
_MOST_WORKERS = 8
_ATTEMPTS = _MOST_WORKERS + 1  # all that were idle may have been killed
_IDLE_SECONDS = 30.0  # a worker that wasn't needed for so long is closed, all but one


class Gone(Exception):
    """The child ended before it began with the request; another one may be asked."""


class Crashed(Exception):
    """The child ended while it ran the request. ``out_of_memory`` where that is why."""

    def __init__(self, message: str, *, out_of_memory: bool = False) -> None:
        super().__init__(message)
        self.out_of_memory = out_of_memory


class Stopped(Exception):
    """The child was killed because nobody wants its answer any more."""


class DeadlinePassed(Exception):
    """The child was killed because it took too long."""


class Unopened(Exception):
    """The child could not open the file; ``kind`` and message are its own."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Child:
    """One child process that runs a module of this package and answers frames. Only one thread at a time may ask it."""

    def __init__(self, module: str, order: dict[str, Any]) -> None:
        package_root = Path(__file__).resolve().parents[2]
        self._errors = _scratch()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors if self._errors is not None else subprocess.DEVNULL,
            cwd=package_root,  # "-m" looks here first: a module in the user's own folder must not get in the way
            env={**os.environ, "MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._order: dict[str, Any] | None = order
        self._lock = threading.Lock()
        self._expired = False
        self._stopped = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def open(self, seconds: float = _START_LIMIT) -> None:
        """Sends the first frame, once, and waits for its answer; raises Unopened where that is an error."""
        if self._order is not None:
            order, self._order = self._order, None
            reply = self._exchange(order, seconds)
            if "error" in reply:
                raise Unopened(reply["error"], reply["message"])

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to one request; raises Gone, Crashed, DeadlinePassed or, at the first request, Unopened."""
        self.open()
        return self._exchange(request, seconds + _GRACE, acknowledged=True)

    def _exchange(self, request: dict[str, Any], seconds: float, *, acknowledged: bool = False) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._stopped = False  # one that was stopped just after its answer isn't stopped in the next
        alarm = threading.Timer(seconds, self._expire)
        alarm.daemon = True
        alarm.start()
        try:
            try:
                write_frame(self._process.stdin, request)  # type: ignore[arg-type]
            except OSError as error:
                raise DeadlinePassed if self._expired else Gone(self._last_words()) from error
            ended = acknowledged and read_frame(self._process.stdout) is None  # type: ignore[arg-type]
            if ended and not self._expired and not self._stopped:
                raise Gone(self._last_words())
            reply = read_frame(self._process.stdout)  # type: ignore[arg-type]
        finally:
            with self._lock:
                alarm.cancel()
        if reply is not None:
            return reply
        if self._stopped:
            raise Stopped
        if self._expired:
            raise DeadlinePassed
        words = self._last_words()
        raise Crashed(words, out_of_memory="bad_alloc" in words or "MemoryError" in words or "memory" in words.lower())

    def kill(self) -> None:
        """Ends the child at once and frees its pipes."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # bytes that could not be sent to it any more
                    pass

    def stop(self) -> None:
        """From another thread: ends what it runs."""
        with self._lock:
            self._stopped = True
            self._process.kill()

    def _expire(self) -> None:
        with self._lock:
            self._expired = True
            self._process.kill()

    def _last_words(self) -> str:
        """The last line that the child wrote to its standard error, with its exit status."""
        status = self._process.wait()
        text = ""
        if self._errors is not None:
            self._errors.seek(0)
            text = self._errors.read()[-4000:].decode("utf-8", "replace").strip()
        reason = f": {text.splitlines()[-1]}" if text else ""
        return f"the engine stopped unexpectedly (status {status}){reason}"


class Pool:
    """Workers for one file. Each request has one to itself, so a query that hangs keeps no other waiting."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(_MOST_WORKERS)
        self._idle: list[tuple[Child, float]] = []
        self._busy: dict[Child, int] = {}  # and the thread that waits for it
        self._process_id = os.getpid()

    def open(self) -> None:
        """Starts the first worker; raises Unopened or Crashed where the file can't be used."""
        child = self._start()
        try:
            child.open()
        except BaseException:
            child.kill()
            raise
        self._give(child)

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer of any worker. One that ended between two requests is replaced without a word."""
        self._notice_fork()
        if not self._slots.acquire(timeout=max(seconds, 1.0)):
            raise DeadlinePassed
        try:
            reason = ""
            for _ in range(_ATTEMPTS):
                child = self._take()
                try:
                    reply = child.ask(request, seconds)
                except Gone as error:
                    self._drop(child)
                    reason = str(error)
                    continue
                except Unopened:
                    self._drop(child)
                    raise
                except BaseException:
                    self._replace(child)
                    raise
                if reply.get("error") == "too_large":  # its memory is in pieces: the next query gets a new one
                    self._replace(child)
                else:
                    self._give(child)
                return reply
            raise Crashed(reason)
        finally:
            self._slots.release()

    def stop(self, thread: int) -> None:
        """Ends the request that this thread waits for; it raises Stopped there. Without one, nothing happens."""
        with self._lock:
            for child in [child for child, waiting in self._busy.items() if waiting == thread]:
                child.stop()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            children = [child for child, _ in self._idle] + list(self._busy)
            self._idle, self._busy = [], {}
        if os.getpid() == self._process_id:
            for child in children:
                child.kill()

    def _start(self) -> Child:
        return Child("nl2sql.engine.worker", self._order)

    def _take(self) -> Child:
        with self._lock:
            child = self._idle.pop()[0] if self._idle else None
        child = child or self._start()
        with self._lock:
            self._busy[child] = threading.get_ident()
        return child

    def _give(self, child: Child) -> None:
        now = time.monotonic()
        with self._lock:
            self._busy.pop(child, None)
            if self._closed:
                spare = [child]
            else:
                self._idle.append((child, now))
                spare = [old for old, since in self._idle[:-1] if now - since > _IDLE_SECONDS]
                self._idle = [(kept, since) for kept, since in self._idle if kept not in spare]
        for old in spare:
            old.kill()

    def _drop(self, child: Child) -> None:
        with self._lock:
            self._busy.pop(child, None)
        child.kill()

    def _replace(self, child: Child) -> None:
        """Starts the successor at once, so that the next request finds it warm."""
        self._drop(child)
        self._give(self._start())

    def _notice_fork(self) -> None:
        """In a forked copy of the caller's process the workers belong to the original: leave them, start others."""
        if os.getpid() != self._process_id:
            self._begin()


def _scratch() -> IO[bytes] | None:
    """A file for the child's standard error; a pipe would block it when nobody reads."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return None
