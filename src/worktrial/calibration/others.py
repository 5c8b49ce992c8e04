"""Other estimators: ratios, times to an event, ranks, shapes, agreement."""

from worktrial.calibration.case import Case

CASES: list[Case] = []
