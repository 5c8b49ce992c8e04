"""The ablation's findings looked up, and what they say of a worker in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Estimate, Findings
from worktrial.instruction.arms import (
    ARMS,
    EMPTY,
    FORMAT_ONLY,
    FULL,
    NO_INPUT,
    PARAPHRASES,
    PERMUTED,
    WRONG,
)
from worktrial.instruction.extract import SCORE, TRIAL, WRONG_KEY
from worktrial.instruction.panel import GAP
from worktrial.instruction.worker import HALF, MARGIN, OBEYS
from worktrial.reference import by_name
from worktrial.report.words import number, points, share, why


@dataclass(frozen=True)
class AblateReading:
    """The ablation's findings looked up; what is not there reads as `None`."""

    findings: Findings

    @cached_property
    def _mine(self) -> list[Estimate]:
        return [e for e in self.findings.estimates if e.trial == TRIAL and e.minus_worker is None]

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        counted = {o.worker for o in self.findings.outcomes if o.trial == TRIAL}
        names = {e.worker for e in self._mine if e.worker != EVERYONE} | counted
        return by_name(names)

    @cached_property
    def arms(self) -> list[str]:
        """Every arm that was run, in the order in which arms are declared."""
        seen = {e.arm for e in self._mine if e.metric == SCORE and e.gap is None}
        return [arm for arm in ARMS if arm in seen]

    @cached_property
    def clusters(self) -> int:
        """How many items there are, at most."""
        return max((e.clusters for e in self._mine if e.clusters is not None), default=0)

    def get(
        self, worker: str, metric: str, arm: str | None = None, gap: str | None = None
    ) -> Estimate | None:
        """An estimate of one worker."""
        wanted = (worker, metric, arm, gap)
        return next((e for e in self._mine if (e.worker, e.metric, e.arm, e.gap) == wanted), None)

    def wordings(self, worker: str) -> list[Estimate]:
        """The score as the task shows it less that under each other form of the same words."""
        return [e for e in self._mine if (e.worker, e.metric) == (worker, "wording")]

    def measured(self, worker: str, measure: "Measure") -> Estimate | None:
        """What is known of a measure."""
        return self.get(worker, measure.metric, measure.arm, measure.gap)

    @property
    def guess(self) -> float:
        """What can be had without looking at the input."""
        return max((e.value or 0.0 for e in self._mine if e.metric == "guess"), default=0.0)

    def row(self, worker: str) -> dict[str, Estimate | None]:
        """What the table in a terminal says of a worker."""
        return {
            "score": self.get(worker, SCORE, FULL),
            "score with the form alone": self.get(worker, SCORE, FORMAT_ONLY),
            "score with the input alone": self.get(worker, SCORE, EMPTY),
            "instruction gap": self.get(worker, SCORE, FULL, GAP),
            "share explained by form": self.get(worker, "format_share"),
            "own answer although asked otherwise": self.get(worker, "stickiness", WRONG),
            "new names followed": self.get(worker, "flip_compliance", PERMUTED),
        }


Says = Callable[[AblateReading, Estimate], str]


class Measure(NamedTuple):
    """What is said of a worker beside its scores.

    Attributes:
        words: What it is.
        metric: Its estimate's.
        arm: Its estimate's.
        needs: The arms without which it is not known.
        says: The plain conclusion that its estimate allows.
        unit: How it is written.
        gap: Its estimate's.
    """

    words: str
    metric: str
    arm: str | None
    needs: tuple[str, ...]
    says: Says
    unit: Callable[[float], str] = share
    gap: str | None = None


def instruction_sentence(reading: AblateReading, worker: str) -> str:
    """What a run says of a worker, for the person who decides."""
    full, form = (reading.get(worker, SCORE, arm) for arm in (FULL, FORMAT_ONLY))
    used = reading.get(worker, SCORE, FULL, GAP)
    if used is None or used.value is None:
        return f"What the instruction adds is not known: {_missing(used, FULL, FORMAT_ONLY)}."
    text = f"Scored {number(full)} with the instruction and {number(form)} with the form alone"
    size = number(used, points, "point" if points(used.value) == "1" else "points")
    return f"{text}: {_direction(used)} {size}. {_explained(reading, worker)}"


def conclusion(reading: AblateReading, worker: str, measure: Measure) -> str:
    """What a measure allows one to say of a worker; nothing where there is no value."""
    found = reading.measured(worker, measure)
    if found is None or found.value is None:
        return ""
    if found.low is None and measure.metric != _SPREAD:
        return f"nothing is sure: {found.why}"
    return measure.says(reading, found)


def missing(reading: AblateReading, worker: str, measure: Measure) -> str:
    """The reason why a measure has no value; empty where it has one."""
    found = reading.measured(worker, measure)
    return "" if found is not None and found.value is not None else _missing(found, *measure.needs)


def _missing(found: Estimate | None, *needs: str) -> str:
    return why(found) if found is not None else f"not run: it needs {' and '.join(needs)}"


def _direction(used: Estimate) -> str:
    """Which way the gap goes, if any."""
    if used.low is None:
        return "a difference, of which nothing is sure, of"
    if used.low > 0:
        return "the instruction adds"
    if used.high is not None and used.high < 0:
        return "the instruction costs; it adds"
    return "that it adds anything is not shown,"


def _explained(reading: AblateReading, worker: str) -> str:
    share_of_form = reading.get(worker, "format_share")
    if share_of_form is None or share_of_form.value is None:
        reason = _missing(share_of_form, FULL, FORMAT_ONLY, EMPTY)
        return f"No share of it is put down to form ({reason})."
    return f"Of its rise over the bare input, form alone explains {number(share_of_form)}."


def _held(bars: tuple[float, float], above: str, below: str, between: str) -> Says:
    """What to say where a measure is above the first bar, below the second, and neither."""

    def says(_: AblateReading, found: Estimate) -> str:
        return above if _above(found, bars[0]) else below if _below(found, bars[1]) else between

    return says


_READS = _held(
    (0, MARGIN),
    "the input is used",
    f"the input adds less than {points(MARGIN)} points: the score is there without it",
    "it cannot be told whether the input is used",
)
_FORM = _held(
    (HALF, HALF),
    "mostly form: more than half is there without the instruction",
    "not mostly form: less than half is there without the instruction",
    "it cannot be told whether more than half is form",
)
_KEPT = _held(
    (HALF, HALF),
    "more than half of the score stays without the instruction, guesses included",
    "less than half of the score stays without the instruction",
    "it cannot be told whether more than half of the score stays",
)
_FOLLOWED = _held(
    (OBEYS, OBEYS),
    "does what another instruction asks, at least four times in five",
    "does what another instruction asks less than four times in five",
    "it cannot be told whether another instruction is followed four times in five",
)
_FLIPS = _held(
    (OBEYS, OBEYS),
    "new names of answers are followed, at least four times in five",
    "new names of answers are followed less than four times in five",
    "it cannot be told whether new names are followed four times in five",
)


def _use(_: AblateReading, found: Estimate) -> str:
    if _above(found, 0):
        return "the instruction is used"
    if _below(found, 0):
        return "the score is lower with the instruction than with the form alone"
    if _below(found, MARGIN):
        return f"the instruction adds less than {points(MARGIN)} points to the form alone"
    return "it cannot be told whether the instruction is used"


def _stuck(reading: AblateReading, found: Estimate) -> str:
    guess = share(reading.guess)
    if _above(found, reading.guess):
        return f"the own answer comes more often than by guess ({guess}): another task is not read"
    if _below(found, reading.guess + MARGIN):
        return f"the own answer comes no more often than by guess ({guess})"
    return f"it cannot be told from a guess ({guess})"


def _spread(reading: AblateReading, found: Estimate) -> str:
    others = [e for e in reading.wordings(found.worker) if e.low is not None and e.high is not None]
    apart = [e for e in others if _above(e, 0) or _below(e, 0)]
    if apart:
        named = "; ".join(f"{e.minus_arm} {number(e, points)}" for e in apart)
        return f"the same words in another form score otherwise; {FULL} less {named}"
    return f"no form is shown to score otherwise than {FULL}" if others else "nothing is sure"


def _lenient(_: AblateReading, found: Estimate) -> str:
    if _above(found, 0):
        return "right answers in another form are not counted by the task's scorer"
    if _below(found, 0):
        return "the task's scorer counts answers that our lenient reading does not"
    if _below(found, MARGIN):
        return f"less than {points(MARGIN)} points are lost by the form of answers"
    return "it cannot be told whether right answers are lost by their form"


def _above(found: Estimate, threshold: float) -> bool:
    return found.low is not None and found.low > threshold


def _below(found: Estimate, threshold: float) -> bool:
    return found.high is not None and found.high < threshold


_SPREAD = "wording_spread"
MEASURES = (
    Measure("instruction use, points", SCORE, FULL, (FULL, FORMAT_ONLY), _use, points, GAP),
    Measure("share of form in the rise over the bare input", "format_share", None,
            (FULL, FORMAT_ONLY, EMPTY), _FORM),
    Measure("share of the score that form alone keeps", "format_kept", FORMAT_ONLY,
            (FULL, FORMAT_ONLY), _KEPT),
    Measure("stickiness: own answer although asked otherwise", "stickiness", WRONG, (WRONG,),
            _stuck),
    Measure("other task's answer where that is asked", WRONG_KEY, WRONG, (WRONG,), _FOLLOWED),
    Measure("flip compliance: new names followed", "flip_compliance", PERMUTED, (FULL, PERMUTED),
            _FLIPS),
    Measure("spread over forms of the same words, points", _SPREAD, FULL, (FULL, PARAPHRASES[0]),
            _spread, points),
    Measure("input use, points", "input_use", FULL, (FULL, NO_INPUT), _READS, points),
    Measure("lenient less strict, points", "format_penalty", FULL, (FULL,), _lenient, points),
)  # fmt: skip
"""In the order of a page's table."""
ARM_WORDS: Mapping[str, str] = {
    FULL: "as the task shows it",
    **dict(zip(PARAPHRASES, ("after the input", "under headings", "as a system message",
                             "with a sentence before it"), strict=True)),
    FORMAT_ONLY: "form and input alone",
    EMPTY: "input alone",
    WRONG: "another task's instruction",
    PERMUTED: "new names of answers",
    NO_INPUT: "no input",
}  # fmt: skip
"""What each arm shows, in few words."""
