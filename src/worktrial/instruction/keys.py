"""The keys that reference workers are given: what the call at hand would be answered rightly with.

A simulated worker of known quality has to know what it would know; whoever is really on trial is
never shown a key.
"""

from contextvars import ContextVar
from typing import Any, NamedTuple

from worktrial.instruction.arms import (
    EMPTY,
    FORMAT_ONLY,
    PERMUTED,
    WRONG,
    Setting,
    other_task,
    renamed,
)
from worktrial.instruction.form import answer_form
from worktrial.instruction.items import AblateItem
from worktrial.instruction.parts import Prompt
from worktrial.instruction.space import SpaceKind


class Key(NamedTuple):
    """One sample under one arm.

    Attributes:
        item: The sample's id.
        arm: Under which.
        kind: Of the output space.
        options: All answers there are; none where the space is open.
        target: The sample's own answer.
        right: What the instruction that is shown asks for; `None` where none is shown.
        wrong: The other task's answer; empty under every other arm.
        form: How an answer has to be written.
        seed: Of the run.
        replicate: From 1.
    """

    item: str
    arm: str
    kind: SpaceKind
    options: tuple[str, ...]
    target: str
    right: str | None
    wrong: str
    form: str
    seed: int
    replicate: int

    def kept(self) -> dict[str, Any]:
        """What a log needs to know for the answer to be read leniently."""
        return {"kind": self.kind, "options": list(self.options), "right": self.right,
                "target": self.target, "wrong": self.wrong, "form": self.form}  # fmt: skip


def key_of(
    arm: str, prompt: Prompt | None, item: AblateItem, setting: Setting, replicate: int
) -> Key:
    """The key of a sample under an arm.

    Args:
        arm: Under which.
        prompt: As the task's own solver shows the sample; `None` where it cannot be told.
        item: The sample as it is without any arm.
        setting: What all samples have in common.
        replicate: From 1.
    """
    target = item.targets[0].strip() if item.targets else ""
    shown = prompt is not None and arm == WRONG and arm not in setting.templates
    wrong = other_task(prompt, item, setting).key if shown and prompt is not None else ""
    asked: dict[str, str | None] = {FORMAT_ONLY: None, EMPTY: None, WRONG: wrong}
    if arm == PERMUTED:
        asked[PERMUTED] = renamed([target], item, setting)[0]
    return Key(
        item=item.id,
        arm=arm,
        kind=setting.space.kind,
        options=setting.space.options(item),
        target=target,
        right=asked.get(arm, target),
        wrong=wrong,
        form=answer_form(prompt.instruction if prompt else ""),
        seed=setting.seed,
        replicate=replicate,
    )


at_hand: ContextVar[Key | None] = ContextVar("instruction_at_hand", default=None)
"""The key of the sample whose calls are made in this context."""
