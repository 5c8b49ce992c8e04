"""Search and replace in messages: passages of files and what takes their place, both ways.

Blocks stand under their file's name, between markers that are longer than any such run in the
files. A search text must occur exactly once, as whole lines; all blocks of an answer refer to the
files as they were shown. What does not fit is reported; what would have to be guessed is unusable.
"""

import re
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from worktrial.documents.handover import MOST_FILES, Unusable, plain_name, whole_lines
from worktrial.documents.passages import first_passage, occurrences, often, unique_passages
from worktrial.documents.unit import Files

SHORTEST = 7
"""The length of a marker, where nothing in the files is like one."""
MOST_BLOCKS = 5000
_RUN = re.compile(r"<{7,}|={7,}|>{7,}")
_OPEN = re.compile(r"(<{7,}) (SEARCH|DELETE)[ \t\r]*+")
_CLOSE = re.compile(r">{7,} REPLACE[ \t\r]*+")
_HASHES = re.compile(r"#{1,6}[ \t]+")
_NAMELIKE = re.compile(r"[./\\]")
_LONGEST_NAME = 200
_NO_NAME = ""
"""A heading that cannot be a file's name: what stands under it belongs to no file."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The markers of a block, as long as they must be."""

    length: int = SHORTEST

    @property
    def search(self) -> str:
        """Opens a block; lines of the file follow."""
        return f"{'<' * self.length} SEARCH"

    @property
    def divider(self) -> str:
        """Stands between the lines of the file and those that take their place."""
        return "=" * self.length

    @property
    def replace(self) -> str:
        """Closes a block."""
        return f"{'>' * self.length} REPLACE"

    @property
    def delete(self) -> str:
        """Deletes a file, in one line."""
        return f"{'<' * self.length} DELETE"


def marks_for(*texts: str) -> Marks:
    """Markers longer than any run of their signs in `texts`."""
    longest = max((len(run) for text in texts for run in _RUN.findall(text)), default=SHORTEST - 1)
    return Marks(longest + 1)


@dataclass(frozen=True, slots=True)
class Block:
    """One passage of a file and what takes its place.

    Attributes:
        name: The file's; `None` or empty if none stands above the block.
        search: Whole lines; empty for a file that holds nothing yet.
        replacement: Whole lines; `None` deletes the file.
    """

    name: str | None
    search: str
    replacement: str | None


def write_blocks(before: Files, after: Files, *, least: int = SHORTEST) -> str:
    """Write what turns some files into others; if nothing does, a passage replaced by itself.

    Args:
        before: The files as they were shown.
        after: The files as they shall be.
        least: The markers' length, at least.
    """
    marks = marks_for(*before.values(), *after.values())
    marks = Marks(max(marks.length, least))
    ends = {name: whole_lines(text) for name, text in after.items()}
    parts = [_written(b, marks) for b in _differences(before, ends)] or [_idle(before, marks)]
    return "\n\n".join(parts)


def _differences(before: Files, after: Files) -> Iterator[Block]:
    for name, text in after.items():
        if name not in before:
            yield Block(name, "", text)
            continue
        for search, replacement in unique_passages(whole_lines(before[name]), text):
            yield Block(name, search, replacement)
    for name in before:
        if name not in after:
            yield Block(name, "", None)


def _idle(files: Files, marks: Marks) -> str:
    name = next((name for name, text in files.items() if text), next(iter(files)))
    passage = first_passage(whole_lines(files[name]))
    return _written(Block(name, passage, passage), marks)


def _written(block: Block, marks: Marks) -> str:
    if block.replacement is None:
        return f"### {block.name}\n\n{marks.delete}"
    inside = f"{block.search}{marks.divider}\n{block.replacement}"
    return f"### {block.name}\n\n{marks.search}\n{inside}{marks.replace}"


def read_blocks(answer: str, names: Collection[str]) -> list[Block] | Unusable:
    """Read the blocks out of an answer.

    Args:
        answer: What the worker wrote; anything at all.
        names: Those of the files that were shown; if there is one, blocks need not name it.
    """
    lines = answer.split("\n")
    blocks: list[Block] = []
    name = next(iter(names)) if len(names) == 1 else None
    at = 0
    while at < len(lines):
        opening = _OPEN.fullmatch(lines[at])
        if opening is None:
            if _CLOSE.fullmatch(lines[at]):
                return Unusable("a block ends that was not opened")
            name = _name_on(lines[at], names, name)
        elif opening[2] == "DELETE":
            blocks.append(Block(name, "", None))
        else:
            ends = _ends(lines, at, Marks(len(opening[1])))
            if isinstance(ends, Unusable):
                return ends
            search, replacement = lines[at + 1 : ends[0]], lines[ends[0] + 1 : ends[1]]
            blocks.append(Block(name, _text(search), _text(replacement)))
            at = ends[1]
        at += 1
    if len(blocks) > MOST_BLOCKS:
        return Unusable(f"more than {MOST_BLOCKS} blocks")
    return blocks or Unusable("no block: nothing stands between the markers")


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _ends(lines: list[str], start: int, marks: Marks) -> tuple[int, int] | Unusable:
    """Where the divider and the end of a block are; markers of another length are its text."""
    divider = None
    for at in range(start + 1, len(lines)):
        line = lines[at].rstrip(" \t\r")
        if line in (marks.search, marks.delete):
            break
        if line == marks.divider:
            if divider is not None:
                return Unusable("a block has two dividers; make its markers longer")
            divider = at
        elif line == marks.replace:
            return Unusable("a block has no divider") if divider is None else (divider, at)
    return Unusable("a block is not closed")


def _name_on(line: str, names: Collection[str], present: str | None) -> str | None:
    """The file that what follows belongs to: a heading may change it."""
    said = _heading(line)
    bare = line.strip().strip("`") if said is None else said.strip("`*: \t")
    if bare in names:
        return bare
    if said is None:
        return present
    if plain_name(bare):
        return bare
    prose = len(bare) <= _LONGEST_NAME and bare.isprintable() and not _NAMELIKE.search(bare)
    return present if prose else _NO_NAME


def _heading(line: str) -> str | None:
    """What a heading says, if the line is one."""
    text = line.strip()
    if hashes := _HASHES.match(text):
        return text[hashes.end() :]
    inner = text.removesuffix(":")
    bold = len(inner) > 4 and inner.startswith("**") and inner.endswith("**")
    return inner if bold or (len(inner) > 2 and inner[0] == inner[-1] == "`") else None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an answer's blocks.

    Attributes:
        files: With the blocks that fit carried out.
        done: How many did.
        failed: Those that did not, each named and with the reason.
    """

    files: dict[str, str]
    done: int
    failed: tuple[str, ...]


def apply_blocks(blocks: Sequence[Block], files: Files, *, fixed: Collection[str] = ()) -> Applied:
    """Carry out the blocks that fit.

    Args:
        blocks: Of one answer.
        files: As they were shown, in whole lines.
        fixed: Names of files that may not be changed.
    """
    changes = _Changes(files, fixed)
    reasons = [changes.add(block) for block in blocks]
    failed = tuple(
        f"{_described(number, block)}: {why}"
        for number, (block, why) in enumerate(zip(blocks, reasons, strict=True), 1)
        if why
    )
    return Applied(changes.result(), len(blocks) - len(failed), failed)


def _described(number: int, block: Block) -> str:
    first = block.search.partition("\n")[0][:60]
    place = f" in `{block.name}`" if block.name else ""
    return f"block {number}{place}" + (f", which begins {first!r}" if first.strip() else "")


@dataclass(slots=True)
class _Changes:
    """What blocks do to files, each held against the files as they were shown."""

    files: Files
    fixed: Collection[str]
    passages: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    created: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def add(self, block: Block) -> str | None:
        """Note a change, or say why it does not fit."""
        name = block.name
        if not name:
            return "no file's name stands above it"
        if name in self.fixed:
            return "the file is for reference only"
        if block.replacement is not None and not block.search:
            return self._create(name, block.replacement)
        if name not in self.files:
            return "there is no such file"
        if name in self.deleted:
            return "another block deletes the file"
        if block.replacement is None:
            return self._delete(name)
        return self._replace(name, block.search, block.replacement)

    def _create(self, name: str, text: str) -> str | None:
        if self.files.get(name) or name in self.deleted:
            return "its search text is empty, and the file is there already"
        if name in self.created:
            return "another block creates the file"
        if len(self.files) + len(self.created) >= MOST_FILES and name not in self.files:
            return f"there would be more than {MOST_FILES} files"
        self.created[name] = text
        return None

    def _delete(self, name: str) -> str | None:
        if name in self.passages or name in self.created:
            return "another block changes the file"
        self.deleted.add(name)
        return None

    def _replace(self, name: str, search: str, replacement: str) -> str | None:
        found = occurrences(self.files[name], search)
        if found != 1:
            return (
                f"its search text is in the file {often(found)}"
                if found
                else "its search text is not in the file"
            )
        # Both begin with a line's end, so that only whole lines are found.
        start = f"\n{self.files[name]}".find(f"\n{search}")
        end = start + len(search)
        passages = self.passages.setdefault(name, [])
        at = bisect(passages, (start, end, ""))
        if any(p[0] < end and start < p[1] for p in passages[max(0, at - 1) : at + 1]):
            return "it overlaps another block"
        passages.insert(at, (start, end, replacement))
        return None

    def result(self) -> dict[str, str]:
        """The files with every change that was noted."""
        kept: Mapping[str, str] = {n: t for n, t in self.files.items() if n not in self.deleted}
        changed = {name: _spliced(kept[name], found) for name, found in self.passages.items()}
        return {**kept, **changed, **self.created}


def _spliced(text: str, passages: Sequence[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, replacement in passages:
        parts += [text[at:start], replacement]
        at = end
    return "".join([*parts, text[at:]])
