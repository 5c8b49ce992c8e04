"""What goes wrong on the way to a tool: a call that fails is never carried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from worktrial.office.tool import Reply, Trouble
from worktrial.randomness import stream

LONGEST_RUN = 2
PROBABILITY = ((7 / 3) ** 0.5 - 1) / 2
"""Of a call that may fail. As a third failure in a row is passed over, (p + p²) / (1 + p + p²) of
all calls fail: a quarter."""
WEIGHTS: Mapping[Trouble, int] = {
    "timeout": 30, "error": 25, "rate_limit": 20, "network": 15, "partial": 5, "garbled": 3,
    "empty": 2,
}  # fmt: skip
_TOO_MANY = "Too many calls. Try again."
_TEXTS: Mapping[Trouble, str] = {
    "timeout": "The call timed out after 30 seconds.",
    "error": "The service answered with an internal error (500).",
    "rate_limit": _TOO_MANY,
    "network": "The connection was reset.",
    "partial": "Result: … [cut]",
    "garbled": '{"status": "ok", "result": [{"id": "',
    "empty": "",
}
THROUGH, REFUSED = 3, 2


@dataclass
class Faults:
    """Fails a quarter of the calls, never three in a row.

    Whether and how the n-th call fails depends on `draw` and n alone, and on how many failed just
    before: a worker that calls something else meets the same faults.
    """

    draw: int
    _calls: int = 0
    _run: int = 0

    def next(self) -> Reply | None:
        """What befalls the next call; `None` if it goes through."""
        rng = stream(self.draw, "faults", self._calls)
        self._calls += 1
        if self._run >= LONGEST_RUN or rng.random() >= PROBABILITY:
            self._run = 0
            return None
        self._run += 1
        (kind,) = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))
        return Reply(_TEXTS[kind], kind)


@dataclass
class Limit:
    """Lets three calls through, then refuses two."""

    _through: int = 0
    _refused: int = 0

    def next(self) -> Reply | None:
        """What befalls the next call; `None` if it goes through."""
        if self._through < THROUGH:
            self._through += 1
            return None
        self._refused += 1
        if self._refused == REFUSED:
            self._through = self._refused = 0
        return Reply(_TOO_MANY, "rate_limit")


@dataclass
class Once:
    """Befalls the first call of one tool that would have been carried out.

    Attributes:
        tool: Whose call.
        kind: It times out, or answers as if it had been carried out.
    """

    tool: str
    kind: Literal["timeout", "false_success"]
    _over: bool = False

    def befall(self, tool: str, reply: Reply) -> Reply | None:
        """What is answered in place of a reply; `None` if the call is to be carried out.

        Args:
            tool: Which is called.
            reply: What it would answer.
        """
        if self._over or tool != self.tool or reply.trouble is not None:
            return None
        self._over = True
        return reply if self.kind == "false_success" else Reply(_TEXTS[self.kind], self.kind)


def answer_of(fault: str) -> str | None:
    """What is answered where a call fails on the way; `None` if that is no fault of the way."""
    return next((text for kind, text in _TEXTS.items() if kind == fault), None)
