"""How the relay's reference workers work through an agent's `bash`: read, write, say it is done.

Files are written by here-documents, as a person would. They are read in base64: what a shell prints
tells neither where a last line ends nor every character. No command is longer, and no output
larger, than shells and Inspect let pass.
"""

import re
from base64 import b64decode
from collections.abc import Collection, Iterator, Sequence
from contextvars import ContextVar
from itertools import zip_longest
from shlex import quote

from worktrial.documents.editor import Call
from worktrial.documents.passages import lines_of
from worktrial.documents.unit import Files
from worktrial.relay.answers import Answer, Exchange
from worktrial.relay.damage import Behaviour
from worktrial.relay.reference import (
    DONE,
    SILENT,
    burdened,
    listed,
    not_a_leg,
    read_task,
    worked,
)

of_leg: ContextVar[int | None] = ContextVar("of_leg", default=None)
"""The seed of the leg at hand: an agent makes its own calls, under no seed of ours."""
_BASH, _SUBMIT = "bash", "submit"
_SHOWN = 12_000
"""Characters of one output; four of them are three bytes."""
_WRITTEN = 30_000
"""Characters of a file that one command writes, unless a single line has more."""


def turn(
    behaviour: Behaviour,
    prompt: str,
    exchanges: Sequence[Exchange],
    seed: int,
    tools: Collection[str],
) -> Answer:
    """Take a turn: look at the working files, write what changes, end.

    Args:
        behaviour: Whose turn it is.
        prompt: The message of the leg.
        exchanges: The conversation since then.
        seed: Of the leg.
        tools: The names of those that the agent has given.
    """
    if behaviour.kind in SILENT:
        return _end(SILENT[behaviour.kind], tools)
    if _BASH not in tools:
        raise not_a_leg()
    names, instruction = read_task(prompt)
    desk = _Desk(_folder(prompt), names)
    made = len(exchanges) - desk.look(exchanges)
    if desk.unread:
        return _calling(desk.looks())
    files = desk.files()
    behaviour = burdened(behaviour, files, others=listed(prompt) - len(files))
    after = worked(behaviour, files, instruction, seed)
    waves = desk.writes(after, again=behaviour.kind == "careful")
    return _calling(waves[made]) if made < len(waves) else _end(DONE, tools)


class _Desk:
    """What a worker has seen of a folder, and the commands that are to come."""

    def __init__(self, folder: str, names: Sequence[str]) -> None:
        self._folder = folder
        self._seen = dict.fromkeys(names, "")
        self.unread = list(names)

    def look(self, exchanges: Sequence[Exchange]) -> int:
        """Read what was printed; how many of the exchanges it took."""
        for number, exchange in enumerate(exchanges):
            if not self.unread:
                return number
            # Where a login shell complains, what it was asked for is the last line.
            printed = [result.text.rpartition("\n")[2] for result in exchange.results]
            for name, text in zip(self.unread, printed, strict=True):
                self._seen[name] += text
            pairs = zip(self.unread, printed, strict=True)
            self.unread = [name for name, text in pairs if len(text) == _SHOWN]
        return len(exchanges)

    def looks(self) -> list[str]:
        """The commands that print what was not seen yet, one a file."""
        return [
            f"base64 < {self._path(name)} | tr -d '\\n' | tail -c +{len(self._seen[name]) + 1} "
            f"| head -c {_SHOWN}"
            for name in self.unread
        ]

    def files(self) -> Files:
        """The files as they were seen."""
        return {name: b64decode(text).decode() for name, text in self._seen.items()}

    def writes(self, after: Files, *, again: bool) -> list[list[str]]:
        """The commands that make other files of them, turn by turn.

        Those of one turn may run at the same time, so a long file takes several.

        Args:
            after: What is to be there.
            again: Whether to look at what was changed.
        """
        before = self.files()
        changed = [name for name, text in after.items() if text != before.get(name)]
        gone = [[f"rm -- {self._path(name)}"] for name in before if name not in after]
        written = (list(self._written(name, after[name])) for name in changed)
        waves = [[command for command in wave if command] for wave in zip_longest(*gone, *written)]
        looks = [f"cat {self._path(name)}" for name in changed]
        return [*waves, looks] if again and looks else waves

    def _written(self, name: str, text: str) -> Iterator[str]:
        """Commands that write a file piece by piece."""
        arrow = ">"
        for piece in _pieces(text):
            end = "END"
            while f"{end}\n" in piece:
                end += "_"
            yield f"cat {arrow} {self._path(name)} <<'{end}'\n{piece}{end}"
            arrow = ">>"

    def _path(self, name: str) -> str:
        return quote(f"{self._folder}/{name}")


def _pieces(text: str) -> Iterator[str]:
    """Whole lines of a text, so many at a time; an empty text is one piece."""
    piece = ""
    for line in lines_of(text):
        if piece and len(piece) + len(line) > _WRITTEN:
            yield piece
            piece = ""
        piece += line
    yield piece


def _folder(prompt: str) -> str:
    found = re.search(r"`([^`]+)`", prompt[prompt.rindex("## Answer") :])
    if found is None:
        raise not_a_leg()
    return found[1]


def _calling(commands: Sequence[str]) -> Answer:
    return Answer("", "tool_calls", tuple(Call(_BASH, {"command": c}) for c in commands))


def _end(said: str, tools: Collection[str]) -> Answer:
    """Say something last, through the tool for it where the agent has one."""
    if said and _SUBMIT in tools:
        return Answer("", "tool_calls", (Call(_SUBMIT, {"answer": said}),))
    return Answer(said)
