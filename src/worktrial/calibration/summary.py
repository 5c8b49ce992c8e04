"""A calibration in short: of every claim of every estimator its worst case and its known misses."""

from collections.abc import Sequence
from itertools import groupby

from scipy import stats

from worktrial import __version__
from worktrial.calibration.case import Result
from worktrial.calibration.run import Calibration
from worktrial.estimate.calibrated import Calibrated, CalibrationSummary, Rate

_DIGITS = 6


def summarised(found: Calibration) -> CalibrationSummary:
    """Summarise a calibration for the reports that rest on it."""
    ordered = sorted(found.results, key=_of)
    return CalibrationSummary(
        version=__version__,
        seed=found.seed,
        quick=found.quick,
        sound=found.sound,
        claims=tuple(_claim(list(results)) for _, results in groupby(ordered, key=_of)),
    )


def _of(result: Result) -> tuple[bool, str, str]:
    case = result.case
    return case.control, case.estimator, case.claim


def _claim(results: Sequence[Result]) -> Calibrated:
    case = results[0].case
    open_ = [result for result in results if not result.case.limit]
    return Calibrated(
        estimator=case.estimator,
        claim=case.claim,
        control=case.control,
        cases=len(results),
        refuted=sum(result.missed for result in open_),
        worst=_rate(max(open_, key=_short)) if open_ else None,
        limits=tuple(_rate(r) for r in results if r.case.limit),
    )


def _short(result: Result) -> float:
    """How far a rate is on the bad side of its level."""
    short = result.case.nominal - result.rate
    return -short if result.case.claim == "type-one" else short


def _rate(result: Result) -> Rate:
    bounds = stats.binomtest(result.hits, result.replicates).proportion_ci(0.95, method="exact")
    return Rate(
        truth=result.case.truth,
        clusters=result.case.clusters,
        nominal=result.case.nominal,
        rate=round(result.rate, _DIGITS),
        low=round(float(bounds.low), _DIGITS),
        high=round(float(bounds.high), _DIGITS),
        replicates=result.replicates,
    )
