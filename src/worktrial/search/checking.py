"""A second opinion on the simulated user, from the transcript alone.

It shares with the state machine only the matcher, `asking.hear`. It does not run the machine again:
stage by stage it finds the turn at which the worker's messages made the stage due, reads back what
every line of the user says, and compares.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from worktrial.search.asking import Heard, NameIndex, hear
from worktrial.search.items import SearchItem, Stage
from worktrial.search.words import Line, read_line

FaultKind = Literal[
    "revealed too early",
    "contradicted itself",
    "missed a trigger",
    "never ended",
    "ended too early",
]


class Fault(NamedTuple):
    """One mistake of the simulated user.

    Attributes:
        turn: In which it was made, from 1.
        kind: What it is.
        detail: In words.
    """

    turn: int
    kind: FaultKind
    detail: str


def check(
    item: SearchItem,
    exchanges: Sequence[tuple[str, str]],
    why: str | None,
    *,
    names: NameIndex | None = None,
    least_questions: int = 0,
) -> tuple[Fault, ...]:
    """Find the mistakes of the simulated user in a transcript.

    Args:
        item: Whose persona was played.
        exchanges: The worker's message and the user's line, turn by turn.
        why: How it ended: `answered`, `gave up`, `turns` or `None` where the user was ready to go
            on; after anything else the last message was not heard by the user.
        names: As they were given to the simulated user.
        least_questions: As it was given to the simulated user.
    """
    heard_all = why in ("answered", "gave up", "turns", None)
    heard = exchanges if heard_all else exchanges[:-1]
    transcript = _Transcript(item, heard, why if heard_all else None, names, least_questions)
    return tuple(sorted({*transcript.misspoken(), *transcript.misended()}))


class _Transcript:
    """A transcript, with what was due when."""

    def __init__(
        self,
        item: SearchItem,
        exchanges: Sequence[tuple[str, str]],
        why: str | None,
        names: NameIndex | None,
        least_questions: int,
    ) -> None:
        index = names or NameIndex((item.subject, *item.admissible))
        self.item = item
        self.why = why
        self.said = [line for _, line in exchanges]
        self.heard = [hear(message, item.about, index) for message, _ in exchanges]
        self.lines = [read_line(line, item.about) for line in self.said]
        self.taken = _first_taken(self.heard, least_questions)
        self.due = _due(item.persona.stages, self.heard)

    # --- what was said ---

    def misspoken(self) -> Iterator[Fault]:
        """Mistakes of single lines."""
        for t, line in enumerate(self.lines[: self.taken]):
            if self.heard[t].final:
                yield from self._refusal(t, line)
                continue
            yield from self._indifference(t, line)
            for stage, due in zip(self.item.persona.stages, self.due, strict=True):
                yield from self._telling(t, line, stage, due)
            yield from self._putting_off(t, line)

    def _telling(self, t: int, line: Line, stage: Stage, due: int | None) -> Iterator[Fault]:
        key = stage.constraint.attribute
        mine = [said for said in line.said if said.means(stage.constraint)]
        others = [other for other in self._stages_at(t) if other is not stage]
        # A bare number that another stage explains is not this one's.
        stated = any(s.sure or not _explained(s.value, s.attribute, others) for s in mine)
        asked = key in self.heard[t].asks
        if any(said.denies(stage.constraint) for said in line.said):
            yield Fault(t + 1, "contradicted itself", f"said something else about {key}")
        if stated and (due is None or t < due):
            yield Fault(t + 1, "revealed too early", f"told {key}")
        elif not mine and due is not None and (t == due or (t > due and asked)):
            yield Fault(t + 1, "missed a trigger", f"did not tell {key}")
        elif stated and due is not None and t > due:
            if not asked:
                yield Fault(t + 1, "revealed too early", f"told {key} again unasked")
            elif not any(said.again for said in mine):
                yield Fault(t + 1, "contradicted itself", f"told {key} as if for the first time")
        elif mine and t == due and all(said.again for said in mine):
            yield Fault(t + 1, "contradicted itself", f"told {key} as if it had before")

    def _stages_at(self, t: int) -> list[Stage]:
        """The stages that a line may state."""
        pairs = zip(self.item.persona.stages, self.due, strict=True)
        return [stage for stage, due in pairs if due is not None and due <= t]

    def _indifference(self, t: int, line: Line) -> Iterator[Fault]:
        covered = {stage.constraint.attribute for stage in self.item.persona.stages}
        for key in line.indifferent:
            if key in covered:
                yield Fault(t + 1, "contradicted itself", f"did not mind about {key}")
            elif key not in self.heard[t].asks:
                yield Fault(t + 1, "revealed too early", f"did not mind about {key}, unasked")
        for key in self.heard[t].asks:
            if key not in covered and key not in line.indifferent:
                yield Fault(t + 1, "missed a trigger", f"did not answer about {key}")
        for said in line.said:
            if said.sure and said.attribute not in covered:
                detail = f"wanted {said.value} of {said.attribute}"
                yield Fault(t + 1, "contradicted itself", detail)

    def _putting_off(self, t: int, line: Line) -> Iterator[Fault]:
        later = {
            stage.constraint.attribute
            for stage, due in zip(self.item.persona.stages, self.due, strict=True)
            if due is None or due > t
        }
        asked = self.heard[t].asks
        for key in asked:
            if key in later and key not in line.put_off:
                yield Fault(t + 1, "missed a trigger", f"did not answer about {key}")
        for key in line.put_off:
            if key not in later:
                yield Fault(t + 1, "contradicted itself", f"could not say {key}")
            elif key not in asked:
                yield Fault(t + 1, "revealed too early", f"could not say {key}, unasked")

    def _refusal(self, t: int, line: Line) -> Iterator[Fault]:
        if line.said or line.indifferent or line.put_off:
            yield Fault(t + 1, "revealed too early", "told something at a refused answer")
        if not line.wants_questions:
            yield Fault(t + 1, "missed a trigger", "did not ask to be asked first")

    # --- how it ended ---

    def misended(self) -> Iterator[Fault]:
        """Mistakes of the end: when it should have been, and when it was."""
        end = self._last_turn()
        count = len(self.said)
        if count > end:
            yield Fault(end + 1, "never ended", "went on after its end")
        elif count == end and self.why != self._reason(end):
            yield Fault(end, "never ended", f"ended as {self.why}, not as {self._reason(end)}")
        elif count < end and self.why in ("answered", "gave up"):
            yield Fault(max(count, 1), "ended too early", f"{self.why} without reason")
        if self.taken < count and self.said[self.taken]:
            yield Fault(self.taken + 1, "never ended", "spoke after the answer")

    def _last_turn(self) -> int:
        """Number of the turn with which it must end, or more than there are."""
        return min(self.taken + 1, self._patience_out())

    def _reason(self, end: int) -> str:
        return "answered" if end == self.taken + 1 else "gave up"

    def _patience_out(self) -> int:
        patience = self.item.persona.patience
        if patience is None:
            return len(self.said) + 1
        idle = 0
        for t in range(min(self.taken, len(self.said))):
            idle = 0 if t in self.due else idle + 1
            if idle >= patience:
                return t + 1
        return len(self.said) + 1


def _explained(value: str, attribute: str, stages: Sequence[Stage]) -> bool:
    return any(
        stage.constraint.value == value and stage.constraint.attribute != attribute
        for stage in stages
    )


def _first_taken(heard: Sequence[Heard], least_questions: int) -> int:
    """Index of the first message that had to be taken as an answer, or more than there are."""
    asked = 0
    for t, message in enumerate(heard):
        if message.final and asked >= least_questions:
            return t
        asked += 0 if message.final else message.questions
    return len(heard) + 1


def _due(stages: Sequence[Stage], heard: Sequence[Heard]) -> list[int | None]:
    """Index of the turn at which each stage had to be told; `None` where it never had to be."""
    turns = [t for t, message in enumerate(heard) if not message.final]
    shown = next((t for t in turns if heard[t].shows), None)
    earliest: int | None = 0
    due: list[int | None] = []
    for stage in stages:
        key = stage.constraint.attribute
        asked = [t for t in turns if key in heard[t].asks]
        if stage.trigger == "shown":
            asked = [t for t in asked if shown is not None and t >= shown]
        if stage.must_ask:
            due.append(min(asked, default=None))
            continue
        brought = [t for t in turns if earliest is not None and t >= earliest]
        brought = [
            t
            for t in brought
            if (heard[t].shows if stage.trigger == "shown" else key in heard[t].mentions)
        ]
        when = min([*asked, *brought], default=None)
        due.append(when)
        earliest = None if when is None or earliest is None else max(earliest, when)
    return due
