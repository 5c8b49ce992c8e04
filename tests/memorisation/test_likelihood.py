"""Statistics of log-probabilities: values worked by hand, and laws."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from worktrial.memorisation.likelihood import TokenLogprobs, statistics
from worktrial.memorisation.measured import LIKELIHOOD

Array = np.ndarray
LOGPROBS = arrays(np.float64, st.integers(1, 40), elements=st.floats(-30, 0))


def known(text: str, tokens: TokenLogprobs) -> dict[str, float]:
    found = {name: value for name, value in statistics(text, tokens).items() if value is not None}
    assert all(isinstance(value, float) for value in found.values())
    return found


def with_moments(logprob: Array, seed: int) -> TokenLogprobs:
    rng = np.random.default_rng(seed)
    return TokenLogprobs(
        logprob, -rng.uniform(1, 9, logprob.size), rng.uniform(0.5, 3, logprob.size)
    )


def test_values_worked_by_hand() -> None:
    # Ten tokens: the least likely fifth are two of them, -10 and -9.
    logprob = -np.arange(1.0, 11.0)
    # Apart: (-1 + 5) / 2 = 2, ..., (-9 + 5) / 2 = -2, (-10 + 5) / 2 = -2.5.
    found = known("a" * 50, TokenLogprobs(logprob, np.full(10, -5.0), np.full(10, 2.0)))
    assert found == {
        "loss": pytest.approx(-5.5),
        "zlib": pytest.approx(-55 / len(zlib.compress(b"a" * 50))),
        "min_k": pytest.approx(-9.5),
        "min_k_plus": pytest.approx((-2 - 2.5) / 2),
    }


def test_of_few_tokens_the_least_likely_one_is_taken() -> None:
    assert known("a b", TokenLogprobs(np.array([-1.0, -3.0])))["min_k"] == -3


def test_of_nine_tokens_one_is_taken_and_of_ten_two() -> None:
    logprob = np.array([-7.0, -5.0, *[0.0] * 8])
    assert known("", TokenLogprobs(logprob[:9]))["min_k"] == -7
    assert known("", TokenLogprobs(logprob))["min_k"] == -6


def test_without_moments_the_normalised_one_is_missing_and_the_others_are_not() -> None:
    found = statistics("text", TokenLogprobs(np.array([-1.0])))
    assert found["min_k_plus"] is None
    assert None not in [found[name] for name in LIKELIHOOD if name != "min_k_plus"]


def test_where_the_model_is_certain_nothing_is_normalised() -> None:
    logprob, mean = np.array([0.0, -4.0]), np.array([0.0, -2.0])
    some = TokenLogprobs(logprob, mean, np.array([0.0, 1.0]))
    assert statistics("t", some)["min_k_plus"] == -2
    assert statistics("t", TokenLogprobs(logprob, mean, np.zeros(2)))["min_k_plus"] is None


@pytest.mark.parametrize("bad", [np.empty(0), np.array([-1.0, -np.inf]), np.array([np.nan])])
def test_without_tokens_or_with_one_that_is_no_number_all_is_missing(bad: Array) -> None:
    assert statistics("t", TokenLogprobs(bad)) == dict.fromkeys(LIKELIHOOD)


@given(LOGPROBS, st.integers(0, 9))
def test_the_order_of_tokens_does_not_matter(logprob: Array, seed: int) -> None:
    tokens = with_moments(logprob, seed)
    order = np.random.default_rng(seed).permutation(logprob.size)
    assert tokens.mean is not None
    assert tokens.deviation is not None
    moved = TokenLogprobs(logprob[order], tokens.mean[order], tokens.deviation[order])
    assert known("text", moved) == pytest.approx(known("text", tokens))


@given(LOGPROBS, st.integers(0, 9), st.data())
def test_a_likelier_token_never_makes_a_text_less_familiar(
    logprob: Array, seed: int, data: st.DataObject
) -> None:
    tokens = with_moments(logprob, seed)
    likelier = logprob.copy()
    likelier[data.draw(st.integers(0, logprob.size - 1))] += data.draw(st.floats(0, 20))
    before = known("text", tokens)
    after = known("text", TokenLogprobs(likelier, tokens.mean, tokens.deviation))
    assert all(after[name] >= before[name] - 1e-9 for name in LIKELIHOOD)


@given(LOGPROBS, st.floats(-5, 5))
def test_what_is_added_to_every_token_is_added_to_their_means(logprob: Array, more: float) -> None:
    before, after = (known("text", TokenLogprobs(x)) for x in (logprob, logprob + more))
    for name in ("loss", "min_k"):
        assert after[name] == pytest.approx(before[name] + more, abs=1e-9)


@given(LOGPROBS, st.integers(0, 9), st.floats(0.5, 4), st.floats(-5, 5))
def test_the_normalised_one_knows_no_unit_and_no_origin(
    logprob: Array, seed: int, scale: float, more: float
) -> None:
    tokens = with_moments(logprob, seed)
    assert tokens.mean is not None
    assert tokens.deviation is not None
    moved = TokenLogprobs(
        scale * logprob + more, scale * tokens.mean + more, scale * tokens.deviation
    )
    before, after = (known("text", of)["min_k_plus"] for of in (tokens, moved))
    assert after == pytest.approx(before, abs=1e-6)


@given(LOGPROBS)
def test_the_least_likely_are_no_likelier_than_all(logprob: Array) -> None:
    found = known("text", TokenLogprobs(logprob))
    assert found["min_k"] <= found["loss"] + 1e-9


@given(LOGPROBS)
def test_a_text_that_compresses_less_is_more_familiar_at_equal_log_probability(
    logprob: Array,
) -> None:
    repeated, varied = ("ab" * 100, "".join(map(chr, range(40, 240))))
    tokens = TokenLogprobs(logprob)
    assert known(varied, tokens)["zlib"] >= known(repeated, tokens)["zlib"]
