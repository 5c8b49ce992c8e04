"""The cases of means over runs and items, quickly; `worktrial calibrate` runs them in full."""

import numpy as np
import pytest

from worktrial.calibration.case import Case
from worktrial.calibration.crossed import _MEAN, CASES, TABLES, _values

WIDE = [case for case in CASES if "wide" in case.truth and case.clusters == 3]
"""Where few runs decide."""


@pytest.mark.parametrize("case", WIDE, ids=lambda case: case.name)
def test_a_claim_holds(case: Case) -> None:
    assert case.judge(case.simulate(1, range(100))).sound


@pytest.mark.parametrize("name", TABLES)
def test_the_mean_of_a_table_is_what_the_case_says(name: str) -> None:
    rng = np.random.default_rng(1)
    means = [_values(TABLES[name], 6, rng).mean() for _ in range(400)]
    error = np.std(means) / 20
    assert abs(np.mean(means) - _MEAN) <= 4 * error + 1e-3
