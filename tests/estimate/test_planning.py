"""Planning: formulas by hand, and the plan against simulated runs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import equivalence
from worktrial.estimate.planning import (
    MOST_CLUSTERS,
    Goal,
    Target,
    beta_values,
    caution,
    plan_clusters,
    shaped,
    textbook_clusters,
    variance_components,
)

APART = Target("apart", 0.1)


# --- variance ---


def test_components_by_hand() -> None:
    # Means .2, .4, .6: their variance is .04. Within each cluster ±.1: variance .02, of which a
    # mean of two keeps .01. Between clusters: .04 - .01 = .03.
    found = variance_components([[0.1, 0.3], [0.3, 0.5], [0.5, 0.7]])
    assert found.of_means == pytest.approx(0.04)
    assert found.within == pytest.approx(0.02)
    assert found.between == pytest.approx(0.03)
    assert found.variance(1) == pytest.approx(0.05)
    assert found.variance(2) == pytest.approx(0.04)
    assert (found.clusters, found.replicates) == (3, 2)


def test_one_replicate_cannot_tell_noise_from_documents() -> None:
    found = variance_components([[0.2], [0.4], [0.6]])
    assert np.isnan(found.between)
    assert np.isnan(found.within)
    assert found.variance(1) == found.variance(3) == pytest.approx(0.04)


def test_noise_alone_leaves_nothing_between() -> None:
    found = variance_components([[0.1, 0.5], [0.5, 0.1], [0.3, 0.3]])
    assert found.between == 0
    # Variances .08, .08 and 0.
    assert found.within == pytest.approx(0.16 / 3)


def test_a_cluster_with_a_missing_replicate_is_left_out() -> None:
    whole = [[0.1, 0.3], [0.3, 0.5], [0.5, 0.7]]
    assert variance_components([*whole, [0.9, np.nan]]) == variance_components(whole)


@pytest.mark.parametrize("values", [[[0.1, 0.2]], [[0.1], [np.nan]], [0.1, 0.2]])
def test_too_little_for_a_variance_is_refused(values: list[list[float]]) -> None:
    with pytest.raises(ConfigError):
        variance_components(values)


def test_components_are_recovered_from_a_known_truth() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(0, 0.1, (4000, 1)) + rng.normal(0, 0.05, (4000, 2))
    found = variance_components(values)
    assert found.between == pytest.approx(0.01, rel=0.06)
    assert found.within == pytest.approx(0.0025, rel=0.06)


def test_caution_by_hand() -> None:
    # The 20 % quantile of chi-square with 15 degrees of freedom is 10.307: √(15 / 10.307).
    assert caution(16) == pytest.approx(1.2064, abs=1e-4)
    # With 1 degree it is .06418: √(1 / .06418).
    assert caution(2) == pytest.approx(3.947, abs=1e-3)


def test_the_true_spread_lies_below_the_cautious_one_four_times_in_five() -> None:
    rng = np.random.default_rng(2)
    sds = np.std(rng.normal(0, 1, (4000, 16)), axis=1, ddof=1)
    assert np.mean(sds * caution(16) >= 1) == pytest.approx(0.8, abs=0.02)


# --- shapes ---


@pytest.mark.parametrize(("mean", "sd"), [(0.1, 0.2), (-0.3, 0.1), (0.0, 0.5), (0.02, 0.01)])
def test_a_stated_prior_has_its_mean_and_spread(mean: float, sd: float) -> None:
    values = beta_values(mean, sd)
    assert values.mean() == pytest.approx(mean, abs=1e-3)
    assert values.std() == pytest.approx(sd, rel=0.01)
    assert np.all(np.abs(values) <= 1)


def test_an_impossible_prior_is_refused() -> None:
    with pytest.raises(ConfigError, match="sd"):
        beta_values(0.9, 0.4, low=0.0)


@given(
    st.lists(st.integers(1, 20), min_size=4, max_size=20, unique=True),
    st.integers(0, 10),
    st.floats(-0.2, 0.2),
)
def test_shaped_values_have_the_mean_and_spread_wanted(
    differing: list[int], zeros: int, mean: float
) -> None:
    values = np.array([*(0.01 * n for n in differing), *([0.0] * zeros)])
    # Enough differ for this spread: a share p must bear mean² / p in its own mean alone.
    sd = abs(mean) * np.sqrt(zeros / len(differing)) + 0.05
    moved = shaped(values, mean=mean, sd=sd, bound=10)
    assert moved.mean() == pytest.approx(mean, abs=1e-9)
    assert moved.std() == pytest.approx(sd)
    assert np.sum(moved == 0) >= zeros


def test_what_does_not_differ_stays_so_where_the_rest_is_moved() -> None:
    values = np.array([0.0] * 6 + [0.1, 0.2, 0.3, 0.4])
    moved = shaped(values, mean=0.05, sd=0.2)
    assert np.sum(moved == 0) == 6
    assert moved.mean() == pytest.approx(0.05)
    assert moved.std() == pytest.approx(0.2)


# --- numbers ---


def test_the_textbook_by_hand() -> None:
    # Tabulated for a two-sided paired t test at .05 with power .9: 44 at half a standard
    # deviation, 13 at a whole one.
    assert textbook_clusters(APART, sd=0.2) == 44
    assert textbook_clusters(APART, sd=0.1) == 13
    # (1.96 · .2 / .05)² = 61.5
    assert textbook_clusters(Target("precision", 0.05), sd=0.2) == 62
    # Two one-sided tests that both reject with .9: each with .95, at .05.
    size, ratio = textbook_clusters(Target("level", 0.05), sd=0.06), 0.05 / 0.06
    power = [
        stats.nct.sf(stats.t.ppf(0.95, n - 1), n - 1, ratio * np.sqrt(n)) for n in (size - 1, size)
    ]
    assert power[0] < 0.95 <= power[1]
    assert textbook_clusters(APART, sd=1e-6) == 2


@pytest.mark.parametrize("goal", ["apart", "level", "precision"])
def test_a_plan_never_falls_below_the_textbook_and_fits_the_strata(goal: Goal) -> None:
    target = Target(goal, 0.06)
    found = plan_clusters(beta_values(0.05, 0.1), sd=0.1, target=target, strata=8, draws=200)
    assert found.clusters >= found.textbook
    assert found.clusters % 8 == 0
    assert found.power >= target.power


def test_few_clusters_cost_what_the_textbook_does_not_know() -> None:
    # At two standard deviations a t test would do with 6; below 24 a ruin not seen is allowed for.
    found = plan_clusters(beta_values(0.2, 0.1), sd=0.1, target=Target("apart", 0.2))
    assert found.textbook <= 6
    assert found.clusters > found.textbook


def test_the_power_promised_is_kept_on_fresh_data() -> None:
    target = Target("apart", 0.08)
    found = plan_clusters(beta_values(0.08, 0.15), sd=0.15, target=target)
    rng = np.random.default_rng(3)
    zeros = np.zeros(found.clusters)
    hits = sum(
        equivalence(rng.normal(0.08, 0.15, found.clusters), zeros, margin=0.03).verdict == "apart"
        for _ in range(400)
    )
    # Three standard errors of a share of .9 among 400 are .045.
    assert hits / 400 >= 0.855


def test_a_larger_difference_or_a_smaller_spread_takes_fewer() -> None:
    values = beta_values(0.1, 0.1)

    def clusters(size: float, sd: float) -> int:
        return plan_clusters(values, sd=sd, target=Target("apart", size), draws=200).clusters

    assert clusters(0.12, 0.2) < clusters(0.08, 0.2)
    assert clusters(0.08, 0.1) < clusters(0.08, 0.2)


def test_the_direction_of_the_pilot_does_not_matter() -> None:
    values = np.random.default_rng(4).beta(2, 8, 30)
    one, other = (
        plan_clusters(v, sd=0.15, target=APART, draws=200).clusters for v in (values, -values)
    )
    assert one == other


def test_the_same_seed_gives_the_same_plan() -> None:
    values = np.random.default_rng(5).normal(0.1, 0.2, 16)
    one, again = (plan_clusters(values, sd=0.2, target=APART, draws=200, seed=3) for _ in range(2))
    assert one == again


def test_a_wider_spread_widens_the_interval_that_is_planned_for() -> None:
    scores = np.random.default_rng(6).beta(20, 3, 40)
    target = Target("precision", 0.045)
    sd = float(np.std(scores))
    as_is, wider = (
        plan_clusters(scores, sd=k * sd, target=target, scores=True, draws=200) for k in (1, 1.5)
    )
    assert wider.clusters > 1.5 * as_is.clusters


WRONG = {
    "a difference within the margin": lambda: Target("apart", 0.02),
    "a power of one": lambda: Target("apart", 0.1, power=1.0),
    "a level in per cent": lambda: Target("apart", 0.1, level=95),
    "no size": lambda: Target("precision", 0.0),
    "no margin": lambda: Target("apart", 0.1, margin=0.0),
    "no spread": lambda: plan_clusters([0.1, 0.1], sd=0.0, target=APART),
    "no values": lambda: plan_clusters([np.nan], sd=0.1, target=APART),
    "too many": lambda: plan_clusters(
        beta_values(0.0, 0.5), sd=0.5, target=Target("apart", 0.004, margin=0.001)
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_planned_is_refused(case: str) -> None:
    with pytest.raises(ConfigError) as error:
        WRONG[case]()
    assert "`" in str(error.value)
    if case == "too many":
        assert f"{MOST_CLUSTERS:,}" in str(error.value)
