"""Reversible changes, planned where they fit."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random

from worktrial.documents import programs, table
from worktrial.documents.domains.quantum.format import (
    COMMENT,
    CONSTANT,
    DEFINITION,
    DIRECTIVE,
    GATE,
    MEASUREMENT,
    REGISTER,
)
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.unit import Document, Unit

NAMES = (
    "q", "data", "anc", "sys", "env", "qr", "ctl", "tgt", "work", "mem", "alice", "bob", "left",
    "right", "code", "synd", "flag", "probe", "reg", "cell",
)  # fmt: skip
PHASES = {"s": "pi/2", "t": "pi/4", "sdg": "-pi/2", "tdg": "-pi/4"}


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


VERSIONS = {
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
    partial(translate, legend=VERSIONS),
)
TO_3 = Verb(
    "Write the circuit in version 3 of OpenQASM: `OPENQASM 3.0`, `stdgates.inc` for `qelib1.inc`, "
    "`qubit[5] q;` for `qreg q[5];`, `bit[5] c;` for `creg c[5];`, and `c[0] = measure q[0];` for "
    "`measure q[0] -> c[0];`.",
    partial(translate, legend=programs.inverse(VERSIONS)),
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
    free = [name for name in NAMES if name not in words]
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
    new, old = said & set(VERSIONS), said & set(VERSIONS.values())
    if bool(new) == bool(old) or not sized or _units(document, CONSTANT):
        return None
    there, back = (TO_2(), TO_3()) if new else (TO_3(), TO_2())
    return edit("version", "convert", [there], [back])


def phases(document: Document, _: Random) -> Edit | None:
    """Fixed phases as gates with an angle."""
    directives = {u.text for u in _units(document, DIRECTIVE)}
    phase = "u1" if "OPENQASM 2.0" in directives else "p"
    found = {table.written(u.fields.get("gate")) for u in _units(document, GATE)}
    legend = {old: f"{phase}({angle})" for old, angle in PHASES.items() if old in found}
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
