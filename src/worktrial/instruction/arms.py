"""The arms: what a worker is shown of a sample, each a transformation that is declared in full."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from worktrial.instruction.form import form_of
from worktrial.instruction.items import AblateItem
from worktrial.instruction.parts import Prompt, Shared
from worktrial.instruction.space import Space
from worktrial.instruction.wrong import Wrong, wrong_for
from worktrial.randomness import stream

FULL = "full"
"""As the task's own solver shows it."""
PARAPHRASES = ("full-2", "full-3", "full-4", "full-5")
"""The same words in another form: after the input, under headings, as a system message, with a
sentence before them."""
FORMAT_ONLY, EMPTY, WRONG = "format_only", "empty", "wrong"
PERMUTED, NO_INPUT = "permuted", "no_input"
ARMS = (FULL, *PARAPHRASES, FORMAT_ONLY, EMPTY, WRONG, PERMUTED, NO_INPUT)
BARE = (FORMAT_ONLY, EMPTY, WRONG)
"""Without the instruction, and without the examples that the solver has added."""
OWN = (*PARAPHRASES, *BARE, NO_INPUT)
"""What a file of arms can set out."""
ARMS_VERSION = 1
NOTHING = "(no input)"
_LEAD_IN = "Here is something to do. Read all of it first, then do what it asks."
_PLACE = re.compile(r"\{(input|choices)\}")


@dataclass(frozen=True)
class Rewritten:
    """What a worker is shown under an arm.

    Attributes:
        system: System messages, in order.
        text: The user's message.
    """

    system: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Setting:
    """What all samples of a run have in common.

    Attributes:
        space: What answers can be.
        seed: From which new names of answers follow.
        shared: What all inputs share.
        lead: What stands before the input in every message, if that is known.
        holder: A field of a sample's metadata, or a piece of the input: the instruction.
        templates: Arms that are written out, with places `{input}` and `{choices}`.
    """

    space: Space
    seed: int
    shared: Shared = Shared()  # noqa: RUF009 - a constant
    lead: str | None = None
    holder: str = ""
    templates: Mapping[str, str] = field(default_factory=dict, hash=False)

    def piece(self, item: AblateItem) -> str:
        """What of an item's input was named as its instruction."""
        return item.named.get(self.holder, self.holder)


def rewritten(arm: str, prompt: Prompt, item: AblateItem, setting: Setting) -> Rewritten:
    """What a worker is shown of a sample under an arm.

    Args:
        arm: One of `ARMS`.
        prompt: As the task's own solver shows it.
        item: The sample.
        setting: What all samples have in common.
    """
    if arm in setting.templates:
        places = {"input": prompt.input, "choices": prompt.choices or _listed(item)}
        return Rewritten((), _PLACE.sub(lambda m: places[m[1]], setting.templates[arm]))
    if arm in PARAPHRASES:
        return _paraphrase(arm, prompt)
    if arm == PERMUTED:
        return Rewritten(prompt.system, _joined(renaming(item, setting), prompt.text))
    if arm == NO_INPUT:
        return Rewritten(prompt.system, _without_input(prompt))
    if arm == FORMAT_ONLY:
        return Rewritten((), _joined(form_and_space(prompt, item, setting), prompt.item))
    if arm == WRONG:
        wrong = other_task(prompt, item, setting).text
        said = form_and_space(prompt, item, setting)
        return Rewritten((), f"{wrong}\n{said}\n\nText:\n{prompt.item}")
    if arm == EMPTY:
        return Rewritten((), prompt.item)
    return Rewritten(prompt.system, prompt.text)


def form_and_space(prompt: Prompt, item: AblateItem, setting: Setting) -> str:
    """What of the instruction speaks of form alone, and our own statement of the output space."""
    said = form_of(prompt.instruction), setting.space.statement(item)
    return "\n".join(text for text in said if text)


def other_task(prompt: Prompt, item: AblateItem, setting: Setting) -> Wrong:
    """The instruction of another task on the same text, and its key."""
    return wrong_for(item, prompt.input, setting.space)


def new_names(options: Sequence[str], seed: int) -> dict[str, str]:
    """New names of answers, none its own: one cycle through all, drawn by Sattolo's algorithm.

    Args:
        options: All answers.
        seed: From which the names follow.
    """
    names, rng = list(options), stream(seed, "renamed", *options)
    for last in range(len(names) - 1, 0, -1):
        other = rng.randrange(last)
        names[last], names[other] = names[other], names[last]
    return dict(zip(options, names, strict=True))


def renamed(targets: Sequence[str], item: AblateItem, setting: Setting) -> tuple[str, ...]:
    """The targets under their new names."""
    names = new_names(setting.space.options(item), setting.seed)
    return tuple(names.get(target.strip(), target) for target in targets)


def renaming(item: AblateItem, setting: Setting) -> str:
    """The sentence that states the new names."""
    names = new_names(setting.space.options(item), setting.seed)
    said = "; ".join(f"where you would answer {old}, write {new}" for old, new in names.items())
    return f"In what follows all answers have new names: {said}. Write the new name."


def _paraphrase(arm: str, prompt: Prompt) -> Rewritten:
    said, item = prompt.instruction, prompt.item
    if arm == "full-2":
        return Rewritten((), _joined(item, said))
    if arm == "full-3":
        return Rewritten((), f"Instruction:\n{said}\n\nInput:\n{item}")
    if arm == "full-4":
        outside = any(p.kind == "instruction" and p.text.strip() for p in prompt.parts)
        # What was a system message already becomes the user's.
        return Rewritten((said,), item) if outside else Rewritten((), _joined(said, item))
    return Rewritten((), _joined(_LEAD_IN, said, item))


def _without_input(prompt: Prompt) -> str:
    """The message with its choices, which are the output space, and nothing of the input."""
    kept, left_out = [], False
    for part in prompt.parts:
        if part.kind != "input":
            kept.append(part.text)
        elif not left_out and part.text.strip():
            kept.append(NOTHING)
            left_out = True
    return "".join(kept)


def _listed(item: AblateItem) -> str:
    return "\n".join(
        f"{letter}) {choice}" for letter, choice in zip(ascii_uppercase, item.choices, strict=False)
    )


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
