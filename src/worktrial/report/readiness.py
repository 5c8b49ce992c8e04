"""The office's findings looked up, and all that a page shows of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Estimate, Findings
from worktrial.readiness.arms import ARMS, AXES, Axis
from worktrial.readiness.panel import READY_AT, TRIAL
from worktrial.reference import by_name
from worktrial.report.reading import unique
from worktrial.report.words import number, points, why

IN_SHORT: Mapping[Axis, str] = {
    "task_success": "task success",
    "privacy": "privacy",
    "retention": "retention",
    "mode_shift": "mode shift",
    "ecosystem": "ecosystem",
}
"""The axes as heads of columns."""
SEEDED = "seeded"
"""The arm that puts faults in a worker's way."""
AT = round(100 * READY_AT)
"""The threshold at which sentences and claims speak of the dimension gap, in percent."""


@dataclass(frozen=True)
class ReadinessReading:
    """The office's findings looked up; what is not there reads as `None`."""

    findings: Findings

    @cached_property
    def _mine(self) -> list[Estimate]:
        return [e for e in self.findings.estimates if e.trial == TRIAL]

    @cached_property
    def _found(self) -> dict[tuple[object, ...], Estimate]:
        alone = (e for e in self._mine if e.minus_worker is None)
        return {(e.worker, e.metric, e.gap, e.minus_arm or e.arm, e.axis, e.step): e for e in alone}

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        names = {e.worker for e in self._mine if e.worker != EVERYONE}
        return by_name(names)

    @cached_property
    def compared(self) -> list[str]:
        """Those who were compared with each other."""
        ranked = {e.worker for e in self._mine if e.metric == "axis_rank"}
        return [worker for worker in self.workers if worker in ranked]

    @cached_property
    def axes(self) -> list[Axis]:
        """The axes that were run."""
        run = {e.axis for e in self._mine if e.metric == "axis"}
        return [axis for axis in AXES if axis in run]

    @cached_property
    def clusters(self) -> int:
        """How many items there are, at most."""
        return max((e.clusters for e in self._mine if e.clusters is not None), default=0)

    @cached_property
    def arms(self) -> list[str]:
        """The arms that were run, in their order."""
        run = {e.arm for e in self._mine if e.metric == "success" and e.gap is None}
        return [arm for arm in ARMS if arm in run]

    def arms_of(self, axis: Axis) -> list[str]:
        """The arms of an axis that were run, its gaps being there."""
        lost = {e.minus_arm for e in self._mine if e.gap == axis}
        return [arm for arm in self.arms if arm in lost]

    def axis(self, worker: str, axis: Axis) -> Estimate | None:
        """An axis of a worker."""
        return self._found.get((worker, "axis", None, None, axis, None))

    def get(
        self, worker: str, metric: str, arm: str = "native", step: int | None = None
    ) -> Estimate | None:
        """A score under an arm."""
        step = ARMS[arm].between if step is None and arm in ARMS else step
        return self._found.get((worker, metric, None, arm, None, step))

    def gap(self, worker: str, arm: str) -> Estimate | None:
        """What is lost under an arm."""
        of = ARMS[arm]
        return self._found.get((worker, "success", of.gap, arm, None, of.between))

    def fault(self, worker: str, metric: str, kind: str | None = None) -> Estimate | None:
        """What is said of faults in a worker's way, of all or of a kind."""
        return self._found.get((worker, metric, None, SEEDED, kind, None))

    def curve(self, worker: str, metric: str, gap: str | None = None) -> list[Estimate]:
        """What is estimated along a threshold, in percent."""
        mine = [e for e in self._mine if (e.worker, e.metric, e.gap) == (worker, metric, gap)]
        return sorted((e for e in mine if e.step is not None), key=lambda e: e.step or 0)

    def hidden(self, worker: str, percent: int = AT) -> Estimate | None:
        """The dimension gap at a threshold."""
        curve = self.curve(worker, "ready", "dimension")
        return next((e for e in curve if e.step == percent), None)

    def of_axes(
        self, metric: str, one: Axis, other: Axis, pair: tuple[str, str | None] = (EVERYONE, None)
    ) -> Estimate | None:
        """What is said of two axes: of all workers together, or of a pair."""
        names = (f"{one}/{other}", f"{other}/{one}")
        found = (e for e in self._mine if e.metric == metric and e.axis in names)
        return next((e for e in found if (e.worker, e.minus_worker) == pair), None)

    @cached_property
    def withheld(self) -> str | None:
        """Why there is no agreement of axes at all; `None` where there is some."""
        found = [e for e in self._mine if e.metric == "axis_agreement"]
        if any(e.value is not None for e in found):
            return None
        return next((e.why for e in found if e.why), "fewer than two axes were run")

    def rank(self, worker: str, axis: Axis) -> Estimate | None:
        """A worker's rank on an axis."""
        return self._found.get((worker, "axis_rank", None, None, axis, None))

    def chance(self, worker: str, metric: str) -> Estimate | None:
        """A chance of a worker, such as to be on the front."""
        return self._found.get((worker, metric, None, None, None, None))

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The workers whose order on two axes was compared, pair by pair."""
        found = (e for e in self._mine if e.metric == "axis_flip" and e.minus_worker)
        return unique((e.worker, str(e.minus_worker)) for e in found)


def readiness_sentence(reading: ReadinessReading, worker: str) -> str:
    """What an office says of a worker, for the person who decides."""
    known = {axis: reading.axis(worker, axis) for axis in reading.axes}
    values = {a: e.value for a, e in known.items() if e is not None and e.value is not None}
    success = known.get("task_success")
    text = f"Task success {number(success)}"
    if reading.hidden(worker) is not None:
        text += f": {_hidden(reading.hidden(worker))}"
    others = {axis: value for axis, value in values.items() if axis != "task_success"}
    if others:
        lowest = min(others, key=lambda axis: (others[axis], axis))
        text += f". Its lowest other axis is {IN_SHORT[lowest]}, {number(known[lowest])}"
    return f"{text}."


def _hidden(gap: Estimate | None) -> str:
    if gap is None or gap.value is None:
        return f"how much that hides cannot be told ({why(gap)})"
    size = number(gap, points, "points")
    return f"of it {size} are items on which some axis is below {AT} %"


def evidence_of(reading: ReadinessReading) -> Sequence[tuple[str, str, str, str]]:
    """The five conditions of an ecosystem that is ready: a checklist, and not a measurement.

    Returns:
        For each its name, what it asks, which estimates of this run are evidence, and what none of
        them can show.
    """
    run = {*reading.axes, *reading.arms}
    return [
        (name, asks, "; ".join(text for needs, text in pointers if needs in run), lacks)
        for name, asks, pointers, lacks in _CONDITIONS
    ]


_CONDITIONS: Sequence[tuple[str, str, Sequence[tuple[str, str]], str]] = (
    (
        "Value generation",
        "Does its work come to more than what it costs?",
        (
            ("task_success", "task success (axis, pass_k)"),
            ("native", "calls, and what they cost (calls, Cost)"),
        ),
        "what a finished task is worth, and what a failed one costs",
    ),
    (
        "Adaptable personalisation",
        "Does it learn what a person wants, and follow when that changes?",
        (
            ("retention", "what was kept, by distance (kept, used_right, used_stale)"),
            ("midway", "success when the request changes (success under midway)"),
        ),
        "what nobody said in words; habits over months",
    ),
    (
        "Trustworthiness",
        "Does it keep to what it may see, and bear up when things fail?",
        (
            ("privacy", "privacy and leaks (axis, pqsr, leaks_any)"),
            ("scoped", "success where writing needs a scope (success under scoped)"),
            ("faulty", "success where calls fail (success under faulty)"),
            ("seeded", "faults that it noticed (catch_rate, repair_rate)"),
        ),
        "an adversary; whether it says truly what it did",
    ),
    (
        "Social acceptability",
        "Would the people around it be content with how it deals with them?",
        (
            ("privacy", "what it asks for and sends out (requests, leaks_third_party)"),
            ("retention", "confidences noted, things not forgotten (unconsented, remembered)"),
        ),
        "what people say: nobody was asked",
    ),
    (
        "Standardisation",
        "Does it work with tools that it has not met, over standard ways?",
        (
            ("mcp", "success over MCP (success under mcp)"),
            ("renamed", "success under other names and types (success under renamed)"),
            ("paged", "success with pages (success under paged)"),
            ("crowded-20", "success among unrelated tools (success under crowded-20)"),
        ),
        "tools of others: all of these are our office's",
    ),
)
