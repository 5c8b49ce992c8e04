"""What a relay's evidence says: curves, the horizon gap, safe delegation, where the loss went."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from worktrial.estimate import (
    Curve,
    Interval,
    equivalence,
    event_times,
    fidelity_curve,
    mean_interval,
    p_flip,
    paired_difference,
    rank_agreement,
    ratio_interval,
    safe_delegation_length,
)
from worktrial.evidence import Evidence
from worktrial.evidence.findings import (
    Claim,
    Cost,
    Estimate,
    Findings,
    OutcomeCount,
    RunFacts,
    Verdict,
    finite,
)
from worktrial.evidence.table import Curves
from worktrial.protocol import Manifest
from worktrial.randomness import derive
from worktrial.relay.scoring import SCORER_VERSION

THRESHOLDS = (0.98, 0.9, 0.8)
"""What must be left of a document: DELEGATE-52's *ready*, and two that forgive more."""
MARGIN = 0.03
"""A difference in fidelity that does not matter."""
CRITICAL = 0.1
"""A round trip that loses as much is a critical failure (DELEGATE-52)."""
TRIAL = "relay"
EVERYONE = "*"
"""Stands for the worker in an estimate about all of them."""
_MAPPING = f"likeness to the original by program, scorer {SCORER_VERSION}"
_MORE = "more documents, or a longer relay"

FloatArray = NDArray[np.float64]


def relay_findings(evidence: Evidence, manifest: Manifest, *, facts: RunFacts) -> Findings:
    """Compute every estimate and claim of a relay run.

    Args:
        evidence: The run's observations.
        manifest: The run's protocol.
        facts: What the findings are of.
    """
    seed = derive(facts.seed, "estimates") % 2**32
    workers = [_Worker(evidence, name, seed) for name in evidence.workers()]
    estimates = [e for worker in workers for e in worker.estimates()]
    claims = [c for worker in workers for c in worker.claims()]
    compared = _compared(workers)
    for one, other in combinations(compared, 2):
        more, claim = _difference(one, other)
        estimates += more
        claims.append(claim)
    ranks = _rank_agreement(compared)
    estimates += [ranks] if ranks else []
    return Findings(
        run=facts,
        estimates=tuple(estimates),
        claims=(_instrument(manifest), *claims),
        outcomes=tuple(_outcomes(evidence)),
        cost=tuple(_cost(evidence, worker.name) for worker in workers),
    )


class _Worker:
    """One worker's curves and what follows from them."""

    def __init__(self, evidence: Evidence, name: str, seed: int) -> None:
        self.name = name
        self.evidence = evidence
        self.fidelity = evidence.curves(name, "fidelity")
        self.curve = _curve(self.fidelity)
        self.seed = seed
        self.safe = {t: safe_delegation_length(self.curve, threshold=t) for t in THRESHOLDS}

    @property
    def last(self) -> int:
        """The last leg of the relay."""
        return self.fidelity.steps[-1]

    def estimates(self) -> list[Estimate]:
        """Everything that is estimated of this worker."""
        return [
            *self._curve("fidelity", self.curve),
            *self._curve("lossless", _curve(self._curves("lossless"))),
            *self._means("forward", *self._forward_so_far()),
            *self._means("work_adjusted", *self._plain("work_adjusted")),
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
        found = paired_difference(first, last, seed=self.seed)
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
            mapping=_MAPPING,
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
            mapping=_MAPPING,
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
        return self._estimate(
            "round_trip_loss", arm, paired_difference(before, after, seed=self.seed)
        )

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
        fields: dict[str, object] = {"method": interval.method, **more}
        return Estimate.model_validate(
            {
                "id": f"relay/{metric}{gap}/{self.name}/{arm}",
                "trial": TRIAL,
                "metric": metric,
                "worker": self.name,
                "arm": arm,
                "value": finite(interval.value),
                "low": finite(interval.low),
                "high": finite(interval.high),
                "level": interval.level,
                "items": interval.clusters,
                "clusters": interval.clusters,
                "why": interval.why,
                **fields,
            }
        )


def _curve(curves: Curves) -> Curve:
    return fidelity_curve(curves.values, legs=curves.steps)


def _share(values: FloatArray) -> Interval:
    """A share that can exceed 1 only by what was invented; there it is cut at 1."""
    return mean_interval(np.minimum(values, 1.0))


# --- between workers ---------------------------------------------------------------------------


def _compared(workers: Sequence[_Worker]) -> Sequence[_Worker]:
    """Those on trial; reference workers only where nobody else is."""
    return [w for w in workers if not w.name.startswith("reference/")] or workers


_IN_WORDS = {"level": "level", "apart": "apart", "cannot-tell": "not to be told apart"}


def _difference(one: _Worker, other: _Worker) -> tuple[list[Estimate], Claim]:
    """Two workers on the same documents: level on the benchmark arm, apart on the work arm?"""
    shared = [item for item in one.fidelity.items if item in other.fidelity.items]
    rows = [[w.fidelity.items.index(item) for item in shared] for w in (one, other)]
    found = []
    for column in (0, -1):
        a, b = (w.fidelity.values[r, column] for w, r in zip((one, other), rows, strict=True))
        found.append((one.fidelity.steps[column], a, b))
    estimates = [
        one._estimate(
            "fidelity",
            f"legs-{leg}",
            paired_difference(a, b, seed=one.seed),
            minus_worker=other.name,
            step=leg,
        ).model_copy(update={"id": f"relay/fidelity/{one.name}-minus-{other.name}/legs-{leg}"})
        for leg, a, b in found
    ]
    first, last = (equivalence(a, b, margin=MARGIN, seed=one.seed) for _, a, b in found)
    estimates.append(_flip(one, other, found))
    met = first.verdict == "level" and last.verdict == "apart"
    tell = "cannot-tell" in (first.verdict, last.verdict)
    return estimates, Claim(
        id=f"level-then-apart-{one.name}-{other.name}",
        text=f"{one.name} and {other.name} are {_IN_WORDS[first.verdict]} after the first round "
        f"trip and {_IN_WORDS[last.verdict]} after leg {one.last}",
        estimates=tuple(e.id for e in estimates),
        threshold=MARGIN,
        verdict="met" if met else "cannot-tell" if tell else "missed",
        detectable=finite(last.detectable),
        evidence_class="outcome",
        mapping=_MAPPING,
        overturned_by=_MORE,
    )


def _flip(
    one: _Worker, other: _Worker, found: Sequence[tuple[int, FloatArray, FloatArray]]
) -> Estimate:
    """The chance that work reverses the order that the first round trip gives."""
    proxy, work = (np.array([a, b]) for _, a, b in found)
    flip = p_flip(proxy, work, seed=one.seed)
    return Estimate(
        id=f"relay/p_flip/{one.name}-minus-{other.name}",
        trial=TRIAL,
        metric="p_flip",
        worker=one.name,
        minus_worker=other.name,
        gap="horizon",
        arm=f"legs-{found[0][0]}",
        minus_arm=f"legs-{found[-1][0]}",
        value=finite(flip.probability),
        method="cluster bootstrap",
        items=flip.clusters,
        clusters=flip.clusters,
        why=flip.why,
    )


def _rank_agreement(workers: Sequence[_Worker]) -> Estimate | None:
    """Whether the leaderboard of the first round trip is that of the last; from three workers."""
    if len(workers) < 3:
        return None
    items = [i for i in workers[0].fidelity.items if all(i in w.fidelity.items for w in workers)]
    scores = [
        [w.fidelity.values[[w.fidelity.items.index(i) for i in items], column] for w in workers]
        for column in (0, -1)
    ]
    proxy, work = map(np.array, scores)
    found = rank_agreement(proxy, work, seed=workers[0].seed)
    return Estimate(
        id="relay/rank_agreement",
        trial=TRIAL,
        metric="rank_agreement",
        worker=EVERYONE,
        gap="horizon",
        arm=f"legs-{workers[0].fidelity.steps[0]}",
        minus_arm=f"legs-{workers[0].last}",
        value=finite(found.value),
        low=finite(found.low),
        high=finite(found.high),
        level=found.level,
        method=found.method,
        items=found.clusters,
        clusters=found.clusters,
        why=found.why,
    )


# --- counts ------------------------------------------------------------------------------------


def _instrument(manifest: Manifest) -> Claim:
    checked = manifest.incidental.get("instrument", {})
    sound = checked.get("oracle") == 1.0 and checked.get("null") == 0.0
    return Claim(
        id="instrument",
        text=f"the oracle scores full marks (lowest {checked.get('oracle')}) and a null worker "
        f"nothing (highest {checked.get('null')}) on {checked.get('relays')} of this run's relays",
        estimates=(),
        verdict="met" if sound else "missed",
        evidence_class="instrument",
        mapping=_MAPPING,
        overturned_by="a defect in the edits' programs or in the parsers",
    )


def _outcomes(evidence: Evidence) -> Iterator[OutcomeCount]:
    rows = evidence.query(
        "select worker, arm, outcome, count(*) from evidence "
        "where metric = 'attempts' group by all order by all"
    )
    for worker, arm, outcome, count in rows:
        yield OutcomeCount(worker=worker, trial=TRIAL, arm=arm, outcome=outcome, count=count)


def _cost(evidence: Evidence, worker: str) -> Cost:
    rows = evidence.query(
        "select metric, sum(value) from evidence where worker = ? and metric in "
        "('tokens_in', 'tokens_out', 'tokens_cached', 'seconds') group by metric",
        [worker],
    )
    total: dict[str, float] = dict(rows)
    tokens = {
        n: round(total[n]) for n in ("tokens_in", "tokens_out", "tokens_cached") if n in total
    }
    seconds = {"seconds": round(total["seconds"], 3)} if "seconds" in total else {}
    return Cost.model_validate({"worker": worker, "trial": TRIAL, **tokens, **seconds})
