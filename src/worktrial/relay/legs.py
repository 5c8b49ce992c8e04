"""One relay made readable: for every leg what was received, asked, made, and should have been."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from worktrial.evidence.logs import Log, SampleLog, Source, read_samples
from worktrial.relay.answers import Answer
from worktrial.relay.extract import answered, replay
from worktrial.relay.scoring import LegScore, RelayScorer, measures


@dataclass(frozen=True, slots=True)
class LegStory:
    """What happened at one leg.

    Attributes:
        score: Its outcome and scores.
        values: Its metrics.
        instruction: What was asked.
        received: The files it began with.
        oracle: The files that a program makes of them; `None` where no program knows the words.
        made: The files it handed on; none after a dropped baton.
        answer: What the worker wrote, tool calls too, the last attempt.
        original: The document the relay began with.
        source: Where its sample lies; `None` where it is in no log.
    """

    score: LegScore
    values: Mapping[str, float | None]
    instruction: str
    received: Mapping[str, str]
    oracle: Mapping[str, str] | None
    made: Mapping[str, str]
    answer: str
    original: Mapping[str, str]
    source: Source | None = None


def stories(log: Log, samples: set[str] | None = None) -> dict[str, list[LegStory]]:
    """Tell every relay of a log, or those of some samples, by sample id."""
    return {str(found.sample.id): story_of(found) for found in read_samples(log, only=samples)}


def story_of(found: SampleLog) -> list[LegStory]:
    """Tell the relay of a sample, leg by leg."""
    told = _told(replay(found.sample), [answer for answer, _ in answered(found.sample)])
    return [replace(story, source=found.source) for story in told]


def _told(scorer: RelayScorer, given: list[Answer | None]) -> list[LegStory]:
    chosen, item = scorer.domain, scorer.baton.item
    told: list[LegStory] = []
    said: list[str] = []
    for answer in given:
        baton = scorer.baton
        if not baton.running:
            break
        received, instruction = dict(baton.files), baton.instruction
        goes_on = baton.exchanges or baton.remedy.turn
        said = [*(said if goes_on else []), answer.shown if answer else ""]
        scored = scorer.score([answer])
        if not scored:
            continue
        program = chosen.read(instruction) if scored[0].errand.scored else None
        oracle = chosen.render(program(chosen.parse(received))) if program else None
        made = dict(baton.files) if baton.outcome == "ok" else {}
        words = "\n\n".join(said)
        told.append(LegStory(scored[0], {}, instruction, received, oracle, made, words, item.files))
    values = measures([story.score for story in told], scorer.baton.legs, scored=item.scored)
    return [replace(story, values=of) for story, of in zip(told, values, strict=False)]
