"""Reading an answer leniently: the last option, label or number that was written.

What is read is hostile: only its end is looked at, by patterns that take linear time.
"""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from worktrial.instruction.space import SpaceKind

LONGEST = 20_000
"""Characters of an answer's end that are read."""
_LETTER = re.compile(r"(?<![^\W_])[A-Z](?![^\W_]|['’])")
_NUMBER = re.compile(r"(?<![\w.])[-+−]?\d[\d,]{0,40}(?![\d,]\d)(?:\.\d{1,40})?(?!\d)")
_SPACES = re.compile(r"\s+")


def lenient(text: str, kind: SpaceKind, options: Sequence[str]) -> str | None:
    """The last answer of the space that was written.

    Args:
        text: What the worker wrote.
        kind: Of the output space.
        options: All answers, where the space is closed.

    Returns:
        The answer; `None` where there is none, and of free text always.
    """
    end = text[-LONGEST:]
    if kind == "choices":
        return _last([m[0] for m in _LETTER.finditer(end) if m[0] in options])
    if kind == "labels":
        return _last_label(end, options)
    if kind == "number":
        return _last([m[0] for m in _NUMBER.finditer(end)])
    return None


def same(one: str, other: str, kind: SpaceKind) -> bool:
    """Whether two answers are the same: numbers by value, all else by words."""
    if kind == "number":
        value = _value(one)
        return value is not None and value == _value(other)
    if kind == "choices":
        return one == other
    return _plain(one) == _plain(other)


def follows(text: str, key: str, kind: SpaceKind, options: Sequence[str], form: str = "{}") -> bool:
    """Whether the answer to another task is its key.

    Args:
        text: What the worker wrote; of free text its last line counts.
        key: The right answer of that task.
        kind: Of the output space.
        options: All answers, where the space is closed.
        form: How an answer has to be written, which free text may have or not.
    """
    if kind == "text":
        lines = [line for line in text[-LONGEST:].splitlines() if line.strip()]
        wanted = (key, form.format(key)) if key else ()
        return bool(lines) and any(same(lines[-1], one, kind) for one in wanted)
    found = lenient(text, kind, options)
    return found is not None and same(found, key, kind)


def _last(found: Sequence[str]) -> str | None:
    return found[-1] if found else None


def _last_label(text: str, labels: Sequence[str]) -> str | None:
    """The label that ends last; of two that end together the longer one."""
    flags = 0 if all(len(label) == 1 for label in labels) else re.IGNORECASE
    ends: list[tuple[int, int, str]] = []
    for label in labels:
        pattern = rf"(?<!\w){re.escape(label)}(?!\w)"
        ends += [(m.end(), len(label), label) for m in re.finditer(pattern, text, flags)]
    return max(ends)[2] if ends else None


def _value(text: str) -> Decimal | None:
    bare = text.strip().strip("$%").replace(",", "").replace("−", "-").rstrip(".")
    try:
        value = Decimal(bare) if len(bare) <= 100 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip().strip(".,;:!?\"'()[]*_`").casefold()
