"""What every estimator demands of its inputs, and says when it is not met."""

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError

FloatArray = npt.NDArray[np.float64]


def checked_level(level: float) -> float:
    """Return a confidence level, or say how to write one."""
    if not 0 < level < 1:
        raise ConfigError(f"`level` must be in (0, 1), got {level}; write 0.95 for 95%")
    return level


def checked_array(name: str, values: npt.ArrayLike, *, ndim: int, bound: float = 1.0) -> FloatArray:
    """Return `values` as floats of the wanted rank, none (but NaN) beyond ±`bound`."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != ndim:
        raise ConfigError(f"`{name}` must have {ndim} dimension(s), got shape {array.shape}")
    if np.any(np.abs(array) > bound):
        worst = array[np.abs(array) > bound].flat[0]
        raise ConfigError(f"`{name}` must lie within ±{bound}, got {worst}; rescale or correct it")
    return array


def checked_scores(name: str, values: npt.ArrayLike, *, ndim: int) -> FloatArray:
    """Return scores in [0, 1] as floats of the wanted rank; NaN stands for missing."""
    array = checked_array(name, values, ndim=ndim)
    if np.any(array < 0):
        worst = array[array < 0].flat[0]
        raise ConfigError(f"`{name}` must lie in [0, 1], got {worst}; rescale or correct it")
    return array


def present(values: FloatArray) -> FloatArray:
    """Drop what is missing: a failure that is not the worker's is never a zero."""
    return values[~np.isnan(values)]
