"""Articles: text ↔ a unit a paragraph, item, equation, caption, row, comment or command."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from worktrial.documents.domain import Format
from worktrial.documents.domains.latex.bibliography import COMMENT, ENTRY, bib_source, bib_units
from worktrial.documents.table import ROW, typed, written
from worktrial.documents.unit import Unit, opaque

COMMAND = "command"
SECTION = "section"
BEGIN = "begin"
END = "end"
PARAGRAPH = "paragraph"
ITEM = "item"
CAPTION = "caption"
EQUATION = "equation"
VERBATIM = "verbatim"
HEAD = "head"
_STRUCTURAL = {COMMAND, SECTION, BEGIN, END}

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
LABEL = re.compile(r"\\label\{([^{}]*)\}")
_ESCAPED = re.compile(r"\\.")
_ENTRY_LINE = re.compile(r"@\w+\s*\{")
_LONGEST_ARGUMENT = 40
"""Lines after which a brace that is still open counts as forgotten."""


def command(text: str) -> Unit:
    """A command of the document's structure."""
    return Unit(COMMAND, text=text, structural=True)


def environment(name: str, units: Sequence[Unit], arguments: str = "") -> list[Unit]:
    """Units between the `begin` and the `end` of an environment."""
    begin = Unit(BEGIN, text=f"{name}{arguments}", structural=True)
    return [begin, *units, Unit(END, text=name, structural=True)]


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

    def _add(self, kind: str, text: str) -> None:
        self._flush()
        self.units.append(Unit(kind, text=text, structural=kind in _STRUCTURAL))

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
        self.units += bib_units("\n".join(lines))

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
            self._add(BEGIN, " ".join(f"{found[1]}{found[2]}".split()))
            self._enter_table("tabular" in found[1])
        elif found := _END.match(line):
            self._add(END, " ".join(found[1].split()))
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
            self._argument(CAPTION, line)
        elif _SECTION.match(line):
            self._enter_table(False)
            self._argument(SECTION, line)
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
        if last and last.kind == SECTION and LABEL.fullmatch(line) and "\\label" not in last.text:
            self.units[-1] = replace(last, text=last.text + line)
        else:
            self._argument(COMMAND, line)

    def _argument(self, kind: str, line: str) -> None:
        """A command, on to the line that closes its braces; one that never does is opaque."""
        lines, owed = [line], _open_braces(line)
        while owed > 0 and len(lines) < _LONGEST_ARGUMENT and self.pile and self.pile[-1].strip():
            lines.append(self.pile.pop().strip())
            owed += _open_braces(lines[-1])
        if owed <= 0:
            self._add(kind, _folded(lines))
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
        self._add(EQUATION, _folded([*lines[:-1], last + end]))
        self._back(rest)

    def _verbatim(self, raw: str, name: str) -> bool:
        """Lines that count as they stand, if their end is on a line of its own further down."""
        end = f"\\end{{{name}}}"
        if self._last_end.get(end, len(self.pile)) >= len(self.pile):
            return False
        lines = [raw.strip()]
        while self.pile and lines[-1].strip() != end:
            lines.append(self.pile.pop().rstrip())
        self._add(VERBATIM, "\n".join([*lines[:-1], lines[-1].strip()]))
        return True


def _column_names(cells: Sequence[str]) -> list[str]:
    """A name for every column: its head, or its number where that is missing or not unique."""
    counts = Counter(cells)
    return [c if c and counts[c] == 1 else f"column {i}" for i, c in enumerate(cells, 1)]


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
            return bib_source(unit)
        case _:
            return unit.text


def _displayed(text: str) -> str:
    """An equation with its first and last command on lines of their own."""
    found = re.fullmatch(
        r"(\\begin\{[\w*]+\}(?:\\label\{[^{}]*\})?)\s?(.*?)\s?(\\end\{[\w*]+\})", text, re.DOTALL
    )
    return f"{found[1]}\n  {found[2]}\n{found[3]}" if found else text
