"""A relay through a provider that fails: the harness's wall over the ideal, items lost, retries.

A real server on loopback speaks the protocol of chat completions for a reference worker and takes
`LATENCY_SECONDS` for each answer, failures too; it runs in a process of its own. It serves the same
relay twice, once as it should and once with faults: of all requests 5% are answered by a 500, 5% by
a 429, 2% by nothing, 1% by half an answer, and 1% by a reset connection.

- The wall is that from the first request that reaches the server to the last answer that leaves it.
- The ideal is calls paid × latency ÷ at once. Paid are answers, usable or not; a 500, a 429 and a
  reset are not, and neither they nor the wait after them have a place in the ideal.
- `wall_over_ideal` so holds what the harness costs, and in the disturbed run what faults cost.
  `over_undisturbed` is the one of the disturbed run over that of the undisturbed: faults alone.
- `waits_over_undisturbed` is the same where requests that failed have their latency in the ideal:
  what is left are the waits before the next try, and relays that end later than others for them.
- `retries` are requests beyond one a leg: after a failure of the transport, or because the worker's
  answer could not be used.
- `share_of_items_lost` is of items of which any observation is missing when the run has ended.
"""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request as Asked
from starlette.responses import Response
from tests.hostile.mood import Fault, Latency, Mood
from tests.hostile.provider import Provider

from worktrial.evidence import Evidence
from worktrial.running import Request, run

WORKER = "lossy-0.02"
ITEMS, ROUND_TRIPS, AT_ONCE, LATENCY_SECONDS = 48, 5, 8, 0.5
FAULTS: dict[Fault, float] = {
    "error": 0.05, "rate_limited": 0.05, "empty": 0.02, "truncated": 0.01, "reset": 0.01,
}  # fmt: skip
RETRY_AFTER_SECONDS = 0.2
WALL_BAR, LOST_BAR = 1.2, 0.0


class Timed(Provider):
    """Notes when requests come and when their answers are ready."""

    first, last = float("inf"), 0.0

    async def _complete(self, request: Asked) -> Response:
        self.first = min(self.first, time.monotonic())
        response = await super()._complete(request)
        self.last = time.monotonic()
        return response


class Served(NamedTuple):
    """What a server did: answers and faults by name, calls paid, seconds from first to last."""

    counts: dict[str, int]
    paid: int
    wall: float

    @property
    def requests(self) -> int:
        """Answered or failed."""
        return sum(self.counts.values())


def measure(items: int = ITEMS, latency: float = LATENCY_SECONDS) -> Iterator[dict[str, object]]:
    """The undisturbed relay, then the disturbed one."""
    _relay("warm", {}, 1, 0.01)  # what is loaded at the first call is no part of a relay
    runs = {
        name: _relay(name, faults, items, latency)
        for name, faults in {"undisturbed": {}, "disturbed": FAULTS}.items()
    }
    undisturbed, disturbed = (_over_ideal(served, latency) for served, _ in runs.values())
    faults, waits = (after / before for before, after in zip(undisturbed, disturbed, strict=True))
    for name, (served, lost) in runs.items():
        yield {"name": "hostile", "provider": name, **_row(served, lost, items, latency)}
    yield {
        "name": "hostile",
        "over_undisturbed": round(faults, 3),
        "waits_over_undisturbed": round(waits, 3),
    }


def _row(served: Served, lost: int, items: int, latency: float) -> dict[str, object]:
    return {
        "calls_paid": served.paid,
        "wall_over_ideal": round(_over_ideal(served, latency)[0], 3),
        "wall_over_ideal_bar": WALL_BAR if served.requests == served.counts["ok"] else None,
        "retries": served.requests - items * ROUND_TRIPS * 2,
        "served": served.counts,
        "share_of_items_lost": round(lost / items, 4),
        "share_of_items_lost_bar": LOST_BAR,
    }


def _over_ideal(served: Served, latency: float) -> tuple[float, float]:
    """The wall over the ideal of calls paid, and over that of all requests."""
    paid, requests = (
        served.wall / (calls * latency / AT_ONCE) for calls in (served.paid, served.requests)
    )
    return paid, requests


def _relay(name: str, faults: dict[Fault, float], items: int, latency: float) -> tuple[Served, int]:
    """What a server did in one relay, and how many items were lost."""
    mood = Mood(faults, Latency(latency), retry_after_seconds=RETRY_AFTER_SECONDS, seed=1)
    with tempfile.TemporaryDirectory() as folder, _server(name, mood) as server:
        out = Path(folder, "run")
        run(_request(f"openai-api/{name}/{WORKER}", out, items))
        server.send("done")
        return server.recv(), _lost(out)


def _request(model: str, out: Path, items: int) -> Request:
    return Request(
        workers=[model], out=out, items=items, round_trips=ROUND_TRIPS, connections=AT_ONCE
    )


def _lost(out: Path) -> int:
    found = Evidence(out / "evidence.parquet").query(
        "select count(distinct item) from evidence where outcome = 'infrastructure'"
    )
    return int(found[0][0])


@contextmanager
def _server(name: str, mood: Mood) -> Iterator[Connection]:
    """A server to which `openai-api/NAME/…` leads; told that it is over, it says what it served."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, mood))
    process.start()
    theirs.close()  # else nobody would learn that the process has died
    os.environ[f"{name.upper()}_BASE_URL"] = ours.recv()
    os.environ[f"{name.upper()}_API_KEY"] = "none"
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, mood: Mood) -> None:
    with Timed(mood) as provider:
        pipe.send(provider.base_url)
        pipe.recv()
        wall = provider.last - provider.first
        pipe.send(Served(dict(provider.counts), provider.paid, wall))
