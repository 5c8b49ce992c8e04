"""What the evidence says of one worker: scores by arm, the gap in its parts, how it asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from worktrial.comparison.panel import FloatArray
from worktrial.estimate import Interval, mean_count, mean_interval, paired_difference
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate, Verdict, from_interval
from worktrial.search.arms import ARMS, FULL, PROXY, WORK
from worktrial.search.items import STYLES
from worktrial.search.panel import GAP, METRICS, TRIAL
from worktrial.search.scoring import SCORER_VERSION

MARGIN = 0.05
"""A difference in F1 that does not matter."""
MAPPING = (
    "triples matched by program, within the world or by the names of one's own goal, "
    f"scorer {SCORER_VERSION}"
)
SHARES = (*METRICS, "unsupported", "elicitation", "on_target", "premature")
"""Measures in [0, 1]."""
COUNTS = (
    "turns",
    "questions_per_turn",
    "words_per_turn",
    "redundant",
    "searches",
    "opens",
    "unread",
)
"""Measures without a largest value."""
_PARTS = (
    (GAP, PROXY, WORK),
    ("schema", PROXY, FULL),
    ("elicitation", FULL, WORK),
    ("shards", FULL, ARMS["concat"]),
    ("forced_asking", ARMS["forced_ask"], WORK),
)
"""Gaps between two arms: the whole, its two parts, and what else the arms that were run can say."""
_MORE = "more intents"


class WorkerEvidence:
    """One worker under every arm that was run."""

    def __init__(self, evidence: Evidence, name: str, arms: Sequence[str]) -> None:
        """Read what was measured."""
        self.name, self.arms = name, list(arms)
        self.evidence = {arm: evidence.under(arm) for arm in arms}
        self.items = [
            item
            for (item,) in evidence.query(
                "select distinct item from evidence where worker = ? order by 1", [name]
            )
        ]

    def estimates(self) -> list[Estimate]:
        """Everything that is estimated of this worker."""
        return [
            *(e for arm in self.arms for e in self._scores(arm)),
            *self._gaps(),
            *self._retrieval(),
            *self._styles(),
            *self._reliability(),
        ]

    def claims(self) -> list[Claim]:
        """Whether it does as well when it has to ask."""
        gap = next((e for e in self._gaps() if e.gap == GAP), None)
        if gap is None:
            return []
        judged: Verdict = "cannot-tell"
        if gap.low is not None and gap.high is not None:
            judged = "missed" if gap.low > MARGIN else "met" if gap.high < MARGIN else judged
        return [
            Claim(
                id=f"{TRIAL}/specification-{self.name}",
                text=f"{self.name} loses at most {100 * MARGIN:.0f} points of F1 where a request "
                "is vague and the rest has to be asked for",
                estimates=(gap.id,),
                threshold=MARGIN,
                verdict=judged,
                mapping=MAPPING,
                overturned_by=_MORE,
            )
        ]

    def values(self, arm: str, metric: str) -> FloatArray:
        """A metric under an arm by item; NaN where there is none."""
        return self.evidence[arm].by_item(self.name, metric, self.items)

    def _scores(self, arm: str) -> Iterator[Estimate]:
        for metric in SHARES:
            values = self.values(arm, metric)
            if not np.isnan(values).all() or metric == METRICS[0]:
                yield self._estimate(metric, arm, mean_interval(values))
        for metric in COUNTS:
            values = self.values(arm, metric)
            if not np.isnan(values).all():
                yield self._estimate(metric, arm, mean_count(values))

    def _gaps(self) -> Iterator[Estimate]:
        for gap, proxy, work in _PARTS:
            if proxy.name in self.arms and work.name in self.arms:
                first, second = (self.values(arm.name, "f1") for arm in (proxy, work))
                found = paired_difference(first, second)
                yield self._estimate(
                    "f1", proxy.name, _unless_at_floor(found, first), gap=gap, minus_arm=work.name
                )

    def _retrieval(self) -> Iterator[Estimate]:
        """What is missed although everything was said: one less the score under `full`."""
        if FULL.name in self.arms:
            full = mean_interval(self.values(FULL.name, "f1"))
            missed = replace(full, value=1 - full.value, low=1 - full.high, high=1 - full.low)
            yield self._estimate("f1", FULL.name, missed, gap="retrieval")

    def _styles(self) -> Iterator[Estimate]:
        """The panel of simulated users: the score with each style, and the spread of these."""
        if WORK.name not in self.arms:
            return
        styles = dict(
            self.evidence[WORK.name].query(
                "select distinct item, operation from evidence where worker = ? and step = 0",
                [self.name],
            )
        )
        scores = self.values(WORK.name, "f1")
        for style in STYLES:
            chosen = np.array([styles.get(item) == style for item in self.items], dtype=bool)
            if chosen.any():
                yield self._estimate("f1", f"{WORK.name}/{style}", mean_interval(scores[chosen]))

    def _reliability(self) -> Iterator[Estimate]:
        """Over replicates of an item: what it can do, and how far it falls short of that."""
        for arm in self.arms:
            rows = self.evidence[arm].query(
                "select item, list(value order by replicate) from evidence where worker = ? "
                "and metric = 'f1' and step = 0 and value is not null group by item order by item",
                [self.name],
            )
            repeated = [np.array(values) for _, values in rows if len(values) > 1]
            if repeated:
                high, low = (np.array([np.percentile(v, q) for v in repeated]) for q in (90, 10))
                yield self._estimate("aptitude", arm, mean_interval(high))
                yield self._estimate("unreliability", arm, mean_interval(high - low))

    def _estimate(self, metric: str, arm: str, interval: Interval, **more: object) -> Estimate:
        gap = f"/{more['gap']}" if more.get("gap") else ""
        fields = {
            "id": f"{TRIAL}/{metric}{gap}/{self.name}/{arm}",
            "trial": TRIAL,
            "metric": metric,
            "worker": self.name,
            "arm": arm,
        }
        return from_interval(interval, **{**fields, **more})


def _unless_at_floor(found: Interval, proxy: FloatArray) -> Interval:
    known = proxy[~np.isnan(proxy)]
    if known.size and not known.any():
        why = "proxy at floor: nothing is found when all is said that could be lost"
        return replace(found, value=np.nan, low=np.nan, high=np.nan, why=why)
    return found
