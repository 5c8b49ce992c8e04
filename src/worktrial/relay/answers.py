"""What an answer of a worker holds: files to hand on, or a reason why there is nothing to."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, NamedTuple

from worktrial.documents.blocks import Applied, apply_blocks, read_blocks
from worktrial.documents.editor import Call, Result
from worktrial.documents.handover import Unusable, read_files
from worktrial.documents.unit import Files
from worktrial.refusal import refuses
from worktrial.relay.left import Left

Outcome = Literal["ok", "noop", "refusal", "protocol", "truncated", "infrastructure"]
_MOST_NAMED = 20
"""Blocks that failed and are named to the worker; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one call of a worker: all that a replay needs.

    Attributes:
        text: What it wrote.
        stop_reason: Why it stopped, in Inspect's words.
        calls: The tool calls it made.
        tokens: How many tokens it put out.
        left: Of an agent's whole leg, what it left in its folder.
    """

    text: str
    stop_reason: str = "stop"
    calls: tuple[Call, ...] = ()
    tokens: int = 0
    left: Left | None = None

    @property
    def shown(self) -> str:
        """The answer for people: its text, then its calls; an agent speaks last."""
        calls = [
            f"{call.tool}({', '.join(f'{n}={value!r}' for n, value in call.arguments.items())})"
            for call in self.calls
        ]
        order = (self.text, *calls)
        if self.left is not None:
            order = (*calls, self.text, *self.left.remarks)
        return "\n".join(part for part in order if part)


def leaving(left: Left, calls: tuple[Call, ...] = ()) -> Answer:
    """What an agent left as the answer of its leg, with the calls that it made on the way."""
    return Answer(left.said, left.stop_reason, calls, left=left)


class Exchange(NamedTuple):
    """An answer with tool calls and what they were answered."""

    answer: Answer
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that cannot be handed on: what it counts as, and why."""

    outcome: Outcome
    why: str


def cut_off(answer: Answer) -> Refused | None:
    """Whether an answer was ended from outside, in every arm alike."""
    if answer.stop_reason in ("max_tokens", "model_length"):
        return Refused("truncated", "it was longer than allowed")
    if answer.stop_reason == "content_filter":
        return Refused("refusal", "it was withheld")
    return None


def read_rewrite(answer: Answer, files: Files, fixed: Collection[str]) -> Files | Refused:
    """Read the working files out of an answer.

    Args:
        answer: The worker's.
        files: As they were shown.
        fixed: Names of files for reference; in an answer they are passed over.
    """
    found: Files | Unusable | Refused
    found = _unsaid(answer) or read_files(
        answer.text, lone=next(iter(files)) if len(files) == 1 else None
    )
    if isinstance(found, Refused):
        return found
    if isinstance(found, Unusable):
        return _unusable(answer, found)
    kept = {name: text for name, text in found.items() if name not in fixed}
    return kept or Refused("protocol", "it holds reference files only")


def read_search_replace(answer: Answer, files: Files, fixed: Collection[str]) -> Applied | Refused:
    """Carry out the blocks of an answer that fit, at least one of them.

    Args:
        answer: The worker's.
        files: As they were shown.
        fixed: Names of files for reference.
    """
    found = _unsaid(answer) or read_blocks(answer.text, files)
    if isinstance(found, Refused):
        return found
    if isinstance(found, Unusable):
        return _unusable(answer, found)
    applied = apply_blocks(found, files, fixed=fixed)
    if not applied.done:
        return Refused("protocol", f"none of its blocks fits the files:\n{failures(applied)}")
    return applied if applied.files else Refused("protocol", "it deletes every file")


def read_end(answer: Answer, files: Files, before: Files, *, worked: bool) -> Files | Refused:
    """Take the files as they are when a worker with tools has come to its end.

    Args:
        answer: The last one, without a call.
        files: As they are now.
        before: As they were when the leg began.
        worked: Whether any tool was called.
    """
    if files == before:
        if not worked and not answer.text.strip():
            return Refused("protocol", "it was empty, and no tool was called")
        if refuses(answer.text):
            return Refused("refusal", "nothing was changed")
    return files or Refused("protocol", "every file was deleted")


def read_folder(answer: Answer, before: Files) -> Files | Refused:
    """Take the files of a folder as an agent left them.

    Args:
        answer: The agent's.
        before: As they were when its run began.
    """
    left = answer.left
    if left is None:
        return Refused("protocol", "no folder was left")
    if left.ended == "limit":
        return Refused("truncated", "it took more turns, tokens or time than allowed")
    if left.ended == "error":
        return Refused("protocol", f"the agent failed: {left.why}")
    if cut := cut_off(answer):
        return cut
    if not left.files:
        return Refused("protocol", "no plain text file was left in the folder")
    return read_end(answer, left.files, before, worked=left.worked)


def failures(applied: Applied) -> str:
    """The blocks that failed, one a line."""
    named = [f"- {failed}" for failed in applied.failed[:_MOST_NAMED]]
    more = len(applied.failed) - len(named)
    return "\n".join([*named, *([f"- and {more} more"] if more else [])])


def _unsaid(answer: Answer) -> Refused | None:
    if cut := cut_off(answer):
        return cut
    return None if answer.text.strip() else Refused("protocol", "it was empty")


def _unusable(answer: Answer, found: Unusable) -> Refused:
    return Refused("refusal" if refuses(answer.text) else "protocol", found.why)
