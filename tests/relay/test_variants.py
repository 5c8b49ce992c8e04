"""The protocol gap, from evidence written by hand and from a run under three hand-overs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from worktrial.evidence import Evidence, Observation, write_evidence
from worktrial.evidence.findings import Estimate, Findings
from worktrial.protocol import Measurement, Scorer
from worktrial.relay.variants import protocol_gap
from worktrial.report import publish
from worktrial.running import Request, run

ARMS = ("rewrite", "tools")
ITEMS = tuple(f"item-{i}" for i in range(30))


def measured(*arms: str) -> Measurement:
    return Measurement(
        task_version=1, seed=7, course={}, items=dict.fromkeys(ITEMS, "0" * 64),
        arms=dict.fromkeys(arms, "0" * 64), primary=arms[0], replicates=1, stop={},
        scorer=Scorer(version="1", sha256="0" * 64),
    )  # fmt: skip


def rows(scores: dict[tuple[str, str], float]) -> Iterator[Observation]:
    """Every item at a score, give or take an item's own .01 for each of its number."""
    for (worker, arm), score in scores.items():
        for i, item in enumerate(ITEMS):
            yield Observation(
                "relay", worker, item, item, "json", arm, 1, 10, "sort", "sort", "ok",
                "fidelity", score + 0.002 * i, "log", item,
            )  # fmt: skip


def found(tmp_path: Path, scores: dict[tuple[str, str], float]) -> dict[str, Estimate]:
    path = tmp_path / "evidence.parquet"
    write_evidence(path, rows(scores))
    estimates = protocol_gap(Evidence(path), measured(*ARMS), compared=["a", "b"])
    return {estimate.id: estimate for estimate in estimates}


PLANTED = {
    ("a", "rewrite"): 0.8, ("a", "tools"): 0.5, ("b", "rewrite"): 0.7, ("b", "tools"): 0.6,
}  # fmt: skip


def test_what_a_worker_loses_to_a_protocol_is_paired_by_item(tmp_path: Path) -> None:
    estimates = found(tmp_path, PLANTED)
    gap = estimates["relay/fidelity/gap/a/rewrite-minus-tools"]
    # .8 − .5 on every item: no spread, so the bounds are those of equal differences.
    assert gap.value == pytest.approx(0.3)
    assert (gap.gap, gap.arm, gap.minus_arm, gap.clusters) == ("protocol", *ARMS, 30)


def test_an_order_that_the_protocol_turns_is_counted_and_its_noise_measured(
    tmp_path: Path,
) -> None:
    estimates = found(tmp_path, PLANTED)
    # a − b is +.1 under rewrite and −.1 under tools: mean 0, one pair of protocols, turned.
    # Variance over protocols .02, no item noise: 2·√(.02/π) = .1596.
    assert estimates["relay/reversals/a-minus-b"].value == 1
    assert estimates["relay/protocol_noise/a-minus-b"].value == pytest.approx(0.159577, abs=1e-6)
    share = estimates["relay/protocol_noise_share/a-minus-b"]
    assert (share.value, share.why) == (None, "the two do not differ")


def test_shares_of_the_variance_follow_what_was_planted(tmp_path: Path) -> None:
    estimates = found(tmp_path, PLANTED)
    # Of one worker: protocol means differ by .3 (component .3²/2 = .045), items are alike in
    # both, spread evenly over .058 (variance .002²·(30² + 30)/12 = .00031).
    protocol, item = (
        estimates[f"relay/variance_share/a/{source}"].value or 0 for source in ("protocol", "item")
    )
    assert protocol / item == pytest.approx(0.045 / 0.00031)
    assert protocol + item == pytest.approx(1)


def test_one_arm_has_no_protocol_gap(tmp_path: Path) -> None:
    path = tmp_path / "evidence.parquet"
    write_evidence(path, rows({("a", "rewrite"): 0.5}))
    assert not list(protocol_gap(Evidence(path), measured("rewrite"), compared=["a"]))


@pytest.mark.slow
def test_reference_workers_lose_nothing_to_a_hand_over(tmp_path: Path) -> None:
    folder = run(
        Request(
            workers=["reference/oracle", "reference/lossy-0.1"], out=tmp_path / "r", items=8,
            round_trips=1, arms=("rewrite", "search_replace", "tools"), replicates=2,
        )
    )  # fmt: skip
    evidence = Evidence(folder.evidence)
    scores = {
        arm: evidence.query(
            "select worker, item, replicate, step, metric, value from evidence where arm = ? and "
            "metric in ('fidelity', 'forward', 'lossless') order by all",
            [arm],
        )
        for arm in ("rewrite", "search_replace", "tools")
    }
    assert len(scores["rewrite"]) == 2 * 8 * 2 * 3
    assert scores["rewrite"] == scores["search_replace"] == scores["tools"]


def test_the_findings_of_a_run_hold_its_protocol_gap(tmp_path: Path) -> None:
    folder = run(
        Request(
            workers=["reference/lossy-0.1"], out=tmp_path / "r", items=8, round_trips=1,
            arms=("search_replace", "rewrite-2"),
        )
    )  # fmt: skip
    findings: Findings = publish(folder)
    gaps = [e for e in findings.estimates if e.gap == "protocol" and e.metric == "fidelity"]
    assert [(e.arm, e.minus_arm, e.value) for e in gaps] == [("search_replace", "rewrite-2", 0)]
    assert "Under other protocols" in folder.report.read_text(encoding="utf-8")
