"""The instrument's own check, on a run's own items and without a model or the task's scorer."""

from collections.abc import Sequence
from dataclasses import dataclass

from worktrial.instruction import reference
from worktrial.instruction.answers import follows, lenient, same
from worktrial.instruction.arms import WRONG
from worktrial.instruction.keys import Key, key_of
from worktrial.instruction.plan import Drawn
from worktrial.instruction.space import SpaceKind


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """What reference workers' answers are read as.

    Attributes:
        oracle: The lowest share of who does what is asked that is read as right; must be 1.
        null: The highest of who is mute; must be 0.
        items: How many were looked at.
    """

    oracle: float
    null: float
    items: int


def check(drawn: Sequence[Drawn], arm: str) -> InstrumentCheck:
    """Let reference workers answer under an arm, and read what they wrote.

    An arm without an instruction asks for nothing: what counts there is the item's own answer.

    Args:
        drawn: A run's items, of which those count that were planned.
        arm: Under which.
    """
    keys = [key_of(arm, d.prompt, d.item, d.setting, 1) for d in drawn if d.prompt is not None]
    asked = [key._replace(right=key.right if key.right is not None else key.target) for key in keys]
    return InstrumentCheck(
        oracle=min((_read("oracle", key) for key in asked), default=1.0),
        null=max((_read("null", key) for key in asked), default=0.0),
        items=len(keys),
    )


def _read(name: str, key: Key) -> float:
    text, wanted = reference.answer(name, key), key.right or ""
    if key.kind == "text" or key.arm == WRONG:
        return float(follows(text, wanted, key.kind, key.options, key.form))
    found = lenient(text, key.kind, key.options)
    return float(found is not None and same(found, wanted, key.kind))


def sample_reading() -> list[list[object]]:
    """What this version reads in answers of all kinds, for the scorer's hash."""
    texts = ("ANSWER: B", "I think A, no: (C).", "It is 1,024.50 or 7", "Positive. negative", "…")
    spaces: tuple[tuple[SpaceKind, tuple[str, ...]], ...] = (
        ("choices", ("A", "B", "C")), ("labels", ("negative", "positive")), ("number", ()),
    )  # fmt: skip
    return [
        [kind, text, lenient(text, kind, options)] for kind, options in spaces for text in texts
    ]
