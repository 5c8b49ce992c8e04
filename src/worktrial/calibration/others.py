"""Ratios, times, hazards, reliability, ranks, shapes, judges, preferences: do their claims hold?

A replicate of which an estimator prints no number at all says nothing, so nothing false; where a
number stands without a bound on one side, that side is open.
"""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
from scipy import stats

from worktrial.calibration.case import DUST, Case, Claim, Replicate, covered
from worktrial.calibration.ratios import (
    RATIOS,
    SHARES,
    TRIES,
    cost_per_success_covers,
    ratio_covers,
    share_of_means_covers,
)
from worktrial.calibration.truths import SIZES, FloatArray
from worktrial.estimate import (
    Normal,
    Proportion,
    Stated,
    bradley_terry,
    decline_shape,
    decline_trend,
    event_times,
    hazard_ratio,
    holm,
    judge_agreement,
    model_confidence_set,
    pass_at_k,
    pass_hat_k,
    prediction_powered_mean,
    rank_agreement,
    rank_intervals,
    stated_agreement,
    stated_ranks,
)

LEVEL = 0.95

Draw = Callable[[np.random.Generator, int], FloatArray]


# Times to an event.

_LEGS = 20


def survival_covers(
    hazard: float, watched: bool, clusters: int, rng: np.random.Generator
) -> Replicate:
    """Events by chance at each leg, relays cut off anywhere, and the share without at leg 5."""
    event = rng.geometric(hazard, clusters)
    end = rng.integers(1, _LEGS + 1, clusters) if watched else np.full(clusters, _LEGS)
    found = event_times(np.minimum(event, end), event <= end)
    step = int(np.searchsorted(found.times, 5, side="right")) - 1
    if step < 0:
        return Replicate(True)
    low, high, truth = found.low[step], found.high[step], (1 - hazard) ** 5
    return Replicate(bool(low <= truth <= high), float(high - low))


def median_covers(hazard: float, clusters: int, rng: np.random.Generator) -> Replicate:
    """The same, and the leg by which half have had the event."""
    event, end = rng.geometric(hazard, clusters), rng.integers(1, _LEGS + 1, clusters)
    found = event_times(np.minimum(event, end), event <= end).median
    return covered(found, float(np.ceil(np.log(0.5) / np.log(1 - hazard))))


class _Hazards(NamedTuple):
    ratio: float
    rate: float
    stability: float = 1.0
    """Of a document's frailty, positive stable: hazards stay proportional; 1 is none."""
    whole_clusters: bool = False


HAZARDS: Mapping[str, _Hazards] = {
    "dense: twice the hazard, documents frail": _Hazards(2, 0.08, 0.6),
    "dense: twice the hazard, documents alike": _Hazards(2, 0.05),
    "dense: the same hazard": _Hazards(1, 0.08, 0.6),
    "dense: six times the hazard": _Hazards(6, 0.05),
    "tied: half are gone within three legs": _Hazards(2, 0.3),
    "ceiling: four times a hazard of .01": _Hazards(4, 0.01),
    "two relays of each document, all in one group": _Hazards(2, 0.08, 0.7, whole_clusters=True),
}


def hazard_covers(truth: _Hazards, clusters: int, rng: np.random.Generator) -> Replicate:
    """Relays of two groups on the same documents, cut off after 20 legs."""
    second = np.repeat([False, True], clusters)
    labels = np.tile(np.arange(clusters), 2)
    if truth.whole_clusters:
        second = np.repeat(np.arange(clusters) % 2 == 1, 2)
        labels = np.repeat(np.arange(clusters), 2)
    frailty = _positive_stable(truth.stability, clusters, rng)[labels]
    rates = truth.rate * np.where(second, truth.ratio ** (1 / truth.stability), 1.0) * frailty
    ends = np.ceil(rng.exponential(size=labels.size) / rates)
    found = hazard_ratio(np.minimum(ends, _LEGS), ends <= _LEGS, second, labels)
    return covered(found, truth.ratio)


def _positive_stable(stability: float, size: int, rng: np.random.Generator) -> FloatArray:
    """Draw frailties whose Laplace transform is exp(−s^stability), after Kanter."""
    if stability == 1:
        return np.ones(size)
    angle, rest = rng.uniform(0, np.pi, size), (1 - stability) / stability
    shape = np.sin(stability * angle) * np.sin((1 - stability) * angle) ** rest
    frailty = shape / np.sin(angle) ** (1 / stability) / rng.exponential(size=size) ** rest
    return np.asarray(frailty)


# Reliability.

_CHANCES: Mapping[str, tuple[Draw, Callable[[int], float]]] = {
    "dense: chances beta(4, 2)": (
        lambda rng, n: rng.beta(4, 2, n),
        lambda k: float(np.prod([(4 + i) / (6 + i) for i in range(k)])),
    ),
    "sparse, severe: one item in six fails always": (
        lambda rng, n: np.where(rng.random(n) > 1 / 6, 1.0, 0.0),
        lambda k: 5 / 6,
    ),
    "ceiling: one try in a hundred fails": (lambda _, n: np.full(n, 0.99), lambda k: 0.99**k),
    "floor: one try in fifty passes": (lambda _, n: np.full(n, 0.02), lambda k: 0.02**k),
    "zero variance: all pass": (lambda _, n: np.ones(n), lambda k: 1.0),
}


def _tries(kind: str, items: int, rng: np.random.Generator) -> FloatArray:
    """Five tries an item, of which one in ten isn't made."""
    chances = _CHANCES[kind][0](rng, items)[:, None]
    passes = 1.0 * (rng.random((items, 5)) < chances)
    return np.where(rng.random(passes.shape) < 0.1, np.nan, passes)


def all_pass_covers(kind: str, k: int, items: int, rng: np.random.Generator) -> Replicate:
    """The chance that k tries all pass."""
    return covered(pass_hat_k(_tries(kind, items, rng), k=k), _CHANCES[kind][1](k))


def one_passes_covers(kind: str, k: int, items: int, rng: np.random.Generator) -> Replicate:
    """The chance that one of k tries passes: the complement of all failing."""
    tries = 1 - _tries(kind, items, rng)
    return covered(pass_at_k(tries, k=k), 1 - _CHANCES[kind][1](k))


# Ranks.


def _noisy(means: tuple[float, ...], rng: np.random.Generator, n: int) -> FloatArray:
    document = rng.normal(0, 0.08, n)
    noise = rng.normal(0, 0.05, (len(means), n))
    return np.clip(np.array(means)[:, None] + document + noise, 0, 1)


def _ruining(shares: tuple[float, ...], rng: np.random.Generator, n: int) -> FloatArray:
    """Each worker ruins its share of documents down to .1; the others stay whole."""
    return np.where(rng.random((len(shares), n)) < np.array(shares)[:, None], 0.1, 1.0)


def _tenths(means: tuple[float, ...], rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(rng.binomial(10, np.array(means)[:, None], (len(means), n)) / 10)


def _exact(means: tuple[float, ...], _: np.random.Generator, n: int) -> FloatArray:
    return np.tile(np.array(means)[:, None], (1, n))


def _dense_or_ruined(_: tuple[float, ...], rng: np.random.Generator, n: int) -> FloatArray:
    """Three workers alike at .9: two ruin one document in six down to .4, one always loses .1."""
    ruined = np.where(rng.random((2, n)) < 1 / 6, 0.4, 1.0)
    return np.vstack([ruined, 0.9 + rng.uniform(-0.01, 0.01, n)])


WORKERS: Mapping[str, tuple[Callable[..., FloatArray], tuple[float, ...], tuple[float, ...]]] = {
    "dense: four workers, all apart": (_noisy, (0.4, 0.5, 0.6, 0.7), (0.4, 0.5, 0.6, 0.7)),
    "dense: four workers alike": (_noisy, (0.5,) * 4, (0.5,) * 4),
    "dense: six workers, three alike": (
        _noisy, (0.4, 0.4, 0.4, 0.5, 0.55, 0.6), (0.4, 0.4, 0.4, 0.5, 0.55, 0.6),
    ),
    "sparse, severe: one document in six is ruined": (_ruining, (1 / 6,) * 3, (0.85,) * 3),
    "sparse, severe: more and more are ruined": (
        _ruining, (0.05, 0.2, 0.5), (0.955, 0.82, 0.55),
    ),
    "tied: tenths": (_tenths, (0.8, 0.8, 0.9), (0.8, 0.8, 0.9)),
    "ceiling: one document in a hundred": (_ruining, (0.01,) * 4, (0.991,) * 4),
    "zero variance: each always the same": (_exact, (0.5, 0.5, 0.7), (0.5, 0.5, 0.7)),
}  # fmt: skip
_UNLIKE = "two ruin one document in six, a third with the same mean never"


def _scores(kind: str, clusters: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return scores, shape (workers, clusters), and the workers' true means."""
    if kind == _UNLIKE:
        return _dense_or_ruined((), rng, clusters), np.full(3, 0.9)
    draw, settings, means = WORKERS[kind]
    return draw(settings, rng, clusters), np.array(means)


def ranks_cover(kind: str, clusters: int, rng: np.random.Generator) -> Replicate:
    """Bounds of all ranks at once; workers alike have all ranks that they share."""
    scores, means = _scores(kind, clusters, rng)
    found = rank_intervals(scores)
    hit = np.all(found.low <= _best(means)) and np.all(_worst(means) <= found.high)
    return Replicate(bool(hit), float(np.mean(found.high - found.low)))


def _best(means: FloatArray) -> FloatArray:
    """The best of the ranks that each shares with those alike."""
    return np.asarray(1.0 + np.sum(means > means[:, None] + DUST, axis=1))


def _worst(means: FloatArray) -> FloatArray:
    return np.asarray(1.0 * means.size - np.sum(means < means[:, None] - DUST, axis=1))


def best_is_member(kind: str, clusters: int, rng: np.random.Generator) -> Replicate:
    """The set of those who may be best holds all who are."""
    scores, means = _scores(kind, clusters, rng)
    found = model_confidence_set(scores)
    best = means >= means.max() - DUST
    return Replicate(bool(np.all(found.members[best])), float(found.members.sum()))


def agreement_covers(
    proxy: str, work: str, reverse: bool, clusters: int, rng: np.random.Generator
) -> Replicate:
    """Two arms on the same documents, and how far their orders of the workers agree."""
    (first, means), (second, others) = (_scores(kind, clusters, rng) for kind in (proxy, work))
    if reverse:
        second, others = second[::-1], others[::-1]
    truth = float(stats.kendalltau(means, others).statistic)
    found = rank_agreement(first, second)
    # Where an arm ties all workers there is no agreement, and any interval is as good.
    return Replicate(True) if np.isnan(truth) else covered(found, truth)


class _Public(NamedTuple):
    means: tuple[float, ...]
    times: tuple[int, ...] = ()
    """Each score is over so many times the items; none: its standard error is stated instead."""


PUBLIC: Mapping[str, _Public] = {
    "dense: five alike at .5": _Public((0.5,) * 5, (1,) * 5),
    "dense: five apart": _Public((0.3, 0.45, 0.6, 0.75, 0.9), (1,) * 5),
    "ceiling: five alike at .995, one over few items": _Public((0.995,) * 5, (1, 50, 50, 50, 50)),
    "normal: six, three alike": _Public((1000, 1000, 1000, 1010, 1020, 1040)),
}


def _public(truth: _Public, items: int, rng: np.random.Generator) -> list[Stated]:
    if truth.times:
        of = [items * times for times in truth.times]
        shares = [float(rng.binomial(n, p) / n) for n, p in zip(of, truth.means, strict=True)]
        return [Stated(p, Proportion(n)) for p, n in zip(shares, of, strict=True)]
    error = 40 / np.sqrt(items)
    return [Stated(float(rng.normal(mean, error)), Normal(error, error)) for mean in truth.means]


def stated_ranks_cover(kind: str, items: int, rng: np.random.Generator) -> Replicate:
    """Bounds of all ranks at once, out of scores and what is stated of their errors."""
    found, means = stated_ranks(_public(PUBLIC[kind], items, rng)), np.array(PUBLIC[kind].means)
    hit = np.all(found.low <= _best(means)) and np.all(_worst(means) <= found.high)
    return Replicate(bool(hit), float(np.mean(found.high - found.low)))


def stated_agreement_covers(
    kind: str, work: str, clusters: int, rng: np.random.Generator
) -> Replicate:
    """Public scores against scores at work, as many items in public as documents at work."""
    scores, means = _scores(work, clusters, rng)
    found = stated_agreement(_public(PUBLIC[kind], clusters, rng), scores)
    return covered(found, float(stats.kendalltau(PUBLIC[kind].means, means).statistic))


# Shapes.

_STEPS = np.arange(2, 22, 2)
Decline = Literal["units", "frail", "ruin", "few", "tied", "ceiling", "floor", "constant", "alike"]


class _Truth(NamedTuple):
    words: str
    half_life: float
    exponent: float


DECLINES: Mapping[Decline, _Truth] = {
    "units": _Truth("dense: six in a hundred units a leg", 11.2023, 1.0),
    "frail": _Truth("dense: documents' rates gamma", 10.5529, 0.8586),
    "ruin": _Truth("sparse, severe: one document in twenty falls to .1 at a leg", 15.8893, 0.9598),
    "few": _Truth("sparse, severe: one document in six falls to .1 at some leg", 231.0, 0.5336),
    "tied": _Truth("tied: fifths", 11.2303, 0.9702),
    "ceiling": _Truth("ceiling: one unit in two thousand a leg", 1385.9, 1.0),
    "floor": _Truth("floor: half of all units a leg", 1.0, 1.0),
    "constant": _Truth("zero variance: one curve", 7.0490, 1.5),
}


def _units(share: float, documents: int, rng: np.random.Generator) -> FloatArray:
    lost_at = rng.geometric(share, (documents, 40, 1))
    return np.asarray((lost_at > _STEPS).mean(axis=1))


def _decline(kind: Decline, documents: int, rng: np.random.Generator) -> FloatArray:
    """Fidelity of shape (documents, 10)."""
    match kind:
        case "units":
            return _units(0.06, documents, rng)
        case "frail":
            return np.asarray(np.exp(-rng.gamma(2, 0.04, (documents, 1)) * _STEPS))
        case "ruin":
            return np.where(rng.geometric(0.05, (documents, 1)) > _STEPS, 1.0, 0.1)
        case "few":
            ruined, at = rng.random((documents, 1)) < 1 / 6, rng.integers(1, 11, (documents, 1))
            return np.where(ruined & (at <= _STEPS), 0.1, 1.0)
        case "tied":
            return np.asarray(np.round(5 * _units(0.06, documents, rng)) / 5)
        case "ceiling":
            return _units(0.0005, documents, rng)
        case "floor":
            return _units(0.5, documents, rng)
        case "constant":
            return np.tile(np.exp(-((_STEPS / 9) ** 1.5)), (documents, 1))
        case "alike":
            return np.asarray(rng.binomial(5, 0.8, (documents, _STEPS.size)) / 5)


def half_life_covers(kind: Decline, documents: int, rng: np.random.Generator) -> Replicate:
    """One relay and the leg after which half is left."""
    found = decline_shape(_decline(kind, documents, rng), _STEPS, draws=100).half_life
    return covered(found, DECLINES[kind].half_life)


def exponent_covers(kind: Decline, documents: int, rng: np.random.Generator) -> Replicate:
    """One relay and whether its decline slows down."""
    found = decline_shape(_decline(kind, documents, rng), _STEPS, draws=100).exponent
    return covered(found, DECLINES[kind].exponent)


def trend_is_seen(steps: int, ties: bool, documents: int, rng: np.random.Generator) -> Replicate:
    """Legs that are all alike, and a trend found."""
    scores = rng.random((documents, steps))
    if ties:
        scores = rng.binomial(5, 0.98, (documents, steps)) / 5
    return Replicate(decline_trend(scores).p_value <= 1 - LEVEL)


# Judges.

TABLES: Mapping[str, tuple[tuple[float, ...], ...]] = {
    "dense: four in five agree": ((0.4, 0.1), (0.1, 0.4)),
    "dense: three categories": ((0.3, 0.05, 0.0), (0.05, 0.3, 0.02), (0.0, 0.03, 0.25)),
    "dense: no more than chance": ((0.25, 0.25), (0.25, 0.25)),
    "sparse, severe: a rare category, and rarer errors": ((0.02, 0.01), (0.01, 0.96)),
    "skewed: errors on one side": ((0.1, 0.05), (0.02, 0.83)),
    "ceiling: all agree": ((0.3, 0.0), (0.0, 0.7)),
}


def _kappa(table: FloatArray) -> float:
    chance = float(table.sum(axis=0) @ table.sum(axis=1))
    return (float(np.trace(table)) - chance) / (1 - chance)


def kappa_covers(kind: str, items: int, rng: np.random.Generator) -> Replicate:
    """A judge and labels on some items, and their kappa."""
    table = np.array(TABLES[kind])
    judge, labels = np.divmod(rng.choice(table.size, items, p=table.ravel()), len(table))
    return covered(judge_agreement(judge, labels, draws=500).kappa, _kappa(table))


def share_covers(kind: str, clusters: int, rng: np.random.Generator) -> Replicate:
    """Four items a cluster, some clusters harder than others, and the share agreed on."""
    agreed = float(np.trace(np.array(TABLES[kind])))
    chance = rng.beta(2 * agreed, 2 * (1 - agreed) + 1e-9, (clusters, 1))
    judge = 1.0 * (rng.random((clusters, 4)) < chance)
    labels, groups = np.ones(4 * clusters), np.repeat(np.arange(clusters), 4)
    return covered(judge_agreement(judge.ravel(), labels, groups, draws=20).share, agreed)


Judge = Literal["good", "biased", "sparse", "grave", "binary", "tied", "ceiling", "constant"]
JUDGES: Mapping[Judge, tuple[str, float]] = {
    "good": ("dense: a judge off by .03", 0.8),
    "biased": ("dense: a judge that squares", 0.8),
    "sparse": ("sparse, severe: one in six is ruined, and half of them overlooked", 0.85),
    "grave": ("sparse, severe: one in ten ruined, and all overlooked", 0.9 * 40 / 42 + 0.1 * 0.05),
    "binary": ("yes or no: one in ten misjudged", 0.8),
    "tied": ("tied: fifths", 0.8),
    "ceiling": ("ceiling: one in a hundred fails, one in twenty misjudged", 0.99),
    "constant": ("zero variance: all labels .7", 0.7),
}


def _judged(kind: Judge, items: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return a judge's scores and labels, all of them."""
    truth = rng.beta(8, 2, items)
    match kind:
        case "good":
            return np.clip(truth + rng.normal(0, 0.03, items), 0, 1), truth
        case "biased":
            return truth**2, truth
        case "sparse":
            truth = np.where(rng.random(items) < 1 / 6, 0.1, 1.0)
            return np.where(rng.random(items) < 0.5, 1.0, truth), truth
        case "grave":
            seen = rng.beta(40, 2, items)
            return seen, np.where(rng.random(items) < 0.1, 0.05, seen)
        case "binary" | "ceiling":
            share, error = (0.8, 0.1) if kind == "binary" else (0.99, 0.05)
            truth = np.where(rng.random(items) < share, 1.0, 0.0)
            return np.where(rng.random(items) < error, 1 - truth, truth), truth
        case "tied":
            truth = rng.binomial(5, 0.8, items) / 5
            return np.where(rng.random(items) < 0.2, 0.6, truth), truth
        case "constant":
            return rng.random(items), np.full(items, 0.7)


def corrected_covers(kind: Judge, labelled: int, rng: np.random.Generator) -> Replicate:
    """Five times as many items as labels, and the mean label."""
    judge, truth = _judged(kind, 5 * labelled, rng)
    labels = np.where(np.arange(truth.size) < labelled, truth, np.nan)
    found = prediction_powered_mean(judge, labels, draws=500).mean
    return covered(found, JUDGES[kind][1])


# Preferences.

STRENGTHS: Mapping[str, tuple[tuple[float, ...], float]] = {
    "dense: three workers apart": ((1.0, 0.0, -1.0), 0.0),
    "dense: four workers alike": ((0.0,) * 4, 0.0),
    "tied: half of all comparisons": ((1.0, 0.0, -1.0), 0.5),
    "ceiling: one hardly ever loses": ((4.0, 0.0, 0.0), 0.0),
}


def win_rates_cover(kind: str, clusters: int, rng: np.random.Generator) -> Replicate:
    """All pairs once a cluster, and the first worker's win rate."""
    strengths, ties = STRENGTHS[kind]
    strength = np.array(strengths)
    pairs = np.array([*combinations(range(strength.size), 2)] * clusters)
    ahead = strength[pairs[:, 0]] - strength[pairs[:, 1]]
    won = 1.0 * (rng.random(len(pairs)) < 1 / (1 + np.exp(-ahead)))
    won = np.where(rng.random(len(pairs)) < ties, 0.5, won)
    groups = np.repeat(np.arange(clusters), len(pairs) // clusters)
    found = bradley_terry(pairs[:, 0], pairs[:, 1], won, groups, draws=100).win_rate[0]
    # All meet equally often, and the fit keeps each worker's number of wins: ties count half.
    beats = 1 / (1 + np.exp(strength[1:] - strength[0]))
    return covered(found, float(np.mean((1 - ties) * beats + ties / 2)))


# Several endpoints.


def any_is_rejected(
    endpoints: int, shared: float, clusters: int, rng: np.random.Generator
) -> Replicate:
    """Endpoints without effect, correlated, and one of them declared after Holm."""
    common = rng.normal(size=(clusters, 1))
    own = rng.normal(size=(clusters, endpoints))
    values = np.sqrt(shared) * common + np.sqrt(1 - shared) * own
    return Replicate(bool(holm(stats.ttest_1samp(values, 0).pvalue).rejected.any()))


def _cases(
    estimator: str,
    truth: str,
    draw: Callable[..., Replicate],
    *settings: object,
    claim: Claim = "coverage",
    replicates: int = 2000,
) -> list[Case]:
    """One case for every size; the size comes after the settings of `draw`."""
    nominal = 1 - LEVEL if claim == "type-one" else LEVEL
    draws = {n: partial(draw, *settings, n) for n in SIZES}
    return [Case(estimator, truth, n, claim, nominal, draws[n], replicates) for n in SIZES]


def _of_totals_and_times() -> list[Case]:
    cases: list[Case] = []
    for name, ratio in RATIOS.items():
        cases += _cases("ratio_interval", name, ratio_covers, ratio)
    for name, share in SHARES.items():
        cases += _cases("ratio_of_means", name, share_of_means_covers, share)
    for name, tries in TRIES.items():
        cases += _cases("cost_per_success", name, cost_per_success_covers, tries, replicates=500)
    for name, hazard, watched in (
        ("dense: one in ten a leg, cut off anywhere", 0.1, True),
        ("sparse: one in a hundred a leg", 0.01, True),
        ("floor: half a leg", 0.5, False),
    ):
        cases += _cases("event_times", name, survival_covers, hazard, watched)
    median = "one in ten a leg, cut off anywhere"
    cases += _cases("event_times, median", median, median_covers, 0.1)
    for name, hazards in HAZARDS.items():
        cases += _cases("hazard_ratio", name, hazard_covers, hazards)
    return cases


def _of_reliability() -> list[Case]:
    cases: list[Case] = []
    for name in _CHANCES:
        cases += _cases("pass_hat_k", f"{name}, k = 3", all_pass_covers, name, 3)
        cases += _cases("pass_at_k", f"{name}, of failing, k = 3", one_passes_covers, name, 3)
    return cases


def _of_ranks() -> list[Case]:
    cases: list[Case] = []
    for name in (*WORKERS, _UNLIKE):
        cases += _cases("rank_intervals", name, ranks_cover, name)
        cases += _cases("model_confidence_set", name, best_is_member, name)
    apart, six = "dense: four workers, all apart", "dense: six workers, three alike"
    ruined, exact = (
        "sparse, severe: more and more are ruined",
        "zero variance: each always the same",
    )
    for words, proxy, work, reverse in (
        ("dense: apart, the same order", apart, apart, False),
        ("dense: apart, the order reversed", apart, apart, True),
        (six, six, six, False),
        ("tied: tenths, two alike", "tied: tenths", "tied: tenths", True),
        ("sparse, severe: against the exact order", ruined, exact, False),
    ):
        cases += _cases("rank_agreement", words, agreement_covers, proxy, work, reverse)
    for name in PUBLIC:
        cases += _cases("stated_ranks", name, stated_ranks_cover, name)
    words = "normal against dense: six, three alike"
    cases += _cases(
        "stated_agreement", words, stated_agreement_covers, "normal: six, three alike", six
    )
    return cases


def _of_shapes() -> list[Case]:
    cases: list[Case] = []
    for kind, (words, *_) in DECLINES.items():
        for number, draw in (("half-life", half_life_covers), ("exponent", exponent_covers)):
            cases += _cases(f"decline_shape, {number}", words, draw, kind, replicates=500)
    for words, steps, ties in (
        ("ten legs alike", 10, False),
        ("four legs alike", 4, False),
        ("ceiling: ten legs alike, most tied", 10, True),
    ):
        cases += _cases("decline_trend", words, trend_is_seen, steps, ties, claim="type-one")
    return cases


def _of_judges_and_families() -> list[Case]:
    cases: list[Case] = []
    for name in TABLES:
        cases += _cases("judge_agreement, kappa", name, kappa_covers, name)
        cases += _cases("judge_agreement, share", name, share_covers, name)
    for kind, (words, _) in JUDGES.items():
        cases += _cases("prediction_powered_mean", words, corrected_covers, kind)
    for name in STRENGTHS:
        cases += _cases("bradley_terry", name, win_rates_cover, name, replicates=500)
    for words, shared in (("independent", 0.0), ("correlated at .8", 0.8)):
        name = f"five endpoints, {words}"
        cases += _cases("holm", name, any_is_rejected, 5, shared, claim="type-one")
    return cases


CASES: list[Case] = [
    *_of_totals_and_times(),
    *_of_reliability(),
    *_of_ranks(),
    *_of_shapes(),
    *_of_judges_and_families(),
]
