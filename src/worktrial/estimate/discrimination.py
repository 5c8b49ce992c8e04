"""How well scores tell jobs that were accepted from jobs that were not."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level
from worktrial.estimate.intervals import Interval, unbounded

FEWEST = 5
"""Clusters with a job accepted, and with one that was not, below which there is no interval."""


@dataclass(frozen=True)
class Discrimination:
    """Which of two scores tells accepted from not accepted jobs better.

    Attributes:
        verdict: Of the first against the second; `level` is within the margin.
        difference: The first area under the ROC curve less the second.
        margin: The smallest difference that would matter.
        detectable: The smallest true difference that this many clusters would likely show; NaN
            where there are no bounds.
    """

    verdict: Literal["better", "level", "worse", "cannot-tell"]
    difference: Interval
    margin: float
    detectable: float


@dataclass(frozen=True)
class Added:
    """What a second score adds to a first in a logistic model of acceptance.

    Attributes:
        odds: The odds ratio of a step of the second, at the same first score; NaN where `why`
            says.
        p_value: Of its adding nothing; NaN where it could not be tested.
    """

    odds: Interval
    p_value: float


def roc_area(
    scores: npt.ArrayLike,
    accepted: npt.ArrayLike,
    clusters: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> Interval:
    """Estimate the chance that a job accepted scores higher than one not accepted; ties half.

    Estimand: over the population of clusters, the area under the ROC curve, Mann and Whitney's
    statistic over all pairs of jobs.
    Assumptions: clusters are independent. The standard error is the jackknife's, a cluster left
    out at a time, which for clusters of one is DeLong's but for terms of a higher order; the bounds
    are Wilson's with as many trials as give that error, so that they stay in [0, 1], and none is
    of no width.

    Args:
        scores: The higher the better, shape (jobs,); NaN drops the job.
        accepted: 1 or 0, likewise.
        clusters: Of each job, shape (jobs,); each job is its own by default.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        The area with bounds. NaN, and `why`, unless five clusters hold a job that was accepted
        and five one that was not.

    Raises:
        ConfigError: (a ValueError) If shapes differ, `accepted` is neither 0 nor 1, or `level`
            leaves (0, 1).

    References:
        Mann and Whitney (1947), Annals of Mathematical Statistics 18(1); DeLong, DeLong and
        Clarke-Pearson (1988), Biometrics 44(3); Obuchowski (1997), Biometrics 53(2), for
        clusters; Arvesen (1969), Annals of Mathematical Statistics 40(6), for the jackknife.
    """
    level = checked_level(level)
    (values,), yes, groups = _known([scores], accepted, clusters)
    few = _too_few(yes, groups)
    if few:
        return unbounded(_area(values, yes), level=level, clusters=_count(groups), why=few)
    area, left_out = _area(values, yes), _areas_without(values, yes, groups)
    return _wilson(area, _jackknife_error(left_out), yes, groups, level)


def compare_roc_areas(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    accepted: npt.ArrayLike,
    clusters: npt.ArrayLike | None = None,
    *,
    margin: float,
    level: float = 0.95,
    power: float = 0.8,
) -> Discrimination:
    """Judge which of two scores of the same jobs tells better which of them were accepted.

    Estimand: the difference of their areas under the ROC curve.
    Assumptions: clusters are independent. The difference of the two is jackknifed as one, so that
    it is paired; t bounds, with a cluster less than hold the rarer label, and room for one cluster
    that was not met.

    Args:
        first: The higher the better, shape (jobs,); NaN drops the job.
        second: Of the same jobs, likewise.
        accepted: 1 or 0, likewise.
        clusters: Of each job, shape (jobs,); each job is its own by default.
        margin: The smallest difference that would matter, in (0, 1).
        level: Confidence level of each claim, in (0.5, 1).
        power: The chance with which the detectable difference would be shown, in (0, 1).

    Returns:
        The verdict: `level` if the interval at 2·level − 1 lies within the margin (two one-sided
        tests), else `better` or `worse` if the one at `level` leaves 0 out.

    Raises:
        ConfigError: (a ValueError) As `roc_area`, or if `margin` isn't positive or `level` isn't
            above one half.

    References:
        DeLong, DeLong and Clarke-Pearson (1988); Obuchowski (1997); Schuirmann (1987), Journal of
        Pharmacokinetics and Biopharmaceutics 15(6).
    """
    if not margin > 0:
        raise ConfigError(f"`margin` must be positive, got {margin}; name a difference that counts")
    if not 0.5 < level < 1:
        raise ConfigError(f"`level` of a verdict must be in (0.5, 1), got {level}; write 0.95")
    both, yes, groups = _known([first, second], accepted, clusters)
    value, size = _area(both[0], yes) - _area(both[1], yes), _count(groups)
    if few := _too_few(yes, groups):
        nothing = unbounded(value, level=level, clusters=size, why=few)
        return Discrimination("cannot-tell", nothing, margin, np.nan)
    left_out = np.subtract(*(_areas_without(values, yes, groups) for values in both))
    # A jackknife knows nothing of the cluster that was not met, which weighs 1 / size.
    error = float(np.hypot(_jackknife_error(left_out), 1 / size))
    freedom = _rarer(yes, groups) - 1
    wide, narrow = (
        float(special.stdtrit(freedom, (1 + at) / 2)) * error for at in (level, 2 * level - 1)
    )
    difference = _around(value, wide, (-1, 1), level, "jackknife-t", size)
    detectable = min(1.0, wide + float(special.stdtrit(freedom, power)) * error)
    return Discrimination(_judged(value, wide, narrow, margin), difference, margin, detectable)


def added_odds(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    accepted: npt.ArrayLike,
    clusters: npt.ArrayLike | None = None,
    *,
    step: float = 0.1,
    level: float = 0.95,
) -> Added:
    """Estimate what a second score says of acceptance that a first does not.

    Estimand: in the logistic model accepted ~ first + second, the odds ratio of a step of the
    second at the same first score.
    Assumptions: the model holds on average over clusters, which are independent; jobs of a
    cluster may depend in any way (generalized estimating equations, working independence). The
    test is the generalized score test, which needs the fit under the null alone; the bounds are
    Wald's with Mancl and DeRouen's covariance and t with clusters − 3 degrees of freedom.

    Args:
        first: Shape (jobs,); NaN drops the job.
        second: Of the same jobs, likewise.
        accepted: 1 or 0, likewise.
        clusters: Of each job, shape (jobs,); each job is its own by default.
        step: Of the second score, for which the odds ratio is told.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        The odds ratio with bounds, and the p-value. Without bounds, and `why`, where the labels
        are too few, a score does not vary beside the other, or the two tell the labels apart
        without error, so that no finite ratio fits.

    Raises:
        ConfigError: (a ValueError) As `roc_area`.

    References:
        Liang and Zeger (1986), Biometrika 73(1); Boos (1992), The American Statistician 46(4);
        Mancl and DeRouen (2001), Biometrics 57(1). Computed by statsmodels.
    """
    level = checked_level(level)
    both, yes, groups = _known([first, second], accepted, clusters)
    size = _count(groups)
    design = np.column_stack([np.ones(yes.size), *both])
    few = _too_few(yes, groups)
    if not few and np.linalg.matrix_rank(design - [0, *design[:, 1:].mean(axis=0)]) < 3:
        few = "one score does not vary beside the other"
    if few:
        return Added(unbounded(np.nan, level=level, clusters=size, why=few), np.nan)
    return _fitted(design, yes, groups, step=step, level=level)


def rank_correlation(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    clusters: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> Interval:
    """Estimate Spearman's rank correlation of two numbers of the same jobs.

    Estimand: Pearson's correlation of their ranks over the population of clusters.
    Assumptions: clusters are independent; jackknifed on Fisher's scale, a cluster left out at a
    time, t bounds, with room for one cluster that was not met.

    Args:
        first: Shape (jobs,); NaN drops the job.
        second: Likewise.
        clusters: Of each job, shape (jobs,); each job is its own by default.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        The correlation with bounds. NaN, and `why`, below five clusters, or where one of the two
        does not vary.

    Raises:
        ConfigError: (a ValueError) If shapes differ or `level` leaves (0, 1).

    References:
        Spearman (1904), American Journal of Psychology 15(1); Fisher (1915), Biometrika 10(4).
    """
    level = checked_level(level)
    (one, other), _, groups = _known([first, second], np.zeros(np.shape(first)), clusters)
    size = _count(groups)
    if size < FEWEST:
        why = f"{size} cluster(s) measured; an interval needs {FEWEST}"
        return unbounded(np.nan, level=level, clusters=size, why=why)
    value = _spearman(one, other)
    left_out = np.array([_spearman(one[groups != g], other[groups != g]) for g in range(size)])
    if np.isnan(value) or np.isnan(left_out).any():
        return unbounded(value, level=level, clusters=size, why="one of the two does not vary")
    inside = 1 - 1 / size  # Fisher's scale has no 1
    error = _jackknife_error(np.arctanh(np.clip(left_out, -inside, inside)))
    half = float(special.stdtrit(size - 1, (1 + level) / 2)) * float(np.hypot(error, 1 / size))
    middle = float(np.arctanh(np.clip(value, -inside, inside)))
    low, high = np.tanh(middle - half), np.tanh(middle + half)
    return Interval(
        value, float(min(low, value)), float(max(high, value)), level, "jackknife-t, Fisher", size
    )


def _known(
    scores: list[npt.ArrayLike], accepted: npt.ArrayLike, clusters: npt.ArrayLike | None
) -> tuple[list[FloatArray], npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
    """Return what is known of all: scores, whether accepted, and the clusters from 0."""
    given = [np.asarray(each, dtype=np.float64) for each in (*scores, accepted)]
    groups = np.arange(given[0].size) if clusters is None else np.asarray(clusters)
    shapes = {each.shape for each in (*given, groups)}
    if len(shapes) > 1 or given[0].ndim != 1:
        raise ConfigError(f"scores, `accepted`, `clusters` must be paired, got {sorted(shapes)}")
    known = ~np.isnan(np.sum(given, axis=0))
    labels = given[-1][known]
    if not np.isin(labels, (0, 1)).all():
        wrong = labels[~np.isin(labels, (0, 1))][0]
        raise ConfigError(f"`accepted` must be 1 or 0, got {wrong}; NaN where it is not known")
    numbers = np.unique(groups[known], return_inverse=True)[1]
    return [each[known] for each in given[:-1]], labels == 1, numbers


def _too_few(yes: npt.NDArray[np.bool_], groups: npt.NDArray[np.intp]) -> str:
    """Why there is no interval; nothing where there is one."""
    for label, name in ((yes, "accepted"), (~yes, "not accepted")):
        if (count := np.unique(groups[label]).size) < FEWEST:
            return f"{count} cluster(s) with a job {name}; an interval needs {FEWEST}"
    return ""


def _count(groups: npt.NDArray[np.intp]) -> int:
    return int(np.unique(groups).size)


def _rarer(yes: npt.NDArray[np.bool_], groups: npt.NDArray[np.intp]) -> int:
    return min(_count(groups[yes]), _count(groups[~yes]))


def _area(scores: FloatArray, yes: npt.NDArray[np.bool_]) -> float:
    above, below = scores[yes], scores[~yes]
    if not above.size or not below.size:
        return np.nan
    return float(_won(above, below).sum() / (above.size * below.size))


def _won(these: FloatArray, those: FloatArray) -> FloatArray:
    """Return how many of those each of these is above; ties half."""
    order = np.sort(those)
    below = np.searchsorted(order, these, side="left")
    not_above = np.searchsorted(order, these, side="right")
    return (below + not_above) / 2


def _areas_without(
    scores: FloatArray, yes: npt.NDArray[np.bool_], groups: npt.NDArray[np.intp]
) -> FloatArray:
    """Return the area without each cluster in turn, shape (clusters,)."""
    above, below = scores[yes], scores[~yes]
    of_above, of_below, size = groups[yes], groups[~yes], _count(groups)
    won = np.bincount(of_above, _won(above, below), size)
    lost = np.bincount(of_below, above.size - _won(below, above), size)
    both = zip(_by_group(above, of_above, size), _by_group(below, of_below, size), strict=True)
    within = np.array([_won(these, those).sum() for these, those in both])
    pairs = (above.size - np.bincount(of_above, minlength=size)) * (
        below.size - np.bincount(of_below, minlength=size)
    )
    total = _won(above, below).sum()
    areas: FloatArray = (total - won - lost + within) / pairs
    return areas


def _by_group(scores: FloatArray, groups: npt.NDArray[np.intp], size: int) -> list[FloatArray]:
    """Return the scores of each group in turn."""
    order = np.argsort(groups, kind="stable")
    return np.split(scores[order], np.cumsum(np.bincount(groups, minlength=size))[:-1])


def _jackknife_error(left_out: FloatArray) -> float:
    size = left_out.size
    return float(np.sqrt((size - 1) / size * np.sum((left_out - left_out.mean()) ** 2)))


def _wilson(
    area: float,
    error: float,
    yes: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.intp],
    level: float,
) -> Interval:
    """Wilson's bounds with as many trials as give this error, at most the clusters' own."""
    freedom = _rarer(yes, groups) - 1
    quantile = float(special.stdtrit(freedom, (1 + level) / 2))
    spread = area * (1 - area)
    trials = spread / error**2 if error > 0 and spread > 0 else freedom + 1
    # Near 0 and 1 the jackknife is too sure: it has not seen what goes wrong.
    trials = min(trials, 3.0 * (freedom + 1))
    centre = (area + quantile**2 / (2 * trials)) / (1 + quantile**2 / trials)
    half = quantile / (1 + quantile**2 / trials)
    half *= np.sqrt(spread / trials + quantile**2 / (4 * trials**2))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Interval(
        area, min(low, area), max(high, area), level, "jackknife, Wilson", _count(groups)
    )


def _around(
    value: float, half: float, ends: tuple[float, float], level: float, method: str, size: int
) -> Interval:
    low, high = max(ends[0], value - half), min(ends[1], value + half)
    return Interval(value, low, high, level, method, size)


def _judged(
    value: float, wide: float, narrow: float, margin: float
) -> Literal["better", "level", "worse", "cannot-tell"]:
    if abs(value) + narrow < margin:
        return "level"
    if abs(value) <= wide:
        return "cannot-tell"
    return "better" if value > 0 else "worse"


def _fitted(
    design: FloatArray,
    yes: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.intp],
    *,
    step: float,
    level: float,
) -> Added:
    import statsmodels.api as sm  # slow to load

    size = _count(groups)
    order = np.argsort(groups, kind="stable")
    labels, rows, names = yes[order].astype(float), design[order], groups[order]

    def model(columns: FloatArray) -> Any:
        return sm.GEE(labels, columns, groups=names, family=sm.families.Binomial())

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Of a fit that does not converge: that is told in words.
        warnings.simplefilter("ignore")
        small = _tried(model(rows[:, :2]).fit)
        test = _tried(lambda: model(rows).compare_score_test(small)) if small else None
        whole = _tried(lambda: model(rows).fit(cov_type="bias_reduced"))
    p_value = float(test["p-value"]) if test else np.nan
    if whole is None or not whole.converged or not _is_open(whole.fittedvalues):
        why = "the two scores tell the labels apart without error: no finite ratio fits"
        return Added(unbounded(np.nan, level=level, clusters=size, why=why), p_value)
    slope, error = float(whole.params[2]), float(whole.bse[2])
    half = float(special.stdtrit(max(1, size - 3), (1 + level) / 2)) * error
    value, low, high = (float(np.exp(step * x)) for x in (slope, slope - half, slope + half))
    return Added(Interval(value, low, high, level, "GEE, Mancl-DeRouen", size), p_value)


def _tried(make: Callable[[], Any]) -> Any:
    """What came of a fit; nothing where its equations have no solution."""
    try:
        return make()
    except (np.linalg.LinAlgError, ValueError, FloatingPointError):
        return None


def _is_open(chances: FloatArray) -> bool:
    """Whether no fitted chance lies at an end, to which a fit without a solution runs."""
    return bool(np.all((chances > 1e-6) & (chances < 1 - 1e-6)))


def _spearman(one: FloatArray, other: FloatArray) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return np.nan
    return float(stats.spearmanr(one, other).statistic)
