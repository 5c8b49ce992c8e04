"""What the evidence says of one worker: curves, the gap, safe delegation, where the loss went."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from worktrial.estimate import (
    Curve,
    Interval,
    event_times,
    fidelity_curve,
    mean_interval,
    paired_difference,
    ratio_interval,
    safe_delegation_length,
)
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate, Verdict, finite, from_interval
from worktrial.evidence.table import Curves
from worktrial.relay.scoring import SCORER_VERSION
from worktrial.relay.unscored import Unscored

TRIAL = "relay"
THRESHOLDS = (0.98, 0.9, 0.8)
"""What must be left of a document: DELEGATE-52's *ready*, and two that forgive more."""
MARGIN = 0.03
"""A difference in fidelity that does not matter."""
CRITICAL = 0.1
"""A round trip that loses as much is a critical failure (DELEGATE-52)."""
MAPPING = f"likeness to the original by program, scorer {SCORER_VERSION}"
_MORE = "more documents, or a longer relay"

FloatArray = NDArray[np.float64]


class WorkerEvidence:
    """One worker's curves under one arm, and what follows from them."""

    def __init__(self, evidence: Evidence, name: str) -> None:
        """Read a worker's curves; `evidence` is of one arm."""
        self.name = name
        self.evidence = evidence
        self.fidelity = evidence.curves(name, "fidelity")
        self.curve = _curve(self.fidelity)
        self.safe = {t: safe_delegation_length(self.curve, threshold=t) for t in THRESHOLDS}

    @property
    def last(self) -> int:
        """The last leg of the relay."""
        return self.fidelity.steps[-1]

    def estimates(self) -> list[Estimate]:
        """Everything that is estimated of this worker."""
        unscored = Unscored.of(self.evidence, self.name)
        return [
            *self._curve("fidelity", self.curve),
            *self._curve("lossless", _curve(self._curves("lossless"))),
            *unscored.explained(self._means("forward", *self._forward_so_far())),
            *unscored.explained(self._means("work_adjusted", *self._plain("work_adjusted"))),
            *unscored.estimates(TRIAL, self.name),
            *self._means("fidelity_running", *self._running()),
            self._gap(),
            *(self._safe_length(t) for t in THRESHOLDS),
            *self._anatomy(),
            *self._failures(),
        ]

    def claims(self) -> list[Claim]:
        """What is claimed of this worker, against declared thresholds."""
        return [*(self._safe_claim(t) for t in THRESHOLDS), self._horizon_claim()]

    # --- curves ---

    def _curves(self, metric: str) -> Curves:
        return self.evidence.curves(self.name, metric)

    def _curve(self, metric: str, curve: Curve) -> Iterator[Estimate]:
        for i, (leg, step) in enumerate(zip(curve.legs, curve.steps, strict=True)):
            yield self._estimate(
                metric,
                f"legs-{leg}",
                step,
                step=leg,
                band_low=finite(curve.band_low[i]),
                band_high=finite(curve.band_high[i]),
                method=f"{step.method}; band: {curve.band_method}",
            )

    def _means(self, metric: str, steps: Sequence[int], values: FloatArray) -> Iterator[Estimate]:
        for leg, column in zip(steps, values.T, strict=True):
            yield self._estimate(metric, f"legs-{leg}", mean_interval(column), step=leg)

    def _plain(self, metric: str) -> tuple[Sequence[int], FloatArray]:
        curves = self._curves(metric)
        return curves.steps, curves.values

    def _forward_so_far(self) -> tuple[Sequence[int], FloatArray]:
        """Each document's mean forward score up to a leg, for every backward leg."""
        forward = self._curves("forward")
        known = ~np.isnan(forward.values)
        total = np.cumsum(np.where(known, forward.values, 0.0), axis=1)
        count = np.cumsum(known, axis=1)
        means = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
        return [step + 1 for step in forward.steps], means

    def _running(self) -> tuple[Sequence[int], FloatArray]:
        """Fidelity of relays that were still running: beside the curve, never instead of it."""
        dropped = self._dropped_at()
        values = self.fidelity.values.copy()
        for row, item in enumerate(self.fidelity.items):
            gone = np.array(self.fidelity.steps) >= dropped.get(item, np.inf)
            values[row, gone] = np.nan
        return self.fidelity.steps, values

    def _dropped_at(self) -> dict[str, int]:
        rows = self.evidence.query(
            "select item, min(step) from evidence where worker = ? and metric = 'attempts' "
            "and outcome in ('refusal', 'protocol', 'truncated') group by item",
            [self.name],
        )
        return dict(rows)

    # --- the gap ---

    def _gap(self) -> Estimate:
        first, last = self.fidelity.values[:, 0], self.fidelity.values[:, -1]
        found = paired_difference(first, last)
        if not np.nan_to_num(first).any() and not np.isnan(first).all():
            why = "proxy at floor: nothing is left after the first round trip that could be lost"
            found = replace(found, value=np.nan, low=np.nan, high=np.nan, why=why)
        return self._estimate(
            "fidelity",
            f"legs-{self.fidelity.steps[0]}",
            found,
            gap="horizon",
            minus_arm=f"legs-{self.last}",
            step=self.last,
        )

    def _horizon_claim(self) -> Claim:
        gap = self._gap()
        judged: Verdict = "cannot-tell"
        if gap.low is not None and gap.high is not None:
            judged = "missed" if gap.low > MARGIN else "met" if gap.high < MARGIN else judged
        return Claim(
            id=f"horizon-{self.name}",
            text=f"{self.name} loses at most {MARGIN:.0%} of fidelity between the first round "
            f"trip and leg {self.last}",
            estimates=(gap.id,),
            threshold=MARGIN,
            verdict=judged,
            evidence_class="outcome",
            mapping=MAPPING,
            overturned_by=_MORE,
        )

    # --- delegation ---

    def _safe_length(self, threshold: float) -> Estimate:
        safe = self.safe[threshold]
        return Estimate(
            id=f"relay/safe_length/{self.name}/threshold-{threshold}",
            trial=TRIAL,
            metric="safe_length",
            worker=self.name,
            arm=f"threshold-{threshold}",
            value=safe.legs,
            level=0.95,
            method="largest leg up to which the simultaneous lower bound holds",
            items=len(self.fidelity.items),
            clusters=len(self.fidelity.items),
            why=safe.why,
        )

    def _safe_claim(self, threshold: float) -> Claim:
        return Claim(
            id=f"safe-{self.name}-{threshold}",
            text=f"{self.name} keeps at least {threshold:.0%} of a document on average over "
            f"{self.last} legs",
            estimates=(f"relay/safe_length/{self.name}/threshold-{threshold}",),
            threshold=threshold,
            verdict=self._keeps(threshold),
            evidence_class="risk",
            mapping=MAPPING,
            overturned_by=_MORE,
        )

    def _keeps(self, threshold: float) -> Verdict:
        """Whether the whole curve stays above a threshold, by its band."""
        if (self.curve.band_low >= threshold).all():
            return "met"
        return "missed" if (self.curve.band_high < threshold).any() else "cannot-tell"

    # --- where the loss went ---

    def _anatomy(self) -> Iterator[Estimate]:
        for metric in ("missing", "extra", "altered", "moved"):
            curves = self._curves(metric)
            at_end = self._at_end(curves)
            yield self._estimate(metric, f"legs-{self.last}", _share(at_end), step=self.last)
        for kind in self._kinds():
            yield self._loss(f"edit-{kind}", *self._around("kind", kind))
        for stratum in dict.fromkeys(self.fidelity.strata):
            yield self._loss(f"domain-{stratum}", *self._around("stratum", stratum))

    def _at_end(self, curves: Curves) -> FloatArray:
        """The last value of each relay that came to its end; others have none."""
        if not curves.steps or curves.steps[-1] != self.last:
            return np.array([])
        return curves.values[:, -1]

    def _kinds(self) -> list[str]:
        rows = self.evidence.query(
            "select distinct kind from evidence where worker = ? order by 1", [self.name]
        )
        return [kind for (kind,) in rows]

    def _around(self, column: str, value: str) -> tuple[FloatArray, FloatArray]:
        """Each document's mean fidelity before and after the round trips of one kind."""
        rows = self.evidence.query(
            f"select item, step from evidence where worker = ? and metric = 'fidelity' "  # noqa: S608
            f"and {column} = ? order by item, step",
            [self.name, value],
        )
        row_of = {item: i for i, item in enumerate(self.fidelity.items)}
        column_of = {step: i for i, step in enumerate(self.fidelity.steps)}
        whole = np.hstack([np.ones((len(row_of), 1)), self.fidelity.values])
        chosen = np.zeros(self.fidelity.values.shape, dtype=bool)
        for item, step in rows:
            chosen[row_of[item], column_of[step]] = True
        before, after = whole[:, :-1], whole[:, 1:]
        known = chosen & ~np.isnan(after)
        count = known.sum(axis=1)
        means = [
            np.where(known, v, 0).sum(axis=1)[count > 0] / count[count > 0] for v in (before, after)
        ]
        return means[0], means[1]

    def _loss(self, arm: str, before: FloatArray, after: FloatArray) -> Estimate:
        return self._estimate("round_trip_loss", arm, paired_difference(before, after))

    def _failures(self) -> Iterator[Estimate]:
        values = np.hstack([np.ones((len(self.fidelity.items), 1)), self.fidelity.values])
        losses = np.maximum(0.0, -np.diff(np.nan_to_num(values, nan=0.0), axis=1))
        losses[np.isnan(values[:, 1:])] = 0.0
        critical = np.where(losses >= CRITICAL - 1e-12, losses, 0.0)
        yield self._estimate(
            "critical_share",
            f"legs-{self.last}",
            ratio_interval(critical.sum(axis=1), losses.sum(axis=1)),
        )
        for metric, hit in (("first_damage", values[:, 1:] < 1), ("first_critical", critical > 0)):
            yield self._estimate(metric, f"legs-{self.last}", self._time_to(hit))
        dropped = self._dropped_at()
        shares = np.array([float(item in dropped) for item in self.fidelity.items])
        yield self._estimate("dropped", f"legs-{self.last}", mean_interval(shares))

    def _time_to(self, hit: NDArray[np.bool_]) -> Interval:
        known = ~np.isnan(self.fidelity.values)
        steps = np.array(self.fidelity.steps, dtype=float)
        happened = hit & known
        first = np.where(happened.any(axis=1), steps[happened.argmax(axis=1)], np.nan)
        reached = np.where(
            known.any(axis=1), steps[known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)], 0
        )
        observed = ~np.isnan(first)
        return event_times(np.where(observed, first, reached), observed).median

    def _estimate(self, metric: str, arm: str, interval: Interval, **more: object) -> Estimate:
        gap = "/gap" if more.get("gap") else ""
        name = f"{TRIAL}/{metric}{gap}/{self.name}/{arm}"
        fields = {"id": name, "trial": TRIAL, "metric": metric, "worker": self.name, "arm": arm}
        return from_interval(interval, **{**fields, **more})


def _curve(curves: Curves) -> Curve:
    return fidelity_curve(curves.values, legs=curves.steps)


def _share(values: FloatArray) -> Interval:
    """A share that can exceed 1 only by what was invented; there it is cut at 1."""
    return mean_interval(np.minimum(values, 1.0))
