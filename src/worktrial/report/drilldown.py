"""The evidence behind the numbers: every worker's relays, the worst of them leg by leg."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worktrial.evidence import Source
from worktrial.relay.baton import DROPPED
from worktrial.relay.legs import LegStory
from worktrial.report.diffs import FileDiff, compare, cut
from worktrial.report.reading import Reading
from worktrial.report.words import known
from worktrial.visible import visible

Stories = Mapping[str, Mapping[str, Sequence[LegStory]]]
_MOST_RELAYS = 12
_MOST_LEGS = 24
_MOST_CHARACTERS = 100_000
"""Of a relay, so that what a worker writes does not decide how large the page is."""
_HIDDEN_METRICS = ("attempts", "seconds", "tokens_in", "tokens_out", "tokens_cached")


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg, ready to be shown.

    Attributes:
        anchor: Its id on the page.
        title: Number, direction and edit.
        outcome: What became of it.
        scores: Its metrics, in words and numbers.
        instruction: What was asked.
        against: What the output is compared with.
        diff: The files that differ from that.
        note: What there is to say where there is no difference to show.
        answer: What the worker wrote.
    """

    anchor: str
    title: str
    outcome: str
    scores: tuple[tuple[str, str], ...]
    instruction: str
    against: str
    diff: tuple[FileDiff, ...]
    note: str
    answer: str


@dataclass(frozen=True, slots=True)
class Relay:
    """One relay, ready to be shown.

    Attributes:
        anchor: Its id on the page.
        name: Its sample's id.
        ended: How it came to its end.
        legs_run: How many legs were run.
        first: Fidelity after the first round trip.
        final: Fidelity at the end.
        legs: The legs that are shown.
        source: Where its sample lies.
    """

    anchor: str
    name: str
    ended: str
    legs_run: int
    first: str
    final: str
    legs: tuple[Leg, ...]
    source: Source | None


@dataclass(frozen=True, slots=True)
class WorkerEvidence:
    """All relays of a worker, the worst first; only those are shown leg by leg."""

    anchor: str
    name: str
    relays: tuple[Relay, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The samples that are told."""
        return tuple(r.source for r in self.relays if r.legs and r.source)

    @property
    def left_out(self) -> int:
        """How many relays are in the table alone."""
        return sum(not relay.legs for relay in self.relays)


def evidence(reading: Reading, stories: Stories) -> dict[str, WorkerEvidence]:
    """What a page shows of every worker that has a story, by worker."""
    return {
        worker: _worker(worker, f"w{number}", stories[worker])
        for number, worker in enumerate(reading.workers, 1)
        if stories.get(worker)
    }


def _worker(name: str, anchor: str, relays: Mapping[str, Sequence[LegStory]]) -> WorkerEvidence:
    ended = {sample: _final(legs) for sample, legs in relays.items()}
    # A relay lost to infrastructure has no final fidelity and stands last.
    order = sorted(relays, key=lambda sample: (2.0 if (v := ended[sample]) is None else v, sample))
    return WorkerEvidence(
        anchor,
        name,
        tuple(
            _relay(f"{anchor}-r{n}", sample, relays[sample], opened=n <= _MOST_RELAYS)
            for n, sample in enumerate(order, 1)
        ),
    )


def _relay(anchor: str, name: str, legs: Sequence[LegStory], *, opened: bool) -> Relay:
    last = legs[-1].score.outcome if legs else "not-run"
    stopped = last in DROPPED or last == "infrastructure"
    return Relay(
        anchor=anchor,
        name=name,
        ended=f"{last} at leg {legs[-1].score.leg}" if stopped else "ran to its end",
        legs_run=len(legs),
        first=known(next(iter(_fidelities(legs)), _final(legs))),
        final=known(_final(legs)),
        legs=tuple(_telling(anchor, legs)) if opened else (),
        source=legs[0].source if legs else None,
    )


def _fidelities(legs: Sequence[LegStory]) -> list[float]:
    found = (leg.values.get("fidelity") for leg in legs)
    return [value for value in found if value is not None]


def _final(legs: Sequence[LegStory]) -> float | None:
    """The fidelity at the end: 0 for a dropped baton, none for a relay that was cut off."""
    if not legs or legs[-1].score.outcome == "infrastructure":
        return None
    if legs[-1].score.outcome in DROPPED:
        return 0.0
    return next(iter(reversed(_fidelities(legs))), None)


def _telling(relay: str, legs: Sequence[LegStory]) -> list[Leg]:
    """All legs in order, or of a long relay those that did the most harm; one at least."""
    told: dict[int, Leg] = {}
    room = _MOST_CHARACTERS
    for story in _by_harm(legs)[:_MOST_LEGS]:
        leg = _leg(relay, story)
        room -= _size(leg)
        if told and room < 0:
            break
        told[story.score.leg] = leg
    return [told[number] for number in sorted(told)]


def _size(leg: Leg) -> int:
    """How many characters a leg takes on the page, where some are written as six or ten."""
    lines = (line for file in leg.diff for line in file.lines)
    diff = (part for line in lines for part in (line.before, line.mark, line.after))
    return sum(len(visible(text)) for text in (leg.instruction, leg.answer, *diff))


def _by_harm(legs: Sequence[LegStory]) -> list[LegStory]:
    harm, before = {}, 1.0
    for leg in legs:
        after = leg.values.get("fidelity")
        harm[leg.score.leg] = float(leg.score.outcome in DROPPED)
        if after is not None:
            harm[leg.score.leg] += before - after
            before = after
    return sorted(legs, key=lambda leg: (-harm[leg.score.leg], leg.score.leg))


def _leg(relay: str, story: LegStory) -> Leg:
    score = story.score
    target = _target(story)
    diff = compare(target, story.made) if story.made else []
    return Leg(
        anchor=f"{relay}-l{score.leg}",
        title=f"Leg {score.leg} {score.direction}, {score.errand.name} ({score.errand.kind})",
        outcome=score.outcome,
        scores=_scores(story),
        instruction=cut(story.instruction),
        against=_against(story),
        diff=tuple(diff),
        note=_note(story, differs=bool(diff)),
        answer=cut(story.answer),
    )


def _target(story: LegStory) -> Mapping[str, str]:
    """What an output is shown against: the nearest thing to a right answer that there is."""
    if story.score.direction == "backward":
        return story.original
    return story.received if story.oracle is None else story.oracle


def _against(story: LegStory) -> str:
    if story.score.direction == "backward":
        return "the original document"
    if story.oracle is None:
        return "the files as they were received; no program knows what should have become of them"
    return "what a program makes of the same files"


def _scores(story: LegStory) -> tuple[tuple[str, str], ...]:
    metrics = {name: v for name, v in story.values.items() if name not in _HIDDEN_METRICS}
    attempts = (("attempts", str(story.score.attempts)),) if story.score.attempts > 1 else ()
    return (*((name.replace("_", " "), known(v)) for name, v in metrics.items()), *attempts)


def _note(story: LegStory, *, differs: bool) -> str:
    found = story.score.likeness
    if not story.made:
        return "Nothing was handed on."
    if not differs:
        return "The output is equal to it, byte for byte."
    if found is not None and found.lossless:
        return "Written otherwise, the content is the same."
    return ""
