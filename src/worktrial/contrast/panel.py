"""The contrast's panel: workers by clusters under both arms, and which items enter it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from worktrial.comparison.panel import FloatArray, Panel
from worktrial.contrast.arms import ARMS, GAP, PROXY, SCORE, TRIAL, WORK
from worktrial.evidence import Evidence
from worktrial.protocol import Measurement


class Range(NamedTuple):
    """The least and the greatest score that was seen under an arm."""

    low: float
    high: float

    @property
    def is_share(self) -> bool:
        """Whether they can be shares of full marks."""
        return self.low >= 0 and self.high <= 1

    def mapped(self, scores: FloatArray) -> FloatArray:
        """Scores mapped to [0, 1], with half of the range to spare on either side.

        It keeps every order of means and no distance, so nothing but order may be read off.
        """
        spare = (self.high - self.low) / 2 or 1.0
        found: FloatArray = (scores - self.low + spare) / (self.high - self.low + 2 * spare)
        return found


def ranges(evidence: Evidence) -> dict[str, Range]:
    """The range of the scores under each arm."""
    rows = evidence.query(
        "select arm, min(value), max(value) from evidence where metric = ? and value is not null "
        "group by arm",
        [SCORE],
    )
    return {arm: Range(low, high) for arm, low, high in rows}


def are_shares(evidence: Evidence) -> bool:
    """Whether both arms are scored from 0 to 1, so that a level gap means something."""
    return all(found.is_share for found in ranges(evidence).values())


def is_paired(measured: Measurement) -> bool:
    """Whether items are the same under both arms."""
    return bool(measured.settings["paired"])


def contrast_panel(
    evidence: Evidence,
    measured: Measurement,
    workers: Sequence[str],
    *,
    ordinal: bool = False,
    by_item: bool = False,
) -> Panel:
    """Put workers side by side; replicates are averaged within the item, items within the cluster.

    Args:
        evidence: The trial's observations, both arms.
        measured: Its part of the protocol.
        workers: Whom to compare, in this order.
        ordinal: Whether scores are mapped to [0, 1], so that only their order is left.
        by_item: Whether items stand by themselves and not averaged within clusters.
    """
    paired = is_paired(measured)
    by_worker = {
        worker: cells_of(evidence, worker, paired=paired, by_item=by_item) for worker in workers
    }
    clusters = sorted({cluster for cells in by_worker.values() for cluster, _ in cells})
    row_of = {cluster: row for row, cluster in enumerate(clusters)}
    scores = np.full((len(workers), len(clusters), 2), np.nan)
    for at, cells in enumerate(by_worker.values()):
        for (cluster, arm), value in cells.items():
            scores[at, row_of[cluster], ARMS.index(arm)] = value
    if ordinal:
        for column, arm in enumerate(ARMS):
            scores[:, :, column] = ranges(evidence)[arm].mapped(scores[:, :, column])
    names = [str(measured.settings[arm]) for arm in ARMS]
    return Panel(
        trial=TRIAL,
        gap=GAP,
        metric=SCORE,
        proxy=PROXY,
        work=WORK,
        in_words=(f"on {names[0]}", f"on {names[1]}"),
        workers=tuple(workers),
        items=tuple(clusters),
        steps=(0, 1),
        scores=scores,
        curved=False,
        paired=paired,
        comparable=not ordinal,
    )


def unpaired_items(evidence: Evidence, worker: str) -> Mapping[str, int]:
    """By arm, how many items of a worker stand under that arm alone."""
    rows = evidence.query(
        "select arm, count(*) from (select item, any_value(arm) as arm from evidence "
        "where worker = ? and metric = ? group by item having count(distinct arm) = 1) group by "
        "arm",
        [worker, SCORE],
    )
    return dict(rows)


def cells_of(
    evidence: Evidence, worker: str, *, paired: bool, by_item: bool = False
) -> dict[tuple[str, str], float]:
    """Average a worker's scores by cluster, or item, and arm; of pairs alone, if there are any."""
    rows = evidence.query(
        "select item, arm, any_value(cluster), avg(value) from evidence where worker = ? "
        "and metric = ? and value is not null group by item, arm order by item, arm",
        [worker, SCORE],
    )
    arms_of: dict[str, int] = defaultdict(int)
    for item, *_ in rows:
        arms_of[item] += 1
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for item, arm, cluster, value in rows:
        if by_item:
            values[item, arm].append(value)
        elif not paired or arms_of[item] == len(ARMS):
            # Arms that are not paired are independent, whatever their clusters are called.
            values[cluster if paired else f"{arm}: {cluster}", arm].append(value)
    return {cell: float(np.mean(of)) for cell, of in values.items()}
