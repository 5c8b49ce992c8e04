"""The office: calls a second directly, over a surface and over MCP; what a sample's file takes."""

import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import anyio
from mcp import Client, StdioServerParameters

from worktrial.office.office import TOOLS, Office
from worktrial.office.surface import Surface
from worktrial.readiness.draw import COURSES, draw_items, fillers, open_office

SEED, ROUNDS, CALLS, BETWEEN = 7, 5, 200, 50
APPS = tuple(dict.fromkeys(tool.app for tool in TOOLS.values()))
MIX: tuple[tuple[str, dict[str, Any]], ...] = (
    ("mail_search", {"text": "review"}),
    ("mail_read", {"mail": "m-001"}),
    ("calendar_list", {"first_day": "2026-06-01", "last_day": "2026-07-01"}),
    ("memory_save", {"key": "k", "text": "what the user prefers"}),
)
Made = Callable[[str, dict[str, Any]], Awaitable[object]]


def measure() -> Iterator[dict[str, object]]:
    """Three ways to offices of one seed, in turns; each call is committed to a file."""
    with tempfile.TemporaryDirectory() as folder:
        yield anyio.run(_ways, Path(folder)) | _largest(Path(folder))


async def _ways(folder: Path) -> dict[str, object]:
    offices = [Office.furnished(SEED, path=folder / f"{n}.db") for n in range(3)]
    surface = Surface(offices[1], APPS)

    async def direct(tool: str, arguments: dict[str, Any]) -> object:
        return offices[0].call(tool, arguments)

    async def over_surface(tool: str, arguments: dict[str, Any]) -> object:
        return surface.call(tool, arguments)

    arguments = ["-m", "worktrial.office.server", "--database", str(folder / "2.db")]
    server = StdioServerParameters(
        command=sys.executable, args=[*arguments, "--apps", ",".join(APPS)], env=dict(os.environ)
    )
    began = time.perf_counter()
    async with Client(server) as client:
        started = time.perf_counter() - began
        rates = await _rates({"direct": direct, "surface": over_surface, "mcp": client.call_tool})
    for office in offices:
        office.close()
    return {
        "name": "office",
        "calls_a_second": {name: round(rate) for name, rate in rates.items()},
        "surface_ratio": round(rates["surface"] / rates["direct"], 3),
        "mcp_ratio": round(rates["mcp"] / rates["direct"], 3),
        "mcp_start_seconds": round(started, 2),
    }


async def _rates(ways: dict[str, Made]) -> dict[str, float]:
    """The median of rounds in which each way has its turn."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, call in ways.items():
            began = time.perf_counter()
            for number in range(CALLS):
                await call(*MIX[number % len(MIX)])
            found[name].append(CALLS / (time.perf_counter() - began))
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
