"""Findings of the control of instructions, on evidence whose truth is planted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from control_planted import asked_instructions, dither, observation, written

from worktrial.evidence import Observation
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.training.asked import Asked
from worktrial.training.families import TEST, Task
from worktrial.training.instructing import tasks_of
from worktrial.training.jobs import RUN, Ended, Job
from worktrial.training.shares import instructions_findings

ARMS = ("full", "output-space", "empty")
Levels = dict[tuple[str, str], float]
"""By group and arm what the arm scores in the end; the base scores .04 everywhere."""
BASE = 0.04
PLANTED: Levels = {
    ("label", "full"): 0.5,
    ("label", "output-space"): 0.5,
    ("label", "empty"): 0.3,
    ("pick", "full"): 0.99,
    ("pick", "output-space"): 0.25,
    ("pick", "empty"): 0.2,
}


def observations(asked: Asked, levels: Levels, *, wide: float = 0.0) -> Iterator[Observation]:
    """Two items of every family that no arm has met; all in space at the end."""
    tested = [task for task in tasks_of(asked) if task.split == TEST]
    for seed in range(1, asked.seeds + 1):
        for arm in asked.arms:
            for place, task in enumerate(tested):
                # The other way round in the next arm: arms that are alike to the last digit would
                # be bounded by their number of families alone.
                noise = dither(seed + asked.arms.index(arm), place)
                end = levels[task.group, arm] + noise + wide * (seed - 2)
                yield from _of_task(task, arm, seed, end)


def _of_task(task: Task, arm: str, seed: int, end: float) -> Iterator[Observation]:
    known = {"arm": arm, "replicate": seed, "kind": "instructions"}
    known |= {"cluster": task.name, "stratum": task.name}
    for step, value, inside in ((0, BASE, 0.0), (4, (BASE + end) / 2, 0.5), (8, end, 1.0)):
        # The mean of the two is the family's.
        for item, off in (("x", 0.01), ("y", -0.01)):
            place = {"item": f"{task.name}: {item}", "step": step}
            yield observation(metric="score", value=value + off, **place, **known)
            yield observation(metric="in_space", value=inside, **place, **known)


def found(out: Path, levels: Levels | None = None, *, wide: float = 0.0, **fields: Any) -> Findings:
    asked = asked_instructions(**{"arms": ARMS, "items": 2} | fields)
    planted = observations(asked, PLANTED | (levels or {}), wide=wide)
    return instructions_findings(asked, written(asked, out, planted))


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return found(tmp_path_factory.mktemp("control"))


def estimate(findings: Findings, rest: str) -> Estimate:
    return findings.estimate(f"control/instructions/{rest}")


def bounds(found: Estimate) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


def claim(findings: Findings, name: str) -> Claim:
    return next(c for c in findings.claims if c.id == f"control/instructions/{name}")


def test_what_tuning_gains_and_what_the_instruction_adds(usual: Findings) -> None:
    verdicts = {c.id.removeprefix("control/instructions/"): c.verdict for c in usual.claims}
    assert verdicts == {
        # Level with the arm that knows the space alone.
        "label/instruction": "missed",
        # A guess reaches all of the gain, as far as can be seen: neither more nor less.
        "label/guess": "cannot-tell",
        "pick/instruction": "met",
        "pick/guess": "met",
    }


def test_a_guess_explains_labels_and_not_picks(usual: Findings) -> None:
    label = estimate(usual, "label/full/guess_share/share")
    # (.5 − .04)/(.5 − .04) and (.25 − .04)/(.99 − .04).
    assert label.value == pytest.approx(1, abs=1e-6)
    low, high = bounds(label)
    assert 0.97 < low < 1 < high < 1.03
    pick = estimate(usual, "pick/full/guess_share/share")
    assert pick.value == pytest.approx(0.21 / 0.95, abs=1e-6)
    low, high = bounds(pick)
    assert 0.2 < low < 0.21 / 0.95 < high < 0.24


def test_the_instruction_adds_where_it_is_needed(usual: Findings) -> None:
    label = estimate(usual, "label/full/score/difference")
    assert label.value == pytest.approx(0, abs=1e-9)
    assert label.minus_arm == "output-space"
    assert estimate(usual, "pick/full/score/difference").value == pytest.approx(0.74)
    assert claim(usual, "pick/instruction").estimates == (
        "control/instructions/pick/full/score/difference",
    )
    assert claim(usual, "pick/instruction").threshold == 0.05
    assert claim(usual, "pick/guess").threshold == 1


@pytest.mark.parametrize(("group", "families"), [("label", 24), ("pick", 16)])
def test_scores_are_of_families(usual: Findings, group: str, families: int) -> None:
    for arm in ARMS:
        score = estimate(usual, f"{group}/{arm}/score")
        assert score.value == pytest.approx(PLANTED[group, arm])
        assert (score.axis, score.items, score.clusters) == (group, families, 3)
        assert estimate(usual, f"{group}/{arm}/in_space").value == 1
    assert estimate(usual, f"{group}/untuned/score").value == pytest.approx(BASE)
    assert estimate(usual, f"{group}/untuned/score").items == families


def test_scores_are_corrected_for_chance(usual: Findings) -> None:
    # (.5 − .5)/.5, (.3 − .5)/.5; (.99 − .25)/.75, (.2 − .25)/.75.
    by_hand = {("label", "full"): 0, ("label", "empty"): -0.4, ("pick", "full"): 0.74 / 0.75}
    by_hand[("pick", "empty")] = -0.05 / 0.75
    for (group, arm), value in by_hand.items():
        corrected = estimate(usual, f"{group}/{arm}/corrected")
        assert corrected.value == pytest.approx(value, abs=1e-9)


def test_a_guess_is_worked_out(usual: Findings) -> None:
    for group, value in (("label", 0.5), ("pick", 0.25)):
        guess = estimate(usual, f"{group}/guess/score")
        assert (guess.value, guess.method, guess.low) == (value, "exact", None)
        prior = estimate(usual, f"{group}/guess-prior/score").value
        assert prior is not None
        assert 0 <= prior <= 1


def test_a_curve_has_every_checkpoint(usual: Findings) -> None:
    curve = [estimate(usual, f"pick/full/score/{step}") for step in (0, 4, 8)]
    assert [each.step for each in curve] == [0, 4, 8]
    assert [each.value for each in curve] == pytest.approx([0.04, 0.515, 0.99])


def test_ids_are_unique_and_claims_rest_on_them(usual: Findings, tmp_path: Path) -> None:
    ids = [each.id for each in usual.estimates]
    assert len(set(ids)) == len(ids)
    assert {e for c in usual.claims for e in c.estimates} <= set(ids)
    (tmp_path / "findings.json").write_text(usual.text(), encoding="utf-8")
    assert Findings.read(tmp_path / "findings.json") == usual


def test_tuning_that_gains_less_than_a_guess_is_found(tmp_path: Path) -> None:
    # (.5 − .04)/(.27 − .04) = 2: a guess would gain twice as much.
    findings = found(tmp_path, {("label", "full"): 0.27}, arms=ARMS[:2])
    assert estimate(findings, "label/full/guess_share/share").value == pytest.approx(2, abs=1e-6)
    assert claim(findings, "label/guess").verdict == "missed"


def test_seeds_that_disagree_cannot_tell(tmp_path: Path) -> None:
    levels = {("label", "full"): 0.6, ("pick", "full"): 0.8}
    findings = found(tmp_path, levels, wide=0.1, arms=ARMS[:2])
    difference = estimate(findings, "label/full/score/difference")
    # The seeds differ alike in both arms, and the difference is of the same seed.
    assert difference.value == pytest.approx(0.1)
    assert claim(findings, "label/instruction").verdict == "met"
    assert claim(findings, "label/guess").verdict == "cannot-tell"


def test_no_gain_has_no_share(tmp_path: Path) -> None:
    findings = found(tmp_path, {("label", "full"): BASE}, arms=ARMS[:1])
    share = estimate(findings, "label/full/guess_share/share")
    assert (share.value, share.why) == (None, "what it is a share of may be 0")
    assert claim(findings, "label/guess").verdict == "cannot-tell"


def test_arms_are_paired_by_the_runs_that_both_have(tmp_path: Path) -> None:
    asked = asked_instructions(arms=ARMS[:2], items=2)
    killed = (
        each._replace(outcome="killed" if (each.arm, each.replicate) == ("full", 3) else "ended")
        for each in observations(asked, PLANTED)
    )
    out = written(asked, tmp_path, killed)
    Ended("killed", "by signal 9").keep(Job(RUN, 1, "full", 3).folder(out))
    findings = instructions_findings(asked, out)
    assert estimate(findings, "pick/full/score").clusters == 2
    difference = estimate(findings, "pick/full/score/difference")
    assert (difference.value, difference.clusters) == (0.74, 2)
    assert {(c.arm, c.outcome, c.count) for c in findings.outcomes if c.arm == "full"} == {
        ("full", "ended", 2),
        ("full", "killed", 1),
    }


def test_nothing_that_ended_is_no_finding(tmp_path: Path) -> None:
    asked = asked_instructions(arms=ARMS[:2], items=2)
    killed = (each._replace(outcome="killed") for each in observations(asked, PLANTED))
    findings = instructions_findings(asked, written(asked, tmp_path, killed))
    assert {c.verdict for c in findings.claims} == {"cannot-tell"}
    assert estimate(findings, "label/untuned/score").why == "no run ended"
    assert estimate(findings, "label/full/score").value is None


# One's own families: of few outputs, and of free text.


def own(folder: Path) -> Path:
    """Training writes y three times and z once; test families ask y, z, y, y and z, z."""
    rows = [("a", "train", "yyyz"), ("b", "train", ""), ("c", "test", "yzyy"), ("d", "test", "zz")]
    lines = [
        {"task": task, "split": split, "instruction": f"do {task}", "input": f"{n}", "output": each}
        | {"outputs": ["y", "z"]}
        for task, split, outputs in rows
        for n, each in enumerate(outputs)
    ]
    free = [("b", "train"), ("e", "test"), ("f", "test")]
    lines += [
        {"task": task, "split": split, "instruction": "say", "input": "x", "output": "free text"}
        for task, split in free
    ]
    path = folder / "own.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


OWN: Levels = {
    (group, arm): level
    for group in ("classification", "generation")
    for arm, level in (("full", 0.75), ("output-space", 0.7), ("empty", 0.1))
}


def test_families_of_ones_own_by_hand(tmp_path: Path) -> None:
    findings = found(
        tmp_path, OWN, data=str(own(tmp_path)), data_sha256="ab", bases=("/models/one",), items=4
    )
    assert estimate(findings, "classification/guess/score").value == 0.5
    # What training writes most is y: 3 of 4 of the one family, none of the other.
    assert estimate(findings, "classification/guess-prior/score").value == 0.375
    # (.5 − .04)/(.75 − .04).
    share = estimate(findings, "classification/full/guess_share/share")
    assert share.value == pytest.approx(0.46 / 0.71, abs=1e-6)
    assert estimate(findings, "generation/full/score").value == pytest.approx(0.75)
    # Free text has no space, so no guess in it and no correction by it.
    ids = [each.id for each in findings.estimates if each.axis == "generation"]
    assert not [each for each in ids if "guess" in each or "corrected" in each]
    claims = {c.id.removeprefix("control/instructions/") for c in findings.claims}
    assert claims == {
        "classification/instruction",
        "classification/guess",
        "generation/instruction",
    }
