"""One relay made readable: for every leg what was received, asked, made, and should have been."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from worktrial.documents.domain import domain
from worktrial.evidence.logs import read_samples
from worktrial.relay.baton import Answer, Baton
from worktrial.relay.extract import answers
from worktrial.relay.items import RelayItem
from worktrial.relay.scoring import LegScore, RelayScorer, measures


@dataclass(frozen=True, slots=True)
class LegStory:
    """What happened at one leg.

    Attributes:
        score: Its outcome and scores.
        values: Its metrics.
        instruction: What was asked.
        received: The files it began with.
        oracle: The files that a program makes of them.
        made: The files it handed on; none after a dropped baton.
        answer: What the worker wrote, the last attempt.
        original: The document the relay began with.
    """

    score: LegScore
    values: Mapping[str, float | None]
    instruction: str
    received: Mapping[str, str]
    oracle: Mapping[str, str]
    made: Mapping[str, str]
    answer: str
    original: Mapping[str, str]


def stories(log: Path, samples: set[str] | None = None) -> dict[str, list[LegStory]]:
    """Tell every relay of a log, or those of some samples, by sample id."""
    return {
        str(found.sample.id): _story(
            RelayItem.model_validate(found.sample.metadata["item"]),
            [answer for answer, _ in answers(found.sample.events)],
        )
        for found in read_samples(log)
        if samples is None or str(found.sample.id) in samples
    }


def _story(item: RelayItem, given: list[Answer | None]) -> list[LegStory]:
    chosen = domain(item.domain)
    scorer, told = RelayScorer(item), []
    scores: list[LegScore] = []
    for answer in given:
        baton: Baton = scorer.baton
        if not baton.running:
            break
        received, instruction = dict(baton.files), baton.instruction
        scored = scorer.score([answer])
        if not scored:
            continue
        scores += scored
        program = chosen.read(instruction)
        oracle = chosen.render(program(chosen.parse(received))) if program else {}
        made = dict(baton.files) if baton.outcome == "ok" else {}
        told.append((scored[0], instruction, received, oracle, made, answer.text if answer else ""))
    values = measures(scores, scorer.baton.legs)
    return [
        LegStory(score, value, instruction, received, oracle, made, text, item.files)
        for (score, instruction, received, oracle, made, text), value in zip(
            told, values, strict=False
        )
    ]
