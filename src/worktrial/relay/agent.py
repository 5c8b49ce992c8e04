"""A leg worked by an agent: in a sandbox, on real files, with tools of its own.

Each leg is a fresh run in a fresh folder. What it leaves is written into the log, from which alone
it is scored.
"""

from collections.abc import Sequence
from pathlib import Path

from inspect_ai.agent import Agent, AgentState, run
from inspect_ai.event import Event, ModelEvent
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessageUser, ModelOutput
from inspect_ai.tool import bash
from inspect_ai.util import (
    Limit,
    LimitExceededError,
    SandboxEnvironmentSpec,
    SandboxUnavailableError,
    sandbox,
    time_limit,
    token_limit,
    turn_limit,
    working_limit,
)

from worktrial.errors import ConfigError
from worktrial.randomness import derive
from worktrial.relay.answers import Answer, leaving
from worktrial.relay.arms import AGENT, TURNS
from worktrial.relay.arms import arm as find_arm
from worktrial.relay.baton import SEEDS, Baton
from worktrial.relay.dialogue import answer_of, came_back
from worktrial.relay.folder import MOST_BYTES, Folder
from worktrial.relay.left import SOURCE, Left
from worktrial.relay.shell import of_leg
from worktrial.workers.agents import named
from worktrial.workers.halves import whole

SANDBOX = "docker"
WORKING_SECONDS = 900
"""Of a leg, without waiting for a provider's limits."""
CLOCK_SECONDS = 3600
"""Of a leg, come what may."""
_COMMAND_SECONDS = 180
LIMITS = {
    "working_seconds": WORKING_SECONDS,
    "clock_seconds": CLOCK_SECONDS,
    "bytes": MOST_BYTES,
}
"""What an agent is allowed beside tokens and turns."""
_LONGEST_REASON = 1_000


def check_agent(arms: Sequence[str], agent: str) -> None:
    """Raise `ConfigError` unless there is an agent where one is to work, and nowhere else.

    Args:
        arms: Of the relay.
        agent: Its name; empty if there is none.
    """
    working = [name for name in arms if find_arm(name).handover == "agent"]
    if working and not agent:
        raise ConfigError(f"`--arm {working[0]}` needs an agent; name one by `--agent`")
    if agent and not working:
        raise ConfigError(
            f"`--agent` works under the relay's arms {', '.join(AGENT)}; add one by `--arm`, or "
            "leave it out"
        )
    if agent:
        made(agent)


def made(agent: str, folder: str = ".") -> Agent:
    """An agent as it begins: with `bash` if it takes tools, in a folder if it takes `cwd`."""
    return named(agent, [bash(timeout=_COMMAND_SECONDS)], cwd=folder)


def sandbox_spec(written: str) -> SandboxEnvironmentSpec:
    """Read a sandbox as Inspect's own option has it: its type, or with a file as TYPE:FILE.

    Raises:
        ConfigError: If it names no type, or a file that is not there.
    """
    kind, colon, file = (written or SANDBOX).partition(":")
    if not kind or (colon and not Path(file).is_file()):
        raise ConfigError(
            "`--sandbox` must be a sandbox of Inspect such as docker, or one with a file that is "
            f"there, docker:compose.yaml; got {written!r}"
        )
    return SandboxEnvironmentSpec(kind, str(Path(file).resolve()) if colon else None)


async def run_leg(baton: Baton, agent: str, epoch: int) -> tuple[Answer, ModelOutput]:
    """Let an agent work once on the files of a leg, and write into the log what it left.

    Raises:
        LimitExceededError: If a limit of the whole sample was met.
        Exception: Whatever is the sandbox's fault or the transport's, not the agent's.
    """
    folder = await Folder.filled(
        sandbox(), _folder_name(baton, epoch), {**baton.item.distractors, **baton.draft}
    )
    baton.folder = folder.path
    of_leg.set((baton.seed + epoch - 1) % SEEDS)
    began = len(transcript().events)
    try:
        left, output = await _work(baton, made(agent, folder.path), began)
        found = await folder.read(aside=baton.item.distractors)
    finally:
        await folder.remove()
    left = left.model_copy(
        update={"files": dict(found.files), "passed_over": whole(dict(found.passed_over))}
    )
    transcript().info(left.event(), source=SOURCE)
    return leaving(left), output


async def _work(baton: Baton, agent: Agent, began: int) -> tuple[Left, ModelOutput]:
    """Run it within the leg's limits: how it ended, its files aside."""
    begin = AgentState(messages=[ChatMessageUser(content=baton.prompt())])
    try:
        after, over = await run(agent, begin, _limits(baton))
    except (LimitExceededError, SandboxUnavailableError):
        raise
    except Exception as error:
        calls = _calls(began)
        if calls and not came_back(calls[-1]):
            raise
        why = whole(repr(error))[:_LONGEST_REASON]
        return Left(ended="error", why=why, worked=_worked(calls)), ModelOutput()
    worked = _worked(_calls(began))
    if over is not None:
        return Left(ended="limit", why=over.message, worked=worked), after.output
    stop = after.output.stop_reason if after.output.choices else "stop"
    said = whole(after.output.completion)
    return Left(said=said, stop_reason=stop, worked=worked), after.output


def _limits(baton: Baton) -> list[Limit]:
    return [
        token_limit(baton.budget_tokens, type="output"),
        turn_limit(TURNS),
        working_limit(WORKING_SECONDS),
        time_limit(CLOCK_SECONDS),
    ]


def _calls(began: int) -> list[ModelEvent]:
    """The calls of a model since the leg began."""
    events: Sequence[Event] = transcript().events[began:]
    return [event for event in events if isinstance(event, ModelEvent)]


def _worked(calls: Sequence[ModelEvent]) -> bool:
    answers = [answer_of(call.output) for call in calls if came_back(call)]
    return any(answer.calls or answer.text.strip() for answer in answers)


def _folder_name(baton: Baton, epoch: int) -> str:
    """A name that tells nothing of the leg, and is no earlier one's."""
    return f"work-{derive(baton.seed, 'folder', epoch) % 16**6:06x}"
