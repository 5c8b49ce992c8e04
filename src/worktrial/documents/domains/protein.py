"""The structure of a protein, in the fixed columns of the Protein Data Bank.

A unit is a record: an atom (`ATOM`, `HETATM`) identified by its serial number, the end of a chain
(`TER`), the bonds of an atom (`CONECT`), or a line of any other kind as text. `END` is structural.

What counts is every cell, and the order of records. Space at the end of lines, blank lines and
line ends mean nothing.

Known limits: an atom that isn't laid out to the column as the format says is opaque. Symmetry,
secondary structure and remarks are text, and edits don't touch what they say of chains. Serial
numbers of several models are those of one file.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import columns, content, programs, table
from worktrial.documents.columns import Column, number
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

ATOM, END_OF_CHAIN, BONDS, LINE = "atom", "end of chain", "bonds", "line"
KEY = "serial"
_AXES = ("x", "y", "z")
_RESIDUE = (
    Column("resName", 18, 20),
    Column("chainID", 22, 22),
    number("resSeq", 23, 26),
    Column("iCode", 27, 27),
)
_ATOM = (
    Column("record", 1, 6, left=True),
    number(KEY, 7, 11),
    Column("name", 13, 16, left=True),
    Column("altLoc", 17, 17),
    *_RESIDUE,
    *(number(axis, at, at + 7, places=3) for axis, at in zip(_AXES, (31, 39, 47), strict=True)),
    number("occupancy", 55, 60, places=2),
    number("tempFactor", 61, 66, places=2),
    Column("element", 77, 78),
    Column("charge", 79, 80),
)
_BONDS = ("to1", "to2", "to3", "to4")
_COLUMNS: Mapping[str, Sequence[Column]] = {
    ATOM: _ATOM,
    END_OF_CHAIN: (_ATOM[0], _ATOM[1], *_RESIDUE),
    BONDS: (
        _ATOM[0],
        number(KEY, 7, 11),
        *(number(name, at, at + 4) for name, at in zip(_BONDS, (12, 17, 22, 27), strict=True)),
    ),
}
_KINDS = {"ATOM": ATOM, "HETATM": ATOM, "TER": END_OF_CHAIN, "CONECT": BONDS}
_OTHERS = re.compile(
    "HEADER|OBSLTE|TITLE|SPLIT|CAVEAT|COMPND|SOURCE|KEYWDS|EXPDTA|NUMMDL|MDLTYP|AUTHOR|REVDAT|"
    "SPRSDE|JRNL|REMARK|DBREF[12]?|SEQADV|SEQRES|MODRES|HET|HETNAM|HETSYN|FORMUL|HELIX|SHEET|"
    "SSBOND|LINK|CISPEP|SITE|CRYST1|ORIGX[1-3]|SCALE[1-3]|MTRIX[1-3]|MODEL|ENDMDL|ANISOU|MASTER|END"
)


class Pdb(Format):
    """A record a line."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a line that isn't blank."""
        return [_unit(line.rstrip()) for line in text.splitlines() if line.strip()]

    def render(self, units: Sequence[Unit]) -> str:
        """One line a unit."""
        return "".join(f"{_written(unit)}\n" for unit in units)


PDB = Pdb()


def _unit(line: str) -> Unit:
    record = line[:6].strip()
    kind = _KINDS.get(record, LINE)
    if kind == LINE:
        known = _OTHERS.fullmatch(record)
        return Unit(LINE, text=line, structural=record == "END") if known else opaque(line)
    fields = columns.read(line, _COLUMNS[kind]) or {}
    unit = Unit(kind, fields, key=KEY if kind == ATOM and KEY in fields else None)
    return unit if _written(unit) == line else opaque(line)


def _written(unit: Unit) -> str:
    if unit.kind not in _COLUMNS:
        return unit.layout or unit.text
    aligned = {**unit.fields, "name": _aligned(unit)} if "name" in unit.fields else unit.fields
    return columns.write(aligned, _COLUMNS[unit.kind]).rstrip()


def _aligned(unit: Unit) -> str:
    """The name of an atom, with the symbol of its element ending in the second column."""
    name, element = (table.written(unit.fields.get(n)) for n in ("name", "element"))
    full = len(name) > 3 or (len(element) > 1 and name.startswith(element))
    return name if full else f" {name}"


# --- edits -------------------------------------------------------------------------------------

_NUMERIC = tuple(c.name for c in _ATOM if c.read is not str)
RECORDS = keyed_verbs(
    ATOM,
    one="atom",
    many="atoms",
    a_field="column",
    key=KEY,
    readers=dict.fromkeys(_NUMERIC, table.typed),
)
EDITS = KeyedEdits(RECORDS, kind=ATOM, keys=(KEY,), removable=("tempFactor", "occupancy"))


def _everywhere(document: Document, change: Callable[[Unit], Mapping[str, Value]]) -> Document:
    """Change what records of fixed columns say."""
    for kind in _COLUMNS:
        document = programs.each(document, kind, lambda u: programs.with_fields(u, change(u)))
    return document


def substitute(document: Document, *, column: str, legend: Mapping[str, str]) -> Document:
    """Replace chains or residues by a legend, in atoms and where chains end."""

    def changed(unit: Unit) -> Mapping[str, Value]:
        value = table.written(unit.fields.get(column))
        return {**unit.fields, column: legend[value]} if value in legend else unit.fields

    return _everywhere(document, changed)


def count_residues(document: Document, *, chain: str, amount: str, sign: int) -> Document:
    """Move the numbers of a chain's residues."""

    def changed(unit: Unit) -> Mapping[str, Value]:
        of_chain = unit.fields.get("chainID") == chain
        return _moved(unit, ("resSeq",), sign * Decimal(amount)) if of_chain else unit.fields

    return _everywhere(document, changed)


def count_atoms(document: Document, *, amount: str, sign: int) -> Document:
    """Move serial numbers, also where bonds refer to them."""
    by = sign * Decimal(amount)
    return _everywhere(document, lambda unit: _moved(unit, (KEY, *_BONDS), by))


def translate(document: Document, *, x: str, y: str, z: str, sign: int) -> Document:
    """Move all atoms by a vector."""

    def changed(unit: Unit) -> Mapping[str, Value]:
        fields = unit.fields
        for axis, by in zip(_AXES, (x, y, z), strict=True):
            fields = _moved(Unit(ATOM, fields), (axis,), sign * Decimal(by))
        return fields

    return _everywhere(document, changed)


def _moved(unit: Unit, names: Sequence[str], by: Decimal) -> dict[str, Value]:
    return {
        n: v + by if n in names and isinstance(v, Decimal) else v for n, v in unit.fields.items()
    }


def turn(document: Document, *, sources: Mapping[str, str]) -> Document:
    """Give every axis the coordinates of another."""

    def changed(unit: Unit) -> Mapping[str, Value]:
        rest = {n: v for n, v in unit.fields.items() if n not in sources}
        turned = {to: unit.fields[of] for to, of in sources.items() if of in unit.fields}
        return {**rest, **turned}

    return _everywhere(document, changed)


def part(document: Document, *, file: str, target: str) -> Document:
    """Move hetero atoms to a file of their own."""
    units = document.files.get(file, ())
    apart = [u for u in units if _is_hetero(u)]
    return document.replacing(file, [u for u in units if not _is_hetero(u)]).replacing(
        target, apart
    )


def join(document: Document, *, file: str, target: str) -> Document:
    """Put the atoms of another file behind all others of a file."""
    units, apart = list(document.files.get(file, ())), document.files.get(target, ())
    at = next((i for i, u in enumerate(units) if _closes(u)), len(units))
    whole = [*units[:at], *apart, *units[at:]]
    return document.replacing(target, None).replacing(file, whole)


def _is_hetero(unit: Unit) -> bool:
    return unit.kind == ATOM and unit.fields.get("record") == "HETATM"


def _closes(unit: Unit) -> bool:
    return unit.kind == BONDS or unit.text[:6].strip() in ("CONECT", "MASTER", "END")


SUBSTITUTE = Verb(
    "In the column {column} of the `ATOM`, `HETATM` and `TER` records, replace values as follows: "
    "{**legend}.",
    substitute,
)
COUNT_UP = Verb(
    "Add {amount} to the number of every residue of chain {chain}, in its `ATOM`, `HETATM` and "
    "`TER` records.",
    partial(count_residues, sign=1),
)
COUNT_DOWN = Verb(
    "Subtract {amount} from the number of every residue of chain {chain}, in its `ATOM`, `HETATM` "
    "and `TER` records.",
    partial(count_residues, sign=-1),
)
SERIAL_UP = Verb(
    "Add {amount} to all serial numbers: of atoms, of `TER` records, and in `CONECT` records.",
    partial(count_atoms, sign=1),
)
SERIAL_DOWN = Verb(
    "Subtract {amount} from all serial numbers: of atoms, of `TER` records, and in `CONECT` "
    "records.",
    partial(count_atoms, sign=-1),
)
MOVE = Verb(
    "Move all atoms by the vector ({x}, {y}, {z}), in ångströms.", partial(translate, sign=1)
)
MOVE_AGAINST = Verb(
    "Move the origin to the point ({x}, {y}, {z}), in ångströms: subtract it from the coordinates "
    "of every atom.",
    partial(translate, sign=-1),
)
TURN = Verb(
    "Name the axes anew. Each coordinate of an atom takes the value of another: {**sources}, where "
    "the new coordinate stands first and the one it takes its value from second.",
    turn,
)
PART = Verb(
    "Move the `HETATM` records of {file} into a new file {target}, in the same order and to the "
    "column as they are.",
    part,
)
JOIN = Verb(
    "Put the records of {target} into {file}, directly before its first `CONECT`, `MASTER` or "
    "`END` record, or at its end if there is none; then remove {target}.",
    join,
)


def chains(document: Document, rng: Random) -> Edit | None:
    """Other letters for all chains."""
    olds = sorted({table.written(u.fields.get("chainID")) for u in document.units()} - {""})
    free = [letter for letter in _CHAINS if letter not in olds]
    if not olds or not sayable(*olds) or len(free) < len(olds):
        return None
    return _legend("chains", "chainID", dict(zip(olds, rng.sample(free, len(olds)), strict=True)))


def residues(document: Document, _: Random) -> Edit | None:
    """The names that a program for simulations has for some residues."""
    found = {table.written(u.fields.get("resName")) for u in document.units()}
    legend = {old: new for old, new in _SIMULATED.items() if old in found}
    if not legend or found & set(legend.values()):
        return None
    return _legend("residues", "resName", legend)


def _legend(name: str, column: str, legend: Mapping[str, str]) -> Edit:
    back = programs.inverse(legend)
    forward = [SUBSTITUTE(column=column, legend=legend)]
    return edit(name, "rename", forward, [SUBSTITUTE(column=column, legend=back)])


def sequence(document: Document, rng: Random) -> Edit | None:
    """Residues of a chain counted from another start."""
    found = {table.written(u.fields.get("chainID")) for u in EDITS.records(document)} - {""}
    if not found or _widest(document, "resSeq") > 8000 or not sayable(*found):
        return None
    said = {"chain": rng.choice(sorted(found)), "amount": rng.choice(("24", "100", "1000"))}
    return edit("sequence", "renumber", [COUNT_UP(**said)], [COUNT_DOWN(**said)])


def serials(document: Document, rng: Random) -> Edit | None:
    """Serial numbers from another start, with all references."""
    if not EDITS.records(document) or _widest(document, KEY, *_BONDS) > 80_000:
        return None
    amount = rng.choice(("500", "2000", "10000"))
    forward, backward = SERIAL_UP(amount=amount), SERIAL_DOWN(amount=amount)
    return edit("serials", "renumber", [forward], [backward])


def origin(document: Document, rng: Random) -> Edit | None:
    """Another origin, by an exact vector."""
    if not EDITS.records(document) or _widest(document, *_AXES) > 900:
        return None
    vector = {axis: f"{Decimal(rng.randint(-40_000, 40_000)).scaleb(-3)}" for axis in _AXES}
    return edit("origin", "convert", [MOVE_AGAINST(**vector)], [MOVE(**vector)])


def axes(document: Document, rng: Random) -> Edit | None:
    """Axes exchanged cyclically, a rotation about the diagonal."""
    if not EDITS.records(document) or _widest(document, *_AXES) > 900:
        return None
    there, back = {"x": "y", "y": "z", "z": "x"}, {"x": "z", "y": "x", "z": "y"}
    if rng.random() < 0.5:
        there, back = back, there
    return edit("axes", "convert", [TURN(sources=there)], [TURN(sources=back)])


def ligands(document: Document, _: Random) -> Edit | None:
    """Ligands and waters in a file of their own, if they stand behind all chains."""
    if len(document.files) != 1:
        return None
    ((file, units),) = document.files.items()
    at = next((i for i, u in enumerate(units) if _closes(u)), len(units))
    count = sum(map(_is_hetero, units))
    behind = all(map(_is_hetero, units[at - count : at]))
    target = "ligands.pdb"
    if not count or not behind or file == target or not sayable(file):
        return None
    said = {"file": file, "target": target}
    return edit("ligands", "split", [PART(**said)], [JOIN(**said)])


def _widest(document: Document, *names: str) -> Decimal:
    """The greatest amount in any of these columns."""
    values = [u.fields.get(name) for u in document.units() for name in names]
    return max((abs(v) for v in values if isinstance(v, Decimal)), default=Decimal(0))


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), chains, residues, sequence, serials, origin, axes, ligands,
    compose("docking", origin, axes, ligands),
    compose("simulation", residues, serials, EDITS.extract, chains),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_CHAINS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIMULATED = {"HOH": "WAT", "HIS": "HIE", "ASP": "ASH", "GLU": "GLH", "LYS": "LYN"}
_SIDES = {
    "ALA": "CB", "SER": "CB OG", "CYS": "CB SG", "VAL": "CB CG1 CG2", "THR": "CB OG1 CG2",
    "LEU": "CB CG CD1 CD2", "ASP": "CB CG OD1 OD2", "GLU": "CB CG CD OE1 OE2",
    "LYS": "CB CG CD CE NZ", "HIS": "CB CG ND1 CD2 CE1 NE2", "GLY": "",
}  # fmt: skip
_LIGANDS = {"GOL": "C1 O1 C2 O2 C3 O3", "ACT": "C O OXT CH3", "EDO": "C1 O1 C2 O2"}
_CLASSES = ("HYDROLASE", "TRANSFERASE", "LYASE", "OXIDOREDUCTASE", "SIGNALING PROTEIN", "LIGASE")
_FAMILIES = ("LIPASE", "KINASE", "ALDOLASE", "REDUCTASE", "PHOSPHATASE", "SYNTHASE")


class _Writer:
    """Writes atoms one after the other, each near the last."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.serial = rng.randint(1, 2000)
        self.at = [rng.randint(-30_000, 30_000) for _ in _AXES]
        self.heat = rng.randint(1200, 4000)
        self.units: list[Unit] = []

    def residue(self, record: str, names: str, where: Mapping[str, Value]) -> None:
        """All atoms of a residue."""
        for name in names.split():
            self.at = [c + self.rng.randint(-1100, 1100) for c in self.at]
            self.heat = max(400, self.heat + self.rng.randint(-300, 310))
            fields: dict[str, Value] = {"record": record, KEY: Decimal(self.serial), "name": name}
            spot = dict(zip(_AXES, (Decimal(c).scaleb(-3) for c in self.at), strict=True))
            self.units.append(Unit(ATOM, {**fields, **where, **spot, **self._state(name)}, key=KEY))
            self.serial += 1

    def _state(self, name: str) -> dict[str, Value]:
        full = Decimal(100 if self.rng.random() < 0.8 else self.rng.randint(30, 95)).scaleb(-2)
        heat = Decimal(self.heat).scaleb(-2)
        return {"occupancy": full, "tempFactor": heat, "element": name[0]}


def _structure(rng: Random, atoms: int) -> list[Unit]:
    writer, letters = _Writer(rng), rng.sample(_CHAINS, 12)
    chains = letters[: max(1, min(6, atoms // 60))]
    for i, chain in enumerate(chains):
        number_ = rng.randint(1, 300)
        while len(writer.units) < (i + 1) * 0.75 * atoms / len(chains):
            name = rng.choice(list(_SIDES))
            where: dict[str, Value] = {
                "resName": name,
                "chainID": chain,
                "resSeq": Decimal(number_),
            }
            writer.residue("ATOM", f"N CA C O {_SIDES[name]}", where)
            number_ += 1
        end = {"record": "TER", KEY: Decimal(writer.serial), **where}
        writer.units.append(Unit(END_OF_CHAIN, end))
        writer.serial += 1
    return [*writer.units, *_hetero(writer, rng, chains[0], atoms)]


def _hetero(writer: _Writer, rng: Random, chain: str, atoms: int) -> list[Unit]:
    """A ligand, waters, and the bonds of the ligand."""
    writer.units = []
    name, first = rng.choice(list(_LIGANDS)), writer.serial
    number_ = rng.randint(800, 900)
    if atoms > 12:
        writer.residue(
            "HETATM",
            _LIGANDS[name],
            {"resName": name, "chainID": chain, "resSeq": Decimal(number_)},
        )
    bonds = [
        Unit(BONDS, {"record": "CONECT", KEY: Decimal(i), "to1": Decimal(i + 1)})
        for i in range(first, writer.serial - 1)
    ]
    for water in range(max(1, atoms // 8)):
        where: dict[str, Value] = {"resName": "HOH", "chainID": chain}
        writer.residue("HETATM", "O", {**where, "resSeq": Decimal(number_ + 1 + water)})
    return [*writer.units, *bonds]


class Protein(Domain):
    """The structure of a protein."""

    name = "protein"
    category = "science"
    formats: ClassVar = {".pdb": PDB, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        RECORDS.take, RECORDS.give, SUBSTITUTE, COUNT_UP, COUNT_DOWN, SERIAL_UP, SERIAL_DOWN,
        MOVE, MOVE_AGAINST, TURN, PART, JOIN,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.03

    def generate(self, rng: Random, size: int) -> Files:
        """Chains, a ligand and waters."""
        units = _structure(rng, max(5, round(size / 21.5) - 3))
        code = f"{rng.randint(1, 9)}{''.join(rng.choices(_CHAINS, k=3))}"
        date = content.day(rng).strftime("%d-%b-%y").upper()
        head = [
            Unit(LINE, text=f"HEADER    {rng.choice(_CLASSES):<40}{date}   {code}"),
            Unit(LINE, text=f"TITLE     {rng.choice(_FAMILIES)} FROM STRAIN {rng.randint(10, 99)}"),
        ]
        end = Unit(LINE, text="END", structural=True)
        return {"structure.pdb": PDB.render([*head, *units, end])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; lines filled up to 80 columns; blank lines."""
        filled = "\n".join(line.ljust(80) for line in text.splitlines())
        return [text.replace("\n", "\r\n"), filled, text.replace("\nTER", "\n\nTER")]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the group and a list of crystals."""
        return {"notes.md": content.memo(rng, size // 2), "crystals.csv": _crystals(rng, size // 2)}


def _crystals(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {"crystal": code, "grown": str(content.day(rng)), "plate": Decimal(rng.randint(1, 96))},
        )
        for code in content.codes(rng, "XT", max(3, size // 10))
    ]
    return table.CSV.render(rows)


DOMAIN = Protein()
