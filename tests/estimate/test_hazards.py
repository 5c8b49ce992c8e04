import warnings

import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import hazard_ratio

Relays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _relays(ratio: float, clusters: int, *, seed: int = 1) -> Relays:
    rng = np.random.default_rng(seed)
    second, labels = np.repeat([False, True], clusters), np.tile(np.arange(clusters), 2)
    ends = np.ceil(rng.exponential(size=labels.size) / (0.06 * np.where(second, ratio, 1)))
    return np.minimum(ends, 20), ends <= 20, second, labels


def test_the_ratio_is_that_of_cox_with_efrons_ties() -> None:
    with warnings.catch_warnings():
        # Its own import chain is not what is tested here.
        warnings.simplefilter("ignore")
        import pandas as pd
        from lifelines import CoxPHFitter
    times, observed, group, clusters = _relays(2, 24)
    table = pd.DataFrame({"t": times, "e": observed, "g": group * 1.0, "c": clusters})
    expected = CoxPHFitter().fit(table, "t", "e", cluster_col="c").hazard_ratios_["g"]
    assert hazard_ratio(times, observed, group, clusters).value == pytest.approx(expected, 1e-5)


def test_the_ratio_balances_the_score_of_distinct_times() -> None:
    # At each event the True group holds the share r·n₁/(r·n₁ + n₀) of the hazard of those still
    # watched. At the right r these shares add up to the number of events of that group.
    order = [0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0]
    group = np.array(order) == 1
    r = hazard_ratio(np.arange(16), np.ones(16), group, np.arange(16)).value
    second, first = group[::-1].cumsum()[::-1], (~group)[::-1].cumsum()[::-1]
    assert np.sum(r * second / (r * second + first)) == pytest.approx(8)
    assert r > 1  # the True group went first more often


def test_swapping_groups_inverts_the_ratio() -> None:
    times, observed, group, clusters = _relays(2, 12)
    one, other = (hazard_ratio(times, observed, g, clusters) for g in (group, ~group))
    assert (1 / one.high, 1 / one.value, 1 / one.low) == pytest.approx(
        (other.low, other.value, other.high)
    )


def test_a_large_difference_is_seen() -> None:
    found = hazard_ratio(*_relays(5, 24))
    assert 1 < found.low < found.value < found.high


def test_a_group_without_events_has_a_bound_on_one_side() -> None:
    times, observed, group, clusters = _relays(1, 12)
    spared = hazard_ratio(times, observed & group, group, clusters)
    assert np.isnan([spared.value, spared.high]).all()
    assert spared.low > 1
    assert spared.why == "no event in the group marked False: the ratio has no finite logarithm"
    struck = hazard_ratio(times, observed & ~group, group, clusters)
    assert np.isnan(struck.value)
    assert struck.high < 1


def test_too_little_has_no_ratio() -> None:
    times, observed, group, clusters = _relays(1, 12)
    none = hazard_ratio(times, np.zeros(24), group, clusters)
    assert (np.isnan(none.value), none.why) == (True, "0 event(s); a hazard ratio needs 5")
    alone = hazard_ratio(times[:12], observed[:12], group[:12], clusters[:12])
    assert alone.why == "one group alone has no ratio"
    few = hazard_ratio(times, observed, group, clusters % 4)
    assert few.why == "4 cluster(s); a hazard ratio needs 5"


def test_a_relay_never_watched_is_dropped() -> None:
    times, observed, group, clusters = _relays(2, 12)
    more = (np.append(x, y) for x, y in zip((times, observed, group), (np.nan, 1, 1), strict=True))
    assert hazard_ratio(*more, np.append(clusters, 99)) == hazard_ratio(*_relays(2, 12))


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match="must be paired"):
        hazard_ratio([1, 2], [1], [0, 1], [0, 1])
    with pytest.raises(ConfigError, match=r"`times` must not be negative, got -1\.0"):
        hazard_ratio([-1, 2], [1, 1], [0, 1], [0, 1])
