"""The table of claims: what it judges, what it lets pass, and what it must not."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from worktrial.calibration.case import Case, Claim, Replicate
from worktrial.calibration.means import CASES
from worktrial.calibration.run import _narrowest, calibrate, cases
from worktrial.cli.main import main
from worktrial.errors import ConfigError


def coin(chance: float, rng: np.random.Generator) -> Replicate:
    return Replicate(bool(rng.random() < chance), 1.0, 2.0)


def case(claim: Claim, nominal: float, chance: float, **more: bool) -> Case:
    return Case("coin", "a coin", 1, claim, nominal, partial(coin, chance), **more)


@pytest.mark.parametrize(
    ("claim", "nominal", "chance", "missed"),
    [
        ("coverage", 0.95, 0.95, False),
        ("coverage", 0.95, 0.999, False),
        ("coverage", 0.95, 0.9, True),
        ("type-one", 0.05, 0.05, False),
        ("type-one", 0.05, 0.1, True),
        ("power", 0.8, 0.7, True),
    ],
)
def test_a_rate_is_held_against_its_level_on_the_side_that_matters(
    claim: Claim, nominal: float, chance: float, missed: bool
) -> None:
    found = case(claim, nominal, chance)
    result = found.judge(found.simulate(1, range(2000)))
    assert (result.missed, result.sound) == (missed, not missed)
    assert (result.width, result.reference) == (1.0, 2.0)


def test_a_control_must_be_refuted_and_a_stated_limit_raises_no_alarm() -> None:
    fair, foul = (case("coverage", 0.95, chance, control=True) for chance in (0.95, 0.8))
    assert not fair.judge(fair.simulate(1, range(500))).sound
    assert foul.judge(foul.simulate(1, range(500))).sound
    stated = case("coverage", 0.95, 0.8, limit=True)
    result = stated.judge(stated.simulate(1, range(500)))
    assert (result.missed, result.sound) == (True, True)


def test_replicates_can_be_split_anyhow() -> None:
    found = case("coverage", 0.95, 0.5)
    whole = found.simulate(3, range(50))
    assert whole == [*found.simulate(3, range(20)), *found.simulate(3, range(20, 50))]


FIRST = {c.estimator: c for c in reversed(CASES) if c.clusters in (5, 12)}
"""One case an estimator; `worktrial calibrate` runs them all, and in full."""


@pytest.mark.parametrize("chosen", FIRST.values(), ids=lambda c: c.name)
def test_no_claim_of_means_and_differences_is_refuted_by_a_short_run(chosen: Case) -> None:
    count = 400 if chosen.control else 60
    assert chosen.judge(chosen.simulate(1, range(count))).sound


def test_every_case_has_a_name_of_its_own_and_there_are_controls() -> None:
    names = [found.name for found in cases()]
    assert len(names) == len(set(names))
    assert sum(found.control for found in cases()) >= 4


def test_the_stated_limit_is_one_truth_and_is_really_missed() -> None:
    limits = [found for found in cases() if found.limit]
    assert [(f.estimator, f.clusters) for f in limits] == [
        ("paired_difference", 24), ("paired_difference", 50)
    ]  # fmt: skip
    assert limits[0].judge(limits[0].simulate(1, range(400))).missed


def test_a_quick_run_holds_every_claim_at_one_size_and_every_control() -> None:
    chosen = _narrowest(cases())
    claims = [(c.estimator, c.claim, c.truth) for c in chosen if not c.control]
    assert len(claims) == len(set(claims))
    assert set(claims) == {(c.estimator, c.claim, c.truth) for c in cases() if not c.control}
    assert {c.clusters for c in chosen if c.estimator == "paired_difference"} == {24}
    assert [c for c in chosen if c.control] == [c for c in cases() if c.control]


RUINS = [
    c
    for c in cases()
    if c.estimator in ("paired_difference", "rank_intervals", "model_confidence_set")
    and ("ruin" in c.truth or "long tail" in c.truth)
    and c.clusters < 24
]
"""Where what is learned from the spread alone misses: .67 to .93 were covered."""


@pytest.mark.parametrize("chosen", RUINS, ids=lambda c: c.name)
def test_ruins_not_seen_are_allowed_for(chosen: Case) -> None:
    assert chosen.judge(chosen.simulate(1, range(200))).rate >= 0.97


@pytest.mark.slow
def test_the_command_prints_every_case_and_fails_where_one_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["calibrate", "--quick", "--only", "normal quantile", "--json", "--processes", "1"])
    found = json.loads(capsys.readouterr().out)
    assert (left.value.code, found["schema"], found["sound"]) == (
        0,
        "worktrial/calibration@1",
        True,
    )
    (only,) = found["cases"]
    assert (only["control"], only["sound"]) == (True, True)
    assert only["rate"] < 0.95
    monkeypatch.setattr("worktrial.calibration.run.cases", lambda: (case("coverage", 0.95, 0.5),))
    with pytest.raises(SystemExit) as left:
        main(["calibrate", "--quick", "--processes", "1", "--summary", str(tmp_path / "s.json")])
    assert left.value.code == 1
    assert "coin, coverage: a coin, 1 clusters" in capsys.readouterr().err
    written = json.loads((tmp_path / "s.json").read_text())
    assert [(c["estimator"], c["refuted"]) for c in written["claims"]] == [("coin", 1)]


@pytest.mark.parametrize(
    ("more", "message"), [(["--only", "holm"], "of every claim"), ([], "a folder that is there")]
)
def test_a_summary_that_could_not_be_written_is_refused_before_any_simulation(
    more: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "s.json" if more else tmp_path / "nowhere" / "s.json"
    with pytest.raises(SystemExit) as left:
        main(["calibrate", "--summary", str(place), *more])
    assert left.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_an_unknown_estimator_is_named() -> None:
    with pytest.raises(ConfigError, match="`--only` must be among"):
        calibrate(only=["nothing"])
