"""Ranks in public and at work, on orders that are worked out by hand."""

import json

import numpy as np
import pytest

from worktrial.comparison.public import SIDE, TOGETHER, UNKNOWN, AtWork, compare_public
from worktrial.estimate import Normal, Stated
from worktrial.evidence.findings import Estimate

HOSTILE = "<b>x</b>/y\x1b[31m\u202e%2F{{ 7 * 7 }}"


def _work(**means: float) -> AtWork:
    """Thirty items on which everyone always scores the same: all that differ are surely apart."""
    scores = np.array(list(means.values()))[:, None] + np.zeros((len(means), 30))
    return AtWork("relay", tuple(means), scores, arm="legs-10")


def _public(error: float | None = 1, **scores: float) -> dict[str, Stated]:
    known = Normal(error, error) if error else None
    return {worker: Stated(score, known) for worker, score in scores.items()}


def _found(public: dict[str, Stated], *works: AtWork, name: str = "X") -> list[Estimate]:
    return list(compare_public(name, public, works))


def _of(found: list[Estimate], metric: str) -> dict[str, tuple[float | None, ...]]:
    return {e.worker: (e.value, e.low, e.high) for e in found if e.metric == metric}


def test_two_level_in_public_and_apart_at_work() -> None:
    # 50 and 51 with errors of 1 are not told apart in public; at work b is surely first.
    found = _found(_public(a=51, b=50), _work(a=0.2, b=0.8))
    assert _of(found, "public_rank") == {"a": (1, 1, 2), "b": (2, 1, 2)}
    assert _of(found, "work_rank") == {"a": (2, 2, 2), "b": (1, 1, 1)}
    # a: 2 less 1, at least 2 − 2 and at most 2 − 1: its public rank may be 2 as well.
    assert _of(found, "rank_change") == {"a": (1, 0, 1), "b": (-1, -1, 0)}


def test_ranks_whose_bounds_do_not_meet_have_changed() -> None:
    found = _found(_public(a=90, b=50, c=10), _work(a=0.2, b=0.8, c=0.5))
    assert _of(found, "rank_change") == {"a": (2, 2, 2), "b": (-1, -1, -1), "c": (-1, -1, -1)}
    # Of three pairs a and b, a and c are turned; b and c are not: (1 − 2)/3.
    tau = next(e for e in found if e.metric == "public_agreement")
    assert (tau.value, tau.low, tau.high) == (
        pytest.approx(-1 / 3), pytest.approx(-1 / 3), pytest.approx(-1 / 3),
    )  # fmt: skip


def test_the_same_single_rank_on_both_sides_is_no_change() -> None:
    found = _found(_public(a=90, b=50), _work(a=0.8, b=0.2))
    assert _of(found, "rank_change") == {"a": (0, 0, 0), "b": (0, 0, 0)}


def test_unknown_errors_are_said_and_never_taken_for_none() -> None:
    found = _found(_public(None, a=90, b=50), _work(a=0.2, b=0.8))
    assert _of(found, "public_rank") == {"a": (1, None, None), "b": (2, None, None)}
    assert _of(found, "rank_change") == {"a": (1, None, None), "b": (-1, None, None)}
    unsure = [e for e in found if e.metric in ("public_rank", "rank_change")]
    assert {e.why for e in unsure} == {UNKNOWN}
    # What was measured at work is as sure as ever.
    assert _of(found, "work_rank") == {"a": (2, 2, 2), "b": (1, 1, 1)}


def test_only_some_workers_are_ranked_and_among_themselves() -> None:
    found = _found(_public(a=90, c=50), _work(a=0.2, b=0.5, c=0.8))
    assert _of(found, "work_rank") == {"a": (2, 2, 2), "c": (1, 1, 1)}


def test_nothing_measured_at_work_has_no_rank_and_says_why() -> None:
    found = _found(_public(a=90, b=50), _work(a=np.nan, b=0.8))
    assert _of(found, "work_rank") == dict.fromkeys("ab", (None, None, None))
    changes = [e for e in found if e.metric == "rank_change"]
    assert {(e.value, e.why) for e in changes} == {(None, "no cluster is complete")}


def test_one_worker_or_no_measure_has_no_rank() -> None:
    assert _found(_public(a=90), _work(a=0.2)) == []
    assert _found(_public(a=90, b=50)) == []


def test_both_sides_hold_together() -> None:
    found = _found(_public(a=90, b=50), _work(a=0.2, b=0.8))
    levels = {e.metric: e.level for e in found}
    assert levels["public_rank"] == levels["work_rank"] == SIDE
    assert levels["rank_change"] == levels["public_agreement"] == TOGETHER
    # The chance that one of the two fails is at most the sum of both.
    assert pytest.approx(2 * (1 - SIDE)) == 1 - TOGETHER


def test_ids_are_unique_whatever_names_hold() -> None:
    # Without care `w/x` in `y` and `w` in `x/y` would have one id.
    scores, works = _public(**{"w/x": 3, "w": 2, HOSTILE: 1}), _work(**{"w/x": 1, "w": 0.5,
                                                                        HOSTILE: 0})  # fmt: skip
    axis = AtWork("relay", works.workers, works.scores, axis="privacy")
    names = ("y", "x/y", "x%2Fy", HOSTILE)
    found = [e for name in names for e in _found(scores, works, axis, name=name)]
    assert len({e.id for e in found}) == len(found) == len(names) * (3 + 2 * (3 + 3 + 1))
    assert {e.arm for e in found} == set(names)
    assert json.loads(json.dumps([e.record() for e in found]))


def test_order_of_workers_and_repetition_change_nothing() -> None:
    work = _work(a=0.2, b=0.8, c=0.5)
    one = _found(_public(a=90, b=50, c=10), work)
    assert one == _found(_public(c=10, a=90, b=50), work)
