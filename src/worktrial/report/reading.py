"""Findings looked up: what a run says of a worker, by metric and arm."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from worktrial.comparison.order import EVERYONE
from worktrial.comparison.public import METRICS as PUBLIC
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.reference import by_name, is_reference

TRIAL = "relay"
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Reading:
    """The relay's findings, for whoever writes about them; what is not there reads as `None`."""

    findings: Findings

    @cached_property
    def _scores(self) -> list[Estimate]:
        # What it means beside a leaderboard is told in a section of its own.
        mine = (e for e in self.findings.estimates if e.trial == TRIAL)
        found = (e for e in mine if e.metric not in PUBLIC)
        return [
            e for e in found if e.minus_worker is None and e.axis is None and e.worker != EVERYONE
        ]

    @cached_property
    def _found(self) -> dict[tuple[str, str, str | None, str | None], Estimate]:
        return {(e.worker, e.metric, e.arm, e.gap): e for e in self._scores}

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        names = {e.worker for e in self._scores} | {
            o.worker for o in self.findings.outcomes if o.trial == TRIAL
        }
        return by_name(names)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The workers that were compared with each other."""
        found = (e for e in self.findings.estimates if e.trial == TRIAL and e.minus_worker)
        return unique((e.worker, str(e.minus_worker)) for e in found)

    def between(
        self, pair: tuple[str, str], metric: str, arm: str | None = None
    ) -> Estimate | None:
        """An estimate about two workers."""
        return next(
            (
                e
                for e in self.findings.estimates
                if (e.trial, e.worker, e.minus_worker) == (TRIAL, *pair)
                and e.metric == metric
                and arm in (None, e.arm)
            ),
            None,
        )

    @cached_property
    def rank_agreement(self) -> Estimate | None:
        """How far the first round trip and the last agree on the order of workers."""
        mine = (e for e in self.findings.estimates if e.trial == TRIAL)
        return next((e for e in mine if e.metric == "rank_agreement"), None)

    @cached_property
    def first(self) -> int:
        """The leg that ends the first round trip."""
        return min(self._backward, default=2)

    @cached_property
    def last(self) -> int:
        """The leg that ends the last round trip."""
        return max(self._backward, default=2)

    @cached_property
    def _backward(self) -> set[int]:
        return {e.step for e in self._scores if e.metric == "fidelity" and e.step is not None}

    @cached_property
    def thresholds(self) -> list[str]:
        """The arms of the safe delegation length, strictest first."""
        return sorted(self.arms("safe_length", "threshold-"), key=threshold, reverse=True)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """Claims by id."""
        return {claim.id: claim for claim in self.findings.claims}

    @cached_property
    def clusters(self) -> int:
        """How many independent documents there are, at most."""
        return max((e.clusters for e in self._scores if e.clusters is not None), default=0)

    @cached_property
    def level(self) -> str:
        """The confidence level of the intervals, in words."""
        levels = sorted({e.level for e in self._scores if e.level is not None})
        return " and ".join(f"{100 * level:g} %" for level in levels) or "95 %"

    def arms(self, metric: str, prefix: str) -> list[str]:
        """The arms of a metric that begin with `prefix`, each once."""
        arms = (e.arm for e in self._scores if e.metric == metric)
        return unique(arm for arm in arms if arm is not None and arm.startswith(prefix))

    def get(self, worker: str, metric: str, arm: str | None = None) -> Estimate | None:
        """A score under an arm; under whichever there is, if none is named."""
        if arm is not None:
            return self._found.get((worker, metric, arm, None))
        of_metric = (e for e in self._scores if (e.worker, e.metric) == (worker, metric))
        return next(of_metric, None)

    def at(self, worker: str, leg: int, metric: str = "fidelity") -> Estimate | None:
        """A relay metric after a leg."""
        return self.get(worker, metric, f"legs-{leg}")

    def gap(self, worker: str) -> Estimate | None:
        """The horizon gap."""
        of_gap = (e for e in self._scores if (e.worker, e.gap) == (worker, "horizon"))
        return next(of_gap, None)

    def curve(self, worker: str, metric: str = "fidelity") -> list[Estimate]:
        """A metric over the legs, those without a value too."""
        mine = [e for e in self._scores if (e.worker, e.metric, e.gap) == (worker, metric, None)]
        return sorted((e for e in mine if e.step is not None), key=lambda e: e.step or 0)


def threshold(arm: str) -> float:
    """The number in the name of a threshold's arm."""
    return float(arm.removeprefix("threshold-"))


def of_interest(findings: Findings) -> list[Claim]:
    """The claims about those on trial; about reference workers only where nobody else is."""
    about = {e.id: e.worker for e in findings.estimates}
    real = [
        claim
        for claim in findings.claims
        if not claim.estimates
        or not any(is_reference(about.get(identity, "")) for identity in claim.estimates)
    ]
    return real if any(claim.estimates for claim in real) else list(findings.claims)


def unique(names: Iterable[Name]) -> list[Name]:
    """Each name once, in order of appearance."""
    return list(dict.fromkeys(names))
