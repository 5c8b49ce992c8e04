"""Files in messages: how a document is shown to a worker and read from its answer.

Fences adapt in both directions: ours are longer than any run of backticks in the files; in an
answer a file runs to the fence that matches its opening, nested fences counted. What is not closed
or would have to be guessed is unusable, never an empty file.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from worktrial.documents.unit import Files

_HEADING = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|\*\*)?`?([\w.+ -]{1,100}?)`?(?:\*\*)?:?[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*+([^`\n]*)$")
_NAME = re.compile(r"[\w+-][\w.+ -]{0,99}")
_EXTENSION = re.compile(r"\.\w+$")
MOST_FILES = 200
"""A workspace that grows beyond this is no hand-over."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """An answer without a usable file, and why."""

    why: str


def fence_for(*texts: str) -> str:
    """A fence longer than any run of backticks in `texts`."""
    longest = max((len(run) for text in texts for run in re.findall(r"`{3,}", text)), default=2)
    return "`" * (longest + 1)


def write_files(files: Mapping[str, str], fence: str | None = None) -> str:
    """Write files one after the other, each under its name and between fences."""
    fence = fence or fence_for(*files.values())
    return "\n\n".join(
        f"### {name}\n\n{fence}\n{whole_lines(text)}{fence}" for name, text in files.items()
    )


def whole_lines(text: str) -> str:
    """The text with its last line ended, as every hand-over shows and returns it."""
    return text if text.endswith("\n") or not text else f"{text}\n"


def read_files(
    answer: str, *, lone: str | None = None, names: Collection[str] = ()
) -> Files | Unusable:
    """Read the files out of an answer.

    Args:
        answer: What the worker wrote; anything at all.
        lone: The name of a single block that has none, where only one name is possible.
        names: Of the files that were shown, which need no extension to be known as names.
    """
    lines = answer.split("\n")
    files: dict[str, str] = {}
    unnamed: list[str] = []
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening is None:
            at += 1
            continue
        end = _closing(lines, at, opening[1])
        if end is None:
            return Unusable("a file is not closed: its fence has no end")
        name = _name_above(lines, at, opening[2], names)
        text = "".join(f"{line}\n" for line in lines[at + 1 : end])
        if name is None:
            unnamed.append(text)
        elif name in files:
            return Unusable(f"the file {name!r} comes twice")
        else:
            files[name] = text
        at = end + 1
    return _checked(files, unnamed, lone)


def _checked(files: dict[str, str], unnamed: list[str], lone: str | None) -> Files | Unusable:
    if not files and len(unnamed) == 1 and lone:
        return {lone: unnamed[0]}
    if not files:
        return Unusable("no file: none is named and fenced")
    if len(files) > MOST_FILES:
        return Unusable(f"more than {MOST_FILES} files")
    return files


def _closing(lines: list[str], start: int, fence: str) -> int | None:
    """Where the block that opens at `start` closes: at its own fence, inner blocks skipped.

    A fence with a word after it opens an inner block. A bare one closes the innermost block,
    unless it is shorter than the outer fence or of the other mark, and so part of the text.
    """
    depth = 0
    for at in range(start + 1, len(lines)):
        found = _FENCE.match(lines[at])
        if found is None or found[1][0] != fence[0] or len(found[1]) < len(fence):
            continue
        if found[2].strip():
            depth += 1
        elif depth:
            depth -= 1
        else:
            return at
    return None


def _name_above(lines: list[str], fence: int, info: str, names: Collection[str]) -> str | None:
    """The file's name on the nearest line above the fence, or after it."""
    above = next((line for line in reversed(lines[max(0, fence - 3) : fence]) if line.strip()), "")
    heading = _HEADING.match(above)
    candidates = [heading[1] if heading else "", *info.split()[-1:]]
    return next((c for c in candidates if c in names or ("." in c and safe_name(c))), None)


def safe_name(name: str) -> bool:
    """Whether a name is a plain file name: no folders, no leading dot."""
    return _NAME.fullmatch(name) is not None and ".." not in name


def plain_name(name: str) -> bool:
    """Whether a file may be made under a name: a safe one with an extension."""
    return safe_name(name) and _EXTENSION.search(name) is not None
