"""Plans from a pilot's evidence or a stated prior: what varies, what it costs, what to know."""

from pathlib import Path

import numpy as np
import pytest

from worktrial.errors import ConfigError, EvidenceError
from worktrial.estimate.planning import Target, caution
from worktrial.evidence import Observation, RunFolder, write_evidence
from worktrial.running.planning import Plan, Prices, Spread, Usage, pilot, plan, stated

APART = Target("apart", 0.1)
USAGE = Usage(10, 4000.0, 2000.0)


def row(
    worker: str, item: int, replicate: int, step: int, metric: str, value: float
) -> Observation:
    return Observation(
        trial="relay", worker=worker, item=f"i{item:03}", cluster=f"i{item:03}",
        stratum=f"s{item % 4}", arm="rewrite", replicate=replicate, step=step, operation="o",
        kind="k", outcome="ok", metric=metric, value=value, log="l", sample="s",
    )  # fmt: skip


def written(folder: Path, rows: list[Observation]) -> Path:
    folder.mkdir()
    run = RunFolder(folder)
    run.protocol.write_text("{}")
    write_evidence(run.evidence, rows)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two workers, 400 items, 2 replicates: .8 and .7 at step 4, .95 at step 2."""
    rng = np.random.default_rng(1)
    rows = []
    for item in range(400):
        for worker, mean in (("a", 0.8), ("b", 0.7)):
            document = rng.normal(mean, 0.04)
            for replicate in (1, 2):
                score = float(np.clip(document + rng.normal(0, 0.03), 0, 1))
                rows += [
                    row(worker, item, replicate, 2, "fidelity", 0.95),
                    row(worker, item, replicate, 4, "fidelity", score),
                ]
                for step in range(1, 5):
                    rows += [
                        row(worker, item, replicate, step, "attempts", 2 if step == 1 else 1),
                        row(worker, item, replicate, step, "tokens_in", 100),
                        row(worker, item, replicate, step, "tokens_out", 50),
                    ]
    return written(tmp_path_factory.mktemp("pilot") / "r", rows)


def test_a_pilot_of_two_gives_their_difference_and_its_components(run: Path) -> None:
    endpoint, spread, usage = pilot(run)
    assert endpoint == "difference"
    assert spread.values.shape == (400,)
    assert spread.values.mean() == pytest.approx(0.1, abs=0.01)
    # Two documents' worth of .04² between, two answers' worth of .03² within.
    assert spread.components.between == pytest.approx(2 * 0.04**2, rel=0.2)
    assert spread.components.within == pytest.approx(2 * 0.03**2, rel=0.2)
    assert spread.strata == 4
    assert spread.caution == caution(400)
    # Four legs, one of them tried twice; 100 tokens in and 50 out at each leg.
    assert usage == Usage(5, 400, 200)


def test_a_pilot_of_one_gives_the_gap_and_can_give_the_score(run: Path) -> None:
    endpoint, spread, _ = pilot(run, workers=["b"])
    assert endpoint == "gap"
    assert spread.values.mean() == pytest.approx(0.25, abs=0.01)
    endpoint, spread, _ = pilot(run, workers=["b"], endpoint="score")
    assert endpoint == "score"
    assert spread.values.mean() == pytest.approx(0.7, abs=0.01)


def test_money_by_hand() -> None:
    spread = stated("difference", sd=0.1, target=APART)
    found = plan(spread, USAGE, APART, prices=Prices(1.0, 5.0))
    for replicates, line in enumerate(found.rows, 1):
        relays = line.items * replicates * 2
        assert line.generations == 10 * relays
        assert (line.tokens_in, line.tokens_out) == (4000 * relays, 2000 * relays)
        # A dollar for a million in, five for a million out: .004 + .010 a relay.
        assert line.usd == pytest.approx(0.014 * relays, abs=0.006)


@pytest.mark.parametrize("prices", [None, Prices(1.0, None), Prices(None, 5.0)])
def test_money_is_not_guessed_from_half_of_what_it_takes(prices: Prices | None) -> None:
    found = plan(stated("difference", sd=0.1, target=APART), USAGE, APART, prices=prices)
    assert all(line.usd is None for line in found.rows)
    assert all("usd" not in line for line in found.record()["rows"])


def planned(**parts: float) -> Plan:
    return plan(stated("difference", sd=0.1, target=APART, **parts), USAGE, APART)


def test_more_documents_are_recommended_before_more_replicates() -> None:
    for within in (0.0, 0.05, 0.3):
        found = planned(within_sd=within)
        totals = [line.items * line.replicates for line in found.rows]
        assert totals[0] == min(totals)
        assert found.recommended == 1
        assert any("before more replicates" in note for note in found.notes)


def test_replicates_help_where_the_noise_is_between_them() -> None:
    noisy, quiet = planned(within_sd=0.3), planned(within_sd=0.0)
    assert noisy.rows[2].items < 0.6 * noisy.rows[0].items
    assert len({line.items for line in quiet.rows}) == 1
    assert any("Run noise is larger" in note for note in noisy.notes)


def test_one_replicate_is_said_not_to_tell_noise_from_documents() -> None:
    found = planned()
    assert any("cannot be told apart" in note for note in found.notes)
    assert len({line.items for line in found.rows}) == 1
    assert "within" not in found.record()["spread"]


def test_a_correlation_makes_a_difference_less_uncertain() -> None:
    # Below 24 documents a ruin not seen is allowed for: the less uncertain need those, too.
    alike, alone, opposed = (planned(correlation=r).row.items for r in (0.8, 0.0, -0.8))
    assert 24 == alike <= alone < opposed


def test_endpoints_follow_from_the_workers_and_cost_items() -> None:
    spread = stated("difference", sd=0.2, target=APART)
    two = plan(spread, USAGE, APART)
    four = plan(spread, USAGE, APART, workers=4)
    assert (two.endpoints, two.level) == (1, 0.95)
    assert four.endpoints == 6
    assert four.level == pytest.approx(1 - 0.05 / 6)
    assert four.row.items > two.row.items
    assert four.row.generations == 10 * four.row.items * 4
    assert plan(spread, USAGE, APART, workers=4, endpoints=1).row.items == two.row.items
    gap = plan(stated("gap", sd=0.2, target=APART), USAGE, APART, endpoint="gap", workers=3)
    assert gap.endpoints == 3


def test_the_replicates_that_one_will_run_are_those_recommended() -> None:
    found = plan(stated("difference", sd=0.1, target=APART), USAGE, APART, replicates=5)
    assert [line.replicates for line in found.rows] == [1, 2, 3, 5]
    assert found.row.replicates == 5


def test_a_small_pilot_is_planned_with_caution(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    rows = [
        row(worker, item, 1, 2, "fidelity", float(rng.uniform(0.4, 0.9)))
        for item in range(8)
        for worker in ("a", "b")
    ]
    _, spread, usage = pilot(written(tmp_path / "r", rows))
    assert usage == Usage()
    found = plan(spread, usage, APART)
    # The 20 % quantile of chi-square with 7 degrees of freedom is 3.822: √(7 / 3.822) = 1.353.
    assert found.row.sd == pytest.approx(1.353 * np.std(spread.values, ddof=1), rel=1e-3)
    assert any("upper 80% bound" in note for note in found.notes)
    assert found.row.items % 4 == 0
    assert found.row.generations is None


def test_a_pilot_in_which_hardly_anything_differs_is_called_a_handful(tmp_path: Path) -> None:
    rows = [
        row(worker, item, 1, 2, "fidelity", 0.5 if worker == "b" and item < 3 else 1.0)
        for item in range(16)
        for worker in ("a", "b")
    ]
    _, spread, usage = pilot(written(tmp_path / "r", rows))
    found = plan(spread, usage, APART)
    assert any("Only 3 of the pilot's 16 items differ" in note for note in found.notes)


def test_a_pilot_without_any_spread_is_refused(tmp_path: Path) -> None:
    rows = [row(worker, item, 1, 2, "fidelity", 1.0) for item in range(8) for worker in ("a", "b")]
    with pytest.raises(ConfigError, match="no spread"):
        pilot(written(tmp_path / "r", rows))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"workers": ["c"]}, "it has a, b"),
        ({"workers": ["a"], "endpoint": "difference"}, "two"),
        ({"endpoint": "gap"}, "one"),
        ({"metric": "fidelty"}, "fidelity"),
        ({"trial": "search"}, "search"),
        ({"arm": "tools"}, "rewrite"),
        ({"metric": "attempts", "trial": "relay", "endpoint": "difference"}, None),
    ],
)
def test_what_the_pilot_does_not_hold_is_said(
    run: Path, asked: dict[str, object], says: str | None
) -> None:
    with pytest.raises(ConfigError) as error:
        pilot(run, **asked)
    assert (says or "no spread") in str(error.value)


def test_a_pilot_with_several_arms_must_name_one(tmp_path: Path) -> None:
    rows = [
        row("a", item, 1, step, "fidelity", 0.1 * item / step)._replace(arm=arm)
        for item in range(8)
        for step in (2, 4)
        for arm in ("rewrite", "tools")
    ]
    run = written(tmp_path / "r", rows)
    with pytest.raises(ConfigError, match="rewrite, tools"):
        pilot(run)
    assert pilot(run, arm="tools")[0] == "gap"


def test_no_pilot_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError):
        pilot(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [{"sd": 0.0}, {"sd": -1.0}, {"sd": 0.1, "within_sd": -0.1}, {"sd": 0.1, "correlation": 1.0}],
)
def test_an_impossible_prior_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        stated("difference", target=APART, **wrong)


def test_a_stated_score_needs_its_mean() -> None:
    target = Target("precision", 0.03)
    with pytest.raises(ConfigError, match="mean"):
        stated("score", sd=0.1, target=target)
    spread: Spread = stated("score", sd=0.1, mean=0.9, target=target)
    found = plan(spread, Usage(), target, endpoint="score")
    # (1.96 · .1 / .03)² = 42.7; the interval of a mean allows for more than was seen.
    assert found.row.textbook == 43
    assert 43 <= found.row.items <= 120


@pytest.mark.parametrize("wrong", [{"workers": 1}, {"endpoints": 0}, {"replicates": 0}])
def test_a_number_out_of_range_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        plan(stated("difference", sd=0.1, target=APART), USAGE, APART, **wrong)
