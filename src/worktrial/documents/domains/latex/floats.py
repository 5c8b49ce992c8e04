"""Tables and figures: columns are converted, rows and captions become files."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from worktrial.documents import programs
from worktrial.documents.domains.latex.format import BEGIN, CAPTION, COMMAND, END, HEAD, LABEL
from worktrial.documents.edits import Verb
from worktrial.documents.programs import HEADER
from worktrial.documents.table import ROW, written
from worktrial.documents.unit import Document, Unit

_CAPTION = re.compile(r"\\caption\{(.*)\}")
_FLOAT = re.compile(r"(?:table|figure)\*?(?![A-Za-z*])")


def labelled(units: Sequence[Unit]) -> Iterator[tuple[str, int, int]]:
    """The label of each table and figure, and where it stands."""
    start: int | None = None
    for i, unit in enumerate(units):
        if unit.kind == BEGIN and _FLOAT.match(unit.text):
            start = i
        elif unit.kind == END and _FLOAT.match(unit.text) and start is not None:
            labels = (LABEL.fullmatch(u.text) for u in units[start:i] if u.kind == COMMAND)
            label = next((found[1] for found in labels if found), None)
            if label is not None:
                yield label, start, i
            start = None


def _in_table(
    document: Document, table: str, change: Callable[[Sequence[Unit]], Sequence[Unit]]
) -> Document:
    """Change the units of the table with a label."""
    files = {}
    for name, units in document.files.items():
        spans = ((start, end) for label, start, end in labelled(units) if label == table)
        a, b = next(spans, (0, 0))
        files[name] = (*units[:a], *change(units[a:b]), *units[b:]) if b else units
    return Document(files)


def convert_column(
    document: Document, *, table: str, column: str, factor: str, heading: str, multiply: bool = True
) -> Document:
    """Multiply or divide a table's column, and give it another head."""
    program = programs.multiply if multiply else programs.divide

    def converted(units: Sequence[Unit]) -> Sequence[Unit]:
        alone = program(Document({"": tuple(units)}), kind=ROW, field=column, factor=factor)
        renamed = programs.rename(alone, kind=ROW, names={column: heading}).files[""]
        return [_headed(u, column, heading) if u.kind == HEAD else u for u in renamed]

    return _in_table(document, table, converted)


def _headed(head: Unit, column: str, heading: str) -> Unit:
    names = [heading if name == column else name for name in head.text.split("\t")]
    return replace(head, text="\t".join(names))


def extract_rows(document: Document, *, table: str, target: str) -> Document:
    """Move a table's rows into a file."""
    found: list[Unit] = []

    def emptied(units: Sequence[Unit]) -> Sequence[Unit]:
        heads = [replace(u, kind=HEADER) for u in units if u.kind == HEAD]
        found.extend([*heads, *(u for u in units if u.kind == ROW)])
        return [u for u in units if u.kind != ROW]

    return _in_table(document, table, emptied).replacing(target, found)


def return_rows(document: Document, *, table: str, source: str) -> Document:
    """Put the rows of a file below a table's head."""
    rows = [u for u in document.files.get(source, ()) if u.kind == ROW]

    def filled(units: Sequence[Unit]) -> Sequence[Unit]:
        rules = [i for i, u in enumerate(units) if u.text == "\\midrule"]
        at = rules[0] + 1 if rules else len(units)
        return [*units[:at], *rows, *units[at:]]

    return _in_table(document.replacing(source, None), table, filled)


def extract_captions(document: Document, *, file: str, target: str) -> Document:
    """Move captions into a table by label."""
    units = document.files.get(file, ())
    rows = [Unit(HEADER, text="label\tcaption", structural=True)]
    gone: set[int] = set()
    for label, start, end in labelled(units):
        for i in range(start, end):
            inner = _CAPTION.fullmatch(units[i].text) if units[i].kind == CAPTION else None
            if inner:
                rows.append(Unit(ROW, {"label": label, "caption": inner[1]}))
                gone.add(i)
    rest = [u for i, u in enumerate(units) if i not in gone]
    return document.replacing(file, rest).replacing(target, rows)


def return_captions(document: Document, *, file: str, source: str) -> Document:
    """Put captions above the labels that they belong to."""
    captions: dict[str, list[Unit]] = {}
    for row in document.files.get(source, ()):
        label, text = (written(row.fields.get(name)) for name in ("label", "caption"))
        if row.kind == ROW:
            captions.setdefault(label, []).append(Unit(CAPTION, text=f"\\caption{{{text}}}"))
    merged: list[Unit] = []
    for unit in document.files.get(file, ()):
        found = LABEL.fullmatch(unit.text) if unit.kind == COMMAND else None
        merged += [*captions.pop(found[1], ()), unit] if found else [unit]
    return document.replacing(source, None).replacing(file, merged)


MULTIPLY = Verb(
    "In the table labelled {table}, multiply every number in the column {column} by {factor}, and "
    "change the column's head to {heading}.",
    convert_column,
)
DIVIDE = Verb(
    "In the table labelled {table}, divide every number in the column {column} by {factor}, and "
    "change the column's head to {heading}.",
    partial(convert_column, multiply=False),
)
ROWS_OUT = Verb(
    "Move the rows below the column heads of the table labelled {table} into a new CSV file "
    "{target}, in order and each cell as it stands, under a header line with the table's column "
    "heads. The heads and the rules stay in the table.",
    extract_rows,
)
ROWS_IN = Verb(
    "Write the rows of {source} into the table labelled {table}, in order and directly below its "
    "`\\midrule`, each cell as it stands; then delete {source}.",
    return_rows,
)
CAPTIONS_OUT = Verb(
    "Take the captions of all tables and figures out of {file} and write them to a new CSV file "
    "{target} with the columns label and caption: the label of the float, and what stands between "
    "the braces of its `\\caption`. The labels stay where they are.",
    extract_captions,
)
CAPTIONS_IN = Verb(
    "Put the captions of {source} into {file}: each as a `\\caption` line directly above the "
    "`\\label` line with its label. Then delete {source}.",
    return_captions,
)
VERBS = (MULTIPLY, DIVIDE, ROWS_OUT, ROWS_IN, CAPTIONS_OUT, CAPTIONS_IN)
