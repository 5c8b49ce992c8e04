"""Markdown as trades write it: headings, list items and paragraphs, and edits of whole sections.

What a list item or a paragraph says, a domain reads; this knows only how a file is cut up. Line
breaks inside a block, blank lines, the kind of bullet and a closing `#` mean nothing.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from worktrial.documents import programs
from worktrial.documents.edits import Edit, Verb, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.records import slug
from worktrial.documents.unit import Document, Unit

TITLE, SECTION, SUBSECTION = "title", "section", "subsection"
HEADINGS = (TITLE, SECTION, SUBSECTION, "heading4", "heading5", "heading6")
"""The kinds of headings, first level first."""
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_BULLET = re.compile(r"[-*+][ \t]+(\S.*)")


def blocks(text: str) -> Iterator[str]:
    """Headings, list items (after `- `) and paragraphs, each on one line."""
    block: list[str] = []
    for line in map(str.strip, text.removeprefix("\ufeff").splitlines()):
        bullet = _BULLET.fullmatch(line)
        if block and (not line or bullet or _HEADING.match(line) or _HEADING.match(block[0])):
            yield _folded(block)
            block = []
        if line:
            block.append(f"- {bullet[1]}" if bullet else line)
    if block:
        yield _folded(block)


def _folded(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())


def heading(block: str) -> Unit | None:
    """The heading that a block is, if it is one."""
    found = _HEADING.fullmatch(block)
    if found is None:
        return None
    title = found[2].rstrip("#").rstrip() or found[2]
    return Unit(HEADINGS[len(found[1]) - 1], text=title, structural=True)


def written(units: Sequence[Unit], line: Callable[[Unit], str], *, tight: Collection[str]) -> str:
    """Blocks set apart by blank lines, but for neighbours of a tight kind."""
    parts: list[str] = []
    before = ""
    for unit in units:
        apart = bool(before) and (unit.kind != before or unit.kind not in tight)
        parts += ["\n"] if apart else []
        level = HEADINGS.index(unit.kind) + 1 if unit.kind in HEADINGS else 0
        parts.append(f"{'#' * level} {unit.text}\n" if level else f"{line(unit)}\n")
        before = unit.kind
    return "".join(parts)


# --- sections ----------------------------------------------------------------------------------


def cut(units: Sequence[Unit]) -> list[list[Unit]]:
    """Cut before every heading of the first two levels."""
    parts: list[list[Unit]] = []
    for unit in units:
        if not parts or unit.kind in (TITLE, SECTION):
            parts.append([])
        parts[-1].append(unit)
    return parts


def _is(part: Sequence[Unit], title: str) -> bool:
    return part[0].kind == SECTION and part[0].text == title


def move(document: Document, *, section: str, before: str = "") -> Document:
    """Move a section within its file: before another one, or to the end."""

    def moved(units: Sequence[Unit]) -> list[Unit]:
        parts = cut(units)
        ours = [p for p in parts if _is(p, section)]
        rest = [p for p in parts if not _is(p, section)]
        at = next((i for i, p in enumerate(rest) if before and _is(p, before)), len(rest))
        return [u for part in (*rest[:at], *ours, *rest[at:]) for u in part]

    return programs.in_each_file(document, moved)


def retitle(document: Document, *, names: Mapping[str, str]) -> Document:
    """Give sections other headings."""
    return programs.each(
        document, SECTION, lambda u: replace(u, text=names.get(u.text, u.text), layout=None)
    )


def take_out(document: Document, *, section: str, file: str, target: str) -> Document:
    """Move a section to a file of its own."""
    parts = cut(document.files.get(file, ()))
    ours = [u for p in parts if _is(p, section) for u in p]
    rest = [u for p in parts if not _is(p, section) for u in p]
    return document.replacing(file, rest).replacing(target, ours)


def append(document: Document, *, file: str, target: str) -> Document:
    """Put all of a file at the end of another."""
    units = (*document.files.get(file, ()), *document.files.get(target, ()))
    return document.replacing(target, None).replacing(file, units)


class Sections:
    """Edits of the sections of one file, in a domain's own words.

    Args:
        whole: What the file is, such as "menu".
    """

    def __init__(self, whole: str) -> None:
        self._before = Verb(
            f"Move the section {{section}} of the {whole} with all that is in it to just before "
            "the section {before}.",
            move,
        )
        self._last = Verb(
            f"Move the section {{section}} with all that is in it to the end of the {whole}.", move
        )
        self._retitle = Verb(
            f"Rename the headings of the {whole}'s sections as follows: {{**names}}.", retitle
        )
        self._take_out = Verb(
            f"Move the section {{section}} of the {whole} {{file}}, with its heading, into a new "
            "file {target}.",
            take_out,
        )
        self._append = Verb(
            f"Append all of {{target}} to the end of the {whole} {{file}}, then remove {{target}}.",
            append,
        )
        self.verbs = (self._before, self._last, self._retitle, self._take_out, self._append)

    def last_first(self, document: Document, _: Random) -> Edit | None:
        """The last section before the first one."""
        titles = _sections(document)
        if not titles:
            return None
        forward = self._before(section=titles[-1], before=titles[0])
        return edit("last_first", "move", [forward], [self._last(section=titles[-1])])

    def last_apart(self, document: Document, _: Random) -> Edit | None:
        """The last section in a file of its own."""
        titles = _sections(document)
        if not titles:
            return None
        (file,), target = document.files, f"{slug(titles[-1])}.md"
        if file == target:
            return None
        said = {"file": file, "target": target}
        forward = self._take_out(section=titles[-1], **said)
        return edit("last_apart", "split", [forward], [self._append(**said)])

    def renamed(self, document: Document, names: Mapping[str, str]) -> Edit | None:
        """Some of the sections under other headings."""
        titles = _sections(document)
        chosen = {old: new for old, new in names.items() if old in titles}
        if not chosen or set(chosen.values()) & set(titles):
            return None
        back = self._retitle(names=programs.inverse(chosen))
        return edit("retitle", "rename", [self._retitle(names=chosen)], [back])


def _sections(document: Document) -> list[str]:
    """The sections of the one file, if they can be told apart and named, and end with it."""
    titles = [u.text for u in units_of_kind(document, SECTION)]
    plain = len(document.files) == 1 and sayable(*document.files, *titles)
    if not plain or not 2 <= len(titles) == len(set(titles)):
        return []
    return titles if move(document, section=titles[-1]) == document else []
