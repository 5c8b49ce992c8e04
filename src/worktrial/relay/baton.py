"""The relay itself: what a leg is asked, and what becomes of its answers. Knows no model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from worktrial.documents.blocks import Applied, marks_for
from worktrial.documents.editor import TOOL, Editor
from worktrial.documents.handover import fence_for, whole_lines, write_files
from worktrial.documents.unit import Files
from worktrial.randomness import derive, stream
from worktrial.relay.answers import (
    Answer,
    Exchange,
    Outcome,
    Refused,
    cut_off,
    failures,
    read_end,
    read_folder,
    read_rewrite,
    read_search_replace,
)
from worktrial.relay.arms import REWRITE, TURNS, Arm
from worktrial.relay.items import Errand, RelayItem
from worktrial.relay.remedies import Remedy, remedy_of

PROMPT_VERSION = "2"
Direction = Literal["forward", "backward"]
DROPPED: frozenset[str] = frozenset({"refusal", "protocol", "truncated"})
"""The worker's own failures, after which there is nothing to hand on."""
ATTEMPTS = 2
"""How often a leg is asked: once more after an answer that cannot be used as a whole."""
SEEDS = 0x80000000
"""Seeds are counted modulo this: 31 bits, as providers want them."""
SEED_STEP = 1 << 16
"""From one call of a leg to its next, seeds go up by this; so a call knows its leg's seed."""


@dataclass(slots=True)
class Baton:
    """The state of one relay: which files are under way and whether they still are.

    Attributes:
        item: The relay.
        arm: How its worker is asked.
        files: As the present leg received them: whole lines, by name, however they were written.
        leg: The present leg, from 0.
        attempt: How often it was asked, this time included.
        outcome: `ok`, or why the relay ended.
        complaint: What is said of an earlier answer.
        draft: As a part of the blocks of an earlier answer left them; `files` otherwise.
        exchanges: The conversation so far, where the worker has tools.
        remedy: Through which passes what was made of a leg.
        folder: Where an agent finds the files.
    """

    item: RelayItem
    arm: Arm = REWRITE
    files: Files = field(default_factory=dict)
    leg: int = 0
    attempt: int = 1
    outcome: Outcome = "ok"
    complaint: str = ""
    folder: str = "work"
    draft: Files = field(init=False)
    exchanges: list[Exchange] = field(init=False)
    remedy: Remedy = field(init=False, repr=False)
    _editor: Editor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.files = _orderly(self.files or self.item.files)
        self.remedy = remedy_of(self.item, self.arm, self.files)
        self._ask(self.files)

    @property
    def legs(self) -> int:
        """How many legs the whole relay has."""
        return 2 * len(self.item.schedule)

    @property
    def running(self) -> bool:
        """Whether another call is to be made."""
        return self.leg < self.legs and self.outcome not in (*DROPPED, "infrastructure")

    @property
    def direction(self) -> Direction:
        """Which way the present leg goes."""
        return direction(self.leg)

    @property
    def errand(self) -> Errand:
        """The edit of the present round trip."""
        return self.item.schedule[self.leg // 2]

    @property
    def instruction(self) -> str:
        """The words of the present leg."""
        return self.errand.forward if self.direction == "forward" else self.errand.backward

    @property
    def seed(self) -> int:
        """The seed of the next call."""
        of_leg = derive(self.item.seed, self.leg, self.attempt, *self.remedy.turn)
        return (of_leg + SEED_STEP * len(self.exchanges)) % SEEDS

    @property
    def budget_tokens(self) -> int:
        """How many tokens the next answer may have."""
        spent = sum(exchange.answer.tokens for exchange in self.exchanges)
        return self.item.budget_tokens * self.arm.budget - spent

    # --- what is asked ---

    @property
    def system(self) -> str | None:
        """The system message of the present leg; only a worker with tools has one."""
        return self.arm.wording.introduction if self.arm.handover == "tools" else None

    def prompt(self) -> str:
        """The message of the next call: of a review where one is due, or else of the leg."""
        return self.remedy.prompt() or self._leg_prompt()

    def _leg_prompt(self) -> str:
        """Files in a seeded order, the task, how to answer."""
        both = {**self.draft, **self.item.distractors}
        names = list(both)
        stream(self.item.seed, self.leg, "order").shuffle(names)
        shown = {name: both[name] for name in names}
        working = ", ".join(f"`{name}`" for name in self.draft)
        listing, answer = self._handing_over(shown)
        words = self.arm.wording
        parts = [
            *([] if self.system else [words.introduction]),
            f"## Files\n\n{listing}",
            f"## Task\n\n{words.task.format(working=working)}\n\n{self.instruction}",
            f"## Answer\n\n{answer}",
            *([self.complaint] if self.complaint else []),
        ]
        return "\n\n".join(parts)

    def _handing_over(self, shown: Files) -> tuple[str, str]:
        """How the files are shown, and how they are to be handed back."""
        answer = self.arm.wording.answer
        if self.arm.handover in ("tools", "agent"):
            sizes = (f"- `{name}`, {len(text)} characters" for name, text in shown.items())
            return "\n".join(sizes), answer.format(tool=TOOL, turns=TURNS, folder=self.folder)
        fence = fence_for(*shown.values())
        marks = marks_for(*shown.values())
        says = answer.format(
            fence=fence, search=marks.search, divider=marks.divider, replace=marks.replace,
            delete=marks.delete,
        )  # fmt: skip
        return write_files(shown, fence), says

    # --- what is answered ---

    def receive(self, answer: Answer) -> None:
        """Take an answer: hand files on, go on with the leg, ask once more, or drop the baton."""
        if (settled := self.remedy.settle(answer)) is not None:
            self._hand_on(settled)
            return
        match self.arm.handover:
            case "rewrite":
                self._settle(read_rewrite(answer, self.draft, self.item.distractors))
            case "search_replace":
                self._take_blocks(answer)
            case "tools":
                self._take_turn(answer)
            case "agent":
                self._settle(read_folder(answer, self.draft))

    def _take_blocks(self, answer: Answer) -> None:
        found = read_search_replace(answer, self.draft, self.item.distractors)
        if isinstance(found, Applied) and found.failed and self.attempt < ATTEMPTS:
            self.attempt += 1
            self.complaint = _partly(found)
            self._ask(found.files)
        elif isinstance(found, Applied):
            self._made(found.files)
        elif self.attempt == ATTEMPTS and self.draft is not self.files:
            self._made(self.draft)
        else:
            self._settle(found)

    def _take_turn(self, answer: Answer) -> None:
        if cut := cut_off(answer):
            self._settle(cut)
        elif not answer.calls:
            worked = bool(self.exchanges)
            self._settle(read_end(answer, self._editor.files, self.files, worked=worked))
        else:
            self.exchanges.append(Exchange(answer, self._editor.turn(answer.calls)))
            if len(self.exchanges) >= TURNS or self.budget_tokens <= 0:
                self._settle(Refused("truncated", "it took more turns or tokens than allowed"))

    def _settle(self, result: Files | Refused) -> None:
        if not isinstance(result, Refused):
            self._made(result)
        elif self.attempt < ATTEMPTS:
            self.attempt += 1
            self.complaint = f"An earlier answer could not be used: {result.why}."
            self._ask(self.draft)
        elif (fallback := self.remedy.give_up()) is not None:
            self._hand_on(fallback)
        else:
            self.outcome = result.outcome

    def _made(self, files: Files) -> None:
        """Take what was made of the leg: hand it on, or call once more as the remedy has it."""
        settled = self.remedy.take(_orderly(files), self.instruction)
        if settled is None:
            self.attempt, self.complaint = 1, ""
        else:
            self._hand_on(settled)

    def _hand_on(self, files: Files) -> None:
        self.files = _orderly(files)
        self.leg, self.attempt, self.complaint = self.leg + 1, 1, ""
        self._ask(self.files)

    def _ask(self, files: Files) -> None:
        """Begin a conversation about some files."""
        self.draft = files
        self.exchanges = []
        self._editor = Editor(files, self.item.distractors)


def direction(leg: int) -> Direction:
    """Which way a leg goes; legs count from 0."""
    return "backward" if leg % 2 else "forward"


def _orderly(files: Mapping[str, str]) -> dict[str, str]:
    """Files as every hand-over leaves them, so that none of them can be told from the document."""
    return {name: whole_lines(files[name]) for name in sorted(files)}


def _partly(applied: Applied) -> str:
    return (
        f"This was answered before. Of that answer {applied.done} blocks were carried out, and "
        "the working files above are as they are since then. These blocks were not:\n"
        f"{failures(applied)}\n"
        "Answer again, only with blocks for what is still to be done."
    )
