"""Verdicts: one number against one threshold, a gate's worst number, a policy's worst gate."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from worktrial.estimate import settled_from
from worktrial.gate.policy import End

SCHEMA = "worktrial/gate@1"
Verdict = Literal["met", "missed", "cannot-tell", "skipped"]
_WORST = ("missed", "cannot-tell", "met", "skipped")
PASSED, MISSED, CANNOT_TELL = 0, 1, 3


@dataclass(frozen=True)
class Limits:
    """What a number must keep to.

    Attributes:
        low: The least it may be; −∞ where there is no such.
        high: The most it may be; ∞ where there is no such.
        end: The end of its interval that must; `None` for the conservative ones.
    """

    low: float = -math.inf
    high: float = math.inf
    end: End | None = None

    def __str__(self) -> str:
        if math.isinf(self.high):
            return f"≥ {self.low:g}"
        return f"≤ {self.high:g}" if math.isinf(self.low) else f"in [{self.low:g}, {self.high:g}]"

    def hold(self, value: float) -> bool:
        """Whether a number keeps to them."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Check:
    """One number, or one claim, held against what a gate asks.

    Attributes:
        subject: What it is of, in words.
        verdict: `met`, `missed` or `cannot-tell`.
        value: The number.
        low: The lower end that was judged; `None` without an interval.
        high: The upper end that was judged.
        level: Of the interval.
        clusters: How many independent units it rests on.
        why: Why it cannot be told, or what there is to know about the verdict.
        settles: What would settle it.
        rests_on: Ids of the estimates or claims it was read from.
        detectable: The smallest difference that would likely have been shown, where one is asked.
    """

    subject: str
    verdict: Verdict
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    clusters: int | None = None
    why: str | None = None
    settles: str | None = None
    rests_on: tuple[str, ...] = ()
    detectable: float | None = None


@dataclass(frozen=True)
class Result:
    """What became of one gate.

    Attributes:
        name: As the policy calls it.
        kind: `metric`, `claim`, `faults`, `drift` or `instrument`.
        asks: What it asks, in words.
        checks: Everything it selected.
        marks: What a reader must know of how it was judged: `value` where no interval was.
        why: Why it was skipped.
    """

    name: str
    kind: str
    asks: str
    checks: tuple[Check, ...]
    marks: tuple[str, ...] = ()
    why: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of its checks."""
        return min((c.verdict for c in self.checks), key=_WORST.index, default="skipped")

    @property
    def worst(self) -> Check | None:
        """The check that decided."""
        return min(self.checks, key=lambda c: _WORST.index(c.verdict), default=None)


@dataclass(frozen=True)
class GateReport:
    """A run held against a policy.

    Attributes:
        results: One a gate, the instrument's first.
        cannot_tell: What the policy says of what cannot be told.
        run: What the run was.
    """

    results: Sequence[Result]
    cannot_tell: Literal["pass", "fail"] | None = None
    run: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst of all gates, as it is: a policy changes the exit code, not the verdict."""
        return min((r.verdict for r in self.results), key=_WORST.index)

    @property
    def exit_code(self) -> int:
        """0 if all is met, 1 if anything is missed, else 3 if anything cannot be told."""
        if self.verdict == "missed":
            return MISSED
        if self.verdict == "cannot-tell":
            return {"pass": PASSED, "fail": MISSED, None: CANNOT_TELL}[self.cannot_tell]
        return PASSED

    def record(self) -> dict[str, Any]:
        """The report as data, schema `worktrial/gate@1`; what is not there is left out."""
        return {
            "schema": SCHEMA,
            "run": dict(self.run),
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "cannot_tell": self.cannot_tell,
            "gates": [_result(result) for result in self.results],
        }


def _result(result: Result) -> dict[str, Any]:
    said = {
        "name": result.name,
        "kind": result.kind,
        "asks": result.asks,
        "verdict": result.verdict,
        "marks": list(result.marks),
        "why": result.why,
    }
    checks = [_present(asdict(check)) for check in result.checks]
    return {**_present(said), "checks": checks}


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {n: list(v) if isinstance(v, tuple) else v for n, v in fields.items() if v is not None}


def against(limits: Limits, value: float | None, low: float | None, high: float | None) -> Verdict:
    """Hold a number against limits.

    By the conservative ends, `met` if the whole interval keeps to the limits and `missed` if
    none of it does; what straddles cannot be told. By one named end or by the value, that number
    alone decides.
    """
    if limits.end is not None:
        number = _number({"low": low, "high": high, "value": value}[limits.end])
        return "cannot-tell" if number is None else "met" if limits.hold(number) else "missed"
    bottom, top = _number(low), _number(high)
    if bottom is None or top is None:
        return "cannot-tell"
    if bottom >= limits.low and top <= limits.high:
        return "met"
    return "missed" if top < limits.low or bottom > limits.high else "cannot-tell"


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def settling(
    limits: Limits,
    value: float | None,
    low: float | None,
    high: float | None,
    clusters: int | None,
    *,
    method: str = "",
    difference: bool = False,
) -> str:
    """Say what would settle a number whose interval straddles a limit, as `settled_from` has it."""
    middle, bottom, top = (_number(n) for n in (value, low, high))
    if clusters is None or middle is None or bottom is None or top is None:
        return "a run in which it can be measured with an interval: more items"
    ends = (limits.low, limits.high)
    wanted = settled_from(middle, bottom, top, clusters, ends, method=method, difference=difference)
    if math.isinf(wanted):
        return "nothing soon: the value lies on the threshold itself"
    return f"more than {wanted:,.0f} items, if the value stays"
