"""Findings of the control of rewards, on evidence whose truth is planted."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from control_planted import (
    ITEMS,
    Change,
    asked_rewards,
    dither,
    observation,
    planted,
    scored,
    steady,
    written,
)

from worktrial.errors import EvidenceError
from worktrial.estimate import crossed_mean, holm
from worktrial.evidence import Evidence, Observation, RunFolder
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.report.control_page import publish_control
from worktrial.report.control_text import control_text
from worktrial.training.cells import Cells, cells
from worktrial.training.findings import rewards_findings
from worktrial.training.jobs import RUN, Ended, Job

PRIMARY = "clean_lenient_sampled/change"
TWO = ("correct", "random")
LENIENT = {
    "correct": steady(0.2),
    "format": steady(-0.1),
    "random": steady(0.0),
    "inverted": steady(-0.3),
}
STRICT = LENIENT | {"correct": steady(0.3), "format": steady(0.2)}


def found(out: Path, lenient: dict[str, Change] | None = None, **fields: Any) -> Findings:
    asked = asked_rewards(**fields)
    changes = LENIENT | (lenient or {})
    return rewards_findings(asked, written(asked, out, planted(asked, STRICT, changes)))


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return found(tmp_path_factory.mktemp("control"))


def claim(findings: Findings, name: str) -> Claim:
    return next(each for each in findings.claims if each.id == f"control/rewards/{name}")


def estimate(findings: Findings, arm: str, rest: str = PRIMARY) -> Estimate:
    return findings.estimate(f"control/rewards/{arm}/{rest}")


def verdicts(findings: Findings) -> dict[str, str]:
    return {each.id.removeprefix("control/rewards/"): each.verdict for each in findings.claims}


# The rule.


def test_a_true_signal_that_alone_raises_skill(usual: Findings) -> None:
    assert verdicts(usual) == {
        "skill": "met",
        "correct": "met",
        "format": "met",
        "random": "met",
        "inverted": "met",
        # The strict score rises under `format`, without skill.
        "unearned": "missed",
    }
    skill = claim(usual, "skill")
    assert skill.text.startswith("skill: ")
    assert skill.estimates == tuple(
        f"control/rewards/{arm}/{PRIMARY}" for arm in ("correct", "format", "random", "inverted")
    )
    unearned = claim(usual, "unearned")
    assert unearned.text.replace("`", "").endswith(
        ": clean strict sampled under format, clean strict greedy under format"
    )
    assert unearned.estimates == (
        "control/rewards/format/clean_strict_sampled/change",
        "control/rewards/format/clean_strict_greedy/change",
    )


@pytest.mark.parametrize(
    ("arm", "change"), [("correct", 0.2), ("format", -0.1), ("random", 0.0), ("inverted", -0.3)]
)
def test_every_change_is_the_planted_one(usual: Findings, arm: str, change: float) -> None:
    primary = estimate(usual, arm)
    assert primary.value == pytest.approx(change, abs=1e-9)
    assert (primary.minus_arm, primary.items, primary.clusters) == ("base", 20, 3)
    assert (primary.endpoint, primary.worker, primary.level) == ("declared", "small-1", 0.95)
    assert primary.low is not None
    assert primary.high is not None
    assert 0 < primary.high - primary.low < 0.01
    strict = estimate(usual, arm, "clean_strict_greedy/change")
    assert strict.value == pytest.approx({"correct": 0.3, "format": 0.2}.get(arm, change))
    assert (strict.endpoint, strict.p_value) == ("exploratory", None)
    assert not [each for each in usual.estimates if each.metric.startswith("memorised")]


def test_an_interval_by_hand(usual: Findings) -> None:
    # Each seed has the dither the other way round, so a run's mean is exact; with three seeds the
    # mean of an item is a third of the dither off.
    table = [[0.2 + dither(seed, place) for place in range(20)] for seed in (1, 2, 3)]
    expected = crossed_mean(table)
    primary = estimate(usual, "correct")
    assert (primary.low, primary.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_tests_are_two_sided_and_adjusted_over_arms(usual: Findings) -> None:
    primary = [estimate(usual, arm) for arm in ("correct", "format", "random", "inverted")]
    raw = [each.p_value for each in primary]
    assert all(p is not None and 0 < p < 0.02 for p in raw)
    adjusted = holm(np.array(raw, dtype=float)).p_values
    assert [each.p_adjusted for each in primary] == pytest.approx(list(adjusted))
    # .01 away from the margin, in units of its error, at random; inverted is farthest off.
    assert max(raw, key=lambda p: p or 0) == primary[2].p_value
    assert min(raw, key=lambda p: p or 0) == primary[3].p_value


def test_a_spurious_reward_that_raises_skill_is_found(tmp_path: Path) -> None:
    findings = found(tmp_path, {"random": steady(0.1)}, arms=TWO)
    skill = claim(findings, "skill")
    assert skill.verdict == "missed"
    assert skill.text.endswith("whatever the form; the metric moves without skill, under random")
    assert verdicts(findings)["random"] == "missed"
    assert verdicts(findings)["correct"] == "met"
    assert claim(findings, "random").threshold == 0.01


def test_a_true_signal_that_lowers_skill_is_found(tmp_path: Path) -> None:
    findings = found(tmp_path, {"correct": steady(-0.1)}, arms=TWO)
    assert claim(findings, "skill").verdict == "missed"
    assert claim(findings, "skill").text.endswith("; under correct it falls")
    assert verdicts(findings)["correct"] == "missed"


def wide(_base: str, seed: int, place: int) -> float:
    """Seeds of −.15, 0 and .15."""
    return (seed - 2) * 0.15 + dither(seed, place)


@pytest.mark.parametrize("arm", ["random", "correct"])
def test_seeds_that_disagree_cannot_tell(tmp_path: Path, arm: str) -> None:
    findings = found(tmp_path, {arm: wide}, arms=TWO)
    assert verdicts(findings)[arm] == verdicts(findings)["skill"] == "cannot-tell"
    assert claim(findings, "skill").text.endswith("whatever the form")
    low, high = estimate(findings, arm).low, estimate(findings, arm).high
    assert low is not None
    assert high is not None
    assert low < 0 < 0.01 < high


def test_a_gain_within_the_margin_is_none(tmp_path: Path) -> None:
    findings = found(tmp_path, {"random": steady(0.005)}, arms=TWO)
    assert verdicts(findings)["random"] == "met"


def test_the_true_signal_alone_shows_nothing(tmp_path: Path) -> None:
    findings = found(tmp_path, arms=("correct",))
    assert verdicts(findings) == {
        "skill": "cannot-tell",
        "correct": "met",
        "unearned": "cannot-tell",
    }


def test_one_seed_has_values_and_no_verdict(tmp_path: Path) -> None:
    findings = found(tmp_path, seeds=1, arms=TWO)
    assert set(verdicts(findings).values()) == {"cannot-tell"}
    primary = estimate(findings, "correct")
    assert primary.value == pytest.approx(0.2)
    assert (primary.low, primary.p_value, primary.why) == (None, None, "1 run; an interval needs 2")


def test_no_metric_that_rises_is_said_so(tmp_path: Path) -> None:
    asked = asked_rewards(arms=TWO)
    evidence = planted(asked, LENIENT, LENIENT)
    findings = rewards_findings(asked, written(asked, tmp_path, evidence))
    unearned = claim(findings, "unearned")
    assert (unearned.verdict, unearned.estimates) == ("met", ())
    assert unearned.text == "no metric rises under a reward that gives no skill"


# Shares, curves, the sweep.


def test_the_share_of_form_in_a_strict_gain(usual: Findings) -> None:
    # One less .2/.3; and one less −.1/.2.
    correct = estimate(usual, "correct", "clean_format_share/share")
    form = estimate(usual, "format", "clean_format_share/share")
    assert correct.value == pytest.approx(1 / 3, abs=1e-6)
    assert form.value == pytest.approx(1.5, abs=1e-6)
    assert correct.low is not None
    assert correct.high is not None
    assert 0.3 < correct.low < 1 / 3 < correct.high < 0.37
    random = estimate(usual, "random", "clean_format_share/share")
    assert (random.value, random.why) == (None, "no rise is shown")


def test_a_curve_has_every_checkpoint(usual: Findings) -> None:
    curve = [e for e in usual.estimates if e.arm == "correct" and e.step is not None]
    assert [(e.metric, e.step) for e in curve] == [
        (f"clean_{marked}_sampled", step) for marked in ("strict", "lenient") for step in (0, 4, 8)
    ]
    assert [e.value for e in curve] == pytest.approx([0.4, 0.55, 0.7, 0.4, 0.5, 0.6])
    assert {e.minus_arm for e in curve} == {None}


def test_memorised_problems_are_reported_apart(tmp_path: Path) -> None:
    asked = asked_rewards(arms=TWO)

    def both() -> Iterator[Observation]:
        yield from planted(asked, STRICT, LENIENT)
        other = {arm: steady(0.5) for arm in asked.arms}
        yield from planted(asked, other, other, stratum="memorised")

    findings = rewards_findings(asked, written(asked, tmp_path, both()))
    memorised = estimate(findings, "random", "memorised_lenient_sampled/change")
    assert memorised.value == pytest.approx(0.5)
    assert estimate(findings, "random").value == pytest.approx(0, abs=1e-9)
    # What is learned by heart is no skill.
    assert claim(findings, "skill").verdict == "met"
    unearned = claim(findings, "unearned").text.replace("`", "")
    assert "memorised lenient sampled under random" in unearned


def test_further_rates_are_reported_and_never_mixed_in(tmp_path: Path) -> None:
    asked = asked_rewards(rates=(1e-3,), arms=TWO)

    def swept() -> Iterator[Observation]:
        yield from planted(asked, STRICT, LENIENT)
        for arm in asked.arms:
            yield from scored("lenient_sampled", steady(-0.4), arm=arm, operation="0.001")

    findings = rewards_findings(asked, written(asked, tmp_path, swept()))
    assert estimate(findings, "correct").value == pytest.approx(0.2)
    rate = estimate(findings, "correct", "clean_lenient_sampled/rate 0.001")
    assert rate.value == pytest.approx(-0.4)
    assert (rate.axis, rate.endpoint, rate.low) == ("learning rate 0.001", "exploratory", None)
    assert "rate" not in claim(findings, "unearned").text.split()


# Runs that ended otherwise; bases.


def test_a_run_that_diverged_is_counted_and_left_out(tmp_path: Path) -> None:
    asked = asked_rewards(seeds=4, arms=TWO)

    def diverged() -> Iterator[Observation]:
        for each in planted(asked, STRICT, LENIENT):
            wild = each.arm == "random" and each.replicate == 4
            yield each._replace(value=1.0, outcome="diverged") if wild else each

    out = written(asked, tmp_path, diverged())
    Ended("diverged", "loss is nan", 7).keep(Job(RUN, 1, "random", 4).folder(out))
    findings = rewards_findings(asked, out)
    assert estimate(findings, "random").value == pytest.approx(0, abs=1e-9)
    assert estimate(findings, "random").clusters == 3
    assert estimate(findings, "correct").clusters == 4
    assert Counter({(c.arm, c.outcome): c.count for c in findings.outcomes}) == {
        ("correct", "ended"): 4,
        ("random", "diverged"): 1,
        ("random", "ended"): 3,
    }


def test_an_arm_of_which_nothing_ended_cannot_be_told(tmp_path: Path) -> None:
    asked = asked_rewards(arms=("correct", "random"))
    changes = {"correct": steady(0.2), "random": steady(0.0)}
    killed = (
        each._replace(outcome="killed") if each.arm == "random" else each
        for each in planted(asked, changes, changes)
    )
    findings = rewards_findings(asked, written(asked, tmp_path, killed))
    assert verdicts(findings) == {
        "skill": "cannot-tell",
        "correct": "met",
        "random": "cannot-tell",
        "unearned": "cannot-tell",
    }
    # Held by Holm for the two that were declared, though one has no p-value.
    primary = estimate(findings, "correct")
    assert primary.p_value is not None
    assert primary.p_adjusted == pytest.approx(2 * primary.p_value)


def by_base(base: str, seed: int, place: int) -> float:
    """Bases of .19, .2, .21; the two seeds of one are .1 apart, and their mean is the base's."""
    return (
        {"small-1": 0.19, "small-2": 0.2, "small-3": 0.21}[base]
        + (0.05 if seed == 1 else -0.05)
        + dither(place, 0)
    )


def test_of_three_bases_the_bases_are_the_rows(tmp_path: Path) -> None:
    bases = ("small-1", "small-2", "small-3")
    findings = found(tmp_path, {"correct": by_base}, bases=bases, seeds=2, arms=TWO)
    primary = estimate(findings, "correct")
    table = [[mean + dither(place, 0) for place in range(20)] for mean in (0.19, 0.2, 0.21)]
    expected = crossed_mean(table)
    assert (primary.clusters, primary.worker) == (3, "small-1, small-2, small-3")
    assert (primary.value, primary.low, primary.high) == pytest.approx(
        (0.2, expected.low, expected.high), abs=1e-9
    )


def test_of_two_bases_every_run_is_a_row(tmp_path: Path) -> None:
    findings = found(
        tmp_path, {"correct": by_base}, bases=("small-1", "small-2"), seeds=2, arms=TWO
    )
    primary = estimate(findings, "correct")
    assert primary.clusters == 4
    assert primary.value == pytest.approx(0.195)


def test_findings_are_written_and_read(usual: Findings, tmp_path: Path) -> None:
    (tmp_path / "findings.json").write_text(usual.text(), encoding="utf-8")
    assert Findings.read(tmp_path / "findings.json") == usual
    assert usual.run.protocol_sha256 == asked_rewards().sha256
    ids = [each.id for each in usual.estimates]
    assert len(set(ids)) == len(ids)
    assert {e for c in usual.claims for e in c.estimates} <= set(ids)


def test_a_folder_without_evidence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no evidence at"):
        rewards_findings(asked_rewards(), tmp_path)


# Tables of runs and items.


def table(out: Path, *rows: tuple[str, int, str, int, float], **fields: Any) -> Cells:
    """Cells of rows of base, seed, item, step and value."""
    names = ("worker", "replicate", "item", "step", "value")
    evidence = [observation(**dict(zip(names, row, strict=True))) for row in rows]
    written(asked_rewards(seeds=1), out, [*evidence, *fields.pop("others", [])])
    wanted: dict[str, Any] = {"rate": "2e-05", "step": 8} | fields
    return cells(Evidence(RunFolder(out).evidence), "correct", "lenient_sampled", "clean", **wanted)


def test_cells_by_hand(tmp_path: Path) -> None:
    others = [
        observation(item="x", step=8, value=1.0, arm="random"),
        observation(item="x", step=8, value=1.0, metric="strict_sampled"),
        observation(item="x", step=8, value=1.0, stratum="memorised"),
        observation(item="x", step=8, value=1.0, operation="0.001"),
        observation(item="x", step=8, value=1.0, outcome="killed", replicate=9),
        observation(item="x", step=4, value=1.0),
    ]
    got = table(
        tmp_path,
        ("b", 1, "x", 8, 0.5),
        ("a", 2, "y", 8, 0.25),
        ("a", 2, "x", 0, 0.0),
        ("b", 1, "x", 0, 0.125),
        ("a", 2, "y", 0, 0.25),
        ("b", 1, "y", 0, 1.0),
        ("a", 2, "x", 8, 1.0),
        ("b", 1, "y", 8, 0.0),
        others=others,
    )
    assert got.items == ("x", "y")
    assert got.before.tolist() == [[0.0, 0.25], [0.125, 1.0]]
    assert got.after.tolist() == [[1.0, 0.25], [0.5, 0.0]]
    assert got.change.tolist() == [[1.0, 0.0], [0.375, -1.0]]


def test_before_is_after_at_the_first_step(tmp_path: Path) -> None:
    got = table(tmp_path, ("a", 1, "x", 0, 0.5), ("a", 1, "x", 8, 1.0), step=0)
    assert got.before.tolist() == got.after.tolist() == [[0.5]]


def test_what_is_missing_is_missing(tmp_path: Path) -> None:
    got = table(tmp_path, ("a", 1, "x", 0, 0.5), ("a", 2, "x", 8, 1.0), ("a", 2, "x", 0, 0.0))
    assert np.isnan(got.after[0, 0])
    assert got.after[1, 0] == 1
    assert table(tmp_path).items == ()
    assert table(tmp_path).change.shape == (0, 0)


def test_of_three_bases_a_cell_is_the_mean_of_seeds(tmp_path: Path) -> None:
    rows = [
        (base, seed, "x", step, value * (step > 0))
        for base, values in (("a", (0.2, 0.4)), ("b", (0.5, 0.5)), ("c", (1.0, 0.0)))
        for seed, value in enumerate(values, start=1)
        for step in (0, 8)
    ]
    got = table(tmp_path, *rows)
    assert got.after.ravel().tolist() == pytest.approx([0.3, 0.5, 0.5])
    assert got.before.ravel().tolist() == [0, 0, 0]


def test_families_are_means_of_their_items(tmp_path: Path) -> None:
    others = [
        observation(item=item, cluster="fruit", step=step, value=value * (step > 0))
        for item, value in (("x", 1.0), ("y", 0.0), ("z", 0.5), ("w", 0.5))
        for step in (0, 8)
    ]
    got = table(tmp_path, others=others, by="cluster")
    assert (got.items, got.after.tolist()) == (("fruit",), [[0.5]])


def test_planted_evidence_has_all_its_items() -> None:
    assert len(list(scored("x", steady(0)))) == 3 * len(ITEMS)


def test_an_arm_whose_runs_all_diverged_is_still_shown(tmp_path: Path) -> None:
    asked = asked_rewards(arms=TWO)
    diverged = (
        each._replace(outcome="diverged" if each.arm == "random" else "ended")
        for each in planted(asked, LENIENT, STRICT)
    )
    out = written(asked, tmp_path, diverged)
    asked.keep(out)
    for seed in range(1, asked.seeds + 1):
        Ended("diverged", "loss is nan", 7).keep(Job(RUN, 1, "random", seed).folder(out))
    text = control_text(publish_control(out))
    row = next(line for line in text.splitlines() if line.startswith("random"))
    assert row.split() == ["random", "–", "–", "–", str(asked.seeds), "diverged"]
    assert "loss is nan" in (out / "report.html").read_text()
