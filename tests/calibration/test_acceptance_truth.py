"""Scores with a known chance of acceptance: do areas, differences, odds, correlations cover it?"""

import pytest

from worktrial.calibration.acceptance import CASES
from worktrial.calibration.case import Case

QUICK = {c.estimator: c for c in reversed(CASES) if c.clusters == 24}


@pytest.mark.parametrize("case", QUICK.values(), ids=lambda case: case.name)
def test_a_claim_about_acceptance_holds(case: Case) -> None:
    assert case.judge(case.simulate(1, range(60))).sound


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_claim_about_acceptance_holds_over_500_seeds(case: Case) -> None:
    result = case.judge(case.simulate(1, range(500)))
    assert result.sound, f"{result.rate} of 500, p {result.p_value}"
