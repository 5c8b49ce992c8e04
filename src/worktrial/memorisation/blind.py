"""Can items be told from fresh texts by someone who has never seen a model?

If so, then whatever a model does differently on the two may come from the texts alone, and the
controls are broken. The classifier learns from some groups, an item and its variants, and is tried
on others.

Each group is tried by a classifier that has only seen groups before it. Were fold tried on fold
both ways round, as in ordinary cross-validation, then the trials would not be independent: the
direction that the first half teaches is right in the second exactly as far as the reverse is true,
and the interval would be too narrow. Leaving groups out one by one would do worse: what is left
leans away from what was taken, and the AUC falls below one half. Trying forwards is free of both:
given all before, a group without a difference has an expected AUC of exactly one half.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worktrial.randomness import stream

FEWEST = 30
"""Groups below which nothing is said: too few to learn from and too few to try."""
MATERIAL = 0.52
"""An AUC below it cannot matter, however sure it is."""
_MOST_GROUPS = 600
_MOST_FRESH = 5
"""Fresh texts of a group that are looked at."""
_LONGEST = 4_000
_FOLDS = 6
_LEVEL = 0.95

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Blind:
    """What a classifier that never saw the model makes of items and fresh texts.

    Attributes:
        auc: Chance that it takes the item of a pair for the published one; NaN if it cannot be
            said.
        low: Lower bound of the 95 % interval, items being the sampling unit.
        high: Upper bound.
        broken: Whether it tells them apart.
        pairs: Items and fresh texts that were compared.
        why: In a sentence.
    """

    auc: float
    low: float
    high: float
    broken: bool
    pairs: int
    why: str


@dataclass(frozen=True)
class _Group:
    published: tuple[str, ...]
    fresh: tuple[str, ...]


def blind_check(
    published: Sequence[str],
    groups: Sequence[str],
    fresh: Sequence[str],
    fresh_groups: Sequence[str],
    *,
    seed: int,
) -> Blind:
    """Try to tell published from fresh texts without a model.

    Args:
        published: Texts as published, shape (items,).
        groups: Of each the group, shape (items,): the item's id.
        fresh: Fresh texts, shape (texts,).
        fresh_groups: Of each the item that it is a variant of, shape (texts,); a control that
            belongs to no item is a group of its own.
        seed: Of the order in which groups are tried.

    Returns:
        The AUC with its interval; `broken` where its lower bound is above one half. NaN, and not
        broken, where there are too few groups.

    Raises:
        ValueError: If texts and groups differ in number.
    """
    if len(published) != len(groups) or len(fresh) != len(fresh_groups):
        raise ValueError("every text must have a group")
    rng = stream(seed, "blind")
    every = _grouped(published, groups, fresh, fresh_groups, rng)
    paired = [group for group in every if group.published and group.fresh]
    if len(paired) >= FEWEST:
        return _paired(paired[:_MOST_GROUPS])
    alone = [group for group in every if not (group.published and group.fresh)]
    sides = [[g for g in alone if g.published], [g for g in alone if g.fresh]]
    if min(map(len, sides)) >= FEWEST:
        return _unpaired([side[:_MOST_GROUPS] for side in sides])
    counted = max(len(paired), min(map(len, sides)))
    why = f"cannot say: {counted} items with fresh texts beside them, and it needs {FEWEST}"
    return Blind(math.nan, math.nan, math.nan, False, 0, why)


def _grouped(
    published: Sequence[str],
    groups: Sequence[str],
    fresh: Sequence[str],
    fresh_groups: Sequence[str],
    rng: Random,
) -> list[_Group]:
    """Groups in a random order, with at most so many fresh texts each."""
    texts: dict[str, tuple[list[str], list[str]]] = {}
    for side, these, names in ((0, published, groups), (1, fresh, fresh_groups)):
        for text, name in zip(these, names, strict=True):
            texts.setdefault(name, ([], []))[side].append(text[:_LONGEST])
    names = sorted(texts)
    rng.shuffle(names)
    return [
        _Group(tuple(one), tuple(rng.sample(other, min(len(other), _MOST_FRESH))))
        for one, other in map(texts.__getitem__, names)
    ]


def _paired(groups: Sequence[_Group]) -> Blind:
    """Each item against its own variants: what all texts of a group share cancels out."""
    texts = [text for group in groups for text in (*group.published, *group.fresh)]
    pairs = list(_pairs(groups))
    owner, published, fresh = map(np.array, zip(*pairs, strict=True))
    counted = _features(texts)
    differences = counted[published] - counted[fresh]
    wins = np.full(len(pairs), math.nan)
    for before, now in _forwards(len(groups)):
        known, tried = np.isin(owner, before), np.isin(owner, now)
        wins[tried] = _won(_direction(differences[known], owner[known]), differences[tried])
    seen = ~np.isnan(wins)
    sums = np.bincount(owner[seen], wins[seen], len(groups))
    counts = np.bincount(owner[seen], minlength=len(groups))
    return _judged((sums / np.maximum(counts, 1))[counts > 0], int(seen.sum()))


def _pairs(groups: Sequence[_Group]) -> Iterator[tuple[int, int, int]]:
    """Of every group, and each of its published and fresh texts: the places among all texts."""
    begin = 0
    for n, group in enumerate(groups):
        middle = begin + len(group.published)
        end = middle + len(group.fresh)
        yield from ((n, p, f) for p in range(begin, middle) for f in range(middle, end))
        begin = end


def _direction(differences: Any, owner: NDArray[np.intp]) -> Array:  # scipy's sparse matrices
    """Weights of a logistic regression on differences, each group counting once.

    Without an intercept a difference taken as won is the same as its reverse taken as lost; every
    second one is reversed, since a regression wants both.
    """
    from scipy.sparse import diags_array

    signs = np.where(np.arange(len(owner)) % 2, -1.0, 1.0)
    rows = (diags_array(signs) @ differences).tocsr()
    return _fitted(rows, signs > 0, 1 / np.bincount(owner)[owner], intercept=False)


def _fitted(rows: Any, sides: NDArray[np.bool_], weights: Array, *, intercept: bool) -> Array:
    """Weights of all columns, those that never differ from nothing having none."""
    from sklearn.linear_model import LogisticRegression

    used = np.unique(rows.indices)
    if not len(used):
        return np.zeros(rows.shape[1])
    model = LogisticRegression(fit_intercept=intercept, solver="lbfgs", max_iter=1_000, tol=1e-3)
    found = np.zeros(rows.shape[1])
    found[used] = model.fit(rows[:, used], sides, sample_weight=weights).coef_[0]
    return found


def _won(direction: Array, differences: Any) -> Array:
    """Of every pair whether the published text looks more so; half where both look the same."""
    scores = np.asarray(differences @ direction)
    return np.where(np.abs(scores) < 1e-12, 0.5, scores > 0).astype(float)


def _forwards(count: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """What is known and what is tried, each fold after those before it; the first is only known."""
    folds = np.array_split(np.arange(count), _FOLDS)
    return [(np.concatenate(folds[:n]), folds[n]) for n in range(1, _FOLDS)]


def _features(texts: Sequence[str]) -> Any:  # scipy's sparse matrices
    """Counts of words and characters and their pairs and triples, length, and sizes of numbers."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    marked = [f"^ {text} $" for text in texts]
    words = HashingVectorizer(
        token_pattern=r"\w+|[^\w\s]",  # noqa: S106 - no password
        ngram_range=(1, 2), norm=None, lowercase=False,
        alternate_sign=False, n_features=2**17,
    )  # fmt: skip
    letters = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), norm=None, lowercase=False,
        alternate_sign=False, n_features=2**17,
    )  # fmt: skip
    counts = [vectorizer.transform(marked).log1p() for vectorizer in (words, letters)]
    sizes = csr_matrix([_sizes(text) for text in texts])
    return hstack([*counts, sizes], format="csr")


def _sizes(text: str) -> list[float]:
    """What no count of words says: how long the text is, and how large and round its numbers."""
    numbers = [run for run in _runs(text) if run]
    lengths = [len(run) for run in numbers]
    return [
        math.log1p(len(text)),
        math.log1p(len(text.split())),
        math.log1p(len(numbers)),
        sum(lengths) / len(lengths) if lengths else 0.0,
        sum(math.log1p(int(run[:15])) for run in numbers) / max(len(numbers), 1),
        sum(run.endswith("0") for run in numbers) / max(len(numbers), 1),
        sum(run.endswith("5") for run in numbers) / max(len(numbers), 1),
        sum(not sign.isalnum() and not sign.isspace() for sign in text) / max(len(text), 1),
    ]


def _runs(text: str) -> list[str]:
    return "".join(sign if sign in "0123456789" else " " for sign in text).split()


def _judged(aucs: Array, pairs: int) -> Blind:
    """The mean of independent groups, with the t interval."""
    from scipy.stats import t

    auc = float(aucs.mean())
    half = float(t.ppf((1 + _LEVEL) / 2, len(aucs) - 1) * aucs.std(ddof=1) / math.sqrt(len(aucs)))
    return _said(auc, half, pairs)


def _said(auc: float, half: float, pairs: int) -> Blind:
    low, high = max(auc - half, 0.0), min(auc + half, 1.0)
    broken = low > 0.5 and auc >= MATERIAL
    told = "tells" if broken else "does not tell"
    why = (
        f"a classifier that never saw the model {told} items from fresh texts: "
        f"AUC {auc:.2f} [{low:.2f}, {high:.2f}]"
    )
    return Blind(auc, low, high, broken, pairs, why)


def _unpaired(sides: Sequence[Sequence[_Group]]) -> Blind:
    """Items against controls of their own: the AUC of each fold, by DeLong's variance."""
    from scipy.sparse import vstack

    texts = [[text for g in side for text in (g.published or g.fresh)[:1]] for side in sides]
    rows = [_features(side) for side in texts]
    found = []
    for one, other in zip(*(_forwards(len(side)) for side in texts), strict=True):
        known = vstack([rows[0][one[0]], rows[1][other[0]]], format="csr")
        sizes = [len(one[0]), len(other[0])]
        weights = np.repeat([1 / size for size in sizes], sizes) * sum(sizes) / 2
        direction = _fitted(known, np.repeat([True, False], sizes), weights, intercept=True)
        scores = [np.asarray(rows[n][now] @ direction) for n, now in enumerate((one[1], other[1]))]
        found.append(_delong(scores[0], scores[1]))
    aucs, variances = map(np.array, zip(*found, strict=True))
    half = 1.96 * math.sqrt(variances.sum()) / len(aucs)
    return _said(float(aucs.mean()), half, len(texts[0]) * len(texts[1]))


def _delong(positive: Array, negative: Array) -> tuple[float, float]:
    """AUC and its variance; DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837.

    Never below the exact variance without a difference (Mann and Whitney 1947), under which
    DeLong's falls by chance in the few texts of a fold.
    """
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    parts = wins.mean(1), wins.mean(0)
    estimated = sum(part.var(ddof=1) / len(part) for part in parts)
    without = (len(positive) + len(negative) + 1) / (12 * len(positive) * len(negative))
    return float(wins.mean()), float(max(estimated, without))
