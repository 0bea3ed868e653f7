"""The page's server on its real routes: what is closed, what is limited, and what programs may call."""
from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_shop import SHOP, make

from nl2sql import Assistant, BadInput, Database, cli
from nl2sql.model.generate import Scripted
from nl2sql.ui.guard import Pace
from nl2sql.ui.serve import opened

QUESTION = "how many cities?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Database(make(tmp_path_factory.mktemp("shop") / "shop.duckdb", SHOP)) as database:
        yield Assistant(database, generator=Scripted({QUESTION: "SELECT count(*) AS number FROM city", "drop it": None}))


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with opened(assistant, port=0, mcp=True) as place:
        yield place.rstrip("/")


def fetch(url: str, body: bytes | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, headers=names, method="POST" if body is not None else "GET")
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.read().decode("utf-8", "replace"), {k.lower(): v for k, v in reply.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace"), {}


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/file=/etc/passwd", "/gradio_api/file=http://127.0.0.1/", "/gradio_api/file/etc/passwd", "/file=/etc/passwd",
     "/gradio_api/proxy=http://127.0.0.1:1/", "/gradio_api/stream/a/b/1/playlist.m3u8", "/gradio_api/custom_component/a/b/c/d",
     "/gradio_api/openapi.json", "/gradio_api/runs", "/monitoring", "/gradio_api/deep_link", "/gradio_api/vibe-code", "/docs",
     "/gradio_api/run/ask", "/gradio_api/api/ask", "/assets/../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd"],
)  # fmt: skip
def test_gradios_other_routes_are_closed(address: str, path: str) -> None:
    status, body, _ = fetch(address + path)
    assert status in (403, 404) and "root:" not in body


def test_the_page_itself_is_open_and_asks_nothing_of_other_hosts(address: str) -> None:
    status, body, headers = fetch(address + "/")
    assert status == 200 and "Ask your data" in body
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "http" not in policy


def test_a_page_of_another_name_or_origin_gets_nothing(address: str) -> None:
    assert fetch(address + "/", Host="attacker.example:7860")[0] == 403
    assert fetch(address + "/gradio_api/queue/join", b"{}", Origin="http://attacker.example")[0] == 403


def test_requests_that_are_too_large_are_refused_unread(address: str) -> None:
    assert fetch(address + "/gradio_api/queue/join", b"x" * 300_000)[0] == 413
    assert fetch(address + "/gradio_api/upload", b"", Content_Length=str(2**40))[0] in (400, 411, 413)


def test_a_pace_lets_a_burst_through_and_then_no_more() -> None:
    pace = Pace(per_minute=40)
    assert [pace.allows("a") for _ in range(12)] == [True] * 10 + [False] * 2
    assert pace.allows("b")


def test_who_asks_too_fast_is_told_so(assistant: Assistant) -> None:
    with opened(assistant, port=0, requests_per_minute=20) as place:
        statuses = [fetch(place + "gradio_api/queue/join", b"{}")[0] for _ in range(8)]
    assert statuses[-1] == 429 and 429 not in statuses[:5]


def test_programs_ask_through_the_gradio_client(address: str) -> None:
    from gradio_client import Client

    client = Client(address, verbose=False)
    assert [name for name in client.view_api(return_format="dict")["named_endpoints"]] == ["/ask"]
    answer = client.predict(question=QUESTION, api_name="/ask")
    assert answer["rows"] == [[2]] and answer["sql"] == "SELECT COUNT(*) AS number FROM city"
    with pytest.raises(Exception, match="no answer"):
        client.predict(question="drop it", api_name="/ask")
    for day in ("soon", 20, {"a": 1}):
        with pytest.raises(Exception, match="no date"):
            client.predict(question=QUESTION, as_of=day, api_name="/ask")


def test_programs_ask_through_mcp_and_find_nothing_else_there(address: str) -> None:
    mcp = pytest.importorskip("mcp", reason="the package mcp is not installed")
    from mcp.client.streamable_http import streamablehttp_client

    async def talk() -> tuple[list[str], str]:
        async with streamablehttp_client(address + "/gradio_api/mcp/") as (read, write, _):
            async with mcp.ClientSession(read, write) as session:
                await session.initialize()
                tools = (await session.list_tools()).tools
                reply = await session.call_tool(tools[0].name, {"question": QUESTION})
                return [tool.name for tool in tools], reply.content[0].text

    names, text = asyncio.run(talk())
    assert len(names) == 1 and names[0].endswith("ask") and "SELECT COUNT(*) AS number FROM city" in text


def test_mcp_is_off_unless_asked_for(assistant: Assistant) -> None:
    with opened(assistant, port=0) as place:
        assert fetch(place + "gradio_api/mcp/", b"{}")[0] == 404


def test_mcp_and_a_password_do_not_go_together(assistant: Assistant) -> None:
    with pytest.raises(BadInput, match="MCP asks for no password"), opened(assistant, mcp=True, login=("a", "b")):
        pass


def test_the_command_says_what_it_cannot_do(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NL2SQL_PASSWORD", "secret")
    shop = str(assistant.database.path)
    assert cli.main(["ui", "--db", shop, "--mcp", "--user", "ann"]) == 2
    assert cli.main(["ui", "--db", shop, "--port", "70000"]) == 2
    assert cli.main(["ui", "--db", shop, "--host", "nowhere.invalid"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3 and "MCP asks for no password" in lines[0] and "70000 is no port" in lines[1]
    assert '"nowhere.invalid" is no address of this computer' in lines[2]


def test_with_a_password_nothing_answers_without_it(assistant: Assistant) -> None:
    with opened(assistant, port=0, login=("ann", "secret")) as place:
        assert fetch(place + "config")[0] == 401
        body: dict[str, Any] = {"data": [QUESTION, ""], "session_hash": "x", "fn_index": 0}
        for path in ("gradio_api/queue/join", "gradio_api/call/ask", "gradio_api/component_server", "gradio_api/upload"):
            assert fetch(place + path, json.dumps(body).encode(), Content_Type="application/json")[0] in (401, 403, 404), path
        wrong = [fetch(place + "login", b"username=ann&password=x")[0] for _ in range(12)]
        assert set(wrong[:4]) == {400} and wrong[-1] == 429


def test_a_port_that_is_taken_is_one_sentence(assistant: Assistant, address: str) -> None:
    with pytest.raises(BadInput, match="can't be used: it is taken"), opened(assistant, port=int(address.rsplit(":", 1)[1])):
        pass


def test_the_environment_opens_nothing(assistant: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADIO_ALLOWED_PATHS", "/")
    monkeypatch.setenv("GRADIO_SHARE", "True")
    monkeypatch.setenv("GRADIO_SERVER_NAME", "0.0.0.0")
    (tmp_path / "a.txt").write_text("hidden")
    with opened(assistant, port=0) as place:
        assert place.startswith("http://127.0.0.1:")
        assert fetch(f"{place}gradio_api/file={tmp_path}/a.txt")[0] == 404
