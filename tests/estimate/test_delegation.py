import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import Curve, Interval, safe_delegation_length


def _curve(low: list[float], high: list[float]) -> Curve:
    steps = tuple(
        Interval((a + b) / 2, a, b, 0.95, "drawn", 12, "too few" if np.isnan(a) else None)
        for a, b in zip(low, high, strict=True)
    )
    legs = tuple(range(2, 2 * len(low) + 2, 2))
    return Curve(legs, steps, np.array(low), np.array(high), "drawn")


def test_the_length_is_the_last_leg_whose_lower_bound_holds() -> None:
    found = safe_delegation_length(_curve([0.95, 0.9, 0.7], [1, 0.98, 0.95]), threshold=0.9)
    assert (found.legs, found.verdict_at_next, found.censored) == (4, "cannot-tell", False)
    assert found.verdict == "cannot-tell"
    assert found.why == "leg 6 may lie on either side of 0.9: 0.700 to 0.950"


def test_a_recovery_after_an_unsafe_leg_does_not_count() -> None:
    found = safe_delegation_length(_curve([0.95, 0.8, 0.95], [1, 1, 1]), threshold=0.9)
    assert found.legs == 2


def test_missed_means_known_to_fall_short() -> None:
    found = safe_delegation_length(_curve([0.95, 0.6], [1, 0.85]), threshold=0.9)
    assert (found.legs, found.verdict_at_next, found.verdict) == (2, "missed", "missed")
    assert found.why == "leg 4 is below 0.9: at most 0.850"


def test_the_relay_is_missed_when_a_later_leg_falls_short_for_sure() -> None:
    found = safe_delegation_length(_curve([0.8, 0.6], [1, 0.85]), threshold=0.9)
    assert (found.legs, found.verdict_at_next, found.verdict) == (0, "cannot-tell", "missed")


def test_safe_throughout_is_longer_than_the_relay() -> None:
    found = safe_delegation_length(_curve([0.95, 0.91], [1, 1]), threshold=0.9)
    assert (found.legs, found.verdict, found.censored, str(found)) == (4, "met", True, "> 4")


def test_without_bounds_the_length_stops_or_is_not_measured() -> None:
    nan = float("nan")
    later = safe_delegation_length(_curve([0.95, nan], [1, nan]), threshold=0.9)
    assert (later.legs, later.verdict_at_next, str(later)) == (2, "cannot-tell", "2")
    assert later.why == "leg 4 has no bounds: too few"
    never = safe_delegation_length(_curve([nan], [nan]), threshold=0.9)
    assert (never.legs, never.why, str(never)) == (None, "too few", "not measured")


def test_a_percentage_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"`threshold` must be in \[0, 1\], got 98"):
        safe_delegation_length(_curve([0.9], [1]), threshold=98)
