"""Puzzles: seconds to draw one and prove that it has one solution, by family and level."""

import time
from collections.abc import Iterator
from statistics import mean

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, LEVELS, Level

SEED, DRAWN = 7, 20


def measure() -> Iterator[dict[str, object]]:
    """A row a family: the mean and the slowest of so many draws at each level."""
    for name in FAMILIES:
        taken = {level: [_seconds(name, level, n) for n in range(DRAWN)] for level in LEVELS}
        yield {
            "name": "puzzles",
            "family": name,
            "seconds_an_item": {level: round(mean(of), 3) for level, of in taken.items()},
            "slowest": round(max(max(of) for of in taken.values()), 3),
        }


def _seconds(name: str, level: Level, n: int) -> float:
    begin = time.perf_counter()
    FAMILIES[name].draw(f"{name}-{n}", level, stream(SEED, "bench", name, level, n))
    return time.perf_counter() - begin
