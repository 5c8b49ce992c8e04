"""The protocol gap: the same worker on the same items under several hand-overs and wordings."""

from collections.abc import Iterator, Sequence

from worktrial.comparison.panel import FloatArray
from worktrial.estimate import mean_interval, paired_difference
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Estimate, from_interval
from worktrial.protocol import Measurement
from worktrial.relay.panel import relay_panel
from worktrial.relay.worker import TRIAL

METRIC = "fidelity"
GAP = "protocol"


def protocol_gap(evidence: Evidence, measured: Measurement, *, seed: int) -> Iterator[Estimate]:
    """Compare a run's arms: by how much a score moves when only the protocol does.

    Args:
        evidence: The run's observations, all arms.
        measured: Which arms there are, and which is the primary one.
        seed: Of what is drawn.
    """
    arms = [measured.primary, *(arm for arm in sorted(measured.arms) if arm != measured.primary)]
    if len(arms) < 2:
        return
    for worker in evidence.workers():
        yield from _of_worker(worker, _ends(evidence, worker, arms), arms, seed)


def _ends(evidence: Evidence, worker: str, arms: Sequence[str]) -> dict[str, FloatArray]:
    """Final fidelity by arm, on the items that all arms share."""
    panels = {
        arm: relay_panel(evidence.under(arm), [worker])
        for arm in arms
        if worker in evidence.under(arm).workers()
    }
    shared = sorted(set.intersection(*(set(panel.items) for panel in panels.values())))
    return {
        arm: panel.under_work[0][[panel.items.index(item) for item in shared]]
        for arm, panel in panels.items()
    }


def _of_worker(
    worker: str, ends: dict[str, FloatArray], arms: Sequence[str], seed: int
) -> Iterator[Estimate]:
    """A worker's score under every arm, and what each loses against the primary one."""
    about = {"trial": TRIAL, "metric": METRIC, "worker": worker}
    for arm, scores in ends.items():
        yield from_interval(
            mean_interval(scores), id=f"{TRIAL}/{METRIC}/{worker}/{arm}", arm=arm, **about
        )
    for arm in arms[1:]:
        if arm in ends and arms[0] in ends:
            yield from_interval(
                paired_difference(ends[arms[0]], ends[arm], seed=seed),
                id=f"{TRIAL}/{METRIC}/gap/{worker}/{arms[0]}-minus-{arm}",
                gap=GAP,
                arm=arms[0],
                minus_arm=arm,
                endpoint="exploratory",
                **about,
            )
