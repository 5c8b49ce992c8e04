"""Planning: how many clusters a wanted decision takes, checked by simulating the decision."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level, present
from worktrial.estimate.intervals import SAME, mean_interval
from worktrial.estimate.paired import ENOUGH, equivalence, paired_difference

Goal = Literal["apart", "level", "precision"]

CAUTION = 0.8
"""A pilot's spread is taken at its upper confidence bound of this level."""
MOST_CLUSTERS = 20_000
"""Beyond this no plan is made: nobody will carry it out."""
DRAWS = 500
"""Simulated runs behind each power; its standard error is .013 at .9."""
_POINTS = 2_001
_LARGEST_EFFECT = 3.0
"""In standard deviations; beyond, the textbook answer is the fewest clusters there can be."""
_LARGEST_STEP = 1.5
_PRECISE_STEP = 1.1
"""Widths hardly vary between runs: their power leaps from 0 to 1, and says nothing of the way."""


@dataclass(frozen=True)
class Target:
    """What a run is to decide.

    Attributes:
        goal: `apart`: a true difference is shown; `level`: two that do not differ are shown to
            be level; `precision`: the interval is narrow enough.
        size: The true difference, the margin, or the half-width wanted; in units of the scores.
        margin: The difference that does not matter, for `apart`; within it two are level.
        power: The chance of that decision, in (0, 1).
        level: Confidence level of the decision, in (0.5, 1).
    """

    goal: Goal
    size: float
    margin: float = 0.03
    power: float = 0.9
    level: float = 0.95

    def __post_init__(self) -> None:
        checked_level(self.level)
        if not 0.5 < self.level < 1:
            raise ConfigError(f"`level` must be in (0.5, 1), got {self.level}; write 0.95")
        if not 0 < self.power < 1:
            raise ConfigError(f"`power` must be in (0, 1), got {self.power}; write 0.9")
        if not 0 < self.size < 1:
            raise ConfigError(f"`{_SIZES[self.goal]}` must be in (0, 1), got {self.size}")
        if not self.margin > 0:
            raise ConfigError(f"`margin` must be positive, got {self.margin}")
        if self.goal == "apart" and self.size <= self.margin:
            raise ConfigError(
                f"`difference` must exceed `margin`, got {self.size} and {self.margin}: within "
                "the margin two are level; plan for that with the margin alone, or lower it"
            )


_SIZES = {"apart": "difference", "level": "margin", "precision": "half_width"}


@dataclass(frozen=True)
class Components:
    """Where the variance of a value comes from.

    Attributes:
        between: Variance between clusters; NaN where one replicate cannot tell.
        within: Variance between replicates of a cluster; NaN where one replicate cannot tell.
        of_means: Variance of the clusters' means over the replicates there are.
        clusters: How many clusters.
        replicates: How many replicates each.
    """

    between: float
    within: float
    of_means: float
    clusters: int
    replicates: int

    def variance(self, replicates: int) -> float:
        """Variance of a cluster's mean over some replicates.

        What one replicate cannot tell apart is taken for a difference between clusters, which
        no replicate makes smaller.
        """
        if math.isnan(self.within):
            return self.of_means
        return self.between + self.within / replicates


@dataclass(frozen=True)
class SamplePlan:
    """How many clusters a target takes.

    Attributes:
        clusters: The number planned.
        power: The share of simulated runs that decide rightly with so many.
        wrong: The share that decide wrongly; 0 for a precision.
        textbook: What the formula says, which knows no small-sample rule.
        sd: The standard deviation of a cluster that was planned with.
    """

    clusters: int
    power: float
    wrong: float
    textbook: int
    sd: float


def variance_components(values: npt.ArrayLike) -> Components:
    """Split the variance of values into that between clusters and that between replicates.

    Estimand: the two variances of a one-way model with random clusters.
    Assumptions: replicates are exchangeable within a cluster and clusters independent; the
    estimate between clusters is cut at 0.

    Args:
        values: Shape (clusters, replicates); NaN for a missing one, which drops its cluster.

    Returns:
        The components; `between` and `within` are NaN with one replicate.

    Raises:
        ConfigError: (a ValueError) If there are fewer than two whole clusters.

    References:
        Searle, Casella and McCulloch (1992), Variance Components, chapter 3.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2:
        raise ConfigError(f"`values` must be clusters × replicates, got shape {array.shape}")
    whole = array[~np.isnan(array).any(axis=1)]
    clusters, replicates = whole.shape
    if clusters < 2:
        raise ConfigError(f"a pilot needs at least 2 whole clusters, got {clusters}")
    of_means = float(np.var(whole.mean(axis=1), ddof=1))
    if replicates < 2:
        return Components(np.nan, np.nan, of_means, clusters, replicates)
    within = float(np.mean(np.var(whole, axis=1, ddof=1)))
    return Components(
        max(0.0, of_means - within / replicates), within, of_means, clusters, replicates
    )


def caution(clusters: int, *, confidence: float = CAUTION) -> float:
    """Return by how much a pilot's standard deviation is raised before planning with it.

    Estimand: the one-sided upper confidence bound of a standard deviation, over its estimate.
    Assumptions: values are normal; a long tail makes the estimate less certain than this.

    Args:
        clusters: The pilot's.
        confidence: The chance that the bound exceeds the true value, in (0, 1).

    Returns:
        A factor above 1.

    References:
        Browne (1995), On the use of a pilot sample for sample size determination, Statistics in
        Medicine 14(17).
    """
    freedom = clusters - 1
    return float(np.sqrt(freedom / stats.chi2.ppf(1 - confidence, freedom)))


def beta_values(mean: float, sd: float, *, low: float = -1.0, high: float = 1.0) -> FloatArray:
    """Return equally likely values of a beta distribution: the shape of a stated prior.

    Args:
        mean: Its mean, inside (low, high).
        sd: Its standard deviation.
        low: The lowest possible value.
        high: The highest.

    Raises:
        ConfigError: (a ValueError) If no such distribution fits between the two.
    """
    span = high - low
    m, v = (mean - low) / span, (sd / span) ** 2
    if not (0 < m < 1 and 0 < v < m * (1 - m)):
        raise ConfigError(
            f"no score between {low:g} and {high:g} has mean {mean:g} and `sd` {sd:g}; lower it"
        )
    total = m * (1 - m) / v - 1
    shares = (np.arange(_POINTS) + 0.5) / _POINTS
    return np.asarray(low + span * stats.beta.ppf(shares, m * total, (1 - m) * total))


def shaped(values: FloatArray, *, mean: float, sd: float, bound: float = 1.0) -> FloatArray:
    """Move differences to a mean and a spread; those that are 0 stay 0.

    A pilot in which most clusters do not differ at all is sparse, and a sparse difference is
    judged by the share that differs. Moving the zeros too would hide that.

    Args:
        values: A pilot's differences, shape (clusters,).
        mean: The mean wanted.
        sd: The standard deviation wanted.
        bound: Beyond which a difference cannot lie; what is moved there is cut.

    Returns:
        Equally likely values, shape (clusters,).
    """
    differing = np.abs(values) > SAME
    share = max(float(np.mean(differing)), mean**2 / (mean**2 + sd**2), 1 / values.size)
    count = min(values.size, math.ceil(share * values.size - SAME))
    order = np.argsort(~differing, kind="stable")
    moved = np.zeros(values.size)
    some = values[order[:count]]
    residuals = some - some.mean()
    spread = float(np.std(residuals))
    share = count / values.size
    room = max(0.0, (sd**2 + mean**2) / share - (mean / share) ** 2)
    scale = math.sqrt(room) / spread if spread > SAME else 0.0
    moved[:count] = mean / share + scale * residuals
    return np.clip(moved, -bound, bound)


def textbook_clusters(target: Target, *, sd: float) -> int:
    """Return what the formula says: a t test's number, or (z·s/h)² for a half-width h.

    Estimand: the number at which a paired t test (two one-sided ones, for `level`) has the
    power wanted.
    Assumptions: differences are normal and `sd` is known; no rule for few clusters applies.

    Args:
        target: What is to be decided.
        sd: The standard deviation of a cluster.

    Returns:
        The number, at least 2.

    References:
        Julious (2004), Sample sizes for clinical trials with normal data, Statistics in
        Medicine 23(12).
    """
    effect = target.size / sd
    if effect > _LARGEST_EFFECT:
        return 2
    if target.goal == "precision":
        z = float(special.ndtri((1 + target.level) / 2))
        return max(2, math.ceil((z / effect) ** 2))
    from statsmodels.stats.power import TTestPower

    apart = target.goal == "apart"
    size = TTestPower().solve_power(
        effect_size=effect,
        # Two one-sided tests that both reject: each must miss half as often.
        alpha=1 - target.level,
        power=target.power if apart else (1 + target.power) / 2,
        alternative="two-sided" if apart else "larger",
    )
    return max(2, math.ceil(float(np.squeeze(size)) - SAME))


def plan_clusters(
    values: npt.ArrayLike,
    *,
    sd: float,
    target: Target,
    strata: int = 1,
    scores: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
) -> SamplePlan:
    """Find how many clusters a decision takes.

    Estimand: the smallest number at which the wanted share of simulated runs decides as it
    should. A run is simulated by drawing clusters from `values`, moved to the target and to the
    spread `sd`, and judged by `equivalence` itself (or, for a precision, by the interval it
    would print), so rules for few clusters and long tails cost what they cost. The search
    starts at the textbook number of a t test and only goes up.
    Assumptions: clusters are independent and look like `values`, but for mean and spread.

    Args:
        values: Equally likely differences (or scores), shape (clusters,): a pilot's, or those
            of `beta_values`.
        sd: The standard deviation of a cluster to plan with.
        target: What is to be decided.
        strata: The number is rounded up to a multiple of this.
        scores: `values` are scores in [0, 1] and a precision is that of their mean.
        draws: Simulated runs.
        seed: Of the simulation.

    Returns:
        The number, and the power it has in the simulation.

    Raises:
        ConfigError: (a ValueError) If `sd` is not positive or it would take more than 20,000
            clusters.

    References:
        Arnold et al. (2011), Simulation methods to estimate design power, BMC Medical Research
        Methodology 11:94.
    """
    known = present(np.asarray(values, dtype=np.float64))
    if not (sd > 0 and known.size):
        raise ConfigError(f"`sd` must be positive, got {sd}: without spread there is no plan")
    run = _Run(known, sd, target, scores)
    textbook = textbook_clusters(target, sd=sd)
    clusters = _rounded(textbook, strata)
    while True:
        if clusters > MOST_CLUSTERS:
            raise ConfigError(
                f"`{_SIZES[target.goal]}` {target.size:g} would take more than "
                f"{MOST_CLUSTERS:,} items; take a larger one"
            )
        right, wrong = run.outcomes(clusters, draws=draws, seed=seed)
        if right >= target.power:
            return SamplePlan(clusters, right, wrong, textbook, sd)
        larger = clusters * _step(right, target)
        # From there on bounds are far narrower: a step must not leap over it.
        larger = min(larger, ENOUGH) if clusters < ENOUGH else larger
        clusters = _rounded(larger, strata, above=clusters)


class _Run:
    """Runs to simulate: clusters drawn from a population that looks as the target says."""

    def __init__(self, values: FloatArray, sd: float, target: Target, scores: bool) -> None:
        self.target = target
        self.scores = scores
        # Of the values as the population that they are drawn from.
        spread = float(np.std(values))
        self.stretch = sd / spread if spread > SAME else 1.0
        self.population = values
        if target.goal != "precision":
            mean = target.size if target.goal == "apart" else 0.0
            # A long tail lies on the side of the difference, wherever that is.
            towards = -1.0 if target.goal == "apart" and np.mean(values) < 0 else 1.0
            self.population = shaped(towards * values, mean=mean, sd=sd)

    def outcomes(self, clusters: int, *, draws: int, seed: int) -> tuple[float, float]:
        """The shares of runs that decide rightly and wrongly.

        Each run draws from a stream of its own, so a longer one begins as the shorter did and
        the shares of two sizes differ by little else than their size.
        """
        found = []
        for draw in range(draws):
            rng = np.random.default_rng([seed, draw])
            chosen = rng.integers(0, self.population.size, clusters)
            found.append(self._outcome(self.population[chosen]))
        return found.count("right") / draws, found.count("wrong") / draws

    def _outcome(self, drawn: FloatArray) -> Literal["right", "wrong", "open"]:
        if self.target.goal == "precision":
            return "right" if self._half_width(drawn) <= self.target.size else "open"
        margin = self.target.margin if self.target.goal == "apart" else self.target.size
        judged = equivalence(drawn, np.zeros(drawn.size), margin=margin, level=self.target.level)
        if judged.verdict == "cannot-tell":
            return "open"
        towards = judged.difference.value > 0 or self.target.goal == "level"
        return "right" if judged.verdict == self.target.goal and towards else "wrong"

    def _half_width(self, drawn: FloatArray) -> float:
        """Half an interval's width, stretched as much as the spread is to be."""
        level = self.target.level
        if self.scores:
            found = mean_interval(drawn, level=level)
        else:
            found = paired_difference(drawn, np.zeros(drawn.size), level=level)
        # Room for a ruin not seen does not shrink with the spread.
        stretch = max(1.0, self.stretch) if drawn.size < ENOUGH else self.stretch
        # NaN compares false: without bounds nothing is precise.
        return stretch * (found.high - found.low) / 2


def _step(power: float, target: Target) -> float:
    """By what factor the normal approximation would enlarge a run of so little power."""
    if target.goal == "precision":
        return _PRECISE_STEP
    short = special.ndtri((1 + target.level) / 2) + special.ndtri(max(power, 0.02))
    wanted = special.ndtri((1 + target.level) / 2) + special.ndtri(target.power)
    return float(np.clip((wanted / max(short, SAME)) ** 2, 1.0, _LARGEST_STEP))


def _rounded(clusters: float, strata: int, *, above: int = 0) -> int:
    """A multiple of the strata, and more than `above`."""
    return max(math.ceil(clusters / strata - SAME), above // strata + 1) * strata
