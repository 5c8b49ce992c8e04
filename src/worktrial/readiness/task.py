"""The office trial as an Inspect task: a worker at a desk, some conversations, and what is left."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.agent import Agent, AgentState, run
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessage, ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import Tool, ToolSource, mcp_server_stdio
from inspect_ai.util import LimitExceededError, span, store_as, turn_limit

from worktrial import steps
from worktrial.documents.editor import Editor
from worktrial.office.content import content
from worktrial.office.office import Office
from worktrial.office.surface import Surface
from worktrial.randomness import derive
from worktrial.readiness import modes
from worktrial.readiness.arms import Arm
from worktrial.readiness.arms import arm as find_arm
from worktrial.readiness.desk import apps, edited, opened, surface_of
from worktrial.readiness.draw import OfficeCourse, custom_course, draw_items, open_office
from worktrial.readiness.extract import judged
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.keys import Key, at_hand
from worktrial.readiness.native import call_in_text, editor_tool, note_malformed, tools_of
from worktrial.readiness.script import Turn, parts
from worktrial.readiness.simulate import simulate
from worktrial.readiness.transcript import Ending, Transcript
from worktrial.workers.agents import SEEDS, named, plain

TASK_VERSION = 1
SOURCE = "worktrial/office"
PROMPT_VERSION = "1"
_SYSTEM = (
    "You work for {name}, {role} at {company}. Today is {today}. Do what {name} asks with the "
    "tools of the office, and nothing beyond it. What you have noted in your memory lasts from one "
    "conversation to the next; all else is gone. Private records need a permission; ask only for "
    "what the task needs. When all is done, write a short message to {name}."
)


@task
def office(
    course: str = "pocket",
    seed: int = 7,
    items: int | None = None,
    arm: str = "native",
    agent: str = "",
    resumable: bool = False,
) -> Task:
    """Work at a mock office: tasks, shifts within a task, and sessions apart.

    Args:
        course: How large it is: pocket, standard or full.
        seed: Decides the offices, the tasks, faults and the seeds of the calls.
        items: Instead of the course's.
        arm: The mode, the distance or the surroundings, such as native, completion, midway,
            apart-5, mcp, renamed or faulty.
        agent: An Inspect agent by its registered name, instead of a plain one; it is given
            `tools` if it takes them.
        resumable: Keep every generation, so that an interrupted run pays for none twice.
    """
    asked = find_arm(arm)
    chosen = custom_course(course, items=items)
    drawn = [item for item in draw_items(chosen, seed=seed) if asked.takes(item)]
    return Task(
        dataset=MemoryDataset([_sample(item, asked, chosen) for item in drawn], name="office"),
        solver=work(agent=agent, resumable=resumable),
        scorer=office_score(),
        version=TASK_VERSION,
    )


def system(item: OfficeItem) -> str:
    """What a worker is told before all else."""
    found = content(item.seed)
    who = next(person for person in found.people if person.id == item.user)
    return _SYSTEM.format(
        name=who.name,
        role=who.role,
        company=found.company,
        today=found.today.strftime("%A, %Y-%m-%d"),
    )


def _sample(item: OfficeItem, arm: Arm, course: OfficeCourse) -> Sample:
    first = parts(item, arm)[0].session.turns[0]
    return Sample(
        id=item.id,
        input=[ChatMessageSystem(content=system(item)), ChatMessageUser(content=first)],
        metadata={
            "item": item.model_dump(mode="json"),
            "arm": arm.name,
            "course": course.model_dump(mode="json"),
            "cluster": item.id,
            "kind": item.kind,
        },
    )


def most_calls(item: OfficeItem, arm: Arm, spare: int) -> list[int]:
    """The most calls of each turn: twice as many as the oracle makes under the arm, and more."""
    made: list[int] = []
    for event in simulate("oracle", item, arm):
        if event.kind == "turn":
            made.append(0)
        made[-1:] = [n + (event.kind in ("call", "fault")) for n in made[-1:]]
    return [2 * n + spare for n in made]


@solver
def work(agent: str = "", resumable: bool = False) -> Solver:
    """Let a worker have every conversation of an item, in an office of its own."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        async with _desk(state, agent, resumable) as desk:
            await desk.work()
        return state

    return solve


@asynccontextmanager
async def _desk(state: TaskState, agent: str, resumable: bool) -> "AsyncIterator[_Desk]":
    """A desk whose office lies in a file where another process serves it, else in memory."""
    item = OfficeItem.model_validate(state.metadata["item"])
    arm = find_arm(state.metadata["arm"])
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        path = Path(folder) / "office.db" if arm.over == "mcp" else None
        desk = _Desk(state, item, arm, opened(item, arm, path=path), agent, resumable, path)
        try:
            yield desk
        finally:
            desk.office.close()


class _Desk:
    """One item as it is worked on."""

    def __init__(
        self,
        state: TaskState,
        item: OfficeItem,
        arm: Arm,
        office: Office,
        agent: str,
        resumable: bool,
        path: Path | None,
    ) -> None:
        self.state, self.item, self.arm, self.office = state, item, arm, office
        self.agent, self.resumable, self.path = agent, resumable, path
        self.course = OfficeCourse.model_validate(state.metadata["course"])
        self.kept = store_as(Transcript)
        self.surface = surface_of(office, item, arm)
        self.user = next(p for p in content(item.seed).people if p.id == item.user).name
        self.most = most_calls(item, arm, self.course.calls)
        self._runs = 0

    async def work(self) -> None:
        """Every conversation, and what the office's log is then."""
        for part in parts(self.item, self.arm):
            self.office.begin_session()
            self.state.messages = [ChatMessageSystem(content=system(self.item))]
            for number in range(len(part.session.turns)):
                if self.kept.ending is None:
                    async with span(f"turn {len(self.kept.stops) + 1}"):
                        await self._turn(Turn(part, number))
                    steps.count(1)
        self.kept.ending = self.kept.ending or "over"
        self.kept.events = self.office.events()

    async def _turn(self, turn: Turn) -> None:
        """One turn; the boundary at which faults are told."""
        self.office.begin_turn()
        at_hand.set(Key(self.item, self.arm, turn))
        began = len(self.state.messages)
        try:
            said, stop = await self._converse(turn)
        except LimitExceededError:
            raise
        except Exception as error:
            self._end("infrastructure", repr(error))
            return
        note_malformed(self.office, self.state.messages[began:])
        self.office.say(said)
        self.kept.stops = [*self.kept.stops, stop]

    async def _converse(self, turn: Turn) -> tuple[str, str]:
        """The message of a turn, and why its last call stopped."""
        match self.arm.mode:
            case "completion":
                return await self._at_once(turn)
            case "text_calls":
                return await self._in_text(turn)
            case "file":
                return await self._file(turn)
            case _:
                return await self._run(turn.request, self._tools())

    def _tools(self) -> list[Tool | ToolSource]:
        if self.path is None:
            return [*tools_of(self.surface)]
        serve = ["-m", "worktrial.office.server", "--database", str(self.path)]
        serve += ["--apps", ",".join(apps(self.item, self.arm))]
        # The SDK hands on a few variables only; the server must import what this process does.
        environment = dict(os.environ)
        return [
            mcp_server_stdio(name="office", command=sys.executable, args=serve, env=environment)
        ]

    async def _at_once(self, turn: Turn) -> tuple[str, str]:
        untouched = Surface(open_office(self.item), self.item.apps)
        asked = modes.at_once(turn.request, self.item, untouched, self.user)
        said, stop = await self._run(asked)
        for call in modes.read_calls(said):
            self.surface.call(call.tool, call.arguments)
        return modes.read_message(said), stop

    async def _in_text(self, turn: Turn) -> tuple[str, str]:
        asked = modes.in_text(turn.request, self.surface, self.user)
        for _ in range(self.most[len(self.kept.stops)] + 1):
            said, stop = await self._run(asked)
            calls = modes.read_calls(said)
            if not calls:
                return said, stop
            asked = "\n\n".join(call_in_text(self.surface, call) for call in calls)
        return "", "calls"

    async def _file(self, turn: Turn) -> tuple[str, str]:
        page = self.item.page
        if page is None:
            raise ValueError(f"{self.item.id} has no file to hand over")
        asked = modes.with_file(turn.request, page, self.arm.handover)
        if self.arm.handover == "tools":
            editor = Editor({modes.file_name(page): page.before}, {})
            said, stop = await self._run(asked, [editor_tool(editor)])
            edited(self.office, page, editor.files.get(modes.file_name(page)))
            return said, stop
        said, stop = await self._run(asked)
        found = modes.read_file(said, page, self.arm.handover)
        edited(self.office, page, found if isinstance(found, str) else None)
        return said, stop

    async def _run(
        self, asked: str, tools: list[Tool | ToolSource] | None = None
    ) -> tuple[str, str]:
        """One run of the worker: its message, and why its last call stopped."""
        message: ChatMessage = ChatMessageUser(content=asked)
        begin = AgentState(messages=[*self.state.messages, message])
        # One generation more than calls: the message that ends the turn.
        limit = turn_limit(self.most[len(self.kept.stops)] + 1)
        after, over = await run(self._worker(tools or []), begin, [limit])
        self.state.messages, self.state.output = after.messages, after.output
        if over is not None:
            return "", "calls"
        return after.output.completion, after.output.stop_reason

    def _worker(self, tools: list[Tool | ToolSource]) -> Agent:
        if self.agent:
            return named(self.agent, tools)
        self._runs += 1
        scopes = {
            "item": self.item.id,
            "arm": self.arm.name,
            "replicate": str(self.state.epoch),
            "run": str(self._runs),
        }
        seed = derive(self.item.draw, "calls", self.state.epoch, self._runs) % SEEDS
        return plain(
            tools, seed=seed, tokens=self.course.tokens, scopes=scopes if self.resumable else None
        )

    def _end(self, ending: Ending, why: str) -> None:
        self.kept.ending, self.kept.why = ending, why
        transcript().info({"ending": ending, "why": why}, source=SOURCE)


@scorer(metrics={"*": [mean(), stderr()]})
def office_score() -> Scorer:
    """Success, and what else is measured of the item; the run's evidence has every measure."""

    async def score(state: TaskState, target: Target) -> Score:
        item = OfficeItem.model_validate(state.metadata["item"])
        kept = store_as(Transcript)
        found = judged(item, find_arm(state.metadata["arm"]), kept)
        if found.missing:
            return Score.unscored(explanation=f"{found.outcome}: {kept.why}")
        measured = {name: found.measures[name] for name in _SCORED if name in found.measures}
        return Score(
            value={name: value for name, value in measured.items() if value is not None},
            answer=next((e.value for e in reversed(kept.events) if e.kind == "output"), ""),
            explanation=found.outcome,
        )

    return score


_SCORED = ("success", "kept", "meanwhile", "calls")
