"""The audit against bare Inspect making the same calls, with the same answers and latency.

Both in one process and in turns, so that a busy machine slows both; the ratio is the median of
rounds. The audit's part is all of it: reading, calls kept and logged, evidence. The provider binds,
as one does: it takes a second and a half, and so many calls at a time. Where it answered all at
once, CPU alone would be measured, which is given beside.
"""

import asyncio
import json
import statistics
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
from inspect_ai.util import collect

from worktrial.randomness import stream
from worktrial.running import run
from worktrial.trial import Audit, Request

ITEMS, PREFIXES, ROUNDS = 1000, 3, 3
LATENCY_SECONDS = 1.5
CONNECTIONS = 100
_WORDS = ("crate", "plum", "market", "sells", "noon", "buys", "candle", "harbour", "lamp", "quill")
_latency = [0.0]
_calls: list[tuple[float, str, int]] = []


@modelapi(name="bench_audit")
class BenchAPI(ModelAPI):
    """Writes the same few words after a fixed latency."""

    async def generate(self, input: Any, tools: Any, tool_choice: Any, config: Any) -> ModelOutput:  # noqa: A002
        _calls.append((time.monotonic(), input[-1].text, config.max_tokens))
        await asyncio.sleep(_latency[0])
        output = ModelOutput.from_content(self.model_name, "and a lamp for the harbour at noon")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    def max_connections(self) -> int:
        return CONNECTIONS


@solver
def bare(prompts: dict[str, list[tuple[str, int]]]) -> Solver:
    """The same calls without an audit around them, an item's at the same time."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        asked = prompts[str(state.sample_id)]
        outputs = await collect(
            *(
                model.generate(
                    prompt, config=GenerateConfig(seed=n, max_tokens=tokens, temperature=0.0)
                )
                for n, (prompt, tokens) in enumerate(asked)
            )
        )
        state.output = outputs[-1]
        return state

    return solve


def measure() -> Iterator[dict[str, object]]:
    """Wall of both, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        items = Path(folder) / "items.jsonl"
        _write(items)
        _audit(items, Path(folder) / "warm")
        prompts: dict[str, list[tuple[str, int]]] = {}
        for n, (_, prompt, tokens) in enumerate(_calls):
            prompts.setdefault(str(n // PREFIXES), []).append((prompt, tokens))
        rounds, _latency[0] = [], LATENCY_SECONDS
        for n in range(ROUNDS):
            pair = {
                "audit": lambda n=n: _audit(items, Path(folder) / f"audit-{n}"),
                "bare": lambda n=n: _bare(prompts, Path(folder) / f"bare-{n}"),
            }
            order = ("audit", "bare") if n % 2 else ("bare", "audit")
            rounds.append({name: pair[name]() for name in order})
    ratios = {
        part: [r["audit"][part] / r["bare"][part] for r in rounds] for part in rounds[0]["audit"]
    }
    yield {
        "name": "memorisation",
        "calls": ITEMS * PREFIXES,
        **{f"{part}_ratio": round(statistics.median(of), 3) for part, of in ratios.items()},
        "wall_ratio_bar": 1.1,
        "cpu_ms_a_call_beyond_inspect": round(
            statistics.median(r["audit"]["cpu"] - r["bare"]["cpu"] for r in rounds)
            / (ITEMS * PREFIXES)
            * 1e3,
            2,
        ),
        "rounds": [
            {who: {p: round(v, 2) for p, v in of.items()} for who, of in r.items()} for r in rounds
        ],
    }


def _write(items: Path) -> None:
    """Items without answers and without numbers: nothing but their three prefixes is asked."""
    lines = []
    for n in range(ITEMS):
        rng = stream(7, "bench", n)
        lines.append(json.dumps({"question": " ".join(rng.choice(_WORDS) for _ in range(40))}))
    items.write_text("\n".join(lines) + "\n", "utf-8")


def _audit(items: Path, out: Path) -> dict[str, float]:
    request = Request(
        workers=("bench_audit/model",),
        out=out,
        trials=("memorisation",),
        arms=("published",),
        items=ITEMS,
        audit=Audit(items=str(items)),
    )
    return _timed(lambda: run(request))


def _bare(prompts: dict[str, list[tuple[str, int]]], logs: Path) -> dict[str, float]:
    task = Task(
        dataset=MemoryDataset([Sample(id=i, input=p[0][0]) for i, p in prompts.items()]),
        solver=bare(prompts),
    )

    def work() -> None:
        (log,) = inspect_eval(
            task, model="bench_audit/model", log_dir=str(logs), display="none", log_realtime=False
        )
        if log.status != "success":
            sys.exit(f"the bench failed: {log.error}")

    return _timed(work)


def _timed(work: Any) -> dict[str, float]:
    """Seconds of all, from the first call to the last, and of CPU."""
    _calls.clear()
    began, cpu = time.monotonic(), time.process_time()
    work()
    ended = time.monotonic()
    if len(_calls) != ITEMS * PREFIXES:
        sys.exit(f"the bench made {len(_calls)} calls")
    return {
        "wall": ended - began,
        "calls": _calls[-1][0] - _calls[0][0],
        "cpu": time.process_time() - cpu,
    }
