"""Likeness against its domain's own parser: 15k tokens, 10 % of units altered; slope in size."""

import math
import time
from collections.abc import Callable, Iterator
from random import Random

from worktrial.documents.domain import DOMAINS, Domain, domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Files
from worktrial.relay.damage import alter

SIZES = (2_000, 15_000, 50_000)
BAR_RATIO, BAR_SLOPE = 2.0, 1.5


def measure() -> Iterator[dict[str, object]]:
    """A row a domain."""
    for name in DOMAINS:
        chosen = domain(name)
        seconds = {size: _both(chosen, size) for size in SIZES}
        parse, compare = seconds[15_000]
        steps = math.log(SIZES[-1] / SIZES[0])
        yield {
            "name": "likeness",
            "domain": name,
            "parse_ms": round(parse * 1e3, 2),
            "likeness_ms": round(compare * 1e3, 2),
            "all_altered_ms": round(_altered(chosen, 15_000, 1.0)[1] * 1e3, 1),
            "ratio": round(compare / parse, 2),
            "ratio_bar": BAR_RATIO,
            "slope": round(math.log(seconds[SIZES[-1]][1] / seconds[SIZES[0]][1]) / steps, 2),
            "slope_bar": BAR_SLOPE,
        }


def _both(chosen: Domain, size: int) -> tuple[float, float]:
    return _altered(chosen, size, 0.1)


def _altered(chosen: Domain, size: int, share: float) -> tuple[float, float]:
    """Seconds to parse a document once, and to compare it with an altered copy."""
    files: Files = chosen.generate(Random(1), size)
    document = chosen.parse(files)
    altered = alter(document, Random(2), probability=share)
    other = chosen.parse(chosen.render(altered))
    return (
        _best(lambda: chosen.parse(files)),
        _best(lambda: likeness(document, other, clips=chosen.clips)),
    )


def _best(work: Callable[[], object], repeats: int = 5) -> float:
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)
