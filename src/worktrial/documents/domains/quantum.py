"""Quantum circuits in OpenQASM 3, and 2.

A unit is a statement: a register, a constant, a gate that is applied (also `barrier` and `reset`),
a measurement, the definition of a gate, a comment, or any other as text. The version and what is
included are structural.

What counts is every token, comments, and the order of statements. Spaces, line ends and where
lines break mean nothing, nor does the form of a comment.

Known limits: nothing is included, evaluated or run, and angles that are not plain numbers are
compared as text. The body of a definition is text. Names are replaced as whole words, without
regard to scopes; what comments say stays.
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
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.unit import Document, Files, Unit, Value

DIRECTIVE, REGISTER, CONSTANT, GATE = "directive", "register", "constant", "gate"
MEASUREMENT, DEFINITION, COMMENT, STATEMENT = "measurement", "definition", "comment", "statement"
_PIECE = re.compile(r'//[^\n]*|/\*.*?(?:\*/|\Z)|"[^"\n]*"|[;{}]|[^;{}"/]+|.', re.DOTALL)
_SPACING = (
    (re.compile(r"\s+"), " "),
    (re.compile(r" ?([,;]) ?"), r"\1 "),
    (re.compile(r" ?(->|[-+*/<>!=]?=|[{}@]) ?"), r" \1 "),
    (re.compile(r" ?([(\[]) ?| (?=[)\],;])"), r"\1"),
    (re.compile(r" {2,}"), " "),
)
_NAME = r"[A-Za-z_]\w{0,60}"
_PLACE = rf"{_NAME}(?:\[[^\[\]]{{0,60}}\])?"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (REGISTER, rf"(?P<type>qubit|bit)(?:\[(?P<size>[^\[\]]+)\])? (?P<name>{_NAME})"),
        (REGISTER, rf"(?P<type>qreg|creg) (?P<name>{_NAME})\[(?P<size>[^\[\]]+)\]"),
        (CONSTANT, rf"const (?P<type>{_PLACE}) (?P<name>{_NAME}) = (?P<value>[^=]+)"),
        (MEASUREMENT, rf"(?P<bits>{_PLACE}) (?P<form>=) measure (?P<qubits>{_PLACE})"),
        (MEASUREMENT, rf"measure (?P<qubits>{_PLACE}) (?P<form>->) (?P<bits>{_PLACE})"),
        (
            GATE,
            rf"(?P<modifiers>[a-z][^;{{}}\"]{{0,60}}@ )?(?P<gate>{_NAME})"
            rf"(?:\((?P<angle>[^;{{}}\"@]+)\))? (?P<qubits>{_PLACE}(?:, {_PLACE}){{0,200}})",
        ),
    )
)


class Qasm(Format):
    """Statements that end with `;` or with the brace that closes them."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a statement or comment."""
        units: list[Unit] = []
        parts: list[str] = []
        pieces, depth = _PIECE.findall(text), 0
        braces = _pairs(pieces)
        for i, piece in enumerate(pieces):
            if piece.startswith(("//", "/*")):
                note = piece[2:].removesuffix("*/" if piece[1] == "*" else "").strip()
                if any(part.strip() for part in parts):
                    parts.append(f" /* {note} */ ")
                else:
                    units.append(Unit(COMMENT, text=" ".join(note.split())))
                continue
            parts.append(piece)
            depth += braces.get(i, 0)
            if depth == 0 and (piece == ";" or i in braces):
                units += _statement("".join(parts))
                parts = []
        return [*units, *_statement("".join(parts))]

    def render(self, units: Sequence[Unit]) -> str:
        """A line a unit."""
        return "".join(f"{_written(unit)}\n" for unit in units)


QASM = Qasm()


def _pairs(pieces: Sequence[str]) -> dict[int, int]:
    """The braces that match, by place: 1 for one that opens, -1 for one that closes.

    Any other is a mark like any other, so that it costs its own statement alone.
    """
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for i, piece in enumerate(pieces):
        if piece == "{":
            waiting.append(i)
        elif piece == "}" and waiting:
            pairs |= {waiting.pop(): 1, i: -1}
    return pairs


def _statement(raw: str) -> list[Unit]:
    """The unit that a statement is, if there is anything."""
    text = raw
    for pattern, spacing in _SPACING:
        text = pattern.sub(spacing, text)
    text = text.strip()
    body = text.removesuffix(";").strip()
    if not body:
        return []
    if body.startswith(("OPENQASM ", "include ")):
        return [Unit(DIRECTIVE, text=body, structural=True)]
    if found := _DEFINITION.fullmatch(body):
        return [Unit(DEFINITION, {"type": found[1], "name": found[2]}, text=found[3].strip())]
    for kind, form in _FORMS:
        if found := form.fullmatch(body):
            cells = found.groupdict().items()
            return [Unit(kind, {n: table.typed(c.strip()) for n, c in cells if c})]
    return [Unit(STATEMENT, text=text if text.endswith((";", "}")) else f"{text};")]


_DEFINITION = re.compile(rf"(gate|def) ({_NAME})([ (].*\}})")


def _written(unit: Unit) -> str:
    cells = {n: table.written(v) for n, v in unit.fields.items()}
    at = cells.get
    match unit.kind:
        case "directive":
            return f"{unit.text};"
        case "comment":
            return f"// {unit.text}".rstrip()
        case "register" if at("type") in ("qreg", "creg"):
            return f"{at('type')} {at('name')}[{at('size', '')}];"
        case "register":
            size = f"[{at('size')}]" if "size" in cells else ""
            return f"{at('type')}{size} {at('name')};"
        case "constant":
            return f"const {at('type')} {at('name')} = {at('value')};"
        case "measurement" if at("form") == "->":
            return f"measure {at('qubits')} -> {at('bits')};"
        case "measurement":
            return f"{at('bits')} = measure {at('qubits')};"
        case "gate":
            angle = f"({at('angle')})" if "angle" in cells else ""
            return f"{at('modifiers', '')} {at('gate')}{angle} {at('qubits')};".lstrip()
        case "definition":
            gap = "" if unit.text.startswith("(") else " "
            return f"{at('type')} {at('name')}{gap}{unit.text}"
        case _:
            return unit.layout or unit.text


# --- edits -------------------------------------------------------------------------------------


def _code(document: Document, change: Callable[[str], str]) -> Document:
    """Change the text of all code; comments and directives stay."""

    def changed(unit: Unit) -> Unit:
        if unit.kind in (COMMENT, DIRECTIVE):
            return unit
        fields = {n: change(v) if isinstance(v, str) else v for n, v in unit.fields.items()}
        return replace(unit, fields=fields, text=change(unit.text), layout=None)

    return programs.in_each_file(document, lambda units: map(changed, units))


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename identifiers everywhere."""
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    return _code(document, lambda text: pattern.sub(lambda word: names[word[0]], text))


def _places(document: Document, register: str, move: Callable[[int], int]) -> Document:
    """Change the places in a register that code refers to."""
    pattern = re.compile(rf"\b({re.escape(register)})\[(\d{{1,9}})\]")
    return _code(document, lambda t: pattern.sub(lambda p: f"{p[1]}[{move(int(p[2]))}]", t))


def mirror(document: Document, *, register: str, size: str) -> Document:
    """Count the places of a register from the other end."""
    last = int(size) - 1
    return _places(document, register, lambda at: last - at if at <= last else at)


def widen(document: Document, *, register: str, amount: str, sign: int) -> Document:
    """Make a register larger at its beginning."""
    by = sign * int(amount)

    def resized(unit: Unit) -> Unit:
        size = unit.fields.get("size")
        if unit.fields.get("name") != register or not isinstance(size, Decimal):
            return unit
        return programs.with_fields(unit, {**unit.fields, "size": size + by})

    moved = _places(document, register, lambda at: at + by if at + by >= 0 else at)
    return programs.each(moved, REGISTER, resized)


_VERSIONS = {
    "OPENQASM 3.0": "OPENQASM 2.0",
    'include "stdgates.inc"': 'include "qelib1.inc"',
    "qubit": "qreg",
    "bit": "creg",
    "=": "->",
}
"""Directives, types and signs of measurement in version 3, and what they are in version 2."""


def translate(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Write statements as the other version of the language does."""

    def translated(unit: Unit) -> Unit:
        if unit.kind == DIRECTIVE:
            return replace(unit, text=legend.get(unit.text, unit.text), layout=None)
        name = {REGISTER: "type", MEASUREMENT: "form"}.get(unit.kind, "")
        old = table.written(unit.fields.get(name))
        new = {name: legend[old]} if old in legend else {}
        return programs.with_fields(unit, {**unit.fields, **new})

    return programs.in_each_file(document, lambda units: map(translated, units))


def replace_gates(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Apply other gates, each with its angle."""

    def replaced(unit: Unit) -> Unit:
        name = table.written(unit.fields.get("gate"))
        angle = f"({table.written(unit.fields['angle'])})" if "angle" in unit.fields else ""
        new = legend.get(f"{name}{angle}")
        if new is None:
            return unit
        gate, _, inside = new.removesuffix(")").partition("(")
        rest = {n: v for n, v in unit.fields.items() if n != "angle"}
        fields = {**rest, "gate": gate, "angle": inside} if inside else {**rest, "gate": gate}
        return programs.with_fields(unit, fields)

    return programs.each(document, GATE, replaced)


def name_angles(document: Document, *, file: str, names: Mapping[str, str]) -> Document:
    """Declare constants for angles and use them."""
    constants = [
        Unit(CONSTANT, {"type": "float", "name": name, "value": value})
        for name, value in names.items()
    ]
    used = programs.substitute(document, kind=GATE, field="angle", legend=programs.inverse(names))
    return _after_directives(used, file, constants)


def write_angles(document: Document, *, file: str, names: Mapping[str, str]) -> Document:
    """Write the angles themselves for constants, which go."""
    units = [
        u
        for u in document.files.get(file, ())
        if not (u.kind == CONSTANT and u.fields.get("name") in names)
    ]
    rest = document.replacing(file, units) if file in document.files else document
    return programs.substitute(rest, kind=GATE, field="angle", legend=names)


def _after_directives(document: Document, file: str, units: Sequence[Unit]) -> Document:
    old = document.files.get(file, ())
    at = max((i + 1 for i, u in enumerate(old) if u.kind == DIRECTIVE), default=0)
    return document.replacing(file, [*old[:at], *units, *old[at:]])


def export(document: Document, *, file: str, target: str) -> Document:
    """Move definitions of gates to a file that is included."""
    units = document.files.get(file, ())
    gates = [u for u in units if u.kind == DEFINITION]
    rest = document.replacing(file, [u for u in units if u.kind != DEFINITION])
    including = Unit(DIRECTIVE, text=f'include "{target}"', structural=True)
    return _after_directives(rest, file, [including]).replacing(target, gates)


def include(document: Document, *, file: str, target: str) -> Document:
    """Write what a file holds in the place where it is included."""
    line = f'include "{target}"'
    gates = document.files.get(target, ())
    units = [
        found
        for unit in document.files.get(file, ())
        for found in (gates if unit.kind == DIRECTIVE and unit.text == line else (unit,))
    ]
    return document.replacing(target, None).replacing(file, units)


RENAME = Verb("Rename identifiers throughout the code, but not in comments: {**names}.", rename)
MIRROR = Verb(
    "Count the qubits of {register}, which has {size}, from the other end: what was the first is "
    "now the last, in every statement.",
    mirror,
)
WIDEN = Verb(
    "Make the register {register} larger by {amount} qubits that stand unused at its beginning: "
    "add as much to its size and to every place in it that a statement refers to.",
    partial(widen, sign=1),
)
NARROW = Verb(
    "Take the first {amount} qubits, which are unused, from the register {register}: subtract as "
    "much from its size and from every place in it that a statement refers to.",
    partial(widen, sign=-1),
)
TO_2 = Verb(
    "Write the circuit in version 2 of OpenQASM: `OPENQASM 2.0`, `qelib1.inc` for `stdgates.inc`, "
    "`qreg q[5];` for `qubit[5] q;`, `creg c[5];` for `bit[5] c;`, and `measure q[0] -> c[0];` for "
    "`c[0] = measure q[0];`.",
    partial(translate, legend=_VERSIONS),
)
TO_3 = Verb(
    "Write the circuit in version 3 of OpenQASM: `OPENQASM 3.0`, `stdgates.inc` for `qelib1.inc`, "
    "`qubit[5] q;` for `qreg q[5];`, `bit[5] c;` for `creg c[5];`, and `c[0] = measure q[0];` for "
    "`measure q[0] -> c[0];`.",
    partial(translate, legend=programs.inverse(_VERSIONS)),
)
GATES = Verb(
    "Outside of definitions, write other gates for these where they are applied: {**legend}.",
    replace_gates,
)
NAME_ANGLES = Verb(
    "In {file}, declare constants of type `float` directly after the directives, in this order, "
    "and use them wherever a gate is applied with such an angle: {**names}.",
    name_angles,
)
WRITE_ANGLES = Verb(
    "In {file}, remove these constants, and write the angles themselves wherever a gate is "
    "applied with one of them: {**names}.",
    write_angles,
)
EXPORT = Verb(
    "Move all definitions of gates from {file} into a new file {target}, in their order, and "
    "include it there with a statement behind the last of those that stand at its beginning.",
    export,
)
INCLUDE = Verb(
    "Write what {target} holds into {file} in place of the statement that includes it, and remove "
    "{target}.",
    include,
)


def _units(document: Document, kind: str) -> list[Unit]:
    return [u for u in document.units() if u.kind == kind]


def _words(document: Document) -> set[str]:
    """Every word of the code."""
    units = [u for u in document.units() if u.kind != COMMENT]
    texts = [t for u in units for t in (u.text, *map(table.written, u.fields.values()))]
    return {word for text in texts for word in re.findall(r"\w+", text)}


def _registers(document: Document) -> dict[str, Decimal]:
    """Registers of qubits with their sizes, of which any place is referred to by its number."""
    quantum = [u for u in _units(document, REGISTER) if u.fields["type"] in ("qubit", "qreg")]
    sizes = {str(u.fields["name"]): u.fields.get("size") for u in quantum}
    return {n: s for n, s in sizes.items() if isinstance(s, Decimal) and 1 < s < 10_000}


def registers(document: Document, rng: Random) -> Edit | None:
    """Other names for registers of qubits."""
    olds, words = list(_registers(document)), _words(document)
    free = [name for name in _NAMES if name not in words]
    if not olds or len(olds) > len(free):
        return None
    return _renamed("registers", dict(zip(olds, rng.sample(free, len(olds)), strict=True)))


def defined(document: Document, _: Random) -> Edit | None:
    """A prefix for the gates of one's own."""
    olds = sorted({str(u.fields["name"]) for u in _units(document, DEFINITION)})[:8]
    names = {old: f"lab_{old}" for old in olds}
    if not olds or set(names.values()) & _words(document):
        return None
    return _renamed("defined", names)


def _renamed(name: str, names: Mapping[str, str]) -> Edit:
    return edit(name, "rename", [RENAME(names=names)], [RENAME(names=programs.inverse(names))])


def endian(document: Document, rng: Random) -> Edit | None:
    """A register counted from the other end."""
    found = _registers(document)
    if not found:
        return None
    register = rng.choice(list(found))
    step = MIRROR(register=register, size=f"{found[register]:f}")
    return edit("endian", "renumber", [step], [step])


def spare(document: Document, rng: Random) -> Edit | None:
    """Unused qubits at the beginning of a register."""
    found = _registers(document)
    if not found:
        return None
    said = {"register": rng.choice(list(found)), "amount": rng.choice(("1", "2", "4"))}
    return edit("spare", "renumber", [WIDEN(**said)], [NARROW(**said)])


def version(document: Document, _: Random) -> Edit | None:
    """The other version of the language."""
    said = {u.text for u in _units(document, DIRECTIVE)}
    for kind, name in ((REGISTER, "type"), (MEASUREMENT, "form")):
        said |= {table.written(u.fields.get(name)) for u in _units(document, kind)}
    sized = all("size" in u.fields for u in _units(document, REGISTER))
    new, old = said & set(_VERSIONS), said & set(_VERSIONS.values())
    if bool(new) == bool(old) or not sized or _units(document, CONSTANT):
        return None
    there, back = (TO_2(), TO_3()) if new else (TO_3(), TO_2())
    return edit("version", "convert", [there], [back])


def phases(document: Document, _: Random) -> Edit | None:
    """Fixed phases as gates with an angle."""
    directives = {u.text for u in _units(document, DIRECTIVE)}
    phase = "u1" if "OPENQASM 2.0" in directives else "p"
    found = {table.written(u.fields.get("gate")) for u in _units(document, GATE)}
    legend = {old: f"{phase}({angle})" for old, angle in _PHASES.items() if old in found}
    if not legend or phase in found:
        return None
    back = programs.inverse(legend)
    return edit("phases", "substitute", [GATES(legend=legend)], [GATES(legend=back)])


def constants(document: Document, _: Random) -> Edit | None:
    """Names for the angles that are parts of pi."""
    file, words = _file(document), _words(document)
    found = programs.text_values(_units(document, GATE), "angle")
    angles = [angle for angle in found if "pi" in angle and "," not in angle and sayable(angle)][:6]
    names = {f"theta{i}": angle for i, angle in enumerate(angles)}
    old = any(u.text == "OPENQASM 2.0" for u in _units(document, DIRECTIVE))
    if file is None or not names or old or set(names) & words:
        return None
    forward = NAME_ANGLES(file=file, names=names)
    return edit("constants", "normalise", [forward], [WRITE_ANGLES(file=file, names=names)])


def library(document: Document, _: Random) -> Edit | None:
    """The definitions of gates in a file to include, if they stand behind the directives."""
    file, target = _file(document), "gates.inc"
    if file is None or file == target:
        return None
    kinds = [u.kind for u in document.files[file]]
    count, at = kinds.count(DEFINITION), kinds.count(DIRECTIVE)
    if not count or kinds[: at + count] != [DIRECTIVE] * at + [DEFINITION] * count:
        return None
    said = {"file": file, "target": target}
    return edit("library", "extract", [EXPORT(**said)], [INCLUDE(**said)])


def _file(document: Document) -> str | None:
    """The one file, if there is one."""
    (file, *more) = document.files or ("",)
    return file if file and not more and sayable(file) else None


PLANNERS: tuple[Planner, ...] = (
    registers, defined, endian, spare, version, phases, constants, library,
    compose("exchange", endian, version, registers),
    compose("publish", defined, spare, library),
    compose("calibrate", constants, phases, defined),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_NAMES = (
    "q", "data", "anc", "sys", "env", "qr", "ctl", "tgt", "work", "mem", "alice", "bob", "left",
    "right", "code", "synd", "flag", "probe", "reg", "cell",
)  # fmt: skip
_PHASES = {"s": "pi/2", "t": "pi/4", "sdg": "-pi/2", "tdg": "-pi/4"}
_PLAIN = ("h", "x", "y", "z", *_PHASES)
_DEFINITIONS = {
    "majority": "a, b, c { cx c, b; cx c, a; ccx a, b, c; }",
    "unmajority": "a, b, c { ccx a, b, c; cx c, a; cx a, b; }",
    "bell": "a, b { h a; cx a, b; }",
    "echo": "a, b { x a; cx a, b; x a; cx a, b; }",
    "ghz": "a, b, c { h a; cx a, b; cx b, c; }",
    "flip": "a, b { h b; cz a, b; h b; }",
}
_NOTES = ("prepare", "entangle", "rotate", "couple", "mix", "echo out noise on", "correct")


def _circuit(rng: Random, size: int) -> list[Unit]:
    chosen = rng.sample(list(_DEFINITIONS), 1 if size < 400 else 3)
    names = rng.sample(_NAMES, 3)
    sizes = [rng.randint(3, 4 if size < 400 else 12) for _ in range(2)]
    places = [f"{name}[{i}]" for name, n in zip(names, sizes, strict=False) for i in range(n)]
    bits = f"{names[2]}_out"
    read = places[: sizes[0]]
    length = max(6, round((size * 3.5 - 250 - 25 * len(read)) / 21))
    return [
        *(Unit(DIRECTIVE, text=t) for t in list(_VERSIONS)[:2]),
        *(Unit(DEFINITION, {"type": "gate", "name": n}, text=_DEFINITIONS[n]) for n in chosen),
        *(_register("qubit", n, size_) for n, size_ in zip(names, sizes, strict=False)),
        _register("bit", bits, len(read)),
        *_gates(rng, places, chosen, length),
        *(
            Unit(MEASUREMENT, {"bits": f"{bits}[{i}]", "form": "=", "qubits": place})
            for i, place in enumerate(read)
        ),
    ]


def _register(kind: str, name: str, size: int) -> Unit:
    return Unit(REGISTER, {"type": kind, "size": Decimal(size), "name": name})


def _gates(rng: Random, places: Sequence[str], defined_: Sequence[str], count: int) -> list[Unit]:
    """Gates in blocks under a comment, no two alike; always some of each sort."""
    units: list[Unit] = []
    gates: dict[tuple[Value, ...], None] = {}
    while len(gates) < count:
        if len(units) % 10 == 0:
            text = f"{rng.choice(_NOTES)} {rng.choice(places)}, block {len(units) // 10 + 1}"
            units.append(Unit(COMMENT, text=text))
        sort = len(gates) if len(gates) < 4 else rng.randrange(6)
        fields = _gate(rng, places, defined_, sort)
        if tuple(fields.values()) not in gates:
            gates[tuple(fields.values())] = None
            units.append(Unit(GATE, fields))
    return units


def _gate(
    rng: Random, places: Sequence[str], defined_: Sequence[str], sort: int
) -> dict[str, Value]:
    if sort == 0:
        return {"gate": rng.choice(_PLAIN), "qubits": rng.choice(places)}
    if sort == 1:
        name = rng.choice(defined_)
        width = _DEFINITIONS[name].partition("{")[0].count(",") + 1
        return {"gate": name, "qubits": ", ".join(rng.sample(places, width))}
    if sort == 2:
        pair = ", ".join(rng.sample(places, 2))
        return {"gate": rng.choice(("cx", "cz", "swap")), "qubits": pair}
    angle: Value = Decimal(rng.randint(1, 6283)).scaleb(-3)
    if sort == 3:
        angle = f"{rng.choice(('pi', '-pi', '5*pi', '7*pi'))}/{rng.choice((2, 3, 4, 8, 16))}"
    gate = rng.choice(("rx", "ry", "rz", "crz"))
    where = ", ".join(rng.sample(places, 2 if gate == "crz" else 1))
    return {"gate": gate, "angle": angle, "qubits": where}


class Quantum(Domain):
    """Quantum circuits."""

    name = "quantum"
    category = "science"
    formats: ClassVar = {".qasm": QASM, ".inc": QASM}
    clips: ClassVar = {GATE: 0.7, MEASUREMENT: 0.7, REGISTER: 0.7}
    verbs: ClassVar[Sequence[Verb]] = (
        RENAME, MIRROR, WIDEN, NARROW, TO_2, TO_3, GATES, NAME_ANGLES, WRITE_ANGLES, EXPORT,
        INCLUDE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.04

    def generate(self, rng: Random, size: int) -> Files:
        """A circuit on two registers that ends with measurements, a third of them in version 2."""
        units = _circuit(rng, size)
        document = Document({"circuit.qasm": tuple(units)})
        if rng.random() < 1 / 3:
            document = translate(document, legend=_VERSIONS)
        return {"circuit.qasm": QASM.render(list(document.units()))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; other comments; wider spacing; definitions over several lines."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^// (.*)$", r"/* \1 */", text),
            re.sub(r"(?m)^\w.*", lambda s: s[0].replace("[", " [ ").replace(", ", " ,\n  "), text),
            text.replace("{ ", "\n{\n  ").replace(" }", "\n}\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the laboratory and a list of coherence times."""
        return {
            "notes.md": content.memo(rng, size // 2),
            "coherence.csv": _coherence(rng, size // 2),
        }


def _coherence(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {"chip": code, "t1_us": _time(rng), "t2_us": _time(rng), "day": str(content.day(rng))},
        )
        for code in content.codes(rng, "QC", max(3, size // 12))
    ]
    return table.CSV.render(rows)


def _time(rng: Random) -> Decimal:
    return Decimal(rng.randint(120, 3000)).scaleb(-1)


DOMAIN = Quantum()
