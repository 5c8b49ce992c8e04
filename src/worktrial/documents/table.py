"""Tables as CSV: the spreadsheet's own format, and one that others convert into."""

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal

from worktrial.documents.domain import Format
from worktrial.documents.programs import HEADER
from worktrial.documents.unit import Unit, Value, opaque

ROW = "row"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?")
_LONGEST_CELL = 1 << 20


def typed(cell: str) -> Value:
    """A cell's value: an exact number where it is written as one, else text.

    Leading zeros and plus signs mark codes, which are text.
    """
    return Decimal(cell) if _NUMBER.fullmatch(cell) and cell != "-0" else cell


def written(value: Value) -> str:
    """A value as a cell."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


class Csv(Format):
    """Separated values under one header: a unit a row, a field a cell.

    Quoting is meaningless, and so is the separator, for which the first of `marks` in the header is
    taken; the order of columns and of rows is not. A row with more cells than the header has names
    is opaque.
    """

    def __init__(self, marks: str = ",;\t|") -> None:
        self.marks = marks

    def parse(self, text: str) -> list[Unit]:
        """One header unit, then one unit a row."""
        csv.field_size_limit(_LONGEST_CELL)
        mark = self._mark(text)
        rows = self._rows(text, mark)
        if not rows:
            return []
        names = rows[0]
        if len(set(names)) < len(names) or any("\t" in name for name in names):
            return [opaque(mark.join(row)) for row in rows]
        layout = None if mark == self.marks[0] else mark
        header = Unit(HEADER, text="\t".join(names), structural=True, layout=layout)
        return [header, *(self._unit(names, row, mark) for row in rows[1:])]

    def _mark(self, text: str) -> str:
        header = text.lstrip("\ufeff\r\n").partition("\n")[0]
        return next((mark for mark in self.marks if mark in header), self.marks[0])

    def _rows(self, text: str, mark: str) -> list[list[str]]:
        try:
            lines = io.StringIO(text, newline="")
            return [row for row in csv.reader(lines, delimiter=mark) if row]
        except csv.Error:
            return [line.split(mark) for line in text.splitlines() if line.strip()]

    def _unit(self, names: list[str], row: list[str], mark: str) -> Unit:
        if len(row) > len(names):
            return opaque(mark.join(row))
        return Unit(ROW, {name: typed(cell) for name, cell in zip(names, row, strict=False)})

    def render(self, units: Sequence[Unit]) -> str:
        """A header, if there is one, and the rows under it."""
        names = next((u.text.split("\t") for u in units if u.kind == HEADER), None)
        names = names or list(dict.fromkeys(name for u in units for name in u.fields))
        out = io.StringIO(newline="")
        marks = (u.layout for u in units if u.kind == HEADER and u.layout)
        mark = next((m for m in marks if m in self.marks), self.marks[0])
        writer = csv.writer(out, lineterminator="\n", delimiter=mark)
        if any(u.kind == HEADER or u.fields for u in units):
            writer.writerow(names)
        for unit in units:
            if unit.kind == HEADER:
                continue
            if unit.kind == "opaque":
                out.write(f"{unit.layout or unit.text}\n")
            else:
                writer.writerow(self._cells(names, unit))
        return out.getvalue()

    def _cells(self, names: list[str], unit: Unit) -> list[str]:
        present = [name for name in names if name in unit.fields]
        width = names.index(present[-1]) + 1 if present else 1
        return [written(unit.fields.get(name, "")) for name in names[:width]]


CSV = Csv()
TSV = Csv("\t,;|")
