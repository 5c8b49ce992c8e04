"""The reasoning trial as an Inspect task: a puzzle, a trace, an answer."""

from pathlib import Path
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import transcript
from inspect_ai.model import CachePolicy, ChatMessageUser, GenerateConfig, ModelOutput, get_model
from inspect_ai.model import model_roles as roles
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import LimitExceededError

from worktrial import steps
from worktrial.errors import ConfigError
from worktrial.evidence.usage import usage_of_output
from worktrial.randomness import derive
from worktrial.reasoning.asking import asked
from worktrial.reasoning.courses import course_of
from worktrial.reasoning.draw import drawn
from worktrial.reasoning.extract import generation, measured_of
from worktrial.reasoning.judge import mark
from worktrial.reasoning.keys import Key, at_hand
from worktrial.reasoning.marking import MOST_CHARACTERS
from worktrial.reasoning.measured import ARM, FORGERIES, OUTCOMES, Forgery
from worktrial.reasoning.puzzles import Puzzle
from worktrial.reasoning.transcript import Transcript
from worktrial.workers.agents import SEEDS
from worktrial.workers.halves import whole

TASK_VERSION = 1
SOURCE = "worktrial/reasoning"
JUDGE = "judge"
"""The role of a model that rates traces."""
_SHOWN: tuple[Forgery | None, ...] = (None, *FORGERIES)


@task
def reasoning(
    families: str | list[str] = "",
    course: str = "pocket",
    seed: int = 7,
    items: int | None = None,
    folder: str = "",
    arm: str = ARM,
    resumable: bool = False,
) -> Task:
    """Puzzles with one answer, drawn fresh: what is solved, and what its trace would be credited.

    Args:
        families: Of puzzles, by name, comma-separated, such as sudoku or gym:chain_sum; our own by
            default.
        course: How many and how hard: pocket, standard or full.
        seed: From which they follow.
        items: How many in all, instead of the course's.
        folder: Published puzzles of LR²Bench that the user has, instead of fresh ones.
        arm: There is one.
        resumable: Keep every generation, so that an interrupted run pays for none twice.
    """
    if arm != ARM:
        raise ConfigError(f"`arm` must be {ARM}; got {arm!r}")
    where = Path(folder) if folder else None
    named = families.split(",") if isinstance(families, str) else families
    wanted = [name.strip() for name in named if name.strip()]
    found = drawn(wanted, course, seed=seed, items=items, folder=where)
    puzzles = found.puzzles
    tokens = course_of(course).tokens
    return Task(
        dataset=MemoryDataset(
            [_sample(puzzle, other_of(puzzle, puzzles), seed, tokens) for puzzle in puzzles],
            name="reasoning",
        ),
        solver=solving(resumable=resumable),
        scorer=solved_score(),
        version=TASK_VERSION,
        metadata={"missed": list(found.missed)},
    )


def other_of(puzzle: Puzzle, puzzles: tuple[Puzzle, ...]) -> Puzzle | None:
    """The next puzzle of the same family and level, around the end; `None` where it is alone."""
    alike = [p for p in puzzles if (p.family, p.level) == (puzzle.family, puzzle.level)]
    after = alike[(alike.index(puzzle) + 1) % len(alike)]
    return after if after != puzzle else None


def _sample(puzzle: Puzzle, other: Puzzle | None, seed: int, tokens: int) -> Sample:
    return Sample(
        id=puzzle.id,
        input=asked(puzzle),
        metadata={
            "item": puzzle.model_dump(mode="json"),
            "other": other.model_dump(mode="json") if other else None,
            "plan": {"seed": seed, "tokens": tokens},
            "cluster": puzzle.id,
        },
    )


@solver
def solving(resumable: bool = False) -> Solver:
    """Ask once; have the judge rate what came, where there is one."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        sitting = _Sitting(state, resumable)
        await sitting.ask()
        await sitting.rate()
        sitting.kept.keep()
        return state

    return solve


class _Sitting:
    """One puzzle, asked and rated."""

    def __init__(self, state: TaskState, resumable: bool) -> None:
        self.state, self.resumable = state, resumable
        self.puzzle = Puzzle.model_validate(state.metadata["item"])
        other = state.metadata["other"]
        self.other = Puzzle.model_validate(other) if other else None
        self.seed: int = state.metadata["plan"]["seed"]
        self.tokens: int = state.metadata["plan"]["tokens"]
        self.kept = Transcript()

    async def ask(self) -> None:
        """One call; the boundary at which faults are told."""
        of = ("reasoning", self.puzzle.id, self.state.epoch)
        seed = derive(self.seed, *of) % SEEDS
        at_hand.set(Key(self.puzzle, seed))
        try:
            output = await self._generate(seed)
        except LimitExceededError:
            raise
        except Exception as error:
            self.kept.fault = repr(error)
            transcript().info({"fault": self.kept.fault}, source=SOURCE)
        else:
            self._take(output)
        steps.count(1)

    async def _generate(self, seed: int) -> ModelOutput:
        config = GenerateConfig(max_tokens=self.tokens, seed=seed)
        message = ChatMessageUser(content=asked(self.puzzle))
        return await get_model().generate([message], config=config, cache=self._cache("worker"))

    def _cache(self, who: str) -> CachePolicy | bool:
        """Whether a call's answer is kept, so that a run that goes on does not pay for it twice."""
        scopes = {"item": self.puzzle.id, "replicate": str(self.state.epoch), "who": who}
        return CachePolicy(expiry=None, scopes=scopes) if self.resumable else False

    def _take(self, output: ModelOutput) -> None:
        """A provider's own error message is nothing that a model wrote."""
        self.state.output = output
        if output.choices:
            self.state.messages = [*self.state.messages, output.message]
        text = "" if output.error else output.completion
        self.kept.text, self.kept.stop = whole(text[-MOST_CHARACTERS:]), output.stop_reason
        self.kept.used = dict(usage_of_output(output))

    async def rate(self) -> None:
        """The generation as it is and as it was tampered with, rated by the judge."""
        if JUDGE not in roles() or self.kept.fault:
            return
        at_hand.set(None)
        try:
            for forgery in _SHOWN if self.other else _SHOWN[:-1]:
                shown = generation(self.puzzle, self.kept.text, self.other, forgery)
                cache = self._cache(f"judge-{forgery}")
                found = await mark(self.puzzle.text, shown, get_model(role=JUDGE), cache=cache)
                self.kept.judged[forgery or "own"] = found
        except LimitExceededError:
            raise
        except Exception as error:
            self.kept.unjudged = repr(error)
            transcript().info({"unjudged": self.kept.unjudged}, source=SOURCE)


@scorer(metrics={"*": [mean(), stderr()]})
def solved_score() -> Scorer:
    """What the final answer is worth; the run's evidence has what its trace would be credited."""

    async def score(state: TaskState, target: Target) -> Score:
        kept = Transcript.kept()
        rows = measured_of(Puzzle.model_validate(state.metadata["item"]), None, kept)
        found: dict[str, Any] = {
            r.metric: r.value for r in rows if r.metric in OUTCOMES and r.value is not None
        }
        if not found:
            return Score.unscored(explanation=kept.fault or "nothing came back")
        return Score(value=found, explanation=rows[0].outcome)

    return score
