"""Registered endpoints: judged together, so that the chance of one false claim is the level's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from worktrial.comparison.pairs import LEVEL, MORE, Comparison
from worktrial.comparison.panel import FloatArray, Panel
from worktrial.estimate import Interval, difference_p_value, holm, paired_difference
from worktrial.evidence.findings import Claim, Estimate, Verdict, finite, from_interval
from worktrial.protocol.registration import Endpoint

Panels = Callable[[str], Panel | None]
"""The panel of a metric, if the run measured it."""
REGISTERED = "endpoint/"
"""How the ids of what was registered begin."""


def judge_endpoints(endpoints: Sequence[Endpoint], panels: Panels, *, mapping: str) -> Comparison:
    """Judge what was registered of a trial, all of it adjusted together by Holm.

    An endpoint that the run cannot measure stays *cannot tell* and still counts as a test.

    Args:
        endpoints: As they were registered.
        panels: Where to find their metrics.
        mapping: How evidence became scores, for the claims.
    """
    found = [
        _judged(endpoint, about, panels(endpoint.metric))
        for endpoint in endpoints
        for about in (endpoint.pairs or [(worker, "") for worker in endpoint.workers])
    ]
    adjusted = holm([each.p_value for each in found], level=LEVEL).p_values
    pairs = list(zip(found, adjusted, strict=True))
    return Comparison(
        tuple(each.estimate(p) for each, p in pairs),
        tuple(each.claim(p, mapping) for each, p in pairs),
    )


def corrected_together(
    estimates: Sequence[Estimate], claims: Sequence[Claim]
) -> tuple[list[Estimate], list[Claim]]:
    """Adjust what was registered over all trials of a run, whatever else is found with it.

    Each trial judges its own endpoints; the chance of one false claim is the level's only if
    those of all trials are one family. A claim that holds among those of its trial alone cannot be
    told.

    Args:
        estimates: Of all trials.
        claims: Of all trials.

    Returns:
        The same, those of registered endpoints with what they are among all of them.
    """
    mine = [e for e in estimates if e.id.startswith(REGISTERED)]
    p_values = [np.nan if e.p_value is None else e.p_value for e in mine]
    adjusted = dict(zip((e.id for e in mine), holm(p_values, level=LEVEL).p_values, strict=True))
    return (
        [
            e.model_copy(update={"p_adjusted": finite(adjusted[e.id])}) if e.id in adjusted else e
            for e in estimates
        ],
        [_corrected(claim, adjusted) for claim in claims],
    )


def _corrected(claim: Claim, adjusted: Mapping[str, float]) -> Claim:
    found = [adjusted[identity] for identity in claim.estimates if identity in adjusted]
    if claim.verdict != "met" or all(p <= 1 - LEVEL for p in found):
        return claim
    return claim.model_copy(update={"verdict": "cannot-tell"})


@dataclass(frozen=True)
class _Judged:
    """One endpoint of one worker or pair, before it is adjusted.

    Attributes:
        endpoint: What was registered.
        about: The pair, or the worker and nothing.
        interval: Its difference or gap.
        p_value: Against what it denies; NaN where it could not be measured.
        refuted: Whether the data show the opposite.
        arms: The arm it is measured under, or the two arms of its gap.
    """

    endpoint: Endpoint
    about: tuple[str, str]
    interval: Interval
    p_value: float
    refuted: bool
    arms: tuple[str, str]

    @property
    def _id(self) -> str:
        return f"{REGISTERED}{self.endpoint.id}/{'-minus-'.join(filter(None, self.about))}"

    def estimate(self, adjusted: float) -> Estimate:
        """The number that the endpoint rests on."""
        worker, other = self.about
        arm, minus_arm = self.arms
        return from_interval(
            self.interval,
            id=self._id,
            trial=self.endpoint.trial,
            metric=self.endpoint.metric,
            worker=worker,
            minus_worker=other or None,
            gap=self.endpoint.gap,
            arm=arm,
            minus_arm=minus_arm or None,
            endpoint="declared",
            p_value=finite(self.p_value),
            p_adjusted=finite(adjusted),
        )

    def claim(self, adjusted: float, mapping: str) -> Claim:
        """What was to be shown, and whether it is."""
        verdict: Verdict = "cannot-tell"
        if adjusted <= 1 - LEVEL:
            verdict = "met"
        elif self.refuted:
            verdict = "missed"
        return Claim(
            id=f"registered-{self._id}",
            text=f"registered {self.endpoint.id}: {self._words()}",
            estimates=(self._id,),
            threshold=self.endpoint.margin,
            verdict=verdict,
            mapping=mapping,
            overturned_by=MORE,
        )

    def _words(self) -> str:
        one, other = self.about
        margin = self.endpoint.margin
        match self.endpoint.kind:
            case "level":
                return f"{one} and {other} are level within {margin:g} in {self.endpoint.metric}"
            case "difference":
                how = {"greater": "scores more than", "less": "scores less than"}
                verb = how.get(self.endpoint.direction, "differs from")
                return f"{one} {verb} {other} in {self.endpoint.metric}"
            case _:
                most = self.endpoint.direction == "less"
                return f"{one} loses {'less' if most else 'more'} than {margin or 0:g} over the gap"


def _judged(endpoint: Endpoint, about: tuple[str, str], panel: Panel | None) -> _Judged:
    names = [name for name in about if name]
    if panel is None or panel.trial != endpoint.trial or any(n not in panel.workers for n in names):
        return _unmeasured(endpoint, about, "this run did not measure it")
    if endpoint.gap is not None and endpoint.gap != panel.gap:
        return _unmeasured(endpoint, about, f"this run has the gap {panel.gap} only")
    if endpoint.kind == "gap" and not panel.paired:
        return _unmeasured(endpoint, about, "its arms share no items, and no test of that is fixed")
    if endpoint.step is not None and endpoint.step not in panel.steps:
        return _unmeasured(endpoint, about, f"this run has no step {endpoint.step}")
    column = panel.steps.index(endpoint.step) if endpoint.step else _column(endpoint, panel)
    one, other = _columns(panel, about, column)
    interval = paired_difference(one, other, level=LEVEL)
    p_value, refuted = _tested(endpoint, one - other, interval)
    at = panel.proxy if column == 0 else f"legs-{panel.steps[column]}"
    return _Judged(endpoint, about, interval, p_value, refuted, _arms(endpoint, panel, at))


def _arms(endpoint: Endpoint, panel: Panel, at: str) -> tuple[str, str]:
    return (panel.proxy, at) if endpoint.kind == "gap" else (at, "")


def _column(endpoint: Endpoint, panel: Panel) -> int:
    return 0 if endpoint.arm == panel.proxy and endpoint.kind != "gap" else len(panel.steps) - 1


def _columns(panel: Panel, about: tuple[str, str], column: int) -> tuple[FloatArray, FloatArray]:
    one, other = about
    if other:
        return panel.of(one)[:, column], panel.of(other)[:, column]
    return panel.of(one)[:, 0], panel.of(one)[:, column]


def _tested(endpoint: Endpoint, differences: FloatArray, interval: Interval) -> tuple[float, bool]:
    """The p-value of what is to be shown, and whether its opposite is."""
    margin = endpoint.margin or 0.0
    if endpoint.kind == "level":
        sides = (_above(differences, -margin), _above(-differences, -margin))
        return max(sides), bool(interval.low > margin or interval.high < -margin)
    bar = margin if endpoint.kind == "gap" else 0.0
    if endpoint.direction == "two-sided" and endpoint.kind == "difference":
        p_value = difference_p_value(differences, np.zeros(differences.size))
        return p_value, bool(-margin < interval.low and interval.high < margin)
    if endpoint.direction == "less":
        return _above(-differences, -bar), bool(interval.low > bar)
    return _above(differences, bar), bool(interval.high < bar)


def _above(differences: FloatArray, bar: float) -> float:
    """Test that a mean is at most `bar` against that it is more."""
    two_sided = difference_p_value(differences, np.zeros(differences.size), null=bar)
    return two_sided / 2 if np.nanmean(differences) > bar else 1 - two_sided / 2


def _unmeasured(endpoint: Endpoint, about: tuple[str, str], why: str) -> _Judged:
    nothing = Interval(np.nan, np.nan, np.nan, LEVEL, "none", 0, why)
    return _Judged(endpoint, about, nothing, np.nan, False, (endpoint.arm or "", ""))
