"""The relay against bare Inspect making the same calls, with the same answers and latency."""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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

CHAINS, ROUND_TRIPS, SIZE = 100, 10, 2000
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
        return CHAINS


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


def measure() -> Iterator[dict[str, object]]:
    """Wall and CPU of both, memory and log bytes."""
    course = custom_course(
        "pocket", items=CHAINS, round_trips=ROUND_TRIPS, size=SIZE, distractors=None
    )
    prompts = {item.id: _remember(item) for item in relay_items(course, seed=7)}
    legs = CHAINS * ROUND_TRIPS * 2
    plain = Task(
        dataset=MemoryDataset([Sample(id=i, input=p[0]) for i, p in prompts.items()]),
        solver=bare(prompts),
    )
    cpu_bare, _ = _run(plain, 0.0)[1:]
    cpu_relay, log_bytes = _run(relay(**SETTINGS), 0.0)[1:]  # type: ignore[arg-type]
    wall_bare, wall_relay = (
        _run(plain, LATENCY_SECONDS)[0],
        _run(relay(**SETTINGS), LATENCY_SECONDS)[0],
    )  # type: ignore[arg-type]
    yield {
        "name": "relay",
        "wall_ratio": round(wall_relay / wall_bare, 3),
        "wall_ratio_bar": 1.05,
        "wall_over_ideal": round(wall_relay / (LATENCY_SECONDS * ROUND_TRIPS * 2), 3),
        "cpu_ms_a_leg_beyond_inspect": round((cpu_relay - cpu_bare) / legs * 1e3, 2),
        "cpu_ms_a_leg_bar": 3.0,
        "cpu_ms_a_leg_of_inspect": round(cpu_bare / legs * 1e3, 2),
        "log_bytes_a_leg": round(log_bytes / legs),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _remember(item: RelayItem) -> list[str]:
    """Every prompt of the oracle's relay, its answers kept."""
    baton, prompts = Baton(item), []
    while baton.running:
        prompts.append(baton.prompt())
        _answers[prompts[-1]] = reference.answer(behaviour("oracle"), prompts[-1], 0)
        baton.receive(Answer(_answers[prompts[-1]]))
    return prompts


def _run(task: Task, latency: float) -> tuple[float, float, int]:
    """Wall from the first call to the last, CPU of all, and bytes of the log."""
    _latency[0] = latency
    _calls.clear()
    started_cpu = time.process_time()
    with tempfile.TemporaryDirectory() as logs:
        (log,) = inspect_eval(
            task, model="bench/model", log_dir=logs, display="none", log_realtime=False,
            max_samples=CHAINS, max_connections=CHAINS,
        )  # fmt: skip
        if log.status != "success":
            sys.exit(f"the bench failed: {log.error}")
        cpu = time.process_time() - started_cpu
        size = sum(path.stat().st_size for path in Path(logs).glob("*.eval"))
    return _calls[-1] - _calls[0], cpu, size
