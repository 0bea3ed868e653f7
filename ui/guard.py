"""What a request must pass before Gradio sees it: an open route, a host and origin that are ours, a size, a pace.

Gradio serves more than this page needs (files by their path, a proxy, streams, development aids): only what is listed is open.
What this does not cover: who may sign in (Gradio's own ``auth``), and what a question may read (``sql.validate`` and the engine).
"""
from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_API = "/gradio_api"
OPEN = re.compile(
    r"/(config|theme\.css|favicon\.ico|robots\.txt|manifest\.json|login|logout|login_check)?/?"
    r"|/(assets|static)/[^?]*"
    + rf"|{_API}/(info|queue/(join|data)|upload|upload_progress|component_server|cancel|reset|startup-events|user|app_id"
    + r"|login_check|theme\.css|heartbeat/\w+|call/\w+(/\w+)?)/?"
)
MCP = re.compile(rf"{_API}/mcp(/[^?]*)?")
LOCAL = {"127.0.0.1", "localhost", "::1"}
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
_KILO = 1024


class Pace:
    """So many events a minute for each key, and a burst of a quarter of that."""

    def __init__(self, per_minute: float) -> None:
        self._rate = per_minute / 60
        self._burst = max(5.0, per_minute / 4)
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}  # what is left, and when that was

    def allows(self, key: str) -> bool:
        now = time.monotonic()
        with self._lock:
            left, then = self._left.get(key, (self._burst, now))
            left = min(self._burst, left + (now - then) * self._rate)
            if len(self._left) > 10_000:  # strangers are forgotten all at once; nobody gets less than before
                self._left.clear()
            self._left[key] = (left - 1 if left >= 1 else left, now)
        return left >= 1


class Guard:
    """ASGI middleware. ``local``: the server listens on this computer alone, so requests must name it so."""

    def __init__(
        self, app: Any, *, local: bool = True, mcp: bool = False, largest_upload: int = 200 * _KILO * _KILO,
        largest_request: int = 256 * _KILO, requests_per_minute: float = 600, logins_per_minute: float = 10,
    ) -> None:
        self.app = app
        self._local, self._mcp = local, mcp
        self._largest_upload, self._largest_request = largest_upload + 64 * _KILO, largest_request
        self._pace, self._logins, self._typing = Pace(requests_per_minute), Pace(logins_per_minute), Pace(4 * requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is not None:
            await _refuse(send, *refused)
            return

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        await self.app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """The status and the sentence of a request that goes no further."""
        path, posts = scope["path"], scope["method"] not in ("GET", "HEAD")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not OPEN.fullmatch(path) and not (self._mcp and MCP.fullmatch(path)):
            return 404, "There is nothing here."
        if self._local and _name(headers.get("host", "")) not in LOCAL:
            return 403, "This page is for this computer only."
        if posts and "origin" in headers and urlsplit(headers["origin"]).netloc != headers.get("host"):
            return 403, "Another page may not send requests here."
        if posts and (too_large := self._size_refusal(path, headers)):
            return too_large
        client = (scope.get("client") or ("",))[0]
        pace = self._logins if path.startswith("/login") else self._typing if path.endswith("component_server") else self._pace
        if posts and not pace.allows(client):
            return 429, "Too many requests: wait a few seconds."
        return None

    def _size_refusal(self, path: str, headers: dict[str, str]) -> tuple[int, str] | None:
        """A body must say how long it is; the server cuts it there."""
        length = headers.get("content-length", "")
        if "transfer-encoding" in headers or not length.isdecimal():
            return 411, "A request must say how long it is."
        most = self._largest_upload if path.rstrip("/").endswith("/upload") else self._largest_request
        return (413, f"That is too large: at most {most // _KILO // _KILO or 1} MB.") if int(length) > most else None


def _name(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "").lower()


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"detail": sentence}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
