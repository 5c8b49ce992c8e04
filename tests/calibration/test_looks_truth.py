"""Looking early against simulated relays whose truth is known."""

from functools import partial

import numpy as np
import pytest

from worktrial.calibration.case import Case, Replicate
from worktrial.calibration.looks import (
    CASES,
    ITEMS,
    LEGS,
    PLAN,
    POWER_AT_FIXED_SIZE,
    REPLICATES,
    Worker,
    excludes_zero,
    worn,
)
from worktrial.estimate.sequential import conclude
from worktrial.randomness import derive
from worktrial.relay.damage import behaviour
from worktrial.relay.items import COURSES, relay_items
from worktrial.relay.truth import expected_fidelity

MOST_ITEMS = {0.057: 0.85, 0.09: 0.60, 0.12: 0.50}
"""Of the fixed size, on average, by the true difference."""


def both(rng: np.random.Generator, *, difference: float) -> tuple[bool, bool, int]:
    """The fixed test and the looks on the same relays, and the items that the looks took."""
    differences = worn(difference).relays(ITEMS, rng)
    found = conclude(differences, PLAN)
    return excludes_zero(differences), found.verdict == "apart", found.results[-1].items


def compared(difference: float, replicates: int) -> tuple[float, float]:
    """The power that is lost, and the share of the items that is run."""
    one = partial(both, difference=difference)
    rows = [one(np.random.default_rng(derive(11, "looks", i))) for i in range(replicates)]
    fixed, apart, items = np.mean(rows, axis=0)
    return fixed - apart, items / ITEMS


@pytest.mark.parametrize("difference", MOST_ITEMS)
def test_a_difference_is_found_with_fewer_items(difference: float) -> None:
    lost, items = compared(difference, 250)
    assert items <= MOST_ITEMS[difference]
    # 250 replicates know the loss to within ±.02.
    assert lost <= 0.04


@pytest.mark.slow
@pytest.mark.parametrize("difference", MOST_ITEMS)
def test_at_most_two_points_of_power_are_lost(difference: float) -> None:
    lost, items = compared(difference, REPLICATES)
    print(f"{difference}: power lost {lost:.4f}, items {items:.3f} of {ITEMS}")
    assert lost <= 0.02
    assert items <= MOST_ITEMS[difference]


FIRST = {(case.estimator, case.claim): case for case in reversed(CASES)}
"""One case a claim; `worktrial calibrate` runs them all, and in full."""


@pytest.mark.parametrize("case", FIRST.values(), ids=lambda case: case.name)
def test_no_case_is_far_from_its_claim(case: Case) -> None:
    assert case.judge(case.simulate(7, range(250))).sound


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_is_as_it_must_be(case: Case) -> None:
    found = case.judge(case.simulate(7, range(case.replicates)))
    print(f"{case.name}: {found.rate:.4f} of {case.nominal:.3f}, {found.width:.1f} items")
    assert found.sound


def test_simulated_relays_lose_what_reference_workers_do() -> None:
    (item, *_) = relay_items(COURSES["pocket"], seed=7, domains=["spreadsheet"])
    spared = expected_fidelity(item, behaviour("lossy-1"), legs=1)[0]
    rng = np.random.default_rng(3)
    units = rng.integers(10, 60, 40_000, endpoint=True)
    for name, worker in (
        ("lossy-0.02", Worker(0.98**LEGS)),
        ("fragile-0.05-0.3", Worker(0.7 + 0.3 * 0.95**LEGS)),
        ("catastrophic-0.006", Worker(1, 0.006)),
    ):
        truth = expected_fidelity(item, behaviour(name), legs=LEGS)[-1]
        assert spared + (1 - spared) * worker.fidelity == pytest.approx(truth, abs=1e-9)
        assert worker.relays(units, rng).mean() == pytest.approx(worker.fidelity, abs=3e-3)


def test_the_fixed_test_has_the_power_that_the_looks_are_held_against() -> None:
    rng = np.random.default_rng(5)
    differences = [worn(0.057).relays(ITEMS, rng) for _ in range(1500)]
    assert np.std(np.concatenate(differences)) == pytest.approx(0.167, abs=0.004)
    power = np.mean([excludes_zero(row) for row in differences])
    assert power == pytest.approx(POWER_AT_FIXED_SIZE[0.057], abs=0.03)


def test_a_replicate_says_what_it_took() -> None:
    found = CASES[0].simulate(1, range(5))
    assert all(isinstance(r, Replicate) and r.width in PLAN.items for r in found)
    assert {r.reference for r in found} == {ITEMS}
