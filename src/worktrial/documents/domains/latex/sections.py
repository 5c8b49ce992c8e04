"""Sections move, become files, and come back; the bibliography becomes a file."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from worktrial.documents import programs
from worktrial.documents.domains.latex.bibliography import COMMENT, ENTRY, KEY
from worktrial.documents.domains.latex.format import (
    COMMAND,
    END,
    LABEL,
    SECTION,
    command,
    environment,
)
from worktrial.documents.edits import Verb
from worktrial.documents.unit import Document, Unit

ORDER = "order"
_EMBEDDED = "filecontents*"
_AFTER_SECTIONS = re.compile(r"\\(?:bibliography|bibliographystyle|appendix)(?![a-z])")


def _span(units: Sequence[Unit], label: str) -> tuple[int, int] | None:
    """Where the section with a label stands, subsections included."""
    tops = (i for i, u in enumerate(units) if _is_top(u))
    start = next((i for i in tops if f"\\label{{{label}}}" in units[i].text), None)
    if start is None:
        return None
    after = range(start + 1, len(units))
    ends = (i for i in after if _is_top(units[i]) or _ends_sections(units[i]))
    return start, next(ends, len(units))


def _cut(units: Sequence[Unit], label: str, *left: Unit) -> tuple[list[Unit], list[Unit]]:
    """A section, empty if there is none with this label, and the rest with `left` in its place."""
    start, end = _span(units, label) or (0, 0)
    if start == end:
        return [], list(units)
    return list(units[start:end]), [*units[:start], *left, *units[end:]]


def _is_top(unit: Unit) -> bool:
    return unit.kind == SECTION and unit.text.startswith(("\\section{", "\\section*{"))


def _ends_sections(unit: Unit) -> bool:
    if unit.kind == END:
        return unit.text == "document"
    return unit.kind == COMMAND and _AFTER_SECTIONS.match(unit.text) is not None


def labels(document: Document) -> list[str]:
    """The labels of the sections in order."""
    tops = [u for u in document.units() if _is_top(u)]
    return [found[1] for u in tops if (found := LABEL.search(u.text))]


def move_section(document: Document, *, file: str, label: str, target: str) -> Document:
    """Move a section behind another one; a comment marks where it was."""
    units = document.files.get(file, ())
    moved, rest = _cut(units, label, _mark(label))
    if not moved or _span(units, target) is None:
        return document
    _, at = _span(rest, target) or (0, len(rest))
    return document.replacing(file, [*rest[:at], *moved, *rest[at:]])


def return_section(document: Document, *, file: str, label: str) -> Document:
    """Move a section to the comment that marks its place."""
    moved, rest = _cut(document.files.get(file, ()), label)
    if not moved or _mark(label) not in rest:
        return document
    at = rest.index(_mark(label))
    return document.replacing(file, [*rest[:at], *moved, *rest[at + 1 :]])


def _mark(label: str) -> Unit:
    return Unit(COMMENT, text=f"% moved: {label}")


def split_sections(document: Document, *, file: str, places: Mapping[str, str]) -> Document:
    r"""Move sections into files of their own, each read by an `\input`."""
    for label, place in places.items():
        moved, rest = _cut(document.files.get(file, ()), label, _input(place))
        if moved:
            document = document.replacing(file, rest).replacing(place, moved)
    return document


def merge_sections(document: Document, *, file: str, places: Sequence[str]) -> Document:
    r"""Put files in the place of the `\input` that reads them."""
    units = document.files.get(file, ())
    inputs = {_input(place).text: place for place in places}
    merged = [
        inner
        for u in units
        for inner in (document.files.get(inputs[u.text], ()) if u.text in inputs else (u,))
    ]
    for place in places:
        document = document.replacing(place, None)
    return document.replacing(file, merged)


def _input(place: str) -> Unit:
    return command(f"\\input{{{place.removesuffix('.tex')}}}")


def extract_entries(document: Document, *, file: str, target: str) -> Document:
    """Move the entries that an article brings along into a file."""
    units = document.files.get(file, ())
    frame = environment(_EMBEDDED, (), f"{{{target}}}")
    rest = [u for u in units if u.kind != ENTRY and u not in frame]
    return document.replacing(file, rest).replacing(target, [u for u in units if u.kind == ENTRY])


def embed_entries(document: Document, *, file: str, source: str) -> Document:
    """Let an article bring its entries along, at its top."""
    entries = [u for u in document.files.get(source, ()) if u.kind == ENTRY]
    embedded = environment(_EMBEDDED, entries, f"{{{source}}}")
    units = document.files.get(file, ())
    return document.replacing(source, None).replacing(file, [*embedded, *units])


MOVE = Verb(
    "In {file}, move the section labelled {label} (from its heading up to the next section or the "
    "end of the text, subsections included) so that it directly follows the section labelled "
    "{target}. Where it stood, leave a comment line `% moved:` with a space and the section's "
    "label after it.",
    move_section,
)
MOVE_TO_MARK = Verb(
    "In {file}, move the whole section labelled {label} to where the comment line `% moved:` with "
    "this label stands, and delete that comment line.",
    return_section,
)
SPLIT = Verb(
    "Move these sections of {file}, given by their labels, each with its heading into a file of "
    "its own that holds nothing else: {**places}. Put an `\\input` line in the place of each, with "
    "the file's name without `.tex`.",
    split_sections,
)
MERGE = Verb(
    "In {file}, put the contents of {*places} in the place of the `\\input` lines that read them, "
    "and delete those files.",
    merge_sections,
)
ENTRIES_OUT = Verb(
    "Move the entries of the `filecontents*` environment at the top of {file} into a new file "
    "{target}, in order, and delete the environment.",
    extract_entries,
)
ENTRIES_IN = Verb(
    "Embed the entries of {source}, in order, at the very top of {file} in a `filecontents*` "
    "environment that has the file's name as its argument, and delete {source}.",
    embed_entries,
)
NUMBER = Verb(
    "Give every entry of the bibliography a new last field {field} that numbers the entries from 1 "
    "in their present order.",
    partial(programs.number, kind=ENTRY),
)
SORT = Verb(
    "Sort the entries of the bibliography by their field {field}, smallest first; ties keep their "
    "order.",
    partial(programs.sort, kind=ENTRY),
)
SORT_BY_KEY = Verb(
    "Sort the entries of the bibliography alphabetically by citation key; ties keep their order.",
    partial(programs.sort, kind=ENTRY, field=KEY),
)
DROP = Verb(
    "Delete the field {field} from every entry of the bibliography.",
    partial(programs.drop, kind=ENTRY),
)
VERBS = (MOVE, MOVE_TO_MARK, SPLIT, MERGE, ENTRIES_OUT, ENTRIES_IN, NUMBER, SORT, SORT_BY_KEY, DROP)
