"""Logs of tasks that were not made here, by a scripted model: with tools, a user, neither.

Runs where `inspect-evals` is installed; none of its data is kept here.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import inspect_ai
import pytest
from inspect_ai import Task
from inspect_ai.model import ChatMessage, GenerateConfig, Model, ModelOutput, ModelUsage, get_model
from inspect_ai.tool import ToolChoice, ToolInfo

from worktrial.conduct.events import Trajectory
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.reading import read_trajectories

pytest.importorskip("inspect_evals", reason="inspect-evals is not installed: no foreign tasks")
_VALUES: dict[str, Any] = {"integer": 1, "number": 1.0, "boolean": True, "array": [], "object": {}}
_SAID = 'All done. {"score": 1} GRADE: C Confidence: 70% ###STOP###'


def worker() -> Model:
    return get_model("mockllm/model", custom_outputs=_scripted, memoize=False)


def user() -> Model:
    def asks(given: list[ChatMessage], *_: Any) -> ModelOutput:
        turns = sum(message.role == "assistant" for message in given)
        return _counted(_SAID if turns > 2 else f"Please cancel my booking. {turns}")

    return get_model("mockllm/model", custom_outputs=asks, memoize=False)


def _counted(text: str) -> ModelOutput:
    output = ModelOutput.from_content("mockllm/model", text)
    output.usage = ModelUsage(input_tokens=90, output_tokens=9, total_tokens=99)
    return output


def _scripted(
    given: list[ChatMessage], tools: list[ToolInfo], _: ToolChoice, __: GenerateConfig
) -> ModelOutput:
    """Calls one tool after the other, six times, then says that all is done."""
    turns = sum(message.role == "assistant" for message in given)
    if not tools or turns >= 6:
        return _counted(_SAID)
    tool = sorted(tools, key=lambda one: one.name)[turns * 7 % len(tools)]
    takes = tool.parameters
    arguments = {
        name: of.enum[0] if of.enum else _VALUES.get(str(of.type), "alpha")
        for name, of in takes.properties.items()
        if name in takes.required
    }
    output = ModelOutput.for_tool_call("mockllm/model", tool.name, arguments)
    output.usage = _counted("").usage
    return output


@pytest.mark.parametrize(
    ("task", "tools"),
    [("agentdojo:agentdojo", True), ("tau2:tau2_airline", True),
     ("persistbench:persistbench_cross_domain", False)],
)  # fmt: skip
@pytest.mark.parametrize("form", ["eval", "json"])
def test_a_foreign_task(
    tmp_path: Path, task: str, tools: bool, form: Literal["eval", "json"]
) -> None:
    module, _, name = task.partition(":")
    made: Callable[[], Task] = getattr(import_module(f"inspect_evals.{module}"), name)
    inspect_ai.eval(
        made(), model=worker(), model_roles={"grader": worker(), "user": user()}, limit=1,
        message_limit=40, log_dir=str(tmp_path), log_format=form, display="none",
        fail_on_error=False,
    )  # fmt: skip
    found = list(read_trajectories([str(tmp_path)], ToolMap.default()))
    assert found
    for one in found:
        assert isinstance(one, Trajectory)
        assert one.model_calls()
        assert one.claims()[-1][1].final
        assert bool(one.tool_calls()) is tools
