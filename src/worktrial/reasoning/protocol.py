"""What defines a reasoning trial as a measurement."""

from collections.abc import Mapping, Sequence
from functools import cache

from worktrial.protocol import Measurement, Scorer, digest
from worktrial.protocol.checklist import Answered, records
from worktrial.randomness import stream
from worktrial.reasoning.asking import PROMPT_VERSION, asked
from worktrial.reasoning.check import played
from worktrial.reasoning.courses import ReasoningCourse
from worktrial.reasoning.judge import JUDGE_VERSION
from worktrial.reasoning.measured import ARM
from worktrial.reasoning.puzzles import FAMILIES, Puzzle
from worktrial.reasoning.reference import NAMES
from worktrial.reasoning.task import TASK_VERSION

REASONING_TASK = "worktrial/reasoning"
"""The name under which Inspect knows the trial."""
SCORER_VERSION = "1"
_SEED = 0


def measurement(
    course: ReasoningCourse,
    puzzles: Sequence[Puzzle],
    *,
    seed: int,
    replicates: int = 1,
    judge: str | None = None,
) -> Measurement:
    """The trial's part of a manifest; content by its hash.

    Args:
        course: How many puzzles, and how hard.
        puzzles: What is sampled.
        seed: From which they follow.
        replicates: How often each is asked.
        judge: The model that rates traces, if one does.
    """
    return Measurement(
        task_version=TASK_VERSION,
        seed=seed,
        course=course.model_dump(mode="json"),
        items={puzzle.id: digest(puzzle.model_dump(mode="json")) for puzzle in puzzles},
        arms={ARM: arm_hash()},
        primary=ARM,
        replicates=replicates,
        stop={"tokens": f"{course.tokens} a puzzle"},
        scorer=scorer(),
        judge={"judge": judge, "prompt_sha256": JUDGE_VERSION} if judge else None,
        settings={"families": list(dict.fromkeys(puzzle.family for puzzle in puzzles))},
    )


@cache
def arm_hash() -> str:
    """Hash all that a worker is asked about a puzzle of every family."""
    return digest({"version": PROMPT_VERSION, "asked": [asked(puzzle) for puzzle in _probes()]})


@cache
def scorer() -> Scorer:
    """This version's scorer: its version, and the hash of what it makes of reference workers."""
    scores = [
        [name, puzzle.id, m.metric, None if m.value is None else round(m.value, 9), m.outcome]
        for name in NAMES
        for puzzle in _probes()
        for m in played(name, puzzle)
    ]
    return Scorer(version=SCORER_VERSION, sha256=digest(scores))


@cache
def _probes() -> tuple[Puzzle, ...]:
    return tuple(
        family.draw(f"probe-{name}", "easy", stream(_SEED, "reasoning", "probe", name))
        for name, family in FAMILIES.items()
    )


def checklist() -> list[Mapping[str, str | bool]]:
    """The Agentic Benchmark Checklist, as far as the trial can answer it by itself."""
    return records(_CHECKLIST)


_CHECKLIST: tuple[Answered, ...] = tuple(
    Answered(*answer)
    for answer in (
        ("task validity", "The worker cannot reach the answers", True,
         "puzzles are drawn from the seed; a solution is in no message, and there are no tools"),
        ("task validity", "Every item can be solved", True,
         "a solver counts the solutions of every puzzle as it is drawn: exactly one"),
        ("task validity", "Doing nothing is not success", True,
         "incidental.instrument: the null worker"),
        ("outcome validity", "Outcomes are checked by a program", True, "measurement.scorer"),
        ("outcome validity", "Success by guessing is known", True,
         "every score stands beside the best blind guess's, worked out for each puzzle"),
        ("outcome validity", "Correct answers in another form are not punished", True,
         "case, spaces and equal numbers are read alike; the last well-formed answer counts"),
        ("outcome validity", "Failures that are not the worker's are kept apart", True,
         "outcome infrastructure: missing data, counted"),
        ("reporting", "The items are known not to be in training data", True,
         "drawn fresh from the seed"),
    )
)  # fmt: skip
