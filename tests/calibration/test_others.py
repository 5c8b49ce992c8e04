"""The cases of the other estimators, quickly; in full they are run by `worktrial calibrate`."""

import pytest

from worktrial.calibration.case import Case
from worktrial.calibration.others import CASES

QUICK = {c.estimator: c for c in reversed(CASES) if c.clusters == 12}
"""One an estimator: at twelve clusters most methods that miss do so by much."""


@pytest.mark.parametrize("case", QUICK.values(), ids=lambda case: case.name)
def test_a_claim_holds(case: Case) -> None:
    replicates = 100 if case.replicates == 2000 else 20
    assert case.judge(case.simulate(1, range(replicates))).sound


def test_every_estimator_meets_more_than_one_truth_and_size() -> None:
    for estimator in {case.estimator for case in CASES}:
        own = [case for case in CASES if case.estimator == estimator]
        assert len({case.clusters for case in own}) > 1
        assert len({case.name for case in own}) == len(own)
