"""Where scores vary: with the worker, the protocol, the item, and what is between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_scores
from worktrial.estimate.intervals import SAME

AXES = ("worker", "protocol", "item")
_Part = frozenset[int]


@dataclass(frozen=True)
class VarianceComponents:
    """The variance of one score, taken apart.

    Attributes:
        component: Variance by its source, such as `protocol` or `worker × protocol`; the squared
            unit of the scores. `residual` is what is left in one run of one cell.
        raw: The same before a negative estimate was set to 0.
        share: Of the sum of all components; NaN where nothing varies.
        items: How many items were complete.
        why: Why there are none; None where there are.
    """

    component: Mapping[str, float]
    raw: Mapping[str, float]
    share: Mapping[str, float]
    items: int
    why: str | None = None


def variance_shares(scores: npt.ArrayLike) -> VarianceComponents:
    """Take the variance of scores apart into worker, protocol, item and their products.

    Estimand: the variances of a crossed random-effects model, score = mean + worker + protocol +
    item + their two-way products + residual; the residual holds the three-way product and what
    differs between replicates. A factor with one level has no component.
    Assumptions: items are a sample, of which only those complete in every cell are used; the
    workers and protocols are taken as samples of such workers and protocols. Estimates are the
    analysis of variance's: unbiased, and so sometimes below 0, then shown as 0. Three protocols
    say little about a population of protocols: read the shares as a description.

    Args:
        scores: In [0, 1], shape (workers, protocols, items, replicates); NaN for missing.

    Returns:
        Components and shares; none, and `why`, below two complete items or two protocols.

    Raises:
        ConfigError: (a ValueError) If `scores` isn't 4-D or leaves [0, 1].

    References:
        Searle, Casella and McCulloch (1992), Variance Components, chapter 4.
    """
    cube = checked_scores("scores", scores, ndim=4)
    complete = cube[:, :, ~np.isnan(cube).any(axis=(0, 1, 3))]
    items = complete.shape[2]
    if items < 2 or complete.shape[1] < 2:
        why = f"{complete.shape[1]} protocol(s) on {items} complete item(s); it needs 2 of each"
        return VarianceComponents({}, {}, {}, items, why)
    raw = _components(complete)
    kept = {name: max(value, 0.0) for name, value in raw.items()}
    total = sum(kept.values())
    shares = {n: v / total if total > SAME**2 else np.nan for n, v in kept.items()}
    return VarianceComponents(kept, raw, shares, items)


def _components(cube: FloatArray) -> dict[str, float]:
    """Solve the expected mean squares from the highest product down."""
    replicates = cube.shape[3]
    cells = cube.mean(axis=3)
    axes = [axis for axis in range(3) if cells.shape[axis] > 1]
    parts = [frozenset(c) for size in range(1, len(axes) + 1) for c in combinations(axes, size)]
    squares = {part: _mean_square(cells, part, axes) for part in parts}
    whole = frozenset(axes)
    within = float(np.mean(np.var(cube, axis=3, ddof=1))) if replicates > 1 else np.nan
    found: dict[str, float] = {}
    for part in parts:
        if part != whole:
            # Möbius inversion: what a product adds beyond those that contain it.
            above = [p for p in parts if part <= p]
            excess = sum((-1) ** len(p - part) * squares[p] for p in above)
            found[_name(part)] = float(excess / _repeats(cells, part, axes))
    # One run of one cell: the cell's own deviation and the noise of its replicates.
    noise = within * (1 - 1 / replicates) if replicates > 1 else 0.0
    found["residual"] = float(squares[whole] + noise)
    return found


def _mean_square(cells: FloatArray, part: _Part, axes: list[int]) -> float:
    """Mean square of the product of some factors, per cell mean."""
    others = tuple(axis for axis in range(3) if axis not in part)
    means = cells.mean(axis=others, keepdims=True)
    deviation = means
    for axis in part:
        deviation = deviation - deviation.mean(axis=axis, keepdims=True)
    freedom = np.prod([cells.shape[axis] - 1 for axis in part])
    return float(np.sum(deviation**2) * _repeats(cells, part, axes) / freedom)


def _repeats(cells: FloatArray, part: _Part, axes: list[int]) -> int:
    """How many cells share one level of a product."""
    return int(np.prod([cells.shape[axis] for axis in axes if axis not in part]))


def _name(part: _Part) -> str:
    return " × ".join(AXES[axis] for axis in sorted(part))


@dataclass(frozen=True)
class ProtocolNoise:
    """How a difference between two workers stands against a mere change of protocol.

    Attributes:
        difference: The first's mean minus the second's, over all protocols.
        noise: The mean absolute change of that difference from one protocol to another, beyond
            what the items' own noise explains; in the units of the scores.
        share: The noise over the absolute difference, at most 1; NaN where there is none.
        reversals: Pairs of protocols under which the order is not the same.
        pairs: All pairs of protocols.
        why: Why there is none; None where there is.
    """

    difference: float
    noise: float
    share: float
    reversals: int
    pairs: int
    why: str | None = None


def protocol_noise(one: npt.ArrayLike, other: npt.ArrayLike) -> ProtocolNoise:
    """Hold the difference of two workers against what the choice of protocol does to it.

    Estimand: with D_p the mean difference of the two under protocol p, √(2/π)·√(2σ²) is the
    expected |D_p − D_q| of two protocols, where σ² is the variance of D_p over protocols less
    what the noise between items adds to it; and its share of |mean of D_p|.
    Assumptions: protocols are equivalent in intent and their effects roughly normal; items are
    independent and shared by all protocols.

    Args:
        one: Scores in [0, 1] of one worker, shape (protocols, items); NaN for missing.
        other: The other's, on the same protocols and items.

    Returns:
        The difference, the noise and its share; none, and `why`, below two protocols or two
        complete items.

    Raises:
        ConfigError: (a ValueError) If shapes differ or a score leaves [0, 1].

    References:
        Cronbach et al. (1972), The Dependability of Behavioral Measurements.
    """
    first, second = (checked_scores(n, s, ndim=2) for n, s in (("one", one), ("other", other)))
    if first.shape != second.shape:
        raise ConfigError(f"`one`, `other` must be paired, got {first.shape}, {second.shape}")
    differences = first - second
    complete = differences[:, ~np.isnan(differences).any(axis=0)]
    protocols, items = complete.shape
    if protocols < 2 or items < 2:
        why = f"{protocols} protocol(s) on {items} complete item(s); it needs 2 of each"
        return ProtocolNoise(np.nan, np.nan, np.nan, 0, 0, why)
    means = complete.mean(axis=1)
    centred = complete - complete.mean(axis=1, keepdims=True) - complete.mean(axis=0) + means.mean()
    sampling = np.sum(centred**2) / ((protocols - 1) * (items - 1)) / items
    spread = max(float(np.var(means, ddof=1) - sampling), 0.0)
    difference, noise = float(means.mean()), float(2 * np.sqrt(spread / np.pi))
    share = min(noise / abs(difference), 1.0) if abs(difference) > SAME else np.nan
    signs = np.where(np.abs(means) <= SAME, 0, np.sign(means))
    pairs = list(combinations(signs, 2))
    return ProtocolNoise(difference, noise, share, sum(a * b < 0 for a, b in pairs), len(pairs))
