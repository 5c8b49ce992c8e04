"""Running the table of cases: every claim simulated, on as many processes as there are cores."""

import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from multiprocessing import get_context

from worktrial import __version__
from worktrial.calibration import (
    acceptance,
    crossed,
    looks,
    means,
    others,
    plans,
    relays,
    vectors,
)
from worktrial.calibration.case import Case, Replicate, Result
from worktrial.errors import ConfigError
from worktrial.estimate.paired import ENOUGH

SCHEMA = "worktrial/calibration@1"
_QUICK = 20
"""A quick calibration runs one replicate in so many."""
_CONTROL = 400
"""Of a control: fewer than these would not always refute it."""
_CHUNK = 100


@dataclass(frozen=True)
class Calibration:
    """What became of every case.

    Attributes:
        seed: Of the simulations.
        quick: Whether it was the short one.
        results: One a case.
    """

    seed: int
    quick: bool
    results: tuple[Result, ...]

    @property
    def sound(self) -> bool:
        """Whether every claim held and every control was refuted."""
        return all(result.sound for result in self.results)

    def text(self) -> str:
        """JSON of the schema `worktrial/calibration@1`."""
        record = {
            "schema": SCHEMA,
            "version": __version__,
            "seed": self.seed,
            "quick": self.quick,
            "sound": self.sound,
            "cases": [_record(result) for result in self.results],
        }
        return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


@cache
def cases() -> tuple[Case, ...]:
    """Every case there is."""
    of_relays = (*looks.CASES, *plans.CASES, *relays.CASES)
    return (
        *means.CASES,
        *crossed.CASES,
        *others.CASES,
        *vectors.CASES,
        *acceptance.CASES,
        *of_relays,
    )


def calibrate(
    *,
    seed: int = 1,
    quick: bool = False,
    only: Sequence[str] = (),
    processes: int | None = None,
    listen: Callable[[Result], None] = lambda _: None,
) -> Calibration:
    """Simulate every claim and hold it against its level.

    Args:
        seed: Of the simulations.
        quick: One replicate in twenty, and each claim at one size alone: the one at which bounds
            are as narrow as they get with few clusters.
        only: Estimators; all by default.
        processes: As many as cores by default.
        listen: Called with each result as it comes.

    Raises:
        ConfigError: If there is no such estimator.
    """
    chosen = _narrowest(_chosen(only)) if quick else _chosen(only)
    jobs = [(case, chunk) for case in chosen for chunk in _chunks(_replicates(case, quick=quick))]
    results = []
    workers = min(processes or os.cpu_count() or 1, len(jobs))
    # The matrices are small: processes share the cores better than threads inside each would.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = pool.map(_simulate, [seed] * len(jobs), *zip(*jobs, strict=True))
        for case, chunks in groupby(zip(jobs, found, strict=True), key=lambda pair: pair[0][0]):
            results.append(case.judge([r for _, chunk in chunks for r in chunk]))
            listen(results[-1])
    return Calibration(seed, quick, tuple(results))


def _simulate(seed: int, case: Case, replicates: range) -> list[Replicate]:
    return case.simulate(seed, replicates)


def _chosen(only: Sequence[str]) -> list[Case]:
    known = sorted({case.estimator for case in cases()})
    for name in only:
        if name not in known:
            raise ConfigError(f"`--only` must be among {', '.join(known)}; got {name!r}")
    return [case for case in cases() if not only or case.estimator in only]


def _narrowest(chosen: Sequence[Case]) -> list[Case]:
    """Of every claim under every truth the case nearest to 24 clusters; every control.

    From there on a difference learns from the spread that was seen: a method fails there first.
    """
    sizes: dict[tuple[str, str, str], int] = {}
    for case in chosen:
        sizes[_claim(case)] = min(case.clusters, sizes.get(_claim(case), case.clusters), key=_far)
    return [case for case in chosen if case.control or case.clusters == sizes[_claim(case)]]


def _claim(case: Case) -> tuple[str, str, str]:
    return case.estimator, case.claim, case.truth


def _far(clusters: int) -> int:
    return abs(clusters - ENOUGH)


def _replicates(case: Case, *, quick: bool) -> int:
    """All of them, or one in twenty; of a control enough to be refuted in either."""
    if not quick:
        return case.replicates
    fewest = _CONTROL if case.control else case.fewest
    return max(case.replicates // _QUICK, min(case.replicates, fewest))


def _chunks(replicates: int) -> Iterator[range]:
    for start in range(0, replicates, _CHUNK):
        yield range(start, min(start + _CHUNK, replicates))


def _record(result: Result) -> dict[str, object]:
    case = result.case
    return {
        "estimator": case.estimator,
        "truth": case.truth,
        "clusters": case.clusters,
        "claim": case.claim,
        "nominal": case.nominal,
        "hits": result.hits,
        "replicates": result.replicates,
        "rate": round(result.rate, 6),
        "p_value": result.p_value,
        "width": _number(result.width),
        "reference_width": _number(result.reference),
        "control": case.control,
        "limit": case.limit,
        "sound": result.sound,
    }


def _number(width: float) -> float | None:
    return None if math.isnan(width) else round(width, 6)
