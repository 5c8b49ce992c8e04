"""Findings with what a decision needs: what is added, and that nothing else is changed."""

from pathlib import Path

import pytest

from decision.made import MEASURED, findings, puzzles, row, trials, written
from worktrial.decision import Price, with_decision
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Cost, Estimate, Findings
from worktrial.evidence.totals import add_up_costs


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    rows = [
        *puzzles("a", [1, 0] * 6, credit=[1.0] * 12, tokens_in=900, tokens_out=100),
        *puzzles("b", [1] * 12, credit=[1.0] * 12, tokens_in=500, tokens_out=10, usd=0.5),
        row("relay", "a", "x", "work_adjusted", 0.95, step=2),
        row("relay", "a", "x", "work_adjusted", 0.5, step=4),
    ]
    return written(tmp_path, rows)


def told(evidence: Evidence) -> Findings:
    """Findings whose claim lacks three times as many items and one."""
    gap = Estimate(
        id="gap", trial="reasoning", metric="solved", worker="a", value=0.1, low=-0.1, high=0.3,
        items=12, clusters=12, method="gaffke",
    )  # fmt: skip
    claim = Claim(id="c", text="so", estimates=("gap",), threshold=0.2, verdict="cannot-tell")
    return findings([gap], [claim], list(add_up_costs(evidence.of("reasoning"), "reasoning")))


def decided(evidence: Evidence, prices: dict[str, Price] | None = None) -> Findings:
    return with_decision(told(evidence), trials("relay", "reasoning"), evidence, MEASURED, prices)


def test_it_adds_estimates_failures_and_what_claims_lack(evidence: Evidence) -> None:
    found = decided(evidence)
    values = {e.id: e.value for e in found.estimates}
    assert values["reasoning/accepted/a/traced"] == 0.5
    assert values["reasoning/tokens_per_accepted/a/traced"] == 2000
    assert values["reasoning/tokens_per_accepted/b/traced"] == 510
    assert values["reasoning/usd_per_accepted/b/traced"] == 0.5
    assert values["relay/accepted/a/rewrite"] == 0
    assert "reasoning/usd_per_accepted/a/traced" not in values
    # Alike in the few resamples in which nothing of either was accepted.
    assert values["reasoning/p_front/a/tokens"] == pytest.approx(0, abs=0.01)
    assert values["reasoning/p_front/b/tokens"] == 1
    assert [(f.trial, f.item, f.worker) for f in found.failures] == [
        ("reasoning", "p1", "a"), ("relay", "x", "a"), ("reasoning", "p11", "a"),
    ]  # fmt: skip
    # 4·12 in all and one more; twelve cost 12,000 tokens, and nobody knows their price.
    (claim,) = found.claims
    assert (claim.more_items, claim.more_tokens, claim.more_usd) == (37, 37_000, None)


def test_prices_are_in_costs_jobs_and_what_is_lacking(evidence: Evidence) -> None:
    found = decided(evidence, {"a": Price(input=1, output=11)})
    # (900 + 11·100)/10⁶ a job, twelve jobs, half of them accepted.
    assert found.estimate("reasoning/usd_per_job/a/traced").value == pytest.approx(0.002)
    assert found.estimate("reasoning/usd_per_accepted/a/traced").value == pytest.approx(0.004)
    costs = {cost.worker: cost.usd for cost in found.cost}
    assert costs == {"a": 0.024, "b": 6.0}
    assert found.claims[0].more_usd == pytest.approx(37 * 0.002)
    # Of both the dollars are known now, and `b` is the dearer one.
    assert found.estimate("reasoning/p_front/a/usd").value == pytest.approx(1, abs=0.01)


def test_a_price_of_what_was_not_counted_is_no_cost(evidence: Evidence) -> None:
    price = {"a": Price(input=1, output=1)}
    uncounted = told(evidence).model_copy(update={"cost": (Cost(worker="a", trial="reasoning"),)})
    found = with_decision(uncounted, trials("reasoning"), evidence, MEASURED, price)
    assert found.cost[0].usd is None


def test_all_else_stays_as_it_was(evidence: Evidence) -> None:
    before, after = told(evidence), decided(evidence)
    assert after.estimates[: len(before.estimates)] == before.estimates
    assert (after.run, after.outcomes, after.cost) == (before.run, before.outcomes, before.cost)
    lacking = {"more_items": None, "more_tokens": None, "more_usd": None}
    assert tuple(c.model_copy(update=lacking) for c in after.claims) == before.claims


def test_the_same_seed_gives_the_same_bytes(evidence: Evidence) -> None:
    assert decided(evidence).text() == decided(evidence).text()


def test_every_estimate_has_a_name_of_its_own_and_is_read_back(
    evidence: Evidence, tmp_path: Path
) -> None:
    found = decided(evidence)
    assert len({e.id for e in found.estimates}) == len(found.estimates)
    (tmp_path / "findings.json").write_text(found.text())
    assert Findings.read(tmp_path / "findings.json") == found


def test_trials_without_work_add_nothing(evidence: Evidence) -> None:
    measured = {**MEASURED, "memorisation": MEASURED["reasoning"]}
    found = with_decision(told(evidence), trials("memorisation"), evidence, measured)
    assert found.estimates == told(evidence).estimates
    assert found.failures == ()
