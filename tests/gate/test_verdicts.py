"""One number against one threshold: whole interval, named end, or value."""

import math
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.gate.verdicts import Check, GateReport, Limits, Result, Verdict, against, settling

LEAST = Limits(low=0.9)
MOST = Limits(high=0.1)


@pytest.mark.parametrize(
    ("limits", "interval", "verdict"),
    [
        (LEAST, (0.95, 0.92, 0.98), "met"),
        (LEAST, (0.95, 0.90, 0.98), "met"),
        (LEAST, (0.95, 0.89, 0.98), "cannot-tell"),
        (LEAST, (0.85, 0.80, 0.90), "cannot-tell"),
        (LEAST, (0.85, 0.80, 0.89), "missed"),
        (MOST, (0.05, 0.01, 0.10), "met"),
        (MOST, (0.05, 0.01, 0.11), "cannot-tell"),
        (MOST, (0.15, 0.11, 0.20), "missed"),
        (Limits(0.0, 0.2), (0.1, 0.0, 0.2), "met"),
        (Limits(0.0, 0.2), (0.1, -0.1, 0.2), "cannot-tell"),
        (Limits(0.0, 0.2), (0.3, 0.21, 0.4), "missed"),
        (Limits(0.0, 0.2), (-0.3, -0.4, -0.1), "missed"),
    ],
)
def test_the_whole_interval_decides(
    limits: Limits, interval: tuple[float, float, float], verdict: Verdict
) -> None:
    assert against(limits, *interval) == verdict


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        (Limits(low=0.9, end="low"), "missed"),
        (Limits(low=0.9, end="high"), "met"),
        (Limits(low=0.9, end="value"), "missed"),
    ],
)
def test_a_named_end_alone_decides(limits: Limits, verdict: Verdict) -> None:
    assert against(limits, 0.85, 0.8, 0.95) == verdict


@pytest.mark.parametrize("gone", [None, math.nan])
def test_what_is_not_there_is_never_met(gone: float | None) -> None:
    assert against(LEAST, 0.95, gone, 0.98) == "cannot-tell"
    assert against(LEAST, 0.95, 0.92, gone) == "cannot-tell"
    assert against(Limits(low=0.9, end="value"), gone, 0.92, 0.98) == "cannot-tell"
    assert against(Limits(low=0.9, end="high"), 0.95, 0.92, gone) == "cannot-tell"


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1))
def test_a_wider_interval_never_decides_what_a_narrow_one_left_open(
    value: float, below: float, above: float, limit: float, wider: float
) -> None:
    limits = Limits(low=limit)
    narrow = against(limits, value, value - below, value + above)
    wide = against(limits, value, value - below - wider, value + above + wider)
    assert wide in (narrow, "cannot-tell")


def test_what_would_settle_is_the_square_of_the_reach() -> None:
    # From .95 the low end reaches .85, twice as far as the threshold .90: four times the items.
    assert settling(LEAST, 0.95, 0.85, 0.99, 12).startswith("more than 48 items")
    # The value is on the wrong side: its high end must come down from .95 to below .90, from .85.
    assert settling(LEAST, 0.85, 0.70, 0.95, 12).startswith("more than 48 items")
    # Clopper-Pearson bounds on a handful narrow with the number itself.
    found = settling(Limits(high=0.02), 0.0, -0.2, 0.2, 16, method="clopper-pearson")
    assert found.startswith("more than 160 items")
    assert settling(LEAST, 0.9, 0.8, 0.95, 12).startswith("nothing soon")
    assert "more items" in settling(LEAST, None, None, None, 0)


def report(*verdicts: Verdict, cannot_tell: Literal["pass", "fail"] | None = None) -> GateReport:
    results = tuple(
        Result(f"gate {i}", "metric", "asks", () if v == "skipped" else (Check("x", v),))
        for i, v in enumerate(verdicts)
    )
    return GateReport(results, cannot_tell)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (("met", "met"), 0),
        (("met", "skipped"), 0),
        (("met", "missed", "cannot-tell"), 1),
        (("met", "cannot-tell"), 3),
    ],
)
def test_the_exit_code_is_that_of_the_worst_gate(verdicts: tuple[Verdict, ...], code: int) -> None:
    assert report(*verdicts).exit_code == code


def test_a_policy_may_say_what_cannot_tell_means_but_never_hides_it() -> None:
    assert report("met", "cannot-tell", cannot_tell="pass").exit_code == 0
    assert report("met", "cannot-tell", cannot_tell="fail").exit_code == 1
    assert report("missed", "cannot-tell", cannot_tell="pass").exit_code == 1
    assert report("met", "cannot-tell", cannot_tell="pass").record()["verdict"] == "cannot-tell"


def test_a_gate_is_as_bad_as_the_worst_that_it_selects() -> None:
    checks = tuple(Check(v, v) for v in ("met", "cannot-tell", "missed", "met"))
    result = Result("x", "metric", "asks", checks)
    assert result.verdict == "missed"
    assert result.worst == checks[2]
