"""What log-probabilities of a text's tokens say of whether a model has met it.

Every statistic is a pure function of arrays, and higher where the text is more familiar. None of
them means anything alone: each is held against the same statistic of fresh texts.
"""

import zlib
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from worktrial.memorisation.measured import LIKELIHOOD
from worktrial.workers.logprobs import TokenLogprobs

__all__ = ["LEAST_LIKELY", "TokenLogprobs", "statistics"]

Array = NDArray[np.float64]

LEAST_LIKELY = 0.2
"""The share of tokens, the least likely ones, that Min-K % looks at."""


def statistics(text: str, tokens: TokenLogprobs) -> dict[str, float | None]:
    """Every statistic of a text, by the names in `measured.LIKELIHOOD`.

    Args:
        text: The raw text, for what it is worth compressed.
        tokens: The same text as a model's probabilities see it.

    Returns:
        - `loss`: mean log-probability of a token, in nats;
        - `zlib`: log-probability of the whole for each byte of the text compressed by zlib;
        - `min_k`: mean log-probability of the least likely fifth of the tokens, one at least;
        - `min_k_plus`: the same of log-probabilities less the distribution's mean there, in its
          standard deviations; places where a model is certain of one token say nothing and are
          left out.

        `None` where a statistic has nothing to stand on: no tokens, a value that is not finite, or
        no mean and deviation.

    References:
        Carlini et al. (2021), Extracting training data from large language models,
        arXiv:2012.07805, for `zlib`; Shi et al. (2023), arXiv:2310.16789, for `min_k`; Zhang et
        al. (2024), arXiv:2404.02936, for `min_k_plus`.
    """
    if not tokens.logprob.size or not np.isfinite(tokens.logprob).all():
        return dict.fromkeys(LIKELIHOOD)
    return {name: _OF[name](text, tokens) for name in LIKELIHOOD}


def _loss(_: str, tokens: TokenLogprobs) -> float:
    return float(tokens.logprob.mean())


def _zlib(text: str, tokens: TokenLogprobs) -> float:
    return float(tokens.logprob.sum() / len(zlib.compress(text.encode())))


def _min_k(_: str, tokens: TokenLogprobs) -> float:
    return _mean_of_least(tokens.logprob)


def _min_k_plus(_: str, tokens: TokenLogprobs) -> float | None:
    if tokens.mean is None or tokens.deviation is None:
        return None
    open_ = tokens.deviation > _CERTAIN
    if not open_.any():
        return None
    apart = (tokens.logprob[open_] - tokens.mean[open_]) / tokens.deviation[open_]
    return _mean_of_least(apart) if np.isfinite(apart).all() else None


def _mean_of_least(values: Array) -> float:
    count = max(1, int(LEAST_LIKELY * values.size))
    return float(np.partition(values, count - 1)[:count].mean())


_CERTAIN = 1e-6
"""A deviation below it is rounding, in nats."""
_OF: Mapping[str, Callable[[str, TokenLogprobs], float | None]] = {
    "loss": _loss,
    "zlib": _zlib,
    "min_k": _min_k,
    "min_k_plus": _min_k_plus,
}
