"""Two workers on the same items: level or apart, under the proxy and at work, and along the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from worktrial.comparison.panel import FloatArray, Panel
from worktrial.estimate import (
    Equivalence,
    Interval,
    Verdict,
    bridged_difference,
    difference_curve,
    difference_p_value,
    equivalence,
    holm,
    p_flip,
    paired_difference,
)
from worktrial.evidence.findings import Claim, Estimate, finite, from_interval

LEVEL = 0.95
IN_WORDS: dict[Verdict, str] = {
    "level": "level",
    "apart": "apart",
    "cannot-tell": "not to be told apart",
}
MORE = "more items"


@dataclass(frozen=True)
class Comparison:
    """What two or more workers' panel says."""

    estimates: tuple[Estimate, ...]
    claims: tuple[Claim, ...]


def compare_pairs(
    panel: Panel,
    *,
    margin: float,
    seed: int,
    mapping: str,
    between: Sequence[tuple[str, str]] | None = None,
    declared: bool = True,
) -> Comparison:
    """Compare every two workers of a panel.

    The declared endpoints are the differences under the work arm, one a pair, adjusted by Holm;
    all else is exploratory. Where others were registered, these are exploratory too.

    Args:
        panel: Who is compared on what.
        margin: The smallest difference that would matter, in the units of the scores.
        seed: Of what is drawn.
        mapping: How evidence became scores, for the claims.
        between: Only these pairs; every two by default.
        declared: Whether the differences at work are what the run was to decide.
    """
    chosen = combinations(panel.workers, 2) if between is None else between
    pairs = [_Pair(panel, one, other, margin, seed, declared) for one, other in chosen]
    adjusted = holm([pair.p_value for pair in pairs], level=LEVEL).p_values
    return Comparison(
        estimates=tuple(
            e for pair, p in zip(pairs, adjusted, strict=True) for e in pair.estimates(p)
        ),
        claims=tuple(
            c for pair, p in zip(pairs, adjusted, strict=True) for c in pair.claims(p, mapping)
        ),
    )


class _Pair:
    """One pair of workers."""

    def __init__(
        self, panel: Panel, one: str, other: str, margin: float, seed: int, declared: bool
    ) -> None:
        self.declared = declared
        self.panel, self.one, self.other = panel, one, other
        self.margin, self.seed = margin, seed
        self.scores = panel.of(one), panel.of(other)
        self.proxy, self.work = (self._judged(column) for column in (0, -1))
        # Of the declared endpoint, the difference at work.
        self.p_value = difference_p_value(*self._column(-1))

    def estimates(self, adjusted: float) -> Iterator[Estimate]:
        """Differences under both arms and along the curve, of the gaps, and P(flip)."""
        yield self._difference(0, self.proxy, endpoint="exploratory")
        yield self._difference(
            -1,
            self.work,
            endpoint="declared" if self.declared else "exploratory",
            p_value=finite(self.p_value),
            p_adjusted=finite(adjusted),
        )
        yield self._gap_of_gaps()
        yield from self._curve()
        yield self._flip()

    def claims(self, adjusted: float, mapping: str) -> Iterator[Claim]:
        """Whether the two are level or apart at work, and whether the proxy would have shown it."""
        work = self._after_holm(adjusted)
        under_proxy, under_work = self.panel.in_words
        names = f"{self.one} and {self.other}"
        shared = {
            "threshold": self.margin,
            "detectable": finite(self.work.detectable),
            "mapping": mapping,
            "overturned_by": MORE,
        }
        work_id = self._id(self.panel.metric, self.panel.work)
        yield Claim.model_validate(
            {
                "id": f"{self.panel.trial}/at-work-{self.one}-{self.other}",
                "text": f"{names} are {IN_WORDS[work]} {under_work}",
                "estimates": (work_id,),
                "verdict": "cannot-tell" if work == "cannot-tell" else "met",
                **shared,
            }
        )
        proxy = self.proxy.verdict
        met, tell = (proxy, work) == ("level", "apart"), "cannot-tell" in (proxy, work)
        yield Claim.model_validate(
            {
                "id": f"{self.panel.trial}/level-then-apart-{self.one}-{self.other}",
                "text": f"{names} are {IN_WORDS[proxy]} {under_proxy} and "
                f"{IN_WORDS[work]} {under_work}",
                "estimates": (self._id(self.panel.metric, self.panel.proxy), work_id),
                "verdict": "met" if met else "cannot-tell" if tell else "missed",
                **shared,
            }
        )

    def _after_holm(self, adjusted: float) -> Verdict:
        """The verdict at work; apart only if it holds among all declared endpoints."""
        if self.work.verdict == "apart" and not adjusted <= 1 - LEVEL:
            return "cannot-tell"
        return self.work.verdict

    def _judged(self, column: int) -> Equivalence:
        return equivalence(*self._column(column), margin=self.margin, level=LEVEL)

    def _column(self, column: int) -> tuple[FloatArray, FloatArray]:
        return self.scores[0][:, column], self.scores[1][:, column]

    def _difference(self, column: int, found: Equivalence, **more: object) -> Estimate:
        arm = self.panel.work if column else self.panel.proxy
        return from_interval(
            found.difference,
            id=self._id(self.panel.metric, arm),
            metric=self.panel.metric,
            arm=arm,
            step=self.panel.steps[column] if self.panel.curved else None,
            **self._both(),
            **more,
        )

    def _gap_of_gaps(self) -> Estimate:
        """By how much the one loses more than the other between proxy and work."""
        return from_interval(
            self._of_gaps(),
            id=self._id(f"{self.panel.metric}/gap", self.panel.work),
            metric=self.panel.metric,
            gap=self.panel.gap,
            arm=self.panel.proxy,
            minus_arm=self.panel.work,
            endpoint="exploratory",
            **self._both(),
        )

    def _of_gaps(self) -> Interval:
        if self.panel.paired:
            gaps = [scores[:, 0] - scores[:, -1] for scores in self.scores]
            return paired_difference(gaps[0], gaps[1], bound=2.0)
        # The same number turned round: what the two differ by on each arm's own items.
        return bridged_difference(self._column(0), self._column(-1))

    def _curve(self) -> Iterator[Estimate]:
        if len(self.panel.steps) < 3:
            return
        curve = difference_curve(*self.scores, level=LEVEL, seed=self.seed)
        for i, step in enumerate(self.panel.steps):
            yield from_interval(
                curve.steps[i],
                id=self._id(f"{self.panel.metric}_curve", f"legs-{step}"),
                metric=f"{self.panel.metric}_curve",
                arm=f"legs-{step}",
                step=step,
                band_low=finite(curve.band_low[i]),
                band_high=finite(curve.band_high[i]),
                endpoint="exploratory",
                **self._both(),
            )

    def _flip(self) -> Estimate:
        """The chance that work reverses the order that the proxy gives."""
        proxy, work = (np.array(self._column(column)) for column in (0, -1))
        flip = p_flip(proxy, work, seed=self.seed, shared=self.panel.paired)
        return Estimate.model_validate(
            {
                "id": self._id("p_flip", self.panel.work),
                "metric": "p_flip",
                "gap": self.panel.gap,
                "arm": self.panel.proxy,
                "minus_arm": self.panel.work,
                "value": finite(flip.probability),
                "method": "cluster bootstrap",
                "items": flip.clusters,
                "clusters": flip.clusters,
                "why": flip.why,
                "endpoint": "exploratory",
                **self._both(),
            }
        )

    def _both(self) -> dict[str, str]:
        return {"trial": self.panel.trial, "worker": self.one, "minus_worker": self.other}

    def _id(self, metric: str, arm: str) -> str:
        return f"{self.panel.trial}/{metric}/{self.one}-minus-{self.other}/{arm}"


def decided(claims: Sequence[Claim]) -> bool:
    """Whether every pair is known to be level or apart at work."""
    return all(c.verdict == "met" for c in claims if "/at-work-" in c.id)
