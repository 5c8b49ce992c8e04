"""The agreement of axes, quickly; in full it is run by `worktrial calibrate`."""

import numpy as np
import pytest

from worktrial.calibration.case import Case
from worktrial.calibration.vectors import CASES, ORDERS, items


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_claim_holds_and_the_control_is_refuted(case: Case) -> None:
    assert case.judge(case.simulate(1, range(400 if case.control else 60))).sound


def test_items_have_the_means_that_they_should() -> None:
    orders = ORDERS["yes or no: the order reversed"]
    found = items(orders, 20_000, np.random.default_rng(1)).mean(axis=1)
    assert found == pytest.approx(np.array([orders.first, orders.second]).T, abs=0.02)
    assert orders.truth == pytest.approx(-1)
