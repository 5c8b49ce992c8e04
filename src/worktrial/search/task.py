"""The search as an Inspect task: a worker, two tools, and in some arms a simulated user."""

from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.agent import Agent, AgentState, run
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessage, ChatMessageSystem, ChatMessageUser, get_model
from inspect_ai.model import model_roles as roles
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import LimitExceededError, span, store_as, turn_limit

from worktrial import steps
from worktrial.errors import EngineError
from worktrial.randomness import derive
from worktrial.search.arms import Arm
from worktrial.search.arms import arm as find_arm
from worktrial.search.extract import replayed
from worktrial.search.items import SearchCourse, SearchItem
from worktrial.search.keys import Key, at_hand
from worktrial.search.own import intents
from worktrial.search.place import place_of
from worktrial.search.reader import extract
from worktrial.search.transcript import Ending, Exchange, Transcript
from worktrial.search.user import SimulatedUser, UserTurn
from worktrial.search.voicing import voiced
from worktrial.workers.agents import SEEDS, named, plain
from worktrial.workers.halves import whole

TASK_VERSION = 1
SOURCE = "worktrial/search"


@task
def search(
    course: str = "pocket",
    seed: int = 7,
    items: int | None = None,
    pages: int | None = None,
    topics: str | list[str] = "",
    arm: str = "simulated",
    agent: str = "",
    tasks: str = "",
    resumable: bool = False,
) -> Task:
    """Find what a colleague wants, in a closed collection of pages or with the worker's own tools.

    Args:
        course: How large it is: pocket, standard or full.
        seed: Decides the world, the intents, the personas and the seeds of the calls.
        items: Intents, instead of the course's; of one's own tasks the first so many.
        pages: Of the world, instead of the course's.
        topics: Keys of topics, comma-separated; all by default.
        arm: full_fixed_schema, full, concat, simulated or forced_ask.
        agent: An Inspect agent by its registered name, instead of a plain one; it is given
            `tools` if it takes them.
        tasks: A file of one's own tasks, instead of fresh intents; there are no tools then but
            those that the agent brings.
        resumable: Keep every generation, so that an interrupted run pays for none twice.
    """
    asked = find_arm(arm)
    names = topics.split(",") if isinstance(topics, str) else topics
    chosen, drawn = intents(
        course,
        seed=seed,
        items=items,
        pages=pages,
        topics=[n.strip() for n in names if n.strip()],
        tasks=Path(tasks) if tasks else None,
    )
    return Task(
        dataset=MemoryDataset([_sample(item, asked, chosen) for item in drawn], name="search"),
        solver=conversation(agent=agent, resumable=resumable),
        scorer=search_score(),
        version=TASK_VERSION,
    )


def _sample(item: SearchItem, arm: Arm, course: SearchCourse) -> Sample:
    messages: list[ChatMessage] = [
        ChatMessageSystem(content=arm.system(item, place_of(item).today)),
        ChatMessageUser(content=arm.opening(item)),
    ]
    return Sample(
        id=item.id,
        input=messages,
        metadata={
            "item": item.model_dump(mode="json"),
            "arm": arm.name,
            "course": course.model_dump(mode="json"),
            "cluster": item.id,
            "topic": item.topic,
        },
    )


@solver
def conversation(agent: str = "", resumable: bool = False) -> Solver:
    """Let a worker and the simulated user talk until there is an answer, or no more patience."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        talk = _Talk(state, agent, resumable)
        while talk.kept.ending is None:
            async with span(f"turn {len(talk.kept.exchanges) + 1}"):
                await talk.turn()
            steps.count(1)
        await talk.read()
        steps.count(0, never=talk.most_turns - len(talk.kept.exchanges))
        return state

    return solve


class _Talk:
    """One conversation as it goes."""

    def __init__(self, state: TaskState, agent: str, resumable: bool) -> None:
        self.state = state
        self.item = SearchItem.model_validate(state.metadata["item"])
        self.arm = find_arm(state.metadata["arm"])
        self.course = SearchCourse.model_validate(state.metadata["course"])
        self.kept = store_as(Transcript)
        self.place = place_of(self.item)
        self.desk = self.place.desk()
        self.worker = self._agent(agent, resumable)
        self.user = (
            SimulatedUser(self.item, least_questions=self.arm.least_questions)
            if self.arm.user
            else None
        )

    def _agent(self, name: str, resumable: bool) -> Agent:
        """The agent on trial, and the key of this conversation for those that are simulated."""
        item, arm, replicate = self.item, self.arm, self.state.epoch
        at_hand.set(Key(item, arm, self.place, replicate))
        if name:
            return named(name, self.desk.tools())
        scopes = {"item": item.id, "arm": arm.name, "replicate": str(replicate)}
        return plain(
            self.desk.tools(),
            seed=derive(item.world_seed, "search", item.id, "calls", replicate) % SEEDS,
            tokens=self.course.tokens,
            scopes=scopes if resumable else None,
        )

    @property
    def most_turns(self) -> int:
        """The most turns under this arm."""
        return self.course.turns if self.arm.user else 1

    async def turn(self) -> None:
        """Let the worker run once and the user answer; the boundary at which faults are told."""
        searched, opened = len(self.desk.searches), len(self.desk.opened)
        try:
            over = await self._run()
        except LimitExceededError:
            raise
        except EngineError as error:
            self._end("engine", repr(error))
            return
        except Exception as error:
            self._end("infrastructure", repr(error))
            return
        output = self.state.output
        exchange = Exchange(
            worker="" if over else whole(output.completion),
            stop_reason=output.stop_reason,
            searches=self.desk.searches[searched:],
            opened=self.desk.opened[opened:],
        )
        if over:
            self.kept.ending = "silent tools"
        else:
            await self._answer(exchange)
        self.kept.exchanges = [*self.kept.exchanges, exchange]

    async def _run(self) -> bool:
        """One run of the agent; whether it ran out of tool calls without a message."""
        begin = AgentState(messages=self.state.messages)
        # One generation more than calls: the message that ends the turn.
        after, over = await run(self.worker, begin, [turn_limit(self.course.calls + 1)])
        self.state.messages, self.state.output = after.messages, after.output
        return over is not None

    async def _answer(self, exchange: Exchange) -> None:
        if self.user is None:
            self.kept.ending = "answered"
            return
        told = self.user.hear(exchange.worker)
        exchange.user = told.line
        if told.ended:
            self.kept.ending = "answered" if told.why == "answered" else "gave up"
            return
        if len(self.kept.exchanges) + 1 >= self.most_turns:
            self.kept.ending = "turns"
            return
        if "user" in roles():
            await self._voice(told, exchange)
        self.state.messages = [*self.state.messages, ChatMessageUser(content=exchange.user)]

    async def _voice(self, told: UserTurn, exchange: Exchange) -> None:
        """Put a line into a model's words; where that fails the template's stand."""
        try:
            spoken = await voiced(told, self.item, get_model(role="user"))
        except LimitExceededError:
            raise
        except Exception as error:
            exchange.voice_fault = repr(error)
            return
        exchange.user, exchange.voiced = spoken.line, spoken.voiced
        exchange.voice_fault = spoken.fault

    async def read(self) -> None:
        """Have the answer read by a model, where one was named for it."""
        if self.kept.ending != "answered" or "reader" not in roles():
            return
        said = self.kept.exchanges[-1].worker
        try:
            self.kept.read = await extract(said, self.item.about, get_model(role="reader"))
        except LimitExceededError:
            raise
        except Exception as error:
            self._end("reader", repr(error))

    def _end(self, ending: Ending, why: str) -> None:
        self.kept.ending, self.kept.why = ending, why
        transcript().info({"ending": ending, "why": why}, source=SOURCE)


@scorer(metrics={"*": [mean(), stderr()]})
def search_score() -> Scorer:
    """F1 and satisfaction; the run's evidence has every measure and every turn."""

    async def score(state: TaskState, target: Target) -> Score:
        kept = store_as(Transcript)
        item = SearchItem.model_validate(state.metadata["item"])
        played = replayed(item, find_arm(state.metadata["arm"]), kept)
        if played.missing:
            return Score.unscored(explanation=f"{played.outcome}: {kept.why}")
        measured = {
            "f1": played.answer.f1,
            "recall": played.answer.recall,
            "intents_met": played.answer.intents_met,
            "satisfaction": played.score.satisfaction,
            "turns": played.score.turns,
        }
        return Score(
            value={name: value for name, value in measured.items() if value is not None},
            answer=kept.exchanges[-1].worker if kept.exchanges else "",
            explanation=f"{played.score.turns} turns, {played.outcome}",
        )

    return score
