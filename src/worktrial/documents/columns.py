"""Records of fixed columns: what stands where in a line is declared once, to read it and write it.

A cell that isn't what its column declares is kept as the text it is and written back as it was, so
that it costs its field alone. Columns are counted from 1, as specifications count them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from worktrial.documents import table
from worktrial.documents.unit import Value

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})")


@dataclass(frozen=True, slots=True)
class Column:
    """A field's place in a line.

    Attributes:
        name: The field's.
        first: Its first column.
        last: Its last column.
        read: Of a cell without the spaces around it; gives the cell itself if it can't be read.
        write: Of a value that is not text; text is written as it is.
        left: Whether cells stand at the left of their column.
    """

    name: str
    first: int
    last: int
    read: Callable[[str], Value] = str
    write: Callable[[Value], str] = table.written
    left: bool = False


def number(name: str, first: int, last: int, *, places: int = 0, fill: str = "") -> Column:
    """A column of numbers with so many decimals, filled up from the left with `fill`."""

    def write(value: Value) -> str:
        return decimals(value, places).rjust(last - first + 1, fill or " ")

    return Column(name, first, last, as_number, write)


def as_number(cell: str) -> Value:
    """An exact number where the cell is one, else its text."""
    return Decimal(cell) + 0 if _NUMBER.fullmatch(cell) else cell


def decimals(value: Value, places: int) -> str:
    """A number with so many decimals, or more where it has more."""
    if not isinstance(value, Decimal):
        return table.written(value)
    exponent = value.as_tuple().exponent
    own = -exponent if isinstance(exponent, int) else 0
    return f"{value:.{max(places, own)}f}"


def read(line: str, columns: Sequence[Column]) -> dict[str, Value] | None:
    """The fields of a line, none for a blank cell; `None` if anything stands between columns."""
    fields: dict[str, Value] = {}
    end = 0
    for column in columns:
        if line[end : column.first - 1].strip():
            return None
        end = column.last
        cell = line[column.first - 1 : end].strip()
        if cell:
            fields[column.name] = column.read(cell)
    return None if line[end:].strip() else fields


def write(fields: Mapping[str, Value], columns: Iterable[Column]) -> str:
    """A line of these fields; what is too wide for its column pushes the rest to the right."""
    line = ""
    for column in columns:
        value = fields.get(column.name)
        cell = value if isinstance(value, str) else column.write(value) if value is not None else ""
        width = column.last - column.first + 1
        line = line.ljust(column.first - 1) + (cell.ljust if column.left else cell.rjust)(width)
    return line
