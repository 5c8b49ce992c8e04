"""The instrument against reference workers of known truth, over many seeds. Minutes: slow.

An interval is right when it covers the population's truth not less often than it says; tested
one-sided and exactly, p > 1e-4.
"""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest

from worktrial.documents.domain import DOMAINS, domain
from worktrial.documents.likeness import likeness
from worktrial.estimate import equivalence, fidelity_curve
from worktrial.evidence import Evidence
from worktrial.relay import simulate
from worktrial.relay.damage import behaviour
from worktrial.relay.items import RelayItem, custom_course, relay_items
from worktrial.relay.scoring import measures
from worktrial.relay.truth import expected_fidelity
from worktrial.running import Request, run

pytestmark = pytest.mark.slow

FloatArray = NDArray[np.float64]
DOCUMENTS, ROUND_TRIPS, SEEDS = 16, 10, 500
LEGS = range(2, 2 * ROUND_TRIPS + 1, 2)
WORKER = "lossy-0.02"
PROCESSES = 2


def holds(hits: int, trials: int, rate: float = 0.95) -> bool:
    return binomtest(hits, trials, rate, alternative="less").pvalue > 1e-4


def course_items(seed: int) -> list[RelayItem]:
    course = custom_course(
        "pocket", items=DOCUMENTS, round_trips=ROUND_TRIPS, size=None, distractors=None
    )
    return relay_items(course, seed=seed)


def one_seed(seed: int) -> tuple[FloatArray, FloatArray]:
    """Fidelity as measured through words, parsing and scoring; and as expected of these items."""
    items = course_items(seed)
    found = [
        [
            row["fidelity"]
            for row in measures(simulate.relay(i, behaviour(WORKER)), 2 * ROUND_TRIPS)[1::2]
        ]
        for i in items
    ]
    truth = [expected_fidelity(i, behaviour(WORKER), legs=2 * ROUND_TRIPS)[1::2] for i in items]
    return np.array(found, dtype=float), np.array(truth)


@pytest.fixture(scope="module")
def seeds() -> list[tuple[FloatArray, FloatArray]]:
    with ProcessPoolExecutor(PROCESSES) as pool:
        return list(pool.map(one_seed, range(SEEDS), chunksize=10))


def test_pointwise_intervals_and_the_band_cover_the_truth(
    seeds: list[tuple[FloatArray, FloatArray]],
) -> None:
    truth = np.mean([expected.mean(axis=0) for _, expected in seeds], axis=0)
    hits = np.zeros(ROUND_TRIPS, dtype=int)
    whole = 0
    for found, _ in seeds:
        curve = fidelity_curve(found, legs=list(LEGS))
        hits += (curve.low <= truth) & (truth <= curve.high)
        whole += bool(((curve.band_low <= truth) & (truth <= curve.band_high)).all())
    for round_trip in (1, 5, 10):
        share = hits[round_trip - 1] / len(seeds)
        at = f"round trip {round_trip}: truth {truth[round_trip - 1]:.4f}"
        print(f"\npointwise at {at}, covered {share:.3f}")
        assert holds(int(hits[round_trip - 1]), len(seeds))
    print(f"band over the whole curve: covered {whole / len(seeds):.3f}")
    assert holds(whole, len(seeds))


def test_what_is_measured_is_the_tracked_truth_on_average(
    seeds: list[tuple[FloatArray, FloatArray]],
) -> None:
    difference = np.array([(found - expected).mean(axis=0) for found, expected in seeds])
    error = difference.std(axis=0, ddof=1) / len(seeds) ** 0.5
    print(f"\nlargest bias in standard errors: {np.abs(difference.mean(axis=0) / error).max():.2f}")
    assert (np.abs(difference.mean(axis=0)) < 4 * error).all()


def test_through_inspect_the_same_seeds_give_the_same_numbers(
    seeds: list[tuple[FloatArray, FloatArray]], tmp_path: Path
) -> None:
    truth = np.mean([expected.mean(axis=0) for _, expected in seeds], axis=0)
    covered = 0
    for seed in range(20):
        folder = run(
            Request(
                workers=[f"reference/{WORKER}"], out=tmp_path / str(seed), seed=seed,
                items=DOCUMENTS, round_trips=ROUND_TRIPS,
            )
        )  # fmt: skip
        curves = Evidence(folder.evidence).curves(f"reference/{WORKER}", "fidelity")
        order = np.argsort([item.id for item in course_items(seed)])
        assert np.allclose(curves.values, seeds[seed][0][order])
        curve = fidelity_curve(curves.values, legs=curves.steps)
        covered += bool(((curve.low <= truth) & (truth <= curve.high))[[0, 4, 9]].all())
    print(f"\nthrough Inspect: covered at round trips 1, 5 and 10 together in {covered} of 20")
    assert holds(covered, 20, 0.85)


# --- the central claim -------------------------------------------------------------------------

PAIR = ("lossy-0.02", "fragile-0.22284-0.1")  # 1 − .98² = .1·(1 − .77716²)
MARGIN = 0.03


def last_states(seed: int) -> tuple[str, str]:
    """The verdicts after round trips 1 and 25 on 48 documents, through damage and likeness."""
    rng = Random(seed)
    values = np.empty((2, 2, 48))
    for i in range(48):
        name = DOMAINS[i % len(DOMAINS)]
        chosen = domain(name)
        item = RelayItem(
            id=f"{name}-{i}", domain=name, files=dict(chosen.generate(rng, 1200)), distractors={},
            schedule=[], budget_tokens=0, seed=0,
        )  # fmt: skip
        original = chosen.parse(item.files)
        for w, worker in enumerate(PAIR):
            for s, legs in enumerate((2, 50)):
                after = simulate.damaged(item, behaviour(worker), legs=legs, seed=seed)
                values[w, s, i] = likeness(original, after, clips=chosen.clips).value
    first, last = (equivalence(values[0, s], values[1, s], margin=MARGIN).verdict for s in (0, 1))
    return first, last


def test_lossy_and_fragile_are_level_on_the_benchmark_arm_and_apart_on_the_work_arm() -> None:
    with ProcessPoolExecutor(PROCESSES) as pool:
        verdicts = list(pool.map(last_states, range(200), chunksize=5))
    first, last = ([v[s] for v in verdicts] for s in (0, 1))
    print(f"\nafter round trip 1: {counted(first)}; after round trip 25: {counted(last)}")
    assert holds(len(first) - first.count("apart"), len(first)), "type I error"
    assert holds(first.count("level"), len(first), 0.8), "power to call them level"
    assert holds(last.count("apart"), len(last), 0.95)


def counted(verdicts: list[str]) -> str:
    return ", ".join(f"{v} {verdicts.count(v)}" for v in sorted(set(verdicts)))


# --- anatomy -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worker", "place"),
    [("altering-0.02", "altered"), ("inserting-0.02", "extra"), ("catastrophic-0.05", "missing")],
)
def test_each_damage_is_found_under_its_own_name_at_its_expected_size(
    worker: str, place: str
) -> None:
    """The mean final fidelity meets its truth, and its loss stands under one name."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        rows = [r for seed in pool.map(partial(ends, worker), range(12)) for r in seed]
    found, truth = (np.array([r[i] for r in rows]) for i in (0, 1))
    error = (found - truth).std(ddof=1) / len(rows) ** 0.5
    shares = {n: np.mean([r[2][n] for r in rows]) for n in rows[0][2]}
    print(
        f"\n{worker}: fidelity {found.mean():.4f}, truth {truth.mean():.4f} ± {error:.4f}, {shares}"
    )
    assert abs((found - truth).mean()) < 3 * error + 0.002
    both = min(shares["missing"], shares["extra"])  # altered beyond the clip
    assert shares[place] >= 0.7 * (sum(shares.values()) - both)


def ends(worker: str, seed: int) -> list[tuple[float, float, dict[str, float]]]:
    result = []
    for item in course_items(seed):
        last = measures(simulate.relay(item, behaviour(worker)), 2 * ROUND_TRIPS)[-1]
        truth = expected_fidelity(item, behaviour(worker), legs=2 * ROUND_TRIPS, draws=20)[-1]
        anatomy = {n: float(last[n] or 0) for n in ("missing", "extra", "altered", "moved")}
        result.append((float(last["fidelity"] or 0), float(truth), anatomy))
    return result
