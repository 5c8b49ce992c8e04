"""The relay against bare Inspect making the same calls, with the same answers and latency."""

import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig, ModelAPI, ModelOutput, ModelUsage, get_model, modelapi
from inspect_ai.solver import Generate, Solver, TaskState, solver

from worktrial.relay import reference
from worktrial.relay.answers import Answer
from worktrial.relay.baton import Baton
from worktrial.relay.damage import behaviour
from worktrial.relay.items import RelayItem, custom_course, relay_items
from worktrial.relay.task import relay

CHAINS, AT_ONCE, ROUND_TRIPS, SIZE = 200, 100, 10, 2000
LATENCY_SECONDS = 2.0
SETTINGS = {
    "course": "pocket", "items": CHAINS, "round_trips": ROUND_TRIPS, "size": SIZE, "seed": 7,
}  # fmt: skip
_answers: dict[str, str] = {}
_latency = [0.0]
_calls: list[float] = []


@modelapi(name="bench")
class BenchAPI(ModelAPI):
    """Answers from memory after a fixed latency."""

    async def generate(self, input: Any, tools: Any, tool_choice: Any, config: Any) -> ModelOutput:  # noqa: A002
        _calls.append(time.monotonic())
        await asyncio.sleep(_latency[0])
        output = ModelOutput.from_content(self.model_name, _answers[input[-1].text])
        _calls.append(time.monotonic())
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    def max_connections(self) -> int:
        return AT_ONCE


@solver
def bare(prompts: dict[str, list[str]]) -> Solver:
    """The same calls without a relay around them."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        for i, prompt in enumerate(prompts[str(state.sample_id)]):
            state.output = await get_model().generate(
                prompt, config=GenerateConfig(seed=i, max_tokens=4000)
            )
        return state

    return solve


class Run(NamedTuple):
    """What a run took: seconds from its first call to its last, and of all its CPU."""

    wall: float
    cpu: float
    log_bytes: int
    memory_mib: float


def measure() -> Iterator[dict[str, object]]:
    """Wall and CPU of both, memory and log bytes."""
    course = custom_course(
        "pocket", items=CHAINS, round_trips=ROUND_TRIPS, size=SIZE, distractors=None
    )
    prompts = {item.id: _remember(item) for item in relay_items(course, seed=7)}
    legs = CHAINS * ROUND_TRIPS * 2
    plain, ours = (
        [_apart(prompts, with_relay=ours, latency=seconds) for seconds in (0.0, LATENCY_SECONDS)]
        for ours in (False, True)
    )
    yield {
        "name": "relay",
        "chains": CHAINS,
        "at_once": AT_ONCE,
        "wall_ratio": round(ours[1].wall / plain[1].wall, 3),
        "wall_ratio_bar": 1.05,
        "wall_over_ideal": round(ours[1].wall / (LATENCY_SECONDS * legs / AT_ONCE), 3),
        "cpu_ms_a_leg_beyond_inspect": round((ours[0].cpu - plain[0].cpu) / legs * 1e3, 2),
        "cpu_ms_a_leg_bar": 3.0,
        "cpu_ms_a_leg_of_inspect": round(plain[0].cpu / legs * 1e3, 2),
        "log_bytes_a_leg": round(ours[0].log_bytes / legs),
        "memory_mib_a_chain": round(ours[1].memory_mib / AT_ONCE, 2),
        "memory_mib_a_chain_bar": 3.0,
        "memory_mib_a_chain_of_inspect": round(plain[1].memory_mib / AT_ONCE, 2),
    }


def _apart(prompts: dict[str, list[str]], *, with_relay: bool, latency: float) -> Run:
    """One run in a process of its own, which knows the answers and has run nothing before."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_run, (prompts, with_relay, latency))


def _remember(item: RelayItem) -> list[str]:
    """Every prompt of the oracle's relay, its answers kept."""
    baton, prompts = Baton(item), []
    while baton.running:
        prompts.append(baton.prompt())
        _answers[prompts[-1]] = reference.answer(behaviour("oracle"), prompts[-1], 0)
        baton.receive(Answer(_answers[prompts[-1]]))
    return prompts


def _run(prompts: dict[str, list[str]], with_relay: bool, latency: float) -> Run:
    _latency[0] = latency
    _calls.clear()
    task = relay(**SETTINGS) if with_relay else _plain(prompts)  # type: ignore[arg-type]
    before, started_cpu = _peak_mib(), time.process_time()
    with tempfile.TemporaryDirectory() as logs:
        (log,) = inspect_eval(
            task, model="bench/model", log_dir=logs, display="none", log_realtime=False,
            max_samples=AT_ONCE, max_connections=AT_ONCE,
        )  # fmt: skip
        if log.status != "success":
            sys.exit(f"the bench failed: {log.error}")
        cpu = time.process_time() - started_cpu
        size = sum(path.stat().st_size for path in Path(logs).glob("*.eval"))
    return Run(_calls[-1] - _calls[0], cpu, size, _peak_mib() - before)


def _plain(prompts: dict[str, list[str]]) -> Task:
    samples = [Sample(id=name, input=asked[0]) for name, asked in prompts.items()]
    return Task(dataset=MemoryDataset(samples), solver=bare(prompts))


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
