"""Drift told from noise: level, apart, or neither, with numbers that are worked out by hand."""

from pathlib import Path

import pytest

from gate.drifting import GPT, run
from worktrial.errors import ConfigError
from worktrial.gate import Policy, Result, judge


def judged(before: Path, now: Path, **drift: object) -> Result:
    gate = {"drift": {"metric": "fidelity", **drift}}
    return judge(now, Policy.model_validate({"gates": {"mine": gate}}), baseline=before).results[1]


def test_a_change_within_the_trials_own_margin_is_no_drift(tmp_path: Path) -> None:
    # 40 items rise or fall by .01 in turn: the mean is 0, the standard error .01/√39 = .0016,
    # and 1.68 times that lies well within .03, the relay's margin.
    before = run(tmp_path / "before", [0.5] * 40)
    now = run(tmp_path / "now", [0.51, 0.49] * 20)
    found = judged(before, now)
    assert found.verdict == "met"
    assert found.asks == "no drift of fidelity from the baseline"
    (check,) = found.checks
    assert check.subject == f"{GPT}, no drift (margin 0.03)"
    assert check.value == pytest.approx(0, abs=1e-12)
    assert (check.low, check.high) == pytest.approx((-0.0032, 0.0032), abs=1e-4)
    assert check.clusters == 40


def test_drift_is_told_with_its_size_either_way_and_what_the_provider_said(tmp_path: Path) -> None:
    # Each falls by .09 or .11: .1 on average, t(39) at .975 = 2.0227, so ± .0032.
    before = run(tmp_path / "before", [0.8] * 40, snapshot="gpt-9-0301")
    now = run(tmp_path / "now", [0.71, 0.69] * 20, snapshot="gpt-9-0502")
    found = judged(before, now)
    assert found.verdict == "missed"
    (check,) = found.checks
    assert check.subject == f"{GPT}, drift (margin 0.03)"
    assert (check.value, check.low, check.high) == pytest.approx((-0.1, -0.1032, -0.0968), abs=1e-4)
    assert check.why == "the provider called the model gpt-9-0301 then and gpt-9-0502 now"
    # The other way round it has risen, which is drift as well, and no loss.
    assert judged(now, before).checks[0].value == pytest.approx(0.1)
    assert judged(now, before).verdict == "missed"
    assert judged(now, before, at_most_loss=0.0).verdict == "met"


def test_what_cannot_be_told_says_what_could_have_been(tmp_path: Path) -> None:
    # Half of 40 rise by .5, half fall: a standard error of .5/√39 = .080, of which the bounds are
    # 2.02 times as much. With .85 for a power of .8 that is a drift of 2.87 × .080 = .23.
    before = run(tmp_path / "before", [0.5] * 40)
    now = run(tmp_path / "now", [1.0, 0.0] * 20)
    found = judged(before, now)
    assert found.verdict == "cannot-tell"
    (check,) = found.checks
    assert check.detectable == pytest.approx(0.23, abs=0.005)
    assert check.why == (
        "a drift of 0.23 would likely have been told from noise, a smaller one not"
    )
    assert check.settles is not None
    assert "items" in check.settles


def test_items_are_paired_and_not_averaged(tmp_path: Path) -> None:
    # Scores between 0 and 1 spread far more than the .05 by which each of them falls.
    scores = [0.05 + 0.9 * place / 39 for place in range(40)]
    fallen = [score - 0.05 + 0.001 * (-1) ** place for place, score in enumerate(scores)]
    found = judged(run(tmp_path / "before", scores), run(tmp_path / "now", fallen))
    assert found.verdict == "missed"
    assert found.checks[0].value == pytest.approx(-0.05)


def test_another_metric_needs_a_margin_of_its_own(tmp_path: Path) -> None:
    before = run(tmp_path / "before", [0.5] * 40)
    now = run(tmp_path / "now", [0.51, 0.49] * 20)
    policy = {"gates": {"mine": {"drift": {"metric": "forward", "margin": 0.05}}}}
    assert judge(now, Policy.model_validate(policy), baseline=before).exit_code == 0
    bare = {"gates": {"mine": {"drift": {"metric": "forward"}}}}
    with pytest.raises(ConfigError, match="no margin of its own for forward"):
        judge(now, Policy.model_validate(bare), baseline=before)
