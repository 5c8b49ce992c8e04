"""The gaps as rows: what a benchmark would have measured, what the job needs, the loss."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from worktrial.comparison.endpoints import REGISTERED
from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Claim, Estimate, Findings, Verdict
from worktrial.readiness.panel import READY_AT
from worktrial.reference import by_name

PERCENT = round(100 * READY_AT)


class Gap(NamedTuple):
    """A gap: where it is measured, how its numbers are found, and how it is said.

    Attributes:
        name: As estimates have it.
        trial: That measures it.
        metric: Of the loss, and of both ends where these have none of their own.
        proxy: What a benchmark would have measured, in words.
        work: What the job needs, in words.
        lost: A loss that is shown, in words around `{}`.
        asks: What its claim asks, in words around its threshold in points `{}`.
        proxy_metric: Of the proxy.
        work_metric: Of the work.
        arm: Of the loss, where it is measured under several.
        step: Of the loss and of the work, where there is a curve of them.
        good: The verdict of its claim that is good news.
    """

    name: str
    trial: str
    metric: str
    proxy: str
    work: str
    lost: str
    asks: str = ""
    proxy_metric: str = ""
    work_metric: str = ""
    arm: str | None = None
    step: int | None = None
    good: Verdict = "met"


def _conduct(trial: str, arm: str | None) -> Gap:
    return Gap(
        "conduct", trial, "clean_success", "success", "success reached cleanly",
        "{} of its success is not clean", proxy_metric="outcome_success", arm=arm,
    )  # fmt: skip


GAPS: tuple[Gap, ...] = (
    Gap(
        "horizon", "relay", "fidelity", "after one round trip", "at the end of the relay",
        "it loses {} over the relay", "loses at most {} points over the relay",
    ),
    Gap(
        "specification", "search", "f1", "all said", "has to be asked for",
        "it loses {} where it has to ask", "loses at most {} points where it has to ask",
    ),
    Gap(
        "dimension", "office", "ready", "success", f"every axis at {PERCENT} %",
        f"{{}} of its success are items with an axis below {PERCENT} %",
        f"hides at most {{}} points below {PERCENT} % on some axis",
        proxy_metric="success", step=PERCENT,
    ),
    _conduct("office", "native"),
    _conduct("relay", None),
    _conduct("search", "simulated"),
    Gap(
        "protocol", "relay", "fidelity", "under the first protocol", "under another",
        "another protocol costs it {}",
    ),
    Gap(
        "memorisation", "memorisation", "accuracy", "as published", "on fresh texts",
        "it scores {} more on published items than on fresh ones",
        "scores higher for having met the items, by more than {} points",
        good="missed",
    ),
    Gap(
        "instruction", "ablate", "score", "with the instruction", "with its form alone",
        "the instruction is worth {} to it", "uses the instruction",
    ),
    Gap(
        "trace", "reasoning", "solved", "credit for its trace", "solved",
        "its traces earn {} more than it solves", "is credited with more than it solves",
        proxy_metric="credit", good="missed",
    ),
    Gap(
        "contrast", "contrast", "score", "on the proxy", "at work",
        "it loses {} from the proxy to work", "loses at most {} points from the proxy to work",
    ),
)  # fmt: skip
"""In the order of the mission, and last any proxy against any work; of a gap that several trials
measure, the first that was run."""


class Measured(NamedTuple):
    """A gap of a worker.

    Attributes:
        gap: Which.
        worker: Whose.
        proxy: Its score under the proxy arm.
        work: Its score at work; under several protocols of another one each.
        loss: The paired difference of each of these.
        claim: What is claimed of it.
    """

    gap: Gap
    worker: str
    proxy: Estimate | None
    work: tuple[Estimate, ...]
    loss: tuple[Estimate, ...]
    claim: Claim | None


@dataclass(frozen=True)
class Gaps:
    """A run's gaps, by worker."""

    findings: Findings

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        named = {e.worker for e in self.findings.estimates if e.worker != EVERYONE}
        named |= {o.worker for o in self.findings.outcomes}
        return by_name(named)

    @cached_property
    def rows(self) -> list[Gap]:
        """The gaps that were measured, each once."""
        run: dict[str, Gap] = {}
        for gap in GAPS:
            if any(_is_of(gap, e) for e in self._losses):
                run.setdefault(gap.name, gap)
        return list(run.values())

    def of(self, gap: Gap, worker: str) -> Measured | None:
        """A gap of a worker; `None` where it was not measured."""
        loss = tuple(e for e in self._losses if e.worker == worker and _is_of(gap, e))
        if not loss:
            return None
        work = (self._work(gap, each) for each in loss)
        return Measured(
            gap,
            worker,
            self._score(loss[0], gap.proxy_metric or gap.metric, loss[0].arm, None),
            tuple(each for each in work if each is not None),
            loss,
            next((self._claims[e.id] for e in loss if e.id in self._claims), None),
        )

    def every(self) -> Iterator[Measured]:
        """Every gap of everyone."""
        for gap in self.rows:
            for worker in self.workers:
                if (found := self.of(gap, worker)) is not None:
                    yield found

    @cached_property
    def between(self) -> Mapping[str, Estimate]:
        """Differences between two workers, by id."""
        return {e.id: e for e in self.findings.estimates if e.minus_worker}

    @cached_property
    def _losses(self) -> list[Estimate]:
        # What was registered is claimed by itself, beside the trial's own numbers.
        mine = (e for e in self.findings.estimates if not e.id.startswith(REGISTERED))
        return [e for e in mine if e.gap and not e.minus_worker]

    @cached_property
    def _scores(self) -> Mapping[tuple[object, ...], Estimate]:
        """The first of each; one of a family of puzzles only where no other family was run."""
        alone = [e for e in self.findings.estimates if not e.gap and not e.minus_worker]
        found: dict[tuple[object, ...], Estimate] = {}
        for e in sorted(alone, key=lambda e: e.axis is not None):
            found.setdefault((e.trial, e.worker, e.metric, e.arm, e.step), e)
        return found

    @cached_property
    def _claims(self) -> Mapping[str, Claim]:
        """The first claim about each estimate."""
        claims = reversed(self.findings.claims)
        return {identity: claim for claim in claims for identity in claim.estimates[:1]}

    def _work(self, gap: Gap, loss: Estimate) -> Estimate | None:
        return self._score(loss, gap.work_metric or gap.metric, loss.minus_arm, gap.step)

    def _score(
        self, loss: Estimate, metric: str, arm: str | None, step: int | None
    ) -> Estimate | None:
        """The plain score under an arm, at a leg where the arm is one; under the loss's own."""
        at = _leg(arm) if step is None else step
        for named in (arm, loss.arm):
            found = self._scores.get((loss.trial, loss.worker, metric, named, at))
            if found is not None:
                return found
        return None


def _is_of(gap: Gap, loss: Estimate) -> bool:
    return (
        (loss.gap, loss.trial, loss.metric) == (gap.name, gap.trial, gap.metric)
        and gap.arm in (None, loss.arm)
        and gap.step in (None, loss.step)
    )


def _leg(arm: str | None) -> int | None:
    return int(arm.removeprefix("legs-")) if arm and arm.startswith("legs-") else None
