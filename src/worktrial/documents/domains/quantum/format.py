"""The format: text to instructions and back."""

import re
from collections.abc import Sequence

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit

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
