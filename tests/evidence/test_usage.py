"""What a call used, and that every trial passes it on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample
from inspect_ai.model import GenerateConfig, ModelOutput, ModelUsage

from worktrial.evidence import Evidence, Observation, SampleLog, write_evidence
from worktrial.evidence.totals import add_up_costs
from worktrial.evidence.usage import spent_of, usage_of, usage_of_output
from worktrial.instruction.extract import of_sample
from worktrial.instruction.task import KEPT


def used(**fields: Any) -> ModelUsage:
    return ModelUsage(input_tokens=100, output_tokens=20, total_tokens=120, **fields)


def output(usage: ModelUsage | None, time: float | None = None) -> ModelOutput:
    said = ModelOutput.from_content("lab/x", "so")
    return said.model_copy(update={"usage": usage, "time": time})


def event(usage: ModelUsage | None, **fields: Any) -> ModelEvent:
    known: dict[str, Any] = {
        "model": "lab/x", "input": [], "tools": [], "tool_choice": "auto",
        "config": GenerateConfig(), "output": output(usage),
    }  # fmt: skip
    return ModelEvent(**{**known, **fields})


def sample(**fields: Any) -> EvalSample:
    return EvalSample(**{"id": "s", "epoch": 1, "input": "", "target": "", **fields})


def test_tokens_seconds_and_dollars_of_a_call() -> None:
    assert usage_of_output(output(used(total_cost=0.25, input_tokens_cache_read=7), 1.5)) == {
        "tokens_in": 100, "tokens_out": 20, "tokens_cached": 7, "seconds": 1.5, "usd": 0.25,
    }  # fmt: skip


def test_what_is_not_known_is_left_out_and_never_nothing() -> None:
    assert usage_of_output(output(None)) == {}
    assert usage_of_output(output(None, 1.5)) == {"seconds": 1.5}
    assert usage_of_output(output(used())) == {
        "tokens_in": 100, "tokens_out": 20, "tokens_cached": 0,
    }  # fmt: skip
    assert spent_of(None) == {}


def test_a_call_that_costs_nothing_is_known_to() -> None:
    assert spent_of(used(total_cost=0.0))["usd"] == 0.0


def test_tokens_that_go_into_the_cache_were_read() -> None:
    spent = spent_of(used(input_tokens_cache_write=1000, input_tokens_cache_read=50))
    assert (spent["tokens_in"], spent["tokens_cached"]) == (1100, 50)


def test_a_sample_adds_up_its_workers_calls_alone() -> None:
    events = [
        event(used(total_cost=0.5)),
        event(used(total_cost=0.25, input_tokens_cache_read=3)),
        event(used(total_cost=9.0), role="user"),
        event(used(total_cost=9.0), error="it broke"),
    ]
    assert usage_of(sample(events=events)) == {
        "tokens_in": 200, "tokens_out": 40, "tokens_cached": 3, "usd": 0.75,
    }  # fmt: skip


def row(item: str, metric: str, value: float | None, worker: str = "w") -> Observation:
    return Observation(
        "relay", worker, item, item, "s", "rewrite", 1, 0, "o", "k", "ok", metric, value, "l", item
    )


def test_costs_are_added_up_over_a_trial(tmp_path: Path) -> None:
    rows = [
        *(row(item, "usd", 0.1234564) for item in "ab"),
        *(row(item, "seconds", 1.00049) for item in "ab"),
        *(row(item, "tokens_in", 10.0) for item in "ab"),
        row("a", "usd", None),
        row("a", "tokens_in", 1.0, worker="v"),
    ]
    write_evidence(tmp_path / "evidence.parquet", rows)
    evidence = Evidence(tmp_path / "evidence.parquet")
    costs = {cost.worker: cost for cost in add_up_costs(evidence, "relay")}
    assert (costs["w"].usd, costs["w"].seconds, costs["w"].tokens_in) == (0.246913, 2.001, 20)
    assert (costs["v"].usd, costs["v"].seconds, costs["v"].tokens_in) == (None, None, 1)


def ablated(usage: ModelUsage | None) -> Iterator[Observation]:
    """The observations of an ablation's sample: one call, replayed, and those of others."""
    kept = {KEPT: {"item": {"id": "i"}, "arm": "full", "scorer_key": ""}}
    others = [
        event(used(), model="lab/judge"),
        event(used(), role="grader"),
        event(used(), error="gone"),
    ]
    of = sample(metadata=kept, events=[event(usage, cache="read"), *others])
    return of_sample(SampleLog("full.eval", "lab/x", of))


def test_an_ablation_passes_on_what_its_log_says() -> None:
    found = {r.metric: r.value for r in ablated(used(total_cost=0.5, input_tokens_cache_write=1))}
    assert (found["tokens_in"], found["tokens_out"], found["usd"]) == (101, 20, 0.5)
    assert "usd" not in {r.metric for r in ablated(used())}
    assert "tokens_in" not in {r.metric for r in ablated(None)}
