"""Several declared endpoints: what may still be claimed when more than one is looked at."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level


@dataclass(frozen=True)
class Adjusted:
    """P-values of a family of endpoints, adjusted for their number.

    Attributes:
        p_values: Adjusted p-values, shape (endpoints,); NaN where an endpoint had none.
        rejected: Which null hypotheses fall at `level`.
        undecided: Which endpoints had no p-value: they are neither rejected nor kept.
        level: The chance of not a single false rejection, a fraction.
    """

    p_values: FloatArray
    rejected: npt.NDArray[np.bool_]
    undecided: npt.NDArray[np.bool_]
    level: float


def holm(p_values: npt.ArrayLike, *, level: float = 0.95) -> Adjusted:
    """Adjust the p-values of the declared endpoints by Holm's step-down procedure.

    Estimand: for each endpoint, the smallest error rate of the whole family at which it would
    be rejected.
    Assumptions: each p-value is valid on its own; they may depend on each other in any way. An
    endpoint without a p-value stays undecided but counts as a test: it was declared, and what
    failed to be measured must not make the others easier to claim.

    Args:
        p_values: One per declared endpoint, shape (endpoints,), in [0, 1]; NaN for none.
        level: The chance of not a single false rejection, in (0, 1).

    Returns:
        Adjusted p-values, what is rejected and what is undecided.

    Raises:
        ConfigError: (a ValueError) If `p_values` isn't 1-D, leaves [0, 1], or `level` leaves
            (0, 1).

    References:
        Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian
        Journal of Statistics 6(2).
    """
    level = checked_level(level)
    raw = np.asarray(p_values, dtype=np.float64)
    if raw.ndim != 1:
        raise ConfigError(f"`p_values` must have 1 dimension, got shape {raw.shape}; pass a list")
    undecided = np.isnan(raw)
    if np.any((raw < 0) | (raw > 1)):
        worst = raw[(raw < 0) | (raw > 1)][0]
        raise ConfigError(f"`p_values` must lie in [0, 1], got {worst}; pass p-values")
    if not raw.size:
        return Adjusted(raw, undecided, undecided, level)
    # statsmodels' multipletests collects garbage at each call: 50 ms in a large process.
    ordered = np.argsort(np.where(undecided, 1.0, raw))
    stricter = np.where(undecided, 1.0, raw)[ordered] * np.arange(raw.size, 0, -1)
    adjusted = np.empty_like(raw)
    adjusted[ordered] = np.minimum(np.maximum.accumulate(stricter), 1)
    adjusted = np.where(undecided, np.nan, adjusted)
    # A comparison with NaN is false: what is undecided is never rejected.
    return Adjusted(adjusted, adjusted <= 1 - level, undecided, level)
