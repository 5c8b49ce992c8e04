"""`worktrial/conduct` on old logs through Inspect's own command, and in a run."""

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageUser,
    GenerateConfig,
    ModelOutput,
)
from inspect_ai.scorer import SampleScore, Score

from conduct.scripted import MAP, make_log
from worktrial.conduct.events import Trajectory
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.metric import Measure
from worktrial.conduct.reading import read_trajectories
from worktrial.conduct.rescored import apart, seen, with_inputs
from worktrial.conduct.scorer import as_score, conduct_mean
from worktrial.conduct.tally import measured_of


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_log(tmp_path_factory.mktemp("scored"), samples=3, epochs=2)


def measures(log: Path, tools: ToolMap) -> dict[tuple[str, int], dict[str, float]]:
    found = list(read_trajectories([str(log)], tools))
    return {
        (t.sample, t.epoch): {n: m.value for n, m in measured_of(t).items() if m.value is not None}
        for t in found
        if isinstance(t, Trajectory)
    }


def scored(log: EvalLog) -> dict[tuple[str, int], dict[str, float]]:
    return {(str(s.id), s.epoch): dict(s.scores["conduct"].value) for s in log.samples or ()}


def test_inspect_score_gives_an_old_log_what_the_command_finds(log: Path, tmp_path: Path) -> None:
    out, mapping = tmp_path / "scored.eval", tmp_path / "map.yaml"
    mapping.write_text(MAP)
    tool = Path(sys.executable).with_name("inspect")
    done = subprocess.run(
        [tool, "score", log, "--scorer", "worktrial/conduct", "-S", f"mapping={mapping}",
         "--action", "append", "--output-file", out, "--display", "none"],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    again = read_eval_log(str(out))
    found, known = scored(again), measures(log, ToolMap.read(mapping))
    assert found.keys() == known.keys()
    for sample, values in known.items():
        assert found[sample] == pytest.approx(values), sample
    (result,) = [s for s in again.results.scores if s.name == "conduct"]
    means = {name: metric.value for name, metric in result.metrics.items()}
    # Of three samples s0 and s2 are not looked at; s0 is wrong and claimed to be done.
    assert means["unverified_mutations"] == pytest.approx(2 / 3)
    assert means["false_completion"] == pytest.approx(1 / 3)
    assert means["clean_success"] == pytest.approx(1 / 3)
    assert not any(map(math.isnan, means.values()))
    explanation = again.samples[0].scores["conduct"].explanation
    assert "catch_rate: no seeded fault is known" in str(explanation)


def test_it_scores_a_run_as_it_happens(tmp_path: Path) -> None:
    log = make_log(tmp_path, samples=2, live=True)
    assert scored(read_eval_log(str(log))) == {
        sample: pytest.approx(values) for sample, values in measures(log, ToolMap.default()).items()
    }


def test_sample_in_which_nothing_is_measured_is_unscored() -> None:
    score = as_score({"progress": Measure(None, why="no subgoals")})
    assert score.explanation == "progress: no subgoals"
    assert isinstance(score.value, float)
    assert math.isnan(score.value)


def test_mean_takes_what_was_measured_repetitions_first() -> None:
    scores = [
        SampleScore(score=Score(value=value), sample_id=sample)
        for sample, value in (
            ("a", {"x": 1.0}), ("a", {"x": 0.0, "y": 3.0}), ("b", {"x": 1.0}), ("c", {})
        )
    ]  # fmt: skip
    assert conduct_mean()(scores) == {"x": 0.75, "y": 3.0}


def test_input_that_a_log_keeps_apart_is_found_again_or_said_to_be_unknown() -> None:
    answer = ChatMessageAssistant(content="done", id="m2")
    messages = [ChatMessageUser(content="please", id="m1"), answer]

    def call(refs: list[tuple[int, int]]) -> ModelEvent:
        output = ModelOutput.from_message(answer)
        return ModelEvent(model="m", input=[], input_refs=refs, tools=[], tool_choice="auto",
                          config=GenerateConfig(), output=output)  # fmt: skip

    measured = {"context_used": Measure(0.5), "repeated_calls": Measure(0.0)}
    known = with_inputs([call([(0, 1)])], messages)
    assert [m.text for m in known[0].input] == ["please"]
    assert seen(measured, known) == measured
    unknown = with_inputs([call([(0, 2)])], messages)
    assert apart(unknown[0])
    left = seen(measured, unknown)
    assert (left["context_used"].value, left["repeated_calls"].value) == (None, 0.0)
