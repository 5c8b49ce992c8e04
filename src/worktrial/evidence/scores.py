"""What a scorer said of a sample, as a number."""

import math
from collections.abc import Mapping

from inspect_ai.scorer import Score

_WORDS = {
    "c": 1.0, "i": 0.0, "p": 0.5, "n": 0.0, "yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0,
}  # fmt: skip
"""Inspect's words: correct, incorrect, partly correct, no answer, which is the worker's own."""


def number_of(scores: Mapping[str, Score], key: str) -> float | None:
    """The score that counts, as a number on whatever scale it has.

    Args:
        scores: Of a sample, by scorer.
        key: A scorer, a key of its value, or `scorer/key`; the first of each by default.

    Returns:
        `None` where there is none or it is no number; Inspect itself would make that 0.
    """
    for name, score in scores.items():
        named = f"{key}/".startswith(f"{name}/")
        wanted = key.removeprefix(name).removeprefix("/") if named else key
        if not isinstance(score.value, Mapping):
            if not wanted:
                return as_number(score.value)
        elif not wanted or wanted in score.value:
            return as_number(score.value.get(wanted or next(iter(score.value), "")))
    return None


def as_number(value: object) -> float | None:
    """A value of a score as a finite number; `None` where it is none."""
    if isinstance(value, str):
        value = _WORDS.get(value.strip().lower(), value)
    if not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
