"""The arms of the relay: under which hand-over, and in which words, a worker is asked.

A **hand-over** is the way in which files pass between worker and relay. A **wording** is the frame
of the prompt: introduction, the task's lead-in, how to answer. The edit's own words never change.
A **change** is one thing done otherwise than in the arm that it is written after: a factor, of
which one wants to know what it costs, or a remedy, of which one wants to know what it recovers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from worktrial.errors import ConfigError

HandOver = Literal["rewrite", "search_replace", "tools", "agent"]
TURNS = 40
"""The most turns of a leg in which the worker has tools, ours or an agent's."""
_BUDGETS: Mapping[HandOver, int] = {
    "rewrite": 1, "search_replace": 2, "tools": 4, "agent": 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """The frame words of a prompt.

    Attributes:
        introduction: Who asks, and what for.
        task: The task's lead-in, with the names of the working files in `{working}`.
        answer: How to answer; its holes depend on the hand-over.
    """

    introduction: str
    task: str
    answer: str


ChangeKind = Literal["factor", "remedy"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an arm does otherwise than its base.

    Attributes:
        name: As it is asked for, after a plus.
        kind: A factor or a remedy.
        in_words: What is done, for tables.
        number: Of tokens or legs, where the name ends in one.
        calls: Whether it changes how the worker is called, not only what it is given; such a one
            is for the hand-over `rewrite` alone.
    """

    name: str
    kind: ChangeKind
    in_words: str
    number: int = 0
    calls: bool = False


CROWD = 10_000
"""Tokens of files without a part in the work, in the middle of DELEGATE-52's 8–12 thousand."""
CHANGES: Mapping[str, Change] = {
    change.name: change
    for change in (
        Change("crowded", "factor", f"beside {CROWD:,} tokens of other files", CROWD),
        Change("alone", "factor", "without other files"),
        Change("repeated", "factor", "the same edit at every round trip"),
        *(
            Change(f"size-{tokens}", "factor", f"documents of {tokens:,} tokens", tokens)
            for tokens in (300, 1000, 3000, 10_000)
        ),
        Change("conversation", "factor", "all legs in one conversation", calls=True),
        Change("verify", "remedy", "the worker checks each leg once", 1, calls=True),
        *(
            Change(f"checkpoint-{n}", "remedy", f"it checks every {n} legs together", n, calls=True)
            for n in (4, 10)
        ),
        Change("retry", "remedy", "a leg is asked twice, or three times", calls=True),
    )
}
"""Every change by name."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One condition of the relay.

    Attributes:
        name: As it is asked for.
        handover: How files pass.
        wording: The frame words.
        change: What is done otherwise than in the arm of the same hand-over and wording.
    """

    name: str
    handover: HandOver
    wording: Wording
    change: Change | None = None

    @property
    def base(self) -> str:
        """The name of the arm without the change."""
        return self.name.partition("+")[0]

    def changed(self, name: str) -> bool:
        """Whether its change is the one of this name."""
        return self.change is not None and self.change.name == name

    @property
    def budget(self) -> int:
        """How many times an item's output tokens a leg may take.

        A passage stands twice in a block, and a conversation with tools says what it does.
        """
        return _BUDGETS[self.handover]


_FRAMES = (
    (
        "You are editing files for a colleague. Do exactly what the task says, nothing else.",
        "The working files are {working}; any other file is for reference only.",
    ),
    (
        "A colleague has asked you to change some files. Carry out the task to the letter and "
        "leave all else as it is.",
        "You work on {working}. Whatever else is here may be read, not changed.",
    ),
    (
        "Files and one task follow. Perform the task precisely as it is written; touch nothing "
        "beyond it.",
        "Files to be edited: {working}. The rest has no part in the work and is only to be "
        "looked at.",
    ),
)
_ANSWERS: Mapping[HandOver, tuple[str, str, str]] = {
    "rewrite": (
        "Answer with the working files as they are after the task, each in full: a line with ### "
        "and the file's name, then the content between two lines of {fence}. A working file that "
        "you leave out is deleted.",
        "Reply with every working file, complete, in its state after the task: first a line with "
        "### and the name of the file, next its content between two lines of {fence}. Any working "
        "file missing from your reply counts as deleted.",
        "Write out all working files from beginning to end as the task leaves them. Each starts "
        "with a line of ### and its name; its content stands between two lines of {fence}. What "
        "you do not write out is removed.",
    ),
    "search_replace": (
        "Answer with blocks: passages of the working files and what takes their place. Under a "
        "line with ### and the file's name, write for each passage:\n\n"
        "{search}\nlines of the file, exactly as they are\n{divider}\nthe lines that take their "
        "place\n{replace}\n\n"
        "The search lines must occur in the file exactly once: take in as many neighbouring lines "
        "as that needs. All blocks refer to the files as they are shown above. To create a file, "
        "leave the search lines out. To delete a file, write under its name the line {delete}. "
        "What no block mentions stays as it is; if nothing is to be changed, write one block that "
        "replaces a line by itself.",
        "Reply in blocks, each of which swaps some lines of a working file for others. A line with "
        "### and the name of the file comes first, then one or more times:\n\n"
        "{search}\nthe present lines, copied without any change\n{divider}\nthe new lines\n"
        "{replace}\n\n"
        "The present lines have to be found in the file once and only once, so add lines around "
        "them where needed. Every block is held against the files above, not against what other "
        "blocks make of them. A block without present lines creates its file; the single line "
        "{delete} under a name deletes that file. All other lines are kept. Should there be "
        "nothing to change, let one block swap a line for the same line.",
        "Give your changes as blocks. Above the blocks of a file stands a line with ### and its "
        "name. One block is:\n\n"
        "{search}\nsome lines copied from the file\n{divider}\nwhat they become\n{replace}\n\n"
        "Copy so many lines, each exactly, that they can be found at one place only. The places "
        "are those of the files as you see them above. Copy no line to make a new file. Put the "
        "line {delete} under a name to remove the file. Lines outside all blocks remain. If the "
        "task changes nothing, give one block in which a line becomes itself.",
    ),
    "tools": (
        "Use the tool `{tool}` to view and change the working files. Call them by their names "
        "alone. There are {turns} turns at most. When the task is done, say so in a few words "
        "without calling the tool: the files count as they are then.",
        "View and edit the working files with the tool `{tool}`, naming each file as it is listed. "
        "You have at most {turns} turns. Finish with a short message and no call of the tool; "
        "whatever the files are at that moment is handed on.",
        "The tool `{tool}` shows and changes the working files; a file goes by its bare name. No "
        "more than {turns} turns can be taken. As soon as the work is complete, reply briefly "
        "with no further call. The files are taken over in that state.",
    ),
    "agent": (
        "All these files are in the folder `{folder}`. View and change the working files there, "
        "with whatever tools you have. There are {turns} turns at most. When the task is done, say "
        "so in a few words: the folder counts as it is then. Whatever else you put into it counts "
        "too, so take out what was only a means; a working file that is gone is deleted.",
        "You find these files in `{folder}`. Edit the working files in that folder with your own "
        "tools; you have at most {turns} turns. Finish with a short message. What lies in the "
        "folder at that moment is handed on as a whole: remove anything that you needed only on "
        "the way. A working file that you removed is deleted.",
        "The folder `{folder}` holds these files. Use any of your tools to bring the working files "
        "in it into the state that the task asks for. No more than {turns} turns can be taken. As "
        "soon as the work is complete, reply briefly. The folder is then taken over with all that "
        "is in it, so leave no aids of your own there; what you take away is gone.",
    ),
}


def _arms() -> dict[str, Arm]:
    found = [
        Arm(f"{handover}-{number}" if number > 1 else handover, handover, Wording(*frame, answer))
        for handover, answers in _ANSWERS.items()
        for number, (frame, answer) in enumerate(zip(_FRAMES, answers, strict=True), 1)
    ]
    return {one.name: one for one in found}


ARMS: Mapping[str, Arm] = _arms()
"""Every arm without a change, by name: a hand-over in its first wording, and `-2`, `-3` in others.
"""
REWRITE = ARMS["rewrite"]
"""The anchor's own arm, and the default."""


AGENT = tuple(name for name, one in ARMS.items() if one.handover == "agent")
"""Those in which an agent works."""


def _changed() -> Iterator[Arm]:
    for handover in _ANSWERS:
        base = ARMS[handover]
        for change in CHANGES.values():
            if base is REWRITE or not change.calls:
                yield replace(base, name=f"{base.name}+{change.name}", change=change)


CHANGED: Mapping[str, Arm] = {one.name: one for one in _changed()}
"""Every arm with a change, by name: that of its base, a plus and that of the change."""


def arm(name: str) -> Arm:
    """Find an arm.

    Raises:
        ConfigError: If there is none of this name.
    """
    found = ARMS.get(name) or CHANGED.get(name)
    if found is None:
        raise ConfigError(
            f"`arm` must be one of {', '.join(ARMS)}, or one of these and a change, "
            f"{', '.join(f'+{change}' for change in CHANGES)}; got {name!r}"
        )
    return found
