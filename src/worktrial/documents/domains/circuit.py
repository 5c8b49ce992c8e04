"""Netlists of electronic circuits, in SPICE.

A unit is a logical line: an element identified by its name, with its nodes, its value or model and
a note behind `;`; a `.model`; a `.param`; a command; or a comment. The title and `.end` are
structural.

What counts is every token, values as exact numbers (`4.7k` is `4700`), and the order of lines.
Where lines are continued, spaces, blank lines and line ends mean nothing.

Known limits: capitals count, though simulators ignore them. A value with a unit behind it (`10uF`)
is text. Sources and parameters are text. Subcircuits are lines like any other, so that edits
need names that are unique over all of them. Nothing is included or run.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

TITLE, ELEMENT, MODEL, PARAMETER = "title", "element", "model", "parameter"
COMMAND, COMMENT, END = "command", "comment", "end"
KEY, NODES, VALUE, NOTE = "name", "nodes", "value", "note"
_NODES = {
    "R": 2, "C": 2, "L": 2, "V": 2, "I": 2, "D": 2, "B": 2, "Q": 3, "J": 3, "M": 4, "E": 4, "G": 4,
    "S": 4,
}  # fmt: skip
_SOURCES = "VIB"
_SUFFIXES = {
    "t": 12, "g": 9, "meg": 6, "k": 3, "": 0, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15,
}  # fmt: skip
_VALUE = re.compile(
    r"([+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:e[+-]?\d{1,2})?)(t|g|meg|k|m|u|n|p|f)?",
    re.IGNORECASE,
)
_MODEL = re.compile(r"\.model (\S+) (\w+) ?(.*)", re.IGNORECASE)
_PARAMETER = re.compile(r"\.param (\w+)=(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spice(Format):
    """Lines of which those that begin with `+` continue the one before.

    Attributes:
        titled: Whether the first line is a title, whatever it says.
    """

    titled: bool = True

    def parse(self, text: str) -> list[Unit]:
        """One unit a logical line."""
        lines = text.splitlines()
        first = " ".join(lines[0].split()) if self.titled and lines else ""
        head = [Unit(TITLE, text=first, structural=True)] if first else []
        logical: list[str] = []
        for line in lines[self.titled :]:
            words = line.split()
            if words and words[0].startswith("+") and logical:
                logical[-1] += " " + " ".join(words).removeprefix("+").strip()
            elif words:
                logical.append(" ".join(words))
        return [*head, *map(_unit, logical)]

    def render(self, units: Sequence[Unit]) -> str:
        """A line a unit."""
        untitled = self.titled and units and units[0].kind != TITLE
        return "\n" * bool(untitled) + "".join(f"{_written(unit)}\n" for unit in units)


NETLIST, LIBRARY = Spice(), Spice(titled=False)


def number(text: str) -> Value:
    """A value with its suffix as an exact number; text where it isn't one."""
    found = _VALUE.fullmatch(text)
    if found is None:
        return text
    return Decimal(found[1]).scaleb(_SUFFIXES[(found[2] or "").lower()]) + 0


def written(value: Value) -> str:
    """A number with the suffix that leaves one to three digits before the point."""
    if not isinstance(value, Decimal):
        return table.written(value)
    power = value.adjusted() // 3 * 3 if value else 0
    suffix = next((s for s, p in _SUFFIXES.items() if p == power), None)
    if suffix is None:
        return f"{value:f}"
    return f"{value.scaleb(-power).normalize():f}{suffix}"


def _unit(line: str) -> Unit:
    if line.startswith("*"):
        return Unit(COMMENT, text=line[1:].strip())
    code, _, note = line.partition(";")
    code = re.sub(r" ?= ?", "=", code.strip())
    notes: dict[str, Value] = {NOTE: note.strip()} if note.strip() else {}
    if code.lower() in (".end", ".ends"):
        return Unit(END, notes, text=code, structural=True)
    if found := _MODEL.fullmatch(code):
        fields = {KEY: found[1], "type": found[2], **notes}
        return Unit(MODEL, fields, key=KEY, text=found[3])
    if found := _PARAMETER.fullmatch(code):
        return Unit(PARAMETER, {KEY: found[1], VALUE: number(found[2]), **notes}, key=KEY)
    if code.startswith("."):
        return Unit(COMMAND, notes, text=code)
    return _element(code, notes) or opaque(line)


def _element(code: str, notes: Mapping[str, Value]) -> Unit | None:
    name, *words = code.split() or [""]
    letter = name[:1].upper()
    if letter == "X":
        count = sum("=" not in word for word in words) - 1
    else:
        count = _NODES.get(letter, len(words) + 1)
    if not 1 <= count <= len(words):
        return None
    fields: dict[str, Value] = {KEY: name, NODES: " ".join(words[:count])}
    rest = words[count:]
    if rest and isinstance(value := number(rest[0]), Decimal):
        fields[VALUE] = value
    elif rest and letter not in _SOURCES and re.fullmatch(r"\w+|\{\w+\}", rest[0]):
        fields["model" if rest[0][0] != "{" else VALUE] = rest[0]
    text = " ".join(rest[len(fields) - 2 :])
    return Unit(ELEMENT, {**fields, **notes}, key=KEY, text=text)


def _written(unit: Unit) -> str:
    cells = {name: written(value) for name, value in unit.fields.items()}
    match unit.kind:
        case "comment":
            return f"* {unit.text}".rstrip()
        case "element":
            parts = [cells.get(name, "") for name in (KEY, NODES, VALUE, "model")]
        case "model":
            parts = [".model", cells.get(KEY, ""), cells.get("type", "")]
        case "parameter":
            parts = [f".param {cells.get(KEY)}={cells.get(VALUE)}"]
        case "opaque":
            return unit.layout or unit.text
        case _:
            parts = []
    note = f"; {cells[NOTE]}" if NOTE in cells else ""
    return " ".join(part for part in (*parts, unit.text, note) if part)


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    ELEMENT,
    one="element",
    many="elements",
    key=KEY,
    readers={VALUE: table.typed},
    text="In a table a value is a plain number, such as 4700 for `4.7k`.",
)
EDITS = KeyedEdits(
    RECORDS, kind=ELEMENT, keys=(KEY,), sortable=(KEY, NODES), removable=(VALUE, NOTE)
)
_PASSIVE = "RCL"


def _elements(document: Document, change: Callable[[Unit], Mapping[str, Value]]) -> Document:
    return programs.each(
        document, ELEMENT, lambda u: programs.with_fields(u, {**u.fields, **change(u)})
    )


def _letter(unit: Unit) -> str:
    return table.written(unit.fields.get(KEY))[:1].upper()


def scale(document: Document, *, legend: Mapping[str, str], up: bool) -> Document:
    """Multiply the values of some kinds of elements by exact factors, or divide by them."""

    def scaled(unit: Unit) -> Mapping[str, Value]:
        value, factor = unit.fields.get(VALUE), legend.get(_letter(unit))
        if not isinstance(value, Decimal) or factor is None:
            return {}
        return {VALUE: value * Decimal(factor) if up else value / Decimal(factor)}

    return _elements(document, scaled)


def _refer(document: Document, function: str, change: Callable[[str], str]) -> Document:
    """Change names in commands where they stand as `V(name)` or `I(name)`."""
    pattern = re.compile(rf"\b({function}\()([^()]*)(\))", re.IGNORECASE)

    def referred(unit: Unit) -> Unit:
        text = pattern.sub(lambda f: f[1] + re.sub(r"[^\s,]+", _of(change), f[2]) + f[3], unit.text)
        return replace(unit, text=text)

    return programs.each(document, COMMAND, referred)


def _of(change: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: change(found[0])


def rename_nodes(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename nodes in elements and commands."""

    def renamed(unit: Unit) -> Mapping[str, Value]:
        nodes = table.written(unit.fields.get(NODES)).split()
        return {NODES: " ".join(names.get(node, node) for node in nodes)} if nodes else {}

    return _refer(_elements(document, renamed), "V", lambda node: names.get(node, node))


def renumber(document: Document, *, letter: str, amount: str, sign: int) -> Document:
    """Move the numbers of one kind of elements, and where commands refer to them."""
    pattern = re.compile(rf"({re.escape(letter)})([1-9]\d{{0,9}})")

    def moved(name: str) -> str:
        found = pattern.fullmatch(name)
        count = int(found[2]) + sign * int(amount) if found else 0
        return f"{letter}{count}" if count > 0 else name

    def changed(unit: Unit) -> Mapping[str, Value]:
        name = unit.fields.get(KEY)
        return {KEY: moved(name)} if isinstance(name, str) else {}

    return _refer(_elements(document, changed), "I", moved)


def group(document: Document, *, letters: Sequence[str]) -> Document:
    """Put elements into groups by the first letter of the name."""
    rank = {letter: i for i, letter in enumerate(letters)}
    return programs.reorder(
        document,
        kind=ELEMENT,
        order=lambda units: sorted(units, key=lambda u: rank.get(_letter(u), len(rank))),
    )


def declare(document: Document, *, file: str, names: Mapping[str, str]) -> Document:
    """Declare parameters for values and use them in passive elements."""
    used = {number(value): f"{{{name}}}" for name, value in names.items()}

    def changed(unit: Unit) -> Mapping[str, Value]:
        value = unit.fields.get(VALUE)
        return {VALUE: used[value]} if _letter(unit) in _PASSIVE and value in used else {}

    lines = [Unit(PARAMETER, {KEY: n, VALUE: number(v)}, key=KEY) for n, v in names.items()]
    return _under_title(_elements(document, changed), file, lines)


def inline(document: Document, *, file: str, names: Mapping[str, str]) -> Document:
    """Write values themselves for parameters, which go."""
    known = {f"{{{name}}}": number(value) for name, value in names.items()}

    def changed(unit: Unit) -> Mapping[str, Value]:
        value = unit.fields.get(VALUE)
        return {VALUE: known[value]} if isinstance(value, str) and value in known else {}

    units = [
        u
        for u in document.files.get(file, ())
        if u.kind != PARAMETER or u.fields.get(KEY) not in names
    ]
    return _elements(document.replacing(file, units), changed)


def _under_title(document: Document, file: str, lines: Sequence[Unit]) -> Document:
    units = document.files.get(file, ())
    at = int(bool(units) and units[0].kind == TITLE)
    return document.replacing(file, [*units[:at], *lines, *units[at:]])


def export(document: Document, *, file: str, target: str) -> Document:
    """Move models to a library that is included."""
    units = document.files.get(file, ())
    models = [u for u in units if u.kind == MODEL]
    rest = document.replacing(file, [u for u in units if u.kind != MODEL])
    line = Unit(COMMAND, text=f".include {target}")
    return _under_title(rest, file, [line]).replacing(target, models)


def include(document: Document, *, file: str, target: str) -> Document:
    """Write what a library holds in the place where it is included."""
    models, line = document.files.get(target, ()), f".include {target}"
    units = [
        found
        for unit in document.files.get(file, ())
        for found in (models if unit.kind == COMMAND and unit.text == line else (unit,))
    ]
    return document.replacing(target, None).replacing(file, units)


MULTIPLY = Verb(
    "Multiply the values of elements by these factors, according to the first letter of the name: "
    "{**legend}.",
    partial(scale, up=True),
)
DIVIDE = Verb(
    "Divide the values of elements by these factors, according to the first letter of the name: "
    "{**legend}.",
    partial(scale, up=False),
)
NODE_NAMES = Verb(
    "Rename nodes in all elements, and in commands where they stand as in `V(out)`: {**names}.",
    rename_nodes,
)
RAISE = Verb(
    "Add {amount} to the number of every element whose name is {letter} and a number, and where "
    "commands refer to it as in `I(V1)`.",
    partial(renumber, sign=1),
)
LOWER = Verb(
    "Subtract {amount} from the number of every element whose name is {letter} and a number, and "
    "where commands refer to it as in `I(V1)`.",
    partial(renumber, sign=-1),
)
GROUP = Verb(
    "Group the elements by the first letter of the name, in this order: {*letters}, then any "
    "other. Elements of a group keep their order, and all other lines their places.",
    group,
)
DECLARE = Verb(
    "In {file}, declare parameters directly under the title, a `.param` line for each and in this "
    "order, and put their names in braces wherever a resistor, capacitor or inductor has such a "
    "value: {**names}.",
    declare,
)
INLINE = Verb(
    "In {file}, remove these parameters, and write their values wherever one stands in braces as "
    "an element's value: {**names}.",
    inline,
)
EXPORT = Verb(
    "Move all `.model` lines of {file} into a new file {target}, in their order and without a "
    "title, and include it with an `.include` line directly under the title.",
    export,
)
INCLUDE = Verb(
    "Write what {target} holds into {file} in place of the `.include` line that names it, and "
    "remove {target}.",
    include,
)


def impedance(document: Document, rng: Random) -> Edit | None:
    """Another impedance, or another frequency, by an exact factor."""
    legend = rng.choice(({"R": "10", "L": "10", "C": "0.1"}, {"L": "0.01", "C": "0.01"}))
    elements = [u for u in EDITS.records(document) if _letter(u) in legend]
    if not any(isinstance(u.fields.get(VALUE), Decimal) for u in elements):
        return None
    return edit("impedance", "scale", [MULTIPLY(legend=legend)], [DIVIDE(legend=legend)])


def nodes(document: Document, rng: Random) -> Edit | None:
    """Other names for some nodes."""
    found = [table.written(u.fields.get(NODES)).split() for u in EDITS.records(document)]
    olds = sorted({node for few in found for node in few} - {"0"})
    chosen = rng.sample(olds, min(5, len(olds)))
    names = {old: f"net_{old}" for old in chosen}
    if not chosen or set(names.values()) & set(olds) or not sayable(*chosen):
        return None
    back = programs.inverse(names)
    return edit("nodes", "rename", [NODE_NAMES(names=names)], [NODE_NAMES(names=back)])


def sheet(document: Document, rng: Random) -> Edit | None:
    """One kind of elements numbered from another start."""
    letters = sorted({_letter(u) for u in EDITS.records(document)})
    if not letters or not sayable(*letters):
        return None
    said = {"letter": rng.choice(letters), "amount": rng.choice(("100", "1000"))}
    return edit("sheet", "renumber", [RAISE(**said)], [LOWER(**said)])


def groups(document: Document, _: Random) -> Edit | None:
    """Elements by kind; a table keeps the old order."""
    order = {"key": KEY, "order": "elements_order.csv"}
    if EDITS.key(document) is None:
        return None
    step = GROUP(letters=("V", "R", "C", "L", "D", "Q"))
    return edit("groups", "regroup", [RECORDS.note(**order), step], [RECORDS.restore(**order)])


def parameters(document: Document, _: Random) -> Edit | None:
    """Values that several elements have, once as parameters."""
    file, found = _file(document), [u for u in EDITS.records(document) if _letter(u) in _PASSIVE]
    values = [v for u in found if isinstance(v := u.fields.get(VALUE), Decimal)]
    often = [v for v in dict.fromkeys(values) if values.count(v) > 1] or values[:1]
    names = {f"val{i}": written(v) for i, v in enumerate(often[:5], 1)}
    taken = any(u.fields.get(KEY) in names for u in document.units())
    braces = any(isinstance(u.fields.get(VALUE), str) for u in EDITS.records(document))
    if file is None or not names or taken or braces:
        return None
    forward, backward = DECLARE(file=file, names=names), INLINE(file=file, names=names)
    return edit("parameters", "normalise", [forward], [backward])


def library(document: Document, _: Random) -> Edit | None:
    """Models in a library, if they stand under the title."""
    file, target = _file(document), "models.lib"
    if file is None:
        return None
    kinds = [u.kind for u in document.files[file]]
    count = kinds.count(MODEL)
    if not count or kinds[: 1 + count] != [TITLE, *[MODEL] * count] or file == target:
        return None
    said = {"file": file, "target": target}
    return edit("library", "extract", [EXPORT(**said)], [INCLUDE(**said)])


def _file(document: Document) -> str | None:
    """The one file, if there is one and its elements can be told apart."""
    (file, *more) = document.files or ("",)
    known = EDITS.key(document) and not more and sayable(file)
    return file if known else None


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), impedance, nodes, sheet, groups, parameters, library,
    compose("prototype", impedance, nodes, library),
    compose("review", groups, nodes, EDITS.extract),
    compose("reuse", parameters, library, sheet),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_STEMS = (
    "in", "out", "fb", "base", "coll", "emit", "gate", "sense", "ref", "mid", "tail", "drv", "clk",
    "bias", "sum", "load",
)  # fmt: skip
_VALUES = ("1", "1.2", "1.5", "1.8", "2.2", "2.7", "3.3", "3.9", "4.7", "5.6", "6.8", "8.2", "9.1")
_POWERS = {"R": (1, 5), "C": (-11, -6), "L": (-6, -3)}
_KINDS = "RRRRCCLDQ"
_MODELS = {
    "D": ("D1N", "D", "(IS={a}n RS=0.{b} N=1.{c} CJO={a}p)"),
    "Q": ("Q2N", "NPN", "(BF={b} IS={a}f VAF={c} TF=0.{a}n)"),
}
_NOTES = (
    "bias of stage {}", "load of stage {}", "damping, see note {}", "pole at {} Hz", "trim, {} %",
    "keep close to pin {}", "rated {} V", "was {} in the prototype", "stub, {} mm of track",
)  # fmt: skip
_BOARDS = ("Preamplifier", "Active filter", "Oscillator", "Mixer stage", "Regulator", "Driver")


def _model(rng: Random, letter: str) -> Unit:
    stem, kind, text = _MODELS[letter]
    said = text.format(a=rng.randint(1, 99), b=rng.randint(50, 400), c=rng.randint(20, 99))
    name = f"{stem}{rng.randint(1000, 9999)}"
    return Unit(MODEL, {KEY: name, "type": kind}, key=KEY, text=said)


def _parts(rng: Random, count: int, models: Mapping[str, Unit]) -> list[Unit]:
    """Elements of which each hangs on a node of those before it."""
    known, first = ["0", "vcc"], rng.randint(1, 800)
    numbers = dict.fromkeys("RCLDQ", first)
    stems = [f"{stem}{n}" for n in range(1, 2 + count // 10) for stem in _STEMS]
    fresh = iter(rng.sample(stems, len(stems)))
    parts = []
    for i in range(count):
        letter = "RRC"[i] if i < 3 else rng.choice(_KINDS)
        if rng.random() < 0.6 and (node := next(fresh, None)):
            known.append(node)
        ends = [known[-1], *rng.sample(known[:-1], _NODES[letter] - 1)] if len(known) > 2 else known
        fields: dict[str, Value] = {KEY: f"{letter}{numbers[letter]}", NODES: " ".join(ends)}
        fields |= {"model": models[letter].fields[KEY]} if letter in models else _value(rng, letter)
        if rng.random() < 0.5:
            fields[NOTE] = rng.choice(_NOTES).format(rng.randint(2, 99))
        numbers[letter] += 1
        parts.append(Unit(ELEMENT, fields, key=KEY))
    return parts


def _value(rng: Random, letter: str) -> dict[str, Value]:
    power = rng.randint(*_POWERS[letter])
    return {VALUE: Decimal(rng.choice(_VALUES)).scaleb(power)}


class Circuit(Domain):
    """Netlists of electronic circuits."""

    name = "circuit"
    category = "science"
    formats: ClassVar = {".cir": NETLIST, ".lib": LIBRARY, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), MULTIPLY, DIVIDE, NODE_NAMES, RAISE, LOWER, GROUP, DECLARE, INLINE, EXPORT,
        INCLUDE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.03

    def generate(self, rng: Random, size: int) -> Files:
        """A board with its models under the title and what is asked of it at the end."""
        models = {letter: _model(rng, letter) for letter in _MODELS}
        supply = f"DC {rng.choice((5, 9, 12, 15, 24))}"
        parts = _parts(rng, max(5, round((size * 3.5 - 260) / 34)), models)
        probe = str(parts[-1].fields[NODES]).split()[0]
        commands = (
            f".tran {rng.randint(1, 50)}u {rng.randint(2, 90)}m",
            f".print tran V({probe}) I(V1)",
        )
        title = f"{rng.choice(_BOARDS)}, board {rng.randint(100, 999)}"
        units = [
            Unit(TITLE, text=title),
            *models.values(),
            Unit(ELEMENT, {KEY: "V1", NODES: "vcc 0"}, key=KEY, text=supply),
            *parts,
            *(Unit(COMMAND, text=text) for text in commands),
            Unit(END, text=".end"),
        ]
        return {"board.cir": NETLIST.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; lines continued; wider spacing; values without a suffix."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^([RCDQ]\d+ \S+) ", r"\1\n+ ", text),
            re.sub(r"(?m)^([RCDQ]\d+) ", r"\1    ", text).replace("\n.tran", "\n\n.tran"),
            re.sub(r"(?m)^(R\S+ \S+ \S+ [\d.]+)k\b", r"\1e3", text).replace("=", " = "),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the board and what is in stock."""
        return {"notes.md": content.memo(rng, size // 2), "stock.csv": _stock(rng, size // 2)}


def _stock(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {"no": code, "part": rng.choice(_BOARDS), "pieces": Decimal(rng.randint(1, 500))},
        )
        for code in content.codes(rng, "EL", max(3, size // 10))
    ]
    return table.CSV.render(rows)


DOMAIN = Circuit()
