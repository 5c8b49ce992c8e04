"""Safe delegation length: how far a worker may be left alone."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from worktrial.errors import ConfigError
from worktrial.estimate.curves import Curve


@dataclass(frozen=True)
class SafeLength:
    """How many legs are safe, and what is known of the next.

    Attributes:
        legs: The last leg known to be safe; 0 if not even the first; None if unmeasured.
        verdict: Over all legs run: `met` if each is safe, `missed` if one is known to fall short.
        verdict_at_next: `missed` if the first leg that isn't safe is known to fall short,
            `cannot-tell` if its band straddles the threshold, None if every leg run was safe.
        censored: Whether every leg run was safe, so the true length is longer.
        why: The reason in words.
    """

    legs: int | None
    verdict: Literal["met", "missed", "cannot-tell"]
    verdict_at_next: Literal["missed", "cannot-tell"] | None
    censored: bool
    why: str

    def __str__(self) -> str:
        """Return the length as a report prints it, such as `> 20`."""
        if self.legs is None:
            return "not measured"
        return f"> {self.legs}" if self.censored else str(self.legs)


def safe_delegation_length(curve: Curve, *, threshold: float) -> SafeLength:
    """Find the last leg up to which fidelity surely stays at or above a threshold.

    Estimand: the largest k such that mean fidelity is at least `threshold` at every leg up to k.
    Assumptions: those of the curve. The simultaneous band is used because k is picked by
    looking at all legs; with chance at least the band's level, the true length is no shorter.

    Args:
        curve: A fidelity curve with its band.
        threshold: The fidelity that must be kept, a fraction in [0, 1].

    Returns:
        The length in legs, and whether the leg after it is known to miss the threshold.

    Raises:
        ConfigError: (a ValueError) If `threshold` leaves [0, 1].

    References:
        Laban, Schnabel and Neville (2026), DELEGATE-52, arXiv:2604.15597, for the threshold.
    """
    if not 0 <= threshold <= 1:
        raise ConfigError(f"`threshold` must be in [0, 1], got {threshold}; write 0.98 for 98%")
    if not curve.legs or np.isnan(curve.band_low[0]):
        why = curve.steps[0].why if curve.steps else "no leg was run"
        return SafeLength(None, "cannot-tell", None, False, why or "the first leg has no bounds")
    # NaN is not safe: without bounds nothing can be promised.
    unsafe = np.flatnonzero(~(curve.band_low >= threshold))
    if not unsafe.size:
        last = curve.legs[-1]
        return SafeLength(
            last, "met", None, True, f"never below {threshold} in the {last} legs run"
        )
    return _stopped(curve, int(unsafe[0]), threshold)


def _stopped(curve: Curve, step: int, threshold: float) -> SafeLength:
    legs, failing = (curve.legs[step - 1] if step else 0), curve.legs[step]
    low, high = curve.band_low[step], curve.band_high[step]
    overall: Literal["missed", "cannot-tell"] = (
        "missed" if np.any(curve.band_high < threshold) else "cannot-tell"
    )
    if high < threshold:
        why = f"leg {failing} is below {threshold}: at most {high:.3f}"
        return SafeLength(legs, overall, "missed", False, why)
    why = f"leg {failing} may lie on either side of {threshold}: {low:.3f} to {high:.3f}"
    if np.isnan(low):
        why = f"leg {failing} has no bounds: {curve.steps[step].why}"
    return SafeLength(legs, overall, "cannot-tell", False, why)
