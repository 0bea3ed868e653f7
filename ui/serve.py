"""The page on a port of this computer, with every setting that keeps it there."""
from __future__ import annotations

import errno
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nl2sql import Assistant, BadInput
from nl2sql.ui.examples import Synthesize
from nl2sql.ui.guard import LOCAL, Guard
from nl2sql.ui.sessions import warm

PORT = 7860
UPLOAD_MB = 200
_FOREIGN = "GRADIO_"  # settings in the environment, none of which may open what is closed here


def serve(assistant: Assistant, *, host: str = "127.0.0.1", port: int = PORT, login: tuple[str, str] | None = None,
          mcp: bool = False, synthesize: Synthesize | None = None) -> None:  # fmt: skip
    """Open the page and stay until Ctrl-C. ``login``: a name and a password to ask for. Raises ``BadInput``."""
    with opened(assistant, host=host, port=port, login=login, mcp=mcp, synthesize=synthesize) as address:
        print(f"The page is open at {address} (Ctrl-C ends it).", flush=True)
        if host not in LOCAL and login is None:
            print("Whoever reaches that address may ask and see the whole database: --user NAME asks for a password.", flush=True)
        warm(assistant)
        threading.Event().wait()


@contextmanager
def opened(
    assistant: Assistant, *, host: str = "127.0.0.1", port: int = PORT, login: tuple[str, str] | None = None, mcp: bool = False,
    requests_per_minute: float = 600, synthesize: Synthesize | None = None,
) -> Iterator[str]:
    """The page's address, for as long as it is open. ``port`` 0 takes a free one. Raises ``BadInput``."""
    if not 0 <= port < 2**16:
        raise BadInput(f"{port} is no port: a number up to 65535.")
    if mcp and login:
        raise BadInput("MCP asks for no password, so it can't be open where a password is set.")
    _try(host, port)
    folder = tempfile.mkdtemp(prefix="nl2sql-page-")
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(_FOREIGN)}
    os.environ["GRADIO_TEMP_DIR"] = folder
    page = None
    try:
        from nl2sql.ui.page import build

        page = build(assistant, synthesize=synthesize)
        yield _launch(page, host, port, login, mcp, requests_per_minute)
    finally:
        if page is not None:
            page.close(verbose=False)
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop("GRADIO_TEMP_DIR", None)
        os.environ.update(kept)


def _try(host: str, port: int) -> None:
    """Whether one can listen there, before anything is loaded."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind) as place:
            if os.name == "posix":
                place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            place.bind(address)
    except (OSError, UnicodeError) as error:
        number = error.errno if isinstance(error, OSError) and not isinstance(error, socket.gaierror) else errno.EADDRNOTAVAIL
        if number == errno.EADDRNOTAVAIL:
            raise BadInput(f'"{host}" is no address of this computer: give one with --host.') from error
        why = "it is taken" if number == errno.EADDRINUSE else error
        raise BadInput(f"Port {port} can't be used: {why}. Another one: --port.") from error


def _launch(page: Any, host: str, port: int, login: tuple[str, str] | None, mcp: bool, requests_per_minute: float) -> str:
    from starlette.middleware import Middleware

    from nl2sql.ui.page import css, theme

    guard = Middleware(Guard, local=host in LOCAL, mcp=mcp, largest_upload=UPLOAD_MB * 2**20,
                       requests_per_minute=requests_per_minute)  # fmt: skip
    try:
        _, address, _ = page.launch(
            server_name=host, server_port=port or None, auth=login, mcp_server=mcp, share=False, ssr_mode=False,
            inbrowser=False, inline=False, quiet=True, prevent_thread_lock=True, show_error=False, footer_links=[],
            run_history=False, enable_monitoring=False, pwa=False, strict_cors=True, allowed_paths=None,
            blocked_paths=[Path(os.sep).resolve().as_posix()], max_file_size=UPLOAD_MB * 2**20, max_threads=40,
            state_session_capacity=500, app_kwargs={"middleware": [guard]}, theme=theme(), css=css(),
        )  # fmt: skip
    except OSError as error:
        raise BadInput(f"Port {port} can't be used: {error}. Another one: --port.") from error
    except ImportError as error:
        raise BadInput("MCP needs the package mcp: pip install 'mcp<2'.") from error
    if mcp and page.mcp_error:
        raise BadInput(f"MCP can't be opened: {page.mcp_error}")
    return str(address)
