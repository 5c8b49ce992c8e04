"""How the harness's own CPU grows with items, legs, size of the documents and workers.

Relays of reference workers through `worktrial.running.run` in this process: nothing waits for a
model, so all that is spent is the harness's own (and the reference worker's, which does each edit).
Each of the four is doubled four times while the others stay as they are. What a run costs whatever
its size (start-up, Inspect's own record of what is installed) is measured first, by the smallest
run there is, and taken off; one run before that warms up and counts for nothing.

`slope` is that of log seconds by log size, by least squares over all sizes, and
`slope_of_largest` that between the two largest, where the cost of a small run bends nothing any
more. 1 is linear; below it lies what a larger run shares among its parts.
"""

import math
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import linear_regression
from typing import Any

from worktrial.running import Request, run

SLOPE_BAR = 1.2
DOMAINS = ("json", "python", "subtitles", "spreadsheet")
SMALLEST = {"items": 1, "round_trips": 1, "size": 100, "workers": 1}
USUAL = {"items": 8, "round_trips": 5, "size": 500, "workers": 1}
SIZES = {
    "items": (8, 16, 32, 64, 128),
    "round_trips": (5, 10, 20, 40, 80),
    "size": (1000, 2000, 4000, 8000, 16_000),
    "workers": (1, 2, 4, 8, 16),
}


def measure() -> Iterator[dict[str, object]]:
    """A row for each of the four."""
    _cpu_seconds(USUAL)
    fixed = _cpu_seconds(SMALLEST)
    for factor, sizes in SIZES.items():
        seconds = [_cpu_seconds(USUAL | {factor: size}) for size in sizes]
        beyond = [max(taken - fixed, 1e-3) for taken in seconds]
        yield {
            "name": "growth",
            "factor": factor,
            "sizes": sizes,
            "cpu_seconds": [round(taken, 2) for taken in seconds],
            "fixed_seconds": round(fixed, 2),
            "slope": slope(sizes, beyond),
            "slope_of_largest": slope(sizes[-2:], beyond[-2:]),
            "slope_bar": SLOPE_BAR,
        }


def slope(sizes: Any, seconds: Any) -> float:
    """Of log seconds by log size, by least squares."""
    logs = [[math.log(value) for value in of] for of in (sizes, seconds)]
    return round(linear_regression(*logs).slope, 2)


def _cpu_seconds(sizes: dict[str, int]) -> float:
    """Of one run, by all threads of this process."""
    with tempfile.TemporaryDirectory() as folder:
        request = _request(Path(folder, "run"), **sizes)
        began = time.process_time()
        run(request)
        return time.process_time() - began


def _request(out: Path, *, workers: int, **sizes: Any) -> Request:
    """The oracle, and others that lose next to nothing, each a little more."""
    lossy = [f"reference/lossy-0.00{n:02}" for n in range(1, workers)]
    return Request(workers=["reference/oracle", *lossy], out=out, domains=DOMAINS, **sizes)
