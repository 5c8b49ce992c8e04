"""Observations out of a log: what was written, marked again."""

from collections.abc import Iterator
from typing import NamedTuple

from inspect_ai.log import EvalSample

from worktrial.evidence import Observation, SampleLog
from worktrial.reasoning.families import family_of
from worktrial.reasoning.forged import stepped, written, wrong
from worktrial.reasoning.marking import NOTHING, Marks, cells_of, credit, marks_of, style, trace_of
from worktrial.reasoning.measured import (
    ANSWERED,
    ARM,
    CREDIT,
    FORGERIES,
    HALF,
    JUDGED,
    PARTS,
    SOLVED,
    STEPS,
    STYLE,
    TRACED,
    TRIAL,
    Forgery,
    floor_of,
    under,
)
from worktrial.reasoning.puzzles import Puzzle
from worktrial.reasoning.transcript import Transcript
from worktrial.refusal import refuses

OK, REFUSAL, LOST, TRUNCATED, PROTOCOL = (
    "ok", "refusal", "infrastructure", "truncated", "protocol",
)  # fmt: skip
JUDGE_FAULT = "judge_fault"
_OUT_OF_ROOM = ("max_tokens", "model_length")


class Measured(NamedTuple):
    """One value of one generation.

    Attributes:
        metric: What was measured.
        value: `None` where it is missing.
        outcome: What became of the generation.
    """

    metric: str
    value: float | None
    outcome: str


def generation(puzzle: Puzzle, text: str, other: Puzzle | None, forgery: Forgery | None) -> str:
    """A generation as it was written, or tampered with.

    Args:
        puzzle: What was asked.
        text: What was written.
        other: Another puzzle of the same family, if there is one.
        forgery: `wrong`: the trace as it is before a wrong answer; `other`: the right trace of the
            other puzzle before the answer as it is. As it was written by default.
    """
    if forgery is None:
        return text
    if forgery == "wrong":
        return f"{trace_of(text)}\n\n{written(puzzle, wrong(puzzle))}"
    trace = stepped(other, other.solution) if other else ""
    cells = cells_of(puzzle, text)
    return f"{trace}\n\n{written(puzzle, cells) if cells else ''}"


def measured_of(puzzle: Puzzle, other: Puzzle | None, kept: Transcript) -> list[Measured]:
    """Everything that is measured of one generation.

    A generation that was cut off is not solved, whatever stands in it; one that was lost on its way
    is missing.

    Args:
        puzzle: What was asked.
        other: Another puzzle of the same family, whose trace is put in this one's place.
        kept: What came of the call.
    """
    outcome = _outcome(puzzle, kept)
    marks = None if outcome == LOST else _marks(puzzle, kept, outcome)
    return [
        *_answers(puzzle, marks, outcome),
        *_traces(puzzle, other, kept, outcome),
        *_judged(kept, outcome),
    ]


def _marks(puzzle: Puzzle, kept: Transcript, outcome: str) -> Marks:
    return NOTHING if outcome == TRUNCATED else marks_of(puzzle, kept.text)


def _outcome(puzzle: Puzzle, kept: Transcript) -> str:
    if kept.fault:
        return LOST
    if kept.stop in _OUT_OF_ROOM:
        return TRUNCATED
    if cells_of(puzzle, kept.text) is not None:
        return OK
    if kept.stop == "content_filter" or refuses(kept.text):
        return REFUSAL
    return PROTOCOL


def _answers(puzzle: Puzzle, marks: Marks | None, outcome: str) -> Iterator[Measured]:
    floor = family_of(puzzle.family).floor(puzzle)
    floors = {SOLVED: floor.solved, PARTS: floor.parts, HALF: floor.half}
    for metric in (SOLVED, PARTS, HALF, ANSWERED):
        value = None if marks is None else float(getattr(marks, metric))
        yield Measured(metric, value, outcome)
        if metric in floors:
            yield Measured(floor_of(metric), floors[metric], outcome)


def _traces(
    puzzle: Puzzle, other: Puzzle | None, kept: Transcript, outcome: str
) -> Iterator[Measured]:
    """What is credited to the trace as it was written, and to each forgery."""
    if outcome == LOST:
        yield from (Measured(name, None, outcome) for name in (CREDIT, STYLE))
        return
    count, share = credit(puzzle, trace_of(kept.text))
    yield Measured(STEPS, float(count), outcome)
    yield Measured(TRACED, float(count > 0), outcome)
    yield Measured(CREDIT, share, outcome)
    yield Measured(STYLE, style(trace_of(kept.text)), outcome)
    for forgery in FORGERIES:
        if forgery == "other" and other is None:
            continue
        trace = trace_of(generation(puzzle, kept.text, other, forgery))
        yield Measured(under(CREDIT, forgery), credit(puzzle, trace)[1], outcome)


def _judged(kept: Transcript, outcome: str) -> Iterator[Measured]:
    """The judge's marks; one that it could not give is missing, whatever it gave before."""
    for name, value in kept.judged.items():
        yield Measured(JUDGED if name == "own" else f"{JUDGED}_{name}", value, outcome)
    if kept.unjudged and "own" not in kept.judged:
        yield Measured(JUDGED, None, JUDGE_FAULT)


def puzzles_of(sample: EvalSample) -> tuple[Puzzle, Puzzle | None]:
    """The puzzle of a sample, and the other one of its family."""
    item, other = (sample.metadata.get(name) for name in ("item", "other"))
    return Puzzle.model_validate(item), Puzzle.model_validate(other) if other else None


def of_sample(found: SampleLog) -> Iterator[Observation]:
    """Every observation of one sample of a log."""
    puzzle, other = puzzles_of(found.sample)
    kept = Transcript.kept(found.sample.store)
    rows = measured_of(puzzle, other, kept)
    rows += [Measured(name, value, OK) for name, value in kept.used.items()]
    for row in rows:
        yield Observation(
            trial=TRIAL,
            worker=found.worker,
            item=puzzle.id,
            cluster=puzzle.id,
            stratum=puzzle.family,
            arm=ARM,
            replicate=found.sample.epoch,
            step=0,
            operation=puzzle.level,
            kind=puzzle.family,
            outcome=row.outcome,
            metric=row.metric,
            value=row.value,
            log=f"logs/{found.log}",
            sample=str(found.sample.id),
        )
