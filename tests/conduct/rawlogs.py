"""Logs as Inspect writes them, by hand: what a reader must take."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

WHEN = "2026-01-01T00:00:{:02}+00:00"


def at(second: int) -> dict[str, Any]:
    return {"timestamp": WHEN.format(second), "working_start": second}


def user(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": text, **more}


def said(text: str, *calls: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    asked = [{"id": i, "function": f, "arguments": a, "type": "function"} for i, f, a in calls]
    return {"role": "assistant", "content": text, **({"tool_calls": asked} if asked else {})}


def answered(call: str, text: str, **more: Any) -> dict[str, Any]:
    return {"role": "tool", "content": text, "tool_call_id": call, **more}


def model(second: int, given: list[Any], message: dict[str, Any], **more: Any) -> dict[str, Any]:
    output = {"model": "m", "choices": [{"message": message, "stop_reason": "stop"}]}
    output |= more.pop("output", {})
    return {
        **at(second), "event": "model", "model": "mockllm/model", "input": given, "tools": [],
        "tool_choice": "auto", "config": {}, "output": output, **more,
    }  # fmt: skip


def tool(
    second: int, call: str, function: str, arguments: Any, result: Any = "", **more: Any
) -> Any:
    return {
        **at(second), "event": "tool", "type": "function", "id": call, "function": function,
        "arguments": arguments, "result": result, "events": [], **more,
    }  # fmt: skip


def sample(events: list[Any], *, name: Any = "s1", epoch: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": name, "epoch": epoch, "input": "do it", "target": "42", "messages": [],
        "scores": {"match": {"value": "C"}}, "metadata": {}, "events": events, **more,
    }  # fmt: skip


def header(**more: Any) -> dict[str, Any]:
    spec = {
        "created": WHEN.format(0), "task": "errand", "dataset": {}, "model": "mockllm/model",
        "config": {}, "task_id": "t", "run_id": "r", "eval_id": "e", "task_version": 0,
    }  # fmt: skip
    return {
        "version": 2, "status": "success", "eval": spec, "plan": {"steps": []},
        "results": {"total_samples": 1}, "stats": {}, **more,
    }  # fmt: skip


def write_json(path: Path, *samples: Any, **more: Any) -> Path:
    path.write_text(json.dumps({**header(**more), "samples": list(samples)}), encoding="utf-8")
    return path


def write_eval(path: Path, *samples: Any, **more: Any) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for one in samples:
            archive.writestr(f"samples/{one['id']}_epoch_{one['epoch']}.json", json.dumps(one))
        kept = ("id", "epoch", "input", "target")
        summaries = [{key: one[key] for key in kept} for one in samples]
        archive.writestr("summaries.json", json.dumps(summaries))
        archive.writestr("header.json", json.dumps(header(**more)))
    return path


def errand(name: Any = "s1", **more: Any) -> dict[str, Any]:
    """A request, a look that fails, a look, a note, and a claim."""
    history: list[Any] = [user("do it")]
    events: list[Any] = []
    steps = [
        ("c1", "file_read", {"path": "a.txt"}, "", {"error": ("unknown", "The call timed out.")}),
        ("c2", "file_read", {"path": "a.txt"}, "the room is 42", {}),
        ("c3", "memory_save", {"key": "room", "text": "42"}, "'room' saved.", {}),
    ]
    for turn, (call, name_, arguments, result, wrong) in enumerate(steps):
        message = said(f"step {turn}", (call, name_, arguments))
        events.append(model(3 * turn, list(history), message))
        error = wrong.get("error")
        failed = {"error": {"type": error[0], "message": error[1]}} if error else {}
        events.append(tool(3 * turn + 1, call, name_, arguments, result, **failed))
        history += [message, answered(call, result, **failed)]
    events.append(model(10, list(history), said("All done. Confidence: 80%")))
    return sample(events, name=name, **more)
