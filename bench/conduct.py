"""Logs to trajectories beside Inspect's own reader: events a second, and peak memory of each.

`make bench ARGS=conduct`: many samples, and a log of large ones, as `.eval` and `.json`; every
reader in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

MANY, LONG, LARGE, LARGE_BYTES = 2_000, 50, 5, 100_000_000
_WHEN = "2026-01-01T00:00:00+00:00"
_READERS = {
    "worktrial": """
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.reading import Unread, read_trajectories
for one in read_trajectories([path], ToolMap.default()):
    assert not isinstance(one, Unread), one
    samples += 1
""",
    "inspect": """
from inspect_ai.log import read_eval_log
samples = len(read_eval_log(path, resolve_attachments="core").samples)
""",
}
_TIMED = """
import json, resource, sys, time
path, samples, began = sys.argv[1], 0, time.process_time()
{reader}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"samples": samples, "seconds": time.process_time() - began, "mib": peak}}))
"""


def measure() -> Iterator[dict[str, object]]:
    """Each log by each reader."""
    with tempfile.TemporaryDirectory() as folder:
        for name, path, events in _logs(Path(folder)):
            size = round(_unpacked(path) / 1e6)
            for reader in _READERS:
                yield {
                    "name": "conduct", "log": name, "megabytes": size, "events": events,
                    "reader": reader, **read(path, reader, events),
                }  # fmt: skip


def read(path: Path, reader: str, events: int, *, most_mib: int = 6_000) -> dict[str, object]:
    """What one reader makes of a log, in a process of its own."""
    code = _TIMED.format(reader=_READERS[reader])
    limit = f'ulimit -v {most_mib * 1024}; exec "$@"'
    command = ["bash", "-c", limit, "bash", sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["killed"])[-1][:200]}
    found = json.loads(done.stdout)
    return {
        "events_a_second": round(events / found["seconds"]),
        "cpu_seconds": round(found["seconds"], 1),
        "peak_mib": round(found["mib"]),
    }


def _logs(folder: Path) -> Iterator[tuple[str, Path, int]]:
    many = [(f"s{n}", LONG // 2, 400) for n in range(MANY)]
    yield "many.eval", write_eval(folder / "many.eval", many), MANY * LONG
    turns = LARGE_BYTES // 22_000
    large = [(f"s{n}", turns, 20_000) for n in range(LARGE)]
    yield "large.eval", write_eval(folder / "large.eval", large), LARGE * turns * 2
    turns = LARGE_BYTES // 2_250
    small = [(f"s{n}", turns, 300) for n in range(LARGE)]
    yield "long.eval", write_eval(folder / "long.eval", small), LARGE * turns * 2
    (folder / "long.eval").unlink()
    yield "long.json", write_json(folder / "long.json", small), LARGE * turns * 2
    (folder / "long.json").unlink()
    old = [(f"s{n}", 440, 800) for n in range(LARGE)]
    yield "old.json", write_json(folder / "old.json", old, pooled=False), LARGE * 880


def write_eval(path: Path, samples: list[tuple[str, int, int]]) -> Path:
    """A log of so many samples, each with so many turns of so many characters."""
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, turns, characters in samples:
            with archive.open(f"samples/{name}_epoch_1.json", "w") as file:
                for text in _sample(name, turns, characters, pooled=True):
                    file.write(text.encode())
        summaries = [{"id": name, "epoch": 1, "input": "x", "target": "x"} for name, *_ in samples]
        archive.writestr("summaries.json", json.dumps(summaries))
        archive.writestr("header.json", json.dumps(_header(len(samples))))
    return path


def write_json(path: Path, samples: list[tuple[str, int, int]], *, pooled: bool = True) -> Path:
    """The same as one text; not pooled as before Inspect had pools: each call with its history."""
    with path.open("w") as file:
        file.write(json.dumps(_header(len(samples)))[:-1] + ', "samples": [')
        for number, (name, turns, characters) in enumerate(samples):
            file.write("," if number else "")
            file.writelines(_sample(name, turns, characters, pooled=pooled))
        file.write("]}")
    return path


def _header(samples: int) -> dict[str, Any]:
    spec = {
        "created": _WHEN, "task": "bench", "dataset": {"samples": samples}, "config": {},
        "model": "mockllm/model", "task_id": "t", "run_id": "r", "eval_id": "e", "task_version": 0,
    }  # fmt: skip
    return {
        "version": 2, "status": "success", "eval": spec, "plan": {"steps": []},
        "results": {"total_samples": samples}, "stats": {"started_at": _WHEN},
    }  # fmt: skip


def _sample(name: str, turns: int, characters: int, *, pooled: bool) -> Iterator[str]:
    """A sample's text, bit by bit: turns of a call and its result, as Inspect writes them."""
    yield json.dumps({
        "id": name, "epoch": 1, "input": "do it", "target": "42", "messages": [],
        "scores": {"includes": {"value": "C"}},
    })[:-1] + ', "events": ['  # fmt: skip
    messages = [{"id": f"{name}-u", "role": "user", "content": "do it"}]
    for turn in range(turns):
        said, asked, answer = _turn(name, turn, characters)
        supplied = (
            {"input": [], "input_refs": [[max(0, 2 * turn - 40), 2 * turn + 1]]}
            if pooled
            else {"input": messages}
        )
        yield ("," if turn else "") + json.dumps(said | supplied) + "," + json.dumps(asked)
        messages += [said["output"]["choices"][0]["message"], answer]
    pool = {"messages": messages if pooled else [], "calls": []}
    yield f'], "attachments": {{}}, "events_data": {json.dumps(pool)}}}'


def _turn(name: str, turn: int, characters: int) -> tuple[dict[str, Any], ...]:
    call = {"id": f"c{turn}", "function": "read_file", "arguments": {"path": f"{turn}.txt"}}
    text = f"{name} {turn} " + "abcdefgh " * (characters // 9)
    message = {
        "id": f"{name}-a{turn}", "role": "assistant", "content": f"Turn {turn}.",
        "tool_calls": [call | {"type": "function"}],
    }  # fmt: skip
    usage = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    common = {"timestamp": _WHEN, "working_start": turn, "span_id": "s"}
    said = common | {
        "uuid": f"m{turn}", "event": "model", "model": "mockllm/model", "tools": [],
        "tool_choice": "auto", "config": {}, "working_time": 0.1,
        "output": {
            "model": "m", "usage": usage,
            "choices": [{"message": message, "stop_reason": "tool_calls"}],
        },
        "call": {"request": {"model": "m"}, "response": {"said": "x" * 200}},
    }  # fmt: skip
    asked = common | call | {
        "uuid": f"t{turn}", "event": "tool", "type": "function", "result": text, "events": [],
        "working_time": 0.1,
    }  # fmt: skip
    answer = {
        "id": f"{name}-t{turn}", "role": "tool", "content": text, "tool_call_id": f"c{turn}",
        "function": "read_file",
    }  # fmt: skip
    return said, asked, answer


def _unpacked(path: Path) -> int:
    if path.suffix == ".json":
        return path.stat().st_size
    with ZipFile(path) as archive:
        return sum(one.file_size for one in archive.infolist())
