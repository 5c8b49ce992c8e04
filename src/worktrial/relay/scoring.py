"""What a leg is worth: scored by programs alone, from an item and the answers it got."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from worktrial.documents.domain import Domain, domain
from worktrial.documents.likeness import Likeness, likeness
from worktrial.documents.unit import Document
from worktrial.relay.answers import Answer, Outcome
from worktrial.relay.arms import REWRITE, Arm
from worktrial.relay.baton import Baton, Direction
from worktrial.relay.items import Errand, RelayItem

SCORER_VERSION = "1"


@dataclass(frozen=True, slots=True)
class LegScore:
    """One leg, scored. Legs count from 1, as DELEGATE-52 counts interactions.

    Attributes:
        leg: Its number.
        direction: Which way it went.
        errand: The edit asked for; it says whether there is an oracle.
        outcome: What became of it.
        attempts: How often it was asked.
        forward: On forward legs, how much of the way to the oracle it went, in [0, 1];
            `None` where nothing was to be done, or no program knows what.
        likeness: On backward legs, against the original document.
    """

    leg: int
    direction: Direction
    errand: Errand
    outcome: Outcome
    attempts: int
    forward: float | None = None
    likeness: Likeness | None = None


class RelayScorer:
    """Scores the legs of one relay as its answers come."""

    def __init__(self, item: RelayItem, arm: Arm = REWRITE) -> None:
        self.baton = Baton(item, arm)
        self.domain: Domain = domain(item.domain)
        self.original = self.domain.parse(item.files)
        self._received = self.domain.parse(self.baton.files)

    def score(self, answers: Iterable[Answer | None]) -> list[LegScore]:
        """Replay a relay from its answers; `None` is a call that never came back."""
        scores = []
        for answer in answers:
            if not self.baton.running:
                break
            leg = self._leg(answer)
            if leg is not None:
                scores.append(leg)
        return scores

    def _leg(self, answer: Answer | None) -> LegScore | None:
        """Take one answer; a leg is scored once it is done, dropped or lost."""
        baton = self.baton
        leg, way, errand, attempt = baton.leg, baton.direction, baton.errand, baton.attempt
        instruction = baton.instruction
        if answer is None:
            baton.outcome = "infrastructure"
            return LegScore(leg + 1, way, errand, "infrastructure", attempt)
        baton.receive(answer)
        if baton.outcome != "ok":
            return LegScore(leg + 1, way, errand, baton.outcome, attempt)
        if baton.leg == leg:
            return None
        received, self._received = self._received, self.domain.parse(baton.files)
        if way == "forward":
            return self._forward(leg, errand, attempt, instruction, received)
        return self._backward(leg, errand, attempt, instruction, received)

    def _forward(
        self, leg: int, errand: Errand, attempt: int, instruction: str, received: Document
    ) -> LegScore:
        oracle = self._oracle(errand, instruction, received)
        before = None if oracle is None else self._compare(oracle, received)
        value = None
        idle = False
        if oracle is None or before is None:
            idle = self._unchanged(received)
        elif not before.lossless:
            after = self._compare(oracle, self._received)
            idle = not after.lossless and self._unchanged(received)
            value = 0.0 if idle else compliance(before.value, after.value)
        return LegScore(leg + 1, "forward", errand, "noop" if idle else "ok", attempt, value)

    def _backward(
        self, leg: int, errand: Errand, attempt: int, instruction: str, received: Document
    ) -> LegScore:
        ideal = self._oracle(errand, instruction, received) or self.original
        idle = self._unchanged(received) and not self._compare(ideal, received).lossless
        result = self._compare(self.original, self._received)
        outcome: Outcome = "noop" if idle else "ok"
        return LegScore(leg + 1, "backward", errand, outcome, attempt, likeness=result)

    def _oracle(self, errand: Errand, instruction: str, received: Document) -> Document | None:
        """What the leg should have made of what it received, read as an answer would be.

        `None` where no program knows.
        """
        if not errand.scored:
            return None
        program = self.domain.read(instruction)
        if program is None:
            raise ValueError(f"{self.domain.name} cannot read its own words: {instruction!r}")
        return self.domain.parse(self.domain.render(program(received)))

    def _unchanged(self, received: Document) -> bool:
        return self._compare(received, self._received).lossless

    def _compare(self, reference: Document, output: Document) -> Likeness:
        return likeness(reference, output, clips=self.domain.clips)


def compliance(before: float, after: float) -> float:
    """How much of the way to the oracle a leg went: 0 for nothing done, 1 for all."""
    return max(0.0, (after - before) / (1 - before)) if before < 1 else float(after >= 1)


def measures(
    scores: list[LegScore], legs: int, *, scored: bool = True
) -> list[Mapping[str, float | None]]:
    """The metrics of every leg of a relay, legs that were never run after a dropped baton too.

    Fidelity and losslessness stand on backward legs, 0 from a dropped baton on; `work_adjusted`
    is fidelity times mean forward up to there. From a call that never came back on there are
    no values. A forward leg that no program knows has a missing score, and a relay with one has no
    `work_adjusted` at any leg: a 0 after a dropped baton would otherwise be all that is known.

    Args:
        scores: Of the legs that were run.
        legs: How many the relay has.
        scored: Whether programs know every errand of it.
    """
    rows: list[Mapping[str, float | None]] = []
    forwards: list[float] = []
    after: float | None = 0.0
    for score in scores:
        if score.outcome == "infrastructure":
            after = None
            break
        if score.direction == "forward":
            row = _forward(score)
            forwards += [value for value in row.values() if value is not None]
            rows.append(row)
        else:
            rows.append(_fidelity(score, forwards))
    rest = range(len(rows) + 1, legs + 1)
    rows += [{} if leg % 2 else dict.fromkeys(_KEPT, after) for leg in rest]
    return rows if scored else [_unadjusted(row) for row in rows]


_KEPT = ("fidelity", "lossless", "work_adjusted")


def _forward(score: LegScore) -> Mapping[str, float | None]:
    """No value where no program knows; nothing at all where nothing was to be done."""
    if not score.errand.scored:
        return {"forward": None}
    value = score.forward if score.outcome in ("ok", "noop") else 0.0
    return {} if value is None else {"forward": value}


def _unadjusted(row: Mapping[str, float | None]) -> Mapping[str, float | None]:
    return {name: None if name == "work_adjusted" else value for name, value in row.items()}


def _fidelity(score: LegScore, forwards: list[float]) -> Mapping[str, float | None]:
    found = score.likeness
    if found is None:  # the baton was dropped here: nothing is left of the document
        return dict.fromkeys(_KEPT, 0.0)
    work = sum(forwards) / len(forwards) if forwards else None
    return {
        "fidelity": found.value,
        "lossless": float(found.lossless),
        "work_adjusted": None if work is None else found.value * work,
        "missing": found.missing,
        "extra": found.extra,
        "altered": found.altered,
        "moved": found.moved,
    }
