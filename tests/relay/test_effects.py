"""What changes do, from evidence written by hand and from a run through Inspect."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, write_evidence
from worktrial.evidence.findings import Estimate
from worktrial.protocol import Measurement, Scorer
from worktrial.relay import simulate
from worktrial.relay.arms import arm
from worktrial.relay.damage import behaviour
from worktrial.relay.effects import effects
from worktrial.relay.items import custom_course, relay_items
from worktrial.relay.scoring import measures
from worktrial.relay.variants import protocol_gap
from worktrial.report import publish
from worktrial.running import Request, run

ITEMS = tuple(f"item-{i}" for i in range(30))
REWRITE, VERIFY, CROWDED = "rewrite", "rewrite+verify", "rewrite+crowded"


def measured(*arms: str) -> Measurement:
    return Measurement(
        task_version=1, seed=7, course={}, items=dict.fromkeys(ITEMS, "0" * 64),
        arms=dict.fromkeys(arms, "0" * 64), primary=arms[0], replicates=1, stop={},
        scorer=Scorer(version="1", sha256="0" * 64),
    )  # fmt: skip


def rows(scores: dict[str, float], costs: dict[str, tuple[float, float]]) -> Iterator[Observation]:
    """Every item at a score, give or take its own, and two legs that cost the same each."""
    for name, score in scores.items():
        for i, item in enumerate(ITEMS):
            values = [(10, "fidelity", score + 0.004 * i)]
            for step in (9, 10):
                usd, tokens = costs.get(name, (0.0, 0.0))
                values += [(step, "usd", usd), (step, "tokens_out", tokens)] if tokens else []
            for step, metric, value in values:
                yield Observation(
                    "relay", "a", item, item, "json", name, 1, step, "sort", "sort", "ok", metric,
                    value, "log", item,
                )  # fmt: skip


def found(
    tmp_path: Path, scores: dict[str, float], costs: dict[str, tuple[float, float]] | None = None
) -> dict[str, Estimate]:
    path = tmp_path / "evidence.parquet"
    write_evidence(path, rows(scores, costs or {}))
    estimates = list(effects(Evidence(path), measured(*scores)))
    assert len({e.id for e in estimates}) == len(estimates)
    assert not list(protocol_gap(Evidence(path), measured(*scores), compared=["a"]))
    return {estimate.id: estimate for estimate in estimates}


def test_a_factor_is_a_paired_loss_against_its_base(tmp_path: Path) -> None:
    by_id = found(tmp_path, {REWRITE: 0.8, CROWDED: 0.5})
    lost = by_id["relay/fidelity/gap/a/rewrite-minus-rewrite+crowded"]
    assert (lost.gap, lost.arm, lost.minus_arm, lost.clusters) == ("factor", REWRITE, CROWDED, 30)
    assert lost.value == pytest.approx(0.3)
    assert by_id["relay/final_fidelity/a/rewrite"].value == pytest.approx(0.8 + 0.004 * 14.5)
    assert "relay/recovered_share/a/rewrite+crowded" not in by_id


def test_a_remedy_recovers_a_share_of_the_loss_for_what_it_costs_more(tmp_path: Path) -> None:
    """.1 of a loss of .5 − .004 i; 2 legs × 1 cent, 2 legs × 500 tokens more a document."""
    by_id = found(
        tmp_path, {REWRITE: 0.5, VERIFY: 0.6}, {REWRITE: (0.01, 500.0), VERIFY: (0.02, 1000.0)}
    )
    assert by_id["relay/fidelity/gap/a/rewrite-minus-rewrite+verify"].value == pytest.approx(-0.1)
    assert by_id["relay/recovered/a/rewrite+verify"].value == pytest.approx(0.1)
    share = by_id["relay/recovered_share/a/rewrite+verify"]
    assert share.value == pytest.approx(0.1 / (0.5 - 0.004 * 14.5))
    assert (share.low or 1) < 0.1 / 0.442 < (share.high or 0)
    dollars = by_id["relay/recovered_per_usd/a/rewrite+verify"]
    assert dollars.value == pytest.approx(0.1 / 0.02)
    thousand = by_id["relay/recovered_per_thousand_tokens/a/rewrite+verify"]
    assert thousand.value == pytest.approx(0.1 / 1)


def test_what_cannot_be_told_has_its_reason(tmp_path: Path) -> None:
    whole = found(tmp_path, {REWRITE: 0.8, VERIFY: 0.8}, {REWRITE: (0, 5), VERIFY: (0, 5)})
    dollars = whole["relay/recovered_per_usd/a/rewrite+verify"]
    assert (dollars.value, dollars.why) == (None, "it costs no more")
    unpriced = found(tmp_path, {REWRITE: 0.8, VERIFY: 0.8})
    assert "relay/recovered_per_usd/a/rewrite+verify" not in unpriced, "no price is known"


def test_through_inspect_a_worker_under_a_change_is_the_one_that_is_simulated(
    tmp_path: Path,
) -> None:
    arms = (REWRITE, VERIFY, "rewrite+retry", "rewrite+conversation", "rewrite+repeated")
    request = Request(
        workers=["reference/weary-0.2", "reference/hasty-0.2"], out=tmp_path / "run", arms=arms,
        items=3, round_trips=2,
    )  # fmt: skip
    folder = run(request)
    findings = publish(folder)
    course = custom_course("pocket", items=3, round_trips=2, size=None, distractors=None)
    items = relay_items(course, seed=7)
    for worker in ("weary-0.2", "hasty-0.2"):
        for name in arms:
            scores = [
                measures(simulate.relay(i, behaviour(worker), arm=arm(name), draw=0), 4)[-1]
                for i in items
            ]
            mean = sum(score["fidelity"] or 0 for score in scores) / 3
            got = findings.estimate(f"relay/final_fidelity/reference/{worker}/{name}")
            assert got.value == pytest.approx(mean), (worker, name)
    page = folder.report.read_text()
    assert "What a factor costs" in page
    assert "all legs in one conversation" in page
    assert "What a remedy recovers" in page
    share = findings.estimate("relay/recovered_share/reference/hasty-0.2/rewrite+verify")
    assert (share.value, share.why) == (None, "what it is a share of may be 0"), "of 3 documents"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"arms": ("rewrite+verify",)}, r"`--arm rewrite\+verify` is held against `rewrite`"),
        ({"arms": ("rewrite", "rewrite+alone")}, r"`\+alone` takes other files away"),
        (
            {"arms": ("rewrite", "rewrite+size-300"), "documents": Path("own")},
            r"`--arm rewrite\+size-300` draws fresh documents",
        ),
    ],
)
def test_a_change_that_cannot_be_held_against_its_base_is_refused_before_any_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own").mkdir()
    Path("own/stock.csv").write_text("sku,name,price\nA-1,lamp,12.50\nA-2,desk,99.00\n")
    with pytest.raises(ConfigError, match=says):
        run(Request(workers=["reference/oracle"], out=Path("run"), items=1, **changes))
    assert not Path("run/logs").exists() or not list(Path("run/logs").iterdir())
