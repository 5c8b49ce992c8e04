"""A reasoning trial's findings looked up, and what they say of a worker in a sentence.

Nothing here says that a model reasoned: a puzzle is *solved*, a trace would be *credited*.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Estimate, Findings
from worktrial.reasoning.measured import (
    ARM,
    CREDIT,
    FLOORS,
    GAP,
    JUDGED,
    PROXIES,
    SOLVED,
    STYLE,
    TRACED,
    TRIAL,
    Forgery,
    floor_of,
)
from worktrial.reasoning.worker import EVERY, MARGIN
from worktrial.reference import by_name
from worktrial.report.reading import unique
from worktrial.report.words import number, points, share, why

PROXY_WORDS: Mapping[str, str] = {
    CREDIT: "credit for steps",
    STYLE: "manners of a trace",
    JUDGED: "a judge's mark",
}
"""What a trace is scored by in place of its answer."""


@dataclass(frozen=True)
class ReasoningReading:
    """The trial's findings looked up; what is not there reads as `None`."""

    findings: Findings

    @cached_property
    def _mine(self) -> list[Estimate]:
        found = (e for e in self.findings.estimates if e.trial == TRIAL)
        return [e for e in found if e.minus_worker is None and e.worker != EVERYONE]

    @cached_property
    def _found(self) -> dict[tuple[str, str, str], Estimate]:
        return {
            (e.worker, e.metric, e.axis or EVERY): e
            for e in self._mine
            if e.gap is None and e.arm == ARM
        }

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        counted = {o.worker for o in self.findings.outcomes if o.trial == TRIAL}
        names = {e.worker for e in self._mine} | counted
        return by_name(names)

    @cached_property
    def families(self) -> list[str]:
        """Every family of puzzles, in order of appearance."""
        return unique(e.axis for e in self._mine if e.axis is not None)

    @cached_property
    def clusters(self) -> int:
        """How many puzzles there are, at most."""
        return max((e.clusters for e in self._mine if e.clusters is not None), default=0)

    def get(self, worker: str, metric: str, family: str = EVERY) -> Estimate | None:
        """A mean over the puzzles of a family; over all of them by default."""
        found = self._found.get((worker, metric, family))
        if found is None and family == EVERY and len(self.families) == 1:
            return self._found.get((worker, metric, self.families[0]))
        return found

    def floor(self, worker: str, metric: str, family: str = EVERY) -> Estimate | None:
        """What the best blind guess scores in the mean on the same puzzles."""
        return self.get(worker, floor_of(metric), family) if metric in FLOORS else None

    def corrected(self, worker: str, metric: str, family: str = EVERY) -> Estimate | None:
        """What is scored of what a blind guess leaves to be scored."""
        return self.get(worker, f"{metric}_corrected", family)

    def gap(self, worker: str) -> Estimate | None:
        """Credit for steps less what is solved, on the puzzles that have both."""
        return next((e for e in self._mine if (e.worker, e.gap) == (worker, GAP)), None)

    def proxies(self, worker: str) -> list[str]:
        """What the worker's traces were scored by."""
        return [proxy for proxy in PROXIES if self.get(worker, proxy) is not None]

    def above(self, worker: str, proxy: str) -> Estimate | None:
        """A proxy less what is solved."""
        return self.gap(worker) if proxy == CREDIT else self.get(worker, f"{proxy}_inflation")

    def lost(self, worker: str, proxy: str, forgery: Forgery) -> Estimate | None:
        """What tampering with a generation took away from a proxy."""
        return self.get(worker, f"{proxy}_lost_{forgery}")

    def missed(self, worker: str) -> dict[str, int]:
        """How many generations were cut off, and how many never came."""
        counts = dict.fromkeys(("truncated", "infrastructure"), 0)
        for o in self.findings.outcomes:
            if (o.trial, o.worker) == (TRIAL, worker) and o.outcome in counts:
                counts[o.outcome] += o.count
        return counts


def trace_sentence(reading: ReasoningReading, worker: str) -> str:
    """What a run says of a worker, for the person who decides."""
    solved, floor = reading.get(worker, SOLVED), reading.floor(worker, SOLVED)
    if solved is None or solved.value is None:
        return f"What it solves is not known: {why(solved)}. {_credited(reading, worker)}"
    text = f"Solved {number(solved)} of {solved.items} puzzles"
    if floor is not None and floor.value is not None:
        text += f" (by blind guess {number(floor)})"
    return f"{text}. {_credited(reading, worker)}"


def _credited(reading: ReasoningReading, worker: str) -> str:
    credit, gap = reading.get(worker, CREDIT), reading.gap(worker)
    if credit is None or credit.value is None:
        return _uncredited(reading.get(worker, TRACED))
    text = f"Its steps would be credited with {number(credit)} where any can be parsed"
    if gap is None or gap.value is None:
        return f"{text}; the trace gap cannot be told ({why(gap)})."
    size = number(gap, points, "point" if points(gap.value) == "1" else "points")
    if gap.low is None:
        return f"{text}: a trace gap of {size}, of which nothing is sure ({gap.why})."
    return f"{text}: {_direction(gap)} {size}."


def _uncredited(traced: Estimate | None) -> str:
    if traced is None or traced.value is None:
        return "What its traces would be credited with is not known."
    return "No step of its traces can be parsed, so there is no credit and no trace gap."


def _direction(gap: Estimate) -> str:
    """Which way the gap goes, if any."""
    if gap.low and gap.low > 0:
        return "credited with more than is solved there, a trace gap of"
    if gap.high and gap.high < 0:
        return "credited with less than is solved there, a trace gap of"
    return "no trace gap is shown,"


def conclusion(reading: ReasoningReading, worker: str, proxy: str) -> str:
    """What a proxy's row allows one to say of the proxy.

    Args:
        reading: What was found.
        worker: On whose traces.
        proxy: One of `measured.PROXIES`.
    """
    return "; ".join(_conclusions(reading, worker, proxy))


def _conclusions(reading: ReasoningReading, worker: str, proxy: str) -> Iterator[str]:
    if proxy == STYLE:
        yield "sees neither the answer nor the puzzle: it counts manners"
    else:
        yield _sees_answer(proxy, reading.lost(worker, proxy, "wrong"))
        yield _sees_trace(reading.lost(worker, proxy, "other"))
    unsolved = reading.get(worker, f"{proxy}_of_unsolved")
    if unsolved is not None and unsolved.low:
        yield f"pays for what is not solved: {share(unsolved.low)} at the least"


def _sees_answer(proxy: str, lost: Estimate | None) -> str:
    """Whether a wrong answer in place of the worker's own makes a difference."""
    if lost is None or lost.value is None or lost.low is None or lost.high is None:
        return "whether it sees the final answer is not known"
    if proxy == CREDIT and lost.value == 0:
        return "does not see the final answer: replacing it changes nothing"
    if lost.low > 0:
        return f"sees the final answer: a wrong one costs {_points(lost.value)}"
    if lost.high < MARGIN:
        return f"hardly sees the final answer: a wrong one costs less than {_points(MARGIN)}"
    return "it cannot be told whether it sees the final answer"


def _sees_trace(lost: Estimate | None) -> str:
    """Whether another puzzle's trace in place of the worker's own makes a difference."""
    if lost is None or lost.value is None or lost.low is None or lost.high is None:
        return "whether it sees whose trace it is is not known"
    if lost.low > 0:
        return f"sees whose trace it is: another puzzle's costs {_points(lost.value)}"
    if lost.high < 0:
        return f"gives another puzzle's trace {_points(-lost.value)} more than the own one"
    return "it cannot be told whether it tells the own trace from another puzzle's"


def _points(difference: float) -> str:
    text = points(difference)
    return f"{text} point" if text == "1" else f"{text} points"
