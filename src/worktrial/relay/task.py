"""The relay as an Inspect task: stateless legs, each a span of its own in the log."""

from collections.abc import Sequence
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import transcript
from inspect_ai.model import (
    CachePolicy,
    ChatMessage,
    GenerateConfig,
    ModelOutput,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import LimitExceededError, StoreModel, span, store_as
from pydantic import Field

from worktrial import steps
from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.relay.agent import check_agent, run_leg, sandbox_spec
from worktrial.relay.arms import Arm
from worktrial.relay.arms import arm as find_arm
from worktrial.relay.baton import SEEDS, Baton
from worktrial.relay.changes import given, given_to
from worktrial.relay.dialogue import answer_of, continuing, opening, tools_of
from worktrial.relay.items import Course, RelayItem, custom_course, relay_items
from worktrial.relay.left import SOURCE
from worktrial.relay.own import own_items
from worktrial.workers.halves import logged, whole

TASK_VERSION = 1


class RelayState(StoreModel):
    """What the scorer needs of a relay: its files after the first round trip and at its end."""

    first: dict[str, str] = Field(default_factory=dict)
    last: dict[str, str] = Field(default_factory=dict)
    leg: int = 0
    outcome: str = "ok"


@task
def relay(
    course: str = "pocket",
    seed: int = 7,
    round_trips: int | None = None,
    items: int | None = None,
    domains: str | list[str] = "",
    size: int | None = None,
    distractors: int | None = None,
    documents: str = "",
    arm: str = "rewrite",
    agent: str = "",
    sandbox: str = "",
    resumable: bool = False,
) -> Task:
    """Hand a document through a relay of edits, each undone by the next leg.

    Args:
        course: How large it is: pocket, standard or full.
        seed: Decides documents, distractors, schedules and the seeds of the legs.
        round_trips: Forward and backward legs of each relay, instead of the course's.
        items: Relays, instead of the course's.
        domains: Names of domains, comma-separated; all by default.
        size: Tokens of each document, instead of the course's.
        distractors: Tokens of files without a part in the work, instead of the course's.
        documents: A folder of one's own documents, instead of fresh ones.
        arm: The hand-over and its wording: rewrite, search_replace, tools or agent, or one of these
            with -2 or -3 in other words.
        agent: Under the arm `agent` the Inspect agent that works, by its registered name; it is
            given `tools` and `cwd` if it takes them.
        sandbox: Where it works, as Inspect's own option has it, such as docker:compose.yaml; docker
            by default. local is no sandbox: what the agent executes is executed on this machine.
        resumable: Keep every generation, so that an interrupted run pays for none twice.
    """
    asked = find_arm(arm)
    check_agent([arm], agent)
    names = domains.split(",") if isinstance(domains, str) else domains
    chosen = custom_course(
        course, round_trips=round_trips, size=size, distractors=distractors, items=items
    )
    wanted = [n.strip() for n in names if n.strip()]
    drawn = draw_items(chosen, seed=seed, domains=wanted, documents=documents)
    return Task(
        dataset=MemoryDataset([_sample(item, asked) for item in drawn], name="relay"),
        solver=relay_legs(resumable=resumable, agent=agent),
        scorer=relay_fidelity(),
        sandbox=sandbox_spec(sandbox) if asked.handover == "agent" else None,
        version=TASK_VERSION,
    )


def draw_items(
    course: Course, *, seed: int, domains: Sequence[str], documents: str
) -> list[RelayItem]:
    """Fresh items, or those of a folder of documents."""
    if documents:
        return own_items(Path(documents), course, seed=seed, domains=domains)
    return relay_items(course, seed=seed, domains=domains)


def _sample(item: RelayItem, arm: Arm) -> Sample:
    under = given(item, arm)
    messages = opening(Baton(under, arm))
    return Sample(
        id=item.id,
        input=messages if len(messages) > 1 else messages[0].text,
        metadata={
            "item": item.model_dump(),
            **({} if under is item else {"given": under.model_dump()}),
            "arm": arm.name,
            "cluster": item.id,
            "domain": item.domain,
        },
    )


@solver
def relay_legs(resumable: bool = False, agent: str = "") -> Solver:
    """Run every leg of a relay, until its end, a dropped baton or a call that never came back."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        baton = Baton(given_to(state.metadata), find_arm(state.metadata["arm"]))
        progress = store_as(RelayState)
        history: list[ChatMessage] = []
        while baton.running:
            leg = baton.leg
            async with span(f"leg {baton.leg + 1}: {baton.errand.name}, {baton.direction}"):
                if baton.arm.handover == "agent":
                    await _let_work(baton, state, agent)
                else:
                    said = await _run_leg(baton, state, history, resumable)
                    history = said if baton.arm.changed("conversation") else []
            _note(progress, baton, done=baton.leg - leg)
        return state

    return solve


async def _run_leg(
    baton: Baton, state: TaskState, history: Sequence[ChatMessage], resumable: bool
) -> list[ChatMessage]:
    """Call until the leg is done, dropped or lost; each attempt goes on from the history alone.

    Returns:
        What was said in its last attempt, with the history before it.
    """
    leg = baton.leg
    messages: list[ChatMessage] = []
    while baton.running and baton.leg == leg:
        messages = messages if baton.exchanges else [*history, *opening(baton)]
        output = await _ask(baton, messages, state.epoch, resumable)
        if output is None:
            break
        state.output = output
        baton.receive(answer_of(output))
        if baton.exchanges:
            messages = messages + continuing(baton, output)
        else:
            messages = [*messages, logged(output.message)]
    return messages


async def _let_work(baton: Baton, state: TaskState, agent: str) -> None:
    """Let an agent work until the leg is done, dropped or lost; each attempt is a run of its own.

    The boundary at which faults of the sandbox and the transport become missing data.
    """
    leg = baton.leg
    while baton.running and baton.leg == leg:
        try:
            answer, state.output = await run_leg(baton, agent, state.epoch)
        except LimitExceededError:
            raise
        except Exception as error:
            _lose(baton, error)
            return
        baton.receive(answer)


def _lose(baton: Baton, error: Exception) -> None:
    transcript().info(whole({"outcome": "infrastructure", "error": repr(error)}), source=SOURCE)
    baton.outcome = "infrastructure"


async def _ask(
    baton: Baton, messages: list[ChatMessage], epoch: int, resumable: bool
) -> ModelOutput | None:
    """One call; the boundary at which transport failures become missing data."""
    scopes = {
        "arm": baton.arm.name,
        "item": baton.item.id,
        "leg": str(baton.leg),
        "attempt": str(baton.attempt),
        "turn": " ".join(map(str, baton.remedy.turn)),
        "call": str(len(baton.exchanges)),
    }
    config = GenerateConfig(seed=(baton.seed + epoch - 1) % SEEDS, max_tokens=baton.budget_tokens)
    try:
        return await get_model().generate(
            messages,
            tools=tools_of(baton.arm),
            config=config,
            cache=CachePolicy(expiry=None, scopes=scopes) if resumable else False,
        )
    except LimitExceededError:
        raise
    except Exception as error:
        _lose(baton, error)
        return None


def _note(progress: RelayState, baton: Baton, *, done: int) -> None:
    progress.leg, progress.outcome = baton.leg, baton.outcome
    if baton.leg == 2 and not progress.first:
        progress.first = dict(baton.files)
    if not baton.running:
        progress.last = dict(baton.files) if baton.outcome == "ok" else {}
    never = 0 if baton.running else baton.legs - baton.leg
    steps.count(done, never=never)


@scorer(metrics={"*": [mean(), stderr()]})
def relay_fidelity() -> Scorer:
    """Fidelity after the first round trip and at the end; the run's evidence has every leg."""

    async def score(state: TaskState, target: Target) -> Score:
        progress = store_as(RelayState)
        if progress.outcome == "infrastructure":
            return Score.unscored(explanation=f"lost to infrastructure at leg {progress.leg + 1}")
        item = given_to(state.metadata)
        chosen = domain(item.domain)
        original = chosen.parse(item.files)
        first, last = (
            likeness(original, chosen.parse(files), clips=chosen.clips)
            for files in (progress.first, progress.last)
        )
        return Score(
            value={
                "fidelity_2": first.value,
                "fidelity": last.value,
                "lossless": float(last.lossless),
                "legs": progress.leg,
            },
            explanation=f"{progress.leg} legs, {progress.outcome}",
        )

    return score
