"""Long relays of large documents: memory of the run, bytes of its logs, memory of reading them."""

import multiprocessing
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inspect_ai import eval as inspect_eval
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

from worktrial.documents.handover import read_files, write_files
from worktrial.evidence.logs import read_samples
from worktrial.relay.reference import read_task
from worktrial.relay.task import relay

RELAYS, AT_ONCE, ROUND_TRIPS, SIZE = 300, 20, 50, 15_000
FEW = 20
"""So many relays' logs are read beside all of them: memory must not grow from there."""
SETTINGS = {
    "course": "pocket", "round_trips": ROUND_TRIPS, "size": SIZE, "seed": 7,
    "domains": ["subtitles"],
}  # fmt: skip
_written = [0]


@modelapi(name="large")
class LargeAPI(ModelAPI):
    """Hands back what it was shown, with one line changed, so that no two answers are alike."""

    async def generate(self, input: Any, tools: Any, tool_choice: Any, config: Any) -> ModelOutput:  # noqa: A002
        prompt = input[-1].text
        names, _ = read_task(prompt)
        shown = read_files(prompt[: prompt.rindex("## Task")], names=names)
        assert isinstance(shown, dict)
        (name,) = names
        lines = shown[name].split("\n")
        at = config.seed % (len(lines) - 1)
        lines[at] = f"{lines[at][:60]} {config.seed}"
        text = write_files({name: "\n".join(lines)})
        _written[0] += len(text.encode())
        output = ModelOutput.from_content(self.model_name, text)
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    def max_connections(self) -> int:
        return AT_ONCE


def measure() -> Iterator[dict[str, object]]:
    """Peak memory, log bytes over those of distinct outputs, and memory of reading the logs."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few"), Path(folder, "many")
        _apart(_run, few, FEW)
        peak, written = _apart(_run, many, RELAYS)
        size = sum(path.stat().st_size for path in many.glob("*.eval"))
        reading = [_apart(_read, logs) for logs in (few, many)]
    yield {
        "name": "large",
        "relays": RELAYS,
        "legs": 2 * ROUND_TRIPS,
        "tokens": SIZE,
        "at_once": AT_ONCE,
        "peak_memory_mib": round(peak),
        "peak_memory_mib_bar": 2048,
        "log_bytes_over_outputs": round(size / written, 3),
        "log_bytes_over_outputs_bar": 1.5,
        "log_mib": round(size / 2**20),
        "reading_peak_mib": round(reading[1]),
        f"reading_peak_mib_of_{FEW}": round(reading[0]),
    }


def _apart(call: Any, *arguments: Any) -> Any:
    """In a process of its own, whose memory is counted from nothing."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(call, arguments)


def _run(logs: Path, relays: int) -> tuple[float, int]:
    (log,) = inspect_eval(
        relay(items=relays, **SETTINGS), model="large/model", log_dir=str(logs), display="none",
        log_realtime=False, max_samples=AT_ONCE, max_connections=AT_ONCE,
    )  # fmt: skip
    if log.status != "success":
        raise SystemExit(f"the bench failed: {log.error}")
    return _peak_mib(), _written[0]


def _read(logs: Path) -> float:
    for path in logs.glob("*.eval"):
        for _ in read_samples(path):
            pass
    return _peak_mib()


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
