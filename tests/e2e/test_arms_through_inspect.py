"""The arms through Inspect: what is run is what is replayed, with reference workers and a model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.event import ModelEvent, SpanBeginEvent
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    modelapi,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from worktrial.conduct.clean import CLAUSES
from worktrial.documents.editor import TOOL
from worktrial.evidence import Observation, read_samples
from worktrial.relay import simulate
from worktrial.relay.arms import arm
from worktrial.relay.damage import behaviour
from worktrial.relay.extract import of_sample
from worktrial.relay.items import RelayItem
from worktrial.relay.legs import stories
from worktrial.relay.scoring import measures
from worktrial.relay.task import relay

OWN = {"ok", "noop", "protocol", "refusal", "truncated"}
COSTS = {"attempts", "turns", "seconds", "tokens_in", "tokens_out", "tokens_cached"}


def evaluate(folder: Path, model: str, name: str, epochs: int = 1, **options: Any) -> EvalLog:
    model_args = options.pop("model_args", {})
    settings = {"domains": "spreadsheet", "items": 1, "round_trips": 1} | options
    (log,) = inspect_eval(
        relay(arm=name, **settings), model=model, model_args=model_args, epochs=epochs,
        log_dir=str(folder), display="none", log_realtime=False, max_retries=0,
    )  # fmt: skip
    assert log.status == "success", log.error
    return log


def rows(log: EvalLog) -> list[Observation]:
    return [row for found in read_samples(Path(log.location)) for row in of_sample(found)]


def outcomes(log: EvalLog) -> dict[int, str | None]:
    return {row.step: row.outcome for row in rows(log) if row.metric == "attempts"}


@pytest.mark.parametrize("name", ["rewrite", "search_replace-2", "tools", "tools-3"])
def test_what_inspect_runs_is_what_is_simulated_replicate_by_replicate(
    name: str, tmp_path: Path
) -> None:
    log = evaluate(tmp_path, "reference/lossy-0.1", name, epochs=3, round_trips=3, size=300)
    found = rows(log)
    assert {row.arm for row in found} == {name}
    sample = read_eval_log(log.location).samples
    assert sample is not None
    item = RelayItem.model_validate(sample[0].metadata["item"])
    for replicate in (1, 2, 3):
        scores = simulate.relay(item, behaviour("lossy-0.1"), arm=arm(name), draw=replicate - 1)
        expected = {
            (step, metric): value
            for step, values in enumerate(measures(scores, 6), 1)
            for metric, value in values.items()
        }
        assert expected == {
            (row.step, row.metric): row.value
            for row in found
            if row.replicate == replicate and row.step and row.metric not in COSTS
        }


def test_a_leg_with_tools_is_one_span_and_its_costs_are_those_of_all_its_calls(
    tmp_path: Path,
) -> None:
    log = evaluate(tmp_path, "reference/oracle", "tools")
    (sample,) = read_eval_log(log.location).samples or []
    legs = [e for e in sample.events if isinstance(e, SpanBeginEvent) and e.name.startswith("leg")]
    calls = [e for e in sample.events if isinstance(e, ModelEvent)]
    assert [leg.name[:5] for leg in legs] == ["leg 1", "leg 2"]
    assert [[c.span_id for c in calls].count(leg.id) for leg in legs] == [3, 3]
    first = [call.output.usage for call in calls[:3]]
    cost = {row.metric: row.value for row in rows(log) if row.step == 1}
    assert cost["turns"] == 3
    assert cost["tokens_out"] == sum(usage.output_tokens for usage in first if usage)
    assert [tool.name for tool in calls[0].tools] == [TOOL]
    assert log.eval.task_args["arm"] == "tools"
    assert not isinstance(sample.input, str)
    assert [message.role for message in sample.input] == ["system", "user"]


def test_other_arms_have_no_turns(tmp_path: Path) -> None:
    log = evaluate(tmp_path, "reference/oracle", "search_replace")
    assert {row.metric for row in rows(log)} & COSTS == COSTS - {"turns"}


@pytest.mark.parametrize(
    ("worker", "broken"),
    [("careful", None), ("oracle", "verified"), ("noop", "truthful")],
)
def test_how_a_relay_with_tools_was_worked(worker: str, broken: str | None, tmp_path: Path) -> None:
    # None of the three loses anything: they are level on fidelity and apart in conduct.
    log = evaluate(tmp_path, f"reference/{worker}", "tools", domains="spreadsheet,python")
    whole = {row.metric: row.value for row in rows(log) if row.step == 0}
    assert whole == {
        "outcome_success": 1.0,
        "clean_success": float(broken is None),
        **{name: float(name != broken) for name in CLAUSES},
    }


def test_a_relay_without_tools_has_no_conduct(tmp_path: Path) -> None:
    log = evaluate(tmp_path, "reference/oracle", "rewrite")
    assert all(row.step > 0 for row in rows(log))


def test_a_story_of_tools_tells_every_call(tmp_path: Path) -> None:
    log = evaluate(tmp_path, "reference/oracle", "tools")
    (legs,) = stories(Path(log.location)).values()
    assert len(legs) == 2
    for leg in legs:
        assert leg.answer.startswith("editor(command='view', path=")
        assert leg.answer.endswith("Done.")
        assert leg.made
        assert leg.received != leg.made
    assert legs[0].received == legs[0].original
    assert legs[1].received == legs[0].made


# --- scripted workers --------------------------------------------------------------------------

Script = Callable[[list[ChatMessage], int], ModelOutput]
_script: list[Script] = []
_calls: list[GenerateConfig] = []


@modelapi(name="scripted")
class Scripted(ModelAPI):
    """Does what the test says, given the conversation and how often it was called."""

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's own signature
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        _calls.append(config)
        return _script[-1](input, len(_calls))


def scripted(folder: Path, script: Script, **options: Any) -> EvalLog:
    _calls.clear()
    _script.append(script)
    return evaluate(folder, "scripted/worker", "tools", **options)


def calling(*calls: ToolCall) -> ModelOutput:
    message = ChatMessageAssistant(content="", tool_calls=list(calls), source="generate")
    choice = ChatCompletionChoice(message=message, stop_reason="tool_calls")
    return ModelOutput(model="worker", choices=[choice])


def editing(number: int, **arguments: Any) -> ToolCall:
    return ToolCall(f"c{number}", TOOL, arguments)


def done(messages: list[ChatMessage]) -> ModelOutput | None:
    worked = any(isinstance(message, ChatMessageTool) for message in messages)
    return ModelOutput.from_content("worker", "Done.") if worked else None


def test_every_call_has_a_seed_of_its_own(tmp_path: Path) -> None:
    view = editing(1, command="view", path="orders.csv")
    scripted(tmp_path, lambda messages, _: done(messages) or calling(view))
    assert len({config.seed for config in _calls}) == len(_calls) == 4


def test_a_wrong_call_is_answered_and_the_worker_goes_on(tmp_path: Path) -> None:
    told: list[ChatMessage] = []

    def script(messages: list[ChatMessage], _: int) -> ModelOutput:
        told[:] = messages
        broken = ToolCall("c1", TOOL, {}, parse_error="no JSON")
        return done(messages) or calling(broken, ToolCall("c2", "bash", {"cmd": "ls"}))

    log = scripted(tmp_path, script)
    results = [message for message in told if isinstance(message, ChatMessageTool)]
    assert [result.tool_call_id for result in results] == ["c1", "c2"]
    assert all(result.error is not None for result in results)
    assert outcomes(log) == {1: "noop", 2: "noop"}


def test_half_a_character_is_replayed_as_it_was_run(tmp_path: Path) -> None:
    def script(messages: list[ChatMessage], _: int) -> ModelOutput:
        texts = ("order\n\ud83d\n", "\udca1")
        calls = [editing(n, command="create", path=f"f{n}.csv", file_text=t)
                 for n, t in enumerate(texts)]  # fmt: skip
        return done(messages) or calling(*calls)

    log = scripted(tmp_path, script, resumable=True)
    (legs,) = stories(Path(log.location)).values()
    assert [leg.score.outcome for leg in legs] == ["ok", "noop"]
    assert legs[0].made["f0.csv"] == "order\n\\ud83d\n"
    (sample,) = read_eval_log(log.location).samples or []
    assert sample.store["RelayState:last"] == legs[-1].made


def test_a_call_that_never_comes_back_is_missing_data_in_the_middle_of_a_leg_too(
    tmp_path: Path,
) -> None:
    def script(messages: list[ChatMessage], call: int) -> ModelOutput:
        if call == 2:
            raise ConnectionError("the provider is down")
        return calling(editing(call, command="view", path="orders.csv"))

    found = rows(scripted(tmp_path, script))
    assert {row.outcome for row in found if row.step == 1} == {"infrastructure"}
    assert {row.value for row in found if row.metric == "fidelity"} == {None}
    assert {row.value for row in found if row.step == 0} == {None}, "nor is its conduct known"


def test_finished_generations_of_a_leg_are_not_paid_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "generations"))

    def script(messages: list[ChatMessage], call: int) -> ModelOutput:
        name = f"f{call}.csv"
        new = editing(call, command="create", path=name, file_text=f"{len(messages)}\n")
        return done(messages) or calling(new)

    first = scripted(tmp_path / "1", script, resumable=True, round_trips=2)
    paid = len(_calls)
    again = scripted(tmp_path / "2", script, resumable=True, round_trips=2)
    assert (paid, len(_calls)) == (8, 0)
    without = [[row._replace(log="") for row in rows(log) if row.metric != "seconds"]
               for log in (first, again)]  # fmt: skip
    assert without[0] == without[1]


# --- the real model ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "context"),
    [("search_replace", 512), ("tools", 768)],
)
@pytest.mark.slow
def test_the_real_model_works_in_every_hand_over(name: str, context: int, tmp_path: Path) -> None:
    """Contexts that just hold the prompt keep a small model's ramblings short."""
    log = evaluate(
        tmp_path, "embedded/smollm2-135m", name, size=50,
        model_args={"slots": 1, "context": context},
    )  # fmt: skip
    found = rows(log)
    ended = outcomes(log)
    assert ended
    assert set(ended.values()) <= OWN
    assert {row.step for row in found if row.step} == {1, 2}
    (legs,) = stories(Path(log.location)).values()
    assert [leg.score.outcome for leg in legs] == list(ended.values())
    assert sum(row.value or 0 for row in found if row.metric == "tokens_out") > 5


def test_a_prompt_too_long_for_the_model_is_its_own_limit(tmp_path: Path) -> None:
    log = evaluate(
        tmp_path, "embedded/smollm2-135m", "tools", model_args={"slots": 1, "context": 256}
    )
    assert outcomes(log) == {1: "truncated"}
    assert json.dumps([row.value for row in rows(log) if row.metric == "fidelity"]) == "[0.0]"
