"""The gap of any data frame, with numbers that are worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from worktrial import gap
from worktrial.errors import ConfigError
from worktrial.estimate import paired_difference

PROXY, WORK = [0.9, 0.8, 0.7, 0.6], [0.5, 0.6, 0.5, 0.2]
"""Differences .4, .2, .2, .4: .3 on average."""


def long(**more: object) -> pd.DataFrame:
    rows = [
        {"item": f"i{place}", "arm": arm, "value": score, **more}
        for arm, scores in (("bench", PROXY), ("job", WORK))
        for place, score in enumerate(scores)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=1)


def test_arms_by_name_are_paired_by_item() -> None:
    found = gap(long(), proxy="bench", work="job")
    assert found == paired_difference(PROXY, WORK)
    assert found.value == pytest.approx(0.3)
    assert found.clusters == 4
    assert gap(long(), proxy="job", work="bench").value == pytest.approx(-0.3)


def test_two_columns_are_two_arms() -> None:
    wide = pd.DataFrame({"bench": PROXY, "job": WORK})
    assert gap(wide, proxy="bench", work="job") == paired_difference(PROXY, WORK)


def test_arms_by_what_columns_hold_are_paired() -> None:
    frame = long(metric="fidelity").assign(step=lambda f: f["arm"].map({"bench": 2, "job": 10}))
    frame = frame.drop(columns="arm")
    found = gap(frame, proxy={"step": 2}, work={"step": 10})
    assert found.value == pytest.approx(0.3)


def test_replicates_are_averaged_and_clusters_are_what_is_independent() -> None:
    # Clusters: i0 and i1 in a (.4 and .2), i2 and i3 in b (.2 and .4): .3 in both.
    frame = long().assign(cluster=lambda f: f["item"].map({"i0": "a", "i1": "a"}).fillna("b"))
    found = gap(frame, proxy="bench", work="job")
    assert found.clusters == 2
    assert found.value == pytest.approx(0.3)
    assert gap(frame, proxy="bench", work="job", cluster="item").clusters == 4
    # A second replicate of i0 at work, .1 where the first had .5: its mean is .3, its gap .6.
    again = pd.DataFrame([{"item": "i0", "arm": "job", "value": 0.1, "cluster": "a"}])
    twice = gap(pd.concat([frame, again]), proxy="bench", work="job", cluster="item")
    assert twice.value == pytest.approx((0.6 + 0.2 + 0.2 + 0.4) / 4)


def test_clusters_of_different_sizes_count_alike() -> None:
    # a: .4, .2, .2; b: .4. Means .8/3 and .4: together .333, not the items' .3.
    frame = long().assign(cluster=lambda f: f["item"].map({"i3": "b"}).fillna("a"))
    assert gap(frame, proxy="bench", work="job").value == pytest.approx((0.8 / 3 + 0.4) / 2)


def test_what_is_missing_drops_the_pair_and_is_no_zero() -> None:
    frame = long()
    frame.loc[(frame["item"] == "i0") & (frame["arm"] == "job"), "value"] = np.nan
    found = gap(frame, proxy="bench", work="job")
    assert (found.clusters, found.value) == (3, pytest.approx(0.8 / 3))
    without = frame[(frame["item"] != "i1") | (frame["arm"] == "job")]
    assert gap(without, proxy="bench", work="job").clusters == 2


def test_a_worker_is_chosen_by_name() -> None:
    both = pd.concat([long(worker="a"), long(worker="b").assign(value=0.5)])
    assert gap(both, proxy="bench", work="job", worker="a").value == pytest.approx(0.3)
    assert gap(both, proxy="bench", work="job", worker="b").value == 0
    with pytest.raises(ConfigError, match=r"must be of one worker; it has \w, \w"):
        gap(both, proxy="bench", work="job")


def test_what_is_of_several_measures_is_refused() -> None:
    mixed = pd.concat([long(metric="fidelity"), long(metric="forward")])
    with pytest.raises(ConfigError, match=r"`proxy` must be of one metric"):
        gap(mixed, proxy="bench", work="job")
    legs = pd.concat([long(step=2), long(step=4)])
    with pytest.raises(ConfigError, match=r"must be of one step"):
        gap(legs, proxy="bench", work="job")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"proxy": "bensh", "work": "job"}, "`proxy` must be in the column `arm`"),
        ({"proxy": {"leg": 2}, "work": "job"}, "no column `leg`; it has"),
        ({"proxy": "bench", "work": "job", "value": "score"}, "no column `score`"),
        ({"proxy": "bench", "work": "job", "cluster": "document"}, "no column `document`"),
        ({"proxy": "bench", "work": "job", "value": "item"}, "must hold numbers"),
        ({"proxy": "bench", "work": "job", "worker": "x"}, "no column `worker`"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(asked: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError) as error:
        gap(long(), **asked)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_scores_beyond_a_fraction_need_their_bound() -> None:
    grades = long().assign(value=lambda f: 100 * f["value"])
    assert gap(grades, proxy="bench", work="job", bound=100).value == pytest.approx(30)
    with pytest.raises(ConfigError):
        gap(grades, proxy="bench", work="job")
