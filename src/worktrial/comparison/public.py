"""Ranks in public and at work: would a leaderboard have put the workers in the same order?

Public ranks and ranks at work each have bounds that hold for all workers at once, at `SIDE`. So
with chance `TOGETHER` both hold, and ranks whose bounds do not meet are not the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from worktrial.comparison.order import EVERYONE, ranked
from worktrial.comparison.panel import FloatArray, Panel
from worktrial.estimate import Stated, stated_agreement, stated_ranks
from worktrial.evidence.findings import Estimate, from_interval

METRICS = ("public_rank", "work_rank", "rank_change", "public_agreement")
TOGETHER = 0.95
SIDE = (1 + TOGETHER) / 2
UNKNOWN = "no error of its public score is stated, so its uncertainty is unknown"
_FEWEST = 2


@dataclass(frozen=True)
class AtWork:
    """By what workers are ranked at work.

    Attributes:
        trial: In which trial it was measured.
        workers: Who was on trial.
        scores: Shape (workers, clusters), in [0, 1]; NaN is missing.
        arm: The work arm by which they are ranked, if it is one.
        axis: The axis by which they are ranked, if it is one.
    """

    trial: str
    workers: tuple[str, ...]
    scores: FloatArray
    arm: str | None = None
    axis: str | None = None

    @classmethod
    def under(cls, panel: Panel) -> "AtWork":
        """By the work arm of a panel."""
        return cls(panel.trial, panel.workers, panel.under_work, arm=panel.work)

    @property
    def name(self) -> str:
        """The arm or the axis."""
        return self.arm or self.axis or ""

    def of(self, workers: Sequence[str]) -> FloatArray:
        """The scores of some workers, in their order."""
        return self.scores[[self.workers.index(worker) for worker in workers]]


def compare_public(
    benchmark: str, public: Mapping[str, Stated], works: Sequence[AtWork]
) -> Iterator[Estimate]:
    """Ranks on both sides, their difference, and the agreement of the two orders.

    A difference is above 0 for who comes later at work. An estimate's `arm` is the benchmark and
    its `minus_arm` or `axis` the measure at work; all are of the trial in which that was measured.

    Args:
        benchmark: Its name; ids are unique for whatever it is.
        public: Public scores of workers that were on trial; nothing is said of fewer than two.
        works: Measures of one trial.
    """
    if len(public) < _FEWEST or not works:
        return
    workers, scores = sorted(public), [public[worker] for worker in sorted(public)]
    known = list(_public_ranks(benchmark, workers, scores, works[0].trial))
    yield from known
    for work in works:
        place = f"{quote(benchmark, safe=' ')}/{work.name}"
        at_work = list(
            ranked(
                work.of(workers), workers, trial=work.trial, metric="work_rank", of=place,
                arm=benchmark, minus_arm=work.arm, axis=work.axis, level=SIDE,
            )
        )  # fmt: skip
        yield from at_work
        for one, other in zip(known, at_work, strict=True):
            yield _change(one, other, place)
        yield _agreement(benchmark, scores, work.of(workers), work, place)


def _public_ranks(
    benchmark: str, workers: Sequence[str], scores: Sequence[Stated], trial: str
) -> Iterator[Estimate]:
    found = stated_ranks(scores, level=SIDE)
    for i, (worker, score) in enumerate(zip(workers, scores, strict=True)):
        stated = score.error is not None
        yield Estimate(
            id=f"{trial}/public_rank/{worker}/{quote(benchmark, safe=' ')}",
            trial=trial,
            metric="public_rank",
            worker=worker,
            arm=benchmark,
            value=float(found.rank[i]),
            low=float(found.low[i]) if stated else None,
            high=float(found.high[i]) if stated else None,
            level=found.level,
            method="all pairwise differences by stated errors, Holm",
            why=None if stated else UNKNOWN,
            endpoint="exploratory",
        )


def _change(public: Estimate, work: Estimate, place: str) -> Estimate:
    """The rank at work less the public one; its bounds are the farthest that the two allow."""
    return Estimate(
        id=f"{work.trial}/rank_change/{work.worker}/{place}",
        trial=work.trial,
        metric="rank_change",
        worker=work.worker,
        arm=work.arm,
        minus_arm=work.minus_arm,
        axis=work.axis,
        value=_less(work.value, public.value),
        low=_less(work.low, public.high),
        high=_less(work.high, public.low),
        level=TOGETHER,
        method="difference of two ranks, the bounds of both",
        items=work.items,
        clusters=work.clusters,
        why=work.why or public.why,
        endpoint="exploratory",
    )


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _agreement(
    benchmark: str, scores: Sequence[Stated], at_work: FloatArray, work: AtWork, place: str
) -> Estimate:
    return from_interval(
        stated_agreement(scores, at_work, level=TOGETHER),
        id=f"{work.trial}/public_agreement/{place}",
        trial=work.trial,
        metric="public_agreement",
        worker=EVERYONE,
        arm=benchmark,
        minus_arm=work.arm,
        axis=work.axis,
        endpoint="exploratory",
    )
