r"""LaTeX articles with a bibliography: sections, paragraphs, lists, equations, tables, entries.

Read line by line with a grammar of our own, which a missing brace or `\end` cannot derail and no
nesting can exhaust. Line breaks and spaces in a paragraph, and blank lines around anything else,
mean nothing; comments count.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import pairwise
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.programs import HEADER
from worktrial.documents.table import CSV, ROW, typed, written
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

COMMAND = "command"
SECTION = "section"
BEGIN = "begin"
END = "end"
PARAGRAPH = "paragraph"
ITEM = "item"
CAPTION = "caption"
EQUATION = "equation"
COMMENT = "comment"
VERBATIM = "verbatim"
ENTRY = "entry"
HEAD = "head"
_PROSE = (PARAGRAPH, ITEM, CAPTION)

_SECTION = re.compile(r"\\(?:part|chapter|(?:sub){0,2}section|paragraph)\*?[\[{]")
_COMMAND = re.compile(
    r"\\(?:documentclass|usepackage|title|author|date|(?:re)?newcommand|maketitle|tableofcontents|"
    r"bibliography|bibliographystyle|label|includegraphics|centering|input|include|appendix|"
    r"clearpage|newpage|toprule|midrule|bottomrule|hline)(?![A-Za-z])"
)
_BEGIN = re.compile(
    r"\\begin\{([^{}\[\]\\]*)\}((?:\[[^\]]*\]|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\\centering(?![A-Za-z]))*)"
)
_END = re.compile(r"\\end\{([^{}]*)\}")
_MATH = re.compile(r"\\begin\{((?:equation|align|gather|multline|displaymath)\*?)\}|\\\[")
_NO_MATH = re.compile(rf"{_SECTION.pattern}|{_MATH.pattern}|\\end\{{(?:document|table)\}}")
"""What no displayed equation holds: one that comes to it was not closed."""
_RAW = re.compile(r"\\begin\{(verbatim|lstlisting|minted|comment)\}")
_LABEL = re.compile(r"\\label\{([^{}]*)\}")
_ESCAPED = re.compile(r"\\.")
_ENTRY_LINE = re.compile(r"@\w+\s*\{")
_LONGEST_ARGUMENT = 40
"""Lines after which a brace that is still open counts as forgotten."""


# --- articles: reading -------------------------------------------------------------------------


def _folded(lines: Sequence[str]) -> str:
    """Lines as one, with single spaces; only a comment keeps the line break that ends it."""
    parts: list[str] = []
    for line in lines:
        parts += [" ".join(line.split()), " \n" if _has_comment(line) else " "]
    return "".join(parts[:-1])


def _has_comment(line: str) -> bool:
    return "%" in _ESCAPED.sub("", line)


def _open_braces(line: str) -> int:
    bare = _ESCAPED.sub("", line).partition("%")[0]
    return bare.count("{") - bare.count("}")


class _Reader:
    """Reads an article line by line; what is left of a line goes back on the pile."""

    def __init__(self, text: str) -> None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.pile = lines[::-1]
        self.units: list[Unit] = []
        self.columns: list[str] | None = None
        self.in_table = False
        self._prose: list[str] = []
        self._prose_kind = PARAGRAPH
        self._row: list[str] = []
        ends = [(i, line.strip()) for i, line in enumerate(self.pile) if "\\end{" in line]
        self._last_end = {line: i for i, line in reversed(ends)}

    def read(self) -> list[Unit]:
        """Every unit in order."""
        while self.pile:
            raw = self.pile.pop()
            line = raw.strip()
            if not line:
                self._flush()
            elif not (line[0] == "\\" and self._structure(raw, line)):
                self._running(line)
        self._flush()
        return self.units

    def _add(self, kind: str, text: str, *, structural: bool = False) -> None:
        self._flush()
        self.units.append(Unit(kind, text=text, structural=structural))

    def _flush(self) -> None:
        """Finish the paragraph, item or row that was being read."""
        if self._row:
            cells, self._row = " ".join(self._row), []
            self._cells(cells)
        if self._prose or self._prose_kind == ITEM:
            lines, kind = self._prose, self._prose_kind
            self._prose, self._prose_kind = [], PARAGRAPH
            layout = "\n".join(lines) if kind == PARAGRAPH else None
            self.units.append(Unit(kind, text=_folded(lines), layout=layout))

    def _running(self, line: str) -> None:
        """Text, a comment, or a piece of a table's row."""
        if line[0] == "%":
            self._add(COMMENT, " ".join(line.split()))
        elif line[0] == "@" and _ENTRY_LINE.match(line):
            self._entry(line)
        elif self.in_table or self._row or ("&" in line and line.endswith("\\\\")):
            self._row_piece(line)
        else:
            self._prose.append(line)

    def _entry(self, line: str) -> None:
        """An entry of an embedded bibliography, up to the next one or to a command."""
        self._flush()
        lines = [line]
        while self.pile and not re.match(r"\s*(?:@|\\[a-z])", self.pile[-1]):
            lines.append(self.pile.pop())
        self.units += _bib_units("\n".join(lines))

    def _row_piece(self, line: str) -> None:
        if not self._row:
            self._flush()
        cells, end, rest = line.partition("\\\\")
        self._row.append(cells.strip())
        if end:
            self._flush()
            self._back(rest)

    def _back(self, rest: str) -> None:
        if rest.strip():
            self.pile.append(rest)

    def _cells(self, text: str) -> None:
        """A table's first row names its columns."""
        cells = [" ".join(cell.split()) for cell in re.split(r"(?<!\\)&", text)]
        if self.columns is None:
            self.columns = _column_names(cells)
            self.units.append(Unit(HEAD, text="\t".join(cells), structural=True))
            return
        names = (
            self.columns if len(self.columns) == len(cells) else _column_names([""] * len(cells))
        )
        fields = {name: typed(cell) for name, cell in zip(names, cells, strict=True)}
        self.units.append(Unit(ROW, fields))

    def _structure(self, raw: str, line: str) -> bool:
        """A line that begins with a command of the document's structure."""
        if found := _RAW.match(line):
            if self._verbatim(raw, found[1]):
                return True
        elif found := _MATH.match(line):
            self._equation(line, f"\\end{{{found[1]}}}" if found[1] else "\\]")
            return True
        if found := _BEGIN.match(line):
            self._add(BEGIN, " ".join(f"{found[1]}{found[2]}".split()), structural=True)
            self._enter_table("tabular" in found[1])
        elif found := _END.match(line):
            self._add(END, " ".join(found[1].split()), structural=True)
            self._enter_table(False)
        else:
            return self._line(line)
        self._back(line[found.end() :])
        return True

    def _enter_table(self, entered: bool) -> None:
        self.in_table = entered
        if entered:
            self.columns = None

    def _line(self, line: str) -> bool:
        if re.match(r"\\item(?![A-Za-z])", line):
            self._flush()
            self._prose_kind = ITEM
            self._prose = [rest] if (rest := line.removeprefix("\\item").strip()) else []
        elif line.startswith("\\caption"):
            self._argument(CAPTION, line, structural=False)
        elif _SECTION.match(line):
            self._enter_table(False)
            self._argument(SECTION, line, structural=True)
        elif _COMMAND.match(line):
            self._command(line)
        else:
            return False
        return True

    def _command(self, line: str) -> None:
        self._flush()
        if line.startswith("\\toprule"):
            self._enter_table(True)
        last = self.units[-1] if self.units else None
        if last and last.kind == SECTION and _LABEL.fullmatch(line) and "\\label" not in last.text:
            self.units[-1] = replace(last, text=last.text + line)
        else:
            self._argument(COMMAND, line, structural=True)

    def _argument(self, kind: str, line: str, *, structural: bool) -> None:
        """A command, on to the line that closes its braces; one that never does is opaque."""
        lines, owed = [line], _open_braces(line)
        while owed > 0 and len(lines) < _LONGEST_ARGUMENT and self.pile and self.pile[-1].strip():
            lines.append(self.pile.pop().strip())
            owed += _open_braces(lines[-1])
        if owed <= 0:
            self._add(kind, _folded(lines), structural=structural)
            return
        self.pile += lines[:0:-1]
        self._flush()
        self.units.append(opaque(line))

    def _equation(self, line: str, end: str) -> None:
        """A displayed equation, which no blank line or heading can be part of."""
        self._flush()
        lines = [line]
        while end not in lines[-1]:
            following = self.pile[-1].strip() if self.pile else ""
            if not following or _NO_MATH.match(following):
                self.units += [opaque(each) for each in lines]
                return
            lines.append(self.pile.pop().strip())
        last, _, rest = lines[-1].partition(end)
        self.units.append(Unit(EQUATION, text=_folded([*lines[:-1], last + end])))
        self._back(rest)

    def _verbatim(self, raw: str, name: str) -> bool:
        """Lines that count as they stand, if their end is on a line of its own further down."""
        end = f"\\end{{{name}}}"
        if self._last_end.get(end, len(self.pile)) >= len(self.pile):
            return False
        self._flush()
        lines = [raw.strip()]
        while self.pile and lines[-1].strip() != end:
            lines.append(self.pile.pop().rstrip())
        lines[-1] = lines[-1].strip()
        self.units.append(Unit(VERBATIM, text="\n".join(lines)))
        return True


def _column_names(cells: Sequence[str]) -> list[str]:
    """A name for every column: its head, or its number where that is missing or not unique."""
    counts = Counter(cells)
    return [c if c and counts[c] == 1 else f"column {i}" for i, c in enumerate(cells, 1)]


# --- articles: writing -------------------------------------------------------------------------


class LatexFormat(Format):
    """An article or a part of one."""

    def parse(self, text: str) -> list[Unit]:
        """A unit a paragraph, item, equation, caption, row, comment or structural command."""
        return _Reader(text).read()

    def render(self, units: Sequence[Unit]) -> str:
        """One line a unit, blank lines around headings and paragraphs."""
        parts: list[str] = []
        before: Unit | None = None
        for unit in units:
            if before is not None and _apart(before.kind, unit.kind):
                parts.append("\n")
            parts.append(f"{_source(unit)}\n")
            before = unit
        return "".join(parts)


LATEX = LatexFormat()


def _apart(before: str, after: str) -> bool:
    """Whether a blank line stands between two units."""
    if COMMENT in (before, after):
        return after == SECTION
    return after == SECTION or PARAGRAPH in (before, after) or before == after == ENTRY


def _source(unit: Unit) -> str:
    if unit.layout is not None:
        return unit.layout
    match unit.kind:
        case "begin":
            return re.sub(r"^[^{\[\\]*", r"\\begin{\g<0>}", unit.text)
        case "end":
            return f"\\end{{{unit.text}}}"
        case "item":
            return f"\\item {unit.text}".rstrip()
        case "head":
            return " & ".join(unit.text.split("\t")) + " \\\\"
        case "row":
            return " & ".join(written(value) for value in unit.fields.values()) + " \\\\"
        case "equation":
            return _displayed(unit.text)
        case "entry":
            return _bib_source(unit)
        case _:
            return unit.text


def _displayed(text: str) -> str:
    """An equation with its first and last command on lines of their own."""
    found = re.fullmatch(
        r"(\\begin\{[\w*]+\}(?:\\label\{[^{}]*\})?)\s?(.*?)\s?(\\end\{[\w*]+\})", text, re.DOTALL
    )
    return f"{found[1]}\n  {found[2]}\n{found[3]}" if found else text


# --- bibliographies ----------------------------------------------------------------------------

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^\s,{}\"]+)\s*,")
_FIELD = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*")
_QUOTED = re.compile(r'"([^"]*)"')
_BARE = re.compile(r"[\w.:+-]+")
_TYPE, _KEY = "entry_type", "cite_key"


class BibFormat(Format):
    """A BibTeX file: a unit an entry; the order of its fields and its quotes mean nothing."""

    def parse(self, text: str) -> list[Unit]:
        """Entries in order; lines that belong to none are opaque."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        starts = [m.start() for m in re.finditer(r"^[ \t]*@", text, re.MULTILINE)]
        bounds = [0, *starts, len(text)]
        chunks = (text[a:b] for a, b in pairwise(bounds))
        return [unit for chunk in chunks for unit in _bib_units(chunk)]

    def render(self, units: Sequence[Unit]) -> str:
        """One field a line, an empty line between entries."""
        return "\n".join(f"{_bib_source(unit)}\n" for unit in units)


BIB = BibFormat()


def _bib_units(chunk: str) -> Iterator[Unit]:
    at = len(chunk) - len(chunk.lstrip())
    found = _ENTRY.match(chunk, at)
    if found:
        fields: dict[str, Value] = {_TYPE: found[1].lower(), _KEY: found[2]}
        at, closed = _bib_fields(chunk, found.end(), fields)
        unit = Unit(ENTRY, fields, key=_KEY)
        yield replace(unit, layout=chunk[:at].strip()) if closed else unit
    for line in chunk[at:].splitlines():
        if line.strip().startswith("%"):
            yield Unit(COMMENT, text=" ".join(line.split()))
        elif line.strip():
            yield opaque(line)


def _bib_fields(chunk: str, at: int, fields: dict[str, Value]) -> tuple[int, bool]:
    """Read fields up to the brace that closes the entry, or to what cannot be read."""
    while found := _FIELD.match(chunk, at):
        value = _bib_value(chunk, found.end())
        name = found[1].lower()
        if value is None or name in fields:
            return at, False
        fields[name] = typed(" ".join(value[0].split()))
        at = value[1]
        comma = re.compile(r"\s*,").match(chunk, at)
        if comma is None:
            break
        at = comma.end()
    closing = re.compile(r"\s*\}").match(chunk, at)
    return (closing.end(), True) if closing else (at, False)


def _bib_value(chunk: str, at: int) -> tuple[str, int] | None:
    """A value in braces, in quotes, or bare, and where it ends."""
    if chunk[at : at + 1] != "{":
        found = _QUOTED.match(chunk, at) or _BARE.match(chunk, at)
        return (found[found.lastindex or 0], found.end()) if found else None
    depth = 0
    for mark in re.compile(r"\\.|[{}]").finditer(chunk, at):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth == 0:
            return chunk[at + 1 : mark.start()], mark.end()
    return None


def _bib_source(unit: Unit) -> str:
    if unit.layout is not None or unit.kind != ENTRY:
        return unit.text if unit.layout is None else unit.layout
    values = {name: written(value) for name, value in unit.fields.items()}
    kind, key = values.pop(_TYPE, "misc"), values.pop(_KEY, "unknown")
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items())
    return f"@{kind}{{{key},\n{fields}}}"


# --- edits: sections ---------------------------------------------------------------------------

_AFTER_SECTIONS = re.compile(r"\\(?:bibliography|bibliographystyle|appendix)(?![a-z])")


def _span(units: Sequence[Unit], label: str) -> tuple[int, int] | None:
    """Where the section with a label stands, subsections included."""
    starts = [i for i, u in enumerate(units) if _is_top(u)]
    start = next((i for i in starts if f"\\label{{{label}}}" in units[i].text), None)
    if start is None:
        return None
    for end in range(start + 1, len(units)):
        if _is_top(units[end]) or _ends_sections(units[end]):
            return start, end
    return start, len(units)


def _is_top(unit: Unit) -> bool:
    return unit.kind == SECTION and unit.text.startswith(("\\section{", "\\section*{"))


def _ends_sections(unit: Unit) -> bool:
    if unit.kind == END:
        return unit.text == "document"
    return unit.kind == COMMAND and _AFTER_SECTIONS.match(unit.text) is not None


def _section_labels(document: Document) -> list[str]:
    tops = [u for u in document.units() if _is_top(u)]
    return [found[1] for u in tops if (found := _LABEL.search(u.text))]


def move_section(document: Document, *, file: str, label: str, target: str) -> Document:
    """Move a section behind another one; a comment marks where it was."""
    units = list(document.files.get(file, ()))
    span = _span(units, label)
    if span is None or _span(units, target) is None:
        return document
    moved = units[span[0] : span[1]]
    units[span[0] : span[1]] = [Unit(COMMENT, text=f"% moved: {label}")]
    place = _span(units, target)
    at = place[1] if place else len(units)
    return document.replacing(file, [*units[:at], *moved, *units[at:]])


def return_section(document: Document, *, file: str, label: str) -> Document:
    """Move a section to the comment that marks its place."""
    units = list(document.files.get(file, ()))
    span = _span(units, label)
    if span is None or not any(_marks(u, label) for u in units):
        return document
    moved = units[span[0] : span[1]]
    del units[span[0] : span[1]]
    at = next((i for i, u in enumerate(units) if _marks(u, label)), None)
    if at is None:
        return document
    return document.replacing(file, [*units[:at], *moved, *units[at + 1 :]])


def _marks(unit: Unit, label: str) -> bool:
    return unit.kind == COMMENT and unit.text == f"% moved: {label}"


def split_sections(document: Document, *, file: str, places: Mapping[str, str]) -> Document:
    r"""Move sections into files of their own, each read by an `\input`."""
    for label, place in places.items():
        units = list(document.files.get(file, ()))
        span = _span(units, label)
        if span:
            moved = units[span[0] : span[1]]
            units[span[0] : span[1]] = [_input(place)]
            document = document.replacing(file, units).replacing(place, moved)
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
    return Unit(COMMAND, text=f"\\input{{{place.removesuffix('.tex')}}}", structural=True)


# --- edits: the bibliography -------------------------------------------------------------------


def extract_entries(document: Document, *, file: str, target: str) -> Document:
    """Move the entries that an article brings along into a file."""
    units = document.files.get(file, ())
    rest = [u for u in units if u.kind != ENTRY and not _embeds(u, target)]
    return document.replacing(file, rest).replacing(target, [u for u in units if u.kind == ENTRY])


def embed_entries(document: Document, *, file: str, source: str) -> Document:
    """Let an article bring its entries along, at its top."""
    entries = [u for u in document.files.get(source, ()) if u.kind == ENTRY]
    embedded = _environment("filecontents*", entries, f"{{{source}}}")
    units = document.files.get(file, ())
    return document.replacing(source, None).replacing(file, [*embedded, *units])


def _embeds(unit: Unit, name: str) -> bool:
    return unit in _environment("filecontents*", (), f"{{{name}}}")


# --- edits: words ------------------------------------------------------------------------------

_CITES = re.compile(r"(\\(?:no)?cite[a-z]*\*?(?:\[[^\]]{0,200}\]){0,2}\{)([^{}]*)(?=\})")
_REFERS = re.compile(r"(\\(?:label|ref|eqref|autoref|pageref|cref|Cref)\{)([^{}]*)(?=\})")


def rename_citations(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename citation keys where they are cited and where they are defined."""

    def entry(unit: Unit) -> Unit:
        key = unit.fields.get(_KEY)
        if not isinstance(key, str) or key not in names:
            return unit
        return programs.with_fields(unit, {**unit.fields, _KEY: names[key]})

    return programs.each(rename_labels(document, names=names, where=_CITES), ENTRY, entry)


def rename_labels(
    document: Document, *, names: Mapping[str, str], where: re.Pattern[str] = _REFERS
) -> Document:
    """Rename labels where they are set and where they are referred to."""

    def keys(found: re.Match[str]) -> str:
        old = [key.strip() for key in found[2].split(",")]
        return found[1] + ",".join(names.get(key, key) for key in old)

    return _in_articles(document, lambda text: where.sub(keys, text))


def _in_articles(
    document: Document, change: Callable[[str], str], kinds: Sequence[str] = ()
) -> Document:
    """Change the text and the cells of an article's units, or of some kinds of them."""

    def changed(unit: Unit) -> Unit:
        if kinds and unit.kind not in kinds:
            return unit
        fields = {n: change(v) if isinstance(v, str) else v for n, v in unit.fields.items()}
        text = change(unit.text)
        same = text == unit.text and fields == unit.fields
        return unit if same else replace(unit, text=text, fields=fields, layout=None)

    return Document(
        {
            name: tuple(changed(u) for u in units) if name.endswith(".tex") else units
            for name, units in document.files.items()
        }
    )


def replace_command(document: Document, *, old: str, new: str) -> Document:
    """Write another command for a command with an argument."""
    return _in_articles(document, lambda text: text.replace(f"{old}{{", f"{new}{{"), _PROSE)


def define_terms(document: Document, *, terms: Mapping[str, str]) -> Document:
    """Define a command for each term, and use it."""
    if not terms:
        return document
    either = "|".join(map(re.escape, terms))
    pattern = re.compile(rf"(?<![\\\w])(?:{either})(?!\w)")
    used = _in_articles(document, lambda t: pattern.sub(lambda m: f"{terms[m[0]]}{{}}", t), _PROSE)
    new = [_definition(command, term) for term, command in terms.items()]
    files = {}
    for name, units in used.files.items():
        at = next((i for i, u in enumerate(units) if _opens(u)), None)
        files[name] = units if at is None else (*units[:at], *new, *units[at:])
    return Document(files)


def spell_out(document: Document, *, commands: Mapping[str, str]) -> Document:
    """Write terms for their commands, and drop the definitions."""

    def spelled(text: str) -> str:
        for command, term in commands.items():
            text = text.replace(f"{command}{{}}", term)
        return text

    gone = {_definition(command, term).text for command, term in commands.items()}
    return Document(
        {
            name: tuple(u for u in units if u.kind != COMMAND or u.text not in gone)
            for name, units in _in_articles(document, spelled, _PROSE).files.items()
        }
    )


def _definition(command: str, term: str) -> Unit:
    return Unit(COMMAND, text=f"\\newcommand{{{command}}}{{{term}}}", structural=True)


def _opens(unit: Unit) -> bool:
    return unit.kind == BEGIN and unit.text == "document"


# --- edits: floats -----------------------------------------------------------------------------

_FLOAT = re.compile(r"(?:table|figure)\*?(?![A-Za-z*])")


def _floats(units: Sequence[Unit]) -> Iterator[tuple[str, int, int]]:
    """The label of each table and figure, and where it stands."""
    start: int | None = None
    for i, unit in enumerate(units):
        if unit.kind == BEGIN and _FLOAT.match(unit.text):
            start = i
        elif unit.kind == END and _FLOAT.match(unit.text) and start is not None:
            labels = (_LABEL.fullmatch(u.text) for u in units[start:i] if u.kind == COMMAND)
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
        span = next(((a, b) for label, a, b in _floats(units) if label == table), None)
        files[name] = (
            (*units[: span[0]], *change(units[span[0] : span[1]]), *units[span[1] :])
            if span
            else units
        )
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
    for label, start, end in _floats(units):
        for i in range(start, end):
            if units[i].kind == CAPTION and (
                inner := re.fullmatch(r"\\caption\{(.*)\}", units[i].text)
            ):
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
        found = _LABEL.fullmatch(unit.text) if unit.kind == COMMAND else None
        merged += [*captions.pop(found[1], ()), unit] if found else [unit]
    return document.replacing(source, None).replacing(file, merged)


# --- sentences ---------------------------------------------------------------------------------

ORDER = "order"
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
RENAME_CITATIONS = Verb(
    "Rename these citation keys in the bibliography and wherever they are cited: {**names}.",
    rename_citations,
)
RENAME_LABELS = Verb(
    "Rename these labels where they are set and wherever they are referred to: {**names}.",
    rename_labels,
)
REPLACE_COMMAND = Verb(
    "In paragraphs, list items and captions, write the command {new} instead of {old} wherever it "
    "takes an argument; the arguments stay as they are.",
    replace_command,
)
DEFINE = Verb(
    "Introduce a command for each of these terms: {**terms}. Define them with `\\newcommand`, one "
    "a line in this order, directly above the line that begins the `document` environment. In "
    "paragraphs, list items and captions write the command followed by `{}` wherever the term "
    "occurs in exactly this spelling, as whole words.",
    define_terms,
)
SPELL_OUT = Verb(
    "Spell out these commands, which are followed by `{}`, in paragraphs, list items and captions: "
    "{**commands}. Delete the `\\newcommand` lines that define them.",
    spell_out,
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
    partial(programs.sort, kind=ENTRY, field=_KEY),
)
DROP = Verb(
    "Delete the field {field} from every entry of the bibliography.",
    partial(programs.drop, kind=ENTRY),
)
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


# --- planners ----------------------------------------------------------------------------------

_SMALLER = {
    "(kg)": ("(g)", "1000"), "(s)": ("(ms)", "1000"), "(m)": ("(cm)", "100"),
    "(h)": ("(min)", "60"), "(L)": ("(mL)", "1000"),
}  # fmt: skip


def _article(document: Document) -> str:
    """The file that holds the document environment, or an empty name."""
    return next((n for n, units in document.files.items() if any(map(_opens, units))), "")


def _exact(document: Document, planned: Edit) -> Edit | None:
    """An edit that changes and restores the document, or nothing where it is not made for it."""
    between = planned.forward(document)
    return planned if between != document and planned.backward(between) == document else None


def _contains(document: Document, *needles: str) -> bool:
    cells = (str(v) for u in document.units() for v in (u.text, *u.fields.values()))
    return any(needle in text for text in cells for needle in needles)


def plan_move(document: Document, rng: Random) -> Edit | None:
    """A section changes its place."""
    file, labels = _article(document), _section_labels(document)
    if len(labels) < 2 or len(set(labels)) < len(labels) or not sayable(*labels):
        return None
    at = rng.randrange(len(labels))
    targets = [x for i, x in enumerate(labels) if i not in (at - 1, at)]
    if not targets:
        at, targets = 0, labels[1:]
    label = labels[at]
    forward = MOVE(file=file, label=label, target=rng.choice(targets))
    return _exact(
        document, edit("move_section", "move", [forward], [MOVE_TO_MARK(file=file, label=label)])
    )


def plan_split(document: Document, _: Random) -> Edit | None:
    """A file for each of the first sections."""
    file, labels = _article(document), _section_labels(document)[:6]
    places = {label: f"{re.sub(r'[^a-z0-9]+', '_', label.lower())}.tex" for label in labels}
    clash = set(places.values()) & set(document.files) or len(set(places.values())) < len(labels)
    if len(labels) < 2 or clash or not sayable(*labels):
        return None
    forward = SPLIT(file=file, places=places)
    backward = MERGE(file=file, places=tuple(places.values()))
    return _exact(document, edit("split_sections", "split", [forward], [backward]))


def plan_citations(document: Document, rng: Random) -> Edit | None:
    """Citation keys in another style."""
    entries = [u for u in document.units() if u.kind == ENTRY]
    keys = [key for key in programs.text_values(entries, _KEY) if sayable(key)]
    chosen = rng.sample(keys, min(len(keys), rng.randint(2, 8)))
    names = {key: f"ref-{key}" for key in chosen}
    if not names or _contains(document, *names.values()):
        return None
    forward = RENAME_CITATIONS(names=names)
    backward = RENAME_CITATIONS(names=programs.inverse(names))
    return _exact(document, edit("rename_citations", "rename", [forward], [backward]))


def plan_labels(document: Document, _: Random) -> Edit | None:
    """Labels numbered by kind, in the order they are set."""
    labels = list(dict.fromkeys(x for u in document.units() for x in _LABEL.findall(u.text)))
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for label in labels[:12]:
        prefix = label.partition(":")[0] if ":" in label else "lab"
        counts[prefix] += 1
        names[label] = f"{prefix}:no{counts[prefix]}"
    if not names or not sayable(*names) or _contains(document, *names.values()):
        return None
    forward, backward = RENAME_LABELS(names=names), RENAME_LABELS(names=programs.inverse(names))
    return _exact(document, edit("number_labels", "renumber", [forward], [backward]))


def plan_emphasis(document: Document, _: Random) -> Edit | None:
    """Another command for emphasis."""
    old, new = "\\emph", "\\textit"
    if _contains(document, new):
        return None
    forward, backward = REPLACE_COMMAND(old=old, new=new), REPLACE_COMMAND(old=new, new=old)
    return _exact(document, edit("emphasis", "substitute", [forward], [backward]))


def plan_terms(document: Document, _: Random) -> Edit | None:
    """Commands for the two terms that occur most."""
    pairs: Counter[str] = Counter()
    for unit in document.units():
        if unit.kind in _PROSE:
            pairs.update(re.findall(r"(?<![\\\w])[a-z]{4,12} [a-z]{5,12}(?![\w{])", unit.text))
    terms: dict[str, str] = {}
    for pair, _count in sorted(pairs.items(), key=lambda each: (-each[1], each[0])):
        if len(terms) < 2 and not set(pair.split()) & {w for t in terms for w in t.split()}:
            terms[pair] = "\\" + pair.replace(" ", "")
    if not terms or _contains(document, *terms.values()):
        return None
    forward, backward = DEFINE(terms=terms), SPELL_OUT(commands=programs.inverse(terms))
    return _exact(document, edit("terms", "normalise", [forward], [backward]))


def plan_bibliography(document: Document, rng: Random) -> Edit | None:
    """Sort the bibliography; the old order rides along."""
    entries = [u for u in document.units() if u.kind == ENTRY]
    if len(entries) < 2 or any(ORDER in u.fields for u in entries):
        return None
    by_year = all(isinstance(u.fields.get("year"), Decimal) for u in entries)
    sort = SORT(field="year") if by_year and rng.random() < 0.5 else SORT_BY_KEY()
    return edit(
        "sort_bibliography",
        "sort",
        [NUMBER(field=ORDER), sort],
        [SORT(field=ORDER), DROP(field=ORDER)],
    )


def plan_entries(document: Document, _: Random) -> Edit | None:
    """The bibliography to a file of its own."""
    file, target = _article(document), "references.bib"
    if target in document.files:
        return None
    forward = ENTRIES_OUT(file=file, target=target)
    backward = ENTRIES_IN(file=file, source=target)
    return _exact(document, edit("bibliography_file", "extract", [forward], [backward]))


def _tables(document: Document) -> dict[str, list[Unit]]:
    """The rows of every labelled table that has some."""
    found: dict[str, list[Unit]] = {}
    for units in document.files.values():
        for label, start, end in _floats(units):
            rows = [u for u in units[start:end] if u.kind == ROW]
            if rows and label not in found and sayable(label):
                found[label] = rows
    return found


def plan_column(document: Document, rng: Random) -> Edit | None:
    """A column in a smaller unit of measure."""
    choices = [
        (table, name, unit)
        for table, rows in _tables(document).items()
        for name in rows[0].fields
        for unit in _SMALLER
        if name.endswith(unit) and isinstance(rows[0].fields[name], Decimal) and sayable(name)
    ]
    if not choices:
        return None
    table, column, unit = rng.choice(choices)
    smaller, factor = _SMALLER[unit]
    heading = column.removesuffix(unit) + smaller
    forward = MULTIPLY(table=table, column=column, factor=factor, heading=heading)
    backward = DIVIDE(table=table, column=heading, factor=factor, heading=column)
    return _exact(document, edit("convert_column", "scale", [forward], [backward]))


def plan_rows(document: Document, rng: Random) -> Edit | None:
    """A table's data to a file."""
    tables = _tables(document)
    if not tables:
        return None
    table = rng.choice(list(tables))
    target = f"{re.sub(r'[^a-z0-9]+', '_', table.lower())}.csv"
    if target in document.files:
        return None
    forward, backward = ROWS_OUT(table=table, target=target), ROWS_IN(table=table, source=target)
    return _exact(document, edit("table_data", "extract", [forward], [backward]))


def plan_captions(document: Document, _: Random) -> Edit | None:
    """Captions to a list for the copy editor."""
    file, target = _article(document), "captions.csv"
    if not any(u.kind == CAPTION for u in document.units()) or target in document.files:
        return None
    forward = CAPTIONS_OUT(file=file, target=target)
    backward = CAPTIONS_IN(file=file, source=target)
    return _exact(document, edit("captions", "extract", [forward], [backward]))


def plan_house_style(document: Document, rng: Random) -> Edit | None:
    """Composed: emphasis, citation keys and the order of the bibliography."""
    return compose(
        "house_style",
        plan_emphasis(document, rng),
        plan_citations(document, rng),
        plan_bibliography(document, rng),
    )


def plan_resubmission(document: Document, rng: Random) -> Edit | None:
    """Composed: move a section, introduce commands, number the labels."""
    return compose(
        "resubmission",
        plan_move(document, rng),
        plan_terms(document, rng),
        plan_labels(document, rng),
    )


def plan_data_room(document: Document, rng: Random) -> Edit | None:
    """Composed: convert a column, then captions to a file, then sections to files."""
    return compose(
        "data_room",
        plan_column(document, rng),
        plan_captions(document, rng),
        plan_split(document, rng),
    )


class Latex(Domain):
    """Articles and their bibliographies."""

    name = "latex"
    category = "creative"
    formats: ClassVar = {".tex": LATEX, ".bib": BIB, ".csv": CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        MOVE, MOVE_TO_MARK, SPLIT, MERGE, RENAME_CITATIONS, RENAME_LABELS, REPLACE_COMMAND,
        ENTRIES_OUT, ENTRIES_IN, DEFINE, SPELL_OUT, NUMBER, SORT, SORT_BY_KEY, DROP, MULTIPLY,
        DIVIDE, ROWS_OUT, ROWS_IN,
        CAPTIONS_OUT, CAPTIONS_IN,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = (
        plan_move, plan_split, plan_citations, plan_labels, plan_emphasis, plan_terms,
        plan_bibliography, plan_entries, plan_column, plan_rows, plan_captions, plan_house_style,
        plan_resubmission, plan_data_room,
    )  # fmt: skip
    clips: ClassVar = {COMMAND: 0.7, SECTION: 0.75, BEGIN: 0.7, END: 0.7, HEAD: 0.7, EQUATION: 0.5}
    floor = 0.16

    def generate(self, rng: Random, size: int) -> Files:
        """An article of an applied laboratory, and its references."""
        return {"paper.tex": _paper(rng, round(size * 3.5))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; paragraphs wrapped; more blank lines; quotes for braces."""
        quoted = re.sub(r"(?m)^(  \w+ = )\{([^{}\"]*)\}", r'\1"\2"', text)
        wrapped = re.sub(r"(?m)^((?![\\%@ ]).{20,60}?) ", r"\1\n   ", text)
        variants = [text.replace("\n", "\r\n"), text.replace("\n\n", "\n\n  \n\n"), quoted, wrapped]
        return [variant for variant in variants if variant != text]

    def distractors(self, rng: Random, size: int) -> Files:
        """A supplement and a memo."""
        return {
            "supplement.tex": _paper(rng, round(size * 1.7)),
            "notes.md": content.memo(rng, size // 2),
        }


# --- content -----------------------------------------------------------------------------------

_SPECIMENS = (  # noqa: SIM905 - easier to read
    "clay brick|leaf extract|river sample|steel coupon|bread dough|hemp fibre|lime mortar|"
    "lake sediment|apple cultivar|solar cell|glass bead|wool yarn|bean seedling|copper electrode"
).split("|")
_INSTRUMENTS = (  # noqa: SIM905 - easier to read
    "bench spectrometer|drop tower|climate chamber|laser micrometer|titration unit|load frame|"
    "thermal camera|optical microscope|flow meter|vacuum furnace|field logger|particle counter"
).split("|")
_PROPERTIES = (  # noqa: SIM905 - easier to read
    "tensile strength|water uptake|drying time|surface roughness|sugar content|grain size|"
    "heat loss|colour shift|salt tolerance|bending stiffness|cell voltage|pore volume"
).split("|")
_CAUSES = (  # noqa: SIM905 - easier to read
    "uneven cooling|repeated washing|low humidity|surface oxidation|early harvest|fine dust|"
    "slow evaporation|sensor drift|mixed batches|prolonged storage|weak bonding|trace metals"
).split("|")
_FINDINGS = (
    "The {p} of every {s} fell by {n}\\,\\% within {d} days",
    "Neither {c} nor {c2} explains why {d} specimens of {s} failed at {n}~N",
    "{n} readings from the {i} were discarded on account of {c}",
    "Under {c}, {p} grew almost linearly up to {n}~hours",
    "A second {i} confirmed the {p} to within {n} parts per thousand",
    "Contrary to \\cite{{{k}}}, we see \\emph{{no}} effect of {c} on {p}",
    "Each {s} rested {d} days before the {i} took {n} scans",
    "Models of {p} that leave out {c} err by as much as {n} units",
    "What \\cite{{{k}}} call {c} amounts to {n} of our {s} runs",
    "Only {d} laboratories own a {i}, so {n} tests were shared between {o} and {o2}",
    "We trace the jump at {n}~K to {c} inside the {s}",
    "Field crews near {o} logged {p} at {n} sites over {d} weeks",
    "Doubling the dose left {p} unchanged for {n} out of {d}0 batches",
    "Section~\\ref{{{l}}} returns to {c} once {p} is known",
)
_OPENING = _FINDINGS[5]
_TITLES = (  # noqa: SIM905 - easier to read
    "Methods Results Materials Background Discussion Calibration Sampling Outlook Uncertainty "
    "Limitations Validation Modelling Fieldwork Preparation"
).split()
_JOURNALS = (  # noqa: SIM905 - easier to read
    "Journal of Applied Materials|Annals of Measurement|Food and Fibre Letters|Soil Reports|"
    "Building Physics Review|Archives of Testing|Crop Methods|Proceedings of Sensor Days"
).split("|")
_COLUMNS = ("Mass (kg)", "Time (s)", "Length (m)", "Dwell (h)", "Volume (L)")


class _Author:
    """Writes one paper; knows the labels and the keys that there are."""

    def __init__(self, rng: Random, characters: int) -> None:
        self.rng = rng
        self.size = characters
        self.titles = rng.sample(_TITLES, max(2, min(len(_TITLES), characters // 2500)))
        self.labels = [f"sec:{title.lower()}" for title in self.titles]
        self.entries = self._entries(max(2, characters // 1100))
        self.keys = [str(u.fields[_KEY]) for u in self.entries]
        self.floats = iter(range(1, 10_000))

    def _entries(self, count: int) -> list[Unit]:
        names = [f"{self.rng.choice(content.LAST_NAMES)}" for _ in range(count)]
        numbers = self.rng.sample(range(100, 100 + 20 * count), count)
        return [self._entry(name, n) for name, n in zip(names, numbers, strict=True)]

    def _entry(self, name: str, number: int) -> Unit:
        rng = self.rng
        topic = f"{rng.choice(_PROPERTIES)} of {rng.choice(_SPECIMENS)}s".capitalize()
        fields: dict[str, Value] = {
            _TYPE: "article",
            _KEY: f"{name.lower()}{number}",
            "author": f"{name}, {rng.choice(content.FIRST_NAMES)}",
            "title": topic,
            "year": Decimal(rng.randint(1988, 2025)),
        }
        if self.size > 1000:
            fields["journal"] = rng.choice(_JOURNALS)
            fields["volume"] = Decimal(rng.randint(2, 90))
        return Unit(ENTRY, fields, key=_KEY)

    def finding(self, template: str) -> str:
        """One sentence."""
        rng = self.rng
        cause, other = rng.sample(_CAUSES, 2)
        place, elsewhere = rng.sample(content.CITIES, 2)
        return template.format(
            p=rng.choice(_PROPERTIES), s=rng.choice(_SPECIMENS), i=rng.choice(_INSTRUMENTS),
            c=cause, c2=other, o=place, o2=elsewhere, n=rng.randint(11, 997), d=rng.randint(2, 9),
            k=rng.choice(self.keys), l=rng.choice(self.labels),
        ) + "."  # fmt: skip

    def paragraph(self) -> Unit:
        """A paragraph of a sentence or two."""
        count = 1 if self.size < 1000 else self.rng.randint(1, 3)
        chosen = self.rng.sample(_FINDINGS, count)
        return Unit(PARAGRAPH, text=" ".join(self.finding(template) for template in chosen))

    def opening(self) -> Unit:
        """A paragraph that cites and emphasises."""
        return Unit(PARAGRAPH, text=self.finding(_OPENING))

    def bullets(self) -> list[Unit]:
        """A list."""
        items = [
            Unit(ITEM, text=self.finding(self.rng.choice(_FINDINGS)))
            for _ in range(self.rng.randint(2, 4))
        ]
        return _environment("itemize", items)

    def equation(self) -> list[Unit]:
        """An equation."""
        a, b, c = self.rng.sample("abcdfghkmnpqrstuvwxyz", 3)
        number = next(self.floats)
        body = (
            f"{a}_{{{self.rng.randint(2, 99)}}} = {self.rng.randint(2, 999)} {b} + {c}^{{{number}}}"
        )
        text = f"\\begin{{equation}}\\label{{eq:{a}{number}}} {body} \\end{{equation}}"
        return [Unit(EQUATION, text=text)]

    def table(self) -> list[Unit]:
        """A table of measurements."""
        heads = ["Specimen", *self.rng.sample(_COLUMNS, 2), "Runs"]
        rows = [
            Unit(ROW, dict(zip(heads, self._cells(), strict=True)))
            for _ in range(self.rng.randint(3, 6))
        ]
        caption = f"\\caption{{{self.finding(self.rng.choice(_FINDINGS[:4])).rstrip('.')}}}"
        inner = [_command("\\toprule"), Unit(HEAD, text="\t".join(heads), structural=True)]
        inner += [_command("\\midrule"), *rows, _command("\\bottomrule")]
        label = _command(
            f"\\label{{tab:{self.rng.choice(_PROPERTIES)[:4].strip()}{next(self.floats)}}}"
        )
        body = [Unit(CAPTION, text=caption), label, *_environment("tabular", inner, "{lrrr}")]
        return _environment("table", body, "[ht]\\centering")

    def _cells(self) -> list[Value]:
        rng = self.rng
        name = f"{rng.choice(_SPECIMENS)} {rng.choice('ABCDEFGH')}{rng.randint(10, 999)}"
        mass, time = (Decimal(rng.randint(101, 99_999)).scaleb(-2) for _ in range(2))
        return [name, mass, time, Decimal(rng.randint(2, 60))]

    def comment(self) -> list[Unit]:
        """A remark between the authors."""
        name = self.rng.choice(content.FIRST_NAMES)
        return [Unit(COMMENT, text=f"% {name}: check against run {self.rng.randint(100, 9999)}")]

    def block(self) -> list[Unit]:
        """Whatever comes next in a section."""
        others = (self.bullets, self.equation, self.table, self.comment)
        if self.size < 1500 or self.rng.random() < 0.6:
            return [self.paragraph()]
        return self.rng.choice(others)()


def _environment(name: str, units: Sequence[Unit], arguments: str = "") -> list[Unit]:
    begin = Unit(BEGIN, text=f"{name}{arguments}", structural=True)
    return [begin, *units, Unit(END, text=name, structural=True)]


def _command(text: str) -> Unit:
    return Unit(COMMAND, text=text, structural=True)


def _paper(rng: Random, characters: int) -> str:
    """An article of about so many characters, references included."""
    author = _Author(rng, characters)
    sections: list[list[Unit]] = [[] for _ in author.titles]
    sections[0].append(author.opening())
    at = 0
    written_so_far = len(BIB.render(author.entries)) + 320 + 40 * len(sections)
    while written_so_far < characters or not all(sections):
        block = author.block()
        sections[at % len(sections)] += block
        written_so_far += len(LATEX.render(block)) + 1
        at += 1
    body = [
        unit
        for title, label, units in zip(author.titles, author.labels, sections, strict=True)
        for unit in (_heading(title, label), *units)
    ]
    whole = _environment("filecontents*", author.entries, "{references.bib}")
    options = rng.choice(("", "[11pt]", "[a4paper]", "[twocolumn]", "[draft]"))
    whole.append(_command(f"\\documentclass{options}{{article}}"))
    if characters > 1000:
        topic = f"The {rng.choice(_PROPERTIES)} of the {rng.choice(_SPECIMENS)}"
        whole += [_command("\\usepackage{booktabs}"), _command(f"\\title{{{topic}}}")]
        whole += [_command(f"\\author{{{content.person(rng)}}}")]
        body.append(_command("\\bibliography{references}"))
    whole += _environment("document", body)
    return LATEX.render(whole)


def _heading(title: str, label: str) -> Unit:
    return Unit(SECTION, text=f"\\section{{{title}}}\\label{{{label}}}", structural=True)


DOMAIN = Latex()
