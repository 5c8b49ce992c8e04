from decimal import Decimal
from random import Random

import openqasm3
import pytest
from openqasm3 import ast

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

QUANTUM = domain("quantum")
CIRCUIT = """\
OPENQASM 3.0;
include "stdgates.inc";
gate bell a, b { h a; cx a, b; }
qubit[4] data;
bit[2] out;
// prepare data[0]
s data[0];
rz(pi/4) data[1];
rx(0.50) data[3];
bell data[0], data[3];
out[0] = measure data[0];
if(out[0] == 1) { x data[1]; }
"""


def read(text: str = CIRCUIT) -> Document:
    return QUANTUM.parse({"circuit.qasm": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = QUANTUM.read(instruction)
    assert program is not None
    return QUANTUM.render(program(document))


def test_a_statement_is_a_unit() -> None:
    units = list(read().units())
    assert [u.kind for u in units[2:5]] == ["definition", "register", "register"]
    assert units[8].fields == {"gate": "rx", "angle": Decimal("0.50"), "qubits": "data[3]"}
    assert units[11].kind == "statement"
    assert QUANTUM.render(read()) == {"circuit.qasm": CIRCUIT}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = QUANTUM.generate(Random(seed), 500).values()
    text = done(TO_3, QUANTUM.parse({"circuit.qasm": text}))["circuit.qasm"]
    units = list(QUANTUM.parse({"circuit.qasm": text}).units())
    statements = openqasm3.parse(text).statements
    theirs = [s for s in statements if isinstance(s, ast.QuantumGate)]
    mine = [u.fields for u in units if u.kind == "gate"]
    assert [s.name.name for s in theirs] == [f["gate"] for f in mine]
    assert [len(s.qubits) for s in theirs] == [str(f["qubits"]).count(",") + 1 for f in mine]
    measured = [s for s in statements if isinstance(s, ast.QuantumMeasurementStatement)]
    assert len(measured) == sum(u.kind == "measurement" for u in units)


def test_a_brace_left_open_costs_its_statements_alone() -> None:
    broken = read(CIRCUIT.replace("cx a, b; }", "cx a, b;"))
    assert [u.kind for u in broken.units()][4:6] == ["register", "register"]
    assert likeness(read(), broken).value > 0.7


TO_3 = (
    "Write the circuit in version 3 of OpenQASM: `OPENQASM 3.0`, `stdgates.inc` for `qelib1.inc`, "
    "`qubit[5] q;` for `qreg q[5];`, `bit[5] c;` for `creg c[5];`, and `c[0] = measure q[0];` for "
    "`measure q[0] -> c[0];`."
)


def test_version_3_of_a_circuit_in_version_2() -> None:
    old = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nmeasure q[1] -> c[0];\n'
    assert done(TO_3, read(old))["circuit.qasm"] == (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nbit[2] c;\nc[0] = measure q[1];\n'
    )


def test_a_register_is_counted_from_the_other_end() -> None:
    text = done(
        "Count the qubits of `data`, which has `4`, from the other end: what was the first is now "
        "the last, in every statement.",
        read(),
    )["circuit.qasm"]
    assert "bell data[3], data[0];\nout[0] = measure data[3];" in text
    assert "{ x data[2]; }" in text
    assert "// prepare data[0]" in text


def test_angles_become_constants() -> None:
    text = done(
        "In `circuit.qasm`, declare constants of type `float` directly after the directives, in "
        "this order, and use them wherever a gate is applied with such an angle: "
        "`theta0` → `pi/4`.",
        read(),
    )["circuit.qasm"]
    assert 'include "stdgates.inc";\nconst float theta0 = pi/4;\n' in text
    assert "rz(theta0) data[1];" in text


def test_definitions_are_included_from_a_file() -> None:
    files = done(
        "Move all definitions of gates from `circuit.qasm` into a new file `gates.inc`, in their "
        "order, and include it there with a statement behind the last of those that stand at its "
        "beginning.",
        read(),
    )
    assert files["gates.inc"] == "gate bell a, b { h a; cx a, b; }\n"
    assert files["circuit.qasm"].splitlines()[2] == 'include "gates.inc";'
