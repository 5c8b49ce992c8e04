"""How a provider behaves: faults and latency, drawn from what is asked and how often it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from typing import Literal, NamedTuple, get_args

from worktrial.randomness import stream

Fault = Literal["rate_limited", "error", "reset", "empty", "truncated", "cut", "garbled", "slow"]
"""`rate_limited`: 429 with Retry-After. `error`: 500. `reset`: the connection, before any byte.
`empty`: an answer without a word. `truncated`: half an answer, `finish_reason` length. `cut`: half
a body, then the connection is gone. `garbled`: 200 with a body that is no JSON. `slow`: the answer
in pieces, with pauses."""
PAID: tuple[str, ...] = ("ok", "empty", "truncated", "slow")
"""What comes back as an answer, for which a provider charges."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds until an answer begins: lognormal about a median, fixed where `sigma` is 0."""

    median_seconds: float = 0.0
    sigma: float = 0.0


class Drawn(NamedTuple):
    """What one request meets with."""

    fault: Fault | None
    seconds: float


@dataclass(frozen=True)
class Mood:
    """What a provider does to requests.

    Attributes:
        faults: The rate of each per request, in [0, 1]; together at most 1.
        latency: Until an answer begins.
        retry_after_seconds: What a 429 says.
        slow_seconds: How long a `slow` answer takes.
        seed: Of the draws.
    """

    faults: Mapping[Fault, float] = field(default_factory=dict)
    latency: Latency = Latency()
    retry_after_seconds: float = 1.0
    slow_seconds: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        unknown = set(self.faults) - set(get_args(Fault))
        rates = list(self.faults.values())
        if unknown or min(rates, default=0) < 0 or sum(rates) > 1 + 1e-9:
            raise ValueError(f"faults must be rates that add up to at most 1; got {self.faults}")

    def draw(self, content: str, attempt: int) -> Drawn:
        """What a request meets with, by its content's digest and how often it came before."""
        rng = stream(self.seed, "hostile", content, attempt)
        seconds = self.latency.median_seconds * exp(self.latency.sigma * rng.gauss(0, 1))
        point = rng.random()
        for fault, rate in sorted(self.faults.items()):
            if point < rate:
                return Drawn(fault, seconds)
            point -= rate
        return Drawn(None, seconds)
