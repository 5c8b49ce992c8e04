"""Two processes on this machine against the ideal: calls that take a second, as many as allowed."""

import asyncio
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inspect_ai.model import ModelAPI, ModelOutput, modelapi

from worktrial.running import Request, run
from worktrial.running.executors import Processes
from worktrial.workers.reference import ReferenceAPI

CHAINS, AT_ONCE, ROUND_TRIPS, SIZE, PROCESSES = 200, 100, 10, 2000, 2
LATENCY_SECONDS = 1.0


class Paced(ReferenceAPI):
    """A reference worker that takes a second, and notes when it was called and when it answered."""

    def service_model_name(self) -> str:
        """The worker's name without the provider."""
        return self.model_name.removeprefix("paced/")

    async def generate(self, **asked: Any) -> ModelOutput:
        """Answer after a second; what the answer takes to make is a part of it."""
        began = time.monotonic()
        output = await super().generate(**asked)
        await asyncio.sleep(LATENCY_SECONDS - (time.monotonic() - began))
        with open(os.environ["BENCH_CALLS"], "a") as out:
            out.write(f"{os.getpid()} {began} {time.monotonic()} {time.process_time()}\n")
        return output


@modelapi(name="paced")
def provide() -> type[ModelAPI]:
    """Provide `paced/…` to every process."""
    return Paced


def measure() -> Iterator[dict[str, object]]:
    """Wall from the first call to the last, that of all, and the CPU of the processes."""
    with tempfile.TemporaryDirectory() as folder:
        calls = Path(folder, "calls")
        os.environ["BENCH_CALLS"] = str(calls)
        os.environ["PYTHONPATH"] = os.pathsep.join(
            [str(_installed(Path(folder))), os.environ.get("PYTHONPATH", "")]
        )
        began = time.monotonic()
        run(_request(Path(folder, "run")), executor=Processes(PROCESSES))
        wall = time.monotonic() - began
        rows = [[float(part) for part in line.split()] for line in calls.read_text().splitlines()]
    legs = CHAINS * ROUND_TRIPS * 2
    ideal = LATENCY_SECONDS * legs / AT_ONCE
    first, last = min(row[1] for row in rows), max(row[2] for row in rows)
    took = {row[0]: [other[3] for other in rows if other[0] == row[0]] for row in rows}
    cpu = sum(max(seconds) - min(seconds) for seconds in took.values())
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield {
        "name": "shards",
        "processes": len({row[0] for row in rows}),
        "calls": len(rows),
        "wall_over_ideal": round((last - first) / ideal, 3),
        "wall_over_ideal_bar": 1.10,
        "wall_before_first_call_seconds": round(first - began, 1),
        "wall_after_last_call_seconds": round(began + wall - last, 1),
        "cpu_ms_a_leg": round(cpu / legs * 1e3, 2),
        "peak_memory_mib_a_process": round(children.ru_maxrss / 1024),
    }


def _request(out: Path) -> Request:
    return Request(
        workers=["paced/oracle"],
        out=out,
        items=CHAINS,
        round_trips=ROUND_TRIPS,
        size=SIZE,
        connections=AT_ONCE,
    )


def _installed(folder: Path) -> Path:
    """A package whose entry point leads every process to this module."""
    about = folder / "bench-0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: bench\nVersion: 0")
    (about / "entry_points.txt").write_text("[inspect_ai]\nbench = bench.shards")
    (folder / "bench").symlink_to(Path(__file__).parent)
    return folder
