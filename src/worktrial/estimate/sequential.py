"""Looking early without fooling oneself: a comparison of two that runs until it is decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_array, present
from worktrial.estimate.intervals import Interval
from worktrial.estimate.paired import Verdict, paired_difference

Reason = Literal["apart", "level", "futility", "last look"]

FIRST = 12
"""A first look at fewer items has no chance to decide anything."""

MOST, LEAST = 6, 4
"""Looks of a plan that doesn't say how many: more of them save little."""

FUTILE = 0.03
"""A run ends when the chance that it will still be decided is below this."""

POWER = 0.8
"""With what chance a difference called detectable, or a number of items called needed, would do."""

_SUREST = 1 - 1e-12
"""A first look at very little of all items spends so little error that 1 less it is 1."""
_NODES = 256
"""Gauss–Legendre nodes between the bounds: boundaries are exact to more than six digits."""

_FAR = 9.0
"""Standard deviations beyond which there is nothing to integrate."""


class Bound(NamedTuple):
    """What is asked for at one look.

    Attributes:
        items: How many items are in by then.
        apart_z: Boundary of `apart` as a normal quantile.
        apart_p: The same as a two-sided p-value: the interval that must exclude 0 is at 1 − this.
        level_z: Boundary of `level` as a normal quantile.
        level_p: The same as a one-sided p-value: the interval that must lie inside the margin is
            at 1 − twice this.
    """

    items: int
    apart_z: float
    apart_p: float
    level_z: float
    level_p: float


@dataclass(frozen=True)
class Looks:
    """When a comparison will be looked at, and what will end it: fixed before the first call.

    Attributes:
        items: How many items are in at each look, strictly increasing; the last is the most.
        margin: The smallest difference that would matter, in the units of the scores.
        level: Confidence level of the verdict over all looks together, in (0.5, 1).
        futility: The run ends when the chance that it will still be decided is below this.
        bound: The largest possible absolute difference.
    """

    items: tuple[int, ...]
    margin: float
    level: float = 0.95
    futility: float = FUTILE
    bound: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a plan that cannot be carried out."""
        if not self.items or any(b <= a for a, b in pairwise((0, *self.items))):
            raise ConfigError(f"`items` of looks must increase from 1 on, got {self.items}")
        if not self.margin > 0:
            raise ConfigError(
                f"`margin` must be positive, got {self.margin}; name a difference that counts"
            )
        if not 0.5 < self.level < 1:
            raise ConfigError(
                f"`level` of a verdict must be in (0.5, 1), got {self.level}; write 0.95"
            )
        if not 0 <= self.futility < 1:
            raise ConfigError(
                f"`futility` must be in [0, 1), got {self.futility}; 0 never gives up"
            )

    @classmethod
    def planned(
        cls, items: int, *, looks: int | None = None, margin: float, level: float = 0.95
    ) -> "Looks":
        """Space looks evenly over the items there are.

        Args:
            items: The most that will be run.
            looks: How often to look, the last time at all items; by default 6, or as many as
                leave 12 items to the first, but not fewer than 4.
            margin: The smallest difference that would matter.
            level: Confidence level of the verdict.

        Raises:
            ConfigError: If there are fewer than two looks, or the first would have fewer than
                12 items.
        """
        count = max(LEAST, min(MOST, items // FIRST)) if looks is None else looks
        if count < 2:
            raise ConfigError(f"`looks` must be at least 2, got {count}; one look is a plain run")
        if items < count * FIRST:
            raise ConfigError(
                f"{count} looks need at least {count * FIRST} items, got {items}; "
                "ask for more items or fewer looks"
            )
        at = tuple(round(items * k / count) for k in range(1, count + 1))
        return cls(items=at, margin=margin, level=level)

    def record(self) -> dict[str, list[int] | float]:
        """The plan as plain values; equal plans give equal records."""
        return {
            "items": list(self.items),
            "margin": self.margin,
            "level": self.level,
            "futility": self.futility,
            "bound": self.bound,
        }

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """What is asked for at each look."""
        return _bounds(self.items, self.level)


@dataclass(frozen=True)
class LookResult:
    """What one look saw.

    Attributes:
        look: Which look, from 1.
        items: How many items were in.
        difference: The mean difference; its interval must exclude 0 for `apart`. Over all looks
            these intervals hold together at the plan's level.
        narrow: The same mean; its interval must lie inside the margin for `level`.
        promise: The chance that a later look decides, given what is known; NaN at the last look.
        verdict: The verdict; None where the run goes on.
        reason: Why it ends here; None where it goes on.
    """

    look: int
    items: int
    difference: Interval
    narrow: Interval
    promise: float
    verdict: Verdict | None
    reason: Reason | None


@dataclass(frozen=True)
class Decision:
    """How a comparison ended.

    Attributes:
        verdict: `apart`, `level` or `cannot-tell`.
        reason: What ended it.
        why: The same in words.
        estimate: The mean difference with its repeated confidence interval, which covers at the
            plan's level whenever and for whatever reason the run ended.
        results: Every look up to the end.
        plan: What was planned.
        detectable: The smallest true difference that all planned items would likely have shown.
        needed: About how many items would likely decide, were the difference as seen; None where
            it is decided or no number would do.
    """

    verdict: Verdict
    reason: Reason
    why: str
    estimate: Interval
    results: tuple[LookResult, ...]
    plan: Looks
    detectable: float
    needed: int | None

    @property
    def look(self) -> int:
        """The look at which it ended, from 1."""
        return len(self.results)


def decide(differences: npt.ArrayLike, looks: Looks, at: int) -> LookResult:
    """Take one planned look at the differences so far.

    Estimand: the mean of the paired difference, against 0 and against ±margin.
    Assumptions: those of `paired_difference`; items come in an order that has nothing to do with
    their outcomes. Each look asks for an interval at the look's own, stricter level, which is
    that of the boundary in the canonical joint normal law; the interval itself is Student's t
    or what `paired_difference` takes where clusters are few, skewed or sparse. `level` wins
    where both hold. Giving up binds nobody: both errors are kept if the run goes on instead.

    Args:
        differences: One paired difference per item in the order of the run, NaN for a missing
            one, shape (items,) or longer.
        looks: The plan.
        at: Which look, from 1.

    Returns:
        The verdict if there is one, and what it rests on.

    Raises:
        ConfigError: (a ValueError) If there is no such look, differences are too few for it, or
            one leaves ±`bound`.

    References:
        O'Brien and Fleming (1979), Biometrics 35(3); Lan and DeMets (1983), Biometrika 70(3).
    """
    seen = _seen(differences, looks, at)
    bound = looks.bounds[at - 1]
    wide, narrow = (
        paired_difference(seen, np.zeros(seen.size), level=min(level, _SUREST), bound=looks.bound)
        for level in (1 - bound.apart_p, 1 - 2 * bound.level_p)
    )
    promise = _promise(seen, looks, at)
    reason = _reason(wide, narrow, promise, looks, at)
    verdict: Verdict | None = None
    if reason is not None:
        verdict = reason if reason in ("apart", "level") else "cannot-tell"
    return LookResult(at, looks.items[at - 1], wide, narrow, promise, verdict, reason)


def conclude(differences: npt.ArrayLike, looks: Looks) -> Decision:
    """Take look after look until one ends the comparison.

    Estimand: the mean of the paired difference.
    Assumptions: those of `decide`. The interval is the repeated confidence interval at the last
    look taken: the intervals of all looks hold together at the plan's level, so this one does
    whatever made the run end.

    Args:
        differences: As for `decide`, at least up to the look that ends it.
        looks: The plan.

    Returns:
        Verdict, reason, estimate, and every look taken.

    Raises:
        ConfigError: (a ValueError) As `decide`.

    References:
        Jennison and Turnbull (1989), JRSS B 51(3), for repeated confidence intervals.
    """
    results: list[LookResult] = []
    for at in range(1, len(looks.items) + 1):
        results.append(decide(differences, looks, at))
        if results[-1].reason is not None:
            break
    return concluded(_seen(differences, looks, len(results)), looks, results)


def concluded(differences: FloatArray, looks: Looks, results: Sequence[LookResult]) -> Decision:
    """Put the looks that were taken into one decision.

    Args:
        differences: What the last of them saw, none missing, shape (pairs,).
        looks: The plan.
        results: The looks, of which the last one ended the comparison.

    Raises:
        ConfigError: If it isn't ended.
    """
    last = results[-1]
    if last.reason is None or last.verdict is None:
        raise ConfigError(f"look {last.look} of {len(looks.items)} decides nothing; go on")
    detectable, needed = _would_take(differences, looks)
    return Decision(
        verdict=last.verdict,
        reason=last.reason,
        why=_in_words(last, looks),
        estimate=replace(
            last.difference, level=looks.level, method=f"repeated {last.difference.method}"
        ),
        results=tuple(results),
        plan=looks,
        detectable=detectable,
        needed=needed if last.verdict == "cannot-tell" else None,
    )


def spending_bounds(
    fractions: Sequence[float], *, error: float, sides: Literal[1, 2]
) -> tuple[float, ...]:
    """Compute boundaries that spend an error over looks as O'Brien and Fleming would.

    Estimand: the z_k with P(|Z_k| ≥ z_k first at look k) = A(t_k) − A(t_{k−1}) (one-sided: Z_k),
    A(t) = `sides` · (2 − 2Φ(Φ⁻¹(1 − error/(2·`sides`))/√t)).
    Assumptions: (Z_1, …, Z_K) is jointly normal with Cov(Z_j, Z_k) = √(t_j/t_k), as standardised
    means of independent, growing samples are. Computed by recursive integration.

    Args:
        fractions: The share of all information at each look, increasing to 1.
        error: The chance to cross any boundary where nothing is there, in (0, 0.5).
        sides: 2 for boundaries on both sides of 0.

    Returns:
        One normal quantile per look.

    References:
        Lan and DeMets (1983), Biometrika 70(3); Armitage, McPherson and Rowe (1969), JRSS A
        132(2), for the recursion.
    """
    spent = [_spent(t, error, sides) for t in fractions]
    paths, before, found = _START, 0.0, []
    for t, share in zip(fractions, np.diff([0.0, *spent]), strict=True):
        step = _Step(before, t, sides, 0.0)
        bound = _solved(paths, step, float(share))
        found.append(bound)
        paths, before = _advance(paths, step, bound), t
    return tuple(found)


def crossing(
    bounds: Sequence[float], fractions: Sequence[float], *, sides: Literal[1, 2], drift: float = 0.0
) -> tuple[float, ...]:
    """Compute how likely each look is the first to cross its boundary.

    Estimand: P(first crossing at look k), for Z_k with mean `drift`·√t_k.
    Assumptions: as `spending_bounds`.

    Args:
        bounds: A normal quantile per look.
        fractions: The share of all information at each look, increasing to 1.
        sides: 2 for boundaries on both sides of 0.
        drift: The mean of Z at full information: true difference · √items / standard deviation.

    Returns:
        One probability per look; their sum is the error, or the power.

    References:
        Armitage, McPherson and Rowe (1969), JRSS A 132(2).
    """
    paths, before, found = _START, 0.0, []
    for bound, t in zip(bounds, fractions, strict=True):
        step = _Step(before, t, sides, drift)
        found.append(_beyond(paths, step, bound))
        paths, before = _advance(paths, step, bound), t
    return tuple(found)


# --- boundaries --------------------------------------------------------------------------------


class _Paths(NamedTuple):
    """Where the paths that have not crossed yet are: Z_k·√t_k, and how much mass is there."""

    at: FloatArray
    mass: FloatArray


class _Step(NamedTuple):
    """From one look to the next."""

    before: float
    after: float
    sides: Literal[1, 2]
    drift: float

    @property
    def mean(self) -> float:
        return self.drift * (self.after - self.before)

    @property
    def deviation(self) -> float:
        return float(np.sqrt(self.after - self.before))


_START = _Paths(np.zeros(1), np.ones(1))


def _spent(fraction: float, error: float, sides: int) -> float:
    quantile = special.ndtri(error / sides / 2)
    return float(sides * 2 * special.ndtr(quantile / np.sqrt(fraction)))


def _beyond(paths: _Paths, step: _Step, bound: float) -> float:
    """The mass that crosses a boundary at the end of a step."""
    at, edge = paths.at + step.mean, bound * np.sqrt(step.after)
    crossed = special.ndtr((at - edge) / step.deviation)
    if step.sides == 2:
        crossed = crossed + special.ndtr((-edge - at) / step.deviation)
    return float(paths.mass @ crossed)


def _solved(paths: _Paths, step: _Step, share: float) -> float:
    """The boundary that a wanted mass crosses."""
    return float(optimize.brentq(lambda z: _beyond(paths, step, z) - share, 0.0, 40.0, xtol=1e-10))


def _advance(paths: _Paths, step: _Step, bound: float) -> _Paths:
    """The mass that stays between the boundaries."""
    root = np.sqrt(step.after)
    middle, far = step.drift * step.after, _FAR * root
    high = min(bound * root, middle + far)
    low = max(-bound * root, middle - far) if step.sides == 2 else middle - far
    nodes, weights = _legendre()
    at = (high + low) / 2 + (high - low) / 2 * nodes
    distance = (at[:, None] - paths.at - step.mean) / step.deviation
    density = np.exp(-(distance**2) / 2) @ paths.mass / (step.deviation * np.sqrt(2 * np.pi))
    return _Paths(at, density * weights * (high - low) / 2)


@cache
def _legendre() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


@cache
def _bounds(items: tuple[int, ...], level: float) -> tuple[Bound, ...]:
    fractions = [n / items[-1] for n in items]
    apart = spending_bounds(fractions, error=1 - level, sides=2)
    same = spending_bounds(fractions, error=1 - level, sides=1)
    return tuple(
        Bound(n, a, float(2 * special.ndtr(-a)), s, float(special.ndtr(-s)))
        for n, a, s in zip(items, apart, same, strict=True)
    )


# --- one look ----------------------------------------------------------------------------------


def _seen(differences: npt.ArrayLike, looks: Looks, at: int) -> FloatArray:
    array = checked_array("differences", differences, ndim=1, bound=looks.bound)
    if not 1 <= at <= len(looks.items):
        raise ConfigError(f"`at` must be a look from 1 to {len(looks.items)}, got {at}")
    if array.size < looks.items[at - 1]:
        raise ConfigError(
            f"look {at} is at {looks.items[at - 1]} items, got {array.size}; run them first"
        )
    return present(array[: looks.items[at - 1]])


def _reason(
    wide: Interval, narrow: Interval, promise: float, looks: Looks, at: int
) -> Reason | None:
    # A comparison with NaN is false: without bounds nothing is shown.
    if -looks.margin < narrow.low and narrow.high < looks.margin:
        return "level"
    if wide.low > 0 or wide.high < 0:
        return "apart"
    if at == len(looks.items):
        return "last look"
    # Where clusters are too few for bounds it is too early to give up, too.
    return "futility" if wide.bounded and promise < looks.futility else None


def _promise(seen: FloatArray, looks: Looks, at: int) -> float:
    """The best predictive probability of a verdict at any later look, under a flat prior."""
    if at == len(looks.items) or seen.size < 2:
        return np.nan
    mean, spread = np.mean(seen), np.std(seen, ddof=1)
    if spread == 0:
        return 1.0
    later = np.array(looks.bounds[at:])
    sizes, apart_p, level_p = (later[:, column] for column in (0, 2, 4))
    sizes = seen.size * sizes / looks.items[at - 1]
    error = spread / np.sqrt(sizes)
    apart_beyond = special.stdtrit(sizes - 1, 1 - apart_p / 2) * error
    level_within = looks.margin - special.stdtrit(sizes - 1, 1 - level_p) * error
    # Where the two overlap nothing is left undecided.
    level_within = np.clip(level_within, 0, apart_beyond)
    change = spread * np.sqrt(1 / seen.size - 1 / sizes)
    edges = np.array([-apart_beyond, -level_within, level_within, apart_beyond])
    below = special.stdtr(seen.size - 1, (edges - mean) / change)
    return float(np.max(1 - (below[1] - below[0]) - (below[3] - below[2])))


def _would_take(seen: FloatArray, looks: Looks) -> tuple[float, int | None]:
    """What all items would have shown, and how many would decide what was seen."""
    if seen.size < 2:
        return np.nan, None
    mean, spread = abs(float(np.mean(seen))), float(np.std(seen, ddof=1))
    last, likely = looks.bounds[-1], special.ndtri(POWER)
    detectable = (last.apart_z + likely) * spread / np.sqrt(looks.items[-1])
    # A difference of exactly 0 has to stay inside on both sides.
    inside = special.ndtri((1 + POWER) / 2)
    needed = [
        ((z + more) * spread / gap) ** 2
        for z, more, gap in (
            (last.apart_z, likely, mean),
            (last.level_z, inside, looks.margin - mean),
        )
        if gap > 0
    ]
    return float(detectable), int(np.ceil(min(needed))) if spread else None


def _in_words(last: LookResult, looks: Looks) -> str:
    at = f"at look {last.look} of {len(looks.items)}, {last.items} of {looks.items[-1]} items"
    interval = f"{last.difference.low:+.3f} to {last.difference.high:+.3f}"
    match last.reason:
        case "apart":
            return f"apart {at}: {interval} excludes 0"
        case "level":
            within = f"{last.narrow.low:+.3f} to {last.narrow.high:+.3f}"
            return f"level {at}: {within} lies within ±{looks.margin:g}"
        case "futility":
            return f"given up {at}: a chance of {last.promise:.1%} to decide with what was left"
        case _:
            return f"not decided {at}: all planned items are in"
