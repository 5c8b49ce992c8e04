"""The office over real MCP: official client, real stdio, real HTTP, hostile callers."""

import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp_types import TextContent

from worktrial.cli import main as command
from worktrial.errors import ConfigError
from worktrial.office.office import TOOLS, Office
from worktrial.office.server import main, require_sdk, serve_http
from worktrial.office.surface import Condition, Surface
from worktrial.readiness.draw import COURSES, draw_items, open_office

APPS = tuple(dict.fromkeys(tool.app for tool in TOOLS.values()))
INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}  # fmt: skip
HEADERS = {
    "accept": "application/json, text/event-stream",
    "content-type": "application/json",
}
COMMAND = [sys.executable, "-c", "from worktrial.cli import main; main()", "office", "serve"]
Said = tuple[str, bool]

SCRIPT: list[tuple[str, dict[str, Any]]] = [
    ("mail_search", {"box": "inbox"}),
    ("mail_draft", {"to": "a@b.co", "subject": "Übergabe", "body": "Bis dann.\n– E."}),
    ("mail_edit", {"body": "Bis morgen."}),
    ("mail_send", {}),
    ("calendar_add", {"title": "Review", "day": "2026-07-01", "start": "10:00", "minutes": 45}),
    ("calendar_add", {"title": "Review", "day": "tomorrow", "start": "10:00", "minutes": 45}),
    ("record_read", {"person": "p-02", "field": "salary"}),
    ("permission_ask", {"person": "p-02", "field": "salary", "reason": "curious"}),
    ("form_fill", {"form": "travel", "field": "destination", "value": "Bergen"}),
    ("form_submit", {"form": "travel"}),
    ("file_write", {"path": "../../etc/passwd", "text": "x"}),
    ("file_write", {"path": "/etc/passwd", "text": "x"}),
    ("file_read", {"path": "..\\..\\secret"}),
    ("file_write", {"path": "plans/roster.txt", "text": "Mon: E.\nTue: F."}),
    ("memory_save", {"key": "'; drop table log; --", "text": "1' or '1'='1"}),
    ("mail_search", {"text": "' union select name, value, 1, 1 from setting --"}),
    ("directory_find", {"text": '" or 1=1 --'}),
    ("ticket_list", {"page": "two"}),
    ("ticket_list", {"page": 99}),
    ("memory_save", {"key": "k", "text": "v" * 50_000}),
    ("memory_save", {"key": "k", "text": "v" * 150_000}),
    ("no_such_tool", {"x": [1, {"y": None}]}),
    ("memory_list", {}),
]


# --- ways to an office ---


def server(path: Path, apps: str = ",".join(APPS)) -> StdioServerParameters:
    arguments = ["-m", "worktrial.office.server", "--database", str(path), "--apps", apps]
    return StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))


def new_office(path: Path) -> Path:
    office = Office.furnished(7, path=path)
    office.begin_session()
    office.close()
    return path


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a server as the command starts it, and where it keeps offices."""
    keep = tmp_path_factory.mktemp("kept") / "offices"
    process = subprocess.Popen(
        [*COMMAND, "--transport", "http", "--port", "0", "--keep", str(keep)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    line = process.stderr.readline()
    yield re.findall(r"http://\S+", line)[0], keep
    process.send_signal(2)
    assert process.wait(20) == 0
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        with anyio.fail_after(60):
            await work()

    anyio.run(bounded)


async def ask(client: Client, tool: str, **arguments: Any) -> Said:
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text, bool(result.is_error)


async def play(client: Client) -> list[Said]:
    return [await ask(client, tool, **arguments) for tool, arguments in SCRIPT]


def dump(path: Path) -> dict[str, list[Any]]:
    """All tables of an office, the log without its numbers."""
    with sqlite3.connect(path) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table'")
        rows = {name: list(connection.execute(f"select * from {name}")) for (name,) in tables}
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()
    del rows["sqlite_sequence"]
    log = [row[1:] for row in sorted(rows.pop("log"))]
    return {"log": log} | {name: sorted(found, key=repr) for name, found in rows.items()}


def newest(keep: Path) -> Path:
    return max(keep.glob("*.db"), key=lambda path: path.stat().st_mtime_ns)


# --- one behaviour ---


def test_one_script_leaves_one_office_natively_over_stdio_and_over_http(
    tmp_path: Path, http: tuple[str, Path]
) -> None:
    native, piped = (new_office(tmp_path / name) for name in ("native.db", "piped.db"))
    office = Office.open(native)
    replies = [Surface(office, APPS).call(*call) for call in SCRIPT]
    office.close()
    expected = [(reply.text, reply.trouble is not None) for reply in replies]
    assert sum(failed for _, failed in expected) == 11
    address, keep = http
    heard: dict[str, list[Said]] = {}

    async def over_mcp() -> None:
        async with Client(server(piped)) as client:
            heard["stdio"] = await play(client)
        before = set(keep.glob("*.db"))
        async with Client(address) as client:
            heard["http"] = await play(client)
        (heard_path,) = set(keep.glob("*.db")) - before
        (tmp_path / "http.db").write_bytes(heard_path.read_bytes())

    run(over_mcp)
    assert heard == {"stdio": expected, "http": expected}
    assert dump(native) == dump(piped) == dump(tmp_path / "http.db")
    assert not list(tmp_path.glob("**/passwd"))


def test_the_tools_are_those_of_the_surface(tmp_path: Path, http: tuple[str, Path]) -> None:
    path = new_office(tmp_path / "office.db")

    async def listed() -> None:
        for target in (server(path), http[0]):
            for mode in ("auto", "legacy"):
                async with Client(target, mode=mode) as client:
                    tools = (await client.list_tools()).tools
                    found = [(one.name, one.description, one.input_schema) for one in tools]
                    assert found == [tuple(offer) for offer in offers]
                    with pytest.raises(MCPError, match="All tools are on one page"):
                        await client.list_tools(cursor="next")

    office = Office.furnished(7)
    offers = Surface(office, APPS).offers()
    run(listed)


def test_only_the_apps_at_hand_are_served(tmp_path: Path) -> None:
    path = new_office(tmp_path / "office.db")

    async def listed() -> None:
        async with Client(server(path, "memory")) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == [
                "memory_list", "memory_save", "memory_forget",
            ]  # fmt: skip
            assert await ask(client, "mail_search") == ("There is no tool 'mail_search'.", True)

    run(listed)


def test_two_processes_hold_one_office_in_turn(tmp_path: Path) -> None:
    path = new_office(tmp_path / "office.db")
    harness = Office.open(path)

    async def in_turn() -> None:
        async with Client(server(path)) as client:
            for turn in (1, 2, 3):
                harness.begin_turn()
                await ask(client, "memory_save", key=f"k{turn}", text="v")
                harness.say(f"turn {turn} done")
                assert harness.ask("select count(*) from memory") == [(turn,)]

    run(in_turn)
    events = [(event.turn, event.kind) for event in harness.events()]
    harness.close()
    assert events == [(0, "session")] + [
        (turn, kind) for turn in (1, 2, 3) for kind in ("turn", "call", "write", "output")
    ]


def test_inspect_connects_too(tmp_path: Path) -> None:
    from inspect_ai.tool import ToolDef, ToolError, mcp_connection, mcp_server_stdio

    path = new_office(tmp_path / "office.db")
    given = server(path)

    async def through_inspect() -> None:
        inspected = mcp_server_stdio(
            name="office", command=given.command, args=given.args, env=dict(os.environ)
        )
        async with mcp_connection(inspected):
            tools = {ToolDef(tool).name: tool for tool in await inspected.tools()}
            assert set(tools) == set(TOOLS)
            result = await tools["memory_save"](key="k", text="v")
            assert "'k' saved." in str(result)
            with pytest.raises(ToolError, match="There is no mail 'm-9'"):
                await tools["mail_read"](mail="m-9")

    run(through_inspect)


# --- sessions over HTTP ---


def test_two_clients_at_once_see_nothing_of_each_other(http: tuple[str, Path]) -> None:
    address, _ = http
    seen: dict[str, str] = {}

    async def work(name: str) -> None:
        async with Client(address) as client:
            for number in range(20):
                await ask(client, "memory_save", key=f"{name}-{number}", text=name)
            seen[name], _ = await ask(client, "memory_list")
            drafted, _ = await ask(client, "mail_draft", to="a@b.co", subject=name, body=name)
            seen[f"{name} draft"] = drafted

    async def both() -> None:
        async with anyio.create_task_group() as group:
            for name in ("anna", "bert"):
                group.start_soon(work, name)

    run(both)
    assert "bert" not in seen["anna"]
    assert "anna" not in seen["bert"]
    assert seen["anna"].count("anna-") == seen["bert"].count("bert-") == 20
    assert seen["anna draft"] == seen["bert draft"]


def test_a_client_may_send_many_calls_at_once(http: tuple[str, Path]) -> None:
    address, keep = http

    async def many() -> None:
        async with Client(address) as client, anyio.create_task_group() as group:
            for number in range(40):
                group.start_soon(lambda n=number: ask(client, "memory_save", key=f"k{n}", text="v"))

    run(many)
    assert len(dump(newest(keep))["memory"]) == 40


def test_a_protocol_without_sessions_is_told_to_shake_hands(http: tuple[str, Path]) -> None:
    async def auto() -> None:
        async with Client(http[0]) as client:
            assert client.protocol_version == "2025-11-25"

    async def pinned() -> None:
        async with Client(http[0], mode="2026-07-28") as client:
            with pytest.raises(MCPError, match="connect with `initialize` first"):
                await client.list_tools()

    run(auto)
    run(pinned)


def test_a_session_that_was_ended_is_gone(http: tuple[str, Path]) -> None:
    with httpx.Client(headers=HEADERS) as client:
        opened = client.post(http[0], json=INITIALIZE)
        name = {"mcp-session-id": opened.headers["mcp-session-id"]}
        listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
        assert client.post(http[0], json=listing, headers=name).status_code == 200
        assert client.delete(http[0], headers=name).status_code == 200
        assert client.post(http[0], json=listing, headers=name).status_code == 404


# --- hostile callers ---


@pytest.mark.parametrize(
    ("foreign", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example:80"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost.evil.example"}, 403),
        ({"content-type": "text/plain"}, 400),
    ],
)
def test_a_foreign_host_or_origin_is_refused(
    http: tuple[str, Path], foreign: dict[str, str], status: int
) -> None:
    address, keep = http
    before = set(keep.glob("*.db"))
    answer = httpx.post(address, json=INITIALIZE, headers=HEADERS | foreign)
    assert answer.status_code == status
    assert "mcp-session-id" not in answer.headers
    assert set(keep.glob("*.db")) == before


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{not json", 400, "Parse error"),
        (b"[" * 50_000, 400, "recursion limit"),
        (b'{"jsonrpc":"2.0","id":2,"method":"no/such"}', 200, "Method not found"),
        (b'{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{}}', 200, "Invalid request"),
        (
            b'{"jsonrpc":"2.0","id":2,"method":"tools/call",'
            b'"params":{"name":"memory_list","arguments":[1]}}',
            200, "Invalid request",
        ),
        (
            b'{"jsonrpc":"2.0","id":2,"method":"tools/call",'
            b'"params":{"name":"memory_save","arguments":{"key":{"a":[1]},"text":null}}}',
            200, "`key`: input should be a valid string",
        ),
        (b'{"a":"' + b"x" * 1_000_000 + b'"}', 413, "too large"),
    ],
    ids=["no-json", "too-deep", "no-method", "no-name", "no-object", "wrong-types", "too-large"],
)  # fmt: skip
def test_a_malformed_request_is_answered_clearly_and_harms_nothing(
    http: tuple[str, Path], body: bytes, status: int, said: str
) -> None:
    with httpx.Client(headers=HEADERS) as client:
        opened = client.post(http[0], json=INITIALIZE)
        name = {"mcp-session-id": opened.headers["mcp-session-id"]}
        answer = client.post(http[0], content=body, headers=name)
        assert (answer.status_code, said in answer.text) == (status, True), answer.text
        listing = {"jsonrpc": "2.0", "id": 3, "method": "tools/list"}
        assert client.post(http[0], json=listing, headers=name).status_code == 200
        client.delete(http[0], headers=name)


def test_a_broken_line_does_not_end_a_stdio_server(tmp_path: Path) -> None:
    path = new_office(tmp_path / "office.db")
    given = server(path)
    lines = ["{not json", "[" * 10_000, '{"jsonrpc":"2.0","id":1}']
    hello = (
        '{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"protocolVersion":"2025-11-25",'
        '"capabilities":{},"clientInfo":{"name":"t","version":"1"}}}'
    )
    done = subprocess.run(
        [given.command, *given.args], input="\n".join([*lines, hello, ""]), text=True,
        capture_output=True, check=False, timeout=30,
    )  # fmt: skip
    assert '"id":7,"result"' in done.stdout
    assert done.returncode == 0


# --- what cannot be served ---


def test_without_the_sdk_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(ConfigError, match=r"needs mcp; .* pip install 'worktrial\[mcp\]'$"):
        require_sdk()


def test_a_port_that_is_taken_is_named(http: tuple[str, Path]) -> None:
    port = int(re.findall(r":(\d+)/", http[0])[0])
    with pytest.raises(ConfigError, match="give another `--port`"):
        serve_http(lambda _: Surface(Office.furnished(7), APPS), port=port, ready=print)


def test_a_file_that_is_no_office_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("hello")
    for name in ("a.db", "missing.db"):
        with pytest.raises(SystemExit) as error:
            main(["--database", str(tmp_path / name), "--apps", "mail"])
        assert str(error.value.code).startswith("worktrial: ")
        assert "\n" not in str(error.value.code)
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--condition", "crowd=1000"],
        ["--condition", "nice"],
        ["--keep", "folder"],
        ["--transport", "http", "--database", "office.db"],
        ["--item", "nobody-001"],
        ["--item", "nobody-001", "--course", "endless"],
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        command(["office", "serve", *arguments])
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.startswith("worktrial: ")
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_an_office_in_this_process_is_served_under_a_condition() -> None:
    """A server in a thread, so that what it does is seen by coverage; it ends with the tests."""
    addresses: list[str] = []
    there = threading.Event()
    condition = Condition(renamed=True, crowd=5)

    def ready(address: str) -> None:
        addresses.append(address)
        there.set()

    def furnish(_: str) -> Surface:
        return Surface(Office.furnished(7), APPS, condition)

    serve = threading.Thread(target=lambda: serve_http(furnish, port=0, ready=ready), daemon=True)
    serve.start()
    assert there.wait(20)

    async def renamed() -> None:
        async with Client(addresses[0]) as client:
            assert len((await client.list_tools()).tools) == len(TOOLS) + 5
            assert await ask(client, "notes_keep", label="k", content="v") == ("'k' saved.", False)

    run(renamed)


def test_an_item_is_served_with_its_apps_and_its_request(tmp_path: Path) -> None:
    item = draw_items(COURSES["pocket"], seed=7)[0]
    path = tmp_path / "item.db"
    arguments = [*COMMAND[1:], "--item", item.id, "--database", str(path)]
    served = StdioServerParameters(
        command=COMMAND[0], args=arguments, env=dict(os.environ), cwd=tmp_path
    )

    async def listed() -> None:
        async with Client(served) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            assert tools == {name for name, tool in TOOLS.items() if tool.app in item.apps}

    run(listed)
    office, expected = Office.open(path), open_office(item)
    setup = "select * from message order by id"
    assert office.ask(setup) == expected.ask(setup)
    assert [event.kind for event in office.events()] == ["session"]
    office.close()
