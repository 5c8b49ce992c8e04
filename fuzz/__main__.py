"""`make fuzz [ARGS="--inputs 1000000 json.json handover …"]`: one JSON object a reader.

Every reader has a process of its own, so that one which crashes or fills the memory takes no other
with it. Leaves with 1 if a text did harm; the shortest such text is kept.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

from fuzz.targets import names

_KEPT = "fuzz-found"
_MOST_MINUTES = 60


def main() -> int:
    """Fuzz the readers named, or all."""
    asked = _asked()
    wanted = asked.targets or names()
    ways = ["fuzz.drawn", *(["fuzz.guided"] if find_spec("atheris") else [])]
    each = -(-asked.inputs // (len(ways) * sum("." in name for name in names())))
    jobs = [(way, name, each, asked.seed) for way in ways for name in wanted]
    rows = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for row in threads.map(lambda job: _fuzzed(*job), jobs):
            print(json.dumps(row, ensure_ascii=False), flush=True)
            rows.append(row)
    print(json.dumps(_summed(rows)))
    return int(any("harm" in row for row in rows))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="READER", help=f"such as {names()[0]}")
    parser.add_argument("--inputs", type=int, default=200_000, help="over the domains")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(names()):
        parser.error(f"READER must be one of {', '.join(names())}; got {', '.join(unknown)}")
    return asked


def _fuzzed(way: str, name: str, inputs: int, seed: int) -> dict[str, Any]:
    """What a process says of one reader; what it died of if it says nothing."""
    asked = [sys.executable, "-m", way, name, str(inputs), str(seed), _KEPT]
    try:
        done = subprocess.run(
            asked, capture_output=True, text=True, timeout=60 * _MOST_MINUTES, check=False
        )
    except subprocess.TimeoutExpired:
        return {"name": name, "way": way, "harm": f"not done after {_MOST_MINUTES} minutes"}
    try:
        row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        died = done.stderr.strip()[-2000:]
        row = {"name": name, "harm": f"its process left with {done.returncode}: {died}"}
    return {"way": way.removeprefix("fuzz."), **row}


def _summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    domains = [row for row in rows if "." in row["name"]]
    return {
        "name": "all",
        "readers": len({row["name"] for row in rows}),
        "inputs": sum(row.get("inputs", 0) for row in rows),
        "inputs_of_domains": dict(_of_ways(domains)),
        "slowest_seconds": max((row.get("slowest_seconds", 0) for row in rows), default=0),
        "most_mib": max((row.get("mib", 0) for row in rows), default=0),
        "harm": [row["name"] for row in rows if "harm" in row],
    }


def _of_ways(rows: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    for way in dict.fromkeys(row["way"] for row in rows):
        yield way, sum(row.get("inputs", 0) for row in rows if row["way"] == way)


if __name__ == "__main__":
    sys.exit(main())
