"""What log-probabilities of a text's tokens say of whether a model has met it.

Every statistic is a pure function of arrays, and higher where the text is more familiar.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TokenLogprobs:
    """A text as a model's probabilities see it.

    Attributes:
        logprob: Of each token given those before it, in nats, shape (tokens,); the first token,
            which has none before it, is left out.
        mean: Expected log-probability under the model's distribution at each place, shape
            (tokens,), or `None` where a provider tells only the token's own.
        deviation: Its standard deviation there, likewise.
    """

    logprob: Array
    mean: Array | None = None
    deviation: Array | None = None


def statistics(text: str, tokens: TokenLogprobs) -> dict[str, float]:
    """STAND-IN until the selftest part is merged: the mean log-probability."""
    return {"loss": float(tokens.logprob.mean())} if tokens.logprob.size else {}
