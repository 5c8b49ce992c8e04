"""The relay itself: what a leg is asked, and what becomes of its answer. Knows no model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from worktrial.documents.handover import Unusable, fence_for, read_files, write_files
from worktrial.randomness import derive, stream
from worktrial.relay.items import Errand, RelayItem

PROMPT_VERSION = "1"
Direction = Literal["forward", "backward"]
Outcome = Literal["ok", "noop", "refusal", "protocol", "truncated", "infrastructure"]
DROPPED: frozenset[str] = frozenset({"refusal", "protocol", "truncated"})
"""The worker's own failures, after which there is nothing to hand on."""
ATTEMPTS = 2
"""How often a leg is asked: once more after an answer that cannot be used."""

_INTRODUCTION = (
    "You are editing files for a colleague. Do exactly what the task says, nothing else."
)
_ANSWER = (
    "Answer with the working files as they are after the task, each in full: a line with ### and "
    "the file's name, then the content between two lines of {fence}. A working file that you "
    "leave out is deleted."
)
_REFUSAL = re.compile(
    r"\b(?:I(?:'m| am) (?:sorry|unable|not able)|I (?:can(?:no|')t|won't|will not|must decline)|"
    r"(?:can|could)(?:no|n')t (?:help|assist|comply|do that)|as an AI)\b",
    re.IGNORECASE,
)
_REFUSAL_WITHIN = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a worker: its text, and why it stopped."""

    text: str
    stop_reason: str = "stop"


@dataclass(slots=True)
class Baton:
    """The state of one relay: which files are under way and whether they still are."""

    item: RelayItem
    files: Mapping[str, str] = field(default_factory=dict)
    leg: int = 0
    attempt: int = 1
    outcome: Outcome = "ok"
    complaint: str = ""

    def __post_init__(self) -> None:
        self.files = self.files or self.item.files

    @property
    def legs(self) -> int:
        """How many legs the whole relay has."""
        return 2 * len(self.item.schedule)

    @property
    def running(self) -> bool:
        """Whether another leg is to be run."""
        return self.leg < self.legs and self.outcome not in (*DROPPED, "infrastructure")

    @property
    def direction(self) -> Direction:
        """Which way the present leg goes."""
        return direction(self.leg)

    @property
    def errand(self) -> Errand:
        """The edit of the present round trip."""
        return self.item.schedule[self.leg // 2]

    @property
    def instruction(self) -> str:
        """The words of the present leg."""
        return self.errand.forward if self.direction == "forward" else self.errand.backward

    @property
    def seed(self) -> int:
        """The seed of the present attempt, 31 bits wide as providers want it."""
        return derive(self.item.seed, self.leg, self.attempt) & 0x7FFFFFFF

    def prompt(self) -> str:
        """The message of the present leg: current files and distractors in a seeded order."""
        names = [*self.files, *self.item.distractors]
        stream(self.item.seed, self.leg, "order").shuffle(names)
        shown = {name: self.files.get(name, self.item.distractors.get(name, "")) for name in names}
        fence = fence_for(*shown.values())
        working = ", ".join(f"`{name}`" for name in self.files)
        parts = [
            _INTRODUCTION,
            f"## Files\n\n{write_files(shown, fence)}",
            f"## Task\n\nThe working files are {working}; any other file is for reference only.\n\n"
            f"{self.instruction}",
            f"## Answer\n\n{_ANSWER.format(fence=fence)}",
        ]
        if self.complaint:
            parts.append(f"An earlier answer could not be used: {self.complaint}.")
        return "\n\n".join(parts)

    def receive(self, answer: Answer) -> Outcome:
        """Take an answer: hand its files on, ask once more, or drop the baton."""
        result = read_answer(answer, self.files, self.item.distractors)
        if isinstance(result, Refused):
            return self._unusable(result)
        self.files = result
        self.leg, self.attempt, self.complaint = self.leg + 1, 1, ""
        return "ok"

    def _unusable(self, refused: "Refused") -> Outcome:
        if self.attempt < ATTEMPTS:
            self.attempt += 1
            self.complaint = refused.why
        else:
            self.outcome = refused.outcome
        return refused.outcome


def direction(leg: int) -> Direction:
    """Which way a leg goes; legs count from 0."""
    return "backward" if leg % 2 else "forward"


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that cannot be handed on: what it counts as, and why."""

    outcome: Outcome
    why: str


def read_answer(
    answer: Answer, files: Mapping[str, str], distractors: Mapping[str, str]
) -> dict[str, str] | Refused:
    """Read the working files out of an answer, or say what it counts as."""
    if answer.stop_reason in ("max_tokens", "model_length"):
        return Refused("truncated", "it was longer than allowed")
    if answer.stop_reason == "content_filter":
        return Refused("refusal", "it was withheld")
    if not answer.text.strip():
        return Refused("protocol", "it was empty")
    found = read_files(answer.text, lone=next(iter(files)) if len(files) == 1 else None)
    if isinstance(found, Unusable):
        refusal = _REFUSAL.search(answer.text[:_REFUSAL_WITHIN])
        return Refused("refusal" if refusal else "protocol", found.why)
    kept = {name: text for name, text in found.items() if name not in distractors}
    return kept or Refused("protocol", "it holds reference files only")
