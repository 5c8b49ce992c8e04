"""The cases of the other estimators, quickly: whoever misses by much is found here."""

import pytest

from worktrial.calibration.case import Case
from worktrial.calibration.others import CASES

REPLICATES = 60
SLOW = 60
"""The full number is run by `worktrial calibrate`."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_claim_holds(case: Case) -> None:
    assert case.judge(case.simulate(1, range(REPLICATES))).sound
