"""What a model wrote about a puzzle, for people to read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from inspect_ai.log import EvalSample

from worktrial.evidence.logs import Log, Source, read_samples
from worktrial.reasoning.extract import measured_of, puzzles_of
from worktrial.reasoning.families import family_of
from worktrial.reasoning.marking import MOST_CHARACTERS, cells_of, trace_of
from worktrial.reasoning.puzzles import Cells, Puzzle, Step
from worktrial.reasoning.transcript import Transcript


@dataclass(frozen=True, slots=True)
class PuzzleStory:
    """One generation: the puzzle, what was written, and what was made of it.

    Attributes:
        puzzle: What was asked.
        replicate: Which time it was asked.
        outcome: What became of it.
        trace: What was written before the last answer.
        answer: The last answer, its tags and what came after it included.
        cells: What the answer says of the puzzle's cells; `None` where none can be read.
        steps: Every claim of the trace that can be parsed.
        measures: By name; `None` where it is missing.
        source: Where its sample lies; `None` where it is in no log.
    """

    puzzle: Puzzle
    replicate: int
    outcome: str
    trace: str
    answer: str
    cells: Cells | None
    steps: tuple[Step, ...]
    measures: Mapping[str, float | None]
    source: Source | None = None


def stories(log: Log, wanted: Collection[tuple[str, int]]) -> Iterator[PuzzleStory]:
    """Tell what was written about some puzzles.

    Args:
        log: Of a reasoning trial.
        wanted: The puzzles by their ids, each with its replicate.
    """
    for found in read_samples(log, events=False, only={sample for sample, _ in wanted}):
        if (str(found.sample.id), found.sample.epoch) in wanted:
            yield replace(story_of(found.sample), source=found.source)


def story_of(sample: EvalSample) -> PuzzleStory:
    """Tell one sample of a log."""
    puzzle, other = puzzles_of(sample)
    kept = Transcript.kept(sample.store)
    rows = measured_of(puzzle, other, kept)
    trace = trace_of(kept.text)
    return PuzzleStory(
        puzzle=puzzle,
        replicate=sample.epoch,
        outcome=rows[0].outcome,
        trace=trace,
        answer=kept.text[-MOST_CHARACTERS:][len(trace) :],
        cells=cells_of(puzzle, kept.text),
        steps=tuple(family_of(puzzle.family).steps(puzzle, trace)),
        measures={row.metric: row.value for row in rows},
    )
