"""STAND-INS, deleted at the merge: thin versions of what other parts of the audit build.

Each has the name and signature of the real one: `cut`, `reconstruction` of `reconstruction`;
`cauchy`, `item_p_values`, `rank_test`, `tpr_at` of `exposure`; `Effect`, `variant_gap` of `effect`;
`Judgement`, `judge` of `verdict`; `Blind`, `blind_check` of `blind`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq
from scipy import stats

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reconstruction:
    """As in `reconstruction`."""

    exact: bool
    verbatim: float
    rouge: float
    answered: bool | None


def cut(text: str, percent: int) -> tuple[str, str] | None:
    """As in `reconstruction`."""
    words = text.split()
    shown = round(len(words) * percent / 100)
    return " ".join(words[:shown]), " " + " ".join(words[shown:])


def reconstruction(
    written: str, *, prefix: str, remainder: str, answer: str | None = None
) -> Reconstruction:
    """As in `reconstruction`."""
    truth, units = remainder.split(), written.split()[: len(remainder.split())]
    run = longest = 0
    for one, other in zip(truth, units, strict=False):
        run = run + 1 if one == other else 0
        longest = max(longest, run)
    rouge = LCSseq.normalized_similarity(truth, units)
    return Reconstruction(truth == units, longest / len(truth), rouge, None)


@dataclass(frozen=True)
class Standing:
    """As in `exposure`."""

    value: float
    low: float
    high: float
    p: float


def item_p_values(scores: npt.ArrayLike, fresh: npt.ArrayLike) -> Array:
    """As in `exposure`: plain, without a pooled null."""
    items, own = np.asarray(scores, float), np.asarray(fresh, float)
    apart = (items - own.mean(1)) / own.std(1, ddof=1)
    scale = np.sqrt(1 + 1 / own.shape[1])
    return np.asarray(stats.t.sf(apart / scale, own.shape[1] - 1), float)


def rank_test(
    scores: npt.ArrayLike,
    fresh: npt.ArrayLike,
    controls: npt.ArrayLike | None = None,
    *,
    seed: int,
    level: float = 0.95,
) -> Standing:
    """As in `exposure`."""
    items, own = np.asarray(scores, float), np.asarray(fresh, float)
    if controls is not None:
        others = np.asarray(controls, float)
        wins = (np.sign(items[:, None] - others) + 1) / 2
        variance = wins.mean(1).var() / len(items) + wins.mean(0).var() / len(others)
        value, half = float(wins.mean()), 1.96 * float(np.sqrt(variance))
        return Standing(value, value - half, value + half, float("nan"))
    ranks = ((np.sign(items[:, None] - own) + 1) / 2).mean(1)
    error = np.std(ranks) / np.sqrt(ranks.size) + 1e-9
    p = float(stats.norm.sf((ranks.mean() - 0.5) / error))
    return Standing(float(ranks.mean()), float("nan"), float("nan"), p)


def cauchy(p_values: npt.ArrayLike) -> float:
    """As in `exposure`."""
    known = np.clip(np.asarray(p_values, float), 1e-15, 0.99)
    return float(stats.cauchy.sf(stats.cauchy.isf(known).mean()))


def tpr_at(positive: npt.ArrayLike, negative: npt.ArrayLike, fpr: float) -> float:
    """As in `exposure`."""
    bar = np.quantile(np.asarray(negative, float), 1 - fpr, method="higher")
    return float((np.asarray(positive, float) > bar).mean())


@dataclass(frozen=True)
class Effect:
    """As in `effect`."""

    value: float
    low: float
    high: float
    lower: float


def variant_gap(
    published: npt.ArrayLike, fresh: npt.ArrayLike, *, level: float = 0.95, seed: int = 0
) -> Effect:
    """As in `effect`."""
    apart = np.asarray(published, float) - np.asarray(fresh, float).mean(1)
    found = stats.ttest_1samp(apart, 0)
    wide, narrow = (found.confidence_interval(at) for at in (level, 2 * level - 1))
    return Effect(float(apart.mean()), float(wide.low), float(wide.high), float(narrow.low))


@dataclass(frozen=True)
class Blind:
    """As in `blind`."""

    auc: float
    low: float
    high: float
    broken: bool
    pairs: int
    why: str


def blind_check(
    published: Sequence[str],
    groups: Sequence[str],
    fresh: Sequence[str],
    fresh_groups: Sequence[str],
    *,
    seed: int,
) -> Blind:
    """As in `blind`: by the texts' length alone."""
    lengths = [np.array([len(text) for text in texts], float) for texts in (published, fresh)]
    found = rank_test(lengths[0], np.empty((len(published), 0)), lengths[1], seed=seed)
    return Blind(found.value, found.low, found.high, found.low > 0.5, len(published), "by length")


@dataclass(frozen=True)
class Judgement:
    """As in `verdict`."""

    word: str
    why: str


def judge(
    exposure_p: float,
    effect: Effect | None,
    *,
    margin: float,
    level: float = 0.95,
    blind: Blind | None = None,
) -> Judgement:
    """As in `verdict`."""
    shown = effect is not None and effect.lower > 0
    return Judgement("inflated" if shown else "cannot tell", f"p {exposure_p:.2g}")
