"""The protocol gap: the same workers on the same items under several hand-overs and wordings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from worktrial.comparison.order import EVERYONE
from worktrial.comparison.panel import FloatArray
from worktrial.estimate import mean_interval, paired_difference, protocol_noise, variance_shares
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Estimate, finite, from_interval
from worktrial.protocol import Measurement
from worktrial.relay.arms import arm as find_arm
from worktrial.relay.worker import TRIAL

METRIC = "fidelity"
GAP = "protocol"


@dataclass(frozen=True)
class Variants:
    """Final fidelity of every worker under every arm.

    Attributes:
        workers: Who was run under all arms.
        arms: The primary one first.
        scores: Shape (workers, arms, items, replicates); NaN for missing.
    """

    workers: Sequence[str]
    arms: Sequence[str]
    scores: FloatArray

    @property
    def means(self) -> FloatArray:
        """Over replicates, shape (workers, arms, items); NaN where one is missing."""
        return np.asarray(self.scores.mean(axis=3))


def protocol_gap(
    evidence: Evidence, measured: Measurement, *, compared: Sequence[str]
) -> Iterator[Estimate]:
    """Compare a run's arms: by how much a score moves when only the protocol does.

    Args:
        evidence: The run's observations, all arms.
        measured: Which arms there are, and which is the primary one.
        compared: The workers between whom differences are of interest.
    """
    arms = _plain(measured)
    if len(arms) < 2:
        return
    found = _variants(evidence, measured, arms)
    for w, worker in enumerate(found.workers):
        yield from _of_worker(worker, found.arms, found.means[w])
        yield from _shares(worker, found.scores[w : w + 1])
    yield from _between(found, [w for w in compared if w in found.workers])


def _plain(measured: Measurement) -> list[str]:
    """The arms that differ in the protocol alone, the primary one first."""
    first = find_arm(measured.primary).base
    plain = [name for name in measured.arms if find_arm(name).change is None]
    return sorted(plain, key=lambda name: (name != first, name))


def _variants(evidence: Evidence, measured: Measurement, arms: Sequence[str]) -> Variants:
    items = sorted(measured.items)
    rows = evidence.query(
        "select worker, arm, item, replicate, value from evidence where metric = ? and step = "
        "(select max(step) from evidence where metric = ?) and list_contains(?, arm)",
        [METRIC, METRIC, list(arms)],
    )
    run = {(worker, arm) for worker, arm, *_ in rows}
    workers = [w for w in evidence.workers() if all((w, arm) in run for arm in arms)]
    scores = np.full((len(workers), len(arms), len(items), measured.replicates), np.nan)
    for worker, arm, item, replicate, value in rows:
        if worker in workers and value is not None:
            at = workers.index(worker), arms.index(arm), items.index(item), replicate - 1
            scores[at] = value
    return Variants(workers, arms, scores)


def _of_worker(worker: str, arms: Sequence[str], means: FloatArray) -> Iterator[Estimate]:
    """A worker's score under every arm, and what each loses against the primary one."""
    about = {"trial": TRIAL, "metric": METRIC, "worker": worker, "endpoint": "exploratory"}
    for arm, scores in zip(arms, means, strict=True):
        yield from_interval(
            mean_interval(scores), id=f"{TRIAL}/{METRIC}/{worker}/{arm}", arm=arm, **about
        )
    for arm, scores in list(zip(arms, means, strict=True))[1:]:
        yield from_interval(
            paired_difference(means[0], scores),
            id=f"{TRIAL}/{METRIC}/gap/{worker}/{arms[0]}-minus-{arm}",
            gap=GAP,
            arm=arms[0],
            minus_arm=arm,
            **about,
        )


def _shares(worker: str, scores: FloatArray) -> Iterator[Estimate]:
    """What share of the variance of a score each source has: a description, without interval."""
    found = variance_shares(scores)
    for source, share in (found.share or {"protocol": np.nan}).items():
        yield Estimate(
            id=f"{TRIAL}/variance_share/{worker}/{source}",
            trial=TRIAL,
            metric="variance_share",
            worker=worker,
            gap=GAP,
            arm=source,
            value=finite(share),
            method="analysis of variance, crossed",
            items=found.items,
            clusters=found.items,
            why=found.why or ("nothing varies" if np.isnan(share) else None),
            endpoint="exploratory",
        )


def _between(found: Variants, compared: Sequence[str]) -> Iterator[Estimate]:
    """Whether the difference of two workers is more than what a change of protocol makes."""
    if len(compared) > 1:
        rows = [found.workers.index(worker) for worker in compared]
        yield from _shares(EVERYONE, found.scores[rows])
    for one, other in combinations(compared, 2):
        scores = [found.means[found.workers.index(worker)] for worker in (one, other)]
        noise = protocol_noise(scores[0], scores[1])
        for metric, value, why in (
            ("protocol_noise", noise.noise, noise.why),
            ("protocol_noise_share", noise.share, noise.why or "the two do not differ"),
            ("reversals", noise.reversals / noise.pairs if noise.pairs else np.nan, noise.why),
        ):
            yield Estimate(
                id=f"{TRIAL}/{metric}/{one}-minus-{other}",
                trial=TRIAL,
                metric=metric,
                worker=one,
                minus_worker=other,
                gap=GAP,
                value=finite(value),
                method=f"over {len(found.arms)} protocols",
                items=found.means.shape[2],
                clusters=found.means.shape[2],
                why=why if np.isnan(value) else None,
                endpoint="exploratory",
            )
