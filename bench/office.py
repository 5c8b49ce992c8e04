"""The office: calls a second by every way to it beside bare SQLite; what a sample's file takes.

Every way makes the same calls at offices of one seed, each in a file of its own and each call
committed, in turns; a rate is the median of rounds. Within this process it is calls by second of
the processor. `sqlite`: what the calls read and write as bare statements, with one row in the log.
`direct`: the office. `surface`: what a worker is offered. `native`: that as Inspect's tools. Over
MCP's stdio, where two processes wait for each other, it is calls by second. `mcp`: that surface.
`bare_mcp`: a server on the same SDK that does nothing.

`office_ratio` is calls of `direct` over those of `sqlite`, `surface_ratio` of `surface` over
`direct`, `native_ratio` of `native` over `surface`; `mcp_ratio` of `mcp` over `direct`, both by the
wall, and `mcp_over_bare_mcp` what an office behind it leaves of the protocol's own rate.
"""

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import anyio
from mcp import Client, StdioServerParameters

from worktrial.office.office import TOOLS, Office, offers
from worktrial.office.surface import Surface
from worktrial.readiness.draw import COURSES, draw_items, fillers, open_office
from worktrial.readiness.native import tools_of

SEED, ROUNDS, CALLS, BETWEEN = 7, 9, 200, 50
APPS = tuple(dict.fromkeys(tool.app for tool in TOOLS.values()))
WAYS = ("sqlite", "direct", "surface", "native", "mcp")
"""Each has an office of its own."""
MIX: tuple[tuple[str, dict[str, Any]], ...] = (
    ("mail_search", {"text": "review"}),
    ("mail_read", {"mail": "m-001"}),
    ("calendar_list", {"first_day": "2026-06-01", "last_day": "2026-07-01"}),
    ("memory_save", {"key": "k", "text": "what the user prefers"}),
)
_STATEMENTS = {
    "mail_search": "select id, day, sender, subject from message where box = 'inbox' and"
    " sender || recipients || subject || body like '%' || :text || '%' order by day desc",
    "mail_read": "select * from message where id = :mail",
    "calendar_list": "select id, day, start, title, place, organiser, attendees from event"
    " where status = 'planned' and day between :first_day and :last_day order by day, start",
    "memory_save": "insert into memory values (:key, :text)"
    " on conflict (key) do update set text = excluded.text",
}
_LOGGED = (
    "insert into log (session, turn, kind, tool, target, field, value)"
    " values (0, 0, 'call', ?, '', 'ok', '')"
)
_NOTHING = """
import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import CallToolResult, ListToolsResult, TextContent, Tool

async def tools(context, params):
    names = {names}
    return ListToolsResult(tools=[Tool(name=n, input_schema={{"type": "object"}}) for n in names])

async def call(context, params):
    return CallToolResult(content=[TextContent(type="text", text="done")])

async def run():
    server = Server("nothing", on_list_tools=tools, on_call_tool=call)
    async with stdio_server() as (reads, writes):
        await server.run(reads, writes, server.create_initialization_options())

anyio.run(run)
"""
Made = Callable[[str, dict[str, Any]], Awaitable[object]]


def measure(rounds: int = ROUNDS) -> Iterator[dict[str, object]]:
    """Every way in turns, then the largest file."""
    with tempfile.TemporaryDirectory() as folder:
        yield anyio.run(_ways, Path(folder), rounds) | _largest(Path(folder))


async def _ways(folder: Path, rounds: int) -> dict[str, object]:
    files = {name: folder / f"{name}.db" for name in WAYS}
    offices = {name: Office.furnished(SEED, path=path) for name, path in files.items()}
    inside = await _inside(files["sqlite"], offices, rounds)
    wall, started = await _across(files["mcp"], offices["direct"], rounds)
    for office in offices.values():
        office.close()
    return {
        "name": "office",
        "calls_a_cpu_second": {name: round(rate) for name, rate in inside.items()},
        "calls_a_second": {name: round(rate) for name, rate in wall.items()},
        "office_ratio": round(inside["direct"] / inside["sqlite"], 3),
        "surface_ratio": round(inside["surface"] / inside["direct"], 3),
        "native_ratio": round(inside["native"] / inside["surface"], 3),
        "mcp_ratio": round(wall["mcp"] / wall["direct"], 3),
        "mcp_over_bare_mcp": round(wall["mcp"] / wall["bare_mcp"], 3),
        "mcp_start_seconds": round(started, 2),
    }


async def _inside(file: Path, offices: dict[str, Office], rounds: int) -> dict[str, float]:
    """The ways within this process."""
    ways = {
        "sqlite": _sqlite(file),
        "direct": _called(offices["direct"]),
        "surface": _called(Surface(offices["surface"], APPS)),
        "native": _native(Surface(offices["native"], APPS)),
    }
    return await _rates(ways, rounds, time.process_time)


async def _across(file: Path, office: Office, rounds: int) -> tuple[dict[str, float], float]:
    """The ways over MCP beside an office in this process, and the seconds until it is served."""
    nothing = _NOTHING.format(names=[*TOOLS])
    began = time.perf_counter()
    async with Client(_office_server(file)) as mcp:
        started = time.perf_counter() - began
        async with Client(_python("-c", nothing)) as bare:
            ways = {"direct": _called(office), "mcp": mcp.call_tool, "bare_mcp": bare.call_tool}
            return await _rates(ways, rounds, time.perf_counter), started


def _sqlite(path: Path) -> Made:
    """Bare statements on the file of an office, as durable as the office's own."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma synchronous = off")

    async def call(tool: str, arguments: dict[str, Any]) -> object:
        database.execute("begin immediate")
        rows = database.execute(_STATEMENTS[tool], arguments).fetchall()
        database.execute(_LOGGED, (tool,))
        database.execute("commit")
        return rows

    return call


def _called(office: Office | Surface) -> Made:
    async def call(tool: str, arguments: dict[str, Any]) -> object:
        return office.call(tool, arguments)

    return call


def _native(surface: Surface) -> Made:
    """Inspect's tools, by name."""
    named = dict(zip([offer.name for offer in offers(APPS)], tools_of(surface), strict=True))

    async def call(tool: str, arguments: dict[str, Any]) -> object:
        return await named[tool](**arguments)

    return call


def _office_server(path: Path) -> StdioServerParameters:
    module = ("-m", "worktrial.office.server")
    return _python(*module, "--database", str(path), "--apps", ",".join(APPS))


def _python(*arguments: str) -> StdioServerParameters:
    return StdioServerParameters(command=sys.executable, args=[*arguments], env=dict(os.environ))


async def _rates(
    ways: dict[str, Made], rounds: int, clock: Callable[[], float]
) -> dict[str, float]:
    """The median of rounds in which each way has its turn."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, call in ways.items():
            began = clock()
            for number in range(CALLS):
                await call(*MIX[number % len(MIX)])
            found[name].append(CALLS / (clock() - began))
    return {name: median(rates) for name, rates in found.items()}


def _largest(folder: Path) -> dict[str, object]:
    """The largest file of a sample: sessions apart, with all that may lie between."""
    sizes = []
    for number, item in enumerate(draw_items(COURSES["standard"], seed=SEED)):
        between = fillers(item, BETWEEN) if item.kind == "session" else ()
        path = folder / f"item-{number}.db"
        office = open_office(item, between, path=path)
        for plan in item.told.plans:
            for call in plan:
                office.call(call.tool, call.arguments)
        office.close()
        sizes.append(path.stat().st_size)
    return {"database_bytes": max(sizes), "database_bytes_bar": 5_000_000}
