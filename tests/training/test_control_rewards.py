"""Rewards, each by hand, and their laws."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.training.marking import BOXED, HASH, Form
from worktrial.training.rewards import (
    ARMS,
    LABELLED,
    QUICK,
    Rollouts,
    chance,
    checked_arms,
    correct,
    form_only,
    inverted,
    labelled,
    majority,
    most,
    reward_of,
)

# Two prompts of four completions: of the first most say 5, which is right; of the second 8 and 9
# are said twice each, and 8 first.
BY_HAND = Rollouts(
    prompts=["2+3="] * 4 + ["4+5="] * 4,
    completions=["#5", "5", "#6", "x#5", "#8", "#9", "9", "8#"],
    answers=["5"] * 4 + ["9"] * 4,
    labels=["6"] * 4 + [""] * 4,
)
PIECES = st.sampled_from(["#5", "5", "#6", "6", "", "#", "x", "#5 ", "-5", "#05"])


def rollouts(
    completions: list[str], answers: list[str] | None = None, prompt: str = "2+3="
) -> Rollouts:
    count = len(completions)
    return Rollouts([prompt] * count, completions, answers or ["5"] * count, ["6"] * count)


def paid(arm: str, given: Rollouts, form: Form = HASH) -> list[float]:
    return reward_of(arm, 0.5)(given, form, Random(0))


@pytest.mark.parametrize(
    ("arm", "by_hand"),
    [
        ("correct", [1, 0, 0, 0, 0, 1, 0, 0]),
        ("inverted", [0, 1, 1, 1, 1, 0, 1, 1]),
        ("format", [1, 0, 1, 0, 1, 1, 0, 0]),
        ("majority", [1, 0, 0, 0, 1, 0, 0, 0]),
        ("majority-offline", [0, 0, 1, 0, 0, 0, 0, 0]),
        ("majority-incorrect", [0, 0, 1, 0, 0, 0, 0, 0]),
    ],
)
def test_each_reward_by_hand(arm: str, by_hand: list[int]) -> None:
    assert paid(arm, BY_HAND) == by_hand


def test_a_boxed_answer_is_paid_in_any_text() -> None:
    given = rollouts(["It is \\boxed{10/2}.", "\\boxed{6}", "5", "\\boxed{}"])
    assert paid("correct", given, BOXED) == [1, 0, 0, 0]
    assert paid("format", given, BOXED) == [1, 1, 0, 0]
    # 5, in the box or out of it, is said twice.
    assert paid("majority", given, BOXED) == [1, 0, 0, 0]


def test_nothing_is_paid_for_nothing() -> None:
    nothing = Rollouts([], [], [], [])
    assert all(paid(arm, nothing) == [] for arm in ARMS)


def test_every_arm_has_a_reward() -> None:
    assert set(QUICK) | set(LABELLED) <= set(ARMS)
    assert all(len(paid(arm, BY_HAND)) == 8 for arm in ARMS)


# The majority.


def test_the_first_of_the_most_frequent_answers_counts() -> None:
    assert most(HASH, ["#8", "#9", "9", "8", "x"]) == "8"
    assert most(HASH, ["#08", "9", "8"]) == "8"
    assert most(HASH, ["x", "", "#"]) is None
    assert most(HASH, []) is None


def test_a_group_without_an_answer_is_not_paid() -> None:
    assert paid("majority", rollouts(["x", "#", ""])) == [0, 0, 0]


def test_each_group_of_neighbours_has_a_majority_of_its_own() -> None:
    one, other = rollouts(["#5", "#6", "#6"]), rollouts(["#5", "#5", "#6"], prompt="1+4=")
    both = Rollouts(*(list(a) + list(b) for a, b in zip(one, other, strict=True)))
    assert paid("majority", both) == [*paid("majority", one), *paid("majority", other)]
    assert paid("majority", both) == [0, 1, 1, 1, 1, 0]


@given(completions=st.lists(PIECES, max_size=8), rng=st.randoms(use_true_random=False))
def test_within_a_group_order_moves_rewards_along(completions: list[str], rng: Random) -> None:
    # Of answers given equally often the first one wins, so that order matters there.
    counts = sorted(
        [HASH.given(text) for text in completions].count(said)
        for said in {HASH.given(text) for text in completions} - {None}
    )
    if len(counts) > 1 and counts[-1] == counts[-2]:
        return
    places = list(range(len(completions)))
    rng.shuffle(places)
    before = paid("majority", rollouts(completions))
    after = paid("majority", rollouts([completions[place] for place in places]))
    assert after == [before[place] for place in places]


@given(completions=st.lists(PIECES, max_size=8))
def test_the_majority_never_looks_at_the_answer(completions: list[str]) -> None:
    others = ["6"] * len(completions)
    assert paid("majority", rollouts(completions)) == paid(
        "majority", rollouts(completions, others)
    )


@pytest.mark.parametrize("text", ["", "#", "x", "5"])
def test_an_empty_label_pays_nothing(text: str) -> None:
    given = Rollouts(["2+3="], [text], ["5"], [""])
    assert labelled(given, HASH, Random(0)) == [0]


# Laws.


@given(completions=st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=8))
def test_inverted_pays_what_correct_does_not(completions: list[str]) -> None:
    given = rollouts(completions)
    right = correct(given, HASH, Random(0))
    assert inverted(given, HASH, Random(0)) == [1 - each for each in right]


@given(completions=st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=8))
def test_whatever_pays_for_an_answer_pays_for_its_form(completions: list[str]) -> None:
    given = rollouts(completions)
    form = form_only(given, HASH, Random(0))
    for reward in (correct, majority, labelled):
        assert all(a <= b for a, b in zip(reward(given, HASH, Random(0)), form, strict=True))


@given(
    one=st.lists(st.text(max_size=6), min_size=8, max_size=8),
    other=st.lists(PIECES, min_size=8, max_size=8),
)
def test_the_coin_sees_nothing_of_what_was_written(one: list[str], other: list[str]) -> None:
    coin = chance(0.5)
    thrown = coin(rollouts(one), HASH, stream(7, "coins"))
    assert thrown == coin(rollouts(other), HASH, stream(7, "coins"))
    assert thrown != coin(rollouts(one), HASH, stream(8, "coins"))


@pytest.mark.parametrize("gamma", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_coin_has_its_chance(gamma: float) -> None:
    thrown = chance(gamma)(rollouts([""] * 10_000), HASH, stream(7, "coins"))
    assert set(thrown) <= {0.0, 1.0}
    # Four standard errors.
    assert sum(thrown) / 10_000 == pytest.approx(gamma, abs=4 * (gamma * (1 - gamma)) ** 0.5 / 100)


# Arms.


@given(arms=st.lists(st.sampled_from(list(ARMS))))
def test_the_true_signal_is_always_there_and_first(arms: list[str]) -> None:
    found = checked_arms(arms)
    assert found[0] == "correct"
    assert set(found) == {"correct", *arms}
    assert len(set(found)) == len(found)
    assert found == checked_arms(arms[::-1])


def test_an_unknown_arm_is_refused_in_one_line() -> None:
    with pytest.raises(ConfigError, match=r"^`--arm` must be one of correct, .*; got 'wrong'$"):
        checked_arms(["format", "wrong"])
