"""What was written about puzzles, ready to be shown beside their solutions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worktrial.evidence import Source
from worktrial.reasoning.extract import LOST, TRUNCATED
from worktrial.reasoning.measured import CREDIT, HALF, JUDGED, PARTS, SOLVED, STEPS, STYLE
from worktrial.reasoning.stories import PuzzleStory
from worktrial.report.diffs import cut
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, known, one_line, plain

MOST_GENERATIONS = 4
"""Of each worker."""
_MOST_CELLS = 60
_MOST_STEPS = 60
_VALUE = 60
"""Characters of a cell's value."""
_LINE = 160
_SHOWN = (PARTS, HALF, CREDIT, STEPS, STYLE, JUDGED)

Generations = Mapping[str, Sequence[PuzzleStory]]
"""By worker."""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step that was parsed, and whether it is so."""

    text: str
    valid: bool


@dataclass(frozen=True, slots=True)
class ShownGeneration:
    """One generation, cut to what fits.

    Attributes:
        name: The puzzle's, with the replicate from the second on.
        level: How hard it is.
        outcome: What became of it.
        solved: Whether every rule is kept.
        credit: Share of its steps that are so.
        scores: By name.
        note: What else is to be said of its marks.
        puzzle: What was asked.
        trace: What was written before the answer.
        answer: The answer as it was written.
        cells: The solution beside what the answer says.
        steps: Those that can be parsed.
        more_steps: How many more there are.
        source: Where its sample lies.
    """

    name: str
    level: str
    outcome: str
    solved: str
    credit: str
    scores: tuple[tuple[str, str], ...]
    note: str
    puzzle: str
    trace: str
    answer: str
    cells: Table
    steps: tuple[ShownStep, ...]
    more_steps: int
    source: Source | None


@dataclass(frozen=True, slots=True)
class ShownWorker:
    """The generations of a worker that are shown, the worst first."""

    anchor: str
    name: str
    generations: tuple[ShownGeneration, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The samples that are told."""
        return tuple(each.source for each in self.generations if each.source)


def generations(workers: Sequence[str], told: Generations) -> list[ShownWorker]:
    """What a page shows of every worker that has a generation to show."""
    return [
        ShownWorker(f"p{number}", worker, tuple(map(_shown, told[worker][:MOST_GENERATIONS])))
        for number, worker in enumerate(workers, 1)
        if told.get(worker)
    ]


def _shown(story: PuzzleStory) -> ShownGeneration:
    again = f", replicate {story.replicate}" if story.replicate > 1 else ""
    return ShownGeneration(
        name=one_line(story.puzzle.id, 80) + again,
        level=story.puzzle.level,
        outcome=story.outcome,
        solved={None: MISSING, 1.0: "yes"}.get(story.measures.get(SOLVED), "no"),
        credit=known(story.measures.get(CREDIT)),
        scores=tuple(_scores(story.measures)),
        note=_note(story),
        puzzle=cut(story.puzzle.text),
        trace=cut(story.trace.strip()),
        answer=cut(story.answer.strip()),
        cells=_cells(story),
        steps=tuple(ShownStep(one_line(s.text, _LINE), s.valid) for s in story.steps[:_MOST_STEPS]),
        more_steps=max(0, len(story.steps) - _MOST_STEPS),
        source=story.source,
    )


def _scores(measures: Mapping[str, float | None]) -> Iterator[tuple[str, str]]:
    for name in _SHOWN:
        if name in measures:
            value = measures[name]
            counted = name == STEPS and value is not None
            yield name, plain(value) if counted and value is not None else known(value)


def _note(story: PuzzleStory) -> str:
    """Where the marks differ from what the cells beside them would make one expect."""
    if story.outcome == LOST:
        return "It never came: it is missing, and not wrong."
    if story.outcome == TRUNCATED:
        return "It was cut off at its limit of tokens: whatever stands in it, nothing is solved."
    if story.measures.get(PARTS) == 1 and not story.measures.get(SOLVED):
        return "Every cell is right and a rule is broken: what was given is written over."
    return ""


def _cells(story: PuzzleStory) -> Table:
    """The solution cell by cell, beside what the answer says."""
    solution, written = story.puzzle.solution, story.cells or {}
    more = len(solution) - _MOST_CELLS
    left = f"; {more:,} more are in the log" if more > 0 else ""
    return Table(
        f"Cells that had to be found{left}",
        ["cell", "solution", "answer", ""],
        [
            Row(one_line(cell, _VALUE), _beside(right, written.get(cell)))
            for cell, right in list(solution.items())[:_MOST_CELLS]
        ],
    )


def _beside(right: str, written: str | None) -> list[Cell]:
    said = MISSING if written is None else one_line(written, _VALUE)
    word = "not written" if written is None else "right" if written == right else "not right"
    return [Cell(one_line(right, _VALUE)), Cell(said), Cell(word)]
