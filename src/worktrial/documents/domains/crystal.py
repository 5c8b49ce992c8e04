"""Crystal structures in CIF, with loops.

A unit is an item (a tag and its value), a row of a loop, identified by its label where it is an
atom, or a comment. The names of blocks and the heads of loops are structural.

What counts is every tag and value, and the order of it all. A number with its uncertainty, as
`0.1234(5)`, is text, for its last zero counts. How a value is quoted, spaces, line ends, and line
breaks within a text mean nothing; an unknown value (`?`) is none.

Known limits: a row whose number of values is not that of its loop's tags is opaque, unless just one
of the usual tags for atoms or bonds is lacking. Save frames, and lists of CIF 2, are not read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
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

BLOCK, LOOP, ITEM, ATOM, BOND = "block", "loop", "item", "atom", "bond"
ROW, COMMENT = "row", "comment"
TAG, VALUE = "tag", "value"
_USUAL = (
    tuple(
        f"_atom_site_{name}"
        for name in (
            "label", "type_symbol", "fract_x", "fract_y", "fract_z", "U_iso_or_equiv", "adp_type",
            "occupancy",
        )
    ),
    tuple(f"_geom_bond_{n}" for n in ("atom_site_label_1", "atom_site_label_2", "distance")),
)  # fmt: skip
_ROWS = {"_atom_site_": ATOM, "_atom_site.": ATOM, "_geom_bond_": BOND, "_geom_bond.": BOND}
_TOKEN = re.compile(
    r"""'(?:[^'\n]|'(?=\S)){0,500}+'(?!\S)|"(?:[^"\n]|"(?=\S)){0,500}+"(?!\S)|#.*|\S+"""
)
_TEXT = ";"
"""The first sign of a token that is a text of several lines."""


class Cif(Format):
    """Items and loops; lines matter to rows alone, so that a lost value costs one of them."""

    def parse(self, text: str) -> list[Unit]:
        """A unit an item, row, comment, head of a loop or name of a block."""
        reader = _Reader()
        for tokens in _lines(text):
            for token in tokens:
                reader.take(token)
            reader.end_line()
        reader.close()
        return reader.units

    def render(self, units: Sequence[Unit]) -> str:
        """A line a unit, and one for each tag of a loop; a row without a head gets its own."""
        tags: Sequence[str] = ()
        lines = []
        for unit in units:
            if unit.kind in (ATOM, BOND, ROW) and not tags:
                tags = list(unit.fields)
                lines += ["loop_", *tags]
            elif unit.kind in (LOOP, ITEM, BLOCK):
                tags = unit.text.split() if unit.kind == LOOP else ()
            lines.append(_written(unit, tags))
        return "".join(f"{line}\n" for line in lines)


CIF = Cif()


def _lines(text: str) -> list[list[str]]:
    """The tokens of every line; a text of several lines is one token, with single spaces."""
    lines = text.splitlines()
    found: list[list[str]] = []
    at = 0
    ends = [i for i, line in enumerate(lines) if line.startswith(";")]
    pairs = dict(zip(ends[::2], ends[1::2], strict=False))
    while at < len(lines):
        if at in pairs:
            whole = " ".join([lines[at][1:], *lines[at + 1 : pairs[at]]])
            after = _TOKEN.findall(lines[pairs[at]][1:])
            found.append([_TEXT + " ".join(whole.split()), *after])
            at = pairs[at]
        else:
            found.append(_TOKEN.findall(lines[at]))
        at += 1
    return found


class _Reader:
    """Takes tokens one by one and keeps what it is in the middle of: a tag, a head, a row."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.tag: str | None = None
        self.head: list[str] | None = None
        self.bare = False
        self.tags: list[str] = []
        self.row: list[str] = []
        self.new: list[str] = []

    def take(self, token: str) -> None:
        """Take a token."""
        if token.startswith("#"):
            self.units.append(Unit(COMMENT, text=" ".join(token[1:].split())))
        elif token[:5].lower() == "data_":
            self.close()
            self.units.append(Unit(BLOCK, text=token[5:], structural=True))
        elif token.lower() == "loop_":
            self.close()
            self.head, self.bare = [], False
        elif token.startswith("_"):
            self._take_tag(token)
        elif self.tag is not None:
            self.units.append(_item(self.tag, token))
            self.tag = None
        else:
            self._end_head()
            self.new.append(token)

    def _take_tag(self, token: str) -> None:
        if self.head is not None:
            self.head.append(token)
        elif self.tag is not None:
            # Two tags without a value between them are the head of a loop that lost its word.
            self.head, self.tag, self.bare = [self.tag, token], None, True
        else:
            self.close()
            self.tag = token

    def _end_head(self) -> None:
        if self.head is not None:
            self.tags, self.head = self.head, None
            fields: dict[str, Value] = {"lacks": "loop_"} if self.bare else {}
            self.units.append(Unit(LOOP, fields, text=" ".join(self.tags), structural=True))

    def end_line(self) -> None:
        """Make rows of the values so far, if they are enough."""
        if self.row and len(self.row) + len(self.new) > len(self.tags):
            self._flush()
        self.row, self.new = [*self.row, *self.new], []
        if names := _names(self.tags, len(self.row)):
            self.units.append(_row(names, self.row))
            self.row = []
        elif len(self.row) > len(self.tags):
            self._flush()

    def _flush(self) -> None:
        if self.row:
            self.units.append(opaque(" ".join(self.row)))
            self.row = []

    def close(self) -> None:
        """End what there is of a loop or an item."""
        self._end_head()
        self.end_line()
        self._flush()
        if self.tag is not None:
            self.units.append(Unit(ITEM, {TAG: self.tag}, key=TAG))
        self.tag, self.tags = None, []


def _names(tags: Sequence[str], count: int) -> Sequence[str]:
    """The tags of so many values: those of the loop, or with the usual one that it lacks."""
    if len(tags) == count:
        return tags
    known = (usual for usual in _USUAL if [t for t in usual if t in tags] == list(tags))
    return next((usual for usual in known if len(usual) == count == len(tags) + 1), ())


def _row(names: Sequence[str], tokens: Sequence[str]) -> Unit:
    values = {name: _value(token) for name, token in zip(names, tokens, strict=True)}
    fields = {name: value for name, value in values.items() if value is not None}
    kind = next((k for prefix, k in _ROWS.items() if names[0].startswith(prefix)), ROW)
    label = next((n for n in fields if kind == ATOM and n.endswith("label")), None)
    return Unit(kind, fields, key=label)


def _item(tag: str, token: str) -> Unit:
    if token.startswith(_TEXT):
        return Unit(ITEM, {TAG: tag}, key=TAG, text=token[1:])
    value = _value(token)
    return Unit(ITEM, {TAG: tag} if value is None else {TAG: tag, VALUE: value}, key=TAG)


def _value(word: str) -> Value:
    """What a word means; what would mean something else without its quotes keeps them."""
    if word == "?":
        return None
    if word.startswith(_TEXT):
        return word[1:]
    if len(word) < 2 or word[0] not in "'\"" or word[0] != word[-1]:
        return table.typed(word)
    inner = word[1:-1]
    plain = isinstance(table.typed(inner), str) and inner not in ("?", ".") and inner.strip()
    return inner if plain and (inner[0] not in "'\"" or inner[0] != inner[-1]) else word


def _quoted(value: Value) -> str:
    """A value as a token."""
    if not isinstance(value, str):
        return table.written(value) or "?"
    whole = len(value) > 1 and value[0] in "'\"" and value[0] == value[-1]
    simple = not re.search(r"\s|^[_#$'\"\[\];]|^data_|^loop_$", value, re.IGNORECASE)
    if value and (whole or simple):
        return value
    return f'"{value}"' if "' " in value or value.endswith("'") else f"'{value}'"


def _written(unit: Unit, tags: Sequence[str]) -> str:
    match unit.kind:
        case "block":
            return f"data_{unit.text}"
        case "loop":
            return "\n".join([*([] if unit.fields else ["loop_"]), *unit.text.split()])
        case "comment":
            return f"# {unit.text}".rstrip()
        case "item" if unit.text:
            return f"{unit.fields.get(TAG)}\n;{unit.text}\n;"
        case "item":
            return f"{unit.fields.get(TAG)} {_quoted(unit.fields.get(VALUE))}"
        case "opaque":
            return unit.layout or unit.text
        case _:
            names = tags if set(unit.fields) <= set(tags) else _names(tags, len(tags) + 1)
            return " ".join(_quoted(unit.fields.get(name)) for name in names or unit.fields)


# --- edits -------------------------------------------------------------------------------------

_LABEL, _NEW_LABEL = "_atom_site_label", "_atom_site.label"
RECORDS = keyed_verbs(
    ATOM,
    one="atom",
    many="atoms",
    a_field="column",
    key=_LABEL,
    readers=dict.fromkeys(_USUAL[0], table.typed),
    text="An unknown value stands as `?` in a loop, and the loop keeps its tags.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=ATOM,
    keys=(_LABEL, _NEW_LABEL),
    columns=_USUAL[0],
    sortable=(_LABEL, "_atom_site_type_symbol", "_atom_site_U_iso_or_equiv"),
    removable=("_atom_site_U_iso_or_equiv", "_atom_site_occupancy", "_atom_site_adp_type"),
    plural="atoms",
)
_UNCERTAIN = re.compile(r"(-?\d{0,9}\.\d{1,12})(\(\d{1,4}\))")
_LENGTH = re.compile(r"_cell[_.]length_[abc]|_geom_bond[_.]distance")


def _tags(document: Document, change: Callable[[str], str]) -> Document:
    """Change tags wherever they stand."""

    def changed(unit: Unit) -> Unit:
        if unit.kind == LOOP:
            return replace(unit, text=" ".join(map(change, unit.text.split())))
        if unit.kind == ITEM:
            return programs.with_fields(
                unit, {**unit.fields, TAG: change(table.written(unit.fields.get(TAG)))}
            )
        if unit.kind not in (ATOM, BOND, ROW):
            return unit
        fields = {change(name): value for name, value in unit.fields.items()}
        return replace(unit, fields=fields, key=change(unit.key) if unit.key else None)

    return programs.in_each_file(document, lambda units: map(changed, units))


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename tags in their places."""
    return _tags(document, lambda tag: names.get(tag, tag))


def begin(document: Document, *, prefixes: Mapping[str, str]) -> Document:
    """Let tags begin otherwise."""

    def begun(tag: str) -> str:
        old = next((old for old in prefixes if tag.startswith(old)), "")
        return prefixes[old] + tag.removeprefix(old) if old else tag

    return _tags(document, begun)


def _numbers(
    document: Document, of: Callable[[str], bool], change: Callable[[Decimal, int], Decimal | None]
) -> Document:
    """Change numbers of some tags, also uncertain ones, by what they are and their decimals.

    An uncertain number keeps its decimals to the last; where it can't, it stays.
    """

    def changed(name: str, value: Value) -> Value:
        if not of(name):
            return value
        if isinstance(value, Decimal):
            new = change(value, 12)
            return value if new is None else new
        found = _UNCERTAIN.fullmatch(table.written(value))
        new = change(Decimal(found[1]), len(found[1].partition(".")[2])) if found else None
        return f"{new:f}{found[2]}" if found and new is not None else value

    def unit(old: Unit) -> Unit:
        tag = table.written(old.fields.get(TAG)) if old.kind == ITEM else ""
        fields = {n: changed(tag if n == VALUE else n, v) for n, v in old.fields.items()}
        return programs.with_fields(old, fields)

    return programs.in_each_file(
        document, lambda units: [unit(u) if u.kind in (ITEM, ATOM, BOND) else u for u in units]
    )


def shift(document: Document, *, tag: str, amount: str, sign: int) -> Document:
    """Move one coordinate of all atoms within the cell."""
    by, places = sign * Decimal(amount), len(amount.partition(".")[2])

    def shifted(value: Decimal, decimals: int) -> Decimal | None:
        return (value + by + 1) % 1 if 0 <= value < 1 and decimals >= places else None

    return _numbers(document, lambda name: name == tag, shifted)


def magnify(document: Document, *, sign: int) -> Document:
    """Give lengths in a unit a hundred times smaller, or larger for -1."""

    def magnified(value: Decimal, decimals: int) -> Decimal | None:
        return value.scaleb(2 * sign) if decimals > 2 or sign < 0 else None

    return _numbers(document, lambda name: _LENGTH.fullmatch(name) is not None, magnified)


def label(document: Document, *, prefix: str, add: bool) -> Document:
    """Begin labels with a prefix, or take it from them, also where bonds refer to atoms."""

    def labelled(value: Value) -> Value:
        text = table.written(value)
        return prefix + text if add else table.typed(text.removeprefix(prefix))

    def changed(unit: Unit) -> Unit:
        fields = {
            n: labelled(v) if re.search(r"[_.]label$|_label_[12]$", n) else v
            for n, v in unit.fields.items()
        }
        return programs.with_fields(unit, fields)

    return programs.each(programs.each(document, ATOM, changed), BOND, changed)


RENAME = Verb(
    "Rename tags where they stand, in items and in the heads of loops, without moving anything: "
    "{**names}.",
    rename,
)
BEGIN = Verb("Let every tag that begins as follows begin otherwise: {**prefixes}.", begin)
ADD = Verb(
    "Add {amount} to {tag} of every atom where it lies from 0 up to 1, and subtract 1 where that "
    "reaches 1. Uncertainties and the number of decimals stay.",
    partial(shift, sign=1),
)
SUBTRACT = Verb(
    "Subtract {amount} from {tag} of every atom where it lies from 0 up to 1, and add 1 where that "
    "falls below 0. Uncertainties and the number of decimals stay.",
    partial(shift, sign=-1),
)
PICOMETRES = Verb(
    "Give the lengths of the cell's edges and of bonds in picometres: multiply them by 100, with "
    "their uncertainties, so that `5.4310(2)` becomes `543.10(2)`.",
    partial(magnify, sign=1),
)
ANGSTROMS = Verb(
    "Give the lengths of the cell's edges and of bonds in ångströms: divide them by 100, with "
    "their uncertainties, so that `543.10(2)` becomes `5.4310(2)`.",
    partial(magnify, sign=-1),
)
LABEL = Verb(
    "Let every label of an atom begin with {prefix}, also where bonds refer to it.",
    partial(label, add=True),
)
UNLABEL = Verb(
    "Take {prefix} from the beginning of every label of an atom, also where bonds refer to it.",
    partial(label, add=False),
)


def origin(document: Document, rng: Random) -> Edit | None:
    """Another origin along one axis."""
    tags = [t for t in _USUAL[0][2:5] if any(t in u.fields for u in EDITS.records(document))]
    if not tags:
        return None
    tag = rng.choice(tags)
    fine = _decimals(document, lambda name: name == tag) > 1
    said = {"tag": tag, "amount": rng.choice(("0.5", "0.25", "0.75") if fine else ("0.5",))}
    return edit("origin", "convert", [ADD(**said)], [SUBTRACT(**said)])


def axes(document: Document, rng: Random) -> Edit | None:
    """Axes named anew, in a circle."""
    if not EDITS.records(document):
        return None
    step = rng.choice((1, 2))
    names = {
        f"{stem}{old}": f"{stem}{olds[(i + step) % 3]}"
        for stem, olds in _AXES.items()
        for i, old in enumerate(olds)
    }
    back = RENAME(names=programs.inverse(names))
    return edit("axes", "convert", [RENAME(names=names)], [back])


_AXES = {
    "_cell_length_": ("a", "b", "c"),
    "_cell_angle_": ("alpha", "beta", "gamma"),
    "_atom_site_fract_": ("x", "y", "z"),
}


def labels(document: Document, rng: Random) -> Edit | None:
    """A prefix for the labels of a molecule's atoms."""
    prefix = f"{rng.choice('ABMX')}{rng.randint(1, 9)}_"
    if EDITS.key(document) is None:
        return None
    return edit("labels", "rename", [LABEL(prefix=prefix)], [UNLABEL(prefix=prefix)])


def lengths(document: Document, _: Random) -> Edit | None:
    """Lengths in picometres, if none that is uncertain would lose its point."""
    found = any(map(_LENGTH.fullmatch, _all_tags(document)))
    if not found or _decimals(document, lambda name: bool(_LENGTH.fullmatch(name))) < 3:
        return None
    return edit("lengths", "scale", [PICOMETRES()], [ANGSTROMS()])


def _decimals(document: Document, of: Callable[[str], bool]) -> int:
    """The fewest decimals that a number of some tags has which is uncertain."""
    fewest = [12]

    def seen(_: Decimal, decimals: int) -> None:
        fewest.append(decimals)

    _numbers(document, of, seen)
    return min(fewest)


def dialect(document: Document, _: Random) -> Edit | None:
    """Tags with a point behind their category, as later dictionaries have them."""
    if not EDITS.records(document) or any("." in tag for tag in _all_tags(document)):
        return None
    prefixes = {f"_{name}_": f"_{name}." for name in ("cell", "atom_site", "geom_bond")}
    back = BEGIN(prefixes=programs.inverse(prefixes))
    return edit("dialect", "rename", [BEGIN(prefixes=prefixes)], [back])


def _all_tags(document: Document) -> list[str]:
    loops = [tag for u in document.units() if u.kind == LOOP for tag in u.text.split()]
    return loops + [table.written(u.fields.get(TAG)) for u in document.units() if u.kind == ITEM]


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), origin, axes, labels, lengths, dialect,
    compose("refinement", labels, origin, EDITS.extract),
    compose("publication", lengths, axes, dialect),
    compose("exchange", lengths, origin, labels, EDITS.tabulate),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_ELEMENTS = ("Si", "O", "Al", "Na", "K", "Ca", "Mg", "Fe", "P", "S", "C", "N", "Cl", "Ti", "Zn")
_GROUPS = ("P 1 21/c 1", "P 21 21 21", "C 1 2/c 1", "P n m a", "I 41/a", "P -1", "R -3 c", "F d d")
_HABITS = ("needle", "plate", "prism", "block", "rod", "lath")
_COLOURS = ("colourless", "yellow", "pale green", "red", "blue", "brown")


def _uncertain(rng: Random, low: int, high: int, places: int) -> str:
    return f"{Decimal(rng.randint(low, high)).scaleb(-places):.{places}f}({rng.randint(1, 9)})"


def _atom(rng: Random, name: str, element: str) -> Unit:
    place = [_uncertain(rng, 100, 9899, 4) for _ in range(3)]
    full = rng.random() < 0.7
    cells = (
        name,
        element,
        *place,
        _uncertain(rng, 60, 600, 4),
        rng.choice(("Uani", "Uiso")),
        Decimal(1) if full else Decimal(rng.randint(20, 95)).scaleb(-2),
    )
    return Unit(ATOM, dict(zip(_USUAL[0], cells, strict=True)), key=_LABEL)


def _bonds(rng: Random, names: Sequence[str], count: int) -> list[Unit]:
    pairs = dict.fromkeys(tuple(rng.sample(names, 2)) for _ in range(count))
    rows = [(one, other, _uncertain(rng, 1300, 2600, 3)) for one, other in pairs]
    return [Unit(BOND, dict(zip(_USUAL[1], row, strict=True))) for row in rows]


def _items(rng: Random, elements: Sequence[str]) -> list[Unit]:
    values: dict[str, Value] = {
        "_chemical_formula_sum": " ".join(f"{e}{rng.randint(2, 30)}" for e in sorted(elements)),
        "_chemical_name_common": f"{content.topic(rng).split()[-1]}ite {rng.randint(2, 99)}",
        "_space_group_name_H-M_alt": rng.choice(_GROUPS),
        **{f"_cell_length_{a}": _uncertain(rng, 40_000, 250_000, 4) for a in "abc"},
        **{
            f"_cell_angle_{angle}": _uncertain(rng, 7000, 11_500, 2)
            for angle in ("alpha", "beta", "gamma")
        },
        "_cell_formula_units_Z": Decimal(rng.choice((1, 2, 3, 4, 6, 8))),
        "_cell_measurement_temperature": f"{rng.randint(90, 300)}({rng.randint(1, 5)})",
        "_exptl_crystal_description": rng.choice(_HABITS),
        "_exptl_crystal_colour": rng.choice(_COLOURS),
    }
    return [Unit(ITEM, {TAG: tag, VALUE: value}, key=TAG) for tag, value in values.items()]


class Crystal(Domain):
    """Crystal structures."""

    name = "crystal"
    category = "science"
    formats: ClassVar = {".cif": CIF, ".csv": table.CSV}
    clips: ClassVar = {ITEM: 0.6, BOND: 0.6}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RENAME, BEGIN, ADD, SUBTRACT, PICOMETRES, ANGSTROMS, LABEL, UNLABEL,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.1

    def generate(self, rng: Random, size: int) -> Files:
        """A structure with its cell, bonds and atoms."""
        count = max(4, round((size * 3.5 - 850) / 66))
        elements = rng.sample(_ELEMENTS, 3)
        chosen = [elements[i % 3] for i in range(count)]
        start = rng.randint(1, 60)
        names = [f"{element}{start + i // 3}" for i, element in enumerate(chosen)]
        note = Unit(ITEM, {TAG: "_refine_special_details"}, key=TAG, text=content.sentence(rng))
        units = [
            Unit(BLOCK, text=f"wt{rng.randint(1000, 9999)}"),
            *_items(rng, elements),
            *([note] if size > 300 else []),
            Unit(LOOP, text=" ".join(_USUAL[1])),
            *_bonds(rng, names, max(2, count // 2)),
            Unit(LOOP, text=" ".join(_USUAL[0])),
            *(_atom(rng, n, element) for n, element in zip(names, chosen, strict=True)),
        ]
        return {"structure.cif": CIF.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; other quotes; rows over two lines; wider spacing."""
        return [
            text.replace("\n", "\r\n"),
            text.replace("'", '"'),
            re.sub(r"(?m)^([A-Z]\w* [A-Z][a-z]? \S+ \S+) (.*)$", r"\1\n  \2", text),
            re.sub(r"(?m)^(_cell\S+) ", r"\1      ", text).replace("loop_", "\nloop_"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the group and a list of samples."""
        return {"notes.md": content.memo(rng, size // 2), "samples.csv": _samples(rng, size // 2)}


def _samples(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {"no": code, "habit": rng.choice(_HABITS), "grown": str(content.day(rng))},
        )
        for code in content.codes(rng, "SC", max(3, size // 11))
    ]
    return table.CSV.render(rows)


DOMAIN = Crystal()
