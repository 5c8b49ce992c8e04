"""Molecules with their data, in an SD file of V2000 mol blocks.

A unit is a molecule. Its title, the other lines of its head and its data items are fields; its
table of atoms, bonds and properties is text, a line each without the zeros that may follow.

What counts is every word, the order of molecules, and that of atoms and bonds. The numbers of atoms
and bonds follow from the table: they are written anew, and wrong ones are a field of their own.
Spaces between columns, the order of data items, and line ends mean nothing.

Known limits: numbers of three digits that touch are one word, so edits leave such bonds alone. The
second data item of one name gets a number. V3000 tables are kept, but not edited.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

MOLECULE = "molecule"
TITLE, COUNTS = "title", "counts"
_HEAD = (TITLE, "program", "comment")
_COUNTS = re.compile(r"\s*\d.*V[23]000\s*")
_ITEM = re.compile(r">\s+(.*<[^<>]+>.*)")
_PLAIN = re.compile(r"<([^<>]+)>")
_PLACE = r"-?\d{1,5}\.\d{4}"
_ATOM = re.compile(rf"{_PLACE} {_PLACE} {_PLACE} [A-Z][A-Za-z]?(?: \d{{1,3}}){{0,12}}")
_BOND = re.compile(r"\d{1,2} \d{1,2} \d(?: \d{1,2}){0,4}")
_ATOM_WORDS, _BOND_WORDS = 16, 4


class Sdf(Format):
    """Mol blocks, each with data items behind it and `$$$$` at its end."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a molecule; what has no line of counts is opaque."""
        return [_unit(lines) for lines in _records(text.splitlines()) if any(map(str.split, lines))]

    def render(self, units: Sequence[Unit]) -> str:
        """One record a unit."""
        return "".join(f"{_written(unit)}\n$$$$\n" for unit in units)


SDF = Sdf()


def _records(lines: Sequence[str]) -> Iterable[list[str]]:
    """Records by their end, or three lines before the counts of the next where it is lost."""
    record: list[str] = []
    counted = False
    for line in lines:
        if line.startswith("$$$$"):
            yield record
            record, counted = [], False
            continue
        if _COUNTS.fullmatch(line):
            if counted and len(record) > 3:
                yield record[:-3]
                record = record[-3:]
            counted = True
        record.append(line)
    yield record


def _unit(lines: Sequence[str]) -> Unit:
    at = next((i for i, line in enumerate(lines) if _COUNTS.fullmatch(line)), None)
    if at is None or at > len(_HEAD):
        return opaque("\n".join(lines))
    head = zip(_HEAD, map(str.strip, lines[:at]), strict=False)
    fields: dict[str, Value] = {name: value for name, value in head if value}
    rows, items = _body(lines[at + 1 :])
    counts = " ".join(lines[at].split())
    if counts != " ".join(_counts(rows).split()):
        fields[COUNTS] = counts
    return Unit(MOLECULE, {**fields, **items}, text="\n".join(rows))


def _body(lines: Iterable[str]) -> tuple[list[str], dict[str, Value]]:
    """The lines of the table, with any that have no place of their own, and the data items."""
    rows: list[str] = []
    items: dict[str, list[str]] = {}
    value: list[str] | None = None
    for line in lines:
        if found := _ITEM.fullmatch(line):
            value = items.setdefault(_free(_name(found[1]), items), [])
        elif not line.strip():
            value = None
        elif value is not None:
            value.append(line.strip())
        else:
            rows.append(_short(line))
    return rows, {name: table.typed("\n".join(value)) for name, value in items.items()}


def _name(head: str) -> str:
    """A data item's name, with its brackets where there is more than the name."""
    plain = _PLAIN.fullmatch(head.strip())
    return plain[1] if plain and plain[1] not in (*_HEAD, COUNTS) else " ".join(head.split())


def _free(name: str, taken: Iterable[str]) -> str:
    if name not in taken:
        return name
    whole = name if "<" in name else f"<{name}>"
    return next(n for i in range(2, 100_000) if (n := f"{whole} {i}") not in taken)


def _short(line: str) -> str:
    """A line with single spaces; an atom without the zeros at its end."""
    words = line.split()
    if len(words) == _ATOM_WORDS and _ATOM.fullmatch(" ".join(words)):
        while len(words) > 4 and words[-1] == "0":
            words.pop()
    return " ".join(words)


def _long(row: str) -> str:
    """A line with its columns as the format says."""
    words = row.split()
    if _ATOM.fullmatch(row):
        if len(words) == 4 or words[-1] != "0":
            words += ["0"] * (_ATOM_WORDS - len(words))
        places, rest = "".join(f"{w:>10}" for w in words[:3]), "".join(f"{w:>3}" for w in words[5:])
        return f"{places} {words[3]:<3}{words[4] if len(words) > 4 else '':>2}{rest}"
    if _BOND.fullmatch(row):
        return "".join(f"{w:>3}" for w in words)
    if words[0] == "M" and len(words) > 1:
        head, rest = "".join(f"{w:>3}" for w in words[2:3]), "".join(f"{w:>4}" for w in words[3:])
        return f"M  {words[1]}{head}{rest}"
    return row


def _counts(rows: Sequence[str]) -> str:
    atoms, bonds = (sum(map(bool, map(form.fullmatch, rows))) for form in (_ATOM, _BOND))
    return f"{atoms:>3}{bonds:>3}" + "  0" * 7 + "  0999 V2000"


def _written(unit: Unit) -> str:
    if unit.kind != MOLECULE:
        return unit.layout or unit.text
    cells = {name: table.written(value) for name, value in unit.fields.items()}
    rows = [row for row in unit.text.split("\n") if row]
    *numbers, version = cells.get(COUNTS, _counts(rows)).split() or [""]
    counts = "".join(word.rjust(-(-len(word) // 3) * 3) for word in numbers) + f" {version}"
    title, program, comment = (cells.get(name, "") for name in _HEAD)
    items = [
        f">  {name if '<' in name else f'<{name}>'}\n{value}\n"
        for name, value in cells.items()
        if name not in (*_HEAD, COUNTS)
    ]
    return "\n".join([title, f"  {program}".rstrip(), comment, counts, *map(_long, rows), *items])


# --- edits -------------------------------------------------------------------------------------

_NUMERIC = ("MELTING_POINT_C", "DENSITY_G_CM3", "STOCK_G", "LOT", "MASS")
RECORDS = keyed_verbs(
    MOLECULE,
    one="molecule",
    many="molecules",
    a_field="data item",
    key="ID",
    readers=dict.fromkeys(_NUMERIC, table.typed),
)
EDITS = KeyedEdits(
    RECORDS,
    kind=MOLECULE,
    keys=("ID", TITLE),
    sortable=("ID", "MELTING_POINT_C", "STOCK_G"),
    scalable={"DENSITY_G_CM3": "1000", "STOCK_G": "1000"},
    shiftable={"LOT": ("1000", "5000")},
    category="CLASS",
    removable=("STOCK_G", "MELTING_POINT_C", "FORMULA"),
    recodes={"CLASS": {"ion": "I", "amine": "A", "alcohol": "O", "sulfide": "S", "other": "X"}},
    extension=".sdf",
    plural="molecules",
)


def _rows(document: Document, change: Callable[[list[str]], Iterable[str]]) -> Document:
    """Change the lines of every V2000 table, each as a list of words."""

    def changed(unit: Unit) -> Unit:
        return replace(unit, text="\n".join(change(unit.text.split("\n"))), layout=None)

    return programs.each(document, MOLECULE, changed)


def _moved(document: Document, move: Callable[[Decimal, Decimal], Sequence[Decimal]]) -> Document:
    """Move every atom in the plane."""

    def moved(row: str) -> str:
        if not _ATOM.fullmatch(row):
            return row
        x, y, rest = row.split(" ", 2)
        return " ".join([*(f"{v + 0:.4f}" for v in move(Decimal(x), Decimal(y))), rest])

    return _rows(document, lambda rows: map(moved, rows))


def translate(document: Document, *, x: str, y: str, sign: int) -> Document:
    """Move every atom by a vector."""
    dx, dy = sign * Decimal(x), sign * Decimal(y)
    return _moved(document, lambda px, py: (px + dx, py + dy))


def quarter(document: Document, *, sign: int) -> Document:
    """Turn every molecule by a quarter about the origin; counter-clockwise for 1."""
    return _moved(document, lambda px, py: (-sign * py, sign * px))


def turn_numbers(document: Document) -> Document:
    """Number atoms from the other end."""

    def turned(rows: list[str]) -> list[str]:
        atoms = [row for row in rows if _ATOM.fullmatch(row)]
        last, back = len(atoms) + 1, iter(reversed(atoms))
        return [next(back) if _ATOM.fullmatch(row) else _referring(row, last) for row in rows]

    return _rows(document, turned)


def _referring(row: str, last: int) -> str:
    """A bond, or a list of charges, with numbers counted from the other end."""
    words = row.split()
    if _BOND.fullmatch(row):
        places: Iterable[int] = (0, 1)
    else:
        places = range(3, len(words), 2) if words[:2] == ["M", "CHG"] else ()
    for i in places:
        at = int(words[i]) if re.fullmatch(r"[0-9]{1,3}", words[i]) else 0
        words[i] = str(last - at) if 0 < at < last else words[i]
    return " ".join(words)


_CODES = {"1": "3", "2": "2", "3": "1", "-1": "5", "-2": "6", "-3": "7"}
"""Charges as the columns of atoms give them."""


def to_columns(document: Document) -> Document:
    """Write charges in the lines of their atoms, where nothing is lost by it."""

    def written(rows: list[str]) -> list[str]:
        columns = _in_columns(rows)
        return columns if _in_property(columns) == rows else rows

    return _rows(document, written)


def to_property(document: Document) -> Document:
    """Write charges in a property line before the end of the table."""
    return _rows(document, _in_property)


def _in_columns(rows: list[str]) -> list[str]:
    listed = [row.split() for row in rows if row.startswith("M CHG ")]
    pairs = [zip(words[3::2], words[4::2], strict=False) for words in listed]
    charges = {at: charge for few in pairs for at, charge in few}
    numbers = iter(range(1, 1_000_000))
    return [
        _charged(row, charges.get(str(next(numbers)))) if _ATOM.fullmatch(row) else row
        for row in rows
        if not row.startswith("M CHG ")
    ]


def _charged(row: str, charge: str | None) -> str:
    return f"{row} 0 {_CODES[charge]}" if charge in _CODES and len(row.split()) == 4 else row


def _in_property(rows: list[str]) -> list[str]:
    charges = programs.inverse(_CODES)
    atoms = [row.split() for row in rows if _ATOM.fullmatch(row)]
    found = [f"{i} {charges[words[5]]}" for i, words in enumerate(atoms, 1) if _is_charged(words)]
    line = [f"M CHG {len(found)} {' '.join(found)}"] if found else []
    at = rows.index("M END") if "M END" in rows else len(rows)
    plain = [
        " ".join(words[:4]) if _ATOM.fullmatch(row) and _is_charged(words := row.split()) else row
        for row in rows
    ]
    return [*plain[:at], *line, *plain[at:]]


def _is_charged(atom: Sequence[str]) -> bool:
    return len(atom) == 6 and atom[4] == "0" and atom[5] in _CODES.values()


MOVE = Verb("Move all atoms by {x} in x and {y} in y.", partial(translate, sign=1))
ORIGIN = Verb(
    "Move the origin to x = {x} and y = {y}: subtract them from the coordinates of every atom.",
    partial(translate, sign=-1),
)
LEFT = Verb(
    "Turn every molecule counter-clockwise by a quarter about the origin: an atom at (x, y, z) "
    "comes to (-y, x, z).",
    partial(quarter, sign=1),
)
RIGHT = Verb(
    "Turn every molecule clockwise by a quarter about the origin: an atom at (x, y, z) comes to "
    "(y, -x, z).",
    partial(quarter, sign=-1),
)
NUMBERS = Verb(
    "Number the atoms of every molecule from the other end, so that the last is the first: turn "
    "their lines round, and adapt bonds and `M  CHG` lines, which keep their order.",
    turn_numbers,
)
COLUMNS = Verb(
    "Write charges no longer in `M  CHG` lines, which go, but as codes in the sixth column of the "
    "atoms (3, 2, 1 for +1, +2, +3 and 5, 6, 7 for -1, -2, -3). A molecule stays as it is if its "
    "charges aren't all in one such line at the end, in the order of atoms.",
    to_columns,
)
PROPERTY = Verb(
    "Write charges no longer as codes in the sixth column of the atoms (3, 2, 1 for +1, +2, +3 and "
    "5, 6, 7 for -1, -2, -3), which becomes 0, but all in one `M  CHG` line before `M  END`, in "
    "the order of atoms.",
    to_property,
)
RENAME = Verb(
    "Rename data items of the molecules as follows: {**names}.",
    partial(programs.rename, kind=MOLECULE),
)


def origin(document: Document, rng: Random) -> Edit | None:
    """Another origin."""
    if not _atoms(document):
        return None
    said = {axis: f"{Decimal(rng.randint(-40_000, 40_000)).scaleb(-4)}" for axis in "xy"}
    return edit("origin", "convert", [ORIGIN(**said)], [MOVE(**said)])


def quarter_turn(document: Document, _: Random) -> Edit | None:
    """Drawings turned by a quarter."""
    return edit("quarter_turn", "convert", [LEFT()], [RIGHT()]) if _atoms(document) else None


def numbering(document: Document, _: Random) -> Edit | None:
    """Atoms numbered from the other end."""
    return edit("numbering", "renumber", [NUMBERS()], [NUMBERS()]) if _atoms(document) else None


def charges(document: Document, _: Random) -> Edit | None:
    """Charges in the lines of atoms."""
    units = EDITS.records(document)
    done = [u for u in to_columns(document).units() if u.kind == MOLECULE]
    if not any("\nM CHG " in u.text for u in units) or any("\nM CHG " in u.text for u in done):
        return None
    return edit("charges", "convert", [COLUMNS()], [PROPERTY()])


def items(document: Document, _: Random) -> Edit | None:
    """Other names for data items."""
    found = {name for u in EDITS.records(document) for name in u.fields}
    names = {old: new for old, new in _ITEMS.items() if old in found}
    if not names or found & set(names.values()):
        return None
    back = RENAME(names=programs.inverse(names))
    return edit("items", "rename", [RENAME(names=names)], [back])


def _atoms(document: Document) -> bool:
    return any(_ATOM.fullmatch(r) for u in EDITS.records(document) for r in u.text.split("\n"))


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), origin, quarter_turn, numbering, charges, items,
    compose("registry", EDITS.recode, numbering, EDITS.extract),
    compose("poster", quarter_turn, origin, EDITS.sort),
    compose("vendor", charges, EDITS.split, items),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_ITEMS = {"STOCK_G": "AMOUNT", "MELTING_POINT_C": "MP", "LOT": "BATCH_NO", "FORMULA": "SUM_FORMULA"}
_VALENCE = {"C": 4, "N": 3, "O": 2, "S": 2}
_CLASSES = {"N": "amine", "O": "alcohol", "S": "sulfide"}
_MASSES = {"C": "12.011", "H": "1.008", "N": "14.007", "O": "15.999", "S": "32.06"}
_STEMS = ("bor", "cal", "dex", "fen", "gal", "hex", "lin", "mor", "nor", "pyr", "sal", "tol", "ver")
_ENDS = ("amin", "ol", "ide", "one", "ate", "idine", "oxan", "ene")
_REMARKS = ("hygroscopic", "keep cold", "light sensitive", "second crop", "resolved", "technical")


class _Sketch:
    """A molecule that grows atom by atom, with the valences that hydrogens take."""

    def __init__(self, rng: Random, size: int, *, ion: bool) -> None:
        self.rng, self.ion = rng, ion
        self.symbols, self.free = ["C"], [4]
        self.places = [(rng.randint(-30_000, 30_000), rng.randint(-30_000, 30_000))]
        self.bonds: list[str] = []
        while len(self.symbols) < size - ion and sum(self.free) > 1:
            self._grow(rng.choice("CCCNOS"), double=rng.random() < 0.2)
        if ion:
            self._grow("O", double=False)
            self.free[-1] = 0

    def _grow(self, symbol: str, *, double: bool) -> None:
        near = self.rng.choice([i for i, free in enumerate(self.free) if free])
        order = 2 if double and self.free[near] > 1 and sum(self.free) > 2 else 1
        self.free[near] -= order
        self.symbols.append(symbol)
        self.free.append(_VALENCE[symbol] - order)
        x, y = self.places[near]
        dx, dy = (self.rng.choice((1, -1)) * self.rng.randint(6000, 13_000) for _ in "xy")
        self.places.append((x + dx, y + dy))
        self.bonds.append(f"{near + 1} {len(self.symbols)} {order} 0")

    def table(self) -> str:
        """The lines of atoms, bonds and the charge."""
        atoms = [
            " ".join([*(f"{Decimal(c).scaleb(-4):f}" for c in place), "0.0000", symbol])
            for place, symbol in zip(self.places, self.symbols, strict=True)
        ]
        charge = [f"M CHG 1 {len(atoms)} -1"] if self.ion else []
        return "\n".join([*atoms, *self.bonds, *charge, "M END"])

    def facts(self) -> dict[str, Value]:
        """What follows from the atoms."""
        counts = {"C": self.symbols.count("C"), "H": sum(self.free)}
        counts |= {s: self.symbols.count(s) for s in "NOS"}
        formula = "".join(f"{s}{n if n > 1 else ''}" for s, n in counts.items() if n)
        other = next((_CLASSES[s] for s in self.symbols if s in _CLASSES), "other")
        return {
            "CLASS": "ion" if self.ion else other,
            "FORMULA": formula + "-" * self.ion,
            "MASS": sum((n * Decimal(_MASSES[s]) for s, n in counts.items()), Decimal(0)),
        }


def _molecule(rng: Random, code: str, size: int, *, ion: bool) -> Unit:
    sketch = _Sketch(rng, size, ion=ion)
    fields: dict[str, Value] = {
        TITLE: f"{rng.choice(_STEMS)}{rng.choice(_STEMS)}{rng.choice(_ENDS)}",
        "ID": code,
        **sketch.facts(),
        "STOCK_G": Decimal(rng.randint(1, 9000)).scaleb(-1),
    }
    if size > 2:
        fields["LOT"] = Decimal(rng.randint(100, 99_999))
    if size > 3:
        fields["MELTING_POINT_C"] = Decimal(rng.randint(-600, 2900)).scaleb(-1)
        fields["comment"] = f"{rng.choice(_REMARKS)}, {rng.choice(content.CITIES)}"
    if rng.random() < size / 10:
        fields["DENSITY_G_CM3"] = Decimal(rng.randint(620, 1980)).scaleb(-3)
    return Unit(MOLECULE, fields, key="ID", text=sketch.table())


class Molecule(Domain):
    """Molecules with their data."""

    name = "molecule"
    category = "science"
    formats: ClassVar = {".sdf": SDF, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), MOVE, ORIGIN, LEFT, RIGHT, NUMBERS, COLUMNS, PROPERTY, RENAME,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """A stock of small molecules, in larger files also of larger ones."""
        atoms = max(2, min(9, round((size * 3.5 / 4 - 240) / 83)))
        count = max(3, round(size * 3.5 / (240 + 83 * atoms)))
        codes = content.codes(rng, "CPD", count)
        molecules = [
            _molecule(rng, code, max(2, atoms + rng.randint(-1, 1)), ion=i % 3 == 0)
            for i, code in enumerate(codes)
        ]
        return {"stock.sdf": SDF.render(molecules)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; data items without a second space; space at the end of lines."""
        return [
            text.replace("\n", "\r\n"),
            text.replace(">  <", "> <"),
            re.sub(r"(?m)^(.*V2000|M  END)$", r"\1  ", text),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the group and a list of suppliers."""
        return {
            "notes.md": content.memo(rng, size // 2),
            "suppliers.csv": _suppliers(rng, size // 2),
        }


def _suppliers(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {"no": code, "firm": content.firm(rng), "since": str(content.day(rng))},
        )
        for code in content.codes(rng, "SU", max(3, size // 12))
    ]
    return table.CSV.render(rows)


DOMAIN = Molecule()
