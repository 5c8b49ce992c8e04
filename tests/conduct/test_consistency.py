"""Consistency over replicates, worked by hand."""

import math

import pytest
from happenings import ask, call, happened

from worktrial.conduct.events import Trajectory
from worktrial.conduct.metrics.consistency import consistency


def replicate(tools: str, success: float | None = 1.0, tokens: int | None = 100) -> Trajectory:
    calls = [call("read", tool=name) for name in tools]
    return happened(ask(tokens_in=tokens, tokens_out=0), *calls, success=success)


def test_replicates_that_are_alike_have_1() -> None:
    found = consistency([[replicate("aab"), replicate("aab"), replicate("aab")]])
    assert [each.value for each in found] == [1, 1, 1, 1, 1]


def test_who_always_fails_is_consistent_and_the_accuracy_says_so() -> None:
    found = consistency([[replicate("a", 0.0), replicate("a", 0.0)]])
    assert (found.accuracy.value, found.outcome.value) == (0, 1)


def test_outcome_is_squared_distance_from_an_even_chance() -> None:
    # p = 3/4: (2 * 3/4 - 1)^2 = 1/4; a partial success is none.
    group = [replicate("a"), replicate("a"), replicate("a"), replicate("a", 0.9)]
    found = consistency([group])
    assert (found.accuracy.value, found.outcome.value) == (0.75, 0.25)


def test_actions_are_compared_by_how_often_each_tool_is_called() -> None:
    # (1, 0) and (1/2, 1/2), middle (3/4, 1/4):
    # JS = log2(4/3)/2 + (log2(2/3)/2 + log2(2)/2)/2 = .3112781 bits.
    found = consistency([[replicate("aa"), replicate("ab")]])
    assert found.actions.value == pytest.approx(1 - 0.3112781244591328)
    assert consistency([[replicate("ab"), replicate("ba")]]).actions.value == 1
    assert consistency([[replicate("aa"), replicate("bb")]]).actions.value == 0


def test_order_is_compared_by_edits_over_the_longer_length() -> None:
    # abcd to acd: one edit of four. abcd to abdc: two of four. acd to abdc: two of four.
    found = consistency([[replicate("abcd"), replicate("acd"), replicate("abdc")]])
    assert found.order.value == pytest.approx(1 - (0.25 + 0.5 + 0.5) / 3)


def test_resources_by_the_coefficient_of_variation() -> None:
    # 100 and 300: mean 200, standard deviation (n - 1) 141.42, CV .7071.
    found = consistency([[replicate("a", tokens=100), replicate("a", tokens=300)]])
    assert found.resources.value == pytest.approx(math.exp(-math.sqrt(0.5)))


def test_one_that_did_nothing_is_like_none_that_did_something() -> None:
    found = consistency([[replicate(""), replicate("ab"), replicate("")]])
    assert found.actions.value == pytest.approx(1 / 3)
    assert found.order.value == pytest.approx(1 / 3)


def test_values_are_means_over_groups_with_two_scored_replicates_or_more() -> None:
    groups = [
        [replicate("a"), replicate("b"), replicate("zzz", None)],
        [replicate("a"), replicate("zzz", None)],
        [replicate("a", tokens=None), replicate("a", tokens=None)],
        [],
    ]
    found = consistency(groups)
    assert found.actions == (0.5, (0, None, 1, None), None)
    assert found.resources.groups == (1, None, None, None)


def test_what_cannot_be_measured_says_why() -> None:
    alone = consistency([[replicate("a")], [replicate("a", None), replicate("a", None)]])
    assert {each.why for each in alone} == {"fewer than two scored replicates"}
    bare = consistency([[replicate("", tokens=None), replicate("", tokens=None)]])
    assert bare.accuracy.value == 1
    assert (bare.actions.why, bare.order.why) == ("no tool was called",) * 2
    assert bare.resources.why == "fewer than two replicates have usage on every call"
    assert consistency([]).accuracy.why == "fewer than two scored replicates"


def test_the_order_of_replicates_does_not_matter() -> None:
    group = [replicate("ab"), replicate("ba", 0.0, 50), replicate("abc", 1.0, 70)]
    one, other = consistency([group]), consistency([group[::-1]])
    for left, right in zip(one, other, strict=True):
        assert left.value == pytest.approx(right.value)
